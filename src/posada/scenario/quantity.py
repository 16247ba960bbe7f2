"""Numbers of a scenario: plain, uncertain, dated, or named; and lengths of time that vary from party to party."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .problems import NOWHERE, Spot


@dataclass(frozen=True, slots=True)
class Known:
    """What was believed of a quantity from a date on."""

    known_from: date
    value: float
    low: float | None = None
    high: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """What a contested quantity is by one side's numbers, such as those of officials."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value (median) with, if ignorance is stated, its 5th (`low`) and 95th (`high`) percentile."""

    value: float
    low: float | None = None
    high: float | None = None
    scale: str | None = None
    evidence: tuple[str, ...] = ()
    assumed: str | None = None
    note: str | None = None
    known_from: date | None = None
    known: tuple[Known, ...] = ()
    claims: tuple[Side, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a number is from a date on (None: from the start): a quantity, or the text of a name or expression."""

    from_: date | None
    what: Quantity | str
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a scenario: one entry, or a dated list of them.

    `role` says what the place allows: number, share (0 to 1), capacity (whole, from 0), count (whole, from 1), rate
    (from 0), positive, ratio (above 1), stages (1 to 50), seconds (a length of time, from 0), chance (a share of a
    branch) and utility, both of which may be expressions. `path` is its address for policies.
    """

    entries: tuple[Entry, ...]
    role: str = "number"
    path: str = ""
    spot: Spot = field(default=NOWHERE, compare=False, repr=False)

    @property
    def fixed(self) -> float | None:
        """The value, if this is one plain value without low and high; else None."""
        what = self.entries[0].what
        if len(self.entries) > 1 or isinstance(what, str) or what.low is not None:
            return None
        return what.value


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time (or a factor, for `pace`): the kind of its distribution and the parameters, in seconds.

    fixed: length; exponential: mean; uniform: low, high; triangular: low, mode, high; lognormal: median, spread;
    weibull: scale, shape; erlang: mean, stages; daily_chance: chance; lognormal_mean: mean, cv; gamma: mean, shape;
    pert: low, mode, high; hyperexponential: means.1, means.2, ..., shares.1, shares.2, ...; empirical: `sample`.
    """

    kind: str
    params: dict[str, Number]
    sample: tuple[float, ...] = ()


def plain_number(value: float, role: str, path: str) -> Number:
    """The number that is `value` by default, where the scenario says nothing."""
    return Number((Entry(None, Quantity(value)),), role, path)
