"""What only joint targeted area inspection letters print: the theme, the headline findings, the practice studies."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ofsted_nlp.records import Block, BlockKind, Document, Passage, PracticeStudy

STRENGTH = "strength"
IMPROVEMENT = "improvement"

_SEXUAL = r"sexual(?:ly)?\s+exploit\w+"
THEMES = (
    (rf"{_SEXUAL}.*\bgangs?\b|\bgangs?\b.*{_SEXUAL}", "child sexual exploitation, gangs and missing children"),
    (rf"{_SEXUAL}.*\bmissing\b|\bmissing\b.*{_SEXUAL}", "child sexual exploitation and missing children"),
    (r"\bcriminal\s+exploitation\b(?!.*\bsexual)", "criminal exploitation"),
    (r"\bchild(?:ren)?(?:’s|'s)?\s+exploitation\b", "child exploitation"),
    (r"\bsexual\s+abuse\b.*\bfamil", "child sexual abuse in the family environment"),
    (r"\bdomestic\s+(?:abuse|violence)\b", "domestic abuse"),
    (r"\bserious\s+youth\s+violence\b", "serious youth violence"),
    (r"\bmental\s+(?:ill[ -]?)?health\b", "mental health"),
    (r"\binitial\s+(?:need|risk)\b", "initial need and risk"),
    (r"\bfamilies\b.*\bneed\s+help\b", "children and families who need help"),
    (r"(?<!abuse and )(?<!abuse or )\bneglect(?:ed)?\b", "neglect"),
)
"""Wordings of the themes that the inspectorates announced for joint targeted area inspections (2016 to 2025), and
the short name of each, tried in order; a theme not listed comes out as it is printed."""

_WORDINGS = tuple((re.compile(wording, re.I), name) for wording, name in THEMES)
_RESPONSE = re.compile(r"\b(?:responses?\s+to|identification\s+of)\s+(?P<theme>.+?)(?=\.(?:\s|$)|\s*$)", re.I | re.S)
_FOCUS = re.compile(r"\bfocus(?:ed|es)?\s+on\s+(?:the\s+response\s+to\s+)?(?P<theme>[^.]+)", re.I)
_ANY_ABUSE = re.compile(r"^(?:all\s+forms\s+of\s+)?abuse(?:,| and| or)\s*neglect\b", re.I)
_PLACE_WORD = r"(?:[A-Z][\w’'.-]*|of|and|on|upon|the|with|in|under|de|le)"
_PLACE = re.compile(
    rf"\s+(?:in|across|within)\s+(?:the\s+)?[A-Z][\w’'.-]*(?:\s+{_PLACE_WORD})*?(?=\s+(?:who|that)\b|\s*$)"
)
_ASIDE = re.compile(r"\s*\([^)]*\)")
_HEADLINE = re.compile(r"^headline\s+findings?\b", re.I)
_STUDY = re.compile(r"^(?:(?:good|effective)\s+)?(?:practice|case)\s+(?:stud(?:y|ies)|examples?)\b", re.I)
_STUDY_LIKE = re.compile(r"^[^.:]{3,40}:\s*(?:highly\s+)?(?:effective\s+practice|areas?(?:\(s\))?\s+for\s+\w+)", re.I)
_WEAK = re.compile(r"\b(?:improve\w*|priority\s+actions?|weak\w*|develop\w*|poor|concerns?)\b", re.I)
_GOOD = re.compile(r"\b(?:effective|strengths?|good|strong|outstanding|positive)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z‘“])")
_LONGEST_TITLE = 120


def theme_of(document: Document) -> str | None:
    """What a joint inspection looked at, as a short phrase, such as ``domestic abuse``.

    Taken from the letter's title or opening sentence, or, where these speak of abuse and neglect in general, from
    what the letter says of its "deep dive". A theme in ``THEMES`` comes out under its short name, any other one as
    printed, without the name of the place.
    """
    printed = None
    for phrase in _phrases(document):
        for wording, name in _WORDINGS:
            if wording.search(phrase):
                return name
        printed = printed or phrase
    return printed


def headline_findings(document: Document) -> tuple[Passage, ...]:
    """The passages printed under "Headline findings", in order, each with its page; none in letters without one."""
    found: list[Passage] = []
    level = 0
    for block in document.body:
        if block.kind is BlockKind.HEADING:
            if _HEADLINE.match(block.text):
                level = block.level or 1
            elif level and (block.level or 1) <= level:
                level = 0
        elif level and block.kind is not BlockKind.FOOTNOTE:
            found.append(Passage(block.text, block.page))
    return tuple(found)


def practice_studies(document: Document) -> tuple[PracticeStudy, ...]:
    """The boxed practice and case studies, in order.

    ``text`` is what stands in the box under the title, one paragraph a line, over page breaks; ``page`` is that of
    the title. ``kind`` follows the title, and where that does not tell, the heading of the section around the box.
    """
    found: list[PracticeStudy] = []
    title: Block | None = None
    inside: list[Block] = []
    section = ""

    def close() -> None:
        nonlocal title, inside
        if title is not None and inside:
            text = "\n".join(block.text.replace("\t", "\n") for block in inside)
            found.append(PracticeStudy(_title(title), _kind(_title(title), section), text, title.page))
        title, inside = None, []

    for block in document.body:
        if block.kind is BlockKind.FOOTNOTE:
            continue
        if _opens_study(block):
            close()
            title = block
            continue
        if title is not None and _leaves(title, inside, block):
            close()
        if title is not None:
            inside.append(block)
        elif block.kind is BlockKind.HEADING:
            section = block.text
    close()
    return tuple(found)


def _phrases(document: Document) -> Iterator[str]:
    """The phrases that name the theme, the surest first."""
    opening = [b for b in document.body if b.page <= 2 and b.kind is not BlockKind.FOOTNOTE]
    sentences = [s for b in opening for s in _SENTENCE.split(b.text)]
    titles = [b.text for b in opening if b.kind is BlockKind.HEADING and re.search(r"\bjoint\b", b.text, re.I)]
    named = [s for s in titles + sentences if re.search(r"\bjoint\b.*\binspection\b", s, re.I | re.S)]
    for sentence in named:
        response = _RESPONSE.search(sentence)
        if response and not _ANY_ABUSE.match(response["theme"]):
            yield _plain(response["theme"])
    dives = [s for s in sentences if re.search(r"\bdeep[ -]dive\b", s, re.I)]
    for sentence in dives:
        after = re.split(r"\bdeep[ -]dive\b", sentence, maxsplit=1, flags=re.I)[1]
        focus = _FOCUS.search(after)
        if focus:
            yield _plain(focus["theme"])


def _plain(phrase: str) -> str:
    phrase = re.sub(r"\s+", " ", _ASIDE.sub("", phrase)).strip(" ,;:’‘'")
    return _PLACE.sub("", phrase).strip(" ,;:")


def _opens_study(block: Block) -> bool:
    text = block.text.strip()
    if len(text) > _LONGEST_TITLE or (text.endswith((".", ";", ",")) and not block.boxed):
        return False
    set_apart = block.kind is BlockKind.HEADING or block.boxed or block.bold
    in_box = block.boxed and (block.bold or block.kind is BlockKind.HEADING)
    if block.kind is BlockKind.TABLE_ROW and sum(map(bool, block.cells)) == 1:
        set_apart = in_box = True
    return bool((set_apart and _STUDY.match(text)) or (in_box and _STUDY_LIKE.match(text)))


def _leaves(title: Block, inside: list[Block], block: Block) -> bool:
    """Whether a block stands below the box of a study."""
    if title.kind is BlockKind.TABLE_ROW:
        return block.kind is not BlockKind.TABLE_ROW or len(block.cells) != len(title.cells)
    if block.boxed:
        return False
    if title.boxed or any(b.boxed for b in inside):
        return True
    return block.kind is BlockKind.HEADING


def _title(block: Block) -> str:
    return block.text.strip().rstrip(".:").strip()


def _kind(title: str, section: str) -> str:
    for text in (title, section):
        if _WEAK.search(text) and not _GOOD.search(text):
            return IMPROVEMENT
        if _GOOD.search(text):
            return STRENGTH
    return STRENGTH
