"""The map of a scenario before it is run: its places, its links, and the beds at each place as stated."""

from __future__ import annotations

import re

from posada.report import map as still
from posada.report.map import Flow, Stop
from posada.scenario import Quantity, Scenario

WIDE, NARROW = 740, 340


def scenario_map(scenario: Scenario, label: str) -> tuple[str, str]:
    """The map as SVG for a wide and for a narrow screen; empty texts if no place has coordinates."""
    stops, ways = stops_of(scenario), ways_of(scenario)
    wide, narrow = (still.draw(stops, ways, width, label, f"scenario-{width}") for width in (WIDE, NARROW))
    return without_counts(wide), without_counts(narrow)


def stops_of(scenario: Scenario) -> list[Stop]:
    """The places that have coordinates, all of one size."""
    return [
        Stop(place.id, str(place.name), place.lon, place.lat, 1.0, 0.0, 0.0)
        for place in scenario.places.values()
        if place.lat is not None and place.lon is not None
    ]


def ways_of(scenario: Scenario) -> list[Flow]:
    """The links, all of one width; those that are never open are left out."""
    return [
        Flow(link.id, link.from_, link.to, True, 1.0, 1.0, 1.0)
        for link in scenario.links.values()
        if any(not isinstance(entry.what, Quantity) or entry.what.value > 0 for entry in link.open.entries)
    ]


def without_counts(svg: str) -> str:
    """A map without what it says of people on each link, of which nothing is known yet; circles are small."""
    return re.sub(r' r="(?!1\.8)[\d.]+"', ' r="4"', re.sub(r"<title>[^<]*</title>", "", svg))
