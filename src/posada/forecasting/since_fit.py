"""Between fits of movement: the draws of the last one, weighed by the counts that came since.

Each path of the fitted model has numbers of its own: how many come, and what draws them to each site. A path that came
near to the newer counts has numbers that fit better than one that did not. Of each site only its newest count weighs,
since people who are there once are counted again and again.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from .calibration import own_first
from .counted import Counts, is_stock, to_log

if TYPE_CHECKING:
    from .paths import Paths

Array = np.ndarray[Any, Any]

COUNTED = 0.1
"""Standard deviation of the logarithm by which a count may be off without telling against a path."""
LEAST = 0.5
"""Paths are weighed no harder than leaves so large a share of them effective: what draws people changes, so that a path
which was near so far is not as much nearer later as the counts alone would say."""


def weights_since(paths: Paths, counts: Counts, since: date, day: date) -> Array | None:
    """The weight of each path by the newest counts of after one day up to another; None if there are none."""
    logs = []
    for series, line in counts.items():
        if series in paths.values and is_stock(series) and since < line[-1].to <= day:
            told = to_log(paths.values[series][paths.holding(line[-1].to)])
            logs.append(-0.5 * ((told - float(to_log(line[-1].value))) / COUNTED) ** 2)
    return tempered(np.sum(logs, axis=0)) if logs else None


def tempered(logs: Array) -> Array:
    """Weights of likelihoods, raised to the highest power of at most 1 that leaves enough paths effective."""
    power = 1.0
    while True:
        raw = np.exp(power * (logs - logs.max()))
        weights = np.asarray(raw / raw.sum())
        if 1 / (weights**2).sum() >= LEAST * len(logs):
            return weights
        power *= 0.8


def drawn_again(draws: pl.DataFrame, weights: Array) -> pl.DataFrame:
    """Draws (replicate, path, z) in which each replicate stands as often as its weight asks.

    A replicate keeps its place, and so its luck, as long as its weight allows.
    """
    n = len(weights)
    edges = np.floor(np.concatenate([[0.0], np.cumsum(weights)]) * n + 0.5)
    order = own_first(np.arange(n), np.diff(edges).astype(int))
    taken = pl.DataFrame({"to": np.arange(n, dtype=np.int32), "replicate": order.astype(np.int32)})
    rows = draws.select(pl.col("replicate").cast(pl.Int32), pl.col("path").cast(pl.String), "z")
    joined = taken.join(rows, on="replicate", how="inner", maintain_order="left_right")
    return joined.select(pl.col("to").alias("replicate"), "path", "z")
