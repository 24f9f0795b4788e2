"""The static site is whole, escaped, linked and the same every time, and never takes the place of anything else."""

import base64
import datetime
import json
import posixpath
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from site_checks.records import SCRIPT, entry, report, reports
from typer.testing import CliRunner

from ofsted_nlp.analysis.clustering.clusters import Assignment, Cluster, Clustering
from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.authorities import register
from ofsted_nlp.cli.site import site
from ofsted_nlp.errors import NotFoundError, UsageError
from ofsted_nlp.presentation.site.build import build_site
from ofsted_nlp.presentation.site.cluster import site_clusters
from ofsted_nlp.presentation.site.england import data, summary
from ofsted_nlp.presentation.site.facts import Facts, slug
from ofsted_nlp.presentation.site.folder import MARK
from ofsted_nlp.presentation.site.links import SourceLinks
from ofsted_nlp.presentation.site.search import ALPHABET, _steps, plain
from ofsted_nlp.presentation.site.texts import Texts
from ofsted_nlp.presentation.site.tiles import balance, tiles
from ofsted_nlp.presentation.site.words import linked
from ofsted_nlp.presentation.site.writing import as_json


class Page(HTMLParser):
    """Links, ids and tags of a page."""

    VOID = ("meta", "br", "hr", "img", "link", "input")

    def __init__(self, path):
        super().__init__()
        self.links, self.ids, self.tags, self.open, self.scripts = [], [], [], [], []
        self.feed(path.read_text(encoding="utf-8"))
        assert self.open == [], path

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        self.links += [given[name] for name in ("href", "src") if given.get(name)]
        self.ids += [given["id"]] if "id" in given else []
        self.scripts += [given.get("src", given.get("type"))] if tag == "script" else []
        assert not any(name.startswith("on") for name in given), given

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def clustering(made):
    """Two invented clusters over the findings of reports."""
    found = [(r, f) for r in made for f in r.findings]
    concerns = [(r, f) for r, f in found if f.polarity == "concern"]
    strengths = [(r, f) for r, f in found if f.polarity == "strength"]
    clusters, assignments = [], []
    for number, (kind, members) in enumerate((("concern", concerns), ("strength", strengths)), 7):
        label = f"Assessment ({kind}): <b>late</b> & slow"
        names = tuple(sorted({r.authority.name for r, _ in members}))
        clusters.append(
            Cluster(number, label, kind, "assessment", ("late",), len(members), names, {}, (members[0][1].id,))
        )
        assignments += [Assignment(f.id, r.source.file, f.text, number, label, 1.0) for r, f in members]
    return Clustering(tuple(clusters), tuple(assignments))


def broken_links(folder):
    """Links inside the site that lead nowhere, or to an id that is not there; and ids that are there twice."""
    pages = {path.relative_to(folder).as_posix(): Page(path) for path in folder.rglob("*.html")}
    wrong = []
    for name, page in pages.items():
        wrong += [(name, f"id {one} twice") for one in set(page.ids) if page.ids.count(one) > 1]
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            path = posixpath.normpath(f"{Path(name).parent.as_posix()}/{unquote(parts.path)}") if parts.path else name
            if path.startswith(".."):
                continue
            if not (folder / path).is_file() or (parts.fragment and parts.fragment not in pages[path].ids):
                wrong.append((name, link))
    return wrong


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    out = tmp_path_factory.mktemp("built") / "site"
    named = [{"thing": "Invented Harbour <i>team</i>", "kind": None, "where": ["Darlington"]}]
    made = reports()
    return build_site(made, out, clustering=clustering(made), named=named), out


def text_of(out, name):
    return (out / name).read_text(encoding="utf-8")


def words_of(out, name):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(out, name)))


def test_every_authority_theme_and_cluster_has_a_page_and_every_link_leads_somewhere(built):
    made, out = built
    entries = [e for e in register() if not e.abolished or e.name == "Cumbria"]
    assert made.authorities == len(entries) == 154
    assert {path.stem for path in (out / "authorities").iterdir()} == {slug(e) for e in entries}
    assert (made.themes, made.clusters, made.reports) == (41, 2, len(reports()))
    assert {path.name for path in (out / "clusters").iterdir()} == {"index.html", "7.html", "8.html"}
    assert broken_links(out) == []


