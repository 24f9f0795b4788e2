"""The commands that compare what findings say: cluster, similar and search."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ofsted_nlp.cli.output import output
from ofsted_nlp.errors import UsageError

if TYPE_CHECKING:
    from ofsted_nlp.analysis.clustering.clusters import Cluster, Clustering
    from ofsted_nlp.analysis.clustering.model import ClusterModel
    from ofsted_nlp.analysis.clustering.sharding import Survey


class LinesFormat(StrEnum):
    """Formats of ``cluster``, ``similar`` and ``search``."""

    TABLE = "table"
    JSONL = "jsonl"


class FindingPolarity(StrEnum):
    """What ``search`` can be narrowed to."""

    STRENGTH = "strength"
    CONCERN = "concern"
    MIXED = "mixed"
    NEUTRAL = "neutral"


class ClusterKind(StrEnum):
    """What is clustered, each apart."""

    CONCERN = "concern"
    STRENGTH = "strength"
    RECOMMENDATION = "recommendation"


Findings = Annotated[
    Path | None,
    typer.Option("--findings", help="JSON lines with id, file and text; - for standard input. Else: the store."),
]
Format = Annotated[LinesFormat, typer.Option("--format")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write to this file instead of the screen.")]


def cluster(
    findings: Findings = None,
    polarity: Annotated[ClusterKind | None, typer.Option(help="Only these.")] = None,
    anew: Annotated[bool, typer.Option("--anew", help="Cluster the texts at hand, not the national clusters.")] = False,
    model: Annotated[
        Path | None,
        typer.Option("--model", help="With --findings: folder of fitted clusters to assign to; made if not there."),
    ] = None,
    recluster: Annotated[
        bool, typer.Option("--recluster", help="Fit the clusters anew and say which go on, merge or end.")
    ] = False,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="With --findings: processes; one per core if not given.")
    ] = None,
    format: Format = LinesFormat.TABLE,
    out: Out = None,
) -> None:
    """Group findings that say alike things: concerns, strengths and recommendations, each apart.

    Example: ofsted-nlp cluster --polarity concern
    """
    if findings is None and model is not None:
        raise UsageError("--model goes with --findings; the clusters of the store are kept beside it.")
    if findings is not None:
        if recluster and model is None:
            raise UsageError("--recluster needs the folder of the clusters: --model FOLDER, or the store.")
        _cluster_file(findings, model, polarity, anew=recluster, jobs=jobs, format=format, out=out)
        return
    from ofsted_nlp.corpus import Corpus

    with Corpus.open() as corpus:
        if recluster:
            for event in corpus.recluster():
                print(event, file=sys.stderr)
        made = corpus.clusters(polarity, anew=anew)
    if format is LinesFormat.JSONL:
        _write_lines((item.to_dict() for item in made.assignments), out)
    else:
        _write_clusters(made.clusters, made.unclustered, out)


def similar(
    finding: Annotated[str | None, typer.Argument(help="Id of a finding of the store.", show_default=False)] = None,
    findings: Findings = None,
    k: Annotated[int, typer.Option("--k", min=1, help="How many neighbours.")] = 5,
    other_authorities: Annotated[
        bool, typer.Option("--other-authorities", help="Only findings of other authorities.")
    ] = False,
    format: Format = LinesFormat.TABLE,
    out: Out = None,
) -> None:
    """Find findings like one of the store, or for each one of a file those most like it.

    Example: ofsted-nlp similar --findings findings.jsonl --k 5 --other-authorities --format jsonl
    """
    if (finding is None) == (findings is None):
        raise UsageError("Give the id of a finding of the store, or --findings FILE.")
    if findings is not None:
        from ofsted_nlp.analysis.clustering.similar import similar_findings

        made = similar_findings(read_lines(findings), k, other_authorities=other_authorities)
        if format is LinesFormat.JSONL:
            _write_lines(made, out)
        else:
            _write_table(["Finding", "Like it"], [(m["finding_id"], ", ".join(m["neighbours"])) for m in made], out)
        return
    from ofsted_nlp.corpus import Corpus

    with Corpus.open() as corpus:
        frame = corpus.similar(str(finding), k, other_authorities=other_authorities)
    _write_found(frame, format, out)


def search(
    words: Annotated[str, typer.Argument(help="What to look for, in quotation marks.", show_default=False)],
    k: Annotated[int, typer.Option("--k", min=1, help="How many findings at most.")] = 10,
    polarity: Annotated[FindingPolarity | None, typer.Option(help="Only these findings.")] = None,
    theme: Annotated[str | None, typer.Option(help="Only findings on this theme.")] = None,
    authority: Annotated[str | None, typer.Option(help="Only this authority's.")] = None,
    since: Annotated[str | None, typer.Option(help="Only inspections that ended from this date.")] = None,
    format: Format = LinesFormat.TABLE,
    out: Out = None,
) -> None:
    """Find findings by what they mean, whatever words they use.

    Example: ofsted-nlp search "children wait too long for assessments" --polarity concern
    """
    from ofsted_nlp.corpus import Corpus

    with Corpus.open() as corpus:
        frame = corpus.search(words, k, polarity=polarity, theme=theme, authority=authority, since=since)
    _write_found(frame, format, out)


def _cluster_file(
    path: Path,
    folder: Path | None,
    polarity: str | None,
    *,
    anew: bool,
    jobs: int | None,
    format: str,
    out: Path | None,
) -> None:
    """The clusters of the findings of a file, in memory that does not grow with a file too large to fit to."""
    from ofsted_nlp.analysis.clustering.clusters import of_kind
    from ofsted_nlp.analysis.clustering.sharding import SHARD, Survey, assign_in_shards, count_in_shards

    with _again_and_again(path) as file:
        survey = Survey(lambda: read_lines(file, path))
        model, made = _fitted(survey, folder, anew=anew)
        some = max(1, min(jobs or os.cpu_count() or 1, len(survey) // SHARD))
        if format == LinesFormat.JSONL:
            found = made.assignments if made else assign_in_shards(read_lines(file, path), model, jobs=some)
            kept = (item if polarity is None else of_kind(item, polarity) for item in found)
            _write_lines((item.to_dict() for item in kept if item is not None), out)
        elif made:
            made = made if polarity is None else made.only(polarity)
            _write_clusters(made.clusters, made.unclustered, out)
        else:
            _write_clusters(*count_in_shards(read_lines(file, path), model, polarity, jobs=some), out)


def _fitted(survey: Survey, folder: Path | None, *, anew: bool) -> tuple[ClusterModel, Clustering | None]:
    """The clusters kept in a folder, or fitted now and kept there; all findings in them, if they were fitted to all."""
    from ofsted_nlp.analysis.clustering.clusters import describe
    from ofsted_nlp.analysis.clustering.model import SETTINGS, ClusterModel, fit, vectors_of
    from ofsted_nlp.analysis.clustering.reclustering import recluster
    from ofsted_nlp.analysis.clustering.rows import read_rows
    from ofsted_nlp.encoders import encoder

    known = ClusterModel.load(folder) if folder is not None and (folder / SETTINGS).is_file() else None
    if known is not None and not anew:
        return known, None
    given, named = read_rows(survey.sample()), encoder()
    vectors = vectors_of(given, named)
    if known is None:
        model = fit(given, vectors, named.name)
    else:
        model, events = recluster(known, given, vectors, named.name)
        for event in events:
            print(event, file=sys.stderr)
    if folder is not None:
        model.save(folder)
    whole = len(given.rows) == len(survey)
    return model, describe(given, model, model.place(given, vectors)) if whole else None


@contextmanager
def _again_and_again(path: Path) -> Iterator[Path]:
    """The file, or a copy of what can be read but once: standard input or a pipe."""
    if str(path) != "-" and (path.is_file() or not path.exists()):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="ofsted-nlp-") as folder:
        copy = Path(folder) / "findings.jsonl"
        try:
            with copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
                file.writelines(_lines(path, path))
        except OSError as error:
            raise UsageError(f"There is no room for a copy of {path} in {folder}: {error.strerror}.") from error
        yield copy


def read_lines(path: Path, named: Path | None = None) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines; "-" is standard input.

    Args:
        path: the file; it is read as the objects are asked for.
        named: how messages call it; as ``path`` if None.

    Raises:
        UsageError: it cannot be read, or a line is no JSON object.
    """
    name = named or path
    for number, line in enumerate(_lines(path, name), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"Line {number} of {name} is not JSON: {getattr(error, 'msg', error)}.") from error
        if not isinstance(row, dict):
            raise UsageError(f"Line {number} of {name} is not a JSON object.")
        yield row


