"""What was asked: how far it is, as a page and as events, and how to stop it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from posada.web import forecasts, results, telling
from posada.web.asking import Form, OfFolder, OfQueue
from posada.web.pages import page
from posada.web.queue import Queue
from posada.words import language, say, speaking
from posada.workspace import DONE, FAILED, FORECAST, TONIGHT

router = APIRouter()
LOOK = 0.1
"""Seconds between two looks at a job."""
ALIVE = 15.0
"""Seconds after which a word is sent, so that nothing on the way thinks that nobody is there."""


@router.get("/run/{id}")
def run(request: Request, id: str, folder: OfFolder, queue: OfQueue) -> Response:
    """A result or comparison; how far it is while it is being made; why there is none."""
    job, found = queue.job(id), folder.run(id)
    if found is not None and (job is None or job.over):
        return results.shown(request, folder, queue, found, job)
    if job is None:
        raise HTTPException(404, say("app.error.no-run"))
    if job.asked.kind == TONIGHT and job.over and job.state != FAILED:
        return page(request, "tonight.html", job=job)
    if job.asked.kind == FORECAST and job.state == DONE:
        return forecasts.shown(request, folder, queue, job)
    if job.state == DONE:
        job = replace(job, message=say("app.job.gone"))
    return page(request, "progress.html", job=job, told=telling.progress(job, queue), folder=folder)


@router.get("/run/{id}/events")
async def events(request: Request, id: str, queue: OfQueue) -> Response:
    """How far a job is, whenever that changes, until it is over."""
    if queue.job(id) is None:
        raise HTTPException(404, say("app.error.no-run"))
    return StreamingResponse(following(request, id, queue, language()), media_type="text/event-stream")


async def following(request: Request, id: str, queue: Queue, code: str) -> AsyncIterator[str]:
    """The events of a job."""
    last, quiet = "", 0.0
    while not await request.is_disconnected():
        job = queue.job(id)
        if job is None:
            return
        with speaking(code):
            told = json.dumps(telling.progress(job, queue), ensure_ascii=False)
        if told != last:
            yield f"data: {told}\n\n"
            last, quiet = told, 0.0
        if job.over:
            return
        await asyncio.sleep(LOOK)
        quiet += LOOK
        if quiet >= ALIVE:
            yield ": still here\n\n"
            quiet = 0.0


@router.post("/run/{id}/cancel")
def cancel(id: str, queue: OfQueue, form: Form) -> Response:
    """Stop a job; the replicates that are done are kept."""
    if queue.job(id) is None:
        raise HTTPException(404, say("app.error.no-run"))
    queue.cancel(id)
    return RedirectResponse(f"/run/{id}", 303)


@router.post("/run/{id}/again")
def again(id: str, queue: OfQueue, form: Form) -> Response:
    """Ask for the same once more."""
    job = queue.job(id)
    if job is None:
        raise HTTPException(404, say("app.error.no-run"))
    out = job.asked.out if job.asked.kind == TONIGHT else ""
    return RedirectResponse(f"/run/{queue.ask(replace(job.asked, out=out)).id}", 303)
