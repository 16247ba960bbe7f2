"""Counts of people present at places: what a scenario keeps for checking, and what they are between two counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from posada.results import ResultError
from posada.scenario import Observation, Scenario, parse_series

Array = np.ndarray[Any, Any]


class ValidationError(ResultError):
    """A scenario cannot be validated, or not in the way that was asked for."""


@dataclass(frozen=True)
class Site:
    """A place with counts of people present, in order of their dates; `evidence` is whose counts they are."""

    place: str
    name: str
    dates: tuple[date, ...]
    counted: tuple[float, ...]
    evidence: tuple[str, ...] = ()


def counted_sites(scenario: Scenario) -> tuple[Site, ...]:
    """Every place with counts of people present that are kept for checking, in order of their ids.

    Several counts of one day are averaged. Counts before the start and after the end are kept, for the line between
    counts; a place that has only such is left out. ValidationError if there is none.
    """
    found: dict[str, dict[date, list[Observation]]] = {}
    for o in scenario.observations.values():
        series, day = parse_series(o.series), o.to or o.from_
        if series.verb != "present" or series.attribute or o.use != "check" or day is None or middle(o) is None:
            continue
        found.setdefault(series.where, {}).setdefault(day, []).append(o)
    found = {p: counts for p, counts in found.items() if any(scenario.start <= d <= scenario.end for d in counts)}
    if not found:
        raise ValidationError(
            "there is nothing to validate against: no observation of `present:PLACE` with `use: check` has a date "
            f"from {scenario.start} to {scenario.end}"
        )
    return tuple(site_of(scenario, place, found[place]) for place in sorted(found))


def site_of(scenario: Scenario, place: str, counts: dict[date, list[Observation]]) -> Site:
    """One place with its counts."""
    days = sorted(counts)
    values = [[middle(o) or 0.0 for o in counts[day]] for day in days]
    evidence = {e: None for day in days for o in counts[day] for e in o.evidence}
    means = tuple(sum(each) / len(each) for each in values)
    return Site(place, scenario.places[place].name, tuple(days), means, tuple(evidence))


def middle(o: Observation) -> float | None:
    """What was counted: the value, else the middle of its range, else its only bound."""
    if o.value is not None:
        return o.value
    bounds = [b for b in (o.low, o.high) if b is not None]
    return sum(bounds) / len(bounds) if bounds else None


@dataclass(frozen=True)
class Registered:
    """Counts of all sites on a common line of days: days by sites.

    `people` is interpolated between counts, and stays as it is before the first and after the last one, as Flee does
    (which also drops fractions of people). `counted` is nan where there was no count on the day.
    """

    days: tuple[date, ...]
    sites: tuple[Site, ...]
    people: Array
    counted: Array

    @property
    def total(self) -> Array:
        """Registered people of all sites together, by day."""
        return np.asarray(self.people.sum(axis=1))

    def shares_before(self, day: date) -> Array:
        """Shares of the sites as the last counts before a day tell them; a site that was not counted yet has none."""
        last = np.zeros(len(self.sites))
        for i, site in enumerate(self.sites):
            before = [c for d, c in zip(site.dates, site.counted, strict=True) if d < day]
            last[i] = before[-1] if before else 0.0
        if not last.sum():
            raise ValidationError(f"nobody was counted before {day}, so there are no shares to keep; split later")
        return np.asarray(last / last.sum())


def registered(sites: Sequence[Site], days: Sequence[date], start: date | None = None) -> Registered:
    """The counts of sites on days in order, each the last of a record interval; a count belongs to its interval.

    The first interval begins on `start`, or is a single day. Counts before and after are only for the line.
    """
    start = start or days[0]
    line = ordinals(days)
    people = np.column_stack([np.interp(line, ordinals(s.dates), s.counted) for s in sites])
    counted = np.full(people.shape, np.nan)
    for j, site in enumerate(sites):
        at = np.searchsorted(line, ordinals(site.dates))
        for place, day, value in zip(at, site.dates, site.counted, strict=True):
            if start <= day <= days[-1]:
                counted[place, j] = value
    return Registered(tuple(days), tuple(sites), people, counted)


def ordinals(days: Sequence[date]) -> Array:
    """Dates as numbers of days."""
    return np.array([day.toordinal() for day in days], dtype=float)
