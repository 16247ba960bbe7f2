"""Numbers in time: dated lists, policies, expressions, streams, records."""

# ruff: noqa: E501

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from engine_kit import area, day, flow, simulate, stock, total

END = "outcomes: {done: {}, left: {}}\n"
LINE = """
groups: {g: {people: 100, place: here, date: 2018-04-02, pathway: p}}
pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}]}
""" + END


def slots(numbers: str, more: str = "") -> str:
    return LINE + more + f'facilities: {{f: {{at: here, kind: gate, opens: "07:00", slots_per_day: {numbers}}}}}\n'


def served(tmp_path, text, **how) -> list[int]:
    found = flow(simulate(tmp_path, text, **how), "served:f")
    return [found.get(day(n), 0) for n in range(10)]


@pytest.mark.parametrize(("numbers", "more", "expected"), [
    ("[{value: 1}, {from: 2018-04-04, value: 3}, {from: 2018-04-07, value: 0}]", "", [1, 1, 3, 3, 3, 0, 0, 0, 0, 0]),
    ("n", "quantities: {n: [{value: 2}, {from: 2018-04-05, value: 4}]}\n", [2, 2, 2, 4, 4, 4, 4, 4, 4, 4]),
    # a named quantity within a dated list: its later values end where the next entry begins
    ("[{value: n}, {from: 2018-04-06, value: 1}]", "quantities: {n: [{value: 2}, {from: 2018-04-05, value: 4}, "
     "{from: 2018-04-08, value: 9}]}\n", [2, 2, 2, 4, 1, 1, 1, 1, 1, 1]),
    ("[{value: 1}, {from: 2018-04-06, value: n}]", "quantities: {n: [{value: 2}, {from: 2018-04-05, value: 4}, "
     "{from: 2018-04-08, value: 9}]}\n", [1, 1, 1, 1, 4, 4, 9, 9, 9, 9]),
    ("2.5", "", [3] * 10),
    ("2.4999", "", [2] * 10),
])
def test_dated_lists(tmp_path, numbers, more, expected):
    assert served(tmp_path, slots(numbers, more)) == expected


@pytest.mark.parametrize(("changes", "expected"), [
    ("{set: facilities.f.slots_per_day, to: 5, from: 2018-04-04, until: 2018-04-06}", [2, 2, 5, 5, 2, 2, 3, 3, 3, 3]),
    ("{multiply: facilities.f.slots_per_day, by: 2, from: 2018-04-07}", [2, 2, 2, 2, 2, 4, 6, 6, 6, 6]),
    ("{add: facilities.f.slots_per_day, by: -2, until: 2018-04-09}", [0, 0, 0, 0, 0, 0, 1, 3, 3, 3]),
    ("{add: facilities.f.slots_per_day, by: -9}", [0] * 10),
    ("{set: facilities.f.slots_per_day, to: 4}, {multiply: facilities.f.slots_per_day, by: 0.5, from: 2018-04-05}",
     [4, 4, 4, 2, 2, 2, 2, 2, 2, 2]),
    ("{multiply: facilities.f.slots_per_day, by: 0.5}, {set: facilities.f.slots_per_day, to: 4, from: 2018-04-05}",
     [1, 1, 1, 4, 4, 4, 4, 4, 4, 4]),
    ("{set: facilities.f.slots_per_day, to: dated}", [1, 1, 1, 6, 6, 6, 6, 6, 6, 6]),
    ("{set: facilities.f.slots_per_day, to: [{value: 7}, {from: 2018-04-05, value: 0}]}", [7, 7, 7] + [0] * 7),
    ("{multiply: quantities.n, by: 2}", [4, 4, 4, 4, 4, 4, 3, 3, 3, 3]),
])
def test_changes_of_policies_apply_in_order_within_their_dates(tmp_path, changes, expected):
    quantities = "quantities: {n: 2, dated: [{value: 1}, {from: 2018-04-05, value: 6}]}\n"
    text = slots("[{value: n}, {from: 2018-04-08, value: 3}]", quantities) + f"policies: {{x: [{changes}]}}\n"
    assert served(tmp_path, text, policy="x") == expected


