"""`posada.score`: issued forecasts against counts that came later, beside what past counts alone would have said."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.scenario import Scenario, load, parse_date, shipped

from .counted import Count, Counts, ForecastError, counts_of
from .issued import Forecast
from .ledger import open_forecast
from .naive_counts import NAIVE, Naive
from .scores import COLUMNS, scored

Array = np.ndarray[Any, Any]

OURS = "posada"
HORIZONS = (7, 14, 28)
"""Days: a count is scored under the shortest horizon that it lies within."""
RESAMPLED = 1000
SKILL = "crps_log"
"""The score by which skill is told: relative errors, so that a large place does not rule."""
PER_SCORE = [*COLUMNS, *(f"{name}_log" for name in COLUMNS)]
SCHEMA: dict[str, Any] = {
    "method": pl.String,
    "series": pl.String,
    "issued": pl.Date,
    "from": pl.Date,
    "to": pl.Date,
    "ahead": pl.Int64,
    "horizon": pl.Int64,
    "counted": pl.Float64,
    "as_of": pl.Date,
    **dict.fromkeys(PER_SCORE, pl.Float64),
    **dict.fromkeys(("low90", "low50", "median", "high50", "high90"), pl.Float64),
    "in50": pl.Boolean,
    "in90": pl.Boolean,
    "pit": pl.Float64,
}


def score(
    forecast: Forecast | str | os.PathLike[str],
    truth: Scenario | str | os.PathLike[str],
    *,
    known_on: date | str | None = None,
    horizons: Sequence[int] = HORIZONS,
    naive: Mapping[str, Naive] = NAIVE,
) -> pl.DataFrame:
    """A row per method and new count: what was counted, and all scores of the forecast and of each naive one.

    `truth` is a scenario with the counts; `known_on` takes them in the version that was known on a date (the newest
    without). Only counts that the forecast had not seen and that lie within its horizon are scored, and of those only
    counts that set nothing in the scenario (`use: check`).
    """
    if not isinstance(forecast, Forecast):
        forecast = open_forecast(forecast)
    if not isinstance(truth, Scenario):
        truth = load(os.fspath(truth))
    try:
        day = parse_date(known_on) if isinstance(known_on, str) else known_on
    except ValueError:
        raise ForecastError(f"{known_on!r} is not a date; write it as in {forecast.issued}") from None
    return scores_of(forecast, counts_of(truth, day), horizons, naive)


def truth_of(forecast: Forecast) -> Path | str:
    """Where the counts are that a forecast is held against, if nothing is said: the scenario that it was made of."""
    name = str(forecast.about.get("scenario"))
    own = forecast.folder.parent.parent if forecast.folder is not None else Path()
    if (own / "scenario.yaml").exists():
        return own
    if name in shipped():
        return name
    raise ForecastError(f"say whose counts the forecast is held against: --truth SCENARIO (it was made of {name!r})")


def scores_of(
    forecast: Forecast, truth: Counts, horizons: Sequence[int] = HORIZONS, naive: Mapping[str, Naive] = NAIVE
) -> pl.DataFrame:
    """The scores of a forecast against counts, method by method."""
    known = known_counts(forecast)
    seen = {count.key for line in known.values() for count in line}
    rows: list[dict[str, Any]] = []
    for series in forecast.series:
        new = [c for c in truth.get(series, ()) if is_new(c, forecast) and c.key not in seen]
        told: dict[str, Sequence[Array | None]] = {OURS: [forecast.of(series, count.from_, count.to) for count in new]}
        if new and known.get(series):
            told |= {name: naive_samples(rule, known[series], new) for name, rule in naive.items()}
        for method, samples in told.items():
            for count, each in zip(new, samples, strict=True):
                if each is not None:
                    rows.append(row_of(method, forecast, count, each, horizons))
    return pl.DataFrame(rows, schema=SCHEMA)


def is_new(count: Count, forecast: Forecast) -> bool:
    """Whether a count tells of the forecast's horizon, and set nothing."""
    return forecast.issued < count.to <= forecast.last and count.use == "check"


def known_counts(forecast: Forecast) -> dict[str, tuple[Count, ...]]:
    """The counts that a forecast has seen, by series."""
    found: dict[str, list[Count]] = {}
    for row in forecast.known.to_dicts():
        found.setdefault(row["series"], []).append(
            Count(row["series"], row["from"], row["to"], row["value"], row["as_of"])
        )
    return {series: tuple(line) for series, line in found.items()}


