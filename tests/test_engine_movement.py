"""Exact traces by hand: journeys, waits on the clock, deciding, gathering."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from engine_kit import area, day, flow, hours, simulate, stock, total
from posada.engine import EngineError

ONE = "groups: {g: {people: 1, place: here, date: 2018-04-02 10:00, pathway: p}}\n"
END = "outcomes: {done: {}, other: {}}\n"
KM = "road,here,there,foot,10\nwest-road,west,there,foot,10\n"


@pytest.mark.parametrize(("window", "expected"), [
    ('"always"', 5.0),
    ('"05:00-12:00"', 2 + 17 + 3),  # two hours on Monday, a night on the road, three on Tuesday
    ('"mon 05:00-12:00; wed 08:00-20:00"', 2 + 44 + 3),
    ('"22:00-02:00"', 12 + 4 + 20 + 1),  # runs past midnight
    ('"11:00-12:00"', 1 + 1 + 4 * 24),
])
def test_a_walker_moves_within_hours_and_sleeps_on_the_link(tmp_path, window, expected):
    r = simulate(tmp_path, ONE + END + f"modes: {{foot: {{speed_kmh: 2, hours: {window}}}}}\n" + """
pathways: {p: [{id: walk, travel: {along: road}}, {id: end, outcome: done}]}
""", links=KM)
    assert hours(area(r, "travelling:road")) == pytest.approx(expected)
    assert total(r, "arrived:there") == 1
    assert total(r, "left:here") == 1


def test_hours_of_a_mode_are_real_hours_when_clocks_change(tmp_path):
    # In Tijuana 02:00 to 03:00 does not exist on 2018-03-11: a window 00:00-06:00 has five hours.
    r = simulate(tmp_path, """
start: 2018-03-10
end: 2018-03-13
time_zone: America/Tijuana
groups: {g: {people: 1, place: west, date: 2018-03-11 00:00, pathway: p}}
modes: {foot: {speed_kmh: 1, hours: "00:00-06:00"}}
pathways: {p: [{id: walk, travel: {along: west-road}}, {id: end, outcome: done}]}
""" + END, links="west-road,west,there,foot,6\n")
    assert flow(r, "set_out:g") == {"2018-03-11": 1}
    assert flow(r, "arrived:there") == {"2018-03-12": 1}
    # five hours on Sunday, sleep from 06:00 to 24:00, one hour on Monday: 23 + 1 hours; the mean is of a day of 23
    assert stock(r, "travelling:west-road", column="people_mean")["2018-03-11"] == pytest.approx(1.0)
    assert stock(r, "travelling:west-road", column="people_mean")["2018-03-12"] == pytest.approx(1 / 24)


@pytest.mark.parametrize(("place", "until", "at_hour"), [
    ("here", '"12:00"', 12), ("here", '"10:00"', 34), ("here", '"09:00"', 33), ("west", '"07:00"', 14),
    ("here", "2018-04-03 06:00", 30), ("west", "2018-04-03", 24 + 7), ("here", "2018-04-01", 10),
])
def test_waits_read_the_clock_of_the_place(tmp_path, place, until, at_hour):
    # Tijuana is 7 hours behind UTC in April; a group's date is on its place's clock.
    start = "2018-04-02 10:00" if place == "here" else "2018-04-02 03:00"
    r = simulate(tmp_path, f"""
groups: {{g: {{people: 1, place: {place}, date: {start}, pathway: p}}}}
pathways: {{p: [{{id: w, wait: {{until: {until}}}}}, {{id: end, outcome: done}}]}}
""" + END)
    assert hours(area(r, f"present:{place}")) == pytest.approx(at_hour - 10)


@pytest.mark.parametrize(("zone", "when", "until", "expected"), [
    ("America/Tijuana", "2018-03-11 01:00", "02:30", 1.5),  # skipped: an hour later, at 03:30
    ("Europe/Berlin", "2018-03-25 01:00", "02:30", 1.5),
    ("America/Tijuana", "2018-11-04 00:30", "01:30", 1.0),  # occurs twice: the first time
    ("Europe/Berlin", "2018-10-28 01:30", "02:30", 1.0),
    ("America/Tijuana", "2018-11-04 00:30", "03:00", 3.5),
    ("Asia/Kolkata", "2018-11-04 00:30", "03:00", 2.5),
])
def test_clock_times_that_are_skipped_or_occur_twice(tmp_path, zone, when, until, expected):
    r = simulate(tmp_path, f"""
