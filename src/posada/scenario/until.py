"""A scenario that ends earlier: what can be told of it by a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .scenario import Scenario


def end_before(scenario: Scenario, day: date) -> Scenario:
    """The scenario up to the midnight with which a day begins; ValueError if that is not within its time.

    Headlines and observations of later dates are dropped.
    """
    if not scenario.start < day <= scenario.end:
        raise ValueError(f"{day} is not after the first day of the scenario ({scenario.start}) and by {scenario.end}")
    last = day - timedelta(days=1)
    return scenario.replace(
        end=last,
        headlines={
            key: h
            for key, h in scenario.headlines.items()
            if all(edge is None or edge <= last for edge in (h.from_, h.to))
        },
        observations={
            key: o
            for key, o in scenario.observations.items()
            if all(edge is None or edge <= last for edge in (o.from_, o.to))
        },
    )
