"""The ledger of a scenario: who said what, what contradicts what, and on what the numbers rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from posada.web import telling
from posada.web.asking import OfFolder, OfPlace, loaded
from posada.web.pages import page
from posada.words import can_say, say, told

router = APIRouter()
ADDRESS = "/scenario/{where}/{name}/evidence"
FILTERS = ("kind", "place", "status", "claimant_role")
MOST_CLAIMS = 200


@router.get(ADDRESS)
def evidence(request: Request, place: OfPlace, folder: OfFolder, words: str = "", conflicts: str = "") -> Response:
    """The claims, filtered; then conflicts, then what numbers rest on."""
    from posada.evidence import disputes
    from posada.results import assumptions_of

    found = loaded(folder, place)
    disputed = disputes(found.evidence)
    chosen = {name: request.query_params.get(name, "") for name in FILTERS}
    at_odds = {claim.id for dispute in disputed for claim in dispute.claims}
    wanted = [
        claim
        for claim in found.evidence.values()
        if fits(claim, chosen, words) and (not conflicts or claim.id in at_odds)
    ]
    return page(
        request,
        "evidence.html",
        card=telling.scenario_card(place),
        scenario=found,
        rows=[row_of(claim, at_odds, found) for claim in wanted[:MOST_CLAIMS]],
        many=len(wanted),
        options={name: options(found, name) for name in FILTERS},
        chosen=chosen,
        words=words,
        conflicts=bool(conflicts),
        disputed=[[row_of(claim, at_odds, found) for claim in dispute.claims] for dispute in disputed],
        rests=rests(assumptions_of(found)),
        ledger=found.evidence,
    )


def fits(claim: Any, chosen: dict[str, str], words: str) -> bool:
    """Whether a claim is one of those that are looked for."""
    if any(value and (getattr(claim, name) or "") != value for name, value in chosen.items()):
        return False
    text = " ".join(
        f"{part} {told(part)}"
        for part in (claim.id, claim.counts_what, claim.place, claim.claimant_org, claim.source_title,
                     claim.publisher, claim.note) if part
    ).lower()  # fmt: skip
    return all(word in text for word in words.lower().split())


def options(scenario: Any, name: str) -> list[tuple[str, str]]:
    """What may be chosen in a filter: each value with what it is called."""
    from posada.report.parts import Names

    names, key = Names(scenario), {"claimant_role": "role", "kind": "kind", "status": "status"}.get(name, "")
    values = {str(getattr(claim, name)) for claim in scenario.evidence.values() if getattr(claim, name)}
    called = {value: say(f"{key}.{value}") if can_say(f"{key}.{value}") else names.where(value) for value in values}
    return sorted(called.items(), key=lambda one: one[1].lower())


@dataclass(frozen=True)
class Row:
    """A claim in words, and whether others contradict it."""

    id: str
    told: Any
    at_odds: bool


def row_of(claim: Any, at_odds: set[str], scenario: Any) -> Row:
    """A claim in words."""
    from posada.report.parts import claim_in_words

    return Row(claim.id, claim_in_words(claim, scenario), claim.id in at_odds)


def rests(rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """The numbers of a scenario by what they rest on."""
    return {kind: [row for row in rows if row["kind"] == kind] for kind in ("evidence", "assumed", "unsourced")}
