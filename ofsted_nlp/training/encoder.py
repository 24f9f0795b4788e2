"""Makes the static encoder that the package carries (data/models/encoder).

    python -m ofsted_nlp.training.encoder --gold DIR --labels DIR --encoder DIR --out DIR

First it distils: each word piece, word and word pair of the vocabulary goes through MiniLM alone; the vectors are
brought to fewer dimensions (PCA) and weighted by rarity. Then it tunes them on sentences of the reports, to agree with
MiniLM's likeness, to know a sentence by the one beside it, and to bring together what the teachers take for one theme
(the pool and the labels that ``ofsted_nlp.training.labels`` wrote to --labels). First without the reports of
``development_files``: that gives the scores in scores.json beside the model; then, with the same settings, on all: that
model is written. Of the gold folder only train.jsonl is learnt from, and nothing is learnt from evaluation reports.
Needs the extra ``train``; one thread, seeded.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from ofsted_nlp.encoders.static import StaticEncoder
from ofsted_nlp.encoders.wordpieces import Tokeniser
from ofsted_nlp.model_files import record_models
from ofsted_nlp.training import labels, minilm, pool
from ofsted_nlp.training.encoder_scores import agreement, precision_at_5
from ofsted_nlp.training.encoder_vocabulary import choose, description
from ofsted_nlp.training.teacher import SEED, development_files, theme_targets
from ofsted_nlp.training.text import clean, read_jsonl


@dataclass(frozen=True)
class Settings:
    """What was chosen on the development reports.

    Attributes:
        dimensions: length of the vectors.
        size, pairs, least: vocabulary (``encoder_vocabulary.choose``).
        rarity: a piece that makes up the share p of the reports' pieces weighs rarity / (rarity + p).
        sentences: how many sentences MiniLM encodes for the tuning.
        steps, batch, rate: steps of tuning, sentences of each kind a step, highest learning rate.
        minilm, beside, theme: weight of each aim; 0 leaves it out.
        sharp: temperature of the likeness in the two contrastive aims, and in the ranking by MiniLM.
        gold: how many times more often an annotated sentence is drawn than one labelled by the teachers.
        unknown: share of the pieces that are left out at each step.
        seed: of what is drawn.
    """

    dimensions: int = 256
    size: int = 27_000
    pairs: int = 5_000
    least: int = 4
    rarity: float = 1e-3
    sentences: int = 16_000
    steps: int = 1_000
    batch: int = 512
    rate: float = 3e-3
    minilm: float = 1.0
    beside: float = 0.1
    theme: float = 0.6
    sharp: float = 0.07
    gold: int = 3
    unknown: float = 0.1
    seed: int = SEED


@dataclass
class Sentences:
    """What is learnt from.

    Attributes:
        files: the report of each sentence.
        texts: sentences; ``before``: the sentence before each, "" where there is none.
        themes: share of each theme (n x themes).
        draws: how often each is drawn, relative to the others.
        minilm: MiniLM's vectors of those that have one (n x 384); of the others, zeros.
    """

    files: list[str]
    texts: list[str]
    before: list[str]
    themes: np.ndarray
    draws: np.ndarray
    minilm: np.ndarray

    @classmethod
    def read(cls, rows: list[dict[str, Any]], folder: Path, gold: int) -> Sentences:
        """Annotated rows, each drawn ``gold`` times as often as a sentence that the teachers labelled, and those."""
        sentences = read_jsonl(folder / pool.POOL)
        numbers, _, theme = labels.read(folder)
        own = [clean(r["text"]) for r in rows]
        seen = set(own)
        kept = np.flatnonzero([sentences[number]["text"] not in seen for number in numbers])
        kept = np.random.default_rng(SEED).permutation(kept)
        some = [sentences[number] for number in numbers[kept]]
        return cls(
            [r["file"] for r in rows] + [s["file"] for s in some],
            own + [s["text"] for s in some],
            [clean(r["prev"] or "") for r in rows] + [s["before"] for s in some],
            np.concatenate([theme_targets(rows), np.exp(theme[kept].astype(np.float32))]),
            np.concatenate([np.full(len(own), float(gold)), np.ones(len(kept))]),
            np.zeros((len(own) + len(kept), 384), dtype=np.float32),
        )

    def without(self, files: set[str]) -> Sentences:
        """All but the sentences of these reports."""
        kept = [k for k, file in enumerate(self.files) if file not in files]
        names, texts, before = ([column[k] for k in kept] for column in (self.files, self.texts, self.before))
        return Sentences(names, texts, before, self.themes[kept], self.draws[kept], self.minilm[kept])


class Pieces:
    """Texts as rows of word pieces, served as flat numbers with offsets."""

    def __init__(self, tokeniser: Tokeniser, texts: list[str]) -> None:
        self.numbers, self.lengths = tokeniser(texts)
        self.starts = np.cumsum(self.lengths) - self.lengths

    def rows(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The pieces of some texts one after the other, and where each text starts."""
        lengths = self.lengths[rows]
        offsets = np.cumsum(lengths) - lengths
        at = np.arange(lengths.sum()) - np.repeat(offsets, lengths) + np.repeat(self.starts[rows], lengths)
        return self.numbers[at], offsets


