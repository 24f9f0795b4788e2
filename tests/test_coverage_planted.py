"""Invented articles in which right and wrong statements about the sample reports were planted: how many are told."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

import ofsted_nlp as ofs
from ofsted_nlp.analysis.coverage import Verdict, story_coverage
from ofsted_nlp.analysis.coverage.matching import ReportText
from ofsted_nlp.analysis.coverage.verdicts import Checked
from ofsted_nlp.extraction.report import extract

FOLDER = Path(__file__).resolve().parent.parent / "corpus" / "sample" / "coverage"
NAMES = dict(zip(("in", "other", "drops", "adds", "not", "own", "untold"), Verdict, strict=True))
WRONG = {Verdict.NOT_IN_REPORT, Verdict.OTHER_VALUE}


def is_harmful(found: Checked, planted: set[Verdict]) -> bool:
    """Whether a right statement is called wrong, or a wrong one right."""
    if Verdict.IN_REPORT in planted:
        return found.verdict in WRONG
    if Verdict.OWN_WORDS in planted:
        return found.wrong
    return found.verdict is Verdict.IN_REPORT


@pytest.fixture(scope="module")
def told(samples: Path) -> Counter[str]:
    """Of the planted things, how many are told as planted, harmfully otherwise, not read at all, or otherwise."""
    counts: Counter[str] = Counter()
    for name, gold in json.loads((FOLDER / "planted.json").read_text(encoding="utf-8")).items():
        document = ofs.read_pdf(samples / gold["report"])
        text = ReportText(extract(document, strengths=False), document)
        made = ofs.read_article(FOLDER / name, reports=samples)
        items = [item for one in made for item in story_coverage(one, made.page, text.report, text).items]
        for kind, words, *verdicts in gold["items"]:
            at = made.page.text.index(words)
            planted = {NAMES[verdict] for verdict in verdicts}
            hits = [i for i in items if i.kind == kind and i.start < at + len(words) and at < i.end]
            if not hits:
                counts["not read"] += 1
                continue
            found = min(hits, key=lambda item: abs(item.start - at))
            how = "right" if found.verdict in planted else "harmful" if is_harmful(found, planted) else "otherwise"
            counts[how] += 1
    return counts


def test_planted_statements_are_told(told: Counter[str]) -> None:
    assert told.total() == 116
    assert told["right"] >= 87, told
    assert told["right"] / (told.total() - told["not read"]) >= 0.92, told


def test_hardly_any_verdict_misleads(told: Counter[str]) -> None:
    assert told["harmful"] <= 1, told
