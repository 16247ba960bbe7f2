"""Local clocks: engine seconds to wall clocks with summer time, and travel within hours."""

from __future__ import annotations

import numpy as np

from posada.engine.kernel.options import compiled

DAY = 86400.0


@compiled
def offset(P, zone, t):
    """Local clock minus engine time at instant t, seconds."""
    i = P.zones[zone]
    last = P.zones[zone + 1] - 1
    while i < last and P.offsets[i + 1].t <= t:
        i += 1
    return P.offsets[i].offset


@compiled
def local_date(P, zone, t):
    """Local days since the scenario's first day."""
    return int(np.floor((t + offset(P, zone, t)) / DAY))


@compiled
def instant(P, zone, local, t):
    """Engine time of a local clock reading: of two the first, of none (skipped) an hour later; t is an instant near."""
    before = offset(P, zone, local - offset(P, zone, t) - DAY)
    found = local - before
    after = offset(P, zone, found)
    return local - after if after != before and offset(P, zone, local - after) == after else found


@compiled
def next_clock(P, zone, t, seconds):
    """The first instant strictly after t at which the local clock shows this time of day."""
    local = t + offset(P, zone, t)
    target = np.floor(local / DAY) * DAY + seconds
    if target <= local:
        target += DAY
    found = instant(P, zone, target, t)
    if found <= t:
        found = instant(P, zone, target + DAY, t)
    return found


@compiled
def moving_until(P, first, n, zone, t, seconds):
    """When a traveller who moves only within hours has moved for so many seconds."""
    if first < 0:
        return t + seconds
    now = t
    day = local_date(P, zone, t) - 1
    for d in range(day, day + 40000):
        weekday = (P.head[0].weekday + d) % 7
        for i in range(first, first + n):
            w = P.windows[i]
            if (w.days >> weekday) & 1:
                end = instant(P, zone, d * DAY + w.end, now)
                if end <= now:
                    continue
                start = max(now, instant(P, zone, d * DAY + w.start, now))
                if seconds <= end - start:
                    return start + seconds
                seconds -= max(0.0, end - start)
                now = end
    return np.inf
