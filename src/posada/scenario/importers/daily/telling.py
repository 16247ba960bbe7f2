"""What an import of counts tells: what was read, what was mended, what is assumed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from .counted import Counts, Line, Remark
from .model import COUNTED, House

MOST_LINES = 6


def sections(counts: Counts, houses: Sequence[House]) -> list[tuple[str, list[str]]]:
    """Titles, each with its lines."""
    return [
        ("What was read", list(what_was_read(counts))),
        ("What was found and mended", [remark_text(remark) for remark in counts.remarks] or ["Nothing."]),
        ("What is assumed", list(assumed(houses))),
    ]


def report_text(counts: Counts, houses: Sequence[House]) -> str:
    """IMPORTED.md."""
    head = f"# Counts imported from {counts.file}\n\nSaved on {counts.saved}; {counts.rows} rows have a date.\n"
    parts = [f"## {title}\n\n" + "\n".join(f"- {line}" for line in lines) for title, lines in sections(counts, houses)]
    return head + "\n" + "\n\n".join(parts) + "\n"


def summary(folder: Path, counts: Counts, houses: Sequence[House]) -> dict[str, object]:
    """The same for machines."""
    return {
        "scenario": str(folder),
        "file": counts.file,
        "last": counts.last,
        "series": [
            {"address": house.series(what), "shelter": house.name, "what": what, "counts": len(line.counts),
             "from": line.counts[0].first, "to": line.counts[-1].day, "beds": house.beds}
            for house in houses for what, line in house.lines.items()
        ],
        "found": [{"message": r.message, "lines": r.lines, "series": r.series} for r in counts.remarks],
        "assumed": list(assumed(houses)),
    }  # fmt: skip


def what_was_read(counts: Counts) -> Iterator[str]:
    """Each line of counts in a sentence."""
    for line in counts.lines:
        yield f"{line.name + ': ' if line.name else ''}{line_told(line)}"


def line_told(line: Line) -> str:
    """How many counts, from when to when, how large."""
    values = sorted(count.value for count in line.counts if count.whole)
    dates = f"{line.counts[0].first} to {line.counts[-1].day}"
    if not values:
        return f"{COUNTED[line.what]}, {len(line.counts)} counts, {dates}, none of a whole day"
    middle = values[len(values) // 2]
    size = f"from {values[0]:g} to {values[-1]:g}, in the middle {middle:g}"
    return f"{COUNTED[line.what]}, {len(line.counts)} counts, {dates}, {size}"


def remark_text(remark: Remark) -> str:
    """A remark with the lines of the file that it is about."""
    own = f"{remark.series}: " if remark.series else ""
    return f"{own}{remark.message}{lines_told(remark.lines)}"


def lines_told(lines: tuple[int, ...]) -> str:
    """Which lines of the file."""
    if not lines:
        return ""
    shown = ", ".join(str(line) for line in lines[:MOST_LINES])
    more = f" and {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
    return f" (line{'s' if len(lines) > 1 else ''} {shown}{more})"


def assumed(houses: Sequence[House]) -> Iterator[str]:
    """What rests on no count."""
    if any("present" not in house.lines and "left" not in house.lines for house in houses):
        yield "How long people stay: 7 days, from 2 to 30. Who is present is forecast by that, not by counts."
    if any("present" in house.lines and "arrivals" not in house.lines for house in houses):
        yield "Many who stay shortly or few who stay long: people present alone do not tell; both are fitted."
    yield "The level moves from week to week by a factor; weekdays differ if counts show it; no season of the year."
    if not any(house.beds for house in houses):
        yield "No beds were stated (--beds): nothing is said of overflow."
