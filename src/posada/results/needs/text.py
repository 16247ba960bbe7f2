"""Needs and overflow as tables for a terminal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl
from rich import box
from rich.table import Table
from rich.text import Text

from posada.results.needs.amounts import NO_FIGURE, PEOPLE
from posada.results.needs.overflow import EVERYONE
from posada.results.needs.standards import Pack

if TYPE_CHECKING:
    from posada.results.result import Result

SHOWN = ("water", "meals", "beds or mats", "toilets", "showers")
"""Needs with a column of their own where all sites are told; those of them that the pack has."""
MOST_ROWS = 24
UNBROKEN = ("unit", "for", "night of", "people", "fullest day", "beds for them", "free", "people without")
"""Columns whose cells stand in one line."""


def peak_days(found: pl.DataFrame) -> pl.DataFrame:
    """The rows of each site on the day on which its people are most, at 95 %; the first of several."""
    people = found.filter(pl.col("need") == PEOPLE).sort(["high", "median", "date"], descending=[True, True, False])
    peak = people.unique("site", keep="first", maintain_order=True).select("site", "date")
    return found.join(peak, on=["site", "date"], how="semi", maintain_order="left")


def needs_text(result: Result, found: pl.DataFrame, pack: Pack, phase: str, at: str | None) -> Sequence[Any]:
    """The needs of one place and its shelters in full, or of all sites side by side, on the day of their peak."""
    head = [
        Text(f"What people need, {phase_in_words(phase)}: {result.scenario.title}", style="bold"),
        Text(f"{result.command}; standards {pack.name} ({pack.mark})"),
        Text("5 %, 50 % and 95 % of the runs, rounded up; plan for the last. Only people of the model are counted."),
        Text(""),
    ]
    if found.is_empty():
        return [*head, Text("In no run is anybody there on these days.")]
    peak = peak_days(found)
    return [*head, *(_all_sites(result, peak, pack) if at is None else _sites(result, peak))]


def phase_in_words(phase: str) -> str:
    """A phase as one says it."""
    return "emergency phase" if phase == "emergency" else "after the emergency phase"


def name_of(result: Result, site: str) -> str:
    """The name of a place or facility."""
    s = result.scenario
    return s.places[site].name if site in s.places else s.facilities[site].name


def when(first: date, end: date) -> str:
    """A day, or the interval that was recorded as one."""
    return f"{first}" if (end - first).days == 1 else f"{first} and {(end - first).days - 1} days more"


def whole(value: float | None) -> str:
    """A whole number with thousands set apart."""
    return "-" if value is None else f"{math.ceil(value - 1e-9):,}"


def _all_sites(result: Result, peak: pl.DataFrame, pack: Pack) -> list[Any]:
    shown = [need for need in SHOWN if need in pack.needs]
    units = {need: pack.of(need)[0].unit for need in shown}
    names = {"places": "", "pieces": ""}
    table = _table("site", ["fullest day", "people", *(_heading(n, names.get(units[n], units[n])) for n in shown)])
    for (site,), rows in _by_day(peak).group_by("site", maintain_order=True):
        by_need = {row["need"]: row for row in rows.iter_rows(named=True)}
        people = by_need[PEOPLE]
        inside = "  " if site not in result.scenario.places else ""
        table.add_row(
            f"{inside}{name_of(result, str(site))}",
            when(people["date"], people["until"]),
            f"{whole(people['median'])} ({whole(people['low'])} to {whole(people['high'])})",
            *(whole(by_need[need]["high"]) for need in shown),
        )
    note = (
        "Needs are those of 95 % of the runs. --at SITE tells all needs of a site; --out FILE writes all days as CSV."
    )
    return [table, Text(""), Text(note)]


def _by_day(peak: pl.DataFrame) -> pl.DataFrame:
    """Places in the order of their fullest days, each with its shelters."""
    first = peak.filter(pl.col("site") == pl.col("at")).select("at", pl.col("date").alias("first")).unique("at")
    return peak.join(first, on="at", how="left", maintain_order="left").sort("first", "at", maintain_order=True)


def _heading(need: str, unit: str) -> str:
    return f"{need}, {unit}" if unit else need


def _sites(result: Result, peak: pl.DataFrame) -> list[Any]:
    parts: list[Any] = []
    for (site,), rows in peak.group_by("site", maintain_order=True):
        first = rows.row(0, named=True)
        if not first["high"]:
            continue
        parts.append(Text(f"{name_of(result, str(site))}, {when(first['date'], first['until'])}", style="bold"))
        table = _table("", ("5 %", "50 %", "95 %", "unit", "standard"))
        known = rows.filter(pl.col("high").is_not_null())
        for row in known.iter_rows(named=True):
            table.add_row(row["need"], *(whole(row[c]) for c in ("low", "median", "high")), row["unit"], row["figure"])
        parts += [table, Text("")]
    notes = {row["need"]: _why(row) for row in peak.iter_rows(named=True) if row["need"] != PEOPLE}
    told = [Text(f"{need}: {text}") for need, text in notes.items() if text]
    return [*parts, *told]


def _why(row: dict[str, Any]) -> str:
    """Source and note of a need; why it has no number."""
    start = f"{NO_FIGURE}; " if row["high"] is None and row["figure"] == NO_FIGURE else ""
    return start + "; ".join(filter(None, (row["note"].replace(f"{NO_FIGURE} ", "none "), row["source"])))


def _table(first: str, others: Sequence[str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column(first, overflow="fold")
    for heading in others:
        left = heading in ("unit", "standard", "for", "night of")
        table.add_column(heading, justify="left" if left else "right", no_wrap=heading in UNBROKEN)
    return table


def worst_nights(found: pl.DataFrame) -> pl.DataFrame:
    """The rows of each shelter on the night on which some kind of party is likeliest to find no free bed."""
    ranked = found.sort(
        ["no_free_bed", "without_bed", "without_high", "date"],
        descending=[True, True, True, False],
        nulls_last=True,
    )
    worst = ranked.unique("shelter", keep="first", maintain_order=True).select("shelter", "date")
    return found.join(worst, on=["shelter", "date"], how="semi", maintain_order="left")


def overflow_text(result: Result, found: pl.DataFrame, of_all_days: bool, full: bool) -> Sequence[Any]:
    """With what probability beds run out, night by night, or on the worst night of each shelter."""
    head: list[Any] = [
        Text(f"Beds that run out: {result.scenario.title}", style="bold"),
        Text(result.command),
        Text("Probabilities are shares of the runs, at midnight. Free beds and people without one: 5 % to 95 %."),
        Text(""),
    ]
    if found.is_empty():
        return [*head, Text("There is no shelter with beds here.")]
    shown = worst_nights(found) if of_all_days else found
    told = list(shown.iter_rows(named=True))
    if not full:
        told = _without_repeats(told)
    table = _table(
        "shelter", ("night of", "for", "beds for them", "free", "no free bed", "someone without", "people without")
    )
    before = None
    for row in told if full else told[:MOST_ROWS]:
        here = (row["shelter"], row["date"])
        for cells in _overflow_cells(result, row, again=here == before):
            table.add_row(*cells)
        before = here
    more = len(told) - MOST_ROWS
    parts = [*head, table, *([Text(f"and {more} more: --full shows all")] if more > 0 and not full else []), Text("")]
    if any(row["remembered"] for row in told):
        parts.append(Text("* How many beds there are is remembered, not reported: two cases instead of one number."))
    if any(row["others_assumed"] for row in told):
        parts.append(Text("Assumed: how many beds other people hold. They are taken off, but for those marked *."))
    if any(row["without_bed"] is None for row in told):
        parts.append(Text("Who is without a bed is not told by type of party: write record: {by: [party_type]}."))
    return parts


def _without_repeats(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Everyone, and of the kinds of party those that fare otherwise than everyone."""
    plain = {(r["shelter"], r["date"]): r["no_free_bed"] for r in rows if r["who"] == EVERYONE}
    return [r for r in rows if r["who"] == EVERYONE or r["no_free_bed"] != plain[r["shelter"], r["date"]]]


def _overflow_cells(result: Result, row: dict[str, Any], again: bool) -> list[list[str]]:
    """The line of a kind of party; two lines, by how many beds there are, where that is only remembered."""
    start = ["", ""] if again else [result.scenario.facilities[row["shelter"]].name, str(row["date"])]
    start.append(row["who"] if row["size"] == 1 else f"{row['who']} of {row['size']}")
    free = f"{whole(row['free_low'])} to {whole(row['free_high'])}"
    people = "-" if row["without_high"] is None else f"{whole(row['without_low'])} to {whole(row['without_high'])}"
    if not row["remembered"]:
        return [[*start, whole(row["beds_median"]), free, share(row["no_free_bed"]), share(row["without_bed"]), people]]
    lines = []
    for which, words, others in (("few", start, [free, people]), ("many", ["", "", ""], ["", ""])):
        if row[f"if_beds_{which}"] is not None:
            chances = [share(row[f"{what}_if_{which}"]) for what in ("no_free_bed", "without_bed")]
            lines.append([*words, f"if {whole(row[f'if_beds_{which}'])} *", others[0], *chances, others[1]])
    return lines


def share(value: float | None) -> str:
    """A probability with two digits."""
    return "-" if value is None else f"{value:.2f}"
