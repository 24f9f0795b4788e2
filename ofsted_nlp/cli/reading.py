"""The commands that read documents: ``extract`` writes what was read, ``add`` keeps it."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from ofsted_nlp.cli.output import output
from ofsted_nlp.errors import UsageError

if TYPE_CHECKING:
    from ofsted_nlp.batch import Item, Limits
    from ofsted_nlp.corpus.adding import Unread
    from ofsted_nlp.records import Report

Tell = Callable[[int, int | None], None]


class ExtractFormat(StrEnum):
    """Formats of ``extract``."""

    JSONL = "jsonl"
    PARQUET = "parquet"


Paths = Annotated[
    list[str],
    typer.Argument(help="PDF files, folders of them, patterns, or addresses such as s3://…", show_default=False),
]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Processes; one per core if not given.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress bar.")]
Dask = Annotated[
    str | None,
    typer.Option(
        "--dask", metavar="ADDRESS", help="Read on this Dask cluster (tcp://…:8786), or on one made here: local."
    ),
]
TimeLimit = Annotated[
    float, typer.Option("--time-limit", min=0, help="Seconds that one document may take; 0 for no limit.")
]
MemoryLimit = Annotated[
    int, typer.Option("--memory-limit", min=0, help="MB of memory that reading one document may take; 0 for no limit.")
]


def extract(
    paths: Paths,
    format: Annotated[
        ExtractFormat | None,
        typer.Option("--format", help="jsonl, or parquet if --out ends in it.", show_default=False),
    ] = None,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", help="Write here instead of to the screen: a file; of parquet, a folder."),
    ] = None,
    jobs: Jobs = None,
    findings: Annotated[bool, typer.Option(help="Read the findings, or only facts and action lists.")] = True,
    least_score: Annotated[
        float | None,
        typer.Option("--least-score", help="Leave out findings with a lower score, 0 to 1, and say how many."),
    ] = None,
    dask: Dask = None,
    time_limit: TimeLimit = 120,
    memory_limit: MemoryLimit = 1500,
    quiet: Quiet = False,
) -> None:
    """Read reports and write one JSON object per document, or tables of Parquet, in the order given.

    Example: ofsted-nlp extract reports --out reports.jsonl
    """
    from ofsted_nlp import batch
    from ofsted_nlp.corpus.adding import Unread
    from ofsted_nlp.records import checked_score

    if least_score is not None:
        checked_score(least_score)
    limits = _limits(time_limit, memory_limit)
    format = format or (ExtractFormat.PARQUET if out and out.endswith(".parquet") else ExtractFormat.JSONL)
    total = _count(paths, out)
    failed: list[Unread] = []
    left_out = 0
    with ExitStack() as stack:
        write = stack.enter_context(_writer(format, out, findings=findings, least_score=least_score))
        executor, workers = stack.enter_context(_executor(dask, jobs))
        tell = stack.enter_context(progress("Reading", quiet))
        items = write.remaining(batch.walk(paths), failed)
        reports = batch.read_many(
            items, executor=executor, jobs=workers, findings=findings, reader=batch.read_document, limits=limits
        )
        for report in stack.enter_context(closing(reports)):
            if least_score is not None:
                report = report.sure(least_score)
                left_out += report.findings_left_out
            write(report)
            write.done += 1
            if tell is not None:
                tell(write.done, total)
            if report.error:
                failed.append(Unread(report.source.file, report.error.code, report.error.message))
    if write.kept:
        were = "1 document was" if write.kept == 1 else f"{write.kept} documents were"
        print(f"{were} there from an earlier run.", file=sys.stderr)
    if least_score is not None:
        print(f"{left_out} findings with a score below {least_score} are left out.", file=sys.stderr)
    finish(failed, total)


def add(
    paths: Paths,
    jobs: Jobs = None,
    strengths: Annotated[
        bool, typer.Option("--strengths", help="Store what each strength praises, and the names in it, too; slower.")
    ] = False,
    dask: Dask = None,
    time_limit: TimeLimit = 120,
    memory_limit: MemoryLimit = 1500,
    retry_quarantined: Annotated[
        bool,
        typer.Option("--retry-quarantined", help="Read again what stopped its reader or broke a limit before."),
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Read reports into the store; those that are there already are not read again.

    Example: ofsted-nlp add reports
    """
    from ofsted_nlp.corpus import Corpus
    from ofsted_nlp.store import QUARANTINED

    limits = _limits(time_limit, memory_limit)
    with Corpus.open() as corpus, _executor(dask, jobs) as (executor, workers), progress("Adding", quiet) as tell:
        result = corpus.add(
            paths,
            jobs=workers,
            executor=executor,
            progress=tell,
            strengths=strengths,
            limits=limits,
            retry_quarantined=retry_quarantined,
        )
        print(
            f"{result.new} new, {result.replaced} read again, {result.unchanged} unchanged, "
            f"{len(result.failed)} failed; store {corpus.path}"
        )
        held = sum(item.code in QUARANTINED for item in result.failed)
        if held:
            are = "1 of them is" if held == 1 else f"{held} of them are"
            print(f"{are} in quarantine: read again only with --retry-quarantined.")
    finish(result.failed, result.new + result.replaced + result.unchanged + len(result.failed))


