"""From a folder to a scenario: names first, then every part; all mistakes are told together."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from .build_facilities import FACILITY_KINDS, build_facilities
from .build_groups import build_groups
from .build_movement import build_movements, stated_links, stated_places
from .build_pathways import build_pathways, step_id
from .build_policies import build_course, build_headlines, build_modes, build_outcomes, build_policies, build_record
from .build_sources import build_sources
from .build_statements import build_prices, build_statements
from .build_tables import (
    EVIDENCE,
    LINKS,
    OBSERVATIONS,
    PLACES,
    build_evidence,
    build_links,
    build_observations,
    build_places,
    check_time_zone,
    rows_by_id,
)
from .in_languages import WORDS, in_languages, read_words
from .model import UNSTATED
from .numbers import read_number
from .problems import Problem, ScenarioErrors, nearest
from .quantity import Number
from .reading import NAME, Fields, Reading, entries_of, listed, read_text_value
from .scenario import Scenario
from .source import Items, Node, Scalar, Table, read_yaml
from .tables import Row

FILE = "scenario.yaml"
FILES = (FILE, "places.csv", "links.csv", "groups.csv", "evidence.csv", "observations.csv", WORDS)
"""The files of a scenario, the needed first."""
SHIPPED = Path(__file__).parent / "shipped"
VERSION = "1"
NEEDED = ("posada", "title", "start", "end", "time_zone", "groups", "pathways", "outcomes")
TOP = (
    *NEEDED, "summary", "law_as_of", "sensitivity", "record", "attributes", "quantities", "modes", "places",
    "links", "movement",
    "facilities", "policies", "course", "headlines", "prices", "currency", "statements", "sources",
)  # fmt: skip
RESERVED = ("party_type", "group", "people", "adults", "children", "infants", "women", "men", "girls", "boys",
            "days_waited", "if", "and", "or", "not", "min", "max", "exp", "log", "since", "rest")  # fmt: skip


def shipped() -> dict[str, Path]:
    """The scenarios that come with posada, by name."""
    return {file.parent.name: file.parent for file in sorted(SHIPPED.glob(f"*/{FILE}"))}


def find_folder(name_or_folder: str | Path) -> Path:
    """The folder of a scenario; ScenarioErrors if there is none."""
    folder = Path(name_or_folder)
    if folder.name == FILE and folder.is_file():
        return folder.parent
    if folder.is_dir():
        return folder
    known = shipped()
    if str(name_or_folder) in known:
        return known[str(name_or_folder)]
    near = nearest(str(name_or_folder), known)
    message = f"there is no folder and no shipped scenario {str(name_or_folder)!r}"
    raise ScenarioErrors([Problem("", 0, 0, message, tuple(known), near)])


def load(name_or_folder: str | Path) -> Scenario:
    """The scenario in a folder, or the shipped one of this name; ScenarioErrors tells all mistakes at once."""
    from .checks import check_whole

    folder = find_folder(name_or_folder)
    reading = Reading()
    scenario = build(folder, reading)
    if scenario is not None and not reading.problems.found:
        check_whole(scenario, reading.problems)
    if scenario is None or reading.problems.found:
        raise ScenarioErrors(reading.problems.found)
    return scenario


def build(folder: Path, reading: Reading) -> Scenario | None:
    """The scenario of a folder; None if something that everything rests on is missing."""
    reading.folder = folder
    root = read_yaml(folder, FILE, reading.problems)
    rows = read_rows(folder, reading)
    if root is None:
        return None
    top = Fields(root, "a scenario", TOP, reading.problems)
    for key in NEEDED:
        top.need(key)
    check_version(top)
    collect_names(top, rows, reading)
    return assemble(folder, top, rows, reading)


def read_rows(folder: Path, reading: Reading) -> dict[str, list[Row]]:
    """The rows of the tables that are there; places.csv must be."""
    shapes = {"places": PLACES, "links": LINKS, "evidence": EVIDENCE, "observations": OBSERVATIONS}
    found = {}
    for name, shape in shapes.items():
        there = name == "places" or (folder / f"{name}.csv").exists()
        before = len(reading.problems.found)
        found[name] = rows_by_id(folder, f"{name}.csv", shape, reading) if there else []
        if not found[name] and len(reading.problems.found) > before:
            reading.unread.add(KINDS_OF_ROWS[name])
            reading.problems.failed.add(name)
    return found


KINDS_OF_ROWS = {"places": "place", "links": "link", "evidence": "claim", "observations": "observation"}
"""What the rows of a table are called where others refer to them."""
KINDS_OF_KEYS = {
    "modes": {"mode"},
    "movement": {"movement"},
    "groups": {"group"},
    "outcomes": {"outcome"},
    "quantities": {"quantity"},
    "sources": {"source"},
    "facilities": {"facility"},
    "pathways": {"pathway", "step"},
}
"""What the keys below a top key are called."""


def check_version(top: Fields) -> None:
    """The version of the language must be the one that is read here."""
    node = top.get("posada")
    if node is not None and not (isinstance(node, Scalar) and node.text == VERSION):
        top.problems.add(node.spot, f"this posada reads version {VERSION} of the language", (VERSION,))


def keys_of(node: Node | None) -> list[str]:
    """The keys of a mapping, if it is one."""
    return list(node.pairs) if isinstance(node, Table) else []


def collect_names(top: Fields, rows: dict[str, list[Row]], reading: Reading) -> None:
    """Collect every id, so that parts may refer to each other in any order."""
    names = reading.names
    for table, known in (("places", names.places), ("links", names.links), ("evidence", names.evidence)):
        known.update(row.cells["id"] for row in rows[table])
    for key, what in KINDS_OF_KEYS.items():
        node = top.get(key)
        if (node is None and key in NEEDED) or (node is not None and not isinstance(node, Table)):
            reading.unread.update(what)
            reading.problems.failed.add(key)
    names.kinds_of_places.update(word for row in rows["places"] if (word := row.text("kind")))
    names.movements.update(keys_of(top.get("movement")))
    names.modes.update(keys_of(top.get("modes")))
    names.groups.update(keys_of(top.get("groups")))
    names.outcomes.update(keys_of(top.get("outcomes")))
    names.quantities.update(keys_of(top.get("quantities")))
    names.sources.update(keys_of(top.get("sources")))
    names.attributes = read_attributes(top.get("attributes"), reading)
    facilities = top.get("facilities")
    for key, (_, node) in facilities.pairs.items() if isinstance(facilities, Table) else ():
        kind = node.pairs.get("kind") if isinstance(node, Table) else None
        names.facilities[key] = kind[1].text if kind and isinstance(kind[1], Scalar) else ""
        if names.facilities[key] not in FACILITY_KINDS:
            reading.problems.failed.add(key)
            names.facilities[key] = ""
    pathways = top.get("pathways")
    for key, (_, node) in pathways.pairs.items() if isinstance(pathways, Table) else ():
        items = node.items if isinstance(node, Items) else ()
        names.pathways[key] = [word for item in items if (word := step_id(item))]


def read_attributes(node: Node | None, reading: Reading) -> dict[str, tuple[str, ...]]:
    """The attributes and their levels; `unstated` is the first level of each."""
    found = {}
    for key, spot, value in entries_of(node, "attributes", reading.problems, NAME):
        if key in RESERVED or key in reading.names.quantities:
            reading.problems.add(spot, f"{key!r} already has a meaning in expressions; choose another name")
        words = [read_text_value(item, "a level", reading.problems) for item in listed(value)]
        levels = dict.fromkeys([UNSTATED, *(word for word in words if word)])
        found[key] = tuple(levels)
    return found


def build_quantities(node: Node | None, reading: Reading) -> dict[str, Number]:
    """The named numbers."""
    found = {}
    for key, spot, value in entries_of(node, "quantities", reading.problems, NAME):
        if key in RESERVED:
            reading.problems.add(spot, f"{key!r} already has a meaning in expressions; choose another name")
        number = read_number(value, f"quantities.{key}", "quantity", reading)
        if number:
            found[key] = number
    return found


def assemble(folder: Path, top: Fields, rows: dict[str, list[Row]], reading: Reading) -> Scenario | None:
    """Every part, and the whole; None if the frame (dates, clock) is not there."""
    start, end, zone = top.date("start"), top.date("end"), top.text("time_zone")
    if zone:
        check_time_zone(zone, top.pairs["time_zone"][1].spot, reading)
    if start and end and end < start:
        reading.problems.add(top.pairs["end"][1].spot, f"'end' ({end}) is before 'start' ({start})")
    parts = Scenario(
        title=top.label("title") or "",
        start=start or date.min,
        end=end or date.max,
        time_zone=zone or "UTC",
        summary=top.label("summary"),
        law_as_of=top.date("law_as_of"),
        sensitivity=top.choice("sensitivity", ("public", "internal", "restricted"), "internal") or "internal",
        record=build_record(top.get("record"), reading),
        attributes=reading.names.attributes,
        quantities=build_quantities(top.get("quantities"), reading),
        modes=build_modes(top.get("modes"), reading),
        groups=build_groups(top.get("groups"), folder, reading),
        places=build_places(rows["places"], zone or "UTC", stated_places(top.get("places"), reading), reading),
        links=build_links(rows["links"], stated_links(top.get("links"), reading), reading),
        movement=build_movements(top.get("movement"), reading),
        facilities=build_facilities(top.get("facilities"), reading),
        pathways=build_pathways(top.get("pathways"), reading),
        outcomes=build_outcomes(top.get("outcomes"), reading),
        headlines=build_headlines(top.get("headlines"), reading),
        prices=build_prices(top.get("prices"), reading),
        currency=top.text("currency") or "",
        statements=build_statements(top.get("statements"), reading),
        sources=build_sources(top.get("sources"), reading),
        evidence=build_evidence(rows["evidence"], reading),
        observations=build_observations(rows["observations"], reading),
        folder=folder,
    )
    policies = build_policies(top.get("policies"), parts.numbers(), reading)
    course = build_course(top.get("course"), parts.numbers(), reading)
    whole = parts.replace(policies=policies, course=course, tables=tuple(sorted(reading.tables)))
    words = read_words(folder, reading)
    return in_languages(whole, words).replace(words=words) if words else whole
