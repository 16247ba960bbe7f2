"""`posada.backtest`: forecasts issued again and again over the past, each seeing only what was known, then scored."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from posada import __version__
from posada.ensemble import Part, Progress
from posada.pictured import Pictured
from posada.scenario import Scenario, load, parse_date

from .counted import ForecastError, counts_of, scored_series
from .fit import Fit
from .issue import REPLICATES, days_of_horizon, forecast, issue_date
from .issued import Forecast
from .ledger import HOME, open_forecast, store
from .naive_counts import NAIVE, Naive
from .paths import Learnt, chooses_ways, fitted
from .scoring import HORIZONS, scores_of, skill_table, summary_table

CALIBRATIONS = 6
"""How often movement is fitted anew in a backtest; between, forecasts begin with the newest counts, which weigh it."""
MOST = 400
"""Dates of issue, at most."""
Learner = Callable[[Scenario, date, date], Learnt | None]
"""What is learnt from the counts known on a date, for forecasts up to a last day."""


@dataclass(frozen=True)
class Backtest(Pictured):
    """Forecasts with the scores of each, beside those of naive forecasts that knew as much.

    `scores` has a row per method and count; `truth` says up to which date counts were taken (None: all).
    """

    scenario: Scenario
    forecasts: tuple[Forecast, ...]
    scores: pl.DataFrame
    horizons: tuple[int, ...]
    truth: date | None = None
    stopped: bool = False
    """Whether Ctrl-C ended it before the last date."""

    @cached_property
    def summary(self) -> pl.DataFrame:
        """Mean scores and coverage by method and horizon."""
        return summary_table(self.scores)

    @cached_property
    def skill(self) -> pl.DataFrame:
        """How much better than the best naive forecast, by horizon, with intervals."""
        return skill_table(self.scores)


def backtest(
    scenario: Scenario | str | os.PathLike[str],
    *,
    issued: Sequence[date | str] = (),
    every: str | int | None = None,
    horizons: Sequence[int | str] = HORIZONS,
    series: Sequence[str] = (),
    policy: str | Sequence[str] = (),
    truth_on: date | str | None = None,
    calibrations: int = CALIBRATIONS,
    replicates: int = REPLICATES,
    seed: int = 1,
    scale: float = 1.0,
    out: str | os.PathLike[str] | None = None,
    learner: Learner | None = None,
    naive: Mapping[str, Naive] = NAIVE,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Issue forecasts on dates of the past and score them against what was counted later.

    The dates are named (`issued`), or come at every so many days (`every`, such as "3d") from the first on which two
    dates of counts were known. Each forecast sees only what was known on its date. Movement is fitted at
    `calibrations` of the dates, evenly spread. `series` limits what is told of; without, it is every series that was
    counted on or after one of the dates. With `out` forecasts are stored in `out/forecasts` as soon as they are made,
    and those that are there are taken from there, so a backtest that was stopped goes on; Ctrl-C returns what is done.

    ForecastError if nothing can be scored, or `out` holds forecasts that were made otherwise.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    truth_day = parse_date(truth_on) if isinstance(truth_on, str) else truth_on
    truth = counts_of(scenario, truth_day)
    days = tuple(sorted(days_of_horizon(h) for h in horizons))
    dates = issue_dates(scenario, issued, every)
    names = tuple(series) or scored_series(truth, dates[0])
    if not names:
        raise ForecastError(f"nothing was counted after {dates[0]} that could be scored (`use: check`)")
    maker = Maker(scenario, dates, days[-1], names, calibrations, learner or learner_of(scenario))
    made: list[Forecast] = []
    tables: list[pl.DataFrame] = []
    how = {"policy": policy, "replicates": replicates, "seed": seed, "scale": scale, "threads": threads}
    total = len(dates) * replicates
    for number, day in enumerate(dates):
        part = Part(progress, number * replicates, total)
        try:
            one = maker.issue(day, None if out is None else Path(out), part, how)
            tables.append(scores_of(one, truth, days, naive))
        except KeyboardInterrupt:
            break
        made.append(one)
        part.done(replicates, replicates)
    if not made:
        raise KeyboardInterrupt
    return Backtest(scenario, tuple(made), pl.concat(tables), days, truth_day, len(made) < len(dates))


def issue_dates(scenario: Scenario, issued: Sequence[date | str], every: str | int | None) -> tuple[date, ...]:
    """The dates of issue in order; ForecastError if they are not told, or are too many."""
    if bool(issued) == (every is not None):
        raise ForecastError("say when forecasts are issued: by dates (`issued`), or every so many days (`every`: 3d)")
    if issued:
        return tuple(sorted({issue_date(scenario, day) for day in issued}))
    assert every is not None
    step = days_of_horizon(every)
    known = sorted({count.as_of for line in counts_of(scenario).values() for count in line})
    if len(known) < 3:
        raise ForecastError("fewer than three dates of counts: there is nothing to learn from and to score")
    last = min(known[-1], scenario.end)
    found = tuple(known[1] + timedelta(days=i) for i in range(0, (last - known[1]).days, step))
    if len(found) > MOST:
        raise ForecastError(f"{len(found)} dates of issue; at most {MOST}: take more days between them")
    return found


def learner_of(scenario: Scenario) -> Learner:
    """How a scenario is learnt from its counts: its numbers where they drift (`course`), else movement."""
    if scenario.course:
        from .nights import learn_quickly

        return learn_quickly
    return fit_of_movement


def fit_of_movement(scenario: Scenario, day: date, last: date) -> Learnt | None:
    """Movement fitted to the counts known on a day; None where nobody chooses a way, or too little was counted."""
    return fitted(scenario, counts_of(scenario, day), day, last) if chooses_ways(scenario) else None


class Maker:
    """Makes the forecasts of a backtest; what is learnt at a calibration serves until the next."""

    def __init__(
        self,
        scenario: Scenario,
        dates: Sequence[date],
        horizon: int,
        series: tuple[str, ...],
        calibrations: int,
        learner: Learner,
    ) -> None:
        self.scenario, self.dates, self.horizon, self.series, self.learner = scenario, dates, horizon, series, learner
        number = max(1, min(calibrations, len(dates)))
        self._calibrated = [dates[len(dates) * i // number] for i in range(number)]
        self._learnt: dict[date, Learnt | None] = {}

    def learnt(self, day: date) -> Learnt | None:
        """What was learnt at the last calibration up to a day."""
        on = max(c for c in self._calibrated if c <= day)
        if on not in self._learnt:
            later = [c for c in self._calibrated if c > on]
            until = (later[0] if later else self.dates[-1]) + timedelta(days=self.horizon)
            self._learnt = {on: self.learner(self.scenario, on, until)}
        return self._learnt[on]

    def issue(self, day: date, out: Path | None, progress: Progress, how: Mapping[str, Any]) -> Forecast:
        """The forecast of a day: the one that is there, or a new one, which is stored."""
        wanted = self.wanted(day, how)
        if out is not None:
            there = stored(out, day, wanted)
            if there is not None:
                return there
        learnt = self.learnt(day)
        one = forecast(
            self.scenario,
            issued=day,
            horizon=self.horizon,
            calibration=learnt,
            series=() if isinstance(learnt, Fit) else self.series,  # of a site that nobody counted a fit knows nothing
            progress=progress,
            **how,
        )
        one = replace(one, about=one.about | {"backtest": wanted})
        return one if out is None else store(one, out)

    def wanted(self, day: date, how: Mapping[str, Any]) -> str:
        """What a stored forecast must have been made of, to be taken for the one that is asked for."""
        learner = f"{self.learner.__module__}.{self.learner.__qualname__}"
        on = max(c for c in self._calibrated if c <= day)
        parts = [self.scenario.hash, self.horizon, self.series, learner, on, __version__]
        asked = {key: value for key, value in how.items() if key != "threads"}
        return hashlib.sha256(json.dumps([*parts, asked], sort_keys=True, default=str).encode()).hexdigest()


def stored(out: Path, day: date, wanted: str) -> Forecast | None:
    """The forecast of a day that is there; ForecastError if it was made otherwise."""
    place = next((p for p in sorted((out / HOME).glob(f"{day}*")) if p.is_dir()), None)
    if place is None:
        return None
    there = open_forecast(place)
    if there.about.get("backtest") != wanted:
        raise ForecastError(f"{place} was made otherwise (of another scenario, or by other words); name another folder")
    return there
