"""The `queue` step: joining a line, being refused, giving up, and keeping a desk while there is no room ahead."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.batches import enough, staff_free, wait_for_batch
from posada.engine.kernel.count import end_wait, go_to, happened
from posada.engine.kernel.desks import (
    begin_service,
    desk_is_free,
    end_service,
    interrupt,
    least_in_service,
    may_preempt,
    serve_desks,
    was_interrupted,
)
from posada.engine.kernel.express import evaluate, room_left
from posada.engine.kernel.gates import leave_when_full
from posada.engine.kernel.luck import PATIENCE, sample
from posada.engine.kernel.options import compiled, rare
from posada.engine.kernel.queues import (
    join_queue,
    leave_queue,
    priority_class,
    waiting_units,
)
from posada.engine.kernel.rooms import units


@compiled
def takes(P, S, p, step, t):
    """Whether the facility of a `queue` or `hold` step takes the party now: served, in place, or waiting."""
    s = P.steps[step]
    if s.kind == at.STEP_HOLD:
        if S.queues[P.facilities[s.a].queue].head < 0 and units(P, S, p, s.a) <= room_left(P, S, s.a):
            return True
        return P.facilities[s.a].waiting_room >= 0 and may_join(P, S, p, s.a, t)
    return may_join(P, S, p, s.a, t)


@rare
def keeps_desk(P, S, p, t):
    """At the end of a service: whether there is no room ahead yet. The party then stands behind those before it."""
    then = P.steps[S.party[p].step].then
    room = S.room[P.steps[then].a]
    if room.blocked_head < 0 and takes(P, S, p, then, t):
        return False
    S.party[p].next = -1
    if room.blocked_head < 0:
        room.blocked_head = p
    else:
        S.party[room.blocked_tail].next = p
    room.blocked_tail = p
    return True


@rare
def unblock(P, S, t):
    """The first of those who keep a desk goes on if there is room ahead; the next when it has been taken in."""
    h = S.head[0]
    h.unblock = 0
    for f in range(P.head[0].n_facilities):
        p = S.room[f].blocked_head
        if p < 0 or not takes(P, S, p, P.steps[S.party[p].step].then, t):
            continue
        S.room[f].blocked_head = S.party[p].next
        end_service(P, S, p, t)
        go_to(P, S, p, P.steps[S.party[p].step].then, t)
        S.party[p].next = h.ready
        if h.ready < 0:
            h.ready_last = p
        h.ready = p
        h.unblock = 1
        return


@rare
def is_told(P, S, p, t):
    """Whether the party gives up because of what has become true."""
    when = P.steps[S.party[p].step].when
    if when < 0 or was_interrupted(P, S, p, S.party[p].facility):
        return False
    value = evaluate(P, S, when, p, t)
    return value == value and value != 0.0


@rare
def message(P, S, t):
    """Something has changed: those in line for whom `gives_up_when` has become true leave it."""
    for f in range(P.head[0].n_facilities):
        row = P.facilities[f]
        if row.listens:
            for k in range(row.classes):
                p = S.queues[row.queue + k].head
                while p >= 0:
                    after = S.party[p].next
                    if is_told(P, S, p, t):
                        give_up(P, S, p, t)
                    p = after


@rare
def may_join(P, S, p, f, t):
    """Whether there is a desk free for the party, one that it may have instead of another, or a place to wait."""
    row = P.facilities[f]
    if row.waiting_room < 0 or S.party[p].choice == -2:
        return True
    if row.kind == at.FAC_DESKS:
        if desk_is_free(P, S, p, f):
            return True
        if may_preempt(P, S, f) and least_in_service(P, S, f, priority_class(P, S, p, f, t), t) >= 0:
            return True
    then = waiting_units(P, S, f) + units(P, S, p, f)
    if row.batch >= 0 and staff_free(P, S, f) and enough(P, S, f, then):
        return True
    return then <= np.int64(S.current[row.waiting_room])


@rare
def refuse(P, S, p, f, t):
    """There is no place to wait: to the step named for that."""
    x = S.party[p]
    x.joined = t
    x.interval = S.head[0].interval
    end_wait(P, S, p, f, at.REFUSED, t)
    happened(P, S, p, P.facilities[f].code_refused)
    go_to(P, S, p, P.steps[x.step].refused, t)


@rare
def shortest(P, S, p, first, n, t):
    """Of several facilities the one with the fewest ahead per server or slot; ties to the first, full ones last."""
    best = P.lists[first]
    least = np.inf
    for i in range(first, first + n):
        f = P.lists[i]
        capacity = S.current[P.facilities[f].capacity] if P.facilities[f].capacity >= 0 else np.inf
        room = S.room[f]
        per_person = P.facilities[f].per_person and P.facilities[f].kind != at.FAC_DESKS
        ahead = float((room.waiting_people if per_person else room.waiting_parties) + room.bg_waiting)
        if P.facilities[f].kind == at.FAC_DESKS:
            size = S.current[P.facilities[f].batch] if P.facilities[f].batch >= 0 else 1.0
            capacity *= size
            ahead += float(room.used) * size
        load = ahead / capacity if capacity > 0.0 else 1e300
        if not may_join(P, S, p, f, t):
            load = np.inf
        if load < least:
            least = load
            best = f
    return best


@compiled
def queue(P, S, p, visit, t):
    """A `queue` step: join, be served at once if one can be, and mind one's patience. True if refused: it goes on."""
    x = S.party[p]
    s = P.steps[x.step]
    f = shortest(P, S, p, s.a, s.b, t) if s.mode == 1 else s.a
    happened(P, S, p, P.facilities[f].code_joined)
    row = P.facilities[f]
    if row.kind == at.FAC_DESKS and x.choice != -2 and desk_is_free(P, S, p, f):
        x.joined = t
        x.interval = S.head[0].interval
        if row.special:
            x.klass = priority_class(P, S, p, f, t)
        begin_service(P, S, p, f, visit, t)
        return False
    if row.waiting_room >= 0 and not may_join(P, S, p, f, t):
        refuse(P, S, p, f, t)
        return True
    join_queue(P, S, p, f, t)
    if row.kind == at.FAC_DESKS:
        serve_desks(P, S, f, t)
        if x.status == at.QUEUED and may_preempt(P, S, f):
            other = least_in_service(P, S, f, x.klass, t)
            if other >= 0:
                interrupt(P, S, other, t)
                serve_desks(P, S, f, t)
    elif row.kind == at.FAC_DEPARTURES and row.when_full:
        leave_when_full(P, S, f, t)
    if x.status == at.QUEUED and s.when >= 0 and is_told(P, S, p, t):
        give_up(P, S, p, t)
    if x.status == at.QUEUED and row.batch_due >= 0:
        wait_for_batch(P, S, p, f, visit, t)
    if x.status != at.QUEUED or (s.dist2 < 0 and s.t != s.t):
        return False
    until = np.inf
    if s.dist2 >= 0:
        until = x.joined + sample(P, S, s.dist2, x.key, s.key + PATIENCE, visit, t)
    if s.t == s.t:
        until = min(until, s.t)
    x.give_gen += np.uint32(1)
    heap.push(S, max(t, until), x.serial, at.EV_GIVE_UP, p, x.give_gen)
    return False


@compiled
def give_up(P, S, p, t):
    """Patience is over: leave the line for the step named for it."""
    x = S.party[p]
    f = x.facility
    end_wait(P, S, p, f, at.GAVE_UP, t)
    happened(P, S, p, P.facilities[f].code_gave_up)
    leave_queue(P, S, p, t)
    go_to(P, S, p, P.steps[x.step].c, t)
    heap.make_ready(S, p)
