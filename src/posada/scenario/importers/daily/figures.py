"""Counts as people write them: 12, 1.234, 12 aprox, >40, 30-40, s/d."""

from __future__ import annotations

import re
from dataclasses import dataclass

from posada.evidence import fold

NOTHING = {
    "", "-", "--", "---", "–", "—", ".", "..", "...", "?", "??", "x", "n/a", "na", "#n/a", "n.a.", "n.d.", "nd", "n/d",
    "s/d", "sd", "s.d.", "sin dato", "sin datos", "no data", "null", "none", "nan", "missing", "not counted",
    "no se conto", "no contado",
    "pendiente", "pending", "tbd", "closed", "cerrado", "#ref!", "#value!", "#div/0!",
}  # fmt: skip
"""What stands in a cell where nobody counted."""
NUMBER = r"\d+(?:[ .,'’]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
ONE = re.compile(rf"(?P<sign>[-−(]?)\s*(?P<number>{NUMBER})\)?")
SPAN = re.compile(
    rf"(?:entre|between|de|from)?\s*(?P<low>{NUMBER})\s*(?:-|–|—|\ba\b|\bto\b|\by\b|\band\b|/)\s*(?P<high>{NUMBER})"
)
MORE = re.compile(
    r"^(?:>=?|≥|\+|mas de|more than|over|at least|al menos|minimo|min\.?)\s*(?=\d)|(?<=\d)\s*(?:\+|o mas|or more)$"
)
LESS = re.compile(
    r"^(?:<=?|≤|menos de|less than|under|up to|hasta|at most|maximo|max\.?)\s*(?=\d)|(?<=\d)\s*(?:o menos|or less)$"
)
ABOUT = re.compile(
    r"[~≈±?]|\b(?:aprox\w*|approx\w*|about|around|circa|ca|unos|unas|cerca de|casi|estimad\w*|est|estimate\w*|app)\b\.?"
)
PARTIAL = re.compile(
    r"\b(?:partial\w*|parcial\w*|incomplet\w*|so far|hasta las|as of \d|until \d|hasta ahora|provisional\w*|prelim\w*|"
    r"part.day|half day|medio dia|unfinished|in progress|en curso|at noon|al mediodia|por confirmar)\b"
)
"""Words of a count that was taken before the day was over."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One count: value or bounds, with the qualifier of observations."""

    value: float | None
    low: float | None = None
    high: float | None = None
    qualifier: str = "exact"

    @property
    def middle(self) -> float:
        """What it is about."""
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        return self.value if self.value is not None else sum(bounds) / len(bounds)


def is_nothing(text: str) -> bool:
    """Whether a cell says that nobody counted."""
    return fold(text.strip()) in NOTHING


def is_figure(text: str) -> bool:
    """Whether a cell holds a count."""
    try:
        return read_figure(text) is not None
    except ValueError:
        return False


def read_figure(text: str) -> Figure | None:
    """The count in a cell; None where nobody counted, ValueError where it cannot be read."""
    if is_nothing(text):
        return None
    plain = fold(text.strip())
    span = SPAN.fullmatch(ABOUT.sub("", plain).strip()) if not plain.startswith("-") else None
    if span and plain_number(span["low"]) <= plain_number(span["high"]):
        return Figure(None, plain_number(span["low"]), plain_number(span["high"]), "range")
    bare = MORE.sub("", plain).strip()
    if bare != plain and (found := lone(bare)) is not None:
        return Figure(None, found, None, "at_least")
    bare = LESS.sub("", plain).strip()
    if bare != plain and (found := lone(bare)) is not None:
        return Figure(None, None, found, "at_most")
    found = lone(plain)
    if found is None:
        raise ValueError(f"{text!r} is not a count")
    return Figure(found, qualifier="about" if ABOUT.search(plain) or found != int(found) else "exact")


def lone(text: str) -> float | None:
    """The number in a text that holds one and words, None if it holds none or several."""
    found = list(ONE.finditer(text))
    if len(found) != 1 or re.search(r"[:/]\s*\d|\d\s*[:/]", text):
        return None
    rest = text[: found[0].start()] + text[found[0].end() :]
    if len(rest) > 40:
        return None
    value = plain_number(found[0]["number"])
    return -value if found[0]["sign"] in ("-", "−") else value


def plain_number(text: str) -> float:
    """A number with spaces, points or commas between thousands, with a point or a comma before decimals."""
    bare = re.sub(r"[ '’]", "", text)
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare) and not bare.startswith("0"):
        return float(re.sub(r"[.,]", "", bare))
    if "," in bare and "." in bare:
        last = max(bare.rfind(","), bare.rfind("."))
        bare = re.sub(r"[.,]", "", bare[:last]) + "." + bare[last + 1 :]
    return float(bare.replace(",", "."))
