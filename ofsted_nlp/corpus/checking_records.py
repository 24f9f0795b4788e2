"""What can be wrong with one record: in itself, and beside the text of its document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.errors import OfstedNlpError
from ofsted_nlp.records import Report
from ofsted_nlp.store.schema import ALL_TABLES, child_rows, document_row, findings_digest, story_row
from ofsted_nlp.stories import Article

if TYPE_CHECKING:
    from ofsted_nlp.store import Store

EXACT = ("findings", "figures")
"""Tables whose texts stand in the document as they are; items of action lists are put together from their parts."""

_UNCHECKED = ("path", "added_at", "digest", "record")
_EMPTY: tuple[Any, ...] = (None, 0, "", [], ())


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: a code for programs, the document or page, its file (or the table), and a sentence."""

    code: str
    sha256: str
    file: str
    message: str


@dataclass(frozen=True, slots=True)
class KeptDocument:
    """What a store has of a document: its row, and its rows in the other tables."""

    row: dict[str, Any]
    children: dict[str, list[dict[str, Any]]]

    @property
    def sha256(self) -> str:
        """SHA-256 of the document."""
        return str(self.row["sha256"])

    @property
    def file(self) -> str:
        """Name of its file."""
        return str(self.row["file"])

    @property
    def version(self) -> str:
        """Version of the extractor that read it."""
        return str(self.row["extractor_version"])


def record_faults(kept: KeptDocument) -> list[Fault]:
    """What is wrong with a record in itself."""
    try:
        report = Report.from_dict(json.loads(kept.row["record"]))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return [Fault("bad_record", kept.sha256, kept.file, f"Its record cannot be read: {error}.")]
    if report.source.sha256 != kept.sha256:
        return [Fault("bad_record", kept.sha256, kept.file, "Its record is that of another document.")]
    return [*_facts(kept, report), *_rows(kept, report), *_findings(kept)]


def _facts(kept: KeptDocument, report: Report) -> Iterator[Fault]:
    said = document_row(report, kept.version, None)
    wrong = [name for name, value in said.items() if name not in _UNCHECKED and kept.row[name] != value]
    if wrong:
        message = f"Its row says otherwise than its record: {', '.join(wrong)}."
        yield Fault("facts_differ", kept.sha256, kept.file, message)


def _rows(kept: KeptDocument, report: Report) -> Iterator[Fault]:
    for table, said in child_rows(report).items():
        if table == "findings":
            continue
        there = kept.children[table]
        order = ["inspection", "position"] if table == "judgements" else ["position"]
        listed = sorted(said, key=lambda row: [str(row[name]).zfill(9) for name in order])
        there = sorted(there, key=lambda row: [str(row[name]).zfill(9) for name in order])
        if len(listed) != len(there):
            message = f"It has {len(there)} rows of {table}; its record says {len(listed)}."
            yield Fault("rows_differ", kept.sha256, kept.file, message)
        elif not all(_alike(table, one, two) for one, two in zip(listed, there, strict=True)):
            message = f"Its rows of {table} say otherwise than its record."
            yield Fault("rows_differ", kept.sha256, kept.file, message)


def _alike(table: str, said: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    """Whether two rows say the same; a column that was added later is empty in rows that are older."""
    for name in ALL_TABLES[table]:
        one, two = said.get(name), there[name]
        one = list(one) if isinstance(one, tuple) else one
        if one != two and not (one in _EMPTY and two is None):
            return False
    return True


def _findings(kept: KeptDocument) -> Iterator[Fault]:
    rows = kept.children["findings"]
    if [row["position"] for row in rows] != [*range(len(rows))]:
        yield Fault("rows_differ", kept.sha256, kept.file, "Some of its findings are missing, or there twice.")
    elif kept.row["digest"] is not None and findings_digest(rows) != kept.row["digest"]:
        yield Fault("findings_changed", kept.sha256, kept.file, "Its findings are not those that were stored.")


def text_faults(kept: KeptDocument, path: Path) -> list[Fault]:
    """What is wrong with the texts and pages of a record, beside its document read again."""
    from ofsted_nlp.reading.pdf import read_pdf

    try:
        document = read_pdf(path)
    except OfstedNlpError as error:
        message = f"It cannot be read any more: {error.message}"
        return [Fault("unreadable", kept.sha256, kept.file, message)]
    faults = []
    if document.source.pages != kept.row["pages"]:
        message = f"It has {document.source.pages} pages; its record says {kept.row['pages']}."
        faults.append(Fault("wrong_pages", kept.sha256, kept.file, message))
    for table in ("findings", "figures", "recommendations"):
        wrong = [row for row in kept.children[table] if not _stands(table, row, document.text)]
        if wrong:
            faults.append(Fault("wrong_text", kept.sha256, kept.file, _where(table, wrong)))
        astray = [row for row in kept.children[table] if not 1 <= (row["page"] or 0) <= document.source.pages]
        if astray:
            faults.append(Fault("wrong_pages", kept.sha256, kept.file, _where(table, astray, "a page it has not")))
    return faults


def _stands(table: str, row: Mapping[str, Any], text: str) -> bool:
    """Whether a row's text stands at its span."""
    start, end = row["span_start"], row["span_end"]
    if start is None or end is None:
        return True  # read before spans of these were kept: such a record is stale, which is told
    if not 0 <= start <= end <= len(text):
        return False
    there = text[start:end]
    if table in EXACT:
        return bool(there == row["text"])
    return _words(row["text"]) <= _words(there)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def _where(table: str, rows: Sequence[Mapping[str, Any]], what: str = "") -> str:
    pages = ", ".join(map(str, sorted({row["page"] or 0 for row in rows})[:5]))
    return f"{len(rows)} of its {table} (page {pages}) " + (
        f"name {what}." if what else "do not stand in the document where the record says."
    )


def article_faults(store: Store, sha256: str) -> list[Fault]:
    """What is wrong with the record of an article page in itself."""
    row = store.connection.execute("SELECT file, stories, record FROM articles WHERE sha256 = ?", [sha256]).fetchone()
    file, count, record = row or ("", 0, "")
    try:
        article = Article.from_dict(json.loads(record))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        return [Fault("bad_record", sha256, file, f"Its record cannot be read: {error}.")]
    if article.page.sha256 != sha256:
        return [Fault("bad_record", sha256, file, "Its record is that of another page.")]
    columns = list(ALL_TABLES["stories"])
    found = store.connection.execute(
        f"SELECT {', '.join(columns)} FROM stories WHERE sha256 = ? ORDER BY number", [sha256]
    ).fetchall()
    there = [dict(zip(columns, values, strict=True)) for values in found]
    said = sorted((story_row(sha256, story) for story in article), key=lambda item: item["number"])
    if there != said or count != len(said):
        return [Fault("rows_differ", sha256, file, "Its rows of stories say otherwise than its record.")]
    return []
