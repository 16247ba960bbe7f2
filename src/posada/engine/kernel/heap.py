"""The future events: a ring of buckets for what is near, a list for what is far, a small heap for the bucket at hand.

Every event is put into the bucket of its time without being sorted; only the bucket at hand is kept in order, in a heap
of a few events. The ring turns: the bucket behind the one at hand is the farthest ahead. Far events are looked at
when the ring comes to the first of them. When buckets turn out too full or too empty, the ring is laid anew. The order
is that of (time, phase, serial, kind) whatever the buckets are, and the cost of an event does not grow with their
number. An event that does not count any more is dropped when its time comes.
"""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.kernel.memory import prefetch
from posada.engine.kernel.options import compiled, inlined

SAMPLES = 63
FULL = 1.5
"""Events to a bucket that are aimed at."""
SPARE = 1024
"""Events that the turns between two looks at the buffers may add."""
MANY = 4_000
"""Events from which on records are fetched into the cache before their turn."""
AHEAD = 8
"""How many buckets before it, in three steps."""
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
    if bucket <= h.ring_at:
        heap_push(S, t, serial, who, tag)
    elif bucket < h.ring_end:
        ring_push(S, np.int64(bucket), t, serial, who, tag)
    else:
        far_push(S, bucket, t, serial, who, tag)


@inlined
def far_push(S, bucket, t, serial, who, tag):
    """Put an event beyond the ring."""
    h = S.head[0]
    i = h.far_n
    if i >= len(S.far):
        h.room = at.OVERRUN
        return
    h.far_n = i + 1
    h.far_first = min(h.far_first, bucket)
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
    slot = bucket & (h.ring_n - 1)
    e = S.pending[node]
    fill(e, t, serial, who, tag)
    e.next = S.buckets[slot]
    S.buckets[slot] = node
    h.ring_events += 1


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
    """Whether the buffers of events may be too short for what comes next."""
    h = S.head[0]
    return h.far_n + h.ring_events + h.heap_n + h.parties_n + SPARE >= len(S.pending)


@compiled
def find_first(S):
    """Bring the next bucket with events to hand. False if there is no event at all."""
    h = S.head[0]
    while h.heap_n == 0:
        if h.ring_events == 0:
            if h.far_n == 0:
                return False
            lay_ring(S)
        elif h.turns + h.passed > h.tune_at:
            tune(S)
        last = h.ring_n - 1
        i = np.int64(h.ring_at) + 1
        began = i
        while S.buckets[i & last] < 0 and i < h.far_first and h.ring_events > 0:
            i += 1
        h.passed += i - began + 1
        if i >= h.far_first:
            h.ring_at = i - 1
            h.ring_end = i + last
            look_at_far(S)
            continue
        h.ring_at = i
        h.ring_end = i + last + 1
        if h.nodes_n > MANY:
            fetch_ahead(S, i, last)
        take_bucket(S, i & last)
    return True


@inlined
def take_bucket(S, slot):
    """Bring the events of a bucket to hand; their records are free."""
    h = S.head[0]
    node = S.buckets[slot]
    S.buckets[slot] = -1
    n = 0
    while node >= 0:
        e = S.pending[node]
        heap_push(S, e.t, e.serial, e.who, e.tag)
        after = e.next
        e.next = h.node_free
        h.node_free = node
        node = after
        n += 1
    h.ring_events -= n
    h.turns += n


@inlined
def fetch_ahead(S, i, last):
    """Begin to fetch the events of buckets to come, and the parties of those that come sooner."""
    node = S.buckets[(i + 3 * AHEAD) & last]
    if node >= 0:
        prefetch(S.pending[node])
    node = S.buckets[(i + 2 * AHEAD) & last]
    if node >= 0:
        prefetch(S.party[S.pending[node].who])
        node = S.pending[node].next
        if node >= 0:
            prefetch(S.pending[node])
    node = S.buckets[(i + AHEAD) & last]
    if node >= 0:
        node = S.pending[node].next
        if node >= 0:
            prefetch(S.party[S.pending[node].who])


@compiled
def look_at_far(S):
    """Move far events that the ring now reaches into it."""
    h = S.head[0]
    n = h.far_n
    kept = 0
    h.far_first = np.inf
    for i in range(n):
        e = S.far[i]
        bucket = np.floor((e.t - h.ring_t) * h.ring_rate)
        if bucket < h.ring_end:
            ring_push(S, np.int64(bucket), e.t, e.serial, e.who, e.tag)
        else:
            h.far_first = min(h.far_first, bucket)
            if kept < i:
                S.far[kept] = e
            kept += 1
    h.far_n = kept


@compiled
def tune(S):
    """Lay the ring anew if its buckets have been too full or too empty of late."""
    h = S.head[0]
    share = h.turns / max(1.0, float(h.passed))
    if 0.2 * FULL < share < 5.0 * FULL:
        h.turns = 0
        h.passed = 0
        return
    for slot in range(h.ring_n):
        node = S.buckets[slot]
        S.buckets[slot] = -1
        while node >= 0:
            e = S.pending[node]
            far_push(S, 0.0, e.t, e.serial, e.who, e.tag)
            node = e.next
    lay_ring(S)


@compiled
def lay_ring(S):
    """Lay the ring over the far events, a few to a bucket where they are densest, near the first. The ring is empty."""
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
    half = S.stack[n // 2] - first
    if half <= 0.0:
        half = S.stack[n - 1] - first
    rate = 0.5 * n_far / FULL / half if half > 0.0 else 1.0
    reach = (S.stack[n - 1] - first) * rate
    size = 64
    while size < reach and size * 2 <= len(S.buckets):
        size *= 2
    h.ring_n = size
    h.ring_at = -1.0
    h.ring_end = float(size)
    h.ring_t = first
    h.ring_rate = rate
    h.ring_events = 0
    h.node_free = -1
    h.nodes_n = 0
    h.turns = 0
    h.passed = 0
    h.tune_at = 4 * n_far + 1024
    look_at_far(S)


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
