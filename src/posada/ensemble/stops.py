"""Runs that stop at a date, go on from there, or go on otherwise: under another policy, or with other luck."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from posada.engine import (
    Compiled,
    DamagedState,
    Raw,
    State,
    Take,
    begin,
    close,
    compile_scenario,
    compiled_functions,
    cut_at,
    draw_z,
    first_midnight,
    fit,
    go_on,
    just_before,
    mark_compiled,
    matrix,
    new_state,
    pack,
    program_mark,
    reseed,
    unpack,
    with_history,
    without_buffer,
    without_history,
)
from posada.ensemble.histories import Before, Histories, Writers, writer_of
from posada.ensemble.job import (
    Clock,
    Numbers,
    Progress,
    as_date,
    check_seed,
    cores,
    explainer,
    gather,
    keys_of,
    name_of,
    telling,
)
from posada.ensemble.state import RunState, StateError, open_state
from posada.ensemble.threads import in_threads
from posada.results import Fork, Result, RunInfo
from posada.scenario import Scenario, record_intervals

Start = Callable[[int, Take | None], State]
"""The state from which a replicate goes on; whoever takes its histories, if they are kept."""


def resume(
    state: RunState | str | os.PathLike[str],
    *,
    policy: str | Sequence[str] = (),
    sets: Sequence[str] = (),
    seed: int | None = None,
    name: str | None = None,
    until: date | str | None = None,
    history: bool | str | os.PathLike[str] = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Go on with a run that stopped at a date: `result.state`, or the file to which it was saved.

    With nothing else the result is that of the run which never stopped. `policy` and `sets` are as in `run`; they act
    from the date on, and on top of those of the run. Another `seed` draws anew whatever is drawn from the date on; what
    is unknown (ranges) stays as it was drawn. `name` is that of the result's policy. `until` stops at a later date.
    `history` is as in `run`, and tells of the time before the date too; the run that stopped must have kept one.

    Raises StateError if the file is not a saved run that can go on here; ScenarioErrors for mistakes in policy or
    sets, such as changes of what is fixed at the outset; ValueError and EngineError as `run` does.
    """
    clock = Clock()
    saved = state if isinstance(state, RunState) else open_state(state)
    policies = [policy] if isinstance(policy, str) else list(policy)
    if history is not False and saved.history is None:
        raise StateError("the run was saved without histories, so what was before is not known; save it with them")
    luck = saved.luck if seed is None else check_seed(seed)
    day = as_date(until)
    if day is not None and day <= saved.day:
        raise ValueError(f"the run stands at {saved.day} already; it cannot stop on {day}")
    info = forked(saved, policies, sets, luck, name)
    before = saved.changes()
    more = saved.scenario.changes_from(saved.day, policies, sets, [*saved.info.sets, *sets_of(saved.info)])
    clock.mark("loaded")
    old = compile_scenario(saved.scenario, before)
    if program_mark(old.program) != saved.program:
        raise StateError("the saved run cannot go on here: the rules of clocks (time zones) of this machine differ")
    new = compile_scenario(saved.scenario, (*before, *more)) if more else old
    compiled_functions(progress.compiling if progress else None)
    numbers = numbers_of(saved, new, luck)
    writers = None if history is False else Histories(history).writers(saved.scenario, new, info.policy, saved.history)
    moment, midnight = first_midnight(saved.scenario, saved.day)

    def start(r: int, take: Take | None) -> State:
        try:
            found = unpack(saved.packed[r])
        except DamagedState as error:
            raise StateError(f"the saved run is damaged: replicate {r}: {error}") from None
        found = with_history(new.program, found) if writers is not None else without_history(found)
        if more:
            found = fit(found, old, new, numbers.values[r], moment)
        if luck != saved.luck:
            why = explainer(new.codes, r, info.seed)
            found = go_on(new.program, found, just_before(midnight), explain=why, take=take)
            reseed(found, int(numbers.seeds[r]))
        return found

    clock.mark("drawn")
    if day is None:
        result = to_the_end(saved.scenario, new, numbers, start, info, clock, threads or cores(), progress, writers)
    else:
        result = stop_at(saved.scenario, new, numbers, start, day, info, clock, threads or cores(), progress, writers)
    mark_compiled()
    return result


