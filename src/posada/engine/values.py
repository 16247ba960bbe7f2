"""Numbers of a scenario as columns of drawn values, and as slots that follow dated lists and policies in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import numpy as np

from posada.engine import layout as at
from posada.engine.hashing import key_of
from posada.engine.layout import Array
from posada.scenario import Change, Instant, Number, Quantity

WHOLE = ("capacity", "stages", "count")
SHARES = ("share", "chance", "leaving")
NEVER_NEGATIVE = (
    "share",
    "chance",
    "leaving",
    "weight",
    "capacity",
    "rate",
    "seconds",
    "positive",
    "ratio",
    "stages",
    "count",
)

T = TypeVar("T")
Timeline = tuple[tuple[float, int], ...]
"""(from, column): what a number is in time; the first from is minus infinity."""


@dataclass(frozen=True)
class Constant:
    """The same in every replicate."""

    value: float


@dataclass(frozen=True)
class Drawn:
    """Ignorance: a function of this path's standard normal."""

    path: str
    quantity: Quantity
    share: bool
    from_zero: bool


@dataclass(frozen=True)
class Derived:
    """Made from other columns: product, sum, rest (1 - sum), mean size (shares, then sizes)."""

    op: str
    columns: tuple[int, ...]
    sizes: tuple[float, ...] = ()


Column = Constant | Drawn | Derived


@dataclass
class Slot:
    """A number in use: what it is in time, what its place allows, and who is told when it changes."""

    timeline: Timeline
    shape: int = at.SHAPE_ANY
    watch: int = at.WATCH_NONE
    who: int = -1


Part = str | int | tuple[str, "Part", "Part"]
"""What a number that may be an expression is: a text, a column, or an operation on two parts."""


