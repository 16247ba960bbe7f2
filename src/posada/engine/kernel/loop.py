"""The one entry: `advance(program, state, until, budget) -> reason`."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.arrivals import begin_group, group_arrives, next_arrival, reckon
from posada.engine.kernel.batches import batch_is_due
from posada.engine.kernel.count import empty_tally, end_wait, go_to, happened, night, record
from posada.engine.kernel.desks import (
    close_desks,
    end_batch,
    end_service,
    staff_by_shifts,
    staff_changed,
    was_interrupted,
)
from posada.engine.kernel.gates import background_day, leave_at_hour, leave_when_full, open_gate
from posada.engine.kernel.heap import events_short, find_first
from posada.engine.kernel.history import history_short, note_how, wanted
from posada.engine.kernel.luck import mix
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.people import make_party
from posada.engine.kernel.rooms import end_stay, fill_bed, fill_places, settle
from posada.engine.kernel.serve import give_up, keeps_desk, message, unblock
from posada.engine.kernel.steps import arrive, check_gathers, give_up_family, open_gathering, run_party
from posada.engine.kernel.tables import in_lean_loop

TURNS = 16
"""Turns of the loop between two looks at whether a buffer is short; histories want one before each."""


@compiled
def round_half_up(x):
    """To a whole number, halves up."""
    return np.floor(x + 0.5)


@compiled
def set_slot(P, S, slot, value):
    """A number takes a new value now, clipped to what its place allows."""
    shape = P.slots[slot].shape
    if shape != at.SHAPE_ANY:
        value = max(0.0, value)
    if shape == at.SHAPE_WHOLE:
        value = round_half_up(value)
    elif shape == at.SHAPE_SHARE:
        value = min(1.0, value)
    S.current[slot] = value


@compiled
def begin(P, S, seed):
    """Set every number to its first value; the calendar and the groups' first events do the rest."""
    h = S.head[0]
    h.seed = seed
    h.target = -1
    h.network = 1
    for i in range(len(P.slots)):
        set_slot(P, S, i, S.values[P.slots[i].value])
    for f in range(P.head[0].n_facilities):
        S.room[f].open = 0 if P.facilities[f].hours else 1
    for g in range(P.head[0].n_groups):
        begin_group(P, S, g)


@compiled
def reseed(S, seed):
    """Whatever is drawn later is drawn anew; what was drawn stays."""
    S.head[0].seed = seed
    for p in range(S.head[0].parties_n):
        S.party[p].key = mix(S.party[p].key ^ seed)


@compiled
def change(P, S, slot, value, t):
    """A dated change of a number, and who must be told of it."""
    row = P.slots[slot]
    if row.watch == at.WATCH_RATE:
        reckon(P, S, row.who, t)
        set_slot(P, S, slot, S.values[value])
        next_arrival(P, S, row.who, t)
        return
    set_slot(P, S, slot, S.values[value])
    if row.watch == at.WATCH_FACILITY:
        tell_facility(P, S, row.who, t)
    elif row.watch == at.WATCH_SHIFT:
        staff_by_shifts(P, S, row.who, t)
    elif row.watch == at.WATCH_LINK and S.current[slot] > 0.0:
        p = S.link_wait[row.who]
        S.link_wait[row.who] = -1
        last = -1
        while p >= 0:
            after = S.party[p].next
            S.party[p].next = last
            last = p
            p = after
        while last >= 0:
            after = S.party[last].next
            heap.make_ready(S, last)
            last = after


@compiled
def tell_facility(P, S, f, t):
    """Capacity or hours have changed: whoever can be served now is."""
    kind = P.facilities[f].kind
    if S.room[f].blocked_head >= 0:
        S.head[0].unblock = 1
    if kind == at.FAC_DESKS:
        staff_changed(P, S, f, t)
    elif kind == at.FAC_ROOM:
        if P.facilities[f].is_bed:
            fill_bed(P, S, f, t)
        else:
            fill_places(P, S, f, t)
    elif kind == at.FAC_DEPARTURES and P.facilities[f].when_full:
        leave_when_full(P, S, f, t)


@inlined
def more_changes(P, S, t):
    """Whether another number changes at this instant."""
    i = S.head[0].calendar_i
    return i < len(P.calendar) and P.calendar[i].t == t and P.calendar[i].kind == at.CAL_CHANGE


