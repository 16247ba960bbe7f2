"""Sections on trust: checks against counts, assumptions, and who said what."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from posada.report.blocks import Claim, Claims, Fold, Heading, Section, Table
from posada.report.counts import over_time
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
        paired = [row for row in judged if as_number(row.get("last_value_score")) is not None]
        ours = spread([as_number(row.get("interval_score")) for row in paired])
        theirs = spread([as_number(row.get("last_value_score")) for row in paired])
        if ours is not None and theirs is not None:
            verdict = "better than" if ours < theirs else "no better than"
            text += (
                f" For the {some(len(paired), 'count')} with an earlier count of their kind, the mean interval score "
                f"(lower is better; it adds up width and misses) is {number(ours, 0)}, {verdict} "
                f"{number(theirs, 0)} for carrying that count forward."
            )
        if len(judged) < 10:
            text += " That is few counts: the share inside says little."
        section.say(text)
    elif scored:
        section.say("The counts kept for checking lie outside the time or the series that were simulated.")
    else:
        section.say("Every count of this scenario set a number of it, so none is left to check it by.")
    heads: tuple[str, ...]
    section.blocks += over_time(rows, names)
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
        f"{sentence(some(len(rows), 'number'))} in all: {_none(len(assumed))} assumed, {_none(len(unsourced))} "
        f"stated without a source, {_none(len(based))} resting on a cited claim."
        if rows
        else "This scenario states no numbers of its own."
    )
    heads = ("number", "value", "range", "why assumed")
    if assumed:
        section.blocks.append(Heading("What is assumed"))
        parts: dict[str, list[list[str]]] = {}
        for row in assumed:
            subject = str(row.get("path", "")).partition(".")[0]
            parts.setdefault(subject, []).append([*_quantity(row, names), str(row.get("assumed") or "")])
        for subject, table in parts.items():
            caption = (
                "Assumed numbers" if len(parts) == 1 else f"Assumed numbers: {SUBJECTS.get(subject, plain(subject))}"
            )
            shown = Table(caption, heads, table, frozenset({1, 2}), file=f"assumed-{subject or 'all'}.csv")
            many = len(assumed) > 25
            section.blocks.append(Fold(f"{caption} ({len(table)})", [shown]) if many else shown)
    if unsourced:
        section.blocks.append(Heading("What is stated without a source"))
        table = [_quantity(row, names) for row in unsourced]
        unsourced_table = Table(
            "Numbers stated without a source", heads[:3], table, frozenset({1, 2}), file="unsourced.csv"
        )
        many = len(unsourced) > 25
        section.blocks.append(
            Fold(sentence(some(len(unsourced), "number")), [unsourced_table]) if many else unsourced_table
        )
    if based:
        section.blocks.append(Heading("What rests on cited claims"))
        table = [[*_quantity(row, names), ", ".join(map(str, row.get("evidence") or ()))] for row in based]
        cited = Table("Numbers with a source", (*heads[:3], "claims"), table, frozenset({1, 2}), file="sourced.csv")
        section.blocks.append(Fold(sentence(some(len(based), "number")), [cited]))
    _claims(section, result, names)
    return section


SUBJECTS = {
    "facilities": "shelters, ports, custody, courts",
    "groups": "who sets out",
    "links": "roads and rails",
    "modes": "modes of travel",
    "pathways": "steps of the pathways",
    "policies": "policies",
    "quantities": "shares, rates and decisions",
}


def _none(value: int) -> str:
    return "none" if value == 0 else spelled(value)


def _quantity(row: Mapping[str, Any], names: Names) -> list[str]:
    value, low, high = (as_number(row.get(key)) for key in ("value", "low", "high"))
    unit = str(row.get("unit") or "")
    shown = "an expression" if value is None else _plain_number(value)
    ends = [_plain_number(item) for item in (low, high) if item is not None]
    return [
        names.path(str(row.get("path", ""))),
        f"{shown} {unit}".strip(),
        f"{' to '.join(ends)} {unit}".strip() if len(ends) == 2 else "",
    ]


def _plain_number(value: float) -> str:
    """As stated: three decimals at most, none that are zeros."""
    text = number(value, 0 if abs(value) >= 1000 or value.is_integer() else 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _claims(section: Section, result: ResultLike, names: Names) -> None:
    ledger: dict[str, Any] = dict(result.scenario.evidence or {})
    section.blocks.append(Heading("Claims that contradict one another"))
    disputes = contradictions(ledger)
    seen: set[str] = set()
    for same in disputes:
        rows = [row for _, row in same]
        seen |= {key for key, _ in same}
        worded = {plain(str(field(row, "counts_what", "count"))) for row in rows}
        where = field(rows[0], "place")
        kind = KINDS.get(str(field(rows[0], "kind", "")), "count")
        parts = (next(iter(worded)) if len(worded) == 1 else kind, names.where(str(where)) if where else "")
        title = ", ".join(filter(None, (*parts, period(field(rows[0], "from"), field(rows[0], "to")))))
        cells = [
            [_amount(row), *_wording(row, worded), _who(row, names), _source(row, names) or "not stated"]
            for row in rows
        ]
        heads = ("number", *(("as worded",) if len(worded) > 1 else ()), "according to", "source")
        section.blocks.append(Table(sentence(title), heads, cells))
    noted = [
        [f"{_amount(row)}: {plain(str(field(row, 'counts_what', '')))}", _who(row, names), str(field(row, "note"))]
        for key, row in sorted(ledger.items())
        if key not in seen and "contradict" in str(field(row, "note", "")) and not _hidden(row, names)
    ]
    if noted:
        section.blocks.append(Table("Contradictions told in the notes", ("claim", "according to", "note"), noted))
    if disputes:
        section.say(
            "Claims of the same kind for the same place and days whose numbers cannot all be true; where the wording "
            "differs, they may count different things.",
            style="note",
        )
    elif not noted:
        section.say("No two claims of the ledger give different numbers for the same thing, place and date.")
    section.blocks.append(Heading("Who said what"))
    if not ledger:
        section.say("The ledger of this scenario is empty.")
        return
    claims = []
    for key in sorted(ledger):
        row = ledger[key]
        hidden = _hidden(row, names)
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
                _who(row, names),
                _source(row, names),
                "" if hidden else str(field(row, "address", "")),
                "" if hidden else str(field(row, "note", "")),
            )
        )
    shown_claims = Claims(claims)
    many = len(claims) > 25
    section.blocks.append(Fold(f"{len(claims)} claims with their sources", [shown_claims]) if many else shown_claims)


KINDS = {
    "present": "people present",
    "arrived": "people who arrived",
    "left": "people who left",
    "taken_in": "people taken in",
    "asked": "people who asked",
    "capacity": "capacity",
    "duration": "length of time",
}


def contradictions(ledger: Mapping[str, Any]) -> list[list[tuple[str, Any]]]:
    """Claims of one kind, place and time whose numbers cannot all be true, with their ids.

    Claims that another supersedes are left out, and so are groups in which every two agree: `about 1,000` and `at
    least 1,000`. Without a place only claims in the same words are compared: national rates are of many things.
    """
    replaced = {str(field(row, "supersedes")) for row in ledger.values() if field(row, "supersedes")}
    same: dict[tuple[str, ...], list[tuple[str, Any]]] = {}
    for key in sorted(ledger):
        row = ledger[key]
        what, place = field(row, "counts_what"), field(row, "place")
        if what is None or key in replaced or not any(item is not None for item in _numbers(row)):
            continue
        kind = str(field(row, "kind", ""))
        subject = kind if place is not None and kind in KINDS else str(what)
        parts = (subject, place, *(field(row, name) for name in ("from", "to", "unit", "base")))
        same.setdefault(tuple(str(part or "") for part in parts), []).append((key, row))
    return [
        sorted(rows, key=lambda item: (_middle(item[1]), str(field(item[1], "claimant_org", ""))))
        for _, rows in sorted(same.items(), key=lambda item: item[0])
        if _disagree([_range(row) for _, row in rows])
    ]


def _range(row: Any) -> tuple[float, float]:
    """What a claim allows."""
    low, value, high = _numbers(row)
    qualifier = str(field(row, "qualifier", ""))
    ends = [item for item in (low, value, high) if item is not None]
    least, most = min(ends), max(ends)
    return (
        -math.inf if qualifier == "at_most" else least,
        math.inf if qualifier in ("at_least", "more") else most,
    )


def _disagree(ranges: list[tuple[float, float]]) -> bool:
    return max(low for low, _ in ranges) > min(high for _, high in ranges)


def _wording(row: Any, what: set[str]) -> list[str]:
    return [plain(str(field(row, "counts_what", "")))] if len(what) > 1 else []


def _hidden(row: Any, names: Names) -> bool:
    """Whether a claim's source stays unnamed."""
    return names.public and str(field(row, "sensitivity", "")) in ("restricted", "confidential")


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


def _who(row: Any, names: Names) -> str:
    if _hidden(row, names):
        return "a source that is not named in public"
    role, organisation = str(field(row, "claimant_role", "")), str(field(row, "claimant_org", ""))
    if organisation and role:
        return f"{organisation} ({role})"
    return organisation or role or "a claimant who is not named"


def _source(row: Any, names: Names) -> str:
    if _hidden(row, names):
        return ""
    parts = [str(field(row, key, "")) for key in ("source_title", "publisher")]
    parts.append(day(field(row, "published")))
    parts.append(str(field(row, "locator", "")))
    return ", ".join(part for part in parts if part)
