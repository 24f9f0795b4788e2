"""An update that is killed at any moment, and started again, ends where one that was left alone does."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import feedparser
import pytest
from update_site import report_of, write

from ofsted_nlp.authorities import register
from ofsted_nlp.corpus.exchange import export_store
from ofsted_nlp.corpus.holdings import Holdings
from ofsted_nlp.errors import StoreError
from ofsted_nlp.store import Store

KILLS = 8
REPORTS = 12
NAMES = ("York", "Leeds", "Hull")


def fill(folder: Path) -> None:
    for number in range(REPORTS):
        entry = register().named(NAMES[number % len(NAMES)])
        texts = {
            f"Social workers’ caseloads are too high in team {number}.": "concern",
            f"Children in pool {number} are visited regularly by their social worker.": "strength",
        }
        write(folder, f"{number}.pdf", report_of(2012 + number // 3, texts=texts, authority=entry.authority))


class Runner:
    """Starts updates of a folder."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("update_run.py")), str(home)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def status(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def end_state(home: Path) -> tuple[bytes, dict[str, bytes], set[str], int]:
    export_store(Holdings(str(home / "s.duckdb"), seed=False), home / "store.zip")
    sheets = {path.name: path.read_bytes() for path in (home / "sheets").iterdir()}
    feed = feedparser.parse((home / "feed.xml").read_bytes())
    assert not feed.bozo
    return (home / "store.zip").read_bytes(), sheets, {entry.id for entry in feed.entries}, len(feed.entries)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
def test_killed_at_random_moments_beside_readers(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    fill(tmp_path / "in")
    alone, home = tmp_path / "alone", tmp_path / "home"
    for place in (alone, home):
        place.mkdir()
        (place / "in").symlink_to(tmp_path / "in")
    runner = Runner(alone)
    began = time.monotonic()
    runner.start()
    assert runner.status() == 0
    took = time.monotonic() - began
    runner.close()
    wanted = end_state(alone)
    assert wanted[3] == REPORTS

    runner = Runner(home)
    killed = 0
    for _ in range(10 * KILLS):
        process = runner.start()
        time.sleep(chance.uniform(0, took * 1.05))
        with contextlib.suppress(StoreError, FileNotFoundError), Store.open(home / "s.duckdb", read_only=True) as store:
            for report in store.reports():  # a reader is told that the store is in use, or sees whole documents
                assert len(report.findings) == 2, f"seed {seed}"
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        status = runner.status()
        assert status in (0, -signal.SIGKILL), f"seed {seed}"
        killed += status != 0
        if status == 0:  # done before it could be killed: begin anew
            for path in home.glob("s.duckdb*"):
                path.unlink()
            (home / "told.jsonl").unlink(missing_ok=True)
            (home / "feed.xml").unlink(missing_ok=True)
            shutil.rmtree(home / "sheets", ignore_errors=True)
        if killed >= KILLS:
            break
    runner.start()
    assert runner.status() == 0, f"seed {seed}"
    runner.start()
    assert runner.status() == 0, f"seed {seed}"
    runner.close()
    assert killed >= KILLS
    assert end_state(home) == wanted, f"seed {seed}"
    told = [json.loads(line) for line in (home / "told.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {change["file"] for made in told for change in made["changes"]} == {f"{n}.pdf" for n in range(REPORTS)}
    assert told[-1]["changes"] == [] and told[-1]["refreshed"] == []
