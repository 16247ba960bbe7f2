"""Does what is asked, with the functions that the command line calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posada.words import LANGUAGES
from posada.workspace.asked import COMPARE, FORECAST, HORIZON, TONIGHT, Asked
from posada.workspace.folder import Workspace


@dataclass(frozen=True)
class Outcome:
    """What came of it: whether it was stopped before its end, and what was found."""

    stopped: bool = False
    answer: dict[str, Any] = field(default_factory=dict)
    result: Any = None
    """The result of a run, which is kept in its folder too."""


def scenario_of(workspace: Workspace, asked: Asked) -> Any:
    """The scenario that is asked about, with the policies of files; ScenarioErrors if it cannot be read."""
    from posada.scenario import load

    own = workspace.folder / asked.scenario
    found = load(own if own.is_dir() else asked.scenario)
    for file in asked.files:
        found = found.with_policies(workspace.folder / file)
    return found


def do(workspace: Workspace, asked: Asked, progress: Any) -> Outcome:
    """Do it; KeyboardInterrupt keeps what is done, as in the command line."""
    if asked.kind == COMPARE:
        return compare(workspace, asked, progress)
    if asked.kind == TONIGHT:
        return tonight(workspace, asked, progress)
    if asked.kind == FORECAST:
        return forecast(workspace, asked, progress)
    return run(workspace, asked, progress)


def run(workspace: Workspace, asked: Asked, progress: Any) -> Outcome:
    """As `posada run --out`."""
    from posada.ensemble import run as simulate

    scenario = scenario_of(workspace, asked)
    result = simulate(
        scenario,
        replicates=asked.replicates,
        seed=asked.seed,
        policy=asked.policies,
        sets=asked.sets,
        progress=progress,
    )
    progress.saving()
    result.save(out_of(workspace, asked))
    return Outcome(stopped=result.replicates < asked.replicates, result=result)


def compare(workspace: Workspace, asked: Asked, progress: Any) -> Outcome:
    """As `posada compare --out`."""
    from posada.planning import compare as hold
    from posada.report import write_comparison

    found = hold(
        scenario_of(workspace, asked),
        asked.policies,
        against=asked.against,
        replicates=asked.replicates,
        seed=asked.seed,
        progress=progress,
    )
    progress.saving()
    languages = dict.fromkeys((asked.language, *LANGUAGES))
    write_comparison(found, out_of(workspace, asked), tuple(languages))
    return Outcome(stopped=found.stopped)


def tonight(workspace: Workspace, asked: Asked, progress: Any) -> Outcome:
    """As `posada tonight` of a result."""
    from posada.ensemble import open_result
    from posada.ensemble import tonight as night_at

    result = open_result(workspace.folder / asked.out)
    found = night_at(result, asked.shelter, date=asked.date or None, language=asked.language, progress=progress)
    return Outcome(answer={"lines": list(found.lines), "date": str(found.evening.day)})


def forecast(workspace: Workspace, asked: Asked, progress: Any) -> Outcome:
    """As `posada forecast --again`: it is kept with the scenario, and never changed."""
    from posada.forecasting import forecast as make
    from posada.forecasting import home_of, store

    scenario = scenario_of(workspace, asked)
    how: dict[str, Any] = {"replicates": asked.replicates, "seed": asked.seed, "progress": progress}
    found = make(scenario, issued=asked.date, horizon=HORIZON, **how)
    progress.saving()
    kept = store(found, workspace.folder / home_of(scenario), again=True)
    assert kept.folder is not None
    return Outcome(answer={"forecast": workspace.named(kept.folder), "issued": asked.date})


def out_of(workspace: Workspace, asked: Asked) -> Path:
    """The folder of the result, whose parent is made."""
    target = workspace.folder / asked.out
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
