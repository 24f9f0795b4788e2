"""The command ``press`` with addresses and with the store: what it asks for, keeps and says."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import ofsted_nlp as ofs
from ofsted_nlp.cli import main
from ofsted_nlp.corpus import Corpus
from ofsted_nlp.sources import http
from ofsted_nlp.sources.http import Client, Limits

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "corpus" / "sample" / "press"
PAGE = PAGES / "care-post-2024.html"
QUICK = Limits(interval=0, attempts=2, backoff=0.01, timeout=5)


@dataclass
class Site:
    """A news site on this machine: its pages, what it forbids, and what was asked for."""

    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    robots: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.pages["/news/care"] = (200, "text/html; charset=utf-8", PAGE.read_bytes())

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            made.asked.append((self.path, self.headers["User-Agent"]))
            status, kind, body = made.pages.get(self.path, (404, "text/html", b"<html>Gone</html>"))
            if self.path == "/robots.txt":
                status, kind, body = 200, "text/plain", made.robots.encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``ofsted-nlp`` in this process; addresses may be on this machine."""
    for name in ("OFSTED_NLP_REPORTS", "OFSTED_NLP_CORPUS", "OFSTED_NLP_PRESS", "OFSTED_NLP_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "store" / "s.duckdb"))

    def local(*hosts: str, contact: str | None) -> Client:
        return Client(*hosts, contact=contact, limits=QUICK, allow_loopback=True)

    monkeypatch.setattr(http, "Client", local)

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["ofsted-nlp", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int) and "Traceback" not in err
        return ended.value.code, out, err

    return call


CONTACT = ("--contact", "t@example.org")


def test_an_address_is_read_as_its_saved_page_is(run: Run, site: Site, samples: Path, tmp_path: Path) -> None:
    url = f"{site.address}/news/care"
    options = ("--reports", samples, "--format", "jsonl")
    code, out, err = run("press", url, *options, *CONTACT)
    assert (code, err) == (0, "")
    (row,) = [json.loads(line) for line in out.splitlines()]
    (saved,) = [json.loads(line) for line in run("press", PAGE, *options)[1].splitlines()]
    assert row.pop("source")["url"] == url
    saved.pop("source")
    assert row == saved
    assert [path for path, _ in site.asked] == ["/robots.txt", "/news/care"]
    assert "contact: t@example.org" in site.asked[1][1]
    assert not (tmp_path / "store").exists(), "nothing is kept unasked"


def test_what_is_kept_can_be_asked_for_without_the_site(run: Run, site: Site, samples: Path, tmp_path: Path) -> None:
    url = f"{site.address}/news/care?utm_source=mail#top"
    code, out, err = run("press", url, "--reports", samples, "--keep", *CONTACT)
    assert code == 0 and "as in the report" in out
    assert "Kept: 1 new, 0 read again, 0 there already" in err
    (copy,) = (tmp_path / "store" / "press").iterdir()
    assert copy.read_bytes() == PAGE.read_bytes()
    (row,) = Corpus.open(seed=False).stories().to_dict("records")
    assert (row["url"], row["report_file"]) == (f"{site.address}/news/care", "wexbury-ilacs-2024.pdf")
    site.pages["/news/care"] = (200, "text/html", PAGE.read_bytes() + b"<!-- another day -->")
    assert "Kept: 0 new, 1 read again" in run("press", url, "--reports", samples, "--keep", *CONTACT)[2]
    assert len(Corpus.open(seed=False).articles()) == 1


def test_files_are_kept_and_info_counts_them(run: Run, samples: Path) -> None:
    code, _, err = run("press", PAGE, "--reports", samples, "--keep")
    assert code == 0 and "Kept: 1 new, 0 read again, 0 there already" in err
    assert "0 new, 0 read again, 1 there already" in run("press", PAGE, "--reports", samples, "--keep")[2]
    assert "1 articles, 1 stories" in " ".join(run("info")[1].split())
    assert Corpus.open(seed=False).articles() == [ofs.read_article(PAGE, reports=samples)]


def test_addresses_need_a_contact_and_files_do_not(run: Run, site: Site, samples: Path) -> None:
    code, out, err = run("press", PAGE, f"{site.address}/news/care", "--reports", samples)
    assert (code, out, site.asked) == (2, "", [])
    assert "--contact you@council.gov.uk" in err and "OFSTED_NLP_CONTACT" in err
    code, _, err = run("press", f"{site.address}/news/care", "--contact", "me")
    assert code == 2 and "“me” is neither" in err and site.asked == []


def test_what_fails_is_listed_and_stops_nothing(run: Run, site: Site, samples: Path, tmp_path: Path) -> None:
    site.robots = "User-agent: *\nDisallow: /private/\n"
    site.pages["/list"] = (200, "text/html", b"<ul>" + b"<li><a href='x'>One headline of many</a></li>" * 50 + b"</ul>")
    site.pages["/report"] = (200, "application/pdf", b"%PDF-1.7")
    site.pages["/members"] = (403, "text/html", b"<html>Members only</html>")
    paths = ("/private/a", "/list", "/report", "/members", "/none")
    addresses = [f"{site.address}{path}" for path in paths]
    bad = [*addresses, "https://other.example.invalid./x", "www.example.org/story"]
    code, out, err = run("press", *bad, PAGE, "--reports", samples, *CONTACT)
    assert code == 1
    assert "as in the report" in out, "the page that can be read is told"
    assert "7 of 8 pages could not be read:" in err
    for words in (
        f"robots.txt forbids {addresses[0]}, so it is not asked. (robots)",
        f"No article text was found in {addresses[1]}",
        f"{addresses[2]} is not a web page but application/pdf. (not_html)",
        f"{addresses[3]} answered with status 403. (http_403)",
        f"{addresses[4]} is not there any more (status 404). (http_404)",
        "If www.example.org/story is an address, begin it with https://.",
        "can be saved there as HTML and read as a file",
    ):
        assert words in err
    assert "/private/a" not in [path for path, _ in site.asked]


def test_private_addresses_are_not_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "Client", Client)
    code, _, err = run("press", "https://127.0.0.1/story", "https://[::1]/x", *CONTACT)
    assert code == 1 and err.count("(private_address)") == 2


def test_a_redirect_to_another_site_is_not_followed(run: Run, site: Site) -> None:
    site.pages["/moved"] = (302, "text/html", b"https://elsewhere.example/story")
    site.pages["/renamed"] = (302, "text/html", b"/news/care")
    site.pages["/empty"] = (200, "text/html", b"")
    code, out, err = run("press", *(f"{site.address}/{name}" for name in ("moved", "renamed", "empty")), *CONTACT)
    assert code == 1 and "2 of 3 pages could not be read:" in err
    assert "https://elsewhere.example/story is on another site and is not asked" in err
    assert f"{site.address}/empty is empty" in err
    assert "Wexbury" in out, "a redirect within the site is followed"


def test_a_store_in_use_is_told_before_anything_is_asked(run: Run, site: Site, tmp_path: Path) -> None:
    from ofsted_nlp.store import Store

    Store.open().close()
    with Store.open(read_only=True):
        code, out, err = run("press", f"{site.address}/news/care", "--keep", *CONTACT)
    assert (code, out, site.asked) == (3, "", [])
    assert "already open" in err
