"""The interpreter: one function per kind of step; a party goes on until it has to wait."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import clock, heap
from posada.engine.kernel.count import count, count_everywhere, end_wait, go_to, happened, way_of
from posada.engine.kernel.express import evaluate, room_left
from posada.engine.kernel.history import note_bed, note_how, note_start
from posada.engine.kernel.luck import PACE, gumbel, race, sample
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.people import (
    ALONE,
    end_party,
    leave_family,
    merge,
    reunite,
    set_type,
    split,
    stop_waiting,
    waiting_part,
)
from posada.engine.kernel.queues import join_queue, waits_since
from posada.engine.kernel.roam import roam
from posada.engine.kernel.rooms import (
    fill_places,
    release,
    stay,
    take_place,
    units,
)
from posada.engine.kernel.serve import may_join, queue, refuse
from posada.engine.kernel.tables import in_lean_loop
from posada.engine.kernel.ways import come_to, fail, leave_place

MEMORY = 16
"""Visits or dates of a group's decision that are kept."""


@inlined
def enter(P, S, p, t):
    """Count the visit; returns how often the step was begun before."""
    x = S.party[p]
    s = P.steps[x.step]
    if s.visits < 0:
        return np.int64(0)
    visit = np.int64(S.visits[p, s.visits])
    S.visits[p, s.visits] += 1
    return visit


@inlined
def luck_of(P, S, p, visit, t):
    """Whose key and which count a decision draws with: the party's or its group's; a visit or a local date."""
    s = P.steps[S.party[p].step]
    key = S.party[p].key
    if s.by_group >= 0:
        key = P.groups[np.int64(S.party[p].group) - 1].key ^ S.head[0].seed
    if s.daily:
        place = S.party[p].place
        zone = P.places[place].zone if place >= 0 else 0
        visit = clock.local_date(P, zone, t)
    return key, visit


@compiled
def remembered(P, S, p, visit):
    """Where the group's decision at its n-th visit (or date) is kept: visit, value, option; and whether it was made."""
    row = P.steps[S.party[p].step].by_group
    g = np.int64(S.party[p].group) - 1
    m = 3 * (visit % MEMORY)
    return row, g, m, S.group_memory[row, g, m] == visit


@rare
def travel(P, S, p, visit, t):
    """Set out along a link or to a place; at a closed link wait until it opens."""
    x = S.party[p]
    s = P.steps[x.step]
    pace = sample(P, S, s.dist2, x.key, s.key + PACE, visit, t) if s.dist2 >= 0 else 1.0
    waits_since(S, p, t)
    if s.mode == 0:
        link = P.links[s.a]
        if x.place != link.from_:
            return fail(S, p, at.ERR_ELSEWHERE)
        if S.current[link.open] <= 0.0:
            x.status = at.AT_LINK
            if s.visits >= 0:
                S.visits[p, s.visits] -= 1  # it comes back to this step, and this is the same visit
            x.next = S.link_wait[s.a]
            S.link_wait[s.a] = p
            return at.DONE
        seconds = S.current[link.length] / S.current[link.speed] * 3600.0 * pace
        until = clock.moving_until(P, link.hours_first, link.hours_n, link.zone, t, seconds)
        cell = link.cell
    else:
        until = t + sample(P, S, s.dist, x.key, s.key, visit, t) * pace
        cell = s.cell
    leave_place(P, S, p, t)
    note_start(S, p, t)
    x.place = way_of(cell)
    count(P, S, p, cell, 1, t)
    heap.schedule(S, p)
    heap.push(S, until, x.serial, at.EV_STEP, p, x.gen)
    return at.DONE


@inlined
def arrive(P, S, p, t):
    """The journey is over."""
    x = S.party[p]
    s = P.steps[x.step]
    count(P, S, p, way_of(x.place), -1, t)
    if s.mode == 0:
        happened(P, S, p, P.links[s.a].code_travelled)
    come_to(P, S, p, P.links[s.a].to if s.mode == 0 else s.a, t)


@compiled
def wait(P, S, p, visit, t):
    """Let time pass: a duration, an instant, the next time on the clock, or the first of several."""
    x = S.party[p]
    s = P.steps[x.step]
    if s.mode == at.WAIT_FOR and s.by_group < 0 and not s.daily:
        return wait_until(S, p, waits_since(S, p, t) + sample(P, S, s.dist, x.key, s.key, visit, t), t)
    return wait_by_rule(P, S, p, visit, t)


