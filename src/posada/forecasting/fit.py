"""A first calibration of movement: what draws people to each site, learnt from the counts before a date.

Each site with counts gets an `attraction` that is stated anew every few weeks, so that of those who set out in the
simulation as many come to it as the counts grew by. After the last count the attraction stays what it was of late, less
sure the longer the forecast: it has moved like a random walk, and is drawn with the spread of its own past steps. The
forecast begins with the people who were counted.
"""

from __future__ import annotations

import itertools
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
from posada.scenario import (
    Arrival,
    Entry,
    Group,
    Instant,
    Movement,
    Number,
    Quantity,
    Roam,
    Scenario,
    load,
    plain_number,
)

from .counts import Registered, Site, ValidationError, counted_sites, registered
from .validation import split_date

Array = np.ndarray[Any, Any]

EVERY = 30
"""Days for which an attraction holds."""
PARTIES = 20_000
"""People of tables and numbers who are simulated while fitting, at most; streams are simulated whole."""
ROUNDS = 12
GAIN = 0.8
"""Of the logarithm of what is missing, so much is added to an attraction in each round."""
LEAST = 0.003
"""The smallest share of the newcomers that a site is given: who draws nobody cannot be told from who is closed."""
HALF_LIFE = 30.0
"""Days: after the last count an attraction is the mean of its past ones, each counting half of one so much later."""
POWER = 1.0
"""Of the distance: a gravity model. What is wrong with it for a site is in its attraction."""
RESTLESS = 0.0002
"""The chance each day of leaving a site, where counts never fell: at least so many move on unseen."""
SPREAD = 1.0 / 3.0
"""The mean of a random walk over the time to come has a third of the variance that the walk has at its end."""
LONGEST = 6.0
"""Periods to come whose steps are added up, at most."""
FOLD = 30.0
"""By so much the chance of leaving a site may be lower or higher."""
MOST = 9.0
"""Attractions lie between plus and minus this."""
COUNTED = "counted-at-"
"""How the ids of groups begin whose people were counted at a site."""
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
    last_count: date
    """The last count that was learnt from; who set out since then is not in the forecast."""
    misfit: tuple[float, ...]
    """Half of the absolute differences between the shares of newcomers counted and simulated, round by round."""


