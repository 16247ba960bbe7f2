"""Names for the integers of a program: cells, tally codes, levels, steps; kept beside it to read results back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

FLOW, WAIT, OUTCOME, BUSY = "flow", "wait", "outcome", "busy"


@dataclass
class Codes:
    """What each number in raw counts means."""

    cells: list[tuple[str, str]] = field(default_factory=list)
    tally: list[tuple[str, str, str]] = field(default_factory=list)
    levels: list[tuple[str, str]] = field(default_factory=list)
    facilities: list[str] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    step_spots: list[str] = field(default_factory=list)
    """Where each step is stated, as file:line:column."""
    movement_spots: dict[str, str] = field(default_factory=dict)
    """Where the movement of a step is stated by which people roam."""
    intervals: list[tuple[date, date]] = field(default_factory=list)
    warm_up: int = 0
    """Intervals that are cut from the records."""

    def cell(self, where: str, state: str) -> int:
        """A new cell: people in a state."""
        self.cells.append((where, state))
        return len(self.cells) - 1

    def code(self, table: str, where: str, event: str) -> int:
        """A new tally code."""
        self.tally.append((table, where, event))
        return len(self.tally) - 1

    def flow(self, where: str, event: str) -> int:
        """A new tally code of the flows."""
        return self.code(FLOW, where, event)
