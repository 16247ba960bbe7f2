"""Programs and states as the compiled loop sees them: one pointer each, whose attributes are the tables of `layout`.

Passing some forty arrays to every function costs minutes of compiling and many registers at every call. Instead, Python
writes the address and shape of every table into an array of integers (`addresses`), and `P.steps` is read from there.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models, register_default
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from posada.engine import layout as at

WORDS = 4
"""Integers per table: address, then up to three lengths."""

PROGRAM_TYPES: dict[str, tuple[Any, int]] = {
    "head": (at.PROGRAM_HEAD, 1),
    "steps": (at.STEP, 1),
    "options": (at.OPTION, 1),
    "dists": (at.DIST, 1),
    "facilities": (at.FACILITY, 1),
    "links": (at.LINK, 1),
    "places": (at.PLACE, 1),
    "groups": (at.GROUP, 1),
    "kinds": (at.KIND, 1),
    "levels": (at.LEVEL, 1),
    "calendar": (at.CALENDAR, 1),
    "changes": (at.CHANGE, 1),
    "slots": (at.SLOT, 1),
    "exprs": (at.EXPR, 1),
    "windows": (at.WINDOW, 1),
    "offsets": (at.OFFSET, 1),
    "zones": (np.int32, 1),
    "lists": (np.int32, 1),
    "by": (at.BY, 1),
    "initial": (at.INITIAL, 1),
    "record_times": (np.float64, 1),
    "bin_edges": (np.float64, 1),
    "present": (np.int32, 1),
    "arrivals": (at.ARRIVAL, 1),
    "samples": (np.float64, 1),
}
STATE_TYPES: dict[str, tuple[Any, int]] = {
    "head": (at.HEAD, 1),
    "values": (np.float64, 1),
    "current": (np.float64, 1),
    "party": (at.PARTY, 1),
    "info": (np.uint16, 2),
    "visits": (np.uint16, 2),
    "heap": (at.EVENT, 1),
    "pending": (at.PENDING, 1),
    "far": (at.EVENT, 1),
    "buckets": (np.int32, 1),
    "starts": (np.int32, 1),
    "flows": (at.FLOW, 1),
    "flow_log": (at.FLOW_LOG, 1),
    "room": (at.ROOM_STATE, 1),
    "queues": (at.QUEUE, 1),
    "groups": (at.GROUP_STATE, 1),
    "group_stage": (np.int64, 2),
    "group_memory": (np.float64, 3),
    "cells": (at.CELL, 1),
    "tally": (at.TALLY, 1),
    "stocks": (at.STOCK, 1),
    "background": (at.BACKGROUND, 1),
    "families": (at.FAMILY, 1),
    "gatherings": (at.GATHERING, 1),
    "blocks": (at.BLOCK, 1),
    "link_wait": (np.int64, 1),
    "stack": (np.float64, 1),
    "service": (np.float64, 2),
    "shifts": (np.int64, 1),
}


class Tables(types.Type):
    """The type of a pointer to tables of known record types."""

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]]) -> None:
        super().__init__(name=f"posada.{name}")
        self.position = {field: i for i, field in enumerate(fields)}
        self.arrays = {
            field: types.Array(numba.from_dtype(np.dtype(dtype)), ndim, "C") for field, (dtype, ndim) in fields.items()
        }


PROGRAM = Tables("Program", PROGRAM_TYPES)
STATE = Tables("State", STATE_TYPES)


@register_default(Tables)
class TablesModel(models.StructModel):
    """In the machine: the address of the integers."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("base", types.CPointer(types.int64))])


@infer_getattr
class TablesAttributes(AttributeTemplate):
    """`P.steps` has the array type of its table."""

    key = Tables

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """The type of an attribute; None if there is none."""
        return kind.arrays.get(name)


@lower_getattr_generic(Tables)
def table_of(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """Build the array from its address and lengths."""
    struct = cgutils.create_struct_proxy(kind)(context, builder, value=value)
    array_type = kind.arrays[name]
    word = kind.position[name] * WORDS
    integer = ir.IntType(64)

    def load(i: int) -> Any:
        found = builder.load(builder.gep(struct.base, [ir.Constant(integer, word + i)]))
        # Addresses change only between calls of `advance`, so a load need not be repeated after a store.
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    item = context.get_abi_sizeof(context.get_data_type(array_type.dtype))
    array = context.make_array(array_type)(context, builder)
    shape = [load(1 + i) for i in range(array_type.ndim)]
    strides = [ir.Constant(integer, item)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    data = builder.inttoptr(load(0), array.data.type)
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=ir.Constant(integer, item), meminfo=None)
    return array._getvalue()


def _pointer(kind: Tables) -> Any:
    @intrinsic
    def make(typingctx: Any, addresses: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, args[0])
            struct = cgutils.create_struct_proxy(kind)(context, builder)
            struct.base = array.data
            return struct._getvalue()

        return kind(types.Array(types.int64, 1, "C")), codegen

    return make


program_at = _pointer(PROGRAM)
"""The program whose addresses stand in an array."""
state_at = _pointer(STATE)
"""The state whose addresses stand in an array."""


def addresses(tables: Any, fields: dict[str, tuple[Any, int]]) -> Any:
    """Where the arrays of a program or state lie, for the compiled loop; the arrays must be kept alive beside it."""
    words = np.zeros(len(fields) * WORDS, np.int64)
    for i, (name, (dtype, ndim)) in enumerate(fields.items()):
        array = getattr(tables, name)
        if array.dtype != np.dtype(dtype) or array.ndim != ndim or not array.flags.c_contiguous:
            raise TypeError(f"table {name} is {array.dtype} with {array.ndim} axes")
        words[i * WORDS] = array.ctypes.data
        words[i * WORDS + 1 : i * WORDS + 1 + ndim] = array.shape
    return words
