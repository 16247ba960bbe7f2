"""Waiting rooms, random order, preemption, closing, shifts and holidays: exact traces, and theory where it is known."""

# ruff: noqa: E501

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest

from engine_kit import area, day, flow, hours, simulate, stock, total, waits, write
from posada.scenario import ScenarioErrors, load

END = "outcomes: {done: {}, gone: {}}\n"
QUEUE = "pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}, {id: out, outcome: gone}]}\n" + END
REFUSED = QUEUE.replace("at: f", "at: f, refused_to: out")


def together(people, when="2018-04-02 10:00", more=""):
    return f"groups: {{g: {{people: {people}, place: here, date: {when}, pathway: p{more}}}}}\n"


# --- waiting rooms -----------------------------------------------------------------------------------------------

def test_who_finds_the_waiting_room_full_is_refused_at_once(tmp_path):
    r = simulate(tmp_path, together(7) + "facilities: {f: {at: here, kind: desks, staff: 1, service: 2 hours, waiting_room: 3}}\n" + REFUSED)
    assert total(r, "joined:f") == 7
    assert total(r, "served:f") == 4
    assert total(r, "refused:f") == total(r, "ended:gone") == 3
    assert waits(r, "f") == {"served": (4, pytest.approx((2 + 4 + 6) / 24)), "refused": (3, 0.0)}


def test_nobody_waits_in_a_room_of_none(tmp_path):
    r = simulate(tmp_path, together(5) + "facilities: {f: {at: here, kind: desks, staff: 2, service: 2 hours, waiting_room: 0}}\n" + REFUSED)
    assert (total(r, "served:f"), total(r, "refused:f")) == (2, 3)


def test_a_waiting_room_counts_people_where_the_facility_does(tmp_path):
    gate = 'facilities: {f: {at: here, kind: gate, slots_per_day: 9, opens: "12:00", waiting_room: 7}}\n'
    r = simulate(tmp_path, together(12, more=", parties: {3: 1}") + gate + REFUSED)
    assert (total(r, "served:f"), total(r, "refused:f")) == (6, 6)


def test_a_holding_may_have_a_waiting_room(tmp_path):
    r = simulate(tmp_path, together(6) + """
facilities: {f: {at: here, kind: holding, places: 2, waiting_room: 1}}
pathways: {p: [{id: in, hold: {in: f, refused_to: out}}, {id: w, wait: {for: 1 days}}, {id: end, outcome: done}, {id: out, outcome: gone}]}
""" + END)
    assert (total(r, "served:f"), total(r, "refused:f")) == (3, 3)
    assert waits(r, "f")["served"] == (3, pytest.approx(1))


def test_of_several_queues_a_full_one_is_passed_over(tmp_path):
    r = simulate(tmp_path, together(6) + """
facilities:
  f: {at: here, kind: desks, staff: 1, service: 2 hours, waiting_room: 0}
  h: {at: here, kind: desks, staff: 1, service: 2 hours, waiting_room: 2}
pathways: {p: [{id: q, queue: {at: [f, h], refused_to: out}}, {id: end, outcome: done}, {id: out, outcome: gone}]}
""" + END)
    assert (total(r, "served:f"), total(r, "served:h"), total(r, "ended:gone")) == (1, 3, 2)


# --- random order ------------------------------------------------------------------------------------------------

def test_in_random_order_everyone_is_as_likely_to_be_next(tmp_path):
    """M/M/1: the mean wait is that of first come first served, and E[W^2] is 2 / (2 - rho) times as large (Kingman)."""
    text = f"""
end: 2026-12-31
record: {{daily_until: 2018-04-02, warm_up: 30 days}}
groups: {{g: {{parties_per_day: {0.8 * 24}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1 hours}}}}, order: random}}}}
""" + QUEUE
    r = simulate(tmp_path, text, replicates=40)
    rows = r.waits.filter((pl.col("attribute") == "all") & (pl.col("ended") == "served"))
    means = rows.group_by("replicate").agg((pl.col("sum_days").sum() / pl.col("people").sum() * 24).alias("v"))["v"].to_numpy()
    error = means.std(ddof=1) / math.sqrt(len(means))
    assert error < 0.04
    assert abs(means.mean() - 4.0) < 3.5 * error
    # share of waits over one day: 0.8 exp(-0.2 x 24) = 0.0066 in order; the random order has the longer tail
    over = rows.filter(pl.col("bin_days") >= 1)["people"].sum() / rows["people"].sum()
    assert over > 1.5 * 0.8 * math.exp(-0.2 * 24)


