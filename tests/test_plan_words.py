"""What plans may be about, in words: the grammar of requirements, and what is refused and why."""

from __future__ import annotations

import json
import signal
import sys
import time
from datetime import date

import numpy as np
import pytest

import posada
import posada.planning
from cli_kit import process
from plan_kit import houses
from posada.ensemble import Parts, run
from posada.planning.asked import read_asked
from posada.planning.measured import measured
from posada.planning.requirements import Linear, Measure, Reader, TextError
from posada.planning.varied import Varied, read_varied
from posada.scenario import ScenarioErrors, load
from warm import Begun

VARIED = (Varied("facilities.house.beds", 0, 30), Varied("facilities.desk.staff", 1, 4))
VARY = ["facilities.house.beds=0..30:2", "facilities.hall.beds=0..30:2"]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load(houses(tmp_path_factory.mktemp("words")))


def test_a_requirement_is_read(scenario):
    text = "share_within(wait:gate, 14 days, from 2018-04-03, to 2018-04-10) >= 90 % and max(no_bed:*) <= 0"
    found = Reader(f"{text} with probability 0.95", VARIED).requirement()
    assert found.probability == 0.95
    assert found.stated
    first, second = found.comparisons
    assert first.what == Measure("share_within", "wait:gate", date(2018, 4, 3), date(2018, 4, 10), 14.0, 14)
    assert (first.operator, first.bound) == (">=", 0.9)
    assert (second.what.statistic, second.what.address, second.bound) == ("max", "no_bed:*", 0.0)
    assert Reader("p90_days(wait:gate) <= 14 days", VARIED).requirement().probability == 0.9


def test_what_is_minimised_is_read():
    assert Reader("total", VARIED).objective() == Linear((1.0, 1.0))
    text = "facilities.house.beds + 3 * facilities.desk.staff"
    assert Reader(text, VARIED).objective() == Linear((1.0, 3.0))


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("max(no_bed:*)", 14, "a comparison stands here"),
        ("max(no_bed:*) <= many", 18, "a number stands here"),
        ("max(no_bed:*) = 0", 15, "sets a limit"),
        ("max(no_bed:*) >= 5", 15, "at most something"),
        ("share_within(wait:gate, 14 days) <= 0.5", 34, "at least something"),
        ("share_within(wait:gate) >= 0.9", 1, "takes a length"),
        ("days_over(no_bed:house) <= 3", 1, "takes a number of people"),
        ("mox(no_bed:*) <= 0", 1, "no statistic 'mox'"),
        ("max(no_bed) <= 0", 5, "not the address"),
        ("max(no_bed:*, until 2018-04-03) <= 0", 15, "cannot stand here"),
        ("max(no_bed:*, to 2018-4-3) <= 0", 18, "is not a date"),
        ("max(no_bed:*, from 2018-05-01, to 2018-04-01) <= 0", 1, "`to` is before `from`"),
        ("max(no_bed:* <= 0", 18, "a bracket closes here"),
        ("max(no_bed:*) <= 0 ant max(no_bed:hall) <= 0", 20, "goes on with"),
        ("max(no_bed:*) <= 0 with probability 2", 37, "at most 1"),
        ("max(no_bed:*) <= 0 with probability 0.9 and max(no_bed:hall) <= 1", 41, "--require of their own"),
        ("chance_over(no_bed:*) <= 0", 1, "with probability P"),
        ("total - facilities.house.beds <= 3", 7, "never taken away"),
        ("facilities.hous.beds <= 3", 1, "not one of the capacities"),
    ],
)
def test_mistakes_are_told_with_their_column(text, column, message):
    with pytest.raises(TextError, match=message) as caught:
        Reader(text, VARIED).requirement()
    assert caught.value.column == column


def test_a_slip_of_the_pen_gets_the_nearest_spelling():
    with pytest.raises(TextError) as caught:
        Reader("facilities.hous.beds <= 3", VARIED).requirement()
    assert caught.value.near == "facilities.house.beds"


def asked(scenario, require, minimise="total"):
    return read_asked(scenario, read_varied(scenario, VARY), [require], minimise)


@pytest.mark.parametrize(
    "address",
    ["ended:done", "set_out:men", "arrived:here", "joined:gate", "served:gate", "took:p.some/camps", "moved_in:house"],
)
def test_arrivals_claims_grants_removals_and_arrests_are_refused(scenario, address):
    """As a requirement and as what is minimised."""
    with pytest.raises(ScenarioErrors, match="cannot be planned for: plans are about waits, unmet need"):
        asked(scenario, f"sum({address}) <= 5")
    with pytest.raises(ScenarioErrors, match="never about arrivals, claims, grants, removals or arrests"):
        asked(scenario, "max(no_bed:*) <= 0", f"sum({address})")


