"""Reading of single values and of the keys of a mapping; every mistake is noted and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import Path
from typing import TypeVar

from posada.words import LANGUAGES, Told

from .clock import ALWAYS, Hours, Instant, parse_clock, parse_date, parse_hours, parse_instant
from .problems import Problems, Spot, nearest
from .source import Items, Node, Scalar, Table

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
NAME = re.compile(r"[a-z][a-z0-9_]*")
FLOAT = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
COMMA_DECIMAL = re.compile(r"[-+]?\d+,\d+")
T = TypeVar("T")


@dataclass(slots=True)
class Names:
    """Every id of a scenario, collected before its parts are read, so that references can be checked at once."""

    evidence: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    modes: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    facilities: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    quantities: set[str] = field(default_factory=set)
    outcomes: set[str] = field(default_factory=set)
    pathways: dict[str, list[str]] = field(default_factory=dict)
    movements: set[str] = field(default_factory=set)
    kinds_of_places: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Reading:
    """What is needed while reading: where problems go, and which names there are."""

    problems: Problems = field(default_factory=Problems)
    names: Names = field(default_factory=Names)
    folder: Path = field(default_factory=Path)
    tables: set[str] = field(default_factory=set)
    """Further tables that were read."""
    unread: set[str] = field(default_factory=set)
    """Kinds of things of which none could be read, such as `place` without places.csv."""

    def refer(self, what: str, node: Node, known: Collection[str]) -> str:
        """The id that a node holds; a problem if there is no such thing."""
        word = read_text_value(node, f"the name of a {what}", self.problems)
        if word is None:
            return ""
        if word not in known and not self.excused(what, word):
            self.problems.unknown(node.spot, what, word, known)
        return word

    def excused(self, what: str, word: str) -> bool:
        """Whether what is referred to could not be read, which has been told."""
        return word in self.problems.failed or what.split()[0] in self.unread

    def refer_all(self, what: str, node: Node, known: Collection[str]) -> tuple[str, ...]:
        """The ids of a list, or of a single word."""
        return tuple(self.refer(what, item, known) for item in listed(node))


class Fields:
    """The keys of one mapping. Keys that are not allowed are problems, with the nearest right spelling."""

    def __init__(self, node: Node | None, what: str, keys: Iterable[str], problems: Problems) -> None:
        self.what = what
        self.problems = problems
        self.pairs: dict[str, tuple[Spot, Node]] = {}
        self.spot = node.spot if node else Spot("", 0, 0)
        self.whole = isinstance(node, Table)
        if isinstance(node, Table):
            self.pairs = node.pairs
            refuse_unknown(node, what, tuple(keys), problems)
        elif node is not None:
            problems.add(node.spot, f"{what} must be a mapping of keys, not {describe(node)}", keys)

    def __contains__(self, key: str) -> bool:
        return key in self.pairs

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        found = self.pairs.get(key)
        return found[1] if found else None

    def need(self, key: str) -> Node | None:
        """The value of a key that must be there."""
        found = self.get(key)
        if found is None and self.whole:
            self.problems.add(self.spot, f"{self.what} needs the key {key!r}")
        return found

    def key_spot(self, key: str) -> Spot:
        """Where a key stands."""
        found = self.pairs.get(key)
        return found[0] if found else self.spot

    def map(self, key: str, read: Callable[[Node], T | None], default: T | None = None) -> T | None:
        """What `read` makes of the value of a key; the default if the key is absent."""
        node = self.get(key)
        return default if node is None else read(node)

    def text(self, key: str) -> str | None:
        """A text, or None."""
        return self.map(key, lambda node: read_text_value(node, f"{key!r}", self.problems))

    def label(self, key: str) -> str | None:
        """A text for people, or None: as it is, or in several languages."""
        return self.map(key, lambda node: read_label(node, f"{key!r}", self.problems))

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        node = self.get(key)
        return default if node is None else read_flag(node, key, self.problems)

    def date(self, key: str) -> date | None:
        """A date, or None."""
        return self.map(key, lambda node: read_parsed(node, parse_date, self.problems))

    def instant(self, key: str) -> Instant | None:
        """An instant, or None."""
        return self.map(key, lambda node: read_parsed(node, parse_instant, self.problems))

    def hours(self, key: str) -> Hours:
        """Opening hours; always, if absent."""
        return self.map(key, lambda node: read_parsed(node, parse_hours, self.problems)) or ALWAYS

    def clocks(self, key: str) -> tuple[int, ...]:
        """Times of day, one or a list, in minutes."""
        node = self.get(key)
        found = [read_parsed(item, parse_clock, self.problems) for item in listed(node)] if node else []
        return tuple(minute for minute in found if minute is not None)

    def choice(self, key: str, allowed: Collection[str], default: str | None = None) -> str | None:
        """One word of a few, or the default."""
        node = self.get(key)
        if node is None:
            return default
        word = read_text_value(node, f"{key!r}", self.problems)
        if word is not None and word not in allowed:
            options = list(allowed)
            self.problems.add(node.spot, f"{key!r} cannot be {word!r}", options, nearest(word, options))
            return default
        return word


OLD_WORDS = {"on": "date"}
"""Keys that a writer may expect, and the word for them here."""


def refuse_unknown(node: Table, what: str, keys: tuple[str, ...], problems: Problems) -> None:
    """Note every key of a mapping that is not allowed."""
    for key, (spot, value) in node.pairs.items():
        if key not in keys and " " in key and isinstance(value, Scalar) and not value.text and not value.quoted:
            problems.add(
                spot, f"{key!r} is taken for a key of {what}: within {{ }} put text that has a comma in quotes"
            )
        elif key not in keys:
            near = OLD_WORDS.get(key) if OLD_WORDS.get(key) in keys else nearest(key, keys)
            problems.add(spot, f"{what} has no key {key!r}", keys, near)


def listed(node: Node) -> tuple[Node, ...]:
    """The items of a list; a single value counts as a list of one."""
    return node.items if isinstance(node, Items) else (node,)


def describe(node: Node) -> str:
    """What a node is, for messages."""
    if isinstance(node, Scalar):
        return repr(node.text) if node.text else "nothing"
    return "a list" if isinstance(node, Items) else "a mapping"


def read_text_value(node: Node, what: str, problems: Problems) -> str | None:
    """A text that is not empty."""
    if isinstance(node, Scalar) and node.text:
        return node.text
    problems.add(node.spot, f"{what} must be a text, not {describe(node)}")
    return None


def read_label(node: Node, what: str, problems: Problems) -> str | None:
    """A text for people: as it is, or in several languages, `{en: Queue, es: Fila}`."""
    if not isinstance(node, Table):
        return read_text_value(node, what, problems)
    refuse_unknown(node, f"the languages of {what}", tuple(LANGUAGES), problems)
    said = {key: read_text_value(value, what, problems) for key, (_, value) in node.pairs.items() if key in LANGUAGES}
    known = {key: text for key, text in said.items() if text}
    if not node.pairs:
        problems.add(node.spot, f"{what} gives no text in any language", tuple(LANGUAGES))
    return Told(known) if known else None


def read_flag(node: Node, key: str, problems: Problems) -> bool:
    """True or false, as YAML 1.2 writes them."""
    text = node.text if isinstance(node, Scalar) else ""
    if text not in ("true", "false"):
        problems.add(node.spot, f"{key!r} must be true or false, not {describe(node)}", ("true", "false"))
    return text == "true"


def read_parsed(node: Node, parse: Callable[[str], T], problems: Problems) -> T | None:
    """What a parser makes of a text; its ValueError becomes a problem."""
    text = read_text_value(node, "this", problems)
    if text is None:
        return None
    try:
        return parse(text)
    except ValueError as error:
        problems.add(node.spot, str(error))
        return None


def parse_number(text: str) -> float:
    """A number with a decimal point; ValueError says what is wrong."""
    text = text.strip()
    if FLOAT.fullmatch(text):
        return finite(float(text), text)
    if COMMA_DECIMAL.fullmatch(text):
        raise ValueError(f"{text!r} has a decimal comma; write {text.replace(',', '.')}")
    if text.endswith("%") and FLOAT.fullmatch(text[:-1].strip()):
        raise ValueError(f"{text!r} is a percentage; write {float(text[:-1]) / 100:g}")
    raise ValueError(f"{text!r} is not a number")


def finite(value: float, text: str) -> float:
    """The value, unless it is too large to be one."""
    if not isfinite(value):
        raise ValueError(f"{text!r} is too large")
    return value


def entries_of(
    node: Node | None, what: str, problems: Problems, pattern: re.Pattern[str] = ID
) -> Iterator[tuple[str, Spot, Node]]:
    """The entries of a mapping from ids to things, sorted by id; ids that are not well formed become problems."""
    if node is None:
        return
    if not isinstance(node, Table):
        problems.add(node.spot, f"{what} must be a mapping from names, not {describe(node)}")
        return
    for key, (spot, value) in sorted(node.pairs.items()):
        check_id(key, spot, problems, pattern)
        yield key, spot, value


def check_id(word: str, spot: Spot, problems: Problems, pattern: re.Pattern[str] = ID) -> None:
    """Note an id that has letters which ids cannot have."""
    if not pattern.fullmatch(word):
        joint = "hyphens" if pattern is ID else "underscores"
        fixed = re.sub(r"[^a-z0-9]+", "-" if pattern is ID else "_", word.lower()).strip("-_")
        message = f"{word!r} cannot be an id here; ids are lower-case letters, digits and {joint}"
        problems.add(spot, message, near=fixed if fixed != word else None)
