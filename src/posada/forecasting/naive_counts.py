"""What can be said of a series from its own past counts alone: what a forecast must beat.

Each is given what the forecast is given: the counts as they were known on the day. All work on the logarithm of one
more than the count, so that none foresees fewer than nobody.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any

import numpy as np

from .counted import Count, to_log

Array = np.ndarray[Any, Any]

SAMPLES = 200
DAILY = 0.05
"""Standard deviation of a day's step of the logarithm where fewer than three counts tell nothing of it."""
LEAST_FOR_STATISTICS = 8
"""Counts from which a model of time series is fitted; before, its forecast is the random walk."""
MOST_FITTED = 80
"""To so many of the newest values it is fitted, at most."""
Naive = Callable[[Sequence[Count], Array], Array]
"""From the past counts of a series and the last days to forecast (as ordinals): days by samples."""


@cache
def normals(n: int = SAMPLES) -> Array:
    """Quantiles of the standard normal distribution at evenly spaced probabilities."""
    return np.array([NormalDist().inv_cdf((i + 0.5) / n) for i in range(n)])


@dataclass(frozen=True)
class Line:
    """Past counts as days and logarithms; flows as their mean a day."""

    days: Array
    values: Array

    @property
    def gaps(self) -> Array:
        """Days between counts, at least one."""
        return np.maximum(np.diff(self.days), 1.0)


def line_of(past: Sequence[Count]) -> Line:
    """The line of past counts, from the first at which anybody was there."""
    first = next((i for i, count in enumerate(past) if count.value > 0), 0)
    past = past[first:]
    days = np.array([count.to.toordinal() for count in past], dtype=float)
    lengths = np.array([(count.to - count.from_).days + 1 for count in past], dtype=float)
    return Line(days, to_log(np.array([count.value for count in past]) / lengths))


def step_of(line: Line, drift: float = 0.0) -> float:
    """Standard deviation of a random walk's daily step about a drift."""
    if len(line.days) < 3:
        return DAILY
    steps = np.diff(line.values) - drift * line.gaps
    return float(np.sqrt(np.mean(steps**2 / line.gaps)))


def last_value(past: Sequence[Count], days: Array) -> Array:
    """The last count, for certain."""
    return np.full((len(days), SAMPLES), np.expm1(line_of(past).values[-1]))


def random_walk(past: Sequence[Count], days: Array) -> Array:
    """The last count, with the spread of a random walk of the steps that were seen."""
    line = line_of(past)
    ahead = np.maximum(days - line.days[-1], 1.0)
    return people(line.values[-1], step_of(line) * np.sqrt(ahead))


def drift(past: Sequence[Count], days: Array) -> Array:
    """A random walk that goes on growing as it did from the first count to the last."""
    line = line_of(past)
    if len(line.days) < 3 or line.days[-1] == line.days[0]:
        return random_walk(past, days)
    length = line.days[-1] - line.days[0]
    rate = float((line.values[-1] - line.values[0]) / length)
    ahead = np.maximum(days - line.days[-1], 1.0)
    return people(line.values[-1] + rate * ahead, step_of(line, rate) * np.sqrt(ahead * (1 + ahead / length)))


def seasonal(past: Sequence[Count], days: Array) -> Array:
    """The count of the same day of the week, the newest there is, with the spread of what this was off by."""
    line = line_of(past)
    off = [line.values[i] - line.values[j] for i in range(len(line.days)) if (j := same_weekday(line, i)) is not None]
    spread = float(np.sqrt(np.mean(np.square(off)))) if len(off) >= 3 else step_of(line) * np.sqrt(7.0)
    found = np.empty((len(days), SAMPLES))
    for k, day in enumerate(days):
        like = [i for i in range(len(line.days)) if (day - line.days[i]) % 7 == 0]
        weeks = max(1.0, np.ceil((day - line.days[-1]) / 7))
        found[k] = people(line.values[like[-1] if like else -1], np.array([spread * np.sqrt(weeks)]))[0]
    return found


def same_weekday(line: Line, i: int) -> int | None:
    """The newest count before one on the same day of the week."""
    return next((j for j in range(i - 1, -1, -1) if (line.days[i] - line.days[j]) % 7 == 0), None)


def exponential_smoothing(past: Sequence[Count], days: Array) -> Array:
    """Exponential smoothing with a damped trend (ETS), fitted to the counts on an even grid."""

    def fitted(values: Array, steps: int) -> tuple[Array, Array]:
        import pandas
        from statsmodels.tsa.exponential_smoothing.ets import ETSModel

        model = ETSModel(pandas.Series(values), error="add", trend="add", damped_trend=True)
        model = model.fit(disp=False, maxiter=100)
        told = model.get_prediction(start=len(values), end=len(values) + steps - 1)
        return np.asarray(told.predicted_mean), np.sqrt(np.asarray(told.forecast_variance))

    return on_a_grid(past, days, fitted)


def arima(past: Sequence[Count], days: Array) -> Array:
    """The best by AIC of ARIMA(0,1,1), (1,1,0) and (0,2,2), fitted to the counts on an even grid."""

    def fitted(values: Array, steps: int) -> tuple[Array, Array]:
        from statsmodels.tsa.arima.model import ARIMA

        orders = ((0, 1, 1), (1, 1, 0), (0, 2, 2))
        tried = [ARIMA(values, order=order).fit(method="innovations_mle") for order in orders]
        told = min(tried, key=lambda model: model.aic).get_forecast(steps)
        return np.asarray(told.predicted_mean), np.asarray(told.se_mean)

    return on_a_grid(past, days, fitted)


def on_a_grid(past: Sequence[Count], days: Array, fitted: Callable[[Array, int], tuple[Array, Array]]) -> Array:
    """A forecast of a model that needs evenly spaced values: counts interpolated at their median gap.

    Where there are too few counts, or the model cannot be fitted to them, the random walk stands in its place.
    """
    line = line_of(past)
    gap = max(1.0, float(np.median(line.gaps))) if len(line.days) > 1 else 1.0
    grid = np.arange(line.days[-1], line.days[0] - 1e-9, -gap)[:MOST_FITTED][::-1]
    if len(grid) < LEAST_FOR_STATISTICS or len(line.days) < LEAST_FOR_STATISTICS or np.ptp(line.values) == 0:
        return random_walk(past, days)
    ahead = np.maximum(days - line.days[-1], 1.0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            middle, spread = fitted(np.interp(grid, line.days, line.values), int(np.ceil(ahead.max() / gap)) + 1)
    except (ValueError, np.linalg.LinAlgError):
        return random_walk(past, days)
    if not (np.isfinite(middle).all() and np.isfinite(spread).all()):
        return random_walk(past, days)
    at = np.concatenate([[0.0], gap * (np.arange(len(middle)) + 1)])
    middles = np.interp(ahead, at, np.concatenate([[line.values[-1]], middle]))
    return people(middles, np.interp(ahead, at, np.concatenate([[0.0], spread])))


def people(middle: Any, spread: Array) -> Array:
    """Samples of a normal distribution of the logarithm, as people: days by samples."""
    told = np.atleast_1d(middle)[:, None] + np.atleast_1d(spread)[:, None] * normals()[None, :]
    return np.asarray(np.expm1(np.clip(told, 0.0, 30.0)))


NAIVE: dict[str, Naive] = {
    "last value": last_value,
    "random walk": random_walk,
    "drift": drift,
    "seasonal": seasonal,
    "ETS": exponential_smoothing,
    "ARIMA": arima,
}
