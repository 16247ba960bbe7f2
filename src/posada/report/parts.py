"""Single parts of the report, for pages that show them one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from posada.evidence import Evidence
from posada.report import sections, sections_drivers, sections_evidence
from posada.report.blocks import Answer, Claim, Section, Table
from posada.report.inputs import Names, ResultLike
from posada.report.reading import reading
from posada.report.sections_drivers import stated
from posada.scenario import Scenario
from posada.words import say, told

__all__ = ["Answered", "First", "Names", "answered", "claim_in_words", "first", "not_known", "stated"]

Answered = tuple[str, Answer]
"""The id of a headline, and its answer."""


@dataclass(frozen=True)
class First:
    """The first screen: the situation in three sentences, how to read numbers, and the answers by question."""

    lead: str
    note: str
    leading: list[Answered]
    questions: dict[str, list[Answered]]


def first(result: ResultLike) -> First:
    """The first screen of a result."""
    read, names = reading(result), Names(result.scenario)
    rows = list(result.headlines())
    questions: dict[str, list[Answered]] = {}
    for row in rows:
        question = told(row.get("question") or "") or say("answers.in-numbers")
        questions.setdefault(question, []).append(answered(row))
    leading = [answered(row) for row in sections.first_answers(rows)]
    return First(" ".join(sections.sentences(read, names)), sections.how_to_read(result), leading, questions)


def answered(row: Mapping[str, Any]) -> Answered:
    """A headline with its answer."""
    return str(row["id"]), sections.answer(row)


def not_known(result: ResultLike) -> list[Section]:
    """What the model does not tell, what is assumed and who said the rest, and what counts say against it."""
    read, names = reading(result), Names(result.scenario)
    return [
        *rests(result, names),
        sections.limits(read, names),
        sections_evidence.sources(read, names),
        sections_evidence.checks(read, names),
    ]


def rests(result: ResultLike, names: Names) -> list[Section]:
    """On what each answer rests, and the numbers that it pays most to learn; nothing where that is not known."""
    found = reading(result).sensitivity()
    if found is None:
        return []
    section = Section("rests", say("drivers.rests"))
    section.blocks += [sections_drivers.coverage_table(found)]
    section.blocks += [block for block in sections_drivers.first_blocks(found, names) if isinstance(block, Table)]
    return [section]


def claim_in_words(claim: Evidence, scenario: Scenario) -> Claim:
    """A claim: what it says, when, who says so, where it stands."""
    return sections_evidence.claim_of(claim.id, claim, Names(scenario))
