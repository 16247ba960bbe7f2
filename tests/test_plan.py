"""`posada plan` finds optima that are known: by formula, by brute force; and says so when there is none."""

from __future__ import annotations

import itertools
import json

import numpy as np
import polars as pl
import pytest

import posada
import posada.planning
import posada.results
from engine_kit import write
from plan_kit import houses, line, served_within
from posada.ensemble import run
from posada.planning.plan import wilson
from posada.scenario import load

BED_VARY = {"facilities.house.beds": (0, 30, 3), "facilities.hall.beds": (0, 30, 3)}
NO_NIGHT = "sum(nights_no_bed:*) <= 0 with probability 0.75"


@pytest.fixture(scope="module")
def beds(tmp_path_factory):
    """The two houses planned for, with the folder of the plan."""
    folder = tmp_path_factory.mktemp("beds")
    scenario = load(houses(folder))
    found = posada.plan(scenario, vary=BED_VARY, require=NO_NIGHT, replicates=16, out=folder / "plan", fresh=16)
    return scenario, found, folder / "plan"


def test_staff_for_a_service_level_is_that_of_erlang_a(tmp_path):
    """At least 87 % are served within 0.05 days: by formula nine desks do (91 %), eight do not (83 %)."""
    share = [served_within(72, 0.1, 0.2, c, 0.05) for c in range(1, 21)]
    least = 1 + next(i for i, s in enumerate(share) if s >= 0.87)
    assert share[least - 2] < 0.87 - 0.03
    assert share[least - 1] > 0.87 + 0.03
    found = posada.plan(
        line(tmp_path),
        vary=["facilities.f.staff=1..20"],
        require="share_within(wait:f, 0.05 days) >= 0.87 with probability 0.9",
        minimise="facilities.f.staff",
        replicates=12,
    )
    assert found.best == {"facilities.f.staff": least}
    assert found.proven
    reached = found.bench.tried[found.search.best].values[0].mean()
    assert reached == pytest.approx(share[least - 1], abs=0.01)


def brute_force(scenario, replicates, seed=1):
    """The cheapest pairs of beds with which nobody lacks one in three replicates of four, by trying all."""
    best, where = np.inf, []
    for house, hall in itertools.product(range(0, 31, 3), repeat=2):
        if house + hall > best:
            continue
        sets = [f"facilities.house.beds={house}", f"facilities.hall.beds={hall}"]
        r = run(scenario, replicates=replicates, seed=seed, sets=sets)
        nights = r.flows.filter((pl.col("event") == "nights_no_bed") & (pl.col("attribute") == "all"))
        bad = nights.filter(pl.col("people") > 0)["replicate"].n_unique()
        if replicates - bad >= 0.75 * replicates:
            where = [(house, hall)] if house + hall < best else [*where, (house, hall)]
            best = house + hall
    return best, where


def test_two_houses_as_brute_force_finds_them(beds):
    scenario, found, _ = beds
    best, where = brute_force(scenario, 16)
    assert found.cost == best
    assert tuple(found.best.values()) in where
    assert found.proven
    assert len(found.bench.tried) < 60, "of 121 candidates"


def test_no_single_step_down_is_good_enough(beds):
    _, found, _ = beds
    steps = found.beside(-1)
    assert len(steps) == 2
    assert not any(step.meets_all for step in steps)
    assert all(step.cost == found.cost - 3 for step in steps)


def test_fresh_replicates_are_other_replicates(beds):
    scenario, found, _ = beds
    r = run(scenario, replicates=32, seed=1, sets=found.sets)
    nights = r.flows.filter((pl.col("event") == "nights_no_bed") & (pl.col("attribute") == "all"))
    bad = set(nights.filter(pl.col("people") > 0)["replicate"].to_list())
    reached = found.reached[0]
    assert reached.reached == 1 - len([x for x in bad if x < 16]) / 16
    assert reached.fresh == 1 - len([x for x in bad if x >= 16]) / 16
    assert reached.low < reached.fresh < reached.high or reached.fresh in (0, 1)


def test_how_sure_and_the_frontier(beds):
    _, found, _ = beds
    shares = found.sureness.same + sum(s for _, s in found.sureness.others) + found.sureness.none
    assert shares <= 1 + 1e-9
    assert found.sureness.same > 0
    assert found.frontier["cost"].is_sorted()
    assert found.frontier["probability"].is_sorted()
    assert found.candidates["cost"].is_sorted()


