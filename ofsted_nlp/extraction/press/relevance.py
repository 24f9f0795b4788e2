"""Tells pages about an inspection of an authority's children's services from all other news that names Ofsted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ofsted_nlp.authorities import register
from ofsted_nlp.extraction.press.authority import authority_of, named_in
from ofsted_nlp.extraction.press.subjects import FOLLOWED, INSPECTED, Cues, cues_of, events_of, levelled
from ofsted_nlp.stories import Page, Paragraph, ParagraphKind

WORDS: dict[str, str] = {
    "inspection_of_authority": "It is about an Ofsted inspection of {authority}'s children's services.",
    "unclear": "What is announced leaves open whether it is about an inspection of children's services.",
    "no_ofsted": "It speaks of no inspection by Ofsted.",
    "no_childrens_services": "Ofsted is named, but not an authority's children's services.",
    "no_authority": "Children's services and Ofsted are named, but no English local authority whose inspection it is.",
    "national_picture": "It is about children's services in the country, not about one authority's inspection.",
    "background": "An inspection is mentioned only in passing.",
    "school": "It is about schools and not about an authority's children's services.",
    "academy_trust": "It is about an academy trust and not about an authority's children's services.",
    "early_years": "It is about nurseries or childminders and not about an authority's children's services.",
    "further_education": "It is about a college or training provider and not about an authority's children's services.",
    "childrens_home": "It is about a children's home or another provider of care, not about an authority's services.",
    "fostering_agency": "It is about a fostering or adoption agency and not about an authority's children's services.",
    "secure_setting": "It is about a place of custody and not about an authority's children's services.",
    "other_inspectorate": "It is about another inspectorate, or about other services than children's.",
    "ofsted_itself": "It is about Ofsted itself: its leaders, its reports on the country or how it inspects.",
    "appointment": "It is about someone who comes or goes; an inspection is only background.",
    "award": "It is about an award or honour; an inspection is only background.",
    "court_case": "It is about a court case or an inquiry into one child's case; an inspection is only background.",
    "budget": "It is about money; an inspection is only background.",
    "election": "It is about an election; an inspection is only background.",
    "politics": "It is about politics or the profession; an inspection is only background.",
}
"""Each reason's code and what it says to people; ``{authority}`` stands for a name where one is known."""

