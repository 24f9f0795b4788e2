"""The parts of a name that do not tell one service from another: praise, the authority, the noun at the end."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ofsted_nlp.extraction.names.kinds import key
from ofsted_nlp.extraction.names.rules import authority_names
from ofsted_nlp.extraction.wordlists import word_set

_REMEMBERED = 8192
"""Names that are kept with what was made of them, since the same stand in most reports."""
BRACKET = re.compile(r"\s*\(([A-Za-z][\w&]{1,7})\)")
BODIES = word_set(
    "team panel committee subcommittee subgroup hub unit board agency consortium forum service project scheme "
    "partnership council network register programme model strategy group meeting initiative framework centre system "
    "offer approach intervention website app staff worker practitioner process arrangement check training tool"
)
"""Nouns that may follow a proper name without changing what it names ("Horizons", "Horizons team")."""
ALIKE = word_set("team service project scheme programme initiative approach model unit practitioner intervention")
"""Those of them that are used for one another."""
_SMALL = word_set("of and for the in to with on at")
_WEAK = word_set(
    "new newly another former previous recent recently current existing dedicated innovative effective highly very "
    "well experienced skilled established strong stable permanent mature busy pioneering robust active valued "
    "excellent good strengthened improved improving enhanced revised refreshed relaunched updated impressive "
    "successful credible clear ambitious capable good-quality high-quality high-performing routine award-winning "
    "overarching our this separate dynamic exceptional expanded overall creative comprehensive outstanding proactive "
    "purposeful extensive cogent multi-skilled"
)
"""Words that say how good, new or old something is; so do words such as "re-established" and "well-run"."""
_TELLING = word_set(
    "specialist commissioned multi-agency multiagency multi-disciplinary multidisciplinary local in-house joint "
    "children’s integrated targeted pilot central county-wide countywide borough-wide city-wide authority-wide "
    "partnership-wide 24-hour local-authority corporate strategic operational independent lscb board’s"
)
"""Words that may tell one service from another, and are looked past where the same name stands without them."""
_QUALITY = re.compile(
    r"(?:re|well|long|high|now|much|highly|multi-skill)-?\w+ed$|(?:re|well|long|high|now|much)-\w+$|(?!family|early|daily|weekly|monthly|quarterly|elderly)\w+ly$",
    re.I,
)
_OWNER = re.compile(
    r"^(?:(?:the )?(?:local authority|council|authority|borough|county|city|service)[’']s |(?:the )?local authority )",
    re.I,
)
_LEAD = re.compile(
    r"^(?:(?:However|Additionally|Furthermore|Moreover|Also|Therefore|Consequently|Similarly|Importantly"
    r"|In addition),? )?"
    r"(?:(?:[Mm]embers(?:hip)?|[Ww]orkers?|[Ss]taff|[Pp]ractitioners|[Ss]ocial workers|[Pp]rofessionals|[Rr]ecords?"
    r"|[Pp]ractice|[Ii]nvolvement|[Pp]articipation|[Cc]ontacts|[Dd]ecisions|[Ss]ystems|[Ww]ork|[Rr]eferrals|[Aa]rrangements"
    r"|[Rr]epresentatives|[Cc]olleagues|[Mm]anagers) (?:of|in|from|within|at|with|on|to) )?"
    r"(?:(?:[Ww]ithin|[Tt]hrough|[Uu]sing|[Aa]t|[Ff]rom|[Ii]n|Following) the )?(?:(?:[Tt]he|[Aa]n?) )?(?=\S)"
)
_JOINED = re.compile(r", | and the | and its ")
_COMMONPLACE = word_set(
    "targeted specialist community city local looked after children child young people care leavers living north "
    "south east west regional london national pan tier 1 2 3 4 multi-agency integrated county borough and in the of "
    "head person people’s social work family families health support early help parenting parent carers education "
    "adoption fostering"
)
_SAFEGUARDING = re.compile(
    r"(?:[A-Z][\w’&-]* (?:and )?)*?(?:Local )?Safeguarding (?:Children(?:’s)? )?(?:Board|(P)artnership)$"
    r"|[A-Z]{1,3}SC(?:B|(P))$"
)
"""An authority's safeguarding board or partnership, or its abbreviation ("NSCB")."""


