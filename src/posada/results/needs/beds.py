"""Beds: how many each shelter has in each replicate and interval, how many are taken, and how many are free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.engine import Compiled, compile_scenario, draw_z, key_of, matrix
from posada.results.series import array_of
from posada.scenario import PARTY_TYPES, BedClass, Change, Facility, Instant, Quantity, Series

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

LAST_SECOND = 1.0
"""Seconds before an interval's end at which its beds are counted: changes act from the midnight itself on."""


@dataclass(frozen=True)
class Room:
    """Beds of one class (the whole shelter where it has no classes); `admits` are types of parties."""

    where: str
    shelter: str
    label: str
    admits: tuple[str, ...]
    stated: BedClass


def rooms_of(facility: Facility) -> list[Room]:
    """The classes of beds of a shelter."""
    return [
        Room(
            f"{facility.id}/{beds.id}" if beds.id else facility.id,
            facility.id,
            beds.id,
            tuple(
                kind for kind in PARTY_TYPES if beds.admits is None or kind in beds.admits or "everyone" in beds.admits
            ),
            beds,
        )
        for beds in facility.beds
    ]


def remembered(stated: BedClass) -> bool:
    """Whether the number of beds rests on no report at all: it is assumed, and no evidence is named."""
    whats = [entry.what for entry in stated.beds.entries if isinstance(entry.what, Quantity)]
    return any(what.assumed and not what.evidence for what in whats)


def others_assumed(stated: BedClass) -> bool:
    """Whether it is assumed how many beds other people hold."""
    entries = stated.others.entries if stated.others else ()
    return any(isinstance(e.what, Quantity) and e.what.assumed for e in entries)


@dataclass(frozen=True)
class Part:
    """Replicates that run under the same changes, and their numbers."""

    replicates: Array
    compiled: Compiled
    values: Array


class Beds:
    """Beds as arrays of record intervals by replicates, reckoned as the engine does from the numbers drawn."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self._known: dict[tuple[str, str], Array] = {}
        self.rooms = {
            room.where: room for f in result.scenario.facilities.values() if f.kind == "beds" for room in rooms_of(f)
        }

    @cached_property
    def sizes(self) -> dict[str, float]:
        """People per party of each type, in the mean over all who set out; nothing of types that nobody is of."""
        found = {}
        for kind in PARTY_TYPES:
            series = [Series("set_out", group, "party_type", kind) for group in self.result.scenario.groups]
            people, parties = (
                sum(array_of(self.result, one, column).sum() for one in series) for column in ("people", "parties")
            )
            if parties:
                found[kind] = float(people / parties)
        return found

    def of(self, shelter: str) -> list[Room]:
        """The classes of a shelter."""
        return [room for room in self.rooms.values() if room.shelter == shelter]

    def capacity(self, where: str) -> Array:
        """All beds at the end of each interval."""
        return self._numbers(where, "capacity")

    def others(self, where: str) -> Array:
        """Beds that other people hold."""
        return self._numbers(where, "others")

    def taken(self, where: str, at_most: bool = False) -> Array:
        """Beds that people of the model hold at the end of each interval, or at most at one time within it."""
        per_person = self.result.scenario.facilities[self.rooms[where].shelter].per == "person"
        column = ("people_max" if at_most else "people") if per_person else "parties"
        return array_of(self.result, Series("occupied", where), column)

    def free(self, where: str, at_most_taken: bool = False) -> Array:
        """Free beds at the end of each interval, or when fewest were free in it; never negative."""
        left: Array = self.capacity(where) - self.others(where) - self.taken(where, at_most_taken)
        return np.asarray(np.maximum(0.0, left))

    def _numbers(self, where: str, column: str) -> Array:
        if (where, column) not in self._known:
            self._known[where, column] = self._reckon(where, column)
        return self._known[where, column]

    def _reckon(self, where: str, column: str) -> Array:
        """A number of a room by interval and replicate."""
        found = np.zeros((len(self.result.record), self.result.replicates))
        for part in self._parts:
            found[:, part.replicates] = _in_time(part, where, column)
        return found

    @cached_property
    def _parts(self) -> list[Part]:
        return [self._part(which, changes) for which, changes in changes_of(self.result)]

    def _part(self, which: Array, changes: tuple[Change, ...]) -> Part:
        """What replicates under some changes draw; numbers that only a measure names are drawn as the run did."""
        compiled = compile_scenario(self.result.scenario, changes)
        n = self.result.replicates
        info = self.result.info
        seed = info.forks[-1].seed if info.forks else info.seed
        z = draw_z(compiled.columns, np.array([key_of("replicate", seed, r) for r in range(n)], dtype=np.uint64))
        drawn = self.result.quantities.partition_by("path", as_dict=True)
        for (path,), rows in drawn.items():
            if str(path) in z:
                z[str(path)][rows["replicate"].to_numpy()] = rows["z"].to_numpy()
        return Part(which, compiled, matrix(compiled.columns, z, n)[which])


def changes_of(result: Result) -> list[tuple[Array, tuple[Change, ...]]]:
    """Groups of replicates and the changes that acted in them: policies, texts, forks, and measures that were taken."""
    info, scenario = result.info, result.scenario
    changes = scenario.changes(info.policies, info.sets)
    before = list(info.sets)
    for fork in info.forks:
        day = date.fromisoformat(fork.date)
        changes = (*changes, *scenario.changes_from(day, fork.policies, fork.sets, before))
        before += fork.sets
    everybody = np.arange(result.replicates)
    measures = result.measures
    if measures is None or measures.is_empty():
        return [(everybody, changes)]
    groups: dict[tuple[Any, ...], list[int]] = {}
    for r in everybody.tolist():
        taken = measures.filter(pl.col("replicate") == r)
        groups.setdefault(tuple(taken.select("policy", "rung", "acts_from").iter_rows()), []).append(r)
    return [(np.array(which), (*changes, *_measures(result, taken))) for taken, which in groups.items()]


def _measures(result: Result, taken: Sequence[tuple[str, int, Any]]) -> tuple[Change, ...]:
    """The changes of measures from the days on which they act."""
    return tuple(
        replace(change, from_=Instant(day))
        for policy, rung, day in taken
        for change in result.scenario.policies[policy].ladder[rung - 1].changes
    )


def _in_time(part: Part, where: str, column: str) -> Array:
    """A number of a room at the end of each interval, by replicate: whole, rounded half up, never negative."""
    program, names = part.compiled.program, part.compiled.codes.facilities
    ends = program.record_times[1:] - LAST_SECOND
    slot = int(program.facilities[column][names.index(where)])
    if slot < 0:
        return np.zeros((len(ends), len(part.replicates)))
    row = program.slots[slot]
    found = np.repeat(part.values[:, int(row["value"])][None, :], len(ends), axis=0)
    first = int(row["change_first"])
    for change in program.changes[first : first + int(row["change_n"])]:
        found[ends >= change["t"]] = part.values[:, int(change["value"])]
    return np.maximum(0.0, np.floor(found + 0.5))
