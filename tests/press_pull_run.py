"""Pulls the press from a replica in a process of its own, which a test may kill; see pull_run.py.

Usage: press_pull_run.py STORE SOURCES. Each line on standard input starts a pull.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


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

    import ofsted_nlp.press_pulling
    import ofsted_nlp.sources.press_discovery  # noqa: F401
    from ofsted_nlp.articles import read_article

    read_article(press_replica.SAMPLES / "wexbury-gazette-2015.html")  # loads all that reading needs, once

    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = pull(*sys.argv[1:])
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
