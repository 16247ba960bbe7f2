"""The map of the route: outlines, flows along links as widths, people and queues at places, labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any, NamedTuple

import polars as pl

from posada.report import outlines
from posada.report.frames import dense, summarise
from posada.report.inputs import Names, ResultLike, field, level
from posada.report.labels import LINE, Box, Wanted, pieces, place, text_width
from posada.report.words import as_number, count
from posada.words import can_say, say

INK, BAND, LAND, SEA, BORDER = "#14304a", "#8fa6ba", "#f4f1ea", "#dfe7ec", "#a9a294"


NARROW = 500.0
"""On narrower maps only places with a queue or a shelter have a label."""


class Flow(NamedTuple):
    """People who went along a link in the whole run: median and 90 % interval."""

    name: str
    start: str
    end: str
    drawn: bool
    median: float
    low90: float
    high90: float


class Stop(NamedTuple):
    """A place with the most people at one time, its longest queue and the facility where that stands (medians)."""

    id: str
    name: str
    lon: float
    lat: float
    people: float
    queue: float
    beds: float
    at: str = ""
    camp: bool = False


def flows(result: ResultLike, names: Names) -> list[Flow]:
    """People along each link: those who arrived along it, or an estimate for results that do not count them."""
    if result.flows.is_empty():
        return []
    passed = _travelled(result)
    if passed.is_empty():
        passed = _estimated(result)
    if passed.is_empty():
        return []
    found = []
    for row in summarise(passed, ["where"], result.replicates).iter_rows(named=True):
        way = _way(result.scenario, row["where"])
        if way is not None:
            start, end, _, drawn = way
            name = _link_name(result.scenario, names, row["where"])
            found.append(Flow(name, start, end, drawn, row["median"], row["low90"], row["high90"]))
    return sorted(found, key=lambda flow: (-flow.median, flow.name))


def _link_name(scenario: Any, names: Names, where: str) -> str:
    """Its ends, and the mode where two links have the same ends."""
    link = (scenario.links or {}).get(where)
    if link is None:
        return names.where(where)
    ends = [(field(other, "from"), field(other, "to")) for other in scenario.links.values()]
    mode = str(field(link, "mode", "")) if ends.count((field(link, "from"), field(link, "to"))) > 1 else ""
    return f"{names.where(where)} ({level(mode)})" if mode else names.where(where)


def _travelled(result: ResultLike) -> pl.DataFrame:
    """People who arrived along each link: (replicate, where, value)."""
    return (
        result.flows.lazy()
        .filter((pl.col("event").cast(pl.String) == "travelled") & (pl.col("attribute") == "all"))
        .group_by(["replicate", pl.col("where").cast(pl.String)])
        .agg(pl.col("people").sum().cast(pl.Float64).alias("value"))
        .collect()
    )


def _estimated(result: ResultLike) -> pl.DataFrame:
    """People along each link, from results without the event `travelled`: (replicate, where, value).

    Those who left a place are shared among its links in proportion to the time spent on each, divided by its length
    and pace.
    """
    if result.stocks.is_empty():
        return pl.DataFrame()
    length = (pl.col("until").cast(pl.Date) - pl.col("at").cast(pl.Date)).dt.total_days()
    spent = (
        result.stocks.lazy()
        .filter((pl.col("state") == "travelling") & (pl.col("attribute") == "all"))
        .group_by(["replicate", "where"])
        .agg((pl.col("people_mean") * length).sum().alias("spent"))
        .collect()
    )
    if spent.is_empty():
        return pl.DataFrame()
    ways = {str(where): _way(result.scenario, str(where)) for where in spent["where"].unique()}
    ends = pl.DataFrame(
        [(where, *way) for where, way in ways.items() if way is not None],
        schema={"where": pl.String, "start": pl.String, "end": pl.String, "hours": pl.Float64, "drawn": pl.Boolean},
        orient="row",
    )
    left = (
        result.flows.lazy()
        .filter((pl.col("event") == "left") & (pl.col("attribute") == "all"))
        .group_by(["replicate", pl.col("where").cast(pl.String).alias("start")])
        .agg(pl.col("people").sum().alias("left"))
        .collect()
    )
    return (
        spent.with_columns(pl.col("where").cast(pl.String))
        .join(ends, on="where")
        .with_columns((pl.col("spent") / pl.col("hours")).alias("weight"))
        .join(left, on=["replicate", "start"])
        .with_columns((pl.col("weight") / pl.col("weight").sum().over(["replicate", "start"])).alias("share"))
        .select("replicate", "where", (pl.col("share") * pl.col("left")).fill_nan(0.0).alias("value"))
    )


def _way(scenario: Any, where: str) -> tuple[str, str, float, bool] | None:
    """Start, end, hours (or relative length) of a link or of `from>to`; whether it is a link with a course."""
    link = (scenario.links or {}).get(where)
    if link is None:
        start, sign, end = where.partition(">")
        return (start, end, 24.0, False) if sign else None
    length = as_number(_value(field(link, "length_km"))) or 1.0
    mode = (field(scenario, "modes") or {}).get(field(link, "mode"))
    pace = as_number(_value(field(mode, "speed_kmh"))) if mode is not None else None
    return str(field(link, "from")), str(field(link, "to")), length / (pace or 1.0), True


def _value(item: Any) -> Any:
    """A number, or the value of a quantity, or the first value of a dated list."""
    if item is None or isinstance(item, int | float | str):
        return item
    entries = field(item, "entries")
    if entries:
        return _value(field(entries[0], "what"))
    return field(item, "value")


def stops(result: ResultLike, names: Names) -> list[Stop]:
    """Places that have coordinates, with peaks of people, queues and beds in use."""
    peaks: dict[tuple[str, str], float] = {}
    if not result.stocks.is_empty():
        grouped = (
            result.stocks.lazy()
            .filter((pl.col("attribute") == "all") & pl.col("state").is_in(["present", "waiting", "occupied"]))
            .group_by(["replicate", pl.col("state").cast(pl.String), pl.col("where").cast(pl.String)])
            .agg(pl.col("people").max().alias("value"))
            .collect()
        )
        tidy = dense(grouped, ["state", "where"], result.replicates)
        for state, where, value in tidy.group_by(["state", "where"]).agg(pl.col("value").median()).iter_rows():
            peaks[(str(state), str(where))] = float(value)
    scenario = result.scenario
    queue: dict[str, tuple[float, str]] = {}
    beds: dict[str, float] = {}
    shelters: set[str] = set()
    for identifier, facility in (scenario.facilities or {}).items():
        at = str(field(facility, "at", ""))
        waiting = peaks.get(("waiting", identifier), 0.0)
        if waiting > queue.get(at, (0.0, ""))[0]:
            queue[at] = (waiting, identifier)
        if str(field(facility, "kind", "")) == "beds" and peaks.get(("occupied", identifier), 0.0) > 0:
            shelters.add(at)
        if str(field(facility, "kind", "")) in ("beds", "camp"):
            beds[at] = beds.get(at, 0.0) + peaks.get(("occupied", identifier), 0.0)
    found = []
    for identifier, where in (scenario.places or {}).items():
        lat, lon = as_number(field(where, "lat")), as_number(field(where, "lon"))
        if lat is not None and lon is not None:
            people = peaks.get(("present", identifier), 0.0)
            name = names.place(identifier)
            longest, facility_id = queue.get(identifier, (0.0, ""))
            at = names.facility(facility_id) if facility_id else name
            camp = identifier not in shelters
            found.append(Stop(identifier, name, lon, lat, people, longest, beds.get(identifier, 0.0), at, camp))
    return sorted(found, key=lambda stop: (-stop.queue - stop.people, stop.id))


def draw(spots: Sequence[Stop], ways: Sequence[Flow], width: float, label: str, prefix: str) -> str:
    """The map as SVG text, `width` pixels wide; empty if no place has coordinates."""
    if not spots:
        return ""
    used = {end for way in ways for end in (way.start, way.end)}
    shown = [stop for stop in spots if stop.people > 0 or stop.queue > 0 or stop.id in used] or list(spots)
    view = outlines.fit([(stop.lon, stop.lat) for stop in shown], width)
    at = {stop.id: view.project(stop.lon, stop.lat) for stop in shown}
    shapes = outlines.countries(view)
    parts = [_background(view, shapes, prefix)]
    strokes: list[tuple[float, float, float, float]] = []
    widest = max((way.median for way in ways), default=0.0)
    largest = max((stop.people for stop in shown), default=0.0)
    thick = max(6.0, min(12.0, width / 60))
    for way in ways:
        if way.start in at and way.end in at and way.start != way.end and way.median > 0:
            line, stroke = _link(at[way.start], at[way.end], way, 1.2 + thick * way.median / widest)
            parts.append(line)
            strokes.append(stroke)
    biggest = max(8.0, min(16.0, width / 46))
    wanted: list[Wanted] = []
    dots: list[tuple[float, str, str]] = []
    for stop in shown:
        x, y = at[stop.id]
        radius = 2.5 + (biggest - 2.5) * math.sqrt(stop.people / largest) if largest > 0 else 2.5
        side = 2 * biggest * math.sqrt(stop.queue / largest) if largest > 0 and stop.queue >= 1 else 0.0
        dots.append((radius, *_dot(x, y, radius, side, prefix)))
        lines = [stop.name]
        if stop.queue >= 1:
            lines.append(say("map.label-queue", people=count(stop.queue)))
        elif stop.beds >= 1:
            lines.append(say("map.label-camp" if stop.camp else "map.label-shelter", people=count(stop.beds)))
        elif width < NARROW:
            continue
        wanted.append(Wanted(x, y, max(radius, side / 2 if side else 0), tuple(lines)))
    dots.sort(key=lambda dot: -dot[0])
    parts += [circle for _, circle, _ in dots] + [centre for _, _, centre in dots]
    bar, corner = _scale_bar(view)
    spots_found = place(wanted, view.width, view.height, strokes, [corner])
    taken = [spot.box for spot in spots_found] + [piece for stroke in strokes for piece in pieces(stroke)]
    parts.append(_country_names(view, shapes, taken))
    for spot in spots_found:
        parts.append(_label(wanted[spot.which], spot.box, spot.leader))
    parts.append(bar)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(label)}" '
        f'viewBox="0 0 {view.width:.0f} {view.height:.0f}" width="{view.width:.0f}" height="{view.height:.0f}" '
        f'font-family="Arial, Helvetica, sans-serif" font-size="13">{"".join(parts)}</svg>'
    )


def _background(view: outlines.View, shapes: Sequence[outlines.Country], prefix: str) -> str:
    land = ["".join(outlines.path(ring) for ring in rings) for _, rings, _ in shapes]
    return (
        f'<defs><clipPath id="{prefix}-paper"><rect width="{view.width:.0f}" height="{view.height:.0f}"/></clipPath>'
        f'<pattern id="{prefix}-queue" width="4" height="4" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="4" height="4" fill="#fff"/>'
        f'<rect width="1.6" height="4" fill="{INK}"/></pattern></defs>'
        f'<rect width="{view.width:.0f}" height="{view.height:.0f}" fill="{SEA}"/>'
        f'<g clip-path="url(#{prefix}-paper)"><path d="{"".join(land)}" fill="{LAND}" stroke="{BORDER}" '
        f'stroke-width="0.8" stroke-linejoin="round" fill-rule="evenodd"/></g>'
    )


def _country_names(view: outlines.View, shapes: Sequence[outlines.Country], taken: Sequence[Box]) -> str:
    """Names of the larger countries, where they cover neither a label nor a link."""
    names = []
    for stated, rings, _ in shapes:
        key = f"country.{stated.lower().replace(' ', '-')}"
        name = say(key) if can_say(key) else stated
        (x, y), area = outlines.centre(rings, view)
        half = len(name) * 5.2 + 4
        box = Box(x - half, y - 12, x + half, y + 5)
        inside = box.left > 0 and box.right < view.width and box.top > 0 and box.bottom < view.height
        if inside and area > 0.03 * view.width * view.height and not any(box.overlap(other) for other in taken):
            names.append(
                f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="#6b6556" letter-spacing="2" '
                f'font-size="12">{escape(name.upper())}</text>'
            )
    return "".join(names)


def _link(
    start: outlines.Point, end: outlines.Point, way: Flow, thick: float
) -> tuple[str, tuple[float, float, float, float]]:
    """A line to the right of the straight one (so that both directions show), with an arrow in its middle."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy) or 1.0
    ux, uy = dx / length, dy / length
    side = thick / 2 + 0.5
    x0, y0, x1, y1 = start[0] - uy * side, start[1] + ux * side, end[0] - uy * side, end[1] + ux * side
    dash = "" if way.drawn else ' stroke-dasharray="6 4"'
    told = say("map.link-people", name=way.name, people=count(way.median))
    line = (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="{BAND}" stroke-width="{thick:.1f}"'
        f'{dash} stroke-linecap="round"><title>{escape(told)}</title></line>'
    )
    if length > 34:
        size = max(4.0, thick * 0.55)
        mx, my = (x0 + x1) / 2, (y0 + y1) / 2
        tip = (mx + ux * size, my + uy * size)
        wings = [(mx - ux * size * 0.6 + s * uy * size, my - uy * size * 0.6 - s * ux * size) for s in (1, -1)]
        line += (
            f'<path d="M{wings[0][0]:.1f},{wings[0][1]:.1f}L{tip[0]:.1f},{tip[1]:.1f}'
            f'L{wings[1][0]:.1f},{wings[1][1]:.1f}" fill="none" stroke="{INK}" stroke-width="1.6"/>'
        )
    return line, (x0, y0, x1, y1)


