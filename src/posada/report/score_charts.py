"""Charts of scores: skill by horizon, and where counts lay in the forecast distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posada.report.charts import DARK, LIGHT, Spec, _field, _layer, _like, _with

LEAST = -1.0
"""Skill below this is drawn at the edge: how much worse than twice the error hardly matters."""


def skill(rows: Sequence[Mapping[str, Any]], width: int) -> Spec:
    """Points with intervals about an upright line at 0: `label`, `skill`, `low90`, `high90`, `text`."""
    narrow = width < 500
    shown = [{**row, **{k: max(LEAST, float(row[k])) for k in ("skill", "low90", "high90")}} for row in rows]
    low = min([-0.1, *(row["low90"] for row in shown)])
    axis: Spec = {"title": None, "format": ".0%", "tickCount": 4 if narrow else 8, "domain": False}
    x = _field("skill", scale={"domain": [low, 1], "nice": False}, axis=axis)
    y = _field("label", "nominal", sort=None, axis={"title": None, "ticks": False, "domain": False, "labelPadding": 8})
    point = {"fill": "#fff", "stroke": "#000", "size": 46, "opacity": 1, "strokeWidth": 1.6}
    words = {"align": "left", "baseline": "bottom", "dy": -9, "limit": width - 90}
    layers = [
        _layer("rule", {"color": DARK, "strokeWidth": 2}, x=_like(x, "low90"), x2={"field": "high90"}, y=y),
        _layer("point", point, x=x, y=y),
        _layer("text", words, x={"value": 4}, y=y, text={"field": "text"}),
        *_with([{"skill": 0}], [_layer("rule", {"color": "#000", "strokeDash": [4, 3]}, x=x)]),
    ]
    return {"data": {"values": shown}, "layer": layers, "width": width - 90, "height": 46 * max(len(shown), 1)}


def pit(bars: Sequence[Mapping[str, float]], width: int) -> Spec:
    """A histogram on [0, 1] with a dashed line where it would be even: `from`, `to`, `share`."""
    top = max([*(bar["share"] for bar in bars), 0.2])
    x = _field("from", scale={"domain": [0, 1]}, axis={"title": None, "format": ".0%", "tickCount": 5})
    y = _field("share", scale={"domain": [0, top * 1.05]}, axis={"title": None, "format": ".0%", "tickCount": 4})
    bar = _layer(
        "rect", {"color": LIGHT, "stroke": DARK, "strokeWidth": 0.8}, x=x, x2={"field": "to"}, y=y, y2={"datum": 0}
    )
    even = _layer("rule", {"color": "#000", "strokeDash": [4, 3]}, y=y)
    layers = [bar, *_with([{"share": 1 / max(len(bars), 1)}], [even])]
    return {"data": {"values": list(bars)}, "layer": layers, "width": width - 60, "height": 150}
