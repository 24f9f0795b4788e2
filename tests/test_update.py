"""The nightly job: what is new is told once and never lost, and what is made of the store is kept up to date."""

from __future__ import annotations

import datetime
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import openpyxl
import pytest
from lxml import etree
from pull_site import published
from replica import Replica, serve
from store_samples import article
from update_site import MARSHE, pdf, read, report_of, run, write

from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus, outputs
from ofsted_nlp.corpus.updating import Update
from ofsted_nlp.errors import StoreError, UsageError
from ofsted_nlp.presentation.site.folder import check
from ofsted_nlp.presentation.update_report import update_text
from ofsted_nlp.sources.http import Client, Limits
from ofsted_nlp.store import Store

OLD = report_of(2022, "requires_improvement", {"Boats are slow.": "concern", "Otters are kind.": "strength"})
NEW = report_of(2026, "good", {"Rafts sink.": "concern", "Otters are kinder.": "strength"})


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "s.duckdb"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "in", "old.pdf", OLD)
    return tmp_path / "in"


def text(made: Update) -> str:
    return "\n".join(update_text(made.to_dict()))


def test_what_is_new_is_told_once(store: Path, folder: Path) -> None:
    assert [change.file for change in run(store, folder).changes] == ["old.pdf"]
    write(folder, "new.pdf", NEW)
    made = run(store, folder)
    (change,) = made.changes
    assert (change.kind, change.authorities, change.latest, change.compared) == ("report", ("Wexham",), True, 1)
    overall, help_ = change.grades
    assert (overall.grade, overall.before, overall.before_on) == (
        "good",
        "requires_improvement",
        datetime.date(2022, 3, 12),
    )
    assert (help_.grade, help_.before) == ("good", "good")
    assert (change.concerns, change.strengths) == (1, 1)
    assert [item.text for item in change.recommendations] == ["Mend the boats by 2026."]
    said = text(made)
    assert said.startswith("Wexham, 12 April 2026: new report, Children's services inspection (ILACS), inspected until")
    assert "Overall effectiveness: good (was requires improvement in March 2022), page 1." in said
    assert "Help and protection: good (as in March 2022), page 1." in said
    assert "Mend the boats by 2026." in said
    again = run(store, folder)
    assert (again.changes, again.failed, update_text(again.to_dict())) == (
        (),
        False,
        ["Nothing new since the last update."],
    )


def test_what_was_there_before_the_first_update_is_no_news(store: Path, folder: Path) -> None:
    with ThreadPoolExecutor(1) as executor:
        Corpus.open(store, seed=False).add(folder, reader=read, executor=executor)
    first = run(store, folder)
    assert (first.first, first.changes) == (True, ())
    write(folder, "older.pdf", report_of(2019))
    made = run(store, folder)
    assert (made.first, [change.latest for change in made.changes]) == (False, [False])
    assert "new earlier report" in text(made)


def test_an_update_that_cannot_say_what_is_new_says_it_next_time(store: Path, folder: Path, tmp_path: Path) -> None:
    def fail(_: Update) -> None:
        raise BrokenPipeError

    feed = tmp_path / "feed.xml"
    with pytest.raises(BrokenPipeError):
        run(store, folder, tell=fail, feed=feed)
    first = feed.read_bytes()
    told: list[Update] = []
    run(store, folder, tell=told.append, feed=feed)
    assert [change.file for change in told[0].changes] == ["old.pdf"]
    assert feed.read_bytes() == first


def test_a_file_that_cannot_be_read_is_told_once(store: Path, folder: Path) -> None:
    write(folder, "bad.pdf", "has holes.")
    made = run(store, folder)
    assert made.failed and made.problems == ("bad.pdf has holes.",)
    assert [change.error for change in made.changes if change.file == "bad.pdf"] == ["bad.pdf has holes."]
    assert "bad.pdf: new file that could not be read." in text(made)
    again = run(store, folder)
    assert (again.failed, again.changes) == (False, ())
    empty = folder.parent / "empty"
    empty.mkdir()
    assert "holds no PDFs" in run(store, empty).problems[0]


