"""The pages of a comparison: what changes, where the queue moved, for whom, and how sure that is."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from posada.planning import AS_STATED, Comparison, Difference, compare_words, comparison_summary
from posada.planning.measures import DAYS, SHARE, Measure
from posada.report import comparison_charts, drawing
from posada.report.blocks import Bullets, Figure, Fold, Section, Table, data_table
from posada.report.inputs import Names, level
from posada.report.pages import about, as_html, free_for, put, write_pictures, write_text
from posada.results import Verdict, verdicts
from posada.words import DEFAULT, Told, can_say, language, say, speaking, told

HEAD = "comparison.json"
MOST_MEASURES = 12
FULL = ("measure", "unit", "before", "after", "difference", "interval", "more-less")
WHOM = ("by", "who", "measure", "before", "change", "interval")
FIRST = ("waiting", "no-bed", "outside", "turned-away", "detained", "apart", "children-apart", "cost")


def free_for_comparison(folder: str | os.PathLike[str]) -> Path:
    """A folder to which a comparison may be written: new, empty, or with an earlier one. ResultError if not."""
    return free_for(folder, (HEAD,), "comparison")


def write_comparison(found: Comparison, folder: str | os.PathLike[str], languages: Sequence[str] = ()) -> Path:
    """Write pages, pictures, tables, and the result of every policy in a folder of its name; each file whole.

    The page speaks the first of `languages`, that of the task if none is named; in each further one it stands beside
    as `comparison-es.html`. ResultError if the folder holds something else; OSError if it cannot be written.
    """
    target = free_for_comparison(folder)
    against = found.sides[0].against
    first, *others = languages or (language(),)

    def page(file: Path) -> list[Section]:
        sections, policies = content(found), ", ".join(found.title(name, told) for name in found.names)
        top = about(found.scenario, say("comparison.title"), policy=policies, replicates=found.replicates)
        write_text(file, as_html(sections, **top, version=against.version))
        return sections

    def write(work: Path) -> None:
        with speaking(first):
            sections = page(work / "comparison.html")
        for code in others:
            with speaking(code):
                page(work / f"comparison-{code}.html")
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
    return say("comparison.side", side=side) if side else ""


def policies_section(found: Comparison) -> Section:
    """What is compared with what."""
    section = Section("policies", say("comparison.what"), short=say("comparison.what-short"))
    stated = found.against == AS_STATED
    section.say(
        say("comparison.paired", against=say("comparison.as-stated") if stated else title(found, found.against))
    )
    items = []
    for name in found.names:
        known = [found.scenario.policies[part] for part in name.split("+") if part in found.scenario.policies]
        about = " ".join(told(policy.about) for policy in known if policy.about)
        law = f" {say('comparison.new-law')}" if compare_words.needs_law(found, name) else ""
        ladder = "".join(f" {line[0].upper()}{line[1:]}." for line in found.climbed(found.sides[0], name))
        items.append((title(found, name), f"{about}{law}{ladder}"))
    section.blocks.append(Bullets(items))
    return section


def title(found: Comparison, policy: str) -> str:
    """A policy in words."""
    return found.title(policy, told)


def label(measure: Measure) -> str:
    """A measure in words: by the scenario's where it has some in the language, by ours where every chain has it."""
    key = f"app.measure.{measure.id}"
    if isinstance(measure.label, Told) or language() == DEFAULT or not can_say(key):
        return told(measure.label)
    return say(key)


def unit(name: str) -> str:
    """A unit in words."""
    key = f"app.measured-in.{name}"
    return name if language() == DEFAULT or not can_say(key) else say(key)


