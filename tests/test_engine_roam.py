"""Movement over a network: traces by hand, exact chances and shares, and what nobody's luck depends on."""

# ruff: noqa: E501

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine_kit import HEAD, area, flow, same_tables, simulate, stock, total, write
from posada.engine import EngineError
from posada.ensemble import run

PLACES = """id,name,lat,lon,kind,country,population,capacity
a,A,0,0,town,X,1000,
b,B,0,1,town,X,500,
c,C,0,2,camp,Y,,
d,D,1,0,camp,Y,,
"""
MODES = "modes: {road: {speed_kmh: 10}, foot: {speed_kmh: 1}, walk: {speed_kmh: 10, hours: '06:00-18:00'}}\n"
END = "outcomes: {done: {}, late: {}}\n"
DAYS = [f"2018-04-{d:02}" for d in range(2, 12)]


def frame(movement: str, people: int = 1, roam: str = "by: m", more: str = "", group: str = "place: a, date: 2018-04-02") -> str:
    """A scenario of one group that roams."""
    return (f"movement: {{m: {{{movement}}}}}\ngroups: {{g: {{people: {people}, {group}, pathway: p}}}}\n"
            f"pathways: {{p: [{{id: r, roam: {{{roam}}}}}, {{id: end, outcome: done}}, {{id: late, outcome: late}}]}}\n") + MODES + END + more


def simulated(path, text: str, links: str, **how: object):
    """Run it at PLACES."""
    return simulate(path, text, links=links, places=PLACES, **how)


@pytest.mark.parametrize(("km", "arrives"), [(1, 0), (239, 0), (240, 1), (479, 1), (480, 2), (500, 2)])
def test_a_days_distance_is_added_once_a_day_and_one_arrives_when_it_exceeds_the_length(tmp_path, km, arrives):
    r = simulated(tmp_path, frame("leaves: {unsafe: 1, camp: 0, else: 1}, utility: 0"), f"ac,a,c,road,{km}\n")
    assert flow(r, "arrived:c") == {DAYS[arrives]: 1}
    assert total(r, "travelled:ac") == 1


def test_what_is_left_of_a_day_takes_one_further(tmp_path):
    # 240 km a day. Day 0: a to b (100), on to c (a full day again: 200 < 240), there 300 >= 240: a stop.
    links = "ab,a,b,road,100\nbc,b,c,road,200\ncd,c,d,road,10\n"
    r = simulated(tmp_path, frame("leaves: {camp: 1, else: 1}, utility: 0"), links)
    assert flow(r, "arrived:c") == {DAYS[0]: 1}
    assert flow(r, "arrived:d") == {DAYS[1]: 1}


def test_the_first_link_may_be_walked(tmp_path):
    # 24 km a day on the first link: 50 km take three days; then 240 km a day.
    links = "ab,a,b,road,50\nbc,b,c,road,100\n"
    r = simulated(tmp_path, frame("leaves: {camp: 0, else: 1}, utility: 0, first_link: foot"), links)
    assert flow(r, "arrived:b") == {DAYS[2]: 1}
    assert flow(r, "arrived:c") == {DAYS[2]: 1}


def test_people_keep_going_until_they_have_gone_a_full_day(tmp_path):
    # Nobody would leave b by itself. 100 of 240 km: on. Then 300 km in a day: the mean is above one half, a stop.
    links = "ab,a,b,road,100\nbc,b,c,road,200\n"
    rules = "leaves: {unsafe: 1, camp: 0, else: 0}, utility: 0"
    unsafe = "places: {a: {unsafe: 1}}\n"
    stays = simulated(tmp_path / "1", frame(rules, more=unsafe), links)
    goes = simulated(tmp_path / "2", frame(f"{rules}, keeps_going: true", more=unsafe), links)
    assert (total(stays, "arrived:b"), total(stays, "arrived:c")) == (1, 0)
    assert (total(goes, "arrived:b"), total(goes, "arrived:c")) == (1, 1)


