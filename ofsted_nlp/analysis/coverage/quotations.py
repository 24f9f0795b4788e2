"""The verdict on what a story gives as said or written: the report's words, in substance, or a person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ofsted_nlp.analysis.coverage.differences import altered, is_negated, numbers_in
from ofsted_nlp.analysis.coverage.matching import ABSENT, HELD, Meant, Place, ReportText, parts_of
from ofsted_nlp.analysis.coverage.qualifiers import dropped, left_out, qualifiers
from ofsted_nlp.analysis.coverage.verdicts import NO_REPORT, NO_TEXT, Checked, Verdict, around
from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.wording import stems
from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.stories import Page, Quote, Story

IN_OTHER_WORDS = "nothing in the report is near enough to tell; the nearest words are given"
LEADS = "it leads to a list, whose items are compared"
_TOLD = 4
"""Stems that a statement must have before it is said to be nowhere in the report."""
_LONG = 5
"""A person's sentence with fewer words is the person's own, though the report may use the same words somewhere."""


def quotations(story: Story, page: Page, text: ReportText | None) -> list[Checked]:
    """What a story gives as said or written."""
    made = []
    ignored = frozenset(stems(story.authority or "")) | {"ofst", "inspector", "inspect"}
    for quote in story.quotes:
        theirs = quote.speaker in (OFSTED, THE_REPORT)
        row = Checked(
            "quotation",
            quote.text,
            Verdict.NOT_COMPARED,
            theirs=theirs,
            speaker=quote.speaker,
            start=quote.start,
            end=quote.end,
        )
        if quote.speaker is not None and not theirs:
            made.append(_persons(row, quote, text))
        elif text is None:
            made.append(replace(row, why=NO_REPORT))
        elif not text.at_hand:
            made.append(replace(row, why=NO_TEXT))
        elif quote.kind != "direct" and page.text[quote.end :].lstrip(" ").startswith(":"):
            made.append(replace(row, why=LEADS))
        elif quote.kind == "direct":
            made.append(_direct(row, quote, page, text))
        else:
            made.append(by_meaning(row, quote.text, text, ignored, around(page, quote.start, quote.end)))
    return made


def _persons(row: Checked, quote: Quote, text: ReportText | None) -> Checked:
    """What a person says is the person's own; where the report says the same, it is told with the page."""
    row = replace(row, verdict=Verdict.OWN_WORDS, why="said by a person, so it need not stand in the report")
    if text is None or not text.at_hand or quote.kind != "direct":
        return row
    pieces = [quote.text[a:b] for a, b in split(quote.text)]
    for piece in pieces:
        places = text.has(piece) if len(piece.split()) >= _LONG else []
        places = [place for place in places if _as_it_stands(place, quote.text)]
        if places:
            row = _placed(row, places[0], text)
            if len(pieces) == 1:
                return replace(row, verdict=Verdict.IN_REPORT, why="the report has the same words")
            return replace(row, why=f"{row.why}; one of the sentences does: “{piece}”")
    return row


def _direct(row: Checked, quote: Quote, page: Page, text: ReportText) -> Checked:
    """Words between quotation marks that are given as the report's, or as nobody's."""
    places = text.has(quote.text)
    if not places:
        if row.speaker is None:
            return replace(row, why="it is not said whose words these are")
        if not text.full:
            return replace(row, why=f"not among the findings; {NO_TEXT}")
        nearest = text.means(quote.text)
        row = replace(row, verdict=Verdict.NOT_IN_REPORT, why="the report does not have these words")
        if nearest and nearest[0].likeness >= ABSENT:
            row = _shown(row, nearest[0].sentences, text, nearest[0].likeness)
            if nearest[0].likeness >= HELD:
                row = replace(row, why="the report does not have these words; it says alike in others")
        return row
    row = replace(row, theirs=True)
    whole = around(page, quote.start, quote.end)
    # The words may stand in several places: first those that speak of what the story speaks of.
    places = sorted(places, key=lambda place: -text.held(whole, place.sentences))
    rows = [_place_verdict(row, place, quote, whole, text) for place in places]
    # Of several places the one that bears the story out counts.
    return min(rows, key=lambda found: _ORDER.index(found.verdict))


_ORDER = (
    Verdict.IN_REPORT,
    Verdict.ADDS_QUALIFIER,
    Verdict.DROPS_QUALIFIER,
    Verdict.OTHER_VALUE,
    Verdict.NOT_IN_REPORT,
    Verdict.OWN_WORDS,
    Verdict.NOT_COMPARED,
)


def _place_verdict(row: Checked, place: Place, quote: Quote, whole: str, text: ReportText) -> Checked:
    row = _placed(row, place, text)
    theirs = row.report_words or ""
    if place.after_not and not is_negated(whole):
        return replace(row, verdict=Verdict.NOT_IN_REPORT, why="a “not” stands before these words in the report")
    if place.denied:
        return replace(
            row, verdict=Verdict.NOT_IN_REPORT, why="the report’s words are nearly these, but a “not” differs"
        )
    digits = digits_apart(place)
    if digits:
        return replace(
            row,
            verdict=Verdict.OTHER_VALUE,
            story_value=" ".join(digits[1]) or None,
            report_value=" ".join(digits[0]) or None,
            why="the words are the report’s, the number is not",
        )
    changed = altered(place.replaced)
    if changed:
        return _altered(row, *changed)
    lost = dropped(theirs, quote.text, also=whole) or left_out(
        " ".join(place.missing), f"{quote.text}\n{whole}", theirs
    )
    if lost:
        return _dropped(row, [found.words for found in lost])
    return replace(row, verdict=Verdict.IN_REPORT)


