"""The models through the scenario language: folders of `scenarios`, `posada.run`, and the tables of the result.

Measured from a scenario that is loaded to a result in memory, with everything that is recorded by default.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import models
import polars as pl
from measured import Stopwatch, arguments, tell

import posada

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
FOLDERS = {"desk": "mm8", "pathway": "pathway", "crowd": "crowd"}
PER_DAY = {"desk": 24 * models.ARRIVALS, "pathway": models.FIRST + models.OTHERS}
START = date(2000, 1, 1)
ALL = pl.col("attribute") == "all"


def sized(model: str, people: int, moves: int) -> posada.Scenario:
    """The model's scenario, so long that so many people come (for the crowd: until all have made their moves)."""
    days = int(people / PER_DAY[model]) if model in PER_DAY else int(moves + 8 * moves**0.5 + 30)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(shutil.copytree(SCENARIOS / FOLDERS[model], Path(place) / FOLDERS[model]))
        file = folder / "scenario.yaml"
        text = re.sub(r"(?m)^end: .*", f"end: {START + timedelta(days=days - 1)}", file.read_text(encoding="utf-8"))
        if model == "crowd":
            text = re.sub(r"people: \d+", f"people: {people}", text)
            move = re.search(r"(?m)^.*id: move-1,.*\n", text)[0]
            every = "".join(move.replace("move-1", f"move-{n}") for n in range(1, moves + 1))
            text = re.sub(r"(?m)(^.*id: move-\d+,.*\n)+", lambda _: every, text)
        file.write_text(text, encoding="utf-8")
        return posada.load(folder)


def simulate(scenario: posada.Scenario, seed: int, replicates: int = 1, threads: int = 1) -> posada.Result:
    """What is measured."""
    return posada.run(scenario, replicates=replicates, seed=seed, threads=threads)


def people(table: pl.DataFrame, event: str, where: str | None = None) -> int:
    """How often something happened to somebody in the whole run."""
    rows = table.filter(ALL & (pl.col("event") == event))
    if where is not None:
        rows = rows.filter(pl.col("where") == where)
    return int(rows["people"].sum() or 0)


def events_of(model: str, result: posada.Result, moves: int) -> int:
    """The model's own events: without the records and nights of the calendar, and without making the crowd."""
    if model == "crowd":
        return int(result.outcomes.filter(ALL)["people"].sum()) * moves
    return int(result.info.events - 2 * days_of(result))


def counted(result: posada.Result) -> int:
    """The same events of the desk or pathway from the tables, but for those still in service at the end."""
    gates = days_of(result) if people(result.flows, "served", "intake") else 0
    return gates + sum(people(result.flows, event) for event in ("set_out", "served", "gave_up"))


def days_of(result: posada.Result) -> int:
    """Days that the run had."""
    return int((result.scenario.end - result.scenario.start).days + 1)


def answer_of(model: str, result: posada.Result, people: int) -> dict[str, Any]:
    """The model's answer: batches of days for the desk and the pathway, the mean time on the way for the crowd."""
    if model == "crowd":
        active = result.stocks.filter(ALL & (pl.col("state") == "active"))
        days = (active["until"] - active["at"]).dt.total_days()
        return {"mean": float((active["people_mean"] * days).sum()) / people}
    if model == "desk":
        rows = result.waits.filter(ALL & (pl.col("where") == "desk")).rename({"joined": "at"})
        each = rows.group_by("at").agg(number=pl.col("people").sum(), total=pl.col("sum_days").sum() * 24)
    else:
        rows = result.flows.filter(ALL & (pl.col("where") == "shelter")).rename({"from": "at"})
        number, total = (pl.col("people").filter(pl.col("event") == event).sum() for event in ("joined", "gave_up"))
        each = rows.group_by("at").agg(number=number, total=total)
    day = (pl.col("at") - START).dt.total_days() * models.BATCHES // days_of(result)
    batches = each.group_by(day.alias("batch")).agg(pl.col("number").sum(), pl.col("total").sum()).sort("batch")
    return {"batches": [list(row) for row in batches.select("number", "total").iter_rows()]}


def main() -> None:
    """Compile or load the engine with a small run, then measure one model; or two replicates on one core and on two."""
    model, number, moves, seed = arguments()
    simulate(sized("pathway", 500, 1), seed)
    if model == "cores":
        scenario = sized("pathway", number, 1)
        times = []
        for threads in (1, 2):
            with Stopwatch() as watch:
                result = simulate(scenario, seed, 2, threads)
            times.append(watch.wall_s)
        tell(watch, posada.__version__, result.info.events, one_core_s=times[0], two_cores_s=times[1])
        return
    scenario = sized(model, number, moves)
    with Stopwatch() as watch:
        result = simulate(scenario, seed)
    more = answer_of(model, result, number) | {"timing": result.timing}
    tell(watch, posada.__version__, events_of(model, result, moves), **more)


if __name__ == "__main__":
    main()
