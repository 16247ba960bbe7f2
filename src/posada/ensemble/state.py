"""Runs that stand at a date: the states of all replicates with the scenario, in memory and as one file.

The file is a zip: `head.json`, the scenario's files, the standard normals that were drawn, and the state of each
replicate as bytes that `engine.pack` made. Every part has a checksum, and nothing in it is ever executed.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from posada import __version__
from posada.engine import Array, engine_mark
from posada.ensemble.histories import Before, clear, temporary
from posada.results import NOT_KEPT, ResultError, RunInfo, forks_of, keep_scenario, make_parents
from posada.scenario import Change, Scenario, ScenarioErrors, load

FORMAT = 1
WHEN = (1980, 1, 1, 0, 0, 0)
"""The date of every part, so that equal runs make equal files."""


class StateError(ResultError):
    """A file does not hold a run that can go on."""


@dataclass(frozen=True)
class RunState:
    """A run at the beginning of a day: every replicate as it stands."""

    scenario: Scenario
    day: date
    info: RunInfo
    z: Mapping[str, Array]
    """Standard normals by path, a row per replicate."""
    packed: tuple[bytes, ...]
    program: str
    """Hash of the program that the states belong to."""
    history: tuple[Before, ...] | None = None
    """What each replicate did before, if histories were kept."""

    @property
    def replicates(self) -> int:
        """How many."""
        return len(self.packed)

    @property
    def luck(self) -> int:
        """The seed of what is drawn next."""
        return self.info.forks[-1].seed if self.info.forks else self.info.seed

    def changes(self) -> tuple[Change, ...]:
        """All changes under which the run stands, in order."""
        found = list(self.scenario.changes(self.info.policies, self.info.sets))
        before = list(self.info.sets)
        for fork in self.info.forks:
            found += self.scenario.changes_from(date.fromisoformat(fork.date), fork.policies, fork.sets, before)
            before += fork.sets
        return tuple(found)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one file, whole: to a temporary name, then renamed.

        StateError if there is something else of that name, or the scenario's files do not make the scenario again.
        """
        target = free_file(path)
        clear_parts(target)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with zipfile.ZipFile(part, "w") as file:
                self._write(file)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return target

    def _write(self, file: zipfile.ZipFile) -> None:
        head = {
            "posada": "state",
            "format": FORMAT,
            "version": __version__,
            "engine": engine_mark(),
            "program": self.program,
            "day": self.day.isoformat(),
            "info": asdict(self.info),
            "edits": self.scenario.edits,
            "paths": sorted(self.z),
            "replicates": self.replicates,
            "history": None if self.history is None else [len(before.files) for before in self.history],
        }
        put(file, "head.json", json.dumps(head, indent=1, ensure_ascii=False, sort_keys=True).encode())
        with tempfile.TemporaryDirectory() as work:
            copy = Path(work) / "scenario"
            if not keep_scenario(self.scenario, copy):
                raise StateError(f"the run cannot be saved: {NOT_KEPT}")
            for found in sorted(copy.iterdir()):
                put(file, f"scenario/{found.name}", found.read_bytes())
        z = np.column_stack([self.z[path] for path in sorted(self.z)]) if self.z else np.zeros((self.replicates, 0))
        put(file, "z", z.astype("<f8").tobytes())
        for r, packed in enumerate(self.packed):
            put(file, f"state/{r}", packed, zipfile.ZIP_STORED)
        for r, before in enumerate(self.history or ()):
            for path, part in zip((*before.files, before.rest), parts_of(r, len(before.files)), strict=True):
                with path.open("rb") as source, file.open(zipfile.ZipInfo(part, WHEN), "w", force_zip64=True) as to:
                    shutil.copyfileobj(source, to)


def clear_parts(target: Path) -> None:
    """Delete the halves of files that killed processes left beside a file."""
    pattern = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.part")
    for entry in target.parent.iterdir():
        found = pattern.fullmatch(entry.name)
        if found is not None and not is_alive(int(found[1])):
            entry.unlink(missing_ok=True)


