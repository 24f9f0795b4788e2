"""The search page and its index, cut into small files so that a search loads only what its words need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.authorities import register
from ofsted_nlp.presentation.site import theme as theme_pages
from ofsted_nlp.presentation.site.cluster import SiteCluster
from ofsted_nlp.presentation.site.england import page_of
from ofsted_nlp.presentation.site.facts import Facts
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Polarity, Report

CHUNK = 64
"""Findings in a file of texts."""

COMMON = 0.15
"""Words in a larger share of the findings are not indexed: they tell nothing apart."""

SIDES = {Polarity.CONCERN: "c", Polarity.STRENGTH: "s", Polarity.MIXED: "m"}
RECOMMENDATION = "r"

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""Digits of numbers in the index, and letters for themes; a theme beyond them, or none, is "-"."""

AUTHORITIES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Text:
    """A finding or recommendation that can be searched."""

    report: int
    side: str
    theme: str
    page: int
    text: str


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and punctuation; the script's ``ofstedNlp.plain`` does the same."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", re.sub("['’]", "", bare)).strip()


def stem(word: str) -> str:
    """A word without the ending of the plural; the script's ``stem`` does the same."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def write(
    facts: Facts, writer: Writer, clusters: Sequence[SiteCluster], named: Sequence[Mapping[str, Any]] = ()
) -> int:
    """Write ``search.html`` and its index.

    Args:
        facts: the reports.
        writer: writes it.
        clusters: those with a page.
        named: named services that are praised: "thing", "kind" and "where", the names of authorities.

    Returns:
        How many findings can be searched by their words.
    """
    reports = sorted(
        (report for report in facts.reports if report.authority), key=lambda r: (str(inspected(r)), r.source.file)
    )[::-1]
    found = list(_texts(facts, reports))
    common, files = _words(writer, found)
    for start in range(0, len(found), CHUNK):
        rows = [[item.text, item.page] for item in found[start : start + CHUNK]]
        writer.script(f"data/search/texts/{start // CHUNK}.js", "ofstedNlp.texts", start // CHUNK, rows)
    number_of = {theme.code: ALPHABET[n] for n, theme in enumerate(facts.themes) if n < len(ALPHABET)}
    starts = {item.report: place for place, item in reversed(list(enumerate(found)))}
    pages = {entry.urn: page_of(entry) for entry in facts.entries}
    writer.script(
        "data/search/index.js",
        "ofstedNlp.index",
        {
            "chunk": CHUNK,
            "common": common,
            "files": files,
            "facets": "".join(item.side + number_of.get(item.theme, "-") for item in found),
            "reports": [_report(writer, reports[number], start, pages) for number, start in sorted(starts.items())],
        },
    )
    writer.script("data/search/pages.js", "ofstedNlp.pages", list(_pages(facts, clusters, named)))
    held = {item.report for item in found}
    writer.page(
        "search.html",
        "search.html.j2",
        facts=facts,
        texts=len(found),
        reports_with_text=len(held),
        reports_in_all=len(reports),
        named=bool(named),
        letters=number_of,
    )
    return len(found)


def _texts(facts: Facts, reports: Sequence[Report]) -> Iterator[Text]:
    for number, report in enumerate(reports):
        for finding in facts.profile(report).sure:
            if finding.text and finding.polarity in SIDES:
                theme = finding.themes[0] if finding.themes else ""
                yield Text(number, SIDES[finding.polarity], theme, finding.page, finding.text)
        for item in report.recommendations:
            if item.text:
                yield Text(number, RECOMMENDATION, item.themes[0] if item.themes else "", item.page, item.text)


def _words(writer: Writer, found: Sequence[Text]) -> tuple[list[str], list[str]]:
    """Write the files of words, each with those that begin alike.

    Returns:
        The words that are too common, and the files.
    """
    places: dict[str, list[int]] = {}
    for number, item in enumerate(found):
        for word in {stem(word) for word in plain(item.text).split() if len(word) > 1}:
            places.setdefault(word, []).append(number)
    most = max(COMMON * len(found), 50)
    files: dict[str, dict[str, str]] = {}
    for word in sorted(places):
        if len(places[word]) <= most:
            files.setdefault(word[:2], {})[word] = _steps(places[word])
    for start, words in files.items():
        writer.script(f"data/search/words/{start}.js", "ofstedNlp.words", start, words)
    return sorted(word for word, where in places.items() if len(where) > most), list(files)


def _steps(numbers: Iterable[int]) -> str:
    """Rising numbers as the steps between them, in base 36 with spaces between."""
    out, before = [], 0
    for number in numbers:
        out.append(_base36(number - before))
        before = number
    return " ".join(out)


def _base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, last = divmod(number, 36)
        digits = ALPHABET[last] + digits
    return digits


def _report(writer: Writer, report: Report, start: int, pages: Mapping[int, str]) -> list[Any]:
    """First finding, authority, its page, day, framework, and the address that ``#page=`` is put behind."""
    assert report.authority is not None
    when = inspected(report)
    link = writer.link(report, 1)
    name = register().by_urn(report.authority.urn).display_name if report.authority.urn in pages else ""
    return [
        start,
        name or report.authority.name,
        pages.get(report.authority.urn, ""),
        when.isoformat() if when else "",
        report.framework.upper().replace("_", " "),
        link.rpartition("#")[0] if link else "",
    ]


def _pages(
    facts: Facts, clusters: Sequence[SiteCluster], named: Sequence[Mapping[str, Any]]
) -> Iterator[tuple[str, str, str, str]]:
    """Kind, title, page and further words of everything that has a page, and of what is praised by name."""
    for entry in facts.entries:
        words = " ".join([entry.name, *entry.aliases, entry.region, entry.gss_code, str(entry.la_code), *entry.trusts])
        yield "Authority", entry.display_name, page_of(entry), words
    for theme in facts.themes:
        yield "Theme", theme.title, theme_pages.page_of(theme.code), theme.definition
    for cluster in clusters:
        yield f"Cluster of {cluster.kind}s", cluster.label, cluster.page, " ".join(cluster.terms)
    by_name = {entry.name: entry for entry in facts.entries}
    for row in named:
        where = [by_name[name] for name in row["where"] if name in by_name]
        for entry in where[:AUTHORITIES_SHOWN]:
            kind = f", {row['kind']}" if row.get("kind") else ""
            yield "Praised by name", f"{row['thing']} ({entry.display_name}{kind})", page_of(entry), ""
