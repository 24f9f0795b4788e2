"""Makes the tagger of strengths that the package carries (data/models/strengths.npz and strengths.json).

    python -m ofsted_nlp.training.strengths --gold DIR --corpus DIR --labels DIR --out DIR [--folds 0,1]

learns from DIR/train-strengths.jsonl, corpus/annotations/strengths.jsonl and what the teachers
(``ofsted_nlp.training.strength_teacher``) said of other strengths: spans.npz in --labels. First by
cross-validation: for each of ``--folds`` a model that has seen no sentence of that fold's reports, labelled by the
one teacher that has not either; that gives the scores and the threshold in strengths.json. Then, with the same
settings, on everything, with the mean of the teachers: that model is written. Seeded; needs the extra ``train``.
No other file of the gold folder is opened.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.spans import LONGEST, Spans, Tagger
from ofsted_nlp.model_files import record_models
from ofsted_nlp.training import pool
from ofsted_nlp.training.annotations import FOLDS, Annotated, Target, annotated, folds, further, tokens_of
from ofsted_nlp.training.pool import PoolSentence
from ofsted_nlp.training.strength_scores import score
from ofsted_nlp.training.teacher import arguments

TAUGHT: dict[str, Any] = {"width": 128, "epochs": 12, "dropout": 0.2, "unknown": 0.1, "size": 48}
ANNOTATED_WEIGHT = 3.0
"""Weight of an annotated sentence beside one that a teacher labelled."""
LEAST = 3
"""In how many places a word must stand to be in the vocabulary."""
SPANS = 16
THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)


class Labels:
    """What the teachers said of sentences of the pool."""

    def __init__(self, folder: Path, sentences: list[PoolSentence]) -> None:
        self.pool = sentences
        with np.load(folder / "spans.npz", allow_pickle=False) as data:
            self._arrays = {name: data[name] for name in data.files}
        self.teachers = [k for k in range(FOLDS) if f"subjects{k}" in self._arrays]

    def targets(self, teachers: list[int], without: set[str]) -> list[Target]:
        """The mean of some teachers as something to learn, but of the reports ``without``."""
        ends = {k: np.cumsum(self._arrays[f"lengths{k}"].astype(int)) for k in teachers}
        out = []
        for at, row in enumerate(self._arrays["rows"].tolist()):
            sentence = self.pool[row]
            if sentence.file in without:
                continue
            likely: dict[tuple[int, int], float] = {}
            tags = []
            for k in teachers:
                spans, values = self._arrays[f"subjects{k}"][at], self._arrays[f"likely{k}"][at]
                for (first, last), value in zip(spans.tolist(), values.tolist(), strict=True):
                    likely[first, last] = likely.get((first, last), 0.0) + value / len(teachers)
                size = int(self._arrays[f"lengths{k}"][at])
                tags.append(self._arrays[f"names{k}"][ends[k][at] - size : ends[k][at]].astype(np.float32))
            kept = {span: value for span, value in likely.items() if value > 0.01}
            if kept:
                where = np.array(list(kept))
                share = np.array(list(kept.values()), dtype=np.float32)
                tokens = tokens_of(sentence.text)[:LONGEST]
                out.append(Target(tokens, where[:, 0], where[:, 1], share / share.sum(), np.mean(tags, axis=0)))
        return out


def target(row: Annotated, weight: float) -> Target:
    """An annotated sentence as something to learn."""
    first, last = row.subject
    return Target(
        row.tokens[:LONGEST],
        np.array([first]),
        np.array([last]),
        np.ones(1, np.float32),
        np.eye(3, dtype=np.float32)[row.tags],
        weight,
    )


def fit(rows: list[Annotated], labelled: list[Target]) -> dict[str, Any]:
    """Trains on annotated and on labelled sentences; returns the tagger's arrays."""
    from ofsted_nlp.training.spans import train, vocabulary_of

    targets = [target(row, ANNOTATED_WEIGHT) for row in rows] + labelled
    vocabulary = vocabulary_of([one.tokens for one in targets], LEAST)
    return train(targets, vocabulary, **TAUGHT).arrays(vocabulary)


def validate(known: list[Annotated], more: list[Annotated], labels: Labels, which: list[int]) -> dict[str, Any]:
    """Scores of models on folds they have not seen, at each threshold."""
    fold = folds(row.file for row in known)
    test: list[Annotated] = []
    spans: list[Spans] = []
    for k in which:
        held = {file for file, number in fold.items() if number == k}
        rest = [row for row in known + more if row.file not in held]
        arrays = fit(rest, labels.targets([k], held))
        rows = [row for row in known if row.file in held]
        some = Tagger(arrays, {"spans": SPANS}).read([row.text for row in rows])
        print(f"fold {k}: {[score(rows, some, threshold) for threshold in THRESHOLDS]}", flush=True)
        test, spans = test + rows, spans + some
    return {str(threshold): score(test, spans, threshold) for threshold in THRESHOLDS}


def main() -> None:
    """The command."""
    parser = arguments(__doc__, "strengths.jsonl")
    parser.add_argument("--labels", type=Path, required=True, help="folder with pool.jsonl and spans.npz")
    parser.add_argument("--folds", help="folds of cross-validation, such as 0,1; without it, all that can be")
    args = parser.parse_args()

    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    sentences = pool.make(args.corpus, args.labels)
    labels = Labels(args.labels, sentences)
    known, more = annotated(args.gold), further(args.annotations, sentences)
    which = [int(k) for k in args.folds.split(",")] if args.folds else labels.teachers
    found = validate(known, more, labels, which)
    print(json.dumps(found, indent=1), flush=True)
    threshold = max(THRESHOLDS, key=lambda one: found[str(one)]["named_f1"])
    arrays = fit(known + more, labels.targets(labels.teachers, set()))
    args.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out / "strengths.npz", **arrays)
    settings = {
        "version": 1,
        "spans": SPANS,
        "name_threshold": threshold,
        "training": {**TAUGHT, "annotated_weight": ANNOTATED_WEIGHT},
        "folds": which,
        "cross_validation": found,
    }
    (args.out / "strengths.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    record_models(args.out)


if __name__ == "__main__":
    main()
