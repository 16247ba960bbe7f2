"""Exact traces by hand: beds, lists, custody, caseloads, and who is there at the start."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from engine_kit import area, day, flow, hours, simulate, stock, total, waits

END = "outcomes: {done: {}, left: {}}\n"


def people(name, n, when="2018-04-02 10:00", sizes="{1: 1}", pathway="p"):
    return f"  {name}: {{people: {n}, place: here, date: {when}, pathway: {pathway}, parties: {sizes}}}\n"


def test_beds_are_held_until_the_party_leaves_the_place_and_the_list_moves_in(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 3) + people("b", 2, "2018-04-02 12:00") + """
facilities: {b: {at: here, kind: beds, beds: 3}}
pathways:
  p:
    - {id: s, stay: {in: b}}
    - {id: w, wait: {for: 40 hours}}
    - {id: go, travel: {to: there, takes: 5 hours}}
    - {id: end, outcome: done}
""" + END)
    # a: 10:00 of day 0 to 02:00 of day 2; b: on the list from 12:00, then in until 04:00 of day 2.
    assert hours(area(r, "occupied:b")) == pytest.approx(3 * 40 + 2 * 2)
    assert hours(area(r, "no_bed:b")) == pytest.approx(2 * 38)
    assert flow(r, "nights:b") == {day(1): 3, day(2): 2}
    assert flow(r, "nights_no_bed:b") == {day(1): 2}
    assert flow(r, "moved_in:b") == {day(0): 3, day(2): 2}
    assert flow(r, "moved_out:b") == {day(2): 5}


def test_nobody_is_counted_without_a_bed_who_gets_one_at_once(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 3) + """
facilities: {b: {at: here, kind: beds, beds: 3}}
pathways: {p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 40 hours}}, {id: end, outcome: done}]}
""" + END)
    assert stock(r, "no_bed:b", column="people_max") == {}


@pytest.mark.parametrize(("overtake", "nights"), [("false", {day(1): 4, day(2): 3, day(3): 3}),
                                                  ("true", {day(1): 5, day(2): 3, day(3): 3})])
def test_a_large_family_holds_back_later_ones_unless_they_may_overtake(tmp_path, overtake, nights):
    r = simulate(tmp_path, "groups:\n" + people("a", 4, sizes="{4: 1}") + people("b", 3, "2018-04-02 11:00", "{3: 1}")
                 + people("c", 1, "2018-04-02 12:00") + f"""
facilities: {{b: {{at: here, kind: beds, beds: 5, overtake: {overtake}}}}}
pathways: {{p: [{{id: s, stay: {{in: b}}}}, {{id: w, wait: {{for: 24 hours}}}}, {{id: look, choose: {{stay: {{utility: 0, if: people == 3, then: more}}, end: {{utility: -60}}}}}}, {{id: more, wait: {{for: 48 hours}}}}, {{id: end, outcome: done}}]}}
""" + END)
    assert flow(r, "nights:b") == nights


def test_when_the_family_that_held_them_back_leaves_the_list_the_next_move_in_at_once(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 4, sizes="{4: 1}")
                 + people("b", 3, "2018-04-02 11:00", "{3: 1}", "short") + people("c", 1, "2018-04-02 12:00") + """
facilities: {b: {at: here, kind: beds, beds: 5}}
pathways:
  p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 5 days}}, {id: end, outcome: done}]
  short: [{id: s, stay: {in: b}}, {id: w, wait: {for: 6 hours}}, {id: end, outcome: done}]
""" + END)
    assert hours(area(r, "no_bed:b")) == pytest.approx(3 * 6 + 5)  # c moves in at 17:00


def test_classes_admit_in_written_order(tmp_path):
    r = simulate(tmp_path, """
record: {by: [party_type]}
groups: {g: {people: 400, place: here, date: 2018-04-02 10:00, pathway: p, parties: table}}
facilities:
  b: {at: here, kind: beds, beds: {zzz: {beds: 60, admits: [families, women]}, aaa: {beds: 50}, men: {beds: 70, admits: [men]}}}
pathways: {p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 30 hours}}, {id: end, outcome: done}]}
""" + END, groups="""
group,party,share,men_18_59,women_18_59,girls_0_4
g,man,0.5,1,,
g,mother,0.3,,1,1
g,woman,0.2,,1,
""")
    assert stock(r, "occupied:b/zzz", "party_type=men") == {}
    assert stock(r, "occupied:b/zzz")[day(0)] in (59, 60)
    assert stock(r, "occupied:b/aaa")[day(0)] == 50
    assert stock(r, "occupied:b/men")[day(0)] == stock(r, "occupied:b/men", "party_type=men")[day(0)] == 70
    assert total(r, "set_out:g") == sum(stock(r, f"{s}")[day(0)] for s in (
        "occupied:b/zzz", "occupied:b/aaa", "occupied:b/men", "no_bed:b"))


def test_everyone_in_a_list_of_whom_beds_admit(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 3) + """
facilities: {b: {at: here, kind: beds, beds: 3, admits: [everyone]}}
pathways: {p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 40 hours}}, {id: end, outcome: done}]}
""" + END)
    assert stock(r, "occupied:b")[day(0)] == 3


def test_intake_hours(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 3, "2018-04-02 20:00") + """
facilities: {b: {at: here, kind: beds, beds: 3, intake_hours: "09:00-19:00"}}
pathways: {p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 2 days}}, {id: end, outcome: done}]}
""" + END)
    assert hours(area(r, "no_bed:b")) == pytest.approx(3 * 13)
    assert flow(r, "nights_no_bed:b") == {day(1): 3}


def test_max_stay_then_the_shelter_referred_to_or_none(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 5) + """
facilities:
  b: {at: here, kind: beds, beds: 5, max_stay: 2 days, refer_to: [annex]}
  annex: {at: here, kind: beds, beds: 3, max_stay: 1 days}
