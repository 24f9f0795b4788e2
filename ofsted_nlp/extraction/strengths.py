"""What exactly a strength praises, and the named services, teams, programmes and bodies in it, by rules."""

from __future__ import annotations

import re
from functools import cache

from ofsted_nlp.records import Strength

_TOKEN = re.compile(r"[^\W_]+(?:[’'\-–/][^\W_]+)*[’']?|[^\w\s]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AUXILIARY = _set("is are was were has have had does do did can will may could would should must be been")
_VERBS = _AUXILIARY | _set(
    "provide provides provided ensure ensures ensured help helps helped make makes made know knows knew mean means "
    "include includes included take takes took give gives gave enable enables enabled receive receives received "
    "maintain maintains live lives lived meet meets met lead leads led contribute contributes contributed promote "
    "promotes consider considers considered reach reaches remain remains remained go goes listen reflect reflects "
    "reflected respond responds responded result results resulted identify identifies identified feel feels felt keep "
    "keeps kept create creates created establish establishes established contain contains inform informs informed "
    "allow allows allowed demonstrate demonstrates demonstrated show shows showed continue continues continued "
    "understand understands understood build builds built develop develops developed improve improves improved "
    "benefit benefits benefited offer offers offered deliver delivers delivered capture captures complete completes "
    "obtain gain gains speak speaks spoke say says said told describe described recognise recognises recognised "
    "address addresses addressed put puts set sets try tries strengthen strengthens strengthened engage engages engaged "
    "explore explores prioritise prioritises invest invests invested use uses used undertake undertakes undertook act "
    "acts acted think holds held bring brings brought confirm confirms confirmed introduced implemented encourage "
    "encourages facilitate facilitates oversee oversees attend attends attended achieve achieves achieved work works "
    "worked become becomes became come comes came share shares shared trust praised welcome spend spends acknowledge "
    "acknowledges removes supports supported underpin underpins enjoy want wants follow follows followed begin begins "
    "began adopt adopts progress appreciate co-produce encompasses play plays agree agrees assess assesses assessed "
    "increased reduces reduced coordinate coordinates celebrate celebrates embraced drives driven seek seeks sought find "
    "finds sees grew gets get carry carries commission commissioned puts appear appears tackle tackles value"
)
_NOUNS_TOO = _set("help lead work works use plan plans visit support supports progress share value trust benefit play")
"""Verbs here that are nouns unless a plural or a pronoun stands before ("Partners work ...", "Early help is ...")."""

_DETERMINERS = _set(
    "the a an this these those that their its his her our such all most many some several both each every any other "
    "more better few almost nearly vast large small high significant increasing growing considerable overall one two "
    "three four number numbers majority proportion range variety array level degree quality wide wider broad good "
    "better strong effective robust excellent outstanding impressive timely prompt high-quality comprehensive clear "
    "thorough careful skilled committed experienced dedicated stable proactive innovative creative bespoke appropriate "
    "suitable sensitive positive regular well-established established well-developed improved improving enhanced new "
    "newly current recent very highly particularly increasingly consistently generally mostly also only and right "
    "coherent detailed rigorous sound solid high-functioning tenacious persistent passionate knowledgeable caring "
    "purposeful focused swift strengthened well-coordinated well-planned well-organised ambitious valuable useful "
    "extensive impactful exceptional superb persuasive proportionate collaborative genuine real great greater additional "
    "up-to-date meaningful continued sustained energetic adroit responsive flexible evident particular specific half "
    "well of carefully effectively successful substantial"
)
_ARTICLES = _set("the a an their its his her them these this")
_JOINS = _set("and or of both all most many some half")
_PRONOUNS = _set("this these they it he she we you who which there those")
_LINKS = _set(
    "who that which whose where when while if so because although to for with from in on at by through within across "
    "during after before into about around towards against between among under throughout over since as including "
    "such using supporting ensuring despite without than"
)
_OPENERS = _set(
    "when while if although where since following through for in during as despite at by after before with once "
    "because from alongside so nevertheless nonetheless thus equally instead indeed here crucially consequently however additionally overall additionally as-a-result to within across on since until "
    "whilst unless similarly importantly therefore moreover furthermore increasingly positively more over prior"
)
_PEOPLE = _set(
    "children people leavers families parents carers they adopters staff child care-experienced pupils workers social "
    "young babies foster kinship care disabled unaccompanied planning those most some many all"
)
_TAKES = _set(
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
_OF = _set(
    "use range quality number variety majority level examples impact effectiveness appointment introduction "
    "development provision availability implementation creation timeliness scrutiny minutes proportion work"
)
_EMPTY_OF = _set(
    "quality range number majority variety level proportion impact effectiveness appointment examples "
    "introduction availability provision implementation creation array amount most all many some one "
    "strength work percentage set feature"
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
    head = next((token for token in tokens if token not in _DETERMINERS), tokens[0])
    if "who" not in tokens and any(
        t in _VERBS and t not in _NOUNS_TOO and t not in ("continue", "can") for t in tokens
    ):
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
        elif word in ("this", "that") and following in _VERBS and following.endswith("s"):
            break
        elif (
            word in _DETERMINERS
            and following
            and following not in _LINKS
            and (following not in _VERBS or following in _NOUNS_TOO)
        ):
            k += 1
        elif word.endswith("ly") and word not in ("early", "family") and following not in _VERBS:
            k += 1
        elif word in ",’‘" or word.isdigit():
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
            if word in _VERBS and not _is_noun(word, before, following):
                break
            if following in _ARTICLES and word.isalpha() and word not in _LINKS and word not in _JOINS:
                break
            if word in _LINKS and before != "looked" and not (object_ and before in _TAKES):
                if object_ or word not in ("for", "with", "in", "on", "to", "from"):
                    break
                if not _verb_ahead(tokens, last):
                    break
            if word.endswith("ly") and word not in ("early", "family", "weekly", "monthly", "daily"):
                break
            if object_ and ((word == "of" and before not in _OF) or (word == "and" and following in _DETERMINERS)):
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
        if word in _VERBS or word in _LINKS or word in _DETERMINERS or word in ".;:(":
            return False
    return False


def _is_noun(word: str, before: str, following: str) -> bool:
    if word not in _NOUNS_TOO:
        return False
    if following in _AUXILIARY or following in ("and", "of", "for", "to", "with", ".", ","):
        return not (before.endswith("s") and before not in ("children’s", "needs")) and before not in _PRONOUNS
    return not before.endswith(("s", "people", "children")) and before not in _PRONOUNS and word[-1] != "s"


def _verb_ahead(tokens: list[tuple[str, int, int]], at: int) -> bool:
    """Whether the clause's verb follows a preposition within a few words, so that it belongs to the subject."""
    for word, _, _ in tokens[at + 1 : at + 9]:
        if word in ".,;:":
            return False
        if word.lower() in _VERBS:
            return True
    return False


_KINDS = _set(
    "team teams panel sub-committee subcommittee committee subgroup hub unit board agency consortium forum school service "
    "project scheme pathway police partnership trust council network register programme model strategy group meeting"
)
_ACRONYM = re.compile(r"\b[A-Z][A-Z&]{2,6}\b")
_NOT_NAMES = _set(
    "SEND SEN EHC EHCP EET NEET LAC CIN CPP GCSE IRO PAS PEP PA UASC SGO SDQ LADO CSE FGM DFE PLO ICPC YPA DCS CSC NHS "
    "JTAI ILACS AND THE RAG ASD ADHD FTE VCS CCE LGBT LGBTQ DBS ICT HMI CQC IRH RHI CYP QA IDVA COVID BME BAME MARF"
)
_CAPITAL = r"(?:[A-Z][\w’'-]*)"
_NAME = re.compile(
    rf"\b[A-Z][\w’'-]+(?:(?:, | )(?:(?:of|and|for|the|in) )*{_CAPITAL})+"
    rf"(?: \([A-Z]+\))?(?: (?:team|teams|panel|hub|board|project|scheme|programme|model|service|network|group|subgroup|meeting))?\b"
    rf"|\b[A-Z][\w’'-]+ (?:[a-z]+ )?(?:team|teams|programme|project|model|service|panel|hub|network|board)\b"
)
_BRACKETS = re.compile(r" \([A-Z][\w& ]{1,30}\)")
_QUOTED = re.compile(r"‘([^‘’]{3,50}(?:’s [^‘’]{1,30})?)’(?= |[,.;)])")
_COMMON = re.compile(
    r"\b(?:virtual school|corporate parenting (?:advisory )?(?:panel|board)|emergency duty team|probation service|"
    r"youth (?:justice|offending) (?:service|team)|edge[- ]of[- ]care (?:service|team)|fostering (?:and adoption )?panel|"
    r"adoption panel|family hubs|family centres|children’s centres|school nursing service|children in care council|"
    r"fair access panel|health and wellbeing board|multi-agency safeguarding hub|children and young people’s select "
    r"committee|safeguarding children (?:board|partnership)|regional adoption agency|care leavers’ forum|"
    r"signs of safety|assessed and supported year in employment|family group conferencing|cafcass|makaton)\b",
    re.I,
)
_DESCRIBED = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Nn]ew|[Dd]edicated|and|[Ee]ach|[Tt]heir|its|through|other)\s+"
    r"((?:(?!(?:the|an?|of|in|is|are|has|have|by|for|who|which|from|on|at|their|its|through) )[\w’–-]+ ){1,6}?"
    r"(?:team|teams|panel|sub-committee|subcommittee|select committee|subgroup|hub|project|unit|service|strategy|scheme))"
    r"\b(?! manager| leader| plan)"
)
_PRAISE = _DETERMINERS | _set(
    "effective whole same social work staff leadership senior responsive excellent leaving integrated valued timely "
    "supportive continuous specific energetic necessary onward therapeutic professional children’s management "
    "developing emerging formed commissioned multi-agency local specialist dedicated universal targeted authority"
)
_STARTS = _set(
    "The A An This These Those Most Some All Many In For At When Where While There Senior Social Children Young Care "
    "Child Leaders Managers Inspectors However Their Its Foster Parents Good Strong Effective As If Although Since "
    "Through Both Other One Joint Well They It He She During Staff Partners Early Services Summary Chief Access"
)
_PLACES = _set(
    "England English Ofsted Local Authority Council Key Stage Act Children’s Services UK Year Level Inspectors City "
    "County Borough Government Public Law Outline Home Office Department Education Secretary State Director Chief "
    "Executive Families Early Help Children Young People Care Leavers Looked After Education Health Plan Plans"
)
_MONTH = re.compile(
    r"(?:,| in| of| on)? ?(?:January|February|March|April|May|June|July|August|September|October|November|December)\b,?"
)


