"""What is worth knowing of a sound scenario: steps that nobody reaches, assumptions, numbers without a source."""

from __future__ import annotations

from collections.abc import Iterator

from .changes import idle, is_fraction, never_acts
from .model import Facility, Group, Movement
from .network import warnings_of_network
from .problems import NOWHERE, Problem, Problems, Spot
from .quantity import Number, Quantity
from .routes import follow, timeless_cycles
from .scenario import Scenario
from .walking import find_numbers


def notes(scenario: Scenario) -> list[Problem]:
    """Warnings, then assumptions, then numbers that are stated without a source."""
    changes = tuple(find_numbers((scenario.policies, scenario.course)))
    numbers = [number for number in (*scenario.numbers().values(), *changes) if number.spot != NOWHERE]
    return [*warnings(scenario), *assumptions(scenario, numbers), *without_source(numbers)]


def problem(spot: Spot, message: str, severity: str) -> Problem:
    """One remark at a place of a file."""
    return Problem(*spot, message, severity=severity)


def warnings(scenario: Scenario) -> Iterator[Problem]:
    """Steps that nobody reaches, cycles without time, networks without ways, changes that never act, hindsight."""
    routes = follow(scenario, Problems())
    reached = routes.steps()
    steps = scenario.steps()
    for address, step in steps.items():
        if address not in reached:
            yield problem(step.spot, f"nobody can reach the step {address!r}", "warning")
    for cycle in timeless_cycles(scenario):
        message = f"no time passes on the cycle {' -> '.join(cycle)}; a party that goes round too often stops the run"
        yield problem(steps[cycle[0]].spot, message, "warning")
    for spot, message in warnings_of_network(scenario, routes):
        yield problem(spot, message, "warning")
    for policy in scenario.policies.values():
        for change in policy.changes:
            if never_acts(scenario, change):
                message = f"a change of the policy {policy.name!r} never acts: {idle(scenario, change)}"
                yield problem(change.spot, message, "warning")
    for change in scenario.course:
        if never_acts(scenario, change):
            yield problem(change.spot, f"a change of 'course' never acts: {idle(scenario, change)}", "warning")
    for number in (*scenario.numbers().values(), *find_numbers((scenario.policies, scenario.course))):
        if is_fraction(number):
            message = f"{number.path} counts whole things; {number.fixed:g} is rounded half up"
            yield problem(number.spot, message, "warning")
    for number in scenario.numbers().values():
        first = number.entries[0].what
        if isinstance(first, Quantity) and first.known_from and not first.known:
            message = (
                f"{number.path} was not known before {first.known_from}, and 'known' does not say what was believed"
            )
            yield problem(number.spot, message, "warning")


def assumptions(scenario: Scenario, numbers: list[Number]) -> Iterator[Problem]:
    """Everything that is marked as assumed, with the reason."""
    for number in numbers:
        for entry in number.entries:
            if isinstance(entry.what, Quantity) and entry.what.assumed:
                yield problem(entry.spot, f"assumed: {number.path}: {entry.what.assumed}", "note")
    parts: list[Group | Movement | Facility] = [
        *scenario.groups.values(), *scenario.movement.values(), *scenario.facilities.values(),
    ]  # fmt: skip
    for part in parts:
        if part.assumed:
            yield problem(part.spot, f"assumed: {part.id}: {part.assumed}", "note")
    for address, step in scenario.steps().items():
        if step.assumed:
            yield problem(step.spot, f"assumed: {address}: {step.assumed}", "note")


def without_source(numbers: list[Number]) -> Iterator[Problem]:
    """Every number that has neither evidence nor a stated assumption."""
    for number in numbers:
        for entry in number.entries:
            what = entry.what
            if isinstance(what, Quantity) and not (what.evidence or what.assumed):
                yield problem(entry.spot, f"stated without a source: {number.path}", "note")
