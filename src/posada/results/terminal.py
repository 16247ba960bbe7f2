"""The summary as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

MOST_STAGES = 5
MOST_DAYS = 12
MOST_ASSUMED = 12


def render(found: dict[str, Any]) -> list[Any]:
    """Headlines first, then stages, queues, nights, outcomes, checks, and what was assumed."""
    who = f" of {found['group']}" if found["group"] else ""
    parts: list[Any] = [
        Text(found["title"], style="bold"),
        Text(
            f"{found['replicates']} replicates, seed {found['seed']}, policy {found['policy']}. The numbers that are "
            f"not known were drawn anew for each; 90 % of replicates lie in the 90 % interval."
        ),
    ]
    parts += _headlines(found["headlines"])
    if found["stages"]:
        parts.append(_table(f"People{who} by stage, end of day", ("date", "stage"), _stages(found["stages"])))
    for queue in found["queues"]:
        if queue["days"]:
            parts.append(_queue(queue, who))
    if found["nights"]:
        rows = [
            (
                n["name"],
                "asked for a bed, had none" if n["kind"] == "nights_no_bed" else "slept outside, in no shelter",
                n,
            )
            for n in found["nights"]
        ]
        parts.append(_table(f"Person-nights{who} without a bed", ("where", "how"), rows))
    parts.append(
        _table(
            f"Outcomes{who} at the end of the run",
            ("outcome", ""),
            [(o["label"], "" if o["final"] else "not the end in life", o) for o in found["outcomes"]],
        )
    )
    parts += _checks(found["checks"]) + _assumed(found["assumptions"])
    return parts


def number(value: float | None, share: bool = False) -> str:
    """A number as one reads it: whole people, or up to two digits for small measures."""
    if value is None:
        return "-"
    if share:
        percent = 100 * value
        return (
            f"{percent:.0f} %"
            if percent >= 10 or percent == 0
            else f"{percent:.1f} %"
            if percent >= 1
            else f"{percent:.2g} %"
        )
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}"


def interval(row: dict[str, Any], low: str, high: str, share: bool = False) -> str:
    """`140 to 310`."""
    return "-" if row[low] is None else f"{number(row[low], share)} to {number(row[high], share)}"


def _table(title: str, names: tuple[str, str], rows: Iterable[tuple[Any, Any, dict[str, Any]]]) -> Table:
    table = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column(names[0], overflow="fold")
    if names[1] or any(second for _, second, _ in rows):
        table.add_column(names[1], overflow="fold")
    for heading in ("median", "50 % interval", "90 % interval"):
        table.add_column(heading, justify="right", no_wrap=True)
    for first, second, row in rows:
        share = row.get("statistic") in ("share", "chance_over")
        cells = [str(first), str(second)][: len(table.columns) - 3]
        table.add_row(
            *cells,
            number(row["median"], share),
            interval(row, "low50", "high50", share),
            interval(row, "low90", "high90", share),
        )
    return table


def _headlines(rows: list[dict[str, Any]]) -> list[Any]:
    parts: list[Any] = []
    for question in dict.fromkeys(row["question"] for row in rows):
        chosen = [(row["label"], "", row) for row in rows if row["question"] == question]
        parts.append(_table(question or "Headlines", ("", ""), chosen))
    return parts


def _stages(rows: list[dict[str, Any]]) -> list[tuple[Any, Any, dict[str, Any]]]:
    """The largest stages of each date."""
    shown: list[tuple[Any, Any, dict[str, Any]]] = []
    for day in dict.fromkeys(row["date"] for row in rows):
        of_day = sorted((row for row in rows if row["date"] == day), key=lambda row: -(row["median"] or 0))
        for i, row in enumerate(of_day[:MOST_STAGES]):
            shown.append((day if i == 0 else "", row["stage"], row))
    return shown


def _queue(queue: dict[str, Any], who: str) -> Table:
    """The busiest days of a gate in a row."""
    days = queue["days"]
    peak = max(range(len(days)), key=lambda i: days[i]["waiting"]["high90"] + days[i]["served"]["high90"])
    first = max(0, min(peak - 3, len(days) - MOST_DAYS))
    table = Table(
        title=f"{queue['name']}: people{who} waiting at the end of the day, and let through",
        box=box.SIMPLE_HEAD,
        title_justify="left",
        title_style="bold",
        pad_edge=False,
    )
    for heading in ("date", "waiting", "50 %", "90 %", "let through", "50 %", "90 %"):
        table.add_column(heading, justify="left" if heading == "date" else "right", no_wrap=True)
    for day in days[first : first + MOST_DAYS]:
        w, s = day["waiting"], day["served"]
        table.add_row(
            str(day["date"]),
            number(w["median"]),
            interval(w, "low50", "high50"),
            interval(w, "low90", "high90"),
            number(s["median"]),
            interval(s, "low50", "high50"),
            interval(s, "low90", "high90"),
        )
    return table


def _checks(found: dict[str, Any]) -> list[Any]:
    if not found["checks"]:
        return []
    text = (
        f"Checked against {found['checks']} counts that set nothing: {found['inside']} lie inside the 90 % interval "
        f"({100 * found['share_inside']:.0f} %)"
    )
    if found["mean_relative_width"] is not None:
        text += f", which is {found['mean_relative_width']:.2f} of the count wide in the mean"
    if found["last_value_score"] is not None:
        text += (
            f"; mean interval score {found['interval_score_paired']:,.0f} against {found['last_value_score']:,.0f} "
            f"for the last value ({found['paired']} counts; smaller is better)"
        )
    return [Text(""), Text(text + ".")]


def _assumed(found: dict[str, Any]) -> list[Any]:
    parts: list[Any] = [
        Text(""),
        Text(
            f"Assumed: {found['assumed']} numbers; {found['evidence']} rest on evidence"
            + (f"; {found['without_source']} are stated without a source" if found["without_source"] else "")
            + ". The report lists all of them."
        ),
    ]
    uncertain = [a for a in found["list"] if a["low"] is not None]
    for a in (uncertain or found["list"])[:MOST_ASSUMED]:
        values = number(a["value"]) if a["low"] is None else f"{a['value']:g} ({a['low']:g} to {a['high']:g})"
        parts.append(Text(f"  {a['path']} = {values}{' ' + a['unit'] if a['unit'] else ''}: {a['assumed']}"))
    return parts
