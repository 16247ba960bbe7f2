"""Logarithm, exponential and normal quantile made of + - x / and square root only.

The maths library's own give different last bits on machines with and without fused operations; these do not, so a
run gives the same bytes everywhere.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from posada.engine.kernel.options import compiled, inlined

LN2_HIGH = 6.93147180369123816490e-01  # the first 33 bits of ln 2, so that k * LN2_HIGH is exact
LN2_LOW = 1.90821492927058770002e-10


@intrinsic
def float_bits(typingctx: Any, x: Any) -> Any:
    """The 64 bits of a float as an integer."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), codegen


@intrinsic
def bits_float(typingctx: Any, x: Any) -> Any:
    """The float with these 64 bits."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), codegen


@compiled
def log(x):
    """Natural logarithm: 2 atanh((m - 1) / (m + 1)) + k ln 2 with m in [sqrt(1/2), sqrt(2)); -inf at 0, NaN below."""
    if not x > 0.0:
        return -math.inf if x == 0.0 else math.nan
    if x == math.inf:
        return x
    k = 0
    if x < 2.2250738585072014e-308:
        x *= 18014398509481984.0
        k = -54
    b = float_bits(x)
    k += (b >> 52) - 1023
    m = bits_float((b & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000)
    if m > 1.4142135623730951:
        m *= 0.5
        k += 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    r = z * (
        1.0 / 3
        + z
        * (
            1.0 / 5
            + z
            * (
                1.0 / 7
                + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13 + z * (1.0 / 15 + z * (1.0 / 17 + z * (1.0 / 19))))))
            )
        )
    )
    return k * LN2_HIGH + (2.0 * s + (2.0 * s * r + k * LN2_LOW))


@compiled
def exp(x):
    """Exponential: 2^k times the Taylor series of the remainder (|r| <= ln 2 / 2, 13 terms)."""
    if x != x:
        return x
    if x > 709.7:
        return math.inf
    if x < -708.0:
        return 0.0
    k = int(x * 1.4426950408889634 + (0.5 if x > 0 else -0.5))
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 1.0 + r * (
        1.0
        + r
        * (
            1 / 2
            + r
            * (
                1 / 6
                + r
                * (
                    1 / 24
                    + r
                    * (
                        1 / 120
                        + r
                        * (
                            1 / 720
                            + r
                            * (
                                1 / 5040
                                + r
                                * (
                                    1 / 40320
                                    + r
                                    * (
                                        1 / 362880
                                        + r
                                        * (
                                            1 / 3628800
                                            + r * (1 / 39916800 + r * (1 / 479001600 + r * (1 / 6227020800)))
                                        )
                                    )
                                )
                            )
                        )
                    )
                )
            )
        )
    )
    return p * bits_float((k + 1023) << 52)


@compiled
def power(x, y):
    """x to the power y, for x > 0."""
    return exp(y * log(x))


@compiled
def lanczos(z):
    """The sum of Lanczos' formula for gamma(z + 1), with Godfrey's nine terms for g = 7."""
    return (
        0.99999999999980993
        + 676.5203681218851 / (z + 1.0)
        - 1259.1392167224028 / (z + 2.0)
        + 771.32342877765313 / (z + 3.0)
        - 176.61502916214059 / (z + 4.0)
        + 12.507343278686905 / (z + 5.0)
        - 0.13857109526572012 / (z + 6.0)
        + 9.9843695780195716e-6 / (z + 7.0)
        + 1.5056327351493116e-7 / (z + 8.0)
    )


@compiled
def gamma(x):
    """Gamma function for x >= 1, to about 1e-13 (Lanczos, g = 7, nine terms)."""
    z = x - 1.0
    a = lanczos(z)
    t = z + 7.5
    return 2.5066282746310002 * power(t, z + 0.5) * exp(-t) * a


@compiled
def log_gamma(x):
    """Logarithm of the gamma function for x > 0, to about 1e-13 (Lanczos, g = 7, nine terms)."""
    if x < 1.0:
        return log_gamma_from_one(x + 1.0) - log(x)
    return log_gamma_from_one(x)


@compiled
def log_gamma_from_one(x):
    """The same for x >= 1."""
    z = x - 1.0
    a = lanczos(z)
    t = z + 7.5
    return 0.9189385332046727 + (z + 0.5) * log(t) - t + log(a)


@compiled
def sine(turns):
    """Sine of an angle in whole turns: the Taylor series on a quarter turn to either side (12 terms)."""
    r = turns - math.floor(turns + 0.5)
    if r > 0.25:
        r = 0.5 - r
    elif r < -0.25:
        r = -0.5 - r
    y = 6.283185307179586 * r
    term = y
    total = y
    for k in range(1, 12):
        term *= -y * y / ((2 * k) * (2 * k + 1))
        total += term
    return total


@compiled
def normal_quantile(p):
    """Quantile of the standard normal; relative error below 1e-9 before, below 1e-15 after one Halley step.

    Start: rational approximation by the tail's series; refined with the complementary error function by continued
    fraction or series (Abramowitz and Stegun 7.1.5, 7.1.14).
    """
    if p <= 0.0:
        return -math.inf
    if p >= 1.0:
        return math.inf
    q = p if p < 0.5 else 1.0 - p
    t = math.sqrt(-2.0 * log(q))
    z = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for _ in range(3):  # A&S 26.2.23 is good to 4.5e-4; Halley triples the digits each time
        e = _upper_tail(z) - q
        u = e * 2.5066282746310002 * exp(0.5 * z * z)
        z = z + u / (1.0 - 0.5 * z * u)
    return -z if p < 0.5 else z


@compiled
def _upper_tail(z):
    """P(Z > z), z >= -0.1: series near 0, continued fraction in the tail."""
    d = 0.3989422804014327 * exp(-0.5 * z * z)
    if z < 2.5:
        term = z
        total = z
        n = 1
        while abs(term) > 1e-18 and n < 200:
            term *= z * z / (2 * n + 1)
            total += term
            n += 1
        return 0.5 - d * total
    f = z
    for k in range(120, 0, -1):
        f = z + k / f
    return d / f


def _series_log(x: float) -> float:
    """The logarithm of a number near 1 to 2, by the series of `log`, in plain arithmetic."""
    s = (x - 1.0) / (x + 1.0)
    term, total, n = s, 0.0, 1
    while abs(term) > 1e-20:
        total += term / n
        term *= s * s
        n += 2
    return 2.0 * total


STEPS = 256
CENTRES = np.array([1.0 + (i + 0.5) / STEPS for i in range(STEPS)])
INVERSES = 1.0 / CENTRES
LOGS = np.array([_series_log(1.0 + (i + 0.5) / STEPS) for i in range(STEPS)])


@inlined
def quick_log(x):
    """Logarithm of a normal positive number for draws: absolute error below 1e-16, no division.

    The logarithm of the centre of one of 256 intervals, plus the series of log(1 + r), |r| <= 1/512, to r^6.
    """
    b = float_bits(x)
    k = (b >> 52) - 1023
    i = (b >> 44) & 255
    m = bits_float((b & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000)
    r = (m - CENTRES[i]) * INVERSES[i]
    r2 = r * r
    tail = (1.0 / 3.0 - 0.25 * r) + r2 * (0.2 - 1.0 / 6.0 * r)
    return (k * 0.6931471805599453 + LOGS[i]) + (r + r2 * (r * tail - 0.5))
