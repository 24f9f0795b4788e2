"""A pull that is killed at any moment and started again loses nothing and does nothing twice."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pull_site import published
from replica import Replica, serve

from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.sources.manifest import Manifest
from ofsted_nlp.sources.ofsted import MANIFEST

KILLS = 10
ATTEMPTS = 100
AUTHORITIES, EACH = 40, 3


def publish(made: Replica, number: int) -> None:
    """One more publication, of the same number, on every authority's page."""
    for place, entry in enumerate(made.authorities):
        made.publish(entry.urn, published(50_000_000 + place * 1000 + number))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
def test_killed_at_ten_random_moments(tmp_path: Path) -> None:
    made = Replica(register().current()[:AUTHORITIES], chunk=1024, pause=0.002)
    for number in range(EACH):
        publish(made, number)
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    store = tmp_path / "s.duckdb"
    script = Path(__file__).with_name("pull_run.py")
    with serve(made) as web:
        with subprocess.Popen(
            [sys.executable, str(script), web.site, str(store), *(str(entry.urn) for entry in made.authorities)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as runner:
            assert runner.stdin is not None and runner.stdout is not None

            def start() -> int:
                runner.stdin.write("go\n")  # type: ignore[union-attr]
                runner.stdin.flush()  # type: ignore[union-attr]
                return int(runner.stdout.readline())  # type: ignore[union-attr]

            killed = 0
            for attempt in range(ATTEMPTS):
                asked = len(web.asked)
                process = start()
                # After a random number of requests and a random moment more: among pages, files, or while reading.
                enough = asked + chance.choice([1, 20, 44, 50, 60, 80, 120, 160, 999])
                patience = time.monotonic() + chance.uniform(0.3, 3)
                while len(web.asked) < enough and time.monotonic() < patience:
                    time.sleep(0.002)
                time.sleep(chance.uniform(0, 0.05))
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                status = int(runner.stdout.readline())
                assert status in (-signal.SIGKILL, 0), f"seed {seed}"
                if status == 0:  # It was done before it could be killed: give the next one something to do.
                    publish(made, EACH + attempt)
                else:
                    killed += 1
                if killed == KILLS:
                    break
            start()
            assert int(runner.stdout.readline()) == 0, f"seed {seed}"
            web.forget()
            start()
            assert int(runner.stdout.readline()) == 0, f"seed {seed}"
            assert web.paths("/v1/file") == []
            runner.stdin.close()
        with Manifest.open(tmp_path / "reports" / MANIFEST) as manifest:
            entries = manifest.entries()
    kept = sorted((tmp_path / "reports").glob("*.pdf"))
    bodies = {hashlib.sha256(item.read()).hexdigest() for items in made.publications.values() for item in items}
    assert killed == KILLS, f"seed {seed}"
    assert len(bodies) >= AUTHORITIES * EACH
    assert {entry.sha256 for entry in entries} == bodies, f"seed {seed}"
    assert [entry.state for entry in entries] == ["fetched"] * len(bodies)
    assert sorted(entry.file for entry in entries) == [path.name for path in kept]
    assert {hashlib.sha256(path.read_bytes()).hexdigest() for path in kept} == bodies
    assert list((tmp_path / "reports" / ".partial").iterdir()) == []
    frame = Corpus.open(store, seed=False).to_dataframe()
    assert (len(frame), set(frame["sha256"])) == (len(bodies), bodies), f"seed {seed}"
    assert frame["url"].notna().all()
