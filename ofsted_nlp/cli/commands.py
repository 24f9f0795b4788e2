"""The command line: parse, call the library, print. Everything heavy is imported when a command needs it."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ofsted_nlp.cli.check import check
from ofsted_nlp.cli.clusters import cluster, search, similar
from ofsted_nlp.cli.coverage import coverage
from ofsted_nlp.cli.exchange import store
from ofsted_nlp.cli.export import export
from ofsted_nlp.cli.learning import learn
from ofsted_nlp.cli.output import output as _output
from ofsted_nlp.cli.press import press
from ofsted_nlp.cli.pull import pull
from ofsted_nlp.cli.reading import add, extract
from ofsted_nlp.cli.site import site
from ofsted_nlp.cli.update import update
from ofsted_nlp.errors import NotFoundError, OfstedNlpError, UsageError

if TYPE_CHECKING:
    from ofsted_nlp.corpus import Corpus

app = typer.Typer(
    name="ofsted-nlp",
    help="Read Ofsted's reports on children's services, keep them, and benchmark one authority against the others.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


class BenchmarkFormat(StrEnum):
    """Formats of ``benchmark``."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"
    CSV = "csv"
    MD = "md"


class TableFormat(StrEnum):
    """Formats of ``statistics`` and ``info``."""

    TABLE = "table"
    JSON = "json"


Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of the screen.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Only inspections that ended by this date (2024-03-31).")]


def main() -> None:
    """Run the command line and turn every error of the library into one sentence and an exit code.

    0: all read. 1: some documents could not be read and are listed. 2: wrong usage. 3: nothing was done, as the
    store, or the site to pull from, is busy or cannot be used. 130: interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except (UsageError, NotFoundError) as error:
        _fail(error, 2)
    except OfstedNlpError as error:
        _fail(error, 3)
    except SystemExit as ended:
        if ended.code == 130:
            said = (
                "interrupted. What was added to the store is kept; a file given with --out is written only when whole."
            )
            print(f"ofsted-nlp: {said}", file=sys.stderr)
        raise


def _fail(error: OfstedNlpError, code: int) -> None:
    print(f"ofsted-nlp: {error.message}", file=sys.stderr)
    sys.exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        from ofsted_nlp import __version__

        print(f"ofsted-nlp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
) -> None:
    pass


app.command()(extract)
app.command()(add)
app.command()(pull)
app.command()(update)
app.command()(check)
app.command()(press)
app.command()(coverage)
app.command()(export)
app.add_typer(site, name="site")
app.add_typer(store, name="store")
app.command()(learn)
app.command()(cluster)
app.command()(similar)
app.command()(search)


@app.command()
def benchmark(
    authority: Annotated[str, typer.Argument(help="Any name of the authority.", show_default=False)],
    against: Annotated[
        str,
        typer.Option("--against", help="neighbours, region, england, a grade (outstanding), or names with commas."),
    ] = "neighbours",
    as_of: AsOf = None,
    format: Annotated[BenchmarkFormat, typer.Option("--format")] = BenchmarkFormat.TABLE,
    out: Out = None,
) -> None:
    """Compare one authority's latest report with those of others, theme by theme.

    Example: ofsted-nlp benchmark Darlington --against region --format html --out darlington.html
    """
    if format is BenchmarkFormat.XLSX and out is None and sys.stdout.isatty():
        raise UsageError("A workbook cannot be shown on the screen; give --out FILE.xlsx.")
    with _corpus() as corpus:
        made = corpus.benchmark(authority, against=against, as_of=as_of)
    if format is BenchmarkFormat.JSON:
        _write_json(made.to_dict(), out)
    elif format is BenchmarkFormat.TABLE:
        _write_table(made, out)
    else:
        save: dict[str, Callable[[Path], Any]] = {
            "html": made.to_html,
            "xlsx": made.to_xlsx,
            "csv": made.to_csv,
            "md": made.to_markdown,
        }
        _write_file(save[format], f".{format}", out)


@app.command()
def statistics(
    as_of: Annotated[str, typer.Option("--as-of", help="Inspections that ended by this date (2024-03-31).")],
    published_by: Annotated[
        str | None, typer.Option("--published-by", help="Only reports published by this date.")
    ] = None,
    format: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TABLE,
    out: Out = None,
) -> None:
    """Count the grades of all authorities as at a date, as the official statistics do.

    Example: ofsted-nlp statistics --as-of 2024-03-31 --published-by 2024-07-31 --format json
    """
    with _corpus() as corpus:
        picture = corpus.statistics(as_of, published_by)
    if format is TableFormat.JSON:
        _write_json(picture.to_dict(), out)
    else:
        _write_table(picture, out)


@app.command()
def info(format: Annotated[TableFormat, typer.Option("--format")] = TableFormat.TABLE) -> None:
    """Say what is stored, where, and what comes with the package."""
    from ofsted_nlp import __version__
    from ofsted_nlp.corpus.adding import quarantined
    from ofsted_nlp.corpus.holdings import Holdings

    with _corpus() as corpus:
        facts = {"version": __version__, **corpus.info()}
        with Holdings(corpus.path, seed=False).store() as kept:
            facts["quarantined"] = [asdict(item) for item in quarantined(kept)]
    if format is TableFormat.JSON:
        _write_json(facts, None)
        return
    from ofsted_nlp.analysis.narrative import counted

    stored = facts["store"]
    held = counted(stored["documents"], "document")
    frameworks = ", ".join(f"{number} {name}" for name, number in facts["frameworks"].items())
    rows = [
        ("Version", f"{facts['version']}, extractor {facts['extractor_version']}"),
        ("Store", facts["path"]),
        ("In the store", f"{held} ({stored['failed']} failed), {counted(stored['findings'], 'finding')}"),
        *(("In quarantine", f"{item['file']} ({item['code']})") for item in facts["quarantined"]),
        ("Press coverage", f"{facts['articles']} articles, {facts['stories']} stories"),
        ("In the national annotations", f"{facts['national_annotations']} documents"),
        (
            "Together",
            f"{counted(facts['documents'], 'document')} of {counted(facts['authorities'], 'authority', 'authorities')}",
        ),
        ("Inspections", f"{facts['first'] or '-'} to {facts['last'] or '-'}"),
        ("By framework", frameworks or "-"),
    ]
    _write_table(_table(["", ""], rows), None)


def _corpus() -> Corpus:
    from ofsted_nlp.corpus import Corpus

    return Corpus.open()


def _write_json(value: Any, out: Path | None) -> None:
    with _output(out) as file:
        file.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def _write_table(value: Any, out: Path | None) -> None:
    from rich.console import Console

    with _output(out) as file:
        width = None if file.isatty() else 120
        Console(file=file, width=width, highlight=False).print(value)


def _write_file(save: Callable[[Path], Any], suffix: str, out: Path | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"benchmark{suffix}"
        save(path)
        with _output(out, "wb") as file:
            file.write(path.read_bytes())


def _table(columns: list[str], rows: Iterable[tuple[str, ...]]) -> Any:
    from rich.table import Table

    table = Table(show_header=any(columns), box=None)
    for name in columns:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    return table