def is_alive(process: int) -> bool:
    """Whether a process of this number is there; yes, where that cannot be asked."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def parts_of(replicate: int, files: int) -> list[str]:
    """What the parts of the history of a replicate are called in a saved run."""
    return [*(f"history/{replicate}/{i}" for i in range(files)), f"history/{replicate}/rest"]


def put(file: zipfile.ZipFile, name: str, content: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
    """Write one part."""
    about = zipfile.ZipInfo(name, WHEN)
    about.compress_type = how
    file.writestr(about, content)


def free_file(path: str | os.PathLike[str]) -> Path:
    """A file to which a run may be saved; its parents are made.

    StateError if it is a folder or holds something else; OSError if it cannot be written.
    """
    target = Path(path)
    if target.is_dir():
        raise StateError(f"{target} is a folder; name a file, such as {target / 'state.posada'}")
    if target.exists() and not is_state(target):
        raise StateError(f"{target} is there and is not a saved run of posada; name another file")
    make_parents(target)
    return target


def is_state(path: Path) -> bool:
    """Whether a file is a saved run of some version, or what is left of one."""
    try:
        with path.open("rb") as file:
            return b"head.json" in file.read(64)
    except OSError:
        return False


def open_state(path: str | os.PathLike[str]) -> RunState:
    """Read a saved run; StateError tells why a file is not one that can go on here."""
    place = Path(path)
    if place.is_dir():
        raise StateError(f"{place} is a folder, not a saved run (make one with `posada run --until DATE --save FILE`)")
    content = place.open("rb")
    try:
        with content, zipfile.ZipFile(content) as file:
            return _read(file, place)
    except (zipfile.BadZipFile, zlib.error):
        if is_state(place):
            raise StateError(f"{place} is damaged or was cut off; save the run again") from None
        raise StateError(f"{place} is not a saved run of posada") from None
    except (KeyError, ValueError, TypeError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise StateError(f"{place} is not a saved run of posada ({type(error).__name__}: {error})") from None


def _read(file: zipfile.ZipFile, place: Path) -> RunState:
    """The parts of a file; what is wrong with them is told by `open_state`."""
    head = json.loads(file.read("head.json"))
    if head["posada"] != "state":
        raise ValueError("its head is another's")
    if head["format"] != FORMAT or head["engine"] != engine_mark():
        raise StateError(
            f"{place} was saved by posada {head['version']} with another engine than that of this posada "
            f"({__version__}); a saved run goes on only with the engine that saved it. Run the scenario anew"
        )
    broken = file.testzip()
    if broken is not None:
        raise zipfile.BadZipFile(broken)
    info = info_of(head["info"])
    scenario = scenario_of(file, info.scenario, head["edits"], info.hash, place)
    n, paths = int(head["replicates"]), [str(p) for p in head["paths"]]
    z = np.frombuffer(file.read("z"), "<f8").reshape(n, len(paths))
    packed = tuple(file.read(f"state/{r}") for r in range(n))
    columns = {path: z[:, i].copy() for i, path in enumerate(paths)}
    history = None if head["history"] is None else histories_of(file, [int(files) for files in head["history"]])
    return RunState(scenario, date.fromisoformat(head["day"]), info, columns, packed, str(head["program"]), history)


def histories_of(file: zipfile.ZipFile, files: Sequence[int]) -> tuple[Before, ...]:
    """What replicates did before, copied out of a file to a folder that is gone when the process ends."""
    folder = temporary()
    found = []
    for r, n in enumerate(files):
        paths = [folder / part.replace("/", "-") for part in parts_of(r, n)]
        for part, path in zip(parts_of(r, n), paths, strict=True):
            with file.open(part) as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy)
        found.append(Before(tuple(paths[:-1]), paths[-1]))
    return tuple(found)


def info_of(stated: Mapping[str, Any]) -> RunInfo:
    """What made a run, from JSON."""
    known = {name: stated[name] for name in RunInfo.__dataclass_fields__ if name in stated}
    lists = {"policies": tuple(known["policies"]), "sets": tuple(known["sets"]), "forks": forks_of(known["forks"])}
    return RunInfo(**{**known, **lists})


FOLDERS: dict[str, Path] = {}
"""Folders of scenarios that were read out of files, by a hash of what is in them; gone when the process ends."""


def scenario_of(file: zipfile.ZipFile, name: str, edits: Any, wanted: str, place: Path) -> Scenario:
    """The scenario in a file; its folder is a copy that lives as long as the process."""
    parts = {Path(part).name: file.read(part) for part in file.namelist() if part.startswith("scenario/")}
    key = hashlib.sha256(repr((name, sorted(parts.items()))).encode()).hexdigest()
    if key not in FOLDERS:
        folder = Path(tempfile.mkdtemp(prefix="posada-")) / (Path(name).name or "scenario")
        atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
        folder.mkdir()
        for part, content in parts.items():
            (folder / part).write_bytes(content)
        FOLDERS[key] = folder
    try:
        scenario = load(FOLDERS[key]).edited([tuple(edit) for edit in edits])
    except ScenarioErrors:
        scenario = None
    if scenario is None or scenario.hash != wanted:
        raise StateError(f"the scenario in {place} was changed; save the run again")
    return scenario


def forget() -> None:
    """Delete the folders of scenarios and histories that were read out of files."""
    clear()
    for key in list(FOLDERS):
        shutil.rmtree(FOLDERS.pop(key).parent, ignore_errors=True)
