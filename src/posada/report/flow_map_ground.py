"""The ground of the flow map: country outlines as short text, the whole world coarse and finer where places lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from posada.report import outlines

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
WORLD = (-180.0, outlines.mercator(-58.0), 180.0, outlines.mercator(78.0))
WORLD_UNIT = 0.04
UNITS_ACROSS = 3000


def ground(points: Sequence[outlines.Point]) -> list[dict[str, Any]]:
    """Levels of detail, the finest last; each holds for views that lie within its box (Mercator degrees).

    `shapes` are (name, rings) with rings as `packed` text in steps of `unit` from the upper left corner of the box.
    """
    levels = [_level(WORLD, WORLD_UNIT)]
    if points:
        near = outlines.fit(points, 1.0, padding=1.0)
        box = (max(near.west, -180.0), near.south, min(near.east, 180.0), near.north)
        levels.append(_level(box, max(0.004, (box[2] - box[0]) / UNITS_ACROSS)))
    return levels


def _level(box: tuple[float, float, float, float], unit: float) -> dict[str, Any]:
    west, south, east, north = box
    view = outlines.View(west, south, east, north, (east - west) / unit, (north - south) / unit)
    shapes = [[name, [packed(ring) for ring in rings]] for name, rings in outlines.countries(view)]
    return {"box": [round(side, 4) for side in box], "unit": unit, "shapes": shapes}


def packed(ring: outlines.Ring) -> str:
    """A ring as text: whole steps from point to point, each a number of base 32 whose last digit is below 32.

    Signs fold into even and odd (0, −1, 1, −2 ... are 0, 1, 2, 3 ...); points that fall together are left out.
    """
    digits: list[str] = []
    x = y = 0
    for across, down in ring:
        new_x, new_y = round(across), round(down)
        if digits and (new_x, new_y) == (x, y):
            continue
        for step in (new_x - x, new_y - y):
            folded = 2 * step if step >= 0 else -2 * step - 1
            while folded >= 32:
                digits.append(DIGITS[folded % 32 + 32])
                folded //= 32
            digits.append(DIGITS[folded])
        x, y = new_x, new_y
    return "".join(digits)
