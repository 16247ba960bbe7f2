"""How sure a plan is: intervals of probabilities, and whether other replicates would have led to another plan."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from posada.planning.evaluate import MET, Bench, Point, Question

RESAMPLES = 1000


@dataclass(frozen=True)
class Sureness:
    """How sure it is that the best is best: replicates are drawn anew, with repetition, and the choice made again."""

    same: float
    """The share of resamples in which the same plan is chosen."""
    others: tuple[tuple[tuple[int, ...], float], ...]
    """Other plans that are chosen, with their shares."""
    none: float
    """The share in which none of the candidates is good enough."""
    low: float
    high: float
    """Where the least cost lies in nine resamples of ten."""


def wilson(share: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Wilson's interval of a probability, of which so many trials showed a share (Wilson 1927)."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def bootstrap(question: Question, bench: Bench, best: Point) -> Sureness:
    """Draw the replicates anew, choose again among the candidates; where one was not run, it counts as failing.

    A need that is minimised is known only of candidates that were run to their end.
    """
    finished = [c for c in bench.tried.values() if c.done.all() or question.linear]
    rng = np.random.default_rng(question.seed)
    n = question.replicates
    counts = rng.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    good = np.ones((len(finished), RESAMPLES), dtype=bool)
    for j, r in enumerate(question.asked.requirements):
        met = np.array([bench.known(c)[j] == MET for c in finished]).astype(float)
        good &= met @ counts.T >= n * r.probability - 1e-6
    if question.linear:
        costs = np.repeat(np.array([[bench.cost(c.point)] for c in finished]), RESAMPLES, axis=1)
    else:
        costs = np.array([c.values[-1] for c in finished]) @ counts.T / n
    costs = np.where(good, costs, np.inf)
    least = costs.min(axis=0)
    some = np.isfinite(least)
    own = next(i for i, c in enumerate(finished) if c.point == best)
    same = some & (costs[own] <= least + 1e-9)
    chosen = np.argmin(costs, axis=0)
    shares = {i: float((chosen[some & ~same] == i).sum()) / RESAMPLES for i in set(chosen[some & ~same].tolist())}
    others = sorted(((question.values(finished[i].point), s) for i, s in shares.items()), key=lambda o: (-o[1], o[0]))
    low, high = (float(x) for x in np.quantile(least[some], (0.05, 0.95))) if some.any() else (math.nan, math.nan)
    return Sureness(float(same.mean()), tuple(others[:5]), float((~some).mean()), low, high)
