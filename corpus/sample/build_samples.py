"""Builds the invented sample documents and their gold annotations: ``python corpus/sample/build_samples.py``.

Needs fpdf2 (``pip install -e .[samples]``). The same versions of the libraries write the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import zlib
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from builder.broken import many_pages, write_broken
from builder.catalogue import SAMPLES
from builder.gold import write_gold
from builder.layout import Gold, Sheet

__all__ = ["BUILT_WITH", "build", "many_pages", "versions"]

HERE = Path(__file__).resolve().parent
BUILT_WITH = {"fpdf2": "2.8.9", "fonttools": "4.68.0", "pillow": "13.0.0", "zlib": "1.2.13"}
"""The versions that wrote the committed files; others may compress differently."""


def versions() -> dict[str, str]:
    """The versions at hand of what decides on the bytes."""
    return {name: version(name) for name in BUILT_WITH if name != "zlib"} | {"zlib": zlib.ZLIB_RUNTIME_VERSION}


def build(folder: Path) -> None:
    """Write all sample PDFs, the broken files and the gold into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    golds: dict[str, Gold] = {}
    for sample in SAMPLES:
        sheet = Sheet(sample.title, sample.style(), sample.created)
        sample.write(sheet)
        (folder / sample.file).write_bytes(bytes(sheet.output()))
        golds[sample.file] = sheet.gold
    write_broken(folder / "broken")
    write_gold(folder / "gold", golds)


def main() -> None:
    """Build into the folder given, by default into this one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where to write (default: here)")
    build(parser.parse_args().folder)


if __name__ == "__main__":
    main()
