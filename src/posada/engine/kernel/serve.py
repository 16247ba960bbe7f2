"""Desks, gates and departures: who is served when."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.count import count, count_span, end_wait, go_to, happened
from posada.engine.kernel.express import evaluate, room_left
from posada.engine.kernel.luck import MEMBER, PATIENCE, sample
from posada.engine.kernel.options import compiled, inlined
from posada.engine.kernel.queues import (
    back_in_line,
    drawn_by_lot,
    join_queue,
    joined_then,
    leave_queue,
    priority_class,
    stand_before,
)
from posada.engine.kernel.rooms import take_place, units


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
    heap.push(S, t + length, at.PHASE_END, x.serial, at.EV_STEP, p, x.gen)


@compiled
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


@compiled
def others_free(P, S, p):
    """Whether every desk that the party needs besides its own has somebody free."""
    s = P.steps[S.party[p].step]
    free = True
    for i in range(s.with_first, s.with_first + s.with_n):
        g = P.lists[i]
        free = free and S.room[g].open != 0 and S.room[g].used < np.int64(S.current[P.facilities[g].capacity])
    return free


@compiled
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


@compiled
def serve_others(P, S, p, t):
    """The desks that a party needed besides its own are free for others."""
    s = P.steps[S.party[p].step]
    for i in range(s.with_first, s.with_first + s.with_n):
        serve_desks(P, S, P.lists[i], t)
        serve_users(P, S, P.lists[i], t)
        end_busy(P, S, P.lists[i], t)


@compiled
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


@compiled
def leave_special(P, S, p, f, t):
    """What few services need at their end."""
    x = S.party[p]
    if S.room[f].blocked_head >= 0:
        S.head[0].unblock = 1
    if P.steps[x.step].with_n > 0:
        take_others(P, S, p, -1, t)
    if P.facilities[f].in_service < 0:
        return
    q = S.queues[P.facilities[f].in_service + x.klass]
    if x.prev >= 0:
        S.party[x.prev].next = x.next
    else:
        q.head = x.next
    if x.next >= 0:
        S.party[x.next].prev = x.prev
    else:
        q.tail = x.prev


@compiled
def interrupt(P, S, p, t):
    """A service stops; what is left of it is done later, without a new draw. The party waits before later ones."""
    x = S.party[p]
    f = x.facility
    leave_desk(P, S, p, t)
    S.service[p, at.SERVICE_LEFT] = S.service[p, at.SERVICE_END] - t
    x.gen += np.uint32(1)
    happened(P, S, p, P.facilities[f].code_interrupted)
    back_in_line(P, S, p, f, t)


@compiled
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


@inlined
def first_waiting(P, S, f):
    """The next party in order of class and joining, or -1."""
    row = P.facilities[f]
    for k in range(row.classes):
        p = S.queues[row.queue + k].head
        if p >= 0:
            return p
    return -1


@compiled
def serve_desks(P, S, f, t):
    """Free staff take the next in line, within hours."""
    room = S.room[f]
    staff = np.int64(S.current[P.facilities[f].capacity])
    while room.open and room.used < staff:
        p = first_waiting(P, S, f)
        if p < 0:
            return
        if P.facilities[f].special:
            if P.steps[S.party[p].step].with_n > 0 and not others_free(P, S, p):
                return
            drawn_by_lot(P, S, p, f)
        leave_queue(P, S, p, t)
        begin_service(P, S, p, f, visit_of(P, S, p), t)


@inlined
def visit_of(P, S, p):
    """How often this step was begun before."""
    s = P.steps[S.party[p].step]
    if s.visits < 0:
        return 0
    return np.int64(S.visits[p, s.visits]) - 1


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


# --- a desk that stays taken until there is room ahead -----------------------------------------------------------


@compiled
def takes(P, S, p, step, t):
    """Whether the facility of a `queue` or `hold` step takes the party now: served, in place, or waiting."""
    s = P.steps[step]
    if s.kind == at.STEP_HOLD:
        if S.queues[P.facilities[s.a].queue].head < 0 and units(P, S, p, s.a) <= room_left(P, S, s.a):
            return True
        return P.facilities[s.a].waiting_room >= 0 and may_join(P, S, p, s.a, t)
    return may_join(P, S, p, s.a, t)


@compiled
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


@compiled
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


# --- messages ----------------------------------------------------------------------------------------------------


@compiled
def is_told(P, S, p, t):
    """Whether the party gives up because of what has become true."""
    when = P.steps[S.party[p].step].when
    if when < 0 or was_interrupted(P, S, p, S.party[p].facility):
        return False
    value = evaluate(P, S, when, p, t)
    return value == value and value != 0.0


@compiled
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


@compiled
def let_through(P, S, p, f, t):
    """A gate, docket or departure lets a party go on."""
    end_wait(P, S, p, f, at.SERVED, t)
    drawn_by_lot(P, S, p, f)
    leave_queue(P, S, p, t)
    happened(P, S, p, P.facilities[f].code_served)
    into = P.facilities[f].into
    if into >= 0:
        take_place(P, S, p, into, t)
    go_to(P, S, p, P.steps[S.party[p].step].then, t)
    heap.make_ready(S, p)


@compiled
def open_gate(P, S, f, new_day, t):
    """Offer the day's slots, in order of class, then of joining, to parties and to the background alike."""
    row = P.facilities[f]
    room = S.room[f]
    slots = np.int64(S.current[row.capacity])
    if new_day:
        kept = room.left if row.carry_over else np.int64(0)
        room.left = slots + kept
        room.passed = 0
        pay = min(room.debt, room.left)
        room.debt -= pay
        room.left -= pay
    if slots == 0:
        return
    for k in range(row.classes):
        p = S.queues[row.queue + k].head
        blocked = False
        while room.left > 0:
            block = np.inf
            if k == row.bg_class and room.bg_head < room.bg_tail:
                block = S.blocks[room.bg_head].joined
            if p < 0 and block == np.inf:
                break
            if block <= joined_then(S, p):
                b = S.blocks[room.bg_head]
                m = min(b.number, room.left)
                b.number -= m
                room.left -= m
                room.bg_waiting -= m
                room.bg_served += m
                if m > 0:
                    room.passed = 1
                if b.number == 0:
                    room.bg_head += 1
                continue
            after = S.party[p].next
            n = units(P, S, p, f)
            fits = row.into < 0 or n <= into_left(P, S, row.into)
            if fits and n <= room.left:
                room.left -= n
                room.passed = 1
                let_through(P, S, p, f, t)
            elif fits and n > slots and room.passed == 0 and room.debt == 0:
                room.debt = n - room.left
                room.left = 0
                room.passed = 1
                let_through(P, S, p, f, t)
            elif row.overtake == 0:
                blocked = True
                break
            p = after
        if blocked:
            return


