"""evidence.csv as text: rows are added at the end; every line that is there stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

from .ledger import Evidence
from .writing import write_text

COLUMNS = tuple(field.name.rstrip("_") for field in fields(Evidence) if field.name != "line")
"""The columns of evidence.csv, in order."""


def cells(row: Evidence) -> dict[str, str]:
    """A claim as the texts of its cells."""
    found = {}
    for field in fields(Evidence):
        if field.name == "line":
            continue
        value = getattr(row, field.name)
        found[field.name.rstrip("_")] = written(value)
    return found


def written(value: str | float | date | None) -> str:
    """A value as it stands in a cell."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}" if abs(value) < 1e10 else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def append(path: Path, rows: Sequence[Evidence]) -> None:
    """Add claims to a ledger, which is made if it is not there: all of them, or none if writing fails."""
    append_cells(path, [cells(row) for row in rows], COLUMNS)


def append_cells(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
    """Add rows, as texts of their cells, to a table of these columns, which is made if it is not there."""
    text = read_as_it_is(path) if path.exists() else ""
    head, delimiter = header(text)
    needed = {name for row in rows for name, cell in row.items() if cell}
    if head and not needed <= set(head):
        text, head = widened(text, head, [name for name in columns if name in needed and name not in head], delimiter)
    if not head:
        head = list(columns)
        text = line(head, ",") + text
    end = "\r\n" if "\r\n" in text else "\n"
    if text and not text.endswith("\n"):
        text += end
    for row in rows:
        text += line([row.get(name, "") for name in head], delimiter).replace("\n", end)
    write_text(path, MARK + text if marked(path) else text)


MARK = "\ufeff"
"""With which spreadsheet programs tell UTF-8."""


def marked(path: Path) -> bool:
    """Whether a file begins with the mark of UTF-8."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        return file.read(3) == MARK.encode()


def read_as_it_is(path: Path) -> str:
    """The text of a file with its own ends of lines."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return file.read()


def header(text: str) -> tuple[list[str], str]:
    """The columns of a table and its delimiter."""
    first = text.lstrip("\r\n").split("\n", 1)[0].rstrip("\r")
    delimiter = max(",;\t", key=first.count)
    return ([cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])] if first else []), delimiter


def widened(text: str, head: list[str], more: list[str], delimiter: str) -> tuple[str, list[str]]:
    """The table with further columns at the end, empty in the rows that are there."""
    out = io.StringIO(newline="")
    end = "\r\n" if "\r\n" in text else "\n"
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    first = True
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        if not any(cell.strip() for cell in row):
            out.write(end)
            continue
        writer.writerow([*row, *(more if first else [""] * len(more))])
        first = False
    return out.getvalue(), [*head, *more]


def line(values: Sequence[str], delimiter: str) -> str:
    """One line of a table."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerow(values)
    return out.getvalue()


def ids_of(path: Path) -> set[str]:
    """The ids of the claims in a ledger; none if it is not there."""
    if not path.exists():
        return set()
    text = read_as_it_is(path)
    head, delimiter = header(text)
    if "id" not in head:
        return set()
    at = head.index("id")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return {row[at].strip() for row in rows if len(row) > at}
