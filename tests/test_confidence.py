"""Low scores can be seen, a least score can be asked for, and what is left out is counted."""

from __future__ import annotations

import pandas
import pytest

import ofsted_nlp as ofs
from ofsted_nlp.errors import UsageError
from ofsted_nlp.extraction import classify
from ofsted_nlp.extraction.places import Place
from ofsted_nlp.presentation.html import confidence
from ofsted_nlp.presentation.notebook import report_html
from ofsted_nlp.records import SURE, Clause, Finding, Polarity, Report, Source
from ofsted_nlp.training.confidence import kept, probabilities, table
from ofsted_nlp.training.pool import PoolSentence

SCORES = (0.99, 0.9, 0.8, 0.79, 0.4)


def report() -> Report:
    findings = tuple(
        Finding(f"f{i}", 1, "body", f"Sentence {i}.", Polarity.CONCERN, score, ("assessment",))
        for i, score in enumerate(SCORES)
    )
    return Report(Source("invented.pdf", "ab" * 32, 3), framework="ilacs", findings=findings)


def test_a_least_score_leaves_findings_out_and_says_how_many() -> None:
    whole = report()
    assert whole.findings_left_out == 0
    assert [finding.sure for finding in whole.findings] == [True, True, True, False, False]
    sure = whole.sure()
    assert ([f.score for f in sure.findings], sure.findings_left_out) == ([0.99, 0.9, 0.8], 2)
    again = sure.sure(0.9)
    assert (len(again.findings), again.findings_left_out) == (2, 3)
    assert again.to_dict()["findings_left_out"] == 3
    assert Report.from_dict(again.to_dict()) == again
    assert "2 findings (3 less sure ones left out)" in repr(again)
    assert again.to_dataframe().attrs["findings_left_out"] == 3
    assert whole.to_dataframe()["sure"].tolist() == [True, True, True, False, False]


@pytest.mark.parametrize("least", [-0.1, 1.1, float("nan")])
def test_a_least_score_is_a_probability(least: float) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        report().sure(least)
    with pytest.raises(UsageError, match="between 0 and 1"), ofs.Corpus.open(":memory:", seed=False) as corpus:
        corpus.findings(least_score=least)


def test_unsure_findings_are_marked_where_they_are_shown() -> None:
    page = report_html(report())
    assert page.count("concern (unsure)") == 2
    assert page.count("<td>concern</td>") == 3
    assert "2 unsure, with a score below 80%" in page
    assert "<td>79%</td>" in page
    assert "3 less sure ones left out" in report_html(report().sure(0.9))
    assert confidence(report().sure()) == "; 2 less sure ones left out"
    assert confidence(Report(Source("x.pdf", "", 1))) == ""


def test_a_notebook_shows_both_halves_of_a_mixed_finding() -> None:
    halves = (
        Clause(Polarity.STRENGTH, 1.0, "Visits <help>", 0, 13),
        Clause(Polarity.CONCERN, 1.0, "few happen", 19, 29),
    )
    text = "Visits <help>, but few happen."
    mixed = Finding("m", 1, "body", text, Polarity.MIXED, 0.9, clauses=halves)
    page = report_html(Report(Source("invented.pdf", "", 1), findings=(mixed,)))
    assert "<em>strength:</em> Visits &lt;help&gt;" in page
    assert "<em>concern:</em> few happen" in page


def test_a_corpus_filters_by_score_and_shows_halves() -> None:
    halves = (
        Clause(Polarity.CONCERN, 1.0, "Plans are late", 109, 123),
        Clause(Polarity.STRENGTH, 1.0, "clear", 128, 133),
    )
    mixed = Finding("m", 1, "body", "Although Plans are late, but clear.", Polarity.MIXED, 0.95, start=100, end=135)
    mixed = Finding(**{**{k: getattr(mixed, k) for k in mixed.__dataclass_fields__}, "clauses": halves[:1]})
    whole = report()
    stored = Report(whole.source, findings=(*whole.findings, mixed))
    with ofs.Corpus.open(":memory:", seed=False) as corpus:
        with corpus._holdings.store(write=True) as store:
            store.add(stored, extractor_version="1")
        frame = corpus.findings()
        assert (len(frame), frame.attrs["findings_left_out"]) == (6, 0)
        assert "clauses" not in frame
        assert frame["sure"].tolist() == [True, True, True, False, False, True]
        assert frame["concern_clause"].tolist()[-1] == "Plans are late"
        assert pandas.isna(frame["strength_clause"]).all()
        sure = corpus.findings(least_score=SURE)
        assert (len(sure), sure.attrs["findings_left_out"]) == (4, 2)
        assert sure.index.tolist() == [0, 1, 2, 3]


def test_the_table_counts_what_each_score_keeps() -> None:
    gold = ["strength", "concern", "mixed", "neutral"]
    said = ["strength", "strength", "mixed", "concern"]
    found = kept(gold, said, [0.95, 0.85, 0.7, 0.4], (0.0, 0.8, 0.99))
    assert [(k.n, k.of, k.right, k.opposite) for k in found] == [(4, 4, 2, 1), (2, 4, 1, 1), (0, 4, 0, 0)]
    assert (found[1].share, found[1].precision, found[2].precision) == (0.5, 0.5, None)
    lines = table({"all": found}).splitlines()
    assert lines[0] == "| Least score | all (4): kept | right | opposite |"
    assert lines[2:] == ["| none | 100.0% | 50.0% | 1 |", "| 0.80 | 50.0% | 50.0% | 1 |", "| 0.99 | 0.0% | – | 0 |"]


def test_annotated_sentences_are_read_among_their_neighbours() -> None:
    texts = ["Visits are regular.", "Plans are late and weak.", "Staff are well supported."]
    sentences = [PoolSentence("a.pdf", text, "", "in_care", "good", 0, 1, 0) for text in texts]
    sentences += [PoolSentence("b.pdf", "Other words stand here.", "", "", "", 0, 1, 0)]
    rows = [{"file": "a.pdf", "text": texts[1], "prev": "", "place": Place()}]
    rows += [{"file": "a.pdf", "text": "A sentence cut differently.", "prev": "", "place": Place()}]
    model = classify.model()
    got = probabilities(model, rows, sentences)
    place = [Place("in_care", "good")] * 3
    assert got[0] == pytest.approx(model.probabilities(texts, [""] * 3, place, [0, 0, 0])[0][1], abs=1e-5)
    assert got[1] == pytest.approx(model.probabilities([rows[1]["text"]], [""])[0][0], abs=1e-5)
