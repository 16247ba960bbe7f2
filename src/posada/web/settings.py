"""How the app is served: where, to whom, and the secrets by which it knows its own pages again."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

SECRET = ".posada-secret"
"""A file in the folder of work, readable by its owner only: pages that are open stay good when the app starts anew."""
MOST_BYTES = 22_000_000
"""Of what is sent to the app; a report has 20 MB at most."""


@dataclass(frozen=True)
class Settings:
    """Where the app listens, and who may come in."""

    secret: bytes
    host: str = "127.0.0.1"
    port: int = 8800
    token: str = ""
    """Whoever comes in from elsewhere has to know it; empty on the machine itself."""
    tls: bool = False

    @property
    def local(self) -> bool:
        """Whether it listens to this machine only."""
        return is_loopback(self.host)

    @property
    def address(self) -> str:
        """Where to open it."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        if self.host in ("0.0.0.0", "::"):
            shown = socket.gethostname()
        return f"{'https' if self.tls else 'http'}://{shown}:{self.port}/"

    def cookie(self, what: str) -> str:
        """The name of a cookie: cookies of one machine are shared by its ports."""
        return f"posada-{what}-{self.port}"

    def sign(self, purpose: str, text: str) -> str:
        """What only this app can say of a text."""
        return hmac.new(self.secret, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()

    @property
    def passed(self) -> str:
        """What the cookie of somebody says who has shown the token: it does not tell the token."""
        return self.sign("token", self.token)

    def entry(self) -> str:
        """The cookie of somebody who has shown the token."""
        return self.set_cookie("pass", self.passed)

    def set_cookie(self, what: str, value: str) -> str:
        """A cookie that no script reads, and that goes with no request from another site."""
        secure = "; Secure" if self.tls else ""
        return f"{self.cookie(what)}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000{secure}"

    def is_known_host(self, header: str) -> bool:
        """Whether a `Host` header names this app: pages of strangers get in by names of their own that lead here."""
        name, port = split_host(header)
        if port not in (str(self.port), ""):
            return False
        if self.local:
            return name == "localhost" or is_loopback(name)
        here = socket.gethostname().lower()
        return name in (self.host, "localhost", here, f"{here}.local") or is_address(name)


def split_host(header: str) -> tuple[str, str]:
    """Name and port of a `Host` header."""
    text = header.strip().lower()
    if text.startswith("["):
        name, _, rest = text[1:].partition("]")
        return name, rest.removeprefix(":")
    name, _, port = text.partition(":")
    return name, port


def is_address(name: str) -> bool:
    """Whether a name is an IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Whether a name is this machine itself."""
    return name == "localhost" or (is_address(name) and ipaddress.ip_address(name).is_loopback)


def secret_of(folder: Path) -> bytes:
    """The secret of a folder of work, made at its first start."""
    file = folder / SECRET
    try:
        number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        found = file.read_bytes()
        if len(found) >= 32:
            return found
        number = os.open(file, os.O_TRUNC | os.O_WRONLY, 0o600)
    made = secrets.token_bytes(32)
    with os.fdopen(number, "wb") as out:
        out.write(made)
    return made