def test_clusters_that_an_authority_was_not_in_before(store: Path, folder: Path) -> None:
    caseloads = "Social workers’ caseloads are too high and this affects the quality of their work with children."
    visits = "Children are not always visited often enough by their social worker."
    praise = "Care leavers benefit from strong relationships with their personal advisers."
    write(folder, "old.pdf", report_of(2022, texts={caseloads: "concern"}))
    run(store, folder, seed=True)
    more = {caseloads.replace("too high", "still too high"): "concern", visits: "concern", praise: "strength"}
    write(folder, "new.pdf", report_of(2026, texts=more))
    (change,) = run(store, folder, seed=True).changes
    with Store.open(store, read_only=True) as kept:
        rows = kept.connection.execute("SELECT text, cluster FROM findings").fetchall()
    clusters = dict(rows)
    new = {clusters[visits], clusters[praise]} - {clusters[caseloads], None}
    assert {item.id for item in change.clusters if item.polarity != "recommendation"} == new
    assert clusters[caseloads] is not None and clusters[visits] is not None
    assert [item.text for item in change.new_concerns] == [visits]
    (told,) = (item for item in change.clusters if item.id == clusters[visits])
    assert (told.polarity, told.findings, told.text, bool(told.label)) == ("concern", 1, visits, True)


def test_a_newer_extractor_reads_again(store: Path, folder: Path) -> None:
    run(store, folder)
    with Store.open(store) as kept:
        kept.connection.execute("UPDATE documents SET extractor_version = '0.1', url = 'https://example.org/1'")
    made = run(store, folder.parent / "in")
    assert (made.read_again, made.changes) == (1, ())
    assert text(made) == ("Nothing new since the last update. 1 document read again, as the extractor is newer.")
    with Store.open(store) as kept:
        assert set(kept.versions().values()) != {"0.1"}
        assert kept.reports()[0].source.url == "https://example.org/1"
        kept.connection.execute("UPDATE documents SET extractor_version = '0.1'")
    other = folder.parent / "other"
    write(other, "new.pdf", NEW)
    assert run(store, other).read_again == 1  # its file lies elsewhere


def test_an_article_is_told(store: Path, folder: Path) -> None:
    run(store, folder)
    with Store.open(store) as kept:
        kept.add_article(article(1), extractor_version="1", url="https://example.org/otters")
        kept.add_article(article(2), extractor_version="1")
        kept.mark_repeats({article(2).page.sha256: article(1).page.sha256})
    made = run(store, folder)
    (change,) = made.changes
    assert (change.kind, change.url) == ("article", "https://example.org/otters")
    assert text(made).startswith("Wexham, 1 October 2022: press coverage, “")
    assert run(store, folder).changes == ()


HOSTILE = "Rafts <script>alert(1)</script> & “sink” \x0b\x00 ]]> &lt; \U0001f6a3"


def test_the_feed_is_valid_stable_and_escaped(store: Path, folder: Path, tmp_path: Path) -> None:
    feed = tmp_path / "feed.xml"
    recommendation = replace(NEW.recommendations[0], text=HOSTILE)
    hostile = replace(report_of(2025, authority=MARSHE), recommendations=(recommendation,))
    write(folder, "hostile.pdf", replace(hostile, source=replace(hostile.source, url="javascript:alert(1)")))
    run(store, folder, feed=feed, feed_url="https://example.org/feed.xml")
    first = feedparser.parse(feed.read_bytes())
    assert not first.bozo and first.version == "atom10"
    assert first.feed.id.startswith("urn:uuid:") and first.feed.updated.endswith("Z") and first.feed.author
    assert [link.href for link in first.feed.links if link.rel == "self"] == ["https://example.org/feed.xml"]
    ids = [entry.id for entry in first.entries]
    assert len(set(ids)) == 2 and all(id_.startswith("urn:uuid:") for id_ in ids)
    root = etree.fromstring(feed.read_bytes())
    names = {"a": "http://www.w3.org/2005/Atom"}
    for entry in root.findall("a:entry", names):
        assert all(entry.findtext(f"a:{name}", None, names) for name in ("id", "title", "updated", "content"))
        inside = entry.findtext("a:content", "", names)
        assert "<script" not in inside and not entry.findall("a:link", names)
    assert "Marshe & <Dale>, 12 April 2025" in first.entries[0].title.replace("&amp;", "&").replace(
        "&lt;", "<"
    ).replace("&gt;", ">")
    before = feed.read_bytes()
    run(store, folder, feed=feed, feed_url="https://example.org/feed.xml")
    assert feed.read_bytes() == before
    write(folder, "new.pdf", NEW)
    run(store, folder, feed=feed)
    second = feedparser.parse(feed.read_bytes())
    assert second.feed.id == first.feed.id
    assert [entry.id for entry in second.entries][1:] == ids
    feed.unlink()
    run(store, folder, feed=feed)
    assert [entry.id for entry in feedparser.parse(feed.read_bytes()).entries] == [e.id for e in second.entries]


