"""The small language of expressions: text to a tree. Nothing from a file is ever evaluated as Python."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING

from .clock import parse_date
from .model import PARTY_TYPES, PLACE_NUMBERS
from .problems import Spot, nearest

if TYPE_CHECKING:
    from .reading import Names, Reading

MEMBERS = ("people", "adults", "children", "infants", "women", "men", "girls", "boys")
STATES = ("days_waited",)
FACILITY_FUNCTIONS: dict[str, tuple[str, ...]] = {
    "queue_length": (),
    "people_waiting": (),
    "expected_wait_days": ("gate", "docket", "desks"),
    "free_places": ("beds", "holding", "caseload"),
    "is_open": ("desks", "gate", "docket"),
}
FUNCTIONS = {"min": (2, 99), "max": (2, 99), "exp": (1, 1), "log": (1, 1)}
PLACE_NAMES = (*PLACE_NUMBERS, "people_there", "crowding")
HOME_NAMES = ("foreign", "km_from_home")
WAY_NAMES = ("distance_km", "hours", "cost", "danger", "links_away")
MEMORY_NAMES = ("been_there", "came_from")
LOOKS: dict[str, tuple[str, ...]] = {
    "way": (*PLACE_NAMES, *HOME_NAMES, *WAY_NAMES, *MEMORY_NAMES),
    "leaving": PLACE_NAMES,
    "weight": PLACE_NUMBERS,
}
"""What an expression may ask of the place that is looked at and of the way to it, by the role of its number."""
WHERE = {"way": "the utility of a movement", "leaving": "'leaves'", "weight": "the weight of a group's 'places'"}
REASONS = {
    **dict.fromkeys(PLACE_NAMES, "it is said of a place that is looked at"),
    **dict.fromkeys(HOME_NAMES, "it compares a place that is looked at with the one where the party began to roam"),
    **dict.fromkeys(WAY_NAMES, "it is said of the way to a place that is looked at"),
    **dict.fromkeys(MEMORY_NAMES, "it is said of a party on its way and a place that is looked at"),
    "kind": "it is said of a place that is looked at",
}
"""Why such a name has no meaning elsewhere."""
WORDS = ("and", "or", "not", "if", "since", *FUNCTIONS, *FACILITY_FUNCTIONS)
DEEPEST = 100
MOST_OPERATIONS = 300
OPERATION = re.compile(r"[-+*/]|\b(?:not|and|or)\b")


@dataclass(frozen=True, slots=True)
class Num:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A name; `kind` is quantity, member (a count of the party's members), state (days_waited), or in movements
    place, way or memory (what is asked of the place that is looked at, of the way to it, and of the party's past)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Is:
    """Whether an attribute, `party_type`, `group` or (of a place) `kind` has a level (`op` is == or !=)."""

    attribute: str
    op: str
    level: str


@dataclass(frozen=True, slots=True)
class State:
    """The state of a facility now: `queue_length(f)` and its like."""

    function: str
    facility: str


@dataclass(frozen=True, slots=True)
class Since:
    """1 from a date on."""

    date: date


@dataclass(frozen=True, slots=True)
class Call:
    """min, max, exp or log."""

    function: str
    args: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """`-` or `not`."""

    op: str
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary:
    """`+ - * /`, `and`, `or`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Compare:
    """`== != < <= > >=` between numbers."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class If:
    """`if(condition, then, otherwise)`."""

    condition: Expr
    then: Expr
    otherwise: Expr


Expr = Num | Name | Is | State | Since | Call | Unary | Binary | Compare | If


def parts_of(e: Expr) -> Iterator[Expr]:
    """An expression and all within it."""
    yield e
    inner: tuple[Expr, ...] = ()
    if isinstance(e, Call):
        inner = e.args
    elif isinstance(e, Unary):
        inner = (e.operand,)
    elif isinstance(e, Binary | Compare):
        inner = (e.left, e.right)
    elif isinstance(e, If):
        inner = (e.condition, e.then, e.otherwise)
    for part in inner:
        yield from parts_of(part)


class ExpressionError(ValueError):
    """What is wrong with an expression, and at which offset of its text (from 0).

    `about` is the kind of things that the mistake is about, where it may follow from their not having been read.
    """

    def __init__(
        self, message: str, offset: int, allowed: tuple[str, ...] = (), near: str | None = None, about: str = ""
    ) -> None:
        super().__init__(message)
        self.message, self.offset, self.allowed, self.near, self.about = message, offset, allowed, near, about


@dataclass(frozen=True, slots=True)
class ExpressionNames:
    """The names that expressions of a scenario may use; attributes with their levels, facilities with their kinds.

    `looks` are those of a movement (LOOKS), with the `kinds` of places; elsewhere both are empty.
    """

    quantities: frozenset[str] = frozenset()
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facilities: Mapping[str, str] = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    looks: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Names, role: str = "utility") -> ExpressionNames:
        """The part of a scenario's names that expressions may use where a number has this role."""
        looks = LOOKS.get(role, ())
        kinds = frozenset(names.kinds_of_places) if looks else frozenset()
        groups = frozenset(names.groups)
        return cls(frozenset(names.quantities), names.attributes, names.facilities, groups, looks, kinds)

    def levels(self, attribute: str) -> tuple[str, ...] | None:
        """The levels of an attribute, of `party_type` or `group`, of a place's `kind`; None if there is none such."""
        if attribute == "kind" and self.looks:
            return tuple(sorted(self.kinds))
        if attribute == "party_type":
            return PARTY_TYPES
        if attribute == "group":
            return tuple(sorted(self.groups))
        return self.attributes.get(attribute)


