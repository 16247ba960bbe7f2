"""What pages tell of scenarios, runs and jobs: short facts, and how far something is."""

from __future__ import annotations

import csv
import time
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from posada.web.queue import Queue
from posada.words import DEFAULT, LANGUAGES, Told, can_say, say, told
from posada.workspace import COMPARE, RUNNING, TONIGHT, WAITING, Asked, Found, Job, Place, Workspace

MOST_ROWS = 100
WORDS = "words.csv"


@dataclass(frozen=True)
class Card:
    """A scenario in a few words."""

    place: Place
    title: Any
    summary: Any
    period: str
    problem: str = ""

    @property
    def address(self) -> str:
        """Its page."""
        return f"/scenario/{self.place.home}/{self.place.id}"


def scenario_card(place: Place) -> Card:
    """A scenario in a few words, from its file alone."""
    files = [place.folder / "scenario.yaml", place.folder / WORDS]
    head = _head(*files, *(file.stat().st_mtime_ns if file.exists() else 0 for file in files))
    return Card(place, head.get("title") or place.id, head.get("summary", ""), head.get("period", ""))


@lru_cache(maxsize=64)
def _head(file: Path, words: Path, changed: int, further: int) -> dict[str, Any]:
    """Title, summary and period of a scenario: the lines at its top, so that the first page need not read it all."""
    import yaml

    lines = []
    for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
        if line.startswith(("groups:", "facilities:", "pathways:", "quantities:", "modes:", "attributes:")):
            break
        lines.append(line)
    try:
        found = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError:
        return {}
    if not isinstance(found, dict):
        return {}
    texts = {key: in_languages(found.get(key) or "", words) for key in ("title", "summary")}
    return {**texts, "period": f"{found.get('start', '')} – {found.get('end', '')}"}


def in_languages(text: Any, words: Path) -> str:
    """A text of a scenario, which may be given in several languages, there or in the file of words."""
    if isinstance(text, dict) and text:
        return Told({str(code): str(part) for code, part in text.items()})
    try:
        with words.open(encoding="utf-8-sig", newline="") as file:
            row = next((row for row in csv.DictReader(file) if row.get("text") == str(text)), {})
    except (OSError, ValueError, csv.Error):  # the page of the scenario tells what is wrong with it
        row = {}
    said = {code: word for code in LANGUAGES if (word := row.get(code))}
    return Told({DEFAULT: str(text), **said}) if said else str(text)


@dataclass(frozen=True)
class Row:
    """A run, comparison or open job in a list."""

    id: str
    kind: str
    state: str
    scenario: str
    policy: str
    replicates: int
    when: float
    job: Job | None
    called: str = ""
    """The title of the scenario, as far as it is there."""

    @property
    def address(self) -> str:
        """Its page."""
        return f"/run/{self.id}"

    @property
    def title(self) -> str:
        """What it is, in words."""
        return say(f"app.kind.{self.kind}")


def rows(folder: Workspace, queue: Queue) -> list[Row]:
    """Runs, comparisons and open jobs, the newest first."""
    jobs = {job.id: job for job in queue.jobs() if job.asked.kind != TONIGHT}
    found = [row_of_run(run, jobs.pop(run.id, None)) for run in folder.runs()]
    found += [row_of_job(job) for job in jobs.values()]
    titles = {place.id: told(scenario_card(place).title) for place in folder.scenarios()}
    shown = sorted(found, key=lambda row: -row.when)[:MOST_ROWS]
    return [replace(row, called=titles.get(row.scenario, row.scenario)) for row in shown]


def row_of_run(run: Found, job: Job | None) -> Row:
    """A result or comparison in a list."""
    head = run.head()
    policies = head.get("policies", [])
    changes = [*policies, *head.get("sets", [])]
    state = job.state if job is not None and job.over else "done"
    return Row(run.id, run.kind, state, str(head.get("scenario", "")), ", ".join(map(str, changes)),
               int(head.get("replicates", 0)), run.made, job)  # fmt: skip


def row_of_job(job: Job) -> Row:
    """What was asked and has no folder yet."""
    asked = job.asked
    return Row(job.id, kind_of(asked), job.state, asked.scenario.rsplit("/", 1)[-1],
               ", ".join((*asked.policies, *asked.sets)), asked.replicates, job.created, job)  # fmt: skip


def kind_of(asked: Asked) -> str:
    """What a job makes."""
    return "comparison" if asked.kind == COMPARE else asked.kind


def progress(job: Job, queue: Queue) -> dict[str, Any]:
    """How far a job is, for its page and for events."""
    share = job.done / job.of if job.of else 0.0
    return {"id": job.id, "state": job.state, "share": round(share, 4), "text": words(job, queue), "over": job.over}


def words(job: Job, queue: Queue) -> str:
    """How far a job is, in words."""
    if job.state == WAITING:
        ahead = queue.ahead(job.id)
        if ahead:
            return say("app.job.waiting", n=ahead)
        return say("app.job.compiling" if queue.compiling else "app.job.starting")
    if job.state == RUNNING:
        if job.message == "compiling" and not job.done:
            return say("app.job.compiling")
        if job.message in ("saving", "preparing"):
            return say(f"app.job.{job.message}")
        return say("app.job.reading") if not job.done else say("app.job.running", done=job.done, of=job.of)
    key = f"app.job.{job.message}"
    if job.message and can_say(key):
        return say(key)
    return say(f"app.job.{job.state}")


def ago(when: float) -> str:
    """How long ago, in words."""
    seconds = max(0.0, time.time() - when)
    for unit, length in (("days", 86400.0), ("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= length:
            return say(f"app.ago.{unit}", n=int(seconds // length))
    return say("app.ago.now")
