"""Queues whose answer is known: within 3.5 standard errors of theory at a fixed seed.

Expected values: docs of the analytic cases A02 (shortened load), A05, A06, A26, A46; one unit of time is a day here.
"""

# ruff: noqa: E501

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from engine_kit import simulate


def text(rate: float, facility: str, queue: str = "at: f", days: int = 400, warm: int = 50) -> str:
    end = np.datetime64("2018-04-02") + days - 1
    return f"""
end: {end}
record: {{daily_until: 2018-04-02, weekly_until: 2018-04-02, warm_up: {warm} days, by: [group]}}
groups: {{g: {{people_per_day: {rate}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, {facility}}}}}
pathways: {{p: [{{id: q, queue: {{{queue}}}}}, {{id: end, outcome: done}}, {{id: gone, outcome: gone}}]}}
outcomes: {{done: {{}}, gone: {{}}}}
"""


def per_replicate(r, value: pl.Expr) -> np.ndarray:
    """A number per replicate from the completed waits of all."""
    rows = r.waits.filter((pl.col("where") == "f") & (pl.col("attribute") == "all")
                          & pl.col("ended").is_in(["served", "gave_up"]))
    return rows.group_by("replicate").agg(value.alias("v")).sort("replicate")["v"].to_numpy()


def agrees(values: np.ndarray, theory: float) -> None:
    error = values.std(ddof=1) / math.sqrt(len(values))
    assert error < 0.05 * theory, "enough parties to tell"
    assert abs(values.mean() - theory) < 3.5 * error, f"{values.mean():.5f} +- {error:.5f}, theory {theory:.5f}"


MEAN = pl.col("sum_days").sum() / pl.col("people").sum()
GAVE_UP = pl.col("people").filter(pl.col("ended") == "gave_up").sum() / pl.col("people").sum()


def test_one_server(tmp_path):
    r = simulate(tmp_path, text(20, "kind: desks, staff: 1, service: {exponential: {mean: 0.0333333333333333 days}}"),
                 replicates=60)
    agrees(per_replicate(r, MEAN), (20 / 30) / (30 - 20))


def test_eight_servers(tmp_path):
    r = simulate(tmp_path, text(72, "kind: desks, staff: 8, service: {exponential: {mean: 0.1 days}}"), replicates=60)
    agrees(per_replicate(r, MEAN), 0.876916 / 10)
    waited = 1 - pl.col("people").filter(pl.col("sum_days") == 0).sum() / pl.col("people").sum()
    del waited
    rows = r.flows.filter((pl.col("event") == "joined") & (pl.col("attribute") == "all"))
    assert rows["people"].sum() > 1_000_000


def test_deterministic_service(tmp_path):
    r = simulate(tmp_path, text(16, "kind: desks, staff: 1, service: {fixed: 0.05 days}"), replicates=60)
    agrees(per_replicate(r, MEAN), 2.0 * 0.05)


def test_abandonment_at_a_hundred_places(tmp_path):
    r = simulate(tmp_path, text(50, "kind: desks, staff: 100, service: {exponential: {mean: 2.1 days}}",
                                "at: f, gives_up_after: {exponential: {mean: 2 days}}, gives_up_to: gone"), replicates=60)
    agrees(per_replicate(r, GAVE_UP), 0.067468)
    agrees(per_replicate(r, MEAN), 0.134937)


def test_the_daily_gate(tmp_path):
    """Case A46: Poisson 47 a day, a gate that lets 52 in once a day."""
    r = simulate(tmp_path, text(47, 'kind: gate, slots_per_day: 52, opens: "00:00"', days=800), replicates=40)
    agrees(per_replicate(r, MEAN), 0.540371)


def test_erlang_services_have_the_variance_of_their_stages(tmp_path):
    """Pollaczek and Khinchine: Wq = lambda E[S^2] / (2 (1 - rho)), with E[S^2] = m^2 (1 + 1/k)."""
    r = simulate(tmp_path, text(14, "kind: desks, staff: 1, service: {erlang: {mean: 0.05 days, stages: 4}}"),
                 replicates=60)
    agrees(per_replicate(r, MEAN), 14 * 0.05**2 * 1.25 / (2 * 0.3))


def test_a_desk_per_person_adds_independent_services(tmp_path):
    """Pairs at a desk per person: the service is a sum of two Erlangs of two stages, an Erlang of four."""
    r = simulate(tmp_path, text(28, "kind: desks, per: person, staff: 1, service: {erlang: {mean: 0.025 days, stages: 2}}")
                 .replace("place: here", "parties: {2: 1}, place: here"), replicates=60)
    agrees(per_replicate(r, MEAN), 14 * 0.05**2 * 1.25 / (2 * 0.3))


@pytest.mark.parametrize(("distribution", "mean", "sd"), [
    ("exponential: {mean: 10 days}", 10, 10),
    ("uniform: {low: 2 days, high: 12 days}", 7, 10 / math.sqrt(12)),
    ("triangular: {low: 2 days, mode: 3 days, high: 10 days}", 5, math.sqrt((4 + 9 + 100 - 6 - 20 - 30) / 18)),
    ("lognormal: {median: 5 days, spread: 3}", 5 * math.exp((math.log(3) / 1.6448536) ** 2 / 2), None),
    ("weibull: {scale: 10 days, shape: 1.5}", 10 * math.gamma(1 + 1 / 1.5), None),
    ("erlang: {mean: 10 days, stages: 4}", 10, 5),
    ("gamma: {mean: 10 days, shape: 0.5}", 10, 10 * math.sqrt(2)),
    ("gamma: {mean: 10 days, shape: 7.3}", 10, 10 / math.sqrt(7.3)),
    ("hyperexponential: {means: [2 days, 40 days], shares: [0.8, 0.2]}", 9.6, math.sqrt(2 * (0.8 * 4 + 0.2 * 1600) - 9.6**2)),
    ("pert: {low: 2 days, mode: 3 days, high: 10 days}", 4, math.sqrt((4 - 2) * (10 - 4) / 7)),
    ("lognormal: {mean: 5 days, cv: 1.5}", 5, 7.5),
    ("empirical: stays.csv:stay_days", 4, math.sqrt(26 / 3)),
])
def test_durations_have_their_means(tmp_path, distribution, mean, sd):
    tmp_path.joinpath("stays.csv").write_text("stay_days,note\n1,\n3,\n,not known\n8,\n", encoding="utf-8")
    r = simulate(tmp_path, f"""
end: 2019-12-31
record: {{daily_until: 2018-04-02}}
groups: {{g: {{people: 20000, place: here, date: 2018-04-02, pathway: p}}}}
pathways: {{p: [{{id: w, wait: {{for: {{{distribution}}}}}}}, {{id: end, outcome: done}}]}}
outcomes: {{done: {{}}}}
""")
    rows = r.stocks.filter((pl.col("state") == "in_stage") & (pl.col("attribute") == "all"))
    days = (rows["people_mean"] * (rows["until"] - rows["at"]).dt.total_days()).sum() / 20000
    assert days == pytest.approx(mean, abs=3.5 * (sd or mean) / math.sqrt(20000))
