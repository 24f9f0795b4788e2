"""What assigning findings to clusters costs as their number grows: time and memory at 1, 3 and 10 times a corpus.

    python benchmarks/growth_clusters.py --records REPORTS.jsonl [--copies 1,3,10] [--jobs 1,2] [--model FOLDER] [--fit]

REPORTS.jsonl is what ``ofsted-nlp extract`` writes. Its findings and action lists become one file of JSON lines for
each number of copies; in every further copy ids and file names are others, and of each text one word is left out,
another one in each copy. Then ``ofsted-nlp cluster --findings FILE --model FOLDER --format jsonl`` runs on each, in a
process of its own; without --model to the national clusters. With --fit it also runs without ``--model``, where a file
of more than 200,000 findings has its clusters fitted to a sample. Prints a Markdown table: processor and wall-clock
seconds, processor time a finding, the memory of the parent and of the largest worker, and whether the first copy's
lines are the same as those of ``cluster_findings`` on all findings at once.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

COMMAND = [sys.executable, "-c", "from ofsted_nlp.cli import main; main()", "cluster"]


def rows(records: Path) -> Iterator[dict[str, Any]]:
    """The findings and action lists of the records, each once, as rows to cluster."""
    from ofsted_nlp.analysis.clustering.rows import rows_of
    from ofsted_nlp.training.clusters import read_reports

    seen: set[str] = set()
    for row in rows_of(read_reports(records)):
        if row["id"] not in seen:
            seen.add(row["id"])
            clauses = [{"polarity": each.polarity, "text": each.text} for each in row.get("clauses", ())]
            yield {**row, "clauses": clauses}


def altered(row: dict[str, Any], copy: int) -> dict[str, Any]:
    """A copy of a finding with another id and file, in which one word is left out; copy 0 is as it was."""
    if copy == 0:
        return row
    words = row["text"].split(" ")
    del words[(7 * copy) % len(words)]
    text = " ".join(words) if words else row["text"]
    return {**row, "id": f"{row['id']}-{copy}", "file": f"{copy}-{row['file']}", "text": text}


def write(source: Path, copies: int, out: Path) -> int:
    """Write so many copies of the rows in a file to another; how many findings these are."""
    number = 0
    with out.open("w", encoding="utf-8") as file:
        for copy in range(copies):
            with source.open(encoding="utf-8") as lines:
                for line in lines:
                    file.write(json.dumps(altered(json.loads(line), copy), ensure_ascii=False) + "\n")
                    number += 1
    return number


def measure(arguments: list[str]) -> tuple[float, float, float, float]:
    """Processor seconds of all processes, wall-clock seconds, and the most memory of parent and worker in MB."""
    begun = time.perf_counter()
    parent = psutil.Popen([*COMMAND, *arguments])
    seconds: dict[int, float] = {}
    memory: dict[int, int] = {}
    while parent.poll() is None:
        for process in [parent, *_children(parent)]:
            with contextlib.suppress(psutil.NoSuchProcess), process.oneshot():
                times = process.cpu_times()
                seconds[process.pid] = times.user + times.system
                memory[process.pid] = max(memory.get(process.pid, 0), process.memory_info().rss)
        time.sleep(0.2)
    if parent.returncode:
        sys.exit(f"cluster {' '.join(arguments)} failed")
    mb = {pid: size / 2**20 for pid, size in memory.items()}
    own = mb.pop(parent.pid)
    return sum(seconds.values()), time.perf_counter() - begun, own, max(mb.values(), default=0)


def _children(parent: psutil.Process) -> list[psutil.Process]:
    try:
        return parent.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unsharded(source: Path, model: Path, out: Path) -> None:
    """Write what ``cluster_findings`` makes of all findings at once."""
    from ofsted_nlp.analysis.clustering.clusters import cluster_findings
    from ofsted_nlp.analysis.clustering.model import ClusterModel

    with source.open(encoding="utf-8") as lines, out.open("w", encoding="utf-8") as file:
        for item in cluster_findings(map(json.loads, lines), ClusterModel.load(model)).assignments:
            file.write(json.dumps(item.to_dict(), ensure_ascii=False, default=str) + "\n")


def main() -> None:
    """Measure and print."""
    from ofsted_nlp.corpus.clusters import NATIONAL

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, required=True, help="output of extract")
    parser.add_argument("--copies", default="1,3,10", help="how many copies, with commas between")
    parser.add_argument("--jobs", default="1,2", help="numbers of processes, with commas between")
    parser.add_argument("--model", type=Path, default=NATIONAL, help="folder of fitted clusters")
    parser.add_argument("--fit", action="store_true", help="also fit the clusters")
    parser.add_argument("--folder", type=Path, help="where the files go; else a temporary folder")
    given = parser.parse_args()
    columns = (
        "Copies",
        "Findings",
        "Processes",
        "Clusters",
        "CPU s",
        "Wall s",
        "CPU µs a finding",
        "MB, parent",
        "MB, worker",
    )
    print(f"| {' | '.join(columns)} |\n|{'-|' * len(columns)}", flush=True)
    with tempfile.TemporaryDirectory(dir=given.folder) as made:
        folder = Path(made)
        source, found, out = folder / "rows.jsonl", folder / "findings.jsonl", folder / "out.jsonl"
        source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows(given.records)), "utf-8")
        same = ""
        for copies in map(int, given.copies.split(",")):
            number = write(source, copies, found)
            ways = [(jobs, "assigned to", ["--model", str(given.model)]) for jobs in given.jobs.split(",")]
            ways += [(given.jobs.split(",")[-1], "fitted", [])] if given.fit else []
            digests = set()
            for jobs, way, options in ways:
                fixed = ["--findings", str(found), "--format", "jsonl", "--out", str(out), "--jobs", jobs]
                cpu, wall, own, worker = measure([*fixed, *options])
                if options:
                    digests.add(digest(out))
                cells = [
                    f"{copies}",
                    f"{number:,}",
                    jobs,
                    way,
                    f"{cpu:.0f}",
                    f"{wall:.0f}",
                    f"{cpu / number * 1e6:.0f}",
                ]
                print(f"| {' | '.join([*cells, f'{own:.0f}', f'{worker:.0f}' if worker else ''])} |", flush=True)
            if copies == 1:
                unsharded(source, given.model, out)
                digests.add(digest(out))
            same += f"{copies} copies: {'the same' if len(digests) == 1 else 'NOT the same'} lines. "
    print(f"\nAssigned by any number of processes, and of one copy all at once: {same.strip()}")


if __name__ == "__main__":
    main()
