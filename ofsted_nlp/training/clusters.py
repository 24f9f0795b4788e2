"""Fits the national clusters: python -m ofsted_nlp.training.clusters --records REPORTS.jsonl.

REPORTS.jsonl is what ``ofsted-nlp extract`` writes of all reports. Clusters of an earlier run in --out keep their
numbers where they go on; ``log.jsonl`` there says which were born, merged and retired. With --afresh numbering starts
anew.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ofsted_nlp.analysis.clustering.clusters import Clustering, describe
from ofsted_nlp.analysis.clustering.model import SETTINGS, ClusterModel, fit, vectors_of
from ofsted_nlp.analysis.clustering.reclustering import Event, recluster
from ofsted_nlp.analysis.clustering.rows import read_rows, rows_of
from ofsted_nlp.corpus.clusters import LOG, MEMBERS, NATIONAL
from ofsted_nlp.encoders import encoder
from ofsted_nlp.errors import OfstedNlpError, UsageError
from ofsted_nlp.records import Report


def main(arguments: list[str] | None = None) -> None:
    """Fit, write and say what became of each cluster."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, required=True, help="output of extract of all reports")
    parser.add_argument("--out", type=Path, default=NATIONAL, help="where the clusters go")
    parser.add_argument("--afresh", action="store_true", help="number the clusters anew")
    given = parser.parse_args(arguments)
    cluster(read_reports(given.records), given.out, afresh=given.afresh)


def read_reports(path: Path) -> Iterator[Report]:
    """The reports of the output of extract.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        handle = path.open(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    with handle:
        for line in handle:
            if line.strip():
                yield Report.from_dict(json.loads(line))


def cluster(
    reports: Iterable[Report], out: Path = NATIONAL, *, afresh: bool = False
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Fits the clusters of reports and writes them.

    Returns:
        The cluster of each finding by its id (of a mixed one, of the concern in it), and the clusters as rows without
        any sentence: what ``national.write`` takes.
    """
    rows: dict[str, dict[str, Any]] = {}
    for row in rows_of(reports):
        rows.setdefault(row["id"], row)  # a sentence printed twice in one report, or a report filed twice
    given, named = read_rows(rows.values()), encoder()
    vectors = vectors_of(given, named)
    events: list[Event] = []
    if afresh or not (out / SETTINGS).is_file():
        model = fit(given, vectors, named.name)
    else:
        model, events = recluster(ClusterModel.load(out), given, vectors, named.name)
    model.save(out)
    log = out / LOG
    if afresh:
        log.unlink(missing_ok=True)
    if events:
        with log.open("a", encoding="utf-8") as handle:
            for event in events:
                if event.event != "kept":
                    handle.write(json.dumps({"edition": model.edition, **event.to_dict()}, ensure_ascii=False) + "\n")
    made = describe(given, model, model.place(given, vectors))
    recommended = {row["id"] for row in rows.values() if row.get("kind")}
    members = write_members(made, recommended, out / MEMBERS)
    print(summary(made, Counter(event.event for event in events), members), file=sys.stderr)
    cluster_of = {
        item.finding_id: item.cluster
        for item in made.assignments
        if item.cluster is not None and item.finding_id not in recommended
    }
    columns = ("id", "label", "polarity", "theme", "size")
    described = [
        {**{name: getattr(item, name) for name in columns}, "terms": list(item.terms), "typical": list(item.typical)}
        for item in made.clusters
    ]
    return cluster_of, described


def write_members(made: Clustering, recommended: set[str], path: Path) -> int:
    """Write the clusters of recommendations and of the strengths in mixed findings; how many there are."""
    import pyarrow
    from pyarrow import parquet

    members = []
    for item in made.assignments:
        if item.finding_id in recommended and item.cluster is not None:
            members.append((item.finding_id, "recommendation", item.cluster))
        for half in item.halves:
            if half.polarity == "strength" and half.cluster is not None:
                members.append((item.finding_id, "strength", half.cluster))
    ids, kinds, clusters = zip(*sorted(members), strict=True) if members else ((), (), ())
    schema = pyarrow.schema([("id", pyarrow.string()), ("kind", pyarrow.string()), ("cluster", pyarrow.int32())])
    table = pyarrow.table([list(ids), list(kinds), list(clusters)], schema=schema)
    parquet.write_table(table, path, compression="zstd", compression_level=19, use_dictionary=["kind"])
    return len(members)


def summary(made: Clustering, events: Counter[str], members: int) -> str:
    """What came out, in a few lines."""
    kinds = Counter(item.polarity for item in made.clusters)
    sizes = sorted(item.size for item in made.clusters)
    middle = sizes[len(sizes) // 2] if sizes else 0
    lines = [
        f"{len(made)} clusters: {', '.join(f'{n} of kind {kind}' for kind, n in sorted(kinds.items()))}",
        f"{middle} findings in the middle one; {made.unclustered_share:.2%} of the evaluative findings in none "
        f"({', '.join(f'{n} {reason}' for reason, n in made.unclustered.items())})",
        f"{members} recommendations and strengths of mixed findings",
    ]
    if events:
        lines.append("; ".join(f"{n} {event}" for event, n in sorted(events.items())))
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        main()
    except OfstedNlpError as error:
        sys.exit(error.message)
