"""The same pathway of six stations here and in SimPy, an independent simulator: waits and losses agree.

Vulnerable people (10 a day) come before others (40 a day) in every line: a shelter of 100 beds, a gate of 52 a day at
midnight, screening by 12 officers, then a fast track or a court of 200 hearings at once, and 10 judges of appeal. Those
who wait too long for a bed or a hearing leave. The unit of time is a day; both begin empty and run for so many days.
"""

# ruff: noqa: E501

from __future__ import annotations

import random
from collections import defaultdict, deque

import numpy as np
import polars as pl
import simpy

from engine_kit import simulate

DAYS = 120
REPLICATES = 100
STATIONS = ("shelter", "intake", "screening", "fast", "court", "appeal")
LOSING = ("shelter", "court")

SCENARIO = """
end: 2018-07-30
record: {daily_until: 2018-04-02}
groups:
  vulnerable: {parties_per_day: 10, place: here, pathway: p}
  other: {parties_per_day: 40, place: here, pathway: p}
facilities:
  shelter: {at: here, kind: desks, staff: 100, service: {exponential: {mean: 2.1 days}}, priority: [group == vulnerable]}
  intake: {at: here, kind: gate, slots_per_day: 52, opens: "00:00", priority: [group == vulnerable]}
  screening: {at: here, kind: desks, staff: 12, service: {exponential: {mean: 0.22 days}}, priority: [group == vulnerable]}
  fast: {at: here, kind: desks, staff: 4, service: {exponential: {mean: 0.25 days}}, priority: [group == vulnerable]}
  court: {at: here, kind: desks, staff: 200, service: {exponential: {mean: 6.2 days}}, priority: [group == vulnerable]}
  appeal: {at: here, kind: desks, staff: 10, service: {exponential: {mean: 1.1 days}}, priority: [group == vulnerable]}
pathways:
  p:
    - {id: bed, queue: {at: shelter, gives_up_after: {exponential: {mean: 2 days}}, gives_up_to: left}}
    - {id: gate, queue: {at: intake}}
    - {id: interview, wait: {for: 0.02 days}}
    - {id: screen, queue: {at: screening}}
    - {id: track, branch: {hearing: 0.7, quick: rest}}
    - {id: quick, queue: {at: fast}, then: end}
    - {id: hearing, queue: {at: court, gives_up_after: {exponential: {mean: 30 days}}, gives_up_to: left}}
    - {id: appeals, branch: {judges: 0.25, end: rest}}
    - {id: judges, queue: {at: appeal}}
    - {id: end, outcome: done}
    - {id: left, outcome: gone}
outcomes: {done: {}, gone: {}}
"""


class Chain:
    """The pathway as SimPy processes, one for each person."""

    def __init__(self, seed: int) -> None:
        self.luck = random.Random(seed)
        self.env = simpy.Environment()
        servers = {"shelter": 100, "screening": 12, "fast": 4, "court": 200, "appeal": 10}
        self.desks = {name: simpy.PriorityResource(self.env, n) for name, n in servers.items()}
        self.gate: tuple[deque, deque] = (deque(), deque())
        self.waits: dict[str, list[float]] = defaultdict(list)
        self.joined: dict[str, int] = defaultdict(int)
        self.lost: dict[str, int] = defaultdict(int)
        for rank, per_day in enumerate((10.0, 40.0)):
            self.env.process(self.source(rank, per_day))
        self.env.process(self.days())
        self.env.run(until=DAYS)

    def source(self, rank: int, per_day: float):
        """People arrive."""
        while True:
            yield self.env.timeout(self.luck.expovariate(per_day))
            self.env.process(self.person(rank))

    def days(self):
        """At every midnight the first 52 pass the gate."""
        while True:
            yield self.env.timeout(1.0)
            for _ in range(52):
                line = self.gate[0] or self.gate[1]
                if line:
                    line.popleft().succeed()

    def served(self, station: str, rank: int, mean: float, patience: float | None = None):
        """Wait for a desk and be served there; False if patience was over first."""
        came = self.env.now
        self.joined[station] += 1
        with self.desks[station].request(priority=rank) as turn:
            if patience is None:
                yield turn
            else:
                yield turn | self.env.timeout(self.luck.expovariate(1 / patience))
                if not turn.triggered:
                    self.lost[station] += 1
                    return False
            self.waits[station].append(self.env.now - came)
            yield self.env.timeout(self.luck.expovariate(1 / mean))
        return True

    def person(self, rank: int):
        """One person's way."""
        if not (yield from self.served("shelter", rank, 2.1, 2.0)):
            return
        came = self.env.now
        call = self.env.event()
        self.gate[rank].append(call)
        yield call
        self.waits["intake"].append(self.env.now - came)
        yield self.env.timeout(0.02)
        yield from self.served("screening", rank, 0.22)
        if self.luck.random() < 0.3:
            yield from self.served("fast", rank, 0.25)
        elif (yield from self.served("court", rank, 6.2, 30.0)) and self.luck.random() < 0.25:
            yield from self.served("appeal", rank, 1.1)


def measures_of(chain: Chain) -> list[float]:
    """Mean waits of those served by station, then shares of those who joined that were lost."""
    return [float(np.mean(chain.waits[name])) for name in STATIONS] + [chain.lost[name] / chain.joined[name] for name in LOSING]


def test_waits_and_losses_are_those_of_simpy(tmp_path):
    peer = np.array([measures_of(Chain(seed)) for seed in range(10)])
    r = simulate(tmp_path, SCENARIO, replicates=REPLICATES)
    rows = r.waits.filter((pl.col("attribute") == "all") & (pl.col("ended") == "served")).group_by("replicate", "where").agg(
        (pl.col("sum_days").sum() / pl.col("people").sum()).alias("wait"))
    flows = r.flows.filter(pl.col("attribute") == "all").group_by("replicate", "where", "event").agg(pl.col("people").sum())
    ours = []
    for k in range(REPLICATES):
        wait = dict(rows.filter(pl.col("replicate") == k).select(pl.col("where").cast(str), "wait").iter_rows())
        n = {(w, e): x for w, e, x in flows.filter(pl.col("replicate") == k).select(
            pl.col("where").cast(str), pl.col("event").cast(str), "people").iter_rows()}
        ours.append([wait[name] for name in STATIONS] + [n[name, "gave_up"] / n[name, "joined"] for name in LOSING])
    here = np.array(ours)
    error = np.sqrt(here.var(axis=0, ddof=1) / len(here) + peer.var(axis=0, ddof=1) / len(peer))
    off = (here.mean(axis=0) - peer.mean(axis=0)) / error
    assert (np.abs(off) < 3.5).all(), dict(zip((*STATIONS, *LOSING), off, strict=True))
    assert (error < 0.2 * peer.mean(axis=0)).all(), "enough is simulated to tell"
