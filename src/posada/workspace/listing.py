"""What is in a folder of work: runs and comparisons with what made them, and what has been asked and has not ended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posada.workspace.folder import COMPARISON, Found, Workspace
from posada.workspace.jobs import Job, Records

COLUMNS = ("id", "kind", "state", "scenario", "policy", "replicates", "seed", "made")


def listing(folder: Path) -> list[dict[str, Any]]:
    """One row for each run, comparison and open job, the newest first."""
    workspace = Workspace(folder)
    jobs = {job.id: job for job in Records(workspace).read()}
    runs = workspace.runs()
    rows = [row_of_run(run, jobs.get(run.id)) for run in runs]
    there = {run.id for run in runs}
    rows += [row_of_job(job) for job in jobs.values() if job.id not in there and not job.answer]
    return sorted(rows, key=lambda row: str(row["made"]), reverse=True)


def row_of_run(run: Found, job: Job | None) -> dict[str, Any]:
    """A result or comparison."""
    head = run.head()
    policy = ", ".join(head.get("policies", [])) if run.kind == COMPARISON else head.get("policy", "")
    return {
        "id": run.id,
        "kind": run.kind,
        "state": "done" if job is None or not job.over else job.state,
        "scenario": head.get("scenario", ""),
        "policy": policy,
        "replicates": head.get("replicates", 0),
        "seed": head.get("seed", 0),
        "made": moment(run.made),
    }


def row_of_job(job: Job) -> dict[str, Any]:
    """Something that was asked and has left no folder, or not yet."""
    asked = job.asked
    return {
        "id": job.id,
        "kind": COMPARISON if asked.kind == "compare" else asked.kind,
        "state": job.state,
        "scenario": asked.scenario,
        "policy": ", ".join((*asked.policies, *asked.sets)),
        "replicates": asked.replicates,
        "seed": asked.seed,
        "made": moment(job.created),
    }


def moment(seconds: float) -> str:
    """A time of the clock, in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