def forked(saved: RunState, policies: Sequence[str], sets: Sequence[str], luck: int, name: str | None) -> RunInfo:
    """What made the run that goes on."""
    info = saved.info
    if policies or sets or luck != saved.luck:
        fork = Fork(saved.day.isoformat(), luck, tuple(policies), tuple(sets))
        info = replace(info, forks=(*info.forks, fork))
        if policies or sets:
            before = [] if info.policy == "as-stated" else [info.policy]
            info = replace(info, policy="+".join([*before, f"{name_of(policies, sets)}@{saved.day}"]))
    return info if name is None else replace(info, policy=name)


def sets_of(info: RunInfo) -> list[str]:
    """The texts of all forks before this one."""
    return [text for fork in info.forks for text in fork.sets]


def numbers_of(saved: RunState, compiled: Compiled, luck: int) -> Numbers:
    """The numbers of a saved run; those that only its new changes name are drawn now."""
    seeds = keys_of(luck, 0, saved.replicates)
    z = {path: saved.z.get(path, column) for path, column in draw_z(compiled.columns, seeds).items()}
    return Numbers(seeds, z, matrix(compiled.columns, z, saved.replicates))


def from_the_start(compiled: Compiled, numbers: Numbers) -> Start:
    """Replicates that begin with the scenario."""

    def start(r: int, take: Take | None) -> State:
        state = new_state(compiled.program, compiled.sizes)
        if take is not None:
            state = with_history(compiled.program, state)
        begin(compiled.program, compiled.sizes, numbers.values[r], int(numbers.seeds[r]), state)
        return state

    return start


def to_the_end(
    scenario: Scenario,
    compiled: Compiled,
    numbers: Numbers,
    start: Start,
    info: RunInfo,
    clock: Clock,
    threads: int,
    progress: Progress | None,
    writers: Writers | None,
) -> Result:
    """Replicates that go on to the end of the scenario."""
    program = compiled.program

    def worker(stop: threading.Event) -> Callable[[int], Raw]:
        def one(r: int) -> Raw:
            why = explainer(compiled.codes, r, info.seed)
            writer, take = writer_of(writers, r)
            state = go_on(program, start(r, take), float(program.head["end"][0]), explain=why, stop=stop, take=take)
            raw = close(program, state, take)
            if writer is not None:
                writer.close()
            return raw

        return one

    n = len(numbers.seeds)
    raws = in_threads(range(n), worker, threads, telling(progress, 0, n))
    clock.mark("simulated")
    return gather(scenario, compiled, numbers, raws, info, clock, writers)


def stop_at(
    scenario: Scenario,
    compiled: Compiled,
    numbers: Numbers,
    start: Start,
    day: date,
    info: RunInfo,
    clock: Clock,
    threads: int,
    progress: Progress | None,
    writers: Writers | None,
) -> Result:
    """Replicates that stop where a day begins: what is known by then, and their states.

    They stop when the day begins at the first of the places, so that no change from this day on is in the past; the
    records end at the scenario's own midnight.
    """
    until = scenario.until(day)
    moment, midnight = first_midnight(scenario, day)
    if moment <= 0:
        raise ValueError(f"{day} begins somewhere before the scenario does; choose a later date")
    short = cut_at(compiled, midnight)

    def worker(stop: threading.Event) -> Callable[[int], tuple[bytes, Before | None, Raw]]:
        def one(r: int) -> tuple[bytes, Before | None, Raw]:
            why = explainer(compiled.codes, r, info.seed)
            writer, take = writer_of(writers, r)
            state = go_on(compiled.program, start(r, take), just_before(moment), explain=why, stop=stop, take=take)
            packed = pack(without_buffer(state))
            before = None if writer is None else writer.stop()
            state = go_on(short, state, midnight, explain=why, stop=stop, take=take)
            raw = close(short, state, take)
            if writer is not None:
                writer.close()
            return packed, before, raw

        return one

    n = len(numbers.seeds)
    done = in_threads(range(n), worker, threads, telling(progress, 0, n))
    clock.mark("simulated")
    numbers = numbers.part(0, len(done))
    raws = [raw for _, _, raw in done]
    befores = tuple(before for _, before, _ in done if before is not None)
    told = replace(info, until=day.isoformat())
    codes = replace(compiled.codes, intervals=record_intervals(until))
    result = gather(until, replace(compiled, codes=codes), numbers, raws, told, clock, writers)
    stands = replace(info, hash=scenario.hash, replicates=len(done), events=0)
    result.state = RunState(
        scenario,
        day,
        stands,
        numbers.z,
        tuple(packed for packed, _, _ in done),
        program_mark(compiled.program),
        befores if writers is not None else None,
    )
    return result
