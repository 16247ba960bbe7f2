"""The command line in this process, as a process of its own, and as one that may be killed."""

import os
import subprocess
import sys
import time

import pytest

import warm
from posada import cli

POSADA = [sys.executable, "-m", "posada.cli"]
SMALL = ["--replicates", "2"]


class Ended(Exception):
    """`os._exit` was called."""


def in_this_process(monkeypatch, capsys):
    """How to run the command line in this process: words to (exit code, stdout, stderr)."""

    def call(*words):
        def exit_at_once(code):
            raise Ended(code)

        monkeypatch.setattr(sys, "argv", ["posada", *map(str, words)])
        monkeypatch.setattr(os, "_exit", exit_at_once)
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except Ended as end:
            code = end.args[0]
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


def process(folder, *words, env=None):
    """A process of its own, to its end."""
    return warm.run(["posada", *map(str, words)], folder, env)


def files_of(folder):
    """Every path below a folder with its bytes."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def started(folder, *words):
    """A process that is simulating: its engine is compiled, so that it has begun within the time that a load takes."""
    child = subprocess.Popen([*POSADA, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    stat = f"/proc/{child.pid}/task"
    deadline = time.monotonic() + 120
    wanted = 1 + min(2, len(os.sched_getaffinity(0)))
    while child.poll() is None and time.monotonic() < deadline:
        names = [read(f"{stat}/{task}/stat") for task in os.listdir(stat)]
        if sum(_ticks(text) > 100 for text in names if text) >= wanted - 1 and len(names) >= wanted:
            break
        time.sleep(0.05)
    return child


def read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def _ticks(text):
    """Processor time of a thread, in hundredths of a second."""
    fields = text.rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


needs_proc = pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="asks the system how far a process is")