def test_outputs_are_written_when_something_changed(store: Path, folder: Path, tmp_path: Path) -> None:
    export, sheets = tmp_path / "e.xlsx", tmp_path / "sheets"
    folder = tmp_path / "york"
    write(folder, "york.pdf", report_of(2026, authority=register().named("York").authority))
    made = run(store, folder, export=export)
    assert made.refreshed == (str(export),) and "Refreshed" in text(made)
    written = export.stat().st_mtime_ns
    assert run(store, folder, export=export).refreshed == ()
    assert export.stat().st_mtime_ns == written
    assert run(store, folder, export=sheets).refreshed == (str(sheets),)
    assert (sheets / "authorities.csv").is_file()
    write(folder, "leeds.pdf", report_of(2026, authority=register().named("Leeds").authority))
    run(store, folder, export=export)
    cells = {cell.value for row in openpyxl.load_workbook(export)["History"].iter_rows() for cell in row}
    assert {"York", "Leeds"} <= cells
    export.unlink()
    assert run(store, folder, export=export).refreshed == (str(export),)


def test_the_site_is_swapped_in_whole_and_a_failure_stops_nothing(
    store: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    write(folder, "york.pdf", report_of(2026, authority=register().named("York").authority))
    made = run(store, folder, site=site)
    assert made.refreshed == (str(site),) and "York" in (site / "index.html").read_text(encoding="utf-8")
    assert run(store, folder, site=site).refreshed == ()
    built: list[Path] = []

    def build(corpus: object, out: Path, *_: object) -> None:
        check(out)
        built.append(out)

    monkeypatch.setattr(outputs, "write_site", build)
    # A build that was killed between moving the old site away and the new one in.
    left = tmp_path / ".site.abcdefgh"
    left.mkdir()
    site.rename(left / "site")
    outputs.put_back(site)
    assert (site / "index.html").is_file() and left.is_dir()
    os.utime(left, (0, 0))
    outputs.put_back(site)
    assert not left.exists()
    (site / "mine.txt").write_text("mine")
    write(folder, "leeds.pdf", report_of(2026, authority=register().named("Leeds").authority))
    with pytest.raises(UsageError, match="no part of the site"):
        run(store, folder, site=site)
    (site / "mine.txt").unlink()

    def spoil(stage: str, done: int, total: int) -> None:
        if stage == "reading":
            (site / "mine.txt").write_text("mine")

    made = run(store, folder, site=site, progress=spoil)
    assert [change.file for change in made.changes] == ["leeds.pdf"]
    assert made.refreshed == () and "was not refreshed" in made.problems[0]
    (site / "mine.txt").unlink()
    assert run(store, folder, site=site).refreshed == (str(site),) and built == [site]


def test_wrong_requests_are_told_before_anything_is_done(store: Path, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    wrong: list[dict[str, Any]] = [
        {"site": tmp_path / "file"},
        {"export": tmp_path / "file"},
        {"feed": tmp_path / "nowhere" / "feed.xml"},
        {"export": tmp_path / "nowhere" / "e.xlsx"},
        {"press": True, "press_sources": tmp_path / "none.toml"},
    ]
    for options in wrong:
        with pytest.raises(UsageError):
            run(store, folder, **options)
    with pytest.raises(UsageError):
        Corpus.open(store, seed=False).update("York", folder=folder)
    assert not store.exists()


HOLD = """
import sys
from ofsted_nlp.store import Store
from ofsted_nlp.store.locking import update_lock
with update_lock(sys.argv[1]):
    with Store.open(sys.argv[1]):
        print("held", flush=True)
        sys.stdin.readline()
    print("let go", flush=True)
    sys.stdin.readline()
"""


def test_a_second_update_is_told_who_is_at_work_and_a_killed_one_leaves_no_lock(store: Path, folder: Path) -> None:
    run(store, folder)
    arguments = [sys.executable, "-c", HOLD, str(store)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "held\n"
        host, year = os.uname().nodename, f"since {datetime.datetime.now(datetime.UTC):%Y}-"
        for act in (lambda: run(store, folder), lambda: Store.open(store, wait=0.2)):
            with pytest.raises(StoreError) as caught:
                act()
            assert caught.value.code == "locked"
            assert f"process {other.pid} on {host}, {year}" in caught.value.message
        other.stdin.write("\n")
        other.stdin.flush()
        assert other.stdout.readline() == "let go\n"
        with pytest.raises(StoreError, match=f"process {other.pid} on"):
            run(store, folder)
        Store.open(store).close()
        os.kill(other.pid, signal.SIGKILL)
    write(folder, "new.pdf", NEW)
    assert len(run(store, folder).changes) == 1
    assert not Path(f"{store}.update.json").exists()


def test_a_reader_beside_a_writer_waits_or_is_told(store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(store, folder)
    arguments = [sys.executable, "-c", HOLD, str(store)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None and other.stdin is not None
        assert other.stdout.readline() == "held\n"
        monkeypatch.setenv("OFSTED_NLP_WAIT", "0.1")
        with pytest.raises(StoreError, match=f"in use by process {other.pid} \\(an update: ") as caught:
            Corpus.open(store, seed=False).reports()
        assert caught.value.code == "locked"
        monkeypatch.setenv("OFSTED_NLP_WAIT", "60")

        def let_go() -> None:
            time.sleep(0.3)
            other.stdin.write("\n")  # type: ignore[union-attr]
            other.stdin.flush()  # type: ignore[union-attr]

        helper = threading.Thread(target=let_go)
        helper.start()
        assert [report.source.file for report in Corpus.open(store, seed=False).reports()] == ["old.pdf"]
        helper.join()
        other.communicate("\n")
    monkeypatch.setenv("OFSTED_NLP_WAIT", "soon")
    with pytest.raises(UsageError, match="OFSTED_NLP_WAIT"):
        Corpus.open(store, seed=False).reports()


def test_a_pull(store: Path, tmp_path: Path) -> None:
    entry = register().named("York")
    web = Replica([entry])
    for number, report in ((50_000_000, OLD), (50_000_001, NEW)):
        body = pdf(replace(report, authority=entry.authority).to_dict())
        web.publish(entry.urn, published(number, body=body, printed="Children's services inspection"))

    def update(site: str) -> Update:
        limits = Limits(interval=0, backoff=0.01, timeout=5, attempts=2)
        with (
            Client("127.0.0.1", contact="t@example.org", limits=limits, allow_loopback=True) as client,
            ThreadPoolExecutor(1) as executor,
        ):
            options = {"client": client, "site": site, "reader": read, "executor": executor}
            return Corpus.open(store, seed=False).update("York", options=options)

    with serve(web):
        made = update(web.site)
        assert [change.grades[0].before for change in made.changes] == ["requires_improvement", None]
        assert all(change.url and change.url.startswith(web.files) for change in made.changes)
        assert made.pulled is not None and len(made.pulled.fetched) == 2
        assert update(web.site).changes == ()
        web.publish(entry.urn, published(50_000_002, body=b"<html>Gone</html>"))
        made = update(web.site)
        assert made.failed and made.problems and made.stopped is None
        gone = web.site
    with ThreadPoolExecutor(1) as executor:  # what came in some other way is told all the same
        Corpus.open(store, seed=False).add(
            write(tmp_path / "in", "x.pdf", report_of(2024)), reader=read, executor=executor
        )
    made = update(gone)
    assert made.stopped is not None and [change.file for change in made.changes] == ["x.pdf"]
    assert update(gone).changes == ()