def test_of_four_who_wait_each_is_first_as_often_as_last(tmp_path):
    text = """
attributes: {colour: [red, blue]}
record: {by: [colour]}
groups: {a: {people: 1, place: here, date: 2018-04-02 10:00, pathway: p, attributes: {colour: {red: 1}}}, b: {people: 3, place: here, date: 2018-04-02 10:00, pathway: p, attributes: {colour: {blue: 1}}}}
facilities: {f: {at: here, kind: gate, slots_per_day: 1, opens: "12:00", order: random}}
""" + QUEUE
    r = simulate(tmp_path / "b", text, replicates=2000)
    rows = r.flows.filter((pl.col("event") == "served") & (pl.col("level") == "red"))
    n = rows.group_by("from").agg(pl.col("people").sum()).sort("from")["people"].to_numpy()
    assert len(n) == 4
    assert np.all(np.abs(n - 500) < 3.5 * math.sqrt(2000 * 0.25 * 0.75))


def test_a_party_that_is_added_changes_nobodys_lot(tmp_path):
    text = 'facilities: {f: {at: here, kind: gate, slots_per_day: 1, opens: "12:00", order: random}}\nrecord: {by: [group]}\n' + QUEUE
    few = simulate(tmp_path / "a", "groups: {g: {people: 4, place: here, date: 2018-04-02, pathway: p}, h: {people: 4, place: here, date: 2018-04-02, pathway: p}}\n" + text)
    more = simulate(tmp_path / "b", "groups: {g: {people: 4, place: here, date: 2018-04-02, pathway: p}, h: {people: 4, place: here, date: 2018-04-02, pathway: p}, i: {people: 1, place: here, date: 2018-04-02, pathway: p}}\n" + text)

    def order(r):
        return [next(g for g in ("g", "h", "i") if flow(r, "served:f", f"group={g}").get(day(k))) for k in range(8)]

    assert [g for g in order(more) if g != "i"][:7] == order(few)[:7]


# --- the newest first --------------------------------------------------------------------------------------------

THREE = """
groups:
  a: {people: 2, place: here, date: 2018-04-02 10:00, pathway: p}
  b: {people: 1, place: here, date: 2018-04-02 11:00, pathway: p}
  c: {people: 1, place: here, date: 2018-04-02 13:00, pathway: p}
facilities: {f: {at: here, kind: desks, staff: 1, service: 4 hours, newest_first: FIRST}}
policies: {oldest: [{set: facilities.f.newest_first, to: 0, from: 2018-04-02}], newest: [{set: facilities.f.newest_first, to: 1}]}
""" + QUEUE


@pytest.mark.parametrize(
    ("first", "policy", "waited"),
    [
        # 10:00 a; 14:00 c (13:00); 18:00 b (11:00); 22:00 the other a
        ("1", (), {"a": 12, "b": 7, "c": 1}),
        # 10:00 a, 14:00 a, 18:00 b, 22:00 c
        ("0", (), {"a": 4, "b": 7, "c": 9}),
        ("1", "oldest", {"a": 4, "b": 7, "c": 9}),
        ("0", "newest", {"a": 12, "b": 7, "c": 1}),
    ],
)
def test_the_newest_first_is_a_trace_by_hand(tmp_path, first, policy, waited):
    r = simulate(tmp_path, THREE.replace("FIRST", first), policy=policy)
    assert {g: 24 * area(r, "waiting:f", f"group={g}") for g in "abc"} == pytest.approx(waited)


