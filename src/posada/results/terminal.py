"""The summary as tables for a terminal: short first. `full` shows every row; `--json` and the report always do."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

FEW = 20
UNDER_WAY = "Still under way at the end"
MOST_ROWS = 6
MOST_NIGHTS = 4
MOST_STAGES = 4
MOST_OUTSIDE = 3

ASSUMED = "Assumed: "
"""Stands before a headline of whose variance more than half rests on assumptions; it has no decimals."""
MORE_THAN_HALF = 0.5
DAGGER = " \u2020"
"""Stands behind a headline with which a count disagrees."""
DISAGREE = "\u2020 counts disagree: see Checked"

MEASURES = ("mean", "mean_days", "p90_days")
"""Statistics that are not whole numbers of people or days."""
SHARES = ("share", "chance_over")


def render(found: dict[str, Any], full: bool = False, about: str = "") -> list[Any]:
    """Headlines first, then stages, queues, nights, outcomes, checks, and what was assumed.

    `full` leaves nothing out. `about` keeps only the headlines whose question or label contains these words.
    """
    who = f" of the group {found['group']}" if found["group"] else ""
    parts: list[Any] = [
        Text(found["title"], style="bold"),
        Text(
            f"{found['command']}: numbers that are not known were drawn anew for each replicate."
            + (" So few replicates make rough intervals." if found["replicates"] < FEW else "")
        ),
        Text(""),
    ]
    if about:
        rows = chosen(found["headlines"], about)
        return [*parts, _headlines(rows), *_disagreeing(rows, found["checks"])]
    if found["headlines"]:
        parts += [_headlines(found["headlines"])]
        parts += [Text(DISAGREE)] if any(row["disagrees"] for row in found["headlines"]) else []
        parts += [Text("")]
    if "precision" in found:
        parts += _precision(found["precision"], found["replicates"], full)
    if full or len({row["stage"] for row in found["stages"]}) > 1:
        parts += _stages(found["stages"], who, full)
    parts += _queues([q for q in found["queues"] if q["days"]], who, full)
    if found["nights"]:
        rows = sorted(found["nights"], key=lambda n: -n["median"] - n["high90"])
        title = f"Person-nights{who} without a bed"
        parts += _table(title, [(_place(n), n) for n in rows], len(rows) if full else MOST_NIGHTS)
    if found["outcomes"]:
        title = f"Outcomes{who} at the end of the run (* not the end in life)"
        named = [(o["label"] + ("" if o["final"] else " *"), o) for o in found["outcomes"]]
        last = [(UNDER_WAY, found["under_way"]), ("In all", found["in_all"])]
        parts += _table(title, named, len(named) if full else MOST_ROWS, last)
    parts += _checks(found["checks"], full) + _assumed(found["assumptions"], full)
    if "history" in found:
        parts += [Text(told_history(found["history"]))]
    return parts


def told_history(found: dict[str, Any]) -> str:
    """Where histories are, and how large."""
    size = found["bytes"] / 1e6
    return (
        f"Histories: {found['rows']:,} rows in {found['files']:,} files of {number(size, 'mean')} MB in all, "
        f"in {found['folder']}"
    )


def chosen(headlines: Sequence[dict[str, Any]], about: str) -> list[dict[str, Any]]:
    """The headlines whose question contains some words, else those whose label does."""
    words = about.lower()
    for field in ("question", "label"):
        rows = [row for row in headlines if words in (row[field] or "").lower()]
        if rows:
            return rows
    return []


def rests_on_assumptions(row: dict[str, Any]) -> bool:
    """Whether more than half of a headline's variance rests on assumptions, as far as that is known."""
    return (row.get("assumed") or 0.0) > MORE_THAN_HALF


def whole(value: float | None, statistic: str | None = None) -> str:
    """A number without decimals, for what rests on assumptions."""
    if value is None:
        return "-"
    if statistic in SHARES:
        return "under 1 %" if 0 < value < 0.005 else f"{100 * value:.0f} %"
    return f"{math.floor(value + 0.5):,}"


def number(value: float | None, statistic: str | None = None) -> str:
    """A number as one reads it: whole people, one decimal for days, per cent for shares."""
    if value is None:
        return "-"
    if statistic in SHARES:
        percent = 100 * value
        if 0 < percent < 1:
            return f"{percent:.2g} %"
        return f"{percent:.0f} %" if percent >= 10 or percent == 0 else f"{percent:.1f} %"
    if statistic in MEASURES and abs(value) < 10:
        return f"{value:.1f}"
    return f"{math.floor(value + 0.5):,}"


