"""Candidates tried on the same luck: batches of replicates until it is clear whether one meets the requirements."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import polars as pl

from posada.ensemble import Parts
from posada.planning.asked import Asked
from posada.planning.diary import Diary
from posada.planning.measured import measured
from posada.planning.requirements import Comparison, Cost, Linear, Measure, Requirement
from posada.planning.varied import Varied
from posada.scenario import Scenario

Array = np.ndarray[Any, Any]
Point = tuple[int, ...]
"""A candidate: the index of each capacity among its values."""


class OutOfTime(Exception):
    """The time that was given is over."""


class PlanProgress(Protocol):
    """Told how far a plan is."""

    def compiling(self) -> None:
        """The engine is being compiled, which happens once per machine."""

    def at(self, tried: int, best: str, seconds_left: float) -> None:
        """So many candidates have been tried; the best so far, in words, and how much time is left."""


FAILS, MET = 0, 1
UNKNOWN = -1


@dataclass
class Candidate:
    """A plan, and what it came to in the replicates that were run: comparisons (and objective) by replicates.

    `verdicts` (requirements by replicates) says whether each requirement is met in a replicate, UNKNOWN where it was
    not run; `inferred` adds what follows from others: whatever fails with more capacity fails with less.
    """

    point: Point
    how: str
    values: Array
    done: Array
    verdicts: Array
    inferred: Array

    @property
    def replicates(self) -> int:
        """How many were run."""
        return int(self.done.sum())


@dataclass(frozen=True)
class Question:
    """What is planned: the scenario, what may vary, what is asked, and on whose luck."""

    scenario: Scenario
    varied: tuple[Varied, ...]
    asked: Asked
    replicates: int
    seed: int
    policies: tuple[str, ...]
    draws: pl.DataFrame | None = None
    """Standard normals (replicate, path, z) in place of those that are drawn; fresh replicates have theirs too."""
    draws_from: str = ""

    @property
    def comparisons(self) -> list[Comparison]:
        """All comparisons of all requirements."""
        return [c for r in self.asked.requirements for c in r.comparisons]

    @property
    def rows(self) -> list[Measure | Cost]:
        """What is measured in each replicate."""
        objective = self.asked.objective
        extra = [] if isinstance(objective, Linear) else [objective]
        return [*(c.what for c in self.comparisons if not isinstance(c.what, Linear)), *extra]

    @property
    def linear(self) -> bool:
        """Whether capacities are minimised, which needs no simulation."""
        return isinstance(self.asked.objective, Linear)

    def values(self, point: Sequence[int]) -> tuple[int, ...]:
        """The capacities of a candidate."""
        return tuple(v.value(i) for v, i in zip(self.varied, point, strict=True))

    def sets(self, point: Sequence[int]) -> list[str]:
        """Texts `PATH=VALUE` that make it."""
        return [v.change(i) for v, i in zip(self.varied, point, strict=True)]

    def weigh(self, weights: Sequence[float], point: Sequence[int]) -> float:
        """A sum of capacities."""
        return float(sum(w * x for w, x in zip(weights, self.values(point), strict=True)))

    def within_budget(self, point: Sequence[int]) -> bool:
        """Whether limits of capacities alone are kept."""
        for c in self.asked.budgets:
            assert isinstance(c.what, Linear)
            if not holds(c, np.array(self.weigh(c.what.weights, point))):
                return False
        return True

    def met(self, values: Array, requirement: int) -> Array:
        """In which replicates all comparisons of a requirement hold."""
        first = sum(len(r.comparisons) for r in self.asked.requirements[:requirement])
        sides = self.asked.requirements[requirement].comparisons
        return np.asarray(np.all([holds(c, values[first + i]) for i, c in enumerate(sides)], axis=0))

    def failures_allowed(self, requirement: Requirement) -> int:
        """In how many replicates a requirement may fail."""
        return self.replicates - math.ceil(requirement.probability * self.replicates - 1e-9)


def holds(c: Comparison, value: Array) -> Array:
    """Whether a comparison holds."""
    if c.operator == "<=":
        return np.asarray(value <= c.bound + 1e-9)
    if c.operator == "<":
        return np.asarray(value < c.bound)
    return np.asarray(value >= c.bound - 1e-9 if c.operator == ">=" else value > c.bound)


@dataclass
class Bench:
    """Tries candidates; remembers all, and what is in the diary of an earlier call."""

    question: Question
    diary: Diary
    threads: int
    progress: PlanProgress | None = None
    deadline: float = math.inf
    """When all is to be over, on the monotonic clock."""
    searching: bool = True
    """Whether time is still kept for what comes after the search."""
    fresh_wanted: int = 0
    tried: dict[Point, Candidate] = field(default_factory=dict)
    simulated: int = 0
    infer: bool = True
    """Whether a replicate in which a candidate fails is taken to fail with less of everything, without running it."""
    checked: int = 0
    """Replicates that were inferred and then run."""
    wrong: int = 0
    """Those of them that came out otherwise."""
    best_in_words: str = "none yet"
    _hard: Array = field(default_factory=lambda: np.zeros(0))
    _each: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._hard = np.zeros(self.question.replicates)

    def try_out(self, point: Point, how: str, full: bool = False, sure: bool = False) -> Candidate:
        """A candidate, run until it is clear whether it meets the requirements.

        With `sure`, by what was run of it alone; with `full`, in all replicates. Replicates in which others failed come
        first, so that what fails is soon known; the answer is that of all.
        """
        found = self.tried.get(point)
        if found is None:
            self.check_time()
            found = self.tried[point] = self.blank(point, how)
            self.conclude(found)
        if self.enough(found, full, sure):
            return found
        run, size = self.runner(point), self.first_batch()
        while not self.enough(found, full, sure):
            batch = self.next_batch(found, size, full or sure)
            self.learn(found, batch, run(batch))
            size = min(2 * size, 64)
        self._hard += (found.verdicts == FAILS).any(axis=0)
        self.tell()
        return found

    def enough(self, found: Candidate, full: bool, sure: bool) -> bool:
        """Whether as much of a candidate was run as is wanted."""
        if full or found.done.all():
            return bool(found.done.all())
        return self.decided(found, found.verdicts if sure else self.known(found)) is not None

    def blank(self, point: Point, how: str) -> Candidate:
        """A candidate of which nothing is known."""
        n, several = self.question.replicates, len(self.question.asked.requirements)
        unknown = np.full((several, n), UNKNOWN, dtype=np.int8)
        return Candidate(
            point, how, np.full((len(self.question.rows), n), np.nan), np.zeros(n, dtype=bool), unknown, unknown.copy()
        )

    def conclude(self, found: Candidate) -> None:
        """What follows for a candidate from those with more, and with less, of everything."""
        if not self.infer:
            return
        p = np.array(found.point)
        for other in self.tried.values():
            o = np.array(other.point)
            if (o >= p).all():
                found.inferred[other.verdicts == FAILS] = FAILS
            elif (o <= p).all():
                found.inferred[other.verdicts == MET] = MET

    def next_batch(self, found: Candidate, size: int, all_: bool) -> list[int]:
        """The replicates to run next: those in which others failed first, of those that may change the answer."""
        unknown = (self.known(found) == UNKNOWN).any(axis=0)
        open_ = ~found.done if all_ or not self.question.linear or not unknown.any() else unknown
        order = np.lexsort((np.arange(self.question.replicates), -self._hard))
        return [int(r) for r in order if open_[r]][:size]

    def learn(self, found: Candidate, batch: list[int], values: Array) -> None:
        """Take in what some replicates came to, and see whether it had been inferred rightly."""
        q = self.question
        found.values[:, batch] = values
        found.done[batch] = True
        for j in range(len(q.asked.requirements)):
            verdict = np.where(q.met(values, j), MET, FAILS)
            guess = found.inferred[j, batch]
            self.checked += int((guess != UNKNOWN).sum())
            self.wrong += int(((guess != UNKNOWN) & (guess != verdict)).sum())
            found.verdicts[j, batch] = verdict

    def known(self, found: Candidate) -> Array:
        """The verdicts of replicates that were run, else, as far as they are believed, those that were inferred."""
        if not self.infer:
            return found.verdicts
        return np.where(found.verdicts != UNKNOWN, found.verdicts, found.inferred)

    def check_time(self) -> None:
        """Stop if the time is over; a search leaves enough for what follows it."""
        if time.monotonic() > self.deadline - (self.reserve() if self.searching else 0.0):
            raise OutOfTime

    def reserve(self) -> float:
        """Seconds for the best in full, a step less of each capacity, and fresh replicates, by how long runs took."""
        q = self.question
        runs = q.replicates + self.fresh_wanted + 0.4 * q.replicates * len(q.varied)
        each = float(np.median(self._each)) if len(self._each) > 1 else 0.0  # one batch tells little
        return 1.25 * each * runs

    def first_batch(self) -> int:
        """Just enough replicates to turn a candidate down, for each thread the same number."""
        least = min((self.question.failures_allowed(r) for r in self.question.asked.requirements), default=0) + 1
        return max(self.threads, 8, -(-least // self.threads) * self.threads)

    def runner(self, point: Point, beyond: int = 0) -> Callable[[Sequence[int]], Array]:
        """What runs replicates of a candidate, or takes them from the diary; `beyond` is the number of fresh ones."""
        q = self.question
        parts: list[Parts] = []

        def run(batch: Sequence[int]) -> Array:
            todo = [r for r in batch if self.diary.get(point, r) is None]
            if todo:
                if not parts:
                    parts.append(self.prepare(point, beyond))
                begun = time.monotonic()
                result = parts[0].run(todo)
                self.diary.add(point, todo, np.array([measured(result, what) for what in q.rows]))
                self.simulated += len(todo)
                self._each.append((time.monotonic() - begun) / len(todo))
            return np.array([self.diary.get(point, r) for r in batch]).T

        return run

    def prepare(self, point: Point, beyond: int) -> Parts:
        """A candidate, ready to be run."""
        q = self.question
        return Parts(
            q.scenario,
            replicates=q.replicates + beyond,
            seed=q.seed,
            policy=q.policies,
            sets=q.sets(point),
            draws=q.draws,
            threads=self.threads,
            compiling=self.progress.compiling if self.progress else None,
        )

    def fresh(self, point: Point, number: int) -> Array:
        """What a candidate comes to in further replicates, that no candidate was chosen by."""
        first = self.question.replicates
        run = self.runner(point, beyond=number)
        return np.concatenate(
            [run(range(a, min(a + 64, first + number))) for a in range(first, first + number, 64)], axis=1
        )

    def reached(self, candidate: Candidate, requirement: int) -> tuple[float, float]:
        """The least and the most that the share of replicates can be in which a requirement is met."""
        verdicts, n = self.known(candidate)[requirement], self.question.replicates
        return float((verdicts == MET).sum()) / n, 1 - float((verdicts == FAILS).sum()) / n

    def feasible(self, candidate: Candidate) -> bool | None:
        """Whether it meets all requirements; None if that is not clear yet."""
        return self.decided(candidate, self.known(candidate))

    def decided(self, candidate: Candidate, verdicts: Array) -> bool | None:
        """What verdicts decide; where a need is minimised, its mean takes all replicates."""
        q = self.question
        clear = q.linear or bool(candidate.done.all())
        for j, requirement in enumerate(q.asked.requirements):
            if int((verdicts[j] == FAILS).sum()) > q.failures_allowed(requirement):
                return False
            clear &= int((verdicts[j] == MET).sum()) >= q.replicates - q.failures_allowed(requirement)
        return True if clear else None

    def shortfalls(self, candidate: Candidate) -> list[float]:
        """By how much each requirement's probability is missed at least; not above 0 where it is met."""
        pairs = enumerate(self.question.asked.requirements)
        return [r.probability - self.reached(candidate, j)[1] for j, r in pairs]

    def cost(self, point: Point) -> float:
        """What is minimised: a sum of capacities, or the mean of a need, which is infinite where it is not known."""
        objective = self.question.asked.objective
        if isinstance(objective, Linear):
            return self.question.weigh(objective.weights, point)
        candidate = self.tried.get(point)
        if candidate is None or not candidate.done.all():
            return math.inf
        return float(candidate.values[-1].mean())

    def tell(self) -> None:
        """Tell how far it is."""
        if self.progress is not None:
            self.progress.at(len(self.tried), self.best_in_words, self.deadline - time.monotonic())