@dataclass
class Values:
    """All columns and slots of a program."""

    instant: Callable[[Instant | date, str], float]
    """Engine time of an instant or date that stands at a path."""
    changes: tuple[Change, ...] = ()
    columns: list[Column] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    _known: dict[Column, int] = field(default_factory=dict)
    _quantities: dict[str, Number] = field(default_factory=dict)
    _timelines: dict[str, Timeline] = field(default_factory=dict)
    _shares: set[str] = field(default_factory=set)

    def column(self, column: Column) -> int:
        """The number of a column; equal ones are one."""
        if column not in self._known:
            self._known[column] = len(self.columns)
            self.columns.append(column)
        return self._known[column]

    def use_quantities(self, quantities: dict[str, Number], places: Iterable[Number]) -> None:
        """Make the named quantities known; one is a share if every place that names it is a share."""
        self._quantities = quantities
        roles: dict[str, set[str]] = {}
        for number in places:
            for entry in number.entries:
                if isinstance(entry.what, str) and entry.what in quantities:
                    roles.setdefault(entry.what, set()).add(number.role)
        self._shares = {name for name, used in roles.items() if used <= set(SHARES)}

    def _column_of(self, quantity: Quantity, path: str, role: str) -> int:
        if quantity.low is None:
            return self.column(Constant(quantity.value))
        share = role in SHARES or path.removeprefix("quantities.") in self._shares
        return self.column(Drawn(path, quantity, share, role in NEVER_NEGATIVE))

    def timeline(self, number: Number) -> Timeline:
        """What a number is in time, dated lists and policies applied."""
        path = number.path
        if path not in self._timelines:
            self._timelines[path] = self._changed(self._entries(number), path)
        return self._timelines[path]

    def _entries(self, number: Number, place: str = "") -> Timeline:
        """What a number is in time as it is written; an entry holds until the next. `place` is where it is used."""
        found: list[tuple[float, int]] = []
        for entry in number.entries:
            t = -np.inf if entry.from_ is None else self.instant(entry.from_, place or number.path)
            found = [(since, column) for since, column in found if since < t]
            if isinstance(entry.what, Quantity):
                found.append((t, self._column_of(entry.what, number.path, number.role)))
            else:
                found.extend(_from(self.timeline(self._quantities[entry.what]), t))
        return tuple(found)

    def _window(self, change: Change) -> tuple[float, float]:
        """From when until when a change applies."""
        start = -np.inf if change.from_ is None else self.instant(change.from_, change.path)
        return start, np.inf if change.until is None else self.instant(change.until, change.path)

    def _changed(self, base: Timeline, path: str) -> Timeline:
        """A timeline with the policies' changes of its path, in order, each within its dates."""
        for change in self.changes:
            if change.path == path:
                base = self._with_change(base, change)
        return base

    def _with_change(self, base: Timeline, change: Change) -> Timeline:
        start, end = self._window(change)
        operand = self._entries(change.number, change.path)
        cuts = sorted({t for t, _ in (*base, *operand)} | {t for t in (start, end) if t < np.inf})
        new: list[tuple[float, int]] = []
        for t in cuts:
            column = _at(base, t)
            if start <= t < end:
                by = _at(operand, t)
                column = (
                    by
                    if change.op == "set"
                    else self.column(Derived({"multiply": "product", "add": "sum"}[change.op], (column, by)))
                )
            if not new or new[-1][1] != column:
                new.append((t, column))
        return tuple(new)

    def slot(self, number: Number, watch: int = at.WATCH_NONE, who: int = -1) -> int:
        """A slot that follows a number."""
        shape = at.SHAPE_ANY
        if number.role == "chance":
            shape = at.SHAPE_NOT_NEGATIVE
        elif number.role in SHARES:
            shape = at.SHAPE_SHARE
        elif number.role in WHOLE:
            shape = at.SHAPE_WHOLE
        elif number.role in NEVER_NEGATIVE:
            shape = at.SHAPE_NOT_NEGATIVE
        return self.add(Slot(self.timeline(number), shape, watch, who))

    def add(self, slot: Slot) -> int:
        """A slot of one's own making."""
        self.slots.append(slot)
        return len(self.slots) - 1

    def constant(self, value: float) -> int:
        """A slot that never changes."""
        return self.add(Slot(((-np.inf, self.column(Constant(value))),)))

    def derived(self, op: str, slots: Iterable[int], sizes: tuple[float, ...] = ()) -> int:
        """A slot made from the first values of other slots."""
        columns = tuple(self.slots[slot].timeline[0][1] for slot in slots)
        return self.add(Slot(((-np.inf, self.column(Derived(op, columns, sizes))),)))

    def is_text(self, number: Number) -> bool:
        """Whether an expression stands in a number, or is put there by a change."""
        numbers = [number, *(c.number for c in self.changes if c.path == number.path)]
        return any(isinstance(e.what, str) and e.what not in self._quantities for n in numbers for e in n.entries)

    def parts(self, number: Number) -> list[tuple[float, Part]]:
        """For numbers that may be expressions: what stands there in time, dated lists and policies applied."""
        base = self._parts(number)
        for change in self.changes:
            if change.path != number.path:
                continue
            start, end = self._window(change)
            operand = self._parts(change.number, change.path)
            cuts = sorted({t for t, _ in (*base, *operand)} | {t for t in (start, end) if t < np.inf})
            new: list[tuple[float, Part]] = []
            for t in cuts:
                part = _at(base, t)
                if start <= t < end:
                    by = _at(operand, t)
                    part = by if change.op == "set" else (change.op, part, by)
                new.append((t, part))
            base = new
        return base

    def _parts(self, number: Number, place: str = "") -> list[tuple[float, Part]]:
        return [
            (
                -np.inf if e.from_ is None else self.instant(e.from_, place or number.path),
                e.what if isinstance(e.what, str) else self._column_of(e.what, number.path, number.role),
            )
            for e in number.entries
        ]

    def tables(self) -> tuple[Array, Array]:
        """The slots and their later changes, as the engine reads them. Values before the start are the start's."""
        slots = np.zeros(len(self.slots), at.SLOT)
        changes: list[tuple[float, int]] = []
        for i, slot in enumerate(self.slots):
            first = [c for t, c in slot.timeline if t <= 0][-1] if slot.timeline[0][0] <= 0 else slot.timeline[0][1]
            later = [(t, c) for t, c in slot.timeline if t > 0]
            slots[i] = (first, slot.shape, slot.watch, slot.who, len(changes), len(later))
            changes.extend(later)
        return slots, np.array(changes, dtype=[("t", "f8"), ("value", "i4")]).astype(at.CHANGE)


