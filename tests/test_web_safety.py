"""The app lets in nobody whom it should not, and shows nothing that it should not."""

from __future__ import annotations

import os
import re
import stat

import pytest

from posada.web.guard import POLICY
from posada.web.settings import MOST_BYTES, SECRET, Settings, secret_of
from scenario_base import YAML, edited, write
from web_kit import client, csrf, post

OWN = "/scenario/own/small"
PAGES = ("/", OWN, f"{OWN}/evidence", f"{OWN}/read", f"{OWN}/counts", "/no-such-page", "/enter")
POSTS = (f"{OWN}/do", f"{OWN}/read", f"{OWN}/counts", f"{OWN}/counts/forecast", f"{OWN}/review/x", "/language",
         "/enter", "/run/x/cancel", "/run/x/again", "/run/x/tonight")  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "scenarios" / "small")
    return tmp_path


@pytest.fixture
def app(folder):
    return client(folder)


@pytest.mark.parametrize("address", [*PAGES, "/static/app.js", "/static/app.css", "/static/flow-map.js"])
def test_every_answer_has_a_strict_policy(app, address):
    answer = app.get(address)
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_a_script_a_style_or_a_handler_of_its_own_or_names_another_site(app, address):
    text = app.get(address).text
    assert not re.search(r"<style|style=|\son\w+=|javascript:", text)
    assert all('src="/static/' in tag for tag in re.findall(r"<script[^>]*>", text))
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', re.sub(r"<a [^>]*noreferrer[^>]*>", "", text))


