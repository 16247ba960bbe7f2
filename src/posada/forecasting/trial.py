"""Simulation-based checks: is the truth found where it is known, because it was simulated?

For each trial a truth is drawn from what the scenario states and simulated with luck of its own; sources report its
counts, with their errors; a calibration learns from those up to a date; then its intervals are held against the truth:
those of the numbers, and those of the counts that come later.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.ensemble import Part, Progress, as_date, run
from posada.results import read_json, write_json
from posada.scenario import Scenario, load

from .calibration import Calibration, CalibrationError, model_hash
from .learning import ROUNDS, RUNS, calibrate
from .learnt import holds
from .observing import Observed, observed, reported, seen, simulated
from .rounds import without_gaps

TRUTHS = 20
APART = 1_000_003
"""Seeds of truths begin so far from those of the runs that learn from them."""
LEARNT = 0.3
"""A number whose variance fell by this share or more was learnt."""
FOLDER, ASKED = "trials", "question.json"


@dataclass(frozen=True)
class Trial:
    """Trials of a calibration, and how often its 90 % intervals held the truth."""

    numbers: pl.DataFrame
    """trial, path, truth, low90, high90, inside, shrinkage."""
    forecasts: pl.DataFrame
    """trial, id, day, counted, low90, high90, inside: counts after the date, as sources reported them."""
    asked: dict[str, Any]

    @property
    def trials(self) -> int:
        """How many truths were tried."""
        return int(self.numbers["trial"].n_unique())

    def coverage(self) -> dict[str, float | int | None]:
        """Shares of the intervals that held the truth: of all numbers, of those that were learnt, of forecasts."""
        learnt = self.numbers.filter(pl.col("shrinkage") >= LEARNT)
        return {
            "trials": self.trials,
            "uncertain_numbers": int(self.numbers["path"].n_unique()),
            "numbers": share(self.numbers),
            "numbers_learnt": share(learnt),
            "learnt_per_trial": round(learnt.height / max(1, self.trials), 1),
            "forecasts": share(self.forecasts),
            "forecast_counts": self.forecasts.height,
        }


def share(table: pl.DataFrame) -> float | None:
    """The share of rows that are inside."""
    mean = table["inside"].mean() if table.height else None
    return float(mean) if isinstance(mean, float) else None


def check_calibration(
    scenario: Scenario | str | os.PathLike[str],
    *,
    until: date | str,
    truths: int = TRUTHS,
    runs: int = RUNS,
    rounds: int = ROUNDS,
    inflation: float = 1.0,
    seed: int = 1,
    inputs: bool = False,
    policy: str | Sequence[str] = (),
    truth_policy: str | Sequence[str] = (),
    out: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Trial:
    """Try a calibration on truths drawn from the scenario itself, at the dates and with the errors of its observations.

    Learnt from are the counts up to `until`; the later ones are forecast. `truth_policy` applies to the truth only: a
    model that is wrong, and does not know. Other arguments are those of `calibrate`; the inflation is 1, since the
    model is right otherwise. In the folder `out` each trial is kept, and a second call goes on from there.

    CalibrationError if there are no counts before or after `until`.
    """
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    day = as_date(until)
    assert day is not None
    items = observed(scenario, inputs=inputs)
    if not any(item.day <= day for item in items) or not any(item.day > day for item in items):
        raise CalibrationError(f"a trial needs counts up to {day}, to learn from, and later ones, to forecast")
    policies, of_truth = listed(policy), listed(truth_policy)
    asked = {"hash": model_hash(scenario), "until": str(day), "runs": runs, "rounds": rounds, "inflation": inflation,
             "seed": seed, "policies": policies, "truth_policies": of_truth,
             "counts": [[item.id, item.share] for item in items]}  # fmt: skip
    folder = trial_folder(out, asked)
    each = runs * (rounds + 2) + 1
    found = []
    for k in range(truths):
        kept = None if folder is None else folder / f"trial-{k}.json"
        if kept is not None and kept.exists():
            found.append(read_json(kept.parent, kept.name))
            continue
        told = Part(progress, k * each, truths * each)
        counts, numbers = truth_of(scenario, items, seed + APART + k, [*policies, *of_truth], threads)
        known = scenario.replace(observations={item.id: item.observation for item in counts})
        learnt = calibrate(known, until=latest_known(counts, day), runs=runs, rounds=rounds, inflation=inflation,
                           seed=seed, inputs=inputs, policy=policies, threads=threads, progress=told)  # fmt: skip
        rest = Part(told, runs * (rounds + 1), each)
        found.append({"numbers": held_numbers(learnt, numbers, k), "forecasts": held_forecasts(
            learnt, [item for item in counts if item.day > day], k, threads, rest)})  # fmt: skip
        if kept is not None:
            write_json(kept, found[-1])
    return Trial(table([row for one in found for row in one["numbers"]]),
                 table([row for one in found for row in one["forecasts"]]), asked)  # fmt: skip


def listed(names: str | Sequence[str]) -> list[str]:
    """Names as a list."""
    return [names] if isinstance(names, str) else list(names)


def table(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows as a table."""
    found = pl.DataFrame(rows, infer_schema_length=None)
    return found.select("trial", *sorted(set(found.columns) - {"trial"}))


