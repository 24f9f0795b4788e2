"""How fast and in how much memory reports are read, against plain text extraction of the same files.

    python benchmarks/reading.py [--corpus DIR] [--jobs 2] [--files N]

Prints a Markdown table. Every figure is measured in this run, each part in a process of its own.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLUMBER_FILES = 20
REPEATS = 5


def main() -> None:
    """Measure and print; with --part, be one of the measured processes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    place = os.environ.get("OFSTED_NLP_CORPUS", ROOT / "../shared/corpus")
    parser.add_argument("--corpus", type=Path, default=Path(place), help="folder that holds the folder reports")
    parser.add_argument("--jobs", type=int, default=2, help="processes that read reports")
    parser.add_argument("--files", type=int, help="only so many files, spread evenly over the corpus")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    files = chosen(given.corpus, given.files)
    if given.part:
        print(json.dumps(PARTS[given.part](files, given.jobs)))
    else:
        print(table(given, files))


def chosen(corpus: Path, count: int | None) -> list[Path]:
    """The PDFs of the corpus by name; web pages saved as PDFs are left out, as there is nothing to extract."""
    found = sorted((corpus / "reports").glob("*.pdf"))
    files = [path for path in found if path.open("rb").read(1024).lstrip().startswith(b"%PDF")]
    if not files:
        sys.exit(f"There are no PDFs in {corpus / 'reports'}; name the corpus with --corpus.")
    return spread(files, count or len(files))


