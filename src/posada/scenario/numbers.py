"""Reading of numbers and durations in every form that the language allows."""

from __future__ import annotations

import re
from datetime import date

from .clock import LENGTH, UNIT_SECONDS, parse_date, parse_length
from .expressions import parse_checked
from .problems import Spot, nearest
from .quantity import Duration, Entry, Known, Number, Quantity, Side
from .reading import NAME, Fields, Reading, describe, entries_of, listed, parse_number, read_parsed
from .source import Items, Node, Scalar, Table

QUANTITY_KEYS = ("value", "low", "high", "evidence", "assumed", "note", "scale", "known_from", "known", "claims")
KNOWN_KEYS = ("known_from", "value", "low", "high", "evidence")
SIDE_KEYS = ("value", "low", "high", "evidence")
SCALES = ("log", "logit", "linear")
LENGTHS = ("seconds", "difference")
"""Roles of lengths of time; a difference may be negative."""
EXPRESSION_ROLES = ("chance", "utility", "way", "leaving", "weight")
BOUNDS: dict[str, tuple[float, float, str]] = {
    "share": (0.0, 1.0, "a share or probability lies between 0 and 1"),
    "chance": (0.0, 1.0, "a share or probability lies between 0 and 1"),
    "leaving": (0.0, 1.0, "a share or probability lies between 0 and 1"),
    "weight": (0.0, float("inf"), "a weight is never negative"),
    "capacity": (0.0, float("inf"), "a capacity is never negative"),
    "rate": (0.0, float("inf"), "a rate is never negative"),
    "seconds": (0.0, float("inf"), "a length of time is never negative"),
    "positive": (5e-324, float("inf"), "it must be above 0"),
    "ratio": (1.0 + 1e-12, float("inf"), "it must be above 1"),
    "stages": (1.0, 50.0, "it must be from 1 to 50"),
    "count": (1.0, float("inf"), "it must be at least 1"),
}
DISTRIBUTIONS: dict[str, dict[str, str]] = {
    "fixed": {"length": "seconds"},
    "exponential": {"mean": "seconds"},
    "uniform": {"low": "seconds", "high": "seconds"},
    "triangular": {"low": "seconds", "mode": "seconds", "high": "seconds"},
    "lognormal": {"median": "seconds", "spread": "ratio"},
    "weibull": {"scale": "seconds", "shape": "positive"},
    "erlang": {"mean": "seconds", "stages": "stages"},
    "daily_chance": {"chance": "share"},
    "gamma": {"mean": "seconds", "shape": "positive"},
    "pert": {"low": "seconds", "mode": "seconds", "high": "seconds"},
    "hyperexponential": {"means": "seconds", "shares": "share"},
    "empirical": {},
}
"""The distributions of durations, with the role of each parameter."""
OTHER_FORMS: dict[str, dict[str, str]] = {"lognormal": {"mean": "seconds", "cv": "positive"}}
"""Distributions that may be given by other parameters; in the model their kind ends in `_mean`."""
COLUMN_UNIT = re.compile(r"(?:.*_)?(second|minute|hour|day|week)s")


def read_number(node: Node | None, path: str, role: str, reading: Reading) -> Number | None:
    """A number in any form; None if the node is absent or holds none (then a problem is noted)."""
    if node is None:
        return None
    if role == "quantity":
        role = "seconds" if holds_length(node) else "number"
    if isinstance(node, Items):
        entries = read_dated(node, role, reading)
    else:
        found = read_what(node, role, reading)
        entries = () if found is None else (Entry(None, found, node.spot),)
    if not entries:
        reading.problems.failed.add(path)
    return Number(entries, role, path, node.spot) if entries else None


def holds_length(node: Node) -> bool:
    """Whether a number is written as a length of time; this is how named durations are known."""
    if isinstance(node, Scalar):
        return LENGTH.fullmatch(node.text.strip()) is not None
    if isinstance(node, Items):
        return bool(node.items) and holds_length(node.items[0])
    value = node.pairs.get("value")
    return value is not None and isinstance(value[1], Scalar) and holds_length(value[1])


