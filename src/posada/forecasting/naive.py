"""Naive forecasts of who is at which site, to be beaten: shares of the registered total, from the scenario itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from .counts import Registered
from .network import Network

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Baseline:
    """A naive forecast: people by day and site. `leaky` knows what only the future told; `from_` is when it begins."""

    name: str
    about: str
    people: Array
    from_: date | None = None
    leaky: bool = False


NEAREST = "Newcomers leave the unsafe places of the day by population and go to the nearest site that is open."
EQUAL = "Newcomers split equally among the sites that are open."
GRAVITY = "Newcomers leave the unsafe places of the day by population, and split among open sites by 1 over distance."
FROZEN = "Shares as the last counts before the split tell them."
CAPACITY = (
    "Shares by the sites' capacity. Where a capacity is the highest number that was ever counted, as in much published "
    "data, this knows the future; it is no forecast, and shown so that nobody takes it for one."
)


def baselines(network: Network, counts: Registered, split: date | None) -> list[Baseline]:
    """All that the scenario allows, each given the registered total of the day."""
    rules = (("nearest site", NEAREST, nearest), ("equal shares", EQUAL, equal), ("gravity", GRAVITY, gravity))
    found = [
        Baseline(name, about, newcomers(counts.total, daily(network, counts.days, rule))) for name, about, rule in rules
    ]
    if split is not None:
        kept = np.tile(counts.shares_before(split), (len(counts.days), 1))
        found.append(Baseline("frozen at the split", FROZEN, kept * counts.total[:, None], split))
    if network.capacities(counts.days[0]) is not None:
        shares = np.array([by_capacity(network, day) for day in counts.days])
        found.append(Baseline("by capacity (leaky)", CAPACITY, shares * counts.total[:, None], leaky=True))
    return found


def newcomers(total: Array, shares: Array) -> Array:
    """People by day and site, if each day's rise of the total is split by the shares of that day.

    Those of the first day are newcomers, too. When the total falls, all sites lose alike.
    """
    found = shares * total[0]
    for i in range(1, len(total)):
        rise = total[i] - total[i - 1]
        found[i] = found[i - 1] + rise * shares[i] if rise >= 0 else found[i - 1] * (total[i] / total[i - 1])
    return np.asarray(found)


Shares = Callable[[Array, Array, Array], Array]
"""From the origins' weights, kilometres (origins by sites) and which sites are open: shares of the sites."""


def daily(network: Network, days: tuple[date, ...], shares_of: Shares) -> Array:
    """Shares day by day; a day on which nobody can come to any open site keeps those before, at first equal ones.

    Only days on which something changes are worked out.
    """
    found = np.zeros((len(days), len(network.sites)))
    last, seen = None, np.ones(len(network.sites)) / len(network.sites)
    for i, day in enumerate(days):
        state = (network.origins(day), network.open_links(day), network.open_sites(day).tolist())
        if state != last:
            origins, links, opened = state
            km = np.where(opened, network.distances(list(origins), links), np.inf)
            shares = shares_of(np.array(list(origins.values())), km, np.array(opened))
            seen = shares / shares.sum() if shares.sum() > 0 else seen
        found[i], last = seen, state
    return found


def nearest(weights: Array, km: Array, opened: Array) -> Array:
    """All of an origin to its nearest site; an origin without a way counts for nothing."""
    found = np.zeros(len(opened))
    for weight, row in zip(weights, km, strict=True):
        if np.isfinite(row).any():
            found[int(np.argmin(row))] += weight
    return found


def equal(weights: Array, km: Array, opened: Array) -> Array:
    """The same for every open site."""
    return opened.astype(float)


def gravity(weights: Array, km: Array, opened: Array) -> Array:
    """An origin's people by 1 over distance: the production-constrained gravity model (Wilson 1971), untuned."""
    pull = 1 / km
    whole = pull.sum(axis=1, keepdims=True)
    split = np.divide(pull, whole, out=np.zeros_like(pull), where=whole > 0)
    return np.asarray((weights[:, None] * split).sum(axis=0))


def by_capacity(network: Network, day: date) -> Array:
    """Shares by capacity on a day."""
    stated = network.capacities(day)
    assert stated is not None
    return np.asarray(stated / stated.sum())
