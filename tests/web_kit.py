"""The app without a server: a client, forms as a browser sends them, and a queue whose worker need not begin."""

from __future__ import annotations

import re
from pathlib import Path

from starlette.testclient import TestClient

from posada.web.app import create_app
from posada.web.settings import Settings
from posada.workspace import Workspace

SECRET = b"s" * 32


def client(folder: Path, **how) -> TestClient:
    """A client of the app of a folder; its worker is not started, so that what is asked waits."""
    settings = Settings(secret=SECRET, port=8800, **how)
    app = create_app(Workspace(folder), settings)
    app.state.patience = 300.0
    host = "127.0.0.1" if settings.local else settings.host
    return TestClient(app, base_url=f"http://{host}:8800", follow_redirects=False, raise_server_exceptions=True)


def csrf(client: TestClient, address: str = "/") -> str:
    """What the forms of a page carry."""
    return re.search(r'name="csrf" value="(\w+)"', client.get(address).text)[1]


def post(client: TestClient, address: str, **fields):
    """Send a form as a page of the app does."""
    return client.post(address, data={"csrf": csrf(client), **fields})
