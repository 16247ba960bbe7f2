"""What each facility does, interval by interval and run by run, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from posada.report.frames import LEVELS
from posada.report.reading import Reading

Array = np.ndarray[Any, Any]

EVENTS = ("served", "nights", "nights_no_bed")
STATES = ("waiting", "occupied")
EVERYBODY, OTHERS = "", "background"


class Key(NamedTuple):
    """A facility, what is counted, and whom: a group, everybody simulated, or counted blocks of others' cases."""

    where: str
    measure: str
    level: str


class Loads:
    """People served, nights, people waiting and places in use, as arrays of record intervals by replicates."""

    def __init__(self, result: Reading, intervals: Sequence[tuple[date, date]]) -> None:
        self.starts = np.array([start for start, _ in intervals], dtype="datetime64[D]")
        self.days = np.array([(end - start).days for start, end in intervals], dtype=float)
        self.replicates = max(result.replicates, 1)
        self.arrays: dict[Key, Array] = {}
        self._take(result.flows, "event", EVENTS, "from")
        self._take(result.stocks, "state", STATES, "at")
        if not result.background.is_empty():
            for (where,), rows in result.background.partition_by("where", as_dict=True).items():
                for measure in ("served", "waiting"):
                    self._put(Key(str(where), measure, OTHERS), rows, "date", measure)

    def _take(self, table: pl.DataFrame, column: str, kinds: Sequence[str], first: str) -> None:
        if table.is_empty():
            return
        rows = table.filter(pl.col(column).is_in(list(kinds))).select(
            "where", column, "level", "replicate", first, "people"
        )
        for key, part in rows.partition_by(["where", column, "level"], as_dict=True).items():
            where, measure, level = map(str, key)
            self._put(Key(where, measure, EVERYBODY if level == "all" else level), part, first, "people")

    def _put(self, key: Key, rows: pl.DataFrame, first: str, column: str) -> None:
        interval = np.searchsorted(self.starts, rows[first].to_numpy().astype("datetime64[D]"))
        cells = interval * self.replicates + rows["replicate"].to_numpy()
        size = len(self.starts) * self.replicates
        sums = np.bincount(cells, weights=rows[column].to_numpy().astype(float), minlength=size)
        self.arrays[key] = sums.reshape(len(self.starts), self.replicates)

    def get(self, where: str, measure: str, level: str = EVERYBODY) -> Array:
        """One array; zeros where nothing happened."""
        found = self.arrays.get(Key(where, measure, level))
        return np.zeros((len(self.starts), self.replicates)) if found is None else found

    def whole(self, where: str, measure: str) -> Array:
        """Everybody, other people's counted cases included."""
        return self.get(where, measure) + self.get(where, measure, OTHERS)


def intervals_of(*results: Reading) -> list[tuple[date, date]]:
    """The record intervals that occur in results, in order."""
    found: dict[date, date] = {}
    for result in results:
        for table, first, last in ((result.flows, "from", "to"), (result.stocks, "at", "until")):
            found.update(table.select(first, last).unique().iter_rows())
        found.update(result.background.select("date", "until").unique().iter_rows())
    return sorted(found.items())


LENGTH = 28
"""Days in which the busiest time of a load is looked for, at least."""


def busiest(values: Array, days: Array, length: int = LENGTH) -> slice:
    """The shortest run of intervals of `length` days at least in which most of a load falls (mean of the runs)."""
    means = values.mean(axis=1)
    total, ends = np.concatenate([[0.0], np.cumsum(means)]), np.concatenate([[0.0], np.cumsum(days)])
    lasts = np.minimum(np.searchsorted(ends, ends[:-1] + length), len(means))
    sums = total[lasts] - total[:-1]
    first = int(np.argmax(np.round(sums, 9)))
    return slice(first, int(lasts[first]))


def spread_of(values: Array) -> dict[str, float]:
    """Median and intervals over the replicates."""
    return dict(zip(LEVELS, (float(x) for x in np.quantile(values, list(LEVELS.values()))), strict=True))
