"""Intervals before and after, row by row: of numbers, and of counts."""

from __future__ import annotations

import polars as pl

from posada.report.charts import DARK, LIGHT, Spec, _field, _layer, _like, _values


def before_and_after(rows: pl.DataFrame, width: int, title: str, domain: tuple[float, float], at: float) -> Spec:
    """A wide pale bar before, a narrow dark one after, and a point; an upright line stands at `at`.

    `rows`: label, prior_low, prior_high, low, high, median.
    """
    narrow = width < 500
    longest = max(len(str(label)) for label in rows["label"].to_list())
    side = 4 if narrow else min(330, max(120, longest * 6))
    axis = {"title": title, "tickCount": 5, "format": ".2~f"}
    x = _field("prior_low", scale={"domain": list(domain), "nice": False, "zero": False}, axis=axis)
    names = None if narrow else {"title": None, "labelLimit": side, "labelPadding": 8, "ticks": False, "domain": False}
    y = _field("label", "nominal", sort=rows["label"].to_list(), axis=names)
    point = {"fill": "#fff", "stroke": "#000", "size": 36, "opacity": 1, "strokeWidth": 1.4, "clip": True}
    layers = [
        _layer("rule", {"color": LIGHT, "strokeWidth": 11, "clip": True}, x=x, x2={"field": "prior_high"}, y=y),
        _layer("rule", {"color": DARK, "strokeWidth": 4, "clip": True}, x=_like(x, "low"), x2={"field": "high"}, y=y),
        _layer("point", point, x=_like(x, "median"), y=y),
        {"data": {"values": [{"at": at}]},
         **_layer("rule", {"color": "#000", "strokeWidth": 1, "strokeDash": [4, 3]}, x=_like(x, "at"))},
    ]  # fmt: skip
    inner = width - side - 20
    if narrow:
        above = {"align": "left", "baseline": "bottom", "dy": -8, "limit": inner}
        layers.append(_layer("text", above, x={"value": 0}, y=y, text={"field": "label"}))
    return {"data": {"values": _values(rows)}, "layer": layers, "width": inner,
            "height": (36 if narrow else 20) * rows.height}  # fmt: skip
