"""Which report of an authority counts on a given day, the same for statistics and benchmark."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from ofsted_nlp.records import Report

GRADES = ("outstanding", "good", "adequate", "requires_improvement", "inadequate")
"""Grades from best to worst; "adequate" was replaced by "requires_improvement" in November 2013."""

POSITIVE = frozenset({"good", "outstanding"})

GRADED_FRAMEWORKS = frozenset({"sif", "ilacs"})
"""Full inspections of children's services whose grades Ofsted's statistics count."""

FULL_FRAMEWORKS = GRADED_FRAMEWORKS | {"slac"}
"""Full inspections whose findings are compared (slac: services for looked-after children only)."""

GRADE_WORDS = {
    "outstanding": "Outstanding",
    "good": "Good",
    "adequate": "Adequate",
    "requires_improvement": "Requires improvement",
    "inadequate": "Inadequate",
    "positive": "Typically positive",
    "inconsistent": "Inconsistent",
    "systemic_failings": "Systemic failings",
}

JUDGEMENT_WORDS = {
    "overall_effectiveness": "Overall effectiveness",
    "impact_of_leaders": "Impact of leaders",
    "leadership": "Leadership",
    "help_and_protection": "Help and protection",
    "care_and_care_leavers": "Care and care leavers",
    "looked_after_permanence": "Looked after and permanence",
    "in_care": "Children in care",
    "care_leavers": "Care leavers",
    "adoption": "Adoption",
    "lscb": "Safeguarding children board",
    "outcome": "Outcome",
}
"""Headings of the judgements, in the order in which they are shown."""

FRAMEWORK_WORDS = {
    "sif": "Single inspection (SIF)",
    "ilacs": "Children's services inspection (ILACS)",
    "ilacs_focused_visit": "Focused visit (ILACS)",
    "ilacs_monitoring_visit": "Monitoring visit (ILACS)",
    "slac": "Looked-after children inspection (SLAC)",
    "jtai": "Joint targeted inspection (JTAI)",
    "send": "Area SEND inspection",
    "other": "Other",
}


def grade_words(grade: str) -> str:
    """A grade as people write it; one not known stays as it is, without underscores."""
    return GRADE_WORDS.get(grade, grade.replace("_", " ").capitalize())


def judgement_words(code: str) -> str:
    """The heading of a judgement; of one not known its code without underscores."""
    return JUDGEMENT_WORDS.get(code, code.replace("_", " ").capitalize())


def framework_words(code: str) -> str:
    """The name of a framework; of one not known its code."""
    return FRAMEWORK_WORDS.get(code, code)


def published(report: Report) -> datetime.date | None:
    """The printed date of publication, else the day the report went up on Ofsted's site."""
    return report.inspection.published or report.source.published_on


def inspected(report: Report) -> datetime.date | None:
    """The last day of the inspection, else the date of publication."""
    return report.inspection.end or published(report)


def in_order(reports: Iterable[Report]) -> list[Report]:
    """The dated reports, earliest inspection first; ties by publication, then by file name."""
    dated = [(when, report) for report in reports if (when := inspected(report))]
    dated.sort(key=lambda item: (item[0], published(item[1]) or item[0], item[1].source.file))
    return [report for _, report in dated]


def known_on(
    reports: Iterable[Report], as_of: datetime.date | None, published_by: datetime.date | None = None
) -> list[Report]:
    """The reports of inspections that ended by ``as_of`` and were published by ``published_by``, in order.

    A report without a publication date of any kind is left out when ``published_by`` is given.
    """
    found = []
    for report in in_order(reports):
        out = published(report)
        if as_of and inspected(report) > as_of:  # type: ignore[operator]
            continue
        if published_by and (out is None or out > published_by):
            continue
        found.append(report)
    return found


def by_authority(reports: Iterable[Report]) -> dict[int, list[Report]]:
    """Reports in order, by the URN of their authority; one report an inspection (framework and date)."""
    found: dict[int, dict[tuple[str, datetime.date | None], Report]] = {}
    for report in in_order(reports):
        if report.authority and report.status != "failed":
            key = (report.framework, inspected(report))
            found.setdefault(report.authority.urn, {})[key] = report
    return {urn: list(kept.values()) for urn, kept in found.items()}
