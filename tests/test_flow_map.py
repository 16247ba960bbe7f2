"""What the flow map shows is what the tables hold."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date
from typing import Any

import polars as pl
import pytest

import report_fake as fake
from posada.report import flow_map, flow_map_csp, flow_map_data, flow_map_module, outlines
from posada.report.flow_map_data import day_of
from posada.report.flow_map_ground import ground
from posada.report.packed import pack, unpack
from posada.words import speaking


@pytest.fixture(scope="module")
def result() -> fake.FakeResult:
    return fake.result(replicates=12)


@pytest.fixture(scope="module")
def data(result: fake.FakeResult) -> dict[str, Any]:
    return flow_map_data(result)


def place_of(data: dict[str, Any], identifier: str) -> dict[str, Any]:
    return next(place for place in data["places"] if place["id"] == identifier)


def value_at(series: list[Any], step: int) -> list[float]:
    i = step - series[0]
    return [part[i] if 0 <= i < len(part) else 0 for part in series[1:]]


def test_people_at_a_place_are_the_quantiles_of_the_replicates(result: fake.FakeResult, data: dict[str, Any]) -> None:
    series = place_of(data, "tijuana")["series"]["present"]
    rows = result.series("present:tijuana")
    for step, interval in enumerate(data["intervals"]):
        values = rows.filter(pl.col("date") == day_of(interval))["value"]
        wanted = [values.quantile(q, interpolation="linear") or 0.0 for q in (0.5, 0.05, 0.95)]
        assert value_at(series, step) == pytest.approx(wanted, abs=0.5)


def test_shelters_and_lines_of_a_place_are_summed_run_by_run(result: fake.FakeResult, data: dict[str, Any]) -> None:
    step = 50
    for what, state, where in (("waiting", "waiting", "san-ysidro"), ("sheltered", "occupied", "tijuana")):
        here = [key for key, item in result.scenario.facilities.items() if item.at == where]
        rows = result.stocks.filter(
            (pl.col("state") == state) & pl.col("where").is_in(here) & (pl.col("attribute") == "all")
            & (pl.col("at") == day_of(data["intervals"][step]))
        )  # fmt: skip
        sums = rows.group_by("replicate").agg(pl.col("people").sum())["people"].to_list()
        sums += [0] * (result.replicates - len(sums))
        wanted = pl.Series(sums).median()
        assert value_at(place_of(data, where)["series"][what], step)[0] == pytest.approx(wanted, abs=0.5)


def test_dots_add_up_to_all_who_came_along_a_link(result: fake.FakeResult) -> None:
    rows = [
        (r, "", fake.START, date(2018, 3, 26), "tapachula-huixtla", "travelled", "all", "all", 7 + r, 7)
        for r in range(result.replicates)
    ]
    more = pl.DataFrame(rows, schema=fake.SCHEMAS["flows"], orient="row")
    data = flow_map_data(fake.result(replicates=result.replicates, flows=pl.concat([result.flows, more])))
    link = next(link for link in data["links"] if data["places"][link["from"]]["id"] == "tapachula")
    assert data["places"][link["to"]]["id"] == "huixtla"
    assert sum(link["series"]["travelled"][1]) == pytest.approx(
        sum(row[8] for row in rows) / result.replicates, abs=0.5
    )


def test_no_stack_has_more_marks_than_can_be_seen(data: dict[str, Any]) -> None:
    most = max(max(series[1]) for place in data["places"] for series in place["series"].values())
    assert data["dot"] in (1, 2, 5, 10, 20, 50, 100)
    assert most / data["dot"] <= 160
    assert most / data["dot"] > 30


def test_outlines_come_back_from_their_text() -> None:
    ring = [(0.0, 0.0), (1500.4, -3.2), (1500.4, -3.4), (-70000.0, 31.0), (-70000.0, 32.0)]
    assert unpack(pack(ring)) == [(0, 0), (1500, -3), (-70000, 31), (-70000, 32)]


def test_the_ground_is_the_world_and_finer_where_places_lie() -> None:
    world, near, *close = ground([(-117.0, 32.5), (-116.9, 32.6), (-92.3, 14.9)])
    assert world["box"][0] == -180
    assert near["box"][0] < -117 < -92.3 < near["box"][2]
    assert [level["unit"] for level in close] < [near["unit"]] < [world["unit"]]
    assert [level["box"][0] < x < level["box"][2] for level, x in zip(close, (-116.9, -92.3), strict=True)] == [
        True,
        True,
    ]
    assert [number for name, number, _ in near["shapes"] if name == "Mexico"] == ["484"]
    west, _, _, north = near["box"]
    rings = next(rings for name, _, rings in near["shapes"] if name == "Mexico")
    points = max((unpack(ring) for ring in rings), key=len)
    assert min(west + x * near["unit"] for x, _ in points) == pytest.approx(-117.1, abs=0.2)
    assert max(north - y * near["unit"] for _, y in points) == pytest.approx(outlines.mercator(32.7), abs=0.2)


def test_it_speaks_the_language_of_the_task_or_the_one_asked_for(result: fake.FakeResult) -> None:
    with speaking("es"):
        spanish = flow_map_data(result)
    assert spanish == flow_map_data(result, "es")
    assert spanish["words"]["play"] == "Iniciar"
    assert flow_map_data(result)["words"]["play"] == "Play"
    with pytest.raises(ValueError, match="'fr'"):
        flow_map_data(result, "fr")


def test_it_stands_in_a_page_with_a_strict_policy(result: fake.FakeResult) -> None:
    text = flow_map(result)
    held = re.search(r'<script type="application/json">(.*?)</script>', text, re.S)
    assert held is not None
    assert json.loads(held[1])["title"] == "A made-up procession <b>north</b>"
    assert "<b>" not in held[1]
    module = re.search(r'<script type="module">(.*?)</script>', text, re.S)
    assert module is not None
    digest = base64.b64encode(hashlib.sha256(module[1].encode()).digest()).decode()
    assert flow_map_csp() == f"'sha256-{digest}'"
    assert "</script" not in flow_map_module()
    assert "<svg" in text
    assert '<script type="module" src="/flow-map.js"></script>' in flow_map(result, script="/flow-map.js")
    assert "module" not in flow_map(result, script="none")


def test_without_coordinates_there_is_no_map() -> None:
    places = {key: fake.Row(name=key, lat=None, lon=None) for key in fake.STOPS}
    assert flow_map(fake.result(replicates=2, scenario=fake.scenario(places=places))) == ""


STATES = {"tapachula": "Chiapas", "huixtla": "Chiapas", "mapastepec": "Chiapas", "arriaga": "Chiapas"}


def published(today: date, **changes: Any) -> dict[str, Any]:
    places = {
        key: fake.Row(name=name, lat=lat, lon=lon, country="MEX", state=STATES.get(key))
        for key, (name, lat, lon, _, _) in fake.STOPS.items()
    }
    made = fake.result(replicates=6, scenario=fake.scenario(places=places, title="North"), **changes)
    return flow_map_data(made, public=True, today=today)


def test_a_publication_tells_of_people_on_the_way_by_state_only() -> None:
    data = published(date(2026, 1, 1))
    assert {place["name"] for place in data["places"]} == {"Chiapas", "MEX"}
    text = json.dumps(data)
    assert [name for name, *_ in fake.STOPS.values() if name in text] == []
    assert "Juventud" not in text
    assert "by state" in data["note"]
    for place in data["places"]:
        assert [2 * degrees % 1 for degrees in place["at"]] == [0, 0]
        assert place["facilities"] == []
    chiapas = place_of(data, "in-chiapas")["series"]["present"]
    towns = flow_map_data(fake.result(replicates=6))
    first = [value_at(place_of(towns, key)["series"]["present"], 0)[0] for key in ("tapachula", "huixtla")]
    assert value_at(chiapas, 0)[0] == pytest.approx(sum(first), abs=1)


def test_a_publication_ends_seven_days_ago() -> None:
    data = published(date(2018, 4, 15))
    first, length = data["intervals"][-1]
    assert day_of([first]) == date(2018, 4, 8)
    assert length == 1
    assert "8 April 2018" in data["note"]
    longest = max(series[0] + len(series[1]) for place in data["places"] for series in place["series"].values())
    assert longest <= len(data["intervals"])


def test_a_publication_before_its_time_has_no_map() -> None:
    assert published(date(2018, 3, 26))["places"] == []
    assert flow_map(fake.result(replicates=2), public=True, today=date(2018, 3, 26)) == ""


def test_the_drawn_map_of_a_publication_names_no_town() -> None:
    scenario = fake.scenario(title="North")
    for place in scenario.places.values():
        place.country = "MEX"
    text = flow_map(fake.result(replicates=3, scenario=scenario), public=True, today=date(2026, 1, 1), script="none")
    assert "<svg" in text
    assert [name for name, *_ in fake.STOPS.values() if name in text] == []


def test_people_within_a_state_are_there_and_not_on_a_link(result: fake.FakeResult) -> None:
    on = [
        (r, "", fake.START, date(2018, 3, 26), where, "travelling", "all", "all", 40, 9, 40.0, 40)
        for r in range(6)
        for where in ("tapachula-huixtla", "arriaga-matias-romero")
    ]
    more = pl.DataFrame(on, schema=fake.SCHEMAS["stocks"], orient="row")
    stocks = pl.concat([fake.result(replicates=6).stocks, more])
    without, with_them = (published(date(2026, 1, 1), **changes) for changes in ({}, {"stocks": stocks}))
    there = [value_at(place_of(data, "in-chiapas")["series"]["present"], 0)[0] for data in (without, with_them)]
    assert there[1] - there[0] == pytest.approx(40, abs=1)
    (link,) = with_them["links"]
    assert [with_them["places"][link[end]]["name"] for end in ("from", "to")] == ["Chiapas", "MEX"]
    assert link["series"]["travelling"][1][0] == 40
