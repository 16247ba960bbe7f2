"""Reading of movements over the network, and of what changes in time at places and on links."""

from __future__ import annotations

from .build_tables import NUMBERS_OF_LINKS, ROLES
from .expressions import refuse_names_of_places
from .model import PLACE_NUMBERS, Movement
from .numbers import read_evidence, read_number
from .problems import Spot
from .quantity import Number, plain_number
from .reading import Fields, Reading, entries_of, listed
from .source import Node, Table

MOVEMENT_KEYS = (
    "leaves", "utility", "ahead", "at", "clock", "first_link", "keeps_going", "forced", "passes_through",
    "evidence", "assumed", "note",
)  # fmt: skip
AHEAD = {"1": 1, "2": 2, "3": 3, "all": 0}
CLOCKS = ("daily", "continuous")
FORCED = ("obeyed", "ignored")
LINK_KEYS = ("open", "forced", *NUMBERS_OF_LINKS)
UNSAFE, ELSE = "unsafe", "else"


def build_movements(node: Node | None, reading: Reading) -> dict[str, Movement]:
    """The movements."""
    found = {}
    for key, spot, value in entries_of(node, "movement", reading.problems):
        movement = build_movement(key, spot, value, reading)
        if movement:
            found[key] = movement
    return found


def build_movement(key: str, spot: Spot, node: Node, reading: Reading) -> Movement | None:
    """One movement."""
    fields = Fields(node, f"the movement {key!r}", MOVEMENT_KEYS, reading.problems)
    path = f"movement.{key}"
    refuse_names_of_places(spot, "way", reading)
    leaves = read_leaves(fields.need("leaves"), f"{path}.leaves", reading)
    utility = read_number(fields.need("utility"), f"{path}.utility", "way", reading)
    first = fields.get("first_link")
    at = fields.get("at")
    if at and len(listed(at)) != 1:
        reading.problems.add(at.spot, "'at' is one hour of the day")
    movement = Movement(
        key,
        leaves,
        utility,
        AHEAD.get(fields.choice("ahead", AHEAD, "1") or "1", 1),
        next(iter(fields.clocks("at")), 0),
        fields.choice("clock", CLOCKS, "daily") or "daily",
        reading.refer("mode", first, reading.names.modes) if first else None,
        fields.flag("keeps_going"),
        fields.choice("forced", FORCED, "obeyed") == "obeyed",
        fields.flag("passes_through"),
        read_evidence(fields, reading),
        fields.text("assumed"),
        fields.text("note"),
        spot,
    ) if utility and leaves else None  # fmt: skip
    if "keeps_going" in fields and fields.choice("clock", CLOCKS, "daily") != "daily":
        reading.problems.add(fields.key_spot("keeps_going"), "'keeps_going' goes with `clock: daily`")
    if movement is None:
        reading.problems.failed.add(path)
    return movement


def read_leaves(node: Node | None, path: str, reading: Reading) -> dict[str, Number]:
    """The chances of moving on, by kind of place."""
    if node is None:
        return {}
    if not isinstance(node, Table):
        reading.problems.add(node.spot, "'leaves' is a mapping such as {unsafe: 1, camp: 0.001, else: 0.3}")
        return {}
    kinds = sorted(reading.names.kinds_of_places)
    if "place" in reading.unread:
        kinds.extend(node.pairs)
    fields = Fields(node, "'leaves'", (UNSAFE, *kinds, ELSE), reading.problems)
    fields.need(ELSE)
    for word in {UNSAFE, ELSE}.intersection(reading.names.kinds_of_places):
        reading.problems.add(fields.key_spot(word), f"{word!r} has a meaning here; no kind of place can be called so")
    found = {}
    for word in fields.pairs:
        number = read_number(fields.get(word), f"{path}.{word}", "leaving", reading)
        if number:
            found[word] = number
    return found if ELSE in found else {}


def build_stated(
    node: Node | None, what: str, known: set[str], keys: tuple[str, ...], reading: Reading
) -> dict[str, dict[str, Number]]:
    """What scenario.yaml says of places or links, by id: numbers that may change in time."""
    found: dict[str, dict[str, Number]] = {}
    for key, spot, value in entries_of(node, f"{what}s", reading.problems):
        if key not in known and not reading.excused(what, key):
            reading.problems.unknown(spot, what, key, known)
        fields = Fields(value, f"the {what} {key!r}", keys, reading.problems)
        if fields.whole and not fields.pairs:
            reading.problems.add(spot, f"nothing is said of the {what} {key!r}", keys)
        found[key] = {
            word: number
            for word in keys
            if (number := read_number(fields.get(word), f"{what}s.{key}.{word}", role_of(what, word), reading))
        }
    return found


def role_of(what: str, word: str) -> str:
    """The role of a number of a place or link."""
    if what == "place":
        return ROLES.get(word, "rate")
    return "share" if word in ("open", "forced") else "rate"


def stated_places(node: Node | None, reading: Reading) -> dict[str, dict[str, Number]]:
    """What scenario.yaml says of places; where people choose their way, also what policies may change of any place."""
    usual = {"unsafe": 0.0, "open": 1.0, "attraction": 0.0} if reading.names.movements else {}
    found = build_stated(node, "place", reading.names.places, PLACE_NUMBERS, reading)
    return with_usual("place", reading.names.places, usual, found)


def stated_links(node: Node | None, reading: Reading) -> dict[str, dict[str, Number]]:
    """What scenario.yaml says of links; where people choose their way, also what policies may change of any link."""
    usual = {"forced": 0.0} if reading.names.movements else {}
    found = build_stated(node, "link", reading.names.links, LINK_KEYS, reading)
    return with_usual("link", reading.names.links, usual, found)


def with_usual(
    what: str, known: set[str], usual: dict[str, float], stated: dict[str, dict[str, Number]]
) -> dict[str, dict[str, Number]]:
    """What is stated, with the usual values where nothing is."""
    return {
        key: {name: plain_number(value, role_of(what, name), f"{what}s.{key}.{name}") for name, value in usual.items()}
        | stated.get(key, {})
        for key in known
    }
