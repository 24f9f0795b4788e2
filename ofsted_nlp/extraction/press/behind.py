"""The report behind a story: its grades, its action list and its words, as far as they are at hand."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from ofsted_nlp.extraction.figures.printed import printed_figures
from ofsted_nlp.extraction.press.wording import held, plain_words, weights
from ofsted_nlp.extraction.sentences import split

_ALIKE = 90
"""Similarity (0 to 100) from which a quotation's words count as the report's."""
_IN_SUBSTANCE = 0.6
"""Share of its weight from which indirect speech counts as held by a stretch of the report."""
_BARE = re.compile(r"(?<![\w£.,])\d{1,3}(?:,\d{3})*(?![\w%]|[.,]\d)")
_SMALL = 10
"""Numbers below this are small."""
_FEW_WORDS = 6
"""Quotations with fewer words must stand in the report word for word."""


class ListedAction(NamedTuple):
    """An item of the report's action list: its number (or place in the list), text and whose list it is in."""

    number: int
    text: str
    section: str = "authority"


@dataclass(eq=False)
class Behind:
    """A report that a story may cover.

    Attributes:
        sha256: of its PDF.
        published: when it came out.
        file: name of the PDF.
        framework: its code.
        grades: by judgement code.
        actions: its action list; empty where its text is not at hand.
        text: its text, one block a line; "" where it is not at hand.
        counted: number of its recommendations, known without the text; None if it is not.
    """

    sha256: str | None
    published: datetime.date | None
    file: str | None = None
    framework: str = "other"
    grades: Mapping[str, str] = field(default_factory=dict)
    actions: Sequence[ListedAction] = ()
    text: str = ""
    counted: int | None = None

    @cached_property
    def _plain(self) -> str:
        return f" {plain_words(self.text)} "

    @cached_property
    def sentences(self) -> list[str]:
        """The sentences of the text."""
        return [line[a:b] for line in self.text.split("\n") for a, b in split(line)]

    @cached_property
    def _weights(self) -> dict[str, float]:
        return weights(self.sentences)

    @cached_property
    def _figures(self) -> list[tuple[float, str, str]]:
        """Value, unit and sentence of every number of the report."""
        found = []
        for sentence in self.sentences:
            figures = printed_figures(sentence, True)
            found += [(figure.value, figure.unit, sentence) for figure in figures]
            plain = [m for m in _BARE.finditer(sentence) if not any(f.start <= m.start() < f.end for f in figures)]
            found += [(float(m[0].replace(",", "")), "", sentence) for m in plain]
        return found

    def has_words(self, words: str) -> bool:
        """Whether the report has these words, give or take a few letters."""
        from rapidfuzz import fuzz

        wanted = plain_words(words)
        if not wanted:
            return False
        if f" {wanted} " in self._plain:
            return True
        return len(wanted.split()) >= _FEW_WORDS and fuzz.partial_ratio(wanted, self._plain) >= _ALIKE

    def has_substance(self, words: str) -> bool:
        """Whether a sentence of the report, or two that follow each other, say this in other words."""
        if self.has_words(words):
            return True
        pairs = [f"{a} {b}" for a, b in zip(self.sentences, [*self.sentences[1:], ""], strict=True)]
        return any(held(words, pair, self._weights) >= _IN_SUBSTANCE for pair in pairs)

    def has_figure(self, value: float, unit: str, sentence: str, share: bool) -> bool:
        """Whether the report prints this number of something that is called alike.

        Args:
            value: the number; of a share, the percentage.
            unit: "%", "£" or the noun counted.
            sentence: where the story prints it.
            share: whether it was printed as a share in words, which rounds.
        """
        for printed, counted, there in self._figures:
            own = printed * 100 if counted == "share" else printed
            percent = counted in ("%", "share")
            if percent != (unit == "%") or (counted == "£") != unit.startswith("£"):
                continue
            if abs(own - value) > (0.02 * value if share and percent else 1e-6):
                continue
            # Small numbers stand everywhere: what they count must be the same.
            named = held("" if unit in ("%", "£") else unit, there, self._weights)
            if named >= (0.9 if value < _SMALL else 0.5) or held(sentence, there, self._weights) >= (
                0.5 if value < _SMALL else 0.3
            ):
                return True
        return False
