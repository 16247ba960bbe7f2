"""Movement over a network: when a party moves on, which way it goes, and how far it comes."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel import clock, heap
from posada.engine.kernel.count import count, go_to, happened, way_of
from posada.engine.kernel.express import evaluate, place_number
from posada.engine.kernel.history import note_end, note_how, note_start
from posada.engine.kernel.look import choose_view, first_link, is_open
from posada.engine.kernel.luck import PACE, PATIENCE, sample, uniform
from posada.engine.kernel.maths import log
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.ways import come_to, fail, leave_place

MOVES = -2
"""What a look says of a party that leaves now."""
LONGEST = 1000
"""Links that a party may take without time passing."""


@rare
def roam(P, S, p, t):
    """A party begins to roam, or its next look or the end of its link has come."""
    found = look(P, S, p, t)
    return move(P, S, p, t) if found == MOVES else found


@compiled
def look(P, S, p, t):
    """What a party does now: MOVES, or a reason: it waits (DONE), is at another step, or something is wrong."""
    x = S.party[p]
    s = P.steps[x.step]
    r = S.roam[p]
    if r.step != x.step:
        begin(P, S, p, t)
        if has_arrived(P, S, p):
            return leave_step(P, S, p, s.then, t)
        return look_from(P, S, p, hour_from(P, S, p, t), t)
    if s.visits >= 0:
        S.visits[p, s.visits] -= 1  # it comes back to this step, and this is the same visit
    if x.place < 0:
        arrive(P, S, p, t)
        if has_arrived(P, S, p):
            return leave_step(P, S, p, s.then, t)
        if t < r.until:
            if goes_on(P, S, p, t):
                return MOVES
            return look_from(P, S, p, hour_after(P, S, p, t), t)
    if t >= r.until:
        note_how(S, p, at.HOW_GAVE_UP)
        return leave_step(P, S, p, s.c, t)
    if r.leaves:
        return MOVES
    return look_from(P, S, p, t, t)


@compiled
def begin(P, S, p, t):
    """Remember where a party set out to roam."""
    x = S.party[p]
    s = P.steps[x.step]
    r = S.roam[p]
    r.step = x.step
    r.home = x.place
    r.last = -1
    r.way = -1
    r.leg = 0
    r.links = 0
    r.moves = 0
    r.draws = 0
    r.day = clock.local_date(P, P.places[x.place].zone, t)
    r.moved = 0.0
    r.recent = 0.0
    r.until = np.inf
    if s.dist2 >= 0:
        r.until = t + sample(P, S, s.dist2, x.key, s.key + PATIENCE, 0, t)
    for i in range(S.been.shape[1]):
        S.been[p, i] = np.uint64(0)
    remember(P, S, p, x.place)


@inlined
def remember(P, S, p, place):
    """Note that a party has been at a place."""
    if P.head[0].been:
        S.been[p, place >> 6] |= np.uint64(1) << np.uint64(place & 63)


@inlined
def passes(P, S, p):
    """Whether a party only passes through the place where it is, on its way to another."""
    return P.movements[P.steps[S.party[p].step].a].passes and S.roam[p].way >= 0


@inlined
def has_arrived(P, S, p):
    """Whether a party is at an open place of a kind at which it ends its journey."""
    x = S.party[p]
    if passes(P, S, p):
        return False
    ends = P.steps[x.step].b
    kind = P.places[x.place].kind
    return ends >= 0 and kind >= 0 and P.lists[ends + kind] and place_number(P, S, x.place, at.NUMBER_OPEN) > 0.0


@compiled
def leave_step(P, S, p, step, t):
    """The journey is over."""
    S.roam[p].step = -1
    go_to(P, S, p, step, t)
    return at.GOES_ON


# --- when it moves on --------------------------------------------------------------------------------------------


@inlined
def hour_after(P, S, p, t):
    """The next hour of decision where a party is."""
    x = S.party[p]
    return clock.next_clock(P, P.places[x.place].zone, t, P.movements[P.steps[x.step].a].at)


@inlined
def hour_from(P, S, p, t):
    """The next hour of decision, which may be now."""
    return hour_after(P, S, p, t - 0.5)


@compiled
def rule_of(P, S, m, place):
    """Which entry of a movement's `leaves` holds at a place now."""
    row = P.movements[m]
    if place_number(P, S, place, at.NUMBER_UNSAFE) > 0.0:
        return at.LEAVES_UNSAFE
    kind = P.places[place].kind
    if kind < 0 or place_number(P, S, place, at.NUMBER_OPEN) <= 0.0:
        return at.LEAVES_ELSE
    i = row.leaves + 3 * (at.LEAVES_KINDS + kind)
    return at.LEAVES_KINDS + kind if P.lists[i] >= 0 or P.lists[i + 1] >= 0 else at.LEAVES_ELSE


