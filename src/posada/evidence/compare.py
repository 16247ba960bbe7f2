"""What claims allow, and which of them cannot all be true."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .ledger import Evidence
from .telling import amount, who

COUNTED = ("present", "arrived", "left", "taken_in", "asked", "capacity")
"""Kinds of which claims about one place and time are about one thing, however it is worded."""
ABOUT = 0.15
"""How far `about` may be off, as a share; rounding allows more where it is coarser."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """Claims about one thing that cannot all be true; `gap` lies between what two of them allow, at the widest."""

    claims: tuple[Evidence, ...]
    gap: float
    ratio: float | None


def numbers(claim: Evidence) -> list[float]:
    """The numbers that a claim states, in order."""
    return [item for item in (claim.low, claim.value, claim.high) if item is not None]


def bounds(claim: Evidence) -> tuple[float, float]:
    """The least and the most that a claim says; infinite where its qualifier, or a missing end, leaves a side open."""
    stated = numbers(claim)
    least, most = min(stated), max(stated)
    if claim.qualifier == "at_most" or (claim.low is None and claim.value is None):
        least = -math.inf
    if claim.qualifier in ("at_least", "more") or (claim.high is None and claim.value is None):
        most = math.inf
    return least, most


def allows(claim: Evidence) -> tuple[float, float]:
    """What a claim says, with what `about` and rounding may hide."""
    least, most = bounds(claim)
    if claim.qualifier == "about" and claim.value is not None:
        slack = max(ABOUT * abs(claim.value), half_step(claim.value))
        return min(least, claim.value - slack), max(most, claim.value + slack)
    return least, most


def half_step(value: float) -> float:
    """Half of the last digit that is not zero: what rounding hides in 1,500 is 50."""
    if not float(value).is_integer() or value == 0:
        return 0.0
    step, whole = 1, abs(int(value))
    while whole % (step * 10) == 0:
        step *= 10
    return step / 2


def superseded(ledger: Mapping[str, Evidence]) -> set[str]:
    """Ids of claims that another replaces."""
    return {word for claim in ledger.values() for word in (claim.supersedes or "").replace(",", " ").split()}


def topic(claim: Evidence) -> tuple[str, ...]:
    """What a claim is about: kind (or words, where no place is named), place, unit, base."""
    what = (claim.kind or "") if claim.place and claim.kind in COUNTED else (claim.counts_what or "")
    return what, claim.place or "", claim.unit or "", claim.base or ""


def same_time(one: Evidence, other: Evidence) -> bool:
    """Whether the days of two claims are the same, or one of them names none."""
    if one.from_ is None or other.from_ is None:
        return one.from_ is other.from_
    return (one.from_, one.to or one.from_) == (other.from_, other.to or other.from_)


def gap_between(one: Evidence, other: Evidence) -> float:
    """How far apart two claims are; 0 if both can be true."""
    a, b = allows(one), allows(other)
    return max(0.0, a[0] - b[1], b[0] - a[1])


def disputes(ledger: Mapping[str, Evidence]) -> list[Dispute]:
    """Claims about one thing at one time that cannot all be true, in order of their subject."""
    replaced = superseded(ledger)
    groups: dict[tuple[object, ...], list[Evidence]] = {}
    for key in sorted(ledger):
        claim = ledger[key]
        if key not in replaced and numbers(claim):
            groups.setdefault(
                (*topic(claim), claim.from_ or date.min, claim.to or claim.from_ or date.min), []
            ).append(claim)
    found = []
    for _, claims in sorted(groups.items(), key=lambda item: tuple(map(str, item[0]))):
        spans = [allows(claim) for claim in claims]
        gap = max(low for low, _ in spans) - min(high for _, high in spans)
        if gap > 0:
            ordered = sorted(claims, key=lambda claim: (middle(claim), claim.id))
            least, most = middle(ordered[0]), middle(ordered[-1])
            found.append(Dispute(tuple(ordered), gap, most / least if least > 0 else None))
    return found


def contradicting(claim: Evidence, ledger: Mapping[str, Evidence]) -> list[Evidence]:
    """Claims of the same kind, place and days whose numbers, as said, cannot be true beside those of this one."""
    if not numbers(claim) or claim.place is None:
        return []
    least, most = bounds(claim)
    replaced = superseded(ledger)
    found = []
    for key in sorted(ledger):
        other = ledger[key]
        if key == claim.id or key in replaced or not numbers(other) or not of_one_count(claim, other):
            continue
        low, high = bounds(other)
        if most < low or high < least:
            found.append(other)
    return found


def of_one_count(a: Evidence, b: Evidence) -> bool:
    """Whether two claims are of the same kind, place, days, unit, base and status."""
    return all(getattr(a, key) == getattr(b, key) for key in ("kind", "place", "from_", "to", "unit", "base", "status"))


def middle(claim: Evidence) -> float:
    """The number in the middle of those that a claim states."""
    stated = numbers(claim)
    return claim.value if claim.value is not None else sum(stated) / len(stated)


def likenesses(claim: Evidence, ledger: Iterable[Evidence]) -> list[tuple[str, str]]:
    """Claims of a ledger that say the same as a new one, or the contrary: (id, duplicate or contradiction)."""
    found = []
    for other in ledger:
        if not numbers(other) or not numbers(claim) or not may_be_of_one_thing(claim, other):
            continue
        if gap_between(claim, other) > 0:
            found.append((other.id, "contradiction"))
        elif same_numbers(claim, other):
            found.append((other.id, "duplicate"))
    return sorted(found)


def may_be_of_one_thing(claim: Evidence, other: Evidence) -> bool:
    """Whether a new claim may be about the same as another: one kind and unit, no other place, days that touch."""
    if (claim.kind, claim.unit) != (other.kind, other.unit):
        return False
    if claim.place and other.place and claim.place != other.place:
        return False
    if claim.from_ and other.from_:
        return claim.from_ <= (other.to or other.from_) and other.from_ <= (claim.to or claim.from_)
    return same_numbers(claim, other) or bool(claim.place and other.place and not claim.from_ and near(claim, other))


def near(claim: Evidence, other: Evidence) -> bool:
    """Whether another claim is of about the day on which a claim without days was published."""
    return bool(claim.published and other.from_ and abs((claim.published - (other.to or other.from_)).days) <= 3)


def same_numbers(claim: Evidence, other: Evidence) -> bool:
    """Whether two claims state the same ends."""
    return numbers(claim) == numbers(other)


def conflict_lines(dispute: Dispute) -> list[str]:
    """A conflict in lines: what it is about, each claim, how far apart they are."""
    first = dispute.claims[0]
    days = (
        f"{first.from_} to {first.to}" if first.to and first.to != first.from_ else str(first.from_ or "no day named")
    )
    kind = first.kind if first.place and first.kind in COUNTED else first.counts_what
    lines = [f"{kind}{f' at {first.place}' if first.place else ''}, {days}"]
    lines += [f"    {amount(claim)}: {who(claim, False)} [{claim.id}]" for claim in dispute.claims]
    apart = f"; the largest is {dispute.ratio:.1f} times the smallest" if dispute.ratio and dispute.ratio > 1 else ""
    return [*lines, f"    {dispute.gap:,.6g} apart at the least{apart}"]
