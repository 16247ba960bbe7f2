"""What policies are compared by: a scenario's headlines, and what every chain has, one value per replicate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from posada.planning.measured import price_of
from posada.planning.totals import DETENTION, EVERYBODY, OUTSIDE, Totals
from posada.results import Result, values_of
from posada.scenario import parse_series

Array = np.ndarray[Any, Any]
HEADLINES, NEED, HELD, DECIDED, OUTCOMES, COST = (
    "Headlines",
    "Waits and unmet need",
    "Custody and families",
    "Decisions",
    "How it ends",
    "Cost",
)
PEOPLE, DAYS, PERSON_DAYS, NIGHTS, SHARE, CHANCE = "people", "days", "person-days", "person-nights", "share", "chance"
BY_PERSON = ("waiting", "no-bed", "outside", "turned-away", "detained", "apart")
"""Measures that are told by attribute, too: who gains and who loses."""


@dataclass(frozen=True)
class Measure:
    """One number of a result in each replicate; NaN where it is not defined."""

    id: str
    label: str
    family: str
    unit: str
    values: Array


def measures(totals: Totals) -> list[Measure]:
    """The headlines in the order of the scenario's file, then what every chain has."""
    return [*headlines(totals.result), *standard(totals), *outcomes(totals), *costs(totals)]


def headlines(result: Result) -> Iterator[Measure]:
    """The scenario's own headlines."""
    units = {"mean_days": DAYS, "p90_days": DAYS, "days_over": DAYS, "share": SHARE, "chance_over": CHANCE}
    for h in sorted(result.scenario.headlines.values(), key=lambda h: h.spot.line):
        verb = parse_series(h.series).verb
        unit = units.get(h.statistic, NIGHTS if verb.startswith("nights") else PEOPLE)
        yield Measure(h.id, h.label, h.question or HEADLINES, unit, np.asarray(values_of(result, h), dtype=float))


def standard(totals: Totals, of: tuple[str, str] = EVERYBODY) -> Iterator[Measure]:
    """Waits, unmet need, custody, families and decisions, of everybody or of one level of an attribute."""
    kinds = {name: facility.kind for name, facility in totals.facilities.items()}
    shelters = [name for name, kind in kinds.items() if kind == "beds"]
    queues = [name for name in kinds if name not in shelters]
    yield Measure(
        "waiting", "Days spent waiting", NEED, PERSON_DAYS, add(totals.days("waiting", n, of) for n in queues)
    )
    if shelters:
        nights = add(totals.events("nights_no_bed", name, of) for name in shelters)
        yield Measure("no-bed", "Nights without a bed", NEED, NIGHTS, nights)
    if OUTSIDE in kinds.values():
        nights = add(totals.events("nights", name, of) for name in totals.of_kind(OUTSIDE))
        yield Measure("outside", "Nights in camps", NEED, NIGHTS, nights)
    away = add(totals.turned_away("refused", name, of) for name in kinds)
    yield Measure("turned-away", "Times people were sent on for want of room", NEED, "times", away)
    gave_up = add(totals.turned_away("gave_up", name, of) for name in kinds)
    yield Measure("gave-up", "People who give up waiting", NEED, PEOPLE, gave_up)
    if DETENTION in kinds.values():
        days = add(totals.days("occupied", name, of) for name in totals.of_kind(DETENTION))
        yield Measure("detained", "Days held (cells, detention, custody)", HELD, PERSON_DAYS, days)
    yield Measure("apart", "Days apart from some of the family", HELD, PERSON_DAYS, totals.days("apart", "chain", of))
    alone = totals.days("children_apart", "chain", of)
    yield Measure("children-apart", "Days of children with no adult of their family", HELD, PERSON_DAYS, alone)
    ended = add(totals.outcome(name, of) for name in totals.result.scenario.outcomes)
    yield Measure("ended", "People whose way through the chain has ended", DECIDED, PEOPLE, ended)


def outcomes(totals: Totals, of: tuple[str, str] = EVERYBODY) -> Iterator[Measure]:
    """How many end in which way."""
    for name, outcome in totals.result.scenario.outcomes.items():
        yield Measure(f"ended:{name}", outcome.label, OUTCOMES, PEOPLE, totals.outcome(name, of))


def costs(totals: Totals) -> Iterator[Measure]:
    """What the scenario's prices add up to; nothing if it states none."""
    scenario = totals.result.scenario
    parts = [(price, price_of(totals.result, price)) for price in scenario.prices.values()]
    for price, value in parts:
        yield Measure(f"cost:{price.id}", price.label, COST, scenario.currency, value)
    if len(parts) > 1:
        yield Measure("cost", "In all", COST, scenario.currency, add(value for _, value in parts))


def add(values: Iterable[Array]) -> Array:
    """The sum of some arrays; 0 for none."""
    return np.asarray(sum(values, start=np.zeros(1)))
