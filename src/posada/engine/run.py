"""One replicate: a program and its drawn values in, raw counts out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from posada.engine import layout as at
from posada.engine.history import Take, columns_of, for_more_parties, hand_over, has_history
from posada.engine.layout import Array, Program, State
from posada.engine.lean import LOOPS, is_lean
from posada.engine.waits import gather_waits


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
            from posada.engine.cache import MARK, alone, clear, folder, whole

            place = folder()
            import numba

            if not whole(place):
                clear(place)
            if on_compile is not None and not (place / MARK).exists():
                on_compile()
            from posada.engine.kernel.options import ENTRIES, optimised

            before = numba.config.CACHE_DIR
            numba.config.CACHE_DIR = str(place)
            try:
                with alone(place), optimised():
                    from posada.engine.kernel import entry
            finally:
                numba.config.CACHE_DIR = before
            _KERNEL.update({name: getattr(entry, name) for name in ENTRIES}, mark=place / MARK)
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
    """Raw counts of one replicate: logs of stocks and flows, waits, and background, in the engine's codes."""

    stocks: Array
    flows: Array
    waits: Array
    background: Array
    head: Array

    def logs(self) -> tuple[tuple[str, Array], ...]:
        """Those that may be a part of the state's own log, by its name."""
        return ("stocks", self.stocks), ("flow_log", self.flows), ("background", self.background)


LOGS = (("stocks", "stock_n"), ("flow_log", "flow_n"), ("background", "background_n"), ("wait_log", "wait_n"))
"""What a run writes, and where the number of its rows stands."""


ROOMY = 1 << 27
"""Bytes that a log, and the table of parties, may be given from the start. Making one longer later writes zeros to all
that is new, and what is long from the start lies in large pages of memory, which are found sooner."""


