"""What fuzzing found, made small: each of these files once crashed, hung or misled what reads them.

``python benchmarks/fuzzing.py`` looks for more.
"""

from __future__ import annotations

import io
import json
import math
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hostile_pdfs import LINE, TEXT, form, pdf

import ofsted_nlp
from ofsted_nlp import batch
from ofsted_nlp.errors import OfstedNlpError, ReadingError, printable
from ofsted_nlp.extraction.report import extract, read_or_record
from ofsted_nlp.reading import ruled
from ofsted_nlp.reading.pdf import read_pdf
from ofsted_nlp.reading.web import page_of
from ofsted_nlp.records import Document
from ofsted_nlp.sources.manifest import Entry
from ofsted_nlp.sources.ofsted import file_name

ROOT = Path(__file__).resolve().parent.parent
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def sound(document: Document) -> Document:
    """The document, its spans and boxes checked."""
    for block in document.blocks:
        if block.end > block.start:
            assert document.text[block.start : block.end] == block.text
        for line in block.lines:
            assert 1 <= line.box.page <= document.source.pages
            assert all(math.isfinite(v) for v in (line.box.x0, line.box.top, line.box.x1, line.box.bottom))
    document.text.encode("utf-8")
    assert not CONTROL.search(document.text)
    return document


def test_a_form_that_draws_itself_no_longer_ends_the_process() -> None:
    for data in (
        pdf(b"/Fm0 Do", objects=form(6, b"/Fm0 Do /Fm0 Do", 6)),
        pdf(b"/Fm0 Do", objects=form(6, b"/Fm0 Do", 7) + form(7, b"/Fm0 Do /Fm0 Do", 8) + form(8, b"/Fm0 Do", 6)),
    ):
        with pytest.raises(ReadingError) as caught:
            read_pdf(data, name="invented.pdf")
        assert caught.value.code == "too_complex"


def test_text_of_no_size_is_no_line() -> None:
    data = pdf(b"BT /F1 0 Tf 70 700 Td (nothing) Tj ET " + TEXT + b"BT 0 0 0 0 70 400 Tm /F1 9 Tf (flat) Tj ET")
    assert "assessment" in sound(read_pdf(data)).text


@pytest.mark.parametrize("number", [b"1e38", b"-1e38", b"99999999999999999999", b"2147483648", b"0.0000000001", b"nan"])
def test_places_beyond_the_page_are_left_out(number: bytes) -> None:
    out = b"BT /F1 11 Tf %s 700 Td (far away) Tj ET BT /F1 %s Tf 70 60 Td (huge) Tj ET " % (number, number)
    out += b"q %s 0 0 %s 0 0 cm BT /F1 11 Tf 1 1 Td (scaled) Tj ET Q %s 5 9 9 re f " % (number, number, number)
    document = sound(read_pdf(pdf(out + TEXT)))
    assert "assessment" in document.text


@pytest.mark.parametrize(
    "box", [b"0 0 1e38 1e38", b"0 0 0 0", b"595 842 0 0", b"0 0 nan 5", b"-9e9 0 9e9 9", b"", b"1 2"]
)
def test_pages_of_impossible_size_never_raise(box: bytes) -> None:
    try:
        sound(read_pdf(pdf(TEXT, box=box), name="invented.pdf"))
    except ReadingError as error:
        assert error.code == "no_text" and "Page 1 was not read: its size makes no sense" in error.message


def test_halves_of_characters_become_marks() -> None:
    cmap = (
        b"1 begincodespacerange <00> <ff> endcodespacerange 3 beginbfchar <41> <d800> <42> <dfff> <43> <001b> endbfchar"
    )
    data = pdf(
        b"BT /F2 11 Tf 70 700 Td (AABBCC) Tj ET " + TEXT,
        objects=b"6 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>> endobj\n"
        b"7 0 obj <</Length %d>> stream\n%s\nendstream endobj\n" % (len(cmap), cmap),
    ).replace(b"/F1 5 0 R", b"/F1 5 0 R/F2 6 0 R")
    document = sound(read_pdf(data))
    json.dumps([block.text for block in document.blocks], ensure_ascii=False).encode("utf-8")


