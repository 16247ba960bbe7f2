"""One replicate: a program and its drawn values in, raw counts out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.layout import Array, Program, State


class EngineError(Exception):
    """A run stopped because the scenario asks for something that cannot be (the user's to mend)."""


class EngineBug(Exception):
    """A run stopped because a law was broken: nobody is lost. This is posada's fault, never the user's."""


_KERNEL: dict[str, Any] = {}
_LOCK = threading.Lock()


def compiled_functions(on_compile: Callable[[], None] | None = None) -> dict[str, Any]:
    """The compiled functions; compiled once per machine and engine, then read from disk in a moment."""
    with _LOCK:
        if not _KERNEL:
            from posada.engine.cache import MARK, clear, folder, whole

            place = folder()
            import numba

            if not whole(place):
                clear(place)
            if on_compile is not None and not (place / MARK).exists():
                on_compile()
            from posada.engine.kernel.options import optimised

            before = numba.config.CACHE_DIR
            numba.config.CACHE_DIR = str(place)
            try:
                with optimised():
                    from posada.engine.kernel import entry
            finally:
                numba.config.CACHE_DIR = before
            names = ("advance", "begin", "finish", "grow_tally", "normals", "spread")
            _KERNEL.update({name: getattr(entry, name) for name in names}, mark=place / MARK)
    return _KERNEL


def mark_compiled() -> None:
    """Remember that the engine is compiled, so that the next start says nothing."""
    from posada.engine.cache import mark

    if not _KERNEL["mark"].exists():
        mark(_KERNEL["mark"].parent)


@dataclass(frozen=True)
class Sizes:
    """What a state's arrays must hold from the start."""

    values: int
    classes: int
    blocks: Array
    memory: int
    links: int
    service: int = 0
    shifts: int = 0


@dataclass(frozen=True)
class Raw:
    """Raw counts of one replicate: logs of stocks, the tally, and background, in the engine's codes."""

    stocks: Array
    flows: Array
    tally: Array
    background: Array
    head: Array


def new_state(program: Program, sizes: Sizes, parties: int = 2048) -> State:
    """A blank state with room for so many parties; every buffer grows when it must."""
    h = program.head[0]
    rows = int(h["n_cells"]) * int(h["n_levels"])
    tally = 1 << int(np.ceil(np.log2(max(1 << 15, (4096 + 16 * min(parties, 8192)) * 3))))
    n_info = at.N_CLASSES + int(h["n_attributes"])
    state = State(
        head=np.zeros(1, at.HEAD),
        values=np.zeros(sizes.values),
        current=np.zeros(len(program.slots)),
        party=np.zeros(parties, at.PARTY),
        info=np.zeros((parties, n_info), np.uint16),
        visits=np.zeros((parties, int(h["n_visits"])), np.uint16),
        heap=np.zeros(4 * parties + 1024, at.EVENT),
        pending=np.zeros(4 * parties + 1024, at.PENDING),
        far=np.zeros(4 * parties + 1024, at.EVENT),
        buckets=np.zeros(1 << int(np.ceil(np.log2(max(1024, parties)))), np.int32),
        starts=np.zeros((1 << int(np.ceil(np.log2(max(1024, parties))))) + 1, np.int32),
        flows=np.zeros(max(1, int(h["n_codes"])) * int(h["n_levels"]), at.FLOW),
        flow_log=np.zeros(int(h["n_codes"]) * int(h["n_levels"]) * 24 + 1024, at.FLOW_LOG),
        room=np.zeros(max(1, int(h["n_facilities"])), at.ROOM_STATE),
        queues=np.zeros(sizes.classes, at.QUEUE),
        groups=np.zeros(int(h["n_groups"]), at.GROUP_STATE),
        group_stage=np.zeros((int(h["n_groups"]), int(h["n_stages"])), np.int64),
        group_memory=np.zeros((sizes.memory, int(h["n_groups"]), 48)),
        cells=np.zeros(rows, at.CELL),
        tally=np.zeros(tally, at.TALLY),
        stocks=np.zeros(rows * 24 + 1024, at.STOCK),
        background=np.zeros((len(program.record_times) + 10) * max(1, int(h["n_facilities"])), at.BACKGROUND),
        families=np.zeros(1024, at.FAMILY),
        gatherings=np.zeros(max(1, int(h["n_gathers"]) * int(h["n_groups"])), at.GATHERING),
        blocks=np.zeros(int(sizes.blocks[-1]) + 1, at.BLOCK),
        link_wait=np.zeros(max(1, sizes.links), np.int64),
        stack=np.zeros(len(program.exprs) + 80),
        service=np.zeros((parties, sizes.service)),
        shifts=np.zeros(max(1, sizes.shifts), np.int64),
    )
    reset(state, sizes)
    return state


def reset(state: State, sizes: Sizes) -> None:
    """Make a state blank again, keeping the room that it has."""
    for array in state:
        array.reshape(-1).view(np.uint8)[:] = 0
    head = state.head
    for name in ("free", "ready", "ready_last", "node_free"):
        head[name] = -1
    head["ring_i"] = -1
    state.buckets[:] = -1
    blank = state.party
    for name in (
        "place",
        "way",
        "facility",
        "next",
        "prev",
        "list_next",
        "list_prev",
        "list",
        "bed",
        "hold",
        "hold2",
        "family",
        "choice",
    ):
        blank[name] = -1
    blank["spin_t"] = -np.inf
    for name in ("list_head", "list_tail", "blocker", "cursor", "blocked_head", "blocked_tail"):
        state.room[name] = -1
    state.room["busy_since"] = np.nan
    n = len(sizes.blocks) - 1
    state.room["bg_head"][:n] = sizes.blocks[:-1]
    state.room["bg_tail"][:n] = sizes.blocks[:-1]
    state.queues["head"] = -1
    state.queues["tail"] = -1
    state.group_memory[:] = np.nan
    state.gatherings["first"] = -1
    state.families["waiting"] = -1
    state.link_wait[:] = -1


def _longer(array: Array, blank_last: bool = False) -> Array:
    """The array with twice the rows; new ones are zero (or copies of a blank last record)."""
    longer = np.zeros((2 * len(array) + 64, *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    if blank_last:
        longer[len(array) - 1 :] = array[-1]
    return longer


def grow(state: State, functions: dict[str, Any]) -> State:
    """The same state with more room in the buffer that is short."""
    short = int(state.head["room"][0])
    if short == 1:
        return state._replace(
            party=_longer(state.party, blank_last=True),
            info=_longer(state.info),
            visits=_longer(state.visits),
            service=_longer(state.service),
        )
    if short == 2:
        buckets = np.full(2 * len(state.buckets), -1, np.int32)
        buckets[: len(state.buckets)] = state.buckets
        starts = np.zeros(len(buckets) + 1, np.int32)
        starts[: len(state.starts)] = state.starts
        return state._replace(
            heap=_longer(state.heap),
            pending=_longer(state.pending),
            far=_longer(state.far),
            buckets=buckets,
            starts=starts,
        )
    if short == 7:
        return state._replace(flow_log=_longer(state.flow_log))
    if short == 3:
        bigger = np.zeros(2 * len(state.tally), at.TALLY)
        functions["grow_tally"](state.tally, bigger)
        return state._replace(tally=bigger)
    if short == 4:
        return state._replace(stocks=_longer(state.stocks))
    if short == 5:
        families = _longer(state.families)
        families["waiting"][len(state.families) :] = -1
        return state._replace(families=families)
    return state._replace(background=_longer(state.background))


Explain = Callable[[int, State], Exception]
"""(reason, state) into an exception that names the step."""


def simulate(
    program: Program,
    sizes: Sizes,
    values: Array,
    seed: int,
    state: State,
    *,
    explain: Explain,
    stop: threading.Event | None = None,
) -> tuple[Raw, State]:
    """Run one replicate to the end of its program.

    `values` are this replicate's numbers, `seed` the hash of seed and replicate. Returns the raw counts and the
    (perhaps grown) state for the next replicate. Raises KeyboardInterrupt within a moment of `stop` being set.
    """
    begin(program, sizes, values, seed, state)
    state = go_on(program, state, float(program.head["end"][0]), explain=explain, stop=stop)
    return close(program, state), state


def begin(program: Program, sizes: Sizes, values: Array, seed: int, state: State) -> None:
    """Set a state, blank or used, to the start of a replicate."""
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    if state.head["serial"][0] or state.head["calendar_i"][0]:
        reset(state, sizes)
    state.values[:] = values
    functions["begin"](addresses(program, PROGRAM_TYPES), addresses(state, STATE_TYPES), np.uint64(seed))


def go_on(
    program: Program, state: State, until: float, *, explain: Explain, stop: threading.Event | None = None
) -> State:
    """Run until an instant, what happens at it included; returns the (perhaps grown) state."""
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    where = addresses(program, PROGRAM_TYPES)
    here = addresses(state, STATE_TYPES)
    while True:
        reason = functions["advance"](where, here, until, 2_000_000)
        if stop is not None and stop.is_set():
            raise KeyboardInterrupt
        if reason == at.DONE:
            return state
        if reason == at.ROOM:
            state = grow(state, functions)
            here = addresses(state, STATE_TYPES)
        elif reason != at.BUDGET:
            raise explain(int(reason), state)


def close(program: Program, state: State) -> Raw:
    """Count the waits that are not over, and take the counts out of a state."""
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    functions["finish"](addresses(program, PROGRAM_TYPES), addresses(state, STATE_TYPES))
    h = state.head[0]
    tally = state.tally[state.tally["key"] != 0]
    return Raw(
        stocks=state.stocks[: int(h["stock_n"])].copy(),
        flows=state.flow_log[: int(h["flow_n"])].copy(),
        tally=tally[np.argsort(tally["key"])],
        background=state.background[: int(h["background_n"])].copy(),
        head=state.head.copy(),
    )
