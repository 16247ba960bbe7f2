"""`course`: changes that are part of the scenario itself."""

from __future__ import annotations

from pathlib import Path

import pytest

import posada
from posada.scenario import ScenarioErrors, load

SCENARIO = """\
posada: 1
title: A shelter
start: 2026-01-05
end: 2026-01-31
time_zone: UTC
quantities:
  step: {value: 1.5, low: 1.2, high: 2, assumed: a test}
groups:
  arrivals: {place: shelter, people_per_day: {value: 20, low: 10, high: 40, assumed: a test}, pathway: stays}
pathways:
  stays:
    - {id: night, wait: {for: {exponential: {mean: 4 days}}}}
    - {id: leaves, outcome: left}
outcomes:
  left: {label: left, final: false}
"""
CHANGES = """\
    - {multiply: groups.arrivals.people_per_day, by: step, from: 2026-01-12}
    - {multiply: groups.arrivals.people_per_day, by: 0.5, from: 2026-01-19}
"""


def written(folder: Path, text: str) -> Path:
    """A folder with a scenario of one place."""
    folder.mkdir()
    (folder / "places.csv").write_text("id,name,lat,lon\nshelter,Shelter,,\n")
    (folder / "scenario.yaml").write_text(SCENARIO + text)
    return folder


def test_a_course_is_a_policy_that_always_applies(tmp_path: Path) -> None:
    course = load(written(tmp_path / "a", f"course:\n{CHANGES}"))
    policy = load(written(tmp_path / "b", f"policies:\n  p:\n{CHANGES}"))
    own = posada.run(course, replicates=4, seed=3)
    asked = posada.run(policy, replicates=4, seed=3, policy="p")
    stated = posada.run(policy, replicates=4, seed=3)
    keep = ["replicate", "from", "where", "event", "level", "people"]
    assert own.flows.select(keep).equals(asked.flows.select(keep))
    assert not own.flows.select(keep).equals(stated.flows.select(keep))
    assert "quantities.step" in own.quantities["path"].to_list()
    assert course.hash != policy.hash


def test_policies_and_texts_act_on_top_of_the_course(tmp_path: Path) -> None:
    scenario = load(written(tmp_path / "a", f"course:\n{CHANGES}"))
    changes = scenario.changes((), ["groups.arrivals.people_per_day=7"])
    assert [change.op for change in changes] == ["multiply", "multiply", "set"]
    assert scenario.changes_from(scenario.end) == ()


def test_mistakes_in_a_course_are_told(tmp_path: Path) -> None:
    text = "course:\n  - {multiply: groups.arrival.people_per_day, by: 2}\n  - {multiply: quantities.step, by: stap}\n"
    with pytest.raises(ScenarioErrors) as told:
        load(written(tmp_path / "a", text))
    assert [problem.line for problem in told.value.problems] == [17, 18]
    assert told.value.problems[0].nearest == "groups.arrivals.people_per_day"


def test_a_change_outside_the_time_is_a_warning(tmp_path: Path) -> None:
    scenario = load(written(tmp_path / "a", "course:\n  - {set: quantities.step, to: 2, from: 2027-01-01}\n"))
    assert any("'course' never acts" in problem.message for problem in scenario.check())
