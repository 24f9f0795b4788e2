"""The store keeps reports whole, once, and says plainly when it cannot."""

from __future__ import annotations

import datetime
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

import duckdb
import pytest
from store_samples import FULL, SHA, article, short
from store_schemas import SCHEMAS, make

from ofsted_nlp.corpus import Corpus
from ofsted_nlp.errors import StoreError
from ofsted_nlp.records import Failure, Finding, Report, Source
from ofsted_nlp.store import Store, default_path, is_stale, schema
from ofsted_nlp.store.store import _opening_error


def test_a_report_comes_back_as_it_was() -> None:
    with Store.open(":memory:") as store:
        assert store.add(FULL, extractor_version="1", path="x.pdf") == "new"
        assert store.report(SHA) == FULL
        assert store.report("cd" * 32) is None


def test_every_field_of_a_finding_has_a_column() -> None:
    renamed = {"start": "span_start", "end": "span_end", "strength": "subject"}
    names = {renamed.get(item.name, item.name) for item in fields(Finding)}
    assert names | {"named", "things", "kinds"} == set(schema.FINDING_COLUMNS)


def as_read_from(version: int) -> Report:
    """What a store of this schema still knows of ``FULL``."""
    if version > 1:
        return FULL
    lost = tuple(
        replace(item, clauses=(), strength=item.strength and replace(item.strength, things=(), kinds=()))
        for item in FULL.findings
    )
    return replace(FULL, findings=lost)


@pytest.mark.parametrize("version", SCHEMAS)
def test_an_older_store_opens_and_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old “store”.duckdb"
    make(path, version)
    articles = [article(1)] if version >= 3 else []
    before = path.read_bytes()
    with Store.open(path, read_only=True) as store:
        assert store.report(SHA) == as_read_from(version)
        assert store.articles() == store.articles(99001) == articles
        assert store.article_counts() == {"articles": len(articles), "stories": 2 * len(articles)}
        assert store.untold() == [SHA] and store.first_update() is None
        assert list(store.query("SELECT * FROM stories").columns) == list(schema.PRESS_TABLES["stories"])
        with pytest.raises(StoreError):
            store.add_article(article(2), extractor_version="1")
    assert path.read_bytes() == before
    assert len(Corpus.open(path, seed=False).to_dataframe()) == 1
    with Store.open(path) as store:
        for table, columns in schema.ALL_TABLES.items():
            assert set(store.query(f"SELECT * FROM {table}").columns) == set(columns)
        assert store.query("SELECT max(version) AS v FROM schema_version")["v"].tolist() == [schema.SCHEMA_VERSION]
        assert store.report(SHA) == as_read_from(version)
        assert store.articles() == articles
        assert store.query("SELECT path FROM documents")["path"].tolist() == ["/reports/x.pdf"]
        assert store.add(short(1, 2), extractor_version="1") == "new"
        assert store.add_article(article(2), extractor_version="1") == "new"
        assert store.add(FULL, extractor_version="2") == "replaced"
    with Store.open(path, read_only=True) as store:
        assert store.report(SHA) == FULL
        assert store.articles() == [*articles, article(2)]
        assert store.query("SELECT added_at FROM articles")["added_at"].notna().all()


