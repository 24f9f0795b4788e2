"""The nouns of extraction: what a report says, as plain records (documents.py holds those of reading)."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ofsted_nlp.documents import Block, BlockKind, Box, Document, Source, TextLine

if TYPE_CHECKING:
    import pandas

__all__ = [
    "Authority",
    "Block",
    "BlockKind",
    "Box",
    "Document",
    "Failure",
    "Figure",
    "Finding",
    "Inspection",
    "Judgement",
    "Missing",
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


class Polarity(StrEnum):
    """What a sentence says of the service (definitions: themes.toml)."""

    STRENGTH = "strength"
    CONCERN = "concern"
    MIXED = "mixed"
    NEUTRAL = "neutral"


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
class Judgement:
    """A judgement: its code, the grade code, the label and grade as printed, and the page."""

    code: str
    grade: str
    label: str
    page: int
    printed: str = ""


@dataclass(frozen=True, slots=True)
class Recommendation:
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
class Strength:
    """What is praised, and the named services, teams, programmes and bodies in it."""

    subject: str
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence of the findings sections.

    Attributes:
        id: stable identity: made of the document's hash and the sentence.
        page: page (from 1) on which it starts.
        section: code of the section (see frameworks.py).
        text: the sentence.
        polarity: what it says of the service.
        score: probability of that polarity, 0 to 1.
        themes: theme codes, the likeliest first; empty for no theme.
        start, end: span in ``Document.text``.
        strength: for a strength, what is praised.
        cluster: the cluster it belongs to, if clustered.
    """

    id: str
    page: int
    section: str
    text: str
    polarity: Polarity
    score: float
    themes: tuple[str, ...] = ()
    start: int = 0
    end: int = 0
    strength: Strength | None = None
    cluster: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number printed in the report with what it counts."""

    text: str
    value: float
    unit: str
    page: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text with its page: a headline finding, or what is said of the next inspection."""

    text: str
    page: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PracticeStudy:
    """A boxed practice or case study of a joint inspection letter; ``kind`` is "strength" or "improvement"."""

    title: str
    kind: str
    text: str
    page: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a document could not be read: a code for programs and a sentence for people."""

    code: str
    message: str


@dataclass(frozen=True)
class Report:
    """Everything extracted from one document. ``status`` is "ok", "partial" (see warnings) or "failed" (see error)."""

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

    @property
    def strengths(self) -> list[Finding]:
        """The findings that praise."""
        return [f for f in self.findings if f.polarity is Polarity.STRENGTH]

    @property
    def concerns(self) -> list[Finding]:
        """The findings that report a weakness."""
        return [f for f in self.findings if f.polarity is Polarity.CONCERN]

    def grade(self, code: str) -> str | None:
        """The grade of the judgement ``code``, or None if the report does not make it."""
        return next((j.grade for j in self.judgements if j.code == code), None)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain data, in the shape of ``ofsted-nlp extract --format jsonl``."""
        return {"schema_version": SCHEMA_VERSION, **_plain(asdict(self))}

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
            values["strength"] = strength and Strength(strength["subject"], tuple(strength["named"]))
            values["polarity"] = Polarity(values["polarity"])
            values["themes"] = tuple(values.get("themes") or ())
            findings.append(Finding(**values))
        recommendations = [
            Recommendation(**{**_known(Recommendation, item), "themes": tuple(item.get("themes") or ())})
            for item in data.get("recommendations") or ()
        ]

        def many(kind: Any, key: str) -> tuple[Any, ...]:
            return tuple(kind(**_known(kind, item)) for item in data.get(key) or ())

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
            figures=many(Figure, "figures"),
            headline_findings=many(Passage, "headline_findings"),
            practice_studies=many(PracticeStudy, "practice_studies"),
        )

    def to_dataframe(self) -> pandas.DataFrame:
        """The findings, one a row: id, page, section, polarity, score, theme, themes, text."""
        import pandas

        columns = ["id", "page", "section", "polarity", "score", "theme", "themes", "text"]
        rows = [
            {
                **{key: getattr(f, key) for key in ("id", "page", "section", "score", "text")},
                "polarity": f.polarity.value,
                "theme": f.themes[0] if f.themes else None,
                "themes": list(f.themes),
            }
            for f in self.findings
        ]
        return pandas.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        name = self.authority.name if self.authority else "unknown authority"
        when = self.inspection.end or self.inspection.published or "undated"
        return (
            f"<Report {name}, {self.framework}, {when}: {len(self.judgements)} judgements, "
            f"{len(self.recommendations)} recommendations, {len(self.findings)} findings, {self.status}>"
        )

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import report_html

        return report_html(self)


def finding_id(sha256: str, text: str, occurrence: int = 0) -> str:
    """A stable 16-character identity of a sentence of a document, whatever the reader's version."""
    words = re.sub(r"\W+", " ", text.lower()).strip()
    return hashlib.sha256(f"{sha256}\n{words}\n{occurrence}".encode()).hexdigest()[:16]


def _known(kind: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in kind.__dataclass_fields__ if key in data}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value
