"""Makes the trained part of the spaCy pipeline that the package carries (data/models/english).

    python -m ofsted_nlp.training.pipeline --treebank DIR --out DIR

trains tagger, morphologizer, lemmatizer and parser on Universal Dependencies English EWT (en_ewt-ud-train.conllu), as
pipeline.cfg beside this file says; en_ewt-ud-dev.conllu chooses the best state, and en_ewt-ud-test.conllu gives the
scores in meta.json. The seed stands in pipeline.cfg; OMP_NUM_THREADS=1 keeps it to one core.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.extraction.sentences import split
from ofsted_nlp.model_files import record_models

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab

CONFIG = Path(__file__).with_suffix(".cfg")
SENTENCES = 10
"""Most sentences in one training text, so that the parser meets the ends of sentences as well."""

LICENSE = "CC BY-SA 4.0"
SOURCE = {
    "name": "Universal Dependencies English EWT",
    "url": "https://github.com/UniversalDependencies/UD_English-EWT",
    "license": LICENSE,
    "author": "Natalia Silveira, Timothy Dozat, Sebastian Schuster, Miriam Connor, Marie-Catherine de Marneffe, "
    "Nathan Schneider, Ethan Chi, Samuel Bowman, Christopher Manning, Hanzhi Zhu, Daniel Galbraith, John Bauer",
}
NOTICE = f"""The trained spaCy pipeline in this folder
Copyright (c) 2026 the ofsted_nlp maintainers

It was trained on, and is adapted from, {SOURCE["name"]}
({SOURCE["url"]}), by
{SOURCE["author"]}.
Its annotations are (c) 2013-2020 by The Board of Trustees of The Leland Stanford Junior University and licensed under
CC BY-SA 4.0. Changes made: a statistical model was estimated from them.

The files in this folder are licensed under the Creative Commons Attribution-ShareAlike 4.0 International License:
https://creativecommons.org/licenses/by-sa/4.0/legalcode
They come without warranty, as section 5 of the licence says. The rest of ofsted_nlp has a licence of its own.
"""

WORDS = ("token_f", "tag_acc", "pos_acc", "morph_acc", "lemma_acc", "dep_uas", "dep_las")
SENTENCE_ENDS = ("sents_p", "sents_r", "sents_f")

TYPOGRAPHIC = {"``": "‘", "''": "’"}
"""Quotation marks of the reports for the tags of opening and closing ones; the treebank has typewriter's marks."""


@dataclass
class Sentence:
    """A sentence of the treebank; ``heads`` count from 0 within it, and a root is its own head."""

    document: int
    words: list[str] = field(default_factory=list)
    spaces: list[bool] = field(default_factory=list)
    lemmas: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    features: list[str] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)


def sentences(lines: Iterable[str]) -> Iterator[Sentence]:
    """Reads CoNLL-U; the words of a multiword token ("do", "n't") stay words, empty nodes are left out."""
    document = 0
    sentence = Sentence(document)
    last, spaced = 0, True
    for line in lines:
        if line.startswith("# newdoc"):
            document += 1
            sentence.document = document
        fields = line.rstrip("\n").split("\t")
        if len(fields) != 10:
            if not line.strip() and sentence.words:
                yield sentence
                sentence = Sentence(document)
                last = 0
            continue
        number, word, lemma, part, tag, features, head, relation, _, notes = fields
        space = "SpaceAfter=No" not in notes
        if "-" in number:
            last, spaced = int(number.split("-")[1]), space
        if not number.isdigit():
            continue
        place = int(number)
        sentence.words.append(word)
        sentence.spaces.append(space if place > last else spaced and place == last)
        sentence.lemmas.append(lemma)
        sentence.parts.append(part)
        sentence.tags.append(tag)
        sentence.features.append("" if features == "_" else features)
        sentence.heads.append(int(head) - 1 if int(head) else place - 1)
        sentence.relations.append("ROOT" if relation == "root" else relation)
    if sentence.words:
        yield sentence


