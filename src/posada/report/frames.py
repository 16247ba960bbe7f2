"""Summaries over replicates: medians, intervals, totals. Rows that are absent count as zero."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from posada.report.inputs import ResultLike

LEVELS = {"median": 0.5, "low50": 0.25, "high50": 0.75, "low90": 0.05, "high90": 0.95}


def quantiles(column: str = "value") -> list[pl.Expr]:
    """Median, 50 % and 90 % interval of a column."""
    return [pl.col(column).quantile(q, interpolation="linear").alias(name) for name, q in LEVELS.items()]


def band(series: pl.DataFrame) -> pl.DataFrame:
    """One row per date with median and intervals, of a table (replicate, date, value)."""
    if series.is_empty():
        return pl.DataFrame(schema={"date": pl.Date, **dict.fromkeys(LEVELS, pl.Float64)})
    return (
        series.select(pl.col("date").cast(pl.Date), pl.col("value").cast(pl.Float64))
        .group_by("date")
        .agg(quantiles())
        .sort("date")
    )


def read(result: ResultLike, address: str) -> pl.DataFrame:
    """Band of a series of the result; empty if the result does not hold it."""
    try:
        return band(result.series(address))
    except (KeyError, ValueError, LookupError):
        return band(pl.DataFrame())


def trim(frame: pl.DataFrame, keep: Sequence[object] = (), margin: int = 3, least: float = 0.04) -> pl.DataFrame:
    """Cut the dates at both ends with less than a part (`least`) of the peak; keep the dates named."""
    if frame.is_empty():
        return frame
    ceiling = frame["high90"].max()
    top = float(ceiling) if isinstance(ceiling, int | float) else 0.0
    seen = frame.filter((pl.col("high90") > top * least) | pl.col("date").is_in([item for item in keep if item]))
    if seen.is_empty():
        return frame.head(14)
    first, last = seen["date"].min(), seen["date"].max()
    pad = timedelta(days=margin)
    return frame.filter(pl.col("date").is_between(first - pad, last + pad))  # type: ignore[operator]


def peak(frame: pl.DataFrame, column: str = "median") -> float:
    """Largest value of a column, 0 for an empty table."""
    value = frame[column].max() if not frame.is_empty() else None
    return float(value) if isinstance(value, int | float) else 0.0


def per_night(frame: pl.DataFrame, result: ResultLike) -> pl.DataFrame:
    """Divide a flow per record interval by the days of that interval."""
    if frame.is_empty() or result.flows.is_empty():
        return frame
    lengths = result.flows.select(
        pl.col("from").cast(pl.Date).alias("date"),
        (pl.col("to").cast(pl.Date) - pl.col("from").cast(pl.Date)).dt.total_days().clip(lower_bound=1).alias("days"),
    ).unique(subset="date", maintain_order=False)
    joined = frame.join(lengths, on="date", how="left").with_columns(pl.col("days").fill_null(1))
    return joined.with_columns(pl.col(list(LEVELS)) / pl.col("days")).drop("days").sort("date")


def dense(frame: pl.DataFrame, keys: Sequence[str], replicates: int) -> pl.DataFrame:
    """Every replicate for every key that occurs; `value` is 0 where there was no row."""
    if frame.is_empty():
        return frame
    every = pl.DataFrame({"replicate": list(range(max(replicates, 1)))}, schema={"replicate": pl.Int64})
    values = frame.with_columns(pl.col("replicate").cast(pl.Int64), pl.col("value").cast(pl.Float64))
    grid = values.select(keys).unique().join(every, how="cross")
    return (
        grid.join(values, on=[*keys, "replicate"], how="left")
        .with_columns(pl.col("value").fill_null(0.0))
        .sort([*keys, "replicate"])
    )


def summarise(frame: pl.DataFrame, keys: Sequence[str], replicates: int) -> pl.DataFrame:
    """Median and intervals of `value` for every key."""
    if frame.is_empty():
        return pl.DataFrame(schema={**dict.fromkeys(keys, pl.String), **dict.fromkeys(LEVELS, pl.Float64)})
    return dense(frame, keys, replicates).group_by(keys).agg(quantiles()).sort(list(keys))
