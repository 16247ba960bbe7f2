"""Contested numbers: what they are by one side's claims."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .problems import Problems, ScenarioErrors, Spot
from .quantity import Entry, Number, Quantity, Side
from .walking import map_numbers

if TYPE_CHECKING:
    from .scenario import Scenario


def sides(scenario: Scenario) -> dict[str, list[str]]:
    """The sides whose numbers are stated, with the paths of the quantities that they contest."""
    found: dict[str, list[str]] = {}
    for path, number in scenario.numbers().items():
        for name in sorted({side.name for entry in number.entries for side in claims_of(entry)}):
            found.setdefault(name, []).append(path)
    return dict(sorted(found.items()))


def claims_of(entry: Entry) -> tuple[Side, ...]:
    """The sides of one entry of a number."""
    return entry.what.claims if isinstance(entry.what, Quantity) else ()


def take_side(scenario: Scenario, name: str) -> Scenario:
    """The scenario with one side's numbers wherever they are stated."""
    known = sides(scenario)
    if name not in known:
        problems = Problems()
        if known:
            problems.unknown(Spot("", 0, 0), "side with claims of its own", name, known)
        else:
            problems.add(Spot("", 0, 0), "no number of this scenario states the `claims` of any side")
        raise ScenarioErrors(problems.found)
    return map_numbers(scenario, lambda number: by_side(number, name))


def by_side(number: Number, name: str) -> Number:
    """A number as one side has it; as stated where that side says nothing."""
    entries = tuple(replace(entry, what=said_by(entry, name)) for entry in number.entries)
    return number if entries == number.entries else replace(number, entries=entries)


def said_by(entry: Entry, name: str) -> Quantity | str:
    """An entry's quantity as one side has it."""
    for side in claims_of(entry):
        if side.name == name:
            assert isinstance(entry.what, Quantity)
            return replace(entry.what, value=side.value, low=side.low, high=side.high, evidence=side.evidence, known=())
    return entry.what
