"""Proposed claims as a file, to be reviewed later. Of the report it holds only sentences, without private names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from .compare import likenesses
from .ledger import Evidence
from .reading import Claim, Report, read_report
from .table import cells
from .writing import write_text

VERSION = 1
Likeness = tuple[str, str]
"""The id of a claim in the ledger, and `duplicate` or `contradiction`."""


class ProposalError(Exception):
    """A file of proposals that cannot be read, or a decision on one that is not there."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a report comes from."""

    title: str | None
    publisher: str | None
    published: date
    address: str | None
    hash: str
    kind: str = "text"
    sensitivity: str = "internal"


def as_evidence(claim: Claim, source: Source, key: str | None = None) -> Evidence:
    """A claim as a row of the ledger; the place only if the sentence itself names it."""
    place = claim.place
    return Evidence(
        id=key or claim.id,
        counts_what=f"{claim.counts_what} (more)"
        if claim.increment and "more" not in claim.counts_what
        else claim.counts_what,
        kind=claim.kind,
        low=claim.low,
        value=claim.value,
        high=claim.high,
        qualifier=claim.qualifier,
        unit=claim.unit,
        base=claim.base,
        place=(place.id or place.name) if place else None,
        from_=claim.from_,
        to=claim.to,
        status=claim.status,
        claimant_role=claim.speaker.role if claim.speaker else "press",
        claimant_org=(claim.speaker.organisation if claim.speaker else None),
        source_title=source.title,
        publisher=source.publisher,
        published=source.published,
        address=source.address,
        locator=f"letters {claim.start}-{claim.end} of sha256 {source.hash[:16]}",
        sensitivity=source.sensitivity,
    )


def told(report: Report, source: Source, likenesses: Mapping[str, list[Likeness]]) -> dict[str, Any]:
    """A report as JSON: claims, places, dates and who is quoted; no text but the sentences of claims."""
    return {
        "posada_proposals": VERSION,
        "source": {
            "title": source.title, "publisher": source.publisher, "published": source.published.isoformat(),
            "address": source.address,
            "hash": source.hash, "kind": source.kind, "sensitivity": source.sensitivity,
        },
        "language": report.language,
        "claims": [claim_told(claim, source, likenesses.get(claim.id, [])) for claim in report.claims],
        "places": [{"name": p.name, "id": p.id, "kind": p.kind, "country": p.country} for p in report.places],
        "dates": [{"text": d.text, "from": d.from_.isoformat(), "to": d.to.isoformat()} for d in report.dates],
        "quotations": [
            {
                "start": q.start, "end": q.end, "speaker": q.speaker.shown if q.speaker else None,
                "role": q.speaker.role if q.speaker else None,
                "organisation": q.speaker.organisation if q.speaker else None,
            }
            for q in report.quotations
        ],
    }  # fmt: skip


class Situation(Protocol):
    """What is asked of a scenario: its places and its ledger."""

    @property
    def places(self) -> Mapping[str, Any]:
        """Places by id."""

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """Claims by id."""


def places_of(situation: Situation | None) -> dict[str, tuple[str, str | None]]:
    """A scenario's places as names and countries by id."""
    return {key: (place.name, place.country) for key, place in situation.places.items()} if situation else {}


def read(text: str, date: date, scenario: Situation | None = None, language: str | None = None) -> list[Claim]:
    """The claims that a report of a date makes, in order; `scenario` lends the names of its places."""
    return list(read_report(text, date, places_of(scenario), language).claims)


def proposals(
    text: str, source: Source, scenario: Situation | None = None, language: str | None = None
) -> dict[str, Any]:
    """A report as proposals, each compared with the scenario's ledger."""
    report = read_report(text, source.published, places_of(scenario), language)
    ledger = list(scenario.evidence.values()) if scenario else []
    alike = {claim.id: likenesses(as_evidence(claim, source), ledger) for claim in report.claims}
    return told(report, source, alike)


def claim_told(claim: Claim, source: Source, likenesses: list[Likeness]) -> dict[str, Any]:
    """One proposal as JSON: the row that it would be, and what a reviewer needs to judge it."""
    row = as_evidence(claim, source)
    return {
        "id": claim.id,
        "row": row_told(row),
        "increment": claim.increment,
        "speaker": claim.speaker.shown if claim.speaker else None,
        "words": claim.words,
        "sentence": claim.sentence,
        "span": list(claim.span),
        "day_candidates": [
            {"from": first.isoformat(), "to": last.isoformat(), "why": why} for first, last, why in claim.days
        ],
        "place_candidates": [{"name": p.name, "id": p.id} for p in claim.places],
        "like": [{"id": key, "how": how} for key, how in likenesses],
    }


def row_told(row: Evidence) -> dict[str, Any]:
    """The cells of a row of the ledger that are not empty."""
    return {name: cell for name, cell in cells(row).items() if cell != "" and name != "id"}


def write_proposals(found: dict[str, Any], path: Path) -> None:
    """Write proposals under a temporary name, then rename."""
    write_text(path, json.dumps(found, indent=1, ensure_ascii=False) + "\n")


def read_proposals(path: Path) -> dict[str, Any]:
    """A file that `posada read --out` wrote; ProposalError if it is another."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ProposalError(f"{path} is no file of proposals: {error}") from None
    if (
        not isinstance(found, dict)
        or found.get("posada_proposals") != VERSION
        or not isinstance(found.get("claims"), list)
    ):
        raise ProposalError(f"{path} is no file of proposals; `posada read REPORT --date DATE --out FILE` writes one")
    return found
