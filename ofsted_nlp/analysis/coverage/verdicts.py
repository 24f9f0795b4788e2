"""What a verdict is: how something that a story reports stands to the report."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.records import plain_values
from ofsted_nlp.stories import Page


class Verdict(StrEnum):
    """How something that a story reports stands to the report (docs/coverage.md)."""

    IN_REPORT = "in the report"
    OTHER_VALUE = "in the report with another value"
    DROPS_QUALIFIER = "the story drops a qualifier"
    ADDS_QUALIFIER = "the story adds a qualifier"
    NOT_IN_REPORT = "not in the report"
    OWN_WORDS = "the speaker's own words"
    NOT_COMPARED = "not compared"


NO_REPORT = "the report is not known"
NO_TEXT = "the report's text is not at hand"


@dataclass(frozen=True, slots=True)
class Checked:
    """Something that a story reports, and what the report says of it.

    Attributes:
        kind: "judgement", "recommendation", "figure" or "quotation".
        words: as the story has it.
        verdict: how it stands to the report.
        theirs: whether the story gives it as the inspectorate's; what is not is no error if the report lacks it.
        speaker: who says it, of a quotation.
        why: a plain sentence on the verdict, or "".
        page: the page of the report.
        number: the report's number of a recommendation, or its place in the list.
        finding: id of the report's finding.
        report_words: the report's words; those nearest to it where the verdict says that it is not there.
        story_value, report_value: grade or number in both.
        qualifier: the words that one has and the other has not.
        likeness: how alike both are, 0 to 1; None where that was not measured.
        start, end: span in ``Page.text`` of the story's page.
        about: code of a judgement.
    """

    kind: str
    words: str
    verdict: Verdict
    theirs: bool = True
    speaker: str | None = None
    why: str = ""
    page: int | None = None
    number: str | None = None
    finding: str | None = None
    report_words: str | None = None
    story_value: str | None = None
    report_value: str | None = None
    qualifier: str | None = None
    likeness: float | None = None
    start: int = 0
    end: int = 0
    about: str | None = None

    @property
    def wrong(self) -> bool:
        """Whether the story errs: it gives as the inspectorate's what the report does not say, or another value.

        Another value counts as the story's own error too, unless a person gives it.
        """
        if self.verdict is Verdict.OTHER_VALUE:
            return self.theirs or self.speaker is None
        return self.theirs and self.verdict is Verdict.NOT_IN_REPORT

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return plain_values(asdict(self))


def around(page: Page, start: int, end: int) -> str:
    """The sentences of a page's text in which a stretch stands."""
    for paragraph in page.paragraphs:
        if paragraph.start <= start < paragraph.end:
            found = [
                paragraph.text[a:b]
                for a, b in split(paragraph.text)
                if a + paragraph.start < end and start < b + paragraph.start
            ]
            return " ".join(found)
    return ""
