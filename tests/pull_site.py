"""A small invented site of reports, and a pull from it, that the tests of pulling share."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pull_run import read
from replica import Publication, Replica

from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.corpus.pulling import PullResult
from ofsted_nlp.sources.http import Client, Limits
from ofsted_nlp.sources.manifest import Entry, Manifest
from ofsted_nlp.sources.ofsted import MANIFEST

DAY = datetime.date
KINDS = (
    "Children's services inspection",
    "Children’s services focused visit",
    "Children's services monitoring visit",
    "Joint area child protection inspection",
    "Area SEND full inspection",
)
QUICK = Limits(interval=0, backoff=0.01, timeout=20.0, attempts=3, file_bytes=2**20)


def pdf(number: int) -> bytes:
    return b"%PDF-1.4\n" + f"% invented file {number}\n".encode() * 200 + b"%%EOF\n"


def published(number: int, **values: Any) -> Publication:
    day = DAY(2015, 1, 5) + datetime.timedelta(days=(number * 37) % 3600)
    return Publication(**{"number": number, "printed": KINDS[number % 5], "day": day, "body": pdf(number)} | values)


def small_site(names: tuple[str, ...] = ("Darlington", "York", "Leeds"), each: int = 3) -> Replica:
    made = Replica([register().named(name) for name in names])
    for place, entry in enumerate(made.authorities):
        made.publish(entry.urn, *(published(50_000_000 + place * 100 + number) for number in range(each)))
    return made


Pull = Callable[..., PullResult]


def rows(tmp_path: Path) -> list[Entry]:
    with Manifest.open(tmp_path / "reports" / MANIFEST, dry=True) as manifest:
        return manifest.entries()


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "reports").glob("*.pdf"))


def codes(notes: Any) -> list[str]:
    return [note.code for note in notes]


@contextmanager
def pulling(web: Replica, tmp_path: Path) -> Iterator[Pull]:
    """A function that pulls from the replica into the folder, into a store of its own."""
    with ThreadPoolExecutor(1) as executor:

        def run(*authorities: str, limits: Limits = QUICK, **options: Any) -> PullResult:
            cache = tmp_path / "reports" / ".cache"
            corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
            names = authorities or tuple(entry.display_name for entry in web.authorities)
            with Client(
                "127.0.0.1", contact="t@example.org", limits=limits, cache=cache, allow_loopback=True
            ) as client:
                options = {"site": web.site, "reader": read, "executor": executor, "client": client} | options
                return corpus.pull(*names, **options)

        yield run