def test_tables_that_pdfminer_cannot_read_are_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    crossed = b"".join(b"60 %d 400 1 re f " % y for y in range(50, 820, 30))
    crossed += b"60 50 1 770 re f 200 50 1 770 re f 460 50 1 770 re f "
    # pdfium forgives a filter that does not exist on a stream that is not drawn; pdfminer does not.
    data = pdf(crossed + TEXT, page=b"/CropBox/None")
    document = sound(read_pdf(data))
    assert any("could not be told into cells" in warning for warning in document.warnings)
    assert "assessment" in document.text


def test_a_table_reader_that_fails_costs_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    crossed = b"".join(b"60 %d 400 1 re f " % y for y in range(50, 820, 30))
    crossed += b"60 50 1 770 re f 200 50 1 770 re f 460 50 1 770 re f "

    def fail(*_: Any) -> None:
        raise RecursionError("deep")

    monkeypatch.setattr(ruled, "_reread", fail)
    document = sound(read_pdf(pdf(crossed + TEXT)))
    assert document.warnings == ("A table on page 1 could not be told into cells.",)
    assert "assessment" in document.text


def test_thousands_of_rules_are_a_drawing() -> None:
    rules = b"".join(b"%d %d 200 .5 re %d 30 .5 700 re f\n" % (k % 300, k % 800, k % 560) for k in range(2500))
    assert "assessment" in sound(read_pdf(pdf(rules + TEXT))).text


def test_type_too_small_to_see_is_left_out() -> None:
    small = b"BT /F1 .03 Tf 60 500 Td (Plans drift.) Tj 0 -20 Td (Plans drift again.) Tj ET "
    document = sound(read_pdf(pdf(TEXT + small)))
    assert "assessment" in document.text and "drift" not in document.text


def test_a_tree_of_pages_that_bites_its_tail() -> None:
    for kids, count in ((b"2 0 R", b"1"), (b"3 0 R 2 0 R", b"2"), (b"3 0 R", b"-1"), (b"3 0 R", b"2147483647")):
        try:
            sound(read_pdf(pdf(TEXT, kids=kids, count=count), name="invented.pdf"))
        except ReadingError as error:
            assert error.code in ("damaged_pdf", "no_text", "too_many_pages")


def test_what_no_one_foresaw_is_a_typed_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from ofsted_nlp.reading import layout

    def fail(*_: Any) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr(layout, "assemble", fail)
    path = tmp_path / "invented.pdf"
    path.write_bytes(pdf(TEXT))
    report = read_or_record(path)
    assert report.error is not None and report.error.code == "reader_failed"
    assert "ZeroDivisionError" in report.error.message and "Traceback" not in report.error.message


def test_every_find_in_one_batch_leaves_the_good_file_whole(tmp_path: Path) -> None:
    good = (ROOT / "corpus" / "sample" / "thornley-focused-visit-2024.pdf").read_bytes()
    files = {
        "a.pdf": pdf(b"/Fm0 Do", objects=form(6, b"/Fm0 Do /Fm0 Do", 6)),
        "b.pdf": good,
        "c.pdf": pdf(b" " * 30_000_000),
        "d.pdf": good[: len(good) // 2],
        "e.pdf": good.replace(b"endobj", b"endodj"),
        "f.pdf": re.sub(rb"/Length \d+", b"/Length 2147483647", good),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    reports = {report.source.file: report for report in batch.read_many(tmp_path, jobs=1)}
    assert list(reports) == sorted(files)
    alone = extract(read_pdf(good, name="b.pdf"))
    assert reports["b.pdf"].findings == alone.findings and reports["b.pdf"].status == alone.status
    assert all(reports[name].status in ("failed", "partial", "ok") for name in files)
    assert reports["a.pdf"].error is not None and reports["c.pdf"].error is not None


@pytest.mark.parametrize("name", ["a\x1b[31mb.pdf", "a\nb.pdf", "..\u202efdp.pdf", "x" * 250 + ".pdf", "a\x9b2J.pdf"])
def test_names_do_not_reach_the_terminal_as_commands(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"no PDF")
    report = read_or_record(path)
    assert report.error is not None and report.error.code == "not_a_pdf"
    for text in (report.source.file, report.error.message):
        assert not CONTROL.search(text)


def test_messages_keep_their_words() -> None:
    assert (
        printable("There is “no file” naïve £5 – \U0001f600\tx\ny") == "There is “no file” naïve £5 – \U0001f600\tx\ny"
    )
    assert OfstedNlpError("a\x1b]0;b\x07c").message == "a\ufffd]0;b\ufffdc"


STORY = "".join(
    f"<p>Inspectors from Ofsted said that visit number {k} to Fernshire’s children was on time.</p>" for k in range(9)
)


def read_html(html: bytes, tmp_path: Path) -> list[dict[str, Any]]:
    path = tmp_path / "page.html"
    path.write_bytes(html)
    rows = ofsted_nlp.read_article(path).to_dicts()
    json.dumps(rows, allow_nan=False, ensure_ascii=False).encode("utf-8")
    return rows


@pytest.mark.parametrize(
    "mark", ["\x1b[31m", "\x18", "\u202e", "&#27;", "&#x9b;", "&#x202e;", "\x85", "&#xd800;", "&#12;&#27;"]
)
def test_control_characters_of_a_page_are_left_out(mark: str, tmp_path: Path) -> None:
    said = f"<p>“We are {mark}sorry for what was found,” said Cllr {mark}Ada Fennimore, leader of the council.</p>"
    page = f"<title>Ofsted{mark} report</title><article><h1>Ofsted{mark} report</h1>{STORY}{said}</article>"
    rows = read_html(page.encode("utf-8", "replace"), tmp_path)
    assert not CONTROL.search(json.dumps(rows, ensure_ascii=False).replace("\\n", ""))
    assert any("sorry for what was found" in quote["text"] for quote in rows[0]["quotes"])


def test_a_page_of_tens_of_thousands_of_elements_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadingError) as caught:
        read_html(f"<article>{STORY}{'<li>Children wait.</li>' * 40_000}</article>".encode(), tmp_path)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    "data", ["[" * 100_000, '{"@graph":' * 50_000, "9" * 100_000, '{"@type":["NewsArticle"],"author":[[]]}']
)
def test_data_of_a_page_that_is_deep_or_odd_is_passed_by(data: str, tmp_path: Path) -> None:
    page = f"<script type='application/ld+json'>{data}</script><article><h1>Ofsted report</h1>{STORY}</article>"
    assert read_html(page.encode(), tmp_path)


