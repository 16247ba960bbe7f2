"""The ways through a scenario: at which places each step can be reached, and where there is no way out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .problems import Problems
from .scenario import Scenario
from .steps import Branch, Choose, Go, Hold, Outcome, Queue, Rejoin, Release, Roam, Set, Split, Stay, Step, Travel

WITHOUT_PLACE = ("caseload", "docket")
TIMELESS = (Stay, Release, Branch, Choose, Split, Set, Go)


@dataclass(slots=True)
class Routes:
    """For each group, the steps that it can reach and the places at which it reaches them."""

    reached: dict[str, dict[str, set[str]]] = field(default_factory=dict)

    def steps(self) -> set[str]:
        """Every step that somebody can reach."""
        return {address for steps in self.reached.values() for address in steps}


def follow(scenario: Scenario, problems: Problems) -> Routes:
    """Follow every group from its place; a step that needs another place than the one reached becomes a problem."""
    routes = Routes()
    steps = scenario.steps()
    onward = links_onward(scenario)
    told: set[tuple[str, str]] = set()
    for name in scenario.groups:
        reached: dict[str, set[str]] = {}
        roaming: dict[str, set[str]] = {}
        waiting = deque(starts(scenario, name))
        while waiting:
            address, place = waiting.popleft()
            if place in reached.setdefault(address, set()):
                continue
            reached[address].add(place)
            step = steps[address]
            wrong = wrong_place(step, place, scenario)
            if wrong and (address, place) not in told:
                told.add((address, place))
                message = f"the step {address!r} {wrong}, but parties of the group {name!r} can reach it at {place!r}"
                problems.add(step.spot, message)
            if not wrong:
                roamed = roaming.setdefault(address, set())
                waiting.extend(next_stops(step, place, scenario, onward, roamed))
        routes.reached[name] = reached
    return routes


def starts(scenario: Scenario, group: str) -> Iterator[tuple[str, str]]:
    """Where parties of a group begin: the first step of its pathway, and the steps in which some are at the start."""
    first = scenario.pathways[scenario.groups[group].pathway].steps[0]
    own = scenario.groups[group].place
    for place in (own,) if own else scenario.places:
        yield f"{scenario.groups[group].pathway}.{first.id}", place
    for facility in scenario.facilities.values():
        for entry in facility.initial:
            if entry.group == group:
                yield entry.step, facility.at


def next_stops(
    step: Step, place: str, scenario: Scenario, onward: dict[str, list[str]], roamed: set[str]
) -> Iterator[tuple[str, str]]:
    """The steps that may come next, and where. `roamed` collects the places to which parties roam in this step.

    Whoever begins at one of them comes to no place that is not among them.
    """
    body = step.body
    if not isinstance(body, Roam):
        there = next_place(step, place, scenario)
        yield from ((target, there) for target in step.targets())
    elif place not in roamed:
        found = sorted(reachable(onward, [place]))
        roamed.update(found)
        for target in step.targets():
            anywhere = target == body.at_most_to
            yield from ((target, other) for other in found if anywhere or scenario.places[other].kind in body.ends)


def links_onward(scenario: Scenario) -> dict[str, list[str]]:
    """The places to which links lead from each place."""
    onward: dict[str, list[str]] = {place: [] for place in scenario.places}
    for link in scenario.links.values():
        onward[link.from_].append(link.to)
    return onward


def next_place(step: Step, place: str, scenario: Scenario) -> str:
    """Where a party is after a step that leads to one place."""
    body = step.body
    if isinstance(body, Travel):
        return scenario.links[body.along].to if body.along else body.to or place
    return body.at if isinstance(body, Rejoin) and body.at else place


def needed(step: Step) -> tuple[str, ...]:
    """The facilities at which a step takes place."""
    body = step.body
    if isinstance(body, Queue):
        return (*body.at, *body.with_)
    if isinstance(body, Stay):
        return body.in_
    return (body.in_,) if isinstance(body, Hold) else ()


def wrong_place(step: Step, place: str, scenario: Scenario) -> str | None:
    """Why a step cannot be done at a place; None if it can."""
    body = step.body
    if isinstance(body, Travel) and body.along:
        link = scenario.links[body.along]
        return f"travels along {link.id!r}, which begins at {link.from_!r}" if link.from_ != place else None
    for key in needed(step):
        facility = scenario.facilities[key]
        if facility.kind not in WITHOUT_PLACE and facility.at != place:
            return f"needs {key!r}, which is at {facility.at!r}"
    return None


def check_ways_out(scenario: Scenario, problems: Problems) -> None:
    """Note the first step of each pathway from which no outcome can be reached."""
    steps = scenario.steps()
    before: dict[str, list[str]] = {}
    for address, step in steps.items():
        for target in step.targets():
            before.setdefault(target, []).append(address)
    ends = deque(address for address, step in steps.items() if isinstance(step.body, Outcome) or stays(step))
    good = set(ends)
    while ends:
        for address in before.get(ends.popleft(), ()):
            if address not in good:
                good.add(address)
                ends.append(address)
    told: set[str] = set()
    for address, step in steps.items():
        pathway = address.partition(".")[0]
        if address not in good and pathway not in told:
            told.add(pathway)
            cycle = ", ".join(loop_from(address, steps))
            problems.add(step.spot, f"there is no way from the step {address!r} to an outcome; it leads to {cycle}")


def stays(step: Step) -> bool:
    """Whether people may be in a step for good: they roam without an end."""
    return isinstance(step.body, Roam) and not step.body.ends


def loop_from(address: str, steps: dict[str, Step]) -> list[str]:
    """The steps that follow one from which there is no way out, until one comes again."""
    seen = []
    while address not in seen:
        seen.append(address)
        address = steps[address].targets()[0]
    return [*seen[1:], address]


def timeless_cycles(scenario: Scenario) -> Iterator[tuple[str, ...]]:
    """Cycles of steps on which no time passes, each once, as the steps that belong to it."""
    steps = scenario.steps()
    links = {
        address: [target for target in step.targets() if isinstance(steps[target].body, TIMELESS)]
        for address, step in steps.items()
        if isinstance(step.body, TIMELESS)
    }
    seen: set[str] = set()
    for address in links:
        if address in seen:
            continue
        ahead = reachable(links, links[address])
        if address in ahead:
            cycle = tuple(other for other in links if other in ahead and address in reachable(links, links[other]))
            seen.update(cycle)
            yield cycle


def reachable(links: dict[str, list[str]], starts: Iterable[str]) -> set[str]:
    """Everything that can be reached from some steps, themselves included."""
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        address = waiting.pop()
        if address not in found:
            found.add(address)
            waiting.extend(links[address])
    return found
