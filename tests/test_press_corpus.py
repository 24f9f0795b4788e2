"""Press coverage in a corpus: added once, chosen, and compared with the reports known when it is asked for."""

from __future__ import annotations

import datetime
import hashlib
import shutil
from pathlib import Path

import pytest

import ofsted_nlp as ofs
from ofsted_nlp.authorities import register
from ofsted_nlp.corpus import Corpus, adding_articles, articles
from ofsted_nlp.corpus import press as corpus_press
from ofsted_nlp.corpus.adding import AddResult, Unread
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.records import Finding, Inspection, Judgement, Polarity, Recommendation, Report, Source

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "corpus" / "sample" / "press"
DAY = datetime.date.fromisoformat
DARLINGTON = register().named("Darlington")
FILLER = "Nobody in Darlington had expected the inspectors to come back so soon, and many were glad of it. " * 3
STORY = (
    "Published: 20 October 2022\n\n"
    "Ofsted has judged children's services in Darlington to be good.\n\n"
    "The report said: “Otters thrive in the care of patient and well trained keepers.”\n\n" + FILLER
)


def report(name: str, published: str, grade: str, *texts: str, sha256: str | None = None) -> Report:
    """An invented report on Darlington."""
    findings = tuple(
        Finding(f"{name}{i}", 2, "body", text, Polarity.STRENGTH if i % 2 == 0 else Polarity.CONCERN, 0.9)
        for i, text in enumerate(texts)
    )
    return Report(
        source=Source(name, sha256 or hashlib.sha256(name.encode()).hexdigest(), 3),
        framework="ilacs",
        authority=DARLINGTON.authority,
        inspection=Inspection(end=DAY(published), published=DAY(published)),
        judgements=(Judgement("overall_effectiveness", grade, "Overall effectiveness", 1),),
        recommendations=(Recommendation("recommendation", "authority", "1", "Count the otters.", 2),),
        findings=findings,
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the sample pages, one on Darlington, a bad page, and nothing else known."""
    for name in ("OFSTED_NLP_REPORTS", "OFSTED_NLP_CORPUS", "OFSTED_NLP_PRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "store" / "s.duckdb"))
    pages = tmp_path / "home" / "pages"
    shutil.copytree(PAGES, pages, ignore=shutil.ignore_patterns("*.json", "*.md"))
    (pages / "darlington.txt").write_text(STORY, encoding="utf-8")
    (pages / "empty.html").touch()
    return pages


def test_pages_are_added_once_and_bad_ones_stop_nothing(folder: Path, samples: Path) -> None:
    with Corpus.open(":memory:", seed=False) as corpus:
        seen: list[tuple[int, int]] = []
        added = corpus.add_articles(
            [folder, folder / "gone.html", str(folder / "*.pdf")],
            reports=samples,
            progress=lambda *pair: seen.append(pair),
        )
        assert (added.new, added.replaced, added.unchanged, added.partial) == (7, 0, 0, 1)
        assert [(item.file, item.code) for item in added.failed] == [
            ("empty.html", "empty"),
            ("gone.html", "not_found"),
            (str(folder / "*.pdf"), "not_found"),
        ]
        assert seen[-1][1] == 10
        before = corpus.articles()
        again = corpus.add_articles(folder)
        assert again == AddResult(0, 0, 7, 0, (Unread("empty.html", "empty", again.failed[0].message),))
        assert corpus.articles() == before
        assert corpus.info()["articles"] == 7 and corpus.info()["stories"] == 8
        with pytest.raises(UsageError, match="nowhere is no folder"):
            corpus.add_articles(folder, reports="nowhere")


def test_articles_are_chosen_and_rows_say_what_agrees(folder: Path, samples: Path) -> None:
    with Corpus.open(":memory:", seed=False) as corpus:
        corpus.add_articles(folder, reports=samples)
        assert [a.page.file for a in corpus.articles("Thornley")] == [
            "thornley-newsroom-2021.html",
            "thornley-tern-fm-2021.html",
        ]
        assert [a.page.file for a in corpus.articles(since="2024-01-01", as_of=DAY("2025-12-31"))] == [
            "care-post-2024.html",
            "eastmere-chronicle-2025.html",
        ]
        assert [a.page.file for a in corpus.articles("darlington borough council")] == ["darlington.txt"]
        with pytest.raises(NotFoundError):
            corpus.articles("Atlantis")
        frame = corpus.stories()
        assert len(frame) == 8
        row = frame[frame["file"] == "care-post-2024.html"].iloc[0]
        assert (row["grade"], row["report_grade"], row["report_file"]) == (
            "inadequate", "inadequate", "wexbury-ilacs-2024.pdf",
        )  # fmt: skip
        assert row["grade_agrees"] and row["judgements_agreeing"] == row["judgements"]
        assert 0 < row["quotes_in_report"] + row["quotes_not_in_report"] <= row["quotes"]
        lone = frame[frame["file"] == "darlington.txt"].iloc[0]
        assert lone["grade"] == "good" and lone["grade_agrees"] is not True and lone["urn"] == DARLINGTON.urn
        assert corpus.stories("Marlshire")["number"].tolist() == [1, 2]
        assert corpus.stories(since="2030-01-01").columns.tolist() == frame.columns.tolist()


def test_a_report_that_came_later_is_compared_when_asked(folder: Path) -> None:
    with Corpus.open(":memory:", seed=False) as corpus:
        corpus.add_articles(folder / "darlington.txt")
        (story,) = corpus.articles()[0]
        assert story.report is None and story.judgements[0].agrees_with_report is None
        with corpus._holdings.store(write=True) as store:
            store.add(report("d.pdf", "2022-10-14", "inadequate"), extractor_version="1")
        (story,) = corpus.articles()[0]
        assert story.report is not None and story.report.grade == "inadequate"
        assert corpus.stories()["grade_agrees"].tolist() == [False]
        assert corpus.articles()[0] is corpus.articles()[0], "compared once, not at every asking"
        with corpus._holdings.store() as store:
            assert store.articles()[0].stories[0].report is None, "asking writes nothing"
        assert corpus.reread_articles() == AddResult(0, 1, 0, 0, ())
        assert corpus.reread_articles() == AddResult(0, 0, 1, 0, ())
        with corpus._holdings.store() as store:
            assert store.query("SELECT report_grade FROM stories")["report_grade"].tolist() == ["inadequate"]


def test_a_pdf_that_came_later_is_compared_when_asked(folder: Path, samples: Path) -> None:
    page = folder / "care-post-2024.html"
    with Corpus.open(":memory:", seed=False) as corpus:
        corpus.add_articles(page)
        assert corpus.articles()[0].stories[0].report is None
        reports = folder.parent / "reports"
        reports.mkdir()
        shutil.copy(samples / "wexbury-ilacs-2024.pdf", reports)
        story = corpus.articles()[0].stories[0]
        assert story.report is not None and story.report.text_at_hand
        assert story == ofs.read_article(page, reports=samples).stories[0]
        shutil.rmtree(reports)
        assert corpus.articles()[0].stories[0].report is None
        assert corpus.add_articles(page, reports=samples).replaced == 1
        assert corpus.articles()[0].stories[0] == story, "a folder once named is remembered"


def test_a_newer_reader_reads_stored_articles_anew(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = folder / "darlington.txt"
    with Corpus.open(":memory:", seed=False) as corpus:
        corpus.add_articles(page)
        monkeypatch.setattr(corpus_press, "article_version", lambda: "999")
        read: list[Path] = []
        monkeypatch.setattr(adding_articles, "read_page", lambda path: read.append(path) or of_file(path))
        of_file = articles.read_page
        assert corpus.reread_articles().replaced == 1
        assert read == [page]
        assert corpus.add_articles(page).unchanged == 1
        page.write_text("another text", encoding="utf-8")
        monkeypatch.setattr(corpus_press, "article_version", lambda: "1000")
        assert corpus.reread_articles().replaced == 1
        assert read == [page], "a file that is another now is not taken for the page"
        assert corpus.articles()[0].stories[0].grade == "good"


def test_two_corpora_share_articles(folder: Path) -> None:
    one, two = Corpus.open(seed=False), Corpus.open(seed=False)
    one.add_articles(folder / "darlington.txt")
    assert [a.page.file for a in two.articles()] == ["darlington.txt"]


def test_national_annotations_count_as_reports(folder: Path) -> None:
    text = STORY.replace("20 October 2022", "1 September 2015").replace(" good.", " inadequate.")
    (folder / "darlington.txt").write_text(text, encoding="utf-8")
    with Corpus.open(":memory:") as corpus:
        corpus.add_articles(folder / "darlington.txt")
        row = corpus.stories().iloc[0]
        assert str(row["report_published"].date()) == "2015-09-01" and row["grade_agrees"]
    with Corpus.open(":memory:", seed=False) as corpus:
        corpus.add_articles(folder / "darlington.txt")
        assert corpus.stories()["report_grade"].isna().all()


def test_coverage_takes_stored_and_given_pages(folder: Path, samples: Path) -> None:
    pdf = samples / "wexbury-ilacs-2024.pdf"
    document = ofs.read_pdf(pdf)
    ours = report("d.pdf", "2022-10-14", "good", "Otters thrive.", sha256=document.source.sha256)
    with Corpus.open(":memory:", seed=False) as corpus:
        with corpus._holdings.store(write=True) as store:
            store.add(ours, extractor_version="1", path=pdf)
            store.add(report("old.pdf", "2015-01-01", "inadequate"), extractor_version="1")
        corpus.add_articles(folder / "darlington.txt")
        other = folder / "other.txt"
        other.write_text(STORY.replace("children's services", "services for children") + "Otters.", encoding="utf-8")
        made = corpus.coverage("Darlington", pages=other)
        assert made.entry == DARLINGTON
        assert [item.source.file for item in made.silent] == ["old.pdf"]
        covered = {item.report.source.file: len(item.stories) for item in made.reports}
        assert sum(covered.values()) >= 1 and set(covered) >= {"d.pdf"}
        assert corpus.info()["articles"] == 1, "given pages are not stored"
        only = corpus.coverage("Darlington", report="d.pdf")
        assert [item.report.source.file for item in only.reports] == ["d.pdf"]
        with pytest.raises(NotFoundError):
            corpus.coverage("Darlington", report="none.pdf")
        bad = corpus.coverage("Darlington", pages=[folder / "gone.html", folder / "empty.html", other])
        assert len(bad.stories) == len(made.stories), "one bad page stops nothing"
        assert any("gone.html" in line for line in bad.warnings)
        assert any("empty.html is empty" in line for line in bad.warnings)
        with pytest.raises(NotFoundError, match=r"There are: .*d\.pdf \(inspected until 2022-10-14") as caught:
            corpus.coverage("Darlington", report=("Darlington", "2011-01-01"))
        assert "<Corpus" not in str(caught.value)
