"""Rooms: beds, camps, custody, caseloads. A place is held alongside later steps until it is given back."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.count import count, end_wait, go_to, happened
from posada.engine.kernel.express import room_left
from posada.engine.kernel.luck import sample
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.queues import leave_queue

PARTY_TYPE = 0
"""Column of `info`."""


@inlined
def units(P, S, p, f):
    """What a party takes of a facility's capacity."""
    return np.int64(S.party[p].people) if P.facilities[f].per_person else np.int64(1)


@compiled
def admits(P, S, p, f):
    """Whether a room takes this type of party."""
    return (P.facilities[f].admits >> S.info[p, PARTY_TYPE]) & 1


@compiled
def can_enter(P, S, p, f):
    """Whether a room is open, admits the party and has places for it that nobody on its lists is kept waiting for."""
    return (
        S.room[f].open != 0
        and S.room[f].blocker < 0
        and admits(P, S, p, f) == 1
        and units(P, S, p, f) <= room_left(P, S, f)
    )


@compiled
def take_bed(P, S, p, f, t):
    """Move into a bed or camp; a bed held elsewhere and places on lists are given up."""
    x = S.party[p]
    y = S.held[p]
    leave_list(P, S, p, t)
    give_back_bed(P, S, p, t)
    y.bed = f
    S.room[f].used += units(P, S, p, f)
    count(P, S, p, P.facilities[f].cell_in, 1, t)
    happened(P, S, p, P.facilities[f].code_moved_in)
    until = np.inf
    if P.facilities[f].max_stay >= 0:
        s = P.steps[y.stay_step]
        visit = np.int64(S.visits[p, s.visits]) - 1 if s.visits >= 0 else np.int64(0)
        until = t + sample(P, S, P.facilities[f].max_stay, x.key, s.key ^ P.facilities[f].key, visit, t)
    keep_bed_until(S, p, until)


@compiled
def keep_bed_until(S, p, until):
    """The party's own event: its `max_stay` is over."""
    x = S.party[p]
    y = S.held[p]
    y.bed_until = until
    y.bed_gen += np.uint32(1)
    heap.push(S, until, x.serial, at.EV_MAX_STAY, p, y.bed_gen)


@compiled
def give_back_bed(P, S, p, t):
    """Leave the bed held, if any, and let the list move in."""
    y = S.held[p]
    f = y.bed
    if f < 0:
        return
    count(P, S, p, P.facilities[f].cell_in, -1, t)
    happened(P, S, p, P.facilities[f].code_moved_out)
    S.room[f].used -= units(P, S, p, f)
    y.bed = -1
    y.bed_gen += np.uint32(1)
    note_freed(S, f)


@inlined
def note_freed(S, f):
    """Places were given back: `settle` looks after those who wait, once the event itself is done."""
    S.room[f].freed = 1
    S.head[0].freed = 1
    if S.room[f].blocked_head >= 0:
        S.head[0].unblock = 1


@compiled
def join_list(P, S, p, shelter, t):
    """Stand on a shelter's list."""
    y = S.held[p]
    r = S.room[shelter]
    y.list = shelter
    y.listed = S.head[0].listings
    S.head[0].listings += 1
    y.list_next = -1
    y.list_prev = r.list_tail
    if r.list_tail >= 0:
        S.held[r.list_tail].list_next = p
    else:
        r.list_head = p
    r.list_tail = p
    count(P, S, p, P.facilities[shelter].cell_no_bed, 1, t)


@compiled
def leave_list(P, S, p, t):
    """Leave the list, if on one; rooms that kept places for this party look at the list again."""
    y = S.held[p]
    if y.list < 0:
        return
    s = P.steps[y.stay_step]
    for i in range(s.a + 1, s.a + 1 + s.b):
        if S.room[P.lists[i]].blocker == p:
            S.room[P.lists[i]].blocker = -1
            note_freed(S, P.lists[i])
    r = S.room[y.list]
    count(P, S, p, P.facilities[y.list].cell_no_bed, -1, t)
    if y.list_prev >= 0:
        S.held[y.list_prev].list_next = y.list_next
    else:
        r.list_head = y.list_next
    if y.list_next >= 0:
        S.held[y.list_next].list_prev = y.list_prev
    else:
        r.list_tail = y.list_prev
    y.list = -1


@rare
def stay(P, S, p, t):
    """A `stay` step: a bed of the first room that admits the party and has one, else the list of the first shelter.

    Who has a bed already keeps it unless a room that stands before it is free.
    """
    x = S.party[p]
    y = S.held[p]
    s = P.steps[x.step]
    for i in range(s.a + 1, s.a + 1 + s.b):
        f = P.lists[i]
        if f == y.bed:
            break
        if S.room[f].freed:
            fill_bed(P, S, f, t)
        if can_enter(P, S, p, f):
            leave_list(P, S, p, t)
            y.stay_step = x.step
            take_bed(P, S, p, f, t)
            return
    if y.bed >= 0:
        return
    shelter = P.lists[s.a]
    if y.list != shelter or y.stay_step != x.step:
        leave_list(P, S, p, t)
        y.stay_step = x.step
        join_list(P, S, p, shelter, t)
        block(P, S, p)


@compiled
def block(P, S, p):
    """Rooms that would take the party, but have too few places, keep those for it."""
    s = P.steps[S.held[p].stay_step]
    for i in range(s.a + 1, s.a + 1 + s.b):
        f = P.lists[i]
        if (
            S.room[f].open
            and S.room[f].blocker < 0
            and P.facilities[f].overtake == 0
            and room_left(P, S, f) > 0
            and admits(P, S, p, f) == 1
        ):
            S.room[f].blocker = p


