"""What a file may demand of its reader: beyond each bound a failed or partial record, a code and a sentence."""

from __future__ import annotations

import base64
import zlib
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hostile_pdfs import TEXT, form, pdf

from ofsted_nlp.errors import ReadingError
from ofsted_nlp.extraction.report import read_or_record
from ofsted_nlp.reading import filters, guard
from ofsted_nlp.reading.filters import pieces
from ofsted_nlp.reading.limits import LIMITS, Limits
from ofsted_nlp.reading.pdf import read_pdf
from ofsted_nlp.reading.web import MAX_ELEMENTS, MAX_TEXT, page_of
from ofsted_nlp.sources.press import NotASourceError
from ofsted_nlp.sources.press_xml import root_of

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpus" / "sample" / "wexbury-ilacs-2024.pdf"


def code_of(data: bytes, limits: Limits = LIMITS) -> str:
    with pytest.raises(ReadingError) as caught:
        read_pdf(data, name="invented.pdf", limits=limits)
    assert "invented.pdf" in caught.value.message and caught.value.message.endswith(".")
    return caught.value.code


def run_lengths(count: int) -> bytes:
    return b"\x81 " * count + b"\x80"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdf(b" " * 30_000_000), "decompression_bomb"),
        (pdf(b" " * 30_000_000, filters=b"/Fl"), "decompression_bomb"),
        (pdf(b" " * 30_000_000, filters=b"/#46lateDecode"), "decompression_bomb"),
        (pdf(b" " * 30_000_000).replace(b"/Filter[/FlateDecode]", b"/Filter 9 0 R"), "decompression_bomb"),
        (pdf(packed=zlib.compress(zlib.compress(b" " * 30_000_000)), filters=b"/FlateDecode/FlateDecode"),
         "decompression_bomb"),
        (pdf(packed=base64.a85encode(zlib.compress(b" " * 30_000_000)) + b"~>", filters=b"/ASCII85Decode/FlateDecode"),
         "decompression_bomb"),
        (pdf(packed=zlib.compress(b" " * 30_000_000).hex().encode() + b">", filters=b"/ASCIIHexDecode/FlateDecode"),
         "decompression_bomb"),
        (pdf(packed=run_lengths(300_000), filters=b"/RunLengthDecode"), "decompression_bomb"),
        (pdf(TEXT * 1200), "too_complex"),
        (pdf(TEXT, contents=b"4 0 R " * 1200), "too_complex"),
        (pdf(TEXT, contents=b"4 0 R " * 1200).replace(b"/Contents[", b"/#43ontents["), "too_complex"),
        (pdf(b"/Fm0 Do /Fm0 Do", objects=form(6, b"/Fm0 Do /Fm0 Do", 6)), "too_complex"),
        (pdf(b"/Fm0 Do", objects=b"".join(form(k, b"/Fm0 Do " * 20, k + 1) for k in range(6, 12)) + form(12, TEXT, 12)),
         "too_complex"),
        (pdf(b"/Fm0 Do " * 2000, objects=form(6, TEXT, 7)), "too_complex"),
        (pdf(TEXT, kids=b"3 0 R " * 501, count=b"501"), "too_many_pages"),
    ],
)  # fmt: skip
def test_what_grows_beyond_measure_is_refused(data: bytes, code: str) -> None:
    assert len(data) < 1_000_000
    assert code_of(data) == code


def test_bombs_hidden_by_encryption_are_found() -> None:
    import io

    import pypdfium2 as pdfium

    fpdf = pytest.importorskip("fpdf")
    sheet = fpdf.FPDF()
    sheet.set_encryption(owner_password="o", user_password="")
    sheet.add_page()
    sheet.set_font("helvetica")
    for _ in range(80_000):
        sheet.text(20, 20, "Children wait too long for help.")
    data = bytes(sheet.output())
    assert b"/Encrypt" in data and len(pdfium.PdfDocument(io.BytesIO(data))) == 1
    assert code_of(data) == "too_complex"


def test_pages_beyond_the_limits_are_left_out_with_a_sentence() -> None:
    two = pdf(TEXT + b"1 1 9 9 re f\n" * 60, objects=b"", kids=b"3 0 R")
    document = read_pdf(two, limits=LIMITS)
    assert not document.warnings
    for limits, why in (
        (replace(LIMITS, page_objects=50), "drawn objects"),
        (replace(LIMITS, page_characters=100), "characters"),
    ):
        with pytest.raises(ReadingError) as caught:
            read_pdf(two, limits=limits)
        assert caught.value.code == "no_text"
        assert f"Page 1 was not read: it has" in caught.value.message and why in caught.value.message  # noqa: F541


def test_a_report_with_one_page_too_many_things_is_partial() -> None:
    whole = read_pdf(SAMPLE)
    sizes = [sum(len(b.text) for b in whole.blocks if b.page == n) for n in range(1, whole.source.pages + 1)]
    limits = replace(LIMITS, page_characters=sorted(sizes)[-2] + 100)
    document = read_pdf(SAMPLE, limits=limits)
    assert len(document.warnings) == 1
    assert document.warnings[0].startswith(f"Page {sizes.index(max(sizes)) + 1} was not read: it has ")
    assert document.text and len(document.text) < len(whole.text)


