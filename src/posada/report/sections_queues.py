"""Queues: people in line, and how long they wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from posada.report import charts, drawing, words
from posada.report.blocks import Section, Table, data_table
from posada.report.figures import ORDER, band_heads, drawn
from posada.report.frames import band, dense, quantiles, summarise
from posada.report.inputs import Names, ResultLike, field, parse_address
from posada.report.reading import focus_groups
from posada.report.sections_flow import counts_of, figure, panel_of, whom
from posada.report.words import between, day, days, percent, span
from posada.words import say


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
    """Queues and how long people wait in them."""
    section = Section("queues", say("queues.section"))
    groups = focus_groups(result)
    found, suffix = queues_of(result, groups)
    shown: list[charts.Panel] = []
    for where in found[:4]:
        panel = panel_of(result, f"waiting:{where}{suffix}", say("queues.panel", facility=names.facility(where)))
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
        panel = panel or panel_of(result, address, say("queues.per-day", facility=names.facility(where)), True)
        if panel is not None:
            shown.insert(found.index(where) + 1 if where in found[:4] else len(shown), panel)
    if shown:
        best = shown[0].band.sort("median", descending=True).row(0, named=True)
        most = between(best["low90"], best["median"], best["high90"])
        text = say("queues.text", title=shown[0].title, people=most, day=day(best["date"]))
        text = f"{text} {whom(groups if suffix else ())} {say('band.own-scale')}"
        columns = 2 if len(shown) > 1 else 1
        section.blocks.append(figure("waiting", say("queues.figure"), shown, columns, 150, say("queues.unit"), text))
    else:
        section.say(say("queues.nobody"))
    _waits(section, result, names, found[:4], groups[0] if suffix else "")
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
    return charts.Panel(say("queues.since", facility=name, day=day(first, year=False)), band(totals), counts)


def _waits(section: Section, result: ResultLike, names: Names, queues: Sequence[str], group: str) -> None:
    """How long people waited, and how waits ended."""
    if result.waits.is_empty() or not queues:
        return
    attribute = "group" if group else "all"
    who = say("queues.only", group=names.group(group)) if group else say("queues.all")
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
        title = say("waits.title")
        table = pl.concat(tables).with_columns((pl.col("mean", *ORDER) * 100).round(1))
        heads = (say("head.facility"), say("waits.head-wait"), say("waits.head-mean"), *band_heads())
        data = data_table(say("waits.data", title=title), table, heads, "waits")
        section.blocks.append(
            drawn(
                "waits",
                title,
                say("waits.text", who=who),
                lambda width: charts.bins(shown, width, 2 if width == drawing.WIDE else 1),
                data,
            )
        )
    heads = tuple(say(f"waits.head-{key}") for key in ("queue", "mean-served", *ENDS))
    kept = [i for i in range(len(heads)) if i < 3 or any(row[i] != "0 %" for row in rows)]
    section.blocks.append(
        Table(
            say("waits.ends", who=who),
            [heads[i] for i in kept],
            [[row[i] for i in kept] for row in rows],
            frozenset(range(1, len(kept))),
            file="wait-ends.csv",
        )
    )


ENDS = ("served", "gave_up", "refused", "still_waiting")


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
        mean = say("waits.nobody")
    else:
        row = (
            served.select((pl.col("sum_days") / pl.col("people")).alias("value")).select(quantiles()).row(0, named=True)
        )
        like = words.scale(row["median"], row["high90"])
        mean = f"{days(row['median'], like)} ({span(row['low90'], row['high90'], 'days', row['median'])})"
    cells = []
    for ended in ENDS:
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
_BIN_WORDS = {0.02: "half-hour", 0.05: "hour", 0.1: "two-hours", 0.25: "six-hours", 0.5: "twelve-hours", 1.0: "day"}


def _edge(edge: float) -> str:
    return say(f"bin.{_BIN_WORDS[edge]}") if edge in _BIN_WORDS else days(edge)


def bin_name(edge: float, merged: bool = False) -> str:
    """A bin of waiting times in words, by its lower edge in days."""
    if merged and edge == 0:
        return say("number.under", what=_edge(1.0))
    following = next((item for item in BINS if item > edge + 1e-9), None)
    if following is None:
        return say("bin.more", what=days(edge))
    upper = _edge(following)
    if edge == 0:
        return say("number.under", what=upper)
    first, _, unit = _edge(edge).partition(" ")
    alike = unit.rstrip("s") == upper.partition(" ")[2].rstrip("s")
    return say("number.dash", low=first if alike else f"{first} {unit}", high=upper)
