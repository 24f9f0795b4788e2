"""All benchmarks in one command, and their tables in one file with machine and date.

    python benchmarks/all.py [--corpus DIR] [--out benchmarks/results.md] [--whole]

About half an hour on two quiet cores; with ``--whole`` (ten copies of the corpus, 50 kills, 5,000 damaged files)
several hours. Each part is a command of its own that can be run by itself; it is named above its table. What cannot
run here, for want of a package, says so in its place.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PACKAGES = ("ofsted-nlp", "pypdfium2", "pdfplumber", "spacy", "numpy", "scikit-learn", "duckdb", "distributed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = os.environ.get("OFSTED_NLP_CORPUS", HERE / "../../shared/corpus")
    parser.add_argument("--corpus", type=Path, default=Path(place), help="folder that holds the folder reports")
    parser.add_argument("--out", type=Path, default=HERE / "results.md", help="where the tables are written")
    parser.add_argument("--whole", action="store_true", help="all sizes, kills and damaged files")
    given = parser.parse_args()
    if not any((given.corpus / "reports").glob("*.pdf")):
        sys.exit(f"There are no PDFs in {given.corpus / 'reports'}; name the corpus with --corpus.")
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "store.duckdb"
        add = ["-m", "ofsted_nlp.cli", "add", str(given.corpus / "reports")]
        parts = [heading()]
        for title, command in commands(given.whole, store):
            if "update.py" in command[0]:
                run(add, {"OFSTED_NLP_STORE": str(store)})
            print(title, file=sys.stderr, flush=True)
            told = [
                "python",
                f"benchmarks/{command[0]}",
                *("STORE" if word == str(store) else word for word in command[1:]),
            ]
            begun = time.perf_counter()
            text = run([str(HERE / command[0]), *command[1:]], {"OFSTED_NLP_CORPUS": str(given.corpus)})
            took = time.perf_counter() - begun
            parts.append(f"## {title}\n\n`{' '.join(told)}` ({took / 60:.0f} minutes)\n\n{text.strip()}\n")
            whole = "\n".join(parts)
            beside = given.out.with_suffix(".part")
            beside.write_text(whole, encoding="utf-8")
            beside.replace(given.out)
    return 0


def commands(whole: bool, store: Path) -> list[tuple[str, list[str]]]:
    """Titles and command lines, each the name of a script here and its options."""
    return [
        ("Reading against plain text and pdfplumber", ["reading.py"]),
        ("Each stage, and words and topics beside it", ["stages.py", "--files", "60"]),
        ("One process, two, and Dask", ["batch.py", "--files", "200" if whole else "60"]),
        ("Growth with the number of documents", ["growth.py", "--sizes", *(("1", "3", "10") if whole else ("1",))]),
        ("One new report in a store of all", ["update.py", "--store", str(store)]),
        ("Killed and gone on with", ["killed.py", "--kills", "50" if whole else "5"]),
        ("Damaged PDFs", ["fuzzing.py", "--seed", "1", "--inputs", "5000" if whole else "200"]),
        ("Damaged pages", ["fuzzing.py", "--seed", "1", "--inputs", "5000" if whole else "200", "--kind", "page"]),
    ]


def heading() -> str:
    """Where and when: a figure without them says nothing."""
    packages, today = [], datetime.date.today()
    for name in PACKAGES:
        try:
            packages.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            packages.append(f"{name} not installed")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    load = f"; load at the beginning {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"# Benchmarks of {today.day} {today:%B %Y}\n\n"
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}{load}. {', '.join(packages)}.\n"
    )


def run(command: list[str], environment: dict[str, str]) -> str:
    """What a command prints, or how it ended if it failed."""
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, env=os.environ | environment, cwd=HERE.parent
    )
    if done.returncode == 0 or "add" in command or done.stdout.strip():
        return done.stdout
    last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
    return f"Not run here: {last[0]}"


if __name__ == "__main__":
    sys.exit(main())
