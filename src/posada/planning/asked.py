"""What plans may be about: waits, unmet need, days detained, days apart, nights outside and cost. Else: refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase

from posada.engine import BIN_EDGES_DAYS
from posada.planning.requirements import (
    STATISTICS,
    Comparison,
    Cost,
    Linear,
    Measure,
    Reader,
    Requirement,
    TextError,
    What,
    read_requirements,
)
from posada.planning.varied import Varied
from posada.scenario import (
    FLOWS,
    STOCKS,
    Problem,
    Problems,
    Scenario,
    ScenarioErrors,
    Series,
    Spot,
    check_series,
    parse_series,
    record_intervals,
)

ALLOWED = {
    "wait": "waits",
    "waiting": "waits",
    "all_waiting": "waits",
    "no_bed": "unmet need",
    "nights_no_bed": "unmet need",
    "refused": "unmet need",
    "gave_up": "unmet need",
    "occupied": "days detained (holding), nights outside (camp)",
    "nights": "days detained (holding), nights outside (camp)",
    "apart": "days apart",
    "children_apart": "days apart",
}
"""Series that plans may be about, and under which head."""
HOLDERS = {"holding": "holding", "camp": "camp"}
WHY = (
    "plans are about waits, unmet need, days detained, days apart, nights outside and cost; "
    "never about arrivals, claims, grants, removals or arrests"
)
NOT_PRICED = ("ended", "took", "set_out", "arrived", "left", "travelled", "travelling", "present", "active", "parted",
              "rejoined", "in_stage")  # fmt: skip
"""Series whose price would make a plan about who comes, what they ask for, or what is decided."""
KINDS = {"flow": ("sum",), "stock": ("person_days", "mean", "last", "max", "days_over"),
         "wait": ("mean_days", "p90_days", "share_within")}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is asked of a plan, once it is known to be sensible: what must be met, and what is to be small."""

    requirements: tuple[Requirement, ...]
    budgets: tuple[Comparison, ...]
    """Limits of capacities alone, which need no simulation."""
    objective: What
    objective_text: str
    until: date | None
    """The first day that need not be simulated; None if all days must be."""


def read_asked(scenario: Scenario, varied: Sequence[Varied], require: Sequence[str], minimise: str) -> Asked:
    """Requirements and objective of a plan for a scenario; ScenarioErrors tells all that is wrong."""
    found, problems = read_requirements(require, varied)
    if not require:
        problems.append(Problem("", 0, 0, "say what the plan must meet, such as 'max(no_bed:*) <= 0'"))
    objective: What | None = None
    try:
        objective = Reader(minimise, varied).objective()
    except TextError as error:
        problems.append(error.problem("minimise", 1))
    bound: list[Requirement] = []
    budgets: list[Comparison] = []
    for number, one in enumerate(found, 1):
        sides = [replace(c, what=checked(c.what, "require", number, scenario, problems, c)) for c in one.comparisons]
        budgets += [c for c in sides if isinstance(c.what, Linear)]
        needs = tuple(c for c in sides if not isinstance(c.what, Linear))
        if needs:
            bound.append(replace(one, comparisons=needs))
    if objective is not None:
        objective = checked(objective, "minimise", 1, scenario, problems)
        if isinstance(objective, Measure) and objective.statistic == "share_within":
            problems.append(
                Problem("minimise", 1, objective.column, "a share served in time is not minimised; require it")
            )
        if isinstance(objective, Linear) and budgets:
            message = "a limit of capacities goes with a minimised need; narrow --vary instead, or minimise a need"
            problems.append(Problem("require", 1, 0, message))
    if not problems and not bound and budgets and isinstance(objective, Linear):
        problems.append(Problem("require", 1, 0, "nothing is required but capacities"))
    if problems or objective is None:
        raise ScenarioErrors(problems)
    ends = [*(c.what for r in bound for c in r.comparisons), objective]
    last = max((last_day(what, scenario) for what in ends), default=scenario.end)
    until = last + timedelta(days=1) if last < scenario.end else None
    return Asked(tuple(bound), tuple(budgets), objective, minimise.strip(), until)


def checked(
    what: What, of: str, number: int, scenario: Scenario, problems: list[Problem], limit: Comparison | None = None
) -> What:
    """The same with its series bound to the scenario; what is refused, or does not exist, is noted."""
    if isinstance(what, Cost):
        check_prices(Spot(of, number, what.column), scenario, problems)
    if not isinstance(what, Measure):
        return what
    spot = Spot(of, number, what.column)
    verb = parse_series(what.address).verb
    if verb in STOCKS | FLOWS and verb not in ALLOWED:
        problems.append(Problem(*spot, f"{verb} cannot be planned for: {WHY}", tuple(ALLOWED)))
        return what
    own = Problems()
    series = series_of(what, spot, scenario, own)
    if not own.found:
        check_statistic(what, spot, own)
        check_dates(what, spot, scenario, own)
    problems += own.found
    bound = limit.bound if limit is not None else None
    return what if own.found else with_limit(replace(what, series=series), scenario, bound)


