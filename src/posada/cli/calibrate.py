"""`posada calibrate`, `update`, `check-calibration`: learn from counts, and whether that can be trusted."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from posada.cli.kit import (
    AsJson,
    Full,
    Policies,
    ScenarioName,
    Sets,
    app,
    date_of,
    fail,
    goes_on,
    print_json,
    print_parts,
    progress_bar,
)

Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="learn only from what was known on this date")
]
Runs = Annotated[int, typer.Option(min=20, max=100_000, help="how many runs in each round")]
Rounds = Annotated[int, typer.Option(min=1, max=20, help="in how many steps it learns; one run of all more at the end")]
Inflation = Annotated[
    float, typer.Option(min=0.01, max=1000, help="of the variance of counts: 1 trusts the model, 4 one that is wrong")
]
Seed = Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")]
Inputs = Annotated[bool, typer.Option("--inputs", help="learn also from counts that set a number (use: input)")]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="keep it here; a second call goes on there")]


@app.command()
def calibrate(
    scenario: ScenarioName,
    until: Until = None,
    as_known_on: Annotated[
        bool, typer.Option("--as-known-on", help="take the scenario, too, as it was known on that date")
    ] = False,
    runs: Runs = 200,
    rounds: Rounds = 4,
    inflation: Inflation = 4.0,
    seed: Seed = 1,
    inputs: Inputs = False,
    policy: Policies = None,
    sets: Sets = None,
    out: Out = None,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Learn from counts what is not known: an ensemble to run and to forecast with."""
    from posada.forecasting import calibrate as learn

    day = date_of(until, "--until")
    if as_known_on and day is None:
        fail("--as-known-on takes the scenario as it was known on a date; name it with --until")
    with goes_on(out, "What is done is in"), progress_bar(runs * (rounds + 1)) as progress:
        found = learn(
            scenario, until=day, as_known_on=as_known_on, runs=runs, rounds=rounds, inflation=inflation, seed=seed,
            inputs=inputs, policy=policy or (), sets=sets or (), out=out, progress=progress,
        )  # fmt: skip
    show(found, out, full, as_json)


@app.command()
def update(
    calibration: Annotated[Path, typer.Argument(metavar="CALIBRATION", help="a folder of `posada calibrate --out`")],
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="SCENARIO", help="with the new counts; default: as it was kept")
    ] = None,
    until: Until = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="keep it here")] = None,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Learn from counts that came since a calibration, by weighing its runs: quick, and good for a few counts."""
    from posada.forecasting import open_calibration
    from posada.forecasting import update as weigh

    day = date_of(until, "--until")
    kept = open_calibration(calibration)
    with progress_bar(kept.runs) as progress:
        found = weigh(kept, scenario or kept.scenario, until=day, progress=progress)
    if out is not None:
        found.save(out)
    show(found, out, full, as_json)



def show(found: Any, out: Path | None, full: bool, as_json: bool) -> None:
    """Print what was learnt, and write its page."""
    from posada.forecasting import calibration_summary, calibration_text

    if out is not None:
        from posada.report import write_calibration

        write_calibration(found, out)
        print(
            f"The calibration is in {out}, with {out / 'calibration.html'}; "
            f"`posada run {found.question.scenario} --calibration {out}` uses it.",
            file=sys.stderr,
        )
    if as_json:
        print_json(calibration_summary(found))
    else:
        print_parts(calibration_text(found, full))


@app.command("check-calibration")
def check_calibration(
    scenario: ScenarioName,
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="learn up to it, forecast what comes later")],
    truths: Annotated[int, typer.Option(min=1, max=10_000, help="how many truths are drawn")] = 20,
    runs: Runs = 200,
    rounds: Rounds = 4,
    inflation: Inflation = 1.0,
    seed: Seed = 1,
    inputs: Inputs = False,
    policy: Policies = None,
    truth_policy: Annotated[
        list[str] | None,
        typer.Option("--truth-policy", metavar="NAME", help="act on the truth only: a model that is wrong"),
    ] = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Whether calibrations of a scenario can be trusted: on truths that are simulated, and so known."""
    from posada.forecasting import check_calibration as attempt

    day = date_of(until, "--until")
    total = truths * (runs * (rounds + 2) + 1)
    with goes_on(out, "The trials that are done are in"), progress_bar(total) as progress:
        found = attempt(
            scenario, until=day, truths=truths, runs=runs, rounds=rounds, inflation=inflation, seed=seed,
            inputs=inputs, policy=policy or (), truth_policy=truth_policy or (), out=out, progress=progress,
        )  # fmt: skip
    told = found.coverage()
    if as_json:
        print_json({"asked": found.asked, **told})
        return
    print(f"{told['trials']} truths, {told['uncertain_numbers']} uncertain numbers. 90 % intervals held the truth of")
    for key, what in (
        ("numbers", "all numbers"),
        ("numbers_learnt", f"numbers that were learnt ({told['learnt_per_trial']} a trial)"),
        ("forecasts", f"later counts ({told['forecast_counts']} in all)"),
    ):
        held = told[key]
        print(f"  {what}: {'none' if held is None else f'{100 * held:.0f} %'}")
