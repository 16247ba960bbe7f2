"""The models as bare Numba loops, nothing general: what a compiled loop can do at best."""

from __future__ import annotations

import models
import numba
import numpy as np
from measured import Stopwatch, arguments, tell
from numba import njit
from numba_crowd import crowd_with_calendar, crowd_with_heap
from numba_parts import OPTIONS, drop_first, exponential, luck_of, schedule, uniform

ARRIVAL, OPENING, END, IMPATIENT = range(4)
SHELTER, INTAKE, SCREENING, FAST, COURT, APPEALS = range(6)
ROOM = 1 << 14


@njit(**OPTIONS)
def desk(people, arrivals, service, servers, batches, luck):
    """M/M/c until so many are served; fills (number, hours waited) by batch and returns the events."""
    times = np.empty(servers + 2)
    serials = np.empty(servers + 2, np.int64)
    what = np.empty(servers + 2, np.int64)
    line = np.empty(1 << 16)
    mask = len(line) - 1
    waited = np.empty(servers)
    idle = np.arange(servers)
    n_idle = servers
    first = waiting = served = done = batch = serial = 0
    next_batch = people // len(batches)
    n = schedule(times, serials, what, 0, exponential(luck, 1.0 / arrivals), serial, -1)
    while served < people:
        now = times[0]
        s = what[0]
        n = drop_first(times, serials, what, n)
        done += 1
        serial += 1
        if s < 0:
            n = schedule(times, serials, what, n, now + exponential(luck, 1.0 / arrivals), serial, -1)
            if n_idle > 0:
                n_idle -= 1
                s = idle[n_idle]
                waited[s] = 0.0
                serial += 1
                n = schedule(times, serials, what, n, now + exponential(luck, service), serial, s)
            else:
                line[(first + waiting) & mask] = now
                waiting += 1
            continue
        batches[batch, 0] += 1
        batches[batch, 1] += waited[s]
        served += 1
        if served == next_batch and batch < len(batches) - 1:
            batch += 1
            next_batch = people * (batch + 1) // len(batches)
        if waiting > 0:
            waited[s] = now - line[first & mask]
            first += 1
            waiting -= 1
            n = schedule(times, serials, what, n, now + exponential(luck, service), serial, s)
        else:
            idle[n_idle] = s
            n_idle += 1
    return done


@njit(inline="always")
def next_in_line(line, first, number, gone, unused, n_unused, s):
    """The next of a station who is still waiting, or -1; numbers of those who gave up become free."""
    for k in range(2):
        while number[s, k] > 0:
            p = line[s, k, first[s, k] & (ROOM - 1)]
            first[s, k] += 1
            number[s, k] -= 1
            if not gone[p]:
                return p
            gone[p] = 0
            unused[n_unused[0]] = p
            n_unused[0] += 1
    return -1


