"""How much concern and how much strength a story and its report hold, and what of the report the press left out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ofsted_nlp.analysis.coverage.matching import HELD, ReportText
from ofsted_nlp.analysis.coverage.verdicts import Checked
from ofsted_nlp.analysis.inspections import grade_words, judgement_words
from ofsted_nlp.analysis.narrative import counted
from ofsted_nlp.records import Finding, Polarity, Report, plain_values
from ofsted_nlp.stories import Claim, Story
from ofsted_nlp.themes import themes

NONE = "none"
_FEWEST = 4
"""Claims of a story below which its balance is not told."""
_APART = 0.15
"""Difference of shares from which a story is called more critical, or more favourable, than its report."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Strengths and concerns, in all and by theme.

    Attributes:
        strengths, concerns: how many; a finding that is both counts as one of each.
        by_theme: for each theme code (strengths, concerns), by the likeliest theme; "none" without a theme.
        unsure: findings that were left out because the classifier is less sure of them.
    """

    strengths: int
    concerns: int
    by_theme: dict[str, tuple[int, int]]
    unsure: int = 0

    @property
    def share(self) -> float | None:
        """The share of concerns, 0 to 1; None without any."""
        both = self.strengths + self.concerns
        return self.concerns / both if both else None

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        rows = {code: {"strengths": s, "concerns": c} for code, (s, c) in self.by_theme.items()}
        return {
            "strengths": self.strengths,
            "concerns": self.concerns,
            "share_of_concern": self.share,
            "unsure": self.unsure,
            "by_theme": rows,
        }


@dataclass(frozen=True, slots=True)
class Point:
    """Something of a report that the press may report or leave out.

    Attributes:
        kind: "judgement", "recommendation", "priority action" or "strength".
        key: tells it from all others of the report.
        text: its words; "" where they are not at hand.
        page: its page.
        number: of an action list's item, as printed or its place in the list.
        section: whose action list.
        themes: theme codes, the likeliest first.
    """

    kind: str
    key: str
    text: str
    page: int
    number: str | None = None
    section: str | None = None
    themes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return plain_values(asdict(self))


def balance_of_report(report: Report) -> Balance:
    """That of the findings that the classifier is sure of."""
    sure = [finding for finding in report.findings if finding.sure]
    both = (Polarity.STRENGTH, Polarity.MIXED), (Polarity.CONCERN, Polarity.MIXED)
    strengths, concerns = ([_theme(f.themes) for f in sure if f.polarity in side] for side in both)
    unsure = sum(not f.sure and f.polarity != Polarity.NEUTRAL for f in report.findings)
    return _balance(strengths, concerns, unsure=unsure + report.findings_left_out)


def balance_of_story(story: Story) -> Balance:
    """That of what a story says, whoever says it."""
    return balance_of_stories([story])


def balance_of_stories(stories: Iterable[Story]) -> Balance:
    """That of several stories together."""
    told = list(stories)
    return _balance(
        [_theme(claim.themes) for story in told for claim in story.strengths],
        [_theme(claim.themes) for story in told for claim in story.concerns],
    )


def _balance(strengths: Sequence[str], concerns: Sequence[str], unsure: int = 0) -> Balance:
    order = {code: n for n, code in enumerate(themes())}
    codes = sorted({*strengths, *concerns}, key=lambda code: (order.get(code, len(order)), code))
    by_theme = {code: (strengths.count(code), concerns.count(code)) for code in codes}
    return Balance(len(strengths), len(concerns), by_theme, unsure)


def _theme(codes: Sequence[str]) -> str:
    return codes[0] if codes else NONE


def balance_sentence(story: Balance, report: Balance | None, *, what: str = "the story") -> str:
    """The balance of press and report in one plain sentence."""
    told = story.strengths + story.concerns
    if not told:
        return f"Of {what} no point was read as praise or as a concern, so there is no balance to give."
    own = f"Of {counted(told, 'point')} of {what} that praise or criticise, {story.concerns} criticise"
    own = own if told > 1 else f"The only point of {what} that praises or criticises is a {_side(story)}"
    share = report.share if report else None
    if report is None or share is None:
        return f"{own}; there are no findings of the report to compare that with."
    theirs = f"in the report {report.concerns} of {report.strengths + report.concerns} ({share:.0%})"
    if told < _FEWEST or story.share is None:
        return f"{own}; {theirs}. These are too few to say whether {what} is more critical."
    apart = story.share - share
    verdict = "more critical" if apart > _APART else "more favourable" if apart < -_APART else "about as critical"
    joint = "as" if verdict == "about as critical" else "than"
    return f"{own} ({story.share:.0%}); {theirs}: {what} is {verdict} {joint} the report."


def _side(story: Balance) -> str:
    return "concern" if story.concerns else "strength"


def points(report: Report) -> list[Point]:
    """What a report has that the press may report: its judgements, its action lists and its strengths.

    Strengths are the findings that the classifier is sure of.
    """
    made = [
        Point("judgement", f"judgement {j.code}", f"{judgement_words(j.code)}: {grade_words(j.grade)}", j.page)
        for j in report.judgements
    ]
    places: dict[tuple[str, str], int] = {}
    for item in report.recommendations:
        key = item.section, item.kind
        places[key] = places.get(key, 0) + 1
        number = item.number or str(places[key])
        kind = "priority action" if item.kind == "priority_action" else "recommendation"
        made.append(
            Point(kind, f"{item.kind} {item.section} {number}", item.text, item.page, number, item.section, item.themes)
        )
    made += [
        Point("strength", f"strength {f.id}", f.text, f.page, themes=f.themes)
        for f in report.findings
        if f.polarity is Polarity.STRENGTH and f.sure
    ]
    return made


def counted_points(report: Report) -> list[Point]:
    """The judgements and the items of the authority's own action lists: not those of its safeguarding board."""
    return [point for point in points(report) if point.kind != "strength" and point.section != "lscb"]


