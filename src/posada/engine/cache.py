"""Where compiled code is kept: one folder per state of the engine's sources, Numba version and processor.

Numba's own cache notices a change of the file that holds a function, but not of the files that it calls; a folder named
by a hash of all of them cannot go stale.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from pathlib import Path

MARK = "compiled"


def source_hash() -> str:
    """Hash of every source file of the engine, the Numba and Python versions and the processor."""
    import llvmlite.binding as llvm
    import numba

    found = hashlib.sha256()
    here = Path(__file__).parent
    for path in sorted([here / "layout.py", *(here / "kernel").glob("*.py")]):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    cpu = f"{llvm.get_host_cpu_name()} {os.environ.get('NUMBA_CPU_NAME', '')} {os.environ.get('NUMBA_CPU_FEATURES', '')}"
    found.update(f"{numba.__version__} {platform.python_version()} {platform.machine()} {cpu}".encode())
    return found.hexdigest()[:20]


def folder() -> Path:
    """The folder for this engine: under `POSADA_CACHE`, the user's cache, or a temporary folder if that is read-only."""
    name = os.environ.get("POSADA_CACHE") or os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    tried = [Path(name) / "posada" / source_hash(),
             Path(tempfile.gettempdir()) / f"posada-{os.getuid() if hasattr(os, 'getuid') else 0}" / source_hash()]
    for path in tried:
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            probe = tempfile.TemporaryFile(dir=path)
            probe.close()
        except OSError:
            continue
        return path
    return Path(tempfile.mkdtemp(prefix="posada-"))
