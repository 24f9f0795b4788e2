"""What stands round the text in each kind of report: pictures at the head, footers and page numbers.

Where the real reports carry the inspectorates' logos the samples carry plain coloured blocks.
"""

from __future__ import annotations

from .layout import BLUE, RULE, Sheet, Style, picture

NAVY, PURPLE, GREEN = (25, 30, 90), (110, 40, 110), (10, 120, 105)
_ONE = (
    (0, 60, 110, 100, NAVY),
    (60, 20, 74, 34, NAVY),
    (80, 10, 94, 24, NAVY),
    (100, 0, 114, 14, NAVY),
)
ABOUT = (
    "The Office for Standards in Education, Children’s Services and Skills (Ofsted) did not write this document. It "
    "is a sample made for testing software: the council, the people and the events in it are invented, and only the "
    "layout follows that of published inspection reports.",
    "The sample may be copied and changed by anyone under the terms of the MIT licence that comes with it.",
)


def _logo(sheet: Sheet, x: float, y: float, width: float) -> None:
    sheet.image(picture(_ONE, (120, 101)), x=x, y=y, w=width)


def sif() -> Style:
    """The single inspection framework: rule and large page number, right on odd pages, left on even ones."""

    def footer(sheet: Sheet) -> None:
        sheet.bar(69.5, 798, 456, RULE)
        number = str(sheet.page_no())
        x = sheet.style.left if sheet.page_no() % 2 == 0 else 523 - sheet.measure(number, 20)
        sheet.put(x, 817, number, 20)

    return Style(pictures=lambda sheet: _logo(sheet, 482, 26, 70), footer=footer)


def ilacs(first: str, second: str, bold: bool = False) -> Style:
    """Reports of local authority inspections since 2018: two small lines and a large number, not on page 1."""

    def footer(sheet: Sheet) -> None:
        if sheet.page_no() == 1:
            return
        face = "B" if bold else ""
        sheet.put(71, 802, first, 8, face)
        sheet.bar(69.5, 788, 445, RULE)
        sheet.put(71, 812, second + " ", 8, face)
        number = str(sheet.page_no())
        sheet.put(523 - sheet.measure(number, 20), 808, number, 20)

    def pictures(sheet: Sheet) -> None:
        if sheet.page_no() == 1:
            _logo(sheet, 448, 28, 100)
        else:
            _logo(sheet, 482, 26, 70)

    return Style(pictures=pictures, footer=footer)


def letter() -> Style:
    """Letters of one inspectorate: the sender's address at the head of page 1, plain page numbers."""

    def pictures(sheet: Sheet) -> None:
        _logo(sheet, 482, 26, 70)
        if sheet.page_no() == 1:
            sender = ("Sample House", "1 Invented Street", "Nowhere", "NW0 0XX", "", "www.example.org")
            for number, text in enumerate(sender):
                if text:
                    sheet.put(71, 50 + 11 * number, text, 8, "B" if not number else "")

    def footer(sheet: Sheet) -> None:
        if sheet.page_no() > 1:
            sheet.put(518, 783, str(sheet.page_no()), 12)

    return Style(bottom=760, pictures=pictures, footer=footer)


def jtai() -> Style:
    """Letters of the joint targeted area inspections: four pictures at the head, page number from page 2."""

    def pictures(sheet: Sheet) -> None:
        for x, width, colour in ((71, 140, GREEN), (214, 92, NAVY), (313, 132, PURPLE), (452, 72, NAVY)):
            blocks = ((0, 30, 2 * width, 100, colour), (0, 0, 30, 20, colour))
            sheet.image(picture(blocks, (2 * width + 1, 101)), x=x, y=34, w=width)

    def footer(sheet: Sheet) -> None:
        if sheet.page_no() > 1:
            number = str(sheet.page_no())
            sheet.put(523 - sheet.measure(number, 12), 783, number, 12)

    return Style(top=126, bottom=744, pictures=pictures, footer=footer)


def send(first: str, second: str) -> Style:
    """Area SEND reports: a line of small print on page 1, then two small lines and a bold blue number."""

    def pictures(sheet: Sheet) -> None:
        for x, width, colour in ((334, 110, PURPLE), (452, 80, NAVY)):
            blocks = ((0, 30, 2 * width, 90, colour), (0, 0, 30, 20, colour))
            sheet.image(picture(blocks, (2 * width + 1, 91)), x=x, y=26, w=width)
        if sheet.page_no() == 1:
            sheet.put(57, 38, "Local area partnership report", 10)

    def footer(sheet: Sheet) -> None:
        if sheet.page_no() == 1:
            return
        sheet.bar(57, 788, 482, RULE)
        sheet.put(60, 801, first, 10)
        sheet.put(60, 814, second, 10)
        number = str(sheet.page_no())
        sheet.set_fill_color(230, 230, 230)
        sheet.rect(521, 791, 16, 24, style="F")
        sheet.set_text_color(*BLUE)
        sheet.put(536 - sheet.measure(number, 20, "B"), 811, number, 20, "B")
        sheet.set_text_color(0)

    return Style(left=57, right=537, top=97, bottom=776, pictures=pictures, footer=footer)


def back_page(sheet: Sheet) -> None:
    """The last page, on who is behind the document."""
    sheet.next_page()
    sheet.space(40)
    for text in ABOUT:
        sheet.para(text, size=10, leading=13, right=sheet.style.right - 60, gap=6)
    for line in ("Sample House", "1 Invented Street", "Nowhere", "NW0 0XX"):
        sheet.lines(line, size=10, leading=13)
    sheet.space(12)
    sheet.lines("T: 00000 000 000", size=10, leading=13)
    sheet.lines("W: www.example.org", size=10, leading=13)
