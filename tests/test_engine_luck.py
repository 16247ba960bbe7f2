"""Paired luck: what a policy does not touch happens to each party as before."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from engine_kit import flow, simulate, total

BASE = """
end: 2018-07-30
groups:
  a: {people: 300, place: here, date: 2018-04-02, pathway: p, parties: {1: 0.5, 2: 0.5}, sex_and_age: {men_18_59: 0.5, girls_0_4: rest}}
  b: {people_per_day: 5, place: here, pathway: q}
record: {by: [group, party_type]}
facilities: {gate: {at: here, kind: gate, slots_per_day: 4, opens: "07:00"}}
pathways:
  p:
    - {id: first, wait: {for: {exponential: {mean: 10 days}}}}
    - {id: line, queue: {at: gate, gives_up_after: {weibull: {scale: 40 days, shape: 2}}, gives_up_to: last}}
    - {id: which, branch: {last: 0.6, home: rest}}
    - {id: last, wait: {for: {lognormal: {median: 9 days, spread: 3}}}}
    - {id: end, outcome: done}
    - {id: home, outcome: left}
  q:
    - {id: w, wait: {first_of: {x: {after: {exponential: {mean: 9 days}}, then: end}, y: {after: {erlang: {mean: 9 days, stages: 3}}, then: home}}}}
    - {id: again, branch: {w: 0.5, end: rest}}
    - {id: end, outcome: done}
    - {id: home, choose: {again: {utility: 0}, out: {utility: 0.3}}}
    - {id: out, outcome: left}
outcomes: {done: {}, left: {}}
policies:
  double: [{multiply: facilities.gate.slots_per_day, by: 2}]
  more: [{set: groups.a.people, to: 900}]
  fewer: [{set: groups.a.people, to: 20}]
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("base"), BASE)


def untouched(r):
    return [flow(r, f"took:{x}") for x in ("q.w/x", "q.w/y", "q.again/w", "q.again/end", "q.home/again", "q.home/out")]


@pytest.mark.parametrize("policy", ["double", "more", "fewer"])
def test_a_pathway_that_a_policy_does_not_touch_is_the_same(base, tmp_path, policy):
    changed = simulate(tmp_path, BASE, policy=policy)
    assert untouched(changed) == untouched(base)
    assert flow(changed, "ended:done") != flow(base, "ended:done")


def test_before_the_gate_nothing_changes(base, tmp_path):
    assert flow(simulate(tmp_path, BASE, policy="double"), "joined:gate") == flow(base, "joined:gate")


def test_a_branch_falls_for_each_party_as_before(tmp_path):
    """With all of them served in both runs, the totals of a branch by type of party are the same."""
    quick = BASE.replace("slots_per_day: 4", "slots_per_day: 200")
    a = simulate(tmp_path / "a", quick)
    b = simulate(tmp_path / "b", quick, policy="double")
    for level in ("group=a", "party_type=men", "party_type=families", "party_type=children"):
        assert total(a, "took:p.which/home", level) == total(b, "took:p.which/home", level) > 0


def test_a_step_that_is_put_in_touches_no_other_draw(base, tmp_path):
    more = BASE.replace("    - {id: again, branch", "    - {id: new, wait: {for: {exponential: {mean: 0 days}}}}\n"
                        "    - {id: new2, branch: {again: 0.5, same: {share: rest, then: again}}}\n    - {id: again, branch")
    changed = simulate(tmp_path, more.replace("{after: {exponential: {mean: 9 days}}, then: end}",
                                              "{after: {exponential: {mean: 9 days}}, then: end}"))
    assert untouched(changed) == untouched(base)


def test_a_facility_and_a_group_that_are_added_touch_nothing(base, tmp_path):
    more = BASE.replace("groups:\n", "groups:\n  aa: {people_per_day: 3, place: here, pathway: q2}\n").replace(
        "facilities: {", "facilities: {extra: {at: here, kind: beds, beds: 5, max_stay: {exponential: {mean: 3 days}}}, ")
    more = more.replace("outcomes:", "  q2: [{id: s, stay: {in: extra}}, {id: w, wait: {for: 9 days}}, {id: end, outcome: done}]\noutcomes:")
    changed = simulate(tmp_path, more)
    assert untouched(changed) == untouched(base)
    assert flow(changed, "served:gate", "group=a") == flow(base, "served:gate", "group=a")


def test_a_closed_road_does_not_change_how_fast_one_walks(tmp_path):
    text = """
end: 2018-06-30
groups: {g: {people: 50, place: here, date: 2018-04-02, pathway: p}}
modes: {foot: {speed_kmh: 1}}
%s
pathways:
  p:
    - {id: walk, travel: {along: road, pace: {lognormal: {median: 1, spread: 2}}}}
    - {id: back, travel: {to: here, takes: 1 days}}
    - {id: again, branch: {walk: 0.5, end: rest}}
    - {id: end, outcome: done}
outcomes: {done: {}}
"""
    road = "road,here,there,foot,240\n"
    as_stated = simulate(tmp_path / "a", text % "", links=road)
    closed = simulate(tmp_path / "b", text % "links: {road: {open: [{value: 0}, {from: 2018-04-12, value: 1}]}}", links=road)
    before = list(flow(as_stated, "arrived:there").values())
    assert list(flow(closed, "arrived:there").values())[:5] == before[:5]


def test_two_stays_in_turn_have_draws_of_their_own(tmp_path):
    """A `max_stay` at a shelter and at the one that it refers to: one draw for both would make the second end as the first."""
    r = simulate(tmp_path, """
end: 2018-12-30
groups: {g: {people: 2000, place: here, date: 2018-04-02, pathway: p}}
facilities:
  a: {at: here, kind: beds, beds: 9999, max_stay: {exponential: {mean: 10 days}}, refer_to: [b]}
  b: {at: here, kind: beds, beds: 9999, max_stay: {exponential: {mean: 10 days}}}
pathways: {p: [{id: s, stay: {in: a}}, {id: w, wait: {for: 200 days}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    first, both = sorted(flow(r, "stay_limit:a").items()), sorted(flow(r, "stay_limit:b").items())
    assert sum(n for _, n in first) == sum(n for _, n in both) == 2000
    early = sum(n for d, n in both if d < "2018-04-07")
    # P(Erlang(2, mean 10 each) < 5 days) = 1 - exp(-0.5) 1.5 = 0.0902; equal draws would give 1 - exp(-0.25) = 0.2212
    assert abs(early - 2000 * 0.0902) < 4 * (2000 * 0.0902 * 0.91) ** 0.5
