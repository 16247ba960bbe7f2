"""Compares estimators of first-order shares on functions whose shares are known, among many idle inputs.

`python tools/share_estimators.py REPLICATES TIMES` prints the table of decision 8 (needs SALib).
"""

from __future__ import annotations

import sys
import warnings

import numpy as np
from SALib.analyze import delta, rbd_fast
from scipy.stats import norm, rankdata

from posada.results.shares import basis, first_order

INPUTS = 100
SHARES = np.array([0.3, 0.2, 0.15, 0.1, 0.05, 0.04, 0.03, 0.03])
NOISE = 1 - SHARES.sum()
PROBLEM = {"num_vars": INPUTS, "names": [str(i) for i in range(INPUTS)], "bounds": [[0, 1]] * INPUTS}


def summed(z, noise):
    """A standard normal made of eight inputs and noise."""
    return z[:, : len(SHARES)] @ np.sqrt(SHARES) + np.sqrt(NOISE) * noise


def ishigami(z, noise):
    """The function of Ishigami and Homma, of uniform inputs."""
    x = -np.pi + 2 * np.pi * norm.cdf(z[:, :3])
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def true_of_ishigami():
    """Its shares."""
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.01 * np.pi**8 / 18 + 0.5
    return padded([0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2 / variance, 7**2 / 8 / variance])


def true_of_sum(g):
    """The shares of a function of the sum, by quadrature."""
    s = np.linspace(-8, 8, 4001)
    weight = norm.pdf(s) / norm.pdf(s).sum()
    variance = weight @ g(s) ** 2 - (weight @ g(s)) ** 2
    x, w = np.polynomial.hermite_e.hermegauss(100)
    w = w / w.sum()
    found = []
    for share in SHARES:
        given = np.array([weight @ g(np.sqrt(share) * a + np.sqrt(1 - share) * s) for a in x])
        found.append((w @ given**2 - (w @ given) ** 2) / variance)
    return padded(found)


def padded(shares):
    """Shares of all inputs."""
    return np.concatenate([shares, np.zeros(INPUTS - len(shares))])


FUNCTIONS = {
    "sum": (summed, padded(SHARES)),
    "overflow, max(0, sum - 0.8)": (
        lambda z, e: np.maximum(0, summed(z, e) - 0.8),
        true_of_sum(lambda s: np.maximum(0, s - 0.8)),
    ),
    "exp(sum / 2)": (lambda z, e: np.exp(summed(z, e) / 2), true_of_sum(lambda s: np.exp(s / 2))),
    "Ishigami": (ishigami, true_of_ishigami()),
}


def partial_rank(z, y):
    """The square of the partial rank correlation."""
    ranks = np.column_stack([*(rankdata(column) for column in z.T), rankdata(y)])
    precision = np.linalg.inv(np.corrcoef(ranks.T))
    return precision[:-1, -1] ** 2 / (np.diag(precision)[:-1] * precision[-1, -1])


ESTIMATORS = {
    "posada": lambda z, y: first_order(basis(z), y).shares,
    "RBD-FAST, M = 10": lambda z, y: np.array(rbd_fast.analyze(PROBLEM, z, y, M=10, num_resamples=2)["S1"]),
    "RBD-FAST, M = 4": lambda z, y: np.array(rbd_fast.analyze(PROBLEM, z, y, M=4, num_resamples=2)["S1"]),
    "delta (its S1)": lambda z, y: np.array(delta.analyze(PROBLEM, z, y, num_resamples=2, method="sobol")["S1"]),
    "partial rank correlation, squared": partial_rank,
}


def main(replicates, times):
    """Print the table."""
    warnings.simplefilter("ignore")
    print("| function | estimator | mean absolute bias | error (root mean square) | idle inputs: mean | sd |")
    print("|---|---|---:|---:|---:|---:|")
    for name, (function, true) in FUNCTIONS.items():
        for told, estimator in ESTIMATORS.items():
            if replicates < 2 * INPUTS + 1 and estimator is partial_rank:
                continue
            draws = np.random.default_rng(1)
            errors = []
            for _ in range(times):
                z, noise = draws.standard_normal((replicates, INPUTS)), draws.standard_normal(replicates)
                errors.append(estimator(z, function(z, noise)) - true)
            found, live = np.array(errors), true > 0
            bias = np.abs(found[:, live].mean(axis=0)).mean()
            error = np.sqrt(np.square(found[:, live]).mean())
            idle = found[:, ~live]
            print(f"| {name} | {told} | {bias:.3f} | {error:.3f} | {idle.mean():+.4f} | {idle.std():.4f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