def new_logs(program: Program, room: int = 0) -> dict[str, Array]:
    """Blank logs, with room for what a few turns of the loop may write, or for a whole run if that is `room` bytes."""
    h = program.head[0]
    intervals = len(program.record_times)
    stocks, codes = (int(h[name]) * int(h["n_levels"]) for name in ("n_cells", "n_codes"))
    waits, turns = int(h["wait_rows"]), 48  # three times as many as the loop takes unseen: see `grow`

    def log(kind: np.dtype[Any], rows: int, most: int) -> Array:
        return np.zeros(max(rows, min(most, room // kind.itemsize)), kind)

    return {
        "stocks": log(at.STOCK, stocks * turns + 1024, stocks * (intervals + turns)),
        "flow_log": log(at.FLOW_LOG, codes * turns + 1024, codes * (intervals + turns)),
        "background": np.zeros(max(1, int(h["n_facilities"])) * turns + 1024, at.BACKGROUND),
        "wait_log": log(at.TALLY, 2 * waits + 4 * at.TALLY_ROWS, intervals * at.TALLY_ROWS),
    }


def new_state(program: Program, sizes: Sizes, parties: int = 2048, room: int = 0) -> State:
    """A blank state with room for so many parties; what is too short is made longer during the run.

    Memory that is never written to is never taken from the machine, so buffers are as long as they may ever need to be;
    logs and parties only if they are given `room`, as what is saved of a state is found by reading all of it.
    """
    h = program.head[0]
    rows = int(h["n_cells"]) * int(h["n_levels"])
    codes = int(h["n_codes"]) * int(h["n_levels"])
    facilities = max(1, int(h["n_facilities"]))
    held, stated = int(h["held"]), int(h["members"])
    events = 4 * (parties + int(h["n_groups"]))
    parties = max(parties, room // at.PARTY.itemsize)
    state = State(
        head=np.zeros(1, at.HEAD),
        values=np.zeros(sizes.values),
        current=np.zeros(len(program.slots)),
        party=np.zeros(parties, at.PARTY),
        held=np.zeros(parties * held, at.HELD),
        info=np.zeros((parties, int(h["n_attributes"]) - 1), np.uint16),
        members=np.zeros((parties * stated, at.N_CLASSES), np.uint16),
        visits=np.zeros((parties, int(h["n_visits"])), np.uint16),
        heap=np.zeros(events, at.EVENT),
        pending=np.zeros(events, at.EVENT),
        far=np.zeros(events, at.EVENT),
        buckets=np.full(8192, -1, np.int32),
        flows=np.zeros(max(1, codes), at.FLOW),
        room=np.zeros(facilities, at.ROOM_STATE),
        queues=np.zeros(sizes.classes, at.QUEUE),
        groups=np.zeros(int(h["n_groups"]), at.GROUP_STATE),
        group_stage=np.zeros((int(h["n_groups"]), int(h["n_stages"])), np.int64),
        group_memory=np.zeros((sizes.memory, int(h["n_groups"]), 48)),
        cells=np.zeros(rows, at.CELL),
        tally=np.zeros(at.TALLY_ROWS, at.TALLY),
        families=np.zeros(2048, at.FAMILY),
        gatherings=np.zeros(max(1, int(h["n_gathers"]) * int(h["n_groups"])), at.GATHERING),
        blocks=np.zeros(int(sizes.blocks[-1]) + 1, at.BLOCK),
        link_wait=np.zeros(max(1, sizes.links), np.int64),
        stack=np.zeros(len(program.exprs) + 80),
        service=np.zeros((parties, sizes.service)),
        shifts=np.zeros(max(1, sizes.shifts), np.int64),
        trace=np.zeros(0, at.TRACE),
        history=np.zeros(0, at.HISTORY),
        history_levels=np.zeros((0, columns_of(program)), np.uint16),
        roam=np.zeros(parties * int(h["roams"]), at.ROAM),
        been=np.zeros((parties * min(1, int(h["been"])), int(h["been"])), np.uint64),
        look=np.zeros(at.LOOK),
        view_weight=np.zeros(len(program.views)),
        view_version=np.zeros(len(program.view_first), np.int64),
        reach_next=np.zeros(_known(program), np.int32),
        reach_km=np.zeros(_known(program)),
        source_weight=np.zeros(max(1, int(h["n_groups"]) * int(h["n_places"]))),
        source_version=np.zeros(max(1, int(h["n_groups"])), np.int64),
        **new_logs(program, room),
    )
    reset(state, sizes)
    return state


def _known(program: Program) -> int:
    """Pairs of places whose shortest way may be asked for."""
    return max(1, int(program.head["n_places"][0]) ** 2 if program.movements["everywhere"].any() else 0)


PER_PARTY = ("party", "held", "info", "members", "visits", "service", "roam", "been", "trace")
KEPT = (*PER_PARTY, "history", "history_levels", "heap", "pending", "far", *(name for name, _ in LOGS))
"""Arrays whose old content does no harm: every row is written before it is read."""


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


def lengthen(state: State, name: str, rows: int) -> None:
    """Give an array more rows where it lies: moving a large one would need twice its memory."""
    array = getattr(state, name)
    array.resize((rows, *array.shape[1:]), refcheck=False)


def grow(state: State) -> State:
    """The same state with more room in the buffer that is short."""
    short = int(state.head["room"][0])
    if short == at.SHORT_PARTIES:
        rows = len(state.party) * 5 // 4 + 1024
        more = rows - len(state.party)
        for name in PER_PARTY:
            if getattr(state, name).size:
                lengthen(state, name, rows)
        return for_more_parties(state, more) if has_history(state) else state
    if short == at.SHORT_LOGS:
        for name, count in LOGS:
            rows = len(getattr(state, name))
            if 2 * int(state.head[count][0]) > rows:
                lengthen(state, name, rows * 3 // 2)
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


EVENTS_AT_ONCE = 250_000
"""Events between two looks at whether the run is to stop: a fifth of a second where events cost most."""

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
    take: Take | None = None,
) -> tuple[Raw, State]:
    """Run one replicate to the end of its program.

    `values` are this replicate's numbers, `seed` the hash of seed and replicate; `take` is given the histories of a
    state that keeps them. Returns the raw counts and the (perhaps grown) state for the next replicate. Raises
    KeyboardInterrupt within a moment of `stop` being set.
    """
    begin(program, sizes, values, seed, state)
    state = go_on(program, state, float(program.head["end"][0]), explain=explain, stop=stop, take=take)
    raw = close(program, state, take)
    taken = [name for name, rows in raw.logs() if rows.base is not None]
    return raw, state._replace(**{name: blank(getattr(state, name)) for name in taken})


def blank(array: Array) -> Array:
    """An array of zeros as long as another, no part of which is written to yet."""
    return np.zeros(array.shape, array.dtype)


def begin(program: Program, sizes: Sizes, values: Array, seed: int, state: State) -> None:
    """Set a state, blank or used, to the start of a replicate."""
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    if state.head["serial"][0] or state.head["calendar_i"][0]:
        reset(state, sizes)
    state.values[:] = values
    functions["begin"](addresses(program, PROGRAM_TYPES), addresses(state, STATE_TYPES), np.uint64(seed))


def go_on(
    program: Program,
    state: State,
    until: float,
    *,
    explain: Explain,
    stop: threading.Event | None = None,
    take: Take | None = None,
) -> State:
    """Run until an instant, what happens at it included; returns the (perhaps grown) state.

    If the state keeps histories, `take` is given all rows that are over by then.
    """
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    where = addresses(program, PROGRAM_TYPES)
    here = addresses(state, STATE_TYPES)
    advance = functions[LOOPS[is_lean(program) and not has_history(state)]]
    while True:
        reason = advance(where, here, until, EVENTS_AT_ONCE)
        if stop is not None and stop.is_set() and reason != at.DONE:
            raise KeyboardInterrupt
        if take is not None:
            hand_over(state, take)
        if reason == at.DONE:
            return state
        if reason == at.ROOM and state.head["room"][0] != at.SHORT_HISTORY:
            state = grow(state)
            here = addresses(state, STATE_TYPES)
        elif reason not in (at.BUDGET, at.ROOM):
            raise explain(int(reason), state)


def close(program: Program, state: State, take: Take | None = None) -> Raw:
    """Count the waits that are not over, and take the counts out of a state, which then must not be used further.

    `take` is given the steps that are not over, of a state that keeps histories.
    """
    functions = compiled_functions()
    from posada.engine.kernel.tables import PROGRAM_TYPES, STATE_TYPES, addresses

    where = addresses(program, PROGRAM_TYPES)
    seen = 0
    while seen < int(state.head["parties_n"][0]) or state.head["tally_n"][0]:
        lengthen(state, "wait_log", 2 * len(state.wait_log) if seen else len(state.wait_log))
        seen = functions["finish"](where, addresses(state, STATE_TYPES), seen)
    seen = 0
    while take is not None and seen < int(state.head["parties_n"][0]):
        seen = functions["write_present"](where, addresses(state, STATE_TYPES), seen)
        hand_over(state, take)
    log = state.wait_log[: int(state.head["wait_n"][0])]
    head = program.head[0]
    return Raw(
        stocks=_taken(state.stocks, int(state.head["stock_n"][0])),
        flows=_taken(state.flow_log, int(state.head["flow_n"][0])),
        waits=gather_waits(log, int(head["total_first"]), int(head["total_n"])),
        background=_taken(state.background, int(state.head["background_n"][0])),
        head=state.head.copy(),
    )


def _taken(log: Array, n: int) -> Array:
    """The rows of a log: those of a large one where they lie, else a copy, so that the log can be used again."""
    return log[:n] if n * log.itemsize > ROOMY // 8 else log[:n].copy()
