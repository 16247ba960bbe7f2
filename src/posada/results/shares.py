"""First-order shares of variance from runs that were made anyway (given data), by functions of standard normals.

Every uncertain number of a scenario is a monotone map of a standard normal of its own. The share of variance that a
number brings by itself is then a sum of squared coefficients of orthonormal functions of that normal: three Hermite
polynomials, and cosines for what they leave. Coefficients are found by least squares, together where they stand out,
and each square is freed of its expected error (docs/decisions/0008-sensitivity.md tells why, and how it was measured).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

POLYNOMIALS = 3
COSINES = 8
STANDS_OUT = 3.5
"""How many standard errors the coefficient of a polynomial must be from zero to enter the common fit."""
STANDS_OUT_BENT = 4.5
"""The same for what only cosines can tell; there are more of them, and they are rarely needed."""
ROUNDS = 6
LEAST = 30
"""Replicates below which no share is told."""
MOST = 4000
"""Replicates that are used at most; more say little more, and take memory."""


@dataclass(frozen=True)
class Basis:
    """Orthonormal functions of the inputs: replicates by (function, input)."""

    inputs: int
    values: Array
    squares: Array

    @property
    def straight(self) -> int:
        """How many columns are polynomials."""
        return POLYNOMIALS * self.inputs


@dataclass(frozen=True)
class Fit:
    """One output: the share of each input, the straight part of its effect, and the terms that were fitted together."""

    shares: Array
    straight: Array
    terms: tuple[int, ...]


def basis(z: Array) -> Basis:
    """The functions of standard normals: `z` is replicates by inputs."""
    raw, mixing = raw_functions(z), orthonormal()
    values = [sum(mixing[k, m] * raw[k] for k in range(m + 1)) for m in range(1, len(raw))]
    joined = np.concatenate(values, axis=1)
    return Basis(z.shape[1], joined, joined**2)


def raw_functions(z: Array) -> list[Array]:
    """One, three polynomials, and cosines of the normal's percentile."""
    u = np.vectorize(lambda x: 0.5 * math.erfc(-x / math.sqrt(2)), otypes=[float])(z) if z.size else z
    polynomials = [np.ones_like(z), z, z**2, z**3]
    return [*polynomials, *(np.cos(math.pi * k * u) for k in range(1, COSINES + 1))]


@cache
def orthonormal() -> Array:
    """How the raw functions mix into orthonormal ones, each made of itself and those before it."""
    edge, points = 8.0, 8001
    z = np.linspace(-edge, edge, points)
    weight = np.exp(-(z**2) / 2)
    x = np.column_stack(raw_functions(z))
    gram = (x * (weight / weight.sum())[:, None]).T @ x
    return np.linalg.inv(np.linalg.cholesky(gram)).T


def standardised(y: Array) -> Array:
    """An output with mean 0 and variance 1; all zero if it never differs."""
    y = y - y.mean()
    deviation = math.sqrt(float(y @ y) / max(len(y) - 1, 1))
    return np.asarray(y / deviation if deviation > 0 else y)


def first_order(h: Basis, y: Array) -> Fit:
    """Shares of the variance of an output that has no missing value.

    A share may be below zero by chance where there is nothing to be found: clipping it would make the sum too large.
    """
    y = standardised(y)
    if len(y) < LEAST or not y.any():
        return Fit(np.zeros(h.inputs), np.zeros(h.inputs), ())
    terms = outstanding(h, y)
    c, variance, spread = fitted(h, y, terms)
    squares = c**2 - variance
    squares /= whole(squares[terms], spread)
    rare = np.setdiff1d(np.arange(h.straight, len(squares)), terms)
    squares[rare] = 0.0  # would add much noise where there is, nearly always, nothing
    squares /= max(1.0, float(squares.sum()))
    shares = np.minimum(squares.reshape(-1, h.inputs).sum(axis=0), 1.0)
    return Fit(shares, c[: h.inputs], tuple(terms))


def whole(squares: Array, spread: float) -> float:
    """The variance of an output: what the common fit explains, freed of its errors, and what it leaves.

    The variance of the sample itself would do, but where one number explains nearly all its share might pass one.
    """
    return max(float(squares.sum()) + spread, 1e-300)


