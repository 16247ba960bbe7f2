"""Changes of a scenario's numbers: policies by name, and texts `PATH=VALUE`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from .build_policies import find_target, is_fixed_at_start
from .clock import Instant
from .model import Change
from .numbers import read_number
from .problems import Problems, ScenarioErrors, Spot
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
        movements=set(scenario.movement),
        kinds_of_places={place.kind for place in scenario.places.values() if place.kind},
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


def changes_from(
    scenario: Scenario, day: date, policies: Sequence[str], sets: Sequence[str], before: Sequence[str] = ()
) -> tuple[Change, ...]:
    """The changes of policies and texts as they act from a day on; `before` are texts that already applied.

    A change that was over by then falls away. ScenarioErrors tells those of what is fixed at the outset.
    """
    found = resolve_changes(scenario, policies, [*before, *sets])
    own = len(found) - len(before) - len(sets)
    problems = Problems()
    kept = []
    for name in policies:
        if scenario.policies[name].ladder:
            rule = "has a ladder, which is climbed from the start of a run; one that has begun cannot have it"
            problems.add(scenario.policies[name].spot, f"the policy {name!r} {rule}")
    for change in (*found[:own], *found[own + len(before) :]):
        spot = COMMAND if change.policy == "set" else change.spot
        why = why_not_from(scenario, change.path)
        if why:
            problems.add(spot, why)
        elif change.until is None or change.until.date > day or (change.until.date == day and change.until.minute):
            late = change.from_ is not None and change.from_.date >= day
            kept.append(change if late else replace(change, from_=Instant(day)))
    if problems.found:
        raise ScenarioErrors(problems.found)
    return tuple(kept)


def why_not_from(scenario: Scenario, path: str) -> str:
    """Why a run that has begun cannot change the number at a path; empty if it can."""
    from .network import numbers_of_leaving

    if is_fixed_at_start(path):
        return f"{path} is fixed at the outset; a run that has begun cannot change it"
    if path in foreseen_numbers(scenario):
        return f"{path} is a daily chance, which whoever waits by it has foreseen already"
    if path in numbers_of_leaving(scenario):
        rule = "makes the chance to move on, and whoever is at a place has foreseen when that is"
        return f"{path} {rule}; state its change by date before the run begins"
    return ""


def foreseen_numbers(scenario: Scenario) -> set[str]:
    """Paths of daily chances, and of quantities that are one.

    A wait by daily chances looks ahead to all their dated values when it begins, so a run that has begun cannot learn
    of another.
    """
    found: set[str] = set()
    named: set[str] = set()
    for path, number in scenario.numbers().items():
        if path.endswith("daily_chance"):
            found.add(path)
            named.update(entry.what for entry in number.entries if isinstance(entry.what, str))
    for changes in (scenario.course, *(policy.changes for policy in scenario.policies.values())):
        for change in changes:
            if change.path in found:
                named.update(entry.what for entry in change.number.entries if isinstance(entry.what, str))
    return found | {f"quantities.{name}" for name in named}


def read_set(text: str, position: int, numbers: dict[str, Number], reading: Reading) -> Change | None:
    """The change that `PATH=VALUE` asks for."""
    left, mark, value = text.partition("=")
    if not mark or not value.strip():
        reading.problems.add(COMMAND, f"{text!r} is not a change; write PATH=VALUE or PATH@DATE=VALUE")
        return None
    path, at, when = left.strip().partition("@")
    target = find_target(path.strip(), COMMAND, numbers, reading)
    if target is None:
        return None
    before = len(reading.problems.found)
    dates = entry_dates(target, when.strip(), reading) if at else (None, None)
    number = read_value_for(target, value, f"policies.set.{position}", reading)
    if number is not None and is_fraction(number):
        reading.problems.add(COMMAND, f"{target.path} counts whole things; {value.strip()} is not a whole number")
    if number is None or len(reading.problems.found) > before:
        return None
    return Change("set", target.path, number, *dates, position=position, policy="set")


def is_fraction(number: Number) -> bool:
    """Whether this is a plain number of beds, slots, staff or the like that is not whole."""
    return number.role == "capacity" and number.fixed is not None and number.fixed != int(number.fixed)


def entry_dates(target: Number, when: str, reading: Reading) -> tuple[Instant | None, Instant | None]:
    """From when until when one entry of a dated list holds; `start` names the first."""
    names = ["start" if entry.from_ is None else entry.from_.isoformat() for entry in target.entries]
    if len(names) == 1:
        reading.problems.add(COMMAND, f"{target.path} has no dated values; leave out '@{when}'")
        return None, None
    if when not in names:
        reading.problems.add(COMMAND, f"{target.path} has no value from {when!r}", names)
        return None, None
    bounds = [None if entry.from_ is None else Instant(entry.from_) for entry in target.entries]
    place = names.index(when)
    return bounds[place], bounds[place + 1] if place + 1 < len(bounds) else None


def remarks(scenario: Scenario, changes: Sequence[Change]) -> list[str]:
    """What whoever asks for changes should know: dated values that are replaced, changes that never act."""
    numbers = scenario.numbers()
    found = []
    for change in changes:
        entries = numbers[change.path].entries if change.path in numbers else ()
        if change.op == "set" and len(entries) > 1 and change.from_ is None and change.until is None:
            dated = [entry for entry in entries if entry.from_ is not None]
            told = ", ".join(f"{entry.from_}: {short(entry.what, numbers[change.path].role)}" for entry in dated[:4])
            more = ", ..." if len(dated) > 4 else ""
            values = "1 dated value" if len(dated) == 1 else f"{len(dated)} dated values"
            found.append(f"{change.path}: this replaces {values} ({told}{more}); PATH@DATE=VALUE changes one of them")
        if never_acts(scenario, change):
            found.append(f"{change.path}: this change never acts: {idle(scenario, change)}")
    return found


def short(what: Quantity | str, role: str) -> str:
    """A value in a few letters."""
    if isinstance(what, str):
        return what
    return f"{what.value / 86400:g} days" if role in ("seconds", "difference") else f"{what.value:g}"


def never_acts(scenario: Scenario, change: Change) -> bool:
    """Whether a change lies wholly outside the scenario's time."""
    late = change.from_ is not None and change.from_.date > scenario.end
    until = change.until
    return late or (until is not None and (until.date, until.minute) <= (scenario.start, 0))


def idle(scenario: Scenario, change: Change) -> str:
    """Why a change never acts."""
    if change.from_ is not None and change.from_.date > scenario.end:
        return f"it begins on {change.from_.date}, after the end ({scenario.end})"
    assert change.until is not None
    return f"it ends on {change.until.date}, before the start ({scenario.start})"
