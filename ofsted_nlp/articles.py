"""Article pages held against the reports they cover: finds the report among those known and reads its text."""

from __future__ import annotations

import datetime
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from ofsted_nlp.errors import OfstedNlpError, UsageError
from ofsted_nlp.extraction.article import Wanted, extract_article
from ofsted_nlp.extraction.press.behind import Behind, ListedAction
from ofsted_nlp.extraction.press.judgements import coded
from ofsted_nlp.reading.web import read_page
from ofsted_nlp.records import Report
from ofsted_nlp.stories import Article, Page, ReportedJudgement

_SOON = 120
"""Days after its publication in which most coverage of a report appears."""
_EARLY = 4
"""Days by which coverage may come before the date that a report bears."""
_TRIED = 4
"""Most reports whose text is read to tell which of them a story covers."""
_YEAR = re.compile(r"(?<!by )(?<!until )(?<!till )\b((?:19|20)\d\d)\b")
_SEND = re.compile(r"\bSEND\b|\bspecial educational needs\b", re.I)


def read_article(path: str | Path, *, reports: str | Path | None = None) -> Article:
    """Read a saved article page (HTML) or text file, and hold it against the report it covers.

    Args:
        path: the file.
        reports: folder with the PDFs of reports. Without it they are looked for where the variable
            OFSTED_NLP_REPORTS says, in the user's store, in a folder ``reports`` (or ``corpus/reports``) in the
            article's folder or the one above, and in the folder ``reports`` of OFSTED_NLP_CORPUS.

    Returns:
        The article with its stories. Dates and grades of the national annotations are always compared; quotations,
        recommendations and figures only where the report's PDF is at hand.

    Raises:
        ReadingError: the file is no article that can be read; the code says why (see ``reading.web.read_page``).
        UsageError: ``reports`` is no folder.

    Example:
        >>> read_article("no-such-page.html")
        Traceback (most recent call last):
        ofsted_nlp.errors.ReadingError: There is no file no-such-page.html. Check the path.
    """
    page = read_page(path)
    shelf = Shelf(reports, beside=Path(path))
    article = extract_article(page, shelf.find)
    return replace(article, warnings=(*article.warnings, *shelf.warnings)) if shelf.warnings else article


