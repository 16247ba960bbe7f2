"""Policies that climb a ladder: at each midnight the model is looked at, and measures are taken when they are needed.

A measure is a fork of the running state from the day on which it acts, so what was before it is never changed, and two
policies that take the same measures on the same days are one and the same run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NoReturn

import polars as pl

from posada.engine import (
    Array,
    Compiled,
    Raw,
    State,
    begin,
    close,
    compile_scenario,
    draw_z,
    first_midnight,
    fit,
    go_on,
    just_before,
    matrix,
    new_state,
    with_history,
)
from posada.ensemble.histories import Writers, writer_of
from posada.ensemble.job import Numbers, explainer
from posada.ensemble.threads import in_threads
from posada.scenario import Change, Instant, Problems, Rung, Scenario, ScenarioErrors, parse_series

Days = tuple[date, ...]
"""From which day on each measure acts that has been taken."""


@dataclass(frozen=True)
class Taken:
    """A measure that was taken: it was decided at the midnight with which a day begins, and acts from another on."""

    replicate: int
    policy: str
    rung: int
    decided: date
    acts_from: date
    people: int
    """Those whom the condition looked at, when it was decided."""


@dataclass(frozen=True)
class Ladder:
    """The measures of some policies in their order, each with the name of its policy and its number there, from 1."""

    rungs: tuple[tuple[str, int, Rung], ...]

    def changes(self, days: Days) -> tuple[Change, ...]:
        """The changes of the measures that have been taken."""
        return tuple(
            replace(change, from_=Instant(day))
            for (_, _, rung), day in zip(self.rungs, days, strict=False)
            for change in rung.changes
        )


def ladders_of(scenario: Scenario, policies: Sequence[str]) -> tuple[Ladder, ...]:
    """The ladders of policies that have one; each is climbed by itself."""
    found = (
        Ladder(tuple((name, i, rung) for i, rung in enumerate(scenario.policies[name].ladder, 1))) for name in policies
    )
    return tuple(ladder for ladder in found if ladder.rungs)


def refuse_ladders(ladders: Sequence[Ladder], what: str) -> NoReturn:
    """Say that policies with a ladder do not go with a kind of run."""
    problems = Problems()
    for ladder in ladders:
        name, _, rung = ladder.rungs[0]
        problems.add(rung.spot, f"the policy {name!r} has a ladder, which is climbed from the start to the end; {what} "
                     "cannot have it")  # fmt: skip
    raise ScenarioErrors(problems.found)


class Programs:
    """The programs under the measures taken so far: few differ, so each is compiled once and shared by replicates."""

    def __init__(
        self, scenario: Scenario, changes: tuple[Change, ...], ladders: tuple[Ladder, ...], numbers: Numbers
    ) -> None:
        self.scenario, self.changes, self.ladders, self.numbers = scenario, changes, ladders, numbers
        self._kept: dict[tuple[Days, ...], tuple[Compiled, Array]] = {}
        self._lock = threading.Lock()

    def under(self, taken: tuple[Days, ...]) -> tuple[Compiled, Array]:
        """The program under these measures, and the values of all replicates for it."""
        with self._lock:
            if taken not in self._kept:
                more = [c for ladder, days in zip(self.ladders, taken, strict=True) for c in ladder.changes(days)]
                compiled = compile_scenario(self.scenario, (*self.changes, *more))
                seeds, own = self.numbers.seeds, self.numbers.z
                z = {path: own.get(path, column) for path, column in draw_z(compiled.columns, seeds).items()}
                self._kept[taken] = compiled, matrix(compiled.columns, z, len(seeds))
            return self._kept[taken]


def climb(
    scenario: Scenario,
    compiled: Compiled,
    changes: tuple[Change, ...],
    ladders: tuple[Ladder, ...],
    numbers: Numbers,
    seed: int,
    threads: int,
    on_done: Callable[[int], None],
    writers: Writers | None,
) -> tuple[list[Raw], pl.DataFrame]:
    """Replicates from the scenario's start to its end, and the measures that were taken on the way."""
    programs = Programs(scenario, changes, ladders, numbers)
    days = [scenario.start + timedelta(days=i) for i in range(1, (scenario.end - scenario.start).days + 1)]
    moments = [(day, first_midnight(scenario, day)[0]) for day in days]

    def worker(stop: threading.Event) -> Callable[[int], tuple[Raw, list[Taken]]]:
        def one(r: int) -> tuple[Raw, list[Taken]]:
            why = explainer(compiled.codes, r, seed)
            writer, take = writer_of(writers, r)
            climber = Climber(programs, r)
            state = new_state(compiled.program, compiled.sizes)
            if take is not None:
                state = with_history(compiled.program, state)
            begin(climber.compiled.program, compiled.sizes, climber.values[r], int(numbers.seeds[r]), state)
            for day, moment in moments:
                if climber.at_the_top or moment <= 0:
                    break
                state = go_on(climber.compiled.program, state, just_before(moment), explain=why, stop=stop, take=take)
                state = climber.look(state, day, moment)
            program = climber.compiled.program
            state = go_on(program, state, float(program.head["end"][0]), explain=why, stop=stop, take=take)
            raw = close(program, state, take)
            if writer is not None:
                writer.close()
            return raw, climber.taken

        return one

    done = in_threads(range(len(numbers.seeds)), worker, threads, on_done)
    return [raw for raw, _ in done], measures([taken for _, several in done for taken in several])


