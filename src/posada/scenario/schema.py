"""The JSON Schema of scenario.yaml, for editors. Its keys are those of the readers."""

from __future__ import annotations

from typing import Any

from posada.words import LANGUAGES

from .build import NEEDED, TOP
from .build_facilities import BATCH_KEYS, BED_CLASS_KEYS, CLOSINGS, FACILITY_KINDS, ORDERS
from .build_facilities import COMMON as FACILITY_COMMON
from .build_groups import GROUP_KEYS
from .build_ladders import RUNG_KEYS, WHEN_KEYS
from .build_movement import CLOCKS, FORCED, LINK_KEYS, MOVEMENT_KEYS
from .build_pathways import COMMON as STEP_COMMON
from .build_policies import HEADLINE_KEYS, POLICY_KEYS, STATISTICS
from .build_sources import SOURCE_KEYS
from .build_statements import PRICE_KEYS, STATEMENT_KEYS
from .clock import DAYS
from .model import CLASSES, PLACE_NUMBERS
from .numbers import DISTRIBUTIONS, KNOWN_KEYS, OTHER_FORMS, QUANTITY_KEYS, SCALES, SIDE_KEYS

Schema = dict[str, Any]

ANY: Schema = {}
TEXT: Schema = {"type": "string"}
LABEL: Schema = {
    "anyOf": [TEXT, {"type": "object", "properties": dict.fromkeys(LANGUAGES, TEXT), "additionalProperties": False}]
}
"""A text for people: as it is, or in several languages."""
FLAG: Schema = {"type": "boolean"}
ID: Schema = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
NAME: Schema = {"pattern": "^[a-z][a-z0-9_]*$"}
VALUE: Schema = {"type": ["number", "string"]}
NUMBER_ONLY: Schema = {"type": "number"}
DATE: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
INSTANT: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2})?$"}
WORDS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
NUMBER: Schema = {"$ref": "#/$defs/number"}
DURATION: Schema = {"$ref": "#/$defs/duration"}
SHARES: Schema = {"type": "object", "additionalProperties": NUMBER}
STEP_EXTRA: dict[str, Schema] = {"by": {"enum": ["group"]}, "daily": FLAG}

MEANINGS: dict[str, Schema] = {
    "people": NUMBER, "people_per_day": NUMBER, "date": INSTANT, "from": INSTANT, "until": INSTANT,
    "evidence": WORDS, "others": NUMBER, "places": NUMBER, "staff": NUMBER, "seats": NUMBER, "slots_per_day": NUMBER,
    "cases_per_day": NUMBER, "service": DURATION, "max_stay": DURATION, "hours": TEXT, "intake_hours": TEXT,
    "admits": WORDS, "refer_to": WORDS, "opens": WORDS, "leaves": WORDS, "priority": WORDS, "overtake": FLAG,
    "carry_over": FLAG, "when_full": FLAG, "restricted": FLAG, "new_law": FLAG,
    "title": LABEL, "about": LABEL, "name": LABEL, "question": LABEL, "says": LABEL,
    "parties_per_day": NUMBER, "every": DURATION, "batch": NUMBER, "waiting_room": NUMBER, "preempt": FLAG,
    "order": {"enum": list(ORDERS)}, "at_closing": {"enum": list(CLOSINGS)}, "holidays": WORDS,
    "vehicles": NUMBER, "at_least": NUMBER, "newest_first": NUMBER,
    "per": {"enum": ["person", "party"]}, "reason": {"enum": ["physical", "policy"]},
}  # fmt: skip
"""What stands under a key, where the key means the same everywhere; text otherwise."""


def mapping(keys: dict[str, Schema], needed: tuple[str, ...] = ()) -> Schema:
    """A mapping with these keys and no others."""
    found: Schema = {"type": "object", "properties": keys, "additionalProperties": False}
    return found | {"required": list(needed)} if needed else found


def named(inner: Schema, names: Schema = ID) -> Schema:
    """A mapping from ids to things."""
    return {"type": "object", "propertyNames": names, "additionalProperties": inner}


def listing(inner: Schema) -> Schema:
    """A list of things."""
    return {"type": "array", "items": inner}


def keys(words: tuple[str, ...], **special: Schema) -> dict[str, Schema]:
    """Keys with their usual meanings, or special ones (`from_` stands for `from`)."""
    special = {key.rstrip("_"): value for key, value in special.items()}
    return {word: special.get(word, MEANINGS.get(word, TEXT)) for word in words}


