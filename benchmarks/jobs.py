"""What is run: which tool, which model, how many people, how often; each in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import machine

WORKERS = Path(__file__).resolve().parent / "workers"
TIME_LIMIT_S = 600
Row = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """A way to simulate: its worker, and the package it needs."""

    name: str
    worker: str
    package: str


TOOLS = {tool.name: tool for tool in (
    Tool("posada", "posada_runs.py", "posada"),
    Tool("C heap", "", ""),
    Tool("Numba heap", "numba_runs.py", "numba"),
    Tool("Numba calendar queue", "numba_calendar.py", "numba"),
    Tool("cimba", "cimba_runs.py", "cimba"),
    Tool("SimPy", "simpy_runs.py", "simpy"),
    Tool("Ciw", "ciw_runs.py", "ciw"),
)}  # fmt: skip


@dataclass(frozen=True)
class Job:
    """One cell of the tables."""

    model: str
    tool: str
    people: int
    moves: int = 1
    repeats: int = 5

    @property
    def name(self) -> str:
        """For the progress."""
        return f"{self.model} {self.people:,} {self.tool}"


MOVES = {1_000: 1000, 10_000: 500, 100_000: 50, 1_000_000: 5, 10_000_000: 5}
"""Moves of each of a crowd: five, or as many as make the run long enough to time."""


def full() -> list[Job]:
    """Everything; slow tools simulate fewer people."""
    most = {"posada": 2_000_000, "C heap": 2_000_000, "Numba heap": 2_000_000}
    desk = most | {"cimba": 2_000_000, "SimPy": 50_000, "Ciw": 20_000}
    pathway = most | {"cimba": 500_000, "SimPy": 50_000, "Ciw": 10_000}
    jobs = [Job("desk", *size) for size in desk.items()] + [Job("pathway", *size) for size in pathway.items()]
    for people, moves in MOVES.items():
        once = people > 1_000_000
        for tool in ("posada", "C heap", "Numba heap", "Numba calendar queue"):
            jobs.append(Job("crowd", tool, people, moves, 1 if once else 5))
        if not once:
            fewer = max(1, min(moves, 500_000 // people))
            jobs.append(Job("crowd", "SimPy", people, fewer, 5 if people < 1_000_000 else 1))
    return [*jobs, Job("cores", "posada", 400_000)]


def quick() -> list[Job]:
    """Tiny sizes, to see that everything runs and answers right."""
    jobs = [
        Job(model, tool, 20_000, 1, 1)
        for model in ("desk", "pathway")
        for tool in TOOLS
        if tool != "Numba calendar queue"
    ]
    crowd = ("posada", "C heap", "Numba heap", "Numba calendar queue", "SimPy")
    return jobs + [Job("crowd", tool, 1000, 20, 1) for tool in crowd]


def missing(tool: str) -> str | None:
    """Why a tool cannot run here, or None."""
    if tool == "C heap":
        return None if machine.compiler() else "no C compiler here"
    package = TOOLS[tool].package
    return None if importlib.util.find_spec(package) else f"{package} is not installed here"


def build(model: str, folder: Path) -> Path:
    """Compile a model in C for this machine."""
    program = folder / model
    if not program.exists():
        options = ["-O3", "-march=native", "-o", str(program), str(WORKERS / f"{model}.c"), "-lm"]
        subprocess.run([str(machine.compiler()), *options], check=True)
    return program


def run(job: Job, seed: int, folder: Path) -> Row:
    """Run a job once; a row with what it printed, or with its `failure`."""
    words = [job.model, str(job.people), str(job.moves), str(seed)]
    row: Row = asdict(job) | {"seed": seed}
    try:
        command = (
            [str(build(job.model, folder)), *words[1:]]
            if job.tool == "C heap"
            else [sys.executable, str(WORKERS / TOOLS[job.tool].worker), *words]
        )
        paths = os.pathsep.join(filter(None, [str(WORKERS.parent), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_S,
            check=True,
            env={**os.environ, "PYTHONPATH": paths},
        )
        return row | json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        return row | {"failure": f"not done after {TIME_LIMIT_S} s"}
    except subprocess.CalledProcessError as error:
        said = str(error.stderr or "").strip().splitlines()
        return row | {"failure": said[-1] if said else f"ended with code {error.returncode}"}
    except (ValueError, IndexError):
        return row | {"failure": "printed no result"}
