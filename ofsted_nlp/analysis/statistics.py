"""The national picture on a given day, counted as Ofsted's official statistics count it.

Source of the rules: Ofsted, "Main findings: local authority inspection outcomes", official statistics. An
authority counts with its most recent graded inspection; inspections count by the day on which they ended, and
only once published.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ofsted_nlp.analysis.inspections import GRADED_FRAMEWORKS, GRADES, POSITIVE, by_authority, known_on
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.records import Report


@dataclass(frozen=True)
class Count:
    """``n`` out of ``of``."""

    n: int
    of: int

    @property
    def share(self) -> float | None:
        """The proportion from 0 to 1, or None out of nothing."""
        return self.n / self.of if self.of else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data, the share rounded to four places."""
        share = self.share
        return {"n": self.n, "of": self.of, "share": None if share is None else round(share, 4)}


@dataclass(frozen=True)
class NationalPicture:
    """Grades of all authorities at their latest inspection.

    Attributes:
        as_of: inspections that ended by this day count.
        published_by: and were published by this day, if given.
        authorities: how many authorities have an overall grade.
        good_or_outstanding: overall effectiveness good or outstanding.
        by_grade: authorities by overall grade, best first.
        by_judgement: good or outstanding for each judgement of the latest reports, out of those that make it.
        by_region: good or outstanding overall in each region.
        reinspected: authorities with more than one ILACS inspection; the latest grade against the first.
        ungraded_since: URNs whose latest inspection gives no overall grade (those after April 2026): the
            grade counted is that of an earlier inspection.
        left_out: files of graded inspections that could not be counted, each with the reason.
    """

    as_of: datetime.date
    published_by: datetime.date | None
    authorities: int
    good_or_outstanding: Count
    by_grade: dict[str, int]
    by_judgement: dict[str, Count]
    by_region: dict[str, Count]
    reinspected: dict[str, int]
    ungraded_since: tuple[int, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data, in the shape of ``ofsted-nlp statistics --format json``."""
        return {
            "as_of": self.as_of.isoformat(),
            "published_by": self.published_by and self.published_by.isoformat(),
            "authorities": self.authorities,
            "good_or_outstanding": self.good_or_outstanding.to_dict(),
            "by_grade": self.by_grade,
            "by_judgement": {code: count.to_dict() for code, count in self.by_judgement.items()},
            "by_region": {name: count.to_dict() for name, count in self.by_region.items()},
            "reinspected": self.reinspected,
            "ungraded_since": list(self.ungraded_since),
            "left_out": [{"file": file, "reason": reason} for file, reason in self.left_out],
        }

    def to_json(self) -> str:
        """``to_dict`` as JSON."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def __repr__(self) -> str:
        count = self.good_or_outstanding
        return f"<NationalPicture {self.as_of}: {count.n} of {count.of} authorities good or outstanding>"

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import statistics_table

        return statistics_table(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import statistics_html

        return statistics_html(self)


def national_picture(
    reports: Iterable[Report], as_of: datetime.date, published_by: datetime.date | None = None
) -> NationalPicture:
    """Counts the grades of all authorities as at a day.

    An abolished authority counts as long as it existed; its successors count from their own first inspection.

    Args:
        reports: reports of any frameworks; only sif and ilacs count.
        as_of: the last day on which an inspection may have ended.
        published_by: the last day on which its report may have been published; None: no limit.
    """
    entries = {entry.urn: entry for entry in register()}
    graded = [report for report in reports if report.framework in GRADED_FRAMEWORKS]
    left_out = [(r.source.file, reason) for r in graded if (reason := _uncountable(r, entries, published_by))]
    latest: dict[int, Report] = {}
    newest: dict[int, Report] = {}
    reinspected = Counter(authorities=0, improved=0, declined=0, kept_good_or_outstanding=0)
    for urn, history in by_authority(known_on(graded, as_of, published_by)).items():
        if urn not in entries or not entries[urn].existed_on(as_of):
            continue
        newest[urn] = history[-1]
        overall = [report for report in history if report.grade("overall_effectiveness")]
        if overall:
            latest[urn] = overall[-1]
        reinspected.update(_change([report for report in overall if report.framework == "ilacs"]))
    grades = {urn: report.grade("overall_effectiveness") for urn, report in latest.items()}
    codes = list(dict.fromkeys(j.code for urn in sorted(newest) for j in newest[urn].judgements))
    if "overall_effectiveness" in codes:
        codes = ["overall_effectiveness", *(code for code in codes if code != "overall_effectiveness")]
    regions = sorted({entries[urn].region for urn in latest})
    return NationalPicture(
        as_of=as_of,
        published_by=published_by,
        authorities=len(latest),
        good_or_outstanding=_count(grades.values()),
        by_grade={grade: n for grade in GRADES if (n := sum(g == grade for g in grades.values()))},
        by_judgement={code: _count(report.grade(code) for report in newest.values()) for code in codes},
        by_region={
            region: _count(g for urn, g in grades.items() if entries[urn].region == region) for region in regions
        },
        reinspected=dict(reinspected),
        ungraded_since=tuple(sorted(urn for urn in latest if newest[urn] is not latest[urn])),
        left_out=tuple(left_out),
    )


def _count(grades: Iterable[str | None]) -> Count:
    given = [grade for grade in grades if grade]
    return Count(sum(grade in POSITIVE for grade in given), len(given))


def _change(history: list[Report]) -> dict[str, int]:
    """How the latest overall grade compares with the first; one that stayed below good adds to no count."""
    if len(history) < 2:
        return {}
    first, last = (GRADES.index(history[i].grade("overall_effectiveness") or "") for i in (0, -1))
    kept = first == last and GRADES[last] in POSITIVE
    return {
        "authorities": 1,
        "improved": int(last < first),
        "declined": int(last > first),
        "kept_good_or_outstanding": int(kept),
    }


def _uncountable(report: Report, entries: Mapping[int, AuthorityEntry], published_by: datetime.date | None) -> str:
    if report.status == "failed":
        return report.error.message if report.error else "could not be read"
    if report.authority is None:
        return "no authority recognised"
    if report.authority.urn not in entries:
        return f"{report.authority.name} (URN {report.authority.urn}) is not in the register"
    if not known_on([report], None):
        return "no date of inspection or publication"
    if published_by and not known_on([report], None, datetime.date.max):
        return "no date of publication"
    return ""
