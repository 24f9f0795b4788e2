"""How the words of reports are parted where English at large is parted otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ofsted_nlp.extraction.wordlists import word_set

if TYPE_CHECKING:
    from spacy.language import Language

_WHOLE = word_set(
    "e.g. i.e. approx. para. paras. Cllr. No. Nos. reg. regs. s.17 s.20 s.31 s.47 S.17 S.20 S.31 S.47 IRO IROs 16+ 18+"
)
"""Abbreviations and names that stay one token."""

_AGE = re.compile(r"\d{1,2}-(?:year-olds?)?$")
"""Both halves of "16- and 17-year-olds"."""

_NOTE = r"(?<=[a-z]{3})\.(?=\d{1,2}$)"
"""The full stop between a sentence's last word and the number of a footnote."""


def adapt(pipeline: Language) -> None:
    """Gives a pipeline's tokeniser the field's exceptions."""
    from spacy.util import compile_infix_regex

    tokenizer: Any = pipeline.tokenizer
    for text in sorted(_WHOLE):
        tokenizer.add_special_case(text, [{"ORTH": text}])
    tokenizer.token_match = _AGE.match
    tokenizer.infix_finditer = compile_infix_regex([*(pipeline.Defaults.infixes or ()), _NOTE]).finditer
