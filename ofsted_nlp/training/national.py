"""Makes the national annotations from the PDFs: python -m ofsted_nlp.training.national --corpus DIR."""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from ofsted_nlp import batch
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import national
from ofsted_nlp.corpus.clusters import NATIONAL
from ofsted_nlp.errors import NotFoundError, OfstedNlpError, UsageError
from ofsted_nlp.records import Polarity, Report
from ofsted_nlp.training.clusters import cluster


def main(arguments: list[str] | None = None) -> None:
    """Read every PDF, cluster the findings and write the Parquet files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--corpus", type=Path, required=True, help="folder with index.csv and the PDFs in its folder reports"
    )
    parser.add_argument("--records", type=Path, help="take the records from this output of extract, do not read PDFs")
    parser.add_argument("--out", type=Path, default=national.FOLDER, help="where the Parquet files go")
    parser.add_argument("--clusters", type=Path, help="where the fitted clusters are and go")
    parser.add_argument("--datasheet", type=Path, help="datasheet whose counts to renew")
    parser.add_argument("--jobs", type=int, help="processes; one per core if not given")
    given = parser.parse_args(arguments)
    index = read_index(given.corpus / "index.csv")
    reports = [identified(report, index) for report in _records(given, index)]
    cluster_of, clusters = cluster(
        reports, given.clusters or (NATIONAL if given.out == national.FOLDER else given.out / "clusters")
    )
    from ofsted_nlp.extraction.report import EXTRACTOR_VERSION

    sizes = national.write(
        reports, given.out, extractor_version=EXTRACTOR_VERSION, cluster_of=cluster_of, clusters=clusters
    )
    counts = describe(reports, sizes, EXTRACTOR_VERSION)
    print(counts)
    if given.datasheet:
        renew(given.datasheet, counts)


def read_index(path: Path) -> dict[str, Mapping[str, str]]:
    """The rows of a corpus's index.csv by SHA-256: file, urn, published (on the site), url."""
    if not path.is_file():
        raise UsageError(f"There is no {path}; --corpus names the folder that holds index.csv.")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["sha256"]: row for row in csv.DictReader(file)}


def _records(given: argparse.Namespace, index: Mapping[str, Mapping[str, str]]) -> Iterator[Report]:
    if given.records:
        for line in given.records.read_text(encoding="utf-8").splitlines():
            yield Report.from_dict(json.loads(line))
        return
    paths = [given.corpus / "reports" / row["file"] for row in sorted(index.values(), key=lambda row: row["file"])]

    def progress(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            print(f"{done} of {total}", file=sys.stderr)

    yield from batch.read_many(paths, jobs=given.jobs, progress=progress)


def identified(report: Report, index: Mapping[str, Mapping[str, str]]) -> Report:
    """A report with address, day of publication on the site and, where it names none, authority of the index."""
    row = index.get(report.source.sha256)
    if row is None:
        return report
    day = datetime.date.fromisoformat(row["published"]) if row["published"] else None
    authority = report.authority
    if authority is None:
        try:
            authority = register().by_urn(int(row["urn"])).authority
        except (NotFoundError, ValueError):
            authority = None
    source = replace(report.source, url=row["url"] or None, published_on=day)
    return replace(report, source=source, authority=authority)


def describe(reports: list[Report], sizes: Mapping[str, int], version: str) -> str:
    """The counts as a Markdown table."""
    polarities = Counter(finding.polarity.value for report in reports for finding in report.findings)
    frameworks = Counter(report.framework for report in reports if report.status != "failed")
    states = Counter(report.status for report in reports)
    rows = [
        ("extractor version", version),
        ("documents", sizes["documents"]),
        *((f"of these {status}", states[status]) for status in ("ok", "partial", "failed") if states[status]),
        *((f"framework {name}", number) for name, number in sorted(frameworks.items())),
        ("authorities", len({report.authority.urn for report in reports if report.authority})),
        ("judgements, this inspection's and earlier ones'", sizes["judgements"]),
        ("items of action lists", sizes["recommendations"]),
        ("findings", sizes["findings"]),
        *((f"findings: {name}", polarities[name]) for name in Polarity),
        ("clusters", sizes["clusters"]),
    ]
    return "\n".join(["|What|Number|", "|-|-|", *(f"|{name}|{number}|" for name, number in rows)])


def renew(datasheet: Path, counts: str) -> None:
    """Put fresh counts between the marks of the datasheet."""
    text = datasheet.read_text(encoding="utf-8")
    fresh, found = re.subn(
        r"(<!-- counts -->\n).*?(<!-- end of counts -->)", lambda m: f"{m[1]}{counts}\n{m[2]}", text, flags=re.DOTALL
    )
    if not found:
        raise UsageError(f"{datasheet} has no marks <!-- counts --> and <!-- end of counts -->.")
    datasheet.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except OfstedNlpError as error:
        sys.exit(error.message)
