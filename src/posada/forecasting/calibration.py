"""What a calibration found: numbers drawn anew after the counts, and how they stand to what was stated."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.results import ResultError, keep_scenario, read_json, work_folder, write_json
from posada.scenario import Scenario, load

from .observing import Observed, observed

Array = np.ndarray[Any, Any]

HEAD = "calibration.json"
SCENARIO = "scenario"
TABLES = ("draws", "biases", "quantities", "checks", "weights")
ROUNDS = "rounds"
"""The folder of what is kept after each round."""
SAID_ASIDE = ("title", "summary", "law_as_of", "sensitivity", "observations", "evidence", "policies", "headlines",
              "prices", "currency", "statements")  # fmt: skip
"""Parts of a scenario that may differ between a calibration and the runs that use it."""


class CalibrationError(ResultError):
    """A scenario cannot be calibrated, or a calibration cannot be used here."""


@dataclass(frozen=True)
class Question:
    """What was asked of a calibration; two with the same question give the same answer."""

    scenario: str
    """The name of its folder, or its title."""
    hash: str
    """Of what is simulated: `model_hash`."""
    runs: int
    rounds: int
    inflation: float
    seed: int
    until: str | None = None
    """Only what was known on this date was learnt from."""
    as_known_on: str | None = None
    """The scenario was that which could have been written on this date; None: as it stands."""
    inputs: bool = False
    """Whether counts that set a quantity were learnt from, too."""
    policies: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calibration:
    """A posterior ensemble. `draws` goes into `posada.run(scenario, draws=..., seed=..., replicates=...)`.

    The replicates are those of the fit: run them with the same `seed`, whose luck they were fitted with. `draws` has a
    row (replicate, path, z) for each uncertain number that matters up to the last count; all others are drawn from what
    the scenario states. `biases` is the same for the biases of sources, which no run knows of.
    """

    scenario: Scenario
    """As it stood; what was simulated is `model`."""
    question: Question
    version: str
    draws: pl.DataFrame
    biases: pl.DataFrame
    quantities: pl.DataFrame
    """path, prior_median, prior_low90, prior_high90, median, low90, high90, moved (in standard deviations of what was
    stated), shrinkage (the share of the variance that the counts took away), silent (the data say nothing about it)."""
    checks: pl.DataFrame
    """id, series, from, to, counted, qualifier, sd, what the runs said before (prior_median...) and say after (median,
    low90, high90: as the source would report it), and whether the count is inside."""
    warnings: tuple[str, ...] = ()
    weights: pl.DataFrame | None = None
    """(replicate, weight), the sum is 1: where counts came after the calibration (`posada.update`); else None."""
    learnt: tuple[str, ...] = ()
    """Ids of the counts that were learnt from, in order of their dates."""

    @cached_property
    def model(self) -> Scenario:
        """What was simulated, and what runs with the draws must start from: the scenario as known on the date asked."""
        return as_asked(self.scenario, self.question)

    @property
    def runs(self) -> int:
        """How many replicates the posterior ensemble has."""
        return self.question.runs

    @property
    def seed(self) -> int:
        """Whose luck the runs had."""
        return self.question.seed

    @property
    def until(self) -> date | None:
        """The date whose knowledge was learnt from; None: everything."""
        return date.fromisoformat(self.question.until) if self.question.until else None

    @cached_property
    def weight(self) -> Array:
        """The weight of each replicate; they are equal unless counts came later."""
        if self.weights is None:
            return np.full(self.runs, 1.0 / self.runs)
        return np.asarray(self.weights.sort("replicate")["weight"].to_numpy(), dtype=float)

    @property
    def effective(self) -> float:
        """The effective sample size: as many equal runs as these weighted ones are worth."""
        return float(1.0 / np.sum(self.weight**2))

    @property
    def counts(self) -> tuple[Observed, ...]:
        """The counts that were learnt from, with their errors."""
        items = {item.id: item for item in observed(self.scenario, self.until, inputs=True)}
        return tuple(items[key] for key in self.learnt if key in items)

    def order(self, replicates: int) -> Array:
        """Which run of the fit each of so many replicates takes its numbers from.

        A replicate keeps its own as long as its weight allows, since it has its luck; the rest are shared out evenly.
        """
        cycle = np.arange(replicates) % self.runs
        if self.weights is None:
            return cycle
        edges = np.floor(np.concatenate([[0.0], np.cumsum(self.weight)]) * replicates + 0.5)
        return own_first(cycle, np.diff(edges).astype(int))

    def ensemble(self, replicates: int | None = None, policies: Sequence[str] = ()) -> pl.DataFrame:
        """Draws for a run of so many replicates (as many as were fitted, if nothing is said), with weights taken in.

        `policies` are those of the run: what was learnt of the numbers of other policies is left out.
        """
        order = self.order(replicates or self.runs)
        own = tuple(f"policies.{name}." for name in policies)
        rows = self.draws.filter(~pl.col("path").str.starts_with("policies.") | pl.any_horizontal(
            pl.lit(False), *(pl.col("path").str.starts_with(start) for start in own)))  # fmt: skip
        taken = pl.DataFrame({"to": np.arange(len(order), dtype=np.int32), "replicate": order.astype(np.int32)})
        joined = taken.join(rows, on="replicate", how="inner", maintain_order="left_right")
        return joined.select(pl.col("to").alias("replicate"), "path", "z")

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write it whole; rounds that were kept there stay. CalibrationError if the folder holds something else."""
        target = free_for_calibration(folder)
        with work_folder(target.resolve()) as work:
            for name in TABLES:
                table = getattr(self, name)
                if table is not None:
                    table.write_parquet(work / f"{name}.parquet", compression="zstd", statistics=False)
            if not keep_scenario(self.scenario, work / SCENARIO):
                raise CalibrationError(
                    "the scenario was changed in Python in a way that its files do not tell, so its calibration cannot "
                    "be kept; write the change into its files"
                )
            write_json(work / HEAD, self.head())
            target.mkdir(exist_ok=True)
            put(work, target)
        return target

    def head(self) -> dict[str, Any]:
        """What `calibration.json` says."""
        return {
            "posada": 1,
            "version": self.version,
            "question": as_plain(self.question),
            "edits": self.scenario.edits,
            "learnt": list(self.learnt),
            "warnings": list(self.warnings),
        }


