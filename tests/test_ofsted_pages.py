"""What the pages of the site say is read from any shape they have had, and from none is anything made up."""

from __future__ import annotations

import datetime

import pytest

from ofsted_nlp.sources.manifest import Entry
from ofsted_nlp.sources.ofsted import file_name
from ofsted_nlp.sources.ofsted_pages import kind_of, providers_of, publications_of

PAGE = """<li class="timeline__day"><span class="event__title heading--sub">
<a class="publication-link" href="{}" target="_blank">{}</a></span>
<div class="event__metadata"><time pubdate>{}</time></div></li>"""


@pytest.mark.parametrize(
    ("href", "text", "time", "expected"),
    [
        ("/v1/file/7", "Joint visit", "30 January 2024", ("Joint visit", datetime.date(2024, 1, 30), "other")),
        (
            "/v1/file/7",
            'X <span class="nonvisual">Monitoring visit, pdf - 3 Sept 2020</span>',
            "",
            ("Monitoring visit", datetime.date(2020, 9, 3), "monitoring_visit"),
        ),
        (
            "/v1/file/7",
            'A, B <span class="nonvisual">SEND, part 2, pdf - 31 February 2024</span>',
            "1 May 2024",
            ("SEND, part 2", datetime.date(2024, 5, 1), "send"),
        ),
        ("/v1/file/7", "Children&rsquo;s inspection", "soon", ("Children’s inspection", None, "other")),
    ],
)
def test_shapes_of_links(href: str, text: str, time: str, expected: tuple[str, datetime.date | None, str]) -> None:
    (found,) = publications_of(PAGE.format(href, text, time), "https://files.example/provider/44/1", 1)
    assert (found.printed_kind, found.date, found.kind) == expected
    assert found.url == "https://files.example/v1/file/7"


def test_pages_of_nothing_and_of_nonsense() -> None:
    for text in ("", "   ", "<html></html>", "\x00\x01", "<a href='http://[x'>a</a>", "<a href=>", "<!-- -->"):
        assert providers_of(text, "https://x.example/") == []
        assert publications_of(text, "https://x.example/", 1) == []
    twice = '<a href="/provider/44/80458">Darlington</a><a href="http://x.example/provider/44/80458/">Again</a>'
    (found,) = providers_of(twice, "https://x.example/search")
    assert (found.urn, found.name, found.url) == (80458, "Darlington", "https://x.example/provider/44/80458")


def test_file_names_are_safe_and_end_in_the_date() -> None:
    address = "https://x/v1/file/..%2F..%2Fetc?a=/b"
    known = {name: None for name in ("code", "message", "tried", "fetched", "sha256", "size", "file")}
    entry = Entry(1, address, "other", "?", datetime.date(2024, 1, 2), state="listed", attempts=0, **known)
    name = file_name(entry)
    assert name.startswith("1-other-") and name.endswith("-2024-01-02.pdf") and "/" not in name and ".." not in name


@pytest.mark.parametrize(
    ("printed", "kind"),
    [
        ("Children's services inspection", "inspection"),
        ("Single inspection of LA children’s services as pdf", "inspection"),
        ("Children's services focused visit", "focused_visit"),
        ("Children's services monitoring visit", "monitoring_visit"),
        ("Joint area child protection inspection", "jtai"),
        ("Joint targeted area inspection", "jtai"),
        ("Joint area review - progress inspection", "jtai"),
        ("Area SEND full inspection", "send"),
        ("Area SEND monitoring inspection", "send"),
        ("Fostering agency inspection", "other"),
        ("", "other"),
    ],
)
def test_kinds(printed: str, kind: str) -> None:
    assert kind_of(printed) == kind
