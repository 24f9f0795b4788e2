"""The store keeps reports whole, once, and says plainly when it cannot."""

from __future__ import annotations

import datetime
import subprocess
import sys
from dataclasses import fields, replace
from pathlib import Path

import duckdb
import pytest

from ofsted_nlp.corpus import Corpus
from ofsted_nlp.errors import StoreError
from ofsted_nlp.records import (
    Authority,
    Clause,
    Failure,
    Figure,
    Finding,
    Inspection,
    Judgement,
    Missing,
    Passage,
    Polarity,
    PracticeStudy,
    Recommendation,
    Report,
    Source,
    Strength,
)
from ofsted_nlp.store import Store, default_path, is_stale, schema
from ofsted_nlp.stories import Article, Page, Story

SHA = "ab" * 32
FULL = Report(
    source=Source("wexham-2019-03-04.pdf", SHA, 12, "https://example.org/1", datetime.date(2019, 3, 4)),
    status="partial",
    warnings=("Page 3 holds a table that could not be read.",),
    framework="ilacs",
    authority=Authority(99001, 991, "E09999991", "Wexham"),
    inspection=Inspection(
        start=datetime.date(2019, 1, 14),
        end=datetime.date(2019, 1, 25),
        published=datetime.date(2019, 3, 1),
        lead_inspector="Ann Other",
        previous=datetime.date(2015, 5, 1),
        theme="neglect",
        next_inspection="within three years",
        absent={"theme": Missing.NOT_IN_FRAMEWORK},
    ),
    judgements=(Judgement("overall_effectiveness", "good", "Overall effectiveness", 1, "Good"),),
    previous_judgements=(Judgement("overall_effectiveness", "inadequate", "Overall", 2, "Inadequate"),),
    recommendations=(
        Recommendation(
            "recommendation", "authority", "1", "Write plans.", 3, 40, 52, "The council", "soon", ("plans", "voice")
        ),
        Recommendation("priority_action", "lscb", None, "Meet; twice a year.", 4),
    ),
    findings=(
        Finding(
            id="0123456789abcdef",
            page=5,
            section="executive_summary",
            text="The Otter team’s work is “strong”.",
            polarity=Polarity.STRENGTH,
            score=0.1 + 0.2,
            themes=("early_help", "workforce"),
            start=100,
            end=133,
            strength=Strength("work", ("Otter team", "Wexham Hub"), ("Otter team", "family hub"), (None, "family hub")),
            cluster=7,
        ),
        Finding("fedcba9876543210", 6, "body", "Plans drift.", Polarity.CONCERN, 0.5),
        Finding(
            id="2222222222222222",
            page=6,
            section="body",
            text="Visits help, but few happen.",
            polarity=Polarity.MIXED,
            score=0.6,
            start=200,
            end=228,
            clauses=(
                Clause(Polarity.STRENGTH, 0.9, "Visits help", 200, 211),
                Clause(Polarity.CONCERN, 0.9, "few happen", 217, 227),
            ),
        ),
        Finding("1111111111111111", 6, "body", "Good.", Polarity.STRENGTH, 0.5, strength=Strength("all", ())),
    ),
    figures=(Figure("94 assessments", 94.5, "assessments", 5),),
    headline_findings=(Passage("Leaders listen.", 1, "headline"),),
    practice_studies=(PracticeStudy("Otters", "strength", "It works.", 4),),
)


def short(number: int, findings: int = 0) -> Report:
    sha256 = f"{number:064x}"
    return Report(
        source=Source(f"{number}.pdf", sha256, 1),
        findings=tuple(
            Finding(f"{number:08x}{i:08x}", 1, "body", f"Sentence {i}.", Polarity.NEUTRAL, 0.25, ("plans",))
            for i in range(findings)
        ),
    )


def test_a_report_comes_back_as_it_was() -> None:
    with Store.open(":memory:") as store:
        assert store.add(FULL, extractor_version="1", path="x.pdf") == "new"
        assert store.report(SHA) == FULL
        assert store.report("cd" * 32) is None


def test_every_field_of_a_finding_has_a_column() -> None:
    renamed = {"start": "span_start", "end": "span_end", "strength": "subject"}
    names = {renamed.get(item.name, item.name) for item in fields(Finding)}
    assert names | {"named", "things", "kinds"} == set(schema.FINDING_COLUMNS)


