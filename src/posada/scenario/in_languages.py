"""What a scenario says in other languages beside its own files: words.csv, which a translator can keep without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from pathlib import Path
from typing import Any

from posada.words import DEFAULT, LANGUAGES, Told

from .reading import Reading
from .tables import Shape, read_table
from .walking import field_names

WORDS = "words.csv"
SHAPE = Shape(("text",), tuple(LANGUAGES))
TEXTS = frozenset(
    ("title", "summary", "name", "label", "about", "note", "assumed", "question", "says", "counts_what", "base")
)
"""The fields that hold texts for people."""


def read_words(folder: Path, reading: Reading) -> dict[str, Told]:
    """Each text as it stands in the files, or the address of a number or group, with what it is called."""
    found: dict[str, Told] = {}
    for row in read_table(folder, WORDS, SHAPE, reading.problems) if (folder / WORDS).exists() else ():
        text = row.need("text")
        if text in found:
            reading.problems.add(row.spot("text"), f"the text {text!r} stands twice")
        said = {code: word for code in LANGUAGES if (word := row.text(code))}
        if text and said:
            found[text] = Told({DEFAULT: text, **said})
    return found


def in_languages(part: Any, words: Mapping[str, Told], field: str = "") -> Any:
    """The same thing, in which every text for people that `words` know can be told in several languages."""
    if isinstance(part, str):
        return words.get(part, part) if field in TEXTS and not isinstance(part, Told) else part
    if isinstance(part, dict):
        new = {key: in_languages(value, words) for key, value in part.items()}
        return new if any(new[key] is not part[key] for key in new) else part
    if isinstance(part, tuple) and not hasattr(part, "_fields"):
        items = [in_languages(value, words) for value in part]
        return tuple(items) if any(a is not b for a, b in zip(items, part, strict=True)) else part
    if is_dataclass(part) and not isinstance(part, type):
        changed = {}
        for name in field_names(type(part)):
            value = getattr(part, name)
            new = in_languages(value, words, name)
            if new is not value:
                changed[name] = new
        return replace(part, **changed) if changed else part
    return part
