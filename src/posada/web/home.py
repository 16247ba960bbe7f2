"""The first page, the language, and the door for those who come from elsewhere."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from posada.web import telling
from posada.web.asking import Form, OfFolder, OfQueue
from posada.web.guard import same
from posada.web.pages import field, language_cookie, page
from posada.words import LANGUAGES

router = APIRouter()


@router.get("/")
def home(request: Request, folder: OfFolder, queue: OfQueue) -> Response:
    """Scenarios and runs."""
    return page(
        request,
        "home.html",
        scenarios=[telling.scenario_card(place) for place in folder.scenarios()],
        rows=telling.rows(folder, queue),
        queue=queue,
    )


@router.post("/language")
def choose_language(request: Request, form: Form) -> Response:
    """Remember a language and go back to the page."""
    code, back = field(form, "language"), field(form, "back")
    inside = back.startswith("/") and not back.startswith(("//", "/\\"))
    response = RedirectResponse(back if inside else "/", 303)
    if code in LANGUAGES:
        response.headers.append("set-cookie", language_cookie(request.app.state.settings, code))
    return response


@router.get("/enter")
def door(request: Request, wrong: str = "") -> Response:
    """Ask for the token."""
    return page(request, "enter.html", 401 if wrong else 200, wrong=bool(wrong))


@router.post("/enter")
def enter(request: Request, form: Form) -> Response:
    """Let in whoever knows the token."""
    settings = request.app.state.settings
    if not settings.token or not same(field(form, "token"), settings.token):
        return RedirectResponse("/enter?wrong=1", 303)
    response = RedirectResponse("/", 303)
    response.headers.append("set-cookie", settings.entry())
    return response
