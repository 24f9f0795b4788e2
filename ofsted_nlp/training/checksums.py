"""Writes the list of the hashes of the package's model files, after one was made and put in its place.

    python -m ofsted_nlp.training.checksums

The training commands do so themselves where they write into the package.
"""

from __future__ import annotations

from ofsted_nlp.model_files import MODELS, SUMS, check_models, record_models


def main() -> None:
    """The command."""
    record_models(MODELS)
    print(f"{MODELS / SUMS}: {check_models()} files")


if __name__ == "__main__":
    main()
