"""Policies on the same luck: each is run on the same replicates and draws, so that differences are those of policy."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from posada.ensemble import Part, Progress, run
from posada.pictured import Pictured
from posada.planning.measures import BY_PERSON, Measure, measures, standard
from posada.planning.paired import Paired, paired
from posada.planning.totals import Totals
from posada.results import Result
from posada.scenario import Problems, Scenario, ScenarioErrors, Spot, load

AS_STATED = "as-stated"
ALL = "all"
CHANGE = [(name, pl.Float64) for name in ("before", "median", "low90", "high90", "mean")]
"""Columns of a table of changes: the median before, and the paired change."""


@dataclass(frozen=True)
class Side:
    """One side's numbers: what everything is compared with, and the policies, in the order in which they were named."""

    name: str
    """Empty for the numbers as stated."""
    against: Result
    policies: dict[str, Result]

    @cached_property
    def before(self) -> Totals:
        """Sums of what everything is compared with."""
        return Totals(self.against)

    @cached_property
    def after(self) -> dict[str, Totals]:
        """Sums of each policy."""
        return {policy: Totals(result) for policy, result in self.policies.items()}


@dataclass(frozen=True)
class Difference:
    """One measure under a policy and without it. `low`, `high` are the ends of 90 % intervals over the replicates."""

    side: str
    policy: str
    measure: Measure
    before: Measure
    paired: Paired | None


class Comparison(Pictured):
    """Policies held against another on equal luck. Tables are data frames; see `docs/results.md`."""

    def __init__(self, scenario: Scenario, sides: Sequence[Side], stopped: bool = False) -> None:
        self.scenario = scenario
        self.sides = tuple(sides)
        self.stopped = stopped

    @property
    def replicates(self) -> int:
        """How many each policy was run with."""
        return self.sides[0].against.replicates

    @property
    def names(self) -> list[str]:
        """The policies that are compared."""
        return list(self.sides[0].policies)

    @property
    def against(self) -> str:
        """What they are compared with."""
        return self.sides[0].against.policy

    def title(self, policy: str, in_language: Callable[[str], str] = str) -> str:
        """A policy in words: its title, or those of the policies that it is made of."""
        known = self.scenario.policies
        titles = [in_language(one.title) for one in known.values()]

        def told(name: str) -> str:
            title = in_language(known[name].title) if name in known else name
            return title if titles.count(title) < 2 or title == name else f"{title} ({name})"

        return " + ".join(told(name) for name in policy.split("+"))

    def climbed(self, side: Side, policy: str) -> list[str]:
        """For each measure of a policy's ladders: in how many replicates it was taken, and when it was decided."""
        taken = side.policies[policy].measures
        if taken is None:
            return []
        found = []
        for name in policy.split("+"):
            for number in range(1, len(self.scenario.policies[name].ladder) + 1):
                rows = taken.filter((pl.col("policy") == name) & (pl.col("rung") == number))
                told = f"measure {number} of {self.scenario.policies[name].title!r}: "
                if not rows.height:
                    found.append(f"{told}taken in none of the {self.replicates} replicates")
                    continue
                days = sorted(rows["decided"].to_list())
                when = f"decided on {days[0]}" if days[0] == days[-1] else f"decided from {days[0]} to {days[-1]}"
                found.append(f"{told}taken in {rows.height} of {self.replicates} replicates, {when}")
        return found

    @cached_property
    def differences(self) -> list[Difference]:
        """Every measure of every policy beside what it is compared with."""
        return [found for side in self.sides for found in differences_of(side)]

    @cached_property
    def moved(self) -> pl.DataFrame:
        """Where the queue moved: (side, policy, facility, name, place, before, median, low90, high90, mean).

        Person-days waiting, along the chain: those before, and the paired change.
        """
        rows = [row for side in self.sides for row in moved_of(side)]
        schema = [("side", pl.String), ("policy", pl.String), ("facility", pl.String), ("name", pl.String),
                  ("place", pl.String)]  # fmt: skip
        return pl.DataFrame(rows, schema=[*schema, *CHANGE], orient="row")

    @cached_property
    def by_attribute(self) -> pl.DataFrame:
        """Who gains and who loses: the same for each level of what results are broken down by."""
        rows = [row for side in self.sides for row in by_attribute_of(side)]
        schema = [(n, pl.String) for n in ("side", "policy", "attribute", "level", "measure", "label", "unit")]
        return pl.DataFrame(rows, schema=[*schema, *CHANGE], orient="row")

    def table(self) -> pl.DataFrame:
        """The differences as a table: (side, policy, id, label, family, unit, before..., after..., difference...)."""
        return pl.DataFrame([row_of(d) for d in self.differences], infer_schema_length=None)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.names)} with {self.against}, replicates={self.replicates}>"


