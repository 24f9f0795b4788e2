"""A pull finds every publication, fetches and reads each once, and tells of everything that is not as it should be."""

from __future__ import annotations

import csv
import datetime
import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pull_run import read
from pull_site import DAY, QUICK, Pull, codes, files, published, pulling, rows, small_site
from replica import Publication, Replica, serve

from ofsted_nlp import batch
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus.pulling import PullResult, summary
from ofsted_nlp.sources.http import Client, Limits
from ofsted_nlp.sources.manifest import Manifest
from ofsted_nlp.sources.ofsted import MANIFEST
from ofsted_nlp.sources.ofsted_pages import kind_of


@pytest.fixture
def web() -> Iterator[Replica]:
    with serve(small_site()) as running:
        yield running


@pytest.fixture
def pull(web: Replica, tmp_path: Path) -> Iterator[Pull]:
    with pulling(web, tmp_path) as run:
        yield run


def test_a_pull_and_then_one_with_nothing_new(pull: Pull, web: Replica, tmp_path: Path) -> None:
    first = pull()
    assert (first.authorities, first.publications, len(first.new), len(first.fetched)) == (3, 9, 9, 9)
    assert (first.added.new, first.problems, first.notices, first.failed) == (9, (), (), False)
    assert len(files(tmp_path)) == 9 and not (tmp_path / "reports" / ".partial" / "x").exists()
    for entry in rows(tmp_path):
        body = (tmp_path / "reports" / entry.file).read_bytes()
        assert (entry.state, entry.sha256, entry.size) == ("fetched", hashlib.sha256(body).hexdigest(), len(body))
        assert entry.fetched is not None
    web.forget()
    again = pull()
    assert (len(again.new), len(again.fetched), again.added.new, again.added.unchanged) == (0, 0, 0, 9)
    assert sorted(web.paths("/provider/")) == sorted(f"/provider/44/{e.urn}" for e in web.authorities)
    assert (web.paths("/v1/file"), len(web.paths("/search"))) == ([], 2)
    assert web.answered[200] <= 2  # robots.txt; every page had not changed
    assert again.requests == len(web.asked)


def test_the_store_keeps_address_and_date(pull: Pull, web: Replica, tmp_path: Path) -> None:
    pull("Darlington")
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    by_url = {report.source.url: report.source for report in corpus.reports()}
    for item in web.publications[80458]:
        source = by_url[web.file_url(item.number)]
        assert source.published_on == item.day
        assert source.sha256 == hashlib.sha256(item.read()).hexdigest()
        assert source.file.startswith("80458-darlington-") and source.file.endswith(f"-{item.number}-{item.day}.pdf")
    assert set(corpus.to_dataframe()["url"]) == set(by_url)


def test_documents_added_by_hand_get_their_address(pull: Pull, web: Replica, tmp_path: Path) -> None:
    item = web.publications[80458][0]
    (tmp_path / "mine.pdf").write_bytes(item.read())
    with Corpus.open(tmp_path / "s.duckdb", seed=False) as corpus, ThreadPoolExecutor(1) as executor:
        corpus.add(tmp_path / "mine.pdf", reader=read, executor=executor)
        result = pull("Darlington")
        assert (result.added.new, result.added.unchanged) == (2, 1)
        source = corpus.report("mine.pdf").source
        assert (source.url, source.published_on) == (web.file_url(item.number), item.day)


def test_named_authorities_kinds_and_dates(pull: Pull, web: Replica, tmp_path: Path) -> None:
    result = pull("York Council", "80458", kinds="jtai,send")
    wanted = [
        item.number
        for urn in (80458, register().named("York").urn)
        for item in web.publications[urn]
        if kind_of(item.printed) in ("jtai", "send")
    ]
    assert {int(path.rsplit("/", 1)[1]) for path in web.paths("/v1/file")} == set(wanted)
    assert (result.authorities, result.not_chosen, len(result.fetched)) == (2, 6 - len(wanted), len(wanted))
    later = pull("York", since="2030-01-01")
    assert (later.fetched, later.not_chosen) == ((), 3)
    everything = pull("York")
    assert len(everything.fetched) + len(wanted) >= 3
    assert len(web.paths("/v1/file")) == len(set(web.paths("/v1/file")))


