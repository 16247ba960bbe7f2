"""The numbers of a scenario that can be changed, as controls: labels, units, ranges, and what is behind each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from posada.scenario import Facility, Number, Quantity, Scenario
from posada.words import can_say, say, told

DAY = 86400.0
GROUPS = ("gates", "beds", "desks", "people", "numbers")
OF_KIND = {"gate": "gates", "beds": "beds", "camp": "beds"}
"""In which group the controls of a facility stand; those of others are among the desks."""
ENDS = ("slots_per_day", "beds", "staff", "cases_per_day", "places", "seats", "vehicles")
"""What can be changed of a facility."""
OF_GROUPS = ("people", "people_per_day", "parties_per_day")


@dataclass(frozen=True)
class Behind:
    """A claim behind a number: who says what, and where."""

    says: str
    source: str


@dataclass(frozen=True)
class Control:
    """One value: `name` is its path, with the date of an entry of a dated list; numbers are in the unit shown."""

    name: str
    value: float
    low: float | None
    high: float | None
    least: float
    most: float
    step: float
    from_: date | None = None
    note: str = ""
    assumed: str = ""
    evidence: tuple[Behind, ...] = ()

    @property
    def kind(self) -> str:
        """What it rests on, in one word."""
        return "assumed" if self.assumed else "evidence" if self.evidence else "unsourced"


@dataclass(frozen=True)
class Lever:
    """A number of the scenario with its controls: one, or one for each entry of a dated list."""

    path: str
    group: str
    label: str
    where: str
    unit: str
    scale: float
    whole: bool
    controls: tuple[Control, ...]
    used: bool
    """Whether a policy of the scenario changes it."""


def levers(scenario: Scenario) -> list[Lever]:
    """All levers, by group; within a group those first that the scenario's own policies change."""
    used = {change.path for policy in scenario.policies.values() for change in policy.changes}
    found = []
    for path, number in scenario.numbers().items():
        group = group_of(path, scenario)
        if group and all(isinstance(entry.what, Quantity) for entry in number.entries):
            found.append(lever(scenario, path, number, group, path in used))
    return sorted(found, key=lambda one: (GROUPS.index(one.group), not one.used, one.where, one.label))


def group_of(path: str, scenario: Scenario) -> str:
    """The group of a number; empty if it is no lever."""
    part, _, rest = path.partition(".")
    end = rest.rsplit(".", 1)[-1]
    if part == "facilities" and end in ENDS and ".background." not in path and ".shifts." not in path:
        return OF_KIND.get(scenario.facilities[rest.split(".")[0]].kind, "desks")
    if part == "groups" and rest.count(".") == 1 and end in OF_GROUPS:
        return "people"
    return "numbers" if part == "quantities" else ""


def lever(scenario: Scenario, path: str, number: Number, group: str, used: bool) -> Lever:
    """One lever."""
    scale, unit = scale_of(path, number)
    whole = number.role in ("capacity", "count")
    controls = tuple(control(scenario, number, i, scale, whole) for i in range(len(number.entries)))
    label, where = label_of(scenario, path)
    return Lever(path, group, label, where, unit, scale, whole, controls, used)


def scale_of(path: str, number: Number) -> tuple[float, str]:
    """By what a stated number is divided to be shown, and the unit that it then has."""
    if number.role == "seconds":
        longest = max(q.value for q in quantities(number))
        return (DAY, say("app.unit.days")) if longest >= DAY else (3600.0, say("app.unit.hours"))
    if number.role == "share" or is_share(path, number):
        return 0.01, "%"
    key = f"app.unit.{path.rsplit('.', 1)[-1]}"
    return 1.0, say(key) if can_say(key) else ""


def is_share(path: str, number: Number) -> bool:
    """Whether a named number can only be a share as far as its range tells: from 0 to 1, and not whole."""
    points = [x for q in quantities(number) for x in (q.low, q.value, q.high) if x is not None]
    uncertain = any(q.low is not None for q in quantities(number))
    return path.startswith("quantities.") and uncertain and all(0.0 <= x <= 1.0 for x in points)


def quantities(number: Number) -> list[Quantity]:
    """The quantities of a number's dated list."""
    return [entry.what for entry in number.entries if isinstance(entry.what, Quantity)]


