"""Forecasts as model output of a forecast hub: quantiles and trajectories, with the hub's description of its tasks.

Written from the published description of the hubverse (https://docs.hubverse.io, schema of tasks v5.0.1). A series is a
target (`present{group=caravan}`) at a location (`tijuana`); a horizon is a number of days; `scenario_id` is the policy.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import polars as pl

from posada.forecasting import LEVELS, Forecast, ForecastError, is_stock
from posada.report.hub_check import hub_problems
from posada.report.pages import free_for, write_text
from posada.scenario import parse_series

SCHEMA = "https://raw.githubusercontent.com/hubverse-org/schemas/main/v5.0.1/tasks-schema.json"
TASKS = "hub-config/tasks.json"
TASK_IDS = ("origin_date", "target_date", "horizon", "scenario_id", "target", "location")
OUTPUT = ("output_type", "output_type_id", "value")
TEAM = "posada"
LONGEST_ID = 30
LONGEST_NAME = 100


def export_hubverse(forecast: Forecast, folder: str | os.PathLike[str]) -> Path:
    """Write `hub-config/tasks.json` and `model-output/posada-MODEL/DATE-posada-MODEL.csv`; the path of the latter.

    What is written is read back and checked against the tasks. ForecastError if it does not pass, or the folder holds
    something else; OSError if it cannot be written.
    """
    target = free_for(folder, (TASKS,), "hub", ForecastError)
    model = f"{TEAM}-{word(str(forecast.about.get('scenario', 'model')))}"
    rows = hub_rows(forecast)
    tasks = hub_tasks(forecast, rows)
    place = target / "model-output" / model / f"{forecast.issued}-{model}.csv"
    problems = hub_problems(rows, tasks, place)
    if problems:
        raise ForecastError("the export would not be accepted by a hub:\n" + "\n".join(problems))
    for file, text in ((target / TASKS, json.dumps(tasks, indent=2) + "\n"), (place, rows.write_csv())):
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.part")
        write_text(unfinished, text)
        unfinished.replace(file)
    return place


def word(name: str) -> str:
    """A name as hubs allow it: letters, digits and underscores."""
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_") or "model"


def hub_rows(forecast: Forecast) -> pl.DataFrame:
    """One row per task and quantile level, and per task and trajectory, all columns as text but the value."""
    ahead = forecast.samples.filter(pl.col("to") > forecast.issued)
    quantiles = forecast.quantiles().with_columns(
        output_type=pl.lit("quantile"), output_type_id=pl.col("level").map_elements(level_text, return_dtype=pl.String)
    )
    samples = ahead.with_columns(output_type=pl.lit("sample"), output_type_id=pl.col("sample").cast(pl.String))
    columns = ["series", "to", "output_type", "output_type_id", "value"]
    rows = pl.concat([quantiles.select(columns), samples.select(columns)])
    names = {series: parse_series(series) for series in forecast.series}
    return rows.with_columns(
        origin_date=pl.lit(forecast.issued.isoformat()),
        target_date=pl.col("to").dt.to_string("%Y-%m-%d"),
        horizon=(pl.col("to") - pl.lit(forecast.issued)).dt.total_days(),
        scenario_id=pl.lit(str(forecast.about.get("policy", "as-stated"))),
        target=pl.col("series").replace_strict({s: target_of(s) for s in names}, return_dtype=pl.String),
        location=pl.col("series").replace_strict({s: n.where for s, n in names.items()}, return_dtype=pl.String),
    ).select(*TASK_IDS, *OUTPUT)


def level_text(level: float) -> str:
    """A level as the hub writes it."""
    return f"{level:g}"


def target_of(address: str) -> str:
    """What is counted, without where: `present{group=caravan}`."""
    series = parse_series(address)
    return series.verb + (f"{{{series.attribute}={series.level}}}" if series.attribute else "")


def hub_tasks(forecast: Forecast, rows: pl.DataFrame) -> dict[str, Any]:
    """The description of the hub's tasks: one round, one group of tasks for each series."""
    horizons = sorted(rows["horizon"].unique().to_list())
    dates = sorted(rows["target_date"].unique().to_list())
    number = forecast.samples["sample"].n_unique()
    groups = []
    for address in forecast.series:
        ids = {
            "origin_date": [forecast.issued.isoformat()],
            "target_date": dates,
            "horizon": horizons,
            "scenario_id": [str(forecast.about.get("policy", "as-stated"))],
            "target": [target_of(address)],
            "location": [parse_series(address).where],
        }
        groups.append(
            {
                "task_ids": {name: {"required": None, "optional": values} for name, values in ids.items()},
                "output_type": output_types(number),
                "target_metadata": [metadata(address)],
            }
        )
    one = {
        "round_id_from_variable": True,
        "round_id": "origin_date",
        "model_tasks": groups,
        "submissions_due": {"relative_to": "origin_date", "start": 0, "end": 1},
    }
    return {"schema_version": SCHEMA, "rounds": [one], "derived_task_ids": ["target_date"]}


def output_types(number: int) -> dict[str, Any]:
    """The quantiles and trajectories that a task has."""
    value = {"type": "double", "minimum": 0}
    params = {
        "type": "integer",
        "min_samples_per_task": number,
        "max_samples_per_task": number,
        "compound_taskid_set": ["origin_date", "scenario_id"],
    }
    return {
        "quantile": {"output_type_id": {"required": list(LEVELS)}, "value": value, "is_required": True},
        "sample": {"output_type_id_params": params, "value": value, "is_required": False},
    }


def metadata(address: str) -> dict[str, Any]:
    """What a target is."""
    name = target_of(address)
    what = "people at the end of a day" if is_stock(address) else "people in the days up to a date"
    return {
        "target_id": name[:LONGEST_ID],
        "target_name": f"{name}: {what}"[:LONGEST_NAME],
        "target_units": "people",
        "target_keys": {"target": name},
        "target_type": "continuous",
        "is_step_ahead": True,
        "time_unit": "day",
    }


def export_csv(forecast: Forecast, file: str | os.PathLike[str]) -> Path:
    """Write medians and intervals as one CSV: a row per series and record interval to come."""
    levels = {0.05: "low90", 0.25: "low50", 0.5: "median", 0.75: "high50", 0.95: "high90"}
    rows = forecast.quantiles(tuple(levels)).pivot("level", index=["series", "from", "to"], values="value")
    named = rows.rename(dict(zip(rows.columns[3:], levels.values(), strict=True)))
    target = Path(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    told = named.with_columns(issued=pl.lit(forecast.issued), policy=pl.lit(forecast.about.get("policy", "as-stated")))
    write_text(unfinished, told.select("issued", "policy", *named.columns).write_csv(float_precision=1))
    unfinished.replace(target)
    return target
