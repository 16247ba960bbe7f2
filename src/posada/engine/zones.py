"""Local clocks: tables of the offset between engine seconds and each zone's wall clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from posada.engine import layout as at
from posada.engine.layout import Array

DAY = 86400.0


class Zones:
    """Clocks of a scenario's zones between its start and end. Engine time 0 is the first midnight of the scenario's."""

    def __init__(self, main: str, others: set[str], start: date, days: int) -> None:
        self.names = [main, *sorted(others - {main})]
        self.start = start
        self.days = days
        self._midnight = datetime(start.year, start.month, start.day, tzinfo=ZoneInfo(main)).astimezone(UTC)
        self._tables = [self._table(ZoneInfo(name)) for name in self.names]

    def index(self, name: str) -> int:
        """The number of a zone."""
        return self.names.index(name)

    def _offset(self, zone: ZoneInfo, t: float) -> float:
        utc = self._midnight + timedelta(seconds=t)
        wall = utc.astimezone(zone).replace(tzinfo=None)
        first = datetime(self.start.year, self.start.month, self.start.day)
        return (wall - first).total_seconds() - t

    def _table(self, zone: ZoneInfo) -> list[tuple[float, float]]:
        """(from, offset) for each change of the zone's clock, found by halving."""
        t, end = -400 * DAY, (self.days + 3) * DAY
        offset = self._offset(zone, t)
        table = [(-np.inf, offset)]
        step = 20 * DAY
        while t < end:
            after = self._offset(zone, t + step)
            if after != offset:
                low, high = t, t + step
                while high - low > 1:
                    middle = float(int((low + high) / 2))
                    low, high = (middle, high) if self._offset(zone, middle) == offset else (low, middle)
                table.append((high, after))
                offset = after
            t += step
        return table

    @cached_property
    def rows(self) -> tuple[Array, Array]:
        """The tables as the engine reads them: offsets of all zones in a row, and where each begins."""
        flat = [row for table in self._tables for row in table]
        offsets = np.array(flat, dtype=[("t", "f8"), ("offset", "f8")]).astype(at.OFFSET)
        firsts = np.cumsum([0, *(len(table) for table in self._tables)]).astype(np.int32)
        return offsets, firsts

    def instants(self, zone: int, local: Array) -> Array:
        """Engine times of local seconds (from the first day's midnight on that zone's clock).

        Of a clock time that occurs twice the first, of one that is skipped an hour later.
        """
        times = np.array([row[0] for row in self._tables[zone]])
        offsets = np.array([row[1] for row in self._tables[zone]])

        def offset(t: Array) -> Array:
            return offsets[np.searchsorted(times, t, side="right") - 1]

        before = offset(local - offset(local) - DAY)
        found = local - before
        after = offset(found)
        later = local - after
        return np.asarray(np.where((after != before) & (offset(later) == after), later, found))

    def instant(self, zone: int, day: date, minute: int = 0) -> float:
        """Engine time of a date and minute on a zone's clock."""
        return float(self.instants(zone, np.array([self.local(day, minute)]))[0])

    def local(self, day: date, minute: int = 0) -> float:
        """Local seconds of a date and minute."""
        return (day - self.start).days * DAY + minute * 60.0