CHOOSE = """
groups: {g: {people: 9, place: here, date: 2018-04-02, pathway: p}}
quantities: {want: [{value: -99}, {from: 2018-04-06, value: 99}]}
pathways:
  p:
    - id: c
      choose:
        yes-please: {utility: %s, then: end}
        not-yet: {utility: 0, then: w}
    - {id: w, wait: {for: 1 days}, then: c}
    - {id: end, outcome: done}
""" + END


@pytest.mark.parametrize(("utility", "changes", "first"), [
    ("want", "", 4),
    ('"want + 0 * people"', "", 4),
    ('[{value: "people * 0 - 60"}, {from: 2018-04-05, value: 60}]', "", 3),
    ('"0 * people - 60"', "{set: pathways.p.c.choose.yes-please.utility, to: 60, from: 2018-04-04}", 2),
    ('"0 * people - 60"', "{set: pathways.p.c.choose.yes-please.utility, to: '60 * people', from: 2018-04-04}", 2),
    ("-60", "{set: pathways.p.c.choose.yes-please.utility, to: '60 * people', from: 2018-04-04}", 2),
    ('"0 * people - 60"', "{multiply: pathways.p.c.choose.yes-please.utility, by: 0, from: 2018-04-08}, "
     "{add: pathways.p.c.choose.yes-please.utility, by: 61, from: 2018-04-08}", 6),
    ('"60 * people"', "{add: pathways.p.c.choose.yes-please.utility, by: -600, until: 2018-04-05}", 3),
    ('"60 * people"', "{set: pathways.p.c.choose.yes-please.utility, to: '-60 * people', until: 2018-04-05}", 3),
])
def test_expressions_in_time(tmp_path, utility, changes, first):
    policies = f"policies: {{x: [{changes}]}}\n" if changes else ""
    r = simulate(tmp_path, CHOOSE % utility + policies, policy="x" if changes else ())
    assert flow(r, "ended:done") == {day(first): 9}


def test_a_change_never_makes_time_run_backwards(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 4, place: here, date: 2018-04-02, pathway: p}}
pathways: {p: [{id: go, travel: {to: there, takes: 1 days, pace: {fixed: 1}}}, {id: w, wait: {for: 1 days}}, {id: end, outcome: done}]}
policies: {x: [{add: pathways.p.go.travel.pace, by: -5}]}
""" + END, policy="x")
    assert flow(r, "ended:done") == {day(1): 4}


@pytest.mark.parametrize(("chance", "first"), [
    ("1", 1), ("0", None), ("[{value: 0}, {from: 2018-04-05, value: 1}]", 3),
    ("[{value: 1}, {from: 2018-04-02 , value: 0}, {from: 2018-04-06, value: 1}]", 4),
])
def test_daily_chance_follows_its_dated_list(tmp_path, chance, first):
    r = simulate(tmp_path, f"""
groups: {{g: {{people: 50, place: here, date: 2018-04-02 08:00, pathway: p}}}}
pathways: {{p: [{{id: w, wait: {{for: {{daily_chance: {chance}}}}}}}, {{id: end, outcome: done}}]}}
""" + END)
    assert flow(r, "ended:done") == ({} if first is None else {day(first): 50})


def test_daily_chance_is_geometric(tmp_path):
    r = simulate(tmp_path, """
end: 2018-08-01
groups: {g: {people: 40000, place: here, date: 2018-04-02 08:00, pathway: p}}
pathways: {p: [{id: w, wait: {for: {daily_chance: [{value: 0.1}, {from: 2018-04-05, value: 0.4}]}}}, {id: end, outcome: done}]}
""" + END)
    ended = flow(r, "ended:done")
    left = 40000
    # trials at 08:00 of days 1 and 2 with 0.1; from day 3 on with 0.4
    for n, p in ((1, 0.1), (2, 0.1), (3, 0.4), (4, 0.4), (5, 0.4)):
        assert abs(ended[day(n)] - left * p) < 4 * math.sqrt(left * p * (1 - p))
        left -= ended[day(n)]


# --- streams -----------------------------------------------------------------------------------------------------

def stream(keys: str, end: str = "2018-04-11") -> str:
    return f"""