@rare
def by_calendar(P, S, c, t):
    """An entry of the calendar; False if somebody is lost."""
    if c.kind == at.CAL_CHANGE:
        S.head[0].network += 1
        change(P, S, c.a, c.b, t)
        if not more_changes(P, S, t):
            message(P, S, t)
    elif c.kind == at.CAL_MESSAGE:
        S.head[0].network += 1
        message(P, S, t)
    elif c.kind == at.CAL_OPEN:
        S.room[c.a].open = 1
        tell_facility(P, S, c.a, t)
    elif c.kind == at.CAL_CLOSE:
        S.room[c.a].open = 0
        if P.facilities[c.a].interrupts:
            close_desks(P, S, c.a, t)
    elif c.kind == at.CAL_SHIFT_BEGIN or c.kind == at.CAL_SHIFT_END:
        S.shifts[P.facilities[c.a].shift_row + c.b] = c.kind == at.CAL_SHIFT_BEGIN
        staff_by_shifts(P, S, c.a, t)
    elif c.kind == at.CAL_BACKGROUND:
        background_day(P, S, c.a, t)
    elif c.kind == at.CAL_GATE:
        open_gate(P, S, c.a, c.b, t)
    elif c.kind == at.CAL_DEPART:
        leave_at_hour(P, S, c.a, t)
    elif c.kind == at.CAL_NIGHT:
        night(P, S, c.a)
    elif c.kind == at.CAL_RECORD:
        return record(P, S, t)
    elif c.kind == at.CAL_INITIAL:
        initial(P, S, c.a, t)
    return True


@compiled
def initial(P, S, i, t):
    """Cases or parties that are there at the start, with their past joining dates."""
    row = P.initial[i]
    number = np.int64(S.current[row.number])
    if row.facility >= 0:
        room = S.room[row.facility]
        b = S.blocks[room.bg_tail]
        b.joined = row.joined
        b.number = number
        room.bg_tail += 1
        room.bg_waiting += number
        return
    h = S.head[0]
    made = S.groups[row.group].people
    if h.target < 0:
        h.target = made + number
    if made < h.target:
        p = make_party(P, S, row.group, row.place, row.step, t)
        S.party[p].joined = row.joined
        if wanted(S):
            S.trace[p].began = row.joined
        if P.head[0].held:
            S.held[p].stage_t = row.joined
        S.party[p].choice = -2
        h.calendar_i -= 1  # once more, until all are there
    else:
        h.target = -1


@compiled
def end_step(P, S, p, t):
    """The party's own event: its journey, wait or service is over."""
    x = S.party[p]
    s = P.steps[x.step]
    if s.kind == at.STEP_TRAVEL:
        arrive(P, S, p, t)
        go_to(P, S, p, s.then, t)
    elif s.kind == at.STEP_QUEUE:
        if s.batch and P.facilities[x.facility].batch >= 0:
            if x.status == at.QUEUED:
                batch_is_due(P, S, p, t)
            else:
                end_batch(P, S, p, t)
            return
        if s.blocks and keeps_desk(P, S, p, t):
            return
        end_service(P, S, p, t)
        go_to(P, S, p, s.then, t)
    elif s.kind == at.STEP_REJOIN and not in_lean_loop():
        give_up_family(P, S, p, t)
    elif s.kind == at.STEP_ROAM:
        pass  # the step itself knows what was awaited
    elif s.kind == at.STEP_WAIT and s.mode == at.WAIT_FIRST_OF:
        o = P.options[s.a + x.choice]
        x.choice = -1
        note_how(S, p, o.code)
        go_to(P, S, p, o.then, t)
        happened(P, S, p, o.code)
    else:
        go_to(P, S, p, s.then, t)
    heap.make_ready(S, p)


@inlined
def event(P, S, e_kind, who, gen, t):
    """An event of the heap. Returns True if it still counts."""
    if e_kind == at.EV_ARRIVE:
        group_arrives(P, S, who, gen, t)
        return True
    if e_kind == at.EV_GATHER and not in_lean_loop():
        if S.gatherings[who].open == 0:
            open_gathering(P, S, who, t)
        return True
    x = S.party[who]
    if e_kind == at.EV_STEP or e_kind == at.EV_DUE:
        if x.gen & heap.GENERATIONS != gen:
            return False
        end_step(P, S, who, t)
        return True
    if e_kind == at.EV_GIVE_UP:
        if x.give_gen & heap.GENERATIONS != gen:
            return False
        give_up(P, S, who, t)
        return True
    if in_lean_loop() or S.held[who].bed_gen & heap.GENERATIONS != gen:
        return False
    end_stay(P, S, who, t)
    return True