start: 2018-03-01
end: 2018-11-30
groups: {{g: {{people: 1, place: far, date: {when}, pathway: p}}}}
pathways: {{p: [{{id: w, wait: {{until: "{until}"}}}}, {{id: end, outcome: done}}]}}
""" + END, places=f"id,name,lat,lon,time_zone\nfar,Far,0,0,{zone}\n")
    assert hours(area(r, "present:far")) == pytest.approx(expected)


@pytest.mark.parametrize("zone", ["America/Tijuana", "Europe/Berlin"])
def test_openings_follow_summer_time_on_both_sides_of_utc(tmp_path, zone):
    """A gate opens at 02:30 every day; on the day that skips it at 03:30, on the day that has it twice once."""
    r = simulate(tmp_path, """
start: 2018-03-01
end: 2018-11-30
groups: {g: {people: 275, place: far, date: 2018-03-01, pathway: p}}
facilities: {gate: {at: far, kind: gate, slots_per_day: 1, opens: ["02:30", "03:30"]}}
pathways: {p: [{id: q, queue: {at: gate}}, {id: end, outcome: done}]}
""" + END, places=f"id,name,lat,lon,time_zone\nfar,Far,0,0,{zone}\n")
    assert total(r, "served:gate") == 275
    assert set(flow(r, "served:gate").values()) <= {1, 2} if zone == "Europe/Berlin" else {1}


def test_a_date_means_midnight_on_the_clock_of_the_place(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 3, place: west, date: 2018-04-02, pathway: p}}
facilities: {desk: {at: west, kind: desks, service: {fixed: 1 minutes}, staff: [{value: 0}, {from: 2018-04-03, value: 1}]}}
pathways: {p: [{id: q, queue: {at: desk}}, {id: end, outcome: done}]}
""" + END)
    assert hours(area(r, "waiting:desk")) == pytest.approx(3 * 24 + 3 / 60)


def test_what_happens_at_midnight_belongs_to_the_day_that_begins(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 5, place: here, date: 2018-04-04, pathway: p}}
pathways: {p: [{id: w, wait: {until: 2018-04-06}}, {id: end, outcome: done}]}
""" + END)
    assert flow(r, "set_out:g") == {day(2): 5}
    assert flow(r, "ended:done") == {day(4): 5}
    assert stock(r, "present:here") == {day(2): 5, day(3): 5}


def test_a_closed_link_keeps_travellers_and_their_beds_until_it_opens(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 2, place: here, date: 2018-04-02 10:00, pathway: p}}
modes: {foot: {speed_kmh: 10}}
links: {road: {open: [{value: 0}, {from: 2018-04-04, value: 1}, {from: 2018-04-05, value: 0}]}}
facilities: {beds: {at: here, kind: beds, beds: 5}}
pathways: {p: [{id: s, stay: {in: beds}}, {id: walk, travel: {along: road}}, {id: end, outcome: done}]}
""" + END, links=KM)
    assert flow(r, "left:here") == {day(2): 2}
    assert hours(area(r, "occupied:beds")) == pytest.approx(2 * 38)
    assert hours(area(r, "travelling:road")) == pytest.approx(2)
    assert total(r, "nights:beds") == 2 * 1


def test_travel_to_a_place_with_a_pace(tmp_path):
    r = simulate(tmp_path, ONE + END + """
pathways: {p: [{id: ride, travel: {to: there, takes: {fixed: 4 hours}, pace: {fixed: 1.5}}}, {id: end, outcome: done}]}
""")
    assert hours(area(r, "travelling:p.ride")) == pytest.approx(6)


