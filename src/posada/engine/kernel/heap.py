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
SPARE = 1024
"""Events that the turns between two looks at the buffers may add."""
AHEAD = 12
"""How many events ahead parties are fetched into the cache."""
KIND_BITS = np.uint32(5)
KINDS = np.uint32(31)
GENERATIONS = np.uint32((1 << 27) - 1)
"""What an event keeps of a generation."""


@inlined
def tag_of(kind, gen):
    """The kind of an event and the generation that must still be its party's when it comes."""
    return np.uint32(kind) | (np.uint32(gen) << KIND_BITS)


@inlined
def phase_of(tag):
    """The phase of an event: kinds are numbered by it."""
    return np.int64((tag & KINDS) >> np.uint32(2))


@inlined
def rank(serial, tag):
    """The order of events at equal times: phase, serial, kind."""
    kind = np.uint64(tag & KINDS)
    return ((kind >> np.uint64(2)) << np.uint64(40)) | (np.uint64(serial) << np.uint64(8)) | kind


@inlined
def before(e, t, serial, tag):
    """Whether an event comes before another."""
    return e.t < t or (e.t == t and rank(e.serial, e.tag) < rank(serial, tag))


@inlined
def fill(e, t, serial, who, tag):
    """Write an event."""
    e.t = t
    e.serial = serial
    e.who = who
    e.tag = tag


@compiled
def push(S, t, serial, kind, who, gen):
    """Add an event. Never at infinity: what never happens is not an event."""
    if t == np.inf:
        return
    h = S.head[0]
    tag = tag_of(kind, gen)
    bucket = np.floor((t - h.ring_t) * h.ring_rate)
    if bucket <= h.ring_i:
        heap_push(S, t, serial, who, tag)
    elif bucket < h.ring_n:
        ring_push(S, np.int64(bucket), t, serial, who, tag)
    else:
        i = h.far_n
        if i >= len(S.far):
            h.room = at.OVERRUN
            return
        h.far_n = i + 1
        fill(S.far[i], t, serial, who, tag)


@inlined
def ring_push(S, bucket, t, serial, who, tag):
    """Put an event into a bucket of the ring."""
    h = S.head[0]
    node = h.node_free
    if node >= 0:
        h.node_free = S.pending[node].next
    else:
        node = h.nodes_n
        if node >= len(S.pending):
            h.room = at.OVERRUN
            return
        h.nodes_n = node + 1
    e = S.pending[node]
    fill(e, t, serial, who, tag)
    e.next = S.buckets[bucket]
    S.buckets[bucket] = node


@inlined
def heap_push(S, t, serial, who, tag):
    """Add to the heap of the bucket at hand."""
    h = S.head[0]
    i = h.heap_n
    if i >= len(S.heap):
        h.room = at.OVERRUN
        return
    h.heap_n = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if before(S.heap[up], t, serial, tag):
            break
        S.heap[i] = S.heap[up]
        i = up
    fill(S.heap[i], t, serial, who, tag)


@inlined
def events_short(S):
    """Whether the buffers of events may be too short for what comes next: a ring holds what was far, and a bucket all."""
    h = S.head[0]
    return h.far_n + h.nodes_n + h.heap_n + h.parties_n + SPARE >= len(S.pending)


@inlined
def take_node(S, node):
    """Bring an event to hand; its record is free."""
    h = S.head[0]
    e = S.pending[node]
    heap_push(S, e.t, e.serial, e.who, e.tag)
    e.next = h.node_free
    h.node_free = node


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
            take_node(S, j)
            if j + AHEAD < laid:
                prefetch(S.party[S.pending[j + AHEAD].who])
        node = S.buckets[i]
        S.buckets[i] = -1
        while node >= 0:
            after = S.pending[node].next
            take_node(S, node)
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
            fill(g, e.t, e.serial, e.who, e.tag)
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
    n = h.heap_n - 1
    h.heap_n = n
    if n == 0:
        return
    last = S.heap[n]
    t = last.t
    i = 0
    while True:
        c = 2 * i + 1
        if c >= n:
            break
        if c + 1 < n and before(S.heap[c + 1], S.heap[c].t, S.heap[c].serial, S.heap[c].tag):
            c += 1
        if not before(S.heap[c], t, last.serial, last.tag):
            break
        S.heap[i] = S.heap[c]
        i = c
    S.heap[i] = last


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