class Shelf:
    """The reports that are known: of the national annotations, of the user's store, of a folder.

    Args:
        reports: folder with PDFs, or None to look where ``read_article`` says.
        beside: the article's file, near which a folder of reports may be.

    Raises:
        UsageError: ``reports`` is no folder.
    """

    def __init__(self, reports: str | Path | None = None, *, beside: Path | None = None) -> None:
        if reports is not None and not Path(reports).is_dir():
            raise UsageError(f"{reports} is no folder. Name the folder that holds the PDFs of reports.")
        self.folders = [Path(reports)] if reports is not None else list(_folders(beside))
        self.only_folder = reports is not None
        self.warnings: list[str] = []

    def find(self, wanted: Wanted) -> Behind | None:
        """The report that a story covers, with its text if its PDF is at hand; None if none is known or fits."""
        known = _national(wanted.entry.urn) if wanted.entry else {}
        paths = self._paths(wanted, known)
        for name, path in paths.items():
            if name not in known:
                read = self._read(path)
                if read is not None:
                    known = {**known, read.sha256 or name: read}
                    paths = {**paths, read.sha256 or name: path}
        ranked = sorted(((_fitness(behind, wanted), sha) for sha, behind in known.items()), key=lambda pair: -pair[0])
        fitting = [(score, sha) for score, sha in ranked if score > 0]
        if not fitting and len(known) == 1 and ranked[0][0] > -3:
            fitting = ranked
        if not fitting:
            return self._by_words(wanted, [sha for score, sha in ranked if score > -3], known, paths)
        best = [sha for score, sha in fitting if score > fitting[0][0] - 1]
        if len(best) > 1:
            chosen = self._by_words(wanted, best, known, paths)
            if chosen is not None:
                return chosen
        return self._with_text(known[best[0]], paths.get(best[0]))

    def _by_words(
        self, wanted: Wanted, shas: Sequence[str], known: dict[str, Behind], paths: dict[str, Path]
    ) -> Behind | None:
        """Of several reports the one that holds most of what the story gives as the report's words."""
        best: tuple[int, Behind] | None = None
        for sha in [sha for sha in shas if sha in paths][:_TRIED]:
            behind = self._with_text(known[sha], paths[sha])
            count = sum(behind.has_words(passage) for passage in wanted.passages)
            if count and (best is None or count > best[0]):
                best = (count, behind)
        return best[1] if best else None

    def _with_text(self, behind: Behind, path: Path | None) -> Behind:
        if path is None or behind.text:
            return behind
        read = self._read(path)
        if read is None:
            return behind
        return replace(read, published=behind.published or read.published, grades=behind.grades or read.grades)

    def _read(self, path: Path) -> Behind | None:
        try:
            return _behind_of(path, path.stat().st_mtime_ns)
        except (OSError, OfstedNlpError) as error:
            self.warnings.append(f"{path.name} could not be read: {getattr(error, 'message', error)}")
            return None

    def _paths(self, wanted: Wanted, known: dict[str, Behind]) -> dict[str, Path]:
        """The PDFs of the authority that are at hand: by the hash of those known, by file name of others."""
        found: dict[str, Path] = {}
        names = {behind.file: sha for sha, behind in known.items()}
        failed = _unreadable(wanted.entry.urn) if wanted.entry else frozenset()
        slug = re.sub(r"\W+", "-", (wanted.authority or "").lower()).strip("-")
        urn = str(wanted.entry.urn) if wanted.entry else ""
        for folder in self.folders:
            for path in sorted(folder.glob("*.pdf")):
                low = path.name.lower()
                if path.name in failed:
                    continue
                if path.name in names:
                    found.setdefault(names[path.name], path)
                elif (urn and low.startswith(f"{urn}-")) or (
                    slug and re.search(rf"(?:\A|[-_ ]){re.escape(slug)}[-_ .]", low)
                ):
                    found.setdefault(path.name, path)
        if wanted.entry is not None and not self.only_folder:
            for sha, path in self._stored(wanted.entry.urn):
                found.setdefault(sha, path)
        return found

    def _stored(self, urn: int) -> Iterable[tuple[str, Path]]:
        """The authority's PDFs of the user's store that still lie where they were."""
        from ofsted_nlp.store import Store, default_path

        if not default_path().exists():
            return []
        try:
            with Store.open(read_only=True) as store:
                frame = store.query("SELECT sha256, path FROM documents WHERE urn = ? AND path IS NOT NULL", [urn])
        except OfstedNlpError as error:
            self.warnings.append(f"The store was not searched for reports: {error.message}")
            return []
        rows = [(str(row.sha256), Path(str(row.path))) for row in frame.itertuples()]
        return [(sha, path) for sha, path in rows if path.is_file()]


def _folders(beside: Path | None) -> Iterable[Path]:
    named = [os.environ.get("OFSTED_NLP_REPORTS")]
    if beside is not None:
        home = beside.resolve().parent
        named += [str(base / sub) for base in (home, home.parent) for sub in ("reports", "corpus/reports")]
    if os.environ.get("OFSTED_NLP_CORPUS"):
        named.append(str(Path(os.environ["OFSTED_NLP_CORPUS"]) / "reports"))
    return [Path(name) for name in named if name and Path(name).is_dir()]


@cache
def _behind_of(path: Path, changed: int) -> Behind:
    """A report's PDF as what stands behind a story; ``changed`` keeps an older reading from being used."""
    from ofsted_nlp.extraction.report import extract
    from ofsted_nlp.reading.pdf import read_pdf

    document = read_pdf(path)
    report = extract(document, findings=False, strengths=False)
    published = report.inspection.published or report.source.published_on or report.inspection.end
    return Behind(
        sha256=report.source.sha256,
        published=published,
        file=report.source.file,
        framework=report.framework,
        grades={judgement.code: judgement.grade for judgement in report.judgements},
        actions=_actions(report),
        text=document.text,
    )


