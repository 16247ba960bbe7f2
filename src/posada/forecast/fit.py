"""A first calibration of movement: what draws people to each site, learnt from the counts before a date.

Each site with counts gets an `attraction` that is stated anew every few weeks, so that the people who come to it in the
simulation are those who came by the counts. After the last count the attraction stays as it was, less sure the longer
the forecast: it has moved like a random walk, and is drawn with the spread of its own past steps.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from posada.ensemble import run
from posada.results import Result
from posada.scenario import Arrival, Entry, Group, Movement, Number, Quantity, Roam, Scenario, load

from .counts import Registered, Site, ValidationError, counted_sites, registered
from .validation import present, split_date

Array = np.ndarray[Any, Any]

EVERY = 30
"""Days for which an attraction holds."""
PARTIES = 20_000
"""People who are simulated while fitting, at most: shares are known to 1 % by then."""
ROUNDS = 14
GAIN = 0.8
"""Of the logarithm of what is missing, so much is added to an attraction in each round."""
LEAST = 0.005
"""The smallest share of the newcomers that a site is given: a site that draws nobody cannot be told from a closed one."""
HALF_LIFE = 45
"""Days: after the last count an attraction is the mean of its past ones, each counting half of one so much later."""
POWER = 1.0
"""Of the distance: a gravity model. What is wrong with it for a site is in its attraction."""
RESTLESS = 0.0005
"""The chance each day of leaving a site."""
MOST = 9.0
"""Attractions lie between plus and minus this."""
Z95 = 1.6448536269514722


@dataclass(frozen=True)
class Fit:
    """A scenario whose attractions were learnt from the counts before `until`, and what was learnt.

    `attractions` has a row per site and period: from, attraction, low and high (5th and 95th percentile; the same
    before `until`), newcomers by the counts and in the simulation.
    """

    scenario: Scenario
    until: date
    attractions: pl.DataFrame
    misfit: tuple[float, ...]
    """The averaged relative difference before `until`, round by round."""


def fit_movement(
    scenario: Scenario | str | os.PathLike[str],
    *,
    until: date | int | str,
    seed: int = 1,
    every: int = EVERY,
    rounds: int = ROUNDS,
    parties: int = PARTIES,
    told: Callable[[int, float], None] | None = None,
) -> Fit:
    """Fit the attractions of the sites that have counts to the counts before `until`.

    `until` is a date or a number of days after the start; later counts are not looked at, and nothing that is known
    only later may be: the scenario is taken `as_known_on` the day before. `told` hears each round and its averaged
    relative difference. ValidationError if there is nothing to fit.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    day = split_date(scenario, until)
    assert day is not None
    sites = known_sites(scenario, day)
    moved = with_destinations(scenario, sites)
    knots = periods(scenario.start, day, every)
    small = scaled(moved.until(day), parties)
    days = [scenario.start + timedelta(days=i) for i in range((day - scenario.start).days)]
    counts = registered(sites, days)
    a = np.zeros((len(sites), len(knots)))
    best, best_off, history = a, math.inf, []
    for turn in range(rounds):
        result = run(attracted(small, sites, knots, a), replicates=1, seed=seed + turn)
        off, target, came = compared(result, counts, sites, knots)
        history.append(off)
        if off < best_off:
            best, best_off, best_target, best_came = a, off, target, came
        if told:
            told(turn + 1, off)
        wanted = np.maximum(target, LEAST * target.sum(axis=0))
        step = np.log(wanted / np.maximum(came, LEAST / 2 * came.sum(axis=0) + 1e-9))
        a = np.clip(a + GAIN * np.where(wanted.sum(axis=0) > 0, step, 0.0), -MOST, MOST)
        a = a - a.mean(axis=0)
    later, spread = ahead(best, knots, day, scenario.end)
    fitted = attracted(moved, sites, [*knots, day], np.column_stack([best, later]), spread)
    table = table_of(sites, [*knots, day], np.column_stack([best, later]), spread, best_target, best_came)
    return Fit(fitted, day, table, tuple(history))


