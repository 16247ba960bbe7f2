"""Puts the sections together into one HTML file."""

from __future__ import annotations

import os
from pathlib import Path

from posada.report import (
    drawing,
    sections,
    sections_drivers,
    sections_evidence,
    sections_flow,
    sections_load,
    sections_needs,
    sections_outcome,
    sections_queues,
)
from posada.report.blocks import Section
from posada.report.inputs import Names, ResultLike, field, plain
from posada.report.pages import as_html
from posada.report.reading import reading
from posada.report.words import day

SHORT = {
    "situation": "Answers",
    "map": "Map",
    "size": "People",
    "queues": "Queues and beds",
    "needs": "Needs",
    "outcomes": "How it ends",
    "load": "Load",
    "drivers": "What drives them",
    "checks": "Checks",
    "sources": "Sources",
    "limits": "Limits",
    "made": "How it was made",
}
"""What the contents call each section."""


def write_report(result: ResultLike, path: str | Path, compare: ResultLike | None = None) -> Path:
    """Write a report of a result as one self-contained HTML file and return its path.

    `compare` is a result of the same scenario and seed under another policy (usually `without-the-caravan`): the report
    then tells what the difference between the two is for each facility, paired by replicate. The page needs neither
    network nor JavaScript. The same results give the same bytes. Folders on the way are made; the file appears whole
    or not at all.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.write_text(render(result, compare), encoding="utf-8", newline="\n")
    os.replace(unfinished, target)
    return target


def render(result: ResultLike, compare: ResultLike | None = None) -> str:
    """The report as HTML text."""
    scenario = result.scenario
    return as_html(
        content(result, compare),
        title=scenario.title,
        summary=field(scenario, "summary", ""),
        sensitivity=str(field(scenario, "sensitivity", "internal")),
        period=f"{day(scenario.start)} to {day(scenario.end)}",
        law=day(field(scenario, "law_as_of")),
        policy=plain(result.policy) if result.policy else "",
        replicates=result.replicates,
        version=result.version,
    )


def content(result: ResultLike, compare: ResultLike | None = None) -> list[Section]:
    """The sections in their order."""
    drawing.easel()
    result = reading(result)
    compare = None if compare is None else reading(compare)
    names = Names(result.scenario)
    drawn = [  # first what Vega draws, which then goes on beside the rest
        sections_flow.size_over_time(result, names),
        sections_queues.queues(result, names),
        *sections_needs.needs(result, names),
        sections_outcome.outcomes(result, names),
        sections_load.load(result, names, compare),
    ]
    driven = result.sensitivity()
    found = [
        sections.situation(result, names),
        sections_flow.where_people_go(result, names),
        *drawn,
        *([sections_drivers.drivers(driven, names)] if driven is not None else []),
        sections_evidence.checks(result, names),
        sections_evidence.sources(result, names),
        sections.limits(result, names),
        sections.made(result, names, compare),
    ]
    for section in found:
        section.short = SHORT.get(section.id, "")
    return found
