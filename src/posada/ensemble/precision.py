"""How well the mean of a number is known, and how many replicates it takes to know it well enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from posada.results import Result, values_of
from posada.scenario import FLOWS, STOCKS, Headline, Problems, Scenario, ScenarioErrors, Spot, check_series

LEVEL = 0.95
"""Of the confidence intervals."""
FEWEST = 10
"""Replicates in which a number must be defined before its interval is believed."""
GROWTH = 0.1
"""The least by which a batch adds to the replicates."""
SAFETY = 1.05
"""What is added to the number of replicates that the last batch makes likely."""


@dataclass(frozen=True)
class Precision:
    """Stop when the half-width of the 95 % confidence interval of each mean is at most this share of the mean.

    `of` names headlines by id, or series by address; all headlines if it is empty.
    """

    share: float
    of: tuple[str, ...] = ()
    at_least: int = 20
    at_most: int = 10_000

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise ValueError(f"the precision must be between 0 and 1 (0.05 is 5 %), not {self.share:g}")
        if self.at_least < FEWEST:
            raise ValueError(f"a precision needs at least {FEWEST} replicates, not {self.at_least}")
        if self.at_most < self.at_least:
            raise ValueError(f"at most {self.at_most} replicates are fewer than the {self.at_least} to begin with")

    def beginning(self, replicates: int | None) -> Precision:
        """The same with so many replicates to begin with."""
        return self if replicates is None else replace(self, at_least=replicates)


@dataclass(frozen=True)
class Mean:
    """The mean of a number over replicates, and how well it is known."""

    id: str
    label: str
    statistic: str
    replicates: int
    """In which the number is defined."""
    mean: float
    half_width: float
    """Of the 95 % confidence interval of the mean, by Student's t."""
    share: float
    """Half-width divided by the mean."""
    reached: bool


@dataclass(frozen=True)
class Reached:
    """What a run until precision came to."""

    goal: Precision
    means: tuple[Mean, ...]
    stopped: bool = False
    """Ctrl-C ended it."""

    @property
    def met(self) -> bool:
        """Whether every number is known well enough."""
        return all(mean.reached for mean in self.means)


def outputs(scenario: Scenario, of: Sequence[str]) -> list[Headline]:
    """The numbers that are to be known; ScenarioErrors if one is neither a headline nor a series."""
    if not of:
        if not scenario.headlines:
            raise ValueError("the scenario has no headlines; say of which series the precision is wanted")
        return sorted(scenario.headlines.values(), key=lambda h: h.spot.line)
    problems = Problems()
    found = []
    for name in of:
        if name in scenario.headlines:
            found.append(scenario.headlines[name])
            continue
        if ":" not in name:
            problems.unknown(Spot("", 0, 0), "headline", name, scenario.headlines)
            continue
        series = check_series(name, Spot("", 0, 0), scenario, problems)
        if series is not None:
            statistic = "mean" if series.verb in STOCKS else "sum" if series.verb in FLOWS else "mean_days"
            found.append(Headline(name, name, name, None, None, statistic))
    if problems.found:
        raise ScenarioErrors(problems.found)
    return found


def values(result: Result, wanted: Sequence[Headline]) -> list[list[float]]:
    """Each number in each replicate of a result."""
    return [[float(v) for v in values_of(result, h)] for h in wanted]


def mean_of(headline: Headline, found: Sequence[float], share: float) -> Mean:
    """The mean of a number, and whether it is known well enough."""
    known = np.array([v for v in found if not math.isnan(v)])
    n = len(known)
    if n < 2:
        mean = float(known[0]) if n else math.nan
        return Mean(headline.id, headline.label, headline.statistic, n, mean, math.inf, math.inf, False)
    mean, half = float(known.mean()), student(n - 1) * float(known.std(ddof=1)) / math.sqrt(n)
    relative = half / abs(mean) if mean else 0.0 if half == 0 else math.inf
    return Mean(
        headline.id, headline.label, headline.statistic, n, mean, half, relative, n >= FEWEST and relative <= share
    )


def likely(means: Sequence[Mean], goal: Precision, n: int) -> int:
    """How many replicates it will take, as the half-width falls with the square root of their number."""
    worst = max((mean.share for mean in means if not mean.reached), default=0.0)
    if not math.isfinite(worst):
        return goal.at_most
    return max(n, min(goal.at_most, math.ceil(SAFETY * n * (worst / goal.share) ** 2)))


def next_number(means: Sequence[Mean], goal: Precision, n: int) -> int:
    """How many replicates to have after the next batch: at most twice as many, as the first guess is rough."""
    more = max(FEWEST, math.ceil(GROWTH * n))
    return min(goal.at_most, max(n + more, min(likely(means, goal, n), 2 * n)))


def student(df: int) -> float:
    """The 97.5th percentile of Student's t (Abramowitz and Stegun 26.7.5; right to 0.0003 from 5 degrees on)."""
    z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / float(df) ** (k + 1) for k, term in enumerate(terms))
