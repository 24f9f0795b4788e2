"""Who is said to say something: subjects and verbs of saying in what stands outside quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ofsted_nlp.extraction.press.people import Cast, Person
from ofsted_nlp.extraction.wordlists import word_set

BLANK = "\0"
"""Stands for each character between quotation marks."""
OFSTED, THE_REPORT = "Ofsted", "the report"

_SAYING = (
    "said|says|say|write|recommend|warn|comment|highlight|recommends|saying|finding|added|adds|told|tells|insisted|insists|claimed|claims|explained|explains|continued|continues|"
    "stated|states|warned|warns|admitted|admits|replied|commented|comments|concluded|concludes|stressed|stresses|"
    "argued|argues|acknowledged|acknowledges|conceded|wrote|writes|reads|read|noted|notes|found|finds|find|reported|"
    "described|describes|called|declared|promised|pledged|vowed|responded|remarked|observed|announced|confirmed|"
    "suggested|believes|believed|hoped|hopes|thanked|apologised|recommended|revealed|highlighted|identified|"
    "criticised|criticises|praised|welcomed|judged|rated|concerned|pointed out|branded|slammed|raised|discovered|"
    "emphasised|reiterated|recognised|accepted|cited|listed|ruled|heard|saw|outlined|urged|ordered|asked|"
    "reassured|assured|tweeted|posted|recalled|agreed|expressed|blamed|attacked|"
    "condemned|defended|labelled|backed|demanded|questioned|appealed"
)
VERB = re.compile(rf"\b(?P<verb>{_SAYING})\b", re.I)
_SOURCE = re.compile(
    r"\b(?P<report>(?:(?:the|an|a|its|their|that|this|ofsted['’]?s?|damning|critical|scathing|highly|inspection|new|"
    r"latest|full|final|watchdog['’]?s?|inspectors['’]) )*(?:reports?|letter|document|"
    r"findings)(?! of (?:the )?(?:abuse|"
    r"concerns?))|it)\b|"
    r"\b(?P<ofsted>(?:the |an |a )?(?:(?:education|government|schools|children's|care|standards|official) )*"
    r"(?:ofsted(?: (?:inspectors?|inspection|team|report|officials|chiefs|bosses))?|inspectors|lead inspector|watchdog|"
    r"inspectorate|regulator|inspection(?: team)?))(?!['’]s?\s+\w)\b",
    re.I,
)
_PLURAL = word_set("say write recommend warn find comment highlight")
"""Verbs of which only someone named right before them as several people can be the subject."""
_SEVERAL = re.compile(
    r"\b(?:inspectors|inspectorates|they|we|leaders|bosses|officials|councillors|unions|and [\w ’'-]+)\Z", re.I
)
_SOMEONE = re.compile(
    r"\b(?:spokes(?:man|woman|person)|councillor|leader|chief executive|boss|director|official|source|mother|father|"
    r"parent|carer|young person|care leaver|minister|member|chief|representative|social worker)\b",
    re.I,
)
"""Who, though not named, is one person."""
_PRONOUN = re.compile(r"\b(?P<pronoun>she|he|they)\Z", re.I)
_GENERIC = re.compile(
    r"\b(?P<who>(?:a|an|the|one|another|its|their)\s+(?:(?:senior|opposition|local|council|authority|union|former|"
    r"leading|lead|government|cabinet|shadow|charity|top|town hall|county hall|civic centre|labour|conservative|"
    r"liberal "
    r"democrat|green|independent|department for education|dfe|borough|city|county|trust|teaching|social work|"
    r"children's|"
    r"services|[A-Z][\w’'-]+)\s+){0,4}"
    r"(?:spokes(?:man|woman|person)|councillor|leader|chief executive|boss|director(?: of children['’]s services)?|"
    r"official|source|mother|father|parent|carer|foster carer|young person|care leaver|minister|mp|member|chief|"
    r"representative|council|authority|charity|union|government|social worker|trust|statement|department|"
    r"ministry|company|service)|(?-i:(?:[Tt]he )?(?:[A-Z][\w’'&-]+ )(?:(?:of|for|and|the|[A-Z][\w’'&-]+) ){0,4}"
    r"(?:Association|Education|Union|Society|Foundation|Party|Commission|Federation|Institute|Trust)|DfE|Unison|UNISON|"
    r"Barnardo['’]s|NSPCC|(?:[A-Z][\w’'&-]+ ){1,4}(?:Voice|Forum|Network|Group|Alliance|Council|Board|Collective))|"
    r"(?:the |a |its )?(?:council|authority|trust)['’]s statement)(?:\s+(?:for|at|from|of)\s+(?:the )?"
    r"[A-Z][\w’'&-]+(?: [A-Z][\w’'&-]+){0,4})?\b",
    re.I,
)
_MOST, _REACH = 40, 700
"""Most attributions read in one sentence, and how far before a verb (characters) its subject may stand."""
_FILLER = re.compile(
    r"(?:\s|,|also|has|have|had|then|later|further|which|who|that|would|clearly|yesterday|today|this week|went on to|"
    r"did|however|today)+\Z",
    re.I,
)
_JOINING = re.compile(r"\b(?:and|but|or)\s*\Z", re.I)
_ACCORDING = re.compile(r"\b(?:according to|in the words of)\s+", re.I)


@dataclass(slots=True)
class Attribution:
    """A verb of saying with its subject.

    Attributes:
        start, end: span of the verb in the paragraph.
        verb: in lower case.
        speaker: the person; or ``OFSTED``, ``THE_REPORT``, or a description as printed ("a council spokesman").
        inverted: whether the subject follows the verb.
        pronoun: whether the subject was a pronoun.
    """

    start: int
    end: int
    verb: str
    speaker: Person | str
    inverted: bool = False
    pronoun: bool = False


@dataclass(slots=True)
class Focus:
    """Whom "she", "he", "they" and "it" mean at a point of the story."""

    people: list[Person]
    source: str | None = None
    last: Person | str | None = None

    def person(self, pronoun: str) -> Person | str | None:
        """Who was last in focus of those whom the pronoun fits; "she" may be someone who is not named."""
        last = self.last
        if pronoun.lower() == "they":
            if isinstance(last, Person) and last.many:
                return last
            if self.source is not None and not (isinstance(last, str) and _SOMEONE.search(last)):
                return OFSTED if self.source == THE_REPORT else self.source
        elif isinstance(last, str) and last not in (OFSTED, THE_REPORT) and _SOMEONE.search(last):
            return last
        wanted = {"she": "f", "he": "m"}.get(pronoun.lower(), "")
        for person in reversed(self.people):
            if person.many and wanted:
                continue
            if not wanted or person.gender in ("", wanted):
                person.gender = person.gender or wanted
                return person
        return None

    def on(self, speaker: Person | str) -> None:
        """Puts a speaker in focus."""
        self.last = speaker
        if isinstance(speaker, Person):
            if speaker in self.people:
                self.people.remove(speaker)
            self.people.append(speaker)
        else:
            self.source = speaker


def attributions(
    outside: str, number: int, start: int, end: int, cast: Cast, focus: Focus, following: Sequence[int] = ()
) -> list[Attribution]:
    """The verbs of saying in one sentence with their subjects, in order; puts its people in focus.

    Args:
        outside: the paragraph with everything between quotation marks blanked.
        number: its number in the story.
        start: where the sentence begins in it.
        end: where it ends.
        cast: the story's people.
        focus: whom pronouns mean here.
        following: numbers of the next paragraphs, in which someone first called "a councillor" is named.
    """
    found: list[Attribution] = []
    text = outside[:end]
    for place in cast.within(number, start, len(outside)):
        # Who is only mentioned can be meant by "he" or "she" too, but after whoever speaks.
        if place[0] < end and place[2] not in focus.people:
            focus.people.insert(max(0, len(focus.people) - 1), place[2])
    for match in _ACCORDING.finditer(text, start):
        named = _subject_after(text, match.end(), number, cast, focus)
        if named is not None:
            found.append(Attribution(match.start(), match.end(), "according to", named, True))
            if named in (OFSTED, THE_REPORT):
                focus.on(named)
    for match in VERB.finditer(text, start):
        if re.search(
            r"\b(?:to|be|been|being|was|were|is|are|not|by|can|will|could|should|must|may)"
            r"(?:\s+(?:also|further|strongly|already))?\s+\Z",
            text[start : match.start()],
        ):
            continue
        if len(found) >= _MOST:
            break
        before = _subject_before(
            text, max(start, match.start() - _REACH), match.start(), number, cast, focus, following
        )
        if match["verb"].lower() in _PLURAL and not _SEVERAL.search(_FILLER.sub("", text[start : match.start()])):
            continue
        inverted = False
        subject: Person | str | None = before[0] if before else None
        after = text[match.end() : match.end() + 1]
        quote_before = BLANK in text[max(start, match.start() - 4) : match.start()]
        if (subject is None or quote_before) and after == " " and match["verb"].lower() in _INVERTS:
            later = _subject_after(text, match.end() + 1, number, cast, focus)
            if later is not None:
                subject, inverted = later, True
        if subject is not None:
            if isinstance(subject, Person) and not (before and before[1]):
                subject = _with_other(text, subject, start, match.start(), match.end(), inverted, number, cast)
            found.append(
                Attribution(
                    match.start(), match.end(), match["verb"].lower(), subject, inverted, bool(before and before[1])
                )
            )
            focus.on(subject)
    names = cast.within(number, start, end)
    if not found and len(names) > 1 and re.search(r"\bjoint (?:statement|letter|response)\b", text[start:end], re.I):
        focus.on(_with_other(text, names[-1][2], start, end, end, False, number, cast))
    elif not found:
        first = cast.first_at(number, start, end)
        if first is not None and any(p[2] is first for p in cast.within(number, start, end) if p[0] <= start + 40):
            focus.on(first)
        elif source := _source_of(outside[start:end]):
            focus.source = source
    return sorted(found, key=lambda a: a.start)


_INVERTS = word_set(
    "said says added explained warned wrote insisted claimed admitted continued commented replied argued "
    "concluded stated stressed"
)


def _subject_before(
    text: str, start: int, at: int, number: int, cast: Cast, focus: Focus, following: Sequence[int]
) -> tuple[Person | str, bool] | None:
    """The subject of a verb at ``at``, and whether it is a pronoun."""
    stop = at
    filler = _FILLER.search(text, start, at)
    if filler:
        if re.search(r"\b(?:which|that)\b", filler.group()):
            return None
        stop = filler.start()
    left = text[start:stop]
    if found := _PRONOUN.search(left):
        person = focus.person(found["pronoun"])
        return (person, True) if person else None
    candidates = list(_candidates(text, start, stop, number, cast))
    if not candidates:
        return None
    if _JOINING.search(text[start:at].rstrip()) and not any(c[1] == stop for c in candidates):
        return _named(candidates[0][2], number, cast, focus, following)
    near = max(candidates, key=lambda c: (c[1], -c[0]))
    if near[1] == stop and (near[0] == start or text[at : at + 7] == "finding" or not _is_owned(text, near[0])):
        gap_person = _before_apposition(candidates, text, stop)
        if isinstance(near[2], str) and near[2] not in (OFSTED, THE_REPORT) and gap_person is not None:
            return gap_person, False
        return _named(near[2], number, cast, focus, following)
    person = _before_apposition(candidates, text, stop)
    if person is not None:
        return person, False
    first = candidates[0]
    if BLANK not in text[first[1] : at] or first[0] <= start + 4:
        return _named(first[2], number, cast, focus, following)
    return None


def _with_other(
    text: str, person: Person, start: int, at: int, end: int, inverted: bool, number: int, cast: Cast
) -> Person:
    """The person, or the person and the one named beside ("X, the leader, and Y, the chief executive, said")."""
    if inverted:
        names = cast.within(number, end, min(len(text), end + 240))[:2]
        gap = text[names[0][1] : names[1][0]] if len(names) == 2 and names[0][2] is person else ""
    else:
        names = [place for place in cast.within(number, start, at)][-2:]
        gap = text[names[0][1] : names[1][0]] if len(names) == 2 and names[1][2] is person else ""
    if not _BESIDE.fullmatch(gap) or VERB.search(gap) or names[0][2] is names[1][2]:
        return person
    return cast.both(names[0][2], names[1][2])


_BESIDE = re.compile(r"(?:, [^.;:\0]{3,120},| \([^)]{2,60}\))? and (?:(?!who\b|that\b)[\w’'-]+ ){0,8}")
"""What stands between the names of two people who speak as one: the first's role, and the second's."""


def _is_owned(text: str, at: int) -> bool:
    """Whether a noun belongs to what stands before it ("accepted the report")."""
    return bool(
        re.search(r"\b(?:of|at|by|with|in|from|on|accept(?:s|ed)?|after|following) \Z", text[max(0, at - 12) : at])
    )


def _before_apposition(candidates: list, text: str, stop: int) -> Person | None:
    """The last person after whose name a comma opens what stands before the verb."""
    people = [c for c in candidates if isinstance(c[2], Person)]
    for _, end, person in reversed(people):
        gap = text[end:stop]
        other = VERB.search(gap) or any(c[0] >= end and isinstance(c[2], Person) for c in people)
        if gap.startswith((",", " (", " MP", " –", " -")) and BLANK not in gap and len(gap) < 260 and not other:
            return person
    return None


def _candidates(text: str, start: int, stop: int, number: int, cast: Cast) -> Iterator[tuple[int, int, Person | str]]:
    """Everyone and everything in the stretch that can say something: (start, end, who), in order."""
    found: list[tuple[int, int, Person | str]] = list(cast.within(number, start, stop))
    taken = [(a, b) for a, b, _ in found]
    for match in _SOURCE.finditer(text, start, stop):
        if match.group().lower() != "it":
            found.append((match.start(), match.end(), THE_REPORT if match["report"] else OFSTED))
        elif match.end() == stop:
            found.append((match.start(), match.end(), "it"))
    taken += [(a, b) for a, b, _ in found]
    for match in _GENERIC.finditer(text, start, stop):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            found.append((match.start(), match.end(), match.group()))
    yield from sorted(found, key=lambda c: (c[0], c[1]))


def _named(
    who: Person | str, number: int, cast: Cast, focus: Focus, following: Sequence[int]
) -> tuple[Person | str, bool] | None:
    """Who is meant by a candidate: "it" is what was last in focus, "a councillor" whoever is named next."""
    if isinstance(who, Person) or who in (OFSTED, THE_REPORT):
        return who, False
    if who == "it":
        return (focus.source, True) if focus.source else None
    if re.match(r"(?:a|an|one)\s", who, re.I) and not re.search(r"\bspokes|\bsource\b|\bof [A-Z]|\bfor ", who):
        for later in following:
            person = cast.first_at(later, 0, 70)
            if person is not None:
                return person, False
    return who, False


def _subject_after(text: str, at: int, number: int, cast: Cast, focus: Focus) -> Person | str | None:
    """Who stands right after a verb of saying or "according to"."""
    if found := re.compile(r"(?:she|he|they)\b", re.I).match(text, at):
        return focus.person(found.group())
    window = text[at : at + 140]
    person = cast.first_at(number, at, at + len(window))
    source = _SOURCE.match(window)
    if source and source.group().lower() != "it":
        return THE_REPORT if source["report"] else OFSTED
    if person is not None:
        place = cast.within(number, at, at + len(window))[0][0]
        gap = text[at:place]
        if BLANK not in gap and not re.search(r"[.;:]|\bthat\b|, (?:and|but)\b", gap) and len(gap) < 90:
            return person
    generic = _GENERIC.match(window)
    return generic.group() if generic else None


def _source_of(text: str) -> str | None:
    lead = re.match(r"(?:[A-Z][^,.]{0,30}, )?", text)
    found = _SOURCE.match(text, lead.end() if lead else 0)
    if not found or found.group().lower() == "it":
        return None
    return THE_REPORT if found["report"] else OFSTED


def agent_in(text: str) -> str | None:
    """The inspectorate or its report where a sentence names it as the one that acts ("praised by Ofsted")."""
    for by in re.finditer(r"\b(?:by|from) ", text):
        found = _SOURCE.match(text, by.end())
        if found and found.group().lower() != "it":
            return THE_REPORT if found["report"] else OFSTED
    return None
