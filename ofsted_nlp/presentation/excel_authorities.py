"""The workbook of all authorities: what the sector's own summary sheets have, one value a cell.

One row an authority with codes, region, the grades of its latest full inspection each in its column, dates, lead
inspector, link, and its statistical neighbours with their grades; beside it every inspection, every judgement, the
themes of the latest reports, and the count of the official statistics.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from ofsted_nlp.analysis.comparison import Profile
from ofsted_nlp.analysis.inspections import (
    FULL_FRAMEWORKS,
    GRADED_FRAMEWORKS,
    GRADES,
    JUDGEMENT_WORDS,
    POSITIVE,
    by_authority,
    framework_words,
    grade_words,
    inspected,
    judgement_words,
    known_on,
    published,
)
from ofsted_nlp.analysis.narrative import day
from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.presentation.excel import Rows, Share, csv_text, link, write_workbook
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.themes import NONE, themes

OVERALL = "overall_effectiveness"
NEIGHBOURS = 10
INSPECTORS = ("Lead inspector", "Second lead inspector")
VISITS = {
    "ilacs_focused_visit": "Latest focused visit",
    "ilacs_monitoring_visit": "Latest monitoring visit",
    "jtai": "Latest joint targeted inspection",
    "send": "Latest area SEND inspection",
}
FROZEN = {"Authorities": 4, "History": 4, "Judgements": 4, "Concerns": 2, "Strengths": 2}


def national_workbook(
    reports: Iterable[Report], path: str | Path | IO[bytes], as_of: datetime.date | None = None
) -> None:
    """Writes the sheets of ``national_sheets`` as an Excel workbook.

    Args:
        reports: all reports, with their findings.
        path: the file, or one open for writing bytes.
        as_of: only inspections that ended by this day; None: all.
    """
    when = f" as at {day(as_of)}" if as_of else ""
    title = f"Ofsted's inspections of children's services{when}"
    write_workbook(path, national_sheets(reports, as_of), title=title, frozen=FROZEN)


def national_csv(reports: Iterable[Report], folder: str | Path, as_of: datetime.date | None = None) -> list[Path]:
    """Writes each sheet of ``national_sheets`` as a CSV file into a folder, which is made; the files written."""
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    written = []
    for name, rows in national_sheets(reports, as_of).items():
        path = home / f"{name.lower().replace(' ', '_')}.csv"
        path.write_text(csv_text(rows), encoding="utf-8-sig")  # the mark by which Excel knows that it is UTF-8
        written.append(path)
    return written


def national_sheets(reports: Iterable[Report], as_of: datetime.date | None = None) -> dict[str, Rows]:
    """The sheets About, Authorities, History, Judgements, Concerns, Strengths and Statistics, as rows.

    Authorities that no longer exist stand in History and Judgements alone. Arguments as for ``national_workbook``.
    """
    known = by_authority(known_on(reports, as_of))
    entries = {e.urn: e for e in register() if (e.existed_on(as_of) if as_of else not e.abolished)}
    latest = {urn: full[-1] for urn, found in known.items() if (full := _full(found))}
    grades = overall_grades(known)
    history = [report for found in known.values() for report in found]
    codes = judgement_codes(latest[urn] for urn in latest if urn in entries)
    return {
        "About": _about(known, as_of),
        "Authorities": [
            {
                **authority_row(entry, known.get(urn, ()), codes),
                **visit_cells(known.get(urn, ())),
                **neighbour_cells(entry, grades),
            }
            for urn, entry in sorted(entries.items(), key=lambda item: item[1].display_name)
        ],
        "History": history_rows(history),
        "Judgements": _judgements(history),
        "Concerns": _by_theme(entries, latest, Polarity.CONCERN),
        "Strengths": _by_theme(entries, latest, Polarity.STRENGTH),
        "Statistics": _statistics(history, as_of),
    }


def overall_grades(known: Mapping[int, Sequence[Report]]) -> dict[int, str]:
    """The overall grade of each authority's latest inspection that gave one."""
    found = {}
    for urn, history in known.items():
        given = [grade for r in history if r.framework in GRADED_FRAMEWORKS and (grade := r.grade(OVERALL))]
        if given:
            found[urn] = given[-1]
    return found


def judgement_codes(reports: Iterable[Report]) -> list[str]:
    """The codes of all judgements that reports make, in the order in which they are shown."""
    given = {judgement.code for report in reports for judgement in report.judgements}
    return [code for code in JUDGEMENT_WORDS if code in given] + sorted(given - set(JUDGEMENT_WORDS))