@pytest.mark.parametrize("address", ["present:here", "active:chain", "in_stage:p", "in_service:desk"])
def test_people_present_are_refused(scenario, address):
    with pytest.raises(ScenarioErrors, match="cannot be planned for"):
        asked(scenario, f"max({address}) <= 5")


def test_only_days_in_holding_and_camps_count_as_need(scenario):
    assert asked(scenario, "sum(nights:camp) <= 5").requirements
    assert asked(scenario, "person_days(occupied:cell) <= 5").requirements
    with pytest.raises(ScenarioErrors, match="is service, not need"):
        asked(scenario, "sum(nights:house) <= 5")


@pytest.mark.parametrize(
    ("require", "minimise", "message"),
    [
        ("max(no_bed:hose) <= 0", "total", "there is no shelter 'hose'"),
        ("sum(no_bed:house) <= 0", "total", "sum is of a flow, but no_bed:house is a stock"),
        ("share_within(wait:gate, 13 days) >= 0.9", "total", "the nearest edge is 14 days"),
        ("max(no_bed:*, to 2019-01-01) <= 0", "total", "is outside the scenario"),
        ("cost <= 5", "total", "states no prices"),
        ("max(no_bed:*) <= 0", "share_within(wait:gate, 1 days)", "is not minimised"),
        ("max(no_bed:*) <= 0 and total <= 5", "total", "a limit of capacities goes with a minimised need"),
    ],
)
def test_what_cannot_be_is_told(scenario, require, minimise, message):
    with pytest.raises(ScenarioErrors, match=message):
        asked(scenario, require, minimise)


@pytest.mark.parametrize(
    "path",
    ["groups.men.people_per_day", "pathways.p.some.camps", "facilities.house.others", "pathways.p.waits.for.mean"],
)
def test_nothing_but_capacities_may_vary(scenario, path):
    """Who comes, who camps by choice, how long people are patient: none of it can be planned away."""
    with pytest.raises(ScenarioErrors, match=r"cannot be planned away|no capacity at the path"):
        posada.plan(scenario, vary=[f"{path}=0..5"], require="max(no_bed:*) <= 0")


def test_on_the_caravan_people_without_a_bed_cannot_be_called_campers():
    caravan = load("caravan-2018")
    with pytest.raises(ScenarioErrors, match="who is counted as doing without by choice"):
        posada.plan(caravan, vary=["quantities.camp_share=0..1"], require="max(no_bed:*) <= 0")
    paths = [path for path in caravan.numbers() if "camp" in path]
    assert paths
    for path in paths:
        with pytest.raises(ScenarioErrors, match="cannot be varied"):
            read_varied(caravan, [f"{path}=0..1"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("facilities.house.beds", "does not say what may vary"),
        ("facilities.house.beds=3..1", "is above the higher end"),
        ("facilities.house.beds=0..5:2", "do not lead from 0 to 5"),
        ("facilities.house.beds=-1..5", "in whole numbers from 0"),
        ("facilities.hose.beds=0..5", "did you mean 'facilities.house.beds'"),
        ("facilities.house.beds@2018-04-05=0..5", "has no dated values"),
    ],
)
def test_mistakes_in_what_varies(scenario, text, message):
    with pytest.raises(ScenarioErrors, match=message):
        read_varied(scenario, [text])


def test_all_mistakes_come_at_once(scenario):
    with pytest.raises(ScenarioErrors) as caught:
        read_asked(scenario, VARIED, ["max(no_bed:*) <= ", "sum(ended:done) <= 1"], "totl")
    assert len(caught.value.problems) == 3


def test_waits_that_did_not_end_in_service_are_not_short(scenario):
    """Nobody is served at a gate without slots: a mean of those served would be of nobody."""
    result = run(scenario, replicates=2, sets=["facilities.gate.slots_per_day=0"])
    end = scenario.end.isoformat()
    for text, check in (
        ("share_within(wait:gate, 1 days) >= 0.9", lambda v: v == 0),
        ("p90_days(wait:gate) <= 5", np.isinf),
        (f"mean_days(wait:gate, to {end}) <= 5", lambda v: v > 5),
    ):
        what = asked(scenario, text).requirements[0].comparisons[0].what
        assert check(measured(result, what)).all(), text


