"""The pages of a comparison: what changes, where the queue moved, for whom, and how sure that is."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl

from posada.planning import AS_STATED, Comparison, Difference, compare_words, comparison_summary, in_words
from posada.report import comparison_charts, drawing
from posada.report.blocks import Bullets, Figure, Fold, Section, Table, data_table
from posada.report.pages import about, as_html, free_for, put, write_pictures, write_text
from posada.results import verdicts

HEAD = "comparison.json"
MOST_MEASURES = 12
FIRST = ("waiting", "no-bed", "outside", "turned-away", "detained", "apart", "children-apart", "cost")
KEY = (
    ("light", "the change in the middle replicate, from nothing"),
    ("line", "nine in ten replicates"),
)


def free_for_comparison(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a comparison may be written: new, empty, or with an earlier one. ResultError if not."""
    return free_for(folder, (HEAD,), "comparison")


def write_comparison(found: Comparison, folder: str | os.PathLike[str]) -> Path:
    """Write pages, pictures, tables, and the result of every policy in a folder of its name; each file whole.

    ResultError if the folder holds something else; OSError if it cannot be written.
    """
    target = free_for_comparison(folder)
    sections = content(found)
    against = found.sides[0].against

    def write(work: Path) -> None:
        policies = ", ".join(found.names)
        top = about(found.scenario, "policies compared", policy=policies, replicates=found.replicates)
        write_text(work / "comparison.html", as_html(sections, **top, version=against.version))
        found.table().write_csv(work / "differences.csv", float_precision=6)
        found.moved.write_csv(work / "moved.csv", float_precision=3)
        found.by_attribute.write_csv(work / "by_attribute.csv", float_precision=3)
        write_pictures(sections, work)
        write_text(work / HEAD, f"{json.dumps(comparison_summary(found), indent=1, ensure_ascii=False)}\n")

    put(target, write, HEAD)
    for side in found.sides:
        place = target / side.name if side.name else target
        for policy, result in {found.against: side.against, **side.policies}.items():
            result.save(place / policy)
    return target


def content(found: Comparison) -> list[Section]:
    """The sections in their order."""
    drawing.easel()
    sections = [policies_section(found)]
    for side in found.sides:
        sections += [changes_section(found, side.name), moved_section(found, side.name), whom_section(found, side.name)]
    said = said_section(found)
    return [*sections, *([said] if said.blocks else []), sure_section(found), made_section(found)]


def suffix(side: str) -> str:
    """What tells a section by one side's numbers from others."""
    return f" (numbers of: {side})" if side else ""


def policies_section(found: Comparison) -> Section:
    """What is compared with what."""
    section = Section("policies", "What is compared", short="Policies")
    against = "the scenario as it is stated" if found.against == AS_STATED else found.title(found.against)
    section.say(
        f"Each policy is compared with {against}, replicate by replicate: everybody sets out, waits and is "
        "decided upon by the same luck in both, so a difference is one of policy and not of chance. Numbers are "
        "medians: the median of the differences is not the difference of the medians."
    )
    items = []
    for name in found.names:
        known = [found.scenario.policies[part] for part in name.split("+") if part in found.scenario.policies]
        about = " ".join(policy.about for policy in known if policy.about)
        law = " It needs new law." if compare_words.needs_law(found, name) else ""
        ladder = "".join(f" {line[0].upper()}{line[1:]}." for line in found.climbed(found.sides[0], name))
        items.append((found.title(name), f"{about}{law}{ladder}"))
    section.blocks.append(Bullets(items))
    return section


def rows_of(found: Comparison, side: str, policy: str) -> list[Difference]:
    """The differences of one policy by one side's numbers."""
    return [d for d in found.differences if d.side == side and d.policy == policy]


