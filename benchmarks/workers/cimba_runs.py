"""The desk and the pathway in cimba: servers at a store (its faster way), and one process per person."""

from __future__ import annotations

from typing import Any

import cimba
import models
import numpy as np
from cimba import random
from measured import Stopwatch, arguments, tell

GIVES_UP = 1
N, WARM = models.BATCHES, models.WARM_UP
ARRIVALS, SERVICE, SERVERS = models.ARRIVALS, models.SERVICE, models.SERVERS
FIRST, OTHERS = models.FIRST, models.OTHERS
BEDS, SLOTS, OFFICERS, FAST, COURT, JUDGES = models.PLACES
STAY, TAKES, SCREENING, QUICK, HEARING, APPEAL = models.TIMES
SOON, LATE = models.PATIENCE[0], models.PATIENCE[4]
TO_COURT, TO_APPEAL = models.TO_COURT, models.TO_APPEAL


class Desk(cimba.Model):
    """M/M/8; the store holds the instants at which customers joined."""

    people: cimba.Param[int] = 1000
    served: cimba.Output[int] = 0
    events: cimba.Output[int] = 0
    line: cimba.Store[float] = cimba.Store()
    waits: cimba.Dataset = cimba.Dataset()

    @cimba.process
    def source(self):
        """Customers come."""
        while True:
            cimba.hold(random.exponential(1 / ARRIVALS))
            self.events += 1
            self.line.put(cimba.now())

    @cimba.process(copies=SERVERS)
    def server(self):
        """Serves whoever is first."""
        while True:
            joined = self.line.get()
            waited = cimba.now() - joined
            cimba.hold(random.exponential(SERVICE))
            self.waits.record(waited)
            self.events += 1
            self.served += 1
            if self.served >= self.people:
                cimba.end_trial()


class Reception(cimba.Model):
    """Reception in six stations; at the gate there is room for a moment each day."""

    people: cimba.Param[int] = 1000
    out: cimba.Output[int] = 0
    events: cimba.Output[int] = 0
    inside: cimba.Output[float] = 0.0
    waited: cimba.Output[float] = 0.0
    lost: cimba.Dataset = cimba.Dataset()
    shelter: cimba.Resource = cimba.Resource(capacity=BEDS)
    gate: cimba.Resource = cimba.Resource(capacity=0)
    officers: cimba.Resource = cimba.Resource(capacity=OFFICERS)
    fast: cimba.Resource = cimba.Resource(capacity=FAST)
    court: cimba.Resource = cimba.Resource(capacity=COURT)
    judges: cimba.Resource = cimba.Resource(capacity=JUDGES)

    @cimba.process
    def first(self):
        """People who are served first come."""
        while True:
            cimba.hold(random.exponential(1 / FIRST))
            self.events += 1
            cimba.spawn(Person, town=self, order=1)

    @cimba.process
    def others(self):
        """Other people come."""
        while True:
            cimba.hold(random.exponential(1 / OTHERS))
            self.events += 1
            cimba.spawn(Person, town=self, order=0)

    @cimba.process
    def opening(self):
        """The gate opens every day."""
        while True:
            cimba.hold(1.0)
            self.events += 1
            self.gate.set_capacity(SLOTS)
            cimba.hold(1e-9)
            self.gate.set_capacity(0)

    @cimba.function
    def leaves(self, came: float) -> None:
        """Somebody is out."""
        self.inside += cimba.now() - came
        self.out += 1
        if self.out >= self.people:
            cimba.end_trial()


class Person(cimba.Model):
    """One person's way."""

    town: cimba.Ref[Reception]
    order: int

    @cimba.process
    def live(self):
        """From the shelter out."""
        town = self.town
        me = cimba.this_process()
        came = cimba.now()
        me.timer_set(random.exponential(SOON), GIVES_UP)
        if town.shelter.acquire(1, self.order) != 0:
            town.lost.record(1.0)
            town.events += 1
            town.leaves(came)
            return
        me.timers_clear()
        town.lost.record(0.0)
        cimba.hold(random.exponential(STAY))
        town.events += 1
        town.shelter.release()

        joined = cimba.now()
        town.gate.acquire(1, self.order)
        town.waited += cimba.now() - joined
        cimba.hold(TAKES)
        town.events += 1
        town.gate.release()

        joined = cimba.now()
        town.officers.acquire(1, self.order)
        town.waited += cimba.now() - joined
        cimba.hold(random.exponential(SCREENING))
        town.events += 1
        town.officers.release()

        joined = cimba.now()
        if random.uniform() >= TO_COURT:
            town.fast.acquire(1, self.order)
            town.waited += cimba.now() - joined
            cimba.hold(random.exponential(QUICK))
            town.events += 1
            town.fast.release()
            town.leaves(came)
            return
        me.timer_set(random.exponential(LATE), GIVES_UP)
        if town.court.acquire(1, self.order) != 0:
            town.events += 1
            town.leaves(came)
            return
        me.timers_clear()
        town.waited += cimba.now() - joined
        cimba.hold(random.exponential(HEARING))
        town.events += 1
        town.court.release()
        if random.uniform() < TO_APPEAL:
            joined = cimba.now()
            town.judges.acquire(1, self.order)
            town.waited += cimba.now() - joined
            cimba.hold(random.exponential(APPEAL))
            town.events += 1
            town.judges.release()
        town.leaves(came)


MODELS = {"desk": Desk, "pathway": Reception}
RECORDED = {"desk": "waits", "pathway": "lost"}


def simulate(model: str, people: int, seed: int) -> tuple[int, Any]:
    """One replication; returns the events and what was recorded, in order."""
    one = MODELS[model]()
    one.people = people
    getattr(one, RECORDED[model]).capture()
    result = cimba.Experiment(one, replications=1, seed=seed).run(workers=1, on_failure="raise")[one]
    return int(np.asarray(result.events)[0, 0]), getattr(result, RECORDED[model]).trials[0][0][-1]


def main() -> None:
    """Compile with a small run, then measure."""
    model, people, _, seed = arguments()
    simulate(model, 100, seed)
    with Stopwatch() as watch:
        events, recorded = simulate(model, people, seed)
    batches = [[len(part), float(part.sum())] for part in np.array_split(np.asarray(recorded), N)]
    tell(watch, cimba.__version__, events, batches=batches)


if __name__ == "__main__":
    main()
