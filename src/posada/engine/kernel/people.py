"""Parties come into being, part, meet again, and end."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.count import CLASSES, adults, children, count_everywhere, go_to, happened
from posada.engine.kernel.luck import ODD, derive, gumbel, uniform
from posada.engine.kernel.maths import log
from posada.engine.kernel.options import compiled
from posada.engine.kernel.rooms import leave_list, release, units

MEN, WOMEN, ADULTS, FAMILIES, CHILDREN, UNSTATED = 1, 2, 3, 4, 5, 0


@compiled
def new_slot(S):
    """A free party record."""
    h = S.head[0]
    p = h.free
    if p >= 0:
        h.free = S.party[p].next
    else:
        p = h.parties_n
        h.parties_n += 1
    x = S.party[p]
    gen, give_gen, bed_gen = x.gen, x.give_gen, x.bed_gen
    S.party[p] = S.party[len(S.party) - 1]  # the last record is a blank
    x.gen, x.give_gen, x.bed_gen = gen + np.uint32(1), give_gen + np.uint32(1), bed_gen + np.uint32(1)
    x.serial = h.serial
    h.serial += 1
    for i in range(S.visits.shape[1]):
        S.visits[p, i] = 0
    return p


@compiled
def set_type(S, p):
    """The party's type and size, from its members."""
    total = 0
    for c in range(CLASSES):
        total += S.info[p, c]
    S.party[p].people = total
    a, k = adults(S, p), children(S, p)
    if S.info[p, 8] > 0 or total == 0:
        kind = UNSTATED
    elif k > 0:
        kind = FAMILIES if a > 0 else CHILDREN
    elif S.info[p, 2] + S.info[p, 3] == 0:
        kind = MEN
    elif S.info[p, 6] + S.info[p, 7] == 0:
        kind = WOMEN
    else:
        kind = ADULTS
    S.info[p, CLASSES + 1] = kind


@compiled
def make_party(P, S, g, t):
    """The next party of a group: its kind, members and attributes drawn by its own name."""
    row = P.groups[g]
    made = S.groups[g]
    p = new_slot(S)
    x = S.party[p]
    x.key = derive(S.head[0].seed, row.key, made.made)
    made.made += 1
    for i in range(S.info.shape[1]):
        S.info[p, i] = 0
    S.info[p, CLASSES] = g + 1
    kind = row.kind_first
    if row.kind_n > 1:
        best = -np.inf
        for i in range(row.kind_first, row.kind_first + row.kind_n):
            share = S.current[P.kinds[i].share]
            if share > 0.0:
                v = log(share) + gumbel(x.key, P.kinds[i].key, 0)
                if v > best:
                    best = v
                    kind = i
    k = P.kinds[kind]
    if k.size == 0:
        for c in range(CLASSES):
            S.info[p, c] = k.members[c]
    elif row.all_unstated:
        S.info[p, 8] = k.size
    else:
        for m in range(k.size):
            u = uniform(x.key, ODD, m)
            for c in range(CLASSES):
                u -= S.current[row.class_first + c]
                if u < 0.0 or c == CLASSES - 1:
                    S.info[p, c] += 1
                    break
    draw_attributes(P, S, p, row.level_first, row.level_n)
    for i in range(k.fixed_first, k.fixed_first + 2 * k.fixed_n, 2):
        S.info[p, CLASSES + P.lists[i]] = P.lists[i + 1]
    set_type(S, p)
    made.people += x.people
    x.step = row.step
    x.place = row.place
    x.stage_t = t
    x.joined = t
    S.head[0].set_out += x.people
    count_everywhere(P, S, p, 1, t)
    happened(P, S, p, row.code)
    heap.make_ready(S, p)
    return p


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
                v = log(share) + gumbel(S.party[p].key, P.levels[m].key, 0)
                if v > best:
                    best = v
                    S.info[p, CLASSES + attribute] = P.levels[m].level
        i = j


@compiled
def end_party(P, S, p, code, t):
    """An outcome: everything held is given back; the family has one part fewer."""
    x = S.party[p]
    release(P, S, p, -1, t)
    happened(P, S, p, code)
    count_everywhere(P, S, p, -1, t)
    S.head[0].ended += x.people
    if x.family >= 0:
        family = x.family
        x.family = -1
        leave_family(S, family)
    S.head[0].stage_changed = 1
    x.status = at.FREE
    x.gen += np.uint32(1)
    x.next = S.head[0].free
    S.head[0].free = p


