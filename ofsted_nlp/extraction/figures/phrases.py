"""The words around a figure -> what it counts, and what is said of it."""

from __future__ import annotations

import re

from ofsted_nlp.extraction.figures.numbers import NUMBER_WORDS
from ofsted_nlp.extraction.wordlists import word_set

_WORD = re.compile(r"[^\W\d_][\w’'/&-]*")
_SKIPPED = word_set(
    "of the these those their all its more other further additional new separate different current recent looked "
    "individual local young small large full whole further eligible disabled available agency permanent newly "
    "social early serious unaccompanied in-house independent"
)
_STOPS = word_set(
    "and or but who that which were was are is have has had been being in on at by for from with to during since "
    "between within across as per not did do does will would can could may aged under over when where while "
    "through had out into than reported placed received live living subject remain remained left went were "
    "waiting completed currently there they it this whom if then also because up about only so both before "
    "until each every any no how what"
)
_AUXILIARY = word_set(
    "is are was were be been being has have had do does did will would can could may might must should not"
)
_OBJECT = re.compile(r"\s+(?:the|an?|their|its|his|her|no|some|good|better|expected|more|fewer|less)\b")
"""What follows a verb in the active, not a participle ("children made good progress", "visits made in time")."""
_GIVEN = word_set("allocated offered awarded granted assigned issued allowed refused")
_ACTIVE = re.compile(r"made|had|access|use|support|return|(?!need)[a-z]{3,}ed")
_DETERMINERS = word_set("of the these those their all its our his her")
_NOT_COUNTED = word_set("times years’ always perhaps whereas thus his its this yes plus as was has is does s’ whose")
_SINGULAR = re.compile(r"(?:ss|us|is)\Z")

FINITE = word_set(
    "is are was were has have had will would can could may might must should do does did need needs receive receives "
    "felt feel say said report reported reports shows showed indicates means meant remains remain account accounts "
    "represents live lives lived attend attends attended cease wait go went get achieve achieved achieves feature "
    "continue continues increased decreased rose rises fell falls reduced improved became become ceased provide "
    "provides require requires include includes ensure ensures took take takes make makes want wanted enjoy enjoys "
    "returned left dropping rising falling reducing increasing growing responded contributed benefited benefitted "
    "participated progressed entered stated"
)
_OPENS = word_set(
    "who that whose with aged in of for from at under living placed leaving receiving experiencing waiting awaiting "
    "missing known open subject entitled eligible identified supported looked accommodated achieving attending "
    "involving held by without on during leading requiring needing supporting referred allocated exposed considered "
    "seen stepped set per"
)
"""Words that can begin what narrows a noun ("children placed ...", "visits to ...")."""
_BREAK = re.compile(
    r"[.;:()“”‘]|,(?! \w+,? and\b)| [–—] |\b(?:compared|although|though|but|while|whereas|because|which|when|since|"
    r"despite|so that|(?<!looked )after|before|following|against|including|however|resulting|at a rate|to ensure|"
    r"from a (?:very )?(?:low|high) base|"
    r"(?<!more )(?<!less )(?<!fewer )(?<!longer )than|(?:for|to|with|in|of) whom|and (?:a further|another)|with (?:the|"
    r"only|just|a further))\b",
)
_WHEN = re.compile(
    r",? ?\b(?:(?:as )?(?:at|on|in|by|of|during|since|between|over|from|for|to|throughout|within|"
    r"up to)\b )?(?:the )?(?:(?:(?:last|past|previous|"
    r"preceding|current|same|first|second|third|final) (?:\w+ )?(?:days?|weeks?|months?|years?|quarter|period|"
    r"inspection)\b)|"
    r"(?:end of |beginning of |\d{1,2}(?:st|nd|rd|th)? )?(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December)\b|(?:19|20)\d\d\b|time of\b|(?:\d+|two|three|six|twelve) (?:months|"
    r"years) (?:prior|before|to)\b)"
    r"|\b(?:last|this) (?:year|month|week)\b|\b(?:currently|recently|respectively|annually|nationally|locally)\b"
)
_FIRST = re.compile(r"\s*([^\s,’‘]+)")
_LONGEST = 160
"""Characters that a noun phrase can take after its noun."""
_COORDINATE = re.compile(
    r"(?:,? (?:and|or) (?:their |other |young |looked after |foster |care |birth |social |school |disabled ){0,2}"
    r"(?:people|children|families|carers|parents|professionals|leavers|workers|adults|siblings|managers|partners|"
    r"adopters|nurses|schools|volunteers|officers|staff|students|pupils|assessments|visits))\b"
)


def strip_determiners(phrase: str) -> str:
    """A noun phrase without the words that only point ("of the", "their")."""
    words = phrase.split()
    while words and words[0].lower() in _DETERMINERS:
        words.pop(0)
    return " ".join(words)