def _limits(seconds: float, megabytes: int) -> Limits:
    from ofsted_nlp.batch import Limits

    return Limits(seconds or None, megabytes or None)


def _count(paths: list[str], out: str | None) -> int:
    """How many documents there are; none of them may be the file to write."""
    from ofsted_nlp import batch

    target = Path(out) if out is not None and "://" not in out and Path(out).exists() else None
    total = 0
    for item in batch.walk(paths):
        total += 1
        if target is not None and isinstance(item, Path) and target.samefile(item):
            raise UsageError(f"{out} is one of the files to read; give --out another name.")
    return total


@contextmanager
def _executor(dask: str | None, jobs: int | None) -> Iterator[tuple[Any, int | None]]:
    """The executor to read in and its workers; None for processes of our own."""
    if dask is None:
        yield None, jobs
        return
    from ofsted_nlp.batch import dask_executor

    with dask_executor(dask, jobs) as made:
        yield made


class _Lines:
    """Writes a line of JSON for each report."""

    kept = 0
    done = 0

    def __init__(self, file: IO[Any]) -> None:
        self.file = file

    def __call__(self, report: Report) -> None:
        self.file.write(json.dumps(report.to_dict(), ensure_ascii=False) + "\n")

    def remaining(self, items: Iterator[Item], _: list[Unread]) -> Iterator[Item]:
        return items


class _Tables:
    """Writes reports into parts of Parquet, and goes on where an earlier run was cut short."""

    def __init__(self, parts: Any) -> None:
        self.parts = parts
        self.kept = self.done = 0

    def __call__(self, report: Report) -> None:
        self.parts.write(report)

    def remaining(self, items: Iterator[Item], failed: list[Unread]) -> Iterator[Item]:
        from ofsted_nlp.corpus.adding import Unread

        for kept in self.parts.kept():
            self.kept += 1
            if kept.error:
                failed.append(Unread(kept.file, kept.error.code, kept.error.message))
        self.done = self.kept
        yield from self.parts.remaining(items)


@contextmanager
def _writer(format: ExtractFormat, out: str | None, **options: Any) -> Iterator[_Lines | _Tables]:
    from ofsted_nlp.batch import remote

    if format is ExtractFormat.PARQUET:
        if out is None or out == "-":
            raise UsageError("Parquet is written into a folder; name it with --out.")
        from ofsted_nlp.batch.parts import Parts
        from ofsted_nlp.extraction.report import EXTRACTOR_VERSION

        with Parts(out, options={"extractor_version": EXTRACTOR_VERSION, **options}) as parts:
            yield _Tables(parts)
    elif out is not None and remote.is_remote(remote.local(out)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "extract.jsonl"
            with output(path) as file:
                yield _Lines(file)
            remote.put(path, out)
    else:
        with output(None if out is None else Path(remote.local(out))) as file:
            yield _Lines(file)


def finish(failed: Iterable[Unread], total: int) -> None:
    """List what could not be read, and end with status 1 if anything could not."""
    listed = list(failed)
    if not listed:
        return
    print(f"{len(listed)} of {total} documents could not be read:", file=sys.stderr)
    for item in listed:
        name = "" if item.file in item.message else f"{item.file}: "
        print(f"  {name}{item.message} ({item.code})", file=sys.stderr)
    raise typer.Exit(1)


@contextmanager
def progress(word: str, quiet: bool) -> Iterator[Tell | None]:
    """A bar with count, rate and time left; None where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), rate, TimeElapsedColumn())
    with Progress(
        *columns, TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as bar:
        task = bar.add_task(word, total=None, rate="")

        def tell(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)
            speed = bar.tasks[0].speed
            bar.update(task, rate=f"{speed:.1f} a second" if speed else "")

        yield tell
