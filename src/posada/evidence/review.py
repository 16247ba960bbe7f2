"""Decisions on proposed claims: what is accepted goes into the ledger, and every decision into a log beside it."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from .ledger import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence
from .proposed import ProposalError
from .table import COLUMNS, append, cells, ids_of, line
from .writing import alone, check_writable, write_text

LEDGER = "evidence.csv"
LOG = "evidence-log.csv"
LOG_COLUMNS = ("decided", "decision", "proposal", "claim", "why", "changed", "source_title", "source_hash", "locator")
DECISIONS = ("accepted", "rejected", "skipped")
WORDS = {"kind": KINDS, "qualifier": QUALIFIERS, "status": STATUSES, "sensitivity": SENSITIVITIES}
NUMBERS = ("low", "value", "high")
DATES = ("from", "to", "published")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer makes of a proposal: accepted (perhaps changed), rejected or skipped, and why."""

    proposal: str
    decision: str
    why: str = ""
    changed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review did: ids of claims that were added, and how many were rejected and skipped."""

    added: tuple[str, ...]
    rejected: int
    skipped: int


def apply(
    proposals: Mapping[str, Any],
    decisions: Sequence[Decision],
    folder: Path,
    taken: Iterable[str],
    now: datetime | None = None,
    again: bool = True,
) -> Reviewed:
    """Write decisions: claims into evidence.csv, all decisions into evidence-log.csv. ProposalError if one cannot be.

    The ledger is written first: a claim without a line of the log can be seen; a line without a claim could not.
    Without `again`, a proposal that another review has decided meanwhile is an error.
    """
    with alone(folder):
        return written(proposals, decisions, folder, set(taken) | ids_of(folder / LEDGER), now, again)


def written(
    proposals: Mapping[str, Any],
    decisions: Sequence[Decision],
    folder: Path,
    used: set[str],
    now: datetime | None,
    again: bool,
) -> Reviewed:
    """What `apply` does once nobody else writes into the folder; `used`: ids that are taken."""
    check_writable(folder / LOG)
    known = {str(claim["id"]): claim for claim in proposals["claims"]}
    before = {} if again else decided(folder, proposals["source"]["hash"])
    rows: list[Evidence] = []
    lines: list[list[str]] = []
    at = (now or datetime.now(UTC)).strftime("%Y-%m-%dT%H:%M:%SZ")
    source = proposals["source"]
    for decision in decisions:
        if decision.proposal not in known:
            raise ProposalError(f"there is no proposal {decision.proposal!r}; there are {', '.join(known) or 'none'}")
        row = from_cells(known[decision.proposal]["row"], dict(decision.changed), decision.proposal)
        if row.locator in before:
            raise ProposalError(f"{decision.proposal} was {before[row.locator]} by another review meanwhile")
        key = ""
        if decision.decision == "accepted":
            key = row.id if row.id and row.id != decision.proposal else free_id(row, used)
            if key in used:
                raise ProposalError(
                    f"the ledger already has a claim {key!r}; choose another id for {decision.proposal}"
                )
            used.add(key)
            rows.append(replace(row, id=key))
        changed = "; ".join(f"{name}={value}" for name, value in decision.changed)
        lines.append(
            [
                at,
                decision.decision,
                decision.proposal,
                key,
                decision.why,
                changed,
                source.get("title") or "",
                source["hash"],
                row.locator or "",
            ]
        )
    if rows:
        append(folder / LEDGER, rows)
    if lines:
        log(folder / LOG, lines)
    return Reviewed(
        tuple(row.id for row in rows),
        sum(d.decision == "rejected" for d in decisions),
        sum(d.decision == "skipped" for d in decisions),
    )


def from_cells(row: Mapping[str, str], changed: Mapping[str, str], proposal: str) -> Evidence:
    """A row of the ledger from its cells, with changes; ProposalError lists everything that cannot stand there."""
    found = {**row, **changed}
    wrong = []
    values: dict[str, Any] = {}
    for name, cell in found.items():
        if name not in COLUMNS:
            wrong.append(f"there is no column {name!r}; there are {', '.join(COLUMNS)}")
            continue
        try:
            values["from_" if name == "from" else name] = read_cell(name, cell)
        except ValueError as error:
            wrong.append(str(error))
    stated = [values.get(name) for name in NUMBERS if values.get(name) is not None]
    if stated != sorted(stated):  # type: ignore[type-var]
        wrong.append("low <= value <= high does not hold")
    if values.get("from_") and values.get("to") and values["to"] < values["from_"]:
        wrong.append("'to' is before 'from'")
    if wrong:
        raise ProposalError(f"{proposal}: " + "; ".join(wrong))
    values.setdefault("id", proposal)
    return Evidence(**values)


def read_cell(name: str, cell: str) -> str | float | date | None:
    """The value of a cell; ValueError says what may stand there."""
    text = cell.strip()
    if not text:
        return None
    if name in NUMBERS:
        try:
            return float(text)
        except ValueError:
            raise ValueError(f"{name!r} is a number such as 1300, not {text!r}") from None
    if name in DATES:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{name!r} is a date such as 2018-04-25, not {text!r}") from None
    if name in WORDS and text not in WORDS[name]:
        raise ValueError(f"{name!r} cannot be {text!r}; allowed: {', '.join(WORDS[name])}")
    if name == "id" and not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", text):
        raise ValueError(f"an id has small letters, digits and hyphens, such as mexicali-100, not {text!r}")
    return text


def free_id(row: Evidence, used: set[str]) -> str:
    """An id that says what the claim is of and is not taken: mexicali-100, asked-100-300."""
    stated = [item for item in (row.low, row.value, row.high) if item is not None]
    ends = [f"{item:g}".replace(".", "-").replace("+", "") for item in dict.fromkeys(stated)]
    words = re.sub(r"[^a-z0-9]+", "-", plain(row.place or row.kind or "claim")).strip("-") or "claim"
    base = "-".join([words, *ends])
    number, key = 1, base
    while key in used:
        number += 1
        key = f"{base}-{number}"
    return key


def plain(text: str) -> str:
    """A text without case and accents."""
    from .reading.text import fold

    return fold(text)


def log(path: Path, lines: Sequence[Sequence[str]]) -> None:
    """Add lines to the log of decisions."""
    text = path.read_text(encoding="utf-8-sig") if path.exists() else line(LOG_COLUMNS, ",")
    write_text(path, text + "".join(line(here, ",") for here in lines))


def decided(folder: Path, source_hash: str) -> dict[str, str]:
    """What was decided before on the proposals of a source, by their locator; skipped ones come again."""
    path = folder / LOG
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["locator"]: row["decision"]
        for row in rows
        if row.get("source_hash") == source_hash and row.get("decision") != "skipped"
    }


def open_claims(proposals: Mapping[str, Any], folder: Path) -> list[dict[str, Any]]:
    """The proposals that nobody has accepted or rejected yet."""
    before = decided(folder, proposals["source"]["hash"])
    return [claim for claim in proposals["claims"] if claim["row"].get("locator", "") not in before]


def shown(claim: Mapping[str, Any]) -> list[str]:
    """A proposal in lines: the sentence with the number marked, and what was read in it."""
    a, b = claim["span"]
    sentence = claim["sentence"]
    row = claim["row"]
    marked = f"{sentence[:a]}>>{sentence[a:b]}<<{sentence[b:]}" if b > a else sentence
    number = " ".join(f"{name} {row[name]}" for name in NUMBERS if name in row)
    day = row.get("from", "") or "; ".join(
        f"{here['from']} ? ({here['why']})" for here in claim.get("day_candidates", [])
    )
    place = (
        row.get("place") or "; ".join(p["id"] or p["name"] for p in claim["place_candidates"][:3]) + " ?"
        if claim["place_candidates"]
        else row.get("place", "")
    )
    lines = [
        f"{claim['id']}  {marked}",
        f"    {row.get('counts_what', '')}: {row.get('kind', '')}, {row.get('qualifier', '')}, {number}, "
        f"{row.get('unit', '')}"
        + (", on top of others" if claim.get("increment") else ""),
        f"    place {place or 'not named'}; day {day or 'not named'}; {row.get('status', '')}; says "
        f"{claim.get('speaker') or 'the report'}"
        f" ({', '.join(filter(None, (row.get('claimant_role'), row.get('claimant_org'))))})",
    ]
    lines += [
        f"    {like['how']} of {like['id']} in the ledger"
        if like["how"] == "duplicate"
        else f"    contradicts {like['id']} in the ledger"
        for like in claim["like"]
    ]
    return lines


def all_cells(row: Evidence) -> dict[str, str]:
    """Every cell of a row, for those who edit it."""
    return cells(row)