@compiled
def look_again(P, S, p):
    """Every room that a party on a list could move into looks at its lists once more."""
    s = P.steps[S.held[p].stay_step]
    for i in range(s.a + 1, s.a + 1 + s.b):
        f = P.lists[i]
        if S.room[f].open and room_left(P, S, f) > 0:
            note_freed(S, f)


@compiled
def wants(P, S, p, f):
    """Whether the party's `stay` step names this room and the room admits it."""
    s = P.steps[S.held[p].stay_step]
    for i in range(s.a + 1, s.a + 1 + s.b):
        if P.lists[i] == f:
            return admits(P, S, p, f) == 1
    return False


@compiled
def fill_bed(P, S, f, t):
    """Give free places of a room to those on the lists that it serves, first come first."""
    row = P.facilities[f]
    room = S.room[f]
    room.freed = 0
    if room.open == 0:
        return
    room.blocker = -1
    for i in range(row.serves_first, row.serves_first + row.serves_n):
        S.room[P.lists[i]].cursor = S.room[P.lists[i]].list_head
    while room_left(P, S, f) > 0:
        q = next_on_lists(P, S, f)
        if q < 0:
            return
        if not wants(P, S, q, f):
            continue
        if units(P, S, q, f) <= room_left(P, S, f):
            take_bed(P, S, q, f, t)
        elif row.overtake == 0:
            room.blocker = q
            return


@compiled
def next_on_lists(P, S, f):
    """Of those on the lists that a room serves the next who came first; -1 when all have been looked at."""
    row = P.facilities[f]
    first = -1
    where = -1
    for i in range(row.serves_first, row.serves_first + row.serves_n):
        q = S.room[P.lists[i]].cursor
        if q >= 0 and (first < 0 or S.held[q].listed < S.held[first].listed):
            first = q
            where = P.lists[i]
    if first >= 0:
        S.room[where].cursor = S.held[first].list_next
    return first


@compiled
def end_stay(P, S, p, t):
    """`max_stay` is over: to a shelter that this one refers to, else without a bed and off the list."""
    y = S.held[p]
    row = P.facilities[y.bed]
    happened(P, S, p, row.code_put_out)
    give_back_bed(P, S, p, t)
    for i in range(row.refer_first, row.refer_first + row.refer_n):
        f = P.lists[i]
        if can_enter(P, S, p, f):
            take_bed(P, S, p, f, t)
            return


@compiled
def take_place(P, S, p, f, t):
    """Take a place in custody or a caseload. Custody ends beds, lists and other custody."""
    y = S.held[p]
    if P.facilities[f].is_holding:
        leave_list(P, S, p, t)
        give_back_bed(P, S, p, t)
        if y.hold >= 0:
            give_back(P, S, p, y.hold, t)
        y.hold = f
    else:
        if y.hold2 >= 0:
            give_back(P, S, p, y.hold2, t)
        y.hold2 = f
    S.room[f].used += units(P, S, p, f)
    count(P, S, p, P.facilities[f].cell_in, 1, t)
    happened(P, S, p, P.facilities[f].code_moved_in)


@compiled
def give_back(P, S, p, f, t):
    """Give back a place in custody or a caseload; those who wait for one go on."""
    y = S.held[p]
    count(P, S, p, P.facilities[f].cell_in, -1, t)
    happened(P, S, p, P.facilities[f].code_moved_out)
    S.room[f].used -= units(P, S, p, f)
    if y.hold == f:
        y.hold = -1
    if y.hold2 == f:
        y.hold2 = -1
    note_freed(S, f)


@compiled
def fill_places(P, S, f, t):
    """Free places in custody or a caseload go to those who wait in a `hold` step."""
    S.room[f].freed = 0
    p = S.queues[P.facilities[f].queue].head
    while p >= 0 and units(P, S, p, f) <= room_left(P, S, f):
        end_wait(P, S, p, f, at.SERVED, t)
        leave_queue(P, S, p, t)
        happened(P, S, p, P.facilities[f].code_served)
        take_place(P, S, p, f, t)
        go_to(P, S, p, P.steps[S.party[p].step].then, t)
        heap.make_ready(S, p)
        p = S.queues[P.facilities[f].queue].head


@rare
def settle(P, S, t):
    """Let those who wait move into whatever was given back at this instant."""
    h = S.head[0]
    while h.freed:
        h.freed = 0
        for f in range(P.head[0].n_facilities):
            if S.room[f].freed:
                if P.facilities[f].is_bed:
                    fill_bed(P, S, f, t)
                else:
                    fill_places(P, S, f, t)


@rare
def release(P, S, p, f, t):
    """Give back one facility (f) or all (f = -1), and leave lists."""
    y = S.held[p]
    if f < 0 or y.list == f:
        leave_list(P, S, p, t)
    if y.bed >= 0 and (f < 0 or y.bed == f or belongs(P, y.bed, f)):
        give_back_bed(P, S, p, t)
    if y.hold >= 0 and (f < 0 or y.hold == f):
        give_back(P, S, p, y.hold, t)
    if y.hold2 >= 0 and (f < 0 or y.hold2 == f):
        give_back(P, S, p, y.hold2, t)


@compiled
def belongs(P, room, shelter):
    """Whether a room is one of the classes of a shelter."""
    row = P.facilities[shelter]
    found = False
    for i in range(row.pools_first, row.pools_first + row.pools_n):
        found = found or P.lists[i] == room
    return found
