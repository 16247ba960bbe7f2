"""Replicates on all cores, and their counts gathered, in order, into a result."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

import numpy as np
import polars as pl

from posada import __version__
from posada.engine import (
    Array,
    Codes,
    Compiled,
    Drawn,
    Raw,
    compile_scenario,
    draw_z,
    explain,
    key_of,
    matrix,
    paths,
)
from posada.ensemble.histories import Writers
from posada.results import Result, RunInfo, build_tables
from posada.scenario import Scenario, parse_date


class Progress(Protocol):
    """Told how far a run is."""

    def compiling(self) -> None:
        """The engine is being compiled, which happens once per machine."""

    def done(self, replicates: int, of: int) -> None:
        """So many replicates are done, of so many that are wanted as far as is known."""


class Part:
    """Tells the progress of one of several runs as that of the whole."""

    def __init__(self, progress: Progress | None, before: int, of: int) -> None:
        self._progress, self._before, self._of = progress, before, of

    def compiling(self) -> None:
        """The engine is being compiled."""
        if self._progress is not None:
            self._progress.compiling()

    def done(self, replicates: int, of: int) -> None:
        """So many replicates of this part are done."""
        if self._progress is not None:
            self._progress.done(self._before + replicates, self._of)


@dataclass(frozen=True)
class Numbers:
    """What is drawn for an ensemble: the key of each replicate, standard normals by path, values by column."""

    seeds: Array
    z: dict[str, Array]
    values: Array

    def part(self, first: int, last: int) -> Numbers:
        """Those of the replicates from `first` to before `last`."""
        return self.of(slice(first, last))

    def of(self, which: slice | Sequence[int]) -> Numbers:
        """Those of some replicates, in the order in which they are named."""
        z = {path: column[which] for path, column in self.z.items()}
        return Numbers(self.seeds[which], z, self.values[which])


def keys_of(seed: int, first: int, last: int) -> Array:
    """The keys of the luck of replicates from `first` to before `last`."""
    return np.array([key_of("replicate", seed, r) for r in range(first, last)], dtype=np.uint64)


def draw(compiled: Compiled, seed: int, replicates: int, draws: pl.DataFrame | None = None) -> Numbers:
    """The numbers of so many replicates; `draws` stands in place of some of the standard normals."""
    seeds = keys_of(seed, 0, replicates)
    z = draw_z(compiled.columns, seeds)
    if draws is not None:
        _override(z, draws, replicates)
    return Numbers(seeds, z, matrix(compiled.columns, z, replicates))


def _override(z: dict[str, Array], draws: pl.DataFrame, replicates: int) -> None:
    """Put given standard normals in place of drawn ones."""
    for replicate, path, value in draws.select("replicate", "path", "z").iter_rows():
        if path not in z:
            raise ValueError(f"draws name {path!r}, which is not an uncertain number of the scenario")
        if 0 <= replicate < replicates:
            z[path][replicate] = value


def check_seed(seed: int) -> int:
    """The seed; ValueError if it cannot be one."""
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed must be a whole number from 0, not {seed}")
    return seed


def as_date(day: date | str | None) -> date | None:
    """A date, or text that is one; ValueError if it is not."""
    return parse_date(day) if isinstance(day, str) else day


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def telling(progress: Progress | None, before: int, of: int) -> Callable[[int], None]:
    """How to tell that more replicates are done, of so many."""
    return (lambda done: progress.done(before + done, of)) if progress else (lambda done: None)


def explainer(codes: Codes, replicate: int, seed: int) -> Callable[[int, Any], Exception]:
    """How to put an error of this replicate into words."""

    def why(reason: int, state: Any) -> Exception:
        return explain(reason, state, codes, replicate, seed)

    return why


def name_of(policies: Sequence[str], sets: Sequence[str]) -> str:
    """The name of policies and texts in the tables."""
    return "+".join([*policies, *(["set"] if sets else [])]) or "as-stated"


class Clock:
    """How long the parts of a run took."""

    def __init__(self) -> None:
        self._marks = {"start": time.perf_counter()}

    def mark(self, name: str) -> None:
        """A part is over."""
        self._marks[name] = time.perf_counter()

    def times(self) -> dict[str, float]:
        """Seconds of each part."""
        return {b: round(tb - ta, 4) for (_, ta), (b, tb) in itertools.pairwise(self._marks.items())}


def about(
    scenario: Scenario, seed: int, policies: Sequence[str] = (), sets: Sequence[str] = (), **more: Any
) -> RunInfo:
    """What is known of a run before it; `gather` adds what comes out of it."""
    return RunInfo(
        **{
            "scenario": scenario.folder.name or scenario.title,
            "hash": scenario.hash,
            "seed": seed,
            "replicates": 0,
            "policy": name_of(policies, sets),
            "policies": tuple(policies),
            "sets": tuple(sets),
            "version": __version__,
            "events": 0,
            **more,
        }
    )


def made_again(result: Result, day: date) -> Result:
    """The runs of a result once more, with all that is asked of the night after a day."""
    from posada.ensemble.again import knowing

    return knowing(result, day)


def gather(
    scenario: Scenario,
    compiled: Compiled,
    numbers: Numbers,
    raws: Sequence[Raw],
    info: RunInfo,
    clock: Clock,
    writers: Writers | None = None,
    measures: pl.DataFrame | None = None,
) -> Result:
    """The result of replicates; numbers and histories of replicates that were not done are left out."""
    numbers = numbers.part(0, len(raws))
    drawn = {c.path: i for i, c in enumerate(compiled.columns) if isinstance(c, Drawn)}
    order = paths(compiled.columns)
    z = np.column_stack([numbers.z[p] for p in order]) if order else np.zeros((len(raws), 0))
    values = numbers.values[:, [drawn[p] for p in order]]
    tables = build_tables(compiled.codes, raws, info.policy, order, z, values)
    if measures is not None:
        tables["measures"] = measures
    clock.mark("tabled")
    events = int(sum(int(r.head["events"][0]) for r in raws))
    done = replace(info, hash=scenario.hash, replicates=len(raws), events=events)
    result = Result(scenario, done, tables, clock.times())
    result.again = made_again
    if writers is not None:
        result.kept_history = writers.histories.keep(len(raws))
    return result


def numbers_stated(
    scenario: Scenario, seed: int, replicates: int, policies: Sequence[str] = (), sets: Sequence[str] = ()
) -> tuple[tuple[str, ...], Array, Array]:
    """The uncertain numbers of a run by path, without running it: normals and values, numbers by replicates."""
    compiled = compile_scenario(scenario, scenario.changes(policies, sets))
    numbers = draw(compiled, seed, replicates)
    order = sorted(paths(compiled.columns))
    column = {c.path: i for i, c in enumerate(compiled.columns) if isinstance(c, Drawn)}
    shape = (len(order), replicates)
    z = np.array([numbers.z[path] for path in order]).reshape(shape)
    return tuple(order), z, np.array([numbers.values[:, column[path]] for path in order]).reshape(shape)