def test_pages_are_well_formed_and_hostile_text_stays_text(built):
    _, out = built
    for path in out.rglob("*.html"):
        page = Page(path)
        assert page.tags.count("h1") == page.tags.count("main") == 1
        scripts = {Path(name).name for name in page.scripts}
        assert scripts <= {"site.js", "texts.js", "england.js", "search.js", "json"}
        assert "img" not in page.tags
        assert "default-src 'none'" in path.read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &lt;img" in text_of(
        out, "authorities/darlington.html"
    )
    for path in (out / "data").rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search("[<>&\u2028]", text), path
        assert SCRIPT.startswith("<script>")


def test_nothing_is_loaded_from_elsewhere(built):
    _, out = built
    for path in out.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"([^\"]*)\"", text)
        assert all(not urlsplit(link).scheme or link == "data:," for link in loaded)
    for path in (out / "assets").iterdir():
        assert not re.search(r"https?://|@import|innerHTML|eval\(|document\.write", path.read_text(encoding="utf-8"))


def test_claims_link_to_the_page_they_stand_on(built):
    _, out = built
    page = text_of(out, "authorities/darlington.html")
    url = f"https://files.example.org/{entry('Darlington').urn}-2022-10-21"
    assert f'Invented assessments take too long. <span class="quiet">(<a href="{url}#page=2">page&nbsp;2</a>' in page
    assert f'<a href="{url}#page=2">page&nbsp;2</a>' in page
    assert "Do better &amp; soon &lt;b&gt;now&lt;/b&gt;." in page
    kent = text_of(out, "authorities/kent.html")
    assert "-2026-05-20#" not in kent and "-2022-05-20#page=1" in kent


def test_links_to_a_folder_and_to_a_web_address(tmp_path):
    folder = tmp_path / "the reports"
    folder.mkdir()
    one = report("Darlington", "2022-10-21")
    (folder / one.source.file).write_bytes(b"%PDF")
    links = SourceLinks(folder, tmp_path / "site")
    assert links.to(one, 3, 1) == f"../../the%20reports/{one.source.file}#page=3"
    other = report("Leeds", "2022-10-21")
    assert links.to(other, 3) == f"{other.source.url}#page=3"
    assert (
        SourceLinks("https://example.org/pdf/", tmp_path).to(one, 2, 1)
        == f"https://example.org/pdf/{one.source.file}#page=2"
    )
    assert SourceLinks(None, tmp_path).to(report("Kent", "2020-01-01", url=False), 1) is None
    with pytest.raises(UsageError, match="There is no folder"):
        SourceLinks(tmp_path / "gone", tmp_path / "site")
    with pytest.raises(UsageError, match="lies in the site's own folder"):
        SourceLinks(folder, tmp_path)


def test_the_same_reports_give_the_same_files(built, tmp_path):
    _, out = built
    made = list(reversed(reports()))
    named = [{"thing": "Invented Harbour <i>team</i>", "kind": None, "where": ["Darlington"]}]
    build_site(made, tmp_path / "again", clustering=clustering(reports()), named=named)
    files = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    assert files == sorted(p.relative_to(tmp_path / "again") for p in (tmp_path / "again").rglob("*") if p.is_file())
    assert [f for f in files if (out / f).read_bytes() != (tmp_path / "again" / f).read_bytes()] == []


def small(tmp_path, monkeypatch):
    """Builds of a site of one authority's page, so that they are quick."""
    monkeypatch.setattr(Facts, "entries", [entry("Darlington")])
    return lambda **more: build_site(reports()[:2], tmp_path / "site", **more)


def test_a_site_is_replaced_as_a_whole_and_nothing_else_is(tmp_path, monkeypatch):
    build = small(tmp_path, monkeypatch)
    build()
    (tmp_path / "site" / "themes" / "old.html").write_text("old")
    build()
    assert not (tmp_path / "site" / "themes" / "old.html").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"site"}
    (tmp_path / "site" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"no part of the site \(mine\.txt\)"):
        build()
    assert (tmp_path / "site" / "mine.txt").read_text() == "mine"


