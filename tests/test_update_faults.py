"""What goes wrong beside an update, or is unusual, is told rightly and costs nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from update_site import report_of, run, write

from ofsted_nlp import batch
from ofsted_nlp.cli.update import read_settings
from ofsted_nlp.corpus import Corpus, outputs
from ofsted_nlp.corpus.exchange import export_store, import_store
from ofsted_nlp.errors import ContactError, NotFoundError, StoreError, UsageError
from ofsted_nlp.presentation.site.folder import MARK
from ofsted_nlp.records import Failure, Report, Source
from ofsted_nlp.store import Store
from ofsted_nlp.store.locking import update_lock

TEXTS = {"Boats are slow.": "concern", "Otters are kind.": "strength"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.duckdb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", "a.pdf", report_of(2024, texts=TEXTS))
    return tmp_path / "in"


def test_what_a_report_on_no_known_authority_says_is_counted(store: Path, folder: Path) -> None:
    write(folder, "nobody.pdf", report_of(2023, texts=TEXTS, authority=None))
    (change,) = [change for change in run(store, folder).changes if change.file == "nobody.pdf"]
    assert (change.authorities, change.concerns, change.strengths) == ((), 1, 1)


def test_a_name_that_leads_to_no_authority_stops_nothing(
    store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reports(self: Corpus, name: str | None = None) -> list[Report]:
        raise NotFoundError("Two authorities have that name.")

    monkeypatch.setattr(Corpus, "reports", reports)
    (change,) = run(store, folder).changes
    assert (change.authorities, change.concerns, change.compared) == (("Wexham",), 1, 0)


def test_a_feed_that_cannot_be_written_is_a_problem_and_made_up_for(store: Path, folder: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    (tmp_path / ".feed.xml.part").mkdir()
    made = run(store, folder, feed=feed)
    assert [change.file for change in made.changes] == ["a.pdf"]
    assert made.failed and "feed.xml was not refreshed" in made.problems[0] and not feed.exists()
    (tmp_path / ".feed.xml.part").rmdir()
    again = run(store, folder, feed=feed)
    assert (again.changes, again.failed) == ((), False) and b"Wexham" in feed.read_bytes()
    with pytest.raises(UsageError, match="is a folder"):
        run(store, folder, feed=tmp_path)


def test_a_full_disk_stops_nothing(store: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write_export(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "write_export", write_export)
    made = run(store, folder, export=tmp_path / "e.xlsx")
    assert made.problems == (f"{tmp_path / 'e.xlsx'} was not refreshed: No space left on device.",)
    assert [change.file for change in made.changes] == ["a.pdf"]


def test_without_a_contact_nothing_is_read(store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFSTED_NLP_CONTACT", raising=False)
    with pytest.raises(ContactError):
        run(store, folder, press=True)
    with pytest.raises(ContactError):
        Corpus.open(store, seed=False).update()
    assert not store.exists()


def test_clusters_made_anew_refresh_the_site(
    store: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outputs, "write_site", lambda _, out, *rest: out.mkdir(exist_ok=True))
    site = tmp_path / "site"
    assert run(store, folder, site=site).refreshed == (str(site),)
    assert run(store, folder, site=site).refreshed == ()
    Corpus.open(store, seed=False).recluster()
    assert run(store, folder, site=site).refreshed == (str(site),)


def test_another_broken_file_of_the_same_name_is_a_problem_too(store: Path, folder: Path) -> None:
    write(folder, "bad.pdf", "has holes.")
    assert run(store, folder).problems == ("bad.pdf has holes.",)
    write(folder, "bad.pdf", "has moths.")
    assert run(store, folder).problems == ("bad.pdf has moths.",)
    assert not run(store, folder).failed


def test_hidden_folders_beside_a_site_that_no_build_made_are_left(tmp_path: Path) -> None:
    mine, copy, build = (tmp_path / f".site.{name}" for name in ("20241122", "oldstuff", "abcdefgh"))
    for place in (mine, copy):
        place.mkdir()
    (mine / "letter.txt").write_text("mine")
    (copy / MARK).write_text("{}")
    (copy / "site").mkdir()
    build.mkdir(mode=0o700)
    (build / "index.html").write_text("begun")
    for place in (mine, copy, build):
        os.utime(place, (0, 0))
    outputs.put_back(tmp_path / "site")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site.20241122", ".site.oldstuff"]


def test_paths_of_the_settings_count_from_their_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    place = tmp_path / "u.toml"
    place.write_text('reports = "pdfs"\nsite = "~/site"\nfeed = "feed.xml"\n')
    assert read_settings(place) == {
        "reports": str(tmp_path / "pdfs"),
        "site": str(tmp_path / "home" / "site"),
        "feed": str(tmp_path / "feed.xml"),
    }
    place.write_text('reports = "https://example.org/reports"\n')
    assert read_settings(place) == {"reports": "https://example.org/reports"}


def test_a_disk_without_locks_is_a_sentence(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def acquire(*_: object, **__: object) -> None:
        raise NotImplementedError("no flock here")

    monkeypatch.setattr("filelock.FileLock.acquire", acquire)
    with pytest.raises(StoreError, match="no flock here"), update_lock(str(store)):
        pass


def test_an_export_never_replaces_the_store(store: Path, folder: Path, tmp_path: Path) -> None:
    run(store, folder)
    before = store.read_bytes()
    corpus = Corpus.open(store, seed=False)
    os.link(store, tmp_path / "link.zip")
    for name in (store, tmp_path / "link.zip"):
        with pytest.raises(UsageError, match="store itself"):
            corpus.export_store(name)
    assert store.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_an_export_can_be_read_by_those_who_may_read_other_files(store: Path, folder: Path, tmp_path: Path) -> None:
    run(store, folder)
    export_store(Corpus.open(store, seed=False)._holdings, tmp_path / "e.zip")
    (tmp_path / "other").touch()
    assert (tmp_path / "e.zip").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_what_fails_in_an_import_is_not_blamed_on_the_export(
    store: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, folder)
    made = Corpus.open(store, seed=False).export_store(tmp_path / "e.zip")

    def merge(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("ofsted_nlp.store.exchange.Staged.merge", merge)
    with pytest.raises(UsageError, match=r"could not be imported.*Permission denied"):
        import_store(Corpus.open(tmp_path / "t.duckdb", seed=False)._holdings, made.path)


def test_a_good_record_outlives_a_newer_reader_that_breaks_a_limit(store: Path, folder: Path) -> None:
    run(store, folder)
    with Store.open(store) as kept:
        kept.connection.execute("UPDATE documents SET extractor_version = '0'")
        (sha256,) = kept.connection.execute("SELECT sha256 FROM documents").fetchone() or ()

    def hang(path: Path, *, findings: bool = True) -> Report:
        return Report(Source(path.name, sha256, 0), status="failed", error=Failure("time_limit", "It took too long."))

    corpus = Corpus.open(store, seed=False)
    made = corpus.add(folder, reader=hang, executor=batch.SameThread())
    assert (made.replaced, [item.code for item in made.failed]) == (0, ["time_limit"])
    (report,) = corpus.reports()
    assert report.error is None and len(report.findings) == 2
    options = {"reader": hang, "executor": batch.SameThread()}
    assert corpus.update(folder=folder, options=options).problems == ("a.pdf: It took too long.",)
