"""Counts as they were known on a day, each with how far it may be from the truth, and what a run says of each.

A count is what its source reports: `bias` times what is true, give or take a spread. Counts and runs are compared on a
scale (`to_scale`), the square root: chance varies there as much for large counts as for small ones, and a run with
nobody where some were counted is far from it, but not without end, as it is for logarithms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from posada.engine import Drawn, matrix
from posada.results import Result, model_values
from posada.scenario import Observation, Quantity, Scenario, known_since, parse_series

Array = np.ndarray[Any, Any]

Z95 = 1.6448536269514722
SPREADS = {"exact": 0.05, "about": 0.15, "at_least": 0.05, "more": 0.05, "at_most": 0.05, "range": 0.05}
"""Shares of a count by which it may be off, where neither the row nor its source says: an assumption of posada."""
UNQUALIFIED = 0.1
"""The same for counts without a qualifier."""
LEAST = 0.05
"""The least share, where a row states low and high: what was counted is never quite what is simulated."""
OFFSET = 0.375
ROUNDING = 0.5
"""People are whole: every count may be off by so much."""
UNBIASED = Quantity(1.0)
USES = ("check",)
"""What is learnt from, if nothing else is asked for: a count that set a quantity (`input`) would count twice."""


def to_scale(people: Array | float) -> Array:
    """Counts on the scale on which they are compared: the square root of n + 3/8 (Anscombe 1948)."""
    return np.asarray(np.sqrt(np.asarray(people, dtype=float) + OFFSET))


def per_person(people: Array | float) -> Array:
    """By how much the scale rises with one person more."""
    return np.asarray(0.5 / np.sqrt(np.asarray(people, dtype=float) + OFFSET))


def from_scale(scaled: Array | float) -> Array:
    """Counts again."""
    return np.maximum(0.0, np.maximum(scaled, 0.0) ** 2 - OFFSET)


@dataclass(frozen=True)
class Observed:
    """One count: what was said (or its bounds), and how far it may be off."""

    observation: Observation
    known_on: date
    """When this version became known."""
    value: float
    """The count; for a bound the bound, for a range the middle."""
    share: float
    """Standard deviation of the error, as a share of the count."""
    at_least: float = -np.inf
    """For at_least, more and range: the lowest that it says, in people."""
    at_most: float = np.inf
    """For at_most and range: the highest."""
    bias: Quantity = UNBIASED
    bias_path: str = ""
    """The path of the bias, `sources.NAME.bias`; empty if the count has no source."""

    @property
    def sd(self) -> float:
        """Standard deviation of the error on the scale, rounding to whole people included."""
        return float(error_of(self.share, self.value))

    @property
    def id(self) -> str:
        """The id of the row."""
        return self.observation.id

    @property
    def series(self) -> str:
        """The address of what was counted."""
        return self.observation.series

    @property
    def day(self) -> date:
        """The last day that it counts."""
        assert self.observation.to is not None
        return self.observation.to

    @property
    def bounded(self) -> bool:
        """Whether it only says that there were at least, or at most, so many."""
        return bool(np.isfinite(self.at_least) or np.isfinite(self.at_most))

    @property
    def uncertain_bias(self) -> bool:
        """Whether the bias of its source is not known, and is learnt too."""
        return bool(self.bias_path) and self.bias.low is not None


def observed(
    scenario: Scenario, known_on: date | None = None, *, inputs: bool = False, until: date | None = None
) -> tuple[Observed, ...]:
    """The counts of a scenario as they were known on a day, the latest version of each, in order of their dates.

    Without `known_on` all of them. `inputs` takes those too that set a quantity. `until` leaves out those of later
    days, whenever they were known. Counts outside the time that is simulated are left out.
    """
    uses = ("check", "input") if inputs else USES
    rows = []
    for o in scenario.observations.values():
        known = known_since(scenario, o)
        if o.use not in uses or o.to is None or known is None or not within(scenario, o):
            continue
        if (known_on is None or known <= known_on) and (until is None or o.to <= until):
            rows.append((o, known))
    items = [item for o, known in latest(scenario, rows) if (item := as_observed(scenario, o, known)) is not None]
    return tuple(sorted(items, key=lambda item: (item.day, item.id)))


def within(scenario: Scenario, o: Observation) -> bool:
    """Whether what was counted is simulated whole."""
    assert o.to is not None
    flow = parse_series(o.series).kind != "stock"
    first = (o.from_ or o.to) if flow else o.to
    return scenario.start <= first and o.to <= scenario.end


def latest(scenario: Scenario, rows: Sequence[tuple[Observation, date]]) -> list[tuple[Observation, date]]:
    """Of the versions of one count (series and days the same, one source) the one that became known last."""
    newest: dict[Any, date] = {}
    for o, known in rows:
        key = count_of(scenario, o)
        newest[key] = max(known, newest.get(key, known))
    return [(o, known) for o, known in rows if newest[count_of(scenario, o)] == known]


def count_of(scenario: Scenario, o: Observation) -> tuple[Any, ...]:
    """What makes two rows versions of one count: who counted what, when."""
    claims = [scenario.evidence[key] for key in o.evidence if key in scenario.evidence]
    who = o.source or next((claim.publisher or claim.claimant_org or claim.id for claim in claims), "")
    return o.series, o.from_, o.to, who


def as_observed(scenario: Scenario, o: Observation, known: date) -> Observed | None:
    """A row with its error; None if it states no number."""
    bounds = [b for b in (o.low, o.high) if b is not None]
    value = o.value if o.value is not None else sum(bounds) / len(bounds) if bounds else None
    if value is None:
        return None
    least, most = -np.inf, np.inf
    if o.qualifier in ("at_least", "more"):
        least = value = o.value if o.value is not None else bounds[0]
    elif o.qualifier == "at_most":
        most = value = o.value if o.value is not None else bounds[-1]
    elif o.qualifier == "range" and len(bounds) == 2:
        least, most = bounds
    source = scenario.sources.get(o.source or "")
    if source is None:
        return Observed(o, known, value, share_of(o, value, None), least, most)
    what = source.bias.entries[0].what
    assert isinstance(what, Quantity)
    return Observed(o, known, value, share_of(o, value, source.spread), least, most, what, source.bias.path)


def error_of(share: Array | float, people: Array | float) -> Array:
    """The standard deviation on the scale of an error that is a share of so many people, and of rounding."""
    return np.asarray(np.hypot(share * np.asarray(people, dtype=float), ROUNDING) * per_person(people))


def share_of(o: Observation, value: float, spread: float | None) -> float:
    """The error of a count as a share of it: by its own low and high, its source, or its qualifier."""
    ranged = o.qualifier not in ("at_least", "more", "at_most", "range")
    if ranged and value and o.low is not None and o.high is not None and o.high > o.low:
        return max(float(to_scale(o.high) - to_scale(o.low)) / (2 * Z95 * float(per_person(value)) * value), LEAST)
    return spread if spread is not None else SPREADS.get(o.qualifier or "", UNQUALIFIED)


def simulated(result: Result, items: Sequence[Observed]) -> Array:
    """What each replicate of a result says of each count, were it counted without error: items by replicates.

    A mean wait is nan in a replicate in which nobody waited.
    """
    if not items:
        return np.empty((0, result.replicates))
    return np.array([model_values(result, item.observation) for item in items], dtype=float)


def bias_paths(items: Sequence[Observed]) -> dict[str, Quantity]:
    """The uncertain biases of the sources of some counts, by path."""
    return {item.bias_path: item.bias for item in items if item.uncertain_bias}


def seen(items: Sequence[Observed], values: Array, z: Mapping[str, Array] | None = None) -> Array:
    """Simulated values through the bias of each source, without its spread: items by replicates.

    `z` holds standard normals of uncertain biases by path; the median stands for those that it lacks.
    """
    factors = np.array([np.broadcast_to(bias_of(item, z or {}), values.shape[1:]) for item in items])
    return np.asarray(values * factors.reshape(values.shape))


def bias_of(item: Observed, z: Mapping[str, Array]) -> Array | float:
    """The bias of a count's source in each replicate."""
    if not item.uncertain_bias or item.bias_path not in z:
        return item.bias.value
    drawn = np.asarray(z[item.bias_path], dtype=float)
    column = Drawn(item.bias_path, item.bias, False, True)
    return np.asarray(matrix([column], {item.bias_path: drawn}, len(drawn))[:, 0])


