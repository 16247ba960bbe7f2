"""Run replicates on all cores and gather them, in order, into a result."""

from __future__ import annotations

import itertools
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import polars as pl

from posada import __version__
from posada.engine import (
    Compiled,
    Drawn,
    Raw,
    compile_scenario,
    compiled_functions,
    draw_z,
    explain,
    key_of,
    mark_compiled,
    matrix,
    new_state,
    paths,
    simulate,
)
from posada.results import Result, RunInfo, build_tables
from posada.scenario import Scenario, load

Array = np.ndarray[Any, Any]


class Progress(Protocol):
    """Told how far a run is."""

    def compiling(self) -> None:
        """The engine is being compiled, which happens once per machine."""

    def done(self, replicates: int, of: int) -> None:
        """So many replicates are done."""


def run(
    scenario: Scenario | str | os.PathLike[str],
    *,
    replicates: int = 100,
    seed: int = 1,
    policy: str | Sequence[str] = (),
    sets: Sequence[str] = (),
    draws: pl.DataFrame | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate a scenario.

    `scenario` is a Scenario, a folder, or the name of a shipped one. `policy` is the name of a policy, or several that
    apply in order; `sets` are texts `PATH=VALUE` that apply after them. `draws` (columns replicate, path, z) replaces
    the standard normals of the paths that it names. Results are the same whatever the number of `threads`.
    Ctrl-C keeps the replicates that are done; the result then has fewer.

    Raises ScenarioErrors for mistakes in the scenario, policy or sets; ValueError for other arguments; EngineError if
    the scenario asks for something that cannot be.
    """
    if replicates < 1:
        raise ValueError(f"replicates must be at least 1, not {replicates}")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed must be a whole number from 0, not {seed}")
    clock = {"start": time.perf_counter()}
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    policies = [policy] if isinstance(policy, str) else list(policy)
    changes = scenario.changes(policies, sets)
    clock["loaded"] = time.perf_counter()
    compiled = compile_scenario(scenario, changes)
    compiled_functions(progress.compiling if progress else None)
    seeds = np.array([key_of("replicate", seed, r) for r in range(replicates)], dtype=np.uint64)
    z = draw_z(compiled.columns, seeds)
    if draws is not None:
        _override(z, draws, replicates)
    values = matrix(compiled.columns, z, replicates)
    clock["drawn"] = time.perf_counter()
    raws = _replicates(compiled, values, seeds, seed, threads or _cores(), progress)
    mark_compiled()
    replicates = len(raws)
    clock["simulated"] = time.perf_counter()
    name = "+".join([*policies, *(["set"] if sets else [])]) or "as-stated"
    drawn = {c.path: i for i, c in enumerate(compiled.columns) if isinstance(c, Drawn)}
    order = paths(compiled.columns)
    z_table = np.column_stack([z[p][:replicates] for p in order]) if order else np.zeros((replicates, 0))
    value_table = values[:replicates, [drawn[p] for p in order]]
    tables = build_tables(compiled.codes, raws, name, order, z_table, value_table)
    clock["tabled"] = time.perf_counter()
    info = RunInfo(
        scenario=scenario.folder.name or scenario.title,
        hash=scenario.hash,
        seed=seed,
        replicates=replicates,
        policy=name,
        policies=tuple(policies),
        sets=tuple(sets),
        version=__version__,
        events=int(sum(int(r.head["events"][0]) for r in raws)),
    )
    marks = list(clock.items())
    timing = {b: round(tb - ta, 4) for (_, ta), (b, tb) in itertools.pairwise(marks)}
    return Result(scenario, info, tables, timing)


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _override(z: dict[str, Array], draws: pl.DataFrame, replicates: int) -> None:
    """Put given standard normals in place of drawn ones."""
    for replicate, path, value in draws.select("replicate", "path", "z").iter_rows():
        if path not in z:
            raise ValueError(f"draws name {path!r}, which is not an uncertain number of the scenario")
        if 0 <= replicate < replicates:
            z[path][replicate] = value


def _replicates(
    compiled: Compiled, values: Array, seeds: Array, seed: int, threads: int, progress: Progress | None
) -> list[Raw]:
    """All replicates, in order. The first error stops every thread; so does Ctrl-C, which keeps those that are done."""
    n = len(seeds)
    raws: list[Raw | None] = [None] * n
    todo: queue.SimpleQueue[int] = queue.SimpleQueue()
    for r in range(n):
        todo.put(r)
    news: queue.SimpleQueue[BaseException | int] = queue.SimpleQueue()
    stop = threading.Event()

    def work() -> None:
        state = new_state(compiled.program, compiled.sizes)
        try:
            while not stop.is_set():
                r = todo.get_nowait()
                why = _explainer(compiled, r, seed)
                raws[r], state = simulate(
                    compiled.program, compiled.sizes, values[r], int(seeds[r]), state, explain=why, stop=stop
                )
                news.put(r)
        except queue.Empty:
            pass
        except BaseException as error:  # handed to the caller's thread
            news.put(error)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(min(threads, n))]
    for worker in workers:
        worker.start()
    try:
        for done in range(1, n + 1):
            item = news.get()
            if isinstance(item, BaseException):
                raise item
            if progress:
                progress.done(done, n)
    except KeyboardInterrupt:
        if raws[0] is None:
            raise
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    done = next((i for i, raw in enumerate(raws) if raw is None), n)
    return [raw for raw in raws[:done] if raw is not None]


def _explainer(compiled: Compiled, replicate: int, seed: int) -> Callable[[int, Any], Exception]:
    """How to put an error of this replicate into words."""

    def why(reason: int, state: Any) -> Exception:
        return explain(reason, state, compiled.codes, replicate, seed)

    return why
