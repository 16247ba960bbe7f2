"""Counts of any series, in the version that was known on a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from posada.scenario import Observation, Scenario, known_since, parse_series

from .counts import ValidationError, middle
from .observing import latest

Array = np.ndarray[Any, Any]

BOUNDS = ("at_least", "at_most", "more")
"""Qualifiers of counts that are only a bound: they are told, but neither learnt from nor scored."""


class ForecastError(ValidationError):
    """A forecast cannot be made, read or scored, or not in the way that was asked for."""


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of a series: people there at the end of `to`, or what happened from `from_` to `to`."""

    series: str
    from_: date
    to: date
    value: float
    as_of: date
    use: str = "check"

    @property
    def key(self) -> tuple[str, date, date]:
        """What it is a count of."""
        return self.series, self.from_, self.to


Counts = Mapping[str, tuple[Count, ...]]
"""By series, in order of their last days."""


def to_log(people: Array | float) -> Array:
    """Counts on the scale on which forecasts are made and scored: the logarithm of one more."""
    return np.asarray(np.log1p(np.asarray(people, dtype=float)))


def is_stock(series: str) -> bool:
    """Whether a series tells of a moment, not of a time."""
    return parse_series(series).kind == "stock"


def counts_of(scenario: Scenario, known_on: date | None = None) -> Counts:
    """Counts by series, each in its source's newest version up to a date; without one, in the newest of all.

    What several sources counted is averaged. A count of what is still to come when it became known is no count, and is
    left out; so are bounds, and series of waits.
    """
    rows = []
    for o in scenario.observations.values():
        count, known = as_count(scenario, o), known_since(scenario, o)
        if count is not None and known is not None and (known_on is None or max(known, count.to) <= known_on):
            rows.append((o, known))
    same: dict[tuple[str, date, date], list[Count]] = {}
    for o, _ in latest(scenario, rows):
        count = as_count(scenario, o)
        assert count is not None
        same.setdefault(count.key, []).append(count)
    found: dict[str, list[Count]] = {}
    for (series, from_, to), each in same.items():
        mean = sum(count.value for count in each) / len(each)
        use = "check" if all(count.use == "check" for count in each) else "input"
        known = max(count.as_of for count in each)
        found.setdefault(series, []).append(Count(series, from_, to, mean, known, use))
    return {series: tuple(sorted(found[series], key=lambda c: (c.to, c.from_))) for series in sorted(found)}


def as_count(scenario: Scenario, o: Observation) -> Count | None:
    """An observation as a count; None if it is a bound, has no date, or is of waits."""
    value, to = middle(o), o.to or o.from_
    if value is None or to is None or o.qualifier in BOUNDS or parse_series(o.series).kind == "wait":
        return None
    from_ = to if is_stock(o.series) else o.from_ or to
    return Count(o.series, from_, to, float(value), known_since(scenario, o) or to, o.use)


def scored_series(truth: Counts, first: date) -> tuple[str, ...]:
    """The series that were counted after a date by counts that set nothing."""
    return tuple(s for s, line in truth.items() if any(c.to > first and c.use == "check" for c in line))
