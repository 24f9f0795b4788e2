"""Pulls the press from a replica in a process of its own, which a test may kill; see pull_run.py.

Usage: press_pull_run.py STORE SOURCES. Each line on standard input starts a pull.
"""

from __future__ import annotations

from pathlib import Path

from forked import run_on_demand


def pull(store: str, sources: str) -> int:
    """One pull; 1 if anything failed."""
    from test_press_pull import QUICK, TODAY

    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.sources.http import Client

    cache = Path(store).parent / "press" / ".cache"
    with Client("127.0.0.1", contact="tests@example.org", limits=QUICK, cache=cache, allow_loopback=True) as client:
        corpus = Corpus.open(store, seed=False)
        return int(corpus.pull_press(client=client, press_sources=sources, today=TODAY).failed)


if __name__ == "__main__":
    import press_replica
    import test_press_pull  # noqa: F401

    import ofsted_nlp.corpus.press_pulling
    import ofsted_nlp.sources.press_discovery  # noqa: F401
    from ofsted_nlp.corpus.articles import read_article

    read_article(press_replica.SAMPLES / "wexbury-gazette-2015.html")  # loads all that reading needs, once

    run_on_demand(pull)
