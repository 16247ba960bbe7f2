"""The expression language: postfix rows evaluated on a small stack. No names, no calls, no eval: only numbers."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import clock
from posada.engine.kernel.count import adults, children, level_of, member
from posada.engine.kernel.luck import mean_of
from posada.engine.kernel.maths import exp, log
from posada.engine.kernel.options import compiled, inlined, rare


@compiled
def room_left(P, S, f):
    """Free places of a room now, in its own unit; a large number where there is no limit."""
    row = P.facilities[f]
    if row.capacity < 0:
        return np.int64(1) << 40
    free = np.int64(S.current[row.capacity]) - S.room[f].used
    if row.others >= 0:
        free -= np.int64(S.current[row.others])
    return free


@compiled
def expected_wait_days(P, S, f):
    """Ahead / capacity, in days, after the opening if it is shut now; 999 when shut for good.

    At desks those ahead are counted with the services in progress, less the staff that is free for one more.
    """
    row = P.facilities[f]
    room = S.room[f]
    capacity = S.current[row.capacity]
    shut_days = 0.0
    if capacity <= 0.0:
        slot = P.slots[row.capacity]
        for i in range(slot.change_first, slot.change_first + slot.change_n):
            capacity = np.floor(S.values[P.changes[i].value] + 0.5)
            shut_days = (P.changes[i].t - S.head[0].now) / 86400.0
            if capacity > 0.0 and shut_days > 0.0:
                break
        if capacity <= 0.0 or shut_days <= 0.0:
            return 999.0
    ahead = float(room.waiting_people if row.per_person else room.waiting_parties)
    if row.kind == at.FAC_DESKS:
        if row.batch >= 0:
            ahead = np.floor(ahead / max(1.0, S.current[row.batch]))
        ahead = max(0.0, ahead + float(room.used) - capacity + 1.0)
        return min(999.0, shut_days + ahead * mean_of(P, S, row.dist) / capacity / 86400.0)
    return min(999.0, shut_days + (ahead + float(room.bg_waiting)) / capacity)


@compiled
def members(P, S, p, which):
    """People of a kind in a party: 0 all, 1 adults, 2 children, 3 infants, 4 women, 5 men, 6 girls, 7 boys."""
    if which == 0:
        return float(S.party[p].people)
    if which == 1:
        return float(adults(P, S, p))
    if which == 2:
        return float(children(P, S, p))
    if which == 3:
        return float(member(P, S, p, 0) + member(P, S, p, 4))
    if which == 4:
        return float(member(P, S, p, 2) + member(P, S, p, 3))
    if which == 5:
        return float(member(P, S, p, 6) + member(P, S, p, 7))
    if which == 6:
        return float(member(P, S, p, 0) + member(P, S, p, 1))
    return float(member(P, S, p, 4) + member(P, S, p, 5))


@compiled
def state_value(P, S, op, f):
    """A named state of a facility."""
    row = P.facilities[f]
    room = S.room[f]
    if op == at.OP_QUEUE:
        return float(room.waiting_parties + room.bg_waiting)
    if op == at.OP_WAITING:
        return float(room.waiting_people + room.bg_waiting)
    if op == at.OP_EXPECTED:
        return expected_wait_days(P, S, f)
    if op == at.OP_FREE:
        free = np.int64(0)
        if row.pools_n > 0:
            for i in range(row.pools_first, row.pools_first + row.pools_n):
                free += max(np.int64(0), room_left(P, S, P.lists[i]))
        else:
            free = max(np.int64(0), room_left(P, S, f))
        return float(free)
    if row.capacity >= 0 and S.current[row.capacity] <= 0.0:
        return 0.0
    if row.kind == at.FAC_GATE:
        weekday = (P.head[0].weekday + clock.local_date(P, row.zone, S.head[0].now)) % 7
        return float((row.days >> weekday) & 1)
    return float(room.open)


@inlined
def place_number(P, S, place, which):
    """One of a place's numbers (NUMBER_*) now; a place is open, and all else is 0, where nothing is stated."""
    slot = P.lists[P.places[place].numbers + which]
    if slot < 0:
        return 1.0 if which == at.NUMBER_OPEN else 0.0
    return S.current[slot]


@compiled
def people_there(P, S, place):
    """People present at a place now."""
    return float(S.cells[P.places[place].cell * P.head[0].n_levels].people)