def _at(timeline: Sequence[tuple[float, T]], t: float) -> T:
    """What a timeline is at an instant."""
    return [what for since, what in timeline if since <= t][-1]


def _from(timeline: Timeline, start: float) -> Timeline:
    """A timeline from `start` on."""
    return ((start, _at(timeline, start)), *((t, c) for t, c in timeline if t > start))


def shift_start(timeline: Timeline, start: float, before: int) -> Timeline:
    """A timeline that holds from `start` on, with another column before."""
    return ((-np.inf, before), *_from(timeline, start))


def paths(columns: list[Column]) -> list[str]:
    """The paths that are drawn, in order."""
    return sorted({c.path for c in columns if isinstance(c, Drawn)})


def scale_of(quantity: Quantity, share: bool) -> str:
    """The scale on which a quantity is drawn: its own, or that of its place."""
    low, high = quantity.low, quantity.high
    assert low is not None
    assert high is not None
    inside = low > 0 and high < 1
    if quantity.scale == "linear" or low <= 0:
        return "linear"
    if quantity.scale == "logit" or (share and quantity.scale is None):
        return "logit" if inside else "linear"
    return "log"


def _spread(z: Array, quantity: Quantity, share: bool) -> Array:
    """The two-piece map of a standard normal through a quantity's three points."""
    from posada.engine.run import compiled_functions

    functions = compiled_functions()
    low, high = quantity.low, quantity.high
    assert low is not None
    assert high is not None
    code = {"linear": 0, "log": 1, "logit": 2}[scale_of(quantity, share)]
    out = np.empty(len(z))
    functions["spread"](z, float(quantity.value), float(low), float(high), code, out)
    return out


def draw_z(columns: list[Column], seeds: Array) -> dict[str, Array]:
    """The standard normal of each path in each replicate: by (seed, replicate, path), whatever else is drawn."""
    from posada.engine.run import compiled_functions

    functions = compiled_functions()
    found = {}
    for path in paths(columns):
        out = np.empty(len(seeds))
        functions["normals"](seeds, np.uint64(key_of("quantity", path)), out)
        found[path] = out
    return found


def matrix(columns: list[Column], z: dict[str, Array], replicates: int) -> Array:
    """Values of every column (second axis) in every replicate (first axis)."""
    out = np.empty((replicates, len(columns)))
    for i, column in enumerate(columns):
        if isinstance(column, Constant):
            out[:, i] = column.value
        elif isinstance(column, Drawn):
            out[:, i] = _spread(z[column.path], column.quantity, column.share)
            if column.share or column.from_zero:
                np.clip(out[:, i], 0.0, 1.0 if column.share else np.inf, out=out[:, i])
        else:
            out[:, i] = _derive(column, out)
    return out


def _derive(column: Derived, out: Array) -> Array:
    parts = [out[:, c] for c in column.columns]
    if column.op == "mean_size":
        total, weighted = np.zeros(len(out)), np.zeros(len(out))
        for part, size in zip(parts, column.sizes, strict=True):
            total += part
            weighted += part * size
        return np.where(total > 0, weighted / np.where(total > 0, total, 1.0), 1.0)
    result = parts[0].copy()
    for part in parts[1:]:
        result = result * part if column.op == "product" else result + part
    return np.maximum(0.0, 1.0 - result) if column.op == "rest" else result
