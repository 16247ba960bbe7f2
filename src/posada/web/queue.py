"""What was asked, done one after the other by a process of its own; every step is written down before it is told."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import replace
from typing import Any

from posada.workspace import ENDED, FAILED, RUNNING, STOPPED, Asked, Job, Records, Workspace

MOST_KEPT = 500
"""Jobs that are held in memory; older ones are in their files."""
RESTING = 2.0
"""Seconds before a worker that could not begin is tried again."""


class Queue:
    """One at a time, in order. All that is asked of it comes from other threads."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._records = Records(workspace)
        self._jobs: dict[str, Job] = {job.id: job for job in self._records.read()[:MOST_KEPT] if job.over}
        self._waiting: deque[str] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._worker: subprocess.Popen[str] | None = None
        self._running: str | None = None
        self._cancelled: str | None = None
        self.ready = False
        self.compiling = False
        for job in self._records.left_over():
            self._put(job)
        self._thread = threading.Thread(target=self._work, name="posada-queue", daemon=True)

    def start(self) -> None:
        """Begin to work; the engine is warmed before anything is asked."""
        self._thread.start()

    def close(self) -> None:
        """Stop at once: what is running begins anew at the next start."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        worker = self._worker
        if worker is not None:
            worker.kill()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        if worker is not None:
            ended(worker)

    def ask(self, asked: Asked) -> Job:
        """Put something at the end of the queue."""
        job = self._records.add(asked)
        with self._changed:
            self._put(job)
            self._changed.notify_all()
        return job

    def job(self, id: str) -> Job | None:
        """A job, as it stands."""
        with self._changed:
            return self._jobs.get(id)

    def jobs(self) -> list[Job]:
        """All jobs, the newest first."""
        with self._changed:
            return sorted(self._jobs.values(), key=lambda job: -job.created)

    def ahead(self, id: str) -> int:
        """How many come before a job that waits."""
        with self._changed:
            before = list(self._waiting).index(id) if id in self._waiting else 0
            return before + (self._running is not None and self._running != id)

    def cancel(self, id: str) -> None:
        """Stop a job: what is done of it is kept, as at Ctrl-C."""
        with self._changed:
            if id in self._waiting:
                self._waiting.remove(id)
                self._set(id, state=STOPPED, ended=time.time(), message="nothing-done")
                self._changed.notify_all()
            elif id == self._running and self._worker is not None:
                self._cancelled = id
                self._worker.send_signal(signal.SIGINT)

    def _put(self, job: Job) -> None:
        self._jobs[job.id] = job
        self._waiting.append(job.id)

    def _set(self, id: str, write: bool = True, **what: Any) -> Job:
        """Change a job; written down unless it is but one step further."""
        job = replace(self._jobs[id], **what)
        if write:
            self._records.write(job)
        self._jobs[id] = job
        return job

    def _work(self) -> None:
        """The thread that hands out the work."""
        while True:
            worker = self._started()
            with self._changed:
                while not self._waiting and not self._closed and worker.poll() is None:
                    self._changed.wait(timeout=1.0)
                if self._closed:
                    return
                if worker.poll() is not None:
                    self._lost()
                    continue
                id = self._waiting.popleft()
                self._running = id
                job = self._set(id, state=RUNNING, tries=self._jobs[id].tries + 1, of=self._jobs[id].asked.replicates)
            self._do(worker, job)

    def _started(self) -> subprocess.Popen[str]:
        """The worker, which is started if there is none, and has told that it is ready."""
        if self._worker is None or self._worker.poll() is not None:
            if self._worker is not None:
                ended(self._worker)
            self._worker = subprocess.Popen(
                [sys.executable, "-m", "posada.web.worker"],
                cwd=self._workspace.folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C in the terminal is the server's
            )
            for told in self._lines(self._worker):
                self.compiling = "compiling" in told
                if "ready" in told:
                    self.ready = True
                    break
        return self._worker

    def _lost(self) -> None:
        """The worker has died; if it never was ready, what waits cannot be done."""
        if not self.ready:
            for id in list(self._waiting):
                self._waiting.remove(id)
                self._set(id, state=FAILED, ended=time.time(), message="no-worker")
            self._changed.wait(timeout=RESTING)
        if self._worker is not None:
            ended(self._worker)
        self._worker, self.ready = None, False

    @staticmethod
    def _lines(worker: subprocess.Popen[str]) -> Any:
        """What the worker tells, until it has ended."""
        assert worker.stdout is not None
        for line in worker.stdout:
            with suppress(ValueError):
                yield json.loads(line)

    def _do(self, worker: subprocess.Popen[str], job: Job) -> None:
        """Hand one job over and follow it to its end."""
        assert worker.stdin is not None
        end: dict[str, Any] = {}
        with suppress(BrokenPipeError):
            worker.stdin.write(json.dumps(job.asked.plain(), ensure_ascii=False) + "\n")
            worker.stdin.flush()
            for told in self._lines(worker):
                if told.get("ended") in ENDED:
                    end = told
                    break
                with self._changed:
                    if self._cancelled == job.id:  # it may have been told so before it had begun
                        worker.send_signal(signal.SIGINT)
                    if "done" in told:
                        self._set(job.id, write=False, done=told["done"], of=told["of"])
                    elif told.keys() & {"compiling", "saving", "preparing"}:
                        self._set(job.id, write=False, message=next(iter(told)))
        with self._changed:
            self._running = None
            if self._closed:
                return
            if end:
                self._set(
                    job.id,
                    state=end["ended"],
                    ended=time.time(),
                    message=end.get("message", ""),
                    answer=end.get("answer", {}),
                )
            else:  # the process has died
                worker.wait()
                self._again_or_failed(job.id)
            self._changed.notify_all()

    def _again_or_failed(self, id: str) -> None:
        """Begin a job anew whose process died, once."""
        from posada.workspace.jobs import MOST_TRIES, WAITING

        if self._jobs[id].tries < MOST_TRIES:
            self._set(id, state=WAITING, done=0)
            self._waiting.appendleft(id)
        else:
            self._set(id, state=FAILED, ended=time.time(), message="stopped-twice")


def ended(worker: subprocess.Popen[str]) -> None:
    """Wait for the end of a worker, and let go of its pipes."""
    worker.wait()
    for pipe in (worker.stdin, worker.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
