"""What is made of a run's logs: waits, one row for each interval, code, bin and level; columns of the rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from posada.engine import layout as at
from posada.engine.layout import Array

WORD = 4


def gather_waits(rows: Array, first: int, n: int) -> Array:
    """One row for each key, in order of key, from rows in which a key may stand more than once.

    `first` and `n`: the levels whose sum is the total (level 0); it is put before them.
    """
    from posada.engine.run import compiled_functions

    if not len(rows):
        return np.zeros(0, at.WAIT)
    order = np.argsort(rows["key"])
    waits = np.empty(len(rows) * (2 if n else 1), at.WAIT)
    number = compiled_functions()["gather"](rows, order, first, n, waits)
    return waits[:number] if 2 * number > len(waits) else waits[:number].copy()


def as_columns(parts: Sequence[Array], wanted: Array, warm_up: int) -> dict[str, Array]:
    """The rows of some replicates as columns, with `replicate`.

    Of each row the first number is its interval; rows of the warm-up are left out. The second is looked up in `wanted`.
    A real number, if there is one, is the last.
    """
    from posada.engine.run import compiled_functions

    split = compiled_functions()["split"]
    kind = parts[0].dtype
    names = list(kind.names or ())
    real = [name for name in names if kind[name].kind == "f"]
    room = sum(len(part) for part in parts)
    whole, floats = np.empty((len(names) - len(real), room), np.int32), np.empty(room)
    ends = [0]
    for part in parts:
        words = part.view(np.int32).reshape(-1, kind.itemsize // WORD)
        doubles = part.view(np.float64).reshape(-1, kind.itemsize // 8) if real else np.zeros((0, 0))
        place = doubles.shape[1] - 1 if real else -1
        ends.append(split(words, doubles, place, wanted, warm_up, ends[-1], whole, floats))
    columns: dict[str, Array] = {name: whole[i, : ends[-1]] for i, name in enumerate(names[: len(whole)])}
    columns |= dict.fromkeys(real, floats[: ends[-1]])
    return columns | {"replicate": np.repeat(np.arange(len(parts), dtype=np.int32), np.diff(ends))}
