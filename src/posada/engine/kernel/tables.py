"""Programs and states as the compiled loop sees them: one pointer each, whose attributes are the tables of `layout`.

Passing some fifty arrays to every function costs minutes of compiling and many registers at every call. Instead, Python
writes the address and shape of every table into an array of integers (`addresses`), and `P.steps` is read from there.

A table is not an array of Numba: it has no negative indices, so none are looked for, and every load and store says
which field of which table it touches. The compiler then knows that counting people in a cell does not change the step
that a party is at, and that a program never changes. `POSADA_BOUNDS=1` compiles checks of every index instead.
"""

from __future__ import annotations

import operator
import os
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models, register_default
from numba.core.imputils import lower_getattr_generic, lower_setattr_generic
from numba.core.typing.templates import AbstractTemplate, AttributeTemplate, infer_getattr, infer_global, signature
from numba.extending import intrinsic, lower_builtin

from posada.engine import layout as at
from posada.engine.lean import IS_LEAN, KNOWN

WORDS = 4
"""Integers per table: address, then up to three lengths."""
BOUNDS = os.environ.get("POSADA_BOUNDS") == "1"
INT = ir.IntType(64)
BYTES = ir.IntType(8).as_pointer()

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
    "movements": (at.MOVEMENT, 1),
    "views": (at.VIEW, 1),
    "view_first": (np.int32, 1),
    "turns": (np.float64, 1),
    "turn_first": (np.int32, 1),
    "straight": (np.float64, 1),
}
STATE_TYPES: dict[str, tuple[Any, int]] = {
    "head": (at.HEAD, 1),
    "values": (np.float64, 1),
    "current": (np.float64, 1),
    "party": (at.PARTY, 1),
    "held": (at.HELD, 1),
    "info": (np.uint16, 2),
    "members": (np.uint16, 2),
    "visits": (np.uint16, 2),
    "heap": (at.EVENT, 1),
    "pending": (at.EVENT, 1),
    "far": (at.EVENT, 1),
    "buckets": (np.int32, 1),
    "flows": (at.FLOW, 1),
    "flow_log": (at.FLOW_LOG, 1),
    "room": (at.ROOM_STATE, 1),
    "queues": (at.QUEUE, 1),
    "groups": (at.GROUP_STATE, 1),
    "group_stage": (np.int64, 2),
    "group_memory": (np.float64, 3),
    "cells": (at.CELL, 1),
    "tally": (at.TALLY, 1),
    "wait_log": (at.TALLY, 1),
    "stocks": (at.STOCK, 1),
    "background": (at.BACKGROUND, 1),
    "families": (at.FAMILY, 1),
    "gatherings": (at.GATHERING, 1),
    "blocks": (at.BLOCK, 1),
    "link_wait": (np.int64, 1),
    "stack": (np.float64, 1),
    "service": (np.float64, 2),
    "shifts": (np.int64, 1),
    "trace": (at.TRACE, 1),
    "history": (at.HISTORY, 1),
    "history_levels": (np.uint16, 2),
    "roam": (at.ROAM, 1),
    "been": (np.uint64, 2),
    "look": (np.float64, 1),
    "view_weight": (np.float64, 1),
    "view_version": (np.int64, 1),
    "reach_next": (np.int32, 1),
    "reach_km": (np.float64, 1),
    "source_weight": (np.float64, 1),
    "source_version": (np.int64, 1),
}


class Row(types.Type):
    """A record of a table, by its address. `fixed`: it does not change while compiled code runs."""

    def __init__(self, table: str, dtype: np.dtype[Any], fixed: bool) -> None:
        fields: Any = dtype.fields or {}
        super().__init__(name=f"posada.Row({f'fixed {table} ' if fixed else ''}{','.join(fields)})")
        self.size = dtype.itemsize
        self.fixed = fixed
        self.known = KNOWN.get(table, {}) if fixed else {}
        self.fields = {field: (numba.from_dtype(kind), offset) for field, (kind, offset, *_) in fields.items()}


class Table(types.Type):
    """A table of records or of numbers, by where its address and lengths stand."""

    def __init__(self, name: str, dtype: Any, ndim: int, fixed: bool) -> None:
        super().__init__(name=f"posada.Table({'fixed ' if fixed else ''}{name})")
        dtype = np.dtype(dtype)
        self.item = Row(name, dtype, fixed) if dtype.fields else numba.from_dtype(dtype)
        self.size = dtype.itemsize
        self.label = name
        self.ndim = ndim
        self.fixed = fixed


