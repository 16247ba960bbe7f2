"""The nights to come at shelters: who arrives, who is there, whether beds suffice, and how far to trust it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from posada.ensemble import Part, Progress
from posada.scenario import Scenario, load

from .backtesting import backtest
from .calibration import Calibration
from .counted import Count, Counts, ForecastError, counts_of, is_stock
from .issue import days_of_horizon, forecast
from .issued import Forecast
from .learning import calibrate
from .naive_counts import NAIVE
from .scoring import OURS, bootstrap, comparable

LAST = ("last value", "random walk")
"""What is held against: the last count for certain, and with the spread of the steps that were seen."""
DATES = 6
LEAST_KNOWN = 5
"""Dates of the past on which forecasts are tried, at most; from how many dates of counts on."""
TRIED_DAYS = 84
RUNS, TRIED_RUNS, TRIED_ROUNDS = 200, 100, 3
ENOUGH = 20
"""Below this many counts of the past a comparison says little."""
INFLATION = 1.0
"""The model's drift takes up what it does not know, so counts are believed as they are."""


@dataclass(frozen=True)
class Worth:
    """How forecasts of the past did beside the last count: `counts` of them on `dates` dates.

    `skill` is 1 less the ratio of mean CRPS in people, with a 90 % interval over dates; `inside` the share of counts
    within the range of nine in ten. `off`: what nine in ten errors of the last count were within, by nights ahead.
    """

    series: str
    last: Count
    dates: int = 0
    counts: int = 0
    skill: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    inside: float = float("nan")
    off: tuple[tuple[int, float], ...] = ()

    @property
    def beats(self) -> bool:
        """Whether it is surely better than the last count, as far as enough counts can tell."""
        return self.low > 0 and self.counts >= ENOUGH


@dataclass(frozen=True)
class Outlook:
    """A forecast of nights, what was learnt, and what it is worth by series; `beds` by place."""

    scenario: Scenario
    forecast: Forecast
    calibration: Calibration
    beds: dict[str, int]
    worth: tuple[Worth, ...]

    def nights(self) -> pl.DataFrame:
        """A row per series and night: median, ranges of half and of nine in ten, chance of more people than beds."""
        ahead = self.forecast.samples.filter(pl.col("to") > self.forecast.issued)
        levels = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}
        parts = [pl.col("value").quantile(level, "linear").alias(name) for name, level in levels.items()]
        told = ahead.group_by("series", "from", "to", maintain_order=True).agg(*parts, pl.col("value").alias("samples"))
        rows = []
        for row in told.to_dicts():
            place = row["series"].removeprefix("present:")
            beds = self.beds.get(place) if row["series"].startswith("present:") else None
            samples = np.array(row.pop("samples"))
            rows.append(row | {"beds": beds, "over": None if beds is None else float((samples > beds).mean())})
        return pl.DataFrame(rows)


