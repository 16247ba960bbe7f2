"""The pages of a validation: simulated intervals beside counts, and how every forecast did; HTML and Markdown."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada.evidence import Evidence
from posada.forecasting import (
    LIKE_FOR_LIKE,
    OURS,
    OWN_TOTAL,
    PARTS,
    Compared,
    Validation,
    ValidationError,
    validation_summary,
)
from posada.report import charts, drawing
from posada.report.blocks import Bullets, Figure, Section, Table
from posada.report.frames import LEVELS
from posada.report.markdown import as_markdown
from posada.report.pages import as_html, free_for, put, write_pictures, write_text
from posada.report.words import count, day, percent

HEAD = "validation.json"
MOST_POINTS = 90
"""Of a line in a picture; more cannot be told apart in it."""
KEY = (
    ("line", "median of the runs"),
    ("dark", "half of the runs"),
    ("light", "nine runs in ten"),
    ("hollow", "registered people, as counted"),
)


def free_for_validation(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a validation may be written: new, empty, or with an earlier one. ValidationError if not."""
    return free_for(folder, (HEAD,), "validation", ValidationError)


def write_validation(found: Validation, folder: str | os.PathLike[str]) -> Path:
    """Write pages, pictures and tables; files of an earlier validation are replaced, each whole, others stay.

    ValidationError if the folder holds something else; OSError if it cannot be written.
    """
    target = free_for_validation(folder)
    sections = content(found)

    def write(work: Path) -> None:
        top = {
            "title": f"{found.scenario.title}: held against counts",
            "summary": found.scenario.summary or "",
            "sensitivity": found.scenario.sensitivity,
            "period": f"{day(found.days[0])} to {day(found.days[-1])}",
            "law": "",
            "policy": found.info.policy if found.info.policies else "",
            "replicates": found.info.replicates,
            "version": found.info.version,
        }
        write_text(work / "validation.html", as_html(sections, **top))
        write_text(work / "validation.md", as_markdown(found.scenario.title, sections))
        write_pictures(sections, work)
        found.measures.write_csv(work / "measures.csv", float_precision=6)
        found.by_day.write_parquet(work / "by_day.parquet", compression="zstd")
        write_text(work / HEAD, f"{json.dumps(validation_summary(found), indent=1, ensure_ascii=False)}\n")

    return put(target, write, HEAD)


def content(found: Validation) -> list[Section]:
    """The sections in their order."""
    sites = sites_section(found)
    return [forecasts_section(found), sites, each_site_section(found), made_section(found)]


def forecasts_section(found: Validation) -> Section:
    """All forecasts beside each other."""
    section = Section("forecasts", "How far the forecasts are from the counts", short="Forecasts")
    section.say(LIKE_FOR_LIKE, "Like for like.")
    frame = differences(found)
    text = (
        "Averaged relative difference: of each day the absolute differences of all sites over all registered people, "
        "averaged over the days; 0 is perfect. Bars of posada are means of the runs, with where half of them and "
        "nine in ten lie."
    )
    if any(f.leaky for f in found.forecasts):
        text += " A dashed bar knows the future and is no forecast."
    label = "Averaged relative difference of each forecast; the numbers are in the table below."
    top = max(frame["high90"].to_list())
    wide, narrow = (
        drawing.svg(charts.intervals(frame, width, "", top), label, f"difference-{width}")
        for width in (drawing.WIDE, drawing.NARROW)
    )
    section.blocks.append(Figure("difference", "Averaged relative difference", wide, narrow, text))
    for part in found.parts:
        section.blocks.append(forecasts_table(found, part))
    section.blocks.append(Bullets([(f"{f.name}:", f.about) for f in found.forecasts]))
    return section


def differences(found: Validation) -> pl.DataFrame:
    """A bar per forecast and part: the mean of the replicates and where they lie."""
    rows = []
    total = found.counts.total
    for part, chosen in found.parts.items():
        days = chosen & (total > 0)
        for forecast in found.forecasts:
            value = found.measure("ard", forecast.name, part)
            if value is None:
                continue
            off = np.abs(forecast.members[days] - found.counts.people[days][:, :, None]).sum(axis=1)
            each = (off / total[days, None]).mean(axis=0)
            spread = {k: float(np.quantile(each, q)) for k, q in LEVELS.items() if k != "median"}
            name = forecast.name + (" (knows the future)" if forecast.leaky and "leaky" not in forecast.name else "")
            named = {"panel": PARTS[part].capitalize(), "label": name, "median": value}
            rows.append({**named, **spread, "text": f"{value:.2f}", "soft": forecast.leaky})
    return pl.DataFrame(rows)


def forecasts_table(found: Validation, part: str) -> Table:
    """The measures of all sites together in one part of the days."""
    rows = found.measures.filter(site="", part=part)
    caption = f"All sites together, {PARTS[part]}: {rows['days'][0]} days, {rows['counts'][0]} counts"
    heads = ("forecast", "relative difference", "of the median", "MASE", "CRPS (people)", "in 50 %", "in 90 %")
    shown = [[row["forecast"], *cells(row)] for row in rows.to_dicts()]
    return Table(caption, heads, shown, frozenset(range(1, 7)), file=f"forecasts-{part}.csv")


