"""Who is let in, and what their browser may do: every request and every answer passes here."""

from __future__ import annotations

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from posada.web.settings import MOST_BYTES, Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: what comes from here, and no script or style that stands in the page."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
SAFE = ("GET", "HEAD")
OPEN = ("/static/", "/enter", "/language")
"""What is shown before the token is known."""


class Guard:
    """The host, the size, the origin and the token, in this order; then the app; then the headers of its answer."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or say why not."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        session = self._session(headers)
        new = not session
        scope.setdefault("state", {})["session"] = session = session or secrets.token_urlsafe(24)
        refused = self._refused(scope, headers)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    found.setdefault(name, value)
                if new and not refused:
                    found.append("set-cookie", self._settings.set_cookie("session", session))
            await send(message)

        if refused is not None:
            await refused(scope, receive, answer)
            return
        await self._app(scope, limited(receive), answer)

    def _refused(self, scope: Scope, headers: Headers) -> Response | None:
        """Why a request does not pass; None if it does."""
        if not self._settings.is_known_host(headers.get("host", "")):
            return PlainTextResponse("This address is not that of the app.", 421)
        if scope["method"] not in (*SAFE, "POST"):
            return PlainTextResponse("There is no such method.", 405)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MOST_BYTES:
            return PlainTextResponse("This is too large; reports of up to 20 MB are read.", 413)
        if scope["method"] not in SAFE and not self._is_own(headers):
            return PlainTextResponse("This was sent from a page of another site.", 403)
        return self._stopped_at_the_door(scope, headers)

    def _is_own(self, headers: Headers) -> bool:
        """Whether what is sent comes from a page of the app."""
        origin = headers.get("origin")
        if origin is not None:
            return origin != "null" and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
        return headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")

    def _stopped_at_the_door(self, scope: Scope, headers: Headers) -> Response | None:
        """Without the token nobody comes in from elsewhere; whoever brings it in the address gets a cookie for it."""
        if not self._settings.token:
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"))
        brought = query.pop("token", [""])[0]
        if brought and scope["method"] in SAFE:
            if not same(brought, self._settings.token):
                return RedirectResponse("/enter?wrong=1", 303)
            rest = urlencode(query, doseq=True)
            here = "/" + scope["path"].lstrip("/\\")
            response = RedirectResponse(f"{here}?{rest}" if rest else here, 303)
            response.headers.append("set-cookie", self._settings.entry())
            return response
        known = same(cookies(headers).get(self._settings.cookie("pass"), ""), self._settings.passed)
        if known or any(scope["path"].startswith(path) for path in OPEN):
            return None
        return RedirectResponse("/enter", 303) if scope["method"] in SAFE else PlainTextResponse("Not let in.", 401)

    def _session(self, headers: Headers) -> str:
        """The session that a browser tells, if it can be one."""
        found = cookies(headers).get(self._settings.cookie("session"), "")
        return found if 20 <= len(found) <= 64 and found.replace("-", "").replace("_", "").isalnum() else ""


def limited(receive: Receive) -> Receive:
    """What is sent without its length is counted as it comes."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BYTES:
            raise TooLarge
        return message

    return counted


class TooLarge(Exception):
    """More was sent than is read."""


def cookies(headers: Headers) -> dict[str, str]:
    """The cookies of a request; none if they cannot be read."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def same(one: str, other: str) -> bool:
    """Whether two texts are the same, told in a time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
