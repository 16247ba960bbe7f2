"""How the functions of the loop are compiled: once each, without wrappers for Python, and with IEEE division."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite.binding import Linkage, parse_assembly
from numba import config, types
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary
from numba.core.dispatcher import _FunctionCompiler  # type: ignore[attr-defined]
from numba.core.registry import CPUDispatcher

from posada.engine.lean import IS_LEAN, LOOPS

LEVEL = 2
"""Of optimisation. Level 3 compiles for a tenth longer (26.6 s, not 24.7 s), and the loop is not faster."""


ENTRIES = (*LOOPS.values(), "begin", "finish", "write_present", "gather", "split", "reseed", "normals", "spread")
"""The functions that Python calls."""


@contextmanager
def optimised() -> Iterator[None]:
    """Compile at the level of optimisation of the engine, and as a whole; what is computed is the same at any."""
    before, optimise = config.OPT, JITCodeLibrary._optimize_final_module
    config.OPT = type(before)(LEVEL)
    JITCodeLibrary._optimize_final_module = _optimise_as_a_whole
    try:
        yield
    finally:
        config.OPT = before
        JITCodeLibrary._optimize_final_module = optimise


def _optimise_as_a_whole(library: Any) -> None:
    """Tell the compiler that nobody else calls the functions inside, so that it may change how they are called.

    They get names of their own, lest other code finds them in place of those that are called as always.
    """
    if library.name in ENTRIES:
        lean = int(library.name == LOOPS[True])
        library._final_module.link_in(parse_assembly(f"@{IS_LEAN} = linkonce_odr constant i8 {lean}"))
        for function in list(library._final_module.functions):
            if not function.is_declaration and function.linkage == Linkage.linkonce_odr:
                function.linkage = "internal"
                function.name = f"{library.name}.{function.name}"
    CPUCodeLibrary._optimize_final_module(library)


def widened(kind: Any) -> Any:
    """Every signed whole number as int64: parties' fields are 32 bits wide, and constants are types of their own."""
    kind = types.unliteral(kind)
    return types.int64 if isinstance(kind, types.Integer | types.Boolean) and kind not in (types.uint64,) else kind


class Part(JITCodeLibrary):
    """The code of a function that only other compiled functions call: handed on as it is, to be optimised once, as a
    part of the whole, instead of at every level of calls, and never made into machine code of its own."""

    def finalize(self) -> None:
        """Take in what the function calls; leave the rest to whoever calls it."""
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalize_dynamic_globals()
        self._finalized = True


class PartCompiler(_FunctionCompiler):
    """Stops before machine code."""

    def _customize_flags(self, flags: Any) -> Any:
        flags.no_compile = True
        return flags


class Once(CPUDispatcher):
    """A function that is compiled for one set of argument types, not again for every width of a whole number."""

    def __init__(self, function: Callable[..., Any], targetoptions: dict[str, Any]) -> None:
        super().__init__(function, targetoptions=targetoptions)
        old: Any = self._compiler  # type: ignore[has-type]
        self._compiler = PartCompiler(old.py_func, old.targetdescr, old.targetoptions, old.locals, old.pipeline_class)

    def add_overload(self, cres: Any) -> None:
        """Make the compiled part known to those who call it, under a key of its own."""
        cres.library.__class__ = Part
        cres = cres._replace(entry_point=object())
        cres.target_context.insert_user_function(cres.entry_point, cres.fndesc, [cres.library])
        self.overloads[tuple(cres.signature.args)] = cres

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """The template of a call, its arguments widened."""
        return super().get_call_template(tuple(widened(a) for a in args), {k: widened(v) for k, v in kws.items()})


OPTIONS = {
    "nopython": True,
    "error_model": "numpy",
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
    "boundscheck": None,
}


class Apart(Once):
    """A function that stays out of line: what calls it on the hot path stays short and needs few registers."""

    def add_overload(self, cres: Any) -> None:
        """Tell the compiler."""
        cres.library._final_module.get_function(cres.fndesc.llvm_func_name).add_function_attribute("noinline")
        super().add_overload(cres)


def compiled(function: Callable[..., Any]) -> Any:
    """For functions that only other compiled functions call."""
    return Once(function, targetoptions=dict(OPTIONS))


def rare(function: Callable[..., Any]) -> Any:
    """For functions that a hot one calls, but few scenarios or few parties need."""
    return Apart(function, targetoptions=dict(OPTIONS))


def inlined(function: Callable[..., Any]) -> Any:
    """For small functions on the hot path: always put in place of their call."""
    return Once(function, targetoptions={**OPTIONS, "forceinline": True})
