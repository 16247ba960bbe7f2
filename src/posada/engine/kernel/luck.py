"""Draws: a counter-based hash of (party, purpose, count), and distributions by their inverse functions.

A draw is a function of its key, not of a moment in a stream, so two policies give each party the same luck
wherever they do not touch it.
"""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.maths import exp, gamma, log, normal_quantile, power, quick_log
from posada.engine.kernel.options import compiled, inlined, rare
from posada.engine.kernel.quantiles import beta_quantile, gamma_quantile

U32, U29, U11 = np.uint64(32), np.uint64(29), np.uint64(11)
M1, M2 = np.uint64(0xD6E8FEB86659FD93), np.uint64(0xA0761D6478BD642F)
GOLDEN, ODD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xE7037ED1A0B428DB)
PACE, PATIENCE, MEMBER = np.uint64(0x8EBC6AF09C88C6E3), np.uint64(0x589965CC75374CC3), np.uint64(0x1D8E4E27C47D124F)
ORDER, DUE = np.uint64(0xC2B2AE3D27D4EB4F), np.uint64(0x27D4EB2F165667C5)
"""Added to a step's key for its other draws, so that none of them meets a stage of an Erlang draw."""
SCALE = 1.0 / 9007199254740992.0


@inlined
def mix(x):
    """A bijection of 64 bits that spreads every bit (two xor-multiply rounds)."""
    x ^= x >> U32
    x *= M1
    x ^= x >> U29
    x *= M2
    x ^= x >> U32
    return x


@inlined
def derive(key, purpose, count):
    """The key of something made for a purpose, the count-th time."""
    return mix(mix(key ^ (purpose * GOLDEN)) + (np.uint64(count) + np.uint64(1)) * ODD)


@inlined
def uniform(key, purpose, count):
    """One uniform in (0, 1)."""
    return (np.float64(derive(key, purpose, count) >> U11) + 0.5) * SCALE


@compiled
def gumbel(key, purpose, count):
    """One standard Gumbel draw."""
    return -quick_log(-quick_log(uniform(key, purpose, count)))


@inlined
def race(key, purpose, count):
    """One unit exponential: of options with shares, the one with the smallest draw / share wins.

    This is the same choice as the largest log(share) + Gumbel(option), with one logarithm instead of three.
    """
    return -quick_log(uniform(key, purpose, count))


@compiled
def sample(P, S, dist, key, purpose, count, t):
    """A duration in seconds (or a plain factor) from distribution `dist`, at instant t."""
    d = P.dists[dist]
    if d.kind == at.DIST_EXPONENTIAL:
        return -S.current[d.p] * quick_log(uniform(key, purpose, count))
    if d.kind == at.DIST_FIXED:
        return S.current[d.p]
    return sample_other(P, S, dist, key, purpose, count, t)


@rare
def sample_other(P, S, dist, key, purpose, count, t):
    """From a distribution that is neither exponential nor a fixed number."""
    d = P.dists[dist]
    kind = d.kind
    a = S.current[d.p]
    u = uniform(key, purpose, count)
    if kind == at.DIST_UNIFORM:
        return a + (S.current[d.q] - a) * u
    if kind == at.DIST_TRIANGULAR:
        mode, high = S.current[d.q], S.current[d.r]
        if not high > a:
            return a
        cut = (mode - a) / (high - a)
        if u < cut:
            return a + np.sqrt(u * (high - a) * (mode - a))
        return high - np.sqrt((1.0 - u) * (high - a) * (high - mode))
    if kind == at.DIST_LOGNORMAL:
        return a * exp(log(S.current[d.q]) / 1.6448536269514722 * normal_quantile(u))
    if kind == at.DIST_WEIBULL:
        return a * power(-quick_log(u), 1.0 / S.current[d.q])
    if kind == at.DIST_ERLANG:
        stages = int(S.current[d.q] + 0.5)
        total = -log(u)
        for i in range(1, stages):
            total -= log(uniform(key, purpose + np.uint64(i) * ODD, count))
        return a * total / stages
    if kind == at.DIST_DAILY_CHANCE:
        return daily_chance(P, S, d.p, u, t)
    return by_inverse(P, S, dist, u)


