"""A corpus answers from the store and, for what is not in it, from the annotations."""

from __future__ import annotations

import datetime
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest

from ofsted_nlp.analysis.clustering.division import Division
from ofsted_nlp.analysis.clustering.model import ClusterModel, Named
from ofsted_nlp.analysis.clustering.whole_numbers import whole
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus, national
from ofsted_nlp.corpus import clusters as corpus_clusters
from ofsted_nlp.corpus import corpus as corpus_module
from ofsted_nlp.corpus.adding import AddResult, Unread
from ofsted_nlp.encoders import encoder
from ofsted_nlp.errors import NotFoundError, StoreError, UsageError
from ofsted_nlp.extraction.article import ARTICLE_VERSION
from ofsted_nlp.records import (
    Failure,
    Finding,
    Inspection,
    Judgement,
    Polarity,
    Recommendation,
    Report,
    Source,
)
from ofsted_nlp.store import Store

DAY = datetime.date.fromisoformat
DARLINGTON, YORK = register().named("Darlington"), register().named("York")


def made(name: str, entry: Any, framework: str, end: str, overall: str, *texts: str) -> Report:
    """An invented report; its PDF is a file that holds its own name."""
    findings = tuple(
        Finding(
            hashlib.sha256((name + text).encode()).hexdigest()[:16],
            number,
            "body",
            text,
            Polarity.CONCERN if number % 2 else Polarity.STRENGTH,
            0.9,
            ("early_help", "workforce") if number % 2 else ("workforce",),
            number * 100,
            number * 100 + len(text),
        )
        for number, text in enumerate(texts, start=1)
    )
    return Report(
        source=Source(name, hashlib.sha256(name.encode()).hexdigest(), 3),
        framework=framework,
        authority=entry.authority,
        inspection=Inspection(start=DAY(end) - datetime.timedelta(4), end=DAY(end), published=DAY(end)),
        judgements=(Judgement("overall_effectiveness", overall, "Overall effectiveness", 1),),
        recommendations=(Recommendation("recommendation", "authority", "1", texts[0], 2, 7, 9, themes=("plans",)),),
        findings=findings,
    )


OLD = made("d-old.pdf", DARLINGTON, "sif", "2015-07-16", "inadequate", "Otters wait.", "Otters sing.")
NEW = made("d-new.pdf", DARLINGTON, "ilacs", "2022-10-14", "good", "Otters drift.", "Otters thrive.", "Otters nap.")
OTHER = made("y.pdf", YORK, "ilacs", "2022-03-01", "good", "Voles run late.")
LOST = Report(
    Source("lost.pdf", hashlib.sha256(b"lost.pdf").hexdigest(), 0),
    status="failed",
    error=Failure("not_a_pdf", "It is no PDF."),
)
KNOWN = {report.source.file: report for report in (OLD, NEW, OTHER, LOST)}


