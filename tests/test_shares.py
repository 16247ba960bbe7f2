"""Shares of variance from given data: known functions, an independent estimator, and luck."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from posada.results.shares import basis, first_order, intervals_of, of_luck, orthonormal, raw_functions

INPUTS, REPLICATES = 100, 1000
LINEAR = np.array([0.3, 0.2, 0.15, 0.1, 0.05, 0.04, 0.03, 0.03])
CDF = np.vectorize(NormalDist().cdf)


def linear(z, noise):
    """Eight inputs of known shares, and noise with a tenth of the variance."""
    return z[:, : len(LINEAR)] @ np.sqrt(LINEAR) + math.sqrt(0.1) * noise


def ishigami(z):
    """The function of Ishigami and Homma (1990); its inputs are uniform on -pi to pi, and interact."""
    x = -math.pi + 2 * math.pi * CDF(z[:, :3])
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


VARIANCE = 7**2 / 8 + 0.1 * math.pi**4 / 5 + 0.1**2 * math.pi**8 / 18 + 0.5
ISHIGAMI = (0.5 * (1 + 0.1 * math.pi**4 / 5) ** 2 / VARIANCE, 7**2 / 8 / VARIANCE, 0.0)


def sample(seed, replicates=REPLICATES):
    """Inputs and noise."""
    draws = np.random.default_rng(seed)
    return draws.standard_normal((replicates, INPUTS)), draws.standard_normal(replicates)


def test_the_functions_are_orthonormal():
    z = np.linspace(-7, 7, 3001)
    weight = np.exp(-(z**2) / 2)
    x = np.column_stack(raw_functions(z)) @ orthonormal()
    assert np.allclose((x.T * (weight / weight.sum())) @ x, np.eye(x.shape[1]), atol=1e-4)


def test_a_linear_function_with_many_idle_inputs():
    shares, idle = [], []
    for seed in range(6):
        z, noise = sample(seed)
        fit = first_order(basis(z), linear(z, noise))
        shares.append(fit.shares[: len(LINEAR)])
        idle.append(fit.shares[len(LINEAR) :])
    assert np.allclose(np.mean(shares, axis=0), LINEAR, atol=0.012)
    assert np.abs(idle).max() < 0.01
    assert abs(np.mean(idle)) < 2e-4, "idle inputs bring nothing, neither up nor down"


def test_a_function_that_bends_and_interacts():
    found = [first_order(basis(z), ishigami(z)).shares for z in (sample(seed)[0] for seed in range(4))]
    assert np.allclose(np.mean(found, axis=0)[:3], ISHIGAMI, atol=0.03)
    assert np.abs(np.array(found)[:, 3:]).max() < 0.02


def test_it_agrees_with_random_balance_designs_and_scatters_less():
    """SALib's estimator is another program's, and without a model of the function."""
    rbd_fast = pytest.importorskip("SALib.analyze.rbd_fast")
    problem = {"num_vars": 12, "names": [str(i) for i in range(12)], "bounds": [[0, 1]] * 12}
    ours, theirs = [], []
    for seed in range(4):
        z, noise = sample(seed)
        y = linear(z, noise)
        ours.append(first_order(basis(z[:, :12]), y).shares)
        theirs.append(np.array(rbd_fast.analyze(problem, z[:, :12], y, num_resamples=2, seed=1)["S1"]))
    assert np.allclose(np.mean(ours, axis=0), np.mean(theirs, axis=0), atol=0.03)
    true = np.concatenate([LINEAR, np.zeros(4)])
    assert np.square(ours - true).mean() < np.square(theirs - true).mean() / 2


def test_one_input_that_explains_all_has_all():
    z, _ = sample(3)
    shares = first_order(basis(z), np.exp(z[:, 4])).shares
    assert 0.9 < shares[4] <= 1.0
    assert first_order(basis(z), 3 * z[:, 7]).shares[7] == pytest.approx(1.0)


def test_what_never_differs_and_what_is_too_little_has_no_shares():
    z, noise = sample(1, 20)
    assert not first_order(basis(z), np.full(20, 5.0)).shares.any()
    assert not first_order(basis(z), noise).shares.any()


def test_intervals_hold_the_truth_nine_times_in_ten():
    inside = total = 0
    for seed in range(12):
        z, noise = sample(seed, 500)
        h, y = basis(z[:, :10]), linear(z, noise)
        low, high = intervals_of(h, y, first_order(h, y), range(8), 100, seed)
        inside += int(((low <= LINEAR) & (high >= LINEAR)).sum())
        total += len(LINEAR)
    assert 0.8 < inside / total <= 1.0


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_luck_from_pairs(share):
    draws = np.random.default_rng(1)
    ignorance = math.sqrt(1 - share) * draws.standard_normal(2000)
    first, second = (ignorance + math.sqrt(share) * draws.standard_normal(2000) for _ in range(2))
    found, low, high = of_luck(first, second, 200, 1)
    assert found == pytest.approx(share, abs=0.03)
    assert low - 0.02 <= share <= high + 0.02
    assert low <= found <= high


def test_luck_of_too_few_pairs_is_not_told():
    assert math.isnan(of_luck(np.arange(10.0), np.arange(10.0), 50, 1)[0])
