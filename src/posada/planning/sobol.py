"""Sobol's indices of a few numbers by a Saltelli design, with luck and all other numbers held common in each row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import polars as pl

from posada.ensemble import Progress, run
from posada.results import Driven, Driver, Sensitivity, Share, shares, values_of
from posada.scenario import Headline

RESAMPLES = 200
FEWEST_ROWS = 64
MISSING = (
    "`--method sobol` needs SALib, which is not installed: pip install 'posada[sensitivity]'.\n"
    "`--method screen` (the default) does without it."
)


def needs_salib() -> None:
    """ImportError, in words, if SALib is missing."""
    if find_spec("SALib") is None:
        raise ImportError(MISSING)


def design_rows(replicates: int) -> int:
    """Rows of the design: a power of two, about a quarter of the replicates of the screen."""
    return int(max(FEWEST_ROWS, 2 ** math.floor(math.log2(max(replicates / 4, 1)))))


def refine(
    found: Sensitivity,
    wanted: Sequence[Headline],
    rows: int,
    policy: str | Sequence[str],
    top: int,
    threads: int | None,
    progresses: Sequence[Progress],
) -> Sensitivity:
    """First-order and total shares of the top numbers of a screen; the screen as it is if Ctrl-C comes first."""
    from SALib.sample import sobol as sampling

    paths = [row.path for row in sorted(found.ranking(), key=lambda row: (-row.share, row.path))[:top]]
    if not paths:
        return found
    k = len(paths)
    problem = {"num_vars": k, "names": paths, "bounds": [[0.0, 1.0]] * k, "dists": ["norm"] * k}
    design = np.asarray(sampling.sample(problem, rows, calc_second_order=False, seed=found.seed))
    columns = []
    for j, progress in zip(range(k + 2), progresses, strict=False):
        part = one_column(found, paths, design[j :: k + 2], policy, wanted, threads, progress)
        if part is None:
            return replace(found, stopped=True)
        columns.append(part)
    outputs = np.stack(columns, axis=1)  # headline, column, row
    headlines = tuple(
        with_indices(driven, problem, paths, outputs[i], found.seed) for i, driven in enumerate(found.headlines)
    )
    return replace(found, headlines=headlines, method="sobol", rows=rows)


def one_column(
    found: Sensitivity,
    paths: Sequence[str],
    z: shares.Array,
    policy: str | Sequence[str],
    wanted: Sequence[Headline],
    threads: int | None,
    progress: Progress,
) -> shares.Array | None:
    """All rows of one column of the design: replicate r has the luck of replicate r in every column."""
    n = len(z)
    draws = pl.DataFrame({"replicate": np.repeat(np.arange(n), len(paths)), "path": list(paths) * n, "z": z.ravel()})
    try:
        result = run(
            found.scenario,
            replicates=n,
            seed=found.seed,
            policy=policy,
            draws=draws,
            threads=threads,
            progress=progress,
        )
    except KeyboardInterrupt:
        return None
    if result.replicates < n:
        return None
    return np.array([values_of(result, h) for h in wanted], dtype=float)


def with_indices(
    driven: Driven, problem: dict[str, Any], paths: Sequence[str], columns: shares.Array, seed: int
) -> Driven:
    """A headline with the indices of its top numbers; `columns` is column of the design by row."""
    from SALib.analyze import sobol as analysis

    kept = columns[:, ~np.isnan(columns).any(axis=0)]
    if kept.shape[1] < shares.LEAST or not np.ptp(kept):
        return driven
    y = kept.T.ravel()
    told = analysis.analyze(
        problem, y, calc_second_order=False, num_resamples=RESAMPLES, conf_level=0.9, seed=seed, print_to_console=False
    )
    place = {path: i for i, path in enumerate(paths)}

    def refined(driver: Driver) -> Driver:
        if driver.path not in place:
            return driver
        i = place[driver.path]
        first, total = (share(told[key][i], told[f"{key}_conf"][i]) for key in ("S1", "ST"))
        return replace(driver, first=first, total=total)

    return replace(driven, drivers=tuple(refined(driver) for driver in driven.drivers))


def share(value: float, half: float) -> Share:
    """A share within 0 and 1, with its interval."""
    low, middle, high = (min(max(float(x), 0.0), 1.0) for x in (value - half, value, value + half))
    return Share(middle, low, high)
