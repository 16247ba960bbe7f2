"""What movements need of the network: coordinates, capacities, ways on, and no more ways than can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .changes import names_of
from .expressions import HOME_NAMES, ExpressionNames, Name, parse, parts_of
from .model import PLACE_NUMBERS, Movement
from .problems import NOWHERE, Problems, Spot
from .quantity import Number
from .routes import Routes
from .scenario import Scenario
from .steps import Roam

MOST_WAYS = 1_000_000
"""Ways within sight of all places together: at 3 links of 60 places, 25 links to a place."""


def check_network(scenario: Scenario, problems: Problems) -> None:
    """Note movements that ask what the network does not tell, or that see more ways than can be looked at."""
    for movement in scenario.movement.values():
        for number in (movement.utility, *movement.leaves.values()):
            asked = names_in(number, scenario)
            lost = [name for name in places_on_links(scenario) if scenario.places[name].lat is None]
            if "km_from_home" in asked and lost:
                message = f"'km_from_home' needs 'lat' and 'lon' of every place; there are none for {told(lost)}"
                problems.add(number.spot, message)
            if "crowding" in asked and not stated_anywhere("capacity", scenario):
                message = "'crowding' needs a capacity: no place has one in places.csv or under 'places'"
                problems.add(number.spot, message)
        ways = ways_within_sight(movement, scenario)
        if ways > MOST_WAYS:
            message = f"{movement.ahead} links ahead there are about {ways:,} ways; at most {MOST_WAYS:,} can be seen"
            problems.add(movement.spot, f"{message}: look fewer links ahead, or `ahead: all` (only the shortest ways)")


def names_in(number: Number, scenario: Scenario) -> set[str]:
    """The names of places, ways and memory in the expressions of a number, and of policies that change it."""
    changes = [*scenario.course, *(change for policy in scenario.policies.values() for change in policy.changes)]
    numbers = [number, *(change.number for change in changes if change.path == number.path)]
    texts = {entry.what for each in numbers for entry in each.entries if isinstance(entry.what, str)}
    names = ExpressionNames.of(names_of(scenario), number.role)
    trees = [parse(text, names) for text in texts - scenario.quantities.keys()]
    found = (part for tree in trees for part in parts_of(tree))
    return {part.name for part in found if isinstance(part, Name) and part.kind in ("place", "way", "memory")}


def numbers_of_leaving(scenario: Scenario) -> set[str]:
    """Paths of what makes the chances to leave places: those chances, and the numbers of places that they rest on.

    A party at a place draws at once on which day it leaves, up to the next dated value of these.
    """
    rules = [number for movement in scenario.movement.values() for number in movement.leaves.values()]
    asked = {name for number in rules for name in names_in(number, scenario)} | {"unsafe", "open"}
    stated = [n for place in scenario.places.values() for name, n in place.numbers.items() if name in asked]
    found = [*rules, *stated] if rules else []
    named = {entry.what for number in found for entry in number.entries if isinstance(entry.what, str)}
    return {number.path for number in found} | {f"quantities.{name}" for name in named}


def places_on_links(scenario: Scenario) -> list[str]:
    """The places at which some link begins or ends."""
    return sorted({place for link in scenario.links.values() for place in (link.from_, link.to)})


def stated_anywhere(name: str, scenario: Scenario) -> bool:
    """Whether a number is stated of some place, in a file or by a policy."""
    policies = (policy.changes for policy in scenario.policies.values())
    changed = {change.path for changes in (scenario.course, *policies) for change in changes}
    numbers = [place.numbers[name] for place in scenario.places.values() if name in place.numbers]
    return any(number.spot != NOWHERE or number.path in changed for number in numbers)


def told(names: list[str]) -> str:
    """Some names, and how many more there are."""
    shown = ", ".join(repr(name) for name in names[:3])
    return shown if len(names) <= 3 else f"{shown} and {len(names) - 3} more"


def ways_within_sight(movement: Movement, scenario: Scenario) -> int:
    """At most how many ways of up to `ahead` links there are from all places; 0 if only the shortest count."""
    ends: dict[str, int] = dict.fromkeys(scenario.places, 1)
    total = 0
    for _ in range(movement.ahead):
        longer = dict.fromkeys(scenario.places, 0)
        for link in scenario.links.values():
            longer[link.from_] += ends[link.to]
        ends = longer
        total += sum(ends.values())
    return total


def warnings_of_network(scenario: Scenario, routes: Routes) -> Iterator[tuple[Spot, str]]:
    """What runs, but is seldom meant: nobody who roams, no way on, numbers that are the same at every place."""
    bodies = [step.body for step in scenario.steps().values()]
    used = {body.by for body in bodies if isinstance(body, Roam)}
    for movement in scenario.movement.values():
        if movement.id not in used:
            yield movement.spot, f"nothing roams by the movement {movement.id!r}"
        yield from asked_for_nothing((movement.utility, *movement.leaves.values()), scenario)
    weights = [group.places for group in scenario.groups.values() if group.places is not None]
    yield from asked_for_nothing(weights, scenario)
    yield from dead_ends(scenario, routes)


def asked_for_nothing(numbers: Iterable[Number], scenario: Scenario) -> Iterator[tuple[Spot, str]]:
    """Expressions that ask for a number which no place states, or for a country where none is named."""
    for number in numbers:
        asked = names_in(number, scenario)
        for name in PLACE_NUMBERS:
            if name in asked and not stated_anywhere(name, scenario):
                usual = 1 if name == "open" else 0
                yield number.spot, f"{number.path} asks for {name!r}, which no place states: it is {usual} everywhere"
        if HOME_NAMES[0] in asked and not any(place.country for place in scenario.places.values()):
            yield number.spot, f"{number.path} asks for 'foreign', but no place has a country: it is 0 everywhere"


def dead_ends(scenario: Scenario, routes: Routes) -> Iterator[tuple[Spot, str]]:
    """Steps that begin to roam where no link begins, by groups that set out from one place."""
    begins = {link.from_ for link in scenario.links.values()}
    for address, step in scenario.steps().items():
        if isinstance(step.body, Roam):
            groups = [name for name, group in scenario.groups.items() if group.place]
            places = {place for name in groups for place in routes.reached.get(name, {}).get(address, ())}
            if stuck := sorted(places - begins):
                yield step.spot, f"parties begin to roam at {told(stuck)}, where no link begins: they stay there"
