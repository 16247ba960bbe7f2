"""Files as careless editors leave them: no traceback, nothing half written, and no scenario that `check` refuses."""

from __future__ import annotations

import random

import pytest

import posada
from broken_kit import spoilt
from import_flee_kit import situation
from posada.scenario import ScenarioErrors, load

JUNK = ("", "x", "-5", "1e400", "nan", '"', ";", "\t", "2015-13-45", "Ünïcødé", "9" * 20, "#", "camp", "0", "[")


@pytest.mark.parametrize("seed", range(60))
def test_no_file_however_broken_makes_a_traceback_or_a_scenario_that_is_wrong(tmp_path, seed):
    luck = random.Random(seed)
    folder = situation(tmp_path / "in")
    for path in luck.sample(sorted(folder.rglob("*.csv")), luck.randint(1, 3)):
        path.write_bytes(spoilt(path.read_text(encoding="utf-8").split("\n"), luck, JUNK, times=3))
    try:
        posada.import_flee(folder, tmp_path / "out", capacities=luck.random() < 0.5)
    except ScenarioErrors as errors:
        told = [(problem.file, problem.message) for problem in errors.problems]
        assert all(file and message for file, message in told), told
        assert not (tmp_path / "out").exists()
    else:
        load(str(tmp_path / "out")).check()
    assert {entry.name for entry in tmp_path.iterdir()} <= {"in", "out"}


@pytest.mark.parametrize("places", [b"\x89PNG\x00\x00", b"hello\nworld\n"])
def test_places_that_cannot_be_read_are_not_blamed_on_the_routes(tmp_path, places):
    folder = situation(tmp_path / "in")
    next(folder.rglob("locations.csv")).write_bytes(places)
    with pytest.raises(ScenarioErrors) as told:
        posada.import_flee(folder, tmp_path / "out")
    assert [problem.file.rpartition("/")[2] for problem in told.value.problems] == ["locations.csv"]
