"""Every queue of tests/data/queueing_cases.csv through the scenario language, against its exact answer.

Random cases: each replicate gives one estimate; the mean of all lies within 3.5 standard errors of the exact answer,
and the standard error is under 1 % of it. Seed 1. `python tests/test_engine_exact.py` prints a table of all.
With ten times as much simulated (`make prove`) the standard error is under 0.3 %.
One unit of time of a case is an hour here, unless its function says otherwise.
"""

# ruff: noqa: E501

from __future__ import annotations

import csv
import math
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from engine_kit import area, flow, simulate, total, waits
from posada.results import Result

with (Path(__file__).parent / "data" / "queueing_cases.csv").open(encoding="utf-8") as file:
    EXACT = {row["id"]: float(row["expected"]) for row in csv.DictReader(file) if row["id"] != "A56"}
FOLDER = Path(tempfile.mkdtemp(prefix="posada-exact-"))
ENDS = "outcomes: {done: {}, gone: {}}\n"
SERVE = "pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}, {id: out, outcome: gone}]}\n" + ENDS
ALL = pl.col("attribute") == "all"

Estimates = np.ndarray


TIMES = 1
"""How many times as much is simulated."""


def run(text: str, replicates: int, days: int, warm: int = 0, records: str = "daily_until: 2018-04-02") -> Result:
    """So many replicates of so many days, recorded by the month (after the first day), without the warm-up."""
    return run_once(text, replicates * TIMES, days, warm, records)


@cache
def run_once(text: str, replicates: int, days: int, warm: int, records: str) -> Result:
    """The same run is used for several cases."""
    end = date(2018, 4, 2) + timedelta(days=days - 1)
    head = f"end: {end}\nrecord: {{{records}, warm_up: {warm} days, by: [group]}}\n"
    return simulate(FOLDER / str(abs(hash(text))), head + text, replicates=replicates)


def desks(arrivals: str, service: str = "exponential: {mean: 1 hours}", staff: int = 1, more: str = "",
          queue: str = "at: f") -> str:
    """One group and one facility of desks."""
    return (f"groups: {{g: {{{arrivals}, place: here, pathway: p}}}}\n"
            f"facilities: {{f: {{at: here, kind: desks, staff: {staff}, service: {{{service}}}{more}}}}}\n"
            + SERVE.replace("at: f", queue))


def poisson(per_hour: float) -> str:
    return f"parties_per_day: {per_hour * 24!r}"


def by_replicate(rows: pl.DataFrame, value: pl.Expr) -> Estimates:
    return rows.group_by("replicate").agg(value.alias("v")).sort("replicate")["v"].to_numpy()


def mean_wait(r: Result, days: float = 1 / 24, ended: tuple[str, ...] = ("served", "gave_up")) -> Estimates:
    """Mean wait at f, in units of so many days."""
    rows = r.waits.filter(ALL & (pl.col("where") == "f") & pl.col("ended").is_in(ended))
    return by_replicate(rows, pl.col("sum_days").sum() / pl.col("people").sum()) / days


def over(r: Result, days: float) -> Estimates:
    """Share of waits at f of at least so many days, which must be an edge of the bins."""
    rows = r.waits.filter(ALL & (pl.col("where") == "f") & (pl.col("ended") == "served"))
    longer = pl.col("people").filter(pl.col("bin_days") >= days - 1e-9).sum()
    return by_replicate(rows, longer / pl.col("people").sum())


def mean_stock(r: Result, states: tuple[str, ...], level: str = "all") -> Estimates:
    """People in some states, as a mean over time."""
    rows = r.stocks.filter(pl.col("state").is_in(states) & (pl.col("level") == level)).with_columns(
        (pl.col("until") - pl.col("at")).dt.total_days().alias("days"))
    lengths = rows.group_by("replicate", "at").agg(pl.col("days").first()).group_by("replicate").agg(pl.col("days").sum())
    areas = by_replicate(rows, (pl.col("people_mean") * pl.col("days")).sum())
    return areas / lengths["days"].to_numpy().max()


def events(r: Result, event: str, where: str | None = None, level: str = "all") -> Estimates:
    """People to whom something happened."""
    rows = r.flows.filter((pl.col("level") == level) & (pl.col("event") == event))
    return by_replicate(rows if where is None else rows.filter(pl.col("where") == where), pl.col("people").sum())


