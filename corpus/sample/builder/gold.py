"""Writes what was gathered while the samples were set as gold annotations, one JSON object a line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .catalogue import SAMPLES
from .layout import Gold


def write_gold(folder: Path, golds: Mapping[str, Gold]) -> None:
    """Write facts, recommendations, sentences, strengths and details into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "facts.jsonl", ({"file": s.file, **s.facts} for s in SAMPLES))
    _write(
        folder / "recommendations.jsonl",
        (
            {
                "file": name,
                "items": [
                    {
                        "kind": action.kind,
                        "section": action.section,
                        "number": action.number,
                        "text": action.text,
                        "page": action.page,
                    }
                    for action in gold.actions
                ],
                "notes": "",
            }
            for name, gold in golds.items()
        ),
    )
    sentences = list(_sentences(golds))
    _write(folder / "sentences.jsonl", sentences)
    _write(folder / "strengths.jsonl", _strengths(golds, {(s["file"], s["text"]): s["id"] for s in sentences}))
    _write(folder / "details.jsonl", (_details(s.file, s.details, golds[s.file]) for s in SAMPLES))


def _sentences(golds: Mapping[str, Gold]) -> Iterable[dict[str, Any]]:
    for name, gold in golds.items():
        for sentence in gold.sentences:
            yield {
                "id": hashlib.sha256(f"{name}\n{sentence.text}".encode()).hexdigest()[:12],
                "file": name,
                "page": sentence.page,
                "text": sentence.text,
                "polarity": sentence.polarity,
                "theme": sentence.theme,
                "theme2": sentence.theme2,
                "is_finding": sentence.polarity != "neutral",
                "prev": sentence.prev,
            }


def _strengths(golds: Mapping[str, Gold], ids: Mapping[tuple[str, str], str]) -> Iterable[dict[str, Any]]:
    for name, gold in golds.items():
        for sentence in gold.sentences:
            if sentence.subject:
                yield {
                    "id": ids[name, sentence.text],
                    "file": name,
                    "page": sentence.page,
                    "subject": sentence.subject,
                    "named": sentence.named,
                    "text": sentence.text,
                }


def _details(name: str, details: Mapping[str, Any], gold: Gold) -> dict[str, Any]:
    responsible = {a.text: a.responsible for a in gold.actions if a.responsible}
    return {
        "file": name,
        **details,
        "practice_studies": [vars(study) for study in gold.studies],
        "responsible": responsible,
    }


def _write(path: Path, objects: Iterable[Mapping[str, Any]]) -> None:
    lines = (json.dumps(item, ensure_ascii=False) for item in objects)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