def worded(text: str) -> str:
    """Numbers of a comparison with the words between them in the language that is spoken."""
    return text.replace(" to ", f" {say('comparison.to')} ").replace("points", say("comparison.points"))


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
    section = Section(
        f"changes{side and '-' + side}",
        f"{say('comparison.changes')}{suffix(side)}",
        short=say("comparison.changes-short"),
    )
    ids = shown_measures(found, side)
    if not ids:
        section.say(say("comparison.nothing"))
        return section
    rows = []
    for name in ids:
        for d in (d for d in found.differences if d.side == side and d.measure.id == name):
            p = d.paired
            in_points = d.measure.unit in ("share", "chance")
            share, unit_of = 100.0 if in_points else 1.0, d.measure.unit
            shown_unit = say("comparison.percentage-points") if in_points else unit(d.measure.unit)
            if p is not None:
                rows.append({
                    "panel": f"{label(d.measure)} ({shown_unit})", "label": short(title(found, d.policy)),
                    "low90": p.low90 * share, "median": p.median * share, "high90": p.high90 * share,
                    "text": f"{compare_words.signed(p.median, unit_of)} "
                            f"({worded(compare_words.span(p.low90, p.high90, unit_of))})",
                })  # fmt: skip
    frame = pl.DataFrame(rows)
    words = say("comparison.change-words")
    section.blocks.append(figure(f"changes{side and '-' + side}", say("comparison.change-title"), frame, words, True))
    for policy in found.names:
        section.blocks.append(
            Fold(say("comparison.all", policy=title(found, policy)), [full_table(found, side, policy)])
        )
    return section


def short(title: str) -> str:
    """A title that fits beside a bar."""
    return title if len(title) <= 44 else f"{title[:42].rstrip()}…"


def figure(id: str, heading: str, frame: pl.DataFrame, words: str, linear: bool) -> Figure:
    """A picture of differences with its numbers."""
    wide, narrow = (
        drawing.svg(comparison_charts.differences(frame, width, linear), words, f"{id}-{width}")
        for width in (drawing.WIDE, drawing.NARROW)
    )
    panel, *others = (say(f"comparison.head-{name}") for name in ("panel", "low", "median", "high", "words"))
    heads = (panel, "", *others)
    shown = frame.select("panel", "label", "low90", "median", "high90", "text")
    table = data_table(say("comparison.numbers", title=heading), shown, heads, id)
    key = [(shape, say(f"comparison.key-{shape}")) for shape in ("light", "line")]
    return Figure(id, heading, wide, narrow, words, table, key)


def full_table(found: Comparison, side: str, policy: str) -> Table:
    """Every measure of one policy."""
    rows = []
    for d in rows_of(found, side, policy):
        rows.append((label(d.measure), unit(d.measure.unit), *map(worded, compare_words.cells(d))))
    heads = tuple(say(f"comparison.head-{name}") for name in FULL)
    return Table(say("comparison.full", policy=title(found, policy)), heads, rows, frozenset(range(2, 7)))


def moved_section(found: Comparison, side: str) -> Section:
    """Where the queue moved along the chain."""
    section = Section(
        f"moved{side and '-' + side}", f"{say('comparison.moved')}{suffix(side)}", short=say("comparison.moved-short")
    )
    rows = found.moved.filter(pl.col("side") == side)
    rows = rows.filter(pl.col("low90").abs() + pl.col("high90").abs() > 0.5)
    if not rows.height:
        section.say(say("comparison.no-queue"))
        return section
    section.say(say("comparison.moved-text"))
    names = Names(found.scenario)
    frame = pl.DataFrame(
        [
            {"panel": title(found, row["policy"]), "label": short(names.facility(row["facility"])),
             "low90": row["low90"], "median": row["median"], "high90": row["high90"],
             "text": say("comparison.of", change=compare_words.signed(row["median"], ""),
                         before=compare_words.told(row["before"], ""))}
            for row in rows.iter_rows(named=True)
        ]
    )  # fmt: skip
    words = say("comparison.moved-words")
    section.blocks.append(figure(f"moved{side and '-' + side}", say("comparison.moved"), frame, words, False))
    return section


