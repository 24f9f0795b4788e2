"""A batch that is killed at any moment and started again ends as one that nobody disturbed."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from batch_reader import documents, export

KILLS = 6
ATTEMPTS = 200
DOCUMENTS = 60


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    folder = documents(tmp_path / "pdfs", DOCUMENTS, "slow")
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    script = Path(__file__).with_name("batch_run.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as runner:
        assert runner.stdin is not None and runner.stdout is not None

        def start(store: Path) -> int:
            runner.stdin.write(f"{folder}\t{store}\n")  # type: ignore[union-attr]
            runner.stdin.flush()  # type: ignore[union-attr]
            return int(runner.stdout.readline())  # type: ignore[union-attr]

        begun = time.monotonic()
        start(tmp_path / "whole.duckdb")
        assert int(runner.stdout.readline()) == 0
        whole, seconds = export(tmp_path / "whole.duckdb"), time.monotonic() - begun
        killed, stores = 0, [tmp_path / "0.duckdb"]
        for attempt in range(ATTEMPTS):
            process = start(stores[-1])
            time.sleep(chance.uniform(0, seconds))
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
            status = int(runner.stdout.readline())
            assert status in (-signal.SIGKILL, 0), f"seed {seed}"
            killed += status != 0
            if killed == KILLS:
                break
            if status == 0:  # it was done before it could be killed
                stores.append(tmp_path / f"{attempt + 1}.duckdb")
        assert killed == KILLS, f"seed {seed}"
        start(stores[-1])
        assert int(runner.stdout.readline()) == 0, f"seed {seed}"
        runner.stdin.close()
    assert whole.count(b'"documents"') == DOCUMENTS and whole.count(b'"findings"') == 30 * DOCUMENTS
    for store in stores:
        assert export(store) == whole, f"seed {seed}"