def quantity(extra: dict[str, Schema]) -> Schema:
    """A number with low, high and where they come from."""
    known = mapping({key: quantity_key(key) for key in KNOWN_KEYS}, ("known_from", "value"))
    own = {key: quantity_key(key) for key in QUANTITY_KEYS if key not in ("known", "claims")}
    side = mapping({key: quantity_key(key) for key in SIDE_KEYS}, ("value",))
    sides = named({"anyOf": [VALUE, side]})
    return mapping(own | {"known": listing(known), "claims": sides} | extra, ("value",))


def quantity_key(key: str) -> Schema:
    """What stands under a key of a quantity."""
    special = {"known_from": DATE, "scale": {"enum": list(SCALES)}, "evidence": WORDS, "assumed": TEXT, "note": TEXT}
    return special.get(key, VALUE)


def duration() -> Schema:
    """A length of time, or one distribution."""
    forms = []
    for kind, parts in DISTRIBUTIONS.items():
        inner = NUMBER if kind in ("fixed", "daily_chance") else mapping(dict.fromkeys(parts, NUMBER), tuple(parts))
        if kind in OTHER_FORMS:
            other = OTHER_FORMS[kind]
            inner = {"anyOf": [inner, mapping(dict.fromkeys(other, NUMBER), tuple(other))]}
        elif kind == "hyperexponential":
            inner = mapping({part: listing(NUMBER) for part in parts}, tuple(parts))
        elif kind == "empirical":
            inner = TEXT
        forms.append(mapping({kind: inner}, (kind,)))
    return {"anyOf": [NUMBER, *forms]}


def facility() -> Schema:
    """A facility, by its kind."""
    entry = mapping(keys(("group", "people", "joined", "step"), joined=INSTANT), ("group", "people", "joined", "step"))
    block = mapping({"joined": INSTANT, "number": NUMBER}, ("joined", "number"))
    others = {"initial": listing(block), "arrivals_per_day": NUMBER, "priority": {"type": "integer"}}
    classes = named(mapping(keys(BED_CLASS_KEYS, beds=NUMBER), ("beds",)))
    beds = {"anyOf": [NUMBER, classes]}
    shift = mapping({"hours": TEXT, "staff": NUMBER}, ("hours", "staff"))
    batch = mapping(keys(BATCH_KEYS, size=NUMBER, waits_at_most=DURATION), ("size",))
    kinds = []
    for kind, rules in FACILITY_KINDS.items():
        words = keys(
            (*FACILITY_COMMON, *rules.keys),
            beds=beds,
            background=mapping(others),
            initial=listing(entry),
            batch=batch,
            shifts={"anyOf": [listing(shift), named(shift)]},
        )
        kinds.append(mapping(words | {"kind": {"const": kind}}, ("at", "kind", *rules.needed)))
    return {"oneOf": kinds}


def step_bodies() -> dict[str, Schema]:
    """What stands under each kind of step."""
    risk = mapping({"after": DURATION, "at": INSTANT, "then": TEXT})
    option = mapping({"share": NUMBER, "then": TEXT}, ("share",))
    choice = mapping({"utility": NUMBER, "if": TEXT, "then": TEXT}, ("utility",))
    gives_up = {"gives_up_after": DURATION, "gives_up_at": INSTANT, "gives_up_when": TEXT}
    gives_up |= {"gives_up_to": TEXT, "refused_to": TEXT}
    return {
        "travel": mapping({"along": TEXT, "to": TEXT, "takes": DURATION, "pace": DURATION}),
        "wait": mapping({"for": DURATION, "until": TEXT, "first_of": named(risk)}),
        "queue": mapping({"at": WORDS, "with": WORDS, "service": DURATION, "blocks": FLAG} | gives_up, ("at",)),
        "stay": mapping({"in": WORDS}, ("in",)),
        "hold": mapping({"in": TEXT, "if_full": TEXT, "refused_to": TEXT}, ("in",)),
        "release": mapping({"from": TEXT}, ("from",)),
        "branch": {"type": "object", "minProperties": 1, "additionalProperties": {"anyOf": [NUMBER, option]}},
        "choose": {"type": "object", "minProperties": 1, "additionalProperties": choice},
        "split": mapping({"who": WORDS, "at_most": NUMBER, "to": TEXT, "reason": TEXT}, ("who", "to")),
        "roam": mapping({"by": TEXT, "ends": WORDS, "at_most": DURATION, "at_most_to": TEXT}, ("by",)),
        "rejoin": mapping({"at_most": DURATION, "at": TEXT}),
        "gather": mapping({"share": NUMBER, "at_most": DURATION}, ("at_most",)),
        "set": {"type": "object", "propertyNames": NAME, "additionalProperties": ANY},
        "go": ANY,
        "outcome": TEXT,
    }


def step() -> Schema:
    """A step, by its kind."""
    kinds = []
    for kind, body in step_bodies().items():
        extra = STEP_EXTRA if kind in ("wait", "branch", "choose") else {}
        kinds.append(mapping(keys(STEP_COMMON) | {kind: body} | extra, ("id", kind)))
    return {"oneOf": kinds}


