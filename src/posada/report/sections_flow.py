"""Sections on movement: the map, and how many people there are, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from posada.report import charts, drawing, map
from posada.report.blocks import Figure, Fold, Section, Table, data_table
from posada.report.frames import peak, per_night, read, trim
from posada.report.inputs import Names, ResultLike, field, parse_address, plain
from posada.report.reading import focus_groups
from posada.report.words import as_date, as_number, between, count, day, listed, span

BAND_KEY = (("line", "median of the runs"), ("dark", "half of the runs"), ("light", "nine runs in ten"))
COUNT_KEY = (
    ("filled", "reported count that set a number"),
    ("hollow", "reported count kept for checking (its line: the reported range)"),
)
BAND_HEADS = ("median", "50 % from", "50 % to", "90 % from", "90 % to")
OWN_SCALE = "Each panel has its own dates (those on which there is something to see) and its own scale."
ORDER = ["median", "low50", "high50", "low90", "high90"]


def where_people_go(result: ResultLike, names: Names) -> Section:
    """The map."""
    section = Section("map", "Where people go")
    spots, ways = map.stops(result, names), map.flows(result, names)
    if not spots:
        section.say("No place of this scenario has coordinates, so there is no map.")
        return section
    busiest = [f"{way.name} (about {count(way.median)})" for way in ways[:3] if way.median > 0]
    queues = [
        f"{stop.at} (up to about {count(stop.queue)})"
        for stop in sorted(spots, key=lambda stop: -stop.queue)[:3]
        if stop.queue >= 1
    ]
    text = "Everybody is counted, people of all groups together, over the whole run; medians of the runs."
    if busiest:
        text += f" Most people go along {listed(busiest)}."
    if queues:
        text += f" The longest queues stand at: {listed(queues)}."
    label = f"Map of the route. {text} The numbers are in the table below."
    rows = [[stop.name, count(stop.people), count(stop.queue), count(stop.beds)] for stop in spots]
    places = Table(
        "Most people of all groups at one time at each place, in the whole run (medians of the runs)",
        ("place", "people there", "waiting in a queue", "in shelter or camp"),
        rows,
        frozenset({1, 2, 3}),
        file="places.csv",
    )
    widest = f", the widest about {count(ways[0].median)}" if ways else ""
    most = count(max(stop.people for stop in spots))
    key = [
        ("width", f"people along a link in the whole run{widest}"),
        ("circle", f"most people at a place at one time (area; the largest about {most})"),
        ("square", "longest queue at a place, of all groups (area, same scale)"),
    ]
    if any(not way.drawn for way in ways):
        key.append(("broken", "a journey along no named link"))
    section.blocks.append(
        Figure(
            "map",
            "The route, people and queues",
            map.draw(spots, ways, drawing.WIDE, label, "map-w"),
            map.draw(spots, ways, drawing.NARROW, label, "map-n"),
            text,
            places,
            key,
        )
    )
    if ways:
        moved = [[way.name, count(way.median), span(way.low90, way.high90)] for way in ways]
        heads = ("link", "median", "nine runs in ten")
        table = Table(
            "People of all groups along each link, in the whole run", heads, moved, frozenset({1, 2}), file="links.csv"
        )
        section.blocks.append(Fold("People along each link", [table]))
    missing = [names.place(key) for key in sorted(set(result.scenario.places or {}) - {stop.id for stop in spots})]
    if missing:
        section.say(f"Without coordinates, and so not on the map: {listed(missing)}.")
    return section


Points = list[tuple[date, float, float, float, str, str]]


def counts_of(result: ResultLike, address: str, per_day: bool = False, since: date | None = None) -> Points:
    """Reported counts of a series: (date, low, value, high, qualifier, use); only those from one day on, if asked."""
    found: Points = []
    for row in (result.scenario.observations or {}).values():
        when = as_date(field(row, "to")) or as_date(field(row, "from"))
        low, value, high = (as_number(field(row, key)) for key in ("low", "value", "high"))
        numbers = [item for item in (value, low, high) if item is not None]
        if field(row, "series") != address or when is None or not numbers:
            continue
        first = as_date(field(row, "from")) or when
        if since is not None and first != since:
            continue
        length = (when - first).days + 1 if per_day else 1
        middle = value if value is not None else sum(numbers) / len(numbers)
        ends = [middle if item is None else item for item in (low, high)]
        found.append(
            (
                when,
                ends[0] / length,
                middle / length,
                ends[1] / length,
                str(field(row, "qualifier", "")),
                str(field(row, "use", "check")),
            )
        )
    return sorted(found)


def figure(
    identifier: str, title: str, shown: Sequence[charts.Panel], columns: int, height: int, unit: str, text: str
) -> Figure:
    """Panels of bands as a figure with its table."""
    wide = charts.panels(shown, drawing.WIDE, columns, height, unit)
    narrow = charts.panels(shown, drawing.NARROW, 1, min(height, 150), unit)
    label = f"{title}. {text} The numbers are in the table below."
    table = pl.concat(
        [panel.band.select(pl.lit(panel.title).alias("series"), "date", *ORDER) for panel in shown], how="vertical"
    )
    points = [point for panel in shown for point in panel.points]
    key = [*BAND_KEY]
    for use, kind in (("input", COUNT_KEY[0]), ("check", COUNT_KEY[1])):
        if any((point[5] == "input") == (use == "input") for point in points):
            key.append(kind)
    if any(point[4] in ("at_least", "at_most", "more") for point in points):
        key.append(("triangle", "at least (tip up) or at most (tip down)"))
    return Figure(
        identifier,
        title,
        drawing.svg(wide, label, f"{identifier}-w"),
        drawing.svg(narrow, label, f"{identifier}-n"),
        text,
        data_table(f"Data: {title}", table, ("series", "date", *BAND_HEADS), identifier),
        key,
    )


def panel_of(result: ResultLike, address: str, title: str, per_day: bool = False) -> charts.Panel | None:
    """A series as a panel with its reported counts; None where there is nothing to see."""
    frame = read(result, address)
    if per_day:
        frame = per_night(frame, result)
    points = counts_of(result, address, per_day)
    if frame.is_empty() or (peak(frame, "high90") <= 0 and not points):
        return None
    return charts.Panel(title, trim(frame, [point[0] for point in points]), points)


def size_over_time(result: ResultLike, names: Names) -> Section:
    """How many are under way, and where."""
    section = Section("size", "How many people, when and where")
    groups = focus_groups(result)
    whole = []
    for group in groups[:3]:
        found = panel_of(result, f"active:chain{{group={group}}}", f"People of “{plain(group)}” under way")
        if found is not None:
            whole.append(found)
    if not whole:
        found = panel_of(result, "active:chain", "People under way")
        whole = [found] if found is not None else []
    if not whole:
        section.say("Nobody set out in this scenario.")
        return section
    whole = [part for panel in whole for part in _beginning(panel)]
    top = max(whole, key=lambda panel: peak(panel.band))
    best = top.band.sort("median", descending=True).row(0, named=True)
    text = (
        f"{top.title}: the most at one time is {between(best['low90'], best['median'], best['high90'])}, "
        f"on {day(best['date'])}. People are under way from setting out until their pathway ends."
    )
    section.blocks.append(
        figure("active", "People under way", whole, min(len(whole), 2), 230, "people at the end of the day", text)
    )
    small = _place_panels(result, names, groups)
    if small:
        who = f" Only people of “{plain(groups[0])}” are shown." if len(groups) == 1 else ""
        text = f"People present at each place at the end of the day.{who} {OWN_SCALE}"
        section.blocks.append(figure("present", "People present, place by place", small, 3, 110, "people", text))
    return section


def _beginning(panel: charts.Panel, length: int = 100) -> list[charts.Panel]:
    """The first days of a long series as a panel of their own, before the whole."""
    first, last = panel.band["date"].min(), panel.band["date"].max()
    if not isinstance(first, date) or not isinstance(last, date) or (last - first).days < 3 * length:
        return [panel]
    limit = first + timedelta(days=length)
    early = panel.band.filter(pl.col("date") < limit)
    if early.height < 10:
        return [panel]
    points = [point for point in panel.points if point[0] < limit]
    return [charts.Panel(f"{panel.title}, first {length} days", early, points), panel]


def _place_panels(result: ResultLike, names: Names, groups: Sequence[str]) -> list[charts.Panel]:
    """At most twelve places, in order of their peaks: those with reported counts, with facilities, with most people."""
    suffix = f"{{group={groups[0]}}}" if len(groups) == 1 else ""
    addresses: list[str] = []
    for row in (result.scenario.observations or {}).values():
        text = str(field(row, "series", ""))
        if parse_address(text).verb == "present" and text not in addresses:
            addresses.append(text)
    busy = {str(field(facility, "at", "")) for facility in (result.scenario.facilities or {}).values()}
    spots = sorted(map.stops(result, names), key=lambda stop: (stop.id not in busy, -stop.people, stop.id))
    seen = {parse_address(text).where for text in addresses}
    addresses += [f"present:{stop.id}{suffix}" for stop in spots if stop.people >= 1 and stop.id not in seen]
    found: list[tuple[date, charts.Panel]] = []
    for address in addresses[:12]:
        parsed = parse_address(address)
        title = names.place(parsed.where)
        if parsed.attribute and parsed.level not in groups[:1]:
            title += f" ({plain(parsed.level or '')})"
        shown = panel_of(result, address, title)
        if shown is not None:
            when = shown.band.sort(["high90", "date"], descending=[True, False])["date"][0]
            found.append((when, shown))
    return [shown for _, shown in sorted(found, key=lambda item: (item[0], item[1].title))]
