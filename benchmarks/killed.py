"""Whether a batch that is killed at random moments and gone on with ends as one that nobody disturbed.

    python benchmarks/killed.py [--corpus DIR] [--files 100] [--kills 50] [--jobs 2] [--seed N] [--dask]

Real reports are added to a store by ``ofsted-nlp add``, whose process gets SIGKILL at a random moment, again and again
until the batch is done; then a new store is begun, until there were enough kills. Every store must equal, byte for byte
in its export, the one of a run that was left alone. With ``--dask``, one of two workers of a local cluster is killed
at a random moment of each run instead. Linux only.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = os.environ.get("OFSTED_NLP_CORPUS", ROOT / "../shared/corpus")
    parser.add_argument("--corpus", type=Path, default=Path(place), help="folder that holds the folder reports")
    parser.add_argument("--files", type=int, default=100)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--dask", action="store_true", help="kill workers of a Dask cluster, not the batch")
    given = parser.parse_args()
    found = sorted((given.corpus / "reports").glob("*.pdf"))
    if not found:
        sys.exit(f"There are no PDFs in {given.corpus / 'reports'}; name the corpus with --corpus.")
    files = [found[i * len(found) // given.files] for i in range(given.files)]
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        reports = Path(name) / "reports"
        reports.mkdir()
        for path in files:
            shutil.copy(path, reports)
        begun = time.monotonic()
        run(reports, Path(name) / "whole.duckdb", given.jobs).wait()
        seconds = time.monotonic() - begun
        whole = export(Path(name) / "whole.duckdb")
        killed = runs = batches = unequal = 0
        moments = []
        while killed < given.kills:
            store = Path(name) / f"{batches}.duckdb"
            batches += 1
            done = False
            while not done:
                process = run(reports, store, given.jobs, given.dask)
                runs += 1
                if killed < given.kills:
                    moment = chance.uniform(0, seconds / 2)
                    hit = strike(process, moment, chance) if given.dask else kill(process, moment)
                    killed += hit
                    if hit:
                        moments.append(moment)
                done = process.wait() in (0, 1)
            unequal += export(store) != whole
            print(f"{batches} batches, {killed} kills, {unequal} unequal", file=sys.stderr, flush=True)
    what = "a Dask worker" if given.dask else "the batch"
    print("|Documents|Killed|Kills|Moments|Runs|Batches|Export|Unequal|\n|-|-|-|-|-|-|-|-|")
    print(
        f"|{len(files)}|{what}|{killed}|{min(moments):.1f} to {max(moments):.1f} s of {seconds:.0f}|{runs}|{batches}|"
        f"{len(whole):,} bytes, SHA-256 {hashlib.sha256(whole).hexdigest()[:12]}|{unequal}|"
    )
    print(f"\nSeed {given.seed}.")
    sys.exit(bool(unequal))


def run(reports: Path, store: Path, jobs: int, dask: bool = False) -> subprocess.Popen[bytes]:
    """Begin, or go on with, adding the reports to a store."""
    command = [sys.executable, "-m", "ofsted_nlp.cli", "add", str(reports), "--jobs", str(jobs), "--quiet"]
    environment = os.environ | {"OFSTED_NLP_STORE": str(store)}
    command += ["--dask", "local"] if dask else []
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)


def kill(process: subprocess.Popen[bytes], moment: float) -> bool:
    """Kill the batch after so many seconds; whether it was still at work."""
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def strike(process: subprocess.Popen[bytes], moment: float, chance: random.Random) -> bool:
    """Kill one of the workers of the batch's cluster so many seconds after both are at work."""
    import psutil

    root = psutil.Process(process.pid)
    while process.poll() is None:
        with contextlib.suppress(psutil.Error):  # a process may end while it is looked at
            readers = [child for child in root.children(recursive=True) if "ofsted_nlp.batch.child" in child.cmdline()]
            if len(readers) > 1:
                break
        time.sleep(0.1)
    try:
        process.wait(moment)
        return False
    except subprocess.TimeoutExpired:
        workers = [parent for child in readers if (parent := child.parent()) is not None]
        chance.choice(sorted(workers, key=lambda worker: worker.pid)).kill()
        return True


def export(store: Path) -> bytes:
    """All tables of a store, but for when documents were added, as lines of JSON in the order of their keys."""
    from ofsted_nlp.store import Store
    from ofsted_nlp.store.schema import TABLES

    lines = []
    with Store.open(store, read_only=True) as opened:
        for table, columns in TABLES.items():
            names = ", ".join(name for name in columns if name != "added_at")
            order = "sha256" if table == "documents" else "sha256, position"
            rows = opened.connection.execute(f"SELECT {names} FROM {table} ORDER BY {order}").fetchall()
            lines += [json.dumps([table, *row], default=str, ensure_ascii=False) for row in rows]
    return "\n".join(lines).encode()


if __name__ == "__main__":
    main()