def test_what_is_no_site_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.doc").write_text("x")
    (tmp_path / "spoilt").mkdir()
    (tmp_path / "spoilt" / MARK).write_text("[")
    for name, words in (("file", "is a file"), ("folder", "no site of ofsted-nlp"), ("spoilt", "cannot be read")):
        with pytest.raises(UsageError, match=words):
            build_site(reports(), tmp_path / name)
    with pytest.raises(UsageError, match="there is no folder"):
        build_site(reports(), tmp_path / "a" / "b")
    with pytest.raises(NotFoundError, match="no reports of inspections that ended by 2001"):
        build_site(reports(), tmp_path / "new", as_of=datetime.date(2001, 1, 1))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder", "spoilt"]


def test_a_build_that_is_cut_short_leaves_the_old_site(tmp_path, monkeypatch):
    build = small(tmp_path, monkeypatch)
    build()
    before = (tmp_path / "site" / "index.html").read_bytes()

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(progress=stop, as_of=datetime.date(2019, 1, 1))
    assert (tmp_path / "site" / "index.html").read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"site"}
    steps = []
    build(progress=lambda done, total: steps.append((done, total)))
    assert steps == [(n, 5) for n in range(1, 6)]


def test_a_day_cuts_what_came_later(tmp_path, monkeypatch):
    build = small(tmp_path, monkeypatch)
    build(as_of=datetime.date(2019, 1, 1))
    text = words_of(tmp_path / "site", "authorities/darlington.html")
    assert "Inspections that ended by 1 January 2019." in text
    assert "2022" not in text


def test_without_texts_the_search_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(Facts, "entries", [entry("Darlington")])
    build_site(reports(texts=False), tmp_path / "site")
    assert "The sentences of the reports are not at hand here" in words_of(tmp_path / "site", "search.html")
    assert not (tmp_path / "site" / "data" / "search" / "words").exists()
    assert not (tmp_path / "site" / "data" / "texts").exists()
    assert "every page number leads to where they stand" in words_of(tmp_path / "site", "authorities/darlington.html")


def test_the_grades_of_england_are_those_of_the_statistics(built):
    _, out = built
    facts = Facts(reports())
    picture = national_picture(reports(), facts.last)
    rows = [
        {"grades": [facts.standing(e).overall and facts.standing(e).overall.grade("overall_effectiveness")]}
        for e in facts.entries
        if not e.abolished
    ]
    counted = summary(rows)
    assert (counted["positive"], counted["of"]) == (picture.good_or_outstanding.n, picture.authorities)
    said = f"{counted['positive']} of {counted['of']} authorities with an overall grade"
    assert said in words_of(out, "index.html")
    kent = data(facts)["authorities"][str(entry("Kent").urn)]
    assert [row[2] for row in kent["graded"]] == ["o", ""]
    assert data(facts)["authorities"][str(entry("Cumberland").urn)]["from"] == "2023-04-01"


def test_the_map_has_a_square_for_each_authority_and_none_twice():
    placed = tiles()
    assert {tile.entry.urn for tile in placed} == {e.urn for e in register()}
    now = [(tile.row, tile.column) for tile in placed if not tile.entry.abolished]
    assert len(set(now)) == len(now) == 153
    names = [tile.short for tile in placed if not tile.entry.abolished]
    assert len(set(names)) == 153 and max(map(len, names)) <= 6
    for old in (tile for tile in placed if tile.entry.abolished):
        heirs = [tile for tile in placed if tile.entry.urn in old.entry.successors]
        assert (old.row, old.column) in {(tile.row, tile.column) for tile in heirs}


def test_names_of_pages_differ():
    names = [slug(e) for e in register()]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)


@pytest.mark.parametrize(
    ("concerns", "strengths", "letter"), [(0, 0, "·"), (0, 2, "++"), (1, 2, "+"), (2, 2, "−"), (3, 0, "−−")]
)
def test_squares_by_theme(concerns, strengths, letter):
    assert balance(concerns, strengths).letter == letter


def test_pages_named_in_sentences_are_found():
    pieces = list(linked("Twice (pages 1, 22 and 3), once (page 4), 5 findings."))
    assert "".join(text for text, _ in pieces) == "Twice (pages 1, 22 and 3), once (page 4), 5 findings."
    assert [number for _, number in pieces if number] == [1, 22, 3, 4]


