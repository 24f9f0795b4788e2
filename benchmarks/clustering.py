"""How well clusters follow themes, side by side with other methods on the same findings in the same run.

    python benchmarks/clustering.py --gold FILE.jsonl [--minilm FOLDER] [--methods ours,kmeans_tfidf,...] [--runs 3]

FILE.jsonl holds findings with id, file, text and, as the reference, theme and theme2. Only those with a theme other
than "none" count; every method gets the same ones, in the same order, and never the themes. Prints a Markdown table:
precision at 5 (of the five nearest findings of other authorities, the share whose primary theme is the finding's
primary or second theme or the reverse), V-measure, adjusted Rand index, the share in no cluster (these count as one
cluster), the number of clusters, how well runs agree with one another (mean adjusted Rand index over all pairs of runs
with the findings in different order, seeds as the method sets them) and processor time. A method whose package is
missing is listed as such.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

CLUSTERS = 45
METHODS = {
    "ours": "ofsted_nlp",
    "bertopic": "BERTopic, default pipeline, MiniLM vectors",
    "lda": "LDA, 45 topics",
    "kmeans_tfidf": "k-means on TF-IDF, 45 clusters",
    "kmeans_minilm": "k-means on MiniLM vectors, 45 clusters",
}


class AbsentError(Exception):
    """A package or model that a method needs is not there."""


class Findings:
    """The findings in one order, with what several methods share.

    Attributes:
        rows: id, file, text and prev, without any label.
        minilm: MiniLM vectors of all findings by id; None if no model was given.
    """

    def __init__(self, rows: list[dict[str, Any]], minilm: dict[str, Any] | None) -> None:
        self.rows = rows
        self.minilm = minilm

    @property
    def texts(self) -> list[str]:
        """The sentences."""
        return [row["text"] for row in self.rows]

    def vectors(self) -> Any:
        """The MiniLM vectors."""
        import numpy

        if self.minilm is None:
            raise AbsentError("no MiniLM given (--minilm FOLDER)")
        return numpy.stack([self.minilm[row["id"]] for row in self.rows])

    def tfidf(self) -> Any:
        """TF-IDF of words and pairs of words."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        return TfidfVectorizer(stop_words="english", sublinear_tf=True, ngram_range=(1, 2), min_df=2).fit_transform(
            self.texts
        )


def ours(findings: Findings) -> tuple[list[Any], Any]:
    """This library: clusters, and neighbours of its own."""
    import numpy

    from ofsted_nlp.analysis.clustering.clusters import cluster_findings
    from ofsted_nlp.analysis.clustering.similar import profiles

    made = profiles(findings.rows)
    features = numpy.hstack([made.vectors, made.beside])
    return [item.cluster for item in cluster_findings(findings.rows).assignments], features


def bertopic(findings: Findings) -> tuple[list[Any], Any]:
    """BERTopic as it comes (UMAP, HDBSCAN, no seed); topic -1 is no cluster."""
    vectors = findings.vectors()
    try:
        from bertopic import BERTopic
    except ImportError as error:
        raise AbsentError(f"not installed ({error.name})") from error
    topics, _ = BERTopic(verbose=False).fit_transform(findings.texts, vectors)
    return [None if topic == -1 else topic for topic in topics], vectors


def lda(findings: Findings) -> tuple[list[Any], Any]:
    """Latent Dirichlet allocation on word counts; a finding's cluster is its likeliest topic."""
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(stop_words="english", min_df=2).fit_transform(findings.texts)
    shares = LatentDirichletAllocation(CLUSTERS, learning_method="batch", max_iter=20).fit_transform(counts)
    return shares.argmax(1).tolist(), _unit(shares)


def kmeans_tfidf(findings: Findings) -> tuple[list[Any], Any]:
    """k-means on TF-IDF."""
    from sklearn.cluster import KMeans

    weights = findings.tfidf()
    return KMeans(CLUSTERS, n_init=3).fit_predict(weights).tolist(), weights


def kmeans_minilm(findings: Findings) -> tuple[list[Any], Any]:
    """k-means on MiniLM vectors."""
    from sklearn.cluster import KMeans

    vectors = findings.vectors()
    return KMeans(CLUSTERS, n_init=3).fit_predict(vectors).tolist(), vectors


