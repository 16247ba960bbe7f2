"""What a page is made of: paragraphs, lists, tables and figures, as plain data for the template."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from posada.report.words import day, number
from posada.words import say

MOST_ROWS = 60


@dataclass(frozen=True)
class Text:
    """A paragraph. `strong` stands before it in bold."""

    text: str
    strong: str = ""
    style: str = ""
    kind: str = "text"


@dataclass(frozen=True)
class Heading:
    """A heading within a section."""

    text: str
    kind: str = "heading"


@dataclass(frozen=True)
class Bullets:
    """A list; each item has an optional bold beginning."""

    items: Sequence[tuple[str, str]]
    kind: str = "bullets"


@dataclass(frozen=True)
class Answer:
    """One headline: its label and the number in words; `disagrees` tells of counts that lie outside the model."""

    label: str
    text: str
    detail: str = ""
    assumed: bool = False
    disagrees: str = ""


@dataclass(frozen=True)
class Answers:
    """Headlines of one question."""

    question: str
    items: Sequence[Answer]
    kind: str = "answers"


@dataclass(frozen=True)
class Headlines:
    """The questions with their answers, side by side where there is room."""

    questions: Sequence[Answers]
    kind: str = "headlines"


@dataclass(frozen=True)
class Table:
    """A table with a caption; `numeric` holds the columns that stand flush right."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()
    data: str = ""
    file: str = ""
    note: str = ""
    long: bool = False
    kind: str = "table"

    @property
    def stacked(self) -> bool:
        """Whether a narrow screen shows each row as a card (not for the long tables of figures)."""
        return not self.long and (len(self.columns) > 3 or not self.numeric)

    @property
    def download(self) -> str:
        """The rows as a `data:` address of a CSV file."""
        return self.data or as_csv(self.columns, self.rows)


@dataclass(frozen=True)
class Fold:
    """A table or other blocks that open on demand."""

    summary: str
    blocks: Sequence[object]
    kind: str = "fold"


@dataclass(frozen=True)
class Figure:
    """A picture in a wide and a narrow drawing (SVG text by way of `str`), what it shows in words, and its numbers.

    `live` is what the flow map shows instead of the drawings, where a page may run its module.
    """

    id: str
    title: str
    wide: object
    narrow: object
    text: str
    table: Table | None = None
    key: Sequence[tuple[str, str]] = ()
    live: Mapping[str, Any] | None = None
    kind: str = "figure"


@dataclass(frozen=True)
class Claim:
    """One claim of the ledger."""

    id: str
    what: str
    when: str
    who: str
    source: str
    address: str = ""
    note: str = ""

    @property
    def link(self) -> bool:
        """Whether the address may stand as a link."""
        return self.address.startswith(("https://", "http://"))

    @property
    def host(self) -> str:
        """The site of a link, which stands for it on the screen; addresses are long, and their words not ours."""
        return self.address.partition("//")[2].partition("/")[0].removeprefix("www.")


@dataclass(frozen=True)
class Claims:
    """Claims, one after the other."""

    items: Sequence[Claim]
    kind: str = "claims"


@dataclass
class Section:
    """A part of the report with its heading."""

    id: str
    title: str
    blocks: list[object] = field(default_factory=list)
    short: str = ""

    def say(self, text: str, strong: str = "", style: str = "") -> None:
        """Add a paragraph."""
        self.blocks.append(Text(text, strong, style))


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as a `data:` address of a CSV file; text that a spreadsheet would read as a formula is quoted."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    packed = base64.b64encode(stream.getvalue().encode("utf-8-sig")).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{packed}"


def _cell(value: object) -> object:
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, str) and value[:1] in ("=", "+", "@", "-", "\t"):
        return f"'{value}"
    return value


def data_table(caption: str, frame: pl.DataFrame, heads: Sequence[str], file: str) -> Table:
    """A table of numbers; the page shows at most some sixty rows, the CSV file all of them."""
    rows = frame.rows()
    every = -(-len(rows) // MOST_ROWS) if len(rows) > MOST_ROWS else 1
    note = say("table.thinned", every=every, rows=len(rows)) if every > 1 else ""
    numeric = frozenset(i for i, kind in enumerate(frame.dtypes) if kind.is_numeric())
    shown = [[_show(value) for value in row] for row in rows[::every]]
    return Table(caption, heads, shown, numeric, as_csv(heads, rows), f"{file}.csv", note, long=True)


def _show(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float):
        return number(float(value))
    return str(value)
