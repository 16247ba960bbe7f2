"""The page of a plan: the answer, the frontier, how sure it is that the best is best, and how flat it is around it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl

from posada import __version__
from posada.planning import Plan, plan_summary, plan_words
from posada.report import drawing, plan_charts
from posada.report.blocks import Bullets, Figure, Fold, Section, Table, data_table
from posada.report.pages import about, as_html, free_for, put, write_pictures, write_text

HEAD, DIARY = "plan.json", "tried.jsonl"
KEY = (
    ("line", "the most that can be reached for a cost"),
    ("hollow", "candidates that fail; filled ones are good enough, the diamond is the plan"),
)


def free_for_plan(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a plan may be written: new, empty, or with an earlier one. ResultError if not."""
    return free_for(folder, (HEAD, DIARY), "plan")


def write_plan(found: Plan, folder: str | os.PathLike[str]) -> Path:
    """Write page, picture and tables; files of an earlier plan are replaced, each whole, others stay.

    ResultError if the folder holds something else; OSError if it cannot be written.
    """
    target = free_for_plan(folder)
    sections = content(found)
    q = found.question

    def write(work: Path) -> None:
        top = about(found.scenario, "a plan of capacities", policy=", ".join(q.policies), replicates=q.replicates)
        write_text(work / "plan.html", as_html(sections, **top, version=__version__))
        found.candidates.write_csv(work / "candidates.csv", float_precision=6)
        write_pictures(sections, work)
        write_text(work / HEAD, f"{json.dumps(plan_summary(found), indent=1, ensure_ascii=False)}\n")

    return put(target, write, HEAD)


def content(found: Plan) -> list[Section]:
    """The sections in their order."""
    if found.best is None:
        section = Section("answer", "No plan", short="No plan")
        for line in plan_words.no_plan(found):
            section.say(line.plain)
        return [section, *frontier_sections(found), made_section(found)]
    return [answer_section(found), *frontier_sections(found), sure_section(found), made_section(found)]


def answer_section(found: Plan) -> Section:
    """The plan, and how often each requirement is met."""
    section = Section("answer", "The plan", short="The plan")
    section.say(plan_words.answer(found), "Answer.")
    assert found.best is not None
    rows = [
        [v.name, *(f"{n:,}" for n in (value, v.low, v.high, v.step))]
        for v, value in zip(found.varied, found.best.values(), strict=True)
    ]
    numeric = frozenset(range(1, 5))
    heads = ("capacity", "plan", "lowest", "highest", "step")
    section.blocks.append(Table("Capacities", heads, rows, numeric, file="plan.csv"))
    percent = plan_words.percent
    shown = [[r.text, percent(r.probability), percent(r.reached), plan_words.fresh_text(r)] for r in found.reached]
    asked = ("requirement", "wanted", f"on the {found.question.replicates} replicates it was chosen by",
             f"on {found.fresh_replicates} fresh ones (95 % interval)")  # fmt: skip
    section.blocks.append(Table("How often each requirement is met", asked, shown, numeric, file="requirements.csv"))
    section.blocks.append(Bullets([("", line) for line in plan_words.remarks(found)]))
    return section


def frontier_sections(found: Plan) -> list[Section]:
    """The frontier, for each requirement; nothing if nothing is known of costs."""
    table = found.candidates
    if table.is_empty() or table["cost"].null_count() == table.height or not found.question.asked.requirements:
        return []
    section = Section("frontier", "Cost against probability", short="Frontier")
    several = len(found.question.asked.requirements) > 1
    for j, requirement in enumerate(found.question.asked.requirements):
        section.blocks.append(frontier_figure(found, j, requirement.text if several else ""))
    return [section]