def known_sites(scenario: Scenario, day: date) -> tuple[Site, ...]:
    """Sites with their counts before a day; those without any are left out."""
    found = []
    for site in counted_sites(scenario):
        kept = [(d, n) for d, n in zip(site.dates, site.counted, strict=True) if d < day]
        if kept:
            dates, counted = zip(*kept, strict=True)
            found.append(replace(site, dates=tuple(dates), counted=tuple(counted)))
    if len(found) < 2:
        raise ValidationError(f"fewer than two sites were counted before {day}: there is no choice to learn")
    return tuple(found)


def with_destinations(scenario: Scenario, sites: tuple[Site, ...]) -> Scenario:
    """The scenario in which people know all sites and choose one: logit of its attraction and the way to it.

    ValidationError if nobody chooses a way.
    """
    used = {step.body.by for step in scenario.steps().values() if isinstance(step.body, Roam)}
    if not used:
        raise ValidationError("nobody in this scenario chooses a way (the step `roam`): there is no movement to fit")
    kinds = sorted({kind for site in sites if (kind := scenario.places[site.place].kind)})
    return scenario.replace(movement={k: to_sites(m, kinds) if k in used else m for k, m in scenario.movement.items()})


def to_sites(movement: Movement, kinds: list[str]) -> Movement:
    """A movement whose people set out for one of the sites, and go on until they are there."""
    path = f"movement.{movement.id}"
    site = " or ".join(f"kind == {kind}" for kind in kinds)
    text = f"if(({site}) and open > 0, attraction - {POWER:g} * log(10 + distance_km), log(0))"
    leaves = {
        key: Number((Entry(None, Quantity(value, assumed=reason)),), "leaving", f"{path}.leaves.{key}")
        for key, value, reason in (
            ("unsafe", 1.0, "who is in danger leaves at once"),
            ("else", 1.0, "who has set out for a site goes on every day"),
            *((kind, RESTLESS, "few leave a site for another") for kind in kinds),
        )
    }
    utility = Number((Entry(None, text),), "way", f"{path}.utility")
    return replace(
        movement, leaves=leaves, utility=utility, ahead=0, keeps_going=False, passes_through=True, forced=True, note="fitted by posada"
    )


