"""From an Altair chart to SVG text that can stand in a page."""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from html import escape
from typing import Any

import altair as alt
import vl_convert

FONT = "Arial, Helvetica, sans-serif"
WIDE, NARROW = 740, 328

_CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "#ffffff",
    "font": FONT,
    "padding": 4,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": "#222222",
        "titleColor": "#222222",
        "gridColor": "#e4e4e4",
        "domainColor": "#555555",
        "tickColor": "#555555",
    },
    "axisX": {"grid": False, "labelFlush": False},
    "title": {"fontSize": 13, "anchor": "start", "color": "#111111", "fontWeight": "bold", "offset": 6},
    "text": {"fontSize": 12, "color": "#111111"},
}


@cache
def _grammar() -> str | None:
    """The Vega-Lite version that Altair writes, if vl-convert has it."""
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    return version if version in vl_convert.get_vegalite_versions() else None


class Picture:
    """SVG text that is being drawn beside the work of the report: Vega needs as long as the tables do."""

    def __init__(self, drawn: Future[str]) -> None:
        self._drawn = drawn

    def __str__(self) -> str:
        return self._drawn.result()


@cache
def _easel() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="posada-report")


def svg(chart: Any, label: str, prefix: str) -> Picture:
    """Start to draw a chart; `label` is what a screen reader says, `prefix` makes the ids unique in the page."""
    spec = chart.to_dict(validate=False)
    spec["config"] = _CONFIG
    return Picture(_easel().submit(_draw, spec, label, prefix))


def _draw(spec: dict[str, Any], label: str, prefix: str) -> str:
    return tidy(str(vl_convert.vegalite_to_svg(spec, vl_version=_grammar())), label, prefix)


def tidy(text: str, label: str, prefix: str) -> str:
    """Number the ids from 1 under a prefix (Vega counts on from chart to chart), drop what only scripts need."""
    names: dict[str, str] = {}

    def rename(match: re.Match[str]) -> str:
        return names.setdefault(match[1], f"{prefix}-{len(names) + 1}")

    text = re.sub(r'(?<=\bid=")([^"]+)(?=")', rename, text)
    text = re.sub(r"(?<=url\(#)([^)]+)(?=\))", lambda match: names.get(match[1], match[1]), text)
    text = re.sub(r' (?:class|pointer-events|role|aria-roledescription|aria-hidden|aria-label)="[^"]*"', "", text)
    text = re.sub(r'<path d="M0,0h0v0h0Z"/>|<path d="M[-\d.,]+h[-\d.]+v[-\d.]+h[-\d.]+Z"/>', "", text)
    text = re.sub(r'<path d="" display="none"/>', "", text)
    text = re.sub(r"<g></g>", "", text)
    text = re.sub(r"(\d\.\d\d)\d+", r"\1", text)
    text = text.replace('xmlns:xlink="http://www.w3.org/1999/xlink" ', "")
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(label)}" ', 1)
