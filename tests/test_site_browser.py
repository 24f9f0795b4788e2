"""The site in a real headless browser: sorting, filter, any day, search, keyboard, accessibility, no request out."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from site_checks.browser import Browser, executable
from site_checks.records import entry, reports
from test_site import clustering

from ofsted_nlp.analysis.statistics import national_picture
from ofsted_nlp.corpus.national import available
from ofsted_nlp.presentation.site.build import build_site
from ofsted_nlp.presentation.site.england import year_ends
from ofsted_nlp.presentation.site.facts import Facts

PAGES = (
    "index.html",
    "authorities/darlington.html",
    "authorities/kent.html",
    "themes/assessment.html",
    "themes/index.html",
    "clusters/index.html",
    "clusters/7.html",
    "search.html",
    "about.html",
)
WIDTHS = ((1280, False), (390, True))
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SHOWN = "[...document.querySelectorAll('#authorities tbody tr')].filter(r => !r.hidden)"


@pytest.fixture(scope="module")
def browser():
    path = executable()
    if path is None:
        pytest.skip("no Chromium or Chrome here; set OFSTED_NLP_BROWSER to its path")
    made = Browser(path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser") / "site"
    named = [{"thing": "Invented Harbour team", "kind": None, "where": ["Darlington"]}]
    build_site(reports(), folder, clustering=clustering(reports()), named=named)
    return folder


@pytest.fixture(scope="module")
def axe(tmp_path_factory):
    """The text of axe-core: the file that OFSTED_NLP_AXE names, else fetched by npm into a temporary folder."""
    if given := os.environ.get("OFSTED_NLP_AXE"):
        return Path(given).read_text(encoding="utf-8")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to fetch axe-core with; set OFSTED_NLP_AXE to its axe.min.js")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "axe-core@4"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    file = folder / "node_modules" / "axe-core" / "axe.min.js"
    if not file.is_file():
        pytest.skip(f"npm could not fetch axe-core: {done.stderr.strip()[-200:]}")
    return file.read_text(encoding="utf-8")


def calm(browser, folder):
    """No script failed, nothing was refused, and every request went to a file of the site."""
    assert browser.problems == []
    inside = folder.as_uri()
    outside = [url for url in browser.requests if not url.startswith((inside, "data:", "about:"))]
    assert outside == []


def names(browser):
    return browser.run(f"{SHOWN}.map(r => r.cells[0].textContent)")


def choose(browser, selector, value):
    browser.run(
        f"(() => {{ const s = document.querySelector({selector!r}); s.value = {value!r}; "
        "s.dispatchEvent(new Event('input', {bubbles: true})); "
        "s.dispatchEvent(new Event('change', {bubbles: true})); })()"
    )


def press_sort(browser, heading):
    browser.run(
        f"[...document.querySelectorAll('#authorities th button')].find(b => b.textContent === {heading!r}).click()"
    )


def test_tables_sort_up_and_down(browser, out):
    browser.open(out / "index.html")
    press_sort(browser, "Overall")
    grades = browser.run(f"{SHOWN}.map(r => r.cells[3].dataset.sort)")
    assert grades == sorted(grades) and {"1", "2", "3", "4", "9"} == set(grades)
    press_sort(browser, "Authority")
    up = names(browser)
    assert up == sorted(up, key=str.lower)
    press_sort(browser, "Authority")
    assert names(browser) == sorted(up, key=str.lower, reverse=True)
    assert browser.run("document.querySelector('#authorities th').getAttribute('aria-sort')") == "descending"
    press_sort(browser, "Inspected")
    days = browser.run(f"{SHOWN}.map(r => r.cells[2].dataset.sort)")
    dated = [day for day in days if day]
    assert dated == sorted(dated) and days[: len(dated)] == dated
    calm(browser, out)


def test_rows_are_chosen_by_words_region_and_grade(browser, out):
    browser.open(out / "index.html")
    choose(browser, "#authorities", "")
    status = "document.querySelector('section:has(#authorities) [role=status]').textContent"
    assert browser.run(status) == "Shown: 153 of 153."
    choose(browser, "[name=region]", "North East")
    assert len(names(browser)) == 12
    choose(browser, "[name=overall]", "good")
    assert names(browser) == ["Darlington", "Durham"]
    choose(browser, "[name=words]", "dur")
    assert names(browser) == ["Durham"]
    assert browser.run(status) == "Shown: 1 of 153."
    browser.run("document.querySelector('section:has(#authorities) [type=reset]').click()")
    browser.wait(f"{SHOWN}.length === 153")
    calm(browser, out)


def test_any_year_shows_the_grades_of_that_day(browser, out):
    browser.open(out / "index.html")
    choose(browser, "[name=day]", "2018-03-31")
    assert "Cumbria" in names(browser)
    assert "Cumberland" not in names(browser)
    row = browser.run(f"{SHOWN}.find(r => r.cells[0].textContent === 'Darlington').cells[3].innerText")
    assert row.split() == ["R", "Requires", "improvement"]
    tile = f"document.querySelector('.tile[data-urn=\"{entry('Darlington').urn}\"]')"
    assert browser.run(f"{tile}.title") == "Darlington: Requires improvement"
    assert browser.run("document.querySelector('#summary').textContent").startswith("0% good or outstanding: 0 of 3 ")
    choose(browser, "[name=day]", "")
    assert "Cumbria" not in names(browser)
    assert browser.run(f"{tile}.title") == "Darlington: Good"
    calm(browser, out)


def test_the_map_by_theme(browser, out):
    browser.open(out / "index.html")
    themes = browser.run("[...document.querySelector('[name=map]').options].map(o => o.text)")
    choose(browser, "[name=map]", str(themes.index("Early help") - 1))
    tile = f"document.querySelector('.tile[data-urn=\"{entry('Darlington').urn}\"]').title"
    browser.wait(f"{tile} === 'Darlington: Strengths, no concern'")
    assert browser.run("document.querySelector('#mapshows').textContent").endswith("on: Early help.")
    assert len(browser.run("[...document.querySelectorAll('#legend li')].map(l => l.innerText)")) == 5
    calm(browser, out)


def find(browser, words):
    browser.run("document.querySelector('#search [name=q]').focus()")
    browser.run("document.querySelector('#search [name=q]').value = ''")
    browser.type(words)
    browser.key("Enter")
    return browser.wait(
        "(t => t.startsWith('Found') || t.startsWith('Type') ? t : '')(document.querySelector('#said').textContent)"
    )


def test_search_finds_findings_and_pages(browser, out):
    browser.open(out / "search.html")
    browser.wait("document.querySelector('#search').dataset.ready")
    said = find(browser, "assessment take")
    assert "finding" in said and "No finding" not in said
    first = browser.wait("document.querySelector('#textsfound li')?.innerText")
    assert first.startswith("Concern Invented assessments take too long.")
    assert browser.run("[...document.querySelectorAll('#textsfound mark')].map(m => m.textContent)")[:2] == [
        "assessments",
        "take",
    ]
    links = browser.run("[...document.querySelectorAll('#textsfound a')].map(a => a.getAttribute('href'))")
    assert any(link.endswith("#page=2") for link in links)
    choose(browser, "#search [name=authority]", "authorities/leeds.html")
    assert browser.wait("document.querySelector('#said').textContent.includes('1 finding.')")
    assert "Leeds" in browser.wait("document.querySelector('#textsfound li')?.innerText")
    choose(browser, "#search [name=authority]", "")
    assert "0 pages and 0 findings" in find(browser, "zebra")
    assert "Found: 1 page" in find(browser, "harbour")
    assert "Type a word" in find(browser, "a")
    calm(browser, out)


def test_a_cluster_is_filled_with_its_sentences_and_their_pages(browser, out):
    browser.open(out / "clusters" / "7.html")
    browser.wait("document.getElementById('members').dataset.filled")
    said = browser.run("document.getElementById('members').innerText")
    assert said.count("Invented assessments take too long.") == sum(len(r.concerns) > 0 for r in reports())
    assert "<script>alert('x')</script>" in said
    assert browser.run("document.querySelectorAll('#members script, #members img').length") == 0
    links = browser.run("[...document.querySelectorAll('#members ul ul a')].map(a => a.href)")
    assert links and all(re.search(r"#page=[23]$", link) for link in links)
    calm(browser, out)


def test_hostile_sentences_are_shown_as_they_are_written(browser, out):
    browser.open((out / "search.html").as_uri() + "?q=onerror")
    item = browser.wait("document.querySelector('#textsfound li')?.innerText")
    assert "<script>alert('x')</script> & <img src=x onerror=alert(1)>" in item
    assert browser.run("document.querySelectorAll('#main img, #textsfound script').length") == 0
    calm(browser, out)


def test_a_page_of_texts_can_be_continued(browser, out, tmp_path, monkeypatch):
    browser.open(out / "search.html")
    browser.wait("document.querySelector('#search').dataset.ready")
    find(browser, "invented")
    browser.wait("document.querySelectorAll('#textsfound li').length === 20")
    browser.run("document.querySelector('.more').click()")
    browser.wait("document.querySelectorAll('#textsfound li').length > 20")
    assert browser.run("document.querySelector('#textsfound li:nth-child(21)').contains(document.activeElement)")


def test_everything_can_be_reached_with_the_keyboard(browser, out):
    browser.open(out / "index.html")
    browser.key("Tab")
    assert browser.run("document.activeElement.textContent") == "Skip to the content"
    browser.key("Enter")
    assert browser.run("document.activeElement.id") == "main"
    seen = []
    for _ in range(12):
        browser.key("Tab")
        seen.append(
            browser.run("document.activeElement.name || document.activeElement.textContent.trim().slice(0, 20)")
        )
    assert seen[:3] == ["day", "map", "Skip the map"]
    assert seen[3].startswith("Dbys")
    browser.run("document.querySelector('#authorities th button').focus()")
    browser.key("Enter")
    assert browser.run("document.querySelector('#authorities th').getAttribute('aria-sort')") == "ascending"
    browser.key(" ")
    assert browser.run("document.querySelector('#authorities th').getAttribute('aria-sort')") == "descending"
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") != "none"
    browser.run("document.querySelector('#authorities tbody a').focus()")
    browser.key("Enter")
    browser.wait("location.href.includes('/authorities/') && document.readyState === 'complete'")


def test_without_scripts_the_tables_are_there(browser, out):
    browser.scripts(False)
    try:
        browser.open(out / "index.html")
    finally:
        browser.scripts(True)
    assert browser.run("document.querySelectorAll('#authorities tbody tr:not([hidden])').length") == 153
    assert browser.run("document.querySelectorAll('form:not([hidden])').length") == 0
    assert browser.run("document.querySelectorAll('#authorities th button').length") == 0


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("width", "mobile"), WIDTHS)
def test_pages_meet_the_accessibility_rules(browser, out, axe, page, width, mobile):
    browser.size(width, mobile=mobile)
    browser.open(out / page)
    calm(browser, out)
    if page == "search.html":
        browser.wait("document.querySelector('#search').dataset.ready")
        find(browser, "assessment take")
        browser.wait("!!document.querySelector('#textsfound li')")
    assert browser.run("document.documentElement.scrollWidth") <= width
    browser.run(f"{axe}; 0")
    options = {"runOnly": {"type": "tag", "values": list(RULES)}}
    found = browser.run(
        f"axe.run(document, {options!r}).then(r => ({{passes: r.passes.length, found: r.violations.map("
        "v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(' | '))}))"
    )
    assert found["found"] == []
    assert found["passes"] > 15


def test_pages_print(browser, out, tmp_path):
    import pypdfium2

    for name in ("index.html", "authorities/darlington.html"):
        browser.open(out / name)
        browser.print_to(tmp_path / "page.pdf")
        text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(tmp_path / "page.pdf"))
        assert "Darlington" in text
        assert "Show all" not in text


@pytest.fixture(scope="module")
def national(tmp_path_factory):
    """The site of the national annotations, and its facts."""
    from ofsted_nlp.corpus import national as annotations

    if not available():
        pytest.skip("the package carries no national annotations")
    folder = tmp_path_factory.mktemp("national") / "site"
    found = annotations.reports()
    build_site(found, folder)
    return folder, found


def test_the_national_site_is_light_and_quick(browser, national):
    folder, _ = national
    for path in folder.rglob("*.html"):
        assert path.stat().st_size < 400_000, path
    for name in ("index.html", "authorities/darlington.html", "themes/management-oversight.html"):
        browser.open(folder / name)
        began = time.monotonic()
        browser.open(folder / name)
        assert time.monotonic() - began < 2
        calm(browser, folder)


def test_the_national_figures_are_the_official_ones_on_every_day(browser, national):
    folder, found = national
    browser.open(folder / "index.html")
    days = year_ends(Facts(found))
    assert len(days) > 8
    for day in days:
        choose(browser, "[name=day]", day.isoformat())
        picture = national_picture(found, day)
        good = picture.good_or_outstanding
        said = browser.run("document.querySelector('#summary').textContent")
        assert f"good or outstanding: {good.n} of {good.of} authorities" in said, day
        bars = browser.run(
            "Object.fromEntries([...document.querySelectorAll('#bars li')].filter(l => !l.hidden)"
            ".map(l => [l.dataset.grade, Number(l.querySelector('.many').textContent)]))"
        )
        assert bars == picture.by_grade, day