def test_any_words_make_a_page_or_a_typed_error() -> None:
    hypothesis = pytest.importorskip("hypothesis", reason="pip install hypothesis")
    words = hypothesis.strategies.lists(
        hypothesis.strategies.one_of(
            hypothesis.strategies.text(max_size=40),
            hypothesis.strategies.sampled_from(
                [
                    "<p>",
                    "</p>",
                    "<li>",
                    "<h2>",
                    "&#27;",
                    "&x;",
                    "<!--",
                    "]]>",
                    "“",
                    "”",
                    "Ofsted",
                    "said Cllr A",
                    "<a href=x>",
                ]
            ),
        ),
        max_size=60,
    )

    @hypothesis.settings(max_examples=150, deadline=None, database=None, derandomize=True)
    @hypothesis.given(words, hypothesis.strategies.sampled_from(["utf-8", "utf-16", "cp1252"]))
    def read(parts: list[str], encoding: str) -> None:
        html = f"<article><h1>Report</h1>{STORY}{''.join(parts)}</article>".encode(encoding, "ignore")
        try:
            page = page_of(html, "page.html")
        except ReadingError as error:
            assert error.code in ("not_text", "not_an_article", "too_large", "empty")
            return
        for one in page.paragraphs:
            assert page.text[one.start : one.end] == one.text
        assert not CONTROL.search(page.text)

    read()


@pytest.mark.parametrize(
    "url",
    [
        "https://files.ofsted.gov.uk/v1/file/../../etc/passwd",
        "https://files.ofsted.gov.uk/v1/file/%2e%2e%2fx",
        "https://files.ofsted.gov.uk/v1/file/a\x00b",
        "https://files.ofsted.gov.uk/v1/file/a\nb.pdf",
        "https://files.ofsted.gov.uk/v1/file/" + "9" * 5000,
    ],
)
def test_the_name_of_a_pulled_file_stays_in_its_folder(url: str) -> None:
    known = dict.fromkeys(field.name for field in fields(Entry))
    entry = Entry(**{**known, "urn": 1, "url": url, "kind": "../../x\x1b\n"})  # type: ignore[arg-type]
    name = file_name(entry)
    assert re.fullmatch(r"[a-z0-9-]{1,120}\.pdf", name)


def test_line_is_a_sentence() -> None:
    document = sound(read_pdf(io.BytesIO(pdf(LINE % 700)).getvalue()))
    assert document.text == "Children wait too long for an assessment of what they need."
