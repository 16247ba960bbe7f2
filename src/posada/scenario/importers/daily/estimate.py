"""How many come, how much days differ, how fast the level moves: what counts up to a day tell."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt

from .counted import Line

DAY = timedelta(days=1)
WEEK = 7
Z90 = 1.6449
USUAL_STAY = 7.0
"""Days, where nothing is known of the length of stays."""
FIRST_DRIFT = 0.25
"""How far a level moves in a week, as the standard deviation of its logarithm, before counts tell."""
FIRST_DRIFT_OF_PRESENT = 0.12
"""The same where people present are counted, whose level moves less than that of arrivals."""
DRIFTS = (0.08, 0.12, 0.17, 0.25, 0.35, 0.5, 0.7)
FIRST_SPREAD, MOST_SPREAD = 3.0, 60.0
LEARN_EVERY = 21


@dataclass(frozen=True, slots=True)
class Belief:
    """What was believed of a number from a day on: median, 5th and 95th percentile."""

    since: date
    value: float
    low: float
    high: float


def by_day(line: Line, until: date) -> dict[date, float]:
    """The newest whole counts by day; what came over several days is spread over them."""
    found: dict[date, float] = {}
    for count in line.counts:
        if count.day <= until and (count.known is None or count.known <= until):
            days = (count.day - count.first).days + 1
            if count.figure.qualifier in ("exact", "about", "range") and days <= WEEK:
                for i in range(days):
                    found[count.first + i * DAY] = count.value / days
    return dict(sorted(found.items()))


def first_level(line: Line) -> float:
    """The mean of the first counts; the median of a few more where these are out of the way."""
    values = list(by_day(line, line.counts[-1].day).values())[:WEEK] or [1.0]
    return max(sum(values) / len(values), 0.3)


def week_means(days: dict[date, float]) -> list[tuple[float, int]]:
    """Means of weeks, counted back from the last day, the oldest first, and of how many counts each is."""
    last = max(days)
    weeks: dict[int, list[float]] = {}
    for day, value in days.items():
        weeks.setdefault((last - day).days // WEEK, []).append(value)
    return [(sum(v) / len(v), len(v)) for _, v in sorted(weeks.items(), reverse=True)]


def spread_of(days: dict[date, float]) -> float:
    """Variance over mean of days about the level of the days around them: 1 if people come one by one."""
    values = list(days.items())
    factors = weekday_factors(days) if differs_by_weekday(days) else {}
    found, weight = FIRST_SPREAD * 2, 2.0
    for i, (day, value) in enumerate(values):
        around = [v for d, v in values[max(0, i - 3) : i + 4] if d != day and abs((d - day).days) <= 4]
        if len(around) < 3:
            continue
        level = max(sum(around) / len(around), 0.5) * factors.get(day.weekday(), 1.0)
        own = min((value - level) ** 2 / level / (1 + 1 / len(around)), 4 * MOST_SPREAD)
        found, weight = found + own, weight + 1
    return min(max(found / weight, 1.0), MOST_SPREAD)


def spread_of_present(days: dict[date, float]) -> float:
    """The same of arrivals, as the nights of people present tell it, whose changes are arrivals less departures."""
    values = list(days.items())
    found, weight = FIRST_SPREAD * 2, 2.0
    for (a, x), (b, y) in itertools.pairwise(values):
        if (b - a).days == 1:
            moved = max((x + y) / 2, 1.0) * 2 / USUAL_STAY
            found, weight = found + min((y - x) ** 2 / moved, 4 * MOST_SPREAD), weight + 1
    return min(max(found / weight, 1.0), MOST_SPREAD)


def drift_of(days: dict[date, float], spread: float, first: float = FIRST_DRIFT) -> float:
    """How far the level moves in a week: the standard deviation of its logarithm, less what days differ by chance."""
    means = week_means(days)
    found, weight = 3 * first**2, 3.0
    for (a, n), (b, m) in itertools.pairwise(means):
        if n >= 3 and m >= 3:
            chance = spread / max(a, 0.5) / n + spread / max(b, 0.5) / m
            step = log(max(b, 0.3) / max(a, 0.3)) ** 2
            found, weight = found + min(max(step - chance, 0.0), 1.0), weight + 1
    drift = sqrt(found / weight)
    return min(DRIFTS, key=lambda known: abs(log(known / drift)))


def weekday_factors(days: dict[date, float]) -> dict[int, float]:
    """The mean of each weekday against that of all days."""
    mean = sum(days.values()) / len(days)
    found = {}
    for weekday in range(WEEK):
        own = [value for day, value in days.items() if day.weekday() == weekday]
        found[weekday] = sum(own) / len(own) / mean if own and mean > 0 else 1.0
    return found


def differs_by_weekday(days: dict[date, float]) -> bool:
    """Whether weekdays differ more than days of one weekday do: the F test of one-way analysis of variance at 1 %."""
    weekdays = [[v for day, v in days.items() if day.weekday() == w] for w in range(WEEK)]
    if len(days) < 3 * WEEK or min(len(own) for own in weekdays) < 2:
        return False
    mean = sum(days.values()) / len(days)
    means = [sum(own) / len(own) for own in weekdays]
    between = sum(len(own) * (m - mean) ** 2 for own, m in zip(weekdays, means, strict=True)) / (WEEK - 1)
    within = sum((v - m) ** 2 for own, m in zip(weekdays, means, strict=True) for v in own) / (len(days) - WEEK)
    return between > (3.0 if len(days) > 40 else 3.6) * within


def learnt(line: Line, told: Callable[[dict[date, float]], tuple[float, float, float]]) -> list[Belief]:
    """What was believed of a number as counts came in, every three weeks; equal beliefs are one."""
    first = line.counts[0].day
    looks = [first]
    while looks[-1] + LEARN_EVERY * DAY < line.last:
        looks.append(looks[-1] + LEARN_EVERY * DAY)
    found: list[Belief] = []
    for look in (*looks, line.last):
        days = by_day(line, look)
        if not days:
            continue
        belief = Belief(look, *told(days))
        if not found or (belief.value, belief.low, belief.high) != (found[-1].value, found[-1].low, found[-1].high):
            found.append(belief)
    return found


def spread_belief(line: Line) -> list[Belief]:
    """How many come at a time, so that days differ as much as counts do."""

    def told(days: dict[date, float]) -> tuple[float, float, float]:
        spread = spread_of_present(days) if line.what == "present" else spread_of(days)
        about = round(spread, 1)
        wide = 1.5 if len(days) >= 2 * WEEK else 2.5
        return about, max(1.0, about / wide), max(1.5, about * wide)

    return learnt(line, told)


def drift_belief(line: Line, period: int) -> list[Belief]:
    """By which factor the level changes from one period to the next."""

    def told(days: dict[date, float]) -> tuple[float, float, float]:
        if line.what == "present":
            drift = drift_of(days, spread_of_present(days), FIRST_DRIFT_OF_PRESENT)
        else:
            drift = drift_of(days, spread_of(days))
        wide = exp(Z90 * drift * sqrt(period / WEEK))
        return 1.0, round(1 / wide, 2), round(wide, 2)

    return learnt(line, told)


def weekday_belief(line: Line) -> list[Belief]:
    """By which factor any weekday differs: hardly, until counts show that weekdays do."""

    def told(days: dict[date, float]) -> tuple[float, float, float]:
        return (1.0, 0.25, 2.2) if differs_by_weekday(days) else (1.0, 0.87, 1.15)

    return learnt(line, told)


def period_of(days: int) -> int:
    """After how many days the level may change: often where counts are few, weekly where they are many."""
    return 3 if days <= 2 * WEEK else 4 if days <= 8 * WEEK else WEEK


@dataclass(frozen=True, slots=True)
class Jump:
    """A day on which the level changed at once, about by how much, and the day on whose count that could be seen."""

    day: date
    seen: date
    factor: float


JUMP_COUNTS, JUMP_BEFORE, JUMP_FACTOR, JUMP_SURE = 3, 7, 1.8, 4.0
"""A jump: the median of 3 counts is 1.8 times that of the 7 before, or less than the inverse, by 4 standard errors."""


def jumps_of(line: Line) -> list[Jump]:
    """Days on which the level changed at once: of several days that could be it, the one with the sharpest edge."""
    if line.what == "present":
        return []
    days = by_day(line, line.last)
    factors = weekday_factors(days) if differs_by_weekday(days) else {}
    level = {day: value / max(factors.get(day.weekday(), 1.0), 0.2) for day, value in days.items()}
    spread = spread_of(days)
    dates = list(level)
    found: list[tuple[float, Jump]] = []
    for i in range(JUMP_BEFORE, len(dates) - JUMP_COUNTS + 1):
        before = sorted(level[d] for d in dates[i - JUMP_BEFORE : i])[JUMP_BEFORE // 2]
        after = sorted(level[d] for d in dates[i : i + JUMP_COUNTS])[JUMP_COUNTS // 2]
        chance = sqrt(1.5 * spread * max(before, after, 1.0) * (1 / JUMP_COUNTS + 1 / JUMP_BEFORE))
        sure = abs(after - before) / chance
        if sure > JUMP_SURE and not 1 / JUMP_FACTOR < (after + 0.5) / (before + 0.5) < JUMP_FACTOR:
            edge = abs(level[dates[i]] - level[dates[i - 1]]) / max(before, after, 1.0)
            factor = min(max((after + 0.5) / (before + 0.5), 0.05), 20.0)
            found.append((sure * (0.3 + edge), Jump(dates[i], dates[i + JUMP_COUNTS - 1], factor)))
    kept: list[Jump] = []
    for _, jump in sorted(found, key=lambda pair: (-pair[0], pair[1].day)):
        if all(abs((jump.day - other.day).days) > WEEK for other in kept):
            kept.append(jump)
    return sorted(kept, key=lambda jump: jump.day)
