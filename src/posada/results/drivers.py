"""What drives the headlines of a result: shares of their variance by uncertain number, and by what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from posada.results.shares import LEAST, MOST, Basis, basis, first_order, intervals_of, of_luck
from posada.results.supports import Support
from posada.scenario import Headline

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

ENOUGH = 200
"""Replicates of a result from which what drives it can be told without further runs."""
RESAMPLES = 200
BY_CHANCE = 0.01
"""Shares below this are not told apart from nothing."""


@dataclass(frozen=True)
class Share:
    """A share of variance with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Driver:
    """One uncertain number and what it does to one headline.

    `share` is its own (first-order); `total`, where it was measured, counts what it does together with others too.
    `direction` is +1 if the headline rises with the number, -1 if it falls, 0 if it does neither or both.
    """

    path: str
    share: float
    low: float | None = None
    high: float | None = None
    direction: int = 0
    total: Share | None = None
    first: Share | None = None
    """The first-order share as runs made for it tell (`sobol`)."""

    @property
    def stands_out(self) -> bool:
        """Whether the share is told apart from nothing."""
        return self.share >= BY_CHANCE and (self.low is None or self.low > 0)


@dataclass(frozen=True)
class Driven:
    """A headline and all uncertain numbers, the largest share first."""

    id: str
    label: str
    question: str
    of_whom: str
    statistic: str
    replicates: int
    """In which it is defined."""
    numbers: Mapping[str, float | None]
    """Median and intervals."""
    varies: bool
    drivers: tuple[Driver, ...]
    luck: Share | None = None

    @property
    def title(self) -> str:
        """The label, and of whom it is told."""
        return ", ".join(filter(None, (self.label, self.of_whom)))


@dataclass(frozen=True)
class Coverage:
    """On what the variance of a headline rests: shares that add up to one.

    `together` is what the numbers do jointly, and what no share could be told of; with `luck` None it holds luck too.
    """

    evidence: float
    assumed: float
    unsourced: float
    luck: float | None
    together: float


def driven_by(
    h: Basis,
    paths: Sequence[str],
    y: Array,
    headline: Headline,
    numbers: Mapping[str, float | None],
    of_whom: str,
    luck: tuple[Array, Array] | None = None,
    top: int = 0,
    seed: int = 0,
) -> Driven:
    """What drives one headline; the `top` largest shares get their intervals."""
    known = ~np.isnan(y)
    h, y = (h, y) if known.all() else (Basis(h.inputs, h.values[known], h.squares[known]), y[known])
    fit = first_order(h, y)
    order = np.argsort(-fit.shares, kind="stable")
    shown = [int(i) for i in order[:top] if fit.shares[i] >= BY_CHANCE]
    ends = intervals_of(h, y, fit, shown, RESAMPLES, seed)
    interval = {i: (float(low), float(high)) for i, low, high in zip(shown, *ends, strict=True)}
    drivers = tuple(
        Driver(
            paths[i],
            float(fit.shares[i]),
            interval[i][0] if i in interval else None,
            interval[i][1] if i in interval else None,
            direction(fit.straight[i], len(y)),
        )
        for i in order.tolist()
    )
    shares = of_luck(*luck, RESAMPLES, seed) if luck is not None else (math.nan,)
    return Driven(
        headline.id,
        headline.label,
        headline.question or "",
        of_whom,
        headline.statistic,
        len(y),
        numbers,
        len(y) >= LEAST and bool(np.ptp(y)),
        drivers,
        None if math.isnan(shares[0]) else Share(*shares),
    )


def direction(straight: float, n: int) -> int:
    """The sign of the straight part of an effect, if it is told apart from nothing."""
    return int(np.sign(straight)) if abs(straight) > 2 / math.sqrt(n) else 0


def coverage(driven: Driven, resting: Mapping[str, Support]) -> Coverage:
    """On what the variance of a headline rests."""
    sums = dict.fromkeys(("evidence", "assumed", "unsourced"), 0.0)
    for driver in driven.drivers:
        kind = resting[driver.path].kind if driver.path in resting else "unsourced"
        sums[kind] += driver.share
    luck = driven.luck.value if driven.luck is not None else None
    parts = {kind: min(max(share, 0.0), 1.0) for kind, share in sums.items()}
    whole = sum(parts.values()) + (luck or 0.0)
    scale = 1 / whole if whole > 1 else 1.0
    parts = {kind: share * scale for kind, share in parts.items()}
    luck = None if luck is None else luck * scale
    return Coverage(**parts, luck=luck, together=max(0.0, 1.0 - whole * scale))


def normals(result: Result) -> tuple[list[str], Array] | None:
    """The standard normals of a result, replicates by paths, of at most the first 4,000 replicates.

    None if there are none, or if they were not drawn as the scenario states (`draws` that follow another distribution):
    shares of variance would then be of something else.
    """
    rows, n = result.quantities, result.replicates
    if not rows.height or rows.height % n:
        return None
    z = rows["z"].to_numpy().reshape(n, -1)[:MOST]
    paths = [str(path) for path in rows["path"][: z.shape[1]].to_list()]
    far = np.abs(z.mean(axis=0)).max() * math.sqrt(len(z)) > 6
    odd = np.abs((z**2).mean(axis=0) - 1).max() * math.sqrt(len(z) / 2) > 8
    return None if far or odd else (paths, z)


def assumed_shares(result: Result, values: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The share of each headline's variance that rests on assumptions: kept beside the result, or from its replicates.

    Empty if it has fewer than 200 and nothing was kept. Rounded, so that it is the same on every machine.
    """
    from posada.results.sensitivity import kept_with
    from posada.results.supports import supports

    resting = supports(result.scenario)
    kept = kept_with(result)
    if kept is not None:
        return {d.id: assumed_share(coverage(d, resting)) for d in kept.headlines}
    found = normals(result) if result.replicates >= ENOUGH else None
    if found is None:
        return {}
    paths, z = found
    h = basis(z)
    shares = {}
    for key, column in values.items():
        y = np.array(column[:MOST], dtype=float)
        driven = driven_by(h, paths, y, Headline(key, "", ""), {}, "")
        if driven.replicates >= ENOUGH and driven.varies:
            shares[key] = assumed_share(coverage(driven, resting))
    return shares


def assumed_share(found: Coverage) -> float:
    """What rests on assumptions, with what is stated without a source."""
    return round(found.assumed + found.unsourced, 3)