end: {end}
groups: {{g: {{place: here, pathway: p, {keys}}}}}
pathways: {{p: [{{id: w, wait: {{for: 1 hours}}}}, {{id: end, outcome: done}}]}}
""" + END


@pytest.mark.parametrize(("keys", "expected"), [
    ("people_per_day: 400", [400] * 10),
    ("people_per_day: 400, from: 2018-04-05, until: 2018-04-07", [0, 0, 0, 400, 400] + [0] * 5),
    ("people_per_day: 400, from: 2018-03-01", [400] * 10),
    ("people_per_day: [{value: 0}, {from: 2018-04-06, value: 400}]", [0] * 4 + [400] * 6),
    ("people_per_day: [{value: 400}, {from: 2018-04-06, value: 0}, {from: 2018-04-08, value: 100}]",
     [400] * 4 + [0, 0] + [100] * 4),
    ("people_per_day: [{value: 400}, {from: 2018-04-06, value: 100}], from: 2018-04-04", [0, 0, 400, 400] + [100] * 6),
    ("people_per_day: 900, parties: {1: 0.5, 5: 0.5}", [900] * 10),
    ("people_per_day: 400, until: 2018-04-02", [0] * 10),
    ("people_per_day: 400, from: 2019-01-01", [0] * 10),
])
def test_streams(tmp_path, keys, expected):
    found = flow(simulate(tmp_path, stream(keys)), "set_out:g")
    batches = 13 / 3 if "5:" in keys else 1.0  # variance over mean of a compound Poisson stream
    for n, mean in enumerate(expected):
        assert abs(found.get(day(n), 0) - mean) <= 4 * math.sqrt(batches * mean)


def test_nobody_sets_out_and_a_scenario_of_one_day(tmp_path):
    r = simulate(tmp_path, """
end: 2018-04-02
groups:
  none: {people: 0, place: here, date: 2018-04-02, pathway: p}
  late: {people: 3, place: here, date: 2018-04-02 23:00, pathway: p}
pathways: {p: [{id: w, wait: {for: 30 minutes}}, {id: end, outcome: done}]}
""" + END)
    assert flow(r, "set_out:late") == flow(r, "ended:done") == {day(0): 3}
    assert total(r, "set_out:none") == 0
    r = simulate(tmp_path / "nobody", """
end: 2018-04-02
groups: {none: {people: 0, place: here, date: 2018-04-02, pathway: p}}
pathways: {p: [{id: end, outcome: done}]}
""" + END)
    assert r.stocks.is_empty()
    assert r.outcomes.is_empty()


def test_a_smaller_group_is_the_first_part_of_a_larger_one(tmp_path):
    def composition(n):
        return simulate(tmp_path / str(n), f"""
record: {{by: [party_type]}}
groups: {{g: {{people: {n}, place: here, date: 2018-04-02, pathway: p, parties: {{1: 0.6, 3: 0.4}}, sex_and_age: {{men_18_59: 0.5, girls_0_4: 0.5}}}}}}
pathways: {{p: [{{id: w, wait: {{for: {{exponential: {{mean: 3 days}}}}}}}}, {{id: end, outcome: done}}]}}
""" + END)
    small, large = composition(200), composition(400)
    for n in range(10):
        for kind in ("men", "children", "families"):
            assert flow(small, "ended:done", f"party_type={kind}").get(day(n), 0) <= flow(
                large, "ended:done", f"party_type={kind}").get(day(n), 0)


# --- records -----------------------------------------------------------------------------------------------------

def test_daily_then_weekly_then_monthly_records_of_the_same_run(tmp_path):
    text = """