def test_the_order_of_those_in_line_turns_at_a_date(tmp_path):
    """Services at 00:00 of 2 April (a), 3 April (the newest: c) and, the oldest first again, 4 (a) and 5 April (b)."""
    r = simulate(tmp_path, """
groups:
  a: {people: 2, place: here, date: 2018-04-02 00:00, pathway: p}
  b: {people: 1, place: here, date: 2018-04-02 01:00, pathway: p}
  c: {people: 1, place: here, date: 2018-04-02 02:00, pathway: p}
facilities: {f: {at: here, kind: desks, staff: 1, service: 24 hours, newest_first: [{value: 1}, {from: 2018-04-04, value: 0}]}}
""" + QUEUE)
    served = {g: list(flow(r, "served:f", f"group={g}")) for g in "abc"}
    assert served == {"a": [day(0), day(2)], "b": [day(3)], "c": [day(1)]}


def test_the_newest_first_leaves_the_mean_wait_and_widens_it(tmp_path):
    """M/M/1: the mean wait is that of first come first served; E[W^2] is 1 / (1 - rho) times as large (Riordan)."""
    text = f"""
end: 2024-12-31
record: {{daily_until: 2018-04-02, warm_up: 30 days}}
groups: {{g: {{parties_per_day: {0.5 * 24}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: 1, service: {{exponential: {{mean: 1 hours}}}}, newest_first: FIRST}}}}
""" + QUEUE
    means, long = {}, {}
    for first in "01":
        r = simulate(tmp_path / first, text.replace("FIRST", first), replicates=8)
        rows = r.waits.filter((pl.col("attribute") == "all") & (pl.col("ended") == "served"))
        means[first] = 24 * rows["sum_days"].sum() / rows["people"].sum()
        long[first] = rows.filter(pl.col("bin_days") >= 0.25)["people"].sum() / rows["people"].sum()
    assert means["0"] == pytest.approx(1.0, abs=0.03)
    assert means["1"] == pytest.approx(means["0"], abs=0.01)
    assert long["0"] == pytest.approx(0.5 * math.exp(-0.5 * 6), abs=0.002)
    assert long["1"] > 1.3 * long["0"]


def test_the_newest_first_goes_with_no_other_order(tmp_path):
    text = together(1) + "facilities: {f: {at: here, kind: desks, staff: 1, service: 2 hours, newest_first: 1, order: random}}\n" + QUEUE
    with pytest.raises(ScenarioErrors, match="'newest_first' goes with neither 'order' nor 'batch'"):
        load(write(tmp_path, text))


# --- preemption --------------------------------------------------------------------------------------------------

PREEMPT = """
groups:
  a: {people: 1, place: here, date: 2018-04-02 12:00, pathway: p}
  b: {people: 1, place: here, date: 2018-04-02 10:00, pathway: p}
  c: {people: 1, place: here, date: 2018-04-02 11:00, pathway: p}
facilities: {f: {at: here, kind: desks, staff: STAFF, service: 6 hours, priority: [group == a], preempt: true}}
""" + QUEUE


def test_a_better_class_interrupts_and_the_rest_is_done_later(tmp_path):
    # b 10-12, a 12-18, b 18-22, c 22-28
    r = simulate(tmp_path, PREEMPT.replace("STAFF", "1"))
    assert total(r, "interrupted:f") == total(r, "interrupted:f", "group=b") == 1
    assert waits(r, "f", "group=a")["served"] == (1, 0.0)
    assert waits(r, "f", "group=b")["served"] == (1, 0.0)
    assert hours(area(r, "waiting:f", "group=b")) == pytest.approx(6)
    assert waits(r, "f", "group=c")["served"] == (1, pytest.approx(11 / 24))
    assert hours(area(r, "in_service:f", "group=b")) == pytest.approx(6)
    assert total(r, "served:f") == 3
    assert r.busy.select("periods", "sum_days").rows() == [(1, pytest.approx(18 / 24))]


