"""One step of an ensemble smoother with multiple data assimilation (Emerick and Reynolds 2013), for counts and bounds.

The numbers that are learnt are standard normals, the counts are on the scale of `observing`. The gain is that of the
library iterative-ensemble-smoother; what is added here is what counts of people need: bounds that pull only those runs
that break them, and counts far from every run that pull no harder than others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .observing import Observed, sds, to_scale

Array = np.ndarray[Any, Any]

STANDS_OUT = 3.0
"""A number learns from a count if their correlation over n runs is beyond this many times 1 / sqrt(n), which chance
brings about in fewer than three pairs of a thousand (Vossepoel, Evensen and van Leeuwen 2025, equation 6)."""
FARTHEST = 3.0
"""An innovation is cut where it is so many of its own standard deviations from 0: a count that no run comes near says
that the model is wrong there, not how wrong."""
MOST = 4.0
"""Standard normals stay within plus and minus this."""
STILL = 1e-9
"""A count whose simulated values vary by less says nothing of any number."""
RELAXED = 0.1
"""Of the spread that a number loses in a step, so much is given back."""
TURNS = 5
"""Passes in which runs that would break a bound after the step are found."""


class NotInstalled(ImportError):
    """The library that calibrates is not there."""


def needs_smoother() -> Any:
    """The library; NotInstalled with what to do if it is not there."""
    try:
        import iterative_ensemble_smoother
    except ImportError:
        raise NotInstalled(
            "calibration needs the library iterative-ensemble-smoother: install it with `pip install posada[calibrate]`"
        ) from None
    return iterative_ensemble_smoother


def step(x: Array, y: Array, items: Sequence[Observed], alpha: float, inflation: float, rng: Any) -> Array:
    """Numbers after one assimilation: numbers by runs, as `x`.

    `x` holds standard normals (numbers by runs), `y` what each run says of each count, on the scale (items by runs).
    The variance of a count's error is multiplied by `inflation`, and by `alpha` as the one of several assimilations of
    the same counts that this is; the sum of 1 / alpha over all of them must be 1.
    """
    library = needs_smoother()
    moving = np.flatnonzero(y.std(axis=1) > STILL)
    if not len(moving) or not len(x):
        return x.copy()
    y, kept = y[moving], [items[int(i)] for i in moving]
    errors = alpha * inflation * sds(kept) ** 2
    noise = np.sqrt(errors)[:, None] * rng.standard_normal(y.shape)
    pulls = innovations(y, kept, noise, errors)
    smoother = library.AdaptiveESMDA(errors, np.zeros(len(kept)), alpha=np.ones(1))
    smoother.prepare_assimilation(Y=y, truncation=1.0, observation_perturbations=y + pulls)
    moved = smoother.assimilate_batch(X=x, correlation_callback=stands_out, n_jobs=1)
    return np.asarray(np.clip(relaxed(x, moved), -MOST, MOST))


def relaxed(before: Array, after: Array) -> Array:
    """Numbers after a step, drawn apart by a part of the spread that they lost.

    An ensemble of few runs takes some of its own chance for what the counts say, and so becomes too sure (relaxation to
    the prior spread, Whitaker and Hamill 2012).
    """
    middle = after.mean(axis=1, keepdims=True)
    lost, left = before.std(axis=1, keepdims=True), after.std(axis=1, keepdims=True)
    wider = middle + (after - middle) * (1.0 + RELAXED * (lost - left) / np.maximum(left, STILL))
    return np.where((before != after).any(axis=1, keepdims=True), wider, after)


def stands_out(correlations: Array, runs: Any) -> Array:
    """Which numbers learn from which counts."""
    return np.asarray(np.abs(correlations) > STANDS_OUT / np.sqrt(runs))


def innovations(y: Array, items: Sequence[Observed], noise: Array, errors: Array) -> Array:
    """By how much each run misses each count, with noise; items by runs. `errors` are variances.

    A bound that a run keeps does not pull it: its innovation is what the other counts make likely, so that it has no
    say in the step. It pulls if the run breaks it, now or after the step that the others bring about.
    """
    spread = np.atleast_2d(np.cov(y))
    whole = spread + np.diag(errors)
    widest = FARTHEST * np.sqrt(np.diag(whole))[:, None]
    low, high = edges(items)
    pulls = np.clip(nearest_allowed(y, low + noise, high + noise) - y, -widest, widest)
    bounded = np.array([item.bounded for item in items])
    if not bounded.any():
        return np.asarray(pulls)
    for r in range(y.shape[1]):
        active = ~bounded | (pulls[:, r] != 0.0)
        for _ in range(TURNS):
            pulls[:, r] = filled(pulls[:, r], active, whole)
            after = y[:, r] + spread @ np.linalg.solve(whole, pulls[:, r])
            wanted = nearest_allowed(after, low[:, 0] + noise[:, r], high[:, 0] + noise[:, r])
            broken = ~active & (wanted != after)
            if not broken.any():
                break
            pulls[broken, r] = np.clip(wanted - y[:, r], -widest[:, 0], widest[:, 0])[broken]
            active |= broken
    return np.asarray(pulls)


def edges(items: Sequence[Observed]) -> tuple[Array, Array]:
    """The lowest and the highest that each count allows, on the scale; both are the count unless it is a bound."""
    low = [to_scale(item.at_least) if item.at_least > 0 else -np.inf for item in items]
    high = [to_scale(item.at_most) if np.isfinite(item.at_most) else np.inf for item in items]
    for i, item in enumerate(items):
        if not item.bounded:
            low[i] = high[i] = to_scale(item.value)
    return np.array(low, dtype=float)[:, None], np.array(high, dtype=float)[:, None]


def nearest_allowed(y: Array, low: Array, high: Array) -> Array:
    """Values within bounds, those outside at the nearer one."""
    return np.asarray(np.minimum(np.maximum(y, low), high))


def filled(pulls: Array, active: Array, covariance: Array) -> Array:
    """Innovations of one run, those of kept bounds set to what the others make likely (their regression on them)."""
    found = np.zeros_like(pulls)
    found[active] = pulls[active]
    if active.any() and not active.all():
        found[~active] = covariance[np.ix_(~active, active)] @ np.linalg.solve(
            covariance[np.ix_(active, active)], pulls[active]
        )
    return found
