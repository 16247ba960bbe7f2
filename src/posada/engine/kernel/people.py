"""Parties come into being, part, meet again, and end."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.count import CLASSES, adults, children, count_everywhere, go_to, happened, member
from posada.engine.kernel.history import first_step, note_end, note_how, wanted
from posada.engine.kernel.look import draw_place
from posada.engine.kernel.luck import ODD, derive, race, uniform
from posada.engine.kernel.options import compiled, rare
from posada.engine.kernel.rooms import keep_bed_until, leave_list, look_again, note_freed, release, units

MEN, WOMEN, ADULTS, FAMILIES, CHILDREN, UNSTATED = 1, 2, 3, 4, 5, 0
AWAITED, ALONE = 1, 2
"""How a party is apart from its family: its other parts wait for it at `rejoin`, or do not any more."""


@compiled
def new_slot(P, S):
    """A free party record."""
    h = S.head[0]
    p = h.free
    if p >= 0:
        h.free = S.party[p].next
    else:
        p = h.parties_n
        h.parties_n += 1
    x = S.party[p]
    x.gen += np.uint32(1)
    x.give_gen += np.uint32(1)
    x.serial = h.serial
    h.serial += 1
    x.next = -1
    x.prev = -1
    x.place = -1
    x.facility = -1
    x.instant = 0
    x.spin = 0
    x.people = 0
    x.status = at.FREE
    x.apart = 0
    x.klass = 0
    x.choice = -1
    if P.head[0].held:
        hold_nothing(S, p)
    if P.head[0].roams:
        S.roam[p].step = -1
    for i in range(S.visits.shape[1]):
        S.visits[p, i] = 0
    for i in range(S.service.shape[1]):
        S.service[p, i] = np.nan
    return p


@rare
def hold_nothing(S, p):
    """A party that holds no place, is on no list and has no family."""
    y = S.held[p]
    y.list = -1
    y.list_next = -1
    y.list_prev = -1
    y.stay_step = 0
    y.bed = -1
    y.bed_gen += np.uint32(1)
    y.bed_until = 0.0
    y.listed = 0
    y.hold = -1
    y.hold2 = -1
    y.family = -1


@compiled
def set_type(P, S, p):
    """The party's type and size, from its members."""
    if P.head[0].members == 0:
        S.info[p, 0] = UNSTATED
        return
    total = 0
    for c in range(CLASSES):
        total += S.members[p, c]
    S.party[p].people = total
    a, k = adults(P, S, p), children(P, S, p)
    if S.members[p, CLASSES - 1] > 0 or total == 0:
        kind = UNSTATED
    elif k > 0:
        kind = FAMILIES if a > 0 else CHILDREN
    elif S.members[p, 2] + S.members[p, 3] == 0:
        kind = MEN
    elif S.members[p, 6] + S.members[p, 7] == 0:
        kind = WOMEN
    else:
        kind = ADULTS
    S.info[p, 0] = kind


@compiled
def make_party(P, S, g, place, step, t):
    """The next party of a group at a place and step: its kind, members and attributes drawn by its own name."""
    row = P.groups[g]
    made = S.groups[g]
    p = new_slot(P, S)
    x = S.party[p]
    x.key = derive(S.head[0].seed, row.key, made.made)
    made.made += 1
    for i in range(S.info.shape[1]):
        S.info[p, i] = 0
    x.group = g + 1
    kind = row.kind_first
    if row.kind_n > 1:
        best = -np.inf
        for i in range(row.kind_first, row.kind_first + row.kind_n):
            share = S.current[P.kinds[i].share]
            if share > 0.0:
                v = share / race(x.key, P.kinds[i].key, 0)
                if v > best:
                    best = v
                    kind = i
    k = P.kinds[kind]
    x.people = k.size
    if P.head[0].members:
        draw_members(P, S, p, g, kind)
    draw_attributes(P, S, p, row.level_first, row.level_n)
    for i in range(k.fixed_first, k.fixed_first + 2 * k.fixed_n, 2):
        S.info[p, P.lists[i] - 1] = P.lists[i + 1]
    set_type(P, S, p)
    made.people += x.people
    x.step = step
    x.place = place
    if row.weight_slot >= 0 or row.weight_expr >= 0:
        x.place = draw_place(P, S, p, g, t)
    x.joined = t
    if P.head[0].held:
        S.held[p].stage_t = t
    if wanted(S):
        first_step(S, p, made.made - 1, -1, t)
    S.head[0].set_out += x.people
    count_everywhere(P, S, p, 1, t)
    happened(P, S, p, row.code)
    heap.make_ready(S, p)
    return p