def test_dry_run_fetches_and_writes_nothing(pull: Pull, web: Replica, tmp_path: Path) -> None:
    result = pull(dry_run=True)
    assert (len(result.waiting), result.fetched, result.added) == (9, (), None)
    assert web.paths("/v1/file") == []
    assert not (tmp_path / "s.duckdb").exists() and not (tmp_path / "reports" / MANIFEST).exists()
    assert "9 files would be fetched" in "\n".join(summary(result))
    pull()
    web.publish(80458, published(60_000_000))
    assert len(pull(dry_run=True).waiting) == 1
    assert len(rows(tmp_path)) == 9


def test_renamed_kinds_new_dates_and_withdrawn_reports_are_told(pull: Pull, web: Replica, tmp_path: Path) -> None:
    web.publish(80458, published(60_000_001, printed="Review of the <new> kind", day=DAY(2026, 7, 1)))
    first = pull("Darlington")
    assert codes(first.notices) == ["unknown_kind"]
    assert first.new[0].kind == "other" and len(first.fetched) == 4
    items = web.publications[80458]
    items[1].printed = "Inspection of local authority children's services"
    items[2].day += datetime.timedelta(days=1)
    gone = items.pop(3)
    result = pull("Darlington")
    assert sorted(codes(result.notices)) == ["new_date", "not_listed_any_more", "renamed_kind"]
    assert (result.failed, result.fetched) == (False, ())
    assert pull("Darlington").notices == ()
    assert web.file_url(gone.number) in {entry.url for entry in rows(tmp_path)}
    with Manifest.open(tmp_path / "reports" / MANIFEST) as manifest:
        assert len(manifest.events()) == 4


def test_a_report_of_two_authorities_is_fetched_once(pull: Pull, web: Replica, tmp_path: Path) -> None:
    shared = published(60_000_002)
    web.publish(80458, shared)
    pull("Darlington")
    york = register().named("York").urn
    web.publish(york, shared)
    result = pull()
    assert len(web.paths("/v1/file/60000002")) == 1
    assert len([entry for entry in rows(tmp_path) if entry.sha256 == hashlib.sha256(shared.read()).hexdigest()]) == 2
    assert result.waiting == ()


def test_a_deleted_file_that_the_store_holds_is_not_missed(pull: Pull, web: Replica, tmp_path: Path) -> None:
    pull("Darlington")
    files(tmp_path)[0].unlink()
    assert pull("Darlington").fetched == ()


def test_a_new_extractor_reads_again_without_fetching(
    pull: Pull, web: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ofsted_nlp.corpus import corpus as module

    pull("Darlington")
    version = module.extractor_version()
    monkeypatch.setattr(module, "extractor_version", lambda: f"{version}.1")
    result = pull("Darlington")
    assert (result.added.replaced, result.fetched, len(web.paths("/v1/file"))) == (3, (), 3)


def test_a_file_that_is_there_without_a_note_is_not_fetched_again(pull: Pull, web: Replica, tmp_path: Path) -> None:
    pull("Darlington")
    with closing(sqlite3.connect(tmp_path / "reports" / MANIFEST)) as manifest:
        manifest.execute("UPDATE publications SET state = 'listed', sha256 = NULL, file = NULL")
        manifest.commit()
    web.forget()
    result = pull("Darlington")
    assert (len(result.fetched), web.paths("/v1/file"), result.added.unchanged) == (3, [], 3)


def test_progress_goes_through_its_stages(pull: Pull) -> None:
    seen: list[tuple[str, int, int]] = []
    pull(progress=lambda *step: seen.append(step))
    for stage, total in (("pages", 3), ("files", 9), ("reading", 9)):
        assert [step[1:] for step in seen if step[0] == stage] == [(n, total) for n in range(1, total + 1)]


def everything(each: int) -> Replica:
    made = Replica(register().current())
    for place, entry in enumerate(made.authorities):
        made.publish(entry.urn, *(published(50_000_000 + place * 10 + number) for number in range(each)))
    return made


def test_all_authorities_and_then_three_new_reports(tmp_path: Path) -> None:
    with serve(everything(2)) as web, ThreadPoolExecutor(1) as executor:
        assert len(web.authorities) == 153
        corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)

        def run() -> PullResult:
            cache = tmp_path / "reports" / ".cache"
            with Client("127.0.0.1", contact="t@example.org", limits=QUICK, cache=cache, allow_loopback=True) as client:
                return corpus.pull(site=web.site, reader=read, executor=executor, client=client)

        first = run()
        assert (first.authorities, len(first.fetched), first.added.new) == (153, 306, 306)
        assert (first.problems, first.notices) == ((), ())
        assert first.requests == 2 + 2 + 153 + 306  # robots.txt of both sites, the search, the pages, the files
        new = [published(90_000_000 + number, day=DAY(2026, 8, 1)) for number in range(3)]
        for place, item in zip((0, 77, 152), new, strict=True):
            web.publish(web.authorities[place].urn, item)
        web.forget()
        second = run()
        assert {entry.url for entry in second.new} == {web.file_url(item.number) for item in new}
        assert (len(second.fetched), second.added.new, second.added.unchanged) == (3, 3, 306)
        assert second.requests == 2 + 2 + 153 + 3
        assert web.answered[304] == 150 + 2 + 2  # pages of authorities and of the search, and robots.txt
        assert corpus.info()["store"]["documents"] == 309


