"""Quotations of a story: direct ones joined over paragraphs, indirect ones, each with its speaker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ofsted_nlp.extraction.grades import bare_grade
from ofsted_nlp.extraction.press.attribution import (
    BLANK,
    OFSTED,
    THE_REPORT,
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
    "discovered finds heard saw replied responded continued"
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

    def said_in(self, number: int, start: int, end: int) -> tuple[Said, int, int] | None:
        """What is quoted in a stretch of a paragraph for the most part, with the span of it that lies there."""
        best: tuple[Said, int, int] | None = None
        for said in self.said:
            for place, first, last in said.pieces:
                if place != number:
                    continue
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
            if not own and found:
                indirect = _indirect(text, number, start, end, found)
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
        opens = first <= 1 or text[max(0, first - 3) : first - 1].endswith((": ", ":"))
        stops = self.reading.paragraphs[number].text[end - 1 : end] in ",.?!;–—-" or gap.startswith(",")
        return opens and stops and len(gap) < 200 and bool(_SAYS_ONLY.search(gap))

    def _leave(self, number: int, text: str, spans: list[Quoted], last: Said | None) -> None:
        """Remembers at the end of a paragraph what the next one may go on with."""
        self.introduced = None
        self.going_on = None
        self.speaking = last.speaker if last is not None and isinstance(last.speaker, Person) else None
        if text.rstrip().endswith(":"):
            units = [unit for unit in self.reading.units if unit.number == number and unit.found]
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
        for said in self.reading.said:
            named = said.speaker is not None or isinstance(said.source, Person)
            if said.kind == "direct" and not named and number - said.pieces[-1][0] <= 1:
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
    r"admitted)\b"
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


def speaker_fields(speaker: Person | str | None, authority: str | None) -> tuple[str | None, str | None, str | None]:
    """Name, role and organisation of a speaker.

    Args:
        speaker: as in ``Said``.
        authority: formal name of the story's authority, for whom its officers and councillors speak.
    """
    if speaker is None:
        return None, None, None
    if isinstance(speaker, Person):
        return speaker.name, speaker.role, _organisation(speaker, authority)
    if speaker in (OFSTED, THE_REPORT):
        return speaker, None, OFSTED
    bare = re.sub(r"\A(?:a|an|the|one|another|its|their)\s+", "", speaker, flags=re.I)
    other = re.search(r"\b(?:for|from|at|of) (?:the )?([A-Z][\w’'&-]+(?: [A-Z][\w’'&-]+)*)\Z", speaker)
    role = re.search(
        r"\b(?:spokes(?:man|woman|person)|councillor|leader|director|minister|source|official)\b", bare, re.I
    )
    if role is None and bare[:1].isupper() and "’s" not in bare:
        return bare, None, bare
    return bare, role[0].lower() if role else None, other[1] if other else _own(bare, authority)


_THEIRS = re.compile(
    r"\b(?:council|councillor|authority|cabinet|leader|lead member|portfolio|chief executive|director|town hall|"
    r"opposition|mayor|head of|executive member|county hall|social work)\b",
    re.I,
)
_OTHERS = re.compile(
    r"\b(?:of|at|for|from|with|to) (?:the )?((?:[A-Z][\w’'&-]+)(?: (?:of|and|for|the|[A-Z][\w’'&-]+))*)"
)
_THE_STATE = re.compile(r"\b(?:children['’]s minister|education secretary|minister for|secretary of state)\b", re.I)


def _organisation(person: Person, authority: str | None) -> str | None:
    role = person.role or ""
    if person.body:
        return person.body
    if _THE_STATE.search(role):
        return "Department for Education"
    if re.search(r"\b(?:inspector|Ofsted)\b", role):
        return OFSTED
    for found in _OTHERS.finditer(role):
        name = found[1].strip()
        if re.search(
            r"\b(?:Union|Unison|UNISON|Association|Society|Trust|Charity|Foundation|College|University|NSPCC|Barnardo|"
            r"Board|Council|NHS|Police|Party|Institute|Federation|BASW|GMB|Commission)\b",
            name,
        ) or name.isupper():  # fmt: skip
            return name
    return _own(role, authority) if role else (authority if person.councillor else None)


def _own(words: str, authority: str | None) -> str | None:
    return authority if _THEIRS.search(words) else None
