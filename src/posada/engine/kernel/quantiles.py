"""Quantiles of the gamma and beta distributions, by Newton's method kept within a bracket."""

from __future__ import annotations

import math

from posada.engine.kernel.maths import exp, log, log_gamma, normal_quantile
from posada.engine.kernel.options import compiled

TINY = 1e-300


@compiled
def gamma_share(a, x):
    """The regularised incomplete gamma function P(a, x): a series below a + 1, a continued fraction above."""
    if x <= 0.0:
        return 0.0
    front = exp(a * log(x) - x - log_gamma(a))
    if x < a + 1.0:
        term = 1.0 / a
        total = term
        n = a
        for _ in range(2000):
            n += 1.0
            term *= x / n
            total += term
            if term < total * 1e-17:
                break
        return total * front
    b = x + 1.0 - a
    c = 1.0 / TINY
    d = 1.0 / b
    h = d
    for i in range(1, 2000):
        an = -i * (i - a)
        b += 2.0
        d = an * d + b
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = b + an / c
        c = c if abs(c) > TINY else TINY
        step = d * c
        h *= step
        if abs(step - 1.0) < 3e-16:
            break
    return 1.0 - front * h


@compiled
def gamma_quantile(a, u):
    """The x with P(a, x) = u, from Wilson and Hilferty's start or, near 0, the first term of the series."""
    z = normal_quantile(u)
    root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * math.sqrt(a))
    x = a * root * root * root
    low_start = exp((log(u) + log_gamma(a + 1.0)) / a)
    if root <= 0.1 or a < 0.3:
        x = low_start
        if x < 1e-12:
            return x
    low, high = 0.0, math.inf
    for _ in range(100):
        f = gamma_share(a, x) - u
        if f > 0.0:
            high = x
        else:
            low = x
        slope = exp((a - 1.0) * log(x) - x - log_gamma(a))
        new = x - f / slope if slope > 0.0 else math.inf
        if not low < new < high:
            new = 2.0 * x + 1.0 if high == math.inf else 0.5 * (low + high)
        if abs(new - x) <= 1e-14 * new:
            return new
        x = new
    return x


@compiled
def beta_share(a, b, x):
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0.0 or x >= 1.0:
        return 0.0 if x <= 0.0 else 1.0
    front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(1.0 - x))
    if x > (a + 1.0) / (a + b + 2.0):
        return 1.0 - front * beta_fraction(b, a, 1.0 - x) / b
    return front * beta_fraction(a, b, x) / a


@compiled
def beta_fraction(a, b, x):
    """Lentz's method."""
    c = 1.0
    d = 1.0 - (a + b) * x / (a + 1.0)
    d = 1.0 / (d if abs(d) > TINY else TINY)
    h = d
    for m in range(1, 500):
        even = m * (b - m) * x / ((a + 2 * m - 1.0) * (a + 2 * m))
        d = 1.0 + even * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + even / c
        c = c if abs(c) > TINY else TINY
        h *= d * c
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1.0))
        d = 1.0 + odd * d
        d = 1.0 / (d if abs(d) > TINY else TINY)
        c = 1.0 + odd / c
        c = c if abs(c) > TINY else TINY
        step = d * c
        h *= step
        if abs(step - 1.0) < 3e-16:
            break
    return h


@compiled
def beta_quantile(a, b, u):
    """The x with I_x(a, b) = u."""
    low, high = 0.0, 1.0
    x = a / (a + b)
    scale = log_gamma(a + b) - log_gamma(a) - log_gamma(b)
    for _ in range(200):
        f = beta_share(a, b, x) - u
        if f > 0.0:
            high = x
        else:
            low = x
        slope = exp(scale + (a - 1.0) * log(x) + (b - 1.0) * log(1.0 - x))
        new = x - f / slope if slope > 0.0 else 0.0
        if not low < new < high:
            new = 0.5 * (low + high)
        if abs(new - x) <= 1e-15:
            return new
        x = new
    return x