end: 2018-08-31
groups: {g: {people_per_day: 20, place: here, pathway: p}}
pathways: {p: [{id: w, wait: {for: {exponential: {mean: 9 days}}}}, {id: end, outcome: done}]}
""" + END
    fine = simulate(tmp_path / "a", text)
    coarse = simulate(tmp_path / "b", "record: {daily_until: 2018-04-09, weekly_until: 2018-04-30, warm_up: 3 days}\n" + text)
    starts = list(flow(coarse, "set_out:g"))
    assert starts == ["2018-04-05", "2018-04-06", "2018-04-07", "2018-04-08", "2018-04-09", "2018-04-10", "2018-04-17",
                      "2018-04-24", "2018-05-01", "2018-06-01", "2018-07-01", "2018-08-01"]
    daily = flow(fine, "set_out:g")
    assert flow(coarse, "set_out:g") == {
        start: sum(n for d, n in daily.items() if start <= d < end)
        for start, end in zip(starts, [*starts[1:], "2018-09-01"], strict=True)}
    rows = fine.stocks.filter((fine.stocks["where"] == "here") & (fine.stocks["attribute"] == "all")).sort("at")
    june = rows.filter(rows["at"].is_between(date(2018, 6, 1), date(2018, 6, 30)))
    assert stock(coarse, "present:here", column="people_mean")["2018-06-01"] == pytest.approx(june["people_mean"].mean(), rel=1e-12)
    assert stock(coarse, "present:here", column="people_max")["2018-06-01"] == june["people_max"].max()
    assert stock(coarse, "present:here")["2018-06-01"] == stock(fine, "present:here")["2018-06-30"]


def test_the_mean_and_the_most_within_an_interval(tmp_path):
    r = simulate(tmp_path, """
groups:
  a: {people: 6, place: here, date: 2018-04-03 06:00, pathway: p}
  b: {people: 3, place: here, date: 2018-04-03 12:00, pathway: p}
pathways: {p: [{id: w, wait: {for: 9 hours}}, {id: end, outcome: done}]}
""" + END)
    assert stock(r, "present:here", column="people_mean") == {day(1): pytest.approx(81 / 24)}
    assert stock(r, "present:here", column="people_max") == {day(1): 9}
    assert stock(r, "active:chain", "group=b", "people_max") == {day(1): 3}
    assert area(r, "in_stage:p") == pytest.approx(81 / 24)


# --- ignorance ---------------------------------------------------------------------------------------------------

def test_uncertain_numbers_have_their_median_and_percentiles_and_one_z(tmp_path):
    r = simulate(tmp_path, """
end: 2018-04-02
quantities:
  some: {value: 60, low: 20, high: 100}
  line: {value: 6, low: -2, high: 10}
  part: {value: 0.8, low: 0.5, high: 0.9}
groups: {g: {people: 1, place: here, date: 2018-04-02, pathway: p}}
facilities:
  f: {at: here, kind: gate, opens: "07:00", slots_per_day: some}
pathways:
  p:
    - {id: b, branch: {q: part, end: rest}}
    - {id: c, choose: {q: {utility: line}, end: {utility: 0}}}
    - {id: q, queue: {at: f}}
    - {id: end, outcome: done}
""" + END, replicates=4000)
    for name, (low, value, high) in {"some": (20, 60, 100), "line": (-2, 6, 10), "part": (0.5, 0.8, 0.9)}.items():
        rows = r.quantities.filter(r.quantities["path"] == f"quantities.{name}")
        z, x = rows["z"].to_numpy(), rows["value"].to_numpy()
        assert np.all(np.diff(x[np.argsort(z)]) >= 0)
        for q, wanted in ((0.05, low), (0.5, value), (0.95, high)):
            assert abs(np.mean(x < wanted) - q) < 4 * math.sqrt(q * (1 - q) / 4000)
