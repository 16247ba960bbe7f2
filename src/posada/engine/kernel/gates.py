"""Gates, dockets and departures: who is let through at an opening, and other people's cases."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import heap
from posada.engine.kernel.batches import fewest
from posada.engine.kernel.count import end_wait, go_to, happened
from posada.engine.kernel.express import room_left
from posada.engine.kernel.options import compiled
from posada.engine.kernel.queues import (
    drawn_by_lot,
    joined_then,
    leave_queue,
    waiting_units,
)
from posada.engine.kernel.rooms import take_place, units


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
def leave_at_hour(P, S, f, t):
    """The vehicles of an hour leave one after another, each if enough wait for it."""
    row = P.facilities[f]
    vehicles = np.int64(S.current[row.vehicles]) if row.vehicles >= 0 else np.int64(1)
    for _ in range(vehicles):
        if waiting_units(P, S, f) < fewest(P, S, f):
            return
        depart(P, S, f, t)


@compiled
def leave_when_full(P, S, f, t):
    """A vehicle leaves for as long as enough wait to fill it."""
    while waiting_units(P, S, f) >= np.int64(S.current[P.facilities[f].capacity]) > 0:
        before = S.room[f].waiting_parties
        depart(P, S, f, t)
        if S.room[f].waiting_parties == before:
            return


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