def _altered(row: Checked, theirs: str, own: str) -> Checked:
    """The verdict on words between quotation marks that are the report's but for a telling one."""
    if not theirs:
        return replace(row, verdict=Verdict.NOT_COMPARED, why=f"the report has these words without “{own}”")
    why = f"the report’s words are nearly these, but it has “{theirs}” where the story has “{own}”"
    return replace(row, verdict=Verdict.NOT_IN_REPORT, why=why)


def digits_apart(place: Place) -> tuple[list[str], list[str]] | None:
    """The numbers in which quoted words and the report's differ."""
    theirs = [word for word in place.missing if word.isdigit()]
    own = [word for word in place.added if word.isdigit()]
    return (theirs, own) if own else None


def _as_it_stands(place: Place, words: str) -> bool:
    """Whether nothing but letters differs: no number, no "not", no telling word."""
    if place.denied or digits_apart(place) or altered(place.replaced):
        return False
    return not place.after_not or is_negated(words)


def by_meaning(
    row: Checked, words: str, text: ReportText, ignored: frozenset[str] = frozenset(), whole: str = ""
) -> Checked:
    """What a story says in its own words that the report says."""
    if not text.at_hand:
        return replace(row, why=NO_TEXT)
    places = [place for place in text.has(words) if _as_it_stands(place, f"{words} {whole}")]
    if places and len(words.split()) >= _LONG:
        return _qualified(_placed(row, places[0], text), words, whole, text, [places[0].sentences])
    found = text.means(words, ignored=ignored)
    if not found:
        return replace(row, why=IN_OTHER_WORDS)
    numbers = numbers_in(words)
    near = [meant for meant in found if not meant.contrary and meant.likeness >= HELD]
    right = [meant for meant in near if numbers <= numbers_in(_joined(meant.sentences, text))]
    best = found[0]
    if right and best.likeness - right[0].likeness < 0.12:
        row = _shown(row, right[0].sentences, text, right[0].likeness)
        alike = [meant.sentences for meant in right if right[0].likeness - meant.likeness < 0.12]
        return _qualified(row, words, whole, text, alike)
    parts = parts_of(words)
    if len(parts) > 1:
        rows = [by_meaning(row, part, text, ignored, whole or words) for part in parts]
        worst = max(rows, key=lambda part: _ORDER.index(part.verdict))
        if worst.verdict is not Verdict.NOT_IN_REPORT or best.likeness < HELD:
            return replace(worst, words=row.words)
    row = _shown(row, best.sentences, text, best.likeness)
    if best.contrary and best.likeness >= HELD:
        return replace(row, verdict=Verdict.NOT_IN_REPORT, why=_contrary(best))
    if best.likeness < ABSENT and text.full and len(set(stems(words)) - ignored) >= _TOLD:
        return replace(row, verdict=Verdict.NOT_IN_REPORT, why="nothing in the report says so")
    return replace(row, why="the nearest words of the report have other numbers" if near else IN_OTHER_WORDS)


def _contrary(meant: Meant) -> str:
    why = "the nearest words of the report say the contrary"
    return f"{why}: “{meant.opposites[1]}”, not “{meant.opposites[0]}”" if meant.opposites else why


def _qualified(row: Checked, words: str, whole: str, text: ReportText, near: Sequence[Sequence[int]]) -> Checked:
    """The verdict on what the report says too: whether a qualifier was dropped or added."""
    least: list[str] | None = None
    most: list[str] | None = None
    for sentences in near:
        theirs = _joined(sentences, text)
        lost = [found.words for found in dropped(theirs, words, also=whole)]
        more = [found.words for found in dropped(words, theirs)]
        if not lost and not more:
            return replace(_shown(row, sentences, text, row.likeness), verdict=Verdict.IN_REPORT)
        least = lost if least is None else least
        most = more if most is None else most
    if least:
        return _dropped(row, least)
    added = most or []
    quoted = _quoted_words(added)
    return replace(
        row, verdict=Verdict.ADDS_QUALIFIER, qualifier="; ".join(added), why=f"the report says it without {quoted}"
    )


def _dropped(row: Checked, words: Sequence[str]) -> Checked:
    words = list(dict.fromkeys(words))
    why = f"the report says it with {_quoted_words(words)}"
    return replace(row, verdict=Verdict.DROPS_QUALIFIER, qualifier="; ".join(words), why=why)


def _quoted_words(words: Sequence[str]) -> str:
    return " and ".join(f"“{word}”" for word in dict.fromkeys(words))


def _placed(row: Checked, place: Place, text: ReportText) -> Checked:
    return _shown(row, place.sentences, text, place.likeness / 100)


def _shown(row: Checked, sentences: Sequence[int], text: ReportText, likeness: float | None) -> Checked:
    first = text.sentences[sentences[0]]
    return replace(
        row,
        page=first.page,
        finding=first.finding.id if first.finding else None,
        report_words=_joined(sentences, text),
        likeness=None if likeness is None else round(likeness, 2),
    )


def _joined(sentences: Sequence[int], text: ReportText) -> str:
    return " ".join(text.sentences[n].text for n in sentences)


def with_qualifiers_elsewhere(items: Sequence[Checked]) -> list[Checked]:
    """The verdicts, less those on a dropped qualifier that the story gives elsewhere for the same words."""
    kept = []
    for item in items:
        if item.verdict is Verdict.DROPS_QUALIFIER and any(
            other.verdict is Verdict.IN_REPORT
            and other.kind == item.kind
            and (item.report_words or "") in (other.report_words or "")
            and qualifiers(other.words)
            for other in items
        ):
            why = f"the story has {_quoted_words((item.qualifier or '').split('; '))} elsewhere"
            item = replace(item, verdict=Verdict.IN_REPORT, why=why)
        kept.append(item)
    return kept
