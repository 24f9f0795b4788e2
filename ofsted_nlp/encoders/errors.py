"""The error of everything that turns text into vectors."""

from __future__ import annotations

from ofsted_nlp.errors import OfstedNlpError


class EncoderError(OfstedNlpError):
    """An encoder cannot be had or loaded; ``code`` says in what way."""

    code = "encoder"
