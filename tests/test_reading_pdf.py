"""PDF files become documents: the invented samples as a whole, and files that cannot be read."""

from __future__ import annotations

import datetime
import hashlib
from itertools import pairwise
from pathlib import Path

import pytest

from ofsted_nlp.documents import Block, BlockKind, Document
from ofsted_nlp.errors import ReadingError
from ofsted_nlp.reading.pdf import published_on, read_pdf

SILENT = (BlockKind.FURNITURE, BlockKind.CONTENTS)


def of_kind(document: Document, kind: BlockKind) -> list[Block]:
    return [block for block in document.blocks if block.kind is kind]


@pytest.fixture(scope="module")
def sif(samples: Path) -> Document:
    return read_pdf(samples / "wexbury-sif-2015.pdf")


@pytest.fixture(scope="module")
def ilacs(samples: Path) -> Document:
    return read_pdf(samples / "wexbury-ilacs-2024.pdf")


def test_source_and_sizes(samples: Path, sif: Document) -> None:
    data = (samples / "wexbury-sif-2015.pdf").read_bytes()
    assert (sif.source.file, sif.source.pages) == ("wexbury-sif-2015.pdf", 9)
    assert sif.source.sha256 == hashlib.sha256(data).hexdigest()
    assert len(sif.page_sizes) == 9
    assert all(abs(width - 595) < 1 and abs(height - 842) < 1 for width, height in sif.page_sizes)
    assert sif.warnings == ()


def test_bytes_read_as_the_file_does(samples: Path, sif: Document) -> None:
    read = read_pdf((samples / "wexbury-sif-2015.pdf").read_bytes(), name="80458-wexbury-la-2015-12-11.pdf")
    assert (read.text, read.blocks) == (sif.text, sif.blocks)
    assert read.path is None
    assert str(read.source.published_on) == "2015-12-11"


@pytest.mark.parametrize(
    "name",
    ["wexbury-sif-2015", "wexbury-ilacs-2024", "marlshire-jtai-2024", "eastmere-send-2025", "thornley-ilacs-2021"],
)
def test_spans_of_blocks_and_lines_point_into_the_text(samples: Path, name: str) -> None:
    document = read_pdf(samples / f"{name}.pdf")
    assert {block.page for block in document.blocks} == set(range(1, document.source.pages + 1))
    assert document.text == "\n".join(block.text for block in document.body)
    for block in document.blocks:
        if block.kind in SILENT:
            assert block.start == block.end
            continue
        assert document.text[block.start : block.end] == block.text
        assert block.lines[0].start == block.start
        assert all(block.start <= line.start <= line.end <= block.end for line in block.lines)
        assert all(above.end <= below.start for above, below in pairwise(block.lines))


def test_footers_and_page_numbers_stay_out_of_the_text(ilacs: Document) -> None:
    assert [block.text for block in of_kind(ilacs, BlockKind.FURNITURE)] == [
        text
        for page in (2, 3, 4)
        for text in ("Inspection of Wexbury local authority children’s services", f"8 to 19 July 2024 {page}")
    ]
    assert "8 to 19 July 2024 2" not in ilacs.text


def test_judgement_tables_come_out_as_rows(sif: Document) -> None:
    assert [block.cells for block in of_kind(sif, BlockKind.TABLE_ROW)][:5] == [
        ("1. Children who need help and protection", "Requires improvement", ""),
        ("2. Children looked after and achieving permanence", "Requires improvement", ""),
        ("", "2.1 Adoption performance", "Good"),
        ("", "2.2 Experiences and progress of care leavers", "Inadequate"),
        ("3. Leadership, management and governance", "Requires improvement", ""),
    ]


def test_the_table_of_contents_stays_out_of_the_text(sif: Document) -> None:
    listing = of_kind(sif, BlockKind.CONTENTS)
    assert [block.text for block in listing][:3] == [
        "Contents",
        "The local authority 3",
        "Information about this local authority area 3",
    ]
    assert {block.page for block in listing} == {2}
    assert len(listing) == 15


def test_numbers_of_paragraphs_follow_one_another(sif: Document, ilacs: Document) -> None:
    assert [block.number for block in of_kind(ilacs, BlockKind.NUMBERED)] == [str(n) for n in range(1, 19)]
    numbers = [block.number for block in of_kind(sif, BlockKind.NUMBERED)]
    assert numbers == [str(n) for n in (*range(1, 6), *range(1, 11))]


