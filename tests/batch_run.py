"""Adds documents to a store in a process of its own, which a test may kill.

Usage: batch_run.py. Each line on standard input, FOLDER TAB STORE, starts a run; its process number, and later its exit
status, are printed.
"""

from __future__ import annotations

import os
import sys


def run(folder: str, store: str) -> int:
    """Add a folder in two processes; 1 if anything failed."""
    from batch_reader import read

    from ofsted_nlp.corpus import Corpus

    return int(bool(Corpus.open(store, seed=False).add(folder, jobs=2, reader=read).failed))


if __name__ == "__main__":
    import duckdb  # noqa: F401
    import pyarrow  # noqa: F401

    import ofsted_nlp.corpus
    import ofsted_nlp.extraction.report  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = run(*line.rstrip("\n").split("\t"))
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
