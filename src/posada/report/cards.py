"""How a result, a comparison, a plan and a sensitivity show themselves in a notebook: what they are, and a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import singledispatch
from html import escape

from posada.forecasting import Backtest, Forecast, skill_lines
from posada.planning import Comparison, Plan, plan_words
from posada.report.flow_map import still_of
from posada.report.plots import plots
from posada.report.sections import answer
from posada.report.shown import Shown
from posada.report.words import day
from posada.results import Result, Sensitivity
from posada.words import say, told

MOST = 14
"""Headlines that a card shows; the others are told of by their number."""


@singledispatch
def card(thing: object) -> str:
    """Something as HTML for a cell."""
    raise TypeError(f"there is no card of {type(thing).__name__}")


@card.register
def _(result: Result) -> str:
    scenario = result.scenario
    facts = [say("page.period", start=day(scenario.start), end=day(scenario.end))]
    if result.policy and result.policy != "as-stated":
        facts.append(say("page.policy", policy=result.policy))
    facts.append(say("made.runs", runs=_runs(result.replicates), seed=result.seed))
    answers = [answer(row) for row in result.headlines()]
    rows = [(f"{say('page.assumed')} {a.label}" if a.assumed else a.label, a.text) for a in answers]
    more = [say("card.more", n=len(rows) - MOST)] if len(rows) > MOST else []
    drawn = still_of(result, say("card.map", title=told(scenario.title)))
    return _card(told(scenario.title), facts, [_table(rows[:MOST]), *more, drawn], ("map", "headlines", "stock"))


@card.register
def _(found: Comparison) -> str:
    facts = [", ".join(found.title(name) for name in found.names), _runs(found.replicates)]
    return _card(
        f"{found.scenario.title}: policies compared", facts, _pictures(plots(found).changes), ("changes", "moved")
    )


@card.register
def _(found: Forecast) -> str:
    facts = [f"issued {day(found.issued)}, up to {day(found.last)}", f"{found.known.height:,} counts seen"]
    title = f"{found.about.get('title', '')}: what will be counted"
    return _card(title, facts, _pictures(plots(found).ahead), ("ahead",))


@card.register
def _(found: Backtest) -> str:
    facts = [f"{len(found.forecasts):,} forecasts", *skill_lines(found.scores)]
    return _card(
        f"{found.scenario.title}: forecasts and what came", facts, _pictures(plots(found).fans), ("fans", "skill")
    )


@card.register
def _(found: Plan) -> str:
    facts = [plan_words.answer(found)] if found.best is not None else [line.plain for line in plan_words.no_plan(found)]
    return _card(
        f"{found.scenario.title}: a plan of capacities", facts, _pictures(plots(found).frontier), ("frontier",)
    )


@card.register
def _(found: Sensitivity) -> str:
    facts = [_runs(found.replicates)]
    pictures = _pictures(plots(found).first)
    return _card(f"{told(found.scenario.title)}: {say('drivers.section')}", facts, pictures, ("first", "rests"))


def _runs(n: int) -> str:
    return say("page.runs", n=n, count=f"{n:,}")


def _pictures(draw: Callable[[], Shown]) -> list[str]:
    """The picture, if there is anything to draw."""
    with suppress(ValueError):
        shown = draw()
        return [shown.svg, f"<p>{escape(shown.text)}</p>"]
    return []


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f'<tr><th scope="row" style="text-align: left; font-weight: 400">{escape(label)}</th>'
        f'<td style="text-align: left"><strong>{escape(text)}</strong></td></tr>'
        for label, text in rows
    )
    return f"<table>{cells}</table>" if rows else ""


def _card(title: str, facts: Sequence[str], parts: Sequence[str], methods: Sequence[str]) -> str:
    """A heading, a line of facts, what stands below, and which pictures there are."""
    names = ", ".join(f"<code>.plot.{name}({'...' if name == 'stock' else ''})</code>" for name in methods)
    return (
        f'<div style="max-width: 60rem"><h4 style="margin: .3em 0">{escape(title)}</h4>'
        f"<p>{escape(' · '.join(facts))}</p>{''.join(parts)}<p><small>{names}</small></p></div>"
    )
