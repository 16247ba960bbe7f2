"""Batches: desks that serve several together, from one beginning to one end, for one length of service."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.count import count, end_wait, happened
from posada.engine.kernel.luck import DUE, sample
from posada.engine.kernel.options import compiled, rare
from posada.engine.kernel.queues import drawn_by_lot, first_waiting, leave_queue, visit_of, waiting_units
from posada.engine.kernel.rooms import units


@compiled
def fewest(P, S, f):
    """How many must wait for a batch to begin or a vehicle to leave at its hour; at least one."""
    row = P.facilities[f]
    n = np.int64(S.current[row.least]) if row.least >= 0 else np.int64(1)
    return max(np.int64(1), n)


@compiled
def enough(P, S, f, waiting):
    """Whether a batch would begin with so many in line: enough of them, or as many as it can take."""
    return waiting >= min(fewest(P, S, f), max(np.int64(1), np.int64(S.current[P.facilities[f].batch])))


@compiled
def staff_free(P, S, f):
    """Whether somebody is there, within hours, who serves nobody."""
    return S.room[f].open != 0 and S.room[f].used < np.int64(S.current[P.facilities[f].capacity])


@rare
def serve_batches(P, S, f, t):
    """Free staff begin with a batch when enough wait, or when somebody has waited for it long enough."""
    room = S.room[f]
    while (
        staff_free(P, S, f)
        and room.waiting_parties > 0
        and (room.due > 0 or enough(P, S, f, waiting_units(P, S, f)))
        and S.current[P.facilities[f].batch] > 0.0
    ):
        begin_batch(P, S, f, t)


@compiled
def begin_batch(P, S, f, t):
    """The first in line who fit together are served; one that is larger than a batch is served alone.

    The service is as long as that of the first of them; the others are chained to it by `next`.
    """
    left = np.int64(S.current[P.facilities[f].batch])
    first = np.int64(-1)
    last = np.int64(-1)
    p = first_waiting(P, S, f)
    while p >= 0 and (first < 0 or units(P, S, p, f) <= left):
        left -= units(P, S, p, f)
        join_batch(P, S, p, f, t)
        if first < 0:
            first = np.int64(p)
        else:
            S.party[last].next = p
        last = np.int64(p)
        p = first_waiting(P, S, f)
    room = S.room[f]
    room.used += 1
    if room.busy_since != room.busy_since:
        room.busy_since = t
    x = S.party[first]
    s = P.steps[x.step]
    dist = s.dist if s.dist >= 0 else P.facilities[f].dist
    length = sample(P, S, dist, x.key, s.key, visit_of(P, S, first), t)
    heap.push(S, t + length, x.serial, at.EV_STEP, first, x.gen)


@compiled
def join_batch(P, S, p, f, t):
    """From the line into a batch."""
    x = S.party[p]
    end_wait(P, S, p, f, at.SERVED, t)
    drawn_by_lot(P, S, p, f)
    leave_queue(P, S, p, t)
    happened(P, S, p, P.facilities[f].code_served)
    heap.schedule(S, p)
    x.facility = f
    x.next = -1
    x.status = at.IN_SERVICE
    count(P, S, p, P.facilities[f].cell_in, 1, t)


@rare
def wait_for_batch(P, S, p, f, visit, t):
    """Mind when the party will have waited long enough for a batch to begin without more."""
    x = S.party[p]
    until = x.joined + sample(P, S, P.facilities[f].batch_due, x.key, P.steps[x.step].key + DUE, visit, t)
    x.gen += np.uint32(1)
    heap.push(S, max(t, until), x.serial, at.EV_DUE, p, x.gen)


@rare
def batch_is_due(P, S, p, t):
    """The party has waited long enough: a batch begins as soon as somebody is free."""
    f = S.party[p].facility
    S.service[p, at.SERVICE_DUE] = 1.0
    S.room[f].due += 1
    serve_batches(P, S, f, t)
