"""The part of a corpus that answers for reports: one or many of them, and frames of what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ofsted_nlp.corpus.holdings import INSPECTED, Day, Holdings, as_day, with_clauses
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import SURE, Polarity, Report, checked_score

if TYPE_CHECKING:
    import pandas


_NAMED = 8
"""Most reports that a message names."""


def _days(report: Report) -> str:
    inspected, out = report.inspection.end, report.source.published_on or report.inspection.published
    days = [f"inspected until {inspected}" if inspected else "", f"published {out}" if out else ""]
    return ", ".join(filter(None, days)) or "undated"


class HeldReports:
    """What a ``Corpus`` says of reports."""

    _holdings: Holdings

    def report(self, key: str | tuple[str, Day]) -> Report:
        """One report, with its findings.

        Args:
            key: the document's SHA-256, its file name, or (authority, day): any day of the inspection or the
                day of publication.

        Raises:
            NotFoundError: there is none, or several on that day.
        """
        values: list[Any]
        if isinstance(key, str):
            condition, values = "sha256 = ? OR file = ?", [key, key]
            wanted = f"“{key}”"
        else:
            name, day = key[0], as_day(key[1])
            condition = (
                "urn = ? AND (? BETWEEN coalesce(inspection_start, inspection_end) AND inspection_end "
                "OR published = ? OR published_on = ?)"
            )
            values = [self._holdings.urn(name), day, day, day]
            wanted = f"on {name} on {day}"
        found = self._holdings.choose(condition, values)
        if not found:
            raise NotFoundError(f"There is no report {wanted}. {self._there_are(key)}")
        if len(found) > 1:
            files = self._holdings.load(found, findings=False)
            raise NotFoundError(
                f"There are several reports {wanted}: {', '.join(r.source.file for r in files)}. "
                "Ask for one by its file name.",
                code="ambiguous",
            )
        return self._holdings.load(found)[0]

    def _there_are(self, key: str | tuple[str, Day]) -> str:
        """A sentence on the reports that could be asked for instead."""
        if isinstance(key, str):
            return "A report is named by its file name, its SHA-256, or its authority with a day."
        known = self.reports(key[0], findings=False)
        if not known:
            return f"No report on {key[0]} is known."
        named = [f"{item.source.file} ({_days(item)})" for item in known[-_NAMED:]]
        more = f", and {len(known) - _NAMED} earlier" if len(known) > _NAMED else ""
        return f"There are: {', '.join(named)}{more}."

    def reports(
        self,
        authority: str | None = None,
        framework: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
        *,
        findings: bool = True,
    ) -> list[Report]:
        """The reports that could be read, by date of inspection.

        Args:
            authority: any name of the authority.
            framework: code such as "ilacs".
            since: only inspections that ended from that day; for documents without a date of inspection
                the day of publication counts.
            as_of: only inspections that ended by that day.
            findings: whether to build the findings too; without them it is much quicker.
        """
        condition, values = self._holdings.condition(authority, framework, since, as_of)
        return self._holdings.load(
            self._holdings.choose(f"status <> 'failed' AND {condition}", values), findings=findings
        )

    def findings(
        self,
        polarity: str | None = None,
        theme: str | None = None,
        authority: str | None = None,
        framework: str | None = None,
        section: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
        *,
        least_score: float = 0.0,
    ) -> pandas.DataFrame:
        """One row a finding, with its document; ``text`` is missing where only annotations are at hand.

        ``sure`` says whether the score is at least ``records.SURE``; ``strength_clause`` and ``concern_clause`` are the
        halves of a mixed finding, missing where it could not be split.

        Args:
            polarity: "strength", "concern", "mixed" or "neutral".
            theme: code or title; findings that have it among their themes.
            authority: see ``reports``.
            framework: see ``reports``.
            section: code of the section.
            since: see ``reports``.
            as_of: see ``reports``.
            least_score: findings with a lower score are left out; ``attrs["findings_left_out"]`` of the frame says how
                many. docs/model-card.md says how many polarities are right at which score.

        Raises:
            UsageError: no such polarity, or ``least_score`` is not between 0 and 1.
            NotFoundError: no such theme or authority.
        """
        if polarity is not None and polarity not in set(Polarity):
            raise UsageError(f"There is no polarity {polarity!r}: {', '.join(Polarity)}.")
        if theme is not None:
            from ofsted_nlp.themes import theme as named

            theme = named(theme).code
        least_score = checked_score(least_score)
        columns = (
            f"t.page, t.section, polarity, score, score >= {SURE} AS sure, themes[1] AS theme, themes, text, clauses, "
            "subject, named, things, cluster, id, span_start, span_end"
        )
        conditions = {"polarity = ?": polarity, "list_contains(themes, ?)": theme, "section = ?": section}
        frame = self._holdings.frame(
            "findings", columns, conditions, self._holdings.condition(authority, framework, since, as_of)
        )
        return with_clauses(frame, least_score)

    def recommendations(
        self,
        theme: str | None = None,
        authority: str | None = None,
        framework: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
    ) -> pandas.DataFrame:
        """One row an item of an action list; arguments as for ``findings``."""
        columns = (
            "kind, section, number, text, t.page, themes[1] AS theme, themes, responsible, deadline, "
            "span_start, span_end"
        )
        if theme is not None:
            from ofsted_nlp.themes import theme as named

            theme = named(theme).code
        conditions = {"list_contains(themes, ?)": theme}
        return self._holdings.frame(
            "recommendations", columns, conditions, self._holdings.condition(authority, framework, since, as_of)
        )

    def judgements(
        self,
        code: str | None = None,
        authority: str | None = None,
        framework: str | None = None,
        since: Day | None = None,
        as_of: Day | None = None,
    ) -> pandas.DataFrame:
        """One row a judgement of the inspections themselves (not those they quote from the one before)."""
        conditions = {"inspection = ?": "this", "code = ?": code}
        return self._holdings.frame(
            "judgements",
            "code, grade, label, t.page",
            conditions,
            self._holdings.condition(authority, framework, since, as_of),
        )

    def to_dataframe(self) -> pandas.DataFrame:
        """One row a document, failed ones too: its facts, and a column for each judgement code."""
        with self._holdings.tables() as store:
            frame = store.query(
                "SELECT sha256, file, url, pages, status, error_code, framework, urn, la_code, gss_code, "
                "authority, inspection_start, inspection_end, published, published_on, previous_inspection, "
                "lead_inspector, theme, added_at IS NOT NULL AS has_text FROM all_documents "
                f"ORDER BY authority, {INSPECTED}, file"
            )
            grades = store.query(
                "SELECT sha256, code, any_value(grade) AS grade FROM all_judgements "
                "WHERE inspection = 'this' GROUP BY ALL ORDER BY ALL"
            )
        wide = grades.pivot(index="sha256", columns="code", values="grade")
        return frame.join(wide, on="sha256")