IN_SYSTEM = ("waiting", "in_service")
YEARS = 4000


def one_server(per_hour: float, replicates: int, days: int = YEARS, **how: str) -> Result:
    return run(desks(poisson(per_hour), **how), replicates, days, 60)


def eight() -> Result:
    """M/M/8 at 7.2 a day: one unit is a day."""
    return run(desks("parties_per_day: 7.2", "exponential: {mean: 1 days}", 8), 160, 11000, 300)


def tail_quantile(r: Result, share: float, edges: tuple[float, float]) -> Estimates:
    """When all but a share have been served: the tail between two edges of bins as an exponential."""
    a, b = (over(r, edge) for edge in edges)
    return edges[0] + (edges[1] - edges[0]) * np.log(a / share) / np.log(a / b)


def shelter() -> Result:
    """M/M/100+M: one unit is a day."""
    return run(desks("parties_per_day: 50", "exponential: {mean: 2.1 days}", 100,
                     queue="at: f, gives_up_after: {exponential: {mean: 2 days}}, gives_up_to: out"), 50, 1600, 50)


def two_classes(more: str = "") -> Result:
    return run(f"""
groups: {{a: {{{poisson(0.2)}, place: here, pathway: p}}, b: {{{poisson(0.6)}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1 hours}}}}, priority: [group == a]{more}}}}}
""" + SERVE, 40, 2500, 60)


def stay_of(r: Result, group: str, per_day: float) -> Estimates:
    """Hours in the system, by Little's law, which holds exactly (A57)."""
    return mean_stock(r, ("in_stage",), group) / per_day * 24


def jackson() -> Result:
    return run(f"""
groups: {{a: {{{poisson(3)}, place: here, pathway: a}}, b: {{{poisson(1)}, place: here, pathway: b}}}}
facilities:
  fa: {{at: here, kind: desks, staff: 3, service: {{exponential: {{mean: 0.5 hours}}}}}}
  fb: {{at: here, kind: desks, staff: 4, service: {{exponential: {{mean: 40 minutes}}}}}}
  fc: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 12 minutes}}}}}}
pathways:
  a: [{{id: q, queue: {{at: fa}}}}, {{id: on, branch: {{b: 0.7, c: rest}}}}]
  b: [{{id: q, queue: {{at: fb}}}}, {{id: on, branch: {{a: 0.1, c: 0.6, e: rest}}}}]
  c: [{{id: q, queue: {{at: fc}}}}, {{id: on, branch: {{a: 0.2, e: rest}}}}]
  e: [{{id: end, outcome: done}}]
""" + ENDS, 40, 150, 30)


def infinite(stay: str) -> Estimates:
    """People who wait one day after the start, a day being the unit."""
    r = run(f"groups: {{g: {{parties_per_day: 5, place: here, pathway: p}}}}\n"
            f"pathways: {{p: [{{id: w, wait: {{for: {{{stay}}}}}}}, {{id: end, outcome: done}}]}}\n" + ENDS, 4000, 1)
    return at_end(r, "active")


def at_end(r: Result, state: str) -> Estimates:
    """People in a state at the end of the run (nobody is no row)."""
    found = np.zeros(r.replicates)
    last = r.stocks.filter((pl.col("state") == state) & ALL & (pl.col("until") == pl.col("until").max()))
    for replicate, people in last.group_by("replicate").agg(pl.col("people").sum()).iter_rows():
        found[replicate] = people
    return found


def seasonal() -> Estimates:
    """The unit is a day; the sine is highest a quarter of its week after the start."""
    r = run("groups: {g: {parties_per_day: 50, rate: {season: {amplitude: 0.4, period: 7 days, peak: 2018-04-03 18:00}},"
            " place: here, pathway: p}}\n"
            "pathways: {p: [{id: w, wait: {for: {exponential: {mean: 2.1 days}}}}, {id: end, outcome: done}]}\n" + ENDS,
            200, 108, records="weekly_until: 2018-07-18")
    return at_end(r, "active")


