"""The flow map as a piece of a page: the element with its data, the module that draws it, and what is shown without."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from posada.report import map as still
from posada.report.flow_map_data import flow_map_data
from posada.report.inputs import Names, ResultLike
from posada.report.public import PublicReading
from posada.words import language as spoken
from posada.words import speaking


def flow_map(
    result: ResultLike,
    language: str | None = None,
    *,
    script: str = "inline",
    public: bool = False,
    today: date | None = None,
) -> str:
    """The map of a result as HTML: people moving, queues and shelters, day by day.

    `script` is `inline` (once a page), the address of the module where a server has it, or `none` if the page loads it
    elsewhere; the module itself is `flow_map_module()`. A page with a content-security policy allows the inline module
    by `flow_map_csp()`. Until the module runs, and where none may, the drawn map of the whole run stands there. Empty
    if no place of the scenario has coordinates. `language`, `public` and `today` are those of `flow_map_data`.
    """
    with speaking(language or spoken()):
        shown = PublicReading(result, today or date.today()) if public else result
        data = flow_map_data(shown)
        if not any(place["at"] for place in data["places"]):
            return ""
        return flow_map_element(data, still_of(shown, data["title"])) + _loading(script)


def still_of(result: ResultLike, label: str) -> str:
    """The drawn map of the whole run as SVG; empty if no place has coordinates. Screen readers say `label`."""
    names = Names(result.scenario)
    return still.draw(still.stops(result, names), still.flows(result, names), 740, label, "flow-map")


def flow_map_element(data: Mapping[str, Any], instead: str = "") -> str:
    """The element alone, of data that are there; `instead` is HTML to show where no script runs."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    title = escape(str(data["title"]), quote=True)
    return (
        f'<posada-flow-map role="region" aria-label="{title}"><script type="application/json">{text}</script>'
        f"{instead}</posada-flow-map>"
    )


@cache
def flow_map_module() -> str:
    """The text of the module that draws the element."""
    return files("posada.report").joinpath("flow-map.js").read_text(encoding="utf-8")


def flow_map_csp() -> str:
    """The source for `script-src` in a content-security policy that allows the inline module and nothing else."""
    digest = hashlib.sha256(flow_map_module().encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def _loading(script: str) -> str:
    if script == "none":
        return ""
    if script == "inline":
        return f'<script type="module">{flow_map_module()}</script>'
    return f'<script type="module" src="{escape(script, quote=True)}"></script>'