def reported(items: Sequence[Observed], seen_values: Array, rng: np.random.Generator, inflation: float = 1.0) -> Array:
    """What the sources might report of simulated values: those of `seen` with errors drawn; items by replicates.

    Errors are shares, so they are as wide as the simulated value asks, not the count.
    """
    shares = np.array([item.share for item in items], dtype=float)[:, None]
    noise = rng.standard_normal(seen_values.shape) * error_of(shares, seen_values) * np.sqrt(inflation)
    return from_scale(to_scale(seen_values) + noise)


def sds(items: Sequence[Observed]) -> Array:
    """Standard deviations of the errors on the scale, item by item."""
    return np.array([item.sd for item in items], dtype=float)


def log_likelihoods(items: Sequence[Observed], seen_values: Array, inflation: float = 1.0) -> Array:
    """The logarithm of how likely each count is in each replicate, up to a constant; items by replicates.

    A bound is as likely as an error that carries the count beyond it.
    """
    y = to_scale(seen_values)
    out = np.empty_like(y)
    for i, item in enumerate(items):
        sd = item.sd * np.sqrt(inflation)
        if item.bounded:
            low = (to_scale(item.at_least) - y[i]) / sd if np.isfinite(item.at_least) else np.full(y[i].shape, -np.inf)
            high = (to_scale(item.at_most) - y[i]) / sd if np.isfinite(item.at_most) else np.full(y[i].shape, np.inf)
            out[i] = log_between(low, high)
        else:
            out[i] = -0.5 * ((to_scale(item.value) - y[i]) / sd) ** 2
    return out


def log_between(low: Array, high: Array) -> Array:
    """The logarithm of the probability that a standard normal lies between two numbers; exact far in the tails."""
    from scipy.special import log_ndtr

    # mirrored where both lie above 0, so that the difference is of small numbers and not of two that are nearly 1
    flip = low > 0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    upper, lower = log_ndtr(b), log_ndtr(a)
    return np.asarray(upper + np.log1p(-np.exp(np.minimum(lower - upper, -1e-300))))
