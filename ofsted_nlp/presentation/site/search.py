"""The search page and its index, cut into small files so that a search loads only what its words need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.authorities import register
from ofsted_nlp.presentation.site import theme as theme_pages
from ofsted_nlp.presentation.site.cluster import SiteCluster
from ofsted_nlp.presentation.site.england import page_of
from ofsted_nlp.presentation.site.facts import Facts
from ofsted_nlp.presentation.site.texts import CHUNK, Text, Texts
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Report

COMMON = 0.15
"""Words in a larger share of the findings are not indexed: they tell nothing apart."""

ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"
"""The 64 digits of numbers in the index, and letters for themes; no theme is "-"."""

NO_THEME = "-"

AUTHORITIES_SHOWN = 8

_MARKS = re.compile("[\u0300-\u036f'’]")
_GAPS = re.compile("[^a-z0-9]+")


def plain(text: str) -> str:
    """Lower case without accents, apostrophes and punctuation; the script's ``ofstedNlp.plain`` does the same."""
    return _GAPS.sub(" ", _MARKS.sub("", unicodedata.normalize("NFKD", text.lower()))).strip()


def stem(word: str) -> str:
    """A word without the ending of the plural; the script's ``stem`` does the same."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


@lru_cache(maxsize=1 << 16)
def _stems(piece: str) -> tuple[str, ...]:
    """The words indexed for what stands between two spaces."""
    return tuple(stem(word) for word in plain(piece).split() if len(word) > 1)


def write(
    facts: Facts,
    writer: Writer,
    clusters: Sequence[SiteCluster],
    named: Sequence[Mapping[str, Any]] = (),
    texts: Texts | None = None,
) -> int:
    """Write ``search.html`` and its index.

    Args:
        facts: the reports.
        writer: writes it.
        clusters: those with a page.
        named: named services that are praised: "thing", "kind" and "where", the names of authorities.
        texts: the sentences, whose files are written elsewhere (``Texts.write``).

    Returns:
        How many findings can be searched by their words.
    """
    texts = texts or Texts(facts, clusters)
    found = texts.rows
    common, files = _words(writer, found)
    number_of = {theme.code: ALPHABET[n] for n, theme in enumerate(facts.themes) if n < len(ALPHABET) - 2}
    pages = {entry.urn: page_of(entry) for entry in facts.entries}
    width = max(1, len(_digits(len(texts.reports))))
    writer.script(
        "data/search/index.js",
        "ofstedNlp.index",
        {
            "chunk": CHUNK,
            "common": common,
            "files": files,
            "findings": sum(item.searched for item in found),
            "runs": list(_runs(found, number_of)),
            "width": width,
            "of": "".join(_digits(item.report).rjust(width, "0") for item in found),
            "reports": [_report(writer, report, pages) for report in texts.reports],
        },
    )
    writer.script("data/search/pages.js", "ofstedNlp.pages", list(_pages(facts, clusters, named)))
    searched = [item for item in found if item.searched]
    writer.page(
        "search.html",
        "search.html.j2",
        facts=facts,
        texts=len(searched),
        reports_with_text=len({item.report for item in searched}),
        reports_in_all=len(texts.reports),
        named=bool(named),
        letters=number_of,
    )
    return len(searched)


def _runs(found: Sequence[Text], number_of: Mapping[str, str]) -> Iterator[list[Any]]:
    """First number, side and theme of each run of findings that share these."""
    before = None
    for number, item in enumerate(found):
        facet = item.side + number_of.get(item.theme, NO_THEME)
        if facet != before:
            yield [number, facet]
        before = facet


def _words(writer: Writer, found: Sequence[Text]) -> tuple[list[str], list[str]]:
    """Write the files of words, each with those that begin alike.

    Returns:
        The words that are too common, and the files.
    """
    places: dict[str, list[int]] = {}
    for number, item in enumerate(found):
        if item.searched:
            for word in {word for piece in item.text.split() for word in _stems(piece)}:
                places.setdefault(word, []).append(number)
    most = max(COMMON * sum(item.searched for item in found), 50)
    files: dict[str, dict[str, str]] = {}
    for word in sorted(places):
        if len(places[word]) <= most:
            files.setdefault(word[:2], {})[word] = _steps(places[word])
    for start, words in files.items():
        writer.script(f"data/search/words/{start}.js", "ofstedNlp.words", start, words)
    return sorted(word for word, where in places.items() if len(where) > most), list(files)


def _steps(numbers: Iterable[int]) -> str:
    """Rising numbers as the steps between them, in base 32: of a step's digits all but the last have 32 added."""
    out, before = [], -1
    for number in numbers:
        step = number - before - 1
        digits = ALPHABET[step & 31]
        while step := step >> 5:
            digits = ALPHABET[32 | step & 31] + digits
        out.append(digits)
        before = number
    return "".join(out)


def _digits(number: int) -> str:
    """A number in base 64."""
    digits = ""
    while number or not digits:
        digits = ALPHABET[number & 63] + digits
        number >>= 6
    return digits


def _report(writer: Writer, report: Report, pages: Mapping[int, str]) -> list[Any]:
    """Authority, its page, day, framework, and the address that ``#page=`` is put behind."""
    assert report.authority is not None
    when = inspected(report)
    link = writer.link(report, 1)
    name = register().by_urn(report.authority.urn).display_name if report.authority.urn in pages else ""
    return [
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
