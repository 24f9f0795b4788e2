"""Learning partners on the terminal, in a notebook and in Markdown."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from ofsted_nlp.analysis.comparison import NO_TEXT
from ofsted_nlp.analysis.inspections import grade_words
from ofsted_nlp.analysis.narrative import counted, day

if TYPE_CHECKING:
    from rich.console import Group as Stack

    from ofsted_nlp.analysis.benchmark.evidence import Evidence
    from ofsted_nlp.analysis.partners import LearningPartners, Lesson, Model, Partner

PARTNERS = 3
"""Partners shown for each concern."""

_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|"})


def learning_tables(learning: LearningPartners, shown: int = PARTNERS) -> Stack:
    """The summary, then for each concern the first partners with both passages."""
    from rich import box
    from rich.console import Group as Stack
    from rich.table import Table
    from rich.text import Text

    parts: list[Text | Table] = [Text(f"Learning partners of {learning.entry.display_name}", "bold")]
    parts += [Text(f"• {line}") for line in learning.summary]
    for lesson in learning.lessons:
        if not lesson.partners:
            continue
        table = Table(title=_title(lesson, shown), title_justify="left", box=box.SIMPLE_HEAD, title_style="bold")
        for name in ("Authority", "Same concern", "Overall grade", "Concern then", "Strength now"):
            table.add_column(name, overflow="fold")
        for partner in lesson.partners[:shown]:
            cells = [who(partner), same(partner), grades(partner), said(partner.earlier), said(partner.later)]
            table.add_row(*map(Text, cells))
        parts.append(table)
        parts += [Text(f"A strength and no concern now: {models(lesson.models[:shown])}")] if lesson.models else []
    return Stack(*parts)


def markdown(learning: LearningPartners, shown: int = PARTNERS) -> str:
    """A page with the summary, each concern with its pages, and the first partners with both passages."""
    from ofsted_nlp.analysis.partners import METHOD

    lines = [f"# Learning partners of {_plain(learning.entry.display_name)}", ""]
    lines += [f"- {_plain(line)}" for line in learning.summary]
    for lesson in learning.lessons:
        lines += ["", f"## {_plain(_title(lesson, shown))}", ""]
        lines += [f"Its own concern, {_plain(said(item))}  " for item in lesson.evidence[:3]]
        if not lesson.partners:
            lines += ["", "No other authority here had this as a concern and later mended it."]
        for partner in lesson.partners[:shown]:
            lines += [
                "",
                f"### {_plain(who(partner))}",
                "",
                f"- Overall grade: {_plain(grades(partner))}",
                f"- Same concern: {_plain(same(partner))}",
                f"- Then: {_plain(said(partner.earlier))}",
                f"- Now: {_plain(said(partner.later))}",
                f"- In the later report: {counted(partner.strengths, 'strength')} on the theme, "
                f"{counted(partner.concerns_left, 'concern')} left",
            ]
        if lesson.models:
            lines += ["", f"A strength and no concern now: {_plain(models(lesson.models[:shown]))}."]
    return "\n".join([*lines, "", _plain(METHOD), ""])


def learning_html(learning: LearningPartners, shown: int = PARTNERS) -> str:
    """A fragment for notebooks, every text escaped."""
    out = [f"<h3>Learning partners of {html.escape(learning.entry.display_name)}</h3><ul>"]
    out += [f"<li>{html.escape(line)}</li>" for line in learning.summary]
    out.append("</ul>")
    headings = ("Authority", "Same concern", "Overall grade", "Concern then", "Strength now")
    for lesson in learning.lessons:
        if not lesson.partners:
            continue
        out.append(f"<table><caption>{html.escape(_title(lesson, shown))}</caption><thead><tr>")
        out += [f'<th scope="col">{name}</th>' for name in headings]
        out.append("</tr></thead><tbody>")
        for partner in lesson.partners[:shown]:
            cells = [same(partner), grades(partner), said(partner.earlier), said(partner.later)]
            out.append(f'<tr><th scope="row">{html.escape(who(partner))}</th>')
            out += [f"<td>{html.escape(cell)}</td>" for cell in cells]
            out.append("</tr>")
        out.append("</tbody></table>")
    return "".join(out)


def _title(lesson: Lesson, shown: int) -> str:
    """The theme, and how many of its partners are shown if not all are."""
    many = len(lesson.partners)
    return f"{lesson.title}: the first {shown} of {many} authorities" if many > shown else lesson.title


def who(partner: Partner | Model) -> str:
    """The authority, and whether it is a statistical neighbour."""
    name = partner.entry.display_name
    return f"{name} (neighbour {partner.nearness} of 10)" if partner.nearness else name


def same(partner: Partner) -> str:
    """On what the sameness of the concern rests, in words."""
    from ofsted_nlp.analysis.partners import BASES

    return BASES[partner.basis]


def grades(partner: Partner) -> str:
    """The grades then and now in words."""
    if partner.grades:
        return partner.grades
    before, after = (
        grade_words(grade).lower() if grade else "no overall grade"
        for grade in (partner.grade_before, partner.grade_after)
    )
    return f"{before} to {after}"


def said(item: Evidence) -> str:
    """A passage with its inspection, page and file."""
    when = f"{item.report.framework.upper()}, {day(item.inspected)}, page {item.finding.page}"
    return f"{when}: {item.finding.text or f'({NO_TEXT})'} [{item.report.source.file}]"


def models(found: tuple[Model, ...]) -> str:
    """Authorities with the pages of their strengths, and what is named in them."""
    parts = []
    for model in found:
        named = f": {', '.join(model.named[:3])}" if model.named else ""
        parts.append(f"{who(model)}, page {model.evidence[0].finding.page}{named}")
    return "; ".join(parts)


def _plain(text: str) -> str:
    """Text in which nothing is Markdown."""
    return text.translate(_MARKS).replace("\n", " ")