@rare
def room_short(P, S):
    """Which buffer must grow before the next turns of the loop, 0 for none."""
    h = S.head[0]
    n = P.head[0].n_levels
    if h.parties_n + 66 * TURNS >= len(S.party):
        return at.SHORT_PARTIES
    if events_short(S):
        return at.SHORT_EVENTS
    if (
        h.stock_n + P.head[0].n_cells * n * TURNS >= len(S.stocks)
        or h.flow_n + P.head[0].n_codes * n * TURNS >= len(S.flow_log)
        or h.background_n + P.head[0].n_facilities * TURNS >= len(S.background)
        or h.wait_n + P.head[0].wait_rows + at.TALLY_ROWS >= len(S.wait_log)
    ):
        return at.SHORT_LOGS
    if h.families_n + 64 * TURNS >= len(S.families):
        return at.SHORT_FAMILIES
    return at.SHORT_HISTORY if history_short(S) else 0


@inlined
def may_go_on(P, S, budget):
    """DONE, or why the loop must come back before its next turns."""
    h = S.head[0]
    if h.room == at.OVERRUN:
        return at.ERR_TOO_MANY
    if h.wrong:
        return h.wrong
    if budget <= 0:
        return at.BUDGET
    h.room = room_short(P, S)
    return at.ROOM if h.room else at.DONE


@inlined
def settle_all(P, S, t):
    """What an event sets off at its own instant: freed places are filled, gatherings open."""
    if S.head[0].freed and not in_lean_loop():
        settle(P, S, t)
    if S.head[0].unblock and not in_lean_loop():
        unblock(P, S, t)
    if P.head[0].n_gathers > 0 and S.head[0].stage_changed:
        check_gathers(P, S, t)


@compiled
def finish(P, S, first):
    """Waits that are not over at the end count as still waiting; how many parties have been seen to."""
    h = S.head[0]
    p = first
    while p < h.parties_n and h.wait_n + 2 * at.TALLY_ROWS < len(S.wait_log):
        x = S.party[p]
        if x.status == at.QUEUED and not was_interrupted(P, S, p, x.facility):
            end_wait(P, S, p, x.facility, at.STILL_WAITING, h.now)
        p += 1
    if p == h.parties_n:
        empty_tally(S)
    return p


@compiled
def advance(P, S, until, budget):
    """Run until an instant, until so many events are done, or until a buffer is short; says why it came back.

    The last record is the end: an interval is [from, to).
    """
    h = S.head[0]
    n_calendar = len(P.calendar)
    turns = 0
    while True:
        while h.ready >= 0:
            if turns == 0:
                reason = may_go_on(P, S, budget)
                if reason != at.DONE:
                    return reason
                turns = 1 if wanted(S) else TURNS
            turns -= 1
            p = h.ready
            h.ready = S.party[p].next
            reason = run_party(P, S, p, h.now)
            settle_all(P, S, h.now)
            budget -= 1
            if reason != at.DONE:
                return reason
        if turns == 0:
            reason = may_go_on(P, S, budget)
            if reason != at.DONE:
                return reason
            turns = 1 if wanted(S) else TURNS
        turns -= 1
        from_calendar = False
        t = np.inf
        if h.heap_n > 0 or find_first(S):
            t = S.heap[0].t
        if h.calendar_i < n_calendar:
            c = P.calendar[h.calendar_i]
            if c.t < t or (c.t == t and c.phase <= heap.phase_of(S.heap[0].order)):
                from_calendar = True
                t = c.t
        if t > until or t == np.inf or h.interval + 1 == len(P.record_times):
            h.now = until
            return at.ERR_TOO_MANY if h.room == at.OVERRUN else at.DONE
        if t > h.now:
            h.instant += 1
        h.now = t
        h.events += 1
        budget -= 1
        if from_calendar:
            h.calendar_i += 1
            if not by_calendar(P, S, P.calendar[h.calendar_i - 1], t):
                return at.ERR_LOST
        else:
            first = S.heap[0]
            kind, gen = heap.kind_of(first.order), heap.generation_of(first.order)
            who = first.who
            heap.drop_first(S)
            if not event(P, S, kind, who, gen, t):
                h.events -= 1
        settle_all(P, S, t)
