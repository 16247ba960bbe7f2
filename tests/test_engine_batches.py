"""Batch services, departures, groups in turn: exact traces by hand, and theory where it is known."""

# ruff: noqa: E501

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from engine_kit import area, day, flow, hours, simulate, total, waits, write
from posada.scenario import ScenarioErrors, load

END = "outcomes: {done: {}, gone: {}}\n"
QUEUE = "pathways: {p: [{id: q, queue: {at: f}}, {id: end, outcome: done}, {id: out, outcome: gone}]}\n" + END


def together(people, when="2018-04-02 10:00", more=""):
    return f"groups: {{g: {{people: {people}, place: here, date: {when}, pathway: p{more}}}}}\n"


def desks(batch, more=""):
    return f"facilities: {{f: {{at: here, kind: desks, staff: 1, service: 2 hours, batch: {batch}{more}}}}}\n"


# --- batches -----------------------------------------------------------------------------------------------------

def test_a_batch_is_served_together_and_the_next_follows(tmp_path):
    r = simulate(tmp_path, together(7) + desks("{size: 3}") + QUEUE)
    # the first comes alone to a free desk; then three and three
    assert waits(r, "f")["served"] == (7, pytest.approx((0 + 3 * 2 + 3 * 4) / 24))
    assert hours(area(r, "in_service:f")) == pytest.approx(14)
    assert r.busy["sum_days"].to_list() == [pytest.approx(6 / 24)]
    assert total(r, "served:f") == 7


def test_a_batch_waits_for_enough_or_for_so_long(tmp_path):
    r = simulate(tmp_path, together(8) + desks("{size: 3, at_least: 3}") + QUEUE)
    assert total(r, "ended:done") == 6
    assert waits(r, "f") == {"served": (6, pytest.approx(3 * 2 / 24)), "still_waiting": (2, pytest.approx(2 * (9 + 14 / 24)))}
    r = simulate(tmp_path / "b", together(8) + desks("{size: 3, at_least: 3, waits_at_most: 5 hours}") + QUEUE)
    assert waits(r, "f") == {"served": (8, pytest.approx((3 * 2 + 2 * 5) / 24))}


def test_one_who_is_due_takes_along_whoever_waits(tmp_path):
    """A at 10:00 is due at 15:00, and takes B (14:00) along; C (16:00) waits for the desk until 17:00, and is due at 21:00."""
    groups = "groups: {" + ", ".join(f"{g}: {{people: 1, place: here, date: 2018-04-02 {at}, pathway: p}}" for g, at in
                                     (("a", "10:00"), ("b", "14:00"), ("c", "16:00"))) + "}\n"
    r = simulate(tmp_path, groups + desks("{size: 3, at_least: 3, waits_at_most: 5 hours}") + QUEUE)
    assert [hours(waits(r, "f", f"group={g}")["served"][1]) for g in "abc"] == pytest.approx([5, 1, 5])


def test_who_gave_up_is_not_waited_for_any_more(tmp_path):
    groups = """
groups:
  a: {people: 1, place: here, date: 2018-04-02 10:00, pathway: quick}
  b: {people: 1, place: here, date: 2018-04-02 11:00, pathway: p}
"""
    paths = QUEUE.replace("pathways: {", "pathways: {quick: [{id: q, queue: {at: f, gives_up_after: 2 hours, gives_up_to: p.out}, then: p.end}], ")
    r = simulate(tmp_path, groups + desks("{size: 3, at_least: 3, waits_at_most: 5 hours}") + paths)
    assert waits(r, "f", "group=a") == {"gave_up": (1, pytest.approx(2 / 24))}
    assert waits(r, "f", "group=b") == {"served": (1, pytest.approx(5 / 24))}


def test_a_batch_counts_people_where_the_desks_do(tmp_path):
    """Families of three in batches of seven people: two and two, and one when it is due."""
    r = simulate(tmp_path, together(15, more=", parties: {3: 1}") + desks("{size: 7, at_least: 5, waits_at_most: 1 days}", ", per: person") + QUEUE)
    assert waits(r, "f")["served"] == (15, pytest.approx((6 * 2 + 3 * 24) / 24))
    r = simulate(tmp_path / "b", together(9, more=", parties: {9: 1}") + desks("{size: 7}", ", per: person") + QUEUE)
    assert total(r, "ended:done") == 9, "one that is larger than a batch is served alone"