def authority_row(entry: AuthorityEntry, history: Sequence[Report], codes: Sequence[str]) -> dict[str, Any]:
    """An authority with its latest full inspection and what changed since the one before.

    Args:
        entry: the authority.
        history: its reports, the earliest first.
        codes: the judgements that have a column.
    """
    full = _full(history)
    latest = full[-1] if full else None
    graded = [r for r in full if r.grade(OVERALL)]
    before = graded[-2] if len(graded) > 1 else None
    made = latest.inspection if latest else None
    profile = Profile(latest) if latest and latest.findings else None
    return {
        **_codes(entry),
        "Type": entry.kind or None,
        "People aged 0 to 25": entry.population_0_25,
        "Framework": latest and framework_words(latest.framework),
        "Inspection began": made and made.start,
        "Inspection ended": latest and inspected(latest),
        "Published": latest and published(latest),
        **_grades(latest, codes),
        "Latest overall grade": graded[-1].grade(OVERALL) and _words(graded[-1].grade(OVERALL)) if graded else None,
        "Given at the inspection that ended": inspected(graded[-1]) if graded else None,
        "Overall grade before that": before and _words(before.grade(OVERALL)),
        "Inspection before that ended": before and inspected(before),
        "Change": _change(before, graded[-1]) if before else None,
        **_inspectors(latest),
        "Report": latest and link(latest.source.url, "report"),
        "File": latest and latest.source.file,
        "Recommendations": len(latest.recommendations) if latest else None,
        "Strengths found": profile and profile.findings(Polarity.STRENGTH),
        "Concerns found": profile and profile.findings(Polarity.CONCERN),
        "Share of concerns": Share(profile.share(Polarity.CONCERN)) if profile and profile.evaluative else None,
    }


def visit_cells(history: Sequence[Report]) -> dict[str, Any]:
    """The days of the latest inspections and visits of other kinds, and the outcome for SEND."""
    cells: dict[str, Any] = {}
    for framework, heading in VISITS.items():
        found = [report for report in history if report.framework == framework]
        cells[heading] = inspected(found[-1]) if found else None
        if framework == "send":
            cells["Area SEND outcome"] = _words(found[-1].grade("outcome")) if found else None
    return cells


def neighbour_cells(entry: AuthorityEntry, grades: Mapping[int, str]) -> dict[str, Any]:
    """Its ten statistical neighbours, the nearest first, one a column, each with its latest overall grade."""
    near: list[AuthorityEntry | None] = list(register().neighbours(entry))
    cells: dict[str, Any] = {}
    for number, other in enumerate([*near, *[None] * NEIGHBOURS][:NEIGHBOURS], 1):
        cells[f"Neighbour {number}"] = other and other.display_name
        cells[f"Neighbour {number}: grade"] = other and _words(grades.get(other.urn))
    given = [grades[other.urn] for other in near if other and other.urn in grades]
    cells["Neighbours with a grade"] = len(given) if near else None
    cells["Neighbours good or outstanding"] = sum(grade in POSITIVE for grade in given) if near else None
    return cells


def history_rows(reports: Iterable[Report]) -> list[dict[str, Any]]:
    """One row an inspection or visit of any kind, by authority and day, each judgement in its column."""
    found = [report for report in reports if report.authority]
    codes = judgement_codes(found)
    rows = []
    for report in sorted(found, key=lambda r: (r.authority.name, inspected(r) or datetime.date.min)):  # type: ignore[union-attr]
        profile = Profile(report) if report.findings else None
        rows.append(
            {
                **_codes(register().by_urn(report.authority.urn)),  # type: ignore[union-attr]
                "Framework": framework_words(report.framework),
                "Theme": report.inspection.theme,
                "Inspection began": report.inspection.start,
                "Inspection ended": inspected(report),
                "Published": published(report),
                **_grades(report, codes),
                **_inspectors(report),
                "Previous inspection named": report.inspection.previous,
                "Report": link(report.source.url, "report"),
                "File": report.source.file,
                "Pages": report.source.pages,
                "Recommendations": len(report.recommendations),
                "Strengths found": profile and profile.findings(Polarity.STRENGTH),
                "Concerns found": profile and profile.findings(Polarity.CONCERN),
            }
        )
    return rows


def _codes(entry: AuthorityEntry) -> dict[str, Any]:
    return {
        "DfE code": entry.la_code,
        "Ofsted URN": entry.urn,
        "ONS code": entry.gss_code,
        "Authority": entry.display_name,
        "Region": entry.region,
    }


def _full(history: Sequence[Report]) -> list[Report]:
    return [report for report in history if report.framework in FULL_FRAMEWORKS]


def _grades(report: Report | None, codes: Sequence[str]) -> dict[str, str | None]:
    return {judgement_words(code): _words(report.grade(code)) if report else None for code in codes}


