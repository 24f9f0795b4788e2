"""Says in plain sentences what a comparison of press and report shows, and who reported what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.coverage.balance import NONE, Point, balance_sentence, counted_points
from ofsted_nlp.analysis.coverage.verdicts import Checked, Verdict
from ofsted_nlp.analysis.inspections import framework_words, grade_words, inspected, published
from ofsted_nlp.analysis.narrative import counted, day, listed
from ofsted_nlp.themes import themes

if TYPE_CHECKING:
    from ofsted_nlp.analysis.coverage.authority import AuthorityCoverage, ReportCoverage
    from ofsted_nlp.analysis.coverage.story import StoryCoverage
    from ofsted_nlp.records import Report

_SHOWN = 5
"""Most things named in one sentence."""
_LONGEST = 160
"""Characters of a quotation in a sentence."""
WORDS_AT_HAND = {
    "all": "",
    "records": "The report’s PDF is not at hand: words were compared with its findings and recommendations alone, and "
    "nothing is said not to be in the report.",
    "none": "The words of the report are not at hand: only grades, and the number of recommendations, were compared.",
}


def report_named(report: Report) -> str:
    """A report in words: "report of 1 September 2015"."""
    if out := published(report):
        return f"report of {day(out)}"
    return f"report on the inspection that ended on {day(inspected(report))}"


def theme_title(code: str) -> str:
    """The title of a theme."""
    return themes()[code].title if code in themes() and code != NONE else "No theme"


def shortened(text: str, longest: int = _LONGEST) -> str:
    """A text cut at a word, with three dots, if it is long."""
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def story_summary(story: StoryCoverage) -> list[str]:
    """The sentences on one story."""
    return [
        *_about(story),
        *_verdicts(story),
        *_wrong(story),
        *_qualifiers(story),
        *_told(story),
        balance_sentence(story.balance, story.report_balance),
    ]


def _about(story: StoryCoverage) -> list[str]:
    when = f", {day(story.page.published)}" if story.page.published else ", undated"
    if story.report is None:
        return [f"{story.label}{when}: which report it covers is not known, so nothing could be compared."]
    kind = framework_words(story.report.framework)
    first = f"{story.label}{when}, on the {report_named(story.report)} ({kind})"
    if story.delay is not None:
        first += f", {_after(story.delay)}"
    also = [f"{first}."]
    if story.copies:
        names = list(dict.fromkeys(copy.site or copy.file for copy in story.copies))
        also.append(f"The same story stands on {counted(len(story.copies), 'other page')} ({listed(names)}).")
    return [*also, WORDS_AT_HAND[story.words_at_hand]] if story.words_at_hand != "all" else also


def _after(days: int) -> str:
    if days == 0:
        return "on the day of publication"
    return f"{counted(abs(days), 'day')} {'after' if days > 0 else 'before'} publication"


def _verdicts(story: StoryCoverage) -> list[str]:
    counts = Counter(item.verdict for item in story.items)
    if not story.items:
        return ["No judgement, recommendation, figure or quotation was read in it."]
    said = [f"{n} {_VERDICT_WORDS[verdict]}" for verdict in Verdict if (n := counts[verdict])]
    return [f"Of the {counted(len(story.items), 'thing')} that it reports or quotes: {listed(said)}."]


_VERDICT_WORDS = {
    Verdict.IN_REPORT: "in the report",
    Verdict.OTHER_VALUE: "in the report with another value",
    Verdict.DROPS_QUALIFIER: "in the report with a qualifier that the story drops",
    Verdict.ADDS_QUALIFIER: "in the report without a qualifier that the story adds",
    Verdict.NOT_IN_REPORT: "not in the report",
    Verdict.OWN_WORDS: "a speaker’s own words",
    Verdict.NOT_COMPARED: "not compared",
}


def _wrong(story: StoryCoverage) -> list[str]:
    made = []
    other = [item for item in story.items if item.verdict is Verdict.OTHER_VALUE]
    if other:
        made.append(f"With another value: {_named(other)}.")
    absent = [item for item in story.wrong if item.verdict is Verdict.NOT_IN_REPORT]
    if absent:
        made.append(f"Given as the inspectorate’s, but not in the report: {_named(absent)}.")
    return made


def _named(items: Sequence[Checked]) -> str:
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return "; ".join(_one(item) for item in items[:_SHOWN]) + more


def _one(item: Checked) -> str:
    where = f", page {item.page}" if item.page else ""
    if item.verdict is Verdict.OTHER_VALUE:
        return f"“{shortened(item.words)}” (report: {_value(item.report_value)}{where})"
    return f"“{shortened(item.words)}”"


def _value(value: str | None) -> str:
    return grade_words(value).lower() if value and value[:1].isalpha() else value or "?"


def _qualifiers(story: StoryCoverage) -> list[str]:
    made = []
    for verdict, verb in ((Verdict.DROPS_QUALIFIER, "dropped"), (Verdict.ADDS_QUALIFIER, "added")):
        found = [item for item in story.items if item.verdict is verdict]
        named = [
            f"“{item.qualifier}” in “{shortened(item.words)}”{f' (page {item.page})' if item.page else ''}"
            for item in found[:_SHOWN]
        ]
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        made += [f"Qualifiers that the story {verb}: {'; '.join(named)}{more}."] if found else []
    return made


def _told(story: StoryCoverage) -> list[str]:
    if story.report is None:
        return []
    parts = []
    for kinds, noun in ((("judgement",), "judgement"), (_ACTIONS, "recommendation")):
        of = [point for point in counted_points(story.report) if point.kind in kinds]
        if of and (kinds == ("judgement",) or any(point.text for point in of)):
            parts.append(f"{sum(point.key in story.told for point in of)} of the report’s {counted(len(of), noun)}")
    return [f"It mentions {listed(parts)}."] if parts else []


_ACTIONS = ("recommendation", "priority action")


def report_summary(coverage: ReportCoverage) -> list[str]:
    """The sentences on all stories of one report."""
    report, first = coverage.report, coverage.first
    lead = (
        f"The {report_named(report)} ({framework_words(report.framework)}) is covered by "
        f"{counted(len(coverage.stories), 'story', 'stories')} from {counted(len(coverage.sites), 'source')}: "
        f"{listed(coverage.sites)}."
    )
    made = [lead]
    if first is not None:
        delay = f", {_after(first.delay)}" if first.delay is not None else ""
        made.append(f"The first was that of {first.label} on {day(first.page.published)}{delay}.")
    copies = sum(len({copy.file for copy in story.copies}) for story in coverage.stories if story.story.number == 1)
    if copies:
        made.append(f"{counted(copies, 'page')} with the same stories {'is' if copies == 1 else 'are'} not counted.")
    wrong = [item for story in coverage.stories for item in story.wrong]
    if wrong:
        made.append(f"Not as the report has it: {_named(wrong)}.")
    return [*made, *_left_out(coverage), balance_sentence(coverage.balance, coverage.report_balance, what="the press")]


def _left_out(coverage: ReportCoverage) -> list[str]:
    made = []
    of = [point for point in coverage.points if point.kind == "judgement"]
    silent = [point for point in of if point.key not in coverage.told]
    if of:
        names = "; ".join(f"{point.text.replace(': ', ' (', 1).lower()}, page {point.page})" for point in silent)
        made.append(
            f"No story gives the grade for {names}." if silent else "Every judgement of the report is in some story."
        )
    actions = [point for point in coverage.points if point.kind in _ACTIONS]
    if actions and not any(point.text for point in actions):
        made.append(
            f"Which of the report’s {counted(len(actions), 'recommendation')} are mentioned cannot be told: their "
            "words are not at hand."
        )
    elif actions:
        silent = [point for point in actions if point.key not in coverage.told]
        said = f"{len(silent)} of the report’s {counted(len(actions), 'recommendation')} are in no story"
        top = Counter(point.themes[0] for point in silent if point.themes).most_common(3)
        about = f", most of them on {listed([theme_title(code) for code, _ in top])}" if len(silent) > _SHOWN else ""
        made.append(f"{said}: {_numbers(silent)}{about}." if silent else "Every recommendation is in some story.")
    rows = [row for row in who_reported_what(coverage) if row["kind"] == "strengths"]
    none = [row for row in rows if not row["stories"]]
    if none:
        none.sort(key=lambda row: -row["findings"])
        named = [f"{row['text']} ({counted(row['findings'], 'finding')}, {_pages(row['pages'])})" for row in none[:3]]
        made.append(f"Themes praised in the report of which no story says anything good: {listed(named)}.")
    return made


def _numbers(found: Sequence[Point]) -> str:
    sections = Counter(point.section for point in found)
    made = []
    for section in sections:
        own = [point for point in found if point.section == section]
        name = {"lscb": "of the safeguarding board ", "partnership": ""}.get(section or "", "")
        made.append(f"{name}{listed([str(point.number) for point in own])} ({_pages([p.page for p in own])})")
    return "; ".join(made)


def _pages(pages: Sequence[int]) -> str:
    found = sorted(set(pages))
    if len(found) == 1:
        return f"page {found[0]}"
    named = [str(page) for page in found]
    return f"pages {listed(named) if len(named) <= _SHOWN else f'{named[0]} to {named[-1]}'}"


def authority_summary(coverage: AuthorityCoverage) -> list[str]:
    """The sentences on all stories of an authority."""
    name = coverage.entry.display_name
    if not coverage.stories:
        return [f"There is no article on {name} here."]
    made = [
        f"{counted(len(coverage.stories), 'story', 'stories')} on {name}, on "
        f"{counted(len(coverage.reports), 'Ofsted report')}."
    ]
    for report in coverage.reports:
        made += report_summary(report)
    if coverage.unknown:
        named = [
            f"{story.story.title or story.page.file} ({story.label}, "
            f"{day(story.page.published) if story.page.published else 'undated'})"
            for story in coverage.unknown[:_SHOWN]
        ]
        more = f" and {len(coverage.unknown) - _SHOWN} more" if len(coverage.unknown) > _SHOWN else ""
        made.append(f"The report is not known of {counted(len(coverage.unknown), 'story', 'stories')}: "
                    f"{'; '.join(named)}{more}.")  # fmt: skip
    if coverage.silent:
        made.append(f"No story here covers {counted(len(coverage.silent), 'other report')} on {name}.")
    return made


def who_reported_what(coverage: ReportCoverage) -> list[dict[str, Any]]:
    """A row for each judgement and each item of an action list, and one for each theme of strengths.

    A theme of strengths is mentioned by a story that mentions one of them, or says something good of that theme.
    """
    rows = []
    themed: dict[str, list[Point]] = {}
    for point in coverage.points:
        if point.kind == "strength":
            themed.setdefault(point.themes[0] if point.themes else NONE, []).append(point)
            continue
        telling = [story for story in coverage.stories if point.key in story.told]
        rows.append(_row(coverage, point.kind, point.number, point.text, [point], telling, coverage.comparable(point)))
    for code, found in sorted(themed.items(), key=lambda item: (-len(item[1]), item[0])):
        keys = {point.key for point in found}
        telling = [
            story
            for story in coverage.stories
            if keys & story.told or (code != NONE and story.balance.by_theme.get(code, (0, 0))[0])
        ]
        rows.append(_row(coverage, "strengths", None, theme_title(code), found, telling, True))
    return rows


def _row(
    coverage: ReportCoverage,
    kind: str,
    number: str | None,
    text: str,
    found: Sequence[Point],
    telling: Sequence[StoryCoverage],
    comparable: bool,
) -> dict[str, Any]:
    first = next((story for story in telling if story.page.published), telling[0] if telling else None)
    sites = {story.label for story in telling}
    codes = [point.themes[0] for point in found[:1] if point.themes] if kind == "strengths" else found[0].themes
    return {
        "kind": kind,
        "number": number,
        "text": text,
        "page": found[0].page,
        "pages": sorted({point.page for point in found}),
        "themes": list(codes),
        "findings": len(found) if kind == "strengths" else None,
        **{site: site in sites if comparable else None for site in coverage.sites},
        "stories": len(telling) if comparable else None,
        "first": first.label if first else None,
        "delay": first.delay if first else None,
    }
