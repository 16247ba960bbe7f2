"""Charts of differences: where half and nine in ten of the paired differences lie, on both sides of nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from posada.report.charts import DARK, LIGHT, Spec, _field, _layer, _like, _titled, _values


def differences(frame: pl.DataFrame, width: int, linear: bool = True) -> Spec:
    """One panel per value of `panel`, one row per label: panel, label, low90, median, high90, text.

    With `linear` False the scale is a symmetric logarithm, so that small queues are seen beside large ones.
    """
    names = frame["panel"].unique(maintain_order=True).to_list()
    drawn = [panel(frame.filter(pl.col("panel") == name), str(name), width, linear) for name in names]
    return drawn[0] if len(drawn) == 1 else {"vconcat": drawn, "spacing": 26}


def panel(rows: pl.DataFrame, title: str, width: int, linear: bool) -> Spec:
    """Differences of one policy or of one measure."""
    narrow = width < 500
    longest = max(len(str(label)) for label in rows["label"].to_list())
    side = 4 if narrow else min(270, max(110, longest * 6))
    across = width - side - 24
    low, high = limits(rows)
    scale: Spec = {"domain": [low, high], "nice": False, "zero": True}
    if not linear:
        scale |= {"type": "symlog", "constant": 10}
    axis: Spec = {"title": None, "domain": False, "format": "+,~r", "tickCount": 3, "labelOverlap": "greedy"}
    if not linear:
        axis["values"] = decades(low, high, 5 if narrow else 7)
    x = _field("median", scale=scale, axis=axis)
    names = None if narrow else {"title": None, "labelLimit": side, "labelPadding": 8, "ticks": False, "domain": False}
    y = _field("label", "nominal", sort=rows["label"].to_list(), axis=names)
    layers = [
        _layer("bar", {"color": LIGHT, "stroke": DARK, "strokeWidth": 0.8, "size": 13}, x=x, y=y,
               x2={"datum": 0}),
        _layer("rule", {"color": DARK, "strokeWidth": 2.2}, x=_like(x, "low90"), x2={"field": "high90"}, y=y),
        _layer("point", {"fill": "#fff", "stroke": "#000", "size": 38, "opacity": 1, "strokeWidth": 1.4}, x=x, y=y),
        {"mark": {"type": "rule", "color": "#000", "strokeWidth": 1}, "encoding": {"x": {**x, "field": "nothing"}}},
    ]  # fmt: skip
    room = {"align": "left", "baseline": "middle", "limit": across}
    above = {**room, "baseline": "bottom", "dy": -9}
    if narrow:
        alone = rows.height == 1 or rows["label"].n_unique() == 1
        lines = [(-9, "text")] if alone else [(-22, "label"), (-9, "text")]
        layers += [
            _layer("text", {**above, "dy": dy}, x={"value": 0}, y=y, text={"field": field}) for dy, field in lines
        ]
    else:
        layers.append(_layer("text", {**room, "dx": 0}, x={"value": across + 12}, y=y, text={"field": "text"}))
    values = _values(rows.with_columns(pl.lit(0).alias("nothing")))
    chart = {
        "data": {"values": values},
        "layer": layers,
        "width": across - (0 if narrow else 150),
        "height": (56 if narrow else 26) * rows.height,
    }
    if not narrow:
        layers[-1]["encoding"]["x"] = {"value": across - 138}
    return _titled(chart, title, 44 if narrow else 100) if title else chart


def limits(rows: pl.DataFrame) -> tuple[float, float]:
    """The ends of the scale: all intervals, and nothing, with some room."""
    ends: Sequence[Any] = [*rows["low90"].to_list(), *rows["high90"].to_list(), *rows["median"].to_list(), 0.0]
    low, high = float(min(ends)), float(max(ends))
    room = 0.06 * (high - low) or 1.0
    return low - (room if low < 0 else room / 3), high + (room if high > 0 else room / 3)


def decades(low: float, high: float, most: int) -> list[float]:
    """Powers of ten on both sides of nothing, for the axis of a symmetric logarithm."""
    powers = [10.0**k for k in range(1, 9)]
    found = [-p for p in reversed(powers) if -p >= low] + [0.0] + [p for p in powers if p <= high]
    while len(found) > most:
        found = [v for i, v in enumerate(found) if v == 0 or (found.index(0.0) - i) % 2 == 0]
        if len(found) > most:
            found = [found[0], 0.0, found[-1]]
    return found