@compiled
def chance_of(P, S, m, rule, p, t):
    """The chance that a party at a place moves on at an hour of decision; the place is `look[0]`."""
    i = P.movements[m].leaves + 3 * rule
    if P.lists[i + 1] >= 0:
        return evaluate(P, S, P.lists[i + 1], p, t)
    return S.current[P.lists[i]]


@compiled
def leave_uniform(P, S, p):
    """The next uniform draw of whether a party leaves."""
    x = S.party[p]
    r = S.roam[p]
    r.draws += 1
    return uniform(x.key, P.steps[x.step].key + PACE, np.int64(r.draws))


@compiled
def next_turn(P, m, place, n_places, t):
    """The next instant after t at which the chance to leave a place may change."""
    k = m * n_places + place
    for i in range(P.turn_first[k], P.turn_first[k + 1]):
        if P.turns[i] > t:
            return P.turns[i]
    return np.inf


@compiled
def look_from(P, S, p, first, t):
    """Draw at which hour of decision, from `first` on, a party leaves its place; MOVES if that is now.

    While the chance is constant the number of hours until it leaves is geometric: who sits costs nothing. Where the
    chance may change, the party looks again then.
    """
    x = S.party[p]
    r = S.roam[p]
    m = np.int64(P.steps[x.step].a)
    turn = next_turn(P, m, np.int64(x.place), np.int64(P.head[0].n_places), t)
    r.leaves = 0
    if turn <= first and first > t:
        return wait_until(P, S, p, first)
    rule = rule_of(P, S, m, x.place)
    daily = P.lists[P.movements[m].leaves + 3 * rule + 2]
    if daily and first > t:
        return wait_until(P, S, p, first)
    S.look[0] = x.place
    chance = 1.0 if passes(P, S, p) else chance_of(P, S, m, rule, p, t)
    if chance != chance:
        return fail(S, p, at.ERR_NOT_FINITE)
    hours = 0.0
    if chance < 1.0:
        hours = np.inf
        if chance > 0.0:
            hours = np.floor(log(leave_uniform(P, S, p)) / log(1.0 - chance))
    if daily:
        if hours == 0.0:
            return MOVES
        return wait_until(P, S, p, hour_after(P, S, p, t))
    if hours == 0.0 and first <= t:
        return MOVES
    zone = P.places[x.place].zone
    due = first
    if 0.0 < hours < 1e6:
        due = clock.instant(P, zone, first + clock.offset(P, zone, first) + hours * clock.DAY, first)
    elif hours >= 1e6:
        due = np.inf
    if due < turn:
        r.leaves = 1
        return wait_until(P, S, p, due)
    return wait_until(P, S, p, hour_from(P, S, p, turn) if turn < np.inf else np.inf)


@compiled
def wait_until(P, S, p, until):
    """Schedule a party's next look; it gives up when its time is over."""
    x = S.party[p]
    r = S.roam[p]
    if r.until < until:
        until = max(r.until, S.head[0].now)
        r.leaves = 0
    heap.schedule(S, p)
    if until < P.head[0].end:
        heap.push(S, until, x.serial, at.EV_STEP, p, x.gen)
    return at.DONE


@compiled
def goes_on(P, S, p, t):
    """Whether a party that has just come to a place goes on at once."""
    x = S.party[p]
    r = S.roam[p]
    m = np.int64(P.steps[x.step].a)
    row = P.movements[m]
    rule = rule_of(P, S, m, x.place)
    if row.daily:
        if not r.moved < r.reach:
            return False
        if row.keeps_going and rule == at.LEAVES_ELSE:
            link = P.links[r.link]
            full = S.current[link.speed] * link.hours_a_day
            if 0.5 * (r.recent + r.moved / full) < 0.5:
                return True
    if passes(P, S, p):
        return True
    S.look[0] = x.place
    return leave_uniform(P, S, p) < chance_of(P, S, m, rule, p, t)


# --- which way, and how far --------------------------------------------------------------------------------------


@compiled
def move(P, S, p, t):
    """A party leaves its place, and goes on until time passes, it stays somewhere, or its journey ends."""
    s = P.steps[S.party[p].step]
    for _ in range(LONGEST):
        link = next_link(P, S, p, t)
        if link == -2:
            return fail(S, p, at.ERR_NOT_FINITE)
        if link < 0:
            return wait_for_a_way(P, S, p, t)
        if not set_out(P, S, p, link, t):
            return at.DONE
        if has_arrived(P, S, p):
            return leave_step(P, S, p, s.then, t)
        if not goes_on(P, S, p, t):
            return look_from(P, S, p, hour_after(P, S, p, t), t)
    return fail(S, p, at.ERR_SPIN)