def test_by_the_clock_links_are_travelled_within_the_hours_of_their_mode(tmp_path):
    # Sets out at 07:00; 150 km at 10 km/h: 11 hours by 18:00, 4 more from 06:00.
    r = simulated(tmp_path, frame("leaves: {camp: 0, else: 1}, utility: 0, clock: continuous, at: '07:00'"), "ac,a,c,walk,150\n")
    assert 24 * area(r, "travelling:ac") == pytest.approx(11 + 12 + 4)
    assert flow(r, "arrived:c") == {DAYS[1]: 1}


def test_by_the_clock_people_decide_on_arrival_and_then_at_their_hour(tmp_path):
    links = "ab,a,b,road,10\nbc,b,c,road,10\n"
    r = simulated(tmp_path, frame("leaves: {camp: 0, else: 0.5}, utility: 0, clock: continuous, at: '06:00'", people=4000), links)
    at_once = flow(r, "left:a")[DAYS[0]]  # at 06:00 of the first day, one half
    through = flow(r, "left:b")[DAYS[0]]  # of those, one half goes on at 07:00
    assert at_once == pytest.approx(2000, abs=4 * math.sqrt(1000))
    assert through == pytest.approx(at_once / 2, abs=4 * math.sqrt(at_once / 4))


def test_leaving_is_geometric(tmp_path):
    n, p = 20000, 0.3
    r = simulated(tmp_path, frame(f"leaves: {{camp: 0, else: {p}}}, utility: 0", people=n), "ac,a,c,road,1\n")
    left = flow(r, "left:a")
    for k, day in enumerate(DAYS):
        expected = n * p * (1 - p) ** k
        assert left[day] == pytest.approx(expected, abs=4.5 * math.sqrt(expected)), day


def test_a_chance_that_changes_by_date_is_drawn_anew(tmp_path):
    n = 20000
    more = "places: {a: {unsafe: [{value: 0}, {from: 2018-04-05, value: 1}]}}\n"
    r = simulated(tmp_path, frame("leaves: {unsafe: 0.5, camp: 0, else: [{value: 0.1}, {from: 2018-04-04, value: 0.2}]}, utility: 0", n, more=more), "ac,a,c,road,1\n")
    left = flow(r, "left:a")
    here = float(n)
    for day, p in zip(DAYS, [0.1, 0.1, 0.2, 0.5, 0.5, 0.5, 0.5, 0.5], strict=False):
        assert left.get(day, 0) == pytest.approx(here * p, abs=4.5 * math.sqrt(here * p)), day
        here -= left.get(day, 0)


def test_a_chance_may_depend_on_the_party_and_on_the_crowd(tmp_path):
    more = "attributes: {kind_of_party: [x, y]}\n"
    text = frame('leaves: {camp: 0, else: "if(kind_of_party == x, 1, 0)"}, utility: 0', 400, more=more,
                 group="place: a, date: 2018-04-02, attributes: {kind_of_party: {x: 0.5, y: rest}}") + "record: {by: [kind_of_party]}\n"
    r = simulated(tmp_path / "1", text, "ac,a,c,road,1\n")
    assert total(r, "left:a", "kind_of_party=y") == 0
    assert total(r, "left:a", "kind_of_party=x") == total(r, "left:a") > 0
    crowd = frame('leaves: {camp: 0, else: "if(people_there > 100, 1, 0)"}, utility: 0', 400)
    assert total(simulated(tmp_path / "2", crowd, "ac,a,c,road,1\n"), "left:a") == 300


def test_shares_are_those_of_the_logit(tmp_path):
    n = 20000
    links = "ab,a,b,road,10\nac,a,c,road,30\nad,a,d,road,90\n"
    r = simulated(tmp_path, frame('leaves: {camp: 0, else: 0, unsafe: 1}, utility: "log(if(kind == camp, 2, 1)) - 1.5 * log(10 + distance_km)"', n, more="places: {a: {unsafe: 1}}\n"), links)
    weights = np.array([20**-1.5, 2 * 40**-1.5, 2 * 100**-1.5])
    shares = weights / weights.sum()
    found = np.array([total(r, f"arrived:{x}") for x in "bcd"])
    chi2 = float((((found - n * shares) ** 2) / (n * shares)).sum())
    assert chi2 < 13.8  # the 99.9th percentile with two degrees of freedom