def outstanding(h: Basis, y: Array) -> list[int]:
    """The terms that stand out, found in rounds: what is known already no longer hides the smaller ones."""
    terms: list[int] = []
    most = len(y) // 5
    bar = np.full(h.values.shape[1], STANDS_OUT_BENT)
    bar[: h.straight] = STANDS_OUT
    for _ in range(ROUNDS):
        c, variance, _ = fitted(h, y, terms)
        strength = np.abs(c) / np.sqrt(np.maximum(variance, 1e-300)) / bar
        strength[terms] = 0.0
        new = np.flatnonzero(strength > 1)
        new = new[np.argsort(-strength[new], kind="stable")][: max(most - len(terms), 0)]
        if not len(new):
            break
        terms = sorted([*terms, *(int(i) for i in new)])
    return terms


def fitted(h: Basis, y: Array, terms: Sequence[int]) -> tuple[Array, Array, float]:
    """Coefficients of all terms, the variance of each, and that of what is left.

    Some terms are fitted together, every other one by itself on what they leave.
    """
    n, known = len(y), list(terms)
    x = np.column_stack([np.ones(n), h.values[:, known]])
    gram = np.linalg.pinv(x.T @ x)
    together = gram @ (x.T @ y)
    rest = y - x @ together
    spread = float(rest @ rest) / max(n - x.shape[1], 1)
    c = h.values.T @ rest / n
    variance = (h.squares.T @ rest**2 / n - c**2) / max(n - 1, 1)
    c[known] = together[1:]
    variance[known] = spread * np.diag(gram)[1:]
    return c, variance, spread


def intervals_of(h: Basis, y: Array, fit: Fit, wanted: Sequence[int], resamples: int, seed: int) -> Array:
    """The 90 % interval of the shares of some inputs, by drawing replicates anew (bootstrap): (low, high) by input.

    The terms that were fitted together stay the same. Each square of a resample carries the error of the sample and
    its own, so the expected error is taken off twice.
    """
    if not len(wanted) or len(y) < LEAST or not np.ptp(y):
        return np.zeros((2, len(wanted)))
    own = [[t for t in range(h.values.shape[1]) if t % h.inputs == i and used(h, t, fit)] for i in wanted]
    others = sorted({t for terms in own for t in terms} - set(fit.terms))
    known, n = list(fit.terms), len(y)
    x = np.column_stack([np.ones(n), h.values[:, known]])
    rare, y = h.values[:, others], standardised(y)
    place = {t: k for k, t in enumerate([*known, *others])}
    draws = np.random.default_rng(seed)
    found = np.empty((resamples, len(wanted)))
    for b in range(resamples):
        weight = np.bincount(draws.integers(0, n, n), minlength=n).astype(float)
        xw = x.T * weight
        gram = np.linalg.pinv(xw @ x)
        together = gram @ (xw @ y)
        rest = y - x @ together
        spread = float(weight @ rest**2) / max(n - x.shape[1], 1)
        alone = rare.T @ (weight * rest) / n
        errors = ((rare**2).T @ (weight * rest**2) / n - alone**2) / n
        squares = np.concatenate([together[1:], alone]) ** 2
        squares -= 2 * np.concatenate([spread * np.diag(gram)[1:], errors])
        variance = whole(squares[: len(known)], spread)
        found[b] = [squares[[place[t] for t in terms]].sum() / variance for terms in own]
    return np.clip(np.quantile(found, [0.05, 0.95], axis=0), 0.0, 1.0)


def used(h: Basis, term: int, fit: Fit) -> bool:
    """Whether a term has a part in the share of its input."""
    return term < h.straight or term in fit.terms


def of_luck(first: Array, second: Array, resamples: int, seed: int) -> tuple[float, float, float]:
    """The share of variance that luck alone brings, with its 90 % interval, from pairs that share all but their luck.

    One less the correlation within pairs: half the mean square of their difference over the variance of all.
    """
    both = ~(np.isnan(first) | np.isnan(second))
    first, second = first[both], second[both]
    n = len(first)
    if n < LEAST:
        return math.nan, math.nan, math.nan
    squares, joined = (first - second) ** 2 / 2, np.stack([first, second])
    if not np.ptp(joined):
        return 0.0, 0.0, 0.0
    draws = np.random.default_rng(seed)
    chosen = np.stack([np.arange(n), *(draws.integers(0, n, n) for _ in range(resamples))])
    variances = joined[:, chosen].var(axis=(0, 2))
    shares = np.clip(squares[chosen].mean(axis=1) / np.maximum(variances, 1e-300), 0.0, 1.0)
    low, high = np.quantile(shares[1:], [0.05, 0.95])
    return float(shares[0]), float(low), float(high)
