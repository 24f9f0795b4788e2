"""Whether a number without a unit is a figure at all, or a year, a date, an age or the number of a section."""

from __future__ import annotations

import re
from enum import Enum

from ofsted_nlp.extraction.wordlists import word_set


class Verdict(Enum):
    """What the words around a number say of it."""

    LABEL = "label"
    """A year, a date, a time, an age, or the number of a section or the like."""
    BARE = "bare"
    """A figure, even if no noun follows."""
    OPEN = "open"
    """A figure if a noun follows or a neighbour is one."""


_MONTHS = word_set(
    "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sept sep oct nov dec"
)
_TIME = word_set("a.m p.m am pm o’clock")
_NUMBERED = re.compile(
    r"\b(?:sections?|sect|(?<!’)ss?|regulations?|reg|articles?|art|paragraphs?|paras?|part|chapter|schedule|step|"
    r"stage|phase|level|tier|years?|key stages?|ks|page|pp?|no|recommendations?|priority|priorities|standard|volume|"
    r"version|aged?|ages|age of|figure|table|annex|appendix|day|week|month|band|room|(?<!to )form|grade|wave|act|"
    r"covid|outcome|theme|quarter|q|action|appendices|progress|attainment|group|type|cohort|round|option|enablers?|number|top|"
    r"principles?|pillar|objective|strand|domain|category|panel \w+|bs|iso|form|post|pre|unit|local|schedule|route)"
    r"\.?\s?(?:\d+\s?(?:and|to|,|–|-|,? or)\s?)*\Z",
)
_AGE_AFTER = re.compile(
    r"s\b|[- ](?:weekly|monthly|yearly|hourly)\b|"
    r"[-–+’]? ?(?:and|to|or|-|–)?[-–]? ?(?:\d{1,2}[-– ])?(?:year|yr)s?[-– ]+(?:olds?|of age)|"
    r"(?:[-– ]to[-– ]|[-–]|,? (?:and|to|or) )-?\d{1,2}[-– +]*(?:year|yr)s?[-– ]*(?:old|of age)|"
    r"(?: to |[-–−])\d{1,2}s?(?: years?)? (?:service|team|offer|pathway|provision|disabilit|health|age)|"
    r" (?:years?|months?) (?:old|of age)|[-–] (?:and|to|or) \d|\+|[-–]?plus\b|[-–](?:hour|hours|month) service",
)
_AGE_BEFORE = re.compile(
    r"\b(?:(?:aged|ages?|ages of|age range)(?: (?:of|from|between|under|over|up to))?|turn(?:ed|s|ing)?|"
    r"reach(?:ed|es|ing)?(?: the age of)?|post[- ]?|pre[- ]?|(?:they|he|she|who|people|children|person) (?:are|"
    r"is|were|was|"
    r"turns?|become|reach) (?:now |nearly |almost |over |under |aged )?|"
    r"(?:under|over|beyond|past|until|till|after|before|from|to|at)(?: the age of)?|up to(?: the age of)?|"
    r"(?:the age of|age of) \w+ (?:and|to|or))\s*\Z",
)
_STATED_AGE = re.compile(r"\b(?:aged|the ages? of)(?: (?:of|from|between|under|over|up to))?\s*\Z")
_AGES_SERVED = re.compile(r"(?:\b(?:post|pre)[- –]?\d\d(?: and| or|/|,)|\b(?:0|birth) to)\s\Z")
"""What stands before the second age of "post-16 and 18 providers" and "the 0 to 19 service"."""
_AGES_ROW = re.compile(
    r"\b(?:aged|ages|between the ages of|between|from|under|over)\s+\d{1,2}\s*(?:and|to|–|-|or)\s*\Z"
)
CUE_BEFORE = re.compile(
    r"\b(?:(?:a )?further|additional|another|only|just|total(?: of)?|average(?: of| is| was)?|mean of|rates? of|"
    r"figures? of|samples? of|caseloads? (?:of|are|is|at|were)|targets? (?:of|is|was)|ratio of|"
    r"(?:compared|compares|comparison) (?:with|to)|(?:similar|identical) to|the same as|(?:increase|reduction|"
    r"decrease|rise|fall|drop)s?(?: of| from|:)|"
    r"(?:increas|decreas|ris|fall|reduc|drop|declin|grow|improv|chang|doubl|mov|climb)(?:e|es|s|ed|en|ing|"
    r"d)?(?: \w+){0,3}? "
    r"(?:from|to|by)|rose(?: \w+){0,2}? (?:from|to|by)|fell(?: \w+){0,2}? (?:from|to|by)|"
    r"grew(?: \w+){0,2}? (?:from|to|by)|"
    r"down (?:from|to)|up (?:from|to)|maximum of|minimum of|fewer than|more than|less than|rather than|"
    r"(?:one|two|three|four|five|some|any|most|each|all|half) of (?:the|its|their|our)|from (?:\d[\d,.]*|two|"
    r"three|four|five|six|seven|eight|nine|ten|\w+teen|eleven|twelve|zero|none)\b[^.;]{0,40} to|"
    r"of (?:whom|which|these|those|them),?)(?: (?:approximately|about|around|nearly|almost|over|just|only|some|"
    r"slightly|under|below|above|more than|less than|the|a|was|is)){0,3}\s*\Z",
)
"""Words after which a number is a figure whatever follows it."""
_CUE_LAST = word_set(
    "further additional another only just total of average is was are were at with to from than by on "
    "approximately about "
    "around nearly almost over some slightly under below above the a as these those them whom which now currently still"
)
"""The last words of what ``CUE_BEFORE`` matches, tested first because it is quicker."""
_COMMON_LAST = word_set("the in for by with from are were is was than approximately all these those over have had has")
"""Words that end no label such as "paragraph"."""
_NUMBER_IS = re.compile(
    r"\b(?:numbers?|rate|figure|total|average|caseloads?|population|there|these|they|those|which|this|"
    r"it)\b[^.;:,]{0,60}? "
    r"(?:is|are|was|were|stands at|stood at|standing at|remains? at|remained at|of|at)(?: (?:now|currently|only|just|"
    r"approximately|about|around|over|still|nearly|almost)){0,2}\s*\Z",
)
_COUNTED_NUMBER = re.compile(r"\b(?:numbers?|rate|average|caseloads?|score)\b")
_VERB_AFTER = re.compile(
    r"(?: (?:have|has|had|were|was|are|is|did|do|could|would|will|attended|received|live|lived|lives|became|resulted|"
    r"led|achieved|returned|remained|remain|went|came|being|took|feature|needed|said|placed|currently|now|"
    r"of (?:the|these|"
    r"those|them|whom|which|all|whose|its|our|their|\d)|in total|out of|per|fewer|more|less|each)\b|"
    r",? of (?:whom|which)\b)"
)
_FROM_TO = re.compile(
    r"(?:,? (?:in|at|on|during) (?:the )?(?:end of )?(?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:19|20)\d\d(?:[-–−/]\d{2,4})?,?)?"
    r" to (?:just |around |about |over |approximately |nearly )?\d[\d,.]*(?! ?[\d,.]| [A-Z])"
)
_COUNT_LAST = word_set("over with was were approximately around")
_COUNTED_THEN = re.compile(r" (?:at the (?:time|end|point)|as at|at \d|in (?:[A-Z][a-z]+ )?20\d\d)\b")
_QUOTED = re.compile(r"‘(?P<open>[^‘’“”]*)\Z")
_QUOTE_ENDS = re.compile(r"(?P<close>[^‘“”.;:,]{0,40}?)’(?![^\W\d_])")
_PART_OF = re.compile(r" of (?:the|these|those|them|whom|which|its|our|\d+)\b|,? of (?:whom|which)\b")
_PARENTHESIS = re.compile(r"(?:\(|\((?:n ?= ?|a total of |just |only |around |approximately |about ))\Z")
_AGE_CUE = re.compile(r"\b(?:children|people|those|leavers|who are|aged)[^,;]{0,12}\b(?:more|less|over|under)")
_RANGE_OF = re.compile(r"(?: to | and | or |[-–])\d+ ?(?:%|(?:per cent|minutes|hours|days|weeks|months|miles|cases)\b)")
_HYPHENED_UNIT = re.compile(r"[-–] ?(?:week|day|mile)s?\b")
_BEFORE_SUBJECT = word_set(
    "and but with while whereas whom which that only just approximately about around nearly almost over of the all "
    "further for in or by to as some least most than"
)
_WORD_END = re.compile(r"[^\W\d_]+\Z")
_ORDINARY = re.compile(r"[a-z][\w’'-]*")