def parse(text: str, names: ExpressionNames) -> Expr:
    """The tree of an expression; ExpressionError if it is not one or uses a name that does not exist."""
    if len(OPERATION.findall(text)) > MOST_OPERATIONS:
        raise ExpressionError(f"it is too long: an expression has at most {MOST_OPERATIONS} operations", 0)
    parser = Parser(text, names)
    tree = parser.either()
    parser.end()
    return tree


def parse_checked(text: str, spot: Spot, reading: Reading, role: str = "utility") -> Expr | None:
    """The tree of an expression that stands in a file; a mistake becomes a problem at its column."""
    try:
        return parse(text, ExpressionNames.of(reading.names, role))
    except ExpressionError as error:
        if error.about in reading.unread:
            return None
        where = Spot(spot.file, spot.line, spot.column + error.offset)
        reading.problems.add(where, f"in the expression {text!r}: {error.message}", error.allowed, error.near)
        return None


def refuse_names_of_places(spot: Spot, role: str, reading: Reading) -> None:
    """Note quantities and attributes that bear a name which has another meaning where a number has this role."""
    for word in (*LOOKS[role], "kind"):
        if word in reading.names.quantities or word in reading.names.attributes:
            what = "a quantity" if word in reading.names.quantities else "an attribute"
            message = f"{word!r} is {what} of this scenario, and a name of places and ways in {WHERE[role]}"
            reading.problems.add(spot, f"{message}; choose another name for it")


SPACE = re.compile(r"\s*")
NUMBER = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
HYPHENATED = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*")
COMPARISON = re.compile(r"==|!=|<=|>=|<|>")
SIGN = re.compile(r"[+-]")
FACTOR = re.compile(r"[*/]")


