"""Rooms: beds, camps, custody, caseloads. A place is held alongside later steps until it is given back."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.count import CLASSES, count, end_wait, go_to, happened
from posada.engine.kernel.express import room_left
from posada.engine.kernel.luck import sample
from posada.engine.kernel.options import compiled
from posada.engine.kernel.queues import leave_queue

PARTY_TYPE = CLASSES + 1


@compiled
def units(P, S, p, f):
    """What a party takes of a facility's capacity."""
    return np.int64(S.party[p].people) if P.facilities[f].per_person else np.int64(1)


@compiled
def admits(P, S, p, f):
    """Whether a room takes this type of party."""
    return (P.facilities[f].admits >> S.info[p, PARTY_TYPE]) & 1


@compiled
def take_bed(P, S, p, f, t):
    """Move into a bed or camp; a bed held elsewhere and places on lists are given up."""
    x = S.party[p]
    leave_list(P, S, p, t)
    give_back_bed(P, S, p, t)
    x.bed = f
    x.bed_gen += np.uint32(1)
    S.room[f].used += units(P, S, p, f)
    count(P, S, p, P.facilities[f].cell_in, 1, t)
    happened(P, S, p, P.facilities[f].code_moved_in)
    if P.facilities[f].max_stay >= 0:
        key = P.steps[x.stay_step].key
        length = sample(P, S, P.facilities[f].max_stay, x.key, key, 0, t)
        heap.push(S, t + length, at.PHASE_END, x.serial, at.EV_MAX_STAY, p, x.bed_gen)


@compiled
def give_back_bed(P, S, p, t):
    """Leave the bed held, if any, and let the list move in."""
    x = S.party[p]
    f = x.bed
    if f < 0:
        return
    count(P, S, p, P.facilities[f].cell_in, -1, t)
    happened(P, S, p, P.facilities[f].code_moved_out)
    S.room[f].used -= units(P, S, p, f)
    x.bed = -1
    x.bed_gen += np.uint32(1)
    note_freed(S, f)


@compiled
def note_freed(S, f):
    """Places were given back: `settle` looks after those who wait, once the event itself is done."""
    S.room[f].freed = 1
    S.head[0].freed = 1


@compiled
def join_list(P, S, p, shelter, t):
    """Stand on a shelter's list."""
    x = S.party[p]
    r = S.room[shelter]
    x.list = shelter
    x.list_next = -1
    x.list_prev = r.list_tail
    if r.list_tail >= 0:
        S.party[r.list_tail].list_next = p
    else:
        r.list_head = p
    r.list_tail = p
    count(P, S, p, P.facilities[shelter].cell_no_bed, 1, t)


@compiled
def leave_list(P, S, p, t):
    """Leave the list, if on one."""
    x = S.party[p]
    if x.list < 0:
        return
    r = S.room[x.list]
    count(P, S, p, P.facilities[x.list].cell_no_bed, -1, t)
    if x.list_prev >= 0:
        S.party[x.list_prev].list_next = x.list_next
    else:
        r.list_head = x.list_next
    if x.list_next >= 0:
        S.party[x.list_next].list_prev = x.list_prev
    else:
        r.list_tail = x.list_prev
    x.list = -1


@compiled
def stay(P, S, p, t):
    """A `stay` step: a bed of the first room that admits the party and has one, else the list of the first shelter."""
    x = S.party[p]
    s = P.steps[x.step]
    leave_list(P, S, p, t)
    give_back_bed(P, S, p, t)
    x.stay_step = x.step
    shelter = P.lists[s.a]
    join_list(P, S, p, shelter, t)
    for i in range(s.a + 1, s.a + 1 + s.b):
        fill_bed(P, S, P.lists[i], t)
        if x.list < 0:
            return


@compiled
def wants(P, S, p, f):
    """Whether the party's `stay` step names this room and the room admits it."""
    s = P.steps[S.party[p].stay_step]
    for i in range(s.a + 1, s.a + 1 + s.b):
        if P.lists[i] == f:
            return admits(P, S, p, f) == 1
    return False


@compiled
def fill_bed(P, S, f, t):
    """Give free places of a room to those on the lists that it serves, first come first."""
    row = P.facilities[f]
    S.room[f].freed = 0
    if S.room[f].open == 0:
        return
    for i in range(row.serves_first, row.serves_first + row.serves_n):
        q = S.room[P.lists[i]].list_head
        while q >= 0:
            after = S.party[q].list_next
            if room_left(P, S, f) <= 0:
                return
            if wants(P, S, q, f):
                if units(P, S, q, f) <= room_left(P, S, f):
                    take_bed(P, S, q, f, t)
                elif row.overtake == 0:
                    break
            q = after


@compiled
def end_stay(P, S, p, t):
    """`max_stay` is over: to a shelter that this one refers to, else without a bed and off the list."""
    x = S.party[p]
    f = x.bed
    row = P.facilities[f]
    happened(P, S, p, row.code_put_out)
    give_back_bed(P, S, p, t)
    for i in range(row.refer_first, row.refer_first + row.refer_n):
        g = P.lists[i]
        if S.room[g].open and admits(P, S, p, g) and units(P, S, p, g) <= room_left(P, S, g):
            take_bed(P, S, p, g, t)
            return


@compiled
def take_place(P, S, p, f, t):
    """Take a place in custody or a caseload. Custody ends beds, lists and other custody."""
    x = S.party[p]
    if P.facilities[f].is_holding:
        leave_list(P, S, p, t)
        give_back_bed(P, S, p, t)
        if x.hold >= 0:
            give_back(P, S, p, x.hold, t)
        x.hold = f
    else:
        if x.hold2 >= 0:
            give_back(P, S, p, x.hold2, t)
        x.hold2 = f
    S.room[f].used += units(P, S, p, f)
    count(P, S, p, P.facilities[f].cell_in, 1, t)
    happened(P, S, p, P.facilities[f].code_moved_in)


@compiled
def give_back(P, S, p, f, t):
    """Give back a place in custody or a caseload; those who wait for one go on."""
    x = S.party[p]
    count(P, S, p, P.facilities[f].cell_in, -1, t)
    happened(P, S, p, P.facilities[f].code_moved_out)
    S.room[f].used -= units(P, S, p, f)
    if x.hold == f:
        x.hold = -1
    if x.hold2 == f:
        x.hold2 = -1
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


@compiled
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


@compiled
def release(P, S, p, f, t):
    """Give back one facility (f) or all (f = -1), and leave lists."""
    x = S.party[p]
    if f < 0 or x.list == f:
        leave_list(P, S, p, t)
    if x.bed >= 0 and (f < 0 or x.bed == f or belongs(P, x.bed, f)):
        give_back_bed(P, S, p, t)
    if x.hold >= 0 and (f < 0 or x.hold == f):
        give_back(P, S, p, x.hold, t)
    if x.hold2 >= 0 and (f < 0 or x.hold2 == f):
        give_back(P, S, p, x.hold2, t)


@compiled
def belongs(P, room, shelter):
    """Whether a room is one of the classes of a shelter."""
    row = P.facilities[shelter]
    for i in range(row.pools_first, row.pools_first + row.pools_n):
        if P.lists[i] == room:
            return True
    return False
