"""How good a forecast was: proper scores of samples against counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from .counted import to_log

Array = np.ndarray[Any, Any]

ALPHAS = (0.02, 0.05, *(0.1 * i for i in range(1, 10)))
"""The central intervals of the weighted interval score: with the median these are the 23 levels of forecast hubs."""
LEVELS = tuple(sorted({0.5, *(round(a / 2, 3) for a in ALPHAS), *(round(1 - a / 2, 3) for a in ALPHAS)}))
"""The 23 quantile levels: 0.01, 0.025, 0.05, 0.10, ..., 0.95, 0.975, 0.99."""
COLUMNS = ("crps", "wis", "dispersion", "underprediction", "overprediction")


def scored(samples: Array, counted: float) -> dict[str, float | bool]:
    """All scores of one count: on the natural scale, and with `_log` on that of the logarithm of one more.

    CRPS; the weighted interval score with its three parts; whether the count lies within the central 50 and 90 %;
    where it lies in the distribution (PIT). Bosse et al., PLOS Computational Biology 19:e1011393 (2023), for the scale.
    """
    found: dict[str, float | bool] = {}
    for end, said, seen in (("", samples, counted), ("_log", to_log(samples), float(to_log(counted)))):
        found[f"crps{end}"] = crps(said, seen)
        found |= {f"{name}{end}": value for name, value in interval_score(said, seen).items()}
    low90, low50, median, high50, high90 = (float(q) for q in np.quantile(samples, [0.05, 0.25, 0.5, 0.75, 0.95]))
    found |= {"low90": low90, "low50": low50, "median": median, "high50": high50, "high90": high90}
    found |= {"in50": low50 <= counted <= high50, "in90": low90 <= counted <= high90}
    found["pit"] = float(np.mean(samples < counted) + 0.5 * np.mean(samples == counted))
    return found


def crps(samples: Array, counted: float) -> float:
    """The continuous ranked probability score of the empirical distribution of samples.

    The mean distance to the count less half the mean distance of two samples: Gneiting and Raftery, Journal of the
    American Statistical Association 102:359 (2007), equation 21; in order of size all pairs are one sum.
    """
    n = len(samples)
    pairs = float(((2 * np.arange(1, n + 1) - n - 1) * np.sort(samples)).sum()) / n**2
    return float(np.abs(samples - counted).mean()) - pairs


def interval_score(samples: Array, counted: float) -> dict[str, float]:
    """The weighted interval score and its parts, which add up to it.

    Bracher et al., PLOS Computational Biology 17:e1008618 (2021), with weights alpha/2 and 1/2 for the median.
    """
    alphas = np.array(ALPHAS)
    low, high = np.quantile(samples, alphas / 2), np.quantile(samples, 1 - alphas / 2)
    median = float(np.median(samples))
    parts = len(alphas) + 0.5
    dispersion = float((alphas / 2 * (high - low)).sum()) / parts
    under = (float(np.maximum(counted - high, 0).sum()) + 0.5 * max(counted - median, 0.0)) / parts
    over = (float(np.maximum(low - counted, 0).sum()) + 0.5 * max(median - counted, 0.0)) / parts
    return {
        "wis": dispersion + under + over,
        "dispersion": dispersion,
        "underprediction": under,
        "overprediction": over,
    }