@njit(**OPTIONS)
def pathway(people, places, mean_times, patience, between, shares, batches, served, waited, gave_up, luck):
    """Reception until so many are out; fills (arrived, gave up at the shelter) by batch and returns the events."""
    arrived = np.empty(ROOM)
    joined = np.empty(ROOM)
    klass = np.empty(ROOM, np.int8)
    station = np.empty(ROOM, np.int8)
    gone = np.zeros(ROOM, np.int8)
    ticket = np.zeros(ROOM, np.int64)
    unused = np.arange(ROOM - 1, -1, -1)
    n_unused = np.array([ROOM])
    line = np.empty((6, 2, ROOM), np.int64)
    first = np.zeros((6, 2), np.int64)
    number = np.zeros((6, 2), np.int64)
    idle = places.copy()
    idle[INTAKE] = 0
    times = np.empty(4 * ROOM)
    serials = np.empty(4 * ROOM, np.int64)
    what = np.empty(4 * ROOM, np.int64)  # kind, person (or class), ticket
    begins = np.empty(places[INTAKE] + 1, np.int64)
    done = out = batch = 0
    inside = 0.0
    next_batch = people // len(batches)
    n = schedule(times, serials, what, 0, exponential(luck, between[0]), 0, ARRIVAL)
    n = schedule(times, serials, what, n, exponential(luck, between[1]), 1, ARRIVAL | 1 << 2)
    n = schedule(times, serials, what, n, 1.0, 2, OPENING)
    serial = 3
    while out < people:
        now = times[0]
        event = what[0]
        n = drop_first(times, serials, what, n)
        kind = event & 3
        p = (event >> 2) & 0x1FFFFFFF
        to = -1
        n_begins = 0
        left = False
        if kind == END:
            done += 1
            s = station[p]
            if s != INTAKE:
                q = next_in_line(line, first, number, gone, unused, n_unused, s)
                if q >= 0:
                    begins[0] = q
                    n_begins = 1
                else:
                    idle[s] += 1
            if s <= INTAKE:
                to = s + 1
            elif s == SCREENING:
                to = COURT if uniform(luck) <= shares[0] else FAST
            elif s == COURT and uniform(luck) <= shares[1]:
                to = APPEALS
            if to < 0:
                left = True
                unused[n_unused[0]] = p
                n_unused[0] += 1
        elif kind == IMPATIENT:
            if ticket[p] != event >> 31:
                continue
            done += 1
            ticket[p] += 1
            gone[p] = 1
            gave_up[station[p]] += 1
            if station[p] == SHELTER:
                batches[batch, 1] += 1
            left = True
        elif kind == ARRIVAL:
            done += 1
            n = schedule(times, serials, what, n, now + exponential(luck, between[p]), serial, event)
            serial += 1
            batches[batch, 0] += 1
            n_unused[0] -= 1
            new = unused[n_unused[0]]
            klass[new] = p
            arrived[new] = now
            p = new
            to = SHELTER
        else:
            done += 1
            n = schedule(times, serials, what, n, now + 1.0, serial, OPENING)
            serial += 1
            while n_begins < places[INTAKE]:
                q = next_in_line(line, first, number, gone, unused, n_unused, INTAKE)
                if q < 0:
                    break
                begins[n_begins] = q
                n_begins += 1
        if left:
            inside += now - arrived[p]
            out += 1
            if out == next_batch and batch < len(batches) - 1:
                batch += 1
                next_batch = people * (batch + 1) // len(batches)
        if to >= 0:
            station[p] = to
            joined[p] = now
            if idle[to] > 0:
                idle[to] -= 1
                begins[n_begins] = p
                n_begins += 1
            else:
                k = klass[p]
                line[to, k, (first[to, k] + number[to, k]) & (ROOM - 1)] = p
                number[to, k] += 1
                ticket[p] += 1
                if patience[to] > 0.0:
                    event = ticket[p] << 31 | p << 2 | IMPATIENT
                    n = schedule(times, serials, what, n, now + exponential(luck, patience[to]), serial, event)
                    serial += 1
        for i in range(n_begins):
            p = begins[i]
            s = station[p]
            served[s] += 1
            waited[s] += now - joined[p]
            ticket[p] += 1
            takes = mean_times[INTAKE] if s == INTAKE else exponential(luck, mean_times[s])
            n = schedule(times, serials, what, n, now + takes, serial, ticket[p] << 31 | p << 2 | END)
            serial += 1
    return done, inside / people


def simulate(model: str, people: int, moves: int, seed: int, calendar: bool) -> tuple[int, dict[str, object]]:
    """Run a model; returns the events and its answer."""
    luck, batches = luck_of(seed), np.zeros((models.BATCHES, 2))
    if model == "desk":
        events = desk(people, models.ARRIVALS, models.SERVICE, models.SERVERS, batches, luck)
        return events, {"batches": batches.tolist()}
    if model == "pathway":
        given = (models.PLACES, models.TIMES, models.PATIENCE, (1 / models.FIRST, 1 / models.OTHERS))
        tables = [np.array(values) for values in given]
        sums = np.zeros(6, np.int64), np.zeros(6), np.zeros(6, np.int64)
        shares = np.array([models.TO_COURT, models.TO_APPEAL])
        events, mean = pathway(people, *tables, shares, batches, *sums, luck)
        return events, {"batches": batches.tolist(), "mean": mean}
    events, mean = (crowd_with_calendar if calendar else crowd_with_heap)(people, moves, luck)
    return events, {"mean": mean}


def main(calendar: bool = False) -> None:
    """Compile with a small run, then measure."""
    model, people, moves, seed = arguments()
    simulate(model, 100, 2, seed, calendar)
    with Stopwatch() as watch:
        events, answer = simulate(model, people, moves, seed, calendar)
    tell(watch, numba.__version__, events, **answer)


if __name__ == "__main__":
    main()