def naive_samples(rule: Naive, past: Sequence[Count], new: Sequence[Count]) -> list[Array]:
    """What a naive forecast says of new counts; of a flow as many days' worth as a count covers."""
    days = np.array([count.to.toordinal() for count in new], dtype=float)
    lengths = np.array([(count.to - count.from_).days + 1 for count in new], dtype=float)
    return list(rule(past, days) * lengths[:, None])


def row_of(method: str, forecast: Forecast, count: Count, samples: Array, horizons: Sequence[int]) -> dict[str, Any]:
    """The scores of one count by one method."""
    ahead = (count.to - forecast.issued).days
    horizon = min((days for days in horizons if days >= ahead), default=None)
    return {
        "method": method,
        "series": count.series,
        "issued": forecast.issued,
        "from": count.from_,
        "to": count.to,
        "ahead": ahead,
        "horizon": horizon,
        "counted": count.value,
        "as_of": count.as_of,
        **scored(samples, count.value),
    }


def summary_table(scores: pl.DataFrame) -> pl.DataFrame:
    """Mean scores and coverage by method, at each horizon and at all together (`horizon` null); see `comparable`."""
    paired = comparable(scores)
    means = [pl.len().alias("counts"), *(pl.col(name).mean() for name in PER_SCORE)]
    inside = [pl.col("in50").mean(), pl.col("in90").mean()]
    each = paired.group_by("method", "horizon", maintain_order=True).agg(*means, *inside)
    every = paired.group_by("method", maintain_order=True).agg(*means, *inside)
    every = every.with_columns(horizon=pl.lit(None, pl.Int64)).select(each.columns)
    order = {method: i for i, method in enumerate([OURS, *NAIVE])}
    return (
        pl.concat([each, every])
        .with_columns(order=pl.col("method").replace_strict(order, default=99, return_dtype=pl.Int64))
        .sort("horizon", "order", nulls_last=True)
        .drop("order")
    )


def comparable(scores: pl.DataFrame) -> pl.DataFrame:
    """The rows of counts that every method could tell of: those of series that were counted before."""
    methods = scores["method"].n_unique()
    keys = ["series", "issued", "from", "to"]
    return scores.filter(pl.len().over(keys) == methods)


def skill_table(scores: pl.DataFrame, seed: int = 1) -> pl.DataFrame:
    """How much better the forecast is than the best naive one: 1 less the ratio of mean scores, with a 90 % interval.

    At each horizon and at all together; the best is chosen with hindsight, by the mean score of the same counts. The
    interval is a bootstrap over dates of issue, whose counts hang together.
    """
    paired = comparable(scores)
    rows = []
    for horizon in (*sorted(h for h in paired["horizon"].unique() if h is not None), None):
        part = paired if horizon is None else paired.filter(pl.col("horizon") == horizon)
        wide = part.pivot("method", index=["series", "issued", "from", "to"], values=SKILL, aggregate_function="first")
        names = [name for name in wide.columns if name in NAIVE]
        if not wide.height or not names or OURS not in wide.columns:
            continue
        best = min(names, key=lambda name: float(wide[name].mean() or 0.0))  # type: ignore[arg-type]
        ours, theirs = wide[OURS].to_numpy(), wide[best].to_numpy()
        low, high = bootstrap(ours, theirs, wide["issued"].to_numpy(), seed)
        means = (float(ours.mean()), float(theirs.mean()))
        rows.append([horizon, best, len(ours), *means, skill(ours, theirs), low, high])
    names = ["horizon", "best", "counts", "ours", "theirs", "skill", "low90", "high90"]
    kinds = [pl.Int64, pl.String, pl.Int64, *[pl.Float64] * 5]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def skill(ours: Array, theirs: Array) -> float:
    """1 less the ratio of means; nan against perfection."""
    return float(1 - ours.mean() / theirs.mean()) if theirs.mean() > 0 else float("nan")


def bootstrap(ours: Array, theirs: Array, issued: Array, seed: int) -> tuple[float, float]:
    """The 5th and 95th percentile of skill, over dates of issue drawn anew."""
    dates, which = np.unique(issued, return_inverse=True)
    sums = np.array([np.bincount(which, weights=each) for each in (ours, theirs)])
    drawn = np.random.default_rng(seed).integers(0, len(dates), (RESAMPLED, len(dates)))
    mine, other = sums[0][drawn].sum(axis=1), sums[1][drawn].sum(axis=1)
    values = 1 - np.divide(mine, other, out=np.full(RESAMPLED, np.nan), where=other > 0)
    return float(np.nanquantile(values, 0.05)), float(np.nanquantile(values, 0.95))
