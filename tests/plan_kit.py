"""Small situations to plan for, and the queue with patience (Erlang-A) by its formula."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from engine_kit import write

LINE = """
end: 2018-08-29
record: {daily_until: 2018-04-02, weekly_until: 2018-08-29, warm_up: 10 days, by: [group]}
groups: {g: {people_per_day: 72, place: here, pathway: p}}
facilities:
  f: {at: here, kind: desks, staff: 20, service: {exponential: {mean: 0.1 days}}}
pathways:
  p:
    - {id: q, queue: {at: f, gives_up_after: {exponential: {mean: 0.2 days}}, gives_up_to: gone}}
    - {id: end, outcome: done}
    - {id: gone, outcome: gone}
outcomes: {done: {}, gone: {}}
"""
"""One line: arrivals at random, exponential services and patience, and as much staff as is planned."""

HOUSES = """
end: 2018-05-02
groups:
  men: {people_per_day: 6, place: here, pathway: p, sex_and_age: {men_18_59: 1}}
  women: {people_per_day: 4, place: here, pathway: p, sex_and_age: {women_18_59: 1}}
facilities:
  house: {at: here, kind: beds, beds: 30, admits: everyone}
  hall: {at: here, kind: beds, beds: 30, admits: [men]}
  desk: {at: here, kind: desks, staff: 1, service: {fixed: 1 hours}}
  gate: {at: here, kind: gate, slots_per_day: 12, opens: "08:00"}
  cell: {at: here, kind: holding, places: 20}
  camp: {at: here, kind: camp}
pathways:
  p:
    - {id: night, stay: {in: [hall, house]}}
    - {id: some, branch: {camps: {share: 0.1, then: camps}, else: {share: rest, then: waits}}}
    - {id: waits, wait: {for: {exponential: {mean: 1.5 days}}}}
    - {id: line, queue: {at: gate}}
    - {id: end, outcome: done}
    - {id: camps, stay: {in: camp}, then: waits}
outcomes: {done: {}}
"""
"""Two houses that share a list, one of which takes men only."""


def line(folder: Path) -> Path:
    """The folder of the one line."""
    return write(folder / "line", LINE)


def houses(folder: Path) -> Path:
    """The folder of the two houses."""
    return write(folder / "houses", HOUSES)


def served_within(rate: float, service: float, patience: float, servers: int, limit: float, most: int = 400) -> float:
    """The share of arrivals who are served after at most `limit` (M/M/c+M; Palm's Erlang-A).

    Who finds c or more in the system waits for departures at rates c mu + k theta, while k are before them in line and
    they are themselves patient: the backward equations of that death process, by the method of Runge and Kutta.
    """
    mu, theta = 1 / service, 1 / patience
    n = np.arange(1, most)
    ups = np.log(rate) - np.log(np.minimum(n, servers) * mu + np.maximum(n - servers, 0) * theta)
    weights = np.concatenate(([0.0], np.cumsum(ups)))
    p = np.exp(weights - weights.max())
    p /= p.sum()
    leaving = servers * mu + np.arange(most - servers) * theta

    def slope(y: np.ndarray) -> np.ndarray:
        return leaving * (np.concatenate(([1.0], y[:-1])) - y) - theta * y

    y, h = np.zeros(most - servers), limit / 4000
    for _ in range(4000):
        a = slope(y)
        b = slope(y + h / 2 * a)
        c = slope(y + h / 2 * b)
        y = y + h / 6 * (a + 2 * b + 2 * c + slope(y + h * c))
    return float(p[:servers].sum() + p[servers:] @ y)
