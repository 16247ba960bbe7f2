"""The functions that Python calls, compiled for one signature when this is imported, and kept on disk."""

from __future__ import annotations

from numba import from_dtype, njit, types

from posada.engine import layout as at
from posada.engine.kernel import history, loop, sums
from posada.engine.kernel.luck import uniform
from posada.engine.kernel.maths import exp, log, normal_quantile
from posada.engine.kernel.tables import program_at, state_at

OPTIONS = {"nogil": True, "cache": True, "error_model": "numpy"}
WORDS, FLOATS, KEYS = (types.Array(t, 1, "C") for t in (types.int64, types.float64, types.uint64))
TALLY, WAIT = (types.Array(from_dtype(kind), 1, "C") for kind in (at.TALLY, at.WAIT))
WHOLE, REAL = (types.Array(t, 2, "C") for t in (types.int32, types.float64))
CHOICE = types.Array(types.bool_, 1, "C")


@njit(types.int64(WORDS, WORDS, types.float64, types.int64), **OPTIONS)
def advance(program, state, until, budget):
    """Run until an instant or for so many events; returns why it came back."""
    return loop.advance(program_at(program), state_at(state), until, budget)


@njit(types.int64(WORDS, WORDS, types.float64, types.int64), **OPTIONS)
def advance_lean(program, state, until, budget):
    """The same for programs that need nothing of what the lean loop does without."""
    return loop.advance(program_at(program), state_at(state), until, budget)


@njit(types.void(WORDS, WORDS, types.uint64), **OPTIONS)
def begin(program, state, seed):
    """Set a blank state to the scenario's start."""
    loop.begin(program_at(program), state_at(state), seed)


@njit(types.int64(WORDS, WORDS, types.int64), **OPTIONS)
def finish(program, state, first):
    """Count the waits that are not over, from a party on; returns the party to go on with when the log is full."""
    return loop.finish(program_at(program), state_at(state), first)


@njit(types.int64(TALLY, WORDS, types.int64, types.int64, WAIT), **OPTIONS)
def gather(rows, order, first, n, waits):
    """Add up the rows of the log of waits by key; returns how many there are with their totals."""
    return sums.gather(rows, order, first, n, waits)


@njit(types.int64(WHOLE, REAL, types.int64, CHOICE, types.int64, types.int64, WHOLE, FLOATS), **OPTIONS)
def split(words, doubles, place, wanted, warm_up, first, whole, real):
    """Write rows of a log as columns; returns where they end."""
    return sums.split(words, doubles, place, wanted, warm_up, first, whole, real)


@njit(types.int64(WORDS, WORDS, types.int64), **OPTIONS)
def write_present(program, state, first):
    """Write steps that are not over into histories, from a party on; returns the party to go on with when full."""
    return history.write_present(program_at(program), state_at(state), first)


@njit(types.void(WORDS, types.uint64), **OPTIONS)
def reseed(state, seed):
    """Other luck from now on, for those who are there and those who come."""
    loop.reseed(state_at(state), seed)


@njit(types.void(KEYS, types.uint64, FLOATS), **OPTIONS)
def normals(seeds, key, out):
    """The standard normal of one purpose under each seed."""
    for i in range(len(seeds)):
        out[i] = normal_quantile(uniform(seeds[i], key, 0))


@njit(types.void(FLOATS, types.float64, types.float64, types.float64, types.int64, FLOATS), **OPTIONS)
def spread(z, value, low, high, scale, out):
    """The two-piece map through median, 5th and 95th percentile: linear 0, log 1, logit 2."""
    for i in range(len(z)):
        if scale == 0:
            g, a, b = value, low, high
        elif scale == 1:
            g, a, b = log(value), log(low), log(high)
        else:
            g = log(value / (1.0 - value))
            a = log(low / (1.0 - low))
            b = log(high / (1.0 - high))
        step = (g - a) if z[i] < 0.0 else (b - g)
        x = g + z[i] * step / 1.6448536269514722
        if scale == 1:
            x = exp(x)
        elif scale == 2:
            x = 1.0 / (1.0 + exp(-x))
        out[i] = x
