"""What the flow map shows, from the tables of a result: people at places and along links, interval by interval."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from posada.report.flow_map_ground import ground
from posada.report.flow_map_words import words_of_map
from posada.report.inputs import Names, ResultLike, field, level
from posada.report.public import PublicReading
from posada.report.words import as_number, day
from posada.words import language as spoken
from posada.words import say, speaking, told

Array = np.ndarray[Any, Any]
Interval = tuple[date, date]

SHELTERS, CUSTODY = ("beds", "camp"), ("holding",)
MOST_MARKS = 160
"""A dot stands for so many people that no stack and no link of one interval has more marks than this."""


class Counts(NamedTuple):
    """People by what they do and where: intervals by replicates for each (what, where)."""

    intervals: Sequence[Interval]
    replicates: int
    of: Mapping[tuple[str, str], Array]

    def total(self, keys: Iterable[tuple[str, str]]) -> Array | None:
        """The sum over some of them, replicate by replicate; None if nobody was ever counted there."""
        found = [self.of[key] for key in keys if key in self.of]
        return np.sum(found, axis=0) if found else None


def flow_map_data(
    result: ResultLike, language: str | None = None, *, public: bool = False, today: date | None = None
) -> dict[str, Any]:
    """All that the map shows of a result, as plain data for JSON.

    `intervals` are [days since 1970, length in days]; a series is [first interval, middle, 5 %, 95 %], where the middle
    is the median of the runs for people at places and their mean for people along links (so that sums over days hold).
    Intervals after the last one with anybody at a place of the map, or on the way to one, are left out. `language` is
    `en` or `es` (ValueError for another); without it that of the task.

    With `public` the data may be published: people on the way are told by state, or by country where no state is
    stated, nothing is told of the seven days before `today` or of what lies ahead, and no facility by itself.
    ResultError if the scenario is restricted.
    """
    with speaking(language or spoken()):
        return _shown(PublicReading(result, today or date.today()) if public else result)


def _shown(result: ResultLike) -> dict[str, Any]:
    """The data in the language of the task."""
    names = Names(result.scenario)
    counts = counted(result)
    ids = list(result.scenario.places or {})
    places = [_place(result, names, counts, identifier) for identifier in ids]
    links = _links(result, counts, ids)
    used = {end for link in links for end in (link["from"], link["to"])}
    order = sorted(
        (i for i, place in enumerate(places) if place["series"] or i in used), key=lambda i: _begins(places[i])
    )
    places = [places[i] for i in order]
    for link in links:
        link["from"], link["to"] = order.index(link["from"]), order.index(link["to"])
    links.sort(key=lambda link: (link["from"], link["to"], link["mode"]))
    last = _last_shown(places, links)
    for series in _all_series(places, links):
        _cut(series, last + 1)
    note = say("flow-map.public", day=day(result.until)) if isinstance(result, PublicReading) else ""
    return {
        "title": told(result.scenario.title),
        "language": spoken(),
        "runs": result.replicates,
        "dot": _people_per_dot(places, links),
        "note": note,
        "intervals": [[(a - date(1970, 1, 1)).days, (b - a).days] for a, b in counts.intervals[: last + 1]],
        "places": places,
        "links": links,
        "ground": ground([place["at"] for place in places if place["at"]]),
        "words": words_of_map(),
    }


def _begins(place: Mapping[str, Any]) -> int:
    """The first interval with anybody there; a long way off if there is none."""
    return min((int(series[0]) for series in place["series"].values()), default=10**6)


def counted(result: ResultLike) -> Counts:
    """The tables as arrays: states of places and facilities, `travelled` of links."""
    everybody = pl.col("attribute").cast(pl.String) == "all"
    stocks = result.stocks.lazy().filter(
        everybody & pl.col("state").cast(pl.String).is_in(["present", "travelling", "occupied", "waiting", "no_bed"])
    )
    flows = result.flows.lazy().filter(everybody & (pl.col("event").cast(pl.String) == "travelled"))
    what, where = pl.col("state").cast(pl.String).alias("what"), pl.col("where").cast(pl.String)
    whole = where.str.split("/").list.first()
    rows = pl.concat(
        [
            stocks.select("replicate", pl.col("at").cast(pl.Date).alias("start"), what, whole, "people"),
            flows.select("replicate", pl.col("from").cast(pl.Date).alias("start"), pl.lit("travelled").alias("what"),
                         where, "people"),
        ]
    ).with_columns(pl.col("replicate").cast(pl.Int64), pl.col("people").cast(pl.Float64)).collect()  # fmt: skip
    intervals = _intervals(result)
    at = {start: i for i, (start, _) in enumerate(intervals)}
    found: dict[tuple[str, str], Array] = {}
    for key, part in rows.partition_by(["what", "where"], as_dict=True).items():
        array = np.zeros((len(intervals), max(result.replicates, 1)))
        steps = np.array([at[start] for start in part["start"].to_list()])
        np.add.at(array, (steps, part["replicate"].to_numpy()), part["people"].to_numpy())
        found[str(key[0]), str(key[1])] = array
    return Counts(intervals, max(result.replicates, 1), found)


def _intervals(result: ResultLike) -> list[Interval]:
    """The record intervals in which anybody was anywhere."""
    ends = [
        table.lazy().select(pl.col(first).cast(pl.Date).alias("a"), pl.col(after).cast(pl.Date).alias("b")).unique()
        for table, first, after in ((result.stocks, "at", "until"), (result.flows, "from", "to"))
    ]
    return [(a, b) for a, b in pl.concat(ends).unique().sort("a").collect().iter_rows()]


def _place(result: ResultLike, names: Names, counts: Counts, identifier: str) -> dict[str, Any]:
    """One place: its name, coordinates, its own series, and those of its facilities unless they would tell a town."""
    place = result.scenario.places[identifier]
    lon, lat = as_number(field(place, "lon")), as_number(field(place, "lat"))
    here = {key: item for key, item in (result.scenario.facilities or {}).items() if field(item, "at") == identifier}
    of_kind = {key: str(field(item, "kind", "")) for key, item in here.items()}
    series = {
        "present": counts.total([("present", identifier)]),
        "sheltered": counts.total([("occupied", key) for key, kind in of_kind.items() if kind in SHELTERS]),
        "held": counts.total([("occupied", key) for key, kind in of_kind.items() if kind in CUSTODY]),
        "waiting": counts.total([("waiting", key) for key in here]),
        "no_bed": counts.total([("no_bed", key) for key in here]),
    }
    facilities = []
    for key in here if not isinstance(result, PublicReading) else ():
        packed = _packed({what: counts.total([(what, key)]) for what in ("occupied", "waiting", "no_bed")})
        if packed:
            facilities.append({"name": names.facility(key), "kind": of_kind[key], "series": packed})
    at = [lon, lat] if lon is not None and lat is not None else None
    name = names.place(identifier)
    return {"id": identifier, "name": name, "at": at, "series": _packed(series), "facilities": facilities}


def _ends(result: ResultLike, where: str) -> tuple[str, str] | None:
    """The places at the ends of a link or of `from>to`; None for anything else."""
    link = (result.scenario.links or {}).get(where)
    if link is not None:
        return str(field(link, "from")), str(field(link, "to"))
    start, sign, end = where.partition(">")
    return (start, end) if sign else None


def _links(result: ResultLike, counts: Counts, places: Sequence[str]) -> list[dict[str, Any]]:
    """Links along which anybody came or is on the way, `from` and `to` as positions of places.

    They are named by their mode only where two have the same ends.
    """
    found = []
    for where in sorted({where for what, where in counts.of if what in ("travelled", "travelling")}):
        ends = _ends(result, where)
        series = _packed({what: counts.total([(what, where)]) for what in ("travelled", "travelling")}, np.mean)
        if ends is None or not series or not set(places) >= set(ends) or ends[0] == ends[1]:
            continue
        link = (result.scenario.links or {}).get(where)
        mode = level(str(field(link, "mode", ""))) if link is not None else ""
        both = {"from": places.index(ends[0]), "to": places.index(ends[1])}
        found.append({**both, "mode": mode, "drawn": link is not None, "series": series})
    pairs = [(link["from"], link["to"]) for link in found]
    for link, pair in zip(found, pairs, strict=True):
        if pairs.count(pair) == 1:
            link["mode"] = ""
    return found


def _packed(series: Mapping[str, Array | None], middle: Callable[..., Array] = np.median) -> dict[str, list[Any]]:
    packed = {what: _middle_and_ends(a, middle(a, axis=1)) for what, a in series.items() if a is not None}
    return {what: item for what, item in packed.items() if item is not None}


def _middle_and_ends(array: Array, middle: Array) -> list[Any] | None:
    """[first interval, middles, 5 %, 95 %] without the ends in which it is nothing; None if it always is."""
    low, high = np.quantile(array, [0.05, 0.95], axis=1)
    some = np.flatnonzero((high >= 0.5) | (middle >= 0.05))
    if not len(some):
        return None
    first, last = int(some[0]), int(some[-1])
    return [first, *([_short(value) for value in values[first : last + 1]] for values in (middle, low, high))]


def _short(value: float) -> float:
    """Whole people from ten on, tenths below."""
    return round(value) if value >= 10 or round(value, 1) == round(value) else round(float(value), 1)


def _all_series(places: Sequence[Any], links: Sequence[Any]) -> list[list[Any]]:
    parts = [*places, *links, *(facility for place in places for facility in place["facilities"])]
    return [series for part in parts for series in part["series"].values()]


def _last_shown(places: Sequence[Any], links: Sequence[Any]) -> int:
    """The last interval with anybody at a place of the map or on the way to one; of all if there is no map."""
    shown = [*(place for place in places if place["at"]), *links] or list(places)
    return max((series[0] + len(series[1]) - 1 for part in shown for series in part["series"].values()), default=0)


def _cut(series: list[Any], length: int) -> None:
    """Drop what lies after the first `length` intervals."""
    for i in (1, 2, 3):
        series[i] = series[i][: max(length - series[0], 0)]


def _people_per_dot(places: Sequence[Any], links: Sequence[Any]) -> int:
    """1, 2 or 5 times a power of ten."""
    most: float = max((max(series[1], default=0) for series in _all_series(places, links)), default=0)
    steps: Iterable[int] = (factor * 10**power for power in itertools.count() for factor in (1, 2, 5))
    return next(step for step in steps if most <= step * MOST_MARKS)


def day_of(interval: Sequence[int]) -> date:
    """First day of an interval as it stands in the data."""
    return date(1970, 1, 1) + timedelta(days=interval[0])
