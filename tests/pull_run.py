"""Pulls from a replica in a process of its own, which a test may kill; forked from one that has loaded everything.

Usage: pull_run.py SITE STORE URN... Each line on standard input starts a pull; its process number, and later its exit
status, are printed.
"""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from forked import run_on_demand

from ofsted_nlp.records import Report, Source
from ofsted_nlp.sources.http import Client, Limits

READING = 0.004
"""Seconds that reading a document takes here."""


def read(path: Path, *, findings: bool = True) -> Report:
    """A report that says only which file it is of."""
    time.sleep(READING)
    return Report(source=Source(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), 1))


def pull(site: str, store: str, *authorities: str) -> int:
    """One pull; 1 if anything failed."""
    from ofsted_nlp.corpus import Corpus

    limits = Limits(interval=0, backoff=0.01, timeout=5)
    cache = Path(store).parent / "reports" / ".cache"
    with (
        Client("127.0.0.1", contact="tests@example.org", limits=limits, cache=cache, allow_loopback=True) as client,
        ThreadPoolExecutor(1) as executor,
    ):
        corpus = Corpus.open(store, seed=False)
        return int(corpus.pull(*authorities, client=client, site=site, reader=read, executor=executor).failed)


if __name__ == "__main__":
    import duckdb  # noqa: F401
    import hishel.httpx  # noqa: F401
    import httpx  # noqa: F401
    import lxml.html  # noqa: F401
    import pyarrow  # noqa: F401

    import ofsted_nlp.corpus
    import ofsted_nlp.corpus.pulling
    import ofsted_nlp.extraction.report
    import ofsted_nlp.sources.ofsted  # noqa: F401

    run_on_demand(pull)
