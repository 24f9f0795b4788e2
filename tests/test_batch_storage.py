"""Input and output on storage that fsspec reaches, and parts of Parquet that a second run goes on with."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from batch_reader import documents, read
from test_cli import Run, folder, run  # noqa: F401
from test_corpus import KNOWN, OTHER

from ofsted_nlp import batch
from ofsted_nlp.batch.parts import Parts
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.errors import MissingExtraError, UsageError
from ofsted_nlp.records import Report

needs_fsspec = pytest.mark.skipif(
    importlib.util.find_spec("fsspec") is None, reason="fsspec is not installed: pip install -e .[remote]"
)


@pytest.fixture
def memory() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    system.store.clear()
    yield system
    system.store.clear()


def fill(system: Any, samples: Path, *names: str) -> None:
    for name in names:
        system.pipe_file(f"memory://reports/{name}", (samples / name).read_bytes())


SAMPLES = ("wexbury-ilacs-2024.pdf", "broken/html_page.pdf")


def test_reports_are_read_from_shared_storage(memory: Any, samples: Path) -> None:
    fill(memory, samples, *SAMPLES)
    memory.pipe_file("memory://reports/notes.txt", b"no report")
    with ThreadPoolExecutor(2) as executor:
        made = list(batch.read_many("memory://reports", executor=executor))
    local = [batch.read_document(samples / name) for name in sorted(SAMPLES)]
    assert [r.source.file for r in made] == ["html_page.pdf", "wexbury-ilacs-2024.pdf"]
    assert [r.source.url for r in made] == [f"memory:///reports/{name}" for name in sorted(SAMPLES)]
    assert made[0].error is not None and made[0].error.code == "html_page"
    for one, other in zip(made, local, strict=True):
        assert (one.source.sha256, one.judgements, one.findings) == (
            other.source.sha256,
            other.judgements,
            other.findings,
        )
    assert made[1].findings


def test_what_is_in_the_store_is_not_read_from_storage_again(memory: Any, samples: Path, tmp_path: Path) -> None:
    fill(memory, samples, *SAMPLES)
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    with ThreadPoolExecutor(1) as executor:
        first = corpus.add("memory://reports", executor=executor)
        again = corpus.add("memory://reports/**/*.pdf", executor=executor)
    assert (first.new, len(first.failed)) == (1, 1)
    assert (again.new, again.unchanged, again.failed) == (0, 1, first.failed)
    (report,) = [r for r in corpus.reports() if r.status != "failed"]
    assert report.source.url == "memory:///reports/wexbury-ilacs-2024.pdf"


@needs_fsspec
def test_a_zip_is_read_as_a_folder_is(samples: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in SAMPLES:
            archive.write(samples / name, f"in/{name}")
    address = f"zip://in::{tmp_path / 'all.zip'}"
    items = batch.expand(address)
    assert items == [f"zip://in/{name}::{tmp_path / 'all.zip'}" for name in sorted(SAMPLES)]
    assert batch.content_hash(items[1]) == batch.content_hash(samples / SAMPLES[0])
    (good,) = batch.read_many(items[1], limits=batch.Limits())
    assert good.source.file == "wexbury-ilacs-2024.pdf"
    assert good.error is None and good.findings


def test_addresses_that_lead_nowhere_are_recorded(memory: Any) -> None:
    memory.pipe_file("memory://empty/notes.txt", b"x")
    items = batch.expand(["memory://empty", "memory://gone.pdf", "memory://reports/*.pdf", "https://example.org/a.pdf"])
    codes = [item.error.code for item in items if isinstance(item, Report) and item.error]
    assert codes == ["no_documents", "not_found", "not_found", "web_address"]
    refused = batch.read_document("https://example.org/a.pdf").error
    assert refused is not None and "is on the web" in refused.message


def test_files_too_large_are_not_taken_into_memory(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.pipe_file("memory://reports/big.pdf", b"%PDF-" + b"x" * 2000)
    monkeypatch.setattr("ofsted_nlp.reading.pdf.MAX_BYTES", 1000)
    report = batch.read_document("memory://reports/big.pdf")
    assert report.error is not None and report.error.code == "too_large"


def test_file_addresses_are_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    path = documents(tmp_path / "a folder", 1) / "000.pdf"
    assert batch.expand(path.as_uri()) == [path]


def test_without_fsspec_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fsspec", "fsspec.core"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"ofsted-nlp\[remote\]"):
        batch.expand("s3://bucket/reports")


@needs_fsspec
def test_unknown_storage_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="nowhere"):
        batch.expand("nowhere://bucket")


# Parquet


def rows(place: Path, table: str) -> list[dict[str, Any]]:
    found = [pyarrow.parquet.read_table(part).to_pylist() for part in sorted((place / table).glob("*.parquet"))]
    return [row for part in found for row in part]


def test_extract_writes_tables_of_parquet(run: Run, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    place = tmp_path / "out.parquet"
    code, out, err = run("extract", folder, folder / "gone.pdf", "--out", place)
    assert (code, out) == (1, "")
    assert "2 of 5 documents" in err
    documents = rows(place, "documents")
    assert [(row["file"], row["error_code"]) for row in documents] == [
        ("d-new.pdf", None),
        ("d-old.pdf", None),
        ("lost.pdf", "not_a_pdf"),
        ("y.pdf", None),
        ("gone.pdf", "not_found"),
    ]
    assert "added_at" not in documents[0] and "path" not in documents[0]
    texts = [row["text"] for row in rows(place, "findings") if row["sha256"] == OTHER.source.sha256]
    assert texts == [item.text for item in OTHER.findings]
    assert len(rows(place, "findings")) == sum(len(report.findings) for report in KNOWN.values())
    assert {row["grade"] for row in rows(place, "judgements")} == {"good", "inadequate"}
    assert rows(place, "recommendations")[0]["themes"] == ["plans"]


def test_a_second_run_goes_on_and_another_is_refused(run: Run, folder: Path, tmp_path: Path) -> None:  # noqa: F811
    place = tmp_path / "tables"
    assert run("extract", folder / "d-new.pdf", "--format", "parquet", "--out", place)[0] == 0
    before = (place / "documents" / "part-000000.parquet").read_bytes()
    code, _, err = run("extract", folder, "--format", "parquet", "--out", place)
    assert code == 1 and "1 document was there from an earlier run." in err and "1 of 4" in err
    assert (place / "documents" / "part-000000.parquet").read_bytes() == before
    assert [row["file"] for row in rows(place, "documents")] == ["d-new.pdf", "d-old.pdf", "lost.pdf", "y.pdf"]
    code, _, err = run("extract", folder / "y.pdf", "--format", "parquet", "--out", place)
    assert code == 2 and "number 1 is d-new.pdf" in err
    code, _, err = run("extract", folder, "--no-findings", "--format", "parquet", "--out", place)
    assert code == 2 and "other options" in err
    code, _, err = run("extract", folder, "--format", "parquet")
    assert code == 2 and "--out" in err
    code, _, err = run("extract", folder / "y.pdf", "--format", "parquet", "--out", folder / "y.pdf")
    assert code == 2


def test_parts_cut_short_at_any_file_end_as_whole_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    items = [item for item in batch.expand(documents(tmp_path / "pdfs", 7)) if not isinstance(item, Report)]

    def extract(place: Path) -> None:
        with Parts(str(place), options={"a": 1}, each=3) as parts:
            for report in batch.read_many(parts.remaining(iter(items)), executor=batch.SameThread(), reader=read):
                parts.write(report)

    extract(tmp_path / "whole")
    whole = {p.relative_to(tmp_path / "whole"): p.read_bytes() for p in (tmp_path / "whole").rglob("*.parquet")}
    assert len(whole) == 3 * 5
    save = Parts._save
    for moment in range(3 * 5):
        saved = 0

        def cut(self: Parts, name: str, table: Any, moment: int = moment) -> None:
            nonlocal saved
            if saved == moment:
                raise KeyboardInterrupt
            saved += 1
            save(self, name, table)

        place = tmp_path / f"cut-{moment}"
        monkeypatch.setattr(Parts, "_save", cut)
        with pytest.raises(KeyboardInterrupt):
            extract(place)
        monkeypatch.setattr(Parts, "_save", save)
        extract(place)
        assert {p.relative_to(place): p.read_bytes() for p in place.rglob("*") if p.is_file()} == whole


def test_parts_and_lines_on_shared_storage(run: Run, folder: Path, memory: Any, tmp_path: Path) -> None:  # noqa: F811
    run("extract", folder, "--out", "memory://out/all.parquet")
    run("extract", folder, "--out", tmp_path / "all.parquet")
    local = {
        p.relative_to(tmp_path / "all.parquet").as_posix(): p for p in (tmp_path / "all.parquet").rglob("*.parquet")
    }
    assert len(local) == 5
    for name, path in local.items():
        assert memory.cat_file(f"memory://out/all.parquet/{name}") == path.read_bytes()
    code, _, err = run("extract", folder, "--out", "memory://out/all.parquet")
    assert code == 1 and "4 documents were there" in err
    run("extract", folder / "y.pdf", "--out", "memory://out/y.jsonl")
    assert Report.from_dict(json.loads(memory.cat_file("memory://out/y.jsonl"))) == OTHER


def test_an_iterator_without_end_is_taken_from_as_needed(tmp_path: Path) -> None:
    path = documents(tmp_path / "pdfs", 1) / "000.pdf"
    taken = 0

    def endless() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield path

    seen: list[tuple[int, int | None]] = []
    reports = batch.read_many(
        endless(), executor=batch.SameThread(), jobs=1, reader=read, progress=lambda n, of: seen.append((n, of))
    )
    for _ in range(100):
        assert next(reports).source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    reports.close()
    assert taken == 99 + batch.LOOK_AHEAD
    assert seen == [(n, None) for n in range(1, 101)]


def test_all_executors_give_the_same(tmp_path: Path) -> None:
    from concurrent.futures import ProcessPoolExecutor

    place = documents(tmp_path / "pdfs", 30, "slow")
    (place / "011.pdf").write_text("raise")
    own = list(batch.read_many(place, jobs=2, reader=read))
    with ThreadPoolExecutor(5) as threads, ProcessPoolExecutor(2) as processes:
        for executor in (threads, processes, batch.SameThread()):
            assert list(batch.read_many(place, executor=executor, reader=read)) == own
    assert [r.source.file for r in own if r.error] == ["011.pdf"]


def test_an_iterator_is_added_without_being_listed(tmp_path: Path) -> None:
    place = documents(tmp_path / "pdfs", 5)
    (place / "twin.pdf").write_bytes((place / "001.pdf").read_bytes())
    seen: list[tuple[int, int | None]] = []
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    paths = iter([*sorted(place.glob("*.pdf")), place / "gone.pdf"])
    made = corpus.add(
        paths, executor=batch.SameThread(), reader=read, progress=lambda done, total: seen.append((done, total))
    )
    assert (made.new, made.unchanged, [item.code for item in made.failed]) == (5, 1, ["not_found"])
    assert seen[-1] == (7, None) and {total for _, total in seen} == {None}
