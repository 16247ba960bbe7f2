"""Waiting lines: linked lists through the parties, one per facility and priority class."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.count import count, level_of
from posada.engine.kernel.express import holds
from posada.engine.kernel.luck import ORDER, race
from posada.engine.kernel.options import compiled, inlined, rare


@inlined
def priority_class(P, S, p, f, t):
    """The first class whose expression is true; the last class has none."""
    row = P.facilities[f]
    for k in range(row.classes - 1):
        e = P.lists[row.class_expr + k]
        if e < 0 or holds(P, S, e, p, t):
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
    order = P.facilities[f].order
    if order == at.ORDER_FIRST:
        stand_before(S, q, p, -1)
    elif order == at.ORDER_RANDOM:
        S.service[p, at.SERVICE_LOT] = q.lot + race(x.key, P.steps[x.step].key + ORDER, visit_of(P, S, p))
        stand_before(S, q, p, place_by_lot(S, q, p))
    else:
        stand_before(S, q, p, after_its_group(P, S, q, p, f))
    waits_now(P, S, p, f, t)


@inlined
def visit_of(P, S, p):
    """How often this step was begun before."""
    s = P.steps[S.party[p].step]
    if s.visits < 0:
        return 0
    return np.int64(S.visits[p, s.visits]) - 1


@inlined
def first_waiting(P, S, f):
    """The next party in order of class and joining, or -1."""
    row = P.facilities[f]
    for k in range(row.classes):
        p = S.queues[row.queue + k].head
        if p >= 0:
            return p
    return -1


@inlined
def next_for_desk(P, S, f):
    """The next party for a desk: the first of the best class, or its last while the newest come first; -1 if none."""
    row = P.facilities[f]
    if row.newest < 0 or S.current[row.newest] < 0.5:
        return first_waiting(P, S, f)
    for k in range(row.classes):
        p = S.queues[row.queue + k].tail
        if p >= 0:
            return p
    return -1


@compiled
def waiting_units(P, S, f):
    """What those waiting would take of a facility's capacity."""
    return S.room[f].waiting_people if P.facilities[f].per_person else S.room[f].waiting_parties


@inlined
def stand_before(S, q, p, other):
    """Stand in a line before another party, or at its end (-1)."""
    x = S.party[p]
    x.next = other
    x.prev = S.party[other].prev if other >= 0 else q.tail
    if x.prev >= 0:
        S.party[x.prev].next = p
    else:
        q.head = p
    if other >= 0:
        S.party[other].prev = p
    else:
        q.tail = p


@rare
def place_by_lot(S, q, p):
    """The first in line whose lot is larger, or -1.

    A lot is that of the last one served plus a unit exponential. What is left of each is again a unit exponential
    at every service, so that each of those waiting is as likely as another to be next, by a draw of its own.
    """
    n = q.head
    while n >= 0 and S.service[n, at.SERVICE_LOT] <= S.service[p, at.SERVICE_LOT]:
        n = S.party[n].next
    return n


@inlined
def turn_row(P, S, p, f):
    """The row of `queues` that holds the open turn of a party's group."""
    row = P.facilities[f]
    return row.turns + np.int64(S.party[p].klass) * row.turn_levels + level_of(S, p, row.turn_by)


@rare
def after_its_group(P, S, q, p, f):
    """Whom a party stands before (or -1): behind its group if that has a turn to come, else at the end with a new one.

    A line is thus a row of turns in the order in which the first of each came, and the next is always its head.
    """
    turn = S.queues[turn_row(P, S, p, f)]
    other = np.int64(-1)
    if turn.tail < 0:
        q.lot += 1.0
        turn.lot = q.lot
    else:
        other = np.int64(S.party[turn.tail].next)
    S.service[p, at.SERVICE_LOT] = turn.lot
    turn.tail = p
    return other


@compiled
def back_in_line(P, S, p, f, t):
    """Whoever was interrupted waits again, before all who joined later."""
    x = S.party[p]
    x.status = at.QUEUED
    q = S.queues[P.facilities[f].queue + x.klass]
    n = q.head
    if P.facilities[f].order == at.ORDER_RANDOM:
        S.service[p, at.SERVICE_LOT] = q.lot
    elif P.facilities[f].order == at.ORDER_FIRST:
        while n >= 0 and (
            S.party[n].joined < x.joined or (S.party[n].joined == x.joined and S.party[n].serial < x.serial)
        ):
            n = S.party[n].next
    stand_before(S, q, p, n)
    waits_now(P, S, p, f, t)


@inlined
def waits_now(P, S, p, f, t):
    """Count one more who waits."""
    x = S.party[p]
    r = S.room[f]
    r.waiting_people += x.people
    r.waiting_parties += 1
    count(P, S, p, P.facilities[f].cell_wait, 1, t)


@inlined
def unlink(S, p, queue):
    """Take a party out of a linked list, from wherever it stands in it."""
    x = S.party[p]
    q = S.queues[queue]
    if x.prev >= 0:
        S.party[x.prev].next = x.next
    else:
        q.head = x.next
    if x.next >= 0:
        S.party[x.next].prev = x.prev
    else:
        q.tail = x.prev


@compiled
def leave_queue(P, S, p, t):
    """Leave the line, from wherever one stands in it."""
    x = S.party[p]
    f = x.facility
    if P.facilities[f].special:
        leave_turn(P, S, p, f)
    unlink(S, p, P.facilities[f].queue + x.klass)
    r = S.room[f]
    if r.blocked_head >= 0:
        S.head[0].unblock = 1
    r.waiting_people -= x.people
    r.waiting_parties -= 1
    count(P, S, p, P.facilities[f].cell_wait, -1, t)
    x.facility = -1
    x.status = at.READY
    x.give_gen += np.uint32(1)


@rare
def leave_turn(P, S, p, f):
    """What is kept of those in line apart from their places: the last of a group's turn, and who is due."""
    row = P.facilities[f]
    x = S.party[p]
    if row.order == at.ORDER_GROUP:
        turn = S.queues[turn_row(P, S, p, f)]
        if turn.tail == p:
            same = x.prev >= 0 and S.service[x.prev, at.SERVICE_LOT] == turn.lot
            turn.tail = x.prev if same else -1
    if row.batch_due >= 0:
        x.gen += np.uint32(1)
        if S.service[p, at.SERVICE_DUE] > 0.0:
            S.service[p, at.SERVICE_DUE] = 0.0
            S.room[f].due -= 1


@inlined
def drawn_by_lot(P, S, p, f):
    """Whoever is served: remember its lot, in a random order; close its group's turn to those who come later."""
    order = P.facilities[f].order
    if order == at.ORDER_RANDOM:
        q = S.queues[P.facilities[f].queue + S.party[p].klass]
        q.lot = max(q.lot, S.service[p, at.SERVICE_LOT])
    elif order == at.ORDER_GROUP:
        turn = S.queues[turn_row(P, S, p, f)]
        if turn.lot == S.service[p, at.SERVICE_LOT]:
            turn.tail = -1


@inlined
def joined_then(S, p):
    """When a party joined, infinity for nobody."""
    return S.party[p].joined if p >= 0 else np.inf
