"""Sections on movement: the map, and how many people there are, when and where."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from posada.report import charts, drawing, map
from posada.report.blocks import Figure, Fold, Table, Text, data_table
from posada.report.figures import ORDER, band_heads, band_key, drawn
from posada.report.flow_map_data import flow_map_data
from posada.report.frames import peak, per_night, read, trim
from posada.report.inputs import Names, ResultLike, field, level, parse_address, plain
from posada.report.reading import focus_groups, reading
from posada.report.words import as_date, as_number, between, count, day, listed, span
from posada.words import say


def map_blocks(result: ResultLike, names: Names, live: bool = True) -> list[object]:
    """The map, with people along each link as a table; `live` if people may move on it."""
    spots, ways = map.stops(result, names), map.flows(result, names)
    if not spots:
        return [Text(say("map.none"))]
    busiest = [
        say("map.way", name=way.name, people=say("number.about", what=count(way.median)))
        for way in ways[:3]
        if way.median > 0
    ]
    queues = [
        say("map.queue", name=stop.at, people=say("number.about", what=count(stop.queue)))
        for stop in sorted(spots, key=lambda stop: -stop.queue)[:3]
        if stop.queue >= 1
    ]
    told = [say("map.text")]
    told += [say("map.ways", ways=listed(busiest))] if busiest else []
    told += [say("map.queues", queues=listed(queues))] if queues else []
    text = " ".join(told)
    title = say("map.title")
    label = say("page.label", title=title, text=text)
    blocks: list[object] = [
        Figure(
            "map",
            title,
            map.draw(spots, ways, drawing.WIDE, label, "map-w"),
            map.draw(spots, ways, drawing.NARROW, label, "map-n"),
            text,
            _places(spots),
            _key(spots, ways),
            flow_map_data(result) if live else None,
        )
    ]
    if ways:
        moved = [[way.name, count(way.median), span(way.low90, way.high90)] for way in ways]
        heads = (say("head.link"), say("band.median"), say("head.ninety"))
        table = Table(say("map.links"), heads, moved, frozenset({1, 2}), file="links.csv")
        blocks.append(Fold(say("map.links-fold"), [table]))
    missing = [names.place(key) for key in sorted(set(result.scenario.places or {}) - {stop.id for stop in spots})]
    if missing:
        blocks.append(Text(say("map.missing", places=listed(missing)), style="note"))
    return blocks


def _places(spots: Sequence[map.Stop]) -> Table:
    rows = [[stop.name, count(stop.people), count(stop.queue), count(stop.beds)] for stop in spots]
    heads = (say("head.place"), say("map.head-people"), say("map.head-queue"), say("map.head-beds"))
    return Table(say("map.places"), heads, rows, frozenset({1, 2, 3}), file="places.csv")


def _key(spots: Sequence[map.Stop], ways: Sequence[map.Flow]) -> list[tuple[str, str]]:
    width = say("map.key-width-most", most=count(ways[0].median)) if ways else say("map.key-width")
    key = [
        ("width", width),
        ("circle", say("map.key-circle", most=count(max(stop.people for stop in spots)))),
        ("square", say("map.key-square")),
    ]
    return [*key, *([("broken", say("map.key-broken"))] if any(not way.drawn for way in ways) else [])]


Points = list[tuple[date, float, float, float, str, str]]


def counts_of(result: ResultLike, address: str, per_day: bool = False, since: date | None = None) -> Points:
    """Reported counts of a series: (date, low, value, high, qualifier, use); only those from one day on, if asked."""
    found: Points = []
    hidden = reading(result).hidden
    for key, row in (result.scenario.observations or {}).items():
        if key in hidden:
            continue
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

    def draw(width: int) -> charts.Spec:
        wide = width == drawing.WIDE
        return charts.panels(shown, width, columns if wide else 1, height if wide else min(height, 150), unit)

    table = pl.concat(
        [panel.band.select(pl.lit(panel.title).alias("series"), "date", *ORDER) for panel in shown], how="vertical"
    )
    points = [point for panel in shown for point in panel.points]
    key = band_key()
    for kind, use in (("filled", "input"), ("hollow", "check")):
        if any((point[5] == "input") == (use == "input") for point in points):
            key.append((kind, say(f"band.{use}")))
    if any(point[4] in ("at_least", "at_most", "more") for point in points):
        key.append(("triangle", say("band.triangle")))
    data = data_table(
        say("page.data-of", title=title), table, (say("head.series"), say("head.date"), *band_heads()), identifier
    )
    return drawn(identifier, title, text, draw, data, key)


def panel_of(result: ResultLike, address: str, title: str, per_day: bool = False) -> charts.Panel | None:
    """A series as a panel with its reported counts; None where there is nothing to see."""
    frame = read(result, address)
    if per_day:
        frame = per_night(frame, result)
    points = counts_of(result, address, per_day)
    if frame.is_empty() or (peak(frame, "high90") <= 0 and not points):
        return None
    return charts.Panel(title, trim(frame, [point[0] for point in points]), points)


def size_over_time(result: ResultLike, names: Names) -> list[object]:
    """How many are under way, and where."""
    groups = focus_groups(result)
    whole = []
    for group in groups[:3]:
        found = panel_of(result, f"active:chain{{group={group}}}", say("size.of-group", group=names.group(group)))
        if found is not None:
            whole.append(found)
    if not whole:
        found = panel_of(result, "active:chain", say("size.title"))
        whole = [found] if found is not None else []
    if not whole:
        return [Text(say("situation.nobody"))]
    whole = [part for panel in whole for part in _beginning(panel)]
    top = max(whole, key=lambda panel: peak(panel.band))
    best = top.band.sort("median", descending=True).row(0, named=True)
    people = between(best["low90"], best["median"], best["high90"])
    text = say("size.text", title=top.title, people=people, day=day(best["date"]))
    blocks: list[object] = [figure("active", say("size.title"), whole, min(len(whole), 2), 230, say("size.unit"), text)]
    small = _place_panels(result, names, groups)
    if small:
        text = f"{say('size.places-text')} {whom(groups)} {say('band.own-scale')}"
        blocks.append(figure("present", say("size.places"), small, 3, 110, say("level.people"), text))
    return blocks


def whom(groups: Sequence[str]) -> str:
    """Whose people a figure counts."""
    return say("size.only", group=plain(groups[0])) if len(groups) == 1 else say("size.all")


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
    return [charts.Panel(say("size.first", title=panel.title, days=length), early, points), panel]


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
            title += f" ({level(parsed.level or '')})"
        shown = panel_of(result, address, title)
        if shown is not None:
            when = shown.band.sort(["high90", "date"], descending=[True, False])["date"][0]
            found.append((when, shown))
    return [shown for _, shown in sorted(found, key=lambda item: (item[0], item[1].title))]
