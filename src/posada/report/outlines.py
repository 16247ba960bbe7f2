"""Country outlines from the prepared Natural Earth files, projected and cut to a view."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from posada.report.packed import unpack

Point = tuple[float, float]
Ring = list[Point]


class View(NamedTuple):
    """A rectangle of the world in Mercator units (degrees of longitude) and its size on paper."""

    west: float
    south: float
    east: float
    north: float
    width: float
    height: float

    def project(self, lon: float, lat: float) -> Point:
        """Longitude and latitude to a point on paper, y downwards."""
        x = (lon - self.west) / (self.east - self.west) * self.width
        y = (self.north - mercator(lat)) / (self.north - self.south) * self.height
        return x, y

    @property
    def degrees(self) -> float:
        """Width of the view in degrees of longitude."""
        return self.east - self.west


def mercator(lat: float) -> float:
    """Latitude to Mercator y, in degrees of longitude at the equator."""
    clipped = max(-84.0, min(84.0, lat))
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(clipped) / 2)))


def fit(points: Sequence[Point], width: float, padding: float = 0.14) -> View:
    """A view around (lon, lat) points, between 0.55 and 1.15 times as high as wide."""
    lons = [lon for lon, _ in points]
    ys = [mercator(lat) for _, lat in points]
    spread = max(max(lons) - min(lons), max(ys) - min(ys), 0.6)
    pad = spread * padding
    west, east = min(lons) - pad, max(lons) + pad
    south, north = min(ys) - pad, max(ys) + pad
    ratio = (north - south) / (east - west)
    if ratio < 0.55:
        extra = ((east - west) * 0.55 - (north - south)) / 2
        south, north = south - extra, north + extra
    elif ratio > 1.15:
        extra = ((north - south) / 1.15 - (east - west)) / 2
        west, east = west - extra, east + extra
    return View(west, south, east, north, width, width * (north - south) / (east - west))


class World:
    """A prepared file: arcs on a grid as text, each taken apart when a ring of the view needs it."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.countries = data["countries"]
        self._arcs = data["arcs"]
        (self._scale_x, self._scale_y), (self._shift_x, self._shift_y) = data["scale"], data["translate"]
        self.bounds = [(*self._degrees(w, s), *self._degrees(e, n)) for w, s, e, n in data["bounds"]]
        self._found: dict[int, Ring] = {}

    def _degrees(self, x: int, y: int) -> Point:
        return x * self._scale_x + self._shift_x, y * self._scale_y + self._shift_y

    def arc(self, index: int) -> Ring:
        """Its points in degrees."""
        if index not in self._found:
            self._found[index] = [self._degrees(x, y) for x, y in unpack(self._arcs[index])]
        return self._found[index]


@cache
def _world(resolution: str) -> World:
    packed = files("posada.report").joinpath("basemap", f"world-{resolution}.json.gz").read_bytes()
    return World(json.loads(gzip.decompress(packed)))


class Country(NamedTuple):
    """A country's name, its rings on paper and cut to a view, and its number (ISO 3166-1; empty if it has none)."""

    name: str
    rings: list[Ring]
    number: str


def countries(view: View) -> list[Country]:
    """The countries in view, as finely drawn as its width asks for."""
    world = _world("110m" if view.degrees > 100 else "50m" if view.degrees > 10 else "10m")
    south, north = _latitude(view.south), _latitude(view.north)
    found: list[Country] = []
    for country in world.countries:
        rings: list[Ring] = []
        for polygon in country["polygons"]:
            for indexes in polygon:
                if not _touches(world.bounds, indexes, view.west, south, view.east, north):
                    continue
                ring = [view.project(*point) for point in _stitch(world, indexes)]
                cut = simplify(clip(ring, view.width, view.height))
                if len(cut) > 2:
                    rings.append(cut)
        if rings:
            found.append(Country(str(country["name"]), rings, str(country["number"] or "")))
    return found


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(y))) - math.pi / 2)


def _touches(
    boxes: Sequence[tuple[float, float, float, float]],
    indexes: Sequence[int],
    west: float,
    south: float,
    east: float,
    north: float,
) -> bool:
    ring = [boxes[index if index >= 0 else ~index] for index in indexes]
    return (
        min(box[0] for box in ring) < east
        and max(box[2] for box in ring) > west
        and min(box[1] for box in ring) < north
        and max(box[3] for box in ring) > south
    )


def _stitch(world: World, indexes: Sequence[int]) -> Ring:
    """Join arcs to a ring; a negative index is the arc read backwards (TopoJSON)."""
    ring: Ring = []
    for index in indexes:
        arc = world.arc(index) if index >= 0 else world.arc(~index)[::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def clip(ring: Ring, width: float, height: float, margin: float = 4.0) -> Ring:
    """Cut a ring to the paper (Sutherland and Hodgman 1974), a little over its edge."""
    low, right, bottom = -margin, width + margin, height + margin
    for axis, bound, keep_greater in ((0, low, True), (0, right, False), (1, low, True), (1, bottom, False)):
        output: Ring = []
        if not ring:
            break
        previous = ring[-1]
        for point in ring:
            inside = point[axis] >= bound if keep_greater else point[axis] <= bound
            before = previous[axis] >= bound if keep_greater else previous[axis] <= bound
            if inside != before:
                share = (bound - previous[axis]) / (point[axis] - previous[axis])
                output.append(
                    (
                        previous[0] + share * (point[0] - previous[0]),
                        previous[1] + share * (point[1] - previous[1]),
                    )
                )
            if inside:
                output.append(point)
            previous = point
        ring = output
    return ring


def simplify(ring: Ring, step: float = 0.9) -> Ring:
    """Drop points that are nearer to the one before than `step` on paper."""
    kept: Ring = []
    for point in ring:
        if not kept or abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= step:
            kept.append(point)
    return kept


def path(ring: Ring) -> str:
    """SVG path data of a closed ring."""
    return "M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in ring) + "Z"


def centre(rings: Sequence[Ring], view: View) -> tuple[Point, float]:
    """Centre of the largest ring within the paper, and its area: where a country's name may stand."""
    best: tuple[Point, float] = ((0.0, 0.0), 0.0)
    for ring in rings:
        area = x = y = 0.0
        for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1], strict=True):
            cross = x0 * y1 - x1 * y0
            area += cross
            x, y = x + (x0 + x1) * cross, y + (y0 + y1) * cross
        if abs(area) / 2 > best[1]:
            point = (min(max(x / (3 * area), 0), view.width), min(max(y / (3 * area), 0), view.height))
            best = (point, abs(area) / 2)
    return best
