"""Makes the linear classifier of findings, the first half of data/models/findings.npz and findings.json.

    python -m ofsted_nlp.training.classifier --gold DIR --corpus DIR --labels DIR --out DIR

trains on DIR/train.jsonl, corpus/annotations/sentences.jsonl and the sentences that the teachers labelled
(``ofsted_nlp.training.labels``). First on all reports but those of ``development_files``: that gives the scores and
the calibration written to findings.json, and ``development.npz``, what that model says of the reports left out. Then,
with the same settings, on all: that model is written.
Nothing is drawn at random, so the same input gives the same bytes. No other file of the gold folder is opened.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.features import Vocabulary
from ofsted_nlp.extraction.places import NOWHERE, Place, Places
from ofsted_nlp.model_files import record_models
from ofsted_nlp.themes import themes
from ofsted_nlp.training import labels, pool
from ofsted_nlp.training.mixing import Development, mixture
from ofsted_nlp.training.softmax import fit
from ofsted_nlp.training.teacher import POLARITIES, arguments, development_files, theme_targets
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

DEVELOPMENT = "development.npz"


@dataclass
class Examples:
    """Sentences, the sentence before each, their places, targets and weights."""

    texts: list[str]
    previous: list[str]
    places: list[Place]
    polarity: np.ndarray
    theme: np.ndarray
    weight: np.ndarray

    @classmethod
    def annotated(cls, rows: list[dict[str, Any]], settings: Settings) -> Examples:
        """The examples of annotated rows."""
        return cls(
            [r["text"] for r in rows],
            [r["prev"] for r in rows],
            [r["place"] for r in rows],
            np.eye(len(POLARITIES), dtype=np.float32)[[POLARITIES.index(r["polarity"]) for r in rows]],
            theme_targets(rows),
            settings.gold_weight * np.array([1.0 if r["set"] == "random" else settings.hard_weight for r in rows]),
        )

    @classmethod
    def labelled(cls, sentences: list[pool.PoolSentence], folder: Path, without: set[str]) -> Examples:
        """The examples that the teachers labelled, but those of the files ``without``."""
        numbers, polarity, theme = labels.read(folder)
        keep = np.array([sentences[number].file not in without for number in numbers])
        some = [sentences[number] for number in numbers[keep]]
        return cls(
            [s.text for s in some],
            [s.before for s in some],
            [s.place for s in some],
            np.exp(polarity[keep].astype(np.float32)),
            np.exp(theme[keep].astype(np.float32)),
            np.ones(len(some)),
        )

    @classmethod
    def read(cls, sentences: list[pool.PoolSentence]) -> Examples:
        """Sentences to classify, without targets."""
        n, texts, before = len(sentences), [s.text for s in sentences], [s.before for s in sentences]
        nothing = np.zeros((n, len(POLARITIES))), np.zeros((n, len(themes()))), np.ones(n)
        return cls(texts, before, [s.place for s in sentences], *nothing)

    def __add__(self, other: Examples) -> Examples:
        return Examples(
            self.texts + other.texts,
            self.previous + other.previous,
            self.places + other.places,
            np.concatenate([self.polarity, other.polarity]),
            np.concatenate([self.theme, other.theme]),
            np.concatenate([self.weight, other.weight]),
        )


def withheld(places: list[Place]) -> list[Place]:
    """The places with every twelfth withheld, so that a sentence without a place is read too."""
    return [NOWHERE if k % 12 == 5 else place for k, place in enumerate(places)]


@dataclass
class Trained:
    """A trained model before it is packed: weights and bias of each head; themes have weights for some columns.

    The last columns are those of the places.
    """

    arrays: dict[str, np.ndarray]
    places: Places
    theme_columns: np.ndarray
    polarity: tuple[np.ndarray, np.ndarray]
    theme: tuple[np.ndarray, np.ndarray]
    settings: Settings

    def logits(self, examples: Examples) -> tuple[np.ndarray, np.ndarray]:
        """Scores of polarity and theme before the softmax."""
        features = matrix(Vocabulary(self.arrays), self.places, examples, self.settings)
        (weights, bias), (theme_weights, theme_bias) = self.polarity, self.theme
        return features @ weights + bias, features[:, self.theme_columns] @ theme_weights + theme_bias


def matrix(vocabulary: Vocabulary, places: Places, examples: Examples, settings: Settings, chunk: int = 8192) -> Any:
    """The features of examples as the classifier computes them, and a column for each number of their places."""
    from scipy.sparse import csr_matrix, hstack, vstack

    parts = [
        vocabulary.matrix(examples.texts[k : k + chunk], examples.previous[k : k + chunk], settings.before_weight)
        for k in range(0, len(examples.texts), chunk)
    ]
    numbers = places.numbers(examples.places)
    ones = np.ones(numbers.size, dtype=np.float32)
    starts = np.arange(0, numbers.size + 1, numbers.shape[1])
    where = csr_matrix((ones, numbers.ravel(), starts), (len(numbers), places.width + 1))
    where.sum_duplicates()
    return hstack([vstack(parts), where[:, : places.width]], format="csr", dtype=np.float32)


def train(examples: Examples, settings: Settings) -> Trained:
    """Trains both heads."""
    examples = replace(examples, places=withheld(examples.places))
    arrays = choose(examples.texts, examples.previous, settings.least, settings.least_before)
    vocabulary, places = Vocabulary(arrays), Places.of(examples.places)
    features = matrix(vocabulary, places, examples, settings)
    counts = np.bincount(features.indices, minlength=features.shape[1])
    counts[vocabulary.offsets[2] : vocabulary.offsets[5]] = 0  # runs of three and of evaluative words say no theme
    counts[vocabulary.width :] = settings.least_theme
    columns = np.flatnonzero(counts >= settings.least_theme)
    return Trained(
        arrays,
        places,
        columns,
        fit(features, examples.polarity, examples.weight, settings.polarity_penalty, settings.polarity_rounds),
        fit(features[:, columns], examples.theme, examples.weight, settings.theme_penalty, settings.theme_rounds),
        settings,
    )


def pack(model: Trained, found: dict[str, Any], out: Path) -> None:
    """Writes findings.npz and findings.json."""
    out.mkdir(parents=True, exist_ok=True)

    words = Vocabulary(model.arrays).width
    inside = int((model.theme_columns < words).sum())
    theme, place = model.theme[0][:inside], np.concatenate([model.polarity[0][words:], model.theme[0][inside:]], axis=1)
    scale = (np.abs(theme).max(axis=0) / 127).astype(np.float32)
    arrays: dict[str, Any] = {
        **model.arrays,
        "theme_columns": model.theme_columns[:inside].astype(np.int32),
        "polarity": model.polarity[0][:words].astype(np.float16),
        "polarity_bias": model.polarity[1],
        "theme": np.round(theme / scale).astype(np.int8),
        "theme_scale": scale,
        "theme_bias": model.theme[1],
        "place": place.astype(np.float16),
    }
    np.savez_compressed(out / "findings.npz", **arrays)
    settings = {
        "version": 3,
        "sections": model.places.sections,
        "grades": model.places.grades,
        "polarities": list(POLARITIES),
        "themes": list(themes()),
        "before_weight": model.settings.before_weight,
        "themes_kept": {"least": [0.05, 0.1, 0.15], "none": 0.6},
        "training": asdict(model.settings),
        **found,
    }
    (out / "findings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    record_models(out)


def main() -> None:
    """The command."""
    parser = arguments(__doc__)
    parser.add_argument("--labels", type=Path, required=True, help="folder with pool.jsonl and the teachers' labels")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sentences = pool.make(args.corpus, args.labels)
    rows = pool.annotated(args.gold, args.annotations, sentences)
    held = development_files({r["file"] for r in rows})
    known = Examples.annotated([r for r in rows if r["file"] not in held], TAUGHT)
    model = train(known + Examples.labelled(sentences, args.labels, held), TAUGHT)
    development = Development.of(rows, sentences)
    polarity, theme = model.logits(Examples.read(development.sentences))
    np.savez(args.out / DEVELOPMENT, polarity=polarity, theme=theme)
    found = mixture(development, [polarity, theme], [], 0.0)
    print(json.dumps(found, indent=1), flush=True)
    examples = Examples.annotated(rows, TAUGHT) + Examples.labelled(sentences, args.labels, set())
    pack(train(examples, TAUGHT), found, args.out)


if __name__ == "__main__":
    main()