def test_the_first_of_several_waits_wins_and_ties_go_by_the_alphabet(tmp_path):
    r = simulate(tmp_path, ONE + END + """
pathways:
  p:
    - id: w
      wait: {first_of: {late: {after: 3 days, then: other}, b: {after: 14 hours, then: other}, a: {at: 2018-04-03, then: done-step}}}
    - {id: done-step, outcome: done}
    - {id: other, outcome: other}
""")
    assert flow(r, "took:p.w/a") == {day(1): 1}
    assert flow(r, "ended:done") == {day(1): 1}


def test_one_draw_serves_a_group_and_a_wait_ends_for_all_at_one_instant(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people_per_day: 40, place: here, pathway: p}}
pathways:
  p:
    - {id: b, by: group, branch: {x: 0.5, y: rest}}
    - {id: x, wait: {for: {exponential: {mean: 4 days}}}, by: group}
    - {id: y, wait: {for: {exponential: {mean: 4 days}}}, by: group}
    - {id: end, outcome: done}
""" + END, replicates=20)
    for k in range(20):
        flows = r.flows.filter(r.flows["replicate"] == k)
        took = set(flows.filter(flows["event"] == "took")["where"].cast(str).to_list())
        assert len(took) == 1


def test_daily_group_decisions_are_made_anew_each_date_and_kept_for_the_date(tmp_path):
    r = simulate(tmp_path, """
end: 2018-06-30
groups: {g: {people: 30, place: here, date: 2018-04-02, pathway: p}}
pathways:
  p:
    - {id: b, by: group, daily: true, branch: {x: 0.5, y: rest}}
    - {id: x, wait: {until: "08:00"}, then: b}
    - {id: y, wait: {until: "08:00"}, then: again}
    - {id: again, branch: {b: 1, end: 0}}
    - {id: end, outcome: done}
""" + END)
    x, y = flow(r, "took:p.b/x"), flow(r, "took:p.b/y")
    days = sorted({*x, *y})
    assert len(days) == 90
    by_day = [x.get(d, 0) for d in days]
    assert all(n % 30 == 0 for n in by_day), "all of the group decide alike"
    assert 20 * 30 < sum(by_day) < 70 * 30, "the decision of the eighth day is not kept for ever"


def test_a_group_meets_its_hundredth_wait_as_it_met_its_first(tmp_path):
    r = simulate(tmp_path, """
end: 2018-08-30
groups: {g: {people: 3, place: here, date: 2018-04-02, pathway: p}}
pathways:
  p:
    - {id: w, wait: {for: {uniform: {low: 12 hours, high: 36 hours}}}, by: group}
    - {id: b, branch: {w: 0.99, end: rest}}
    - {id: end, outcome: done}
""" + END)
    assert total(r, "ended:done") <= 3


def test_gather_opens_at_its_share_and_stays_open(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 4, place: here, date: 2018-04-02, pathway: p, parties: table}}
attributes: {pace: [a, b, c, d]}
pathways:
  p:
    - {id: w, choose: {a: {utility: 0, if: pace == a, then: wa}, b: {utility: 0, if: pace == b, then: wb}, c: {utility: 0, if: pace == c, then: wc}, d: {utility: -100, then: wd}}}
    - {id: wa, wait: {for: 1 days}, then: meet}
    - {id: wb, wait: {for: 1 days}, then: meet}
    - {id: wc, wait: {for: 1 days}, then: meet}
    - {id: wd, wait: {for: 1 days}, then: meet}
    - {id: meet, gather: {at_most: 5 days}}
    - {id: end, outcome: done}
""" + END, groups="group,party,share,men_18_59,pace\ng,x,1,1,a\n")
    assert flow(r, "ended:done") == {day(1): 4}


