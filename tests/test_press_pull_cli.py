"""``pull --press``: what it prints where, and exit codes that a nightly job can rely on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partialmethod
from pathlib import Path

import pytest
import replica as site
from press_replica import Newspaper, fill, sources_toml
from press_replica import serve as serve_press
from pull_run import read
from replica import Replica, serve
from test_press_pull import QUICK, TODAY
from test_pull import small_site

from ofsted_nlp.cli import main
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.sources import http
from ofsted_nlp.sources.http import Client

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def paper() -> Iterator[Newspaper]:
    with serve_press(Newspaper()) as running:
        fill(running)
        yield running


@pytest.fixture
def ofsted() -> Iterator[Replica]:
    with serve(small_site(("Darlington",))) as running:
        yield running


@pytest.fixture
def run(
    paper: Newspaper,
    ofsted: Replica,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Run]:
    """Runs ``ofsted-nlp`` in this process against the replicas, with a reader of reports of our own."""
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "s.duckdb"))
    monkeypatch.setenv("OFSTED_NLP_CONTACT", "t@example.org")
    monkeypatch.setenv("OFSTED_NLP_PRESS_SOURCES", str(tmp_path / "sources.toml"))
    for name in ("OFSTED_NLP_REPORTS", "OFSTED_NLP_PRESS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "sources.toml").write_text(sources_toml(paper), encoding="utf-8")

    def local(*_: str, contact: str | None, cache: Path | None) -> Client:
        return Client("127.0.0.1", contact=contact, cache=cache, limits=QUICK, allow_loopback=True)

    monkeypatch.setattr(http, "Client", local)
    with ThreadPoolExecutor(1) as executor:
        options = {"site": ofsted.site, "reader": read, "executor": executor}
        monkeypatch.setattr(Corpus, "pull", partialmethod(Corpus.pull, **options))
        monkeypatch.setattr(Corpus, "pull_press", partialmethod(Corpus.pull_press, today=TODAY))

        def call(*arguments: object) -> tuple[int, str, str]:
            monkeypatch.setattr(sys, "argv", ["ofsted-nlp", *map(str, arguments)])
            capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                main()
            out, err = capsys.readouterr()
            assert isinstance(ended.value.code, int)
            assert "Traceback" not in err
            return ended.value.code, out, err

        yield call


def test_reports_then_press_then_nothing_new(run: Run, ofsted: Replica, paper: Newspaper, tmp_path: Path) -> None:
    code, out, err = run("pull", "Darlington", "--press", "--dry-run")
    assert (code, err) == (0, "")
    assert "3 sources read, 8 articles listed, 8 of them new." in out
    assert "articles would be fetched into" in out and "Nothing was fetched or stored." in out
    assert "Passed over:\n" in out and "    Ofsted rates Hobbleford Primary School good\n" in out
    assert not (tmp_path / "s.duckdb").exists() and not (tmp_path / "press").exists()
    code, out, _ = run("pull", "Darlington", "--press")
    assert code == 0
    assert out.index("3 files fetched") < out.index("Press: 3 sources read")
    ofsted.forget()
    code, out, _ = run("pull", "--press-only")
    assert (code, ofsted.asked) == (0, [])
    assert "4 cover an inspection (1 repeat another article, 1 only in part, as the rest is not public)" in out
    assert "[repeats another]" in out and "[in part]" in out
    assert run("pull", "--press-only", "--quiet") == (0, "", "")


def test_problems_are_listed_and_told_by_the_exit_code(run: Run, ofsted: Replica, paper: Newspaper) -> None:
    paper.faults["/gazette/rss"] = [site.status(404)]
    code, out, err = run("pull", "--press-only", "--quiet")
    assert code == 1 and "Could not be had (1):" in err and "Gazette: " in err and "(http_404)" in err
    # Ofsted's site does not keep the press waiting, and is told by the exit code.
    ofsted.faults["/search"] = [site.status(500)] * 3
    paper.story("/post/late", "Ofsted inspects Wexbury council’s children’s services again")
    code, out, err = run("pull", "--press")
    assert code == 3 and "Press: " in out and "search" in err


def test_what_stays_odd_is_not_told_every_night(run: Run, paper: Newspaper) -> None:
    paper.put("/post/atom", '<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "text/xml")
    code, _, err = run("pull", "--press-only", "--quiet")
    assert code == 0 and "Post: the feed lists nothing" in err
    assert run("pull", "--press-only", "--quiet") == (0, "", "")
    assert "Post: the feed lists nothing" in run("pull", "--press-only")[2]


def test_no_source_at_all_is_no_success_in_part(run: Run, paper: Newspaper) -> None:
    for path in ("/gazette/rss", "/post/atom", "/mercury/index.xml"):
        paper.faults[path] = [site.status(500)] * 9
    code, _, err = run("pull", "--press-only", "--quiet")
    assert code == 3 and "Could not be had (3):" in err and "no press source could be read" in err
    del paper.faults["/post/atom"]
    assert run("pull", "--press-only", "--quiet")[0] == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--press-sources", "x.toml"), "give --press"),
        (("--press-only", "--kinds", "jtai"), "--kinds chooses among reports"),
        (("--press", "--press-sources", "none.toml"), "none.toml cannot be read"),
    ],
)
def test_wrong_usage_asks_for_nothing(
    run: Run, ofsted: Replica, paper: Newspaper, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run("pull", *arguments)
    assert (code, out) == (2, "") and words in err
    assert ofsted.asked == [] and paper.asked == []


def test_without_contact_nothing_is_asked(run: Run, paper: Newspaper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFSTED_NLP_CONTACT")
    code, out, err = run("pull", "--press-only")
    assert (code, out) == (2, "") and "--contact you@council.gov.uk" in err and paper.asked == []


def test_reports_and_press_in_python(run: Run, tmp_path: Path) -> None:
    corpus = Corpus.open(tmp_path / "s.duckdb", seed=False)
    made = corpus.pull("Darlington", press=True)
    assert made.press is not None and (len(made.fetched), made.press.sources, made.failed) == (3, 3, False)
