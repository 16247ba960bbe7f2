"""A forecast: what will be counted of each series, beside what the forecast before it said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from posada.web.asking import loaded
from posada.web.beds import day
from posada.web.counts import in_words
from posada.web.pages import page
from posada.web.queue import Queue
from posada.words import say
from posada.workspace import DONE, FORECAST, Job, Workspace

LEVELS = {0.05: "low", 0.5: "middle", 0.95: "high"}
Told = dict[tuple[str, date], dict[str, float]]
"""The three points of each series and day."""


@dataclass(frozen=True)
class Line:
    """One day of one series: what is said of it now, and what was said before."""

    day: str
    now: str
    before: str
    moved: float
    """How far the middle moved, in people."""


def shown(request: Request, folder: Workspace, queue: Queue, job: Job) -> Response:
    """The page of a forecast."""
    earlier = before(queue, job)
    now = told_in(folder, job)
    then = told_in(folder, earlier) if earlier else {}
    place = next(place for place in reversed(folder.scenarios()) if place.id == job.asked.scenario.rsplit("/", 1)[-1])
    found = loaded(folder, place)
    series: dict[str, list[Line]] = {}
    for (address, when), points in now.items():
        series.setdefault(in_words(found, address), []).append(line_of(when, points, then.get((address, when))))
    return page(
        request, "forecast.html", job=job, earlier=earlier, series=series, scenario=found, folder=folder,
        home=f"/scenario/{place.home}/{place.id}", issued=day(date.fromisoformat(job.asked.date)),
    )  # fmt: skip


def before(queue: Queue, job: Job) -> Job | None:
    """The forecast of the same scenario that was made before this one."""
    older = [
        other
        for other in queue.jobs()
        if other.asked.kind == FORECAST
        and other.asked.scenario == job.asked.scenario
        and other.state == DONE
        and other.created < job.created
    ]
    return max(older, key=lambda other: other.created, default=None)


def told_in(folder: Workspace, job: Job) -> Told:
    """What a forecast says."""
    return _told(folder.folder / str(job.answer["forecast"]))


@lru_cache(maxsize=16)
def _told(place: Path) -> Told:
    from posada.forecasting import open_forecast

    found: Told = {}
    for row in open_forecast(place).quantiles(tuple(LEVELS)).iter_rows(named=True):
        found.setdefault((row["series"], row["to"]), {})[LEVELS[row["level"]]] = row["value"]
    return found


def line_of(when: date, points: dict[str, float], then: dict[str, float] | None) -> Line:
    """A day in words."""
    moved = points["middle"] - then["middle"] if then else 0.0
    return Line(day(when), in_numbers(points), in_numbers(then) if then else "", moved)


def in_numbers(points: dict[str, Any]) -> str:
    """`about 220 (140 to 310)`."""
    from posada.results.needs.phrases import number

    low, middle, high = (number(points[name]) for name in ("low", "middle", "high"))
    return say("app.forecast.points", low=low, middle=middle, high=high)
