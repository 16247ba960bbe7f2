"""Exact traces by hand: desks, gates, background, departures, giving up."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from engine_kit import area, day, flow, hours, simulate, stock, total, waits

END = "outcomes: {done: {}, left: {}}\n"
QUEUE = """
pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}]}
"""


def together(people, when="2018-04-02 10:00", sizes="{1: 1}"):
    return f"groups: {{g: {{people: {people}, place: here, date: {when}, pathway: p, parties: {sizes}}}}}\n"


# --- desks -------------------------------------------------------------------------------------------------------

def test_desks_serve_first_come_first_within_hours_and_finish_whom_they_began(tmp_path):
    # From 15:30 two officers take two hours each: 15:30 to 17:30 (past closing); the others from 08:00 on Tuesday.
    r = simulate(tmp_path, together(5, "2018-04-02 15:30") + """
facilities: {f: {at: here, kind: desks, staff: 2, service: {fixed: 2 hours}, hours: "mon-fri 08:00-16:00"}}
""" + QUEUE + END)
    assert flow(r, "served:f") == {day(0): 2, day(1): 3}
    assert hours(area(r, "waiting:f")) == pytest.approx(2 * 16.5 + 18.5)
    assert hours(area(r, "in_service:f")) == pytest.approx(5 * 2)
    assert waits(r, "f") == {"served": (5, pytest.approx((2 * 16.5 + 18.5) / 24))}
    assert stock(r, "waiting:f", column="people_max") == {day(0): 3, day(1): 3}


def test_a_desk_per_person_takes_the_sum_of_one_service_per_member(tmp_path):
    r = simulate(tmp_path, together(6, sizes="{3: 1}") + """
facilities: {f: {at: here, kind: desks, per: person, staff: 1, service: {fixed: 1 hours}}}
""" + QUEUE + END)
    assert hours(area(r, "in_service:f")) == pytest.approx(3 * 3 + 3 * 3)
    assert hours(area(r, "waiting:f")) == pytest.approx(3 * 3)


def test_members_have_draws_of_their_own_even_with_erlang_services(tmp_path):
    """The sum of n independent Erlang services has variance n times that of one (a clash of draws gives more)."""
    r = simulate(tmp_path, """
end: 2018-06-30
record: {daily_until: 2018-04-02, weekly_until: 2018-04-02}
groups: {g: {people_per_day: 1000, place: here, pathway: p, parties: {2: 1}}}
facilities:
  f: {at: here, kind: desks, per: person, staff: 100000, service: {erlang: {mean: 1 days, stages: 2}}}
  g: {at: here, kind: desks, staff: 100000, service: {fixed: 0 days}}
pathways:
  p:
    - id: w
      wait: {for: 0 days}
    - {id: q, queue: {at: f, gives_up_at: 2019-01-01, gives_up_to: end}}
    - {id: end, outcome: done}
""" + END)
    # People in service are 1000 a day times the mean sum of two services, 2 days.
    means = stock(r, "in_service:f", column="people_mean")
    assert means["2018-05-01"] == pytest.approx(2000, rel=0.03)


def test_more_staff_take_more_at_once_and_fewer_send_nobody_away(tmp_path):
    r = simulate(tmp_path, together(6, "2018-04-02") + """
facilities:
  f: {at: here, kind: desks, service: {fixed: 2 days}, staff: [{value: 1}, {from: 2018-04-03, value: 3}, {from: 2018-04-04, value: 1}]}
""" + QUEUE + END)
    # 0-2; 1-3, 1-3; 3-5 (first free below one only when the two have left); 5-7; 7-9
    assert flow(r, "served:f") == {day(0): 1, day(1): 2, day(3): 1, day(5): 1, day(7): 1}


def test_priority_classes_come_first(tmp_path):
    r = simulate(tmp_path, """
attributes: {sick: [yes, no]}
groups: {g: {people: 40, place: here, date: 2018-04-02, pathway: p, attributes: {sick: {yes: 0.5, no: rest}}}}
facilities: {f: {at: here, kind: gate, slots_per_day: 4, opens: "07:00", priority: ["sick == yes"]}}
record: {by: [sick]}
""" + QUEUE + END)
    sick = total(r, "set_out:g", "sick=yes")
    served = flow(r, "served:f", "sick=yes")
    assert 8 < sick < 32
    assert list(served.values()) == [4] * (sick // 4) + ([sick % 4] if sick % 4 else [])


def test_of_several_desks_the_one_with_fewest_ahead_per_server(tmp_path):
    r = simulate(tmp_path, together(6) + """
