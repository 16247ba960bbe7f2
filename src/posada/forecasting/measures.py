"""How far a forecast is from counts, in the measures of the field.

Arrays are days by sites, or days by sites by replicates; `counted` is nan where nobody counted. People are the unit of
all but shares.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def averaged_relative_difference(forecast: Array, people: Array) -> float:
    """Flee's measure: of each day the sites' absolute differences over all registered people; the mean of the days.

    Of replicates the mean of each one's. Days with nobody registered are left out; nan if all are. Suleimenova,
    Bell and Groen, Scientific Reports 7:13377 (2017), equation 1.
    """
    return float(np.mean(daily_difference(forecast, people))) if (people.sum(axis=1) > 0).any() else float("nan")


def daily_difference(forecast: Array, people: Array) -> Array:
    """The relative difference of each day on which anybody is registered, of replicates their mean."""
    total = people.sum(axis=1)
    some = total > 0
    if forecast.ndim == 3:
        off = np.abs(forecast - people[:, :, None]).sum(axis=1).mean(axis=1)
    else:
        off = np.abs(forecast - people).sum(axis=1)
    return np.asarray(off[some] / total[some])


def rescaled(forecast: Array, total: Array) -> Array:
    """A forecast made to add up to the registered total of each day; where it has nobody it stays so."""
    own = forecast.sum(axis=1, keepdims=True)
    wanted = total.reshape(-1, *[1] * (forecast.ndim - 1))
    return np.asarray(np.divide(forecast * wanted, own, out=np.zeros_like(forecast, dtype=float), where=own > 0))


def site_errors(point: Array, counted: Array, scored: Array) -> tuple[Array, Array]:
    """By site: the mean absolute error at its counts, and that of the naive forecast, which repeats the count before.

    `scored` tells the days to score; the count before the first of them may be earlier. nan without such counts.
    """
    found = np.full((2, counted.shape[1]), np.nan)
    for j in range(counted.shape[1]):
        (at,) = np.nonzero(~np.isnan(counted[:, j]))
        steps, now = np.abs(np.diff(counted[at, j])), scored[at]
        if now[1:].any():
            found[:, j] = np.abs(point[at, j] - counted[at, j])[now].mean(), steps[now[1:]].mean()
    return found[0], found[1]


def scaled_errors(point: Array, counted: Array, scored: Array) -> Array:
    """By site: the mean absolute error over the naive one; 1 is as far off as who repeated the previous count.

    nan for a site without a change between counts. Hyndman and Koehler, International Journal of Forecasting 22:679
    (2006), with the naive errors of the scored counts.
    """
    own, naive = site_errors(point, counted, scored)
    return np.asarray(np.divide(own, naive, out=np.full_like(own, np.nan), where=naive > 0))


def mean_absolute_scaled_error(point: Array, counted: Array, scored: Array) -> float:
    """All sites' errors together over all naive ones, so that a site that hardly changes does not rule; nan if none."""
    own, naive = site_errors(point, counted, scored)
    known = ~np.isnan(naive)
    counts = (~np.isnan(counted) & scored[:, None]).sum(axis=0)[known]
    whole = float(counts @ naive[known])
    return float(counts @ own[known]) / whole if whole > 0 else float("nan")


def crps(members: Array, counted: Array) -> Array:
    """The continuous ranked probability score of the empirical distribution of an ensemble (last axis), in people.

    Mean distance to the count less half the mean distance between members, exactly (Gneiting and Raftery, JASA
    102:359 (2007), equation 21); of one member the absolute error.
    """
    n = members.shape[-1]
    ordered = np.sort(members, axis=-1)
    spread = (ordered * (2 * np.arange(1, n + 1) - n - 1)).sum(axis=-1) / n**2
    return np.asarray(np.abs(members - counted[..., None]).mean(axis=-1) - spread)


def inside(members: Array, counted: Array, share: float) -> Array:
    """Whether counts lie within the central interval of an ensemble that holds this share of it."""
    low, high = np.quantile(members, [(1 - share) / 2, (1 + share) / 2], axis=-1)
    return np.asarray((low <= counted) & (counted <= high))
