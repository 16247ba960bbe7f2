"""The lean loop does what the whole loop does, for every program that it takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import posada
from engine_kit import write
from posada.engine import compile_scenario, lean
from posada.engine import run as engine_run
from posada.engine.layout import Program
from posada.scenario import load

HEAD = "posada: 1\ntitle: T\nstart: 2020-01-01\nend: 2020-03-31\ntime_zone: UTC\n"
STATIONS = HEAD + """groups:
  first: {parties_per_day: 9, place: here, pathway: walk}
  others: {parties_per_day: 14, place: here, pathway: walk}
facilities:
  desk: {at: here, kind: desks, staff: 4, service: {exponential: {mean: 0.2 days}}, priority: [group == first]}
  gate: {at: here, kind: gate, slots_per_day: 22, opens: "09:00"}
pathways:
  walk:
    - {id: ask, queue: {at: desk, gives_up_after: {gamma: {mean: 1 days, shape: 3}}, gives_up_to: gone}}
    - {id: pass, queue: {at: gate}}
    - {id: rest, wait: {for: 0.3 days}}
    - {id: way, branch: {done: 0.6, again: rest}}
    - {id: again, travel: {to: there, takes: {uniform: {low: 1 hours, high: 30 hours}}}}
    - {id: done, outcome: done}
    - {id: gone, outcome: gone}
outcomes: {done: {}, gone: {}}
"""


ROAMING = HEAD + """modes: {road: {speed_kmh: 10}}
movement: {m: {leaves: {else: 0.4}, utility: -0.01 * distance_km}}
groups: {all: {people: 200, place: here, date: 2020-01-02, pathway: walk}}
pathways:
  walk:
    - {id: go, roam: {by: m, at_most: {uniform: {low: 10 days, high: 20 days}}, at_most_to: late}}
    - {id: done, outcome: done}
    - {id: late, outcome: late}
outcomes: {done: {}, late: {}}
"""


def program_of(folder: Path, text: str = STATIONS) -> Program:
    """What a scenario is compiled to."""
    return compile_scenario(load(write(folder, text))).program


def test_what_many_scenarios_use_is_run_by_the_lean_loop(tmp_path: Path) -> None:
    assert lean.is_lean(program_of(tmp_path))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("queue: {at: gate}", "queue: {at: gate, gives_up_at: 2020-02-01, gives_up_to: gone}"),
        ("staff: 4,", "staff: 4, order: random,"),
        ("pathways:\n", "record: {by: [party_type]}\npathways:\n"),
    ],
)
def test_what_few_scenarios_use_is_not(tmp_path: Path, old: str, new: str) -> None:
    assert old in STATIONS
    assert not lean.is_lean(program_of(tmp_path, STATIONS.replace(old, new)))


def test_both_loops_count_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those who queue, and those who choose their way."""
    roaming = {"text": ROAMING, "links": "ht,here,there,road,30\ntw,there,west,road,500\nth,there,here,road,30\n"}
    for name, scenario in (("stations", {"text": STATIONS}), ("roaming", roaming)):
        folder = write(tmp_path / name, **scenario)
        assert lean.is_lean(compile_scenario(load(folder)).program)
        one = posada.run(folder, replicates=3, seed=5)
        monkeypatch.setattr(engine_run, "is_lean", lambda program: False)
        other = posada.run(folder, replicates=3, seed=5)
        monkeypatch.undo()
        for table in ("stocks", "flows", "waits", "outcomes", "busy"):
            assert getattr(one, table).equals(getattr(other, table)), table
        assert one.outcomes["people"].sum() > 100


def test_every_field_that_the_lean_loop_knows_is_one_of_the_program(tmp_path: Path) -> None:
    program = program_of(tmp_path)
    for table, fields in lean.KNOWN.items():
        assert set(fields) <= set(np.dtype(getattr(program, table).dtype).names or ())
