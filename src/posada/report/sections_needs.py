"""What people need at each place by published standards, and with what probability beds run out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from posada.report import charts
from posada.report.blocks import Bullets, Fold, Section, Table, Text, as_csv
from posada.report.frames import band
from posada.report.inputs import Names, level
from posada.report.reading import Reading
from posada.report.sections_flow import figure
from posada.report.words import count, day, listed, number, percent, some, span, with_ends
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
from posada.words import can_say, say

PHASE = "emergency"
SHOWN = ("water", "meals", "beds or mats", "covered space", "toilets", "showers")
"""Needs in the table of the page."""
MOST_NEEDS = 6
MOST_PANELS = 6
BEFORE, AFTER = timedelta(days=14), timedelta(days=28)
"""What is drawn around the worst night of a shelter."""


def needs(result: Reading, names: Names) -> list[Section]:
    """What people need at each place; none for a result that is not one of `posada.results`."""
    if result.whole is None or result.blurred:
        return []
    section = Section("needs", say("needs.section"))
    _needs(section, result.whole, names, read_standards())
    return [section]


def _needs(section: Section, result: Result, names: Names, pack: Pack) -> None:
    """The needs of each place on its fullest day; the page shows the first of them, the file all."""
    found = needs_of(result, phase=PHASE, pack=pack)
    peak = peak_days(found.filter(pl.col("site") == pl.col("at")))
    if peak.is_empty():
        section.say(say("needs.nobody"))
        return
    told = [need for need in pack.needs if peak.filter(pl.col("need") == need)["high"].is_not_null().any()]
    shown = [need for need in SHOWN if need in told] or told[:MOST_NEEDS]
    by_site: dict[str, dict[str, dict[str, Any]]] = {}
    for row in peak.sort("date", "site", maintain_order=True).to_dicts():
        by_site.setdefault(row["site"], {})[row["need"]] = row
    section.say(say("needs.text", phase=say(f"needs.{PHASE}")))
    start = tuple(say(f"needs.head-{key}") for key in ("place", "day", "people"))
    heads = [[*start, *(f"{_need(need)}, {_unit(pack.of(need)[0].unit)}" for need in needs)] for needs in (shown, told)]
    rows = [[_need_row(site, names, needs) for site in by_site.values()] for needs in (shown, told)]
    section.blocks.append(
        Table(
            say("needs.table"),
            heads[0],
            rows[0],
            frozenset(range(2, len(heads[0]))),
            data=as_csv(heads[1], rows[1]),
            file="needs.csv",
            note=say("needs.more") if told != shown else "",
        )
    )
    notes = [
        (f"{_need(need)}:", _source(peak.filter(pl.col("need") == need).row(0, named=True))) for need in pack.needs
    ]
    section.blocks.append(Fold(say("needs.standards", pack=pack.name, mark=pack.mark), [Bullets(notes)]))


def _need(need: str) -> str:
    """A need in words; a need of a pack that the catalogue does not know stays as it is written there."""
    return level(need)


def _unit(unit: str) -> str:
    key = f"per.{unit.replace('/', '-')}"
    return say(key) if can_say(key) else unit


def _need_row(rows: Mapping[str, Mapping[str, Any]], names: Names, told: Sequence[str]) -> list[str]:
    people = rows[PEOPLE]
    amounts = [rows[need]["high"] for need in told]
    return [
        names.place(str(people["site"])),
        day(people["date"]),
        with_ends(count(people["median"]), people["low"], people["high"]),
        *("–" if amount is None else number(amount, 0) for amount in amounts),
    ]


def _source(row: Mapping[str, Any]) -> str:
    """A figure with its source and what must be known of it."""
    return "; ".join(filter(None, (str(row["figure"]), str(row["source"]), str(row["note"]))))


def overflow_blocks(reading: Reading, names: Names) -> list[object]:
    """Free beds over time, and the probabilities of the worst night of each shelter."""
    result = reading.whole
    found = reading.released(overflow(result)) if result is not None else None
    if result is None or found is None or found.is_empty():
        return []
    blocks: list[object] = []
    worst = worst_nights(found)
    likely = worst.group_by("shelter", maintain_order=True).agg(pl.col("no_free_bed").max())
    order = likely.sort(["no_free_bed", "shelter"], descending=[True, False])["shelter"].to_list()
    certain = [names.facility(row["shelter"]) for row in worst.to_dicts() if _likely(row)]
    if certain:
        blocks.append(Text(say("overflow.likely", shelters=listed(sorted(set(certain))))))
    every = [row for shelter in order for row in worst.filter(pl.col("shelter") == shelter).to_dicts()]
    rows = [_overflow_row(row, names) for row in every if row["who"] in (EVERYONE, _tightest(every, row["shelter"]))]
    heads = tuple(
        say(f"overflow.head-{key}") for key in ("shelter", "night", "for", "beds", "free", "none", "someone", "without")
    )
    note = [say("overflow.note", runs=some(result.replicates, "run"))]
    note += [say("overflow.remembered")] if found["remembered"].any() else []
    note += [say("overflow.others")] if found["others_assumed"].any() else []
    blocks.append(
        Table(
            say("overflow.table"),
            heads,
            rows,
            frozenset({4, 5, 6, 7}),
            data=as_csv(heads, [_overflow_row(row, names) for row in every]),
            file="overflow.csv",
            note=" ".join(note),
        )
    )
    shown: list[charts.Panel] = []
    for shelter in order:
        night = worst.filter(pl.col("shelter") == shelter)["date"][0]
        free = free_beds(result, shelter).filter(pl.col("date").is_between(night - BEFORE, night + AFTER))
        if not free.is_empty() and len(shown) < MOST_PANELS:
            shown.append(charts.Panel(say("overflow.panel", shelter=names.facility(shelter)), band(free)))
    if shown:
        text = f"{say('overflow.text')} {say('band.own-scale')}"
        columns = 2 if len(shown) > 1 else 1
        blocks.append(figure("free-beds", say("overflow.figure"), shown, columns, 130, say("overflow.unit"), text))
    return blocks


def _tightest(rows: Sequence[Mapping[str, Any]], shelter: str) -> str:
    """The kind of party for which no free bed is likeliest, if it is likelier than for everyone."""
    mine = [row for row in rows if row["shelter"] == shelter]
    best = max(mine, key=lambda row: (row["no_free_bed"], row["who"] == EVERYONE, row["who"] == "families"))
    return str(best["who"])


def _likely(row: Mapping[str, Any]) -> bool:
    return row["who"] == EVERYONE and row["no_free_bed"] > 0.5 and not row["remembered"]


def _overflow_row(row: Mapping[str, Any], names: Names) -> list[str]:
    who = level(row["who"])
    if row["size"] != 1:
        who = say("overflow.of", who=who, size=row["size"])
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
    return ", ".join(say("overflow.if", share=percent(p), beds=count(beds)) for beds, p in cases if beds is not None)
