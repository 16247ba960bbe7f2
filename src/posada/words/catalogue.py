"""The catalogue: every phrase under its key, in files of one language each; and texts that a scenario gives in several.

A phrase is text with `{names}` for what is filled in, or a table of plurals (`one`, `other`, and `none` where nothing
is said in another way), chosen by the value `n`. The language belongs to the task that speaks: whoever makes a page
says `with speaking("es"):` once, and everything within it speaks Spanish, in this thread or task only.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from string import Formatter

DEFAULT = "en"
LANGUAGES = {"en": "English", "es": "Español"}
"""The languages of the catalogue, each by its own name."""

Phrase = str | dict[str, str]

_SPOKEN: ContextVar[str] = ContextVar("language", default=DEFAULT)
_FURTHER: dict[str, dict[str, Phrase]] = {}


def language() -> str:
    """The language in which the present task speaks: `en` or `es`."""
    return _SPOKEN.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language within a block; ValueError if the catalogue has none of that code."""
    if code not in LANGUAGES and code not in _FURTHER:
        raise ValueError(f"the language {code!r} is not in the catalogue; there are {', '.join(LANGUAGES)}")
    before = _SPOKEN.set(code)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def added(code: str, further: Mapping[str, Phrase]) -> None:
    """Add a language to the catalogue for this process, such as one that a test makes up."""
    _FURTHER[code] = dict(further)


@cache
def _read(code: str) -> dict[str, Phrase]:
    found: dict[str, Phrase] = {}
    for name in (f"{code}.toml", f"app.{code}.toml"):
        text = files("posada.words").joinpath(name).read_text(encoding="utf-8")
        _flatten("", tomllib.loads(text), found)
    return found


def _flatten(path: str, table: Mapping[str, object], found: dict[str, Phrase]) -> None:
    for key, value in table.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, Mapping) and "other" not in value:
            _flatten(name, value, found)
        elif isinstance(value, Mapping):
            found[name] = {str(kind): str(text) for kind, text in value.items()}
        else:
            found[name] = str(value)


def phrases(code: str) -> dict[str, Phrase]:
    """Every phrase of a language by its key; plurals as tables of their kinds."""
    return _FURTHER[code] if code in _FURTHER else _read(code)


def can_say(key: str) -> bool:
    """Whether the catalogue has a phrase of this key."""
    return key in phrases(language())


def say(key: str, /, **values: object) -> str:
    """A phrase in the language of the task, filled in. `n` chooses the plural; a whole number up to ten is spelled."""
    phrase = phrases(language())[key]
    n = values.get("n")
    if isinstance(phrase, dict):
        amount = n if isinstance(n, int | float) else None
        kind = "none" if amount == 0 and "none" in phrase else "one" if amount == 1 else "other"
        phrase = phrase[kind]
    if isinstance(n, int) and "{n}" in phrase:
        from posada.words.numerals import spelled

        values = {**values, "n": spelled(n)}
    return phrase.format_map(values) if values else phrase


def needs_of(phrase: Phrase) -> set[str]:
    """The names that a phrase wants filled in."""
    texts = [phrase] if isinstance(phrase, str) else list(phrase.values())
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


class Told(str):
    """A text of a scenario that is given in several languages; as a plain text it is the first of them."""

    said: dict[str, str]

    def __new__(cls, said: Mapping[str, str]) -> Told:
        """From texts by language; English goes first, where it is one of them."""
        text = super().__new__(cls, said[DEFAULT] if DEFAULT in said else next(iter(said.values())))
        text.said = dict(said)
        return text

    def __reduce__(self) -> tuple[type[Told], tuple[dict[str, str]]]:
        return Told, (self.said,)


def told(text: str) -> str:
    """A text of a scenario in the language of the task, if it is given in it; else as it was written."""
    return text.said.get(language(), str(text)) if isinstance(text, Told) else text
