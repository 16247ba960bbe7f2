"""Sections on how pathways end, and on the load that a group adds to each facility."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from posada.report import charts, drawing
from posada.report.blocks import Figure, Section, Table, data_table
from posada.report.frames import amounts, dense, quantiles, summarise
from posada.report.inputs import Names, ResultLike, field, focus_groups, plain
from posada.report.sections_flow import BAND_HEADS, ORDER
from posada.report.words import count, day, listed, percent, span

MEASURES = {
    "served": "people served",
    "nights": "nights in a bed or under guard",
    "nights_no_bed": "nights without a bed",
    "waiting": "days of waiting (people x days)",
    "occupied": "days in a place (people x days)",
}


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
    text = f"People whose pathway ended by {day(last)}. Bar and point: median; thick line: half of the "
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
    notes = [
        f"{names.outcome(key)}: {field(kind, 'note')}"
        for key, kind in sorted((result.scenario.outcomes or {}).items())
        if field(kind, "note")
    ]
    for note in notes:
        section.say(note, style="note")
    _apart(section, result)
    return section


def _bars(result: ResultLike, names: Names, groups: Sequence[str]) -> pl.DataFrame:
    mine = result.outcomes.lazy().with_columns(pl.col("level").cast(pl.String), pl.col("outcome").cast(pl.String))
    if groups:
        mine = mine.filter((pl.col("attribute") == "group") & pl.col("level").is_in(list(groups)))
    else:
        mine = mine.filter(pl.col("attribute") == "all").with_columns(pl.lit("everybody").alias("level"))
    totals = mine.group_by(["replicate", "level", "outcome"]).agg(pl.col("people").sum().alias("value")).collect()
    table = summarise(totals, ["level", "outcome"], result.replicates)
    order = {group: index for index, group in enumerate(groups)}
    kinds = result.scenario.outcomes or {}
    rows = [
        {
            "panel": "" if len(order) < 2 and row["level"] == "everybody" else f"Group: {plain(row['level'])}",
            "label": names.outcome(row["outcome"]),
            **{key: row[key] for key in ORDER},
            "text": _short(row),
            "soft": not field(kinds.get(row["outcome"]), "final", True),
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
    dates = rows.select("date").unique()
    grid = (
        rows.select("outcome")
        .unique()
        .join(dates, how="cross")
        .join(pl.DataFrame({"replicate": list(range(max(replicates, 1)))}), how="cross")
    )
    keys = ["outcome", "replicate", "date"]
    full = grid.join(rows.with_columns(pl.col("replicate").cast(pl.Int64)), on=keys, how="left")
    full = full.with_columns(pl.col("value").fill_null(0.0)).sort(keys)
    full = full.with_columns(pl.col("value").cum_sum().over(["outcome", "replicate"]))
    return full.group_by(["outcome", "date"]).agg(quantiles()).sort(["outcome", "date"])


def _apart(section: Section, result: ResultLike) -> None:
    """Families parted, if the model parts any."""
    if result.stocks.is_empty():
        return
    table = summarise(
        result.stocks.lazy()
        .filter(pl.col("state").is_in(["apart", "children_apart"]) & (pl.col("attribute") == "all"))
        .group_by(["replicate", pl.col("state").cast(pl.String)])
        .agg(pl.col("people").max().alias("value"))
        .collect(),
        ["state"],
        result.replicates,
    )
    found = {row["state"]: row for row in table.iter_rows(named=True)}
    if "apart" in found and found["apart"]["high90"] > 0:
        row = found["apart"]
        text = (
            f"At one time, most likely {count(row['median'])} people were parted from some of their family "
            f"({span(row['low90'], row['high90'])})"
        )
        children = found.get("children_apart")
        if children is not None and children["high90"] > 0:
            text += (
                f", and {count(children['median'])} children had no adult of their family with them "
                f"({span(children['low90'], children['high90'])})"
            )
        section.say(f"{text}.", "Families parted.")


def load(result: ResultLike, names: Names, compare: ResultLike | None) -> Section:
    """Each facility's load: whose it is, and what would be without."""
    groups = focus_groups(result)
    who = f"the group “{plain(groups[0])}”" if len(groups) == 1 else "each group"
    section = Section("load", f"The load that {who} added" if len(groups) == 1 else "Whose load it is")
    table = amounts(result)
    if table.is_empty():
        section.say("No facility of this scenario served anybody.")
        return section
    shares = _shares(table, groups, result.replicates)
    if shares.is_empty():
        section.say(
            "This scenario has no other people beside its groups in the same facilities, so shares of a load cannot be "
            "read off it."
        )
    else:
        _share_figure(section, shares, names, groups, who)
    if compare is not None:
        _compared(section, result, compare, names, table)
    return section