@rare
def wait_by_rule(P, S, p, visit, t):
    """Any wait but one for a time that is drawn for the party itself at its visit."""
    x = S.party[p]
    s = P.steps[x.step]
    key, visit = luck_of(P, S, p, visit, t)
    if s.by_group >= 0:
        row, g, m, made = remembered(P, S, p, visit)
        if made:
            x.choice = np.int64(S.group_memory[row, g, m + 2])
            return wait_until(S, p, S.group_memory[row, g, m + 1], t)
    since = waits_since(S, p, t)
    zone = P.places[x.place].zone
    if s.mode == at.WAIT_FOR:
        until = since + sample(P, S, s.dist, key, s.key, visit, t)
    elif s.mode == at.WAIT_INSTANT:
        until = clock.instant(P, zone, s.t, t)
    elif s.mode == at.WAIT_CLOCK:
        until = clock.next_clock(P, zone, t, s.t)
    else:
        until = np.inf
        for i in range(s.a, s.a + s.b):
            o = P.options[i]
            if o.dist < 0:
                end = clock.instant(P, zone, o.t, t)
            else:
                end = since + sample(P, S, o.dist, key, s.key + o.key, visit, t)
            end = max(t, end)
            if end < until:
                until = end
                x.choice = i - s.a
    if s.by_group >= 0:
        row, g, m, made = remembered(P, S, p, visit)
        S.group_memory[row, g, m] = visit
        S.group_memory[row, g, m + 1] = until
        S.group_memory[row, g, m + 2] = x.choice
    return wait_until(S, p, until, t)


@inlined
def wait_until(S, p, until, t):
    """Schedule the end of a wait."""
    heap.schedule(S, p)
    heap.push(S, max(t, until), S.party[p].serial, at.EV_STEP, p, S.party[p].gen)
    return at.DONE


@compiled
def decide(P, S, p, visit, t):
    """Branch and choose: the option with the largest utility (or log share) + Gumbel draw."""
    x = S.party[p]
    s = P.steps[x.step]
    key, visit = luck_of(P, S, p, visit, t)
    best = -1
    if s.by_group >= 0:
        row, g, m, made = remembered(P, S, p, visit)
        if made:
            best = np.int64(S.group_memory[row, g, m + 1])
    if best < 0:
        choose = s.kind == at.STEP_CHOOSE
        top = -np.inf
        for i in range(s.a, s.a + s.b):
            o = P.options[i]
            if o.cond >= 0:
                allowed = evaluate(P, S, o.cond, p, t)
                if allowed != allowed:
                    return fail(S, p, at.ERR_NOT_FINITE)
                if allowed == 0.0:
                    continue
            if choose:
                u = evaluate(P, S, o.expr, p, t) if o.expr >= 0 else S.current[o.slot]
                if not abs(u) < 1e300:
                    return fail(S, p, at.ERR_NOT_FINITE)
                u += gumbel(key, s.key + o.key, visit)
            else:
                share = rest_of(P, S, s, p, t) if o.expr == -2 else share_of(P, S, i, p, t)
                if not share < 1e300:
                    return fail(S, p, at.ERR_NOT_FINITE)
                if share <= 0.0:
                    continue
                u = share / race(key, s.key + o.key, visit)
            if u > top:
                top = u
                best = i
        if best < 0:
            return fail(S, p, at.ERR_NO_OPTION if choose else at.ERR_SHARES)
        if s.by_group >= 0:
            row, g, m, made = remembered(P, S, p, visit)
            S.group_memory[row, g, m] = visit
            S.group_memory[row, g, m + 1] = best
    happened(P, S, p, P.options[best].code)
    note_how(S, p, P.options[best].code)
    go_to(P, S, p, P.options[best].then, t)
    return at.DONE


@compiled
def rest_of(P, S, s, p, t):
    """What the other options of a branch leave."""
    rest = 1.0
    for i in range(s.a, s.a + s.b):
        if P.options[i].expr != -2:
            rest -= share_of(P, S, i, p, t)
    return max(0.0, rest)


@inlined
def share_of(P, S, i, p, t):
    """The share of a branch's option, never below 0."""
    o = P.options[i]
    v = evaluate(P, S, o.expr, p, t) if o.expr >= 0 else S.current[o.slot]
    return v if v > 0.0 else (0.0 if -np.inf < v <= 0.0 else np.nan)


