"""What a tool's run took: one JSON line on standard output, the same from every tool."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any


class Stopwatch:
    """Processor and wall time of a block, and the most memory before and after it."""

    def __enter__(self) -> Stopwatch:
        self.before_mib = peak_mib()
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.cpu_s, self.wall_s = time.process_time() - self._cpu, time.perf_counter() - self._wall
        self.peak_mib = peak_mib()


def peak_mib() -> float:
    """The most memory that this program ever had in use, in MiB.

    On Linux `status` tells of this program only, `getrusage` also of the process that started it.
    """
    try:
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def arguments() -> tuple[str, int, int, int]:
    """Model, people, moves and seed, from the command line."""
    model, people, moves, seed = sys.argv[1:5]
    return model, int(people), int(moves), int(seed)


def tell(watch: Stopwatch, version: str, events: int, **more: Any) -> None:
    """Print the line."""
    row = {
        "version": version,
        "events": int(events),
        "cpu_s": watch.cpu_s,
        "wall_s": watch.wall_s,
        "before_mib": watch.before_mib,
        "peak_mib": watch.peak_mib,
    }
    print(json.dumps(row | more), flush=True)


class Batches:
    """Sums by equal parts of a run, for the models in plain Python."""

    def __init__(self, batches: int, steps: int) -> None:
        self.rows = [[0, 0.0] for _ in range(batches)]
        self._batches, self._steps, self._done = batches, steps, 0
        self.now = self.rows[0]

    def step(self) -> None:
        """One of the steps of the run is done."""
        self._done += 1
        self.now = self.rows[min(self._done * self._batches // self._steps, self._batches - 1)]
