"""What exactly a strength praises, and the named services, teams, programmes and bodies in it, by rules."""

from __future__ import annotations

import re

from ofsted_nlp.extraction.grammar import ARTICLES, AUXILIARY, DETERMINERS, LINKS, NOUNS_TOO, VERBS
from ofsted_nlp.extraction.names import named_in
from ofsted_nlp.extraction.wordlists import word_set
from ofsted_nlp.records import Strength

_TOKEN = re.compile(r"[^\W_]+(?:[’'\-–/][^\W_]+)*[’']?|[^\w\s]")
_JOINS = word_set("and or of both all most many some half")
_PRONOUNS = word_set("this these they it he she we you who which there those")
_OPENERS = word_set(
    "when while if although where since following through for in during as despite at by after before with once "
    "because from alongside so nevertheless nonetheless thus equally instead indeed here crucially consequently "
    "however additionally overall additionally as-a-result to within across on since until whilst unless "
    "similarly importantly therefore moreover furthermore increasingly positively more over prior"
)
_PEOPLE = word_set(
    "children people leavers families parents carers they adopters staff child care-experienced pupils workers "
    "social young babies foster kinship care disabled unaccompanied planning those most some many all"
)
_TAKES = word_set(
    "commitment focus approach emphasis investment relationships attention opportunities opportunity determination"
)
"""Nouns whose preposition belongs to what is praised ("commitment to achieving permanence")."""
_GIVEN = re.compile(
    r"\b(?:(?:also |now |often |all |routinely |typically |usually |generally |clearly |increasingly )*"
    r"(?:benefits? (?:\w+ly )?from|benefiting from|benefited from|(?:continues? to )?receives?|makes? use of|"
    r"(?:have|has) (?:good |easy |timely |ready |prompt |increasing )?access to|(?:can|could) access|"
    r"(?:is|are) (?:\w+ )?(?:supported|helped|cared for|assisted|visited|monitored) (?:\w+ )?by|"
    r"(?:is|are) (?:\w+ )?(?:offered|provided with|given)|lives? (?:\w+ )?in))\s+",
)
_THERE = re.compile(
    r"(?:There (?:is|are|was|were|has been"
    r"|have been|continues to be)(?: also| now| clear| evidence of)*|Inspectors (?:also )?(?:saw|found|observed|noted)"
    r"(?: (?:\w+ )?(?:examples?|evidence) of)?)\s+(?!that\b)",
    re.I,
)
_OF = word_set(
    "use range quality number variety majority level examples impact effectiveness appointment introduction "
    "development provision availability implementation creation timeliness scrutiny minutes proportion work"
)
_EMPTY_OF = word_set(
    "quality range number majority variety level proportion impact effectiveness appointment examples "
    "introduction availability provision implementation creation array amount most all many some one strength "
    "work percentage set feature"
)


def subject_of(text: str) -> str:
    """The words of a strength that say what is praised, as printed.

    After "there is", and after "children benefit from" and its like, it is what follows; else the subject of the main
    clause, without article, quantity ("a wide range of") and praise ("strong and effective").

    Example:
        >>> subject_of("Children benefit from a wide range of early help services.")
        'early help services'
    """
    start = _clause(text)
    there = _THERE.match(text, start)
    if there:
        phrase = _phrase(text, there.end(), object_=True)
        if phrase:
            return phrase
    given = _GIVEN.search(text, start, start + 170)
    if given and _receives(text[start : given.start()]):
        phrase = _phrase(text, given.end(), object_=True)
        if phrase:
            return phrase
    first = _TOKEN.search(text, start)
    return _phrase(text, start, object_=False) or (first.group() if first else text.strip())


def _clause(text: str) -> int:
    """Where the main clause begins: after "However,", "When children go missing," and the like."""
    start = 0
    for _ in range(3):
        first = _TOKEN.search(text, start)
        if not first:
            break
        word, comma = first.group().lower(), text.find(", ", start)
        opens = word in _OPENERS or word.endswith("ly")
        if not opens or not 0 < comma < start + 180 or word in ("early", "family"):
            break
        start = comma + 2
    return start


