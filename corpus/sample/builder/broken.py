"""Files that a batch will meet and cannot read, or that are no inspection report: each should fail plainly."""

from __future__ import annotations

import datetime
import io
import random
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import EncryptionMethod
from PIL import Image, ImageDraw, ImageFont

from .layout import FONTS, Sheet, Style

CREATED = datetime.datetime(2024, 1, 15, 9, 0, tzinfo=datetime.UTC)
PASSWORD = "sample"
"""The user password of encrypted.pdf."""

HTML = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Page not found</title></head>
<body>
<header><a href="/">Home</a> <a href="/reports">Reports</a></header>
<main>
<h1>Page not found</h1>
<p>The document that you asked for is not at this address. It may have been moved or taken down.</p>
<p>Check the address, or go to the <a href="/reports">list of reports</a> and search for it there.</p>
</main>
<footer>An invented page for testing</footer>
</body>
</html>
"""

MINUTES = (
    (
        "1. Apologies",
        "Apologies were received from Councillor Fennimore and from the borough’s tree officer.",
    ),
    (
        "2. Minutes of the meeting of 12 December 2023",
        "The minutes were agreed, subject to the spelling of Councillor Huxtable-Wray’s name.",
    ),
    (
        "3. Resurfacing of Mill Lane",
        "The highways manager reported that the contractor would begin on 4 March and that the road would be shut to "
        "through traffic for nine days. Members asked that the bus company be told in good time. RESOLVED: that the "
        "report be noted.",
    ),
    (
        "4. Allotment rents",
        "Members considered a proposal to raise the rent of a full plot from £42 to £45. Councillor Dray spoke against "
        "it. On a vote of seven to four it was RESOLVED: that the rent be raised from April 2024.",
    ),
    ("5. Date of next meeting", "Tuesday 13 February 2024 at 6.30pm in the committee room."),
)


def _plain(text: str) -> FPDF:
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_creation_date(CREATED)
    pdf.set_producer("fpdf2")
    pdf.add_font("SampleSans", "", FONTS / "SampleSansCondensed.ttf")
    pdf.add_page()
    pdf.set_font("SampleSans", "", 12)
    pdf.text(71, 120, text)
    return pdf


def minutes() -> bytes:
    """A committee's minutes: a council document that is no inspection report."""
    sheet = Sheet("Environment and Highways Committee", Style(), CREATED)
    sheet.title_lines("Eastmere Borough Council", size=20)
    sheet.heading("Minutes of the Environment and Highways Committee, 16 January 2024")
    sheet.para("Present: Councillors Dray (Chair), Huxtable-Wray, Lomond, Peake and Osei-Barrow.")
    for title, text in MINUTES:
        sheet.heading(title, size=12)
        sheet.para(text)
    sheet.para("The meeting closed at 8.05pm.")
    return bytes(sheet.output())


def image_only() -> bytes:
    """A scan: two pages that are nothing but a picture of text."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_creation_date(CREATED)
    pdf.set_producer("fpdf2")
    font = ImageFont.truetype(str(FONTS / "SampleSansCondensed.ttf"), 22)
    for number in (1, 2):
        page = Image.new("L", (1240, 1754), 255)
        pen = ImageDraw.Draw(page)
        for line in range(30):
            pen.text((150, 200 + 44 * line), f"Line {line + 1} of scanned page {number}, which holds no text.", 0, font)
        pdf.add_page()
        pdf.image(page.convert("1"), x=0, y=0, w=595)
    return bytes(pdf.output())


def encrypted() -> bytes:
    """A document that asks for a password; RC4, because that needs no random numbers."""
    pdf = _plain("This page can be read only with the password.")
    pdf.set_encryption(owner_password="owner", user_password=PASSWORD, encryption_method=EncryptionMethod.RC4)
    return bytes(pdf.output())


def many_pages(count: int = 2000) -> bytes:
    """A document of ``count`` pages with a line on each; made when needed, not kept."""
    pdf = FPDF(unit="pt", format="A4")
    pdf.set_creation_date(CREATED)
    pdf.set_font("Helvetica", "", 12)
    for number in range(1, count + 1):
        pdf.add_page()
        pdf.text(71, 120, f"Page {number} of a long document that says nothing about any council.")
    out = io.BytesIO()
    pdf.output(out)
    return out.getvalue()


def write_broken(folder: Path) -> None:
    """Write the files into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    committee = minutes()
    files = {
        "html_page.pdf": HTML.encode(),
        "empty.pdf": b"",
        "truncated.pdf": committee[: len(committee) // 3],
        "random.pdf": random.Random(20240115).randbytes(4096),
        "encrypted.pdf": encrypted(),
        "image_only.pdf": image_only(),
        "minutes.pdf": committee,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
