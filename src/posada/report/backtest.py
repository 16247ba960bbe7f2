"""The page of a backtest: forecasts beside later counts, their scores beside naive ones, and where they are wrong."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada import __version__
from posada.forecasting import Backtest, Forecast, all_counts, backtest_summary, is_stock, skill_lines
from posada.report import charts, drawing, score_charts
from posada.report.blocks import Bullets, Figure, Section, Table
from posada.report.markdown import as_markdown
from posada.report.pages import about, as_html, free_for, put, write_pictures, write_text
from posada.report.words import count, day, percent

HEAD = "backtest.json"
OURS = "posada"
MOST_FANS = 12
MOST_DATES = 2
BINS = 10
KEY = (
    ("line", "median of the forecast"),
    ("dark", "half of it"),
    ("light", "nine in ten"),
    ("hollow", "counted later; filled: known when it was issued"),
)
ABOUT = (
    ("CRPS:", "the error of the whole distribution, in people; of a single number its absolute error."),
    ("CRPS, log:", "the same of the logarithm of one more: about the relative error, so that no large place rules."),
    ("WIS:", "the weighted interval score of the logarithm: its spread, and what it lay too low and too high by."),
    ("In 50 %, in 90 %:", "how many counts lie within the interval that should hold as many."),
    ("Skill:", "by how much the mean CRPS of the logarithm is smaller than that of the best naive forecast."),
)
NAIVE_ABOUT = (
    ("last value:", "the last count, for certain."),
    ("random walk, drift, seasonal:", "the last count, its mean growth, the same weekday; spread by past steps."),
    ("ETS, ARIMA:", "statistical models of time series, fitted to the counts known on the date."),
)


def free_for_backtest(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a backtest may be written: new, empty, or with an earlier one or its forecasts."""
    return free_for(folder, (HEAD, "forecasts/ledger.csv"), "backtest")


def write_backtest(found: Backtest, folder: str | os.PathLike[str]) -> Path:
    """Write page, pictures and tables; files of an earlier backtest are replaced, each whole, others stay.

    ResultError if the folder holds something else; OSError if it cannot be written.
    """
    target = free_for_backtest(folder)
    sections = content(found)
    how = found.forecasts[0].about

    def write(work: Path) -> None:
        policy = "" if how["policy"] == "as-stated" else how["policy"]
        top = about(found.scenario, "forecasts and what came", policy=policy, replicates=how["replicates"])
        write_text(work / "backtest.html", as_html(sections, **top, version=__version__))
        write_text(work / "backtest.md", as_markdown(found.scenario.title, sections))
        write_pictures(sections, work)
        found.scores.write_csv(work / "scores.csv", float_precision=6)
        found.summary.write_csv(work / "summary.csv", float_precision=6)
        found.skill.write_csv(work / "skill.csv", float_precision=6)
        told = json.dumps(backtest_summary(found), indent=1, ensure_ascii=False, default=str)
        write_text(work / HEAD, f"{told}\n")

    return put(target, write, HEAD)


def content(found: Backtest) -> list[Section]:
    """The sections in their order."""
    return [skill_section(found), fans_section(found), calibration_section(found), each_section(found), made(found)]


def skill_section(found: Backtest) -> Section:
    """All methods beside each other."""
    section = Section("scores", "How good the forecasts were", short="Scores")
    section.say(all_counts(found.scores))
    for line in skill_lines(found.scores):
        section.say(line)
    if found.skill.height:
        section.blocks.append(skill_figure(found.skill))
    for horizon in (None, *found.horizons):
        part = found.summary.filter(pl.col("horizon").is_null() if horizon is None else pl.col("horizon") == horizon)
        if part.height:
            section.blocks.append(summary_table(part, horizon))
    section.blocks.append(Bullets(ABOUT))
    section.blocks.append(Bullets(NAIVE_ABOUT))
    return section


