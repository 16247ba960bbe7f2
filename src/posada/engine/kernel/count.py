"""Counting: people in states (cells), things that happened (tally), and the logs written at record times."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.luck import mix
from posada.engine.kernel.options import compiled, inlined

CLASSES = at.N_CLASSES


@inlined
def bump(S, row, people, parties, t):
    """Change one cell at one level."""
    c = S.cells[row]
    if t > c.since:
        pass_time(c, t)
    c.people += people
    c.parties += parties


@compiled
def pass_time(c, t):
    """Reckon with the people of a cell up to now; the most is over what lasted, not over passing through at once."""
    c.area += c.people * (t - c.since)
    c.since = t
    if c.people > c.most:
        c.most = c.people


@compiled
def count(P, S, p, cell, sign, t):
    """Add (sign 1) or take away (sign -1) a party in a cell, at every level that it belongs to."""
    if cell < 0:
        return
    x = S.party[p]
    row = cell * P.head[0].n_levels
    bump(S, row, sign * np.int64(x.people), sign, t)
    for i in range(P.head[0].n_by):
        b = P.by[i]
        if b.attribute >= 0:
            bump(S, row + b.base + S.info[p, CLASSES + b.attribute], sign * np.int64(x.people), sign, t)
        else:
            for c in range(CLASSES):
                m = np.int64(S.info[p, c])
                if m > 0:
                    bump(S, row + b.base + c, sign * m, sign, t)


@compiled
def add_tally(S, code, level, interval, bin_, people, parties, days):
    """Add to the row of this key, made on first use (open addressing; the table is kept under 70 % full)."""
    key = (
        (np.uint64(code + 1) << np.uint64(40))
        | (np.uint64(level) << np.uint64(24))
        | (np.uint64(interval) << np.uint64(8))
        | np.uint64(bin_)
    )
    mask = np.uint64(len(S.tally) - 1)
    i = mix(key) & mask
    while True:
        row = S.tally[np.int64(i)]
        if row.key == key:
            break
        if row.key == np.uint64(0):
            if S.head[0].tally_n * 20 > len(S.tally) * 19:
                S.head[0].room = 9
                return
            row.key = key
            S.head[0].tally_n += 1
            break
        i = (i + np.uint64(1)) & mask
    row.people += people
    row.parties += parties
    row.days += days


@compiled
def tally(P, S, p, code, interval, bin_, days):
    """Count a party in a tally at every level that it belongs to; `days` is per person."""
    if code < 0:
        return
    x = S.party[p]
    n = np.int64(x.people)
    add_tally(S, code, 0, interval, bin_, n, 1, days * n)
    for i in range(P.head[0].n_by):
        b = P.by[i]
        if b.attribute >= 0:
            add_tally(S, code, b.base + S.info[p, CLASSES + b.attribute], interval, bin_, n, 1, days * n)
        else:
            for c in range(CLASSES):
                m = np.int64(S.info[p, c])
                if m > 0:
                    add_tally(S, code, b.base + c, interval, bin_, m, 1, days * m)


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
    n = np.int64(S.party[p].people)
    row = code * P.head[0].n_levels
    flow(S, row, n)
    for i in range(P.head[0].n_by):
        b = P.by[i]
        if b.attribute >= 0:
            flow(S, row + b.base + S.info[p, CLASSES + b.attribute], n)
        else:
            for c in range(CLASSES):
                m = np.int64(S.info[p, c])
                if m > 0:
                    flow(S, row + b.base + c, m)


@compiled
def end_wait(P, S, p, f, how, t):
    """Count a wait at facility f that ended (or is cut) now."""
    x = S.party[p]
    days = (t - x.joined) / 86400.0
    tally(P, S, p, P.facilities[f].code_wait + how, x.interval, bin_of(P, days), days)


@compiled
def bin_of(P, days):
    """The bin of a length of time."""
    bin_ = len(P.bin_edges) - 1
    while bin_ > 0 and P.bin_edges[bin_] > days:
        bin_ -= 1
    return bin_


@compiled
def count_span(P, S, code, seconds):
    """Count a span of time that ended now, by its length."""
    if code >= 0:
        days = seconds / 86400.0
        add_tally(S, code, 0, S.head[0].interval, bin_of(P, days), 1, 1, days)


@compiled
def go_to(P, S, p, step, t):
    """Put a party at a step, and in that step's stage."""
    x = S.party[p]
    before = P.steps[x.step].stage
    after = P.steps[step].stage
    x.step = step
    if before == after:
        return
    first = P.head[0].stage_cell
    count(P, S, p, first + before, -1, t)
    count(P, S, p, first + after, 1, t)
    g = S.info[p, CLASSES] - 1
    S.group_stage[g, before] -= x.people
    S.group_stage[g, after] += x.people
    x.stage_t = t
    S.head[0].stage_changed = 1


@compiled
def children(S, p):
    """Members under 18."""
    return S.info[p, 0] + S.info[p, 1] + S.info[p, 4] + S.info[p, 5]


@compiled
def adults(S, p):
    """Members of 18 and over."""
    return S.info[p, 2] + S.info[p, 3] + S.info[p, 6] + S.info[p, 7]


@compiled
def count_everywhere(P, S, p, sign, t):
    """Add or take away a party in every cell where it stands: before and after its members or attributes change."""
    x = S.party[p]
    h = P.head[0]
    if x.place >= 0:
        count(P, S, p, P.places[x.place].cell, sign, t)
    count(P, S, p, x.way, sign, t)
    count(P, S, p, h.cell_active, sign, t)
    stage = P.steps[x.step].stage
    count(P, S, p, h.stage_cell + stage, sign, t)
    S.group_stage[S.info[p, CLASSES] - 1, stage] += sign * np.int64(x.people)
    if x.status == at.QUEUED:
        count(P, S, p, P.facilities[x.facility].cell_wait, sign, t)
    elif x.status == at.IN_SERVICE:
        count(P, S, p, P.facilities[x.facility].cell_in, sign, t)
    if x.bed >= 0:
        count(P, S, p, P.facilities[x.bed].cell_in, sign, t)
    if x.hold >= 0:
        count(P, S, p, P.facilities[x.hold].cell_in, sign, t)
    if x.hold2 >= 0:
        count(P, S, p, P.facilities[x.hold2].cell_in, sign, t)
    if x.list >= 0:
        count(P, S, p, P.facilities[x.list].cell_no_bed, sign, t)
    if x.apart:
        count(P, S, p, h.cell_apart, sign, t)
        if adults(S, p) == 0 and children(S, p) > 0:
            count(P, S, p, h.cell_children_apart, sign, t)


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
    for row in range(P.head[0].n_codes * n_levels):
        g = S.flows[row]
        if g.parties > 0:
            r3 = S.flow_log[h.flow_n]
            h.flow_n += 1
            r3.interval = h.interval
            r3.code = row // n_levels
            r3.level = row % n_levels
            r3.people = g.people
            r3.parties = g.parties
            g.people = 0
            g.parties = 0
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
    for cell in P.present:
        total += S.cells[cell * n_levels].people
    h.interval += 1
    return total + h.ended == h.set_out