def document(vocab: Vocab, group: Iterable[Sentence], typographic: bool = False) -> Doc:
    """One spaCy document of following sentences; ``typographic`` gives it the reports' quotation marks."""
    from spacy.tokens import Doc

    columns: dict[str, Any] = {name: [] for name in ("words", "spaces", "lemmas", "pos", "tags", "morphs", "deps")}
    heads: list[int] = []
    starts: list[Any] = []
    for one in group:
        words = one.words
        if typographic:
            words = [TYPOGRAPHIC.get(t, w).replace("'", "’") for w, t in zip(words, one.tags, strict=True)]
        heads += [len(heads) + head for head in one.heads]
        starts += [True, *[False] * (len(words) - 1)]
        values = (words, one.spaces, one.lemmas, one.parts, one.tags, one.features, one.relations)
        for column, more in zip(columns.values(), values, strict=True):
            column.extend(more)
    return Doc(vocab, heads=heads, sent_starts=starts, **columns)


def convert(source: Path, target: Path, typographic: bool = False) -> None:
    """Writes a CoNLL-U file as spaCy's binary documents; with ``typographic`` every second has such marks."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    vocab, found = Vocab(), DocBin(store_user_data=False)
    with source.open(encoding="utf-8") as lines:
        for _, whole in groupby(sentences(lines), key=lambda sentence: sentence.document):
            text = list(whole)
            for at in range(0, len(text), SENTENCES):
                found.add(document(vocab, text[at : at + SENTENCES], typographic and len(found) % 2 == 1))
    found.to_disk(target)


def scores(pipeline: Language, path: Path) -> dict[str, float]:
    """Scores of a pipeline on documents written by ``convert``.

    Returns:
        spaCy's names for scores with the pipeline's own words and sentence ends; ``given_`` before the name of those
        where words and sentence ends are given; ``rules_`` before those of ``extraction.sentences`` on the same texts.
    """
    from spacy.training import Corpus

    found = pipeline.evaluate(list(Corpus(path)(pipeline)))
    out = {name: found[name] for name in (*WORDS, *SENTENCE_ENDS)}
    examples = list(Corpus(path, gold_preproc=True)(pipeline))
    for example in examples:
        for token in example.predicted:
            token.is_sent_start = token.i == 0
    found = pipeline.evaluate(examples)
    out |= {f"given_{name}": found[name] for name in WORDS if name != "token_f"}
    out |= {f"rules_{name}": value for name, value in rule_scores(pipeline.vocab, path).items()}
    return {name: round(float(value), 4) for name, value in out.items()}


def rule_scores(vocab: Vocab, path: Path) -> dict[str, float]:
    """Precision, recall and F1 of ``extraction.sentences`` by whole sentences, as spaCy counts them."""
    from spacy.tokens import DocBin

    right = found = true = 0
    for doc in DocBin().from_disk(path).get_docs(vocab):
        gold = {(sentence.start_char, sentence.end_char) for sentence in doc.sents}
        cut = set(split(doc.text))
        right, found, true = right + len(gold & cut), found + len(cut), true + len(gold)
    return {"sents_p": right / found, "sents_r": right / true, "sents_f": 2 * right / (found + true)}


def write(pipeline: Language, test: dict[str, float], out: Path) -> None:
    """Writes the pipeline as the package carries it: weights, settings, scores and licence, and nothing else."""
    for name in ("paths", "corpora", "initialize", "pretraining"):
        pipeline.config[name] = {}
    pipeline.meta.update(
        name="ofsted_nlp_english",
        version="1.0.0",
        description="Tags, lemmas and dependencies of English for ofsted_nlp.",
        license=LICENSE,
        spacy_version=">=3.8.0,<3.9.0",
        sources=[SOURCE],
        performance=test,
    )
    pipeline.to_disk(out, exclude=["vectors", "lookups"])
    (out / "LICENSE").write_text(NOTICE, encoding="utf-8")
    record_models(out)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treebank", type=Path, required=True, help="folder with en_ewt-ud-{train,dev,test}.conllu")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the pipeline to")
    parser.add_argument("--epochs", type=int, help="other than the configuration's")
    args = parser.parse_args()

    import spacy
    from spacy.cli.train import train

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for part in ("train", "dev", "test"):
            source = args.treebank / f"en_ewt-ud-{part}.conllu"
            convert(source, work / f"{part}.spacy", typographic=part == "train")
        overrides: dict[str, Any] = {f"paths.{part}": str(work / f"{part}.spacy") for part in ("train", "dev")}
        if args.epochs:
            overrides["training.max_epochs"] = args.epochs
        train(CONFIG, work / "model", overrides=overrides)
        best = spacy.load(work / "model" / "model-best")
        test = scores(best, work / "test.spacy")
        write(best, test, args.out)
    print(test)


if __name__ == "__main__":
    main()
