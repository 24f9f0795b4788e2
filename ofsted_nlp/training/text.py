"""Unlabelled sentences of report PDFs for training: plain text, rough, and in great number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ofsted_nlp.extraction.sentences import split

_NUMBER = re.compile(r"^\(?\d{1,3}[.)]?\s+(?=[^\W\d_])|^\d{1,3}\.(?=[A-Z])")


def clean(text: str) -> str:
    """One line of text: white space single, U+0002 (a hyphen at a line's end) a hyphen, paragraph number gone."""
    return _NUMBER.sub("", " ".join(text.replace("\x02", "-").split()))


def pages_of(path: Path) -> list[str]:
    """The plain pdfium text of every page; an unreadable file gives none."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return []
    return [page.get_textpage().get_text_bounded() for page in document]


def sentences_of(pages: list[str]) -> Iterator[tuple[str, str]]:
    """Yields ``(sentence, the sentence before)`` of a report.

    Lines that stand on a third of the pages (furniture) and page numbers are dropped; sentences of fewer than
    five words or more than 110 are left out.
    """
    lines = [[line.strip() for line in page.splitlines()] for page in pages]
    keys = Counter(key for page in lines for key in {re.sub(r"\d+", "", line) for line in page} if key)
    often = {key for key, n in keys.items() if n >= max(4, len(pages) / 3)}
    kept = [line for page in lines for line in page if re.sub(r"\d+", "", line) not in often and not line.isdigit()]
    text = " ".join(kept).replace("\x02 ", "\x02")
    before = ""
    for start, end in split(text):
        sentence = clean(text[start:end])
        if 5 <= sentence.count(" ") + 1 <= 110 and sentence.endswith((".", "’", "”", "?", "!")):
            yield sentence, before
        before = sentence
