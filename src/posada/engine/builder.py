"""The workbench of the compiler: what all of its parts add to."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.codes import Codes
from posada.engine.hashing import key_of
from posada.engine.layout import Array
from posada.engine.values import Part, Slot, Values
from posada.engine.zones import Zones
from posada.scenario import ALWAYS, CLASSES, PLACE_NUMBERS, Change, Duration, Instant, Mode, Number, Scenario
from posada.scenario import expressions as ex

PARTY_TYPES = ("unstated", "men", "women", "adults", "families", "children")
"""In the order of the engine's codes."""

KINDS = {
    "fixed": at.DIST_FIXED,
    "exponential": at.DIST_EXPONENTIAL,
    "uniform": at.DIST_UNIFORM,
    "triangular": at.DIST_TRIANGULAR,
    "lognormal": at.DIST_LOGNORMAL,
    "weibull": at.DIST_WEIBULL,
    "erlang": at.DIST_ERLANG,
    "daily_chance": at.DIST_DAILY_CHANCE,
    "lognormal_mean": at.DIST_LOGNORMAL_MEAN,
    "gamma": at.DIST_GAMMA,
    "hyperexponential": at.DIST_HYPEREXPONENTIAL,
    "pert": at.DIST_PERT,
    "empirical": at.DIST_EMPIRICAL,
}
PARAMETERS = {
    "fixed": ("length",),
    "exponential": ("mean",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "lognormal": ("median", "spread"),
    "weibull": ("scale", "shape"),
    "erlang": ("mean", "stages"),
    "daily_chance": ("chance",),
    "lognormal_mean": ("mean", "cv"),
    "gamma": ("mean", "shape"),
    "pert": ("low", "mode", "high"),
}

MEMBERS = ("people", "adults", "children", "infants", "women", "men", "girls", "boys")
STATES = {
    "queue_length": at.OP_QUEUE,
    "people_waiting": at.OP_WAITING,
    "expected_wait_days": at.OP_EXPECTED,
    "free_places": at.OP_FREE,
    "is_open": at.OP_OPEN,
}
LOOKS = {
    **{name: (at.OP_PLACE, i) for i, name in enumerate(PLACE_NUMBERS)},
    "people_there": (at.OP_THERE, 0),
    "crowding": (at.OP_CROWDING, 0),
    "foreign": (at.OP_FOREIGN, 0),
    "km_from_home": (at.OP_KM_HOME, 0),
    "distance_km": (at.OP_WAY, at.WAY_KM),
    "hours": (at.OP_WAY, at.WAY_HOURS),
    "cost": (at.OP_WAY, at.WAY_COST),
    "danger": (at.OP_WAY, at.WAY_DANGER),
    "links_away": (at.OP_WAY, at.WAY_LINKS),
    "been_there": (at.OP_BEEN, 0),
    "came_from": (at.OP_CAME, 0),
}
BINARY = {
    "+": at.OP_ADD,
    "-": at.OP_SUB,
    "*": at.OP_MUL,
    "/": at.OP_DIV,
    "and": at.OP_AND,
    "or": at.OP_OR,
    "==": at.OP_EQ,
    "!=": at.OP_NE,
    "<": at.OP_LT,
    "<=": at.OP_LE,
    ">": at.OP_GT,
    ">=": at.OP_GE,
    "min": at.OP_MIN,
    "max": at.OP_MAX,
}


def records(rows: list[dict[str, Any]], dtype: np.dtype[Any]) -> Array:
    """Dictionaries as a structured array; a field that is not given is 0."""
    table = np.zeros(max(1, len(rows)), dtype)
    for i, row in enumerate(rows):
        for name, value in row.items():
            table[i][name] = value
    return table


class Builder:
    """Gathers slots, distributions, expressions, lists, cells and codes while a scenario is compiled."""

    def __init__(self, scenario: Scenario, changes: tuple[Change, ...]) -> None:
        self.scenario = scenario
        self.days = (scenario.end - scenario.start).days + 1
        self.zones = Zones(
            scenario.time_zone, {p.time_zone for p in scenario.places.values()}, scenario.start, self.days
        )
        self.values = Values(self._when, changes)
        self.values.use_quantities(scenario.quantities, scenario.numbers().values())
        self.codes = Codes()
        self.dists: list[tuple[int, ...]] = []
        self.exprs: list[tuple[int, int, int, float]] = []
        self.lists: list[int] = []
        self.samples: list[float] = []
        self.calendar: list[tuple[Array, int, int, int, Array | int]] = []
        self.places = {name: i for i, name in enumerate(scenario.places)}
        self.links = {name: i for i, name in enumerate(scenario.links)}
        self.groups = {name: i for i, name in enumerate(scenario.groups)}
        self.stages = {name: i for i, name in enumerate(scenario.pathways)}
        self.steps = {address: i for i, address in enumerate(scenario.steps())}
        self.facilities: dict[str, int] = {}
        self.attributes = {"group": 0, "party_type": 1, **{a: i + 2 for i, a in enumerate(scenario.attributes)}}
        self.kinds = sorted({p.kind for p in scenario.places.values() if p.kind})
        self.windows: list[dict[str, Any]] = []
        self._windows: dict[str, tuple[int, int]] = {}
        self._quantity_slots: dict[str, int] = {}
        self._exprs: dict[str, int] = {}
        self._role = "utility"
        self.place_slots = {
            name: [self.slot(place.numbers.get(number)) for number in PLACE_NUMBERS]
            for name, place in scenario.places.items()
        }
        """Slots of each place's numbers, in the order of PLACE_NUMBERS; -1 where none is stated."""

    def instant(self, when: Instant | date, zone: int = 0) -> float:
        """Engine time of an instant, or of a date's first midnight, on the clock of a zone (of the scenario)."""
        if isinstance(when, Instant):
            return self.zones.instant(zone, when.date, when.minute)
        return self.zones.instant(zone, when)

    def _when(self, when: Instant | date, path: str) -> float:
        """Engine time of an instant that stands at a path: on the clock of the place concerned."""
        s = self.scenario
        kind, _, rest = path.partition(".")
        name = rest.partition(".")[0]
        at = {
            "facilities": lambda: s.facilities[name].at,
            "links": lambda: s.links[name].from_,
            "groups": lambda: s.groups[name].place,
            "places": lambda: name,
        }.get(kind)
        return self.instant(when, self.zone_of(at()) if at else 0)

    def local_days(self) -> Array:
        """Numbers of the local dates that lie in the run on some clock; 0 is the scenario's first day."""
        return np.arange(-1, self.days + 1)

    def zone_of(self, place: str) -> int:
        """The number of a place's zone; of the scenario's for none."""
        if not place:
            return self.zones.index(self.scenario.time_zone)
        return self.zones.index(self.scenario.places[place].time_zone)

    def local(self, when: Instant) -> float:
        """Local seconds of an instant; the engine reads them on the clock of where the party is."""
        return self.zones.local(when.date, when.minute)

    def levels_of(self, attribute: str) -> tuple[str, ...]:
        """The levels of an attribute, in the order of their codes."""
        if attribute == "group":
            return ("unstated", *self.groups)
        if attribute == "party_type":
            return PARTY_TYPES
        if attribute == "sex_and_age":
            return CLASSES
        levels = self.scenario.attributes[attribute]
        return levels if "unstated" in levels else ("unstated", *levels)

    def list_of(self, numbers: list[int]) -> int:
        """Where a list of numbers begins."""
        first = len(self.lists)
        self.lists.extend(numbers)
        return first

    def slot(self, number: Number | None, watch: int = at.WATCH_NONE, who: int = -1) -> int:
        """The slot of a number; -1 for none."""
        return -1 if number is None else self.values.slot(number, watch, who)

    def windows_of(self, mode: Mode) -> tuple[int, int]:
        """(first row in `windows`, number) of the hours of a mode; the first is -1 if it runs always."""
        if mode.hours == ALWAYS:
            return -1, len(mode.hours.windows)
        if mode.id not in self._windows:
            self._windows[mode.id] = len(self.windows), len(mode.hours.windows)
            self.windows.extend(
                {"days": d, "start": s * 60.0, "end": e * 60.0}
                for d, s, e in sorted(mode.hours.windows, key=lambda w: w[1])
            )
        return self._windows[mode.id]

    def dist(self, duration: Duration | None) -> int:
        """The number of a distribution; -1 for none."""
        if duration is None:
            return -1
        if duration.kind == "empirical":
            mean = self.values.constant(sum(duration.sample) / len(duration.sample))
            parts = [mean, len(self.samples), len(duration.sample)]
            self.samples.extend(sorted(duration.sample))
        elif duration.kind == "hyperexponential":
            slots = [self.slot(number) for number in duration.params.values()]  # the means, then the shares, in a row
            parts = [slots[0], len(slots) // 2, slots[len(slots) // 2]]
        else:
            parts = [self.slot(duration.params[name]) for name in PARAMETERS[duration.kind]]
        self.dists.append((KINDS[duration.kind], *parts, *[-1] * (3 - len(parts))))
        return len(self.dists) - 1

    # --- expressions ---------------------------------------------------------------------------------------------

    def names(self, role: str = "utility") -> ex.ExpressionNames:
        """The names that expressions may use where a number has this role."""
        s = self.scenario
        looks = ex.LOOKS.get(role, ())
        return ex.ExpressionNames(
            frozenset(s.quantities),
            s.attributes,
            {name: f.kind for name, f in s.facilities.items()},
            frozenset(s.groups),
            looks,
            frozenset(self.kinds),
        )

    def expression(self, text: str) -> int:
        """The first row of an expression; equal texts are one."""
        if text not in self._exprs:
            rows: list[tuple[int, int, int, float]] = []
            self._emit(ex.parse(text, self.names()), rows)
            self._exprs[text] = len(self.exprs)
            self.exprs.extend([*rows, (-1, 0, 0, 0.0)])
        return self._exprs[text]

    def parts_in(self, text: str, role: str = "utility") -> list[ex.Expr]:
        """All parts of an expression."""
        return list(ex.parts_of(ex.parse(text, self.names(role))))

    def dates_in(self, text: str, role: str = "utility") -> list[float]:
        """The instants that an expression asks for by `since`."""
        return [self.instant(e.date) for e in self.parts_in(text, role) if isinstance(e, ex.Since)]

    def quantity_slot(self, name: str) -> int:
        """The slot of a named quantity."""
        if name not in self._quantity_slots:
            self._quantity_slots[name] = self.values.slot(self.scenario.quantities[name])
        return self._quantity_slots[name]

    def number_or_expression(self, number: Number) -> tuple[int, int]:
        """(slot, expression) of a number that may be an expression; one of the two is -1.

        What an expression is in time, dated lists and policies applied, becomes nested `if since(...)`.
        """
        if not self.values.is_text(number):
            return self.slot(number), -1
        rows: list[tuple[int, int, int, float]] = []
        self._role = number.role
        self._emit_dated(self.values.parts(number), rows)
        first = len(self.exprs)
        self.exprs.extend([*rows, (-1, 0, 0, 0.0)])
        return -1, first

    def texts_of(self, number: Number) -> list[str]:
        """The expressions that may stand in a number in time, dated lists and policies applied."""
        found: list[str] = []
        todo: list[Part] = [part for _, part in self.values.parts(number)] if self.values.is_text(number) else []
        while todo:
            part = todo.pop()
            if isinstance(part, str):
                found.append(part)
            elif isinstance(part, tuple):
                todo.extend(part[1:])
        return found

    def instants_of(self, number: Number) -> list[float]:
        """When a number that may be an expression changes by its dated list, by policies, or by `since`."""
        if not self.values.is_text(number):
            return []
        found = {t for t, _ in self.values.parts(number)}
        for text in self.texts_of(number):
            found.update(self.dates_in(text, number.role))
        return sorted(t for t in found if t > 0)

    def message_at(self, instants: list[float]) -> None:
        """Tell whoever keeps what was reckoned from expressions that one of them changes."""
        if instants:
            self.on_calendar(np.array(instants), at.PHASE_CHANGE, at.CAL_MESSAGE, 0)

    def _emit_dated(self, parts: list[tuple[float, Part]], rows: list[tuple[int, int, int, float]]) -> None:
        t, part = parts[-1]
        if len(parts) == 1:
            self._emit_part(part, rows)
            return
        rows.append((at.OP_SINCE, 0, 0, t))
        self._emit_part(part, rows)
        self._emit_dated(parts[:-1], rows)
        rows.append((at.OP_IF, 0, 0, 0.0))

    def _emit_part(self, part: Part, rows: list[tuple[int, int, int, float]]) -> None:
        """A text, a column, or (operation, part, part)."""
        if isinstance(part, str):
            self._emit(ex.parse(part, self.names(self._role)), rows)
        elif isinstance(part, int):
            rows.append((at.OP_SLOT, self.values.add(Slot(((-np.inf, part),))), 0, 0.0))
        else:
            op, left, right = part
            self._emit_part(left, rows)
            self._emit_part(right, rows)
            rows.append((at.OP_MUL if op == "multiply" else at.OP_ADD, 0, 0, 0.0))

    def _emit(self, e: ex.Expr, rows: list[tuple[int, int, int, float]]) -> None:
        """Append an expression in postfix order."""
        if isinstance(e, ex.Num):
            rows.append((at.OP_CONST, 0, 0, e.value))
        elif isinstance(e, ex.Name):
            if e.kind in ("place", "way", "memory"):
                rows.append((*LOOKS[e.name], 0, 0.0))
            elif e.kind == "quantity":
                rows.append((at.OP_SLOT, self.quantity_slot(e.name), 0, 0.0))
            elif e.kind == "member":
                rows.append((at.OP_PEOPLE, MEMBERS.index(e.name), 0, 0.0))
            else:
                rows.append((at.OP_DAYS_WAITED, 0, 0, 0.0))
        elif isinstance(e, ex.Is) and e.attribute == "kind":
            rows.append((at.OP_KIND_IS, self.kinds.index(e.level), 0, 0.0))
            if e.op == "!=":
                rows.append((at.OP_NOT, 0, 0, 0.0))
        elif isinstance(e, ex.Is):
            level = self.levels_of(e.attribute).index(e.level)
            rows.append((at.OP_ATTR_IS, self.attributes[e.attribute], level, 0.0))
            if e.op == "!=":
                rows.append((at.OP_NOT, 0, 0, 0.0))
        elif isinstance(e, ex.State):
            rows.append((STATES[e.function], self.facilities[e.facility], 0, 0.0))
        elif isinstance(e, ex.Since):
            rows.append((at.OP_SINCE, 0, 0, self.instant(e.date)))
        elif isinstance(e, ex.Unary):
            self._emit(e.operand, rows)
            rows.append((at.OP_NOT if e.op == "not" else at.OP_NEG, 0, 0, 0.0))
        elif isinstance(e, ex.Call):
            for i, arg in enumerate(e.args):
                self._emit(arg, rows)
                if e.function in BINARY and i > 0:
                    rows.append((BINARY[e.function], 0, 0, 0.0))
            if e.function in ("exp", "log"):
                rows.append((at.OP_EXP if e.function == "exp" else at.OP_LOG, 0, 0, 0.0))
        elif isinstance(e, ex.If):
            for part in (e.condition, e.then, e.otherwise):
                self._emit(part, rows)
            rows.append((at.OP_IF, 0, 0, 0.0))
        else:
            self._emit(e.left, rows)
            self._emit(e.right, rows)
            rows.append((BINARY[e.op], 0, 0, 0.0))

    # --- the calendar --------------------------------------------------------------------------------------------

    def on_calendar(self, times: Array, phase: int, kind: int, a: int, b: Array | int = 0) -> None:
        """Entries of one kind at several instants."""
        self.calendar.append((np.asarray(times, dtype=float), phase, kind, a, b))

    def key(self, *names: object) -> int:
        """A key of luck."""
        return key_of(*names)
