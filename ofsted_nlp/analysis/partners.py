"""What a search for learning partners found: concerns, those who mended them, and those for whom they are strengths."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.benchmark.evidence import Evidence, pages, where
from ofsted_nlp.analysis.benchmark.subject import SAME
from ofsted_nlp.analysis.comparison import ACTION_LISTS
from ofsted_nlp.analysis.inspections import inspected
from ofsted_nlp.analysis.narrative import counted, day, listed
from ofsted_nlp.authorities import AuthorityEntry
from ofsted_nlp.errors import NotFoundError
from ofsted_nlp.records import Report
from ofsted_nlp.themes import theme as theme_named
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    import pandas

BASES = {
    "wording": "the same matter by its words",
    "thing": "the same matter by its words; the praise names the same thing, perhaps in another respect",
    "cluster": "in the same cluster",
    "theme": "on the same theme",
}
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
    "For each theme of concern of the authority's latest full report (by leading theme, findings with a sure "
    "polarity, items of the action list too): other authorities whose earlier full report raised a concern on it "
    "and whose latest full report has more praise than concern on it. Where the texts are at hand, only those are "
    "named whose earlier concern is on the same matter as one of the authority's own, by likeness and shared words "
    f"(match of at least {SAME}), and whose praise is on that matter too; likeness cannot prove that the same is "
    "meant, so read both passages. Praise that only names the same thing, such as neglect, is marked. Where the "
    "texts are not, sameness is that of the cluster, or only of the theme. Partners stand in this order: "
    "statistical neighbours (Department for Education), the nearest first; then those of whom nothing on the theme "
    "is a concern any more; then the narrower sameness and the better match. A theme can be a strength in one "
    "respect and a concern in another, so the number of concerns left stands beside. That an authority changed is "
    "in the reports; why it did is not."
)


@dataclass(frozen=True)
class Partner:
    """Another authority that had a concern and has it as a strength later.

    Attributes:
        entry: the authority.
        nearness: 1 for the nearest statistical neighbour to 10; None for no neighbour.
        earlier: its concern in an earlier full report that fits best.
        later: the strength in its latest full report that fits best.
        strengths, concerns_left: findings on the theme in the latest report; a mixed one, and an item of the action
            list, counts as a concern left.
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
        partners: those that had it before and are praised for it now, the nearest neighbours first.
        models: those that are praised for it now and have no concern on the theme, neighbours first.
        on_theme: how many others had a concern on the theme before and more praise than concern now, whose passages
            are not on the same matter; they are not named.
    """

    theme: str
    title: str
    clusters: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    partners: tuple[Partner, ...]
    models: tuple[Model, ...]
    on_theme: int = 0

    @property
    def listed(self) -> int:
        """How many of ``evidence`` are items of the action list."""
        return sum(item.finding.section in ACTION_LISTS for item in self.evidence)

    def to_dict(self, shown: int | None = SHOWN) -> dict[str, Any]:
        """Plain data, with the first so many partners and models (None: all) and how many there are."""
        return {
            "theme": self.theme,
            "title": self.title,
            "clusters": list(self.clusters),
            "findings": len(self.evidence) - self.listed,
            "listed": self.listed,
            "pages": pages(self.evidence),
            "evidence": [item.to_dict() for item in self.evidence],
            "on_theme": self.on_theme,
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
            out.append(f"{lesson.title} ({_own(lesson)}): {_partners(lesson)}.")
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


def _own(lesson: Lesson) -> str:
    findings = len(lesson.evidence) - lesson.listed
    parts = [counted(findings, "finding")] if findings else []
    parts += [counted(lesson.listed, "item") + " of the action list"] if lesson.listed else []
    return f"{listed(parts)}, {where(lesson.evidence)}"


def _partners(lesson: Lesson) -> str:
    beside = counted(lesson.on_theme, "other authority", "other authorities")
    had = "had a concern elsewhere on the theme before and more praise than concern on it now"
    if not lesson.partners:
        none = "no other authority was found that had this concern before and is praised for it now"
        return f"{none}; {beside} {had}" if lesson.on_theme else none
    worded = [partner for partner in lesson.partners if partner.basis in ("wording", "thing")]
    parts = []
    if worded:
        many = counted(len(worded), "authority", "authorities")
        verb = "is" if len(worded) == 1 else "are"
        loosely = sum(partner.basis == "thing" for partner in worded)
        some = "" if len(worded) == 1 else "all of them " if loosely == len(worded) else f"{loosely} of them "
        rest = f" ({some}perhaps in another respect of it)" if loosely else ""
        parts.append(
            f"{many} had a concern on the same matter before, by its words, and {verb} praised for it now{rest}"
        )
    if others := [partner for partner in lesson.partners if partner not in worded]:
        many = counted(len(others), "authority", "authorities")
        same = sum(partner.basis == "cluster" for partner in others)
        free = sum(partner.concerns_left == 0 for partner in others)
        parts.append(
            f"{many} had a concern on the theme before ({same} in the same cluster) and more praise than concern on it "
            f"now, {free} of them without a concern left"
        )
    parts += [f"{beside} {had}"] if lesson.on_theme else []
    if near := [partner.entry.display_name for partner in lesson.partners if partner.nearness]:
        more = [f"{len(near) - 3} more"] if len(near) > 3 else []
        are = "are its statistical neighbours" if len(near) > 1 else "is its statistical neighbour"
        parts.append(f"among them {are} {listed([*near[:3], *more])}")
    return "; ".join(parts)
