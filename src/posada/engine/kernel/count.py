"""Counting: people in states (cells), things that happened (tally), and the logs written at record times."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.history import note_end, note_wait
from posada.engine.kernel.options import compiled, inlined, rare

CLASSES = at.N_CLASSES
BINS = len(at.BIN_EDGES_DAYS)


@inlined
def level_of(S, p, attribute):
    """The level of an attribute that a party has."""
    if attribute == 0:
        return np.int64(S.party[p].group)
    return np.int64(S.info[p, attribute - 1])


@inlined
def member(P, S, p, c):
    """Members of one class; where nobody's sex and age are stated, all are of the last."""
    if P.head[0].members:
        return np.int64(S.members[p, c])
    return np.int64(S.party[p].people) if c == CLASSES - 1 else np.int64(0)


@inlined
def bump(S, row, people, parties, t):
    """Change one cell at one level."""
    c = S.cells[row]
    if t > c.since:
        pass_time(c, t)
    c.people += people
    c.parties += parties


@inlined
def pass_time(c, t):
    """Reckon with the people of a cell up to now; the most is over what lasted, not over passing through at once."""
    c.area += c.people * (t - c.since)
    c.since = t
    c.most = max(c.most, c.people)


@compiled
def count(P, S, p, cell, sign, t):
    """Add (sign 1) or take away (sign -1) a party in a cell, at every level that it belongs to."""
    if cell < 0:
        return
    x = S.party[p]
    h = P.head[0]
    row = cell * h.n_levels
    people = sign * np.int64(x.people)
    bump(S, row, people, sign, t)
    if h.by_group:
        bump(S, row + h.by_group + np.int64(x.group), people, sign, t)
    if h.by_others:
        count_others(P, S, p, row, sign, t)


@rare
def count_others(P, S, p, row, sign, t):
    """The same at the levels of other breakdowns than by group."""
    x = S.party[p]
    for i in range(P.head[0].n_by):
        b = P.by[i]
        if b.attribute > 0:
            bump(S, row + b.base + level_of(S, p, b.attribute), sign * np.int64(x.people), sign, t)
        elif b.attribute < 0:
            for c in range(CLASSES):
                m = member(P, S, p, c)
                if m > 0:
                    bump(S, row + b.base + c, sign * m, sign, t)


@compiled
def add_tally(S, code, level, interval, bin_, people, parties, days):
    """Add to the row of this key, made on first use (open addressing; the table is kept under 70 % full)."""
    full = False
    key = np.uint64(((interval + 1) << at.KEY_INTERVAL) | (code << at.KEY_CODE) | (bin_ << at.KEY_BIN) | level)
    mask = np.uint64(at.TALLY_ROWS - 1)
    i = spread(key) & mask
    while True:
        row = S.tally[np.int64(i)]
        if row.key == key:
            break
        if row.key == np.uint64(0):
            row.key = key
            S.head[0].tally_n += 1
            full = S.head[0].tally_n * 10 > at.TALLY_ROWS * 7
            break
        i = (i + np.uint64(1)) & mask
    row.people += people
    row.parties += parties
    row.days += days
    if full:
        empty_tally(S)


@inlined
def spread(key):
    """Spread the bits of a key over the rows of the tally."""
    return (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)


@rare
def empty_tally(S):
    """Move the rows of the tally to the log of waits, where one key may then stand more than once."""
    h = S.head[0]
    n = h.wait_n
    if n + h.tally_n > len(S.wait_log):
        h.room = at.OVERRUN  # the run ends with an error
        n = 0
    for i in range(at.TALLY_ROWS):
        row = S.tally[i]
        if row.key != np.uint64(0):
            S.wait_log[n] = row
            n += 1
            row.key = np.uint64(0)
            row.people = 0
            row.parties = 0
            row.days = 0.0
    h.wait_n = n
    h.tally_n = 0


@compiled
def tally(P, S, p, code, interval, bin_, days):
    """Count a party in a tally at every level that it belongs to; `days` is per person."""
    if code < 0:
        return
    x = S.party[p]
    n = np.int64(x.people)
    if P.head[0].total_n == 0:
        add_tally(S, code, 0, interval, bin_, n, 1, days * n)
    for i in range(P.head[0].n_by):
        b = P.by[i]
        if b.attribute >= 0:
            add_tally(S, code, b.base + level_of(S, p, b.attribute), interval, bin_, n, 1, days * n)
        else:
            tally_classes(P, S, p, code, b.base, interval, bin_, days)