@rare
def hold(P, S, p, t):
    """Take a place in custody or a caseload, wait for one, or go elsewhere. True if the party goes on now."""
    x = S.party[p]
    s = P.steps[x.step]
    f = s.a
    if S.held[p].hold == f or S.held[p].hold2 == f:
        go_to(P, S, p, s.then, t)
        return True
    happened(P, S, p, P.facilities[f].code_joined)
    if S.queues[P.facilities[f].queue].head < 0 and units(P, S, p, f) <= room_left(P, S, f):
        x.joined = waits_since(S, p, t)
        x.interval = S.head[0].interval
        end_wait(P, S, p, f, at.SERVED, t)
        happened(P, S, p, P.facilities[f].code_served)
        take_place(P, S, p, f, t)
        go_to(P, S, p, s.then, t)
        return True
    if s.c >= 0:
        x.joined = waits_since(S, p, t)
        x.interval = S.head[0].interval
        end_wait(P, S, p, f, at.REFUSED, t)
        go_to(P, S, p, s.c, t)
        return True
    if not may_join(P, S, p, f, t):
        refuse(P, S, p, f, t)
        return True
    join_queue(P, S, p, f, t)
    fill_places(P, S, f, t)
    return False


@rare
def rejoin(P, S, p, visit, t):
    """Wait for the other parts of one's family; merge with one that waits here. True if the party goes on now."""
    x = S.party[p]
    s = P.steps[x.step]
    waits_since(S, p, t)
    family = S.held[p].family
    if family < 0 or x.apart == ALONE or S.families[family].parts == 1:
        return meet(P, S, p, t)
    if s.a >= 0 and x.place != s.a:
        leave_place(P, S, p, t)
        come_to(P, S, p, s.a, t)
    f = S.families[family]
    w = waiting_part(S, family, x.step)
    if w < 0:
        return rejoin_wait(P, S, p, visit, t)
    happened(P, S, p, s.code)
    f.parts -= 1
    if S.party[w].serial > x.serial:
        stop_waiting(S, w)
        merge(P, S, p, w, t)
        return meet(P, S, p, t) if f.parts == 1 else rejoin_wait(P, S, p, visit, t)
    merge(P, S, w, p, t)
    if f.parts == 1:
        stop_waiting(S, w)
        meet(P, S, w, t)
        heap.make_ready(S, w)
    return False


@compiled
def rejoin_wait(P, S, p, visit, t):
    """Stand with those of the family that wait, for `at_most`. Always False."""
    x = S.party[p]
    s = P.steps[x.step]
    f = S.families[S.held[p].family]
    x.next = f.waiting
    f.waiting = p
    heap.schedule(S, p)
    x.status = at.AT_REJOIN
    length = sample(P, S, s.dist, x.key, s.key, visit, t)
    heap.push(S, t + length, x.serial, at.EV_STEP, p, x.gen)
    return False


@compiled
def meet(P, S, p, t):
    """Nobody is waited for any more: go on. Always True."""
    reunite(P, S, p, t)
    go_to(P, S, p, P.steps[S.party[p].step].then, t)
    return True


@compiled
def give_up_family(P, S, p, t):
    """`at_most` is over: the part goes on alone and is not waited for any more, though it stays apart."""
    x = S.party[p]
    stop_waiting(S, p)
    x.apart = ALONE
    note_how(S, p, at.HOW_GAVE_UP)
    leave_family(P, S, S.held[p].family, t)
    go_to(P, S, p, P.steps[x.step].then, t)


@rare
def gather(P, S, p, visit, t):
    """Stand with the group until enough of it is here. True if the party goes on now."""
    x = S.party[p]
    s = P.steps[x.step]
    g = np.int64(S.party[p].group) - 1
    k = s.a * P.head[0].n_groups + g
    q = S.gatherings[k]
    if q.open:
        go_to(P, S, p, s.then, t)
        return True
    x.next = q.first
    q.first = p
    q.people += x.people
    waits_since(S, p, t)
    x.status = at.AT_GATHER
    if q.timed == 0:
        q.timed = 1
        length = sample(P, S, s.dist, P.groups[g].key ^ S.head[0].seed, s.key, 0, t)
        heap.push(S, t + length, k, at.EV_GATHER, k, 0)
    S.head[0].stage_changed = 1
    return False


