"""Says of each sentence whether it reports a strength or a concern, and under which themes it falls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np

from ofsted_nlp.errors import UsageError
from ofsted_nlp.extraction.convolution import Network
from ofsted_nlp.extraction.features import Vocabulary
from ofsted_nlp.extraction.places import NOWHERE, Place, Places
from ofsted_nlp.model_files import read_model

_CHUNK = 2048
_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Classified:
    """What the classifier says of one sentence.

    Attributes:
        polarity: the likeliest of "strength", "concern", "mixed" and "neutral" (definitions: themes.toml).
        score: its calibrated probability, 0 to 1, to four decimals.
        scores: the probability of every polarity, to four decimals; they sum to 1 but for the rounding.
        themes: theme codes, the likeliest first, at most three; empty if the sentence seems to have no theme.
        theme_scores: the probability of each of ``themes``, in the same order.
    """

    polarity: str
    score: float
    scores: dict[str, float]
    themes: tuple[str, ...]
    theme_scores: tuple[float, ...]


class Model:
    """A linear model on word runs and convolutional networks, whose log-probabilities are mixed in fixed shares.

    The linear model is ``x W + b`` for polarity and for theme. It has what is left of the networks' share, which is the
    same for each network; without a network it has the whole.

    Args:
        arrays: those of ``features.Vocabulary``; ``polarity`` (columns x 4, float16); ``theme`` (the columns named in
            ``theme_columns`` x themes, int8, in units of ``theme_scale``); ``polarity_bias`` and ``theme_bias``;
            ``place`` (numbers of ``places.Places`` x outputs, float16); and, for each name in the settings'
            ``networks``, those of ``convolution.Network``.
        settings: the content of findings.json.
    """

    def __init__(self, arrays: Mapping[str, np.ndarray], settings: dict[str, Any]) -> None:
        self.settings = settings
        self.polarities: list[str] = settings["polarities"]
        self.themes: list[str] = settings["themes"]
        self.vocabulary = Vocabulary(arrays)
        self.places = Places(settings.get("sections", []), settings.get("grades", []))
        self.networks = [Network(self.vocabulary, arrays, name) for name in settings.get("networks", {})]
        self._none = self.themes.index("none")
        self._wide = len(self.polarities)
        self._weights = np.zeros((self.vocabulary.width, self._wide + len(self.themes)), dtype=np.float32)
        self._weights[:, : self._wide] = arrays["polarity"]
        self._weights[arrays["theme_columns"], self._wide :] = arrays["theme"] * arrays["theme_scale"]
        self._place = np.zeros((self.places.width + 1, self._weights.shape[1]), dtype=np.float32)
        if "place" in arrays:
            self._place[:-1] = arrays["place"]
        self._bias = np.concatenate([arrays["polarity_bias"], arrays["theme_bias"]]).astype(np.float32)

    @classmethod
    def from_bytes(cls, weights: bytes, settings: str) -> Model:
        """The model of an .npz file's bytes and a JSON text."""
        with np.load(BytesIO(weights), allow_pickle=False) as data:
            return cls({name: data[name] for name in data.files}, json.loads(settings))

    def probabilities(
        self,
        texts: Sequence[str],
        previous: Sequence[str],
        places: Sequence[Place] | None = None,
        stretches: Sequence[int] | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Calibrated probabilities: polarity (n x 4) and theme (n x number of themes), float32; see ``classify``."""
        places = [NOWHERE] * len(texts) if places is None else places
        parts = [
            self._scores(texts[k : k + _CHUNK], previous[k : k + _CHUNK], places[k : k + _CHUNK])
            for k in range(0, len(texts), _CHUNK)
        ] or [self._scores(texts, previous, places)]
        polarity, theme = (np.concatenate(part) for part in zip(*parts, strict=True))
        around = self.settings.get("around")
        if around and stretches is not None and len(texts):
            theme = with_neighbours(theme, stretches, around["reach"], around["theme"])
        return (
            np.exp(log_softmax(polarity / np.float32(self.settings["polarity_temperature"]))),
            np.exp(log_softmax(theme / np.float32(self.settings["theme_temperature"]))),
        )

    def _scores(
        self, texts: Sequence[str], previous: Sequence[str], places: Sequence[Place]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Log-probabilities of each sentence by itself, before calibration."""
        n = len(texts)
        own, before = self.vocabulary.read_both(texts, previous)
        features = self.vocabulary.rows(own, before, n, self.settings["before_weight"])
        numbers = self.places.numbers(places)
        parts = (slice(self._wide), slice(self._wide, None))
        linear = features @ self._weights + self._place[numbers].sum(1) + self._bias
        logits = [log_softmax(linear[:, part]) for part in parts]
        share = self.settings["network_share"] if self.networks else 0.0
        logits = [(1 - share) * head for head in logits]
        for network in self.networks:
            learnt = network.logits(own, before, n, numbers)
            for head, part in zip(logits, parts, strict=True):
                head += share / len(self.networks) * log_softmax(learnt[:, part])
        logits[0] += np.array(self.settings.get("polarity_shift", [0.0] * self._wide), dtype=np.float32)
        return logits[0], logits[1]

    def classify(
        self,
        texts: Sequence[str],
        previous: Sequence[str],
        places: Sequence[Place] | None = None,
        stretches: Sequence[int] | None = None,
    ) -> Iterator[Classified]:
        """Classifies sentences; see ``classify``."""
        rule = self.settings["themes_kept"]
        polarity, theme = (
            np.round(scores.astype(np.float64), _DECIMALS)
            for scores in self.probabilities(texts, previous, places, stretches)
        )
        best = polarity.argmax(1)
        none = theme[:, self._none].copy()
        theme[:, self._none] = -1.0
        top = np.argsort(-theme, axis=1, kind="stable")[:, : len(rule["least"])]
        values = np.take_along_axis(theme, top, axis=1)
        kept = (values >= np.array(rule["least"][: top.shape[1]])).sum(1)
        kept[none > rule["none"]] = 0
        rows = zip(best.tolist(), polarity.tolist(), top.tolist(), values.tolist(), kept.tolist(), strict=True)
        for which, scores, codes, likely, count in rows:
            yield Classified(
                self.polarities[which],
                scores[which],
                dict(zip(self.polarities, scores, strict=True)),
                tuple([self.themes[k] for k in codes[:count]]),
                tuple(likely[:count]),
            )


@cache
def model() -> Model:
    """The model carried by the package.

    Raises:
        ModelFileError: its files are not those that were published.
    """
    return Model.from_bytes(read_model("findings.npz"), read_model("findings.json").decode("utf-8"))


def classify(
    texts: Sequence[str],
    previous: Sequence[str] | None = None,
    places: Sequence[Place] | None = None,
    stretches: Sequence[int] | None = None,
) -> list[Classified]:
    """Classifies sentences of inspection reports.

    Args:
        texts: the sentences.
        previous: the sentence before each ("" at the start of a section): "this" and "they" take their theme
            from it. Without it, what the sentence itself says must do.
        places: the section of each, and its grade; without, it is not known.
        stretches: a number for each sentence, the same for those that follow one another in one section: sentences of
            a stretch lend each other their themes. Without, each sentence stands alone.

    Returns:
        One ``Classified`` a sentence, in order.

    Raises:
        UsageError: ``previous``, ``places`` or ``stretches`` has another length than ``texts``.
    """
    if isinstance(texts, str):
        raise UsageError("texts is one string; pass a list of sentences.")
    if previous is None:
        previous = [""] * len(texts)
    for given, name in ((previous, "sentences before them"), (places, "places"), (stretches, "stretches")):
        if given is not None and len(given) != len(texts):
            raise UsageError(f"There are {len(texts)} sentences and {len(given)} {name}; pass one each.")
    return list(model().classify(texts, previous, places, stretches))


def with_neighbours(scores: np.ndarray, stretches: Sequence[int], reach: int, weight: float) -> np.ndarray:
    """Log-probabilities to which the mean of the neighbours' probabilities in the same stretch lends weight.

    Args:
        scores: log-probabilities (n x k).
        stretches: n numbers; neighbours count if theirs is the same.
        reach: how many sentences on each side.
        weight: factor of the neighbours' log-probability; 0 leaves the scores as they are.

    Returns:
        Log-probabilities (n x k).
    """
    if not weight:
        return scores
    likely = np.exp(log_softmax(scores))
    where = np.asarray(stretches)
    total, count = np.zeros_like(likely), np.zeros(len(likely), dtype=np.float32)
    for step in range(1, min(reach, len(likely) - 1) + 1):
        same = (where[step:] == where[:-step]).astype(np.float32)
        total[step:] += likely[:-step] * same[:, None]
        total[:-step] += likely[step:] * same[:, None]
        count[step:] += same
        count[:-step] += same
    floor = 0.5 / likely.shape[1]
    mean = np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], 1 / likely.shape[1])
    return log_softmax(scores + np.float32(weight) * np.log(mean + np.float32(floor)))


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log-probabilities, row by row."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
