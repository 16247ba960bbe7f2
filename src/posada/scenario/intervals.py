"""The intervals at whose ends results are recorded: daily, then weekly, then by the month."""

from __future__ import annotations

from datetime import date, timedelta

from .scenario import Scenario


def record_intervals(scenario: Scenario) -> list[tuple[date, date]]:
    """(first day, day after the last) of every record interval, from the start to the end of the scenario."""
    record = scenario.record
    daily = record.daily_until or (scenario.start - timedelta(days=1) if record.weekly_until else scenario.end)
    weekly = record.weekly_until or daily
    day, starts = scenario.start, []
    while day <= scenario.end:
        starts.append(day)
        if day <= daily:
            day += timedelta(days=1)
        elif day <= weekly:
            day = min(day + timedelta(days=7), weekly + timedelta(days=1))
        else:
            day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return list(zip(starts, [*starts[1:], scenario.end + timedelta(days=1)], strict=True))
