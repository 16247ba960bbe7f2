"""Overflow: with what probability a shelter has no free bed for a kind of party, and somebody is without one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.results.needs.beds import Beds, Room, others_assumed, remembered
from posada.results.series import array_of, window
from posada.scenario import PARTY_TYPES, Series

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

EVERYONE = "everyone"
LEVELS = {"low": 0.05, "median": 0.5, "high": 0.95}
SMALLEST_FAMILY = 2
"""People, where the result does not tell how large families are."""
MARGIN = 2
"""Intervals before the first and after the last people that are shown too."""
COLUMNS = {
    "at": pl.String,
    "shelter": pl.String,
    "who": pl.String,
    "size": pl.Int64,
    "date": pl.Date,
    "stated_low": pl.Float64,
    "stated_median": pl.Float64,
    "stated_high": pl.Float64,
    "beds_low": pl.Float64,
    "beds_median": pl.Float64,
    "beds_high": pl.Float64,
    "free_low": pl.Float64,
    "free_median": pl.Float64,
    "free_high": pl.Float64,
    "no_free_bed": pl.Float64,
    "no_free_bed_some_time": pl.Float64,
    "without_bed": pl.Float64,
    "without_low": pl.Float64,
    "without_median": pl.Float64,
    "without_high": pl.Float64,
    "remembered": pl.Boolean,
    "others_assumed": pl.Boolean,
    "if_beds_few": pl.Float64,
    "no_free_bed_if_few": pl.Float64,
    "without_bed_if_few": pl.Float64,
    "if_beds_many": pl.Float64,
    "no_free_bed_if_many": pl.Float64,
    "without_bed_if_many": pl.Float64,
}
"""Columns of the table; docs/results.md tells what they mean."""


def overflow(result: Result, at: str | None = None, from_: date | None = None, to: date | None = None) -> pl.DataFrame:
    """One row per shelter, kind of party and night: probabilities over the replicates.

    A night is that which follows `date` (of an interval longer than a day, its last one); free beds are those at its
    beginning, midnight. A party needs beds of one class that admits it, as many as it has people (parties of its type,
    in the mean, rounded up). `at` is a shelter or a place; KeyError if it is neither. Without dates, intervals are left
    out in which nobody of the model has a bed of the shelter, or waits for one, in any replicate.
    """
    beds = result.beds
    wanted = window(result, from_, to)
    nights = [end - timedelta(days=1) for _, end in result.record]
    rows = [
        row
        for shelter in shelters_at(result, at)
        for keep in [np.flatnonzero(wanted if from_ or to else wanted & in_use(result, shelter))]
        for who in kinds_of(result, beds.of(shelter))
        for row in _rows(Case(result, beds, shelter, who, size_of(result, who)), keep, nights)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def in_use(result: Result, shelter: str) -> Array:
    """In which intervals somebody has a bed of a shelter, or waits for one."""
    states = [array_of(result, Series(state, shelter), "people_max") for state in ("occupied", "no_bed")]
    return np.asarray((states[0] + states[1]).any(axis=1))


def shelters_at(result: Result, at: str | None) -> list[str]:
    """A shelter, the shelters of a place, or all; KeyError if there is no such place or shelter."""
    facilities = result.scenario.facilities
    known = [name for name, facility in facilities.items() if facility.kind == "beds"]
    if at is None or at in known:
        return known if at is None else [at]
    if at not in result.scenario.places:
        raise KeyError(at)
    return [name for name in known if facilities[name].at == at]


def kinds_of(result: Result, rooms: Sequence[Room]) -> list[str]:
    """Everyone, and each type of party that the beds admit and that occurs (if the result tells of types)."""
    admitted = [kind for kind in PARTY_TYPES if any(kind in room.admits for room in rooms)]
    seen = [kind for kind in admitted if result.beds.sizes.get(kind)] if types_known(result) else admitted
    return [EVERYONE, *(kind for kind in seen if kind != "unstated")]


def types_known(result: Result) -> bool:
    """Whether results are broken down by type of party."""
    return "party_type" in result.scenario.record.by


def size_of(result: Result, who: str) -> int:
    """The beds that a party of a type needs: its people in the mean, rounded up; one for anybody."""
    if who == EVERYONE:
        return 1
    known = result.beds.sizes.get(who) if types_known(result) else None
    return math.ceil(known - 1e-9) if known else SMALLEST_FAMILY if who == "families" else 1


@dataclass(frozen=True)
class Case:
    """A shelter and a kind of party: its arrays are record intervals by replicates."""

    result: Result
    beds: Beds
    shelter: str
    who: str
    size: int

    @property
    def rooms(self) -> list[Room]:
        """The classes of beds that admit them."""
        return [room for room in self.beds.of(self.shelter) if self.who == EVERYONE or self.who in room.admits]

    def capacity(self) -> Array:
        """Beds for them, those that others hold taken off."""
        parts = [np.maximum(0.0, self.beds.capacity(r.where) - self.beds.others(r.where)) for r in self.rooms]
        return np.asarray(sum(parts))

    def stated(self) -> Array:
        """Beds for them, whoever holds them."""
        return np.asarray(sum(self.beds.capacity(room.where) for room in self.rooms))

    def free(self) -> Array:
        """Free beds for them at midnight."""
        return np.asarray(sum(self.beds.free(room.where) for room in self.rooms))

    def no_room(self, at_most_taken: bool = False) -> Array:
        """Whether no class has beds enough for one party more."""
        parts = [self.beds.free(room.where, at_most_taken) for room in self.rooms]
        per_person = self.result.scenario.facilities[self.shelter].per == "person"
        return np.asarray(np.max(parts, axis=0) < (self.size if per_person else 1))

    def without(self) -> Array | None:
        """People on the shelter's list at midnight; None if the result does not tell of types of parties."""
        if self.who != EVERYONE and not types_known(self.result):
            return None
        attribute = None if self.who == EVERYONE else "party_type"
        level = None if self.who == EVERYONE else self.who
        return array_of(self.result, Series("no_bed", self.shelter, attribute, level))


