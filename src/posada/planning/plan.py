"""`posada.plan`: the smallest or cheapest capacities that meet what is required, and how sure that is."""

from __future__ import annotations

import hashlib
import math
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from posada import __version__
from posada.ensemble import cores
from posada.pictured import Pictured
from posada.planning.asked import read_asked
from posada.planning.diary import Diary
from posada.planning.evaluate import Array, Bench, Candidate, OutOfTime, PlanProgress, Question, holds
from posada.planning.proposals import optuna
from posada.planning.search import Search, most, partial_front
from posada.planning.sureness import Sureness, bootstrap, wilson
from posada.planning.varied import Ends, Varied, read_varied
from posada.scenario import Scenario, load

WITHIN = 300.0
"""Seconds, if nothing is said."""
AT_WORK = 0.94
"""The share of the time after which no candidate is begun any more: the last one, and the page, take a moment."""


@dataclass(frozen=True)
class Reached:
    """How often a requirement is met: in the replicates that chose the plan, and in fresh ones with an interval."""

    text: str
    probability: float
    stated: bool
    reached: float
    fresh: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Beside:
    """A plan next to the best: what it costs, and how often each requirement is met."""

    values: tuple[int, ...]
    changed: str
    cost: float
    reached: tuple[float, ...]
    at_most: bool
    """Whether it was given up once it was clear that it fails, so that it reaches this at most."""
    meets_all: bool


class Plan(Pictured):
    """What a search for capacities came to. Tables are data frames; `docs/how-to/plan-capacity.md` reads one."""

    def __init__(self, question: Question, bench: Bench, search: Search, fresh: Array | None, seconds: float) -> None:
        self.question = question
        self.bench = bench
        self.search = search
        self.seconds = seconds
        self._fresh = fresh

    @property
    def scenario(self) -> Scenario:
        """The scenario up to the last day that matters."""
        return self.question.scenario

    @property
    def varied(self) -> tuple[Varied, ...]:
        """What might vary."""
        return self.question.varied

    @property
    def best(self) -> dict[str, int] | None:
        """The plan: each capacity by its path; None if none was found that meets what is required."""
        if self.search.best is None:
            return None
        names = [v.name for v in self.varied]
        return dict(zip(names, self.question.values(self.search.best), strict=True))

    @property
    def cost(self) -> float | None:
        """What is minimised, of the plan."""
        return None if self.search.best is None else self.bench.cost(self.search.best)

    @property
    def sets(self) -> list[str]:
        """The plan as texts `PATH=VALUE` for `posada run --set`."""
        return [] if self.search.best is None else self.question.sets(self.search.best)

    @property
    def proven(self) -> bool:
        """Whether every cheaper candidate is known to fail (on these replicates)."""
        return self.search.proven

    @property
    def stopped(self) -> bool:
        """Whether Ctrl-C ended the search."""
        return self.search.stopped

    @property
    def fresh_replicates(self) -> int:
        """How many fresh replicates the plan was held against."""
        return 0 if self._fresh is None else self._fresh.shape[1]

    @cached_property
    def reached(self) -> list[Reached]:
        """Each requirement: how often the plan meets it."""
        best = self.search.best
        if best is None:
            return []
        found = []
        for j, r in enumerate(self.question.asked.requirements):
            share = self.bench.reached(self.bench.tried[best], j)[0]
            fresh = None if self._fresh is None else float(self.question.met(self._fresh, j).mean())
            low, high = (None, None) if fresh is None else wilson(fresh, self.fresh_replicates)
            found.append(Reached(r.text, r.probability, r.stated, share, fresh, low, high))
        return found

    def beside(self, by: int) -> list[Beside]:
        """Plans one step below or above the best, as far as they were run."""
        best = self.search.best
        if best is None:
            return []
        found = []
        for point in self.search.beside(best, by):
            candidate = self.bench.tried.get(point)
            if candidate is None or self.bench.feasible(candidate) is None:
                continue
            i = next(i for i, (a, b) in enumerate(zip(point, best, strict=True)) if a != b)
            reached = tuple(self.bench.reached(candidate, j)[1] for j in range(len(self.question.asked.requirements)))
            changed = f"{self.varied[i].name}={self.varied[i].value(point[i])}"
            meets = bool(self.bench.feasible(candidate))
            found.append(
                Beside(
                    self.question.values(point),
                    changed,
                    self.bench.cost(point),
                    reached,
                    not candidate.done.all(),
                    meets,
                )
            )
        return found

    @cached_property
    def candidates(self) -> pl.DataFrame:
        """Every candidate that was tried, the cheapest first.

        A column for each capacity; cost, replicates (that were run), meets_all, how (it was found); and for each
        requirement `reached_N` and `at_most_N`, which differ where a candidate was given up early.
        """
        rows = []
        for candidate in self.bench.tried.values():
            row: dict[str, Any] = {
                v.name: x for v, x in zip(self.varied, self.question.values(candidate.point), strict=True)
            }
            cost = self.bench.cost(candidate.point)
            row |= {"cost": cost if math.isfinite(cost) else None, "replicates": candidate.replicates}
            row |= {"meets_all": bool(self.bench.feasible(candidate)), "how": candidate.how}
            for j in range(len(self.question.asked.requirements)):
                low, high = self.bench.reached(candidate, j)
                row |= {f"reached_{j + 1}": low, f"at_most_{j + 1}": high}
            rows.append(row)
        table = pl.DataFrame(rows, infer_schema_length=None)
        return table.sort(["cost", *(v.name for v in self.varied)], nulls_last=True) if rows else table

    @cached_property
    def frontier(self) -> pl.DataFrame:
        """The cheapest plans for each probability: (capacities, cost, probability), of candidates run to their end.

        `probability` is the least over the requirements, if there are several.
        """
        rows, highest = [], -1.0
        finished = [c for c in self.bench.tried.values() if c.done.all()]
        for c in sorted(finished, key=lambda c: (self.bench.cost(c.point), -most(self.bench, c))):
            if most(self.bench, c) > highest:
                highest = most(self.bench, c)
                own = {v.name: x for v, x in zip(self.varied, self.question.values(c.point), strict=True)}
                rows.append({**own, "cost": self.bench.cost(c.point), "probability": highest})
        return pl.DataFrame(rows, infer_schema_length=None)

    @cached_property
    def sureness(self) -> Sureness | None:
        """How sure it is that the best is best, by the bootstrap; None without a plan that was run in full."""
        best = self.search.best
        if best is None or not self.bench.tried[best].done.all():
            return None
        return bootstrap(self.question, self.bench, best)

    @property
    def misses(self) -> list[tuple[str, float, float, list[str]]]:
        """If there is no plan: (requirement, probability wanted, reached at most, what fails), all at its highest."""
        top = self.bench.tried.get(self.search.top)
        if self.search.best is not None or top is None:
            return []
        found = []
        for j, r in enumerate(self.question.asked.requirements):
            reached = self.bench.reached(top, j)[1]
            if reached < r.probability - 1e-9:
                found.append((r.text, r.probability, reached, by_how_much(self.question, top, j)))
        return found

    @property
    def command(self) -> str:
        """The command that runs the scenario with the plan."""
        import shlex

        q = self.question
        words = ["posada", "run", q.scenario.folder.name or q.scenario.title]
        words += [w for name in q.policies for w in ("--policy", name)]
        words += [w for text in self.sets for w in ("--set", text)]
        words += ["--seed", str(q.seed), "--calibration", q.draws_from] if q.draws_from else []
        return shlex.join(words)

    def __repr__(self) -> str:
        return f"<Plan {self.best} cost={self.cost} tried={len(self.bench.tried)}>"


