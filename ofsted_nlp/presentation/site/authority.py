"""The page of each authority: its benchmark, with a link to the report's page behind every claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ofsted_nlp.analysis.benchmark import Benchmark, benchmark, persistence, representation
from ofsted_nlp.analysis.benchmark.evidence import Likeness, SureFindings, cluster_labels
from ofsted_nlp.analysis.benchmark.follow_up import follow_up
from ofsted_nlp.analysis.benchmark.tallies import Tallies
from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS
from ofsted_nlp.analysis.learning import learn_from
from ofsted_nlp.analysis.partners import BASES, Lesson
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.presentation.site.england import page_of
from ofsted_nlp.presentation.site.facts import STRANDS, Facts, pages_of, strand_grades
from ofsted_nlp.presentation.site.writing import Writer
from ofsted_nlp.records import Polarity

PARTNERS = 3
"""Learning partners shown for each concern."""


class AuthorityPages:
    """Writes the pages of authorities; what they share is counted once.

    Args:
        facts: the reports.
        writer: writes them.
        clusters: the names of the cluster pages there are, by cluster.
        rows: the clusters that findings carry, as ``benchmark`` takes them.
    """

    def __init__(
        self, facts: Facts, writer: Writer, clusters: Mapping[int, str], rows: Sequence[Mapping[str, Any]]
    ) -> None:
        self._facts = facts
        self._writer = writer
        self._clusters = clusters
        self._rows = rows
        labels = cluster_labels(rows)
        self._tallies, self._own = Tallies(labels), Tallies(labels, board=False)
        self._likeness, self._known = Likeness(), SureFindings()
        self._full = [report for report in facts.reports if report.framework in FULL_FRAMEWORKS]
        self._likeness.learn(
            finding.text
            for report in self._full
            for finding in facts.profile(report).sure
            if finding.text and finding.polarity is not Polarity.NEUTRAL
        )

    def write(self, entry: AuthorityEntry) -> None:
        """Write the page of an authority."""
        facts, writer = self._facts, self._writer
        shared: dict[str, Any] = {
            "facts": facts,
            "entry": entry,
            "neighbours": register().neighbours(entry),
            "successors": [register().by_urn(urn) for urn in entry.successors],
            "forebears": [old for old in register() if entry.urn in old.successors],
            "strands": list(STRANDS),
        }
        if not facts.history(entry) and not any(facts.history(old) for old in shared["forebears"]):
            writer.page(page_of(entry), "authority_without.html.j2", **shared)
            return
        against = "neighbours" if shared["neighbours"] else "region"
        made = benchmark(facts.reports, entry, against, facts.as_of, clusters=self._rows, profile=facts.profile)
        own = facts.full(entry)
        others = [reports for urn, reports in made.full.items() if urn != entry.urn]
        through = persistence.persistence(own, others, self._own, self._likeness)
        writer.page(
            page_of(entry),
            "authority.html.j2",
            **shared,
            b=made,
            latest=made.latest,
            history=list(reversed(made.history)),
            full=[(report, strand_grades(report)) for report in reversed(own)],
            peers=_peers(facts, made),
            sides=[(side, *_themes(facts, made, side)) for side in ("concern", "strength")],
            represented=self._represented(made),
            threads=through.of("persists", "returns"),
            through=through.reports,
            follow_up=[row for row in follow_up(own, self._likeness) if row.later is made.latest],
            lessons=self._lessons(entry) if made.latest else [],
            partners=PARTNERS,
            bases=BASES,
            titles={theme.code: theme.title for theme in facts.themes},
            clusters=self._clusters,
            representation_method=representation.METHOD,
        )

    def _represented(self, made: Benchmark) -> dict[str, list[representation.Representation]]:
        """What is clearly, or perhaps, more or less than in the group and in England."""
        out: dict[str, list[representation.Representation]] = {}
        if made.latest is None:
            return out
        wide = list(made.groups["england"].latest.values())
        for name in dict.fromkeys((made.chief, "england")):
            near = list(made.groups[name].latest.values())
            rows = representation.representation(made.latest, near, wide, tallies=self._tallies)
            rows = [row for row in rows if "expected" in row.verdict]
            out[name] = sorted(rows, key=lambda row: (row.adjusted or 0.0, row.p or 0.0, row.code))
        return out

    def _lessons(self, entry: AuthorityEntry) -> list[Lesson]:
        """The concerns with learning partners."""
        made = learn_from(self._full, entry, clusters=self._rows, likeness=self._likeness, known=self._known)
        return [lesson for lesson in made.lessons if lesson.partners]


def _peers(facts: Facts, made: Benchmark) -> list[dict[str, Any]]:
    out = []
    for entry, report in [(made.entry, made.latest)] + [(e, made.group.latest.get(e.urn)) for e in made.group.members]:
        out.append({"entry": entry, "report": report, "grades": strand_grades(report) if report else []})
    return out


def _themes(facts: Facts, made: Benchmark, side: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Each theme that the report raises, with its findings in reading order; and those that only others raise."""
    raised, missing = [], []
    for theme in made.ranked(side):
        own = getattr(theme, side)
        chief = own.groups[made.chief]
        found = facts.on(made.latest, side, theme.code) if made.latest else []
        row = {
            "theme": theme,
            "own": own,
            "chief": chief,
            "standing": own.standing(made.chief),
            "findings": found,
            "pages": pages_of(found),
        }
        if found:
            raised.append(row)
        elif chief.enough and 2 * chief.n >= chief.of:
            missing.append(row)
    return raised, missing
