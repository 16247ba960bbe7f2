"""What is made of the logs: sums by key as NumPy has them, totals over levels, columns; steps on cycles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posada.engine import as_columns
from posada.engine import layout as at
from posada.engine.cycles import on_cycles
from posada.engine.waits import gather_waits


def log_of(rows: list[tuple[int, int, int, int]], days: np.ndarray) -> np.ndarray:
    """A log of waits from (interval, code, bin, level) and days; one person each."""
    log = np.zeros(len(rows), at.TALLY)
    for row, (interval, code, bin_, level) in zip(log, rows, strict=True):
        row["key"] = (interval + 1) << at.KEY_INTERVAL | code << at.KEY_CODE | bin_ << at.KEY_BIN | level
        row["people"], row["parties"] = 2, 1
    log["days"] = days
    return log


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 10, 17, 128, 129, 130, 137, 300, 1000, 5000])
def test_the_days_of_a_key_are_added_as_numpy_adds_them(n):
    days = np.random.default_rng(n).lognormal(0, 3, n)
    waits = gather_waits(log_of([(3, 5, 2, 1)] * n, days), 0, 0)
    assert waits[["interval", "code", "bin", "level"]].tolist() == [(3, 5, 2, 1)]
    assert waits["people"].tolist() == [2 * n]
    assert waits["parties"].tolist() == [n]
    assert waits["days"][0] == np.add.reduceat(days, [0])[0]


PARTS = st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 1), st.integers(1, 4))


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS, min_size=1, max_size=80), st.sampled_from([(0, 0), (1, 2), (2, 3)]))
def test_rows_come_in_order_of_key_and_totals_stand_before_their_levels(rows, total):
    first, n = total
    log = log_of(rows, np.arange(1.0, len(rows) + 1))
    expected: dict[tuple[int, int, int, int], list[float]] = {}
    for row, days in zip(rows, log["days"], strict=True):
        for key in (row, (*row[:3], 0)) if first <= row[3] < first + n else (row,):
            sums = expected.setdefault(key, [0, 0.0])
            sums[0] += 2
            sums[1] += days
    waits = gather_waits(log, first, n)
    found = [(int(w["interval"]), int(w["code"]), int(w["bin"]), int(w["level"])) for w in waits]
    assert found == sorted(expected)
    assert [[int(w["people"]), float(w["days"])] for w in waits] == [expected[key] for key in found]


def test_rows_of_replicates_become_columns_without_the_warm_up_and_what_is_not_wanted():
    parts = [np.zeros(3, at.STOCK), np.zeros(0, at.STOCK), np.zeros(2, at.STOCK)]
    parts[0]["interval"], parts[0]["cell"], parts[0]["mean"] = [0, 1, 2], [0, 1, 0], [0.5, 1.5, 2.5]
    parts[2]["interval"], parts[2]["cell"], parts[2]["mean"] = [1, 3], [0, 0], [3.5, 4.5]
    columns = as_columns(parts, np.array([True, False]), 1)
    assert columns["interval"].tolist() == [2, 1, 3]
    assert columns["mean"].tolist() == [2.5, 3.5, 4.5]
    assert columns["replicate"].tolist() == [0, 2, 2]


GRAPHS = st.integers(1, 9).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, n - 1), max_size=3), min_size=n, max_size=n)
)


@given(GRAPHS)
def test_steps_on_cycles_are_those_that_can_be_come_to_again(graph):
    after = dict(enumerate(graph))
    reach = {start: set(others) for start, others in after.items()}
    for _ in after:
        reach = {start: found.union(*(after[step] for step in found)) for start, found in reach.items()}
    assert on_cycles(after) == {start for start, found in reach.items() if start in found}


def test_a_pathway_longer_than_python_recurses_has_its_cycles_found():
    after = {step: [step + 1] for step in range(5000)} | {5000: [4000]}
    assert on_cycles(after) == set(range(4000, 5001))
