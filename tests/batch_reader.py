"""A reader of invented documents that do what is written in them, and a store's content as bytes to compare."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import time
from pathlib import Path

from ofsted_nlp.records import Finding, Polarity, Report, Source
from ofsted_nlp.store import Store
from ofsted_nlp.store.schema import TABLES


def read(path: Path, *, findings: bool = True, strengths: bool = True) -> Report:
    """A report of what the file says, unless it says to hang, to take all memory, or to end the process."""
    order, _, rest = path.read_text().partition(" ")
    if order == "hang":
        ctypes.PyDLL(None).pause()  # in C, and no other thread of Python goes on
    if order == "bomb":
        taken = []
        while True:
            taken.append(b"x" * 10_000_000)
    if order == "ask":
        bytes(10**13)
    if order == "kill":
        os._exit(9)
    if order == "once" and not (path.parent / "tried").exists():
        (path.parent / "tried").touch()
        os._exit(9)
    if order == "raise":
        raise ValueError("a bug")
    if order == "slow":
        time.sleep(float(rest))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    made = tuple(
        Finding(f"{digest[:12]}{n:04}", 1, "body", f"Otters {digest[:n]}.", Polarity.CONCERN, 0.9, ("plans",), n, n + 9)
        for n in range(30)
    )
    return Report(Source(path.name, digest, 1), findings=made if findings else ())


def documents(folder: Path, count: int, order: str = "fine") -> Path:
    """A folder of so many documents, each with content of its own."""
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"{number:03}.pdf").write_text(f"{order} {number / 1e5:.5f}")
    return folder


def export(path: Path) -> bytes:
    """Everything in a store but when it was added."""
    lines = []
    with Store.open(path, read_only=True) as store:
        for table, columns in TABLES.items():
            names = [name for name in columns if name != "added_at"]
            order = "sha256" if table == "documents" else "sha256, position"
            rows = store.connection.execute(f"SELECT {', '.join(names)} FROM {table} ORDER BY {order}").fetchall()
            lines += [json.dumps([table, *row], default=str) for row in rows]
    return "\n".join(lines).encode()
