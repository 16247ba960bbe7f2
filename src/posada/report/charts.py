"""The charts, as Altair objects. All can be read in black and white: bands differ in luminance, lines in dashes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import altair as alt
import polars as pl

DARK, MIDDLE, LIGHT = "#14304a", "#8fa6ba", "#d5dee6"
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3], [1, 4], [12, 4])


@dataclass(frozen=True)
class Panel:
    """One series over time with its bands, and reported counts: (date, low, value, high, qualifier, use)."""

    title: str
    band: pl.DataFrame
    points: Sequence[tuple[date, float, float, float, str, str]] = field(default_factory=tuple)


def _values(frame: pl.DataFrame) -> list[dict[str, Any]]:
    rounded = frame.with_columns(pl.selectors.float().round(3))
    return rounded.with_columns(pl.selectors.date().dt.to_string("%Y-%m-%d")).to_dicts()


def _data(values: list[dict[str, Any]]) -> alt.Data:
    """Rows as JSON text: Altair copies a chart, with all its rows if they are objects, each time that it is changed."""
    return alt.Data(values=json.dumps(values), format=alt.DataFormat(type="json"))


def _dates(first: date, last: date, width: float) -> tuple[alt.X, list[str]]:
    """A date axis in UTC with whole dates; days for short spans, months and years for long ones."""
    span = max((last - first).days, 1)
    ticks = max(2, int(width // 62))
    pattern = "%-d %b" if span < 200 else "%b %Y" if span < 2600 else "%Y"
    domain = [first.isoformat(), (last + timedelta(days=0 if last > first else 1)).isoformat()]
    axis = alt.Axis(title=None, format=pattern, tickCount=ticks, labelOverlap="greedy")
    if span < 130:
        step = next((days for days in (1, 2, 3, 4, 7, 14, 28) if span / days <= ticks), 56)
        axis["values"] = [_milliseconds(first + timedelta(days=i)) for i in range(0, span + 1, step)]
    return alt.X("date:T", scale=alt.Scale(type="utc", domain=domain), axis=axis), domain


def _milliseconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * 86_400_000


def _people_axis(title: str | None, top: float) -> alt.Y:
    axis = alt.Axis(title=title, format=",d" if top >= 3 else ",.1f", tickCount=4, tickMinStep=1 if top >= 3 else 0.1)
    if title:
        axis["titleAngle"], axis["titleAlign"], axis["titleAnchor"] = 0, "left", "end"
        axis["titleX"], axis["titleY"], axis["titleBaseline"] = 4, -6, "bottom"
    return alt.Y("median:Q", scale=alt.Scale(domain=[0, max(top * 1.05, 1)], nice=False), axis=axis)


def panels(shown: Sequence[Panel], width: int, columns: int, height: int, unit: str) -> Any:
    """Small charts side by side, each with its own dates and scale."""
    each = (width - 58 * columns) // columns
    drawn = [_panel(panel, each, height, unit if len(shown) == 1 else None) for panel in shown]
    return drawn[0] if len(drawn) == 1 else alt.concat(*drawn, columns=columns, spacing={"column": 14, "row": 18})


def _panel(panel: Panel, width: int, height: int, unit: str | None) -> Any:
    frame = panel.band
    dates = [*frame["date"].to_list(), *(point[0] for point in panel.points)]
    tops = [*frame["high90"].to_list(), *(point[3] for point in panel.points), 0.0]
    x, _ = _dates(min(dates), max(dates), width)
    y = _people_axis(unit, max(tops))
    base = alt.Chart(_data(_values(frame))).encode(x=x)
    layers = [
        base.mark_area(color=LIGHT, clip=True).encode(y=y, y2="high90:Q").encode(y=_like(y, "low90:Q")),
        base.mark_area(color=MIDDLE, clip=True).encode(y=_like(y, "low50:Q"), y2="high50:Q"),
        base.mark_line(color=DARK, strokeWidth=2, clip=True).encode(y=y),
    ]
    if frame.height == 1:
        layers.append(base.mark_point(color=DARK, filled=True, size=40).encode(y=y))
    if panel.points:
        layers += _counts(panel.points, x, y)
    title = alt.TitleParams(_wrapped(panel.title, max(width // 7, 18)), frame="group")
    return alt.layer(*layers).properties(width=width, height=height, title=title)


def _like(y: alt.Y, name: str) -> alt.Y:
    copy = y.copy()
    copy["shorthand"] = name
    return copy


def _counts(points: Sequence[tuple[date, float, float, float, str, str]], x: alt.X, y: alt.Y) -> list[Any]:
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
    base = alt.Chart(_data(rows)).encode(x=x)
    shape = alt.Shape("shape:N", scale=None, legend=None)
    ranges = base.mark_rule(color="#000", strokeWidth=1.3).encode(y=_like(y, "low:Q"), y2="high:Q")
    hollow = base.transform_filter("datum.use != 'input'").mark_point(
        fill="#fff", stroke="#000", strokeWidth=1.6, size=55, opacity=1
    )
    filled = base.transform_filter("datum.use == 'input'").mark_point(fill="#000", stroke="#000", size=55, opacity=1)
    return [ranges, hollow.encode(y=y, shape=shape), filled.encode(y=y, shape=shape)]


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + len(word) + 1 <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def intervals(frame: pl.DataFrame, width: int, unit: str, top: float | None = None) -> Any:
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
        drawn.append(_interval_panel(rows, str(name), width - side - 12, side, unit, ceiling, narrow))
    return drawn[0] if len(drawn) == 1 else alt.vconcat(*drawn, spacing=22)


def _interval_panel(rows: pl.DataFrame, title: str, width: int, side: int, unit: str, top: float, narrow: bool) -> Any:
    values = _values(rows)
    room = 0.62 if narrow else 0.7
    share = unit == "%"
    axis = alt.Axis(
        domain=False,
        title=None,
        format=".0%" if share else ",d",
        tickCount=3 if narrow else 5,
        tickMinStep=0 if share else 1,
    )
    if not share and top < 3:
        axis["format"], axis["tickMinStep"] = ",.1f", 0.1
    axis["values"] = _ticks(top, 2 if narrow else 4)
    x = alt.X("median:Q", scale=alt.Scale(domain=[0, top / room], nice=False), axis=axis)
    names = None if narrow else alt.Axis(title=None, labelLimit=side, ticks=False, domain=False)
    y = alt.Y("label:N", sort=rows["label"].to_list(), axis=names)
    base = alt.Chart(_data(values)).encode(y=y)
    firm = base.transform_filter("!datum.soft").mark_bar(color=LIGHT, stroke=DARK, strokeWidth=0.8, size=14)
    soft = base.transform_filter("datum.soft").mark_bar(
        color="#fff", stroke=DARK, strokeDash=[4, 3], strokeWidth=1, size=14
    )
    layers = [
        firm.encode(x=x),
        soft.encode(x=x),
        base.mark_rule(color=DARK, strokeWidth=1.2).encode(x=_x(x, "low90:Q"), x2="high90:Q"),
        base.mark_rule(color=DARK, strokeWidth=5).encode(x=_x(x, "low50:Q"), x2="high50:Q"),
        base.mark_point(fill="#fff", stroke="#000", size=36, opacity=1, strokeWidth=1.4).encode(x=x),
        base.mark_text(align="left", dx=9).encode(x=_x(x, "high90:Q"), text="text:N"),
    ]
    if narrow:  # no room beside the bars: names stand above them
        above = base.mark_text(align="left", baseline="bottom", dy=-9, limit=width)
        layers.append(above.encode(x=alt.value(0), text="label:N"))
    chart = alt.layer(*layers).properties(width=width, height=(40 if narrow else 26) * rows.height)
    if not title:
        return chart
    return chart.properties(title=alt.TitleParams(_wrapped(title, 44 if narrow else 100), frame="group"))


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


def _x(x: alt.X, name: str) -> alt.X:
    copy = x.copy()
    copy["shorthand"] = name
    return copy


def bins(shown: Sequence[tuple[str, pl.DataFrame]], width: int, columns: int) -> Any:
    """Shares of people by length of wait: bar = mean of the runs, line = 90 % of the runs; `label` names the bin."""
    columns = min(columns, len(shown))
    each = (width - 70 * columns) // columns
    drawn = []
    for title, frame in shown:
        values = _values(frame.with_row_index("order"))
        top = max([*frame["high90"].to_list(), 0.01])
        y = alt.Y("label:N", sort=None, axis=alt.Axis(title=None, ticks=False, domain=False, labelLimit=130))
        x = alt.X("mean:Q", scale=alt.Scale(domain=[0, top * 1.28], nice=False), axis=None)
        base = alt.Chart(_data(values)).encode(y=y)
        chart = alt.layer(
            base.mark_bar(color=LIGHT, stroke=DARK, strokeWidth=0.8).encode(x=x),
            base.mark_rule(color=DARK, strokeWidth=1.4).encode(x=_x(x, "low90:Q"), x2="high90:Q"),
            base.mark_text(align="left", dx=6).encode(x=_x(x, "high90:Q"), text="text:N"),
        )
        heading = alt.TitleParams(_wrapped(title, max(each // 6, 20)), frame="group")
        drawn.append(chart.properties(width=each - 40, height=22 * max(frame.height, 1), title=heading))
    return drawn[0] if len(drawn) == 1 else alt.concat(*drawn, columns=columns, spacing={"column": 30, "row": 20})


def timeline(total: pl.DataFrame, lines: Sequence[tuple[str, pl.DataFrame]], width: int, height: int, unit: str) -> Any:
    """Running totals: everybody with a band, then one line each, named at its end and told apart by dashes."""
    narrow = width < 500
    side = 112 if narrow else 190
    top = max([*total["high90"].to_list(), 1.0])
    first, last = total["date"].min(), total["date"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    x, domain = _dates(first, last, width - side)
    y = _people_axis(unit, top)
    base = alt.Chart(_data(_values(total))).encode(x=x)
    layers = [
        base.mark_area(color=LIGHT).encode(y=_like(y, "low90:Q"), y2="high90:Q"),
        base.mark_line(color="#000", strokeWidth=2.6).encode(y=y),
    ]
    ends = [("everybody", float(total["median"][-1]), True)]
    for index, (label, frame) in enumerate(lines):
        chart = alt.Chart(_data(_values(frame))).encode(x=x, y=y)
        layers.append(chart.mark_line(color=DARK, strokeWidth=1.8, strokeDash=DASHES[index % len(DASHES)]))
        ends.append((label, float(frame["median"][-1]), False))
    texts, leaders = _spread(ends, top, height, 14 if narrow else 26)
    across = width - side - 56
    rows = [{"date": domain[1], "place": place, "text": text, "bold": bold} for text, place, bold in texts]
    tied = [{"median": value, "place": place} for value, place in leaders]
    ties = alt.Chart(_data(tied)).mark_rule(color=DARK, strokeWidth=0.8)
    layers.append(ties.encode(x=alt.value(across + 1), x2=alt.value(across + 9), y=y, y2="place:Q"))
    names = alt.Chart(_data(rows)).encode(x=x, y=_like(y, "place:Q"), text="text:N")
    for bold in (True, False):
        style = "bold" if bold else "normal"
        chosen = names.transform_filter(f"datum.bold == {str(bold).lower()}")
        layers.append(chosen.mark_text(align="left", dx=12, baseline="middle", fontWeight=style))
    return alt.layer(*layers).properties(width=across, height=height)


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
