"""What people need at each place by published standards, and with what probability beds run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from posada.report import charts
from posada.report.blocks import Bullets, Fold, Section, Table
from posada.report.frames import band
from posada.report.inputs import Names, plain
from posada.report.reading import Reading
from posada.report.sections_flow import OWN_SCALE, figure
from posada.report.words import count, day, listed, number, percent, some, span
from posada.results import Result
from posada.results.needs import (
    EVERYONE,
    PEOPLE,
    Pack,
    free_beds,
    overflow,
    peak_days,
    read_standards,
    worst_nights,
)
from posada.results.needs import needs as needs_of

PHASE = "emergency"
MOST_PANELS = 6


def needs(result: Reading, names: Names) -> list[Section]:
    """The section; none for a result that is not one of `posada.results`."""
    if result.whole is None:
        return []
    section = Section("needs", "What people need, and where beds run out")
    _needs(section, result.whole, names, read_standards())
    _overflow(section, result.whole, names)
    return [section]


def _needs(section: Section, result: Result, names: Names, pack: Pack) -> None:
    """The needs of each place on its fullest day."""
    found = needs_of(result, phase=PHASE, pack=pack)
    found = found.filter(pl.col("site") == pl.col("at"))
    peak = peak_days(found)
    if peak.is_empty():
        section.say("In no run is anybody at a place for long enough to be counted.")
        return
    told = [need for need in pack.needs if peak.filter(pl.col("need") == need)["high"].is_not_null().any()]
    first = peak.filter(pl.col("need") == PEOPLE).sort("date", "site")["site"].to_list()
    rows = [
        _need_row({row["need"]: row for row in peak.filter(pl.col("site") == site).to_dicts()}, names, told)
        for site in first
    ]
    section.say(
        "People of the model, most at one time, on the fullest day of each place; other people who are there are not "
        f"counted. Needs are those of 95 % of the runs in the {PHASE} phase, rounded up."
    )
    heads = ["place", "fullest day", "people", *(f"{need}, {pack.of(need)[0].unit}" for need in told)]
    title = "What people need on the fullest day of each place"
    numeric = frozenset(range(2, len(heads)))
    section.blocks.append(Table(title, heads, rows, numeric, file="needs.csv"))
    notes = [(f"{need}:", _source(peak.filter(pl.col("need") == need).row(0, named=True))) for need in pack.needs]
    section.blocks.append(Fold(f"Standards ({pack.name}, {pack.mark}) and what has none", [Bullets(notes)]))


def _need_row(rows: Mapping[str, Mapping[str, Any]], names: Names, told: Sequence[str]) -> list[str]:
    people = rows[PEOPLE]
    amounts = [rows[need]["high"] for need in told]
    return [
        names.place(str(people["site"])),
        day(people["date"]),
        f"{count(people['median'])} ({span(people['low'], people['high'])})",
        *("–" if amount is None else number(amount, 0) for amount in amounts),
    ]


def _source(row: Mapping[str, Any]) -> str:
    """A figure with its source and what must be known of it."""
    return "; ".join(filter(None, (str(row["figure"]), str(row["source"]), str(row["note"]))))


def _overflow(section: Section, result: Result, names: Names) -> None:
    """Free beds over time, and the probabilities of the worst night of each shelter."""
    found = overflow(result)
    if found.is_empty():
        return
    worst = worst_nights(found)
    likely = worst.group_by("shelter", maintain_order=True).agg(pl.col("no_free_bed").max())
    order = likely.sort(["no_free_bed", "shelter"], descending=[True, False])["shelter"].to_list()
    shown: list[charts.Panel] = []
    for shelter in order:
        free = free_beds(result, shelter)
        if not free.is_empty() and len(shown) < MOST_PANELS:
            shown.append(charts.Panel(f"{names.facility(shelter)}: free beds", band(free)))
    if shown:
        text = (
            "Beds that are free at midnight: all beds, less those that other people and people of the model hold. "
            f"Where a band reaches zero, the shelter is full in some runs. {OWN_SCALE}"
        )
        section.blocks.append(
            figure("free-beds", "Free beds over time", shown, 2 if len(shown) > 1 else 1, 130, "free beds", text)
        )
    rows = [
        _overflow_row(row, names) for shelter in order for row in worst.filter(pl.col("shelter") == shelter).to_dicts()
    ]
    heads = ("shelter", "night of", "for", "beds for them", "free", "no free bed", "someone without", "people without")
    note = f"Shares of {some(result.replicates, 'run')}. A party needs its beds in one class that admits it."
    if found["remembered"].any():
        note += (
            " Where there are two cases, how many beds there are is remembered, not reported: the cases are the thirds "
            "of the runs with fewest and with most beds."
        )
    if found["others_assumed"].any():
        note += " Assumed: how many beds other people hold."
    title = "With what probability beds run out, on the worst night of each shelter"
    table = Table(title, heads, rows, frozenset({4, 5, 6, 7}), file="overflow.csv", note=note)
    section.blocks.append(table)
    certain = [names.facility(row["shelter"]) for row in worst.to_dicts() if _likely(row)]
    if certain:
        section.say(f"More likely than not, on some night nobody finds a free bed in {listed(sorted(set(certain)))}.")


def _likely(row: Mapping[str, Any]) -> bool:
    return row["who"] == EVERYONE and row["no_free_bed"] > 0.5 and not row["remembered"]


def _overflow_row(row: Mapping[str, Any], names: Names) -> list[str]:
    who = plain(row["who"]) if row["size"] == 1 else f"{plain(row['who'])} of {row['size']}"
    without = "–" if row["without_high"] is None else span(row["without_low"], row["without_high"])
    return [
        names.facility(row["shelter"]),
        day(row["date"]),
        who,
        count(row["beds_median"]),
        span(row["free_low"], row["free_high"]),
        *(_chance(row, what) for what in ("no_free_bed", "without_bed")),
        without,
    ]


def _chance(row: Mapping[str, Any], what: str) -> str:
    """A probability; two, by the number of beds, where that is only remembered."""
    if row[what] is None:
        return "–"
    if not row["remembered"]:
        return percent(row[what])
    cases = [(row[f"if_beds_{which}"], row[f"{what}_if_{which}"]) for which in ("few", "many")]
    return ", ".join(f"{percent(p)} if {count(beds)} beds" for beds, p in cases if beds is not None)
