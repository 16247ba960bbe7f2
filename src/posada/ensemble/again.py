"""The same runs once more, up to a day, with all that is asked of an evening: ages, types of party, histories."""

from __future__ import annotations

import datetime
import os
from dataclasses import replace
from typing import Any

from posada.ensemble.job import Progress
from posada.ensemble.run import run
from posada.results import Result, ResultError
from posada.results import open_result as read_back
from posada.results.needs import Speech, Tonight, can_tell, day_of, find_shelter, night_of
from posada.scenario import Scenario

ASKED = ("party_type", "sex_and_age")


def knowing(result: Result, day: datetime.date, progress: Progress | None = None) -> Result:
    """A result that can tell of the night after a day: this one, or its runs made again up to the day after.

    What is recorded changes nobody's luck, so the runs are the same. ResultError if they cannot be made again.
    """
    if can_tell(result, day):
        return result
    if result.info.forks:
        raise ResultError(
            "this result went on from a saved run, so its runs cannot be made again to look at one night. Run it with "
            "`record: {by: [group, party_type, sex_and_age]}` in scenario.yaml, and with --history"
        )
    return run(
        recording(result.scenario, day),
        replicates=result.replicates,
        seed=result.seed,
        policy=result.info.policies,
        sets=result.info.sets,
        draws=result.quantities.select("replicate", "path", "z"),
        draws_from=result.info.calibration or "",
        history=True,
        progress=progress,
    )


def recording(scenario: Scenario, day: datetime.date) -> Scenario:
    """A scenario up to the day after a day, which records ages and types of party, day by day."""
    by = (*scenario.record.by, *(name for name in ASKED if name not in scenario.record.by))
    end = min(scenario.end, day + datetime.timedelta(days=1))
    short = scenario if end == scenario.end else scenario.until(end + datetime.timedelta(days=1))
    return short.replace(record=replace(scenario.record, by=by, daily_until=end, weekly_until=None, warm_up=0.0))


def tonight(
    source: Result | Scenario,
    shelter: str,
    *,
    date: datetime.date | str | None = None,
    language: str = "en",
    progress: Progress | None = None,
    **how: Any,
) -> Tonight:
    """The ten lines of a night at a shelter, of a result, or of a scenario that is run as `how` says (as in `run`).

    Without a date it is the day on which most people come. ScenarioErrors with the nearest spelling if there is no such
    shelter; ValueError for a date outside the run, or another language.
    """
    Speech(language)
    scenario = source if isinstance(source, Scenario) else source.scenario
    find_shelter(scenario, shelter)
    day = day_of(scenario, date)
    if isinstance(source, Scenario):
        source = run(
            source if day is None else recording(source, day), history=day is not None, progress=progress, **how
        )
    return night_of(source, shelter, day, language, lambda result, night: knowing(result, night, progress))


def open_result(folder: str | os.PathLike[str]) -> Result:
    """A result that was saved, which can make its runs again if that is asked of it; ResultError if there is none."""
    found = read_back(folder)
    found.again = knowing
    return found
