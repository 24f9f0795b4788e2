"""A store goes into one file and comes back equal; equal stores give equal files; other files change nothing."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_samples import FULL, SHA, article, short
from typer.testing import CliRunner

from ofsted_nlp.cli.commands import app
from ofsted_nlp.corpus.exchange import export_store, import_store
from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.errors import StoreError, UsageError
from ofsted_nlp.records import Failure, Report, Source
from ofsted_nlp.sources.manifest import Manifest, Note
from ofsted_nlp.sources.ofsted_pages import Publication
from ofsted_nlp.sources.press import Candidate
from ofsted_nlp.sources.press_manifest import PressManifest, Sighting
from ofsted_nlp.store import Store
from ofsted_nlp.store.schema import ALL_TABLES

FAILED = Report(Source("x.pdf", "ef" * 32, 0), status="failed", error=Failure("encrypted_pdf", "It has a password."))


def held(folder: Path) -> Holdings:
    return Holdings(str(folder / "s.duckdb"), seed=False)


def fill(folder: Path, *, backwards: bool = False) -> Holdings:
    """A store with reports, articles, manifests and what was told."""
    folder.mkdir(exist_ok=True)
    holdings = held(folder)
    reports = [FULL, FAILED, *(short(number, 3) for number in range(1, 6))]
    with holdings.store(write=True) as store:
        for report in reversed(reports) if backwards else reports:
            store.add(report, extractor_version="2", path=Path("/reports") / report.source.file)
        for number in (2, 1) if backwards else (1, 2):
            store.add_article(article(number), extractor_version="1", url=f"https://example.org/{number}")
        store.connection.execute("INSERT INTO told VALUES (?, ?)", [SHA, 2 + backwards])
        store.connection.execute("INSERT INTO updates VALUES (2, now()::TIMESTAMP, '[]')")
    with Manifest.open(folder / "reports" / "manifest.sqlite") as manifest:
        day = datetime.date(2024, 1, 2)
        items = [Publication(80458, f"https://example.org/{n}", "inspection", "Inspection", day) for n in range(3)]
        manifest.see(80458, items)
        manifest.fetched(items[0].url, sha256=SHA, size=5, file="a.pdf")
        manifest.missed(items[1].url, state="gone", code="not_found", message="It is not there.")
        manifest.note([Note("odd", "Something is odd.")])
    with PressManifest.open(folder / "press" / "manifest.sqlite") as press:
        press.see([Sighting(Candidate("https://example.org/a", "News", "Otters", "", None), True)])
    return holdings


def content(holdings: Holdings, *, times: bool) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    made = {}
    with holdings.store() as store:
        for table in ALL_TABLES:
            columns = ", ".join(name for name in ALL_TABLES[table] if times or name not in ("added_at", "number"))
            rows = store.connection.execute(f"SELECT {columns} FROM {table} ORDER BY ALL").fetchall()
            made[table] = rows if times or table != "updates" else []
    return made


@pytest.mark.parametrize("times", [False, True])
def test_what_was_exported_comes_back_equal(tmp_path: Path, times: bool) -> None:
    one, two = fill(tmp_path / "one"), held(tmp_path / "two")
    (tmp_path / "two").mkdir()
    made = export_store(one, tmp_path / "one.zip", times=times)
    assert (made.rows["documents"], made.rows["articles"], made.size) == (7, 2, (tmp_path / "one.zip").stat().st_size)
    result = import_store(two, tmp_path / "one.zip")
    assert (result.documents.new, result.articles.new, result.publications) == (7, 2, 4)
    assert content(one, times=times) == content(two, times=times)
    assert all(content(two, times=times)[table] for table in ("documents", "findings", "figures", "stories", "told"))
    export_store(two, tmp_path / "two.zip", times=times)
    assert (tmp_path / "two.zip").read_bytes() == (tmp_path / "one.zip").read_bytes()
    with two.store() as store:
        assert store.report(SHA) == FULL
        assert store.report(FAILED.source.sha256) == FAILED
        assert store.articles() == [article(1), article(2)]
    with Manifest.open(tmp_path / "two" / "reports" / "manifest.sqlite") as manifest:
        assert [entry.state for entry in manifest.entries()] == ["fetched", "gone", "listed"]
        assert [note.code for note in manifest.events()] == (["not_found", "odd"] if times else [])
    again = import_store(two, tmp_path / "one.zip")
    assert (again.documents.new, again.documents.unchanged, again.publications) == (0, 7, 0)


def test_equal_stores_give_equal_bytes_whatever_the_order(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one"), fill(tmp_path / "two", backwards=True)
    for holdings, name in ((one, "one"), (two, "two")):
        export_store(holdings, tmp_path / f"{name}.zip")
        export_store(holdings, tmp_path / f"{name}-times.zip", times=True)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert (tmp_path / "one-times.zip").read_bytes() != (tmp_path / "two-times.zip").read_bytes()
    with two.store(write=True) as store:
        store.connection.execute("UPDATE findings SET score = score + 1e-16 WHERE sha256 = ?", [SHA])
    export_store(two, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() != (tmp_path / "two.zip").read_bytes()


def test_a_store_that_holds_documents_takes_what_is_new_or_read_by_a_newer_reader(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one"), held(tmp_path / "two")
    (tmp_path / "two").mkdir()
    older = replace(FULL, status="ok", findings=())
    crashed = replace(short(1), status="failed", error=Failure("reader_crashed", "It died."))
    with two.store(write=True) as store:
        store.add(older, extractor_version="1")
        store.add(short(2, 1), extractor_version="3")
        store.add(short(9, 1), extractor_version="2")
        store.add(crashed, extractor_version="2")
        store.add_article(article(7), extractor_version="1", url="https://example.org/2")
    export_store(one, tmp_path / "one.zip")
    result = import_store(two, tmp_path / "one.zip")
    assert (result.documents.new, result.documents.replaced, result.documents.unchanged) == (4, 2, 1)
    assert (result.articles.new, result.articles.unchanged) == (1, 1)  # an address has one page
    with two.store() as store:
        assert store.report(SHA) == FULL
        assert store.report(f"{2:064x}") == short(2, 1)
        assert store.report(f"{1:064x}") == short(1, 3)
        assert store.report(f"{9:064x}") == short(9, 1)
        assert store.counts()["documents"] == 8


def test_an_older_store_can_be_exported(tmp_path: Path) -> None:
    one = fill(tmp_path / "one")
    with one.store(write=True) as store:
        store.connection.execute("DROP TABLE told")
        store.connection.execute("ALTER TABLE documents DROP COLUMN digest")
        store.connection.execute("UPDATE schema_version SET version = 3")
    export_store(one, tmp_path / "one.zip")
    two = Holdings(":memory:", seed=False)
    assert import_store(two, tmp_path / "one.zip").documents.new == 7
    with two.store() as store:
        assert store.report(SHA) == FULL


def rewritten(path: Path, change: Callable[[dict[str, bytes]], Any], *, honest: bool = True) -> Path:
    """A copy of an export with other members; ``honest`` makes the list of contents fit."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if honest:
        about = json.loads(members["about.json"])
        about["members"] = {
            name: {"rows": 0, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in members.items()
            if name != "about.json"
        }
        members["about.json"] = json.dumps(about).encode()
    out = path.with_name("changed.zip")
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out


def edited(table: str, **values: Any) -> Callable[[dict[str, bytes]], Any]:
    """A change of the first row of a table."""

    def change(members: dict[str, bytes]) -> None:
        first, *rest = members[f"tables/{table}.jsonl"].splitlines(keepends=True)
        row = json.dumps({**json.loads(first), **values}).encode() + b"\n"
        members[f"tables/{table}.jsonl"] = b"".join([row, *rest])

    return change


def put(name: str, data: bytes) -> Callable[[dict[str, bytes]], Any]:
    return lambda members: members.update({name: data})


HOSTILE: dict[str, Callable[[dict[str, bytes]], Any]] = {
    "a name that climbs": put("../evil.jsonl", b"{}\n"),
    "an absolute name": put("/etc/evil", b"{}\n"),
    "a name of Windows": put("tables\\..\\..\\evil", b"{}\n"),
    "a cluster file that climbs": put("clusters/../../evil.npz", b"{}"),
    "another table": put("tables/secrets.jsonl", b"{}\n"),
    "a manifest of nothing": put("manifests/press.cats.jsonl", b"{}\n"),
    "a bomb": put("tables/figures.jsonl", b" " * (1 << 25)),
    "no contents": lambda members: members.pop("about.json"),
    "another format": put("about.json", b'{"format": "cats"}'),
    "contents of nothing": put("about.json", b"[]"),
    "no JSON": put("tables/told.jsonl", b"cats\n"),
    "a list": put("tables/told.jsonl", b"[]\n"),
    "deep JSON": put("tables/told.jsonl", b"[" * 100_000 + b"\n"),
    "an unknown column": edited("findings", cats=1),
    "a number for a text": edited("findings", text=5),
    "a text for a number": edited("findings", page="five"),
    "no date": edited("documents", published="soon"),
    "no hash": edited("documents", sha256="../../x"),
    "no version": edited("documents", extractor_version=None),
    "no record": edited("documents", record="{}"),
    "a record of cats": edited("documents", record="[1]"),
    "the record of another": edited("documents", sha256="77" * 32),
    "a file elsewhere": edited("documents", file="../../etc/passwd"),
    "an article of cats": edited("articles", record="{}"),
    "rows of nothing": edited("findings", sha256="99" * 32),
    "rows of no hash": edited("judgements", sha256=None),
    "stories of nothing": edited("stories", sha256="99" * 32),
    "a document twice": lambda members: members.update(
        {"tables/documents.jsonl": members["tables/documents.jsonl"] * 2}
    ),
    "clusters that are none": put("clusters/clusters.json", b"{}"),
    "a manifest's file elsewhere": put(
        "manifests/reports.publications.jsonl",
        b'{"urn": 1, "url": "u", "kind": "k", "printed_kind": "p", "state": "fetched", "file": "../x"}\n',
    ),
    "a manifest's unknown column": put("manifests/reports.publications.jsonl", b'{"1=1; --": 1}\n'),
    "a manifest's words for a number": put(
        "manifests/reports.publications.jsonl",
        b'{"urn": "x", "url": "u", "kind": "k", "printed_kind": "p", "state": "listed"}\n',
    ),
    "a manifest without a key": put("manifests/reports.publications.jsonl", b'{"kind": "k"}\n'),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export with times ("one.zip") and the stores "filled", which lacks a document, and "empty"."""
    home = tmp_path_factory.mktemp("template")
    export_store(fill(home / "one"), home / "one.zip", times=True)
    with fill(home / "filled").store(write=True) as store:
        store.connection.execute("DELETE FROM documents WHERE file = '3.pdf'")
    Store.open(home / "empty" / "s.duckdb").close()
    return home


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("filled", [False, True])
def test_what_is_wrong_is_refused_as_a_whole(tmp_path: Path, template: Path, what: str, filled: bool) -> None:
    shutil.copy(template / "one.zip", tmp_path)
    path = rewritten(tmp_path / "one.zip", HOSTILE[what], honest=what not in ("no contents", "contents of nothing"))
    shutil.copytree(template / ("filled" if filled else "empty"), tmp_path / "two")
    two = held(tmp_path / "two")
    before = content(two, times=True), sorted(path.name for path in (tmp_path / "two").rglob("*"))
    with pytest.raises(StoreError) as caught:
        import_store(two, path)
    assert caught.value.code == "bad_export"
    after = content(two, times=True), sorted(path.name for path in (tmp_path / "two").rglob("*"))
    assert after[0] == before[0]
    assert set(after[1]) - set(before[1]) <= {"reports", "press", "manifest.sqlite"}  # made empty at most
    assert not (tmp_path.parent / "evil.jsonl").exists()
    if not filled and (tmp_path / "two" / "reports" / "manifest.sqlite").exists():
        with Manifest.open(tmp_path / "two" / "reports" / "manifest.sqlite") as manifest:
            assert manifest.entries() == []


def test_damaged_files_are_refused(tmp_path: Path) -> None:
    one, two = fill(tmp_path / "one"), Holdings(":memory:", seed=False)
    export_store(one, tmp_path / "one.zip")
    whole = (tmp_path / "one.zip").read_bytes()
    chance = random.Random(7)
    broken = [b"", b"cats", whole[: len(whole) // 2], whole[:-30]]
    for _ in range(60):
        at = chance.randrange(len(whole))
        broken.append(whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :])
    path = tmp_path / "broken.zip"
    refused = 0
    for data in broken:
        path.write_bytes(data)
        try:
            import_store(two, path)
        except StoreError as error:
            assert error.code in ("bad_export", "newer_schema")
            refused += 1
            with two.store() as store:
                assert store.counts()["documents"] == 0
        else:  # what was hit says nothing of the content, such as a time in a header
            with two.store() as store:
                assert store.report(SHA) == FULL
            two = Holdings(":memory:", seed=False)
    assert refused >= 50
    with pytest.raises(UsageError):
        import_store(two, tmp_path / "none.zip")


def test_a_newer_export_is_told(tmp_path: Path) -> None:
    export_store(fill(tmp_path / "one"), tmp_path / "one.zip")

    def newer(members: dict[str, bytes]) -> None:
        members["about.json"] = json.dumps({**json.loads(members["about.json"]), "schema_version": 99}).encode()

    with pytest.raises(StoreError, match="newer ofsted-nlp") as caught:
        import_store(Holdings(":memory:", seed=False), rewritten(tmp_path / "one.zip", newer))
    assert caught.value.code == "newer_schema"


def test_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        export_store(held(tmp_path), tmp_path / "x.zip")
    assert caught.value.code == "no_store"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError):
        export_store(fill(tmp_path / "one"), tmp_path / "nowhere" / "x.zip")


def test_an_export_that_fails_leaves_the_older_file(tmp_path: Path) -> None:
    one = fill(tmp_path / "one")
    export_store(one, tmp_path / "x.zip")
    before = (tmp_path / "x.zip").read_bytes()
    with one.store(write=True) as store:
        store.connection.execute("UPDATE figures SET value = 'inf'")
    with pytest.raises(StoreError, match="figures"):
        export_store(one, tmp_path / "x.zip")
    assert (tmp_path / "x.zip").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "x.zip"]


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "one")
    (tmp_path / "two").mkdir()
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "one" / "s.duckdb"))
    run = CliRunner()
    out = run.invoke(app, ["store", "export", str(tmp_path / "x.zip")])
    assert (out.exit_code, "7 documents" in out.output) == (0, True)
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "two" / "s.duckdb"))
    out = run.invoke(app, ["store", "import", str(tmp_path / "x.zip")])
    assert (out.exit_code, "Documents: 7 new" in out.output) == (0, True)
    with Store.open() as store:
        assert store.report(SHA) == FULL


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
def test_an_import_killed_at_any_moment_is_whole_or_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    one = held(tmp_path / "one")
    with one.store(write=True) as store:
        for number in range(40):
            store.add(short(number + 1, 100), extractor_version="2")
    export_store(one, tmp_path / "one.zip")
    chance = random.Random(11)
    code = (
        "import sys, time; from ofsted_nlp.corpus.exchange import import_store; "
        "from ofsted_nlp.corpus.holdings import Holdings; import duckdb, pyarrow, sqlite3; print('go', flush=True); "
        "import_store(Holdings(sys.argv[1], seed=False), sys.argv[2])"
    )
    seen, killed, took = set(), 0, 0.0
    for attempt in range(6):
        where = tmp_path / f"two{attempt}"
        where.mkdir()
        arguments = [sys.executable, "-c", code, str(where / "s.duckdb"), str(tmp_path / "one.zip")]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None and process.stdout.readline() == "go\n"
            began = time.monotonic()
            if attempt:
                time.sleep(chance.uniform(0, took))
                process.send_signal(signal.SIGKILL)
            process.wait()
        killed += process.returncode == -signal.SIGKILL
        took = took or time.monotonic() - began
        two = held(where)
        if not Path(two.path).exists():
            continue
        with two.store(write=True) as store:
            seen.add(store.counts()["findings"])
        import_store(two, tmp_path / "one.zip")
        export_store(two, where / "two.zip")
        assert (where / "two.zip").read_bytes() == (tmp_path / "one.zip").read_bytes()
    assert seen <= {0, 4000} and 4000 in seen and killed
