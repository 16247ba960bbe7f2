"""Proposals of candidates by Optuna (the tree-structured Parzen estimator), which learns from all that were tried."""

from __future__ import annotations

from typing import Any

from posada.planning.evaluate import Bench, Point

NEEDED = "planning needs Optuna: pip install 'posada[plan]'"


class NotInstalled(Exception):
    """A package that only planning needs is not there."""


def optuna() -> Any:
    """The package; NotInstalled, with what to do, if it is not there."""
    try:
        import optuna as found
    except ImportError:
        raise NotInstalled(NEEDED) from None
    return found


class Proposals:
    """Asks for candidates; each that was tried becomes a trial, with its cost and by how much it misses what it should.

    The liar for trials that run at the same time is off: one is asked for at a time, and with constraints it warns.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._optuna = optuna()
        quiet = self._optuna.logging.get_verbosity()
        self._optuna.logging.set_verbosity(self._optuna.logging.ERROR)
        try:
            sampler = self._optuna.samplers.TPESampler(
                seed=bench.question.seed % 2**32, multivariate=True, constant_liar=False
            )
            self._study = self._optuna.create_study(direction="minimize", sampler=sampler)
        finally:
            self._optuna.logging.set_verbosity(quiet)
        ints = self._optuna.distributions.IntDistribution
        self._box = {v.name: ints(0, v.count - 1) for v in bench.question.varied}
        self._told: set[Point] = set()

    def next(self) -> Point:
        """The next candidate that is proposed."""
        self._learn()
        trial = self._study.ask(self._box)
        point = tuple(int(trial.params[name]) for name in self._box)
        self._study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
        return point

    def too_dear(self, point: Point) -> None:
        """A candidate was not run, as it costs more than the best."""
        self._add(point, self._bench.cost(point), {})

    def turned_down(self, point: Point) -> None:
        """A candidate was not run, as it cannot meet what is required."""
        if point not in self._told:
            self._told.add(point)
            self._add(point, 0.0, {"0": 1.0})

    def _learn(self) -> None:
        """Make trials of what was tried since."""
        for point, candidate in self._bench.tried.items():
            if point not in self._told:
                self._told.add(point)
                missed = {str(j): s for j, s in enumerate(self._bench.shortfalls(candidate))}
                if self._bench.feasible(candidate):
                    missed = dict.fromkeys(missed, 0.0)
                cost = self._bench.cost(point)
                self._add(point, cost if cost < float("inf") else 1e300, missed)

    def _add(self, point: Point, cost: float, missed: dict[str, float]) -> None:
        trial = self._optuna.trial.create_trial(
            params=dict(zip(self._box, point, strict=True)),
            distributions=self._box,
            value=cost,
            constraints=missed or {"0": 0.0},
        )
        self._study.add_trial(trial)
