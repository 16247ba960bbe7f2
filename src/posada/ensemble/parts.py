"""An ensemble that is simulated in parts: any of its replicates, in any order, as in the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from posada.engine import compile_scenario, compiled_functions, mark_compiled
from posada.ensemble.job import Clock, about, check_seed, cores, draw, gather
from posada.ensemble.run import to_the_end
from posada.results import Result
from posada.scenario import Scenario


class Parts:
    """One scenario with its changes, ready to be run; replicate `r` has the same luck in whichever part it comes."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        replicates: int,
        seed: int = 1,
        policy: Sequence[str] = (),
        sets: Sequence[str] = (),
        draws: pl.DataFrame | None = None,
        threads: int | None = None,
        compiling: Callable[[], None] | None = None,
    ) -> None:
        self.scenario = scenario
        self._info = about(scenario, check_seed(seed), policy, sets)
        self._compiled = compile_scenario(scenario, scenario.changes(policy, sets))
        compiled_functions(compiling)
        self._numbers = draw(self._compiled, seed, replicates, draws)
        self._threads = threads or cores()

    def run(self, which: Sequence[int], on_done: Callable[[int], None] = lambda done: None) -> Result:
        """A result whose replicates are those that are named, in this order; KeyboardInterrupt at Ctrl-C."""
        raws = to_the_end(self._compiled, self._numbers, which, self._info.seed, self._threads, on_done, None)
        if len(raws) < len(which):
            raise KeyboardInterrupt
        mark_compiled()
        return gather(self.scenario, self._compiled, self._numbers.of(list(which)), raws, self._info, Clock())
