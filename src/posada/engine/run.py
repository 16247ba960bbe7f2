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
            names = ("advance", "begin", "finish", "normals", "spread")
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


class Logs:
    """What a run has written so far, taken out of the state's buffers whenever they are full."""

    NAMES = (("stocks", "stock_n"), ("flow_log", "flow_n"), ("background", "background_n"), ("wait_log", "wait_n"))

    def __init__(self) -> None:
        self.parts: dict[str, list[Array]] = {name: [] for name, _ in self.NAMES}

    def take(self, state: State) -> None:
        """Empty the buffers of a state."""
        for name, count in self.NAMES:
            n = int(state.head[count][0])
            if n:
                self.parts[name].append(getattr(state, name)[:n].copy())
            state.head[count] = 0

    def all(self, name: str, blank: Array) -> Array:
        """All rows of one log."""
        parts = self.parts[name]
        return parts[0] if len(parts) == 1 else np.concatenate([blank[:0], *parts])


def new_state(program: Program, sizes: Sizes, parties: int = 2048) -> State:
    """A blank state with room for so many parties; what is too short is made longer during the run.

    Memory that is never written to is never taken from the machine, so buffers are as long as they may ever need to be.
    """
    h = program.head[0]
    rows = int(h["n_cells"]) * int(h["n_levels"])
    codes = int(h["n_codes"]) * int(h["n_levels"])
    facilities = max(1, int(h["n_facilities"]))
    held, stated = int(h["held"]), int(h["members"])
    state = State(
        head=np.zeros(1, at.HEAD),
        values=np.zeros(sizes.values),
        current=np.zeros(len(program.slots)),
        party=np.zeros(parties, at.PARTY),
        held=np.zeros(parties * held, at.HELD),
        info=np.zeros((parties, int(h["n_attributes"]) - 1), np.uint16),
        members=np.zeros((parties * stated, at.N_CLASSES), np.uint16),
        visits=np.zeros((parties, int(h["n_visits"])), np.uint16),
        heap=np.zeros(4 * parties, at.EVENT),
        pending=np.zeros(4 * parties, at.EVENT),
        far=np.zeros(4 * parties, at.EVENT),
        buckets=np.full(2048, -1, np.int32),
        flows=np.zeros(max(1, codes), at.FLOW),
        flow_log=np.zeros(codes * 24 + (1 << 13), at.FLOW_LOG),
        room=np.zeros(facilities, at.ROOM_STATE),
        queues=np.zeros(sizes.classes, at.QUEUE),
        groups=np.zeros(int(h["n_groups"]), at.GROUP_STATE),
        group_stage=np.zeros((int(h["n_groups"]), int(h["n_stages"])), np.int64),
        group_memory=np.zeros((sizes.memory, int(h["n_groups"]), 48)),
        cells=np.zeros(rows, at.CELL),
        tally=np.zeros(at.TALLY_ROWS, at.TALLY),
        wait_log=np.zeros(2 * int(h["wait_rows"]) + 4 * at.TALLY_ROWS, at.TALLY),
        stocks=np.zeros(rows * 24 + (1 << 13), at.STOCK),
        background=np.zeros(facilities * 24 + 1024, at.BACKGROUND),
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


KEPT = ("party", "held", "info", "members", "visits", "service", "heap", "pending", "far")
"""Arrays whose old content does no harm: every row is written before it is read."""
PER_PARTY = ("party", "held", "info", "members", "visits", "service")


def reset(state: State, sizes: Sizes) -> None:
    """Make a state blank again, keeping the room that it has."""
    for name, array in state._asdict().items():
        if name not in KEPT:
            array.reshape(-1).view(np.uint8)[:] = 0
    head = state.head
    for name in ("free", "ready", "ready_last", "node_free"):
        head[name] = -1
    head["ring_at"] = -1.0
    head["far_first"] = np.inf
    state.buckets[:] = -1
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


def _longer(array: Array, rows: int, used: int) -> Array:
    """The array with more rows; those in use are kept, new ones are zero."""
    longer = np.zeros((rows, *array.shape[1:]), array.dtype)
    longer[:used] = array[:used]
    return longer


def grow(state: State) -> State:
    """The same state with more room in the buffer that is short."""
    short = int(state.head["room"][0])
    if short == at.SHORT_PARTIES:
        for name in PER_PARTY:
            array = getattr(state, name)
            if array.size:  # in place: moving a large array would need twice its memory
                array.resize((len(state.party) * 5 // 4 + 1024, *array.shape[1:]), refcheck=False)
        return state
    if short == at.SHORT_FAMILIES:
        families = _longer(state.families, 2 * len(state.families), len(state.families))
        families["waiting"][len(state.families) :] = -1
        return state._replace(families=families)
    h = state.head[0]
    rows = 2 * len(state.pending)
    buckets = _longer(state.buckets, 2 * len(state.buckets), len(state.buckets))
    buckets[len(state.buckets) :] = -1
    return state._replace(
        heap=_longer(state.heap, rows, int(h["heap_n"])),
        pending=_longer(state.pending, rows, int(h["nodes_n"])),
        far=_longer(state.far, rows, int(h["far_n"])),
        buckets=buckets,
    )


def gather_waits(rows: Array, first: int, n: int) -> Array:
    """One row for each key, in order of key, from rows in which a key may stand more than once.

    `first` and `n`: the levels whose sum is the total (level 0); it is put before them.
    """
    if not len(rows):
        return rows
    order = _order(rows["key"])
    key = rows["key"][order]
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    key = key[starts]
    sums = {name: np.add.reduceat(rows[name][order], starts) for name in ("people", "parties", "days")}
    if not n:
        return _waits(key, sums)
    level = key & np.uint64((1 << at.KEY_BIN) - 1)
    whole = key - level
    counted = (level >= first) & (level < first + n)
    runs = np.flatnonzero(np.concatenate([[True], whole[1:] != whole[:-1]]))
    has_total = np.logical_or.reduceat(counted, runs)
    totals = {name: np.add.reduceat(np.where(counted, v, v.dtype.type(0)), runs)[has_total] for name, v in sums.items()}
    at_rows = runs[has_total]
    return _waits(
        np.insert(key, at_rows, whole[at_rows]), {name: np.insert(v, at_rows, totals[name]) for name, v in sums.items()}
    )


def _order(key: Array) -> Array:
    """The order of keys; equal ones stay as they were (the fast sort of NumPy does not promise that)."""
    order = np.argsort(key)
    same = np.flatnonzero(key[order[1:]] == key[order[:-1]])
    if len(same):
        runs = np.union1d(same, same + 1)
        some = order[runs]
        order[runs] = some[np.lexsort((some, key[some]))]
    return order


def _waits(key: Array, sums: dict[str, Array]) -> Array:
    rows = np.empty(len(key), at.TALLY)
    rows["key"] = key
    for name, values in sums.items():
        rows[name] = values
    return rows


def simulate(
    program: Program,
    sizes: Sizes,
    values: Array,
    seed: int,
    state: State,
    *,
    explain: Callable[[int, State], Exception],
    stop: threading.Event | None = None,
) -> tuple[Raw, State]:
    """Run one replicate to the end of its program.

    `values` are this replicate's numbers, `seed` the hash of seed and replicate. `explain` turns (reason, state)
    into an exception that names the step. Returns the raw counts and the (perhaps grown) state for the next replicate.
    Raises KeyboardInterrupt within a moment of `stop` being set.
    """
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    if state.head["serial"][0] or state.head["calendar_i"][0]:
        reset(state, sizes)
    state.values[:] = values
    where = addresses(program, PROGRAM_TYPES)
    here = addresses(state, STATE_TYPES)
    functions["begin"](where, here, np.uint64(seed))
    end = float(program.head["end"][0])
    logs = Logs()
    while True:
        reason = functions["advance"](where, here, end, 2_000_000)
        if stop is not None and stop.is_set():
            raise KeyboardInterrupt
        if reason == at.DONE:
            break
        if reason == at.ROOM:
            if state.head["room"][0] == at.SHORT_LOGS:
                logs.take(state)
            else:
                state = grow(state)
                here = addresses(state, STATE_TYPES)
        elif reason != at.BUDGET:
            raise explain(int(reason), state)
    parties = int(state.head["parties_n"][0])
    seen = 0
    logs.take(state)
    while seen < parties or state.head["tally_n"][0]:
        seen = functions["finish"](where, here, seen)
        logs.take(state)
    head = program.head[0]
    raw = Raw(
        stocks=logs.all("stocks", state.stocks),
        flows=logs.all("flow_log", state.flow_log),
        tally=gather_waits(logs.all("wait_log", state.wait_log), int(head["total_first"]), int(head["total_n"])),
        background=logs.all("background", state.background),
        head=state.head.copy(),
    )
    return raw, state
