"""Findings by the million: clusters fitted to a sample, findings assigned shard by shard, in memory that does not grow.

A finding's cluster depends on its own words and the fitted centres alone. So shards can go to any processes, and what
comes back, in the order given, is what ``clusters.cluster_findings`` makes of all findings together.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ofsted_nlp.analysis.clustering.clusters import Assignment, Cluster, Tally, assignments, check_encoder, of_kind
from ofsted_nlp.analysis.clustering.rows import KINDS, Row, check_row, plain_row, read_rows, refuse_repeated
from ofsted_nlp.errors import OfstedNlpError

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.model import ClusterModel

SAMPLE = 200_000
"""Clusters are fitted to at most so many findings: all reports from 2009 to 2026 have fewer."""

SHARD = 4096
"""Findings that one process assigns at a time."""

LOOK_AHEAD = 3
"""Shards under way or waiting per process."""

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

Rows = Callable[[], Iterable[Mapping[str, Any]]]
"""Gives the rows (see ``rows.read_rows``) from the first, each time it is called."""


class Survey:
    """What must be known of all findings before the first is assigned, in eight bytes for each.

    Args:
        rows: read through once; the ids alone are remembered, as numbers.

    Raises:
        UsageError: a row cannot be used, or two have the same id.
    """

    def __init__(self, rows: Rows) -> None:
        import numpy

        self._rows = rows
        found = array("Q")
        for number, row in enumerate(rows(), 1):
            check_row(row, number)
            found.append(_number(row))
        self._numbers = numpy.sort(numpy.frombuffer(found, dtype=numpy.uint64)) if found else numpy.zeros(0, "u8")
        alike = {int(n) for n in self._numbers[1:][self._numbers[1:] == self._numbers[:-1]]}
        if alike:
            refuse_repeated(str(row["id"]) for row in rows() if _number(row) in alike)

    def __len__(self) -> int:
        return len(self._numbers)

    def sample(self, most: int = SAMPLE) -> list[Mapping[str, Any]]:
        """At most so many findings: those whose ids have the lowest numbers, the same ones in whatever order."""
        last = int(self._numbers[min(most, len(self)) - 1]) if len(self) else 0
        return [row for row in self._rows() if _number(row) <= last]


def fit_to_sample(rows: Rows, most: int = SAMPLE, *, encoder: str | Path | None = None) -> ClusterModel:
    """Clusters fitted to a sample of the findings; to all of them, if they are no more than ``most``.

    Args:
        rows: gives the findings; called two or three times.
        most: how many to fit to.
        encoder: name or folder of an encoder; None for the one that the package brings.

    Raises:
        UsageError: a row cannot be used, or two have the same id.
    """
    from ofsted_nlp import encoders
    from ofsted_nlp.analysis.clustering.model import fit, vectors_of

    named = encoders.encoder(encoder)
    given = read_rows(Survey(rows).sample(most))
    return fit(given, vectors_of(given, named), named.name)


def assign_in_shards(
    rows: Iterable[Mapping[str, Any]],
    model: ClusterModel,
    *,
    executor: Executor | None = None,
    jobs: int | None = None,
    shard: int = SHARD,
    encoder: str | Path | None = None,
) -> Iterator[Assignment]:
    """Assigns findings to fitted clusters: one assignment each, in the order given.

    At most ``LOOK_AHEAD`` shards for each process are in memory, however many findings there are. Two findings with
    the same id are both assigned; ``Survey`` finds them beforehand.

    Args:
        rows: see ``rows.read_rows``; taken as they are needed.
        model: the clusters.
        executor: any ``concurrent.futures`` executor (for a cluster: dask's ``Client.get_executor()``), which is left
            open. None: processes of our own.
        jobs: how many processes there are; None for one per core. With 1 and no executor, all is done in this one.
        shard: how many findings go to a process at a time.
        encoder: name or folder of the encoder that the clusters were fitted with; None for the package's own.

    Raises:
        UsageError: a row cannot be used, or the clusters were fitted with another encoder.
        ExecutorLostError: the executor broke; of our own processes, if the same findings break them twice.
    """
    from ofsted_nlp import encoders

    check_encoder(model, encoders.encoder(encoder))
    jobs = max(1, jobs or os.cpu_count() or 1)
    crew = _Crew(executor, jobs, lambda some, first: (some, model, encoder, first))
    try:
        for found in crew.work(_shards(rows, shard)):
            yield from found
    finally:
        crew.close()


def count_in_shards(
    rows: Iterable[Mapping[str, Any]], model: ClusterModel, polarity: str | None = None, **options: Any
) -> tuple[tuple[Cluster, ...], dict[str, int]]:
    """The clusters that hold any of the findings, and how many findings are in none, by reason.

    As typical findings a cluster has those from which it was fitted.

    Args:
        rows: see ``rows.read_rows``; taken as they are needed.
        model: the clusters.
        polarity: only clusters and findings of this kind.
        **options: see ``assign_in_shards``.
    """
    tally, alone = Tally(model), Counter[str]()
    under_way: deque[Row] = deque()

    def watched() -> Iterator[Mapping[str, Any]]:
        for row in rows:
            under_way.append(plain_row(row))
            yield row

    for item in assign_in_shards(watched(), model, **options):
        row = under_way.popleft()
        for half in item.halves or (item,):
            tally.add(row, half.polarity if half.polarity in KINDS else "", half.cluster)
        kept = item if polarity is None else of_kind(item, polarity)
        if kept is not None and kept.cluster is None:
            alone[kept.reason or ""] += 1
    clusters = (cluster for cluster in tally.clusters() if polarity in (None, cluster.polarity))
    return tuple(clusters), dict(sorted(alone.items()))


def assign_shard(
    rows: Sequence[Mapping[str, Any]], model: ClusterModel, encoder: str | Path | None, first: int
) -> list[Assignment]:
    """Assigns the findings of a shard, of which the first is number ``first`` of all; what a process is given to do."""
    from ofsted_nlp import encoders
    from ofsted_nlp.analysis.clustering.model import vectors_of

    given = read_rows(rows, first=first, unique=False)
    return list(assignments(given, model, model.place(given, vectors_of(given, encoders.encoder(encoder)))))


class _Crew:
    """The executor at work and what it owes; replaces processes of our own that died."""

    def __init__(self, executor: Executor | None, jobs: int, arguments: Callable[[Any, int], tuple[Any, ...]]) -> None:
        self.given = executor
        self.own: ProcessPoolExecutor | None = None
        self.jobs = jobs
        self.arguments = arguments

    def close(self) -> None:
        if self.own is not None:
            self.own.shutdown(wait=True, cancel_futures=True)
            self.own = None

    def work(self, shards: Iterator[tuple[Any, int]]) -> Iterator[list[Assignment]]:
        if self.given is None and self.jobs == 1:
            for some, first in shards:
                yield assign_shard(*self.arguments(some, first))
            return
        owed: deque[tuple[tuple[Any, int], Future[list[Assignment]] | None]] = deque()
        tried = -1
        while True:
            for each in islice(shards, LOOK_AHEAD * self.jobs - len(owed)):
                owed.append((each, self._submit(each)))
            if not owed:
                return
            (some, first), future = owed[0]
            try:
                if future is None:
                    raise BrokenExecutor
                found = future.result()
            except OfstedNlpError:
                raise
            except (BrokenExecutor, CancelledError) as error:
                if self.given is not None or tried == first:
                    raise _lost(first, first + len(some) - 1) from error
                tried = first
                self.close()
                again = [each for each, _ in owed]
                owed = deque((each, self._submit(each)) for each in again)
            except Exception as error:
                if self.given is None:
                    raise
                raise _lost(first, first + len(some) - 1) from error  # dask has errors of its own for dead workers
            else:
                owed.popleft()
                yield found

    def _submit(self, each: tuple[Any, int]) -> Future[list[Assignment]] | None:
        if self.given is not None:
            try:
                return self.given.submit(assign_shard, *self.arguments(*each))
            except Exception:  # executors say in different ways that they are closed or lost
                return None
        if self.own is None:
            way = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
            self.own = ProcessPoolExecutor(self.jobs, mp_context=way, initializer=_one_thread)
        try:
            return self.own.submit(assign_shard, *self.arguments(*each))
        except BrokenExecutor:
            return None


def _one_thread() -> None:
    """Keep each process to one core: the threads of numeric libraries would only get in each other's way."""
    for name in _THREADS:
        os.environ.setdefault(name, "1")


def _lost(first: int, last: int) -> OfstedNlpError:
    from ofsted_nlp.batch.executors import ExecutorLostError

    return ExecutorLostError(
        f"The process that was to assign the findings {first} to {last} stopped. Perhaps memory ran out: "
        "try fewer processes (--jobs)."
    )


def _shards(rows: Iterable[Mapping[str, Any]], size: int) -> Iterator[tuple[list[Mapping[str, Any]], int]]:
    """The rows in shards, and the number of the first row of each, counted from 1."""
    coming = iter(rows)
    first = 1
    while some := list(islice(coming, size)):
        yield some, first
        first += len(some)


def _number(row: Mapping[str, Any]) -> int:
    """A number for an id; it has no order that findings could have been given in."""
    return int.from_bytes(blake2b(str(row["id"]).encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
