"""From a chart (a Vega-Lite specification) to SVG text that can stand in a page."""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from html import escape
from typing import Any

import vl_convert

from posada.words import say

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
def _grammar() -> str:
    """The newest Vega-Lite version that vl-convert has: charts use only what all of them know."""
    return str(max(vl_convert.get_vegalite_versions(), key=lambda version: [int(part) for part in version.split(".")]))


class Picture:
    """SVG text that is being drawn beside the work of the report: Vega needs as long as the tables do."""

    def __init__(self, drawn: Future[str]) -> None:
        self._drawn = drawn

    def __str__(self) -> str:
        return self._drawn.result()


_PAINTER = """
import json, sys, vl_convert
for line in sys.stdin:
    order = json.loads(line)
    drawn = vl_convert.vegalite_to_svg(order["spec"], vl_version=order["version"], time_format_locale=order["locale"])
    print(json.dumps(drawn), flush=True)
"""


class Easel:
    """A process of its own in which Vega draws: within this one it would stop the interpreter while it draws."""

    def __init__(self) -> None:
        self._queue = ThreadPoolExecutor(max_workers=1, thread_name_prefix="posada-report")
        try:
            self._painter: subprocess.Popen[str] | None = subprocess.Popen(
                [sys.executable, "-I", "-c", _PAINTER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                env={**os.environ, "PYTHONUTF8": "1"},
            )
        except OSError:  # where no process may be started
            self._painter = None
        atexit.register(self.close)

    def submit(self, chart: dict[str, Any], label: str, prefix: str) -> Future[str]:
        """Draw after what was ordered before."""
        locale = say("date.locale")
        return self._queue.submit(lambda: tidy(self._svg({**chart, "config": _CONFIG}, locale), label, prefix))

    def _svg(self, spec: dict[str, Any], locale: Any) -> str:
        if self._painter is not None:
            assert self._painter.stdin is not None
            assert self._painter.stdout is not None
            try:
                self._painter.stdin.write(json.dumps({"spec": spec, "version": _grammar(), "locale": locale}) + "\n")
                self._painter.stdin.flush()
                return str(json.loads(self._painter.stdout.readline()))
            except (OSError, ValueError):  # the process has died: go on without it
                self.close()
        return str(vl_convert.vegalite_to_svg(spec, vl_version=_grammar(), time_format_locale=locale))

    def close(self) -> None:
        """End the process."""
        painter, self._painter = self._painter, None
        if painter is not None:
            assert painter.stdin is not None
            assert painter.stdout is not None
            with suppress(OSError):
                painter.stdin.close()
            painter.kill()
            painter.wait()
            painter.stdout.close()


@cache
def easel() -> Easel:
    """The one easel; the first call sets it up, which takes a second beside other work."""
    return Easel()


def svg(chart: dict[str, Any], label: str, prefix: str) -> Picture:
    """Start to draw a chart; `label` is what a screen reader says, `prefix` makes the ids unique in the page."""
    return Picture(easel().submit(chart, label, prefix))


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
