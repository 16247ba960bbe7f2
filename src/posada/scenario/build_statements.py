"""Reading of prices, and of what was said that counts can test."""

from __future__ import annotations

from .build_ladders import plain
from .model import Price, Statement
from .numbers import read_evidence
from .reading import Fields, Reading, entries_of
from .source import Node

PRICE_KEYS = ("label", "series", "each", "evidence", "assumed")
STATEMENT_KEYS = ("says", "evidence", "headline", "over", "under", "note")


def build_prices(node: Node | None, reading: Reading) -> dict[str, Price]:
    """What things cost, by name."""
    found = {}
    for key, spot, value in entries_of(node, "prices", reading.problems):
        fields = Fields(value, f"the price {key!r}", PRICE_KEYS, reading.problems)
        fields.need("series")
        fields.need("each")
        each = plain(fields, "each", reading)
        evidence, assumed = read_evidence(fields, reading), fields.text("assumed")
        if fields.whole and not evidence and not assumed:
            reading.problems.add(spot, f"the price {key!r} needs 'evidence', or 'assumed' with the reason")
        found[key] = Price(
            key, fields.label("label") or key, fields.text("series") or "", each or 0.0, evidence, assumed, spot
        )
    return found


def build_statements(node: Node | None, reading: Reading) -> dict[str, Statement]:
    """What was said, by name."""
    found = {}
    for key, spot, value in entries_of(node, "statements", reading.problems):
        fields = Fields(value, f"the statement {key!r}", STATEMENT_KEYS, reading.problems)
        fields.need("says")
        over, under = plain(fields, "over", reading), plain(fields, "under", reading)
        headline = fields.text("headline")
        if headline and (over is None) == (under is None):
            reading.problems.add(spot, f"the statement {key!r} needs one of 'over' and 'under'", ("over", "under"))
        if not headline and not fields.label("note"):
            rule = "needs a 'headline' that tests it, or a 'note' that says why counts cannot"
            reading.problems.add(spot, f"the statement {key!r} {rule}")
        found[key] = Statement(
            key,
            fields.label("says") or "",
            read_evidence(fields, reading),
            headline,
            over,
            under,
            fields.label("note"),
            spot,
        )
    return found
