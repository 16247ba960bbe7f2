"""Forecasts: issue, score, backtest."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from posada.cli.kit import (
    AsJson,
    Policies,
    ScenarioName,
    app,
    fail,
    other_luck,
    print_json,
    print_parts,
    progress_bar,
    tell,
)

if TYPE_CHECKING:
    from posada.scenario import Scenario

Replicates = Annotated[int, typer.Option(min=2, max=100_000, help="how many trajectories")]
Seed = Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")]
Scale = Annotated[float, typer.Option(help="simulate this share of the people and capacities")]
Series = Annotated[list[str] | None, typer.Option("--series", metavar="ADDRESS", help="tell of this series too")]


@app.command()
def forecast(
    scenario: ScenarioName,
    issued: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="nothing that became known later is seen; default: the last count"),
    ] = None,
    horizon: Annotated[str, typer.Option(metavar="DAYS", help="how far ahead: 14d, 4w, 3y")] = "14d",
    policy: Policies = None,
    series: Series = None,
    awaited: Annotated[bool, typer.Option("--awaited", help="and of those that were counted only later")] = False,
    tries: Annotated[
        int, typer.Option(min=0, max=50, help="of a shelter's counts: on how many dates of the past it is tried")
    ] = 6,
    calibration: Annotated[
        Path | None, typer.Option(metavar="DIR", help="what `posada calibrate SCENARIO --until DATE --out DIR` learnt")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FOLDER", help="keep it in FOLDER/forecasts; default: the scenario's"),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="issue another version of a forecast that was issued")] = False,
    replicates: Replicates = 200,
    seed: Seed = 1,
    scale: Scale = 1.0,
    as_json: AsJson = False,
) -> None:
    """Forecast what will be counted, as it could be told on a date, and keep it unchanged."""
    from posada.forecasting import (
        counts_of,
        forecast_summary,
        forecast_text,
        free_name,
        home_of,
        issue_date,
        last_day,
        open_calibration,
        policy_name,
        store,
    )
    from posada.forecasting import forecast as make
    from posada.scenario import load

    loaded = load(scenario)
    folder = home_of(loaded, out)
    issued = issued or str(last_day(counts_of(loaded)))
    free_name(folder, issue_date(loaded, issued), policy_name(policy or ()), again)
    if loaded.course and calibration is None and not series and scale == 1:
        nights(loaded, folder, again, issued, horizon, tuple(policy or ()), replicates, tries, seed, as_json)
        return
    learnt = None if calibration is None else open_calibration(calibration)
    if learnt is not None and calibration is not None:
        other_luck(learnt, calibration, seed)
    with progress_bar(replicates) as progress:
        found = make(
            loaded,
            issued=issued,
            horizon=horizon,
            policy=tuple(policy or ()),
            calibration=learnt,
            series=tuple(series or ()),
            awaited=awaited,
            replicates=replicates,
            seed=seed,
            scale=scale,
            progress=progress,
        )
    kept = store(found, folder, again=again)
    print(f"The forecast is in {kept.folder}; it is never changed.", file=sys.stderr)
    if as_json:
        print_json(forecast_summary(kept))
    else:
        print_parts(forecast_text(kept))


def nights(
    scenario: Scenario, folder: Path, again: bool, issued: str, horizon: str, policy: tuple[str, ...], runs: int,
    tries: int, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """A forecast of nights for a scenario whose numbers drift: fitted to its counts, and tried on its past."""
    from dataclasses import replace

    from posada.forecasting import outlook, outlook_summary, outlook_text, store
    from posada.report import free_for_outlook, write_outlook

    page = free_for_outlook(folder / "outlook")
    with progress_bar(runs) as progress:
        found = outlook(
            scenario, issued=issued, horizon=horizon, policy=policy, runs=runs, dates=tries, seed=seed,
            progress=progress,
        )  # fmt: skip
    found = replace(found, forecast=store(found.forecast, folder, again=again))
    write_outlook(found, page)
    told = f"The page is {page / 'outlook.html'}; the forecast is kept in {found.forecast.folder} and never changed."
    print(told, file=sys.stderr)
    if as_json:
        print_json(outlook_summary(found))
    else:
        print_parts(outlook_text(found))


@app.command()
def score(
    forecast: Annotated[Path, typer.Argument(metavar="FORECAST", help="the folder of a forecast that was issued")],
    truth: Annotated[
        str | None, typer.Option("--truth", metavar="SCENARIO", help="whose counts; default: that it was made of")
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="DATE", help="counts in the version known on a date; default: newest"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score a forecast against the counts that came later, beside forecasts from past counts alone."""
    from posada.forecasting import open_forecast, scores_summary, scores_text, truth_of
    from posada.forecasting import score as scores

    found = open_forecast(forecast)
    table = scores(found, truth or truth_of(found), known_on=known_on)
    if as_json:
        print_json(scores_summary(table))
    else:
        known = f", counts as known on {known_on}" if known_on else ""
        print_parts(scores_text(table, f"{found.about['title']}: the forecast of {found.issued}, scored{known}"))


