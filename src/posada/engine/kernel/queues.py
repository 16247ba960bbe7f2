"""Waiting lines: linked lists through the parties, one per facility and priority class."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.count import count
from posada.engine.kernel.express import evaluate
from posada.engine.kernel.options import compiled, inlined


@inlined
def priority_class(P, S, p, f, t):
    """The first class whose expression is true; the last class has none."""
    row = P.facilities[f]
    for k in range(row.classes - 1):
        e = P.lists[row.class_expr + k]
        if e < 0 or evaluate(P, S, e, p, t) != 0.0:
            return k
    return row.classes - 1


@compiled
def waits_since(S, p, t):
    """When a party's wait began: now, or before the start for those who were already there."""
    x = S.party[p]
    since = x.joined if x.choice == -2 else t
    x.choice = -1
    return since


@compiled
def join_queue(P, S, p, f, t):
    """Join the line of a facility; the wait counts from now (or from the past, for those placed at the start)."""
    x = S.party[p]
    x.facility = f
    x.klass = priority_class(P, S, p, f, t)
    x.status = at.QUEUED
    x.interval = S.head[0].interval
    x.joined = waits_since(S, p, t)
    q = S.queues[P.facilities[f].queue + x.klass]
    x.next = -1
    x.prev = q.tail
    if q.tail >= 0:
        S.party[q.tail].next = p
    else:
        q.head = p
    q.tail = p
    r = S.room[f]
    r.waiting_people += x.people
    r.waiting_parties += 1
    count(P, S, p, P.facilities[f].cell_wait, 1, t)


@compiled
def leave_queue(P, S, p, t):
    """Leave the line, from wherever one stands in it."""
    x = S.party[p]
    f = x.facility
    q = S.queues[P.facilities[f].queue + x.klass]
    if x.prev >= 0:
        S.party[x.prev].next = x.next
    else:
        q.head = x.next
    if x.next >= 0:
        S.party[x.next].prev = x.prev
    else:
        q.tail = x.prev
    r = S.room[f]
    r.waiting_people -= x.people
    r.waiting_parties -= 1
    count(P, S, p, P.facilities[f].cell_wait, -1, t)
    x.facility = -1
    x.status = at.READY
    x.give_gen += np.uint32(1)


@inlined
def joined_then(S, p):
    """When a party joined, infinity for nobody."""
    return S.party[p].joined if p >= 0 else np.inf
