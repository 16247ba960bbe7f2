"""Places labels on a map so that they do not cover one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

LINE = 15.0


class Box(NamedTuple):
    """A rectangle on paper, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Area that two boxes share."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0


class Wanted(NamedTuple):
    """A label to be placed: its anchor, the radius of what stands there, and its lines."""

    x: float
    y: float
    radius: float
    lines: tuple[str, ...]


class Placed(NamedTuple):
    """Where a label stands, and whether a line leads to it."""

    box: Box
    leader: bool
    which: int


def text_width(text: str, size: float = 13.0) -> float:
    """Estimate of the width of a text in a sans-serif face."""
    narrow = sum(character in "iljtfr.,:'|() I" for character in text)
    return (len(text) - narrow) * size * 0.57 + narrow * size * 0.32 + 2


def place(
    labels: Sequence[Wanted],
    width: float,
    height: float,
    lines: Sequence[tuple[float, float, float, float]] = (),
    kept: Sequence[Box] = (),
) -> list[Placed]:
    """Find a spot for each label in order of importance; those for which none is free are left out.

    A spot may not cover another label or what is `kept` free, nor leave the paper; one that covers a circle or links
    (`lines`) costs a little.
    """
    circles = [
        Box(label.x - label.radius, label.y - label.radius, label.x + label.radius, label.y + label.radius)
        for label in labels
    ]
    strokes = [box for line in lines for box in pieces(line)]
    taken: list[Box] = [*kept]
    placed: list[Placed] = []
    for index, label in enumerate(labels):
        wide = max(text_width(line) for line in label.lines)
        high = LINE * len(label.lines)
        best: tuple[float, Box, bool] | None = None
        for cost, box, leader in _spots(label, wide, high):
            if box.left < 2 or box.top < 2 or box.right > width - 2 or box.bottom > height - 2:
                continue
            if any(box.overlap(other) for other in taken):
                continue
            price = cost
            price += sum(box.overlap(circle) for circle in circles) * 0.5
            price += sum(box.overlap(stroke) for stroke in strokes) * 0.03
            if best is None or price < best[0]:
                best = (price, box, leader)
        if best is not None:
            taken.append(Box(best[1].left - 1, best[1].top, best[1].right + 1, best[1].bottom))
            placed.append(Placed(best[1], best[2], index))
    return placed


def pieces(line: tuple[float, float, float, float], step: float = 8.0) -> list[Box]:
    """A line as a row of small boxes."""
    x0, y0, x1, y1 = line
    length = max(abs(x1 - x0), abs(y1 - y0))
    count = min(int(length / step) + 1, 200)
    return [
        Box(
            x0 + (x1 - x0) * (i + 0.5) / count - 3,
            y0 + (y1 - y0) * (i + 0.5) / count - 3,
            x0 + (x1 - x0) * (i + 0.5) / count + 3,
            y0 + (y1 - y0) * (i + 0.5) / count + 3,
        )
        for i in range(count)
    ]


def _spots(label: Wanted, wide: float, high: float) -> list[tuple[float, Box, bool]]:
    """Spots around an anchor with their cost: beside it first, then farther away with a leader line."""
    spots: list[tuple[float, Box, bool]] = []
    for ring, distance in enumerate((4.0, 16.0, 32.0, 52.0, 78.0, 110.0, 150.0)):
        reach = label.radius + distance
        diagonal = reach * 0.75
        corners = (
            (label.x + reach, label.y - high / 2),
            (label.x - reach - wide, label.y - high / 2),
            (label.x + diagonal, label.y - diagonal - high),
            (label.x - diagonal - wide, label.y - diagonal - high),
            (label.x + diagonal, label.y + diagonal),
            (label.x - diagonal - wide, label.y + diagonal),
            (label.x - wide / 2, label.y - reach - high),
            (label.x - wide / 2, label.y + reach),
            (label.x - wide * 0.2, label.y + reach),
            (label.x - wide * 0.2, label.y - reach - high),
            (label.x - wide * 0.8, label.y + reach),
            (label.x - wide * 0.8, label.y - reach - high),
        )
        for order, (left, top) in enumerate(corners):
            spots.append((ring * 20 + order, Box(left, top, left + wide, top + high), ring > 0))
    return spots