def _inspectors(report: Report | None) -> dict[str, str | None]:
    named = (report.inspection.lead_inspector or "").split(" and ") if report else []
    return {title: named[n] if n < len(named) and named[n] else None for n, title in enumerate(INSPECTORS)}


def _words(grade: str | None) -> str | None:
    return grade_words(grade) if grade else None


def _change(before: Report, after: Report) -> str | None:
    """Of overall grades; "adequate" counts as the grade that replaced it."""
    found = [{"adequate": "requires_improvement"}.get(g := r.grade(OVERALL) or "", g) for r in (before, after)]
    if not set(found) <= set(GRADES):
        return None
    first, last = map(GRADES.index, found)
    return "better" if last < first else "worse" if last > first else "same"


def _judgements(history: Sequence[Report]) -> list[dict[str, Any]]:
    rows = []
    for report in sorted(
        history, key=lambda r: (r.authority.name if r.authority else "", inspected(r) or datetime.date.min)
    ):
        for judgement in report.judgements:
            url = f"{report.source.url}#page={judgement.page}" if report.source.url else None
            rows.append(
                {
                    **_codes(register().by_urn(report.authority.urn)),  # type: ignore[union-attr]
                    "Framework": framework_words(report.framework),
                    "Inspection ended": inspected(report),
                    "Judgement": judgement_words(judgement.code),
                    "Grade": _words(judgement.grade),
                    "As printed": judgement.label or None,
                    "Page": judgement.page,
                    "Source page": link(url, f"page {judgement.page}"),
                    "File": report.source.file,
                }
            )
    return rows


def _by_theme(
    entries: Mapping[int, AuthorityEntry], latest: Mapping[int, Report], polarity: Polarity
) -> list[dict[str, Any]]:
    """Findings of one polarity in the latest full report by leading theme; blank where no findings are at hand."""
    rows = []
    for urn, entry in sorted(entries.items(), key=lambda item: item[1].display_name):
        report = latest.get(urn)
        profile = Profile(report) if report and report.findings else None
        rows.append(
            {
                "DfE code": entry.la_code,
                "Authority": entry.display_name,
                "Region": entry.region,
                "Framework": report and framework_words(report.framework),
                "Inspection ended": report and inspected(report),
                "Evaluative findings": profile and profile.evaluative,
                "All themes": profile and profile.findings(polarity),
                **{
                    theme.title: profile and profile.findings(polarity, theme.code)
                    for theme in themes().values()
                    if theme.code != NONE and theme.group != "send"
                },
            }
        )
    return rows


def _statistics(history: Sequence[Report], as_of: datetime.date | None) -> list[dict[str, Any]]:
    picture = national_picture(history, as_of or datetime.date.today())
    counts = [("England", "Overall effectiveness", picture.good_or_outstanding)]
    counts += [(name, "Overall effectiveness", count) for name, count in picture.by_region.items()]
    counts += [("England", judgement_words(c), count) for c, count in picture.by_judgement.items() if c != OVERALL]
    return [
        {
            "Area": area,
            "Judgement": judgement,
            "Good or outstanding": count.n,
            "Authorities": count.of,
            "Share good or outstanding": None if count.share is None else Share(count.share),
        }
        for area, judgement, count in counts
    ]


def _about(known: Mapping[int, Sequence[Report]], as_of: datetime.date | None) -> list[dict[str, Any]]:
    kinds = Counter(report.framework for found in known.values() for report in found)
    held = ", ".join(f"{n} of {framework_words(kind)}" for kind, n in kinds.most_common())
    lines = {
        "What": "Ofsted's inspections of children's services in English local authorities, read from the reports.",
        "As at": f"Inspections that ended by {day(as_of)}." if as_of else "All inspections at hand.",
        "Reports": f"{sum(kinds.values())}: {held}.",
        "Authorities": "One row an authority that exists, with its latest full inspection (SIF, ILACS or SLAC) and its "
        "statistical neighbours (Department for Education), nearest first, with their latest overall grades.",
        "History": "One row an inspection or visit of any kind, abolished authorities included.",
        "Judgements": "One row a judgement, with the page on which it stands.",
        "Concerns and Strengths": "Findings of the latest full report by leading theme. A statistical model classifies "
        "the sentences; those of which it is less than 80% sure are not counted. Reports differ in length.",
        "Statistics": "Good or outstanding at the latest inspection, counted as Ofsted's official statistics count.",
        "Overall grades": "Inspections that began after April 2026 give no overall grade; “Latest overall grade” is "
        "then that of an earlier inspection, with its date.",
        "Source": "Ofsted inspection reports, © Crown copyright, Open Government Licence v3.0.",
    }
    return [{"About": name, "": text} for name, text in lines.items()]