@compiled
def by_inverse(P, S, dist, u):
    """The distributions whose inverse takes longer."""
    d = P.dists[dist]
    a = S.current[d.p]
    if d.kind == at.DIST_LOGNORMAL_MEAN:
        cv = S.current[d.q]
        return a / np.sqrt(1.0 + cv * cv) * exp(np.sqrt(log(1.0 + cv * cv)) * normal_quantile(u))
    if d.kind == at.DIST_GAMMA:
        return a / S.current[d.q] * gamma_quantile(S.current[d.q], u)
    if d.kind == at.DIST_PERT:
        mode, high = S.current[d.q], S.current[d.r]
        if not high > a:
            return a
        share = 4.0 * (mode - a) / (high - a)
        return a + (high - a) * beta_quantile(1.0 + share, 5.0 - share, u)
    if d.kind == at.DIST_EMPIRICAL:
        return P.samples[d.q + min(d.r - 1, np.int64(np.floor(u * d.r)))]
    return hyperexponential(S, d.p, d.q, d.r, u)


@compiled
def hyperexponential(S, mean, n, share, u):
    """The time that a mixture of exponentials outlasts with probability u: Newton from below on a convex function."""
    total = 0.0
    for i in range(n):
        total += S.current[share + i]
    x = 0.0
    for i in range(n):
        weight = S.current[share + i] / total
        if weight > u:
            x = max(x, S.current[mean + i] * log(weight / u))
    for _ in range(60):
        tail, slope = 0.0, 0.0
        for i in range(n):
            m = S.current[mean + i]
            if m > 0.0:
                part = S.current[share + i] / total * exp(-x / m)
                tail += part
                slope += part / m
        step = (tail - u) / slope if slope > 0.0 else 0.0
        if not step > 1e-13 * x:
            break
        x += step
    return x


@compiled
def mean_of(P, S, dist):
    """The mean of a distribution at its present parameters."""
    d = P.dists[dist]
    kind = d.kind
    a = S.current[d.p]
    if kind == at.DIST_UNIFORM:
        return (a + S.current[d.q]) / 2.0
    if kind == at.DIST_TRIANGULAR:
        return (a + S.current[d.q] + S.current[d.r]) / 3.0
    if kind == at.DIST_LOGNORMAL:
        sigma = log(S.current[d.q]) / 1.6448536269514722
        return a * exp(sigma * sigma / 2.0)
    if kind == at.DIST_WEIBULL:
        return a * gamma(1.0 + 1.0 / S.current[d.q])
    if kind == at.DIST_DAILY_CHANCE:
        return 86400.0 / a if a > 0.0 else np.inf
    if kind == at.DIST_PERT:
        return (a + 4.0 * S.current[d.q] + S.current[d.r]) / 6.0
    if kind == at.DIST_HYPEREXPONENTIAL:
        total, weight = 0.0, 0.0
        for i in range(d.q):
            total += S.current[d.p + i] * S.current[d.r + i]
            weight += S.current[d.r + i]
        return total / weight
    return a


@compiled
def daily_chance(P, S, slot, u, t):
    """Whole days until the first success of daily trials whose chance follows the slot's later changes."""
    row = P.slots[slot]
    p = S.current[slot]
    i = row.change_first
    last = row.change_first + row.change_n
    while i < last and P.changes[i].t <= t:
        i += 1
    alive = log(u)  # success when the log of the chance of still waiting has fallen below this
    day = 0
    while True:
        until = P.changes[i].t if i < last else np.inf
        days = np.inf if until == np.inf else np.ceil((until - t) / 86400.0) - 1 - day
        if days < 0:
            days = 0.0
        if p >= 1.0 and days >= 1.0:
            return 86400.0 * (day + 1)
        step = log(1.0 - p) if 0.0 < p < 1.0 else 0.0
        if step < 0.0:
            need = np.ceil(alive / step)
            if need < 1.0:
                need = 1.0
            if need <= days:
                return 86400.0 * (day + need)
            alive -= step * days
        if until == np.inf:
            return np.inf
        day += days
        p = S.values[P.changes[i].value]
        i += 1
