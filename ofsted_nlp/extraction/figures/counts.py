"""What each figure of a sentence counts, and what the sentence says of those counted."""

from __future__ import annotations

import re

from ofsted_nlp.extraction.figures.phrases import FINITE, counted_noun, narrowed, strip_determiners
from ofsted_nlp.extraction.figures.printed import ASIDE, Printed
from ofsted_nlp.extraction.wordlists import word_set

_POINTER = re.compile(
    r",? of (?:which|whom|them|these|those|this number|the total)\b(?! \w)|,? of (?:which|whom|them)\b", re.I
)
_OF = re.compile(r"(?: \([^()]{1,25}\)|\))? of (?!(?!1[5-9][- ])\d|£)")
_OF_WHICH = re.compile(
    r"(?:\A|[,;:] )(?:[Oo]ut o|[Oo])f (?P<np>(?:[^\W\d]|\d(?!%))[^,;]+?),? (?:only |just |about |around |"
    r"approximately |nearly |almost |over |some |more than |less than |fewer than )*\Z"
)
"""What a sentence sets out from: "Of the children seen, 13% ..."."""
_OTHER_SUBJECT = re.compile(r",? (?:but|although|while|whereas)\b|;")
_WEAK = ("range", "group", "pool", "volume", "total", "population")
_DIRECT = re.compile(
    r" (?:of )?(?:all )?(?:the|its|their|these|those) (?!national|rate|average|previous|regional)(?=[a-z])"
)
"""Between "half" and its noun."""
_MOST_OF_ALL = re.compile(r" (?=(?:most|least) [a-z]+ [a-z]+s\b)")
_PROPORTION = re.compile(
    r"\b(?:[Pp](?:roportion|ercentage)s?|[Nn]umbers?|[Rr]ates?|share|[Tt]otal|majority|minority|population|"
    r"[Aa]ttendance|volume|range|group|cohort|pool) (?:of|for) (?=[^\W\d_]|(?:19|16|17|18)\b)"
)
_CHANGE_IN = re.compile(
    r" (?:increase|decrease|reduction|rise|fall|drop|growth)(?: [^,.;]{0,40}?)? (?:in|of) (?!the (?:last|past)|"
    r"20\d\d|\d)"
    r"(?:the )?(?:(?:overall )?(?:numbers?|proportion|percentage|rate)s? of )?"
)
_STANDS = re.compile(
    r"(?:^|[,;:] (?:with |and |while |but )?|\bwith |\bthat |"
    r"\bshows? )(?P<np>(?:[^\W\d_][\w’/-]*,? ){1,9}?)(?:now |currently |also |has |have |had )*"
    r"(?:is|are|was|were|stand(?:s|ing)?|stood|remain(?:s|ed)?|average[sd]?|been|high|low|increased|decreased|reduced|"
    r"risen|rose|fallen|fell|improved)\b[^,;.]{0,40}\Z",
    re.I,
)
_JOIN = re.compile(r",|\b(?:with|that|while|but|shows?)\b")
_NOT_SUBJECT = re.compile(
    r"\A(?:this|it|there|these|they|that|which|of|in|at|by|during|since|from|performance|data|figures?|however)\b", re.I
)
_LAST_NOUN = re.compile(r"(?P<np>(?:[^\W\d_][\w’/-]* )*[^\W\d_][\w’/-]*) ?\(?\Z")
_PREDICATE = re.compile(
    r"(?: \([^)]{0,40}\))?(?: (?:currently|now|also|still|recently|only|subsequently|all|both|already|"
    r"either))? (?P<verb>[a-z]+)\b(?P<rest>[^.;:,()“”‘]*)"
)
_PREDICATE_ENDS = re.compile(
    r"(?<! \d)(?<! \d\d) (?:and|but|while|with)(?= (?:a |a further |another |only |just |over )?(?:the|this|these|all|"
    r"its|their|\d+|£|half|third|quarter|"
    r"fifth|one|two|three|four|five|six|seven|eight|nine|ten|eleven|"
    r"twelve)\b)| (?:compared|which|although|because|but|while|whereas|as well as|of whom)\b"
)
_NOT_FIRST = re.compile(
    r"\b(?:of|by|to|for|with|from|in|at|on|into|between|among|including|has|have|had|is|are|was|were)\b"
    r"(?: (?:the|a|all|these|approximately|about|around|nearly|almost|over|only|just|some|more than|less than|"
    r"fewer than|up to|further))*\s*\Z",
    re.I,
)
_VERBS = FINITE - word_set("provides requires includes ensures takes makes rises falls") | word_set(
    "featured involve involved left leave stay stayed completed agreed waited lead led took take moved move returned "
    "return resulted account ended started began came entered being made"
)
_SAME = re.compile(r"\A ?\((?:or |a rate of )?\Z")
_POINTING = re.compile(r"(?:wh|them|this|these|that|those(?: \w+)?\Z|the total)", re.I)
_PERSONS = re.compile(r"those (?:who|in|with|under|over|at|(?!few|more)[a-z]+(?:ed|ing))\b")
_ITEM = re.compile(r"((?:in|for|of|from|at|with|among) [^,;.()]+?) (?:is|was|are|were)\b")
_OF_NEXT = re.compile(
    r",? (?:out )?of (?:(?:a|all|the|these|those|its|their|total|remaining|full|current|further|recent|last|"
    r"group|of) ?){0,4}"
)
_BARE_TRAIL = re.compile(
    r"\b(?:is|are|was|were|has|have|had|of|in|for|with|by|to|from|at|on|that|and|or|the|an?|its|their|this)\b", re.I
)


