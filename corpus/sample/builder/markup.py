"""The small markup in which the sample texts are written, so that each gold label stands beside its sentence.

``[[A sentence.]](+front_door,assessment|subject|Named A;Named B)`` labels a sentence: polarity sign
(``+`` strength, ``-`` concern, ``~`` mixed, ``=`` neutral), theme, optional second theme, and for a strength
the subject and the named services. ``**bold**``, ``//italic//``, ``^1^`` a footnote mark, U+00AD a place where a
word may be broken at the end of a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

POLARITY = {"+": "strength", "-": "concern", "~": "mixed", "=": "neutral"}
_LABEL = r"\]\]\s*\((?=[-+~=])[^)]*\)"
_TOKEN = re.compile(rf"(\[\[|{_LABEL}|\*\*|//|\^\d+\^)")
_PIECE = re.compile("[^-\u00ad]*(?:-|\u00ad)|[^-\u00ad]+")


@dataclass
class Sentence:
    """A labelled sentence; ``page`` (from 1) is set when its first word is placed."""

    text: str = ""
    polarity: str = ""
    theme: str = "none"
    theme2: str | None = None
    subject: str | None = None
    named: list[str] = field(default_factory=list)
    prev: str = ""
    page: int = 0

    def label(self, tag: str) -> None:
        """Fill the labels in from ``tag``, the part of the markup in round brackets."""
        themes, _, rest = tag[1:].replace("\u00ad", "").partition("|")
        theme, _, theme2 = themes.partition(",")
        self.polarity, self.theme, self.theme2 = POLARITY[tag[0]], theme.strip(), theme2.strip() or None
        subject, _, named = rest.partition("|")
        self.subject = subject.strip() or None
        self.named = [name.strip() for name in named.split(";") if name.strip()]


@dataclass
class Piece:
    """What is set without a break: a word, part of a hyphenated word, or a footnote mark."""

    text: str
    bold: bool = False
    italic: bool = False
    mark: bool = False
    space: bool = True
    soft: bool = False
    sentence: Sentence | None = None


def parse(markup: str) -> tuple[list[Piece], list[Sentence]]:
    """The pieces of ``markup`` in reading order, and its labelled sentences."""
    pieces: list[Piece] = []
    sentences: list[Sentence] = []
    bold = italic = False
    sentence: Sentence | None = None
    text_so_far, glued = "", False
    for token in _TOKEN.split(re.sub(r"[ \t\r\n]+", " ", markup.strip())):
        if token == "**":
            bold = not bold
        elif token == "//":
            italic = not italic
        elif token == "[[":
            sentence = Sentence(prev=_last_sentence(text_so_far))
            start = len(text_so_far)
        elif token.startswith("]]"):
            assert sentence is not None, markup
            sentence.text = text_so_far[start:].replace("\u00ad", "").strip()
            sentence.label(token[token.index("(") + 1 : -1])
            sentences.append(sentence)
            sentence = None
        elif token.startswith("^"):
            pieces.append(Piece(token[1:-1], bold=bold, mark=True, space=False))
            glued = True
        elif token:
            for index, word in enumerate(token.split(" ")):
                if not word:
                    glued = False
                    continue
                for number, match in enumerate(_PIECE.finditer(word)):
                    part = match.group()
                    pieces.append(
                        Piece(
                            part.rstrip("\u00ad"),
                            bold=bold,
                            italic=italic,
                            space=not number and not (glued and not index),
                            soft=part.endswith("\u00ad"),
                            sentence=sentence,
                        )
                    )
                glued = True
            text_so_far += token
            glued = not token.endswith(" ")
    return pieces, sentences


def plain(markup: str) -> str:
    """The text of ``markup`` without marks, labels and break places."""
    text = re.sub(rf"\[\[|{_LABEL}|\*\*|//|\^\d+\^|\u00ad", "", markup)
    return re.sub(r"\s+", " ", text).strip()


_BREAKS = re.findall(
    r"\S+",
    """
    chil-dren part-ner-ship ser-vices in-spec-tors fam-ilies edu-ca-tion pro-fes-sional lead-ers to-gether
    sup-port sup-ported assess-ments wait-ing every-thing al-most teach-ers thera-pists un-answered
    par-ents be-hav-iour un-der-stand learn-ing dis-abil-ities con-ti-nence class-rooms bor-ough mem-bers
    prac-tice alter-na-tive pro-vi-sion sus-pended vis-itors trust-ed sen-sory ordi-nary Sat-ur-days
    stand-ing im-paired thera-py lan-guage fig-ures col-lege let-ters be-gin sel-dom re-ceive of-fered in-tern-ships
    hos-pi-tal dis-abil-ity prac-ti-cal ef-fec-tive draw-ing
    """,
)


def soften(markup: str) -> str:
    """``markup`` with places where some words may be broken at the end of a line."""
    for word in _BREAKS:
        for form in (word, word[0].upper() + word[1:]):
            markup = re.sub(rf"\b{form.replace('-', '')}\b", form.replace("-", "\u00ad"), markup)
    return markup


def _last_sentence(text: str) -> str:
    parts = re.split(r"(?<=[.?!])\s+", text.replace("\u00ad", "").strip())
    return parts[-1] if parts else ""
