"""The benchmarks' models: exact answers, the same numbers in every place, and a tiny run that answers right."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

import warm

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT / "benchmarks"


@pytest.fixture
def models(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import models

    return models


def test_exact_answers(models):
    with (ROOT / "tests" / "data" / "queueing_cases.csv").open(encoding="utf-8") as file:
        known = {row["id"]: row["expected"] for row in csv.DictReader(file)}
    assert models.EXACT["desk"] == pytest.approx(float(known["A06"]), abs=5e-7)
    assert models.EXACT["pathway"] == pytest.approx(float(known["A26"]), abs=5e-7)
    assert models.erlang_c_wait(0.5, 1.0, 1) == pytest.approx(1.0), "M/M/1: load / (1 - load) services"


def test_a_wrong_answer_is_seen(models):
    right = [[100.0, 50.0 + (-1) ** i] for i in range(30)]
    assert models.by_batches([right, right], 0.5).right
    assert not models.by_batches([right, right], 0.51).right
    assert models.by_batches([[[100.0, 0.0]] * 3 + right[3:]], 0.5).right, "the warm-up is left out"
    assert models.of_crowd([5.002], 1_000_000, 5).right
    assert not models.of_crowd([5.02], 1_000_000, 5).right


def numbers(pattern: str, text: str) -> list[float]:
    """All numbers that a pattern captures, in order."""
    return [float(found) for found in re.findall(pattern, text)]


def test_scenario_and_c_have_the_numbers_of_the_models(models):
    scenario = (BENCHMARKS / "scenarios" / "pathway" / "scenario.yaml").read_text(encoding="utf-8")
    assert numbers(r"parties_per_day: ([\d.]+)", scenario) == [models.FIRST, models.OTHERS]
    assert tuple(numbers(r"(?:staff|slots_per_day): (\d+)", scenario)) == models.PLACES
    service = numbers(r"service: \{exponential: \{mean: ([\d.]+) days", scenario)
    assert (service[0], *numbers(r"wait: \{for: ([\d.]+) days", scenario), *service[1:]) == models.TIMES
    patience = numbers(r"gives_up_after: \{exponential: \{mean: ([\d.]+) days", scenario)
    assert patience == [t for t in models.PATIENCE if t]
    assert numbers(r"(?:hearing|appeal): ([\d.]+)", scenario) == [models.TO_COURT, models.TO_APPEAL]
    source = (BENCHMARKS / "workers" / "pathway.c").read_text(encoding="utf-8")
    for name, wanted in (("mean_time", models.TIMES), ("patience", models.PATIENCE)):
        assert tuple(numbers(r"([\d.]+)", re.search(name + r"\[STATIONS\] = \{(.*)\}", source)[1])) == wanted
    idle = numbers(r"(\d+)", re.search(r"idle\[STATIONS\] = \{(.*)\}", source)[1])
    slots = numbers(r"SLOTS = (\d+)", source)
    assert (idle[0], *slots, *idle[2:]) == models.PLACES
    assert numbers(r"uniform\(\) <= ([\d.]+)", source) == [models.TO_COURT, models.TO_APPEAL]


@pytest.mark.docs
def test_quick_run_answers_right():
    tools = "posada,Numba heap,Numba calendar queue"
    done = subprocess.run([sys.executable, str(BENCHMARKS / "run.py"), "--quick", "--tools", tools],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if " off " in line]
    assert len(lines) == 7
    off = {" ".join(line[:41].split()): line.split()[-2] for line in lines}
    assert off["crowd 1,000 Numba heap"] == off["crowd 1,000 Numba calendar queue"], "the same draws, in the same order"


def test_unknown_tool_is_told():
    done = warm.run(["python", str(BENCHMARKS / "run.py"), "--quick", "--tools", "simpi"], ROOT)
    assert done.returncode == 2
    assert "simpi" in done.stderr
    assert "SimPy" in done.stderr
    assert "Traceback" not in done.stderr


def test_events_are_those_of_the_model(models, monkeypatch):
    """Records and nights are not counted: what is counted equals what the tables say happened."""
    monkeypatch.syspath_prepend(str(BENCHMARKS / "workers"))
    import posada_runs

    for model, in_service in (("desk", 8), ("pathway", 100 + 52 + 12 + 4 + 200 + 10)):
        result = posada_runs.simulate(posada_runs.sized(model, 5000, 1), 1)
        assert 0 <= posada_runs.counted(result) - posada_runs.events_of(model, result, 1) <= in_service
    crowd = posada_runs.simulate(posada_runs.sized("crowd", 200, 7), 1)
    assert posada_runs.events_of("crowd", crowd, 7) == 1400
    assert posada_runs.days_of(crowd) * 2 + 200 + 1400 == pytest.approx(crowd.info.events, abs=1)