@compiled
def look_value(P, S, op, which, p):
    """What a party sees of the place that is looked at, and of the way to it."""
    place = np.int64(S.look[0])
    if op == at.OP_PLACE:
        return place_number(P, S, place, which)
    if op == at.OP_KIND_IS:
        return 1.0 if P.places[place].kind == which else 0.0
    if op == at.OP_WAY:
        return S.look[which]
    if op == at.OP_THERE:
        return people_there(P, S, place)
    if op == at.OP_CROWDING:
        capacity = place_number(P, S, place, at.NUMBER_CAPACITY)
        return people_there(P, S, place) / capacity if capacity > 0.0 else 0.0
    if op == at.OP_FOREIGN:
        return 1.0 if P.places[place].country != P.places[S.roam[p].home].country else 0.0
    if op == at.OP_KM_HOME:
        return P.straight[S.roam[p].home * P.head[0].n_places + place]
    if op == at.OP_CAME:
        return 1.0 if S.roam[p].last == place else 0.0
    return float((S.been[p, place >> 6] >> np.uint64(place & 63)) & np.uint64(1))


@rare
def evaluate(P, S, expr, p, t):
    """The value of expression `expr` for a party at an instant."""
    s = S.stack
    n = 0
    i = expr
    while True:
        e = P.exprs[i]
        op = e.op
        if op < 0:
            return s[0]
        i += 1
        if op == at.OP_CONST:
            s[n] = e.value
            n += 1
        elif op == at.OP_SLOT:
            s[n] = S.current[e.arg]
            n += 1
        elif op == at.OP_ATTR_IS:
            s[n] = 1.0 if level_of(S, p, e.arg) == e.arg2 else 0.0
            n += 1
        elif op == at.OP_PEOPLE:
            s[n] = members(P, S, p, e.arg)
            n += 1
        elif op == at.OP_SINCE:
            s[n] = 1.0 if t >= e.value else 0.0
            n += 1
        elif op == at.OP_DAYS_WAITED:
            s[n] = (t - S.held[p].stage_t) / 86400.0
            n += 1
        elif op >= at.OP_PLACE:
            s[n] = look_value(P, S, op, e.arg, p)
            n += 1
        elif op >= at.OP_QUEUE:
            s[n] = state_value(P, S, op, e.arg)
            n += 1
        elif op == at.OP_NOT:
            s[n - 1] = 0.0 if s[n - 1] != 0.0 else 1.0
        elif op == at.OP_NEG:
            s[n - 1] = -s[n - 1]
        elif op == at.OP_EXP:
            s[n - 1] = exp(s[n - 1])
        elif op == at.OP_LOG:
            s[n - 1] = log(s[n - 1])
        elif op == at.OP_IF:
            n -= 2
            s[n - 1] = s[n] if s[n - 1] != 0.0 else s[n + 1]
        else:
            n -= 1
            s[n - 1] = two(op, s[n - 1], s[n])


@inlined
def holds(P, S, expr, p, t):
    """Whether an expression is true for a party; most ask for the level of an attribute."""
    e = P.exprs[expr]
    if e.op == at.OP_ATTR_IS and P.exprs[expr + 1].op < 0:
        return level_of(S, p, e.arg) == e.arg2
    return evaluate(P, S, expr, p, t) != 0.0


@compiled
def two(op, a, b):
    """An operation on two numbers."""
    if op == at.OP_ADD:
        return a + b
    if op == at.OP_SUB:
        return a - b
    if op == at.OP_MUL:
        return a * b
    if op == at.OP_DIV:
        return a / b if b != 0.0 else np.nan
    if op == at.OP_MIN:
        return min(a, b)
    if op == at.OP_MAX:
        return max(a, b)
    if op == at.OP_EQ:
        return 1.0 if a == b else 0.0
    if op == at.OP_NE:
        return 1.0 if a != b else 0.0
    if op == at.OP_LT:
        return 1.0 if a < b else 0.0
    if op == at.OP_LE:
        return 1.0 if a <= b else 0.0
    if op == at.OP_GT:
        return 1.0 if a > b else 0.0
    if op == at.OP_GE:
        return 1.0 if a >= b else 0.0
    if op == at.OP_AND:
        return 1.0 if a != 0.0 and b != 0.0 else 0.0
    return 1.0 if a != 0.0 or b != 0.0 else 0.0
