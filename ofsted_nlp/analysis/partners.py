"""What a search for learning partners found: concerns, those who mended them, and those for whom they are strengths."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.benchmark.evidence import Evidence, pages, where
from ofsted_nlp.analysis.benchmark.persistence import ALIKE
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.analysis.narrative import counted, day, listed
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Report
from ofsted_nlp.themes import theme as theme_named
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    import pandas

BASES = {"wording": "alike in wording", "cluster": "in the same cluster", "theme": "on the same theme"}
"""On what the sameness of two concerns rests, the narrowest first."""

SHOWN = 10
"""Partners listed for each concern in ``to_dict``."""

COLUMNS = (
    "theme",
    "title",
    "own_findings",
    "own_pages",
    "rank",
    "authority",
    "neighbour",
    "basis",
    "grade_before",
    "grade_after",
    "concerns_before",
    "concerns_left",
    "strengths",
    *(f"{side}_{key}" for side in ("earlier", "later") for key in ("inspected", "page", "text", "file")),
)
"""Columns of ``LearningPartners.table``."""

METHOD = (
    "For each concern of the authority's latest full report (by leading theme, findings with a sure polarity): other "
    "authorities whose earlier full report raised the same concern and whose latest full report has the theme as a "
    f"strength. “Same” is the narrowest that holds: alike in wording (cosine of at least {ALIKE}, where the texts are "
    "at hand), in the same cluster, or on the same theme. Partners stand in this order: statistical neighbours "
    "(Department for Education), the nearest first; then those of whom nothing on the theme is a concern any more; "
    "then the narrower basis and the more alike wording. A theme can be a strength in one respect and a concern in "
    "another, so the number of concerns left stands beside. That an authority changed is in the reports; why it did "
    "is not."
)


@dataclass(frozen=True)
class Partner:
    """Another authority that had a concern and has it as a strength later.

    Attributes:
        entry: the authority.
        nearness: 1 for the nearest statistical neighbour to 10; None for no neighbour.
        earlier: the likest concern in an earlier full report.
        later: the likest strength in the latest full report.
        strengths, concerns_left: findings on the theme in the latest report; a mixed one counts as a concern left.
        concerns_before: how many concerns the earlier report had on the theme.
        basis: a key of ``BASES``.
        grades: the change of the overall grade in words, or None.
    """

    entry: AuthorityEntry
    nearness: int | None
    earlier: Evidence
    later: Evidence
    strengths: int
    concerns_left: int
    concerns_before: int
    basis: str
    grades: str | None

    @property
    def grade_before(self) -> str | None:
        """Overall grade of the earlier report."""
        return self.earlier.report.grade("overall_effectiveness")

    @property
    def grade_after(self) -> str | None:
        """Overall grade of the latest report."""
        return self.later.report.grade("overall_effectiveness")

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "authority": self.entry.name,
            "urn": self.entry.urn,
            "region": self.entry.region,
            "neighbour": self.nearness,
            "basis": self.basis,
            "grade_before": self.grade_before,
            "grade_after": self.grade_after,
            "grades": self.grades,
            "concerns_before": self.concerns_before,
            "concerns_left": self.concerns_left,
            "strengths": self.strengths,
            "earlier": self.earlier.to_dict(),
            "later": self.later.to_dict(),
        }


@dataclass(frozen=True)
class Model:
    """An authority whose latest full report has a theme as a strength and raises no concern on it.

    Attributes:
        entry, nearness: as in ``Partner``.
        evidence: the strengths, the named and the surest first.
        named: the named services, teams and programmes in them; empty where they were not read.
    """

    entry: AuthorityEntry
    nearness: int | None
    evidence: tuple[Evidence, ...]
    named: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "authority": self.entry.name,
            "urn": self.entry.urn,
            "neighbour": self.nearness,
            "named": list(self.named),
            "strengths": len(self.evidence),
            "pages": pages(self.evidence),
            "evidence": [item.to_dict() for item in self.evidence[:3]],
        }


@dataclass(frozen=True)
class Lesson:
    """One concern of the authority, and those to ask about it.

    Attributes:
        theme, title: of the concern.
        clusters: labels of the clusters that its findings are in.
        evidence: its findings in the authority's latest full report, the surest first.
        partners: those that had it and mended it, the nearest neighbours first.
        models: those for whom it is a strength now and no concern, neighbours first.
    """

    theme: str
    title: str
    clusters: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    partners: tuple[Partner, ...]
    models: tuple[Model, ...]

    def to_dict(self, shown: int | None = SHOWN) -> dict[str, Any]:
        """Plain data, with the first so many partners and models (None: all) and how many there are."""
        return {
            "theme": self.theme,
            "title": self.title,
            "clusters": list(self.clusters),
            "findings": len(self.evidence),
            "pages": pages(self.evidence),
            "evidence": [item.to_dict() for item in self.evidence],
            "partners_in_all": len(self.partners),
            "partners": [partner.to_dict() for partner in self.partners[:shown]],
            "models_in_all": len(self.models),
            "models": [model.to_dict() for model in self.models[:shown]],
        }


@dataclass(frozen=True)
class LearningPartners:
    """For each concern of an authority, those from whom it can learn.

    Attributes:
        entry: the authority.
        as_of: inspections that ended by this day count; None: all.
        report: its latest full report.
        lessons: one for each theme raised as a concern, most findings first.
    """

    entry: AuthorityEntry
    as_of: datetime.date | None
    report: Report
    lessons: tuple[Lesson, ...]

    @cached_property
    def summary(self) -> list[str]:
        """Plain sentences, each counted from the data."""
        name = self.entry.display_name
        when = day(inspected(self.report))
        if not self.lessons:
            return [f"The latest full report on {name} ({when}) raises no concern of which the classifier is sure."]
        themes_ = counted(len(self.lessons), "theme")
        out = [f"The latest full report on {name} ({when}) raises concerns on {themes_}."]
        for lesson in self.lessons:
            near = [partner for partner in lesson.partners if partner.nearness]
            own = f"{counted(len(lesson.evidence), 'finding')}, {where(lesson.evidence)}"
            if not lesson.partners:
                out.append(f"{lesson.title} ({own}): no other authority here had it as a concern and later mended it.")
                continue
            free = sum(partner.concerns_left == 0 for partner in lesson.partners)
            many = counted(len(lesson.partners), "authority", "authorities")
            has = "has" if len(lesson.partners) == 1 else "have"
            said = f"{lesson.title} ({own}): {many} had a concern on the theme before and {has} it as a strength now, "
            said += f"{free} of them without a concern left on it"
            if narrow := sum(partner.basis != "theme" for partner in lesson.partners):
                said += f", {narrow} with a concern alike in wording or in the same cluster"
            if near:
                named = [partner.entry.display_name for partner in near[:3]]
                said += f"; of its statistical neighbours {listed(named)}"
                said += f" and {len(near) - 3} more" if len(near) > 3 else ""
            out.append(said + ".")
        return out

    def lesson(self, theme: str) -> Lesson:
        """The concern on this theme, by code or title.

        Raises:
            NotFoundError: no such theme, or the latest report raises no concern on it.
        """
        code = theme_named(theme).code
        for item in self.lessons:
            if item.theme == code:
                return item
        raise NotFoundError(
            f"The latest full report on {self.entry.display_name} raises no sure concern on {themes()[code].title}."
        )

    def rows(self) -> list[dict[str, Any]]:
        """The partners as plain rows, concern by concern."""
        out = []
        for lesson in self.lessons:
            for rank, partner in enumerate(lesson.partners, 1):
                sides = {"earlier": partner.earlier, "later": partner.later}
                out.append(
                    {
                        "theme": lesson.theme,
                        "title": lesson.title,
                        "own_findings": len(lesson.evidence),
                        "own_pages": pages(lesson.evidence),
                        "rank": rank,
                        "authority": partner.entry.display_name,
                        "neighbour": partner.nearness,
                        "basis": partner.basis,
                        "grade_before": partner.grade_before,
                        "grade_after": partner.grade_after,
                        "concerns_before": partner.concerns_before,
                        "concerns_left": partner.concerns_left,
                        "strengths": partner.strengths,
                        **{
                            f"{side}_{key}": value
                            for side, item in sides.items()
                            for key, value in (
                                ("inspected", item.inspected),
                                ("page", item.finding.page),
                                ("text", item.finding.text or None),
                                ("file", item.report.source.file),
                            )
                        },
                    }
                )
        return out

    @property
    def table(self) -> pandas.DataFrame:
        """One row a concern and partner; texts are missing where only annotations are at hand."""
        import pandas

        return pandas.DataFrame(self.rows(), columns=list(COLUMNS)).astype({"neighbour": "Int64"})

    def to_dict(self, shown: int | None = SHOWN) -> dict[str, Any]:
        """Plain data, in the shape of ``ofsted-nlp learn --format json``."""
        when = inspected(self.report)
        return {
            "schema_version": 1,
            "authority": {"urn": self.entry.urn, "la_code": self.entry.la_code, "name": self.entry.name},
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "report": {
                "file": self.report.source.file,
                "framework": self.report.framework,
                "inspected": when.isoformat() if when else None,
            },
            "summary": self.summary,
            "concerns": [lesson.to_dict(shown) for lesson in self.lessons],
            "method": METHOD,
        }

    def to_json(self) -> str:
        """``to_dict`` as JSON."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False)

    def to_markdown(self, shown: int = 3) -> str:
        """A page in Markdown with the first so many partners of each concern."""
        from ofsted_nlp.presentation.learning import markdown

        return markdown(self, shown)

    def __repr__(self) -> str:
        found = sum(len(lesson.partners) for lesson in self.lessons)
        return f"<LearningPartners of {self.entry.display_name}: {len(self.lessons)} concerns, {found} partners>"

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.learning import learning_tables

        return learning_tables(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.learning import learning_html

        return learning_html(self)
