"""Runs that stop at a date go on as if they never had, and fork as if their changes had been dated from the outset."""

from __future__ import annotations

import json
import tempfile
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import posada
from engine_kit import same_tables, write
from posada.engine import EngineError, compile_scenario, first_midnight, pack, unpack
from posada.engine.fork import numbers_before
from posada.ensemble import StateError, open_state, resume, run
from posada.scenario import Change, Entry, Instant, Number, Policy, Quantity, Scenario, ScenarioErrors, load
from posada.scenario.build_policies import is_fixed_at_start
from posada.scenario.changes import foreseen_numbers
from test_engine_fuzz import examples, fuzzed, pathways

TABLES = ("stocks", "flows", "waits", "outcomes", "quantities", "background", "busy")
DAY = date(2018, 4, 24)
GATE = "facilities.san-ysidro-gate.slots_per_day"


def equal(a, b, tables=TABLES, but=()) -> bool:
    """Whether two results have the same tables."""
    return all(a.table(name).drop(*but).equals(b.table(name).drop(*but)) for name in tables)


def before(result, day: date, name: str = "flows") -> pl.DataFrame:
    """What was counted before a day, whatever the policy is called."""
    column = "from" if name == "flows" else "at"
    return result.table(name).filter(pl.col(column) < day).drop("policy")


def with_policies(scenario: Scenario, changes: list[Change], day: date) -> Scenario:
    """The scenario with a policy `now`, and the same from a day on as `dated`."""
    dated = [replace(c, from_=Instant(day)) for c in changes]
    return scenario.replace(policies={"now": Policy("now", "now", changes=tuple(changes)),
                                      "dated": Policy("dated", "dated", changes=tuple(dated))})


def times(path: str, factor: float, position: int = 1) -> Change:
    """A number is multiplied."""
    number = Number((Entry(None, Quantity(factor)),), "rate", f"policies.now.{position}")
    return Change("multiply", path, number, position=position, policy="now")


@pytest.fixture(scope="module")
def caravan():
    """The scenario with a gate that has twice the slots, now or from the date on."""
    return with_policies(load("caravan-2018"), [times(GATE, 2)], DAY)


@pytest.fixture(scope="module")
def whole(caravan):
    """A run that never stops."""
    return run(caravan, replicates=4)


@pytest.fixture(scope="module")
def state(caravan):
    """A run that stopped on 24 April."""
    return run(caravan, replicates=4, until=DAY, threads=2).state


def test_a_saved_caravan_goes_on_byte_for_byte(tmp_path):
    run("caravan-2018", replicates=3).save(tmp_path / "whole")
    stopped = run("caravan-2018", replicates=3, until="2018-04-24", threads=2)
    file = stopped.state.save(tmp_path / "state.posada")
    for threads in (1, 5):
        resume(file, threads=threads).save(tmp_path / str(threads))
        assert same_tables(tmp_path / "whole", tmp_path / str(threads))
        for name in ("run.json", "summary.json"):
            assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / str(threads) / name).read_bytes()


def test_a_file_depends_on_nothing_but_the_run(tmp_path):
    for threads in (1, 3):
        run("caravan-2018", replicates=3, until=DAY, threads=threads).state.save(tmp_path / str(threads))
    assert (tmp_path / "1").read_bytes() == (tmp_path / "3").read_bytes()


def test_what_is_known_by_a_date_is_the_run_that_ends_there():
    stopped = run("caravan-2018", replicates=2, until=DAY)
    short = run(load("caravan-2018").until(DAY), replicates=2)
    assert equal(stopped, short)
    assert stopped.hash == short.hash
    assert stopped.scenario.end == date(2018, 4, 23)
    assert all(h.to is None or h.to < DAY for h in stopped.scenario.headlines.values())


def test_the_result_of_a_stopped_run_is_kept_and_opened(tmp_path):
    stopped = run("caravan-2018", replicates=2, until=DAY)
    stopped.save(tmp_path / "r")
    opened = posada.open_result(tmp_path / "r")
    assert equal(stopped, opened)
    assert opened.info == stopped.info
    assert opened.command == "posada run caravan-2018 --replicates 2 --seed 1 --until 2018-04-24"


