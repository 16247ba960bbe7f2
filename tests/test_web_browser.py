"""The app in a real browser, served by a real process, as a coordinator drives it."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posada.scenario import load
from scenario_base import edited, write

sync_api = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.docs, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
WAIT = 240_000
"""Milliseconds: the engine may have to be compiled first."""
REPORT = "Unas 310 personas llegaron a Tijuana el martes, dijo el gobierno de la ciudad."


class Served:
    """The app of a folder, as a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "posada.cli", "serve", str(folder), "--port", "0"], stderr=subprocess.PIPE, text=True
        )
        assert self.process.stderr is not None
        line = self.process.stderr.readline()
        self.address = re.search(r"http://127\.0\.0\.1:\d+/", line)[0]

    def end(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=30)
        self.process.stderr.close()
        return code


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    sleeps = "    - {id: sleep, wait: {for: 5 days}}\n    - id: decide\n"
    write(folder / "scenarios" / "frontera", edited("scenario.yaml", "    - id: decide\n", sleeps))
    return folder


@pytest.fixture(scope="module")
def served(folder):
    app = Served(folder)
    yield app
    app.end()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, served):
    """A small screen that speaks Spanish; no word in the console, no request that leaves the machine."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="es-MX", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert said == []
    assert all(url.startswith((served.address, "file://", "blob:", "data:")) for url in asked)
    context.close()


def at_ease(page):
    """Nothing is wider than the screen, and axe finds no serious fault."""
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    bad = [(rule["id"], [node["html"][:120] for node in rule["nodes"][:3]]) for rule in serious]
    assert bad == []


def finished(page):
    """Wait until a job is done and its page has come."""
    page.wait_for_selector("progress", state="detached", timeout=WAIT)
    assert page.locator(".problem").count() == 0, page.inner_text("main")


def test_a_coordinator_drives_it(page, served, folder, tmp_path):
    page.goto(served.address)
    assert page.get_attribute("html", "lang") == "es"
    at_ease(page)
    page.click("a.button[href='/scenario/own/frontera']")
    at_ease(page)

    # run it as it is stated, few replicates
    page.click("summary:has-text('Cuántas corridas')")
    page.fill("#replicates", "4")
    page.click("section[aria-labelledby='go'] button[value='run']")
    finished(page)
    result = page.url
    assert "4 corridas" in page.inner_text("main")
    at_ease(page)

    # the date slider of the map
    map_ = page.locator("posada-flow-map")
    slider = map_.locator("input[type='range']").first
    before = slider.get_attribute("aria-valuetext")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") != before

    # when the shelter has no bed for a family
    page.click("#beds .row a >> nth=0")
    assert "Noche" in page.inner_text("table")
    at_ease(page)

    # where a number comes from needs more runs: it says so
    page.goto(result)
    page.click("a.why >> nth=0")
    assert "200" in page.inner_text("main")
    page.goto(f"{result}/not-known")
    at_ease(page)

    # the report, opened without a server
    page.goto(result)
    with page.expect_download() as kept:
        page.click("a[href$='/report.html']")
    report = tmp_path / "informe.html"
    kept.value.save_as(report)
    page.goto(report.as_uri())
    assert page.get_attribute("html", "lang") == "es"
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_gate_is_doubled_and_compared(page, served, folder):
    page.goto(f"{served.address}scenario/own/frontera")
    page.click("summary:has-text('Cuántas corridas')")
    page.fill("#replicates", "4")
    page.click("summary:has-text('Otros números')")
    lever = page.locator("fieldset", has=page.locator("[name='set:quantities.gate_slots']"))
    lever.locator("button[data-times='2']").click()
    assert page.input_value("[name='set:quantities.gate_slots']") == "120"
    assert lever.locator("[data-slider]").input_value() == "120"
    assert "Cambios: 1" in page.inner_text("[data-changed]")
    page.click("[data-changed] button[value='compare']")
    finished(page)
    assert "A dónde se movió la fila" in page.inner_text("main")
    assert page.locator(".moved li").count() > 0
    at_ease(page)
    (file,) = (folder / "policies" / "frontera").glob("*.yaml")
    policy = load(folder / "scenarios" / "frontera").with_policies(file).policies[file.stem]
    assert policy.changes[0].number.fixed == 120


def test_a_report_is_read_a_claim_accepted_and_a_count_moves_the_forecast(page, served, folder):
    home = f"{served.address}scenario/own/frontera"
    page.goto(f"{home}/read")
    at_ease(page)
    page.fill("#text", REPORT)
    page.fill("#date", "2018-05-02")
    page.click("main button.button")
    assert "310" in page.inner_text("mark")
    at_ease(page)
    page.click("label:has-text('Aceptar')")
    page.click("form button.button")
    assert page.locator(".good").count() == 1
    assert any(claim.value == 310 for claim in load(folder / "scenarios" / "frontera").evidence.values())
    page.goto(f"{home}/evidence")
    at_ease(page)

    def forecast(day):
        page.goto(f"{home}/counts")
        at_ease(page)
        page.fill("#issued", day)
        page.fill("#replicates", "20")
        page.click("form[action$='forecast'] button")
        finished(page)
        at_ease(page)

    def count(day, people):
        page.goto(f"{home}/counts")
        page.select_option("#series", "present:tijuana")
        page.fill("#to", day)
        page.fill("#value", people)
        page.click("form[action$='counts'] button.button")
        assert page.locator(".good").count() >= 1

    count("2018-04-05", "500")
    forecast("2018-04-06")
    count("2018-04-06", "1100")
    forecast("2018-04-06")
    table = page.locator("section", has_text="Personas en Tijuana").locator("tbody tr").first
    now, before = (table.locator("td").nth(i).inner_text() for i in (0, 1))
    assert now != before

