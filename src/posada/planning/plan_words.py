"""A plan as tables for a terminal, and as JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from posada.planning.evaluate import Question
from posada.planning.plan import Beside, Plan, Reached
from posada.planning.requirements import ADDED_UP, Measure
from posada.planning.sureness import Sureness

MOST_STEPS = 12


def plan_text(found: Plan) -> list[Any]:
    """The answer, how often each requirement is met, how sure and how flat it is."""
    q = found.question
    parts: list[Any] = [Text(f"{q.scenario.title}: a plan of capacities", style="bold"), Text("")]
    if found.best is None:
        return [*parts, *no_plan(found)]
    parts += [Text(answer(found), style="bold"), capacities(found), Text("")]
    parts += [requirements(found), *(Text(line) for line in remarks(found)), Text("")]
    if found.sureness is not None:
        parts += [Text("How sure it is that the best is best", style="bold"), Text(sure(found.sureness, q)), Text("")]
    steps = [*found.beside(-1), *found.beside(+1)]
    if steps:
        parts += [neighbours(found, steps), Text("")]
    return [*parts, Text(f"Run it: {found.command}")]


def answer(found: Plan) -> str:
    """What is least, in one sentence, and whether that is proven."""
    cost = figures(found.cost)
    word = {True: "The least", False: "The best found"}[found.proven]
    return f"{word} {found.question.asked.objective_text}: {cost}."


def capacities(found: Plan) -> Table:
    """The plan beside what it might have been."""
    table = blank("", ("capacity", "plan", "from", "to", "step"))
    assert found.best is not None
    for v, value in zip(found.varied, found.best.values(), strict=True):
        table.add_row(v.name, *(f"{n:,}" for n in (value, v.low, v.high, v.step)))
    return table


def requirements(found: Plan) -> Table:
    """Each requirement with its probability: wanted, among the replicates that chose the plan, and among fresh ones."""
    fresh = f"on {found.fresh_replicates} fresh replicates (95 %)"
    table = blank("", ("requirement", "wanted", f"on the {found.question.replicates} it was chosen by", fresh))
    for r in found.reached:
        table.add_row(r.text, percent(r.probability), percent(r.reached), fresh_text(r))
    return table


def fresh_text(r: Reached) -> str:
    """A probability on fresh replicates, with its interval."""
    if r.fresh is None or r.low is None or r.high is None:
        return "-"
    return f"{percent(r.fresh)} ({percent(r.low)} to {percent(r.high)})"


def remarks(found: Plan) -> list[str]:
    """What whoever reads the plan should know."""
    q, search = found.question, found.search
    lines = []
    if any(not r.stated for r in found.reached):
        lines.append("Where no probability is named, 0.9 is taken.")
    lines += meanings(q)
    tried, box_ = len(found.bench.tried), search.size
    if found.proven:
        lines.append(
            f"Of {box_:,} candidates {tried:,} were run; every cheaper one is known to fail on these replicates."
        )
    else:
        why = "the box is large"
        if search.stopped or search.out_of_time:
            why = "the search was stopped" if search.stopped else "the time was over"
        lines.append(f"Of {box_:,} candidates {tried:,} were run; that nothing is cheaper is not proven ({why}).")
    if found.bench.infer and found.bench.checked:
        checked, wrong = found.bench.checked, found.bench.wrong
        lines.append(
            "A replicate in which a candidate fails was taken to fail with less of everything, and the other way "
            f"round: of {checked:,} such conclusions that were run, {wrong:,} came out otherwise. The plan itself was "
            "run in full."
        )
    if search.against is not None:
        less, more = (", ".join(map(str, q.values(p))) for p in search.against)
        lines.append(
            f"More capacity did harm: {more} fails where {less} does not. So nothing was inferred any more from one "
            "candidate to another."
        )
    for r in found.reached:
        if r.fresh is not None and r.fresh < r.probability - 1e-9:
            lines.append(
                f"On fresh replicates {r.text!r} is met in {percent(r.fresh)} only: a plan is chosen for the luck that "
                "it was tried on. More replicates, or a higher probability, make it safer."
            )
    return lines


def meanings(q: Question) -> list[str]:
    """How `*` is read, and of whom waits are told."""
    lines = []
    for c in q.comparisons:
        if isinstance(c.what, Measure):
            lines += meaning(c.what)
    if isinstance(q.asked.objective, Measure):
        lines += meaning(q.asked.objective)
    return list(dict.fromkeys(lines))


def meaning(what: Measure) -> list[str]:
    """How one measure is read."""
    lines = []
    if len(what.series) > 1:
        how = "added up over" if what.statistic in ADDED_UP else "counts where it is worst of"
        lines.append(f"{what.statistic}({what.address}) {how} {len(what.series)} facilities.")
    if what.is_wait and what.to is not None:
        lines.append(
            f"{what.statistic}({what.address}) is of all who come until {what.to}; who gives up, is refused, or still "
            "waits at the end was not served in time."
        )
    return lines


def sure(found: Sureness, q: Question) -> str:
    """How sure it is that the best is best, in words."""
    text = (
        f"If the {q.replicates} replicates are drawn anew, this plan is the best of those run in {percent(found.same)} "
        f"of the draws; the least {q.asked.objective_text} lies between {figures(found.low)} and {figures(found.high)} "
        "in nine of ten."
    )
    if found.others:
        values, share = found.others[0]
        text += f" Most often else: {', '.join(f'{x:,}' for x in values)} ({percent(share)})."
    if found.none > 0:
        text += f" In {percent(found.none)} none of those run is good enough."
    return text


def neighbours(found: Plan, steps: Sequence[Beside]) -> Table:
    """One step less, one step more: how flat it is around the best."""
    several = len(found.reached) > 1
    heads = [f"requirement {j + 1}" for j in range(len(found.reached))] if several else ["requirement met"]
    table = blank("One step less, one step more", ("change", found.question.asked.objective_text, *heads, ""))
    for step in steps:
        table.add_row(step.changed, figures(step.cost), *step_cells(step))
    return table


def step_cells(step: Beside) -> list[str]:
    """How often each requirement is met a step away, and whether that is enough."""
    most = "at most " if step.at_most else ""
    return [*(f"{most}{percent(x)}" for x in step.reached), "good enough" if step.meets_all else "fails"]


def no_plan(found: Plan) -> list[Any]:
    """What stands in the way, even with everything at its highest."""
    if found.stopped:
        return [Text("No plan had been found when the search was stopped.", style="bold")]
    lines = ["No plan in these ranges meets what is required."]
    if found.search.out_of_time and not found.misses:
        lines = ["No plan that meets what is required was found in the time given."]
    for text, wanted, reached, worst in found.misses:
        lines.append(
            f"Even with everything at its highest, {text!r} is met in {percent(reached)}, not in {percent(wanted)}:"
        )
        lines += [f"    {w}" for w in worst]
    if found.misses:
        lines.append(
            "Nor would it do with any one of them at its lowest. What is missing lies elsewhere: raise the ends of "
            "--vary, or look at hours, rules and other facilities."
        )
    return [Text(line, style="bold" if i == 0 else "") for i, line in enumerate([*lines, *meanings(found.question)])]


def plan_summary(found: Plan) -> dict[str, Any]:
    """A plan for machines."""
    q, sureness = found.question, found.sureness
    told: dict[str, Any] = clean(
        {
            "posada": 1,
            "scenario": q.scenario.title,
            "found": found.best is not None,
            "plan": found.best,
            "minimise": q.asked.objective_text,
            "cost": found.cost,
            "proven": found.proven,
            "stopped": found.stopped,
            "monotone": found.search.monotone,
            "requirements": [vars(r) for r in found.reached],
            "misses": [
                {"text": text, "probability": wanted, "reached_at_most": reached, "worst": worst}
                for text, wanted, reached, worst in found.misses
            ],
            "best_is_best": None if sureness is None else vars(sureness),
            "one_step_less": [vars(b) for b in found.beside(-1)],
            "one_step_more": [vars(b) for b in found.beside(+1)],
            "frontier": found.frontier.to_dicts(),
            "candidates": {"in_all": found.search.size, "run": len(found.bench.tried)},
            "remarks": remarks(found) if found.best else meanings(q),
            "replicates": q.replicates,
            "fresh_replicates": found.fresh_replicates,
            "seed": q.seed,
            "policies": list(q.policies),
            "command": found.command,
        }
    )
    return told


def clean(value: Any) -> Any:
    """The same without numbers that JSON does not know."""
    if isinstance(value, dict):
        return {key: clean(v) for key, v in value.items()}
    if isinstance(value, list | tuple):
        return [clean(v) for v in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def blank(title: str, heads: Sequence[str]) -> Table:
    """A table whose first column is text, the others numbers."""
    table = Table(title=title or None, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for i, head in enumerate(heads):
        table.add_column(head, justify="left" if i == 0 else "right", overflow="fold")
    return table


def figures(value: float | None) -> str:
    """A number of capacities or people."""
    if value is None or not math.isfinite(value):
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4g}"


def percent(share: float) -> str:
    """A share in whole percent; never 100 % where something failed."""
    if 0 < share < 1:
        return f"{min(max(share * 100, 0.1), 99.9):.3g} %"
    return f"{share * 100:.0f} %"
