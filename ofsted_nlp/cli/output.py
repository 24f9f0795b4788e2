"""Where the command line writes: the screen, or a file that appears under its name only once it is whole."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from ofsted_nlp.errors import UsageError


@contextmanager
def output(out: Path | None, mode: str = "w") -> Iterator[IO[Any]]:
    """Standard output, or a file that appears under its name only once it is whole."""
    if out is None or str(out) == "-":
        yield sys.stdout if mode == "w" else sys.stdout.buffer
        sys.stdout.flush()
        return
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, mode, encoding="utf-8" if mode == "w" else None) as file:
            yield file
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(out)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
        raise


def _umask() -> int:
    now = os.umask(0)
    os.umask(now)
    return now
