"""Reads what is to be clustered: concerns, strengths, mixed findings by their clauses, and recommendations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from ofsted_nlp.authorities import register
from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Report
from ofsted_nlp.themes import NONE, themes

RECOMMENDATION = "recommendation"
KINDS = ("concern", "strength", RECOMMENDATION)
"""What is clustered, each apart from the others."""

_RECOMMENDED = frozenset(("recommendation", "area_for_improvement", "priority_action"))
_SURELY_NEUTRAL = 0.9
_SURELY_THEMELESS = 0.6
_FEWEST_WORDS = 3
_WORD = re.compile(r"[^\W\d_]{2,}")


class Reason(StrEnum):
    """Why a finding is in no cluster. The codes are stable."""

    NEUTRAL = "neutral"
    """It describes and does not evaluate: such findings are not clustered."""
    NO_THEME = "no_theme"
    """It has none of the themes."""
    TOO_SHORT = "too_short"
    """It has fewer than three words, or no word that the encoder knows."""
    UNLIKE_ALL = "unlike_all"
    """It is unlike every cluster of its theme."""
    NO_CLUSTER = "no_cluster"
    """The clusters it is assigned to have none of its theme and kind."""


@dataclass(frozen=True, slots=True)
class Row:
    """A finding or recommendation as given.

    Attributes:
        id: its identity.
        file: the report's file.
        text: the sentence.
        authority: its name; the file's where none is known.
        year: of the report, where known.
    """

    id: str
    file: str
    text: str
    authority: str
    year: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """What goes into one cluster: a finding, or the half of a mixed one.

    Attributes:
        row: number of its row.
        text: of the finding or the clause.
        kind: one of ``KINDS``; "" for a finding of which ``reason`` says that it is none.
        theme: code of its theme.
        likely: probability of the theme; 1 where the theme was given.
        reason: why it can be in no cluster; None if it can.
        clause: whether it is the half of a mixed finding.
    """

    row: int
    text: str
    kind: str
    theme: str
    likely: float = 1.0
    reason: Reason | None = None
    clause: bool = False


@dataclass
class Given:
    """What was given to cluster: rows in their order, and the parts of them.

    Attributes:
        rows: as given.
        parts: by row; the two halves of a mixed finding follow one another, the concern first.
    """

    rows: list[Row]
    parts: list[Part] = field(default_factory=list)


def read_rows(rows: Iterable[Mapping[str, Any]], *, first: int = 1, unique: bool = True) -> Given:
    """Reads findings and recommendations.

    Args:
        rows: one mapping each with "id", "file" and "text". What a row says of "polarity" and "themes" (codes, the
            leading one first) is taken if it has both, as the records of reports have; else the sentence is
            classified, with "prev" (the sentence before) where given. "clauses" (each with "polarity" and "text") are
            the halves of a mixed finding. "kind" says that a row is a recommendation ("recommendation",
            "area_for_improvement", "priority_action"). "authority" (name) and "year" are else taken from a file name
            that starts with a URN and ends with a date.
        first: number of the first row, for messages.
        unique: whether no two may have the same id.

    Raises:
        UsageError: a row lacks id, file or text, or says something that cannot be; or two rows have the same id.
    """
    kept = list(rows)
    check_rows(kept, first=first, unique=unique)
    given = Given(plain_rows(kept))
    known = [_known(number, row, first) for number, row in enumerate(kept)]
    unread = [number for number, found in enumerate(known) if found is None]
    if unread:
        for number, part in zip(unread, _classified([kept[number] for number in unread], unread), strict=True):
            known[number] = part
    given.parts = _by_clause([part for part in known if part is not None], kept)
    return given


def plain_rows(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows with their authority and year."""
    return [plain_row(row) for row in rows]


def check_rows(rows: Sequence[Mapping[str, Any]], *, first: int = 1, unique: bool = True) -> None:
    """Raises ``UsageError`` if a row lacks id, file or text, or says what cannot be, or two have the same id."""
    for number, row in enumerate(rows, first):
        check_row(row, number)
    if unique:
        refuse_repeated(str(row["id"]) for row in rows)


