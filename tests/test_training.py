import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from ofsted_nlp.extraction.places import Place
from ofsted_nlp.themes import themes
from ofsted_nlp.training import labels, pool
from ofsted_nlp.training.annotations import further
from ofsted_nlp.training.teacher import POLARITIES, development_files, second_segment, theme_targets
from ofsted_nlp.training.text import clean, letters, read_jsonl, sentence_key

ROOT = Path(__file__).parents[1]
ANNOTATIONS = ROOT / "corpus" / "annotations"
LONGEST_NAME = 160


@pytest.mark.parametrize("path", sorted(ANNOTATIONS.glob("*.jsonl")), ids=lambda path: path.name)
def test_annotations_hold_no_sentence(path):
    for row in read_jsonl(path):
        texts = [row]
        while texts:
            value = texts.pop()
            if isinstance(value, str):
                assert len(value) <= LONGEST_NAME and value.count(" ") <= 20, value
            elif isinstance(value, dict):
                texts += value.values()
            elif isinstance(value, list):
                texts += value


def test_annotated_sentences_have_known_labels_and_stand_once():
    rows = read_jsonl(ANNOTATIONS / "sentences.jsonl")
    assert len(rows) == 23_400
    assert len({(row["file"], row["sentence"]) for row in rows}) == len(rows)
    assert {row["polarity"] for row in rows} == set(POLARITIES)
    assert {row["set"] for row in rows} == {"random", "hard"}
    for row in rows:
        assert row["theme"] in themes() and (row["theme2"] is None or row["theme2"] in themes())
        assert row["theme"] != row["theme2"]


@pytest.mark.corpus
def test_no_annotation_is_of_an_evaluation_report(corpus_reports):
    gold = corpus_reports.parent.parent / "gold"
    if not gold.is_dir():
        pytest.skip(f"no folder {gold}")
    without = pool.evaluation_files(gold)
    for path in ANNOTATIONS.glob("*.jsonl"):
        assert not without & {row["file"] for row in read_jsonl(path)}, path.name


def test_sentences_are_clean_and_known_by_their_letters():
    assert clean("12. Children\x02 are  safe.") == "Children- are safe."
    assert clean("3.Leaders act.") == "Leaders act."
    assert clean("16- and 17-year-olds wait.") == "16- and 17-year-olds wait."
    assert letters(" The ‘Hub’ – works. ") == "the hub works"
    assert sentence_key("The ‘Hub’ works.") == sentence_key("the hub  works") != sentence_key("the hubs work")


@pytest.fixture(scope="module")
def sample():
    return list(pool.sentences_of(ROOT / "corpus" / "sample" / "wexbury-sif-2015.pdf"))


def test_the_pool_holds_sentences_with_their_place(sample):
    assert len(sample) > 40
    grades = {(sentence.section, sentence.grade) for sentence in sample}
    assert all(grade for _, grade in grades)
    assert len({grade for _, grade in grades}) > 1
    for before, sentence in pairwise(sample):
        assert (before.stretch == sentence.stretch) == (before.section == sentence.section)
        assert sentence.start > before.start
    assert list(pool.sentences_of(ROOT / "corpus" / "sample" / "broken" / "empty.pdf")) == []


def test_the_pool_is_written_once(tmp_path, sample):
    folder = tmp_path / "reports"
    folder.mkdir()
    pdf = ROOT / "corpus" / "sample" / "wexbury-sif-2015.pdf"
    (folder / pdf.name).write_bytes(pdf.read_bytes())
    assert pool.make(folder, tmp_path / "out") == sample
    (folder / pdf.name).unlink()
    assert pool.make(folder, tmp_path / "out") == sample


def test_annotated_sentences_find_their_place(tmp_path, sample):
    one, other = sample[10], sample[20]
    row = {"file": one.file, "prev": None, "polarity": "strength", "theme": "lado", "theme2": None, "set": "random"}
    gold = [
        {**row, "text": f"4. {one.text}"},
        {**row, "text": "This sentence stands nowhere in the report that it is said to be of."},
    ]
    (tmp_path / "train.jsonl").write_text("\n".join(map(json.dumps, gold)))
    more = {**row, "sentence": sentence_key(other.text)}
    (tmp_path / "more.jsonl").write_text(json.dumps(more))
    first, second, third = pool.annotated(tmp_path, tmp_path / "more.jsonl", sample)
    assert (first["place"], first["at"], first["text"]) == (one.place, 10, one.text)
    assert (second["place"], second["at"]) == (Place(), None)
    assert (third["text"], third["prev"], third["at"]) == (other.text, other.before, 20)
    (tmp_path / "more.jsonl").write_text(json.dumps({**more, "sentence": "0" * 16}))
    with pytest.raises(ValueError, match="not among those read"):
        pool.annotated(tmp_path, tmp_path / "more.jsonl", sample)


def test_further_strengths_find_their_sentence(tmp_path, sample):
    row = {"file": sample[3].file, "sentence": sentence_key(sample[3].text), "subject": [0, 1], "names": [[1, 1]]}
    path = tmp_path / "strengths.jsonl"
    path.write_text(json.dumps(row))
    (found,) = further(path, sample)
    assert (found.text, found.subject, found.names) == (sample[3].text, (0, 1), [(1, 1)])
    path.write_text(json.dumps({**row, "file": "elsewhere.pdf"}))
    with pytest.raises(ValueError, match="not among those read"):
        further(path, sample)


def test_the_second_teacher_counts_where_the_first_was_not_sure(tmp_path):
    def save(teacher, numbers, polarity, theme):
        names = {"numbers": np.array(numbers), "polarity": np.log(polarity), "theme": np.log(theme)}
        np.savez(tmp_path / f"labels-{teacher}-1-1.npz", **names)

    save(1, [7, 2, 5], [[0.95, 0.05], [0.6, 0.4], [0.95, 0.05]], [[0.9, 0.1], [0.9, 0.1], [0.5, 0.5]])
    assert labels.unsure(labels.files(tmp_path)[1]) == {2, 5}
    save(2, [5, 2, 9], [[0.95, 0.05], [0.2, 0.8], [0.5, 0.5]], [[0.5, 0.5]] * 3)
    numbers, polarity, theme = labels.read(tmp_path)
    assert numbers.tolist() == [2, 5, 7]
    assert polarity[0] == pytest.approx(np.log([0.6 * 0.2, 0.4 * 0.8]) / 2)
    assert polarity[2] == pytest.approx(np.log([0.95, 0.05]), abs=1e-6)
    assert theme[1] == pytest.approx(np.log([0.5, 0.5]))


def test_only_sentences_of_other_reports_are_labelled_each_text_once(sample):
    every = labels.wanted(sample, set(), 10_000)
    assert len({sample[k].text for k in every}) == len(every) > 40
    assert labels.wanted(sample, set(), 5) == every[:5]
    assert labels.wanted(sample, {sample[0].file}, 10_000) == []


def test_teachers_read_the_place_and_soft_themes():
    assert second_segment(Place("in_care", "good"), "They move often.") == "in care good: They move often."
    assert second_segment(Place(), "They move often.") == "They move often."
    (target,) = theme_targets([{"theme": "adoption", "theme2": "lado"}])
    codes = list(themes())
    assert (target[codes.index("adoption")], target[codes.index("lado")]) == (0.75, 0.25)
    files = {f"{k}.pdf" for k in range(500)}
    assert 30 < len(development_files(files)) < 95
