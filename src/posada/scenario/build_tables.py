"""Reading of places.csv, links.csv, evidence.csv and observations.csv."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from posada.evidence import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence

from .clock import parse_date
from .model import Link, Observation, Place
from .problems import Spot, nearest
from .quantity import Entry, Number, Quantity, plain_number
from .reading import Reading, check_id
from .tables import Row, Shape, read_table

PLACES = Shape(("id", "name", "lat", "lon"), ("country", "time_zone", "kind", "evidence", "note", "population", "capacity", "attraction", "shelter", "legal_aid", "kin"))
LINKS = Shape(
    ("id", "from", "to", "mode", "length_km"),
    ("length_km_low", "length_km_high", "length_km_evidence", "length_km_assumed", "note", "forced", "cost", "danger"),
)
EVIDENCE = Shape(
    ("id", "counts_what", "kind", "value"),
    (
        "low", "high", "qualifier", "unit", "base", "place", "from", "to", "status", "claimant_role", "claimant_org",
        "source_title", "publisher", "published", "address", "locator", "sensitivity", "supersedes", "note",
    ),
)  # fmt: skip
OBSERVATIONS = Shape(("id", "series", "value"), ("from", "to", "low", "high", "qualifier", "evidence", "as_of", "use"))
USES = ("input", "check")


def rows_by_id(folder: Path, name: str, shape: Shape, reading: Reading) -> list[Row]:
    """The rows of a table in order of their ids; ids that are missing or stand twice are noted."""
    found: dict[str, Row] = {}
    for row in read_table(folder, name, shape, reading.problems):
        key = row.need("id")
        if not key:
            continue
        check_id(key, row.spot("id"), reading.problems)
        if key in found:
            where = f"it is already on line {found[key].line}"
            reading.problems.add(row.spot("id"), f"the id {key!r} stands twice; {where}")
        found.setdefault(key, row)
    return [row for _, row in sorted(found.items())]


def is_time_zone(name: str) -> bool:
    """Whether there is an IANA time zone of this name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def check_time_zone(name: str, spot: Spot, reading: Reading) -> None:
    """Note a time zone that does not exist."""
    if not is_time_zone(name):
        near = nearest(name, available_timezones())
        reading.problems.add(
            spot, f"there is no time zone {name!r}; write an IANA name such as America/Tijuana", (), near
        )


def check_words(row: Row, column: str, what: str, known: Iterable[str], reading: Reading) -> tuple[str, ...]:
    """The words of a cell, each of which must be known."""
    words = row.words(column)
    options = set(known)
    for word in words:
        if word not in options and not reading.excused(what, word):
            reading.problems.unknown(row.spot(column), what, word, options)
    return words


def check_word(row: Row, column: str, what: str, known: Iterable[str], reading: Reading) -> str:
    """The one word of a cell that must be known."""
    word = row.need(column)
    options = set(known)
    if word and word not in options and not reading.excused(what, word):
        reading.problems.unknown(row.spot(column), what, word, options)
    return word


def build_places(rows: list[Row], time_zone: str, reading: Reading) -> dict[str, Place]:
    """The places; those without a time zone are on the scenario's clock."""
    checked = {time_zone}
    places = {}
    for row in rows:
        zone = row.text("time_zone") or time_zone
        if zone not in checked:
            check_time_zone(zone, row.spot("time_zone"), reading)
        checked.add(zone)
        lat, lon = degrees(row, "lat", 90.0), degrees(row, "lon", 180.0)
        if (row.text("lat") is None) != (row.text("lon") is None):
            reading.problems.add(row.spot("lat"), "a place has both 'lat' and 'lon', or none of them")
        places[row.cells["id"]] = Place(
            row.cells["id"],
            row.need("name"),
            lat,
            lon,
            zone,
            row.text("country"),
            row.text("kind"),
            check_words(row, "evidence", "claim in evidence.csv", reading.names.evidence, reading),
            row.text("note"),
            row.spot(),
            {c: n for c in ("population", "capacity", "attraction", "shelter", "legal_aid", "kin") if row.text(c) and (n := row_number(row, c, f"places.{row.cells['id']}.{c}", "number", reading))},
        )
    return places


def degrees(row: Row, column: str, most: float) -> float | None:
    """Degrees of latitude or longitude."""
    value = row.number(column)
    if value is not None and abs(value) > most:
        message = f"{row.cells[column]} is not a number of degrees; {column!r} lies between -{most:g} and {most:g}"
        row.problems.add(row.spot(column), message)
    return value


