"""Sections on trust: checks against counts, assumptions, and who said what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from posada.evidence import COUNTED, NOT_PUBLIC, Evidence, disputes
from posada.report.blocks import Claim, Claims, Fold, Heading, Section, Table
from posada.report.counts import over_time
from posada.report.inputs import Names, ResultLike, field, level, plain
from posada.report.small_counts import LEAST
from posada.report.words import (
    as_number,
    claimed,
    day,
    number,
    percent,
    period,
    sentence,
    some,
    span_of,
    spelled,
    spread,
)
from posada.words import Told, can_say, say, told

FEW = 10
"""Counts below which the share of them that lies inside says little."""


def checks(result: ResultLike, names: Names) -> Section:
    """The model beside what was counted."""
    section = Section("checks", say("checks.section"))
    rows = list(result.checks())
    scored = [row for row in rows if str(row.get("use", "check")) != "input"]
    inputs = [row for row in rows if str(row.get("use", "check")) == "input"]
    if not rows:
        section.say(say("checks.none"))
        return section
    judged = [row for row in scored if row.get("inside") is not None]
    if any(row.get("hidden") for row in rows):
        section.say(say("checks.hidden-note", least=LEAST), style="note")
    section.say(_judged(judged) if judged else say("checks.outside-time") if scored else say("checks.all-set"))
    section.blocks += over_time(rows, names)
    keys = ("series", "when", "counted", "median", "ninety", "inside", "score", "last-score")
    heads = tuple(say(f"checks.head-{key}") for key in keys)
    if scored:
        table = [_check_row(row, names) for row in scored]
        numeric = frozenset({2, 3, 4, 6, 7})
        section.blocks.append(Table(say("checks.table"), heads, table, numeric, file="checks.csv"))
    if inputs:
        table = [_check_row(row, names)[:5] for row in inputs]
        numeric = frozenset({2, 3, 4})
        section.blocks.append(Table(say("checks.inputs"), heads[:5], table, numeric, file="inputs.csv"))
    return section


def _judged(judged: Sequence[Mapping[str, Any]]) -> str:
    """How many counts lie inside their interval, how wide that is, and the score beside that of the last count."""
    inside = sum(bool(row["inside"]) for row in judged)
    counts, share = some(len(judged), "count"), percent(inside / len(judged))
    text = [say("checks.inside", n=inside, counts=counts, share=share)]
    width = spread([_relative_width(row) for row in judged])
    if width is not None:
        text.append(say("checks.width", share=percent(width)))
    paired = [row for row in judged if as_number(row.get("last_value_score")) is not None]
    ours = spread([as_number(row.get("interval_score")) for row in paired])
    theirs = spread([as_number(row.get("last_value_score")) for row in paired])
    if ours is not None and theirs is not None:
        verdict = say("checks.better") if ours < theirs else say("checks.no-better")
        scores = {"ours": number(ours, 0), "theirs": number(theirs, 0), "verdict": verdict}
        text.append(say("checks.scores", counts=some(len(paired), "count"), **scores))
    return " ".join([*text, *([say("checks.few")] if len(judged) < FEW else [])])


def _relative_width(row: Mapping[str, Any]) -> float | None:
    low, high, counted = (as_number(row.get(key)) for key in ("low90", "high90", "counted"))
    if low is None or high is None or counted is None:
        return None
    return (high - low) / max(abs(counted), 1.0)


def _check_row(row: Mapping[str, Any], names: Names) -> list[str]:
    low, middle, high = (as_number(row.get(key)) for key in ("low90", "median", "high90"))
    counted = as_number(row.get("counted"))
    inside = row.get("inside")
    verdict = say("checks.is-inside" if inside else "checks.not-compared" if inside is None else "checks.is-outside")
    if inside is False and counted is not None and low is not None:
        verdict = say("checks.higher" if counted < low else "checks.lower")
    scores = [as_number(row.get(key)) for key in ("interval_score", "last_value_score")]
    return [
        names.series(str(row.get("series", ""))),
        period(field(row, "from"), field(row, "to")),
        _count(row),
        number(middle),
        span_of(low, high),
        verdict,
        *("" if score is None else number(score) for score in scores),
    ]


def _count(row: Mapping[str, Any]) -> str:
    if row.get("hidden"):
        return say("checks.hidden", least=LEAST)
    return claimed(row.get("low"), row.get("counted"), row.get("high"))


def sources(result: ResultLike, names: Names) -> Section:
    """Assumptions first, then claims; those that contradict one another side by side."""
    section = Section("sources", say("sources.section"))
    rows = list(result.assumptions())
    assumed, unsourced, based = (
        [row for row in rows if row.get("kind") == kind] for kind in ("assumed", "unsourced", "evidence")
    )
    counts = {"assumed": _none(len(assumed)), "unsourced": _none(len(unsourced)), "based": _none(len(based))}
    numbers = sentence(some(len(rows), "number"))
    section.say(say("sources.text", numbers=numbers, **counts) if rows else say("sources.no-numbers"))
    heads = tuple(say(f"sources.head-{key}") for key in ("number", "value", "range", "why"))
    if assumed:
        section.blocks.append(Heading(say("sources.assumed")))
        parts: dict[str, list[list[str]]] = {}
        for row in assumed:
            subject = str(row.get("path", "")).partition(".")[0]
            parts.setdefault(subject, []).append([*_quantity(row, names), told(row.get("assumed") or "")])
        for subject, table in parts.items():
            of = say(f"subject.{subject}") if can_say(f"subject.{subject}") else plain(subject)
            caption = say("sources.assumed-numbers") if len(parts) == 1 else say("sources.assumed-of", subject=of)
            shown = Table(caption, heads, table, frozenset({1, 2}), file=f"assumed-{subject or 'all'}.csv")
            section.blocks.append(Fold(f"{caption} ({len(table)})", [shown]) if len(assumed) > MANY else shown)
    if unsourced:
        section.blocks.append(Heading(say("sources.unsourced")))
        table = [_quantity(row, names) for row in unsourced]
        shown = Table(say("sources.unsourced-numbers"), heads[:3], table, frozenset({1, 2}), file="unsourced.csv")
        many = len(unsourced) > MANY
        section.blocks.append(Fold(sentence(some(len(unsourced), "number")), [shown]) if many else shown)
    if based:
        section.blocks.append(Heading(say("sources.based")))
        table = [[*_quantity(row, names), ", ".join(map(str, row.get("evidence") or ()))] for row in based]
        cited = Table(
            say("sources.based-numbers"), (*heads[:3], say("head.claims")), table, frozenset({1, 2}), file="sourced.csv"
        )
        section.blocks.append(Fold(sentence(some(len(based), "number")), [cited]))
    _claims(section, result, names)
    return section


MANY = 25
"""Rows from which on a table opens on demand."""


def text_of(row: Any, name: str, default: str = "") -> str:
    """A text of a claim in the language spoken, where the scenario gives it; else as it stands, as words."""
    text = field(row, name, default)
    return told(text) if isinstance(text, Told) else plain(str(text))


def _none(value: int) -> str:
    return say("number.none-of-them") if value == 0 else spelled(value)


def _quantity(row: Mapping[str, Any], names: Names) -> list[str]:
    value, low, high = (as_number(row.get(key)) for key in ("value", "low", "high"))
    unit = level(str(row.get("unit") or "")) if row.get("unit") else ""
    shown = say("sources.expression") if value is None else _plain_number(value)
    ends = [_plain_number(item) for item in (low, high) if item is not None]
    return [
        names.number(str(row.get("path", "")), whole=True),
        f"{shown} {unit}".strip(),
        f"{say('number.to', low=ends[0], high=ends[1])} {unit}".strip() if len(ends) == 2 else "",
    ]


def _plain_number(value: float) -> str:
    """As stated: three decimals at most, none that are zeros."""
    text = number(value, 0 if abs(value) >= 1000 or value.is_integer() else 3)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _claims(section: Section, result: ResultLike, names: Names) -> None:
    ledger: dict[str, Any] = dict(result.scenario.evidence or {})
    section.blocks.append(Heading(say("claims.contradict")))
    contrary = contradictions(ledger)
    seen = {key for same in contrary for key, _ in same}
    section.blocks += [_dispute([row for _, row in same], names) for same in contrary]
    noted = [
        [f"{amount_of(row)}: {text_of(row, 'counts_what')}", who_of(row, names), text_of(row, "note")]
        for key, row in sorted(ledger.items())
        if key not in seen and "contradict" in str(field(row, "note", "")) and not _hidden(row, names)
    ]
    if noted:
        heads = (say("head.claim"), say("head.according"), say("head.note"))
        section.blocks.append(Table(say("claims.noted"), heads, noted))
    if contrary:
        section.say(say("claims.same-kind"), style="note")
    elif not noted:
        section.say(say("claims.no-dispute"))
    section.blocks.append(Heading(say("claims.who-said")))
    if not ledger:
        section.say(say("claims.empty"))
        return
    claims = Claims([claim_of(key, ledger[key], names) for key in sorted(ledger)])
    many = len(claims.items) > MANY
    section.blocks.append(Fold(say("claims.all", count=len(claims.items)), [claims]) if many else claims)


def _dispute(rows: Sequence[Any], names: Names) -> Table:
    """Claims that contradict one another, side by side."""
    worded = {text_of(row, "counts_what", "count") for row in rows}
    where, stated = field(rows[0], "place"), str(field(rows[0], "kind", ""))
    kind = say(f"kind.{stated if stated in COUNTED else 'count'}")
    parts = (next(iter(worded)) if len(worded) == 1 else kind, names.where(str(where)) if where else "")
    title = ", ".join(filter(None, (*parts, period(field(rows[0], "from"), field(rows[0], "to")))))
    cells = [
        [amount_of(row), *_wording(row, worded), who_of(row, names), _source(row, names) or say("claims.not-stated")]
        for row in rows
    ]
    wording = (say("claims.head-worded"),) if len(worded) > 1 else ()
    return Table(sentence(title), (say("head.number"), *wording, say("head.according"), say("head.source")), cells)


def claim_of(key: str, row: Any, names: Names) -> Claim:
    """One claim in words."""
    hidden = _hidden(row, names)
    where = field(row, "place")
    when = (names.where(str(where)) if where else "", period(field(row, "from"), field(row, "to")))
    subject = text_of(row, "counts_what") or text_of(row, "kind")
    what = f"{sentence(amount_of(row))}: {subject}" if _counted(row) else sentence(subject)
    status = str(field(row, "status", ""))
    if status and status != "observed":
        what += f" ({say(f'status.{status}') if can_say(f'status.{status}') else status})"
    address, note = ("", "") if hidden else (str(field(row, "address", "")), told(field(row, "note", "")))
    return Claim(str(key), what, ", ".join(filter(None, when)), who_of(row, names), _source(row, names), address, note)


def contradictions(ledger: Mapping[str, Any]) -> list[list[tuple[str, Any]]]:
    """Claims about one thing at one time that cannot all be true, with their ids: as the ledger's own rule tells."""
    claims = {str(key): _as_claim(str(key), row) for key, row in ledger.items()}
    return [[(claim.id, ledger[claim.id]) for claim in dispute.claims] for dispute in disputes(claims)]


