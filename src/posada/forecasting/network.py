"""The scenario's map as a baseline sees it on a day: who is where they must leave, and how far it is to the sites."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from posada.scenario import Number, Quantity, Scenario

Array = np.ndarray[Any, Any]
Links = dict[str, list[tuple[str, float]]]


def value_on(number: Number | None, day: date, scenario: Scenario, otherwise: float) -> float:
    """The stated value of a number on a day; `otherwise` where there is none, or an expression says it."""
    if number is None:
        return otherwise
    what = next((e.what for e in reversed(number.entries) if e.from_ is None or e.from_ <= day), None)
    if isinstance(what, Quantity):
        return what.value
    if isinstance(what, str) and what in scenario.quantities:
        return value_on(scenario.quantities[what], day, scenario, otherwise)
    return otherwise


@dataclass(frozen=True)
class Network:
    """The places and links of a scenario, day by day; closed links are those with `open: 0`."""

    scenario: Scenario
    sites: tuple[str, ...]

    def open_sites(self, day: date) -> Array:
        """Which sites are open; all of them if none is."""
        found = [value_on(self.scenario.places[s].numbers.get("open"), day, self.scenario, 1.0) for s in self.sites]
        now = np.array(found) > 0
        return now if now.any() else np.ones(len(self.sites), dtype=bool)

    def origins(self, day: date) -> dict[str, float]:
        """Where people flee from on a day, with weights: population times how unsafe it is.

        In a scenario that states no unsafe place, the places where its groups have set out, with their people so far.
        """
        if not self.has_unsafe_places:
            return self._set_out(day)
        found: dict[str, float] = {}
        for key, place in self.scenario.places.items():
            stated = place.numbers
            unsafe = value_on(stated.get("unsafe"), day, self.scenario, 0.0)
            weight = unsafe * value_on(stated.get("population"), day, self.scenario, 0.0)
            if weight > 0 and key not in self.sites:
                found[key] = weight
        return found

    @cached_property
    def has_unsafe_places(self) -> bool:
        """Whether the scenario says of any place how unsafe it is."""
        return any("unsafe" in place.numbers for place in self.scenario.places.values())

    def _set_out(self, day: date) -> dict[str, float]:
        found: dict[str, float] = {}
        for group in self.scenario.groups.values():
            came = float(sum(row.people for row in group.arrivals if row.date <= day))
            begins = group.date or group.from_
            first = begins.date if begins else self.scenario.start
            if not came and first <= day and group.people is not None:
                came = value_on(group.people, day, self.scenario, 0.0)
            rate = group.people_per_day or group.parties_per_day
            if not came and first <= day and rate is not None:
                came = value_on(rate, day, self.scenario, 0.0) * ((day - first).days + 1)
            if group.place and came > 0:
                found[group.place] = found.get(group.place, 0.0) + came
        return found

    def distances(self, origins: Sequence[str], links: Links) -> Array:
        """Kilometres from origins to sites along some links; infinite without a way. At least 1 km."""
        found = np.full((len(origins), len(self.sites)), np.inf)
        for i, origin in enumerate(origins):
            reached = shortest(links, origin)
            found[i] = [max(reached.get(site, np.inf), 1.0) for site in self.sites]
        return found

    def open_links(self, day: date) -> Links:
        """The links that are open on a day, by where they begin: (where to, kilometres)."""
        found: Links = {}
        for link in self.scenario.links.values():
            if value_on(link.open, day, self.scenario, 1.0) > 0:
                length = value_on(link.length_km, day, self.scenario, 1.0)
                found.setdefault(link.from_, []).append((link.to, length))
        return found

    def capacities(self, day: date) -> Array | None:
        """The sites' capacities, None unless all are stated."""
        stated = [self.scenario.places[site].numbers.get("capacity") for site in self.sites]
        if not all(number is not None for number in stated):
            return None
        values = np.array([value_on(number, day, self.scenario, 0.0) for number in stated])
        return values if values.sum() > 0 else None


def shortest(links: Links, origin: str) -> dict[str, float]:
    """Length of the shortest way to every place that can be reached (Dijkstra 1959)."""
    found: dict[str, float] = {}
    heap = [(0.0, origin)]
    while heap:
        length, place = heapq.heappop(heap)
        if place in found:
            continue
        found[place] = length
        for to, step in links.get(place, []):
            if to not in found:
                heapq.heappush(heap, (length + step, to))
    return found
