"""The same situation with fewer people and as much less room: what a forecast of many is made with in little time."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from posada.scenario import Arrival, Group, Number, Quantity, Scenario, map_numbers

from .counted import ForecastError

T = TypeVar("T")
OF_GROUPS = ("people", "people_per_day", "parties_per_day")
OF_FACILITIES = (
    "beds",
    "places",
    "others",
    "staff",
    "slots_per_day",
    "cases_per_day",
    "seats",
    "background",
    "initial",
    "waiting_room",
)
"""What is smaller in proportion; lengths of time, shares and speeds stay."""


def smaller(scenario: Scenario, factor: float) -> Scenario:
    """The scenario with a share of its people and of its capacities; 1 leaves it as it is.

    Waits stay about what they were, as long as no capacity becomes so small that it is rounded. ForecastError if a
    number of people or a capacity is an expression or a name.
    """
    if factor == 1:
        return scenario
    if not 0 < factor < 1:
        raise ForecastError(f"the scale must be above 0 and at most 1, not {factor:g}")

    def less(number: Number) -> Number:
        return replace(number, entries=tuple(replace(e, what=share_of(e.what, number, factor)) for e in number.entries))

    groups = {key: fewer_people(group, less, factor) for key, group in scenario.groups.items()}
    facilities = {key: changed(facility, OF_FACILITIES, less) for key, facility in scenario.facilities.items()}
    return scenario.replace(groups=groups, facilities=facilities)


def share_of(what: Quantity | str, number: Number, factor: float) -> Quantity:
    """A share of a quantity."""
    if isinstance(what, str):
        raise ForecastError(f"{number.path} is the expression {what!r}, so it cannot be scaled; leave `scale` away")
    low, high = (None if edge is None else edge * factor for edge in (what.low, what.high))
    return replace(what, value=what.value * factor, low=low, high=high)


def changed(part: T, names: tuple[str, ...], change: Callable[[Number], Number]) -> T:
    """A group or facility with all numbers within some of its fields changed."""
    fields: dict[str, Any] = {name: map_numbers(getattr(part, name), change) for name in names}
    return replace(part, **fields)  # type: ignore[type-var]


def fewer_people(group: Group, less: Callable[[Number], Number], factor: float) -> Group:
    """A group with a share of its people; what rounding leaves of a table's row is carried to the next."""
    rows, sofar, made = [], 0.0, 0
    for row in group.arrivals:
        sofar += row.people * factor
        n = math.floor(sofar + 0.5) - made
        made += n
        rows.append(Arrival(row.date, row.minute, n))
    return replace(changed(group, OF_GROUPS, less), arrivals=tuple(rows))


def people_in(scenario: Scenario) -> float:
    """People whom groups bring and who are there at the start, as far as numbers and tables tell it; rates by days."""
    days = (scenario.end - scenario.start).days + 1
    total = 0.0
    for group in scenario.groups.values():
        total += sum(row.people for row in group.arrivals)
        total += first_value(group.people)
        total += days * (first_value(group.people_per_day) + first_value(group.parties_per_day))
    initial = [each.people for facility in scenario.facilities.values() for each in facility.initial]
    return total + sum(first_value(number) for number in initial)


def first_value(number: Number | None) -> float:
    """What a number is at first; 0 for one that is a name."""
    what = number.entries[0].what if number is not None else None
    return what.value if isinstance(what, Quantity) else 0.0
