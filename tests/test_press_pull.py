"""A pull of the press finds what is coverage, fetches and reads each page once, and tells of all that is not right."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import press_replica
import pytest
import replica as site
from press_replica import INSPECTED, RFC, SAMPLES, SCHOOL, XML, Newspaper, article, fill, rss, serve, sources_toml
from replica import Fault

from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus.press_result import PressResult, summary
from ofsted_nlp.errors import NotFoundError, StoreError, UsageError
from ofsted_nlp.sources.http import Client, Limits
from ofsted_nlp.sources.press_manifest import MANIFEST, PressEntry, PressManifest

TODAY = datetime.date(2026, 3, 5)
QUICK = Limits(interval=0, backoff=0.01, timeout=20.0, attempts=3)
HOSTS = ("127.0.0.1",)

Pull = Callable[..., PressResult]


@pytest.fixture
def web() -> Iterator[Newspaper]:
    with serve(Newspaper()) as paper:
        fill(paper)
        yield paper


@pytest.fixture
def pull(web: Newspaper, tmp_path: Path) -> Pull:
    def run(
        *authorities: str, limits: Limits = QUICK, more: dict[str, str] | None = None, **options: Any
    ) -> PressResult:
        toml = tmp_path / "sources.toml"
        if not toml.exists() or more is not None:
            toml.write_text(sources_toml(web, **(more or {})), encoding="utf-8")
        cache = tmp_path / "press" / ".cache"
        corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
        with Client(*HOSTS, contact="t@example.org", limits=limits, cache=cache, allow_loopback=True) as client:
            return corpus.pull_press(
                *authorities, **{"client": client, "press_sources": toml, "today": TODAY} | options
            )

    return run


def rows(tmp_path: Path) -> dict[str, PressEntry]:
    with PressManifest.open(tmp_path / "press" / MANIFEST, dry=True) as manifest:
        return {entry.url.split("/", 3)[3]: entry for entry in manifest.entries()}


def states(tmp_path: Path) -> dict[str, tuple[str, str | None]]:
    return {path: (entry.state, entry.code) for path, entry in rows(tmp_path).items()}


def codes(notes: Any) -> list[str]:
    return [note.code for note in notes]


def pages(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "press").glob("*.html"))


WEXBURY = "gazette/101.wexbury-childrens-services-ofsted/"
COPY = "post/wexbury-told-to-improve"


def test_a_pull_and_then_one_with_nothing_new(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    first = pull()
    assert (first.sources, first.candidates, len(first.new)) == (3, 8, 8)
    found = states(tmp_path)
    assert {path: state for path, (state, _) in found.items()} == {
        WEXBURY: "fetched",
        "gazette/102.hobbleford-primary-ofsted/": "passed_over",
        "gazette/103.carnival-returns/": "passed_over",
        "gazette/104.verdict/": "irrelevant",
        "gazette/news/": "irrelevant",
        COPY: "repeats",
        "post/eastmere": "fetched",
        "mercury/outstanding": "fetched",
    }
    assert found["gazette/102.hobbleford-primary-ofsted/"][1] == "school"
    assert (found["gazette/104.verdict/"][1], found["gazette/news/"][1]) == ("school", "not_an_article")
    assert (codes(first.problems), codes(first.notices), first.failed) == ([], ["not_an_article"], False)
    assert (first.added.new, len(first.relevant), len(first.irrelevant), len(first.repeats)) == (4, 4, 2, 1)
    assert first.irrelevant_by_reason() == {"school": 1, "not_an_article": 1}
    assert not web.paths("/gazette/102.") and not web.paths("/mercury/2019.xml")
    # What is no coverage is not kept; what is, lies there as it came.
    entries = rows(tmp_path)
    assert {path.name for path in pages(tmp_path)} == {entry.file for entry in entries.values() if entry.file}
    assert len(pages(tmp_path)) == 4
    assert (tmp_path / "press" / str(entries["post/eastmere"].file)).read_bytes() == (
        SAMPLES / "eastmere-chronicle-2025.html"
    ).read_bytes()
    assert str(entries[WEXBURY].file).startswith("2026-03-02-101-wexbury-childrens-services-ofsted-")
    assert (entries["post/eastmere"].partial, entries[WEXBURY].partial) == (True, False)
    assert entries[COPY].date == datetime.date(2026, 3, 3)  # by the clock of whoever wrote it
    frame = {item.page.url: item for item in Corpus.open(tmp_path / "s.duckdb", seed=False).articles()}
    assert set(frame) == {
        web.site + "/" + path for path, (state, _) in found.items() if state in ("fetched", "repeats")
    }
    assert entries[COPY].repeats == entries[WEXBURY].sha256
    web.forget()
    second = pull()
    assert sorted(set(web.paths())) == [
        "/gazette/rss", "/mercury/index.xml", "/mercury/news.xml.gz", "/post/atom", "/robots.txt"
    ]  # fmt: skip
    assert set(web.answered) == {304}
    assert (second.new, second.fetched, second.relevant, second.irrelevant, second.failed) == ((), (), (), (), False)
    assert (second.added.new, second.added.replaced) == (0, 0)


def test_a_dry_run_reads_the_sources_only(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    result = pull(dry_run=True)
    assert {entry.url.split("/", 3)[3] for entry in result.waiting} == {
        WEXBURY, COPY, "gazette/104.verdict/", "gazette/news/", "post/eastmere", "mercury/outstanding"
    }  # fmt: skip
    assert sorted(str(entry.code) for entry in result.passed_over) == ["no_ofsted", "school"]
    assert all(entry.message for entry in result.passed_over)
    assert not (tmp_path / "press" / MANIFEST).exists() and not (tmp_path / "s.duckdb").exists()
    assert not web.paths("/gazette/101") and pages(tmp_path) == []
    assert any("6 articles would be fetched" in line for line in summary(result))


def test_one_new_story_costs_one_page(pull: Pull, web: Newspaper) -> None:
    pull()
    later = web.story("/gazette/105.later", "Ofsted returns to Thornley children’s services", THORNLEY)
    web.put("/gazette/rss", rss((later, "Ofsted returns to Thornley children’s services", RFC)), "application/rss+xml")
    web.forget()
    result = pull()
    assert [entry.url for entry in result.new] == [later] == [entry.url for entry in result.relevant]
    assert [path for path in web.paths("/") if "rss" not in path and "xml" not in path and "atom" not in path] == [
        "/robots.txt",
        "/gazette/105.later",
    ]


THORNLEY = (
    "Thornley Borough Council has won praise from Ofsted for its children’s services, six years after a bad report.",
    "Inspectors judged the services good overall, said that risk is recognised at once, and called the help that "
    "families get in their own village hall a model for others.",
    "They want the borough to see to it that young carers are found sooner than they are today.",
    "“It is their report as much as ours,” said Ingolf Trevanion, who leads the foster carers’ choir.",
)


def test_named_authorities_alone_are_stored_and_the_others_later(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    york = tuple(text.replace("Thornley Borough Council", "City of York Council") for text in THORNLEY)
    one = web.story("/gazette/201.praise", "Ofsted praises children’s services", york)
    two = web.story("/gazette/202.darlington", "Ofsted visits Darlington’s children’s services", INSPECTED)
    web.put("/gazette/rss", rss((one, "Ofsted praises children’s services", RFC),
                                (two, "Ofsted visits Darlington’s children’s services", RFC)), "text/xml")  # fmt: skip
    result = pull("Leeds")
    # The headline names another authority: not fetched. The page does: fetched, kept, not stored.
    assert states(tmp_path)["gazette/202.darlington"] == ("listed", None) and not web.paths("/gazette/202")
    assert rows(tmp_path)["gazette/201.praise"].urns == (register().named("York").urn,)
    assert (result.relevant, result.added.new, result.failed) == ((), 0, False)
    assert result.not_chosen >= 2
    again = pull("Leeds")
    assert (again.fetched, again.irrelevant, again.added.new) == ((), (), 0)
    web.forget()
    assert [entry.url for entry in pull("York").relevant] == [one]
    assert not web.paths("/gazette/201")
    with pytest.raises(NotFoundError):
        pull("Atlantis")


def test_since_leaves_older_articles_for_another_run(pull: Pull, tmp_path: Path) -> None:
    result = pull(since=datetime.date(2026, 3, 3))
    assert [entry.url.split("/", 3)[3] for entry in result.relevant] == [COPY]
    assert states(tmp_path)[WEXBURY] == ("listed", None)
    # The copy came first; once the earlier page is known, it is told to repeat it.
    assert rows(tmp_path)[COPY].state == "fetched"
    pull()
    assert (rows(tmp_path)[COPY].state, rows(tmp_path)[WEXBURY].state) == ("repeats", "fetched")


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<rss><channel><title>&b;</title></channel></rss>"
)


def test_sources_that_are_not_right_are_told_and_stop_nothing(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    web.put("/page", article("Feeds have moved", SCHOOL))
    web.put("/bomb", BOMB, XML)
    web.put("/empty", "<rss><channel><title>x</title></channel></rss>", XML)
    web.put("/noise", b"\x00\x01\x02 not xml", XML)
    bins = (f"{web.site}/x1", "Bins are emptied on Mondays", RFC)
    whole = rss(bins, (f"{web.site}/x2", "Bins & <b>more", RFC)).replace("&amp;", "&")
    web.put("/broken", whole[:-30], XML)
    sources = {name: f"/{name}" for name in ("missing", "page", "bomb", "empty", "noise", "broken")}
    sources |= {"private": "/private/rss", "map": "/mercury/2019.xml"}
    result = pull(more=sources)
    told = {note.url.rpartition("/")[2]: note.code for note in result.problems}
    assert told == {
        "missing": "http_404",
        "page": "page_instead_of_xml",
        "bomb": "entities",
        "noise": "not_xml",
        "rss": "robots",
        "2019.xml": "not_a_feed",
    }
    assert sorted(codes(result.notices)) == ["broken_xml", "empty_source", "not_an_article"]
    assert "x1" in states(tmp_path) and web.paths("/private") == []
    assert (result.added.new, result.failed) == (4, True)
    # What is wrong for good is left alone for a while, and said to be.
    web.forget()
    again = pull()
    assert (again.failed, len(again.left_alone)) == (False, 6)
    assert not web.paths("/missing") and any(line.startswith("Left alone") for line in summary(again))


def test_sites_that_fail_for_now_are_asked_again(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    web.faults["/gazette/rss"] = [site.status(429, Retry_After="1"), site.status(503)]
    web.faults["/post/atom"] = [site.cut_gzip, site.status(500)]
    web.faults["/mercury/news.xml.gz"] = [press_replica.cut_archive]
    first = pull()
    assert (first.sources, codes(first.problems)) == (3, [])
    assert codes(first.notices)[:1] == ["damaged"] and "mercury/outstanding" not in states(tmp_path)
    assert web.paths("/gazette/rss") == ["/gazette/rss"] * 3
    web.faults["/post/atom"] = [site.status(500)] * 3
    second = pull()
    assert (codes(second.problems), [entry.source for entry in second.relevant]) == (["unreachable"], ["Mercury"])
    assert not pull().failed


def test_pages_that_cannot_be_had(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    titles: dict[str, Fault | None] = dict.fromkeys(("gone", "stalls", "private/x", "binary"))
    titles |= {"away": site.redirect("http://localhost:9/x"), "turns": site.redirect("{site}/turns")}
    titles |= {"members": site.status(403), "huge": press_replica.endless, "slow": site.status(429, Retry_After="999")}
    for path, fault in titles.items():
        web.story(f"/{path}", "Ofsted inspects children’s services")
        web.faults[f"/{path}"] = [fault] * 3 if fault else []
    del web.pages["/gone"]
    web.pages["/binary"] = (b"%PDF-1.7", "application/pdf")
    web.faults["/stalls"] = [press_replica.silent]
    listed = [(f"{web.site}/{path}", "Ofsted inspects children’s services", RFC) for path in titles]
    web.put("/gazette/rss", rss(*listed, ("https://elsewhere.example/x", "Ofsted inspects children’s services", RFC)))
    result = pull(limits=Limits(interval=0, backoff=0.01, timeout=3.0, attempts=3, longest_wait=60))
    found = states(tmp_path)
    assert {path: found[path] for path in (*titles, "x")} == {
        "gone": ("gone", "http_404"),
        "away": ("refused", "other_host"),
        "stalls": ("fetched", None),
        "members": ("refused", "http_403"),
        "huge": ("refused", "too_large"),
        "private/x": ("refused", "robots"),
        "binary": ("refused", "not_html"),
        "turns": ("refused", "redirects"),
        "slow": ("failed", "too_busy"),
        "x": ("refused", "other_host"),
    }
    assert len(result.problems) == 9 and web.paths("/private") == []
    assert len(web.paths("/stalls")) >= 2
    assert not [path for path in (tmp_path / "press").iterdir() if path.name.endswith(".part")]
    del web.faults["/slow"]
    web.forget()
    again = pull()
    # Both addresses hold the same bytes.
    found = states(tmp_path)
    assert (found["slow"][0], found["stalls"][0], len(again.problems)) == ("fetched", "repeats", 0)
    assert web.paths("/huge") == []


def test_the_encoding_that_only_the_header_tells_is_kept(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    made = article("Ofsted: Wexbury children’s services", INSPECTED).replace('<meta charset="utf-8">', "")
    web.put("/gazette/301.latin", made.encode("cp1252"), "text/html; charset=ISO-8859-1")
    address = f"{web.site}/gazette/301.latin"
    web.put("/gazette/rss", rss((address, "Ofsted: Wexbury children’s services", RFC)))
    pull()
    kept = tmp_path / "press" / str(rows(tmp_path)["gazette/301.latin"].file)
    assert "council’s leaders “know what has to change" in kept.read_text(encoding="utf-8-sig")
    entry = rows(tmp_path)["gazette/301.latin"]
    assert (entry.sha256, entry.size) == (hashlib.sha256(kept.read_bytes()).hexdigest(), kept.stat().st_size)


def test_lists_and_saved_pages(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    address = web.story("/plain/1", "A title that says nothing")
    saved = tmp_path / "saved"
    saved.mkdir()
    page = saved / "thornley.html"
    page.write_bytes((SAMPLES / "thornley-tern-fm-2021.html").read_bytes())
    (tmp_path / "list.txt").write_text(f"# mine\n{address}?utm_source=me  # seen\n\nno address\n", encoding="utf-8")
    toml = tmp_path / "own.toml"
    toml.write_text(
        '[[source]]\nname = "Mine"\nkind = "list"\naddress = "list.txt"\n'
        '[[source]]\nname = "Saved"\nkind = "pages"\naddress = "saved"\n',
        encoding="utf-8",
    )
    result = pull(press_sources=toml)
    assert (result.added.new, codes(result.notices), result.failed) == (2, ["not_an_address"], False)
    assert {path.suffix for path in pages(tmp_path)} == {".html"} and len(pages(tmp_path)) == 2
    web.forget()
    assert (pull(press_sources=toml).new, web.paths("/plain")) == ((), [])
    page.write_bytes((SAMPLES / "thornley-newsroom-2021.html").read_bytes())
    assert pull(press_sources=toml).added.new == 1
    page.unlink()
    assert codes(pull(press_sources=toml).problems) == ["no_file"]


def test_a_source_that_was_mended_is_asked_at_once(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    toml = tmp_path / "own.toml"

    def write(*lines: str) -> None:
        toml.write_text("[[source]]\nname = 'Mine'\n" + "\n".join(lines), encoding="utf-8")

    write("kind = 'feed'", f"address = '{web.site}/mercury/index.xml'")
    assert codes(pull(press_sources=toml).problems) == ["not_a_feed"]
    again = pull(press_sources=toml)
    assert (codes(again.left_alone), again.failed, again.unreachable) == (["source_left_alone"], False, False)
    write("kind = 'sitemap'", f"address = '{web.site}/mercury/index.xml'")
    assert (len(pull(press_sources=toml).fetched), pull(press_sources=toml).failed) == (1, False)
    # What is on this machine costs nobody anything.
    write("kind = 'pages'", "address = 'saved'")
    assert codes(pull(press_sources=toml).problems) == ["no_file"]
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "a.html").write_bytes((SAMPLES / "thornley-tern-fm-2021.html").read_bytes())
    assert pull(press_sources=toml).added.new == 1


def test_two_runs_cannot_work_in_one_folder(pull: Pull, tmp_path: Path) -> None:
    pull()
    with PressManifest.open(tmp_path / "press" / MANIFEST), pytest.raises(StoreError, match="Another pull is at work"):
        pull()


def test_a_lost_page_is_fetched_again_only_if_the_store_lacks_it(pull: Pull, web: Newspaper, tmp_path: Path) -> None:
    pull()
    for path in pages(tmp_path):
        path.unlink()
    web.forget()
    assert (pull().fetched, web.paths("/gazette/101")) == ((), [])
    (tmp_path / "s.duckdb").unlink()
    assert (len(pull().fetched), len(pages(tmp_path))) == (4, 4)
    assert len(Corpus.open(tmp_path / "s.duckdb", seed=False).articles()) == 4
    (tmp_path / "s.duckdb").unlink()
    web.forget()
    result = pull()
    assert (result.fetched, result.added.new, web.paths("/gazette/101")) == ((), 4, [])


def test_a_page_that_crashes_the_reader_is_told(pull: Pull, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise IndexError("too odd")

    with monkeypatch.context() as patched:
        patched.setattr("ofsted_nlp.corpus.articles.compared", crash)
        result = pull()
    assert {item.code for item in result.added.failed} == {"reader_crashed"} and result.failed
    assert pull().added.new == 4


def test_no_contact_and_no_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFSTED_NLP_PRESS_SOURCES", str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match=r"none\.toml cannot be read"):
        Corpus.open(tmp_path / "s.duckdb").pull_press(contact="t@example.org")
