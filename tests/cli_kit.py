"""The command line in this process, as a process of its own, and as one that may be killed."""

import glob
import os
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
    """A process that has been simulating for a moment: one of its threads, not the first, has worked."""
    child = warm.Begun(["posada", *words], folder)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        threads = [read(file) for file in glob.glob(f"/proc/{child.pid}/task/*/stat")]
        if any(_ticks(text) > 20 for text in threads if text and not text.startswith(f"{child.pid} ")):
            return child
        assert any(text and text.rsplit(") ", 1)[1][0] != "Z" for text in threads), child.end()
        time.sleep(0.02)
    raise AssertionError("it has not begun to simulate")


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
