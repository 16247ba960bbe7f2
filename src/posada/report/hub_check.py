"""Whether a table is model output that a forecast hub accepts, by the hub's own description of its tasks.

The rules are those of the published schema of tasks (v5.0.1) and of the guide to model output: file names, columns,
values of task ids, all required quantile levels, quantiles that do not fall, and numbered trajectories.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

FILE = re.compile(r"(\d{4}-\d{2}-\d{2}|[A-Za-z0-9_]+)-([A-Za-z0-9_]+-[A-Za-z0-9_]+)\.(csv|parquet)")
OUTPUT = ("output_type", "output_type_id", "value")
OF_TARGET = ("target_id", "target_name", "target_units", "target_type", "target_keys", "is_step_ahead")
TARGET_TYPES = ("continuous", "discrete", "date", "binary", "nominal", "ordinal", "compositional")
OF_ROUND = ("round_id_from_variable", "round_id", "model_tasks", "submissions_due")
MOST = 20
"""Problems that are told, at most."""


def hub_problems(rows: pl.DataFrame, tasks: Mapping[str, Any], file: Path) -> list[str]:
    """All that is wrong with a table of model output; empty if a hub accepts it."""
    found = task_problems(tasks)
    if found:
        return found[:MOST]
    found += name_problems(file)
    groups = [group for one in tasks["rounds"] for group in one["model_tasks"]]
    ids = list(groups[0]["task_ids"])
    if set(rows.columns) != {*ids, *OUTPUT}:
        return [*found, f"columns are {', '.join(rows.columns)}; they must be {', '.join([*ids, *OUTPUT])}"]
    seen = 0
    for group in groups:
        part = rows.filter(*(pl.col(name).is_in(allowed(values)) for name, values in group["task_ids"].items()))
        seen += part.height
        found += quantile_problems(part, ids, group["output_type"].get("quantile"))
        found += sample_problems(part, ids, group["output_type"].get("sample"))
    if seen != rows.height:
        found.append(f"{rows.height - seen} rows have values of task ids that no group of tasks allows")
    kinds = {kind for group in groups for kind in group["output_type"]}
    unknown = sorted(set(rows["output_type"].to_list()) - kinds)
    if unknown:
        found.append(f"output types that no task has: {', '.join(unknown)}")
    return found[:MOST]


def allowed(values: Mapping[str, Any]) -> list[Any]:
    """The values of a task id."""
    return [*(values["required"] or []), *(values["optional"] or [])]


def task_problems(tasks: Mapping[str, Any]) -> list[str]:
    """What is wrong with a description of tasks."""
    found = [f"tasks.json lacks {key!r}" for key in ("schema_version", "rounds") if key not in tasks]
    for one in tasks.get("rounds", []):
        found += [f"a round lacks {key!r}" for key in OF_ROUND if key not in one]
        for group in one.get("model_tasks", []):
            keys = ("task_ids", "output_type", "target_metadata")
            found += [f"a group of tasks lacks {key!r}" for key in keys if key not in group]
            for name, values in group.get("task_ids", {}).items():
                if set(values) != {"required", "optional"}:
                    found.append(f"task id {name!r} must have `required` and `optional`, and nothing else")
                elif one.get("round_id_from_variable") and one.get("round_id") not in group["task_ids"]:
                    found.append(f"the round's id {one.get('round_id')!r} is no task id")
            for target in group.get("target_metadata", []):
                found += target_problems(target, group.get("task_ids", {}))
    return found


def target_problems(target: Mapping[str, Any], ids: Mapping[str, Any]) -> list[str]:
    """What is wrong with the description of one target."""
    found = [f"a target lacks {key!r}" for key in OF_TARGET if key not in target]
    if found:
        return found
    if len(target["target_id"]) > 30 or len(target["target_name"]) > 100:
        found.append(f"the id of a target has at most 30 letters, its name 100: {target['target_id']!r}")
    if target["target_type"] not in TARGET_TYPES:
        found.append(f"{target['target_type']!r} is no type of target; allowed: {', '.join(TARGET_TYPES)}")
    if target["is_step_ahead"] and target.get("time_unit") not in ("day", "week", "month"):
        found.append("a target of steps ahead needs a `time_unit`: day, week or month")
    for name, value in (target["target_keys"] or {}).items():
        if name not in ids or value not in allowed(ids[name]):
            found.append(f"the key {name}={value} of a target is not among the values of its task id")
    return found


def name_problems(file: Path) -> list[str]:
    """What is wrong with the name of a file."""
    match = FILE.fullmatch(file.name)
    if not match:
        return [f"{file.name} is not ROUND-TEAM-MODEL.csv, of letters, digits and underscores"]
    return [] if file.parent.name == match[2] else [f"{file.name} must lie in a folder {match[2]}"]


def value_problems(part: pl.DataFrame, allowed_values: Mapping[str, Any], what: str) -> list[str]:
    """Values that are missing, or outside their bounds."""
    low, high = allowed_values.get("minimum", float("-inf")), allowed_values.get("maximum", float("inf"))
    bad = part.filter(pl.col("value").is_null() | ~pl.col("value").is_between(low, high)).height
    return [f"{bad} values of {what} are missing or outside {low} to {high}"] if bad else []


def quantile_problems(part: pl.DataFrame, ids: list[str], wanted: Mapping[str, Any] | None) -> list[str]:
    """Levels that are missing, doubled or not asked for; quantiles that fall."""
    if wanted is None:
        return []
    rows = part.filter(pl.col("output_type") == "quantile").with_columns(
        level=pl.col("output_type_id").cast(pl.Float64, strict=False)
    )
    if not rows.height:
        return ["there are no quantiles, which are required"] if wanted["is_required"] else []
    found = value_problems(rows, wanted["value"], "quantiles")
    levels = sorted(wanted["output_type_id"]["required"])
    for key, task in rows.group_by(ids, maintain_order=True):
        ordered = task.sort("level")
        if ordered["level"].to_list() != levels:
            found.append(f"task {key}: levels are {ordered['level'].to_list()}; they must be {levels}")
        elif not ordered["value"].is_sorted():
            found.append(f"task {key}: quantiles fall")
    return found


def sample_problems(part: pl.DataFrame, ids: list[str], wanted: Mapping[str, Any] | None) -> list[str]:
    """Trajectories that are missing or doubled at a task, or not the same at the tasks that hang together."""
    if wanted is None:
        return []
    rows = part.filter(pl.col("output_type") == "sample")
    if not rows.height:
        return ["there are no samples, which are required"] if wanted["is_required"] else []
    params = wanted["output_type_id_params"]
    found = value_problems(rows, wanted["value"], "samples")
    if params["type"] == "integer" and rows["output_type_id"].cast(pl.Int64, strict=False).null_count():
        found.append("numbers of samples must be whole numbers")
    each = rows.group_by(ids).agg(n=pl.len(), different=pl.col("output_type_id").n_unique())
    least, most = params["min_samples_per_task"], params["max_samples_per_task"]
    bad = each.filter(~pl.col("n").is_between(least, most) | (pl.col("n") != pl.col("different"))).height
    if bad:
        found.append(f"{bad} tasks do not have {least} to {most} samples, each numbered once")
    together = params.get("compound_taskid_set")
    if together is not None:
        sets = rows.group_by(ids).agg(pl.col("output_type_id").sort()).group_by(together)
        if sets.agg(pl.col("output_type_id").n_unique())["output_type_id"].max() != 1:
            found.append(f"trajectories must go through all tasks of the same {', '.join(together)}")
    return found
