"""The services, teams, panels, programmes and bodies that a sentence names, and one name for each of them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache

import numpy as np

from ofsted_nlp.extraction.name_rules import NOT_NAMES, authority_names, name_spans
from ofsted_nlp.extraction.spans import Spans, tagger
from ofsted_nlp.extraction.wordlists import phrases, word_set

_PAIRS = {"(": ")", "‘": "’", "“": "”"}
_KINDS = word_set(
    "team panel committee subcommittee sub-committee subgroup sub-group hub unit board agency consortium forum "
    "service project scheme pathway partnership council network register programme model strategy group meeting "
    "initiative framework centre system offer approach intervention website app staff worker process arrangement check "
    "training"
)
"""Nouns that may follow a proper name without changing what it names ("Horizons", "Horizons team")."""
_COMMON = {
    form: forms[0]
    for forms in (
        phrases("virtual school, virtual school team, virtual school for children in care, VS"),
        phrases("multi-agency safeguarding hub, multi agency safeguarding hub, MASH, MASH team"),
        phrases(
            "local safeguarding children board, local safeguarding children’s board, safeguarding children board, "
            "safeguarding children’s board, LSCB"
        ),
        phrases(
            "safeguarding children partnership, local safeguarding children partnership, "
            "safeguarding children’s partnership, LSCP"
        ),
        phrases("child and adolescent mental health services, child and adolescent mental health service, CAMHS"),
        phrases("youth offending service, youth offending team, YOS, YOT"),
        phrases("youth justice service, youth justice team, YJS"),
        phrases("emergency duty team, emergency duty service, out-of-hours emergency duty team, EDT, EDS"),
        phrases("out-of-hours service, out of hours service"),
        phrases(
            "multi-agency risk assessment conference, multi agency risk assessment conference, MARAC, "
            "multi-agency risk assessment conferences, multi agency risk assessment conferences"
        ),
        phrases("Cafcass, Children and Family Court Advisory and Support Service"),
        phrases("children in care council, children in care councils, CiCC, council of children in care"),
        phrases("child death overview panel, CDOP"),
        phrases("corporate parenting panel, corporate parenting advisory panel, CPP"),
        phrases("corporate parenting board, CPB"),
        phrases("regional adoption agency, RAA"),
        phrases("family hub, family hubs"),
        phrases("family centre, family centres"),
        phrases("children’s centre, children’s centres, childrens centres"),
        phrases("health and wellbeing board, health and well-being board"),
        phrases("assessed and supported year in employment, ASYE"),
        phrases("family group conference, family group conferences, family group conferencing, FGC"),
        phrases("Signs of Safety, signs of safety model, signs of safety approach, signs of safety practice model"),
        phrases("staying put, staying put arrangements, staying put scheme"),
        phrases("staying close, staying close offer, staying close scheme"),
        phrases("fostering panel, foster panel"),
        phrases("adoption panel"),
        phrases("fostering and adoption panel, adoption and fostering panel"),
        phrases("fair access panel, fair access panels, FAP"),
        phrases("local family justice board, family justice board, LFJB"),
        phrases("multi-agency child exploitation panel, MACE, multi-agency child exploitation, MACE panel"),
        phrases("care leavers’ forum, care leavers forum, care leaver forum"),
        phrases("clinical commissioning group, CCG"),
        phrases("integrated care board, ICB"),
        phrases("health visiting service"),
        phrases("school nursing service"),
        phrases("probation service, national probation service, NPS"),
        phrases("community rehabilitation company, CRC"),
    )
    for form in forms
}
_BRACKET = re.compile(r"\s*\(([A-Za-z][\w&]{1,7})\)")
_SAFEGUARDING = re.compile(
    r"(?:[A-Z][\w’&-]* (?:and )?)*?Safeguarding Children(?:’s)? (?:Board|(P)artnership)$|[A-Z]{1,3}SC(?:B|(P))$"
)
"""An authority's safeguarding board or partnership, or its abbreviation ("NSCB")."""
_SMALL = word_set("of and for the in to with on at")
_EDGE = 0.4
"""Share of the threshold that is enough for a token beside a sure one."""
_COMMON_SURE = 0.3
"""Share of the threshold that is enough for a name of a common kind."""
_GENERAL = word_set(
    "senior management leadership specialist training audit social care work dedicated commissioned multi-agency "
    "experienced committed caring stable skilled same whole new other local wider different"
)
"""Words that leave a team, programme or service as general as it was."""