def test_a_batch_takes_the_better_class_first(tmp_path):
    groups = """
groups:
  a: {people: 2, place: here, date: 2018-04-02 11:00, pathway: p}
  b: {people: 5, place: here, date: 2018-04-02 10:00, pathway: p}
"""
    r = simulate(tmp_path, groups + desks("{size: 3}", ", priority: [group == a]") + QUEUE)
    # b at 10; two of a and one of b at 12; three of b at 14
    assert hours(waits(r, "f", "group=a")["served"][1]) == pytest.approx(2)
    assert hours(waits(r, "f", "group=b")["served"][1]) == pytest.approx(2 + 3 * 4)


def test_a_batch_needs_places_to_wait_unless_it_begins(tmp_path):
    paths = QUEUE.replace("at: f", "at: f, refused_to: out")
    r = simulate(tmp_path, together(9) + desks("{size: 3, at_least: 3}", ", waiting_room: 2") + paths)
    assert (total(r, "served:f"), total(r, "refused:f")) == (3, 4)


def test_a_hearing_day(tmp_path):
    """Cases are heard on Tuesdays from 9, up to four together, all day; who comes on Tuesday noon waits for a week."""
    groups = """
groups:
  a: {people: 6, place: here, date: 2018-04-02 10:00, pathway: p}
  b: {people: 1, place: here, date: 2018-04-03 12:00, pathway: p}
"""
    court = 'facilities: {f: {at: here, kind: desks, staff: 1, service: 6 hours, batch: {size: 4}, hours: "tue 09:00-12:30"}}\n'
    r = simulate(tmp_path, groups + court + QUEUE)
    assert flow(r, "served:f") == {day(1): 4, day(8): 3}
    assert waits(r, "f")["served"] == (7, pytest.approx((4 * 23 + 2 * (23 + 168) + 165) / 24))


def test_those_who_go_round_are_in_the_next_batch(tmp_path):
    r = simulate(tmp_path, together(4) + desks("{size: 4, at_least: 4}") + """
pathways: {p: [{id: q, queue: {at: f}}, {id: again, branch: {q: 1, end: 0}}, {id: end, outcome: done}]}
""" + END)
    assert hours(area(r, "in_service:f")) == pytest.approx(4 * (9 * 24 + 14))


def test_a_larger_batch_by_date_begins_at_once(tmp_path):
    size = "[{value: 2}, {from: 2018-04-04, value: 4}]"
    least = "[{value: 9}, {from: 2018-04-03, value: 2}]"
    r = simulate(tmp_path, together(7) + desks(f"{{size: {size}, at_least: {least}}}") + QUEUE)
    # size 2 caps at least 9: two at 10, 12, 14 on Monday; the last waits for another for good
    assert flow(r, "served:f") == {day(0): 6}


def bulk_queue(lam, mu, a, b, c=1, n=400):
    """Mean number in line of M/M[a,b]/c, from the balance of its Markov chain.

    Its states are (k busy, w waiting): fewer than a wait while somebody is free, any number when nobody is.
    """
    states = [(k, w) for k in range(c) for w in range(a)] + [(c, w) for w in range(n)]
    number = {state: i for i, state in enumerate(states)}
    q = np.zeros((len(states), len(states)))
    for (k, w), i in number.items():
        comes = (k, w + 1) if k == c or w + 1 < a else (k + 1, 0)
        if comes in number:
            q[i, number[comes]] += lam
        if k:
            q[i, number[(k, max(0, w - b)) if k == c and w >= a else (k - 1, w)]] += k * mu
    q -= np.diag(q.sum(axis=1))
    q[:, 0] = 1
    p = np.linalg.solve(q.T, np.eye(len(states))[0])
    return float(p @ np.array([w for _, w in states]))


def fixed_batch_root(lam, mu, k):
    """Mean in line of M/M[k,k]/1: (k - 1) / 2 + r / (1 - r) less those served; mu r^(k+1) - (lam + mu) r + lam = 0, r in (0, 1)."""
    roots = np.roots([mu, *[0] * (k - 1), -(lam + mu), lam])
    r = min(x.real for x in roots if abs(x.imag) < 1e-9 and 0 < x.real < 1 - 1e-9)
    return (k - 1) / 2 + r / (1 - r) - lam / mu


