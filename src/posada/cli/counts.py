"""Counts and other programs: fit, validate, import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from posada.cli.kit import (
    AsJson,
    Policies,
    ScenarioName,
    Sets,
    app,
    date_of,
    print_json,
    print_parts,
    print_sections,
    progress_bar,
)

imports = typer.Typer(
    no_args_is_help=True, help="Make a scenario of the files of another program.", pretty_exceptions_enable=False
)
app.add_typer(imports, name="import")


@app.command(name="add-count")
def add_count(
    scenario: Annotated[Path, typer.Argument(metavar="FOLDER", help="a scenario of your own")],
    series: Annotated[str, typer.Argument(help="what was counted, such as present:tijuana (docs/results.md)")],
    people: Annotated[float, typer.Argument(help="how many")],
    on: Annotated[str, typer.Option(metavar="DATE", help="the day; of a sum over days, the last")],
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="the first day of a sum")] = None,
    low: Annotated[float | None, typer.Option(help="at least so many")] = None,
    high: Annotated[float | None, typer.Option(help="at most so many")] = None,
    qualifier: Annotated[str, typer.Option(help="exact, about, at_least, at_most, range")] = "exact",
    who: Annotated[str, typer.Option(help="who counted; no private person")] = "",
    source: Annotated[str, typer.Option(help="title of the source")] = "",
    known: Annotated[str | None, typer.Option(metavar="DATE", help="since when it is known")] = None,
    as_json: AsJson = False,
) -> None:
    """Add a count to a scenario: a claim in its ledger, and an observation that rests on it."""
    from posada.scenario import Count, load
    from posada.scenario import add_count as add

    day, first, since = date_of(on, "--on"), date_of(from_, "--from"), date_of(known, "--known")
    count = Count(series, day, people, first, low, high, qualifier, who, source, since)
    made = add(load(scenario), count)
    if as_json:
        print_json({"id": made, "folder": str(scenario)})
    else:
        print(f"{made} is in {scenario}/evidence.csv and {scenario}/observations.csv")


@app.command()
def fit(
    scenario: ScenarioName,
    until: Annotated[str, typer.Option(metavar="DATE|DAY", help="learn from the counts before it")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="write the fitted scenario here")],
    total: Annotated[bool, typer.Option("--total", help="forecast how many come, too")] = False,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")] = 1,
    as_json: AsJson = False,
) -> None:
    """Learn from counts what draws people to each site, and write a scenario that forecasts from there."""
    from posada.forecasting import fit_movement, fit_text, free_for_fit, write_fitted
    from posada.forecasting.fit import ROUNDS
    from posada.scenario import load

    loaded = load(scenario)
    free_for_fit(out, loaded.folder)
    with progress_bar(ROUNDS) as progress:
        found = fit_movement(
            loaded, until=until, seed=seed, total=total, told=lambda turn, _: progress.done(turn, ROUNDS)
        )
    write_fitted(found, out)
    how = f"`posada validate {out} --split {found.until}` holds it against later counts"
    print(f"The fitted scenario is in {out}; {how}.", file=sys.stderr)
    if as_json:
        print_json(
            {"until": str(found.until), "misfit": list(found.misfit), "attractions": found.attractions.to_dicts()}
        )
    else:
        print_parts(fit_text(found))


@app.command()
def validate(
    scenario: ScenarioName,
    replicates: Annotated[int, typer.Option(min=1, max=1_000_000, help="how many runs")] = 20,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")] = 1,
    split: Annotated[
        str | None, typer.Option(metavar="DATE|DAY", help="first day, or its number, of a part scored by itself")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="write pages and tables here")] = None,
    sets: Sets = None,
    policy: Policies = None,
    as_json: AsJson = False,
) -> None:
    """Hold a scenario against counts of people present, beside naive forecasts."""
    from posada.forecasting import validate as hold
    from posada.forecasting import validation_summary, validation_text
    from posada.scenario import load

    loaded = load(scenario)
    for remark in loaded.remarks(policy or (), sets or ()):
        print(remark, file=sys.stderr)
    if out is not None:
        from posada.report import free_for_validation

        free_for_validation(out)
    with progress_bar(replicates) as progress:
        found = hold(
            loaded,
            replicates=replicates,
            seed=seed,
            split=split,
            policy=policy or (),
            sets=sets or (),
            progress=progress,
        )
    done = found.info.replicates
    if done < replicates:
        print(f"Stopped: these are the {done} of {replicates} replicates that were done.", file=sys.stderr)
    if out is not None:
        from posada.report import write_validation

        write_validation(found, out)
        print(f"Pages, pictures and tables are in {out}; open {out / 'validation.html'}.", file=sys.stderr)
    if as_json:
        print_json(validation_summary(found))
    else:
        print_parts(validation_text(found))
    if done < replicates:
        raise SystemExit(130)


@imports.callback()
def import_() -> None:
    """Make a scenario of the files of another program."""


@imports.command("flee")
def flee(
    input_dir: Annotated[Path, typer.Argument(metavar="INPUT_DIR", help="the folder with `input_csv`, or that itself")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="the scenario that is written")],
    validation: Annotated[
        Path | None, typer.Option(metavar="DIR", help="the folder of series; default: `source_data` beside `input_csv`")
    ] = None,
    settings: Annotated[
        Path | None,
        typer.Option(metavar="YML", help="Flee's settings; default: simsetting.yml there, or none"),
    ] = None,
    capacities: Annotated[bool, typer.Option("--capacities", help="bring in the capacities of camps")] = False,
    force: Annotated[bool, typer.Option("--force", help="replace a scenario that is there")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a scenario of the input files of Flee, and tell what could not be translated and what is wrong in them."""
    from posada.scenario import import_flee

    imported = import_flee(input_dir, out, validation, settings, capacities=capacities, force=force)
    if as_json:
        print_json(imported.summary())
        return
    print_sections(imported.told())
    print(f"\nThe scenario is in {imported.folder}, all of this in {imported.folder / 'IMPORTED.md'}.")


