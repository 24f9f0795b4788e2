"""Adds small convolutional networks to the linear classifier of findings: all learn from the same teacher.

    python -m ofsted_nlp.training.student --gold DIR --corpus DIR --labels DIR --linear DIR --out DIR

reads the annotations, the teachers' labels (``ofsted_nlp.training.labels``) and the findings.npz and findings.json of
the linear model (``ofsted_nlp.training.classifier``), and writes both files with the networks added. First both are
trained without the reports of ``development_files``, on which the shift for "mixed" and the calibration are chosen and
the scores in findings.json are measured. Then, with the same settings, the networks learn from all: those are written.
Needs the extra ``train``; one thread, seeded.
"""

from __future__ import annotations

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
from ofsted_nlp.extraction.places import Places
from ofsted_nlp.model_files import record_models
from ofsted_nlp.themes import themes
from ofsted_nlp.training import pool
from ofsted_nlp.training.classifier import DEVELOPMENT, TAUGHT, Examples, withheld
from ofsted_nlp.training.mixing import Development, mixture
from ofsted_nlp.training.teacher import POLARITIES, SEED, arguments, development_files


@dataclass(frozen=True)
class Settings:
    """Shape and training of a network.

    Attributes:
        vector: width of the word vectors.
        filters: number of filters of the convolution; ``window`` is its width in words.
        deep: number of filters of the second convolution, three words wide, on the first.
        before: number of filters (one word wide) over the sentence before.
        hidden: width of the hidden layer.
        epochs, batch, rate: passes over the data, sentences a step, highest learning rate.
        gold_weight: weight of an annotated sentence; one that the teacher labelled has 1.
        hard_weight: factor on that of an annotated sentence that was picked as hard.
        smoothing: share of an annotation's weight that is spread over all classes.
        unknown: share of the words taken for unknown at each step.
        longest: words of a sentence beyond this are not trained on.
        seed: of the first weights, the order of the batches and what is dropped.
    """

    vector: int = 96
    filters: int = 256
    window: int = 5
    deep: int = 128
    before: int = 64
    hidden: int = 256
    epochs: int = 6
    batch: int = 128
    rate: float = 3e-3
    gold_weight: float = 4.0
    hard_weight: float = 0.5
    smoothing: float = 0.08
    unknown: float = 0.06
    longest: int = 100
    seed: int = SEED


NETWORKS = {"network": Settings()}
"""The networks in the mixture; what a second one brought was not worth its time (docs/model-card.md)."""


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


def build(words: int, places: int, settings: Settings) -> Any:
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
            self.deep = torch.nn.Linear(3 * settings.filters, settings.deep)
            self.place = torch.nn.Embedding(places + 1, settings.hidden, padding_idx=places)
            torch.nn.init.zeros_(self.place.weight)
            self.hidden = torch.nn.Linear(2 * (settings.filters + settings.deep + settings.before), settings.hidden)
            self.out = torch.nn.Linear(settings.hidden, len(POLARITIES) + len(themes()))

        def forward(self, own: Any, mask: Any, before: Any, place: Any) -> Any:
            vectors = functional.dropout(self.words(own), 0.15, self.training)
            long = mask.shape[1]
            windows = torch.cat([vectors[:, k : k + long] for k in range(settings.window)], 2)
            found = torch.relu(self.window(windows).float()) * mask[:, :, None]
            wide = functional.pad(functional.dropout(found, 0.1, self.training), (0, 0, 1, 1))
            deep = self.deep(torch.cat([wide[:, k : k + long] for k in range(3)], 2))
            deep = torch.relu(deep.float()) * mask[:, :, None]
            there = (before != words).float()[:, :, None]
            context = torch.relu(self.before(functional.dropout(self.words(before), 0.15, self.training)).float())
            context = context * there
            count = mask.sum(1, keepdim=True).clamp(min=1)
            pooled = [found.amax(1), found.sum(1) / count, deep.amax(1), deep.sum(1) / count]
            pooled += [context.amax(1), context.sum(1) / there.sum(1).clamp(min=1)]
            vector = functional.dropout(torch.cat(pooled, 1), 0.2, self.training)
            hidden = self.hidden(vector) + self.place(place).sum(1)
            return self.out(functional.dropout(torch.relu(hidden), 0.3, self.training)).float()

    return Student()


def train(examples: Examples, vocabulary: Vocabulary, places: Places, settings: Settings) -> dict[str, np.ndarray]:
    """Trains the network; the arrays of ``convolution.Network``. Prints the loss of every epoch."""
    import torch
    from torch.nn import functional

    torch.manual_seed(settings.seed)
    generator = random.Random(settings.seed)
    data = Numbered(vocabulary, examples, settings.longest)
    model = build(data.pad, places.width, settings)
    with torch.no_grad():
        model.words.weight[: len(vocabulary.words)] = torch.from_numpy(first_vectors(vocabulary.words, settings.vector))
    where = torch.from_numpy(places.numbers(withheld(examples.places)))
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
                logits = model(blurred(own), mask, blurred(before), where[batch])
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


