"""What a benchmark says beyond shares of reports, worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from ofsted_nlp.analysis.benchmark.evidence import ClusterLabel, Likeness
from ofsted_nlp.analysis.benchmark.follow_up import FollowUp, follow_up
from ofsted_nlp.analysis.benchmark.generations import Generations, generations
from ofsted_nlp.analysis.benchmark.persistence import Persistence, persistence
from ofsted_nlp.analysis.benchmark.representation import Representation, Specific, representation, specific
from ofsted_nlp.analysis.benchmark.tallies import Tallies
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Report

if TYPE_CHECKING:
    import pandas

    from ofsted_nlp.analysis.benchmark.groups import Group

FEWEST_IN_CLUSTER = 2
"""Findings that it takes to call a cluster specific to an authority: of single ones every report has some."""


class InDepth:
    """The further parts of a ``Benchmark``."""

    entry: AuthorityEntry
    latest: Report | None
    groups: dict[str, Group]
    chief: str
    full: Mapping[int, tuple[Report, ...]]
    labels: Mapping[int, ClusterLabel]

    @cached_property
    def own(self) -> tuple[Report, ...]:
        """Its full reports, the earliest first; those of authorities it replaced are not among them."""
        return tuple(self.full.get(self.entry.urn, ()))

    @cached_property
    def generations(self) -> Generations:
        """Its full inspections, framework by framework, and what may be compared across them."""
        others = [report for urn, reports in self.full.items() if urn != self.entry.urn for report in reports]
        named = [self.groups[name] for name in dict.fromkeys((self.chief, "england"))]
        return generations(self.own, others, {group.title: group.latest.values() for group in named})

    def represented(self, kind: str = "theme", of: str = "all", group: str = "") -> list[Representation]:
        """What the latest full report raises more or less than the group's; see ``analysis.representation``.

        Args:
            kind: "theme" or "cluster".
            of: "all" for shares of all evaluative findings, "side" for shares of the concerns, or of the strengths.
            group: name of a group; "" for the one that was asked for.

        Raises:
            NotFoundError: there is no such group.
        """
        name = group or self.chief
        if name not in self.groups:
            raise NotFoundError(f"There is no group {name!r} here: {', '.join(self.groups)}.")
        if self.latest is None:
            return []
        key = (kind, of, name)
        if key not in self._represented:
            near, wide = (list(self.groups[which].latest.values()) for which in (name, "england"))
            self._represented[key] = representation(self.latest, near, wide, kind=kind, of=of, tallies=self._tallies)
        return self._represented[key]

    @property
    def representation(self) -> pandas.DataFrame:
        """``represented`` as a frame, a row a theme and side, the least probable by chance first."""
        import pandas

        frame = pandas.DataFrame([row.to_dict() for row in self.represented()])
        return frame.sort_values("p", kind="stable", ignore_index=True) if len(frame) else frame

    @cached_property
    def specific(self) -> tuple[Specific, ...]:
        """Themes and clusters that its latest full report raises and hardly any other in England does."""
        if self.latest is None:
            return ()
        england = list(self.groups["england"].latest.values())
        found: list[Specific] = []
        for kind, fewest in (("theme", 1), ("cluster", FEWEST_IN_CLUSTER)):
            found += specific(self.latest, england, kind=kind, tallies=self._tallies, fewest=fewest)
        return tuple(found)

    @cached_property
    def persistence(self) -> Persistence:
        """Concerns through its own full inspections."""
        others = [reports for urn, reports in self.full.items() if urn != self.entry.urn]
        return persistence(self.own, others, Tallies(self.labels, board=False), self._likeness)

    @cached_property
    def follow_up(self) -> tuple[FollowUp, ...]:
        """What the next full report says of each item of its earlier action lists, the latest list first."""
        return tuple(follow_up(self.own, self._likeness))

    @cached_property
    def insights(self) -> list[str]:
        """What these parts show, in plain sentences."""
        from ofsted_nlp.analysis.benchmark.insights import insights

        return insights(self)

    @cached_property
    def _tallies(self) -> Tallies:
        return Tallies(self.labels)

    @cached_property
    def _likeness(self) -> Likeness:
        return Likeness()

    @cached_property
    def _represented(self) -> dict[tuple[str, str, str], list[Representation]]:
        return {}