def unpacked(path):
    """What ``ofstedNlp.texts`` is given: the number of the file and its rows."""
    number, data = re.fullmatch(r'ofstedNlp\.texts\((\d+),"([A-Za-z0-9+/=]*)"\);\n', path.read_text("utf-8")).groups()
    return int(number), json.loads(zlib.decompress(base64.b64decode(data), -zlib.MAX_WBITS))


def test_each_sentence_is_written_once_beside_those_of_its_cluster(built):
    made, out = built
    files = [unpacked(path) for path in (out / "data" / "texts").iterdir()]
    written = [tuple(row) for number, rows in sorted(files) for row in rows]
    found = [(f.text, f.page) for r in reports() for f in r.findings]
    listed = [(item.text, item.page) for r in reports() for item in r.recommendations]
    assert sorted(written) == sorted(found + listed) and len(written) == made.findings
    page = text_of(out, "clusters/7.html")
    numbers = [int(n) for row in re.findall(r'data-n="([0-9 ]+)"', page) for n in row.split()]
    concerns = sorted((f.text, f.page) for r in reports() for f in r.findings if f.polarity == "concern")
    assert sorted(written[n] for n in numbers) == concerns
    assert page.count("Invented assessments take too long.") == 1, "beside the typical one they are not in the page"


def test_findings_that_are_unsure_stand_in_clusters_and_are_not_searched():
    late = [("assessment", "Invented unsure delay."), ("assessment", "Invented delay.")]
    one = report("Leeds", "2022-03-01", concerns=late, strengths=[("assessment", "Praise.")])
    unsure = replace(one, findings=(replace(one.findings[0], score=0.5), *one.findings[1:]))
    facts = Facts([unsure])
    assert [text.text for text in Texts(facts, ()).rows] == ["Invented delay.", "Praise."]
    rows = Texts(facts, site_clusters(facts, clustering([unsure]))).rows
    assert [(text.text, text.searched) for text in rows] == [
        ("Invented unsure delay.", False),
        ("Invented delay.", True),
        ("Praise.", True),
    ]


@pytest.mark.parametrize("numbers", [[0], [5, 6, 7], [31, 63, 64, 1087, 40_000, 1_000_000]])
def test_numbers_of_findings_are_written_as_steps(numbers):
    found, at, step = [], -1, 0
    for digit in map(ALPHABET.index, _steps(numbers)):
        step = 32 * step + (digit & 31)
        if digit < 32:
            found.append(at := at + step + 1)
            step = 0
    assert found == numbers


@pytest.mark.parametrize(
    ("text", "words"), [("Children’s\u00a0plans, Café-based", "childrens plans cafe based"), ("  A  ", "a")]
)
def test_words_are_made_plain(text, words):
    assert plain(text) == words


def test_embedded_data_cannot_close_its_script():
    text = as_json({"a": "</script><!-- & \u2028"})
    assert not re.search("[<>&\u2028]", text)
    assert json.loads(text) == {"a": "</script><!-- & \u2028"}


def test_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "store.duckdb"))
    monkeypatch.setattr("ofsted_nlp.corpus.Corpus.reports", lambda self, as_of=None: reports())
    monkeypatch.setattr("ofsted_nlp.corpus.Corpus.clusters", lambda self: clustering(reports()))
    monkeypatch.setattr(Facts, "entries", [entry("Darlington")])
    out = tmp_path / "site"
    done = CliRunner().invoke(site, ["build", str(out), "--reports", "https://example.org/r"], catch_exceptions=False)
    assert done.exit_code == 0
    assert f"{out / 'index.html'}: 1 authorities, 41 themes, 2 clusters from {len(reports())} reports;" in done.output
    assert "https://example.org/r/" in text_of(out, "authorities/darlington.html")
    Path(tmp_path / "other").mkdir()
    (tmp_path / "other" / "x").write_text("x")
    with pytest.raises(UsageError, match="no site of ofsted-nlp"):
        CliRunner().invoke(site, ["build", str(tmp_path / "other")], catch_exceptions=False)
