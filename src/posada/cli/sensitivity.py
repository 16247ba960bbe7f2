"""`posada sensitivity`, `posada why` and `posada evidence coverage`: what drives an answer, and who said so."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from posada.cli.evidence import evidence
from posada.cli.kit import (
    AsJson,
    Full,
    Policies,
    ScenarioName,
    app,
    fail,
    print_json,
    print_parts,
    progress_bar,
    tell,
)

Replicates = Annotated[int, typer.Option(min=100, max=1_000_000, help="how many runs in which every number is drawn")]
Seed = Annotated[int, typer.Option(min=0, max=2**62 - 1, help="whose luck")]


@app.command()
def sensitivity(
    scenario: ScenarioName,
    replicates: Replicates = 1000,
    seed: Seed = 1,
    policy: Policies = None,
    method: Annotated[
        str, typer.Option(metavar="screen|sobol", help="sobol adds total shares of the top numbers; it takes longer")
    ] = "screen",
    top: Annotated[int, typer.Option(min=1, max=50, help="how many numbers are shown of each answer")] = 8,
    of: Annotated[
        list[str] | None,
        typer.Option(metavar="HEADLINE|ADDRESS", help="tell what drives this headline or series; repeatable"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="write page, tables and JSON here: a result, or a folder of its own"),
    ] = None,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Which numbers that are not known drive which answer, and which to learn first."""
    from posada.planning import METHODS, runs_of, sensitivity_summary, sensitivity_text
    from posada.scenario import load

    if method not in METHODS:
        fail(f"--method: {method!r} is not one of {', '.join(METHODS)}")
    loaded = load(scenario)
    for remark in loaded.remarks(policy or (), ()):
        print(remark, file=sys.stderr)
    if out is not None:
        from posada.report import free_for_sensitivity

        free_for_sensitivity(out, loaded, policy or ())
    total = runs_of(replicates, method, top)
    found = measured(
        loaded, total, replicates=replicates, seed=seed, policy=policy or (), method=method, top=top, of=of or ()
    )
    if out is not None:
        from posada.report import write_sensitivity

        write_sensitivity(found, out)
        print(f"Page and tables are in {out}; open {out / 'sensitivity.html'}.", file=sys.stderr)
    tell(found, as_json, sensitivity_summary, lambda found: sensitivity_text(found, full, top, bool(of)))


def measured(scenario: Any, total: int, **how: Any) -> Any:
    """A sensitivity, with progress; mistakes in words."""
    from posada.planning import sensitivity as measure

    try:
        with progress_bar(total) as progress:
            found = measure(scenario, progress=progress, **how)
    except (ImportError, ValueError) as error:
        if isinstance(error, ImportError) and "SALib" not in str(error):
            raise
        fail(str(error))
    if found.stopped:
        luck = "" if found.pairs else " Luck was not measured."
        print(f"Stopped: this is what {found.replicates} replicates tell.{luck}", file=sys.stderr)
    return found


@app.command()
def why(
    result: Annotated[Path, typer.Argument(metavar="RESULT", help="a folder that `posada run --out` wrote")],
    number: Annotated[list[str], typer.Argument(metavar="HEADLINE", help="id, or words of the label")],
    top: Annotated[int, typer.Option(min=1, max=50, help="how many numbers are followed to their sources")] = 5,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """From an answer back to the numbers that drive it, the claims they rest on, and who made them."""
    from posada.planning import why_summary, why_text
    from posada.results import open_result
    from posada.results import why as trace

    found = trace(open_result(result), " ".join(number), top)
    if as_json:
        print_json(why_summary(found))
    else:
        print_parts(why_text(found, full))


@evidence.command()
def coverage(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO|RESULT", help="a scenario, or a result with 200 runs")],
    replicates: Replicates = 1000,
    seed: Seed = 1,
    policy: Policies = None,
    as_json: AsJson = False,
) -> None:
    """Which share of the variance of each answer rests on evidence, on assumptions, on luck."""
    from posada.planning import coverage_summary, coverage_text
    from posada.results import open_result, sensitivity_of, too_few
    from posada.scenario import load

    if (Path(scenario) / "run.json").is_file():
        opened = open_result(scenario)
        found = sensitivity_of(opened)
        if found is None:
            fail(too_few(opened))
    else:
        from posada.planning import runs_of

        loaded = load(scenario)
        total = runs_of(replicates, "screen", 1)
        found = measured(loaded, total, replicates=replicates, seed=seed, policy=policy or ())
    if as_json:
        print_json(coverage_summary(found))
    else:
        print_parts(coverage_text(found))
    if found.stopped:
        raise SystemExit(130)
