"""What is made of a run's logs: one row for each key of the log of waits, and rows as columns."""

from __future__ import annotations

import numpy as np
from numba import njit

from posada.engine import layout as at

OPTIONS = {"nogil": True, "error_model": "numpy"}
BLOCK, LANES = 128, 8
LEVELS = np.uint64((1 << at.KEY_BIN) - 1)


@njit(**OPTIONS)
def bits(key, first, after):
    """A part of a packed key."""
    return np.int64((key >> np.uint64(first)) & np.uint64((1 << (after - first)) - 1))


@njit(**OPTIONS)
def unpack(key, row):
    """Write the parts of a key."""
    row.interval = np.int64(key >> np.uint64(at.KEY_INTERVAL)) - 1
    row.code = bits(key, at.KEY_CODE, at.KEY_INTERVAL)
    row.bin = bits(key, at.KEY_BIN, at.KEY_CODE)
    row.level = bits(key, 0, at.KEY_BIN)


@njit(**OPTIONS)
def in_lanes(values, first, n):
    """The sum of some values in eight lanes."""
    if n < LANES:
        total = -0.0
        for i in range(first, first + n):
            total += values[i]
        return total
    a, b, c, d = values[first], values[first + 1], values[first + 2], values[first + 3]
    e, f, g, h = values[first + 4], values[first + 5], values[first + 6], values[first + 7]
    whole = n - n % LANES
    for i in range(first + LANES, first + whole, LANES):
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
        e += values[i + 4]
        f += values[i + 5]
        g += values[i + 6]
        h += values[i + 7]
    total = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in range(first + whole, first + n):
        total += values[i]
    return total


@njit(**OPTIONS)
def pairwise(values, first, n):
    """The sum of some values by halves, then in lanes, as NumPy adds them: its error grows with log n."""
    if n <= BLOCK:
        return in_lanes(values, first, n)
    firsts, numbers, halves = np.empty(64, np.int64), np.empty(64, np.int64), np.empty(64, np.int64)
    left = np.empty(64)
    total = 0.0
    depth = 0
    firsts[0], numbers[0], halves[0] = first, n, 0
    while depth >= 0:
        half = numbers[depth] // 2
        half -= half % LANES
        if numbers[depth] <= BLOCK:
            total = in_lanes(values, firsts[depth], numbers[depth])
            depth -= 1
        elif halves[depth] == 0:
            halves[depth] = 1
            firsts[depth + 1], numbers[depth + 1], halves[depth + 1] = firsts[depth], half, 0
            depth += 1
        elif halves[depth] == 1:
            left[depth] = total
            halves[depth] = 2
            firsts[depth + 1], numbers[depth + 1] = firsts[depth] + half, numbers[depth] - half
            halves[depth + 1] = 0
            depth += 1
        else:
            total = left[depth] + total
            depth -= 1
    return total


@njit(**OPTIONS)
def total_of(values, n):
    """The sum of the first values, as `numpy.add.reduceat` has it: the first, and the sum of the others."""
    return values[0] + pairwise(values, 1, n - 1) if n > 1 else values[0]


@njit(**OPTIONS)
def sort_few(order, first, last):
    """Sort a short stretch: rows of one key are added in the order in which they were logged."""
    for i in range(first + 1, last):
        x = order[i]
        j = i
        while j > first and order[j - 1] > x:
            order[j] = order[j - 1]
            j -= 1
        order[j] = x


@njit(**OPTIONS)
def add_up(rows, order, i, days, row):
    """Add up the rows of the key that begins at place i of the order; the place of the next key."""
    key = rows[order[i]].key
    last = i + 1
    while last < len(order) and rows[order[last]].key == key:
        last += 1
    if last > i + 1:
        sort_few(order, i, last)
    unpack(key, row)
    row.people = 0
    row.parties = 0
    for j in range(i, last):
        other = rows[order[j]]
        row.people += other.people
        row.parties += other.parties
        days[j - i] = other.days
    row.days = total_of(days, last - i)
    return last


@njit(**OPTIONS)
def put_total(waits, begins, ends, first, n, days):
    """Fill the row before those of one interval, code and bin with their total; whether any level counts in it."""
    row = waits[begins]
    row.interval = waits[begins + 1].interval
    row.code = waits[begins + 1].code
    row.bin = waits[begins + 1].bin
    row.level = 0
    row.people = 0
    row.parties = 0
    counts = False
    for i in range(begins + 1, ends):
        other = waits[i]
        days[i - begins - 1] = 0.0
        if first <= other.level < first + n:
            counts = True
            row.people += other.people
            row.parties += other.parties
            days[i - begins - 1] = other.days
    row.days = total_of(days, ends - begins - 1)
    return counts


@njit(**OPTIONS)
def gather(rows, order, first, n, waits):
    """Add up the rows of each key, in order of key, with the totals over n levels from `first` on; how many rows."""
    days = np.empty(len(rows) + 1)
    i, k = 0, 0
    while i < len(order):
        begins = k
        k += n > 0
        whole = rows[order[i]].key & ~LEVELS
        while i < len(order) and rows[order[i]].key & ~LEVELS == whole:
            i = add_up(rows, order, i, days, waits[k])
            k += 1
        if n > 0 and not put_total(waits, begins, k, first, n, days):
            for j in range(begins, k - 1):
                waits[j] = waits[j + 1]
            k -= 1
    return k


@njit(**OPTIONS)
def split(words, doubles, place, wanted, warm_up, first, whole, real):
    """Write rows as columns, from `first` on: those after the warm-up whose second number is wanted; where they end."""
    k = first
    for i in range(len(words)):
        if words[i, 0] >= warm_up and wanted[words[i, 1]]:
            for c in range(whole.shape[0]):
                whole[c, k] = words[i, c]
            if place >= 0:
                real[k] = doubles[i, place]
            k += 1
    return k