pathways: {p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 7 days}}, {id: end, outcome: done}]}
""" + END)
    assert flow(r, "stay_limit:b") == {day(2): 5}
    assert flow(r, "moved_in:annex") == {day(2): 3}
    assert flow(r, "stay_limit:annex") == {day(3): 3}
    assert area(r, "no_bed:b") == 0
    assert area(r, "occupied:b") == pytest.approx(10)


def test_max_stay_ends_for_those_who_stand_in_a_queue(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 2) + """
facilities:
  b: {at: here, kind: beds, beds: 5, max_stay: 2 days}
  f: {at: here, kind: gate, slots_per_day: [{value: 0}, {from: 2018-04-07, value: 9}], opens: "10:00"}
pathways: {p: [{id: s, stay: {in: b}}, {id: q, queue: {at: f}}, {id: end, outcome: done}]}
""" + END)
    assert area(r, "occupied:b") == pytest.approx(4)
    assert area(r, "waiting:f") == pytest.approx(10)


def test_a_stay_names_several_shelters_in_order_of_preference(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 7) + people("b", 1, "2018-04-02 11:00", pathway="q") + """
facilities:
  x: {at: here, kind: beds, beds: 2, refer_to: [y]}
  y: {at: here, kind: beds, beds: 3}
  z: {at: here, kind: beds, beds: [{value: 1}, {from: 2018-04-04, value: 2}]}
  street: {at: here, kind: camp}
pathways:
  p: [{id: s, stay: {in: [x, z]}}, {id: w, wait: {for: 5 days}}, {id: end, outcome: done}]
  q: [{id: s, stay: {in: [z, street]}}, {id: w, wait: {for: 5 days}}, {id: end, outcome: done}]
""" + END)
    assert stock(r, "occupied:x")[day(0)] == 2
    assert stock(r, "occupied:y")[day(0)] == 3
    assert stock(r, "occupied:z")[day(0)] == 1
    assert stock(r, "occupied:street") == {day(n): 1 for n in range(5)}
    assert stock(r, "no_bed:x")[day(0)] == 1
    assert flow(r, "moved_in:z") == {day(0): 1, day(2): 1}
    assert flow(r, "nights_no_bed:x") == {day(1): 1}


def test_of_two_lists_the_first_come_moves_in_first(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("first", 1, "2018-04-02 11:00", pathway="q")
                 + people("second", 1, "2018-04-02 12:00", pathway="p") + """
facilities:
  x: {at: here, kind: beds, beds: 0}
  z: {at: here, kind: beds, beds: [{value: 0}, {from: 2018-04-04, value: 1}]}
pathways:
  p: [{id: s, stay: {in: [x, z]}}, {id: w, wait: {for: 5 days}}, {id: end, outcome: done}]
  q: [{id: s, stay: {in: [z]}}, {id: w, wait: {for: 5 days}}, {id: end, outcome: done}]
""" + END)
    assert total(r, "moved_in:z", "group=first") == 1
    assert area(r, "no_bed:x", "group=second") == pytest.approx(5 - 1 / 24)  # the first leaves an hour before


def test_who_asks_again_every_day_keeps_bed_and_place_on_the_list(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 2) + people("b", 1, "2018-04-02 11:00") + """
facilities: {b: {at: here, kind: beds, beds: 2, max_stay: 3 days}}
pathways:
  p:
    - {id: s, stay: {in: b}}
    - {id: w, wait: {for: 1 days}}
    - {id: again, branch: {s: 1, end: 0}}
    - {id: end, outcome: done}
""" + END)
    assert flow(r, "stay_limit:b")[day(3)] == 2, "asking again does not begin the stay anew"
    assert total(r, "moved_in:b", "group=b") >= 1
    assert hours(area(r, "no_bed:b", "group=b")) >= 71


def test_preferred_beds_are_taken_when_asked_for_again(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 1) + """
facilities:
  b: {at: here, kind: beds, beds: [{value: 0}, {from: 2018-04-04, value: 2}]}
  street: {at: here, kind: camp}
pathways:
  p:
    - {id: s, stay: {in: [b, street]}}
    - {id: w, wait: {for: 1 days}}
    - {id: again, branch: {s: 1, end: 0}}
    - {id: end, outcome: done}