@pytest.mark.parametrize(("a", "b", "c", "per_hour"), [(3, 3, 1, 2.0), (1, 4, 1, 3.0), (3, 6, 1, 4.0), (2, 4, 2, 6.0)])
def test_general_bulk_service(tmp_path, a, b, c, per_hour):
    """M/M[a,b]/c (Neuts): mean in line within 3.5 standard errors, and these under 1 %."""
    exact = bulk_queue(per_hour, 1, a, b, c)
    if a == b and c == 1:
        assert exact == pytest.approx(fixed_batch_root(per_hour, 1, a), rel=1e-9)
    r = simulate(tmp_path, f"""
end: 2021-04-02
record: {{daily_until: 2018-04-02, warm_up: 30 days}}
groups: {{g: {{parties_per_day: {24 * per_hour}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: {c}, service: {{exponential: {{mean: 1 hours}}}}, batch: {{size: {b}, at_least: {a}}}}}}}
""" + QUEUE, replicates=40)
    agree(mean_line(r), exact)


@pytest.mark.parametrize("size", [1, 4])
def test_a_batch_of_one_is_a_desk_and_alone_at_least(tmp_path, size):
    """The same luck and order: with `size: 1` every number is that of desks without batches; with 4 it is not."""
    text = """
groups: {g: {parties_per_day: 20, place: here, pathway: p}}
facilities: {f: {at: here, kind: desks, staff: 2, service: {gamma: {mean: 2 hours, shape: 0.6}}, hours: "08:00-20:00"MORE}}
""" + QUEUE
    alone = simulate(tmp_path / "a", text.replace("MORE", ""))
    batch = simulate(tmp_path / "b", text.replace("MORE", f", batch: {{size: {size}}}"))
    assert alone.waits.equals(batch.waits) == (size == 1)
    assert alone.stocks.equals(batch.stocks) == (size == 1)


def test_whoever_comes_within_the_time_goes_along(tmp_path):
    """Batches without limit that leave T after the first came: 1 + lam T people each, who wait T + lam T x T / 2 together."""
    lam, time = 6.0, 0.5
    r = simulate(tmp_path, f"""
end: 2018-12-31
record: {{daily_until: 2018-04-02}}
groups: {{g: {{parties_per_day: {24 * lam}, place: here, pathway: p}}}}
facilities: {{f: {{at: here, kind: desks, staff: 9, service: 1 minutes, batch: {{size: 999, at_least: 999, waits_at_most: {time} hours}}}}}}
""" + QUEUE, replicates=20)
    rows = r.waits.filter((pl.col("attribute") == "all") & (pl.col("ended") == "served")).group_by("replicate")
    means = rows.agg(pl.col("sum_days").sum() * 24 / pl.col("people").sum())["sum_days"].to_numpy()
    agree(means, time * (1 + lam * time / 2) / (1 + lam * time))


def agree(means, exact):
    """Estimates of replicates agree with the exact value, and tell it within 1 %."""
    error = means.std(ddof=1) / len(means) ** 0.5
    assert error < 0.01 * exact
    assert abs(means.mean() - exact) < 3.5 * error, f"{means.mean():.5f} +- {error:.5f}, exact {exact:.5f}"


def mean_line(r, where="f"):
    rows = r.stocks.filter((pl.col("state") == "waiting") & (pl.col("level") == "all") & (pl.col("where") == where)).with_columns(
        (pl.col("until") - pl.col("at")).dt.total_days().alias("days"))
    found = rows.group_by("replicate").agg((pl.col("people_mean") * pl.col("days")).sum() / pl.col("days").sum())
    return found.sort("replicate")["people_mean"].to_numpy()


# --- departures --------------------------------------------------------------------------------------------------

def bus(more):
    return f"facilities: {{f: {{at: here, kind: departures, seats: 4{more}}}}}\n"


def test_a_vehicle_leaves_at_its_hour_only_with_enough(tmp_path):
    r = simulate(tmp_path, together(6) + bus(', leaves: ["18:00"], at_least: 3') + QUEUE)
    assert flow(r, "served:f") == {day(0): 4}
    r = simulate(tmp_path / "b", together(7) + bus(', leaves: ["18:00"], at_least: 3') + QUEUE)
    assert flow(r, "served:f") == {day(0): 4, day(1): 3}


def test_several_vehicles_leave_at_an_hour(tmp_path):
    r = simulate(tmp_path, together(15) + bus(', leaves: ["18:00"], vehicles: 3, at_least: 4') + QUEUE)
    assert flow(r, "served:f") == {day(0): 12}
    r = simulate(tmp_path / "b", together(15) + bus(', leaves: ["18:00"], vehicles: 3') + QUEUE)
    assert flow(r, "served:f") == {day(0): 12, day(1): 3}


