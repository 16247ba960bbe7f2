"""Numbers in words."""

from __future__ import annotations

import math
from datetime import date, datetime

import pytest

from posada.report import words


@pytest.mark.parametrize(
    ("low", "middle", "high", "unit", "text"),
    [
        (141, 223, 312, "people", "between 140 and 310, most likely about 220"),
        (0, 3, 9, "people", "between 0 and 9, most likely about 3"),
        (223, 223, 223, "people", "about 220"),
        (3, 3, 3, "people", "3"),
        (1.2, 3.26, 6.7, "days", "between 1.2 and 6.7 days, most likely about 3.3 days"),
        (0.01, 0.33, 7.0, "days", "between 0 and 7 days, most likely about 0.3 days"),
        (0.004, 0.21, 1, "share", "between 0.4 % and 100 %, most likely about 21 %"),
        (None, None, None, "people", "not known"),
        (math.nan, 5.0, math.nan, "people", "5"),
    ],
)
def test_intervals(low: float | None, middle: float | None, high: float | None, unit: str, text: str) -> None:
    assert words.between(low, middle, high, unit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "no time"),
        (0.01, "14 minutes"),
        (0.5, "12 hours"),
        (1, "1 day"),
        (3.26, "3.3 days"),
        (41.2, "41 days"),
        (100, "3 months"),
        (1000, "2.7 years"),
        (None, "not known"),
    ],
)
def test_lengths_of_time(value: float | None, text: str) -> None:
    assert words.days(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(7, "7"), (49, "49"), (63, "65"), (223, "220"), (1449, "1,400"), (15_500, "16,000"), (-86, "−85")],
)
def test_people_are_rounded_as_far_as_they_are_known(value: float, text: str) -> None:
    assert words.count(value) == text


def test_claims_are_told_as_claimed() -> None:
    assert words.claimed(1200, 1500, 1700, "about") == "about 1,500 (1,200 to 1,700)"
    assert words.claimed(None, 8, None, "at_least") == "at least 8"
    assert words.claimed(100, None, 300, "range") == "100 to 300"
    assert words.claimed(None, None, None) == "no number"


def test_chances() -> None:
    assert words.chance(0.73) == "about 73 chances in 100"
    assert words.chance(1.0).startswith("almost certainly")
    assert words.chance(0.0).startswith("almost certainly not")
    assert words.chance(None) == "not known"


def test_dates() -> None:
    assert words.day(date(2018, 4, 29)) == "29 April 2018"
    assert words.day(datetime(2018, 4, 29, 7)) == "29 April 2018"
    assert words.day("2018-04-29") == "29 April 2018"
    assert words.period(date(2018, 4, 29), date(2018, 4, 29)) == "29 April 2018"
    assert words.period(date(2018, 4, 29), None) == "29 April 2018"
