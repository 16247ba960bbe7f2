"""What people need at each place by published standards, and with what probability beds run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from posada.report import charts
from posada.report.blocks import Bullets, Fold, Section, Table, as_csv
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
SHOWN = ("water", "meals", "beds or mats", "covered space", "toilets", "showers")
"""Needs in the table of the page."""
MOST_NEEDS = 6
MOST_PANELS = 6
BEFORE, AFTER = timedelta(days=14), timedelta(days=28)
"""What is drawn around the worst night of a shelter."""


def needs(result: Reading, names: Names) -> list[Section]:
    """The section; none for a result that is not one of `posada.results`."""
    if result.whole is None:
        return []
    section = Section("needs", "What people need, and where beds run out")
    _needs(section, result.whole, names, read_standards())
    _overflow(section, result.whole, names)
    return [section]


def _needs(section: Section, result: Result, names: Names, pack: Pack) -> None:
    """The needs of each place on its fullest day; the page shows the first of them, the file all."""
    found = needs_of(result, phase=PHASE, pack=pack)
    peak = peak_days(found.filter(pl.col("site") == pl.col("at")))
    if peak.is_empty():
        section.say("In no run is anybody at a place for long enough to be counted.")
        return
    told = [need for need in pack.needs if peak.filter(pl.col("need") == need)["high"].is_not_null().any()]
    shown = [need for need in SHOWN if need in told] or told[:MOST_NEEDS]
    by_site: dict[str, dict[str, dict[str, Any]]] = {}
    for row in peak.sort("date", "site", maintain_order=True).to_dicts():
        by_site.setdefault(row["site"], {})[row["need"]] = row
    section.say(
        "People of the model, most at one time, on the fullest day of each place; other people who are there are not "
        f"counted. Needs are those of 95 % of the runs in the {PHASE} phase, rounded up."
    )
    start = ("place", "fullest day", "people")
    heads = [[*start, *(f"{need}, {pack.of(need)[0].unit}" for need in needs)] for needs in (shown, told)]
    rows = [[_need_row(site, names, needs) for site in by_site.values()] for needs in (shown, told)]
    section.blocks.append(
        Table(
            "What people need on the fullest day of each place",
            heads[0],
            rows[0],
            frozenset(range(2, len(heads[0]))),
            data=as_csv(heads[1], rows[1]),
            file="needs.csv",
            note="The file holds all needs that have a figure." if told != shown else "",
        )
    )
    notes = [(f"{need}:", _source(peak.filter(pl.col("need") == need).row(0, named=True))) for need in pack.needs]
    section.blocks.append(Fold(f"Standards ({pack.name}, {pack.mark}), and needs that have none", [Bullets(notes)]))


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
        night = worst.filter(pl.col("shelter") == shelter)["date"][0]
        free = free_beds(result, shelter).filter(pl.col("date").is_between(night - BEFORE, night + AFTER))
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
    every = [row for shelter in order for row in worst.filter(pl.col("shelter") == shelter).to_dicts()]
    rows = [_overflow_row(row, names) for row in every if row["who"] in (EVERYONE, _tightest(every, row["shelter"]))]
    heads = ("shelter", "night of", "for", "beds for them", "free", "no free bed", "someone without", "people without")
    note = "For everyone, and for the kind of party for which no free bed is likeliest; the file holds all. "
    note += f"Shares of {some(result.replicates, 'run')}. A party needs its beds in one class that admits it."
    if found["remembered"].any():
        note += (
            " Where there are two cases, how many beds there are is remembered, not reported: the cases are the thirds "
            "of the runs with fewest and with most beds."
        )
    if found["others_assumed"].any():
        note += " Assumed: how many beds other people hold."
    title = "With what probability beds run out, on the worst night of each shelter"
    table = Table(
        title,
        heads,
        rows,
        frozenset({4, 5, 6, 7}),
        data=as_csv(heads, [_overflow_row(row, names) for row in every]),
        file="overflow.csv",
        note=note,
    )
    section.blocks.append(table)
    certain = [names.facility(row["shelter"]) for row in worst.to_dicts() if _likely(row)]
    if certain:
        section.say(f"More likely than not, on some night nobody finds a free bed in {listed(sorted(set(certain)))}.")


def _tightest(rows: Sequence[Mapping[str, Any]], shelter: str) -> str:
    """The kind of party for which no free bed is likeliest, if it is likelier than for everyone."""
    mine = [row for row in rows if row["shelter"] == shelter]
    best = max(mine, key=lambda row: (row["no_free_bed"], row["who"] == EVERYONE, row["who"] == "families"))
    return str(best["who"])


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