def named_in(text: str) -> tuple[str, ...]:
    """The named services, teams, panels, programmes, models and bodies in a sentence, as printed, in their order.

    Local authorities and places are not counted, nor are meetings, plans and services of a general kind.
    """
    return names_of(tagger().read([text])[0], tagger().settings["name_threshold"])


def names_of(spans: Spans, threshold: float) -> tuple[str, ...]:
    """The names in a sentence that the tagger has read.

    Args:
        spans: what the tagger says.
        threshold: least probability of a name's likeliest token; its other tokens need a share of it, and so do the
            tokens of a name of a common kind and of what the rules take for a name.
    """
    inside = 1 - spans.names[:, 0]
    sure = _COMMON_SURE * threshold
    if not len(inside) or inside.max() <= sure:
        return ()
    marked = inside > threshold * _EDGE
    found_at = inside > threshold
    likely = [match.span() for match in _common_pattern().finditer(spans.text)] + name_spans(spans.text)
    for start, end in likely:
        within = [k for k, (a, b) in enumerate(spans.bounds) if a < end and b > start]
        if within and inside[within].max() > sure:
            marked[within] = found_at[within] = True
    runs: list[list[int]] = []
    for at in np.flatnonzero(marked).tolist():
        before = spans.text[slice(*spans.bounds[at - 1])] if at else ""
        parted = before in (",", "and") and spans.names[at, 1] > spans.names[at, 2]
        if runs and runs[-1][1] == at - 1 and not parted:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    found = []
    for first, last in runs:
        if found_at[first : last + 1].any():
            name = _tidy(spans.text, spans.bounds[first][0], spans.bounds[last][1])
            if not _is_general(name) and name not in authority_names():
                found.append(name)
    return tuple(dict.fromkeys(found))


def canonical_names(names: Iterable[str]) -> dict[str, str]:
    """One name for all the ways in which names of the same thing are written.

    "Keeping Families Together (KFT) team", "KFT team" and "Keeping Families Together" are one; so are "MASH" and
    "multi-agency safeguarding hub", and "Northbury virtual school" and "virtual school" if Northbury is an authority:
    kinds that most authorities have go by the kind, so that they can be counted across authorities. Pass the names
    of one report to tell its abbreviations; an abbreviation with two meanings among ``names`` is left alone.

    Args:
        names: names as printed, such as those of ``Strength.named``.

    Returns:
        For each of ``names`` the name of the thing.
    """
    given = list(dict.fromkeys(names))
    plain = {name: _plain(name) for name in given}
    meaning = _abbreviations(given, list(plain.values()))
    full = {name: _expanded(short, meaning) for name, short in plain.items()}
    alike: dict[str, list[str]] = defaultdict(list)
    for name in given:
        alike[_key(full[name])].append(name)
    cores: dict[str, set[str]] = defaultdict(set)
    for group in alike:
        cores[_core(group)].add(group)
    out: dict[str, str] = {}
    for core, groups in cores.items():
        members = [name for group in groups for name in alike[group]]
        proper = any(_is_proper(full[name]) or _BRACKET.search(name) for name in members)
        kinds = {group for group in groups if group != core}
        merged = [groups] if proper and len(kinds) <= 1 else [{group} for group in groups]
        for some in merged:
            same = [name for group in some for name in alike[group]]
            out.update(dict.fromkeys(same, _chosen([full[name] for name in same])))
    return {name: out[name] for name in given}


def _is_general(name: str) -> bool:
    """Whether a name is no name: one word in lower case, a general kind of team, an abbreviation of something else."""
    words = name.split()
    if sum(c.isalpha() for c in name) < 2 or (len(words) == 1 and name.islower()):
        return True
    if all(word.strip("()").removesuffix("s") in NOT_NAMES for word in words):
        return True
    return _singular(words[-1]) in _KINDS and all(word in _GENERAL for word in words[:-1])


def _tidy(text: str, start: int, end: int) -> str:
    """The name between two characters with brackets and quotation marks paired, and no mark or article at its ends."""
    for opens, closes in _PAIRS.items():
        run = text[start:end]
        if run.count(opens) > run.count(closes):
            rest = re.match(r"\s?[\w&,’ -]{0,40}" + re.escape(closes), text[end:])
            if rest and opens == "(":
                end += rest.end()
    name = text[start:end]
    if text[start - 1 : start] == "‘" or name[:1] == "‘":
        name = re.split(r"’(?![^\W_])", name)[0]
    if "(" not in name:
        name = name.replace(")", "")
    elif ")" not in name:
        name = name.split("(")[0]
    name = re.sub(r"^(?:[tT]he|[aA]n?|[Tt]heir|[Ii]ts) ", "", name.strip(" ,;:.-–"))
    name = name.removesuffix(" and")
    if name.count("‘") != name.count("’") - len(re.findall(r"\w’\w|s’ ", name)):
        name = name.strip("‘’ ")
    elif name[:1] == "‘" and name[-1:] == "’":
        name = name[1:-1]
    return name.strip(" ,;:.-–")


