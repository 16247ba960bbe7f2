"""What stands on the flow map as one: each place by itself, or for publication all places of a state together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean
from typing import Any, NamedTuple

from posada.report.inputs import Names, ResultLike, field
from posada.report.words import as_number
from posada.words import say

STAND_ALONE = ("port of entry", "camp")
"""Kinds of places that a publication may name: nobody is on the way there."""
DELAY = timedelta(days=7)
"""How long ago the last day of a publication is."""


class Site(NamedTuple):
    """Places that are shown as one; `facilities` tells whether theirs are named."""

    id: str
    name: str
    at: tuple[float, float] | None
    places: tuple[str, ...]
    facilities: bool = True


def sites(result: ResultLike, names: Names, public: bool) -> list[Site]:
    """What the map shows; for publication places on the way are together by state, or by country where none is told."""
    own: list[Site] = []
    together: dict[str, list[str]] = {}
    for identifier, place in (result.scenario.places or {}).items():
        at = _coordinates(place)
        if public and at is not None and str(field(place, "kind", "")) not in STAND_ALONE:
            together.setdefault(str(field(place, "state") or field(place, "country") or ""), []).append(identifier)
        else:
            own.append(Site(identifier, names.place(identifier), at, (identifier,)))
    return own + [_region(result, name, members) for name, members in together.items()]


def _region(result: ResultLike, name: str, members: Sequence[str]) -> Site:
    """The places of a state, at their middle to half a degree."""
    points = [at for key in members if (at := _coordinates(result.scenario.places[key])) is not None]
    lon, lat = (round(2 * fmean(point[axis] for point in points)) / 2 for axis in (0, 1))
    return Site(f"region-{name}", name or say("flow-map.no-state"), (lon, lat), tuple(members), facilities=False)


def _coordinates(place: Any) -> tuple[float, float] | None:
    lon, lat = as_number(field(place, "lon")), as_number(field(place, "lat"))
    return (lon, lat) if lon is not None and lat is not None else None


def last_published(today: date | None) -> date:
    """The last day that may be published today."""
    return (today or date.today()) - DELAY