def _shares(table: pl.DataFrame, groups: Sequence[str], replicates: int) -> pl.DataFrame:
    """Share of each facility's load due to each focus group, where others use it too."""
    keys = ["where", "measure"]
    useful = table.filter(pl.col("measure") != "nights_no_bed")
    mine = useful.filter(pl.col("level").is_in(list(groups)))
    everybody = useful.filter(pl.col("level").is_in(["", "background"]))
    if mine.is_empty() or everybody.is_empty():
        return pl.DataFrame()
    total = everybody.group_by([*keys, "replicate"]).agg(pl.col("value").sum().alias("total"))
    mine = dense(mine.select([*keys, "level", "replicate", "value"]), [*keys, "level"], replicates)
    joined = mine.join(total, on=[*keys, "replicate"], how="left").filter(pl.col("total") > 0)
    joined = joined.with_columns((pl.col("value") / pl.col("total")).clip(0, 1).alias("share"))
    summary = joined.group_by([*keys, "level"]).agg(
        *quantiles("share"), pl.col("value").median().alias("amount"), pl.col("total").median().alias("total")
    )
    alone = summary.group_by(keys).agg(pl.col("low90").min().alias("floor"), pl.len().alias("levels"))
    alone = alone.filter((pl.col("floor") > 0.9999) & (pl.col("levels") == 1)).select(keys)
    shared = summary.join(alone, on=keys, how="anti")
    if shared.is_empty():
        return pl.DataFrame()
    return shared.sort(["measure", "where", "level"])


def _share_figure(section: Section, shares: pl.DataFrame, names: Names, groups: Sequence[str], who: str) -> None:
    main = shares.filter(pl.col("measure").is_in(["served", "nights"]))
    if main.is_empty():
        main = shares
    main = main.sort("median", descending=True).head(14)
    rows = [
        {
            "panel": "",
            "label": names.facility(row["where"]) + ("" if len(groups) == 1 else f", {plain(row['level'])}"),
            **{key: row[key] for key in ORDER},
            "text": f"{percent(row['median'])} ({span(row['low90'], row['high90'], 'share').replace(' to ', '–')})",
            "soft": False,
        }
        for row in main.iter_rows(named=True)
    ]
    title = f"Share of each facility's work due to {who}"
    text = (
        "Share of the people served (gates, desks, dockets) or of the nights (shelters, custody) in the whole run; the "
        "rest is other groups and other people's cases. Point: median; thick line: half of the runs; thin: nine in ten."
    )
    label = f"{title}. {text} The numbers are in the table below."
    frame = pl.DataFrame(rows).unique(subset="label", keep="first", maintain_order=True)
    table = Table(
        f"Data: {title}",
        ("facility", "measure", "group", "of the group", "of everybody", "share", "nine runs in ten"),
        [
            [
                names.facility(row["where"]),
                MEASURES.get(row["measure"], row["measure"]),
                plain(row["level"]),
                count(row["amount"]),
                count(row["total"]),
                percent(row["median"]),
                span(row["low90"], row["high90"], "share"),
            ]
            for row in shares.iter_rows(named=True)
        ],
        frozenset({3, 4, 5, 6}),
        file="load.csv",
    )
    section.blocks.append(
        Figure(
            "load",
            title,
            drawing.svg(charts.intervals(frame, drawing.WIDE, "%", 1.0), label, "load-w"),
            drawing.svg(charts.intervals(frame, drawing.NARROW, "%", 1.0), label, "load-n"),
            text,
            table,
        )
    )


def _compared(section: Section, result: ResultLike, compare: ResultLike, names: Names, table: pl.DataFrame) -> None:
    """Differences from another policy, paired by replicate."""
    pairs = min(result.replicates, compare.replicates)
    keys = ["where", "measure"]

    def totals(frame: pl.DataFrame, sign: int) -> pl.DataFrame:
        kept = frame.filter(pl.col("level").is_in(["", "background"]) & (pl.col("replicate") < pairs))
        return kept.select("replicate", *keys, pl.col("value") * sign)

    both = pl.concat([totals(table, 1), totals(amounts(compare), -1)])
    both = both.group_by(["replicate", *keys]).agg(pl.col("value").sum())
    summary = summarise(both, keys, pairs).filter(
        pl.max_horizontal(pl.col("low90").abs(), pl.col("high90").abs()) >= 0.5
    )
    title = f"Difference from the policy “{plain(compare.policy)}”"
    if summary.is_empty():
        section.say(f"{title}: none in any facility.")
        return
    order = {measure: index for index, measure in enumerate(MEASURES)}
    rows = [
        [
            names.facility(row["where"]),
            MEASURES.get(row["measure"], row["measure"]),
            _signed(row["median"]),
            f"{_signed(row['low90'])} to {_signed(row['high90'])}",
        ]
        for row in sorted(
            summary.iter_rows(named=True),
            key=lambda row: (row["where"], order.get(row["measure"], 9)),
        )
    ]
    luck = (
        "with the same seed, so that each run is compared with its own twin"
        if result.seed == compare.seed
        else "with different seeds, so that the differences hold luck too"
    )
    section.say(f"Both were run {luck}; everybody counts, other people's cases included.", f"{title}.")
    heads = ("facility", "measure", "difference (median)", "nine runs in ten")
    section.blocks.append(Table(title, heads, rows, frozenset({2, 3}), file="difference.csv"))


def _signed(value: float) -> str:
    text = count(value)
    return text if value <= 0 or text == "0" else f"+{text}"
