"""Queues: people in line, how long they wait, and nights without a bed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from posada.report import charts, drawing, words
from posada.report.blocks import Figure, Section, Table, data_table
from posada.report.frames import band, dense, quantiles, summarise
from posada.report.inputs import Names, ResultLike, field, parse_address, plain
from posada.report.reading import focus_groups, reading
from posada.report.sections_flow import BAND_HEADS, ORDER, OWN_SCALE, counts_of, figure, panel_of
from posada.report.words import between, count, day, days, listed, percent, span


def queues_of(result: ResultLike, groups: Sequence[str]) -> tuple[list[str], str]:
    """Facilities where people wait (gates first, longest queue first), and the suffix for the group in question."""
    suffix = f"{{group={groups[0]}}}" if len(groups) == 1 else ""
    if result.stocks.is_empty():
        return [], suffix
    attribute, level = ("group", groups[0]) if suffix else ("all", "all")
    beds = [
        key
        for key, facility in (result.scenario.facilities or {}).items()
        if str(field(facility, "kind", "")) in ("beds", "camp")
    ]
    grouped = (
        result.stocks.lazy()
        .filter((pl.col("state") == "waiting") & (pl.col("attribute") == attribute) & (pl.col("level") == level))
        .group_by(["replicate", pl.col("where").cast(pl.String)])
        .agg(pl.col("people").max().alias("value"))
        .collect()
    )
    if grouped.is_empty():
        return [], suffix
    sizes = dense(grouped, ["where"], result.replicates).group_by("where").agg(pl.col("value").mean())
    sizes = sizes.filter((pl.col("value") >= 0.5) & ~pl.col("where").is_in(beds))
    found = sizes.sort(["value", "where"], descending=[True, False])["where"].to_list()
    facilities = result.scenario.facilities or {}
    return sorted(found, key=lambda key: str(field(facilities.get(key), "kind", "")) != "gate"), suffix


def queues(result: ResultLike, names: Names) -> Section:
    """Queues, waits, and nights without a bed."""
    section = Section("queues", "Queues, waiting and nights without a bed")
    groups = focus_groups(result)
    found, suffix = queues_of(result, groups)
    shown: list[charts.Panel] = []
    for where in found[:4]:
        name = names.facility(where)
        panel = panel_of(result, f"waiting:{where}{suffix}", f"{name}: people waiting")
        if panel is not None:
            shown.append(panel)
    served = [
        str(field(row, "series"))
        for row in (result.scenario.observations or {}).values()
        if parse_address(str(field(row, "series", ""))).verb == "served"
    ]
    for address in sorted(set(served))[:2]:
        where = parse_address(address).where
        panel = running_total(result, address, names.facility(where))
        panel = panel or panel_of(result, address, f"{names.facility(where)}: people served per day", True)
        if panel is not None:
            shown.insert(found.index(where) + 1 if where in found[:4] else len(shown), panel)
    who = f" Only people of “{plain(groups[0])}” are counted." if suffix else " People of all groups are counted."
    if shown:
        best = shown[0].band.sort("median", descending=True).row(0, named=True)
        text = (
            f"{shown[0].title}: the most at one time is {between(best['low90'], best['median'], best['high90'])}, "
            f"on {day(best['date'])}.{who} {OWN_SCALE}"
        )
        section.blocks.append(
            figure("waiting", "Queues over time", shown, 2 if len(shown) > 1 else 1, 150, "people waiting", text)
        )
    else:
        section.say("In no run did anybody wait in a queue.")
    _waits(section, result, names, found[:4], groups[0] if suffix else "")
    _nights(section, result, names)
    return section


def running_total(result: ResultLike, address: str, name: str) -> charts.Panel | None:
    """People served since the day from which most of the counts run, if they are running totals."""
    starts = [
        words.as_date(field(row, "from"))
        for row in (result.scenario.observations or {}).values()
        if field(row, "series") == address and field(row, "from") != field(row, "to")
    ]
    known = sorted(start for start in starts if start is not None)
    if len(known) < 2:
        return None
    first = max(known, key=known.count)
    counts = counts_of(result, address, since=first)
    last = max(point[0] for point in counts) + timedelta(days=10)
    totals = result.series(address, first, last).sort("replicate", "date")
    totals = totals.with_columns(pl.col("value").cum_sum().over("replicate"))
    return charts.Panel(f"{name}: people served since {day(first, year=False)}", band(totals), counts)


def _waits(section: Section, result: ResultLike, names: Names, queues: Sequence[str], group: str) -> None:
    """How long people waited, and how waits ended."""
    if result.waits.is_empty() or not queues:
        return
    attribute = "group" if group else "all"
    whom = f"only those of “{plain(group)}”" if group else "all groups"
    mine = result.waits.filter((pl.col("attribute") == attribute) & pl.col("where").cast(pl.String).is_in(queues))
    if group:
        mine = mine.filter(pl.col("level") == group)
    shown: list[tuple[str, pl.DataFrame]] = []
    rows: list[list[str]] = []
    tables: list[pl.DataFrame] = []
    for where in queues:
        waits = mine.filter(pl.col("where") == where)
        served = waits.filter(pl.col("ended") == "served")
        rows.append(_wait_row(waits, names.facility(where), result.replicates))
        if served.is_empty():
            continue
        frame = _wait_bins(served, result.replicates)
        shown.append((names.facility(where), frame))
        tables.append(frame.select(pl.lit(names.facility(where)).alias("facility"), "label", "mean", *ORDER))
    if shown:
        text = f"Share of the people served in the whole run ({whom}), by how long they had waited. "
        text += "Bar and number: mean; line: nine runs in ten."
        title = "How long people wait"
        label = f"{title}. {text} The numbers are in the table below."
        table = pl.concat(tables).with_columns((pl.col("mean", *ORDER) * 100).round(1))
        section.blocks.append(
            Figure(
                "waits",
                title,
                drawing.svg(charts.bins(shown, drawing.WIDE, 2), label, "waits-w"),
                drawing.svg(charts.bins(shown, drawing.NARROW, 1), label, "waits-n"),
                text,
                data_table(f"Data: {title} (per cent)", table, ("facility", "wait", "mean", *BAND_HEADS), "waits"),
            )
        )
    heads = ("queue", "mean wait of those served", "served", "gave up", "sent on", "still waiting at the end")
    kept = [i for i in range(len(heads)) if i < 3 or any(row[i] != "0 %" for row in rows)]
    section.blocks.append(
        Table(
            f"How waits end, in the whole run, {whom}: median of the runs (nine runs in ten)",
            [heads[i] for i in kept],
            [[row[i] for i in kept] for row in rows],
            frozenset(range(1, len(kept))),
            file="wait-ends.csv",
        )
    )


def _wait_row(waits: pl.DataFrame, name: str, replicates: int) -> list[str]:
    per_run = (
        waits.group_by(["replicate", pl.col("ended").cast(pl.String)])
        .agg(pl.col("people").sum(), pl.col("sum_days").sum())
        .with_columns((pl.col("people") / pl.col("people").sum().over("replicate")).alias("value"))
    )
    shares = {
        row["ended"]: row
        for row in summarise(per_run.select("replicate", "ended", "value"), ["ended"], replicates).iter_rows(named=True)
    }
    served = per_run.filter((pl.col("ended") == "served") & (pl.col("people") > 0))
    if served.is_empty():
        mean = "nobody was served"
    else:
        row = (
            served.select((pl.col("sum_days") / pl.col("people")).alias("value")).select(quantiles()).row(0, named=True)
        )
        like = words.scale(row["median"], row["high90"])
        mean = f"{days(row['median'], like)} ({span(row['low90'], row['high90'], 'days', row['median'])})"
    cells = []
    for ended in ("served", "gave_up", "refused", "still_waiting"):
        share = shares.get(ended)
        cells.append(
            "0 %" if share is None else f"{percent(share['median'])} ({span(share['low90'], share['high90'], 'share')})"
        )
    return [name, mean, *cells]


def _wait_bins(served: pl.DataFrame, replicates: int) -> pl.DataFrame:
    """Share of people per bin with its interval; a dozen bins at most, named in words."""
    edges = sorted(set(served["bin_days"].to_list()))
    if len(edges) > 10:
        served = served.with_columns(
            pl.when(pl.col("bin_days") < 1).then(0.0).otherwise(pl.col("bin_days")).alias("bin_days")
        )
    per_run = served.group_by(["replicate", pl.col("bin_days").cast(pl.Float64)]).agg(pl.col("people").sum())
    per_run = per_run.with_columns((pl.col("people") / pl.col("people").sum().over("replicate")).alias("value"))
    frame = summarise(per_run.select("replicate", "bin_days", "value"), ["bin_days"], replicates)
    means = dense(per_run.select("replicate", "bin_days", "value"), ["bin_days"], replicates)
    frame = frame.join(means.group_by("bin_days").agg(pl.col("value").mean().alias("mean")), on="bin_days")
    frame = frame.filter((pl.col("high90") >= 0.005) | (pl.col("mean") >= 0.005)).sort("bin_days")
    lower = frame["bin_days"].to_list()
    merged = len(edges) > 10
    names = [bin_name(edge, merged) for edge in lower]
    texts = [percent(value) for value in frame["mean"].to_list()]
    return frame.with_columns(pl.Series("label", names, pl.String), pl.Series("text", texts, pl.String))


BINS = (
    *(0.0, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 14.0, 21.0, 30.0, 45.0, 60.0, 90.0, 120.0),
    *(180.0, 270.0, 365.0, 545.0, 730.0, 1095.0, 1460.0, 1825.0, 2555.0),
)
_BIN_WORDS = {0.02: "½ hour", 0.05: "1 hour", 0.1: "2½ hours", 0.25: "6 hours", 0.5: "12 hours", 1.0: "1 day"}


def bin_name(edge: float, merged: bool = False) -> str:
    """A bin of waiting times in words, by its lower edge in days."""
    if merged and edge == 0:
        return "under 1 day"
    following = next((item for item in BINS if item > edge + 1e-9), None)
    if following is None:
        return f"{days(edge)} or more"
    upper = _BIN_WORDS.get(following, days(following))
    if edge == 0:
        return f"under {upper}"
    lower = _BIN_WORDS.get(edge, days(edge))
    first, _, unit = lower.partition(" ")
    return f"{first}–{upper}" if upper.endswith((unit, f"{unit}s")) else f"{lower}–{upper}"


def _nights(section: Section, result: ResultLike, names: Names) -> None:
    """Nights without a bed, shelter by shelter; and nights outside."""
    facilities = result.scenario.facilities or {}
    shelters = [key for key, facility in sorted(facilities.items()) if _kind(facility) == "beds"]
    camps = [key for key, facility in sorted(facilities.items()) if _kind(facility) == "camp"]
    if not shelters and not camps:
        return
    totals = {event: _totals(result, event, [*shelters, *camps]) for event in ("nights", "nights_no_bed")}
    nothing = (0.0, 0.0, 0.0)
    worst = sorted(shelters, key=lambda key: (-totals["nights_no_bed"].get(key, nothing)[2], key))
    shown: list[charts.Panel] = []
    for where in worst[:4]:
        panel = panel_of(result, f"nights_no_bed:{where}", f"{names.facility(where)}: people without a bed", True)
        if panel is not None:
            shown.append(panel)
    if shown:
        best = shown[0].band.sort("median", descending=True).row(0, named=True)
        text = (
            f"People of all groups who asked for a bed and had none, per night. {names.facility(worst[0])}, worst "
            f"night: {between(best['low90'], best['median'], best['high90'])}, on {day(best['date'])}. {OWN_SCALE}"
        )
        section.blocks.append(
            figure("no-bed", "Nights without a bed", shown, 2 if len(shown) > 1 else 1, 130, "people per night", text)
        )
    elif shelters:
        section.say("In no run did anybody who asked for a bed spend a night without one.")
    rows = []
    for where in [*worst, *camps]:
        night, without = (totals[event].get(where, nothing) for event in ("nights", "nights_no_bed"))
        if any(night) or any(without):
            inside = where in shelters
            cells = [
                _amount(night) if inside else "",
                _amount(without) if inside else "",
                "" if inside else _amount(night),
            ]
            rows.append([names.facility(where), beds_of(facilities[where]), *(cell or "–" for cell in cells)])
    if rows:
        heads = ("shelter or camp", "beds", "nights in a bed", "asked for a bed, had none", "outside, in no shelter")
        section.blocks.append(
            Table(
                "Person-nights of all groups in the whole run: median (nine runs in ten)",
                heads,
                rows,
                frozenset({2, 3, 4}),
                file="nights.csv",
                note="Beds that other people hold are taken off; nobody's nights in them are counted.",
            )
        )
    _classes(section, result, names, [key for key in shelters if len(field(facilities[key], "beds") or ()) > 1])


def _classes(section: Section, result: ResultLike, names: Names, shelters: Sequence[str]) -> None:
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
            admits = listed([plain(kind) for kind in item.admits]) if item.admits else "everyone"
            cells = ["–" if found is None else _amount(found) for found in (nights and nights[0], most and most[1])]
            rows.append([f"{names.facility(where)}: {plain(item.id)}", beds_of(item), admits, *cells, "–"])
        for row in left_out.filter(pl.col("where") == where).iter_rows(named=True):
            if row["high90"] > 0:
                cells = ["–", plain(row["level"]), "–", "–", _amount((row["low90"], row["median"], row["high90"]))]
                rows.append([f"{names.facility(where)}: without a bed", *cells])
    if rows:
        heads = (
            "shelter and class of beds",
            "beds",
            "for parties of",
            "nights in a bed",
            "most at one time",
            "nights without",
        )
        table = Table(
            "Beds kept for some, and who goes without, all groups, in the whole run: median (nine runs in ten)",
            heads,
            rows,
            frozenset({3, 4, 5}),
            file="bed-classes.csv",
        )
        section.blocks.append(table)
        if "party_type" not in (field(field(result.scenario, "record"), "by") or ()):
            section.say(
                "For the nights without a bed by type of party, write party_type in record: {by: [group, party_type]} "
                "of scenario.yaml and run it again.",
                style="note",
            )


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
    return f"{text or '–'}, {others} taken by others" if others else text or "–"


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
    ends = span(low, high)
    return ends if ends == count(middle) else f"{count(middle)} ({ends})"


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
