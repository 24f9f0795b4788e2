"""Printed lines -> running text: line-end hyphens resolved, every line's characters kept track of."""

from __future__ import annotations

import re
from collections import Counter

from ofsted_nlp.reading.lines import Line

_SOFT = "\x02"
_WORD = re.compile(r"[A-Za-z]+(?:[-\x02][A-Za-z]+)*")
_TAIL = re.compile(r"([A-Za-z0-9’']+)[-\x02]$")
_SPAN = re.compile(r"\d–$")
_HEAD = re.compile(r"^([A-Za-z0-9’']+)")
_PREFIXES = frozenset(
    [
        "multi",
        "inter",
        "co",
        "pre",
        "post",
        "self",
        "well",
        "long",
        "short",
        "high",
        "low",
        "non",
        "re",
        "part",
        "full",
        "half",
        "cross",
        "sub",
        "semi",
        "anti",
        "mid",
        "under",
        "over",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "child",
        "face",
        "case",
        "end",
        "early",
        "out",
        "in",
    ]
)


class Hyphens:
    """Decides for a word broken at a line end whether its hyphen belongs to it, by the rest of the document."""

    def __init__(self, lines: list[Line]) -> None:
        self.words: Counter[str] = Counter()
        for line in lines:
            self.words.update(word.lower() for word in _WORD.findall(line.text) if _SOFT not in word)

    def keeps(self, before: str, after: str) -> bool:
        """Whether ``before`` + hyphen + ``after`` keeps its hyphen when put on one line."""
        tail, head = _TAIL.search(before), _HEAD.match(after)
        if not tail or not head:
            return True
        if before[: tail.start()].endswith("-"):
            return True
        left, right = tail.group(1).lower(), head.group(1).lower()
        if left.isdigit() or right.isdigit():
            return True
        whole, hyphened = self.words[left + right], self.words[f"{left}-{right}"]
        if hyphened or not whole:
            if hyphened or left in _PREFIXES or self.words[right] or len(left) < 2:
                return True
            return bool(self.words[left])
        return False


def join(lines: list[Line], hyphens: Hyphens) -> tuple[str, list[tuple[int, int]]]:
    """The text of lines set as one paragraph, and the character span of each line in it."""
    text = ""
    spans: list[tuple[int, int]] = []
    last = -1
    for line in lines:
        part = line.text.strip()
        if not part:
            spans.append((len(text), len(text)))
            continue
        if text.endswith((_SOFT, "-")) and re.search(r"[^\s–—-][\x02-]$", text):
            keep = hyphens.keeps(text, part) or not part[:1].isalpha()
            text = text[:-1] + ("-" if keep else "")
            spans[last] = (spans[last][0], len(text))
        elif (text.endswith("/") and not text.endswith(" /")) or (_SPAN.search(text) and part[:1].isdigit()):
            pass
        elif text:
            text = text.rstrip(_SOFT) + " "
        start = len(text)
        text += part
        last = len(spans)
        spans.append((start, len(text)))
    text = text.removesuffix(_SOFT) + "-" if text.endswith(_SOFT) else text
    if _SOFT in text:
        text = _inside(text, hyphens)
    return text, [(min(a, len(text)), min(b, len(text))) for a, b in spans]


def _inside(text: str, hyphens: Hyphens) -> str:
    """Soft hyphens that pdfium left inside a line: the text keeps its length, so that spans hold."""
    return text.replace(_SOFT, "-")
