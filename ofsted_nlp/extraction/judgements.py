"""The judgements of a report with the page on which each stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ofsted_nlp.extraction.grades import bare_grade, grade_in
from ofsted_nlp.extraction.sections import Section, heading_text
from ofsted_nlp.frameworks import SIF, SLAC, Framework, JudgementRule, plain
from ofsted_nlp.records import Block, BlockKind, Document, Judgement

_NUMBERING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?\s+)+")
_SENTENCE = re.compile(r"\b(?:is|are|was|not|yet)\b")
_TABLE_PAGES = 3
_JUDGED = re.compile(r"\b(?:judged|graded|found|rated)\b")


def judgements(document: Document, framework: Framework, parts: list[Section]) -> tuple[Judgement, ...]:
    """The judgements of a report, in the order of the framework's table.

    A table row on the first pages counts before the sentence that states the grade, and that before the
    heading of the section. "Not judged" is left out.
    """
    if not framework.judgements:
        return ()
    found: dict[str, Judgement] = {}
    for source in (_rows(document, framework), _statements(document, framework), _headings(framework, parts)):
        for judgement in source:
            found.setdefault(judgement.code, judgement)
    codes = [rule.code for rule in framework.judgements]
    kept = [found[code] for code in codes if code in found and found[code].grade != "not_judged"]
    return tuple(kept)


def _rule_of(label: str, framework: Framework) -> JudgementRule | None:
    label = _NUMBERING.sub("", plain(label)).strip(" .:")
    for rule in framework.judgements:
        if rule.label.match(label):
            return rule
    return None


def _judgement(
    rule: JudgementRule, grade: tuple[str, str], label: str, page: int, framework: Framework
) -> Judgement | None:
    code, printed = grade
    if code != "not_judged" and code not in framework.grades:
        return None
    return Judgement(rule.code, code, _NUMBERING.sub("", label).strip(), page, printed)


def _rows(document: Document, framework: Framework) -> Iterator[Judgement]:
    """Judgements of table rows, and of lines that a table without rules was read as."""
    last = document.source.pages if framework is SLAC else _TABLE_PAGES
    for block in document.body:
        if block.page > last:
            break
        pairs: list[tuple[str, str]] = []
        if block.kind is BlockKind.TABLE_ROW:
            cells = [cell for cell in block.cells if cell]
            pairs = [(cells[i], cells[i + 1]) for i in range(len(cells) - 1)]
        elif len(block.text) < 160:
            grade = grade_in(block.text)
            if grade and plain(block.text).rstrip(" .").endswith(grade[1]) and block.page == 1:
                at = plain(block.text).rindex(grade[1])
                if not _SENTENCE.search(plain(block.text[:at])):
                    pairs = [(block.text[:at], block.text[at:])]
        for label, cell in pairs:
            grade = bare_grade(cell)
            rule = _rule_of(label, framework)
            if grade and rule and (judgement := _judgement(rule, grade, label, block.page, framework)):
                yield judgement


def _statements(document: Document, framework: Framework) -> Iterator[Judgement]:
    """Judgements of headings and sentences such as "Children's services in X are inadequate"."""
    for rule in framework.judgements:
        for pattern in rule.headings:
            for block in document.body:
                if not _may_state(block, rule):
                    continue
                text = heading_text(block)
                matched = pattern.match(text)
                grade = _grade_after(text, matched.end(), rule) if matched else None
                if matched and grade is None and block.kind is BlockKind.HEADING:
                    grade = _grade_below(document, block)
                if grade and (judgement := _judgement(rule, grade, block.text, block.page, framework)):
                    yield judgement
                    break


def _grade_after(text: str, end: int, rule: JudgementRule) -> tuple[str, str] | None:
    """The grade of a statement: it stands near the words that announce it, and nothing denies it."""
    # "requires improvement" may begin within the announcing words.
    start = max(0, text.rfind(" ", 0, end)) if text[:end].endswith(("require", "requires")) else end
    grade = grade_in(text[start:])
    if grade is None:
        return None
    between = text[start : text.index(grade[1], start)]
    if re.search(r"\bnot\b|\byet\b|characteristics", between):
        return None
    return grade if rule.code == "overall_effectiveness" or len(between) < 90 else None


def _grade_below(document: Document, heading: Block) -> tuple[str, str] | None:
    """The grade that stands alone on the line under a heading, set in another type."""
    following = False
    for block in document.body:
        if following:
            return bare_grade(block.text) if len(block.text) < 60 else None
        following = block is heading
    return None


def _may_state(block: Block, rule: JudgementRule) -> bool:
    if block.kind is BlockKind.HEADING or block.bold:
        return len(block.text) < 260
    if rule.code == "overall_effectiveness":
        return block.kind is BlockKind.PARAGRAPH and block.page <= 3 and len(block.text) < 200
    return block.kind is BlockKind.PARAGRAPH and len(block.text) < 140


def _headings(framework: Framework, parts: list[Section]) -> Iterator[Judgement]:
    """Judgements of section headings such as "The experiences and progress of care leavers: good"."""
    for section in parts:
        block = section.heading
        if block is None:
            continue
        cells = [cell for cell in block.cells if cell]
        text = cells[0] if cells else block.text
        rule = _rule_of(text, framework)
        grade = bare_grade(cells[1]) if len(cells) > 1 else grade_in(text)
        if rule and grade and (judgement := _judgement(rule, grade, text, block.page, framework)):
            yield judgement


def previous_judgements(framework: Framework, parts: list[Section]) -> tuple[Judgement, ...]:
    """Grades of earlier inspections that a report of the single inspection framework lists, kept apart.

    The code says what was judged then: "safeguarding", "looked_after_children" or "overall_effectiveness".
    """
    if framework is not SIF:
        return ()
    found = []
    for section in parts:
        if section.code != "local_information" or section.heading is None:
            continue
        if "inspections" not in heading_text(section.heading):
            continue
        for block in section.blocks:
            text = plain(block.text)
            judged = _JUDGED.search(text)
            grade = grade_in(text[judged.end() :]) if judged else None
            if not grade or grade[0] == "not_judged" or "home" in text or "agency" in text:
                continue
            if "looked after" in text and "safeguarding" not in text:
                code = "looked_after_children"
            elif "safeguarding" in text or "child protection" in text or "protection of children" in text:
                code = "safeguarding"
            else:
                code = "overall_effectiveness"
            found.append(Judgement(code, grade[0], code.replace("_", " "), block.page, grade[1]))
    return tuple(found)