def fit_movement(
    scenario: Scenario | str | os.PathLike[str],
    *,
    until: date | int | str,
    seed: int = 1,
    every: int = EVERY,
    rounds: int = ROUNDS,
    parties: int = PARTIES,
    total: bool = False,
    told: Callable[[int, float], None] | None = None,
) -> Fit:
    """Fit the attractions of the sites that have counts to the counts before `until`.

    `until` is a date or a number of days after the start; later counts are not looked at. With `total`, how many set
    out after it is forecast too, instead of taken from the scenario's tables. `told` hears each round and its misfit.
    ValidationError if there is nothing to fit.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    try:
        day = split_date(scenario, until)
    except ValidationError as error:
        raise ValidationError(str(error).replace("the split", "`until`")) from None
    assert day is not None
    sites = known_sites(scenario, day)
    knots = periods(scenario.start, day, every)
    days = [scenario.start + timedelta(days=i) for i in range((day - scenario.start).days)]
    counts = registered(sites, days)
    wanted = grown(counts, knots)
    moved = with_destinations(scenario, sites, restlessness(counts))
    pathway_of_roam(scenario)
    small = scaled(moved.until(day), parties)
    a = np.zeros((len(sites), len(knots)))
    history = []
    for turn in range(rounds):
        came = arrived(run(attracted(small, sites, knots, a), replicates=1, seed=seed + turn), sites, knots)
        off = misfit(wanted, came)
        history.append(off)
        if turn == 0 and not np.nansum(wanted):
            raise ValidationError(f"no site grew by its counts before {day}: there is nothing to learn")
        if turn == 0 and not came.sum():
            raise ValidationError(
                "nobody comes to any site in the simulation: are there links to them, and people who set out?"
            )
        if told:
            told(turn + 1, off)
        if turn + 1 < rounds:
            a = nearer(a, wanted, came)
    later, spread = ahead(a, wanted, knots, day, scenario.end)
    whole = np.column_stack([a, later])
    begun = from_counts(moved, sites, counts, day)
    if total:
        begun = with_total(begun, scenario, wanted, knots, day)
    fitted = attracted(begun, sites, [*knots, day], whole, spread)
    last = max(site.dates[-1] for site in sites)
    return Fit(fitted, day, table_of(sites, [*knots, day], whole, spread, wanted, came), last, tuple(history))


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


def restlessness(counts: Registered) -> float:
    """The chance each day of leaving a site: by how much its counts fell in the last two months, over all people."""
    recent = counts.people[-60:]
    fell = np.maximum(-np.diff(recent, axis=0), 0.0).sum()
    return max(RESTLESS, float(fell / max(1.0, recent.sum())))


def with_destinations(scenario: Scenario, sites: tuple[Site, ...], restless: float) -> Scenario:
    """The scenario in which people know all sites and choose one: logit of its attraction and the way to it.

    ValidationError if nobody chooses a way.
    """
    used = {step.body.by for step in scenario.steps().values() if isinstance(step.body, Roam)}
    if not used:
        raise ValidationError("nobody in this scenario chooses a way (the step `roam`): there is no movement to fit")
    without = [site.place for site in sites if not scenario.places[site.place].kind]
    if without:
        raise ValidationError(f"a site needs a `kind` in places.csv to be chosen by; {', '.join(without)} has none")
    kinds = sorted({kind for site in sites if (kind := scenario.places[site.place].kind)})
    return scenario.replace(
        movement={k: to_sites(m, kinds, restless) if k in used else m for k, m in scenario.movement.items()}
    )


def to_sites(movement: Movement, kinds: list[str], restless: float) -> Movement:
    """A movement whose people set out for one of the sites, and go on until they are there."""
    path = f"movement.{movement.id}"
    site = " or ".join(f"kind == {kind}" for kind in kinds)
    text = f"if(({site}) and open > 0, attraction - {POWER:g} * log(10 + distance_km), log(0))"
    stays = Quantity(restless, restless / FOLD, min(0.5, restless * FOLD), assumed="as counts fell of late")
    chances = {
        "unsafe": Quantity(1.0, assumed="who is in danger leaves at once"),
        "else": Quantity(1.0, assumed="who has set out for a site goes on every day"),
        **dict.fromkeys(kinds, stays),
    }
    leaves = {key: Number((Entry(None, chance),), "leaving", f"{path}.leaves.{key}") for key, chance in chances.items()}
    utility = Number((Entry(None, text),), "way", f"{path}.utility")
    return replace(
        movement,
        leaves=leaves,
        utility=utility,
        ahead=0,
        keeps_going=False,
        passes_through=True,
        forced=True,
        note="fitted to counts",
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


def grown(counts: Registered, knots: list[date]) -> Array:
    """By how much each site grew in each period (sites by periods); what it shrank by is nothing.

    nan where a site was not counted for most of a period: what lies after its last count, or before its first, is not
    known. A part of a period that is known stands for the whole.
    """
    edges = [*knots, counts.days[-1]]
    found = np.full((len(counts.sites), len(knots)), np.nan)
    for i, site in enumerate(counts.sites):
        line = [day.toordinal() for day in site.dates]
        for j, (begin, end) in enumerate(itertools.pairwise(edges)):
            first, last = max(begin.toordinal(), line[0]), min(end.toordinal(), line[-1])
            if last - first >= 0.5 * (end - begin).days > 0:
                before, after = np.interp([first, last], line, site.counted)
                found[i, j] = max(0.0, after - before) * (end - begin).days / (last - first)
    return found


def arrived(result: Result, sites: tuple[Site, ...], knots: list[date]) -> Array:
    """People who came to each site in each period of the simulation, less those who left it (sites by periods).

    Who only passes through a site on the way to another comes and leaves.
    """
    found = np.zeros((len(sites), len(knots)))
    for i, site in enumerate(sites):
        for event, sign in (("arrived", 1), ("left", -1)):
            series = result.series(f"{event}:{site.place}")
            dates = series["date"].to_numpy().astype("datetime64[D]")
            period = np.searchsorted(np.array(knots, dtype="datetime64[D]"), dates, "right")
            np.add.at(found[i], np.maximum(period - 1, 0), sign * series["value"].to_numpy())
    return np.maximum(found, 0.0)


def shares(people: Array, known: Array) -> Array:
    """Shares of the known sites in each period; 0 for others, and where nobody came."""
    kept = np.where(known, people, 0.0)
    total = kept.sum(axis=0)
    return np.asarray(np.divide(kept, total, out=np.zeros_like(kept), where=total > 0))


def misfit(wanted: Array, came: Array) -> float:
    """Half of the absolute differences of shares, periods weighted by the people who are wanted: 0 fits, 1 is worst."""
    known = ~np.isnan(wanted)
    off = 0.5 * np.abs(shares(wanted, known) - shares(came, known)).sum(axis=0)
    total = np.nansum(wanted, axis=0)
    return float((off * total).sum() / max(total.sum(), 1.0))


def nearer(a: Array, wanted: Array, came: Array) -> Array:
    """Attractions after one more round.

    A site to which nobody comes may be out of reach, and keeps its own; one that is not counted keeps what it had in
    the period before.
    """
    known = ~np.isnan(wanted)
    have, want = shares(came, known), np.maximum(shares(wanted, known), LEAST)
    moves = known & (have > 0) & (np.nansum(wanted, axis=0) > 0)
    step = np.clip(GAIN * np.log(want / np.where(moves, have, 1.0)), -2.0, 2.0)
    moved = np.clip(a + np.where(moves, step, 0.0), -MOST, MOST)
    moved = moved - moved.mean(axis=0)
    for j in range(1, a.shape[1]):
        moved[:, j] = np.where(known[:, j], moved[:, j], moved[:, j - 1])
    return np.asarray(moved)


def from_counts(scenario: Scenario, sites: tuple[Site, ...], counts: Registered, day: date) -> Scenario:
    """The scenario from a date on: those counted by then are at their sites, and only who comes later sets out.

    The counted follow the first pathway that begins with `roam`.
    """
    pathway = pathway_of_roam(scenario)
    later = {key: kept for key, group in scenario.groups.items() if (kept := only_from(group, day)) is not None}
    for i, site in enumerate(sites):
        people = round(float(counts.people[-1, i]))
        if people > 0:
            key = f"{COUNTED}{site.place}"
            quantity = Quantity(float(people), assumed="as counted")
            number = Number((Entry(None, quantity),), "capacity", f"groups.{key}.people")
            size = plain_number(1.0, "share", f"groups.{key}.parties.1")
            ages = plain_number(1.0, "share", f"groups.{key}.sex_and_age.unstated")
            later[key] = Group(
                key,
                site.place,
                pathway,
                number,
                date=Instant(day),
                parties={"1": size},
                sex_and_age={"unstated": ages},
            )
    return scenario.replace(
        groups=dict(sorted(later.items())), title=f"{scenario.title}, fitted to counts before {day}"
    )


def with_total(begun: Scenario, whole: Scenario, wanted: Array, knots: list[date], day: date) -> Scenario:
    """The scenario in which those who come after the date are forecast: a stream in place of each table.

    As many a day as the counts grew by in the last period, all sites together. How unsure that is follows from how much
    it changed from period to period, like a random walk of its logarithm.
    """
    edges = np.array([knot.toordinal() for knot in (*knots, day)], dtype=float)
    rates = np.maximum(np.nansum(wanted, axis=0) / np.diff(edges), 0.5)
    steps = np.clip(np.diff(np.log(rates))[-6:], -2.0, 2.0)
    step = float(np.sqrt(np.mean(steps**2))) if len(steps) else 1.0
    periods_ahead = (whole.end - day).days / float(np.mean(np.diff(edges)))
    fold = math.exp(Z95 * step * math.sqrt(max(1.0, min(periods_ahead, LONGEST) * SPREAD)))
    tables = [group for group in begun.groups.values() if group.arrivals]
    people = sum(people_of(group) for group in tables)
    groups = dict(begun.groups)
    for group in tables:
        rate = float(rates[-1]) * people_of(group) / max(people, 1.0)
        quantity = Quantity(rate, rate / fold, rate * fold, "log", assumed="as the counts grew of late")
        number = Number((Entry(None, quantity),), "rate", f"groups.{group.id}.people_per_day")
        groups[group.id] = replace(group, arrivals=(), arrive_at=None, people_per_day=number, from_=Instant(day))
    return begun.replace(groups=groups)


def pathway_of_roam(scenario: Scenario) -> str:
    """The pathway of the first group that begins by roaming; ValidationError if there is none."""
    for group in scenario.groups.values():
        if isinstance(scenario.pathways[group.pathway].steps[0].body, Roam):
            return group.pathway
    raise ValidationError("no group begins its pathway with the step `roam`: those who were counted could not go on")


def only_from(group: Group, day: date) -> Group | None:
    """What of a group comes from a date on; None if nothing does."""
    if group.id.startswith(COUNTED) or (group.until is not None and group.until.date <= day):
        return None
    if group.arrivals:
        rows = tuple(row for row in group.arrivals if row.date >= day)
        return replace(group, arrivals=rows) if rows else None
    if group.people is not None:
        return group if group.date and group.date.date >= day else None
    return replace(group, from_=Instant(day)) if group.from_ is None or group.from_.date < day else group


def ahead(a: Array, wanted: Array, knots: list[date], day: date, end: date) -> tuple[Array, Array]:
    """The attractions after the last count, and how unsure they are (standard deviations).

    The first weighs recent periods, and those in which many came, most. The second is that of a random walk with the
    steps that were seen, in the mean over the time to come.
    """
    known = ~np.isnan(wanted)
    ages = np.array([(day - knot).days for knot in knots], dtype=float)
    weights = np.where(known, 0.5 ** ((ages - ages[-1]) / HALF_LIFE) * (np.nansum(wanted, axis=0) + 1e-9), 1e-12)
    later = (a * weights).sum(axis=1) / weights.sum(axis=1)
    if a.shape[1] < 2:
        return later, np.full(len(a), 0.5)
    recent = np.clip(np.diff(a, axis=1)[:, -6:], -1.5, 1.5)
    step = float(np.sqrt(np.mean(recent[known[:, 1:][:, -6:]] ** 2))) if known[:, 1:][:, -6:].any() else 0.5
    ahead_of = (end - day).days / max(1.0, (knots[-1] - knots[0]).days / max(1, len(knots) - 1))
    return later, np.full(len(a), step * math.sqrt(max(1.0, min(ahead_of, LONGEST) * SPREAD)))


def table_of(
    sites: tuple[Site, ...], knots: list[date], a: Array, spread: Array, target: Array, came: Array
) -> pl.DataFrame:
    """What was learnt, one row per site and period."""
    rows = []
    for i, site in enumerate(sites):
        for j, knot in enumerate(knots):
            last = j == len(knots) - 1
            width = Z95 * float(spread[i]) if last else 0.0
            counted = None if last or np.isnan(target[i, j]) else float(target[i, j])
            seen = (counted, None if last else float(came[i, j]))
            rows.append([site.place, knot, float(a[i, j]), float(a[i, j]) - width, float(a[i, j]) + width, *seen])
    names = ["site", "from", "attraction", "low", "high", "newcomers_counted", "newcomers_simulated"]
    return pl.DataFrame(rows, schema=names, orient="row")