def control(scenario: Scenario, number: Number, i: int, scale: float, whole: bool) -> Control:
    """The control of one entry."""
    entry, all_of_it = number.entries[i], quantities(number)
    what = all_of_it[i]
    when = "start" if entry.from_ is None else entry.from_.isoformat()
    points = [x / scale for q in all_of_it for x in (q.low, q.value, q.high) if x is not None]
    least, most = span(number, points, scale)
    return Control(
        number.path if len(number.entries) == 1 else f"{number.path}@{when}",
        shown(what.value, scale),
        None if what.low is None else shown(what.low, scale),
        None if what.high is None else shown(what.high, scale),
        least,
        most,
        1.0 if whole or scale == 0.01 else step_of(most - least),
        entry.from_,
        told(what.note or ""),
        told(what.assumed or ""),
        tuple(behind(scenario, what.evidence)),
    )


def shown(value: float, scale: float) -> float:
    """A stated number as it is shown."""
    return float(f"{value / scale:.10g}")


def span(number: Number, points: Sequence[float], scale: float) -> tuple[float, float]:
    """From where to where a slider goes: well beyond what is stated, but not where nothing can be."""
    if scale == 0.01:
        return 0.0, 100.0
    low, high = min(points), max(points)
    if number.role == "number":
        wide = max(high - low, abs(high), abs(low), 1.0)
        return (0.0 if low >= 0 else -rounded_up(wide - low)), rounded_up(high + wide)
    return 0.0, rounded_up(max(2.5 * max(points), 10.0))


def rounded_up(value: float) -> float:
    """The next number with one or two figures; nothing below 0."""
    if value <= 0:
        return 0.0
    unit = 10.0 ** math.floor(math.log10(value)) / 2
    return float(f"{math.ceil(value / unit - 1e-9) * unit:.10g}")


def step_of(width: float) -> float:
    """The step of a slider: about a hundredth of its width."""
    return float(f"{10.0 ** math.floor(math.log10(width / 50)):.10g}")


def behind(scenario: Scenario, evidence: Iterable[str]) -> list[Behind]:
    """The claims behind a number."""
    from posada.report.parts import claim_in_words

    known = [scenario.evidence[key] for key in evidence if key in scenario.evidence]
    words = [claim_in_words(claim, scenario) for claim in known]
    return [Behind(". ".join(filter(None, (one.what, one.when, one.who))), one.source) for one in words]


def label_of(scenario: Scenario, path: str) -> tuple[str, str]:
    """What a lever is called, and where it is."""
    part, _, rest = path.partition(".")
    called = scenario.called(path)
    if called is not None:
        return told(called), ""
    if part == "quantities":
        name = rest.replace("_", " ")
        return name[:1].upper() + name[1:], ""
    id, _, end = rest.partition(".")
    key = f"app.lever.{end.rsplit('.', 1)[-1]}"
    if part == "groups":
        group = scenario.called(f"groups.{id}") or id.replace("-", " ")
        return say(key) if can_say(key) else end.replace(".", " ").replace("_", " "), told(group)
    facility = scenario.facilities[id]
    text = say(key) if can_say(key) else end.replace(".", " ").replace("_", " ")
    return text + class_of(end), place_of(scenario, facility)


def class_of(end: str) -> str:
    """The class of beds, if there are several."""
    parts = end.split(".")
    return f" ({parts[1].replace('-', ' ')})" if len(parts) == 3 else ""


def place_of(scenario: Scenario, facility: Facility) -> str:
    """A facility and its place."""
    place = scenario.places.get(facility.at)
    name = told(facility.name)
    return f"{name}, {told(place.name)}" if place and told(place.name) not in name else name


def sets_of(found: Sequence[Lever], form: Mapping[str, Any]) -> list[str]:
    """The changes of a form as texts `PATH=VALUE`, where it differs from what is stated; ValueError for no number."""
    sets = []
    for one in found:
        for knob in one.controls:
            text = form.get(f"set:{knob.name}")
            if not isinstance(text, str) or not text.strip():
                continue
            value = finite(text)
            if value is None:
                what = f"{one.where} {one.label}: {text}".strip()
                raise ValueError(say("app.error.not-a-number", what=what))
            if value < 0 <= knob.least and one.group != "numbers":
                raise ValueError(say("app.error.negative", what=f"{one.where} {one.label}".strip(), value=text))
            if value != knob.value:
                sets.append(f"{knob.name}={stated(value, one.scale)}")
    return sets


def finite(text: str) -> float | None:
    """The number that a text says; None if it says none."""
    try:
        value = float(text.replace(" ", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def stated(value: float, scale: float) -> str:
    """A number as it stands in a scenario, from how it is shown."""
    if scale == DAY:
        return f"{value:.10g} days"
    return f"{value:.10g} hours" if scale == 3600.0 else f"{value * scale:.10g}"
