"""One more count between calibrations: the runs of the last one are weighed by how well each foretold it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from posada.ensemble import Progress, as_date
from posada.scenario import Scenario, load

from .calibration import Array, Calibration, CalibrationError, fitting, with_weights
from .learning import Fitting
from .learnt import checks_of, quantities_of
from .observing import Observed, log_likelihoods, observed, seen
from .rounds import Moved, without_gaps

ANEW = "calibrate anew"
"""How the warning begins that weights are no longer enough."""
TINY = 1e-300
FEW = 0.25
"""Below this share of the runs the weights rest on too few of them: calibrate anew."""


def update(
    calibration: Calibration,
    scenario: Scenario | str | os.PathLike[str],
    *,
    until: date | str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """A calibration with the counts that became known since, by weights; one run of the ensemble, no new numbers.

    `scenario` is the same situation with more observations, of which those known on the date `until` are taken (all
    without one). The weight of a run is how likely the new counts are in it, with errors inflated as they were in the
    calibration. `effective` tells how many equal runs the weighted ones are worth; below a quarter of them a warning
    asks for a new calibration.

    Raises CalibrationError if the scenario is another, if a count that was learnt from has been corrected, or if
    nothing new is known.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    day, q = as_date(until), calibration.question
    if day is not None and calibration.until is not None and day < calibration.until:
        raise CalibrationError(f"the calibration knows what was known on {calibration.until}; {day} is before that")
    fitting(calibration, scenario)
    items = observed(scenario, day, inputs=q.inputs)
    if day is not None and calibration.until is None:
        nothing_later(calibration, items, observed(scenario, inputs=q.inputs), day)
    new = fresh(calibration, items)
    known = [item for item in items if item.id in calibration.learnt]
    fit = Fitting(calibration.model, (*known, *new), q, threads)
    before, numbers = fit.stated(), numbers_of(calibration, fit)
    after = fit.simulate(numbers, progress)
    told = seen(new, without_gaps(after.counted[len(known) :]), after.numbers.bias_of())
    weight = normalised(
        np.log(np.maximum(calibration.weight, TINY)) + log_likelihoods(new, told, q.inflation).sum(axis=0)
    )
    found = with_weights(
        calibration,
        weight,
        quantities=quantities_of(fit.items, before, after, weight),
        checks=with_prior(checks_of(fit.items, after, after, q.seed, weight), calibration.checks),
        learnt=tuple(item.id for item in fit.items),
        scenario=scenario,
        question=replace(q, until=day.isoformat() if day else None),
        warnings=tuple(text for text in calibration.warnings if not text.startswith(ANEW)),
    )
    return found if found.effective >= FEW * found.runs else replace(found, warnings=(*found.warnings, too_few(found)))


def nothing_later(calibration: Calibration, items: Sequence[Observed], of_all: Sequence[Observed], day: date) -> None:
    """CalibrationError if a calibration of all counts learnt from some that were not known on a day."""
    later = {item.id for item in of_all} - {item.id for item in items}
    early = sorted(later & set(calibration.checks["id"].to_list()))
    if early:
        raise CalibrationError(
            f"the calibration learnt from counts that were not known on {day} ({', '.join(early)}), and weights cannot "
            "unlearn them; choose a later day, or calibrate with --until"
        )


def fresh(calibration: Calibration, items: Sequence[Observed]) -> list[Observed]:
    """The counts that were not learnt from yet; CalibrationError if there is none, or an old one was corrected."""
    learnt = {row["id"]: row["counted"] for row in calibration.checks.to_dicts()}
    gone = sorted(set(learnt) - {item.id for item in items})
    other = [item.id for item in items if item.id in learnt and item.value != learnt[item.id]]
    if gone or other:
        raise CalibrationError(
            f"counts that were learnt from were corrected or taken back ({', '.join([*other, *gone])}), and weights "
            "cannot unlearn them; calibrate again"
        )
    new = [item for item in items if item.id not in learnt]
    if not new:
        raise CalibrationError("no count became known that the calibration does not know")
    return new


def numbers_of(calibration: Calibration, fit: Fitting) -> Moved:
    """The numbers of the calibrated runs; those that it did not move are as stated."""
    stated = fit.stated().numbers
    moved = {path: table for path, table in by_path(calibration.draws).items() if path in stated.paths}
    z = np.array([moved.get(path, own) for path, own in zip(stated.paths, stated.z, strict=True)])
    own_bias = by_path(calibration.biases)
    bias_z = [own_bias.get(path, own) for path, own in zip(stated.biases, stated.bias_z, strict=True)]
    return replace(stated, z=z.reshape(stated.z.shape), bias_z=np.array(bias_z).reshape(stated.bias_z.shape))


def by_path(table: pl.DataFrame) -> dict[str, Array]:
    """Standard normals by path, in order of the replicates."""
    ordered = table.sort("path", "replicate")
    return {str(key[0]): part["z"].to_numpy() for key, part in ordered.partition_by("path", as_dict=True).items()}


def normalised(logs: Array) -> Array:
    """Weights that sum to 1 from their logarithms."""
    raw = np.exp(logs - logs.max())
    return np.asarray(raw / raw.sum())


def with_prior(checks: pl.DataFrame, earlier: pl.DataFrame) -> pl.DataFrame:
    """Checks with what had been stated, as it was kept; of new counts that is not known."""
    names = [name for name in checks.columns if name.startswith("prior_")]
    joined = checks.drop(names).join(earlier.select("id", *names), on="id", how="left", maintain_order="left")
    return joined.select(checks.columns)


def too_few(found: Calibration) -> str:
    """That the weights rest on too few runs."""
    return (
        f"{ANEW}: the new counts leave {found.runs} runs worth {found.effective:.0f} equal ones, too few to go on "
        "with. `posada calibrate` learns from all counts"
    )
