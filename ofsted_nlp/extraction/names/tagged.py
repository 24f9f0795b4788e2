"""The services, teams, panels, programmes and bodies that a sentence names, as printed."""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from ofsted_nlp.extraction.names.kinds import singular, sure_forms
from ofsted_nlp.extraction.names.rules import NOT_NAMES, authority_names, name_spans
from ofsted_nlp.extraction.spans import Spans, tagger
from ofsted_nlp.extraction.wordlists import word_set

_PAIRS = {"(": ")", "‘": "’", "“": "”"}
_KINDS = word_set(
    "team panel committee subcommittee sub-committee subgroup sub-group hub unit board agency consortium forum "
    "service project scheme pathway partnership council network register programme model strategy group meeting "
    "initiative framework centre system offer approach intervention website app staff worker process arrangement check "
    "training"
)
"""Nouns that may follow a proper name without changing what it names ("Horizons", "Horizons team")."""
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


def _is_general(name: str) -> bool:
    """Whether a name is no name: one word in lower case, a general kind of team, an abbreviation of something else."""
    words = name.split()
    if sum(c.isalpha() for c in name) < 2 or (len(words) == 1 and name.islower()):
        return True
    if all(word.strip("()").removesuffix("s") in NOT_NAMES for word in words):
        return True
    return singular(words[-1]) in _KINDS and all(word in _GENERAL for word in words[:-1])


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
def _common_pattern() -> re.Pattern[str]:
    """Finds the names of common kinds; abbreviations only in capitals as printed."""
    forms = sorted((form for form in sure_forms() if len(form) > 2), key=len, reverse=True)
    return re.compile(
        rf"\b(?:{'|'.join(re.escape(f) if f.isupper() else f'(?i:{re.escape(f)})' for f in forms)})\b(?! \(?[A-Z])"
    )
