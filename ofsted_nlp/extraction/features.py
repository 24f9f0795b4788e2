"""What the classifier sees of a sentence: its words in short runs, and the skeleton of its evaluative words."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+|\d+|[;:,%£]")

CUES = frozenset(
    # scope, contrast, negation, quantity
    "not no never nor neither without however although though while whilst despite but yet still too few fewer little "
    "some most many all majority minority almost always often sometimes rarely usually generally mostly largely "
    "consistently inconsistently sufficiently insufficiently enough until only when where also because due more less "
    "better further already recently currently previously remain remains remained continue continues need needs needed "
    "must should could would may cannot lack lacks lacking absence limited limit unable fail fails failed failure "
    # evaluation
    "good well effective effectively strong strongly strength strengths outstanding excellent high highly positive "
    "positively robust timely promptly prompt quickly swift swiftly clear clearly appropriate appropriately thorough "
    "comprehensive detailed careful carefully skilled committed sensitive sensitively child focused improve improved "
    "improving improves improvement improvements progress impressive proactive benefit benefits valued helps enables "
    "ensure ensures ensured supported successful successfully weak weaker weakness weaknesses poor poorly inadequate "
    "insufficient inconsistent variable variability variation delay delays delayed drift slow late long wait waiting "
    "risk risks harm concern concerns shortfall shortfalls gap gaps challenge challenges difficult difficulties "
    "problem problems missed missing underdeveloped unclear reactive stretched overly recommendation hampered hinders "
    "reduced increased increase reduce impact early stage embedded evident plans planned intends aims rigorous "
    "regular regularly routinely ineffective unsuitable unmet disjointed fragmented superficial lost declined".split()
)
"""Words whose order says what a sentence does with its subject: "although ... good ... not consistently"."""


def words(text: str) -> list[str]:
    """The lower-case words, numbers ("#") and inner punctuation of a sentence; hyphens and apostrophes part words."""
    return ["#" if word[0].isdigit() else word for word in _WORD.findall(text.lower())]


def sentence_features(tokens: list[str]) -> list[str]:
    """Runs of one to three words with the opening marked, and runs of two and three evaluative words ("~")."""
    padded = ["^", *tokens, "$"]
    pairs = [f"{a} {b}" for a, b in zip(padded, padded[1:], strict=False)]
    found = [*tokens, *pairs]
    found += [f"{pair} {c}" for pair, c in zip(pairs, padded[2:], strict=False)]
    cues = [word for word in tokens if word in CUES]
    if len(cues) > 1:
        skeleton = [f"~{a} {b}" for a, b in zip(cues, cues[1:], strict=False)]
        found += skeleton
        found += [f"{pair} {c}" for pair, c in zip(skeleton, cues[2:], strict=False)]
    elif cues:
        found.append(f"~{cues[0]}")
    else:
        found.append("~")
    return found


def context_features(tokens: list[str]) -> list[str]:
    """Runs of one and two words of the sentence before."""
    return [*tokens, *[f"{a} {b}" for a, b in zip(tokens, tokens[1:], strict=False)]]
