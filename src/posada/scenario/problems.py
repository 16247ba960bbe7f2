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
    """The allowed word that is most like `word`, or None if none is."""
    by_plain = {plain(option): option for option in allowed}
    found = get_close_matches(plain(word), by_plain, n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def plain(word: str) -> str:
    """A word without the differences that people overlook: case, spaces, hyphens and underscores."""
    return word.lower().replace("_", "-").replace(" ", "-")


@dataclass(slots=True)
class Problems:
    """Collects problems while a scenario is read, so that all of them are told at once."""

    found: list[Problem] = field(default_factory=list)

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