def trial_folder(out: str | os.PathLike[str] | None, asked: dict[str, Any]) -> Path | None:
    """Where trials are kept; CalibrationError if those there are of another question."""
    if out is None:
        return None
    folder = Path(out) / FOLDER
    if not folder.exists():
        if Path(out).exists() and (not Path(out).is_dir() or any(Path(out).iterdir())):
            raise CalibrationError(f"{out} is not empty and holds no trials of posada; name another folder")
        folder.mkdir(parents=True)
        write_json(folder / ASKED, asked)
    before, now = read_json(folder, ASKED), json.loads(json.dumps(asked))
    differs = [key for key in now if before.get(key) != now[key]]
    if differs:
        raise CalibrationError(f"{out} holds trials of another question ({', '.join(differs)}); name another folder")
    return folder


def truth_of(
    scenario: Scenario, items: Sequence[Observed], seed: int, policies: Sequence[str], threads: int | None
) -> tuple[list[Observed], dict[str, float]]:
    """One truth: its counts as sources report them, and its numbers by path."""
    truth = run(scenario, replicates=1, seed=seed, policy=policies, threads=threads)
    values = seen(items, without_gaps(simulated(truth, items)))
    told = reported(items, values, np.random.default_rng(seed))[:, 0]
    counts = [with_count(item, float(np.round(value, 0 if value >= 1 else 2)))
              for item, value in zip(items, told, strict=True)]  # fmt: skip
    rows = truth.quantities.select(pl.col("path").cast(pl.String), "value").iter_rows()
    return counts, {str(path): float(value) for path, value in rows}


def with_count(item: Observed, value: float) -> Observed:
    """A count of the same kind, with its error in the same share, that says another number; a range moves with it."""
    o = item.observation
    factor = value / item.value if item.value else 1.0
    low, high = (None if edge is None else edge * factor for edge in (o.low, o.high))
    return replace(item, value=value, observation=replace(o, low=low, value=value, high=high))


def latest_known(counts: Sequence[Observed], day: date) -> date:
    """The date on which the last count up to a day was known; counts of later days that were known by then too are not
    to be had before their day."""
    return max((item.known_on for item in counts if item.day <= day), default=day)


def held_numbers(learnt: Calibration, truth: dict[str, float], k: int) -> list[dict[str, Any]]:
    """The intervals of numbers beside the truth."""
    rows = []
    for row in learnt.quantities.to_dicts():
        if row["path"] in truth:
            value = truth[row["path"]]
            inside = row["low90"] <= value <= row["high90"]
            rows.append({"trial": k, "path": row["path"], "truth": value, "low90": row["low90"],
                         "high90": row["high90"], "inside": bool(inside), "shrinkage": row["shrinkage"]})  # fmt: skip
    return rows


def held_forecasts(
    learnt: Calibration, later: Sequence[Observed], k: int, threads: int | None, progress: Progress | None
) -> list[dict[str, Any]]:
    """The intervals of later counts beside what was reported."""
    q = learnt.question
    result = run(learnt.model, replicates=q.runs, seed=q.seed, policy=q.policies, threads=threads, progress=progress,
                 draws=learnt.ensemble(policies=q.policies))  # fmt: skip
    values = seen(later, without_gaps(simulated(result, later)))
    told = reported(later, values, np.random.default_rng([q.seed, k]))
    rows = []
    for item, each in zip(later, told, strict=True):
        low, high = (float(x) for x in np.quantile(each, [0.05, 0.95]))
        rows.append({"trial": k, "id": item.id, "day": str(item.day), "counted": item.value, "low90": low,
                     "high90": high, "inside": holds(replace(item), low, high)})  # fmt: skip
    return rows
