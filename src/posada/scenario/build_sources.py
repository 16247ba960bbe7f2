"""Reading of sources: who counts, how far from the truth, and how late."""

from __future__ import annotations

from .build_ladders import plain, whole_days
from .model import Source
from .numbers import read_evidence, read_number
from .quantity import Number, plain_number
from .reading import Fields, Reading, entries_of
from .source import Node

SOURCE_KEYS = ("title", "bias", "spread", "delay", "evidence", "assumed")


def build_sources(node: Node | None, reading: Reading) -> dict[str, Source]:
    """The sources of observations, by name."""
    found = {}
    for key, spot, value in entries_of(node, "sources", reading.problems):
        fields = Fields(value, f"the source {key!r}", SOURCE_KEYS, reading.problems)
        spread = plain(fields, "spread", reading)
        if spread is not None and not 0 < spread < 1:
            rule = "'spread' is a share of the count, above 0 and below 1 (0.1 is a tenth)"
            reading.problems.add(fields.key_spot("spread"), f"{rule}, not {spread:g}")
        found[key] = Source(
            key,
            fields.label("title") or key,
            read_bias(fields, f"sources.{key}.bias", reading),
            spread,
            whole_days(fields, "delay", 0, reading),
            read_evidence(fields, reading),
            fields.text("assumed"),
            spot,
        )
    return found


def read_bias(fields: Fields, path: str, reading: Reading) -> Number:
    """What is counted, divided by what is true; it is not dated, since one source counts in one way."""
    number = read_number(fields.get("bias"), path, "positive", reading) or plain_number(1.0, "positive", path)
    if len(number.entries) > 1 or isinstance(number.entries[0].what, str):
        reading.problems.add(number.spot, "'bias' is one number or range, neither dated nor a name")
    return number
