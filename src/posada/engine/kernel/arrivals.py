"""Where parties come from: all at once, a stream whose rate changes in time, at intervals, or from a table."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import clock, heap
from posada.engine.kernel.luck import race, sample, uniform
from posada.engine.kernel.maths import exp, log, sine
from posada.engine.kernel.options import compiled
from posada.engine.kernel.people import make_party

GAP, INTERVAL, SPREAD = np.uint64(1), np.uint64(2), np.uint64(3)
"""Added to a group's key for the draws of its arrivals."""
TURN = 6.283185307179586
START = 0
"""Generation of the event at which a group begins, or a row of its table."""


@compiled
def begin_group(P, S, g):
    """Schedule the first arrivals of a group."""
    row = P.groups[g]
    made = S.groups[g]
    if row.source == at.SOURCE_ONCE:
        if row.t < P.head[0].end:
            heap.push(S, row.t, g, at.EV_ARRIVE, g, START)
    elif row.source == at.SOURCE_STREAM:
        made.since = row.t
        made.credit = next_credit(P, S, g)
        if row.t <= 0.0:
            next_arrival(P, S, g, 0.0)
    elif row.source == at.SOURCE_RENEWAL:
        heap.push(S, max(0.0, row.t), g, at.EV_ARRIVE, g, START)
    elif row.row_n > 0:
        made.row = row.row_first
        heap.push(S, max(0.0, P.arrivals[made.row].t), g, at.EV_ARRIVE, g, START)


@compiled
def group_arrives(P, S, g, gen, t):
    """One party of a group sets out; of those that come at once each has an event of its own."""
    row = P.groups[g]
    made = S.groups[g]
    if row.source == at.SOURCE_ONCE:
        if made.people < np.int64(S.current[row.people]):
            make_party(P, S, g, row.place, row.step, t)
            heap.push(S, t, g, at.EV_ARRIVE, g, START)
    elif row.source == at.SOURCE_TABLE:
        from_table(P, S, g, gen, t)
    elif row.source == at.SOURCE_RENEWAL and gen == START:
        next_interval(P, S, g, row.t)
    elif gen == made.gen:
        make_party(P, S, g, row.place, row.step, t)
        made.left += 1
        if made.left < batch_of(P, S, g):
            heap.push(S, t, g, at.EV_ARRIVE, g, made.gen)
            return
        made.left = 0
        made.instants += 1
        if row.source == at.SOURCE_STREAM:
            made.credit = next_credit(P, S, g)
            next_arrival(P, S, g, t)
        else:
            next_interval(P, S, g, t)


@compiled
def batch_of(P, S, g):
    """How many parties come at once."""
    return max(np.int64(1), np.int64(S.current[P.groups[g].batch]))


# --- intervals ---------------------------------------------------------------------------------------------------


@compiled
def next_interval(P, S, g, t):
    """Schedule the next arrival one interval after this; intervals that end before the start are passed over."""
    row = P.groups[g]
    made = S.groups[g]
    made.gen = made.gen + np.uint32(1) if made.gen < heap.GENERATIONS else np.uint32(1)
    due = t
    while True:
        length = sample(P, S, row.every, S.head[0].seed, row.key + INTERVAL, made.instants, due)
        due += max(1e-6, length)
        if due >= S.head[0].now:
            break
        made.instants += 1
    if due < row.until:
        heap.push(S, due, g, at.EV_ARRIVE, g, made.gen)


# --- a table of dates --------------------------------------------------------------------------------------------


@compiled
def from_table(P, S, g, gen, t):
    """The people of each row in turn, all at once or spread as uniform draws in order; one party at a time."""
    row = P.groups[g]
    made = S.groups[g]
    r = P.arrivals[made.row]
    if gen == START:
        made.left += r.people
        made.instants = 0
    if made.left > 0 and (gen != START or r.until <= r.t):
        before = made.people
        make_party(P, S, g, row.place, row.step, t)
        made.left -= made.people - before
    if made.left > 0:
        due = t
        if r.until > r.t:
            n = max(1.0, made.left / S.current[row.mean_size])
            count = (np.int64(np.floor(r.t)) << 20) + made.instants
            u = uniform(S.head[0].seed, row.key + SPREAD, count)
            due = t + max(0.0, r.until - t) * (1.0 - exp(log(u) / n))
        made.instants += 1
        heap.push(S, due, g, at.EV_ARRIVE, g, 1)
        return
    made.row += 1
    if made.row < row.row_first + row.row_n:
        heap.push(S, max(t, P.arrivals[made.row].t), g, at.EV_ARRIVE, g, START)


