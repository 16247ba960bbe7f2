"""The scenario of a shelter that counts: who comes, how long they stay, how many beds there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..rows import Ids
from ..text import quoted
from .counted import Counts, Line
from .estimate import (
    DAY,
    USUAL_STAY,
    Belief,
    Jump,
    by_day,
    drift_belief,
    first_level,
    jumps_of,
    period_of,
    spread_belief,
    weekday_belief,
)

AHEAD_DAYS = 28
LONGEST_DAYS = 182
MOST_PARTIES = 4000.0
SIZES = "sizes of parties, so that days differ as counts do"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL = {
    "mon": "Mondays", "tue": "Tuesdays", "wed": "Wednesdays", "thu": "Thursdays", "fri": "Fridays", "sat": "Saturdays",
    "sun": "Sundays",
}  # fmt: skip
COUNTED = {"arrivals": "people who arrived", "present": "people present at night", "left": "people who left"}
KINDS = {"arrivals": "arrived", "present": "present", "left": "left"}


@dataclass(frozen=True, slots=True)
class House:
    """A shelter with its lines of counts; `key` is for quantities, `id` for places."""

    id: str
    name: str
    lines: dict[str, Line]
    beds: int | None
    alone: bool

    @property
    def key(self) -> str:
        """What the names of its quantities end in."""
        return "" if self.alone else f"_{self.id.replace('-', '_')}"

    @property
    def arrivals(self) -> str:
        """The group of those who arrive."""
        return "arrivals" if self.alone else f"arrivals-{self.id}"

    @property
    def main(self) -> Line:
        """The line that tells most of who comes."""
        return next(self.lines[what] for what in ("arrivals", "present", "left") if what in self.lines)

    def series(self, what: str) -> str:
        """The address of what is counted."""
        left = "left" if self.alone else f"left-{self.id}"
        return {"arrivals": f"set_out:{self.arrivals}", "present": f"present:{self.id}", "left": f"ended:{left}"}[what]


def houses_of(counts: Counts, beds: int | None) -> list[House]:
    """The shelters, each with an id of its own."""
    ids = Ids()
    found: dict[str, dict[str, Line]] = {}
    for line in counts.lines:
        found.setdefault(line.name, {})[line.what] = line
    alone = len(found) == 1
    return [
        House(ids.of(name or "shelter", "shelter"), name or "Shelter", lines, beds or counts.beds.get(name), alone)
        for name, lines in found.items()
    ]


def start_of(counts: Counts) -> date:
    """The first day that is simulated: of the counts, or half a year before the last of them."""
    first = min(count.first for line in counts.lines for count in line.counts)
    return max(first, counts.last - LONGEST_DAYS * DAY)


def end_of(counts: Counts) -> date:
    """The last day that is simulated."""
    return counts.last + AHEAD_DAYS * DAY


def since(line: Line, start: date) -> Line:
    """The part of a line from a day on."""
    return Line(line.place, line.name, line.what, tuple(c for c in line.counts if c.first >= start), line.column)


def number(beliefs: Iterable[Belief], unit: str = "", **more: str) -> str:
    """A quantity as a mapping, with what was believed of it earlier."""
    *earlier, now = list(beliefs)
    tell = [f"{key}: {value}" for key, value in more.items()]
    if earlier:
        listed = ", ".join(f"{{known_from: {b.since}, {points(b, unit)}}}" for b in earlier)
        tell += [f"known_from: {now.since}", f"known: [{listed}]"]
    return "{" + ", ".join([points(now, unit), *tell]) + "}"


def points(belief: Belief, unit: str) -> str:
    """The three points of a belief."""
    rows = (("value", belief.value), ("low", belief.low), ("high", belief.high))
    return ", ".join(f"{word}: {figure:.4g}{unit}" for word, figure in rows)


def scenario_text(counts: Counts, houses: list[House], time_zone: str) -> str:
    """The whole of scenario.yaml."""
    start, end = start_of(counts), end_of(counts)
    parts = [
        head(counts, houses, start, end, time_zone),
        quantities(houses, start, end),
        groups(houses, start),
        course(houses, start, end),
        facilities(houses),
        pathways(houses),
        headlines(houses, counts.last),
    ]
    return "\n".join(part for part in parts if part)


def head(counts: Counts, houses: list[House], start: date, end: date, time_zone: str) -> str:
    """Title, time and records."""
    names = ", ".join(house.name for house in houses[:4]) + (", ..." if len(houses) > 4 else "")
    return f"""\
