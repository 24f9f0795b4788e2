"""A pull tells of faults of the site and of wrong usage, and goes on where it can."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import replica as site
from pull_site import QUICK, Pull, codes, files, pulling, rows, small_site
from replica import Replica, serve

from ofsted_nlp.authorities import register
from ofsted_nlp.errors import ContactError, NotFoundError, SiteChangedError, StoreError, UnreachableError, UsageError
from ofsted_nlp.sources.manifest import Manifest
from ofsted_nlp.sources.ofsted import MANIFEST


@pytest.fixture
def web() -> Iterator[Replica]:
    with serve(small_site()) as running:
        yield running


@pytest.fixture
def pull(web: Replica, tmp_path: Path) -> Iterator[Pull]:
    with pulling(web, tmp_path) as run:
        yield run


def test_a_rotted_link_is_told_once_and_tried_again_ever_more_seldom(pull: Pull, web: Replica, tmp_path: Path) -> None:
    item = web.publications[80458][0]
    good, item.body = item.read(), site.NOT_FOUND
    first = pull("Darlington")
    assert (codes(first.problems), len(first.fetched), first.failed) == (["page_instead_of_pdf"], 2, True)
    again = pull("Darlington")
    assert (again.problems, again.failed, [e.state for e in again.waiting]) == ((), False, ["gone"])
    assert len(web.paths(str(item.number))) == 1
    with closing(sqlite3.connect(tmp_path / "reports" / MANIFEST)) as manifest:
        past = (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=2)).isoformat(timespec="seconds")
        manifest.execute("UPDATE publications SET tried = ? WHERE state = 'gone'", [past])
        manifest.commit()
    item.body = good
    healed = pull("Darlington")
    assert (len(healed.fetched), healed.waiting) == (1, ())


def test_what_fails_for_now_is_tried_by_the_next_run(pull: Pull, web: Replica) -> None:
    paths = [f"/v1/file/{item.number}" for item in web.publications[80458]]
    web.faults[paths[0]] = [site.status(503)] * 3
    web.faults[paths[1]] = [site.reset]
    result = pull("Darlington")
    assert (codes(result.problems), len(result.fetched)) == (["unreachable"], 2)
    assert len(pull("Darlington").fetched) == 1


def test_faults_of_every_kind_together(pull: Pull, web: Replica, tmp_path: Path) -> None:
    items = [item for urn in web.publications for item in web.publications[urn]]
    faults: list[list[site.Fault]] = [
        [site.reset],
        [site.stall],
        [site.status(429, Retry_After="1")],
        [site.status(500), site.status(503)],
        [site.page_instead],
        [site.too_few, site.cut_short],
        [site.redirect("{files}/v1/file/1/"), site.redirect("{files}/loop")],
        [site.redirect("http://192.168.0.1/x")],
        [site.endless(announced=False)],
    ]
    for item, fault in zip(items, faults, strict=True):
        web.faults[f"/v1/file/{item.number}"] = fault
    first = web.publications[web.authorities[0].urn]
    web.faults[f"/provider/44/{web.authorities[0].urn}"] = [site.cut_gzip]
    assert first
    result = pull(limits=replace(QUICK, timeout=3.0))  # how long the stalled file is waited for
    problems = {note.url.rsplit("/", 1)[1]: note.code for note in result.problems}
    assert problems == {
        str(items[4].number): "page_instead_of_pdf",
        str(items[6].number): "http_404",
        str(items[7].number): "private_address",
        str(items[8].number): "too_large",
    }
    assert (len(result.fetched), result.added.new, len(rows(tmp_path))) == (5, 5, 9)
    wanted = {item.read() for number, item in enumerate(items) if str(item.number) not in problems}
    assert {path.read_bytes() for path in files(tmp_path)} == wanted
    assert list((tmp_path / "reports" / ".partial").iterdir()) == []


def test_a_changed_site_is_an_error_and_no_empty_success(
    pull: Pull, web: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "_result", lambda _: "<li>An authority without a link</li>")
    with pytest.raises(SiteChangedError, match="lists no authority"):
        pull()


def test_pages_without_links(pull: Pull, web: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    pull()
    kept = web.publications[80458]
    web.publications[80458] = []
    result = pull()
    assert codes(result.problems) == ["page_without_reports"] and result.failed
    assert "Darlington" in result.problems[0].message
    web.publications[80458] = kept
    assert pull().problems == ()
    monkeypatch.setattr(Replica, "_day", lambda *_: "<li>A report without a link</li>")
    with pytest.raises(SiteChangedError, match="No page of an authority lists any report"):
        pull()


def test_a_page_that_fails_stops_nothing(pull: Pull, web: Replica) -> None:
    web.faults["/provider/44/80458"] = [site.status(500)] * 3
    result = pull()
    assert (codes(result.problems), len(result.fetched)) == (["unreachable"], 6)
    assert "Darlington" in result.problems[0].message
    assert len(pull().fetched) == 3


def test_a_page_of_the_search_that_fails_hides_no_authority(pull: Pull, web: Replica) -> None:
    web.authorities = register().current()
    york = register().named("York")
    assert web.authorities.index(york) >= 100  # it stands on the second page
    web.faults["/search"] = [lambda handler, body: handler.send(body, "text/html"), *[site.status(500)] * 3]
    result = pull("York")
    assert (codes(result.problems), codes(result.notices)) == (["unreachable"], ["not_in_search"])
    assert (len(result.fetched), result.failed) == (3, True)


def test_a_site_that_is_down(pull: Pull, web: Replica) -> None:
    web.faults["/search"] = [site.status(503)] * 9
    with pytest.raises(UnreachableError, match="status 503"):
        pull()
    with pytest.raises(UnreachableError, match="no connection could be made"):
        pull(site="http://127.0.0.1:9")


def test_authorities_that_the_search_does_not_list(pull: Pull, web: Replica) -> None:
    web.authorities = [entry for entry in web.authorities if entry.display_name != "York"]
    result = pull("Darlington", "York")
    assert (codes(result.notices), len(result.fetched)) == (["not_in_search"], 6)
    assert "York" in result.notices[0].message


def test_wrong_usage_is_told_before_anything_is_asked(
    pull: Pull, web: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OFSTED_NLP_CONTACT", raising=False)
    with pytest.raises(UsageError, match="The kinds are focused_visit, inspection"):
        pull(kinds=["nonsense"])
    with pytest.raises(NotFoundError, match="Darlington"):
        pull("Darlingtn")
    with pytest.raises(UsageError, match="not a date"):
        pull(since="yesterday")
    with pytest.raises(ContactError):
        pull(client=None)
    assert web.asked == []
    with Manifest.open(tmp_path / "reports" / MANIFEST), pytest.raises(StoreError, match="Another pull"):
        pull()


def test_an_interrupted_pull_goes_on(pull: Pull, web: Replica, tmp_path: Path) -> None:
    def stop(stage: str, done: int, _: int) -> None:
        if (stage, done) == ("files", 4):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(progress=stop)
    assert len([entry for entry in rows(tmp_path) if entry.state == "fetched"]) == 4
    result = pull()
    assert (result.added.new, len(result.new), len(files(tmp_path))) == (9, 0, 9)
    assert len(web.paths("/v1/file")) <= 9 + QUICK.concurrency