def _rows(case: Case, keep: Array, nights: Sequence[date]) -> Iterator[list[Any]]:
    """The rows of a shelter and a kind of party."""
    at, known = case.result.scenario.facilities[case.shelter].at, [room.stated for room in case.rooms]
    stated, full, some_time = (values[keep] for values in (case.stated(), case.no_room(), case.no_room(True)))
    beds, free, without = case.capacity()[keep], case.free()[keep], case.without()
    left = None if without is None else without[keep]
    flags = [any(map(remembered, known)), any(map(others_assumed, known))]
    nothing = [[None] * len(keep)] * 3
    columns = [
        *(points for values in (stated, beds, free) for points in quantiles(values)),
        full.mean(axis=1).tolist(),
        some_time.mean(axis=1).tolist(),
        nothing[0] if left is None else (left > 0).mean(axis=1).tolist(),
        *(nothing if left is None else quantiles(left)),
    ]
    for i, k in enumerate(keep.tolist()):
        conditions = _conditions(stated[i], full[i], None if left is None else left[i]) if flags[0] else [None] * 6
        numbers = [column[i] for column in columns]
        yield [at, case.shelter, case.who, case.size, nights[k], *numbers, *flags, *conditions]


def quantiles(values: Array) -> list[list[float]]:
    """The 5 %, 50 % and 95 % points of each row: values that occur, of two the higher, so that none is under-stated."""
    ordered = np.sort(values, axis=-1)
    last = values.shape[-1] - 1
    return [ordered[..., math.ceil(share * last - 1e-9)].tolist() for share in LEVELS.values()]


def free_beds(result: Result, shelter: str) -> pl.DataFrame:
    """Free beds of a shelter at midnight (replicate, date, value), from a few days before anybody comes to after."""
    case = Case(result, result.beds, shelter, EVERYONE, 1)
    free = case.free()
    used = np.flatnonzero(in_use(result, shelter))
    if not len(used):
        return pl.DataFrame(schema={"replicate": pl.Int32, "date": pl.Date, "value": pl.Float64})
    keep = slice(max(0, used[0] - MARGIN), used[-1] + 1 + MARGIN)
    starts, values = result.starts[keep], free[keep]
    n = result.replicates
    return pl.DataFrame(
        {
            "replicate": np.repeat(np.arange(n, dtype=np.int32), len(starts)),
            "date": np.tile(starts, n),
            "value": values.T.ravel(),
        }
    )


def _conditions(stated: Array, full: Array, without: Array | None) -> list[float | None]:
    """Beds, and the two probabilities, in the third of the replicates with fewest beds and in that with most.

    Where the number of beds is stated without a range there is one condition only.
    """
    if stated.min() == stated.max():
        return [float(stated[0]), float(full.mean()), None if without is None else float((without > 0).mean())] + [
            None
        ] * 3
    order = np.argsort(stated, kind="stable")
    third = max(1, len(order) // 3)
    found: list[float | None] = []
    for part in (order[:third], order[-third:]):
        found += [float(np.median(stated[part])), float(full[part].mean())]
        found.append(None if without is None else float((without[part] > 0).mean()))
    return found