@compiled
def next_link(P, S, p, t):
    """The next link of the way that a party follows, or of one that it chooses now."""
    x = S.party[p]
    s = P.steps[x.step]
    r = S.roam[p]
    for _ in range(2):
        if r.way < 0:
            r.way = choose_view(P, S, p, np.int64(s.a), s.key, t)
            r.leg = 0
            r.moves += 1
            if r.way < 0:
                found = np.int64(r.way)
                r.way = -1
                return found
        view = P.views[r.way]
        link = np.int64(P.lists[view.first + r.leg]) if view.n > 0 else first_link(P, S, r.way, np.int64(x.place))
        if link >= 0 and is_open(P, S, link):
            r.leg += 1
            if P.links[link].to == view.to and (view.n == 0 or r.leg == view.n):
                r.way = -1
            return link
        r.way = -1
    return np.int64(-1)


@compiled
def wait_for_a_way(P, S, p, t):
    """Nothing is open: look again when some number has changed."""
    h = S.head[0]
    i = h.calendar_i
    while i < len(P.calendar) and P.calendar[i].kind != at.CAL_CHANGE and P.calendar[i].kind != at.CAL_MESSAGE:
        i += 1
    S.roam[p].leaves = 0
    if i == len(P.calendar):
        return wait_until(P, S, p, np.inf)
    return wait_until(P, S, p, max(hour_from(P, S, p, P.calendar[i].t), hour_after(P, S, p, t)))


@compiled
def set_out(P, S, p, link, t):
    """Take a link. True if the party is at its other end already: a part of a day's distance."""
    x = S.party[p]
    r = S.roam[p]
    row = P.links[link]
    m = P.movements[P.steps[x.step].a]
    speed = S.current[row.speed]
    hours = row.hours_a_day
    first, n = np.int64(row.hours_first), np.int64(row.hours_n)
    if r.links == 0 and m.first_speed >= 0:
        speed = S.current[m.first_speed]
        hours = m.first_hours_a_day
        first, n = np.int64(m.first_hours_first), np.int64(m.first_hours_n)
    km = S.current[row.length]
    zone = np.int64(P.places[x.place].zone)
    r.last = x.place
    r.link = link
    r.links += 1
    leave_place(P, S, p, t)
    note_start(S, p, t)
    if not m.daily:
        on_the_way(P, S, p, row.cell, clock.moving_until(P, first, n, zone, t, km / speed * 3600.0), t)
        return False
    days = days_for(r, clock.local_date(P, zone, t), km, speed * hours, S.current[row.speed] * row.hours_a_day)
    if days <= 1.0:
        happened(P, S, p, row.code_travelled)
        come_to(P, S, p, row.to, t)
        remember(P, S, p, row.to)
        note_end(P, S, p, t)
        return True
    until = np.inf
    if days < 1e6:
        until = clock.instant(P, zone, t + clock.offset(P, zone, t) + (days - 1.0) * clock.DAY, t)
    on_the_way(P, S, p, row.cell, until, t)
    return False


@compiled
def days_for(r, date, km, reach, full):
    """Days on which a party is on a link, the first included; its record of km is brought to the last of them.

    A day's distance is added once a day, and the party arrives on the day on which the sum exceeds the length.
    """
    if date > r.day:
        r.recent = 0.5 * (r.recent + r.moved / full)
        for _ in range(min(60, date - r.day - 1)):
            r.recent *= 0.5
        r.moved = 0.0
        r.day = date
    r.reach = reach
    if not reach > 0.0:
        return np.inf
    days = np.floor(km / reach) + 1.0
    if days <= 1.0:
        r.moved += km
        return days
    r.recent = 0.5 * (r.recent + (r.moved + reach) / full)
    for _ in range(np.int64(min(60.0, days - 2.0))):
        r.recent = 0.5 * (r.recent + reach / full)
    r.day += np.int64(min(days, 1e6)) - 1
    r.moved = km - (days - 1.0) * reach
    return days


@compiled
def on_the_way(P, S, p, cell, until, t):
    """Be on a link until an instant."""
    x = S.party[p]
    x.place = way_of(cell)
    count(P, S, p, cell, 1, t)
    heap.schedule(S, p)
    if until < P.head[0].end:
        heap.push(S, until, x.serial, at.EV_STEP, p, x.gen)


@compiled
def arrive(P, S, p, t):
    """The end of a link."""
    x = S.party[p]
    link = P.links[S.roam[p].link]
    count(P, S, p, way_of(x.place), -1, t)
    happened(P, S, p, link.code_travelled)
    come_to(P, S, p, link.to, t)
    remember(P, S, p, link.to)
    note_end(P, S, p, t)
