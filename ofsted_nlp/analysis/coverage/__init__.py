"""Press coverage held against the reports it covers: what of a story the report says, and what the press left out."""

from ofsted_nlp.analysis.coverage.authority import AuthorityCoverage, ReportCoverage, authority_coverage
from ofsted_nlp.analysis.coverage.story import StoryCoverage, story_coverage
from ofsted_nlp.analysis.coverage.verdicts import Checked, Verdict

__all__ = [
    "AuthorityCoverage",
    "Checked",
    "ReportCoverage",
    "StoryCoverage",
    "Verdict",
    "authority_coverage",
    "story_coverage",
]
