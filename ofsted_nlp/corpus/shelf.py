"""The reports that a story may cover: of the national annotations, of the store, and those whose PDF is at hand."""

from __future__ import annotations

import copy
import datetime
import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Self

from ofsted_nlp.authorities import AuthorityEntry, register
from ofsted_nlp.corpus import national
from ofsted_nlp.errors import OfstedNlpError, UsageError
from ofsted_nlp.extraction.article import Wanted
from ofsted_nlp.extraction.press.behind import Behind, ListedAction
from ofsted_nlp.extraction.press.judgements import coded
from ofsted_nlp.records import Report
from ofsted_nlp.store import Store, default_path
from ofsted_nlp.stories import Article, Page, ReportedJudgement

_SOON = 120
"""Days after its publication in which most coverage of a report appears."""
_EARLY = 4
"""Days by which coverage may come before the date that a report bears."""
_TRIED = 4
"""Most reports whose text is read to tell which of them a story covers."""
_YEAR = re.compile(r"(?<!by )(?<!until )(?<!till )\b((?:19|20)\d\d)\b")
_SEND = re.compile(r"\bSEND\b|\bspecial educational needs\b", re.I)


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the store has of an authority: what its reports say, and where their PDFs lie."""

    known: dict[str, Behind] = field(default_factory=dict)
    paths: dict[str, Path] = field(default_factory=dict)


class Shelf:
    """The reports that are known: of the national annotations, of the store, of folders.

    It remembers what it has looked up: make a new one when reports may have been added.

    Args:
        reports: folder with PDFs; None to look where ``articles.read_article`` says. Without a ``store``, PDFs are then
            looked for in no other place.
        beside: the article's file, near which a folder of reports may be.
        store: the store to ask, open; None for the user's.
        seed: whether to use the national annotations.

    Attributes:
        warnings: plain sentences: what could not be looked up.

    Raises:
        UsageError: ``reports`` is no folder.
    """

    def __init__(
        self,
        reports: str | Path | None = None,
        *,
        beside: Path | None = None,
        store: Store | None = None,
        seed: bool = True,
    ) -> None:
        if reports is not None and not Path(reports).is_dir():
            raise UsageError(f"{reports} is no folder. Name the folder that holds the PDFs of reports.")
        self.folders = [Path(reports)] if reports is not None else list(_folders(beside))
        self.warnings: list[str] = []
        self._only_folder = reports is not None and store is None
        self._store = store
        self._seed = seed
        self._rows: dict[int, _Stored] = {}
        self._listed: dict[Path, list[Path]] = {}

    def near(self, beside: Path | None, *reports: str | Path | None) -> Self:
        """The same shelf for an article in another place; ``reports`` are folders for it alone, if they exist."""
        other = copy.copy(self)
        named = [Path(folder) for folder in reports if folder is not None and Path(folder).is_dir()]
        other.folders = list(dict.fromkeys([*named, *_folders(beside)]))
        other.warnings = []
        return other

    def find(self, wanted: Wanted) -> Behind | None:
        """The report that a story covers, with its text if its PDF is at hand; None if none is known or fits."""
        known = self._known(wanted.entry)
        paths = self._paths(wanted.authority, wanted.entry, known)
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

    def basis(self, article: Article) -> str:
        """What an article's comparison rests on: it changes when other reports of its authorities become known."""
        seen = []
        for name, urn in sorted({(story.authority or "", story.urn or 0) for story in article}):
            entry = register().by_urn(urn) if urn else None
            known = self._known(entry)
            facts = [
                [sha, str(behind.published), behind.framework, sorted(behind.grades.items())]
                for sha, behind in sorted(known.items())
            ]
            files = [[key, path.name, _size(path)] for key, path in sorted(self._paths(name, entry, known).items())]
            seen.append([name, urn, facts, files])
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:16]

    def pdfs(self, entry: AuthorityEntry) -> dict[str, Path]:
        """The PDFs of an authority that are at hand, by the SHA-256 that they should have."""
        return self._paths(entry.display_name, entry, self._known(entry))

    def _known(self, entry: AuthorityEntry | None) -> dict[str, Behind]:
        """What is known of an authority's reports without reading any: dates, grades, number of recommendations."""
        if entry is None:
            return {}
        return {**(_national(entry.urn, national.FOLDER) if self._seed else {}), **self._stored(entry.urn).known}

    def _paths(self, name: str | None, entry: AuthorityEntry | None, known: dict[str, Behind]) -> dict[str, Path]:
        """The PDFs of the authority that are at hand: by the hash of those known, by file name of others."""
        found: dict[str, Path] = {}
        names = {behind.file: sha for sha, behind in known.items()}
        failed = _unreadable(entry.urn, national.FOLDER) if entry and self._seed else frozenset()
        slug = re.sub(r"\W+", "-", (name or "").lower()).strip("-")
        urn = str(entry.urn) if entry else ""
        for folder in self.folders:
            if folder not in self._listed:
                self._listed[folder] = sorted(folder.glob("*.pdf"))
            for path in self._listed[folder]:
                low = path.name.lower()
                if path.name in failed:
                    continue
                if path.name in names:
                    found.setdefault(names[path.name], path)
                elif (urn and low.startswith(f"{urn}-")) or (
                    slug and re.search(rf"(?:\A|[-_ ]){re.escape(slug)}[-_ .]", low)
                ):
                    found.setdefault(path.name, path)
        if entry is not None:
            for sha, path in self._stored(entry.urn).paths.items():
                found.setdefault(sha, path)
        return found

    def _stored(self, urn: int) -> _Stored:
        """What the store has of an authority."""
        if self._only_folder:
            return _Stored()
        if urn not in self._rows:
            try:
                self._rows[urn] = self._asked(urn)
            except OfstedNlpError as error:
                self.warnings.append(f"The store was not searched for reports: {error.message}")
                return _Stored()
        return self._rows[urn]

    def _asked(self, urn: int) -> _Stored:
        if self._store is not None:
            return _of_store(self._store, urn)
        if not default_path().exists():
            return _Stored()
        with Store.open(read_only=True) as store:
            return _of_store(store, urn)


