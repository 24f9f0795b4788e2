"""What a score is worth: the share of findings that each least score keeps, and how many of their polarities are right.

    python -m ofsted_nlp.training.confidence --gold DIR --corpus DIR --out DIR [--model DIR]

classifies the development reports as extraction does, each sentence among its neighbours, and prints the table of
docs/model-card.md from those that are annotated. The model is the one in the package, or the findings.npz and
findings.json in --model. A model shipped has learnt from the development reports too and looks better there than it is:
for the model card, give the one that was trained without them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction import classify
from ofsted_nlp.training import pool
from ofsted_nlp.training.teacher import arguments, development_files
from ofsted_nlp.training.text import sentence_key

LEAST_SCORES = (0.0, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)


@dataclass(frozen=True, slots=True)
class Kept:
    """What a least score keeps.

    Attributes:
        least: the least score.
        n: how many sentences have it.
        of: how many there are.
        right: how many of the n have the annotated polarity.
        opposite: how many of the n are strengths taken for concerns, or the reverse.
    """

    least: float
    n: int
    of: int
    right: int
    opposite: int

    @property
    def share(self) -> float:
        """Share of the sentences that is kept."""
        return self.n / self.of if self.of else 0.0

    @property
    def precision(self) -> float | None:
        """Share of the kept ones whose polarity is right; None where none is kept."""
        return self.right / self.n if self.n else None


def kept(
    gold: Sequence[str], said: Sequence[str], scores: Sequence[float], least: Sequence[float] = LEAST_SCORES
) -> list[Kept]:
    """What each least score keeps.

    Args:
        gold: the annotated polarity of each sentence.
        said: the polarity that the classifier gives it.
        scores: the probability of that.
        least: the least scores.
    """
    out = []
    for limit in least:
        pairs = [(a, b) for a, b, score in zip(gold, said, scores, strict=True) if score >= limit]
        right = sum(a == b for a, b in pairs)
        opposite = sum({a, b} == {"strength", "concern"} for a, b in pairs)
        out.append(Kept(limit, len(pairs), len(gold), right, opposite))
    return out


def probabilities(
    model: classify.Model, rows: Sequence[dict[str, Any]], sentences: Sequence[pool.PoolSentence]
) -> np.ndarray:
    """The probability of each polarity (n x 4) of annotated sentences, read among their neighbours.

    Args:
        model: the classifier.
        rows: annotated sentences (file, text, prev, place).
        sentences: all sentences of their reports; a row that is cut differently there is read by itself.
    """
    numbers: dict[tuple[str, int], int] = {}
    stretches = [numbers.setdefault((s.file, s.stretch), len(numbers)) for s in sentences]
    texts, before, places = [s.text for s in sentences], [s.before for s in sentences], [s.place for s in sentences]
    whole, _ = model.probabilities(texts, before, places, stretches)
    alone, _ = model.probabilities([r["text"] for r in rows], [r["prev"] for r in rows], [r["place"] for r in rows])
    where = {(s.file, sentence_key(s.text)): number for number, s in enumerate(sentences)}
    found = [where.get((row["file"], sentence_key(row["text"]))) for row in rows]
    return np.array([alone[k] if number is None else whole[number] for k, number in enumerate(found)])


def table(found: dict[str, list[Kept]]) -> str:
    """The table in Markdown: a row each least score, three columns each set of sentences."""
    heads = [f"{name} ({rows[0].of}): kept | right | opposite" for name, rows in found.items()]
    lines = ["| Least score | " + " | ".join(heads) + " |", "|-" * (1 + 3 * len(found)) + "|"]
    for parts in zip(*found.values(), strict=True):
        cells = [f"{parts[0].least:.2f}" if parts[0].least else "none"]
        for part in parts:
            cells += [f"{part.share:.1%}", "–" if part.precision is None else f"{part.precision:.1%}"]
            cells.append(str(part.opposite))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def load(folder: Path | None) -> classify.Model:
    """The model in a folder, or the package's."""
    if folder is None:
        return classify.model()
    settings = (folder / "findings.json").read_text(encoding="utf-8")
    return classify.Model.from_bytes((folder / "findings.npz").read_bytes(), settings)


def main() -> None:
    """The command."""
    parser = arguments(__doc__)
    parser.add_argument("--model", type=Path, help="folder with findings.npz and findings.json; else the package's")
    args = parser.parse_args()
    sentences = pool.make(args.corpus, args.out)
    rows = pool.annotated(args.gold, args.annotations, sentences)
    held = development_files({row["file"] for row in rows})
    rows = [row for row in rows if row["file"] in held]
    model = load(args.model)
    likely = probabilities(model, rows, [s for s in sentences if s.file in held])
    said = [model.polarities[k] for k in likely.argmax(1)]
    found = {}
    for name, chosen in (("picked at random", ("random",)), ("all", ("random", "hard"))):
        part = [k for k, row in enumerate(rows) if row["set"] in chosen]
        found[name] = kept([rows[k]["polarity"] for k in part], [said[k] for k in part], likely.max(1)[part].tolist())
    print(table(found))


if __name__ == "__main__":
    main()
