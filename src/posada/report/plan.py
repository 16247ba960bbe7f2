"""The page of a plan: the answer, the frontier, how sure it is that the best is best, and how flat it is around it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from posada import __version__
from posada.planning import Plan, plan_summary
from posada.planning.plan_text import answer, figures, fresh_text, no_plan, percent, remarks, step_cells, sure
from posada.report import drawing, plan_charts
from posada.report.blocks import Bullets, Figure, Fold, Section, Table, data_table
from posada.report.words import day
from posada.results import ResultError

HEAD, DIARY = "plan.json", "tried.jsonl"
KEY = (
    ("line", "the most that can be reached for a cost"),
    ("hollow", "candidates that fail; filled ones are good enough, the diamond is the plan"),
)


def free_for_plan(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a plan may be written: new, empty, or with an earlier one. ResultError if not."""
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise ResultError(f"{target} is a file; name a folder")
    if target.exists() and any(target.iterdir()) and not any((target / name).is_file() for name in (HEAD, DIARY)):
        raise ResultError(f"{target} is not empty and holds no plan of posada; name another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=target.parent):
        pass
    return target


def write_plan(found: Plan, folder: str | os.PathLike[str]) -> Path:
    """Write page, picture and tables; files of an earlier plan are replaced, each whole, others stay.

    ResultError if the folder holds something else; OSError if it cannot be written.
    """
    target = free_for_plan(folder)
    sections = content(found)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-", suffix=".work") as name:
        work = Path(name)
        (work / "plan.html").write_text(as_html(found, sections), encoding="utf-8", newline="\n")
        found.candidates.write_csv(work / "candidates.csv", float_precision=6)
        pictures = [block for section in sections for block in section.blocks if isinstance(block, Figure)]
        for figure in pictures:
            (work / f"{figure.id}.svg").write_text(str(figure.wide), encoding="utf-8", newline="\n")
        told = json.dumps(plan_summary(found), indent=1, ensure_ascii=False)
        (work / HEAD).write_text(f"{told}\n", encoding="utf-8", newline="\n")
        target.mkdir(exist_ok=True)
        for file in ("plan.html", "candidates.csv", *(f"{figure.id}.svg" for figure in pictures), HEAD):
            os.replace(work / file, target / file)
    return target


def as_html(found: Plan, sections: Sequence[Section]) -> str:
    """The page as HTML text that needs neither network nor JavaScript."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    folder = files("posada.report")
    template = environment.from_string(folder.joinpath("template.html.j2").read_text(encoding="utf-8"))
    scenario = found.scenario
    return template.render(
        title=f"{scenario.title}: a plan of capacities",
        summary=scenario.summary or "",
        sensitivity=scenario.sensitivity,
        period=f"{day(scenario.start)} to {day(scenario.end)}",
        law=day(scenario.law_as_of),
        policy=", ".join(found.question.policies),
        replicates=found.question.replicates,
        version=__version__,
        style=Markup(folder.joinpath("style.css").read_text(encoding="utf-8")),
        sections=sections,
        svg=lambda picture: Markup(str(picture)),
    )


def content(found: Plan) -> list[Section]:
    """The sections in their order."""
    if found.best is None:
        section = Section("answer", "No plan", short="No plan")
        for line in no_plan(found):
            section.say(line.plain)
        return [section, *frontier_sections(found), made_section(found)]
    return [answer_section(found), *frontier_sections(found), sure_section(found), made_section(found)]


def answer_section(found: Plan) -> Section:
    """The plan, and how often each requirement is met."""
    section = Section("answer", "The plan", short="The plan")
    section.say(answer(found), "Answer.")
    assert found.best is not None
    rows = [
        [v.name, *(f"{n:,}" for n in (value, v.low, v.high, v.step))]
        for v, value in zip(found.varied, found.best.values(), strict=True)
    ]
    numeric = frozenset(range(1, 5))
    heads = ("capacity", "plan", "lowest", "highest", "step")
    section.blocks.append(Table("Capacities", heads, rows, numeric, file="plan.csv"))
    shown = [[r.text, percent(r.probability), percent(r.reached), fresh_text(r)] for r in found.reached]
    asked = ("requirement", "wanted", f"on the {found.question.replicates} replicates it was chosen by",
             f"on {found.fresh_replicates} fresh ones (95 % interval)")  # fmt: skip
    section.blocks.append(Table("How often each requirement is met", asked, shown, numeric, file="requirements.csv"))
    section.blocks.append(Bullets([("", line) for line in remarks(found)]))
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
        section.say(sure(found.sureness, found.question))
        own = [("this plan", found.sureness.same), *((", ".join(map(str, v)), s) for v, s in found.sureness.others)]
        rows = [[text, percent(share)] for text, share in own]
        table = Table(
            "Chosen when the replicates are drawn anew", ("plan", "share"), rows, frozenset({1}), file="sure.csv"
        )
        section.blocks.append(Fold("Which plans are chosen", [table]))
    steps = [*found.beside(-1), *found.beside(+1)]
    if steps:
        rows = [[s.changed, figures(s.cost), *step_cells(s)] for s in steps]
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