def _unit(rows: Any) -> Any:
    import numpy

    return rows / numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def minilm_vectors(rows: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    """The vectors of a sentence-transformers model; they need the extra ``transformers``."""
    from ofsted_nlp.encoders import encoder

    vectors = encoder(folder).encode([row["text"] for row in rows])
    return {row["id"]: vector for row, vector in zip(rows, vectors, strict=True)}


def precision(rows: list[dict[str, Any]], features: Any, gold: dict[str, dict[str, Any]]) -> float:
    """Precision at 5 across authorities by the product of the features."""
    import numpy

    near = features @ features.T
    near = numpy.asarray(near.todense()) if hasattr(near, "todense") else near.copy()
    owner = numpy.array([row["file"].split("-")[0] for row in rows])
    near[owner[:, None] == owner[None]] = -numpy.inf
    hits = 0
    for line, row in zip(near, rows, strict=True):
        one = gold[row["id"]]
        for number in numpy.argsort(-line, kind="stable")[:5]:
            other = gold[rows[number]["id"]]
            hits += other["theme"] in {one["theme"], one.get("theme2")} or one["theme"] == other.get("theme2")
    return hits / (5 * len(rows))


def measure(
    method: Callable[[Findings], tuple[list[Any], Any]],
    rows: list[dict[str, Any]],
    gold: dict[str, dict[str, Any]],
    minilm: dict[str, Any] | None,
    runs: int,
) -> dict[str, Any]:
    """The figures of a method: means over runs with the findings in different order."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    found: list[dict[str, Any]] = []
    figures: dict[str, list[float]] = {name: [] for name in ("precision", "v", "ari", "alone", "clusters", "seconds")}
    for run in range(runs):
        order = list(rows)
        if run:
            random.Random(run).shuffle(order)
        begun = time.process_time()
        clusters, features = method(Findings(order, minilm))
        figures["seconds"].append(time.process_time() - begun)
        of = {row["id"]: cluster for row, cluster in zip(order, clusters, strict=True)}
        labels = ["none" if of[row["id"]] is None else str(of[row["id"]]) for row in rows]
        truth = [gold[row["id"]]["theme"] for row in rows]
        figures["precision"].append(precision(order, features, gold))
        figures["v"].append(v_measure_score(truth, labels))
        figures["ari"].append(adjusted_rand_score(truth, labels))
        figures["alone"].append(sum(cluster is None for cluster in clusters) / len(rows))
        figures["clusters"].append(len(set(labels) - {"none"}))
        found.append({"labels": labels})
    pairs = [adjusted_rand_score(a["labels"], b["labels"]) for a, b in itertools.combinations(found, 2)]
    return {**figures, "agreement": pairs}


def shown(values: list[float], digits: int = 2) -> str:
    """The mean, and the range where the values differ."""
    if not values:
        return ""
    mean = sum(values) / len(values)
    low, high = (f"{value:.{digits}f}" for value in (min(values), max(values)))
    return f"{mean:.{digits}f}" if low == high else f"{mean:.{digits}f} ({low} to {high})"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True, help="findings with theme and theme2")
    parser.add_argument("--minilm", type=Path, help="folder of a sentence-transformers model")
    parser.add_argument("--methods", default=",".join(METHODS), help="which, with commas between")
    parser.add_argument("--runs", type=int, default=3, help="runs of each method")
    parser.add_argument("--limit", type=int, help="only so many findings, drawn with a fixed seed")
    given = parser.parse_args()
    lines = given.gold.read_text(encoding="utf-8").splitlines()
    read = [row for row in map(json.loads, filter(str.strip, lines)) if row["theme"] != "none"]
    read = [{"id": f"{number}", **row} for number, row in enumerate(read)]
    if given.limit and given.limit < len(read):
        read = sorted(random.Random(0).sample(read, given.limit), key=lambda row: row["id"])
    gold = {row["id"]: row for row in read}
    rows = [{key: row[key] for key in ("id", "file", "text", "prev") if row.get(key) is not None} for row in read]
    minilm, lacking = None, ""
    if given.minilm:
        try:
            minilm = minilm_vectors(rows, given.minilm)
        except ImportError as error:
            lacking = str(error)
    print(f"{len(rows)} findings of {len({row['file'] for row in rows})} reports, {given.runs} runs\n")
    print("| Method | Precision@5 | V | ARI | In no cluster | Clusters | Agreement of runs | Processor time, s |")
    print("|-|-|-|-|-|-|-|-|")
    for name in given.methods.split(","):
        try:
            got = measure(globals()[name], rows, gold, minilm, given.runs)
        except AbsentError as error:
            print(f"| {METHODS[name]} | not run: {lacking or error} | | | | | | |", flush=True)
            continue
        cells = [
            shown(got[key], 3 if key in ("precision", "v", "ari") else 2) for key in ("precision", "v", "ari", "alone")
        ]
        cells += [shown(got["clusters"], 0), shown(got["agreement"]), shown(got["seconds"], 1)]
        print(f"| {METHODS[name]} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    sys.exit(main())
