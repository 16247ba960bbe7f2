"""Desks: who is served when, by how many, and who is interrupted."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.batches import serve_batches
from posada.engine.kernel.count import count, count_span, end_wait, go_to, happened
from posada.engine.kernel.luck import MEMBER, sample
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.queues import (
    back_in_line,
    drawn_by_lot,
    leave_queue,
    next_for_desk,
    stand_before,
    unlink,
    visit_of,
)


@compiled
def begin_service(P, S, p, f, visit, t):
    """A desk begins with a party: one service, or one per member; or it goes on with one that was interrupted."""
    x = S.party[p]
    room = S.room[f]
    special = P.facilities[f].special
    length = 0.0
    if special and was_interrupted(P, S, p, f):
        length = S.service[p, at.SERVICE_LEFT]
        S.service[p, at.SERVICE_LEFT] = np.nan
    else:
        end_wait(P, S, p, f, at.SERVED, t)
        s = P.steps[x.step]
        dist = s.dist if s.dist >= 0 else P.facilities[f].dist
        n = np.int64(x.people) if P.facilities[f].per_person else np.int64(1)
        for i in range(n):
            length += sample(P, S, dist, x.key, s.key + np.uint64(i) * MEMBER, visit, t)
        happened(P, S, p, P.facilities[f].code_served)
    x.facility = f
    room.used += 1
    if room.busy_since != room.busy_since:
        room.busy_since = t
    heap.schedule(S, p)
    x.status = at.IN_SERVICE
    count(P, S, p, P.facilities[f].cell_in, 1, t)
    if special:
        begin_special(P, S, p, f, length, t)
    heap.push(S, t + length, x.serial, at.EV_STEP, p, x.gen)


@rare
def begin_special(P, S, p, f, length, t):
    """What few services need: other desks are taken too, and who is in service is remembered."""
    x = S.party[p]
    if P.steps[x.step].with_n > 0:
        take_others(P, S, p, 1, t)
    if P.facilities[f].in_service >= 0:
        S.service[p, at.SERVICE_END] = t + length
        q = S.queues[P.facilities[f].in_service + x.klass]
        stand_before(S, q, p, q.head)


@inlined
def was_interrupted(P, S, p, f):
    """Whether a part of the party's service is left to do."""
    return P.facilities[f].in_service >= 0 and S.service[p, at.SERVICE_LEFT] >= 0.0


@rare
def others_free(P, S, p):
    """Whether every desk that the party needs besides its own has somebody free."""
    s = P.steps[S.party[p].step]
    free = True
    for i in range(s.with_first, s.with_first + s.with_n):
        g = P.lists[i]
        free = free and S.room[g].open != 0 and S.room[g].used < np.int64(S.current[P.facilities[g].capacity])
    return free


@rare
def take_others(P, S, p, sign, t):
    """Take one of each desk that the party needs besides its own, or give them back (-1)."""
    s = P.steps[S.party[p].step]
    for i in range(s.with_first, s.with_first + s.with_n):
        g = P.lists[i]
        room = S.room[g]
        room.used += sign
        if room.busy_since != room.busy_since:
            room.busy_since = t
        count(P, S, p, P.facilities[g].cell_in, sign, t)


@rare
def serve_others(P, S, p, t):
    """The desks that a party needed besides its own are free for others."""
    s = P.steps[S.party[p].step]
    for i in range(s.with_first, s.with_first + s.with_n):
        serve_desks(P, S, P.lists[i], t)
        serve_users(P, S, P.lists[i], t)
        end_busy(P, S, P.lists[i], t)


@rare
def serve_users(P, S, f, t):
    """Somebody is free here, for whom another desk may wait."""
    row = P.facilities[f]
    for i in range(row.users_first, row.users_first + row.users_n):
        serve_desks(P, S, P.lists[i], t)


@inlined
def leave_desk(P, S, p, t):
    """The party is not in service any more."""
    f = S.party[p].facility
    count(P, S, p, P.facilities[f].cell_in, -1, t)
    S.room[f].used -= 1
    if P.facilities[f].special:
        leave_special(P, S, p, f, t)


@rare
def leave_special(P, S, p, f, t):
    """What few services need at their end."""
    x = S.party[p]
    if S.room[f].blocked_head >= 0:
        S.head[0].unblock = 1
    if P.steps[x.step].with_n > 0:
        take_others(P, S, p, -1, t)
    if P.facilities[f].in_service < 0:
        return
    unlink(S, p, P.facilities[f].in_service + x.klass)


@rare
def interrupt(P, S, p, t):
    """A service stops; what is left of it is done later, without a new draw. The party waits before later ones."""
    x = S.party[p]
    f = x.facility
    leave_desk(P, S, p, t)
    S.service[p, at.SERVICE_LEFT] = S.service[p, at.SERVICE_END] - t
    x.gen += np.uint32(1)
    happened(P, S, p, P.facilities[f].code_interrupted)
    back_in_line(P, S, p, f, t)


