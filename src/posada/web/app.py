"""The app: what answers which address. It reads what was asked, calls one function of the package, and shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posada.web import counts, evidence, home, reading, results, runs, scenario
from posada.web.asking import checked
from posada.web.guard import Guard, TooLarge
from posada.web.made import Making
from posada.web.mistakes import bug, mistake
from posada.web.pages import STATIC, Languages, page
from posada.web.queue import Queue
from posada.web.settings import Settings
from posada.words import say
from posada.workspace import Workspace

ROOMS = (home, scenario, runs, results, evidence, reading, counts)


def create_app(workspace: Workspace, settings: Settings) -> FastAPI:
    """The app of a folder of work; its worker lives as long as it does."""
    queue, making = Queue(workspace), Making()

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        queue.start()
        yield
        queue.close()
        making.close()

    app = FastAPI(
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        middleware=[
            Middleware(Guard, settings=settings),
            Middleware(Languages, settings=settings),
            Middleware(Mistakes),
        ],
        dependencies=[Depends(checked)],
    )
    app.state.workspace, app.state.settings, app.state.queue = workspace, settings, queue
    app.state.making, app.state.patience = making, results.PATIENCE
    for room in ROOMS:
        app.include_router(room.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, refused)
    return app


def refused(request: Request, error: Exception) -> Response:
    """What is not there, or cannot be done."""
    assert isinstance(error, HTTPException)
    title = say("app.error.missing" if error.status_code == 404 else "app.error.refused")
    detail = "" if error.detail in ("Not Found", "") else str(error.detail)
    return page(request, "error.html", error.status_code, title=title, detail=detail)


class Mistakes:
    """An error within the app becomes a page: a mistake that the user can mend, or a bug that is ours."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; an answer that has begun cannot be taken back."""
        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            await failed(Request(scope), error)(scope, receive, send)


def failed(request: Request, error: Exception) -> Response:
    """What went wrong, in words."""
    if isinstance(error, TooLarge):
        return PlainTextResponse("This is too large; reports of up to 20 MB are read.", 413)
    told = mistake(error)
    if told:
        return page(request, "error.html", 400, title=say("app.error.refused"), detail=told)
    return page(request, "error.html", 500, title=say("app.error.bug"), detail=bug(error))