def policy() -> Schema:
    """A policy, or only its changes."""
    when = mapping(keys(WHEN_KEYS, over=VALUE, under=VALUE), ("series",))
    rung = mapping(keys(RUNG_KEYS, when=when, changes=listing(change())), ("when", "changes"))
    whole = mapping(keys(POLICY_KEYS, changes=listing(change()), known_from=DATE, ladder=listing(rung)))
    return {"anyOf": [listing(change()), whole]}


def change() -> Schema:
    """A change of a number."""
    dates = {"from": INSTANT, "until": INSTANT}
    forms = [("set", "to"), ("multiply", "by"), ("add", "by")]
    return {"oneOf": [mapping({op: TEXT, word: NUMBER} | dates, (op, word)) for op, word in forms]}


def group() -> Schema:
    """A group."""
    by_level = {"type": "object", "propertyNames": NAME, "additionalProperties": SHARES}
    members = {"type": "object", "propertyNames": {"enum": list(CLASSES)}, "additionalProperties": NUMBER}
    season = mapping({"amplitude": NUMBER, "period": NUMBER, "peak": INSTANT}, ("amplitude", "period", "peak"))
    rate = mapping({"weekday": mapping(dict.fromkeys(DAYS, NUMBER)), "season": season})
    parties = {"anyOf": [{"const": "table"}, SHARES]}
    places = mapping({"weight": NUMBER}, ("weight",))
    words = keys(GROUP_KEYS, rate=rate, parties=parties, attributes=by_level, sex_and_age=members, places=places)
    where: Schema = {"oneOf": [{"required": ["place"]}, {"required": ["places"]}]}
    return mapping(words, ("pathway",)) | where


def movement() -> Schema:
    """How people choose their way."""
    words = keys(
        MOVEMENT_KEYS,
        leaves={"type": "object", "required": ["else"], "additionalProperties": NUMBER},
        utility=NUMBER,
        ahead={"enum": [1, 2, 3, "all"]},
        clock={"enum": list(CLOCKS)},
        keeps_going=FLAG,
        passes_through=FLAG,
        forced={"enum": list(FORCED)},
    )
    return mapping(words, ("leaves", "utility"))


def parts() -> dict[str, Schema]:
    """What stands under each key at the top."""
    headline = mapping(
        keys(HEADLINE_KEYS, from_=DATE, to=DATE, over=NUMBER_ONLY, label=LABEL, statistic={"enum": list(STATISTICS)}),
        ("id", "label", "series", "statistic"),
    )
    return {
        "posada": {"const": 1},
        "title": LABEL,
        "summary": LABEL,
        "start": DATE,
        "end": DATE,
        "time_zone": TEXT,
        "law_as_of": DATE,
        "sensitivity": {"enum": ["public", "internal", "restricted"]},
        "record": mapping({"daily_until": DATE, "weekly_until": DATE, "by": WORDS, "warm_up": TEXT}),
        "attributes": named(listing(ANY), NAME),
        "quantities": named(NUMBER, NAME),
        "modes": named(mapping({"speed_kmh": NUMBER, "hours": TEXT}, ("speed_kmh",))),
        "places": named(mapping(dict.fromkeys(PLACE_NUMBERS, NUMBER)) | {"minProperties": 1}),
        "links": named(mapping(dict.fromkeys(LINK_KEYS, NUMBER)) | {"minProperties": 1}),
        "movement": named(movement()),
        "groups": named(group()),
        "facilities": named(facility()),
        "pathways": named(listing(step())),
        "outcomes": named({"anyOf": [mapping({"label": LABEL, "final": FLAG, "note": LABEL}), {"type": "null"}]}),
        "policies": named(policy()),
        "course": listing(change()),
        "headlines": listing(headline),
        "currency": TEXT,
        "prices": named(mapping(keys(PRICE_KEYS, each=VALUE, label=LABEL), ("series", "each"))),
        "statements": named(mapping(keys(STATEMENT_KEYS, over=VALUE, under=VALUE, note=LABEL), ("says",))),
        "sources": named(mapping(keys(SOURCE_KEYS, bias=NUMBER, spread={"type": "number"}, delay=TEXT))),
    }


def json_schema() -> Schema:
    """The JSON Schema (2020-12) of scenario.yaml."""
    plain = quantity({})
    entries = listing(quantity({"from": DATE}))
    found = parts()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "posada scenario, version 1",
        **mapping({key: found[key] for key in TOP}, NEEDED),
        "$defs": {"number": {"anyOf": [VALUE, plain, entries]}, "duration": duration()},
    }
