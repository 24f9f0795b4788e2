"""A finding, recommendation or judgement shows its page, with its own words marked, wherever its report was read."""

import pickle
import sys
from dataclasses import replace
from pathlib import Path

import pdfplumber
import pytest

import ofsted_nlp as ofs
from ofsted_nlp.errors import NotFoundError, ReadingError, UsageError
from ofsted_nlp.reading import evidence
from ofsted_nlp.records import Box, Report


@pytest.fixture
def pdf(tmp_path):
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    document.new_page(200, 100)
    document.new_page(200, 100)
    path = tmp_path / "two.pdf"
    document.save(path)
    return path


def test_evidence_is_marked_on_the_page(pdf):
    picture = evidence.show(pdf, [Box(2, 50, 20, 150, 80), Box(1, 0, 0, 10, 10)], resolution=72)
    assert picture.size == (200, 100)
    assert picture.getpixel((100, 50)) != picture.getpixel((10, 50))
    assert picture.getpixel((5, 5))[:3] == (255, 255, 255)


def test_evidence_that_cannot_be_shown_says_why(pdf, tmp_path):
    with pytest.raises(UsageError, match="a page or at least one box"):
        evidence.show(pdf, [])
    with pytest.raises(NotFoundError, match="has 2 pages; there is no page 3"):
        evidence.show(pdf, [], page=3)
    with pytest.raises(NotFoundError, match="is not on disk"):
        evidence.show(tmp_path / "gone.pdf", [], page=1)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no pdf at all")
    with pytest.raises(ReadingError, match=r"bad\.pdf cannot be opened as a PDF"):
        evidence.show(bad, [], page=1)


SAMPLE = Path(__file__).resolve().parent.parent / "corpus" / "sample" / "wexbury-sif-2015.pdf"


@pytest.fixture(scope="module")
def wexbury():
    return ofs.read_report(SAMPLE, strengths=False)


def test_a_report_shows_a_finding_on_its_page(wexbury, tmp_path, monkeypatch):
    finding = wexbury.concerns[0]
    picture = wexbury.show(finding, resolution=50)
    assert picture.size == (414, 585)
    plain = evidence.show(SAMPLE, [], page=finding.page, resolution=50)
    assert picture.tobytes() != plain.tobytes()
    assert "path" not in wexbury.to_dict()
    again = Report.from_dict(wexbury.to_dict())
    assert again == wexbury and again.path is None
    monkeypatch.delenv("OFSTED_NLP_CORPUS", raising=False)
    monkeypatch.delenv("OFSTED_NLP_REPORTS", raising=False)
    with pytest.raises(NotFoundError, match=r"wexbury-sif-2015\.pdf is not at hand.*OFSTED_NLP_REPORTS"):
        again.show(finding)
    monkeypatch.setenv("OFSTED_NLP_REPORTS", str(SAMPLE.parent))
    assert again.show(finding, resolution=50).tobytes() == picture.tobytes()
    (tmp_path / SAMPLE.name).write_bytes(b"%PDF-1.4 another")
    monkeypatch.setenv("OFSTED_NLP_REPORTS", str(tmp_path))
    with pytest.raises(NotFoundError, match="is another document"):
        again.show(finding)


def test_findings_recommendations_and_judgements_show_themselves(wexbury, monkeypatch):
    finding = wexbury.concerns[0]
    picture = finding.show(resolution=50)
    assert picture.tobytes() == wexbury.show(finding, resolution=50).tobytes()
    for item in (wexbury.recommendations[0], wexbury.judgements[0]):
        plain = evidence.show(SAMPLE, [], page=item.page, resolution=50)
        assert item.show(resolution=50).tobytes() != plain.tobytes()
    alone = Report.from_dict(wexbury.to_dict()).findings[0]
    alone = replace(alone)
    assert alone == wexbury.findings[0] and hash(alone) == hash(wexbury.findings[0]) and alone.origin is None
    with pytest.raises(UsageError, match=r"finding is part of no report.*finding\.show\(report\)") as raised:
        alone.show()
    assert raised.value.code == "no_report"
    shown = [alone.show(where, resolution=50).tobytes() for where in (wexbury, SAMPLE)]
    assert shown == [wexbury.findings[0].show(resolution=50).tobytes()] * 2
    monkeypatch.delenv("OFSTED_NLP_REPORTS", raising=False)
    monkeypatch.delenv("OFSTED_NLP_CORPUS", raising=False)
    again = Report.from_dict(wexbury.to_dict()).findings[0]
    with pytest.raises(NotFoundError, match="is not at hand"):
        again.show()
    assert again.show(SAMPLE.parent, resolution=50).tobytes() == shown[0]


def test_what_a_finding_knows_of_its_report_is_no_part_of_its_value(wexbury):
    sent = pickle.loads(pickle.dumps(wexbury))
    assert sent == wexbury and sent.to_dict() == wexbury.to_dict()
    assert sent.findings[0].origin == wexbury.findings[0].origin == (wexbury.source, str(SAMPLE))
    assert all(f.origin is sent.findings[0].origin for f in sent.findings)
    lone = pickle.dumps(wexbury.findings[0])
    assert SAMPLE.name.encode() not in lone and pickle.loads(lone) == wexbury.findings[0]
    count = sys.getrefcount(wexbury)
    wexbury.sure(0.9)
    assert sys.getrefcount(wexbury) == count


def test_the_mark_begins_and_ends_with_the_letters_of_the_sentence(wexbury):
    document = ofs.read_pdf(SAMPLE)
    with pdfplumber.open(SAMPLE) as opened:
        for finding in wexbury.findings:
            line = next(line for b in document.blocks for line in b.lines if line.start <= finding.start < line.end)
            page = opened.pages[line.box.page - 1]
            box = evidence._exact(page, document.text, line, finding.start, finding.end)
            middle = (box.top + box.bottom) / 2
            row = [char for char in page.chars if char["top"] < middle < char["bottom"] and char["text"].strip()]
            row.sort(key=lambda char: char["x0"])
            inside = "".join(c["text"] for c in row if box.x0 - 0.1 < (c["x0"] + c["x1"]) / 2 < box.x1 + 0.1)
            first, last = document.text[finding.start], document.text[min(finding.end, line.end) - 1]
            assert inside.startswith(first) and (not last.isalnum() or inside.rstrip(".,;:").endswith(last))


def test_a_sentence_that_another_version_read_is_not_marked_in_the_wrong_place(wexbury):
    moved = replace(wexbury.concerns[0], start=wexbury.concerns[0].start + 7)
    with pytest.raises(NotFoundError, match="read by another version of ofsted-nlp"):
        wexbury.show(moved)


def test_a_corpus_shows_a_finding_by_its_id(tmp_path, monkeypatch):
    monkeypatch.delenv("OFSTED_NLP_CORPUS", raising=False)
    monkeypatch.setenv("OFSTED_NLP_REPORTS", str(tmp_path))
    file = tmp_path / SAMPLE.name
    file.write_bytes(SAMPLE.read_bytes())
    with ofs.Corpus.open(tmp_path / "store.duckdb") as corpus:
        corpus.add(file, jobs=1)
        key = corpus.report(SAMPLE.name).concerns[0].id
        assert corpus.show(key, resolution=50).size == (414, 585)
        file.unlink()
        with pytest.raises(NotFoundError, match="is not at hand"):
            corpus.show(key)
        assert corpus.show(key, SAMPLE.parent, resolution=50).size == (414, 585)
        with pytest.raises(NotFoundError, match="no finding 'none'"):
            corpus.show("none")
