"""Ladders of measures: against traces by hand, and against the same changes by date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine_kit import day, flow, stock, write
from posada.ensemble import resume, run
from posada.results import open_result
from posada.scenario import ScenarioErrors, format_problems, load

TOWN = """
record: {daily_until: 2018-04-11, by: [group]}
groups:
  line: {people: 40, place: here, date: "2018-04-02 06:00", pathway: way, parties: {1: 1}}
facilities:
  gate: {kind: gate, at: here, slots_per_day: SLOTS, opens: "12:00"}
pathways:
  way:
    - {id: wait, queue: {at: gate}}
    - {id: through, outcome: through}
outcomes: {through: }
policies:
  ladder:
    title: More, and then fewer
    ladder:
      - when: {series: "waiting:gate", over: 35, for: 2 days}
        delay: 1 days
        changes: [{set: facilities.gate.slots_per_day, to: 10}]
      - when: {series: "waiting:gate{group=line}", under: 20}
        changes: [{set: facilities.gate.slots_per_day, to: 1}]
  by-date:
    - {set: facilities.gate.slots_per_day, to: 10, from: 2018-04-05}
    - {set: facilities.gate.slots_per_day, to: 1, from: 2018-04-07}
  never:
    ladder:
      - when: {series: "waiting:gate", over: 1000}
        changes: [{set: facilities.gate.slots_per_day, to: 10}]
  each-day:
    ladder:
      - {when: {series: "waiting:gate", over: 0}, changes: [{add: facilities.gate.slots_per_day, by: 1}]}
      - {when: {series: "waiting:gate", over: 0}, changes: [{add: facilities.gate.slots_per_day, by: 1}]}
"""


def town(folder: Path, slots: str = "2") -> Path:
    """A gate in front of which forty people stand."""
    return write(folder, TOWN.replace("SLOTS", slots))


def test_a_trace_by_hand(tmp_path: Path) -> None:
    # 40 came on day 0. Two a day: 38 and 36 wait at the midnights of days 1 and 2, so ten a day from day 3 on.
    # 34 wait at the midnight of day 3, 24 at that of day 4, 14 at that of day 5: one a day from then on.
    result = run(town(tmp_path / "a"), replicates=2, policy="ladder")
    one = {day(0): 2, day(1): 2, day(2): 2, day(3): 10, day(4): 10, **{day(i): 1 for i in range(5, 10)}}
    assert flow(result, "served:gate") == {when: 2 * people for when, people in one.items()}
    assert result.measures is not None
    assert result.measures.rows() == [
        row
        for r in (0, 1)
        for row in (
            (r, "ladder", 1, date(2018, 4, 4), date(2018, 4, 5), 36),
            (r, "ladder", 2, date(2018, 4, 7), date(2018, 4, 7), 14),
        )
    ]


def test_it_is_the_run_with_the_same_changes_by_date(tmp_path: Path) -> None:
    folder = town(tmp_path / "a", "{value: 2, low: 1.6, high: 2.4}")
    climbed, dated = (run(folder, replicates=3, policy=name) for name in ("ladder", "by-date"))
    for name in ("stocks", "flows", "waits", "outcomes"):
        assert climbed.table(name).drop("policy").equals(dated.table(name).drop("policy")), name


def test_a_ladder_that_is_not_climbed_changes_nothing(tmp_path: Path) -> None:
    folder = town(tmp_path / "a")
    climbed, stated = run(folder, replicates=1, policy="never"), run(folder, replicates=1)
    assert climbed.flows.drop("policy").equals(stated.flows.drop("policy"))
    assert climbed.measures is not None
    assert climbed.measures.height == 0
    assert stated.measures is None


def test_two_ladders_are_climbed_each_by_itself(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", TOWN.replace("SLOTS", "2").replace("over: 35", "over: 30"))
    result = run(folder, replicates=1, policy=["ladder", "each-day"])
    # Each midnight of days 1 and 2 adds one; the ladder then sets ten from day 3 on, and both additions still hold.
    assert [flow(result, "served:gate")[day(i)] for i in range(4)] == [2, 3, 4, 12]
    assert stock(result, "waiting:gate")[day(2)] == 31


def test_every_replicate_climbs_by_its_own_luck_on_any_threads(tmp_path: Path) -> None:
    folder = town(tmp_path / "a", "{value: 3, low: 1, high: 8}")
    one, two = (run(folder, replicates=30, policy="ladder", threads=n) for n in (1, 3))
    assert one.measures is not None
    assert two.measures is not None
    assert one.measures.equals(two.measures)
    assert one.flows.equals(two.flows)
    assert 0 < one.measures["replicate"].n_unique() <= 30
    assert one.measures.filter(rung=1)["acts_from"].n_unique() >= 1


def test_measures_are_kept_with_the_result(tmp_path: Path) -> None:
    result = run(town(tmp_path / "a"), replicates=2, policy="ladder")
    result.save(tmp_path / "out")
    kept = open_result(tmp_path / "out").measures
    assert kept is not None
    assert result.measures is not None
    assert kept.equals(result.measures)
    run(town(tmp_path / "a"), replicates=2).save(tmp_path / "out")
    assert open_result(tmp_path / "out").measures is None


def test_what_a_ladder_cannot_do(tmp_path: Path) -> None:
    folder = town(tmp_path / "a")
    with pytest.raises(ScenarioErrors, match="climbed from the start"):
        run(folder, replicates=1, policy="ladder", until="2018-04-06")
    state = run(folder, replicates=1, until="2018-04-06").state
    with pytest.raises(ScenarioErrors, match="climbed from the start of a run"):
        resume(state, policy="ladder")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"waiting:gate", over: 35', '"waiting:gat", over: 35', "did you mean 'gate'"),
        ('"waiting:gate", over: 35', '"served:gate", over: 35', "a stock of people, as it stands at midnight"),
        ("over: 35, ", "", "'when' has one of 'over' and 'under'"),
        ("over: 35, ", "over: 35, under: 3, ", "'when' has one of 'over' and 'under'"),
        ("for: 2 days", "for: 36 hours", "whole days, of at least one"),
        ("for: 2 days", "for: 0 days", "whole days, of at least one"),
        ("delay: 1 days", "delay: 12 hours", "whole days, or none"),
        ("for: 2 days", "fro: 2 days", "did you mean 'for'"),
        ("over: 35", "over: {value: 35, low: 3, high: 40}", "one plain number"),
        ("slots_per_day, to: 10}]\n      - when", "slots_per_day, to: 10, from: 2018-04-05}]\n      - when",
         "take no 'from' or 'until'"),
        ("{set: facilities.gate.slots_per_day, to: 1}", "{set: groups.line.people, to: 1}", "fixed at the outset"),
    ],
)  # fmt: skip
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in TOWN
    folder = write(tmp_path / "a", TOWN.replace("SLOTS", "2").replace(old, new, 1))
    with pytest.raises(ScenarioErrors) as error:
        load(folder)
    assert told in format_problems(error.value.problems)
    assert all(problem.line for problem in error.value.problems)