def test_footnotes_stand_apart_and_their_marks_are_gone(sif: Document, ilacs: Document) -> None:
    assert [(block.mark, block.page) for block in of_kind(sif, BlockKind.FOOTNOTE)] == [("1", 1), ("2", 3)]
    assert "Review of the effectiveness of the Local Safeguarding Children Board\n" in sif.text
    assert "What needs to improve?\n" in ilacs.text


def test_bullets_have_the_level_of_their_indent(sif: Document) -> None:
    bullets = [(b.mark, b.level) for b in of_kind(sif, BlockKind.BULLET)]
    assert bullets == [
        *[("\uf06e", 1)] * 5,
        *[("\uf02d", 2)] * 2,
        *[("\uf06e", 1)] * 2,
        *[("\uf0b7", 2)] * 3,
    ]


def test_a_boxed_study_goes_on_over_a_page(samples: Path) -> None:
    letter = read_pdf(samples / "marlshire-jtai-2024.pdf")
    boxed = [block for block in letter.blocks if block.boxed and block.kind is BlockKind.PARAGRAPH]
    assert [(block.page, block.boxes[-1].page) for block in boxed] == [(2, 2), (2, 3), (3, 3)]
    last = boxed[1]
    assert (last.page_at(last.start), last.page_at(last.end - 1)) == (2, 3)


def test_a_table_row_goes_on_over_a_page(samples: Path) -> None:
    report = read_pdf(samples / "eastmere-send-2025.pdf")
    (row,) = [block for block in of_kind(report, BlockKind.TABLE_ROW) if block.boxes[-1].page != block.page]
    assert (row.page, row.boxes[-1].page) == (2, 3)
    assert row.cells[0] == "Eastmere Borough Council and NHS Eastmere and Vale Integrated Care Board"
    first, *items = row.cells[1].split("\n")
    assert first.endswith("In particular, they should:")
    assert [item.split()[0] for item in items] == ["agree", "offer", "train", "publish"]


@pytest.mark.parametrize(
    ("name", "code", "advice"),
    [
        ("empty.pdf", "empty_file", "Download it again"),
        ("html_page.pdf", "html_page", "reports.ofsted.gov.uk"),
        ("random.pdf", "not_a_pdf", "right file"),
        ("truncated.pdf", "damaged_pdf", "Download it again"),
        ("encrypted.pdf", "encrypted_pdf", "without the password"),
        ("image_only.pdf", "no_text", "text recognition"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(samples: Path, name: str, code: str, advice: str) -> None:
    with pytest.raises(ReadingError) as caught:
        read_pdf(samples / "broken" / name)
    assert caught.value.code == code
    assert name in str(caught.value)
    assert advice in str(caught.value)


def test_a_document_of_another_kind_is_read_all_the_same(samples: Path) -> None:
    assert read_pdf(samples / "broken" / "minutes.pdf").text


def test_missing_paths_and_folders_are_told_apart(samples: Path, tmp_path: Path) -> None:
    with pytest.raises(ReadingError, match="There is no file") as missing:
        read_pdf(tmp_path / "nothing.pdf")
    with pytest.raises(ReadingError, match="is a folder") as folder:
        read_pdf(samples)
    assert missing.value.code == folder.value.code == "not_found"


def test_long_files_are_refused_unless_asked_for(samples: Path) -> None:
    path = samples / "wexbury-sif-2015.pdf"
    with pytest.raises(ReadingError, match="has 9 pages") as caught:
        read_pdf(path, max_pages=8)
    assert caught.value.code == "too_many_pages"
    assert read_pdf(path, max_pages=9).source.pages == 9


@pytest.mark.corpus
def test_paragraph_numbers_of_real_reports_rarely_jump(corpus_reports: Path) -> None:
    jumps = total = 0
    for path in sorted(corpus_reports.glob("*-la-20[12]*.pdf"))[::40]:
        try:
            document = read_pdf(path)
        except ReadingError:
            continue
        numbers = [int(b.number) for b in of_kind(document, BlockKind.NUMBERED) if b.number and b.number.isdigit()]
        total += len(numbers)
        jumps += sum(here not in (1, before + 1) for before, here in pairwise(numbers))
    assert total > 500
    assert jumps <= 0.002 * total


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("1-wexham-la-2019-03-04.pdf", datetime.date(2019, 3, 4)),
        ("1-wexham-2019-13-04.pdf", None),
        ("2019-03-04-wexham.pdf", None),
    ],
)
def test_the_day_of_publication_is_taken_from_the_name(name: str, day: datetime.date | None) -> None:
    assert published_on(name) == day