def shown_measures(found: Comparison, side: str) -> list[str]:
    """The measures that are drawn: those that change under some policy, what matters to people first."""
    changed: dict[str, float] = {}
    for d in found.differences:
        if (
            d.side == side
            and d.paired is not None
            and d.measure.unit != "chance"
            and not d.measure.id.startswith("ended:")
        ):
            changed[d.measure.id] = max(changed.get(d.measure.id, 0.0), d.paired.more, d.paired.less)
    ids = [name for name in (*FIRST, *changed) if changed.get(name, 0.0) > 0.1]
    return list(dict.fromkeys(ids))[:MOST_MEASURES]


def changes_section(found: Comparison, side: str) -> Section:
    """What changes, by measure, each policy beside the others."""
    section = Section(f"changes{side and '-' + side}", f"What changes{suffix(side)}", short="Changes")
    ids = shown_measures(found, side)
    if not ids:
        section.say("Nothing changes: every difference is exactly zero.")
        return section
    rows = []
    for name in ids:
        for d in (d for d in found.differences if d.side == side and d.measure.id == name):
            p = d.paired
            in_points = d.measure.unit in ("share", "chance")
            share, unit_of = 100.0 if in_points else 1.0, d.measure.unit
            unit = "percentage points" if in_points else d.measure.unit
            if p is not None:
                rows.append({
                    "panel": f"{d.measure.label} ({unit})", "label": short(found.title(d.policy)),
                    "low90": p.low90 * share, "median": p.median * share, "high90": p.high90 * share,
                    "text": f"{compare_words.signed(p.median, unit_of)} "
                            f"({compare_words.span(p.low90, p.high90, unit_of)})",
                })  # fmt: skip
    frame = pl.DataFrame(rows)
    words = "Change under each policy, measure by measure: the median of the paired differences and 90 % of them."
    section.blocks.append(figure(f"changes{side and '-' + side}", "The change under each policy", frame, words, True))
    for policy in found.names:
        section.blocks.append(Fold(f"All measures: {found.title(policy)}", [full_table(found, side, policy)]))
    return section


def short(title: str) -> str:
    """A title that fits beside a bar."""
    return title if len(title) <= 44 else f"{title[:42].rstrip()}…"


def figure(id: str, title: str, frame: pl.DataFrame, words: str, linear: bool) -> Figure:
    """A picture of differences with its numbers."""
    wide, narrow = (
        drawing.svg(comparison_charts.differences(frame, width, linear), words, f"{id}-{width}")
        for width in (drawing.WIDE, drawing.NARROW)
    )
    heads = ("measure or policy", "", "5 %", "median", "95 %", "in words")
    table = data_table(f"{title}: the numbers", frame.select("panel", "label", "low90", "median", "high90", "text"),
                       heads, id)  # fmt: skip
    return Figure(id, title, wide, narrow, words, table, KEY)


def full_table(found: Comparison, side: str, policy: str) -> Table:
    """Every measure of one policy."""
    rows = []
    for d in rows_of(found, side, policy):
        rows.append((d.measure.label, d.measure.unit, *compare_words.cells(d)))
    heads = ("measure", "unit", "before", "after", "difference", "90 % interval", "runs with more / less")
    return Table(f"{found.title(policy)}: medians, and paired differences", heads, rows, frozenset(range(2, 7)))


def moved_section(found: Comparison, side: str) -> Section:
    """Where the queue moved along the chain."""
    section = Section(f"moved{side and '-' + side}", f"Where the queue moved{suffix(side)}", short="Queue moved")
    rows = found.moved.filter(pl.col("side") == side)
    rows = rows.filter(pl.col("low90").abs() + pl.col("high90").abs() > 0.5)
    if not rows.height:
        section.say("No queue changes.")
        return section
    section.say("Person-days that people spend waiting at each facility, in the order in which people come to them: "
                "a bar to the left is less waiting there, one to the right is more. The scale is logarithmic on both "
                "sides, so a tenth of the way is not a tenth of the queue; the numbers stand beside.")  # fmt: skip
    frame = pl.DataFrame(
        [
            {"panel": found.title(row["policy"]), "label": short(row["name"]), "low90": row["low90"],
             "median": row["median"], "high90": row["high90"],
             "text": f"{compare_words.signed(row['median'], '')} of {compare_words.told(row['before'], '')}"}
            for row in rows.iter_rows(named=True)
        ]
    )  # fmt: skip
    words = "Change of person-days waiting at each facility along the chain, under each policy."
    section.blocks.append(figure(f"moved{side and '-' + side}", "Where the queue moved", frame, words, False))
    return section