def read(path: Path, *, findings: bool = True, strengths: bool = True) -> Report:
    return KNOWN[path.read_text()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pdfs = tmp_path / "pdfs"
    pdfs.mkdir()
    for name in KNOWN:
        (pdfs / name).write_text(name)
    return pdfs


@pytest.fixture(autouse=True)
def version(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    versions = ["1"]
    monkeypatch.setattr(corpus_module, "extractor_version", lambda: versions[-1])
    return versions


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Corpus:
    """A corpus whose annotations are of OLD, OTHER and LOST; the first finding of each is in cluster 3."""
    cluster = {
        "id": 3,
        "label": "Late",
        "polarity": "concern",
        "theme": "early_help",
        "terms": ["late"],
        "size": 2,
        "typical": [OLD.findings[0].id],
    }
    national.write(
        [OLD, OTHER, LOST],
        tmp_path / "seed",
        extractor_version="1",
        cluster_of={OLD.findings[0].id: 3, OTHER.findings[0].id: 3},
        clusters=[cluster],
    )
    monkeypatch.setattr(national, "FOLDER", tmp_path / "seed")
    late = ClusterModel(encoder().name, next_id=4)
    way = whole(encoder().encode(["Otters wait."]))
    late.groups["concern", "early_help"] = Division(way[0], numpy.zeros_like(way[0]), way)
    late.ids["concern", "early_help"] = (3,)
    late.named[3] = Named(3, "concern", "early_help", "Late", ("late",), (OLD.findings[0].id,))
    late.save(tmp_path / "clusters")
    monkeypatch.setattr(corpus_clusters, "NATIONAL", tmp_path / "clusters")
    return Corpus.open(tmp_path / "store" / "s.duckdb")


def fill(corpus: Corpus, paths: Any, reader: Any = read) -> AddResult:
    with ThreadPoolExecutor(2) as executor:
        return corpus.add(paths, executor=executor, reader=reader)


def test_adding_reads_once_and_counts(folder: Path, tmp_path: Path, version: list[str]) -> None:
    corpus = Corpus.open(tmp_path / "deep" / "s.duckdb", seed=False)
    failed = (
        Unread("lost.pdf", "not_a_pdf", "It is no PDF."),
        Unread("gone.pdf", "not_found", f"There is no file {folder / 'gone.pdf'}. Check the name and the folder."),
    )
    (folder / "same-as-y.pdf").write_text("y.pdf")
    assert fill(corpus, [folder, folder / "gone.pdf"]) == AddResult(3, 0, 1, 0, failed)

    def never(path: Path, *, findings: bool = True) -> Report:
        raise AssertionError(f"{path} was read again")

    assert fill(corpus, [folder, folder / "gone.pdf"], never) == AddResult(0, 0, 4, 0, failed)
    assert fill(corpus, folder / "y.pdf", never) == AddResult(0, 0, 1, 0, ())
    version.append("2")
    assert fill(corpus, folder / "y.pdf") == AddResult(0, 1, 0, 0, ())
    assert [r.source.file for r in corpus.reports()] == ["d-old.pdf", "y.pdf", "d-new.pdf"]


def test_partly_read_documents_are_counted(folder: Path, tmp_path: Path) -> None:
    with Corpus.open(":memory:", seed=False) as corpus:
        result = fill(corpus, folder / "y.pdf", lambda path, findings: replace(OTHER, status="partial"))
        assert (result.new, result.partial) == (1, 1)
        assert repr(result) == "<AddResult: 1 new, 0 read again, 0 unchanged, 0 failed>"


def test_a_batch_cut_short_goes_on_where_it_stopped(folder: Path, tmp_path: Path) -> None:
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)

    def cut(path: Path, *, findings: bool = True) -> Report:
        if path.name == "lost.pdf":
            raise KeyboardInterrupt
        return read(path)

    with pytest.raises(KeyboardInterrupt):
        fill(corpus, [folder / "d-new.pdf", folder / "lost.pdf", folder / "y.pdf"], cut)
    assert [r.source.file for r in corpus.reports()] == ["d-new.pdf"]
    assert fill(corpus, folder).unchanged == 1


def test_progress_counts_what_was_skipped(folder: Path) -> None:
    seen: list[tuple[int, int]] = []
    with Corpus.open(":memory:", seed=False) as corpus, ThreadPoolExecutor(1) as executor:
        corpus.add(folder / "d-new.pdf", executor=executor, reader=read)
        corpus.add(folder, executor=executor, reader=read, progress=lambda n, of: seen.append((n, of)))
    assert seen == [(2, 4), (3, 4), (4, 4)]


def test_reports_are_chosen_and_whole(folder: Path) -> None:
    with Corpus.open(":memory:", seed=False) as corpus:
        fill(corpus, folder)
        assert corpus.reports() == [OLD, OTHER, NEW]
        assert corpus.reports("darlington borough council") == [OLD, NEW]
        assert corpus.reports("Darlington", framework="ilacs") == [NEW]
        assert corpus.reports(since="2022-03-01", as_of=DAY("2022-03-01")) == [OTHER]
        assert corpus.reports("York", findings=False) == [replace(OTHER, findings=())]
        assert corpus.report("y.pdf") == corpus.report(OTHER.source.sha256) == OTHER
        assert corpus.report(("Darlington", "2022-10-12")) == NEW
        assert corpus.report("lost.pdf") == LOST
        with pytest.raises(NotFoundError, match=r"no report “x\.pdf”"):
            corpus.report("x.pdf")
        with pytest.raises(NotFoundError, match="Darlington on 2022-10-15"):
            corpus.report(("Darlington", "2022-10-15"))
        with pytest.raises(NotFoundError, match="not an English local authority"):
            corpus.reports("Atlantis")
        with pytest.raises(UsageError, match="'soon' is not a date"):
            corpus.reports(as_of="soon")


def test_two_reports_on_a_day_are_told_apart() -> None:
    with Corpus.open(":memory:", seed=False) as corpus, corpus._holdings.store(write=True) as store:
        twin = replace(NEW, source=Source("twin.pdf", "f" * 64, 3))
        store.add(NEW, extractor_version="1")
        store.add(twin, extractor_version="1")
        with pytest.raises(NotFoundError, match=r"d-new\.pdf, twin\.pdf") as caught:
            corpus.report(("Darlington", "2022-10-14"))
        assert caught.value.code == "ambiguous"


def test_frames(folder: Path) -> None:
    with Corpus.open(":memory:", seed=False) as corpus:
        fill(corpus, folder)
        frame = corpus.findings("concern", authority="Darlington")
        assert frame[["file", "page", "theme", "text"]].values.tolist() == [
            ["d-old.pdf", 1, "early_help", "Otters wait."],
            ["d-new.pdf", 1, "early_help", "Otters drift."],
            ["d-new.pdf", 3, "early_help", "Otters nap."],
        ]
        assert len(corpus.findings()) == 6
        assert corpus.findings(theme="Workforce", framework="sif")["text"].tolist() == ["Otters wait.", "Otters sing."]
        assert corpus.findings(section="headlines").empty
        with pytest.raises(UsageError, match="polarity 'bad'"):
            corpus.findings("bad")
        with pytest.raises(NotFoundError, match="theme 'zzz'"):
            corpus.findings(theme="zzz")
        actions = corpus.recommendations(since="2022-01-01")
        assert actions[["authority", "number", "text", "page", "theme"]].values.tolist() == [
            ["York", "1", "Voles run late.", 2, "plans"],
            ["Darlington", "1", "Otters drift.", 2, "plans"],
        ]
        timeline = corpus.authority("Darlington").timeline()
        assert timeline[["framework", "code", "grade", "page"]].values.tolist() == [
            ["sif", "overall_effectiveness", "inadequate", 1],
            ["ilacs", "overall_effectiveness", "good", 1],
        ]
        table = corpus.to_dataframe().set_index("file")
        assert table.loc["d-new.pdf", "overall_effectiveness"] == "good"
        assert table.loc["lost.pdf", "error_code"] == "not_a_pdf"
        assert table["has_text"].tolist() == [True] * 4


def test_annotations_answer_until_the_pdf_is_there(seeded: Corpus, folder: Path) -> None:
    assert not Path(seeded.path).exists()
    assert [r.source.file for r in seeded.reports()] == ["d-old.pdf", "y.pdf"]
    before = seeded.report("d-old.pdf")
    assert [(f.id, f.text, f.start) for f in before.findings] == [(f.id, "", f.start) for f in OLD.findings]
    assert seeded.findings(authority="Darlington")["text"].isna().all()
    assert not Path(seeded.path).exists(), "reading makes no store"

    fill(seeded, [folder / "d-old.pdf", folder / "d-new.pdf"])
    assert [r.source.file for r in seeded.reports()] == ["d-old.pdf", "y.pdf", "d-new.pdf"]
    found = seeded.report("d-old.pdf").findings
    assert [(f.text, f.cluster) for f in found] == [("Otters wait.", 3), ("Otters sing.", None)]
    frame = seeded.findings("concern")
    assert frame["file"].tolist() == ["d-old.pdf", "y.pdf", "d-new.pdf", "d-new.pdf"]
    assert frame["text"].tolist()[0] == "Otters wait."
    assert frame["text"].isna().tolist() == [False, True, False, False]
    assert frame["cluster"].fillna(-1).tolist() == [3, 3, -1, -1]
    assert seeded.to_dataframe().set_index("file")["has_text"].to_dict() == {
        "d-new.pdf": True,
        "d-old.pdf": True,
        "lost.pdf": False,
        "y.pdf": False,
    }
    assert [r.source.file for r in Corpus.open(seeded.path, seed=False).reports()] == ["d-old.pdf", "d-new.pdf"]


def test_national_clusters_name_who_is_in_them(seeded: Corpus, folder: Path) -> None:
    fill(seeded, folder / "d-old.pdf")
    made = seeded.clusters("concern")
    assert [(c.id, c.label, c.size, c.authorities, dict(c.years)) for c in made] == [
        (3, "Late", 2, ("Darlington", "York"), {2015: 1, 2022: 1})
    ]
    assert [(a.file, a.text, a.cluster, a.label) for a in made.assignments] == [
        ("d-old.pdf", "Otters wait.", 3, "Late"),
        ("y.pdf", "", 3, "Late"),
    ]
    assert len(seeded.clusters("strength")) == 0


def test_texts_at_hand_are_clustered_anew(seeded: Corpus, folder: Path) -> None:
    fill(seeded, folder / "d-new.pdf")
    made = seeded.clusters("concern", anew=True)
    assert [(a.file, a.text) for a in made.assignments] == [
        ("d-new.pdf", "Otters drift."),
        ("d-new.pdf", "Otters nap."),
    ]


def test_statistics_and_benchmark(seeded: Corpus, folder: Path) -> None:
    fill(seeded, folder / "d-new.pdf")
    picture = seeded.statistics("2022-12-31")
    assert (picture.authorities, picture.by_grade) == (2, {"good": 2})
    assert seeded.statistics("2022-06-30", "2022-06-30").by_grade == {"good": 1, "inadequate": 1}
    made = seeded.benchmark("Darlington", against="York")
    assert made.latest == NEW
    assert [entry.name for entry in made.group.members] == ["York"]
    assert seeded.authority("Darlington").benchmark(["York"], as_of="2016-01-01").latest.source.file == "d-old.pdf"
    with pytest.raises(NotFoundError, match="Leeds"):
        seeded.benchmark("Leeds")


def test_info_counts_everything(seeded: Corpus, folder: Path) -> None:
    fill(seeded, folder / "d-new.pdf")
    assert seeded.info() == {
        "path": seeded.path,
        "extractor_version": "1",
        "article_version": ARTICLE_VERSION,
        "articles": 0,
        "stories": 0,
        "store": {
            "documents": 1,
            "judgements": 1,
            "recommendations": 1,
            "findings": 3,
            "figures": 0,
            "failed": 0,
        },
        "national_annotations": 3,
        "documents": 4,
        "failed": 1,
        "authorities": 2,
        "first": DAY("2015-07-16"),
        "last": DAY("2022-10-14"),
        "frameworks": {"ilacs": 2, "sif": 1},
    }
    assert repr(seeded) == f"<Corpus {seeded.path} with the national annotations>"


def test_two_corpora_share_a_store(seeded: Corpus, folder: Path) -> None:
    other = Corpus.open(seeded.path, seed=False)
    fill(seeded, folder / "d-new.pdf")
    assert other.reports() == [NEW]
    fill(other, folder / "y.pdf")
    assert [f.text for f in seeded.report("y.pdf").findings] == ["Voles run late."]


def test_a_store_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "s.duckdb").write_text("x" * 9000)
    with pytest.raises(StoreError, match="is not a store"):
        Corpus.open(tmp_path / "s.duckdb").reports()


def test_a_report_that_could_not_be_read_here_keeps_its_national_annotations(tmp_path: Path) -> None:
    known = national.reports(findings=False)
    good = next(report for report in known if report.status != "failed" and report.judgements)
    failure = Failure("time_limit", "It took too long.")
    bad = replace(good, status="failed", error=failure, judgements=(), recommendations=(), authority=None)
    with Store.open(str(tmp_path / "store.duckdb")) as store:
        store.add(bad, extractor_version="0")
    corpus = Corpus.open(tmp_path / "store.duckdb")
    assert corpus.info()["failed"] == sum(report.status == "failed" for report in known)
    found = {report.source.sha256: report for report in corpus.reports()}
    assert found[good.source.sha256].judgements == good.judgements


def test_the_same_bad_bytes_by_another_name_are_told_by_that_name(tmp_path: Path) -> None:
    for name in ("first.pdf", "second.pdf"):
        (tmp_path / name).write_bytes(b"no PDF at all")
    corpus = Corpus.open(tmp_path / "store.duckdb", seed=False)
    told = corpus.add(tmp_path / "*.pdf").failed
    assert [item.file for item in told] == ["first.pdf", "second.pdf"]
    assert all(item.message.startswith(item.file) for item in told)
