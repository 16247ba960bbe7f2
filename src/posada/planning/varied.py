"""What a plan may vary: capacities of facilities, in whole steps between two ends. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posada.scenario import Problems, Scenario, ScenarioErrors, Spot, nearest_path

CAPACITIES = ("beds", "places", "staff", "slots_per_day", "cases_per_day", "seats", "vehicles", "waiting_room", "size")
"""Last words of the paths of capacities; `size` is that of a batch."""
RANGE = re.compile(r"\s*(\d+)\s*\.\.\s*(\d+)\s*(?::\s*(\d+)\s*)?")
EXAMPLE = "PATH=LOW..HIGH[:STEP], such as facilities.shelter.beds=40..200:10"
REASON = (
    "a plan may vary capacities of facilities (beds, places, staff, slots, seats, vehicles, cases), nothing else: "
    "people cannot be planned away, nor their choices, nor who is counted as doing without by choice"
)


@dataclass(frozen=True)
class Varied:
    """A capacity that may vary; `date` names one entry of a dated list."""

    path: str
    low: int
    high: int
    step: int = 1
    date: str = ""

    @property
    def name(self) -> str:
        """Path and date as they are written."""
        return f"{self.path}@{self.date}" if self.date else self.path

    @property
    def count(self) -> int:
        """How many values there are."""
        return (self.high - self.low) // self.step + 1

    def value(self, index: int) -> int:
        """The value at an index from 0."""
        return self.low + index * self.step

    def change(self, index: int) -> str:
        """The text `PATH=VALUE` of a value."""
        return f"{self.name}={self.value(index)}"


Ends = Sequence[int] | str


def read_varied(scenario: Scenario, stated: Mapping[str, Ends] | Sequence[str]) -> tuple[Varied, ...]:
    """What may vary, from texts `PATH=LOW..HIGH[:STEP]` or a mapping; ScenarioErrors tells all that is wrong."""
    problems = Problems()
    found: list[Varied] = []
    texts = [in_text(path, ends) for path, ends in stated.items()] if isinstance(stated, Mapping) else list(stated)
    numbers = scenario.numbers()
    if not texts:
        problems.add(Spot("", 0, 0), f"say what may vary: {EXAMPLE}")
    for i, text in enumerate(texts, 1):
        one = read_one(text, Spot("vary", i, 1), problems)
        if one is None or not allowed(one, Spot("vary", i, 1), scenario, problems):
            continue
        before = len(problems.found)
        if one.name in [other.name for other in found] or one.path in [other.path for other in found if not other.date]:
            problems.add(Spot("vary", i, 1), f"{one.name} is named twice")
        if one.path in numbers and len(problems.found) == before:
            found.append(one)
    if problems.found:
        raise ScenarioErrors(problems.found)
    for one in found:
        scenario.changes((), [one.change(0)])
    return tuple(found)


def in_text(path: str, ends: Ends) -> str:
    """A range that is given as numbers, as it is written."""
    if isinstance(ends, str):
        return f"{path}={ends}"
    low, high, *step = ends
    return f"{path}={low}..{high}" + (f":{step[0]}" if step else "")


def read_one(text: str, spot: Spot, problems: Problems) -> Varied | None:
    """One capacity and its ends; what is wrong is noted."""
    left, mark, right = text.partition("=")
    match = RANGE.fullmatch(right)
    if not mark or not left.strip() or match is None:
        where = spot._replace(column=len(left) + 2 if mark else 1)
        problems.add(where, f"{text!r} does not say what may vary; write {EXAMPLE}, in whole numbers from 0")
        return None
    low, high, step = int(match[1]), int(match[2]), int(match[3] or 1)
    where = spot._replace(column=len(left) + 2)
    if high < low:
        problems.add(where, f"the lower end {low} is above the higher end {high}")
        return None
    if step < 1 or (high - low) % step:
        problems.add(where, f"a step is at least 1, and steps of {step} do not lead from {low} to {high}")
        return None
    path, _, date = left.strip().partition("@")
    return Varied(path.strip(), low, high, step, date.strip())


def allowed(one: Varied, spot: Spot, scenario: Scenario, problems: Problems) -> bool:
    """Whether this is a capacity of a facility; if not, why."""
    numbers = scenario.numbers()
    capacities = sorted(path for path in numbers if is_capacity(path, scenario))
    if one.path not in numbers:
        message = f"there is no capacity at the path {one.path!r}"
        problems.add(spot, message, capacities, nearest_path(one.path, capacities))
        return False
    if one.path not in capacities:
        problems.add(spot, f"{one.path} cannot be varied: {REASON}", capacities)
        return False
    return True


def is_capacity(path: str, scenario: Scenario) -> bool:
    """Whether a path is that of a capacity of a facility. What others take of it, and rates, are not."""
    parts = path.split(".")
    if parts[0] != "facilities" or parts[-1] not in CAPACITIES or "initial" in parts or "background" in parts:
        return False
    return parts[-1] != "size" or "batch" in parts
