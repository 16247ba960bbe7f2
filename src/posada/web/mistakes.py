"""What went wrong, in words: a mistake that the user can mend, or a bug, which says that it is ours."""

from __future__ import annotations

import tempfile
import traceback


def mistake(error: Exception) -> str:
    """What the user can do about it; empty if it is a bug."""
    from posada.engine import EngineError
    from posada.evidence import DocumentError, ProposalError
    from posada.results import ResultError
    from posada.scenario import ScenarioErrors, format_problems

    if isinstance(error, ScenarioErrors):
        return format_problems(error.problems)
    if isinstance(error, EngineError | ResultError | DocumentError | ProposalError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    if type(error).__name__ == "ComputeError" and "os error" in str(error):  # how Polars tells a full disk
        return f"the tables could not be written: {str(error).rpartition(': ')[2]}"
    if isinstance(error, MemoryError):
        return "there is not enough memory for this; use fewer replicates"
    return ""


def bug(error: Exception) -> str:
    """That this is a bug, and the file that tells of it."""
    with tempfile.NamedTemporaryFile("w", prefix="posada-bug-", suffix=".txt", delete=False, encoding="utf-8") as file:
        file.write("".join(traceback.format_exception(error)))
    return (
        f"This is a bug in posada, not a mistake of yours ({type(error).__name__}: {error}). "
        f"Please report it with {file.name}"
    )
