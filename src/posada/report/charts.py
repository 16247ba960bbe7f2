"""The charts, as Vega-Lite specifications. All can be read in black and white: bands differ in luminance, lines dashed.

They are plain mappings: building the same with Altair took three times as long as all else that the report does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

DARK, MIDDLE, LIGHT = "#14304a", "#8fa6ba", "#d5dee6"
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [1, 4], [12, 4])

Spec = dict[str, Any]


@dataclass(frozen=True)
class Panel:
    """One series over time with its bands, and reported counts: (date, low, value, high, qualifier, use).

    `size` is the area of a count; at `mark` a line stands upright.
    """

    title: str
    band: pl.DataFrame
    points: Sequence[tuple[date, float, float, float, str, str]] = field(default_factory=tuple)
    size: int = 55
    mark: date | None = None


def _values(frame: pl.DataFrame) -> list[dict[str, Any]]:
    rounded = frame.with_columns(pl.selectors.float().round(3))
    return rounded.with_columns(pl.selectors.date().dt.to_string("%Y-%m-%d")).to_dicts()


def _layer(mark: str, look: Mapping[str, Any], **encoding: Any) -> Spec:
    """One layer; channels that are None are left out."""
    return {"mark": {"type": mark, **look}, "encoding": {key: item for key, item in encoding.items() if item}}


def _with(values: list[dict[str, Any]], layers: Sequence[Spec], only: str = "") -> list[Spec]:
    """Layers that share rows of their own, or those of them for which an expression is true."""
    chosen = {"transform": [{"filter": only}]} if only else {}
    return [{"data": {"values": values}, **chosen, **layer} for layer in layers]


def _field(name: str, kind: str = "quantitative", **more: Any) -> Spec:
    return {"field": name, "type": kind, **more}


def _like(channel: Spec, name: str) -> Spec:
    """A channel with its scale and axis, for another column."""
    return {**channel, "field": name}


def _titled(chart: Spec, text: str, width: int) -> Spec:
    return {**chart, "title": {"text": _wrapped(text, width), "frame": "group"}}


def _side_by_side(drawn: Sequence[Spec], columns: int, across: int, down: int) -> Spec:
    if len(drawn) == 1:
        return drawn[0]
    return {"concat": list(drawn), "columns": columns, "spacing": {"column": across, "row": down}}


def _dates(first: date, last: date, width: float) -> tuple[Spec, list[str]]:
    """A date axis in UTC with whole dates; days for short spans, months and years for long ones."""
    span = max((last - first).days, 1)
    ticks = max(2, int(width // 62))
    pattern = "%-d %b" if span < 200 else "%b %Y" if span < 2600 else "%Y"
    domain = [first.isoformat(), (last + timedelta(days=0 if last > first else 1)).isoformat()]
    axis: Spec = {"title": None, "format": pattern, "tickCount": ticks, "labelOverlap": "greedy"}
    if span < 130:
        step = next((days for days in (1, 2, 3, 4, 7, 14, 28) if span / days <= ticks), 56)
        axis["values"] = [_milliseconds(first + timedelta(days=i)) for i in range(0, span + 1, step)]
    return _field("date", "temporal", scale={"type": "utc", "domain": domain}, axis=axis), domain


def _milliseconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000


def _people_axis(title: str | None, top: float) -> Spec:
    axis: Spec = {"title": title, "format": ",d" if top >= 3 else ",.1f", "tickCount": 4}
    axis["tickMinStep"] = 1 if top >= 3 else 0.1
    if title:
        axis |= {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "end"}
        axis |= {"titleX": 4, "titleY": -6, "titleBaseline": "bottom"}
    return _field("median", scale={"domain": [0, max(top * 1.05, 1)], "nice": False}, axis=axis)


def panels(shown: Sequence[Panel], width: int, columns: int, height: int, unit: str) -> Spec:
    """Small charts side by side, each with its own dates and scale."""
    each = (width - 58 * columns) // columns
    drawn = [_panel(panel, each, height, unit if len(shown) == 1 else None) for panel in shown]
    return _side_by_side(drawn, columns, 14, 18)


def _panel(panel: Panel, width: int, height: int, unit: str | None) -> Spec:
    frame = panel.band
    dates = [*frame["date"].to_list(), *(point[0] for point in panel.points)]
    tops = [*frame["high90"].to_list(), *(point[3] for point in panel.points), 0.0]
    x, _ = _dates(min(dates), max(dates), width)
    y = _people_axis(unit, max(tops))
    bands = [
        _layer("area", {"color": LIGHT, "clip": True}, x=x, y=_like(y, "low90"), y2={"field": "high90"}),
        _layer("area", {"color": MIDDLE, "clip": True}, x=x, y=_like(y, "low50"), y2={"field": "high50"}),
        _layer("line", {"color": DARK, "strokeWidth": 2, "clip": True}, x=x, y=y),
    ]
    if frame.height == 1:
        bands.append(_layer("point", {"color": DARK, "filled": True, "size": 40}, x=x, y=y))
    layers = [*bands, *(_counts(panel.points, x, y, panel.size) if panel.points else [])]
    if panel.mark is not None:
        dashed = _layer("rule", {"color": "#000", "strokeWidth": 1, "strokeDash": [4, 3]}, x=x)
        layers += _with([{"date": panel.mark.isoformat()}], [dashed])
    chart = {"data": {"values": _values(frame)}, "layer": layers, "width": width, "height": height}
    return _titled(chart, panel.title, max(width // 7, 18))


def _counts(points: Sequence[tuple[date, float, float, float, str, str]], x: Spec, y: Spec, size: int) -> list[Spec]:
    """Reported counts: filled where they set a number, hollow where they check; triangles for at least, at most."""
    shapes = {"at_least": "triangle-up", "more": "triangle-up", "at_most": "triangle-down"}
    rows = [
        {
            "date": when.isoformat(),
            "low": low,
            "median": value,
            "high": high,
            "shape": shapes.get(qualifier, "circle"),
            "use": use,
        }
        for when, low, value, high, qualifier, use in points
    ]
    shape = {"field": "shape", "type": "nominal", "scale": None, "legend": None}
    black: Spec = {"stroke": "#000", "size": size, "opacity": 1}
    ranges = _layer("rule", {"color": "#000", "strokeWidth": 1.3}, x=x, y=_like(y, "low"), y2={"field": "high"})
    hollow = _layer("point", {"fill": "#fff", "strokeWidth": 1.6 if size > 30 else 1, **black}, x=x, y=y, shape=shape)
    filled = _layer("point", {"fill": "#000", **black}, x=x, y=y, shape=shape)
    return [
        *_with(rows, [ranges]),
        *_with(rows, [hollow], "datum.use != 'input'"),
        *_with(rows, [filled], "datum.use == 'input'"),
    ]


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) + 1 <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def intervals(frame: pl.DataFrame, width: int, unit: str, top: float | None = None) -> Spec:
    """Bars with their intervals and their number in words beside.

    `frame`: panel, label, median, low50, high50, low90, high90, text, soft (dashed outline: not final). One panel per
    value of `panel`, in the order of the rows.
    """
    names = frame["panel"].unique(maintain_order=True).to_list()
    narrow = width < 500
    longest = max(len(str(label)) for label in frame["label"].to_list())
    side = 4 if narrow else min(320, max(120, longest * 6))
    drawn = []
    for name in names:
        rows = frame.filter(pl.col("panel") == name)
        ceiling = top if top is not None else max([*rows["high90"].to_list(), 1e-9])
        drawn.append(_interval_panel(rows, str(name), width - side - 20, side, unit, ceiling, narrow))
    return drawn[0] if len(drawn) == 1 else {"vconcat": drawn, "spacing": 22}


def _interval_panel(rows: pl.DataFrame, title: str, width: int, side: int, unit: str, top: float, narrow: bool) -> Spec:
    room = 0.62 if narrow else 0.7
    share = unit == "%"
    axis: Spec = {"domain": False, "title": None, "format": ".0%" if share else ",d"}
    axis |= {"tickCount": 3 if narrow else 5, "tickMinStep": 0 if share else 1}
    if not share and top < 3:
        axis["format"], axis["tickMinStep"] = ",.2~f", 0.1
    axis["values"] = _ticks(top, 2 if narrow else 4)
    x = _field("median", scale={"domain": [0, top / room], "nice": False}, axis=axis)
    names = None if narrow else {"title": None, "labelLimit": side, "labelPadding": 8, "ticks": False, "domain": False}
    y = _field("label", "nominal", sort=rows["label"].to_list(), axis=names)
    edge: Spec = {"stroke": DARK, "size": 14}
    firm = _layer("bar", {"color": LIGHT, "strokeWidth": 0.8, **edge}, x=x, y=y)
    soft = _layer("bar", {"color": "#fff", "strokeDash": [4, 3], "strokeWidth": 1, **edge}, x=x, y=y)
    point = {"fill": "#fff", "stroke": "#000", "size": 36, "opacity": 1, "strokeWidth": 1.4}
    layers = [
        {"transform": [{"filter": "!datum.soft"}], **firm},
        {"transform": [{"filter": "datum.soft"}], **soft},
        _layer("rule", {"color": DARK, "strokeWidth": 1.2}, x=_like(x, "low90"), x2={"field": "high90"}, y=y),
        _layer("rule", {"color": DARK, "strokeWidth": 5}, x=_like(x, "low50"), x2={"field": "high50"}, y=y),
        _layer("point", point, x=x, y=y),
        _layer("text", {"align": "left", "dx": 9}, x=_like(x, "high90"), y=y, text={"field": "text"}),
    ]
    if narrow:  # no room beside the bars: names stand above them
        above = {"align": "left", "baseline": "bottom", "dy": -9, "limit": width}
        layers.append(_layer("text", above, x={"value": 0}, y=y, text={"field": "label"}))
    height = (40 if narrow else 26) * rows.height
    chart = {"data": {"values": _values(rows)}, "layer": layers, "width": width, "height": height}
    return _titled(chart, title, 44 if narrow else 100) if title else chart


def _ticks(top: float, most: int) -> list[float]:
    """Round values from 0 to `top`."""
    if top <= 0:
        return [0.0]
    raw = top / most
    scale = 10.0 ** len(str(int(raw))) / 10 if raw >= 1 else 1.0
    while scale > raw:
        scale /= 10
    step = next(factor * scale for factor in (1, 2, 2.5, 5, 10) if factor * scale >= raw * 0.999)
    return [round(step * i, 9) for i in range(int(top / step + 1e-9) + 1)]


def bins(shown: Sequence[tuple[str, pl.DataFrame]], width: int, columns: int) -> Spec:
    """Shares of people by length of wait: bar = mean of the runs, line = 90 % of the runs; `label` names the bin."""
    columns = min(columns, len(shown))
    each = (width - 70 * columns) // columns
    drawn = []
    for title, frame in shown:
        top = max([*frame["high90"].to_list(), 0.01])
        y = _field(
            "label", "nominal", sort=None, axis={"title": None, "ticks": False, "domain": False, "labelLimit": 130}
        )
        x = _field("mean", scale={"domain": [0, top * 1.28], "nice": False}, axis=None)
        layers = [
            _layer("bar", {"color": LIGHT, "stroke": DARK, "strokeWidth": 0.8}, x=x, y=y),
            _layer("rule", {"color": DARK, "strokeWidth": 1.4}, x=_like(x, "low90"), x2={"field": "high90"}, y=y),
            _layer("text", {"align": "left", "dx": 6}, x=_like(x, "high90"), y=y, text={"field": "text"}),
        ]
        chart = {"data": {"values": _values(frame)}, "layer": layers, "width": each - 40}
        drawn.append(_titled({**chart, "height": 22 * max(frame.height, 1)}, title, max(each // 6, 20)))
    return _side_by_side(drawn, columns, 30, 20)


def timeline(
    total: pl.DataFrame, lines: Sequence[tuple[str, pl.DataFrame]], width: int, height: int, unit: str, everybody: str
) -> Spec:
    """Running totals: everybody with a band, then one line each, named at its end and told apart by dashes."""
    narrow = width < 500
    side = 112 if narrow else 190
    top = max([*total["high90"].to_list(), 1.0])
    first, last = total["date"].min(), total["date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    x, domain = _dates(first, last, width - side)
    y = _people_axis(unit, top)
    layers = [
        _layer("area", {"color": LIGHT}, x=x, y=_like(y, "low90"), y2={"field": "high90"}),
        _layer("line", {"color": "#000", "strokeWidth": 2.6}, x=x, y=y),
    ]
    ends = [(everybody, float(total["median"][-1]), True)]
    for index, (label, frame) in enumerate(lines):
        look = {"color": DARK, "strokeWidth": 1.8, "strokeDash": DASHES[index % len(DASHES)]}
        layers += _with(_values(frame.select("date", "median")), [_layer("line", look, x=x, y=y)])
        ends.append((label, float(frame["median"][-1]), False))
    texts, leaders = _spread(ends, top, height, 14 if narrow else 26)
    across = width - side - 56
    rows = [{"date": domain[1], "place": place, "text": text, "bold": bold} for text, place, bold in texts]
    tied = [{"median": value, "place": place} for value, place in leaders]
    thin = {"color": DARK, "strokeWidth": 0.8}
    layers += _with(
        tied,
        [_layer("rule", thin, x={"value": across + 1}, x2={"value": across + 9}, y=y, y2={"field": "place"})],
    )
    for bold in (True, False):
        look = {"align": "left", "dx": 12, "baseline": "middle", "fontWeight": "bold" if bold else "normal"}
        named = _layer("text", look, x=x, y=_like(y, "place"), text={"field": "text"})
        layers += _with(rows, [named], f"datum.bold == {str(bold).lower()}")
    return {"data": {"values": _values(total)}, "layer": layers, "width": across, "height": height}


def _spread(
    ends: Sequence[tuple[str, float, bool]], top: float, height: int, line: int
) -> tuple[list[tuple[str, float, bool]], list[tuple[float, float]]]:
    """Names of lines, wrapped, moved apart so that none covers another.

    Each line of text as (text, place, bold), and each name as (end of its line, place). From the bottom up each name
    is pushed above the one below it, then back down from the top.
    """
    ordered = sorted(ends, key=lambda end: end[1])
    texts = [_wrapped(label, line) for label, _, _ in ordered]
    places: list[float] = []
    floor = -8.0
    for (_, value, _), lines in zip(ordered, texts, strict=True):
        tall = 14.0 * len(lines)
        places.append(max(value / (top * 1.05) * height, floor + tall / 2))
        floor = places[-1] + tall / 2 + 3
    ceiling = float(height) + 14
    found: list[tuple[str, float, bool]] = []
    leaders: list[tuple[float, float]] = []
    for index in range(len(places) - 1, -1, -1):
        tall = 14.0 * len(texts[index])
        middle = min(places[index], ceiling - tall / 2)
        ceiling = middle - tall / 2 - 3
        leaders.append((ordered[index][1], middle / height * top * 1.05))
        for number, text in enumerate(texts[index]):
            at = middle + tall / 2 - 14.0 * (number + 0.5)
            found.append((text, at / height * top * 1.05, ordered[index][2]))
    return found, leaders


def parts(rows: Sequence[Mapping[str, Any]], names: Sequence[str], width: int) -> Spec:
    """Bars that are each taken apart into shares: `label`, `part`, `share`, `order`. They differ in luminance."""
    narrow = width < 500
    labels = list(dict.fromkeys(str(row["label"]) for row in rows))
    side = 4 if narrow else min(380, max(120, max((len(label) for label in labels), default=0) * 6))
    axis = None if narrow else {"title": None, "labelLimit": side, "labelPadding": 8, "ticks": False, "domain": False}
    y = _field("label", "nominal", sort=labels, axis=axis)
    whole = {"title": None, "format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1], "domain": False}
    x = _field("share", stack="zero", scale={"domain": [0, 1], "clamp": True}, axis=whole)
    order = _field("order")
    data = [{**row, "share": round(float(row["share"]), 4)} for row in rows]
    looks: tuple[Spec, ...] = (
        {"fill": DARK, "stroke": DARK},
        {"fill": "#fff", "stroke": DARK, "strokeDash": [4, 3]},
        {"fill": LIGHT, "stroke": DARK},
        {"fill": MIDDLE, "stroke": DARK},
    )
    fill = {"domain": list(names), "range": [look["fill"] for look in looks]}
    dash = {"domain": list(names), "range": [look.get("strokeDash", [1, 0]) for look in looks]}
    bars = _layer(
        "bar",
        {"size": 14, "stroke": DARK, "strokeWidth": 1},
        x=x,
        y=y,
        order=order,
        fill=_field("part", "nominal", scale=fill, legend={"title": None, "orient": "top"}),
        strokeDash=_field("part", "nominal", scale=dash, legend=None),
    )
    layers = [bars]
    if narrow:  # no room beside the bars: names stand above them
        above = {"align": "left", "baseline": "bottom", "dy": -9, "limit": width}
        layers.append(_layer("text", above, x={"value": 0}, y=y, text={"field": "label"}))
    height = (40 if narrow else 24) * max(len(labels), 1)
    return {"data": {"values": data}, "layer": layers, "width": width - side - 20, "height": height}