def counts_of(
    text: str, figures: list[Printed], comparators: list[bool], lead: str = ""
) -> list[tuple[str | None, str | None]]:
    """What every figure of a sentence counts, and the predicate of those counted, in the same order.

    Args:
        text: the sentence.
        figures: its figures, as ``printed_figures`` returns them.
        comparators: for every figure whether it is only the value that another is compared with.
        lead: of a list item, the words that lead the list in ("The proportion of pupils ... :").

    Returns:
        ``(counts, predicate)``: in "72% of care leavers are in work" ("care leavers", "are in work"); of an item
        "in primary schools is 20%" the words that narrow what its list counts; None for what is not said.
    """
    made: list[tuple[str | None, str | None]] = []
    for i, figure in enumerate(figures):
        counts: str | None = None
        at = figure.end
        if figure.kind in ("money", "duration"):
            made.append((None, None))
            continue
        if figure.kind == "count":
            at = narrowed(text, figure.end)
            counts = _clean(text[figure.number_end : at])
        else:
            counts, at = _elsewhere(text, figures, made, i, comparators[i], lead)
        predicate = (
            None
            if comparators[i] or _NOT_FIRST.search(text[max(0, figure.start - 40) : figure.start])
            else _predicate(text, at)
        )
        if i and predicate is None and not comparators[i] and _SAME.match(text[figures[i - 1].end : figure.start]):
            predicate = made[i - 1][1]
        if lead and i == 0 and predicate is None and not comparators[i]:
            item = _ITEM.match(text[: figure.start])
            predicate = item[1] if item else None
        made.append((counts or None, predicate))
    # "eight of the 10 priorities": what the second counts, the first counts too
    for i in range(len(figures) - 2, -1, -1):
        if made[i][0] is None and _OF_NEXT.fullmatch(text[figures[i].end : figures[i + 1].start]):
            made[i] = (made[i + 1][0], made[i][1] or made[i + 1][1])
        elif made[i][0] is None and figures[i].kind == "bare" and figures[i].unit == figures[i + 1].unit != "":
            made[i] = (made[i + 1][0], made[i][1])
    return made


