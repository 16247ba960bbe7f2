"""Records of what was asked of the app: one file each, written whole, so that a crash loses nothing that was asked."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from posada.workspace.asked import Asked, asked_of
from posada.workspace.folder import JOBS, RUNS, Workspace, slug

WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
ENDED = (DONE, STOPPED, FAILED)
MOST_TRIES = 2
"""How often something is begun that took the worker down with it."""


@dataclass(frozen=True)
class Job:
    """Something that was asked, and how far it is."""

    id: str
    asked: Asked
    state: str = WAITING
    created: float = 0.0
    ended: float = 0.0
    tries: int = 0
    done: int = 0
    of: int = 0
    message: str = ""
    answer: dict[str, Any] = field(default_factory=dict)
    """What was found, where that is no folder: the lines of a night."""

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self.state in ENDED

    def plain(self) -> dict[str, Any]:
        """The same as plain data for JSON."""
        return asdict(self)


def job_of(plain: Mapping[str, Any]) -> Job:
    """A job, from JSON; TypeError or KeyError if it is none."""
    known = {name: plain[name] for name in Job.__dataclass_fields__ if name in plain}
    return Job(**{**known, "asked": asked_of(plain["asked"])})


class Records:
    """The files of jobs in a folder of work."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._folder = workspace.folder / JOBS

    def add(self, asked: Asked) -> Job:
        """A new job under a name that nothing else has; its result is to be in a folder of that name."""
        self._folder.mkdir(parents=True, exist_ok=True)
        base = slug(asked.scenario.rsplit("/", 1)[-1])
        number = 1
        while True:
            id = f"{base}-{number}"
            number += 1
            if (self._workspace.folder / RUNS / id).exists() or (self._workspace.folder / id).exists():
                continue
            try:
                os.close(os.open(self._folder / f"{id}.json", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))
            except FileExistsError:
                continue
            out = asked.out or f"{RUNS}/{id}"
            job = Job(id, replace(asked, out=out), created=time.time())
            self.write(job)
            return job

    def write(self, job: Job) -> None:
        """Write a record whole: to a temporary name, then renamed."""
        part = self._folder / f".{job.id}.{os.getpid()}.part"
        part.write_text(json.dumps(job.plain(), indent=1, ensure_ascii=False, default=str) + "\n", encoding="utf-8")
        part.replace(self._folder / f"{job.id}.json")

    def read(self) -> list[Job]:
        """All jobs, the newest first; a file that is none is passed over."""
        found = []
        for file in self._folder.glob("*.json") if self._folder.is_dir() else ():
            try:
                job = job_of(json.loads(file.read_text(encoding="utf-8")))
            except (OSError, ValueError, TypeError, KeyError):
                continue
            if job.id == file.stem:
                found.append(job)
        return sorted(found, key=lambda job: (-job.created, job.id))

    def left_over(self) -> list[Job]:
        """What was asked before and has not ended, the oldest first; what took the worker down too often has failed."""
        found = []
        for job in reversed(self.read()):
            if job.over:
                continue
            if job.tries >= MOST_TRIES:
                self.write(replace(job, state=FAILED, ended=time.time(), message="stopped-twice"))
                continue
            found.append(replace(job, state=WAITING, done=0))
        return found
