"""What the page of a result says, worked out once and kept beside the result: a later start shows it at once."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import posada
from posada.words import language, speaking, told
from posada.workspace import Found

KEPT = "app"
"""The folder within a result; all of it can be made again."""


@dataclass(frozen=True)
class Made:
    """The page of a result in one language, as plain data."""

    title: str
    start: str
    end: str
    with_: str
    """Policies and changes, in words; empty for the scenario as stated."""
    replicates: int
    seed: int
    lead: str
    note: str
    leading: list[Any]
    questions: dict[str, list[Any]]
    shelters: list[Any]
    elsewhere: list[str]
    """Shelters that nobody uses, or that take in no families."""
    places_to_sleep: list[Any]
    """Id and name of each shelter and camp."""
    map: str


def kept(run: Found, name: str) -> Path:
    """The file of a thing that is made of a result: of this result, by this posada."""
    return run.folder / KEPT / f"{key_of(run)}-{name}"


def key_of(run: Found) -> str:
    """What changes when the result is made anew, or posada is another one."""
    return hashlib.sha256(f"{program()}:{run.made}".encode()).hexdigest()[:16]


@cache
def program() -> str:
    """This posada: its version, and the files that say how pages are made."""
    home = Path(posada.__file__).parent
    files = [file for room in ("report", "results", "web", "words") for file in sorted((home / room).rglob("*.*"))]
    stamps = [(file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.suffix != ".pyc"]
    return hashlib.sha256(repr((posada.__version__, stamps)).encode()).hexdigest()


def read(run: Found) -> Made | None:
    """The page as it was kept in the language that is spoken; None if there is none."""
    try:
        return Made(**json.loads(kept(run, f"{language()}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def make(run: Found, result: Any) -> Made:
    """Work the page out in the language that is spoken, and keep it."""
    from posada.report import flow_map
    from posada.report.parts import Names, first
    from posada.web import beds

    screen, scenario = first(result), result.scenario
    table, names = result.overflow(), Names(scenario)
    shelters = beds.shelters(result, table)
    seen = {shelter.id for shelter in shelters}
    sleeping = [f for f in scenario.facilities.values() if f.kind in ("beds", "camp")]
    policies = [names.policy(name) for name in result.info.policies]
    found = Made(
        told(scenario.title),
        str(scenario.start),
        str(scenario.end),
        ", ".join((*policies, *result.info.sets)),
        result.replicates,
        result.seed,
        screen.lead,
        screen.note,
        [[id, asdict(answer)] for id, answer in screen.leading],
        {q: [[id, asdict(answer)] for id, answer in some] for q, some in screen.questions.items()},
        [asdict(shelter) for shelter in shelters],
        [beds.label(scenario, f.id) for f in sleeping if f.kind == "beds" and f.id not in seen],
        [[f.id, told(f.name)] for f in sleeping],
        flow_map(result, language(), script="/static/flow-map.js"),
    )
    put(kept(run, "beds.parquet"), table.write_parquet)
    put(kept(run, f"{language()}.json"), lambda file: file.write_text(json.dumps(asdict(found)), encoding="utf-8"))
    return found


def put(target: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole, if the folder can be written; what an earlier posada left is taken away."""
    part = target.with_name(f".{os.getpid()}-{target.name}")
    try:
        target.parent.mkdir(exist_ok=True)
        write(part)
        part.replace(target)
        for file in target.parent.iterdir():
            if not file.name.startswith((".", target.name.partition("-")[0])):
                file.unlink(missing_ok=True)
    except OSError:
        part.unlink(missing_ok=True)


class Making:
    """Makes one thing after the other, apart from the threads that answer; who asks twice gets the same."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="posada-making")
        self._open: dict[tuple[Any, ...], Future[Any]] = {}
        self._lock = Lock()

    def ask(self, what: tuple[Any, ...], make: Callable[[], Any]) -> Future[Any]:
        """Begin something unless it has begun; what it gives is forgotten when it has been asked for."""
        code = language()

        def work() -> Any:
            with speaking(code):
                return make()

        with self._lock:
            if what not in self._open:
                self._open[what] = self._pool.submit(work)
            return self._open[what]

    def forget(self, what: tuple[Any, ...]) -> None:
        """Something was given to who asked for it."""
        with self._lock:
            self._open.pop(what, None)

    def close(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)
