"""The way back from a headline to its sources, in words for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.padding import Padding
from rich.text import Text

from posada.evidence import Evidence, amount, source, subject, who
from posada.planning.sensitivity_text import between, covered, made, rests, title, value
from posada.results import SIGNS, Share, Step, Why, interval, number, percent

WAYS = {
    1: "more of it makes the answer larger",
    -1: "more of it makes the answer smaller",
    0: "more of it makes the answer neither larger nor smaller, or both",
}
MOST_COUNTS = 6
MOST_AGAINST = 3


def render(found: Why, full: bool = False) -> list[Any]:
    """From the answer to the numbers that drive it, to the claims and their sources, to what was counted."""
    d = found.headline
    evidence, assumed, luck, together = covered(found.rests)
    measured = d.luck is not None
    parts: list[Any] = [
        Text(title(d, found.rests), style="bold"),
        Text(value(d, found.rests)),
        Text(
            f"Of its variance {evidence} rests on evidence, {assumed} on assumptions"
            + (f", {luck} is luck" if measured else "")
            + f"; {together} is what numbers do together{'' if measured else ', and luck'}."
        ),
        Text(made(found.sensitivity), style="dim"),
        Text(""),
    ]
    for i, step in enumerate(found.steps, 1):
        parts += of_step(found, i, step)
    if not found.steps:
        parts += [Text("No number that is not known drives it as far as can be told."), Text("")]
    if found.others:
        told = ", ".join(f"{o.path.removeprefix('quantities.')} {percent(o.share)}" for o in found.others)
        parts += [Text(f"Then: {told}."), Text("")]
    parts += counted(found, full)
    if found.also:
        parts += [Text(f"Other headlines that these words may mean: {', '.join(found.also)}.", style="dim")]
    return parts


def of_step(found: Why, i: int, step: Step) -> list[Any]:
    """One number: its share, and who says so."""
    driver, support = step.driver, step.support
    ends = "" if driver.low is None or driver.high is None else Share(driver.share, driver.low, driver.high)
    share = f"{percent(driver.share)} of the variance" + (f" ({between(ends)})" if isinstance(ends, Share) else "")
    head = Text(f"{i}. {SIGNS[driver.direction]} {support.name} = {support.stated}", style="bold")
    lines = [f"{share}; {WAYS[driver.direction]}."]
    if support.note:
        lines.append(f"How it was set: {support.note}.")
    if support.assumed:
        lines.append(f"Assumed: {support.assumed}.")
    if support.kind == "unsourced":
        lines.append("Stated without a source.")
    body: list[Any] = [Padding(Text(line), (0, 0, 0, 3)) for line in lines]
    for said in step.claims:
        body.append(Padding(Text(claim_line(said.claim, found.public)), (0, 0, 0, 3)))
        for other in said.against[:MOST_AGAINST]:
            against = f"but {claim_line(other, found.public)}"
            body.append(Padding(Text(against), (0, 0, 0, 7)))
        if len(said.against) > MOST_AGAINST:
            more = f"and {len(said.against) - MOST_AGAINST} more claims that contradict it"
            body.append(Padding(Text(more), (0, 0, 0, 7)))
    if step.at_odds:
        body.append(Padding(Text(f"These contradict one another: {', '.join(step.at_odds)}."), (0, 0, 0, 3)))
    return [head, *body, Text("")]


def claim_line(claim: Evidence, public: bool) -> str:
    """`Pueblo Sin Fronteras (organiser) expects 100 to 300 people: asylum requests expected ...`."""
    verb = {"forecast": "expects", "hearsay": "has heard of"}.get(claim.status or "", "says")
    said = f"{who(claim, public)} {verb} {amount(claim) or 'no number'}: {subject(claim)}"
    where = source(claim, public)
    return f"{said}. {f'Source: {where}. ' if where else ''}[{claim.id}]"


def counted(found: Why, full: bool) -> list[Any]:
    """What was counted of the same thing, beside the model."""
    if not found.counts:
        return []
    parts: list[Any] = [Text("What was counted of it", style="bold")]
    shown = found.counts if full else found.counts[:MOST_COUNTS]
    for row in shown:
        days = " to ".join(dict.fromkeys(str(row[key]) for key in ("from_", "to") if row[key]))
        verdict = {True: "inside", False: "OUTSIDE", None: ""}[row["inside"]]
        use = "it set a number of the model, so it checks nothing" if row["use"] == "input" else verdict
        claims = [found.claims_of_counts[e] for e in row["evidence"] if e in found.claims_of_counts]
        said = "; ".join(f"{who(claim, found.public)} [{claim.id}]" for claim in claims)
        text = (
            f"{row['series']}, {days}: {number(row['counted'])} counted, {interval(row, 90)} simulated"
            f"{f', {use}' if use else ''}. {said}"
        )
        parts.append(Padding(Text(text.rstrip()), (0, 0, 0, 3)))
    if len(found.counts) > len(shown):
        parts.append(Text(f"and {len(found.counts) - len(shown)} more: --full shows all", style="dim"))
    return [*parts, Text("")]


def summary(found: Why) -> dict[str, Any]:
    """The same for `--json`; sources that may not be named are left out."""
    d = found.headline
    return {
        "headline": {"id": d.id, "label": d.title, **found.row, **d.numbers},
        "rests": rests(found.rests),
        "luck": None if d.luck is None else asdict(d.luck),
        "drivers": [
            {
                **asdict(step.driver),
                "kind": step.support.kind,
                "value": step.support.value,
                "range": [step.support.low, step.support.high],
                "unit": step.support.unit,
                "assumed": step.support.assumed or None,
                "note": step.support.note or None,
                "at_odds": list(step.at_odds),
                "claims": [
                    {**claim_data(said.claim, found.public), "contradicted_by": claims_data(said.against, found.public)}
                    for said in step.claims
                ],
            }
            for step in found.steps
        ],
        "smaller": [{"path": o.path, "share": round(o.share, 5)} for o in found.others],
        "counts": list(found.counts),
        "also": list(found.also),
    }


def claims_data(claims: Sequence[Evidence], public: bool) -> list[dict[str, Any]]:
    """Claims as plain data."""
    return [claim_data(claim, public) for claim in claims]


def claim_data(claim: Evidence, public: bool) -> dict[str, Any]:
    """One claim as plain data."""
    stated = {key: getattr(claim, key) for key in ("low", "value", "high", "qualifier", "status")}
    told = {"says": who(claim, public), "amount": amount(claim), "of": subject(claim), "source": source(claim, public)}
    return {"id": claim.id, **told, **stated}