# Made from {counts.file} by `posada import counts`; IMPORTED.md says what was read and what was mended.
# Counts are in observations.csv. `posada forecast` fits the quantities below to them and looks ahead.
posada: 1
title: {quoted(f"{names}: people who come and stay")}
summary: {quoted(f"Counts up to {counts.last}; {AHEAD_DAYS} days ahead.")}
start: {start}
end: {end}  # {AHEAD_DAYS} days after the last count
time_zone: {time_zone}
sensitivity: internal
record: {{by: []}}
"""


def quantities(houses: list[House], start: date, end: date) -> str:
    """What is not known: level, drift, weekdays, how many at a time, length of stays."""
    lines = [
        "# First ranges are wide on purpose; the counts narrow them. `known` is what earlier counts told, so that",
        "# forecasts of the past (`posada backtest`) know no more than they could.",
        "quantities:",
    ]
    for house in houses:
        lines += house_quantities(house, start, end)
    return "\n".join(lines) + "\n"


def house_quantities(house: House, start: date, end: date) -> list[str]:
    """The quantities of one shelter."""
    key, main = house.key, since(house.main, start)
    present = house.lines.get("present")
    level = first_level(main) / (USUAL_STAY if main.what == "present" else 1.0)
    told = "assumed: 'about the first counts, wide'"
    lines = [
        f"  # {house.name}",
        f"  arrivals_a_day{key}: {{value: {level:.3g}, low: {level / 4:.3g}, high: {level * 4:.3g}, {told}}}",
        f"  at_a_time{key}: {number(at_a_time(house, main), assumed=quoted('so that days differ as counts do'))}",
    ]
    if present is None and main.what == "arrivals":
        note = f"nothing is known of stays here: {USUAL_STAY:g} days, from 2 to 30"
    else:
        note = "wide; people present tell more of it" if present else "wide; those who left tell more of it"
    lines.append(f"  stay{key}: {{value: {USUAL_STAY:g} days, low: 2 days, high: 30 days, assumed: {quoted(note)}}}")
    if has_weekdays(house):
        text = number(weekday_belief(main), assumed=quoted("as the counts tell"))
        lines += [f"  {FULL[day].lower()}{key}: {text}" for day in WEEKDAYS]
    text = number(
        drift_belief(main, period_of((end - start).days - AHEAD_DAYS)), assumed=quoted("as fast as weeks differ")
    )
    lines += [f"  {name}{key}: {text}" for name, _ in changes(start, end)]
    for jump in jumps_of(main):
        seen = Belief(jump.seen, jump.factor, jump.factor / 1.7, jump.factor * 1.7)
        beliefs = [Belief(start, 1.0, 0.99, 1.01), seen]
        told = number(beliefs, assumed=quoted("counts show a sudden change"))
        lines.append(f"  {jump_name(jump)}{key}: {told}")
    return lines


def jump_name(jump: Jump) -> str:
    """The name of the factor of a sudden change."""
    return f"sudden_{jump.day:%Y_%m_%d}"


def has_weekdays(house: House) -> bool:
    """Whether the weekday may matter: arrivals or departures that were counted for two weeks."""
    return house.main.what != "present" and len({count.day for count in house.main.counts}) >= 14


def changes(start: date, end: date) -> list[tuple[str, date]]:
    """When the level may change: names of quantities and their dates."""
    last = end - AHEAD_DAYS * DAY
    period = period_of((last - start).days)
    days = [last + DAY - i * period * DAY for i in range(1, (last - start).days // period + 1)]
    ahead = [last + DAY + i * timedelta(days=7) for i in range(AHEAD_DAYS // 7)]
    dates = [day for day in sorted(days) if (day - start).days >= 2] + ahead
    return [(f"change_{day:%Y_%m_%d}", day) for day in dates]


def when(change: tuple[str, date]) -> date:
    """The date of a change."""
    return change[1]


def groups(houses: list[House], start: date) -> str:
    """Who arrives, and who is there at the start."""
    lines = ["groups:"]
    for house in houses:
        rate = ", ".join(f"{day}: {FULL[day].lower()}{house.key}" for day in WEEKDAYS)
        parties = ", ".join(f"{size}: {share:g}" for size, share in sizes_of(house).items())
        lines += [
            f"  {house.arrivals}:",
            f"    {{place: {house.id}, people_per_day: arrivals_a_day{house.key}, batch: at_a_time{house.key},",
            *([f"     rate: {{weekday: {{{rate}}}}},"] if has_weekdays(house) else []),
            *([f"     parties: {{{parties}}}, assumed: {quoted(SIZES)},"] if parties != "1: 1" else []),
            f"     pathway: stays{'' if house.alone else '-' + house.id}}}",
        ]
        there, low, high, why = there_at_first(house, start)
        lines += [
            f"  already-there{'' if house.alone else '-' + house.id}:",
            f"    {{place: {house.id}, date: {start},",
            f"     people: {{value: {there}, low: {low}, high: {high}, assumed: {quoted(why)}}},",
            *([f"     parties: {{{parties}}}, assumed: {quoted(SIZES)},"] if parties != "1: 1" else []),
            f"     pathway: stays{'' if house.alone else '-' + house.id}}}",
        ]
    return "\n".join(lines) + "\n"


FAMILIES = {1: 0.5, 2: 0.2, 3: 0.15, 4: 0.1, 5: 0.05}
"""Sizes of parties where days differ so much that people cannot come one by one; an assumption."""


def sizes_of(house: House) -> dict[int, float]:
    """Shares of parties by size: large ones where there are many people, so that large numbers take no longer."""
    main = house.main
    values = by_day(main, main.last).values()
    people = sum(values) / (USUAL_STAY if main.what == "present" else 1.0)
    spread = spread_belief(main)[-1].value
    size = int(max(1, min(60, round(people / MOST_PARTIES), spread)))
    return {size: 1.0} if size > 1 else FAMILIES if spread >= 3 else {1: 1.0}


def spread_within(sizes: dict[int, float]) -> float:
    """Variance over mean of people who come, by the sizes of parties alone."""
    return sum(share * size**2 for size, share in sizes.items()) / sum(share * size for size, share in sizes.items())


def at_a_time(house: House, main: Line) -> list[Belief]:
    """How many parties come at once, so that days differ as counts do."""
    own = spread_within(sizes_of(house))

    def parties(spread: float) -> float:
        return max(1.0, round(spread / own, 2))

    found: list[Belief] = []
    for b in spread_belief(main):
        now = Belief(b.since, parties(b.value), parties(b.low), parties(b.high))
        if not found or (now.value, now.low, now.high) != (found[-1].value, found[-1].low, found[-1].high):
            found.append(now)
    return found


def there_at_first(house: House, start: date) -> tuple[int, int, int, str]:
    """How many are there at the start, and why."""
    present = house.lines.get("present")
    counted = list(by_day(since(present, start), start + 6 * DAY).values()) if present else []
    if counted:
        first = counted[0]
        return round(first), round(first * 0.85), round(first * 1.15) + 1, "about the first count"
    usual = first_level(since(house.main, start)) * USUAL_STAY
    return round(usual), round(usual * 0.3), round(usual * 2.5) + 1, "as many as come in a usual stay"


def course(houses: list[House], start: date, end: date) -> str:
    """The level as a random walk: from each date on it is what it was, times a factor."""
    lines = [
        "# How many come a day changes with time: from each date on it is what it was, times a factor (a random walk).",
        "course:",
    ]
    for house in houses:
        target = f"groups.{house.arrivals}.people_per_day"
        own = changes(start, end) + [(jump_name(jump), jump.day) for jump in jumps_of(since(house.main, start))]
        lines += [
            f"  - {{multiply: {target}, by: {name}{house.key}, from: {day}}}" for name, day in sorted(own, key=when)
        ]
    return "\n".join(lines) + "\n"


def facilities(houses: list[House]) -> str:
    """The beds, where their number is known."""
    lines = ["facilities:"]
    for house in houses:
        if house.beds:
            lines.append(
                f"  beds-{house.id}: {{at: {house.id}, kind: beds, beds: {house.beds}, name: {quoted(house.name)}}}"
            )
    return "\n".join(lines) + "\n" if len(lines) > 1 else ""


def pathways(houses: list[House]) -> str:
    """People take a bed if there is one, stay, and leave."""
    lines = ["pathways:"]
    for house in houses:
        end = "" if house.alone else f"-{house.id}"
        lines += [
            f"  stays{end}:",
            *(
                [f"    - {{id: bed, stay: {{in: beds-{house.id}}}}}  # without one they wait for it"]
                if house.beds
                else []
            ),
            f"    - {{id: nights, wait: {{for: {{exponential: {{mean: stay{house.key}}}}}}}}}",
            f"    - {{id: leaves, outcome: left{end}}}",
        ]
    lines += ["outcomes:"]
    lines += [
        f"  left{'' if h.alone else '-' + h.id}: {{label: {quoted('left ' + h.name)}, final: false}}" for h in houses
    ]
    return "\n".join(lines) + "\n"


def headlines(houses: list[House], last: date) -> str:
    """What is shown first: arrivals, people present, the chance that beds do not suffice."""
    lines = ["headlines:"]
    ahead = {"from": last + DAY, "to": last + 14 * DAY}
    dates = f"from: {ahead['from']}, to: {ahead['to']}"
    for house in houses:
        rows = [
            ("arrivals", f"People who arrive at {house.name} in 14 days", house.series("arrivals"), "statistic: sum"),
            ("most", f"Most people at {house.name} on a night of 14", house.series("present"), "statistic: max"),
        ]
        if house.beds:
            label = f"Chance of more than {house.beds} people at {house.name} on some night of 14"
            rows.append(("over", label, house.series("present"), f"statistic: chance_over, over: {house.beds}"))
        for name, label, series, statistic in rows:
            lines.append(
                f"  - {{id: {name}{'' if house.alone else '-' + house.id}, label: {quoted(label)}, series: '{series}',"
            )
            lines.append(f"     {statistic}, {dates}, question: 'What comes?'}}")
    return "\n".join(lines) + "\n"
