"""Where to join: the shortest queue, by its own word and by an expression, against its exact balance; and chance."""

# ruff: noqa: E501

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest

from engine_kit import simulate, total

STEPS = {
    "shortest": "{id: where, queue: {at: [f, h]}, then: end}",
    "expression": '{id: where, choose: {a: {utility: "0 - 99999 * expected_wait_days(f)"}, b: {utility: "0 - 99999 * expected_wait_days(h)"}}}',
    "chance": "{id: where, branch: {a: 0.5, b: rest}}",
    "one line for two": "{id: where, queue: {at: both}, then: end}",
}


@cache
def shortest_queue(per_server, n=34):
    """Mean number in two M/M/1 whose arrivals, 2 x `per_server` for services of 1, join the shorter; ties at random."""
    lam = 2 * per_server
    q = np.zeros((n, n, n, n))
    for i in range(n):
        for j in range(n):
            to_first = 1.0 if i < j else 0.5 if i == j else 0.0
            if i + 1 < n:
                q[i, j, i + 1, j] += lam * to_first
            if j + 1 < n:
                q[i, j, i, j + 1] += lam * (1 - to_first)
            if i:
                q[i, j, i - 1, j] += 1
            if j:
                q[i, j, i, j - 1] += 1
    q = q.reshape(n * n, n * n)
    q -= np.diag(q.sum(axis=1))
    q[:, 0] = 1
    p = np.linalg.solve(q.T, np.eye(n * n)[0])
    return float(p @ np.add.outer(np.arange(n), np.arange(n)).ravel())


EXACT = {"shortest": shortest_queue, "expression": shortest_queue, "chance": lambda r: 2 * r / (1 - r), "one line for two": lambda r: 2 * r / (1 - r * r)}


@pytest.mark.parametrize("how", STEPS)
def test_two_desks_with_a_line_each(tmp_path, how):
    exact = EXACT[how](0.8)
    r = simulate(tmp_path, f"""
end: 2019-06-30
record: {{daily_until: 2018-04-02, warm_up: 30 days}}
groups: {{g: {{parties_per_day: {24 * 1.6}, place: here, pathway: p}}}}
facilities:
  f: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1 hours}}}}}}
  h: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1 hours}}}}}}
  both: {{at: here, kind: desks, staff: 2, service: {{exponential: {{mean: 1 hours}}}}}}
pathways:
  p:
    - {STEPS[how]}
    - {{id: a, queue: {{at: f}}, then: end}}
    - {{id: b, queue: {{at: h}}, then: end}}
    - {{id: end, outcome: done}}
outcomes: {{done: {{}}}}
""", replicates=60)
    rows = r.stocks.filter((pl.col("state") == "active") & (pl.col("level") == "all")).with_columns((pl.col("until") - pl.col("at")).dt.total_days().alias("days"))
    means = rows.group_by("replicate").agg((pl.col("people_mean") * pl.col("days")).sum() / pl.col("days").sum())["people_mean"].to_numpy()
    error = means.std(ddof=1) / len(means) ** 0.5
    assert error < 0.01 * exact
    assert abs(means.mean() - exact) < 3.5 * error, f"{means.mean():.4f} +- {error:.4f}, exact {exact:.4f}"


def test_the_shortest_queue_is_between_chance_and_one_line():
    assert EXACT["one line for two"](0.8) < shortest_queue(0.8) < EXACT["chance"](0.8)
    assert shortest_queue(0.8) == pytest.approx(shortest_queue(0.8, 30), abs=1e-3), "the chain is cut where nobody comes"


def test_of_equal_queues_the_first_that_is_named_is_joined(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 1, place: here, date: 2018-04-02 10:00, pathway: p}}
facilities:
  a: {at: here, kind: desks, staff: 1, service: 1 hours}
  b: {at: here, kind: desks, staff: 1, service: 1 hours}
pathways: {p: [{id: q, queue: {at: [b, a]}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    assert (total(r, "served:b"), total(r, "served:a")) == (1, 0)
