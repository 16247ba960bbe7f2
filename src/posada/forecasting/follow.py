"""Forecasts of a model that follows its counts by itself: a level that drifts, fitted to them.

Such paths are not moved to the last counts, nor mixed with past errors: what the counts tell is in the fit
already. Only a stock is held to its last count, since a path has luck of its own until then: each is moved by as much
as paths that differ there differ later (one update of an ensemble Kalman smoother; Evensen, Data Assimilation, 2009).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from posada.scenario import Scenario

from .counted import Count, is_stock
from .paths import Learnt

Array = np.ndarray[Any, Any]

RECENT = 7
"""A stock is held to its last count if that is so many days old at most."""
COUNTING = 0.5
"""Standard deviation in people of what a count may be off by."""


def follows(scenario: Scenario, learnt: Learnt | None) -> bool:
    """Whether the model follows its counts by itself: its numbers drift (`course`) and were fitted."""
    return bool(scenario.course) and learnt is not None and hasattr(learnt, "draws")


def followed(
    values: Array, intervals: Sequence[tuple[date, date]], series: str, past: Sequence[Count], issued: date
) -> Array:
    """The paths of a series, intervals by replicates: what was counted stands, a stock goes on from there."""
    found = values.astype(float)
    if past and is_stock(series) and (issued - past[-1].to).days <= RECENT:
        found = held(found, intervals, past[-1])
    if not is_stock(series):
        counted = {(count.from_, count.to): count.value for count in past}
        for i, interval in enumerate(intervals):
            if interval in counted and interval[1] <= issued:
                found[i] = counted[interval]
    return np.asarray(np.round(np.maximum(found, 0.0)))


def held(values: Array, intervals: Sequence[tuple[date, date]], last: Count) -> Array:
    """Paths of a stock held to its last count."""
    at = next((i for i, (first, to) in enumerate(intervals) if first <= last.to <= to), None)
    if at is None:
        return values
    there = values[at]
    away = there - there.mean()
    variance = float((away**2).mean()) + COUNTING**2
    found = values.copy()
    for i in range(at, len(intervals)):
        share = float(((values[i] - values[i].mean()) * away).mean()) / variance
        found[i] += share * (last.value - there)
    return found
