"""Makes the teachers of strengths: MiniLMs fine-tuned on annotated spans, which label many more strengths.

    python -m ofsted_nlp.training.strength_teacher --gold DIR --corpus DIR --encoder DIR --out DIR [--folds 0,1]

reads DIR/train-strengths.jsonl and corpus/annotations/strengths.jsonl. The reports of train-strengths.jsonl are dealt
into folds; for each of ``--folds`` one teacher learns from all other reports, is scored on the fold (printed), and
labels the same sentences of the pool: 9,000 drawn among the strengths (as the package's classifier of findings has
them), and 6,000 in which something may be named. ``spans.npz`` holds, of each teacher, the likeliest spans of each
sentence and the probabilities of names. Needs the extra ``train``; one thread, seeded.
"""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import numpy as np

from ofsted_nlp.extraction.classify import classify
from ofsted_nlp.extraction.spans import LONGEST, SHAPES, SPAN, Spans, shape
from ofsted_nlp.extraction.wordlists import word_set
from ofsted_nlp.training import pool
from ofsted_nlp.training.annotations import Annotated, annotated, folds, further, tokens_of
from ofsted_nlp.training.pool import PoolSentence
from ofsted_nlp.training.strength_scores import score
from ofsted_nlp.training.teacher import arguments

KEPT = 12
"""Spans of a sentence whose probability is written."""
EPOCHS, RATE, SIZE = 7, 1e-4, 16
_NOUNS = word_set(
    "team teams panel panels sub-committee subcommittee committee subgroup sub-group subgroups hub hubs unit units "
    "board boards agency consortium forum forums school schools college service project projects scheme schemes "
    "pathway pathways trust council network register programme programmes model strategy group groups meeting police "
    "centre centres initiative initiatives system tool toolkit offer university clinic clinics academy charter award "
    "process protocol club clubs app helpline line portal campaign alliance collaborative fund van flats conference"
)


def may_name(text: str) -> bool:
    """Whether a sentence has a word in capitals that does not begin it, a quotation, or a noun such as "team"."""
    tokens = tokens_of(text)
    return any(
        word == "‘" or word.lower() in _NOUNS or (at and len(word) > 3 and word[0].isupper())
        for at, (word, _, _) in enumerate(tokens)
    )


def chosen(
    sentences: list[PoolSentence], without: set[str], look_at: int = 60_000, drawn: int = 9000, naming: int = 6000
) -> list[int]:
    """The numbers of the sentences that are labelled: strengths of reports other than ``without``."""
    rows = [k for k, s in enumerate(sentences) if s.file not in without and 5 <= s.text.count(" ") <= 55]
    random.Random(1).shuffle(rows)
    some = [sentences[k] for k in rows[:look_at]]
    labels = classify([s.text for s in some], [s.before for s in some], [s.place for s in some])
    rows = [k for k, label in zip(rows, labels, strict=False) if label.polarity == "strength"]
    return rows[:drawn] + [k for k in rows[drawn:] if may_name(sentences[k].text)][:naming]


