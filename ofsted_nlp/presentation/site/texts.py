"""The sentences of the site, each written once: like ones side by side, in packed files that scripts load when needed.

They stand in the order of theme, side and cluster, so that a cluster's page loads few files, and a search on one theme
too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from ofsted_nlp.analysis.clustering.rows import recommendation_id
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.presentation.site.cluster import SiteCluster
from ofsted_nlp.presentation.site.facts import Facts
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Polarity, Report

CHUNK = 256
"""Sentences in a file."""

SIDES = {Polarity.CONCERN: "c", Polarity.STRENGTH: "s", Polarity.MIXED: "m"}
RECOMMENDATION = "r"

_LAST = 1 << 30


@dataclass(frozen=True, slots=True)
class Text:
    """A finding or recommendation whose text is at hand.

    Attributes:
        id: as in clusters.
        report: number of its report in ``Texts.reports``.
        side: "c", "s", "m" (both) or "r".
        theme: code of its leading theme, or "".
        page, text: where it stands, and what it says.
        searched: whether the search finds it; findings of which the classifier is not sure stand in clusters alone.
    """

    id: str
    report: int
    side: str
    theme: str
    page: int
    text: str
    searched: bool


class Texts:
    """All sentences of a site in the order in which they are written.

    Args:
        facts: the reports.
        clusters: those with a page.

    Attributes:
        reports: the reports of known authorities, the latest inspection first.
    """

    def __init__(self, facts: Facts, clusters: Sequence[SiteCluster]) -> None:
        self._facts = facts
        dated = [report for report in facts.reports if report.authority]
        self.reports: list[Report] = sorted(dated, key=lambda r: (str(inspected(r)), r.source.file), reverse=True)
        self._themes = {theme.code: place for place, theme in enumerate(facts.themes)}
        self._cluster: dict[str, int] = {}
        for cluster in clusters:
            for member in cluster.members:
                self._cluster.setdefault(member.id, cluster.id)

    @cached_property
    def rows(self) -> list[Text]:
        """The sentences in order."""
        found = list(enumerate(self._found()))
        found.sort(key=lambda pair: (self._place(pair[1]), pair[0]))
        return [text for _, text in found]

    @cached_property
    def number(self) -> dict[str, int]:
        """The place of each sentence, by id."""
        return {text.id: place for place, text in enumerate(self.rows)}

    def write(self, writer: Writer) -> None:
        """Write the files of sentences, each row a text and its page."""
        for start in range(0, len(self.rows), CHUNK):
            rows = [[item.text, item.page] for item in self.rows[start : start + CHUNK]]
            writer.packed(f"data/texts/{start // CHUNK}.js", "ofstedNlp.texts", start // CHUNK, rows)

    def _place(self, text: Text) -> tuple[int, str, int]:
        return self._themes.get(text.theme, _LAST), text.side, self._cluster.get(text.id, _LAST)

    def _found(self) -> Iterator[Text]:
        for number, report in enumerate(self.reports):
            counted = {finding.id for finding in self._facts.profile(report).sure}
            for finding in report.findings:
                searched = finding.id in counted
                if finding.text and finding.polarity in SIDES and (searched or finding.id in self._cluster):
                    theme = finding.themes[0] if finding.themes else ""
                    side = SIDES[finding.polarity]
                    yield Text(finding.id, number, side, theme, finding.page, finding.text, searched)
            for place, item in enumerate(report.recommendations):
                if item.text:
                    theme = item.themes[0] if item.themes else ""
                    id_ = recommendation_id(report.source.sha256, place)
                    yield Text(id_, number, RECOMMENDATION, theme, item.page, item.text, True)