def weekly() -> Estimates:
    week = "{sat: 2.6666666666666667, sun: 2.6666666666666667}"
    r = run(f"groups: {{g: {{parties_per_day: 30, rate: {{weekday: {week}}}, place: here, pathway: p}}}}\n"
            "pathways: {p: [{id: end, outcome: done}]}\n" + ENDS, 400, 21)
    return events(r, "set_out")


def no_bed() -> Estimates:
    """The unit is a day; the stay is lognormal, which changes nothing."""
    r = run("""
groups: {g: {parties_per_day: 45, place: here, pathway: p}}
facilities: {f: {at: here, kind: holding, places: 100}}
pathways:
  p:
    - {id: ask, hold: {in: f, if_full: out}}
    - {id: stay, wait: {for: {lognormal: {mean: 2 days, cv: 1}}}}
    - {id: end, outcome: done}
    - {id: out, outcome: gone}
""" + ENDS, 60, 2000, 30)
    return 1 - events(r, "served") / events(r, "joined")


def finite_sources() -> Estimates:
    r = run("""
groups: {g: {people: 10, date: 2018-04-02, place: here, pathway: p}}
facilities: {f: {at: here, kind: desks, staff: 2, service: {exponential: {mean: 1 hours}}}}
pathways:
  p:
    - {id: apart, wait: {for: {exponential: {mean: 5 hours}}}}
    - {id: q, queue: {at: f}}
    - {id: again, branch: {apart: rest, end: 0}}
    - {id: end, outcome: done}
""" + ENDS, 20, 1000, 30)
    return mean_stock(r, IN_SYSTEM)


def from_empty() -> Estimates:
    """Ten units are a day; 25 queues beside each other in every replicate."""
    n = range(25)
    text = ("groups: {" + ", ".join(f"g{i}: {{parties_per_day: 9, place: here, pathway: p{i}}}" for i in n) + "}\n"
            "facilities: {" + ", ".join(f"f{i}: {{at: here, kind: desks, staff: 1, service: {{exponential: "
                                        "{mean: 0.1 days}}}" for i in n) + "}\n"
            "pathways: {" + ", ".join(f"p{i}: [{{id: q, queue: {{at: f{i}}}}}, {{id: end, outcome: done}}]" for i in n)
            + "}\n" + ENDS)
    return at_end(run(text, 600, 1), "active") / len(n)


def without_queues() -> Estimates:
    r = run("""
groups: {g: {people: 4000, date: 2018-04-02, place: here, pathway: p}}
pathways:
  p:
    - {id: a, wait: {for: {exponential: {mean: 2.1 days}}}}
    - {id: b, wait: {for: {exponential: {mean: 0.02 days}}}}
    - {id: c, wait: {for: 0.22 days}}
    - {id: x, branch: {long: 0.7, short: rest}}
    - {id: long, wait: {for: {exponential: {mean: 6.2 days}}}}
    - {id: y, branch: {more: 0.25, end: rest}}
    - {id: more, wait: {for: {exponential: {mean: 1.1 days}}}, then: end}
    - {id: short, wait: {for: {exponential: {mean: 0.25 days}}}}
    - {id: end, outcome: done}
""" + ENDS, 20, 400)
    rows = r.stocks.filter(ALL & (pl.col("state") == "active"))
    return by_replicate(rows, (pl.col("people_mean") * (pl.col("until") - pl.col("at")).dt.total_days()).sum()) / 4000


def risks() -> Estimates:
    r = run("""
groups: {g: {people: 2500, date: 2018-04-02, place: here, pathway: p}}
pathways:
  p:
    - id: w
      wait:
        first_of:
          return: {after: {exponential: {mean: 50 days}}, then: end}
          permit: {after: {exponential: {mean: 20 days}}, then: end}
          move: {after: {exponential: {mean: 100 days}}, then: end}
    - {id: end, outcome: done}
""" + ENDS, 20, 1000)
    return events(r, "took", "p.w/return") / 2500


