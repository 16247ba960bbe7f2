"""The pictures of results, comparisons, forecasts, plans and sensitivities, by methods: `result.plot.map()`."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from datetime import date
from functools import singledispatch
from html import escape
from typing import Any

import polars as pl

from posada.forecasting import Backtest, Forecast
from posada.planning import Comparison, Plan
from posada.report import (
    backtest,
    charts,
    comparison,
    plan,
    sections_drivers,
    sections_flow,
    sections_outcome,
    sections_queues,
)
from posada.report.blocks import Figure, Section
from posada.report.figures import drawn
from posada.report.flow_map import flow_map, flow_map_csp, still_of
from posada.report.inputs import Names, field
from posada.report.public import PublicReading
from posada.report.reading import reading
from posada.report.sections import unit_of
from posada.report.shown import Shown, of_figure
from posada.report.words import as_number, between, day
from posada.results import Result, Sensitivity
from posada.scenario import parse_series
from posada.words import language as spoken
from posada.words import say, sentence, speaking, told

STOCK_OF = {"beds": "occupied", "camp": "occupied", "holding": "occupied", "caseload": "occupied"}
"""What is drawn of a facility that is named alone, by its kind; of all others those who wait there."""
FRAME_HIGH = 860


@singledispatch
def plots(thing: object) -> Any:
    """The pictures of something; TypeError if it has none."""
    raise TypeError(f"there are no pictures of {type(thing).__name__}")


class _Named:
    """Says which pictures there are."""

    def __repr__(self) -> str:
        names = [name for name in dir(type(self)) if not name.startswith("_")]
        return f"<pictures: {', '.join(f'.{name}()' for name in names)}>"


class ResultPlots(_Named):
    """Pictures of a result."""

    def __init__(self, result: Result) -> None:
        self._result = result

    def map(self, language: str | None = None, public: bool = False) -> Shown:
        """People moving, queues and shelters on a map, day by day; saved as SVG or PNG, the whole run in one drawing.

        `public` is for what may be published (`posada.report.flow_map_data`). ValueError if no place has coordinates.
        """
        with speaking(language or spoken()):
            inline = flow_map(self._result, public=public)
            if not inline:
                raise ValueError("no place of the scenario has coordinates, or nothing of it may be published yet")
            title = told(self._result.scenario.title)
            page = _page(title, inline)
            label = say("card.map", title=title)
            drawing = still_of(PublicReading(self._result, date.today()) if public else self._result, label)
            return Shown(label, drawing, page=lambda: page, inline=lambda: _frame(label, page))

    def stock(self, where: str, language: str | None = None) -> Shown:
        """People over time with their ranges: at a place, with a place in a shelter, camp or custody, or waiting.

        `where` is the id of a place or facility, or an address such as `waiting:gate{group=caravan}`
        (docs/results.md). KeyError with the nearest spelling if there is none.
        """
        with speaking(language or spoken()):
            address = where if ":" in where else f"{self._state_of(where)}:{where}"
            series = parse_series(address)
            known = _ids(self._result)
            if series.where.partition("/")[0] not in known and "." not in series.where and series.where != "chain":
                raise KeyError(_no_such(series.where, known))
            names = Names(self._result.scenario)
            panel = sections_flow.panel_of(self._result, address, sentence(names.series(address)))
            if panel is None:
                raise KeyError(f"nobody was ever counted by {address}")
            best = panel.band.sort("median", descending=True).row(0, named=True)
            text = between(best["low90"], best["median"], best["high90"])
            unit = say("level.people")
            return of_figure(sections_flow.figure("stock", panel.title, [panel], 1, 260, unit, text))

    def _state_of(self, where: str) -> str:
        facility = (self._result.scenario.facilities or {}).get(where)
        return "present" if facility is None else STOCK_OF.get(str(field(facility, "kind", "")), "waiting")

    def headlines(self, language: str | None = None) -> Shown:
        """The headline numbers with their ranges, by their unit. ValueError if the scenario names none."""
        with speaking(language or spoken()):
            frame = _headlines(self._result)
            if frame.is_empty():
                raise ValueError("the scenario names no headlines")
            title = say("answers.section")
            return of_figure(
                drawn("headlines", title, say("answers.table"), lambda width: charts.intervals(frame, width, ""))
            )

    def queues(self, language: str | None = None) -> Shown:
        """The longest queues over time. ValueError if nobody waits."""
        with speaking(language or spoken()):
            return _first(sections_queues.queues(reading(self._result), Names(self._result.scenario)), "waiting")

    def outcomes(self, language: str | None = None) -> Shown:
        """How pathways end, by group. ValueError if none ends."""
        with speaking(language or spoken()):
            return _first(
                sections_outcome.outcomes(reading(self._result), Names(self._result.scenario)), "outcome-bars"
            )


class ComparisonPlots(_Named):
    """Pictures of a comparison."""

    def __init__(self, found: Comparison) -> None:
        self._found = found

    def changes(self, side: str = "") -> Shown:
        """What changes under each policy, measure by measure. ValueError if nothing does.

        `side` is the side whose numbers are run, where there are several.
        """
        return _first(comparison.changes_section(self._found, side or self._found.sides[0].name))

    def moved(self, side: str = "") -> Shown:
        """Where the queue moves. ValueError if it moves nowhere."""
        return _first(comparison.moved_section(self._found, side or self._found.sides[0].name))


class ForecastPlots(_Named):
    """Pictures of a forecast."""

    def __init__(self, found: Forecast) -> None:
        self._found = found

    def ahead(self, *series: str) -> Shown:
        """What is told of series (without any, of the first four), beside the last counts that were seen.

        KeyError with the nearest spelling if it tells of no such series; ValueError if it tells of nothing.
        """
        for name in series:
            if name not in self._found.series:
                raise KeyError(_no_such(name, self._found.series, "series"))
        told = [backtest.told_ahead(self._found, name) for name in series or self._found.series[:4]]
        shown = [panel for panel in told if panel is not None]
        if not shown:
            raise ValueError("the forecast tells of nothing to come")
        title = f"What will be counted, as told on {day(self._found.issued)}"
        text = "Dark: half of the samples; light: nine in ten; points: the last counts that it has seen."
        columns = 1 if len(shown) == 1 else 2
        height = 260 if len(shown) == 1 else 150
        return of_figure(sections_flow.figure("ahead", title, shown, columns, height, say("level.people"), text))


class BacktestPlots(_Named):
    """Pictures of a backtest."""

    def __init__(self, found: Backtest) -> None:
        self._found = found

    def fans(self) -> Shown:
        """Forecasts beside later counts. ValueError if none was counted within a horizon."""
        return _first(backtest.fans_section(self._found))

    def skill(self) -> Shown:
        """How much better than the best naive forecast, by horizon. ValueError without enough counts."""
        return _first(backtest.skill_section(self._found))


class PlanPlots(_Named):
    """Pictures of a plan."""

    def __init__(self, found: Plan) -> None:
        self._found = found

    def frontier(self, requirement: int = 1) -> Shown:
        """What candidates cost against how often a requirement (the first, the second ...) is met."""
        figures = [figure for section in plan.frontier_sections(self._found) for figure in _figures(section)]
        if not 1 <= requirement <= len(figures):
            raise ValueError(f"there are {len(figures)} requirements with a frontier, and none of number {requirement}")
        return of_figure(figures[requirement - 1])


class SensitivityPlots(_Named):
    """Pictures of a sensitivity."""

    def __init__(self, found: Sensitivity) -> None:
        self._found = found

    def first(self, language: str | None = None) -> Shown:
        """What to learn first. ValueError if no number drives any answer."""
        with speaking(language or spoken()):
            return _first(sections_drivers.pages(self._found)[0])

    def rests(self, language: str | None = None) -> Shown:
        """On what each answer rests: evidence, assumptions, luck."""
        with speaking(language or spoken()):
            return of_figure(sections_drivers.coverage_figure(self._found))


plots.register(Result, ResultPlots)
plots.register(Comparison, ComparisonPlots)
plots.register(Forecast, ForecastPlots)
plots.register(Backtest, BacktestPlots)
plots.register(Plan, PlanPlots)
plots.register(Sensitivity, SensitivityPlots)


def _headlines(result: Result) -> pl.DataFrame:
    """Headlines with an interval as rows of a chart, one panel per unit."""
    rows: list[dict[str, Any]] = []
    for row in result.headlines():
        numbers = {key: as_number(row.get(key)) for key in ("median", "low50", "high50", "low90", "high90")}
        unit = unit_of(str(row.get("statistic") or ""), str(row.get("series") or ""))
        if unit == "chance" or None in numbers.values():
            continue
        text = between(numbers["low90"], numbers["median"], numbers["high90"], unit)
        label = told(row.get("label") or str(row["id"]))
        rows.append({"panel": say(f"level.{unit}"), "label": label, **numbers, "text": text, "soft": False})
    order = [say(f"level.{unit}") for unit in ("people", "days", "share")]
    return pl.DataFrame(sorted(rows, key=lambda row: order.index(row["panel"])))


def _ids(result: Result) -> list[str]:
    scenario = result.scenario
    parts = (
        scenario.places,
        scenario.facilities,
        scenario.links,
        scenario.groups,
        scenario.pathways,
        scenario.outcomes,
    )
    return [key for part in parts for key in part or {}]


def _no_such(where: str, known: Sequence[str], what: str = "place or facility") -> str:
    near = difflib.get_close_matches(where, known, 1)
    return f"there is no {what} {where!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _figures(section: Section) -> list[Figure]:
    return [block for block in section.blocks if isinstance(block, Figure)]


def _first(section: Section, identifier: str = "") -> Shown:
    """The first figure of a section, or that of an id; ValueError with what the section says instead."""
    found = [figure for figure in _figures(section) if not identifier or figure.id == identifier]
    if not found:
        said = " ".join(str(getattr(block, "text", "")) for block in section.blocks[:1])
        raise ValueError(said or f"there is nothing to draw: {section.title}")
    return of_figure(found[0])


def _page(title: str, inside: str) -> str:
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {flow_map_csp()}"
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken()}"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}"><title>{escape(title)}</title>'
        f"<style>body {{ margin: 4px; }}</style></head><body>{inside}</body></html>\n"
    )


def _frame(title: str, page: str) -> str:
    """A page within a cell, apart from the notebook's own styles and scripts."""
    return (
        f'<iframe title="{escape(title, quote=True)}" sandbox="allow-scripts" srcdoc="{escape(page, quote=True)}" '
        f'style="width: 100%; height: {FRAME_HIGH}px; border: 0;"></iframe>'
    )
