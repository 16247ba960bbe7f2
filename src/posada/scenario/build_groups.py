"""Reading of groups and of groups.csv."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .build_tables import row_number
from .model import CLASSES, Group, PartyKind, Shares
from .numbers import read_evidence, read_number
from .problems import Spot
from .quantity import Number, plain_number
from .reading import Fields, Reading, entries_of
from .source import Node, Scalar, Table
from .tables import Row, Shape, read_table

GROUP_KEYS = (
    "people", "people_per_day", "place", "date", "from", "until", "pathway", "parties", "sex_and_age", "attributes",
    "evidence", "assumed", "note",
)  # fmt: skip
LARGEST_PARTY = 60
TOLERANCE = 1e-6


def build_groups(node: Node | None, folder: Path, reading: Reading) -> dict[str, Group]:
    """The groups, with the rows of groups.csv of those that say `parties: table`."""
    tables = read_party_kinds(folder, reading) if uses_table(node) else {}
    groups = {}
    for key, spot, value in entries_of(node, "groups", reading.problems):
        group = build_group(key, spot, value, tables, reading)
        if group:
            groups[key] = group
    for key, rows in tables.items():
        if key not in reading.names.groups:
            first = next(iter(rows.values()))
            reading.problems.unknown(first.spot, "group", key, reading.names.groups)
    return groups


def uses_table(node: Node | None) -> bool:
    """Whether some group takes its parties from groups.csv."""
    groups = node.pairs.values() if isinstance(node, Table) else ()
    return any(isinstance(group, Table) and is_table(group.pairs.get("parties")) for _, group in groups)


def is_table(pair: tuple[Spot, Node] | None) -> bool:
    """Whether the value of `parties` is the word `table`."""
    return pair is not None and isinstance(pair[1], Scalar) and pair[1].text == "table"


def build_group(
    key: str, spot: Spot, node: Node, tables: dict[str, dict[str, PartyKind]], reading: Reading
) -> Group | None:
    """One group."""
    fields = Fields(node, f"the group {key!r}", GROUP_KEYS, reading.problems)
    path = f"groups.{key}"
    names, problems = reading.names, reading.problems
    place, pathway = fields.need("place"), fields.need("pathway")
    check_source(fields, key)
    from_table = is_table(fields.pairs.get("parties"))
    if from_table and key not in tables:
        problems.add(fields.key_spot("parties"), f"groups.csv has no rows for the group {key!r}")
    sizes = (
        None if from_table else read_shares(fields.get("parties"), f"{path}.parties", "sizes of parties", None, reading)
    )
    for size in sizes or ():
        check_size(size, fields.key_spot("parties"), reading)
    classes = read_shares(fields.get("sex_and_age"), f"{path}.sex_and_age", "class of members", CLASSES, reading)
    return Group(
        key,
        reading.refer("place", place, names.places) if place else "",
        reading.refer("pathway", pathway, names.pathways) if pathway else "",
        read_number(fields.get("people"), f"{path}.people", "capacity", reading),
        read_number(fields.get("people_per_day"), f"{path}.people_per_day", "rate", reading),
        fields.instant("date"),
        fields.instant("from"),
        fields.instant("until"),
        {} if from_table else sizes or {"1": plain_number(1.0, "share", f"{path}.parties.1")},
        classes or {"unstated": plain_number(1.0, "share", f"{path}.sex_and_age.unstated")},
        read_attribute_shares(fields.get("attributes"), f"{path}.attributes", reading),
        tables.get(key, {}) if from_table else {},
        read_evidence(fields, reading),
        fields.text("assumed"),
        fields.text("note"),
        spot,
    )


def check_source(fields: Fields, key: str) -> None:
    """A group has people on a date, or people per day over a time."""
    if not fields.whole:
        return
    if ("people" in fields) == ("people_per_day" in fields):
        fields.problems.add(fields.spot, f"the group {key!r} needs one of 'people' and 'people_per_day'")
        return
    if "people" in fields:
        fields.need("date")
    wrong = ("from", "until") if "people" in fields else ("date",)
    for word in wrong:
        if word in fields:
            other = "people_per_day" if word != "date" else "people"
            fields.problems.add(fields.key_spot(word), f"{word!r} goes with {other!r}")


def check_size(size: str, spot: Spot, reading: Reading) -> None:
    """A party has from 1 to 60 members."""
    if not size.isdecimal() or not 1 <= int(size) <= LARGEST_PARTY:
        reading.problems.add(spot, f"{size!r} is not a size of a party; it is a whole number from 1 to {LARGEST_PARTY}")


def read_shares(
    node: Node | None, path: str, what: str, allowed: Collection[str] | None, reading: Reading
) -> Shares | None:
    """Shares by name; at most one of them is `rest` (None), and plain ones without it sum to 1."""
    if node is None:
        return None
    shares: Shares = {}
    if not isinstance(node, Table):
        reading.problems.add(node.spot, f"shares by {what} are needed here, such as {{a: 0.4, b: rest}}")
        return shares
    for key, (spot, value) in sorted(node.pairs.items()):
        if allowed is not None and key not in allowed:
            reading.problems.unknown(spot, what, key, allowed)
        if isinstance(value, Scalar) and value.text == "rest":
            shares[key] = None
            continue
        number = read_number(value, f"{path}.{key}", "share", reading)
        if number:
            shares[key] = number
    if len(shares) == len(node.pairs):
        check_sum(list(shares.values()), node.spot, reading)
    return shares


def check_sum(shares: list[Number | None], spot: Spot, reading: Reading) -> None:
    """Note plain shares that do not sum to 1, or leave nothing for the rest."""
    rests = sum(share is None for share in shares)
    given = [share.fixed for share in shares if share is not None]
    if rests > 1:
        reading.problems.add(spot, "only one of the shares can be 'rest'")
    if not shares:
        reading.problems.add(spot, "at least one share is needed")
    if not shares or any(value is None for value in given):
        return
    total = sum(value for value in given if value is not None)
    if total > 1 + TOLERANCE or (not rests and total < 1 - TOLERANCE):
        hint = "" if rests else "; they must sum to 1 (one of them may be 'rest')"
        reading.problems.add(spot, f"the shares sum to {total:.7g}{hint or '; nothing is left for the rest'}")


def read_attribute_shares(node: Node | None, path: str, reading: Reading) -> dict[str, Shares]:
    """For each attribute, the share of parties by level."""
    found: dict[str, Shares] = {}
    attributes = reading.names.attributes
    fields = Fields(node, "'attributes'", attributes, reading.problems)
    for key, (_, value) in sorted(fields.pairs.items()):
        levels = attributes.get(key)
        shares = read_shares(value, f"{path}.{key}", f"level of {key}", levels, reading) if levels else None
        if shares:
            found[key] = shares
    return found


def read_party_kinds(folder: Path, reading: Reading) -> dict[str, dict[str, PartyKind]]:
    """The rows of groups.csv by group and party; the shares of each group sum to 1."""
    attributes = sorted(reading.names.attributes)
    shape = Shape(("group", "party", "share"), ("share_evidence", "share_assumed", *CLASSES, *attributes))
    found: dict[str, dict[str, PartyKind]] = {}
    for row in read_table(folder, "groups.csv", shape, reading.problems):
        kind = read_party_kind(row, attributes, reading)
        kinds = found.setdefault(row.text("group") or "", {})
        if kind and kind.party in kinds:
            reading.problems.add(row.spot("party"), f"the party {kind.party!r} stands twice in its group")
        if kind:
            kinds[kind.party] = kind
    for kinds in found.values():
        if kinds:
            check_sum([kind.share for kind in kinds.values()], next(iter(kinds.values())).spot, reading)
    return {key: dict(sorted(kinds.items())) for key, kinds in sorted(found.items()) if kinds}


def read_party_kind(row: Row, attributes: list[str], reading: Reading) -> PartyKind | None:
    """One row of groups.csv."""
    group, party = row.need("group"), row.need("party")
    share = row_number(row, "share", f"groups.{group}.table.{party}.share", "share", reading)
    counts = tuple(read_count(row, name) for name in CLASSES)
    if not 1 <= sum(counts) <= LARGEST_PARTY:
        reading.problems.add(row.spot(), f"this party has {sum(counts)} members; a party has from 1 to {LARGEST_PARTY}")
    levels = {}
    for name in attributes:
        level = row.choice(name, reading.names.attributes[name])
        if level is not None:
            levels[name] = level
    return PartyKind(group, party, share, counts, levels, row.spot()) if share else None


def read_count(row: Row, column: str) -> int:
    """A number of members; an empty cell is 0."""
    value = row.number(column) or 0.0
    if value < 0 or value != int(value):
        row.problems.add(row.spot(column), f"{row.cells[column]!r} is not a number of members")
        return 0
    return int(value)