@pytest.mark.parametrize(("ahead", "reached"), [(1, "b"), (2, "c"), ("all", "c")])
def test_people_see_so_many_links_ahead(tmp_path, ahead, reached):
    # d repels; who sees c through b goes on along the way to it even where nobody would leave b by itself.
    utility = "if(kind == camp, 50, 0) - if(distance_km > 400, 1000, 0)"
    links = "ab,a,b,road,100\nad,a,d,road,500\nbc,b,c,road,100\n"
    more = "places: {a: {unsafe: 1}}\n"
    rules = f'leaves: {{unsafe: 1, camp: 0, else: 0.5}}, utility: "{utility}", ahead: {ahead}'
    r = simulated(tmp_path, frame(rules, more=more), links)
    assert total(r, "arrived:b") == 1
    assert total(r, "arrived:d") == 0
    assert total(r, f"arrived:{reached}") == 1


def test_the_way_is_followed_to_its_end_and_chosen_anew_if_it_closes(tmp_path):
    links = "ab,a,b,road,300\nbc,b,c,road,100\nbd,b,d,road,100\n"
    rules = 'leaves: {camp: 0, else: 1}, utility: "attraction", ahead: 2'
    draws = "places: {c: {attraction: 60}, d: {attraction: 30}}\n"
    open_ = simulated(tmp_path / "1", frame(rules, more=draws), links)
    closed = simulated(tmp_path / "2", frame(rules, more=draws + "links: {bc: {open: [{value: 1}, {from: 2018-04-03, value: 0}]}}\n"), links)
    assert (total(open_, "arrived:c"), total(open_, "arrived:d")) == (1, 0)
    assert (total(closed, "arrived:c"), total(closed, "arrived:d")) == (0, 1)


def test_by_the_shortest_way_people_go_round_a_closed_link(tmp_path):
    links = "ab,a,b,road,10\nbc,b,c,road,10\nad,a,d,road,50\ndc,d,c,road,50\n"
    rules = 'leaves: {camp: 1, else: 1}, utility: "if(kind == camp, attraction, -50)", ahead: all'
    more = "places: {c: {attraction: 90}}\n"
    assert total(simulated(tmp_path / "1", frame(rules, roam="by: m, ends: [camp]", more=more), links), "arrived:b") == 1
    r = simulated(tmp_path / "2", frame(rules, roam="by: m", more=more + "links: {ab: {open: 0}}\n"), links)
    assert (total(r, "arrived:d"), total(r, "arrived:c")) == (1, 1)


def test_who_passes_through_a_place_does_not_stay_there(tmp_path):
    links = "ac,a,c,road,100\ncd,c,d,road,200\nab,a,b,road,10\n"  # c is a camp on the way to the camp d
    rules = 'leaves: {unsafe: 1, camp: 0, else: 1}, utility: "if(population < 1, attraction, -50)", ahead: all'
    more = "places: {a: {unsafe: 1}, d: {attraction: 90}}\n"
    stays = simulated(tmp_path / "1", frame(rules, more=more), links)
    goes = simulated(tmp_path / "2", frame(f"{rules}, passes_through: true", more=more), links)
    ends = simulated(tmp_path / "3", frame(f"{rules}, passes_through: true", roam="by: m, ends: [camp]", more=more), links)
    assert (total(stays, "arrived:c"), total(stays, "arrived:d")) == (1, 0)
    assert (total(goes, "arrived:c"), total(goes, "arrived:d")) == (1, 1)
    assert total(ends, "arrived:d") == total(ends, "ended:done") == 1


def test_where_nothing_is_open_people_wait_until_something_opens(tmp_path):
    r = simulated(tmp_path, frame("leaves: {camp: 0, else: 1}, utility: 0", 50, more="links: {ac: {open: [{value: 0}, {from: 2018-04-06, value: 1}]}}\n"), "ac,a,c,road,1\n")
    assert flow(r, "arrived:c") == {DAYS[4]: 50}