def test_the_latest_started_is_interrupted(tmp_path):
    # b 10-16; c 11-12, 16-21; a 12-18
    r = simulate(tmp_path, PREEMPT.replace("STAFF", "2"))
    assert total(r, "interrupted:f", "group=c") == total(r, "interrupted:f") == 1
    assert hours(area(r, "waiting:f", "group=c")) == pytest.approx(4)


def test_beds_are_kept_by_whoever_is_interrupted(tmp_path):
    r = simulate(tmp_path, PREEMPT.replace("STAFF", "1").replace("facilities: {", "facilities: {s: {at: here, kind: beds, beds: 9}, ").replace(
        "[{id: q", "[{id: s, stay: {in: s}}, {id: q"))
    assert hours(area(r, "occupied:s", "group=b")) == pytest.approx(12)


def test_preemption_gives_both_classes_the_time_of_theory(tmp_path):
    """M/M/1, preemptive resume: W1 = 1 / (1 - 0.2), W2 = 1 / ((1 - 0.2) (1 - 0.8))."""
    r = simulate(tmp_path, """
end: 2026-12-31
record: {daily_until: 2018-04-02, warm_up: 30 days}
groups: {a: {parties_per_day: 4.8, place: here, pathway: p}, b: {parties_per_day: 14.4, place: here, pathway: p}}
facilities: {f: {at: here, kind: desks, staff: 1, service: {exponential: {mean: 1 hours}}, priority: [group == a], preempt: true}}
""" + QUEUE, replicates=30)
    for group, theory in (("a", 1.25), ("b", 6.25)):
        rows = r.stocks.filter((pl.col("state") == "in_stage") & (pl.col("level") == group)).with_columns(
            (pl.col("until") - pl.col("at")).dt.total_days().alias("days"))
        out = r.outcomes.filter(pl.col("level") == group).group_by("replicate").agg(pl.col("people").sum()).sort("replicate")["people"].to_numpy()
        stay = rows.group_by("replicate").agg((pl.col("people_mean") * pl.col("days")).sum().alias("v")).sort("replicate")["v"].to_numpy() / out * 24
        error = stay.std(ddof=1) / math.sqrt(len(stay))
        assert error < 0.01 * theory
        assert abs(stay.mean() - theory) < 3.5 * error


# --- hours, shifts, holidays -------------------------------------------------------------------------------------

def test_at_closing_services_stop_and_go_on_at_the_next_opening(tmp_path):
    text = together(3, "2018-04-02 15:00") + 'facilities: {f: {at: here, kind: desks, staff: 2, service: 2 hours, hours: "mon-fri 08:00-16:00", at_closing: interrupt}}\n' + QUEUE
    r = simulate(tmp_path, text)
    # two from 15:00 to 16:00 and from 08:00 to 09:00; the third from 09:00 to 11:00
    assert flow(r, "interrupted:f") == {day(0): 2}
    assert flow(r, "served:f") == {day(0): 2, day(1): 1}
    assert waits(r, "f")["served"] == (3, pytest.approx(18 / 24))
    assert hours(area(r, "in_service:f")) == pytest.approx(6)
    assert hours(area(r, "active:chain")) == pytest.approx(18 + 18 + 20)


def test_a_service_that_ends_as_the_desks_close_is_done(tmp_path):
    r = simulate(tmp_path, together(1, "2018-04-02 14:00") + 'facilities: {f: {at: here, kind: desks, staff: 2, service: 2 hours, hours: "08:00-16:00", at_closing: interrupt}}\n' + QUEUE)
    assert total(r, "interrupted:f") == 0
    assert hours(area(r, "active:chain")) == pytest.approx(2)


SHIFTS = 'shifts: [{hours: "08:00-14:00", staff: 2}, {hours: "12:00-18:00", staff: 1}]'


