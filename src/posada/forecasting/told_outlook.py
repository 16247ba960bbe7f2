"""The nights to come as tables and plain sentences, and as JSON."""

from __future__ import annotations

from math import ceil, isnan
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from posada.scenario import parse_series

from .counted import is_stock
from .nights import ENOUGH, Outlook, Worth

LITTLE = 14
"""Below this many counts there is little to learn from."""


def outlook_summary(found: Outlook) -> dict[str, Any]:
    """What `--json` prints: how it was made, every night, and what it is worth."""
    worth = [
        {"series": w.series, "last": w.last.value, "last_on": w.last.to, "dates": w.dates, "counts": w.counts,
         "skill": number(w.skill), "low90": number(w.low), "high90": number(w.high), "inside90": number(w.inside),
         "beats_last_value": w.beats, "says": " ".join(says(found, w))}
        for w in found.worth
    ]  # fmt: skip
    nights = found.nights().to_dicts()
    return {**found.forecast.about, "folder": found.forecast.folder, "nights": nights, "worth": worth}


def number(value: float) -> float | None:
    """A number, None for one that could not be reckoned."""
    return None if isnan(value) else value


def outlook_text(found: Outlook) -> list[Any]:
    """A table for each series, night by night, then how far to trust it."""
    parts: list[Any] = [Text(heading(found), style="bold")]
    nights = found.nights()
    for series in nights["series"].unique(maintain_order=True):
        rows = nights.filter(series=series).to_dicts()
        parts += [
            Text(f"\n{named(found, series)}"),
            table_of(rows, series),
            *(Text(line) for line in beds_said(found, rows)),
        ]
    trust = Table.grid(padding=(0, 1))
    for line in (line for worth in found.worth for line in said_of(found, worth)):
        trust.add_row("  -", line)
    return [*parts, Text("\nHow far to trust it", style="bold"), trust]


def heading(found: Outlook) -> str:
    """What this is."""
    return f"The {days_ahead(found)} nights after {found.forecast.issued}, as {found.forecast.known.height} counts tell"


def days_ahead(found: Outlook) -> int:
    """How many days are told of."""
    return (found.forecast.last - found.forecast.issued).days


def named(found: Outlook, series: str) -> str:
    """A series in words."""
    address = parse_series(series)
    if address.verb == "present":
        place = found.scenario.places[address.where].name
        counted = any(worth.series == series for worth in found.worth)
        return (
            f"People at {place} at the end of each day"
            if counted
            else f"Assumed: people at {place}, whom nobody counted"
        )
    if address.verb == "set_out":
        group = found.scenario.groups[address.where]
        return f"People who arrive at {found.scenario.places[group.place].name}, each day"
    outcome = found.scenario.outcomes.get(address.where)
    return f"{series}" if outcome is None else f"People: {outcome.label}, each day"


def table_of(rows: list[dict[str, Any]], series: str) -> Table:
    """A series, night by night."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("night of" if is_stock(series) else "day")
    for head in ("median", "half lie within", "nine in ten"):
        table.add_column(head, justify="right")
    beds = rows[0]["beds"]
    if beds is not None:
        table.add_column(f"more than {beds} beds", justify="right")
    for row in rows:
        when = f"{row['to']:%a %d %b}" if row["from"] == row["to"] else f"{row['from']} to {row['to']}"
        half, most = (f"{row[f'low{p}']:,.0f} to {row[f'high{p}']:,.0f}" for p in (50, 90))
        over = [] if beds is None else [chance(row["over"])]
        table.add_row(when, f"{row['median']:,.0f}", half, most, *over)
    return table


def chance(share: float) -> str:
    """A chance in words that a few hundred runs can bear."""
    return "under 1 %" if share < 0.01 else "over 99 %" if share > 0.99 else f"{100 * share:.0f} %"


def beds_said(found: Outlook, rows: list[dict[str, Any]]) -> list[str]:
    """One sentence on whether beds suffice; it begins with "Assumed" where that rests on stays that nobody counted."""
    beds = rows[0]["beds"]
    if beds is None:
        return []
    if not any(worth.series == rows[0]["series"] for worth in found.worth):
        text = "how long people stay is assumed, not counted; count who is there each night, and this will tell more."
        return [f"Assumed: {text}"]
    first = next((row for row in rows if row["over"] >= 0.5), None)
    most = max(rows, key=lambda row: row["over"])
    if first is not None:
        return [f"More people than the {beds} beds are as likely as not from {first['to']:%a %d %b} on."]
    return [f"The {beds} beds are most likely too few on {most['to']:%a %d %b}: {chance(most['over'])}."]


def said_of(found: Outlook, worth: Worth) -> list[str]:
    """The sentences of one series, with its name where there are several."""
    name = f"{named(found, worth.series)}: " if len(found.worth) > 1 else ""
    return [f"{name}{line}" for line in says(found, worth)]


def says(found: Outlook, worth: Worth) -> list[str]:
    """Whether it beats the last count, on how much that rests, and what to use if not."""
    seen = found.forecast.known.filter(series=worth.series).height
    lines = []
    if seen < LITTLE:
        lines.append(f"It has seen only {seen} counts. That is very little; the ranges are wide for that reason.")
    if not worth.counts:
        return [*lines, f"It could not be tried on the past. {instead(worth)}"]
    rests = f"tried on {worth.dates} dates of the past, {worth.counts} counts"
    little = " So few counts say little: do not rely on it yet." if worth.counts < ENOUGH else ""
    inside = f"{100 * worth.inside:.0f} % of them lay within the range of nine in ten."
    if worth.beats:
        text = f"It beats repeating the last count: {100 * worth.skill:.0f} % nearer ({interval(worth)}; {rests})."
        return [*lines, f"{text} {inside}{little}"]
    sure = f"({interval(worth)}; {rests})"
    if isnan(worth.skill):
        text = f"It cannot beat repeating the last count, which was never off ({rests})."
    elif worth.low > 0:
        text = f"So far it was {100 * worth.skill:.0f} % nearer than the last count {sure}."
    elif worth.skill > 0:
        text = f"It cannot be told from repeating the last count: {100 * worth.skill:.0f} % nearer {sure}."
    else:
        text = f"It cannot beat repeating the last count: {-100 * worth.skill:.0f} % further off {sure}."
    return [*lines, f"{text} {inside}{little}", instead(worth)]


def interval(worth: Worth) -> str:
    """The interval of a skill in words."""
    return f"90 % interval {100 * worth.low:.0f} to {100 * worth.high:.0f} %"


def instead(worth: Worth) -> str:
    """The last count, with what it was off by."""
    last = f"Use the last count, {worth.last.value:,.0f} on {worth.last.to}"
    words = {1: "for the next night" if is_stock(worth.series) else "for the next day", 7: "for a week ahead"}
    off = [f"plus or minus {ceil(error):,} {words[ahead]}" for ahead, error in worth.off]
    return f"{last}, {' and '.join(off)}." if off else f"{last}; how far off that will be is not known yet."
