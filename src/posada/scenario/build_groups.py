"""Reading of groups and of groups.csv."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from .build_tables import row_number
from .clock import DAYS, parse_clock, parse_date, parse_instant
from .expressions import refuse_names_of_places
from .model import CLASSES, Arrival, Group, PartyKind, Season, Shares
from .numbers import read_duration, read_evidence, read_number
from .problems import Spot
from .quantity import Duration, Number, plain_number
from .reading import Fields, Reading, describe, entries_of
from .source import Node, Scalar, Table
from .tables import Row, Shape, read_table

GROUP_KEYS = (
    "people", "people_per_day", "parties_per_day", "every", "arrivals", "at", "batch", "rate", "place",
    "places", "date", "from", "until", "pathway", "parties", "sex_and_age", "attributes", "evidence", "assumed", "note",
)  # fmt: skip
SOURCES = ("people", "people_per_day", "parties_per_day", "every", "arrivals")
STREAMS = ("people_per_day", "parties_per_day")
GOES_WITH = {
    "date": ("people",),
    "from": (*STREAMS, "every"),
    "until": (*STREAMS, "every"),
    "batch": (*STREAMS, "every"),
    "rate": STREAMS,
    "at": ("arrivals",),
}
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
    place, pathway = fields.get("place"), fields.need("pathway")
    check_source(fields, key)
    weight = read_weight(fields, key, reading)
    rate = Fields(fields.get("rate"), "'rate'", ("weekday", "season"), problems)
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
        read_number(fields.get("parties_per_day"), f"{path}.parties_per_day", "rate", reading),
        read_every(fields, f"{path}.every", reading),
        read_number(fields.get("batch"), f"{path}.batch", "count", reading),
        read_weekdays(rate.get("weekday"), f"{path}.rate.weekday", reading),
        read_season(rate.get("season"), f"{path}.rate.season", reading),
        read_arrivals(fields.get("arrivals"), reading),
        next(iter(fields.clocks("at")), None),
        weight,
        read_evidence(fields, reading),
        fields.text("assumed"),
        fields.text("note"),
        spot,
    )


def read_weight(fields: Fields, key: str, reading: Reading) -> Number | None:
    """By which weight the place of each party is drawn, where the group has no place of its own."""
    if fields.whole and ("place" in fields) == ("places" in fields):
        reading.problems.add(fields.spot, f"the group {key!r} needs one of 'place' and 'places'")
    inner = fields.get("places")
    if inner is None:
        return None
    places = Fields(inner, "'places'", ("weight",), reading.problems)
    refuse_names_of_places(inner.spot, "weight", reading)
    return read_number(places.need("weight"), f"groups.{key}.places.weight", "weight", reading)


def check_source(fields: Fields, key: str) -> None:
    """A group has people on a date, a stream or intervals over a time, or a table."""
    if not fields.whole:
        return
    sources = [word for word in SOURCES if word in fields]
    if len(sources) != 1:
        words = ", ".join(repr(word) for word in SOURCES)
        fields.problems.add(fields.spot, f"the group {key!r} needs one of {words}")
        return
    if sources == ["people"]:
        fields.need("date")
    for word, others in GOES_WITH.items():
        if word in fields and sources[0] not in others:
            shown = " or ".join(repr(other) for other in others)
            fields.problems.add(fields.key_spot(word), f"{word!r} goes with {shown}")


def read_every(fields: Fields, path: str, reading: Reading) -> Duration | None:
    """The time between arrivals; it cannot be nothing."""
    every = read_duration(fields.get("every"), path, reading)
    if every and every.kind in ("fixed", "exponential", "erlang", "gamma"):
        length = next(iter(every.params.values()))
        if length.fixed is not None and length.fixed <= 0:
            reading.problems.add(fields.key_spot("every"), "the time between arrivals must be above 0")
    return every


def read_weekdays(node: Node | None, path: str, reading: Reading) -> dict[str, Number]:
    """Factors of a rate by weekday; a day that is not there has 1."""
    fields = Fields(node, "'weekday'", DAYS, reading.problems)
    found = {}
    for day in DAYS:
        number = read_number(fields.get(day), f"{path}.{day}", "rate", reading)
        if number:
            found[day] = number
    return found


def read_season(node: Node | None, path: str, reading: Reading) -> Season | None:
    """A sinusoidal factor of a rate."""
    if node is None:
        return None
    fields = Fields(node, "'season'", ("amplitude", "period", "peak"), reading.problems)
    fields.need("peak")
    amplitude = read_number(fields.need("amplitude"), f"{path}.amplitude", "share", reading)
    period = read_number(fields.need("period"), f"{path}.period", "seconds", reading)
    peak = fields.instant("peak")
    if period and period.fixed is not None and period.fixed <= 0:
        reading.problems.add(fields.key_spot("period"), "the period of a season must be above 0")
    return Season(amplitude, period, peak) if amplitude and period and peak else None


def read_arrivals(node: Node | None, reading: Reading) -> tuple[Arrival, ...]:
    """The table of arrivals of a group: `date`, perhaps `time`, and `people`; or `instant` and `people`."""
    if node is None:
        return ()
    file = node.text if isinstance(node, Scalar) else ""
    if not file.endswith(".csv") or "/" in file or "\\" in file:
        reading.problems.add(node.spot, f"'arrivals' names a CSV file of the scenario, not {describe(node)}")
        return ()
    reading.tables.add(file)
    shape = Shape(("people",), ("date", "time", "instant", "evidence", "note"))
    found = [arrival for row in read_table(reading.folder, file, shape, reading.problems) if (arrival := one_row(row))]
    if found and len({arrival.minute is None for arrival in found}) > 1:
        reading.problems.add(Spot(file, 1, 1), "'time' stands in every row, or in none")
    whole = [arrival.date for arrival in found if arrival.minute is None]
    if len(set(whole)) < len(whole):
        reading.problems.add(Spot(file, 1, 1), "a date stands in two rows")
    return tuple(found)


def one_row(row: Row) -> Arrival | None:
    """One row of a table of arrivals."""
    people = row.number("people") if row.need("people") else None
    if people is not None and (people < 0 or people != int(people)):
        row.problems.add(row.spot("people"), "'people' is a whole number, from 0")
        people = None
    if "instant" in row.cells:
        instant = row.parsed("instant", parse_instant) if row.need("instant") else None
        return Arrival(instant.date, instant.minute, int(people)) if instant and people is not None else None
    day = row.parsed("date", parse_date)
    if day is None and not row.text("date"):
        row.problems.add(row.spot("date"), "a row of arrivals needs 'date' (with 'time', perhaps) or 'instant'")
    minute = row.parsed("time", parse_clock)
    return Arrival(day, minute, int(people)) if day and people is not None else None


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