def build(encoder: str) -> Any:
    """The model: the encoder with the shape of each word added to its input, and the tagger's two outputs."""
    import torch
    from transformers import AutoModel

    class Teacher(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(encoder)
            self.encoder.embeddings.word_embeddings.weight.requires_grad = False
            width = self.encoder.config.hidden_size
            self.shape = torch.nn.Embedding(SHAPES, width)
            torch.nn.init.zeros_(self.shape.weight)
            self.dropout = torch.nn.Dropout(0.1)
            self.ends, self.tag = torch.nn.Linear(width, 2), torch.nn.Linear(width, 3)
            self.left, self.right = torch.nn.Linear(width, 64), torch.nn.Linear(width, 64)

        def forward(self, ids: Any, mask: Any, first: Any, shapes: Any, inside: Any) -> tuple[Any, Any]:
            given = self.encoder.embeddings.word_embeddings(ids) + self.shape(shapes)
            states = self.encoder(inputs_embeds=given, attention_mask=mask).last_hidden_state
            states = torch.gather(states, 1, first.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
            states = self.dropout(states)
            ends = self.ends(states).float()
            span = (self.left(states) @ self.right(states).transpose(1, 2)).float() / 8
            span = span + ends[..., 0].unsqueeze(2) + ends[..., 1].unsqueeze(1)
            at = torch.arange(states.shape[1])
            allowed = (at[None] >= at[:, None]) & (at[None] - at[:, None] < SPAN)
            allowed = allowed[None] & inside[:, None] & inside[:, :, None]
            return span.masked_fill(~allowed, -1e4), self.tag(states).float()

    return Teacher()


class Pieces:
    """Cuts tokens into the encoder's word pieces and serves padded batches."""

    def __init__(self, encoder: str, sentences: list[list[tuple[str, int, int]]]) -> None:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(Path(encoder) / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        start, stop, unknown = (tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]", "[UNK]"))
        known: dict[str, list[int]] = {}
        self.rows: list[tuple[list[int], list[int], list[int]]] = []
        for tokens in sentences:
            ids, shapes, first = [start], [0], []
            for at, (word, _, _) in enumerate(tokens[:LONGEST]):
                if word not in known:
                    known[word] = tokenizer.encode(word.replace("’", "'"), add_special_tokens=False).ids or [unknown]
                first.append(len(ids))
                ids += known[word]
                shapes += [shape(word, at)] * len(known[word])
            self.rows.append(([*ids, stop], [*shapes, 0], first))

    def tensors(self, batch: list[int]) -> list[Any]:
        """Ids, attention mask, first piece of each token, shapes, and which tokens there are."""
        import torch

        wide = max(len(self.rows[i][0]) for i in batch)
        n = max(len(self.rows[i][2]) for i in batch)
        ids, mask, shapes = (torch.zeros(len(batch), wide, dtype=torch.long) for _ in range(3))
        first, inside = torch.zeros(len(batch), n, dtype=torch.long), torch.zeros(len(batch), n, dtype=torch.bool)
        for k, i in enumerate(batch):
            pieces, forms, begins = self.rows[i]
            ids[k, : len(pieces)], shapes[k, : len(pieces)] = torch.tensor(pieces), torch.tensor(forms)
            mask[k, : len(pieces)] = 1
            first[k, : len(begins)], inside[k, : len(begins)] = torch.tensor(begins), True
        return [ids, mask, first, shapes, inside]


def train(rows: list[Annotated], encoder: str, seed: int) -> Any:
    """Fine-tunes one teacher; prints the loss of every epoch."""
    import torch

    torch.manual_seed(seed)
    order = random.Random(seed)
    model = build(encoder)
    pieces = Pieces(encoder, [row.tokens for row in rows])
    parts = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    groups = [
        {"params": [p for name, p in parts if name.startswith("encoder.")], "lr": RATE},
        {"params": [p for name, p in parts if not name.startswith("encoder.")], "lr": 1e-3},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    total = EPOCHS * math.ceil(len(rows) / SIZE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda t: min((t + 1) / (0.1 * total), max(0.0, (total - t) / (0.9 * total)))
    )
    model.train()
    for epoch in range(EPOCHS):
        some = list(range(len(rows)))
        order.shuffle(some)
        some.sort(key=lambda i: len(pieces.rows[i][0]) // 6)
        batches = [some[k : k + SIZE] for k in range(0, len(some), SIZE)]
        order.shuffle(batches)
        losses = []
        for batch in batches:
            with torch.autocast("cpu", dtype=torch.bfloat16):
                span, tag = model(*pieces.tensors(batch))
            n = span.shape[1]
            wanted = torch.tensor([rows[i].subject[0] * n + rows[i].subject[1] for i in batch])
            tags = torch.full((len(batch), n), -100)
            for k, i in enumerate(batch):
                tags[k, : len(rows[i].tags)] = torch.tensor(rows[i].tags)
            loss = torch.nn.functional.cross_entropy(span.flatten(1), wanted)
            named = torch.nn.functional.cross_entropy(tag.flatten(0, 1), tags.flatten(), reduction="sum")
            loss = loss + named / len(batch) / 3
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}", flush=True)
    return model.eval()


def read(model: Any, encoder: str, texts: list[str]) -> list[Spans]:
    """What a teacher says of sentences, in the tagger's form; ``KEPT`` spans each."""
    import torch

    tokens = [tokens_of(text)[:LONGEST] for text in texts]
    pieces = Pieces(encoder, tokens)
    order = sorted(range(len(texts)), key=lambda i: len(pieces.rows[i][0]))
    found: dict[int, Spans] = {}
    with torch.inference_mode():
        for start in range(0, len(order), 48):
            batch = order[start : start + 48]
            with torch.autocast("cpu", dtype=torch.bfloat16):
                span, tag = model(*pieces.tensors(batch))
            n = span.shape[1]
            likely, at = torch.softmax(span.flatten(1), 1).topk(min(KEPT, n * n))
            tags = torch.softmax(tag, 2).numpy()
            for k, i in enumerate(batch):
                spans = np.stack(np.divmod(at[k].numpy(), n), axis=1)
                bounds = [(a, b) for _, a, b in tokens[i]]
                found[i] = Spans(texts[i], bounds, spans, likely[k].numpy(), tags[k, : len(bounds)])
    return [found[i] for i in range(len(texts))]


def main() -> None:
    """The command."""
    parser = arguments(__doc__, "strengths.jsonl")
    parser.add_argument("--encoder", required=True, help="folder of a MiniLM (config.json, tokenizer.json, weights)")
    parser.add_argument("--folds", default="0,1,2,3", help="for which folds a teacher is made")
    args = parser.parse_args()

    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    sentences = pool.make(args.corpus, args.out)
    rows = chosen(sentences, pool.evaluation_files(args.gold))
    texts = [sentences[k].text for k in rows]
    known, more = annotated(args.gold), further(args.annotations, sentences)
    fold = folds(row.file for row in known)
    arrays: dict[str, Any] = {"rows": np.array(rows, dtype=np.int32)}
    for k in map(int, args.folds.split(",")):
        rest = [row for row in known + more if fold.get(row.file, -1) != k]
        model = train(rest, args.encoder, seed=k)
        test = [row for row in known if fold[row.file] == k]
        print(f"teacher {k}: {score(test, read(model, args.encoder, [row.text for row in test]), 0.5)}", flush=True)
        arrays |= pack(read(model, args.encoder, texts), k)
        np.savez(args.out / "spans.npz", **arrays)


def pack(spans: list[Spans], teacher: int) -> dict[str, np.ndarray]:
    """The arrays of spans.npz of one teacher: ``subjects{k}``, ``likely{k}``, ``names{k}`` and ``lengths{k}``."""
    subjects = np.zeros((len(spans), KEPT, 2), np.int16)
    likely = np.zeros((len(spans), KEPT), np.float16)
    for k, one in enumerate(spans):
        subjects[k, : len(one.subjects)], likely[k, : len(one.subjects)] = one.subjects, one.likely
    return {
        f"subjects{teacher}": subjects,
        f"likely{teacher}": likely,
        f"names{teacher}": np.concatenate([one.names for one in spans]).astype(np.float16),
        f"lengths{teacher}": np.array([len(one.names) for one in spans], dtype=np.int16),
    }


if __name__ == "__main__":
    main()
