"""Document -> Report: the order in which the extraction steps happen."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

from ofsted_nlp.authorities import register
from ofsted_nlp.errors import NotFoundError, OfstedNlpError, ReadingError, printable
from ofsted_nlp.extraction import joint, send
from ofsted_nlp.extraction.figures.records import figures
from ofsted_nlp.extraction.inspection import read_inspection
from ofsted_nlp.extraction.judgements import judgements, previous_judgements
from ofsted_nlp.extraction.kind import concerns_services, kind_of, mentions_inspection
from ofsted_nlp.extraction.names.canonical import with_things
from ofsted_nlp.extraction.recommendations import recommendations
from ofsted_nlp.extraction.sections import Section, sections
from ofsted_nlp.frameworks import ILACS, JTAI, OTHER, SEND, SIF, SLAC, Framework
from ofsted_nlp.reading.pdf import published_on, read_pdf
from ofsted_nlp.records import (
    Authority,
    BlockKind,
    Document,
    Failure,
    Inspection,
    Missing,
    Report,
    Source,
)

EXTRACTOR_VERSION = "3"
"""Goes up with every change that alters what is extracted: stores then read their documents again."""

ELSEWHERE = (
    "This is no report of an inspection of an authority's services for children: only its sentences were read, and "
    "they count in no statistics or benchmark."
)
"""The warning of a document of another kind, such as a report on a school."""
_DATED = re.compile(r"\binspection (?:dates?|report)\b", re.I)
_URN = re.compile(r"^(\d{5,7})-")


def read_report(path: str | Path, *, findings: bool = True, strengths: bool = True) -> Report:
    """Read a report's PDF and extract everything from it.

    Args:
        path: the PDF.
        findings: whether to extract and classify the sentences; without, only facts and action lists, faster.
        strengths: whether to read from each strength what it praises (``Finding.strength``); without, faster.

    Returns:
        The report; status "ok", or "partial" with warnings that say what could not be read.

    Raises:
        ReadingError: the file cannot be read; the code says why (see ``reading.pdf.read_pdf``).

    Example:
        >>> read_report("no-such-file.pdf")
        Traceback (most recent call last):
        ofsted_nlp.errors.ReadingError: There is no file no-such-file.pdf. Check the path.
    """
    return extract(read_pdf(path), findings=findings, strengths=strengths)


def read_or_record(path: str | Path, *, findings: bool = True, strengths: bool = True) -> Report:
    """As ``read_report``, but a file that cannot be read comes back as a report with status "failed"."""
    try:
        return read_report(path, findings=findings, strengths=strengths)
    except OfstedNlpError as error:
        return failed(Path(path), error)
    except Exception as error:
        # What no one foresaw of a document is recorded as well: no document stops the others.
        message = (
            f"What {Path(path).name} says could not be told ({type(error).__name__}: {str(error)[:200]}). Leave it "
            "out, or report it with the file."
        )
        return failed(Path(path), ReadingError(message, code="reader_failed"))


def failed(path: Path, error: OfstedNlpError) -> Report:
    """The record of a document that could not be read."""
    import hashlib

    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        digest = ""
    return Report(
        source=Source(printable(path.name), digest, 0, published_on=published_on(path.name)),
        status="failed",
        error=Failure(error.code, error.message),
    )


def extract(document: Document, *, findings: bool = True, strengths: bool = True) -> Report:
    """Everything that a document says, by its framework.

    Args:
        document: as ``read_pdf`` returns it.
        findings: whether to extract and classify the sentences.
        strengths: whether to read from each strength what it praises.

    Returns:
        The report.

    Raises:
        ReadingError: with code ``not_a_report`` where the document does not speak of Ofsted's inspections at all.
    """
    from ofsted_nlp.extraction import findings as sentences

    framework = kind_of(document)
    if framework is OTHER and not concerns_services(document):
        return _elsewhere(document, findings, strengths)
    parts = sections(document, framework)
    inspection = read_inspection(document, framework.code)
    if framework is JTAI:
        theme = joint.theme_of(document)
        inspection = replace(inspection, theme=theme)
        if theme is None:
            inspection = _absent(inspection, "theme", Missing.UNREADABLE)
    elif framework is SEND:
        inspection = replace(inspection, next_inspection=send.next_inspection(document) or inspection.next_inspection)
    made = judgements(document, framework, parts)
    if framework is SEND:
        outcome = send.outcome(document)
        made = (outcome,) if outcome else ()
    items = list(send.recommendation_rows(document) if framework is SEND else recommendations(framework, parts))
    grades = {judgement.code: judgement.grade for judgement in made}
    rows = items if framework is SEND else None
    found = sentences.findings(document, parts, rows, strengths, grades) if findings else ()
    found = with_things(found, document.text)
    authority, doubts = authority_of(document)
    warnings = [*document.warnings, *doubts, *_doubts(framework, inspection, made, parts)]
    return Report(
        source=document.source,
        status="partial" if warnings else "ok",
        warnings=tuple(warnings),
        framework=framework.code,
        authority=authority,
        inspection=inspection,
        judgements=made,
        previous_judgements=previous_judgements(framework, parts),
        recommendations=sentences.with_themes(items) if findings else tuple(items),
        findings=found,
        figures=figures(parts, found) if findings else (),
        headline_findings=joint.headline_findings(document) if framework is JTAI else (),
        practice_studies=joint.practice_studies(document) if framework is JTAI else (),
        path=document.path,
    )


def _absent(inspection: Inspection, name: str, why: Missing) -> Inspection:
    return replace(inspection, absent={**inspection.absent, name: why})


def _elsewhere(document: Document, findings: bool, strengths: bool) -> Report:
    """The record of a document that is no report on an authority's services: its sentences, and when it was inspected.

    No judgement, action list or authority is read from it: a school's leadership is not an authority's, and the council
    that a home lies in is not what was inspected.
    """
    from ofsted_nlp.extraction import findings as sentences

    if not mentions_inspection(document):
        raise ReadingError(
            f"{document.source.file} is not an inspection report on an authority's services for children: no "
            "wording of any inspection framework stands in it. Check that it is the right file.",
            code="not_a_report",
        )
    parts = sections(document, replace(OTHER, sections=(), judgements=()))
    found = sentences.findings(document, parts, None, strengths, {}) if findings else ()
    found = with_things(found, document.text)
    read, inspection = read_inspection(document, OTHER.code), Inspection()
    if _DATED.search(document.text[:5000]):
        inspection = Inspection(start=read.start, end=read.end, lead_inspector=read.lead_inspector)
    names = ("start", "end", "published", "lead_inspector", "previous")
    absent = {name: Missing.NOT_IN_FRAMEWORK for name in names if getattr(inspection, name) is None}
    return Report(
        source=document.source,
        status="partial",
        warnings=(*document.warnings, ELSEWHERE),
        framework=OTHER.code,
        inspection=replace(inspection, absent=absent),
        findings=found,
        figures=figures(parts, found) if findings else (),
        path=document.path,
    )


def authority_of(document: Document) -> tuple[Authority | None, list[str]]:
    """The authority that a document is about, by what its title says, and doubts about it in plain sentences."""
    title = []
    length = 0
    for block in document.body:
        if block.kind is BlockKind.FOOTNOTE:
            continue
        title.append(block.text)
        length += len(block.text)
        if length > 2500 or block.page > 2:
            break
    entries = register().lead("\n".join(title))
    if len(entries) > 1:
        # A trust that serves several authorities: the one whose name the rest of the report speaks of most.
        mentions = register().find(document.text)
        counts = [sum(m.entry.urn == entry.urn for m in mentions) for entry in entries]
        best = entries[counts.index(max(counts))]
        names = " and ".join(entry.name for entry in entries)
        return best.authority, [f"The report is about a trust that serves {names}; it is filed under {best.name}."]
    if entries:
        return entries[0].authority, []
    # A file named as Ofsted's own downloads are says the authority's number.
    found = _URN.match(document.source.file)
    if found:
        try:
            return register().by_urn(int(found.group(1))).authority, []
        except NotFoundError:
            pass
    return None, ["No authority of the register is named on the first pages."]


def _doubts(framework: Framework, inspection: Inspection, made: tuple, parts: list[Section]) -> list[str]:
    """What a report of this framework should have and this one seems not to."""
    doubts = []
    if framework is OTHER:
        return ["The report is of no framework that is known here: only its sections and sentences were read."]
    expected = {rule.code for rule in framework.judgements}
    got = {judgement.code for judgement in made}
    unread = _UNREAD.get(framework.code)
    if framework.full and not got:
        doubts.append("No judgement could be read.")
    elif unread and not unread <= got and not _covered(framework, got, inspection.end):
        names = ", ".join(sorted(unread - got)).replace("_", " ")
        doubts.append(f"Not judged, or not readable: {names}.")
    if framework is SEND and expected - got:
        doubts.append("The inspection outcome could not be read.")
    if inspection.end is None:
        doubts.append("The inspection dates could not be read.")
    return doubts


_UNREAD: dict[str, set[str]] = {
    SIF.code: {"overall_effectiveness", "help_and_protection", "looked_after_permanence", "leadership"},
    ILACS.code: {"overall_effectiveness", "help_and_protection", "impact_of_leaders"},
    SLAC.code: {"overall_effectiveness"},
}


def _covered(framework: Framework, got: set[str], end: datetime.date | None) -> bool:
    """Whether only overall effectiveness is missing, in an inspection that makes no such judgement."""
    last = framework.no_overall_after
    missing = _UNREAD[framework.code] - got
    return bool(missing == {"overall_effectiveness"} and last and end and end > last)
