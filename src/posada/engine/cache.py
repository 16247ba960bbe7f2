"""Where compiled code is kept: one folder per state of the engine's sources, Numba version and processor.

Numba's own cache notices a change of the file that holds a function, but not of the files that it calls; a folder named
by a hash of all of them cannot go stale.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
import tempfile
from collections.abc import Iterator
from pathlib import Path

MARK = "compiled"


def source_hash() -> str:
    """Hash of every source file of the engine, the Numba and Python versions and the processor."""
    import llvmlite.binding as llvm
    import numba

    found = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([here / "layout.py", here / "lean.py", *(here / "kernel").glob("*.py")]):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    wanted = (os.environ.get(name, "") for name in ("NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES", "POSADA_BOUNDS"))
    cpu = " ".join((llvm.get_host_cpu_name(), *wanted))
    found.update(f"{numba.__version__} {platform.python_version()} {platform.machine()} {cpu}".encode())
    return found.hexdigest()[:20]


def folder() -> Path:
    """The folder for this engine: under `POSADA_CACHE`, the user's cache, or a temporary folder if that is read-only.

    Compiled code is run when it is read, so a folder that belongs to another user is never used.
    """
    named = os.environ.get("POSADA_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    user = os.getuid() if hasattr(os, "getuid") else 0
    for parent in (Path(named) / "posada", Path(tempfile.gettempdir()) / f"posada-{user}"):
        path = parent / source_hash()
        if _is_ours(path, user):
            return path
    return Path(tempfile.mkdtemp(prefix="posada-"))


def _is_ours(path: Path, user: int) -> bool:
    """Whether a folder is there, or can be made, and only this user can have written to it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.mkdir(exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=path):
            return not hasattr(os, "getuid") or all(p.stat().st_uid == user for p in (path, path.parent))
    except OSError:
        return False


@contextlib.contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold a folder in which nothing is compiled yet: of processes that begin at once, one compiles and others wait."""
    if (place / MARK).exists():
        yield
        return
    number = os.open(place, os.O_RDONLY)
    try:
        with contextlib.suppress(ImportError, OSError):  # Windows, or a file system without locks
            import fcntl

            fcntl.flock(number, fcntl.LOCK_EX)
        yield
    finally:
        os.close(number)


def mark(place: Path) -> None:
    """Note which files of compiled code a folder holds, and how long they are."""
    sizes = {path.relative_to(place).as_posix(): path.stat().st_size for path in sorted(place.rglob("*.nb*"))}
    temporary = place / f"{MARK}.{os.getpid()}"
    with contextlib.suppress(OSError):
        temporary.write_text(json.dumps(sizes), encoding="utf-8")
        temporary.replace(place / MARK)


def whole(place: Path) -> bool:
    """Whether every file of compiled code that was noted is there and as long as it was (a full disk cuts files)."""
    try:
        sizes = json.loads((place / MARK).read_text(encoding="utf-8"))
        return all((place / name).stat().st_size == size for name, size in sizes.items())
    except FileNotFoundError:
        return not (place / MARK).exists()
    except (OSError, ValueError, AttributeError):
        return False


def clear(place: Path) -> None:
    """Remove compiled code that cannot be trusted; it is compiled again."""
    for path in [*place.rglob("*.nb*"), place / MARK]:
        with contextlib.suppress(OSError):
            path.unlink()
