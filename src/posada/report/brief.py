"""The brief: what fits on one sheet of paper."""

from __future__ import annotations

from posada.report import sections, sections_flow, sections_load, sections_needs
from posada.report.blocks import Answers, Bullets, Figure, Section, Table, Text
from posada.report.inputs import Names
from posada.report.reading import Reading
from posada.report.words import day
from posada.words import say

SHELTERS = 4
"""Rows of the table of shelters."""


def brief(result: Reading, names: Names, compare: Reading | None) -> list[Section]:
    """Three sentences, five answers, the map, the shelters that run out first, and how to read and make it again."""
    first = Section("situation", say("situation.section"))
    first.say(" ".join(sections.sentences(result, names)), style="lead")
    answers = sections.first_answers(result.headlines())
    if answers:
        first.blocks.append(Answers("", [sections.answer(row) for row in answers]))
    found = [first]
    drawn = [block for block in sections_flow.map_blocks(result, names, live=False) if isinstance(block, Figure)]
    if drawn:
        found.append(Section("map", say("map.title"), list(drawn)))
    moved = None if compare is None else sections_load.moved(result, names, compare)
    if moved:
        found.append(Section("load", say("compared.moved").rstrip("."), [Text(moved)]))
    shelters = [block for block in sections_needs.overflow_blocks(result, names) if isinstance(block, Table)]
    for table in shelters[:1]:
        shown = Table(table.caption, table.columns, table.rows[:SHELTERS], table.numeric)
        found.append(Section("outlook", say("outlook.section"), [shown]))
    found.append(Section("read", say("brief.read"), [Bullets(_notes(result, names))]))
    return found


def _notes(result: Reading, names: Names) -> list[tuple[str, str]]:
    """How to read it, what it is for, and how it was made."""
    made = {"hash": result.hash[:12], "seed": result.seed, "version": result.version, "command": result.command}
    law = day(getattr(result.scenario, "law_as_of", None))
    return [
        ("", sections.how_to_read(result)),
        (say("limits.purpose-strong"), say("limits.purpose")),
        (say("limits.synthetic-strong"), say("limits.synthetic")),
        *([(say("limits.law-strong"), say("limits.law", day=law))] if law else []),
        (say("made.program-strong"), say("brief.made", **made)),
    ]
