"""What each column of a table is: dates, counts, shelters, notes, or something of persons that is never read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...problems import nearest
from .days import read_minute, read_written
from .figures import is_figure, is_nothing
from .sheet import Sheet, stop
from .words import BREAKDOWN, CUMULATIVE, WEEKDAY_COLUMN, WHATS, plain_header, role_of


@dataclass(slots=True)
class Columns:
    """Which column is what, by position; `counts` gives the columns of counts with what they count ("" if not said)."""

    first: int
    names: tuple[str, ...]
    date: int = -1
    time: int = -1
    place: int = -1
    note: int = -1
    known: int = -1
    beds: int = -1
    party: int = -1
    counts: dict[int, str] = field(default_factory=dict)
    wide: dict[int, str] = field(default_factory=dict)
    persons: list[str] = field(default_factory=list)
    breakdowns: list[int] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    cumulative: set[int] = field(default_factory=set)
    totals: dict[int, str] = field(default_factory=dict)


def find_columns(sheet: Sheet, date_column: str | None, count_column: str | None, group_by: str | None) -> Columns:
    """What the columns are; ScenarioErrors if there is no date or no count."""
    at = header_row(sheet, [name for name in (date_column, count_column, group_by) if name])
    if at < 0:
        return without_header(sheet)
    width = max(len(cells) for _, cells in sheet.rows)
    header = sheet.rows[at][1]
    found = Columns(at + 1, tuple(header) + ("",) * (width - len(header)))
    body = [cells for _, cells in sheet.rows[at + 1 :]]
    asked = {i for name in (date_column, count_column, group_by) if name for i in [named(name, found.names, sheet)]}
    for i, name in enumerate(found.names):
        if i not in asked:
            take(found, i, name, [cells[i] for cells in body if i < len(cells) and cells[i]])
    if date_column:
        found.date = named(date_column, found.names, sheet)
    if group_by:
        found.place = named(group_by, found.names, sheet)
    if count_column:
        only = named(count_column, found.names, sheet)
        role = role_of(found.names[only])
        found.counts, found.wide, found.party = {only: role if role in WHATS else ""}, {}, -1
        if CUMULATIVE.search(plain_header(found.names[only])):
            found.cumulative.add(only)
    if found.date < 0:
        found.date = column_of_dates(found, body)
    if found.date < 0:
        message = "no column holds dates; name it with --date-column"
        stop(sheet.file, message, tuple(n for n in found.names if n), sheet.rows[at][0])
    settle(found, body)
    return found


def named(name: str, names: Sequence[str], sheet: Sheet) -> int:
    """The position of a column that is named."""
    same = [i for i, known in enumerate(names) if plain_header(known) == plain_header(name)]
    if len(same) != 1:
        known = tuple(n for n in names if n)
        stop(sheet.file, f"there is no column {name!r}", known, near=nearest(name, known))
    return same[0]


def header_row(sheet: Sheet, asked: list[str]) -> int:
    """Which of the first rows holds the headers; -1 if there are none."""
    wanted = {plain_header(name) for name in asked}
    for at, (_, cells) in enumerate(sheet.rows[:25]):
        filled = [cell for cell in cells if cell]
        plain = {plain_header(cell) for cell in filled}
        if len(filled) < 2 or any(read_written(cell) for cell in filled):
            continue
        if (wanted and wanted <= plain) or any(role_of(cell) for cell in filled):
            return at
    for at, (_, cells) in enumerate(sheet.rows[:25]):
        filled = [cell for cell in cells if cell]
        if len(filled) > 1 and not any(read_written(cell) or is_figure(cell) for cell in filled):
            return at
    return -1


def without_header(sheet: Sheet) -> Columns:
    """Columns by what they hold: the first of dates, the others counts."""
    width = max(len(cells) for _, cells in sheet.rows)
    found = Columns(0, tuple(f"column {i + 1}" for i in range(width)))
    body = [cells for _, cells in sheet.rows]
    found.date = column_of_dates(found, body)
    if found.date < 0:
        stop(sheet.file, "no column holds dates; the first row should name the columns, such as `date,arrivals`")
    counts = [i for i in range(width) if i != found.date and mostly(body, i, is_figure)]
    if len(counts) == 1:
        found.counts[counts[0]] = ""
    elif counts:
        found.wide = {i: found.names[i] for i in counts}
    else:
        stop(sheet.file, "no column holds counts; the first row should name the columns, such as `date,arrivals`")
    return found


def take(found: Columns, i: int, name: str, cells: list[str]) -> None:
    """Note what one column is."""
    role = role_of(name)
    plain = plain_header(name)
    if role == "person":
        found.persons.append(name)
    elif role in WHATS or role == "count":
        if role == "count" and plain in ("total", "totals", "suma"):
            found.totals[i] = name
        found.counts[i] = role if role in WHATS else ""
        if CUMULATIVE.search(plain):
            found.cumulative.add(i)
    elif role in ("date", "time", "place", "note", "known", "beds", "party") and getattr(found, role) < 0:
        setattr(found, role, i)
    elif CUMULATIVE.search(plain) and cells:
        found.counts[i] = ""
        found.cumulative.add(i)
    elif BREAKDOWN.search(plain) and not all(is_figure(cell) for cell in cells):
        found.breakdowns.append(i)
    elif name and not WEEKDAY_COLUMN.match(plain) and cells and share(cells, is_figure) > 0.6:
        found.wide[i] = name
    elif name and cells:
        found.unread.append(name)


def settle(found: Columns, body: list[tuple[str, ...]]) -> None:
    """Which counts are used where several could be: those whose header tells, then shelters side by side."""
    for columns in (found.counts, found.wide):
        columns.pop(found.date, None)
        columns.pop(found.place, None)
    told = {i: what for i, what in found.counts.items() if what}
    if told:
        found.unread += [found.names[i] for i in (*found.counts, *found.wide) if i not in told]
        found.counts, found.wide = told, {}
    elif found.wide and (len(found.wide) > 1 or found.totals):
        found.unread += [found.names[i] for i in found.counts]
        found.counts = {}
    elif found.wide and not found.counts:
        found.counts, found.wide = dict.fromkeys(found.wide, ""), {}
    elif found.wide:
        found.unread += list(found.wide.values())
        found.wide = {}
    if len(found.counts) > 1 and not told:
        first = next(iter(found.counts))
        found.unread += [found.names[i] for i in found.counts if i != first]
        found.counts = {first: ""}


def column_of_dates(found: Columns, body: list[tuple[str, ...]]) -> int:
    """The first column most of whose cells are dates."""
    return next((i for i in range(len(found.names)) if mostly(body, i, is_date)), -1)


def is_date(text: str) -> bool:
    """Whether a cell is a date that could be nothing else."""
    written = read_written(text)
    return (
        written is not None
        and (written.day is not None or written.year is not None)
        and not (written.serial and not 36_526 <= float(text) <= 60_000)
    )


def mostly(body: list[tuple[str, ...]], i: int, test: object) -> bool:
    """Whether most cells of a column pass a test."""
    cells = [cells[i] for cells in body if i < len(cells) and cells[i] and not is_nothing(cells[i])]
    return bool(cells) and share(cells, test) > 0.6


def share(cells: list[str], test: object) -> float:
    """The share of cells that pass a test."""
    assert callable(test)
    some = [cell for cell in cells if not is_nothing(cell)]
    return sum(bool(test(cell)) for cell in some) / len(some) if some else 0.0


def holds_times(body: list[tuple[str, ...]], i: int) -> bool:
    """Whether a column holds times of the day."""
    return i >= 0 and mostly(body, i, lambda cell: read_minute(cell) is not None)
