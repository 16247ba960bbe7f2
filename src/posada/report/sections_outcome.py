"""Section on how pathways end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from posada.report import charts, drawing
from posada.report.blocks import Bullets, Figure, Heading, Section, data_table
from posada.report.frames import LEVELS, summarise
from posada.report.inputs import Names, ResultLike, field, plain
from posada.report.reading import focus_groups
from posada.report.sections_flow import BAND_HEADS, ORDER
from posada.report.words import between, count, day, listed, span


def outcomes(result: ResultLike, names: Names) -> Section:
    """How pathways end: bars by group and the running total."""
    section = Section("outcomes", "How it ends")
    if result.outcomes.is_empty():
        section.say("In no run did anybody's pathway end within the time of the scenario.")
        return section
    groups = focus_groups(result)
    bars = _bars(result, names, groups[:3])
    last = result.scenario.end
    open_ones = [
        f"“{names.outcome(key)}”"
        for key, kind in sorted((result.scenario.outcomes or {}).items())
        if not field(kind, "final", True)
    ]
    text = f"People whose pathway ended by {day(last)}, and those still under way then: together everybody of "
    text += f"{who_of(groups[:3])}. Bar and point: median; thick line: half of the "
    text += "runs; thin line: nine in ten."
    if open_ones:
        text += " A broken outline marks an end of the model after which, in life, the story goes on"
        text += f": {listed(open_ones)}." if len(open_ones) < 4 else "."
    title = "People by outcome"
    label = f"{title}. {text} The numbers are in the table below."
    if not bars.is_empty():
        table = bars.select("panel", "label", *ORDER)
        section.blocks.append(
            Figure(
                "outcome-bars",
                title,
                drawing.svg(charts.intervals(bars, drawing.WIDE, "people"), label, "outcome-bars-w"),
                drawing.svg(charts.intervals(bars, drawing.NARROW, "people"), label, "outcome-bars-n"),
                text,
                data_table(f"Data: {title}", table, ("group", "outcome", *BAND_HEADS), "outcomes"),
            )
        )
    _running(section, result, names, groups)
    _apart(section, result)
    reached = set() if bars.is_empty() else set(bars["label"].to_list())
    notes = [
        (f"{names.outcome(key)}:", f"{str(field(kind, 'note')).rstrip('.')}.")
        for key, kind in sorted((result.scenario.outcomes or {}).items())
        if field(kind, "note") and names.outcome(key) in reached
    ]
    if notes:
        section.blocks += [Heading("What the outcomes mean"), Bullets(notes)]
    return section


def who_of(groups: Sequence[str]) -> str:
    """Of whom a figure is: groups, or everybody simulated."""
    if not groups:
        return "all groups"
    return f"the group{'' if len(groups) == 1 else 's'} {listed([f'“{plain(group)}”' for group in groups])}"


UNDER_WAY = "still under way at the end"


def _under_way(result: ResultLike, groups: Sequence[str]) -> pl.DataFrame:
    """People who are still under way at the end: (replicate, level, outcome, value)."""
    if result.stocks.is_empty():
        return pl.DataFrame()
    attribute = "group" if groups else "all"
    active = (
        result.stocks.lazy()
        .filter((pl.col("state") == "active") & (pl.col("where") == "chain") & (pl.col("attribute") == attribute))
        .filter(pl.col("until") > result.scenario.end)
        .with_columns(pl.col("level").cast(pl.String))
    )
    active = active.filter(pl.col("level").is_in(list(groups))) if groups else active
    level = pl.col("level") if groups else pl.lit("everybody").alias("level")
    return active.select(
        "replicate", level, pl.lit("").alias("outcome"), pl.col("people").cast(pl.Int64).alias("value")
    ).collect()


def _bars(result: ResultLike, names: Names, groups: Sequence[str]) -> pl.DataFrame:
    mine = result.outcomes.lazy().with_columns(pl.col("level").cast(pl.String), pl.col("outcome").cast(pl.String))
    if groups:
        mine = mine.filter((pl.col("attribute") == "group") & pl.col("level").is_in(list(groups)))
    else:
        mine = mine.filter(pl.col("attribute") == "all").with_columns(pl.lit("everybody").alias("level"))
    totals = mine.group_by(["replicate", "level", "outcome"]).agg(pl.col("people").sum().alias("value")).collect()
    under_way = _under_way(result, groups)
    if not under_way.is_empty():
        totals = pl.concat([totals.with_columns(pl.col("value").cast(pl.Int64)).select(under_way.columns), under_way])
    table = summarise(totals, ["level", "outcome"], result.replicates)
    order = {group: index for index, group in enumerate(groups)}
    kinds = result.scenario.outcomes or {}
    rows = [
        {
            "panel": "" if len(order) < 2 and row["level"] == "everybody" else f"Group: {plain(row['level'])}",
            "label": names.outcome(row["outcome"]) if row["outcome"] else UNDER_WAY,
            **{key: row[key] for key in ORDER},
            "text": _short(row),
            "soft": not row["outcome"] or not field(kinds.get(row["outcome"]), "final", True),
            "rank": order.get(row["level"], 0),
        }
        for row in table.iter_rows(named=True)
    ]
    if not rows:
        return pl.DataFrame()
    return pl.DataFrame(rows).sort(["rank", "median", "label"], descending=[False, True, False]).drop("rank")


def _short(row: dict[str, float]) -> str:
    middle, ends = count(row["median"]), span(row["low90"], row["high90"])
    return middle if middle == ends else f"{middle} ({ends.replace(' to ', '–')})"


def _running(section: Section, result: ResultLike, names: Names, groups: Sequence[str]) -> None:
    """Running totals of those whose pathway ended."""
    mine = result.outcomes.lazy().with_columns(pl.col("level").cast(pl.String), pl.col("outcome").cast(pl.String))
    if len(groups) == 1:
        mine = mine.filter((pl.col("attribute") == "group") & (pl.col("level") == groups[0]))
    else:
        mine = mine.filter(pl.col("attribute") == "all")
    rows = mine.group_by(["replicate", "outcome", "date"]).agg(pl.col("people").sum().alias("value")).collect()
    if rows.is_empty() or rows["date"].n_unique() < 2:
        return
    everybody = (
        rows.group_by(["replicate", "date"]).agg(pl.col("value").sum()).with_columns(pl.lit("").alias("outcome"))
    )
    both = pl.concat(
        [
            rows.with_columns(pl.col("value").cast(pl.Float64)).select(everybody.columns),
            everybody.with_columns(pl.col("value").cast(pl.Float64)),
        ]
    )
    running = _cumulated(both, result.replicates)
    total = running.filter(pl.col("outcome") == "").drop("outcome")
    finals = running.filter(pl.col("outcome") != "").group_by("outcome").agg(pl.col("median").last())
    ceiling = finals["median"].max()
    floor = 0.03 * ceiling if isinstance(ceiling, int | float) else 0.0
    finals = finals.sort(["median", "outcome"], descending=[True, False])
    chosen = finals.filter(pl.col("median") >= floor).head(5)["outcome"].to_list()
    lines = [(names.outcome(key), running.filter(pl.col("outcome") == key).drop("outcome")) for key in chosen]
    title = "People whose pathway has ended, day by day"
    who = f" Only people of “{plain(groups[0])}” are counted." if len(groups) == 1 else ""
    more = " The most frequent outcomes have a line." if finals.height > len(chosen) else ""
    text = f"Running total; medians of the runs, with the band of nine runs in ten for everybody.{who}{more}"
    label = f"{title}. {text} The numbers are in the table below."
    table = running.with_columns(
        pl.col("outcome").map_elements(lambda key: names.outcome(key) if key else "everybody", return_dtype=pl.String)
    ).select("outcome", "date", *ORDER)
    section.blocks.append(
        Figure(
            "decided",
            title,
            drawing.svg(charts.timeline(total, lines, drawing.WIDE, 260, "people"), label, "decided-w"),
            drawing.svg(charts.timeline(total, lines, drawing.NARROW, 300, "people"), label, "decided-n"),
            text,
            data_table(f"Data: {title}", table, ("outcome", "date", *BAND_HEADS), "decided"),
        )
    )


def _cumulated(rows: pl.DataFrame, replicates: int) -> pl.DataFrame:
    """Running totals per outcome and date, with intervals over the replicates."""
    outcomes, dates = rows["outcome"].unique().sort(), rows["date"].unique().sort()
    values = np.zeros((len(outcomes), len(dates), max(replicates, 1)))
    which, when = (outcomes.search_sorted(rows["outcome"]), dates.search_sorted(rows["date"]))
    cells = (which.to_numpy(), when.to_numpy(), rows["replicate"].to_numpy())
    np.add.at(values, cells, rows["value"].to_numpy())
    ends = np.quantile(values.cumsum(axis=1), list(LEVELS.values()), axis=2)
    return pl.DataFrame(
        {
            "outcome": np.repeat(outcomes.to_numpy(), len(dates)),
            "date": pl.concat([dates] * len(outcomes)),
            **{name: level.ravel() for name, level in zip(LEVELS, ends, strict=True)},
        }
    )


def _apart(section: Section, result: ResultLike) -> None:
    """Families parted, if the model parts any."""
    if result.stocks.is_empty():
        return
    table = summarise(
        result.stocks.lazy()
        .filter(pl.col("state").is_in(["apart", "children_apart"]) & (pl.col("attribute") == "all"))
        .group_by(["replicate", pl.col("state").cast(pl.String)])
        .agg(pl.col("people_max").max().alias("value"))
        .collect(),
        ["state"],
        result.replicates,
    )
    found = {row["state"]: row for row in table.iter_rows(named=True)}
    if "apart" in found and found["apart"]["high90"] > 0:
        row = found["apart"]
        people = between(row["low90"], row["median"], row["high90"])
        text = f"The most at one time: {people} people are parted from some of their family"
        children = found.get("children_apart")
        if children is not None and children["high90"] > 0:
            text += (
                f"; {between(children['low90'], children['median'], children['high90'])} children have no adult of "
                "their family with them"
            )
        section.say(f"{text}.", "Families parted.")
