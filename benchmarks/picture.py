"""Events a second against the people of a crowd: the picture, and the table that it shows."""

from __future__ import annotations

import io
from typing import Any

from findings import Cell, Findings

from posada.report import drawing

SHOWN = {
    "posada": ("posada", [1, 0], "circle", "#000000", 2.5),
    "Numba calendar queue": ("bare calendar queue", [7, 3], "square", "#222222", 1.5),
    "Numba heap": ("bare heap", [2, 2], "triangle-up", "#222222", 1.5),
    "SimPy": ("SimPy", [9, 3, 2, 3], "diamond", "#444444", 1.5),
}
"""Name in the picture, dashes, mark, colour and width: all differ, so that it reads without colours."""


def cells(found: Findings) -> list[Cell]:
    """What is shown, by tool and people."""
    shown = [c for c in found.of("crowd") if c.tool in SHOWN and c.rows]
    return sorted(shown, key=lambda c: (list(SHOWN).index(c.tool), c.people))


def table(found: Findings) -> str:
    """The data as CSV."""
    out = io.StringIO()
    out.write("tool,people,moves,repetitions,events_per_cpu_s,lowest,highest\n")
    for c in cells(found):
        numbers = (c.people, c.moves, len(c.rows), round(c.rate), round(min(c.rates)), round(max(c.rates)))
        out.write(",".join([c.tool, *map(str, numbers)]) + "\n")
    return out.getvalue()


def svg(found: Findings) -> str:
    """The picture: both axes logarithmic, a line and a mark for each tool, its name at its end."""
    layers = [layer for tool in SHOWN for layer in _line(tool, [c for c in cells(found) if c.tool == tool])]
    chart = {"layer": layers, "width": 520, "height": 300, "padding": {"left": 4, "top": 8, "right": 12, "bottom": 4}}
    title = "Events a second of processor time, against the people of a crowd, for posada and three others"
    return str(drawing.svg(chart, title, "events-per-second"))


def _line(tool: str, points: list[Cell]) -> list[dict[str, Any]]:
    """One tool's line, marks and name."""
    if not points:
        return []
    name, dash, shape, colour, width = SHOWN[tool]
    rows = [{"people": c.people, "rate": c.rate} for c in points]
    x = {"field": "people", "type": "quantitative", "scale": {"type": "log", "domain": [700, 1.2e7]},
         "axis": {"title": "people on the move", "values": [10**k for k in range(3, 8)], "format": ",d"}}  # fmt: skip
    y = {"field": "rate", "type": "quantitative", "scale": {"type": "log", "domain": [3e4, 1e8]},
         "axis": {"title": "events a CPU second", "values": [10**k for k in range(5, 9)], "format": ",d",
                  "grid": True}}  # fmt: skip
    both = {"x": x, "y": y}
    line = {"type": "line", "color": colour, "strokeWidth": width, "strokeDash": dash}
    mark = {"type": "point", "shape": shape, "color": colour, "filled": tool == "posada", "size": 60, "opacity": 1,
            "fill": colour if tool == "posada" else "#ffffff"}  # fmt: skip
    text = {"type": "text", "text": name, "align": "left", "baseline": "bottom", "dy": -8, "fontSize": 12,
            "fontWeight": "bold" if tool == "posada" else "normal", "color": colour}  # fmt: skip
    return [
        {"data": {"values": rows}, "mark": line, "encoding": both},
        {"data": {"values": rows}, "mark": mark, "encoding": both},
        {"data": {"values": rows[:1]}, "mark": text, "encoding": both},
    ]
