"""Reading of ladders: measures of a policy that are taken once the model itself shows that they are needed."""

from __future__ import annotations

from collections.abc import Callable

from .clock import parse_length
from .model import Change, Rung
from .numbers import read_number
from .reading import Fields, Reading, listed, read_parsed
from .source import Node

RUNG_KEYS = ("when", "delay", "changes")
WHEN_KEYS = ("series", "over", "under", "for")
DAY = 86400.0


def read_ladder(
    node: Node | None, read_changes: Callable[[Node], tuple[Change, ...]], reading: Reading
) -> tuple[Rung, ...]:
    """The rungs of a policy in their order."""
    if node is None:
        return ()
    if not listed(node):
        reading.problems.add(node.spot, "a ladder needs at least one measure")
    rungs = (read_rung(item, read_changes, reading) for item in listed(node))
    return tuple(rung for rung in rungs if rung)


def read_rung(node: Node, read_changes: Callable[[Node], tuple[Change, ...]], reading: Reading) -> Rung | None:
    """One measure: when it is taken, and what it changes."""
    fields = Fields(node, "a measure of a ladder", RUNG_KEYS, reading.problems)
    when = Fields(fields.need("when"), "'when'", WHEN_KEYS, reading.problems)
    changes = fields.need("changes")
    found = read_changes(changes) if changes else ()
    for change in found:
        if change.from_ or change.until:
            rule = "a measure of a ladder begins when its condition is met, so its changes take no 'from' or 'until'"
            reading.problems.add(change.spot, rule)
    if not when.whole:
        return None
    when.need("series")
    if ("over" in when) == ("under" in when):
        reading.problems.add(when.spot, "'when' has one of 'over' and 'under'", ("over", "under"))
    return Rung(
        when.text("series") or "",
        found,
        plain(when, "over", reading),
        plain(when, "under", reading),
        whole_days(when, "for", 1, reading),
        whole_days(fields, "delay", 0, reading),
        when.spot,
    )


def plain(fields: Fields, key: str, reading: Reading) -> float | None:
    """One plain number, or None."""
    number = read_number(fields.get(key), "", "number", reading)
    if number is not None and number.fixed is None:
        reading.problems.add(number.spot, f"{key!r} is one plain number, neither a range nor a name")
    return number.fixed if number else None


def whole_days(fields: Fields, key: str, default: int, reading: Reading) -> int:
    """A length of time of whole days, from `default` on."""
    node = fields.get(key)
    if node is None:
        return default
    seconds = read_parsed(node, parse_length, reading.problems)
    if seconds is None:
        return default
    if seconds % DAY or seconds < default * DAY:
        least = "of at least one" if default else "or none"
        reading.problems.add(node.spot, f"{key!r} is a number of whole days, {least}")
    return int(seconds // DAY)
