"""What can be read off the records, and how much there is to simulate."""

from __future__ import annotations

from datetime import date, timedelta

from .intervals import record_intervals
from .problems import Problems, Spot
from .quantity import Number, Quantity
from .scenario import Scenario
from .series import STOCKS, parse_series
from .steps import Wait

MOST_PEOPLE = 200_000_000
MOST_RECORDS = 65_535
MOST_GROUPS = 65_534
MOST_CHOICES = 127
"""The engine numbers records and groups with 16 bits, priority classes and the options of `first_of` with 8."""


def check_recorded(scenario: Scenario, problems: Problems) -> None:
    """Dates of headlines and observations of flows and waits fall between records; days are counted only by the day."""
    intervals = record_intervals(scenario)
    starts, ends = {start for start, _ in intervals}, {end for _, end in intervals}
    for headline in scenario.headlines.values():
        check_fits(headline.series, headline.from_, headline.to, (starts, ends), scenario, headline.spot, problems)
        if headline.statistic == "days_over":
            first, last = headline.from_ or scenario.start, headline.to or scenario.end
            long = [start for start, end in intervals if (end - start).days > 1 and end > first and start <= last]
            if long:
                message = (
                    f"'days_over' counts days, but from {long[0]} on records are not daily; put `daily_until` later"
                )
                problems.add(headline.spot, message)
    for o in scenario.observations.values():
        check_fits(o.series, o.from_ or o.to, o.to, (starts, ends), scenario, o.spot, problems)


def check_fits(
    address: str,
    from_: date | None,
    to: date | None,
    edges: tuple[set[date], set[date]],
    scenario: Scenario,
    spot: Spot,
    problems: Problems,
) -> None:
    """Note dates within a record interval, where only the whole interval is known. Stocks are taken as they stand."""
    if parse_series(address).verb in STOCKS:
        return
    starts, ends = edges
    message = "falls within a record interval, so what happened from it on is not known; put `daily_until` later"
    if from_ and scenario.start < from_ <= scenario.end and from_ not in starts:
        problems.add(spot, f"'from' ({from_}) {message}")
    if to and scenario.start <= to < scenario.end and to + timedelta(days=1) not in ends:
        problems.add(spot, f"'to' ({to}) {message}")


def check_amounts(scenario: Scenario, problems: Problems) -> None:
    """Note what no machine could simulate in a sensible time."""
    days = (scenario.end - scenario.start).days + 1
    for group in scenario.groups.values():
        streams = (group.people_per_day, group.parties_per_day)
        people = max([largest(n) * days for n in streams if n] + [largest(group.people) if group.people else 0.0])
        if not people <= MOST_PEOPLE:
            message = (
                f"the group {group.id!r} may come to {people:,.3g} people; at most {MOST_PEOPLE:,} can be simulated"
            )
            problems.add(group.spot, message)


def check_numbers(scenario: Scenario, problems: Problems) -> None:
    """Note what there is more of than the engine can number."""
    records = len(record_intervals(scenario))
    if records > MOST_RECORDS:
        message = f"{records:,} record intervals; at most {MOST_RECORDS:,} can be kept: record by the week or month"
        problems.add(Spot("scenario.yaml", 1, 1), f"{message} from some date on (`daily_until`, `weekly_until`)")
    if len(scenario.groups) > MOST_GROUPS:
        last = list(scenario.groups.values())[MOST_GROUPS]
        problems.add(last.spot, f"{len(scenario.groups):,} groups; at most {MOST_GROUPS:,} can be simulated")
    for facility in scenario.facilities.values():
        if len(facility.priority) > MOST_CHOICES - 1:
            message = f"{len(facility.priority)} entries of 'priority'; at most {MOST_CHOICES - 1} can be told apart"
            problems.add(facility.spot, message)
    for step in scenario.steps().values():
        if isinstance(step.body, Wait) and len(step.body.first_of) > MOST_CHOICES:
            message = f"{len(step.body.first_of)} entries of 'first_of'; at most {MOST_CHOICES} can be told apart"
            problems.add(step.spot, message)


def largest(number: Number) -> float:
    """The largest value that a number is stated to have; 0 for one that only names a quantity."""
    stated = [e.what for e in number.entries if isinstance(e.what, Quantity)]
    return max((max(q.value, q.high or q.value) for q in stated), default=0.0)