@cache
def _authority_names() -> frozenset[str]:
    from ofsted_nlp.authorities import register

    return frozenset(name for entry in register() for name in (entry.name, entry.display_name, *entry.aliases))


def named_in(text: str) -> tuple[str, ...]:
    """The named services, teams, panels, programmes, models and bodies in a sentence, in the order they stand.

    Counted as names: capitalised runs of words, short quotations, abbreviations (joined to the name they stand for),
    the sector's standing bodies ("virtual school", "MASH"), and a described team, panel or hub after "the" or "a".
    Local authorities, places and the sector's abbreviations for people and papers ("PA", "EHC") are not counted.
    """
    spans: list[tuple[int, int]] = []

    def add(start: int, end: int) -> None:
        if start < end and not any(start < b and a < end for a, b in spans):
            spans.append((start, end))

    for match in _QUOTED.finditer(text):
        if match[1].count(" ") <= 4 and match[1][-1] not in ".,;!?" and match[1][:1].isupper():
            add(match.start(1), match.end(1))
    for match in _NAME.finditer(text):
        for start, end in _parts(text, match.start(), match.end()):
            if _is_name(text, start, end):
                add(start, _with_abbreviation(text, end))
    for match in _COMMON.finditer(text):
        add(match.start(), _with_abbreviation(text, match.end()))
    for match in _DESCRIBED.finditer(text):
        phrase = _described(match[1])
        if phrase:
            add(match.end(1) - len(phrase), _with_abbreviation(text, match.end(1)))
    for match in _ACRONYM.finditer(text):
        if match.group() not in _NOT_NAMES and text[match.start() - 1 : match.start()] != "(":
            add(match.start(), match.end())
    return tuple(dict.fromkeys(text[a:b] for a, b in sorted(spans)))