facilities:
  f: {at: here, kind: desks, staff: 1, service: {fixed: 1 hours}}
  g: {at: here, kind: desks, staff: 2, service: {fixed: 1 hours}}
pathways: {p: [{id: q, queue: {at: [f, g]}}, {id: end, outcome: done}]}
""" + END)
    assert total(r, "joined:f") == 2
    assert total(r, "joined:g") == 4


# --- giving up ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("patience", "expected"), [
    ("gives_up_after: {fixed: 36 hours}", 36), ("gives_up_at: 2018-04-04", 38),
    ("gives_up_after: {fixed: 90 days}, gives_up_at: 2018-04-03 12:00", 26), ("gives_up_at: 2018-04-01", 0),
])
def test_giving_up(tmp_path, patience, expected):
    r = simulate(tmp_path, together(3) + f"""
facilities: {{f: {{at: here, kind: gate, slots_per_day: 0, opens: "07:00"}}}}
pathways:
  p: [{{id: q, queue: {{at: f, {patience}, gives_up_to: gone}}}}, {{id: end, outcome: done}}, {{id: gone, outcome: left}}]
""" + END)
    assert hours(area(r, "waiting:f")) == pytest.approx(3 * expected)
    assert waits(r, "f") == {"gave_up": (3, pytest.approx(3 * expected / 24))}
    assert total(r, "gave_up:f") == total(r, "ended:left") == 3


def test_giving_up_comes_before_the_gate_at_equal_times(tmp_path):
    r = simulate(tmp_path, together(3, "2018-04-02 07:00") + """
facilities: {f: {at: here, kind: gate, slots_per_day: 2, opens: "07:00"}}
pathways:
  p: [{id: q, queue: {at: f, gives_up_after: 1 days, gives_up_to: gone}}, {id: end, outcome: done}, {id: gone, outcome: left}]
""" + END)
    assert flow(r, "served:f") == {day(0): 2}
    assert flow(r, "gave_up:f") == {day(1): 1}


# --- gates and dockets -------------------------------------------------------------------------------------------

def gate(keys, people=10, sizes="{1: 1}", more="", when="2018-04-02 10:00"):
    return together(people, when, sizes) + f"facilities: {{f: {{at: here, kind: gate, {keys}}}{more}}}" + QUEUE + END


def test_a_gate_offers_its_slots_once_a_day(tmp_path):
    r = simulate(tmp_path, gate('slots_per_day: 4, opens: "07:00"'))
    assert flow(r, "served:f") == {day(1): 4, day(2): 4, day(3): 2}
    assert waits(r, "f")["served"] == (10, pytest.approx((4 * 21 + 4 * 45 + 2 * 69) / 24))


def test_several_openings_share_the_slots_of_the_day(tmp_path):
    r = simulate(tmp_path, gate('slots_per_day: 4, opens: ["07:00", "12:00", "18:00"]', people=2)
                 .replace("{p: [", "{p: [{id: w, wait: {for: 1 hours}}, "))
    assert flow(r, "served:f") == {day(0): 2}
    r = simulate(tmp_path / "b", gate('slots_per_day: 4, opens: ["07:00", "12:00", "18:00"]', people=6))
    assert flow(r, "served:f") == {day(0): 4, day(1): 2}


def test_unused_slots_lapse_unless_carried_over(tmp_path):
    late = {"when": "2018-04-04 10:00"}
    assert flow(simulate(tmp_path / "a", gate('slots_per_day: 2, opens: "07:00"', **late)), "served:f")[day(3)] == 2
    r = simulate(tmp_path / "b", gate('slots_per_day: 2, opens: "07:00", carry_over: true', **late))
    assert flow(r, "served:f") == {day(3): 8, day(4): 2}


def test_a_gate_opens_on_its_weekdays(tmp_path):
    r = simulate(tmp_path, gate('slots_per_day: 2, opens: "07:00", days: "wed,sat"'))
    assert flow(r, "served:f") == {day(2): 2, day(5): 2, day(9): 2}


def test_a_party_larger_than_a_day_goes_alone_and_the_excess_is_paid_later(tmp_path):
    # 5 people at 2 a day: alone on day 1, a debt of 3; day 2 pays 2; day 3 pays 1, and no debt is left: the next 5 pass,
    # with 1 slot there and a debt of 4 paid on days 4 and 5.
    r = simulate(tmp_path, gate('slots_per_day: 2, opens: "07:00"', people=15, sizes="{5: 1}"))
    assert flow(r, "served:f") == {day(1): 5, day(3): 5, day(6): 5}


def test_an_oversized_party_waits_until_the_debt_of_the_last_is_paid(tmp_path):
    r = simulate(tmp_path, gate('slots_per_day: 3, opens: ["07:00", "09:00"]', people=12, sizes="{4: 1}"))
    # Day 1: 4 pass, debt 1. Day 2: one slot pays, no debt is left and nobody has passed: the next 4 go, and
    # the debt is 4 less the two that were left.
    assert flow(r, "served:f") == {day(1): 4, day(2): 4, day(3): 4}


def test_at_no_slots_nobody_passes_even_with_slots_kept(tmp_path):
    r = simulate(tmp_path, gate(
        'slots_per_day: [{value: 2}, {from: 2018-04-05, value: 0}, {from: 2018-04-07, value: 1}], opens: "07:00", '
        'carry_over: true', people=3, when="2018-04-05 06:00"))
    assert flow(r, "served:f") == {day(5): 3}


def test_a_gate_into_a_holding_needs_room_there(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 10, place: here, date: 2018-04-02 10:00, pathway: p}}
facilities:
  f: {at: here, kind: gate, slots_per_day: 5, opens: "07:00", into: cells}
  cells: {at: here, kind: holding, places: 3}
pathways: {p: [{id: q, queue: {at: f}}, {id: w, wait: {for: 36 hours}}, {id: end, outcome: done}]}
""" + END)
    # 3 on day 1 until 19:00 of day 2; 3 on day 3 (what is freed after the opening serves the next) ...
    assert flow(r, "served:f") == {day(1): 3, day(3): 3, day(5): 3, day(7): 1}
    assert stock(r, "occupied:cells", column="people_max")[day(1)] == 3
    assert total(r, "moved_in:cells") == total(r, "moved_out:cells") == 10