@pytest.mark.parametrize("address", POSTS)
def test_nothing_is_done_for_a_page_of_another_site(app, folder, address):
    before = sorted(folder.rglob("*"))
    own = csrf(app)
    assert app.post(address, data={"action": "run"}).status_code == 403
    assert app.post(address, data={"csrf": "0" * 64, "action": "run"}).status_code == 403
    for origin in ("https://elsewhere.org", "http://127.0.0.1:9999", "null", "http://localhost:8800.evil.org"):
        answer = app.post(address, data={"csrf": own, "action": "run"}, headers={"origin": origin})
        assert answer.status_code == 403
    answer = app.post(address, data={"csrf": own, "action": "run"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert sorted(folder.rglob("*")) == before


def test_what_a_form_carries_belongs_to_one_browser(folder):
    one, other = client(folder), client(folder)
    carried = csrf(one)
    csrf(other)
    assert other.post("/language", data={"csrf": carried, "language": "es"}).status_code == 403
    assert one.post("/language", data={"csrf": carried, "language": "es"}).status_code == 303


STRANGE = ["elsewhere.org", "elsewhere.org:8800", "127.0.0.1:9999", "127.0.0.1.evil.org:8800", ""]


@pytest.mark.parametrize("host", STRANGE)
def test_a_name_of_elsewhere_that_leads_here_is_refused(app, host):
    assert app.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8800", "localhost:8800", "[::1]:8800"])
def test_the_names_of_this_machine_are_known(app, host):
    assert app.get("/", headers={"host": host}).status_code == 200


def test_from_elsewhere_nobody_comes_in_without_the_token(folder):
    app = client(folder, host="192.0.2.7", token="the-token")
    assert app.get("/").headers["location"] == "/enter"
    assert app.get(OWN).status_code == 303
    assert app.get("/static/app.css").status_code == 200
    assert app.post(f"{OWN}/do", data={"action": "run"}).status_code == 401
    assert app.get("/?token=another").headers["location"] == "/enter?wrong=1"
    entered = app.get(f"{OWN}?token=the-token&saved=x")
    assert entered.headers["location"] == f"{OWN}?saved=x"
    cookie = entered.headers.get_list("set-cookie")[0]
    assert "the-token" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert app.get(OWN).status_code == 200


def test_the_token_can_be_written_at_the_door(folder):
    app = client(folder, host="192.0.2.7", token="the-token")
    assert post_at_the_door(app, "wrong").headers["location"] == "/enter?wrong=1"
    assert app.get("/").status_code == 303
    assert post_at_the_door(app, "the-token").headers["location"] == "/"
    assert app.get("/").status_code == 200


def post_at_the_door(app, token):
    return app.post("/enter", data={"csrf": csrf(app, "/enter"), "token": token})


def test_a_token_in_the_address_leads_to_no_other_site(folder):
    app = client(folder, host="192.0.2.7", token="the-token")
    for path in ("//evil.org/", "///evil.org", "/%2fevil.org"):
        where = app.get(f"http://192.0.2.7:8800{path}?token=the-token").headers.get("location", "/")
        assert where.startswith("/")
        assert not where.startswith(("//", "/\\"))


def test_over_tls_cookies_are_secure(folder):
    app = client(folder, tls=True)
    assert "Secure" in app.get("/").headers["set-cookie"]
    assert "Secure" not in client(folder).get("/").headers["set-cookie"]


def test_what_is_too_large_is_refused_before_it_is_read(app):
    answer = app.post(f"{OWN}/read", content=b"", headers={"content-length": str(MOST_BYTES + 1)})
    assert answer.status_code == 413
    carried = csrf(app)

    def endless():
        yield f"csrf={carried}&text=".encode()
        for _ in range(MOST_BYTES // 1_000_000 + 2):
            yield b"x" * 1_000_000

    answer = app.post(f"{OWN}/read", content=endless(),
                      headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code in (400, 413)


@pytest.mark.parametrize(
    "address",
    [
        "/scenario/own/..%2f..%2fetc",
        "/scenario/own/%2fetc",
        "/scenario/elsewhere/small",
        "/run/%2e%2e/scenario.zip",
        "/run/..%2f..%2fsecret/tables/stocks.csv",
        f"{OWN}/review/..%2f..%2fsecret",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fsettings.py",
        "/run/secret",
    ],
)
def test_no_address_leads_out_of_the_folder(app, folder, address):
    write(folder.parent / "secret")
    (folder.parent / "secret" / "run.json").write_text("{}")
    (folder / "runs").mkdir()
    os.symlink(folder.parent / "secret", folder / "runs" / "secret")
    answer = app.get(address)
    assert answer.status_code in (404, 400), answer.text
    assert "small border town" not in answer.text


SCRIPT = "<script>alert(1)</script>"


def test_a_text_of_a_scenario_is_never_a_script(folder):
    changed = edited("scenario.yaml", "title: A small border town", f"title: '{SCRIPT}'\nsummary: '{SCRIPT}'")
    text = changed["scenario.yaml"].replace("Twice the slots", SCRIPT).replace('"nobody counted"', f'"{SCRIPT}"')
    assert text.count(SCRIPT) == 4
    assert text != YAML
    write(folder / "scenarios" / "small", {"scenario.yaml": text})
    evidence = (folder / "scenarios" / "small" / "evidence.csv").read_text().replace("CBP", SCRIPT)
    (folder / "scenarios" / "small" / "evidence.csv").write_text(evidence)
    app = client(folder)
    for address in ("/", OWN, f"{OWN}/evidence", f"{OWN}/counts"):
        page = app.get(address)
        assert page.status_code == 200, page.text
        assert SCRIPT not in page.text
    assert "&lt;script&gt;alert(1)" in app.get(OWN).text
    report = f"About 120 people {SCRIPT} arrived in Tijuana."
    answer = post(app, f"{OWN}/read", text=report, date="2018-04-25", title=SCRIPT)
    assert SCRIPT not in app.get(answer.headers["location"]).text
    assert SCRIPT not in app.get(f"/scenario/own/{SCRIPT}").text


def test_a_link_to_a_source_is_one_of_the_web_or_none(folder):
    ledger = folder / "scenarios" / "small" / "evidence.csv"
    head, first, *rest = ledger.read_text().splitlines()
    ledger.write_text("\n".join([f"{head},address", f"{first},javascript:alert(1)", *rest, ""]))
    assert 'href="javascript' not in client(folder).get(f"{OWN}/evidence").text


def test_the_secret_of_a_folder_is_for_its_owner(tmp_path):
    made = secret_of(tmp_path)
    assert len(made) == 32
    assert secret_of(tmp_path) == made
    assert stat.S_IMODE((tmp_path / SECRET).stat().st_mode) == 0o600


def test_only_loopback_is_local():
    assert Settings(b"x").local
    assert Settings(b"x", host="::1").local
    assert not Settings(b"x", host="0.0.0.0").local
    assert not Settings(b"x", host="192.0.2.7").local


def test_no_method_but_those_of_pages_and_no_machine_description(app):
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert app.request(method, "/").status_code == 405
    for address in ("/docs", "/redoc", "/openapi.json"):
        assert app.get(address).status_code == 404
