"""Whether time and memory for a document stay the same as a corpus grows to three and ten times its size.

    python benchmarks/growth.py [--corpus DIR] [--jobs 2] [--files N] [--sizes 1 3 10]

Copies of the real reports, each with a comment after its end so that its content is another, are added to a new store
by ``ofsted-nlp add`` in one run. Prints a Markdown table, and says what is missing or different in the store, if
anything is. Needs psutil, and room for ten copies (2 GB) in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = os.environ.get("OFSTED_NLP_CORPUS", ROOT / "../shared/corpus")
    parser.add_argument("--corpus", type=Path, default=Path(place), help="folder that holds the folder reports")
    parser.add_argument("--jobs", type=int, default=2, help="processes that read reports")
    parser.add_argument("--files", type=int, help="only the first so many files")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1, 3, 10], help="how many copies")
    given = parser.parse_args()
    files = sorted((given.corpus / "reports").glob("*.pdf"))[: given.files]
    if not files:
        sys.exit(f"There are no PDFs in {given.corpus / 'reports'}; name the corpus with --corpus.")
    print("|Copies|Documents|Time|Time a document|Parent, peak|Largest worker, peak|By quarter of the run|Store|")
    print("|-|-|-|-|-|-|-|-|", flush=True)
    for copies in given.sizes:
        print(row(files, copies, given.jobs), flush=True)


def row(files: list[Path], copies: int, jobs: int) -> str:
    """Add so many copies to a new store, look at it, and put what was measured into a line."""
    with tempfile.TemporaryDirectory() as folder:
        reports, store = Path(folder) / "reports", Path(folder) / "store.duckdb"
        reports.mkdir()
        for path in files:
            data = path.read_bytes()
            for number in range(copies):
                (reports / f"{path.stem}.copy-{number:02}.pdf").write_bytes(
                    data + f"\n% {path.name} {number}\n".encode()
                )
        begun = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "-m", "ofsted_nlp.cli", "add", str(reports), "--jobs", str(jobs), "--quiet"],
            env=os.environ | {"OFSTED_NLP_STORE": str(store)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        watch = Watch()
        watch.until_end(process)
        seconds = time.monotonic() - begun
        if process.returncode not in (0, 1):
            sys.exit(f"Adding {copies} copies ended with status {process.returncode}.")
        said = looked_at(store, len(files), copies)
        size = store.stat().st_size / 2**20
    documents = len(files) * copies
    quarters = ", ".join(f"{parent:.0f} + {worker:.0f}" for parent, worker in watch.quarters())
    return (
        f"|{copies}|{documents:,}|{seconds:.0f} s|{1000 * seconds / documents:.0f} ms|"
        f"{max(watch.parent):.0f} MB|{max(watch.worker):.0f} MB|{quarters} MB|{size:.0f} MB, {said}|"
    )


@dataclass
class Watch:
    """Memory of a process and of the largest of those it started, once a second, in MB."""

    parent: list[float] = field(default_factory=list)
    worker: list[float] = field(default_factory=list)

    def until_end(self, process: subprocess.Popen[bytes]) -> None:
        """Look until the process ends."""
        root = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                own = root.memory_info().rss
                children = [child.memory_info().rss for child in root.children(recursive=True)]
            except psutil.Error:
                continue
            self.parent.append(own / 2**20)
            self.worker.append(max(children, default=0) / 2**20)
            time.sleep(1)

    def quarters(self) -> list[tuple[float, float]]:
        """The peak of parent and worker in each quarter of the time."""
        count = len(self.parent)
        bounds = [count * k // 4 for k in range(5)]
        pieces = [slice(a, max(b, a + 1)) for a, b in itertools.pairwise(bounds)]
        return [(max(self.parent[some], default=0), max(self.worker[some], default=0)) for some in pieces]


def looked_at(store: Path, files: int, copies: int) -> str:
    """Whether every document is there, and each copy's findings are those of the first."""
    import duckdb

    with duckdb.connect(str(store), read_only=True) as connection:
        documents = connection.execute("SELECT count(*) FROM documents").fetchall()[0][0]
        findings = connection.execute("SELECT count(*) FROM findings").fetchall()[0][0]
        different = connection.execute(
            """
            SELECT count(*) FROM (
                SELECT split_part(file, '.copy-', 1) AS original, count(DISTINCT (status, words)) AS sorts,
                    count(*) AS n
                FROM (
                    SELECT d.sha256, d.file, d.status,
                        md5(string_agg(f.text || f.polarity || f.score, '|' ORDER BY f.position)) AS words
                    FROM documents d LEFT JOIN findings f USING (sha256) GROUP BY d.sha256, d.file, d.status
                )
                GROUP BY original HAVING sorts <> 1 OR n <> ?
            )
            """,
            [copies],
        ).fetchall()[0][0]
    if documents != files * copies or different:
        return f"LOST: {files * copies - documents} documents missing, {different} files with unequal copies"
    return f"{findings:,} findings, nothing lost"


if __name__ == "__main__":
    main()
