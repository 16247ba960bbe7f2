"""The histories of a run as it goes: a few rows in memory, the rest in files, each replicate on its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from posada.engine import HISTORY, Array, Compiled, Take, columns_of
from posada.results import FILE, FOLDER, HistoryDecoder, Kept, file_of, write_part
from posada.scenario import Scenario

ROWS = 1 << 18
"""Rows of a file, all but the last of a replicate; as many are in memory for each thread."""

TEMPORARY: list[Path] = []
"""Folders that are gone when the process ends."""


def temporary() -> Path:
    """A folder that is gone when the process ends."""
    if not TEMPORARY:
        atexit.register(clear)
    TEMPORARY.append(Path(tempfile.mkdtemp(prefix="posada-")))
    return TEMPORARY[-1]


def clear() -> None:
    """Delete all temporary folders."""
    while TEMPORARY:
        shutil.rmtree(TEMPORARY.pop(), ignore_errors=True)


@dataclass(frozen=True)
class Before:
    """The history of one replicate up to the date at which it stopped: files, and rows that do not fill one."""

    files: tuple[Path, ...]
    rest: Path


class Histories:
    """Where the histories of a run are kept."""

    def __init__(self, folder: str | os.PathLike[str] | Literal[True]) -> None:
        """In a folder that is new or empty, or (True) in one that is gone when the process ends."""
        self.folder = temporary() / FOLDER if folder is True else Path(folder)
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise ValueError(f"history: {self.folder} is not an empty folder")
        self.folder.mkdir(parents=True, exist_ok=True)
        self._rests: Path | None = None

    def writers(
        self, scenario: Scenario, compiled: Compiled, policy: str, before: Sequence[Before] | None = None
    ) -> Writers:
        """Those who write the histories of replicates, of which something may be known from before."""
        decoder = HistoryDecoder(scenario, compiled.codes, compiled.program.steps["kind"].tolist(), policy)
        return Writers(self, decoder, columns_of(compiled.program), before)

    def rest_of(self, replicate: int) -> Path:
        """Where rows are kept that do not fill a file when the run stops."""
        if self._rests is None:
            self._rests = temporary()
        return self._rests / f"{replicate:07d}.rest"

    def keep(self, replicates: int) -> Kept:
        """The files of the first so many replicates; others, of runs that were stopped, are deleted."""
        for path in self.folder.iterdir():
            found = FILE.match(path.name)
            if found is not None and int(found[1]) >= replicates:
                path.unlink()
        return Kept(self.folder)


@dataclass(frozen=True)
class Writers:
    """Those who write the histories of replicates."""

    histories: Histories
    decoder: HistoryDecoder
    columns: int
    before: Sequence[Before] | None = None

    def of(self, replicate: int) -> Writer:
        """The writer of a replicate, which goes on after what is known of it."""
        return Writer(self, replicate, self.before[replicate] if self.before is not None else None)


class Writer:
    """Writes the history of one replicate: rows are gathered until they fill a file."""

    def __init__(self, writers: Writers, replicate: int, before: Before | None) -> None:
        self.histories = writers.histories
        self.decoder = writers.decoder
        self.replicate = replicate
        self.files: list[Path] = []
        self._rows = np.empty(ROWS, HISTORY)
        self._levels = np.empty((ROWS, writers.columns), np.uint16)
        self._n = 0
        if before is not None:
            for path in before.files:
                self._go_on_after(path)
            self.take(*read_rest(before.rest, writers.columns))

    def take(self, rows: Array, levels: Array) -> None:
        """More rows."""
        done = 0
        while done < len(rows):
            n = min(len(rows) - done, ROWS - self._n)
            self._rows[self._n : self._n + n] = rows[done : done + n]
            self._levels[self._n : self._n + n] = levels[done : done + n]
            self._n += n
            done += n
            if self._n == ROWS:
                self._write()

    def stop(self) -> Before:
        """What is known by now, for a run that goes on from here."""
        rest = self.histories.rest_of(self.replicate)
        write_rest(rest, self._rows[: self._n], self._levels[: self._n])
        return Before(tuple(self.files), rest)

    def close(self) -> None:
        """Write what is left; a history has one file at least."""
        if self._n or not self.files:
            self._write()

    def _write(self) -> None:
        """Write the rows at hand as one file."""
        frame = self.decoder.frame(self._rows[: self._n], self._levels[: self._n], self.replicate)
        write_part(frame, self._next_file())
        self._n = 0

    def _next_file(self) -> Path:
        """The next file of the replicate."""
        self.files.append(self.histories.folder / file_of(self.replicate, len(self.files)))
        return self.files[-1]

    def _go_on_after(self, path: Path) -> None:
        """Take over a file of the run that stopped; the policy may have another name now."""
        frame = pl.read_parquet(path)
        policy = self.decoder.names("policy", [self.decoder.policy], np.zeros(len(frame), np.intp))
        write_part(frame.with_columns(policy), self._next_file())


def writer_of(writers: Writers | None, replicate: int) -> tuple[Writer | None, Take | None]:
    """The writer of a replicate, and what takes its rows; None if no histories are kept."""
    writer = None if writers is None else writers.of(replicate)
    return writer, None if writer is None else writer.take


def write_rest(path: Path, rows: Array, levels: Array) -> None:
    """Keep rows as they are."""
    size = np.array([len(rows)], np.int64).tobytes()
    path.write_bytes(zlib.compress(size + rows.tobytes() + np.ascontiguousarray(levels).tobytes(), 1))


def read_rest(path: Path, columns: int) -> tuple[Array, Array]:
    """The rows that were kept."""
    raw = zlib.decompress(path.read_bytes())
    n = int(np.frombuffer(raw[:8], np.int64)[0])
    end = 8 + n * HISTORY.itemsize
    return np.frombuffer(raw[8:end], HISTORY), np.frombuffer(raw[end:], np.uint16).reshape(n, columns)
