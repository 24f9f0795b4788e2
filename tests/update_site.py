"""Invented reports as files, a reader of them, and updates, that the tests of updating share."""

from __future__ import annotations

import datetime
import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus.updating import Update
from ofsted_nlp.records import (
    Authority,
    Failure,
    Finding,
    Inspection,
    Judgement,
    Polarity,
    Recommendation,
    Report,
    Source,
)

WEXHAM = Authority(99001, 991, "E09999991", "Wexham")
MARSHE = Authority(99002, 992, "E09999992", "Marshe & <Dale>")
READING = 0.003
"""Seconds that reading a document takes here."""

BEGIN = b"%PDF-1.4\n%"


def report_of(
    year: int,
    grade: str = "good",
    texts: dict[str, str] | None = None,
    authority: Authority | None = WEXHAM,
    theme: str = "workforce",
    **values: Any,
) -> Report:
    """A report of an invented inspection in March of a year; ``texts`` are sentences with their polarity."""
    day = datetime.date(year, 3, 12)
    report = Report(
        source=Source("", "", 9, published_on=day + datetime.timedelta(days=40)),
        framework="ilacs",
        authority=authority,
        inspection=Inspection(start=day - datetime.timedelta(days=4), end=day, published=day.replace(month=4)),
        judgements=(
            Judgement("overall_effectiveness", grade, "Overall effectiveness", 1),
            Judgement("help_and_protection", "good", "Help and protection", 1),
        ),
        recommendations=(Recommendation("recommendation", "authority", "1", f"Mend the boats by {year}.", 2),),
        findings=tuple(
            Finding("", 3 + n, "body", text, Polarity(polarity), 0.95, (theme,), start=n * 100, end=n * 100 + len(text))
            for n, (text, polarity) in enumerate((texts or {}).items())
        ),
    )
    return replace(report, **values)


def write(folder: Path, name: str, report: Report | str) -> Path:
    """A file that ``read`` reads as this report, or as damaged for this reason."""
    folder.mkdir(exist_ok=True)
    content = {"damaged": report} if isinstance(report, str) else report.to_dict()
    path = folder / name
    path.write_bytes(pdf(content))
    return path


def pdf(content: Any) -> bytes:
    """The bytes of such a file."""
    return BEGIN + json.dumps(content).encode() + b"\n%%EOF\n"


def read(path: Path, *, findings: bool = True) -> Report:
    """The report that a file was written from, under its own hash."""
    time.sleep(READING)
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    content = json.loads(data.removeprefix(BEGIN).split(b"\n%%EOF")[0])
    if "damaged" in content:
        source = Source(path.name, sha256, 0)
        return Report(source, status="failed", error=Failure("damaged_pdf", f"{path.name} {content['damaged']}"))
    made = Report.from_dict(content)
    ids = (hashlib.sha256(f"{sha256}{n}".encode()).hexdigest()[:16] for n, _ in enumerate(made.findings))
    return replace(
        made,
        source=replace(made.source, file=path.name, sha256=sha256),
        findings=tuple(replace(item, id=id_) for item, id_ in zip(made.findings, ids, strict=True)),
    )


def run(store: Path, folder: Path, *, seed: bool = False, **options: Any) -> Update:
    """One update of a store from a folder."""
    with ThreadPoolExecutor(1) as executor:
        reading = {"reader": read, "executor": executor}
        return Corpus.open(store, seed=seed).update(folder=folder, options=reading, **options)