@compiled
def leave_family(S, family):
    """One active part fewer; the last one that waits goes on."""
    f = S.families[family]
    f.parts -= 1
    if f.parts == 1 and f.waiting >= 0:
        w = f.waiting
        f.waiting = -1
        S.party[w].gen += np.uint32(1)
        S.party[w].choice = 1
        heap.make_ready(S, w)


@compiled
def split(P, S, p, t):
    """A `split` step: the members named go to another step as a party of their own."""
    x = S.party[p]
    s = P.steps[x.step]
    most = s.mode if s.mode > 0 else 1 << 30
    parted = 0
    for c in range(CLASSES):
        if (s.b >> c) & 1:
            parted += S.info[p, c]
    parted = min(parted, most)
    if parted == 0:
        go_to(P, S, p, s.then, t)
        return
    if parted == x.people:
        go_to(P, S, p, s.c, t)
        return
    count_everywhere(P, S, p, -1, t)
    q = new_slot(S)
    y = S.party[q]
    y.key = derive(x.key, s.key, visit_count(P, S, p))
    for i in range(S.info.shape[1]):
        S.info[q, i] = S.info[p, i]
    left = parted
    for i in range(CLASSES):
        c = P.lists[s.a + i]  # classes in the order in which they are taken
        m = min(np.int64(S.info[p, c]), left) if (s.b >> c) & 1 else 0
        left -= m
        S.info[p, c] -= m
        S.info[q, c] = m
    for i in range(S.visits.shape[1]):
        S.visits[q, i] = S.visits[p, i]
    set_type(S, p)
    set_type(S, q)
    y.step = s.c
    y.place = x.place
    y.stage_t = t
    y.joined = t
    y.stay_step = x.stay_step
    if x.bed >= 0 and P.facilities[x.bed].per_person:
        y.bed = x.bed
    if x.hold >= 0 and P.facilities[x.hold].per_person:
        y.hold = x.hold
    if x.hold2 >= 0 and P.facilities[x.hold2].per_person:
        y.hold2 = x.hold2
    if x.family < 0:
        x.family = S.head[0].families_n
        S.head[0].families_n += 1
        S.families[x.family].parts = 1
        S.families[x.family].waiting = -1
    y.family = x.family
    S.families[x.family].parts += 1
    x.apart = 1
    y.apart = 1
    count_everywhere(P, S, p, 1, t)
    count_everywhere(P, S, q, 1, t)
    happened(P, S, q, s.code)
    go_to(P, S, p, s.then, t)
    heap.make_ready(S, q)


@compiled
def visit_count(P, S, p):
    """How often a party was at its present step before (0 off cycles)."""
    s = P.steps[S.party[p].step]
    return np.int64(S.visits[p, s.visits]) - 1 if s.visits >= 0 else np.int64(0)


@compiled
def together(P, S, p, t):
    """A party is not apart any more."""
    x = S.party[p]
    if x.apart:
        count_everywhere(P, S, p, -1, t)
        x.apart = 0
        count_everywhere(P, S, p, 1, t)
    x.family = -1


@compiled
def merge(P, S, keep, gone, t):
    """Two parts of a family become one party, with the places of both."""
    x, y = S.party[keep], S.party[gone]
    leave_list(P, S, gone, t)
    count_everywhere(P, S, keep, -1, t)
    count_everywhere(P, S, gone, -1, t)
    for c in range(CLASSES):
        S.info[keep, c] += S.info[gone, c]
    if y.bed >= 0:
        if x.bed < 0:
            x.bed = y.bed
        elif x.bed != y.bed:
            S.room[y.bed].used -= units(P, S, gone, y.bed)
            S.room[x.bed].used += units(P, S, gone, x.bed)
    elif x.bed >= 0:
        S.room[x.bed].used += units(P, S, gone, x.bed)
    if y.hold >= 0:
        S.room[y.hold].used -= units(P, S, gone, y.hold)
    if x.hold >= 0 and P.facilities[x.hold].per_person:
        S.room[x.hold].used += units(P, S, gone, x.hold)
    if y.hold2 >= 0:
        if x.hold2 < 0:
            x.hold2 = y.hold2
        else:
            S.room[y.hold2].used -= units(P, S, gone, y.hold2)
    set_type(S, keep)
    count_everywhere(P, S, keep, 1, t)
    y.bed_gen += np.uint32(1)
    y.bed = -1
    y.status = at.FREE
    y.gen += np.uint32(1)
    y.next = S.head[0].free
    S.head[0].free = gone
