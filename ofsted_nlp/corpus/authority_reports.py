"""What a corpus has on one authority: ``Corpus.authority("Darlington").timeline()``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ofsted_nlp.corpus.holdings import Day
from ofsted_nlp.records import Report

if TYPE_CHECKING:
    import pandas

    from ofsted_nlp.analysis.benchmark import Benchmark
    from ofsted_nlp.analysis.partners import LearningPartners


class AuthorityReports:
    """The reports of one authority in a corpus.

    Attributes:
        corpus: the ``Corpus`` that is asked.
        name: the authority's name.
    """

    def __init__(self, corpus: Any, name: str) -> None:
        self.corpus = corpus
        self.name = name

    def __repr__(self) -> str:
        return f"<{self.name} in {self.corpus!r}>"

    def reports(self, framework: str | None = None) -> list[Report]:
        """Its reports, by date of inspection."""
        return self.corpus.reports(self.name, framework)

    def timeline(self) -> pandas.DataFrame:
        """One row a judgement, the earliest inspection first, with file and page."""
        return self.corpus.judgements(authority=self.name)

    def findings(
        self, polarity: str | None = None, theme: str | None = None, *, least_score: float = 0.0
    ) -> pandas.DataFrame:
        """Its findings; see ``Corpus.findings``."""
        return self.corpus.findings(polarity, theme, self.name, least_score=least_score)

    def benchmark(self, against: str | Sequence[str] = "neighbours", as_of: Day | None = None) -> Benchmark:
        """It beside others; see ``Corpus.benchmark``."""
        return self.corpus.benchmark(self.name, against, as_of)

    def learn_from(self, as_of: Day | None = None, theme: str | None = None) -> LearningPartners:
        """From whom it can learn; see ``Corpus.learn_from``."""
        return self.corpus.learn_from(self.name, as_of, theme)
