"""The models in SimPy, one process per person, as its documentation writes them."""

from __future__ import annotations

from collections.abc import Generator
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

import models
import simpy
from measured import Batches, Stopwatch, arguments, tell

Life = Generator[Any, Any, Any]


class Desk:
    """M/M/8; keeps the hours waited by batches of customers served."""

    def __init__(self, people: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.desk = simpy.Resource(self.env, models.SERVERS)
        self.draw = Random(seed).expovariate
        self.left, self.events = people, 0
        self.batches = Batches(models.BATCHES, people)
        self.over = self.env.event()
        self.env.process(self.source())

    def source(self) -> Life:
        """Customers come."""
        while True:
            yield self.env.timeout(self.draw(models.ARRIVALS))
            self.events += 1
            self.env.process(self.customer())

    def customer(self) -> Life:
        """Waits, is served, goes."""
        joined = self.env.now
        with self.desk.request() as turn:
            yield turn
            waited = self.env.now - joined
            yield self.env.timeout(self.draw(1 / models.SERVICE))
        self.events += 1
        self.batches.now[0] += 1
        self.batches.now[1] += waited
        self.batches.step()
        self.left -= 1
        if self.left == 0:
            self.over.succeed()


class Pathway:
    """Reception in six stations."""

    def __init__(self, people: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.desks = [simpy.PriorityResource(self.env, n) for n in models.PLACES]
        self.waited = [0.0] * len(models.STATIONS)
        self.random = Random(seed)
        self.draw = self.random.expovariate
        self.line: list[tuple[int, int, simpy.Event]] = []
        self.number = count()
        self.left, self.events, self.inside = people, 0, 0.0
        self.batches = Batches(models.BATCHES, people)
        self.over = self.env.event()
        self.env.process(self.source(models.FIRST, 0))
        self.env.process(self.source(models.OTHERS, 1))
        self.env.process(self.gate())

    def source(self, rate: float, order: int) -> Life:
        """People of one class come."""
        while True:
            yield self.env.timeout(self.draw(rate))
            self.events += 1
            self.batches.now[0] += 1
            self.env.process(self.person(order))

    def gate(self) -> Life:
        """Opens every day and lets the first of the line start."""
        while True:
            yield self.env.timeout(1.0)
            self.events += 1
            for _ in range(min(models.PLACES[1], len(self.line))):
                heappop(self.line)[2].succeed()

    def served(self, station: int, order: int) -> Life:
        """Waits for a station and is served there; False if the person gives up."""
        joined = self.env.now
        with self.desks[station].request(order) as turn:
            if models.PATIENCE[station]:
                either = yield turn | self.env.timeout(self.draw(1 / models.PATIENCE[station]))
                if turn not in either:
                    self.events += 1
                    return False
            else:
                yield turn
            self.waited[station] += self.env.now - joined
            yield self.env.timeout(self.draw(1 / models.TIMES[station]))
            self.events += 1
        return True

    def intake(self, order: int) -> Life:
        """Waits for the gate and is taken in."""
        joined, called = self.env.now, self.env.event()
        heappush(self.line, (order, next(self.number), called))
        yield called
        self.waited[1] += self.env.now - joined
        yield self.env.timeout(models.TIMES[1])
        self.events += 1

    def person(self, order: int) -> Life:
        """One person's way."""
        came = self.env.now
        if not (yield from self.served(0, order)):
            self.batches.now[1] += 1
            return self.leaves(came)
        yield from self.intake(order)
        yield from self.served(2, order)
        if self.random.random() >= models.TO_COURT:
            yield from self.served(3, order)
        elif (yield from self.served(4, order)) and self.random.random() < models.TO_APPEAL:
            yield from self.served(5, order)
        self.leaves(came)

    def leaves(self, came: float) -> None:
        """Somebody is out."""
        self.inside += self.env.now - came
        self.batches.step()
        self.left -= 1
        if self.left == 0:
            self.over.succeed()


class Crowd:
    """So many people, so many moves each."""

    def __init__(self, people: int, moves: int, seed: int) -> None:
        self.env = simpy.Environment()
        self.draw = Random(seed).expovariate
        self.events, self.inside = people * moves, 0.0
        for _ in range(people):
            self.env.process(self.person(moves))
        self.over = None

    def person(self, moves: int) -> Life:
        """Makes the moves."""
        for _ in range(moves):
            yield self.env.timeout(self.draw(1.0))
        self.inside += self.env.now


def main() -> None:
    """Measure one model."""
    model, people, moves, seed = arguments()
    with Stopwatch() as watch:
        one: Desk | Pathway | Crowd
        one = {"desk": lambda: Desk(people, seed), "pathway": lambda: Pathway(people, seed)}.get(
            model, lambda: Crowd(people, moves, seed)
        )()
        one.env.run(until=one.over)
    if isinstance(one, Crowd):
        tell(watch, simpy.__version__, one.events, mean=one.inside / people)
    else:
        tell(watch, simpy.__version__, one.events, batches=one.batches.rows)


if __name__ == "__main__":
    main()
