"""What is wrong with a scenario: where, what was found, what is allowed, and the nearest right spelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import NamedTuple


class Spot(NamedTuple):
    """A position in a file of a scenario; lines and columns count from 1 (0: the file as a whole)."""

    file: str
    line: int
    column: int


NOWHERE = Spot("", 0, 0)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `allowed` lists what may stand there, `nearest` is the likeliest right spelling.

    `severity` is error, warning (it runs, but look at it) or note (worth knowing, such as an assumption).
    """

    file: str
    line: int
    column: int
    message: str
    allowed: tuple[str, ...] = ()
    nearest: str | None = None
    severity: str = "error"


class ScenarioErrors(Exception):
    """Everything that is wrong with a scenario, all at once; `problems` in order of file and line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.message))
        super().__init__(format_problems(self.problems))


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that is most like `word`, or None if none is so near that it could be a slip of the pen."""
    by_plain = {plain(option): option for option in allowed}
    found = get_close_matches(plain(word), by_plain, n=3, cutoff=0.6)
    near = [option for option in found if slips(plain(word), option) <= max(1, (min(len(word), len(option)) + 2) // 4)]
    return by_plain[near[0]] if near else None


def slips(a: str, b: str) -> int:
    """How many letters must be put in, left out, exchanged, or swapped with their neighbour to make b of a."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def nearest_path(path: str, allowed: Iterable[str]) -> str | None:
    """The path that was meant: one whose keys are each near those written, or the only one that ends like this."""
    options = list(allowed)
    ends = [option for option in options if option.endswith(f".{path}")]
    if len(ends) == 1:
        return ends[0]
    keys = path.split(".")
    same = [option for option in options if option.count(".") == len(keys) - 1]
    near = [o for o in same if all(a == b or nearest(a, [b]) for a, b in zip(keys, o.split("."), strict=True))]
    return min(near, key=lambda option: (slips(path, option), option)) if near else None


def plain(word: str) -> str:
    """A word without the differences that people overlook: case, spaces, hyphens and underscores."""
    return word.lower().replace("_", "-").replace(" ", "-")


@dataclass(slots=True)
class Problems:
    """Collects problems while a scenario is read, so that all of them are told at once."""

    found: list[Problem] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    """Ids and paths of what could not be read: that others refer to them is no mistake of its own."""

    def add(self, spot: Spot, message: str, allowed: Iterable[str] = (), near: str | None = None) -> None:
        """Note one problem at a place of a file."""
        self.found.append(Problem(*spot, message, tuple(allowed), near))

    def unknown(self, spot: Spot, what: str, word: str, allowed: Iterable[str]) -> None:
        """Note that `word` is not one of the allowed; with the nearest right spelling."""
        options = sorted(allowed)
        self.add(spot, f"there is no {what} {word!r}", options, nearest(word, options))


MOST_LISTED = 12


def format_problems(problems: Iterable[Problem]) -> str:
    """One block per problem: `file:line:column: message`, what is allowed, and the nearest right spelling."""
    return "\n".join(format_problem(problem) for problem in problems)


def format_problem(problem: Problem) -> str:
    """One problem as text, with its allowed values and the nearest spelling on lines of their own."""
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    lines = [f"{where}: {problem.message}" if where else problem.message]
    if problem.nearest is not None:
        lines.append(f"    did you mean {problem.nearest!r}?")
    if problem.allowed:
        shown = ", ".join(problem.allowed[:MOST_LISTED])
        more = len(problem.allowed) - MOST_LISTED
        lines.append(f"    allowed: {shown}" + (f" and {more} more" if more > 0 else ""))
    return "\n".join(lines)
