"""Whether more or fewer reports raise something over the years, or whether there are too few to tell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FEWEST_REPORTS = 30
"""With fewer dated reports than this there are too few to tell."""

FEWEST_RAISING = 10
"""So there are if fewer of them raise it."""

FEWEST_YEARS = 4
"""So there are if the reports span fewer years."""

_Z = 2.5758293035489004
"""Two-sided 1%: of hundreds of clusters watched at once, one in a hundred is then called a trend by chance."""


class Direction(StrEnum):
    """Where the share of reports is going."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Trend:
    """How the share of reports that raise something changes.

    Attributes:
        direction: rising, falling, steady or too few to tell.
        reports: by year, how many dated reports there are and how many of them raise it.
        z: the test's statistic, positive where it rises; None where there are too few to tell.
    """

    direction: Direction
    reports: Mapping[int, tuple[int, int]]
    z: float | None = None

    @property
    def shares(self) -> dict[int, float]:
        """Share of the reports of each year that raise it."""
        return {year: raising / of for year, (of, raising) in self.reports.items() if of}

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "direction": self.direction.value,
            "years": {str(year): {"reports": of, "raising": raising} for year, (of, raising) in self.reports.items()},
        }


@dataclass(frozen=True, slots=True)
class Dated:
    """A report with its year and how many findings of the kind it has."""

    year: int
    findings: int


def trend(reports: Mapping[str, Dated], raising: Mapping[str, int]) -> Trend:
    """The trend of something that some reports raise.

    Reports of earlier frameworks are much longer than later ones, so a bare share of reports falls for almost
    everything. The test therefore compares each report with what its length lets expect: with m findings of the kind,
    and a share q of all findings on the matter, one at least is expected with probability 1 - (1 - q)^m. The statistic
    sums (year - mean year) times (raised - expected) over the reports, divided by its standard deviation if the years
    made no difference (a score test, as Cochran's and Armitage's, with unequal expectations).

    Args:
        reports: the dated reports that could raise it, by file.
        raising: how many of its findings raise it, by file.
    """
    years = sorted({report.year for report in reports.values()})
    by_year = {year: [0, 0] for year in years}
    for file, report in reports.items():
        by_year[report.year][0] += 1
        by_year[report.year][1] += file in raising
    counted = {year: (of, raised) for year, (of, raised) in by_year.items()}
    number = sum(raised for _, raised in counted.values())
    span = years[-1] - years[0] + 1 if years else 0
    if len(reports) < FEWEST_REPORTS or number < FEWEST_RAISING or span < FEWEST_YEARS:
        return Trend(Direction.TOO_FEW, counted)
    share = min(sum(raising.get(file, 0) for file in reports) / max(1, _total(reports.values())), 0.999)
    expected = {file: 1 - (1 - share) ** report.findings for file, report in reports.items()}
    scale = number / max(sum(expected.values()), 1e-9)
    likely = {file: min(value * scale, 0.999) for file, value in expected.items()}
    spread = {file: value * (1 - value) for file, value in likely.items()}
    weight = sum(spread.values())
    middle = sum(reports[file].year * part for file, part in spread.items()) / weight if weight else 0.0
    score = sum((report.year - middle) * ((file in raising) - likely[file]) for file, report in reports.items())
    variance = sum((reports[file].year - middle) ** 2 * part for file, part in spread.items())
    z = score / math.sqrt(variance) if variance > 0 else 0.0
    direction = Direction.STEADY if abs(z) < _Z else Direction.RISING if z > 0 else Direction.FALLING
    return Trend(direction, counted, round(z, 4))


def _total(reports: Iterable[Dated]) -> int:
    return sum(report.findings for report in reports)
