"""Mixed sentences are split into the half that praises and the half that reports a concern, with exact spans."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from documents import document

from ofsted_nlp.extraction.clauses import clauses_of, splits
from ofsted_nlp.extraction.findings import findings
from ofsted_nlp.extraction.places import Place
from ofsted_nlp.extraction.sections import Section
from ofsted_nlp.records import Clause, Finding, Polarity, Report, Source, Strength
from ofsted_nlp.training.pool import sentences_of
from ofsted_nlp.training.text import read_jsonl, sentence_key

ANNOTATIONS = Path(__file__).resolve().parent.parent / "corpus" / "annotations" / "clauses.jsonl"
LEAST_RIGHT = 0.88
"""Least share of the annotated sentences kept for testing whose halves and polarities must be right."""


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "Visits are regular and purposeful, but plans are poor and drift.",
            ("strength", "Visits are regular and purposeful"),
            ("concern", "plans are poor and drift"),
        ),
        (
            "Although assessments are often late, managers’ oversight is strong.",
            ("concern", "assessments are often late"),
            ("strength", "managers’ oversight is strong"),
        ),
        (
            "While most foster carers, children and schools are well supported, some reviews are delayed.",
            ("strength", "most foster carers, children and schools are well supported"),
            ("concern", "some reviews are delayed"),
        ),
        (
            "The front door responds quickly; however, strategy meetings are not timely (Recommendation 3).",
            ("strength", "The front door responds quickly"),
            ("concern", "strategy meetings are not timely"),
        ),
        (
            "Children are listened to very well, although too few have an advocate.",
            ("strength", "Children are listened to very well"),
            ("concern", "too few have an advocate"),
        ),
        (
            "The new panel is a positive development, but it is too early to see its impact.",
            ("strength", "The new panel is a positive development"),
            ("concern", "it is too early to see its impact"),
        ),
        (
            "Supervision is regular and reflective, with too many records left incomplete.",
            ("strength", "Supervision is regular and reflective"),
            ("concern", "with too many records left incomplete"),
        ),
        (
            "Too many children wait, and where they are seen, support is excellent and makes a difference.",
            ("concern", "Too many children wait"),
            ("strength", "where they are seen, support is excellent and makes a difference"),
        ),
    ],
)
def test_a_mixed_sentence_is_split_at_its_turn(text: str, first: tuple[str, str], second: tuple[str, str]) -> None:
    (found,) = clauses_of([text])
    assert [(clause.polarity.value, clause.text) for clause in found] == [first, second]
    for clause in found:
        assert text[clause.start : clause.end] == clause.text
        assert 0.5 <= clause.score <= 1


@pytest.mark.parametrize("text", ["The quality of plans varies from weak to strong.", "", "But", "Good but"])
def test_what_has_no_turn_is_left_whole(text: str) -> None:
    assert clauses_of([text]) == [()]


def test_not_only_but_is_no_contrast() -> None:
    text = "Staff are not only skilled but also kind."
    assert not [split for split in splits(text) if split.kind == "turn"]
    assert [split for split in splits(text.replace("not only ", "")) if split.kind == "turn"]


def test_each_sentence_has_its_own_clauses_and_context() -> None:
    texts = [
        "Visits are regular, but plans are poor.",
        "Nothing turns here.",
        "Reviews are late, but advice is strong.",
    ]
    alone = [clauses_of([text], ["Leaders act."], [Place("in_care", "good")])[0] for text in texts]
    assert clauses_of(texts, ["Leaders act."] * 3, [Place("in_care", "good")] * 3) == alone
    assert [len(clauses) for clauses in alone] == [2, 0, 2]
    assert clauses_of([]) == []


@pytest.mark.parametrize(
    "text",
    [" " * 5000 + "x", "a, although " * 160, "(recommendation" * 130, "Although " + "b c, such as " * 150, ", ;" * 660],
)
def test_strange_text_takes_no_time(text: str) -> None:
    begun = time.process_time()
    clauses_of([text])
    assert time.process_time() - begun < 5


def test_a_mixed_finding_holds_its_halves_and_what_the_strength_praises() -> None:
    sentence = "The virtual school is highly effective and well led, but too many care leavers are not in work."
    read = document(("paragraph", 2, f"Children are safe. {sentence}"))
    part = Section("in_care", "authority", True, "", None, None, list(read.body))
    mixed = findings(read, [part])[1]
    assert (mixed.text, mixed.polarity) == (sentence, Polarity.MIXED)
    strength, concern = mixed.clause("strength"), mixed.clause(Polarity.CONCERN)
    assert strength is not None and concern is not None
    assert read.text[strength.start : strength.end] == "The virtual school is highly effective and well led"
    assert read.text[concern.start : concern.end] == "too many care leavers are not in work"
    assert mixed.strength is not None and mixed.strength.subject == "virtual school"
    without = findings(read, [part], strengths=False)[1]
    assert without.strength is None and without.clauses == mixed.clauses


def test_clauses_survive_the_round_trip_and_old_records_have_none() -> None:
    clauses = (
        Clause(Polarity.STRENGTH, 0.9, "Visits help", 3, 14),
        Clause(Polarity.CONCERN, 0.9, "few happen", 20, 30),
    )
    finding = Finding("1", 1, "body", "Visits help, but few happen.", Polarity.MIXED, 0.6, clauses=clauses)
    report = Report(Source("a.pdf", "ab", 1), findings=(finding,))
    data = json.loads(json.dumps(report.to_dict()))
    assert data["findings"][0]["clauses"][1] == {
        "polarity": "concern",
        "score": 0.9,
        "text": "few happen",
        "start": 20,
        "end": 30,
    }
    assert Report.from_dict(data) == report
    frame = report.to_dataframe()
    assert frame.loc[0, ["strength_clause", "concern_clause"]].tolist() == ["Visits help", "few happen"]
    del data["findings"][0]["clauses"], data["findings_left_out"]
    old = Report.from_dict(data)
    assert old.findings[0].clauses == () and old.findings_left_out == 0
    assert Finding("1", 1, "b", "x", Polarity.STRENGTH, 0.9, strength=Strength("x")).clause("strength") is None


def test_the_annotations_hold_no_text() -> None:
    rows = read_jsonl(ANNOTATIONS)
    assert len(rows) >= 120
    for row in rows:
        assert set(row) == {"file", "sentence", "clauses", "half"}
        assert re.fullmatch(r"[0-9a-f]{16}", row["sentence"])
        assert len(row["clauses"]) in (0, 2)
        assert all({"start", "end", "polarity"} == set(clause) for clause in row["clauses"])


@pytest.mark.corpus
def test_annotated_sentences_are_split_as_people_would(corpus_reports: Path) -> None:
    wanted = [row for row in read_jsonl(ANNOTATIONS) if row["half"] == "test"]
    files = {row["file"] for row in wanted}
    pool = {(s.file, sentence_key(s.text)): s for name in sorted(files) for s in sentences_of(corpus_reports / name)}
    known = [(row, pool[key]) for row in wanted if (key := (row["file"], row["sentence"])) in pool]
    assert len(known) >= 0.95 * len(wanted)
    found = clauses_of([s.text for _, s in known], [s.before for _, s in known], [s.place for _, s in known])
    right = [_same(s.text, clauses, row["clauses"]) for (row, s), clauses in zip(known, found, strict=True)]
    assert sum(right) / len(right) >= LEAST_RIGHT


def _same(text: str, clauses: tuple[Clause, ...], wanted: list[dict]) -> bool:
    """Whether the halves have the wanted polarities, and nine tenths of their words are the same."""
    if [clause.polarity.value for clause in clauses] != [clause["polarity"] for clause in wanted]:
        return False
    for clause, other in zip(clauses, wanted, strict=True):
        spans = (clause.start, clause.end), (other["start"], other["end"])
        first, second = ({m.start() for m in re.compile(r"\w+").finditer(text, *span)} for span in spans)
        if 2 * len(first & second) < 0.9 * (len(first) + len(second)):
            return False
    return True
