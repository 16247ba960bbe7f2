"""Several desks at once, desks that stay taken, and giving up when a message comes: exact traces by hand."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from engine_kit import area, day, flow, hours, simulate, stock, total, waits, write
from posada.scenario import ScenarioErrors, load

END = "outcomes: {done: {}, gone: {}}\n"


def together(people, when="2018-04-02 10:00", name="g", pathway="p"):
    return f"  {name}: {{people: {people}, place: here, date: {when}, pathway: {pathway}}}\n"


# --- several desks at once ---------------------------------------------------------------------------------------

COURT = """
facilities:
  judge: {at: here, kind: desks, staff: JUDGES, service: 2 hours, hours: HOURS}
  lawyer: {at: here, kind: desks, staff: 1, service: 1 hours}
pathways:
  p: [{id: q, queue: {at: judge, with: [lawyer]}}, {id: end, outcome: done}]
  l: [{id: q, queue: {at: lawyer}}, {id: end, outcome: done}]
""" + END


def test_a_hearing_needs_a_judge_and_a_lawyer(tmp_path):
    # One lawyer for two judges: hearings follow each other
    r = simulate(tmp_path, "groups:\n" + together(3) + COURT.replace("JUDGES", "2").replace("HOURS", "always"))
    assert hours(area(r, "waiting:judge")) == pytest.approx(2 + 4)
    assert hours(area(r, "in_service:judge")) == hours(area(r, "in_service:lawyer")) == pytest.approx(6)
    assert stock(r, "in_service:lawyer", column="people_max") == {day(0): 1}
    assert (total(r, "served:judge"), total(r, "served:lawyer")) == (3, 0)
    assert sorted(r.busy.group_by("where").agg(r.busy["sum_days"].sum() / 2).rows()) == [("judge", pytest.approx(6 / 24)), ("lawyer", pytest.approx(6 / 24))]


def test_the_lawyers_own_line_comes_first_when_the_lawyer_is_free(tmp_path):
    # lawyer: l1 9-10; hearing 10-12 (came first, waits for the lawyer); l2 came at 9:30 and goes before it
    groups = "groups:\n" + together(1, "2018-04-02 09:00", "a", "l") + together(1, "2018-04-02 09:10", "b") + together(1, "2018-04-02 09:30", "c", "l")
    r = simulate(tmp_path, groups + COURT.replace("JUDGES", "1").replace("HOURS", "always"))
    assert waits(r, "judge")["served"] == (1, pytest.approx((11 - 9 - 1 / 6) / 24))
    assert waits(r, "lawyer")["served"] == (2, pytest.approx(0.5 / 24))


def test_a_judge_who_is_not_there_keeps_no_lawyer(tmp_path):
    groups = "groups:\n" + together(1, "2018-04-02 07:00", "a") + together(1, "2018-04-02 07:30", "b", "l")
    r = simulate(tmp_path, groups + COURT.replace("JUDGES", "1").replace("HOURS", '"08:00-12:00"'))
    assert waits(r, "lawyer")["served"] == (1, 0.0)
    assert waits(r, "judge")["served"] == (1, pytest.approx(1.5 / 24))


def test_more_lawyers_let_a_hearing_begin(tmp_path):
    text = COURT.replace("JUDGES", "2").replace("HOURS", "always").replace("staff: 1", "staff: [{value: 0}, {from: 2018-04-03, value: 2}]")
    r = simulate(tmp_path, "groups:\n" + together(2) + text)
    assert waits(r, "judge")["served"] == (2, pytest.approx(2 * 14 / 24))


# --- desks that stay taken ---------------------------------------------------------------------------------------

LINE = """
facilities:
  first: {at: here, kind: desks, staff: 1, service: 1 hours}
  second: {at: here, kind: desks, staff: 1, service: 3 hours, waiting_room: ROOM}
pathways:
  p:
    - {id: a, queue: {at: first, blocks: BLOCKS}}
    - {id: b, queue: {at: second, refused_to: out}}
    - {id: end, outcome: done}
    - {id: out, outcome: gone}
""" + END


def test_a_desk_stays_taken_until_the_next_has_room(tmp_path):
    # first: 1 10-11; 2 11-12, kept to 14; 3 14-15, kept to 17; second: 11-14, 14-17, 17-20
    r = simulate(tmp_path, "groups:\n" + together(3) + LINE.replace("ROOM", "0").replace("BLOCKS", "true"))
    assert total(r, "ended:done") == 3
    assert hours(area(r, "in_service:first")) == pytest.approx(1 + 3 + 3)
    assert hours(area(r, "waiting:first")) == pytest.approx(1 + 4)
    assert waits(r, "second")["served"] == (3, 0.0)
    r = simulate(tmp_path / "b", "groups:\n" + together(3) + LINE.replace("ROOM", "0").replace("BLOCKS", "false"))
    assert (total(r, "ended:done"), total(r, "ended:gone")) == (1, 2)


def test_a_waiting_room_ahead_frees_the_desk_earlier(tmp_path):
    # first: 10-11, 11-12, 12-13 kept to 14 (the room for one empties then)
    r = simulate(tmp_path, "groups:\n" + together(3) + LINE.replace("ROOM", "1").replace("BLOCKS", "true"))
    assert hours(area(r, "in_service:first")) == pytest.approx(1 + 1 + 2)
    assert waits(r, "second")["served"] == (3, pytest.approx((2 + 3) / 24))


def test_several_who_keep_desks_go_on_in_order_one_for_each_place(tmp_path):
    r = simulate(tmp_path, "groups:\n" + together(4) + LINE.replace("ROOM", "0").replace("BLOCKS", "true").replace("staff: 1, service: 1", "staff: 4, service: 1"))
    assert hours(area(r, "in_service:first")) == pytest.approx(1 + 4 + 7 + 10)
    assert total(r, "ended:done") == 4


def test_a_desk_stays_taken_until_there_is_a_place_in_custody(tmp_path):
    r = simulate(tmp_path, "groups:\n" + together(3) + """
