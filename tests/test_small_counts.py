"""Small counts that nobody published: hidden, also where subtraction would tell."""

from __future__ import annotations

from datetime import date
from typing import Any

import report_fake as fake
from posada.report import render
from posada.report.small_counts import hidden_counts
from test_report import Page

PUBLISHED = {"paper": {"published": date(2018, 5, 1)}, "told": {"published": None}}


def count(series: str, value: float, start: int = 1, end: int | None = None, *evidence: str) -> dict[str, Any]:
    last = end or start
    return {
        "series": series,
        "value": value,
        "from": date(2018, 5, start),
        "to": date(2018, 5, last),
        "evidence": evidence,
        "use": "check",
    }


def hidden(**rows: dict[str, Any]) -> set[str]:
    return set(hidden_counts(rows, PUBLISHED))


def test_small_counts_are_hidden_unless_published_or_zero() -> None:
    rows = {
        "few": count("present:tijuana", 3),
        "told": count("present:mexicali", 3, 1, None, "told"),
        "printed": count("present:puebla", 3, 1, None, "paper"),
        "none": count("present:celaya", 0),
        "many": count("present:huixtla", 5),
        "days": count("wait:gate", 3),
    }
    assert hidden(**rows) == {"few", "told"}


def test_a_part_that_the_whole_gives_away_takes_the_smallest_other_part_with_it() -> None:
    rows = {
        "whole": count("present:tijuana", 50),
        "women": count("present:tijuana{sex=women}", 3),
        "men": count("present:tijuana{sex=men}", 30),
        "other": count("present:tijuana{sex=other}", 17),
    }
    assert hidden(**rows) == {"women", "other"}
    del rows["whole"]
    assert hidden(**rows) == {"women"}


def test_a_day_that_running_totals_give_away_takes_one_of_them_with_it() -> None:
    rows = {
        "first": count("served:gate", 28, 1, 2),
        "both": count("served:gate", 30, 1, 3),
        "later": count("served:gate", 90, 1, 9),
    }
    assert hidden(**rows) == {"first"}
    days = {"a": count("served:gate", 2, 1), "b": count("served:gate", 40, 2), "sum": count("served:gate", 42, 1, 2)}
    assert hidden(**days) == {"a", "b"}


def test_a_published_total_cannot_be_hidden_so_another_part_is() -> None:
    rows = {
        "whole": count("present:tijuana", 33, 1, None, "paper"),
        "women": count("present:tijuana{sex=women}", 3),
        "men": count("present:tijuana{sex=men}", 30),
    }
    assert hidden(**rows) == {"women", "men"}


def test_stocks_of_different_days_say_nothing_of_each_other() -> None:
    assert hidden(a=count("present:tijuana", 30, 1), b=count("present:tijuana", 28, 2)) == set()


def test_the_report_does_not_tell_a_hidden_count() -> None:
    observations = {"few": count("present:tijuana", 3.25)}
    check = {"id": "few", "low": None, "high": None, "counted": 3.25, "inside": False, "last_value": 4.75}
    check |= {"series": "present:tijuana", "from": date(2018, 5, 1), "to": date(2018, 5, 1), "median": 200.0}
    check |= {"low90": 100.0, "high90": 300.0, "interval_score": 2135.5, "last_value_score": 77.5, "use": "check"}
    for language in ("en", "es"):
        scenario = fake.scenario(observations=observations)
        page = render(fake.result(replicates=3, scenario=scenario, checked=[check]), language=language)
        text = " ".join(Page(page).text)
        for number in ("3.25", "3.3", "4.75", "2,136", "2,135"):
            assert number not in text
        assert ("fewer than 5" if language == "en" else "menos de 5") in text
