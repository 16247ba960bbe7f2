"""Being at a place and leaving it, for whoever moves; and whose step went wrong."""

from __future__ import annotations

from posada.engine.kernel.count import count, happened
from posada.engine.kernel.options import compiled
from posada.engine.kernel.rooms import give_back_bed, leave_list


@compiled
def fail(S, p, code):
    """Remember whose step went wrong."""
    S.head[0].error_step = S.party[p].step
    S.head[0].error_serial = S.party[p].serial
    return code


@compiled
def leave_place(P, S, p, t):
    """Leave a place for a way: beds and lists there are given up."""
    x = S.party[p]
    if P.head[0].held:
        leave_list(P, S, p, t)
        give_back_bed(P, S, p, t)
    if x.place >= 0:
        count(P, S, p, P.places[x.place].cell, -1, t)
        happened(P, S, p, P.places[x.place].code_left)
    x.place = -1


@compiled
def come_to(P, S, p, place, t):
    """Be at a place."""
    S.party[p].place = place
    count(P, S, p, P.places[place].cell, 1, t)
    happened(P, S, p, P.places[place].code_arrived)