def _receives(before: str) -> bool:
    """Whether the words before "receive" or "benefit from" are a plain subject: people, no other verb, one clause."""
    tokens = [token.lower() for token in _TOKEN.findall(before)]
    if not tokens or "," in tokens:
        return False
    head = next((token for token in tokens if token not in DETERMINERS), tokens[0])
    if "who" not in tokens and any(t in VERBS and t not in NOUNS_TOO and t not in ("continue", "can") for t in tokens):
        return False
    return head in _PEOPLE or tokens[-1] in _PEOPLE


def _phrase(text: str, start: int, object_: bool) -> str:
    """The noun phrase at ``start``; of an object only up to the first preposition other than "of"."""
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text, start, min(len(text), start + 220))]
    k = 0
    while k < len(tokens):
        word = tokens[k][0].lower()
        following = tokens[k + 1][0].lower() if k + 1 < len(tokens) else ""
        if word in _EMPTY_OF and following == "of":
            k += 2
        elif word in ("this", "that") and following in VERBS and following.endswith("s"):
            break
        elif (
            (
                word in DETERMINERS
                and following
                and following not in LINKS
                and (following not in VERBS or following in NOUNS_TOO)
            )
            or (word.endswith("ly") and word not in ("early", "family") and following not in VERBS)
            or word in ",’‘"
            or word.isdigit()
        ):
            k += 1
        else:
            break
    first, last = k, k
    while last < len(tokens):
        word = tokens[last][0].lower()
        before = tokens[last - 1][0].lower() if last > first else ""
        following = tokens[last + 1][0].lower() if last + 1 < len(tokens) else ""
        if word in ".;:!?" or (word in ",(" and not _goes_on(tokens, last)):
            break
        if last > first:
            if word in VERBS and not _is_noun(word, before, following):
                break
            if following in ARTICLES and word.isalpha() and word not in LINKS and word not in _JOINS:
                break
            if word in LINKS and before != "looked" and not (object_ and before in _TAKES):
                if object_ or word not in ("for", "with", "in", "on", "to", "from"):
                    break
                if not _verb_ahead(tokens, last):
                    break
            if word.endswith("ly") and word not in ("early", "family", "weekly", "monthly", "daily"):
                break
            if object_ and ((word == "of" and before not in _OF) or (word == "and" and following in DETERMINERS)):
                break
        last += 1
    if last > first and tokens[last - 1][0].lower() in ("and", "of", "or", "the", "a", "not", "both"):
        last -= 1
    if last <= first:
        return ""
    return text[tokens[first][1] : tokens[last - 1][2]].strip(" ‘’“”")


def _goes_on(tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether a bracket holds an abbreviation of what stands before it, or a comma parts members of a list."""
    if tokens[at][0] == "(":
        return at + 2 < len(tokens) and tokens[at + 1][0][:2].isupper() and tokens[at + 2][0] == ")"
    for word, _, _ in tokens[at + 1 : at + 8]:
        word = word.lower()
        if word == "and":
            return True
        if word in VERBS or word in LINKS or word in DETERMINERS or word in ".;:(":
            return False
    return False


def _is_noun(word: str, before: str, following: str) -> bool:
    if word not in NOUNS_TOO:
        return False
    if following in AUXILIARY or following in ("and", "of", "for", "to", "with", ".", ","):
        return not (before.endswith("s") and before not in ("children’s", "needs")) and before not in _PRONOUNS
    return not before.endswith(("s", "people", "children")) and before not in _PRONOUNS and word[-1] != "s"


def _verb_ahead(tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether the clause's verb follows a preposition within a few words, so that it belongs to the subject."""
    for word, _, _ in tokens[at + 1 : at + 9]:
        if word in ".,;:":
            return False
        if word.lower() in VERBS:
            return True
    return False


def strength_of(text: str) -> Strength:
    """What a strength praises and the named things in it.

    Args:
        text: a sentence classified as a strength.

    Example:
        >>> strength_of("The virtual school is highly effective.")
        Strength(subject='virtual school', named=('virtual school',))
    """
    return Strength(subject_of(text), named_in(text))