@rare
def draw_members(P, S, p, g, kind):
    """Members by sex and age: as the kind of party states them, or each drawn from the group's shares."""
    row = P.groups[g]
    k = P.kinds[kind]
    for c in range(CLASSES):
        S.members[p, c] = P.lists[k.members + c] if k.size == 0 else 0
    if row.all_unstated:
        S.members[p, CLASSES - 1] += k.size
        return
    for m in range(k.size):
        u = uniform(S.party[p].key, ODD, m)
        for c in range(CLASSES):
            u -= S.current[row.class_first + c]
            if u < 0.0 or c == CLASSES - 1:
                S.members[p, c] += 1
                break


@compiled
def draw_attributes(P, S, p, first, n):
    """A level of each attribute, the largest log(share) + Gumbel; rows of one attribute stand together."""
    i = first
    while i < first + n:
        attribute = P.levels[i].attribute
        stated = 0.0
        j = i
        while j < first + n and P.levels[j].attribute == attribute:
            if P.levels[j].slot >= 0:
                stated += S.current[P.levels[j].slot]
            j += 1
        best = -np.inf
        for m in range(i, j):
            slot = P.levels[m].slot
            share = S.current[slot] if slot >= 0 else 1.0 - stated
            if share > 0.0:
                v = share / race(S.party[p].key, P.levels[m].key, 0)
                if v > best:
                    best = v
                    S.info[p, attribute - 1] = P.levels[m].level
        i = j


@compiled
def end_party(P, S, p, code, t):
    """An outcome: everything held is given back; the family has one part fewer."""
    x = S.party[p]
    note_how(S, p, code)
    note_end(P, S, p, t)
    if P.head[0].held:
        release(P, S, p, -1, t)
    happened(P, S, p, code)
    count_everywhere(P, S, p, -1, t)
    S.head[0].ended += x.people
    if x.apart == AWAITED:
        leave_family(P, S, S.held[p].family, t)
    S.head[0].stage_changed = 1
    x.status = at.FREE
    x.gen += np.uint32(1)
    x.next = S.head[0].free
    S.head[0].free = p


@rare
def leave_family(P, S, family, t):
    """One part fewer is waited for; when only one is left and waits, it goes on."""
    f = S.families[family]
    f.parts -= 1
    w = f.waiting
    if f.parts == 1 and w >= 0:
        stop_waiting(S, w)
        reunite(P, S, w, t)
        go_to(P, S, w, P.steps[S.party[w].step].then, t)
        heap.make_ready(S, w)


@compiled
def waiting_part(S, family, step):
    """The part of a family that waits in a step, or -1."""
    w = S.families[family].waiting
    while w >= 0 and S.party[w].step != step:
        w = S.party[w].next
    return w


@compiled
def stop_waiting(S, p):
    """Take a part out of those of its family that wait; its `at_most` does not count any more."""
    x = S.party[p]
    x.gen += np.uint32(1)
    f = S.families[S.held[p].family]
    if f.waiting == p:
        f.waiting = x.next
        return
    q = f.waiting
    while S.party[q].next != p:
        q = S.party[q].next
    S.party[q].next = x.next


@rare
def split(P, S, p, t):
    """A `split` step: the members named go to another step as a party of their own."""
    x = S.party[p]
    s = P.steps[x.step]
    most = np.int64(S.current[s.mode]) if s.mode >= 0 else np.int64(1) << 30
    parted = 0
    for c in range(CLASSES):
        if (s.b >> c) & 1:
            parted += member(P, S, p, c)
    parted = min(parted, most)
    if parted == 0:
        go_to(P, S, p, s.then, t)
        return
    if parted == x.people:
        go_to(P, S, p, s.c, t)
        return
    count_everywhere(P, S, p, -1, t)
    join_family(S, p)
    q = new_slot(P, S)
    y = S.party[q]
    have, get = S.held[p], S.held[q]
    y.key = derive(x.key, s.key, visit_count(P, S, p))
    for i in range(S.info.shape[1]):
        S.info[q, i] = S.info[p, i]
    left = parted
    for i in range(CLASSES):
        c = P.lists[s.a + i]  # classes in the order in which they are taken
        m = min(member(P, S, p, c), left) if (s.b >> c) & 1 else 0
        left -= m
        if P.head[0].members:
            S.members[p, c] -= m
            S.members[q, c] = m
    x.people -= parted
    y.people = parted
    y.group = x.group
    for i in range(S.visits.shape[1]):
        S.visits[q, i] = S.visits[p, i]
    set_type(P, S, p)
    set_type(P, S, q)
    y.step = s.c
    y.place = x.place
    get.stage_t = have.stage_t if P.steps[s.c].stage == s.stage else t
    y.joined = t
    get.stay_step = have.stay_step
    if have.bed >= 0 and P.facilities[have.bed].per_person:
        get.bed = have.bed
        keep_bed_until(S, q, have.bed_until)
    if have.hold >= 0 and P.facilities[have.hold].per_person:
        get.hold = have.hold
    if have.hold2 >= 0 and P.facilities[have.hold2].per_person:
        get.hold2 = have.hold2
    get.family = have.family
    y.apart = AWAITED
    if wanted(S):
        first_step(S, q, S.trace[p].number, x.serial, t)
        note_how(S, p, at.HOW_PARTED)
    S.families[have.family].parts += 1
    count_everywhere(P, S, p, 1, t)
    count_everywhere(P, S, q, 1, t)
    happened(P, S, q, s.code)
    S.head[0].stage_changed = 1
    if have.list >= 0:
        look_again(P, S, p)
    go_to(P, S, p, s.then, t)
    heap.make_ready(S, q)