def test_shared_taxis_leave_when_full(tmp_path):
    r = simulate(tmp_path, together(11) + bus(", when_full: true") + QUEUE)
    assert waits(r, "f") == {"served": (8, 0.0), "still_waiting": (3, pytest.approx(3 * (9 + 14 / 24)))}


def test_smaller_vehicles_by_date_leave_if_they_are_full(tmp_path):
    r = simulate(tmp_path, together(3) + bus(", when_full: true").replace("seats: 4", "seats: [{value: 4}, {from: 2018-04-05, value: 2}]") + QUEUE)
    assert flow(r, "served:f") == {day(3): 2}


# --- groups in turn ----------------------------------------------------------------------------------------------

def arrivals(*rows):
    """People of a nation at each time, in groups g0, g1, ...; on pathway `p` if none is named."""
    groups = ", ".join(f"g{i}: {{people: {n}, place: here, date: 2018-04-02 {at}, pathway: {(*path, 'p')[0]}, attributes: {{nation: {{{level}: 1}}}}}}"
                       for i, (at, level, n, *path) in enumerate(rows))
    return "attributes: {nation: [a, b, c]}\nrecord: {by: [nation, group]}\ngroups: {" + groups + "}\n"


def in_turn(facility):
    return f"facilities: {{f: {{at: here, {facility}, order: longest_waiting_group, order_by: nation}}}}\n" + QUEUE


def test_the_longest_waiting_group_is_served_whole_before_another_begins(tmp_path):
    r = simulate(tmp_path, arrivals(("08:00", "c", 1), ("08:10", "a", 1), ("08:20", "b", 1), ("08:30", "a", 1), ("08:40", "b", 1), ("09:00", "a", 1))
                 + in_turn("kind: desks, staff: 1, service: 2 hours"))
    # c at 8; a (8:10, 8:30, 9:00) at 10, 12, 14; b at 16, 18
    found = [hours(waits(r, "f", f"group=g{i}")["served"][1]) for i in range(6)]
    assert found == pytest.approx([0, 10 - 8 - 1 / 6, 16 - 8 - 1 / 3, 12 - 8.5, 18 - 8 - 2 / 3, 14 - 9])


def test_who_comes_when_the_turn_has_begun_waits_for_another(tmp_path):
    r = simulate(tmp_path, arrivals(("08:00", "c", 1), ("08:10", "a", 2), ("08:20", "b", 1), ("11:00", "a", 1)) + in_turn("kind: desks, staff: 1, service: 2 hours"))
    # c at 8, a at 10 and 12, b at 14, and a of 11:00 at 16
    assert hours(waits(r, "f", "group=g3")["served"][1]) == pytest.approx(5)
    assert hours(waits(r, "f", "group=g2")["served"][1]) == pytest.approx(14 - 8 - 1 / 3)


def test_a_turn_goes_on_at_the_gate_of_the_next_day(tmp_path):
    r = simulate(tmp_path, arrivals(("08:10", "a", 3), ("08:20", "b", 2), ("08:30", "a", 2), ("13:00", "a", 1))
                 + in_turn('kind: gate, slots_per_day: 2, opens: "12:00"'))
    assert flow(r, "served:f", "nation=a") == {day(0): 2, day(1): 2, day(2): 1, day(3): 1}
    assert flow(r, "served:f", "nation=b") == {day(2): 1, day(3): 1}


def test_a_group_whose_first_gave_up_keeps_its_turn_and_an_empty_one_loses_it(tmp_path):
    paths = in_turn("kind: desks, staff: 1, service: 2 hours").replace(
        "pathways: {", "pathways: {tired: [{id: q, queue: {at: f, gives_up_at: 2018-04-02 09:00, gives_up_to: p.out}, then: p.end}], ")
    r = simulate(tmp_path, arrivals(("08:00", "c", 1), ("08:10", "a", 1, "tired"), ("08:20", "b", 1, "tired"), ("08:25", "c", 1),
                                    ("08:40", "b", 1), ("09:30", "a", 1)) + paths)
    # At 9 the first of a and of b give up. b keeps its turn (10:00), before c (12:00); a loses its own and is last (14:00).
    found = [hours(waits(r, "f", f"group=g{i}")["served"][1]) for i in (4, 3, 5)]
    assert found == pytest.approx([10 - 8 - 2 / 3, 12 - 8 - 25 / 60, 14 - 9.5])


