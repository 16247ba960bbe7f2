"""The engine: a scenario becomes a program of flat tables, which one compiled loop interprets."""

from posada.engine.codes import Codes
from posada.engine.compile import Compiled, compile_scenario
from posada.engine.explain import explain
from posada.engine.hashing import key_of
from posada.engine.layout import BIN_EDGES_DAYS
from posada.engine.run import EngineBug, EngineError, Raw, Sizes, compiled_functions, mark_compiled, new_state, simulate
from posada.engine.values import Drawn, draw_z, matrix, paths

__all__ = [
    "BIN_EDGES_DAYS",
    "Codes",
    "Compiled",
    "Drawn",
    "EngineBug",
    "EngineError",
    "Raw",
    "Sizes",
    "compile_scenario",
    "compiled_functions",
    "draw_z",
    "explain",
    "key_of",
    "mark_compiled",
    "matrix",
    "new_state",
    "paths",
    "simulate",
]