def test_a_store_of_the_first_schema_opens_and_gets_the_new_columns(tmp_path: Path) -> None:
    path = tmp_path / "old “store”.duckdb"
    lost = {"findings": ("clauses",), "figures": ("counts", "span_start")}
    with Store.open(path) as store:
        store.add(FULL, extractor_version="1")
        for table, columns in lost.items():
            for column in columns:
                store.connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        store.connection.execute("UPDATE schema_version SET version = 1")
    plain = tuple(replace(finding, clauses=()) for finding in FULL.findings)
    with Store.open(path, read_only=True) as store:
        assert store.report(SHA) == replace(FULL, findings=plain)
        assert store.query("SELECT clauses FROM findings")["clauses"].isna().all()
        assert store.query("SELECT count(counts) AS n FROM figures")["n"].tolist() == [0]
    with Store.open(path) as store:
        assert store.report(SHA) == replace(FULL, findings=plain)
        assert store.add(FULL, extractor_version="2") == "replaced"
        assert store.report(SHA) == FULL
    with Store.open(path, read_only=True) as store:
        assert store.report(SHA) == FULL


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_store_gets_the_tables_of_articles(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.duckdb"
    page = Page("a.html", "cd" * 32, "Otters.", (), published=datetime.date(2022, 10, 20))
    article = Article(page, (Story(1, "Otters", "Wexham", 99001),))
    with Store.open(path) as store:
        store.add(FULL, extractor_version="1")
        for table in schema.PRESS_TABLES:
            store.connection.execute(f"DROP TABLE {table}")
        if version == 1:
            store.connection.execute("ALTER TABLE findings DROP COLUMN clauses")
        store.connection.execute("UPDATE schema_version SET version = ?", [version])
    with Store.open(path, read_only=True) as store:
        assert store.articles() == store.articles(99001) == []
        assert store.article_hashes() == {}
        assert store.article_counts() == {"articles": 0, "stories": 0}
        assert list(store.query("SELECT * FROM stories").columns) == list(schema.PRESS_TABLES["stories"])
        with pytest.raises(StoreError):
            store.add_article(article, extractor_version="1")
    assert Corpus.open(path, seed=False).articles() == []
    with Store.open(path) as store:
        assert store.query("SELECT max(version) AS v FROM schema_version")["v"].tolist() == [schema.SCHEMA_VERSION]
        assert store.add_article(article, extractor_version="1") == "new"
    with Store.open(path, read_only=True) as store:
        assert store.articles(99001) == [article]
        assert store.query("SELECT added_at FROM articles")["added_at"].notna().all()
        assert store.report(SHA) is not None


def test_sql_sees_real_columns() -> None:
    with Store.open(":memory:") as store:
        store.add(FULL, extractor_version="1")
        frame = store.query(
            "SELECT d.authority, d.inspection_end, f.page, f.themes, f.named FROM findings f "
            "JOIN documents d USING (sha256) WHERE f.polarity = ?",
            ["strength"],
        )
        assert frame["authority"].tolist() == ["Wexham", "Wexham"]
        assert frame["inspection_end"][0].date() == datetime.date(2019, 1, 25)
        assert list(frame["themes"][0]) == ["early_help", "workforce"]
        assert list(frame["named"][0]) == ["Otter team", "Wexham Hub"]
        both = store.query("SELECT inspection, grade FROM judgements ORDER BY inspection")
        assert both.values.tolist() == [["previous", "inadequate"], ["this", "good"]]


def test_adding_twice_changes_nothing() -> None:
    with Store.open(":memory:") as store:
        store.add(FULL, extractor_version="1")
        assert store.add(replace(FULL, status="ok"), extractor_version="1") == "unchanged"
        assert store.report(SHA) == FULL
        assert store.counts() == {
            "documents": 1,
            "judgements": 2,
            "recommendations": 2,
            "findings": len(FULL.findings),
            "figures": 1,
            "failed": 0,
        }


def test_a_newer_extractor_replaces_an_older_does_not(tmp_path: Path) -> None:
    fewer = replace(FULL, findings=FULL.findings[:1], status="ok")
    with Store.open(tmp_path / "s.duckdb") as store:
        store.add(FULL, extractor_version="1.9")
        assert store.add(fewer, extractor_version="1.10") == "replaced"
        assert store.add(FULL, extractor_version="1.9") == "unchanged"
        assert store.versions() == {SHA: "1.10"}
    with Store.open(tmp_path / "s.duckdb") as store:
        assert store.report(SHA) == fewer
        assert store.counts()["findings"] == 1


@pytest.mark.parametrize(
    ("stored", "current", "stale"),
    [("1", "1", False), ("1", "2", True), ("2", "1", False), ("1.9", "1.10", True), ("1-a", "1-b", True)],
)
def test_versions_compare_by_number(stored: str, current: str, stale: bool) -> None:
    assert is_stale(stored, current) is stale


def test_failures_are_kept_with_their_reason() -> None:
    lost = Report(Source("x.pdf", SHA, 0), status="failed", error=Failure("encrypted_pdf", "It has a password."))
    with Store.open(":memory:") as store:
        store.add(lost, extractor_version="1")
        assert store.report(SHA) == lost
        rows = store.query("SELECT status, error_code, error_message FROM documents").values.tolist()
        assert rows == [["failed", "encrypted_pdf", "It has a password."]]
        assert store.counts()["failed"] == 1


def test_a_crash_is_tried_again() -> None:
    lost = Report(Source("x.pdf", SHA, 0), status="failed", error=Failure("reader_crashed", "It died."))
    with Store.open(":memory:") as store:
        store.add(lost, extractor_version="1")
        assert store.versions() == {}
        assert store.add(FULL, extractor_version="1") == "replaced"
        assert store.report(SHA) == FULL


def test_a_report_of_nothing_is_not_stored() -> None:
    lost = Report(Source("x.pdf", "", 0), status="failed", error=Failure("not_found", "No file."))
    with Store.open(":memory:") as store, pytest.raises(StoreError, match=r"x\.pdf"):
        store.add(lost, extractor_version="1")


def test_a_report_is_stored_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(table: str, rows: object) -> object:
        if table == "findings":
            raise RuntimeError("power cut")
        return schema.arrow_table(table, rows)  # type: ignore[arg-type]

    with Store.open(":memory:") as store:
        monkeypatch.setattr("ofsted_nlp.store.store.arrow_table", broken)
        with pytest.raises(RuntimeError):
            store.add(FULL, extractor_version="1")
        monkeypatch.undo()
        assert set(store.counts().values()) == {0}
        assert store.add(FULL, extractor_version="1") == "new"


def test_reports_can_be_chosen_and_read_without_findings() -> None:
    with Store.open(":memory:") as store:
        for number in (3, 1, 2):
            store.add(short(number, 2), extractor_version="1")
        assert [r.source.file for r in store.reports()] == ["1.pdf", "2.pdf", "3.pdf"]
        assert store.reports(where="file = ?", parameters=["2.pdf"]) == [short(2, 2)]
        assert [r.findings for r in store.reports(findings=False)] == [(), (), ()]


def test_a_second_writer_is_told_who_has_it(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    Store.open(path).close()
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        for read_only in (False, True):
            with pytest.raises(StoreError, match=f"in use by process {other.pid}") as caught:
                Store.open(path, read_only=read_only)
            assert caught.value.code == "locked"
        other.communicate("")
    Store.open(path).close()


def test_readers_share_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.add(FULL, extractor_version="1")
    with Store.open(path, read_only=True) as one, Store.open(path, read_only=True) as two:
        assert one.report(SHA) == two.report(SHA) == FULL
        with pytest.raises(StoreError, match="reading only"):
            one.add(short(1), extractor_version="1")
        with pytest.raises(StoreError) as caught:
            Store.open(path)
        assert caught.value.code == "locked"


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.duckdb"
    with Store.open(path) as store:
        store.connection.execute("INSERT INTO schema_version VALUES (?)", [schema.SCHEMA_VERSION + 1])
    with pytest.raises(StoreError, match="newer ofsted-nlp") as caught:
        Store.open(path)
    assert caught.value.code == "newer_schema"


def test_other_files_are_refused(tmp_path: Path) -> None:
    text, other = tmp_path / "text.duckdb", tmp_path / "other.duckdb"
    text.write_text("not a database" * 1000)
    with duckdb.connect(str(other)) as connection:
        connection.execute("CREATE TABLE cats (name VARCHAR)")
    for path in (text, other):
        with pytest.raises(StoreError) as caught:
            Store.open(path)
        assert caught.value.code == "not_a_store"
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "none.duckdb", read_only=True)
    assert caught.value.code == "no_store"
    with pytest.raises(StoreError):
        Store.open(text / "inside" / "s.duckdb")


def test_the_place_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "deep" / "mine.duckdb"))
    assert default_path() == tmp_path / "deep" / "mine.duckdb"
    Store.open().close()
    assert default_path().is_file()
    monkeypatch.delenv("OFSTED_NLP_STORE")
    assert default_path().name == "store.duckdb"


def test_a_bad_query_is_a_plain_error() -> None:
    with Store.open(":memory:") as store, pytest.raises(StoreError) as caught:
        store.query("SELECT nothing FROM nowhere")
    assert caught.value.code == "bad_query"


def test_many_findings_go_in(tmp_path: Path) -> None:
    with Store.open(tmp_path / "s.duckdb") as store:
        for number in range(1, 13):
            store.add(short(number, 217), extractor_version="1")
        assert store.counts()["findings"] == 12 * 217
