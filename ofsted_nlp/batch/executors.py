"""Where reading may happen besides our own processes: a Dask cluster, or this very thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack, contextmanager
from typing import Any

from ofsted_nlp.errors import MissingExtraError, OfstedNlpError

LOCAL = "local"
"""In place of an address: a cluster of processes on this machine."""

CONNECT_SECONDS = 30

_DEAF = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
"""Code for workers of a local cluster: whoever started it decides what an interruption means, and ends them."""


class ExecutorLostError(OfstedNlpError):
    """The executor does not work any more, or never did; what was read until then is kept."""

    code = "executor_lost"


class SameThread(Executor):
    """Reads at once, in the thread that asks; for tests, debuggers and places that allow no processes."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


@contextmanager
def dask_executor(address: str, workers: int | None = None) -> Iterator[tuple[Executor, int]]:
    """The executor of a Dask cluster, and how many documents it reads at a time.

    Args:
        address: of the scheduler ("tcp://host:8786"), or "local" for a cluster of processes on this machine, which
            ends with the ``with``.
        workers: processes of a local cluster; None for one per core.

    Raises:
        MissingExtraError: ``distributed`` is not installed.
        ExecutorLostError: the cluster cannot be reached (code "no_cluster"), has no workers ("no_workers"), or its
            workers lack this package or have another version of it ("other_version").
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise MissingExtraError("Reading on Dask needs its package: pip install 'ofsted-nlp[dask]'.") from error
    with ExitStack() as stack:
        if address == LOCAL:
            options = {"threads_per_worker": 1, "processes": True, "dashboard_address": "127.0.0.1:0", "preload": _DEAF}
            cluster = LocalCluster(n_workers=workers, silence_logs="ERROR", **options)
            place = stack.enter_context(cluster)
        else:
            place = address
        try:
            client = stack.enter_context(Client(place, timeout=CONNECT_SECONDS, set_as_default=False))
        except (OSError, ValueError) as error:
            raise ExecutorLostError(
                f"There is no Dask scheduler at {address}. Start one (dask scheduler), or use --dask {LOCAL}.",
                code="no_cluster",
            ) from error
        yield client.get_executor(), _readers(client, address)


def is_lost(error: Exception) -> bool:
    """Whether an error is a cluster's own that it cannot be spoken to, and so says nothing of the document."""
    return type(error).__name__ in ("CommClosedError", "ClosedClientError", "FutureCancelledError")


def _readers(client: Any, address: str) -> int:
    """How many documents the workers read at a time, once they are there and fit to read."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError as error:
        raise ExecutorLostError(
            f"The Dask cluster at {address} has no workers. Start some: dask worker {address}.", code="no_workers"
        ) from error
    ours = _version()
    try:
        theirs = client.run(_version)
    except Exception as error:  # whatever unpickling on the worker raises
        raise ExecutorLostError(
            f"The workers of the Dask cluster at {address} cannot use ofsted-nlp ({error}). Install it there too.",
            code="other_version",
        ) from error
    others = sorted({version for version in theirs.values() if version != ours})
    if others:
        raise ExecutorLostError(
            f"Workers of the Dask cluster at {address} have ofsted-nlp {others[0]}, and {ours} is here. Reports would "
            "be read in different ways; install the same version everywhere.",
            code="other_version",
        )
    return max(1, sum(client.nthreads().values()))


def _version() -> str:
    """Version of the package and of its extractor."""
    from ofsted_nlp import __version__
    from ofsted_nlp.extraction.report import EXTRACTOR_VERSION

    return f"{__version__} (extractor {EXTRACTOR_VERSION})"
