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
from posada.results.series import array_of, rows_of, window
from posada.scenario import PARTY_TYPES, Series

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

EVERYONE = "everyone"
LEVELS = {"low": 0.05, "median": 0.5, "high": 0.95}
SMALLEST_FAMILY = 2
"""People, where the result does not tell how large families are."""
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


def overflow(
    result: Result, at: str | None = None, from_: date | None = None, to: date | None = None, beds: Beds | None = None
) -> pl.DataFrame:
    """One row per shelter, kind of party and night: probabilities over the replicates.

    A night is that which follows `date` (of an interval longer than a day, its last one); free beds are those at its
    beginning, midnight. A party needs beds of one class that admits it, as many as it has people (parties of its type,
    in the mean, rounded up). `at` is a shelter or a place; KeyError if it is neither.
    """
    beds = beds or Beds(result)
    keep = window(result, from_, to)
    nights = [end - timedelta(days=1) for _, end in result.record]
    rows = [
        row
        for shelter in shelters_at(result, at)
        for who in kinds_of(result, beds.of(shelter))
        for row in _rows(Case(result, beds, shelter, who, size_of(result, who)), keep, nights)
    ]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


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
    seen = [kind for kind in admitted if sizes_of(result).get(kind)] if types_known(result) else admitted
    return [EVERYONE, *(kind for kind in seen if kind != "unstated")]


def types_known(result: Result) -> bool:
    """Whether results are broken down by type of party."""
    return "party_type" in result.scenario.record.by


def sizes_of(result: Result) -> dict[str, float]:
    """People per party of each type, in the mean over all who set out."""
    rows = result.flows.lazy().filter((pl.col("event") == "set_out") & (pl.col("attribute") == "party_type"))
    sums = rows.group_by(pl.col("level").cast(pl.String)).agg(pl.col("people").sum(), pl.col("parties").sum()).collect()
    return {level: people / parties for level, people, parties in sums.iter_rows() if parties}


def size_of(result: Result, who: str) -> int:
    """The beds that a party of a type needs: its people in the mean, rounded up; one for anybody."""
    if who == EVERYONE:
        return 1
    known = sizes_of(result).get(who) if types_known(result) else None
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


def has_list(result: Result, shelter: str) -> bool:
    """Whether anybody ever waits for a bed of this shelter: people are on the list of the one they ask first."""
    return rows_of(result, Series("no_bed", shelter)).height > 0


def _rows(case: Case, keep: Array, nights: Sequence[date]) -> Iterator[list[Any]]:
    """The rows of a shelter and a kind of party."""
    at, stated = case.result.scenario.facilities[case.shelter].at, case.stated()
    beds, free, full, some_time = case.capacity(), case.free(), case.no_room(), case.no_room(at_most_taken=True)
    without = case.without()
    known = [room.stated for room in case.rooms]
    flags = [any(map(remembered, known)), any(map(others_assumed, known))]
    for k in np.flatnonzero(keep).tolist():
        left = None if without is None else without[k]
        yield [
            *(at, case.shelter, case.who, case.size, nights[k]),
            *quantiles(stated[k]),
            *quantiles(beds[k]),
            *quantiles(free[k]),
            float(full[k].mean()),
            float(some_time[k].mean()),
            None if left is None else float((left > 0).mean()),
            *([None] * 3 if left is None else quantiles(left)),
            *flags,
            *(_conditions(stated[k], full[k], left) if flags[0] else [None] * 6),
        ]


def quantiles(values: Array) -> list[float]:
    """The 5 %, 50 % and 95 % points: values that occur, of two the higher, so that nothing is under-stated."""
    return [float(x) for x in np.quantile(values, list(LEVELS.values()), method="higher")]


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