def read_dated(node: Items, role: str, reading: Reading) -> tuple[Entry, ...]:
    """The entries of a dated list: the first without `from`, the others in order of time."""
    entries: list[Entry] = []
    last: date | None = None
    if not node.items:
        reading.problems.add(node.spot, "a dated list needs at least one entry")
    for position, item in enumerate(node.items):
        entry = read_dated_entry(item, role, reading)
        if entry is None:
            continue
        if (position == 0) != (entry.from_ is None):
            rule = "the first entry of a dated list has no 'from'; it holds from the start"
            reading.problems.add(item.spot, rule if position == 0 else "this entry of a dated list needs 'from'")
        elif last and entry.from_ and entry.from_ <= last:
            reading.problems.add(item.spot, f"a dated list is in order of time; {entry.from_} does not follow {last}")
        last = entry.from_ or last
        entries.append(entry)
    return tuple(entries)


def read_dated_entry(item: Node, role: str, reading: Reading) -> Entry | None:
    """One entry of a dated list."""
    if not isinstance(item, Table):
        rule = f"an entry of a dated list is a mapping such as {{from: 2018-05-01, value: 60}}, not {describe(item)}"
        reading.problems.add(item.spot, rule)
        return None
    start = item.pairs.get("from")
    from_ = read_parsed(start[1], parse_date, reading.problems) if start else None
    rest = Table({key: pair for key, pair in item.pairs.items() if key != "from"}, item.spot)
    value = rest.pairs.get("value")
    named = len(rest.pairs) == 1 and value and isinstance(value[1], Scalar) and not is_value(value[1].text, role)
    what = read_what(value[1] if named and value else rest, role, reading)
    return None if what is None else Entry(from_, what, item.spot)


def is_value(text: str, role: str) -> bool:
    """Whether a text is a number or length, rather than a name or an expression (which may begin with a digit)."""
    return as_number(text.strip()) if role in EXPRESSION_ROLES and text.strip() else text[:1] in "+-.0123456789"


def read_what(node: Node, role: str, reading: Reading) -> Quantity | str | None:
    """A quantity, or the name of one (an expression where the place allows it)."""
    if isinstance(node, Table):
        return read_quantity(node, role, reading)
    if not isinstance(node, Scalar) or not node.text:
        reading.problems.add(node.spot, f"a number is needed here, not {describe(node)}")
        return None
    text = node.text.strip()
    if NAME.fullmatch(text) and text in reading.names.quantities:
        return text
    if role in EXPRESSION_ROLES and not as_number(text):
        parse_checked(text, node.spot, reading, role)
        return text
    if NAME.fullmatch(text):
        if not reading.excused("quantity", text):
            known = sorted(reading.names.quantities)
            what = "a length of time" if role in LENGTHS else "a number"
            message = f"{text!r} is neither {what} nor a named quantity"
            reading.problems.add(node.spot, message, known, nearest(text, known))
        return None
    value = read_value(node, role, reading)
    return None if value is None else Quantity(value)


def as_number(text: str) -> bool:
    """Whether a text is a number, or was meant as one (a percentage, a decimal comma)."""
    return all(letter in "+-.,%eE0123456789 " for letter in text) and text[0] in "+-.0123456789" and text.count("-") < 2


def read_value(node: Node, role: str, reading: Reading) -> float | None:
    """A plain value, with the bounds of its place."""
    value = read_parsed(node, parse_length if role in LENGTHS else parse_number, reading.problems)
    if value is not None and role in BOUNDS:
        low, high, rule = BOUNDS[role]
        if not low <= value <= high:
            reading.problems.add(node.spot, f"{describe(node)} cannot stand here: {rule}")
    return value


