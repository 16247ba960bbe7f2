"""Scenarios and runs: list, check, schema, run, resume, show."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from posada.cli.kit import (
    AsJson,
    Calibrated,
    Full,
    Policies,
    ScenarioName,
    Sets,
    app,
    calibrated,
    fail,
    print_json,
    print_parts,
    progress_bar,
)

Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="write the tables here")]
Until = Annotated[str | None, typer.Option("--until", metavar="DATE", help="stop where this day begins")]
History = Annotated[bool, typer.Option("--history", help="keep what each party did, step by step, in DIR/history")]
Save = Annotated[Path | None, typer.Option("--save", metavar="FILE", help="keep the run as it stands there")]


@app.command("list")
def list_() -> None:
    """The scenarios that come with posada."""
    from posada.scenario import load, shipped

    for name in shipped():
        print(f"{name:20} {load(name).title}")


@app.command()
def check(
    scenario: ScenarioName,
    notes: Annotated[bool, typer.Option("--notes", help="list every assumption, with its file and line")] = False,
) -> None:
    """Report every problem of a scenario at once; exit code 2 if there is any."""
    from posada.scenario import format_problems, load

    loaded = load(scenario)
    remarks = loaded.check()
    shown = [r for r in remarks if notes or r.severity != "note"]
    if shown:
        print(format_problems(shown))
    steps = sum(len(p.steps) for p in loaded.pathways.values())
    print(
        f"{loaded.title}: no errors. {len(loaded.groups)} groups, {len(loaded.places)} places, "
        f"{len(loaded.facilities)} facilities, {steps} steps, {len(loaded.evidence)} claims, "
        f"{len(loaded.observations)} observations; hash {loaded.hash[:12]}"
    )
    if len(shown) < len(remarks):
        print(f"{len(remarks) - len(shown)} notes, mostly on what is assumed: posada check {scenario} --notes")


@app.command()
def schema() -> None:
    """The JSON Schema of scenario.yaml, for editors."""
    from posada.scenario import json_schema

    print(json.dumps(json_schema(), indent=2))


@app.command()
def run(
    scenario: ScenarioName,
    replicates: Annotated[
        int | None, typer.Option(min=1, max=1_000_000, help="how many runs; 100, or 20 to begin with for a precision")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")] = 1,
    out: Out = None,
    sets: Sets = None,
    policy: Policies = None,
    policies: Annotated[
        list[Path] | None,
        typer.Option("--policies", metavar="FILE", help="policies in a file of their own, for --policy; repeatable"),
    ] = None,
    until: Until = None,
    save: Save = None,
    until_precision: Annotated[
        str | None,
        typer.Option(metavar="SHARE", help="add runs until means are known this well, such as 5%"),
    ] = None,
    precision_of: Annotated[
        list[str] | None,
        typer.Option(metavar="ADDRESS", help="of this series or headline, instead of all headlines"),
    ] = None,
    replicates_at_most: Annotated[int, typer.Option(min=1, max=1_000_000, help="of runs for a precision")] = 10_000,
    history: History = False,
    calibration: Calibrated = None,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario and show the answer."""
    from posada.ensemble import run as simulate
    from posada.scenario import load

    stated = load(scenario)
    for file in policies or ():
        stated = stated.with_policies(file)
    loaded, learnt = calibrated(stated, calibration, seed)
    for remark in loaded.remarks(policy or (), sets or ()):
        print(remark, file=sys.stderr)
    day = day_of(until, loaded) if until else None
    precision = None
    if until_precision:
        if day is not None:
            fail("--until and --until-precision do not go together: a run that stops at a date takes --replicates")
        precision = precision_of_words(until_precision, precision_of or (), replicates, replicates_at_most, loaded)
    elif precision_of:
        fail("--precision-of says of what --until-precision is wanted; give both")
    prepare_files(out, save, day)
    if learnt is not None and precision is not None:
        fail("--until-precision adds replicates until means are known; a calibration has runs of its own: --replicates")
    wanted = replicates or (100 if learnt is None else learnt.runs)
    with history_folder(out, history) as kept:
        with progress_bar(wanted) as progress:
            result = simulate(
                loaded,
                replicates=None if precision else wanted,
                seed=seed,
                policy=policy or (),
                sets=sets or (),
                draws=None if learnt is None else learnt.ensemble(wanted, policy or ()),
                draws_from=str(calibration or ""),
                until=day,
                precision=precision,
                history=kept,
                progress=progress,
            )
        stopped = result.precision.stopped if precision else result.replicates < wanted
        tell(result, out, save, full, as_json, stopped, "" if precision else f" of {wanted}")


