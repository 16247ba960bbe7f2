"""Histories, where they are wanted: what is known of each party's present step, and a row of it when it ends.

The tables `trace` and `history` are empty in a run without histories; all that such a run pays is to look at that.
"""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.tables import in_lean_loop


@inlined
def wanted(S):
    """Whether histories are kept."""
    return not in_lean_loop() and len(S.trace) > 0


@inlined
def history_short(S):
    """Whether what one turn of the loop may write does not fit: each party goes on once in it, one of them far."""
    return wanted(S) and S.head[0].history_n + len(S.party) + at.HISTORY_SPARE >= len(S.history)


@compiled
def first_step(S, p, number, parent, t):
    """A party has come into being: its number within its group, and whom it was parted from."""
    x = S.trace[p]
    x.number = number
    x.parent = parent
    x.nth = 0
    begin_step(S, p, t)


@inlined
def begin_step(S, p, t):
    """The next step begins, at the place where the party is."""
    x = S.trace[p]
    x.began = t
    x.started = np.nan
    x.place = S.party[p].place
    x.facility = -1
    x.how = at.HOW_DONE
    x.nth += 1


@inlined
def note_how(S, p, how):
    """How the present step ends: HOW_*, or the tally code of an option or an outcome."""
    if wanted(S):
        S.trace[p].how = how


@inlined
def note_start(S, p, t):
    """The journey of the present step begins."""
    if wanted(S):
        S.trace[p].started = t


@inlined
def note_wait(S, p, f, how, t):
    """A wait at a facility is over; if the party is served, that begins now."""
    if wanted(S):
        x = S.trace[p]
        x.facility = f
        x.how = at.HOW_SERVED - how
        if how == at.SERVED:
            x.started = t


@inlined
def note_bed(P, S, p):
    """Whether a `stay` step found a bed, and where; else on which shelter's list the party stands."""
    if wanted(S):
        y = S.held[p]
        S.trace[p].facility = y.bed if y.bed >= 0 else y.list
        S.trace[p].how = at.HOW_BED if y.bed >= 0 else at.HOW_NO_BED


@inlined
def note_end(P, S, p, t):
    """The present step is over, and the next begins."""
    if wanted(S):
        write(P, S, p, t)
        begin_step(S, p, t)


@rare
def write(P, S, p, t):
    """Write the row of a party's present step, which is over or cut off now."""
    h = S.head[0]
    n = h.history_n
    if n >= len(S.history):
        h.room = at.OVERRUN
        return
    h.history_n = n + 1
    x, y, r = S.party[p], S.trace[p], S.history[n]
    r.began = y.began
    r.started = y.started
    r.ended = t
    r.party = x.serial
    r.parent = y.parent
    r.number = y.number
    r.group = np.int64(x.group) - 1
    r.step = x.step
    r.place = y.place
    r.to = x.place
    r.facility = y.facility
    r.how = y.how
    r.people = x.people
    r.nth = y.nth
    write_levels(P, S, p, n)


@compiled
def write_levels(P, S, p, n):
    """The attributes that are recorded, but for the group; of sex and age, how many members are of each class."""
    column = 0
    for i in range(P.head[0].n_by):
        attribute = P.by[i].attribute
        if attribute > 0:
            S.history_levels[n, column] = S.info[p, attribute - 1]
            column += 1
        elif attribute < 0:
            for c in range(at.N_CLASSES):
                S.history_levels[n, column + c] = S.members[p, c] if P.head[0].members else 0
            if P.head[0].members == 0:
                S.history_levels[n, column + at.N_CLASSES - 1] = S.party[p].people
            column += at.N_CLASSES


@compiled
def write_present(P, S, first):
    """Write the rows of steps that are not over at the end, from a party on; returns the party to go on with."""
    p = first
    while p < S.head[0].parties_n and S.head[0].history_n < len(S.history):
        x = S.party[p]
        if x.status != at.FREE:
            if x.facility >= 0:
                S.trace[p].facility = x.facility
            S.trace[p].how = at.HOW_STILL_THERE
            write(P, S, p, S.head[0].now)
        p += 1
    return p
