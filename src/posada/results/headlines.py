"""The headline numbers of a scenario, one per replicate, with their intervals."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.results.series import STATES, array_of, at_end_of, per_replicate, rows_of, window
from posada.scenario import Headline, parse_series

if TYPE_CHECKING:
    from posada.results.result import Result

LEVELS = {"median": 0.5, "low50": 0.25, "high50": 0.75, "low90": 0.05, "high90": 0.95}

Array = np.ndarray[Any, Any]


def intervals(values: Sequence[float] | Array) -> dict[str, float | None]:
    """Median and central 50 % and 90 % intervals; None if there is no value."""
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return dict.fromkeys(LEVELS)
    return dict(zip(LEVELS, (float(x) for x in np.quantile(known, list(LEVELS.values()))), strict=True))


def chance(happened: Sequence[float]) -> dict[str, float | None]:
    """The share of replicates in which it happened, as the median; a probability over replicates has no interval."""
    return {**dict.fromkeys(LEVELS), "median": float(np.mean(happened))}


def headlines(result: Result) -> list[dict[str, Any]]:
    """One row per headline, in the order of the scenario's file: words, median, intervals, values per replicate."""
    rows = []
    for h in sorted(result.scenario.headlines.values(), key=lambda h: h.spot.line):
        values = [float(v) for v in values_of(result, h)]
        rows.append(
            {
                "id": h.id,
                "label": h.label,
                "question": h.question,
                "series": h.series,
                "statistic": h.statistic,
                "from": h.from_,
                "to": h.to,
                **(chance(values) if h.statistic == "chance_over" else intervals(values)),
                "values": values,
                "assumed": None,
            }
        )
    return rows


def values_of(result: Result, h: Headline) -> Sequence[float] | Array:
    """A headline's number in each replicate; NaN where it is not defined (nobody waited, a share of nothing)."""
    series = parse_series(h.series)
    if h.statistic in ("mean_days", "p90_days"):
        return waits_of(result, h)
    keep = window(result, h.from_, h.to)
    if h.statistic == "share":
        assert h.of is not None
        part, whole = _share(result, h.series, h, keep), _share(result, h.of, h, keep)
        return np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), np.nan)
    if h.statistic in ("max", "chance_over", "days_over"):
        most = array_of(result, series, "people_max")[keep]
        if h.statistic == "max":
            return np.asarray(most.max(axis=0)) if len(most) else np.zeros(result.replicates)
        over = (most > (h.over or 0.0)).sum(axis=0)
        return np.asarray((over > 0) if h.statistic == "chance_over" else over, dtype=float)
    values = array_of(result, series)
    if h.statistic == "last":
        return at_end_of(result, values, h.to or result.scenario.end)
    chosen = values[keep]
    return np.asarray(chosen.mean(axis=0) if h.statistic == "mean" and len(chosen) else chosen.sum(axis=0))


def _share(result: Result, address: str, h: Headline, keep: Array) -> Array:
    """A part or whole of a share: a flow over the dates, a stock at their end."""
    series = parse_series(address)
    values = array_of(result, series)
    if series.verb in STATES:
        return at_end_of(result, values, h.to or result.scenario.end)
    return np.asarray(values[keep].sum(axis=0))


def waits_of(result: Result, h: Headline) -> Sequence[float]:
    """Mean wait of those served, or the wait that nine in ten do not exceed, in days."""
    rows = rows_of(result, parse_series(h.series)).filter(pl.col("ended") == "served")
    if h.from_ is not None:
        rows = rows.filter(pl.col("date") >= h.from_)
    if h.to is not None:
        rows = rows.filter(pl.col("date") <= h.to)
    if h.statistic == "mean_days":
        days = per_replicate(rows, result.replicates, "sum_days")
        people = per_replicate(rows, result.replicates, "people")
        return [d / n if n else float("nan") for d, n in zip(days, people, strict=True)]
    return [percentile(rows.filter(pl.col("replicate") == r), 0.9) for r in range(result.replicates)]


def percentile(rows: pl.DataFrame, share: float) -> float:
    """A percentile of waits from their bins, by straight lines within a bin; NaN if nobody waited."""
    from posada.engine import BIN_EDGES_DAYS

    edges = [*BIN_EDGES_DAYS, BIN_EDGES_DAYS[-1] * 2]
    counts = dict(rows.group_by("bin_days").agg(pl.col("people").sum()).iter_rows())
    total, seen = sum(counts.values()), 0.0
    for low, high in itertools.pairwise(edges):
        here = counts.get(float(low), 0)
        if here and seen + here >= share * total:
            return float(low + (high - low) * (share * total - seen) / here)
        seen += here
    return float("nan")
