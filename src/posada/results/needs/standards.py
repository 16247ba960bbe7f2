"""Packs of published standards: what a person needs, by phase, each figure with its source."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from posada.scenario import Problems, Row, ScenarioErrors, Shape, Spot, read_table

PACKAGED = "published-1"
"""The pack that comes with posada; one with other figures has another number."""
PHASES = ("emergency", "after")
COUNTS = ("present", "night", "arrived")
"""Those most at one time on a day; those there when the night begins; those who came on a day."""
WHO = ("everyone", "adults", "children", "babies", "women", "men", "women_and_girls", "parties")
RULES = ("each", "one_per")
"""So much for each person, or one for so many people."""
UNITS = (
    "litres/day",
    "meals/day",
    "kcal/day",
    "g/day",
    "g/month",
    "m2",
    "places",
    "pieces",
    "staff",
    "hours/day",
    "hours/week",
)
SHAPE = Shape(("need", "counts", "who", "rule", "emergency", "after", "unit", "source"), ("address", "note"))


@dataclass(frozen=True, slots=True)
class Standard:
    """One figure of a pack; None in a phase for which no figure was published."""

    need: str
    counts: str
    who: str
    rule: str
    emergency: float | None
    after: float | None
    unit: str
    source: str
    address: str = ""
    note: str = ""

    def figure(self, phase: str) -> float | None:
        """The figure of a phase."""
        return self.emergency if phase == "emergency" else self.after


@dataclass(frozen=True, slots=True)
class Pack:
    """Standards by the name and mark of their file: two packs with the same mark are the same."""

    name: str
    mark: str
    standards: tuple[Standard, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """What is needed, in the order of the file."""
        return tuple(dict.fromkeys(s.need for s in self.standards))

    def of(self, need: str) -> tuple[Standard, ...]:
        """The standards that make up a need; they add up."""
        return tuple(s for s in self.standards if s.need == need)


def read_standards(file: str | os.PathLike[str] | None = None) -> Pack:
    """A pack of standards from a CSV file; the packaged one if none is named. ScenarioErrors tells all its mistakes."""
    if file is not None:
        return _read(Path(file), Path(file).stem)
    with as_file(files("posada.results.needs").joinpath("packs", f"{PACKAGED}.csv")) as path:
        return _read(path, PACKAGED)


def _read(path: Path, name: str) -> Pack:
    problems = Problems()
    rows = read_table(path.parent, path.name, SHAPE, problems)
    found = [(row, standard) for row in rows if (standard := _standard(row)) is not None]
    _check_together(found, problems)
    if not problems.found and not found:
        problems.add(Spot(path.name, 0, 0), "holds no standards")
    if problems.found:
        raise ScenarioErrors(problems.found)
    mark = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
    return Pack(name, mark, tuple(standard for _, standard in found))


def _standard(row: Row) -> Standard | None:
    """The standard in a row; None, with problems noted, if it is not one."""
    before = len(row.problems.found)
    emergency, after = (_figure(row, phase) for phase in PHASES)
    need = row.need("need")
    words = {name: _word(row, name, allowed) for name, allowed in CHOICES}
    if emergency is None and after is None and not row.text("note"):
        row.problems.add(row.spot("emergency"), f"{need or 'this'!r} has no figure; then 'note' says why")
    elif emergency is not None or after is not None:
        row.need("source")
    if len(row.problems.found) > before or any(word is None for word in words.values()):
        return None
    texts = {name: row.text(name) or "" for name in ("source", "address", "note")}
    return Standard(need=need, emergency=emergency, after=after, **{k: str(w) for k, w in words.items()}, **texts)


CHOICES = (("counts", COUNTS), ("who", WHO), ("rule", RULES), ("unit", UNITS))


def _word(row: Row, column: str, allowed: Sequence[str]) -> str | None:
    """One of the words that a column may hold."""
    return row.choice(column, allowed) if row.need(column) else None


def _figure(row: Row, phase: str) -> float | None:
    """The figure of a phase; it is never negative, and one for no people is none."""
    figure = row.number(phase)
    if figure is None:
        return None
    if figure < 0:
        row.problems.add(row.spot(phase), f"in column {phase!r}: a need is never negative, not {figure:g}")
    elif figure == 0 and row.text("rule") == "one_per":
        row.problems.add(row.spot(phase), f"in column {phase!r}: one for so many people cannot be one for 0")
    return figure


def _check_together(found: Sequence[tuple[Row, Standard]], problems: Problems) -> None:
    """Note rows that say the same thing twice, and rows of one need in different units."""
    seen: dict[tuple[str, str, str], int] = {}
    units: dict[str, tuple[str, int]] = {}
    for row, s in found:
        first = seen.setdefault((s.need, s.counts, s.who), row.line)
        if first != row.line:
            problems.add(row.spot("need"), f"{s.need!r} for {s.who!r} stands in line {first} already")
        unit, line = units.setdefault(s.need, (s.unit, row.line))
        if unit != s.unit:
            problems.add(
                row.spot("unit"), f"{s.need!r} is in {unit!r} in line {line}; rows of one need add up", (unit,)
            )
