"""Work on several addresses at a time, so that a slow one does not keep the others waiting."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from ofsted_nlp.errors import SourceError, UnreachableError
from ofsted_nlp.sources.http import Client
from ofsted_nlp.sources.pace import Stopped

Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(
    client: Client, work: Callable[[Item], Result], items: Sequence[Item], *, threads: int | None = None
) -> Generator[tuple[Item, Result | SourceError], None, None]:
    """Each item with its result, or the error of the site, as they come; ends its threads when closed early.

    Without a number of ``threads`` there are as many as one host may be asked by.
    """

    def guarded(item: Item) -> Result | SourceError:
        try:
            return work(item)
        except SourceError as error:
            return error
        except OSError as error:
            return UnreachableError(f"A file could not be written: {error}", code="disk")

    pool = ThreadPoolExecutor(threads or client.limits.concurrency, thread_name_prefix="ofsted-nlp")
    futures = {pool.submit(guarded, item): item for item in items}
    whole = False
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
        whole = True
    except Stopped:
        raise KeyboardInterrupt from None
    finally:
        if not whole:
            client.stop()
        pool.shutdown(wait=True, cancel_futures=not whole)