def test_a_forced_link_is_taken_unless_forced_links_are_ignored(tmp_path):
    links = "ab,a,b,road,1\nac,a,c,road,1\nad,a,d,road,1\n"
    forced = "links: {ab: {forced: 1}}\nplaces: {a: {unsafe: 1}}\n"
    rules = "leaves: {unsafe: 1, camp: 0, else: 0}, utility: 0"
    r = simulated(tmp_path / "1", frame(rules, 300, more=forced), links)
    assert (total(r, "arrived:b"), total(r, "arrived:c"), total(r, "arrived:d")) == (300, 0, 0)
    r = simulated(tmp_path / "2", frame(f"{rules}, forced: ignored", 300, more=forced), links)
    assert min(total(r, f"arrived:{x}") for x in "bcd") > 60


def test_a_closed_camp_is_a_place_like_any_other(tmp_path):
    links = "ac,a,c,road,1\nca,c,a,road,1\n"
    rules = "leaves: {camp: 0, else: 1}, utility: 0"
    r = simulated(tmp_path, frame(rules, more="places: {c: {open: [{value: 0}, {from: 2018-04-05, value: 1}]}}\n"), links)
    assert stock(r, "present:c") == dict.fromkeys(DAYS[3:], 1) or stock(r, "present:c") == dict.fromkeys(DAYS[4:], 1)


def test_a_journey_ends_at_an_open_place_of_its_kinds_or_after_a_time(tmp_path):
    links = "ab,a,b,road,10\nbc,b,c,road,10\nba,b,a,road,10\n"
    r = simulated(tmp_path / "1", frame("leaves: {else: 1}, utility: 0", 30, roam="by: m, ends: [camp]"), links)
    assert total(r, "ended:done") == 30
    shut = "places: {c: {open: 0}}\n"
    r = simulated(tmp_path / "2", frame("leaves: {else: 0.5}, utility: 0", 30, roam="by: m, ends: [camp], at_most: 3 days, at_most_to: late", more=shut), links + "cb,c,b,road,10\n")
    assert total(r, "ended:late") == 30
    assert flow(r, "ended:late") == {DAYS[3]: 30}


def test_people_remember_where_they_have_been(tmp_path):
    links = "ab,a,b,road,200\nba,b,a,road,200\nbc,b,c,road,200\nca,c,a,road,200\ncd,c,d,road,200\n"
    rules = 'leaves: {camp: 1, else: 1}, utility: "-99 * been_there"'
    r = simulated(tmp_path, frame(rules, 200), links)
    assert total(r, "arrived:a") == 0
    assert total(r, "arrived:d") == 200
    back = simulated(tmp_path / "back", frame('leaves: {camp: 1, else: 1}, utility: "-99 * came_from"', 200), links)
    assert total(back, "travelled:ba") == 0
    assert total(back, "travelled:ca") > 0


def test_home_is_where_one_set_out(tmp_path):
    links = "ab,a,b,road,200\nac,a,c,road,200\n"
    r = simulated(tmp_path / "1", frame('leaves: {camp: 0, unsafe: 1, else: 0}, utility: "-99 * foreign"', 50, more="places: {a: {unsafe: 1}}\n"), links)
    assert (total(r, "arrived:b"), total(r, "arrived:c")) == (50, 0)
    # c is two degrees of the equator away, b one; 111.19 km each
    r = simulated(tmp_path / "2", frame('leaves: {camp: 0, unsafe: 1, else: 0}, utility: "if(km_from_home > 222.38 and km_from_home < 222.40, 99, 0)"', 50, more="places: {a: {unsafe: 1}}\n"), links)
    assert total(r, "arrived:c") == 50


