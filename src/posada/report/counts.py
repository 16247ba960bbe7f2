"""How far the model is off where one stock was counted again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posada.report.blocks import Table
from posada.report.inputs import Names
from posada.report.words import as_number, day, number, sentence, span_of
from posada.scenario import STOCKS
from posada.words import say

OFTEN = 5
"""Counts of one stock from which on they stand in a table of their own."""


def over_time(rows: Sequence[Mapping[str, Any]], names: Names) -> list[Table]:
    """A table for each stock that was counted again and again: how far the median is off, count by count."""
    stocks: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        series = str(row.get("series", ""))
        if not row.get("hidden") and series.partition(":")[0] in STOCKS and as_number(row.get("median")) is not None:
            stocks.setdefault(series, []).append(row)
    heads = (*(say(f"checks.head-{key}") for key in ("when", "counted", "median", "ninety", "off", "use")),)
    return [
        Table(
            say("checks.over-time", series=sentence(names.series(series))),
            heads,
            [_off_row(row) for row in found],
            frozenset({1, 2, 3, 4}),
            file=f"{series.partition(':')[2].partition('{')[0]}-over-time.csv",
        )
        for series, found in stocks.items()
        if len(found) >= OFTEN
    ]


def _off_row(row: Mapping[str, Any]) -> list[str]:
    low, middle, high = (as_number(row.get(key)) for key in ("low90", "median", "high90"))
    counted = as_number(row.get("counted"))
    return [
        day(row.get("to")),
        number(counted),
        number(middle),
        span_of(low, high),
        "" if not counted or middle is None else f"{100 * (middle / counted - 1):+.1f} %".replace("-", "\u2212"),
        say("checks.set" if str(row.get("use", "check")) == "input" else "checks.kept"),
    ]
