"""The errors a user can meet, so that every failure has a code and a sentence that says what to do."""

from __future__ import annotations

import re

# What a terminal obeys, changes of direction, and halves of characters; tabs and ends of lines stay.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """A text of unknown origin, such as a file's name, without the characters that a terminal would obey."""
    return _CONTROL.sub("\ufffd", text)


class OfstedNlpError(Exception):
    """Base of all errors raised on purpose by ofsted_nlp.

    Attributes:
        code: a short snake_case word that programs can rely on, such as ``"encrypted_pdf"``.
        message: a plain English sentence: what happened, where, and what to do about it.
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        message = printable(message)
        super().__init__(message)
        self.message = message
        if code is not None:
            self.code = code

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.code))


def _rebuild(kind: type[OfstedNlpError], message: str, code: str) -> OfstedNlpError:
    return kind(message, code=code)


class ReadingError(OfstedNlpError):
    """A file could not be read as a document; ``code`` says in what way."""

    code = "unreadable"


class NotFoundError(OfstedNlpError, LookupError):
    """Something asked for by name (an authority, a report, a theme) is not known."""

    code = "not_found"


class UsageError(OfstedNlpError, ValueError):
    """An argument makes no sense; the message names the values that do."""

    code = "usage"


class StoreError(OfstedNlpError):
    """The store cannot be opened, is locked by another process, or is of another version."""

    code = "store"


class MissingExtraError(OfstedNlpError, ImportError):
    """An optional package is needed; the message gives the pip command that brings it."""

    code = "missing_extra"


class SourceError(OfstedNlpError):
    """A site could not be read; nothing was pulled from it."""

    code = "source"


class UnreachableError(SourceError):
    """A site did not answer, or not rightly, however often it was asked; it may do so later."""

    code = "unreachable"


class RefusedError(SourceError):
    """An address is not asked, or its answer not taken: robots.txt, allow-list, size, type or redirects forbid it."""

    code = "refused"


class GoneError(SourceError):
    """An address leads to nothing any more: not found, or a page of words where a document should be."""

    code = "gone"


class SiteChangedError(SourceError):
    """A page is there but holds nothing of what it should; the site may have a new shape."""

    code = "site_changed"


class ContactError(UsageError):
    """No contact is known by which the owner of a site could reach whoever asks it for pages."""

    code = "no_contact"