def test_twice_the_slots_from_the_present_is_the_same_as_dated_from_the_outset(caravan, whole, state):
    fork = resume(state, policy="now", name="dated")
    assert equal(fork, run(caravan, replicates=4, policy="dated"))
    assert before(fork, DAY).equals(before(whole, DAY))
    assert before(fork, DAY, "stocks").equals(before(whole, DAY, "stocks"))
    assert not equal(fork, whole, ("flows",), ("policy",))


def test_a_fork_without_changes_is_the_run_itself(whole, state):
    assert resume(state).info == whole.info
    for other in (resume(state), resume(state, seed=1), resume(state, threads=1)):
        assert equal(other, whole)
    nothing = resume(state, sets=[f"{GATE}@2018-04-29=0"])
    assert nothing.policy == "set@2018-04-24"


def test_another_seed_changes_only_what_is_drawn_from_the_date_on(whole, state):
    fork = resume(state, seed=7)
    for name in ("flows", "stocks"):
        assert before(fork, DAY, name).equals(before(whole, DAY, name))
    assert not fork.flows.equals(whole.flows)
    assert fork.quantities.equals(whole.quantities), "what is unknown is not luck"
    assert equal(fork, resume(state, seed=7, threads=1))
    third = resume(state, seed=8)
    assert not third.flows.equals(fork.flows)
    after = [r.flows.filter((pl.col("event") == "took") & (pl.col("replicate") == 0)) for r in (whole, fork)]
    assert not after[0].equals(after[1]), "those who were there draw anew, too"


def test_new_ranges_of_a_fork_are_drawn_once_and_kept(caravan, state):
    text = GATE + "={value: 50, low: 20, high: 90}"
    fork = resume(state, sets=[text], until="2018-05-10")
    drawn = fork.quantities.filter(pl.col("path") == "policies.set.1")
    assert drawn["z"].n_unique() == 4
    on = resume(fork.state, seed=5)
    assert on.quantities.filter(pl.col("path") == "policies.set.1")["z"].equals(drawn["z"])
    both = resume(fork.state, sets=[text])
    z = [both.quantities.filter(pl.col("path") == f"policies.set.{k}")["z"].to_list() for k in (1, 2)]
    assert z[0] == drawn["z"].to_list()
    assert z[0] != z[1], "the second text is another number"


def test_stops_one_after_another(caravan, whole, state):
    later = resume(state, until="2018-06-01").state
    assert equal(resume(later), whole)
    twice = resume(resume(state, policy="now", until="2018-06-01").state, sets=[f"{GATE}=7"], name="dated")
    straight = caravan.changes_from(DAY, ["now"]) + caravan.changes_from(date(2018, 6, 1), [], [f"{GATE}=7"])
    dated = caravan.replace(policies={"dated": Policy("dated", "dated", changes=straight)})
    assert equal(twice, run(dated, replicates=4, policy="dated"))
    assert [f.date for f in twice.info.forks] == ["2018-04-24", "2018-06-01"]
    assert twice.command.count("&&") == 2


def test_given_draws_are_kept(caravan):
    path = sorted(run(caravan, replicates=1).quantities["path"].unique().cast(str))[0]
    draws = pl.DataFrame({"replicate": [0, 1], "path": [path, path], "z": [2.0, -2.0]})
    there = run(caravan, replicates=2, draws=draws)
    assert equal(resume(run(caravan, replicates=2, draws=draws, until=DAY).state), there)


def test_what_is_fixed_at_the_outset_cannot_be_forked(state):
    with pytest.raises(ScenarioErrors, match=r"groups.caravan.people is fixed at the outset"):
        resume(state, sets=["groups.caravan.people=0"])


def test_a_daily_chance_cannot_be_forked(tmp_path):
    place = write(tmp_path / "s", """
quantities: {leaving: 0.3}
groups: {g: {people_per_day: 5, place: here, pathway: p}}
pathways: {p: [{id: w, wait: {for: {daily_chance: leaving}}}, {id: end, outcome: done}]}
outcomes: {done: {}}
""")
    stopped = run(place, replicates=1, until="2018-04-06").state
    for path in ("quantities.leaving", "pathways.p.w.wait.for.daily_chance"):
        with pytest.raises(ScenarioErrors, match="is a daily chance"):
            resume(stopped, sets=[f"{path}=0.9"])