def check_row(row: Mapping[str, Any], number: int) -> None:
    """Raises ``UsageError`` if a row lacks id, file or text, or says what cannot be; ``number`` is for the message."""
    if any(row.get(key) is None for key in ("id", "file", "text")):
        absent = [key for key in ("id", "file", "text") if row.get(key) is None]
        raise UsageError(f"Finding {number} has no {' or '.join(absent)}; each needs id, file and text.")
    if not isinstance(row["text"], str):
        raise UsageError(f"The text of finding {number} is of the kind {type(row['text']).__name__}, not text.")
    codes, year = row.get("themes"), row.get("year")
    if codes is not None and not (_listed(codes) and all(isinstance(code, str) for code in codes)):
        raise UsageError(f"The themes of finding {number} are no list of codes.")
    if not isinstance(row.get("kind"), str | None):
        raise UsageError(f"The kind of finding {number} is no word: {row['kind']!r}.")
    halves = row.get("clauses")
    if halves is not None and not (_listed(halves) and all(map(_half, halves))):
        raise UsageError(f"The clauses of finding {number} are no list of polarities and texts.")
    if year is not None and (isinstance(year, bool) or not isinstance(year, int)):
        raise UsageError(f"The year of finding {number} is no whole number: {year!r}.")


def _listed(value: Any) -> bool:
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _half(clause: Any) -> bool:
    if isinstance(clause, Mapping):
        return {"polarity", "text"} <= clause.keys()
    if isinstance(clause, tuple | list):
        return len(clause) == 2
    return hasattr(clause, "polarity") and hasattr(clause, "text")


def refuse_repeated(ids: Iterable[str]) -> None:
    """Raises ``UsageError`` if an id occurs more than once."""
    repeated = [key for key, n in Counter(ids).items() if n > 1]
    if repeated:
        raise UsageError(f"{len(repeated)} ids occur more than once, the first is {repeated[0]!r}.")


def plain_row(row: Mapping[str, Any]) -> Row:
    """The row with its authority and year."""
    file = str(row["file"])
    urn = re.match(r"(\d{5,7})-", file)
    date = re.search(r"(\d{4})-\d\d-\d\d(?:\.\w+)?$", file)
    authority = row.get("authority") or (urn and _names().get(int(urn[1]))) or file
    return Row(str(row["id"]), file, row["text"], str(authority), row.get("year") or (int(date[1]) if date else None))


@cache
def _names() -> dict[int, str]:
    return {entry.urn: entry.display_name for entry in register()}


def _known(number: int, row: Mapping[str, Any], first: int) -> Part | None:
    """The part of a row that says its polarity and themes itself."""
    kind = RECOMMENDATION if row.get("kind") in _RECOMMENDED else row.get("polarity")
    codes = row.get("themes")
    if kind is None or codes is None:
        return None
    code = next((code for code in codes if code != NONE), NONE)
    if code not in themes():
        raise UsageError(f"Finding {first + number} has the theme {code!r}, which is none.")
    if kind not in (*KINDS, "mixed", "neutral"):
        raise UsageError(f"Finding {first + number} has the polarity {kind!r}, which is none.")
    return _part(number, row["text"], str(kind), code, 1.0)


def _part(number: int, text: str, kind: str, theme: str, likely: float) -> Part:
    reason = None
    if kind == "neutral":
        reason = Reason.NEUTRAL
    elif len(_WORD.findall(text)) < _FEWEST_WORDS:
        reason = Reason.TOO_SHORT
    elif theme == NONE:
        reason = Reason.NO_THEME
    return Part(number, text, "" if kind == "neutral" else kind, theme, likely, reason)