def interval(
    row: Mapping[str, Any],
    level: int,
    statistic: str | None = None,
    told: Callable[[float | None, str | None], str] = number,
) -> str:
    """`140 to 310`: the central 50 % or 90 % interval."""
    low, high = row[f"low{level}"], row[f"high{level}"]
    return "-" if low is None else f"{told(low, statistic)} to {told(high, statistic)}"


def _cells(row: dict[str, Any]) -> tuple[str, str, str]:
    statistic = row.get("statistic")
    told = whole if rests_on_assumptions(row) else number
    return (
        told(row["median"], statistic),
        interval(row, 50, statistic, told),
        interval(row, 90, statistic, told),
    )


def blank(first: str, others: Sequence[str]) -> Table:
    """An empty table: one column of words, then columns of numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold")
    for heading in others:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def _table(
    title: str,
    rows: Sequence[tuple[str, dict[str, Any]]],
    most: int,
    last: Sequence[tuple[str, dict[str, Any]]] = (),
) -> list[Any]:
    """Rows, of which at most some are shown, and the last ones, which always are."""
    table = blank("", ("median", "50 % interval", "90 % interval"))
    for label, row in [*rows[:most], *last]:
        table.add_row(label, *_cells(row))
    left_out = [Text(f"and {len(rows) - most} more: --full shows all", style="dim")] if len(rows) > most else []
    return [_title(title), table, *left_out, Text("")]


def _title(words: str) -> Text:
    return Text(words, style="bold")


def _headlines(rows: list[dict[str, Any]]) -> Table:
    """One table, so that its columns stand under each other, with a line per question."""
    table = blank("", ("median", "50 % interval", "90 % interval"))
    questions = list(dict.fromkeys(row["question"] for row in rows))
    for i, question in enumerate(questions):
        if i:
            table.add_row()
        if question:
            table.add_row(Text(question, style="bold"))
        for row in rows:
            if row["question"] == question:
                table.add_row(f"  {_label(row)}" if question else _label(row), *_cells(row))
    return table


def _precision(found: dict[str, Any], replicates: int, full: bool) -> list[Any]:
    """How well the mean of each number is known, the worst known first."""
    rows = sorted(found["means"], key=lambda row: -row["share"])
    table = blank("", ("mean", "\u00b1", "of the mean"))
    most = len(rows) if full else MOST_ROWS
    for row in rows[:most]:
        share = f"{100 * row['share']:.1f} %" if math.isfinite(row["share"]) else "-"
        table.add_row(row["label"], *(_exact(row[x], row["statistic"]) for x in ("mean", "half_width")), share)
    left_out = [Text(f"and {len(rows) - most} more: --full shows all", style="dim")] if len(rows) > most else []
    unknown = sum(not row["reached"] for row in rows)
    aim = f"\u00b1 {100 * found['share']:g} %"
    end = (
        f"all {len(rows)} are known to {aim}" if not unknown else f"{unknown} of {len(rows)} are not known to {aim} yet"
    )
    if unknown and replicates >= found["at_most"]:
        end += " (--replicates-at-most)"
    title = "Means, with the half-width of their 95 % confidence interval, the worst known first"
    return [_title(title), table, *left_out, Text(f"After {replicates:,} replicates {end}."), Text("")]


def _exact(value: float, statistic: str) -> str:
    """A mean or its half-width: three digits or whole numbers, per cent for shares."""
    if not math.isfinite(value):
        return "-"
    if statistic in SHARES:
        return f"{100 * value:.2f} %"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _label(row: dict[str, Any]) -> str:
    """The label of a headline; whether it rests on assumptions, whose wait it is, a dagger if counts disagree."""
    told = ", ".join(filter(None, (row["label"], row["of_whom"])))
    return (ASSUMED if rests_on_assumptions(row) else "") + told + (DAGGER if row["disagrees"] else "")


def _disagreeing(rows: Sequence[dict[str, Any]], found: dict[str, Any]) -> list[Any]:
    """The counts that disagree with some headlines, where the rest of the summary is not shown."""
    ids = {key for row in rows for key in row["disagrees"]}
    told = [_outside(row) for row in found.get("outside", ()) if row["id"] in ids]
    return [Text(f"\u2020 counts disagree: {'; '.join(told)}")] if told else []


def _outside(row: dict[str, Any]) -> str:
    """A check that lies outside: `gate-1: 28 counted, 55 to 110 simulated`."""
    return f"{row['id']}: {number(row['counted'])} counted, {interval(row, 90)} simulated"


def _stages(rows: list[dict[str, Any]], who: str, full: bool) -> list[Any]:
    """The largest stages of some days, with the 90 % interval of each."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("date", no_wrap=True)
    table.add_column("stages, largest first", overflow="fold")
    days = list(dict.fromkeys(row["date"] for row in rows))
    if not full and len(days) > MOST_ROWS:
        last = len(days) - 1
        days = [days[round(i * last / (MOST_ROWS - 1))] for i in range(MOST_ROWS)]
    for day in days:
        of_day = sorted((row for row in rows if row["date"] == day), key=lambda row: -(row["median"] or 0))
        told = [f"{row['stage']} {interval(row, 90)}" for row in (of_day if full else of_day[:MOST_STAGES])]
        table.add_row(str(day), ", ".join(told))
    return [_title(f"Where people{who} are at the end of some days (90 % interval)"), table, Text("")]


