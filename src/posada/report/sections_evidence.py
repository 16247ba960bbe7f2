"""Sections on trust: checks against counts, assumptions, and who said what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posada.report.blocks import Claim, Claims, Fold, Heading, Section, Table
from posada.report.inputs import Names, ResultLike, field, plain
from posada.report.words import (
    as_number,
    claimed,
    day,
    number,
    percent,
    period,
    sentence,
    some,
    spelled,
    spread,
)


def checks(result: ResultLike, names: Names) -> Section:
    """The model beside what was counted."""
    section = Section("checks", "How it compares with what was counted")
    rows = list(result.checks())
    scored = [row for row in rows if str(row.get("use", "check")) != "input"]
    inputs = [row for row in rows if str(row.get("use", "check")) == "input"]
    if not rows:
        section.say("No counts are tied to this scenario, so nothing here shows whether the model is right.")
        return section
    judged = [row for row in scored if row.get("inside") is not None]
    if judged:
        inside = sum(bool(row["inside"]) for row in judged)
        lie = "lies" if inside == 1 else "lie"
        text = (
            f"Of {some(len(judged), 'count')} kept for checking, {spelled(inside)} {lie} inside the interval that "
            f"should hold nine in ten ({percent(inside / len(judged))})."
        )
        width = spread([_relative_width(row) for row in judged])
        if width is not None:
            text += f" On average that interval is {percent(width)} as wide as the count is large."
        ours = spread([as_number(row.get("interval_score")) for row in judged])
        theirs = spread([as_number(row.get("last_value_score")) for row in judged])
        if ours is not None and theirs is not None:
            verdict = "better than" if ours < theirs else "no better than"
            text += (
                f" The mean interval score (lower is better; it adds up width and misses) is {number(ours)}, {verdict} "
                f"{number(theirs)} for carrying the last count forward."
            )
        if len(judged) < 10:
            text += " That is few counts: the share inside says little."
        section.say(text)
    elif scored:
        section.say("The counts kept for checking lie outside the time or the series that were simulated.")
    else:
        section.say("Every count of this scenario set a number of it, so none is left to check it by.")
    heads: tuple[str, ...]
    if scored:
        heads = (
            "series",
            "when",
            "counted",
            "median",
            "nine runs in ten",
            "inside?",
            "score",
            "score of the last count",
        )
        table = [_check_row(row, names) for row in scored]
        section.blocks.append(
            Table("Counts kept for checking", heads, table, frozenset({2, 3, 4, 6, 7}), file="checks.csv")
        )
    if inputs:
        heads = ("series", "when", "counted", "median", "nine runs in ten")
        table = [_check_row(row, names)[:5] for row in inputs]
        section.blocks.append(
            Table(
                "Counts that set a number of the model (not scored)",
                heads,
                table,
                frozenset({2, 3, 4}),
                file="inputs.csv",
            )
        )
    return section


def _relative_width(row: Mapping[str, Any]) -> float | None:
    low, high, counted = (as_number(row.get(key)) for key in ("low90", "high90", "counted"))
    if low is None or high is None or counted is None:
        return None
    return (high - low) / max(abs(counted), 1.0)


def _check_row(row: Mapping[str, Any], names: Names) -> list[str]:
    low, middle, high = (as_number(row.get(key)) for key in ("low90", "median", "high90"))
    counted = as_number(row.get("counted"))
    inside = row.get("inside")
    verdict = "inside" if inside else "not compared" if inside is None else "OUTSIDE"
    if inside is False and counted is not None and low is not None:
        verdict = "OUTSIDE (model higher)" if counted < low else "OUTSIDE (model lower)"
    scores = [as_number(row.get(key)) for key in ("interval_score", "last_value_score")]
    return [
        names.series(str(row.get("series", ""))),
        period(field(row, "from"), field(row, "to")),
        claimed(row.get("low"), row.get("counted"), row.get("high")),
        number(middle),
        "" if low is None or high is None else f"{number(low)} to {number(high)}",
        verdict,
        *("" if score is None else number(score) for score in scores),
    ]


def sources(result: ResultLike, names: Names) -> Section:
    """Assumptions first, then claims; those that contradict one another side by side."""
    section = Section("sources", "Assumptions and sources")
    rows = list(result.assumptions())
    assumed = [row for row in rows if row.get("kind") == "assumed"]
    unsourced = [row for row in rows if row.get("kind") == "unsourced"]
    based = [row for row in rows if row.get("kind") == "evidence"]
    section.say(
        f"{sentence(some(len(rows), 'number'))} in all: {spelled(len(assumed))} assumed, {spelled(len(unsourced))} "
        f"stated without a source, {spelled(len(based))} resting on a cited claim."
        if rows
        else "This scenario states no numbers of its own."
    )
    heads = ("number", "value", "range", "why assumed")
    if assumed:
        section.blocks.append(Heading("What is assumed"))
        table = [[*_quantity(row), str(row.get("assumed") or "")] for row in assumed]
        section.blocks.append(
            Table("Numbers that rest on an assumption", heads, table, frozenset({1, 2}), file="assumed.csv")
        )
    if unsourced:
        section.blocks.append(Heading("What is stated without a source"))
        table = [_quantity(row) for row in unsourced]
        unsourced_table = Table(
            "Numbers stated without a source", heads[:3], table, frozenset({1, 2}), file="unsourced.csv"
        )
        many = len(unsourced) > 25
        section.blocks.append(
            Fold(sentence(some(len(unsourced), "number")), [unsourced_table]) if many else unsourced_table
        )
    if based:
        section.blocks.append(Heading("What rests on cited claims"))
        table = [[*_quantity(row), ", ".join(map(str, row.get("evidence") or ()))] for row in based]
        cited = Table("Numbers with a source", (*heads[:3], "claims"), table, frozenset({1, 2}), file="sourced.csv")
        section.blocks.append(Fold(sentence(some(len(based), "number")), [cited]))
    _claims(section, result, names)
    return section


def _quantity(row: Mapping[str, Any]) -> list[str]:
    value, low, high = (as_number(row.get(key)) for key in ("value", "low", "high"))
    shown = "an expression" if value is None else number(value, None if abs(value) >= 1 or value == 0 else 3)
    ends = [number(item, None if abs(item) >= 1 or item == 0 else 3) for item in (low, high) if item is not None]
    return [str(row.get("path", "")), shown, " to ".join(ends) if len(ends) == 2 else ""]


def _claims(section: Section, result: ResultLike, names: Names) -> None:
    ledger: dict[str, Any] = dict(result.scenario.evidence or {})
    section.blocks.append(Heading("Claims that contradict one another"))
    disputes = contradictions(ledger)
    if disputes:
        for same in disputes:
            first = same[0]
            where = field(first, "place")
            title = ", ".join(
                part
                for part in (
                    plain(str(field(first, "counts_what", "count"))),
                    names.where(str(where)) if where else "",
                    period(field(first, "from"), field(first, "to")),
                )
                if part
            )
            rows = [[_amount(row), _who(row), _source(row) or "not stated"] for row in same]
            section.blocks.append(Table(sentence(title), ("number", "according to", "source"), rows))
    else:
        section.say("No two claims of the ledger give different numbers for the same thing, place and date.")
    section.blocks.append(Heading("Who said what"))
    if not ledger:
        section.say("The ledger of this scenario is empty.")
        return
    claims = []
    for key in sorted(ledger):
        row = ledger[key]
        hidden = str(field(row, "sensitivity", "")) in ("restricted", "confidential") and names.public
        where = field(row, "place")
        when = ", ".join(
            part
            for part in (names.where(str(where)) if where else "", period(field(row, "from"), field(row, "to")))
            if part
        )
        amount = _amount(row)
        subject = plain(str(field(row, "counts_what", field(row, "kind", ""))))
        what = sentence(subject) if amount == "no number" else f"{sentence(amount)}: {subject}"
        status = str(field(row, "status", ""))
        claims.append(
            Claim(
                str(key),
                what if not status or status == "observed" else f"{what} ({status})",
                when,
                "a source that is not named in public" if hidden else _who(row),
                "" if hidden else _source(row),
                "" if hidden else str(field(row, "address", "")),
                "" if hidden else str(field(row, "note", "")),
            )
        )
    section.blocks.append(Claims(claims))


def contradictions(ledger: Mapping[str, Any]) -> list[list[Any]]:
    """Claims of the same thing, place and date whose numbers differ; those that another supersedes are left out."""
    replaced = {str(field(row, "supersedes")) for row in ledger.values() if field(row, "supersedes")}
    same: dict[tuple[str, ...], list[Any]] = {}
    for key in sorted(ledger):
        row = ledger[key]
        what, place = field(row, "counts_what"), field(row, "place")
        if what is None or key in replaced or not any(item is not None for item in _numbers(row)):
            continue
        kept = tuple(
            str(item or "") for item in (what, place, field(row, "from"), field(row, "to"), field(row, "base"))
        )
        same.setdefault(kept, []).append(row)
    return [
        sorted(rows, key=lambda row: (_middle(row), str(field(row, "claimant_org", ""))))
        for _, rows in sorted(same.items())
        if len({_numbers(row) for row in rows}) > 1
    ]


def _numbers(row: Any) -> tuple[float | None, float | None, float | None]:
    return as_number(field(row, "low")), as_number(field(row, "value")), as_number(field(row, "high"))


def _middle(row: Any) -> float:
    present = [item for item in _numbers(row) if item is not None]
    return sum(present) / len(present)


def _amount(row: Any) -> str:
    """The number of a claim with its unit; shares in per cent, with what they are shares of."""
    low, value, high = _numbers(row)
    unit, base = str(field(row, "unit", "")), str(field(row, "base", ""))
    if unit == "share":
        low, value, high = (None if item is None else round(item * 100, 6) for item in (low, value, high))
        unit = f"% of {plain(base)}" if base else "%"
    text = claimed(low, value, high, field(row, "qualifier"))
    return f"{text} {plain(unit)}" if unit and text != "no number" else text


def _who(row: Any) -> str:
    role, organisation = str(field(row, "claimant_role", "")), str(field(row, "claimant_org", ""))
    if organisation and role:
        return f"{organisation} ({role})"
    return organisation or role or "a claimant who is not named"


def _source(row: Any) -> str:
    parts = [str(field(row, key, "")) for key in ("source_title", "publisher")]
    parts.append(day(field(row, "published")))
    parts.append(str(field(row, "locator", "")))
    return ", ".join(part for part in parts if part)
