"""Checks of a whole scenario whose parts are sound."""

from __future__ import annotations

from .problems import Problems
from .scenario import Scenario


def check_whole(scenario: Scenario, problems: Problems) -> None:
    """Note what is wrong between the parts."""