def test_dates_that_cannot_be(state):
    with pytest.raises(ValueError, match="stands at 2018-04-24 already"):
        resume(state, until=DAY)
    for day in ("2018-03-25", "2030-01-01", "24 April"):
        with pytest.raises(ValueError):
            run("caravan-2018", replicates=1, until=day)


EAST = "id,name,lat,lon,time_zone\nhere,Here,0,0,Europe/Madrid\nwest,West,2,2,America/Tijuana\n"


def test_days_begin_in_the_east_first(tmp_path):
    """The scenario's clock is Tijuana's: what changes in Madrid on a date changes nine hours earlier."""
    place = write(tmp_path / "s", """
time_zone: America/Tijuana
groups: {g: {people_per_day: 60, place: here, pathway: p}, h: {people_per_day: 60, place: west, pathway: q}}
facilities:
  f: {at: here, kind: desks, staff: 2, service: {exponential: {mean: 1 hours}}}
  g: {at: west, kind: desks, staff: 2, service: {exponential: {mean: 1 hours}}}
pathways:
  p: [{id: q, queue: {at: f}}, {id: end, outcome: done}]
  q: [{id: q, queue: {at: g}}, {id: end, outcome: done}]
outcomes: {done: {}}
""", places=EAST)
    day = date(2018, 4, 6)
    scenario = with_policies(load(place), [times("facilities.f.staff", 2), times("facilities.g.staff", 2, 2)], day)
    moment, midnight = first_midnight(scenario, day)
    assert midnight - moment == 9 * 3600
    stopped = run(scenario, replicates=2, until=day)
    assert equal(resume(stopped.state), run(scenario, replicates=2))
    assert equal(resume(stopped.state, policy="now", name="dated"), run(scenario, replicates=2, policy="dated"))
    other = resume(stopped.state, seed=3)
    assert before(other, day).equals(before(run(scenario, replicates=2), day))


ANY = (pathways(), st.integers(0, 3), st.integers(3, 19), st.data())


@examples(20)
@given(*ANY)
def test_any_scenario_goes_on_and_forks_at_any_date(text, seed, day, data):
    goes_on_and_forks(text, seed, day, data)


@pytest.mark.prove
@examples(1000)
@given(*ANY)
def test_many_more_go_on_and_fork(text, seed, day, data):
    goes_on_and_forks(text, seed, day, data)


def goes_on_and_forks(text, seed, day, data):
    """A run that stops equals the run that does not; a fork equals the run with dated changes."""
    day = date(2018, 4, day)
    with tempfile.TemporaryDirectory() as folder:
        try:
            scenario = load(fuzzed(Path(folder), text))
            whole = run(scenario, replicates=2, seed=seed, threads=1)
        except (EngineError, ScenarioErrors):
            assume(False)
        fixed = foreseen_numbers(scenario)
        changeable = [p for p, n in scenario.numbers().items()
                      if not is_fixed_at_start(p) and p not in fixed and n.role != "stages"]
        chosen = data.draw(st.lists(st.sampled_from(changeable), min_size=1, max_size=6, unique=True))
        factor = data.draw(st.sampled_from([0.0, 0.5, 2.0]))
        factors = [max(factor, 0.5) if scenario.numbers()[p].role == "positive" else factor for p in chosen]
        changes = [times(p, f, i) for i, (p, f) in enumerate(zip(chosen, factors, strict=True), 1)]
        scenario = with_policies(scenario, changes, day)
        try:
            dated = run(scenario, replicates=2, seed=seed, policy="dated", threads=1)
        except EngineError:
            dated = None
        stopped = run(scenario, replicates=2, seed=seed, until=day, threads=1)
        assert equal(resume(stopped.state), whole)
        if dated is not None:
            assert equal(resume(stopped.state, policy="now", name="dated"), dated)
        else:
            with pytest.raises(EngineError):
                resume(stopped.state, policy="now")


def test_numbers_before_a_date_are_those_of_the_state(state, caravan):
    compiled = compile_scenario(caravan)
    moment, _ = first_midnight(caravan, DAY)
    found = unpack(state.packed[1])
    computed = numbers_before(compiled.program, found.values, moment)
    shifts = {int(f["capacity"]) for f in compiled.program.facilities if f["shifts_n"]}
    keep = np.array([i not in shifts for i in range(len(computed))])
    assert np.array_equal(computed[keep], found.current[keep])


