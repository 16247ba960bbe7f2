"""Tables as people keep them (comments, odd headers, tabs, Windows line ends), and what is found wrong in them."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from ..problems import Problems, Spot, nearest
from .situation import Remark

DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
TRANSLATION, DATA = "translation", "data"


@dataclass(slots=True)
class Findings:
    """What is found while reading: problems that make an import impossible, remarks on everything else."""

    problems: Problems = field(default_factory=Problems)
    remarks: list[Remark] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def data(self, file: str, line: int, message: str) -> None:
        """Note something wrong in the data."""
        self.remarks.append(Remark(DATA, file, line, message))

    def untranslated(self, file: str, line: int, message: str) -> None:
        """Note something that could not be translated, or not literally."""
        self.remarks.append(Remark(TRANSLATION, file, line, message))


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its cells, the column of each name, and where it stands."""

    file: str
    number: int
    cells: tuple[str, ...]
    columns: Mapping[str, int]

    def get(self, name: str) -> str:
        """The text of a cell, empty if there is none."""
        at = self.columns.get(name, len(self.cells))
        return self.cells[at].strip() if at < len(self.cells) else ""

    def spot(self, name: str) -> Spot:
        """Where a cell stands."""
        at = min(self.columns.get(name, 0), len(self.cells))
        return Spot(self.file, self.number, 1 + sum(len(cell) + 1 for cell in self.cells[:at]))


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table in their usual order, and the other names under which they go."""

    columns: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)
    usual: str = ""
    """The header of such a file, as Flee's manual has it."""

    def known(self, word: str) -> str | None:
        """The column that goes under a name."""
        plain = word.strip().lstrip("#").strip().lower().replace(" ", "_").replace("-", "_")
        return self.aliases.get(plain, plain if plain in self.columns else None)


def find_file(folder: Path, name: str) -> Path | None:
    """A file by its name, whatever its case."""
    exact = folder / name
    if exact.is_file():
        return exact
    try:
        return next((p for p in sorted(folder.iterdir()) if p.is_file() and p.name.lower() == name.lower()), None)
    except OSError:
        return None


def text_of(path: Path, label: str, found: Findings) -> str:
    """The text of a file; empty, with a problem noted, if it is not text. Other encodings than UTF-8 are told."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        found.problems.add(Spot(label, 0, 0), f"cannot be read: {error.strerror or error}")
        return ""
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = raw.decode("utf-16", errors="replace")
        found.data(label, 0, "is UTF-16, not UTF-8; it was read as such")
    elif b"\0" in raw:
        found.problems.add(Spot(label, 0, 0), "is not a text file (it holds zero bytes)")
        return ""
    else:
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252", errors="replace")
            found.data(label, 0, "is not UTF-8; it was read as Windows-1252")
    found.files.append(label)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def split_lines(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """The rows of a table with their line numbers; blank ones are passed over, comments are kept."""
    lines = [line for line in text.split("\n") if line.strip(" ,;\t")]
    plain = [line for line in lines if not line.lstrip().startswith("#")] or lines
    delimiter = max(",;\t", key=(plain[0] if plain else "").count)
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip(" ,;\t"):
            cells = next(csv.reader(io.StringIO(line), delimiter=delimiter, skipinitialspace=True), [])
            rows.append((number, tuple(cells)))
    return rows


def read_lines(path: Path, label: str, layout: Layout, found: Findings) -> list[Line]:
    """The rows of a table, by its header if there is one (with or without `#`), else in the usual order."""
    columns: dict[str, int] = {name: at for at, name in enumerate(layout.columns)}
    lines: list[Line] = []
    for number, cells in split_lines(text_of(path, label, found)):
        names = [layout.known(cell) for cell in cells]
        heads = len({name for name in names if name}) >= min(2, len(layout.columns)) and not lines
        if heads:
            columns = arranged(cells, names, layout)
        if heads or cells[0].lstrip().startswith("#"):
            continue
        lines.append(Line(label, number, cells, columns))
    return lines


def arranged(cells: tuple[str, ...], names: list[str | None], layout: Layout) -> dict[str, int]:
    """The columns of a header; a usual column that it does not name stands where it usually does, if that is free."""
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        if name:
            columns.setdefault(name, at)
    for at, name in enumerate(layout.columns):
        if name not in columns and at < len(names) and names[at] is None:
            columns[name] = at
    for at, name in enumerate(names):
        if name is None and at not in columns.values() and cells[at].strip(" #"):
            columns.setdefault(cells[at].strip(" #").lower(), at)
    return columns


def extra_columns(lines: Iterable[Line], layout: Layout) -> list[str]:
    """The names of columns that a layout does not know."""
    first = next(iter(lines), None)
    return [] if first is None else [c for c in first.columns if c not in layout.columns and not c.startswith("_")]


def amount(text: str) -> float:
    """A number as people write it, with spaces or commas between thousands; ValueError if it is none."""
    plain = text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("_", "")
    if THOUSANDS.fullmatch(plain):
        plain = plain.replace(",", "")
    value = float(plain)
    if not isfinite(value):
        raise ValueError(f"{text!r} is not a number")
    return value


def day_of(text: str) -> date:
    """A date as people write it, the year first or last; ValueError if it is none."""
    for form in DATES:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    raise ValueError(f"{text!r} is not a date such as 2015-05-01")


def plain_name(name: str) -> str:
    """A name without case, accents, spaces and marks; it may be empty for names in other scripts."""
    letters = unicodedata.normalize("NFKD", name.replace("ß", "ss").replace("ø", "o").replace("ł", "l"))
    return re.sub(r"[^a-z0-9]+", "-", letters.encode("ascii", "ignore").decode().lower()).strip("-")


class Ids:
    """Ids for names: plain, and each once."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def of(self, name: str, otherwise: str) -> str:
        """An id for a name that has none yet."""
        plain = plain_name(name) or otherwise
        key, count = plain, 1
        while key in self._taken:
            count += 1
            key = f"{plain}-{count}"
        self._taken.add(key)
        return key


def resolve(name: str, known: Mapping[str, str], spot: tuple[str, int], what: str, found: Findings) -> str | None:
    """The id of a name, written a little otherwise perhaps; None, and told, if there is no such name."""
    if name in known:
        return known[name]
    same = [key for key in known if plain_name(key) == plain_name(name) and plain_name(name)]
    if len(same) == 1:
        message = f"{what} {name!r} is taken for {same[0]!r}; Flee tells names apart by case, spaces and accents"
        found.data(*spot, message)
        return known[same[0]]
    found.data(*spot, f"{what} {name!r} is not in locations.csv and is passed over{or_perhaps(name, known)}")
    return None


def or_perhaps(word: str, options: Iterable[str]) -> str:
    """The nearest right spelling as the end of a sentence, if there is one."""
    near = nearest(word, options)
    return f"; did you mean {near!r}?" if near else ""
