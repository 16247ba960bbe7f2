"""Exact traces by hand: families that are parted and meet again."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from engine_kit import area, day, flow, simulate, stock, total

END = "outcomes: {done: {}, left: {}}\n"
FAMILY = "group,party,share,men_18_59,women_18_59,girls_5_17,boys_0_4\ng,f,1,1,1,1,1\n"
GROUP = "groups: {g: {people: 4, place: here, date: 2018-04-02, pathway: p, parties: table}}\nrecord: {by: [party_type, sex_and_age]}\n"


def family(tmp_path, pathways, facilities="", **how):
    return simulate(tmp_path, GROUP + facilities + f"pathways:\n{pathways}" + END, groups=FAMILY, **how)


REUNION = """
  p:
    - {id: part, split: {who: men, to: cell}}
    - {id: home, wait: {for: 1 days}, then: meet}
    - {id: cell, wait: {for: 3 days}, then: meet}
    - {id: meet, rejoin: %s}
    - {id: rest, wait: {for: 1 days}}
    - {id: end, outcome: done}
"""


def test_a_family_is_parted_and_meets_again(tmp_path):
    r = family(tmp_path, REUNION % "{}")
    assert flow(r, "parted:p.part") == {day(0): 1}
    assert flow(r, "rejoined:p.meet") == {day(3): 1}
    assert stock(r, "apart:chain") == {day(0): 4, day(1): 4, day(2): 4}
    assert area(r, "children_apart:chain") == 0
    assert flow(r, "ended:done") == {day(4): 4}
    assert total(r, "ended:done", count="parties") == 1
    assert total(r, "ended:done", "party_type=families") == 4
    assert stock(r, "present:here", "sex_and_age=men_18_59", "parties") == {day(n): 1 for n in range(4)}


def test_after_at_most_the_part_goes_on_alone_and_stays_apart(tmp_path):
    r = family(tmp_path, REUNION % "{at_most: 12 hours}")
    assert flow(r, "ended:done") == {day(2): 3, day(4): 1}
    assert stock(r, "apart:chain") == {day(0): 4, day(1): 4, day(2): 1, day(3): 1}
    assert total(r, "rejoined:p.meet") == 0


def test_children_apart_from_every_adult(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: part, split: {who: adults, to: cell}}
    - {id: home, wait: {for: 1 days}, then: meet}
    - {id: cell, wait: {for: 3 days}, then: out}
    - {id: out, outcome: left}
    - {id: meet, rejoin: {}}
    - {id: rest, wait: {for: 2 days}}
    - {id: end, outcome: done}
""")
    # Children meet nobody: they go on when the adults' pathway ends, and stay apart until their own does.
    assert stock(r, "children_apart:chain") == {day(n): 2 for n in range(5)}
    assert stock(r, "apart:chain") == {day(0): 4, day(1): 4, day(2): 4, day(3): 2, day(4): 2}
    assert flow(r, "ended:done") == {day(5): 2}


def test_three_parts_that_wait_in_different_steps(tmp_path):
    """The first gives up by `at_most`; then the second is the last part of the family and goes on at once."""
    r = family(tmp_path, """
  p:
    - {id: part, split: {who: men, to: cell}}
    - {id: part2, split: {who: women, to: home}}
    - {id: kids, wait: {for: 1 days}, then: meet}
    - {id: home, wait: {for: 2 days}, then: meet2}
    - {id: cell, wait: {for: 3 days}, then: out}
    - {id: meet, rejoin: {at_most: 4 days}, then: end}
    - {id: meet2, rejoin: {}, then: end}
    - {id: end, outcome: done}
    - {id: out, outcome: left}
""")
    assert flow(r, "ended:done") == {day(5): 3}
    assert stock(r, "apart:chain") == {day(0): 4, day(1): 4, day(2): 4, day(3): 3, day(4): 3}


def test_three_parts_meet_in_one_step(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: part, split: {who: men, to: cell}}
    - {id: part2, split: {who: women, to: home}}
    - {id: kids, wait: {for: 3 days}, then: meet}
    - {id: home, wait: {for: 2 days}, then: meet}
    - {id: cell, wait: {for: 1 days}, then: meet}
    - {id: meet, rejoin: {at_most: 30 days}, then: end}
    - {id: end, outcome: done}
""")
    assert flow(r, "rejoined:p.meet") == {day(2): 1, day(3): 2}
    assert flow(r, "ended:done") == {day(3): 4}
    assert total(r, "ended:done", count="parties") == 1


def test_nobody_or_everybody_matches(tmp_path):
    r = simulate(tmp_path, """
groups: {g: {people: 3, place: here, date: 2018-04-02, pathway: p, parties: {1: 1}, sex_and_age: {men_60: 1}}}
pathways:
  p:
    - {id: none, split: {who: women, to: bad}}
    - {id: all, split: {who: men, to: good}}
    - {id: bad, outcome: left}
    - {id: good, outcome: done}
""" + END)
    assert total(r, "ended:done") == 3
    assert area(r, "apart:chain") == 0


@pytest.mark.parametrize(("most", "parted"), [("1", 1), ("2", 2), ("0", 0), ("9", 4)])
def test_at_most_so_many_are_parted_the_oldest_class_first(tmp_path, most, parted):
    r = family(tmp_path, f"""
  p:
    - {{id: part, split: {{who: [adults, children], at_most: {most}, to: out}}}}
    - {{id: end, outcome: done}}
    - {{id: out, outcome: left}}
