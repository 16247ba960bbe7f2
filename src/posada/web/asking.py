"""What handlers ask of a request: its folder, its queue, a form that comes from one of our pages, a scenario, a run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData

from posada.web.guard import SAFE, same
from posada.web.pages import csrf_of
from posada.web.queue import Queue
from posada.words import say
from posada.workspace import Found, Place, Workspace

MOST_FIELDS = 3000


async def checked(request: Request) -> AsyncIterator[FormData]:
    """The form that was sent, its files open as long as it is answered; refused unless it is of one of our pages."""
    if request.method in SAFE:
        yield FormData()
        return
    async with request.form(max_files=2, max_fields=MOST_FIELDS, max_part_size=2_000_000) as form:
        carried = form.get("csrf") or ""
        if not isinstance(carried, str) or not same(carried, csrf_of(request)):
            raise HTTPException(403, say("app.error.old-page"))
        yield form


def workspace_of(request: Request) -> Workspace:
    """The folder of work."""
    found: Workspace = request.app.state.workspace
    return found


def queue_of(request: Request) -> Queue:
    """What is asked and done."""
    found: Queue = request.app.state.queue
    return found


def place_of(request: Request, where: str, name: str) -> Place:
    """A scenario by its address; 404 if there is none."""
    found = workspace_of(request).scenario(where, name)
    if found is None:
        raise HTTPException(404, say("app.error.no-scenario"))
    return found


def run_of(request: Request, id: str) -> Found:
    """A result or comparison by its address; 404 if there is none."""
    found = workspace_of(request).run(id)
    if found is None:
        raise HTTPException(404, say("app.error.no-run"))
    return found


Form = Annotated[FormData, Depends(checked)]
OfPlace = Annotated[Place, Depends(place_of)]
OfRun = Annotated[Found, Depends(run_of)]
OfQueue = Annotated[Queue, Depends(queue_of)]
OfFolder = Annotated[Workspace, Depends(workspace_of)]


def loaded(workspace: Workspace, place: Place) -> Any:
    """A scenario with the policies of one's own beside it, read again when a file has changed."""
    files = tuple(workspace.policy_files(place.id))
    return _loaded(place.folder, files, stamp(place.folder, *files))


def stamp(*paths: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells whether files have changed."""
    inner = [file for path in paths for file in ([path] if path.is_file() else sorted(path.iterdir()))]
    return tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in inner if file.is_file())


@lru_cache(maxsize=16)
def _loaded(folder: Path, files: tuple[Path, ...], changed: object) -> Any:
    from posada.scenario import ScenarioErrors, load

    found = load(folder)
    for file in files:
        try:
            found = found.with_policies(file)
        except ScenarioErrors:  # made for another version of the scenario; the page of policies tells it
            continue
    return found


def opened(run: Found) -> Any:
    """A result that is in the folder, kept while it is the same."""
    return _opened(run.folder, run.made)


@lru_cache(maxsize=4)
def _opened(folder: Path, made: float) -> Any:
    from posada.ensemble import open_result

    return open_result(folder)
