"""Raw counts to the tidy tables of docs/results.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from posada.engine import BIN_EDGES_DAYS, Codes, Raw, as_columns

Array = np.ndarray[Any, Any]

INT = pl.Int64
EPOCH = date(1970, 1, 1).toordinal()


class Decoder:
    """Turns the engine's numbers into names and dates, for all replicates at once."""

    def __init__(self, codes: Codes, policy: str) -> None:
        self.codes = codes
        self.policy = policy
        self.starts = _days([start for start, _ in codes.intervals])
        self.ends = _days([end for _, end in codes.intervals])

    def names(self, name: str, labels: Sequence[str], index: Array) -> pl.Series:
        """A column of names by their numbers, kept as numbers inside."""
        categories = list(dict.fromkeys(labels))
        place = {label: i for i, label in enumerate(categories)}
        size = np.uint8 if len(categories) < 255 else np.uint32
        physical = np.array([place[label] for label in labels] or [0], dtype=size)
        numbers = np.take(physical, index) if len(index) else np.zeros(0, size)
        return pl.Series(name, numbers).cat.to(pl.Enum(categories))

    def _policy(self, n: int) -> pl.Series:
        return pl.Series("policy", np.zeros(n, dtype=np.uint8)).cat.to(pl.Enum([self.policy]))

    def _levels(self, level: Array) -> list[pl.Series]:
        attributes = [a for a, _ in self.codes.levels]
        return [
            self.names("attribute", attributes, level),
            self.names("level", [v for _, v in self.codes.levels], level),
        ]

    def _dates(self, interval: Array, start: str, end: str | None) -> list[pl.Series]:
        found = [pl.Series(start, np.take(self.starts, interval)).cast(pl.Date)]
        return found if end is None else [*found, pl.Series(end, np.take(self.ends, interval)).cast(pl.Date)]

    def _edges(self, bins: Array) -> Array:
        """The least days of each bin."""
        return np.take(np.array(BIN_EDGES_DAYS, dtype=float), bins)

    def _columns(self, parts: Sequence[Array], wanted: Array) -> dict[str, Array]:
        """The rows of all replicates in order, as columns, without those of the warm-up."""
        return as_columns(parts, wanted, self.codes.warm_up)

    def stocks(self, raws: Sequence[Raw]) -> pl.DataFrame:
        """People in states at the end of each interval, with the mean and the most within it."""
        p = self._columns([r.stocks for r in raws], np.ones(max(1, len(self.codes.cells)), dtype=bool))
        return pl.DataFrame(
            [
                pl.Series("replicate", p["replicate"]),
                self._policy(len(p["cell"])),
                *self._dates(p["interval"], "at", "until"),
                self.names("where", [w for w, _ in self.codes.cells], p["cell"]),
                self.names("state", [s for _, s in self.codes.cells], p["cell"]),
                *self._levels(p["level"]),
                pl.Series("people", p["people"]).cast(INT),
                pl.Series("parties", p["parties"]).cast(INT),
                pl.Series("people_mean", p["mean"]),
                pl.Series("people_max", p["most"]).cast(INT),
            ]
        )

    def flows_and_outcomes(self, raws: Sequence[Raw]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """What happened in each interval, and how parties ended."""
        logs, is_outcome = [r.flows for r in raws], self._codes_of("outcome")
        return self._flows(self._columns(logs, ~is_outcome)), self._outcomes(self._columns(logs, is_outcome))

    def waits_and_busy(self, raws: Sequence[Raw]) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Waits by length, and busy periods of desks."""
        logs, is_wait = [r.waits for r in raws], self._codes_of("wait")
        return self._waits(self._columns(logs, is_wait)), self._busy(self._columns(logs, ~is_wait))

    def _codes_of(self, table: str) -> Array:
        """Whether each code belongs to a table."""
        return np.array([name == table for name, _, _ in self.codes.tally] or [False])

    def _flows(self, p: dict[str, Array]) -> pl.DataFrame:
        return pl.DataFrame(
            [
                pl.Series("replicate", p["replicate"]),
                self._policy(len(p["code"])),
                *self._dates(p["interval"], "from", "to"),
                self.names("where", [w for _, w, _ in self.codes.tally], p["code"]),
                self.names("event", [e for _, _, e in self.codes.tally], p["code"]),
                *self._levels(p["level"]),
                pl.Series("people", p["people"]).cast(INT),
                pl.Series("parties", p["parties"]).cast(INT),
            ]
        )

    def _waits(self, p: dict[str, Array]) -> pl.DataFrame:
        return pl.DataFrame(
            [
                pl.Series("replicate", p["replicate"]),
                self._policy(len(p["code"])),
                self.names("where", [w for _, w, _ in self.codes.tally], p["code"]),
                *self._dates(p["interval"], "joined", None),
                self.names("ended", [e for _, _, e in self.codes.tally], p["code"]),
                *self._levels(p["level"]),
                pl.Series("bin_days", self._edges(p["bin"])),
                pl.Series("people", p["people"]).cast(INT),
                pl.Series("sum_days", p["days"]),
            ]
        )

    def _outcomes(self, p: dict[str, Array]) -> pl.DataFrame:
        return pl.DataFrame(
            [
                pl.Series("replicate", p["replicate"]),
                self._policy(len(p["code"])),
                *self._dates(p["interval"], "date", "until"),
                self.names("outcome", [w for _, w, _ in self.codes.tally], p["code"]),
                *self._levels(p["level"]),
                pl.Series("people", p["people"]).cast(INT),
                pl.Series("parties", p["parties"]).cast(INT),
            ]
        )

    def _busy(self, p: dict[str, Array]) -> pl.DataFrame:
        """Busy periods of desks, by the interval in which they ended and by length."""
        return pl.DataFrame(
            [
                pl.Series("replicate", p["replicate"]),
                self._policy(len(p["code"])),
                self.names("where", [w for _, w, _ in self.codes.tally], p["code"]),
                *self._dates(p["interval"], "ended", None),
                pl.Series("bin_days", self._edges(p["bin"])),
                pl.Series("periods", p["people"]).cast(INT),
                pl.Series("sum_days", p["days"]),
            ]
        )

    def background(self, raws: Sequence[Raw]) -> pl.DataFrame:
        """Blocks of other people's cases: joined and served per interval, waiting at its end."""
        rows = np.concatenate([r.background for r in raws])
        replicate = np.repeat(np.arange(len(raws), dtype=np.int32), [len(r.background) for r in raws])
        keep = rows["interval"] >= self.codes.warm_up
        rows, replicate = rows[keep], replicate[keep]
        return pl.DataFrame(
            [
                pl.Series("replicate", replicate),
                self._policy(len(rows)),
                *self._dates(rows["interval"], "date", "until"),
                self.names("where", self.codes.facilities or [""], rows["facility"]),
                *(pl.Series(name, rows[name]).cast(INT) for name in ("joined", "served", "waiting")),
            ]
        )


def _days(dates: Sequence[date]) -> Array:
    """Dates as days since 1970."""
    return np.array([day.toordinal() for day in dates], dtype=np.int32) - np.int32(EPOCH)


def quantities(paths: Sequence[str], z: Array, values: Array, policy: str) -> pl.DataFrame:
    """Every uncertain number as drawn: `z` and `values` are replicates by paths."""
    replicates, n = z.shape
    return pl.DataFrame(
        {
            "replicate": np.repeat(np.arange(replicates, dtype=np.int32), n),
            "policy": pl.Series([policy] * (replicates * n), dtype=pl.Enum([policy])),
            "path": pl.Series(list(paths) * replicates, dtype=pl.Enum(sorted(paths) or [""])),
            "z": z.ravel(),
            "value": values.ravel(),
        }
    )


def build_tables(
    codes: Codes,
    raws: Sequence[Raw],
    policy: str,
    paths: Sequence[str],
    z: Any,
    values: Any,
) -> dict[str, pl.DataFrame]:
    """The tables of docs/results.md from raw counts."""
    decoder = Decoder(codes, policy)
    flows, outcomes = decoder.flows_and_outcomes(raws)
    waits, busy = decoder.waits_and_busy(raws)
    return {
        "stocks": decoder.stocks(raws),
        "flows": flows,
        "waits": waits,
        "outcomes": outcomes,
        "quantities": quantities(paths, z, values, policy),
        "background": decoder.background(raws),
        "busy": busy,
    }