@compiled
def into_left(P, S, f):
    """Room in a holding for a gate: those who wait in a `hold` come first."""
    if S.queues[P.facilities[f].queue].head >= 0:
        return np.int64(0)
    return room_left(P, S, f)


@compiled
def depart(P, S, f, t):
    """A vehicle leaves with whom it can seat, in order; the first that does not fit ends boarding."""
    row = P.facilities[f]
    seats = np.int64(S.current[row.capacity])
    for k in range(row.classes):
        p = S.queues[row.queue + k].head
        while p >= 0 and seats > 0:
            after = S.party[p].next
            n = units(P, S, p, f)
            if n <= seats:
                seats -= n
                let_through(P, S, p, f, t)
            elif row.overtake == 0:
                return
            p = after


@compiled
def waiting_units(P, S, f):
    """What those waiting would take of a facility's capacity."""
    return S.room[f].waiting_people if P.facilities[f].per_person else S.room[f].waiting_parties


@inlined
def desk_is_free(P, S, p, f):
    """Whether a desk would begin at once with a party that comes."""
    room = S.room[f]
    return (
        room.waiting_parties == 0
        and room.open
        and room.used < np.int64(S.current[P.facilities[f].capacity])
        and (P.facilities[f].special == 0 or others_free(P, S, p))
    )


@compiled
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
    return waiting_units(P, S, f) + units(P, S, p, f) <= np.int64(S.current[row.waiting_room])


@inlined
def may_preempt(P, S, f):
    """Whether a better class interrupts a worse one here and now."""
    row = P.facilities[f]
    return row.preempt and S.room[f].open and S.room[f].used == np.int64(S.current[row.capacity])


@compiled
def refuse(P, S, p, f, t):
    """There is no place to wait: to the step named for that."""
    x = S.party[p]
    x.joined = t
    x.interval = S.head[0].interval
    end_wait(P, S, p, f, at.REFUSED, t)
    happened(P, S, p, P.facilities[f].code_refused)
    go_to(P, S, p, P.steps[x.step].refused, t)


@compiled
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
            ahead += float(room.used)
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
        while x.status == at.QUEUED and waiting_units(P, S, f) >= np.int64(S.current[row.capacity]) > 0:
            before = S.room[f].waiting_parties
            depart(P, S, f, t)
            if S.room[f].waiting_parties == before:
                break
    if x.status == at.QUEUED and s.when >= 0 and is_told(P, S, p, t):
        give_up(P, S, p, t)
    if x.status != at.QUEUED or (s.dist2 < 0 and s.t != s.t):
        return False
    until = np.inf
    if s.dist2 >= 0:
        until = x.joined + sample(P, S, s.dist2, x.key, s.key + PATIENCE, visit, t)
    if s.t == s.t:
        until = min(until, s.t)
    x.give_gen += np.uint32(1)
    heap.push(S, max(t, until), at.PHASE_GIVE_UP, x.serial, at.EV_GIVE_UP, p, x.give_gen)
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


@compiled
def background_day(P, S, f, t):
    """Other people's cases that join on this local date."""
    room = S.room[f]
    room.bg_credit += S.current[P.facilities[f].bg_rate]
    n = np.int64(np.floor(room.bg_credit + 1e-9))  # ten days of 0.1 are one case
    room.bg_credit -= n
    if n > 0:
        b = S.blocks[room.bg_tail]
        b.joined = t
        b.number = n
        room.bg_tail += 1
        room.bg_waiting += n
        room.bg_joined += n
