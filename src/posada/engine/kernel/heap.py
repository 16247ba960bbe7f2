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
from posada.engine.kernel.options import compiled, inlined, rare

SAMPLES = 63
FULL, EMPTY, SMALL = 1.5, 0.7, 50_000
"""Events to a bucket that are aimed at: fewer while the cache of the processor holds so many buckets more."""
SPARE = 2048
"""Events that the turns between two looks at the buffers may add."""
MANY = 4_000
"""Events from which on records are fetched into the cache before their turn."""
AHEAD = 8
"""How many buckets before it, in three steps."""
GENERATIONS = np.uint32((1 << 27) - 1)
"""What an event keeps of a generation."""
SERIAL, KIND, PHASE = np.uint64(29), np.uint64(27), np.uint64(61)
"""Where the parts of an event's order begin, in bits: above the generation the kind within its phase, above that the
serial, then the phase."""


@inlined
def order_of(serial, kind, gen):
    """The order of events at equal times, phase, serial, kind, and the generation that must be its party's still."""
    k = np.uint64(kind)
    first = ((k >> np.uint64(2)) << PHASE) | (np.uint64(serial) << SERIAL)
    return first | ((k & np.uint64(3)) << KIND) | (np.uint64(gen) & np.uint64(GENERATIONS))


@inlined
def phase_of(order):
    """The phase of an event."""
    return np.int64(order >> PHASE)


@inlined
def kind_of(order):
    """The kind of an event: four times its phase, and which of that."""
    return np.int64(((order >> PHASE) << np.uint64(2)) | ((order >> KIND) & np.uint64(3)))


@inlined
def generation_of(order):
    """The generation of an event."""
    return np.int64(order & np.uint64(GENERATIONS))


@inlined
def before(e, t, order):
    """Whether an event comes before another."""
    return e.t < t or (e.t == t and e.order < order)


@inlined
def comes_before(e, f):
    """1 if an event comes before another, else 0: reckoned, as no processor could foresee which of two it is."""
    return np.int64(e.t < f.t) | (np.int64(e.t == f.t) & np.int64(e.order < f.order))


@inlined
def fill(e, t, order, who):
    """Write an event."""
    e.t = t
    e.order = order
    e.who = who


@compiled
def push(S, t, serial, kind, who, gen):
    """Add an event. Never at infinity: what never happens is not an event."""
    if t == np.inf:
        return
    h = S.head[0]
    order = order_of(serial, kind, gen)
    bucket = np.floor((t - h.ring_t) * h.ring_rate)
    if bucket <= h.ring_at:
        heap_push(S, t, order, who)
    elif bucket < h.ring_end:
        ring_push(S, np.int64(bucket), t, order, who)
    else:
        far_push(S, bucket, t, order, who)


@inlined
def far_push(S, bucket, t, order, who):
    """Put an event beyond the ring."""
    h = S.head[0]
    i = h.far_n
    if i >= len(S.far):
        h.room = at.OVERRUN
        return
    h.far_n = i + 1
    h.far_first = min(h.far_first, bucket)
    fill(S.far[i], t, order, who)


@inlined
def ring_push(S, bucket, t, order, who):
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
    fill(e, t, order, who)
    e.next = S.buckets[slot]
    S.buckets[slot] = node
    h.ring_events += 1


@inlined
def heap_push(S, t, order, who):
    """Add to the heap of the bucket at hand."""
    h = S.head[0]
    i = h.heap_n
    if i >= len(S.heap):
        h.room = at.OVERRUN
        return
    h.heap_n = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if before(S.heap[up], t, order):
            break
        S.heap[i] = S.heap[up]
        i = up
    fill(S.heap[i], t, order, who)


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
        while S.buckets[i & last] < 0 and i < h.far_first:
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
    """Bring the events of a bucket, which has some, to hand; their records are free."""
    h = S.head[0]
    node = np.int64(S.buckets[slot])
    S.buckets[slot] = -1
    e = S.pending[node]
    fill(S.heap[0], e.t, e.order, e.who)
    h.heap_n = 1
    n = 1
    after = np.int64(e.next)
    while after >= 0:
        e = S.pending[after]
        heap_push(S, e.t, e.order, e.who)
        after = np.int64(e.next)
        n += 1
    e.next = h.node_free
    h.node_free = node
    h.ring_events -= n
    h.turns += n


@inlined
def fetch_ahead(S, i, last):
    """Begin to fetch the events of buckets to come, and the parties of those that come sooner; or any."""
    node = np.int64(S.buckets[(i + 3 * AHEAD) & last])
    prefetch(S.pending[max(0, node)])
    e = S.pending[max(0, np.int64(S.buckets[(i + 2 * AHEAD) & last]))]
    prefetch(S.party[e.who])
    prefetch(S.pending[max(0, np.int64(e.next))])
    e = S.pending[max(0, np.int64(S.buckets[(i + AHEAD) & last]))]
    e = S.pending[max(0, np.int64(e.next))]
    prefetch(S.party[e.who])


@rare
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
            ring_push(S, np.int64(bucket), e.t, e.order, e.who)
        else:
            h.far_first = min(h.far_first, bucket)
            if kept < i:
                S.far[kept] = e
            kept += 1
    h.far_n = kept


@inlined
def aim(events):
    """Events to a bucket that are aimed at."""
    return FULL if events > SMALL else EMPTY


@rare
def tune(S):
    """Lay the ring anew if its buckets have been too full or too empty of late."""
    h = S.head[0]
    share = h.turns / max(1.0, float(h.passed))
    full = aim(h.ring_events)
    if 0.2 * full < share < 5.0 * full:
        h.turns = 0
        h.passed = 0
        return
    for slot in range(h.ring_n):
        node = S.buckets[slot]
        S.buckets[slot] = -1
        while node >= 0:
            e = S.pending[node]
            far_push(S, 0.0, e.t, e.order, e.who)
            node = e.next
    lay_ring(S)


@rare
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
    rate = 0.5 * n_far / aim(n_far) / half if half > 0.0 else 1.0
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
        c += comes_before(S.heap[c + 1], S.heap[c])  # where there is no second one, that is the last, which stays
        if not before(S.heap[c], t, last.order):
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