@pytest.mark.parametrize("share", [1.0, 0.5])
def test_gather_waits_for_a_share_or_at_most_so_long(tmp_path, share):
    # Six of twenty come after five days more (the other group is not waited for).
    r = simulate(tmp_path, f"""
attributes: {{slow: [yes, no]}}
groups:
  g: {{people: 20, place: here, date: 2018-04-02, pathway: p, attributes: {{slow: {{yes: 0.3, no: 0.7}}}}}}
  other: {{people: 9, place: here, date: 2018-04-02, pathway: q}}
pathways:
  p:
    - {{id: which, choose: {{slow: {{utility: 9999, if: slow == yes, then: slow}}, fast: {{utility: 0, then: fast}}}}}}
    - {{id: slow, wait: {{for: 8 days}}, then: meet}}
    - {{id: fast, wait: {{for: 3 days}}, then: meet}}
    - {{id: meet, gather: {{share: {share}, at_most: 4 days}}}}
    - {{id: end, outcome: done}}
  q: [{{id: w, wait: {{for: 100 days}}}}, {{id: end, outcome: done}}]
""" + END)
    slow = total(r, "took:p.which/slow")
    fast = 20 - slow
    assert 0 < slow < 10
    first = 3 if share < 1 else 7
    assert flow(r, "ended:done") == {day(first): fast, day(8): slow}


def test_a_gathering_does_not_open_while_its_group_is_still_setting_out(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 10, place: here, date: 2018-04-02, pathway: p}}
pathways:
  p:
    - {id: meet, gather: {at_most: 5 days}}
    - {id: slow, branch: {end: 0.5, w: rest}}
    - {id: w, wait: {for: 1 days}}
    - {id: end, outcome: done}
""" + END)
    assert total(r, "ended:done") == 10


def test_set_changes_attributes_wherever_they_are_counted(tmp_path):
    r = simulate(tmp_path, """
record: {by: [group, lawyer]}
attributes: {lawyer: [yes, no]}
groups: {g: {people: 7, place: here, date: 2018-04-02, pathway: p}}
pathways:
  p:
    - {id: w, wait: {until: "12:00"}}
    - {id: s, set: {lawyer: yes}}
    - {id: w2, wait: {for: 2 days}}
    - {id: c, choose: {yes: {utility: 0, if: lawyer == yes, then: end}, no: {utility: -50, then: bad}}}
    - {id: end, outcome: done}
    - {id: bad, outcome: other}
""" + END)
    assert stock(r, "present:here", "lawyer=yes") == {day(0): 7, day(1): 7}
    assert stock(r, "present:here", "lawyer=unstated") == {}
    assert area(r, "present:here", "lawyer=unstated") == pytest.approx(3.5)
    assert total(r, "ended:done", "lawyer=yes") == 7


def test_a_cycle_without_time_stops_the_run_and_names_the_step(tmp_path):
    with pytest.raises(EngineError, match=r"step p\.\w+ was reached a thousand times"):
        simulate(tmp_path, ONE + END + """
pathways:
  p:
    - {id: a, branch: {b: 1, end: 0}}
    - {id: b, go: {}, then: a}
    - {id: end, outcome: done}
""")


@pytest.mark.parametrize(("text", "what"), [
    ('{id: a, branch: {end: "0 * people", far: "0 * people"}}', "sum to 0"),
    ('{id: a, branch: {end: "people / (people - 1)", far: 0.5}}', "not a finite number"),
    ('{id: a, choose: {end: {utility: "log(people - 1)"}, far: {utility: 0}}}', "not a finite number"),
    ('{id: a, choose: {end: {utility: 0, if: "1 / (people - 1)"}, far: {utility: 0}}}', "not a finite number"),
])
def test_shares_and_utilities_that_cannot_be_stop_the_run(tmp_path, text, what):
    with pytest.raises(EngineError, match=rf"step p\.a .*{what}.*seed 1"):
        simulate(tmp_path, ONE + END + f"""
pathways: {{p: [{text}, {{id: end, outcome: done}}, {{id: far, outcome: other}}]}}
""")


def test_days_waited_and_since_in_expressions(tmp_path):
    r = simulate(tmp_path, ONE + END + """
pathways:
  p:
    - {id: look, choose: {end: {utility: 0, if: "days_waited >= 3 and since(2018-04-05)"}, sleep: {utility: -50, then: w}}}
    - {id: w, wait: {for: 12 hours}, then: look}
    - {id: end, outcome: done}
""")
    assert flow(r, "ended:done") == {day(3): 1}
    assert hours(area(r, "present:here")) == pytest.approx(72)
