"""Sentences of the findings sections -> findings with page, section, polarity and themes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ofsted_nlp.extraction.classify import Classified, classify
from ofsted_nlp.extraction.clauses import clauses_of
from ofsted_nlp.extraction.places import Place, place_in
from ofsted_nlp.extraction.sections import Section, finding_blocks
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.extraction.strengths import strengths_of
from ofsted_nlp.records import (
    BlockKind,
    Clause,
    Document,
    Finding,
    Polarity,
    Recommendation,
    Strength,
    finding_id,
)

_WORD = re.compile(r"[^\W\d_]{2,}")
_LETTER_PARTS = re.compile(r"^(?:dear|yours (?:sincerely|faithfully)|cc:?)\b", re.I)
_FEWEST_WORDS = 3
_LISTED_SCORE = 0.9
"""Given to items of action lists that the classifier by itself would not call concerns."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a findings section before it is classified."""

    text: str
    start: int
    end: int
    page: int
    section: str
    before: str
    listed: bool = False


def sentences(parts: list[Section]) -> list[Sentence]:
    """The sentences of the findings sections, each with the one before it in the same section."""
    found: list[Sentence] = []
    stem = before = section = ""
    for part, block in finding_blocks(parts):
        if part.code != section:
            section, before, stem = part.code, "", ""
        spans = split(block.text)
        for start, end in spans:
            text = block.text[start:end]
            if len(_WORD.findall(text)) < _FEWEST_WORDS or _LETTER_PARTS.match(text):
                continue
            at = block.start + start
            # What stands under "The partnership should:" is read with it, not with its neighbour.
            context = stem if block.kind is BlockKind.BULLET and block.level > 1 and stem else before
            listed = bool(part.actions) and part.part != "partnership" and block.kind is not BlockKind.PARAGRAPH
            found.append(Sentence(text, at, block.start + end, block.page_at(at), section, context, listed))
            before = text
        if block.text.rstrip().endswith(":"):
            stem = block.text[spans[-1][0] :] if spans else ""
        elif block.kind is not BlockKind.BULLET or block.level <= 1:
            stem = ""
    return found


def row_sentences(document: Document, items: list[Recommendation]) -> list[Sentence]:
    """The sentences of action lists that are set as tables."""
    found = []
    for item in items:
        text = document.text[item.start : item.end]
        block = document.block_at(item.start)
        section = "priority_action" if item.kind == "priority_action" else "areas_for_improvement"
        offset = 0
        for line in re.split(r"[\t\n]", text):
            for start, end in split(line):
                if len(_WORD.findall(line[start:end])) >= _FEWEST_WORDS and line[start:end] != item.responsible:
                    at = item.start + offset + start
                    page = block.page_at(at) if at < block.end else document.block_at(at).page_at(at)
                    found.append(
                        Sentence(line[start:end], at, item.start + offset + end, page, section, "", listed=True)
                    )
            offset += len(line) + 1
    return found


def all_sentences(document: Document, parts: list[Section], rows: list[Recommendation] | None = None) -> list[Sentence]:
    """The sentences of the findings sections and of action lists set as tables, in the order they stand.

    Args:
        document: the document.
        parts: its sections.
        rows: action lists that are set as tables, whose rows no section holds as text.
    """
    found = sentences(parts)
    if rows:
        # Lists in boxes are both text of a section and rows: what is there already is not taken again.
        there = [(sentence.start, sentence.end) for sentence in found]
        new = [s for s in row_sentences(document, rows) if not any(a < s.end and s.start < b for a, b in there)]
        found = sorted([*found, *new], key=lambda s: s.start)
    return found


def findings(
    document: Document,
    parts: list[Section],
    rows: list[Recommendation] | None = None,
    strengths: bool = True,
    grades: Mapping[str, str] | None = None,
) -> tuple[Finding, ...]:
    """Every sentence of the findings sections as a finding.

    Args:
        document: the document.
        parts: its sections.
        rows: action lists that are set as tables, whose rows no section holds as text.
        strengths: whether to read from each strength, and from the strength in each mixed sentence, what it praises; a
            third of the time goes into that.
        grades: the report's grades by judgement code; the grade of its section helps to read an unclear sentence.
    """
    found = all_sentences(document, parts, rows)
    places = [place_in(s.section, grades or {}) for s in found]
    labels = classify([s.text for s in found], [s.before for s in found], places, stretches(found))
    polarities = [_polarity(sentence, label) for sentence, label in zip(found, labels, strict=True)]
    halves = _halves(found, places, [polarity for polarity, _ in polarities])
    praised = _praised(found, [polarity for polarity, _ in polarities], halves) if strengths else {}
    seen: Counter[str] = Counter()
    out = []
    for index, (sentence, label) in enumerate(zip(found, labels, strict=True)):
        key = finding_id(document.source.sha256, sentence.text)
        polarity, score = polarities[index]
        out.append(
            Finding(
                id=finding_id(document.source.sha256, sentence.text, seen[key]),
                page=sentence.page,
                section=sentence.section,
                text=sentence.text,
                polarity=Polarity(polarity),
                score=round(score, 4),
                themes=label.themes,
                start=sentence.start,
                end=sentence.end,
                strength=praised.get(index),
                clauses=halves.get(index, ()),
            )
        )
        seen[key] += 1
    return tuple(out)


def _halves(found: list[Sentence], places: list[Place], polarities: list[str]) -> dict[int, tuple[Clause, ...]]:
    """The clauses of each mixed sentence, by its number, with their spans in the document."""
    mixed = [index for index, polarity in enumerate(polarities) if polarity == Polarity.MIXED]
    split = clauses_of([found[k].text for k in mixed], [found[k].before for k in mixed], [places[k] for k in mixed])
    return {
        index: tuple(replace(c, start=found[index].start + c.start, end=found[index].start + c.end) for c in clauses)
        for index, clauses in zip(mixed, split, strict=True)
    }


def _praised(
    found: list[Sentence], polarities: list[str], halves: Mapping[int, tuple[Clause, ...]]
) -> dict[int, Strength]:
    """What each strength praises, and each mixed sentence in its clause of praise, by the sentence's number."""
    praise = {index: found[index].text for index, polarity in enumerate(polarities) if polarity == Polarity.STRENGTH}
    praise |= {index: c.text for index, clauses in halves.items() for c in clauses if c.polarity is Polarity.STRENGTH}
    return dict(zip(praise, strengths_of(list(praise.values())), strict=True))


def stretches(found: list[Sentence]) -> list[int]:
    """A number for each sentence, the same for those that follow one another in one section."""
    numbers, number = [], 0
    for sentence, last in zip(found, [None, *found], strict=False):
        number += last is not None and sentence.section != last.section
        numbers.append(number)
    return numbers


def _polarity(sentence: Sentence, label: Classified) -> tuple[str, float]:
    """Polarity and score of a sentence: an item of an action list says what must be done better, so is a concern."""
    if sentence.listed and label.polarity != "concern":
        return "concern", _LISTED_SCORE
    return label.polarity, label.score


def with_themes(items: list[Recommendation]) -> tuple[Recommendation, ...]:
    """Recommendations with their likeliest themes."""
    sections = {"recommendation": "recommendations", "area_for_improvement": "areas_for_improvement"}
    places = [Place(sections.get(item.kind, item.kind)) for item in items]
    labels = classify([item.text for item in items], places=places)
    return tuple(replace(item, themes=label.themes) for item, label in zip(items, labels, strict=True))
