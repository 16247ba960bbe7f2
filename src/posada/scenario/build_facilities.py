"""Reading of facilities: for each kind its keys, and what each key means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .clock import ALL_DAYS, CLOCK, Instant, parse_clock, parse_date, parse_days, parse_instant
from .expressions import parse_checked
from .model import PARTY_TYPES, Background, Batch, BedClass, Block, Facility, Initial, Shift
from .numbers import QUANTITY_KEYS, read_duration, read_evidence, read_number
from .problems import Spot
from .quantity import Number
from .reading import Fields, Reading, entries_of, listed, read_parsed, read_text_value
from .source import Node, Scalar, Table
from .targets import resolve

COMMON = ("at", "kind", "name", "per", "evidence", "assumed", "note", "restricted", "initial")
WORKING_DAYS = 0b0011111
NINE = 540


@dataclass(frozen=True, slots=True)
class KindOfFacility:
    """What a kind of facility may say, must say, and whom it serves unless told otherwise."""

    keys: tuple[str, ...]
    needed: tuple[str, ...] = ()
    per: str = "person"
    only_per: bool = False


ORDERS = ("first_come", "random", "longest_waiting_group")
QUEUE_KEYS = ("waiting_room", "order", "order_by")
DESK_KEYS = (
    "staff", "service", "hours", "priority", "holidays", "shifts", "at_closing", "preempt", "batch", "newest_first",
)  # fmt: skip
GATE_KEYS = (
    "opens", "days", "reason", "carry_over", "into", "background", "priority", "overtake", "holidays", *QUEUE_KEYS,
)  # fmt: skip
FACILITY_KINDS: dict[str, KindOfFacility] = {
    "beds": KindOfFacility(("beds", "admits", "others", "intake_hours", "max_stay", "refer_to", "overtake"), ("beds",)),
    "camp": KindOfFacility(()),
    "holding": KindOfFacility(("places", "others", "waiting_room")),
    "caseload": KindOfFacility(("places", "others"), (), "party", True),
    "desks": KindOfFacility(
        (*DESK_KEYS, *QUEUE_KEYS),
        ("service",),
        "party",
    ),
    "gate": KindOfFacility(("slots_per_day", *GATE_KEYS), ("slots_per_day", "opens")),
    "docket": KindOfFacility(("cases_per_day", *GATE_KEYS), ("cases_per_day",), "party", True),
    "departures": KindOfFacility(
        ("seats", "leaves", "when_full", "vehicles", "at_least", "priority", "order", "order_by"), ("seats",)
    ),
}
CLOSINGS = ("finish", "interrupt")
BATCH_KEYS = ("size", "at_least", "waits_at_most")
BED_CLASS_KEYS = ("beds", "admits", "others")


def build_facilities(node: Node | None, reading: Reading) -> dict[str, Facility]:
    """The facilities."""
    found = {}
    for key, spot, value in entries_of(node, "facilities", reading.problems):
        facility = build_facility(key, spot, value, reading)
        if facility:
            found[key] = facility
        else:
            reading.problems.failed.add(f"facilities.{key}")
    return found


def build_facility(key: str, spot: Spot, node: Node, reading: Reading) -> Facility | None:
    """One facility; None if its kind is not known."""
    what = f"the facility {key!r}"
    kind = kind_of(node, what, spot, reading)
    if kind is None:
        return None
    rules = FACILITY_KINDS[kind]
    fields = Fields(node, f"{what} of kind {kind!r}", (*COMMON, *rules.keys), reading.problems)
    for needed in ("at", *rules.needed):
        fields.need(needed)
    if kind == "desks":
        check_desks(fields)
    if kind == "departures":
        check_departures(fields)
    if "order_by" in fields and word_of(fields, "order") != "longest_waiting_group":
        reading.problems.add(fields.key_spot("order_by"), "'order_by' goes with 'order: longest_waiting_group'")
    if "background" in fields and "order" in fields:
        reading.problems.add(fields.key_spot("order"), "a line that is shared with a background is served in order")
    names, path = reading.names, f"facilities.{key}"
    at = fields.get("at")
    docket = kind == "docket"
    days = fields.map("days", lambda node: read_parsed(node, parse_days, reading.problems))
    opens = fields.clocks("opens") or ((NINE,) if docket else ())

    def number(word: str, role: str = "capacity") -> Number | None:
        return read_number(fields.get(word), f"{path}.{word}", role, reading)

    return Facility(
        id=key,
        kind=kind,
        at=reading.refer("place", at, names.places) if at else "",
        name=fields.label("name") or key,
        per=read_per(fields, rules),
        beds=read_beds(fields, path, reading) if kind == "beds" else (),
        intake_hours=fields.hours("intake_hours"),
        max_stay=read_duration(fields.get("max_stay"), f"{path}.max_stay", reading),
        refer_to=read_refer_to(fields.get("refer_to"), key, reading),
        overtake=fields.flag("overtake"),
        places=number("places"),
        others=number("others") if kind != "beds" else None,
        staff=number("staff"),
        service=read_duration(fields.get("service"), f"{path}.service", reading),
        hours=fields.hours("hours"),
        slots_per_day=number("slots_per_day"),
        cases_per_day=number("cases_per_day"),
        opens=tuple(sorted(set(opens))),
        days=days or (WORKING_DAYS if docket else ALL_DAYS),
        reason=fields.choice("reason", ("physical", "policy")),
        carry_over=fields.flag("carry_over"),
        into=read_into(fields.get("into"), reading),
        seats=number("seats"),
        leaves=read_leaves(fields.get("leaves"), reading),
        when_full=fields.flag("when_full"),
        priority=read_priority(fields.get("priority"), reading),
        background=read_background(fields.get("background"), f"{path}.background", fields.get("priority"), reading),
        initial=read_initial(fields.get("initial"), path, reading),
        waiting_room=number("waiting_room"),
        preempt=fields.flag("preempt"),
        order=fields.choice("order", ORDERS, "first_come") or "first_come",
        newest_first=number("newest_first", "share"),
        order_by=read_order_by(fields.get("order_by"), reading),
        batch=read_batch(fields.get("batch"), path, reading),
        vehicles=number("vehicles"),
        at_least=number("at_least"),
        at_closing=fields.choice("at_closing", CLOSINGS, "finish") or "finish",
        holidays=read_holidays(fields.get("holidays"), reading),
        shifts=read_shifts(fields.get("shifts"), path, reading),
        restricted=fields.flag("restricted"),
        evidence=read_evidence(fields, reading),
        assumed=fields.text("assumed"),
        note=fields.text("note"),
        spot=spot,
    )


def word_of(fields: Fields, key: str) -> str:
    """The word that stands under a key, whatever it is."""
    node = fields.get(key)
    return node.text if isinstance(node, Scalar) else ""


def check_desks(fields: Fields) -> None:
    """Desks have staff, or shifts with staff and hours of their own; only classes can come before others."""
    if fields.whole and ("staff" in fields) == ("shifts" in fields):
        fields.problems.add(fields.spot, f"{fields.what} needs one of 'staff' and 'shifts'")
    if "shifts" in fields and "hours" in fields:
        fields.problems.add(fields.key_spot("hours"), "with 'shifts', the hours stand in each shift")
    if "preempt" in fields and "priority" not in fields:
        fields.problems.add(fields.key_spot("preempt"), "'preempt' needs 'priority': whose service comes first")
    if "at_closing" in fields and not fields.pairs.keys() & {"hours", "shifts", "holidays"}:
        fields.problems.add(fields.key_spot("at_closing"), "'at_closing' needs 'hours', 'shifts' or 'holidays'")
    if "batch" in fields and ("preempt" in fields or word_of(fields, "at_closing") == "interrupt"):
        fields.problems.add(fields.key_spot("batch"), "a batch is served to its end: it goes without interruptions")
    if "newest_first" in fields and fields.pairs.keys() & {"batch", "order"}:
        fields.problems.add(fields.key_spot("newest_first"), "'newest_first' goes with neither 'order' nor 'batch'")


def check_departures(fields: Fields) -> None:
    """Vehicles leave at hours, or when they are full, or both."""
    if fields.whole and "leaves" not in fields and word_of(fields, "when_full") != "true":
        fields.problems.add(fields.spot, f"{fields.what} needs 'leaves' (times or instants) or 'when_full: true'")
    if "leaves" not in fields:
        for word in ("vehicles", "at_least"):
            if word in fields:
                fields.problems.add(fields.key_spot(word), f"{word!r} is of the hours of 'leaves', which is missing")


def read_order_by(node: Node | None, reading: Reading) -> str:
    """The attribute whose levels take turns."""
    known = ("group", "party_type", *reading.names.attributes)
    return (reading.refer("attribute", node, known) if node else "group") or "group"


def read_batch(node: Node | None, path: str, reading: Reading) -> Batch | None:
    """How many are served together, and when a batch begins."""
    if node is None:
        return None
    fields = Fields(node, "'batch'", BATCH_KEYS, reading.problems)
    size = read_number(fields.need("size"), f"{path}.batch.size", "capacity", reading)
    least = read_number(fields.get("at_least"), f"{path}.batch.at_least", "capacity", reading)
    longest = read_duration(fields.get("waits_at_most"), f"{path}.batch.waits_at_most", reading)
    if longest and "at_least" not in fields:
        reading.problems.add(fields.key_spot("waits_at_most"), "'waits_at_most' goes with 'at_least'")
    if size and least and size.fixed is not None and least.fixed is not None and least.fixed > size.fixed:
        message = f"a batch of {size.fixed:g} cannot wait for at least {least.fixed:g}"
        reading.problems.add(fields.key_spot("at_least"), message)
    return Batch(size, least, longest) if size else None


def read_holidays(node: Node | None, reading: Reading) -> tuple[date, ...]:
    """Local dates on which nothing is served."""
    found = [read_parsed(item, parse_date, reading.problems) for item in listed(node)] if node else []
    return tuple(sorted({day for day in found if day}))


def read_shifts(node: Node | None, path: str, reading: Reading) -> tuple[Shift, ...]:
    """Staff by hours; at any time those of all shifts on duty together. By name, or in a list (named 1, 2, ...)."""
    if node is None:
        return ()
    pairs = {key: value for key, (_, value) in node.pairs.items()} if isinstance(node, Table) else {}
    found = []
    for name, item in sorted(pairs.items()) or [(str(i), item) for i, item in enumerate(listed(node), 1)]:
        fields = Fields(item, "a shift", ("hours", "staff"), reading.problems)
        fields.need("hours")
        staff = read_number(fields.need("staff"), f"{path}.shifts.{name}.staff", "capacity", reading)
        if staff:
            found.append(Shift(fields.hours("hours"), staff))
    return tuple(found)


def kind_of(node: Node, what: str, spot: Spot, reading: Reading) -> str | None:
    """The kind of a facility, if it has a known one."""
    if not isinstance(node, Table):
        reading.problems.add(node.spot, f"{what} must be a mapping of keys", COMMON)
        return None
    pair = node.pairs.get("kind")
    if pair is None:
        reading.problems.add(spot, f"{what} needs the key 'kind'", FACILITY_KINDS)
        return None
    kind = reading.refer("kind of facility", pair[1], FACILITY_KINDS)
    return kind if kind in FACILITY_KINDS else None


def read_per(fields: Fields, rules: KindOfFacility) -> str:
    """Whether people or parties are served."""
    per = fields.choice("per", ("person", "party"), rules.per) or rules.per
    if rules.only_per and per != rules.per:
        fields.problems.add(fields.key_spot("per"), f"{fields.what} is always per {rules.per}")
    return per


def read_admits(node: Node | None, reading: Reading) -> tuple[str, ...] | None:
    """The party types that a class of beds admits, in their order; None is everyone."""
    if node is None or (isinstance(node, Scalar) and node.text == "everyone"):
        return None
    return reading.refer_all("type of party", node, (*PARTY_TYPES, "everyone"))


def read_beds(fields: Fields, path: str, reading: Reading) -> tuple[BedClass, ...]:
    """The classes of beds in the order in which they are tried; beds without classes are one class without a name."""
    node = fields.get("beds")
    admits = read_admits(fields.get("admits"), reading)
    if not isinstance(node, Table) or any(key in QUANTITY_KEYS for key in node.pairs):
        beds = read_number(node, f"{path}.beds", "capacity", reading)
        others = read_number(fields.get("others"), f"{path}.others", "capacity", reading)
        return (BedClass("", beds, admits, others),) if beds else ()
    if "others" in fields:
        reading.problems.add(fields.key_spot("others"), "with classes of beds, 'others' stands in each class")
    classes = []
    for key, (_, value) in node.pairs.items():
        inner = Fields(value, f"the class of beds {key!r}", BED_CLASS_KEYS, reading.problems)
        beds = read_number(inner.need("beds"), f"{path}.beds.{key}.beds", "capacity", reading)
        others = read_number(inner.get("others"), f"{path}.beds.{key}.others", "capacity", reading)
        own = read_admits(inner.get("admits"), reading) if "admits" in inner else admits
        if beds:
            classes.append(BedClass(key, beds, own, others))
    return tuple(classes)


def read_refer_to(node: Node | None, key: str, reading: Reading) -> tuple[str, ...]:
    """The shelters to which those are sent for whom there is no bed."""
    shelters = {name for name, kind in reading.names.facilities.items() if kind == "beds" and name != key}
    return reading.refer_all("other shelter", node, shelters) if node else ()


def read_into(node: Node | None, reading: Reading) -> str | None:
    """The holding into which a gate leads."""
    holdings = {name for name, kind in reading.names.facilities.items() if kind == "holding"}
    return reading.refer("holding", node, holdings) if node else None


def read_leaves(node: Node | None, reading: Reading) -> tuple[int | Instant, ...]:
    """The departures: minutes of every day, or instants."""
    found: list[int | Instant] = []
    for item in listed(node) if node else ():
        text = read_text_value(item, "a departure", reading.problems)
        if text is None:
            continue
        when: int | Instant | None
        if CLOCK.fullmatch(text):
            when = read_parsed(item, parse_clock, reading.problems)
        else:
            when = read_parsed(item, parse_instant, reading.problems)
        if when is not None:
            found.append(when)
    return tuple(found)


def read_priority(node: Node | None, reading: Reading) -> tuple[str, ...]:
    """The expressions of priority classes, first served first."""
    found = []
    for item in listed(node) if node else ():
        text = read_text_value(item, "an expression of 'priority'", reading.problems)
        if text is not None:
            parse_checked(text, item.spot, reading)
            found.append(text)
    return tuple(found)


def read_background(node: Node | None, path: str, priority: Node | None, reading: Reading) -> Background | None:
    """Counted blocks of other people's cases."""
    if node is None:
        return None
    fields = Fields(node, "'background'", ("initial", "arrivals_per_day", "priority"), reading.problems)
    blocks = []
    initial = fields.get("initial")
    for position, item in enumerate(listed(initial) if initial else (), 1):
        inner = Fields(item, "a block of 'background'", ("joined", "number"), reading.problems)
        inner.need("joined")
        joined = inner.instant("joined")
        number = read_number(inner.need("number"), f"{path}.initial.{position}.number", "capacity", reading)
        if joined and number:
            blocks.append(Block(joined, number))
    arrivals = read_number(fields.get("arrivals_per_day"), f"{path}.arrivals_per_day", "rate", reading)
    return Background(tuple(blocks), arrivals, read_class(fields.get("priority"), priority, reading))


def read_class(node: Node | None, priority: Node | None, reading: Reading) -> int | None:
    """The number of a priority class, from 1."""
    if node is None:
        return None
    most = len(listed(priority)) + 1 if priority else 1
    text = node.text if isinstance(node, Scalar) else ""
    if not text.isdecimal() or not 1 <= int(text) <= most:
        reading.problems.add(node.spot, f"'priority' is the number of a class, from 1 to {most}")
        return None
    return int(text)


def read_initial(node: Node | None, path: str, reading: Reading) -> tuple[Initial, ...]:
    """Parties of the scenario that are in a step at the start."""
    found = []
    for position, item in enumerate(listed(node) if node else (), 1):
        fields = Fields(item, "an entry of 'initial'", ("group", "people", "joined", "step"), reading.problems)
        group, step = fields.need("group"), fields.need("step")
        people = read_number(fields.need("people"), f"{path}.initial.{position}.people", "capacity", reading)
        fields.need("joined")
        joined = fields.instant("joined")
        name = reading.refer("group", group, reading.names.groups) if group else ""
        address = resolve(step, "", reading) if step else ""
        if people and joined:
            found.append(Initial(name, people, joined, address))
    return tuple(found)
