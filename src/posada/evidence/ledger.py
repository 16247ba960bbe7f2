"""The ledger: one row is one claim of one source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Evidence:
    """A claim: what, how many, where, when, who says so. Fields are the columns of evidence.csv."""

    id: str
    counts_what: str | None = None
    kind: str | None = None
    low: float | None = None
    value: float | None = None
    high: float | None = None
    qualifier: str | None = None
    unit: str | None = None
    base: str | None = None
    place: str | None = None
    from_: date | None = None
    to: date | None = None
    status: str | None = None
    claimant_role: str | None = None
    claimant_org: str | None = None
    source_title: str | None = None
    publisher: str | None = None
    published: date | None = None
    address: str | None = None
    locator: str | None = None
    sensitivity: str | None = None
    supersedes: str | None = None
    note: str | None = None
    line: int = field(default=0, compare=False, repr=False)


KINDS = (
    "present",
    "arrived",
    "left",
    "taken_in",
    "asked",
    "capacity",
    "rate",
    "duration",
    "share",
    "policy",
)
QUALIFIERS = ("exact", "about", "at_least", "at_most", "more", "range")
STATUSES = ("observed", "forecast", "hearsay")
SENSITIVITIES = ("public", "internal", "restricted", "confidential")
