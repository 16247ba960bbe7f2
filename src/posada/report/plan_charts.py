"""The frontier of a plan: what it costs against how often the requirements are met."""

from __future__ import annotations

import polars as pl

from posada.report.charts import DARK, LIGHT, Spec, _field, _layer, _ticks, _values, _with


def frontier(tried: pl.DataFrame, best: pl.DataFrame, wanted: float, unit: str, width: int, height: int) -> Spec:
    """Candidates as (cost, reached, kind), the frontier as a stair, the probability that is wanted as a dashed line.

    `kind` is good, fails, early (given up, so at most this) or plan; `best` are the rows (cost, probability) of the
    frontier.
    """
    low, high = (float(x or 0) for x in (tried["cost"].min(), tried["cost"].max()))  # type: ignore[arg-type]
    margin = max((high - low) * 0.04, 1.0)
    bounds = [max(0.0, low - margin), high + margin]
    ticks = [t for t in _ticks(bounds[1], 3 if width < 500 else 6) if t >= bounds[0]]
    x = _field("cost", scale={"domain": bounds, "nice": False, "zero": False},
               axis={"title": unit, "values": ticks, "format": ",.6~g"})  # fmt: skip
    y = _field("reached", scale={"domain": [0, 1.02], "nice": False},
               axis={"title": None, "format": ".0%", "values": [0, 0.25, 0.5, 0.75, 1]})  # fmt: skip
    shape = {"field": "shape", "type": "nominal", "scale": None, "legend": None}
    shapes = {"early": "triangle-down", "plan": "diamond"}
    rows = [{**row, "shape": shapes.get(row["kind"], "circle")} for row in _values(tried)]
    stair = [{"cost": row["cost"], "reached": row["probability"]} for row in best.to_dicts()]
    if stair:
        stair.append({"cost": bounds[1], "reached": stair[-1]["reached"]})
    look = {"size": 34, "opacity": 1, "strokeWidth": 1.1, "stroke": "#000"}

    def points(kind: str, **more: object) -> list[Spec]:
        """The candidates of one kind."""
        return _with(rows, [_layer("point", {**look, **more}, x=x, y=y, shape=shape)], f"datum.kind == '{kind}'")

    line = {"color": DARK, "strokeWidth": 1.8, "interpolate": "step-after"}
    dashed = _layer("rule", {"color": "#000", "strokeWidth": 1, "strokeDash": [4, 3]}, y=y)
    layers = [
        *_with([{"reached": wanted}], [dashed]),
        *points("early", fill=LIGHT, stroke="#777"),
        *points("fails", fill="#fff"),
        *_with(stair, [_layer("line", line, x=x, y=y)]),
        *points("good", fill=DARK),
        *points("plan", fill="#fff", size=170, strokeWidth=2.4),
    ]
    return {"layer": layers, "width": width, "height": height}
