"""The command line: one of two doors. It reads words, calls one function of the package, and prints.

There is no modelling here. The commands stand in files of their own, by what they are about.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from posada.cli.kit import app, fail

# isort: off
from posada.cli import runs, report, counts, compare, needs, plan, sensitivity, evidence, calibrate, forecasts, serve  # noqa: F401  (in the order of --help)
# isort: on

__all__ = ["app", "main"]


def main() -> None:
    """The entry point: mistakes of the user are told in words with exit code 2; bugs say that they are ours."""
    stand_alone()
    tell_of_pipes(sys.argv[1:])
    try:
        app(standalone_mode=True)
    except SystemExit as end:
        leave(end.code)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise SystemExit(130) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except Exception as error:
        explain(error)


def stand_alone() -> None:
    """A reader that goes away ends us quietly, as it does other programs; closed streams are as good as empty ones."""
    import signal

    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def tell_of_pipes(words: Sequence[str]) -> None:
    """Say what is waited for when a named pipe stands in place of a file; those of the shell (`<(...)`) are written."""
    import stat

    for word in words:
        try:
            if stat.S_ISFIFO(os.stat(word).st_mode) and not word.startswith(("/dev/", "/proc/")):
                print(f"{word} is a pipe: waiting for what is written into it (Ctrl-C stops)", file=sys.stderr)
        except (OSError, ValueError):
            continue


def leave(code: Any) -> NoReturn:
    """End at once when all is written: taking the compiler down in order takes longer than a replicate."""
    if not isinstance(code, int | None):
        raise SystemExit(code)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        os._exit(0)
    os._exit(code or 0)


def explain(error: Exception) -> NoReturn:
    """Tell a mistake from a bug."""
    from posada.evidence import DocumentError, ProposalError

    if isinstance(error, DocumentError | ProposalError):
        fail(str(error))  # before what takes longer to load
    from posada.engine import EngineError
    from posada.results import ResultError
    from posada.scenario import ScenarioErrors, format_problems

    if isinstance(error, ScenarioErrors):
        fail(format_problems(error.problems))
    if isinstance(error, EngineError | ResultError):
        fail(str(error))
    if isinstance(error, OSError):
        fail(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    if type(error).__name__ == "ComputeError" and "os error" in str(error):  # how Polars tells a full disk
        fail(f"the tables could not be written: {str(error).rpartition(': ')[2]}")
    if isinstance(error, MemoryError):
        fail("there is not enough memory for this; use fewer replicates")
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="posada-bug-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write(f"{sys.argv}\n{traceback.format_exc()}")
    print(
        f"This is a bug in posada, not a mistake of yours ({type(error).__name__}: {error}).\n"
        f"Please report it with {file.name}",
        file=sys.stderr,
    )
    raise SystemExit(1)
