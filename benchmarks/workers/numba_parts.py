"""What the bare Numba loops share: random numbers, and a binary heap of future events over plain arrays."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit, uint64

OPTIONS = {"cache": True, "error_model": "numpy"}


def luck_of(seed: int) -> Any:
    """The state of the generator (splitmix64)."""
    return np.array([seed * 0xD1342543DE82EF95 % 2**64], np.uint64)


@njit(inline="always")
def uniform(luck):
    """A number in (0, 1]."""
    luck[0] += uint64(0x9E3779B97F4A7C15)
    z = luck[0]
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return float(((z ^ (z >> uint64(31))) >> uint64(11)) + uint64(1)) * 1.1102230246251565e-16


@njit(inline="always")
def exponential(luck, mean):
    """An exponential length of time."""
    return -mean * math.log(uniform(luck))


@njit(inline="always")
def schedule(times, serials, what, n, time, serial, event):
    """Add an event to the heap of n; ties go to the lower serial. Returns the number of events."""
    at = n
    while at > 0:
        parent = (at - 1) >> 1
        if times[parent] < time or (times[parent] == time and serials[parent] < serial):
            break
        times[at] = times[parent]
        serials[at] = serials[parent]
        what[at] = what[parent]
        at = parent
    times[at] = time
    serials[at] = serial
    what[at] = event
    return n + 1


@njit(inline="always")
def drop_first(times, serials, what, n):
    """Take the first event off the heap of n. Returns the number of events."""
    n -= 1
    time, serial, event = times[n], serials[n], what[n]
    at = 0
    child = 1
    while child < n:
        beside = child + 1
        if beside < n and (
            times[beside] < times[child] or (times[beside] == times[child] and serials[beside] < serials[child])
        ):
            child = beside
        if times[child] > time or (times[child] == time and serials[child] > serial):
            break
        times[at] = times[child]
        serials[at] = serials[child]
        what[at] = what[child]
        at = child
        child = 2 * at + 1
    times[at] = time
    serials[at] = serial
    what[at] = event
    return n