def cells(row: dict[str, Any]) -> list[str]:
    """The measures of a row in words."""
    relative = ["–" if row[key] is None else f"{row[key]:.3f}" for key in ("ard", "ard_median", "mase")]
    score = "–" if row["crps"] is None else count(row["crps"])
    return [*relative, score, *("–" if row[key] is None else percent(row[key]) for key in ("inside50", "inside90"))]


def sites_section(found: Validation) -> Section:
    """A panel per site, after one of everybody."""
    section = Section("sites", "Simulated people beside registered people", short="Sites")
    text = (
        "The first panel shows all sites together with posada's own total, beside the sum of the counts, interpolated. "
        "The others show the split among the sites, made to add up to the registered total. Each has its own scale."
    )
    if found.split is not None:
        text += f" The dashed line is the split, {day(found.split)}."
    ours = next(f for f in found.forecasts if f.name == OURS)
    panels = [total_panel(found), *(site_panel(found, ours, j) for j in range(len(found.sites)))]
    label = f"People present at {len(found.sites)} sites, simulated and registered; the numbers are in by_day.parquet."
    wide = charts.panels(panels, drawing.WIDE, min(3, len(panels)), 130, "people")
    narrow = charts.panels(panels, drawing.NARROW, 1, 110, "people")
    drawn = (drawing.svg(wide, label, "sites-w"), drawing.svg(narrow, label, "sites-n"))
    section.blocks.append(Figure("sites", "People present", *drawn, text, key=KEY))
    return section


def total_panel(found: Validation) -> charts.Panel:
    """Everybody at the sites, with posada's own total."""
    own = next(f for f in found.forecasts if f.name == OWN_TOTAL).members.sum(axis=1)
    some = (~np.isnan(found.counts.counted)).any(axis=1)
    points = [(found.days[i], float(found.counts.total[i])) for i in np.flatnonzero(some)]
    return panel("All sites together", found.days, own, thinned(points, 30), found.split)


def site_panel(found: Validation, forecast: Compared, j: int) -> charts.Panel:
    """One site."""
    site = found.sites[j]
    counted = found.counts.counted[:, j]
    points = [(found.days[i], float(counted[i])) for i in np.flatnonzero(~np.isnan(counted))]
    return panel(site.name, found.days, forecast.members[:, j, :], thinned(points, 30), found.split)


def panel(
    title: str, days: Sequence[date], members: Any, points: Sequence[tuple[date, float]], split: date | None
) -> charts.Panel:
    """A band over time with hollow points."""
    levels = np.quantile(members, list(LEVELS.values()), axis=-1)
    band = pl.DataFrame({"date": list(days), **dict(zip(LEVELS, levels, strict=True))})
    rows = thinned(band.rows(), MOST_POINTS)
    shown = pl.DataFrame(rows, schema=band.schema, orient="row")
    return charts.Panel(title, shown, [(d, v, v, v, "", "check") for d, v in points], 16, split)


def thinned(rows: Sequence[Any], most: int) -> list[Any]:
    """At most so many rows, evenly taken, with the first and the last."""
    if len(rows) <= most:
        return list(rows)
    return [rows[i] for i in np.linspace(0, len(rows) - 1, most).round().astype(int)]


def each_site_section(found: Validation) -> Section:
    """The measures site by site."""
    section = Section("each-site", "Each site", short="Each site")
    part = "all" if found.split is None else "after"
    heads = (
        "site",
        "counts",
        "mean count",
        "relative difference",
        "of the median",
        "MASE",
        "CRPS (people)",
        "in 50 %",
        "in 90 %",
    )
    rows = found.measures.filter((pl.col("forecast") == OURS) & (pl.col("part") == part) & (pl.col("site") != ""))
    names = {site.place: site.name for site in found.sites}
    shown = [
        [names[r["site"]], str(r["counts"]), "–" if r["mean_counted"] is None else count(r["mean_counted"]), *cells(r)]
        for r in rows.to_dicts()
    ]
    section.blocks.append(Table(f"posada, {PARTS[part]}", heads, shown, frozenset(range(1, 9)), file="each-site.csv"))
    section.say(
        "A site's relative difference is its part of that of all sites together. MASE: the error at the counts over "
        "that of repeating the count before. CRPS: the error of the whole distribution; of a single number its "
        "absolute error. In 50 % and in 90 %: how many counts lie within the interval that should hold as many."
    )
    return section


def made_section(found: Validation) -> Section:
    """How to make it again, and whose counts these are."""
    section = Section("made", "How it was made", short="How it was made")
    told = validation_summary(found)
    section.say(f"{told['command']} (posada {told['posada']}, scenario {told['hash'][:12]})")
    claims = {e: found.scenario.evidence.get(e) for site in found.sites for e in site.evidence}
    shown = {key: c for key, c in claims.items() if c is not None and not secret(c, found)}
    titles = {(c.publisher or "", c.source_title or key): None for key, c in shown.items()}
    if titles:
        section.blocks.append(Bullets([(f"{who}:" if who else "Counts:", title) for who, title in titles]))
    return section


def secret(claim: Evidence, found: Validation) -> bool:
    """Whether a claim may not be named on a public page."""
    return found.scenario.sensitivity == "public" and claim.sensitivity in ("restricted", "confidential")
