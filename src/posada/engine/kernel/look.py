"""What a party sees: the places within its sight with their utilities, and where the parties of a group come from."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.express import evaluate
from posada.engine.kernel.luck import ODD, gumbel, race
from posada.engine.kernel.maths import exp
from posada.engine.kernel.options import compiled, inlined

SIGHT = np.uint64(0x5851F42D4C957F2D)
"""Added to a place's key for the draw of where a party sets out."""


@inlined
def is_open(P, S, link):
    """Whether people may set out along a link now."""
    return S.current[P.links[link].open] > 0.0


@inlined
def is_forced(P, S, link):
    """Whether those who leave the start of a link must take it now; False for none (-1)."""
    if link < 0:
        return False
    slot = P.links[link].forced
    return slot >= 0 and S.current[slot] > 0.0 and is_open(P, S, link)


@compiled
def add_link(P, S, link):
    """Add a link to the way that is looked at."""
    row = P.links[link]
    km = S.current[row.length]
    S.look[at.WAY_KM] += km
    S.look[at.WAY_HOURS] += km / S.current[row.speed]
    if row.cost >= 0:
        S.look[at.WAY_COST] += S.current[row.cost]
    if row.danger >= 0:
        S.look[at.WAY_DANGER] += S.current[row.danger]
    S.look[at.WAY_LINKS] += 1.0


@compiled
def first_link(P, S, v, origin):
    """The first link of a way, or -1 if there is none now."""
    view = P.views[v]
    if view.n > 0:
        return np.int64(P.lists[view.first])
    return np.int64(S.reach_next[origin * P.head[0].n_places + view.to])


@compiled
def look_along(P, S, v, origin):
    """Look along a way: its place and its measures into `look`; False if a link of it is closed."""
    view = P.views[v]
    S.look[0] = view.to
    for i in range(1, at.LOOK):
        S.look[i] = 0.0
    if view.n > 0:
        for i in range(view.first, view.first + view.n):
            if not is_open(P, S, P.lists[i]):
                return False
            add_link(P, S, np.int64(P.lists[i]))
        return True
    place = origin
    while place != view.to:
        link = np.int64(S.reach_next[place * P.head[0].n_places + view.to])
        if link < 0:
            return False
        add_link(P, S, link)
        place = np.int64(P.links[link].to)
    return True


@compiled
def utility(P, S, m, v, origin, p, t):
    """The utility of a way; minus infinity if it is closed."""
    if not look_along(P, S, v, origin):
        return -np.inf
    row = P.movements[m]
    return evaluate(P, S, row.expr, p, t) if row.expr >= 0 else S.current[row.slot]


@compiled
def keep_weights(P, S, m, origin, p, t):
    """Reckon and keep the weights of all ways from a place; they hold until a number changes."""
    k = m * P.head[0].n_places + origin
    top = -np.inf
    for v in range(P.view_first[k], P.view_first[k + 1]):
        u = utility(P, S, m, v, origin, p, t)
        S.view_weight[v] = u
        top = max(top, u) if u == u else np.nan
    for v in range(P.view_first[k], P.view_first[k + 1]):
        u = S.view_weight[v]
        S.view_weight[v] = exp(u - top) if u > -np.inf else 0.0
    S.view_version[k] = S.head[0].network
    return top == top and top < np.inf


@compiled
def choose_view(P, S, p, m, key, t):
    """The way that a party chooses: the largest utility + Gumbel draw of those open. -1: none; -2: not a number."""
    x = S.party[p]
    row = P.movements[m]
    origin = np.int64(x.place)
    k = m * P.head[0].n_places + origin
    if row.everywhere:
        find_ways(P, S)
    if not row.own and S.view_version[k] != S.head[0].network and not keep_weights(P, S, m, origin, p, t):
        return np.int64(-2)
    moves = np.int64(S.roam[p].moves)
    must = row.forced and any_forced(P, S, k, origin)
    best = np.int64(-1)
    top = -np.inf
    for v in range(P.view_first[k], P.view_first[k + 1]):
        if must and not is_forced(P, S, first_link(P, S, v, origin)):
            continue
        if row.own:
            u = utility(P, S, m, v, origin, p, t)
            if u != u or u == np.inf:
                return np.int64(-2)
            u += gumbel(x.key, key + P.views[v].key, moves)
        else:
            w = S.view_weight[v]
            if w <= 0.0:
                continue
            u = w / race(x.key, key + P.views[v].key, moves)
        if u > top:
            top = u
            best = v
    return best


@compiled
def any_forced(P, S, k, origin):
    """Whether those who leave a place must take a certain link."""
    for v in range(P.view_first[k], P.view_first[k + 1]):
        link = first_link(P, S, v, origin)
        if is_forced(P, S, link):
            return True
    return False


@compiled
def find_ways(P, S):
    """The shortest open way from every place to every other: the next link and the length; kept until a change."""
    n = np.int64(P.head[0].n_places)
    last = len(S.view_version) - 1
    if S.view_version[last] == S.head[0].network:
        return
    S.view_version[last] = S.head[0].network
    for i in range(n * n):
        S.reach_next[i] = -1
        S.reach_km[i] = np.inf
    for i in range(n):
        S.reach_km[i * n + i] = 0.0
    for link in range(len(P.links)):
        row = P.links[link]
        if row.from_ != row.to and is_open(P, S, link):
            i = np.int64(row.from_) * n + row.to
            if S.current[row.length] < S.reach_km[i]:
                S.reach_km[i] = S.current[row.length]
                S.reach_next[i] = link
    for k in range(n):
        for i in range(n):
            to_k = S.reach_km[i * n + k]
            if i == k or to_k == np.inf:
                continue
            for j in range(n):
                km = to_k + S.reach_km[k * n + j]
                if km < S.reach_km[i * n + j]:
                    S.reach_km[i * n + j] = km
                    S.reach_next[i * n + j] = S.reach_next[i * n + k]


@compiled
def source_weight(P, S, g, place, p, t):
    """The weight of a place among those where a group's parties set out."""
    row = P.groups[g]
    S.look[0] = place
    w = evaluate(P, S, row.weight_expr, p, t) if row.weight_expr >= 0 else S.current[row.weight_slot]
    return max(0.0, w)


@compiled
def draw_place(P, S, p, g, t):
    """Where a party sets out: the place with the largest log(weight) + Gumbel draw."""
    n = np.int64(P.head[0].n_places)
    row = P.groups[g]
    stale = S.source_version[g] != S.head[0].network
    if row.weight_own or stale:
        for place in range(n):
            S.source_weight[g * n + place] = source_weight(P, S, g, place, p, t)
        S.source_version[g] = S.head[0].network
    best = -np.inf
    found = np.int64(-1)
    for place in range(n):
        w = S.source_weight[g * n + place]
        if w > 0.0:
            v = w / race(S.party[p].key, (P.places[place].key ^ SIGHT) + ODD, 0)
            if v > best:
                best = v
                found = place
    if found < 0:
        S.head[0].wrong = at.ERR_NO_SOURCE
        S.head[0].error_step = row.step
        S.head[0].error_serial = S.party[p].serial
        return np.int64(0)
    return found