@rare
def tally_classes(P, S, p, code, base, interval, bin_, days):
    """The same at the levels of sex and age."""
    for c in range(CLASSES):
        m = member(P, S, p, c)
        if m > 0:
            add_tally(S, code, base + c, interval, bin_, m, 1, days * m)


@inlined
def flow(S, row, people):
    """Add to a flow of the present interval."""
    f = S.flows[row]
    f.people += people
    f.parties += 1


@compiled
def happened(P, S, p, code):
    """Count a party in a flow of the present interval, at every level that it belongs to."""
    if code < 0:
        return
    x = S.party[p]
    h = P.head[0]
    row = code * h.n_levels
    if h.total_n == 0:
        flow(S, row, np.int64(x.people))
    if h.by_group:
        flow(S, row + h.by_group + np.int64(x.group), np.int64(x.people))
    if h.by_others:
        happened_others(P, S, p, row)


@rare
def happened_others(P, S, p, row):
    """The same at the levels of other breakdowns than by group."""
    for i in range(P.head[0].n_by):
        b = P.by[i]
        if b.attribute > 0:
            flow(S, row + b.base + level_of(S, p, b.attribute), np.int64(S.party[p].people))
        elif b.attribute < 0:
            for c in range(CLASSES):
                m = member(P, S, p, c)
                if m > 0:
                    flow(S, row + b.base + c, m)


@compiled
def end_wait(P, S, p, f, how, t):
    """Count a wait at facility f that ended (or is cut) now."""
    x = S.party[p]
    days = (t - x.joined) / 86400.0
    note_wait(S, p, f, how, t)
    tally(P, S, p, P.facilities[f].code_wait + how, x.interval, bin_of(P, days), days)


@inlined
def bin_of(P, days):
    """The bin of a length of time: how many edges after the first it has reached. To look at all is quickest."""
    bin_ = 0
    for i in range(1, BINS):
        bin_ += P.bin_edges[i] <= days
    return bin_


@compiled
def count_span(P, S, code, seconds):
    """Count a span of time that ended now, by its length."""
    if code >= 0:
        days = seconds / 86400.0
        add_tally(S, code, 0, S.head[0].interval, bin_of(P, days), 1, 1, days)


@inlined
def go_to(P, S, p, step, t):
    """Put a party at a step, and in that step's stage."""
    x = S.party[p]
    before = P.steps[x.step].stage
    after = P.steps[step].stage
    note_end(P, S, p, t)
    x.step = step
    if before != after:
        change_stage(P, S, p, before, after, t)


@rare
def change_stage(P, S, p, before, after, t):
    """Count a party in another stage."""
    x = S.party[p]
    first = P.head[0].stage_cell
    count(P, S, p, first + before, -1, t)
    count(P, S, p, first + after, 1, t)
    g = np.int64(x.group) - 1
    S.group_stage[g, before] -= x.people
    S.group_stage[g, after] += x.people
    if P.head[0].held:
        S.held[p].stage_t = t
    S.head[0].stage_changed = 1


@compiled
def children(P, S, p):
    """Members under 18."""
    return member(P, S, p, 0) + member(P, S, p, 1) + member(P, S, p, 4) + member(P, S, p, 5)


@compiled
def adults(P, S, p):
    """Members of 18 and over."""
    return member(P, S, p, 2) + member(P, S, p, 3) + member(P, S, p, 6) + member(P, S, p, 7)


@inlined
def way_of(place):
    """The cell of the way that a party is on, from what stands for its place."""
    return -2 - place


@compiled
def count_everywhere(P, S, p, sign, t):
    """Add or take away a party in every cell where it stands: before and after its members or attributes change."""
    x = S.party[p]
    h = P.head[0]
    count(P, S, p, P.places[x.place].cell if x.place >= 0 else way_of(x.place), sign, t)
    count(P, S, p, h.cell_active, sign, t)
    stage = P.steps[x.step].stage
    count(P, S, p, h.stage_cell + stage, sign, t)
    S.group_stage[np.int64(x.group) - 1, stage] += sign * np.int64(x.people)
    if x.status == at.QUEUED:
        count(P, S, p, P.facilities[x.facility].cell_wait, sign, t)
    elif x.status == at.IN_SERVICE:
        count(P, S, p, P.facilities[x.facility].cell_in, sign, t)
    if h.held:
        count_held(P, S, p, sign, t)
    if x.apart:
        count(P, S, p, h.cell_apart, sign, t)
        if adults(P, S, p) == 0 and children(P, S, p) > 0:
            count(P, S, p, h.cell_children_apart, sign, t)


