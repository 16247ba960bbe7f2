"""Flee on the situations of a folder with each settings file, and how far it is from the registered counts.

    python all_runs.py DATA OUT --python PEERS_PYTHON [--replicates 3] [--settings NAME ...] [--capacities FACTOR ...]

`DATA` holds the situations and `settings/`. Writes one CSV of each combination (day, camp, replicate, simulated,
registered) and `summary.csv`. Runs one program at a time, the least work first.

The averaged relative difference is Flee's: of each day the camps' absolute differences together over the registered
people of all camps; the mean of the days. Rescaled: the simulated camps are first multiplied to add up to the
registered total.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import polars as pl

HASTEN = {"mali2012": 20, "burundi2015": 50, "car2013": 100, "syria2013": 1000}
"""How many registered people one simulated person stands for: some five thousand simulated people at the most."""
SPLIT_DAY = {"mali2012": 150, "burundi2015": 198, "car2013": 410, "syria2013": 547}
SETTINGS = ("simsetting", "classic125", "modern125", "modern125aw2dm75", "fastflow")
CAPACITIES = (0.0, 1.0, 1.25)
"""Factors of the capacities: none, as in the files, and `capacity_scaling` of the settings, which 3.1 ignores."""
WORKER = Path(__file__).resolve().parent / "one_run.py"

Job = tuple[str, str, float]
"""Situation, settings, factor of the capacities."""


def averaged_relative_difference(days: pl.DataFrame, rescaled: bool) -> float:
    """Of day, camp, simulated, registered: the mean over the days with anybody registered."""
    there, data = pl.col("simulated").sum().over("day"), pl.col("registered").sum().over("day")
    simulated = pl.when(there > 0).then(pl.col("simulated") * data / there).otherwise(0.0)
    chosen = simulated if rescaled else pl.col("simulated")
    off = (chosen - pl.col("registered")).abs()
    per_day = days.with_columns(off=off).group_by("day").agg(pl.col("off", "registered").sum())
    per_day = per_day.filter(pl.col("registered") > 0)
    return float((per_day["off"] / per_day["registered"]).mean())  # type: ignore[arg-type]


def measures(runs: pl.DataFrame, split: int) -> dict[str, float]:
    """Over all days and from the split day on, rescaled or not: mean of the replicates, and of their mean."""
    found: dict[str, float] = {}
    parts = {"": runs, "_after_split": runs.filter(pl.col("day") >= split)}
    for part, rows in parts.items():
        each = [group for _, group in rows.group_by("replicate")]
        together = rows.group_by("day", "camp").agg(pl.col("simulated", "registered").mean())
        for name, rescaled in (("rescaled", True), ("not_rescaled", False)):
            values = pl.Series([averaged_relative_difference(run, rescaled) for run in each])
            found[f"{name}{part}"] = round(float(values.mean()), 4)  # type: ignore[arg-type]
            found[f"{name}{part}_sd"] = round(float(values.std() or 0.0), 4)  # type: ignore[arg-type]
            found[f"{name}{part}_of_mean"] = round(averaged_relative_difference(together, rescaled), 4)
    return found


def one(python: str, data: Path, job: Job, seed: int, out: Path) -> tuple[dict[str, Any], pl.DataFrame]:
    """A run in a program of its own."""
    situation, settings, capacities = job
    paths = [str((data / situation).resolve()), str((data / "settings" / f"{settings}.yml").resolve())]
    command = [
        python,
        str(WORKER),
        *paths,
        str(HASTEN[situation]),
        str(capacities),
        str(seed),
        str((out / "run.csv").resolve()),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=out)
    return json.loads(done.stdout.splitlines()[-1]), pl.read_csv(out / "run.csv")


def combination(python: str, data: Path, job: Job, replicates: int, out: Path) -> dict[str, Any]:
    """All replicates of a situation with a settings file: its CSV and its row of the summary."""
    runs = [one(python, data, job, seed, out) for seed in range(1, replicates + 1)]
    days = pl.concat([frame.with_columns(replicate=pl.lit(n)) for n, (_, frame) in enumerate(runs)])
    situation, settings, capacities = job
    days.write_csv(out / f"{situation}-{settings}-capacities-{capacities:g}.csv")
    agent_days, cpu_s = sum(line["agent_days"] for line, _ in runs), sum(line["cpu_s"] for line, _ in runs)
    row = {"situation": situation, "settings": settings, "capacities": capacities}
    row |= measures(days, SPLIT_DAY[situation])
    row |= {"split_day": SPLIT_DAY[situation], "replicates": replicates, "people_per_agent": HASTEN[situation]}
    row |= {"agents": max(line["agents"] for line, _ in runs), "agent_days": agent_days, "cpu_s": round(cpu_s, 1)}
    return row | {"agent_days_per_cpu_s": round(agent_days / cpu_s), "flee": runs[0][0]["version"]}


def main() -> None:
    """Run everything; the summary grows by a row at a time."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--python", required=True)
    parser.add_argument("--replicates", type=int, default=3)
    parser.add_argument("--settings", nargs="+", default=list(SETTINGS))
    parser.add_argument("--capacities", nargs="+", type=float, default=list(CAPACITIES))
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    jobs = [(s, settings, factor) for settings in asked.settings for factor in asked.capacities for s in HASTEN]
    with (asked.out / "summary.csv").open("w", newline="", encoding="utf-8") as file:
        writer = None
        for job in jobs:
            row = combination(asked.python, asked.data, job, asked.replicates, asked.out)
            writer = writer or csv.DictWriter(file, row)
            if file.tell() == 0:
                writer.writeheader()
            writer.writerow(row)
            file.flush()
            print(*job, row["rescaled"], row["not_rescaled"], row["cpu_s"], flush=True)
    (asked.out / "run.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