def _queues(queues: Sequence[dict[str, Any]], who: str, full: bool) -> list[Any]:
    """The gate with the longest queue, a row per day around its peak; the others in a line each."""
    ranked = sorted(queues, key=lambda q: -max(day["waiting"]["high90"] for day in q["days"]))
    parts: list[Any] = []
    for i, queue in enumerate(queues if full else ranked):
        days = queue["days"]
        if i and not full:
            peak = max(days, key=lambda day: day["waiting"]["high90"])
            parts.append(
                Text(f"{queue['name']}: up to {number(peak['waiting']['high90'])} people waiting, on {peak['date']}")
            )
            continue
        table = blank("date", ("waiting", "50 %", "90 %", "let through", "50 %", "90 %"))
        for day in days if full else _around_peak(days):
            waiting, through = day["waiting"], day["served"]
            table.add_row(str(day["date"]), *_cells(waiting), *_cells(through))
        parts += [
            _title(f"{queue['name']}: people{who} waiting at the end of the day, and let through"),
            table,
            Text(""),
        ]
    return [*parts, *([Text("")] if len(ranked) > 1 and not full else [])]


def _around_peak(days: Sequence[dict[str, Any]]) -> Sequence[dict[str, Any]]:
    """The busiest days in a row."""
    peak = max(range(len(days)), key=lambda i: days[i]["waiting"]["high90"] + days[i]["served"]["high90"])
    first = max(0, min(peak - 2, len(days) - MOST_ROWS))
    return days[first : first + MOST_ROWS]


def _place(night: dict[str, Any]) -> str:
    how = "asked for a bed, had none" if night["kind"] == "nights_no_bed" else "slept outside, in no shelter"
    return f"{night['name']}: {how}"


def _checks(found: dict[str, Any], full: bool) -> list[Any]:
    if not found["checks"]:
        return []
    text = (
        f"Checked against {found['checks']} counts that set nothing: {found['inside']} lie inside the 90 % interval "
        f"({100 * found['share_inside']:.0f} %)"
    )
    if found["mean_relative_width"] is not None:
        text += f"; its width is {found['mean_relative_width']:.2f} of the count in the mean"
    if found["last_value_score"] is not None:
        text += (
            f"; mean interval score {found['interval_score_paired']:,.0f} against {found['last_value_score']:,.0f} "
            f"for the last value ({found['paired']} counts; smaller is better)"
        )
    if not found["outside"]:
        return [Text(text + ".")]
    told = [_outside(row) for row in found["outside"]]
    most = len(told) if full else MOST_OUTSIDE
    more = f"; and {len(told) - most} more: --full shows all" if len(told) > most else ""
    return [Text(text + "."), Text(f"Outside: {'; '.join(told[:most])}{more}.")]


def _assumed(found: dict[str, Any], full: bool) -> list[Any]:
    parts: list[Any] = [
        Text(
            f"Assumed: {found['assumed']} numbers; {found['evidence']} rest on evidence"
            + (f"; {found['without_source']} are stated without a source" if found["without_source"] else "")
            + ". The report lists all of them."
        ),
    ]
    if not full:
        return parts
    for a in found["list"]:
        values = f"{a['value']:g}" if a["low"] is None else f"{a['value']:g} ({a['low']:g} to {a['high']:g})"
        parts.append(Text(f"  {a['path']} = {values}{' ' + a['unit'] if a['unit'] else ''}: {a['assumed']}"))
    return parts