# --- streams -----------------------------------------------------------------------------------------------------


@compiled
def next_credit(P, S, g):
    """A unit exponential: the integral of the rate until the group's next arrival."""
    return race(S.head[0].seed, P.groups[g].key + GAP, S.groups[g].instants)


@compiled
def base_rate(P, S, g):
    """Arrivals a second, before weekdays and seasons."""
    row = P.groups[g]
    return S.current[row.rate] / S.current[row.mean_size] / 86400.0 / batch_of(P, S, g)


@compiled
def next_arrival(P, S, g, t):
    """Schedule the next arrival of a stream: where the integral of its rate reaches the credit."""
    row = P.groups[g]
    made = S.groups[g]
    made.gen = made.gen + np.uint32(1) if made.gen < heap.GENERATIONS else np.uint32(1)
    made.since = t
    rate = base_rate(P, S, g)
    if rate > 0.0:
        due = t + made.credit / rate
        if row.week >= 0 or row.amplitude >= 0:
            due = time_of(P, S, g, t, made.credit / rate)
        if due < row.until:
            heap.push(S, due, g, at.EV_ARRIVE, g, made.gen)


@compiled
def reckon(P, S, g, t):
    """The credit that is left at t, before the rate changes."""
    made = S.groups[g]
    rate = base_rate(P, S, g)
    passed = t - made.since
    row = P.groups[g]
    if rate > 0.0 and (row.week >= 0 or row.amplitude >= 0):
        passed = weight_between(P, S, g, made.since, t)
    made.credit = max(0.0, made.credit - rate * passed)
    made.since = t


@compiled
def season(P, S, g, a, b):
    """The integral from a to b of the season's factor 1 + A cos(2 pi (t - peak) / period)."""
    row = P.groups[g]
    if row.amplitude < 0:
        return b - a
    period = S.current[row.period]
    wave = sine((b - row.peak) / period) - sine((a - row.peak) / period)
    return (b - a) + S.current[row.amplitude] * period / TURN * wave


@compiled
def weekday_factor(P, S, g, t):
    """The factor of the local weekday at t, and when that day ends."""
    row = P.groups[g]
    if row.week < 0:
        return 1.0, np.inf
    day = clock.local_date(P, row.zone, t)
    end = clock.instant(P, row.zone, (day + 1) * clock.DAY, t)
    if end <= t:
        end = t + 3600.0
    return S.current[row.week + (P.head[0].weekday + day) % 7], end


@compiled
def weight_between(P, S, g, a, b):
    """The integral of the factors from a to b."""
    total = 0.0
    while a < b:
        factor, end = weekday_factor(P, S, g, a)
        end = min(end, b)
        total += factor * season(P, S, g, a, end)
        a = end
    return total


@compiled
def time_of(P, S, g, t, need):
    """When the integral of the factors from t on reaches `need`; infinity after the end of the run."""
    row = P.groups[g]
    stop = min(row.until, P.head[0].end)
    if row.week < 0:
        period = S.current[row.period]
        whole = np.floor(need / period)
        t += whole * period
        return t + within(P, S, g, t, period, need - whole * period)
    while t < stop:
        factor, end = weekday_factor(P, S, g, t)
        part = factor * season(P, S, g, t, end)
        if part >= need and factor > 0.0:
            return t + within(P, S, g, t, end - t, need / factor)
        need -= part
        t = end
    return np.inf


@compiled
def within(P, S, g, a, width, need):
    """The x in [0, width] at which the season's integral from a reaches `need`: Newton within a bracket."""
    row = P.groups[g]
    if row.amplitude < 0:
        return min(need, width)
    period = S.current[row.period]
    low, high = 0.0, width
    x = min(need, width)
    for _ in range(200):
        f = season(P, S, g, a, a + x) - need
        if f > 0.0:
            high = x
        else:
            low = x
        slope = 1.0 + S.current[row.amplitude] * sine((a + x - row.peak) / period + 0.25)
        new = x - f / slope if slope > 0.0 else -1.0
        if not low <= new <= high:
            new = 0.5 * (low + high)
        if abs(new - x) < 1e-6:
            return new
        x = new
    return x