def test_text_time_and_bytes_have_bounds() -> None:
    data = SAMPLE.read_bytes()
    assert code_of(data.replace(b"x", b"x"), replace(LIMITS, characters=1000)) == "too_much_text"
    assert code_of(data, replace(LIMITS, seconds=-1.0)) == "too_slow"
    assert code_of(data, replace(LIMITS, file_bytes=1000)) == "too_large"
    assert code_of(data, replace(LIMITS, unpacked_bytes=1000)) == "decompression_bomb"
    assert read_pdf(data).text == read_pdf(SAMPLE).text


def test_pictures_are_never_unpacked() -> None:
    picture = zlib.compress(b"\0" * 60_000_000)
    data = pdf(
        TEXT + b"/Fm0 Do",
        objects=b"6 0 obj <</Type/XObject/Subtype/Image/Width 20000/Height 1000/ColorSpace/DeviceRGB/BitsPerComponent 8"
        b"/Filter/FlateDecode/Length %d>> stream\n%s\nendstream endobj" % (len(picture), picture),
    )
    assert "assessment" in read_pdf(data).text


def test_ordinary_pieces_of_page_are_drawn() -> None:
    data = pdf(b"/Fm0 Do", objects=form(6, TEXT.replace(b"/F1", b"/F1"), 7))
    guard.check(data, "invented.pdf", LIMITS)


def test_the_limits_are_far_above_the_sample_and_are_documented() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for field in fields(Limits):
        value = getattr(LIMITS, field.name)
        assert f"`{field.name}`" in security
        assert f"{value:,.0f}" in security, field.name


def test_packings_are_undone_as_they_were_done() -> None:
    assert b"".join(filters.flate(pieces(memoryview(zlib.compress(TEXT))))) == TEXT
    assert b"".join(filters.ascii85(iter([base64.a85encode(TEXT) + b"~>"]))) == TEXT
    assert b"".join(filters.hexadecimal(iter([TEXT.hex().encode() + b">"]))) == TEXT
    assert b"".join(filters.run_length(iter([b"\x02abc\xfe \x80"]))) == b"abc   "
    # The example of the PDF reference, 1.7, section 3.3.3.
    lzw = bytes([0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01])
    assert b"".join(filters.lzw(iter([lzw]))) == bytes([45, 45, 45, 45, 45, 65, 45, 45, 45, 66])


def test_the_record_of_a_bomb_is_a_failure_with_code(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(pdf(b" " * 30_000_000))
    report = read_or_record(path)
    assert report.status == "failed" and report.error is not None
    assert report.error.code == "decompression_bomb" and "bomb.pdf" in report.error.message


ARTICLE = b"<article><h1>News</h1>" + b"<p>Ofsted said that the council's services for children are good.</p>" * 8


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<p>x</p>" * (MAX_ELEMENTS + 1), "too_large"),
        (ARTICLE + b"<div>" * 5000 + b"x", "not_an_article"),
        (ARTICLE + b"<p>" + b"word " * MAX_TEXT + b"</p></article>", "too_large"),
        (b"<p>" + b"x" * 10_000_001, "too_large"),
    ],
)
def test_pages_beyond_the_limits_are_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as caught:
        page_of(data, "page.html")
    assert caught.value.code == code


@pytest.mark.parametrize("name", ["idna", "punycode", "unicode_escape", "zlib", "hex", "undefined", "utf-7", "rot13"])
def test_only_encodings_of_pages_are_obeyed(name: str) -> None:
    page = page_of(f"<meta charset='{name}'>".encode() + ARTICLE + "<p>It’s good, £5.</p>".encode(), "page.html")
    assert "It’s good, £5." in page.text


def test_latin_1_is_read_as_browsers_read_it() -> None:
    page = page_of(b"<meta charset='iso-8859-1'>" + ARTICLE + b"<p>\x93Good\x94</p>", "page.html")
    assert "“Good”" in page.text


def test_html_has_no_entities_from_outside(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("marzipan")
    head = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY y "yes">]>'.encode()
    page = page_of(head + ARTICLE + b"<p>Before &x; and &y; after.</p>", "page.html")
    assert "marzipan" not in page.text


@pytest.mark.parametrize("width", ["utf-8", "utf-16", "utf-16-le"])
def test_feeds_that_declare_entities_are_refused(width: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss>&b;</rss>'
    with pytest.raises(NotASourceError):
        root_of(laughs.encode(width), None, "https://news.example/feed")


def test_feeds_of_great_depth_end_in_an_error_or_short() -> None:
    try:
        root, whole = root_of(b"<rss>" + b"<a>" * 100_000, None, "https://news.example/feed")
    except NotASourceError:
        return
    assert not whole and sum(1 for _ in root.iter()) < 1000
