"""Dates, clock times, opening hours and lengths of time, read from text. All times are local."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from math import isfinite

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAYS = 0b1111111
DAY_MINUTES = 1440
FIRST_YEAR, LAST_YEAR = 1900, 2299
UNIT_SECONDS = {
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
    "week": 7 * 86400.0,
    "year": 365.25 * 86400.0,
}
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
LENGTH = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([A-Za-z]+)")
SPAN = re.compile(r"(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})")


@dataclass(frozen=True, slots=True)
class Instant:
    """A local date and the minute of that day, on the clock of the place concerned (else of the scenario)."""

    date: date
    minute: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """Weekly windows `(days, start, end)`: bit 0 of `days` is Monday; minutes of the day; `end` may exceed 1440."""

    windows: tuple[tuple[int, int, int], ...]


ALWAYS = Hours(((ALL_DAYS, 0, DAY_MINUTES),))


def parse_date(text: str) -> date:
    """A date written 2018-04-29; ValueError says what is wrong."""
    if not ISO_DATE.fullmatch(text):
        raise ValueError(f"{text!r} is not a date; write year-month-day, such as 2018-04-29")
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not in the calendar") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"{text!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


def parse_clock(text: str) -> int:
    """Minutes since midnight of a 24-hour time such as 07:00."""
    match = CLOCK.fullmatch(text)
    minutes = int(match[1]) * 60 + int(match[2]) if match else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise ValueError(f'{text!r} is not a time; write hours and minutes in quotes, such as "07:00"')
    return minutes


def parse_instant(text: str) -> Instant:
    """A date, or a date and a time: `2018-04-29 07:00`."""
    day, _, clock = text.replace("T", " ").partition(" ")
    return Instant(parse_date(day), parse_clock(clock.strip()) if clock else 0)


def parse_length(text: str) -> float:
    """Seconds of a length of time such as `27 hours`."""
    match = LENGTH.fullmatch(text.strip())
    if not match:
        raise ValueError(f'{text!r} is not a length of time; write a number and a unit, such as "60 days"')
    unit = match[2].lower()
    seconds = UNIT_SECONDS.get(unit, UNIT_SECONDS.get(unit.removesuffix("s")))
    if seconds is None:
        hint = " (months differ in length; write days)" if unit.startswith("month") else ""
        raise ValueError(
            f"{match[2]!r} is not a unit of time{hint}; allowed: seconds, minutes, hours, days, weeks, years"
        )
    length = float(match[1]) * seconds
    if not isfinite(length):
        raise ValueError(f"{text!r} is too long")
    return length


def parse_days(text: str) -> int:
    """The bit mask of weekdays such as `mon-fri` or `mon,wed`; bit 0 is Monday."""
    mask = 0
    for part in text.lower().replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if first not in DAYS or (last and last not in DAYS):
            raise ValueError(f"{part!r} is not a day or a range of days; allowed: {', '.join(DAYS)}, such as mon-fri")
        start, end = DAYS.index(first), DAYS.index(last or first)
        for day in range(start, end + 1 if end >= start else end + 8):
            mask |= 1 << day % 7
    return mask


def parse_hours(text: str) -> Hours:
    """Opening hours such as `mon-fri 08:00-17:00; sat 09:00-11:00`, or `always`."""
    if text.strip() == "always":
        return ALWAYS
    return Hours(tuple(parse_window(part.strip()) for part in text.split(";")))


def parse_window(text: str) -> tuple[int, int, int]:
    """One window of opening hours, `[days] start-end`; an end before the start is on the next day."""
    match = SPAN.search(text)
    if not match or match.end() != len(text):
        raise ValueError(f'{text!r} is not a span of hours; write "08:00-17:00" or "mon-fri 08:00-17:00" or "always"')
    days = text[: match.start()].strip()
    start, end = parse_clock(match[1]), parse_clock(match[2])
    if start == end:
        raise ValueError(f"{text!r} has no length")
    return parse_days(days) if days else ALL_DAYS, start, end if end > start else end + DAY_MINUTES