def read_quantity(node: Table, role: str, reading: Reading, keys: tuple[str, ...] = QUANTITY_KEYS) -> Quantity | None:
    """A mapping with a value and, perhaps, low, high and where they come from."""
    fields = Fields(node, "a number", keys, reading.problems)

    def value_of(node: Node) -> float | None:
        return read_value(node, role, reading)

    needed = fields.need("value")
    value = None if needed is None else value_of(needed)
    low, high = fields.map("low", value_of), fields.map("high", value_of)
    if ("low" in fields) != ("high" in fields):
        reading.problems.add(node.spot, "a number has both 'low' and 'high', or none of them")
        low = high = None
    if value is not None and low is not None and high is not None and not low <= value <= high:
        reading.problems.add(
            node.spot, f"low <= value <= high does not hold: {shown(fields, ('low', 'value', 'high'))}"
        )
    known = fields.get("known")
    return (
        None
        if value is None
        else Quantity(
            value,
            low,
            high,
            fields.choice("scale", SCALES),
            read_evidence(fields, reading),
            fields.text("assumed"),
            fields.text("note"),
            fields.date("known_from"),
            read_known(known, role, reading) if known else (),
            read_sides(fields.get("claims"), role, reading),
        )
    )


def shown(fields: Fields, keys: tuple[str, ...]) -> str:
    """The values of some keys as they are written."""
    return ", ".join(f"{key} {describe(node)}" for key in keys if (node := fields.get(key)))


def read_evidence(fields: Fields, reading: Reading) -> tuple[str, ...]:
    """The ids of claims under `evidence`."""
    node = fields.get("evidence")
    return reading.refer_all("claim in evidence.csv", node, reading.names.evidence) if node else ()


def read_known(node: Node, role: str, reading: Reading) -> tuple[Known, ...]:
    """What was believed by date, in order of date."""
    found: list[Known] = []
    for item in listed(node):
        fields = Fields(item, "an entry of 'known'", KNOWN_KEYS, reading.problems)
        fields.need("known_from")
        day = fields.date("known_from")
        pairs = {key: pair for key, pair in fields.pairs.items() if key in KNOWN_KEYS[1:]}
        belief = read_quantity(Table(pairs, item.spot), role, reading) if fields.whole else None
        if belief and day:
            found.append(Known(day, belief.value, belief.low, belief.high, belief.evidence))
    return tuple(sorted(found, key=lambda known: known.known_from))


def read_sides(node: Node | None, role: str, reading: Reading) -> tuple[Side, ...]:
    """What a contested quantity is by each side's numbers, by the names of the sides."""
    found = []
    for name, _, value in entries_of(node, "claims", reading.problems):
        told = value if isinstance(value, Table) else Table({"value": (value.spot, value)}, value.spot)
        claim = read_quantity(told, role, reading, SIDE_KEYS)
        if claim:
            found.append(Side(name, claim.value, claim.low, claim.high, claim.evidence))
    return tuple(found)


def read_duration(node: Node | None, path: str, reading: Reading, role: str = "seconds") -> Duration | None:
    """A length of time, or its distribution; with role `positive`, a factor instead."""
    if node is None:
        return None
    if isinstance(node, Table) and "value" not in node.pairs:
        return read_distribution(node, path, reading, role)
    length = read_number(node, path, role, reading)
    return Duration("fixed", {"length": length}) if length else None


