"""What is read of a file of sources, of feeds and of sitemaps, and what is refused."""

from __future__ import annotations

import datetime
import gzip
import io
from pathlib import Path
from typing import Any

import feedparser
import pytest
from press_replica import Newspaper, index, rss, serve, sitemap

from ofsted_nlp.errors import UsageError
from ofsted_nlp.sources import press_feeds, press_sitemaps
from ofsted_nlp.sources.http import Client, Limits
from ofsted_nlp.sources.press import (
    BUNDLED,
    NotASourceError,
    PressSource,
    load_sources,
    normalised,
    read_source,
    sources_file,
)
from ofsted_nlp.sources.press_feeds import entries_of
from ofsted_nlp.sources.press_sitemaps import sitemap_of

DAY = datetime.date
URL = "https://paper.example/feed"


def test_the_bundled_sources_are_right_and_short() -> None:
    sources = load_sources(BUNDLED)
    assert 8 <= len(sources) <= 20 and {source.kind for source in sources} <= {"feed", "sitemap"}
    assert all(source.address.startswith("https://") and source.hosts for source in sources)
    text = BUNDLED.read_text(encoding="utf-8")
    # The examples that are commented out are right too.
    examples = text[text.index("# [[source]]") :].replace("\n# ", "\n").removeprefix("# ")
    assert "WITHOUT TRYING THEM" in text and examples.count("[[source]]") == 4


def test_the_examples_in_the_bundled_file_can_be_used(tmp_path: Path) -> None:
    text = BUNDLED.read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text[text.index("# [[source]]") :].replace("\n# ", "\n").removeprefix("# "), encoding="utf-8")
    made = load_sources(path)
    assert [source.kind for source in made] == ["feed", "sitemap", "list", "pages"]
    assert made[1].hosts == ("www.example.co.uk",) and made[2].address == str(tmp_path / "articles.txt")


def test_which_file_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFSTED_NLP_PRESS_SOURCES", raising=False)
    assert sources_file(None) == BUNDLED
    monkeypatch.setenv("OFSTED_NLP_PRESS_SOURCES", "mine.toml")
    assert (sources_file(None), sources_file("other.toml")) == (Path("mine.toml"), Path("other.toml"))


GOOD = '[[source]]\nname = "A"\nkind = "feed"\naddress = "https://a.example/rss"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[source]\n", "line 1"),
        (GOOD + 'name = "again"\n', "line 5"),
        ("", "an entry [[source]] for each"),
        (GOOD + '[[sources]]\nname = "B"\n', "“sources” is not known"),
        (GOOD + '[[source]]\nkind = "feed"\n', "entry 2: “name” is missing"),
        (GOOD + GOOD, "entry 2 (“A”): another entry has this name"),
        (GOOD + GOOD.replace('"A"', '"A "'), "entry 2 (“A ”): another entry has this name"),
        (GOOD.replace("feed", "rss"), "no kind “rss”; the kinds are feed, sitemap, list, pages"),
        (GOOD.replace("https://a.example/rss", "a.example/rss"), "should begin with https://"),
        (GOOD + 'host = ["a.example"]\n', "no field “host”"),
        (GOOD + 'hosts = "a.example"\n', "“hosts” should be names of sites"),
        (GOOD + 'hosts = ["https://a.example/"]\n', "“hosts” should be names of sites"),
        (GOOD.replace('"feed"', '"pages"'), "should be a path on this machine"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_plainly(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_sources(path)
    assert words in caught.value.message and "own.toml" in caught.value.message
    assert caught.value.code == "press_sources"


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("HTTP://WWW.Paper.example:80/A b?utm_source=x&id=3&fbclid=y#top", "https://www.paper.example/A%20b?id=3"),
        ("https://paper.example", "https://paper.example/"),
        ("https://paper.example/a?at_medium=RSS&at_campaign=rss", "https://paper.example/a"),
        ("https://paper.example/1.slug/?ref=rss", "https://paper.example/1.slug/"),
        ("https://paper.example/?ref=1", "https://paper.example/?ref=1"),
        ("https://paper.example/a?b=1&a=2&b=", "https://paper.example/a?b=1&a=2&b="),
        ("http://127.0.0.1:8000/x?gclid=1&q=%C3%A9+t", "http://127.0.0.1:8000/x?q=%C3%A9+t"),
        ("\n https://paper.example/a\t", "https://paper.example/a"),
        ("mailto:a@b.example", None),
        ("https://user:word@paper.example/", None),
        ("https://[::1", None),
        ("https://paper.example/" + "a" * 3000, None),
        ("/news/1", None),
    ],
)
def test_addresses_are_the_same_however_a_reader_came(given: str, made: str | None) -> None:
    assert normalised(given) == made


