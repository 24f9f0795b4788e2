"""The polite client: whom it asks, how often, what it takes, and what it makes of every fault."""

from __future__ import annotations

import datetime
import hashlib
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

import pytest
import replica as site
from replica import Publication, Replica, serve

from ofsted_nlp.errors import ContactError, GoneError, RefusedError, UnreachableError, UsageError
from ofsted_nlp.sources.download import Download, checked_pdf, download_pdf
from ofsted_nlp.sources.guard import check_url, is_allowed
from ofsted_nlp.sources.http import Client, Limits, checked_contact
from ofsted_nlp.sources.pace import Pace, Stopped

CONTACT = "tests@example.org"
QUICK = Limits(interval=0, backoff=0.01, timeout=15.0, attempts=3)
BODY = (
    b"%PDF-1.4\n"
    + b"".join(b"% line " + str(n).encode() + b" of an invented file\n" for n in range(20000))
    + b"%%EOF\n"
)
URN = 80458


@pytest.fixture
def web() -> Iterator[Replica]:
    with serve(Replica(chunk=4096)) as running:
        running.publish(URN, Publication(1, "Children's services inspection", datetime.date(2024, 5, 1), BODY))
        yield running


Make = Callable[..., Client]


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Make]:
    made: list[Client] = []

    def make(limits: Limits = QUICK, *hosts: str, **options: object) -> Client:
        settings = {"contact": CONTACT, "cache": tmp_path / "cache", "allow_loopback": True, **options}
        made.append(Client(*(hosts or ("127.0.0.1",)), limits=limits, **settings))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for one in made:
        one.close()


def fetch(client: Client, web: Replica, folder: Path) -> Download:
    return download_pdf(client, web.file_url(1), folder / "a.pdf", folder / "a.part")


