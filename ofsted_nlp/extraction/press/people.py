"""People in a story: their names, titles and roles, however they are introduced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ofsted_nlp.extraction.wordlists import word_set

_TITLE = r"(?:Cllrs?|Coun|Councillor|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Rev|Rt Hon)\.?"
_WORD = r"(?:(?:Mc|Mac|O['’]|D['’]|De|Fitz|Le|La|Van)?[A-Z][a-zà-öø-ÿ]+(?:[-–][A-Z][a-zà-öø-ÿ]+)?)"
_FULL = rf"{_WORD}(?: (?:[A-Z]\.?|de|van|von|der|bin|al|el|{_WORD}))?(?: (?:de |van |von |bin |al-?)?{_WORD})"
NAME = re.compile(
    rf"(?:(?P<title>{_TITLE}(?: {_TITLE})?) )?(?P<name>{_FULL}|(?<=[.a-z] ){_WORD})(?P<post> MP| OBE| CBE| MBE)?\b"
)
_FIRST_NAME = re.compile(
    rf"(?:\A|(?<=[.!?] )|(?<=\bsaid )|(?<=\badded ))(?P<name>{_WORD}), (?:who is |aged )?\d{{1,2}},"
)
"""Someone of whom no surname is printed, but an age: "Amara, 19, ..."."""
_HEAD = (
    r"(?:(?:deputy|assistant|acting|interim|executive|associate|chief|senior|lead|former|strategic|corporate|service|"
    r"joint|regional|national|shadow|principal|portfolio|group|cabinet|divisional|operational|independent)[ -])*"
    r"(?:chief executive|director(?:-general)?|leader|head|cabinet member|lead member|portfolio holder|executive "
    r"member|member|councillor|councillors|chair(?:man|woman|person)?|minister|secretary|inspector|commissioner|"
    r"manager|"
    r"spokes(?:man|woman|person)|mayor|officer|president|convenor|organiser|secretary of state|holder|mp|adviser|"
    r"professor|social worker|trustee|founder|representative|official|mother|father|parent|boss|executive|regional "
    r"director|improvement adviser|vice[- ]chair(?:man|woman)?|watchdog chief)"
)
_ROLE_HEAD = re.compile(rf"\b{_HEAD}\b", re.I)
_NOT_NAMES = word_set(
    "mayor mayor quality commission society union unison fellowship statement college trustees regulator "
    "watchdog the a an "
    "ofsted council children childrens services service report inspectors inspection county borough city district "
    "metropolitan town hall labour conservative conservatives liberal democrat democrats green party reform tory "
    "national local government association department education authority care chief executive director leader "
    "cabinet member social work workers safeguarding board trust family families young people team north south "
    "east west northern southern echo gazette post mail times news press programme project plan need protection "
    "child support january february march april may june july august september october november december monday "
    "tuesday wednesday thursday friday saturday sunday her his majesty majestys house commons lords schools "
    "academy university nhs group panel committee strategy framework early help first contact head officer "
    "inspector speaking responding commenting asked inadequate outstanding good improvement requires community "
    "however although but and in on at this that these those they we it there all our their when while after "
    "before since following act improvements adoption fostering england britain united kingdom north-east adcs "
    "lga dfe hmi mp carer carers parent parents forum voice hub alliance door front lib dem dems libdem"
)
_ARTICLE = re.compile(r"\b(?:the|an?|its|our|their|this|that)\s+\Z", re.I)
_FEMALE, _MALE = ("Mrs", "Ms", "Miss", "Dame", "Lady", "Baroness"), ("Mr", "Sir", "Lord")


@dataclass(slots=True, eq=False)
class Person:
    """Someone named in a story.

    Attributes:
        name: fullest form printed, without title.
        role: as printed, or None.
        gender: "f", "m" or "" by title or pronoun.
        councillor: whether called one.
        body: the organisation named right after the name ("of the Children's Society"), or None.
        many: whether these are two people who speak as one.
        places: where the name stands: (paragraph, start, end).
    """

    name: str
    role: str | None = None
    gender: str = ""
    councillor: bool = False
    body: str | None = None
    many: bool = False
    places: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.split()[-1]


@dataclass(slots=True)
class Cast:
    """The people of a story, and who stands where.

    Attributes:
        people: in the order in which they are named.
        named: for each paragraph where a name stands: start, end and whose it is, in order.
        together: people who speak as one ("X and Y said in a joint statement"), by their names.
    """

    people: list[Person] = field(default_factory=list)
    named: dict[int, list[tuple[int, int, Person]]] = field(default_factory=dict)
    together: dict[tuple[str, ...], Person] = field(default_factory=dict)

    def within(self, paragraph: int, start: int, end: int) -> list[tuple[int, int, Person]]:
        """Names in this stretch of a paragraph: start, end and whose, in order."""
        return [place for place in self.named.get(paragraph, ()) if start <= place[0] and place[1] <= end]

    def first_at(self, paragraph: int, start: int, end: int) -> Person | None:
        """The first person named in this stretch of a paragraph."""
        found = self.within(paragraph, start, end)
        return found[0][2] if found else None

    def both(self, one: Person, other: Person) -> Person:
        """Two people who speak as one."""
        key = (one.name, other.name)
        if key not in self.together:
            roles = [person.role for person in (one, other) if person.role]
            joint = Person(f"{one.name} and {other.name}", " and ".join(roles) or None)
            joint.councillor = one.councillor and other.councillor
            joint.many = True
            self.together[key] = joint
        return self.together[key]


def cast_of(texts: Sequence[str], outside: Sequence[str], known: Sequence[str] = ()) -> Cast:
    """The people named in a story.

    Args:
        texts: its paragraphs.
        outside: the same with everything between quotation marks blanked out, so that spans are the same.
        known: names of places that are no people (the authority's).
    """
    cast = Cast()
    places = {word.lower() for name in known for word in re.findall(r"[\w’'-]+", name)}
    alike: dict[str, list[Person]] = {}
    for number, text in enumerate(outside):
        taken: list[tuple[int, int]] = []
        for match in NAME.finditer(text):
            found = _trimmed(match, places)
            if found is None:
                continue
            name, start, end = found
            title = match["title"] or ""
            person = _known(alike.get(name.split()[-1], []), name, title)
            if person is None:
                if " " not in name and not title:
                    continue
                person = Person(name)
                cast.people.append(person)
                alike.setdefault(person.surname, []).append(person)
            elif " " in name and " " not in person.name:
                person.name = name
            person.places.append((number, match.start() if title else start, end))
            since = taken[-1][1] if taken else 0
            taken.append((start, end))
            person.gender = person.gender or ("f" if title in _FEMALE else "m" if title in _MALE else "")
            person.councillor = person.councillor or title.startswith(("Cllr", "Coun"))
            of = _OF_BODY.match(text, end)
            if of and person.body is None and not set(of["body"].lower().split()) & (places | {"council"}):
                person.body = of["body"]
            role = _role(text, match.start() if title else start, match.end() if match["post"] else end, since)
            if role and (person.role is None):
                person.role = role
        for match in _FIRST_NAME.finditer(text):
            name = match["name"]
            if not _common(name, places) and not any(a <= match.start() < b for a, b in taken):
                person = next(iter(alike.get(name, [])), None)
                if person is None:
                    person = Person(name)
                    cast.people.append(person)
                    alike[name] = [person]
                person.places.append((number, match.start(), match.end("name")))
    _add_surnames(cast, outside)
    for person in cast.people:
        for number, start, end in person.places:
            cast.named.setdefault(number, []).append((start, end, person))
    for found_there in cast.named.values():
        found_there.sort(key=lambda place: place[:2])
    return cast


def _add_surnames(cast: Cast, outside: Sequence[str]) -> None:
    """Adds where surnames stand alone, once the whole names are known."""
    whose: dict[str, Person] = {}
    where: dict[int, list[tuple[int, int]]] = {}
    for person in cast.people:
        whose.setdefault(person.surname, person)
        for number, start, end in person.places:
            where.setdefault(number, []).append((start, end))
    if not whose:
        return
    any_of = "|".join(re.escape(name) for name in sorted(whose, key=len, reverse=True))
    surname = re.compile(rf"\b(?:{any_of})\b(?!['’]s\b)")
    for number, text in enumerate(outside):
        for match in surname.finditer(text):
            if not any(a <= match.start() < b for a, b in where.get(number, ())):
                whose[match[0]].places.append((number, match.start(), match.end()))


def _trimmed(match: re.Match[str], places: set[str]) -> tuple[str, int, int] | None:
    """The name without leading words that are none; None if nothing is left."""
    words = match["name"].split()
    start = match.start("name")
    after_article = not match["title"] and _ARTICLE.search(match.string, max(0, start - 8), start)
    if after_article and not any(_ROLE_HEAD.search(word) for word in words):
        # "the Family Front Door"; but "the Labour Leader Ann Smith".
        return None
    owned = False
    while words and _common(words[0], places if not match["title"] else set()):
        owned = words[0].lower() in places
        start += len(words[0]) + 1
        words = words[1:]
    if owned and re.match(r" [A-Z][a-z]", match.string[match.end("name") :]):
        # "Wexbury Parent Carer Voice"
        return None
    if not words or any(_common(word, set()) for word in words):
        return None
    if len(words) == 1 and not match["title"]:
        return None
    if len(words) == 2 and words[1].lower() in places and words[0].lower() in places:
        return None
    if re.match(r" (?:Council|Borough|County|City|Street|Road|House|Centre|Hospital|School|College|University|Trust|"
                r"Service|Team|Panel|Hub|Project|Network|Programme|Board|Partnership|Committee|Echo|Gazette|"
                r"Post|News)\b",
                match.string[match.end() :]):  # fmt: skip
        return None
    return " ".join(words), start, match.end("name")


def _common(word: str, places: set[str]) -> bool:
    low = re.sub(r"['’]s\Z", "", word.lower()).strip(".'’")
    return low in _NOT_NAMES or low in places


def _known(alike: Sequence[Person], name: str, title: str) -> Person | None:
    """Who of the people with this surname is meant by a name, if any."""
    same = [p for p in alike if p.name == name]
    if same:
        return same[0]
    if " " not in name:
        if len(alike) > 1:
            gender = "f" if title in _FEMALE else "m" if title in _MALE else ""
            alike = [p for p in alike if p.gender in ("", gender)] or alike
        return alike[-1] if alike else None
    return next((p for p in alike if " " not in p.name), None)


_OF_BODY = re.compile(
    r",? (?:of|from|at) (?:the )?(?P<body>[A-Z][\w’'&-]+(?: (?:(?:of|for|and|the) )*[A-Z][\w’'&-]+)+)"
)
_APPOSITION = re.compile(
    r",\s+(?:\d{1,3}, )?(?:pictured(?: \w+)?, )?(?:who (?:is|was|has been) )?(?P<role>(?:(?:the|a|an|its|their|"
    r"our|[\w’'-]+['’]s?) )?"
    r"[^,;:.–—]{2,120}?(?:, [a-z][^,;:.–—]{2,60}? (?:and|&) [^,;:.–—]{2,80}?)?)"
    r"(?=,|;|\s+(?:said|says|told|added|has|had|was|insisted|described|explained|admitted|welcomed|acknowledged|called|"
    r"warned|claimed|stressed|commented|wrote|confirmed|apologised)\b|[.–—]|\Z)"
)
_IS = re.compile(
    r",?(?: pictured(?: \w+)?,)?\s+(?:is|was|has been|became) (?:the |a |an )?(?P<role>[^,;:.–—]{3,160}?)(?=,|;|"
    r"[.–—]|\Z)"
)
_BRACKET = re.compile(r"\s+\((?P<role>[^)]{2,60})\)")
_BEFORE = re.compile(
    rf"(?P<role>(?:(?:[A-Z][\w’'-]+|[a-z’'-]+['’]s?|the|The|its|Its) ){{0,4}}\b{_HEAD}"
    r"(?: (?:of|for|at|on|to|and|with)(?: (?:the|its))?(?: [\w’'-]+){1,6}?(?:(?:,|"
    r" and) [\w’'-]+(?: [\w’'-]+){0,3}?){0,2})?),?\s+\Z",
    re.I,
)


def _role(text: str, start: int, end: int, since: int) -> str | None:
    """The role that the words around a name give, as printed; what stands before ``since`` is another's."""
    after, before = text[end : end + 320], text[max(since, start - 140) : start]
    for pattern in (_IS, _APPOSITION, _BRACKET):
        found = pattern.match(after)
        if found and _ROLE_HEAD.search(found["role"]):
            role = _whole_role(after, found) if pattern is _APPOSITION else found["role"]
            return _clean(role)
    sentence = before[
        max(before.rfind(". ") + 2 if ". " in before else 0, before.rfind(", ") + 2 if ", " in before else 0) :
    ]
    found = _BEFORE.search(sentence) or (
        _BEFORE.search(before[before.rfind(". ") + 1 :]) if before.endswith(", ") else None
    )
    return _clean(found["role"]) if found else None


_GOES_ON = re.compile(
    r",\s+(?P<more>[a-z][\w’' -]{2,40} and [a-z][\w’' -]{2,40}?)(?=,|\s+(?:said|told|added|says|has|insisted|explained|"
    r"admitted|warned|described)\b)"
)


def _whole_role(after: str, found: re.Match[str]) -> str:
    """A role whose list of duties has commas ("director for children, families and learning")."""
    more = _GOES_ON.match(after, found.end("role"))
    if more and re.search(r"\b(?:of|for)\b", found["role"]) and not _ROLE_HEAD.search(more["more"]):
        return f"{found['role']}, {more['more']}"
    return found["role"]


def _clean(role: str) -> str:
    role = re.sub(r"\s+", " ", role).strip(" ,;")
    role = re.sub(r"\Awho (?:is|was|became|has been|had been) (?:now )?", "", role)
    role = re.sub(
        r" (?:in|since|from|until|for) (?:(?:early|late|mid)-?\s?)?(?:\w+ )?(?:19|20)\d\d\Z| (?:in|"
        r"since) [A-Z][a-z]+\Z",
        "",
        role,
    )
    role = re.sub(r"\A(?:said|says|added|adds|told|wrote|warned|his|her)\s+", "", role)
    role = re.sub(r"\A(?:and|but|while|like her|like his|the|a|an|its|their|our|to|by|from)\s+", "", role, flags=re.I)
    role = re.sub(r"\A(?:council|authority|borough)['’]s?\s+", "", role, flags=re.I).strip()
    whole = re.fullmatch(r"(?P<body>council|authority) (?P<role>chief executive|leader)", role, re.I)
    return f"{whole['role']} of the {whole['body'].lower()}" if whole else role
