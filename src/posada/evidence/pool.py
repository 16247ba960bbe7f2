"""Claims pooled into one quantity, with weights that somebody stated: never by themselves.

Claims with two sides (exact, about, range) are opinions; they are mixed as a linear opinion pool (Stone 1961). Claims
with one side (at least, at most, more than) are bounds: what lies beyond them is cut off.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from .compare import allows
from .ledger import Evidence
from .telling import amount, who

POINTS = 400
Z95 = NormalDist().inv_cdf(0.95)


class PoolError(Exception):
    """Claims that cannot be pooled; says why."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A belief about a number: median, 5th and 95th percentile, and its weight."""

    name: str
    low: float
    value: float
    high: float
    weight: float


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled quantity: median, 5th and 95th percentile (None: one number), and how it was made."""

    value: float
    low: float | None
    high: float | None
    evidence: tuple[str, ...]
    steps: tuple[str, ...]


def opinion(claim: Evidence, weight: float) -> Opinion | None:
    """A claim as a belief; None for a bound, or one without a number."""
    if claim.qualifier in ("at_least", "at_most", "more") or all(
        v is None for v in (claim.low, claim.value, claim.high)
    ):
        return None
    low, high = allows(claim)
    return Opinion(claim.id, low, claim.value if claim.value is not None else (low + high) / 2, high, weight)


def pool(
    claims: Sequence[Evidence], weights: Mapping[str, float], present: Opinion | None = None, whole: bool = False
) -> Pooled:
    """Claims with their weights, and perhaps what is believed at present, as one quantity.

    `whole`: whether it counts whole things. PoolError if nothing is left, or the weights cannot be.
    """
    for claim in claims:
        weight = weights[claim.id]
        if not (math.isfinite(weight) and weight >= 0):
            raise PoolError(f"the weight of {claim.id} is {weight:g}; weights are numbers from 0")
    used = [claim for claim in claims if weights[claim.id] > 0]
    unnumbered = [c.id for c in used if all(v is None for v in (c.low, c.value, c.high))]
    if unnumbered:
        raise PoolError(f"{', '.join(unnumbered)} state no number")
    opinions = [o for claim in used if (o := opinion(claim, weights[claim.id])) is not None]
    if present is not None and present.weight > 0:
        opinions.append(present)
    bounds = [claim for claim in used if opinion(claim, 1.0) is None]
    least = max((allows(claim)[0] for claim in bounds), default=-math.inf)
    most = min((allows(claim)[1] for claim in bounds), default=math.inf)
    if least > most:
        raise PoolError(
            f"the bounds contradict each other: at least {least:g} and at most {most:g}; leave one out, or give it "
            f"the weight 0"
        )
    if not opinions:
        if math.isinf(least) or math.isinf(most):
            raise PoolError(
                "bounds on one side alone make no quantity; add a claim with a number, or keep what is believed at "
                "present (--keep 1)"
            )
        low, value, high = least, (least + most) / 2, most
    else:
        low, value, high = mixed(opinions, least, most)
    steps = tuple(described(claim, weights[claim.id]) for claim in used)
    if present is not None and present.weight > 0:
        steps += (f"present value {present.value:g} ({present.low:g} to {present.high:g}), weight {present.weight:g}",)
    if whole:
        low, value, high = (float(math.floor(x + 0.5)) for x in (low, value, high))
    ids = tuple(claim.id for claim in used)
    return Pooled(value, None, None, ids, steps) if low == high else Pooled(value, low, high, ids, steps)


def described(claim: Evidence, weight: float) -> str:
    """One claim as it enters a pool."""
    part = f"weight {weight:g}" if opinion(claim, 1.0) else "a bound"
    return f"{claim.id}: {amount(claim)}, {who(claim, False)}, {part}"


def mixed(opinions: Sequence[Opinion], least: float, most: float) -> tuple[float, float, float]:
    """5th, 50th and 95th percentile of a weighted mixture within bounds."""
    total = sum(o.weight for o in opinions)
    points = sorted(
        (x, o.weight / total / POINTS)
        for o in opinions
        for k in range(POINTS)
        if least <= (x := quantile(o, (k + 0.5) / POINTS)) <= most
    )
    if not points:
        raise PoolError(f"no claim with a number lies within the bounds ({least:g} to {most:g})")
    mass = sum(weight for _, weight in points)
    return at(points, 0.05 * mass), at(points, 0.5 * mass), at(points, 0.95 * mass)


def quantile(o: Opinion, p: float) -> float:
    """A quantile of a belief: a normal distribution of its own width on each side of the median."""
    z = NormalDist().inv_cdf(p) / Z95
    return o.value + z * (o.high - o.value if z > 0 else o.value - o.low)


def at(points: Sequence[tuple[float, float]], mass: float) -> float:
    """The first point at which so much of the mass is reached."""
    reached = 0.0
    for x, weight in points:
        reached += weight
        if reached >= mass - 1e-12:
            return x
    return points[-1][0]
