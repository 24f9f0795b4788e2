"""Makes a teacher: a MiniLM fine-tuned on the annotated sentences, to label the many unannotated ones.

    python -m ofsted_nlp.training.teacher --gold DIR --corpus DIR --encoder DIR --out DIR [--seed N]

reads DIR/train.jsonl and corpus/annotations/sentences.jsonl, leaves out the reports that ``development_files`` names,
fine-tunes the encoder with one head for polarity and one for themes (the second segment is the sentence's place and the
sentence before), and writes ``teacher-N.safetensors`` and its scores on the reports left out, ``teacher-N.json``.
Several seeds make several teachers, whose labels ``ofsted_nlp.training.labels`` averages.
Needs the extra ``train``; one thread, seeded, so that a run can be repeated.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import time
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.places import Place
from ofsted_nlp.themes import themes
from ofsted_nlp.training import pool

POLARITIES = ("strength", "concern", "mixed", "neutral")
SEED = 20240501
HARD_WEIGHT = 0.75
"""Weight of a sentence that was picked as hard; one picked at random has 1."""
PLACELESS = 0.08
"""Share of the sentences whose place is withheld in training, so that a sentence without one is read too."""


def development_files(files: set[str], share: float = 0.12) -> set[str]:
    """The reports whose annotated sentences are kept for development: chosen by a hash of the file name."""
    return {f for f in files if int(hashlib.sha256(f.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share}


def second_segment(place: Place, before: str) -> str:
    """What the teacher reads beside a sentence."""
    return f"{place.words()}: {before}" if place.words() else before


def build(encoder: str) -> Any:
    """The model: encoder, mean of the first segment beside the first token's vector, two linear heads."""
    import torch
    from transformers import AutoModel

    class Teacher(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(encoder)
            width = self.encoder.config.hidden_size
            self.dropout = torch.nn.Dropout(0.1)
            self.polarity = torch.nn.Linear(2 * width, len(POLARITIES))
            self.theme = torch.nn.Linear(2 * width, len(themes()))

        def forward(self, ids: Any, mask: Any, segments: Any) -> tuple[Any, Any]:
            states = self.encoder(input_ids=ids, attention_mask=mask, token_type_ids=segments).last_hidden_state
            first = (mask * (1 - segments)).unsqueeze(-1).to(states.dtype)
            mean = (states * first).sum(1) / first.sum(1)
            vector = self.dropout(torch.cat([states[:, 0], mean], dim=1))
            return self.polarity(vector), self.theme(vector)

    return Teacher()


class Batches:
    """Tokenises pairs once and serves padded batches of similar length."""

    def __init__(self, encoder: str, texts: list[str], beside: list[str], longest: int = 80, context: int = 48):
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(Path(encoder) / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.first = [e.ids[1:-1][:longest] for e in tokenizer.encode_batch(texts)]
        self.second = [e.ids[1:-1][:context] for e in tokenizer.encode_batch(beside)]
        self.start, self.stop = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        self.lengths = [len(a) + len(b) + 3 for a, b in zip(self.first, self.second, strict=True)]

    def tensors(self, rows: list[int]) -> tuple[Any, Any, Any]:
        """Ids, attention mask and segment ids of these rows."""
        import torch

        width = max(self.lengths[i] for i in rows)
        ids, mask, segments = (torch.zeros(len(rows), width, dtype=torch.long) for _ in range(3))
        for k, i in enumerate(rows):
            a = [self.start, *self.first[i], self.stop]
            b = [*self.second[i], self.stop]
            ids[k, : len(a) + len(b)] = torch.tensor(a + b)
            mask[k, : len(a) + len(b)] = 1
            segments[k, len(a) : len(a) + len(b)] = 1
        return ids, mask, segments

    def shuffled(self, size: int, generator: random.Random) -> list[list[int]]:
        """Batches of similar length in random order."""
        rows = list(range(len(self.lengths)))
        generator.shuffle(rows)
        rows.sort(key=lambda i: self.lengths[i] // 8)
        batches = [rows[k : k + size] for k in range(0, len(rows), size)]
        generator.shuffle(batches)
        return batches

    def ordered(self, size: int) -> list[list[int]]:
        """Batches of similar length, all rows once."""
        rows = sorted(range(len(self.lengths)), key=lambda i: self.lengths[i])
        return [rows[k : k + size] for k in range(0, len(rows), size)]


def theme_targets(rows: list[dict[str, Any]], second: float = 0.25) -> np.ndarray:
    """Soft theme labels: the primary theme, and ``second`` of the weight on the secondary where there is one."""
    index = {code: k for k, code in enumerate(themes())}
    out = np.zeros((len(rows), len(index)), dtype=np.float32)
    for k, row in enumerate(rows):
        other = row.get("theme2")
        out[k, index[row["theme"]]] = 1 - second if other else 1
        if other:
            out[k, index[other]] += second
    return out


def train(rows: list[dict[str, Any]], encoder: str, epochs: int, seed: int, rate: float = 8e-5, size: int = 32) -> Any:
    """Fine-tunes the encoder on annotated rows; prints the loss of every epoch."""
    import torch

    torch.manual_seed(seed)
    generator = random.Random(seed)
    model = build(encoder)
    beside = [second_segment(Place() if generator.random() < PLACELESS else r["place"], r["prev"]) for r in rows]
    batches = Batches(encoder, [r["text"] for r in rows], beside)
    polarity = torch.tensor([POLARITIES.index(r["polarity"]) for r in rows])
    theme = torch.from_numpy(theme_targets(rows))
    weight = torch.tensor([1.0 if r["set"] == "random" else HARD_WEIGHT for r in rows])
    heads = [*model.polarity.parameters(), *model.theme.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": model.encoder.parameters(), "lr": rate}, {"params": heads, "lr": 1e-3}], weight_decay=0.01
    )
    total = epochs * math.ceil(len(rows) / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(step / (0.08 * total), max(0.0, (total - step) / (0.92 * total)))
    )
    model.train()
    begun, losses = time.time(), []
    for epoch in range(epochs):
        for count, batch in enumerate(batches.shuffled(size, generator)):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                p, t = model(*batches.tensors(batch))
            loss = torch.nn.functional.cross_entropy(p.float(), polarity[batch], reduction="none", label_smoothing=0.02)
            loss = loss + torch.nn.functional.cross_entropy(t.float(), theme[batch], reduction="none")
            loss = (loss * weight[batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            if count % 100 == 99:
                mean, spent = np.mean(losses[-100:]), time.time() - begun
                print(f"epoch {epoch + 1}, step {count + 1}: loss {mean:.4f}, {spent:.0f} s", flush=True)
    return model


def label(model: Any, encoder: str, texts: list[str], beside: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities of polarity (n x 4) and theme (n x themes) for each sentence, float16."""
    import torch

    batches = Batches(encoder, texts, beside)
    polarity = np.zeros((len(texts), len(POLARITIES)), dtype=np.float16)
    theme = np.zeros((len(texts), len(themes())), dtype=np.float16)
    model = model.to(torch.bfloat16).eval()  # scores as in float32 on the development reports, at 2.5 times the speed
    with torch.inference_mode():
        for batch in batches.ordered(64):
            p, t = model(*batches.tensors(batch))
            polarity[batch] = torch.log_softmax(p.float(), 1).numpy()
            theme[batch] = torch.log_softmax(t.float(), 1).numpy()
    return polarity, theme


def score(rows: list[dict[str, Any]], polarity: np.ndarray, theme: np.ndarray) -> dict[str, float]:
    """Accuracy of polarity, share of opposite errors, theme top 1 and overlap of top 2 (as the scorer counts)."""
    codes = list(themes())
    got = [POLARITIES[k] for k in polarity.argmax(1)]
    gold = [r["polarity"] for r in rows]
    ranked = [[codes[j] for j in order if codes[j] != "none"][:2] for order in np.argsort(-theme, axis=1)[:, :3]]
    themed = [k for k, r in enumerate(rows) if r["theme"] != "none" and r["polarity"] != "neutral"]
    return {
        "n": len(rows),
        "polarity_accuracy": float(np.mean([a == b for a, b in zip(got, gold, strict=True)])),
        "opposite_errors": sum({a, b} == {"strength", "concern"} for a, b in zip(got, gold, strict=True)),
        "theme_top1": float(np.mean([ranked[k][0] == rows[k]["theme"] for k in themed])),
        "theme_overlap_top2": float(
            np.mean([bool({rows[k]["theme"], rows[k].get("theme2")} & set(ranked[k])) for k in themed])
        ),
    }


def scores(rows: list[dict[str, Any]], polarity: np.ndarray, theme: np.ndarray) -> dict[str, dict[str, float]]:
    """``score`` of all rows and of those picked at random."""
    part = [k for k, r in enumerate(rows) if r["set"] == "random"]
    return {"all": score(rows, polarity, theme), "random": score([rows[k] for k in part], polarity[part], theme[part])}


def arguments(description: str | None, annotations: str = "sentences.jsonl") -> argparse.ArgumentParser:
    """The arguments that all commands on findings have; ``annotations`` is a file of corpus/annotations."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True, help="folder with train.jsonl and train-strengths.jsonl")
    parser.add_argument("--corpus", type=Path, required=True, help="folder of report PDFs")
    parser.add_argument(
        "--annotations",
        type=Path,
        default=Path("corpus/annotations") / annotations,
        help="stand-off annotations beside those of --gold",
    )
    parser.add_argument("--out", type=Path, required=True, help="where pool.jsonl, teachers and labels lie")
    return parser


def main() -> None:
    """The command."""
    import torch
    from safetensors.torch import save_file

    parser = arguments(__doc__)
    parser.add_argument("--encoder", required=True, help="folder of a MiniLM (config.json, tokenizer.json, weights)")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rows = pool.annotated(args.gold, args.annotations, pool.make(args.corpus, args.out))
    held = development_files({r["file"] for r in rows})
    model = train([r for r in rows if r["file"] not in held], args.encoder, args.epochs, args.seed)
    save_file(model.state_dict(), args.out / f"teacher-{args.seed}.safetensors")
    dev = [r for r in rows if r["file"] in held]
    beside = [second_segment(r["place"], r["prev"]) for r in dev]
    found = scores(dev, *label(model, args.encoder, [r["text"] for r in dev], beside))
    (args.out / f"teacher-{args.seed}.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, indent=1), flush=True)


if __name__ == "__main__":
    main()
