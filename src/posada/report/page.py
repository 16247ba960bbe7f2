"""Puts the sections together into one HTML file."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from posada.report import (
    drawing,
    sections,
    sections_drivers,
    sections_evidence,
    sections_flow,
    sections_load,
    sections_needs,
    sections_nights,
    sections_outcome,
    sections_queues,
    sections_said,
)
from posada.report.blocks import Section
from posada.report.brief import brief as one_sheet
from posada.report.inputs import Names, ResultLike, field
from posada.report.pages import as_html
from posada.report.paper import as_pdf, ready
from posada.report.public import PublicReading
from posada.report.reading import Reading, reading
from posada.report.words import day
from posada.words import DEFAULT, say, speaking, told


def write_report(
    result: ResultLike,
    path: str | Path,
    compare: ResultLike | None = None,
    language: str = DEFAULT,
    *,
    brief: bool = False,
    pdf: bool = False,
    paper: str = "a4",
    public: bool = False,
    today: date | None = None,
    forecasts: str | Path | None = None,
) -> Path:
    """Write a report of a result as one self-contained HTML file and return its path.

    `compare` is a result of the same scenario and seed under another policy (usually `without-the-caravan`): the report
    then tells what the difference between the two is for each facility, paired by replicate. `brief` makes one sheet of
    it. With `pdf` a PDF of the same name stands beside, on `paper` `a4` or `letter`. The page needs no network, and
    JavaScript only for people who move on its map. The same results give the same bytes. Folders on the way are made;
    each file appears whole or not at all. `language` is `en` or `es`. A `public` report tells of people on the way by
    state, and of no place what was later than seven days before `today` (the day on which it is made). `forecasts` is a
    folder of issued ones: the report shows the newest, and how good all of them were.

    ValueError for another language; ResultError for another paper, where Typst is not installed, or where a public
    report of a restricted scenario is asked for; ForecastError where the folder holds no forecast.
    """
    if public:
        result, compare = published(result, today), None if compare is None else published(compare, today)
    target = Path(path)
    if pdf:
        ready(paper)
    with speaking(language):
        sections, head = written(result, compare, brief, forecasts), top(result, brief)
        files = {target: as_html(sections, **head).encode("utf-8")}
        if pdf:
            files[target.with_suffix(".pdf")] = as_pdf(sections, head, paper, brief)
    target.parent.mkdir(parents=True, exist_ok=True)
    for file, text in files.items():
        unfinished = file.with_name(f".{file.name}.part")
        unfinished.write_bytes(text)
        os.replace(unfinished, file)
    return target


def render(
    result: ResultLike, compare: ResultLike | None = None, language: str = DEFAULT, *, brief: bool = False
) -> str:
    """The report as HTML text."""
    with speaking(language):
        return as_html(written(result, compare, brief), **top(result, brief))


def published(result: ResultLike, today: date | None = None) -> Reading:
    """A result as it may be published."""
    return PublicReading(result, today or date.today())


def written(
    result: ResultLike, compare: ResultLike | None, brief: bool, forecasts: str | Path | None = None
) -> list[Section]:
    """The sections of a report, or of its brief."""
    if not brief:
        return content(result, compare, forecasts)
    drawing.easel()
    result = reading(result)
    return one_sheet(result, Names(result.scenario), None if compare is None else reading(compare))


def top(result: ResultLike, brief: bool = False) -> dict[str, object]:
    """What the head of a report says."""
    scenario = result.scenario
    return {
        "title": told(scenario.title),
        "summary": told(field(scenario, "summary", "")),
        "sensitivity": str(field(scenario, "sensitivity", "internal")),
        "period": say("page.period", start=day(scenario.start), end=day(scenario.end)),
        "law": day(field(scenario, "law_as_of")),
        "policy": Names(scenario).policy(result.policy),
        "replicates": result.replicates,
        "version": result.version,
        "brief": brief,
    }


def content(
    result: ResultLike, compare: ResultLike | None = None, forecasts: str | Path | None = None
) -> list[Section]:
    """The sections in their order."""
    drawing.easel()
    result = reading(result)
    compare = None if compare is None else reading(compare)
    names = Names(result.scenario)
    drawn = [  # first what Vega draws, which then goes on beside the rest
        outlook(result, names),
        *sections_needs.needs(result, names),
        sections_queues.queues(result, names),
        sections_outcome.outcomes(result, names),
        sections_load.load(result, names, compare),
    ]
    driven = result.sensitivity()
    found = [
        sections.situation(result, names),
        *sections.answers(result),
        *drawn,
        checks(result, names, forecasts),
        *([sections_drivers.drivers(driven, names)] if driven is not None else []),
        sources(result, names),
        sections.limits(result, names),
        sections.made(result, names, compare),
    ]
    for section in found:
        section.short = say(f"short.{section.id}")
    return found


def checks(result: Reading, names: Names, forecasts: str | Path | None) -> Section:
    """The model beside what was counted, and forecasts that were issued if there are any."""
    section = sections_evidence.checks(result, names)
    if forecasts is not None:
        from posada.report import sections_forecasts  # what learns from counts is needed for nothing else here

        section.blocks += sections_forecasts.forecasts(result, names, forecasts)
    return section


def sources(result: Reading, names: Names) -> Section:
    """Assumptions, claims, who said what, and what of it counts can test."""
    section = sections_evidence.sources(result, names)
    section.blocks += sections_said.said(result)
    return section


def outlook(result: Reading, names: Names) -> Section:
    """Who is where and when, with what probability beds run out, and nights without a bed."""
    section = Section("outlook", say("outlook.section"))
    section.blocks += sections_flow.size_over_time(result, names)
    section.blocks += sections_needs.overflow_blocks(result, names)
    section.blocks += sections_nights.nights(result, names)
    return section
