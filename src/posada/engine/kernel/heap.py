"""The future events: a 4-ary heap ordered by (time, phase, serial, kind), with lazy cancellation."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.options import compiled


@compiled
def push(S, t, phase, serial, kind, who, gen):
    """Add an event. Never at infinity: what never happens is not an event."""
    if t == np.inf:
        return
    h = S.head[0]
    heap = S.heap
    order = (np.uint64(phase) << np.uint64(60)) | (np.uint64(serial) << np.uint64(4)) | np.uint64(kind)
    i = h.heap_n
    if i >= len(heap):
        h.room = 9
        return
    h.heap_n = i + 1
    while i > 0:
        up = (i - 1) >> 2
        if heap[up].t < t or (heap[up].t == t and heap[up].order < order):
            break
        heap[i] = heap[up]
        i = up
    e = heap[i]
    e.t = t
    e.order = order
    e.who = who
    e.gen = gen


@compiled
def drop_first(S):
    """Remove the first event."""
    h = S.head[0]
    heap = S.heap
    n = h.heap_n - 1
    h.heap_n = n
    if n == 0:
        return
    t = heap[n].t
    order = heap[n].order
    i = 0
    while True:
        c = 4 * i + 1
        if c >= n:
            break
        best = c
        for j in range(c + 1, min(c + 4, n)):
            if heap[j].t < heap[best].t or (heap[j].t == heap[best].t and heap[j].order < heap[best].order):
                best = j
        if t < heap[best].t or (t == heap[best].t and order < heap[best].order):
            break
        heap[i] = heap[best]
        i = best
    heap[i] = heap[n]


@compiled
def schedule(S, p):
    """The party waits for an event of its own; whatever it waited for before does not count any more."""
    x = S.party[p]
    x.gen += np.uint32(1)
    x.status = at.TIMED


@compiled
def make_ready(S, p):
    """Put a party at the end of those that go on now."""
    h = S.head[0]
    x = S.party[p]
    x.status = at.READY
    x.next = -1
    if h.ready < 0:
        h.ready = p
    else:
        S.party[h.ready_last].next = p
    h.ready_last = p