def test_those_who_wait_to_be_held_come_before_the_gate(tmp_path):
    r = simulate(tmp_path, """
groups:
  g: {people: 3, place: here, date: 2018-04-02 10:00, pathway: p}
  h: {people: 3, place: here, date: 2018-04-02 09:00, pathway: h}
facilities:
  f: {at: here, kind: gate, slots_per_day: 5, opens: "07:00", into: cells}
  cells: {at: here, kind: holding, places: 2}
pathways:
  p: [{id: q, queue: {at: f}}, {id: w, wait: {for: 1 days}}, {id: end, outcome: done}]
  h: [{id: q, hold: {in: cells}}, {id: w, wait: {for: 1 days}}, {id: end, outcome: done}]
""" + END)
    assert flow(r, "served:cells") == {day(0): 2, day(1): 1}
    # Both cells are taken at 09:00 of day 0, one is at 07:00 of day 1, but nobody may pass him who waits until 09:00;
    # on day 2 one cell is taken until 09:00.
    assert flow(r, "served:f") == {day(2): 1, day(3): 2}


def test_background_and_parties_are_served_in_order_of_joining(tmp_path):
    r = simulate(tmp_path, together(4, "2018-04-03 12:00") + """
facilities:
  f: {at: here, kind: gate, slots_per_day: 5, opens: "07:00", background: {initial: [{joined: 2018-03-01, number: 8}, {joined: 2018-02-01, number: 2}], arrivals_per_day: 3}}
""" + QUEUE + END)
    # Before the parties (noon of day 1) stand 10 + 3 (day 0) + 3 (day 1); days 0 to 2 serve 15, day 3 one and 4 of ours.
    assert flow(r, "served:f") == {day(3): 4}
    rows = r.background.sort("date")
    assert rows["joined"].to_list() == [3] * 10
    assert rows["served"].to_list() == [5, 5, 5, 1, 5, 5, 5, 3, 3, 3]
    assert rows["waiting"].to_list() == [8, 6, 4, 6, 4, 2, 0, 0, 0, 0]


def test_background_joins_by_the_whole_part_of_the_cumulated_rate(tmp_path):
    r = simulate(tmp_path, together(1) + """
facilities: {f: {at: here, kind: gate, slots_per_day: 0, opens: "07:00", background: {arrivals_per_day: 0.1}}}
""" + QUEUE + END)
    assert r.background.sort("date")["joined"].to_list() == [0] * 9 + [1]


def test_background_in_a_class_of_its_own(tmp_path):
    r = simulate(tmp_path, together(6, "2018-04-02 06:00") + """
facilities:
  f: {at: here, kind: gate, slots_per_day: 2, opens: "07:00", priority: ["people > 0"], background: {initial: [{joined: 2018-03-01, number: 100}], priority: 2}}
""" + QUEUE + END)
    assert flow(r, "served:f") == {day(0): 2, day(1): 2, day(2): 2}


