"""What past counts teach: which rule of thumb would have foreseen them best, and how far off it was.

Every earlier count is forecast from the counts before it, by each rule; nothing later than the day of the forecast is
looked at. The rule with the smallest weighted error is taken, and its errors are the spread of the forecast. Errors of
the same series, of like horizons, of late, and of times when a series was as restless as this one is now count most.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from .counted import Count, Counts, is_stock, to_log

Array = np.ndarray[Any, Any]

BACK = 8
"""How many counts before it an earlier count is forecast from."""
FEWEST = 100.0
"""Counts below this are no start: their relative steps say nothing of those of larger ones."""
WINDOW = 30.0
"""Days over which the growth of late is measured."""
DAMPED = 60.0
"""Days: growth goes on for so long, all told; it fades exponentially. Or twice the days between counts, if longer."""
HALF_LIFE = 120.0
"""Days after which an error counts half; or four times the days between counts, if longer."""
OWN = 2.0
"""By so much more an error of the series itself counts than one of another."""
LIKE = 1.0
"""An error from a time when a series was more or less restless by e counts as at one standard deviation of a normal."""
OTHERWISE = 0.001
"""An error of a series however unlike counts so much, so that there is always something to learn from."""
RESTED = 45.0
"""Days after which a step counts half for how restless a series is."""
USUAL = 2.0
"""How restless series are in the mean counts as much as so many steps of a series itself."""
STILL = 1e-4
"""A series' steps are at least so large (of the logarithm, a day)."""
GROWS = 0.7
"""Errors grow with this power of the horizon: between 0.5, a random walk, and 1, a wrong trend."""
LEVEL_MEMORY = (1.0, 7.0, 28.0)
"""Half-lives, in days, of the level of a flow."""
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
"""How much of the growth of late goes on."""

Rule = Callable[[Sequence[Count], date, date], float]
"""From past counts of a series and the days of a target: the logarithm of one more than what is expected (a day)."""


@dataclass(frozen=True)
class Pair:
    """An earlier count forecast from one before it: by how much each rule was off."""

    series: str
    day: date
    ahead: int
    off: tuple[float, ...]
    restless: float = 0.0
    """How restless the series was when it was forecast: the logarithm of its usual step."""


def growth_of_late(past: Sequence[Count], ahead: float) -> float:
    """People by whom a stock will have grown: the mean growth of late, fading."""
    now, first = past[-1], past[0]
    edge = now.to.toordinal() - 0.7 * WINDOW
    for count in reversed(past[:-1]):
        if count.to.toordinal() <= edge:
            first = count
            break
    days = max((now.to - first.to).days, 1)
    lasts = max(DAMPED, 2 * gap_of(past))
    return (now.value - first.value) / days * lasts * (1 - float(np.exp(-ahead / lasts)))


