"""The verdict on the grades and on the recommendations that a story gives, which the report has as lists."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ofsted_nlp.analysis.coverage.matching import ReportText
from ofsted_nlp.analysis.coverage.quotations import by_meaning
from ofsted_nlp.analysis.coverage.verdicts import NO_REPORT, NO_TEXT, Checked, Verdict
from ofsted_nlp.analysis.inspections import grade_words, judgement_words
from ofsted_nlp.extraction.press.behind import Behind, ListedAction
from ofsted_nlp.extraction.press.judgements import coded
from ofsted_nlp.extraction.press.recommendations import matched
from ofsted_nlp.records import Recommendation, Report
from ofsted_nlp.stories import ReportedRecommendation, Story

_ASKS = re.compile(r"\b(?:should|must|need(?:s|ed)?|requires?|required|recommend\w*|improve\w*|ensure\w*)\b", re.I)


def judgements(story: Story, report: Report | None) -> list[Checked]:
    """The grades of a story."""
    made = []
    grades = {item.code: item.grade for item in report.judgements} if report else {}
    behind = Behind(None, None, grades=grades)
    for item in story.judgements:
        found = coded([(item.about, item)], behind, None)[0] if grades else item
        row = Checked(
            "judgement",
            item.quote,
            Verdict.NOT_COMPARED,
            story_value=item.grade,
            start=item.start,
            end=item.end,
            about=found.about,
        )
        given = next((j for j in report.judgements if j.code == found.about), None) if report else None
        earlier = next((j for j in report.previous_judgements if j.code == found.about), None) if report else None
        name = judgement_words(found.about).lower()
        if report is None:
            row = replace(row, why=NO_REPORT)
        elif not grades:
            row = replace(row, why="the report gives no grades")
        elif given is None:
            row = replace(row, verdict=Verdict.NOT_IN_REPORT, why=f"the report gives no grade for {name}")
        else:
            printed = f"{given.label}: {given.printed}" if given.printed not in given.label else given.label
            row = replace(row, page=given.page, report_value=given.grade, report_words=printed.strip(": ") or None)
            if given.grade == item.grade:
                row = replace(row, verdict=Verdict.IN_REPORT)
            else:
                why = f"the report’s grade for {name} is {grade_words(given.grade).lower()}"
                if earlier and earlier.grade == item.grade:
                    why += "; that of the story is the grade of the inspection before"
                row = replace(row, verdict=Verdict.OTHER_VALUE, why=why)
        made.append(row)
    return made


def recommendations(story: Story, text: ReportText | None) -> list[Checked]:
    """The recommendations of a story, and how many it says there are."""
    made = []
    listed = text.report.recommendations if text else ()
    worded = [item for item in listed if item.text]
    found = _matched(story, worded)
    for item in story.recommendations:
        row = Checked("recommendation", item.text, Verdict.NOT_COMPARED, start=item.start, end=item.end)
        hit = found.get((item.start, item.end))
        if text is None:
            row = replace(row, why=NO_REPORT)
        elif hit is not None:
            theirs, likeness = hit
            row = replace(
                row,
                verdict=Verdict.IN_REPORT,
                page=theirs.page,
                number=_number(theirs, listed),
                report_words=theirs.text,
                likeness=likeness,
            )
        elif not worded:
            row = replace(row, why=NO_TEXT if listed or not text.full else "no list of recommendations was read")
        else:
            row = by_meaning(row, item.text, text)
            if row.verdict is not Verdict.NOT_IN_REPORT:
                row = _in_the_text(row)
        made.append(row)
    claimed = story.recommendation_count_claimed
    if claimed is not None:
        made.append(_counted(story, claimed, listed, known=text is not None))
    return made


def _in_the_text(row: Checked) -> Checked:
    """A recommendation that is none of the list: the report's only if the words found ask for something."""
    if row.verdict is Verdict.NOT_COMPARED:
        return row
    if _ASKS.search(row.report_words or ""):
        return replace(row, why="it stands in the text, not in the list of recommendations")
    why = "it is none of the list; the nearest words of the text, which recommend nothing, are given"
    return replace(row, verdict=Verdict.NOT_COMPARED, qualifier=None, why=why)


def _matched(story: Story, worded: Sequence[Recommendation]) -> dict[tuple[int, int], tuple[Recommendation, float]]:
    """The report's recommendation for each that a story reports, by its span, with how alike both are."""
    actions = [ListedAction(n, item.text, item.section) for n, item in enumerate(worded)]
    plain = [ReportedRecommendation(r.text, start=r.start, end=r.end) for r in story.recommendations]
    found = matched(plain, Behind(None, None, actions=actions))
    hits = {
        (r.start, r.end): (worded[r.report_number], r.similarity or 0.0) for r in found if r.report_number is not None
    }
    # One that was said again stands for the same recommendation as where it was said first.
    for item in plain:
        if (item.start, item.end) not in hits and not any((r.start, r.end) == (item.start, item.end) for r in found):
            again = matched([item], Behind(None, None, actions=actions))[0]
            if again.report_number is not None:
                hits[item.start, item.end] = (worded[again.report_number], again.similarity or 0.0)
    return hits


def _number(item: Recommendation, listed: Sequence[Recommendation]) -> str:
    own = [other for other in listed if (other.section, other.kind) == (item.section, item.kind)]
    return item.number or str(own.index(item) + 1)


def _counted(story: Story, claimed: int, listed: Sequence[Recommendation], *, known: bool) -> Checked:
    words = f"{claimed} recommendations"
    for figure in story.figures:
        if re.search(r"recommend|improve|action", figure.unit) and figure.value == claimed:
            words = figure.text
    row = Checked("figure", words, Verdict.NOT_COMPARED, story_value=str(claimed), about="recommendations")
    if not known or not listed:
        return replace(row, why="no list of recommendations was read" if known else NO_REPORT)
    counts = {len(listed)}
    for key in ("section", "kind"):
        for value in {getattr(item, key) for item in listed}:
            counts.add(sum(getattr(item, key) == value for item in listed))
    ours = [item for item in listed if item.section != "lscb"] or listed
    page = ours[0].page
    if claimed in counts:
        return replace(row, verdict=Verdict.IN_REPORT, page=page, report_value=str(claimed))
    why = f"the report’s list has {len(ours)} items"
    return replace(row, verdict=Verdict.OTHER_VALUE, page=page, report_value=str(len(ours)), why=why)
