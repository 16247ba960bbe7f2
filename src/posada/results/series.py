"""Series by their addresses, as arrays: record intervals by replicates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.scenario import Series, parse_series

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

STATES = (
    "present",
    "travelling",
    "waiting",
    "all_waiting",
    "in_service",
    "occupied",
    "no_bed",
    "in_stage",
    "active",
    "apart",
    "children_apart",
)
WITH_BACKGROUND = {"all_waiting": "waiting", "all_served": "served"}
"""Series that add other people's cases, counted in the facility's unit, to the people simulated."""

KEYS = {
    "stocks": ("where", "state", "at"),
    "flows": ("where", "event", "from"),
    "waits": ("where", None, "joined"),
    "outcomes": ("outcome", None, "date"),
}
"""Columns by which a table is taken apart: where, what, and the first day of the interval."""


class Parts:
    """A table taken apart by place and event, one level of one attribute at a time; kept, since much is asked of it."""

    def __init__(self, table: pl.DataFrame, keys: tuple[str, str | None, str]) -> None:
        self._table = table
        self._where, self._what, date_column = keys
        self._date = date_column
        self._levels: dict[tuple[str, str], dict[tuple[str, str], list[pl.DataFrame]]] = {}
        self._nothing = table.clear().rename({date_column: "date"} if date_column != "date" else {})

    def rows(self, where: str, what: str, attribute: str, level: str) -> pl.DataFrame:
        """Rows of a place (a shelter with its classes) at a level, the interval's first day in `date`."""
        if (attribute, level) not in self._levels:
            self._levels[attribute, level] = self._split(attribute, level)
        found = self._levels[attribute, level].get((where, what if self._what is not None else ""), [])
        if not found:
            return self._nothing
        return found[0] if len(found) == 1 else pl.concat(found)

    def _split(self, attribute: str, level: str) -> dict[tuple[str, str], list[pl.DataFrame]]:
        """The rows of one level by place and event; those of a shelter's classes stand under the shelter too."""
        for name, wanted in (("attribute", attribute), ("level", level)):
            if wanted not in self._table[name].dtype.categories.to_list():  # type: ignore[attr-defined]
                return {}
        rows = self._table.filter((pl.col("attribute") == attribute) & (pl.col("level") == level))
        if self._date != "date":
            rows = rows.rename({self._date: "date"})
        by = [self._where] if self._what is None else [self._where, self._what]
        found: dict[tuple[str, str], list[pl.DataFrame]] = {}
        for key, part in rows.partition_by(by, as_dict=True, maintain_order=True).items():
            where, what = str(key[0]), "" if self._what is None else str(key[1])
            found.setdefault((where, what), []).append(part)
            whole, sign, _ = where.partition("/")
            if sign and "." not in whole:
                found.setdefault((whole, what), []).append(part)
        return found


def rows_of(result: Result, series: Series) -> pl.DataFrame:
    """The rows of the table that holds a series; not for series with background."""
    attribute, level = (series.attribute or "all", series.level or "all")
    table = (
        "stocks"
        if series.verb in STATES
        else "outcomes"
        if series.verb == "ended"
        else "waits"
        if series.verb == "wait"
        else "flows"
    )
    return result.parts(table).rows(series.where, series.verb, attribute, level)


def array_of(result: Result, series: Series, column: str = "people") -> Array:
    """A stock or flow as whole numbers: record intervals by replicates."""
    if series.verb in WITH_BACKGROUND:
        verb = WITH_BACKGROUND[series.verb]
        others = result.background.filter(pl.col("where") == series.where)
        return array_of(result, replace(series, verb=verb)) + _fill(result, others, verb)
    return _fill(result, rows_of(result, series), column)


def _fill(result: Result, rows: pl.DataFrame, column: str) -> Array:
    out = np.zeros((len(result.starts), result.replicates))
    if rows.height:
        interval = np.searchsorted(result.starts, rows["date"].to_numpy().astype("datetime64[D]"))
        np.add.at(out, (interval, rows["replicate"].to_numpy()), rows[column].to_numpy())
    return out


def window(result: Result, from_: date | None, to: date | None) -> Array:
    """Which record intervals begin within two dates, both included."""
    keep = np.ones(len(result.starts), dtype=bool)
    if from_ is not None:
        keep &= result.starts >= np.datetime64(from_)
    if to is not None:
        keep &= result.starts <= np.datetime64(to)
    return keep


def at_end_of(result: Result, values: Array, day: date) -> Array:
    """A stock at the end of the record interval that holds a day, by replicate."""
    k = int(np.searchsorted(result.starts, np.datetime64(day), side="right")) - 1
    return np.asarray(values[k]) if k >= 0 else np.zeros(result.replicates)


def read_series(result: Result, address: str, from_: date | None, to: date | None) -> pl.DataFrame:
    """(replicate, date, value) with a row for every replicate and interval; ValueError for a bad address."""
    series = parse_series(address)
    if series.verb == "wait":
        raise ValueError(f"{address} is a distribution of waits, not a series in time; read it from the table `waits`")
    keep = window(result, from_, to)
    values, starts = array_of(result, series)[keep], result.starts[keep]
    n = result.replicates
    return pl.DataFrame(
        {
            "replicate": np.repeat(np.arange(n, dtype=np.int32), len(starts)),
            "date": np.tile(starts, n),
            "value": values.T.ravel(),
        }
    )


def per_replicate(rows: pl.DataFrame, replicates: int, column: str) -> Sequence[float]:
    """The sum of a column in each replicate."""
    weights = rows[column].to_numpy()
    return [float(x) for x in np.bincount(rows["replicate"].to_numpy(), weights=weights, minlength=replicates)]
