"""Rows of a table as counts: totals, comments and blanks are passed over, and told."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

from posada.evidence import fold

from ...problems import Problem, ScenarioErrors
from .columns import Columns, holds_times
from .counted import Findings, Read, days_told
from .days import YEARS, Unclear, Written, day_first, read_minute, read_written, years_added
from .figures import PARTIAL, Figure, is_figure, is_nothing, read_figure
from .sheet import Sheet, stop
from .words import WHATS, role_of

TOTAL = re.compile(
    r"^(?:sub ?totals?|totals?|grand total|suma|promedio|average|avg|mean|media|total general|mes|month|semana|week)\b"
)
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Dated:
    """A row with its date."""

    line: int
    cells: tuple[str, ...]
    day: date
    minute: int | None

    def cell(self, i: int) -> str:
        """The text of a cell, empty if there is none."""
        return self.cells[i] if 0 <= i < len(self.cells) else ""


def dated_rows(sheet: Sheet, columns: Columns, order: bool | None, today: date, found: Findings) -> list[Dated]:
    """The rows that have a date; `order` is whether the day stands first, None to find out."""
    body = filled_down(sheet.rows[columns.first :], columns)
    written: list[tuple[int, tuple[str, ...], Written]] = []
    totals, strange = [], []
    for line, cells in body:
        text = cells[columns.date] if columns.date < len(cells) else ""
        taken = read_written(text) if text else None
        label = fold(next((cell for cell in cells if cell), ""))
        if taken is not None:
            written.append((line, cells, taken))
        elif TOTAL.match(fold(text)) or (not text and TOTAL.match(label)):
            totals.append(line)
        elif text and not text.startswith("#") and any(cells[i] for i in counted_cells(columns, cells)):
            strange.append((line, text))
        elif not text and any(is_figure(cells[i]) for i in counted_cells(columns, cells)):
            totals.append(line)
    if totals:
        found.tell(f"{counted_rows(totals)} of totals, or without a date, passed over", totals)
    for line, text in strange[:MOST_TOLD]:
        found.tell(f"{text!r} is not a date; the row is passed over", [line])
    if len(strange) > MOST_TOLD:
        found.tell(
            f"{len(strange) - MOST_TOLD} more rows have no date that can be read", [s[0] for s in strange[MOST_TOLD:]]
        )
    if not written:
        there = f" (the first cell is {strange[0][1]!r})" if strange else ""
        column = columns.names[columns.date]
        stop(sheet.file, f"no row has a date of {YEARS[0]} to {YEARS[1]} in the column {column!r}{there}; "
             "name it with --date-column", tuple(name for name in columns.names if name))  # fmt: skip
    days = read_days(sheet, columns, written, order, today, found)
    return keep_sane(written, days, today, found)


def counted_rows(lines: Sequence[int]) -> str:
    """So many rows."""
    return "1 row" if len(lines) == 1 else f"{len(lines)} rows"


def counted_cells(columns: Columns, cells: tuple[str, ...]) -> list[int]:
    """The positions of cells of a row that hold counts."""
    return [i for i in (*columns.counts, *columns.wide, columns.party) if 0 <= i < len(cells) and cells[i]]


def filled_down(rows: Sequence[tuple[int, tuple[str, ...]]], columns: Columns) -> list[tuple[int, tuple[str, ...]]]:
    """Rows with the date of the row above where dates are written once for several shelters (merged cells)."""
    if columns.place < 0 and not columns.breakdowns:
        return list(rows)
    tells = columns.place if columns.place >= 0 else columns.breakdowns[0]
    found: list[tuple[int, tuple[str, ...]]] = []
    last = ""
    for line, cells in rows:
        own = cells[columns.date] if columns.date < len(cells) else ""
        other = cells[tells] if tells < len(cells) else ""
        if not own and last and other and not TOTAL.match(fold(other)):
            cells = (*cells[: columns.date], last, *cells[columns.date + 1 :])
        last = own or last
        found.append((line, cells))
    return found


def read_days(
    sheet: Sheet, columns: Columns, rows: list[tuple[int, tuple[str, ...], Written]], order: bool | None, today: date,
    found: Findings,
) -> list[date | None]:  # fmt: skip
    """The dates of rows; ScenarioErrors if the order of day and month must be asked."""
    cells = [(row[1][columns.date], row[2]) for row in rows]
    if order is None:
        try:
            order, why = day_first(cells)
        except Unclear as unclear:
            first, *more = unclear.examples
            if unclear.mixed:
                message = f"dates are written in two ways: {first!r} has the day first, {more[0]!r} the month; mend one"
            else:
                message = f"{first!r} may be day or month first, and no date here tells; add --dayfirst or --monthfirst"
            stop(sheet.file, message, line=rows[0][0])
        if why:
            found.tell(f"dates are read with the {'day' if order else 'month'} first: {why}")
    if all(w.serial for _, w in cells):
        found.tell("dates are numbers of days as Excel keeps them")
    if any(w.year is None and w.day is None for _, w in cells):
        found.tell("dates have no year; it is taken that they lie as late as they can, and not ahead")
    return years_added([w for _, w in cells], order, today)


def keep_sane(
    rows: list[tuple[int, tuple[str, ...], Written]], days: list[date | None], today: date, found: Findings
) -> list[Dated]:
    """Rows whose date is in the calendar, not ahead, and not years from all others."""
    kept: list[Dated] = []
    wrong: list[int] = []
    ahead: list[tuple[int, date]] = []
    far: list[tuple[int, date]] = []
    known = sorted(day.toordinal() for day in days if day)
    middle = median(known) if known else 0
    spread = max(400, 4 * (known[len(known) * 3 // 4] - known[len(known) // 4])) if known else 0
    for (line, cells, written), day in zip(rows, days, strict=True):
        if day is None:
            wrong.append(line)
        elif day > today:
            ahead.append((line, day))
        elif abs(day.toordinal() - middle) > spread:
            far.append((line, day))
        else:
            kept.append(Dated(line, cells, day, written.minute))
    if wrong:
        found.tell(f"{counted_rows(wrong)} with a date that is not in the calendar, passed over", wrong)
    if ahead:
        told = days_told([day for _, day in ahead])
        found.tell(
            f"{counted_rows([a[0] for a in ahead])} of days that have not come yet ({told}), passed over",
            [a[0] for a in ahead],
        )
    for line, day in far[:MOST_TOLD]:
        found.tell(f"{day} is far from all other dates (a slip of the year?), passed over", [line])
    return kept


def read_entries(
    sheet: Sheet, columns: Columns, rows: list[Dated], what: str, name: str, found: Findings
) -> list[Read]:
    """The counts of rows, by shelter and what is counted; rows of single intakes are added up by day."""
    problems: list[tuple[int, str]] = []
    reads: list[Read] = []
    blank = 0
    targets = {i: (role or what, name) for i, role in columns.counts.items()}
    targets |= {i: (what, header) for i, header in columns.wide.items()}
    clocks = holds_times([row.cells for row in rows], columns.time)
    for row in rows:
        note = row.cell(columns.note)
        minute = read_minute(row.cell(columns.time)) if clocks else row.minute
        place = row.cell(columns.place) if columns.place >= 0 else ""
        if columns.place >= 0 and (not place or TOTAL.match(fold(place))):
            blank += 1
            continue
        known = read_written(row.cell(columns.known)) if columns.known >= 0 else None
        for i, (kind, where) in targets.items():
            text = row.cell(i)
            if is_nothing(text):
                blank += 1
                continue
            try:
                figure = read_figure(text)
            except ValueError:
                problems.append((row.line, text))
                continue
            assert figure is not None
            inner = text if PARTIAL.search(fold(text)) else ""
            since = known.read(True) if known else None
            reads.append(
                Read(row.line, place or where, kind, row.day, figure, minute, f"{note} {inner}".strip(), since)
            )
    if not reads:
        stop(sheet.file, "no row holds a count", tuple(f"{n}" for n in columns.names if n))
    if len(problems) > len(reads):
        told = [Problem(sheet.file, line, 1, f"{text!r} is not a count") for line, text in problems[:MOST_TOLD]]
        raise ScenarioErrors(told)
    for line, text in problems[:MOST_TOLD]:
        found.tell(f"{text!r} is not a count; left open", [line])
    if len(problems) > MOST_TOLD:
        found.tell(
            f"{len(problems) - MOST_TOLD} more cells cannot be read as counts", [p[0] for p in problems[MOST_TOLD:]]
        )
    if blank:
        found.tell(f"{blank} cells hold no count; those days are left open, not taken for zero")
    return reads


def are_intakes(columns: Columns, rows: list[Dated], what: str) -> bool:
    """Whether each row is one arrival of a party, to be added up, rather than the count of a day."""
    if columns.place >= 0 or columns.breakdowns:
        keys = Counter((row.day, row.cell(columns.place), *(row.cell(i) for i in columns.breakdowns)) for row in rows)
    else:
        keys = Counter((row.day, "") for row in rows)
    often = median(keys.values())
    told = [role for role in columns.counts.values() if role]
    if told or columns.wide or what in ("present", "left"):
        timed = all(row.minute is not None for row in rows) or holds_times([row.cells for row in rows], columns.time)
        return bool(told == ["arrivals"] and often >= 3 and timed)
    return often >= 2 or not columns.counts


def intakes(columns: Columns, rows: list[Dated], name: str, found: Findings) -> list[Read]:
    """The parties of each day added up; a count column, or one of sizes of families, tells how many people each has."""
    sizes = columns.party if columns.party >= 0 else next(iter(columns.counts), -1)
    clocks = holds_times([row.cells for row in rows], columns.time)
    reads, unsized = [], 0
    for row in rows:
        place = row.cell(columns.place) if columns.place >= 0 else name
        minute = read_minute(row.cell(columns.time)) if clocks else row.minute
        people = 1.0
        if sizes >= 0:
            try:
                figure = read_figure(row.cell(sizes))
            except ValueError:
                figure = None
            unsized += figure is None
            people = figure.middle if figure and figure.middle >= 1 else 1.0
        reads.append(Read(row.line, place, "arrivals", row.day, Figure(people), minute, row.cell(columns.note)))
    how = (
        f"as many people as {columns.names[sizes]!r} says"
        if sizes >= 0
        else "one person each, since no column says how many"
    )
    found.tell(f"each of {len(rows)} rows is one arrival: they are added up by day, {how}")
    if unsized:
        found.tell(f"{unsized} of them do not say how many people; each is taken for one")
    return reads


def what_counted(columns: Columns, file: str, asked: str | None) -> str:
    """What counts are of: as asked, as headers say, as the name of the file says; empty if none tells."""
    if asked:
        return asked
    told = [what for what in columns.counts.values() if what in WHATS]
    if told:
        return told[0]
    words = [role_of(word) for word in re.split(r"[^\w]+|_", file.rsplit(".", 1)[0])]
    return next((word for word in words if word in WHATS), "")