def frontier_figure(found: Plan, j: int, title: str) -> Figure:
    """One requirement: all candidates that were tried, by cost."""
    frame = found.candidates.filter(pl.col("cost").is_not_null())
    best = pl.all_horizontal(pl.col(name) == value for name, value in (found.best or {"cost": -1}).items())
    early = pl.col(f"reached_{j + 1}") < pl.col(f"at_most_{j + 1}")
    known = pl.when(best).then(pl.lit("plan")).when(pl.col("meets_all")).then(pl.lit("good"))
    kind = known.when(early).then(pl.lit("early")).otherwise(pl.lit("fails"))
    side = pl.when(pl.col("meets_all")).then(pl.col(f"reached_{j + 1}")).otherwise(pl.col(f"at_most_{j + 1}"))
    tried = frame.select("cost", side.alias("reached"), kind.alias("kind"))
    stair, top = [], -1.0
    finished = tried.filter(pl.col("kind") != "early").sort(["cost", "reached"], descending=[False, True])
    for row in finished.to_dicts():
        if row["reached"] > top:
            top = row["reached"]
            stair.append({"cost": row["cost"], "probability": top})
    wanted = found.question.asked.requirements[j].probability
    text = (
        "Each point is a candidate: what it costs, and in how many replicates the requirement is met. The dashed line "
        "is the probability that is wanted. Filled points are good enough, and reach at least this; triangles were "
        "given up early, as they could not reach it any more: they reach this at most."
    )
    shown = pl.DataFrame(stair, schema={"cost": pl.Float64, "probability": pl.Float64})
    label = "Cost of candidates against how often the requirement is met; the numbers are in the table below."
    unit = found.question.asked.objective_text
    wide, narrow = (
        drawing.svg(
            plan_charts.frontier(tried, shown, wanted, unit, width - 70, height), label, f"frontier-{j}-{width}"
        )
        for width, height in ((drawing.WIDE, 300), (drawing.NARROW, 220))
    )
    columns = [*(v.name for v in found.varied), "cost", "replicates", f"reached_{j + 1}", f"at_most_{j + 1}"]
    numbers = data_table("Candidates, the cheapest first", frame.select(columns), columns, f"candidates-{j + 1}")
    return Figure(f"frontier-{j + 1}", title or "How much it costs to be how sure", wide, narrow, text, numbers, KEY)


def sure_section(found: Plan) -> Section:
    """How sure it is that the best is best, and how flat it is around it."""
    section = Section("sure", "How sure, and how flat", short="How sure")
    if found.sureness is not None:
        section.say(plan_words.sure(found.sureness, found.question))
        own = [("this plan", found.sureness.same), *((", ".join(map(str, v)), s) for v, s in found.sureness.others)]
        rows = [[text, plan_words.percent(share)] for text, share in own]
        table = Table(
            "Chosen when the replicates are drawn anew", ("plan", "share"), rows, frozenset({1}), file="sure.csv"
        )
        section.blocks.append(Fold("Which plans are chosen", [table]))
    steps = [*found.beside(-1), *found.beside(+1)]
    if steps:
        rows = [[s.changed, plan_words.figures(s.cost), *plan_words.step_cells(s)] for s in steps]
        each = [f"requirement {j + 1}" for j in range(len(found.reached))]
        heads = ("change", found.question.asked.objective_text, *each, "")
        section.blocks.append(
            Table(
                "One step less, one step more", heads, rows, frozenset(range(1, 2 + len(each))), file="neighbours.csv"
            )
        )
    return section


def made_section(found: Plan) -> Section:
    """How to run the plan, and how it was found."""
    section = Section("made", "How it was made", short="How it was made")
    if found.best is not None:
        section.say(found.command, "Run the plan:")
    q = found.question
    section.say(
        f"All candidates were tried on the same {q.replicates} replicates of seed {q.seed}, so a difference between "
        "two is one of capacity and not of chance. A candidate below one that fails fails too, unless more capacity "
        "was seen to do harm."
    )
    section.say(f"posada {__version__}, scenario {found.scenario.hash[:12]}")
    return section