def skill_figure(skill: pl.DataFrame) -> Figure:
    """Skill by horizon with its interval."""
    rows = [
        {
            "label": "all" if row["horizon"] is None else f"{row['horizon']} days",
            "skill": row["skill"],
            "low90": row["low90"],
            "high90": row["high90"],
            "text": f"{100 * row['skill']:.0f} % ({row['best']}, {row['counts']} counts)",
        }
        for row in skill.to_dicts()
    ]
    label = "Skill against the best naive forecast by horizon; the numbers are in skill.csv."
    wide, narrow = (
        drawing.svg(score_charts.skill(rows, width), label, f"skill-{width}")
        for width in (drawing.WIDE, drawing.NARROW)
    )
    text = (
        "Skill by horizon: right of the line at 0 the forecast is better than the best naive one, which is named. "
        "Lines are 90 % intervals, by drawing the dates of issue anew."
    )
    return Figure("skill", "Skill", wide, narrow, text)


def summary_table(part: pl.DataFrame, horizon: int | None) -> Table:
    """The mean scores of each method at one horizon."""
    what = "All horizons together" if horizon is None else f"Counts up to {horizon} days ahead"
    heads = (
        "forecast",
        "CRPS (people)",
        "CRPS, log",
        "WIS, log",
        "spread",
        "too low",
        "too high",
        "in 50 %",
        "in 90 %",
    )
    logs = ("crps_log", "wis_log", "dispersion_log", "underprediction_log", "overprediction_log")
    rows = [
        [
            row["method"],
            count(row["crps"]),
            *(f"{row[name]:.3f}" for name in logs),
            percent(row["in50"]),
            percent(row["in90"]),
        ]
        for row in part.to_dicts()
    ]
    caption = f"{what}: {part['counts'][0]} counts"
    return Table(caption, heads, rows, frozenset(range(1, 9)), file=f"scores-{horizon or 'all'}.csv")


def fans_section(found: Backtest) -> Section:
    """Forecasts of each series beside what was counted."""
    section = Section("fans", "Forecasts beside later counts", short="Forecasts")
    scored = found.scores.filter(pl.col("method") == OURS)
    often = scored["series"].value_counts(sort=True)["series"].to_list()[:MOST_FANS]
    chosen = [found.forecasts[i] for i in spread(len(found.forecasts), MOST_DATES)]
    shown = [panel for series in sorted(often) for one in chosen if (panel := fan(found, one, series)) is not None]
    if not shown:
        section.say("No count lies within the horizon of a forecast.")
        return section
    label = f"Forecasts of {len(often)} series on {len(chosen)} dates beside counts; the numbers are in scores.csv."
    wide = charts.panels(shown, drawing.WIDE, min(3, len(shown)), 120, "people")
    narrow = charts.panels(shown, drawing.NARROW, 1, 110, "people")
    text = "Each panel is one forecast of one series, with the date on which it was issued. Each has its own scale."
    drawn = (drawing.svg(wide, label, "fans-w"), drawing.svg(narrow, label, "fans-n"))
    section.blocks.append(Figure("fans", "Forecasts", *drawn, text, key=KEY))
    return section


def spread(n: int, most: int) -> list[int]:
    """At most so many numbers below n, evenly taken."""
    return sorted(set(np.linspace(0, n - 1, min(n, most)).round().astype(int).tolist()))


def fan(found: Backtest, one: Forecast, series: str) -> charts.Panel | None:
    """A forecast of one series as a band, with the counts before and within its horizon; None without later counts."""
    later = found.scores.filter(
        (pl.col("method") == OURS) & (pl.col("series") == series) & (pl.col("issued") == one.issued)
    )
    return told_ahead(one, series, later.to_dicts()) if later.height else None


