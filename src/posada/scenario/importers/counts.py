"""Registered people: the series of the sites, corrected, summed, and made daily."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import floor
from pathlib import Path

from .rows import (
    Findings,
    Layout,
    Line,
    amount,
    day_of,
    find_file,
    or_perhaps,
    plain_name,
    resolve,
    split_lines,
    text_of,
)
from .situation import Count, Site, SiteSeries

CORRECTIONS = Layout(("name", "date", "how"), {"location": "name", "camp": "name", "#name": "name"})
LAYOUTS = ("data_layout.csv", "data_layout_refugee.csv")
TOTAL = "total"
Points = list[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Part:
    """The counts of one file by day, and the lines on which they stand."""

    points: Points
    lines: dict[int, int]


@dataclass(frozen=True, slots=True)
class Sources:
    """The folder of the series, and how its files are called in remarks."""

    folder: Path
    label: str

    def name(self, file: str) -> str:
        """A file as it is called in remarks."""
        return f"{self.label}/{file}" if self.label else file


def read_series(
    sources: Sources | None, corrections: Path | None, label: str, sites: dict[str, Site], start: date, days: int,
    found: Findings,
) -> tuple[dict[str, SiteSeries], tuple[Count, ...]]:  # fmt: skip
    """The series by site, corrected, and the total (as the files state it)."""
    if sources is None:
        found.data("", 0, "there is no folder of registered people; displaced.csv is empty and must be filled in")
        return {}, ()
    files, total_files = read_layout(sources, sites, found)
    parts = {key: [read_points(sources, file, start, found) for file in own] for key, own in files.items()}
    for key in [key for key, own in parts.items() if not summed(own)]:
        found.data(sources.name(files[key][0]), 0, f"the series of {sites[key].name!r} holds no counts; it is left out")
        del parts[key]
    registered = {key: summed(own) for key, own in parts.items()}
    corrected, on = apply_corrections(corrections, label, registered, sites, (start, days), found)
    series = {key: one_series(key, files[key], own, corrected[key], on[key], days) for key, own in parts.items()}
    total = [read_points(sources, file, start, found) for file in total_files]
    return series, tuple(Count(day, value, value, line_of(total, day)) for day, value in summed(total))


def one_series(
    key: str, files: tuple[str, ...], parts: list[Part], corrected: Points, on: list[int], days: int
) -> SiteSeries:
    """The series of a site; `on` are the days of its corrections."""
    sums = summed(parts)
    counts = [
        Count(day, value, better, line_of(parts, day))
        for (day, value), (_, better) in zip(sums, corrected, strict=True)
    ]
    daily = tuple(floor(between(corrected, day)) for day in range(days))
    tops = [max(points, key=lambda p: p[1]) for points in (sums, corrected, *(part.points for part in parts)) if points]
    peaks = tuple(Count(day, value, value, line_of(parts, day)) for day, value in tops)
    return SiteSeries(key, files, tuple(counts), daily, peaks, tuple(on))


def line_of(parts: list[Part], day: int) -> int:
    """The line of a day in the first file; 0 if it has none."""
    return parts[0].lines.get(day, 0) if parts else 0


def read_layout(
    sources: Sources, sites: dict[str, Site], found: Findings
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The files of each site and of the total, as the data layout says."""
    path = next((p for name in LAYOUTS if (p := find_file(sources.folder, name))), None)
    if path is None:
        found.data(sources.name(LAYOUTS[0]), 0, "is missing, so no series belongs to any place; displaced.csv is empty")
        return {}, ()
    label = sources.name(path.name)
    names = {site.name: key for key, site in sites.items()}
    files: dict[str, tuple[str, ...]] = {}
    total: tuple[str, ...] = ()
    for line, cells in split_lines(text_of(path, label, found)):
        name, *own = (cell.strip() for cell in cells)
        present = tuple(file for word in own if word and (file := real_file(word, sources, label, line, found)))
        if name.lstrip("#").strip().lower() == TOTAL:
            total = present
        elif name and not name.startswith("#"):
            key = resolve(name, names, (label, line), "the site of a series", found)
            if key is not None and key in files:
                found.data(label, line, f"{name!r} already has files; these are added to them")
            if key is not None and (present or key in files):
                files[key] = (*files.get(key, ()), *present)
    tell_unlisted(sources, label, {*total, *(f for own in files.values() for f in own)}, path.name, found)
    return files, total


def real_file(word: str, sources: Sources, label: str, line: int, found: Findings) -> str | None:
    """The name of a file that is there; None, and told, if it is not."""
    path = find_file(sources.folder, word)
    if path is None:
        there = [p.name for p in sources.folder.glob("*.csv")]
        found.data(label, line, f"there is no file {word!r}{or_perhaps(word, there)}")
        return None
    return path.name


def tell_unlisted(sources: Sources, label: str, listed: set[str], own: str, found: Findings) -> None:
    """Tell which series lie in the folder and belong to no place."""
    rest = sorted(p.name for p in sources.folder.glob("*.csv") if p.name not in listed and p.name != own)
    dated = [name for name in rest if is_series(sources.folder / name)]
    if dated:
        found.data(label, 0, f"names no place for these series, which are not used: {', '.join(dated)}")


def is_series(path: Path) -> bool:
    """Whether most rows of a file are a date and a number."""
    quiet = Findings()
    rows = [cells for _, cells in split_lines(text_of(path, path.name, quiet)) if not cells[0].strip().startswith("#")]
    dated = sum(is_one(day_of, cells[0].strip()) for cells in rows)
    return dated * 2 > len(rows)


