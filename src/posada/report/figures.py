"""Figures: two drawings of one chart with what it shows in words; the phrases that all charts of intervals share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posada.report import charts, drawing
from posada.report.blocks import Figure, Table
from posada.words import say

ORDER = ["median", "low50", "high50", "low90", "high90"]


def band_heads() -> tuple[str, ...]:
    """Heads of the columns of `ORDER`."""
    return tuple(say(f"band.{key}") for key in ORDER)


def band_key() -> list[tuple[str, str]]:
    """What a line and its two bands are."""
    return [("line", say("band.line")), ("dark", say("band.dark")), ("light", say("band.light"))]


def drawn(
    identifier: str,
    title: str,
    text: str,
    draw: Callable[[int], charts.Spec],
    table: Table | None = None,
    key: Sequence[tuple[str, str]] = (),
) -> Figure:
    """A figure; `draw` makes the chart for a width, and it goes on being drawn beside other work."""
    label = say("page.label", title=title, text=text)
    wide, narrow = (
        drawing.svg(draw(width), label, f"{identifier}-{side}")
        for width, side in ((drawing.WIDE, "w"), (drawing.NARROW, "n"))
    )
    return Figure(identifier, title, wide, narrow, text, table, key)
