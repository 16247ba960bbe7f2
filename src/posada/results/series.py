"""Series by their addresses: one row per replicate and record interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from posada.scenario import Series, parse_series

if TYPE_CHECKING:
    from posada.results.result import Result

STATES = ("present", "travelling", "waiting", "in_service", "occupied", "no_bed", "in_stage", "active", "apart",
          "children_apart")


def rows_of(result: Result, series: Series) -> pl.DataFrame:
    """The rows of the table that holds a series, for its place and level; (replicate, date, people, ...)."""
    attribute, level = (series.attribute or "all", series.level or "all")
    if series.verb in STATES:
        return _at(result.stocks.rename({"at": "date"}), series.where, attribute, level).filter(
            pl.col("state") == series.verb)
    if series.verb == "ended":
        return _at(result.outcomes, series.where, attribute, level, "outcome")
    if series.verb == "wait":
        return _at(result.waits.rename({"joined": "date"}), series.where, attribute, level)
    return _at(result.flows.rename({"from": "date"}), series.where, attribute, level).filter(
        pl.col("event") == series.verb)


def _at(table: pl.DataFrame, where: str, attribute: str, level: str, column: str = "where") -> pl.DataFrame:
    """Rows of one place (a shelter with its classes) at one level."""
    names = [name for name in table[column].dtype.categories.to_list() if name == where or
             (name.startswith(where + "/") and "." not in where)]
    kept = table.filter(pl.col(column).is_in(names)) if names else table.clear()
    for name, wanted in (("attribute", attribute), ("level", level)):
        if wanted not in kept[name].dtype.categories.to_list():
            return kept.clear()
        kept = kept.filter(pl.col(name) == wanted)
    return kept


def read_series(result: Result, address: str, from_: date | None, to: date | None, value: str = "people",
                ) -> pl.DataFrame:
    """(replicate, date, value) with a row for every replicate and interval; ValueError for a bad address."""
    series = parse_series(address)
    if series.verb == "wait":
        raise ValueError(f"{address} is a distribution of waits, not a series in time; read it from the table `waits`")
    dates = [d for d in result.dates if (from_ is None or d >= from_) and (to is None or d <= to)]
    grid = pl.DataFrame({"date": pl.Series(dates, dtype=pl.Date)}).join(
        pl.DataFrame({"replicate": pl.Series(range(result.replicates), dtype=pl.Int32)}), how="cross")
    found = rows_of(result, series).group_by("replicate", "date").agg(pl.col(value).sum().alias("value"))
    return (grid.join(found, on=["replicate", "date"], how="left")
            .with_columns(pl.col("value").fill_null(0).cast(pl.Float64))
            .select("replicate", "date", "value").sort("replicate", "date"))


def per_replicate(frame: pl.DataFrame, replicates: int, expression: pl.Expr) -> Sequence[float]:
    """One number per replicate, 0 where there is no row."""
    found = dict(frame.group_by("replicate").agg(expression.alias("value")).select("replicate", "value").iter_rows())
    return [float(found.get(r) or 0.0) for r in range(replicates)]
