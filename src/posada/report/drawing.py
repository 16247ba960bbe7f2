"""From an Altair chart to SVG text that can stand in a page."""

from __future__ import annotations

import re
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


def _grammar() -> str | None:
    """The Vega-Lite version that Altair writes, if vl-convert has it."""
    version = ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])
    return version if version in vl_convert.get_vegalite_versions() else None


def svg(chart: Any, label: str, prefix: str) -> str:
    """Render a chart; `label` is what a screen reader says, `prefix` makes the ids unique in the page."""
    spec = chart.to_dict(validate=False)
    spec["config"] = _CONFIG
    text = str(vl_convert.vegalite_to_svg(spec, vl_version=_grammar()))
    return tidy(text, label, prefix)


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