def spread(files: list[Path], count: int) -> list[Path]:
    """``count`` files at even distances."""
    count = min(count, len(files))
    return [files[i * len(files) // count] for i in range(count)]


def plain(files: list[Path], jobs: int) -> dict[str, float]:
    """Text of every page by pdfium, one core, nothing kept."""
    import pypdfium2 as pdfium

    begun, pages, characters = time.perf_counter(), 0, 0
    for path in files:
        pdf = pdfium.PdfDocument(path)
        for page in pdf:
            characters += len(page.get_textpage().get_text_range())
            pages += 1
        pdf.close()
    return {"seconds": time.perf_counter() - begun, "pages": pages, "characters": characters}


def plumber(files: list[Path], jobs: int) -> dict[str, float]:
    """Text of every page by pdfplumber, one core, of a sample."""
    import pdfplumber

    begun, pages = time.perf_counter(), 0
    for path in spread(files, PLUMBER_FILES):
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
                page.close()
                pages += 1
    return {"seconds": time.perf_counter() - begun, "pages": pages}


def plain_sample(files: list[Path], jobs: int) -> dict[str, float]:
    """What pdfium takes for the files that pdfplumber reads."""
    return plain(spread(files, PLUMBER_FILES), jobs)


def everything(files: list[Path], jobs: int) -> dict[str, float]:
    """The same with what each strength praises."""
    return stored(files, jobs, strengths=True)


def stored(files: list[Path], jobs: int, strengths: bool = False) -> dict[str, float]:
    """PDF to stored records: facts, action lists, findings, in a store on disk."""
    from ofsted_nlp.corpus import Corpus

    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        corpus = Corpus.open(Path(folder) / "store.duckdb", seed=False)
        result = corpus.add(files, jobs=jobs, strengths=strengths)
        seconds = time.perf_counter() - begun
        counts = corpus.info()["store"]
    return {"seconds": seconds, "new": result.new, "failed": len(result.failed), **counts}


def again(files: list[Path], jobs: int) -> dict[str, float]:
    """Adding the same files a second time, which reads nothing."""
    from ofsted_nlp.corpus import Corpus

    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.open(Path(folder) / "store.duckdb", seed=False)
        few = spread(files, PLUMBER_FILES)
        corpus.add(few, jobs=jobs)
        begun = time.perf_counter()
        result = corpus.add(few, jobs=jobs)
        return {"seconds": time.perf_counter() - begun, "unchanged": result.unchanged}


PARTS = {
    "plain": plain,
    "stored": stored,
    "everything": everything,
    "plumber": plumber,
    "plain_sample": plain_sample,
    "again": again,
}


class Watch:
    """Peak memory of a process and its descendants, looked at twice a second.

    Attributes:
        together_mb: of all of them, pages that they share counted once where the system tells (Linux).
        largest_mb: of the largest, all its pages counted.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.together_mb = 0.0
        self.largest_mb = 0.0

    def wait(self) -> None:
        """Look until the process ends."""
        try:
            import psutil
        except ImportError:
            self.process.wait()
            return
        root = psutil.Process(self.process.pid)
        while self.process.poll() is None:
            found = []
            with contextlib.suppress(psutil.Error):
                for process in [root, *root.children(recursive=True)]:
                    with contextlib.suppress(psutil.Error):
                        found.append(process.memory_full_info())
            if found:
                together = sum(getattr(info, "pss", 0) or info.rss for info in found)
                self.together_mb = max(self.together_mb, together / 2**20)
                self.largest_mb = max(self.largest_mb, max(info.rss for info in found) / 2**20)
            time.sleep(0.5)
        self.process.wait()


def run(part: str, given: argparse.Namespace) -> dict[str, float]:
    """Measure one part in a process of its own."""
    command = [sys.executable, __file__, "--part", part, "--corpus", str(given.corpus), "--jobs", str(given.jobs)]
    if given.files:
        command += ["--files", str(given.files)]
    print(f"{part} ...", file=sys.stderr, flush=True)
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, text=True)
        watch = Watch(process)
        watch.wait()
        if process.returncode:
            sys.exit(f"The part {part} failed.")
        out.seek(0)
        result: dict[str, float] = json.loads(out.read().splitlines()[-1])
    result |= {"together_mb": watch.together_mb, "largest_mb": watch.largest_mb}
    return result


def median_time(command: list[str]) -> float:
    """Median seconds of a command run five times, after one run to warm the disk cache."""
    times = []
    for _ in range(REPEATS + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times[1:])


def table(given: argparse.Namespace, files: list[Path]) -> str:
    """Everything measured, as Markdown."""
    bare = median_time([sys.executable, "-c", "pass"])
    importing = median_time([sys.executable, "-c", "import ofsted_nlp"])
    helping = median_time([sys.executable, "-m", "ofsted_nlp.cli", "--help"])
    base, full, whole = run("plain", given), run("stored", given), run("everything", given)
    slow, sample, second = run("plumber", given), run("plain_sample", given), run("again", given)
    per_page = 1000 / base["pages"]
    rows = [
        ("files, pages", f"{len(files)}, {base['pages']:.0f}"),
        ("plain pdfium text, one core", f"{base['seconds']:.1f} s ({base['seconds'] * per_page:.2f} ms a page)"),
        (
            f"PDF to stored records, {given.jobs} processes",
            f"{full['seconds']:.1f} s ({full['seconds'] * per_page:.2f} ms a page)",
        ),
        ("ratio of the two", f"{full['seconds'] / base['seconds']:.2f}"),
        ("the same with `--strengths`: what each strength praises", f"{whole['seconds']:.1f} s"),
        ("ratio to plain text", f"{whole['seconds'] / base['seconds']:.2f}"),
        (
            "stored",
            f"{full['documents']:.0f} documents ({full['failed']:.0f} failed), {full['findings']:.0f} findings, "
            f"{full['recommendations']:.0f} items of action lists",
        ),
        ("peak memory while storing, all processes together", _megabytes(full["together_mb"])),
        ("peak memory while storing, largest process", _megabytes(full["largest_mb"])),
        (f"adding {min(PLUMBER_FILES, len(files))} files a second time", f"{second['seconds']:.2f} s"),
        (
            f"pdfplumber text of {min(PLUMBER_FILES, len(files))} files, one core",
            f"{slow['seconds']:.1f} s ({1000 * slow['seconds'] / slow['pages']:.1f} ms a page)",
        ),
        (
            "plain pdfium text of the same, one core",
            f"{sample['seconds']:.1f} s ({1000 * sample['seconds'] / sample['pages']:.2f} ms a page)",
        ),
        ("import ofsted_nlp (median of 5; python alone)", f"{importing:.2f} s ({bare:.2f} s)"),
        ("ofsted-nlp --help (median of 5)", f"{helping:.2f} s"),
    ]
    packages = ", ".join(f"{name} {version(name)}" for name in ("pypdfium2", "pdfplumber", "duckdb", "spacy"))
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    lines = ["|Measure|Value|", "|-|-|", *(f"|{name}|{value}|" for name, value in rows)]
    return "\n".join([*lines, "", f"{machine}; {packages}."])


def _megabytes(value: float) -> str:
    return f"{value:.0f} MB" if value else "not measured (needs psutil)"


if __name__ == "__main__":
    main()