""" + END)
    assert flow(r, "nights:street") == {day(1): 1, day(2): 1}
    assert flow(r, "moved_in:b") == {day(2): 1}


def test_release_and_others(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 3) + """
facilities: {b: {at: here, kind: beds, beds: 5, others: [{value: 3}, {from: 2018-04-04, value: 0}]}}
pathways: {p: [{id: s, stay: {in: b}}, {id: w, wait: {for: 1 days}}, {id: r, release: {from: b}}, {id: w2, wait: {for: 3 days}}, {id: end, outcome: done}]}
""" + END)
    assert area(r, "occupied:b") == pytest.approx(2)
    assert area(r, "no_bed:b") == pytest.approx(1)


# --- custody and caseloads ---------------------------------------------------------------------------------------

def test_hold_waits_for_a_place_and_ends_beds(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 3) + """
facilities:
  b: {at: here, kind: beds, beds: 9}
  c: {at: here, kind: holding, places: 2}
pathways:
  p: [{id: s, stay: {in: b}}, {id: h, hold: {in: c}}, {id: w, wait: {for: 2 days}}, {id: f, release: {from: all}}, {id: w2, wait: {for: 1 days}}, {id: end, outcome: done}]
""" + END)
    assert area(r, "occupied:b") == pytest.approx(2)
    assert area(r, "waiting:c") == pytest.approx(2)
    assert area(r, "occupied:c") == pytest.approx(6)
    assert waits(r, "c")["served"] == (3, pytest.approx(2))
    assert flow(r, "nights:c") == {day(1): 2, day(2): 2, day(3): 1, day(4): 1}


def test_if_full_sends_on(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 6, sizes="{2: 1}") + """
facilities: {c: {at: here, kind: caseload, places: 2}}
pathways:
  p: [{id: h, hold: {in: c, if_full: no}}, {id: w, wait: {for: 2 days}}, {id: end, outcome: done}, {id: no, outcome: left}]
""" + END)
    assert waits(r, "c") == {"served": (4, 0.0), "refused": (2, 0.0)}
    assert total(r, "ended:left") == 2


def test_custody_is_kept_when_travelling_and_follows_its_capacity(tmp_path):
    r = simulate(tmp_path, "groups:\n" + people("a", 4) + """
facilities: {c: {at: here, kind: holding, places: [{value: 2}, {from: 2018-04-03, value: 1}, {from: 2018-04-05, value: 4}]}}
pathways:
  p: [{id: h, hold: {in: c}}, {id: go, travel: {to: there, takes: 12 hours}}, {id: w, wait: {for: 3 days}}, {id: end, outcome: done}]
""" + END)
    # 2 at once until 22:00 of day 3; 2 more at the midnight of day 3.
    assert flow(r, "served:c") == {day(0): 2, day(3): 2}
    assert area(r, "occupied:c") == pytest.approx(4 * 3.5)


# --- at the start ------------------------------------------------------------------------------------------------

INITIAL = """
groups:
  old: {people: 0, place: there, date: 2018-04-02, pathway: r}
  g: {people: 7, place: here, date: 2018-04-02 06:00, pathway: p}
facilities:
  f:
    at: here
    kind: gate
    slots_per_day: 3
    opens: "12:00"
    initial:
      - {group: g, people: 2, joined: 2018-03-20, step: p.q}
      - {group: old, people: 4, joined: 2018-03-10, step: p.q}
pathways:
  p: [{id: q, queue: {at: f}}, {id: end, outcome: done}]
  r: [{id: t, travel: {to: here, takes: 1 days}, then: p}]
"""


def test_waits_of_those_there_at_the_start_count_from_when_they_joined(tmp_path):
    r = simulate(tmp_path, INITIAL + END)
    assert flow(r, "set_out:old") == {day(0): 4}
    assert flow(r, "set_out:g") == {day(0): 7}, "those at the start are of the group's people"
    assert flow(r, "served:f", "group=old") == {day(0): 3, day(1): 1}
    assert waits(r, "f", "group=old")["served"] == (4, pytest.approx(3 * 23.5 + 24.5))
    assert flow(r, "served:f", "group=g") == {day(1): 2, day(2): 3, day(3): 2}
    assert stock(r, "present:there") == {}, "they stand where the facility is"


def test_waits_and_stays_at_the_start(tmp_path):
    r = simulate(tmp_path, """
groups: {old: {people_per_day: 0, place: there, pathway: r}}
facilities:
  c:
    at: here
    kind: holding
    places: 1
    initial:
      - {group: old, people: 1, joined: 2018-04-01, step: p.h}
      - {group: old, people: 1, joined: 2018-04-01 12:00, step: p.h}
      - {group: old, people: 1, joined: 2018-03-29, step: p.w}
pathways:
  p: [{id: h, hold: {in: c}}, {id: w, wait: {for: 5 days}}, {id: end, outcome: done}]
  r: [{id: t, travel: {to: here, takes: 1 days}, then: p}]
""" + END)
    assert waits(r, "c") == {"served": (2, pytest.approx(1.0 + 5.5))}
    # p.w since 03-29: until 04-03. First in custody until 04-07, second until 04-12 (after the end).
    assert flow(r, "ended:done") == {day(1): 1, day(5): 1}
