"""A number of scenario.yaml exchanged in place: every other letter of the file stays as it is."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import yaml

from .build import FILE
from .problems import Problem, ScenarioErrors
from .quantity import Number, Quantity
from .scenario import Scenario


def write_quantity(scenario: Scenario, path: str, quantity: Quantity) -> Path:
    """Write a quantity into the scenario's folder; ScenarioErrors if it cannot stand there, or not in one piece.

    Numbers with dates, or in tables, and those that other files set are for their owner to change.
    """
    scenario.change(path, quantity)
    number = scenario.numbers()[path]
    file = scenario.folder / FILE
    if number.spot.file != FILE or len(number.entries) != 1 or isinstance(number.entries[0].what, str):
        where = f"{number.spot.file}:{number.spot.line}" if number.spot.line else "the defaults"
        refuse(
            number,
            f"{path} stands in {where}, or changes with time, or names another quantity; change it there by hand",
        )
    with file.open(encoding="utf-8", newline="") as opened:
        text = opened.read()
    span = span_of(text, number)
    if span is None:
        refuse(number, f"{path} was not found where it stood when the file was read")
    else:
        replace_in(file, text[: span[0]] + flow(quantity) + text[span[1] :])
    return file


def refuse(number: Number, message: str) -> None:
    """Stop with what is wrong."""
    raise ScenarioErrors([Problem(*number.spot, message)])


def flow(quantity: Quantity) -> str:
    """A quantity as a mapping on one line."""
    parts = [f"value: {quantity.value:.10g}"]
    if quantity.low is not None and quantity.high is not None:
        parts += [f"low: {quantity.low:.10g}", f"high: {quantity.high:.10g}"]
    if quantity.evidence:
        parts.append(f"evidence: [{', '.join(quantity.evidence)}]")
    if quantity.note:
        parts.append(f"note: {json.dumps(quantity.note, ensure_ascii=False)}")
    return "{" + ", ".join(parts) + "}"


def span_of(text: str, number: Number) -> tuple[int, int] | None:
    """Where the value of a number stands in the text of the file."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root = yaml.compose(text, Loader=loader)
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    stack: list[yaml.Node] = [] if root is None else [root]
    while stack:
        node = stack.pop()
        first, last = node.start_mark, node.end_mark
        if (first.line + 1, first.column + 1) == (number.spot.line, number.spot.column) and not holds(node, number):
            begin, end = starts[first.line] + first.column, starts[last.line] + last.column
            return begin, begin + len(text[begin:end].rstrip())
        if isinstance(node, yaml.MappingNode):
            stack += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            stack += node.value
    return None


def holds(node: yaml.Node, number: Number) -> bool:
    """Whether a node only begins where the number does, and is more than it: the mapping of a whole part."""
    if not isinstance(node, yaml.MappingNode):
        return isinstance(node, yaml.SequenceNode)
    return not any(key.value == "value" for key, _ in node.value)


def replace_in(file: Path, text: str) -> None:
    """Write the file under another name, then rename it."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            out.write(text)
        os.chmod(name, file.stat().st_mode & 0o777)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
