"""Section on how pathways end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from posada.report import charts, drawing
from posada.report.blocks import Bullets, Heading, Section, data_table
from posada.report.figures import ORDER, band_heads, drawn
from posada.report.frames import LEVELS, summarise
from posada.report.inputs import Names, ResultLike, field, plain
from posada.report.reading import focus_groups
from posada.report.sections_flow import whom
from posada.report.words import between, count, day, listed, with_ends
from posada.words import say, told


def outcomes(result: ResultLike, names: Names) -> Section:
    """How pathways end: bars by group and the running total."""
    section = Section("outcomes", say("outcomes.section"))
    if result.outcomes.is_empty():
        section.say(say("outcomes.nobody"))
        return section
    groups = focus_groups(result)
    bars = _bars(result, names, groups[:3])
    open_ones = [
        say("text.quoted", text=names.outcome(key))
        for key, kind in sorted((result.scenario.outcomes or {}).items())
        if not field(kind, "final", True)
    ]
    text = say("outcomes.text", day=day(result.scenario.end), who=who_of(groups[:3]))
    if open_ones:
        text += " " + say("outcomes.open", which=f": {listed(open_ones)}" if len(open_ones) < 4 else "")
    if not bars.is_empty():
        title = say("outcomes.title")
        heads = (say("head.group"), say("head.outcome"), *band_heads())
        table = data_table(say("page.data-of", title=title), bars.select("panel", "label", *ORDER), heads, "outcomes")
        unit = say("level.people")
        section.blocks.append(
            drawn("outcome-bars", title, text, lambda width: charts.intervals(bars, width, unit), table)
        )
    _running(section, result, names, groups)
    _apart(section, result)
    reached = set() if bars.is_empty() else set(bars["label"].to_list())
    notes = [
        (f"{names.outcome(key)}:", f"{told(str_of(field(kind, 'note'))).rstrip('.')}.")
        for key, kind in sorted((result.scenario.outcomes or {}).items())
        if field(kind, "note") and names.outcome(key) in reached
    ]
    if notes:
        section.blocks += [Heading(say("outcomes.notes")), Bullets(notes)]
    return section


def str_of(text: object) -> str:
    """A text as it is, with the languages in which it is given."""
    return text if isinstance(text, str) else str(text)


def who_of(groups: Sequence[str]) -> str:
    """Of whom a figure is: groups, or everybody simulated."""
    if not groups:
        return say("outcomes.all-groups")
    quoted = [say("text.quoted", text=plain(group)) for group in groups]
    return say("outcomes.groups", n=len(groups), groups=listed(quoted))


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
    level = pl.col("level") if groups else pl.lit("").alias("level")
    return active.select(
        "replicate", level, pl.lit("").alias("outcome"), pl.col("people").cast(pl.Int64).alias("value")
    ).collect()


def _bars(result: ResultLike, names: Names, groups: Sequence[str]) -> pl.DataFrame:
    mine = result.outcomes.lazy().with_columns(pl.col("level").cast(pl.String), pl.col("outcome").cast(pl.String))
    if groups:
        mine = mine.filter((pl.col("attribute") == "group") & pl.col("level").is_in(list(groups)))
    else:
        mine = mine.filter(pl.col("attribute") == "all").with_columns(pl.lit("").alias("level"))
    totals = mine.group_by(["replicate", "level", "outcome"]).agg(pl.col("people").sum().alias("value")).collect()
    under_way = _under_way(result, groups)
    if not under_way.is_empty():
        totals = pl.concat([totals.with_columns(pl.col("value").cast(pl.Int64)).select(under_way.columns), under_way])
    table = summarise(totals, ["level", "outcome"], result.replicates)
    order = {group: index for index, group in enumerate(groups)}
    kinds = result.scenario.outcomes or {}
    rows = [
        {
            "panel": say("outcomes.panel", group=plain(row["level"])) if row["level"] else "",
            "label": names.outcome(row["outcome"]) if row["outcome"] else say("outcomes.under-way"),
            **{key: row[key] for key in ORDER},
            "text": with_ends(count(row["median"]), row["low90"], row["high90"]),
            "soft": not row["outcome"] or not field(kinds.get(row["outcome"]), "final", True),
            "rank": order.get(row["level"], 0),
        }
        for row in table.iter_rows(named=True)
    ]
    if not rows:
        return pl.DataFrame()
    return pl.DataFrame(rows).sort(["rank", "median", "label"], descending=[False, True, False]).drop("rank")


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
    title = say("decided.title")
    more = f" {say('decided.most')}" if finals.height > len(chosen) else ""
    text = f"{say('decided.text')} {whom(groups)}{more}"
    everyone = say("level.everybody")
    table = running.with_columns(
        pl.col("outcome").map_elements(lambda key: names.outcome(key) if key else everyone, return_dtype=pl.String)
    ).select("outcome", "date", *ORDER)
    heads = (say("head.outcome"), say("head.date"), *band_heads())
    data = data_table(say("page.data-of", title=title), table, heads, "decided")

    def draw(width: int) -> charts.Spec:
        height = 260 if width == drawing.WIDE else 300
        return charts.timeline(total, lines, width, height, say("level.people"), everyone)

    section.blocks.append(drawn("decided", title, text, draw, data))


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
        text = say("apart.people", people=_most(found["apart"]))
        children = found.get("children_apart")
        if children is not None and children["high90"] > 0:
            text = say("apart.both", people=_most(found["apart"]), children=_most(children))
        section.say(text, say("apart.strong"))


def _most(row: dict[str, float]) -> str:
    return between(row["low90"], row["median"], row["high90"])
