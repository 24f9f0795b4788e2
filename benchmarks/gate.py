"""Scores the extraction of the real reports on the gold annotations and fails below the recorded floors.

    python benchmarks/gate.py [--predictions FILE.jsonl]

Needs the real corpus with its gold and scorer beside it (``OFSTED_NLP_CORPUS``, else ``../shared/corpus``);
without them it says so and passes, as the tests do.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--predictions", type=Path, help="score this file instead of extracting anew")
    given = parser.parse_args()
    corpus = Path(os.environ.get("OFSTED_NLP_CORPUS") or ROOT.parent / "shared" / "corpus")
    scorer = corpus.parent / "score" / "score.py"
    if not (corpus / "reports").is_dir() or not scorer.is_file():
        print(f"Not scored: the real reports and their scorer are not at {corpus.parent}.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        predictions = given.predictions or _extract(corpus / "reports", Path(folder) / "predictions.jsonl")
        command = [sys.executable, str(scorer), str(predictions), "--gold", str(corpus.parent / "gold"), "--json"]
        scores = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return _compare(scores, json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8")))


def _extract(reports: Path, out: Path) -> Path:
    # Exit code 1 says that some documents failed, as four of the corpus must: they are web pages.
    command = ["ofsted-nlp", "extract", str(reports), "--out", str(out), "--quiet"]
    if subprocess.run(command).returncode not in (0, 1):
        raise SystemExit("The extraction did not run.")
    return out


def _compare(scores: dict, floors: dict) -> int:
    below = 0
    print("| set | measure | score | floor |\n|---|---|---:|---:|")
    for name, measures in floors.items():
        for measure, floor in measures.items():
            score = scores[name][measure]
            score = score["accuracy"] if isinstance(score, dict) else score
            below += score < floor
            print(f"| {name} | {measure} | {score:.4f} | {floor} |{' **below the floor**' if score < floor else ''}")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main())
