"""The headline numbers of a scenario, one per replicate, with their intervals."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.results.drivers import assumed_shares
from posada.results.series import STATES, array_of, at_end_of, per_replicate, rows_of, window
from posada.scenario import Headline, Series, parse_series

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


def headlines(result: Result, weigh: bool = True) -> list[dict[str, Any]]:
    """One row per headline, in the order of the scenario's file: words, median, intervals, values per replicate.

    `assumed` is the share of its variance that rests on assumptions, where that is known (`weigh` asks for it).

    `disagrees` holds the ids of the scored checks that concern the same thing on the same days and lie outside the
    model's 90 % interval: whoever reads the headline should know of them.
    """
    failed = [row for row in result.checks() if row["inside"] is False]
    rows: list[dict[str, Any]] = []
    for h in sorted(result.scenario.headlines.values(), key=lambda h: h.spot.line):
        values = [float(v) for v in values_of(result, h)]
        rows.append(
            {
                "id": h.id,
                "label": h.label,
                "of_whom": of_whom(h),
                "question": h.question,
                "series": h.series,
                "statistic": h.statistic,
                "from": h.from_,
                "to": h.to,
                **(chance(values) if h.statistic == "chance_over" else intervals(values)),
                "values": values,
                "assumed": None,
                "disagrees": [row["id"] for row in failed if concerns(row, h, result.scenario.start)],
            }
        )
    if weigh:
        shares = assumed_shares(result, {row["id"]: row["values"] for row in rows})
        for row in rows:
            row["assumed"] = shares.get(row["id"])
    return rows


def of_whom(h: Headline) -> str:
    """Of whom a wait is told, unless the label says so: waits that ended otherwise, or not yet, are not in it."""
    told = any(word in h.label.lower() for word in ("let through", "served", "taken in"))
    return "" if told or h.statistic not in ("mean_days", "p90_days") else "of those let through"


def concerns(check: Mapping[str, Any], h: Headline, start: date) -> bool:
    """Whether a check is of the same place, facility or pathway as a headline, of the same people, on its days.

    What happens at a facility hangs together: a count of people let through speaks of its queue and its waits too.
    """
    counted = parse_series(check["series"])
    first = h.to if h.statistic == "last" else h.from_
    if (first and check["to"] < first) or (h.to and (check["from_"] or check["to"]) > h.to):
        return False
    addresses = [parse_series(address) for address in (h.series, h.of) if address]
    return any(_same(counted, series) for series in addresses)


def _same(a: Series, b: Series) -> bool:
    """Whether two series are of one thing and may be of the same people."""
    others = a.attribute is not None and a.attribute == b.attribute and a.level != b.level
    return thing_of(a) == thing_of(b) and not others


KINDS = {"took": "stage", "parted": "stage", "rejoined": "stage", "in_stage": "stage", "ended": "outcome"}


def thing_of(series: Series) -> tuple[str, str]:
    """A facility (whole, for a class of beds), place or link; for steps their pathway, which is a stage."""
    kind = KINDS.get(series.verb, "")
    return kind, series.where.partition("." if kind == "stage" else "/")[0]


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
    if h.statistic == "mean":
        return mean_in_time(result, h, keep)
    return np.asarray(values[keep].sum(axis=0))


def mean_in_time(result: Result, h: Headline, keep: Array) -> Array:
    """The mean of a stock over its record intervals, each weighing as long as it lasts."""
    days = np.array([(end - start).days for start, end in result.record], dtype=float)[keep]
    means = array_of(result, parse_series(h.series), "people_mean")[keep]
    return (means * days[:, None]).sum(axis=0) / days.sum() if len(days) else np.zeros(result.replicates)


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
