"""A running state at a date: where it stops, what is known by then, and how it goes on under another program or seed.

A fork never changes what was: its changes are compiled as changes from the date on, so its program and that of a run
which had them from the outset are one and the same, and only the state must be fitted to the numbering of its tables.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from posada.engine import layout as at
from posada.engine.compile import Compiled
from posada.engine.layout import Array, Program, State
from posada.engine.run import EngineBug, compiled_functions, new_state
from posada.engine.zones import Zones
from posada.scenario import Scenario

BY_PROGRAM = ("values", "current", "stack")
"""Arrays of a state that are as long as tables of numbers and expressions, which changes make longer."""


def first_midnight(scenario: Scenario, day: date) -> tuple[float, float]:
    """When a day begins: at the first of the scenario's places, and on the scenario's clock. Engine seconds."""
    days = (scenario.end - scenario.start).days + 1
    others = {place.time_zone for place in scenario.places.values()}
    zones = Zones(scenario.time_zone, others, scenario.start, days)
    return min(zones.instant(i, day) for i in range(len(zones.names))), zones.instant(0, day)


def just_before(t: float) -> float:
    """The last instant before another: a run until then has done nothing of what happens at t."""
    return float(np.nextafter(t, -np.inf))


def cut_at(compiled: Compiled, t: float) -> Program:
    """A program whose last record is at t, where the run ends: for what is known by then."""
    program = compiled.program
    before = program.calendar[program.calendar["t"] < t]
    last = np.zeros(1, at.CALENDAR)
    last["t"], last["phase"], last["kind"] = t, at.PHASE_RECORD, at.CAL_RECORD
    return program._replace(
        calendar=np.concatenate([before, last]),
        record_times=np.append(program.record_times[program.record_times < t], t),
    )


def fit(state: State, old: Compiled, new: Compiled, values: Array, t: float) -> State:
    """A state that stands just before t, as the program of a fork would have it: the same but for what is numbered.

    `values` are the replicate's numbers under the new program.
    """
    must_be_alike(old, new)
    blank = new_state(new.program, new.sizes, parties=1)
    fitted = state._replace(
        head=state.head.copy(), **{name: np.zeros_like(getattr(blank, name)) for name in BY_PROGRAM}
    )
    fitted.values[:] = values
    fitted.current[:] = numbers_before(new.program, values, t)
    for f in range(int(new.program.head["n_facilities"][0])):
        row, was = new.program.facilities[f], old.program.facilities[f]
        if row["shifts_n"]:  # the engine keeps the staff on duty there
            fitted.current[row["capacity"]] = state.current[was["capacity"]]
    fitted.head["calendar_i"] = np.count_nonzero(new.program.calendar["t"] < t)
    if fitted.head["calendar_i"][0] != state.head["calendar_i"][0]:
        raise EngineBug("a fork changes what was before it")
    return fitted


def must_be_alike(old: Compiled, new: Compiled) -> None:
    """Changes touch numbers only: everything that a state refers to by its position must be the same."""
    sizes = replace(new.sizes, values=old.sizes.values, blocks=old.sizes.blocks)
    same = old.program.head.tobytes() == new.program.head.tobytes() and old.codes == new.codes and sizes == old.sizes
    if not same or not np.array_equal(old.sizes.blocks, new.sizes.blocks):
        raise EngineBug("a fork changes more than numbers")


def numbers_before(program: Program, values: Array, t: float) -> Array:
    """What every slot is just before t, clipped to what its place allows."""
    found = np.empty(len(program.slots))
    for i, slot in enumerate(program.slots):
        first = int(slot["change_first"])
        later = program.changes[first : first + int(slot["change_n"])]
        done = later[later["t"] < t]
        value = values[done["value"][-1] if len(done) else slot["value"]]
        if slot["shape"] != at.SHAPE_ANY:
            value = max(0.0, value)
        if slot["shape"] == at.SHAPE_WHOLE:
            value = np.floor(value + 0.5)
        elif slot["shape"] == at.SHAPE_SHARE:
            value = min(1.0, value)
        found[i] = value
    return found


def reseed(state: State, seed: int) -> None:
    """Other luck from now on: whatever is drawn later, by those who are there and those who come, is drawn anew.

    What was drawn stays: who people are, when a journey or service under way ends, how long somebody will wait.
    """
    from posada.engine.kernel.tables import STATE_TYPES, addresses

    compiled_functions()["reseed"](addresses(state, STATE_TYPES), np.uint64(seed))
