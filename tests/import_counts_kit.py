"""Tables of counts as shelters keep them, made for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from posada.scenario import Counts, read_counts

FIRST = date(2026, 1, 5)
TODAY = date(2026, 7, 1)


def days(n: int, first: date = FIRST) -> list[date]:
    """So many days in a row."""
    return [first + timedelta(days=i) for i in range(n)]


def poisson(n: int, mean: float | Sequence[float], seed: int = 1) -> list[int]:
    """Counts by chance."""
    return [int(v) for v in np.random.default_rng(seed).poisson(mean, n)]


def table(*columns: Sequence[object], header: str = "date,arrivals", mark: str = ",") -> str:
    """A table as text."""
    rows = [mark.join(str(cell) for cell in row) for row in zip(*columns, strict=True)]
    return "\n".join([header.replace(",", mark), *rows]) + "\n"


def read(folder: Path, text: str, *, name: str = "counts.csv", encoding: str = "utf-8", **options: object) -> Counts:
    """What is read from a table."""
    file = folder / name
    file.write_bytes(text.encode(encoding))
    options.setdefault("today", TODAY)
    return read_counts(file, **options)  # type: ignore[arg-type]


def values(counts: Counts, line: int = 0) -> list[float]:
    """The numbers of a line."""
    return [count.value for count in counts.lines[line].counts]


def told(counts: Counts) -> str:
    """Everything that is told."""
    return "\n".join(f"{remark.message} {remark.lines}" for remark in counts.remarks)
