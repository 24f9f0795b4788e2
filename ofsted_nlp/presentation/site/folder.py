"""Puts a finished site in its place: built beside, swapped in as a whole, and never over what is not a site."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ofsted_nlp.errors import UsageError

MARK = "ofsted-nlp-site.json"
"""File by which a folder is known to be a site of ours; it lists what lies at its top."""


def check(out: Path) -> None:
    """Make sure that a site may be put there.

    Raises:
        UsageError: there is a file of that name, or a folder that is no site or holds further things.
    """
    if not out.exists():
        if not out.parent.is_dir():
            raise UsageError(f"{out} cannot be made: there is no folder {out.parent}.")
        return
    if not out.is_dir():
        raise UsageError(f"{out} is a file; give the name of a folder.")
    there = {path.name for path in out.iterdir()}
    if not there:
        return
    if MARK not in there:
        raise UsageError(
            f"{out} holds something that is no site of ofsted-nlp; it is left as it is. Take another name."
        )
    further = sorted(there - _listed(out))
    if further:
        raise UsageError(
            f"{out} holds what is no part of the site ({', '.join(further[:3])}) and would be lost: move it elsewhere."
        )


def _listed(out: Path) -> set[str]:
    try:
        return {*json.loads((out / MARK).read_text(encoding="utf-8"))["holds"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{out / MARK} cannot be read, so {out} is left as it is. Take another name.") from error


@contextmanager
def swapped(out: Path) -> Iterator[Path]:
    """A new folder beside ``out`` that takes its place when all went well, and goes away when not.

    Raises:
        UsageError: see ``check``; or the folder cannot be written.
    """
    out = out.resolve()
    check(out)
    try:
        new = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    try:
        yield new
        _finish(new)
        check(out)
        _swap(new, out)
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _finish(new: Path) -> None:
    mask = os.umask(0)
    os.umask(mask)
    new.chmod(0o777 & ~mask)
    holds = sorted({MARK, *(path.name for path in new.iterdir())})
    text = json.dumps({"made_by": "ofsted-nlp", "holds": holds}, indent=1)
    (new / MARK).write_text(text + "\n", encoding="utf-8")


def _swap(new: Path, out: Path) -> None:
    """Between the two renames there is no folder of that name, for less than a millisecond."""
    if not out.exists():
        new.rename(out)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent)) / out.name
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        with suppress(OSError):
            old.rename(out)
        raise
    finally:
        shutil.rmtree(old.parent, ignore_errors=True)
