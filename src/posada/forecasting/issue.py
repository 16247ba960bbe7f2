"""`posada.forecast`: what will be counted, as it could be told on a date."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from posada import __version__
from posada.ensemble import Progress
from posada.scenario import Scenario, load, parse_date

from .counted import Counts, ForecastError, counts_of, is_stock, scored_series
from .fit import Fit
from .follow import followed, follows
from .issued import Forecast, samples_table
from .ledger import AS_STATED
from .paths import Asked, Learnt, chooses_ways, fitted, model_paths
from .predict import Predictor

REPLICATES = 200
HORIZON = "14d"
DAYS = {"d": 1, "w": 7, "y": 365}


def forecast(
    scenario: Scenario | str | os.PathLike[str],
    *,
    issued: date | str,
    horizon: str | int = HORIZON,
    policy: str | Sequence[str] = (),
    calibration: Learnt | None = None,
    series: Sequence[str] = (),
    awaited: bool = False,
    replicates: int = REPLICATES,
    seed: int = 1,
    scale: float = 1.0,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Forecast the counts of every observed series from a date on, seeing only what was known on it.

    `scenario` is taken as it was known on `issued`, and so are its counts. `horizon` is a number of days, or a text
    such as "14d", "4w", "3y". `calibration` is what was learnt from counts by then: that of `posada.calibrate`, or
    a fit of movement; without one, movement is fitted where people choose their way, and other scenarios are run as
    they are stated. With one, a scenario whose numbers drift (`course`) follows its counts by itself. `series` are
    further addresses to tell of; `awaited` adds those that the scenario observes only later: that they will be counted
    is knowledge of later, their counts are not. `scale` simulates a share of the people and capacities only.

    ForecastError if the date or the horizon cannot be, or no series is observed; and whatever `posada.run` raises.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    day = issue_date(scenario, issued)
    last = day + timedelta(days=days_of_horizon(horizon))
    counts = counts_of(scenario, day)
    later = scored_series(counts_of(scenario), day) if awaited else ()
    names = told_of(scenario, counts, (*series, *later))
    policies = (policy,) if isinstance(policy, str) else tuple(policy)
    asked = Asked(day, last, names, replicates, seed, policies, scale, threads)
    learnt_late(calibration, day)
    if calibration is None and chooses_ways(scenario):
        calibration = fitted(scenario, counts, day, last, seed)
    paths = model_paths(scenario, counts, asked, calibration, progress)
    predictor = None if follows(scenario, calibration) else Predictor(paths, counts, day, seed)
    tables = []
    for name in names:
        if predictor is None:
            values = followed(paths.values[name], paths.intervals, name, counts.get(name, ()), day)
        else:
            values = predictor.of(name)
        kept = [i for i, (_, to) in enumerate(paths.intervals) if to > day or not is_stock(name)]
        tables.append(samples_table(name, [paths.intervals[i] for i in kept], values[kept]))
    return Forecast(day, last, pl.concat(tables), known_table(counts), about(scenario, asked, calibration))


def learnt_late(calibration: Learnt | None, day: date) -> None:
    """ForecastError if a calibration knows of counts that came after a date."""
    latest = day + timedelta(days=1) if isinstance(calibration, Fit) else day  # a fit looks at what is before `until`
    if calibration is None or (calibration.until is not None and calibration.until <= latest):
        return
    until = "every count there is" if calibration.until is None else f"counts up to {calibration.until}"
    raise ForecastError(
        f"the calibration has learnt from {until}, which is more than was known on {day}; calibrate with --until {day}"
    )


def policy_name(policies: Sequence[str]) -> str:
    """The name of policies that apply together."""
    return "+".join(policies) or AS_STATED


def issue_date(scenario: Scenario, issued: date | str) -> date:
    """The date of issue; ForecastError if it is none, or not within the scenario."""
    try:
        day = issued if isinstance(issued, date) else parse_date(str(issued))
    except ValueError:
        raise ForecastError(f"{issued!r} is not a date; write it as in {scenario.start}") from None
    if not scenario.start <= day <= scenario.end:
        raise ForecastError(f"a forecast is issued from {scenario.start} to {scenario.end}, not on {day}")
    return day


def days_of_horizon(horizon: str | int) -> int:
    """The days of a horizon; ForecastError if it is none."""
    found = re.fullmatch(r"(\d+) ?([dwy]?)(?:ays?|eeks?|ears?)?", str(horizon).strip())
    days = int(found[1]) * DAYS[found[2] or "d"] if found else 0
    if not 1 <= days <= 20_000:
        raise ForecastError(f"{horizon!r} is no horizon; write a number of days, weeks or years: 14d, 4w, 3y")
    return days


def told_of(scenario: Scenario, counts: Counts, more: Sequence[str]) -> tuple[str, ...]:
    """The series counted by then, and those that are asked for. ForecastError if there are none, or one is wrong."""
    from posada.scenario import Problems, Spot, check_series, format_problems

    problems = Problems()
    for address in more:
        found = check_series(address, Spot("series", 1, 1), scenario, problems)
        if found is not None and found.kind == "wait":
            raise ForecastError(f"{address} is a distribution of waits; a forecast tells of stocks and flows")
    if problems.found:
        raise ForecastError(format_problems(problems.found))
    names = tuple(sorted({*counts, *more}))
    if not names:
        raise ForecastError(
            "no count was known by then, so there is nothing to forecast; choose a later date, or name a series"
        )
    return names


def known_table(counts: Counts) -> pl.DataFrame:
    """The counts that a forecast has seen."""
    rows = [[c.series, c.from_, c.to, c.value, c.as_of] for line in counts.values() for c in line]
    schema = {"series": pl.String, "from": pl.Date, "to": pl.Date, "value": pl.Float64, "as_of": pl.Date}
    return pl.DataFrame(rows, schema=schema, orient="row")


def about(scenario: Scenario, asked: Asked, calibration: Learnt | None) -> dict[str, Any]:
    """How a forecast was made. The hash is that of the scenario as it was known: later counts do not change it."""
    learnt = "stated numbers" if calibration is None else "movement" if isinstance(calibration, Fit) else "calibration"
    return {
        "scenario": scenario.folder.name or scenario.title,
        "title": scenario.title,
        "hash": scenario.as_known_on(asked.issued).hash,
        "issued": asked.issued.isoformat(),
        "last": asked.last.isoformat(),
        "policy": policy_name(asked.policy),
        "replicates": asked.replicates,
        "seed": asked.seed,
        "scale": asked.scale,
        "learnt": learnt,
        "learnt_on": str(calibration.until) if calibration else None,
        "version": __version__,
        "sensitivity": scenario.sensitivity,
    }