KILLED = """
import os, signal, sys
from ofsted_nlp.store import Store
create = Store._create
def stop(self, table, columns):
    create(self, table, columns)
    if table == "updates":
        os.kill(os.getpid(), signal.SIGKILL)
Store._create = stop
Store.open(sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system where processes can be killed")
@pytest.mark.parametrize("version", SCHEMAS)
def test_an_upgrade_that_is_killed_or_fails_leaves_the_store_as_it_was(
    tmp_path: Path, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.duckdb"
    make(path, version)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    with monkeypatch.context() as patch:

        def fail(*_: object) -> None:
            raise duckdb.IOException("the disk is full")

        patch.setattr(Store, "_create", fail)
        with pytest.raises(StoreError, match="disk is full"):
            Store.open(path)
    with duckdb.connect(str(path), read_only=True) as connection:
        assert connection.execute("SELECT max(version) FROM schema_version").fetchone() == (version,)
        tables = {row[0] for row in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert tables == {*SCHEMAS[version], "schema_version"}
        columns = {row[0] for row in connection.execute("DESCRIBE documents").fetchall()}
        assert "digest" not in columns
    with Store.open(path) as store:
        assert store.report(SHA) == as_read_from(version)


def test_sql_sees_real_columns() -> None:
    with Store.open(":memory:") as store:
        store.add(FULL, extractor_version="1")
        frame = store.query(
            "SELECT d.authority, d.inspection_end, f.page, f.themes, f.named FROM findings f "
            "JOIN documents d USING (sha256) WHERE f.polarity = ?",
            ["strength"],
        )
        assert frame["authority"].tolist() == ["Wexham", "Wexham"]
        assert frame["inspection_end"][0].date() == datetime.date(2019, 1, 25)
        assert list(frame["themes"][0]) == ["early_help", "workforce"]
        assert list(frame["named"][0]) == ["Otter team", "Wexham Hub"]
        both = store.query("SELECT inspection, grade FROM judgements ORDER BY inspection")
        assert both.values.tolist() == [["previous", "inadequate"], ["this", "good"]]


def test_adding_twice_changes_nothing() -> None:
    with Store.open(":memory:") as store:
        store.add(FULL, extractor_version="1")
        assert store.add(replace(FULL, status="ok"), extractor_version="1") == "unchanged"
        assert store.report(SHA) == FULL
        assert store.counts() == {
            "documents": 1,
            "judgements": 2,
            "recommendations": 2,
            "findings": len(FULL.findings),
            "figures": 1,
            "failed": 0,
        }


def test_a_newer_extractor_replaces_an_older_does_not(tmp_path: Path) -> None:
    fewer = replace(FULL, findings=FULL.findings[:1], status="ok")
    with Store.open(tmp_path / "s.duckdb") as store:
        store.add(FULL, extractor_version="1.9")
        assert store.add(fewer, extractor_version="1.10") == "replaced"
        assert store.add(FULL, extractor_version="1.9") == "unchanged"
        assert store.versions() == {SHA: "1.10"}
    with Store.open(tmp_path / "s.duckdb") as store:
        assert store.report(SHA) == fewer
        assert store.add(FULL, extractor_version="1", again=True) == "replaced"
        assert store.add(fewer, extractor_version="1", again=True) == "replaced"
        assert store.counts()["findings"] == 1


@pytest.mark.parametrize(
    ("stored", "current", "stale"),
    [("1", "1", False), ("1", "2", True), ("2", "1", False), ("1.9", "1.10", True), ("1-a", "1-b", True)],
)
def test_versions_compare_by_number(stored: str, current: str, stale: bool) -> None:
    assert is_stale(stored, current) is stale


def test_the_address_and_the_site_s_day_outlive_a_new_reading() -> None:
    anew = replace(FULL, source=replace(FULL.source, url=None, published_on=None))
    with Store.open(":memory:") as store:
        store.add(FULL, extractor_version="1")
        assert store.add(anew, extractor_version="2") == "replaced"
        assert store.report(SHA) == FULL
        assert store.query("SELECT url FROM documents")["url"].tolist() == [FULL.source.url]


def test_a_store_whose_making_was_cut_short_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    duckdb.connect(str(path)).close()
    with Store.open(path, read_only=True) as store:
        assert store.reports() == [] and store.article_counts() == {"articles": 0, "stories": 0}
    with Store.open(path) as store:
        assert store.add(FULL, extractor_version="1") == "new"


STORING = """
import sys
sys.path.insert(0, sys.argv[2])
from store_samples import short
from ofsted_nlp.store import Store
import pyarrow
with Store.open(sys.argv[1]) as store:
    for number in range(1, 2000):
        store.add(short(number, 40), extractor_version=sys.argv[3])
        print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system where processes can be killed")
