"""Starts the app: the folder, the address, the token and the certificate, then the server until it is ended."""

from __future__ import annotations

import os
import secrets
import socket
import ssl
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from posada.web.app import create_app
from posada.web.settings import Settings, is_loopback, secret_of
from posada.workspace import Workspace

LOCK = ".posada-lock"


def serve(
    folder: str | os.PathLike[str] = ".",
    *,
    host: str = "127.0.0.1",
    port: int = 8800,
    certificate: Path | None = None,
    key: Path | None = None,
    browser: bool = False,
    say: Callable[[str], None] = print,
) -> None:
    """Serve the app of a folder, which is made if it is not there, until the process is told to end.

    It listens to this machine only. With another `host` whoever comes in has to know a token, which is said once; with
    `certificate` and `key` it speaks TLS. OSError if the address is taken, or the folder is served already.
    """
    check_certificate(certificate, key)
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    hold = lock(place)
    listening = listen(host, port)
    token = "" if is_loopback(host) else secrets.token_urlsafe(18)
    settings = Settings(secret_of(place), host, listening.getsockname()[1], token, certificate is not None)
    app = create_app(Workspace(place), settings)
    config = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
        ssl_certfile=None if certificate is None else str(certificate),
        ssl_keyfile=None if key is None else str(key),
    )
    address = settings.address + (f"?token={token}" if token else "")
    say(f"posada is at {address}")
    say("Ctrl-C ends it; what is in the folder stays." if not token else token_words(settings))
    if browser:
        threading.Timer(0.5, webbrowser.open, (address,)).start()
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        os.close(hold)


def check_certificate(certificate: Path | None, key: Path | None) -> None:
    """OSError in words if a certificate and its key cannot be used."""
    if certificate is None:
        return

    def no_password() -> str:
        raise OSError(f"the key {key} is locked by a password; give one that is not")

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, no_password)
    except ssl.SSLError:
        raise OSError(f"{certificate} and {key} are not a certificate and its key, both as PEM") from None


def token_words(settings: Settings) -> str:
    """What whoever opens the app to a network should know."""
    plain = "" if settings.tls else " Without --certificate and --key others on the network can read what is sent."
    return f"Whoever has this address can do all that you can; it is said only here.{plain} Ctrl-C ends it."


def listen(host: str, port: int) -> socket.socket:
    """A socket at an address; OSError in words if it is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise OSError(error.errno, f"cannot listen at {host}:{port} ({error.strerror}); try another --port") from None
    found.listen(128)
    return found


def lock(folder: Path) -> int:
    """Hold a folder for this process, so that no two apps work through one queue. OSError if it is held."""
    number = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        import fcntl
    except ImportError:  # pragma: no cover - Windows
        return number
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(number)
        raise OSError(error.errno, f"{folder} is being served already, by another process") from None
    return number
