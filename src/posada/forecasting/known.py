"""A scenario as it could have been run on a date: nothing in it became known later, and it goes on as far as asked."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from posada.scenario import Arrival, Entry, Group, Instant, Number, Quantity, Scenario, known_since, map_numbers

from .counted import Count, Counts, is_stock
from .fit import SPREAD, Z95

OF_LATE = 28
"""Days of a table of arrivals whose mean a day goes on after the day on which a forecast is issued."""
UNSURE = 1.5
"""A table that goes on does so at a rate that is unsure by this factor (5th and 95th percentile), by assumption."""


def as_it_was_known(scenario: Scenario, issued: date, last: date) -> Scenario:
    """The scenario on a date, up to a last day, both included.

    `as_known_on` forgets what became known later. Tables of arrivals tell of days as they come: rows after the date
    are dropped, and the mean of the last four weeks goes on as a stream.
    """
    known = without_the_future(scenario, issued, last)
    groups: dict[str, Group] = {}
    for key, group in known.groups.items():
        groups |= {key: group} if not group.arrivals else cut_table(group, issued)
    return ending(known.replace(groups=dict(sorted(groups.items()))), last)


def without_the_future(scenario: Scenario, issued: date, last: date) -> Scenario:
    """The scenario as it was known on a date, without what only looking back could have put into it.

    A scenario that holds anything of later was written later: in it an entry of a dated list that begins after the date
    counts as known only if it says so (`known_from`), or cites a claim that was published by then. In one that holds
    nothing of later such entries are plans, and stay. A number that loses entries is unsure from the date on, up to a
    last day.
    """
    known = scenario.as_known_on(issued)
    if not written_later(scenario, issued):
        return known

    def kept(number: Number) -> Number:
        entries = tuple(e for e in number.entries if e.from_ is None or e.from_ <= issued or was_a_plan(e, known))
        if len(entries) == len(number.entries):
            return number
        return replace(number, entries=(*entries, *unsure_from(entries, number, issued, last)))

    return map_numbers(known, kept)


def unsure_from(entries: Sequence[Entry], number: Number, issued: date, last: date) -> tuple[Entry, ...]:
    """How a number goes on of which no more was known: as it was, and as unsure as a random walk of its own past steps.

    Nothing is added to shares, expressions, numbers that are 0 or unsure anyway, and such that never changed.
    """
    stated = [e.what for e in entries if isinstance(e.what, Quantity)]
    dates = [e.from_ for e in entries if e.from_ is not None]
    newest = stated[-1] if stated else None
    steady = number.role in ("share", "chance", "leaving") or len(stated) < len(entries) or len(stated) < 3
    if newest is None or steady or newest.low is not None or not all(what.value > 0 for what in stated):
        return ()
    steps = [math.log(b.value / a.value) for a, b in itertools.pairwise(stated)]
    step = math.sqrt(sum(s * s for s in steps) / len(steps))
    gap = max(1.0, (dates[-1] - dates[0]).days / max(1, len(dates) - 1))
    fold = math.exp(Z95 * step * math.sqrt(max(1.0, SPREAD * (last - issued).days / gap)))
    if fold == 1:
        return ()
    words = "not known to have changed; as unsure as it changed before"
    unsure = Quantity(newest.value, newest.value / fold, newest.value * fold, "log", assumed=words)
    return (Entry(issued + timedelta(days=1), unsure),)


def written_later(scenario: Scenario, issued: date) -> bool:
    """Whether a scenario holds counts or claims of after a date."""
    counted = [known_since(scenario, o) for o in scenario.observations.values()]
    published = [claim.published for claim in scenario.evidence.values()]
    return any(day is not None and day > issued for day in (*counted, *published))


def was_a_plan(entry: Entry, known: Scenario) -> bool:
    """Whether an entry says that it was known: by its date, or by a claim that is still there."""
    what = entry.what
    return isinstance(what, Quantity) and (
        what.known_from is not None or any(e in known.evidence for e in what.evidence)
    )


def ending(scenario: Scenario, last: date) -> Scenario:
    """The scenario with another last day; what is stated last holds on."""
    if last < scenario.end:
        return scenario.until(last + timedelta(days=1))
    return scenario.replace(end=last)


def cut_table(group: Group, issued: date) -> dict[str, Group]:
    """A group of a table: its rows up to a date, and a stream in place of later ones."""
    kept = tuple(row for row in group.arrivals if row.date <= issued)
    late = [row.people for row in kept if row.date > issued - timedelta(days=OF_LATE)]
    begun = group.arrivals[0].date
    days = min(OF_LATE, (issued - begun).days + 1)
    found = {group.id: replace(group, arrivals=kept)} if kept else {}
    if sum(late) and days > 0:
        key = f"{group.id}-goes-on" if kept else group.id
        rate = Quantity(
            sum(late) / days, sum(late) / days / UNSURE, sum(late) / days * UNSURE, "log", assumed="goes on as of late"
        )
        number = Number((Entry(None, rate),), "rate", f"groups.{key}.people_per_day")
        begins = Instant(issued + timedelta(days=1))
        found[key] = replace(
            group, id=key, arrivals=(), arrive_at=None, people=None, people_per_day=number, from_=begins
        )
    return found


def arrivals_from_counts(scenario: Scenario, counts: Counts, issued: date) -> Scenario:
    """Tables of arrivals made anew from the counts of people present that were known on a date.

    Tables that were imported with counts interpolate to the next count, which is not known yet; here the rise of the
    known counts, all sites together, is split among the tables as their own rows up to then are.
    """
    stocks = [line for series, line in counts.items() if is_stock(series) and line]
    tables = {key: group for key, group in scenario.groups.items() if group.arrivals}
    if not stocks or not tables:
        return scenario
    first, last = min(line[0].to for line in stocks), max(line[-1].to for line in stocks)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    total = [sum(between(line, day) for line in stocks) for day in days]
    rises, debt = [], 0.0
    for day, before, now in zip(days[1:], total, total[1:], strict=False):
        more = now - before - debt
        debt, people = (0.0, more) if more >= 0 else (-more, 0.0)
        rises.append((day, people))
    shares = {key: sum(row.people for row in group.arrivals if row.date <= issued) for key, group in tables.items()}
    whole = sum(shares.values())
    groups = dict(scenario.groups)
    for key, group in tables.items():
        rows = whole_people(rises, shares[key] / whole if whole else 1 / len(tables), group.arrivals[0].minute)
        if rows:
            groups[key] = replace(group, arrivals=rows)
    return scenario.replace(groups=groups)


def between(line: Sequence[Count], day: date) -> float:
    """People on a day by counts before and after it; as at the first before it, and as at the last after it."""
    if day <= line[0].to:
        return float(line[0].value)
    for before, after in itertools.pairwise(line):
        if before.to <= day <= after.to and after.to > before.to:
            share = (day - before.to).days / (after.to - before.to).days
            return float(before.value + share * (after.value - before.value))
    return float(line[-1].value)


def whole_people(rises: list[tuple[date, float]], share: float, minute: int | None) -> tuple[Arrival, ...]:
    """Rows of a table in whole people; what rounding leaves is carried to the next."""
    rows, sofar, made = [], 0.0, 0
    for day, people in rises:
        sofar += people * share
        n = math.floor(sofar + 0.5) - made
        made += n
        if n > 0:
            rows.append(Arrival(day, minute, n))
    return tuple(rows)
