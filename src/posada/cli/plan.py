"""`posada plan`: capacities sized."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from posada.cli.kit import AsJson, Calibrated, Policies, ScenarioName, app, calibrated, fail, tell

SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
LONG = re.compile(r"(\d+\.?\d*)\s*(s|m|h)")


@app.command()
def plan(
    scenario: ScenarioName,
    vary: Annotated[
        list[str], typer.Option(metavar="PATH=LOW..HIGH[:STEP]", help="a capacity that may vary; PATH@DATE from a date")
    ],
    require: Annotated[
        list[str], typer.Option(metavar="EXPR", help="what must hold: 'max(no_bed:*) <= 0 with probability 0.9'")
    ],
    minimise: Annotated[
        str, typer.Option(metavar="EXPR", help="what is to be small: total, weighted capacities, or a need")
    ] = "total",
    replicates: Annotated[int, typer.Option(min=2, max=100_000, help="how many runs each candidate is tried on")] = 100,
    seed: Annotated[int, typer.Option(min=0, max=2**62, help="whose luck")] = 1,
    policy: Policies = None,
    calibration: Calibrated = None,
    within: Annotated[str, typer.Option(metavar="TIME", help="how long it may take: 90s, 5m, 1h")] = "5m",
    fresh: Annotated[
        int | None,
        typer.Option(min=0, max=100_000, help="runs that the answer is held against; as many as --replicates"),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="write page and tables here; a second call goes on there"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find the smallest or cheapest capacities with which requirements are met."""
    from posada.planning import NotInstalled, plan_summary, plan_text
    from posada.planning import plan as search
    from posada.scenario import load

    loaded, learnt = calibrated(load(scenario), calibration, seed)
    number = replicates + (replicates if fresh is None else fresh)
    seconds = seconds_of(within)
    if out is not None:
        from posada.report import free_for_plan, write_plan

        free_for_plan(out)
    try:
        with plan_bar(seconds) as progress:
            found = search(
                loaded,
                vary=vary,
                require=require,
                minimise=minimise,
                replicates=replicates,
                seed=seed,
                policy=policy or (),
                draws=None if learnt is None else learnt.ensemble(number, policy or ()),
                draws_from=str(calibration or ""),
                within=seconds,
                fresh=fresh,
                out=out,
                progress=progress,
            )
    except NotInstalled as error:
        fail(str(error))
    if found.stopped:
        print("Stopped: this is the best of what had been tried.", file=sys.stderr)
    if out is not None:
        write_plan(found, out)
        print(f"Page, pictures and tables are in {out}; open {out / 'plan.html'}.", file=sys.stderr)
    tell(found, as_json, plan_summary, plan_text)


def seconds_of(text: str) -> float:
    """A time such as 5m in seconds."""
    match = LONG.fullmatch(text.strip())
    if match is None or float(match[1]) == 0:
        fail(f"--within: {text!r} is not a time; write 90s, 5m or 1h")
    return float(match[1]) * SECONDS[match[2]]


class PlanBar:
    """How far the search is, on stderr; silent where that is not a terminal."""

    def __init__(self, bar: Any = None, task: Any = None, seconds: float = 0.0) -> None:
        self._bar, self._task, self._seconds = bar, task, seconds

    def compiling(self) -> None:
        """Say that the engine is being compiled."""
        print("Compiling the engine, once on this machine; it takes half a minute or so.", file=sys.stderr, flush=True)

    def at(self, tried: int, best: str, seconds_left: float) -> None:
        """Move the bar."""
        if self._bar is not None:
            left = max(seconds_left, 0.0)
            told = f"{tried} tried, best {best}, at most {left:.0f} s left"
            self._bar.update(self._task, completed=self._seconds - left, what=told)


@contextmanager
def plan_bar(seconds: float) -> Iterator[PlanBar]:
    """A bar for so many seconds."""
    if not sys.stderr.isatty():
        yield PlanBar()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    console = Console(stderr=True)
    with Progress(
        TextColumn("Planning"), BarColumn(20), TextColumn("{task.fields[what]}"), console=console, transient=True
    ) as bar:
        yield PlanBar(bar, bar.add_task("plan", total=seconds, what=""), seconds)
