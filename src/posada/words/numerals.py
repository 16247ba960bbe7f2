"""Numbers, lists and capital letters of the language that is spoken. Spanish is Mexico's: a decimal point, as here."""

from __future__ import annotations

import math
from collections.abc import Iterable

from posada.words.catalogue import language, say


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with thousands separators; one decimal below 10 unless it is whole."""
    if value is None or not math.isfinite(value):
        return say("number.not-known")
    if decimals is None:
        decimals = 0 if abs(value) >= 10 or float(value).is_integer() else 1
    text = f"{value:,.{decimals}f}"
    return "0" if text in ("-0", "-0.0") else text.replace("-", "−")


def spelled(value: int) -> str:
    """Small whole numbers as words."""
    return say(f"number.{value}") if 0 <= value <= 10 else f"{value:,}"


def some(value: int, what: str) -> str:
    """`one run`, `12 runs`: the phrase of the things that are counted, by its key under `some`."""
    return say(f"some.{what}", n=value)


def listed(items: Iterable[str]) -> str:
    """`a, b and c`."""
    words = [item for item in items if item]
    if len(words) < 2:
        return words[0] if words else ""
    last = words[-1]
    softer = language() == "es" and last.lower().startswith(("i", "í", "hi")) and not last.lower().startswith("hie")
    return say("list.last-i" if softer else "list.last", before=", ".join(words[:-1]), last=last)


def sentence(text: str) -> str:
    """With a capital letter first, after an opening mark if there is one."""
    return text[:2].upper() + text[2:] if text[:1] in "¿¡“" else text[:1].upper() + text[1:]