@app.command()
def resume(
    state: Annotated[Path, typer.Argument(metavar="STATE", help="a file that `posada run --until --save` wrote")],
    out: Out = None,
    sets: Sets = None,
    policy: Policies = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**62, help="other luck from the date on")] = None,
    name: Annotated[str | None, typer.Option("--as", metavar="NAME", help="what the result calls its policy")] = None,
    until: Until = None,
    save: Save = None,
    history: History = False,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Go on with a saved run: as if it had never stopped, under another policy, or with other luck."""
    from posada.ensemble import forget, open_state
    from posada.ensemble import resume as go_on

    try:
        saved = open_state(state)
        day = day_of(until, saved.scenario, saved.day) if until else None
        prepare_files(out, save, day)
        with history_folder(out, history) as kept:
            with progress_bar(saved.replicates) as progress:
                result = go_on(
                    saved,
                    policy=policy or (),
                    sets=sets or (),
                    seed=seed,
                    name=name,
                    until=day,
                    history=kept,
                    progress=progress,
                )
            stopped = result.replicates < saved.replicates
            tell(result, out, save, full, as_json, stopped, f" of {saved.replicates}")
    finally:
        forget()


def day_of(text: str, scenario: Any, after: Any = None) -> Any:
    """The date at which a run stops."""
    from posada.scenario import parse_date

    try:
        day = parse_date(text)
        scenario.until(day)
    except ValueError as error:
        fail(f"--until: {error}")
    if after is not None and day <= after:
        fail(f"--until: the run stands at {after} already; it cannot stop on {day}")
    return day


def precision_of_words(words: str, of: Sequence[str], at_least: int | None, at_most: int, scenario: Any) -> Any:
    """The precision that is wanted, from `5%` or `0.05`."""
    from posada.ensemble import Precision, outputs

    number, percent, rest = words.partition("%")
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        rest = words
    if rest.strip():
        fail(f"--until-precision: {words!r} is not a share; write 5% or 0.05")
    try:
        precision = Precision(share, tuple(of), at_most=at_most, at_least=at_least or min(20, at_most))
        outputs(scenario, precision.of)
    except ValueError as error:
        fail(str(error))
    return precision


def prepare_files(out: Path | None, save: Path | None, day: Any) -> None:
    """Before a long run: whether what it makes can be written."""
    from posada.ensemble import free_file
    from posada.results import free_folder

    if save is not None:
        if day is None:
            fail("--save keeps a run as it stands at a date; name the date with --until")
        free_file(save)
    if out is not None:
        free_folder(out)


@contextmanager
def history_folder(out: Path | None, wanted: bool) -> Iterator[Path | bool]:
    """Where histories are kept as a run goes: beside the result, of which they become a part."""
    if not wanted:
        yield False
        return
    if out is None:
        fail("--history writes files into the folder of the result; name it with --out")
    from posada.results import FOLDER, work_folder

    with work_folder(out.resolve()) as work:
        yield work / FOLDER


def tell(result: Any, out: Path | None, save: Path | None, full: bool, as_json: bool, stopped: bool, of: str) -> None:
    """Write and show a result; exit code 130 if Ctrl-C cut it short."""
    from posada.ensemble import forget
    from posada.results import summary, summary_text

    if stopped:
        print(f"Stopped: these are the {result.replicates}{of} replicates that were done.", file=sys.stderr)
    found = summary(result)
    if save is not None:
        result.state.save(save)
        print(
            f"The run as it stands at the beginning of {result.info.until} is in {save}; "
            f"`posada resume {save}` goes on with it.",
            file=sys.stderr,
        )
    if out is not None:
        result.save(out, found)
        if "history" in found:
            found["history"]["folder"] = str(out / "history")
        print(f"Tables are in {out}; `posada report {out}` makes the report.", file=sys.stderr)
    forget()
    if as_json:
        print_json(found)
    else:
        print_parts(summary_text(found, full))
    if stopped:
        raise SystemExit(130)


@app.command()
def show(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="a folder that `posada run --out` wrote")],
    about: Annotated[str, typer.Option(metavar="WORDS", help="only headlines with these words")] = "",
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Show the answer of a result again, or a part of it."""
    from posada.results import read_summary, summary_text

    found = read_summary(result)
    if as_json:
        print_json(found)
        return
    if about and not any(about.lower() in f"{h['question']}\n{h['label']}".lower() for h in found["headlines"]):
        questions = dict.fromkeys(h["question"] or h["label"] for h in found["headlines"])
        fail("\n    ".join([f"no headline has the words {about!r}; there are", *questions]))
    print_parts(summary_text(found, full, about))