def test_feeds_of_all_ages() -> None:
    items = "<item><title>A &amp; B</title><link>/1</link><pubDate>Mon, 02 Mar 2026 00:10:00 +0100</pubDate></item>"
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="x"><title>One</title>'
        "<link>https://paper.example/1</link><dc:date>2026-03-02T23:30:00Z</dc:date></item></rdf:RDF>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; step</title>'
        '<link href="x.atom" rel="self"/><link href="https://paper.example/1?utm_medium=a"/>'
        "<summary>  so\n so </summary><published>2026-03-02</published></entry></feed>"
    )
    old = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.com/rss-0.91.dtd">'
    day = DAY(2026, 3, 2)
    one = "https://paper.example/1"
    for text, title, summary in (
        (f"<rss version='2.0'><channel>{items}</channel></rss>", "A & B", None),
        (f"{old}<rss version='0.91'><channel>{items}</channel></rss>", "A & B", None),
        (rdf, "One", None),
        (atom, "A bold step", "so so"),
    ):
        assert entries_of(text.encode(), None, URL) == ([(one, title, summary, day)], True), text


def test_encodings_of_feeds() -> None:
    text = "<rss version='2.0'><channel><item><title>Caf\u00e9</title><link>/1</link></item></channel></rss>"
    for body, charset in (
        (text.encode(), None),
        (text.encode("cp1252"), "cp1252"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?>" + text.encode("latin-1"), "utf-8"),
        (text.encode("utf-16"), None),
    ):
        entries, whole = entries_of(body, charset, URL)
        assert (entries[0][1], whole) == ("Caf\u00e9", True)


def test_entries_without_a_web_address_are_counted() -> None:
    links = (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user:word@paper.example/x",
        "https://[::1",
        "mailto:a@b.c",
    )
    items = "".join(f"<item><title>x</title><link>{link}</link></item>" for link in links)
    items += "<item><title>x</title><guid isPermaLink='false'>http://[x</guid></item>"
    text = f"<rss version='2.0'><channel>{items}<item><title>ok</title><link>/2</link></item></channel></rss>"
    with serve(Newspaper()) as paper:
        paper.put("/rss", text, "text/xml")
        listed = "".join(f"<url><loc>{link}</loc></url>" for link in (*links, f"{paper.site}/2"))
        paper.put("/map.xml", f"<urlset>{listed}</urlset>", "text/xml")
        with Client("127.0.0.1", contact="t@example.org", limits=Limits(interval=0), allow_loopback=True) as client:
            for kind, path, count in (("feed", "/rss", 6), ("sitemap", "/map.xml", 5)):
                source = PressSource("Paper", kind, paper.site + path, ("127.0.0.1",), None)  # type: ignore[arg-type]
                found = read_source(client, source, since=None, today=DAY(2026, 6, 30))
                assert [item.url for item in found.candidates] == [f"{paper.site}/2"]
                assert [note.message.split(" (")[0] for note in found.notices] == [
                    f"Paper: {count} entries have no web address and are left out"
                ]


def test_a_source_with_very_many_entries_is_read_in_part_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_sitemaps, "MOST_ENTRIES", 3)
    monkeypatch.setattr(press_feeds, "MOST_ENTRIES", 3)
    with serve(Newspaper()) as paper:
        items = [(f"{paper.site}/{number}", "x", "Mon, 02 Mar 2026 07:00:00 GMT") for number in range(9)]
        paper.put("/rss", rss(*items), "text/xml")
        paper.put("/map.xml", sitemap(*((url, title, "2026-06-02") for url, title, _ in items)), "text/xml")
        with Client("127.0.0.1", contact="t@example.org", limits=Limits(interval=0), allow_loopback=True) as client:
            for kind, path in (("feed", "/rss"), ("sitemap", "/map.xml")):
                source = PressSource("Paper", kind, paper.site + path, ("127.0.0.1",), None)  # type: ignore[arg-type]
                found = read_source(client, source, since=None, today=DAY(2026, 6, 30))
                assert (len(found.candidates), [note.code for note in found.notices]) == (3, ["too_many_entries"])