def read_distribution(node: Table, path: str, reading: Reading, role: str) -> Duration | None:
    """One distribution with its parameters."""
    fields = Fields(node, "a duration", DISTRIBUTIONS, reading.problems)
    kinds = [key for key in node.pairs if key in DISTRIBUTIONS]
    if len(kinds) != 1:
        if len(kinds) == len(node.pairs):
            reading.problems.add(node.spot, "a duration is one distribution", DISTRIBUTIONS)
        return None
    kind = kinds[0]
    inner = node.pairs[kind][1]
    if kind == "empirical":
        return read_empirical(inner, role, reading)
    if kind == "hyperexponential":
        return read_mixture(inner, f"{path}.{kind}", role, reading)
    roles = {name: role if part == "seconds" else part for name, part in DISTRIBUTIONS[kind].items()}
    if kind in ("fixed", "daily_chance"):
        ((name, part),) = roles.items()
        number = read_number(inner, path if kind == "fixed" else f"{path}.{kind}", part, reading)
        return Duration(kind, {name: number}) if number else None
    other = OTHER_FORMS.get(kind, {})
    if isinstance(inner, Table) and inner.pairs.keys() & (other.keys() - roles.keys()):
        roles = {name: role if part == "seconds" else part for name, part in other.items()}
        named = f"{kind}_mean"
    else:
        named = kind
    parts = Fields(inner, f"the distribution {kind!r}", roles, fields.problems)

    def read(name: str) -> Number | None:
        return read_number(parts.need(name), f"{path}.{kind}.{name}", roles[name], reading)

    params = {name: number for name in roles if (number := read(name))}
    check_order(kind, params, inner.spot, reading)
    return Duration(named, params) if len(params) == len(roles) else None


def read_mixture(node: Node, path: str, role: str, reading: Reading) -> Duration | None:
    """A mixture of exponentials: as many means as shares, in lists."""
    fields = Fields(node, "the distribution 'hyperexponential'", ("means", "shares"), reading.problems)
    lists = {word: listed(found) if (found := fields.need(word)) else () for word in ("means", "shares")}
    if fields.whole and len(lists["means"]) != len(lists["shares"]):
        reading.problems.add(node.spot, f"{len(lists['means'])} means do not go with {len(lists['shares'])} shares")
        return None
    params = {}
    for word, part in (("means", role), ("shares", "share")):
        for position, item in enumerate(lists[word], 1):
            number = read_number(item, f"{path}.{word}.{position}", part, reading)
            if number is None:
                return None
            params[f"{word}.{position}"] = number
    given = [number.fixed for name, number in params.items() if name.startswith("shares")]
    total = sum(value for value in given if value is not None)
    if None not in given and abs(total - 1.0) > 1e-6:
        reading.problems.add(node.spot, f"the shares sum to {total:.7g}; they must sum to 1")
    return Duration("hyperexponential", params) if params else None


def read_empirical(node: Node, role: str, reading: Reading) -> Duration | None:
    """The lengths of time in a column of a CSV file, `FILE.csv:COLUMN`; the column's name ends in its unit."""
    from .tables import read_column

    text = node.text if isinstance(node, Scalar) else ""
    file, _, column = text.partition(":")
    unit = COLUMN_UNIT.fullmatch(column)
    if role != "seconds":
        reading.problems.add(node.spot, "'empirical' is a length of time, and a factor is needed here")
        return None
    if not file.endswith(".csv") or "/" in file or "\\" in file or unit is None:
        rule = "'empirical' names a file of the scenario and a column that ends in a unit, such as waits.csv:wait_days"
        reading.problems.add(node.spot, f"{rule}; not {describe(node)}")
        return None
    reading.tables.add(file)
    values = read_column(reading.folder, file, column, reading.problems)
    sample = tuple(sorted(value * UNIT_SECONDS[unit[1]] for value in values))
    return Duration("empirical", {}, sample) if sample else None


def check_order(kind: str, params: dict[str, Number], spot: Spot, reading: Reading) -> None:
    """Note a uniform or triangular distribution whose bounds are out of order, stages that are not whole."""
    order = [params[name].fixed for name in ("low", "mode", "high") if name in params]
    values = [value for value in order if value is not None]
    if kind in ("uniform", "triangular", "pert") and values != sorted(values):
        reading.problems.add(spot, f"the parameters of {kind!r} must rise: low first, high last")
    stages = params["stages"].fixed if "stages" in params else None
    if stages is not None and stages != int(stages):
        reading.problems.add(spot, "'stages' must be a whole number from 1 to 50")
