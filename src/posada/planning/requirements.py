"""What a plan must meet and make small, as read from text: `max(no_bed:*) <= 0 and ... with probability 0.9`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from posada.planning.varied import Varied
from posada.scenario import Problem, Series, Spot, nearest, parse_date, parse_series

DEFAULT_PROBABILITY = 0.9
STATISTICS = {
    "sum": "flow",
    "person_days": "stock",
    "mean": "stock",
    "last": "stock",
    "max": "stock",
    "days_over": "stock",
    "mean_days": "wait",
    "share_within": "wait",
}
"""Statistics and what they are of; `p90_days` and the like are read by themselves."""
ADDED_UP = ("sum", "person_days", "mean", "last")
"""Those that are added up where an address has a `*`; of the others the worst counts."""
PERCENTILE = re.compile(r"p(\d\d)_days")
SPACE = re.compile(r"\s*")
CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
OPERATOR = re.compile(r"<=|>=|<|>|==|=|≤|≥")
ADDRESS = re.compile(r"[^,(){}]*(?:\{[^{}]*\})?")
ARGUMENT = re.compile(r"[^,()]*")
PATH = re.compile(r"[A-Za-z][\w.@*/-]*")
LIMIT = re.compile(r"(\d+\.?\d*|\.\d+)\s*(minute|hour|day|week|year)s?")
DAYS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "year": 365.25}
REST = re.compile(r"with\s+probability\b")


class TextError(Exception):
    """A text that is no requirement: what is wrong, at which column from 1, and what is allowed."""

    def __init__(self, column: int, message: str, allowed: Iterable[str] = (), near: str | None = None) -> None:
        super().__init__(message)
        self.column, self.message, self.allowed, self.near = column, message, tuple(allowed), near

    def problem(self, of: str, number: int) -> Problem:
        """The mistake as it is told: of the so-and-so-manieth `--require`, or of `--minimise`."""
        return Problem(*Spot(of, number, self.column), self.message, self.allowed, self.near)


@dataclass(frozen=True)
class Measure:
    """One statistic of a series; `argument` is the level of days_over, or the days of share_within.

    `series` are those that the address names, once it is known what facilities there are.
    """

    statistic: str
    address: str
    from_: date | None = None
    to: date | None = None
    argument: float | None = None
    column: int = 1
    series: tuple[Series, ...] = ()

    @property
    def is_wait(self) -> bool:
        """Whether it is of waits."""
        return parse_series(self.address).verb == "wait"

    @property
    def percentile(self) -> float | None:
        """The share of a percentile of waits."""
        found = PERCENTILE.fullmatch(self.statistic)
        return int(found[1]) / 100 if found else None


@dataclass(frozen=True)
class Cost:
    """What the scenario's prices add up to."""

    column: int = 1


@dataclass(frozen=True)
class Linear:
    """A sum of capacities, each with its weight, in the order of those that may vary."""

    weights: tuple[float, ...]
    column: int = 1


What = Measure | Cost | Linear


@dataclass(frozen=True)
class Comparison:
    """One side of a requirement: a number that is at most, or at least, a bound."""

    what: What
    operator: str
    bound: float
    text: str

    @property
    def upper(self) -> bool:
        """Whether it sets an upper limit."""
        return self.operator.startswith("<")


@dataclass(frozen=True)
class Requirement:
    """Comparisons that must hold together with a probability; `stated` tells whether the text named that."""

    text: str
    comparisons: tuple[Comparison, ...]
    probability: float = DEFAULT_PROBABILITY
    stated: bool = False


