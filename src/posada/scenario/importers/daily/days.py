"""Dates as people write them; day or month first is found by what the column itself shows, or asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from posada.evidence import MONTHS, WEEKDAYS, fold

EXCEL_ZERO = date(1899, 12, 30)
YEARS = (1990, 2100)
SHORT_DAYS = "mon tue tues wed weds thu thur thurs fri sat sun lun mar mie mier jue vie sab dom"
WEEKDAY = re.compile(
    r"^(?:" + "|".join(sorted([*WEEKDAYS, *SHORT_DAYS.split()], key=lambda w: -len(w))) + r")\b[.,]?\s*"
)
ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
PACKED = re.compile(r"(20\d\d)(\d\d)(\d\d)")
THREE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
TWO = re.compile(r"(\d{1,2})[-/.](\d{1,2})")
NAMED = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|o|°|º)?[-/. ]*(?:de |of )?([a-z]{3,10})\.?(?:[-/., ]*(?:de |del )?(\d{4}|\d{2}))?"
)
NAMED_FIRST = re.compile(r"([a-z]{3,10})\.?[-/. ]*(\d{1,2})(?:st|nd|rd|th)?(?:[-/., ]+(\d{4}|\d{2}))?")
CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(a\.? ?m\.?|p\.? ?m\.?)?(?:z|[+-]\d\d:?\d\d)?$")


@dataclass(frozen=True, slots=True)
class Written:
    """A date cell taken apart: what is sure, or the two numbers whose order is not, and the minute of the day."""

    day: date | None
    first: int = 0
    second: int = 0
    year: int | None = None
    minute: int | None = None
    serial: bool = False
    named: bool = False
    """The month stood there by its name, so that nothing is unclear but the year."""

    def read(self, day_first: bool) -> date | None:
        """The date, day or month first; None if there is no such date (or no year is known)."""
        if self.day is not None:
            return self.day
        day, month = (self.first, self.second) if day_first else (self.second, self.first)
        return made(self.year, month, day) if self.year is not None else None


def made(year: int, month: int, day: int) -> date | None:
    """A date, None if it is not in the calendar."""
    try:
        found = date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None
    return found if YEARS[0] <= found.year <= YEARS[1] else None


def read_written(text: str) -> Written | None:
    """A date cell taken apart; None if it holds no date."""
    plain = fold(text.strip()).replace(",", " ").strip()
    plain = WEEKDAY.sub("", re.sub(r"\s+", " ", plain))
    minute = None
    clock = CLOCK.search(plain)
    if clock and clock.start() > 0:
        minute = minute_of(clock)
        plain = plain[: clock.start()].rstrip(" t-")
        if minute is None:
            return None
    if found := (ISO.fullmatch(plain) or PACKED.fullmatch(plain)):
        day = made(int(found[1]), int(found[2]), int(found[3]))
        return Written(day, minute=minute) if day else None
    if found := THREE.fullmatch(plain):
        return Written(None, int(found[1]), int(found[2]), int(found[3]) % 100 + 2000, minute)
    if re.fullmatch(r"\d{5}(?:\.\d+)?", plain) and minute is None:
        whole = float(plain)
        rest = round((whole % 1) * 1440)
        return Written(EXCEL_ZERO + timedelta(days=int(whole)), minute=rest or None, serial=True)
    return read_named(plain, minute)


def read_named(plain: str, minute: int | None) -> Written | None:
    """A date with the name of its month, or one without a year."""
    for pattern, at in ((NAMED, (1, 2)), (NAMED_FIRST, (2, 1))):
        found = pattern.fullmatch(plain)
        if found and (month := MONTHS.get(found[at[1]])):
            if found[3] is None:
                return Written(None, int(found[at[0]]), month, None, minute, named=True)
            day = made(int(found[3]), month, int(found[at[0]]))
            return Written(day, minute=minute) if day else None
    if (found := TWO.fullmatch(plain)) and int(found[1]) <= 31 and int(found[2]) <= 31:
        return Written(None, int(found[1]), int(found[2]), None, minute)
    return None


def minute_of(clock: re.Match[str]) -> int | None:
    """Minutes since midnight; None if there is no such time."""
    hour, minute = int(clock[1]), int(clock[2])
    half = (clock[3] or "").replace(".", "").replace(" ", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + minute if hour < 24 and minute < 60 else None


def read_minute(text: str) -> int | None:
    """The minute of the day in a cell with a time, None if it holds none."""
    plain = fold(text.strip())
    clock = CLOCK.fullmatch(plain)
    if clock:
        return minute_of(clock)
    hour = re.fullmatch(r"(\d{1,2})\s*(?:h|hrs?|a\.?m\.?|p\.?m\.?)", plain)
    if hour and int(hour[1]) < 24:
        return (int(hour[1]) % 12 + 12 if "p" in plain else int(hour[1])) * 60
    return None


class Unclear(Exception):
    """The order of day and month cannot be told; `examples` show it."""

    def __init__(self, examples: Sequence[str], mixed: bool = False) -> None:
        super().__init__()
        self.examples, self.mixed = examples, mixed


def day_first(cells: Sequence[tuple[str, Written]]) -> tuple[bool, str]:
    """Whether the day stands before the month, and how that is known; Unclear if it cannot be."""
    open_ = [(text, w) for text, w in cells if w.day is None and not w.named]
    day = [text for text, w in open_ if w.first > 12 >= w.second]
    month = [text for text, w in open_ if w.second > 12 >= w.first]
    if day and month:
        raise Unclear((day[0], month[0]), mixed=True)
    if day or month:
        return bool(day), f"{(day or month)[0]!r} can only be {'day' if day else 'month'} first"
    if not [1 for _, w in open_ if w.first != w.second]:
        return True, ""
    days = {order: followed([d for _, w in open_ if (d := w.read(order))]) for order in (True, False)}
    if max(days.values()) >= 2 and max(days.values()) > 2 * min(days.values()):
        order = days[True] > days[False]
        return order, f"with the {'day' if order else 'month'} first the dates follow one another day by day"
    raise Unclear(tuple(text for text, _ in open_[:2]))


def followed(days: Sequence[date]) -> int:
    """How many dates follow another by a day."""
    known = set(days)
    return sum(day + timedelta(days=1) in known for day in known)


def years_added(cells: Sequence[Written], order: bool, today: date) -> list[date | None]:
    """The dates of cells; where the year is not written, it is the last that lets them rise and not lie ahead."""
    found: list[date | None] = []
    later: date | None = None
    for written in reversed(cells):
        if written.year is not None or written.day is not None:
            day = written.read(order)
        else:
            first, second = (
                (written.first, written.second) if order or written.named else (written.second, written.first)
            )
            bound = later or today
            options = [made(year, second, first) for year in (bound.year, bound.year - 1)]
            day = next((option for option in options if option and option <= bound), None)
        found.append(day)
        later = day or later
    return found[::-1]


def as_datetime(day: date, minute: int | None) -> datetime:
    """An instant of a day."""
    return datetime(day.year, day.month, day.day) + timedelta(minutes=minute or 0)
