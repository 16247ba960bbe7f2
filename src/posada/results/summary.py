"""The answer in short: for `--json`, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from posada.results.checks import scores
from posada.results.headlines import intervals
from posada.results.series import array_of, at_end_of
from posada.scenario import Series, parse_series

if TYPE_CHECKING:
    from posada.results.result import Result

Array = np.ndarray[Any, Any]

AFTER = (7, 14, 21, 30, 35, 40, 60, 98, 365, 3 * 365, 7 * 365, 10 * 365)
"""Days after the start at which people are counted by stage, besides the end; at the end of their record interval."""


def focus_group(result: Result) -> str | None:
    """The group that the scenario is about: the one that half of the headlines name, else the only one."""
    named = [
        s.level
        for s in (parse_series(h.series) for h in result.scenario.headlines.values())
        if s.attribute == "group" and s.level
    ]
    if named:
        most = max(sorted(set(named)), key=named.count)
        return most if 2 * named.count(most) >= len(result.scenario.headlines) else None
    groups = list(result.scenario.groups)
    return groups[0] if len(groups) == 1 and "group" in result.scenario.record.by else None


def summary(result: Result) -> dict[str, Any]:
    """Everything that the terminal shows, as plain data; intervals are central 50 % and 90 %."""
    group = focus_group(result)
    checks = result.checks()
    assumptions = result.assumptions()
    kinds = [a["kind"] for a in assumptions]
    return {
        "posada": result.version,
        "scenario": result.info.scenario,
        "title": result.scenario.title,
        "hash": result.hash,
        "seed": result.seed,
        "replicates": result.replicates,
        "policy": result.policy,
        "command": result.command,
        "group": group,
        "headlines": [{k: v for k, v in h.items() if k != "values"} for h in result.headlines()],
        "stages": _stages(result, group),
        "queues": _queues(result, group),
        "nights": _nights(result, group),
        "outcomes": _outcomes(result, group),
        "under_way": _under_way(result, group),
        "in_all": _in_all(result, group),
        **({} if result.precision is None else {"precision": _precision(result)}),
        **({} if result.kept_history is None else {"history": result.kept_history.size()}),
        "checks": scores(checks),
        "assumptions": {
            "assumed": kinds.count("assumed"),
            "evidence": kinds.count("evidence"),
            "without_source": kinds.count("unsourced"),
            "list": [
                {k: a[k] for k in ("path", "value", "low", "high", "unit", "assumed")}
                for a in assumptions
                if a["kind"] == "assumed"
            ],
            "list_without_source": [a["path"] for a in assumptions if a["kind"] == "unsourced"],
        },
    }


def _precision(result: Result) -> dict[str, Any]:
    """How well the means are known, of a run that went on until they were known well enough."""
    reached = result.precision
    return {
        "share": reached.goal.share,
        "at_most": reached.goal.at_most,
        "met": reached.met,
        "means": [asdict(mean) for mean in reached.means],
    }


def _array(result: Result, verb: str, where: str, group: str | None) -> Array:
    """A series of the group: record intervals by replicates."""
    return array_of(result, Series(verb, where, "group" if group else None, group))


def _interval_end(result: Result, day: date) -> date:
    """The last day of the record interval that holds a day."""
    after = [start for start in result.starts.astype(object) if start > day]
    return min(after) - timedelta(days=1) if after else result.scenario.end


def _stages(result: Result, group: str | None) -> list[dict[str, Any]]:
    """People by stage at the end of some days; stages with nobody at 95 % are left out."""
    s = result.scenario
    days = sorted({_interval_end(result, s.start + timedelta(days=n - 1)) for n in AFTER} | {s.end})
    per_stage = {stage: _array(result, "in_stage", stage, group) for stage in s.pathways}
    found = []
    for day in days:
        if day > s.end:
            continue
        for stage, values in per_stage.items():
            people = intervals(at_end_of(result, values, day))
            if people["high90"]:
                found.append({"date": day, "stage": stage, **people})
    return found


def _queues(result: Result, group: str | None) -> list[dict[str, Any]]:
    """Waiting and let through at each gate, day by day while there is a queue of the group."""
    found = []
    daily = [i for i, (start, end) in enumerate(result.record) if (end - start).days == 1]
    for name, facility in result.scenario.facilities.items():
        if facility.kind != "gate":
            continue
        waiting, through = _array(result, "waiting", name, group), _array(result, "served", name, group)
        days = []
        for i in daily:
            if waiting[i].any() or through[i].any():
                here, taken = intervals(waiting[i]), intervals(through[i])
                if (here["high90"] or 0) >= 1 or (taken["high90"] or 0) >= 1:
                    days.append({"date": result.record[i][0], "waiting": here, "served": taken})
        found.append({"facility": name, "name": facility.name, "days": days})
    return found


def _nights(result: Result, group: str | None) -> list[dict[str, Any]]:
    """Person-nights without a bed, and outside shelters, per shelter or camp over the whole run."""
    found = []
    for name, facility in result.scenario.facilities.items():
        for kind, verb in (("beds", "nights_no_bed"), ("camp", "nights")):
            if facility.kind == kind:
                people = intervals(_array(result, verb, name, group).sum(axis=0))
                if people["high90"]:
                    found.append({"facility": name, "name": facility.name, "kind": verb, **people})
    return found


def _outcomes(result: Result, group: str | None) -> list[dict[str, Any]]:
    """People by outcome at the end of the run."""
    found = []
    for name, outcome in result.scenario.outcomes.items():
        people = intervals(_array(result, "ended", name, group).sum(axis=0))
        if people["high90"]:
            found.append({"outcome": name, "label": outcome.label, "final": outcome.final, **people})
    return sorted(found, key=lambda row: -(row["median"] or 0))


def _under_way(result: Result, group: str | None) -> dict[str, Any]:
    """People whose pathway has not ended at the end of the run."""
    return intervals(at_end_of(result, _array(result, "active", "chain", group), result.scenario.end))


def _in_all(result: Result, group: str | None) -> dict[str, Any]:
    """Everybody with an outcome, and those still under way: in each replicate the two add up to this."""
    under_way = at_end_of(result, _array(result, "active", "chain", group), result.scenario.end)
    ended = [_array(result, "ended", name, group).sum(axis=0) for name in result.scenario.outcomes]
    return intervals(sum(ended, under_way))


def summary_text(found: dict[str, Any], full: bool = False, about: str = "") -> Sequence[Any]:
    """The summary as Rich tables and lines, in the order of reading; `full` leaves nothing out.

    `about` keeps only the headlines whose question or label contains these words.
    """
    from posada.results.terminal import render

    return render(found, full, about)
