"""What one framework's judgements and findings can, and cannot, be set beside those of another."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.comparison import FEWEST, Profile
from ofsted_nlp.analysis.inspections import FULL_FRAMEWORKS, framework_words, grade_words, inspected, judgement_words
from ofsted_nlp.analysis.narrative import day, listed
from ofsted_nlp.records import Report

NO_OVERALL_AFTER = datetime.date(2026, 3, 31)
"""Inspections that begin after it have no overall judgement (Ofsted, ILACS framework, April 2026)."""

FULL_FRAMEWORKS_OF = {
    "slac": "Looked-after children inspections (2009 to 2013) look at services for children in care and care leavers "
    "alone, and grade adequate where later ones say requires improvement.",
    "sif": "Single inspections (SIF, 2013 to 2018) grade the whole of children's services, with adoption and care "
    "leavers apart, and review the local safeguarding children board in the same report.",
    "ilacs": "Children's services inspections (ILACS, from 2018) are shorter, do not judge adoption apart, and do not "
    "review the safeguarding board. Care leavers have had a judgement of their own since January 2023.",
}
"""What the reports of each full framework cover (Ofsted, inspection handbooks)."""


@dataclass(frozen=True)
class Strand:
    """One thing judged, through the frameworks.

    Attributes:
        title: what it is.
        codes: its judgement codes by framework; several where a later judgement covers them together.
        comparable: "same" (the same judgement, though made by another method), "nearest" (the nearest there is: it
            covers more or less), or "none" (no other framework judges it).
        note: in words.
    """

    title: str
    codes: dict[str, tuple[str, ...]]
    comparable: str
    note: str


STRANDS = (
    Strand(
        "Overall effectiveness",
        {name: ("overall_effectiveness",) for name in ("slac", "sif", "ilacs")},
        "same",
        "The same four grades in SIF and ILACS, arrived at by different inspections: a change of grade from one to the "
        "other is a fact, but not all of it need be a change of the services. Inspections from April 2026 give no "
        "overall grade.",
    ),
    Strand(
        "Help and protection",
        {name: ("help_and_protection",) for name in ("sif", "ilacs")},
        "same",
        "Children who need help and protection: judged under the same name in SIF and ILACS.",
    ),
    Strand(
        "Leadership",
        {"sif": ("leadership",), "ilacs": ("impact_of_leaders",), "slac": ("leadership_and_management",)},
        "nearest",
        "SIF judges leadership, management and governance; ILACS judges the impact of leaders on social work practice.",
    ),
    Strand(
        "Children in care",
        {
            "sif": ("looked_after_permanence",),
            "ilacs": ("care_and_care_leavers", "in_care"),
            "slac": ("outcomes_for_looked_after_children_and_young_people",),
        },
        "nearest",
        "SIF judges children looked after and permanence with adoption and care leavers as parts of it; ILACS judged "
        "children in care together with care leavers until the end of 2022 and has judged them apart since.",
    ),
    Strand(
        "Care leavers",
        {name: ("care_leavers",) for name in ("sif", "ilacs")},
        "nearest",
        "A graded part of looked after and permanence in SIF; no judgement of its own in ILACS until the end of 2022; "
        "a judgement of its own since.",
    ),
    Strand("Adoption", {"sif": ("adoption",)}, "none", "Graded in SIF alone."),
    Strand(
        "Safeguarding children board",
        {"sif": ("lscb",)},
        "none",
        "Judged in SIF alone; the boards were replaced by safeguarding partnerships by September 2019.",
    ),
)
"""Judgements of the full frameworks side by side (Ofsted's frameworks; codes as in frameworks.py)."""


@dataclass(frozen=True)
class Generation:
    """The full reports of one framework: the authority's, and how long those of England are.

    Attributes:
        framework: its code.
        reports: the authority's, the earliest first.
        typical: median number of evaluative findings in the reports of the others in England; None below five.
    """

    framework: str
    reports: tuple[Report, ...]
    typical: float | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "framework": self.framework,
            "title": framework_words(self.framework),
            "about": FULL_FRAMEWORKS_OF.get(self.framework, ""),
            "reports": [
                {
                    "file": report.source.file,
                    "inspected": _iso(inspected(report)),
                    "evaluative_findings": Profile(report).evaluative,
                    "recommendations": len(report.recommendations),
                }
                for report in self.reports
            ],
            "median_evaluative_findings": self.typical,
        }


