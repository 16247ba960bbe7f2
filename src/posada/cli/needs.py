"""The commands of needs: what people at each site need, where beds run out, and the ten lines for tonight."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from posada.cli.kit import Sets, app, fail, print_json, print_parts, progress_bar

ResultFolder = Annotated[Path, typer.Argument(metavar="RESULT", help="a folder that `posada run --out` wrote")]
At = Annotated[str | None, typer.Option("--at", metavar="SITE", help="a place, shelter or camp; default: all")]
Day = Annotated[str | None, typer.Option("--date", metavar="DATE", help="this day only")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="from this day on")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="up to this day, included")]
AsJson = Annotated[bool, typer.Option("--json", help="print the rows as JSON, and nothing else")]
Csv = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="write all rows as CSV")]
Policies = Annotated[
    list[str] | None, typer.Option("--policy", metavar="NAME", help="of a scenario: apply one of its policies")
]


@app.command()
def needs(
    result: ResultFolder,
    at: At = None,
    day: Day = None,
    from_: From = None,
    to: To = None,
    phase: Annotated[str, typer.Option(metavar="PHASE", help="emergency or after")] = "emergency",
    standards: Annotated[
        Path | None, typer.Option(metavar="FILE", help="a pack of standards of your own, as CSV")
    ] = None,
    out: Csv = None,
    as_json: AsJson = False,
) -> None:
    """What the people at each site need, day by day, by published standards: water, meals, mats, space, toilets."""
    from posada.results import open_result
    from posada.results.needs import PHASES, needs_text, peak_days, read_standards
    from posada.results.needs import needs as needed

    if phase not in PHASES:
        fail(f"--phase: the phase is emergency or after, not {phase!r}")
    pack = read_standards(standards)
    opened = open_result(result)
    first, last = days_of(opened, day, from_, to)
    site = known_site(opened, at, ("beds", "camp"))
    found = needed(opened, site, first, last, phase, pack)
    if out is not None:
        write_csv(found, out)
    if as_json:
        shown = found if first is not None or last is not None else peak_days(found)
        print_json({"standards": {"name": pack.name, "mark": pack.mark}, "phase": phase, "rows": shown.to_dicts()})
    else:
        print_parts(needs_text(opened, found, pack, phase, site))


@app.command()
def overflow(
    result: ResultFolder,
    at: At = None,
    day: Day = None,
    from_: From = None,
    to: To = None,
    out: Csv = None,
    full: Annotated[bool, typer.Option("--full", help="leave no row out")] = False,
    as_json: AsJson = False,
) -> None:
    """With what probability beds run out: by shelter, night and kind of party."""
    from posada.results import open_result
    from posada.results.needs import overflow as run_out
    from posada.results.needs import overflow_text, worst_nights

    opened = open_result(result)
    first, last = days_of(opened, day, from_, to)
    found = run_out(opened, known_site(opened, at, ("beds",)), first, last)
    of_all = first is None and last is None
    if out is not None:
        write_csv(found, out)
    if as_json:
        print_json({"rows": (worst_nights(found) if of_all else found).to_dicts()})
    else:
        print_parts(overflow_text(opened, found, of_all, full))


@app.command()
def tonight(
    source: Annotated[str, typer.Argument(metavar="RESULT|SCENARIO", help="a result, or a scenario that is run now")],
    at: Annotated[str, typer.Option("--at", metavar="SHELTER", help="a shelter or camp, by its id or name")],
    day: Annotated[
        str | None, typer.Option("--date", metavar="DATE", help="default: the day on which most people come")
    ] = None,
    language: Annotated[str, typer.Option(metavar="LANGUAGE", help="en or es")] = "en",
    replicates: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="of a scenario: how many runs; 100 if nothing is said")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**62, help="of a scenario: whose luck; 1")] = None,
    policy: Policies = None,
    sets: Sets = None,
    as_json: AsJson = False,
) -> None:
    """Ten lines for a message: who comes tonight and when, beds, mats and suppers, who leaves, where others can go."""
    from posada.ensemble import forget
    from posada.ensemble import tonight as night_at
    from posada.scenario import load

    how: dict[str, Any] = {"replicates": replicates, "seed": seed, "policy": policy, "sets": sets}
    how = {name: value for name, value in how.items() if value is not None}
    try:
        if (Path(source) / "run.json").exists():
            from posada.results import open_result

            if how:
                options = ", ".join("--set" if name == "sets" else f"--{name}" for name in how)
                fail(f"{options}: a result is as it was run; give the scenario instead")
            opened: Any = open_result(source)
        else:
            opened = load(source)
        with progress_bar(replicates or 100) as progress:
            found = night_at(opened, at, date=day, language=language, progress=progress, **how)
    except ValueError as error:
        fail(str(error))
    finally:
        forget()
    if as_json:
        print_json(found.numbers())
    else:
        print(found)


def days_of(result: Any, day: str | None, from_: str | None, to: str | None) -> tuple[Any, Any]:
    """The first and last day that are wanted, None for no limit; both are those of record intervals."""
    from posada.scenario import parse_date

    if day is not None and (from_ is not None or to is not None):
        fail("--date is one day; leave it out, or --from and --to")
    named = {"--date": day, "--from": from_, "--to": to}
    found = {}
    for option, text in named.items():
        try:
            found[option] = None if text is None else parse_date(text)
        except ValueError as error:
            fail(f"{option}: {error}")
        when = found[option]
        if when is not None and not result.scenario.start <= when <= result.scenario.end:
            fail(
                f"{option}: {when} is outside the run, which goes from {result.scenario.start} to {result.scenario.end}"
            )
    if found["--date"] is not None:
        first = next(start for start, end in result.record if start <= found["--date"] < end)
        return first, found["--date"]
    if found["--from"] and found["--to"] and found["--from"] > found["--to"]:
        fail(f"--from ({from_}) is after --to ({to})")
    return found["--from"], found["--to"]


def known_site(result: Any, at: str | None, kinds: tuple[str, ...]) -> str | None:
    """A place, or a facility of some kinds, by its id; else exit code 2 with the nearest spelling."""
    from posada.scenario import Problems, ScenarioErrors, Spot

    known = [*result.scenario.places, *(f.id for f in result.scenario.facilities.values() if f.kind in kinds)]
    if at is None or at in known:
        return at
    problems = Problems()
    problems.unknown(Spot("", 0, 0), "place, shelter or camp", at, known)
    raise ScenarioErrors(problems.found)


def write_csv(found: Any, out: Path) -> None:
    """Write rows whole: to a temporary name, then renamed."""
    unfinished = out.with_name(f".{out.name}.part")
    try:
        found.write_csv(unfinished)
        os.replace(unfinished, out)
    finally:
        unfinished.unlink(missing_ok=True)
