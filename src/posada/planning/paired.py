"""Differences between two policies on the same luck, and what they would be without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_SHIFTS = 50


@dataclass(frozen=True)
class Paired:
    """A difference, replicate by replicate: where half and nine in ten of them lie, and how well its mean is known."""

    low90: float
    low50: float
    median: float
    high50: float
    high90: float
    mean: float
    half_width: float
    """Of the 95 % confidence interval of the mean difference."""
    more: float
    """The share of replicates in which there is more under the policy."""
    less: float
    narrower: float | None
    """How many times wider the 90 % interval is without shared luck; None if both are 0."""
    unpaired: float | None
    """How many times as many replicates unpaired runs need to know the mean difference as well."""


def paired(policy: Array, against: Array) -> Paired | None:
    """What lies between two arrays of one value per replicate; None if no replicate has both."""
    both = ~(np.isnan(policy) | np.isnan(against))
    a, b = policy[both], against[both]
    if not len(a):
        return None
    difference = a - b
    low90, low50, median, high50, high90 = (float(x) for x in np.quantile(difference, LEVELS))
    n = len(difference)
    spread = float(difference.std(ddof=1)) if n > 1 else float("nan")
    return Paired(
        low90,
        low50,
        median,
        high50,
        high90,
        float(difference.mean()),
        t_quantile(n) * spread / np.sqrt(n) if n > 1 else float("nan"),
        float((difference > 0).mean()),
        float((difference < 0).mean()),
        ratio(unpaired_width(a, b), high90 - low90),
        ratio(float(a.var(ddof=1) + b.var(ddof=1)), spread**2) if n > 1 else None,
    )


def ratio(above: float, below: float) -> float | None:
    """A ratio; None where it has no meaning."""
    if below == 0:
        return None if above == 0 else float("inf")
    return above / below


def unpaired_width(a: Array, b: Array) -> float:
    """The width of the 90 % interval of differences between replicates that do not share their luck."""
    n = len(a)
    shifts = range(1, n) if n <= MOST_SHIFTS else np.unique(np.linspace(1, n - 1, MOST_SHIFTS).astype(int))
    others = [a - np.roll(b, int(shift)) for shift in shifts]
    if not others:
        return 0.0
    low, high = np.quantile(np.concatenate(others), (LEVELS[0], LEVELS[-1]))
    return float(high - low)


def t_quantile(n: int) -> float:
    """The 97.5 % quantile of Student's t with n - 1 degrees of freedom."""
    from posada.ensemble import student

    return student(n - 1)
