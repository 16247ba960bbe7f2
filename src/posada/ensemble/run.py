"""Run replicates of a scenario on all cores: to its end, to a date, or until its numbers are known well enough."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from posada.engine import (
    ROOMY,
    Compiled,
    Raw,
    compile_scenario,
    compiled_functions,
    mark_compiled,
    new_state,
    simulate,
    with_history,
)
from posada.ensemble.histories import Histories, Writers, writer_of
from posada.ensemble.job import (
    Clock,
    Numbers,
    Progress,
    about,
    as_date,
    check_seed,
    cores,
    draw,
    explainer,
    gather,
    telling,
)
from posada.ensemble.ladders import climb, ladders_of, refuse_ladders
from posada.ensemble.precision import Precision, Reached, likely, mean_of, next_number, outputs, values
from posada.ensemble.stops import from_the_start, stop_at
from posada.ensemble.threads import in_threads
from posada.results import Result, RunInfo
from posada.scenario import Scenario, load

REPLICATES = 100
"""How many, if nothing is said."""


def run(
    scenario: Scenario | str | os.PathLike[str],
    *,
    replicates: int | None = None,
    seed: int = 1,
    policy: str | Sequence[str] = (),
    sets: Sequence[str] = (),
    draws: pl.DataFrame | None = None,
    draws_from: str = "",
    until: date | str | None = None,
    precision: Precision | float | None = None,
    history: bool | str | os.PathLike[str] = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate a scenario.

    `scenario` is a Scenario, a folder, or the name of a shipped one; `replicates` are 100 if nothing is said. `policy`
    is the name of a policy, or several that apply in order; `sets` are texts `PATH=VALUE` that apply after them.
    `draws` (columns replicate, path, z) replaces the standard normals of the paths that it names; `draws_from` is the
    folder of the calibration that they are of, by which the result's command names it. Results are the same whatever
    the number of `threads`. Ctrl-C keeps the replicates that are done; the result then has fewer.

    `until` stops the run at the midnight with which a date begins. The result then tells what was before it, and its
    `state` can be saved, resumed and forked (`posada.resume`).

    `precision` adds replicates until the 95 % confidence intervals of the means of the scenario's headlines are no
    wider than plus or minus this share of the mean; a `Precision` says more. `result.precision` tells what was reached.

    `history` keeps what each party did, step by step: `result.history`. Its files are in a folder that is new or empty,
    or (True) in one that is gone when the process ends; a result that is saved has them too.

    Raises ScenarioErrors for mistakes in the scenario, policy or sets; ValueError for other arguments; EngineError if
    the scenario asks for something that cannot be.
    """
    if replicates is not None and replicates < 1:
        raise ValueError(f"replicates must be at least 1, not {replicates}")
    check_seed(seed)
    clock = Clock()
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    policies = [policy] if isinstance(policy, str) else list(policy)
    changes = scenario.changes(policies, sets)
    info = about(scenario, seed, policies, sets, calibration=None if draws is None else draws_from)
    day = as_date(until)
    ladders = ladders_of(scenario, policies)
    if ladders and (day is not None or precision is not None):
        refuse_ladders(ladders, "a run that stops at a date" if day is not None else "a run until precision")
    if day is not None:
        if precision is not None:
            raise ValueError("a run that stops at a date takes a number of replicates, not a precision")
        scenario.until(day)
    clock.mark("loaded")
    compiled = compile_scenario(scenario, changes)
    compiled_functions(progress.compiling if progress else None)
    threads = threads or cores()
    histories = None if history is False else Histories(history)
    writers = None if histories is None else histories.writers(scenario, compiled, info.policy)

    def numbers_of(n: int) -> Numbers:
        return draw(compiled, seed, n, draws)

    if precision is not None:
        goal = precision if isinstance(precision, Precision) else Precision(float(precision))
        goal = goal.beginning(replicates)
        result = until_precise(scenario, compiled, numbers_of, goal, info, clock, threads, progress, writers)
        mark_compiled()
        return result
    numbers = numbers_of(replicates or REPLICATES)
    clock.mark("drawn")
    if day is not None:
        start = from_the_start(compiled, numbers)
        result = stop_at(scenario, compiled, numbers, start, day, info, clock, threads, progress, writers)
    else:
        n = len(numbers.seeds)
        told, taken = telling(progress, 0, n), None
        if ladders:
            raws, taken = climb(scenario, compiled, changes, ladders, numbers, seed, threads, told, writers)
        else:
            raws = to_the_end(compiled, numbers, range(n), seed, threads, told, writers)
        clock.mark("simulated")
        result = gather(scenario, compiled, numbers, raws, info, clock, writers, taken)
    mark_compiled()
    return result


def to_the_end(
    compiled: Compiled,
    numbers: Numbers,
    which: Sequence[int],
    seed: int,
    threads: int,
    on_done: Callable[[int], None],
    writers: Writers | None,
) -> list[Raw]:
    """Some replicates from the scenario's start to its end; those of one thread share the room of one state."""

    def worker(stop: threading.Event) -> Callable[[int], Raw]:
        state = new_state(compiled.program, compiled.sizes, room=ROOMY)
        if writers is not None:
            state = with_history(compiled.program, state)

        def one(r: int) -> Raw:
            nonlocal state
            why = explainer(compiled.codes, r, seed)
            writer, take = writer_of(writers, r)
            raw, state = simulate(
                compiled.program,
                compiled.sizes,
                numbers.values[r],
                int(numbers.seeds[r]),
                state,
                explain=why,
                stop=stop,
                take=take,
            )
            if writer is not None:
                writer.close()
            return raw

        return one

    return in_threads(which, worker, threads, on_done)


def until_precise(
    scenario: Scenario,
    compiled: Compiled,
    numbers_of: Callable[[int], Numbers],
    goal: Precision,
    info: RunInfo,
    clock: Clock,
    threads: int,
    progress: Progress | None,
    writers: Writers | None,
) -> Result:
    """Batches of replicates until the means are known well enough (a sequential procedure), or there are too many."""
    wanted = outputs(scenario, goal.of)
    found: list[list[float]] = [[] for _ in wanted]
    raws: list[Raw] = []
    target, expected, stopped = goal.at_least, goal.at_least, False
    while True:
        n = len(raws)
        numbers = numbers_of(target)
        try:
            told = telling(progress, n, max(expected, target))
            batch = to_the_end(compiled, numbers, range(n, target), info.seed, threads, told, writers)
        except KeyboardInterrupt:
            if not raws:
                raise
            batch = []
        stopped = len(batch) < target - n
        if batch:
            part = gather(scenario, compiled, numbers.part(n, n + len(batch)), batch, info, Clock())
            for column, more in zip(found, values(part, wanted), strict=True):
                column += more
            raws += batch
        means = tuple(mean_of(h, column, goal.share) for h, column in zip(wanted, found, strict=True))
        if stopped or target == goal.at_most or all(mean.reached for mean in means):
            break
        expected = likely(means, goal, target)
        target = next_number(means, goal, target)
    clock.mark("simulated")
    result = gather(scenario, compiled, numbers, raws, info, clock, writers)
    result.precision = Reached(goal, means, stopped)
    return result
