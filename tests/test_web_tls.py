"""The app for others on the network: over TLS, with the token, as a process of its own."""

from __future__ import annotations

import re
import shutil
import signal
import ssl
import subprocess
import sys
import urllib.request
from http.cookiejar import CookieJar
from urllib.error import HTTPError

import pytest

from posada.web.serving import check_certificate

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl to make a certificate")


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """A certificate for 127.0.0.1 and its key."""
    folder = tmp_path_factory.mktemp("pair")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=posada"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([OPENSSL, *made, *names, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    return certificate, key


def test_it_speaks_tls_and_lets_in_only_who_has_the_token(pair, tmp_path):
    certificate, key = pair
    served = subprocess.Popen(
        [sys.executable, "-m", "posada.cli", "serve", str(tmp_path / "work"), "--host", "0.0.0.0", "--port", "0",
         "--certificate", str(certificate), "--key", str(key)],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        port, token = re.search(r"https://[^:]+:(\d+)/\?token=(\S+)", served.stderr.readline()).groups()
        home, jar = f"https://127.0.0.1:{port}/", CookieJar()
        trusting = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=str(certificate)))
        browser = urllib.request.build_opener(trusting, urllib.request.HTTPCookieProcessor(jar))
        assert browser.open(home).url == f"{home}enter"
        with pytest.raises(HTTPError, match="401"):
            browser.open(urllib.request.Request(f"{home}scenario/shipped/caravan-2018/do", b"action=run"))
        with pytest.raises(HTTPError, match="401"):
            browser.open(f"{home}?token=wrong")
        answer = browser.open(f"{home}?token={token}")
        assert answer.url == home
        assert b"caravan-2018" in answer.read()
        assert all(cookie.secure for cookie in jar if cookie.name.startswith("posada-pass"))
        assert any(cookie.name.startswith("posada-pass") for cookie in jar)
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(timeout=30)
        served.stderr.close()


def test_a_certificate_that_cannot_be_used_is_told_before_anything_is_served(pair):
    certificate, key = pair
    check_certificate(certificate, key)
    with pytest.raises(OSError, match="not a certificate and its key"):
        check_certificate(key, certificate)
    locked = key.with_name("locked.pem")
    made = ["rsa", "-in", key, "-aes128", "-passout", "pass:secret", "-out", locked]
    subprocess.run([OPENSSL, *made], check=True, capture_output=True)
    with pytest.raises(OSError, match="password"):
        check_certificate(certificate, locked)
