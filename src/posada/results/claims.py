"""Claims of the ledger held against a result: consistent, not consistent, or not testable by counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from posada.evidence import Evidence, allows, amount, who
from posada.scenario import Observation, Scenario, parse_series

from .checks import model_values
from .headlines import intervals
from .series import array_of
from .statements import CONSISTENT, NOT_CONSISTENT, NOT_TESTABLE

if TYPE_CHECKING:
    from .result import Result

VERBS = {"present": "present", "arrived": "arrived", "left": "left"}
"""Kinds of claims that name a series of a place by themselves."""


@dataclass(frozen=True, slots=True)
class Held:
    """One claim beside what the model says of it: median and the interval of nine runs in ten, or why there is none."""

    claim: Evidence
    verdict: str
    series: str | None = None
    median: float | None = None
    low90: float | None = None
    high90: float | None = None
    reason: str | None = None
    used: bool = False
    """Whether the claim set a number of the model, so that agreement proves nothing."""


def claims(result: Result) -> list[Held]:
    """Every claim of the scenario's ledger, in order of its id."""
    used = cited(result.scenario)
    return [held(result, claim, key in used) for key, claim in sorted(result.scenario.evidence.items())]


def cited(scenario: Scenario) -> set[str]:
    """Ids of claims on which a number of the model rests."""
    from .assumptions import assumptions

    found = {str(key) for row in assumptions(scenario) for key in row["evidence"]}
    return found | {key for o in scenario.observations.values() if o.use == "input" for key in o.evidence}


def held(result: Result, claim: Evidence, used: bool) -> Held:
    """One claim beside the model."""
    if claim.kind == "policy":
        return Held(claim, NOT_TESTABLE, reason="what is meant, offered or allowed is not scored", used=used)
    if all(item is None for item in (claim.low, claim.value, claim.high)):
        return Held(claim, NOT_TESTABLE, reason="states no number", used=used)
    count = series_of(result.scenario, claim)
    if isinstance(count, str):
        return Held(claim, NOT_TESTABLE, reason=count, used=used)
    if claim.id == count.id and not array_of(result, parse_series(count.series)).any():
        return Held(claim, NOT_TESTABLE, count.series, reason=f"the model never counts {count.series}", used=used)
    found = intervals(model_values(result, count))
    low, high = found["low90"], found["high90"]
    if low is None or high is None:
        return Held(claim, NOT_TESTABLE, count.series, reason="nothing was recorded then", used=used)
    least, most = allows(claim)
    verdict = CONSISTENT if least <= high and low <= most else NOT_CONSISTENT
    return Held(claim, verdict, count.series, found["median"], low, high, None, used)


def series_of(scenario: Scenario, claim: Evidence) -> Observation | str:
    """The series that a claim counts (of an observation that cites it, else of its place), or why there is none."""
    own = [o for o in scenario.observations.values() if claim.id in o.evidence]
    same = [o for o in own if o.value == claim.value or o.low == claim.low or len(own) == 1]
    if same and recorded(scenario, same[0].from_ or same[0].to):
        return same[0]
    if claim.kind not in VERBS or claim.unit != "people":
        return "no series of the model counts it"
    if claim.place not in scenario.places:
        return "no place of the scenario is named"
    if claim.from_ is None:
        return "no day is named"
    if not recorded(scenario, claim.from_):
        return "its day lies outside the time that is simulated"
    address = f"{VERBS[claim.kind]}:{claim.place}{people_counted(scenario, VERBS[claim.kind], claim.place)}"
    return Observation(
        claim.id,
        address,
        claim.from_,
        claim.to or claim.from_,
        claim.low,
        claim.value,
        claim.high,
        claim.qualifier,
        (claim.id,),
        None,
        "check",
    )


def claim_lines(found: list[Held]) -> list[str]:
    """Claims beside the model in lines, those that disagree first."""
    order = {NOT_CONSISTENT: 0, CONSISTENT: 1, NOT_TESTABLE: 2}
    lines = []
    for h in sorted(found, key=lambda h: (order[h.verdict], h.claim.id)):
        beside = (
            h.reason
            if h.median is None or h.low90 is None or h.high90 is None
            else f"the model says {h.median:,.4g} ({h.low90:,.4g} to {h.high90:,.4g}), {h.series}"
        )
        used = "; it set a number of the model" if h.used and h.verdict == CONSISTENT else ""
        lines.append(f"{h.verdict:15} {h.claim.id}: {amount(h.claim)}, {who(h.claim, False)}; {beside}{used}")
    counts = ", ".join(f"{sum(h.verdict == verdict for h in found)} {verdict}" for verdict in order)
    return [*lines, f"{len(found)} claims: {counts}."]


def recorded(scenario: Scenario, day: date | None) -> bool:
    """Whether a day is simulated."""
    return day is not None and scenario.start <= day <= scenario.end


def people_counted(scenario: Scenario, verb: str, place: str) -> str:
    """The part of the people that counts of this kind at this place are of, as the observations have it."""
    for o in scenario.observations.values():
        series = parse_series(o.series)
        if series.attribute and series.where in scenario.places and (series.verb, series.where) == (verb, place):
            return f"{{{series.attribute}={series.level}}}"
    levels = {s.level for o in scenario.observations.values() if (s := parse_series(o.series)).attribute == "group"}
    return f"{{group={levels.pop()}}}" if len(levels) == 1 else ""
