"""The engine: a scenario becomes a program of flat tables, which one compiled loop interprets."""

from posada.engine.codes import Codes
from posada.engine.compile import Compiled, compile_scenario
from posada.engine.explain import explain
from posada.engine.fork import cut_at, first_midnight, fit, just_before, reseed
from posada.engine.hashing import key_of
from posada.engine.history import Take, columns_of, with_history, without_buffer, without_history
from posada.engine.layout import BIN_EDGES_DAYS, HISTORY, Array, State
from posada.engine.run import (
    ROOMY,
    EngineBug,
    EngineError,
    Raw,
    Sizes,
    begin,
    close,
    compiled_functions,
    go_on,
    mark_compiled,
    new_state,
    simulate,
)
from posada.engine.saved import DamagedState, engine_mark, pack, program_mark, unpack
from posada.engine.values import Drawn, draw_z, matrix, paths
from posada.engine.waits import as_columns

__all__ = [
    "BIN_EDGES_DAYS",
    "HISTORY",
    "ROOMY",
    "Array",
    "Codes",
    "Compiled",
    "DamagedState",
    "Drawn",
    "EngineBug",
    "EngineError",
    "Raw",
    "Sizes",
    "State",
    "Take",
    "as_columns",
    "begin",
    "close",
    "columns_of",
    "compile_scenario",
    "compiled_functions",
    "cut_at",
    "draw_z",
    "engine_mark",
    "explain",
    "first_midnight",
    "fit",
    "go_on",
    "just_before",
    "key_of",
    "mark_compiled",
    "matrix",
    "new_state",
    "pack",
    "paths",
    "program_mark",
    "reseed",
    "simulate",
    "unpack",
    "with_history",
    "without_buffer",
    "without_history",
]
