"""Quotations of a story: direct ones joined over paragraphs, indirect ones, each with its speaker."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile

from ofsted_nlp.extraction.grades import bare_grade
from ofsted_nlp.extraction.press.attribution import (
    BLANK,
    Attribution,
    Focus,
    agent_in,
    attributions,
)
from ofsted_nlp.extraction.press.people import Cast, Person, cast_of
from ofsted_nlp.extraction.press.quoted import Quoted, quoted
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.extraction.wordlists import word_set
from ofsted_nlp.stories import Paragraph, ParagraphKind

_INDIRECT = word_set(
    "said says told insisted claimed explained added found warned admitted stated concluded stressed argued "
    "acknowledged conceded noted reported announced confirmed promised pledged believed believes hoped revealed "
    "discovered finds heard saw replied responded continued say notes warns adds states explains claims promises "
    "concludes finding write writes"
)
_GOES_ON = ("continued", "continues", "added", "adds")
_LEAST_INDIRECT = 20
"""Characters that indirect speech has at the least."""


@dataclass(slots=True, eq=False)
class Said:
    """A quotation before it is compared with the report.

    Attributes:
        speaker: as in ``Attribution.speaker``; None if nothing says who.
        kind: "direct" or "indirect".
        pieces: (number of the paragraph in the story, start, end) of each stretch.
        text: the words.
        source: whose words the story was giving when it came, if nothing says who speaks.
    """

    speaker: Person | str | None
    kind: str
    pieces: list[tuple[int, int, int]]
    text: str
    source: Person | str | None = None


@dataclass(slots=True)
class Unit:
    """A sentence of a story, with all the sentences of a quotation in it: paragraph number, span, attributions."""

    number: int
    start: int
    end: int
    found: list[Attribution]


@dataclass(slots=True)
class Reading:
    """A story read for who says what."""

    paragraphs: Sequence[Paragraph]
    outside: list[str]
    cast: Cast
    said: list[Said] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    _placed: dict[int, list[tuple[Said, int, int]]] = field(default_factory=dict)

    def units_in(self, number: int) -> list[Unit]:
        """The sentences of a paragraph."""
        first = bisect_left(self.units, number, key=lambda unit: unit.number)
        return list(takewhile(lambda unit: unit.number == number, islice(self.units, first, None)))

    def said_in(self, number: int, start: int, end: int) -> tuple[Said, int, int] | None:
        """What is quoted in a stretch of a paragraph for the most part, with the span of it that lies there."""
        if not self._placed:
            for said in self.said:
                for place, first, last in said.pieces:
                    self._placed.setdefault(place, []).append((said, first, last))
        best: tuple[Said, int, int] | None = None
        for said, first, last in self._placed.get(number, ()):
            a, b = max(first, start), min(last, end)
            if b - a > (best[2] - best[1] if best else (end - start) * 0.4):
                best = (said, a, b)
        return best


def read_quotes(paragraphs: Sequence[Paragraph], places: Sequence[str] = ()) -> Reading:
    """Reads a story for its quotations.

    Args:
        paragraphs: those of the story.
        places: names that are no people (the authority's).
    """
    heading = ParagraphKind.HEADING
    stretches = [[] if p.kind is heading else [q for q in quoted(p.text) if is_speech(p.text, q)] for p in paragraphs]
    outside = [_blanked(p.text, found) for p, found in zip(paragraphs, stretches, strict=True)]
    reading = Reading(paragraphs, outside, cast_of([p.text for p in paragraphs], outside, places))
    reader = _Reader(reading, stretches)
    for number, paragraph in enumerate(paragraphs):
        if paragraph.kind is heading:
            reader.going_on = None
        else:
            reader.read(number)
    for said in reading.said:
        if said.speaker is None:
            said.speaker = said.source
    return reading


class _Reader:
    """Goes through a story and remembers what is still being said."""

    def __init__(self, reading: Reading, stretches: list[list[Quoted]]) -> None:
        self.reading = reading
        self.stretches = stretches
        self.focus = Focus([])
        self.going_on: Said | None = None
        self.giving: Person | str | None = None
        self.introduced: Person | str | None = None
        self.speaking: Person | None = None
        self.agent: str | None = None

    def read(self, number: int) -> None:
        """Reads one paragraph."""
        text, spans = self.reading.paragraphs[number].text, self.stretches[number]
        last: Said | None = None
        after = range(number + 1, min(number + 3, len(self.stretches)))
        for start, end in _units(text, spans):
            own = [span for span in spans if start <= span.start < end]
            found = attributions(self.reading.outside[number], number, start, end, self.reading.cast, self.focus, after)
            self.reading.units.append(Unit(number, start, end, found))
            if found and found[0].verb in _GOES_ON and not found[0].inverted:
                self._lend(number, found[0].speaker)
            if found and not own:
                self.giving = found[-1].speaker
            self.agent = agent_in(self.reading.outside[number][start:end])
            for span in own:
                last = self._direct(number, span, found, last)
            if found:
                self.giving = found[-1].speaker
            # "The inspectors said it should improve:" opens a list, not a statement.
            listed = text[:end].rstrip().endswith(":") and found and isinstance(found[-1].speaker, str)
            if found and (own or not listed):
                indirect = _beside(text, number, end, found, own) if own else _indirect(text, number, start, end, found)
                if indirect is not None:
                    self.reading.said.append(indirect)
        self._leave(number, text, spans, last)

    def _direct(self, number: int, span: Quoted, found: list[Attribution], last: Said | None) -> Said:
        text = self.reading.paragraphs[number].text
        words, piece = spoken(text, span), (number, span.start, span.end)
        chosen = _nearest(found, span)
        before = self.going_on
        self.going_on = None
        if before is not None and (chosen is None or chosen.pronoun or chosen.speaker is before.speaker):
            return _longer(before, words, piece)
        if last is not None and self._interrupted(number, last, span, chosen):
            return _longer(last, words, piece)
        speaker = chosen.speaker if chosen else None
        if speaker is None and last is not None:
            speaker = last.speaker
        if speaker is None and span.start <= 1:
            speaker = self.introduced or (self.speaking if span.end >= len(text) - 2 else None)
        said = Said(speaker, "direct", [piece], words, source=self.agent or self.giving)
        self.reading.said.append(said)
        return said

    def _interrupted(self, number: int, last: Said, span: Quoted, chosen: Attribution | None) -> bool:
        """Whether a stretch goes on with the one before it, with no more than who says it between them."""
        text = self.reading.outside[number]
        _, first, end = last.pieces[-1]
        if last.pieces[-1][0] != number:
            return False
        gap = text[end + 1 : span.start - 1]
        if not gap.strip():
            return True
        if chosen is not None and chosen.speaker is not last.speaker and chosen.start > span.end:
            return False
        opens = first <= 1 or bool(re.search(r"[:.!?\"”'’]\s*\Z", text[: first - 1].rstrip(BLANK)))
        stops = self.reading.paragraphs[number].text[end - 1 : end] in ",.?!;–—-" or gap.startswith(",")
        return opens and stops and len(gap) < 200 and bool(_SAYS_ONLY.search(gap))

    def _leave(self, number: int, text: str, spans: list[Quoted], last: Said | None) -> None:
        """Remembers at the end of a paragraph what the next one may go on with."""
        self.introduced = None
        self.going_on = None
        self.speaking = last.speaker if last is not None and isinstance(last.speaker, Person) else None
        if text.rstrip().endswith(":"):
            units = [unit for unit in self.reading.units_in(number) if unit.found]
            people = self.focus.people
            self.introduced = units[-1].found[-1].speaker if units else people[-1] if people else None
        if last is None or not spans or number + 1 >= len(self.stretches):
            return
        following = self.stretches[number + 1]
        if not following or following[0].start > 1:
            return
        to_the_end = spans[-1].end >= len(text) - 2
        rest = self.reading.outside[number + 1].strip(f"{BLANK}\"“”'‘’ .,")
        if not spans[-1].closed or (to_the_end and not rest):
            self.going_on = last

    def _lend(self, number: int, speaker: Person | str) -> None:
        """Gives its speaker to what was quoted just before "the report continued"."""
        for said in reversed(self.reading.said):
            if number - said.pieces[-1][0] > 1:
                break
            named = said.speaker is not None or isinstance(said.source, Person)
            if said.kind == "direct" and not named:
                said.speaker = speaker


def _longer(said: Said, words: str, piece: tuple[int, int, int]) -> Said:
    # The comma before "she said" stands for the full stop of the sentence that ends there.
    ended = said.text
    if words[:1].isupper() and (ended.endswith(",") or ended[-1:].isalnum()):
        ended = ended.rstrip(",") + "."
    said.pieces.append(piece)
    said.text = f"{ended} {words}"
    return said


_SAYS_ONLY = re.compile(
    r"\A,?\s*(?:\S+ ){0,24}?(?:said|says|added|adds|continued|explained|insisted|told|replied|warned|claimed|"
    r"admitted|wrote|writes?|say|notes?|noted|reads?|recalled|commented|concluded|stated|observed|argued)\b"
    r"[^.!?]*[.,:–—-]\s*\Z"
)
"""What stands between two stretches of one quotation: who says it, and no more."""
_CALLED = re.compile(r"\b(?:called|calling|described|describing|branded|branding|labelled)\b[^.;\"“”]*\Z", re.I)


def is_speech(text: str, span: Quoted) -> bool:
    """Whether a quoted stretch is something said: not a grade, a single word, or a name in quotation marks."""
    words = re.findall(r"[\w’'-]+", text[span.start : span.end])
    if not words or bare_grade(text[span.start : span.end]):
        return False
    if len(words) == 1:
        return bool(_CALLED.search(text[max(0, span.start - 60) : span.start - 1]))
    capitals = [word for word in words if len(word) > 3]
    named = capitals and all(word[0].isupper() for word in capitals) and text[span.end - 1] not in ".,!?"
    return not (named and len(words) <= 6)


def spoken(text: str, span: Quoted) -> str:
    """The words of a quoted stretch, without a mark that opens it anew inside."""
    words = text[span.start : span.end].strip()
    return re.sub(r"(?<=\s)[\"“](?=\w)", "", words)


def _blanked(text: str, spans: list[Quoted]) -> str:
    for span in spans:
        text = text[: span.start] + BLANK * (span.end - span.start) + text[span.end :]
    return text


def _units(text: str, spans: list[Quoted]) -> list[tuple[int, int]]:
    """The sentences of a paragraph, those of one quotation together with the words around it."""
    made: list[tuple[int, int]] = []
    for start, end in split(text):
        inside = any(span.start < start <= span.end for span in spans)
        attached = (
            made and re.match(r"[\"“”'’]?,?\s*[a-z]", text[start - 1 : start + 3].lstrip()) and text[start].islower()
        )
        if made and (inside or attached):
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def _nearest(found: list[Attribution], span: Quoted) -> Attribution | None:
    """The attribution of a quoted stretch: right after it, else the last before it, else any of its sentence."""
    after = [a for a in found if a.start >= span.end]
    if after and after[0].start - span.end < 70 and after[0].inverted:
        return after[0]
    before = [a for a in found if a.end <= span.start]
    if after and after[0].start - span.end < 40 and not (before and span.start - before[-1].end < 4):
        return after[0]
    if before:
        return before[-1]
    return after[0] if after else None


def _indirect(text: str, number: int, start: int, end: int, found: list[Attribution]) -> Said | None:
    """What a sentence without quotation marks reports as said, if it does."""
    for index, item in enumerate(found):
        if item.verb not in _INDIRECT and item.verb != "according to":
            continue
        lead = text[start : item.start]
        comma = text.find(",", item.end, end)
        between = _BETWEEN.search(lead)
        if between and re.match(r", (?:and|but|while)\b", text[item.end : end]) and index == 0:
            # "..., they found, and ..."
            words = re.sub(r"\A(?:and|but)\s+", "", lead[: between.start()], flags=re.I)
            first = start + between.start() - len(words)
            rest = text[item.end : end].rstrip(" .")
            if len(words) >= _LEAST_INDIRECT:
                pieces = [(number, first, first + len(words)), (number, item.end, item.end + len(rest))]
                return Said(item.speaker, "indirect", pieces, words + rest)
        if item.verb == "according to" and item.start == start and comma > 0:
            first, last = comma + 1, end
        elif item.verb == "according to" or item.inverted:
            first, last = start, item.start
        elif re.match(r"[.,]?\s*\Z", text[item.end : end]):
            # "..., an Ofsted inspection has found."
            first, last = start, start + max(lead.rfind(","), 0)
        else:
            first, last = item.end, end
            if item.verb == "told":
                told = re.match(r"\s+(?:[\w’'-]+\s+){1,6}?that\b", text[first:last])
                if told is None:
                    continue
                first += told.end()
        words = text[first:last]
        words = re.sub(r"\A[\s,:]*(?:that\b[\s,]*)?", "", words)
        first = last - len(words)
        words = re.sub(r"[\s,.:;–—-]+\Z", "", words)
        if len(words) < _LEAST_INDIRECT or (index == 0 and re.match(r"(?:to|by|with|for|about)\b", words)):
            continue
        return Said(item.speaker, "indirect", [(number, first, first + len(words))], words)
    return None


def _beside(text: str, number: int, end: int, found: list[Attribution], own: list[Quoted]) -> Said | None:
    """What a sentence reports as said beside what it quotes: before ", adding:" or after the last quotation."""
    for item in found:
        if item.verb not in _INDIRECT or item.inverted:
            continue
        following = next((span for span in own if span.start > item.end), None)
        words = text[item.end : following.start - 1 if following else end]
        told = re.match(r"\s+(?:that\s+)?", words)
        if following is not None:
            tail = re.search(r",? (?:and )?(?:adding|added|and (?:she|he|they) added):\s*\Z", words)
            if tail is None:
                continue
            words = words[: tail.start()]
        elif not re.match(r"\s+that\b", words):
            continue
        lead = told.end() if told else 0
        first = item.end + lead
        words = re.sub(r"[\s,.:;–—-]+\Z", "", words[lead:])
        if len(words) >= _LEAST_INDIRECT:
            return Said(item.speaker, "indirect", [(number, first, first + len(words))], words)
    return None


_BETWEEN = re.compile(r", (?:\S+ ){1,4}\Z")
"""The subject of a verb of saying that stands between two halves of what is said."""