def test_a_second_call_goes_on_and_runs_nothing_twice(beds, tmp_path):
    scenario, found, folder = beds
    whole = (folder / "tried.jsonl").read_text()
    again = posada.plan(scenario, vary=BED_VARY, require=NO_NIGHT, replicates=16, out=folder, fresh=16)
    assert again.best == found.best
    assert again.bench.simulated == 0
    assert (folder / "tried.jsonl").read_text() == whole
    cut = tmp_path / "cut"
    cut.mkdir()
    (cut / "tried.jsonl").write_text(whole[: len(whole) // 2])  # as a kill leaves it, in the middle of a line
    rest = posada.plan(scenario, vary=BED_VARY, require=NO_NIGHT, replicates=16, out=cut, fresh=16)
    assert rest.best == found.best
    assert 0 < rest.bench.simulated < found.bench.simulated
    assert (cut / "tried.jsonl").read_text() == whole
    assert rest.candidates.equals(found.candidates)


def test_another_question_or_a_damaged_diary_is_refused(beds):
    scenario, _, folder = beds
    with pytest.raises(posada.results.ResultError, match=r"another question \(require\)"):
        posada.plan(scenario, vary=BED_VARY, require="sum(nights_no_bed:*) <= 1", replicates=16, out=folder)
    other = folder.parent / "damaged"
    other.mkdir()
    (other / "tried.jsonl").write_text("nothing\n{}\n")
    with pytest.raises(posada.results.ResultError, match="damaged"):
        posada.plan(scenario, vary=BED_VARY, require=NO_NIGHT, replicates=16, out=other)


def test_no_plan_says_what_fails_and_by_how_much(tmp_path):
    found = posada.plan(
        houses(tmp_path),
        vary=["facilities.hall.beds=0..4", "facilities.house.beds=0..4"],
        require=["sum(nights_no_bed:*) <= 0", "max(no_bed:hall) <= 900"],
        replicates=4,
    )
    assert found.best is None
    assert found.cost is None
    ((text, wanted, reached, worst),) = found.misses
    assert (text, wanted, reached) == ("sum(nights_no_bed:*) <= 0", 0.9, 0.0)
    assert "it comes to" in worst[0]
    assert json.dumps(posada.planning.plan_summary(found), allow_nan=False)


def test_everything_at_its_lowest_is_best_if_it_will_do(tmp_path):
    vary, require = ["facilities.hall.beds=3..9:3"], "max(no_bed:hall) <= 900"
    found = posada.plan(houses(tmp_path), vary=vary, require=require, replicates=4)
    assert found.best == {"facilities.hall.beds": 3}
    assert found.proven


AFTER = """
end: 2018-04-30
groups: {g: {people_per_day: 8, place: here, pathway: p}}
facilities:
  house: {at: here, kind: beds, beds: 300, admits: everyone}
  gate: {at: here, kind: gate, slots_per_day: 12, opens: "08:00"}
  desk: {at: here, kind: desks, staff: 1, service: {fixed: 4 hours}}
pathways:
  p:
    - {id: night, stay: {in: house}}
    - {id: line, queue: {at: gate}}
    - {id: after, queue: {at: desk}}
    - {id: end, outcome: done}
outcomes: {done: {}}
"""
"""More slots at the gate only move the queue to the desk, which serves six a day."""


def test_where_more_capacity_does_harm_it_says_so_and_infers_nothing(tmp_path):
    vary = {"facilities.gate.slots_per_day": (3, 12, 3), "facilities.house.beds": (0, 300, 60)}
    require = ["max(waiting:desk) <= 6", "sum(nights_no_bed:house) <= 0"]
    folder = write(tmp_path / "after", AFTER)
    found = posada.plan(folder, vary=vary, require=require, replicates=4, fresh=4)
    assert not found.search.monotone
    assert any("More capacity did harm" in line for line in posada.planning.plan_summary(found)["remarks"])
    good = []
    for slots, beds in itertools.product(range(3, 13, 3), range(0, 301, 60)):
        sets = [f"facilities.gate.slots_per_day={slots}", f"facilities.house.beds={beds}"]
        r = run(folder, replicates=4, sets=sets)
        at_desk, nights = stock_most(r, "waiting", "desk"), stock_most(r, "no_bed_nights", "house")
        if (at_desk <= 6).all() and (nights == 0).all():
            good.append(slots + beds)
    assert found.cost == min(good)
    assert found.proven


def stock_most(r, what, where):
    """The most people who wait, or all nights without a bed, in each replicate."""
    values = np.zeros(r.replicates)
    rows = r.stocks.filter((pl.col("state") == "waiting") & (pl.col("where") == where) & (pl.col("attribute") == "all"))
    column = "people_max"
    if what != "waiting":
        named = pl.col("event") == "nights_no_bed"
        rows, column = r.flows.filter(named & (pl.col("where") == where) & (pl.col("attribute") == "all")), "people"
    for replicate, value in rows.group_by("replicate").agg(pl.col(column).max()).iter_rows():
        values[replicate] = value
    return values


def test_the_least_need_within_a_budget(tmp_path):
    """Twelve beds for two houses: those of the house that takes everybody are worth more."""
    found = posada.plan(
        houses(tmp_path),
        vary={"facilities.house.beds": (0, 12, 4), "facilities.hall.beds": (0, 12, 4)},
        require="total <= 12",
        minimise="sum(nights_no_bed:*)",
        replicates=4,
        fresh=0,
    )
    tried = {tuple(found.question.values(p)): c.values[-1].mean() for p, c in found.bench.tried.items()}
    assert all(sum(point) <= 12 for point in tried)
    assert len(tried) == 10
    assert found.cost == min(tried.values())


def test_wilson_interval():
    """Wilson's interval for 8 of 10 (Brown, Cai and DasGupta 2001)."""
    assert wilson(0.8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
