"""Adds small convolutional networks to the linear classifier of findings: all learn from the same teacher.

    python -m ofsted_nlp.training.student --gold DIR --labels DIR --linear DIR --out DIR

reads DIR/train.jsonl, the teacher's labels (``ofsted_nlp.training.teacher``) and the findings.npz and findings.json of
the linear model (``ofsted_nlp.training.classifier``), and writes both files with the networks added. First both are
trained without the reports of ``development_files``, on which the shift for "mixed" and the calibration are chosen and
the scores in findings.json are measured. Then, with the same settings, the networks learn from all: those are written.
Needs the extra ``train``; one thread, seeded.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.convolution import Network
from ofsted_nlp.extraction.features import Vocabulary
from ofsted_nlp.themes import themes
from ofsted_nlp.training.classifier import TAUGHT, Examples
from ofsted_nlp.training.classifier import train as train_linear
from ofsted_nlp.training.softmax import temperature
from ofsted_nlp.training.teacher import POLARITIES, SEED, development_files, read_jsonl, score


@dataclass(frozen=True)
class Settings:
    """Shape and training of a network.

    Attributes:
        vector: width of the word vectors.
        filters: number of filters of the convolution; ``window`` is its width in words.
        before: number of filters (one word wide) over the sentence before.
        hidden: width of the hidden layer.
        epochs, batch, rate: passes over the data, sentences a step, highest learning rate.
        gold_weight: weight of an annotated sentence; one that the teacher labelled has 1.
        smoothing: share of an annotation's weight that is spread over all classes.
        unknown: share of the words taken for unknown at each step.
        longest: words of a sentence beyond this are not trained on.
        seed: of the first weights, the order of the batches and what is dropped.
    """

    vector: int = 96
    filters: int = 192
    window: int = 5
    before: int = 64
    hidden: int = 256
    epochs: int = 7
    batch: int = 128
    rate: float = 3e-3
    gold_weight: float = 3.0
    smoothing: float = 0.1
    unknown: float = 0.06
    longest: int = 100
    seed: int = SEED


NETWORKS = {"network": Settings()}
"""The networks in the mixture; a second one brought nothing (docs/model-card.md)."""
SHARE = 0.5
"""Share of the networks in the mixture with the linear model, which has the rest."""


class Numbered:
    """Examples as word numbers, served in padded batches."""

    def __init__(self, vocabulary: Vocabulary, examples: Examples, longest: int) -> None:
        self.vocabulary = vocabulary
        self.pad = len(vocabulary.words) + 1
        self.own, self.before = (self._numbers(t, longest) for t in (examples.texts, examples.previous))
        self.lengths = [len(one) for one in self.own]

    def _numbers(self, texts: list[str], longest: int, chunk: int = 8192) -> list[np.ndarray]:
        found = []
        for start in range(0, len(texts), chunk):
            ids = self.vocabulary.read(texts[start : start + chunk]).ids
            found += [one[1:-1][:longest] for one in np.split(ids, np.flatnonzero(ids == self.vocabulary.open)[1:])]
        return found

    def arrays(self, rows: list[int], reach: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Words with ``reach`` marks on each side, the mask of the words, and the words of the sentences before."""
        long = max(1, max(self.lengths[i] for i in rows))
        own = np.full((len(rows), long + 2 * reach), self.pad)
        mask = np.zeros((len(rows), long), dtype=np.float32)
        before = np.full((len(rows), max(1, max(len(self.before[i]) for i in rows))), self.pad)
        left = [self.vocabulary.close] * (reach - 1) + [self.vocabulary.open]
        right = [self.vocabulary.close] + [self.vocabulary.open] * (reach - 1)
        for k, i in enumerate(rows):
            line = [*left, *self.own[i], *right] if reach else self.own[i]
            own[k, : len(line)] = line
            mask[k, : self.lengths[i]] = 1
            before[k, : len(self.before[i])] = self.before[i]
        return own, mask, before

    def shuffled(self, size: int, generator: random.Random) -> Iterator[list[int]]:
        """Batches of similar length in random order."""
        rows = list(range(len(self.lengths)))
        generator.shuffle(rows)
        rows.sort(key=lambda i: self.lengths[i] // 6)
        batches = [rows[k : k + size] for k in range(0, len(rows), size)]
        generator.shuffle(batches)
        yield from batches


def build(words: int, settings: Settings) -> Any:
    """The network in torch, as ``extraction.convolution`` computes it; ``words`` counts the unknown one."""
    import torch
    from torch.nn import functional

    class Student(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.words = torch.nn.Embedding(words + 1, settings.vector, padding_idx=words)
            torch.nn.init.normal_(self.words.weight, std=0.1)
            with torch.no_grad():
                self.words.weight[words] = 0
            self.window = torch.nn.Linear(settings.window * settings.vector, settings.filters)
            self.before = torch.nn.Linear(settings.vector, settings.before)
            self.hidden = torch.nn.Linear(2 * (settings.filters + settings.before), settings.hidden)
            self.out = torch.nn.Linear(settings.hidden, len(POLARITIES) + len(themes()))

        def forward(self, own: Any, mask: Any, before: Any) -> Any:
            vectors = functional.dropout(self.words(own), 0.15, self.training)
            long = mask.shape[1]
            windows = torch.cat([vectors[:, k : k + long] for k in range(settings.window)], 2)
            found = torch.relu(self.window(windows).float()) * mask[:, :, None]
            there = (before != words).float()[:, :, None]
            context = torch.relu(self.before(functional.dropout(self.words(before), 0.15, self.training)).float())
            context = context * there
            pooled = [found.amax(1), found.sum(1) / mask.sum(1, keepdim=True).clamp(min=1)]
            pooled += [context.amax(1), context.sum(1) / there.sum(1).clamp(min=1)]
            vector = functional.dropout(torch.cat(pooled, 1), 0.2, self.training)
            return self.out(functional.dropout(torch.relu(self.hidden(vector)), 0.3, self.training)).float()

    return Student()


def train(examples: Examples, vocabulary: Vocabulary, settings: Settings) -> dict[str, np.ndarray]:
    """Trains the network; the arrays of ``convolution.Network``. Prints the loss of every epoch."""
    import torch
    from torch.nn import functional

    torch.manual_seed(settings.seed)
    generator = random.Random(settings.seed)
    data = Numbered(vocabulary, examples, settings.longest)
    model = build(data.pad, settings)
    targets = [torch.from_numpy(np.asarray(t, dtype=np.float32)) for t in (examples.polarity, examples.theme)]
    weight = torch.from_numpy(examples.weight.astype(np.float32))
    optimiser = torch.optim.AdamW(model.parameters(), lr=settings.rate, weight_decay=0.01, fused=True)
    total = settings.epochs * -(-len(data.lengths) // settings.batch)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.05 * total), max(0.0, (total - step) / (0.95 * total)))
    )

    def blurred(ids: Any) -> Any:
        keep = (ids >= data.pad - 1) | (ids == vocabulary.open) | (ids == vocabulary.close)
        return torch.where((torch.rand(ids.shape) < settings.unknown) & ~keep, data.pad - 1, ids)

    model.train()
    for epoch in range(settings.epochs):
        begun, losses = time.time(), []
        for batch in data.shuffled(settings.batch, generator):
            own, mask, before = map(torch.from_numpy, data.arrays(batch, settings.window // 2))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = model(blurred(own), mask, blurred(before))
            split = (logits[:, : len(POLARITIES)].float(), logits[:, len(POLARITIES) :].float())
            each = [
                functional.cross_entropy(head, target[batch], reduction="none")
                for head, target in zip(split, targets, strict=True)
            ]
            loss = (weight[batch] * (each[0] + each[1])).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.time() - begun:.0f} s", flush=True)
    return arrays(model, settings)


def arrays(model: Any, settings: Settings) -> dict[str, np.ndarray]:
    """The arrays of ``convolution.Network``: word vectors as int8 with a scale each, all else float16."""
    found = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    words = found["words.weight"][:-1]
    scale = (np.maximum(np.abs(words).max(axis=1), 1e-6) / 127).astype(np.float32)
    window = found["window.weight"].T.reshape(settings.window, settings.vector, settings.filters)
    out = {"words": np.round(words / scale[:, None]).astype(np.int8), "scale": scale}
    out |= {"window": window.astype(np.float16)}
    out |= {name: found[f"{name}.weight"].T.astype(np.float16) for name in ("before", "hidden", "out")}
    out |= {f"{name}_bias": found[f"{name}.bias"].astype(np.float16) for name in ("window", "before", "hidden", "out")}
    return out


def soft(rows: list[dict[str, Any]], settings: Settings) -> Examples:
    """Annotated examples with their weight and with smoothed labels."""
    examples = Examples.annotated(rows, replace(TAUGHT, gold_weight=settings.gold_weight))
    for target in (examples.polarity, examples.theme):
        target *= 1 - settings.smoothing
        target += settings.smoothing / target.shape[1]
    return examples


def mixture(
    rows: list[dict[str, Any]], targets: Examples, linear: list[np.ndarray], learnt: list[list[np.ndarray]]
) -> dict[str, Any]:
    """What findings.json says of the models together, and their scores on development reports.

    Calibration is fitted on the sentences picked at random. "Mixed" gets the shift of its log-score, of those from 0 to
    2, that gives the best macro-F1 on all the rows while no more polarities are wrong than without it, neither on all
    the rows nor on those picked at random.
    """
    logits = [(1 - SHARE) * _log(one) for one in linear]
    for heads in learnt:
        logits = [one + SHARE / len(learnt) * _log(other) for one, other in zip(logits, heads, strict=True)]
    usual = np.array([r["set"] == "random" for r in rows])
    gold = targets.polarity.argmax(1)
    mixed = POLARITIES.index("mixed")

    def quality(shift: float) -> tuple[int, int, float]:
        got = (logits[0] + shift * np.eye(len(POLARITIES))[mixed]).argmax(1)
        return int((got == gold).sum()), int((got == gold)[usual].sum()), macro_f1(gold, got)

    plain = quality(0.0)
    shifts = [k / 10 for k in range(21)]
    allowed = [s for s in shifts if all(a >= b for a, b in zip(quality(s)[:2], plain[:2], strict=True))]
    best = max(allowed, key=lambda s: (quality(s)[2], -s))
    shift = [best if k == mixed else 0.0 for k in range(len(POLARITIES))]
    logits[0] = logits[0] + np.array(shift, dtype=np.float32)
    scores = {}
    for name, part in (("all", usual | True), ("random", usual)):
        some = [r for r, keep in zip(rows, part, strict=True) if keep]
        scores[name] = score(some, logits[0][part], logits[1][part])
        scores[name]["polarity_macro_f1"] = macro_f1(gold[part], logits[0][part].argmax(1))
    return {
        "network_share": SHARE,
        "polarity_shift": shift,
        "polarity_temperature": round(temperature(logits[0][usual], targets.polarity[usual]), 4),
        "theme_temperature": round(temperature(logits[1][usual], targets.theme[usual]), 4),
        "development": scores,
    }


def macro_f1(gold: np.ndarray, got: np.ndarray) -> float:
    """Mean over the polarities of the F1 of each."""
    each = []
    for k in range(len(POLARITIES)):
        hits, both = ((gold == k) & (got == k)).sum(), (gold == k).sum() + (got == k).sum()
        each.append(2 * hits / both if both else 0.0)
    return float(np.mean(each))


def _log(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def main() -> None:
    """The command."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True, help="folder with train.jsonl")
    parser.add_argument("--labels", type=Path, required=True, help="folder with pool.jsonl and labels.npz")
    parser.add_argument("--linear", type=Path, required=True, help="folder with the linear model")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rows = read_jsonl(args.gold / "train.jsonl")
    held = development_files({r["file"] for r in rows})
    seen, part = [r for r in rows if r["file"] not in held], [r for r in rows if r["file"] in held]
    with np.load(args.linear / "findings.npz", allow_pickle=False) as data:
        known = {name: data[name] for name in data.files if not name.startswith("network")}
    vocabulary = Vocabulary(known)
    labelled = Examples.labelled(args.labels, held)
    networks = {name: train(soft(seen, one) + labelled, vocabulary, one) for name, one in NETWORKS.items()}
    targets = Examples.annotated(part, TAUGHT)
    linear = train_linear(Examples.annotated(seen, TAUGHT) + labelled, TAUGHT).logits(targets)
    found = mixture(part, targets, list(linear), heads(vocabulary, networks, targets))
    print(json.dumps(found, indent=1), flush=True)
    labelled = Examples.labelled(args.labels, set())
    networks = {name: train(soft(rows, one) + labelled, vocabulary, one) for name, one in NETWORKS.items()}
    pack(known, networks, found, args)


def heads(
    vocabulary: Vocabulary, networks: dict[str, dict[str, np.ndarray]], examples: Examples
) -> list[list[np.ndarray]]:
    """The scores of polarity and of theme that each network gives the examples, as the classifier computes them."""
    own, before = vocabulary.read_both(examples.texts, examples.previous)
    found = []
    for name, values in networks.items():
        named = {f"{name}_{kind}": value for kind, value in values.items()}
        logits = Network(vocabulary, named, name).logits(own, before, len(examples.texts))
        found.append([logits[:, : len(POLARITIES)], logits[:, len(POLARITIES) :]])
    return found


def pack(
    known: dict[str, np.ndarray], networks: dict[str, dict[str, np.ndarray]], found: dict[str, Any], args: Any
) -> None:
    """Writes findings.npz and findings.json to ``args.out``: those of ``args.linear`` with the networks added."""
    settings = json.loads((args.linear / "findings.json").read_text(encoding="utf-8"))
    settings |= {"version": 2, "networks": {name: asdict(NETWORKS[name]) for name in networks}, **found}
    values: dict[str, Any] = dict(known)
    values |= {f"{name}_{kind}": value for name, one in networks.items() for kind, value in one.items()}
    args.out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(args.out / "findings.npz", **values)
    (args.out / "findings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