def is_one(read: Callable[[str], object], text: str) -> bool:
    """Whether a text can be read."""
    try:
        read(text)
    except ValueError:
        return False
    return True


def read_points(sources: Sources, file: str, start: date, found: Findings) -> Part:
    """The counts of one file in order of their days; what is no count is told and passed over."""
    label = sources.name(file)
    points: dict[int, float] = {}
    lines: dict[int, int] = {}
    before = None
    unsorted = 0
    for number, cells in split_lines(text_of(sources.folder / file, label, found)):
        texts = [cell.strip() for cell in cells]
        if texts[0].startswith("#") or len(texts) < 2 or not texts[1]:
            continue
        try:
            day, value = (day_of(texts[0]) - start).days, amount(texts[1].split("#")[0])
        except ValueError as error:
            if points or is_one(day_of, texts[0]):
                found.data(label, number, f"this row is passed over: {error}")
            continue
        if len(texts) > 2 and texts[1].isdigit() and texts[2].isdigit() and len(texts[2]) == 3:
            message = f"{value:g} is taken, and {texts[2]!r} after it is not; was a comma meant to part thousands?"
            found.data(label, number, message)
        if value < 0:
            found.data(label, number, f"{value:g} people cannot be registered; this row is passed over")
            continue
        if day in points and points[day] != value:
            message = f"{texts[0]} is already on line {lines[day]} with {points[day]:g}; {value:g} is taken"
            found.data(label, number, message)
        unsorted = unsorted or (number if before is not None and day < before else 0)
        before = day
        points[day], lines[day] = value, number
    if unsorted:
        found.data(label, unsorted, "the dates are not in order; they were sorted")
    return Part(sorted(points.items()), lines)


def summed(parts: list[Part]) -> Points:
    """The sum of series on every day on which one of them has a count."""
    series = [part.points for part in parts if part.points]
    if len(series) < 2:
        return series[0] if series else []
    days = sorted({day for points in series for day, _ in points})
    return [(day, sum(between(points, day) for points in series)) for day in days]


def between(points: Points, day: int) -> float:
    """A series on any day: straight between two counts, flat before the first and after the last."""
    if day <= points[0][0]:
        return points[0][1]
    for (day0, value0), (day1, value1) in pairwise(points):
        if day < day1:
            return value0 + (day - day0) * (value1 - value0) / (day1 - day0)
    return points[-1][1]


def apply_corrections(
    path: Path | None, label: str, registered: dict[str, Points], sites: dict[str, Site], period: tuple[date, int],
    found: Findings,
) -> tuple[dict[str, Points], dict[str, list[int]]]:  # fmt: skip
    """The series with the counts before each date of a correction scaled to the count on that date, and those days."""
    series = {key: list(points) for key, points in registered.items()}
    on: dict[str, list[int]] = {key: [] for key in registered}
    if path is None:
        return series, on
    names = {site.name: key for key, site in sites.items()}
    for number, cells in split_lines(text_of(path, label, found)):
        line = Line(label, number, cells, {"name": 0, "date": 1})
        name = line.get("name")
        if name.startswith("#") or not name or plain_name(name) in ("name", "location", "camp"):
            continue
        key = resolve(name, names, (label, number), "the site of a correction", found)
        if key is not None and key not in series:
            found.data(label, number, f"{name!r} has no series to correct")
        if key is None or key not in series:
            continue
        day = correct(series, key, line, period, found)
        if day is not None:
            on[key].append(day)
    return series, on


def correct(series: dict[str, Points], key: str, line: Line, period: tuple[date, int], found: Findings) -> int | None:
    """Scale what was registered before a date by the step that the series takes on it; the day, if that was done."""
    start, days = period
    text = line.get("date")
    try:
        day = (day_of(text) - start).days
    except ValueError as error:
        found.data(line.file, line.number, f"this correction is passed over: {error}")
        return None
    points = series[key]
    at = next((i for i, (d, _) in enumerate(points) if d == day), None)
    if at is None:
        near = min(points, key=lambda p: abs(p[0] - day))
        message = f"{line.get('name')!r} has no count on {text}, so nothing is corrected; the nearest is"
        apart = near[0] - day
        found.data(line.file, line.number, f"{message} {abs(apart)} days {'later' if apart > 0 else 'earlier'}")
        return None
    if at == 0 or points[at - 1][1] == 0:
        why = "is the first count" if at == 0 else "follows a count of 0"
        found.data(line.file, line.number, f"{text} {why} of {line.get('name')!r}, so nothing is corrected")
        return None
    factor = points[at][1] / points[at - 1][1]
    if not 0.5 <= factor <= 1.25:
        message = f"scales every count of {line.get('name')!r} before {text} by {factor:.3g}"
        step = f"{points[at - 1][1]:.0f} to {points[at][1]:.0f}"
        found.data(line.file, line.number, f"this correction {message} (the step from {step}); is that what was meant?")
    if day >= days:
        message = (
            f"this correction is dated {text}, after the last day: every count of {line.get('name')!r} is scaled by"
        )
        found.data(line.file, line.number, f"{message} {factor:.3g}, which nobody could know in these days")
    series[key] = [(d, value * factor) for d, value in points[:at]] + points[at:]
    return day


def arrivals(registered: tuple[int, ...], start_with: bool) -> tuple[int, ...]:
    """How many set out on each day: what the registered rise by; falls are paid off by the next rises."""
    if not registered:
        return ()
    daily = [0 if start_with else registered[0]]
    debt = 0
    for before, now in pairwise(registered):
        new = now - before - debt
        debt = max(0, -new)
        daily.append(max(0, new))
    return tuple(daily)