def _of_store(store: Store, urn: int) -> _Stored:
    where = "urn = ? AND status <> 'failed'"
    known = {
        report.source.sha256: Behind(
            sha256=report.source.sha256,
            published=report.source.published_on or report.inspection.published or report.inspection.end,
            file=report.source.file,
            framework=report.framework,
            grades={judgement.code: judgement.grade for judgement in report.judgements},
            counted=sum(item.section != "lscb" for item in report.recommendations),
        )
        for report in store.reports(where=where, parameters=[urn], findings=False)
    }
    sql = f"SELECT sha256, path FROM documents WHERE {where} AND path IS NOT NULL"
    rows = store.connection.execute(sql, [urn]).fetchall()
    return _Stored(known, {sha: Path(path) for sha, path in rows if Path(path).is_file()})


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


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
def _unreadable(urn: int, folder: Path) -> frozenset[str]:
    """The files of an authority of which the national annotations know that they are no reports."""
    from pyarrow import parquet

    if not national.available(folder):
        return frozenset()
    where = [("status", "=", "failed")]
    rows = parquet.read_table(folder / "documents.parquet", columns=["file"], filters=where).to_pylist()
    return frozenset(row["file"] for row in rows if row["file"].startswith(f"{urn}-"))


@cache
def _national(urn: int, folder: Path) -> dict[str, Behind]:
    """The reports of an authority in the national annotations: dates, grades, number of recommendations, no text."""
    from pyarrow import parquet

    if not national.available(folder):
        return {}

    def rows(table: str, where: list[tuple[str, str, Any]], columns: list[str]) -> list[dict[str, Any]]:
        return parquet.read_table(folder / f"{table}.parquet", columns=columns, filters=where).to_pylist()

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