def _as_claim(key: str, row: Any) -> Evidence:
    """A row of any kind as a claim of the ledger."""
    if isinstance(row, Evidence):
        return row
    names = ("counts_what", "kind", "qualifier", "unit", "base", "place", "to", "supersedes", "claimant_org")
    low, value, high = _numbers(row)
    rest = {name: field(row, name) for name in names}
    return Evidence(key, low=low, value=value, high=high, from_=field(row, "from"), **rest)


def _wording(row: Any, what: set[str]) -> list[str]:
    return [text_of(row, "counts_what")] if len(what) > 1 else []


def _hidden(row: Any, names: Names) -> bool:
    """Whether a claim's source stays unnamed."""
    return names.public and str(field(row, "sensitivity", "")) in NOT_PUBLIC


def _numbers(row: Any) -> tuple[float | None, float | None, float | None]:
    return as_number(field(row, "low")), as_number(field(row, "value")), as_number(field(row, "high"))


def _counted(row: Any) -> bool:
    """Whether a claim has a number."""
    return any(item is not None for item in _numbers(row))


def amount_of(row: Any) -> str:
    """The number of a claim with its unit; shares in per cent, with what they are shares of."""
    low, value, high = _numbers(row)
    unit, base = str(field(row, "unit", "")), text_of(row, "base")
    if unit == "share":
        low, value, high = (None if item is None else round(item * 100, 6) for item in (low, value, high))
        unit = say("claims.percent-of", base=base) if base else "%"
    text = claimed(low, value, high, field(row, "qualifier"))
    return f"{text} {level(unit)}" if unit and _counted(row) else text


def who_of(row: Any, names: Names) -> str:
    """Who says a claim: the organisation and its role."""
    if _hidden(row, names):
        return say("claims.unnamed-in-public")
    role, organisation = str(field(row, "claimant_role", "")), str(field(row, "claimant_org", ""))
    if role and can_say(f"role.{role}"):
        role = say(f"role.{role}")
    if organisation and role:
        return f"{organisation} ({role})"
    return organisation or role or say("claims.unnamed")


def _source(row: Any, names: Names) -> str:
    if _hidden(row, names):
        return ""
    parts = [str(field(row, key, "")) for key in ("source_title", "publisher")]
    parts.append(day(field(row, "published")))
    parts.append(str(field(row, "locator", "")))
    return ", ".join(part for part in parts if part)