class Climber:
    """One replicate on its ladders."""

    def __init__(self, programs: Programs, replicate: int) -> None:
        self.programs, self.replicate = programs, replicate
        self.days: list[Days] = [() for _ in programs.ladders]
        self.in_a_row = [0] * len(self.days)
        self.compiled, self.values = programs.under(tuple(self.days))
        self.taken: list[Taken] = []

    @property
    def at_the_top(self) -> bool:
        """Whether there is no measure left."""
        return all(
            len(days) == len(ladder.rungs) for ladder, days in zip(self.programs.ladders, self.days, strict=True)
        )

    def look(self, state: State, day: date, moment: float) -> State:
        """Look at the model as it stands at a midnight; measures that are now decided make the state another's."""
        before = len(self.taken)
        for i, ladder in enumerate(self.programs.ladders):
            days = self.days[i]
            if len(days) == len(ladder.rungs) or (days and days[-1] > day):
                continue
            policy, number, rung = ladder.rungs[len(days)]
            people = people_in(state, self.compiled, rung.series)
            self.in_a_row[i] = self.in_a_row[i] + 1 if is_met(rung, people) else 0
            if self.in_a_row[i] >= rung.days:
                acts_from = day + timedelta(days=rung.delay)
                self.days[i] = (*days, acts_from)
                self.in_a_row[i] = 0
                self.taken.append(Taken(self.replicate, policy, number, day, acts_from, people))
        if len(self.taken) == before:
            return state
        old = self.compiled
        self.compiled, self.values = self.programs.under(tuple(self.days))
        return fit(state, old, self.compiled, self.values[self.replicate], moment)


def is_met(rung: Rung, people: int) -> bool:
    """Whether the condition of a measure holds."""
    return people > rung.over if rung.over is not None else people < (rung.under or 0.0)


def people_in(state: State, compiled: Compiled, address: str) -> int:
    """The people of a stock as a state stands."""
    series = parse_series(address)
    levels = compiled.codes.levels
    first, n = (levels.index((series.attribute, series.level or "")), 1) if series.attribute else total_of(compiled)
    cells = [
        i
        for i, (where, kept) in enumerate(compiled.codes.cells)
        if kept == series.verb and (where == series.where or where.startswith(f"{series.where}/"))
    ]
    return sum(int(state.cells["people"][cell * len(levels) + first :][:n].sum()) for cell in cells)


def total_of(compiled: Compiled) -> tuple[int, int]:
    """The first level, and the number of levels, that together count everybody."""
    head = compiled.program.head[0]
    return (int(head["total_first"]), int(head["total_n"])) if head["total_n"] else (0, 1)


def measures(taken: Sequence[Taken]) -> pl.DataFrame:
    """The table of measures: one row for each that was taken."""
    schema = {
        "replicate": pl.Int32, "policy": pl.String, "rung": pl.Int32, "decided": pl.Date, "acts_from": pl.Date,
        "people": pl.Int64,
    }  # fmt: skip
    rows = [(t.replicate, t.policy, t.rung, t.decided, t.acts_from, t.people) for t in taken]
    return pl.DataFrame(rows, schema=schema, orient="row")