@imports.command("counts")
def counts(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="a table of daily counts: CSV, text, or Excel")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="the scenario that is written")],
    place: Annotated[str, typer.Option(metavar="NAME", help="what the shelter is called")] = "",
    beds: Annotated[int | None, typer.Option(metavar="N", help="how many beds it has")] = None,
    what: Annotated[
        str | None, typer.Option(metavar="WHAT", help="arrivals, present or left; default: as headers say")
    ] = None,
    date_column: Annotated[str | None, typer.Option(metavar="COLUMN", help="the column of dates")] = None,
    count_column: Annotated[str | None, typer.Option(metavar="COLUMN", help="the column of counts")] = None,
    group_by: Annotated[str | None, typer.Option(metavar="COLUMN", help="the column that names shelters")] = None,
    day_first: Annotated[
        bool | None, typer.Option("--dayfirst/--monthfirst", help="how dates are written; default: found out")
    ] = None,
    cumulative: Annotated[
        bool | None, typer.Option("--cumulative/--daily", help="counts are a running total; default: found out")
    ] = None,
    time_zone: Annotated[str, typer.Option(metavar="ZONE", help="the clock of the shelter")] = "UTC",
    force: Annotated[bool, typer.Option("--force", help="replace a scenario that is there")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a scenario of a shelter's own daily counts, and tell what was found and mended in them."""
    from posada.scenario import import_counts

    imported = import_counts(
        file, out, place=place, beds=beds, what=what, date_column=date_column, count_column=count_column,
        group_by=group_by, day_first=day_first, cumulative=cumulative, time_zone=time_zone, force=force,
    )  # fmt: skip
    if as_json:
        print_json(imported.summary())
        return
    print_sections(imported.told())
    print(f"\nThe scenario is in {imported.folder}. Next: posada forecast {imported.folder}")