def whom_section(found: Comparison, side: str) -> Section:
    """Who gains and who loses."""
    section = Section(
        f"whom{side and '-' + side}", f"{say('comparison.whom')}{suffix(side)}", short=say("comparison.whom-short")
    )
    section.say(say("comparison.whom-text"))
    labels = {d.measure.label: label(d.measure) for d in found.differences}
    table = found.by_attribute.filter(pl.col("side") == side)
    for policy in found.names:
        rows = [
            (
                level(row["attribute"]),
                level(row["level"]),
                labels.get(row["label"], row["label"]),
                compare_words.told(row["before"], ""),
                compare_words.signed(row["median"], ""),
                worded(compare_words.span(row["low90"], row["high90"])),
            )
            for row in table.filter(pl.col("policy") == policy).iter_rows(named=True)
            if abs(row["low90"]) + abs(row["high90"]) + abs(row["mean"]) > 0.5
        ]
        heads = tuple(say(f"comparison.head-{name}") for name in WHOM)
        block = Table(title(found, policy), heads, rows, frozenset((3, 4, 5)), file=f"whom-{policy}.csv")
        section.blocks.append(
            Fold(say("comparison.many", policy=title(found, policy), count=len(rows)), [block] if rows else [])
        )
    return section


def said_section(found: Comparison) -> Section:
    """What was said, against the runs."""
    section = Section("said", say("comparison.said"), short=say("comparison.said-short"))
    items = [
        (f"{verdict_of(v)}{suffix(side.name)}: ", said_of(v)) for side in found.sides for v in verdicts(side.against)
    ]
    if items:
        section.say(say("said.text"))
        section.blocks.append(Bullets(items))
    return section


def verdict_of(row: Verdict) -> str:
    """A verdict in the language that is spoken."""
    return say(f"said.{row.verdict.replace(' ', '-')}")


def said_of(row: Verdict) -> str:
    """What was said, by whom, the number that tests it, and the note."""
    who = f" ({row.who})" if row.who else ""
    parts = [f"{compare_words.quoted(told(row.statement.says))}{who}."]
    if row.headline is not None and row.median is not None and row.holds is not None:
        unit_of = SHARE if row.headline.statistic == "share" else DAYS if "days" in row.headline.statistic else ""
        over = row.statement.over is not None
        bound = (row.statement.over if over else row.statement.under) or 0.0
        numbers = [compare_words.told(x or 0.0, unit_of) for x in (row.median, row.low90, row.high90, bound)]
        names = dict(zip(("median", "low", "high", "bound"), numbers, strict=True))
        share = f"{100 * row.holds:.0f} %"
        parts.append(say(f"comparison.holds-{'over' if over else 'under'}", label=told(row.headline.label), share=share,
                         **names))  # fmt: skip
    return " ".join([*parts, *([told(row.statement.note)] if row.statement.note else [])])


def sure_section(found: Comparison) -> Section:
    """How much the shared luck is worth."""
    section = Section("sure", say("comparison.luck"), short=say("comparison.luck-short"))
    section.say(say("comparison.luck-text"))
    for policy in found.names:
        rows = []
        for d in rows_of(found, found.sides[0].name, policy):
            p = d.paired
            if p is None or not (p.more or p.less) or d.measure.id.startswith("ended:"):
                continue
            known = p.narrower is not None and p.narrower != float("inf")
            wider = say("comparison.times", times=f"{p.narrower:.1f}") if known else say("comparison.exact")
            many = p.unpaired is not None and p.unpaired != float("inf")
            needed = f"{found.replicates * (p.unpaired or 0):,.0f}" if many else say("comparison.no-number")
            rows.append((label(d.measure), wider, needed))
        heads = tuple(say(f"comparison.head-{name}", n=found.replicates) for name in ("measure", "wider", "needed"))
        section.blocks.append(Fold(title(found, policy), [Table(title(found, policy), heads, rows, frozenset((1, 2)))]))
    return section


def made_section(found: Comparison) -> Section:
    """How the comparison was made."""
    section = Section("made", say("comparison.made"), short=say("comparison.made"))
    side = found.sides[0]
    info = side.against.info
    items = [
        (say("comparison.made-scenario"), say("comparison.made-hash", scenario=info.scenario, hash=info.hash[:12])),
        (say("comparison.made-luck"), say("comparison.made-seed", seed=info.seed, replicates=f"{found.replicates:,}")),
        (say("comparison.made-version"), f"posada {info.version}"),
        *((f"{name}:", result.command) for name, result in {found.against: side.against, **side.policies}.items()),
    ]
    section.blocks.append(Bullets(items))
    return section