def counted_noun(rest: str, single: bool) -> int:
    """How far the noun that a number counts reaches into the words after it; 0 if there is none.

    Args:
        rest: what follows the number.
        single: whether the number is one, so that the noun is in the singular.
    """
    end = head = 0
    for count, match in enumerate(_WORD.finditer(rest)):
        word = match.group()
        low = word.lower().rstrip("’'")
        gap = rest[end : match.start()]
        if (count and gap.strip(" ‘’'")) or (not count and gap.strip(" ‘")) or len(gap) > 3:
            break
        if low in ("and", "or") and count and not head and not single:
            end = match.end()
            continue
        if low == "after" and rest[:end].endswith("looked"):
            end = match.end()
            continue
        if low == "after" or low in NUMBER_WORDS:
            break
        if low in _STOPS or count > 7 or low in FINITE:
            break
        if _ACTIVE.fullmatch(low) and _OBJECT.match(rest, match.end()):
            break
        if word.endswith("’") and not low.endswith("s"):
            head = end if not single and _plural(low) else head
            break
        end = match.end()
        if single:
            if count and _plural(low) and head:
                break  # "one provider supports": after a singular noun a word in -s is a verb
            head = end
        elif _plural(low) and not word.isupper():
            head = end
            if not (rest[end : end + 1] == "’" or word.endswith(("’s", "’", "'s"))) and not _goes_on(rest, end):
                break
            if word.endswith(("’s", "'s")):
                head = 0
        if word.endswith((",", ";")):
            break
    if single and head:
        last = rest[:head].split()[-1].lower()
        return head if last not in _SKIPPED and not last.endswith("ly") else 0
    if head and rest[head : head + 1] == "’":
        return 0
    return head


def _plural(word: str) -> bool:
    if word in _SKIPPED or word in _NOT_COUNTED or word.endswith(("’s", "'s")):
        return False
    return (word.endswith("s") and not _SINGULAR.search(word)) or word in (
        "children",
        "people",
        "staff",
        "men",
        "women",
        "pupils",
    )


def _goes_on(rest: str, end: int) -> bool:
    """Whether a plural is only the first part of the noun ("services managers", "children looked after")."""
    following = re.match(r"(?: and young people’s)? ([a-z][\w-]*s)\b(?!’)", rest[end:])
    return bool(following and _HEADS.fullmatch(following[1]) and following[1] not in _VERBS_LIKE_HEADS)


_HEADS = re.compile(
    r"[\w-]+(?:[eo]rs|ists|ments|ings)|homes|visits|plans|teams|cases|orders|referrals|centres|reviews|groups|schools|beds|"
    r"events|forums|hubs|surveys|audits|panels|boards|sessions|services|courses|units|networks|projects|interviews|"
    r"conferences|champions|workshops"
)
_VERBS_LIKE_HEADS = word_set("offers covers delivers considers matters enters refers suffers differs")


def narrowed(text: str, at: int, inside: bool = False) -> int:
    """Where a noun phrase ends, with what narrows its noun ("children placed for adoption").

    Args:
        text: the sentence.
        at: up to where it has been read.
        inside: whether its noun is still to come.
    """
    joined = _COORDINATE.match(text, at)
    if joined and not inside:
        at = joined.end()
    first = None if inside else _FIRST.match(text, at)
    if first and first[1].lower() not in _OPENS:
        return at
    limit = _BREAK.search(text, at, at + _LONGEST)
    stop = limit.start() if limit else min(len(text), at + _LONGEST)
    when = _WHEN.search(text, at, stop)
    if when:
        stop = when.start()
    end = at
    last = ""
    clause = 0  # 1 before the verb of "who ...", 2 within the verb, 3 after it
    after_whose = False
    for count, match in enumerate(re.finditer(r"\S+", text[at:stop])):
        word = match.group().lower().strip(",’‘")
        if count == 0 and not inside and word not in _OPENS:
            break
        if count > 16:
            break
        if word == "where" or (clause and word in ("who", "that", "whose")):
            break
        if word in ("who", "that", "whose"):
            clause = 1
            after_whose = word == "whose"
        elif clause == 1 and after_whose and word not in _AUXILIARY:
            clause = 3 if word in FINITE else 1
        elif clause in (1, 2):
            # the first word that is no auxiliary or adverb closes the verb group
            clause = 2 if word in _AUXILIARY or word.endswith("ly") or word in ("either", "also", "still") else 3
        elif (word in FINITE and last != "to" and count and not (word == "need" and last in ("in", "of"))) or (
            _ACTIVE.fullmatch(word) and word not in _GIVEN and _OBJECT.match(text, at + match.end())
        ):
            break
        if word.startswith("£") or (word[:1].isdigit() and not _narrows(last, text, at, at + match.end())):
            break
        last = word
        end = at + match.end()
    return _trimmed(text, at, end)


_BEFORE_AGE = word_set("aged under over than of between and to section stage age within level grade tier wave band")
_TWO_AGES = re.compile(r"\b(?:ages?|aged|between|grades?)\b[^,;]{0,25}\s(?:and|to|of) \d{1,2}\Z")
_TEENAGED = re.compile(r"\s*1[5-9](?:-? (?:and|to|or) 1[5-9])?[- ]year")
_LASTING = re.compile(r" (?:hours|days|weeks|months|years|miles)\b")
_DANGLING = re.compile(
    r"(?:[\s,]+(?:and|or|of|in|for|at|to|by|with|the|a|an|on|from|that|who|now|also|under|has|as|only|just|per|"
    r"aged|looked|approximately|around|about|nearly|almost|than|more than|less than|up to|(?<!and )(?<!or )over))+\Z"
    r"|(?<=\d) years\Z"
)


def _narrows(last: str, text: str, at: int, end: int) -> bool:
    """Whether the number that a phrase ends in belongs to it ("aged 16", "level 2", "within 72 hours")."""
    if _TEENAGED.match(text, at):
        return True
    if last in ("and", "to", "of"):
        return bool(_TWO_AGES.search(text, at, end)) or (last == "of" and bool(_LASTING.match(text, end)))
    return last in _BEFORE_AGE


def _trimmed(text: str, at: int, end: int) -> int:
    """The end of a phrase without the small words that would hang after it."""
    loose = _DANGLING.search(text, at, end)
    if loose and loose[0] == " years" and " age" not in text[max(0, at - 8) : end]:
        return end
    return loose.start() if loose else end
