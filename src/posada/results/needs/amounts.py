"""What the people at each site need, by day: people of the model times the figures of a pack of standards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from posada.results.needs.overflow import quantiles
from posada.results.needs.standards import PHASES, Pack, Standard, read_standards
from posada.results.series import array_of, window
from posada.scenario import Series

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

PEOPLE = "people"
"""The need that is no need: the most people at one time."""
MEMBERS = {
    "adults": ("women_18_59", "women_60", "men_18_59", "men_60", "unstated"),
    "children": ("girls_0_4", "girls_5_17", "boys_0_4", "boys_5_17"),
    "babies": ("girls_0_4", "boys_0_4"),
    "women": ("women_18_59", "women_60"),
    "men": ("men_18_59", "men_60"),
    "women_and_girls": ("girls_5_17", "women_18_59"),
}
"""Whom the words of a pack count, by sex and age."""
COLUMNS = {
    "at": pl.String,
    "site": pl.String,
    "date": pl.Date,
    "until": pl.Date,
    "phase": pl.String,
    "need": pl.String,
    "low": pl.Float64,
    "median": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "figure": pl.String,
    "source": pl.String,
    "address": pl.String,
    "note": pl.String,
}
NO_FIGURE = "no published figure"
NO_AGES = "not known: this result does not tell ages; write sex_and_age in record: {by: [...]} and run it again"
ADULTS_ONLY = "everybody is counted as an adult: ages are not recorded (record: {by: [sex_and_age]})"


@dataclass(frozen=True)
class Site:
    """A place, or a shelter or camp in it."""

    id: str
    at: str
    shelter: bool


def needs(
    result: Result,
    at: str | None = None,
    from_: date | None = None,
    to: date | None = None,
    phase: str = "emergency",
    pack: Pack | None = None,
) -> pl.DataFrame:
    """One row per site, record interval and need, with the 5 %, 50 % and 95 % points over the replicates.

    `at` is a place, shelter or camp (KeyError if it is none); without it, all places that are one place on the map, and
    their shelters and camps. `from_` and `to` are included. Needs are whole numbers, rounded up in each replicate; they
    are of the people of the model, at most at one time in the interval, or at its last midnight, or of those who
    came, as the pack says. A need without a published figure, or of people whom the result cannot tell apart, has no
    numbers.
    """
    if phase not in PHASES:
        raise ValueError(f"the phase is emergency or after, not {phase!r}")
    pack = pack or read_standards()
    keep = np.flatnonzero(window(result, from_, to))
    rows = [row for site in sites_of(result, at) for row in _rows(result, site, keep, phase, pack)]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def sites_of(result: Result, at: str | None = None) -> list[Site]:
    """The sites of a result, or one place with its shelters, or one shelter; KeyError if it is none of them."""
    s = result.scenario
    kept = [f for f in s.facilities.values() if f.kind in ("beds", "camp")]
    if at is not None and at not in s.places:
        return [next(Site(f.id, f.at, True) for f in kept if f.id == at)] if at in {f.id for f in kept} else _none(at)
    mapped = [p.id for p in s.places.values() if p.lat is not None]
    places = [at] if at is not None else mapped or list(s.places)
    found = []
    for place in places:
        found += [Site(place, place, False), *(Site(f.id, place, True) for f in kept if f.at == place)]
    return found


def _none(at: str) -> list[Site]:
    raise KeyError(at)


def ages_known(result: Result) -> bool:
    """Whether results are broken down by sex and age."""
    return "sex_and_age" in result.scenario.record.by


def _rows(result: Result, site: Site, keep: Array, phase: str, pack: Pack) -> Iterator[list[Any]]:
    """The rows of a site; none for intervals in which nobody is there in any replicate."""
    present, arrived = count(result, site, "present", "everyone"), count(result, site, "arrived", "everyone")
    keep = keep[(present[keep] + arrived[keep]).any(axis=1)]
    amounts = {need: amount(result, site, pack.of(need), phase) for need in pack.needs}
    points = {n: quantiles(a.values[keep]) for n, a in amounts.items() if a.values is not None}
    people = quantiles(present[keep])
    for i, k in enumerate(keep.tolist()):
        first, end = result.record[k]
        about = [site.at, site.id, first, end, phase]
        yield [*about, PEOPLE, *(x[i] for x in people), "people", "", "", "", "the most at one time"]
        for need in pack.needs:
            standards, found = pack.of(need), amounts[need]
            numbers = [x[i] for x in points[need]] if need in points else [None] * 3
            told = [" | ".join(dict.fromkeys(filter(None, texts))) for texts in _told(standards)]
            yield [*about, need, *numbers, standards[0].unit, found.figure, *told, found.note]


def _told(standards: Sequence[Standard]) -> tuple[list[str], list[str]]:
    """Sources, and their addresses."""
    return [s.source for s in standards], [s.address for s in standards]


def figure_of(standards: Sequence[Standard], phase: str) -> str:
    """The figures in short: `15 each`, `one per 50`, `3 each of adults, 5 each of children`."""
    found = []
    for s in standards:
        figure = s.figure(phase)
        if figure is None:
            return NO_FIGURE
        whom = "" if s.who in ("everyone", "parties") and s.rule == "each" else f" {s.who.replace('_', ' ')}"
        whom = " household" if s.who == "parties" else "" if s.who == "everyone" else whom
        found.append(f"{figure:g} each{whom}" if s.rule == "each" else f"one per {figure:g}{whom}")
    return ", ".join(found)


@dataclass(frozen=True)
class Amount:
    """A need by interval and replicate (None if it cannot be told), the figures in short, and what to know of it."""

    values: Array | None
    figure: str
    note: str


def amount(result: Result, site: Site, standards: Sequence[Standard], phase: str) -> Amount:
    """A need of a site, rounded up.

    Where ages are not recorded, the adults of a need that adds adults and children are everybody.
    """
    notes, figures = [s.note for s in standards if s.note], figure_of(standards, phase)
    if figures == NO_FIGURE:
        return Amount(None, figures, "; ".join(dict.fromkeys(notes)))
    if not ages_known(result) and any(s.who in MEMBERS for s in standards):
        adults = [s for s in standards if s.who == "adults"]
        if not adults:
            return Amount(None, figures, NO_AGES)
        standards = [Standard(**{**_fields(s), "who": "everyone"}) for s in adults]
        notes, figures = ["at least", ADULTS_ONLY], figure_of(standards, phase)
    total: Array | float = 0.0
    for s in standards:
        people, figure = count(result, site, s.counts, s.who), s.figure(phase)
        assert figure is not None
        total = total + (people * figure if s.rule == "each" else people / figure)
    return Amount(np.maximum(0.0, np.ceil(np.asarray(total) - 1e-9)), figures, "; ".join(dict.fromkeys(notes)))


def _fields(s: Standard) -> dict[str, Any]:
    return {name: getattr(s, name) for name in Standard.__dataclass_fields__}


def count(result: Result, site: Site, counts: str, who: str) -> Array:
    """People (or parties) whom a standard counts at a site: record intervals by replicates."""
    verb = ("moved_in" if site.shelter else "arrived") if counts == "arrived" else _state(site)
    if who == "parties":
        return array_of(result, Series(verb, site.id), "parties")
    column = "people_max" if counts == "present" else "people"
    if who == "everyone":
        return array_of(result, Series(verb, site.id), column)
    parts = [array_of(result, Series(verb, site.id, "sex_and_age", c), column) for c in MEMBERS[who]]
    return np.asarray(sum(parts))


def _state(site: Site) -> str:
    return "occupied" if site.shelter else "present"
