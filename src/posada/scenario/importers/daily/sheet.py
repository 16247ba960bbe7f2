"""A spreadsheet's file as rows of text, whatever program saved it: delimiter, encoding, Excel."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NoReturn

from posada.evidence import decode, looks_binary

from ...problems import Problem, ScenarioErrors

DELIMITERS = ";\t,|"
NAMES = {";": "semicolons", "\t": "tabs", ",": "commas", "|": "bars"}
MOST_BYTES = 50_000_000
OLD_EXCEL, ZIPPED = b"\xd0\xcf\x11\xe0", b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a table with their line numbers; blank ones are left out."""

    file: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    saved: date
    notes: tuple[str, ...] = ()


def stop(file: str, message: str, allowed: tuple[str, ...] = (), line: int = 0, near: str | None = None) -> NoReturn:
    """Raise the one thing that makes a file unreadable."""
    raise ScenarioErrors([Problem(file, line, 1 if line else 0, message, allowed, near)])


def read_sheet(path: Path) -> Sheet:
    """The table in a file; ScenarioErrors if there is none."""
    raw = read_bytes(path)
    saved = date.fromtimestamp(path.stat().st_mtime)
    if raw.startswith((OLD_EXCEL, ZIPPED)):
        rows, notes = read_workbook(path)
    elif looks_binary(raw) and not looks_wide(raw):
        stop(path.name, "is neither a table of text nor an Excel file; save it as CSV")
    else:
        rows, notes = read_text_rows(raw)
    if not rows:
        stop(path.name, "holds no rows; a table has a column of dates and one of counts")
    return Sheet(path.name, tuple(rows), saved, tuple(notes))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file that can be a table."""
    if path.is_dir():
        stop(str(path), "is a folder; name the file with the counts")
    try:
        if path.stat().st_size > MOST_BYTES:
            stop(str(path), f"is larger than {MOST_BYTES // 1_000_000} MB; that is no table of daily counts")
        raw = path.read_bytes()
    except OSError as error:
        stop(str(path), f"cannot be read: {error.strerror or error}")
    if not raw.strip():
        stop(path.name, "is empty")
    return raw


def looks_wide(raw: bytes) -> bool:
    """Whether bytes are UTF-16 that has lost its mark: every other byte of its start is zero."""
    start = raw[:2000]
    return max(start[0::2].count(0), start[1::2].count(0)) > 0.4 * len(start) / 2


def read_text_rows(raw: bytes) -> tuple[list[tuple[int, tuple[str, ...]]], list[str]]:
    """Rows of a table of text, and what should be known of how it was read."""
    if b"\0" in raw[:2000] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, note = raw.decode("utf-16-le" if raw[1:2] == b"\0" else "utf-16-be", "replace"), None
    else:
        text, note = decode(raw)
    notes = [note] if note else []
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[-1], rest, 1
    else:
        delimiter = delimiter_of(text)
    if delimiter != ",":
        notes.append(f"columns are separated by {NAMES.get(delimiter, delimiter)}")
    rows = []
    before = skipped
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((before + 1, tuple(tidy(cell) for cell in cells)))
        before = reader.line_num + skipped
    return rows, notes


def tidy(cell: str) -> str:
    """A cell without odd spaces around it."""
    return cell.replace("\u00a0", " ").replace("\u202f", " ").replace("\ufeff", "").strip()


def delimiter_of(text: str) -> str:
    """What separates columns: the mark that cuts most lines into the same number of cells, above one."""
    lines = [line for line in text.split("\n")[:60] if line.strip() and not line.lstrip().startswith("#")]
    best, found = (0, 0), ","
    for mark in DELIMITERS:
        widths = Counter(len(cells) for cells in csv.reader(lines, delimiter=mark) if len(cells) > 1)
        if widths:
            width, often = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
            if (often, width) > best and (often > best[0] or mark != ","):
                best, found = (often, width), mark
    return found


def read_workbook(path: Path) -> tuple[list[tuple[int, tuple[str, ...]]], list[str]]:
    """Rows of the first sheet of an Excel (or LibreOffice) file that holds any."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError:
        fix = "install posada with `pip install 'posada[excel]'`, or save the sheet as CSV"
        stop(path.name, f"is an Excel file, and what reads those is not installed: {fix}")
    notes: list[str] = []
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        filled = [(name, rows) for name in workbook.sheet_names if (rows := rows_of(workbook, name))]
    except CalamineError as error:
        stop(path.name, f"cannot be read as an Excel file: {error}")
    if len(filled) > 1:
        others = ", ".join(name for name, _ in filled[1:])
        notes.append(f"only the sheet {filled[0][0]!r} was read; there is more on {others}")
    return (filled[0][1] if filled else []), notes


def rows_of(workbook: Any, name: str) -> list[tuple[int, tuple[str, ...]]]:
    """The rows of a sheet that are not blank."""
    rows = []
    for number, cells in enumerate(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), 1):
        texts = tuple(text_of(cell) for cell in cells)
        if any(texts):
            rows.append((number, texts))
    return rows


def text_of(cell: Any) -> str:
    """A cell of a workbook as text: dates in ISO, whole numbers without a point."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else tidy(str(cell))
