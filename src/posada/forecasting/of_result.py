"""A result told as a forecast is: its replicates are the trajectories."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import polars as pl

from posada.ensemble import open_result
from posada.results import Result
from posada.scenario import parse_series

from .counted import ForecastError, counts_of
from .issue import known_table, told_of
from .issued import Forecast, samples_table
from .ledger import HEAD, open_forecast


def open_told(source: str | os.PathLike[str], series: Sequence[str] = ()) -> Forecast:
    """A forecast that was issued, or a result told as one; `series` chooses among what it tells of.

    Of a result it is all observed series and those of its headlines, if nothing is said.
    """
    if (Path(source) / HEAD).exists():
        found = open_forecast(source)
        missing = sorted(set(series) - set(found.series))
        if missing:
            raise ForecastError(
                f"the forecast does not tell of {', '.join(missing)}; it does of {', '.join(found.series)}"
            )
        return found if not series else narrowed(found, series)
    return as_forecast(open_result(source), series)


def narrowed(found: Forecast, series: Sequence[str]) -> Forecast:
    """A forecast of some of its series only."""
    rows = found.samples.filter(pl.col("series").is_in(list(series)))
    return Forecast(found.issued, found.last, rows, found.known, found.about)


def as_forecast(result: Result, series: Sequence[str] = ()) -> Forecast:
    """A result as a forecast that was issued on the day before it begins."""
    scenario = result.scenario
    told = [h.series for h in scenario.headlines.values() if parse_series(h.series).kind != "wait"]
    own = {name: line for name, line in counts_of(scenario).items() if not series}
    names = told_of(scenario, own, series or tuple(told))
    intervals = [(first, after - timedelta(days=1)) for first, after in result.record]
    shape = (result.replicates, len(intervals))
    tables = [
        samples_table(name, intervals, result.series(name)["value"].to_numpy().reshape(shape).T.astype(float))
        for name in names
    ]
    issued = intervals[0][0] - timedelta(days=1)
    info = result.info
    about = {"scenario": info.scenario, "title": scenario.title, "policy": info.policy, "hash": info.hash}
    return Forecast(issued, intervals[-1][1], pl.concat(tables), known_table({}), about)
