"""The cache of pages on disk, so that what has not changed is not sent again."""

from __future__ import annotations

from pathlib import Path

import httpx


def cached(transport: httpx.BaseTransport, folder: Path) -> httpx.BaseTransport:
    """A cache on disk that follows RFC 9111, as a browser's for one person does."""
    import logging

    from hishel import CacheOptions, SqliteStorage
    from hishel.httpx import CacheTransport

    logging.getLogger("hishel").addHandler(logging.NullHandler())  # a cache that fails is only slower
    storage = SqliteStorage(database_path=folder / "pages.sqlite", max_size=512 * 2**20)
    return CacheTransport(transport, storage, CacheOptions(shared=False))
