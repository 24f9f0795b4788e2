"""A trend is named only where the reports show one, and length of reports alone makes none."""

import random

import pytest

from ofsted_nlp.analysis.clustering.trends import Dated, Direction, trend


def reports(years=range(2014, 2024), each=12, findings=30):
    return {f"{year}-{n}": Dated(year, findings) for year in years for n in range(each)}


def raised(share, dated, seed=1):
    generator = random.Random(seed)
    return {file: 1 for file, report in dated.items() if generator.random() < share(report.year)}


@pytest.mark.parametrize(
    ("share", "direction"),
    [
        (lambda year: 0.1 + 0.07 * (year - 2014), Direction.RISING),
        (lambda year: 0.8 - 0.07 * (year - 2014), Direction.FALLING),
        (lambda year: 0.4, Direction.STEADY),
    ],
)
def test_rising_falling_steady(share, direction):
    dated = reports()
    made = trend(dated, raised(share, dated))
    assert made.direction == direction
    assert sum(of for of, _ in made.reports.values()) == 120
    assert (made.z > 0) == (direction == Direction.RISING or (direction == Direction.STEADY and made.z > 0))
    assert set(made.shares) == set(range(2014, 2024))
    assert made.to_dict()["direction"] == direction.value


def test_shorter_reports_alone_are_no_trend():
    generator = random.Random(4)
    dated = {f"{year}-{n}": Dated(year, 200 if year < 2018 else 40) for year in range(2014, 2024) for n in range(15)}
    counts = {file: sum(generator.random() < 0.01 for _ in range(report.findings)) for file, report in dated.items()}
    raising = {file: count for file, count in counts.items() if count}
    early, late = (
        sum(file in raising for file, report in dated.items() if (report.year < 2018) == before)
        for before in (True, False)
    )
    assert early / 60 > 2 * late / 90
    assert trend(dated, raising).direction == Direction.STEADY


@pytest.mark.parametrize(
    "dated",
    [{}, reports(each=2), reports(years=[2020, 2021], each=30), reports(years=range(2014, 2024), each=3)],
)
def test_too_few_to_tell(dated):
    few = dict.fromkeys(list(dated)[:9], 1)
    made = trend(dated, few)
    assert (made.direction, made.z) == (Direction.TOO_FEW, None)
    assert made.direction.value == "too few to tell"


def test_what_all_or_none_raise_is_steady_or_too_few():
    dated = reports()
    assert trend(dated, dict.fromkeys(dated, 3)).direction == Direction.STEADY
    assert trend(dated, {}).direction == Direction.TOO_FEW
