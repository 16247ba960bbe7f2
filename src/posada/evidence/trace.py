"""From a result back to its sources: quantities that drive it, the claims that they rest on, who said so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .compare import amount, speaker
from .ledger import Evidence


@dataclass(frozen=True, slots=True)
class Basis:
    """What a quantity rests on: claims by id, or the reason why it is assumed; nothing if neither is stated."""

    evidence: tuple[str, ...] = ()
    assumed: str | None = None

    @property
    def kind(self) -> str:
        """`assumed`, `evidence` or `unsourced`; what is said to be assumed is, whatever it cites."""
        return "assumed" if self.assumed else "evidence" if self.evidence else "unsourced"


@dataclass(frozen=True, slots=True)
class Trace:
    """One quantity behind a number: its share of the number's variance, what it rests on, and those claims."""

    path: str
    share: float
    basis: Basis
    claims: tuple[Evidence, ...]
    missing: tuple[str, ...] = ()
    """Ids that it cites and the ledger does not have."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of a result's variance: on evidence, on assumptions, on numbers without a source; the rest is chance."""

    evidence: float
    assumed: float
    unsourced: float
    rest: float


def why(
    shares: Mapping[str, float], bases: Mapping[str, Basis], ledger: Mapping[str, Evidence], at_least: float = 0.01
) -> list[Trace]:
    """The quantities behind a number and their claims, the most important first, down to a share of the variance."""
    found = []
    for path, share in sorted(shares.items(), key=lambda item: (-item[1], item[0])):
        if share < at_least:
            continue
        basis = bases.get(path, Basis())
        claims = tuple(ledger[key] for key in basis.evidence if key in ledger)
        found.append(Trace(path, share, basis, claims, tuple(key for key in basis.evidence if key not in ledger)))
    return found


def coverage(shares: Mapping[str, float], bases: Mapping[str, Basis]) -> Coverage:
    """What a result's variance rests on. Shares that add up to more than 1 are scaled down to it."""
    positive = {path: max(0.0, share) for path, share in shares.items()}
    total = sum(positive.values())
    scale = 1 / total if total > 1 else 1.0
    parts = {"evidence": 0.0, "assumed": 0.0, "unsourced": 0.0}
    for path, share in positive.items():
        parts[bases.get(path, Basis()).kind] += share * scale
    return Coverage(**parts, rest=max(0.0, 1 - sum(parts.values())))


def trace_lines(traces: list[Trace]) -> list[str]:
    """A trace in lines: quantity, then its claims, then where they stand."""
    lines = []
    for trace in traces:
        lines.append(f"{trace.path}: {trace.share * 100:.0f} % of the variance")
        if trace.basis.assumed:
            lines.append(f"    assumed: {trace.basis.assumed}")
        elif not trace.basis.evidence:
            lines.append("    stated without a source")
        for claim in trace.claims:
            lines.append(
                f"    {claim.id}: {claim.counts_what or claim.kind or 'claim'}: {amount(claim)}, "
                f"{claim.status or 'not said whether observed'}, {speaker(claim)}"
            )
            lines.append(f"        {source(claim)}")
        lines += [f"    {key}: not in the ledger" for key in trace.missing]
    return lines


def source(claim: Evidence) -> str:
    """Where a claim stands; a source that is not public is not named."""
    if claim.sensitivity in ("restricted", "confidential"):
        return f"a {claim.sensitivity} source"
    parts = (
        claim.source_title,
        claim.publisher,
        claim.published.isoformat() if claim.published else None,
        claim.address,
        claim.locator,
    )
    return ", ".join(part for part in parts if part) or "no source stated"