@rare
def check_gathers(P, S, t):
    """Open the gatherings that have become large enough; none while its group is still setting out."""
    S.head[0].stage_changed = 0
    for k in range(P.head[0].n_gathers * P.head[0].n_groups):
        q = S.gatherings[k]
        if q.open or q.first < 0:
            continue
        s = P.steps[S.party[q.first].step]
        g = k % P.head[0].n_groups
        row = P.groups[g]
        if row.people >= 0 and row.t == t and S.groups[g].people < np.int64(S.current[row.people]):
            S.head[0].stage_changed = 1
        elif q.people >= S.current[s.b] * S.group_stage[g, s.stage] - 1e-9:
            open_gathering(P, S, k, t)


@compiled
def open_gathering(P, S, k, t):
    """All who gathered go on, in the order in which they came; the gathering stays open."""
    q = S.gatherings[k]
    q.open = 1
    last = -1
    p = q.first
    while p >= 0:  # the list is newest first
        after = S.party[p].next
        S.party[p].next = last
        last = p
        p = after
    q.first = -1
    p = last
    while p >= 0:
        after = S.party[p].next
        go_to(P, S, p, P.steps[S.party[p].step].then, t)
        heap.make_ready(S, p)
        p = after


@rare
def set_attribute(P, S, p, t):
    """A `set` step."""
    s = P.steps[S.party[p].step]
    count_everywhere(P, S, p, -1, t)
    for i in range(s.a, s.a + 2 * s.b, 2):
        S.info[p, P.lists[i] - 1] = P.lists[i + 1]
    set_type(P, S, p)
    count_everywhere(P, S, p, 1, t)
    go_to(P, S, p, s.then, t)


@compiled
def run_party(P, S, p, t):
    """Take a party through its steps until it waits, ends, or something is wrong."""
    x = S.party[p]
    x.status = at.READY
    now = np.uint32(S.head[0].instant)
    while True:
        if x.instant == now:
            x.spin += 1
            if x.spin > 1000:
                return fail(S, p, at.ERR_SPIN)
        else:
            x.instant = now
            x.spin = 0
        s = P.steps[x.step]
        kind = s.kind
        visit = enter(P, S, p, t)
        if kind == at.STEP_TRAVEL:
            return travel(P, S, p, visit, t)
        if kind == at.STEP_WAIT:
            return wait(P, S, p, visit, t)
        if kind == at.STEP_ROAM:
            reason = roam(P, S, p, t)
            if reason != at.GOES_ON:
                return reason
            continue
        if kind == at.STEP_QUEUE:
            if s.cell >= 0 and x.place != s.cell:
                return fail(S, p, at.ERR_ELSEWHERE)
            if queue(P, S, p, visit, t):
                continue
            return at.DONE
        if kind == at.STEP_BRANCH or kind == at.STEP_CHOOSE:
            error = decide(P, S, p, visit, t)
            if error != at.DONE:
                return error
        elif kind == at.STEP_OUTCOME:
            end_party(P, S, p, s.code, t)
            return at.DONE
        elif in_lean_loop():
            return fail(S, p, at.ERR_LOST)  # it knows no other steps
        elif kind == at.STEP_HOLD:
            if s.cell >= 0 and x.place != s.cell:
                return fail(S, p, at.ERR_ELSEWHERE)
            if not hold(P, S, p, t):
                return at.DONE
        elif kind == at.STEP_REJOIN:
            if not rejoin(P, S, p, visit, t):
                return at.DONE
        elif kind == at.STEP_GATHER:
            if not gather(P, S, p, visit, t):
                return at.DONE
        elif kind == at.STEP_SPLIT:
            split(P, S, p, t)
        elif kind == at.STEP_SET:
            set_attribute(P, S, p, t)
        elif kind == at.STEP_STAY:
            if s.cell >= 0 and x.place != s.cell:
                return fail(S, p, at.ERR_ELSEWHERE)
            stay(P, S, p, t)
            note_bed(P, S, p)
            go_to(P, S, p, s.then, t)
        elif kind == at.STEP_RELEASE:
            release(P, S, p, s.a, t)
            go_to(P, S, p, s.then, t)
        else:
            go_to(P, S, p, s.then, t)