class Tables(types.Type):
    """The type of a pointer to the addresses and lengths of tables."""

    def __init__(self, name: str, fields: dict[str, tuple[Any, int]], fixed: bool) -> None:
        super().__init__(name=f"posada.{name}")
        self.position = {field: i for i, field in enumerate(fields)}
        self.tables = {field: Table(field, dtype, ndim, fixed) for field, (dtype, ndim) in fields.items()}


PROGRAM = Tables("Program", PROGRAM_TYPES, True)
STATE = Tables("State", STATE_TYPES, False)


class Pointer(models.PrimitiveModel):
    """In the machine: an address."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, BYTES)


for _kind in (Tables, Table, Row):
    register_default(_kind)(Pointer)


def _tagged(builder: Any, instruction: Any, label: str, fixed: bool, size: int) -> Any:
    """Say what a load or store touches: another label is elsewhere, and what is fixed need not be read again."""
    module = builder.module
    instruction.align = size
    root = module.add_metadata(["posada"])
    zero = ir.Constant(INT, 0)
    kind = module.add_metadata([label, root, zero])
    instruction.set_metadata("tbaa", module.add_metadata([kind, kind, zero]))
    if fixed and isinstance(instruction, ir.LoadInstr):
        instruction.set_metadata("invariant.load", module.add_metadata([]))
    return instruction


def _in_lean_loop(builder: Any) -> Any:
    """Whether this is a part of the lean loop: a constant that is known when the parts are put together."""
    known = builder.module.globals.get(IS_LEAN)
    if known is None:
        known = ir.GlobalVariable(builder.module, ir.IntType(8), IS_LEAN)
        known.global_constant = True
    return builder.trunc(builder.load(known), ir.IntType(1))


@intrinsic
def in_lean_loop(typingctx: Any) -> Any:
    """Whether this is a part of the lean loop."""
    return types.boolean(), lambda context, builder, signature, args: _in_lean_loop(builder)


def _load(context: Any, builder: Any, kind: Any, address: Any, label: str, fixed: bool) -> Any:
    """Read a number."""
    machine = context.get_data_type(kind)
    found = builder.load(builder.bitcast(address, machine.as_pointer()))
    _tagged(builder, found, label, fixed, context.get_abi_sizeof(machine))
    return context.data_model_manager[kind].from_data(builder, found)


def _store(context: Any, builder: Any, kind: Any, address: Any, value: Any, label: str) -> None:
    """Write a number."""
    machine = context.get_data_type(kind)
    data = context.data_model_manager[kind].as_data(builder, value)
    made = builder.store(data, builder.bitcast(address, machine.as_pointer()))
    _tagged(builder, made, label, False, context.get_abi_sizeof(machine))


def _word(context: Any, builder: Any, table: Any, i: int) -> Any:
    """The address (0) or a length (1..) of a table; they change only between calls of `advance`."""
    address = builder.gep(table, [ir.Constant(INT, 8 * i)])
    return _load(context, builder, types.int64, address, "words", True)


def _item(context: Any, builder: Any, kind: Table, table: Any, indices: list[Any]) -> Any:
    """The address of an item."""
    place = indices[0]
    for axis, index in enumerate(indices):
        if BOUNDS:
            inside = builder.icmp_unsigned("<", index, _word(context, builder, table, 1 + axis))
            with builder.if_then(builder.not_(inside)):
                trap = cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), []), "abort")
                builder.call(trap, [])
        if axis:
            place = builder.add(builder.mul(place, _word(context, builder, table, 1 + axis)), index)
    start = builder.inttoptr(_word(context, builder, table, 0), BYTES)
    return builder.gep(start, [builder.mul(place, ir.Constant(INT, kind.size), flags=["nsw"])], inbounds=True)


# --- attributes: P.steps, x.step, S.info.shape --------------------------------------------------------------------


@infer_getattr
class TablesAttributes(AttributeTemplate):
    """`P.steps` is a table."""

    key = Tables

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """The type of an attribute; None if there is none."""
        return kind.tables.get(name)


@infer_getattr
class TableAttributes(AttributeTemplate):
    """`S.info.shape` are its lengths."""

    key = Table

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """The type of an attribute; None if there is none."""
        return types.UniTuple(types.int64, kind.ndim) if name == "shape" else None


@infer_getattr
class RowAttributes(AttributeTemplate):
    """`x.step` is a number."""

    key = Row

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """The type of a field; None if there is none."""
        return kind.fields[name][0] if name in kind.fields else None


@lower_getattr_generic(Tables)
def table_of(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """Where a table's words stand."""
    return builder.gep(value, [ir.Constant(INT, 8 * WORDS * kind.position[name])], inbounds=True)


