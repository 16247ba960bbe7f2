"""The ground of the flow map: country outlines as short text, the whole world coarse and finer where places lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from posada.report import outlines
from posada.report.packed import pack

WORLD = (-180.0, outlines.mercator(-58.0), 180.0, outlines.mercator(78.0))
WORLD_UNIT = 0.04
UNITS_ACROSS = 3000
AROUND, WIDEST = 2.5, 9.0
"""How far a close level reaches around a place, and how wide it may be, in degrees."""

Box = tuple[float, float, float, float]
"""West, south, east, north."""


def ground(points: Sequence[outlines.Point]) -> list[dict[str, Any]]:
    """Levels of detail, the finest last; each holds for views that lie within its box (Mercator degrees).

    `shapes` are [name, number, rings] with rings as packed text in steps of `unit` from the box's upper left corner.
    """
    levels = [_level(WORLD, WORLD_UNIT)]
    if points:
        near = outlines.fit(points, 1.0, padding=1.0)
        levels.append(_level((max(near.west, -180.0), near.south, min(near.east, 180.0), near.north)))
        levels += [_level(box) for box in _close(points)]
    return levels


def _close(points: Sequence[outlines.Point]) -> list[Box]:
    """Boxes around places or towns that lie close together, at most as wide as they are drawn in the finest detail."""
    boxes: list[Box] = []
    for lon, lat in sorted(points):
        x, y = lon, outlines.mercator(lat)
        box = (x - AROUND, y - AROUND, x + AROUND, y + AROUND)
        for i, (west, south, east, north) in enumerate(boxes):
            both = (min(west, box[0]), min(south, box[1]), max(east, box[2]), max(north, box[3]))
            if max(both[2] - both[0], both[3] - both[1]) <= WIDEST:
                boxes[i] = both
                break
        else:
            boxes.append(box)
    return boxes


def _level(box: Box, unit: float | None = None) -> dict[str, Any]:
    west, south, east, north = box
    unit = unit or max(0.002, (east - west) / UNITS_ACROSS)
    view = outlines.View(west, south, east, north, (east - west) / unit, (north - south) / unit)
    shapes = [[name, number, [pack(ring) for ring in rings]] for name, rings, number in outlines.countries(view)]
    return {"box": [round(side, 4) for side in box], "unit": unit, "shapes": shapes}