def test_a_state_is_the_same_after_packing(state):
    found = unpack(state.packed[0])
    again = unpack(pack(found))
    for name, a, b in zip(found._fields, found, again, strict=True):
        columns = a.dtype.names or [...]
        assert a.shape == b.shape
        assert all(np.array_equal(a[c], b[c], equal_nan=a[c].dtype.kind == "f") for c in columns), name


# --- files --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """A saved run of one replicate."""
    stopped = run("caravan-2018", replicates=1, until=DAY)
    return stopped.state.save(tmp_path_factory.mktemp("state") / "state.posada")


def rewritten(file: Path, to: Path, **parts: bytes) -> Path:
    """The file with other parts, as somebody could make it."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.replace("/", "_").replace(".", "_"), old.read(name)))
    return to


def test_a_file_that_is_not_a_saved_run(tmp_path, file):
    (tmp_path / "text").write_text("hello")
    with zipfile.ZipFile(tmp_path / "zip", "w") as other:
        other.writestr("a", "b")
    for name in ("text", "zip"):
        with pytest.raises(StateError, match="is not a saved run of posada"):
            open_state(tmp_path / name)
    with pytest.raises(StateError, match="is a folder"):
        open_state(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_state(tmp_path / "nothing")


def test_a_file_that_was_cut_off_or_damaged(tmp_path, file):
    whole = file.read_bytes()
    other = tmp_path / "other"
    for share in (0.1, 0.5, 0.9, 0.999):
        other.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(StateError, match="damaged or was cut off"):
            open_state(other)
    random = np.random.default_rng(1)
    for place in random.integers(0, len(whole), 60):
        other.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << int(random.integers(8))]) + whole[place + 1 :])
        try:
            found = open_state(other)
        except StateError:
            continue
        assert found.packed == open_state(file).packed, "only what is not read may differ"


def test_a_file_of_another_engine_or_a_changed_scenario(tmp_path, file):
    with zipfile.ZipFile(file) as old:
        head = json.loads(old.read("head.json"))
        text = old.read("scenario/scenario.yaml")
    other = rewritten(file, tmp_path / "a", head_json=json.dumps({**head, "engine": "x", "version": "9"}).encode())
    with pytest.raises(StateError, match=r"was saved by posada 9 with another engine"):
        open_state(other)
    changed = text.replace(b"title: ", b"title: Not ", 1)
    with pytest.raises(StateError, match=r"the scenario in .* was changed"):
        open_state(rewritten(file, tmp_path / "b", scenario_scenario_yaml=changed))
    with pytest.raises(StateError, match=r"the scenario in .* was changed"):
        open_state(rewritten(file, tmp_path / "c", scenario_scenario_yaml=b"posada: 1"))
    with pytest.raises(StateError, match="damaged: replicate 0"):
        resume(rewritten(file, tmp_path / "d", state_0=pack(unpack(open_state(file).packed[0]))[:-50]))
    with pytest.raises(StateError, match="rules of clocks"):
        resume(rewritten(file, tmp_path / "e", head_json=json.dumps({**head, "program": "x"}).encode()))


def test_a_file_is_written_whole_or_not_at_all(tmp_path, state, monkeypatch, file):
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    run_state = open_state(file)
    with pytest.raises(StateError, match="is not a saved run"):
        run_state.save(other)
    assert other.read_text() == "mine"
    kept = run_state.save(tmp_path / "deep" / "state.posada")
    was = kept.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("posada.ensemble.state.put", full)
    with pytest.raises(OSError, match="No space"):
        run_state.save(kept)
    assert [p.name for p in kept.parent.iterdir()] == ["state.posada"]
    assert kept.read_bytes() == was


def test_a_scenario_that_its_files_do_not_tell_is_resumed_but_not_saved(tmp_path, state):
    with pytest.raises(StateError, match="cannot be saved"):
        state.save(tmp_path / "state.posada")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_scenario_is_saved_with_its_changes(tmp_path):
    scenario = load("caravan-2018").change(GATE, 33)
    file = run(scenario, replicates=1, until=DAY + timedelta(days=9)).state.save(tmp_path / "s")
    assert equal(resume(file), run(scenario, replicates=1))
