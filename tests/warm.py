"""Commands in forks of one process that has imported posada and loaded its engine: each as if it had been started anew.

To start takes a second or two of every command; the hundreds of commands in the docs and the tests share it.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT = 300.0
"""Seconds that a command may take."""


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


class Begun:
    """A command that goes on until it ends or is ended: a process of its own, with a number of its own."""

    def __init__(self, words: list[str], folder: Path | str) -> None:
        self._scratch = tempfile.TemporaryDirectory()
        self._out, self._err = Path(self._scratch.name, "out"), Path(self._scratch.name, "err")
        self.pid = WARM.ask({**request(words, folder, self._out, self._err), "begin": True})

    def send_signal(self, number: int) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def end(self) -> Done:
        """Wait for its end."""
        code = WARM.ask({"end": self.pid})
        with self._scratch:
            return Done(code, *(p.read_text(encoding="utf-8") if p.exists() else "" for p in (self._out, self._err)))


class Warm:
    """The process that forks. It is started when it is first asked for something, and ends with this one."""

    def __init__(self) -> None:
        self.server: subprocess.Popen[str] | None = None

    def ask(self, request: dict[str, Any]) -> int:
        """The answer of that process: the exit code of a command, or the number of one that has begun."""
        if self.server is None:
            self.server = subprocess.Popen(
                [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            atexit.register(self.end)
        assert self.server.stdin is not None
        assert self.server.stdout is not None
        self.server.stdin.write(json.dumps(request) + "\n")
        self.server.stdin.flush()
        answer = self.server.stdout.readline()
        assert answer, "the process that forks has ended"
        return int(answer)

    def end(self) -> None:
        """Let it go."""
        if self.server is not None:
            self.server.communicate(timeout=10)


WARM = Warm()


def request(
    words: list[str], folder: Path | str, out: Path, err: Path, env: dict[str, str] | None = None
) -> dict[str, Any]:
    """What is asked for a command whose streams are these files."""
    found = {"words": words, "folder": os.fspath(folder), "env": dict(os.environ) | (env or {})}
    return {**found, "out": str(out), "err": str(err)}


def run(words: list[str], folder: Path | str, env: dict[str, str] | None = None, merged: bool = False) -> Done:
    """What `posada ...` or `python FILE ...` or `python -c CODE` prints and returns; `merged`: errors among it."""
    with tempfile.TemporaryDirectory() as scratch:
        out, err = Path(scratch, "out"), Path(scratch, "err")
        code = WARM.ask(request(words, folder, out, out if merged else err, env))
        return Done(code, *(p.read_text(encoding="utf-8") if p.exists() else "" for p in (out, err)))


# --- in the process that forks -----------------------------------------------------------------------------------


def serve() -> None:
    """Import what commands need, then fork for each request until nobody asks any more."""
    import posada.cli
    import posada.ensemble
    import posada.planning
    import posada.report  # noqa: F401
    from posada.engine import compiled_functions

    compiled_functions(None)
    for line in sys.stdin:
        asked = json.loads(line)
        if "end" in asked:
            print(ended(asked["end"]), flush=True)
            continue
        child = os.fork()
        if child == 0:
            do(asked)
        print(child if "begin" in asked else ended(child), flush=True)


def ended(child: int) -> int:
    """The exit code of a fork; it is killed when it takes too long."""
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -int(signal.SIGKILL)


def do(request: dict[str, Any]) -> None:
    """Be the command, and end with it."""
    code = 1
    try:
        be(request)
        code = command(request["words"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def be(request: dict[str, Any]) -> None:
    """Streams, folder and environment as a process of its own would have them."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["env"])
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    for number, path, flags in (
        (0, os.devnull, os.O_RDONLY),
        (1, request["out"], append),
        (2, request["err"], append),
    ):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115


def command(words: list[str]) -> int:
    """Run `posada ...`, `python FILE ...` or `python -c CODE`."""
    import runpy

    first, *rest = words
    if first == "posada":
        from posada import cli

        sys.argv = words
        cli.main()
    elif rest[0] == "-c":
        sys.path.insert(0, "")
        sys.argv = rest[:1] + rest[2:]
        exec(compile(rest[1], "<docs>", "exec"), {"__name__": "__main__"})
    else:
        sys.path.insert(0, str(Path(rest[0]).parent))
        sys.argv = rest
        runpy.run_path(rest[0], run_name="__main__")
    return 0


if __name__ == "__main__":
    serve()
