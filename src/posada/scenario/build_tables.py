"""Reading of places.csv, links.csv, evidence.csv and observations.csv."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from posada.evidence import KINDS, QUALIFIERS, SENSITIVITIES, STATUSES, Evidence
from posada.words import DEFAULT, LANGUAGES, Told

from .clock import parse_date
from .model import Link, Observation, Place
from .problems import NOWHERE, Spot, nearest
from .quantity import Entry, Number, Quantity, plain_number
from .reading import Reading, check_id
from .tables import Row, Shape, read_table

NUMBERS_OF_PLACES = ("population", "capacity", "attraction", "shelter", "legal_aid", "kin")
"""The columns of places.csv that are numbers; `unsafe` and `open` change in time and stand in scenario.yaml."""
ROLES = {"capacity": "capacity", "attraction": "number", "open": "share"}
"""Roles of the numbers of places; all others are from 0."""
BESIDE = ("_low", "_high", "_evidence", "_assumed")
NAMES = tuple(f"name_{code}" for code in LANGUAGES)
"""Columns with the name of a place in one language."""
PLACES = Shape(
    ("id", "name", "lat", "lon"),
    ("country", "state", "time_zone", "kind", "evidence", "note", *NAMES,
     *(f"{column}{end}" for column in NUMBERS_OF_PLACES for end in ("", *BESIDE))),
)  # fmt: skip
NUMBERS_OF_LINKS = ("cost", "danger")
LINKS = Shape(
    ("id", "from", "to", "mode", "length_km"),
    (*(f"length_km{end}" for end in BESIDE), "note", "forced",
     *(f"{column}{end}" for column in NUMBERS_OF_LINKS for end in ("", *BESIDE))),
)  # fmt: skip
EVIDENCE = Shape(
    ("id", "counts_what", "kind", "value"),
    (
        "low", "high", "qualifier", "unit", "base", "place", "from", "to", "status", "claimant_role", "claimant_org",
        "source_title", "publisher", "published", "address", "locator", "sensitivity", "supersedes", "note",
    ),
)  # fmt: skip
OBSERVATIONS = Shape(
    ("id", "series", "value"),
    ("from", "to", "low", "high", "qualifier", "evidence", "as_of", "use", "source"),
)
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


def build_places(
    rows: list[Row], time_zone: str, stated: dict[str, dict[str, Number]], reading: Reading
) -> dict[str, Place]:
    """The places; those without a time zone are on the scenario's clock. `stated` is what scenario.yaml says."""
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
        key = row.cells["id"]
        numbers = {column: number for column in NUMBERS_OF_PLACES if (number := number_of_place(row, column, reading))}
        places[key] = Place(
            key,
            name_of(row),
            lat,
            lon,
            zone,
            row.text("country"),
            row.text("kind"),
            check_words(row, "evidence", "claim in evidence.csv", reading.names.evidence, reading),
            row.text("note"),
            stated.get(key, {}) | numbers | written(stated.get(key, {})),
            row.spot(),
            row.text("state"),
        )
    return places


def name_of(row: Row) -> str:
    """The name of a place, in several languages where further columns give it."""
    name = row.need("name")
    said = {code: text for code in LANGUAGES if (text := row.text(f"name_{code}"))}
    return Told({DEFAULT: name, **said}) if said else name


def written(numbers: dict[str, Number]) -> dict[str, Number]:
    """Those numbers that stand in a file."""
    return {name: number for name, number in numbers.items() if number.spot != NOWHERE}


def number_of_place(row: Row, column: str, reading: Reading) -> Number | None:
    """A number of a place, if its cell is not empty."""
    if row.text(column) is None:
        return None
    path = f"places.{row.cells['id']}.{column}"
    return row_number(row, column, path, ROLES.get(column, "rate"), reading)


def degrees(row: Row, column: str, most: float) -> float | None:
    """Degrees of latitude or longitude."""
    value = row.number(column)
    if value is not None and abs(value) > most:
        message = f"{row.cells[column]} is not a number of degrees; {column!r} lies between -{most:g} and {most:g}"
        row.problems.add(row.spot(column), message)
    return value


def build_links(rows: list[Row], stated: dict[str, dict[str, Number]], reading: Reading) -> dict[str, Link]:
    """The links; `stated` is what scenario.yaml says of them."""
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
        own = stated.get(key, {})
        open_ = own.get("open") or plain_number(1.0, "share", f"links.{key}.open")
        forced = row.choice("forced", ("yes", "no"))
        numbers = {column: number for column in NUMBERS_OF_LINKS if (number := number_of_link(row, column, reading))}
        if forced == "yes":
            numbers["forced"] = plain_number(1.0, "share", f"links.{key}.forced")
        numbers = own | numbers | written(own)
        if length:
            forced_, cost, danger = (numbers.get(name) for name in ("forced", *NUMBERS_OF_LINKS))
            note = row.text("note")
            links[key] = Link(key, from_, to, mode, length, open_, note, forced_, cost, danger, row.spot())
    return links


def number_of_link(row: Row, column: str, reading: Reading) -> Number | None:
    """A number of a link, if its cell is not empty."""
    if row.text(column) is None:
        return None
    return row_number(row, column, f"links.{row.cells['id']}.{column}", "rate", reading)


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
    if role in ("rate", "capacity") and value < 0:
        reading.problems.add(spot, f"{value:g} cannot stand here: {column!r} is never negative")
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
            check_word(row, "source", "source", reading.names.sources, reading) if row.text("source") else None,
        )
    return found
