"""What shows itself in a notebook: cards, pictures and their files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

import engine_kit
import forecast_kit
import plan_kit
import posada
from posada.forecasting import forecast
from posada.report import flow_map_data
from posada.report.plots import plots
from posada.report.sections import answer
from posada.report.shown import Shown
from posada.report.words import day


@pytest.fixture(scope="module")
def scenario() -> posada.Scenario:
    return posada.load("caravan-2018").until(date(2018, 5, 10))


@pytest.fixture(scope="module")
def result(scenario: posada.Scenario) -> posada.Result:
    return posada.run(scenario, replicates=6, seed=1)


@pytest.fixture(scope="module")
def comparison(scenario: posada.Scenario) -> posada.Comparison:
    return posada.compare(scenario, ["gate-20"], replicates=6, seed=1)


def size(svg: str) -> tuple[float, float]:
    root = ElementTree.fromstring(svg)
    return float(root.attrib["width"]), float(root.attrib["height"])


def test_a_result_shows_its_headlines_and_the_map(result: posada.Result) -> None:
    text = result._repr_html_()
    for row in result.headlines():
        assert answer(row).text in text
    assert "6 simulated runs, seed 1" in text
    assert "Matías Romero" in text
    assert ".plot.map()" in text


def test_pictures_of_a_result_are_drawings(result: posada.Result) -> None:
    for name in ("map", "headlines", "queues", "outcomes"):
        assert f".{name}()" in repr(result.plot)
        shown = getattr(result.plot, name)()
        bundle = shown._repr_mimebundle_()
        assert min(size(bundle["image/svg+xml"])) > 100
        assert bundle["text/plain"].startswith(f"<{shown.title}")
    assert "sandbox=" in result.plot.map()._repr_mimebundle_()["text/html"]


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        ("el-refugio", "People with a place in El Refugio"),
        ("san-ysidro-gate", "People waiting at San Ysidro"),
        ("puebla", "People present at Puebla"),
        ("active:chain{group=caravan}", "People under way in the whole chain (The caravan)"),
    ],
)
def test_a_stock_is_that_of_the_place_or_facility_or_address(result: posada.Result, asked: str, title: str) -> None:
    shown = result.plot.stock(asked)
    assert shown.title.startswith(title)
    assert title.partition("(")[0].strip() in re.sub(r"<[^>]+>", "", shown.svg)


def test_its_words_are_those_of_the_language(result: posada.Result) -> None:
    shown = result.plot.stock("puebla", language="es")
    assert "Puebla" in shown.title
    assert shown.title != result.plot.stock("puebla").title
    assert "Iniciar" in result.plot.map("es")._repr_mimebundle_()["text/html"]


def test_what_is_not_there_is_told_with_the_nearest_spelling(result: posada.Result) -> None:
    with pytest.raises(KeyError, match="did you mean 'el-refugio'"):
        result.plot.stock("el-refuggio")
    with pytest.raises(KeyError, match="nobody was ever counted by xyz:puebla"):
        result.plot.stock("xyz:puebla")
    with pytest.raises(TypeError, match="no pictures of int"):
        plots(3)


def test_files_of_pictures(result: posada.Result, tmp_path: Path) -> None:
    shown = result.plot.queues()
    assert shown.save(tmp_path / "new" / "queues.svg").read_text(encoding="utf-8") == shown.svg
    png = shown.save(tmp_path / "queues.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == pytest.approx(2 * size(shown.svg)[0], abs=2)
    page = shown.save(tmp_path / "queues.html").read_text(encoding="utf-8")
    assert shown.svg in page
    assert shown.text[:40] in page
    moving = result.plot.map().save(tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<posada-flow-map" in moving
    assert "script-src 'sha256-" in moving
    with pytest.raises(ValueError, match=r"map.gif: a picture is saved as .svg, .png or .html"):
        result.plot.map().save(tmp_path / "map.gif")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["map.html", "new", "queues.html", "queues.png"]


def test_the_data_of_the_caravan_are_small(result: posada.Result) -> None:
    data = flow_map_data(result)
    assert len(json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()) < 400_000
    public = flow_map_data(result, public=True, today=date(2026, 1, 1))
    assert {"Chiapas", "Oaxaca", "Baja California"} <= {place["name"] for place in public["places"]}
    assert "Tapachula" not in json.dumps(public)


def test_a_comparison_shows_what_changes(comparison: posada.Comparison) -> None:
    text = comparison._repr_html_()
    assert "policies compared" in text
    assert "<svg" in text
    for shown in (comparison.plot.changes(), comparison.plot.moved()):
        assert isinstance(shown, Shown)
        assert min(size(shown.svg)) > 40


def test_a_plan_shows_its_frontier(tmp_path: Path) -> None:
    plan = posada.plan(
        plan_kit.line(tmp_path),
        vary=["facilities.f.staff=6..12"],
        require="share_within(wait:f, 0.05 days) >= 0.8 with probability 0.9",
        minimise="facilities.f.staff",
        replicates=8,
        fresh=0,
    )
    assert "a plan of capacities" in plan._repr_html_()
    assert min(size(plan.plot.frontier().svg)) > 100
    with pytest.raises(ValueError, match="none of number 2"):
        plan.plot.frontier(2)


UNSURE = """
groups:
  g:
    {people: {value: 60, low: 20, high: 100, assumed: a guess}, place: here, pathway: p, date: "2018-04-03 06:00"}
facilities:
  gate: {at: here, kind: gate, slots_per_day: {value: 12, low: 4, high: 20, assumed: another}, opens: "08:00"}
pathways:
  p: [{id: line, queue: {at: gate}}, {id: end, outcome: done}]
outcomes: {done: {}}
headlines:
  - {id: most, label: Most waiting, series: "waiting:gate", statistic: max}
"""


def test_a_sensitivity_shows_what_to_learn_first(tmp_path: Path) -> None:
    found = posada.sensitivity(engine_kit.write(tmp_path / "unsure", UNSURE), replicates=100, seed=1)
    assert "<svg" in found._repr_html_()
    for shown in (found.plot.first(), found.plot.rests()):
        assert min(size(shown.svg)) > 40


def test_a_forecast_shows_what_will_be_counted(tmp_path: Path) -> None:
    folder = forecast_kit.write(tmp_path / "counted")
    found = forecast(folder, issued=forecast_kit.START + timedelta(days=30), replicates=20)
    assert "<svg" in found._repr_html_()
    assert f"issued {day(found.issued)}" in found._repr_html_()
    shown = found.plot.ahead(found.series[0])
    assert found.series[0] in re.sub(r"<[^>]+>", "", shown.svg)
    with pytest.raises(KeyError, match=re.escape(f"did you mean '{found.series[0]}'")):
        found.plot.ahead(found.series[0] + "x")


def test_nothing_below_imports_what_draws() -> None:
    rooms = "posada.results, posada.planning, posada.forecasting"
    said = f"import sys, {rooms}; print([m for m in sys.modules if m.startswith('posada.report')])"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
