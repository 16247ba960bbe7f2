"""Tables of counts as careless hands leave them: no traceback, nothing half written, and no scenario that is wrong."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from broken_kit import spoilt
from import_counts_kit import TODAY, days, poisson, table
from posada.scenario import ScenarioErrors, import_counts, load

JUNK = (
    "", "x", "-5", "1e400", "nan", '"', ";", "\t", "2015-13-45", "Ünïcødé", "9" * 20, "#", "0", "[", "12 aprox", ">40",
    "30-40",
    "total", "31/12/99", "99:99", "1.2.3", "٣", "12/", "(4)",
    "3,4,5", "0000-00-00", "=A1+1",
    "2026-01-05",
)  # fmt: skip
HEADERS = (
    "date,arrivals,note",
    "Fecha,Ocupación,Notas",
    "night,people,shelter",
    "fecha y hora,integrantes,nombre",
    "a,b,c",
)


def broken(luck: random.Random) -> bytes:
    """A table with cells changed, rows moved, doubled or lost, in some encoding."""
    n = luck.randint(1, 40)
    notes = [luck.choice(["", "", "so far", "A", "B"]) for _ in range(n)]
    lines = table(days(n), poisson(n, luck.choice([0.2, 9, 300])), notes, header=luck.choice(HEADERS)).split("\n")
    return spoilt(lines, luck, JUNK, times=8, cells_in=3)


@pytest.mark.parametrize("seed", range(100))
def test_no_table_however_broken_makes_a_traceback_or_a_scenario_that_is_wrong(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    file = tmp_path / "in.csv"
    file.write_bytes(broken(luck))
    what = luck.choice([None, "arrivals", "present", "left"])
    options = {"day_first": luck.choice([None, True]), "cumulative": luck.choice([None, None, True, False])}
    told = []
    try:
        import_counts(file, tmp_path / "out", what=what, beds=luck.choice([None, 30]), today=TODAY, **options)  # type: ignore[arg-type]
    except ScenarioErrors as errors:
        told = errors.problems
    else:
        warnings = [problem for problem in load(tmp_path / "out").check() if problem.severity == "warning"]
        assert not warnings, warnings
    assert all(problem.message for problem in told)
    assert (tmp_path / "out").exists() != bool(told)
    assert {entry.name for entry in tmp_path.iterdir()} <= {"in.csv", "out"}


@pytest.mark.parametrize(
    ("first", "told"), [("2031-05-01", "no row is left that could"), ("1900-05-01", "no row has a date of 1990")]
)
def test_dates_none_of_which_can_be_are_told(tmp_path: Path, first: str, told: str) -> None:
    start = date.fromisoformat(first)
    rows = "".join(f"{start + timedelta(days=i)},{i}\n" for i in range(9))
    (tmp_path / "counts.csv").write_text(f"date,arrivals\n{rows}")
    with pytest.raises(ScenarioErrors, match=told):
        import_counts(tmp_path / "counts.csv", tmp_path / "out", today=TODAY)
    assert not (tmp_path / "out").exists()
