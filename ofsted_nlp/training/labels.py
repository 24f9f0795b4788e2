"""Labels the unannotated sentences with what the teachers say of them.

    python -m ofsted_nlp.training.labels --gold DIR --corpus DIR --encoder DIR --out DIR [--teacher N] [--part K/N]

takes the ``teacher-*.safetensors`` of --out in the order of their numbers (or only --teacher). The first labels
sentences of ``pool.jsonl`` that stand in no evaluation report, each text once; each further one only those of which
the first is not sure. ``labels-TEACHER-K-N.npz`` holds their numbers in the pool and the log-probabilities of polarity
and theme (float16). ``read`` gives the mean where several teachers labelled a sentence. Parts can run side by side.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np

from ofsted_nlp.training import pool
from ofsted_nlp.training.teacher import arguments, build, label, second_segment
from ofsted_nlp.training.text import sentence_key

CHUNK = 4096
SURE = (0.9, 0.7)
"""A teacher is sure of a sentence if its likeliest polarity and its likeliest theme have these probabilities."""


def wanted(sentences: list[pool.PoolSentence], without: set[str], limit: int) -> list[int]:
    """The numbers of at most ``limit`` sentences to label, in an order that mixes reports."""
    seen: set[str] = set()
    numbers = []
    for number, sentence in enumerate(sentences):
        long = sentence.text.count(" ") + 1
        if sentence.file not in without and sentence.text not in seen and 4 <= long <= 110:
            seen.add(sentence.text)
            numbers.append(number)
    return sorted(numbers, key=lambda number: sentence_key(sentences[number].text))[:limit]


def files(folder: Path) -> dict[int, list[Path]]:
    """The files of labels in a folder by teacher."""
    found: dict[int, list[Path]] = {}
    for path in sorted(folder.glob("labels-*-*-*.npz")):
        found.setdefault(int(path.name.split("-")[1]), []).append(path)
    return dict(sorted(found.items()))


def _one(paths: list[Path]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    parts = []
    for path in paths:
        with np.load(path, allow_pickle=False) as data:
            parts.append((data["numbers"], data["polarity"], data["theme"]))
    numbers, polarity, theme = (np.concatenate(kind) for kind in zip(*parts, strict=True))
    order = np.argsort(numbers)
    return numbers[order], polarity[order].astype(np.float32), theme[order].astype(np.float32)


def unsure(paths: list[Path]) -> set[int]:
    """The sentences of which a teacher is not sure."""
    numbers, polarity, theme = _one(paths)
    sure = (np.exp(polarity.max(1)) >= SURE[0]) & (np.exp(theme.max(1)) >= SURE[1])
    return set(numbers[~sure].tolist())


def read(folder: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Numbers in the pool, and log-probabilities of polarity (n x 4) and theme (n x themes), of all labels there."""
    first, *others = files(folder).values()
    numbers, polarity, theme = _one(first)
    count = np.ones((len(numbers), 1), dtype=np.float32)
    for paths in others:
        some, polar, themed = _one(paths)
        known = np.isin(some, numbers)
        at = np.searchsorted(numbers, some[known])
        polarity[at] += polar[known]
        theme[at] += themed[known]
        count[at] += 1
    return numbers, polarity / count, theme / count


def main() -> None:
    """The command."""
    import torch
    from safetensors.torch import load_file

    parser = arguments(__doc__)
    parser.add_argument("--encoder", required=True, help="folder of a MiniLM (config.json, tokenizer.json, weights)")
    parser.add_argument("--teacher", type=int, help="the number of the only teacher to ask")
    parser.add_argument("--limit", type=int, default=122_880, help="how many sentences to label at most")
    parser.add_argument("--part", default="1/1", help="which part of how many: 1/2, 2/2")
    args = parser.parse_args()
    torch.set_num_threads(1)
    part, parts = (int(number) for number in args.part.split("/"))
    sentences = pool.make(args.corpus, args.out)
    every = wanted(sentences, pool.evaluation_files(args.gold), args.limit)
    paths = {int(re.sub(r"\D", "", path.stem)): path for path in args.out.glob("teacher-*.safetensors")}
    for teacher in sorted(paths):
        if args.teacher not in (None, teacher):
            continue
        numbers = every[part - 1 :: parts]
        if teacher != min(paths):
            asked = unsure(files(args.out)[min(paths)])
            numbers = [number for number in numbers if number in asked]
        model = build(args.encoder)
        model.load_state_dict(load_file(paths[teacher]))
        begun, found = time.time(), []
        for start in range(0, len(numbers), CHUNK):
            some = [sentences[number] for number in numbers[start : start + CHUNK]]
            beside = [second_segment(s.place, s.before) for s in some]
            found.append(label(model, args.encoder, [s.text for s in some], beside))
            polarity, theme = (np.concatenate(kind) for kind in zip(*found, strict=True))
            done = np.array(numbers[: len(polarity)])
            np.savez(args.out / f"labels-{teacher}-{part}-{parts}.npz", numbers=done, polarity=polarity, theme=theme)
            speed = len(done) / (time.time() - begun)
            print(f"teacher {teacher}: {len(done)} of {len(numbers)}, {speed:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