def test_says_who_asks(web: Replica, client: Make) -> None:
    client().page(f"{web.site}/provider/44/{URN}")
    agents = {headers["user-agent"] for _, headers in web.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("ofsted-nlp/") and CONTACT in web.asked[0][1]["user-agent"]


@pytest.mark.parametrize(
    "contact", ["", "   ", "nobody", "a@b", "a@b.org\r\nX: y", "jos\u00e9@example.org", "ftp://x.org"]
)
def test_no_contact_no_request(contact: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFSTED_NLP_CONTACT", raising=False)
    with pytest.raises(ContactError, match="--contact"):
        Client("127.0.0.1", contact=contact)
    monkeypatch.setenv("OFSTED_NLP_CONTACT", "https://example.org/about")
    assert checked_contact(None) == "https://example.org/about"


def test_a_page_is_asked_again_but_sent_once(web: Replica, client: Make) -> None:
    url = f"{web.site}/provider/44/{URN}"
    first = client().page(url)
    again = client().page(url)
    assert (first.unchanged, again.unchanged, first.text == again.text) == (False, True, True)
    assert web.answered[304] >= 1
    web.publish(URN, Publication(2, "Children's services focused visit", datetime.date(2025, 1, 1), BODY))
    changed = client().page(url)
    assert not changed.unchanged and "focused visit" in changed.text


def test_robots_is_obeyed(web: Replica, client: Make) -> None:
    with pytest.raises(RefusedError, match=r"robots\.txt forbids") as refused:
        client().page(f"{web.site}/private/page")
    assert refused.value.code == "robots"
    assert web.paths("/private") == []
    web.robots = None
    with pytest.raises(GoneError):
        client(cache=None).page(f"{web.site}/private/page")


def test_a_site_whose_robots_fails_is_left_alone(web: Replica, client: Make) -> None:
    web.faults["/robots.txt"] = [site.status(500)] * 3
    with pytest.raises(UnreachableError, match=r"robots\.txt cannot be read") as unread:
        client().page(f"{web.site}/provider/44/{URN}")
    assert unread.value.code == "robots_unreachable"
    assert set(web.paths()) == {"/robots.txt"}


@pytest.mark.parametrize("rule", ["Crawl-delay: 0.3", "Request-rate: 10/3s"])
def test_robots_sets_the_pace(web: Replica, client: Make, rule: str) -> None:
    web.robots = f"User-agent: *\n{rule}\n".encode()
    one = client()
    start = time.monotonic()
    for _ in range(3):
        one.page(f"{web.site}/provider/44/{URN}")
    assert time.monotonic() - start >= 0.6
    web.robots = b"User-agent: *\nCrawl-delay: 3600\n"
    with pytest.raises(RefusedError, match="3600 seconds between"):
        client(cache=None).page(f"{web.site}/provider/44/{URN}")


def test_interval_between_requests(web: Replica, client: Make) -> None:
    one = client(Limits(interval=0.2))
    start = time.monotonic()
    for _ in range(3):
        one.page(f"{web.site}/provider/44/{URN}")
    assert time.monotonic() - start >= 0.6  # robots.txt and three pages


def test_a_host_that_keeps_failing_is_left_alone(web: Replica, client: Make) -> None:
    one = client(Limits(interval=0, backoff=0.01, attempts=2, failures=2))
    for number in range(2):
        web.faults[f"/provider/44/{number}"] = [site.status(503)] * 2
        with pytest.raises(UnreachableError):
            one.page(f"{web.site}/provider/44/{number}")
    with pytest.raises(UnreachableError, match="2 times in a row"):
        one.page(f"{web.site}/provider/44/{URN}")
    assert web.paths(str(URN)) == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("10.1.2.3", False),
        ("172.20.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::1", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_allowed(address) is public


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://reports.example/", "not_https"),
        ("https://reports.example:8443/", "not_https"),
        ("https://sub.reports.example/", "other_host"),
        ("https://reports.example.evil.test/", "other_host"),
        ("https://user:pw@reports.example/", "bad_url"),
        ("https://10.0.0.1/", "private_address"),
        ("https://[::1]/", "private_address"),
        ("https://[bad/", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("https:///x", "bad_url"),
    ],
)
def test_only_named_hosts_over_https(url: str, code: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_url(url, {"reports.example"})
    assert refused.value.code == code
    check_url("https://Reports.Example/x?y=1", {"reports.example"})


def test_a_name_that_leads_to_a_private_address(client: Make) -> None:
    for address in ("10.0.0.5", "169.254.169.254", "127.0.0.1"):
        one = client(QUICK, "reports.example", allow_loopback=False, resolver=lambda *_, a=address: [a])
        with pytest.raises(RefusedError, match="not public"):
            one.page("https://reports.example/")


def test_a_name_is_resolved_once_for_each_connection(web: Replica, client: Make) -> None:
    port = int(web.site.rsplit(":", 1)[1])
    answers = iter([["127.0.0.1"]])
    one = client(QUICK, "rebinding.example", resolver=lambda *_: next(answers))
    page = one.page(f"http://rebinding.example:{port}/provider/44/{URN}")
    assert "timeline" in page.text
    assert next(answers, None) is None


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("https://10.0.0.1/secret", "private_address"),
        ("http://169.254.169.254/latest/meta-data", "private_address"),
        ("https://elsewhere.example/", "other_host"),
        ("file:///etc/passwd", "bad_url"),
        ("{site}/private/x", "robots"),
        ("{site}/loop", "redirects"),
    ],
)
def test_every_redirect_is_checked(web: Replica, client: Make, target: str, code: str) -> None:
    web.faults["/loop"] = [site.redirect(target)] * 5
    with pytest.raises(RefusedError) as refused:
        client().page(f"{web.site}/loop")
    assert refused.value.code == code


def test_too_many_redirects_and_a_good_one(web: Replica, client: Make) -> None:
    for number in range(9):
        web.faults[f"/hop{number}"] = [site.redirect(f"/hop{number + 1}")]
    with pytest.raises(RefusedError, match="too often"):
        client().page(f"{web.site}/hop0")
    assert len(web.paths("/hop")) == QUICK.redirects + 1
    web.faults["/old"] = [site.redirect(f"{{site}}/provider/44/{URN}")]
    assert client().page(f"{web.site}/old").url.endswith(str(URN))


def test_retry_after_is_kept(web: Replica, client: Make) -> None:
    path = f"/provider/44/{URN}"
    later = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=3)).replace(microsecond=0)
    printed = format_datetime(later, usegmt=True)
    web.faults[path] = [site.status(429, Retry_After="1"), site.status(503, Retry_After=printed)]
    start = time.monotonic()
    assert "timeline" in client().page(f"{web.site}{path}").text
    assert time.monotonic() - start >= 0.99
    assert datetime.datetime.now(datetime.UTC) >= later - datetime.timedelta(seconds=0.1)
    web.faults[path] = [site.status(503, Retry_After="86400")]
    with pytest.raises(UnreachableError, match="86400 seconds") as busy:
        client(cache=None).page(f"{web.site}{path}")
    assert busy.value.code == "too_busy"


def test_bursts_of_errors_are_waited_out(web: Replica, client: Make) -> None:
    path = f"/provider/44/{URN}"
    web.faults[path] = [site.status(500), site.status(502)]
    assert "timeline" in client().page(f"{web.site}{path}").text
    web.faults[path] = [site.status(503)] * 3
    with pytest.raises(UnreachableError, match="asked 3 times: it answered with status 503"):
        client(cache=None).page(f"{web.site}{path}")


def test_a_packed_page_cut_short_is_asked_for_again_and_not_cached(web: Replica, client: Make) -> None:
    path = f"/provider/44/{URN}"
    web.faults[path] = [site.cut_gzip]
    whole = client().page(f"{web.site}{path}").text
    assert whole.endswith("</html>")
    web.faults[path] = [site.cut_gzip] * 3
    with pytest.raises(UnreachableError, match="broke off"):
        client(cache=None).page(f"{web.site}{path}")
    assert client().page(f"{web.site}{path}").text == whole


def test_pages_have_limits(web: Replica, client: Make) -> None:
    with pytest.raises(RefusedError, match="larger than"):
        client(Limits(interval=0, page_bytes=200)).page(f"{web.site}/provider/44/{URN}")
    with pytest.raises(RefusedError, match="not a web page but application/pdf"):
        client(cache=None).page(web.file_url(1))


