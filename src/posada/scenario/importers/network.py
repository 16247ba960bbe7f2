"""Places and the ways between them: locations.csv and routes.csv, with markers joined."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ..problems import Spot, nearest
from .geometry import put_right
from .rows import Findings, Ids, Layout, Line, amount, extra_columns, plain_name, read_lines, resolve
from .situation import Route, Site

LOCATIONS = Layout(
    ("name", "region", "country", "lat", "lon", "kind", "conflict_date", "size"),
    {
        "location": "name", "location_name": "name", "latitude": "lat", "gps_x": "lat", "lattitude": "lat",
        "longitude": "lon", "long": "lon", "lng": "lon", "gps_y": "lon", "location_type": "kind", "type": "kind",
        "conflict_day": "conflict_date", "population": "size", "pop": "size", "pop/cap": "size",
        "population_or_capacity": "size", "population/capacity": "size", "pop_cap": "size", "capacity": "_capacity",
        "conflict_intensity": "_intensity",
    },
    "name,region,country,latitude,longitude,location_type,conflict_date,population",
)  # fmt: skip
ROUTES = Layout(
    ("from", "to", "km", "forced"),
    {
        "name1": "from", "name2": "to", "distance": "km", "length": "km", "distance_km": "km", "distance_[km]": "km",
        "distance(km)": "km", "distance_(km)": "km", "forced_redirection": "forced", "max_move_speed": "_speed",
        "start": "from", "end": "to",
    },
    "name1,name2,distance,forced_redirection",
)  # fmt: skip
KINDS = {"idpcamp": "idpcamp", "camp": "camp", "conflict": "town", "forward": "hub", "marker": "marker",
         "default": "town", "town": "town"}  # fmt: skip
"""Flee looks for these words in the kind of a place, in this order."""
USUAL_KINDS = ("camp", "idpcamp", "conflict_zone", "town", "forwarding_hub", "marker")


def read_sites(path: Path, label: str, found: Findings) -> dict[str, Site]:
    """The places in order of the file, by id."""
    ids, sites = Ids(), dict[str, Site]()
    seen: dict[str, int] = {}
    lines = read_lines(path, label, LOCATIONS, found)
    tell_extra(lines, LOCATIONS, label, found)
    for line in lines:
        name = line.get("name")
        if not name:
            found.data(label, line.number, "this row names no place and is passed over")
            continue
        if name in seen:
            found.data(label, line.number, f"{name!r} is already on line {seen[name]}; this row is passed over")
            continue
        seen[name] = line.number
        site = read_site(line, ids.of(name, f"place-{line.number}"), found)
        sites[site.id] = site
    if not sites and not any(problem.file == label for problem in found.problems.found):
        found.problems.add(Spot(label, 0, 0), "holds no places", LOCATIONS.usual.split(","))
    return sites


def tell_extra(lines: list[Line], layout: Layout, label: str, found: Findings) -> None:
    """Tell which columns are not used."""
    extra = extra_columns(lines, layout)
    if extra:
        listed = ", ".join(repr(column) for column in extra)
        found.untranslated(label, 1, f"columns that Flee's movement rules do not use are left out: {listed}")


def read_site(line: Line, key: str, found: Findings) -> Site:
    """One place."""
    written = line.get("kind").lower()
    kind = kind_of(line, found)
    size, capacity = people(line, "size", found), people(line, "_capacity", found)
    is_camp = kind in ("camp", "idpcamp")
    intensity = number(line, "_intensity", found)
    return Site(
        key,
        line.get("name"),
        line.get("country") or "unknown",
        number(line, "lat", found),
        number(line, "lon", found),
        kind,
        line.number,
        conflict_zone="conflict" in written,
        conflict_day=whole(line, "conflict_date", found),
        population=None if is_camp else size,
        capacity=(capacity if capacity is not None else size) if is_camp else None,
        intensity=1.0 if intensity is None else intensity,
    )


def people(line: Line, column: str, found: Findings) -> int | None:
    """A number of people; one below 0 is told and left out."""
    number_of_people = whole(line, column, found)
    if number_of_people is not None and number_of_people < 0:
        found.data(line.file, line.number, f"{number_of_people} people cannot be in {line.get('name')!r}; left out")
        return None
    return number_of_people


def kind_of(line: Line, found: Findings) -> str:
    """The kind of a place; a misspelt one is taken for the nearest."""
    written = line.get("kind")
    kind = kind_in(written)
    if kind is None:
        near = nearest(written, USUAL_KINDS)
        kind = kind_in(near or "") or "town"
        meant = f"did you mean {near!r}?" if near else f"allowed: {', '.join(USUAL_KINDS)}."
        message = (
            f"the place {line.get('name')!r} has the kind {written!r}, which is not known; {meant} It is taken for "
            f"{kind!r}; Flee 3.1 makes a camp of it that hardly anybody leaves"
        )
        found.data(line.file, line.number, message)
    return kind


def kind_in(written: str) -> str | None:
    """The kind that a word of locations.csv has in it, as Flee looks for it."""
    word = written.lower().replace(" ", "").replace("_", "").replace("-", "")
    if "idp" in word and "camp" in word:
        return "idpcamp"
    return next((kind for part, kind in KINDS.items() if part in word), None)


def number(line: Line, column: str, found: Findings) -> float | None:
    """A number of a cell; None if it is empty, or wrong (then it is told)."""
    text = line.get(column)
    if not text or text.lower() in ("na", "n/a", "nan", "none", "null", "-"):
        return None
    try:
        return amount(text)
    except ValueError:
        message = f"{text!r} stands where a number belongs ({column.strip('_')}); it is left out"
        found.data(line.file, line.number, message)
        return None


def whole(line: Line, column: str, found: Findings) -> int | None:
    """A whole number of a cell."""
    value = number(line, column, found)
    return None if value is None else round(value)


def read_routes(path: Path, label: str, places: str, sites: dict[str, Site], found: Findings) -> list[Route]:
    """The routes as written: one of each pair of places, in the direction of the file."""
    names = {site.name: key for key, site in sites.items()}
    lines = read_lines(path, label, ROUTES, found)
    tell_extra(lines, ROUTES, label, found)
    routes: dict[frozenset[str], Route] = {}
    forced: list[tuple[Route, str]] = []
    for line in lines:
        route = read_route(line, names, found)
        if route is None:
            continue
        pair = frozenset((route.from_, route.to))
        if pair in routes:
            tell_twice(route, routes[pair], sites, label, found)
            continue
        routes[pair] = route
        if route.forced:
            forced.append((route, line.get("forced")))
    tell_forced(forced, sites, label, found)
    if not routes:
        tell_no_routes(lines, label, places, sites, found)
    return list(routes.values())


def tell_no_routes(lines: list[Line], label: str, places: str, sites: dict[str, Site], found: Findings) -> None:
    """Tell that there is no route, and blame the places where routes.csv names quite other ones."""
    ends = list(dict.fromkeys(end for line in lines for end in (line.get("from"), line.get("to")) if end))
    if len(ends) >= 2 and not {plain_name(end) for end in ends} & {plain_name(site.name) for site in sites.values()}:
        own = ", ".join(repr(site.name) for site in list(sites.values())[:3])
        message = f"names {own}, and none of the places of routes.csv ({', '.join(map(repr, ends[:3]))}): is it a table"
        found.problems.add(Spot(places, 0, 0), f"{message} of places?", LOCATIONS.usual.split(","))
        return
    found.problems.add(Spot(label, 0, 0), "holds no routes between places of locations.csv", ROUTES.usual.split(","))


def read_route(line: Line, names: dict[str, str], found: Findings) -> Route | None:
    """One route, None if it leads nowhere. Forced ones lead from `from_` to `to`."""
    where = (line.file, line.number)
    ends = [resolve(line.get(end), names, where, "the end of a route", found) for end in ("from", "to")]
    km = number(line, "km", found)
    if km is None or km < 0:
        found.problems.add(line.spot("km"), f"a route has a length in km, not {line.get('km')!r}")
    from_, to = ends
    if from_ is None or to is None or km is None or km < 0:
        return None
    if from_ == to:
        found.data(line.file, line.number, f"a route from {line.get('from')!r} to itself is passed over")
        return None
    if km == 0:
        found.data(line.file, line.number, "a route of 0 km is taken for 0.001 km")
    mark = line.get("forced")
    if mark not in ("", "0", "0.0", "1", "2", "1.0", "2.0"):
        found.data(line.file, line.number, f"forced_redirection is 0, 1 or 2, not {mark!r}; it is taken for 0")
    if mark[:1] == "1":
        from_, to = to, from_
    return Route(
        "",
        from_,
        to,
        max(km, 0.001),
        ((from_, to),),
        line.number,
        mark[:1] in ("1", "2"),
        number(line, "_speed", found),
    )


def tell_twice(route: Route, first: Route, sites: dict[str, Site], label: str, found: Findings) -> None:
    """Tell of a route that stands twice."""
    ends = f"{sites[route.from_].name!r} and {sites[route.to].name!r}"
    lengths = "" if route.km == first.km else f" with another length ({first.km:g} and {route.km:g} km)"
    message = f"the route between {ends} is already on line {first.line}{lengths}; the first is taken, Flee counts both"
    found.data(label, route.line, message)


def tell_forced(forced: list[tuple[Route, str]], sites: dict[str, Site], label: str, found: Findings) -> None:
    """Tell what becomes of forced redirections."""
    for route, mark in forced:
        ends = f"from {sites[route.from_].name!r} to {sites[route.to].name!r}"
        message = (
            f"forced redirection {ends} (mark {mark}, as Flee's manual explains it; its code reads the marks the other "
            "way round). Flee 3.1 reads it and never obeys it: the link says `forced: yes`, the movement "
            "`forced: ignored`"
        )
        found.untranslated(label, route.line, message)


def both_ways(routes: list[Route], sites: dict[str, Site], label: str, found: Findings) -> tuple[Route, ...]:
    """Every route in both directions, without markers, with ids."""
    hops = [hop for route in routes for hop in (route, turned(route))]
    for key in [key for key, site in sites.items() if site.kind == "marker"]:
        hops = without(key, hops)
    shortest: dict[tuple[str, str], Route] = {}
    for hop in sorted(hops, key=lambda r: r.km):
        shortest.setdefault((hop.from_, hop.to), hop)
    left = len(hops) - len(shortest)
    if left:
        found.untranslated(label, 0, f"{left} ways that run beside a shorter one, through markers, are left out")
    kept = {(r.from_, r.to) for r in shortest.values()}
    taken = Ids()
    return tuple(
        replace(shortest[r.from_, r.to], id=taken.of(f"{r.from_}-{r.to}", "link"))
        for r in hops
        if (r.from_, r.to) in kept and shortest[r.from_, r.to] is r
    )


def turned(route: Route) -> Route:
    """The same way in the other direction; nobody is forced to go back."""
    hops = tuple((b, a) for a, b in reversed(route.hops))
    return replace(route, from_=route.to, to=route.from_, hops=hops, forced=False)


def without(marker: str, hops: list[Route]) -> list[Route]:
    """The routes with those through a marker joined to one each."""
    into = [r for r in hops if r.to == marker]
    out = [r for r in hops if r.from_ == marker]
    kept = [r for r in hops if marker not in (r.from_, r.to)]
    joined = [
        replace(a, to=b.to, km=a.km + b.km, hops=a.hops + b.hops, forced=a.forced and b.forced)
        for a in into
        for b in out
        if b.to != a.from_
    ]
    return kept + joined


def read_network(
    locations: Path, routes: Path, labels: tuple[str, str], found: Findings
) -> tuple[dict[str, Site], tuple[Route, ...]]:
    """The places and the ways between them."""
    sites = read_sites(locations, labels[0], found)
    written = read_routes(routes, labels[1], labels[0], sites, found) if sites else []
    sites = put_right(sites, written, labels, found)
    ways = both_ways(written, sites, labels[1], found)
    tell_markers(sites, labels[0], found)
    return sites, ways


def tell_markers(sites: dict[str, Site], label: str, found: Findings) -> None:
    """Tell which markers were joined."""
    markers = [site for site in sites.values() if site.kind == "marker"]
    if markers:
        listed = ", ".join(site.name for site in markers)
        message = f"markers are no places; the routes through them are joined: {listed}"
        found.untranslated(label, markers[0].line, message)
