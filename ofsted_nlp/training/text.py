"""What all training commands do with text: clean sentences, tell them apart, read JSON lines."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

_NUMBER = re.compile(r"^\(?\d{1,3}[.)]?\s+(?=[^\W\d_])|^\d{1,3}\.(?=[A-Z])")


def clean(text: str) -> str:
    """One line of text: white space single, U+0002 (a hyphen at a line's end) a hyphen, paragraph number gone."""
    return _NUMBER.sub("", " ".join(text.replace("\x02", "-").split()))


def letters(text: str) -> str:
    """The letters and digits of a text in lower case, single spaces between: the same however it is printed."""
    return re.sub(r"\W+", " ", text.lower()).strip()


def sentence_key(text: str) -> str:
    """Identity of a sentence in stand-off annotations: a hash of its ``letters``."""
    return hashlib.sha256(letters(text).encode()).hexdigest()[:16]


def read_jsonl(path: Path) -> list[Any]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