def label_or_bare(printed: str, value: float, before: str, after: str) -> Verdict:
    """What a number without a sign such as "%" is, by the words around it.

    Args:
        printed: the number as it stands.
        value: its value.
        before: up to 60 characters before it.
        after: up to 90 characters after it.
    """
    digits = printed[0].isdigit()
    following = after.split(None, 1)[0].strip(",.;:)(") if after.strip() else ""
    if before.endswith(" per ") or (digits and _is_date(printed, value, before, after, following.lower())):
        return Verdict.LABEL
    left = before.rstrip()
    said = before.lower()
    word = left.rsplit(None, 1)[-1].lower().rstrip(".") if left else ""
    if value <= 30 and _AGE_AFTER.match(after) and not _HYPHENED_UNIT.match(after):
        return Verdict.LABEL
    if word not in _COMMON_LAST and _NUMBERED.search(said[-28:].rstrip()) and not _COUNTED_NUMBER.search(said[-9:]):
        return Verdict.LABEL
    if printed == "1" and after[:1] == " " and following[:1].isupper():
        return Verdict.LABEL  # a name: "1 Voice"
    if digits and _in_name(left, following, after):
        return Verdict.LABEL
    if _in_quoted_name(before, after) or (value <= 25 and (_STATED_AGE.search(said) or _AGES_SERVED.search(said))):
        return Verdict.LABEL
    if after[:1] == ")" and _PARENTHESIS.search(before) and (value > 9 or _last_word(left).endswith("s")):
        return Verdict.BARE
    if _PART_OF.match(after):
        return Verdict.BARE
    if digits and word == "from" and _FROM_TO.match(after) and value > 25:
        return Verdict.BARE
    if digits and word in _COUNT_LAST and value > 25 and _COUNTED_THEN.match(after):
        return Verdict.BARE
    cued = (word in _CUE_LAST or word[-1:] in (",", ":")) and CUE_BEFORE.search(said)
    if cued and not (value <= 25 and _AGE_CUE.search(said)):
        return Verdict.BARE if after[:1] in " ,.;):" or not after else Verdict.OPEN
    if (
        value <= 25
        and digits
        and word
        and not _RANGE_OF.match(after)
        and (_AGE_BEFORE.search(said[-28:]) or _AGES_ROW.search(said[-28:]))
    ):
        low = following.lower()
        noun = _ORDINARY.match(low) and low not in _CLOSED and not _VERB_AFTER.match(after)
        return Verdict.OPEN if noun else Verdict.LABEL
    if word in _CUE_LAST and _COUNTED_NUMBER.search(said) and _NUMBER_IS.search(said):
        return Verdict.BARE
    if _VERB_AFTER.match(after) and _may_begin_clause(left):
        return Verdict.BARE
    return Verdict.OPEN


