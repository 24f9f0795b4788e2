"""Vectors of MiniLM itself, which the static encoder learns from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ofsted_nlp.training.teacher import Batches


def embed(folder: Path, numbers: Sequence[Sequence[int]], batch: int = 64, half: bool = False) -> np.ndarray:
    """The mean of MiniLM's last layer over each row of token numbers, of unit length (n x 384, float32).

    Args:
        folder: of the MiniLM.
        numbers: token numbers, with those that open and close a text.
        batch: rows computed together, of like length.
        half: compute in bfloat16, about twice as fast; the vectors then differ in the third decimal.
    """
    import torch
    from transformers import AutoModel

    model = AutoModel.from_pretrained(folder).to(torch.bfloat16 if half else torch.float32).eval()
    rows = sorted(range(len(numbers)), key=lambda i: len(numbers[i]))
    out = np.zeros((len(numbers), model.config.hidden_size), dtype=np.float32)
    with torch.inference_mode():
        for start in range(0, len(rows), batch):
            some = rows[start : start + batch]
            width = max(len(numbers[i]) for i in some)
            ids, mask = (torch.zeros(len(some), width, dtype=torch.long) for _ in range(2))
            for k, i in enumerate(some):
                ids[k, : len(numbers[i])] = torch.tensor(numbers[i])
                mask[k, : len(numbers[i])] = 1
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state.float()
            part = mask.unsqueeze(-1).float()
            mean = (states * part).sum(1) / part.sum(1)
            out[some] = torch.nn.functional.normalize(mean, dim=1).numpy()
    return out


def sentence_numbers(folder: Path, texts: Sequence[str], longest: int = 126) -> list[list[int]]:
    """The token numbers of texts, cut to ``longest`` and with the opening and closing one."""
    batches = Batches(str(folder), list(texts), [""] * len(texts), longest=longest)
    return [[batches.start, *ids, batches.stop] for ids in batches.first]
