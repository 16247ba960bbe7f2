"""CSV tables: comma, semicolon or tab; every row knows its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from .problems import Problems, Spot, nearest
from .reading import parse_number
from .source import read_text

T = TypeVar("T")
PERSONAL = {
    "name_of_person", "first_name", "last_name", "full_name", "given_name", "family_name", "surname", "nombre",
    "apellido", "birth_date", "date_of_birth", "birthdate", "dob", "registration_number", "a_number", "anumber",
    "alien_number", "curp", "passport", "passport_number", "phone", "telephone", "phone_number", "email", "case_number",
    "person", "person_name", "personal_name",
}  # fmt: skip
"""Columns that would record a person; `name` joins them where a table does not have that column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the texts of its cells by column, and where it stands."""

    file: str
    line: int
    cells: dict[str, str]
    problems: Problems

    def spot(self, column: str = "") -> Spot:
        """Where a cell stands (the row, if no column is named); a quoted cell counts without its quotes."""
        at = 1
        for name, cell in self.cells.items():
            if name == column:
                return Spot(self.file, self.line, at)
            at += len(cell) + 1
        return Spot(self.file, self.line, 1)

    def text(self, column: str) -> str | None:
        """The text of a cell, None if it is empty."""
        return self.cells.get(column) or None

    def need(self, column: str) -> str:
        """The text of a cell that must not be empty (if the whole column is missing, that has been told)."""
        text = self.cells.get(column, "")
        if not text and column in self.cells:
            self.problems.add(self.spot(column), f"the column {column!r} must not be empty")
        return text

    def parsed(self, column: str, parse: Callable[[str], T]) -> T | None:
        """What a parser makes of a cell; None if it is empty, or wrong (then a problem is noted)."""
        text = self.cells.get(column)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.problems.add(self.spot(column), f"in column {column!r}: {error}")
            return None

    def number(self, column: str) -> float | None:
        """A number, None if the cell is empty."""
        return self.parsed(column, parse_number)

    def words(self, column: str) -> tuple[str, ...]:
        """Words of a cell, separated by spaces, commas, semicolons or bars."""
        text = self.cells.get(column, "")
        for mark in ",;|":
            text = text.replace(mark, " ")
        return tuple(text.split())

    def choice(self, column: str, allowed: Collection[str]) -> str | None:
        """One word of a few."""
        word = self.text(column)
        if word is not None and word not in allowed:
            self.problems.add(self.spot(column), f"{column!r} cannot be {word!r}", allowed, nearest(word, allowed))
            return None
        return word


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a table: those needed and those allowed."""

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()


def read_table(folder: Path, name: str, shape: Shape, problems: Problems) -> list[Row]:
    """The rows of a table; none, with a problem noted, if it cannot be read. Empty lines are passed over."""
    text = read_text(folder, name, problems)
    if text is None:
        return []
    try:
        lines = split_rows(text)
    except csv.Error as error:
        problems.add(Spot(name, 0, 0), f"is not a table: {error}")
        return []
    if not lines:
        problems.add(Spot(name, 0, 0), "is empty")
        return []
    (line, header), *rest = lines
    columns = [cell.strip() for cell in header]
    check_header(columns, shape, Spot(name, line, 1), problems)
    rows = []
    for line, cells in rest:
        if len(cells) != len(columns):
            problems.add(Spot(name, line, 1), f"this row has {len(cells)} cells, the header has {len(columns)}")
            problems.failed.update(cell.strip() for cell in cells[:1])
            continue
        found = dict(zip(columns, (cell.strip() for cell in cells), strict=True))
        rows.append(Row(name, line, found, problems))
    return rows


def read_column(folder: Path, name: str, column: str, problems: Problems) -> list[float]:
    """The numbers in one column of a file; empty cells are passed over, negative ones are problems."""
    text = read_text(folder, name, problems)
    if text is None:
        return []
    columns = [cell.strip() for cell in split_rows(text)[0][1]]
    if column not in columns:
        problems.add(Spot(name, 1, 1), f"there is no column {column!r} in {name}", columns, nearest(column, columns))
        return []
    found = []
    for row in read_table(folder, name, Shape((column,), tuple(c for c in columns if c not in PERSONAL)), problems):
        value = row.number(column)
        if value is not None and value < 0:
            problems.add(row.spot(column), f"in column {column!r}: a length of time is never negative")
        elif value is not None:
            found.append(value)
    if not found:
        problems.add(Spot(name, 1, 1), f"the column {column!r} holds no numbers")
    return found


def split_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line on which it begins."""
    first = text.lstrip("\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows = []
    before = 0
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((before + 1, cells))
        before = reader.line_num
    return rows


def check_header(columns: list[str], shape: Shape, spot: Spot, problems: Problems) -> None:
    """Note columns that are missing, unknown, doubled, or that would record persons."""
    allowed = (*shape.needed, *shape.optional)
    for column in columns:
        at = Spot(spot.file, spot.line, 1 + sum(len(name) + 1 for name in columns[: columns.index(column)]))
        plain = column.lower().replace(" ", "_").replace("-", "_")
        if column in allowed:
            continue
        if plain in PERSONAL or plain == "name":
            problems.add(at, f"the column {column!r} would record persons, which posada refuses; leave it out")
        else:
            problems.add(at, f"there is no column {column!r} in {spot.file}", allowed, nearest(column, allowed))
    for column in sorted({column for column in columns if columns.count(column) > 1}):
        problems.add(spot, f"the column {column!r} stands here twice")
    for column in shape.needed:
        if column not in columns:
            problems.add(spot, f"the column {column!r} is missing", allowed)
