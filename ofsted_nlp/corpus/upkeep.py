"""The part of a corpus that keeps its store up to date and in order, and moves it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ofsted_nlp.corpus.holdings import Holdings

if TYPE_CHECKING:
    from ofsted_nlp.corpus.checking import CheckResult
    from ofsted_nlp.corpus.exchange import Exported, ImportResult
    from ofsted_nlp.corpus.updating import Update, Updated


class Upkeep:
    """What a ``Corpus`` does for its store as a whole."""

    _holdings: Holdings

    def update(
        self,
        *authorities: str,
        folder: str | Path | None = None,
        site: str | Path | None = None,
        export: str | Path | None = None,
        feed: str | Path | None = None,
        tell: Callable[[Update], None] | None = None,
        progress: Callable[[str, int, int], None] | None = None,
        options: dict[str, Any] | None = None,
        **wanted: Any,
    ) -> Update:
        """The nightly job: pull, read, cluster, refresh, and say what is new; docs/nightly.md says how.

        Args:
            authorities: see ``pull``.
            folder: read the PDFs of this folder instead of asking Ofsted's site.
            site: folder of the site to refresh.
            export: workbook (.xlsx) to refresh, or folder for CSV files.
            feed: Atom feed to write.
            tell: called with the result before it is noted as told; if it fails, the next update tells it again.
            progress: called with (stage, done, in all).
            options: further arguments for ``pull`` or, with a folder, ``add``.
            **wanted: "press", "press_sources", "contact", "reports" (PDFs for the site's links), "feed_url", "jobs",
                "strengths": see ``updating.Wanted``.

        Raises:
            UsageError: something cannot be done as asked; nothing was done.
            ContactError: there is no contact.
            StoreError: another update is at work, or the store is in use.
        """
        from ofsted_nlp.corpus.updating import Wanted
        from ofsted_nlp.corpus.updating import update as run

        paths = {name: Path(path) for name, path in (("site", site), ("export", export), ("feed", feed)) if path}
        asked = Wanted(authorities=authorities, folder=folder, **paths, **wanted)  # type: ignore[arg-type]
        return run(cast("Updated", self), asked, tell=tell, progress=progress, options=options)

    def check(
        self, *, repair: bool = False, files: bool = True, progress: Callable[[int, int], None] | None = None
    ) -> CheckResult:
        """Hold every record of the store against its document; docs/store.md says what is looked at.

        Args:
            repair: whether to mend what is wrong by reading documents again.
            files: whether to open the documents; without, only what the store itself can tell is looked at.
            progress: called with (documents done, documents in all).

        Raises:
            StoreError: there is no store, or it is in use.
        """
        from ofsted_nlp.corpus.checking import check

        return check(self._holdings, repair=repair, files=files, progress=progress)

    def export_store(self, path: str | Path, *, times: bool = False, folder: str | Path | None = None) -> Exported:
        """Write everything in the store into one file; see ``exchange.export_store``."""
        from ofsted_nlp.corpus.exchange import export_store

        return export_store(self._holdings, path, times=times, folder=folder)

    def import_store(self, path: str | Path, *, folder: str | Path | None = None) -> ImportResult:
        """Take in such a file, whole or not at all; see ``exchange.import_store``."""
        from ofsted_nlp.corpus.exchange import import_store

        return import_store(self._holdings, path, folder=folder)