@rare
def count_held(P, S, p, sign, t):
    """Add or take away a party where it holds a place or is on a list."""
    y = S.held[p]
    if y.bed >= 0:
        count(P, S, p, P.facilities[y.bed].cell_in, sign, t)
    if y.hold >= 0:
        count(P, S, p, P.facilities[y.hold].cell_in, sign, t)
    if y.hold2 >= 0:
        count(P, S, p, P.facilities[y.hold2].cell_in, sign, t)
    if y.list >= 0:
        count(P, S, p, P.facilities[y.list].cell_no_bed, sign, t)


@compiled
def night(P, S, zone):
    """Person-nights in beds, camps and custody, and without a bed, at 03:00 of a zone."""
    n_levels = P.head[0].n_levels
    for f in range(P.head[0].n_facilities):
        row = P.facilities[f]
        if row.zone != zone:
            continue
        if row.code_nights >= 0:
            night_of(S, row.cell_in * n_levels, row.code_nights, n_levels)
        if row.code_no_bed >= 0:
            night_of(S, row.cell_no_bed * n_levels, row.code_no_bed, n_levels)


@compiled
def night_of(S, first, code, n_levels):
    """Count everybody in one cell, level by level."""
    for level in range(n_levels):
        c = S.cells[first + level]
        if c.people > 0:
            f = S.flows[code * n_levels + level]
            f.people += c.people
            f.parties += c.parties


@inlined
def record_flows(P, S, code, n_levels):
    """Write what happened in an interval, level by level; the total may be the sum of one breakdown."""
    h = S.head[0]
    first = code * n_levels
    n = P.head[0].total_n
    if n > 0:
        total = S.flows[first]
        total.people = 0
        total.parties = 0
        for i in range(first + P.head[0].total_first, first + P.head[0].total_first + n):
            total.people += S.flows[i].people
            total.parties += S.flows[i].parties
        if total.parties == 0:
            return
    for level in range(n_levels):
        g = S.flows[first + level]
        if g.parties > 0:
            r = S.flow_log[h.flow_n]
            h.flow_n += 1
            r.interval = h.interval
            r.code = code
            r.level = level
            r.people = g.people
            r.parties = g.parties
            g.people = 0
            g.parties = 0


@compiled
def record(P, S, t):
    """Write the stocks at the end of an interval and begin the next; False if somebody is lost."""
    h = S.head[0]
    n_levels = P.head[0].n_levels
    began = P.record_times[h.interval]
    length = t - began
    for cell in range(P.head[0].n_cells):
        if S.cells[cell * n_levels].people < 0:
            return False
        pass_time(S.cells[cell * n_levels], t)
        if S.cells[cell * n_levels].most == 0:
            continue
        for level in range(n_levels):
            c = S.cells[cell * n_levels + level]
            pass_time(c, t)
            if c.most > 0:
                r = S.stocks[h.stock_n]
                h.stock_n += 1
                r.interval = h.interval
                r.cell = cell
                r.level = level
                r.people = c.people
                r.parties = c.parties
                r.most = c.most
                r.mean = c.area / length if length > 0 else float(c.people)
            c.area = 0.0
            c.most = 0
    for code in range(P.head[0].n_codes):
        record_flows(P, S, code, n_levels)
    for f in range(P.head[0].n_facilities):
        b = S.room[f]
        if P.facilities[f].bg_rate >= 0:
            r2 = S.background[h.background_n]
            h.background_n += 1
            r2.interval = h.interval
            r2.facility = f
            r2.joined = b.bg_joined
            r2.served = b.bg_served
            r2.waiting = b.bg_waiting
            b.bg_joined = 0
            b.bg_served = 0
    total = 0
    for i in range(len(P.present)):
        total += S.cells[P.present[i] * n_levels].people
    h.interval += 1
    return total + h.ended == h.set_out