def periods(start: date, until: date, every: int) -> list[date]:
    """When each period of an attraction begins; the last is not shorter than half of the others."""
    days = (until - start).days
    return [start + timedelta(days=i) for i in range(0, max(1, days - every // 2), every)]


def scaled(scenario: Scenario, parties: int) -> Scenario:
    """The scenario with fewer people, in proportion, so that it runs in a moment."""
    groups = scenario.groups
    people = sum(people_of(group) for group in groups.values())
    factor = min(1.0, parties / max(people, 1.0))
    return scenario.replace(groups={key: fewer(group, factor) for key, group in groups.items()})


def people_of(group: Group) -> float:
    """People whom a group brings, as far as it is told by a number or a table."""
    if group.arrivals:
        return float(sum(row.people for row in group.arrivals))
    first = group.people.entries[0].what if group.people else None
    return first.value if isinstance(first, Quantity) else 0.0


def fewer(group: Group, factor: float) -> Group:
    """A group with a share of its people; what rounding leaves is carried to the next row."""
    if group.arrivals:
        rows, sofar, made = [], 0.0, 0
        for row in group.arrivals:
            sofar += row.people * factor
            n = math.floor(sofar + 0.5) - made
            made += n
            rows.append(Arrival(row.date, row.minute, n))
        return replace(group, arrivals=tuple(rows))
    if group.people is None:
        return group
    entries = tuple(
        replace(e, what=replace(e.what, value=max(1.0, round(e.what.value * factor)), low=None, high=None))
        if isinstance(e.what, Quantity)
        else e
        for e in group.people.entries
    )
    return replace(group, people=replace(group.people, entries=entries))


def attracted(
    scenario: Scenario, sites: tuple[Site, ...], knots: list[date], a: Array, spread: Array | None = None
) -> Scenario:
    """The scenario with these attractions (sites by periods); the last period's are ignorant by `spread`."""
    places = dict(scenario.places)
    for i, site in enumerate(sites):
        place = places[site.place]
        entries = []
        for j, knot in enumerate(knots):
            low = high = None
            if spread is not None and j == len(knots) - 1:
                low, high = (float(a[i, j] + sign * Z95 * spread[i]) for sign in (-1, 1))
            value = Quantity(float(a[i, j]), low, high, "linear", assumed="fitted to the counts before")
            entries.append(Entry(None if j == 0 else knot, value))
        number = Number(tuple(entries), "number", f"places.{site.place}.attraction")
        places[site.place] = replace(place, numbers=place.numbers | {"attraction": number})
    return scenario.replace(places=places)


def compared(
    result: Result, counts: Registered, sites: tuple[Site, ...], knots: list[date]
) -> tuple[float, Array, Array]:
    """(averaged relative difference, newcomers wanted, newcomers who came), the last two sites by periods.

    Wanted is what brings the people of a site from where the simulation has them at the beginning of a period to what
    the counts tell at its end, both in shares of all sites.
    """
    own = present(result, sites).mean(axis=2)
    total = counts.total
    scale = np.where(total > 0, own.sum(axis=1) / np.where(total > 0, total, 1), 0.0)
    wanted_people = counts.people * scale[:, None]
    some = own.sum(axis=1) > 0
    off = np.abs(own - wanted_people)[some].sum(axis=1) / own[some].sum(axis=1)
    line = {day: k for k, day in enumerate(counts.days)}
    edges = [line[knot] for knot in knots] + [len(counts.days)]
    arrivals = np.column_stack([newcomers(result, site) for site in sites])
    target = np.zeros((len(sites), len(knots)))
    came = np.zeros_like(target)
    for j, (first, last) in enumerate(zip(edges[:-1], edges[1:], strict=True)):
        came[:, j] = arrivals[first:last].sum(axis=0)
        target[:, j] = np.maximum(came[:, j] + wanted_people[last - 1] - own[last - 1], 0.0)
    return float(off.mean()), target, came


def newcomers(result: Result, site: Site) -> Array:
    """People who arrived at a site, by day."""
    return np.asarray(result.series(f"arrived:{site.place}")["value"].to_numpy(), dtype=float)


def ahead(a: Array, knots: list[date], day: date, end: date) -> tuple[Array, Array]:
    """The attractions after the last count, and how unsure they are (standard deviations).

    The first weighs recent periods most. The second is that of a random walk with the steps that were seen, in the mean
    over the time to come.
    """
    ages = np.array([(day - knot).days for knot in knots], dtype=float)
    weights = 0.5 ** ((ages - ages[-1]) / HALF_LIFE)
    later = (a * weights).sum(axis=1) / weights.sum()
    if a.shape[1] < 2:
        return later, np.full(len(a), 0.5)
    recent = np.diff(a, axis=1)[:, -8:]
    step = np.sqrt(np.mean(np.clip(recent, -2.0, 2.0) ** 2))
    steps = max(1.0, (end - day).days / max(1, (knots[-1] - knots[0]).days / max(1, len(knots) - 1)))
    return later, np.full(len(a), float(step * math.sqrt(min(steps, 6.0) / 3.0)))


def table_of(
    sites: tuple[Site, ...], knots: list[date], a: Array, spread: Array, target: Array, came: Array
) -> pl.DataFrame:
    """What was learnt, one row per site and period."""
    rows = []
    for i, site in enumerate(sites):
        for j, knot in enumerate(knots):
            last = j == len(knots) - 1
            width = Z95 * float(spread[i]) if last else 0.0
            seen = (None, None) if last else (float(target[i, j]), float(came[i, j]))
            rows.append([site.place, knot, float(a[i, j]), float(a[i, j]) - width, float(a[i, j]) + width, *seen])
    names = ["site", "from", "attraction", "low", "high", "newcomers_counted", "newcomers_simulated"]
    return pl.DataFrame(rows, schema=names, orient="row")