def test_saved_pages_that_cannot_be_found(tmp_path: Path) -> None:
    toml = tmp_path / "own.toml"
    toml.write_text('[[source]]\nname = "S"\nkind = "pages"\naddress = "~nobody-here/x"\n', encoding="utf-8")
    (source,) = load_sources(toml)
    with (
        Client("127.0.0.1", contact="t@example.org", allow_loopback=True) as client,
        pytest.raises(NotASourceError, match="no saved pages at"),
    ):
        read_source(client, source, since=None, today=DAY(2026, 6, 30))


def test_the_title_of_a_picture_is_not_the_article_s() -> None:
    picture = (
        "<image:image><image:loc>https://p.example/a.jpg</image:loc><image:title>A dog</image:title></image:image>"
    )
    spaces = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
    text = f"<urlset {spaces}><url>{picture}<loc>https://p.example/1</loc></url></urlset>"
    (item,) = sitemap_of(text.encode(), None, URL)[1]
    assert (item.url, item.title) == ("https://p.example/1", None)


def test_a_hostile_feed_costs_little_and_reads_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    outside = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]><rss><channel><title>&x;</title></channel></rss>'
    with pytest.raises(NotASourceError) as caught:
        entries_of(outside.encode(), None, URL)
    assert caught.value.code == "entities"
    # What a parser of feeds would take minutes over: nested without end, elements and attributes without end.
    item = b"<item><title>One</title><link>/1</link><description>" + b"<b>x</b>" * 50_000 + b"</description></item>"
    parsed: list[int] = []

    def parse(body: io.BytesIO, **options: Any) -> Any:
        parsed.append(len(body.getvalue()))
        return original(body, **options)

    original = feedparser.parse
    monkeypatch.setattr(feedparser, "parse", parse)
    for noise in (b"<item><description>" * 200_000, b"<a " * 100_000, b"<a b='" * 100_000, b"<a/>" * 200_000):
        entries, whole = entries_of(b"<rss version='2.0'><channel>" + item + noise, None, URL)
        assert (entries[0][:3], whole) == (("https://paper.example/1", "One", None), False)
    assert len(parsed) == 4 and max(parsed) < 10_000


def test_sitemaps_packed_or_not() -> None:
    text = sitemap(("https://paper.example/1?utm_source=x", "One &amp; two", "2026-03-02T10:00:00+00:00"))
    for body in (text.encode(), gzip.compress(text.encode())):
        kind, items, whole = sitemap_of(body, None, URL)
        assert (kind, whole, len(items)) == ("urlset", True, 1)
        assert (items[0].url, items[0].published) == ("https://paper.example/1", DAY(2026, 3, 2))
    with pytest.raises(NotASourceError, match="ends too soon"):
        sitemap_of(gzip.compress(text.encode() * 50)[:-20], None, URL)
    with pytest.raises(NotASourceError, match="larger than 50 MB"):
        sitemap_of(gzip.compress(b"<urlset>" + b" " * (51 * 2**20)), None, URL)
    with pytest.raises(NotASourceError, match="its kind is “feed”"):
        sitemap_of(rss().encode(), None, URL)


def test_an_index_is_read_newest_first_and_no_further_than_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press_sitemaps, "MOST_SITEMAPS", 4)
    with serve(Newspaper()) as paper:
        site = paper.site
        days = [(f"{site}/{number}.xml", f"2026-0{number}-01") for number in range(1, 7)]
        for url, day in days:
            path = url.removeprefix(site)
            paper.put(path, sitemap((f"{site}/story{path}", "Something", day)), "application/xml")
        paper.put("/deep.xml", index((f"{site}/index.xml", "2026-06-01"), (f"{site}/1.xml", "2026-01-01")), "text/xml")
        paper.put("/index.xml", index(*days, (f"{site}/deep.xml", "2026-06-02")), "application/xml")
        source = PressSource("Paper", "sitemap", f"{site}/index.xml", ("127.0.0.1",), None)
        with Client("127.0.0.1", contact="t@example.org", limits=Limits(interval=0), allow_loopback=True) as client:
            found = read_source(client, source, since=DAY(2026, 2, 15), today=DAY(2026, 6, 30))
            assert paper.paths("xml") == ["/index.xml", "/deep.xml", "/6.xml", "/5.xml"]
            assert [item.published for item in found.candidates] == [DAY(2026, 6, 1), DAY(2026, 5, 1)]
            assert [note.code for note in found.notices] == ["sitemaps_left_out"]
            paper.forget()
            found = read_source(client, source, since=None, today=DAY(2026, 6, 30))
            assert paper.paths("xml") == ["/index.xml", "/deep.xml", "/6.xml", "/5.xml"]
