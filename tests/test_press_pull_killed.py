"""A pull of the press that is killed at any moment and started again loses nothing and does nothing twice."""

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
from press_replica import INSPECTED, RFC, SCHOOL, Newspaper, fill, rss, serve, sources_toml
from test_press_pull import rows

from ofsted_nlp.corpus import Corpus

KILLS = 4
STORIES = 9


def crowd(paper: Newspaper) -> None:
    """Many more stories of coverage and of schools, which only their pages tell apart."""
    items = []
    for number in range(STORIES):
        text = SCHOOL if number % 3 == 2 else tuple(f"{part} ({number * 7919})" for part in INSPECTED)
        title = f"Inspectors publish report number {number} on children"
        items.append((paper.story(f"/crowd/{number}", title, text), title, RFC))
    paper.put("/crowd/rss", rss(*items), "application/rss+xml")


def stories(paper: Newspaper) -> list[str]:
    """The pages of the crowd that were asked for."""
    return [path for path in paper.paths("/crowd/") if path != "/crowd/rss"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a system with fork")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    with serve(Newspaper(chunk=512, pause=0.002)) as paper:
        fill(paper)
        crowd(paper)
        sources = tmp_path / "sources.toml"
        sources.write_text(sources_toml(paper, Crowd="/crowd/rss"), encoding="utf-8")

        def runs(folder: Path, kills: int, *, twice: bool = False) -> None:
            script = Path(__file__).with_name("press_pull_run.py")
            with subprocess.Popen(
                [sys.executable, str(script), str(folder / "s.duckdb"), str(sources)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            ) as runner:
                assert runner.stdin is not None and runner.stdout is not None

                def start() -> int:
                    runner.stdin.write("go\n")  # type: ignore[union-attr]
                    runner.stdin.flush()  # type: ignore[union-attr]
                    return int(runner.stdout.readline())  # type: ignore[union-attr]

                for _ in range(kills):
                    asked = len(paper.asked)
                    process = start()
                    # After a number of requests, or among the reading, when none come any more.
                    enough = asked + chance.choice([2, 6, 9, 14, 99, 99])
                    patience = time.monotonic() + chance.uniform(0.5, 6)
                    while len(paper.asked) < enough and time.monotonic() < patience:
                        time.sleep(0.002)
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process, signal.SIGKILL)
                    assert int(runner.stdout.readline()) in (-signal.SIGKILL, 0), f"seed {seed}"
                start()
                assert int(runner.stdout.readline()) == 0, f"seed {seed}"
                if twice:
                    # A page whose bytes had not arrived when a run was killed is asked for again; no other.
                    assert len(stories(paper)) <= STORIES + 8 * kills
                    paper.forget()
                    start()
                    assert int(runner.stdout.readline()) == 0, f"seed {seed}"
                    assert stories(paper) == []
                runner.stdin.close()

        killed, whole = tmp_path / "killed", tmp_path / "whole"
        runs(whole, 0)
        paper.forget()
        runs(killed, KILLS, twice=True)

    def outcome(folder: Path) -> list[tuple[object, ...]]:
        return sorted(
            (url, entry.state, entry.code, entry.sha256, entry.file, entry.partial, entry.urns, entry.repeats)
            for url, entry in rows(folder).items()
        )

    assert outcome(killed) == outcome(whole), f"seed {seed}"
    names = {path.name for path in (killed / "press").glob("*.html")}
    assert names == {entry.file for entry in rows(killed).values() if entry.file}
    assert not [path for path in (killed / "press").glob(".*.part")]
    stored = [article.page.sha256 for article in Corpus.open(killed / "s.duckdb", seed=False).articles()]
    assert sorted(stored) == sorted(a.page.sha256 for a in Corpus.open(whole / "s.duckdb", seed=False).articles())
    assert len(stored) == len(set(stored)) == 4 + 2 * STORIES // 3
