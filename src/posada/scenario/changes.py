"""Changes of a scenario's numbers: policies by name, and texts `PATH=VALUE`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .build_policies import find_target
from .model import Change
from .numbers import read_number
from .problems import ScenarioErrors, Spot
from .quantity import Entry, Number, Quantity
from .reading import Names, Reading
from .source import Scalar, parse_yaml

if TYPE_CHECKING:
    from .scenario import Scenario, Value

COMMAND = Spot("", 0, 0)


def names_of(scenario: Scenario) -> Names:
    """The names of a scenario that has been read."""
    return Names(
        evidence=set(scenario.evidence),
        places=set(scenario.places),
        links=set(scenario.links),
        modes=set(scenario.modes),
        groups=set(scenario.groups),
        facilities={key: facility.kind for key, facility in scenario.facilities.items()},
        attributes=scenario.attributes,
        quantities=set(scenario.quantities),
        outcomes=set(scenario.outcomes),
        pathways={name: [step.id for step in pathway.steps] for name, pathway in scenario.pathways.items()},
    )


def number_to_set(scenario: Scenario, path: str, value: Value) -> Number:
    """The number that stands at a path once it is set to a value; ScenarioErrors if it cannot be."""
    reading = Reading(names=names_of(scenario))
    target = find_target(path, COMMAND, scenario.numbers(), reading)
    number = read_value_for(target, value, target.path, reading) if target else None
    if number is None or reading.problems.found:
        raise ScenarioErrors(reading.problems.found)
    return number


def read_value_for(target: Number, value: Value, path: str, reading: Reading) -> Number | None:
    """A value as a number with the role of its target. Durations are in seconds unless they are text with a unit."""
    if isinstance(value, Quantity):
        return Number((Entry(None, value),), target.role, path)
    if not isinstance(value, str):
        text = f"{float(value)!r} seconds" if target.role == "seconds" else repr(float(value))
        return read_number(Scalar(text, COMMAND), path, target.role, reading)
    if value.lstrip()[:1] not in "{[\"'":
        return read_number(Scalar(value.strip(), COMMAND), path, target.role, reading)
    node = parse_yaml(value, "", reading.problems)
    return None if node is None else read_number(node, path, target.role, reading)


def resolve_changes(scenario: Scenario, policies: Sequence[str], sets: Sequence[str]) -> tuple[Change, ...]:
    """The changes of policies, then of texts `PATH=VALUE`; ScenarioErrors tells all that are wrong at once."""
    reading = Reading(names=names_of(scenario))
    changes: list[Change] = []
    for name in policies:
        policy = scenario.policies.get(name)
        if policy is None:
            reading.problems.unknown(COMMAND, "policy", name, scenario.policies)
        else:
            changes.extend(policy.changes)
    numbers = scenario.numbers() if sets else {}
    for position, text in enumerate(sets, 1):
        change = read_set(text, position, numbers, reading)
        if change:
            changes.append(change)
    if reading.problems.found:
        raise ScenarioErrors(reading.problems.found)
    return tuple(changes)


def read_set(text: str, position: int, numbers: dict[str, Number], reading: Reading) -> Change | None:
    """The change that `PATH=VALUE` asks for."""
    path, mark, value = text.partition("=")
    if not mark or not value.strip():
        reading.problems.add(COMMAND, f"{text!r} is not a change; write PATH=VALUE")
        return None
    target = find_target(path.strip(), COMMAND, numbers, reading)
    number = read_value_for(target, value, f"policies.set.{position}", reading) if target else None
    return Change("set", target.path, number, position=position, policy="set") if target and number else None
