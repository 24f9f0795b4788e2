"""The tagger of strengths as a torch module, so that it can be trained; ``extraction.spans`` runs it in numpy."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

import numpy as np
import torch

from ofsted_nlp.extraction.spans import (
    DILATIONS,
    LONGEST,
    POOLED,
    PREFIXES,
    SHAPES,
    SPAN,
    SUFFIXES,
    key,
    prefix,
    shape,
    suffix,
)
from ofsted_nlp.training.annotations import Target, Tokens


class Network(torch.nn.Module):
    """Embeddings, dilated convolutions, and the two outputs described at ``extraction.spans.Tagger``."""

    def __init__(self, words: int, width: int, dropout: float) -> None:
        super().__init__()
        sizes = {"word": words + 1, "suffix": SUFFIXES, "prefix": PREFIXES, "shape": SHAPES}
        self.tables = torch.nn.ModuleDict({name: torch.nn.Embedding(n, width) for name, n in sizes.items()})
        for table in self.tables.values():
            torch.nn.init.normal_(table.weight, 0, 0.3)
        self.layers = torch.nn.ModuleList([torch.nn.Linear(3 * width, width) for _ in DILATIONS])
        self.pool = torch.nn.Linear(width, width)
        self.ends, self.tag = torch.nn.Linear(width, 2), torch.nn.Linear(width, 3)
        self.left, self.right = torch.nn.Linear(width, 32), torch.nn.Linear(width, 32)
        self.dropout = torch.nn.Dropout(dropout)

    def forward(self, ids: Any, inside: Any) -> tuple[Any, Any]:
        """Scores of spans (batch x n x n; -1e4 where none can be) and of tags (batch x n x 3)."""
        mask = inside.unsqueeze(-1).float()
        state = self.dropout(sum(table(ids[k]) for k, table in enumerate(self.tables.values())) * mask)
        n = state.shape[1]
        for k, (layer, step) in enumerate(zip(self.layers, DILATIONS, strict=True)):
            nothing = torch.zeros(state.shape[0], step, state.shape[2])
            wide = torch.cat([nothing, state, nothing], 1)
            wide = torch.cat([wide[:, :n], state, wide[:, 2 * step : 2 * step + n]], 2)
            state = (state + self.dropout(torch.relu(layer(wide)))) * mask
            if k == POOLED:
                greatest = (state - 1e4 * (1 - mask)).max(1, keepdim=True).values
                state = (state + torch.relu(self.pool(greatest))) * mask
        ends = self.ends(state)
        span = ends[..., 0].unsqueeze(2) + ends[..., 1].unsqueeze(1)
        span = span + self.left(state) @ self.right(state).transpose(1, 2) / 6
        at = torch.arange(n)
        allowed = (at[None] >= at[:, None]) & (at[None] - at[:, None] < SPAN)
        return span.masked_fill(~(allowed[None] & inside[:, None] & inside[:, :, None]), -1e4), self.tag(state)

    def arrays(self, vocabulary: dict[str, int]) -> dict[str, np.ndarray]:
        """What ``extraction.spans.Tagger`` reads."""
        out: dict[str, np.ndarray] = {
            "words": np.frombuffer("\n".join(sorted(vocabulary, key=vocabulary.__getitem__)).encode(), dtype=np.uint8)
        }
        for name, table in self.tables.items():
            weight = table.weight.detach().numpy()
            scale = np.abs(weight).max(1, keepdims=True).clip(1e-6) / 127
            out[name], out[f"{name}_scale"] = np.round(weight / scale).astype(np.int8), scale.astype(np.float32)
        parts = {f"conv{k}": layer for k, layer in enumerate(self.layers)}
        parts |= {name: getattr(self, name) for name in ("pool", "ends", "tag", "left", "right")}
        for name, layer in parts.items():
            out[name] = layer.weight.detach().numpy().T.astype(np.float16)
            out[f"{name}_bias"] = layer.bias.detach().numpy().astype(np.float16)
        return out


def vocabulary_of(sentences: list[Tokens], least: int) -> dict[str, int]:
    """A number from 1 for each word that stands at least ``least`` times in the sentences."""
    count = Counter(key(word) for tokens in sentences for word, _, _ in tokens)
    return {word: k for k, word in enumerate(sorted(w for w, n in count.items() if n >= least), 1)}


def train(
    targets: list[Target],
    vocabulary: dict[str, int],
    *,
    width: int,
    epochs: int,
    rate: float = 2e-3,
    size: int = 48,
    dropout: float = 0.2,
    unknown: float = 0.1,
    tag_weight: float = 0.33,
    seed: int = 0,
) -> Network:
    """Trains the tagger; ``unknown`` is the share of words that are hidden at random. Prints losses."""
    torch.manual_seed(seed)
    order, noise = random.Random(seed), np.random.default_rng(seed)
    model = Network(len(vocabulary), width, dropout)
    ids = [
        np.array(
            [
                (vocabulary.get(key(word), 0), suffix(key(word)), prefix(key(word)), shape(word, at))
                for at, (word, _, _) in enumerate(target.tokens[:LONGEST])
            ]
        )
        for target in targets
    ]
    total = epochs * math.ceil(len(targets) / size)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda t: min((t + 1) / (0.05 * total), max(0.0, (total - t) / (0.95 * total)))
    )
    model.train()
    for epoch in range(epochs):
        rows = list(range(len(targets)))
        order.shuffle(rows)
        rows.sort(key=lambda i: len(ids[i]) // 4)
        batches = [rows[k : k + size] for k in range(0, len(rows), size)]
        order.shuffle(batches)
        losses = []
        for batch in batches:
            n = max(len(ids[i]) for i in batch)
            given, inside = np.zeros((4, len(batch), n), np.int64), np.zeros((len(batch), n), bool)
            spans, tags = np.zeros((len(batch), n * n), np.float32), np.zeros((len(batch), n, 3), np.float32)
            for k, i in enumerate(batch):
                here, target = len(ids[i]), targets[i]
                given[:, k, :here], inside[k, :here] = ids[i].T, True
                spans[k, target.first * n + target.last] = target.likely
                tags[k, :here] = target.tags[:here]
            given[0] *= noise.random(given[0].shape) > unknown
            span, tag = model(torch.from_numpy(given), torch.from_numpy(inside))
            loss = -(torch.from_numpy(spans) * torch.log_softmax(span.flatten(1), 1)).sum(1)
            loss = loss - tag_weight * (torch.from_numpy(tags) * torch.log_softmax(tag, 2)).sum((1, 2))
            weight = torch.tensor([targets[i].weight for i in batch])
            loss = (loss * weight).sum() / weight.sum()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        if epoch % 5 == 4 or epoch == epochs - 1:
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return model.eval()