def told_ahead(one: Forecast, series: str, later: Sequence[Mapping[str, Any]] = ()) -> charts.Panel | None:
    """What a forecast says of one series as a band, with the last counts it has seen and what came later."""
    rows = one.quantiles((0.05, 0.25, 0.5, 0.75, 0.95)).filter(pl.col("series") == series)
    if not rows.height:
        return None
    wide = rows.pivot("level", index="to", values="value")
    band = wide.rename(dict(zip(wide.columns, ("date", "low90", "low50", "median", "high50", "high90"), strict=True)))
    points: list[Any] = [(r["to"], r["counted"], r["counted"], r["counted"], "", "check") for r in later]
    before = one.known.filter(pl.col("series") == series).sort("to").tail(4).to_dicts()
    points += [(r["to"], r["value"], r["value"], r["value"], "", "input") for r in before]
    if not is_stock(series):  # a count of several days stands beside days only if it is one
        points = [p for p, r in zip(points, [*later, *before], strict=True) if r["from"] == r["to"]]
    return charts.Panel(f"{series}, {day(one.issued)}", band, points, 26, one.issued)


def calibration_section(found: Backtest) -> Section:
    """Where the counts lay in the forecast distributions."""
    section = Section("calibration", "Whether the intervals hold", short="Intervals")
    mine = found.scores.filter(pl.col("method") == OURS)
    if not mine.height:
        return section
    bars = pit_bars(mine["pit"].to_numpy())
    label = "Where counts lay in the forecast distributions (PIT), in ten parts; even is right."
    wide, narrow = (
        drawing.svg(score_charts.pit(bars, width), label, f"pit-{width}") for width in (drawing.WIDE, drawing.NARROW)
    )
    text = (
        "Where counts lay in the forecast distributions: each tenth should hold a tenth (the dashed line). A heap at "
        "both ends means intervals too narrow, one in the middle too wide, one at the right forecasts too low."
    )
    section.blocks.append(Figure("pit", "Where counts lay", wide, narrow, text))
    heads = ("within", "counts", "in 50 %", "in 90 %")
    parts = [(f"{h} days", mine.filter(pl.col("horizon") == h)) for h in found.horizons]
    rows = [
        [name, str(part.height), percent(float(part["in50"].mean())), percent(float(part["in90"].mean()))]  # type: ignore[arg-type]
        for name, part in [*parts, ("all", mine)]
        if part.height
    ]
    section.blocks.append(Table("How many counts lay within the intervals", heads, rows, frozenset({1, 2, 3})))
    return section


def pit_bars(pit: Any) -> list[dict[str, float]]:
    """The share of counts in each tenth."""
    shares, edges = np.histogram(pit, BINS, (0, 1))
    total = max(len(pit), 1)
    return [
        {"from": float(a), "to": float(b), "share": float(n) / total}
        for a, b, n in zip(edges[:-1], edges[1:], shares, strict=True)
    ]


def each_section(found: Backtest) -> Section:
    """The scores series by series."""
    section = Section("each", "Each series", short="Each series")
    mine = found.scores.filter(pl.col("method") == OURS)
    means = [pl.len().alias("n"), *(pl.col(c).mean() for c in ("counted", "crps", "crps_log", "in50", "in90"))]
    rows = mine.group_by("series").agg(*means).sort("series").to_dicts()
    shown = [
        [r["series"], str(r["n"]), count(r["counted"]), count(r["crps"]), f"{r['crps_log']:.3f}", percent(r["in90"])]
        for r in rows
    ]
    heads = ("series", "counts", "mean count", "CRPS (people)", "CRPS, log", "in 90 %")
    table = Table("posada, series by series", heads, shown, frozenset(range(1, 6)), file="each-series.csv")
    section.blocks.append(table)
    return section


def made(found: Backtest) -> Section:
    """How to make it again."""
    section = Section("made", "How it was made", short="How it was made")
    how, dates = found.forecasts[0].about, [one.issued.isoformat() for one in found.forecasts]
    section.say(
        f"Forecasts were issued on {listed(dates)}. Each saw only what was known on its date, with {how['replicates']} "
        f"trajectories, seed {how['seed']} (posada {how['version']})."
    )
    truth = "the newest counts" if found.truth is None else f"counts as known on {day(found.truth)}"
    section.say(f"They are scored against {truth}, and only where a count was new and had set nothing in the scenario.")
    return section


def listed(dates: Sequence[str]) -> str:
    """Dates in a row; the first, the last and the number of many."""
    return ", ".join(dates) if len(dates) <= 8 else f"{len(dates)} dates from {dates[0]} to {dates[-1]}"
