"""Reading of a file of daily counts, and its import as a scenario."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ...build_tables import is_time_zone
from ..folder import write_folder
from .columns import Columns, find_columns
from .counted import Counts, Findings, Line, Read
from .entries import Dated, are_intakes, dated_rows, intakes, read_entries, what_counted
from .figures import Figure, read_figure
from .mending import mend
from .model import LONGEST_DAYS, House, houses_of, scenario_text
from .sheet import Sheet, read_sheet, stop
from .tables import evidence_table, observations_table, places_table
from .telling import report_text, sections, summary
from .words import WHATS

Named = str | os.PathLike[str]
MOST_SHELTERS = 60


@dataclass(frozen=True, slots=True)
class ImportedCounts:
    """What an import made: the folder, what was read, and the report as text."""

    folder: Path
    counts: Counts
    houses: tuple[House, ...] = field(repr=False)
    report: str = field(repr=False)

    def told(self) -> list[tuple[str, list[str]]]:
        """What was read, what was mended and what is assumed: titles, each with its lines."""
        return sections(self.counts, self.houses)

    def summary(self) -> dict[str, object]:
        """The same for machines."""
        return summary(self.folder, self.counts, self.houses)


def import_counts(
    file: Named, out: Named, *, place: str = "", beds: int | None = None, what: str | None = None,
    date_column: str | None = None, count_column: str | None = None, group_by: str | None = None,
    day_first: bool | None = None, cumulative: bool | None = None, time_zone: str = "UTC", today: date | None = None,
    force: bool = False,
) -> ImportedCounts:  # fmt: skip
    """Make a scenario of a spreadsheet's daily counts: arrivals, people present each night, or people who left.

    What the file does not tell is found out, and told: order of day and month (`day_first`), running totals
    (`cumulative`), which column is what. `place` is the shelter's name, `beds` how many it has; `today` (default: the
    date of this machine) is after the last day that can have been counted. Raises ScenarioErrors if it cannot be done;
    nothing is written then.
    """
    counts = read_counts(
        file, place=place, what=what, date_column=date_column, count_column=count_column, group_by=group_by,
        day_first=day_first, cumulative=cumulative, today=today,
    )  # fmt: skip
    if beds is not None and beds < 1:
        stop(counts.file, f"{beds} is not a number of beds")
    if not is_time_zone(time_zone):
        stop(counts.file, f"there is no time zone {time_zone!r}; write it as in America/Mexico_City")
    houses = houses_of(counts, beds)
    report = report_text(counts, houses)
    files = {
        "scenario.yaml": scenario_text(counts, houses, time_zone),
        "places.csv": places_table(houses),
        "observations.csv": observations_table(counts, houses),
        "evidence.csv": evidence_table(counts, houses),
        "IMPORTED.md": report,
    }
    return ImportedCounts(write_folder(files, Path(out), force), counts, tuple(houses), report)


def read_counts(
    file: Named, *, place: str = "", what: str | None = None, date_column: str | None = None,
    count_column: str | None = None, group_by: str | None = None, day_first: bool | None = None,
    cumulative: bool | None = None, today: date | None = None,
) -> Counts:  # fmt: skip
    """What a file of daily counts says, mended; nothing is written. Raises ScenarioErrors if it cannot be used."""
    sheet = read_sheet(Path(file))
    now = today or date.today()
    found = Findings()
    for note in sheet.notes:
        found.tell(note)
    if what is not None and what not in WHATS:
        stop(sheet.file, f"--what cannot be {what!r}", WHATS)
    columns = find_columns(sheet, date_column, count_column, group_by)
    tell_columns(columns, found)
    rows = dated_rows(sheet, columns, day_first, now, found)
    if not rows:
        stop(sheet.file, "no row is left that could be used: " + "; ".join(r.message for r in found.remarks[-3:]))
    reads, added = reads_of(sheet, columns, rows, what, place, found)
    lines = lines_of(reads, added, place, cumulative, columns, now, found)
    if not lines:
        stop(sheet.file, "no count is left that could be used: " + "; ".join(r.message for r in found.remarks[-3:]))
    return Counts(sheet.file, sheet.saved, lines, tuple(found.remarks), beds_of(columns, rows, place), len(rows))


def tell_columns(columns: Columns, found: Findings) -> None:
    """Say which columns are used, and which are not."""
    if columns.persons:
        told = ", ".join(repr(name) for name in columns.persons)
        found.tell(f"{told}: columns of persons are not read, and nothing of them is kept")
    unread = [name for name in columns.unread if name]
    if unread:
        found.tell(f"not used: {', '.join(repr(name) for name in unread[:8])}")


def reads_of(
    sheet: Sheet,
    columns: Columns,
    rows: list[Dated],
    what: str | None,
    place: str,
    found: Findings,
) -> tuple[list[Read], bool]:
    """The counts of rows, and whether rows were added up."""
    kind = what_counted(columns, sheet.file, what)
    if what in columns.counts.values():
        columns.counts = {i: role for i, role in columns.counts.items() if role == what}
    elif what and len(columns.counts) == 1:
        columns.counts = dict.fromkeys(columns.counts, what)
    if are_intakes(columns, rows, kind):
        return intakes(columns, rows, place, found), True
    if not columns.counts and not columns.wide:
        stop(sheet.file, "no column holds counts; name it with --count-column", tuple(n for n in columns.names if n))
    if not kind:
        names = ", ".join(repr(columns.names[i]) for i in (*columns.counts, *columns.wide))
        stop(sheet.file, f"{names}: people who arrived, or people present each night? add --what", WHATS)
    reads = read_entries(sheet, columns, rows, kind, place, found)
    return broken_down(columns, rows, reads, found), False


def broken_down(columns: Columns, rows: list[Dated], reads: list[Read], found: Findings) -> list[Read]:
    """One count a day where days are broken down into several rows, by sex or nationality: their sum."""
    if not columns.breakdowns or len({(r.day, r.place, r.what) for r in reads}) > 0.7 * len(reads):
        return reads
    sums: dict[tuple[date, str, str], list[Read]] = {}
    for read in reads:
        sums.setdefault((read.day, read.place, read.what), []).append(read)
    names = ", ".join(repr(columns.names[i]) for i in columns.breakdowns)
    found.tell(f"the rows of a day are broken down by {names}; they are added up")
    return [
        Read(own[-1].line, place, kind, day, Figure(sum(read.figure.middle for read in own)), None, own[-1].note)
        for (day, place, kind), own in sums.items()
    ]


def lines_of(
    reads: Sequence[Read],
    added: bool,
    place: str,
    cumulative: bool | None,
    columns: Columns,
    today: date,
    found: Findings,
) -> tuple[Line, ...]:
    """The lines of counts, each mended."""
    keys = list(dict.fromkeys((read.place, read.what) for read in reads))
    shelters = list(dict.fromkeys(key[0] for key in keys))
    if len(shelters) > MOST_SHELTERS:
        found_in = columns.names[columns.place] if columns.place >= 0 else "the table"
        stop(
            "",
            f"{found_in!r} names {len(shelters)} shelters; at most {MOST_SHELTERS} are read. Name another --group-by",
        )
    if len(shelters) > 1:
        found.tell(f"{len(shelters)} shelters: {', '.join(name or '(no name)' for name in shelters[:10])}")
    by_header = bool(columns.cumulative) and columns.cumulative >= set(columns.counts)
    lines = []
    for key in keys:
        name = key[0] if len(shelters) > 1 else place or key[0]
        running = True if cumulative is None and by_header and key[1] != "present" else cumulative
        line = mend(list(reads), key, name, running, today, added, found)
        if line is not None:
            lines.append(line)
    return of_late(lines, found)


def of_late(lines: list[Line], found: Findings) -> tuple[Line, ...]:
    """The lines that go on to the last half year."""
    last = max((line.last for line in lines), default=date.min)
    kept = tuple(line for line in lines if (last - line.last).days < LONGEST_DAYS - 14)
    gone = [f"{line.name or line.what} (to {line.last})" for line in lines if line not in kept]
    if gone:
        found.tell(f"counts that ended long before the others are not used: {', '.join(gone)}")
    early = [count for line in kept for count in line.counts if (last - count.first).days > LONGEST_DAYS]
    if early:
        found.tell(f"{len(early)} counts are older than {LONGEST_DAYS} days before the last; they are not used")
    return kept


def beds_of(columns: Columns, rows: list[Dated], place: str) -> dict[str, int]:
    """The number of beds of each shelter, where a column says it: the last."""
    found: dict[str, int] = {}
    for row in rows if columns.beds >= 0 else ():
        try:
            figure = read_figure(row.cell(columns.beds))
        except ValueError:
            continue
        if figure and figure.middle >= 1:
            found[row.cell(columns.place) if columns.place >= 0 else place] = int(figure.middle)
    return found
