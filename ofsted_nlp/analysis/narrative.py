"""Says what a benchmark shows in a few plain sentences, each counted from the data."""

from __future__ import annotations

import datetime
import statistics
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ofsted_nlp.analysis.comparison import FEWEST, Profile
from ofsted_nlp.analysis.inspections import POSITIVE, framework_words, grade_words, inspected, published
from ofsted_nlp.records import Polarity

if TYPE_CHECKING:
    from ofsted_nlp.analysis.benchmark import Benchmark


def summary(benchmark: Benchmark) -> list[str]:
    """The sentences, the judgement first."""
    if benchmark.latest is None:
        return [_no_full_report(benchmark), *_since(benchmark)]
    return [
        _latest(benchmark),
        *_peers(benchmark),
        *_balance(benchmark),
        *_raised(benchmark, Polarity.CONCERN),
        *_raised(benchmark, Polarity.STRENGTH),
        _recommendations(benchmark),
        *_since(benchmark),
    ]


def day(date: datetime.date | None) -> str:
    """A date in words: "16 July 2015"."""
    return f"{date.day} {date:%B %Y}" if date else "an unknown day"


def listed(items: Sequence[str]) -> str:
    """Items in a sentence: "a, b and c"."""
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def counted(n: int, one: str, many: str = "") -> str:
    """A number with its noun: "1 finding", "3 findings"."""
    return f"{n} {one if n == 1 else many or one + 's'}"


def _no_full_report(benchmark: Benchmark) -> str:
    name = benchmark.entry.display_name
    return f"There is no full inspection report on {name} here, so there is nothing to compare theme by theme."


def _latest(benchmark: Benchmark) -> str:
    report = benchmark.latest
    assert report is not None
    overall = next((j for j in report.judgements if j.code == "overall_effectiveness"), None)
    if overall:
        grade = f"Overall effectiveness: {grade_words(overall.grade).lower()} (page {overall.page})."
    else:
        grade = "The report gives no grade for overall effectiveness."
    ended = inspected(report)
    return (
        f"The latest full inspection of {benchmark.entry.display_name} here ended on {day(ended)}: "
        f"{framework_words(report.framework)}. {grade}"
    )


def _peers(benchmark: Benchmark) -> list[str]:
    grades = [report.grade("overall_effectiveness") for report in benchmark.group.latest.values()]
    given = [grade for grade in grades if grade]
    if not given:
        return []
    good = sum(grade in POSITIVE for grade in given)
    verb = "is" if good == 1 else "are"
    return [
        f"Of {benchmark.group.title}, {counted(len(given), 'has', 'have')} an overall grade at the latest full "
        f"inspection; {good} of them {verb} good or outstanding."
    ]


def _balance(benchmark: Benchmark) -> list[str]:
    assert benchmark.latest is not None
    own = Profile(benchmark.latest)
    if not own.evaluative:
        return ["No evaluative findings of that report are at hand, so its themes cannot be compared."]
    n = {polarity: own.findings(polarity) for polarity in Polarity}
    first = (
        f"Of the report's {counted(own.evaluative, 'evaluative sentence')}, as the classifier reads them, "
        f"{n[Polarity.STRENGTH]} {'praises' if n[Polarity.STRENGTH] == 1 else 'praise'}, {n[Polarity.CONCERN]} "
        f"{'reports' if n[Polarity.CONCERN] == 1 else 'report'} a concern and {n[Polarity.MIXED]} "
        f"{'does' if n[Polarity.MIXED] == 1 else 'do'} both"
    )
    left_out = [f"{own.unsure} of which it is less sure"] if own.unsure else []
    left_out += ["the action list"] if benchmark.recommendations else []
    if left_out:
        first += f" (left out: {listed(left_out)})"
    others = [p.share(Polarity.CONCERN) for r in benchmark.group.latest.values() if (p := Profile(r)).evaluative]
    if len(others) < FEWEST:
        return [f"{first}. There are too few reports of {benchmark.group.title} to compare that with."]
    share, middle = own.share(Polarity.CONCERN), statistics.median(others)
    return [f"{first}. Concerns are {share:.0%} of them; the median among {benchmark.group.title} is {middle:.0%}."]


def _raised(benchmark: Benchmark, polarity: Polarity) -> list[str]:
    top = benchmark.top(polarity)
    if not top:
        return []
    noun = polarity.value
    names = []
    for theme, _ in top:
        found = getattr(theme, noun).findings
        pages = sorted({finding.page for finding in found})
        where = f"page {pages[0]}" if len(pages) == 1 else f"pages {listed([str(page) for page in pages])}"
        names.append(f"{theme.title} ({counted(len(found), 'finding')}, {where})")
    if len(getattr(top[0][0], noun).findings) == 1:
        more = len(benchmark.raised(noun)) - len(top)
        others = f", and {counted(more, 'other theme')}" if more > 0 else ""
        sentences = [f"Raised once each as a {noun}: {listed(names)}{others}."]
    else:
        sentences = [f"Most often raised as a {noun}: {listed(names)}."]
    standing = [
        (theme, group)
        for theme in benchmark.themes
        if getattr(theme, noun).standing(benchmark.chief) == "more than most"
        and (group := getattr(theme, noun).groups[benchmark.chief]).percentile is not None
    ]
    standing.sort(key=lambda item: (-(item[1].percentile or 0), -len(getattr(item[0], noun).findings)))
    if standing:
        named = [f"{theme.title} (more of it than {group.lower} of {group.of})" for theme, group in standing[:3]]
        sentences.append(
            f"As a {noun}, these take up a larger part of this report than of most reports of {benchmark.group.title}: "
            f"{listed(named)}."
        )
    return sentences


def _recommendations(benchmark: Benchmark) -> str:
    n = len(benchmark.recommendations)
    if not n:
        return "Its action list is empty or has not been read."
    pages = sorted({item.page for item in benchmark.recommendations})
    where = f"page {pages[0]}" if len(pages) == 1 else f"pages {listed([str(page) for page in pages])}"
    return f"Its action list has {counted(n, 'item')} ({where})."


def _since(benchmark: Benchmark) -> list[str]:
    latest = benchmark.latest and inspected(benchmark.latest)
    later = [r for r in benchmark.history if r is not benchmark.latest and (not latest or inspected(r) > latest)]  # type: ignore[operator]
    if not later:
        return []
    names = [f"{framework_words(r.framework)}, {day(inspected(r) or published(r))}" for r in later]
    before = "Since then" if latest else "On record"
    return [f"{before}: {'; '.join(names)} (see the timeline; not counted above)."]
