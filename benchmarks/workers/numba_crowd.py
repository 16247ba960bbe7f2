"""The crowd as bare Numba loops: with a binary heap, and with a calendar queue (Brown 1988)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numba_parts import OPTIONS, drop_first, exponential, schedule


@njit(**OPTIONS)
def crowd_with_heap(people, moves, luck):
    """Everybody's moves through one heap; returns the events and the mean time on the way."""
    times = np.empty(people)
    serials = np.empty(people, np.int64)
    who = np.empty(people, np.int64)
    left = np.full(people, moves, np.int32)
    n = 0
    serial = 0
    for p in range(people):
        n = schedule(times, serials, who, n, exponential(luck, 1.0), serial, p)
        serial += 1
    done = 0
    total = 0.0
    while n > 0:
        now = times[0]
        p = who[0]
        n = drop_first(times, serials, who, n)
        done += 1
        left[p] -= 1
        if left[p] > 0:
            n = schedule(times, serials, who, n, now + exponential(luck, 1.0), serial, p)
            serial += 1
        else:
            total += now
    return done, total / people


@njit(**OPTIONS)
def crowd_with_calendar(people, moves, luck):
    """The same through a ring of buckets, a few events wide; each bucket is sorted when its turn comes."""
    per_day = people / 4.0
    ring = 1 << math.ceil(math.log2(max(64.0, 16.0 * per_day)))
    times = np.empty(people)
    after = np.empty(people, np.int32)
    left = np.full(people, moves, np.int32)
    first = np.full(ring, -1, np.int32)
    hand = np.empty(max(256, people // 64), np.int32)
    for p in range(people):
        times[p] = exponential(luck, 1.0)
        b = int(times[p] * per_day) & (ring - 1)
        after[p] = first[b]
        first[b] = p
    alive = people
    done = 0
    total = 0.0
    before = 0.0
    bucket = 0
    while alive > 0:
        p = first[bucket & (ring - 1)]
        n = 0
        later = -1  # whose bucket comes a turn of the ring later
        while p >= 0:
            q = after[p]
            if int(times[p] * per_day) == bucket:
                n = put(hand, times, 0, n, p)
            else:
                after[p] = later
                later = p
            p = q
        first[bucket & (ring - 1)] = later
        i = 0
        while i < n:
            p = hand[i]
            i += 1
            now = times[p]
            if now < before:
                return -1, 0.0
            before = now
            done += 1
            left[p] -= 1
            if left[p] == 0:
                alive -= 1
                total += now
                continue
            now += exponential(luck, 1.0)
            times[p] = now
            b = int(now * per_day)
            if b == bucket:
                n = put(hand, times, i, n, p)
            else:
                b &= ring - 1
                after[p] = first[b]
                first[b] = p
        bucket += 1
    return done, total / people


@njit(inline="always")
def put(hand, times, start, n, p):
    """Insert into the sorted bucket at hand, not before `start`; ties go to the lower number."""
    at = n
    while at > start and (times[hand[at - 1]] > times[p] or (times[hand[at - 1]] == times[p] and hand[at - 1] > p)):
        hand[at] = hand[at - 1]
        at -= 1
    hand[at] = p
    return n + 1