@rare
def least_in_service(P, S, f, klass, t):
    """Of those in service in a class after `klass` the one of the last class, latest started; -1 if there is none.

    A service that ends at this very instant is not among them.
    """
    row = P.facilities[f]
    for k in range(row.classes - 1, klass, -1):
        p = S.queues[row.in_service + k].head
        while p >= 0 and S.service[p, at.SERVICE_END] <= t:
            p = S.party[p].next
        if p >= 0:
            return p
    return np.int64(-1)


@compiled
def close_desks(P, S, f, t):
    """Fewer staff, or none: services are interrupted, the last class and the latest started first."""
    staff = np.int64(S.current[P.facilities[f].capacity]) if S.room[f].open else np.int64(0)
    if S.room[f].used > staff:
        for _ in range(S.room[f].used - staff - ending_now(P, S, f, t)):
            interrupt(P, S, least_in_service(P, S, f, -1, t), t)
    end_busy(P, S, f, t)


@compiled
def ending_now(P, S, f, t):
    """How many services end at this very instant."""
    row = P.facilities[f]
    n = 0
    for k in range(row.classes):
        p = S.queues[row.in_service + k].head
        while p >= 0:
            n += S.service[p, at.SERVICE_END] <= t
            p = S.party[p].next
    return n


@inlined
def end_busy(P, S, f, t):
    """Count a busy period when nobody is in service any more."""
    room = S.room[f]
    if room.used == 0 and room.busy_since == room.busy_since:
        count_span(P, S, P.facilities[f].code_busy, t - room.busy_since)
        room.busy_since = np.nan


@compiled
def staff_by_shifts(P, S, f, t):
    """Staff are those of the shifts that are on duty."""
    row = P.facilities[f]
    staff = 0.0
    for i in range(row.shifts_n):
        if S.shifts[row.shift_row + i]:
            staff += S.current[P.lists[row.shifts_first + i]]
    S.current[row.capacity] = staff
    if row.interrupts:
        close_desks(P, S, f, t)
    staff_changed(P, S, f, t)


@compiled
def staff_changed(P, S, f, t):
    """More staff may be there: whoever can be begun with is."""
    serve_desks(P, S, f, t)
    serve_users(P, S, f, t)
    if S.room[f].blocked_head >= 0:
        S.head[0].unblock = 1


@compiled
def serve_desks(P, S, f, t):
    """Free staff take the next in line, within hours."""
    if P.facilities[f].batch >= 0:
        serve_batches(P, S, f, t)
        return
    room = S.room[f]
    staff = np.int64(S.current[P.facilities[f].capacity])
    while room.open and room.used < staff:
        p = next_for_desk(P, S, f)
        if p < 0:
            return
        if P.facilities[f].special:
            if P.steps[S.party[p].step].with_n > 0 and not others_free(P, S, p):
                return
            drawn_by_lot(P, S, p, f)
        leave_queue(P, S, p, t)
        begin_service(P, S, p, f, visit_of(P, S, p), t)


@compiled
def end_service(P, S, p, t):
    """The party leaves its desk; the next begins."""
    x = S.party[p]
    f = x.facility
    leave_desk(P, S, p, t)
    x.facility = -1
    x.status = at.READY
    serve_desks(P, S, f, t)
    if P.facilities[f].special:
        serve_users(P, S, f, t)
        serve_others(P, S, p, t)
    end_busy(P, S, f, t)


@compiled
def end_batch(P, S, p, t):
    """The service of a batch is over: all go on, in the order in which they were taken; the next may begin."""
    f = S.party[p].facility
    S.room[f].used -= 1
    if S.room[f].blocked_head >= 0:
        S.head[0].unblock = 1
    while p >= 0:
        x = S.party[p]
        after = x.next
        count(P, S, p, P.facilities[f].cell_in, -1, t)
        x.facility = -1
        go_to(P, S, p, P.steps[x.step].then, t)
        heap.make_ready(S, p)
        p = after
    serve_batches(P, S, f, t)
    end_busy(P, S, f, t)


@inlined
def desk_is_free(P, S, p, f):
    """Whether a desk would begin at once with a party that comes."""
    room = S.room[f]
    return (
        room.waiting_parties == 0
        and room.open
        and room.used < np.int64(S.current[P.facilities[f].capacity])
        and (P.facilities[f].special == 0 or (P.facilities[f].batch < 0 and others_free(P, S, p)))
    )


@inlined
def may_preempt(P, S, f):
    """Whether a better class interrupts a worse one here and now."""
    row = P.facilities[f]
    return row.preempt and S.room[f].open and S.room[f].used == np.int64(S.current[row.capacity])