def compare(
    scenario: Scenario | str | os.PathLike[str],
    policies: Sequence[str],
    *,
    against: str = AS_STATED,
    claims: str | None = None,
    replicates: int = 100,
    seed: int = 1,
    draws: pl.DataFrame | Callable[[Sequence[str]], pl.DataFrame] | None = None,
    draws_from: str = "",
    threads: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Run policies on the same luck as the scenario as it is stated, or as another policy (`against`).

    A policy is a name, or several joined by `+` that apply together, in order. `claims` takes one side's numbers for
    whatever is contested, or (`all`) those of each side in turn. `draws` and `draws_from` are as
    for `run`; a function gives those of each side by its policies, so that what was learnt of the numbers of a policy
    is used with it: `lambda names: calibration.ensemble(100, names)`. Ctrl-C keeps the policies that are done.

    Raises ScenarioErrors for policies or sides that the scenario does not have, and as `run` does.
    """
    stated = scenario if isinstance(scenario, Scenario) else load(os.fspath(scenario))
    check(stated, policies, against)
    versions = versions_of(stated, claims)
    whole = replicates * len(versions) * (len(policies) + 1)
    before = 0
    sides: list[Side] = []
    for name, version in versions.items():
        found: dict[str, Result] = {}
        try:
            for policy in (against, *policies):
                parts = [] if policy == AS_STATED else policy.split("+")
                told = Part(progress, before, whole)
                own = draws(parts) if callable(draws) else draws
                result = run(
                    version, replicates=replicates, seed=seed, policy=parts, draws=own, draws_from=draws_from,
                    threads=threads, progress=told,
                )  # fmt: skip
                before += replicates
                if result.replicates < replicates:
                    raise KeyboardInterrupt
                found[policy if policy not in found else f"{policy} again"] = result
        except KeyboardInterrupt:
            if len(found) < 2 and not sides:
                raise
            if len(found) > 1:
                sides.append(side_of(name, found))
            return Comparison(stated, sides, stopped=True)
        sides.append(side_of(name, found))
    return Comparison(stated, sides)


def side_of(name: str, found: dict[str, Result]) -> Side:
    """A side from its results, the first of which is what the others are compared with."""
    against, *policies = found
    return Side(name, found[against], {policy: found[policy] for policy in policies})


def check(scenario: Scenario, policies: Sequence[str], against: str) -> None:
    """Tell all policies that cannot be, before anything is run."""
    problems = Problems()
    if not policies:
        problems.add(Spot("", 0, 0), "name at least one policy to compare", sorted(scenario.policies))
    for twice in sorted({name for name in policies if policies.count(name) > 1}):
        problems.add(Spot("", 0, 0), f"the policy {twice!r} is named twice")
    for policy in (against, *policies):
        for name in [] if policy == AS_STATED else policy.split("+"):
            if name not in scenario.policies:
                problems.unknown(Spot("", 0, 0), "policy", name, [*scenario.policies, AS_STATED])
    if problems.found:
        raise ScenarioErrors(list(dict.fromkeys(problems.found)))
    for policy in (against, *policies):
        scenario.changes([] if policy == AS_STATED else policy.split("+"))


def versions_of(scenario: Scenario, claims: str | None) -> dict[str, Scenario]:
    """The scenario by the numbers of each side that is wanted; by those stated, under an empty name, for none."""
    if claims is None:
        return {"": scenario}
    if claims != ALL:
        return {claims: scenario.by_claims_of(claims)}
    names = list(scenario.sides())
    return {name: scenario.by_claims_of(name) for name in names} or {ALL: scenario.by_claims_of(ALL)}


def differences_of(side: Side) -> Iterator[Difference]:
    """Every measure of every policy of a side."""
    before = measures(side.before)
    for policy, totals in side.after.items():
        for was, now in zip(before, measures(totals), strict=True):
            yield Difference(side.name, policy, now, was, paired(now.values, was.values))


def moved_of(side: Side) -> Iterator[tuple[Any, ...]]:
    """The change of person-days waiting at each facility, along the chain."""
    for policy, totals in side.after.items():
        for name in side.before.order():
            facility = totals.facilities[name]
            before = side.before.waiting(name)
            change = paired(totals.waiting(name), before)
            if change is not None:
                yield (side.name, policy, name, facility.name, facility.at, float(np.median(before)), *ends(change))


def by_attribute_of(side: Side) -> Iterator[tuple[Any, ...]]:
    """The change of what matters to people, by each level of what results are broken down by."""
    levels = [(a, level) for a in side.against.scenario.record.by for level in levels_in(side.against, a)]
    for policy, totals in side.after.items():
        for of in levels:
            for old, new in zip(standard(side.before, of), standard(totals, of), strict=True):
                change = paired(new.values, old.values)
                if old.id in BY_PERSON and change is not None and (old.values.any() or new.values.any()):
                    yield (
                        side.name,
                        policy,
                        *of,
                        old.id,
                        old.label,
                        old.unit,
                        float(np.median(old.values)),
                        *ends(change),
                    )


def levels_in(result: Result, attribute: str) -> list[str]:
    """The levels of an attribute that anybody has."""
    table = result.stocks.filter(pl.col("attribute") == attribute)
    return [str(level) for level in table["level"].cast(pl.String).unique().sort().to_list()]


def ends(change: Paired) -> tuple[float, float, float, float]:
    """Median, 90 % interval and mean."""
    return change.median, change.low90, change.high90, change.mean


def row_of(d: Difference) -> dict[str, Any]:
    """A difference as a row of the table."""
    from posada.results import intervals

    found: dict[str, Any] = {
        "side": d.side, "policy": d.policy, "id": d.measure.id, "label": d.measure.label, "family": d.measure.family,
        "unit": d.measure.unit,
    }  # fmt: skip
    for word, values in (("before", d.before.values), ("after", d.measure.values)):
        told = intervals(values)
        found |= {word: told["median"], f"{word}_low90": told["low90"], f"{word}_high90": told["high90"]}
    p = d.paired
    names = ("median", "low50", "high50", "low90", "high90", "mean", "half_width", "more", "less")
    found |= {f"difference_{name}": None if p is None else getattr(p, name) for name in names}
    found |= {"narrower": None if p is None else p.narrower, "unpaired_replicates": None if p is None else p.unpaired}
    return found