def test_people_who_come_too_late_to_be_judged_are_left_out(scenario):
    what = asked(scenario, "share_within(wait:gate, 14 days) >= 0.9").requirements[0].comparisons[0].what
    assert what.to == date(2018, 4, 18)
    assert asked(scenario, "max(no_bed:*, to 2018-04-09) <= 0").until == date(2018, 4, 10)
    assert asked(scenario, "share_within(wait:gate, 7 days, to 2018-04-09) >= 0.9").until == date(2018, 4, 17)


def test_parts_are_the_whole(scenario):
    """Any replicates, in any order, are as in one run; and a scenario that ends earlier is the same until then."""
    whole = run(scenario, replicates=4, seed=3)
    some = Parts(scenario.until(date(2018, 4, 20)), replicates=4, seed=3).run([3, 1])
    what = asked(scenario, "sum(nights_no_bed:*, to 2018-04-12) <= 0").requirements[0].comparisons[0].what
    worst = asked(scenario, "person_days(waiting:gate, to 2018-04-12) <= 0").requirements[0].comparisons[0].what
    for measure in (what, worst):
        assert measured(some, measure).tolist() == measured(whole, measure)[[3, 1]].tolist()


def command(*words):
    return process(".", "plan", *words)


def test_the_command_line(scenario, tmp_path):
    words = [str(scenario.folder), "--vary", VARY[0], "--vary", VARY[1], "--replicates", "8"]
    done = command(*words, "--require", "sum(nights_no_bed:*) <= 0", "--out", str(tmp_path / "plan"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["found"]
    assert told["requirements"][0]["probability"] == 0.9
    assert "Where no probability is named, 0.9 is taken." in told["remarks"]
    names = {path.name for path in (tmp_path / "plan").iterdir()}
    assert names == {"plan.html", "plan.json", "candidates.csv", "frontier-1.svg", "tried.jsonl"}
    page = (tmp_path / "plan" / "plan.html").read_text(encoding="utf-8")
    assert "Cost against probability" in page
    assert "data:text/csv" in page
    refused = command(*words, "--require", "sum(ended:done) <= 0", "--minimise", "totl")
    assert refused.returncode == 2
    assert "require:1:5: ended cannot be planned for" in refused.stderr
    assert "did you mean 'total'" in refused.stderr
    late = command(*words, "--require", "max(no_bed:*) <= 0", "--within", "soon")
    assert (late.returncode, late.stdout) == (2, "")
    taken = command(*words, "--require", "max(no_bed:*) <= 0", "--out", str(scenario.folder))
    assert taken.returncode == 2
    assert "holds no plan" in taken.stderr


def test_a_plan_that_is_killed_goes_on(scenario, tmp_path):
    """The diary holds what was tried when the process was killed; the next call ends as if nothing had happened."""
    out = tmp_path / "plan"
    words = [str(scenario.folder), *(w for v in VARY for w in ("--vary", v)), "--require", "sum(nights_no_bed:*) <= 0"]
    words += ["--replicates", "24", "--out", str(out), "--json"]
    child = Begun(["posada", "plan", *words], ".")
    diary = out / "tried.jsonl"
    while not (diary.exists() and diary.read_bytes().count(b"\n") >= 4):
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    assert child.end().returncode == -signal.SIGKILL
    assert diary.exists()
    before = diary.read_bytes()
    rest = command(*words)
    assert rest.returncode == 0, rest.stderr
    assert diary.read_bytes().startswith(before[: before.rfind(b"\n") + 1])
    whole = posada.plan(scenario, vary=VARY, require="sum(nights_no_bed:*) <= 0", replicates=24)
    assert json.loads(rest.stdout)["plan"] == whole.best


def test_ctrl_c_keeps_what_is_done(scenario, monkeypatch):
    """The best so far is told, and the second call goes on."""
    from posada.planning.evaluate import Bench

    tried = Bench.learn
    calls = []

    def interrupted(self, *words):
        calls.append(1)
        if len(calls) == 9:
            raise KeyboardInterrupt
        tried(self, *words)

    monkeypatch.setattr(Bench, "learn", interrupted)
    found = posada.plan(scenario, vary=VARY, require="sum(nights_no_bed:*) <= 0", replicates=24)
    assert found.stopped
    assert found.best is not None
    assert not found.proven
    assert found.fresh_replicates == 0
    assert any("the search was stopped" in line for line in posada.planning.plan_summary(found)["remarks"])


def test_without_optuna_it_says_what_to_install(scenario, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(posada.planning.NotInstalled, match=r"pip install 'posada\[plan\]'"):
        posada.plan(scenario, vary=VARY, require="max(no_bed:*) <= 0")
