"""What each stage costs for a report, beside what others do with the same files: plain text, and words and topics.

    python benchmarks/stages.py [--corpus DIR] [--files 60]

One process, one core. Each stage is done for all files before the next, the imports and models beforehand. Prints a
Markdown table of processor time. What a stage adds to the one before is told by doing it with and without.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from reading import ROOT, chosen

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

TOPICS = 45


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = os.environ.get("OFSTED_NLP_CORPUS", ROOT / "../shared/corpus")
    parser.add_argument("--corpus", type=Path, default=Path(place), help="folder that holds the folder reports")
    parser.add_argument("--files", type=int, default=60, help="so many files, spread evenly over the corpus")
    given = parser.parse_args()
    files = chosen(given.corpus, given.files)
    print(f"|{len(files)} reports|Processor time a report|A page|\n|-|-|-|")
    pages, rows = measured(files)
    for name, seconds in rows:
        print(f"|{name}|{1000 * seconds / len(files):.1f} ms|{1000 * seconds / pages:.2f} ms|")


def measured(files: list[Path]) -> tuple[int, list[tuple[str, float]]]:
    """Pages in all, and each stage with its seconds for all files."""
    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.extraction.report import EXTRACTOR_VERSION, extract
    from ofsted_nlp.reading.pdf import read_pdf
    from ofsted_nlp.store import Store

    warm = extract(read_pdf(files[0]))
    corpus = Corpus.open(":memory:")
    corpus.assign(warm)

    texts, plain = timed(plain_text, files)
    documents, reading = timed(read_pdf, files)
    _, facts = timed(lambda document: extract(document, findings=False), documents)
    _, findings = timed(lambda document: extract(document, strengths=False), documents)
    reports, whole = timed(extract, documents)
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "store.duckdb") as store:
        _, storing = timed(lambda report: store.add(report, extractor_version=EXTRACTOR_VERSION), reports)
    _, assigning = timed(corpus.assign, reports)
    sample = files[:: max(1, len(files) // 10)]
    _, plumber = timed(plumber_text, sample)
    begun = time.process_time()
    topics(texts)
    modelling = time.process_time() - begun
    rows = [
        ("PDF to document: characters, checks, lines, headings, tables", reading),
        ("facts and action lists", facts),
        ("findings: sentences, polarity, themes, figures", findings - facts),
        ("what each strength praises", whole - findings),
        ("into the store", storing),
        ("to their clusters", assigning),
        ("**all of these**", reading + whole + storing + assigning),
        ("beside it: plain text by pdfium", plain),
        (f"beside it: text by pdfplumber ({len(sample)} of the files)", plumber * len(files) / len(sample)),
        (f"beside it: plain text, word pairs and {TOPICS} topics (scikit-learn's LDA)", plain + modelling),
    ]
    return sum(document.source.pages for document in documents), rows


def timed(stage: Callable[[Any], Any], items: Iterable[Any]) -> tuple[list[Any], float]:
    """What a stage makes of all items, and the seconds of processor time it took."""
    begun = time.process_time()
    made = [stage(item) for item in items]
    return made, time.process_time() - begun


def plain_text(path: Path) -> str:
    """All text of a file in the order of the file."""
    import pypdfium2 as pdfium

    pdf = pdfium.PdfDocument(path)
    text = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return text


def plumber_text(path: Path) -> str:
    """The same by pdfplumber."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


def topics(texts: list[str]) -> None:
    """What a notebook on such reports usually does: sentences as counts of words and word pairs, then topics."""
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    sentences = [part for text in texts for part in text.split(". ") if len(part) > 20]
    counts = CountVectorizer(ngram_range=(1, 2), stop_words="english", min_df=3).fit_transform(sentences)
    LatentDirichletAllocation(n_components=TOPICS, max_iter=5, random_state=0).fit_transform(counts)


if __name__ == "__main__":
    sys.exit(main())
