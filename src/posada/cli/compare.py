"""`posada compare`: policies on the same luck."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from posada.cli.kit import (
    AsJson,
    Calibrated,
    Full,
    ScenarioName,
    app,
    calibrated,
    fail,
    progress_bar,
    tell,
)

Policies = Annotated[
    list[str] | None,
    typer.Option("--policy", metavar="NAME", help="a policy, or several that apply together: A+B; give it repeatedly"),
]


@app.command()
def compare(
    scenario: ScenarioName,
    policy: Policies = None,
    against: Annotated[str, typer.Option(metavar="NAME", help="what they are compared with")] = "as-stated",
    policies: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="policies in a file of their own; all of them, if none is named; repeatable"),
    ] = None,
    claims: Annotated[
        str | None, typer.Option(metavar="SIDE|all", help="one side's numbers for what is contested, or each side's")
    ] = None,
    replicates: Annotated[int, typer.Option(min=2, max=1_000_000, help="how many runs of each policy")] = 100,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")] = 1,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="write pages, pictures and tables here")
    ] = None,
    language: Annotated[str, typer.Option(metavar="en|es", help="the language of the page")] = "en",
    calibration: Calibrated = None,
    full: Full = False,
    as_json: AsJson = False,
) -> None:
    """Compare policies on the same luck: what changes, for whom, by how much, and where the queue moves."""
    from posada.planning import compare as hold
    from posada.planning import comparison_summary, comparison_text
    from posada.scenario import load
    from posada.words import LANGUAGES

    if language not in LANGUAGES:
        fail(f"--language cannot be {language!r}; allowed: {', '.join(LANGUAGES)}")
    loaded = load(scenario)
    wanted = list(policy or ())
    own = set(loaded.policies)
    for file in policies or ():
        loaded = loaded.with_policies(file)
    loaded, learnt = calibrated(loaded, calibration, seed)
    wanted = wanted or [name for name in loaded.policies if name not in own]
    if out is not None:
        from posada.report import free_for_comparison, write_comparison

        free_for_comparison(out)
    for name in dict.fromkeys(part for each in (against, *wanted) for part in each.split("+")):
        for remark in loaded.remarks([name]) if name in loaded.policies else ():
            print(f"{name}: {remark}", file=sys.stderr)
    with progress_bar(replicates * (len(wanted) + 1)) as progress:
        found = hold(
            loaded,
            wanted,
            against=against,
            claims=claims,
            replicates=replicates,
            seed=seed,
            draws=None if learnt is None else lambda names: learnt.ensemble(replicates, names),
            draws_from=str(calibration or ""),
            progress=progress,
        )
    if found.stopped:
        print(f"Stopped: {', '.join(found.sides[-1].policies)} had been run.", file=sys.stderr)
    if out is not None:
        write_comparison(found, out, (language,))
        print(f"Pages, pictures and tables are in {out}; open {out / 'comparison.html'}.", file=sys.stderr)
    tell(found, as_json, comparison_summary, lambda found: comparison_text(found, full))