def test_killed_at_random_moments_every_document_is_whole(tmp_path: Path) -> None:
    path, here = tmp_path / "s.duckdb", str(Path(__file__).parent)
    chance = random.Random(5)
    for turn in range(6):  # new documents first, then the same ones replaced by newer versions
        arguments = [sys.executable, "-c", STORING, str(path), here, str(turn // 2)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(1, 12)):
                last = int(process.stdout.readline())
            time.sleep(chance.uniform(0, 0.05))
            process.kill()
        with Store.open(path) as store:
            stored = store.reports()
            assert [r for r in stored if r != short(int(r.source.file[:-4]), 40)] == []
            assert store.counts()["findings"] == 40 * len(stored)
            assert len(stored) >= last


def test_failures_are_kept_with_their_reason() -> None:
    lost = Report(Source("x.pdf", SHA, 0), status="failed", error=Failure("encrypted_pdf", "It has a password."))
    with Store.open(":memory:") as store:
        store.add(lost, extractor_version="1")
        assert store.report(SHA) == lost
        rows = store.query("SELECT status, error_code, error_message FROM documents").values.tolist()
        assert rows == [["failed", "encrypted_pdf", "It has a password."]]
        assert store.counts()["failed"] == 1


def test_a_crash_is_tried_again() -> None:
    lost = Report(Source("x.pdf", SHA, 0), status="failed", error=Failure("reader_crashed", "It died."))
    with Store.open(":memory:") as store:
        store.add(lost, extractor_version="1")
        assert store.versions() == {}
        assert store.add(FULL, extractor_version="1") == "replaced"
        assert store.report(SHA) == FULL


def test_a_report_of_nothing_is_not_stored() -> None:
    lost = Report(Source("x.pdf", "", 0), status="failed", error=Failure("not_found", "No file."))
    with Store.open(":memory:") as store, pytest.raises(StoreError, match=r"x\.pdf"):
        store.add(lost, extractor_version="1")


def test_a_report_is_stored_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(table: str, rows: object) -> object:
        if table == "findings":
            raise RuntimeError("power cut")
        return schema.arrow_table(table, rows)  # type: ignore[arg-type]

    with Store.open(":memory:") as store:
        monkeypatch.setattr("ofsted_nlp.store.store.arrow_table", broken)
        with pytest.raises(RuntimeError):
            store.add(FULL, extractor_version="1")
        monkeypatch.undo()
        assert set(store.counts().values()) == {0}
        assert store.add(FULL, extractor_version="1") == "new"


def test_reports_can_be_chosen_and_read_without_findings() -> None:
    with Store.open(":memory:") as store:
        for number in (3, 1, 2):
            store.add(short(number, 2), extractor_version="1")
        assert [r.source.file for r in store.reports()] == ["1.pdf", "2.pdf", "3.pdf"]
        assert store.reports(where="file = ?", parameters=["2.pdf"]) == [short(2, 2)]
        assert [r.findings for r in store.reports(findings=False)] == [(), (), ()]


def test_a_second_writer_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    Store.open(path).close()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        for read_only in (False, True):
            with pytest.raises(StoreError, match=f"in use by process {other.pid}") as caught:
                Store.open(path, read_only=read_only)
            assert caught.value.code == "locked"
        other.communicate("")
    Store.open(path).close()


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (
            'IO Error: Could not set lock on file "s": Conflicting lock is held in /bin/python (PID 7) by user x',
            "process 7",
        ),
        ('IO Error: Could not set lock on file "s": Resource temporarily unavailable', "another process"),
        ('IO Error: Cannot open file "s": It is busy.\nFile is already open in \nC:\\python.exe (PID 7)', "process 7"),
        (
            'IO Error: Cannot open file "s": The file is being used by another process.',
            "another process",
        ),
    ],
)
def test_a_store_in_use_is_known_as_such_on_every_system(said: str, who: str) -> None:
    error = _opening_error("s.duckdb", OSError(said))
    assert error.code == "locked" and f"in use by {who}" in error.message


def test_a_folder_whose_name_speaks_of_locks_is_not_in_use() -> None:
    assert _opening_error("/locks/s", OSError("Cannot read /locks/s of (PID 7)")).code != "locked"


def test_readers_share_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.add(FULL, extractor_version="1")
    with Store.open(path, read_only=True) as one, Store.open(path, read_only=True) as two:
        assert one.report(SHA) == two.report(SHA) == FULL
        with pytest.raises(StoreError, match="reading only"):
            one.add(short(1), extractor_version="1")
        with pytest.raises(StoreError) as caught:
            Store.open(path)
        assert caught.value.code == "locked"


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.connection.execute("INSERT INTO schema_version VALUES (?)", [schema.SCHEMA_VERSION + 1])
    with pytest.raises(StoreError, match="newer ofsted-nlp") as caught:
        Store.open(path)
    assert caught.value.code == "newer_schema"


def test_other_files_are_refused(tmp_path: Path) -> None:
    text, other = tmp_path / "text.duckdb", tmp_path / "other.duckdb"
    text.write_text("not a database" * 1000)
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE cats (name VARCHAR)")
    for path in (text, other):
        with pytest.raises(StoreError) as caught:
            Store.open(path)
        assert caught.value.code == "not_a_store"
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "none.duckdb", read_only=True)
    assert caught.value.code == "no_store"
    with pytest.raises(StoreError):
        Store.open(text / "inside" / "s.duckdb")


def test_the_place_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "deep" / "mine.duckdb"))
    assert default_path() == tmp_path / "deep" / "mine.duckdb"
    Store.open().close()
    assert default_path().is_file()
    monkeypatch.delenv("OFSTED_NLP_STORE")
    assert default_path().name == "store.duckdb"


def test_a_bad_query_is_a_plain_error() -> None:
    with Store.open(":memory:") as store, pytest.raises(StoreError) as caught:
        store.query("SELECT nothing FROM nowhere")
    assert caught.value.code == "bad_query"


def test_many_findings_go_in(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.duckdb") as store:
        for number in range(1, 13):
            store.add(short(number, 217), extractor_version="1")
        assert store.counts()["findings"] == 12 * 217
