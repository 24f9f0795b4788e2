"""Fixtures that every test shares: the sample documents, the real reports where present, a very long PDF."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "corpus" / "sample"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the sample documents, with gold/ and broken/ in it."""
    return SAMPLES


@pytest.fixture(scope="session")
def corpus_reports() -> Path:
    """The folder of the real reports; tests that ask for it are skipped where it is absent."""
    corpus = Path(os.environ.get("OFSTED_NLP_CORPUS") or ROOT.parent / "shared" / "corpus")
    reports = corpus / "reports"
    if not reports.is_dir():
        pytest.skip(f"no real reports in {reports}; set OFSTED_NLP_CORPUS to the folder that holds reports/")
    return reports


@pytest.fixture(scope="session")
def sample_builder() -> ModuleType:
    """The script that builds the samples, as a module; needs fpdf2."""
    if importlib.util.find_spec("fpdf") is None:
        pytest.skip("fpdf2 is not installed: pip install -e .[samples]")
    spec = importlib.util.spec_from_file_location("build_samples", SAMPLES / "build_samples.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


@pytest.fixture(scope="session")
def long_pdf(sample_builder: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PDF of 2,000 pages that is no inspection report, made for the test run."""
    path: Path = tmp_path_factory.mktemp("long") / "long.pdf"
    path.write_bytes(sample_builder.many_pages(2000))
    return path
