"""What the benchmarks ran on."""

from __future__ import annotations

import os
import platform
import subprocess
from functools import cache
from pathlib import Path


def processor() -> str:
    """The processor's own name."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory_gib() -> float:
    """Memory of the machine."""
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30


@cache
def compiler() -> str | None:
    """The system's C compiler, if there is one."""
    for name in (os.environ.get("CC", "cc"), "gcc", "clang"):
        try:
            subprocess.run([name, "--version"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return name
    return None
