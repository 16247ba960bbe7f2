"""From the rows of all runs to rates, ratios, answers and targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import models
from jobs import Row
from models import Answer


@dataclass(frozen=True)
class Cell:
    """The repetitions of one job."""

    model: str
    tool: str
    people: int
    moves: int
    rows: tuple[Row, ...]
    failure: str | None

    @property
    def rates(self) -> list[float]:
        """Events a second of processor time, by repetition."""
        return [row["events"] / row["cpu_s"] for row in self.rows]

    @property
    def rate(self) -> float:
        """Their median."""
        return median(self.rates)

    @property
    def peak_mib(self) -> float:
        """The most memory in use."""
        return max(row["peak_mib"] for row in self.rows)

    @property
    def grown(self) -> float:
        """Bytes by which it grew with the run, by person."""
        return max(row["peak_mib"] - row["before_mib"] for row in self.rows) * 2**20 / self.people

    @property
    def version(self) -> str:
        """Of the tool."""
        return str(self.rows[0]["version"])

    @property
    def answer(self) -> Answer:
        """What the repetitions say together."""
        if self.model == "crowd":
            return models.of_crowd([row["mean"] for row in self.rows], self.people, self.moves)
        return models.by_batches([row["batches"] for row in self.rows], models.EXACT[self.model])

    @property
    def right(self) -> bool:
        """Whether it ran, counted every event of a crowd, and its answer agrees with the exact one."""
        if self.failure or not self.rows:
            return False
        whole = self.model != "crowd" or all(row["events"] == self.people * self.moves for row in self.rows)
        return whole and self.answer.right


class Findings:
    """All cells of a run."""

    def __init__(self, rows: Sequence[Row]) -> None:
        keys = dict.fromkeys((r["model"], r["tool"], r["people"], r["moves"]) for r in rows)
        self.cells = [self._cell(key, rows) for key in keys if key[0] != "cores"]
        self.cores = [row for row in rows if row["model"] == "cores" and "failure" not in row]

    @staticmethod
    def _cell(key: tuple[str, str, int, int], rows: Sequence[Row]) -> Cell:
        mine = [r for r in rows if (r["model"], r["tool"], r["people"], r["moves"]) == key]
        failures = [r["failure"] for r in mine if "failure" in r]
        return Cell(*key, tuple(r for r in mine if "failure" not in r), failures[0] if failures else None)

    def of(self, model: str) -> list[Cell]:
        """The cells of a model."""
        return [cell for cell in self.cells if cell.model == model]

    def cell(self, model: str, tool: str, people: int | None = None) -> Cell | None:
        """One cell that has been measured, if there is one."""
        found = (c for c in self.of(model) if c.tool == tool and people in (None, c.people) and c.rows)
        return next(found, None)

    def ratio(self, model: str, tool: str, people: int | None = None) -> float | None:
        """How many times the tool's rate posada's is."""
        mine, theirs = self.cell(model, "posada", people), self.cell(model, tool, people)
        return mine.rate / theirs.rate if mine and theirs else None

    def wrong(self) -> list[Cell]:
        """Cells that did not run to their end or answered wrong."""
        return [cell for cell in self.cells if not cell.right]

    def two_cores(self) -> float | None:
        """Wall time of two replicates on two cores over that on one."""
        return median(r["two_cores_s"] / r["one_core_s"] for r in self.cores) if self.cores else None

    def bytes_a_party(self, people: int) -> float | None:
        """By how much the most memory in use grew with the run, by person of the crowd."""
        cell = self.cell("crowd", "posada", people)
        return cell.grown if cell else None


@dataclass(frozen=True)
class Target:
    """What was promised, and what was reached."""

    what: str
    wanted: float
    reached: float | None
    most: bool = False

    @property
    def met(self) -> bool | None:
        """Whether it was reached; None if it was not measured."""
        if self.reached is None:
            return None
        return self.reached <= self.wanted if self.most else self.reached >= self.wanted


def targets(found: Findings) -> list[Target]:
    """All targets."""
    ten_million = found.cell("crowd", "posada", 10_000_000)
    return [
        Target("pathway: rate over that of the C heap", 0.6, found.ratio("pathway", "C heap")),
        Target("pathway: rate over that of cimba", 5, found.ratio("pathway", "cimba")),
        Target("pathway: rate over that of SimPy", 70, found.ratio("pathway", "SimPy")),
        Target("pathway: rate over that of Ciw", 350, found.ratio("pathway", "Ciw")),
        Target("crowd of 1,000,000: rate over that of the Numba heap", 1.5,
               found.ratio("crowd", "Numba heap", 1_000_000)),
        Target("crowd of 10,000: rate over that of the calendar queue", 0.5,
               found.ratio("crowd", "Numba calendar queue", 10_000)),
        Target("crowd of 1,000,000: rate over that of the calendar queue", 0.5,
               found.ratio("crowd", "Numba calendar queue", 1_000_000)),
        Target("two replicates on two cores: wall time over that on one", 0.6, found.two_cores(), most=True),
        Target("crowd of 1,000,000: bytes a party, with what is recorded", 150,
               found.bytes_a_party(1_000_000), most=True),
        Target("10,000,000 people, five steps: peak memory, GiB", 24,
               ten_million.peak_mib / 1024 if ten_million else None, most=True),
    ]  # fmt: skip
