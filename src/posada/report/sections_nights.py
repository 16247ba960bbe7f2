"""Nights: in a bed, without one, and outside; and who goes without where beds are kept for some."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from posada.report import charts, words
from posada.report.blocks import Table, Text
from posada.report.frames import quantiles, summarise
from posada.report.inputs import Names, ResultLike, field, level
from posada.report.reading import reading
from posada.report.sections_flow import figure, panel_of
from posada.report.words import between, count, day, listed, with_ends
from posada.words import say


def nights(result: ResultLike, names: Names) -> list[object]:
    """Nights without a bed, shelter by shelter; and nights outside."""
    facilities = result.scenario.facilities or {}
    shelters = [key for key, facility in sorted(facilities.items()) if _kind(facility) == "beds"]
    camps = [key for key, facility in sorted(facilities.items()) if _kind(facility) == "camp"]
    blocks: list[object] = []
    if not shelters and not camps:
        return blocks
    totals = {event: _totals(result, event, [*shelters, *camps]) for event in ("nights", "nights_no_bed")}
    nothing = (0.0, 0.0, 0.0)
    worst = sorted(shelters, key=lambda key: (-totals["nights_no_bed"].get(key, nothing)[2], key))
    shown: list[charts.Panel] = []
    for where in worst[:4]:
        title = say("nights.panel", facility=names.facility(where))
        panel = panel_of(result, f"nights_no_bed:{where}", title, True)
        if panel is not None:
            shown.append(panel)
    if shown:
        best = shown[0].band.sort("median", descending=True).row(0, named=True)
        people = between(best["low90"], best["median"], best["high90"])
        text = say("nights.text", facility=names.facility(worst[0]), people=people, day=day(best["date"]))
        text = f"{text} {say('band.own-scale')}"
        columns = 2 if len(shown) > 1 else 1
        blocks.append(figure("no-bed", say("nights.figure"), shown, columns, 130, say("nights.unit"), text))
    elif shelters:
        blocks.append(Text(say("nights.nobody")))
    rows = []
    for where in [*worst, *camps]:
        night, without = (totals[event].get(where, nothing) for event in ("nights", "nights_no_bed"))
        if any(night) or any(without):
            cells = [_amount(night), _amount(without), ""] if where in shelters else ["", "", _amount(night)]
            rows.append([names.facility(where), beds_of(facilities[where]), *(cell or "–" for cell in cells)])
    if rows:
        heads = tuple(say(f"nights.head-{key}") for key in ("shelter", "beds", "in-bed", "without", "outside"))
        numeric, note = frozenset({2, 3, 4}), say("nights.others")
        blocks.append(Table(say("nights.table"), heads, rows, numeric, file="nights.csv", note=note))
    blocks += _classes(result, names, [key for key in shelters if len(field(facilities[key], "beds") or ()) > 1])
    return blocks


def _classes(result: ResultLike, names: Names, shelters: Sequence[str]) -> list[object]:
    """Shelters whose beds are kept for some: how full each class is, and who is left without a bed."""
    rows = []
    without = reading(result).by_party_type("nights_no_bed") if shelters else pl.DataFrame()
    left_out = summarise(without, ["where", "level"], result.replicates).sort(
        "median", "level", descending=[True, False]
    )
    for where in shelters:
        for item in field(result.scenario.facilities[where], "beds"):
            address = f"{where}/{item.id}"
            nights, most = (_per_run(result, f"{event}:{address}") for event in ("nights", "occupied"))
            admits = listed([level(kind) for kind in item.admits]) if item.admits else level("everyone")
            cells = ["–" if found is None else _amount(found) for found in (nights and nights[0], most and most[1])]
            rows.append([f"{names.facility(where)}: {level(item.id)}", beds_of(item), admits, *cells, "–"])
        for row in left_out.filter(pl.col("where") == where).iter_rows(named=True):
            if row["high90"] > 0:
                cells = ["–", level(row["level"]), "–", "–", _amount((row["low90"], row["median"], row["high90"]))]
                rows.append([say("classes.without", facility=names.facility(where)), *cells])
    if not rows:
        return []
    heads = tuple(say(f"classes.head-{key}") for key in ("class", "beds", "for", "in-bed", "most", "without"))
    table = Table(say("classes.table"), heads, rows, frozenset({3, 4, 5}), file="bed-classes.csv")
    if "party_type" in (field(field(result.scenario, "record"), "by") or ()):
        return [table]
    return [table, Text(say("classes.record"), style="note")]


def _per_run(result: ResultLike, address: str) -> tuple[tuple[float, float, float], tuple[float, float, float]] | None:
    """Low end, median and high end of a series' sum and of its maximum; None if the result does not hold it."""
    try:
        series = result.series(address)
    except (KeyError, ValueError, LookupError):
        return None
    runs = series.group_by("replicate").agg(pl.col("value").sum().alias("sum"), pl.col("value").max().alias("most"))
    if runs.is_empty():
        return None
    found = []
    for column in ("sum", "most"):
        row = runs.select(quantiles(column)).row(0, named=True)
        found.append((row["low90"], row["median"], row["high90"]))
    return found[0], found[1]


def beds_of(item: Any) -> str:
    """Beds as stated, with their range, and those that other people hold: `110 (90 to 200), 60 taken by others`."""
    beds = field(item, "beds")
    if isinstance(beds, tuple | list):
        if len(beds) > 1:
            return " + ".join(_stated(field(part, "beds")) for part in beds)
        beds = field(beds[0], "beds") if beds else None
    text = _stated(beds)
    others = _stated(field(item, "others"))
    inner = field(item, "beds")
    if not others and isinstance(inner, tuple | list) and inner:
        others = _stated(field(inner[0], "others"))
    return say("nights.taken", beds=text or "–", others=others) if others else text or "–"


def _stated(item: Any) -> str:
    """The first value of a number of the scenario with its range."""
    entries = field(item, "entries")
    what = field(entries[0], "what") if entries else item
    value = words.as_number(field(what, "value", what if isinstance(what, int | float) else None))
    if value is None:
        return ""
    low, high = (words.as_number(field(what, key)) for key in ("low", "high"))
    return words.claimed(low, value, high)


def _kind(facility: Any) -> str:
    return str(field(facility, "kind", ""))


def _amount(row: tuple[float, float, float]) -> str:
    low, middle, high = row
    return with_ends(count(middle), low, high)


def _totals(result: ResultLike, event: str, where: Sequence[str]) -> dict[str, tuple[float, float, float]]:
    if result.flows.is_empty():
        return {}
    grouped = (
        result.flows.lazy()
        .filter((pl.col("event") == event) & (pl.col("attribute") == "all"))
        .group_by(["replicate", pl.col("where").cast(pl.String)])
        .agg(pl.col("people").sum().alias("value"))
        .collect()
    )
    table = summarise(grouped.filter(pl.col("where").is_in(list(where))), ["where"], result.replicates)
    return {row["where"]: (row["low90"], row["median"], row["high90"]) for row in table.iter_rows(named=True)}
