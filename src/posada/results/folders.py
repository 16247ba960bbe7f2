"""Folders of results: what posada writes there, put in place whole, and leftovers of runs that were killed."""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from posada.scenario import FILES

OWN = {
    *(
        f"{name}.parquet"
        for name in ("stocks", "flows", "waits", "outcomes", "quantities", "background", "busy", "measures")
    ),
    *(f"{name}.json{end}" for name in ("run", "timing", "summary") for end in ("", ".tmp")),
    *("report.html", ".report.html.part"),
    *FILES,
}
"""Names of files that posada writes into a result, and into its folder `scenario`; nothing else is ever deleted."""
PARTS = ("scenario", "history")
"""Names of folders that posada writes into a result."""
HISTORY_FILE = re.compile(r"\d{7}-\d{5}\.parquet(\.tmp)?")
MORE = "tables.json"
"""In a copy of a scenario: the names of its further tables, which are posada's there too."""


class ResultError(Exception):
    """A folder does not hold a result that can be read, or may not be written."""


def free_folder(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a result may be written; its parents are made.

    OSError if it cannot be written; ResultError if it holds something that is not a result.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise ResultError(f"{target} is a file; name a folder")
    if target.exists() and any(target.iterdir()) and not is_result(target):
        raise ResultError(f"{target} is not empty and holds no result of posada; name another folder")
    make_parents(target)
    return target


def make_parents(target: Path) -> None:
    """Make the parents of what will be written; OSError if it cannot be written there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=target.parent):
        pass


def is_result(folder: Path) -> bool:
    """Whether there is a `run.json` of posada."""
    try:
        found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and {"posada", "hash"} <= set(found)


def copy_scenario(source: Path, copy: Path, more: Sequence[str] = ()) -> None:
    """Copy the files of the language in a folder, and further tables that it names; nothing if there is no scenario."""
    if not (source / FILES[0]).is_file():
        return
    copy.mkdir()
    for name in (*FILES, *more):
        if (source / name).is_file():
            (copy / name).write_bytes((source / name).read_bytes())
    if more:
        (copy / MORE).write_text(json.dumps(sorted(more)) + "\n", encoding="utf-8")


def own_names(folder: Path) -> set[str]:
    """The names of posada's files in a result, a copy of a scenario, or a history."""
    if folder.name == "history":
        return {entry.name for entry in folder.iterdir() if HISTORY_FILE.fullmatch(entry.name)}
    try:
        more = json.loads((folder / MORE).read_text(encoding="utf-8")) if folder.name == "scenario" else []
    except (OSError, ValueError):
        return OWN
    return OWN | {MORE, *(str(name) for name in more)} if isinstance(more, list) else OWN


@contextmanager
def work_folder(target: Path) -> Iterator[Path]:
    """A hidden folder beside a target, held by this process; it is gone afterwards if it was not put in place.

    What killed processes left of theirs for the same target goes first.
    """
    clean(target)
    work, hold = held_folder(target)
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if hold is not None:
            os.close(hold)


def held_folder(target: Path) -> tuple[Path, int | None]:
    """A new hidden folder, held before another process that clears up can have taken it for a leftover."""
    while True:
        work = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-", suffix=".work"))
        hold = lock(work)
        if hold is None:
            time.sleep(0.05)  # for whoever takes it away; or locks are unknown here
            hold = lock(work)
        if work.is_dir():
            return work, hold
        if hold is not None:
            os.close(hold)


def put_in_place(work: Path, target: Path) -> None:
    """Put a finished folder in place of another. Each renaming is whole, so the last of two processes wins whole."""
    work.chmod(0o755)
    olds: list[Path] = []
    while True:
        try:
            work.rename(target)
            break
        except OSError:
            if not target.is_dir():
                raise
        old = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}-", suffix=".old"))
        olds.append(old)
        try:
            target.rename(old)
        except FileNotFoundError:
            continue  # another process has just taken it away
    for old in olds:
        settle(old, target)


def settle(old: Path, target: Path) -> None:
    """Move what is not posada's from a replaced result to the new one; delete the rest."""
    if not old.is_dir():
        return
    own = own_names(old)
    for entry in sorted(old.iterdir()):
        if is_part(entry) and (target / entry.name).is_dir():
            settle(entry, target / entry.name)
        elif not (is_own(entry) or entry.name in own) and not (target / entry.name).exists():
            entry.rename(target / entry.name)
    remove_own(old)


def is_part(entry: Path) -> bool:
    """Whether an entry of a result is its copy of the scenario, or its history."""
    return entry.name in PARTS and entry.is_dir() and not entry.is_symlink()


def is_own(entry: Path) -> bool:
    """Whether an entry of a result was written by posada."""
    if entry.is_dir() and not entry.is_symlink():
        return is_part(entry) and all(file.name in own_names(entry) for file in entry.iterdir())
    return entry.name in OWN


def remove_own(folder: Path) -> None:
    """Delete what posada wrote into a folder, and the folder if nothing else is in it."""
    own = own_names(folder)
    for entry in sorted(folder.iterdir()):
        if is_part(entry):
            remove_own(entry)
        elif not entry.is_dir() and entry.name in own:
            entry.unlink()
    if not any(folder.iterdir()):
        folder.rmdir()


def clean(target: Path) -> None:
    """Clear up after runs into this folder that were killed; a result that was taken away half way comes back."""
    pattern = re.compile(rf"\.{re.escape(target.name)}-[a-z0-9_]{{8}}\.(work|old)")
    for entry in sorted(target.parent.iterdir()):
        found = pattern.fullmatch(entry.name)
        if found is None or not entry.is_dir():
            continue
        hold = lock(entry)
        if hold is None:
            continue
        try:
            if found[1] == "work":
                shutil.rmtree(entry)  # nobody but the killed process has put anything there
            elif is_result(entry) and not target.exists():
                entry.rename(target)
            elif target.exists():
                settle(entry, target)
        except OSError:
            pass  # another process is clearing up too
        finally:
            os.close(hold)


def lock(folder: Path) -> int | None:
    """Hold a folder until the number is closed or the process ends; None if another holds it, or locks are unknown."""
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        return None
    try:
        number = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(number)
        return None
    return number
