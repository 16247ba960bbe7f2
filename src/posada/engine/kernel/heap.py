"""The future events: a ring of buckets for what is near, a list for what is far, a small heap for the bucket at hand.

Every event is put into the bucket of its time without being sorted; only the bucket at hand is kept in order, in a
heap of a few events. When the ring is used up, it is laid anew over the nearer half of the far events. The order is
that of (time, phase, serial, kind) whatever the buckets are, and the cost of an event does not grow with their number.
An event that does not count any more is dropped when its time comes.
"""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.memory import prefetch
from posada.engine.kernel.options import compiled, inlined

SAMPLES = 63
AHEAD = 12
"""How many events ahead parties are fetched into the cache."""


@inlined
def order_of(phase, serial, kind):
    """The order of events at equal times."""
    return (np.uint64(phase) << np.uint64(60)) | (np.uint64(serial) << np.uint64(4)) | np.uint64(kind)


@compiled
def push(S, t, phase, serial, kind, who, gen):
    """Add an event. Never at infinity: what never happens is not an event."""
    if t == np.inf:
        return
    h = S.head[0]
    order = order_of(phase, serial, kind)
    bucket = np.floor((t - h.ring_t) * h.ring_rate)
    if bucket <= h.ring_i:
        heap_push(S, t, order, who, gen)
    elif bucket < h.ring_n:
        ring_push(S, np.int64(bucket), t, order, who, gen)
    else:
        i = h.far_n
        if i >= len(S.far):
            h.room = 9
            return
        h.far_n = i + 1
        e = S.far[i]
        e.t = t
        e.order = order
        e.who = who
        e.gen = gen


@inlined
def ring_push(S, bucket, t, order, who, gen):
    """Put an event into a bucket of the ring."""
    h = S.head[0]
    node = h.node_free
    if node >= 0:
        h.node_free = S.pending[node].next
    else:
        node = h.nodes_n
        if node >= len(S.pending):
            h.room = 9
            return
        h.nodes_n = node + 1
    e = S.pending[node]
    e.t = t
    e.order = order
    e.who = who
    e.gen = gen
    e.next = S.buckets[bucket]
    S.buckets[bucket] = node


@inlined
def heap_push(S, t, order, who, gen):
    """Add to the heap of the bucket at hand."""
    h = S.head[0]
    heap = S.heap
    i = h.heap_n
    if i >= len(heap):
        h.room = 9
        return
    h.heap_n = i + 1
    while i > 0:
        up = (i - 1) >> 1
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
def find_first(S):
    """Bring the next bucket with events to hand. False if there is no event at all."""
    h = S.head[0]
    while h.heap_n == 0:
        i = h.ring_i + 1
        n = h.ring_n
        while i < n and S.buckets[i] < 0 and S.starts[i] == S.starts[i + 1]:
            i += 1
        if i >= n:
            h.ring_i = n
            if h.far_n == 0:
                return False
            lay_ring(S)
            continue
        h.ring_i = i
        laid = S.starts[n]
        for j in range(S.starts[i], S.starts[i + 1]):
            e = S.pending[j]
            heap_push(S, e.t, e.order, e.who, e.gen)
            if j + AHEAD < laid:
                prefetch(S.party[S.pending[j + AHEAD].who])
        node = S.buckets[i]
        S.buckets[i] = -1
        while node >= 0:
            e = S.pending[node]
            heap_push(S, e.t, e.order, e.who, e.gen)
            after = e.next
            e.next = h.node_free
            h.node_free = node
            node = after
    return True


@compiled
def lay_ring(S):
    """Lay the ring over the nearer part of the far events, about one event to a bucket. The old ring is empty."""
    h = S.head[0]
    n_far = h.far_n
    every = n_far // SAMPLES + 1
    first = np.inf
    n = 0
    for i in range(n_far):
        t = S.far[i].t
        first = min(first, t)
        if i % every == 0:
            S.stack[n] = t
            n += 1
    for j in range(1, n):  # insertion sort of a small sample
        x = S.stack[j]
        k = j
        while k > 0 and S.stack[k - 1] > x:
            S.stack[k] = S.stack[k - 1]
            k -= 1
        S.stack[k] = x
    span = S.stack[n * 7 // 10] - first
    size = 64
    while size < n_far and size * 2 <= len(S.buckets):
        size *= 2
    h.ring_n = size
    h.ring_i = -1
    h.ring_t = first
    h.ring_rate = size / span if span > 0.0 else 1.0
    h.node_free = -1
    lay_out(S, n_far, first, size)


@compiled
def lay_out(S, n_far, first, size):
    """Write the near events into `pending` bucket by bucket (a counting sort); the others stay far, in their order."""
    h = S.head[0]
    for b in range(size + 1):
        S.starts[b] = 0
    for i in range(n_far):
        bucket = np.floor((S.far[i].t - first) * h.ring_rate)
        if bucket < size:
            S.starts[np.int64(bucket)] += 1
    total = 0
    for b in range(size + 1):
        count = S.starts[b]
        S.starts[b] = total
        total += count
    kept = 0
    for i in range(n_far):
        e = S.far[i]
        bucket = np.floor((e.t - first) * h.ring_rate)
        if bucket < size:
            b = np.int64(bucket)
            g = S.pending[S.starts[b]]
            S.starts[b] += 1
            g.t = e.t
            g.order = e.order
            g.who = e.who
            g.gen = e.gen
        else:
            S.far[kept] = e
            kept += 1
    for b in range(size, 0, -1):
        S.starts[b] = S.starts[b - 1]
    S.starts[0] = 0
    h.nodes_n = total
    h.far_n = kept


@inlined
def drop_first(S):
    """Remove the first event of the heap."""
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
        c = 2 * i + 1
        if c >= n:
            break
        if c + 1 < n and (
            heap[c + 1].t < heap[c].t or (heap[c + 1].t == heap[c].t and heap[c + 1].order < heap[c].order)
        ):
            c += 1
        if t < heap[c].t or (t == heap[c].t and order < heap[c].order):
            break
        heap[i] = heap[c]
        i = c
    heap[i] = heap[n]


@inlined
def schedule(S, p):
    """The party waits for an event of its own; whatever it waited for before does not count any more."""
    x = S.party[p]
    x.gen += np.uint32(1)
    x.status = at.TIMED


@inlined
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
