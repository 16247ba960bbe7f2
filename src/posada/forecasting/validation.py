"""A scenario held against registered counts, beside naive forecasts that know as much."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from posada.ensemble import Progress, run
from posada.results import Result, RunInfo
from posada.scenario import Scenario, load, parse_date, record_intervals

from . import measures
from .counts import Registered, Site, ValidationError, counted_sites, registered
from .naive import Baseline, baselines
from .network import Network

Array = np.ndarray[Any, Any]
REPLICATES = 20
LEVELS = {"low90": 0.05, "low50": 0.25, "median": 0.5, "high50": 0.75, "high90": 0.95}
OURS, OWN_TOTAL = "posada", "posada, own total"
ABOUT = {
    OURS: "The simulated people of each day, made to add up to the registered total of that day, as every baseline is.",
    OWN_TOTAL: "The simulated people as they are, whatever their total.",
}


@dataclass(frozen=True)
class Compared:
    """What a forecast says: days by sites by replicates (one for a baseline); it begins on `from_`, if that is set."""

    name: str
    about: str
    members: Array
    from_: date | None = None
    leaky: bool = False
    baseline: bool = True


@dataclass(frozen=True)
class Validation:
    """Forecasts beside counts. `split` is the first day of the later part; what was counted before it is known then."""

    scenario: Scenario
    info: RunInfo
    counts: Registered
    forecasts: tuple[Compared, ...]
    split: date | None = None

    @property
    def sites(self) -> tuple[Site, ...]:
        """The places with counts."""
        return self.counts.sites

    @property
    def days(self) -> tuple[date, ...]:
        """The days that are compared: the last of each record interval."""
        return self.counts.days

    @property
    def parts(self) -> dict[str, Array]:
        """The days of each part: all; before and from the split on, if there is one."""
        found = {"all": np.ones(len(self.days), dtype=bool)}
        if self.split is not None:
            late = np.array([day >= self.split for day in self.days])
            found |= {"before": ~late, "after": late}
        return found

    @cached_property
    def measures(self) -> pl.DataFrame:
        """One row per forecast, part and site (empty for all together); docs/how-to/validate.md explains them."""
        rows = []
        for forecast in self.forecasts:
            for part, chosen in self.parts.items():
                if forecast.from_ is None or part == "after":
                    rows += measures_of(forecast, self.counts, part, chosen)
        return pl.DataFrame(rows, schema=SCHEMA, orient="row")

    @cached_property
    def by_day(self) -> pl.DataFrame:
        """One row per forecast, site and day: median and intervals, registered people, and the count of that day."""
        frames = []
        for forecast in self.forecasts:
            levels = np.quantile(forecast.members, list(LEVELS.values()), axis=-1)
            for j, site in enumerate(self.sites):
                columns = {name: levels[k, :, j] for k, name in enumerate(LEVELS)}
                counted = pl.Series(self.counts.counted[:, j]).fill_nan(None)
                more = {"date": self.days, "registered": self.counts.people[:, j], "counted": counted}
                frame = pl.DataFrame({"forecast": forecast.name, "site": site.place, **more, **columns}, strict=False)
                begins = forecast.from_ or self.days[0]
                frames.append(frame.filter(pl.col("date") >= begins))
        return pl.concat(frames)

    def measure(self, name: str, forecast: str = OURS, part: str = "all") -> float | None:
        """One measure of all sites together, such as `measure("ard", "gravity", "after")`; None where there is none."""
        rows = self.measures.filter(forecast=forecast, part=part, site="")
        value = rows[name].item() if rows.height else None
        return None if value is None else float(value)


SCHEMA: dict[str, Any] = {
    "forecast": pl.String,
    "part": pl.String,
    "site": pl.String,
    "ard": pl.Float64,
    "ard_median": pl.Float64,
    "mase": pl.Float64,
    "crps": pl.Float64,
    "inside50": pl.Float64,
    "inside90": pl.Float64,
    "mean_counted": pl.Float64,
    "days": pl.Int64,
    "counts": pl.Int64,
    "leaky": pl.Boolean,
}


def measures_of(forecast: Compared, counts: Registered, part: str, chosen: Array) -> list[list[Any]]:
    """The measures of a forecast in one part of the days: all sites together, then each; unknown ones are None."""
    people, total = counts.people[chosen], counts.total[chosen]
    members = forecast.members[chosen]
    some = total > 0
    off = np.abs(members - people[:, :, None]).mean(axis=2)[some] / total[some, None]
    at = ~np.isnan(counts.counted) & chosen[:, None]
    point = np.median(forecast.members, axis=2)
    middle = measures.rescaled(point, counts.total) if forecast.name == OURS else point
    off_middle = np.abs(middle - counts.people)[chosen][some] / total[some, None]
    scaled = measures.scaled_errors(point, counts.counted, chosen)
    together = measures.mean_absolute_scaled_error(point, counts.counted, chosen)
    rows = []
    for j in (None, *range(len(counts.sites))):
        here = at if j is None else at & (np.arange(at.shape[1]) == j)
        counted, said = counts.counted[here], forecast.members[here]
        row = [
            mean(off.sum(axis=1) if j is None else off[:, j]),
            mean(off_middle.sum(axis=1) if j is None else off_middle[:, j]),
            together if j is None else scaled[j],
            mean(measures.crps(said, counted)) if len(counted) else None,
            None if forecast.baseline or not len(counted) else mean(measures.inside(said, counted, 0.5)),
            None if forecast.baseline or not len(counted) else mean(measures.inside(said, counted, 0.9)),
            mean(counted),
        ]
        site = "" if j is None else counts.sites[j].place
        numbers = [None if value is None or np.isnan(value) else float(value) for value in row]
        rows.append([forecast.name, part, site, *numbers, int(some.sum()), len(counted), forecast.leaky])
    return rows


def mean(values: Array) -> float | None:
    """The mean, None of nothing."""
    return float(np.mean(values)) if len(values) else None


def validate(
    scenario: Scenario | str | os.PathLike[str],
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    split: date | int | str | None = None,
    policy: str | Sequence[str] = (),
    sets: Sequence[str] = (),
    threads: int | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Simulate a scenario and hold it against its counts of people present at places (`use: check`).

    `split` is the first day of a later part that is scored by itself, as a date or as a number of days after the
    start; a baseline keeps the shares as they stood before it. `policy`, `sets`, `seed`, `threads` and `progress` are
    as for `posada.run`.

    Raises ValidationError if there is nothing to compare or the split is outside the scenario's time, and whatever
    `posada.run` raises.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    sites, day = counted_sites(scenario), split_date(scenario, split)
    days = [after - timedelta(days=1) for _, after in record_intervals(scenario)]
    counts = registered(sites, days, scenario.start)
    naive = baselines(Network(scenario, tuple(site.place for site in sites)), counts, day)
    result = run(
        scenario, replicates=replicates, seed=seed, policy=policy, sets=sets, threads=threads, progress=progress
    )
    return compare(result, counts, naive, day)


def compare(result: Result, counts: Registered, naive: Sequence[Baseline], split: date | None) -> Validation:
    """A result beside counts and baselines."""
    own = present(result, counts.sites)
    ours = measures.rescaled(own, counts.total)
    forecasts = [
        Compared(OURS, ABOUT[OURS], ours, baseline=False),
        Compared(OWN_TOTAL, ABOUT[OWN_TOTAL], own, baseline=False),
        *(Compared(b.name, b.about, b.people[:, :, None], b.from_, b.leaky) for b in naive),
    ]
    return Validation(result.scenario, result.info, counts, tuple(forecasts), split)


def present(result: Result, sites: Sequence[Site]) -> Array:
    """Simulated people at each site at the end of each record interval: intervals by sites by replicates."""
    shape = (result.replicates, len(result.record))
    values = [result.series(f"present:{site.place}")["value"].to_numpy().reshape(shape).T for site in sites]
    return np.stack(values, axis=1).astype(float)


def split_date(scenario: Scenario, split: date | int | str | None) -> date | None:
    """The split as a date; ValidationError if it is none, or leaves no day before or after it."""
    if split is None:
        return None
    text = str(split).strip()
    try:
        day = scenario.start + timedelta(days=int(text)) if text.lstrip("-").isdigit() else parse_date(text)
    except (ValueError, OverflowError):
        raise ValidationError(
            f"the split {text!r} is neither a date, such as {scenario.start}, nor a number of days after the start"
        ) from None
    if not scenario.start < day <= scenario.end:
        raise ValidationError(
            f"the split, {day}, must be after the first day of the scenario ({scenario.start}) and by {scenario.end}"
        )
    return day