@app.command()
def backtest(
    scenario: ScenarioName,
    every: Annotated[str | None, typer.Option(metavar="DAYS", help="issue a forecast every so often: 3d")] = None,
    issued: Annotated[
        list[str] | None, typer.Option("--issued", metavar="DATE", help="issue one on this date; may be repeated")
    ] = None,
    horizon: Annotated[
        list[str] | None, typer.Option("--horizon", metavar="DAYS", help="score within these; may be repeated")
    ] = None,
    policy: Policies = None,
    series: Annotated[
        list[str] | None, typer.Option("--series", metavar="ADDRESS", help="only this series; may be repeated")
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="DATE", help="counts in the version known on a date; default: newest"),
    ] = None,
    calibrations: Annotated[int, typer.Option(min=1, max=400, help="how often is learnt anew")] = 6,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="keep forecasts, page and pictures here; goes on there")
    ] = None,
    replicates: Replicates = 200,
    seed: Seed = 1,
    scale: Scale = 1.0,
    as_json: AsJson = False,
) -> None:
    """Issue forecasts on dates of the past, each seeing only what was known, and score them."""
    from posada.forecasting import HORIZONS, backtest_summary, backtest_text
    from posada.forecasting import backtest as test
    from posada.scenario import load

    loaded = load(scenario)
    if out is not None:
        from posada.report import free_for_backtest

        free_for_backtest(out)
    with progress_bar(1) as progress:
        found = test(
            loaded,
            issued=tuple(issued or ()),
            every=every,
            horizons=tuple(horizon or HORIZONS),
            series=tuple(series or ()),
            policy=tuple(policy or ()),
            truth_on=known_on,
            calibrations=calibrations,
            replicates=replicates,
            seed=seed,
            scale=scale,
            out=out,
            progress=progress,
        )
    if found.stopped:
        print(f"Stopped: these are the {len(found.forecasts)} forecasts that were done.", file=sys.stderr)
    if out is not None:
        from posada.report import write_backtest

        write_backtest(found, out)
        print(f"Pages, pictures and tables are in {out}; open {out / 'backtest.html'}.", file=sys.stderr)
    tell(found, as_json, backtest_summary, backtest_text)


@app.command()
def export(
    source: Annotated[Path, typer.Argument(metavar="RESULT|FORECAST", help="a result, or a forecast that was issued")],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="hubverse, or csv")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR|FILE", help="a hub's folder; or the CSV file")],
    series: Series = None,
) -> None:
    """Write a forecast, or series of a result, for others: a forecast hub's model output, or CSV with intervals."""
    from posada.forecasting import open_told
    from posada.report import export_csv, export_hubverse
    from posada.scenario import nearest

    forms = {"hubverse": export_hubverse, "csv": export_csv}
    if form not in forms:
        near = nearest(form, forms)
        fail(f"{form!r} is no format; allowed: {', '.join(forms)}" + (f". Did you mean {near!r}?" if near else ""))
    print(f"Written: {forms[form](open_told(source, tuple(series or ())), out)}", file=sys.stderr)
