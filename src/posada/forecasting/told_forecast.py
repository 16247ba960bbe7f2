"""Forecasts, scores and backtests as tables for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from rich import box
from rich.table import Table
from rich.text import Text

from .backtesting import Backtest
from .counted import is_stock
from .issued import Forecast
from .scoring import OURS, comparable, skill_table, summary_table

SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_DAYS = 4
HEADS = (
    "within", "counts", "CRPS", "CRPS, log", "WIS, log", "spread", "too low", "too high", "in 50 %", "in 90 %",
)  # fmt: skip
FEW = 20
"""Below this many counts a score says little."""


def forecast_summary(found: Forecast) -> dict[str, Any]:
    """What `--json` prints of a forecast: how it was made, and the quantiles of every series."""
    return {**found.about, "folder": found.folder, "quantiles": found.quantiles().to_dicts()}


def forecast_text(found: Forecast) -> list[Any]:
    """One table: each series at a few dates, with what was counted last."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Series")
    for head in ("last counted", "date", "median", "half lie within", "nine in ten"):
        table.add_column(head, justify="right")
    wide = found.quantiles(SHOWN).pivot("level", index=["series", "from", "to"], values="value")
    gone = nobody(found)
    for series in found.series:
        if series in gone:
            continue
        rows = wide.filter(pl.col("series") == series).rows()
        for number, (_, first, last, low90, low50, median, high50, high90) in enumerate(few(rows)):
            when = str(last) if first == last or is_stock(series) else f"{first} to {last}"
            half, most = f"{low50:,.0f} to {high50:,.0f}", f"{low90:,.0f} to {high90:,.0f}"
            name, seen = ("", "") if number else (series, last_counted(found, series))
            table.add_row(name, seen, when, f"{median:,.0f}", half, most)
    head = f"{found.about.get('title', '')}: what will be counted, as told on {found.issued}"
    about = f"It has seen {found.known.height} counts, rests on {found.about.get('learnt')}, and ends on {found.last}."
    rest = [Text(f"Nobody is expected any more, or yet: {', '.join(gone)}.")] if gone else []
    return [Text(head, style="bold"), Text(about), table, *rest]


def nobody(found: Forecast) -> list[str]:
    """The series of which at most one trajectory in twenty ever counts anybody, if there are others."""
    most = found.quantiles(SHOWN).filter(pl.col("level") == max(SHOWN)).group_by("series").agg(pl.col("value").max())
    gone = sorted(most.filter(pl.col("value") < 0.5)["series"])
    return gone if len(gone) < len(found.series) else []


def few(rows: Sequence[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """At most a few rows, evenly taken, with the last."""
    step = max(1, len(rows) // MOST_DAYS)
    return list(rows[step - 1 :: step])[:MOST_DAYS] if len(rows) > MOST_DAYS else list(rows)


def last_counted(found: Forecast, series: str) -> str:
    """The last count of a series that a forecast has seen."""
    rows = found.known.filter(pl.col("series") == series).sort("to").tail(1).to_dicts()
    return f"{rows[0]['value']:,.0f} on {rows[0]['to']}" if rows else "not counted yet"


def scores_summary(scores: pl.DataFrame) -> dict[str, Any]:
    """What `--json` prints of scores: means by method and horizon, skill, and every count."""
    return {
        "summary": summary_table(scores).to_dicts(),
        "skill": skill_table(scores).to_dicts(),
        "counts": scores.to_dicts(),
    }


def scores_text(scores: pl.DataFrame, title: str) -> list[Any]:
    """A table of mean scores by method and horizon, and a sentence on skill."""
    counts = scores.filter(pl.col("method") == OURS).height
    if not counts:
        return [Text(title, style="bold"), Text("No new count lies within the horizon yet: nothing can be scored.")]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("Forecast")
    for head in HEADS:
        table.add_column(head, justify="right")
    for row in summary_table(scores).to_dicts():
        within = "all" if row["horizon"] is None else f"{row['horizon']} days"
        parts = [f"{row[name]:.3f}" for name in ("crps_log", "wis_log", "dispersion_log", "underprediction_log")]
        parts.append(f"{row['overprediction_log']:.3f}")
        inside = [f"{100 * row[name]:.0f} %" for name in ("in50", "in90")]
        style = "bold" if row["method"] == OURS else ""
        table.add_row(row["method"], within, str(row["counts"]), f"{row['crps']:,.1f}", *parts, *inside, style=style)
    return [
        Text(title, style="bold"),
        Text(all_counts(scores)),
        table,
        *(Text(line) for line in skill_lines(scores)),
    ]


def all_counts(scores: pl.DataFrame) -> str:
    """How many counts were new, and how the forecast alone did at all of them."""
    mine, paired = (table.filter(pl.col("method") == OURS) for table in (scores, comparable(scores)))
    text = f"{mine.height} new counts"
    if paired.height == mine.height:
        return f"{text}."
    half, most = (100 * float(mine[name].cast(pl.Float64).mean() or 0) for name in ("in50", "in90"))  # type: ignore[arg-type]
    return (
        f"{text}, {mine.height - paired.height} of them of series that were not counted before, of which naive "
        f"forecasts say nothing. Of all, {half:.0f} % lie in 50 % and {most:.0f} % in 90 %; mean CRPS of the logarithm "
        f"{float(mine['crps_log'].mean() or 0):.3f}."  # type: ignore[arg-type]
    )


def skill_lines(scores: pl.DataFrame) -> list[str]:
    """How much better than the best naive forecast, in words."""
    lines = []
    for row in skill_table(scores).to_dicts():
        if row["horizon"] is not None:
            continue
        better = 100 * row["skill"]
        text = (
            f"{abs(better):.0f} % {'better' if better >= 0 else 'worse'} than the best naive forecast ({row['best']})"
        )
        between = f"90 % interval {100 * row['low90']:.0f} to {100 * row['high90']:.0f} %"
        lines.append(f"By CRPS of the logarithm it is {text}; {between}, over {row['counts']} counts.")
        if row["low90"] <= 0 <= row["high90"]:
            lines.append("That is not told apart from no difference.")
        if better < 0:
            lines.append(f"Use {row['best']} instead, until it is.")
        if row["counts"] < FEW:
            lines.append(f"Fewer than {FEW} counts: this says little.")
    return lines


def backtest_summary(found: Backtest) -> dict[str, Any]:
    """What `--json` prints of a backtest."""
    return {
        "scenario": found.scenario.folder.name,
        "title": found.scenario.title,
        "issued": [one.issued for one in found.forecasts],
        "horizons": found.horizons,
        "truth_known_on": found.truth,
        "stopped": found.stopped,
        **scores_summary(found.scores),
    }


def backtest_text(found: Backtest) -> list[Any]:
    """The scores of a backtest, and how it was made."""
    first, last = found.forecasts[0].issued, found.forecasts[-1].issued
    number = len(found.forecasts)
    title = f"{found.scenario.title}: {number} forecasts, {first} to {last}"
    truth = "the newest counts" if found.truth is None else f"counts as known on {found.truth}"
    return [*scores_text(found.scores, title), Text(f"Scored against {truth}.")]
