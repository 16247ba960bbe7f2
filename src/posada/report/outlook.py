"""The page of the nights to come: a picture of each series, every night, and how far to trust it."""

from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from posada.forecasting import Outlook, beds_said, chance, heading, is_stock, named, outlook_summary, said_of
from posada.report import charts, drawing
from posada.report.blocks import Bullets, Figure, Section, Table
from posada.report.pages import about, as_html, free_for, put, write_pictures, write_text
from posada.report.words import count, day

HEAD = "outlook.json"
SEEN_DAYS = 42
"""Days of counts that are drawn before the forecast."""
KEY = (
    ("line", "median of the forecast"),
    ("dark", "half of it"),
    ("light", "nine in ten"),
    ("hollow", "as counted"),
)


def free_for_outlook(folder: str | os.PathLike[str]) -> Path:
    """A folder to which an outlook may be written: new, empty, or with an earlier one."""
    return free_for(folder, (HEAD,), "outlook")


def write_outlook(found: Outlook, folder: str | os.PathLike[str]) -> Path:
    """Write the page, its pictures and the nights as a table; files of an earlier outlook are replaced, each whole."""
    target = free_for_outlook(folder)
    sections = content(found)

    def write(work: Path) -> None:
        made = found.forecast.about
        top = about(found.scenario, heading(found), policy="", replicates=made["replicates"], version=made["version"])
        write_text(work / "outlook.html", as_html(sections, **top))
        write_pictures(sections, work)
        found.nights().write_csv(work / "nights.csv", float_precision=4)
        write_text(work / HEAD, f"{json.dumps(outlook_summary(found), indent=1, default=str, ensure_ascii=False)}\n")

    return put(target, write, HEAD)


def content(found: Outlook) -> list[Section]:
    """The sections in their order."""
    trust = Section("trust", "How far to trust it", short="Trust")
    trust.blocks.append(Bullets([("", line) for worth in found.worth for line in said_of(found, worth)]))
    for warning in found.calibration.warnings:
        trust.say(warning)
    names = found.nights()["series"].unique(maintain_order=True)
    return [*(series_section(found, series, number) for number, series in enumerate(names)), trust]


def series_section(found: Outlook, series: str, number: int) -> Section:
    """One series: picture, sentence, nights."""
    name = named(found, series)
    section = Section(f"series-{number}", name, short=name.split(",")[0][:28])
    rows = found.nights().filter(series=series)
    told = rows.to_dicts()
    for line in beds_said(found, told):
        section.say(line)
    panel = charts.Panel(name, band(rows), points(found, series), 16, found.forecast.issued)
    label = f"{name}, counted and to come; the numbers are in the table below."
    wide, narrow = (
        drawing.svg(charts.panels([panel], width, 1, 220, "people"), label, f"nights-{number}-{width}")
        for width in (drawing.WIDE, drawing.NARROW)
    )
    text = "The dashed line is the day on which the forecast ends its knowledge."
    section.blocks.append(Figure(f"nights-{number}", name, wide, narrow, text, key=KEY))
    beds = told[0]["beds"]
    plain = ("night" if is_stock(series) else "day", "median", "half lie within", "nine in ten")
    heads = plain if beds is None else (*plain, f"more than {beds} beds")
    shown = [
        [day(row["to"]), count(row["median"]), f"{row['low50']:,.0f} to {row['high50']:,.0f}",
         f"{row['low90']:,.0f} to {row['high90']:,.0f}", *([] if beds is None else [chance(row["over"])])]
        for row in told
    ]  # fmt: skip
    section.blocks.append(Table(name, heads, shown, frozenset(range(1, len(heads)))))
    return section


def band(rows: pl.DataFrame) -> pl.DataFrame:
    """The forecast as a band."""
    return rows.select(pl.col("to").alias("date"), "low90", "low50", "median", "high50", "high90")


def points(found: Outlook, series: str) -> list[tuple[date, float, float, float, str, str]]:
    """The last counts that were seen."""
    since = found.forecast.issued - timedelta(days=SEEN_DAYS)
    known = found.forecast.known.filter((pl.col("series") == series) & (pl.col("to") > since))
    rows = [row for row in known.to_dicts() if row["from"] == row["to"] or is_stock(series)]
    return [(row["to"], row["value"], row["value"], row["value"], "", "check") for row in rows]
