"""The three models that every tool simulates, their exact answers, and whether an answer that was measured agrees.

One unit of time is a day, but for the desk, where it is an hour.

desk     M/M/8: 7.2 customers an hour, eight desks, services of one hour on average. Starts empty.
         Answer: the mean wait, by Erlang's C formula.
pathway  Reception in six stations. Ten people a day of the class that is served first everywhere, forty of the other;
         within a class first come, first served, and nobody is interrupted.
         1 shelter    100 beds, exponential stays of 2.1 on average; who waits gives up after an exponential 2
         2 intake     opens at every whole day, lets at most 52 people start, each of whom takes 0.02
         3 screening  12 officers, exponential 0.22; then the court with chance 0.7, else the fast track
         4 fast track 4 officers, exponential 0.25; then out
         5 court      200 places, exponential 6.2; who waits gives up after an exponential 30; then an appeal with
                      chance 0.25, else out
         6 appeals    10 judges, exponential 1.1; then out
         Answer: the share of those who arrive that give up at the shelter, by Erlang's A formula.
crowd    So many people set out at time 0; each makes so many moves, one after another, exponential with mean 1. Nobody
         queues. Answer: the mean time until one has made them all, which is the number of moves.

An event is an arrival, the end of a service or move, an opening of the gate, or a giving-up that takes place. What a
tool does besides (stale events, records, nights, starting its processes, making the crowd) takes its time but is not
counted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MODELS = ("desk", "pathway", "crowd")
ARRIVALS, SERVERS, SERVICE = 7.2, 8, 1.0
STATIONS = ("shelter", "intake", "screening", "fast track", "court", "appeals")
FIRST, OTHERS = 10.0, 40.0
PLACES = (100, 52, 12, 4, 200, 10)
TIMES = (2.1, 0.02, 0.22, 0.25, 6.2, 1.1)
PATIENCE = (2.0, 0.0, 0.0, 0.0, 30.0, 0.0)
TO_COURT, TO_APPEAL = 0.7, 0.25
BATCHES, WARM_UP = 30, 3
LIMIT = 3.5
"""Standard errors that an answer may be off. Of independent right answers, one in two thousand is further off."""


def erlang_c_wait(arrivals: float, service: float, servers: int) -> float:
    """Mean wait in M/M/c (Erlang 1917), the chance of waiting by the recursion of the loss formula."""
    load, loss = arrivals * service, 1.0
    for n in range(1, servers + 1):
        loss = load * loss / (n + load * loss)
    waits = loss / (1.0 - load / servers * (1.0 - loss))
    return waits * service / (servers - load)


def erlang_a_loss(arrivals: float, service: float, patience: float, servers: int) -> float:
    """Share that gives up in M/M/c+M (Palm 1957), from the stationary distribution of a birth-death process."""
    weight, total, queued = 1.0, 1.0, 0.0
    n = 0
    while n <= servers or weight > 1e-18 * total:
        n += 1
        weight *= arrivals / (min(n, servers) / service + max(n - servers, 0) / patience)
        total += weight
        queued += weight * max(n - servers, 0)
    return queued / total / patience / arrivals


EXACT = {
    "desk": erlang_c_wait(ARRIVALS, SERVICE, SERVERS),
    "pathway": erlang_a_loss(FIRST + OTHERS, TIMES[0], PATIENCE[0], PLACES[0]),
}


@dataclass(frozen=True)
class Answer:
    """What was measured, its standard error, and what is exact."""

    value: float
    error: float
    exact: float

    @property
    def off(self) -> float:
        """How many standard errors the answer is off."""
        return (self.value - self.exact) / self.error

    @property
    def right(self) -> bool:
        """Whether the answer agrees with the exact one."""
        return abs(self.off) <= LIMIT


def by_batches(runs: Sequence[Sequence[Sequence[float]]], exact: float) -> Answer:
    """A ratio of sums with its error, from the batches (number, sum) of several runs, without those of the warm-up."""
    batches = [batch for run in runs for batch in run[WARM_UP:]]
    number = sum(n for n, _ in batches)
    ratio = sum(total for _, total in batches) / number
    spread = sum((total - ratio * n) ** 2 for n, total in batches) * len(batches) / (len(batches) - 1)
    return Answer(ratio, math.sqrt(spread) / number, exact)


def of_crowd(means: Sequence[float], people: int, moves: int) -> Answer:
    """The mean time on the way, whose variance is known: a sum of exponentials."""
    return Answer(sum(means) / len(means), math.sqrt(moves / people / len(means)), float(moves))
