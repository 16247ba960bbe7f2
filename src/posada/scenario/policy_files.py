"""Policies in a file of their own: read and checked as if they stood in the scenario."""

from __future__ import annotations

from pathlib import Path

from .build_policies import build_policies
from .changes import names_of
from .problems import Problems, ScenarioErrors, Spot
from .reading import Fields, Reading
from .scenario import Scenario
from .source import parse_yaml, read_text

KEYS = ("posada", "policies")


def read_policies(scenario: Scenario, name: str, path: Path) -> Scenario:
    """The scenario with the policies of a file beside its own."""
    problems = Problems()
    text = read_text(path.parent, path.name, problems)
    if text is None:
        raise ScenarioErrors(problems.found)
    return add_policies(scenario, name, text)


def add_policies(scenario: Scenario, name: str, text: str) -> Scenario:
    """The scenario with the policies that a text states; `name` is that of its file."""
    from .checks import check_policies

    reading = Reading(names=names_of(scenario))
    root = parse_yaml(text, name, reading.problems)
    if root is not None:
        fields = Fields(root, "a file of policies", KEYS, reading.problems)
        stated = fields.need("policies")
        found = build_policies(stated, scenario.numbers(), reading)
        for key in found.keys() & scenario.policies.keys():
            reading.problems.add(found[key].spot, f"the scenario has a policy {key!r} already; choose another name")
        both = scenario.replace(policies=dict(sorted({**scenario.policies, **found}.items())))
        if not reading.problems.found:
            check_policies(both, reading.problems)
        if not found and not reading.problems.found:
            reading.problems.add(Spot(name, 1, 1), "there is no policy in this file")
    if reading.problems.found:
        raise ScenarioErrors(reading.problems.found)
    return both.replace(edits=(*scenario.edits, ("policies", name, text)))