def whom_section(found: Comparison, side: str) -> Section:
    """Who gains and who loses."""
    section = Section(f"whom{side and '-' + side}", f"Who gains and who loses{suffix(side)}", short="For whom")
    section.say("Change for each part of the people (medians), in measures for which less is better, "
                "so a minus is a gain.")  # fmt: skip
    table = found.by_attribute.filter(pl.col("side") == side)
    for policy in found.names:
        rows = [
            (
                row["attribute"].replace("_", " "),
                row["level"].replace("_", " "),
                row["label"],
                compare_words.told(row["before"], ""),
                compare_words.signed(row["median"], ""),
                compare_words.span(row["low90"], row["high90"]),
            )
            for row in table.filter(pl.col("policy") == policy).iter_rows(named=True)
            if abs(row["low90"]) + abs(row["high90"]) + abs(row["mean"]) > 0.5
        ]
        heads = ("by", "who", "measure", "before", "change", "90 % interval")
        block = Table(found.title(policy), heads, rows, frozenset((3, 4, 5)), file=f"whom-{policy}.csv")
        section.blocks.append(Fold(f"{found.title(policy)}: {len(rows)} changes", [block] if rows else []))
    return section


def said_section(found: Comparison) -> Section:
    """What was said, against the runs."""
    section = Section("said", "What was said, and can be counted", short="What was said")
    items = [(f"{v.verdict}{suffix(side.name)}: ", in_words(v)) for side in found.sides for v in verdicts(side.against)]
    if items:
        section.say("A statement is consistent with the model unless it holds in fewer than one in twenty of the runs. "
                    "Intent, generosity and rights are never scored.")  # fmt: skip
        section.blocks.append(Bullets(items))
    return section


def sure_section(found: Comparison) -> Section:
    """How much the shared luck is worth."""
    section = Section("sure", "What the shared luck is worth", short="How sure")
    section.say("How many times wider the 90 % interval of a difference would be if the runs did not share their luck, "
                "and how many replicates such runs would need to know the mean difference as well.")  # fmt: skip
    for policy in found.names:
        rows = []
        for d in rows_of(found, found.sides[0].name, policy):
            p = d.paired
            if p is None or not (p.more or p.less) or d.measure.id.startswith("ended:"):
                continue
            wider = "exact" if p.narrower is None or p.narrower == float("inf") else f"{p.narrower:.1f} times"
            many = p.unpaired is not None and p.unpaired != float("inf")
            needed = f"{found.replicates * (p.unpaired or 0):,.0f}" if many else "no number"
            rows.append((d.measure.label, wider, needed))
        heads = ("measure", "wider without shared luck", f"replicates needed, for these {found.replicates}")
        section.blocks.append(Fold(found.title(policy), [Table(found.title(policy), heads, rows, frozenset((1, 2)))]))
    return section


def made_section(found: Comparison) -> Section:
    """How the comparison was made."""
    section = Section("made", "How it was made", short="How it was made")
    side = found.sides[0]
    info = side.against.info
    items = [
        ("Scenario:", f"{info.scenario}, hash {info.hash[:12]}"),
        ("Luck:", f"seed {info.seed}, {found.replicates} replicates of each policy"),
        ("Version:", f"posada {info.version}"),
        *((f"{name}:", result.command) for name, result in {found.against: side.against, **side.policies}.items()),
    ]
    section.blocks.append(Bullets(items))
    return section
