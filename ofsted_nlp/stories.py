"""The nouns of press coverage: an article page as read, and what each story on it says of an inspection."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from ofsted_nlp.plain_data import from_plain
from ofsted_nlp.records import plain_values

SCHEMA_VERSION = 1
"""Version of the shape that ``Article.to_dict`` and ``Article.to_dicts`` write."""


class ParagraphKind(StrEnum):
    """What a paragraph of an article page is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    BULLET = "bullet"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, heading or list item of a page.

    Attributes:
        index: its place on the page, from 0, in reading order.
        kind: what it is.
        text: its text, white space squeezed.
        start, end: its character span in ``Page.text``.
        part: number of the page's article element in which it stands, from 0; 0 where there is only one.
    """

    index: int
    kind: ParagraphKind
    text: str
    start: int
    end: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Excluded:
    """A piece of the page that is no coverage.

    Attributes:
        why: "reader comment", "teaser", "caption", "newsletter", "advertisement", "notice" or "wall".
        text: its text.
        part: number of the article element in which it stands, or that it follows.
        after: index of the paragraph that it follows, -1 before the first.
    """

    why: str
    text: str
    part: int = 0
    after: int = -1


@dataclass(frozen=True)
class Page:
    """An article page as read: its paragraphs in order, one text into which all spans point, and its metadata.

    Attributes:
        file: name of the file.
        sha256: hash of its bytes.
        text: the paragraphs' texts, one a line.
        paragraphs: headings, paragraphs and list items.
        excluded: what was kept apart, in the order of the page.
        url, title, site, byline: as the page itself says; None where it does not.
        published: the day on which the page says it was published.
        titles: title of each article element, if the page holds several.
        partial: whether only the public part of an article behind a wall could be read.
        warnings: plain sentences.
    """

    file: str
    sha256: str
    text: str
    paragraphs: tuple[Paragraph, ...]
    excluded: tuple[Excluded, ...] = ()
    url: str | None = None
    title: str | None = None
    site: str | None = None
    byline: str | None = None
    published: datetime.date | None = None
    titles: tuple[str | None, ...] = ()
    partial: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A piece of a story's text: a strength, a concern or a planned action.

    Attributes:
        text: the words as printed.
        paragraph: index of its paragraph.
        start, end: span in ``Page.text``.
        themes: theme codes, the likeliest first.
    """

    text: str
    paragraph: int
    start: int
    end: int
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedJudgement:
    """A grade that a story gives.

    Attributes:
        about: judgement code, as in reports ("overall_effectiveness", "adoption").
        grade: grade code.
        quote: the words that give it.
        agrees_with_report: whether the report gives the same grade; None where no report is known.
        report_grade: the report's grade for it, if known.
        paragraph, start, end: where the words stand.
    """

    about: str
    grade: str
    quote: str
    agrees_with_report: bool | None = None
    report_grade: str | None = None
    paragraph: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that a story reports as said or written by someone.

    Attributes:
        speaker: name as fullest printed; "Ofsted" or "the report" for the inspectorate; None if it is not said.
        role: the speaker's role, as printed.
        organisation: for whom the speaker speaks.
        text: the words, joined over paragraphs, without quotation marks.
        kind: "direct" (between quotation marks) or "indirect".
        in_report: whether the report says this; None where its text is not at hand.
        paragraph: index of the paragraph in which it starts.
        start, end: span in ``Page.text``, from its first to its last word.
    """

    speaker: str | None
    role: str | None
    organisation: str | None
    text: str
    kind: str
    in_report: bool | None = None
    paragraph: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReportedRecommendation:
    """A recommendation that a story reports.

    Attributes:
        text: as the story words it.
        report_number: the report's number of it; its place in the list where the report prints no numbers; None
            where it matches none or no report is at hand.
        similarity: how alike both are, 0 to 1.
        paragraph, start, end: where it stands.
    """

    text: str
    report_number: int | None = None
    similarity: float | None = None
    paragraph: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure that a story prints.

    Attributes:
        text: the number with what it counts.
        value: the number; shares in words as percentages, money in the printed multiple ("£1.6m" is 1.6).
        unit: "%", "£", "£m", or the noun counted.
        about: what is counted and what is said of it, or None.
        comparison: ``{"value", "of"}``: the value it is set against and what that is; None without one.
        in_report: whether the report prints it; None where its text is not at hand.
        paragraph, start, end: where it stands.
    """

    text: str
    value: float
    unit: str
    about: str | None = None
    comparison: dict[str, Any] | None = None
    in_report: bool | None = None
    paragraph: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class CoveredReport:
    """The report that a story is about.

    Attributes:
        sha256: of its PDF, or None.
        published: when it came out.
        file: its file name.
        grade: overall grade that it gives.
        text_at_hand: whether its text was there to compare the story with.
    """

    sha256: str | None
    published: datetime.date | None
    file: str | None = None
    grade: str | None = None
    text_at_hand: bool = False


