"""The command ``update``: its settings file, what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ofsted_nlp.cli.commands import app
from ofsted_nlp.errors import UsageError


def command(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["update", *map(str, arguments)])


def test_the_command(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "s.duckdb"))
    inbox = tmp_path / "in"
    inbox.mkdir()
    for name in ("thornley-ilacs-2021.pdf", "thornley-focused-visit-2024.pdf"):
        (inbox / name).write_bytes((samples / name).read_bytes())
    settings = tmp_path / "update.toml"
    settings.write_text('folder = "in"\nfeed = "feed.xml"\njobs = 1\n')
    out = command("--settings", settings, "--quiet")
    assert out.exit_code == 0
    assert "thornley-focused-visit-2024.pdf: new report, Focused visit (ILACS)" in out.stdout
    assert (tmp_path / "feed.xml").is_file()
    assert command("--settings", settings, "--quiet").stdout == ""
    out = command("--settings", settings)
    assert (out.exit_code, out.stdout) == (0, "Nothing new since the last update.\n")
    (inbox / "broken.pdf").write_bytes(b"%PDF-1.4 cats")
    out = command("--settings", settings, "--format", "json")
    assert out.exit_code == 1
    made = json.loads(out.stdout)
    assert [change["file"] for change in made["changes"]] == ["broken.pdf"]
    assert "Could not be done (1)" in out.stderr
    out = command("--settings", settings, "--format", "json")
    assert (out.exit_code, json.loads(out.stdout)["changes"]) == (0, [])


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("cats = 1", "'cats'"),
        ("press = 1", "true or false"),
        ('jobs = "two"', "a number from 1"),
        ("jobs = 0", "a number from 1"),
        ("jobs = true", "a number from 1"),
        ("authorities = [1]", "a list of names"),
        ("folder = ", "not TOML"),
    ],
)
def test_wrong_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, said: str) -> None:
    monkeypatch.setenv("OFSTED_NLP_STORE", str(tmp_path / "s.duckdb"))
    (tmp_path / "u.toml").write_text(written)
    out = command("--settings", tmp_path / "u.toml")
    assert isinstance(out.exception, UsageError) and said in out.exception.message
    assert isinstance(command("--settings", tmp_path / "none.toml").exception, UsageError)
