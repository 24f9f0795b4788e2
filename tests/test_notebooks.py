"""The notebooks run from top to bottom, and carry no outputs (they would hold sentences of real reports)."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
SAID = {
    "01_read_a_report.ipynb": ["page 1  overall_effectiveness    requires_improvement", "what is praised: "],
    "02_benchmark_darlington.ipynb": ["latest full inspection of Darlington", r"darlington\.xlsx +\d", "inadequate"],
    "03_clusters_across_england.ipynb": [
        r"<Clustering of [1-9]\d+ findings: \d+ clusters",
        "findings of .* authorities",
    ],
    "04_press_against_report.ipynb": ["things that it reports or quotes", "number for this is One in four"],
    "05_official_statistics.ipynb": [
        "9 of 9 figures agree",
        "under each of its themes: the four come out on top",
        "leading theme alone: not on top: Multi-agency working",
    ],
    "06_train_and_evaluate.ipynb": [
        "model-card.md - Scores",
        r"polarity right for [89]\d%",
        r"python -m ofsted_nlp\.training",
    ],
}
"""What each notebook must print, as patterns."""

IMAGES = {"01": 2, "02": 3, "03": 3, "04": 0, "05": 0, "06": 0}
"""How many pictures each has."""


def test_there_are_these_notebooks():
    assert sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb")) == list(SAID)


@pytest.mark.parametrize("name", SAID)
def test_notebook_is_committed_without_outputs(name):
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    nbformat.validate(notebook)
    assert not [cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs]
    text = "\n".join(cell.source for cell in notebook.cells)
    assert re.search(r"offline|anywhere|without them|needs nothing", text)


@pytest.mark.parametrize("name", SAID)
def test_notebook_runs(name):
    notebook = nbformat.read(ROOT / "notebooks" / name, as_version=4)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    where = {"metadata": {"path": str(ROOT / "notebooks")}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=where).execute()
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    printed = "".join(output.get("text", "") for output in outputs)
    printed += "".join(output.get("data", {}).get("text/plain", "") for output in outputs)
    assert [pattern for pattern in SAID[name] if not re.search(pattern, printed)] == []
    shown = [output.get("data", {}) for output in outputs]
    pictures = [data for data in shown if "image/png" in data or "<img alt=" in data.get("text/html", "")]
    assert len(pictures) == IMAGES[name[:2]]