def _elsewhere(
    text: str, figures: list[Printed], made: list[tuple[str | None, str | None]], i: int, comparator: bool, lead: str
) -> tuple[str | None, int]:
    """What a figure counts whose noun does not follow at once, and from where its predicate can follow."""
    figure = figures[i]
    before = text[: figure.start]
    antecedent = next((counts for counts, _ in reversed(made) if counts), None)
    if _POINTER.match(text, figure.end):
        return antecedent, figure.end
    if i + 1 < len(figures) and _OF_NEXT.fullmatch(text[figure.end : figures[i + 1].start]):
        return None, figures[i + 1].end
    earlier = comparator and not made
    of = None if figure.kind == "rate" or (comparator and not earlier) else _OF.match(text, figure.end)
    if not of and figure.kind == "share":
        of = _DIRECT.match(text, figure.end)
    if not of and figure.kind == "percentage":
        of = _MOST_OF_ALL.match(text, figure.end)
    aside = ASIDE.match(text, figure.end)
    if not of and (aside or (figure.kind == "share" and text[figure.end : figure.end + 1] == " ")):
        at = aside.end() if aside else figure.end
        noun = counted_noun(text[at : at + 90], False)
        if noun:
            end = narrowed(text, at + noun)
            return _clean(text[at:end]), end
    if of:
        end = narrowed(text, of.end(), inside=True)
        phrase = text[of.end() : end]
        if phrase.strip().lower() in ("these", "those", "them", "this", "this number"):
            return antecedent or phrase.strip(), end
        if _clean(phrase):
            return _clean(phrase), end
    change = _CHANGE_IN.match(text, figure.end) if figure.kind == "percentage" else None
    if change:
        end = narrowed(text, change.end(), inside=True)
        return _clean(text[change.end() : end]), end
    joined = text[figures[i - 1].end : figure.start] if i else ""
    if i and re.fullmatch(
        r" ?\(?(?:or |at |a rate of |equating to |i\.e\. )?(?:approximately |around |just )?\(?", joined
    ):
        return made[i - 1][0], figure.end
    if figure.kind == "rate" and re.search(r"\((?:a rate of |equivalent to |equating to )?\Z", before):
        return antecedent, figure.end
    if i and comparator:
        return antecedent or _proportion(lead, before), figure.end
    if figure.kind == "rate":
        return _proportion("", before), figure.end
    if re.match(r"(?:Of|Out of) ", text) and antecedent:
        return antecedent, figure.end
    start = _OF_WHICH.search(before) if figure.kind in ("bare", "percentage", "share") else None
    if start and not _POINTING.match(start["np"]):
        phrase = _clean(text[start.start("np") : narrowed(text, start.start("np"), inside=True)]) or ""
        if phrase and not phrase[0].isdigit():
            return phrase, figure.end
    proportion = _proportion(lead, before)
    if proportion and not (antecedent and figure.kind == "bare" and figures[i - 1].kind == "count"):
        return proportion, figure.end
    if before.endswith("(") and figure.kind == "bare":
        return _trailing(before) or antecedent, figure.end
    if i and antecedent and figure.kind in ("bare", "percentage", "share") and not re.search(r";(?! all\b)", joined):
        return antecedent, figure.end
    stands = _STANDS.search(before)
    if stands:
        subject = _JOIN.split(stands["np"])[-1].strip()
        if subject and not _NOT_SUBJECT.match(subject) and FINITE.isdisjoint(subject.lower().split()):
            return _clean(subject), figure.end
    if before.endswith("(") and figure.kind in ("percentage", "share"):
        return _trailing(before), figure.end
    return None, figure.end


def _proportion(lead: str, before: str) -> str | None:
    """The phrase after the last "proportion of", "number of" or the like."""
    for words in (before, lead):
        last = None
        for match in _PROPORTION.finditer(words):
            last = match
        if last and last[0].startswith(_WEAK) and _OTHER_SUBJECT.search(words, last.end()):
            last = None
        if last:
            phrase = _clean(words[last.end() : narrowed(words, last.end(), inside=True)])
            if phrase:
                return phrase
    return None


def _trailing(before: str) -> str | None:
    """The noun phrase that ends where a bracket opens."""
    found = _LAST_NOUN.search(before)
    if not found:
        return None
    words = found["np"].rstrip("’").split()
    kept: list[str] = []
    for word in reversed(words):
        if _BARE_TRAIL.fullmatch(word) or word.lower() in FINITE or len(kept) > 5:
            break
        kept.insert(0, word)
    if kept and kept[0].lower() in ("most", "many", "some", "few"):
        kept.pop(0)
    phrase = " ".join(kept)
    return (
        phrase
        if kept and (kept[-1].lower().endswith("s") or kept[-1].lower() in ("children", "people", "staff"))
        else None
    )


def _predicate(text: str, at: int) -> str | None:
    """What is said of those counted, if a verb follows at once."""
    match = _PREDICATE.match(text, at)
    if not match or match["verb"] not in _VERBS:
        return None
    phrase = text[match.start("verb") : match.end()]
    ends = _PREDICATE_ENDS.search(phrase)
    if ends:
        phrase = phrase[: ends.start()]
    return phrase.strip() if len(phrase.split()) > 1 else None


def _clean(phrase: str) -> str | None:
    phrase = phrase.strip(" ,’()‘")
    return (phrase if _PERSONS.match(phrase) else strip_determiners(phrase)) or None
