"""A running state as bytes and back: every array of it, whatever the arrays are.

The last row of an array stands for all that follow it which are like it, so a buffer costs what is used of it. Columns
of a record are kept one after the other, which packs better than rows. Nothing in the bytes is ever executed.
"""

from __future__ import annotations

import hashlib
import sys
import zlib
from functools import cache
from pathlib import Path

import numpy as np

from posada.engine.layout import Array, Program, State

LEVEL = 6
"""Of compression. With level 1 the file of caravan-2018 is a quarter larger, level 9 takes six times as long."""
DIMENSIONS = 3


class DamagedState(Exception):
    """Bytes do not hold a running state of this engine."""


@cache
def engine_mark() -> str:
    """What a state belongs to: a hash of the engine's sources and the order of bytes of the machine."""
    found = hashlib.sha256(sys.byteorder.encode())
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py"), key=lambda p: p.relative_to(here).as_posix()):
        found.update(path.relative_to(here).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:20]


def program_mark(program: Program) -> str:
    """A hash of all tables of a program."""
    found = hashlib.sha256()
    for name, table in zip(Program._fields, program, strict=True):
        found.update(f"{name} {table.shape} ".encode())
        for column in columns(table):
            found.update(column.tobytes())
    return found.hexdigest()[:20]


def pack(state: State) -> bytes:
    """A state as compressed bytes."""
    index = np.zeros((len(State._fields), DIMENSIONS + 1), np.int64)
    parts: list[bytes] = []
    for i, array in enumerate(state):
        kept = used_rows(array)
        index[i, : array.ndim] = array.shape
        index[i, DIMENSIONS] = kept
        parts += [column.tobytes() for column in columns(array[:kept])]
    return zlib.compress(b"".join([index.tobytes(), *parts]), LEVEL)


def unpack(packed: bytes) -> State:
    """The state in bytes that `pack` made; DamagedState if they are others."""
    from posada.engine.kernel.tables import STATE_TYPES

    try:
        raw = memoryview(zlib.decompress(packed))
    except zlib.error as error:
        raise DamagedState(str(error)) from None
    head = len(State._fields) * (DIMENSIONS + 1) * 8
    if len(raw) < head:
        raise DamagedState("it is too short")
    index = np.frombuffer(raw[:head], np.int64).reshape(-1, DIMENSIONS + 1)
    arrays: list[Array] = []
    place = head
    for name, row in zip(State._fields, index, strict=True):
        kind, ndim = STATE_TYPES[name]
        shape, kept = [int(n) for n in row[:ndim]], int(row[DIMENSIONS])
        if min(shape) < 0 or not min(1, shape[0]) <= kept <= shape[0]:
            raise DamagedState(f"the table {name!r} has no such shape")
        array = np.zeros(shape, kind)
        for column in columns(array[:kept]):
            n = column.size * column.dtype.itemsize
            if place + n > len(raw):
                raise DamagedState(f"the table {name!r} is cut off")
            column[...] = np.frombuffer(raw[place : place + n], column.dtype).reshape(column.shape)
            place += n
        if kept:
            array[kept:] = array[kept - 1]
        arrays.append(array)
    if place != len(raw):
        raise DamagedState("it is too long")
    return State(*arrays)


def columns(array: Array) -> list[Array]:
    """The columns of a table of records as views, or the array itself."""
    return [array[name] for name in array.dtype.names] if array.dtype.names else [array]


def used_rows(array: Array) -> int:
    """How many rows say it all: those after are like the last of them."""
    if array.size == 0:
        return min(1, len(array))
    rows = np.ascontiguousarray(array).view(np.uint8).reshape(len(array), -1)
    other = np.flatnonzero((rows != rows[-1]).any(axis=1))
    return int(other[-1]) + 2 if len(other) else 1