def outlook(
    scenario: Scenario | str | os.PathLike[str],
    *,
    issued: date | str | None = None,
    horizon: str | int = "14d",
    policy: str | Sequence[str] = (),
    runs: int = RUNS,
    dates: int = DATES,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Outlook:
    """Fit a scenario to its counts, forecast the nights to come, and try the same on dates of the past.

    `issued` is the day whose knowledge is used (default: of the last count). `dates` is on how many dates of the past
    it is tried; 0 leaves that out. The people at places with beds are told of, counted or not. ForecastError if nothing
    was counted; NotInstalled without `posada[calibrate]`.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    day = last_day(counts_of(scenario)) if issued is None else date.fromisoformat(str(issued))
    counts = counts_of(scenario, day)
    if not counts:
        raise ForecastError(f"no count was known on {day}, so there is nothing to forecast")
    ahead = days_of_horizon(horizon)
    tried = dates_of(counts, min(ahead, 14), dates)
    total = (len(tried) + 2) * runs
    learnt = learn(scenario, day, runs, 4, seed, policy, threads, Part(progress, 0, total))
    found = forecast(
        scenario, issued=day, horizon=ahead, policy=policy, calibration=learnt, series=shelters_of(scenario),
        replicates=2 * runs, seed=seed, threads=threads, progress=Part(progress, runs, total),
    )  # fmt: skip
    worth = tried_on(scenario, counts, tried, min(ahead, 14), policy, threads, Part(progress, 2 * runs, total))
    return Outlook(scenario, found, learnt, beds_of(scenario), worth)


def learn(
    scenario: Scenario, day: date, runs: int, rounds: int, seed: int, policy: str | Sequence[str] = (),
    threads: int | None = None, progress: Progress | None = None,
) -> Calibration:  # fmt: skip
    """What the counts known on a day tell of the scenario's numbers."""
    return calibrate(
        scenario, until=day, as_known_on=True, runs=runs, rounds=rounds, inflation=INFLATION, seed=seed, policy=policy,
        threads=threads, progress=progress,
    )  # fmt: skip


def learn_quickly(scenario: Scenario, day: date, last: date) -> Calibration:
    """The same with fewer runs, for forecasts of the past."""
    return learn(scenario, day, TRIED_RUNS, TRIED_ROUNDS, 1)


def last_day(counts: Counts) -> date:
    """The last day that was counted, as far as it was known by then."""
    if not counts:
        raise ForecastError("nothing was counted, so there is nothing to forecast from")
    return max(max(count.as_of, count.to) for line in counts.values() for count in line)


def beds_of(scenario: Scenario) -> dict[str, int]:
    """The beds of each place that has shelters, where their number is stated."""
    found: dict[str, int] = {}
    for facility in scenario.facilities.values():
        numbers = [each.beds.fixed for each in facility.beds]
        if facility.kind == "beds" and numbers and None not in numbers:
            found[facility.at] = found.get(facility.at, 0) + round(sum(n for n in numbers if n is not None))
    return found


def shelters_of(scenario: Scenario) -> tuple[str, ...]:
    """The addresses of the people at places with beds, counted or not."""
    return tuple(f"present:{place}" for place in sorted(beds_of(scenario)))


def dates_of(counts: Counts, ahead: int, most: int) -> tuple[date, ...]:
    """Dates of the past on which a forecast is tried: evenly spread over the last weeks, each with counts after it."""
    known = sorted({count.to for line in counts.values() for count in line})
    span = known[-1] - timedelta(days=TRIED_DAYS)
    last = known[-1] - timedelta(days=1 if len(known) < 3 * ahead else ahead // 2)
    can = [day for day in known[LEAST_KNOWN - 1 : -1] if span <= day <= last]
    if not can or most < 1:
        return ()
    picked = np.unique(np.linspace(0, len(can) - 1, min(most, len(can))).round().astype(int))
    return tuple(can[i] for i in picked)


def tried_on(
    scenario: Scenario, counts: Counts, dates: tuple[date, ...], ahead: int, policy: str | Sequence[str],
    threads: int | None, progress: Progress,
) -> tuple[Worth, ...]:  # fmt: skip
    """What forecasts of the past were worth, series by series."""
    plain = tuple(Worth(series, line[-1], off=off_by(line)) for series, line in counts.items())
    if not dates:
        return plain
    horizons = (7, ahead) if ahead > 7 else (ahead,)
    found = backtest(
        scenario, issued=dates, horizons=horizons, calibrations=len(dates), learner=learn_quickly, policy=policy,
        naive={name: NAIVE[name] for name in LAST}, threads=threads, progress=progress,
    )  # fmt: skip
    return tuple(worth_of(one, found.scores) for one in plain)


def worth_of(plain: Worth, scores: pl.DataFrame) -> Worth:
    """The worth of forecasts of one series, by the scores of all."""
    paired = comparable(scores.filter(pl.col("series") == plain.series))
    wide = paired.pivot("method", index=["issued", "from", "to"], values="crps", aggregate_function="first")
    if not wide.height:
        return plain
    best = min(LAST, key=lambda name: float(wide[name].to_numpy().mean()))
    ours, theirs, issued = (wide[name].to_numpy() for name in (OURS, best, "issued"))
    skill = 1 - float(ours.mean()) / float(theirs.mean()) if theirs.mean() > 0 else float("nan")
    low, high = bootstrap(ours, theirs, issued, 1) if theirs.mean() > 0 else (float("nan"), float("nan"))
    inside = float(paired.filter(pl.col("method") == OURS)["in90"].cast(pl.Float64).to_numpy().mean())
    dates = len(np.unique(issued))
    return Worth(plain.series, plain.last, dates, wide.height, skill, low, high, inside, plain.off)


def off_by(line: Sequence[Count]) -> tuple[tuple[int, float], ...]:
    """By how much the last count was off, nine times in ten, one night and a week ahead."""
    by_day = {count.to: count.value for count in line if count.from_ == count.to or is_stock(count.series)}
    found = []
    for ahead in (1, 7):
        pairs = [(value, by_day.get(day + timedelta(days=ahead))) for day, value in by_day.items()]
        off = [abs(later - value) for value, later in pairs if later is not None]
        if len(off) >= 3:
            found.append((ahead, float(np.quantile(off, 0.9))))
    return tuple(found)
