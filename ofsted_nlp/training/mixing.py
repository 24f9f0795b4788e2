"""How the models of findings are put together: all that is chosen and measured on the development reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ofsted_nlp.extraction.classify import log_softmax, with_neighbours
from ofsted_nlp.training.confidence import kept
from ofsted_nlp.training.pool import PoolSentence
from ofsted_nlp.training.softmax import temperature
from ofsted_nlp.training.teacher import POLARITIES, development_files, scores, theme_targets

SHARE = 0.6
"""Share of the networks in the mixture with the linear model, which has the rest."""
REACH = 2
WEIGHTS = tuple(k / 20 for k in range(13))
SHIFTS = tuple((mixed / 10, neutral / 10) for mixed in range(0, 21, 2) for neutral in range(0, 11, 2))
"""Of the log-scores of mixed and of neutral."""
SLACK = 0.002


@dataclass
class Development:
    """The development reports: all their sentences, and which of them are annotated.

    Attributes:
        sentences: the sentences, report by report.
        rows: the annotated ones.
        where: for each of ``rows`` its number in ``sentences``.
    """

    sentences: list[PoolSentence]
    rows: list[dict[str, Any]]
    where: np.ndarray

    @classmethod
    def of(cls, rows: list[dict[str, Any]], pool: list[PoolSentence]) -> Development:
        """The development reports among those annotated."""
        held = development_files({row["file"] for row in rows})
        numbers = [number for number, sentence in enumerate(pool) if sentence.file in held]
        place = {number: k for k, number in enumerate(numbers)}
        part = [row for row in rows if row["at"] in place]
        return cls([pool[n] for n in numbers], part, np.array([place[row["at"]] for row in part]))

    @property
    def stretches(self) -> list[int]:
        """A number for each sentence, the same for those of one stretch of one report."""
        numbers: dict[tuple[str, int], int] = {}
        return [numbers.setdefault((s.file, s.stretch), len(numbers)) for s in self.sentences]

    @property
    def polarity(self) -> np.ndarray:
        """The annotated polarities as numbers."""
        return np.array([POLARITIES.index(row["polarity"]) for row in self.rows])

    @property
    def usual(self) -> np.ndarray:
        """Which of ``rows`` were picked at random."""
        return np.array([row["set"] == "random" for row in self.rows])


def mixture(
    development: Development, linear: list[np.ndarray], learnt: list[list[np.ndarray]], share: float = SHARE
) -> dict[str, Any]:
    """What findings.json says of the models together, and their scores on the development reports.

    The neighbours' weight for a sentence's themes is the one with which the most are right, first and among two.
    Mixed and neutral, the rare ones, get those shifts of their log-scores that give the best macro-F1 (the mean of that
    on all rows and that on those picked at random) while no more polarities are wrong on all rows, and at most two in a
    thousand more on those picked at random. Calibration is fitted on those picked at random.

    Args:
        development: the reports.
        linear: scores of polarity and of theme that the linear model gives their sentences.
        learnt: the same of each network.
        share: the networks' share.
    """
    parts = [(1 - share) * log_softmax(head) for head in linear]
    for heads in learnt:
        parts = [part + share / len(learnt) * log_softmax(head) for part, head in zip(parts, heads, strict=True)]
    polarity, theme = parts
    stretches, where, rows = development.stretches, development.where, development.rows
    gold, usual = development.polarity, development.usual

    themed = {w: with_neighbours(theme, stretches, REACH, w)[where] for w in WEIGHTS}
    found = {w: scores(rows, polarity[where], themed[w])["all"] for w in WEIGHTS}
    theme_weight = max(WEIGHTS, key=lambda w: (found[w]["theme_top1"] + found[w]["theme_overlap_top2"], -w))

    def polar(shift: tuple[float, float]) -> np.ndarray:
        return polarity[where] + np.array([*(0.0 for _ in POLARITIES[:-2]), *shift], dtype=np.float32)

    def quality(shift: tuple[float, float]) -> tuple[float, float, float]:
        right = polar(shift).argmax(1) == gold
        f1 = [macro_f1(gold[part], polar(shift)[part].argmax(1)) for part in (usual | True, usual)]
        return float(right.mean()), float(right[usual].mean()), float(np.mean(f1))

    plain = quality((0.0, 0.0))
    allowed = [s for s in SHIFTS if quality(s)[0] >= plain[0] and quality(s)[1] >= plain[1] - SLACK]
    shift = max(allowed, key=lambda s: (quality(s)[2], -sum(s)))
    chosen = polar(shift)
    measured = scores(rows, chosen, themed[theme_weight])
    for name, part in (("all", usual | True), ("random", usual)):
        measured[name]["polarity_macro_f1"] = macro_f1(gold[part], chosen[part].argmax(1))
    divisor = round(temperature(chosen[usual], np.eye(len(POLARITIES))[gold[usual]]), 4)
    likely = np.exp(log_softmax(chosen / divisor))
    said = [POLARITIES[k] for k in likely.argmax(1)]
    confidence = {}
    for name, part in (("all", usual | True), ("random", usual)):
        some = np.flatnonzero(part)
        limits = kept([rows[k]["polarity"] for k in some], [said[k] for k in some], likely.max(1)[some].tolist())
        confidence[name] = [[one.least, round(one.share, 4), round(one.precision or 0.0, 4)] for one in limits]
    return {
        "network_share": share,
        "polarity_shift": [*(0.0 for _ in POLARITIES[:-2]), *shift],
        "around": {"reach": REACH, "theme": theme_weight},
        "polarity_temperature": divisor,
        "theme_temperature": round(temperature(themed[theme_weight][usual], theme_targets(rows)[usual]), 4),
        "development": measured,
        "confidence": confidence,
    }


def macro_f1(gold: np.ndarray, got: np.ndarray) -> float:
    """Mean over the polarities of the F1 of each."""
    each = []
    for k in range(len(POLARITIES)):
        hits, both = ((gold == k) & (got == k)).sum(), (gold == k).sum() + (got == k).sum()
        each.append(2 * hits / both if both else 0.0)
    return float(np.mean(each))
