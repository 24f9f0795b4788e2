"""Makes the teacher: a MiniLM fine-tuned on the annotated sentences, which labels the many unannotated ones.

    python -m ofsted_nlp.training.teacher --gold DIR --corpus DIR --encoder DIR --out DIR

reads DIR/train.jsonl, leaves out the files that ``development_files`` names, fine-tunes the encoder with one head
for polarity and one for themes (the sentence before is the second segment), writes its scores on the files left out
to ``teacher.json``, and labels the sentences of every report of the corpus that is not among the evaluation gold:
``pool.jsonl`` (file, sentence, sentence before) and ``labels.npz`` (log-probabilities as float16).
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

from ofsted_nlp.themes import themes
from ofsted_nlp.training.text import clean, pages_of, sentences_of

POLARITIES = ("strength", "concern", "mixed", "neutral")
SEED = 20240501
CHUNK = 8192
EVALUATION = ("sentences.jsonl", "strengths.jsonl", "recommendations.jsonl")


def development_files(files: set[str], share: float = 0.12) -> set[str]:
    """The reports whose annotated sentences are kept for development: chosen by a hash of the file name."""
    return {f for f in files if int(hashlib.sha256(f.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF < share}


def read_jsonl(path: Path) -> list[Any]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


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

    def __init__(self, encoder: str, texts: list[str], before: list[str], longest: int = 80, context: int = 40):
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(Path(encoder) / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.first = [e.ids[1:-1][:longest] for e in tokenizer.encode_batch(texts)]
        self.second = [e.ids[1:-1][:context] for e in tokenizer.encode_batch(before)]
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


def train(rows: list[dict[str, Any]], encoder: str, epochs: int, rate: float = 8e-5, size: int = 32) -> Any:
    """Fine-tunes the encoder on annotated rows; prints the loss of every epoch."""
    import torch

    torch.manual_seed(SEED)
    generator = random.Random(SEED)
    model = build(encoder)
    batches = Batches(encoder, [clean(r["text"]) for r in rows], [clean(r["prev"] or "") for r in rows])
    polarity = torch.tensor([POLARITIES.index(r["polarity"]) for r in rows])
    theme = torch.from_numpy(theme_targets(rows))
    heads = [*model.polarity.parameters(), *model.theme.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": model.encoder.parameters(), "lr": rate}, {"params": heads, "lr": 1e-3}], weight_decay=0.01
    )
    total = epochs * math.ceil(len(rows) / size)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(step / (0.08 * total), max(0.0, (total - step) / (0.92 * total)))
    )
    model.train()
    for epoch in range(epochs):
        begun, losses = time.time(), []
        for batch in batches.shuffled(size, generator):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                p, t = model(*batches.tensors(batch))
            loss = torch.nn.functional.cross_entropy(p.float(), polarity[batch])
            loss = loss + torch.nn.functional.cross_entropy(t.float(), theme[batch])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.time() - begun:.0f} s", flush=True)
    return model


def label(model: Any, encoder: str, texts: list[str], before: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Log-probabilities of polarity (n x 4) and theme (n x themes) for each sentence, float16."""
    import torch

    batches = Batches(encoder, texts, before)
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


def main() -> None:
    """The command."""
    import torch
    from safetensors.torch import load_file, save_file

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True, help="folder of report PDFs")
    parser.add_argument("--encoder", required=True, help="folder of a MiniLM (config.json, tokenizer.json, weights)")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--limit", type=int, default=80_000, help="label at most this many sentences")
    parser.add_argument("--reuse", action="store_true", help="take teacher.safetensors of --out instead of training")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    rows = read_jsonl(args.gold / "train.jsonl")
    held = development_files({r["file"] for r in rows})
    weights = args.out / "teacher.safetensors"
    if args.reuse:
        model = build(args.encoder)
        model.load_state_dict(load_file(weights))
    else:
        model = train([r for r in rows if r["file"] not in held], args.encoder, args.epochs)
        save_file(model.state_dict(), weights)
    dev = [r for r in rows if r["file"] in held]
    p, t = label(model, args.encoder, [clean(r["text"]) for r in dev], [clean(r["prev"] or "") for r in dev])
    scores = {"all": score(dev, p, t)}
    part = [k for k, r in enumerate(dev) if r["set"] == "random"]
    scores["random"] = score([dev[k] for k in part], p[part], t[part])
    (args.out / "teacher.json").write_text(json.dumps(scores, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(scores, indent=1), flush=True)

    evaluation = {r["file"] for name in EVALUATION for r in read_jsonl(args.gold / name)}
    seen: dict[str, tuple[str, str, str]] = {}
    for path in sorted(args.corpus.glob("*.pdf")):
        if path.name not in evaluation:
            for text, before in sentences_of(pages_of(path)):
                seen.setdefault(text, (path.name, text, before))
    pool = list(seen.values())
    random.Random(SEED).shuffle(pool)
    print(f"{len(pool)} sentences, of which {min(len(pool), args.limit)} are labelled", flush=True)
    pool = pool[: args.limit]
    with (args.out / "pool.jsonl").open("w", encoding="utf-8") as handle:
        for item in pool:
            handle.write(json.dumps(item, ensure_ascii=False) + "\n")
    begun, found = time.time(), []
    for start in range(0, len(pool), CHUNK):
        some = pool[start : start + CHUNK]
        found.append(label(model, args.encoder, [text for _, text, _ in some], [before for _, _, before in some]))
        labels = [np.concatenate(kind) for kind in zip(*found, strict=True)]
        np.savez(args.out / "labels.npz", polarity=labels[0], theme=labels[1])
        print(f"{start + len(some)} labelled, {(start + len(some)) / (time.time() - begun):.0f} a second", flush=True)


if __name__ == "__main__":
    main()