def test_a_docket_decides_cases_on_working_days(tmp_path):
    r = simulate(tmp_path, together(20, sizes="{4: 1}") + """
facilities: {f: {at: here, kind: docket, cases_per_day: 1}}
""" + QUEUE + END)
    assert flow(r, "served:f", count="parties") == {day(1): 1, day(2): 1, day(3): 1, day(4): 1, day(7): 1}
    assert flow(r, "served:f") == {day(1): 4, day(2): 4, day(3): 4, day(4): 4, day(7): 4}


# --- departures --------------------------------------------------------------------------------------------------

def test_a_departure_takes_whom_it_can_seat_in_order(tmp_path):
    r = simulate(tmp_path, together(12, sizes="{3: 1}") + """
facilities: {f: {at: here, kind: departures, seats: 7, leaves: ["09:00", 2018-04-02 20:00]}}
""" + QUEUE + END)
    assert flow(r, "served:f") == {day(0): 6, day(1): 6}


def test_a_vehicle_leaves_at_once_when_full(tmp_path):
    r = simulate(tmp_path, together(10) + """
facilities: {f: {at: here, kind: departures, seats: 4, leaves: ["22:00"], when_full: true}}
""" + QUEUE + END)
    assert hours(area(r, "waiting:f")) == pytest.approx(2 * 12)
    r = simulate(tmp_path / "parties", together(10, sizes="{2: 1}") + """
facilities: {f: {at: here, kind: departures, per: party, seats: 4, leaves: ["22:00"], when_full: true}}
""" + QUEUE + END)
    assert hours(area(r, "waiting:f")) == pytest.approx(2 * 12)


# --- what expressions see ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("facility", "expression", "value"), [
    ('kind: gate, slots_per_day: 4, opens: "07:00"', "expected_wait_days(f)", 9 / 4),
    ('kind: gate, slots_per_day: 0, opens: "07:00"', "expected_wait_days(f)", 999),
    ('kind: gate, slots_per_day: [{value: 0}, {from: 2018-04-04, value: 3}], opens: "07:00"', "expected_wait_days(f)",
     (24 + 13) / 24 + 3),
    ('kind: gate, slots_per_day: 4, opens: "07:00", days: "tue-sun"', "is_open(f)", 0),
    ('kind: gate, slots_per_day: 4, opens: "07:00", days: "mon"', "is_open(f)", 1),
    ('kind: gate, slots_per_day: 4, opens: "07:00"', "queue_length(f)", 3),
    ('kind: gate, slots_per_day: 4, opens: "07:00"', "people_waiting(f)", 9),
    ('kind: gate, slots_per_day: 4, opens: "07:00", background: {initial: [{joined: 2018-01-01, number: 5}]}',
     "people_waiting(f)", 10),
    ("kind: desks, staff: 1, service: {uniform: {low: 1 days, high: 3 days}}", "expected_wait_days(f)", 3 * 2),
    ("kind: desks, staff: 1, service: {lognormal: {median: 1 days, spread: 5.180}}", "expected_wait_days(f)",
     3 * 1.64872),
    ("kind: desks, staff: 1, service: {weibull: {scale: 1 days, shape: 0.5}}", "expected_wait_days(f)", 3 * 2),
    ('kind: desks, staff: 1, service: {fixed: 1 days}, hours: "mon 12:00-13:00"', "is_open(f)", 0),
])
def test_what_expressions_know_of_facilities(tmp_path, facility, expression, value):
    """Three parties of three people stand there (one of them served, at a desk) when another looks, at 11:00 on Monday."""
    r = simulate(tmp_path, f"""
groups:
  g: {{people: 9, place: here, date: 2018-04-02 10:00, pathway: p, parties: {{3: 1}}}}
  eye: {{people: 1, place: here, date: 2018-04-02 11:00, pathway: look}}
facilities: {{f: {{at: here, {facility}}}}}
pathways:
  p: [{{id: q, queue: {{at: f}}}}, {{id: end, outcome: done}}]
  look:
    - id: see
      choose:
        same: {{utility: 0, if: "{expression} > {value - 0.001} and {expression} < {value + 0.001}", then: end}}
        other: {{utility: -60, then: bad}}
    - {{id: end, outcome: done}}
    - {{id: bad, outcome: left}}
""" + END)
    assert total(r, "took:look.see/same") == 1
