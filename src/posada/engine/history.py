"""Histories of a run, where they are wanted: a buffer of rows that the loop fills, and whoever takes them out of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from posada.engine import layout as at
from posada.engine.layout import Array, Program, State

ROWS = 1 << 16
"""Rows after which the buffer is emptied. It is longer by what one event may add; that memory is taken when used."""
Take = Callable[[Array, Array], None]
"""(rows of HISTORY, levels beside them): takes rows that are over; they are not there any more afterwards."""


def has_history(state: State) -> bool:
    """Whether a state keeps histories."""
    return len(state.trace) > 0


def columns_of(program: Program) -> int:
    """Columns of the attributes that are recorded, but for the group; sex and age have one for each class."""
    attributes = program.by["attribute"][: int(program.head["n_by"][0])]
    return int(np.count_nonzero(attributes > 0) + at.N_CLASSES * np.count_nonzero(attributes < 0))


def with_history(program: Program, state: State) -> State:
    """The state with an empty buffer for histories, and, if it has none, a trace of each party."""
    parties = len(state.party)
    long = ROWS + parties + at.HISTORY_SPARE
    return state._replace(
        trace=state.trace if has_history(state) else np.zeros(parties, at.TRACE),
        history=np.zeros(long, at.HISTORY),
        history_levels=np.zeros((long, columns_of(program)), np.uint16),
    )


def for_more_parties(state: State, more: int) -> State:
    """The state with a longer buffer, as each party may add a row to what one event does.

    The buffer has been emptied, so a new one is taken: a longer one in place would be filled with zeros, and so take
    memory that is not used.
    """
    assert state.head["history_n"][0] == 0
    long = len(state.history) + more
    return state._replace(
        history=np.zeros(long, at.HISTORY),
        history_levels=np.zeros((long, state.history_levels.shape[1]), np.uint16),
    )


def without_buffer(state: State) -> State:
    """The state without the buffer, which is empty: to be saved."""
    return state._replace(history=state.history[:0].copy(), history_levels=state.history_levels[:0].copy())


def without_history(state: State) -> State:
    """The state of a run that keeps no histories from now on."""
    return without_buffer(state)._replace(trace=state.trace[:0].copy())


def hand_over(state: State, take: Take) -> None:
    """Empty the buffer."""
    n = int(state.head["history_n"][0])
    if n:
        take(state.history[:n], state.history_levels[:n])
        state.head["history_n"] = 0
