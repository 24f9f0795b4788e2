"""Updates in a process of their own, which a test may kill; forked from one that has loaded everything.

Usage: update_run.py HOME. Each line on standard input starts an update of the store in HOME from its folder "in"; its
process number, and later its exit status, are printed. What it tells is added to "told.jsonl".
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from forked import run_on_demand
from update_site import run

from ofsted_nlp.corpus.updating import Update


def update(home: str) -> int:
    """One update; 1 if anything failed."""
    place = Path(home)

    def tell(made: Update) -> None:
        with (place / "told.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(made.to_dict()) + "\n")
            file.flush()
            os.fsync(file.fileno())

    made = run(place / "s.duckdb", place / "in", tell=tell, feed=place / "feed.xml", export=place / "sheets")
    return int(made.failed)


if __name__ == "__main__":
    import duckdb  # noqa: F401
    import filelock  # noqa: F401
    import lxml.etree  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401

    import ofsted_nlp.corpus.exchange
    import ofsted_nlp.extraction.report
    import ofsted_nlp.presentation.excel_authorities
    import ofsted_nlp.presentation.update_feed
    import ofsted_nlp.presentation.update_report  # noqa: F401

    run_on_demand(update)
