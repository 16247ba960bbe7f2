"""Pages: templates filled in, in the language of the request; every text from outside is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import jinja2
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from posada import __version__
from posada.web import telling
from posada.web.guard import cookies
from posada.web.settings import Settings
from posada.words import DEFAULT, LANGUAGES, language, say, speaking, told

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@cache
def environment() -> jinja2.Environment:
    """The templates; a name that is not filled in is an error."""
    found = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(t=phrase, told=told, languages=LANGUAGES, version=__version__, telling=telling)
    found.filters["number"] = plain_number
    return found


class Figure(float):
    """A number that stands in a page as figures, where a report would spell it."""

    def __format__(self, spec: str) -> str:
        return f"{int(self):,}"


def phrase(key: str, **values: Any) -> str:
    """A phrase of the catalogue, with figures."""
    return say(key, **{name: Figure(v) if name == "n" and type(v) is int else v for name, v in values.items()})


def plain_number(value: float) -> str:
    """A number without decimals that say nothing."""
    return f"{value:.10g}"


def page(request: Request, template: str, status: int = 200, **about: Any) -> HTMLResponse:
    """A template filled in, as an answer."""
    settings: Settings = request.app.state.settings
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    text = (
        environment()
        .get_template(template)
        .render(
            csrf=csrf_of(request), language=language(), here=address, path=request.url.path, settings=settings, **about
        )
    )
    return HTMLResponse(text, status)


def csrf_of(request: Request) -> str:
    """What a form of this browser carries, which pages of other sites cannot know."""
    settings: Settings = request.app.state.settings
    return settings.sign("form", request.state.session)


class Languages:
    """Each request is answered in the language that was chosen, or that the browser asks for."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in a language."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with speaking(wanted(Headers(scope=scope), self._settings.cookie("language"))):
            await self._app(scope, receive, send)


def wanted(headers: Headers, cookie: str) -> str:
    """The language of the cookie, else the first of the browser's that there is, else English."""
    chosen = cookies(headers).get(cookie, "")
    if chosen in LANGUAGES:
        return chosen
    asked = []
    for part in headers.get("accept-language", "").split(","):
        name, _, weight = part.partition(";q=")
        try:
            asked.append((-float(weight or 1.0), name.strip()[:2].lower()))
        except ValueError:
            continue
    return next((name for _, name in sorted(asked, key=lambda found: found[0]) if name in LANGUAGES), DEFAULT)


def language_cookie(settings: Settings, code: str) -> str:
    """The cookie that remembers a language."""
    jar: SimpleCookie = SimpleCookie()
    name = settings.cookie("language")
    jar[name] = code
    jar[name].update({"path": "/", "max-age": "31536000", "samesite": "Lax"})
    return jar[name].OutputString()


def field(form: Mapping[str, Any], name: str) -> str:
    """A field of a form as text without space around it; empty if there is none."""
    found = form.get(name)
    return found.strip() if isinstance(found, str) else ""
