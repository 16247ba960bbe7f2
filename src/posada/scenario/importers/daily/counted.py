"""Counts of days as they were read and mended, with what is worth telling of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .figures import Figure


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that whoever imports should know; `lines` are of the file, `weight` 2 changes what is forecast."""

    message: str
    lines: tuple[int, ...] = ()
    series: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """One count as it stands in the file."""

    line: int
    place: str
    what: str
    day: date
    figure: Figure
    minute: int | None = None
    note: str = ""
    known: date | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """One count of a day (or of several, `first` to `day`) after mending."""

    first: date
    day: date
    figure: Figure
    line: int
    known: date | None = None
    note: str = ""

    @property
    def value(self) -> float:
        """What it is about."""
        return self.figure.middle

    @property
    def whole(self) -> bool:
        """Whether it is of one whole day."""
        return self.figure.qualifier in ("exact", "about", "range") and self.first == self.day


@dataclass(frozen=True, slots=True)
class Line:
    """The counts of one kind at one place, in order; the last version of each day stands last."""

    place: str
    name: str
    what: str
    counts: tuple[Counted, ...]
    column: str = ""

    @property
    def last(self) -> date:
        """The last day that was counted whole."""
        whole = [count.day for count in self.counts if count.whole]
        return max(whole) if whole else self.counts[-1].day


@dataclass(slots=True)
class Findings:
    """What is told of a file, in the order in which it was found."""

    remarks: list[Remark] = field(default_factory=list)

    def tell(self, message: str, lines: tuple[int, ...] | list[int] = (), series: str = "") -> None:
        """Note something."""
        self.remarks.append(Remark(message, tuple(lines), series))


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that was read from a file of counts."""

    file: str
    saved: date
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]
    beds: dict[str, int]
    rows: int

    @property
    def last(self) -> date:
        """The last day that was counted whole."""
        return max(line.last for line in self.lines)


def days_told(days: list[date]) -> str:
    """Days as a reader would name them: runs as `3 to 5 March`."""
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    shown = [f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    return ", ".join(shown[:6]) + (f" and {len(shown) - 6} more" if len(shown) > 6 else "")
