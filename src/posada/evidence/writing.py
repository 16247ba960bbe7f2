"""Files that are there whole, or as they were; one writer at a time."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file under a temporary name, then rename: it is there whole, or as it was."""
    check_writable(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def check_writable(path: Path) -> None:
    """OSError if a file is there and is protected from writing: renaming another over it would not ask."""
    if path.exists() and not path.stat().st_mode & 0o222:
        raise PermissionError(errno.EACCES, "is protected from writing; nothing was changed", str(path))


PATIENCE_SECONDS = 20.0
"""How long one writer waits for another: both write a few lines."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold a folder, so that two who add to one table do not lose each other's rows; OSError if it stays held."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    raise OSError(errno.EBUSY, "is held by another review; try again", str(folder)) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(number)
