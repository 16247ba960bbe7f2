"""Histories: rows of the engine to the table `history` of docs/results.md, and the files that hold it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from posada.results.tables import Decoder
from posada.scenario import CLASSES

if TYPE_CHECKING:
    from posada.engine import Codes
    from posada.scenario import Scenario

Array = np.ndarray[Any, Any]

FOLDER = "history"
FILE = re.compile(r"(\d{7})-(\d{5})\.parquet")
"""Replicate, and part of it."""
KINDS = (
    "travel", "wait", "queue", "stay", "hold", "release", "branch", "choose", "split", "rejoin", "gather", "set", "go",
    "outcome", "roam",
)  # fmt: skip
"""Of steps, in the order of the engine's codes."""
ENDINGS = ("done", "served", "gave_up", "refused", "rejoined", "parted", "bed", "no_bed", "still_there")
"""How a step ended, other than by an option or outcome, in the order of the engine's codes (-1, -2, ...)."""
COLUMNS = (
    "replicate", "policy", "group", "number", "party", "parent", "nth", "step", "kind", "place", "to", "facility",
    "joined", "started", "ended", "how", "people", "synthetic",
)  # fmt: skip
"""Of every history; the attributes that are recorded stand before the last."""


def file_of(replicate: int, part: int) -> str:
    """The name of a file of a history."""
    return f"{replicate:07d}-{part:05d}.parquet"


def write_part(frame: pl.DataFrame, path: Path) -> None:
    """Write one file of a history whole: to a temporary name, then renamed."""
    temporary = path.with_name(path.name + ".tmp")
    frame.write_parquet(
        temporary, compression="zstd", compression_level=1, statistics=False, row_group_size=max(1, len(frame))
    )
    temporary.replace(path)


@dataclass(frozen=True)
class Kept:
    """The files of a history."""

    folder: Path

    @property
    def files(self) -> list[Path]:
        """In order of replicate and part."""
        return sorted(path for path in self.folder.iterdir() if FILE.fullmatch(path.name))

    def scan(self) -> pl.LazyFrame:
        """The table, read when and as far as it is asked for."""
        return pl.scan_parquet(self.files, glob=False)

    def put_into(self, folder: Path) -> None:
        """The same files in another folder, which is made; only where they cannot be shared are they copied."""
        folder.mkdir()
        for path in self.files:
            try:
                os.link(path, folder / path.name)
            except OSError:
                shutil.copyfile(path, folder / path.name)

    def size(self) -> dict[str, Any]:
        """Where it is and how large."""
        files = self.files
        return {
            "folder": str(self.folder),
            "files": len(files),
            "rows": int(self.scan().select(pl.len()).collect().item()),
            "bytes": sum(path.stat().st_size for path in files),
        }


def beginning(start: date, zone: str) -> int:
    """Microseconds from 1970 (UTC) to the midnight with which a scenario starts."""
    midnight = datetime.combine(start, time(), ZoneInfo(zone))
    return round(midnight.timestamp()) * 1_000_000


class HistoryDecoder:
    """Turns rows of the engine's histories into the table, a chunk at a time."""

    def __init__(self, scenario: Scenario, codes: Codes, kinds: Sequence[int], policy: str) -> None:
        self.names = Decoder(codes, policy).names
        self.policy = policy
        self.zero = beginning(scenario.start, scenario.time_zone)
        self.steps = codes.steps
        self.kinds = [KINDS[k] for k in kinds]
        self.places = list(scenario.places)
        self.groups = list(scenario.groups)
        self.facilities = codes.facilities
        self.how = [*(_ending(*code) for code in codes.tally), *ENDINGS]
        self.codes = len(codes.tally)
        self.levels = {a: [v for b, v in codes.levels if b == a] for a in dict.fromkeys(a for a, _ in codes.levels[1:])}

    def frame(self, rows: Array, levels: Array, replicate: int) -> pl.DataFrame:
        """The rows of one replicate as the table."""
        n = len(rows)
        how = np.where(rows["how"] >= 0, rows["how"], self.codes - 1 - rows["how"])
        return pl.DataFrame(
            [
                pl.Series("replicate", np.full(n, replicate, np.int32)),
                self.names("policy", [self.policy], np.zeros(n, np.intp)),
                self.names("group", self.groups, rows["group"]),
                pl.Series("number", rows["number"]),
                pl.Series("party", rows["party"]),
                _unless(pl.Series("parent", rows["parent"]), rows["parent"] < 0),
                pl.Series("nth", rows["nth"]),
                self.names("step", self.steps, rows["step"]),
                self.names("kind", self.kinds, rows["step"]),
                self._maybe("place", self.places, rows["place"]),
                self._maybe("to", self.places, rows["to"]),
                self._maybe("facility", self.facilities, rows["facility"]),
                *(self._instants(name, rows[field]) for name, field in INSTANTS),
                self.names("how", self.how, how),
                pl.Series("people", rows["people"]),
                *self._attributes(levels),
                pl.Series("synthetic", np.ones(n, bool)),
            ]
        )

    def _maybe(self, name: str, labels: Sequence[str], index: Array) -> pl.Series:
        """A column of names, empty where the number is negative."""
        return _unless(self.names(name, labels or [""], np.maximum(index, 0)), index < 0)

    def _instants(self, name: str, seconds: Array) -> pl.Series:
        """Instants in UTC, to the microsecond; empty where there is none."""
        none = np.isnan(seconds)
        since = np.rint(np.where(none, 0.0, seconds) * 1e6).astype(np.int64)
        return _unless(pl.Series(name, since + self.zero).cast(pl.Datetime("us")), none)

    def _attributes(self, levels: Array) -> list[pl.Series]:
        """The attributes that are recorded; of sex and age, the members of each class."""
        found, column = [], 0
        for attribute, labels in self.levels.items():
            if attribute == "sex_and_age":
                for c in CLASSES:
                    found.append(pl.Series(c, np.ascontiguousarray(levels[:, column])))
                    column += 1
            elif attribute != "group":
                name = f"{attribute}_" if attribute in (*COLUMNS, *CLASSES) else attribute
                found.append(self.names(name, labels, levels[:, column]))
                column += 1
        return found


INSTANTS = (("joined", "began"), ("started", "started"), ("ended", "ended"))
"""Columns of the table, and what the engine calls them."""


def _ending(table: str, where: str, event: str) -> str:
    """How a step ended that has a tally code: the option that was taken, or the outcome."""
    if table == "outcome":
        return where
    return where.rpartition("/")[2] if event == "took" else ENDINGS[0]


def _unless(column: pl.Series, empty: Array) -> pl.Series:
    """A column, empty in some rows."""
    if not empty.any():
        return column
    return pl.select(pl.when(pl.Series(~empty)).then(column).alias(column.name)).to_series()
