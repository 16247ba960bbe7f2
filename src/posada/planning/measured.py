"""The numbers of requirements and objectives in each replicate of a result."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl

from posada.engine import BIN_EDGES_DAYS
from posada.planning.requirements import ADDED_UP, Cost, Measure
from posada.results import Result, array_of, rows_of, window
from posada.scenario import Price, Series, parse_series

Array = np.ndarray[Any, Any]
EDGES = np.array([*BIN_EDGES_DAYS, BIN_EDGES_DAYS[-1] * 2], dtype=float)


def measured(result: Result, what: Measure | Cost) -> Array:
    """One value per replicate: of several facilities the sum, or the worst, as the statistic asks for."""
    if isinstance(what, Cost):
        return np.asarray(sum((price_of(result, price) for price in result.scenario.prices.values()), np.zeros(1)))
    values = np.array([one_series(result, what, series) for series in what.series])
    if what.statistic in ADDED_UP:
        return np.asarray(values.sum(axis=0))
    return np.asarray(values.min(axis=0) if what.statistic == "share_within" else values.max(axis=0))


def one_series(result: Result, what: Measure, series: Series) -> Array:
    """The statistic of one series."""
    if series.kind == "wait":
        return waits(result, what, series)
    keep = window(result, what.from_, what.to)
    days = days_of(result)[keep]
    if what.statistic == "sum":
        return np.asarray(array_of(result, series)[keep].sum(axis=0))
    if what.statistic == "last":
        return np.asarray(array_of(result, series)[keep][-1]) if keep.any() else np.zeros(result.replicates)
    if what.statistic in ("max", "days_over"):
        most = array_of(result, series, "people_max")[keep]
        if what.statistic == "max":
            return np.asarray(most.max(axis=0)) if len(most) else np.zeros(result.replicates)
        return np.asarray(((most > (what.argument or 0.0)) * days[:, None]).sum(axis=0))
    total = (array_of(result, series, "people_mean")[keep] * days[:, None]).sum(axis=0)
    return np.asarray(total / max(days.sum(), 1) if what.statistic == "mean" else total)


def days_of(result: Result) -> Array:
    """The length of each record interval in days."""
    return np.array([(end - start).days for start, end in result.record], dtype=float)


def price_of(result: Result, price: Price) -> Array:
    """What one price adds up to over the whole run."""
    series = parse_series(price.series)
    if series.kind == "stock":
        return np.asarray(price.each * (array_of(result, series, "people_mean") * days_of(result)[:, None]).sum(axis=0))
    return np.asarray(price.each * array_of(result, series).sum(axis=0))


def waits(result: Result, what: Measure, series: Series) -> Array:
    """A statistic of the waits of all who came, not only of those who were served.

    Who gave up, was refused, or still waits at the end has not been served in any time; in a mean, such a wait counts
    as lasting until the end, which is the least that it can be said to have lasted. Nobody came: nobody waited (0).
    """
    rows = rows_of(result, series)
    for edge, sign in ((what.from_, 1), (what.to, -1)):
        if edge is not None:
            rows = rows.filter(pl.col("date") >= edge) if sign > 0 else rows.filter(pl.col("date") <= edge)
    served = rows.filter(pl.col("ended") == "served")
    everybody = per_replicate(result, rows, rows["people"])
    if what.statistic == "share_within":
        soon = served.filter(pl.col("bin_days") < float(what.argument or 0.0) - 1e-9)
        part = per_replicate(result, soon, soon["people"])
        return np.where(everybody > 0, part / np.where(everybody > 0, everybody, 1.0), 1.0)
    if what.statistic == "mean_days":
        days = per_replicate(result, rows, days_waited(result, rows))
        return np.where(everybody > 0, days / np.where(everybody > 0, everybody, 1.0), 0.0)
    share = what.percentile
    assert share is not None
    return percentiles(result, served, everybody, share)


def days_waited(result: Result, rows: pl.DataFrame) -> pl.Series:
    """Person-days of waits; those that ended without service go on until the end."""
    end: date = result.record[-1][1]
    left = pl.col("ended").cast(pl.String).is_in(["gave_up", "refused"])
    until_end = (pl.lit(end) - pl.col("date")).dt.total_days() * pl.col("people")
    return rows.select(pl.when(left).then(until_end).otherwise(pl.col("sum_days")).alias("days"))["days"]


def percentiles(result: Result, served: pl.DataFrame, everybody: Array, share: float) -> Array:
    """The wait that a share of all who came do not exceed; infinite where fewer were served."""
    counts = np.zeros((result.replicates, len(EDGES) - 1))
    bins = np.searchsorted(EDGES, served["bin_days"].to_numpy(), side="right") - 1
    np.add.at(counts, (served["replicate"].to_numpy(), bins), served["people"].to_numpy())
    seen = np.cumsum(counts, axis=1)
    found = np.zeros(result.replicates)
    for r in np.flatnonzero(everybody > 0):
        wanted = share * everybody[r]
        k = int(np.searchsorted(seen[r], wanted - 1e-9))
        if k == counts.shape[1]:
            found[r] = np.inf
            continue
        before = seen[r][k - 1] if k else 0.0
        found[r] = EDGES[k] + (EDGES[k + 1] - EDGES[k]) * (wanted - before) / counts[r, k]
    return found


def per_replicate(result: Result, rows: pl.DataFrame, weights: pl.Series) -> Array:
    """The sum of some weights in each replicate."""
    return np.bincount(rows["replicate"].to_numpy(), weights=weights.to_numpy(), minlength=result.replicates)