def _actions(report: Report) -> list[ListedAction]:
    places: dict[str, int] = {}
    made = []
    for item in report.recommendations:
        places[item.section] = places.get(item.section, 0) + 1
        number = int(item.number) if item.number and item.number.isdecimal() else places[item.section]
        made.append(ListedAction(number, item.text, item.section))
    return made


@cache
def _unreadable(urn: int) -> frozenset[str]:
    """The files of an authority of which the national annotations know that they are no reports."""
    from pyarrow import parquet

    from ofsted_nlp.national import FOLDER, available

    if not available():
        return frozenset()
    where = [("status", "=", "failed")]
    rows = parquet.read_table(FOLDER / "documents.parquet", columns=["file"], filters=where).to_pylist()
    return frozenset(row["file"] for row in rows if row["file"].startswith(f"{urn}-"))


@cache
def _national(urn: int) -> dict[str, Behind]:
    """The reports of an authority in the national annotations: dates, grades, number of recommendations, no text."""
    from pyarrow import parquet

    from ofsted_nlp.national import FOLDER, available

    if not available():
        return {}

    def rows(table: str, where: list[tuple[str, str, Any]], columns: list[str]) -> list[dict[str, Any]]:
        return parquet.read_table(FOLDER / f"{table}.parquet", columns=columns, filters=where).to_pylist()

    columns = ["sha256", "file", "framework", "inspection_end", "published", "published_on", "status"]
    documents = [row for row in rows("documents", [("urn", "=", urn)], columns) if row["status"] != "failed"]
    if not documents:
        return {}
    ours = [("sha256", "in", [row["sha256"] for row in documents])]
    grades: dict[str, dict[str, str]] = {}
    for row in rows("judgements", ours, ["sha256", "inspection", "code", "grade"]):
        if row["inspection"] == "this":
            grades.setdefault(row["sha256"], {})[row["code"]] = row["grade"]
    counts: dict[str, int] = {}
    for row in rows("recommendations", ours, ["sha256", "section"]):
        if row["section"] != "lscb":
            counts[row["sha256"]] = counts.get(row["sha256"], 0) + 1
    return {
        row["sha256"]: Behind(
            sha256=row["sha256"],
            published=row["published_on"] or row["published"] or row["inspection_end"],
            file=row["file"],
            framework=row["framework"],
            grades=grades.get(row["sha256"], {}),
            counted=counts.get(row["sha256"]),
        )
        for row in documents
    }


def _fitness(behind: Behind, wanted: Wanted) -> float:
    """How well a report fits what a story says of it; above 0 it may be the one."""
    page: Page = wanted.page
    score = 0.0
    made = [(about, ReportedJudgement(about, grade, "")) for about, grade in wanted.judgements]
    for item in coded(made, behind, page.published):
        overall = item.about in ("overall_effectiveness", "outcome")
        if item.agrees_with_report:
            score += 3 if overall else 2
        elif item.report_grade is not None:
            score -= 6 if overall else 2
    if wanted.count is not None and behind.counted is not None:
        score += 2 if wanted.count == behind.counted else -0.5
    if page.published is not None and behind.published is not None:
        days = (page.published - behind.published).days
        if days < -_EARLY:
            return -10.0
        score += 4 if days <= _SOON else -min(days, 1500) / 365
        score -= days / 100_000
    years = [int(found[1]) for found in _YEAR.finditer(page.text)] if page.published is None else []
    if years and behind.published is not None:
        # Without a date the latest year that the story names tells when it was written.
        late = behind.published - datetime.timedelta(days=90)
        score += 1.5 if max(years) in (behind.published.year, late.year) else -1.0
    about_send = bool(_SEND.search(f"{page.title or ''} {page.text}"))
    if behind.framework == "send":
        score += 1 if about_send else -2
    elif about_send and wanted.judgements == ():
        score -= 0.5
    return score
