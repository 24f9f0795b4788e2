"""Documents a second and memory of a batch in one process, in two, and on a Dask cluster of two workers.

    python benchmarks/batch.py [--corpus DIR] [--files 200]

Every way reads the same files through ``ofsted-nlp add`` into a new store, in a run of its own. Prints a Markdown
table. Needs psutil, and distributed for its last row. Growth with the number of documents is in ``growth.py``, what
happens to batches that are killed in ``killed.py``.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from growth import Watch

ROOT = Path(__file__).resolve().parents[1]
WAYS = {
    "1 process": ["--jobs", "1"],
    "2 processes": ["--jobs", "2"],
    "Dask, 2 workers": ["--dask", "local", "--jobs", "2"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = os.environ.get("OFSTED_NLP_CORPUS", ROOT / "../shared/corpus")
    parser.add_argument("--corpus", type=Path, default=Path(place), help="folder that holds the folder reports")
    parser.add_argument("--files", type=int, default=200, help="so many files, spread evenly over the corpus")
    given = parser.parse_args()
    found = sorted((given.corpus / "reports").glob("*.pdf"))
    if not found:
        sys.exit(f"There are no PDFs in {given.corpus / 'reports'}; name the corpus with --corpus.")
    count = min(given.files, len(found))
    files = [found[i * len(found) // count] for i in range(count)]
    columns = ("Time", "Documents a second", "Processor time a document", "Parent, peak", "Largest other, peak")
    print(f"|{count} documents|{'|'.join(columns)}|\n|-|-|-|-|-|-|", flush=True)
    for name, options in WAYS.items():
        if "--dask" in options and importlib.util.find_spec("distributed") is None:
            print(f"|{name}|not run: distributed is not installed|||||")
            continue
        seconds, work, watch = measured(files, options)
        # Dask ends its workers without waiting for what they read with, whose time is then lost.
        told = "not known" if "--dask" in options else f"{work / count:.2f} s"
        print(
            f"|{name}|{seconds:.1f} s|{count / seconds:.2f}|{told}|{max(watch.parent):.0f} MB|"
            f"{max(watch.worker):.0f} MB|",
            flush=True,
        )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    print(f"\n{machine}; load of the machine at the end {load:.1f}.")


def measured(files: list[Path], options: list[str]) -> tuple[float, float, Watch]:
    """Seconds that adding the files takes, start of the program included; seconds of the processor; and memory."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "ofsted_nlp.cli", "add", *map(str, files), *options, "--quiet"]
        environment = os.environ | {"OFSTED_NLP_STORE": str(Path(folder) / "store.duckdb")}
        begun, before = time.monotonic(), os.times()
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
            watch = Watch()
            watch.until_end(process)
            seconds, after = time.monotonic() - begun, os.times()
            if process.returncode not in (0, 1):
                out.seek(0)
                sys.exit(f"{' '.join(options)} failed: {out.read().decode()[-2000:]}")
    work = after.children_user + after.children_system - before.children_user - before.children_system
    return seconds, work, watch


if __name__ == "__main__":
    main()
