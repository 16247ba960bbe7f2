"""Counts that were observed beside what the model says; scores for those that set nothing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from posada.results.headlines import intervals, values_of
from posada.results.series import STATES, array_of, at_end_of, window
from posada.scenario import Headline, Observation, parse_series

if TYPE_CHECKING:
    from posada.results.result import Result

MISS = 2 / 0.1
"""What a miss costs in the interval score of a 90 % interval (Gneiting and Raftery 2007)."""

OUTSIDE = ("id", "series", "from_", "to", "counted", "median", "low90", "high90")
"""What the summary tells of a check that lies outside its interval."""


def checks(result: Result) -> list[dict[str, Any]]:
    """One row per observation, in order of its date."""
    ordered = sorted(result.scenario.observations.values(), key=lambda o: (o.to or o.from_ or date.min, o.id))
    ratio = _best_ratio(ordered)
    rows: list[dict[str, Any]] = []
    for i, o in enumerate(ordered):
        values = model_values(result, o)
        found = intervals(values)
        counted = _value(o)
        low, high = found["low90"], found["high90"]
        row: dict[str, Any] = {
            "id": o.id,
            "series": o.series,
            "from_": o.from_,
            "to": o.to,
            "counted": counted,
            "low": o.low,
            "high": o.high,
            "qualifier": o.qualifier,
            "use": o.use,
            "evidence": list(o.evidence),
            **found,
            "inside": None,
            "interval_score": None,
            "last_value": None,
            "last_value_score": None,
        }
        if o.use == "check" and counted is not None and low is not None and high is not None:
            row["inside"] = low <= counted <= high
            row["interval_score"] = interval_score(low, high, counted)
            last = _last(o, ordered[:i])
            if last:
                row["last_value"] = last
                row["last_value_score"] = interval_score(last / ratio, last * ratio, counted)
        rows.append(row)
    return rows


def scores(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """How the checks did together; the comparison with the last value is over the checks that have one."""
    scored = [r for r in rows if r["inside"] is not None]
    if not scored:
        return {"checks": 0}
    paired = [r for r in scored if r["last_value_score"] is not None]
    widths = [(r["high90"] - r["low90"]) / r["counted"] for r in scored if r["counted"]]
    return {
        "checks": len(scored),
        "inside": sum(r["inside"] for r in scored),
        "outside": [{k: r[k] for k in OUTSIDE} for r in scored if not r["inside"]],
        "share_inside": float(np.mean([r["inside"] for r in scored])),
        "mean_relative_width": float(np.mean(widths)) if widths else None,
        "interval_score": float(np.mean([r["interval_score"] for r in scored])),
        "paired": len(paired),
        "interval_score_paired": float(np.mean([r["interval_score"] for r in paired])) if paired else None,
        "last_value_score": float(np.mean([r["last_value_score"] for r in paired])) if paired else None,
    }


def interval_score(low: float, high: float, x: float) -> float:
    """Width plus 20 times the distance by which a 90 % interval is missed; smaller is better."""
    return high - low + MISS * (max(0.0, low - x) + max(0.0, x - high))


def _value(o: Observation) -> float | None:
    """What was counted: the value, else the middle of its range, else its only bound."""
    if o.value is not None:
        return o.value
    bounds = [b for b in (o.low, o.high) if b is not None]
    return sum(bounds) / len(bounds) if bounds else None


def model_values(result: Result, o: Observation) -> list[float]:
    """The observed series in each replicate: a flow summed over its dates, a stock at the end of the last one.

    Of a wait, the mean in days of those served who joined within the dates; nan where there are none.
    """
    series = parse_series(o.series)
    first, last = o.from_ or o.to or result.scenario.start, o.to or o.from_ or result.scenario.end
    if series.kind == "wait":
        return [float(x) for x in values_of(result, Headline(o.id, o.id, o.series, first, last, "mean_days"))]
    values = array_of(result, series)
    if series.verb in STATES:
        return [float(x) for x in at_end_of(result, values, last)]
    return [float(x) for x in values[window(result, first, last)].sum(axis=0)]


def _comparable(o: Observation, before: Observation) -> bool:
    """Whether a count is an earlier one of the same kind: the same state or event of the same people."""
    a, b = parse_series(o.series), parse_series(before.series)
    same = (a.verb, a.attribute, a.level) == (b.verb, b.attribute, b.level)
    earlier = (before.to or date.min) < (o.to or date.min)
    return same and earlier and ((o.from_ == o.to) == (before.from_ == before.to) or a.verb in STATES)


def _last(o: Observation, before: list[Observation]) -> float | None:
    """The last comparable count before this one, of the same place if there is one."""
    found = [b for b in before if _comparable(o, b) and _value(b) is not None]
    here = [b for b in found if parse_series(b.series).where == parse_series(o.series).where]
    chosen = (here or found)[-1:]
    return _value(chosen[0]) if chosen else None


def _best_ratio(ordered: list[Observation]) -> float:
    """The ratio r that makes `last value / r to last value x r` score best on the checks.

    It is chosen with hindsight, from the very counts that it is scored on: no honest interval around the last value
    could score better.
    """
    pairs = []
    for i, o in enumerate(ordered):
        last, now = _last(o, ordered[:i]), _value(o)
        if o.use == "check" and last and now is not None:
            pairs.append((last, now))
    if not pairs:
        return 1.0
    grid = np.exp(np.linspace(0.0, np.log(20.0), 400))
    means = [np.mean([interval_score(last / r, last * r, now) for last, now in pairs]) for r in grid]
    return float(grid[int(np.argmin(means))])
