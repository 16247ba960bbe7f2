"""What the model says of each series up to the horizon: one path per replicate, before it is held to the counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Protocol

import numpy as np
import polars as pl

from posada.ensemble import Progress, run
from posada.results import Result
from posada.scenario import Entry, Group, Observation, Quantity, Roam, Scenario, record_intervals

from .counted import Counts, is_stock
from .counts import Registered, Site, ValidationError, registered
from .fit import COUNTED, Fit, fit_movement, from_counts, known_sites
from .known import arrivals_from_counts, as_it_was_known, ending, without_the_future
from .since_fit import drawn_again, weights_since
from .smaller import people_in, smaller

Array = np.ndarray[Any, Any]

PARTIES = 20_000
"""People who are simulated by the forecaster of movement, at most."""
DAY = timedelta(days=1)


class Drawn(Protocol):
    """What was learnt by a calibration: standard normals of uncertain numbers (replicate, path, z)."""

    @property
    def until(self) -> date | None:
        """The date up to which counts were looked at; None if all were."""
        ...

    def ensemble(self, replicates: int | None = None, policies: Sequence[str] = ()) -> pl.DataFrame:
        """One row per replicate and path."""
        ...


Learnt = Drawn | Fit
"""What a forecast may rest on: a calibration, or a fit of movement."""


@dataclass(frozen=True)
class Paths:
    """Record intervals (first day, last day) and, by series, intervals by replicates."""

    intervals: tuple[tuple[date, date], ...]
    values: Mapping[str, Array]
    begun: Mapping[str, float] | None = None
    """Of a model that begins with the counts: people of each series there; None if it begins with the scenario."""

    def holding(self, day: date) -> int:
        """The number of the interval that holds a day; -1 before the first."""
        return sum(first <= day for first, _ in self.intervals) - 1

    def within(self, from_: date, to: date) -> list[int]:
        """The intervals that lie within days, both included."""
        return [i for i, (first, last) in enumerate(self.intervals) if first >= from_ and last <= to]


@dataclass(frozen=True)
class Asked:
    """What a forecast is to tell of, and how it is made."""

    issued: date
    last: date
    series: tuple[str, ...]
    replicates: int
    seed: int
    policy: tuple[str, ...] = ()
    scale: float = 1.0
    threads: int | None = None


def chooses_ways(scenario: Scenario) -> bool:
    """Whether people choose their way between places: then what draws them is learnt from the counts of sites."""
    return any(isinstance(step.body, Roam) for step in scenario.steps().values())


def model_paths(
    scenario: Scenario, counts: Counts, asked: Asked, learnt: Learnt | None, progress: Progress | None
) -> Paths:
    """The paths of the model: from the counts on if movement was fitted, else from the start of the scenario."""
    if isinstance(learnt, Fit):
        return from_counts_on(learnt, scenario, asked, progress, draws_since(learnt, scenario, counts, asked))
    whole = as_it_was_known(scenario, asked.issued, asked.last)
    scale = min(asked.scale, PARTIES / max(people_in(whole), PARTIES)) if chooses_ways(scenario) else asked.scale
    known = smaller(whole, scale)
    draws = None if learnt is None else draws_for(learnt, known, asked)
    result = run(
        known,
        replicates=asked.replicates,
        seed=asked.seed,
        policy=asked.policy,
        draws=draws,
        threads=asked.threads,
        progress=progress,
    )
    return Paths(days_of(known), values_of(result, asked, 1 / scale))


def draws_for(learnt: Drawn, known: Scenario, asked: Asked) -> pl.DataFrame:
    """The draws of a calibration for so many replicates, of the numbers that are unsure in the scenario as known."""
    draws = learnt.ensemble(asked.replicates, asked.policy)
    unsure = {path for path, number in known.numbers().items() if any(map(is_unsure, number.entries))}
    return draws.filter(pl.col("path").is_in(sorted(unsure)))


def is_unsure(entry: Entry) -> bool:
    """Whether an entry states low and high."""
    return isinstance(entry.what, Quantity) and entry.what.low is not None


def fitted(scenario: Scenario, counts: Counts, issued: date, last: date, seed: int = 1) -> Fit | None:
    """Movement fitted to the counts known on a date, for forecasts up to a last day; None where that cannot be.

    Who came is made anew from the known counts, since imported tables interpolate to the next count.
    """
    try:
        known = without_the_future(scenario, issued, last)
        known = arrivals_from_counts(known.replace(observations=by_then(known, issued)), counts, issued)
        return fit_movement(ending(known, last), until=issued + DAY, seed=seed, parties=PARTIES, total=True)
    except ValidationError:
        return None


def by_then(scenario: Scenario, issued: date) -> dict[str, Observation]:
    """The observations of the days up to a date."""
    return {key: o for key, o in scenario.observations.items() if (o.to or o.from_ or issued) <= issued}


def draws_since(fit: Fit, scenario: Scenario, counts: Counts, asked: Asked) -> pl.DataFrame | None:
    """The draws of a fit of an earlier date, weighed by the counts that came since; None if none came."""
    learnt_on = fit.until - DAY
    newer = tuple(s for s, line in counts.items() if is_stock(s) and learnt_on < line[-1].to)
    if learnt_on >= asked.issued or not newer:
        return None
    before, draws = run_from_counts(fit, scenario, replace(asked, issued=learnt_on, last=asked.issued, series=newer))
    weights = weights_since(before, counts, learnt_on, asked.issued)
    return None if weights is None else drawn_again(draws, weights)


def from_counts_on(
    fit: Fit, scenario: Scenario, asked: Asked, progress: Progress | None, draws: pl.DataFrame | None = None
) -> Paths:
    """The fitted model begun anew with the people who were counted by the date on which the forecast is issued."""
    return run_from_counts(fit, scenario, asked, progress, draws)[0]


def run_from_counts(
    fit: Fit, scenario: Scenario, asked: Asked, progress: Progress | None = None, draws: pl.DataFrame | None = None
) -> tuple[Paths, pl.DataFrame]:
    """The paths of the fitted model from the counts of a date on, and its draws (replicate, path, z)."""
    begins = asked.issued + DAY
    known = scenario.as_known_on(asked.issued)
    sites = known_sites(known.replace(observations=by_then(known, asked.issued)), begins)
    there = counted_on(sites, scenario.start, asked.issued)
    begun = ending(from_counts(fit.scenario, sites, there, begins), asked.last)
    factor = min(1.0, PARTIES / max(1.0, people_in(begun.replace(start=begins))))
    result = run(
        smaller(begun, factor),
        replicates=asked.replicates,
        seed=asked.seed,
        policy=asked.policy,
        draws=draws,
        threads=asked.threads,
        progress=progress,
    )
    started = {f"present:{site.place}": float(there.people[-1, i]) for i, site in enumerate(sites)}
    counted = [group for key, group in smaller(begun, factor).groups.items() if key.startswith(COUNTED)]
    small = {f"present:{group.place}": first_people(group) / factor for group in counted}
    paths = Paths(days_of(begun), values_of(result, asked, 1 / factor), started)
    moved = {s: v - small.get(s, 0.0) + started.get(s, 0.0) for s, v in paths.values.items() if is_stock(s)}
    return replace(paths, values={**paths.values, **moved}), result.quantities


def first_people(group: Group) -> float:
    """Whole people of a group, as they set out."""
    what = group.people.entries[0].what if group.people else None
    return float(np.floor(what.value + 0.5)) if isinstance(what, Quantity) else 0.0


def counted_on(sites: tuple[Site, ...], start: date, day: date) -> Registered:
    """The counts of sites as they stand on a day, each its last one."""
    return registered(sites, [day], start)


def days_of(scenario: Scenario) -> tuple[tuple[date, date], ...]:
    """First and last day of each record interval."""
    return tuple((first, after - DAY) for first, after in record_intervals(scenario))


def values_of(result: Result, asked: Asked, times: float) -> dict[str, Array]:
    """The series of a result, intervals by replicates. ForecastError if the run was stopped."""
    if result.replicates < asked.replicates:
        raise KeyboardInterrupt
    shape = (result.replicates, len(result.record))
    return {s: times * result.series(s)["value"].to_numpy().reshape(shape).T.astype(float) for s in asked.series}
