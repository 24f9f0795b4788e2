"""The command line, one module a group of commands."""

from ofsted_nlp.cli.commands import app, main

__all__ = ["app", "main"]