def by_hand(come, service=1.0):
    """One desk and groups in turn, slowly: at each end the group whose oldest turn began first; gated."""
    turns, waited, free, todo = [], {}, 0.0, list(enumerate(come))
    while todo or turns:
        now = max(free, todo[0][1][0]) if not turns else free
        while todo and todo[0][1][0] <= now:
            i, (t, level) = todo.pop(0)
            open_ = [x for x in turns if x["level"] == level and not x["begun"]]
            if not open_:
                turns.append({"level": level, "begun": False, "who": []})
                open_ = turns[-1:]
            open_[0]["who"].append((i, t))
        turn = turns[0]
        turn["begun"] = True
        i, t = turn["who"].pop(0)
        waited[i] = now - t
        free = now + service
        if not turn["who"]:
            turns.pop(0)
    return waited


def test_groups_in_turn_by_hand_and_by_the_engine(tmp_path):
    rng = np.random.default_rng(7)
    at = np.sort(rng.choice(np.arange(60, 60 * 20), 40, replace=False))
    level = rng.choice(list("abc"), 40, p=[0.5, 0.3, 0.2])
    rows = [(f"{t // 60:02d}:{t % 60:02d}", x, 1) for t, x in zip(at, level, strict=True)]
    r = simulate(tmp_path, arrivals(*rows) + in_turn("kind: desks, staff: 1, service: 47 minutes"))
    expected = by_hand([(t / 60, x) for t, x in zip(at, level, strict=True)], 47 / 60)
    assert [hours(waits(r, "f", f"group=g{i}")["served"][1]) for i in range(40)] == pytest.approx([expected[i] for i in range(40)], abs=1e-9)
    assert len({round(w, 6) for w in expected.values()}) > 30


# --- errors ------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("facility", "told"), [
    ("kind: desks, staff: 1, service: 1 hours, batch: {size: 3, atleast: 2}", "at_least"),
    ("kind: desks, staff: 1, service: 1 hours, batch: {at_least: 2}", "needs the key 'size'"),
    ("kind: desks, staff: 1, service: 1 hours, batch: 3", "must be a mapping"),
    ("kind: desks, staff: 1, service: 1 hours, batch: {size: 3, at_least: 4}", "a batch of 3 cannot wait for at least 4"),
    ("kind: desks, staff: 1, service: 1 hours, batch: {size: 3, waits_at_most: 1 hours}", "goes with 'at_least'"),
    ("kind: desks, staff: 1, service: 1 hours, batch: {size: 3}, priority: [people > 1], preempt: true", "without interruptions"),
    ('kind: desks, staff: 1, service: 1 hours, batch: {size: 3}, hours: "09:00-17:00", at_closing: interrupt', "without interruptions"),
    ("kind: desks, staff: 1, service: 1 hours, order_by: group", "goes with 'order: longest_waiting_group'"),
    ("kind: desks, staff: 1, service: 1 hours, order: longest_waiting_group, order_by: nation", "attribute"),
    ("kind: desks, staff: 1, service: 1 hours, order: longest_waiting", "longest_waiting_group"),
    ("kind: departures, seats: 4", "needs 'leaves'"),
    ("kind: departures, seats: 4, when_full: true, vehicles: 2", "'vehicles' is of the hours"),
    ("kind: gate, slots_per_day: 4, opens: \"07:00\", batch: {size: 2}", "no key 'batch'"),
])
def test_what_cannot_be_is_told(tmp_path, facility, told):
    write(tmp_path, together(2) + f"facilities: {{f: {{at: here, {facility}}}}}\n" + QUEUE)
    with pytest.raises(ScenarioErrors) as error:
        load(tmp_path)
    assert told in str(error.value)
    assert str(error.value).count("scenario.yaml:") == 1


def test_batches_go_without_other_desks(tmp_path):
    write(tmp_path, together(2) + """
facilities:
  f: {at: here, kind: desks, staff: 1, service: 1 hours, batch: {size: 2}}
  g: {at: here, kind: desks, staff: 1, service: 1 hours}
""" + QUEUE.replace("at: f", "at: g, with: [f]"))
    with pytest.raises(ScenarioErrors, match="'f' serves batches"):
        load(tmp_path)