@dataclass(frozen=True)
class Story:
    """What one story says of an inspection; the fields of ``ofsted-nlp press`` (docs/press.md).

    Attributes:
        number: its place on the page, from 1.
        title: its headline, if the page prints one.
        authority: name of the authority, or None.
        urn: Ofsted's number of the authority, if it is in the register.
        report: the report it covers, or None.
        recommendation_count_claimed: how many recommendations it says the report makes.
        tone: "critical", "balanced" or "favourable".
        paragraphs: index of its first paragraph and one past its last.
    """

    number: int
    title: str | None
    authority: str | None
    urn: int | None = None
    report: CoveredReport | None = None
    judgements: tuple[ReportedJudgement, ...] = ()
    quotes: tuple[Quote, ...] = ()
    recommendations: tuple[ReportedRecommendation, ...] = ()
    recommendation_count_claimed: int | None = None
    figures: tuple[ReportedFigure, ...] = ()
    strengths: tuple[Claim, ...] = ()
    concerns: tuple[Claim, ...] = ()
    planned_actions: tuple[Claim, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    tone: str = "balanced"
    paragraphs: tuple[int, int] = (0, 0)

    @property
    def grade(self) -> str | None:
        """The overall grade that the story gives, or the outcome of a SEND inspection; None if it gives none."""
        made = {item.about: item.grade for item in reversed(self.judgements)}
        return made.get("overall_effectiveness") or made.get("outcome")

    def __repr__(self) -> str:
        report = f"report of {self.report.published or 'unknown date'}" if self.report else "report not known"
        return (
            f"<Story {self.number} {self.authority or 'unknown authority'}, {report}: "
            f"{len(self.judgements)} judgements, {len(self.quotes)} quotations, "
            f"{len(self.recommendations)} recommendations, {len(self.figures)} figures, {self.tone}>"
        )

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import story_html

        return story_html(self)


@dataclass(frozen=True)
class Article:
    """An article page with the stories on it.

    Attributes:
        page: the page as read.
        stories: at least one.
        warnings: plain sentences: what could not be compared, what is partial.
    """

    page: Page
    stories: tuple[Story, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str | None:
        """The page's title."""
        return self.page.title

    @property
    def published(self) -> datetime.date | None:
        """The day on which the page says it was published."""
        return self.page.published

    @property
    def quotes(self) -> list[Quote]:
        """The quotations of all stories."""
        return [quote for story in self.stories for quote in story.quotes]

    def __iter__(self) -> Iterator[Story]:
        return iter(self.stories)

    def __len__(self) -> int:
        return len(self.stories)

    def to_dict(self) -> dict[str, Any]:
        """The whole article as plain data, page and spans included; ``from_dict`` makes the same article of it."""
        return {"schema_version": SCHEMA_VERSION, **plain_values(asdict(self))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Article:
        """The article that ``to_dict`` turned into ``data``; keys it does not know are ignored."""
        return from_plain(cls, data)

    def to_dicts(self) -> list[dict[str, Any]]:
        """One object a story, in the shape of ``ofsted-nlp press --format jsonl``."""
        page = self.page
        rows = []
        for story in self.stories:
            first, last = story.paragraphs
            report = story.report
            rows.append(
                {
                    "schema_version": SCHEMA_VERSION,
                    "source": {"file": page.file, "sha256": page.sha256, "url": page.url},
                    "status": "partial" if page.partial else "ok",
                    "story": story.number,
                    "title": story.title,
                    "published": plain_values(page.published),
                    "site": page.site,
                    "byline": page.byline,
                    "authority": story.authority,
                    "urn": story.urn,
                    "report": plain_values(asdict(report)) if report else None,
                    **{
                        key: plain_values([asdict(item) for item in getattr(story, key)])
                        for key in ("judgements", "quotes", "recommendations", "figures")
                    },
                    "recommendation_count_claimed": story.recommendation_count_claimed,
                    **{
                        key: [claim.text for claim in getattr(story, key)]
                        for key in ("strengths", "concerns", "planned_actions")
                    },
                    "excluded": [{"why": item.why, "text": item.text} for item in story.excluded],
                    "tone": story.tone,
                    "paragraphs": [asdict(p) for p in page.paragraphs[first:last]],
                    "warnings": [*page.warnings, *self.warnings],
                }
            )
        return rows

    def __repr__(self) -> str:
        name = next((story.authority for story in self.stories if story.authority), None) or "unknown authority"
        count = f"{len(self.stories)} {'story' if len(self.stories) == 1 else 'stories'}"
        return f"<Article {name}, {self.page.published or 'undated'}: {count}, {len(self.quotes)} quotations>"

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import article_html

        return article_html(self)
