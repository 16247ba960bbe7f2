"""The search for the best plan: bisection and pruning where more capacity never does harm, proposals by Optuna beside.

Every candidate has the same luck, so the sample-average problem is one of fixed numbers and can be solved exactly:
whoever is below a plan that fails fails too, whoever is above one that is good enough is dearer.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np

from posada.planning.evaluate import Array, Bench, Candidate, OutOfTime, Point
from posada.planning.proposals import Proposals
from posada.planning.requirements import Linear

MOST_ENUMERATED = 1_000_000
"""Candidates of a box that are looked at one by one, though few of them are run."""
PATIENCE = 40
"""Proposals in a row that bring nothing better."""
SMALL = 300
"""Candidates of a box that are all run, where a need is minimised or more capacity was seen to do harm."""


@dataclass
class Search:
    """The state of a search, and what it came to."""

    bench: Bench
    best: Point | None = None
    monotone: bool = True
    proven: bool = False
    stopped: bool = False
    """Ctrl-C ended it."""
    out_of_time: bool = False
    anew: bool = False
    """Whether it began anew, believing only what was run."""
    against: tuple[Point, Point] | None = None
    """Two candidates of which the larger fails where the smaller does not."""
    good: list[Point] = field(default_factory=list)
    bad: list[Point] = field(default_factory=list)

    @property
    def top(self) -> Point:
        """Everything at its highest."""
        return tuple(v.count - 1 for v in self.bench.question.varied)

    @property
    def bottom(self) -> Point:
        """Everything at its lowest."""
        return (0,) * len(self.top)

    @property
    def size(self) -> int:
        """How many candidates the box has."""
        return math.prod(i + 1 for i in self.top)

    def run(self) -> None:
        """Search until the best is proven, nothing better turns up, or the time is over."""
        try:
            self.once()
            while self.best is not None and not self.verified():
                self.forget()
                self.once()
            if (self.bench.wrong or not self.monotone) and not self.anew and self.size <= MOST_ENUMERATED:
                self.forget()
                self.once()
                self.verified()
        except OutOfTime:
            self.out_of_time = True
        except KeyboardInterrupt:
            self.stopped = True

    def once(self) -> None:
        """One search, by what is believed now."""
        if self.bench.question.linear:
            self.smallest()
        else:
            self.least_need()

    def verified(self) -> bool:
        """Run the best to its end, and all that have one step less: whether it is good enough and they are not."""
        while self.best is not None:
            best = self.best
            if not self.bench.feasible(self.bench.try_out(best, "verified", full=True)):
                return False
            if not self.bench.question.linear:
                return True
            for point in self.beside(best, -1):
                self.bench.try_out(point, "one step less", sure=True)
                if self.bench.feasible(self.bench.tried[point]):
                    self.take(point)
                    break
            if self.best == best:
                return True
        return False

    def take(self, point: Point) -> None:
        """A candidate turned out good enough, and better than the best."""
        self.proven = False
        self.best = point
        self.bad = [p for p in self.bad if p != point]
        self.good.append(point)
        self.bench.best_in_words = in_words(self.bench, point)

    def forget(self) -> None:
        """What was inferred of replicates was wrong: believe only what was run, and begin anew with that."""
        self.bench.infer, self.anew = False, True
        self.best, self.proven = None, False
        decided = {point: self.bench.feasible(c) for point, c in self.bench.tried.items()}
        self.good = [point for point, answer in decided.items() if answer]
        self.bad = [point for point, answer in decided.items() if answer is False]
        for point in self.good:
            if self.cheaper(point):
                self.best = point

    def known(self, point: Point) -> bool | None:
        """What follows for a candidate from those that were tried."""
        if point in self.bench.tried:
            return self.bench.feasible(self.bench.tried[point])
        if not self.monotone:
            return None
        p = np.array(point)
        if self.bad and bool((np.array(self.bad) >= p).all(axis=1).any()):
            return False
        if self.good and bool((np.array(self.good) <= p).all(axis=1).any()):
            return True
        return None

    def meets(self, point: Point, how: str) -> bool:
        """Whether a candidate meets the requirements: by what is known, else by trying it."""
        answer = self.known(point)
        return answer if answer is not None else self.tried(point, how)

    def tried(self, point: Point, how: str) -> bool:
        """Whether a candidate meets the requirements, by trying it."""
        candidate = self.bench.try_out(point, how)
        answer = bool(self.bench.feasible(candidate))
        self.watch(point, answer)
        (self.good if answer else self.bad).append(point)
        if answer and (self.best is None or self.bench.cost(point) < self.bench.cost(self.best)):
            self.best = point
            self.bench.best_in_words = in_words(self.bench, point)
        self.bench.tell()
        return answer

    def watch(self, point: Point, answer: bool) -> None:
        """See whether more capacity did harm."""
        p = np.array(point)
        for other in self.bad if answer else self.good:
            o = np.array(other)
            if (answer and (o >= p).all()) or (not answer and (o <= p).all()):
                self.monotone = self.bench.infer = False
                self.against = self.against or ((point, other) if answer else (other, point))
                return

    def smallest(self) -> None:
        """The cheapest sum of capacities."""
        if not self.tried(self.top, "highest"):
            self.corners()
            if self.best is None:
                return
        if self.meets(self.bottom, "lowest"):
            self.proven = self.monotone
            return
        if self.best == self.top:
            self.descend(self.diagonal())
        if len(self.top) > 1:
            self.exchange()
            self.propose()
            self.exchange()
        self.close()

    def corners(self) -> None:
        """Where all at its highest fails: whether less of something would do, as if more of it does harm elsewhere."""
        self.bench.infer = False  # what is asked here is whether inferring is right
        for i in range(len(self.top)):
            self.tried((*self.top[:i], 0, *self.top[i + 1 :]), "one at its lowest")
        self.bench.infer = self.monotone
        if self.best is not None:
            self.descend(self.best)
            self.propose()

    def diagonal(self) -> Point:
        """The smallest candidate that is good enough among those in which all capacities rise together."""
        steps = max(self.top)
        low, high = 0, steps

        def at(k: int) -> Point:
            return tuple(-(-i * k // steps) for i in self.top)

        while high - low > 1:
            middle = (low + high) // 2
            if self.meets(at(middle), "diagonal"):
                high = middle
            else:
                low = middle
        return at(high)

    def descend(self, start: Point) -> Point:
        """Lower one capacity after the other, the dearest first, as far as each goes; nothing can then be lowered."""
        weights = self.weights()
        point = list(start)
        while True:
            before = tuple(point)
            for i in sorted(range(len(point)), key=lambda i: (-weights[i] * point[i], i)):
                point[i] = self.lowest(tuple(point), i)
            if tuple(point) == before:
                break
        found = tuple(point)
        if found not in self.bench.tried and self.cheaper(found):
            self.tried(found, "bisection")
        return found

    def lowest(self, point: Point, i: int) -> int:
        """How far one capacity can be lowered, by bisection, from a candidate that is good enough."""
        low, high = -1, point[i]
        while high - low > 1:
            middle = (low + high) // 2
            if self.meets((*point[:i], middle, *point[i + 1 :]), "bisection"):
                high = middle
            else:
                low = middle
        return high

    def weights(self) -> list[float]:
        """What one step of each capacity costs."""
        objective = self.bench.question.asked.objective
        own = objective.weights if isinstance(objective, Linear) else [1.0] * len(self.top)
        return [w * v.step for w, v in zip(own, self.bench.question.varied, strict=True)]

    def cheaper(self, point: Point) -> bool:
        """Whether a candidate costs less than the best so far."""
        return self.best is None or self.bench.cost(point) < self.bench.cost(self.best)

    def propose(self) -> None:
        """Proposals of Optuna, each followed down as far as it goes if it is good."""
        proposals, linear = Proposals(self.bench), self.bench.question.linear
        idle = 0
        while idle < min(PATIENCE, self.size):
            point, best = proposals.next(), self.best
            idle += 1
            answer = self.known(point)
            if not self.bench.question.within_budget(point) or answer is False:
                proposals.turned_down(point)
            elif linear and not self.cheaper(point):
                proposals.too_dear(point)
            elif linear and (answer or self.tried(point, "proposal")):
                self.descend(point)
            elif not linear:
                self.tried(point, "proposal")
            if self.best != best:
                idle = 0

    def exchange(self) -> None:
        """Raise one capacity and lower another, as long as that saves something."""
        while self.best is not None:
            best = self.best
            for i, j in product(range(len(best)), repeat=2):
                if i != j and self.best == best:
                    self.swap(best, i, j)
            if self.best == best:
                return

    def swap(self, point: Point, up: int, down: int) -> None:
        """Raise one capacity by one step, or more, for each time that it pays to lower another."""
        weights = self.weights()
        rise = 1
        while point[up] + rise <= self.top[up]:
            fall = math.floor(rise * weights[up] / weights[down] + 1e-9) + 1 if weights[down] else 1
            if fall > point[down]:
                return
            moved = list(point)
            moved[up] += rise
            moved[down] -= fall
            if self.cheaper(tuple(moved)) and self.meets(tuple(moved), "exchange"):
                self.descend(tuple(moved))
                return
            rise *= 2

    def close(self) -> None:
        """Try all candidates that are cheaper than the best and not yet decided, those that decide most first."""
        if self.size > MOST_ENUMERATED or self.best is None:
            return
        axes = np.meshgrid(*(np.arange(i + 1) for i in self.top), indexing="ij")
        grid = np.stack(axes, axis=-1).reshape(-1, len(self.top))
        values = grid * np.array([v.step for v in self.bench.question.varied])
        objective = self.bench.question.asked.objective
        assert isinstance(objective, Linear)
        base = self.bench.cost(self.bottom)
        costs = base + values @ np.array(objective.weights)
        below = np.log1p(grid).sum(axis=1)
        for point in self.undecided(grid, costs, below):
            self.tried(point, "closing")
        self.proven = True

    def undecided(self, grid: Array, costs: Array, below: Array) -> Iterator[Point]:
        """Candidates that may still be better, one after the other, until there is none."""
        open_ = np.ones(len(grid), dtype=bool)
        seen, monotone = 0, self.monotone
        while True:
            assert self.best is not None
            if monotone and not self.monotone:  # nothing follows any more from others: only what was tried is known
                open_[:], monotone, seen = True, False, 0
            for bad in self.bad[seen:]:
                open_ &= ~((grid <= bad).all(axis=1) if monotone else (grid == bad).all(axis=1))
            seen = len(self.bad)
            left = open_ & (costs < self.bench.cost(self.best) - 1e-9)
            if not left.any():
                return
            which = np.flatnonzero(left)
            yield tuple(int(x) for x in grid[which[np.argmax(below[which] if monotone else -costs[which])]])

    def least_need(self) -> None:
        """The least need that capacities within their limits leave."""
        q = self.bench.question
        if self.size <= SMALL:
            for point in sorted(np.ndindex(*(i + 1 for i in self.top)), reverse=True):
                if q.within_budget(point):
                    self.meets(point, "all")
            for point in [p for p in self.all_good() if p not in self.bench.tried]:
                self.tried(point, "all")
            self.proven = True
            return
        if q.within_budget(self.top):
            self.tried(self.top, "highest")
        self.propose()
        self.climb()

    def all_good(self) -> list[Point]:
        """Candidates of a small box that are known to meet the requirements."""
        q = self.bench.question
        box = np.ndindex(*(i + 1 for i in self.top))
        return [tuple(p) for p in box if q.within_budget(p) and self.known(tuple(p))]

    def climb(self) -> None:
        """From the best, steps of one capacity, or of two against each other, as long as one of them helps."""
        while self.best is not None:
            best = self.best
            for point in self.neighbours(best):
                if (
                    point not in self.bench.tried
                    and self.bench.question.within_budget(point)
                    and self.known(point) is not False
                ):
                    self.tried(point, "neighbour")
            if self.best == best:
                return

    def neighbours(self, point: Point) -> list[Point]:
        """Candidates one step away, and those in which one capacity is a step higher and another a step lower."""
        n = len(point)
        moves: list[Any] = [np.eye(n, dtype=int)[i] * s for i in range(n) for s in (1, -1)]
        moves += [np.eye(n, dtype=int)[i] - np.eye(n, dtype=int)[j] for i, j in product(range(n), repeat=2) if i != j]
        found = [tuple(int(x) for x in np.array(point) + move) for move in moves]
        return [p for p in found if all(0 <= x <= most for x, most in zip(p, self.top, strict=True))]

    def beside(self, point: Point, by: int) -> list[Point]:
        """Candidates in which one capacity is a step lower, or higher."""
        found = []
        for i, x in enumerate(point):
            if 0 <= x + by <= self.top[i]:
                found.append((*point[:i], x + by, *point[i + 1 :]))
        return found


def in_words(bench: Bench, point: Point) -> str:
    """A candidate and what it costs, on one line."""
    return f"{bench.cost(point):,.6g} with {', '.join(str(x) for x in bench.question.values(point))}"


def partial_front(bench: Bench) -> Candidate | None:
    """A candidate that was not run to its end and may, for all that is known, be on the frontier; None if none may."""
    candidates = sorted(bench.tried.values(), key=lambda c: (bench.cost(c.point), -most(bench, c)))
    highest = -1.0
    for candidate in candidates:
        if most(bench, candidate) > highest:
            if not candidate.done.all():
                return candidate
            highest = most(bench, candidate)
    return None


def most(bench: Bench, candidate: Candidate) -> float:
    """The most that the least of its probabilities can be."""
    return min((bench.reached(candidate, j)[1] for j in range(len(bench.question.asked.requirements))), default=1.0)