def plan(
    scenario: Scenario | str | os.PathLike[str],
    *,
    vary: Mapping[str, Ends] | Sequence[str],
    require: Sequence[str] | str,
    minimise: str = "total",
    replicates: int = 100,
    seed: int = 1,
    policy: str | Sequence[str] = (),
    draws: pl.DataFrame | None = None,
    draws_from: str = "",
    within: float = WITHIN,
    fresh: int | None = None,
    out: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: PlanProgress | None = None,
) -> Plan:
    """Find the smallest or cheapest capacities with which requirements are met.

    `vary` maps paths of capacities of facilities to (low, high) or (low, high, step), or lists texts
    `PATH=LOW..HIGH[:STEP]`. `require` is one requirement or several, such as `max(no_bed:*) <= 0 with probability 0.9`;
    `minimise` is a sum of the capacities that vary (`total`, `2 * facilities.a.staff + facilities.b.beds`), or a need.
    All candidates are tried on the same `replicates` of `seed`; the answer is then held against as many `fresh` ones.
    `draws` and `draws_from` are as for `run`; fresh replicates, which are counted on, should have theirs too.
    The search takes at most about `within` seconds. With `out`, candidates are kept in a file of that folder as they
    are tried, and a second call with the same question goes on there. Ctrl-C ends the search and keeps what is done.

    Raises ScenarioErrors for anything in vary, require or minimise that cannot be, or that plans must not be about;
    ResultError if `out` holds something else; ValueError for other arguments; NotInstalled without Optuna.
    """
    if replicates < 2 or within <= 0 or (fresh is not None and fresh < 0):
        raise ValueError("a plan needs at least 2 replicates, some time, and no negative number of fresh replicates")
    optuna()
    begun = time.monotonic()
    question = ask(scenario, vary, require, minimise, replicates, seed, policy)
    question = replace(question, draws=draws, draws_from=draws_from)
    diary = Diary(None if out is None else Path(out), about(question))
    fresh = replicates if fresh is None else fresh
    bench = Bench(question, diary, threads or cores(), progress, deadline=begun + AT_WORK * within, fresh_wanted=fresh)
    search = Search(bench)
    found: Array | None = None
    try:
        search.run()
        if not search.stopped:
            bench.searching = False
            found = look_around(bench, search, fresh)
    except KeyboardInterrupt:
        search.stopped = True
    finally:
        diary.close()
    return Plan(question, bench, search, found, time.monotonic() - begun)


