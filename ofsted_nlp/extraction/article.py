"""Page -> Article: the order in which the steps of reading press coverage happen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.extraction.press.attribution import OFSTED, THE_REPORT
from ofsted_nlp.extraction.press.behind import Behind
from ofsted_nlp.extraction.press.claims import claims, tone_of
from ofsted_nlp.extraction.press.figures import reported_figures
from ofsted_nlp.extraction.press.judgements import coded, reported_judgements
from ofsted_nlp.extraction.press.people import Person
from ofsted_nlp.extraction.press.quotes import Reading, Said, read_quotes
from ofsted_nlp.extraction.press.recommendations import matched, recommendation_count, reported_recommendations
from ofsted_nlp.extraction.press.speakers import speaker_fields
from ofsted_nlp.extraction.press.splitting import Stretch, stretches
from ofsted_nlp.extraction.wordlists import word_set
from ofsted_nlp.stories import Article, CoveredReport, Page, Quote, ReportedJudgement, Story

ARTICLE_VERSION = "1"
"""Version of what is read of article pages; articles in the store that an older one read are read again."""

_COUNCIL = re.compile(
    r"\b(?P<name>[A-Z][a-z’'-]+(?:(?: (?:and|upon|on|of|in|the)|[ -])(?=[A-Z])[ -]?[A-Z][a-z’'-]+| (?:and|upon|"
    r"of) [A-Z]\w+){0,4}?)"
    r"(?P<kind>(?: (?:Metropolitan|Royal|Borough|City|County|District|Unitary|London))* Council)\b"
)
_PLACE = re.compile(
    r"\b(?P<name>[A-Z][a-z]{3,})(?:['’]s)? (?:children(?:['’]s (?:social )?(?:care )?services)?|council|"
    r"Town Hall|care leavers|social workers)"
)
_NOT_PLACES = word_set("The This That Its Our Their Council City County Borough Local A An Labour District Every")

_OWN_WORDS = 5
"""A person's quotation with fewer words is the person's own, though a report may use the same words somewhere."""

Find = Callable[["Wanted"], Behind | None]
"""Finds the report that a story covers."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of the report that a story covers.

    Attributes:
        authority: name of the authority, or None.
        entry: its entry in the register, or None.
        page: the page, with its date.
        judgements: what the story says it was graded: (about, grade).
        passages: what the story gives as the report's words, and the recommendations it reports.
        count: how many recommendations it says there are.
    """

    authority: str | None
    entry: AuthorityEntry | None
    page: Page
    judgements: tuple[tuple[str, str], ...]
    passages: tuple[str, ...]
    count: int | None


def extract_article(page: Page, find: Find | None = None) -> Article:
    """The stories on a page with all that they say of an inspection.

    Args:
        page: as ``reading.web.read_page`` returns it.
        find: finds the report that a story covers; without, nothing is compared.

    Returns:
        The article; it has at least one story.
    """
    parts = stretches(page)
    whole = _authority(page, page.paragraphs[0].index, len(page.paragraphs), page.title)
    made = []
    for number, part in enumerate(parts, 1):
        made.append(_story(page, part, number, whole, find))
    made = _with_roles(made)
    warnings = []
    if not re.search(r"\bofsted\b", f"{page.title or ''} {page.text}", re.I):
        warnings.append("Ofsted is not mentioned: this may be no coverage of an inspection.")
    if any(story.authority is None for story in made):
        warnings.append("No authority of the register is named.")
    elif any(story.report is None for story in made):
        warnings.append("The report that this covers is not known: nothing could be compared with it.")
    elif any(story.report is not None and not story.report.text_at_hand for story in made):
        warnings.append(
            "The report's text is not at hand, so quotations, recommendations and figures were not compared with it: "
            "name the folder of its PDF (--reports) or add it to the store."
        )
    return Article(page, tuple(made), tuple(warnings))


def _story(
    page: Page,
    part: Stretch,
    number: int,
    whole: tuple[str | None, AuthorityEntry | None, str | None],
    find: Find | None,
) -> Story:
    paragraphs = page.paragraphs[part.first : part.last]
    name, entry, formal = _authority(page, part.first, part.last, part.title)
    if name is None or (entry is None and (whole[1] is not None or formal is None)):
        name, entry, formal = whole
    elif formal is None and name == whole[0]:
        formal = whole[2]
    reading = read_quotes(paragraphs, [name] if name else [])
    graded = reported_judgements(paragraphs, part.title, page.published)
    asked = reported_recommendations(reading)
    count = recommendation_count(paragraphs)
    theirs = [said.text for said in reading.said if said.speaker in (OFSTED, THE_REPORT, None)]
    wanted = Wanted(
        name,
        entry,
        page,
        tuple((about, item.grade) for about, item in graded),
        tuple([*theirs, *(item.text for item in asked)]),
        count,
    )
    report = find(wanted) if find is not None and name is not None else None
    judgements = coded(graded, report, page.published)
    formal = formal or _formal_in(report, name) or (f"{name} Council" if name else None)
    strengths, concerns, planned = claims(reading, asked)
    return Story(
        number=number,
        title=part.title,
        authority=name,
        urn=entry.urn if entry else None,
        report=_covered(report),
        judgements=tuple(judgements),
        quotes=tuple(_quote(said, reading, report, formal) for said in _in_order(reading)),
        recommendations=tuple(matched(asked, report)),
        recommendation_count_claimed=count,
        figures=tuple(reported_figures(paragraphs, report)),
        strengths=tuple(strengths),
        concerns=tuple(concerns),
        planned_actions=tuple(planned),
        excluded=part.excluded,
        tone=_tone(strengths, concerns, judgements),
        paragraphs=(part.first, part.last),
    )


def _with_roles(stories: list[Story]) -> list[Story]:
    """The stories with the role and organisation that one gives a speaker lent to the others on the page."""
    roles: dict[str, tuple[str, str | None]] = {}
    for story in stories:
        for quote in story.quotes:
            if quote.speaker and quote.role:
                roles.setdefault(quote.speaker, (quote.role, quote.organisation))
    made = []
    for story in stories:
        quotes = []
        for quote in story.quotes:
            if quote.speaker in roles and quote.role is None:
                role, organisation = roles[quote.speaker]
                quote = replace(quote, role=role, organisation=quote.organisation or organisation)
            quotes.append(quote)
        made.append(replace(story, quotes=tuple(quotes)))
    return made


def _tone(strengths: Sequence[object], concerns: Sequence[object], judgements: Sequence[ReportedJudgement]) -> str:
    overall = next((item.grade for item in judgements if item.about == "overall_effectiveness"), None)
    if not strengths and not concerns and overall is not None:
        return {"inadequate": "critical", "outstanding": "favourable", "good": "favourable"}.get(overall, "balanced")
    return tone_of(len(strengths), len(concerns))


def _in_order(reading: Reading) -> list[Said]:
    return sorted(reading.said, key=lambda said: said.pieces[0])


def _quote(said: Said, reading: Reading, report: Behind | None, formal: str | None) -> Quote:
    speaker = said.speaker
    inside: bool | None = None
    if report is not None and report.text:
        if isinstance(speaker, Person):
            inside = len(said.text.split()) >= _OWN_WORDS and report.has_words(said.text)
        elif said.kind == "direct":
            inside = report.has_words(said.text)
        else:
            inside = report.has_substance(said.text)
        if speaker is None and inside:
            speaker = THE_REPORT
    name, role, organisation = speaker_fields(speaker, formal)
    first, last = said.pieces[0], said.pieces[-1]
    paragraph, end = reading.paragraphs[first[0]], reading.paragraphs[last[0]]
    return Quote(
        name,
        role,
        organisation,
        said.text,
        said.kind,
        inside,
        paragraph.index,
        paragraph.start + first[1],
        end.start + last[2],
    )


def _covered(report: Behind | None) -> CoveredReport | None:
    if report is None:
        return None
    grade = report.grades.get("overall_effectiveness") or report.grades.get("outcome")
    return CoveredReport(report.sha256, report.published, report.file, grade, bool(report.text))


def _authority(
    page: Page, first: int, last: int, title: str | None
) -> tuple[str | None, AuthorityEntry | None, str | None]:
    """Name, entry in the register and formal name of the authority that a stretch of a page is about."""
    text = "\n".join([title or "", *(p.text for p in page.paragraphs[first:last])])
    counts: Counter[int] = Counter()
    entries: dict[int, AuthorityEntry] = {}
    for mention in register().find(text):
        entries[mention.entry.urn] = mention.entry
        # What the headline and the first paragraphs name weighs more.
        counts[mention.entry.urn] += 3 if mention.start < len(title or "") + 1 else 2 if mention.start < 400 else 1
    formal: Counter[str] = Counter()
    for found in _COUNCIL.finditer(text):
        words = found["name"].split()
        while words and words[0] in _NOT_PLACES:
            words = words[1:]
        if words:
            formal[f"{' '.join(words)}{found['kind']}"] += 1
    if counts:
        entry = entries[counts.most_common(1)[0][0]]
        own = [name for name, _ in formal.most_common() if entry.display_name.lower() in name.lower()]
        longest = max(own, key=len) if own else None
        return entry.display_name, entry, longest
    places = [name.rsplit(" Council", 1)[0] for name in formal.elements()]
    places = [
        re.sub(r"(?: (?:Metropolitan|Royal|Borough|City|County|District|Unitary|London))+\Z", "", p) for p in places
    ]
    named = (found["name"] for found in _PLACE.finditer(text) if found["name"] not in _NOT_PLACES)
    # "When social workers": a word that also stands in small letters is no name of a place.
    places += [name for name in named if not re.search(rf"\b{name.lower()}\b", text)]
    if not places:
        return None, None, None
    name = Counter(places).most_common(1)[0][0]
    own = [formal_name for formal_name in formal if formal_name.startswith(name)]
    return name, None, max(own, key=len) if own else None


def _formal_in(report: Behind | None, name: str | None) -> str | None:
    """The authority's formal name as its report prints it."""
    if report is None or not report.text or name is None:
        return None
    counts = Counter(
        f"{found['name']}{found['kind']}"
        for found in _COUNCIL.finditer(report.text[:6000])
        if found["name"].endswith(name)
    )
    return max(counts, key=len) if counts else None
