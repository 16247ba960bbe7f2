"""The text of a scenario's files, and YAML as a tree of nodes that know their line and column."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .problems import Problems, Spot


@dataclass(frozen=True, slots=True)
class Scalar:
    """A plain or quoted value, as written."""

    text: str
    spot: Spot
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping: for each key its own place in the file and its value."""

    pairs: dict[str, tuple[Spot, Node]]
    spot: Spot


Node = Scalar | Items | Table


def read_text(folder: Path, name: str, problems: Problems) -> str | None:
    """The text of one file, or None with a problem noted. A byte-order mark and Windows line ends are accepted."""
    spot = Spot(name, 0, 0)
    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        problems.add(spot, f"cannot be read: {error.strerror or error}")
        return None
    if b"\0" in raw:
        problems.add(spot, "is not a text file (it holds zero bytes); save it as UTF-8 text")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        problems.add(Spot(name, line, column), "is not UTF-8; save the file as UTF-8 text")
        return None
    if not text.strip():
        problems.add(spot, "is empty")
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_yaml(folder: Path, name: str, problems: Problems) -> Node | None:
    """The tree of one YAML 1.2 file, or None with a problem noted."""
    text = read_text(folder, name, problems)
    return None if text is None else parse_yaml(text, name, problems)


def parse_yaml(text: str, name: str, problems: Problems) -> Node | None:
    """The tree of YAML text; syntax errors become problems."""
    import yaml
    from yaml import MarkedYAMLError, YAMLError

    line = too_deep(text)
    if line:
        problems.add(Spot(name, line, 1), f"is nested more than {DEEPEST} levels deep")
        return None
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    try:
        root = yaml.compose(text, Loader=loader)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if "unexpected end of stream" in str(error.problem):
            mark = error.context_mark or mark  # where the quote was opened
        spot = Spot(name, mark.line + 1, mark.column + 1) if mark else Spot(name, 0, 0)
        problems.add(spot, f"is not YAML: {in_words(error, text)}")
        return None
    except (YAMLError, ValueError, RecursionError) as error:
        problems.add(Spot(name, 0, 0), f"is not YAML: {str(error).splitlines()[0]}")
        return None
    if root is None:
        problems.add(Spot(name, 0, 0), "is empty")
        return None
    return convert(root, name, problems, set())


CAUSES = (
    ("mapping values are not allowed", "a second colon in one line; put text that has a colon in quotes"),
    ("block sequence entries are not allowed", "a dash does not belong here; a list begins on a line of its own"),
    ("did not find expected key", "this does not go on what is above: its indentation differs, or a quote or "
     "bracket is not right"),
    ("did not find expected '-'", "this line is indented neither as an item of the list above nor as what follows it"),
    ("',' or '}'", "a comma or } is missing; within { } put text that has a comma, colon or bracket in quotes"),
    ("',' or ']'", "a comma or ] is missing; within [ ] put text that has a comma, colon or bracket in quotes"),
    ("unexpected end of stream", "a quote is opened here and not closed"),
    ("could not find expected ':'", "a colon is missing after a key, or a text goes on over lines without quotes"),
    ("unknown escape character", "a backslash within double quotes; use single quotes"),
    ("undefined alias", "text that begins with * must be in quotes"),
    ("did not find expected alphabetic", "text that begins with * or & must be in quotes"),
    ("undefined tag", "text that begins with ! must be in quotes"),
    ("did not find expected node content", "a value is missing, or a bracket is not closed"),
    ("did not find expected <document start>", "this stands after the end of what is above; check its indentation"),
    ("control characters are not allowed", "a character that cannot be shown"),
)  # fmt: skip
"""What the parser says, and what that means for whoever wrote the file."""


def in_words(error: Any, text: str) -> str:
    """What is wrong with YAML text, in words that need no knowledge of its grammar."""
    said = str(error.problem or error.context)
    mark = error.problem_mark or error.context_mark
    lines = text.split("\n")
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1 if mark else 0] and not line[: line.index("\t")].strip(" -"):
        return "a tab; use spaces"
    if "cannot start any token" in said:
        letter = line[mark.column : mark.column + 1]
        return "a tab; use spaces" if letter == "\t" else f"text that begins with {letter} must be in quotes"
    if "mapping values are not allowed" in said and line.count(":") == 1:
        return "this line is indented deeper than the one above, or that one lacks a colon at its end"
    return next((words for part, words in CAUSES if part in said), said)


DEEPEST = 100
BRACKET = re.compile(r"[\[\]{}\n]")
DASHES = re.compile(rf"(?m)^\s*(?:[-?] ){{{DEEPEST}}}")


def too_deep(text: str) -> int:
    """The line on which text nests deeper than any scenario does, 0 if it does not: parsers would run out of stack."""
    depth, line = 0, 1
    for mark in BRACKET.findall(text):
        if mark == "\n":
            line += 1
        else:
            depth = max(0, depth + (1 if mark in "[{" else -1))
            if depth > DEEPEST:
                return line
    dashes = DASHES.search(text)
    return text.count("\n", 0, dashes.end()) + 1 if dashes else 0


def convert(node: Any, name: str, problems: Problems, seen: set[int]) -> Node:
    """Our node of a composed YAML node; keys that stand twice, and aliases, become problems."""
    spot = Spot(name, node.start_mark.line + 1, node.start_mark.column + 1)
    if id(node) in seen:
        problems.add(spot, "this is used again by an alias (*name); write it out, or name a number under `quantities`")
        return Scalar("", spot)
    seen.add(id(node))
    if isinstance(node.value, str):
        return Scalar(node.value, spot, node.style in ("'", '"'))
    if isinstance(node.value, list) and node.id == "sequence":
        return Items(tuple(convert(item, name, problems, seen) for item in node.value), spot)
    pairs: dict[str, tuple[Spot, Node]] = {}
    for key, value in node.value:
        key_spot = Spot(name, key.start_mark.line + 1, key.start_mark.column + 1)
        word = key.value if isinstance(key.value, str) else ""
        if not word:
            problems.add(key_spot, "a key must be a word")
        elif word in pairs:
            problems.add(key_spot, f"the key {word!r} stands here twice; it is already on line {pairs[word][0].line}")
        else:
            pairs[word] = (key_spot, convert(value, name, problems, seen))
    return Table(pairs, spot)