def ask(
    scenario: Scenario | str | os.PathLike[str],
    vary: Mapping[str, Ends] | Sequence[str],
    require: Sequence[str] | str,
    minimise: str,
    replicates: int,
    seed: int,
    policy: str | Sequence[str],
) -> Question:
    """The question, checked; the scenario ends where the last day that matters does."""
    stated = scenario if isinstance(scenario, Scenario) else load(os.fspath(scenario))
    policies = (policy,) if isinstance(policy, str) else tuple(policy)
    stated.changes(policies)
    varied = read_varied(stated, vary)
    asked = read_asked(stated, varied, [require] if isinstance(require, str) else list(require), minimise)
    shorter = stated.until(asked.until) if asked.until is not None else stated
    return Question(shorter, varied, asked, replicates, seed, policies)


def about(question: Question) -> dict[str, Any]:
    """What a diary says of its question: candidates of another one are of no use."""
    return {
        "scenario": question.scenario.hash,
        "vary": [[v.name, v.low, v.high, v.step] for v in question.varied],
        "require": [[r.text, r.probability] for r in question.asked.requirements]
        + [[c.text, 1.0] for c in question.asked.budgets],
        "minimise": question.asked.objective_text,
        "replicates": question.replicates,
        "seed": question.seed,
        "policies": list(question.policies),
        "version": __version__,
        **({} if question.draws is None else {"draws": fingerprint(question.draws)}),
    }


def fingerprint(draws: pl.DataFrame) -> str:
    """What tells draws from others."""
    rows = draws.select("replicate", pl.col("path").cast(pl.String), "z").sort("path", "replicate")
    return hashlib.sha256(rows.write_csv().encode()).hexdigest()


def look_around(bench: Bench, search: Search, fresh: int) -> Array | None:
    """Fresh replicates of the best always; the steps beside it and the frontier as far as the time goes."""
    if search.best is None:
        if search.top in bench.tried:
            bench.try_out(search.top, "highest", full=True)
        return None
    with suppress(OutOfTime):
        while search.out_of_time and search.best is not None and not search.verified():
            search.forget()
    if search.best is None:
        return None
    found = bench.fresh(search.best, fresh) if fresh else None
    with suppress(OutOfTime):
        for by, how in ((-1, "one step less"), (+1, "one step more")):
            for point in search.beside(search.best, by):
                if bench.question.within_budget(point):
                    bench.check_time()
                    search.watch(point, bool(bench.feasible(bench.try_out(point, how, full=True))))
        while bench.question.linear:
            bench.check_time()
            candidate = partial_front(bench)
            if candidate is None:
                break
            bench.try_out(candidate.point, candidate.how, full=True)
    return found


def by_how_much(question: Question, candidate: Candidate, requirement: int) -> list[str]:
    """For each comparison that fails: what nine replicates in ten come to at most (at least), beside the bound."""
    first = sum(len(r.comparisons) for r in question.asked.requirements[:requirement])
    wanted = question.asked.requirements[requirement].probability
    found = []
    for i, c in enumerate(question.asked.requirements[requirement].comparisons):
        values = candidate.values[first + i][candidate.done]
        level = float(np.quantile(values, wanted if c.upper else 1 - wanted, method="higher" if c.upper else "lower"))
        if not holds(c, np.array(level)):
            found.append(f"{c.text}: it comes to {in_figures(level)} in the replicate at that probability")
    return found


def in_figures(value: float) -> str:
    """A number in few figures."""
    return "no end" if math.isinf(value) else f"{value:,.4g}"
