"""Makes the classifier of findings that the package carries (data/models/findings.npz and findings.json).

    python -m ofsted_nlp.training.classifier --gold DIR --out DIR [--labels DIR]

trains on DIR/train.jsonl, and, with ``--labels``, on the sentences that the teacher labelled
(``ofsted_nlp.training.teacher``). First on all reports but those of ``development_files``: that gives the scores and
the calibration written to findings.json. Then, with the same settings, on all of train.jsonl: that model is written.
Nothing is drawn at random, so the same input gives the same bytes. No other file of the gold folder is opened.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.features import Vocabulary
from ofsted_nlp.themes import themes
from ofsted_nlp.training.softmax import fit, temperature
from ofsted_nlp.training.teacher import POLARITIES, development_files, read_jsonl, score, theme_targets
from ofsted_nlp.training.text import clean
from ofsted_nlp.training.vocabulary import choose


@dataclass(frozen=True)
class Settings:
    """What was chosen on the development reports.

    Attributes:
        least, least_before, least_theme: in how many sentences a run must occur to be kept, for the sentence, for the
            sentence before, and to have weights for themes.
        before_weight: length of the features of the sentence before; those of the sentence have 1.
        hard_weight: weight of an annotated sentence that was picked as hard; the others have 1.
        gold_weight: factor on annotated sentences beside sentences labelled by the teacher.
        polarity_penalty, theme_penalty: L2 penalty.
        polarity_rounds, theme_rounds: iterations.
    """

    least: int
    least_before: int
    least_theme: int
    before_weight: float = 0.7
    hard_weight: float = 0.7
    gold_weight: float = 1.0
    polarity_penalty: float = 1e-5
    theme_penalty: float = 2e-6
    polarity_rounds: int = 100
    theme_rounds: int = 60


ALONE = Settings(least=2, least_before=4, least_theme=2)
TAUGHT = Settings(
    least=3,
    least_before=8,
    least_theme=6,
    hard_weight=1.0,
    gold_weight=2.0,
    polarity_penalty=3e-7,
    theme_penalty=2e-7,
    theme_rounds=140,
)


@dataclass
class Examples:
    """Sentences, the sentence before each, targets and weights."""

    texts: list[str]
    previous: list[str]
    polarity: np.ndarray
    theme: np.ndarray
    weight: np.ndarray

    @classmethod
    def annotated(cls, rows: list[dict[str, Any]], settings: Settings) -> Examples:
        """The examples of annotated rows."""
        return cls(
            [clean(r["text"]) for r in rows],
            [clean(r["prev"] or "") for r in rows],
            np.eye(len(POLARITIES), dtype=np.float32)[[POLARITIES.index(r["polarity"]) for r in rows]],
            theme_targets(rows),
            settings.gold_weight * np.array([1.0 if r["set"] == "random" else settings.hard_weight for r in rows]),
        )

    @classmethod
    def labelled(cls, folder: Path, without: set[str]) -> Examples:
        """The examples that the teacher labelled, but those of the files ``without``."""
        with np.load(folder / "labels.npz", allow_pickle=False) as labels:
            polarity, theme = labels["polarity"], labels["theme"]
        pool = read_jsonl(folder / "pool.jsonl")
        keep = [k for k, (name, _, _) in enumerate(pool[: len(polarity)]) if name not in without]
        return cls(
            [pool[k][1] for k in keep],
            [pool[k][2] for k in keep],
            np.exp(polarity[keep].astype(np.float32)),
            np.exp(theme[keep].astype(np.float32)),
            np.ones(len(keep)),
        )

    def __add__(self, other: Examples) -> Examples:
        return Examples(
            self.texts + other.texts,
            self.previous + other.previous,
            np.concatenate([self.polarity, other.polarity]),
            np.concatenate([self.theme, other.theme]),
            np.concatenate([self.weight, other.weight]),
        )


@dataclass
class Trained:
    """A trained model before it is packed: weights and bias of each head; themes have weights for some columns."""

    arrays: dict[str, np.ndarray]
    theme_columns: np.ndarray
    polarity: tuple[np.ndarray, np.ndarray]
    theme: tuple[np.ndarray, np.ndarray]
    settings: Settings

    def logits(self, examples: Examples) -> tuple[np.ndarray, np.ndarray]:
        """Scores of polarity and theme before the softmax."""
        features = matrix(Vocabulary(self.arrays), examples, self.settings)
        (weights, bias), (theme_weights, theme_bias) = self.polarity, self.theme
        return features @ weights + bias, features[:, self.theme_columns] @ theme_weights + theme_bias


def matrix(vocabulary: Vocabulary, examples: Examples, settings: Settings, chunk: int = 8192) -> Any:
    """The features of examples as the classifier computes them."""
    from scipy.sparse import vstack

    parts = [
        vocabulary.matrix(examples.texts[k : k + chunk], examples.previous[k : k + chunk], settings.before_weight)
        for k in range(0, len(examples.texts), chunk)
    ]
    return vstack(parts, format="csr")


def train(examples: Examples, settings: Settings) -> Trained:
    """Trains both heads."""
    arrays = choose(examples.texts, examples.previous, settings.least, settings.least_before)
    vocabulary = Vocabulary(arrays)
    features = matrix(vocabulary, examples, settings)
    counts = np.bincount(features.indices, minlength=vocabulary.width)
    counts[vocabulary.offsets[2] : vocabulary.offsets[5]] = 0  # runs of three and of evaluative words say no theme
    columns = np.flatnonzero(counts >= settings.least_theme)
    return Trained(
        arrays,
        columns,
        fit(features, examples.polarity, examples.weight, settings.polarity_penalty, settings.polarity_rounds),
        fit(features[:, columns], examples.theme, examples.weight, settings.theme_penalty, settings.theme_rounds),
        settings,
    )


def development(rows: list[dict[str, Any]], labels: Path | None, settings: Settings) -> dict[str, Any]:
    """Scores and calibration on the development reports, of a model trained on all others."""
    held = development_files({r["file"] for r in rows})
    known = Examples.annotated([r for r in rows if r["file"] not in held], settings)
    model = train(known + Examples.labelled(labels, held) if labels else known, settings)
    part = [r for r in rows if r["file"] in held]
    examples = Examples.annotated(part, settings)
    polarity, theme = model.logits(examples)
    usual = np.array([r["set"] == "random" for r in part])
    return {
        "development": {
            "all": score(part, polarity, theme),
            "random": score([r for r in part if r["set"] == "random"], polarity[usual], theme[usual]),
        },
        "polarity_temperature": temperature(polarity[usual], examples.polarity[usual]),
        "theme_temperature": temperature(theme[usual], examples.theme[usual]),
    }


def pack(model: Trained, found: dict[str, Any], out: Path) -> None:
    """Writes findings.npz and findings.json."""
    out.mkdir(parents=True, exist_ok=True)

    scale = (np.abs(model.theme[0]).max(axis=0) / 127).astype(np.float32)
    arrays: dict[str, Any] = {
        **model.arrays,
        "theme_columns": model.theme_columns.astype(np.int32),
        "polarity": model.polarity[0].astype(np.float16),
        "polarity_bias": model.polarity[1],
        "theme": np.round(model.theme[0] / scale).astype(np.int8),
        "theme_scale": scale,
        "theme_bias": model.theme[1],
    }
    np.savez_compressed(out / "findings.npz", **arrays)
    settings = {
        "version": 1,
        "polarities": list(POLARITIES),
        "themes": list(themes()),
        "before_weight": model.settings.before_weight,
        "polarity_temperature": round(found["polarity_temperature"], 4),
        "theme_temperature": round(found["theme_temperature"], 4),
        "themes_kept": {"least": [0.05, 0.1, 0.15], "none": 0.6},
        "training": asdict(model.settings),
        "development": found["development"],
    }
    (out / "findings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True, help="folder with train.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--labels", type=Path, help="folder with pool.jsonl and labels.npz of the teacher")
    args = parser.parse_args()
    settings = TAUGHT if args.labels else ALONE
    rows = read_jsonl(args.gold / "train.jsonl")
    found = development(rows, args.labels, settings)
    print(json.dumps(found, indent=1), flush=True)
    examples = Examples.annotated(rows, settings)
    if args.labels:
        examples = examples + Examples.labelled(args.labels, set())
    pack(train(examples, settings), found, args.out)


if __name__ == "__main__":
    main()
