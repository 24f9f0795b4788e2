"""Reads thousands of damaged and hostile files and says what crashed, hung, ate memory or made a wrong record.

    python benchmarks/fuzzing.py --inputs 5000 --seed 1                  # PDFs
    python benchmarks/fuzzing.py --inputs 5000 --seed 1 --kind page      # article pages, feeds and sitemaps

Every file is made from the seed and its number, so that ``--only NUMBER`` makes it again and ``--keep FOLDER`` writes
it down. The files that are damaged are the first pages of the smallest real reports (``OFSTED_NLP_CORPUS``, else
``../shared/corpus``) where they are at hand, and of the invented samples. They are read in a process that is stopped
after ``--limit`` seconds.
"""

from __future__ import annotations

import argparse
import collections
import json
import math
import multiprocessing
import os
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))
ROOT = Path(__file__).resolve().parent.parent
MEMORY = 800_000_000
"""Bytes of memory that a worker may come to hold."""
_SHORTEST = 25
_FATAL = 2_500_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=5000, help="how many files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=("pdf", "page"), default="pdf")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds for one file")
    parser.add_argument("--whole", type=int, default=10, help="of how many PDFs one is also classified")
    parser.add_argument("--start", type=int, default=0, help="number of the first file")
    parser.add_argument("--only", type=int, help="one file by its number")
    parser.add_argument("--keep", type=Path, help="folder for the files that failed")
    given = parser.parse_args()
    numbers = [given.only] if given.only is not None else range(given.start, given.start + given.inputs)
    bases = _bases(given.kind)
    began = time.monotonic()
    counts: collections.Counter[str] = collections.Counter()
    finds: list[dict[str, Any]] = []
    slowest, largest = (0.0, -1), (0, -1)
    worker = _Worker(given.kind)
    for number in numbers:
        what, data = _make(given.kind, number, given.seed, bases)
        result = worker.read(data, number % given.whole == 0 or given.only is not None, given.limit)
        counts[result["outcome"]] += 1
        slowest = max(slowest, (result["seconds"], number))
        largest = max(largest, (result["memory"], number))
        if result["find"]:
            finds.append({"number": number, "made": what, **result})
            print(json.dumps(finds[-1]), file=sys.stderr, flush=True)
            if given.keep:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{given.kind}-{given.seed}-{number}").write_bytes(data)
        if number % 250 == 249:
            print(f"{number + 1} files, {len(finds)} finds, {time.monotonic() - began:.0f} s", file=sys.stderr)
    worker.stop()
    print(f"{len(numbers)} files in {time.monotonic() - began:.0f} s; seed {given.seed}\n")
    print("| outcome | files |\n|---|---:|")
    for outcome, count in counts.most_common():
        print(f"| {outcome} | {count} |")
    print(f"\nslowest: {slowest[0]:.1f} s (file {slowest[1]}); most memory: {largest[0] / 1e6:.0f} MB ({largest[1]})")
    print(f"finds: {len(finds)}")
    return 1 if finds else 0


def _bases(kind: str) -> list[bytes]:
    if kind == "page":
        return [path.read_bytes() for path in sorted((ROOT / "corpus" / "sample" / "press").rglob("*.html"))]
    import fuzzing_pdf

    corpus = Path(os.environ.get("OFSTED_NLP_CORPUS") or ROOT.parent / "shared" / "corpus") / "reports"
    files = [path for path in corpus.glob("*.pdf") if path.read_bytes()[:5] == b"%PDF-"]
    files = sorted(files, key=lambda path: (path.stat().st_size, path.name))[:_SHORTEST]
    files += sorted((ROOT / "corpus" / "sample").glob("*.pdf"))
    return [fuzzing_pdf.first_pages(path.read_bytes()) for path in files]


def _make(kind: str, number: int, seed: int, bases: list[bytes]) -> tuple[str, bytes]:
    if kind == "page":
        import fuzzing_pages

        return fuzzing_pages.mutated(number, seed, bases)
    import fuzzing_pdf

    return fuzzing_pdf.mutated(number, seed, bases)


