"""Parties that are larger than anything that could take them."""

from __future__ import annotations

from collections.abc import Iterator

from .model import CLASSES, BedClass, Group
from .problems import Problems
from .quantity import Number, Quantity
from .routes import Routes, needed
from .scenario import Scenario
from .steps import Split, Step

MEN = slice(CLASSES.index("men_18_59"), CLASSES.index("men_60") + 1)
WOMEN = slice(CLASSES.index("women_18_59"), CLASSES.index("women_60") + 1)


def party_type(counts: tuple[int, ...]) -> str:
    """The type of a party with these members, as the language defines it."""
    if counts[-1]:
        return "unstated"
    men, women = sum(counts[MEN]), sum(counts[WOMEN])
    if sum(counts) > men + women:
        return "families" if men + women else "children"
    return "adults" if men and women else "men" if men else "women"


def parties(group: Group) -> Iterator[tuple[int, str | None]]:
    """The sizes of a group's parties, each with its type where that is certain."""
    for kind in group.table.values():
        yield sum(kind.counts), party_type(kind.counts)
    for size in group.parties:
        yield int(size), None


def most(number: Number, scenario: Scenario) -> float:
    """The largest value that a number can be expected to have."""
    found = 0.0
    for entry in number.entries:
        what = entry.what
        if isinstance(what, Quantity):
            found = max(found, what.value if what.high is None else what.high)
        elif what in scenario.quantities:
            found = max(found, most(scenario.quantities[what], scenario))
        else:
            return float("inf")
    return found


def check_sizes(scenario: Scenario, routes: Routes, problems: Problems) -> None:
    """Note every step that some party reaches but is too large for, unless it may be parted on its way."""
    steps = scenario.steps()
    told: set[str] = set()
    for name, reached in routes.reached.items():
        if any(isinstance(steps[address].body, Split) for address in reached):
            continue
        for address in sorted(set(reached) - told):
            for size, kind in sorted(parties(scenario.groups[name]), key=lambda party: -party[0]):
                room = room_for(steps[address], kind, scenario)
                if room is not None and size > room:
                    told.add(address)
                    message = f"a party of {size} of the group {name!r} is larger than anything that admits it here"
                    problems.add(steps[address].spot, f"{message}: the step {address!r} has room for {room:g}")
                    break


def room_for(step: Step, kind: str | None, scenario: Scenario) -> float | None:
    """The largest party of a type that a step can take; None where size does not matter."""
    rooms: list[float] = []
    for key in needed(step):
        facility = scenario.facilities[key]
        if facility.kind in ("camp", "gate", "docket", "desks") or facility.per == "party":
            return None
        if facility.kind == "beds":
            shelters = [facility, *(scenario.facilities[other] for other in facility.refer_to)]
            classes = [bed for shelter in shelters for bed in shelter.beds]
            rooms.extend(most(bed.beds, scenario) for bed in classes if admits(bed, kind))
        elif (number := facility.seats or facility.places) is not None:
            rooms.append(most(number, scenario))
        else:
            return None
    return max(rooms) if rooms else None


def admits(bed: BedClass, kind: str | None) -> bool:
    """Whether a class of beds may admit a party of a type (None: not certain)."""
    return kind is None or bed.admits is None or kind in bed.admits or "everyone" in bed.admits