def gap_of(line: Sequence[Count]) -> float:
    """The median number of days between counts of late; 0 of one count."""
    days = sorted((after.to - before.to).days for before, after in itertools.pairwise(line[-BACK - 1 :]))
    return float(days[len(days) // 2]) if days else 0.0


def goes_on(weight: float) -> Rule:
    """The last count of a stock, with a part of the growth of late."""

    def rule(past: Sequence[Count], from_: date, to: date) -> float:
        more = growth_of_late(past, max((to - past[-1].to).days, 0)) if weight else 0.0
        return float(to_log(max(0.0, past[-1].value + weight * more)))

    return rule


def level(memory: float) -> Rule:
    """The level of a flow a day: the mean of its counts, each counting half of one so many days later."""

    def rule(past: Sequence[Count], from_: date, to: date) -> float:
        ages = np.array([(past[-1].to - count.to).days for count in past], dtype=float)
        weights = 0.5 ** (ages / memory)
        return float((weights * [to_log(a_day(count)) for count in past]).sum() / weights.sum())

    return rule


STOCK_RULES = tuple(goes_on(weight) for weight in WEIGHTS)
FLOW_RULES = tuple(level(memory) for memory in LEVEL_MEMORY)


def a_day(count: Count) -> float:
    """A flow's mean a day; a stock as it is."""
    return count.value if is_stock(count.series) else count.value / ((count.to - count.from_).days + 1)


class Restlessness:
    """How restless series are: by what their counts changed from one to the next, for the days between, of late.

    Steps are averaged by their square roots, so that one leap does not make a quiet series a restless one; the usual
    step of all series stands in where a series has few of its own.
    """

    def __init__(self, counts: Counts, stocks: bool) -> None:
        self._steps = {series: steps_of(line) for series, line in counts.items() if is_stock(series) is stocks}
        every = [step for _, steps in self._steps.values() for step in steps if not np.isnan(step)]
        self._usual = max(float(np.mean(np.sqrt(every))) if every else 0.0, STILL**0.5)

    def of(self, series: str, known: int) -> float:
        """The logarithm of a series' step a day, as its first so many counts tell it."""
        days, steps = (each[: known - 1] for each in self._steps[series])
        if not len(days):
            return 2 * float(np.log(self._usual))
        weights = np.where(np.isnan(steps), 0.0, 0.5 ** ((days[-1] - days) / RESTED))
        own = float((weights * np.sqrt(np.nan_to_num(steps))).sum())
        return 2 * float(np.log((USUAL * self._usual + own) / (USUAL + weights.sum())))


def steps_of(line: Sequence[Count]) -> tuple[Array, Array]:
    """From the second count on its day, and the step of the logarithm a day; nan after counts that are no start."""
    values = to_log(np.array([a_day(count) for count in line]))
    days = np.array([count.to.toordinal() for count in line], dtype=float)
    steps = np.abs(np.diff(values)) / np.maximum(np.diff(days), 1.0) ** GROWS
    if is_stock(line[0].series):
        steps[np.array([count.value < FEWEST for count in line[:-1]], dtype=bool)] = np.nan
    return days[1:], steps


def pairs_of(counts: Counts, rules: Sequence[Rule], stocks: bool, restless: Restlessness) -> list[Pair]:
    """Every earlier count of the stocks (or flows), forecast from those before it."""
    found = []
    for series, line in counts.items():
        if is_stock(series) is not stocks:
            continue
        for j in range(2, len(line)):
            target = line[j]
            seen = to_log(a_day(target))
            for i in range(max(1, j - BACK), j):
                ahead = (target.to - line[i].to).days
                if ahead > 0 and (not stocks or line[i].value >= FEWEST):
                    off = tuple(float(seen - rule(line[: i + 1], target.from_, target.to)) for rule in rules)
                    found.append(Pair(series, target.to, ahead, off, restless.of(series, i + 1)))
    return sorted(found, key=lambda pair: pair.ahead)


@dataclass(frozen=True)
class Errors:
    """The errors of the best rule at one horizon, in order, with weights that add up to 1."""

    rule: int
    off: Array
    weights: Array

    @property
    def effective(self) -> float:
        """Of how many equally weighted errors they tell as much."""
        return float(1 / (self.weights**2).sum()) if len(self.weights) else 0.0

    def quantiles(self, at: Array) -> Array:
        """Their quantiles."""
        middle = np.cumsum(self.weights) - self.weights / 2
        return np.interp(at, middle, self.off)


class PastErrors:
    """Errors of rules at earlier counts, to be asked by series and horizon."""

    def __init__(self, counts: Counts, rules: Sequence[Rule], *, stocks: bool, day: date) -> None:
        self._restless = Restlessness(counts, stocks)
        self._known = {series: len(line) for series, line in counts.items()}
        self._pairs = pairs_of(counts, rules, stocks, self._restless)
        self._aheads = [pair.ahead for pair in self._pairs]
        self._day = day
        gaps = sorted(gap_of(line) for line in counts.values() if len(line) > 2)
        self._half_life = max(HALF_LIFE, 4 * gaps[len(gaps) // 2]) if gaps else HALF_LIFE

    def of(self, series: str, ahead: float) -> Errors | None:
        """The errors of the best rule for a series so many days ahead of its last count; None if there are none."""
        ahead = max(ahead, 1.0)
        like = self._pairs[bisect_left(self._aheads, ahead / 3 - 2) : bisect_right(self._aheads, 3 * ahead + 10)]
        if not like:
            return None
        days = np.array([pair.ahead for pair in like], dtype=float)
        ages = np.array([(self._day - pair.day).days for pair in like], dtype=float)
        own = np.array([OWN if pair.series == series else 1.0 for pair in like])
        now = self._restless.of(series, self._known[series])
        unlike = (np.array([pair.restless for pair in like]) - now) / LIKE
        own *= np.exp(-0.5 * unlike**2) + OTHERWISE
        weights = 0.5 ** (ages / self._half_life) * own * np.exp(-np.abs(np.log(days / ahead)))
        weights /= weights.sum()
        off = np.array([pair.off for pair in like]) * ((ahead / days) ** GROWS)[:, None]
        best = int(np.argmin((np.abs(off) * weights[:, None]).sum(axis=0)))
        order = np.argsort(off[:, best], kind="stable")
        return Errors(best, off[order, best], weights[order])
