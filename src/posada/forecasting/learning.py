"""Learn from counts what is not known: an ensemble smoother over every uncertain number of a scenario.

A run draws each uncertain number as a standard normal that the number's own distribution transforms. The smoother moves
these normals, a few times over, so that the runs come nearer to the counts; each run keeps its luck throughout.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from posada import __version__
from posada.engine import Drawn, draw_z
from posada.ensemble import Part, Progress, as_date, keys_of, numbers_stated, run
from posada.scenario import Scenario, load

from .calibration import Calibration, CalibrationError, Question, free_for_calibration, model_hash
from .learnt import checks_of, quantities_of, warnings_of
from .observing import Observed, bias_paths, observed, simulated
from .rounds import Moved, Rounds, Simulated, as_table, drawn, on_scale
from .smoother import needs_smoother, step

Array = np.ndarray[Any, Any]

RUNS, ROUNDS, INFLATION = 200, 4, 4.0
FEWEST = 20
"""Runs from which correlations are believed."""


def calibrate(
    scenario: Scenario | str | os.PathLike[str],
    *,
    until: date | str | None = None,
    as_known_on: bool = False,
    runs: int = RUNS,
    rounds: int = ROUNDS,
    inflation: float = INFLATION,
    seed: int = 1,
    inputs: bool = False,
    policy: str | Sequence[str] = (),
    sets: Sequence[str] = (),
    out: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Calibration:
    """Learn a scenario's uncertain numbers from its counts; the result is an ensemble to run and to forecast with.

    Learnt from are the observations with `use: check` (with `inputs`, those that set a number too) that were known on
    the date `until`; all of them without one. With `as_known_on` the scenario itself is taken as it could have been
    written on that date. `runs` replicates are simulated once before each of `rounds` steps and once at the end. The
    variance of what counts may be off by is multiplied by `inflation`: 1 trusts the model, 4 suits one that is wrong
    in ways nobody has stated. `policy`, `sets`, `threads` and `progress` are as for `posada.run`.

    In the folder `out` each finished run is kept: after Ctrl-C (KeyboardInterrupt) the same call goes on from there, to
    the same result. Otherwise nothing is written.

    Raises CalibrationError if there is nothing to learn from or nothing to learn, or `out` holds something else;
    NotInstalled (an ImportError) without `posada[calibrate]`; ValueError for other arguments; what `posada.run` raises.
    """
    needs_smoother()
    if not isinstance(scenario, Scenario):
        scenario = load(os.fspath(scenario))
    day = as_date(until)
    policies = (policy,) if isinstance(policy, str) else tuple(policy)
    check_arguments(day, as_known_on, runs, rounds, inflation)
    model = scenario.as_known_on(day) if as_known_on and day is not None else scenario
    items = observed(scenario, day, inputs=inputs)
    if not items:
        raise CalibrationError(nothing_to_learn_from(scenario, day, inputs))
    question = Question(
        scenario.folder.name or scenario.title, model_hash(model), runs, rounds, float(inflation), seed,
        text(day), text(day) if as_known_on else None, inputs, policies, tuple(sets),
    )  # fmt: skip
    fit = Fitting(model, items, question, threads)
    kept = Rounds(None if out is None else free_for_calibration(out), question, items)
    told = [Part(progress, k * runs, (rounds + 1) * runs) for k in range(rounds + 1)]
    before = here = kept.get(0) or kept.add(0, fit.simulate(None, told[0]))
    for k in range(rounds):
        here = kept.get(k + 1) or kept.add(k + 1, fit.simulate(fit.moved(here, k), told[k + 1]))
    made = fit.calibration(scenario, before, here)
    if out is not None:
        made.save(out)
    return made


def text(day: date | None) -> str | None:
    """A date as text."""
    return None if day is None else day.isoformat()


def check_arguments(day: date | None, as_known_on: bool, runs: int, rounds: int, inflation: float) -> None:
    """ValueError for numbers that cannot be."""
    if as_known_on and day is None:
        raise ValueError("as_known_on needs the date `until` on which it was known")
    if runs < FEWEST:
        raise ValueError(f"a calibration needs at least {FEWEST} runs, not {runs}")
    if not 1 <= rounds <= 20:
        raise ValueError(f"rounds must be from 1 to 20, not {rounds}")
    if not inflation > 0:
        raise ValueError(f"inflation must be above 0, not {inflation:g}")


def nothing_to_learn_from(scenario: Scenario, day: date | None, inputs: bool) -> str:
    """Why there is no count."""
    set_only = not inputs and observed(scenario, day, inputs=True)
    hint = "; all that there are set a number (`use: input`): --inputs learns from them too" if set_only else ""
    known = f" that was known on {day}" if day else ""
    return f"there is nothing to learn from: no observation with `use: check`{known} counts what is simulated{hint}"


class Fitting:
    """What is the same in every round: the scenario up to the last count, the counts, and what was asked."""

    def __init__(
        self, scenario: Scenario, items: tuple[Observed, ...], question: Question, threads: int | None = None
    ) -> None:
        self.items, self.question = items, question
        self.short = up_to(scenario, items)
        self._threads = threads
        self._biases = bias_paths(items)

    def simulate(self, moved: Moved | None, progress: Progress | None = None) -> Simulated:
        """Run the ensemble, with numbers as stated or as they were moved. KeyboardInterrupt at Ctrl-C."""
        q = self.question
        result = run(
            self.short, replicates=q.runs, seed=q.seed, policy=q.policies, sets=q.sets, threads=self._threads,
            draws=None if moved is None else as_table(moved.paths, moved.z), progress=progress,
        )  # fmt: skip
        if result.replicates < q.runs:
            raise KeyboardInterrupt
        paths, z, values = drawn(result)
        bias_z = stated_biases(self._biases, q.seed, q.runs) if moved is None else moved.bias_z
        return Simulated(Moved(paths, tuple(self._biases), z, bias_z), values, simulated(result, self.items))

    def stated(self) -> Simulated:
        """The numbers as stated, without a run: nothing is said of counts."""
        q = self.question
        paths, z, values = numbers_stated(self.short, q.seed, q.runs, q.policies, q.sets)
        bias_z = stated_biases(self._biases, q.seed, q.runs)
        nothing = np.full((len(self.items), q.runs), np.nan)
        return Simulated(Moved(paths, tuple(self._biases), z, bias_z), values, nothing)

    def moved(self, here: Simulated, k: int) -> Moved:
        """The numbers after step `k`, counted from 0."""
        q, n = self.question, len(here.numbers.paths)
        x = np.vstack([here.numbers.z, here.numbers.bias_z])
        if not len(x):
            raise CalibrationError("the scenario has no uncertain number, so there is nothing to learn")
        y = on_scale(self.items, here)
        x = step(x, y, self.items, float(q.rounds), q.inflation, np.random.default_rng([q.seed, k]))
        return replace(here.numbers, z=x[:n], bias_z=x[n:])

    def calibration(self, scenario: Scenario, before: Simulated, after: Simulated) -> Calibration:
        """What was found, from the first run and the last."""
        moved = [i for i in range(len(after.numbers.z)) if (after.numbers.z[i] != before.numbers.z[i]).any()]
        paths = [after.numbers.paths[i] for i in moved]
        quantities = quantities_of(self.items, before, after)
        checks = checks_of(self.items, before, after, self.question.seed)
        return Calibration(
            scenario,
            self.question,
            __version__,
            as_table(paths, after.numbers.z[moved]),
            as_table(after.numbers.biases, after.numbers.bias_z),
            quantities,
            checks,
            warnings_of(self.items, before, after, self.question, quantities, checks),
            learnt=tuple(item.id for item in self.items),
        )


def up_to(scenario: Scenario, items: Sequence[Observed]) -> Scenario:
    """The scenario up to the last count: what comes later cannot be learnt from."""
    end = max(item.day for item in items) + timedelta(days=1)
    return scenario if end > scenario.end else scenario.until(end)


def stated_biases(biases: dict[str, Any], seed: int, runs: int) -> Array:
    """Standard normals of biases, drawn as those of all other numbers."""
    columns = [Drawn(path, quantity, False, True) for path, quantity in biases.items()]
    found = draw_z(list(columns), keys_of(seed, 0, runs))
    return np.array([found[path] for path in biases]).reshape(len(biases), runs)
