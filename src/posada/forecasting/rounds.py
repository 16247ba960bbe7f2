"""What each round of a calibration ran, and the folder in which it is kept, so that a second call goes on there."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.results import Result, read_json, write_json

from .calibration import ROUNDS, CalibrationError, Question, as_plain
from .observing import Observed, seen, to_scale

Array = np.ndarray[Any, Any]
ASKED = "question.json"


@dataclass(frozen=True)
class Moved:
    """Standard normals of an ensemble, numbers by runs: of the uncertain numbers, and of the biases of sources."""

    paths: tuple[str, ...]
    biases: tuple[str, ...]
    z: Array
    bias_z: Array

    def bias_of(self) -> dict[str, Array]:
        """The normals of the biases by path."""
        return dict(zip(self.biases, self.bias_z, strict=True))


@dataclass(frozen=True)
class Simulated:
    """An ensemble that was run: its numbers as normals and as values, and what each run says of each count."""

    numbers: Moved
    values: Array
    """Of the uncertain numbers, as the runs had them: numbers by runs."""
    counted: Array
    """Without bias and error: counts by runs; nan where a run says nothing."""


def drawn(result: Result) -> tuple[tuple[str, ...], Array, Array]:
    """The uncertain numbers of a result by path: their normals and their values, numbers by runs."""
    table = result.quantities.select("replicate", "path", "z", "value").sort("path", "replicate")
    paths = tuple(str(path) for path in table["path"].cast(pl.String).unique(maintain_order=True))
    shape = (len(paths), result.replicates)
    return paths, table["z"].to_numpy().reshape(shape), table["value"].to_numpy().reshape(shape)


def on_scale(items: Sequence[Observed], here: Simulated) -> Array:
    """What each run says of each count, through the bias of its source, on the scale; a run that says nothing says what
    the others do."""
    return to_scale(without_gaps(seen(items, here.counted, here.numbers.bias_of())))


def without_gaps(values: Array) -> Array:
    """Values with the median of a row where there is none, or 0 in a row without any."""
    out = values.copy()
    for row in out:
        gaps = np.isnan(row)
        if gaps.any():
            row[gaps] = np.median(row[~gaps]) if not gaps.all() else 0.0
    return out


def as_table(paths: Sequence[str], z: Array) -> pl.DataFrame:
    """(replicate, path, z) of normals, numbers by runs."""
    runs = z.shape[1]
    columns = {
        "replicate": np.tile(np.arange(runs, dtype=np.int32), len(paths)),
        "path": [path for path in paths for _ in range(runs)],
        "z": z.ravel(),
    }
    return pl.DataFrame(columns, schema={"replicate": pl.Int32, "path": pl.String, "z": pl.Float64})


class Rounds:
    """The runs of a calibration that were finished before; without a folder there are none."""

    def __init__(self, folder: Path | None, question: Question, items: Sequence[Observed]) -> None:
        self._folder = None if folder is None else folder / ROUNDS
        if self._folder is None:
            return
        asked = {**as_plain(question), "counts": [[item.id, item.value, round(item.sd, 12)] for item in items]}
        if (self._folder / ASKED).exists():
            before = read_json(self._folder, ASKED)
            differs = [key for key in asked if before.get(key) != json.loads(json.dumps(asked[key]))]
            if differs:
                raise CalibrationError(
                    f"{folder} holds a calibration for another question ({', '.join(differs)}); name another folder"
                )
        else:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_json(self._folder / ASKED, asked)

    def get(self, k: int) -> Simulated | None:
        """The run before step `k`, if it was kept."""
        if self._folder is None or not self._file(k).exists():
            return None
        try:
            with np.load(self._file(k)) as kept:
                paths, biases = (tuple(str(path) for path in kept[name]) for name in ("paths", "biases"))
                numbers = Moved(paths, biases, kept["z"], kept["bias_z"])
                return Simulated(numbers, kept["values"], kept["counted"])
        except (OSError, ValueError, KeyError):
            raise CalibrationError(f"{self._file(k)} is damaged; remove it to run it again") from None

    def add(self, k: int, here: Simulated) -> Simulated:
        """Keep the run before step `k`, and give it back."""
        if self._folder is not None:
            part = self._folder / f".round-{k}.npz"
            numbers = here.numbers
            np.savez(
                part, paths=np.array(numbers.paths, dtype=str), biases=np.array(numbers.biases, dtype=str),
                z=numbers.z, bias_z=numbers.bias_z, values=here.values, counted=here.counted,
            )  # fmt: skip
            os.replace(part, self._file(k))
        return here

    def _file(self, k: int) -> Path:
        assert self._folder is not None
        return self._folder / f"round-{k}.npz"
