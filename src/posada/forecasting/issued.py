"""A forecast that was issued: what it says of each series, and what it was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.pictured import Pictured

from .counted import is_stock
from .scores import LEVELS

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Forecast(Pictured):
    """What was said on a date of counts to come.

    `samples` has a row per series, record interval (`from`, `to`: first and last day) and sample: people there at the
    end of a stock's interval, or what happens in a flow's; `sample` numbers trajectories. Of flows it begins with the
    scenario, so that counts that began before the date can be told; what was counted by then stands as it was counted.
    `known` are the counts that it has seen. `about` says how it was made.
    """

    issued: date
    last: date
    samples: pl.DataFrame
    known: pl.DataFrame
    about: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = field(default=None, compare=False)

    @property
    def series(self) -> list[str]:
        """The addresses of the series that it tells of."""
        return [str(name) for name in self.samples["series"].unique(maintain_order=True)]

    @property
    def hash(self) -> str | None:
        """The hash of its content, once it is stored."""
        return self.about.get("content")

    def of(self, series: str, from_: date, to: date) -> Array | None:
        """Samples of one count: of a stock on a day, of a flow over days; None if the forecast does not tell of it."""
        rows = self.samples.filter(pl.col("series") == series)
        if is_stock(series):
            rows = rows.filter((pl.col("from") <= to) & (pl.col("to") >= to))
        else:
            rows = rows.filter((pl.col("from") >= from_) & (pl.col("to") <= to))
        if not rows.height or rows["to"].max() < to:  # type: ignore[operator]
            return None
        whole = rows.group_by("sample").agg(pl.col("value").sum()).sort("sample")
        return whole["value"].to_numpy()

    def quantiles(self, levels: Sequence[float] = LEVELS) -> pl.DataFrame:
        """A row per series, interval to come and level."""
        ahead = self.samples.filter(pl.col("to") > self.issued)
        keys = ["series", "from", "to"]
        parts = [
            ahead.group_by(keys, maintain_order=True)
            .agg(pl.col("value").quantile(level, "linear"))
            .with_columns(level=pl.lit(level))
            for level in levels
        ]
        return pl.concat(parts).sort([*keys, "level"]).select(*keys, "level", "value")


def samples_table(series: str, intervals: Sequence[tuple[date, date]], values: Array) -> pl.DataFrame:
    """Intervals by samples as rows."""
    n = values.shape[1]
    return pl.DataFrame(
        {
            "series": pl.Series([series], dtype=pl.String).new_from_index(0, values.size),
            "from": np.repeat(np.array([first for first, _ in intervals], dtype="datetime64[D]"), n),
            "to": np.repeat(np.array([last for _, last in intervals], dtype="datetime64[D]"), n),
            "sample": np.tile(np.arange(n, dtype=np.int32), len(intervals)),
            "value": values.ravel(),
        }
    )