@cache
def _common() -> dict[str, str]:
    return {_key(form): kind for form, kind in _COMMON.items()}


@cache
def _common_pattern() -> re.Pattern[str]:
    """Finds the names of common kinds; abbreviations only in capitals as printed."""
    forms = sorted((form for form in _COMMON if len(form) > 2), key=len, reverse=True)
    return re.compile(
        rf"\b(?:{'|'.join(re.escape(f) if f.isupper() else f'(?i:{re.escape(f)})' for f in forms)})\b(?! \(?[A-Z])"
    )


@cache
def _authority_words() -> re.Pattern[str]:
    longest = sorted(authority_names(), key=len, reverse=True)
    return re.compile(rf"^(?:{'|'.join(map(re.escape, longest))})(?:’s)?\s+(?=\S)")


def _plain(given: str) -> str:
    """A name without brackets, quotation marks and article."""
    name = re.sub(r"^[‘“'\"]|(?<!s)[’”'\"]$", "", _BRACKET.sub("", given).strip())
    name = re.sub(r"[‘“”\"]|(?<=\w)’(?= (?!\w+’))(?<!s’)", "", name)
    return re.sub(r"^(?:the|an?) ", "", " ".join(name.split()), flags=re.I) or given.strip("()")


def _abbreviations(names: list[str], plain: list[str]) -> dict[str, str]:
    """What the abbreviations among names stand for: printed in brackets, or the initials of one capitalised name."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for match in _BRACKET.finditer(name):
            before = name[: match.start()].strip()
            if before and not before.isupper():
                found[match[1]].add(" ".join(before.split()))
    for name in plain:
        words = name.split()
        for some in (words, words[:-1]):
            letters = "".join(word[0] for word in some if word[0].isupper())
            if len(letters) >= 3 and all(w[0].isupper() or w in _SMALL for w in some):
                found[letters].add(" ".join(some))
    out = {}
    for short, meanings in found.items():
        keys = {_core(_key(one)) for one in meanings}
        if len(keys) == 1:
            out[short] = max(sorted(meanings), key=len)
    return out


def _expanded(name: str, meaning: dict[str, str]) -> str:
    """A name with its abbreviations written out, unless the noun at the end would then stand twice."""
    name = _authority_words().sub("", name) if _key(_authority_words().sub("", name)) in _common() else name
    if board := _SAFEGUARDING.match(name):
        name = f"safeguarding children {'partnership' if any(board.groups()) else 'board'}"
    if _key(name) in _common():
        return _common()[_key(name)]
    out: list[str] = []
    for word in name.split():
        long = meaning.get(word, "")
        if out and _singular(word.lower()) == _singular(out[-1].lower()) and not long:
            continue
        out += long.split() if long else [word]
    name = " ".join(out)
    return _common().get(_key(name), name)


def _key(name: str) -> str:
    """What two ways of writing a name have in common: no case, no hyphens, no possessive, last noun singular."""
    words = re.sub(r"[^\w&]+", " ", re.sub(r"[’']s?\b", "", name.lower())).split()
    return " ".join([*words[:-1], _singular(words[-1])]) if words else name


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) and len(word) > 3 else word


def _core(group: str) -> str:
    """A key without the noun that says what kind of thing it is."""
    words = group.split()
    return _key(" ".join(words[:-1])) if len(words) > 1 and words[-1] in _KINDS else group


def _is_proper(name: str) -> bool:
    """Whether a name is a proper name: every word but the kind and the small words has a capital."""
    words = [word for word in name.split() if word.lower() not in _SMALL and _singular(word.lower()) not in _KINDS]
    return bool(words) and all(word[0].isupper() or word[0].isdigit() for word in words)


def _chosen(names: list[str]) -> str:
    """The fullest of the ways in which a name is written; of equals the most frequent, then the first by letter."""
    count = Counter(names)
    return min(count, key=lambda name: (-len(_key(name)), -count[name], name))