def build_links(rows: list[Row], opened: dict[str, Number], reading: Reading) -> dict[str, Link]:
    """The links; `opened` holds what scenario.yaml says of their being open."""
    links = {}
    names = reading.names
    for row in rows:
        key = row.cells["id"]
        from_ = check_word(row, "from", "place", names.places, reading)
        to = check_word(row, "to", "place", names.places, reading)
        if from_ == to and from_:
            reading.problems.add(row.spot("to"), f"the link {key!r} leads from {from_!r} to itself")
        mode = check_word(row, "mode", "mode", names.modes, reading)
        length = row_number(row, "length_km", f"links.{key}.length_km", "positive", reading)
        open_ = opened.get(key) or plain_number(1.0, "share", f"links.{key}.open")
        if length:
            links[key] = Link(key, from_, to, mode, length, open_, row.text("note"), row.spot(), plain_number(1.0, "rate", f"links.{key}.forced") if row.text("forced") == "yes" else None)
    return links


def row_number(row: Row, column: str, path: str, role: str, reading: Reading) -> Number | None:
    """A number in a table, with the columns `_low`, `_high`, `_evidence` and `_assumed` beside it."""
    spot = row.spot(column)
    if not row.need(column):
        return None
    value, low, high = row.number(column), row.number(f"{column}_low"), row.number(f"{column}_high")
    if value is None:
        return None
    if (low is None) != (high is None):
        reading.problems.add(spot, f"give both '{column}_low' and '{column}_high', or none of them")
        low = high = None
    if low is not None and high is not None and not low <= value <= high:
        reading.problems.add(spot, f"low <= value <= high does not hold: low {low:g}, value {value:g}, high {high:g}")
    if role == "positive" and value <= 0:
        reading.problems.add(spot, f"{column!r} must be above 0, not {value:g}")
    if role == "share" and not 0 <= value <= 1:
        reading.problems.add(spot, f"{value:g} cannot stand here: a share or probability lies between 0 and 1")
    claims = check_words(row, f"{column}_evidence", "claim in evidence.csv", reading.names.evidence, reading)
    quantity = Quantity(value, low, high, None, claims, row.text(f"{column}_assumed"))
    return Number((Entry(None, quantity, spot),), role, path, spot)


def check_range(row: Row) -> None:
    """Note low, value and high out of order, and a span of dates that ends before it starts."""
    low, value, high = row.number("low"), row.number("value"), row.number("high")
    known = [number for number in (low, value, high) if number is not None]
    if known != sorted(known):
        row.problems.add(row.spot("value"), "low <= value <= high does not hold")
    from_, to = row.parsed("from", parse_date), row.parsed("to", parse_date)
    if from_ and to and to < from_:
        row.problems.add(row.spot("to"), f"'to' ({to}) is before 'from' ({from_})")


def build_evidence(rows: list[Row], reading: Reading) -> dict[str, Evidence]:
    """The ledger."""
    ledger = {}
    for row in rows:
        check_range(row)
        check_words(row, "supersedes", "claim in evidence.csv", reading.names.evidence, reading)
        ledger[row.cells["id"]] = Evidence(
            id=row.cells["id"],
            counts_what=row.text("counts_what"),
            kind=row.choice("kind", KINDS),
            low=row.number("low"),
            value=row.number("value"),
            high=row.number("high"),
            qualifier=row.choice("qualifier", QUALIFIERS),
            unit=row.text("unit"),
            base=row.text("base"),
            place=row.text("place"),
            from_=row.parsed("from", parse_date),
            to=row.parsed("to", parse_date),
            status=row.choice("status", STATUSES),
            claimant_role=row.text("claimant_role"),
            claimant_org=row.text("claimant_org"),
            source_title=row.text("source_title"),
            publisher=row.text("publisher"),
            published=row.parsed("published", parse_date),
            address=row.text("address"),
            locator=row.text("locator"),
            sensitivity=row.choice("sensitivity", SENSITIVITIES),
            supersedes=row.text("supersedes"),
            note=row.text("note"),
            line=row.line,
        )
    return ledger


def build_observations(rows: list[Row], reading: Reading) -> dict[str, Observation]:
    """The counts to score against; their series are checked with the headlines'."""
    found = {}
    for row in rows:
        check_range(row)
        found[row.cells["id"]] = Observation(
            row.cells["id"],
            row.need("series"),
            row.parsed("from", parse_date),
            row.parsed("to", parse_date),
            row.number("low"),
            row.number("value"),
            row.number("high"),
            row.choice("qualifier", QUALIFIERS),
            check_words(row, "evidence", "claim in evidence.csv", reading.names.evidence, reading),
            row.parsed("as_of", parse_date),
            row.choice("use", USES) or "check",
            row.spot("series"),
        )
    return found