@pytest.mark.parametrize(
    ("fault", "requests"),
    [(site.reset, 2), (site.too_few, 2), (site.cut_short, 2), (site.stall, 2), (site.status(500), 2)],
    ids=["reset", "too few", "cut short", "stall", "500"],
)
def test_a_file_arrives_whole_whatever_happens(
    web: Replica, client: Make, tmp_path: Path, fault: site.Fault, requests: int
) -> None:
    web.faults["/v1/file/1"] = [fault]
    patience = 2.0 if fault is site.stall else QUICK.timeout
    made = fetch(client(replace(QUICK, timeout=patience)), web, tmp_path)
    assert made.path.read_bytes() == BODY
    assert (made.sha256, made.size) == (hashlib.sha256(BODY).hexdigest(), len(BODY))
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a.pdf"]
    assert len(web.paths("/v1/file/1")) == requests


def test_a_reset_download_goes_on_where_it_broke_off(web: Replica, client: Make, tmp_path: Path) -> None:
    web.faults["/v1/file/1"] = [site.reset]
    fetch(client(), web, tmp_path)
    again = [headers for path, headers in web.asked if path == "/v1/file/1"][1]
    assert int(again["range"].removeprefix("bytes=").rstrip("-")) > 0
    assert "if-range" in again
    assert web.answered[206] == 1


def test_a_file_that_changed_meanwhile_begins_anew(web: Replica, client: Make, tmp_path: Path) -> None:
    web.faults["/v1/file/1"] = [site.reset] * 3
    with pytest.raises(UnreachableError):
        fetch(client(Limits(interval=0, backoff=0.01, attempts=1)), web, tmp_path)
    assert 0 < (tmp_path / "a.part").stat().st_size < len(BODY)
    web.faults["/v1/file/1"] = []
    other = BODY.replace(b"invented", b"replaced")
    web.publications[URN][0].body = other
    assert fetch(client(), web, tmp_path).path.read_bytes() == other
    assert (web.answered[206], checked_pdf(tmp_path / "a.pdf")) == (0, (hashlib.sha256(other).hexdigest(), len(other)))


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        (site.page_instead, GoneError, "page_instead_of_pdf"),
        (site.status(404), GoneError, "http_404"),
        (site.status(410), GoneError, "http_410"),
        (site.status(403), UnreachableError, "http_403"),
        (site.redirect("http://10.0.0.1/x"), RefusedError, "private_address"),
        (site.endless(announced=True), RefusedError, "too_large"),
        (site.endless(announced=False), RefusedError, "too_large"),
    ],
    ids=["page", "404", "410", "403", "private", "3 GB", "3 GB unannounced"],
)
def test_what_is_no_report_is_not_kept(
    web: Replica, client: Make, tmp_path: Path, fault: site.Fault, kind: type[Exception], code: str
) -> None:
    web.faults["/v1/file/1"] = [fault]
    one = client(Limits(interval=0, backoff=0.01, file_bytes=2**20))
    with pytest.raises(kind) as failed:
        fetch(one, web, tmp_path)
    assert failed.value.code == code  # type: ignore[attr-defined]
    assert list(tmp_path.glob("a*")) == []
    assert len(web.paths("/v1/file/1")) == 1
    assert one.counts["bytes"] < 3 * 2**20


def test_another_kind_of_file_is_refused(web: Replica, client: Make, tmp_path: Path) -> None:
    web.publications[URN][0].body = b"PK\x03\x04" + b"x" * 5000
    with pytest.raises(RefusedError, match="is no PDF") as refused:
        fetch(client(), web, tmp_path)
    assert refused.value.code == "not_a_pdf"


def test_through_a_proxy(web: Replica, client: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", web.site)  # the replica takes requests in a proxy's form
    monkeypatch.setenv("no_proxy", "")
    port = web.site.rsplit(":", 1)[1]
    page = client(QUICK, "reports.example").page(f"http://reports.example:{port}/provider/44/{URN}")
    assert "timeline" in page.text
    assert f"http://reports.example:{port}/robots.txt" in web.paths()


def test_certificates_are_the_systems(
    web: Replica, client: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=replica"
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate]
    subprocess.run(["openssl", *make.split(), *names], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with site.server(web) as (plain, address):
        plain.socket = context.wrap_socket(plain.socket, server_side=True)
        url = f"{address.replace('http:', 'https:')}/provider/44/{URN}"
        with pytest.raises(UnreachableError, match="certificate is not trusted"):
            client().page(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert "timeline" in client().page(url).text


def test_a_proxy_that_is_none(client: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "nonsense://me:secret@proxy")
    with pytest.raises(UsageError, match="HTTPS_PROXY") as told:
        client()
    assert "secret" not in told.value.message


def test_stopping_ends_every_wait() -> None:
    stop = threading.Event()
    pace = Pace(60.0, 1, stop)
    with pace.turn():
        pass
    threading.Timer(0.1, stop.set).start()
    start = time.monotonic()
    with pytest.raises(Stopped), pace.turn():
        pass
    assert time.monotonic() - start < 10