def _lines(path: Path, name: Path) -> Iterator[str]:
    try:
        if str(path) == "-":
            yield from sys.stdin
        else:
            with path.open(encoding="utf-8", newline="\n") as file:
                yield from file
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{name} cannot be read: {getattr(error, 'strerror', None) or 'it is not text'}.") from error


def _write_clusters(clusters: Sequence[Cluster], unclustered: Mapping[str, int], out: Path | None) -> None:
    listed = sorted(clusters, key=lambda c: (-c.size, c.id))
    rows = [
        (str(c.id), c.label, str(c.size), str(len(c.authorities)), c.trend.direction.value if c.trend else "")
        for c in listed
    ]
    _write_table(["", "Cluster", "Findings", "Authorities", "Trend"], rows, out)
    reasons = ", ".join(f"{number:,} {reason.replace('_', ' ')}" for reason, number in unclustered.items())
    if reasons:
        print(f"In no cluster: {reasons}.", file=sys.stderr)


def _write_lines(rows: Iterable[Any], out: Path | None) -> None:
    with output(out) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _write_found(frame: Any, format: LinesFormat, out: Path | None) -> None:
    if format is LinesFormat.JSONL:
        _write_lines(json.loads(frame.to_json(orient="records", date_format="iso")), out)
        return
    rows = [
        (f"{row.score:.2f}", f"{row.text}\n{row.authority or ''}, {row.file}, page {row.page} ({row.polarity})\n")
        for row in frame.itertuples()
    ]
    _write_table(["", "Finding"], rows, out)


def _write_table(columns: list[str], rows: Iterable[tuple[str, ...]], out: Path | None) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None)
    for name in columns:
        table.add_column(name)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    with output(out) as file:
        Console(file=file, width=None if file.isatty() else 120, highlight=False).print(table)
