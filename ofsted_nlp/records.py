"""The nouns of extraction: what a report says, as plain records (findings and figures: statements.py)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ofsted_nlp.documents import Block, BlockKind, Box, Document, Source, TextLine
from ofsted_nlp.errors import UsageError
from ofsted_nlp.listings import FindingList, Findings, Judgements
from ofsted_nlp.statements import (
    SURE,
    Clause,
    Comparison,
    Figure,
    Finding,
    NamedStrength,
    Origin,
    Passage,
    Polarity,
    PracticeStudy,
    Shown,
    Strength,
    bind,
    finding_id,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas
    from PIL.Image import Image

__all__ = [
    "SURE",
    "Authority",
    "Block",
    "BlockKind",
    "Box",
    "Clause",
    "Comparison",
    "Document",
    "Failure",
    "Figure",
    "Finding",
    "Inspection",
    "Judgement",
    "Missing",
    "NamedStrength",
    "Passage",
    "Polarity",
    "PracticeStudy",
    "Recommendation",
    "Report",
    "Source",
    "Strength",
    "TextLine",
    "finding_id",
]

SCHEMA_VERSION = 1


class Missing(StrEnum):
    """Why a value is absent."""

    NOT_PUBLISHED = "not_published"
    """The report prints none."""
    NOT_IN_FRAMEWORK = "not_in_framework"
    """Reports of this framework never have one."""
    NO_DAY = "no_day"
    """The report prints only a month or a year."""
    UNREADABLE = "unreadable"
    """The report should have one and it could not be read."""


@dataclass(frozen=True, slots=True)
class Authority:
    """A local authority: Ofsted's URN, the education department's code, the ONS code, the short name."""

    urn: int
    la_code: int
    gss_code: str
    name: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """When, by whom and on what an inspection was.

    Attributes:
        start, end: first and last day on site.
        published: the date printed in the report (of a letter: its date).
        lead_inspector: name; several joined with " and ".
        previous: end (or only) date of the previous inspection that the report names.
        theme: of a joint targeted inspection, what it looked at.
        next_inspection: what the report says of the next inspection.
        absent: for each absent value its reason.
    """

    start: datetime.date | None = None
    end: datetime.date | None = None
    published: datetime.date | None = None
    lead_inspector: str | None = None
    previous: datetime.date | None = None
    theme: str | None = None
    next_inspection: str | None = None
    absent: Mapping[str, Missing] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement(Shown):
    """A judgement: its code, the grade code, the label and grade as printed, and the page."""

    code: str
    grade: str
    label: str
    page: int
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Recommendation(Shown):
    """An item of an action list.

    Attributes:
        kind: "recommendation", "area_for_improvement" or "priority_action".
        section: whose list: "authority", "lscb" or "partnership".
        number: as printed, or None.
        text: the item with its sub-bullets, joined with "; ".
        page: the page (from 1) on which it starts.
        start, end: span in ``Document.text``.
        responsible: of a SEND item, the bodies named beside it.
        deadline: of an older report, by when ("immediately", "within three months").
        themes: theme codes, the likeliest first.
    """

    kind: str
    section: str
    number: str | None
    text: str
    page: int
    start: int = 0
    end: int = 0
    responsible: str | None = None
    deadline: str | None = None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document could not be read: a code for programs and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Report:
    """Everything extracted from one document. ``status`` is "ok", "partial" (see warnings) or "failed" (see error).

    ``findings_left_out`` says how many findings ``sure`` took away; ``path`` is the file it was read from.
    """

    source: Source
    status: str = "ok"
    error: Failure | None = None
    warnings: tuple[str, ...] = ()
    framework: str = "other"
    authority: Authority | None = None
    inspection: Inspection = field(default_factory=Inspection)
    judgements: tuple[Judgement, ...] = ()
    previous_judgements: tuple[Judgement, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    findings: tuple[Finding, ...] = ()
    figures: tuple[Figure, ...] = ()
    headline_findings: tuple[Passage, ...] = ()
    practice_studies: tuple[PracticeStudy, ...] = ()
    findings_left_out: int = 0
    path: str | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "judgements", Judgements(self.judgements))
        object.__setattr__(self, "findings", Findings(self.findings))
        self._bind()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._bind()

    def _bind(self) -> None:
        """Tell what can be shown in which document it stands; it does not come to hold the report."""
        origin = Origin(self.source, self.path)
        for records in (self.findings, self.recommendations, self.judgements, self.previous_judgements):
            bind(records, origin)

    @property
    def strengths(self) -> list[Finding]:
        """The findings that praise."""
        return FindingList(f for f in self.findings if f.polarity is Polarity.STRENGTH)

    @property
    def concerns(self) -> list[Finding]:
        """The findings that report a weakness."""
        return FindingList(f for f in self.findings if f.polarity is Polarity.CONCERN)

    def sure(self, least_score: float = SURE) -> Report:
        """The report with only the findings whose score is at least ``least_score``.

        How many are missing stands in ``findings_left_out``; docs/model-card.md says what share of the findings each
        score keeps and how many of their polarities are right. Figures are kept, those of missing findings too.

        Raises:
            UsageError: ``least_score`` is not between 0 and 1.
        """
        least_score = checked_score(least_score)
        kept = tuple(finding for finding in self.findings if finding.score >= least_score)
        missing = self.findings_left_out + len(self.findings) - len(kept)
        return replace(self, findings=kept, findings_left_out=missing)

    def grade(self, code: str) -> str | None:
        """The grade of the judgement ``code``, or None if the report does not make it."""
        return next((j.grade for j in self.judgements if j.code == code), None)

    def named_strengths(self) -> list[NamedStrength]:
        """One row for each named service, team, programme or body that is praised, the most often praised first.

        In reports kept by an older version, which knew no things, each printed name is a thing.
        """
        forms: dict[tuple[str, str | None], Counter[str]] = {}
        pages: dict[tuple[str, str | None], dict[str, int]] = {}
        for item in self.findings:
            for form, thing in zip(item.strength.named, item.strength.known(), strict=True) if item.strength else ():
                forms.setdefault(thing, Counter())[form] += 1
                pages.setdefault(thing, {})[item.id] = item.page
        rows = [
            NamedStrength(
                *thing, tuple(form for form, _ in forms[thing].most_common()), tuple(at), tuple(sorted({*at.values()}))
            )
            for thing, at in pages.items()
        ]
        return sorted(rows, key=lambda row: (-len(row.findings), row.name))

    def show(self, finding: Finding, path: str | Path | None = None, resolution: int = 100) -> Image:
        """The picture of the page on which a finding of this report stands, with its sentence marked.

        Args:
            finding: one of ``findings``.
            path: the PDF, or a folder that holds it; None for the file that the report was read from.
            resolution: dots per inch.

        Raises:
            NotFoundError: the PDF is not at hand, or the sentence was read by another version.
        """
        from ofsted_nlp.presentation.evidence import show_finding

        return show_finding(finding, self.source, path or self.path, resolution)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, in the shape of ``ofsted-nlp extract --format jsonl``."""
        values = plain_values(asdict(self))
        del values["path"]
        return {"schema_version": SCHEMA_VERSION, **values}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Report:
        """The report that ``to_dict`` turned into ``data``; keys it does not know are ignored."""
        inspection = dict(_known(Inspection, data.get("inspection") or {}))
        for key in ("start", "end", "published", "previous"):
            if inspection.get(key):
                inspection[key] = datetime.date.fromisoformat(inspection[key])
        inspection["absent"] = {k: Missing(v) for k, v in (inspection.get("absent") or {}).items()}
        findings = []
        for item in data.get("findings") or ():
            values = _known(Finding, item)
            strength = values.get("strength")
            lists = [tuple((strength or {}).get(key) or ()) for key in ("named", "things", "kinds")]
            values["strength"] = strength and Strength(strength["subject"], *lists)
            values["polarity"] = Polarity(values["polarity"])
            values["themes"] = tuple(values.get("themes") or ())
            clauses = [_known(Clause, clause) for clause in values.get("clauses") or ()]
            values["clauses"] = tuple(Clause(**{**c, "polarity": Polarity(c["polarity"])}) for c in clauses)
            findings.append(Finding(**values))
        recommendations = [
            Recommendation(**{**_known(Recommendation, item), "themes": tuple(item.get("themes") or ())})
            for item in data.get("recommendations") or ()
        ]

        def many(kind: Any, key: str) -> tuple[Any, ...]:
            return tuple(kind(**_known(kind, item)) for item in data.get(key) or ())

        figures = []
        for item in data.get("figures") or ():
            values = _known(Figure, item)
            comparison = values.get("comparison")
            values["comparison"] = Comparison(**_known(Comparison, comparison)) if comparison else None
            figures.append(Figure(**values))
        authority, error = data.get("authority"), data.get("error")
        source = dict(_known(Source, data["source"]))
        if source.get("published_on"):
            source["published_on"] = datetime.date.fromisoformat(source["published_on"])
        return cls(
            source=Source(**source),
            status=data.get("status", "ok"),
            error=Failure(**_known(Failure, error)) if error else None,
            warnings=tuple(data.get("warnings") or ()),
            framework=data.get("framework", "other"),
            authority=Authority(**_known(Authority, authority)) if authority else None,
            inspection=Inspection(**inspection),
            judgements=many(Judgement, "judgements"),
            previous_judgements=many(Judgement, "previous_judgements"),
            recommendations=tuple(recommendations),
            findings=tuple(findings),
            figures=tuple(figures),
            headline_findings=many(Passage, "headline_findings"),
            practice_studies=many(PracticeStudy, "practice_studies"),
            findings_left_out=data.get("findings_left_out") or 0,
        )

    def to_dataframe(self) -> pandas.DataFrame:
        """The findings, one a row.

        Columns: id, page, section, polarity, score, sure (whether the score is at least ``SURE``), theme, themes, text;
        of a mixed finding that could be split, strength_clause and concern_clause. ``attrs["findings_left_out"]`` says
        how many are missing for want of a higher score.
        """
        import pandas

        columns = ["id", "page", "section", "polarity", "score", "sure", "theme", "themes", "text"]
        columns += ["strength_clause", "concern_clause"]
        rows = [
            {
                **{key: getattr(f, key) for key in ("id", "page", "section", "score", "sure", "text")},
                "polarity": f.polarity.value,
                "theme": f.themes[0] if f.themes else None,
                "themes": list(f.themes),
                **{f"{clause.polarity}_clause": clause.text for clause in f.clauses},
            }
            for f in self.findings
        ]
        frame = pandas.DataFrame(rows, columns=columns)
        frame.attrs["findings_left_out"] = self.findings_left_out
        return frame

    def __repr__(self) -> str:
        name = self.authority.name if self.authority else "unknown authority"
        when = self.inspection.end or self.inspection.published or "undated"
        missing = f" ({self.findings_left_out} less sure ones left out)" if self.findings_left_out else ""
        return (
            f"<Report {name}, {self.framework}, {when}: {len(self.judgements)} judgements, "
            f"{len(self.recommendations)} recommendations, {len(self.findings)} findings{missing}, {self.status}>"
        )

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import report_tables

        return report_tables(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import report_html

        return report_html(self)


def checked_score(least_score: float) -> float:
    """A least score of findings, as it was given.

    Raises:
        UsageError: it is not between 0 and 1.
    """
    if not 0 <= least_score <= 1:
        raise UsageError(f"A least score is between 0 and 1, not {least_score}.")
    return least_score


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in kind.__dataclass_fields__ if key in data}


def plain_values(value: Any) -> Any:
    """A value as JSON can hold it: lists for tuples, codes for kinds, ISO dates."""
    if isinstance(value, Mapping):
        return {key: plain_values(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_values(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
