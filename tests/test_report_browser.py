"""The report in a real browser: no requests, no errors, nothing wider than a small screen."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

import report_fake as fake
from posada.report import write_report

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.docs, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    without = fake.result(replicates=8, with_group=False, policy="without-the-caravan")
    return write_report(fake.result(replicates=8), tmp_path_factory.mktemp("report") / "report.html", without)


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Path:
    without = fake.result(replicates=8, with_group=False, policy="without-the-caravan")
    return write_report(fake.result(replicates=8), tmp_path_factory.mktemp("informe") / "report.html", without, "es")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1440, "light")])
@pytest.mark.parametrize("language", ["en", "es"])
def test_it_stands_alone_and_fits(
    browser: Any, report: Path, spanish: Path, width: int, scheme: str, language: str
) -> None:
    report = report if language == "en" else spanish
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("figure svg[role=img]:visible").count() == page.locator("figure").count() - 1
    assert page.locator("figure posada-flow-map canvas[role=img]:visible").count() == 1
    assert asked == [report.as_uri()]
    assert said == []
    page.close()


@pytest.mark.parametrize(
    ("width", "scheme", "opened"),
    [(360, "dark", False), pytest.param(1440, "light", True, marks=pytest.mark.prove)],
)
def test_no_fault_of_accessibility_is_found(browser: Any, spanish: Path, width: int, scheme: str, opened: bool) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )  # the checker is a script of its own, which the page's policy would refuse
    page = context.new_page()
    page.goto(spanish.as_uri())
    if opened:
        page.evaluate("document.querySelectorAll('details').forEach(item => { item.open = true })")
    drawings = {"exclude": [["svg"]]}  # each is one picture with a text in its place; they have thousands of parts
    found = axe.Axe().run(page, context=drawings).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    context.close()


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_brief_prints_on_one_sheet(browser: Any, tmp_path: Path, language: str) -> None:
    brief = write_report(fake.result(replicates=8), tmp_path / "brief.html", language=language, brief=True)
    page = browser.new_page()
    page.goto(brief.as_uri())
    for paper in ("A4", "Letter"):
        printed = page.pdf(format=paper, prefer_css_page_size=False)
        assert len(PdfReader(io.BytesIO(printed)).pages) == 1
    page.close()


def test_the_answers_stand_side_by_side_where_there_is_room(browser: Any, report: Path) -> None:
    for width, columns in ((360, 1), (1000, 2)):
        page = browser.new_page(viewport={"width": width, "height": 800})
        page.goto(report.as_uri())
        lefts = page.evaluate(
            "[...document.querySelectorAll('.question')].map(item => item.getBoundingClientRect().left)"
        )
        assert len(set(lefts)) == columns
        page.close()


def test_it_prints(browser: Any, report: Path) -> None:
    page = browser.new_page()
    page.goto(report.as_uri())
    assert page.pdf(format="A4")[:5] == b"%PDF-"
    page.emulate_media(media="print")
    assert page.locator("nav:visible").count() == 0
    assert page.locator(".wide:visible").count() == page.locator("figure").count() - 1
    assert page.locator("posada-flow-map canvas[role=img]:visible").count() == 1
    page.close()
