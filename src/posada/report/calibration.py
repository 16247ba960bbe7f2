"""The page of a calibration: what was learnt of each number, and the counts beside what the runs say of them."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl

from posada.forecasting import Calibration, told_calibration
from posada.forecasting.learnt import weighted_quantiles
from posada.report import calibration_charts, drawing
from posada.report.blocks import Bullets, Figure, Section, Table
from posada.report.pages import about, as_html, put, write_pictures, write_text
from posada.report.words import count, day

PAGE = "calibration.html"
MOST_ROWS = 30
"""Numbers in a picture."""
WIDEST = 3.0
"""Intervals of counts are drawn up to so many times what was counted."""
LEVELS = (0.05, 0.5, 0.95)
STATED = 1.6448536269514722


def write_calibration(found: Calibration, folder: str | os.PathLike[str]) -> Path:
    """Write page, pictures and tables beside a calibration; earlier ones are replaced, each whole."""
    sections = content(found)

    def write(work: Path) -> None:
        top = about(found.scenario, "learnt from counts", policy=", ".join(found.question.policies),
                    replicates=found.runs, version=found.version)  # fmt: skip
        write_text(work / PAGE, as_html(sections, **top))
        write_pictures(sections, work)
        found.quantities.write_csv(work / "quantities.csv", float_precision=6)
        found.checks.write_csv(work / "checks.csv", float_precision=6)

    return put(Path(folder), write, PAGE)


def content(found: Calibration) -> list[Section]:
    """The sections in their order."""
    drawing.easel()
    return [warnings_section(found), numbers_section(found), counts_section(found), made_section(found)]


def warnings_section(found: Calibration) -> Section:
    """What was learnt in a sentence, and what to know of it."""
    section = Section("learnt", "What the counts say", short="In short")
    silent = int(found.quantities["silent"].sum())
    inside = int(found.checks["inside"].sum())
    section.say(
        f"{len(found.learnt)} counts were learnt from. Of {silent} of {found.quantities.height} uncertain numbers the "
        f"data say nothing. {inside} of {found.checks.height} counts lie within the 90 % intervals of the runs after."
    )
    if found.weights is not None:
        section.say(f"Counts that came since weigh the runs: {found.runs} are worth {found.effective:.0f} equal ones.")
    if found.warnings:
        section.blocks.append(Bullets([("Warning:", text) for text in found.warnings]))
    return section


def numbers_section(found: Calibration) -> Section:
    """Each number before and after."""
    section = Section("numbers", "What was learnt of each number", short="Numbers")
    frame = of_numbers(found)
    if frame.height:
        text = (
            "In standard deviations of what was stated: the pale bar is where nine in ten of its values lay, the dark "
            f"one where they lie after the counts, the point the median. The {frame.height} numbers learnt most."
        )
        figure(section, "prior-to-posterior", "Before and after", frame, "standard deviations", (-3.2, 3.2), 0.0, text)
    known = told_calibration.units(found)
    rows = []
    for row in found.quantities.to_dicts():
        unit = told_calibration.unit_of(row["path"], known)
        before, after = (
            told_calibration.between(row[low], row[high], unit)
            for low, high in (("prior_low90", "prior_high90"), ("low90", "high90"))
        )
        middle = told_calibration.in_words(row["median"], unit)
        rows.append([row["path"], before, middle, after, told_calibration.said_of(row)])
    heads = ("number", "as stated (90 %)", "median after", "after (90 %)", "the counts say")
    section.blocks.append(Table("Every uncertain number", heads, rows, frozenset({1, 2, 3}), file="quantities.csv"))
    return section


def of_numbers(found: Calibration) -> pl.DataFrame:
    """The numbers learnt most, as standard normals after the counts."""
    both = pl.concat([found.draws, found.biases])
    known = {str(key[0]): part["z"].to_numpy()
             for key, part in both.sort("path", "replicate").partition_by("path", as_dict=True).items()}  # fmt: skip
    weight = None if found.weights is None else found.weight
    rows = []
    for row in found.quantities.filter(~pl.col("silent")).head(MOST_ROWS).to_dicts():
        if row["path"] in known:
            low, median, high = weighted_quantiles(known[row["path"]], LEVELS, weight)
            rows.append({"label": row["path"], "prior_low": -STATED, "prior_high": STATED, "low": low, "high": high,
                         "median": median})  # fmt: skip
    return pl.DataFrame(rows)


def counts_section(found: Calibration) -> Section:
    """Each count beside the runs."""
    section = Section("counts", "Counts beside the runs", short="Counts")
    rows = []
    for row in found.checks.filter(pl.col("counted") > 0).to_dicts():
        ends = {key: (row[name] if row[name] is not None else np.nan) / row["counted"] for key, name in
                (("prior_low", "prior_low90"), ("prior_high", "prior_high90"), ("low", "low90"), ("high", "high90"),
                 ("median", "median"))}  # fmt: skip
        rows.append({"label": row["id"], **{key: min(float(value), 2 * WIDEST) for key, value in ends.items()}})
    if rows:
        text = (
            "As its source would have reported it, divided by what was counted (the dashed line): the pale bar is what "
            "nine in ten runs said as stated, the dark one what they say after the counts."
        )
        figure(section, "counts-beside-runs", "What the runs say, divided by what was counted", pl.DataFrame(rows),
               "times what was counted", (0.0, WIDEST), 1.0, text)  # fmt: skip
    words = {"at_least": "at least ", "more": "more than ", "at_most": "at most ", "about": "about "}
    shown = [
        [r["id"], r["series"], day(r["to"]), f"{words.get(r['qualifier'], '')}{count(r['counted'])}",
         told_calibration.between(r["prior_low90"], r["prior_high90"], ""),
         told_calibration.between(r["low90"], r["high90"], ""), "yes" if r["inside"] else "no"]
        for r in found.checks.to_dicts()
    ]  # fmt: skip
    heads = ("count", "of", "to", "counted", "as stated (90 %)", "after (90 %)", "inside")
    section.blocks.append(
        Table("Every count that was learnt from", heads, shown, frozenset({3, 4, 5}), file="checks.csv")
    )
    return section


def figure(
    section: Section, name: str, title: str, frame: pl.DataFrame, axis: str, domain: tuple[float, float], at: float,
    text: str,
) -> None:  # fmt: skip
    """Add a picture of intervals before and after."""
    label = f"{title}; the numbers are in the table below."
    wide, narrow = (
        drawing.svg(calibration_charts.before_and_after(frame, width, axis, domain, at), label, f"{name}-{width}")
        for width in (drawing.WIDE, drawing.NARROW)
    )
    section.blocks.append(Figure(name, title, wide, narrow, text))


def made_section(found: Calibration) -> Section:
    """How it was made, and what it assumes."""
    section = Section("made", "How it was made", short="How it was made")
    section.say(told_calibration.command(found), "Make it again:")
    section.say(
        f"{found.runs} runs, whose numbers were moved in {found.question.rounds} steps so that the runs come nearer to "
        "the counts (an ensemble smoother with multiple data assimilation). The variance of what a count may be off by "
        f"was multiplied by {found.question.inflation:g}, for what the model does not know."
    )
    section.say(f"posada {found.version}, model {found.question.hash[:12]}")
    return section