_HEADLINE, _LEAD, _BODY = 4.0, 2.0, 1.0
"""What a sentence weighs in the headline, in the opening and further on: news says first what it is about."""
_HEAD = 200
"""Characters after the headline in which a name weighs more."""
_OPENING = 3
"""Sentences of the opening."""
_MOST_SENTENCES = 150
_LONGEST = 1000
"""Characters of a sentence that are read."""
_UNTIED = 0.6
"""What words on a subject weigh in a sentence that speaks of no inspection."""
_MOST_IN_SENTENCE = 3.0
_LOOKING_BACK = 0.3
"""What an inspection of earlier years weighs."""
_LEAST_SERVICES = 1.5
_PARTS = 6
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[A-Z\"'“‘(£\d])")
_ELSEWHERE = re.compile(
    r"\b(?:estyn|care inspectorate|ciw|rqia|welsh government|holyrood|scottish government|senedd|education scotland|"
    r"stormont)\b"
)
_GOES_ON = re.compile(r"[\"'“‘]?(?:They|It|Its|Their|The (?:team|report|letter|document|findings|visit))\b")
"""How a sentence begins that speaks of what the one before it speaks of."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONG_AGO = re.compile(r"\b(?:(?:two|three|four|five|six|seven|eight|nine|ten|\d+) years ago|back in (?:19|20)\d\d)\b")
_CHILD = re.compile(r"\b(?:child(?:ren)?(?:'s)?|kids|young(?:sters| people)|families|5end|ehcps?|teenagers?|care)\b")
_GRADE = re.compile(r"\b(?:inadequate|requires? improvement)\b")
_OTHERWISE_INSPECTED = re.compile(
    r"\b(?:food hygiene|takeaways?|restaurants?|pubs?|kitchens?|care homes?|gp|surger(?:y|ies)|hospitals?|fire|housing|"
    r"water|rail\w*|trains?|prisons?|farms?|zoo|nhs|ambulance|dental|building|planning inspect\w+|tax inspect\w+|"
    r"kennels?|"
    r"police inspect\w+|detectives?|rogue|landlords?|betting|energy|energy watchdog|sewage|vets?)\b"
)
_SEND = re.compile(r"\b(?:ehcps?|education,? health and care plans?|special educational needs)\b")
_STEPS_IN = re.compile(
    r"\b(?:ministers?|government|whitehall|education secretary)\b.{0,40}\b(?:orders?|ordered|steps?|stepped|"
    r"interven\w+|"
    r"sends?|sent|appoint\w*|told|tells|takes?|took)\b"
)
_VERDICT = re.compile(
    r"\b(?:inadequate|fail(?:s|ed|ing|ings|ures?)|damning|scathing|glowing|let down|rated|rating|prais(?:es?|ed|ing)|"
    r"improv\w+|outstanding|good|apologi\w+|progress|turn(?:ed)?[- ]?around|critic\w+|slammed|watchdog|verdict|report|"
    r"special measures|commissioner|trust|intervention|strong|worrying|lessons|excuses|too (?:many|long|slow|late)|"
    r"not good enough|findings|unsafe|at risk|sorry)\b"
)


@dataclass(frozen=True, slots=True)
class Relevance:
    """Whether a page or an entry is press coverage that is looked for, and why.

    Attributes:
        relevant: whether it is.
        reason: a stable code, one of the keys of ``WORDS``.
        words: the reason as a plain sentence.
        score: 0 to 1, how far what was found speaks for it; it orders pages and is no probability.
    """

    relevant: bool
    reason: str
    words: str
    score: float


def announced(title: str | None, summary: str | None, url: str) -> Relevance:
    """Whether what a feed, a sitemap or a list says of a page makes it worth fetching.

    Generous: a page is passed over only if its announcement says that it is about something else, or nothing that an
    inspection of children's services could be announced with. The words of the address count with the headline's; an
    entry that says nothing at all is worth fetching.

    Args:
        title: headline, or None.
        summary: the entry's summary, or None.
        url: the page's address.

    Returns:
        The decision; ``unclear`` goes with a page that is worth fetching for want of knowledge.
    """
    slug = _slug(url)
    raw = " ".join(part for part in (title, summary) if part)
    text = levelled(f"{raw or ''} . {slug}")
    if len(raw.split()) + len(slug.split()) < 2:
        return _made(True, "unclear", 0.5)
    cues = cues_of(text)
    setting, rival = max(cues.settings.items(), key=lambda item: item[1], default=("", 0.0))
    named = cues.council or bool(raw and register().find(raw))
    if cues.ofsted or cues.inspected or _GRADE.search(text):
        foreign = not cues.ofsted and not cues.services and bool(_OTHERWISE_INSPECTED.search(text))
        if foreign or (setting and rival > 2 * cues.services and (rival >= 2 or not named)):
            return _made(False, setting or "other_inspectorate", 0.1)
        return _made(
            True, "inspection_of_authority" if cues.services >= 1.5 else "unclear", 0.9 if cues.services else 0.5
        )
    if setting and setting != "ofsted_itself" and rival > cues.services:
        return _made(False, "no_ofsted", 0.1)
    if cues.services >= 1.5 or (cues.council and cues.followed):
        events = events_of(text) if not (cues.judged or cues.followed or _VERDICT.search(text)) else []
        return _made(False, events[0], 0.2) if events else _made(True, "unclear", 0.6)
    if _SEND.search(text) or ((named or cues.children) and (cues.followed or _STEPS_IN.search(text))):
        return _made(True, "unclear", 0.4)
    if _CHILD.search(text) and _VERDICT.search(text) and (named or cues.services or cues.judged):
        return _made(True, "unclear", 0.4)
    return _made(False, "no_ofsted", 0.0)


def relevance(page: Page) -> Relevance:
    """Whether a page is about an Ofsted inspection of an English authority's children's services.

    Reports, focused and monitoring visits, joint inspections, area SEND inspections and what follows from one count.
    Each sentence is asked whether it speaks of an inspection, of an authority's services, of other things that are
    inspected; those of the headline and the opening weigh more. A page is relevant if services outweigh every other
    subject, an English authority is named, and the inspection is news and not background. Of several stories on a page
    one is enough.

    Args:
        page: as ``reading.web.read_page`` returns it.

    Returns:
        The decision.
    """
    parts = sorted({paragraph.part for paragraph in page.paragraphs})
    found = [_story(page, page.title or next((t for t in page.titles if t), None), page.paragraphs)]
    if len(parts) > 1 and not found[0].relevant:
        for part in parts[:_PARTS]:
            title = page.titles[part] if part < len(page.titles) else None
            found.append(_story(page, title, [p for p in page.paragraphs if p.part == part]))
    return next((item for item in found if item.relevant), found[0])


@dataclass(slots=True)
class _Weighed:
    """What all sentences of a story say together.

    Attributes:
        services, settings: weight of the words on an authority's services and on each other thing inspected.
        links: weight of the sentences that tie an inspection to services or to a council.
        opening_links: those of the opening alone, each counting 1.
        share: share of the sentences that speak of an inspection.
    """

    services: float
    settings: dict[str, float]
    links: float
    opening_links: float
    share: float
    ofsted: bool
    inspected: bool


def _story(page: Page, title: str | None, paragraphs: Iterable[Paragraph]) -> Relevance:
    sentences = _sentences(paragraphs)
    raw_title = title or _slug(page.url or "")
    headline = levelled(raw_title)
    text = f"{raw_title}. {' '.join(sentences)}"
    low = levelled(text)
    if not INSPECTED.search(low) and not FOLLOWED.search(low):
        return _made(False, "no_ofsted", 0.0)
    mentions = named_in(text)
    names = {text[mention.start : mention.end] for mention in mentions}
    head = _with_names(cues_of(headline), raw_title, names)
    read = [(sentence, _with_names(cues_of(levelled(sentence)), sentence, names)) for sentence in sentences]
    weighed = _weigh(head, read, page.published.year if page.published else None)
    setting, rival = max(weighed.settings.items(), key=lambda item: item[1], default=("", 0.0))
    score = weighed.services / (weighed.services + rival + 3.0)
    if not weighed.ofsted and not _by_other_words(head, read, weighed):
        other = (setting == "other_inspectorate" and weighed.inspected) or bool(_ELSEWHERE.search(low))
        return _made(False, "other_inspectorate" if other else "no_ofsted", 0.0)
    announced_as_other = head.of_settings and not head.services and not head.council
    if rival * (2.0 if announced_as_other else 1.0) >= max(weighed.services, 2.0):
        return _made(False, setting, 0.5 * score)
    if weighed.services < _LEAST_SERVICES:
        return _made(False, "no_childrens_services", 0.5 * score)
    elsewhere = bool(_ELSEWHERE.search(low))
    name, many = authority_of(page, text, mentions, head=len(raw_title) + _HEAD, abroad=elsewhere)
    if name is None or many:
        own_affairs = weighed.settings.get("ofsted_itself", 0.0) >= 0.3 * weighed.services
        reason = "other_inspectorate" if elsewhere else "national_picture" if many else "no_authority"
        reason = setting if rival > 0.5 * weighed.services else reason
        return _made(False, "ofsted_itself" if own_affairs else reason, 0.5 * score)
    news = _other_news(headline, head, read, weighed)
    if news:
        return _made(False, news, 0.5 * score)
    return _made(True, "inspection_of_authority", 0.5 + 0.5 * score, name)


def _with_names(cues: Cues, sentence: str, names: Collection[str]) -> Cues:
    """A sentence that names an authority speaks of a council: "Ofsted told York ..."."""
    return cues._replace(council=True) if any(name in sentence for name in names) else cues


def _weigh(head: Cues, read: list[tuple[str, Cues]], year: int | None) -> _Weighed:
    services, links, opening_links, about = 0.0, 0.0, 0.0, 0
    settings: dict[str, float] = defaultdict(float)
    whole = [("", head), *read]
    spoken = False
    for number, (sentence, cues) in enumerate(whole):
        weight = _HEADLINE if number == 0 else _LEAD if number <= _OPENING else _BODY
        spoken = cues.speaks_of_inspection or (spoken and number > 1 and bool(_GOES_ON.match(sentence)))
        tied = 1.0 if spoken else _UNTIED
        own = cues.services * tied
        before = [other for _, other in whole[max(0, number - 1) : number]]
        beside = [other for _, other in whole[max(0, number - 1) : number + 2]]
        clear = not cues.of_settings and not any(other.of_settings for other in before)
        if clear and any(other.speaks_of_inspection and not other.of_settings for other in beside):
            # Of councils Ofsted inspects nothing but services for children.
            own += tied * (0.5 * cues.council + 0.5 * cues.children + 0.5 * (cues.council and cues.children))
        services += weight * min(own, _MOST_IN_SENTENCE)
        for kind, count in cues.settings.items():
            settings[kind] += weight * count * tied
        if number and spoken:
            about += 1
        if spoken and (own >= 0.5 or (clear and any(other.services for other in before))):
            link = _LOOKING_BACK if _looks_back(sentence, year) else 1.0
            links += weight * link
            opening_links += link if 0 < number <= _OPENING else 0.0
    return _Weighed(
        services=services,
        settings=settings,
        links=links,
        opening_links=opening_links,
        share=about / (len(read) + 1),
        ofsted=head.ofsted or any(cues.ofsted for _, cues in read),
        inspected=head.inspected or any(cues.inspected for _, cues in read),
    )


def _by_other_words(head: Cues, read: list[tuple[str, Cues]], weighed: _Weighed) -> bool:
    """Whether an inspection of services is meant though Ofsted is not named: "inspectors say"."""
    opening = [head, *(cues for _, cues in read[:_OPENING])]
    if weighed.settings.get("other_inspectorate", 0.0) > 0.5 * weighed.services or not weighed.inspected:
        return False
    return any(cues.services >= 1.5 for cues in opening) and any(cues.judged or cues.followed for cues in opening)


def _other_news(headline: str, head: Cues, read: list[tuple[str, Cues]], weighed: _Weighed) -> str | None:
    """The code of the news in which the inspection is no more than background, or None if it is the news itself."""
    in_headline = head.speaks_of_inspection
    events = events_of(headline)
    first = levelled(read[0][0]) if read else ""
    if in_headline:
        if events and weighed.share < 0.2 and weighed.opening_links < 1:
            return events[0]
        return None
    if events == ["politics"] and weighed.opening_links >= 1 and any(cues.followed for _, cues in read[:_OPENING]):
        return None
    if events:
        enough = weighed.share >= 0.45 or (weighed.share >= 0.3 and weighed.opening_links >= 1)
        return None if enough else events[0]
    opening = events_of(first)
    if weighed.opening_links >= 1 and weighed.share >= (0.3 if opening else 0.12):
        return None
    if weighed.share >= 0.3 and weighed.links >= 2:
        return None
    return opening[0] if opening else "background"


def _looks_back(sentence: str, year: int | None) -> bool:
    if _LONG_AGO.search(sentence):
        return True
    years = [int(found) for found in _YEAR.findall(sentence)]
    return bool(year and years and max(years) < year - 1)


def _sentences(paragraphs: Iterable[Paragraph]) -> list[str]:
    """The sentences of a story in order; headings within it are left out, for other stories' stand among them."""
    made: list[str] = []
    for paragraph in paragraphs:
        if paragraph.kind is ParagraphKind.HEADING:
            continue
        made += [part[:_LONGEST] for part in _SENTENCE_END.split(paragraph.text) if len(part) > 3]
        if len(made) >= _MOST_SENTENCES:
            break
    return made[:_MOST_SENTENCES]


def _slug(url: str) -> str:
    """The words in the path of an address: "/news/123.care-leavers-let-down/" -> "care leavers let down"."""
    try:
        path = unquote(urlsplit(url).path)
    except ValueError:
        return ""
    last = [part for part in path.split("/") if re.search(r"[a-z]{3,}[-_][a-z]", part, re.I)]
    return " ".join(re.findall(r"[A-Za-z’']{2,}", re.sub(r"\.(?:html?|aspx?|php)\Z", "", last[-1]))) if last else ""


def _made(relevant: bool, reason: str, score: float, authority: str | None = None) -> Relevance:
    words = WORDS[reason].replace("{authority}'s", f"{authority}'s" if authority else "a local authority's")
    return Relevance(relevant, reason, words, round(score, 3))
