"""Counts: those that are there, beside what the model says, and a new one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posada.web import telling
from posada.web.asking import Form, OfFolder, OfPlace, OfQueue, loaded
from posada.web.pages import field, page
from posada.web.scenario import MOST_REPLICATES, REPLICATES, named, whole
from posada.words import language, say, told
from posada.workspace import FORECAST, Asked

router = APIRouter()
ADDRESS = "/scenario/{where}/{name}/counts"
SERIES = {"present": "places", "arrived": "places", "occupied": "beds", "served": "gate"}
"""What can be counted, and where."""


@router.get(ADDRESS)
def counts(request: Request, place: OfPlace, folder: OfFolder, queue: OfQueue, added: str = "") -> Response:
    """The observations of a scenario, the newest first, and the form for one more."""
    found = loaded(folder, place)
    rows = sorted(found.observations.values(), key=lambda row: (row.as_of or row.to or date.min, row.id), reverse=True)
    return page(
        request,
        "counts.html",
        card=telling.scenario_card(place),
        scenario=found,
        rows=[(row, in_words(found, row.series), row.id == added) for row in rows],
        series=series_of(found),
        own=place.own,
        added=added,
        forecasts=[
            job for job in queue.jobs() if job.asked.kind == FORECAST and job.asked.scenario == named(folder, place)
        ],
        issued=issue_day(found),
        replicates=REPLICATES,
    )


def issue_day(found: Any) -> date:
    """The day on which the newest count became known, on which a forecast may see all counts."""
    known: list[date] = [day for row in found.observations.values() if (day := row.as_of or row.to) is not None]
    first, last = date.fromisoformat(str(found.start)), date.fromisoformat(str(found.end))
    return min(max(known, default=first), last)


def series_of(found: Any) -> list[tuple[str, str]]:
    """What may be counted: addresses that were counted before, then others of the scenario; each in words."""
    counted = list(dict.fromkeys(row.series for row in found.observations.values()))
    kinds = {kind: [f.id for f in found.facilities.values() if f.kind == kind] for kind in ("beds", "gate")}
    kinds["places"] = list(found.places)
    more = [f"{verb}:{where}" for verb, kind in SERIES.items() for where in kinds[kind]]
    return [(address, in_words(found, address)) for address in dict.fromkeys((*counted, *more))]


def in_words(found: Any, address: str) -> str:
    """A series in words: what, where, of whom."""
    from posada.report.parts import Names
    from posada.scenario import parse_series
    from posada.words import can_say, sentence

    series = parse_series(address)
    thing = found.places.get(series.where) or found.facilities.get(series.where)
    where = told(thing.name) if thing else series.where
    key = f"app.series.{series.verb}"
    names = Names(found)
    if not can_say(key) or (series.attribute and series.attribute != "group"):
        return sentence(names.series(address))
    text = say(key, where=where)
    return f"{text} ({names.group(series.level)})" if series.level else text


@router.post(ADDRESS + "/forecast")
def forecast(place: OfPlace, folder: OfFolder, queue: OfQueue, form: Form) -> Response:
    """Forecast what will be counted, as it could be told on a day."""
    found = loaded(folder, place)
    day = when(form, "issued")
    if day is None or not found.start <= day <= found.end:
        raise HTTPException(400, say("app.error.date", start=found.start, end=found.end))
    replicates = whole(form, "replicates", 2, MOST_REPLICATES, REPLICATES)
    asked = Asked(FORECAST, named(folder, place), replicates, date=day.isoformat(), language=language())
    return RedirectResponse(f"/run/{queue.ask(asked).id}", 303)


@router.post(ADDRESS)
def add(place: OfPlace, folder: OfFolder, form: Form) -> Response:
    """Add a count to a scenario of one's own."""
    from posada.scenario import Count, add_count

    if not place.own:
        raise HTTPException(400, say("app.counts.not-own"))
    value, low, high = (number(form, name) for name in ("value", "low", "high"))
    if value is None:
        raise HTTPException(400, say("app.error.not-a-number", what=field(form, "value")))
    day, found = when(form, "to"), loaded(folder, place)
    if day is None:
        raise HTTPException(400, say("app.counts.no-date"))
    if not found.start <= day <= found.end:
        raise HTTPException(400, say("app.error.date", start=found.start, end=found.end))
    count = Count(
        field(form, "series"), day, value, when(form, "from"), low, high, field(form, "qualifier") or "exact",
        field(form, "who"), field(form, "source"), when(form, "known"),
    )  # fmt: skip
    made = add_count(found, count)
    return RedirectResponse(f"/scenario/{place.home}/{place.id}/counts?added={made}", 303)


def number(form: Any, name: str) -> float | None:
    """A number of people of a form; None if nothing is written; 400 if it is none, or could be read in two ways."""
    text = field(form, name).replace(" ", "")
    if not text:
        return None
    if not re.fullmatch(r"\d+(\.\d+)?|\d{1,3}(,\d{3})+", text):
        raise HTTPException(400, say("app.error.not-a-number", what=text))
    return float(text.replace(",", ""))


def when(form: Any, name: str) -> date | None:
    """A date of a form; None if nothing is written; 400 if it is none."""
    text = field(form, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise HTTPException(400, say("app.error.not-a-date", what=text)) from None
