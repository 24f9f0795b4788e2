"""Lists of judgements and findings that show themselves as tables in notebooks and terminals."""

from __future__ import annotations

from typing import Any


class Judgements(tuple[Any, ...]):
    """The judgements of a report."""

    __slots__ = ()

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import judgements_table

        return judgements_table(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import judgements_html

        return judgements_html(self)


class Findings(tuple[Any, ...]):
    """The findings of a report, in the order in which they stand."""

    __slots__ = ()

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import findings_table

        return findings_table(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import findings_html

        return findings_html(self)


class FindingList(list[Any]):
    """Some findings of a report."""

    def __rich__(self) -> Any:
        from ofsted_nlp.presentation.tables import findings_table

        return findings_table(self)

    def _repr_html_(self) -> str:
        from ofsted_nlp.presentation.notebook import findings_html

        return findings_html(self)