def _dot(x: float, y: float, radius: float, side: float, prefix: str) -> tuple[str, str]:
    """The circle of a place, and what stands in its middle: its queue and a point."""
    circle = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#fff" fill-opacity="0.45" stroke="{INK}" '
        f'stroke-width="1.4"/>'
    )
    point = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="1.8" fill="{INK}"/>'
    if not side:
        return circle, point
    return circle, (
        f'<rect x="{x - side / 2:.1f}" y="{y - side / 2:.1f}" width="{side:.1f}" height="{side:.1f}" '
        f'fill="url(#{prefix}-queue)" stroke="{INK}" stroke-width="1.2"/>{point}'
    )


def _label(label: Wanted, box: Any, leader: bool) -> str:
    line = ""
    if leader:
        x = min(max(label.x, box.left), box.right)
        y = min(max(label.y, box.top + 2), box.bottom - 2)
        line = (
            f'<line x1="{label.x:.1f}" y1="{label.y:.1f}" x2="{x:.1f}" y2="{y:.1f}" stroke="{INK}" stroke-width="0.8"/>'
        )
    texts = "".join(
        f'<tspan x="{box.left + 1:.1f}" y="{box.top + LINE * (i + 0.78):.1f}" font-weight="{700 if i == 0 else 400}">'
        f"{escape(text)}</tspan>"
        for i, text in enumerate(label.lines)
    )
    return (
        f'{line}<text fill="#111" stroke="#fff" stroke-width="3" stroke-linejoin="round" paint-order="stroke">'
        f"{texts}</text>"
    )


def _scale_bar(view: outlines.View) -> tuple[str, Box]:
    """A bar of a round number of kilometres, true at the middle of the map; and the corner that it takes."""
    middle = math.degrees(2 * math.atan(math.exp(math.radians((view.south + view.north) / 2))) - math.pi / 2)
    km_per_pixel = 111.32 * math.cos(math.radians(middle)) * view.degrees / view.width
    target = km_per_pixel * view.width / 5
    step = 10 ** math.floor(math.log10(target))
    length = next(factor * step for factor in (5, 2, 1) if factor * step <= target)
    wide = length / km_per_pixel
    y = view.height - 12
    corner = Box(8, y - 12, 24 + wide + text_width(f"{length:,.0f} km", 12), view.height)
    drawn = (
        f'<g stroke="{INK}" stroke-width="1.4" fill="none"><path d="M12,{y - 4:.0f}v4h{wide:.0f}v-4"/></g>'
        f'<text x="{16 + wide:.0f}" y="{y:.0f}" fill="#111" font-size="12">{length:,.0f} km</text>'
    )
    return drawn, corner