def _classified(rows: Sequence[Mapping[str, Any]], numbers: Sequence[int]) -> list[Part]:
    """The parts of rows that must be classified.

    A finding is left out as neutral only if the classifier is sure of it; else it goes where it leans, to the
    strengths or the concerns. Where "no theme" is not sure, the likeliest theme is taken.
    """
    from ofsted_nlp.extraction.classify import classify, model

    before = [str(row.get("prev") or "") for row in rows]
    texts = [row["text"] for row in rows]
    made = classify(texts, before)
    parts = []
    for number, row, found in zip(numbers, rows, made, strict=True):
        theme, likely = (found.themes[0], found.theme_scores[0]) if found.themes else (NONE, 0.0)
        kind = found.polarity
        if row.get("kind") in _RECOMMENDED or row.get("polarity") == RECOMMENDATION:
            kind = RECOMMENDATION
        elif kind == "neutral" and found.score < _SURELY_NEUTRAL:
            leaning = found.scores["strength"] > found.scores["concern"] + found.scores["mixed"]
            kind = "strength" if leaning else "concern"
        parts.append((number, row["text"], kind, theme, likely))
    lost = [k for k, part in enumerate(parts) if part[3] == NONE]
    if lost:
        likeliest = model().probabilities([texts[k] for k in lost], [before[k] for k in lost])[1]
        none = model().themes.index(NONE)
        for k, row_ in zip(lost, likeliest.round(4).astype(float), strict=True):
            if row_[none] <= _SURELY_THEMELESS:
                row_[none] = -1
                parts[k] = (*parts[k][:3], model().themes[int(row_.argmax())], float(row_.max()))
    return [_part(*part) for part in parts]


def _by_clause(parts: Sequence[Part], rows: Sequence[Mapping[str, Any]]) -> list[Part]:
    """The parts, mixed findings replaced by their clauses; those that have none are concerns as a whole."""
    unsplit = [k for k, part in enumerate(parts) if part.kind == "mixed" and rows[part.row].get("clauses") is None]
    split: dict[int, list[tuple[str, str]]] = {}
    if unsplit:
        from ofsted_nlp.extraction.clauses import clauses_of

        before = [str(rows[parts[k].row].get("prev") or "") for k in unsplit]
        for k, found in zip(unsplit, clauses_of([parts[k].text for k in unsplit], before), strict=True):
            split[k] = [(clause.polarity.value, clause.text) for clause in found]
    out: list[Part] = []
    for k, part in enumerate(parts):
        if part.kind != "mixed":
            out.append(part)
            continue
        halves = dict(split.get(k) or _halves(rows[part.row].get("clauses") or ()))
        if part.reason is None and set(halves) == {"concern", "strength"}:
            out += [
                Part(part.row, halves[kind], kind, part.theme, part.likely, None, True)
                for kind in ("concern", "strength")
            ]
        else:
            out.append(Part(part.row, part.text, "concern", part.theme, part.likely, part.reason))
    return out


def _halves(clauses: Iterable[Any]) -> list[tuple[str, str]]:
    """Polarity and text of clauses given as records, as plain data or as pairs."""
    found = []
    for clause in clauses:
        if isinstance(clause, Mapping):
            found.append((str(clause.get("polarity")), str(clause.get("text"))))
        elif isinstance(clause, tuple | list):
            found.append((str(clause[0]), str(clause[1])))
        else:
            found.append((str(clause.polarity), str(clause.text)))
    return found


def recommendation_id(sha256: str, position: int) -> str:
    """A stable identity of an item of an action list: the document's hash and the item's place in the list."""
    return f"{sha256[:12]}-{position}"


def rows_of(reports: Iterable[Report]) -> Iterator[dict[str, Any]]:
    """The findings and action lists of reports as rows to cluster; themes that are not in the taxonomy are left out."""
    for report in reports:
        when = report.inspection.end or report.inspection.published or report.source.published_on
        about = {
            "file": report.source.file,
            "authority": report.authority and report.authority.name,
            "year": when and when.year,
        }
        for finding in report.findings:
            yield {
                **about,
                "id": finding.id,
                "text": finding.text,
                "polarity": finding.polarity.value,
                "themes": [code for code in finding.themes if code in themes()],
                "clauses": finding.clauses,
            }
        for position, item in enumerate(report.recommendations):
            yield {
                **about,
                "id": recommendation_id(report.source.sha256, position),
                "text": item.text,
                "kind": item.kind,
                "themes": [code for code in item.themes if code in themes()],
            }
