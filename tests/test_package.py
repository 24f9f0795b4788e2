"""What holds of the package as a whole: its face, its lightness, its one street, and the commands it promises."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import ofsted_nlp as ofs

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"spacy", "sklearn", "pandas", "duckdb", "pdfplumber", "matplotlib", "numpy", "pypdfium2", "pyarrow", "torch"}
NETWORK = {"httpx", "hishel", "lxml", "tenacity", "truststore", "trafilatura", "rapidfuzz", "feedparser"}
STREET = (
    ("errors",),
    ("documents",),
    ("statements",),
    ("listings",),
    ("records",),
    ("plain_data",),
    ("stories",),
    ("authorities",),
    ("frameworks",),
    ("themes",),
    ("sources",),
    ("reading",),
    ("extraction",),
    ("encoders",),
    ("schema",),
    ("store_articles",),
    ("store",),
    ("batch",),
    ("analysis",),
    ("presentation",),
    ("national",),
    ("holdings",),
    ("shelf",),
    ("articles",),
    ("adding",),
    ("adding_articles",),
    ("press_result",),
    ("pulling",),
    ("press_reading",),
    ("press_pulling",),
    ("authority_reports",),
    ("corpus_reports",),
    ("corpus_press",),
    ("corpus_clusters",),
    ("corpus",),
    ("training",),
    ("cli_pull",),
    ("cli_output",),
    ("cli_press",),
    ("cli_clusters",),
    ("cli_learning",),
    ("cli_coverage",),
    ("cli_site",),
    ("cli_export",),
    ("cli",),
)


def test_the_public_face():
    assert ofs.__all__ == ["Article", "Corpus", "OfstedNlpError", "Report", "read_article", "read_pdf", "read_report"]
    assert all(getattr(ofs, name) is not None for name in ofs.__all__)
    assert set(ofs.__all__) <= set(dir(ofs))


def test_import_and_help_load_nothing_heavy():
    code = (
        "import sys, ofsted_nlp, ofsted_nlp.cli; "
        f"print(sorted({HEAVY | NETWORK!r} & set(name.split('.')[0] for name in sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_readme_commands_are_those_that_ci_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\n(.*?)\n```", readme, re.M | re.S)
    assert blocks[0] == "pip install -e . && ofsted-nlp benchmark Darlington"
    assert blocks[1] == "pip install -e '.[test]' && pytest"
    assert f"\n{blocks[1]}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_a_module_imports_only_from_those_before_it():
    place = {name: index for index, names in enumerate(STREET) for name in names}
    wrong = []
    for path in sorted((ROOT / "ofsted_nlp").rglob("*.py")):
        own = path.relative_to(ROOT / "ofsted_nlp").parts[0].removesuffix(".py")
        if own in ("__init__", "__main__"):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # What shows itself asks the stage that draws it, in the method that shows it; nothing else looks ahead.
        methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        lazy = {id(inner) for method in methods for inner in ast.walk(method)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("ofsted_nlp."):
                continue
            other = node.module.split(".")[1]
            drawn = id(node) in lazy and node.module.startswith(
                ("ofsted_nlp.presentation", "ofsted_nlp.reading.evidence")
            )
            if place[other] > place[own] and not drawn:
                wrong.append(f"{path.relative_to(ROOT)}: {node.module}")
    assert wrong == []


def test_every_module_says_why_it_exists():
    silent = [
        path.name
        for path in (ROOT / "ofsted_nlp").rglob("*.py")
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