@compiled
def join_family(S, p):
    """Before a party is parted: a row for its family; one that is not waited for any more begins another."""
    x = S.party[p]
    if x.apart == AWAITED:
        return
    y = S.held[p]
    people = S.families[y.family].people if y.family >= 0 else np.int64(x.people)
    y.family = S.head[0].families_n
    S.head[0].families_n += 1
    f = S.families[y.family]
    f.parts = 1
    f.waiting = -1
    f.people = people
    x.apart = AWAITED


@compiled
def visit_count(P, S, p):
    """How often a party was at its present step before (0 off cycles)."""
    s = P.steps[S.party[p].step]
    return np.int64(S.visits[p, s.visits]) - 1 if s.visits >= 0 else np.int64(0)


@compiled
def reunite(P, S, p, t):
    """A party is not apart any more if all of its family are in it."""
    x = S.party[p]
    family = S.held[p].family
    if family >= 0 and x.people == S.families[family].people:
        count_everywhere(P, S, p, -1, t)
        x.apart = 0
        S.held[p].family = -1
        count_everywhere(P, S, p, 1, t)


@compiled
def merge(P, S, keep, gone, t):
    """Two parts of a family become one party, with the places of the one that is kept, or else of the other."""
    x, y = S.held[keep], S.held[gone]
    note_how(S, gone, at.HOW_REJOINED)
    note_end(P, S, gone, t)
    bed = x.bed if x.bed >= 0 else y.bed
    hold = x.hold if x.hold >= 0 else y.hold
    hold2 = x.hold2 if x.hold2 >= 0 else y.hold2
    leave_list(P, S, gone, t)
    if bed >= 0:
        leave_list(P, S, keep, t)
    moves(P, S, keep, x.bed, bed)
    moves(P, S, gone, y.bed, bed)
    moves(P, S, keep, x.hold, hold)
    moves(P, S, gone, y.hold, hold)
    moves(P, S, keep, x.hold2, hold2)
    moves(P, S, gone, y.hold2, hold2)
    count_everywhere(P, S, keep, -1, t)
    count_everywhere(P, S, gone, -1, t)
    until = x.bed_until if x.bed >= 0 else y.bed_until
    moved_in = x.bed < 0 and bed >= 0
    x.bed, x.hold, x.hold2 = bed, hold, hold2
    S.party[keep].people += S.party[gone].people
    for c in range(CLASSES):
        if P.head[0].members:
            S.members[keep, c] += S.members[gone, c]
    set_type(P, S, keep)
    take_units(P, S, keep, bed)
    take_units(P, S, keep, hold)
    take_units(P, S, keep, hold2)
    count_everywhere(P, S, keep, 1, t)
    if moved_in:
        keep_bed_until(S, keep, until)
    if x.list >= 0:
        look_again(P, S, keep)
    y.bed, y.hold, y.hold2, y.family = -1, -1, -1, -1
    y.bed_gen += np.uint32(1)
    z = S.party[gone]
    z.gen += np.uint32(1)
    z.status = at.FREE
    z.next = S.head[0].free
    S.head[0].free = gone


@compiled
def moves(P, S, p, old, new):
    """A party of a family that becomes one moves from its place to the family's; what it takes is reckoned anew."""
    if old >= 0:
        S.room[old].used -= units(P, S, p, old)
    if old == new:
        return
    if old >= 0:
        happened(P, S, p, P.facilities[old].code_moved_out)
        note_freed(S, old)
    happened(P, S, p, P.facilities[new].code_moved_in)


@compiled
def take_units(P, S, p, f):
    """What a party takes of a room."""
    if f >= 0:
        S.room[f].used += units(P, S, p, f)
