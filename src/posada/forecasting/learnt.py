"""How a calibration stands to what was stated and what was counted: tables, and warnings in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from posada.engine import Drawn, matrix

from .calibration import Question
from .observing import Observed, bias_paths, from_scale, reported, seen, to_scale
from .rounds import Simulated, on_scale

Array = np.ndarray[Any, Any]

LEVELS = {"low90": 0.05, "median": 0.5, "high90": 0.95}
SILENT_SHRINKAGE, SILENT_MOVE = 0.05, 0.1
"""The data say nothing of a number whose variance fell by less, and whose middle moved by less (in its own spread)."""
FAR = 3.0
"""A count so many standard deviations (of runs and error together) from what was stated contradicts it."""
EDGE = 2.5
"""A number whose middle was moved by so many of its standard deviations stands at the edge of what was stated."""
MISSED = 0.7
"""Of the counts, so many should lie within their 90 % intervals afterwards."""


def weighted_quantiles(values: Array, levels: Sequence[float], weight: Array | None = None) -> Array:
    """Quantiles of weighted values; of equal weights those of NumPy. nan of nothing."""
    known = ~np.isnan(values)
    if not known.any():
        return np.full(len(levels), np.nan)
    values = values[known]
    if weight is None:
        return np.asarray(np.quantile(values, levels))
    order = np.argsort(values, kind="stable")
    w = weight[known][order]
    places = np.cumsum(w) - 0.5 * w
    return np.asarray(np.interp(np.asarray(levels) * w.sum(), places, values[order]))


def quantities_of(
    items: Sequence[Observed], before: Simulated, after: Simulated, weight: Array | None = None
) -> pl.DataFrame:
    """One row per uncertain number, what was learnt most first."""
    old, new = with_biases(items, before), with_biases(items, after)
    rows = []
    for path, (z, values) in new.items():
        z0, values0 = old[path]
        w = np.full(len(z), 1.0 / len(z)) if weight is None else weight
        mean = float(w @ z)
        left = float(w @ (z - mean) ** 2) / float(np.var(z0))
        moved = (mean - float(np.mean(z0))) / float(np.std(z0))
        row: dict[str, Any] = {"path": path}
        row |= dict(
            zip((f"prior_{k}" for k in LEVELS), weighted_quantiles(values0, list(LEVELS.values())), strict=True)
        )
        row |= dict(zip(LEVELS, weighted_quantiles(values, list(LEVELS.values()), weight), strict=True))
        row |= {"moved": moved, "shrinkage": 1.0 - left}
        rows.append({**row, "silent": 1.0 - left < SILENT_SHRINKAGE and abs(moved) < SILENT_MOVE})
    names = ("prior_low90", "prior_median", "prior_high90", "low90", "median", "high90", "moved", "shrinkage")
    schema = {"path": pl.String, **dict.fromkeys(names, pl.Float64), "silent": pl.Boolean}
    return pl.DataFrame(rows, schema=schema).sort(["shrinkage", "path"], descending=[True, False])


def with_biases(items: Sequence[Observed], here: Simulated) -> dict[str, tuple[Array, Array]]:
    """Normals and values of the uncertain numbers, and of the biases of sources, by path."""
    n = here.numbers
    found = {path: (n.z[i], here.values[i]) for i, path in enumerate(n.paths)}
    for path, quantity in bias_paths(items).items():
        z = n.bias_of()[path]
        found[path] = (z, matrix([Drawn(path, quantity, False, True)], {path: z}, len(z))[:, 0])
    return found


def checks_of(
    items: Sequence[Observed], before: Simulated, after: Simulated, seed: int, weight: Array | None = None
) -> pl.DataFrame:
    """One row per count: what was counted, what its source would have reported of the runs, before and after."""
    levels = list(LEVELS.values())
    rng = np.random.default_rng([seed, len(items)])
    told = [reported(items, seen(items, each.counted, each.numbers.bias_of()), rng) for each in (before, after)]
    rows = []
    for item, old, new in zip(items, *told, strict=True):
        low, median, high = weighted_quantiles(new, levels, weight)
        o = item.observation
        row = {
            "id": item.id, "series": item.series, "from": o.from_ or item.day, "to": item.day, "counted": item.value,
            "low": o.low, "high": o.high, "qualifier": o.qualifier or "", "source": o.source or "", "sd": item.sd,
            **dict(zip((f"prior_{k}" for k in LEVELS), weighted_quantiles(old, levels), strict=True)),
            "low90": low, "median": median, "high90": high,
            "inside": holds(item, low, high),
        }  # fmt: skip
        rows.append(row)
    return pl.DataFrame(rows, schema_overrides={"low": pl.Float64, "high": pl.Float64}, infer_schema_length=None)


def holds(item: Observed, low: float, high: float) -> bool:
    """Whether an interval holds a count, or agrees with a bound."""
    if item.bounded:
        return bool(high >= item.at_least and low <= item.at_most)
    return bool(low <= item.value <= high)


def warnings_of(
    items: Sequence[Observed], before: Simulated, after: Simulated, q: Question, quantities: pl.DataFrame,
    checks: pl.DataFrame,
) -> tuple[str, ...]:  # fmt: skip
    """What whoever uses a calibration must know."""
    found = [contradiction(item, y, q.inflation) for item, y in zip(items, on_scale(items, before), strict=True)]
    if quantities["silent"].all():
        found.append("the counts say nothing about any uncertain number: the ensemble is what was stated")
    for row in quantities.to_dicts():
        if abs(row["moved"]) > EDGE:
            found.append(
                f"{row['path']} was moved by {row['moved']:+.1f} of its standard deviations, to the edge of what was "
                "stated: either that is too narrow, or something else in the model is wrong"
            )
    inside = checks["inside"].mean()
    if isinstance(inside, float) and inside < MISSED:
        n = checks.height - int(checks["inside"].sum())
        found.append(
            f"{n} of {checks.height} counts lie outside their 90 % intervals even after learning from them: the model "
            "cannot bring them about together, or they are less exact than they say"
        )
    return tuple(text for text in found if text)


def contradiction(item: Observed, y: Array, inflation: float) -> str:
    """Why a count cannot be had from what was stated; empty if it can."""
    if y.std() < 1e-9:
        return f"{item.id}: no uncertain number moves {item.series}, so nothing is learnt from it"
    wanted = float(np.clip(y.mean(), *bounds(item)))
    spread = float(np.hypot(y.std(), item.sd * np.sqrt(inflation)))
    if abs(wanted - y.mean()) <= FAR * spread:
        return ""
    low, high = from_scale(np.quantile(y, [0.05, 0.95]))
    return (
        f"{item.id}: {item.value:,.0f} were counted, and what was stated gives {low:,.0f} to {high:,.0f} "
        f"({item.series}, {item.day}): data and prior are incompatible there"
    )


def bounds(item: Observed) -> tuple[float, float]:
    """What a count allows on the scale."""
    if not item.bounded:
        middle = float(to_scale(item.value))
        return middle, middle
    low = float(to_scale(item.at_least)) if item.at_least > 0 else -np.inf
    return low, float(to_scale(item.at_most)) if np.isfinite(item.at_most) else np.inf