@dataclass(frozen=True)
class Generations:
    """An authority's full inspections, framework by framework.

    Attributes:
        generations: the frameworks under which it has a report, the earliest first.
        latest: its latest full report, or None.
        left_out: per group, the members whose latest report is of another framework than the authority's, by name.
    """

    generations: tuple[Generation, ...]
    latest: Report | None
    left_out: dict[str, tuple[str, ...]]

    def strands(self) -> list[dict[str, Any]]:
        """One row a thing judged: its grades in the order of the inspections, and what may be compared."""
        reports = [report for generation in self.generations for report in generation.reports]
        reports.sort(key=lambda report: inspected(report) or datetime.date.min)
        rows = []
        for strand in STRANDS:
            grades = [
                {
                    "inspected": _iso(inspected(report)),
                    "framework": report.framework,
                    "judgement": judgement.code,
                    "label": judgement.label or judgement_words(judgement.code),
                    "grade": judgement.grade,
                    "page": judgement.page,
                    "file": report.source.file,
                }
                for report in reports
                for judgement in report.judgements
                if judgement.code in strand.codes.get(report.framework, ())
            ]
            if grades:
                rows.append(
                    {"title": strand.title, "comparable": strand.comparable, "note": strand.note, "grades": grades}
                )
        return rows

    def sentences(self) -> list[str]:
        """In plain words, what is comparable and what is not."""
        if not self.latest:
            return []
        out = []
        if len(self.generations) > 1:
            names = [framework_words(generation.framework) for generation in self.generations]
            out.append(f"Its full inspections are of {len(names)} kinds: {listed(names)}.")
            out += [FULL_FRAMEWORKS_OF[g.framework] for g in self.generations if g.framework in FULL_FRAMEWORKS_OF]
            known = [g for g in self.generations if g.typical]
            if len(known) > 1:
                lengths = [f"{g.typical:.0f} for {framework_words(g.framework)}" for g in known]
                out.append(
                    f"Evaluative findings in the median report of the others in England: {listed(lengths)}. So numbers "
                    "of findings must not be set beside each other across these kinds; shares may, with care."
                )
        if inspected(self.latest) and not self.latest.grade("overall_effectiveness"):
            out.append(
                "Its latest report gives no overall grade. "
                + ("Inspections from April 2026 give none." if _ungraded(self.latest) else "")
            )
        for title, other in self.left_out.items():
            if other:
                out.append(
                    f"Of {title}, {len(other)} had their latest full inspection under another framework "
                    f"({listed(other[:5])}{' and others' if len(other) > 5 else ''}); they are left out of what is "
                    "said of more or less than expected."
                )
        return [line.strip() for line in out]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "sentences": self.sentences(),
            "generations": [generation.to_dict() for generation in self.generations],
            "strands": self.strands(),
            "left_out": {title: list(names) for title, names in self.left_out.items()},
        }


def generations(own: Sequence[Report], england: Iterable[Report], groups: dict[str, Iterable[Report]]) -> Generations:
    """An authority's full inspections, framework by framework.

    Args:
        own: its full reports, the earliest first.
        england: all full reports of the others.
        groups: the latest reports of each group that it is compared with, by the group's title.
    """
    lengths: dict[str, list[int]] = {}
    for report in england:
        if n := Profile(report).evaluative:
            lengths.setdefault(report.framework, []).append(n)
    latest = own[-1] if own else None
    made = []
    for framework in dict.fromkeys(report.framework for report in own if report.framework in FULL_FRAMEWORKS):
        found = lengths.get(framework, [])
        typical = statistics.median(found) if len(found) >= FEWEST else None
        made.append(Generation(framework, tuple(r for r in own if r.framework == framework), typical))
    left_out = {
        title: tuple(
            sorted(r.authority.name for r in reports if latest and r.authority and r.framework != latest.framework)
        )
        for title, reports in groups.items()
    }
    return Generations(tuple(made), latest, left_out)


def grade_change(earlier: Report, later: Report) -> str | None:
    """The overall grades in words ("inadequate (SIF, 2 May 2015) to good (ILACS, 3 June 2022)"); None without both."""
    grades = [report.grade("overall_effectiveness") for report in (earlier, later)]
    if None in grades:
        return None
    first, last = (
        f"{grade_words(str(grade)).lower()} ({report.framework.upper()}, {day(inspected(report))})"
        for grade, report in zip(grades, (earlier, later), strict=True)
    )
    return f"{first} to {last}"


def _ungraded(report: Report) -> bool:
    began = report.inspection.start or inspected(report)
    return began is not None and began > NO_OVERALL_AFTER


def _iso(value: datetime.date | None) -> str | None:
    return value.isoformat() if value else None
