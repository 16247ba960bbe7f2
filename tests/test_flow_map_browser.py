"""The flow map in a real browser: driven by keys and by hand, told in words, under a strict policy, on paper."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import report_fake as fake
from posada.report import flow_map, flow_map_csp

sync_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.docs, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]

MAP = "document.querySelector('posada-flow-map')"
INSIDE = f"{MAP}.shadowRoot"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def walking() -> fake.FakeResult:
    """The made-up group, counted on its way along each link."""
    result = fake.result(replicates=8)
    rows = []
    for (start, (_, _, _, when, stay)), (end, *_) in itertools.pairwise(list(fake.STOPS.items())[:-1]):
        day = fake.START + timedelta(when + stay)
        for r in range(8):
            rows.append((r, "", day, day + timedelta(1), f"{start}-{end}", "travelled", "all", "all", 800 + 10 * r, 9))
    more = pl.DataFrame(rows, schema=fake.SCHEMAS["flows"], orient="row")
    return fake.result(replicates=8, flows=pl.concat([result.flows, more]))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder, result = tmp_path_factory.mktemp("map"), walking()
    found = {}
    for language in ("en", "es"):
        policy = f"default-src 'none'; script-src {flow_map_csp()}"
        found[language] = folder / f"{language}.html"
        found[language].write_text(
            f'<!DOCTYPE html><html lang="{language}"><meta charset="utf-8"><title>map</title>'
            f'<meta name="viewport" content="width=device-width"><meta http-equiv="Content-Security-Policy" '
            f'content="{policy}">{flow_map(result, language)}</html>',
            encoding="utf-8",
        )
    return found


@pytest.fixture
def shown(browser: Any, pages: dict[str, Path]) -> Iterator[Callable[..., Any]]:
    """Opens the map; at the end nothing may have been asked for or complained of."""
    opened: list[Any] = []
    asked: list[str] = []
    said: list[str] = []

    def show(language: str = "en", width: int = 1000, **more: Any) -> Any:
        page = browser.new_page(viewport={"width": width, "height": 900}, **more)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(pages[language].as_uri())
        until(page, f"!!{MAP}?.data && {INSIDE}.querySelector('.said').textContent !== ''")
        opened.append(page)
        return page

    yield show
    assert said == []
    assert {Path(address).suffix for address in asked} == {".html"}
    for page in opened:
        page.close()


def until(page: Any, expression: str) -> None:
    """Wait until an expression is true; the page's policy forbids the browser's own way."""
    for _ in range(400):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(25)
    raise AssertionError(f"never came true: {expression}")


def told(page: Any) -> str:
    return str(page.locator(".said").inner_text())


def painted(page: Any) -> str:
    return str(page.evaluate(f"{INSIDE}.querySelector('.stage canvas').toDataURL()"))


def test_the_slider_and_its_arrows_change_date_words_and_picture(shown: Callable[..., Any]) -> None:
    page = shown()
    assert told(page).startswith("25 March 2018. At Tapachula: about ")
    before = painted(page)
    page.locator("input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{MAP}.date") == "2018-03-27"
    assert told(page).startswith("27 March 2018.")
    assert "Came from Tapachula to Huixtla: about 840 (800 to 870)." in told(page)
    assert page.locator("input[type=range]").get_attribute("aria-valuetext") == "27 March 2018"
    assert "27 March 2018" in page.locator(".stage canvas").get_attribute("aria-label")
    assert painted(page) != before
    page.keyboard.press("End")
    assert page.evaluate(f"{MAP}.date") == "2018-05-23"


def test_space_plays_and_pauses_and_words_keep_quiet_meanwhile(shown: Callable[..., Any]) -> None:
    page = shown()
    page.locator(".stage").focus()
    assert page.locator(".said").get_attribute("aria-live") == "polite"
    page.keyboard.press("Space")
    assert page.evaluate(f"{MAP}.playing") is True
    assert page.locator(".said").get_attribute("aria-live") == "off"
    until(page, f"{MAP}.date > '2018-03-25'")
    page.keyboard.press("Space")
    assert page.evaluate(f"{MAP}.playing") is False
    assert page.locator(".said").get_attribute("aria-live") == "polite"
    date = page.evaluate(f"{MAP}.date")
    page.keyboard.press(",")
    assert page.evaluate(f"{MAP}.date") < date
    frames = page.evaluate(
        f"new Promise(done => {{ const map = {MAP}; map.play(); const first = map.frames;"
        "setTimeout(() => { map.pause(); done(map.frames - first) }, 1500) })"
    )
    assert frames > 5  # some 30 a second on an idle machine without a graphics card


def test_keys_move_and_zoom_the_map(shown: Callable[..., Any]) -> None:
    page = shown(reduced_motion="reduce")
    page.locator(".stage").focus()
    whole = painted(page)
    seen = [whole]
    for key in ("+", "ArrowRight", "ArrowDown", "-"):
        page.keyboard.press(key)
        assert painted(page) not in seen
        seen.append(painted(page))
    page.keyboard.press("0")
    assert painted(page) == whole
    page.keyboard.press("f")
    assert page.locator("[data-do=follow]").get_attribute("aria-pressed") == "true"
    assert painted(page) != whole


def test_tab_goes_through_the_places_and_enter_tells_their_numbers(shown: Callable[..., Any]) -> None:
    page = shown()
    page.evaluate(f"{MAP}.date = '2018-05-01'")
    page.evaluate(f"window.chosen = []; {MAP}.addEventListener('posada-place', event => chosen.push(event.detail.id))")
    page.locator("select").focus()
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(f"{INSIDE}.activeElement?.firstChild?.textContent ?? ''"))
    assert {"Tijuana", "San Ysidro"} <= set(reached)
    page.locator(".row[data-place]", has_text="Tijuana").focus()
    page.keyboard.press("Enter")
    more = page.locator(".more:visible")
    assert "Shelter Juventud 2000: places taken" in more.inner_text()
    assert more.locator("svg .band").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".more:visible").count() == 0
    assert page.evaluate("chosen") == ["tijuana", None]


def test_a_click_on_a_place_chooses_it(shown: Callable[..., Any]) -> None:
    page = shown(reduced_motion="reduce")
    page.evaluate(f"{MAP}.date = '2018-04-24'")
    box = page.locator(".stage canvas").bounding_box()
    found = []
    page.evaluate(f"window.chosen = []; {MAP}.addEventListener('posada-place', event => chosen.push(event.detail.id))")
    for across, down in itertools.product(range(12), range(8)):
        page.mouse.click(box["x"] + box["width"] * (across + 0.5) / 12, box["y"] + box["height"] * (down + 0.5) / 8)
    found = {item for item in page.evaluate("chosen") if item}
    assert len(found) >= 3
    assert found <= set(fake.STOPS)


def test_less_motion_steps_from_date_to_date(shown: Callable[..., Any]) -> None:
    page = shown(reduced_motion="reduce")
    page.locator("select").select_option("4")
    page.evaluate(f"{MAP}.play()")
    still = painted(page)
    until(page, f"{MAP}.date === '2018-03-26'")
    assert painted(page) != still
    page.evaluate(f"{MAP}.pause()")


@pytest.mark.parametrize("width", [360, 768, 1440])
def test_it_fits_and_is_dark_where_asked(shown: Callable[..., Any], width: int) -> None:
    page = shown("es", width, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert told(page).startswith("25 de marzo de 2018. En Tapachula: unas ")
    corner = f"[...{INSIDE}.querySelector('.stage canvas').getContext('2d').getImageData(2, 2, 1, 1).data]"
    assert max(page.evaluate(corner)[:3]) < 100
    page.evaluate(f"{MAP}.setAttribute('theme', 'light')")
    assert min(page.evaluate(corner)[:3]) > 150
    page.evaluate(f"{MAP}.removeAttribute('theme')")
    page.set_viewport_size({"width": 500, "height": 700})
    until(page, f"{INSIDE}.querySelector('.stage canvas').clientWidth < 500")
    assert page.evaluate("document.documentElement.scrollWidth") <= 500


def test_on_paper_it_is_a_still_of_a_busy_day_in_black_on_white(shown: Callable[..., Any]) -> None:
    page = shown(color_scheme="dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(f"{MAP}.date") > "2018-04-20"
    corner = f"[...{INSIDE}.querySelector('.stage canvas').getContext('2d').getImageData(2, 2, 1, 1).data]"
    assert min(page.evaluate(corner)[:3]) >= 240
    page.emulate_media(media="print")
    assert page.locator(".time:visible, .zoom:visible").count() == 0
    assert page.evaluate(f"getComputedStyle({INSIDE}.querySelector('.said')).color") == "rgb(0, 0, 0)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(f"{MAP}.date") == "2018-03-25"
    assert page.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(shown: Callable[..., Any], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = shown(color_scheme=scheme)
    page.evaluate(f"document.documentElement.style.background = '{'#fff' if scheme == 'light' else '#12181d'}'")
    page.locator(".row:visible").first.click()
    found = axe.run(page, context="posada-flow-map").response["violations"]
    assert [
        (fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in ("serious", "critical")
    ] == []


def test_without_scripts_the_drawn_map_stands_there(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(pages["en"].as_uri())
    assert page.locator("posada-flow-map svg[role=img]:visible").count() == 1
    page.close()


def test_new_data_keep_the_date_that_the_reader_chose(shown: Callable[..., Any]) -> None:
    page = shown()
    page.evaluate(f"{MAP}.date = '2018-04-20'")
    page.evaluate(
        f"{{ const data = structuredClone({MAP}.data); data.title = 'Another'; data.places.forEach(place => "
        f"Object.values(place.series).forEach(series => series.fill([0, 0], 1))); {MAP}.data = data }}"
    )
    assert page.evaluate(f"{MAP}.date") == "2018-04-20"
    assert "At " not in told(page)
