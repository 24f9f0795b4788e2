"""Runs of characters -> printed lines, cleaned of footnote marks, odd glyphs and doubled spaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ofsted_nlp.reading.pdfium import Run

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\ufeff": "",
    "\ufffe": "\x02",
    "\u00ad": "\x02",
    "\uf02d": "–",
    # Strokes that overprint a letter: a dash of a symbol font, printed over another dash.
    "\u0335": "",
    "\u0336": "",
    "\u2010": "-",
    "\u2011": "-",
    "\r": " ",
    "\n": " ",
    "\t": " ",
}
# Control characters, and those that change the direction of what follows: no text needs them, and terminals obey them.
_CONTROL = [*range(32), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x2028, 0x202F), *range(0x2060, 0x2070)]
_CLEAN = str.maketrans({**{chr(code): "" for code in _CONTROL if code != 2}, **_LIGATURES})
_FOOTNOTE_MARK = re.compile(r"^[\s,\d*†‡§]{1,6}$")
_SYMBOL_FONT = re.compile(r"wingdings|symbol|webdings|dingbats", re.I)
_BULLETS = "◼■▪●•·▫□◦○‣∙⁃\uf0b7\uf0a7\uf06e\uf06f\uf0a8\uf0d8\uf076\uf0fc\uf02d\uf0bf\uf097\u25fe\u25fc\ufffd"
_DASHES = "–—-"
_RULES = "−─―‒\u0335\u0336"
"""Dashes that stand at the head of an item only, never at that of a line of running text."""
_NUMBER = re.compile(r"^\(?(\d{1,3}(?:\.\d{1,2}){0,2})[.)]?$")
_LETTER = re.compile(r"^(?:\(?([a-z])[.)]|\(?([ivx]{1,5})[.)])$")
_NUMBER_START = re.compile(r"^(\d{1,3})\.{1,2}(?:\s+(?=\S)|(?=[A-Z‘“]))")
_NUMBER_ALONE = re.compile(r"^(\d{1,3})\.$")
_LOOSE_STOP = re.compile(r" +(?=[,.;:](?: |$))")

BULLET = "bullet"
NUMBER = "number"


@dataclass(slots=True)
class Line:
    """A printed line. ``x0`` is where its text starts, ``mark_x`` where its bullet or number stands, if any.

    Attributes:
        segments: parts separated by wide gaps, as (x0, x1, text).
        mark_kind: "" or BULLET or NUMBER; ``mark`` is the character or number itself, ``printed`` the mark with the
            stop or brackets round it.
        footnote: the number of the footnote that the line starts, if it starts with a raised mark.
    """

    page: int
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    baseline: float
    size: float
    bold: bool
    segments: list[tuple[float, float, str]] = field(default_factory=list)
    mark: str = ""
    mark_kind: str = ""
    mark_x: float = 0.0
    printed: str = ""
    footnote: str = ""
    colour: tuple[int, int, int] = (0, 0, 0)

    def put_mark_back(self) -> None:
        """Make the mark the first word of the text again: it was part of a sentence."""
        self.text = f"{self.printed or self.mark} {self.text}".strip()
        self.x0 = self.mark_x
        if self.segments:
            _, x1, text = self.segments[0]
            self.segments[0] = (self.x0, x1, f"{self.printed or self.mark} {text}".strip())
        self.mark = self.mark_kind = self.printed = ""
        self.mark_x = 0.0


def clean(text: str) -> str:
    """Text with ligatures, odd spaces and control characters made plain; U+0002 (a line-end hyphen) stays."""
    return text.translate(_CLEAN)


def rows_of_runs(runs: list[Run]) -> list[list[Run]]:
    """Runs that share a baseline (raised marks included), top to bottom, each row left to right."""
    rows: list[list[Run]] = []
    baselines: list[tuple[float, float]] = []
    for run in sorted((r for r in runs if r.text.strip()), key=lambda r: r.baseline):
        for index in range(len(rows) - 1, max(len(rows) - 6, -1), -1):
            baseline, size = baselines[index]
            level = abs(run.baseline - baseline) <= 0.16 * max(size, run.size)
            lowered = run.size < 0.8 * size and baseline <= run.baseline <= baseline + 0.2 * size
            if level or lowered:
                rows[index].append(run)
                if run.size > size:
                    baselines[index] = (run.baseline, run.size)
                break
        else:
            rows.append([run])
            baselines.append((run.baseline, run.size))
    return [sorted(row, key=lambda r: r.x0) for row in _with_raised_marks(rows, baselines)]


def _with_raised_marks(rows: list[list[Run]], baselines: list[tuple[float, float]]) -> list[list[Run]]:
    """Rows, with those that hold nothing but raised small characters joined to the row they belong to."""
    order = sorted(range(len(rows)), key=lambda i: baselines[i][0])
    joined: list[list[Run]] = []
    waiting: list[tuple[float, float, list[Run]]] = []
    for index in order:
        baseline, size = baselines[index]
        row = rows[index]
        still = []
        for raised, small, runs in waiting:
            apart = 0.3 * size if all(r.text.strip().isdigit() for r in runs) else size
            if (
                small < 0.8 * size or (small < size and raised < baseline - apart)
            ) and raised >= baseline - 0.75 * size:
                row = row + runs
            elif raised < baseline - 30:
                joined.append(runs)
            else:
                still.append((raised, small, runs))
        waiting = still
        if all(len(r.text.strip()) <= 4 for r in row) and index != order[-1]:
            waiting.append((baseline, size, row))
        else:
            joined.append(row)
    joined.extend(runs for _, _, runs in waiting)
    joined.sort(key=lambda row: max((r.size, r.baseline) for r in row)[1])
    return joined


def line_of(row: list[Run], page: int) -> Line | None:
    """The line made of the runs of one row, or None if nothing printable stands in it."""
    weight: dict[float, int] = {}
    for run in row:
        weight[round(run.size, 1)] = weight.get(round(run.size, 1), 0) + len(run.text.strip())
    size = max(weight, key=lambda s: (weight[s], s))
    main = [r for r in row if abs(r.size - size) < 0.6]
    baseline = main[0].baseline if main else row[0].baseline
    footnote = ""
    kept: list[Run] = []
    for run in row:
        above = baseline - run.baseline
        raised = (run.size < 0.8 * size and above > 0.08 * size) or (run.size < size and above > 0.3 * size)
        if raised and _FOOTNOTE_MARK.match(run.text):
            if not kept:
                footnote = run.text.strip()
            elif run.text.endswith(" ") and not kept[-1].text.endswith(" "):
                kept[-1] = _with_text(kept[-1], kept[-1].text + " ")
            continue
        kept.append(run)
    if not kept:
        if not footnote:
            return None
        kept = row
    kept, mark, mark_kind, mark_x, printed = _take_mark(kept, size)
    if not kept:
        return None
    segments = _segments(kept, size)
    text = " ".join(part[2] for part in segments)
    if not text.strip() and not mark:
        return None
    bold = sum(len(r.text.strip()) for r in kept if r.font.bold) * 2 > sum(len(r.text.strip()) for r in kept)
    line = Line(
        page=page,
        text=text,
        x0=segments[0][0],
        x1=max(s[1] for s in segments),
        top=min(r.top for r in kept),
        bottom=max(r.bottom for r in kept),
        baseline=baseline,
        size=size,
        bold=bold,
        segments=segments,
        mark=mark,
        mark_kind=mark_kind,
        mark_x=mark_x,
        printed=printed,
        footnote=footnote,
        colour=kept[0].colour,
    )
    if not mark and (found := _NUMBER_START.match(text)) and not bold:
        line.mark, line.mark_kind, line.mark_x = found.group(1), NUMBER, line.x0
        line.printed = f"{line.mark}."
        line.text = text[found.end() :]
        line.segments[0] = (line.x0, line.segments[0][1], line.segments[0][2][found.end() :] or line.text)
    return line


def _with_text(run: Run, text: str) -> Run:
    return Run(text, run.x0, run.x1, run.top, run.bottom, run.baseline, run.size, run.font, run.colour)


def _take_mark(row: list[Run], size: float) -> tuple[list[Run], str, str, float, str]:
    """Split a bullet or a number off the front of a row: it stands apart, by font or by a gap.

    Returns:
        The rest of the row, the mark, its kind, where it stands and how it is printed.
    """
    # A number may be cut into runs ("1" "0" "."): join what stands before the first gap.
    head, used = "", 0
    for index, run in enumerate(row[:4]):
        head += run.text.strip()
        used = index + 1
        gap = row[index + 1].x0 - run.x1 if index + 1 < len(row) else 0.0
        if gap > 0.45 * size or len(head) > 7:
            break
        if run.text.endswith(" ") and len(head) <= 7:
            break
    first = row[0]
    glyph = first.text.strip()
    if len(row) > 1 and len(glyph) == 1:
        symbol = bool(_SYMBOL_FONT.search(first.font.name)) and not glyph.isdigit()
        apart = row[1].x0 - first.x1 > 0.3 * size or first.text != glyph
        if (
            glyph in _BULLETS
            or symbol
            or (glyph in _DASHES + _RULES and apart)
            or (glyph == "o" and "Courier" in first.font.name)
        ):
            return row[1:], glyph, BULLET, first.x0, glyph
    if len(glyph) > 1 and (glyph[0] in _BULLETS or (glyph[0] in _RULES and glyph[1] == " ")):
        rest = _with_text(first, first.text.lstrip()[1:].lstrip())
        return [rest, *row[1:]], glyph[0], BULLET, first.x0, glyph[0]
    if len(row) == 1 and glyph and glyph in _BULLETS:
        return [_with_text(first, "")], glyph, BULLET, first.x0, glyph
    if len(row) == 1 and (alone := _NUMBER_ALONE.match(glyph)):
        return [_with_text(first, "")], alone.group(1), NUMBER, first.x0, glyph
    if used < len(row):
        gap = row[used].x0 - row[used - 1].x1
        number = _NUMBER.match(head)
        if number and (head[-1] in ".)" or (gap > 0.8 * size and "." not in head) or gap > 1.5 * size):
            return row[used:], number.group(1), NUMBER, first.x0, head
        letter = _LETTER.match(head)
        if letter and gap > 0.45 * size:
            return row[used:], letter.group(1) or letter.group(2), NUMBER, first.x0, head
    return row, "", "", 0.0, ""


def _segments(row: list[Run], size: float) -> list[tuple[float, float, str]]:
    segments: list[tuple[float, float, str]] = []
    for run in row:
        text = clean(run.text)
        if not segments:
            segments.append((run.x0, run.x1, text))
            continue
        x0, x1, before = segments[-1]
        gap = run.x0 - x1
        if gap > 1.4 * size and text.strip():
            segments.append((run.x0, run.x1, text))
        elif before.endswith(" ") or text.startswith(" ") or gap <= 0.12 * size:
            segments[-1] = (x0, max(x1, run.x1), before + text)
        else:
            segments[-1] = (x0, max(x1, run.x1), before + " " + text)
    out = [(a, b, _LOOSE_STOP.sub("", re.sub(r" {2,}", " ", t)).strip()) for a, b, t in segments]
    return [s for s in out if s[2]] or out[:1]