def own_first(cycle: Array, wanted: Array) -> Array:
    """An order in which each run stands as often as is wanted, in its own places as far as it can."""
    left, found = wanted.copy(), np.full(len(cycle), -1)
    for place, run in enumerate(cycle):
        if left[run] > 0:
            found[place] = run
            left[run] -= 1
    rest = np.repeat(np.arange(len(left)), left)
    empty = np.flatnonzero(found < 0)
    found[empty] = rest[: len(empty)]
    return found


def put(work: Path, target: Path) -> None:
    """Put a finished calibration in place, its head last, so that a folder that has one is whole."""
    for name in (HEAD, *(f"{table}.parquet" for table in TABLES)):
        (target / name).unlink(missing_ok=True)
    for entry in sorted(work.iterdir(), key=lambda entry: (entry.name == HEAD, entry.name)):
        old = target / entry.name
        if old.is_dir():
            shutil.rmtree(old)
        os.replace(entry, old)


def as_plain(question: Question) -> dict[str, Any]:
    """A question as JSON has it."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(question).items()}


def model_hash(scenario: Scenario) -> str:
    """Hash of what is simulated: counts, claims, policies and words may change without making a calibration useless."""
    empty = {name: getattr(BLANK, name) for name in SAID_ASIDE}
    return scenario.replace(**empty).hash


BLANK = Scenario("", date.min, date.max, "UTC")


def free_for_calibration(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a calibration may be written: new, empty, or with an earlier or unfinished one."""
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise CalibrationError(f"{target} is a file; name a folder")
    known = any((target / name).exists() for name in (HEAD, ROUNDS))
    if target.exists() and any(target.iterdir()) and not known:
        raise CalibrationError(f"{target} is not empty and holds no calibration of posada; name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def open_calibration(folder: str | os.PathLike[str]) -> Calibration:
    """Read a calibration back, with the scenario as it was; CalibrationError if there is none."""
    place = Path(folder)
    if not (place / HEAD).is_file():
        if (place / ROUNDS).is_dir():
            raise CalibrationError(
                f"{place} holds an unfinished calibration; the command that began it goes on with it"
            )
        raise CalibrationError(f"{place} holds no calibration (`posada calibrate SCENARIO --out {place}` makes one)")
    head = read_json(place, HEAD)
    try:
        question = Question(**{**head["question"], "policies": tuple(head["question"]["policies"]),
                               "sets": tuple(head["question"]["sets"])})  # fmt: skip
        edits = [tuple(edit) for edit in head["edits"]]
        tables = {name: pl.read_parquet(place / f"{name}.parquet") for name in TABLES
                  if name != "weights" or (place / "weights.parquet").exists()}  # fmt: skip
        scenario = load(place / SCENARIO).edited(edits)
        made = Calibration(
            scenario,
            question,
            head["version"],
            warnings=tuple(head["warnings"]),
            learnt=tuple(head["learnt"]),
            **tables,
        )
    except (KeyError, TypeError, ValueError, OSError, pl.exceptions.PolarsError) as error:
        raise CalibrationError(f"{place} is damaged ({error}); calibrate again") from None
    if model_hash(made.model) != question.hash:
        raise CalibrationError(f"the copy of the scenario in {place / SCENARIO} was changed; calibrate again")
    return made


def as_asked(scenario: Scenario, question: Question) -> Scenario:
    """The scenario as known on the date that was asked for, if one was."""
    return scenario.as_known_on(date.fromisoformat(question.as_known_on)) if question.as_known_on else scenario


def fitting(calibration: Calibration, scenario: Scenario) -> Scenario:
    """The scenario that runs with a calibration: as known on its date, if it was made so. CalibrationError if not it.

    Counts, claims, policies and words may differ from those when it was calibrated; what is simulated may not.
    """
    q = calibration.question
    found = as_asked(scenario, q)
    if model_hash(found) != q.hash:
        raise CalibrationError(
            f"the calibration is of another scenario ({q.scenario}, {q.hash[:12]}) than the one that is run "
            f"({model_hash(found)[:12]}): what is simulated was changed since; calibrate again"
        )
    return found


def with_weights(calibration: Calibration, weight: Array, **more: Any) -> Calibration:
    """The same runs with other weights."""
    table = pl.DataFrame({"replicate": np.arange(len(weight), dtype=np.int32), "weight": weight})
    changed: Mapping[str, Any] = {"weights": table, **more}
    return replace(calibration, **changed)
