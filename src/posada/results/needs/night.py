"""The ten lines of a night at a shelter, from a result that knows of it or can make its runs again."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from posada.results.folders import ResultError
from posada.results.needs.evening import busiest_day, can_tell, evening
from posada.results.needs.phrases import Speech
from posada.results.needs.tonight import Tonight, ten_lines
from posada.scenario import Problems, Scenario, ScenarioErrors, Spot, parse_date

if TYPE_CHECKING:
    from posada.results.result import Result

Again = Callable[["Result", datetime.date], "Result"]
"""How to make the runs of a result once more, with all that is asked of the night after a day."""


def night_of(
    result: Result, shelter: str, day: datetime.date | str | None, language: str, again: Again | None
) -> Tonight:
    """The ten lines of a night; without a date, of the day on which most people come.

    ScenarioErrors with the nearest spelling if there is no such shelter; ValueError for a date outside the run, or
    another language; ResultError if the result does not know of the night and cannot make its runs again.
    """
    Speech(language)
    name, wanted = find_shelter(result.scenario, shelter), day_of(result.scenario, day)
    night = wanted or busiest_day(result, name)
    if again is None and not can_tell(result, night):
        rule = "this result cannot make its runs again to look at one night; open it with posada.open_result"
        raise ResultError(rule)
    known = result if again is None else again(result, night)
    return ten_lines(evening(known, name, night), language, picked=wanted is None)


def day_of(scenario: Scenario, day: datetime.date | str | None) -> datetime.date | None:
    """A date within the time of a scenario, or None; ValueError if it is not."""
    found = parse_date(day) if isinstance(day, str) else day
    if found is not None and not scenario.start <= found <= scenario.end:
        raise ValueError(f"{found} is outside the run, which goes from {scenario.start} to {scenario.end}")
    return found


def find_shelter(scenario: Scenario, shelter: str) -> str:
    """A shelter or camp by its id or name; ScenarioErrors with the nearest spelling if there is none."""
    kinds = {f.id: f for f in scenario.facilities.values() if f.kind in ("beds", "camp")}
    if shelter in kinds:
        return shelter
    named = [f.id for f in kinds.values() if f.name.casefold() == shelter.casefold()]
    if len(named) == 1:
        return named[0]
    problems = Problems()
    problems.unknown(Spot("", 0, 0), "shelter or camp", shelter, kinds)
    raise ScenarioErrors(problems.found)
