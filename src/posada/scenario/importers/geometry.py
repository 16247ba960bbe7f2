"""Coordinates held against the roads: exchanged, misplaced, and roads that are shorter than the crow flies."""

from __future__ import annotations

from dataclasses import replace
from math import asin, cos, radians, sin, sqrt
from statistics import median

from .rows import Findings
from .situation import Route, Site

RADIUS_KM = 6371.0088
SLACK_KM, SLACK = 3.0, 1.05
"""A road may seem this much shorter than the straight line: towns are not points, and lengths are rounded."""
DETOUR = 5.0
Point = tuple[float, float]


def km_between(a: Point, b: Point) -> float:
    """The great-circle distance of two points in degrees (haversine formula, mean radius of the Earth)."""
    lat1, lon1, lat2, lon2 = (radians(x) for x in (*a, *b))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * RADIUS_KM * asin(min(1.0, sqrt(h)))


def point(site: Site) -> Point | None:
    """The coordinates of a place, if it has any."""
    return None if site.lat is None or site.lon is None else (site.lat, site.lon)


def on_earth(p: Point) -> bool:
    """Whether these are degrees of latitude and longitude."""
    return abs(p[0]) <= 90 and abs(p[1]) <= 180


def roads_of(key: str, routes: list[Route], sites: dict[str, Site]) -> list[tuple[Point, float]]:
    """Where the roads of a place lead, and how long they are."""
    found = []
    for route in routes:
        if key in (route.from_, route.to):
            other = point(sites[route.to if route.from_ == key else route.from_])
            if other is not None and on_earth(other):
                found.append((other, route.km))
    return found


def too_short(straight: float, road: float) -> bool:
    """Whether a road is shorter than the straight line by more than rounding."""
    return straight > road * SLACK + SLACK_KM


def excess(p: Point, roads: list[tuple[Point, float]]) -> float:
    """By how many km the straight lines from a point pass the lengths of its roads, all told."""
    return sum(max(0.0, km_between(p, other) - road) for other, road in roads)


def put_right(sites: dict[str, Site], routes: list[Route], labels: tuple[str, str], found: Findings) -> dict[str, Site]:
    """The places with exchanged coordinates put right where the roads or the neighbours prove it; the rest is told."""
    sites = put_all_right(sites, routes, labels[0], found)
    for key in sorted(sites, key=lambda k: -excess_of(k, sites, routes)):
        site = sites[key]
        p = point(site)
        if p is not None and is_exchanged(key, p, sites, routes):
            note = f"latitude and longitude exchanged; the file has {p[0]:g}, {p[1]:g}"
            sites = sites | {key: replace(site, lat=p[1], lon=p[0], note=note)}
            message = f"latitude and longitude of {site.name!r} are swapped ({p[0]:g}, {p[1]:g}); they were exchanged"
            found.data(labels[0], site.line, f"{message}: as written it lies far from its neighbours")
        elif p is not None and not on_earth(p):
            sites = sites | {key: replace(site, lat=None, lon=None, note="its coordinates are no degrees")}
            message = f"{site.name!r} lies at {p[0]:g}, {p[1]:g}, which is nowhere; these are left out"
            found.data(labels[0], site.line, message)
        elif p is None and site.kind != "marker":
            found.data(labels[0], site.line, f"{site.name!r} has no coordinates: it is on no map, and has no distances")
            sites = sites | {key: replace(site, lat=None, lon=None)}
    tell_lengths(sites, routes, labels, found)
    return sites


def put_all_right(sites: dict[str, Site], routes: list[Route], label: str, found: Findings) -> dict[str, Site]:
    """The places with the two columns exchanged, where the roads fit only so."""
    turned = {key: replace(site, lat=site.lon, lon=site.lat) for key, site in sites.items()}
    if len(routes) < 5:
        return sites
    points = [p for site in turned.values() if (p := point(site)) is not None]
    gain = impossible(sites, routes) - impossible(turned, routes)
    if points and all(map(on_earth, points)) and gain > 0.3 * len(routes):
        found.data(label, 1, "the columns of latitude and longitude are exchanged: only so do the roads fit; put right")
        return turned
    return sites