def _is_date(printed: str, value: float, before: str, after: str, following: str) -> bool:
    """Whether a number in digits is a year, the day of a month, or a time."""
    if after[:1] not in ",.;" and (following in _MONTHS or following in _TIME):
        return True
    if len(printed) == 4 and 1900 <= value <= 2100 and printed.isdigit():
        return True
    if before[-1:] and before[-1:] in "–−-" and before[-5:-1].strip().isdigit():
        return value <= 25 or bool(re.search(r"(?:19|20)\d\d[–−-]\Z", before))
    last = _last_word(before.rstrip())
    return bool(last) and last[0].isupper() and last.lower() in _MONTHS


def _in_quoted_name(before: str, after: str) -> bool:
    """Whether a number stands in a short name in quotation marks ("the ‘three islands’ tool")."""
    opened = _QUOTED.search(before)
    closed = _QUOTE_ENDS.match(after) if opened else None
    return bool(opened and closed and len(f"{opened['open']} {closed['close']}".split()) <= 3)


def _in_name(left: str, following: str, after: str) -> bool:
    """Whether a number stands in a name ("Attainment 8", "Signs of Safety 2")."""
    last = _last_word(left)
    if not last or not last[0].isupper():
        return False
    if following[:1].isupper() and after[:1] == " " and not following.isupper() and len(last) == 1:
        return True
    if last == left or last in ("Of", "These"):
        return False
    return not _ORDINARY.match(following) or bool(_VERB_AFTER.match(after))


_CLOSED = word_set("and or to in at with for who are is were if when by on as but from of have has can because do did")


def _last_word(left: str) -> str:
    """The word that a text ends in, without what opens before it; "" if it ends in a digit or a mark."""
    word = left.rsplit(None, 1)[-1].lstrip("(‘“") if left else ""
    if word.isalpha():
        return word
    found = _WORD_END.search(word)
    return found[0] if found else ""


def _may_begin_clause(left: str) -> bool:
    """Whether a number can be the subject of its clause after these words."""
    return not left or left[-1] in ",;:(–—" or left.rsplit(None, 1)[-1].lower() in _BEFORE_SUBJECT
