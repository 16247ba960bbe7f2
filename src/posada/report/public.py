"""A result as it may be published: people on the way by state only, and nobody where they were in the last days."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import polars as pl

from posada.report.inputs import ResultLike, field, parse_address
from posada.report.reading import Reading
from posada.report.small_counts import is_published
from posada.report.words import as_number
from posada.results import ResultError

DELAY = timedelta(days=7)
"""What happened later than so long ago is not told of any place."""
AT_PLACES = ("present", "travelling", "arrived", "left", "travelled")
"""States and events of people on the way: told by state, or not at all."""
ANYWHERE = ("active", "in_stage", "set_out", "took", "ended", "apart", "children_apart", "parted", "rejoined")
"""States and events of no one place: the delay does not concern them."""
_STOCK_KEYS = ["replicate", "policy", "at", "until", "where", "state", "attribute", "level"]
_FLOW_KEYS = ["replicate", "policy", "from", "to", "where", "event", "attribute", "level"]


class PublicReading(Reading):
    """A reading for a report that anybody may read."""

    blurred = True

    def __init__(self, result: ResultLike, today: date) -> None:
        super().__init__(result)
        if str(field(result.scenario, "sensitivity", "internal")) == "restricted":
            raise ResultError("the scenario is restricted: no public report is made of it")
        self.until = today - DELAY
        self._members = regions(result.scenario)
        self._region = {place: region for region, places in self._members.items() for place in places}
        self._exact = result.scenario
        self._links = _links(result.scenario, self._region)
        self._within = {
            key: self._region[str(field(link, "from"))]
            for key, link in (result.scenario.links or {}).items()
            if self._links[key] == ""
        }
        """The state of each link that does not leave one: who is on it is in that state."""
        self.scenario = _blurred(result.scenario, self._members, self._region, self._links)

    @cached_property
    def stocks(self) -> pl.DataFrame:
        """People in a state at the end of each interval, places by their state."""
        rows = self._settled(self._told(super().stocks, "state", "until", 1))
        sums = ["people", "parties", "people_mean", "people_max"]
        return _summed(self._moved(rows, "state", ("present",), ("travelling",)), _STOCK_KEYS, sums)

    @cached_property
    def flows(self) -> pl.DataFrame:
        """What happened in each interval; who came to or left single places is left out."""
        rows = self._told(super().flows, "event", "to", 0)
        if not rows.is_empty():
            rows = rows.filter(~pl.col("event").cast(pl.String).is_in(["arrived", "left"]))
        return _summed(self._moved(rows, "event", (), ("travelled",)), _FLOW_KEYS, ["people", "parties"])

    def series(self, address: str, from_: date | None = None, to: date | None = None) -> pl.DataFrame:
        """(replicate, date, value) of an address; of a state for the people who are in it."""
        asked = parse_address(address)
        if asked.verb == "present" and asked.where in self._members:
            narrowed = address[address.index("{") :] if "{" in address else ""
            within = [f"travelling:{link}" for link, region in self._within.items() if region == asked.where]
            there = [f"present:{place}" for place in self._members[asked.where]]
            parts = [self._result.series(f"{part}{narrowed}", from_, to) for part in [*there, *within]]
            found = pl.concat(parts).group_by("replicate", "date").agg(pl.col("value").sum()).sort("replicate", "date")
        elif self._of_a_place(address):
            raise KeyError(address)
        else:
            found = self._result.series(address, from_, to)
        return found if asked.verb in ANYWHERE else found.filter(pl.col("date").cast(pl.Date) <= self.until)

    @cached_property
    def _headlines(self) -> list[Mapping[str, Any]]:
        rows = self._result.headlines()
        return [row for row in rows if not (self._of_a_place(row.get("series")) or self._of_a_place(row.get("of")))]

    def checks(self) -> Sequence[Mapping[str, Any]]:
        """Counts beside what the model says; of single places only those that were published."""
        seen = self._exact.observations or {}
        ledger = self._exact.evidence or {}
        return [
            row
            for row in super().checks()
            if not self._of_a_place(row.get("series")) or is_published(seen.get(row.get("id"), row), ledger)
        ]

    def released(self, found: pl.DataFrame) -> pl.DataFrame:
        """Nights of shelters, but for those of the last days and of shelters that are not publicly listed."""
        facilities = self._exact.facilities or {}
        unlisted = [key for key, item in facilities.items() if field(item, "restricted", False)]
        return found.filter((pl.col("date") <= self.until) & ~pl.col("shelter").is_in(unlisted))

    def _of_a_place(self, address: object) -> bool:
        asked = parse_address(str(address or ""))
        return asked.verb in AT_PLACES and asked.where in {*self._region, *self._links}

    def _told(self, table: pl.DataFrame, kind: str, after: str, days: int) -> pl.DataFrame:
        """Rows of the days that may be told."""
        if table.is_empty():
            return table
        anywhere = pl.col(kind).cast(pl.String).is_in(ANYWHERE)
        return table.filter(anywhere | (pl.col(after).cast(pl.Date) <= self.until + timedelta(days=days)))

    def _settled(self, table: pl.DataFrame) -> pl.DataFrame:
        """People on a link within a state as present in it."""
        if table.is_empty():
            return table
        where, state = pl.col("where").cast(pl.String), pl.col("state").cast(pl.String)
        within = (state == "travelling") & where.is_in(list(self._within))
        return table.with_columns(
            pl.when(within).then(where.replace(self._within)).otherwise(where).alias("where"),
            pl.when(within).then(pl.lit("present")).otherwise(state).alias("state"),
        )

    def _moved(self, table: pl.DataFrame, kind: str, at: Sequence[str], along: Sequence[str]) -> pl.DataFrame:
        """Rows of places under their state, and of links under that between states; those within a state go."""
        if table.is_empty():
            return table
        what, where = pl.col(kind).cast(pl.String), pl.col("where").cast(pl.String)
        moved = table.with_columns(
            pl.when(what.is_in(at))
            .then(where.replace(self._region))
            .when(what.is_in(along))
            .then(where.replace(self._links))
            .otherwise(where)
            .alias("where")
        )
        return moved.filter(pl.col("where") != "")


def _summed(table: pl.DataFrame, keys: Sequence[str], sums: Sequence[str]) -> pl.DataFrame:
    if table.is_empty():
        return table
    return table.group_by(keys, maintain_order=True).agg(pl.col(sums).sum()).select(table.columns)


def regions(scenario: Any) -> dict[str, list[str]]:
    """The places on the map by their state, or their country where no state is stated; ids of states are new."""
    found: dict[str, list[str]] = {}
    for key, place in (scenario.places or {}).items():
        if as_number(field(place, "lat")) is not None:
            found.setdefault(_region_of(place), []).append(key)
    return found


def _region_of(place: Any) -> str:
    name = str(field(place, "state") or field(place, "country") or "elsewhere")
    return f"in-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def _links(scenario: Any, region: Mapping[str, str]) -> dict[str, str]:
    """What each link is called between states; nothing for one within a state."""
    found = {}
    for key, link in (scenario.links or {}).items():
        start, end = (region.get(place, place) for place in (str(field(link, "from")), str(field(link, "to"))))
        found[key] = "" if start == end else f"{start}-to-{end}"
    return found


def _blurred(
    scenario: Any, members: Mapping[str, list[str]], region: Mapping[str, str], links: Mapping[str, str]
) -> Any:
    """The scenario with its states for places."""
    places = {key: place for key, place in (scenario.places or {}).items() if key not in region}
    for key, inside in members.items():
        known = [scenario.places[place] for place in inside]
        lat, lon = (sum(as_number(field(place, end)) or 0.0 for place in known) / len(known) for end in ("lat", "lon"))
        name = str(field(known[0], "state") or field(known[0], "country") or key.removeprefix("in-"))
        places[key] = _with(known[0], id=key, name=name, lat=_coarse(lat), lon=_coarse(lon))
    between: dict[str, Any] = {}
    for key, link in (scenario.links or {}).items():
        if links[key]:
            start, end = (region.get(place, place) for place in (str(field(link, "from")), str(field(link, "to"))))
            between.setdefault(links[key], _with(link, id=links[key], from_=start, to=end))
    facilities = {
        key: _with(item, at=region.get(str(field(item, "at", "")), field(item, "at")))
        for key, item in (scenario.facilities or {}).items()
    }
    groups = {
        key: _with(item, place=region.get(str(field(item, "place", "")), field(item, "place")))
        for key, item in (field(scenario, "groups") or {}).items()
    }
    parts = {"places": places, "links": between, "facilities": facilities, "groups": groups}
    return _with(scenario, sensitivity="public", **parts)


def _coarse(degrees: float) -> float:
    """To half a degree: a state of one place does not tell where it is."""
    return round(2 * degrees) / 2


def _with(thing: Any, **parts: Any) -> Any:
    """A thing with some of its parts exchanged; parts that it does not have are left out."""
    if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
        known = {item.name for item in dataclasses.fields(thing)}
        return dataclasses.replace(thing, **{key: part for key, part in parts.items() if key in known})
    return type(thing)(**{**vars(thing), **parts})