facilities:
  desk: {at: here, kind: desks, staff: 2, service: 1 hours}
  cell: {at: here, kind: holding, places: [{value: 1}, {from: 2018-04-03, value: 2}]}
pathways:
  p: [{id: a, queue: {at: desk, blocks: true}}, {id: b, hold: {in: cell}}, {id: w, wait: {for: 20 hours}}, {id: end, outcome: done}]
""" + END)
    # 1 and 2 10-11; 1 in custody 11 to 07 (+1); 2 keeps the desk until 00 (+1), in custody until 20; 3 12-... desk 11-12, kept to 07
    assert hours(area(r, "in_service:desk")) == pytest.approx(1 + 14 + 20)
    assert waits(r, "cell")["served"] == (3, 0.0)
    assert total(r, "ended:done") == 3


# --- messages ----------------------------------------------------------------------------------------------------

def test_those_in_line_give_up_when_a_message_comes(tmp_path):
    text = "groups:\n" + together(9, "2018-04-02") + """
quantities: {rumour: [{value: 0}, {from: 2018-04-05, value: 1}]}
facilities: {f: {at: here, kind: gate, slots_per_day: 1, opens: "12:00"}}
pathways: {p: [{id: q, queue: {at: f, gives_up_when: WHEN, gives_up_to: out}}, {id: end, outcome: done}, {id: out, outcome: gone}]}
""" + END
    for k, when in enumerate(("rumour > 0", "since(2018-04-05)")):
        r = simulate(tmp_path / str(k), text.replace("WHEN", when))
        assert flow(r, "gave_up:f") == {day(3): 6}
        assert waits(r, "f")["gave_up"] == (6, pytest.approx(18))
    r = simulate(tmp_path / "c", text.replace("WHEN", "rumour > 2"))
    assert total(r, "gave_up:f") == 0


def test_a_policy_that_opens_something_else_empties_a_line(tmp_path):
    text = "groups:\n" + together(5, "2018-04-02") + together(2, "2018-04-07", "late") + """
quantities: {other_way: 0}
facilities: {f: {at: here, kind: gate, slots_per_day: 1, opens: "12:00"}}
pathways: {p: [{id: q, queue: {at: f, gives_up_when: other_way > 0 and group == late, gives_up_to: out}}, {id: end, outcome: done}, {id: out, outcome: gone}]}
policies: {open: [{set: quantities.other_way, to: 1, from: 2018-04-08}]}
""" + END
    assert total(simulate(tmp_path / "a", text), "ended:gone") == 0
    assert flow(simulate(tmp_path / "b", text, policy="open"), "ended:gone") == {day(6): 1}


def test_who_comes_after_the_message_does_not_wait(tmp_path):
    r = simulate(tmp_path, "groups:\n" + together(5, "2018-04-06") + """
facilities: {f: {at: here, kind: gate, slots_per_day: 1, opens: "12:00"}}
pathways: {p: [{id: q, queue: {at: f, gives_up_when: since(2018-04-05), gives_up_to: out}}, {id: end, outcome: done}, {id: out, outcome: gone}]}
""" + END)
    assert waits(r, "f") == {"gave_up": (5, 0.0)}


@pytest.mark.parametrize(("queue", "told"), [
    ("at: first, with: [first]", "the same desks twice"),
    ("at: first, with: [cell]", "cell"),
    ("at: first, with: [fast]", "can be interrupted"),
    ("at: first, with: [away]", "is at 'there'"),
    ("at: first, blocks: true", "'blocks' needs a next step"),
    ("at: first, gives_up_when: since(2018-04-05)", "needs 'gives_up_to'"),
    ("at: first, gives_up_when: nonsense > 1, gives_up_to: end", "nonsense"),
])
def test_mistakes_are_told(tmp_path, queue, told):
    write(tmp_path, "groups:\n" + together(1) + f"""
facilities:
  first: {{at: here, kind: desks, staff: 1, service: 1 hours}}
  fast: {{at: here, kind: desks, staff: 1, service: 1 hours, priority: [group == g], preempt: true}}
  away: {{at: there, kind: desks, staff: 1, service: 1 hours}}
  cell: {{at: here, kind: holding}}
pathways: {{p: [{{id: q, queue: {{{queue}}}}}, {{id: end, outcome: done}}]}}
""" + END)
    with pytest.raises(ScenarioErrors, match=told):
        load(tmp_path)