def _described(phrase: str) -> str:
    """A described team or panel without the praise before it; "" if nothing particular is left, or it is no phrase."""
    chosen = phrase.split()
    while chosen and chosen[0].lower() in _PRAISE and chosen[0].lower() not in ("multi-agency", "local", "specialist"):
        chosen.pop(0)
    inner = [word.lower() for word in chosen[:-1]]
    if any(word in _ARTICLES or word == "of" or word.endswith("ly") or word in _AUXILIARY for word in inner):
        return ""
    if any(
        word in _LINKS and word not in ("to", "with") or (word in _VERBS and word not in _NOUNS_TOO) for word in inner
    ):
        return ""
    return " ".join(chosen) if any(word not in _PRAISE for word in inner) else ""


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Parts a capitalised run: the sentence's first word, dates, and "A and B" that end in no common kind of body."""
    first = text[start:end].split(" ", 1)
    if first[0] in _STARTS and len(first) == 2 and (start == 0 or text[start - 2 : start] in (". ", ", ")):
        start += len(first[0]) + 1
    month = _MONTH.search(text, start, end)
    if month:
        return (
            [*_parts(text, start, month.start()), *_parts(text, month.end(), end)]
            if month.end() < end
            else [(start, month.start())]
        )
    run = text[start:end]
    acronyms = all(word.strip(",").isupper() or word.islower() for word in run.split())
    if " and " in run and text[end : end + 2] != " (" and (acronyms or run.split()[-1].lower() not in _KINDS):
        at = start + run.rindex(" and ")
        return [*_parts(text, start, at), *_parts(text, at + 5, end)]
    while start < end and text[start].islower() | (text[start] in " ,"):
        start += 1
    return [(start, end)]


def _is_name(text: str, start: int, end: int) -> bool:
    """Whether a capitalised run names a body, programme or model, and not a place, an authority or a paper."""
    run = text[start:end]
    content = [word.strip("(),") for word in run.replace("’s", "").split()]
    if (
        len(content) < 2
        or len(content[-1]) < 2
        or all(word in _PLACES or word in _NOT_NAMES or word.islower() for word in content)
    ):
        return False
    if run in _authority_names() or content[-1] in ("Council", "Borough", "City", "Report", "Act"):
        return False
    if all(word.strip(",").isupper() for word in content):
        return False
    return content[-1].lower() in _KINDS or text[:start].rsplit(" ", 2)[-2:-1] not in (["in"], ["across"], ["of"])


def _with_abbreviation(text: str, end: int) -> int:
    """The end of a name with the abbreviation in brackets that may follow it."""
    match = _BRACKETS.match(text, end)
    return match.end() if match else end


def strength_of(text: str) -> Strength:
    """What a strength praises and the named things in it.

    Args:
        text: a sentence classified as a strength.

    Example:
        >>> strength_of("The virtual school is highly effective.")
        Strength(subject='virtual school', named=('virtual school',))
    """
    return Strength(subject_of(text), named_in(text))