@lru_cache(maxsize=_REMEMBERED)
def stripped(printed: str) -> str:
    """A name without brackets' remains, quotation marks, article and the words that lead to it ("Workers in the")."""
    name = re.sub(r"^[‘“'\"]|(?<!s)[’”'\"]$", "", printed.strip())
    name = re.sub(r"[‘“”\"]|(?<=\w)’(?= (?!\w+’))(?<!s’)", "", name)
    name = " ".join(name.split())
    rest = _LEAD.sub("", name)
    return re.sub(r"(?<=\w)[’']s$", "", rest) or name


@cache
def _authorities() -> frozenset[str]:
    return frozenset(name.lower() for name in authority_names())


_LONGEST = 8
"""Words of an authority's name, at most."""


@lru_cache(maxsize=_REMEMBERED)
def without_authority(name: str, *, always: bool = False) -> str:
    """A name without the authority before or after it ("Northbury’s MASH", "LSCB in Northbury").

    Args:
        name: the name.
        always: take it off a proper name of one or two words too ("Northbury Lanterns"), of which it may be a part.
    """
    name = _OWNER.sub("", name)
    words = name.split()
    if not any(word[0].isupper() for word in words):
        return name
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if " ".join(words[:length]).removesuffix("’s").lower() in _authorities():
            rest = " ".join(words[length:])
            if always or words[length - 1].endswith("’s") or not is_proper(rest) or rest.isupper() or len(words) > 4:
                words = words[length:]
            break
    for length in range(min(_LONGEST, len(words) - 1), 0, -1):
        if words[-length][0].isupper() and " ".join(words[-length:]).lower() in _authorities():
            before = words[:-length]
            before = before[:-1] if before[-1] in ("in", "for", "across") and len(before) > 1 else before
            if always or len(before) > 1 or before[0].isupper():
                words = before
            break
    return " ".join(words)


@lru_cache(maxsize=_REMEMBERED)
def without_weak(name: str, *, also_telling: bool = False) -> str:
    """A name without the words before it that say how good or new it is.

    Args:
        name: the name.
        also_telling: leave out words that may tell one service from another too ("specialist").
    """
    words = name.split()
    while len(words) > 1:
        word = words[0].lower()
        weak = word in _WEAK or _QUALITY.match(word) or (word in ("and", "but") and words[0].islower())
        if not ((weak and words[0].islower()) or (also_telling and word in _TELLING)):
            break
        if len(words) == 2 and key(words[1]) in BODIES:
            break
        words.pop(0)
    return " ".join(words)


def safeguarding_body(name: str) -> str | None:
    """The kind of an authority's safeguarding board or partnership ("Northbury Safeguarding Children Board")."""
    match = _SAFEGUARDING.match(name)
    if not match:
        return None
    return "safeguarding children partnership" if any(match.groups()) else "local safeguarding children board"


@lru_cache(maxsize=_REMEMBERED)
def is_proper(name: str) -> bool:
    """Whether a name is a proper name: every word but the noun at its end and the small words has a capital."""
    words = [word for word in name.split() if word.lower() not in _SMALL and word != "&" and key(word) not in BODIES]
    return bool(words) and all(word[0].isupper() or word[0].isdigit() for word in words)


def is_joined(name: str) -> bool:
    """Whether a name is that of several things ("the Trust and the Northbury Board")."""
    return bool(_JOINED.search(name))


def is_own(front: str) -> bool:
    """Whether the words before a kind's name are a name that a service has of its own ("Speak Up")."""
    words = front.split()
    if not words or words[0] in ("Head", "Chair", "Director", "Leader", "Manager", "Independent"):
        return False
    return is_proper(front) and words[-1].lower() not in _SMALL | {"the"} and not is_commonplace(front)


def is_commonplace(name: str) -> bool:
    """Whether a name is made of words that stand in the names of many different services ("young people")."""
    return all(word in _COMMONPLACE for word in name.lower().split())


def last_of(name: str) -> str:
    """The last of several things that a name joins."""
    return _JOINED.split(name)[-1]