CASES: dict[str, Callable[[], Estimates]] = {
    "A01": lambda: mean_stock(one_server(0.5, 40, 500), IN_SYSTEM),
    "A02": lambda: mean_wait(one_server(0.9, 100)),
    "A03": lambda: by_replicate(one_server(0.5, 40, 500).busy, pl.col("sum_days").sum() * 24 / pl.col("periods").sum()),
    "A05": lambda: over(run(desks("parties_per_day: 0.144", "exponential: {mean: 50 days}", 8), 40, 102000, 15000), 0.02),
    "A06": lambda: mean_wait(eight(), 1),
    "A07": lambda: over(eight(), 1),
    "A08": lambda: tail_quantile(eight(), 0.05, (3, 5)),
    "A10": lambda: infinite("exponential: {mean: 2 days}"),
    "A11": lambda: infinite("fixed: 2 days"),
    "A13": seasonal,
    "A14": weekly,
    "A15": lambda: mean_wait(one_server(0.8, 40, 2000, service="fixed: 1 hours")),
    "A17": lambda: mean_wait(one_server(0.6, 200, service="lognormal: {mean: 1 hours, cv: 2}")),
    "A19": lambda: mean_wait(run(desks("every: 1.25 hours"), 40, 2000, 60)),
    "A22": lambda: events(r := one_server(0.9, 40, 500, more=", waiting_room: 4", queue="at: f, refused_to: out"), "refused")
    / events(r, "joined"),
    "A25": no_bed,
    "A26": lambda: events(shelter(), "gave_up") / events(shelter(), "joined"),
    "A27": lambda: mean_wait(shelter(), 1),
    "A29": lambda: events(r := one_server(0.9, 40, 500, queue="at: f, gives_up_after: 3 hours, gives_up_to: out"), "gave_up")
    / events(r, "joined"),
    "A30": lambda: stay_of(two_classes(), "a", 4.8),
    "A31": lambda: stay_of(two_classes(), "b", 14.4),
    "A32": lambda: stay_of(two_classes(", preempt: true"), "a", 4.8),
    "A37": lambda: mean_stock(run(f"""
groups: {{g: {{{poisson(0.5)}, place: here, pathway: p}}}}
facilities:
  fa: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1 hours}}}}}}
  fb: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1.25 hours}}}}}}
pathways: {{p: [{{id: a, queue: {{at: fa}}}}, {{id: b, queue: {{at: fb}}}}, {{id: end, outcome: done}}]}}
""" + ENDS, 40, 1000, 60), IN_SYSTEM),
    "A38": lambda: events(jackson(), "served", "fa") / days_kept(jackson()) / 24,
    "A39": lambda: mean_stock(jackson(), IN_SYSTEM) / 4,
    "A41": finite_sources,
    "A44": lambda: stay_of(run(desks(poisson(0.6) + ", batch: 3"), 40, YEARS, 60), "g", 14.4),
    "A46": lambda: mean_wait(run("""
groups: {g: {parties_per_day: 47, place: here, pathway: p}}
facilities: {f: {at: here, kind: gate, slots_per_day: 52, opens: "00:00"}}
""" + SERVE, 60, 300, 60), 1),
    "A49": from_empty,
    "A51": without_queues,
    "A53": risks,
}


def days_kept(r: Result) -> float:
    """Days that are recorded after the warm-up."""
    return sum((until - at).days for at, until in r.stocks.select("at", "until").unique().iter_rows())


def judge(case: str) -> tuple[float, float, float]:
    """Mean of the estimates, its standard error, and how many of these it is off."""
    values = CASES[case]()
    error = values.std(ddof=1) / math.sqrt(len(values))
    return float(values.mean()), float(error), float((values.mean() - EXACT[case]) / error)


@pytest.mark.parametrize("case", CASES)
def test_random_case(case):
    mean, error, off = judge(case)
    assert error < 0.01 * EXACT[case], "enough is simulated to tell"
    assert abs(off) < 3.5, f"{mean:.6f} +- {error:.6f}, exact {EXACT[case]}"


@pytest.mark.prove
@pytest.mark.parametrize("case", CASES)
def test_random_case_at_length(case, monkeypatch):
    monkeypatch.setitem(globals(), "TIMES", 10)
    mean, error, off = judge(case)
    assert error < 0.003 * EXACT[case]
    assert abs(off) < 3.5, f"{mean:.6f} +- {error:.6f}, exact {EXACT[case]}"


def test_arrivals_by_weekday_have_the_variance_of_a_poisson_stream():
    """A14: the variance of the count equals its mean."""
    n = weekly()
    assert abs(n.var(ddof=1) / 930 - 1) < 3.5 * math.sqrt(2 / (len(n) - 1))