class Reader:
    """Reads one text from left to right."""

    def __init__(self, text: str, varied: Sequence[Varied]) -> None:
        self.text, self.varied, self.at = text, varied, 0

    def fail(
        self, message: str, allowed: Iterable[str] = (), near: str | None = None, at: int | None = None
    ) -> NoReturn:
        """Stop at the place that is read."""
        raise TextError((self.at if at is None else at) + 1, message, allowed, near)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What stands here, if it is of a form; spaces before it do not count."""
        match = pattern.match(self.text, self.skip())
        if match is not None and match.group():
            self.at = match.end()
            return match
        return None

    def skip(self) -> int:
        """The place of the next letter."""
        match = SPACE.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return self.at

    def rest(self) -> str:
        """What is not read yet."""
        return self.text[self.skip() :]

    def number(self, what: str) -> float:
        """A number, perhaps with a percent sign."""
        found = self.take(NUMBER)
        if found is None:
            self.fail(f"{what} stands here, not {shown(self.rest())}")
        return float(found.group()) / (100 if self.take(re.compile("%")) else 1)

    def requirement(self) -> Requirement:
        """The whole text as a requirement."""
        comparisons = [self.comparison()]
        while self.take(re.compile(r"and\b")):
            comparisons.append(self.comparison())
        if not self.take(REST):
            if self.rest():
                self.fail(
                    f"a requirement goes on with 'and' or 'with probability', not {shown(self.rest())}",
                    ("and", "with probability"),
                    nearest(self.rest().split()[0], ("and", "with probability")),
                )
            return Requirement(self.text.strip(), tuple(comparisons))
        at = self.skip()
        probability = self.number("a probability")
        if not 0 < probability <= 1:
            self.fail("a probability lies above 0 and is at most 1", at=at)
        if self.rest().startswith("and"):
            self.fail(
                "a probability stands at the end and holds for all before it; give others a --require of their own"
            )
        if self.rest():
            self.fail(f"nothing follows a probability, but here is {shown(self.rest())}")
        return Requirement(self.text.strip(), tuple(comparisons), probability, True)

    def objective(self) -> What:
        """The whole text as what is to be small."""
        found = self.what()
        if self.rest():
            self.fail(f"what is minimised ends here, but {shown(self.rest())} follows", ("+",))
        return found

    def comparison(self) -> Comparison:
        """`what operator number`."""
        start = self.skip()
        what = self.what()
        at = self.skip()
        operator = self.take(OPERATOR)
        if operator is None:
            self.fail(f"a comparison stands here, not {shown(self.rest())}", ("<=", "<", ">=", ">"))
        word = {"≤": "<=", "≥": ">="}.get(operator.group(), operator.group())
        if word in ("=", "=="):
            self.fail("a requirement sets a limit; write <= or >=", ("<=", "<", ">=", ">"), at=at)
        bound = self.number("a number")
        if isinstance(what, Measure) and what.is_wait and what.statistic != "share_within":
            self.take(re.compile(r"days?\b"))
        found = Comparison(what, word, bound, self.text[start : self.at].strip())
        check_direction(found, self, at)
        return found

    def what(self) -> What:
        """A statistic of a series, `cost`, or a sum of capacities."""
        start = self.skip()
        if self.take(re.compile(r"cost\b(?![.@])")):
            return Cost(start + 1)
        call = CALL.match(self.text, start)
        return self.measure(call) if call else self.linear(start)

    def measure(self, call: re.Match[str]) -> Measure:
        """`STATISTIC(ADDRESS, from DATE, to DATE, ...)`."""
        start, statistic = call.start(), call[1]
        if statistic == "chance_over":
            self.fail("write `max(...) <= N with probability P` for the chance that a number is not passed", at=start)
        if statistic not in STATISTICS and not PERCENTILE.fullmatch(statistic):
            known = (*STATISTICS, "p90_days")
            self.fail(f"there is no statistic {statistic!r}", known, nearest(statistic, known), at=start)
        self.at = call.end()
        at = self.skip()
        address = self.take(ADDRESS)
        if address is None:
            self.fail("the address of a series stands here, such as no_bed:*")
        try:
            parse_series(address.group())
        except ValueError as error:
            self.fail(str(error), at=at)
        found: dict[str, date | float] = {}
        while self.take(re.compile(",")):
            self.argument(statistic, found)
        if not self.take(re.compile(r"\)")):
            self.fail(f"a bracket closes here, not {shown(self.rest())}", (")", ","))
        needed = {"share_within": "a length, such as `14 days`", "days_over": "a number of people, such as `40`"}
        if statistic in needed and "argument" not in found:
            self.fail(f"{statistic} takes {needed[statistic]} after the address", at=start)
        if {"from_", "to"} <= set(found) and found["from_"] > found["to"]:  # type: ignore[operator]
            self.fail("`to` is before `from`", at=start)
        return Measure(statistic, address.group().strip(), column=at + 1, **found)  # type: ignore[arg-type]

    def argument(self, statistic: str, found: dict[str, date | float]) -> None:
        """One argument of a statistic."""
        at = self.skip()
        match = self.take(ARGUMENT)
        text = match.group().strip() if match else ""
        word, _, rest = text.partition(" ")
        if word in ("from", "to"):
            try:
                found[{"from": "from_"}.get(word, word)] = parse_date(rest.strip())
            except ValueError as error:
                self.fail(str(error), at=at + len(word) + 1)
            return
        length = LIMIT.fullmatch(text)
        if statistic == "share_within" and length:
            found["argument"] = float(length[1]) * DAYS[length[2]]
        elif statistic == "days_over" and NUMBER.fullmatch(text):
            found["argument"] = float(text)
        else:
            own = {"share_within": ["14 days"], "days_over": ["40"]}.get(statistic, [])
            self.fail(f"{shown(text)} cannot stand here", ("from 2018-05-01", "to 2018-05-31", *own), at=at)

    def linear(self, start: int) -> Linear:
        """`total`, or a sum of capacities with weights."""
        weights = [0.0] * len(self.varied)
        names = [v.name for v in self.varied]
        while True:
            at = self.skip()
            number = self.take(NUMBER)
            weight = float(number.group()) if number else 1.0
            if number and not self.take(re.compile(r"[*×]")):
                self.fail("a weight is followed by `*` and a capacity", ("*",))
            if weight < 0:
                self.fail("a weight is never negative: a plan does not get better by building more", at=at)
            self.path(weight, weights, names)
            if self.take(re.compile(r"\+")):
                continue
            if self.rest().startswith("-"):
                self.fail("capacities are added up, never taken away", ("+",))
            return Linear(tuple(weights), start + 1)

    def path(self, weight: float, weights: list[float], names: Sequence[str]) -> None:
        """One capacity of a sum, or all of them."""
        at = self.skip()
        word = self.take(PATH)
        if word is None:
            self.fail(f"a capacity stands here, not {shown(self.rest())}", ("total", "cost", *names))
        if word.group() == "total":
            for i in range(len(weights)):
                weights[i] += weight
        elif word.group() in names:
            weights[names.index(word.group())] += weight
        elif word.group() in STATISTICS:
            self.fail(
                f"{word.group()} takes the address of a series in brackets, such as {word.group()}(no_bed:*)", at=at
            )
        else:
            known = ("total", "cost", *names)
            self.fail(
                f"{word.group()!r} is not one of the capacities that may vary", known, nearest(word.group(), known), at
            )


def shown(text: str) -> str:
    """The beginning of a text in quotation marks."""
    return repr(text if len(text) <= 30 else f"{text[:30]}...") if text else "the end"


def check_direction(found: Comparison, reader: Reader, at: int) -> None:
    """Refuse limits the wrong way round: a need is limited from above, good service from below."""
    good = isinstance(found.what, Measure) and found.what.statistic == "share_within"
    if good and found.upper:
        reader.fail(
            "a share of people who are served in time is required to be at least something; write >=", (">=",), at=at
        )
    if not good and not found.upper:
        reader.fail("a need or a cost is required to be at most something; write <=", ("<=", "<"), at=at)


def read_requirements(texts: Sequence[str], varied: Sequence[Varied]) -> tuple[list[Requirement], list[Problem]]:
    """Requirements from texts, and the mistakes of those that are none."""
    found, problems = [], []
    for number, text in enumerate(texts, 1):
        try:
            found.append(Reader(text, varied).requirement())
        except TextError as error:
            problems.append(error.problem("require", number))
    return found, problems