@lower_getattr_generic(Table)
def shape_of(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """The lengths of a table."""
    lengths = [_word(context, builder, value, 1 + i) for i in range(kind.ndim)]
    return context.make_tuple(builder, types.UniTuple(types.int64, kind.ndim), lengths)


@lower_getattr_generic(Row)
def field_of(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """A field of a record."""
    field, offset = kind.fields[name]
    address = builder.gep(value, [ir.Constant(INT, offset)], inbounds=True)
    found = _load(context, builder, field, address, f"{kind.name}.{name}", kind.fixed)
    if name not in kind.known:
        return found
    return builder.select(_in_lean_loop(builder), ir.Constant(found.type, kind.known[name]), found)


@lower_setattr_generic(Row)
def set_field(context: Any, builder: Any, sig: Any, args: Any, name: str) -> None:
    """Give a field of a record a value."""
    kind = sig.args[0]
    field, offset = kind.fields[name]
    value = context.cast(builder, args[1], sig.args[1], field)
    address = builder.gep(args[0], [ir.Constant(INT, offset)], inbounds=True)
    _store(context, builder, field, address, value, f"{kind.name}.{name}")


# --- items: S.party[p], S.info[p, c] = x, len(P.calendar) -----------------------------------------------------------


def _index_type(kind: Any, index: Any) -> Any:
    """Whole numbers as int64; None if they are not one for each axis."""
    n = len(index) if isinstance(index, types.BaseTuple) else 1
    whole = index if isinstance(index, types.BaseTuple) else [index]
    if n != kind.ndim or not all(isinstance(i, types.Integer) for i in whole):
        return None
    return types.UniTuple(types.int64, n) if isinstance(index, types.BaseTuple) else types.int64


@infer_global(operator.getitem)
class GetItem(AbstractTemplate):
    """An item of a table."""

    def generic(self, args: Any, kws: Any) -> Any:
        """The type of an item."""
        table, index = args
        if isinstance(table, Table) and (whole := _index_type(table, index)) is not None:
            return signature(table.item, table, whole)
        return None


@infer_global(operator.setitem)
class SetItem(AbstractTemplate):
    """Giving an item of a table a value."""

    def generic(self, args: Any, kws: Any) -> Any:
        """The type of the assignment."""
        table, index, _ = args
        if isinstance(table, Table) and (whole := _index_type(table, index)) is not None:
            return signature(types.none, table, whole, table.item)
        return None


@infer_global(len)
class Length(AbstractTemplate):
    """The number of rows of a table."""

    def generic(self, args: Any, kws: Any) -> Any:
        """The type of a length."""
        return signature(types.int64, args[0]) if isinstance(args[0], Table) else None


def _indices(builder: Any, kind: Any, index: Any) -> list[Any]:
    return cgutils.unpack_tuple(builder, index) if kind.ndim > 1 else [index]


@lower_builtin(operator.getitem, Table, types.Integer)
@lower_builtin(operator.getitem, Table, types.BaseTuple)
def get_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """The address of a record, or a number."""
    kind = sig.args[0]
    address = _item(context, builder, kind, args[0], _indices(builder, kind, args[1]))
    if isinstance(kind.item, Row):
        return address
    return _load(context, builder, kind.item, address, kind.label, kind.fixed)


@lower_builtin(operator.setitem, Table, types.Integer, types.Any)
@lower_builtin(operator.setitem, Table, types.BaseTuple, types.Any)
def set_item(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """Write a number, or copy a record field by field."""
    kind = sig.args[0]
    address = _item(context, builder, kind, args[0], _indices(builder, kind, args[1]))
    if isinstance(kind.item, Row):
        for name, (field, offset) in kind.item.fields.items():
            place = [ir.Constant(INT, offset)]
            label = f"{kind.item.name}.{name}"
            value = _load(context, builder, field, builder.gep(args[2], place, inbounds=True), label, False)
            _store(context, builder, field, builder.gep(address, place, inbounds=True), value, label)
    else:
        _store(context, builder, kind.item, address, args[2], kind.label)
    return context.get_dummy_value()


@lower_builtin(len, Table)
def length_of(context: Any, builder: Any, sig: Any, args: Any) -> Any:
    """The number of rows."""
    return _word(context, builder, args[0], 1)


def _pointer(kind: Tables) -> Any:
    @intrinsic
    def make(typingctx: Any, addresses: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, args[0])
            return builder.bitcast(array.data, BYTES)

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