def mentioned(story: Story, items: Sequence[Checked], report: Report, text: ReportText | None) -> frozenset[str]:
    """The keys of those points of a report that a story mentions.

    A judgement: the story gives a grade for it. An item of an action list: a recommendation of the story was matched to
    it, or its words are quoted. A strength: its words are quoted or rendered, or a point of praise of the story means
    the same.
    """
    found: set[str] = {f"judgement {item.about}" for item in items if item.kind == "judgement"}
    listed = points(report)
    by_text = {point.text: point.key for point in listed if point.text}
    for item in items:
        if not item.report_words or item.verdict in _ABSENT:
            continue
        if item.report_words in by_text:
            found.add(by_text[item.report_words])
        if item.kind == "recommendation" and item.number is not None:
            found |= {p.key for p in listed if p.number == item.number and p.text == item.report_words}
        if item.finding:
            found.add(f"strength {item.finding}")
    found |= _praised(story.strengths, report, text)
    return frozenset(found & {point.key for point in listed})


_ABSENT = ("not in the report", "not compared")


def _praised(claims: Sequence[Claim], report: Report, text: ReportText | None) -> set[str]:
    if text is None or not text.at_hand:
        return set()
    strengths: dict[str, Finding] = {f.id: f for f in report.findings if f.polarity is Polarity.STRENGTH and f.sure}
    found = set()
    for claim in claims:
        for meant in text.means(claim.text):
            for n in meant.sentences:
                finding = text.sentences[n].finding
                if meant.likeness >= HELD and not meant.contrary and finding and finding.id in strengths:
                    found.add(f"strength {finding.id}")
    return found


def left_out(report: Report, told: Collection[str]) -> list[Point]:
    """The points of a report that are not among those mentioned."""
    return [point for point in points(report) if point.key not in told]