def test_shifts_add_up(tmp_path):
    r = simulate(tmp_path, together(9, "2018-04-02") + f"facilities: {{f: {{at: here, kind: desks, service: 4 hours, {SHIFTS}}}}}\n" + QUEUE)
    # day 0: two at 08:00, three at 12:00 (two of them go on past 14:00), one at 16:00; then 08:00 the next day, two, one at 12:00
    assert flow(r, "served:f") == {day(0): 6, day(1): 3}
    assert stock(r, "in_service:f", column="people_max")[day(0)] == 3


def test_the_end_of_a_shift_may_interrupt(tmp_path):
    r = simulate(tmp_path, together(9, "2018-04-02") + f"facilities: {{f: {{at: here, kind: desks, service: 4 hours, at_closing: interrupt, {SHIFTS}}}}}\n" + QUEUE)
    # a, b 08-12; c, d, e 12-14; d and e are interrupted with 2 h left; c ends at 16:00, d at 18:00 as the shift ends
    # e 08-10, f 08-12, g 10-14 (as the shift ends); h, i 12-14, i is interrupted, h goes on to 16:00, i to 18:00
    assert flow(r, "interrupted:f") == {day(0): 2, day(1): 1}
    assert flow(r, "ended:done") == {day(0): 4, day(1): 5}


def test_a_policy_may_change_the_staff_of_a_shift(tmp_path):
    text = together(9, "2018-04-02") + f"facilities: {{f: {{at: here, kind: desks, service: 4 hours, {SHIFTS}}}}}\n" + QUEUE
    r = simulate(tmp_path, text, sets=["facilities.f.shifts.1.staff=3"])
    assert flow(r, "served:f")[day(0)] == 8
    r = simulate(tmp_path / "b", text + "policies: {p: [{set: facilities.f.shifts.1.staff, to: 4, from: 2018-04-02 09:00}]}\n", policy="p")
    assert flow(r, "served:f")[day(0)] == 9


def test_on_holidays_nothing_is_served(tmp_path):
    for k, facility in enumerate(('kind: desks, staff: 1, service: 24 hours, holidays: [2018-04-03, 2018-04-05], at_closing: finish',
                                  'kind: gate, slots_per_day: 1, opens: "00:00", holidays: [2018-04-03, 2018-04-05]',
                                  'kind: docket, cases_per_day: 1, opens: "00:00", days: mon-sun, holidays: [2018-04-03, 2018-04-05]',
                                  'kind: desks, service: 24 hours, shifts: [{hours: always, staff: 1}], holidays: [2018-04-03, 2018-04-05]')):
        r = simulate(tmp_path / str(k), together(4, "2018-04-02") + f"facilities: {{f: {{at: here, {facility}}}}}\n" + QUEUE)
        assert not {day(1), day(3)} & set(flow(r, "served:f")), facility
        assert total(r, "served:f") == 4


@pytest.mark.parametrize(("facility", "queue", "told"), [
    ("kind: desks, staff: 1, service: 1 hours, waiting_room: 2", "at: f", "needs 'refused_to'"),
    ("kind: desks, staff: 1, service: 1 hours", "at: f, refused_to: out", "has none"),
    ("kind: desks, staff: 1, service: 1 hours, preempt: true", "at: f", "needs 'priority'"),
    ("kind: desks, service: 1 hours", "at: f", "one of 'staff' and 'shifts'"),
    ("kind: desks, service: 1 hours, staff: 1, at_closing: interrupt", "at: f", "'at_closing' needs"),
    ("kind: desks, service: 1 hours, staff: 1, order: lifo", "at: f", "cannot be 'lifo'"),
    ("kind: desks, service: 1 hours, staff: 1, holidays: [christmas]", "at: f", "not a date"),
    ('kind: desks, service: 1 hours, shifts: [{hours: "08:00-12:00"}]', "at: f", "needs the key 'staff'"),
])
def test_mistakes_are_told(tmp_path, facility, queue, told):
    write(tmp_path, together(1) + f"facilities: {{f: {{at: here, {facility}}}}}\n" + QUEUE.replace("at: f", queue))
    with pytest.raises(ScenarioErrors, match=told):
        load(tmp_path)