def test_overloaded_desk():
    """A54: an arrival a day, services of 1.25 days; the 100th waits 24.75 days, to the last bit."""
    r = run(desks("every: 1 days", "fixed: 1.25 days"), 1, 150, records="daily_until: 2018-12-31")
    hundredth = r.waits.filter(ALL & (pl.col("joined") == date(2018, 4, 2) + timedelta(days=100)))
    assert hundredth["people"].to_list() == [1]
    assert hundredth["sum_days"].to_list() == [EXACT["A54"]]


def test_gate_with_two_slots_a_day(tmp_path):
    """A56: those who come at 0.2, 0.4, 0.9, 1.1, 1.6, 1.7 and 2.5 days pass at 1, 1, 2, 2, 3, 3 and 4."""
    tmp_path.joinpath("come.csv").write_text(
        "instant,people\n2018-04-02 04:48,1\n2018-04-02 09:36,1\n2018-04-02 21:36,1\n2018-04-03 02:24,1\n"
        "2018-04-03 14:24,1\n2018-04-03 16:48,1\n2018-04-04 12:00,1\n", encoding="utf-8")
    r = simulate(tmp_path, """
groups: {g: {arrivals: come.csv, place: here, pathway: p}}
facilities: {f: {at: here, kind: gate, slots_per_day: 2, opens: "00:00"}}
""" + SERVE)
    assert flow(r, "served:f") == {"2018-04-03": 2, "2018-04-04": 2, "2018-04-05": 2, "2018-04-06": 1}
    assert waits(r, "f")["served"] == (7, pytest.approx((1 + 1 + 2 + 2 + 3 + 3 + 4) - 8.4, abs=1e-12))


LITTLE = {
    "desks": "kind: desks, staff: 2, service: {gamma: {mean: 3 hours, shape: 0.7}}",
    "closing": 'kind: desks, staff: 2, service: {pert: {low: 1 hours, mode: 2 hours, high: 9 hours}}, hours: "08:00-17:00"',
    "random": "kind: desks, order: random, staff: 2, service: {hyperexponential: {means: [1 hours, 9 hours], shares: [0.7, 0.3]}}",
    "batches": "kind: desks, staff: 1, service: {gamma: {mean: 3 hours, shape: 0.7}}, batch: {size: 5, at_least: 3, waits_at_most: 6 hours}",
    "people in batches": 'kind: desks, per: person, staff: 1, service: 4 hours, batch: {size: 7}, hours: "mon,thu 08:00-17:00"',
    "turns": 'kind: gate, slots_per_day: 40, opens: "08:00", order: longest_waiting_group, order_by: party_type, overtake: true',
    "vehicles": 'kind: departures, seats: 9, leaves: ["08:00", "20:00"], vehicles: 2, when_full: true, at_least: 1',
    "gate": 'kind: gate, slots_per_day: 20, opens: ["08:00", "15:00"]',
}


@pytest.mark.parametrize("facility", LITTLE.values(), ids=LITTLE)
def test_littles_law(tmp_path, facility):
    """A57: over a run that begins and ends empty, people waiting summed over time are the waits summed over people."""
    r = simulate(tmp_path, f"""
end: 2019-12-31
groups: {{g: {{parties_per_day: 12, until: 2018-07-01, batch: 2, parties: {{1: 0.5, 3: rest}}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, {facility}}}}}
""" + SERVE)
    assert total(r, "ended:done") == total(r, "set_out:g") > 1000
    assert area(r, "waiting:f") == pytest.approx(waits(r, "f")["served"][1], rel=1e-9)


if __name__ == "__main__":
    TIMES = int((*sys.argv[1:], 1)[0])
    began = time.perf_counter()
    for name in CASES:  # pragma: no cover
        start = time.perf_counter()
        mean, error, off = judge(name)
        print(f"{name} {mean:12.6f} exact {EXACT[name]:12.6f}  se {100 * error / EXACT[name]:5.2f} %  off {off:+5.2f} se"
              f"  {time.perf_counter() - start:5.1f} s", flush=True)
    print(f"{time.perf_counter() - began:.0f} s")