def test_a_full_place_takes_nobody(tmp_path):
    links = "ac,a,c,road,1\nad,a,d,road,1\n"
    places = PLACES.replace("c,C,0,2,camp,Y,,", "c,C,0,2,camp,Y,,40")
    text = frame('leaves: {camp: 0, unsafe: 1, else: 0}, utility: "if(crowding >= 1, log(0), 0)"', 300, more="places: {a: {unsafe: 1}}\n")
    r = simulate(tmp_path, text, links=links, places=places)
    assert total(r, "arrived:c") == 40
    assert total(r, "arrived:d") == 260


def test_costs_and_dangers_of_a_way_are_summed(tmp_path):
    links = "ab,a,b,road,1\nbc,b,c,road,1\nad,a,d,road,1\n"
    rules = 'leaves: {camp: 0, unsafe: 1, else: 1}, ahead: 2, utility: "if(kind == camp, 0, -99) - 30 * ({what} > 4.9)"'
    more = "places: {{a: {{unsafe: 1}}}}\nlinks: {{ab: {{{what}: 2}}, bc: {{{what}: 3}}}}\n"
    for what in ("cost", "danger"):
        r = simulated(tmp_path / what, frame(rules.replace("{what}", what), 40, more=more.format(what=what)), links)
        assert total(r, "arrived:d") == 40


def test_parties_set_out_by_the_weight_of_places(tmp_path):
    group = "places: {weight: 'population * unsafe'}, date: 2018-04-02"
    text = frame("leaves: {else: 0}, utility: 0", 6000, group=group, more="places: {a: {unsafe: 1}, b: {unsafe: 0.5}}\n")
    r = simulated(tmp_path, text, "ab,a,b,road,1\n")
    at_b = stock(r, "present:b")[DAYS[0]]
    assert at_b == pytest.approx(1200, abs=4.5 * math.sqrt(6000 * 0.2 * 0.8))
    assert stock(r, "present:a")[DAYS[0]] == 6000 - at_b


def test_a_moment_at_which_nobody_can_set_out_is_an_error_that_names_the_step(tmp_path):
    group = "places: {weight: 'population * unsafe'}, date: 2018-04-02"
    with pytest.raises(EngineError, match=r"step p.r is where people set out.*weight of 0"):
        simulated(tmp_path, frame("leaves: {else: 0}, utility: 0", 6, group=group), "ab,a,b,road,1\n")


def test_a_utility_that_is_not_a_number_is_an_error(tmp_path):
    for k, ahead in enumerate(("0 / (distance_km - 1)", "0 / (distance_km - 1) + 0 * people_there")):
        text = frame(f'leaves: {{else: 1}}, utility: "{ahead}"')
        line = len(HEAD) + 1 + next(i for i, row in enumerate(text.splitlines()) if "utility" in row)
        with pytest.raises(EngineError, match=rf"^scenario.yaml:{line}:\d+: step p\.r has an expression that is not"):
            simulated(tmp_path / str(k), text, "ab,a,b,road,1\n")


def test_a_utility_that_is_not_a_number_is_told_wherever_its_way_stands_among_others(tmp_path):
    for k, ways in enumerate(("ab,a,b,road,1\nac,a,c,road,2\n", "ab,a,b,road,2\nac,a,c,road,1\n")):
        with pytest.raises(EngineError, match="not a finite number"):
            simulated(tmp_path / str(k), frame('leaves: {else: 1}, utility: "0 / (distance_km - 1)"'), ways)


NEWS = "ab,a,b,road,1\nac,a,c,road,1\n"


def test_a_utility_may_change_by_date(tmp_path):
    group = "place: a, from: 2018-04-02, until: 2018-04-11"
    come = frame('leaves: {unsafe: 1, camp: 0, else: 0}, utility: [{value: "if(kind == camp, 0, -99)"}, {from: 2018-04-06, value: "if(kind == camp, -99, 0)"}]', group=group, more="places: {a: {unsafe: 1}}\n")
    r = simulated(tmp_path, come.replace("people: 1,", "people_per_day: 20,"), NEWS)
    assert set(flow(r, "arrived:c")) <= set(DAYS[:4])
    assert set(flow(r, "arrived:b")) <= set(DAYS[4:])
    assert total(r, "arrived:b") > 0 < total(r, "arrived:c")


