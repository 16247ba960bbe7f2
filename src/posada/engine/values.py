"""Numbers of a scenario as columns of drawn values, and as slots that follow dated lists and policies in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from posada.engine import layout as at
from posada.engine.hashing import key_of
from posada.engine.layout import Array
from posada.scenario import Change, Instant, Number, Quantity

Z95 = 1.6448536269514722
WHOLE = ("capacity", "stages")
SHARES = ("share", "chance")
NEVER_NEGATIVE = ("share", "chance", "capacity", "rate", "seconds", "positive", "ratio", "stages")

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
    """A number in use: what it is in time, and who is told when it changes."""

    timeline: Timeline
    whole: bool
    watch: int = at.WATCH_NONE
    who: int = -1


@dataclass
class Values:
    """All columns and slots of a program."""

    instant: Callable[[Instant | date], float]
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
            base: list[tuple[float, int]] = []
            for entry in number.entries:
                t = -np.inf if entry.from_ is None else self.instant(entry.from_)
                if isinstance(entry.what, Quantity):
                    base.append((t, self._column_of(entry.what, path, number.role)))
                else:
                    base.extend(_window(self.timeline(self._quantities[entry.what]), t, base))
            self._timelines[path] = self._changed(tuple(base), path)
        return self._timelines[path]

    def _changed(self, base: Timeline, path: str) -> Timeline:
        """A timeline with the policies' changes of its path, in order, each within its dates."""
        for change in self.changes:
            if change.path != path:
                continue
            what = change.number.entries[0].what
            operand = (self.timeline(self._quantities[what])[0][1] if isinstance(what, str)
                       else self._column_of(what, f"policies.{change.policy}.{change.position}", change.number.role))
            start = -np.inf if change.from_ is None else self.instant(change.from_)
            end = np.inf if change.until is None else self.instant(change.until)
            base = self._with_change(base, change.op, operand, start, end)
        return base

    def _with_change(self, base: Timeline, op: str, operand: int, start: float, end: float) -> Timeline:
        cuts = sorted({t for t, _ in base} | {t for t in (start, end) if t < np.inf})
        new: list[tuple[float, int]] = []
        for t in cuts:
            column = [c for since, c in base if since <= t][-1]
            if start <= t < end:
                column = operand if op == "set" else self.column(
                    Derived({"multiply": "product", "add": "sum"}[op], (column, operand)))
            if not new or new[-1][1] != column:
                new.append((t, column))
        return tuple(new)

    def slot(self, number: Number, watch: int = at.WATCH_NONE, who: int = -1) -> int:
        """A slot that follows a number."""
        return self.add(Slot(self.timeline(number), number.role in WHOLE, watch, who))

    def add(self, slot: Slot) -> int:
        """A slot of one's own making."""
        self.slots.append(slot)
        return len(self.slots) - 1

    def constant(self, value: float) -> int:
        """A slot that never changes."""
        return self.add(Slot(((-np.inf, self.column(Constant(value))),), False))

    def derived(self, op: str, slots: Iterable[int], sizes: tuple[float, ...] = ()) -> int:
        """A slot made from the first values of other slots."""
        columns = tuple(self.slots[slot].timeline[0][1] for slot in slots)
        return self.add(Slot(((-np.inf, self.column(Derived(op, columns, sizes))),), False))

    def texts(self, number: Number) -> list[tuple[float, str | Quantity | Number]]:
        """For numbers that may be expressions: what stands there in time, with `set` changes applied (undated only)."""
        entries: list[tuple[float, str | Quantity | Number]] = [
            (-np.inf if e.from_ is None else self.instant(e.from_), e.what) for e in number.entries]
        for change in self.changes:
            if change.path == number.path and isinstance(change.number.entries[0].what, str) and change.op == "set":
                start = -np.inf if change.from_ is None else self.instant(change.from_)
                entries = [e for e in entries if e[0] < start] + [(start, change.number.entries[0].what)]
        return entries

    def tables(self) -> tuple[Array, Array]:
        """The slots and their later changes, as the engine reads them. Values before the start are the start's."""
        slots = np.zeros(len(self.slots), at.SLOT)
        changes: list[tuple[float, int]] = []
        for i, slot in enumerate(self.slots):
            first = [c for t, c in slot.timeline if t <= 0][-1] if slot.timeline[0][0] <= 0 else slot.timeline[0][1]
            later = [(t, c) for t, c in slot.timeline if t > 0]
            slots[i] = (first, slot.whole, slot.watch, slot.who, len(changes), len(later))
            changes.extend(later)
        return slots, np.array(changes, dtype=[("t", "f8"), ("value", "i4")]).astype(at.CHANGE)


def _window(timeline: Timeline, start: float, before: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """The part of a named quantity's timeline that holds from `start` on."""
    first = [c for t, c in timeline if t <= start] or [timeline[0][1]]
    return [(start, first[-1]), *((t, c) for t, c in timeline if t > start)]


def paths(columns: list[Column]) -> list[str]:
    """The paths that are drawn, in order."""
    return sorted({c.path for c in columns if isinstance(c, Drawn)})


def scale_of(quantity: Quantity, share: bool) -> str:
    """The scale on which a quantity is drawn: its own, or that of its place."""
    low, high = quantity.low, quantity.high
    assert low is not None
    assert high is not None
    if share and 0 < low and high < 1 and quantity.scale in (None, "logit"):
        return "logit"
    if quantity.scale == "linear" or low <= 0 or share:
        return "linear"
    return quantity.scale or "log"


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
