"""The log of waits: packed keys, and one row for each of them."""

from __future__ import annotations

import numpy as np

from posada.engine import layout as at
from posada.engine.layout import Array


def parts_of(key: Array) -> dict[str, Array]:
    """Interval, code, bin and level of packed keys."""
    return {
        "interval": (key >> np.uint64(at.KEY_INTERVAL)).astype(np.int32) - 1,
        "code": _bits(key, at.KEY_CODE, at.KEY_INTERVAL),
        "bin": _bits(key, at.KEY_BIN, at.KEY_CODE),
        "level": _bits(key, 0, at.KEY_BIN),
    }


def _bits(key: Array, first: int, after: int) -> Array:
    """A part of packed keys."""
    return ((key >> np.uint64(first)) & np.uint64((1 << (after - first)) - 1)).astype(np.int32)


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