def impossible(sites: dict[str, Site], routes: list[Route]) -> int:
    """How many roads are shorter than the straight line."""
    count = 0
    for route in routes:
        a, b = point(sites[route.from_]), point(sites[route.to])
        if a is not None and b is not None:
            count += not (on_earth(a) and on_earth(b)) or too_short(km_between(a, b), route.km)
    return count


def excess_of(key: str, sites: dict[str, Site], routes: list[Route]) -> float:
    """By how much the roads of a place are too short for where it lies."""
    p = point(sites[key])
    return 0.0 if p is None else (excess(p, roads_of(key, routes, sites)) if on_earth(p) else 1e9)


def is_exchanged(key: str, p: Point, sites: dict[str, Site], routes: list[Route]) -> bool:
    """Whether a place lies where its roads, or its country, put it only with its coordinates exchanged."""
    other = (p[1], p[0])
    if not on_earth(other):
        return False
    roads = roads_of(key, routes, sites)
    if roads:
        if not on_earth(p):
            return True
        bad = [road for there, road in roads if too_short(km_between(p, there), road)]
        return len(bad) * 2 > len(roads) and excess(other, roads) < 0.2 * excess(p, roads)
    near = [q for k, s in sites.items() if k != key and (q := point(s)) is not None and on_earth(q)]
    country = [q for k, s in sites.items() if k != key and s.country == sites[key].country and (q := point(s))]
    known = country if len(country) >= 3 else near
    if len(known) < 3:
        return False
    middle = (median(q[0] for q in known), median(q[1] for q in known))
    spread = max(km_between(q, middle) for q in known if on_earth(q))
    as_written = km_between(p, middle) if on_earth(p) else 1e9
    return as_written > 3 * spread and km_between(other, middle) < 1.5 * spread


def tell_lengths(sites: dict[str, Site], routes: list[Route], labels: tuple[str, str], found: Findings) -> None:
    """Tell of roads shorter than the straight line; where most roads of a place are, blame the place."""
    short, long = [], []
    for route in routes:
        a, b = point(sites[route.from_]), point(sites[route.to])
        if a is None or b is None:
            continue
        straight = km_between(a, b)
        if too_short(straight, route.km):
            short.append((route, straight))
        elif route.km > DETOUR * straight + 50:
            long.append((route, straight))
    misplaced = misplaced_sites(sites, routes, [route for route, _ in short])
    for key in misplaced:
        site = sites[key]
        shown = ", ".join(
            f"{r.km:g} km to {sites[r.to if r.from_ == key else r.from_].name} where the straight line has {s:.0f}"
            for r, s in short
            if key in (r.from_, r.to)
        )
        found.data(labels[0], site.line, f"the coordinates of {site.name!r} do not fit its roads ({shown})")
    for route, straight in short:
        ends = f"{sites[route.from_].name!r} and {sites[route.to].name!r}"
        message = f"the route between {ends} has {route.km:g} km, the straight line {straight:.0f} km"
        found.data(labels[1], route.line, f"{message}: a length or a place is wrong")
    for route, straight in long:
        ends = f"{sites[route.from_].name!r} and {sites[route.to].name!r}"
        message = f"the route between {ends} has {route.km:g} km, more than {DETOUR:g} times the straight line"
        found.data(labels[1], route.line, f"{message} ({straight:.0f} km)")


def misplaced_sites(sites: dict[str, Site], routes: list[Route], short: list[Route]) -> list[str]:
    """Places of which at least two roads, and half of them, are too short, each blamed for its roads only once."""
    found, left = [], list(short)
    while left:
        counts = {key: sum(key in (r.from_, r.to) for r in left) for key in sites}
        worst = max(counts, key=lambda key: counts[key])
        roads = sum(worst in (r.from_, r.to) for r in routes)
        if counts[worst] < 2 or counts[worst] * 2 < roads:
            break
        found.append(worst)
        left = [r for r in left if worst not in (r.from_, r.to)]
    return found
