"""The headline numbers of a scenario, one per replicate, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.results.series import per_replicate, read_series, rows_of
from posada.scenario import Headline, parse_series

if TYPE_CHECKING:
    from posada.results.result import Result

LEVELS = {"median": 0.5, "low50": 0.25, "high50": 0.75, "low90": 0.05, "high90": 0.95}


def intervals(values: Sequence[float]) -> dict[str, float | None]:
    """Median and central 50 % and 90 % intervals; None if there is no value."""
    known = np.array([v for v in values if v == v])
    if not len(known):
        return dict.fromkeys(LEVELS)
    return {name: float(np.quantile(known, q)) for name, q in LEVELS.items()}


def headlines(result: Result) -> list[dict[str, Any]]:
    """One row per headline: its words, and median, intervals and values per replicate."""
    rows = []
    for h in result.scenario.headlines.values():
        values = values_of(result, h)
        rows.append({"id": h.id, "label": h.label, "question": h.question, "series": h.series,
                     "statistic": h.statistic, "from": h.from_, "to": h.to, **intervals(values), "values": values,
                     "assumed": None})
    return rows


def _within(frame: pl.DataFrame, h: Headline) -> pl.DataFrame:
    """Rows whose interval begins within the dates of a headline."""
    if h.from_ is not None:
        frame = frame.filter(pl.col("date") >= h.from_)
    if h.to is not None:
        frame = frame.filter(pl.col("date") <= h.to)
    return frame


def values_of(result: Result, h: Headline) -> list[float]:
    """A headline's number in each replicate; NaN where it is not defined (nobody waited, a share of nothing)."""
    rows = _within(rows_of(result, parse_series(h.series)), h)
    n = result.replicates
    if h.statistic == "share":
        assert h.of is not None
        part = per_replicate(rows, n, pl.col("people").sum())
        whole = per_replicate(_within(rows_of(result, parse_series(h.of)), h), n, pl.col("people").sum())
        return [a / b if b else float("nan") for a, b in zip(part, whole, strict=True)]
    if h.statistic in ("mean_days", "p90_days"):
        return waits_of(rows, n, h.statistic)
    if h.statistic == "sum":
        return list(per_replicate(rows, n, pl.col("people").sum()))
    if h.statistic == "max":
        return list(per_replicate(rows, n, pl.col("people_max").max()))
    series = read_series(result, h.series, h.from_, h.to)
    if h.statistic == "last":
        return list(per_replicate(series, n, pl.col("value").sort_by("date").last()))
    if h.statistic == "mean":
        return list(per_replicate(series, n, pl.col("value").mean()))
    over = h.over or 0.0
    days = per_replicate(rows.filter(pl.col("people_max") > over), n, pl.len())
    return [float(d > 0) for d in days] if h.statistic == "chance_over" else list(days)


def waits_of(rows: pl.DataFrame, replicates: int, statistic: str) -> list[float]:
    """Mean wait of those served, or the wait that nine in ten do not exceed (upper edge of its bin), in days."""
    served = rows.filter(pl.col("ended") == "served")
    out = []
    for r in range(replicates):
        mine = served.filter(pl.col("replicate") == r)
        people = mine["people"].sum()
        if not people:
            out.append(float("nan"))
        elif statistic == "mean_days":
            out.append(float(mine["sum_days"].sum()) / people)
        else:
            out.append(percentile(mine, 0.9))
    return out


def percentile(rows: pl.DataFrame, share: float) -> float:
    """A percentile of waits from their bins, by straight lines within a bin."""
    from posada.engine import BIN_EDGES_DAYS

    edges = [*BIN_EDGES_DAYS, BIN_EDGES_DAYS[-1] * 2]
    counts = dict(rows.group_by("bin_days").agg(pl.col("people").sum()).iter_rows())
    total, seen = sum(counts.values()), 0.0
    for low, high in zip(edges, edges[1:], strict=False):
        here = counts.get(float(low), 0)
        if here and seen + here >= share * total:
            return float(low + (high - low) * (share * total - seen) / here)
        seen += here
    return float(edges[-1])