def distil(vocabulary: dict[str, int], shares: np.ndarray, folder: Path, settings: Settings) -> np.ndarray:
    """The vectors of the vocabulary before tuning (pieces x dimensions, float32): MiniLM of each, PCA, rarity.

    Args:
        vocabulary: piece to number; number 0 is the unknown piece.
        shares: of each piece among the pieces of the reports.
        folder: of the MiniLM.
        settings: for the dimensions and the rarity.
    """
    own = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    numbers = minilm.sentence_numbers(folder, list(vocabulary))
    for k, piece in enumerate(vocabulary):
        if piece in own:
            numbers[k] = [numbers[k][0], own[piece], numbers[k][-1]]
    vectors = minilm.embed(folder, numbers, batch=256)
    vectors -= vectors[1:].mean(axis=0)
    _, _, axes = np.linalg.svd(vectors[1:].T @ vectors[1:])
    vectors = vectors @ axes[: settings.dimensions].T
    vectors *= (settings.rarity / (settings.rarity + shares))[:, None]
    vectors[0] = 0
    return np.ascontiguousarray(vectors / np.linalg.norm(vectors, axis=1).mean(), dtype=np.float32)


def tune(vectors: np.ndarray, data: Sentences, tokeniser: Tokeniser, settings: Settings) -> np.ndarray:
    """The vectors after tuning; prints the mean of each aim's loss now and then."""
    import torch
    from torch.nn import functional

    torch.manual_seed(settings.seed)
    draw = np.random.default_rng(settings.seed)
    pieces = Pieces(tokeniser, data.texts + data.before)
    n = len(data.texts)
    table = torch.nn.Parameter(torch.from_numpy(vectors.copy()))
    optimiser = torch.optim.Adam([table], lr=settings.rate, betas=(0.9, 0.98), fused=True)
    total = settings.steps
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.05 * total), max(0.0, (total - step) / (0.95 * total)))
    )
    paired = np.flatnonzero((pieces.lengths[:n] > 3) & (pieces.lengths[n:] > 3))
    chance = data.draws / data.draws.sum()
    chances = chance[paired] / chance[paired].sum()
    known = np.flatnonzero(data.minilm.any(axis=1))
    target = torch.from_numpy(data.minilm)
    off = ~torch.eye(settings.batch, dtype=torch.bool)
    losses: list[list[float]] = []

    def encode(rows: np.ndarray) -> Any:
        numbers, offsets = (torch.from_numpy(a) for a in pieces.rows(rows))
        kept = (torch.rand(len(numbers)) >= settings.unknown).float()
        found = functional.embedding_bag(numbers, table, offsets, mode="sum", per_sample_weights=kept)
        return functional.normalize(found, dim=1).split(settings.batch)

    def ranking(like: Any, wanted: Any) -> Any:
        """Cross-entropy of each row's likeness to the others against a distribution over them."""
        return -(wanted * functional.log_softmax((like / settings.sharp).masked_fill(~off, -30.0), 1)).sum(1).mean()

    here = torch.arange(settings.batch)
    for step in range(total):
        likened = draw.choice(known, size=settings.batch, replace=False)
        twos = draw.choice(paired, size=settings.batch, replace=False, p=chances)
        themed = draw.choice(n, size=settings.batch, replace=False, p=chance)
        first, second, third, fourth = encode(np.concatenate([likened, twos, twos + n, themed]))

        like, wanted = first @ first.T, target[likened] @ target[likened].T
        ranked = functional.softmax((wanted / settings.sharp).masked_fill(~off, -30.0), 1)
        aims = [settings.minilm * (20 * ((like - wanted)[off] ** 2).mean() + 0.5 * ranking(like, ranked))]

        like = second @ third.T / settings.sharp
        both = functional.cross_entropy(like, here) + functional.cross_entropy(like.T, here)
        aims.append(settings.beside * both / 2)

        shares = torch.from_numpy(data.themes[themed])
        same = (shares @ shares.T).masked_fill(~off, 0.0)
        wanted = same / same.sum(1, keepdim=True).clamp(min=1e-6)
        aims.append(settings.theme * ranking(fourth @ fourth.T, wanted))
        loss = torch.stack(aims).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        losses.append([aim.item() for aim in aims])
        if (step + 1) % 500 == 0:
            print(f"step {step + 1}: losses {np.round(np.mean(losses[-500:], axis=0), 4).tolist()}", flush=True)
    return table.detach().numpy()


