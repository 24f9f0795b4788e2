"""How long the nightly update takes when one report is new, in a store that holds the whole corpus.

    python benchmarks/update.py --store STORE [--report NAME.pdf] [--runs 5] [--outputs]

A copy of the store loses one report; then an update reads it from a folder. Each run is a process of its own. Printed
is a Markdown table: seconds after the imports and with them, and of processor time; then the same of a run with nothing
new. ``--outputs`` adds a run that refreshes the site and the workbook.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TABLES = ("judgements", "recommendations", "findings", "figures", "documents")
PART = """
import json, sys, time
began = time.perf_counter()
import duckdb, pandas, pyarrow
import ofsted_nlp.extraction.report, ofsted_nlp.corpus.updating, ofsted_nlp.encoders
from ofsted_nlp.corpus import Corpus
ready = time.perf_counter()
options = json.loads(sys.argv[1])
told = []
made = Corpus.open().update(tell=lambda made: told.append(time.perf_counter() - ready), **options)
done = time.perf_counter()
print(json.dumps({"imports": ready - began, "update": done - ready, "told": told[0], "changes": len(made.changes)}))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, required=True, help="a store that holds the corpus")
    parser.add_argument("--report", help="file name of the report that is new; else the latest full inspection")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--outputs", action="store_true", help="one run more, with the site and the workbook")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        count = prepare(given.store, place, given.report)
        new = [run(place, {}) for _ in range(given.runs)]
        idle = [run(place, {}, fresh=False) for _ in range(given.runs)]
        rows = [("one report new", new), ("nothing new", idle)]
        if given.outputs:
            outputs = {"site": str(place / "site"), "export": str(place / "e.xlsx"), "feed": str(place / "feed.xml")}
            rows.append(("one report new; site, workbook and feed", [run(place, outputs)]))
    print(f"Store of {count} documents; {platform.machine()}, {os.cpu_count()} cores, {time.strftime('%d %B %Y')}.\n")
    print("| update | after start (s) | with imports (s) | processor (s) | runs |")
    print("|---|---|---|---|---|")
    for name, made in rows:
        cells = [statistics.median(item[key] for item in made) for key in ("update", "whole", "processor")]
        print(f"| {name} | {' | '.join(f'{cell:.2f}' for cell in cells)} | {len(made)} |")


def prepare(store: Path, place: Path, name: str | None) -> int:
    """A copy of the store without one report, whose PDF goes into a folder: how many documents are left."""
    import duckdb

    shutil.copy(store, place / "before.duckdb")
    (place / "in").mkdir()
    with duckdb.connect(str(place / "before.duckdb")) as connection:
        found = connection.execute(
            "SELECT sha256, path FROM documents WHERE file = ? OR (? IS NULL AND framework = 'ilacs') "
            "ORDER BY inspection_end DESC NULLS LAST LIMIT 1",
            [name, name],
        ).fetchone()
        if found is None or not Path(found[1]).is_file():
            sys.exit("There is no such report in the store, or its PDF is not where it was.")
        shutil.copy(found[1], place / "in")
        for table in TABLES:
            connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", [found[0]])
        left = connection.execute("SELECT count(*) FROM documents").fetchone()
    return left[0] if left else 0


def run(place: Path, options: dict[str, str], *, fresh: bool = True) -> dict[str, float]:
    """One update in a process of its own."""
    if fresh:
        for path in place.glob("s.duckdb*"):
            path.unlink()
        shutil.copy(place / "before.duckdb", place / "s.duckdb")
    arguments = [sys.executable, "-c", PART, json.dumps({"folder": str(place / "in"), "jobs": 1, **options})]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    out = subprocess.run(
        arguments, env={**os.environ, "OFSTED_NLP_STORE": str(place / "s.duckdb")}, capture_output=True, text=True
    )
    whole = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if out.returncode:
        sys.exit(out.stderr)
    made: dict[str, float] = json.loads(out.stdout.splitlines()[-1])
    if made["changes"] != int(fresh):
        sys.exit(f"The update told of {made['changes']} changes.")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {**made, "whole": whole, "processor": processor}


if __name__ == "__main__":
    main()
