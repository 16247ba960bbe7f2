"""What was said and counts can test, held against the model."""

from __future__ import annotations

from posada.report.blocks import Heading, Table, Text
from posada.report.reading import Reading
from posada.report.sections import answer
from posada.results import Verdict, verdicts
from posada.words import say, told


def said(result: Reading) -> list[object]:
    """Each statement with who said it, the number that tests it, and the verdict; nothing without statements."""
    if result.whole is None or not result.scenario.statements:
        return []
    rows = [_row(verdict, result) for verdict in verdicts(result.whole)]
    heads = tuple(say(f"said.head-{key}") for key in ("statement", "who", "verdict", "tested", "note"))
    return [Heading(say("said.title")), Text(say("said.text"), style="note"), Table(say("said.table"), heads, rows)]


def _row(verdict: Verdict, result: Reading) -> list[str]:
    tested = "–"
    if verdict.headline is not None:
        rows = [row for row in result.headlines() if row.get("id") == verdict.headline.id]
        found = answer(rows[0]) if rows else None
        tested = f"{found.label}: {found.text}" if found is not None else told(verdict.headline.label)
    key = say(f"said.{verdict.verdict.replace(' ', '-')}")
    return [told(verdict.statement.says), verdict.who, key, tested, told(verdict.statement.note or "")]
