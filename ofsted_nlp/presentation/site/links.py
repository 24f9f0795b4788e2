"""Where each page of a report can be opened from the site: a folder of PDFs, a web address, or Ofsted's own site."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from ofsted_nlp.errors import UsageError
from ofsted_nlp.records import Report

WEB = ("https://", "http://")


class SourceLinks:
    """Addresses of the pages of reports, as seen from the folders of the site.

    Args:
        reports: folder with the PDFs, or the web address that a file's name is put behind; None for the address at
            which Ofsted published each report.
        site: folder that the site will lie in.

    Raises:
        UsageError: there is no such folder, or it lies in the site's own.
    """

    def __init__(self, reports: str | Path | None, site: Path) -> None:
        self._site = site.absolute()
        self._prefix: str | None = None
        self._folder: Path | None = None
        self._known: dict[tuple[str, str | None, int], str | None] = {}
        if reports is None:
            return
        if str(reports).lower().startswith(WEB):
            self._prefix = str(reports)
            return
        folder = Path(reports).expanduser()
        if not folder.is_dir():
            raise UsageError(f"There is no folder {reports}; --reports takes a folder of PDFs or a web address.")
        self._folder = folder.resolve()
        if self._folder.is_relative_to(self._site.resolve()):
            raise UsageError(f"{reports} lies in the site's own folder, which is replaced as a whole: move it beside.")

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(path.name for path in self._folder.iterdir()) if self._folder else frozenset()

    def to(self, report: Report, page: int, depth: int = 0) -> str | None:
        """The address of a page of a report.

        Args:
            report: the report.
            page: its page, from 1.
            depth: how many folders below the site's the linking page lies.

        Returns:
            The address; None where nothing is known that could be opened.
        """
        key = (report.source.file, report.source.url, depth)
        if key not in self._known:
            self._known[key] = self._document(*key)
        address = self._known[key]
        return f"{address}#page={page}" if address else None

    def _document(self, file: str, url: str | None, depth: int) -> str | None:
        if self._prefix is not None:
            return f"{self._prefix.rstrip('/')}/{quote(file)}"
        if self._folder is not None and file in self._there:
            return f"{'../' * depth}{self._way}/{quote(file)}"
        return url if url and url.lower().startswith(WEB) else None

    @cached_property
    def _way(self) -> str:
        """From the site's folder to the PDFs; absolute where they lie on another drive."""
        assert self._folder is not None
        try:
            return quote(Path(os.path.relpath(self._folder, self._site.resolve())).as_posix())
        except ValueError:
            return self._folder.as_uri()
