"""The sentences of report PDFs as extraction sees them, to train on: each with the sentence before and its place."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ofsted_nlp.errors import OfstedNlpError
from ofsted_nlp.extraction import send
from ofsted_nlp.extraction.findings import all_sentences, stretches
from ofsted_nlp.extraction.judgements import judgements
from ofsted_nlp.extraction.kind import kind_of
from ofsted_nlp.extraction.places import Place, place_in
from ofsted_nlp.extraction.sections import sections
from ofsted_nlp.frameworks import SEND
from ofsted_nlp.reading.pdf import read_pdf
from ofsted_nlp.training.text import clean, letters, read_jsonl, sentence_key

EVALUATION = ("sentences.jsonl", "strengths.jsonl", "recommendations.jsonl")
POOL = "pool.jsonl"


@dataclass(frozen=True, slots=True)
class PoolSentence:
    """A sentence of a report.

    Attributes:
        file: the report's file.
        text, before: the sentence and the one before it, as ``clean`` leaves them.
        section, grade: its place (``extraction.places``).
        start, end: span in ``Document.text``.
        stretch: the same number for sentences that follow one another in one section of a report.
    """

    file: str
    text: str
    before: str
    section: str
    grade: str
    start: int
    end: int
    stretch: int

    @property
    def place(self) -> Place:
        """Section and grade."""
        return Place(self.section, self.grade)


def evaluation_files(gold: Path) -> set[str]:
    """The reports that evaluation sentences come from: nothing is learnt from them."""
    return {row["file"] for name in EVALUATION for row in read_jsonl(gold / name)}


def sentences_of(path: Path) -> Iterator[PoolSentence]:
    """The sentences of the findings sections and action lists of a PDF; an unreadable file gives none."""
    try:
        document = read_pdf(path)
    except OfstedNlpError:
        return
    framework = kind_of(document)
    parts = sections(document, framework)
    made = list(judgements(document, framework, parts))
    rows = None
    if framework is SEND:
        outcome = send.outcome(document)
        made, rows = [outcome] if outcome else [], list(send.recommendation_rows(document))
    grades = {judgement.code: judgement.grade for judgement in made}
    found = all_sentences(document, parts, rows)
    for sentence, stretch in zip(found, stretches(found), strict=True):
        place = place_in(sentence.section, grades)
        span = sentence.start, sentence.end
        yield PoolSentence(path.name, clean(sentence.text), clean(sentence.before), *place, *span, stretch)


def make(corpus: Path, out: Path) -> list[PoolSentence]:
    """Reads every PDF of a folder and writes ``pool.jsonl``; where that stands already it is read instead."""
    path = out / POOL
    if path.is_file():
        return [PoolSentence(**row) for row in read_jsonl(path)]
    out.mkdir(parents=True, exist_ok=True)
    pool = [sentence for pdf in sorted(corpus.glob("*.pdf")) for sentence in sentences_of(pdf)]
    with path.with_suffix(".part").open("w", encoding="utf-8") as handle:
        handle.writelines(json.dumps(asdict(sentence), ensure_ascii=False) + "\n" for sentence in pool)
    path.with_suffix(".part").rename(path)
    return pool


def annotated(gold: Path, further: Path | None, pool: Iterable[PoolSentence]) -> list[dict[str, Any]]:
    """The annotated sentences, of train.jsonl and of a stand-off file, each with ``place`` and ``at``.

    ``at`` is the number of the sentence in the pool; None if extraction has no such sentence.

    Args:
        gold: folder with train.jsonl (file, text, prev, polarity, theme, theme2, set).
        further: stand-off annotations (file, sentence, polarity, theme, theme2, set), whose text the pool has.
        pool: the sentences of the reports.

    Raises:
        ValueError: an annotated sentence of ``further`` is not in the pool.
    """
    reports: dict[str, list[tuple[int, PoolSentence]]] = defaultdict(list)
    for number, sentence in enumerate(pool):
        reports[sentence.file].append((number, sentence))
    rows = []
    known: dict[str, list[str]] = {}
    for row in read_jsonl(gold / "train.jsonl"):
        there = reports.get(row["file"], [])
        if row["file"] not in known:
            known[row["file"]] = [letters(sentence.text) for _, sentence in there]
        found = _match(letters(row["text"]), known[row["file"]])
        at, place = (None, Place()) if found is None else (there[found][0], there[found][1].place)
        texts = {"text": clean(row["text"]), "prev": clean(row["prev"] or "")}
        rows.append({**row, **texts, "place": place, "at": at})
    keys = (
        {file: {sentence_key(s.text): (n, s) for n, s in there} for file, there in reports.items()} if further else {}
    )
    for row in read_jsonl(further) if further else []:
        known_as = keys.get(row["file"], {}).get(row["sentence"])
        if known_as is None:
            raise ValueError(f"{row['file']}: the annotated sentence {row['sentence']} is not among those read.")
        at, sentence = known_as
        rows.append({**row, "text": sentence.text, "prev": sentence.before, "place": sentence.place, "at": at})
    return rows


def _match(wanted: str, texts: list[str]) -> int | None:
    """Where a sentence stands among others that may be cut differently."""
    for index, text in enumerate(texts):
        if text and (wanted == text or (len(wanted) > 30 and wanted in text) or (len(text) > 30 and text in wanted)):
            return index
    return None