class _Worker:
    """The process that reads; a new one after each death."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.process: multiprocessing.process.BaseProcess | None = None

    def read(self, data: bytes, whole: bool, limit: float) -> dict[str, Any]:
        """What became of a file: outcome, seconds, memory, and why it is a find, or None."""
        if self.process is None or not self.process.is_alive():
            context = multiprocessing.get_context("spawn")
            self.pipe, other = context.Pipe()
            self.process = context.Process(target=_work, args=(other, self.kind), daemon=True)
            self.process.start()
            other.close()
            self.pipe.recv()
        began = time.monotonic()
        result: dict[str, Any] = {"outcome": "", "seconds": 0.0, "memory": 0, "find": None}
        try:
            self.pipe.send((data, whole))
            if self.pipe.poll(limit):
                result = self.pipe.recv()
            else:
                self.stop()
                result |= {"outcome": "hang", "find": f"not done after {limit} s"}
        except (EOFError, OSError):
            self.process.join(10)
            result |= {"outcome": "crash", "find": f"the process ended with {self.process.exitcode}"}
            self.process = None
        result["seconds"] = round(time.monotonic() - began, 2)
        if result["memory"] > MEMORY:
            result["find"] = f"{result['memory'] / 1e6:.0f} MB of memory; {result['find'] or ''}"
            self.stop()
        return result

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None


def _work(pipe: Connection, kind: str) -> None:
    import resource
    import traceback

    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    resource.setrlimit(resource.RLIMIT_AS, (_FATAL, _FATAL))
    if kind == "page":
        from fuzzing_pages import read
    else:
        read = _read_pdf
    pipe.send("ready")
    folder = Path(tempfile.mkdtemp(prefix="fuzzing-"))
    while True:
        try:
            data, whole = pipe.recv()
        except EOFError:
            return
        Path("/proc/self/clear_refs").write_text("5")
        try:
            outcome, find = read(data, whole, folder)
        except Exception as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
            outcome = f"raised {type(error).__name__}"
            find = f"{type(error).__name__}: {str(error)[:200]} in {Path(frame.filename).name}:{frame.lineno}"
        status = Path("/proc/self/status").read_text()
        memory = int(status.split("VmHWM:")[1].split()[0]) * 1024
        pipe.send({"outcome": outcome, "seconds": 0.0, "memory": memory, "find": find})


def _read_pdf(data: bytes, whole: bool, folder: Path) -> tuple[str, str | None]:
    from ofsted_nlp.errors import OfstedNlpError
    from ofsted_nlp.extraction.report import extract
    from ofsted_nlp.reading.pdf import read_pdf

    path = folder / "80458-invented-2024-01-31.pdf"
    path.write_bytes(data)
    try:
        document = read_pdf(path)
        find = _document_find(document)
        report = extract(document, findings=whole)
    except OfstedNlpError as error:
        return f"failed: {error.code}", "not foreseen: " + error.message if error.code in UNFORESEEN else None
    return report.status, find or _record_find(report.to_dict(), document)


UNFORESEEN = ("error", "reader_failed")


def _document_find(document: Any) -> str | None:
    """What is wrong with a document as read."""
    pages = document.source.pages
    for block in document.blocks:
        if block.end > block.start and document.text[block.start : block.end] != block.text:
            return f"span {block.start}-{block.end} is not the block's text"
        for line in block.lines:
            box = line.box
            if not 1 <= box.page <= pages:
                return f"page {box.page} of {pages}"
            if not all(math.isfinite(value) for value in (box.x0, box.top, box.x1, box.bottom)):
                return f"box {box}"
            if block.end > block.start and not block.start <= line.start <= line.end <= block.end:
                return f"line {line.start}-{line.end} outside of its block {block.start}-{block.end}"
    return None


def _record_find(record: dict[str, Any], document: Any) -> str | None:
    """What is wrong with a record."""
    json.dumps(record, allow_nan=False, ensure_ascii=False).encode("utf-8")
    pages, text = document.source.pages, document.text
    for key in ("findings", "recommendations", "judgements", "figures", "practice_studies"):
        for item in record[key]:
            if not 1 <= item["page"] <= pages:
                return f"{key}: page {item['page']} of {pages}"
            if "start" in item and not 0 <= item["start"] <= item["end"] <= len(text):
                return f"{key}: span {item['start']}-{item['end']} of {len(text)}"
    for item in record["findings"]:
        if not 0 <= item["score"] <= 1:
            return f"score {item['score']}"
    return None


if __name__ == "__main__":
    sys.exit(main())