def test_a_policy_changes_a_utility_from_its_date_on(tmp_path):
    text = frame('leaves: {unsafe: 1, camp: 0, else: 0}, utility: "if(kind == camp, 0, -99)"', group="place: a, from: 2018-04-02, until: 2018-04-11", more="places: {a: {unsafe: 1}}\n")
    policy = 'policies: {turn: [{set: movement.m.utility, to: "if(kind == camp, -99, 0)", from: 2018-04-06}]}\n'
    write(tmp_path, text.replace("people: 1,", "people_per_day: 20,") + policy, links=NEWS, places=PLACES)
    r = run(tmp_path, replicates=1, policy="turn")
    assert set(flow(r, "arrived:c")) <= set(DAYS[:4])
    assert set(flow(r, "arrived:b")) <= set(DAYS[4:])


def test_where_people_set_out_may_change_by_date(tmp_path):
    for k, weight in enumerate(('"if(since(2018-04-06), population > 900, population < 900)"', '[{value: "population < 900"}, {from: 2018-04-06, value: "population > 900"}]')):
        group = f"places: {{weight: {weight}}}, from: 2018-04-02, until: 2018-04-11"
        r = simulated(tmp_path / str(k), frame("leaves: {else: 0}, utility: 0", group=group).replace("people: 1,", "people_per_day: 40,"), NEWS)
        a, b = stock(r, "present:a"), stock(r, "present:b")
        assert set(a) <= set(DAYS[4:])
        assert a[DAYS[4]] > 0 < b[DAYS[0]]
        assert len({b[day] for day in DAYS[4:]}) == 1


def test_a_chance_that_is_an_expression_may_change_by_date(tmp_path):
    chance = '[{value: "0 * population"}, {from: 2018-04-06, value: "1 + 0 * population"}]'
    r = simulated(tmp_path, frame(f"leaves: {{camp: 0, else: {chance}}}, utility: 0", 30), "ac,a,c,road,1\n")
    assert flow(r, "left:a") == {DAYS[4]: 30}


LINKS = "ab,a,b,road,100\nba,b,a,road,100\nac,a,c,road,300\nbc,b,c,road,150\nbd,b,d,road,150\nca,c,a,road,300\ndb,d,b,road,150\n"
USUAL = 'leaves: {unsafe: 1, camp: 0.05, else: 0.4}, utility: "0.5 * (kind == camp) + attraction - log(10 + distance_km)", ahead: 2'


def test_a_policy_changes_nobodys_luck_before_it_touches_them(tmp_path):
    write(tmp_path, frame(USUAL, 500) + "policies: {more: [{set: places.d.attraction, to: 3, from: 2018-04-06}], none: [{set: places.d.attraction, to: 0, from: 2018-04-06}]}\n", links=LINKS, places=PLACES)
    a, b, same = (run(tmp_path, seed=3, replicates=2, policy=policy) for policy in ((), "more", "none"))
    early = pl.col("at") < pl.date(2018, 4, 6)
    columns = ["replicate", "at", "where", "state", "level", "people"]
    assert a.stocks.filter(early).select(columns).equals(b.stocks.filter(early).select(columns))
    assert not a.stocks.select(columns).equals(b.stocks.select(columns))
    assert a.stocks.select(columns).equals(same.stocks.select(columns))


def test_a_smaller_group_is_the_first_part_of_a_larger_one(tmp_path):
    # Nobody's way depends on others: who is in both moves alike, so no place has fewer people in the larger run.
    few = simulated(tmp_path / "1", frame(USUAL, 200), LINKS)
    many = simulated(tmp_path / "2", frame(USUAL, 300), LINKS)
    for place in "abcd":
        a, b = stock(few, f"present:{place}"), stock(many, f"present:{place}")
        assert all(b.get(day, 0) >= n for day, n in a.items()), place


