"""Forecasts that were issued: the newest beside the counts, and how good all of them were."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from posada.forecasting import LEVELS, OURS, Forecast, ForecastError, open_forecast, score, skill_table, summary_table
from posada.report import charts
from posada.report.blocks import Heading, Table, Text
from posada.report.inputs import Names, ResultLike
from posada.report.reading import reading
from posada.report.sections_flow import counts_of, figure
from posada.report.words import day, listed, number, percent, sentence, span
from posada.words import can_say, say

HEAD = "forecast.json"
MOST_PANELS = 4
SHOWN = {0.5: "median", 0.25: "low50", 0.75: "high50", 0.05: "low90", 0.95: "high90"}
FEW = 30
"""Counts below which skill says little."""


def issued(folder: str | os.PathLike[str]) -> list[Forecast]:
    """The forecasts in a folder, or in its folder `forecasts`, the oldest first; ForecastError if there is none."""
    home = Path(folder)
    places = [home] if (home / HEAD).is_file() else sorted(file.parent for file in home.glob(f"*/{HEAD}"))
    places = places or sorted(file.parent for file in home.glob(f"forecasts/*/{HEAD}"))
    if not places:
        raise ForecastError(f"{home} holds no forecast; make one with `posada forecast SCENARIO --issued DATE`")
    return sorted(map(open_forecast, places), key=lambda found: (found.issued, str(found.folder)))


def forecasts(result: ResultLike, names: Names, folder: str | os.PathLike[str]) -> list[object]:
    """The newest forecast, and past scores beside those of naive forecasts."""
    found = issued(folder)
    blocks: list[object] = [Heading(say("forecasts.title"))]
    dates = listed([day(one.issued) for one in found]) if len(found) <= MOST_PANELS else ""
    told = say("forecasts.which", n=len(found), first=day(found[0].issued), last=day(found[-1].issued))
    blocks.append(Text(f"{sentence(told)}{f' ({dates})' if dates and len(found) > 1 else ''}."))
    if not reading(result).blurred:
        blocks += _newest(result, names, found[-1])
    scores = pl.concat([score(one, result.scenario) for one in found])
    if scores.filter(pl.col("method") == OURS).is_empty():
        return [*blocks, Text(say("forecasts.unscored"))]
    return [*blocks, _table(scores), *(Text(text) for text in _skill(scores))]


def _newest(result: ResultLike, names: Names, forecast: Forecast) -> list[object]:
    """What the newest forecast says of the series that were counted most, with the counts."""
    levels = forecast.quantiles([level for level in LEVELS if level in SHOWN])
    shown: list[charts.Panel] = []
    for series in forecast.series:
        points = counts_of(result, series, per_day=False)
        rows = levels.filter(pl.col("series") == series)
        if rows.is_empty():
            continue
        wide = rows.with_columns(name=pl.col("level").replace_strict(SHOWN, return_dtype=pl.String))
        band = wide.pivot("name", index="to", values="value").rename({"to": "date"}).sort("date")
        near = [point for point in points if point[0] >= band["date"].min()]  # type: ignore[operator]
        shown.append(charts.Panel(sentence(names.series(series)), band.select("date", *SHOWN.values()), near))
    if not shown:
        return []
    shown = sorted(shown, key=lambda panel: -len(panel.points))[:MOST_PANELS]
    text = f"{say('forecasts.text', day=day(forecast.issued))} {say('band.own-scale')}"
    columns = 2 if len(shown) > 1 else 1
    return [figure("forecast", say("forecasts.newest"), shown, columns, 150, say("level.people"), text)]


def _table(scores: pl.DataFrame) -> Table:
    """Mean scores and coverage of every method, at each horizon."""
    rows = []
    for row in summary_table(scores).to_dicts():
        within = say("forecasts.all") if row["horizon"] is None else say("forecasts.days", days=row["horizon"])
        inside = [percent(row[name]) for name in ("in50", "in90")]
        rows.append([_method(row["method"]), within, str(row["counts"]), number(row["crps_log"], 3), *inside])
    heads = tuple(say(f"forecasts.head-{key}") for key in ("method", "within", "counts", "score", "in50", "in90"))
    numeric = frozenset({2, 3, 4, 5})
    return Table(say("forecasts.table"), heads, rows, numeric, file="scores.csv", note=say("forecasts.note"))


def _method(name: str) -> str:
    key = f"method.{name.lower().replace(' ', '-')}"
    return say(key) if can_say(key) else name


def _skill(scores: pl.DataFrame) -> list[str]:
    """How much better than the best naive forecast, in words."""
    told = []
    for row in skill_table(scores).to_dicts():
        if row["horizon"] is None:
            key = "better" if row["skill"] >= 0 else "worse"
            text = say(
                f"forecasts.{key}",
                share=percent(abs(row["skill"])),
                best=_method(row["best"]),
                span=span(row["low90"], row["high90"], "share"),
                counts=row["counts"],
            )
            unsure = [say("forecasts.unsure")] if row["low90"] <= 0 <= row["high90"] else []
            few = [say("forecasts.few")] if row["counts"] < FEW else []
            told.append(" ".join([text, *unsure, *few]))
    return told
