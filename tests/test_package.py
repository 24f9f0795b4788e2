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
    "errors",
    "documents",
    "statements",
    "listings",
    "records",
    "plain_data",
    "stories",
    "authorities",
    "frameworks",
    "themes",
    "model_files",
    "sources",
    "reading",
    "extraction",
    "encoders",
    "store",
    "batch",
    "analysis",
    "presentation",
    "corpus.national",
    "corpus.holdings",
    "corpus.shelf",
    "corpus.articles",
    "corpus.adding",
    "corpus.adding_articles",
    "corpus.press_result",
    "corpus.pulling",
    "corpus.press_reading",
    "corpus.press_pulling",
    "corpus.authority_reports",
    "corpus.reports",
    "corpus.press",
    "corpus.clusters",
    "corpus.outputs",
    "corpus.exchange_manifests",
    "corpus.exchange",
    "corpus.changes",
    "corpus.updating",
    "corpus.checking_records",
    "corpus.checking",
    "corpus.upkeep",
    "corpus.corpus",
    "corpus",
    "training",
    "cli.output",
    "cli.reading",
    "cli.pull",
    "cli.press",
    "cli.clusters",
    "cli.learning",
    "cli.coverage",
    "cli.site",
    "cli.export",
    "cli.exchange",
    "cli.update",
    "cli.check",
    "cli.commands",
    "cli",
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


def _place(module):
    """Where on the street a module stands: by its own name, else by its folder's."""
    parts = module.split(".")
    return next(STREET.index(name) for name in (".".join(parts[:2]), parts[0]) if name in STREET)


def test_a_module_imports_only_from_those_before_it():
    wrong = []
    for path in sorted((ROOT / "ofsted_nlp").rglob("*.py")):
        if path.name in ("__init__.py", "__main__.py"):
            continue
        own = _place(".".join(path.relative_to(ROOT / "ofsted_nlp").with_suffix("").parts))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # What shows itself asks the stage that draws it, in the method that shows it; nothing else looks ahead.
        methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
        lazy = {id(inner) for method in methods for inner in ast.walk(method)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("ofsted_nlp"):
                continue
            for name in node.names:
                other = f"{node.module}.{name.name}".removeprefix("ofsted_nlp.")
                if other == "__version__":
                    continue
                drawn = id(node) in lazy and other.startswith(("presentation", "reading.evidence"))
                if _place(other) > own and not drawn:
                    wrong.append(f"{path.relative_to(ROOT)}: {other}")
    assert wrong == []


def test_every_module_says_why_it_exists():
    silent = [
        path.name
        for path in (ROOT / "ofsted_nlp").rglob("*.py")
        if path.read_text(encoding="utf-8").strip()
        and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
