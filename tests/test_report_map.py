"""The map: projection, outlines, labels that do not cover one another."""

from __future__ import annotations

import itertools
import math

import pytest

import report_fake as fake
from posada.report import map, outlines
from posada.report.inputs import Names
from posada.report.labels import Box, Wanted, place


def test_mercator_against_its_closed_form() -> None:
    assert outlines.mercator(0) == pytest.approx(0, abs=1e-12)
    assert outlines.mercator(45) == pytest.approx(math.degrees(math.asinh(1)))
    assert outlines.mercator(90) == outlines.mercator(84)


def test_a_view_holds_its_points_and_stays_in_shape() -> None:
    for points in (
        [(0.0, 0.0)],
        [(-117.0, 32.5), (-92.3, 14.9)],
        [(10.0, -40.0), (10.1, 60.0)],
        [(0.0, 1.0), (90.0, 2.0)],
    ):
        view = outlines.fit(points, 700)
        assert 0.54 <= view.height / view.width <= 1.16
        for lon, lat in points:
            x, y = view.project(lon, lat)
            assert 0 < x < view.width
            assert 0 < y < view.height


def test_outlines_are_those_of_the_world() -> None:
    view = outlines.fit([(-117.0, 32.5), (-92.3, 14.9)], 700)
    found = {country.name: country.rings for country in outlines.countries(view)}
    assert {"Mexico", "Guatemala", "United States of America"} <= set(found)
    assert "Kenya" not in found
    mexico_city = view.project(-99.13, 19.43)
    assert any(_inside(mexico_city, ring) for ring in found["Mexico"])
    assert not any(_inside(mexico_city, ring) for ring in found["Guatemala"])
    whole = outlines.fit([(-150.0, -40.0), (150.0, 60.0)], 700)
    assert len(outlines.countries(whole)) > 150


def _inside(point: outlines.Point, ring: outlines.Ring) -> bool:
    x, y = point
    inside = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            inside = not inside
    return inside


def test_cutting_a_square() -> None:
    ring = [(-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0)]
    assert set(outlines.clip(ring, 100, 100, margin=0)) == {(0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0)}
    assert outlines.clip([(200.0, 200.0), (300.0, 200.0), (300.0, 300.0)], 100, 100, margin=0) == []


def test_labels_do_not_cover_one_another() -> None:
    wanted = [Wanted(100 + i * 6, 150 + (i % 3) * 5, 5, (f"Place number {i}", "queue up to 20")) for i in range(12)]
    kept = Box(0, 380, 120, 400)
    placed = place(wanted, 700, 400, kept=[kept])
    assert not any(spot.box.overlap(kept) for spot in placed)
    assert len(placed) == 12
    for one, other in itertools.combinations(placed, 2):
        assert one.box.overlap(other.box) == 0
    for spot in placed:
        assert spot.box.left >= 0
        assert spot.box.right <= 700


def test_people_along_links_are_those_who_left() -> None:
    result = fake.result(replicates=5)
    ways = {(way.start, way.end): way for way in map.flows(result, Names(result.scenario))}
    left = result.flows.filter(
        (result.flows["event"] == "left")
        & (result.flows["attribute"] == "all")
        & (result.flows["where"] == "tapachula")
    )
    assert ways["tapachula", "huixtla"].median == pytest.approx(left["people"].median())


def test_a_map_without_people_still_shows_the_places() -> None:
    result = fake.empty(scenario=fake.scenario())
    text = map.draw(map.stops(result, Names(result.scenario)), [], 700, "A map", "m")
    assert "Tapachula" in text
    assert map.draw([], [], 700, "A map", "m") == ""
