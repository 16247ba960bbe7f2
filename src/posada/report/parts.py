"""Single parts of the report, for pages that show them one by one."""

from __future__ import annotations

from posada.report import sections, sections_evidence
from posada.report.blocks import Answer, Section, Text
from posada.report.inputs import Names, ResultLike
from posada.report.reading import reading


def situation(result: ResultLike) -> list[Text]:
    """The situation in three sentences, and how to read the answers."""
    found = sections.situation(reading(result), Names(result.scenario))
    return [block for block in found.blocks if isinstance(block, Text)]


def answered(result: ResultLike) -> dict[str, list[tuple[str, Answer]]]:
    """The answers by question, each with the id of its headline."""
    found: dict[str, list[tuple[str, Answer]]] = {}
    for row in result.headlines():
        found.setdefault(str(row.get("question") or ""), []).append((str(row["id"]), sections.answer(row)))
    return found


def not_known(result: ResultLike) -> list[Section]:
    """What the model does not tell, what is assumed and who said the rest, and what counts say against it."""
    read, names = reading(result), Names(result.scenario)
    return [
        sections.limits(read, names),
        sections_evidence.sources(read, names),
        sections_evidence.checks(read, names),
    ]