def series_of(what: Measure, spot: Spot, scenario: Scenario, problems: Problems) -> tuple[Series, ...]:
    """The series that an address names; `*` in it stands for all facilities that have such a series."""
    pattern = parse_series(what.address)
    if "*" not in pattern.where:
        found = check_series(what.address, spot, scenario, problems)
        if found is not None and found.verb in ("nights", "occupied"):
            kind = scenario.facilities[found.where].kind
            if kind not in HOLDERS:
                rule = f"{found.verb} of {kind} is service, not need: only days in holding and nights in a camp count"
                problems.add(spot, f"{rule}; {WHY}", [k for k, f in scenario.facilities.items() if f.kind in HOLDERS])
        return () if found is None else (found,)
    if pattern.verb in ("nights", "occupied"):
        problems.add(spot, f"name the facility of {pattern.verb}: days detained and nights outside are not added up")
        return ()
    named = [name for name in scenario.facilities if fnmatchcase(name, pattern.where)]
    found_all = []
    for name in named:
        one = Problems()
        series = check_series(what.address.replace(pattern.where, name, 1), spot, scenario, one)
        if series is not None:
            found_all.append(series)
        elif pattern.attribute is not None and any("level" in p.message or "broken" in p.message for p in one.found):
            problems.found += one.found
            return ()
    if not found_all:
        problems.add(spot, f"no facility fits {what.address}", sorted(scenario.facilities))
    return tuple(found_all)


def check_statistic(what: Measure, spot: Spot, problems: Problems) -> None:
    """A statistic must fit its series; waits are counted by class, so a limit must be the edge of one."""
    kind = parse_series(what.address).kind
    wanted = STATISTICS.get(what.statistic, "wait")
    if kind != wanted:
        problems.add(spot, f"{what.statistic} is of a {wanted}, but {what.address} is a {kind}", KINDS[kind])
    if what.statistic == "share_within" and what.argument is not None:
        edges = BIN_EDGES_DAYS[1:]
        near = min(edges, key=lambda edge: abs(edge - float(what.argument or 0)))
        if abs(near - what.argument) > 1e-9:
            within = f"waits are counted in classes, and {what.argument:g} days is within one"
            rule = f"{within}; the nearest edge is {near:g} days"
            problems.add(spot, rule, [f"{edge:g} days" for edge in edges])


def check_dates(what: Measure, spot: Spot, scenario: Scenario, problems: Problems) -> None:
    """Dates must be within the scenario's."""
    for word, day in (("from", what.from_), ("to", what.to)):
        if day is not None and not scenario.start <= day <= scenario.end:
            problems.add(spot, f"'{word} {day}' is outside the scenario ({scenario.start} to {scenario.end})")


def with_limit(what: Measure, scenario: Scenario, bound: float | None) -> Measure:
    """Of waits with a limit: the limit, and by when people must come for theirs to be over, or too long, by the end."""
    if what.percentile:
        what = replace(what, argument=bound)
    if what.to is not None or not what.is_wait or what.argument is None:
        return what
    last = scenario.end - timedelta(days=math.ceil(what.argument))
    return replace(what, to=max(last, what.from_ or scenario.start))


def check_prices(spot: Spot, scenario: Scenario, problems: list[Problem]) -> None:
    """A cost needs prices, and none of who comes, what they ask for, or what is decided."""
    if not scenario.prices:
        problems.append(Problem(*spot, "the scenario states no prices; minimise capacities with weights instead"))
    for price in scenario.prices.values():
        if parse_series(price.series).verb in NOT_PRICED:
            problems.append(Problem(*spot, f"the cost has a price for {price.series}: {WHY}"))


def last_day(what: What, scenario: Scenario) -> date:
    """The last day that must be simulated to know something."""
    if isinstance(what, Linear):
        return scenario.start
    if isinstance(what, Cost) or what.to is None:
        return scenario.end
    ends = [end for start, end in record_intervals(scenario) if start <= what.to]
    last = ends[-1] - timedelta(days=1)
    if what.is_wait:
        if what.argument is None:
            return scenario.end
        last += timedelta(days=math.ceil(what.argument))
    return min(last, scenario.end)
