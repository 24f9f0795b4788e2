"""Builds the static site from reports: whole or not at all, and the same reports give the same files."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.presentation.site import cluster, england, search, theme
from ofsted_nlp.presentation.site.authority import AuthorityPages
from ofsted_nlp.presentation.site.facts import Facts
from ofsted_nlp.presentation.site.folder import check, swapped
from ofsted_nlp.presentation.site.links import SourceLinks
from ofsted_nlp.presentation.site.texts import CHUNK, Texts
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Report

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.clusters import Clustering


@dataclass(frozen=True)
class Site:
    """A site that was built.

    Attributes:
        folder: where it is.
        authorities, themes, clusters: how many pages of each.
        findings: how many findings can be searched by their words; 0 where no text is at hand.
        reports: how many reports it is made from.
    """

    folder: Path
    authorities: int
    themes: int
    clusters: int
    findings: int
    reports: int


def build_site(
    reports: Iterable[Report],
    out: str | Path,
    *,
    clustering: Clustering | None = None,
    named: Sequence[Mapping[str, Any]] = (),
    source: str | Path | None = None,
    as_of: datetime.date | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Site:
    """Build the site in a new folder, and put it in the place of ``out`` when it is whole.

    Args:
        reports: of any authorities and frameworks, with their findings; with texts where these are at hand.
        out: folder of the site; one that is there must be a site of ours.
        clustering: the clusters of the findings; without, there are no cluster pages.
        named: what is praised by name: rows with "thing", "kind" and "where" (``Corpus.named_strengths``).
        source: where the PDFs are, see ``links.SourceLinks``.
        as_of: only inspections that ended by this day count.
        progress: called with (pages done, pages in all).

    Raises:
        UsageError: ``out`` cannot be written or is no site, or ``source`` is no folder.
        NotFoundError: there are no reports.
    """
    folder = Path(out).expanduser()
    check(folder)
    links = SourceLinks(source, folder)
    facts = Facts(reports, as_of)
    if not facts.reports:
        when = f" of inspections that ended by {as_of}" if as_of else ""
        raise NotFoundError(f"There are no reports{when} to build a site from.")
    clusters = cluster.site_clusters(facts, clustering)
    names = {item.id: item.page for item in clusters}
    rows = cluster.rows_for_benchmark(clusters)
    total = len(facts.entries) + 4
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    with swapped(folder) as new:
        common = {"with_clusters": bool(clusters), "as_of": as_of, "last": facts.last}
        writer = Writer(new, links, common)
        writer.asset("site.css", "style.css", "site/site.css")
        for name in ("site.js", "texts.js", "england.js", "search.js"):
            writer.asset(name, f"site/{name}")
        england.write(facts, writer)
        step()
        pages = AuthorityPages(facts, writer, names, rows)
        for entry in facts.entries:
            pages.write(entry)
            step()
        theme.write(facts, writer, clusters)
        step()
        texts = Texts(facts, clusters)
        texts.write(writer)
        cluster.write(facts, writer, clusters, texts.number, CHUNK)
        step()
        found = search.write(facts, writer, clusters, named, texts)
        writer.page("about.html", "about.html.j2", methods=_methods(), facts=facts, texts=found)
        step()
    return Site(folder, len(facts.entries), len(facts.themes), len(clusters), found, len(facts.reports))


def _methods() -> list[tuple[str, str]]:
    from ofsted_nlp.analysis import partners
    from ofsted_nlp.analysis.benchmark import METHOD, follow_up, persistence, representation

    return [
        ("Findings, shares and percentiles", METHOD),
        ("More or less than usual", representation.METHOD),
        ("Concerns that persist or return", persistence.METHOD),
        ("What became of recommendations", follow_up.METHOD),
        ("From whom to learn", partners.METHOD),
    ]