def test_the_sample_reports_are_really_read(pull: Pull, web: Replica, samples: Path, tmp_path: Path) -> None:
    """With the library's own reader, in processes of its own."""
    chosen = sorted(samples.glob("*-ilacs-*.pdf"))
    items = [published(70_000_000 + number, body=path) for number, path in enumerate(chosen)]
    web.publications[80458] = items
    first = pull("Darlington", executor=None, reader=partial(batch.read_document, strengths=False), jobs=2)
    assert len(chosen) >= 3
    assert (first.added.new, first.added.failed, first.failed) == (len(chosen), (), False)
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    assert {report.source.url for report in corpus.reports()} == {web.file_url(item.number) for item in items}
    assert all(report.judgements and report.findings for report in corpus.reports())
    assert len(corpus.findings()) == len({*corpus.findings()["id"]})


@pytest.mark.corpus
def test_the_real_files_of_all_authorities(corpus_reports: Path, tmp_path: Path) -> None:
    """All real files behind the replica; three are held back and published later, and really read."""
    with (corpus_reports.parent / "index.csv").open(encoding="utf-8", newline="") as index:
        listed = sorted(csv.DictReader(index), key=lambda row: row["published"])
    made = Replica(sorted(register().current(), key=lambda entry: entry.name))
    made.publications = {entry.urn: [] for entry in made.authorities}
    for number, row in enumerate(listed[:-3]):
        made.publish(int(row["urn"]), real(number, row, corpus_reports))
    pages = [row["file"] for row in listed if (corpus_reports / row["file"]).read_bytes()[:1] == b"<"]
    with serve(made) as web, ThreadPoolExecutor(1) as executor:
        corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)

        def run(**options: Any) -> PullResult:
            cache = tmp_path / "reports" / ".cache"
            with Client("127.0.0.1", contact="t@example.org", cache=cache, allow_loopback=True, limits=LARGE) as client:
                return corpus.pull(site=web.site, client=client, executor=executor, **options)

        first = run(reader=read)
        assert (len(first.new), len(first.fetched)) == (len(listed) - 3, len(listed) - 3 - len(pages))
        assert codes(first.problems) == ["page_instead_of_pdf"] * len(pages)
        kept = {hashlib.sha256(path.read_bytes()).hexdigest() for path in files(tmp_path)}
        assert kept == {row["sha256"] for row in listed[:-3] if row["file"] not in pages}
        for number, row in enumerate(listed[-3:], start=len(listed)):
            web.publish(int(row["urn"]), real(number, row, corpus_reports))
        second = run()
        assert (len(second.fetched), second.added.new, second.added.failed, second.failed) == (3, 3, (), False)
        for row in listed[-3:]:
            report = corpus.report(row["sha256"])
            assert report.authority is not None and report.authority.urn == int(row["urn"])
            assert str(report.source.published_on) == row["published"]


LARGE = Limits(interval=0, backoff=0.01)


def real(number: int, row: dict[str, str], folder: Path) -> Publication:
    day = DAY.fromisoformat(row["published"])
    return Publication(50_000_000 + number, row["title"].capitalize(), day, folder / row["file"])