def test_a_run_stopped_on_a_date_goes_on_as_if_it_had_not(tmp_path):
    from posada.ensemble import resume

    write(tmp_path / "s", frame(USUAL, 300), links=LINKS, places=PLACES)
    run(tmp_path / "s", seed=5, replicates=2).save(tmp_path / "whole")
    half = run(tmp_path / "s", seed=5, replicates=2, until="2018-04-06")
    assert half.state is not None
    resume(half.state).save(tmp_path / "rest")
    assert same_tables(tmp_path / "whole", tmp_path / "rest")


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_nobody_is_lost_on_a_random_network(data):
    """The engine itself stops if anybody is; here any network, rule and closure may come."""
    draw = data.draw
    n = draw(st.integers(2, 7))
    names = [f"p{i}" for i in range(n)]
    kinds = draw(st.lists(st.sampled_from(["town", "camp", "hub"]), min_size=n, max_size=n))
    places = "id,name,lat,lon,kind,country,population,capacity\n" + "".join(
        f"{x},{x},{i},0,{k},{'XY'[i % 2]},{100 * (i + 1)},{10 if k == 'camp' else 99}\n" for i, (x, k) in enumerate(zip(names, kinds, strict=True)))
    pairs = draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda p: p[0] != p[1]), min_size=1, max_size=14, unique=True))
    links = "".join(f"{a}-{b},{a},{b},{draw(st.sampled_from(['road', 'walk']))},{draw(st.sampled_from([0.5, 20, 130, 240, 700]))}\n" for a, b in pairs)
    closed = "".join(f"  {a}-{b}: {{open: [{{value: {draw(st.integers(0, 1))}}}, {{from: 2018-04-0{draw(st.integers(3, 9))}, value: {draw(st.integers(0, 1))}}}], forced: {draw(st.sampled_from([0, 0, 1]))}}}\n" for a, b in pairs)
    unsafe = "".join(f"  {x}: {{unsafe: [{{value: {draw(st.integers(0, 1))}}}, {{from: 2018-04-0{draw(st.integers(3, 9))}, value: {draw(st.integers(0, 1))}}}]}}\n" for x in names)
    utility = draw(st.sampled_from(["0", "- log(5 + distance_km)", "if(crowding >= 1, log(0), 0) - 0.01 * km_from_home", "-3 * been_there - 2 * came_from - foreign + since(2018-04-05)", "people * hours / 24"]))
    clock = draw(st.sampled_from(["daily", "continuous"]))
    chance = draw(st.sampled_from(["0.3", "1", '"if(people_there > 5, 0.9, 0.1)"', "[{value: 0.2}, {from: 2018-04-05, value: 0.9}]"]))
    ends = draw(st.sampled_from(["", ", ends: [camp]", ", ends: [camp, hub], at_most: {exponential: {mean: 4 days}}, at_most_to: late"]))
    if "camp" not in kinds or "hub" not in kinds:
        ends = ""
    movement = f'leaves: {{unsafe: 0.9, else: {chance}}}, utility: "{utility}", ahead: {draw(st.sampled_from([1, 2, 3, "all"]))}, clock: {clock}, forced: {draw(st.sampled_from(["obeyed", "ignored"]))}'
    if clock == "daily":
        movement += f", keeps_going: {draw(st.sampled_from(['true', 'false']))}, first_link: foot"
    text = frame(movement, 40, roam=f"by: m{ends}", group="places: {weight: population}, date: 2018-04-02, parties: {1: 0.5, 3: 0.5}", more=f"links:\n{closed}places:\n{unsafe}")
    with tempfile.TemporaryDirectory() as folder:
        r = simulate(Path(folder), text, links=links, places=places, replicates=2)
    ended = sum(total(r, f"ended:{x}") for x in ("done", "late"))
    end = pl.date(2018, 4, 11)
    last = r.stocks.filter((pl.col("at") == end) & (pl.col("attribute") == "all") & pl.col("state").is_in(["present", "travelling"]))
    assert ended + last["people"].sum() == total(r, "set_out:g")
    assert total(r, "set_out:g") >= 80