""")
    assert total(r, "ended:left") == parted
    if parted == 1:
        assert total(r, "ended:left", "sex_and_age=women_18_59") == 1


def test_at_most_may_be_uncertain_or_dated(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: part, split: {who: adults, at_most: [{value: 0}, {from: 2018-04-03, value: 1}], to: out}}
    - {id: w, wait: {for: 30 hours}}
    - {id: again, split: {who: adults, at_most: [{value: 0}, {from: 2018-04-03, value: 1}], to: out}}
    - {id: end, outcome: done}
    - {id: out, outcome: left}
""")
    assert total(r, "parted:p.part") == 0
    assert total(r, "parted:p.again") == 1


def test_places_per_person_follow_the_people_and_cases_stay(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: s, stay: {in: b}}
    - {id: c, hold: {in: lawyers}}
    - {id: part, split: {who: men, to: go}}
    - {id: w, wait: {for: 1 days}}
    - {id: end, outcome: done}
    - {id: go, travel: {to: there, takes: 5 hours}}
    - {id: out, outcome: left}
""", "facilities: {b: {at: here, kind: beds, beds: 4}, lawyers: {at: here, kind: caseload, places: 1}}\n")
    assert area(r, "occupied:b") == pytest.approx(3)
    assert area(r, "occupied:lawyers") == pytest.approx(3)
    assert total(r, "moved_out:b") == 4


def test_max_stay_holds_for_every_part_and_for_those_who_meet_again(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: s, stay: {in: b}}
    - {id: part, split: {who: men, to: other}}
    - {id: w, wait: {for: 1 days}, then: meet}
    - {id: other, wait: {for: 36 hours}, then: meet}
    - {id: meet, rejoin: {}}
    - {id: rest, wait: {for: 5 days}}
    - {id: end, outcome: done}
""", "facilities: {b: {at: here, kind: beds, beds: 4, max_stay: 2 days}}\n")
    assert area(r, "occupied:b") == pytest.approx(8)
    assert flow(r, "stay_limit:b") == {day(2): 4}


def test_a_family_that_meets_again_in_the_beds_of_one_part(tmp_path):
    """The man has no bed; he joins those of his family, and every bed is given back once."""
    r = family(tmp_path, """
  p:
    - {id: part, split: {who: men, to: other}}
    - {id: w, wait: {for: 1 days}}
    - {id: s, stay: {in: b}, then: meet}
    - {id: other, wait: {for: 3 days}, then: meet}
    - {id: meet, rejoin: {}}
    - {id: rest, wait: {for: 1 days}}
    - {id: leave, release: {from: b}}
    - {id: again, stay: {in: b}}
    - {id: rest2, wait: {for: 1 days}}
    - {id: end, outcome: done}
""", "facilities: {b: {at: here, kind: beds, beds: 4}}\n")
    assert stock(r, "occupied:b") == {day(1): 3, day(2): 3, day(3): 4, day(4): 4}
    assert total(r, "moved_in:b") == total(r, "moved_out:b") == 8
    assert stock(r, "no_bed:b") == {}


def test_meeting_at_a_place_frees_the_bed_that_was_left(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: part, split: {who: men, to: go}}
    - {id: s, stay: {in: b}}
    - {id: w, wait: {for: 1 days}, then: meet}
    - {id: go, travel: {to: there, takes: 2 days}, then: meet}
    - {id: meet, rejoin: {at: there}}
    - {id: end, outcome: done}
""", "facilities: {b: {at: here, kind: beds, beds: 4}}\n")
    assert area(r, "occupied:b") == pytest.approx(3)
    assert flow(r, "arrived:there") == {day(1): 3, day(2): 1}
    assert total(r, "left:here") == 4
    assert flow(r, "ended:done") == {day(2): 4}


def test_who_stands_on_a_list_and_is_parted_may_fit(tmp_path):
    r = family(tmp_path, """
  p:
    - {id: s, stay: {in: b}}
    - {id: w, wait: {for: 1 days}}
    - {id: part, split: {who: men, to: out}}
    - {id: w2, wait: {for: 1 days}}
    - {id: end, outcome: done}
    - {id: out, outcome: left}
""", "facilities: {b: {at: here, kind: beds, beds: 4, others: 1}}\n")
    assert area(r, "no_bed:b") == pytest.approx(4)
    assert area(r, "occupied:b") == pytest.approx(3)


def test_stages_and_groups_follow_the_parts(tmp_path):
    """A gathering counts only those who are in its pathway, and parted people who are elsewhere do not hold it up."""
    r = family(tmp_path, """
  p:
    - {id: meet, go: {}, then: part}
    - {id: part, split: {who: men, to: q}}
    - {id: all, gather: {at_most: 9 days}}
    - {id: end, outcome: done}
  q:
    - {id: w, wait: {for: 4 days}}
    - {id: end, outcome: left}
""")
    assert flow(r, "ended:done") == {day(0): 3}
    assert stock(r, "in_stage:q") == {day(n): 1 for n in range(4)}
