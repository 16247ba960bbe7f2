"""A hint to the processor: what will be read soon."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


@intrinsic
def prefetch(typingctx: Any, record: Any) -> Any:
    """Begin to fetch the first cache line of a record. It changes nothing but the time taken."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        fetch = builder.module.globals.get("llvm.prefetch.p0")
        if fetch is None:
            fetch = ir.Function(builder.module, kind, "llvm.prefetch.p0")
        place = builder.bitcast(args[0], byte)
        builder.call(fetch, [place, ir.Constant(word, 1), ir.Constant(word, 3), ir.Constant(word, 1)])
        return context.get_dummy_value()

    return types.void(record), codegen
