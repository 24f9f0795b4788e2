"""Document -> Report: the order in which the extraction steps happen."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

from ofsted_nlp.authorities import register
from ofsted_nlp.errors import NotFoundError, OfstedNlpError, ReadingError
from ofsted_nlp.extraction import joint, send
from ofsted_nlp.extraction.figures.records import figures
from ofsted_nlp.extraction.inspection import read_inspection
from ofsted_nlp.extraction.judgements import judgements, previous_judgements
from ofsted_nlp.extraction.kind import kind_of
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

EXTRACTOR_VERSION = "2"
"""Goes up with every change that alters what is extracted: stores then read their documents again."""

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


def failed(path: Path, error: OfstedNlpError) -> Report:
    """The record of a document that could not be read."""
    import hashlib

    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
    except OSError:
        digest = ""
    return Report(
        source=Source(path.name, digest, 0, published_on=published_on(path.name)),
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
        ReadingError: with code ``not_a_report`` where the document is none of Ofsted's reports on an
            authority's services for children.
    """
    from ofsted_nlp.extraction import findings as sentences

    framework = kind_of(document)
    parts = sections(document, framework)
    if framework is OTHER and not _is_about_inspection(document):
        raise ReadingError(
            f"{document.source.file} is not an inspection report on an authority's services for children: no "
            "wording of any inspection framework stands in it. Check that it is the right file.",
            code="not_a_report",
        )
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


def _is_about_inspection(document: Document) -> bool:
    """Whether a document of no known framework is at least an inspectorate's report on services for children."""
    text = document.text[:20000].lower()
    inspected = re.search(r"\binspect(?:ion|ors?)\b", text) and "ofsted" in text
    return bool(inspected and re.search(r"safeguarding|children(?:’s|'s) (?:social care|services)|looked after", text))


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