def write(folder: Path, vocabulary: dict[str, int], vectors: np.ndarray) -> None:
    """Writes the model: int8 vectors in units of one number a piece ("weights")."""
    from safetensors.numpy import save

    folder.mkdir(parents=True, exist_ok=True)
    scale = (np.maximum(np.abs(vectors).max(axis=1), 1e-6) / 127).astype(np.float32)
    small = np.round(vectors / scale[:, None]).astype(np.int8)
    (folder / "model.safetensors").write_bytes(save({"embeddings": small, "weights": scale}))
    text = json.dumps(description(vocabulary), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(text + "\n", encoding="utf-8")
    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "hidden_dim": vectors.shape[1],
        "normalize": True,
        "max_length": None,
        "embedding_dtype": "int8",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")


def make(data: Sentences, minilm_folder: Path, settings: Settings, out: Path) -> StaticEncoder:
    """Chooses the vocabulary, distils, tunes and writes; returns the encoder as read again."""
    vocabulary = choose(data.texts, minilm_folder, settings.size, settings.pairs, settings.least)
    tokeniser = Tokeniser(description(vocabulary))
    numbers, _ = tokeniser(data.texts)
    shares = np.bincount(numbers, minlength=len(vocabulary)) / len(numbers)
    vectors = distil(vocabulary, shares, minilm_folder, settings)
    if settings.steps:
        vectors = tune(vectors, data, tokeniser, settings)
    write(out, vocabulary, vectors)
    return StaticEncoder(out)


def measure(model: Any, rows: list[dict[str, Any]], others: list[dict[str, Any]], own: np.ndarray) -> dict[str, Any]:
    """The scores of an encoder on the development reports.

    Args:
        model: has ``encode``.
        rows: the annotated sentences of the development reports.
        others: those of all reports.
        own: MiniLM's vectors of ``rows``.
    """
    vectors = model.encode([clean(r["text"]) for r in rows])
    everything = model.encode([clean(r["text"]) for r in others])
    return {
        "among_development": precision_at_5(rows, vectors, rows, vectors),
        "among_all": precision_at_5(rows, vectors, others, everything),
        "with_minilm": agreement(vectors, own),
    }


def main() -> None:
    """The command."""
    import torch

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--labels", type=Path, required=True, help="what ofsted_nlp.training.labels wrote")
    parser.add_argument("--encoder", type=Path, required=True, help="folder of a MiniLM")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    settings = Settings()
    rows = read_jsonl(args.gold / "train.jsonl")
    held = development_files({r["file"] for r in rows})
    data = Sentences.read(rows, args.labels, settings.gold)
    data = data.without(pool.evaluation_files(args.gold))
    begun, count = time.time(), len(rows) + settings.sentences
    numbers = minilm.sentence_numbers(args.encoder, data.texts[:count])
    data.minilm[:count] = minilm.embed(args.encoder, numbers, half=True)
    print(f"MiniLM: {count} sentences in {time.time() - begun:.0f} s", flush=True)
    held_rows = [k for k, r in enumerate(rows) if r["file"] in held]
    with TemporaryDirectory() as folder:
        trial = make(data.without(held), args.encoder, settings, Path(folder))
        scores = measure(trial, [rows[k] for k in held_rows], rows, data.minilm[held_rows])
    print(json.dumps(scores, indent=1), flush=True)
    found = make(data, args.encoder, settings, args.out)
    about = {"settings": asdict(settings), "development": scores}
    (args.out / "scores.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    record_models(args.out)
    print(found, flush=True)


if __name__ == "__main__":
    main()