class Parser:
    """Recursive descent over one text; each method reads what its name says."""

    def __init__(self, text: str, names: ExpressionNames) -> None:
        self.text, self.names, self.at, self.depth = text, names, 0, 0

    def match(self, pattern: re.Pattern[str]) -> str | None:
        """The text that a pattern finds here, behind spaces; None if it finds nothing."""
        self.skip()
        found = pattern.match(self.text, self.at)
        if not found:
            return None
        self.at = found.end()
        return found[0]

    def skip(self) -> None:
        """Pass over spaces."""
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def expect(self, mark: str) -> None:
        """Pass a mark that must stand here."""
        self.skip()
        if not self.text.startswith(mark, self.at):
            raise self.error(f"{mark!r} is expected {self.here()}")
        self.at += len(mark)

    def accept(self, mark: str) -> bool:
        """Pass a mark if it stands here."""
        self.skip()
        found = self.text.startswith(mark, self.at)
        self.at += len(mark) if found else 0
        return found

    def accept_word(self, word: str) -> bool:
        """Pass a word if it stands here."""
        before = self.at
        if self.match(WORD) == word:
            return True
        self.at = before
        return False

    def here(self) -> str:
        """Where the parser stands, for messages."""
        return f"at {self.text[self.at : self.at + 12]!r}" if self.at < len(self.text) else "at the end"

    def error(self, message: str, offset: int | None = None) -> ExpressionError:
        """A mistake at an offset, or here."""
        return ExpressionError(message, self.at if offset is None else offset)

    def end(self) -> None:
        """Nothing may be left."""
        self.skip()
        if self.at < len(self.text):
            raise self.error(f"{self.text[self.at :][:12]!r} does not belong here")

    def either(self) -> Expr:
        """Terms joined by `or`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error("it is nested too deeply")
        left = self.both()
        while self.accept_word("or"):
            left = Binary("or", left, self.both())
        self.depth -= 1
        return left

    def both(self) -> Expr:
        """Terms joined by `and`."""
        left = self.negation()
        while self.accept_word("and"):
            left = Binary("and", left, self.negation())
        return left

    def negation(self) -> Expr:
        """A term behind any number of `not`."""
        count = 0
        while self.accept_word("not"):
            count += 1
        tree = self.comparison()
        for _ in range(count):
            tree = Unary("not", tree)
        return tree

    def comparison(self) -> Expr:
        """Two sums compared, or one."""
        attribute = self.attribute_comparison()
        if attribute is not None:
            return attribute
        left = self.sum()
        op = self.match(COMPARISON)
        return left if op is None else Compare(op, left, self.sum())

    def attribute_comparison(self) -> Expr | None:
        """`attribute == level`; None, and nothing read, if no attribute stands here."""
        self.skip()
        start = self.at
        word = self.match(WORD)
        levels = self.names.levels(word) if word else None
        if word is None or levels is None:
            self.at = start
            return None
        op = self.match(COMPARISON)
        if op not in ("==", "!="):
            message = f"{word!r} is only compared with its levels, such as {word} == {levels[-1] if levels else 'x'}"
            raise self.error(message, start)
        self.skip()
        at = self.at
        level = self.match(HYPHENATED) or ""
        if level not in levels:
            if word == "kind" and self.names.looks:
                message = f"no place in places.csv is of the kind {level!r}"
                raise ExpressionError(message, at, levels, nearest(level, levels), "place")
            raise ExpressionError(f"{word!r} has no level {level!r}", at, levels, nearest(level, levels))
        return Is(word, op, level)

    def sum(self) -> Expr:
        """Products joined by + and -."""
        left = self.product()
        while op := self.match(SIGN):
            left = Binary(op, left, self.product())
        return left

    def product(self) -> Expr:
        """Signed atoms joined by * and /."""
        left = self.signed()
        while op := self.match(FACTOR):
            left = Binary(op, left, self.signed())
        return left

    def signed(self) -> Expr:
        """An atom behind any number of signs."""
        minus = 0
        while sign := self.match(SIGN):
            minus += sign == "-"
        atom = self.atom()
        return Unary("-", atom) if minus % 2 else atom

    def atom(self) -> Expr:
        """A number, a name, a call or something in parentheses."""
        number = self.match(NUMBER)
        if number is not None:
            if not isfinite(float(number)):
                raise self.error(f"{number} is too large")
            return Num(float(number))
        if self.accept("("):
            tree = self.either()
            self.expect(")")
            return tree
        self.skip()
        start = self.at
        word = self.match(WORD)
        if word is None:
            raise self.error(f"a number or a name is expected {self.here()}")
        if self.accept("("):
            return self.call(word, start)
        return self.name(word, start)

    def name(self, word: str, start: int) -> Expr:
        """A quantity, a count of members or a state."""
        if word in self.names.looks:
            return Name(word, "way" if word in WAY_NAMES else "memory" if word in MEMORY_NAMES else "place")
        if word in MEMBERS:
            return Name(word, "member")
        if word in STATES:
            return Name(word, "state")
        if word in self.names.quantities:
            return Name(word, "quantity")
        if word in REASONS:
            where = " and ".join(WHERE[role] for role, names in LOOKS.items() if word in (*names, "kind"))
            message = f"{word!r} cannot stand here: {REASONS[word]}, and has a meaning only in {where}"
            raise ExpressionError(message, start, self.names.looks)
        own = (*sorted(self.names.quantities), *sorted(self.names.attributes), *self.names.looks)
        allowed = (*own, *MEMBERS, *STATES, *WORDS)
        raise ExpressionError(f"there is no name {word!r}", start, allowed, nearest(word, allowed))

    def call(self, word: str, start: int) -> Expr:
        """The call of a function whose opening parenthesis has been read."""
        if word in FACILITY_FUNCTIONS:
            return self.facility_call(word)
        if word == "since":
            return self.since()
        if word not in FUNCTIONS and word != "if":
            allowed = ("if", "since", *FUNCTIONS, *FACILITY_FUNCTIONS)
            raise ExpressionError(f"there is no function {word!r}", start, allowed, nearest(word, allowed))
        args = [self.either()]
        while self.accept(","):
            args.append(self.either())
        self.expect(")")
        fewest, most = (3, 3) if word == "if" else FUNCTIONS[word]
        if not fewest <= len(args) <= most:
            many = str(fewest) if fewest == most else f"at least {fewest}"
            raise self.error(f"{word!r} takes {many} values, not {len(args)}", start)
        return If(*args) if word == "if" else Call(word, tuple(args))

    def facility_call(self, word: str) -> Expr:
        """A function of a facility's state."""
        self.skip()
        start = self.at
        facility = self.match(HYPHENATED) or ""
        kind = self.names.facilities.get(facility)
        if kind is None:
            known = tuple(sorted(self.names.facilities))
            raise ExpressionError(f"there is no facility {facility!r}", start, known, nearest(facility, known))
        kinds = FACILITY_FUNCTIONS[word]
        if kinds and kind and kind not in kinds:
            raise ExpressionError(f"{word!r} has no meaning for {facility!r}, which is of kind {kind!r}", start, kinds)
        self.expect(")")
        return State(word, facility)

    def since(self) -> Expr:
        """`since(DATE)`."""
        self.skip()
        start = self.at
        try:
            day = parse_date(self.match(HYPHENATED) or "")
        except ValueError as error:
            raise self.error(str(error), start) from None
        self.expect(")")
        return Since(day)
