"""The command ``pull``: what it prints where, and exit codes that a nightly job can rely on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partialmethod
from pathlib import Path

import pytest
import replica as site
from pull_run import read
from pull_site import QUICK, small_site
from replica import Replica, serve

from ofsted_nlp.cli import main
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.sources import http
from ofsted_nlp.sources.http import Client
from ofsted_nlp.store import Store

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def web() -> Iterator[Replica]:
    with serve(small_site()) as running:
        yield running


@pytest.fixture
def run(
    web: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Runs ``ofsted-nlp`` in this process against the replica, with a reader of our own."""
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "s.duckdb"))
    monkeypatch.setenv("OFSTED_NLP_CONTACT", "t@example.org")
    monkeypatch.delenv("OFSTED_NLP_REPORTS", raising=False)

    def local(*_: str, contact: str | None, cache: Path | None) -> Client:
        return Client("127.0.0.1", contact=contact, cache=cache, limits=QUICK, allow_loopback=True)

    monkeypatch.setattr(http, "Client", local)
    with ThreadPoolExecutor(1) as executor:
        options = {"site": web.site, "reader": read, "executor": executor}
        monkeypatch.setattr(Corpus, "pull", partialmethod(Corpus.pull, **options))

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


NAMES = ("Darlington", "York", "Leeds")


def test_a_dry_run_then_a_pull_then_nothing_new(run: Run, web: Replica, tmp_path: Path) -> None:
    code, out, err = run("pull", *NAMES, "--dry-run")
    assert (code, err) == (0, "")
    assert "9 files would be fetched" in out and "Nothing was fetched or stored." in out
    assert not (tmp_path / "s.duckdb").exists()
    code, out, err = run("pull", *NAMES)
    assert (code, err) == (0, "")
    assert "9 files fetched into" in out and "Store: 9 documents new" in out
    assert len(list((tmp_path / "reports").glob("*.pdf"))) == 9
    assert run("pull", *NAMES, "--quiet") == (0, "", "")


def test_problems_are_listed_and_told_by_the_exit_code(run: Run, web: Replica) -> None:
    number = web.publications[80458][0].number
    web.faults[f"/v1/file/{number}"] = [site.page_instead]
    code, out, err = run("pull", "Darlington", "--quiet")
    assert code == 1
    assert "2 files fetched" in out
    assert err.splitlines() == [
        "Could not be had (1):",
        f"  {web.file_url(number)} leads to a web page, not to a report. (page_instead_of_pdf)",
    ]
    code, out, err = run("pull", "Darlington")
    assert (code, err) == (0, "")
    assert "1 lead to no report" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Darlingtn",), "Did you mean Darlington"),
        (("--kinds", "jtai,nonsense"), "There is no kind 'nonsense'. The kinds are"),
        (("--since", "last week"), "is not a date; write it as 2024-03-31."),
        (("--contact", "me"), "“me” is neither an e-mail address nor a web page."),
    ],
)
def test_wrong_usage(run: Run, web: Replica, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = run("pull", *arguments)
    assert (code, out, web.asked) == (2, "", [])
    assert err.startswith("ofsted-nlp: ") and words in err


def test_no_contact(run: Run, web: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFSTED_NLP_CONTACT")
    code, _, err = run("pull", "Darlington")
    assert (code, web.asked) == (2, [])
    assert "--contact you@council.gov.uk" in err and "OFSTED_NLP_CONTACT" in err


def test_nothing_can_be_done(run: Run, web: Replica, tmp_path: Path) -> None:
    web.faults["/search"] = [site.status(503)] * 3
    code, _, err = run("pull", "Darlington")
    assert code == 3
    assert "was asked 3 times: it answered with status 503." in err
    web.robots = b"User-agent: *\nDisallow: /\n"
    code, _, err = run("pull", "Darlington")
    assert code == 3 and "robots.txt forbids" in err
    web.forget()
    with Store.open(tmp_path / "s.duckdb", read_only=True):
        code, _, err = run("pull", "Darlington")
    assert (code, web.asked) == (3, [])
    assert "already open" in err


def test_interrupted(run: Run, web: Replica, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("ofsted_nlp.sources.manifest.Manifest.fetched", stop)
        code, _, err = run("pull", "Darlington")
    assert code == 130 and "interrupted" in err
    code, out, _ = run("pull", "Darlington")
    assert code == 0 and "Store: 3 documents new" in out