def first_vectors(words: list[str], width: int) -> np.ndarray:
    """Where the word vectors start: those of the bundled encoder in their ``width`` main directions, made as short as
    vectors drawn at random would be.
    """
    from ofsted_nlp.encoders import encoder

    found = np.asarray(encoder().encode(words), dtype=np.float64)
    found -= found.mean(axis=0)
    _, _, directions = np.linalg.svd(found, full_matrices=False)
    signs = np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])
    found = found @ (directions * signs[:, None])[:width].T
    return (found * 0.1 / found.std()).astype(np.float32)


def arrays(model: Any, settings: Settings) -> dict[str, np.ndarray]:
    """The arrays of ``convolution.Network``: word vectors as int8 with a scale each, all else float16."""
    found = {name: value.detach().float().numpy() for name, value in model.state_dict().items()}
    words = found["words.weight"][:-1]
    scale = (np.maximum(np.abs(words).max(axis=1), 1e-6) / 127).astype(np.float32)
    window = found["window.weight"].T.reshape(settings.window, settings.vector, settings.filters)
    out = {"words": np.round(words / scale[:, None]).astype(np.int8), "scale": scale}
    out |= {"window": window.astype(np.float16)}
    deep = found["deep.weight"].T.reshape(3, settings.filters, settings.deep)
    out |= {"deep": deep.astype(np.float16), "place": found["place.weight"][:-1].astype(np.float16)}
    out |= {name: found[f"{name}.weight"].T.astype(np.float16) for name in ("before", "hidden", "out")}
    biased = ("window", "deep", "before", "hidden", "out")
    out |= {f"{name}_bias": found[f"{name}.bias"].astype(np.float16) for name in biased}
    return out


def soft(rows: list[dict[str, Any]], settings: Settings) -> Examples:
    """Annotated examples with their weight and with smoothed labels."""
    examples = Examples.annotated(
        rows, replace(TAUGHT, gold_weight=settings.gold_weight, hard_weight=settings.hard_weight)
    )
    for target in (examples.polarity, examples.theme):
        target *= 1 - settings.smoothing
        target += settings.smoothing / target.shape[1]
    return examples


def main() -> None:
    """The command."""
    import torch

    parser = arguments(__doc__)
    parser.add_argument("--labels", type=Path, required=True, help="folder with pool.jsonl and the teachers' labels")
    parser.add_argument("--linear", type=Path, required=True, help="folder with the linear model")
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    sentences = pool.make(args.corpus, args.labels)
    rows = pool.annotated(args.gold, args.annotations, sentences)
    held = development_files({r["file"] for r in rows})
    with np.load(args.linear / "findings.npz", allow_pickle=False) as data:
        known = {name: data[name] for name in data.files if not name.startswith("network")}
    settings = json.loads((args.linear / "findings.json").read_text(encoding="utf-8"))
    vocabulary, places = Vocabulary(known), Places(settings["sections"], settings["grades"])

    def learn(some: list[dict[str, Any]], without: set[str]) -> dict[str, dict[str, np.ndarray]]:
        labelled = Examples.labelled(sentences, args.labels, without)
        return {name: train(soft(some, one) + labelled, vocabulary, places, one) for name, one in NETWORKS.items()}

    networks = learn([r for r in rows if r["file"] not in held], held)
    development = Development.of(rows, sentences)
    with np.load(args.linear / DEVELOPMENT, allow_pickle=False) as data:
        linear = [data["polarity"], data["theme"]]
    found = mixture(development, linear, heads(vocabulary, places, networks, development.sentences))
    print(json.dumps(found, indent=1), flush=True)
    pack(known, learn(rows, set()), settings | found, args.out)


def heads(
    vocabulary: Vocabulary,
    places: Places,
    networks: dict[str, dict[str, np.ndarray]],
    sentences: list[pool.PoolSentence],
    chunk: int = 2048,
) -> list[list[np.ndarray]]:
    """The scores of polarity and of theme that each network gives sentences, as the classifier computes them."""
    built = []
    for name, values in networks.items():
        built.append(Network(vocabulary, {f"{name}_{kind}": value for kind, value in values.items()}, name))
    found: list[list[np.ndarray]] = [[] for _ in built]
    for start in range(0, len(sentences), chunk):
        some = sentences[start : start + chunk]
        own, before = vocabulary.read_both([s.text for s in some], [s.before for s in some])
        numbers = places.numbers([s.place for s in some])
        for network, parts in zip(built, found, strict=True):
            parts.append(network.logits(own, before, len(some), numbers))
    wide = len(POLARITIES)
    return [[(logits := np.concatenate(parts))[:, :wide], logits[:, wide:]] for parts in found]


def pack(
    known: dict[str, np.ndarray], networks: dict[str, dict[str, np.ndarray]], settings: dict[str, Any], out: Path
) -> None:
    """Writes findings.npz and findings.json: those of the linear model with the networks added."""
    settings = settings | {"networks": {name: asdict(NETWORKS[name]) for name in networks}}
    values: dict[str, Any] = dict(known)
    values |= {f"{name}_{kind}": value for name, one in networks.items() for kind, value in one.items()}
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / "findings.npz", **values)
    (out / "findings.json").write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
    record_models(out)


if __name__ == "__main__":
    main()
