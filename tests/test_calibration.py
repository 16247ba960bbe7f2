"""Calibration: what is learnt from counts, kept, resumed, used in runs, and updated by weights."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

import calibration_kit as kit
import posada as package
from posada.forecasting import CalibrationError, fitting, observed, open_calibration, update
from posada.forecasting.calibration import own_first
from posada.forecasting.learnt import weighted_quantiles
from posada.forecasting.observing import Observed, from_scale, to_scale
from posada.forecasting.smoother import innovations, step
from posada.scenario import Observation, load

DAY = date(2024, 3, 25)
FAST = {"runs": 40, "rounds": 2, "inflation": 1.0, "threads": 1}


def counted(value, qualifier="exact", share=0.1, **bounds):
    """One count."""
    o = Observation("c", "present:a", DAY, DAY, None, value, None, qualifier, (), None, "check")
    return Observed(o, DAY, value, share, **bounds)


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A situation whose counts were simulated, and the numbers behind them."""
    folder = tmp_path_factory.mktemp("calibration")
    plain = load(kit.write(folder / "plain"))
    truth = package.run(plain, replicates=1, seed=77)
    from posada.forecasting import simulated

    items = observed(plain)
    counts = dict(zip((item.id for item in items), simulated(truth, items)[:, 0], strict=True))
    scenario = load(kit.write(folder / "known", counts))
    numbers = {str(path): value for path, value in truth.quantities.select("path", "value").iter_rows()}
    return scenario, numbers


@pytest.fixture(scope="module")
def learnt(known):
    return package.calibrate(known[0], until=DAY, **FAST)


def test_one_step_is_that_of_kalman_where_all_is_normal():
    rng = np.random.default_rng(1)
    x = rng.standard_normal((1, 20_000))
    y = 20.0 + 2.0 * x
    item = counted(float(from_scale(np.array(23.0))))
    new = step(x, y, [item], 1.0, 1.0, rng)
    left = 1.0 - 4.0 / (4.0 + item.sd**2)
    wider = np.sqrt(left) + 0.1 * (1.0 - np.sqrt(left))
    assert new.mean() == pytest.approx(2.0 * 3.0 / (4.0 + item.sd**2), abs=0.04)
    assert new.std() == pytest.approx(wider, abs=0.02)


def test_a_number_that_has_nothing_to_do_with_a_count_stays_as_it_is():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((2, 400))
    new = step(x, (20.0 + 2.0 * x[:1]), [counted(450.0)], 1.0, 1.0, rng)
    assert (new[1] == x[1]).all()
    assert (new[0] != x[0]).any()


def test_a_bound_that_is_kept_pulls_nobody_and_one_that_is_broken_pulls_only_who_breaks_it():
    rng = np.random.default_rng(3)
    y = np.array([np.linspace(5.0, 15.0, 101)])
    bound = counted(100.0, "at_least", at_least=100.0)
    pulls = innovations(y, [bound], np.zeros_like(y), np.array([0.01]))
    edge = float(to_scale(100.0))
    assert (pulls[0][y[0] >= edge] == 0).all()
    assert (pulls[0][y[0] < edge - 1e-9] > 0).all()
    most = counted(100.0, "at_most", at_most=100.0)
    assert (innovations(y, [most], np.zeros_like(y), np.array([0.01]))[0][y[0] > edge + 1e-9] < 0).all()
    x = rng.standard_normal((1, 400))
    far_above = 40.0 + x
    assert np.allclose(step(x, far_above, [bound], 1.0, 1.0, rng), x)


def test_a_kept_bound_has_no_say_beside_another_count():
    rng = np.random.default_rng(4)
    x = rng.standard_normal((1, 500))
    y = np.vstack([20.0 + 2.0 * x[0], 20.0 + 2.0 * x[0]]) + 0.05 * rng.standard_normal((2, 500))
    count, bound = counted(float(from_scale(np.array(23.0)))), counted(1.0, "at_least", at_least=1.0)
    noise = np.zeros_like(y)
    both = innovations(y, [count, bound], noise, np.array([0.09, 0.09]))
    covariance = np.cov(y) + np.diag([0.09, 0.09])
    gain = np.cov(np.vstack([x, y]))[0, 1:] @ np.linalg.inv(covariance)
    alone = np.cov(x[0], y[0])[0, 1] / covariance[0, 0] * both[0]
    assert gain @ both == pytest.approx(alone, abs=1e-9)


def test_what_the_counts_can_tell_is_found(known, learnt):
    _, numbers = known
    rows = {row["path"]: row for row in learnt.quantities.to_dicts()}
    gate = rows["facilities.gate.slots_per_day"]
    assert gate["shrinkage"] > 0.6
    assert gate["high90"] - gate["low90"] < 0.7 * (gate["prior_high90"] - gate["prior_low90"])
    assert abs(gate["median"] - numbers["facilities.gate.slots_per_day"]) < 4
    after = rows["groups.late.people_per_day"]
    assert after["silent"], "who comes after the last count cannot be learnt"
    assert after["median"] == after["prior_median"]
    assert set(learnt.draws.columns) == {"replicate", "path", "z"}
    assert "groups.late.people_per_day" not in learnt.draws["path"].to_list()
    assert learnt.checks["inside"].mean() > 0.7


def test_runs_with_the_draws_have_the_numbers_that_were_learnt(learnt):
    result = package.run(learnt.model, replicates=learnt.runs, seed=learnt.seed, draws=learnt.ensemble())
    own = result.quantities.with_columns(pl.col("path").cast(pl.String))
    for row in learnt.quantities.to_dicts():
        values = own.filter(path=row["path"])["value"].to_numpy()
        assert np.median(values) == pytest.approx(row["median"], rel=1e-9)
    more = learnt.ensemble(100)
    assert more["replicate"].max() == 99
    one = learnt.draws.filter(pl.col("replicate") == 5).select("path", "z").sort("path")
    assert more.filter(pl.col("replicate") == 45).select("path", "z").sort("path").equals(one)


def test_a_second_call_goes_on_where_the_first_was_stopped_to_the_same_bytes(known, learnt, tmp_path):
    class Stop:
        def compiling(self):
            pass

        def done(self, replicates, of):
            if replicates > 50:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        package.calibrate(known[0], until=DAY, out=tmp_path / "out", progress=Stop(), **FAST)
    with pytest.raises(CalibrationError, match="unfinished"):
        open_calibration(tmp_path / "out")
    first = (tmp_path / "out" / "rounds" / "round-0.npz").read_bytes()
    assert not (tmp_path / "out" / "rounds" / "round-1.npz").exists()
    again = package.calibrate(known[0], until=DAY, out=tmp_path / "out", **FAST)
    assert (tmp_path / "out" / "rounds" / "round-0.npz").read_bytes() == first
    kept = open_calibration(tmp_path / "out")
    for found in (again, kept):
        for name in ("draws", "biases", "quantities", "checks"):
            assert getattr(found, name).equals(getattr(learnt, name), null_equal=True), name
        assert found.question == learnt.question
        assert found.learnt == learnt.learnt
    with pytest.raises(CalibrationError, match="another question"):
        package.calibrate(known[0], until=DAY, out=tmp_path / "out", **{**FAST, "inflation": 2.0})


def test_only_what_was_known_is_learnt_from(known, learnt):
    scenario, _ = known
    later = {key: o for key, o in scenario.observations.items() if o.to > DAY}
    assert later
    forgotten = scenario.replace(observations={k: o for k, o in scenario.observations.items() if k not in later})
    assert package.calibrate(forgotten, until=DAY, **FAST).draws.equals(learnt.draws)
    assert all(item.day <= DAY for item in learnt.counts)
    assert len(learnt.counts) == len(learnt.learnt)


def test_a_scenario_that_was_changed_does_not_fit(known, learnt):
    scenario, _ = known
    assert fitting(learnt, scenario.replace(title="Other words", observations={})).title == "Other words"
    with pytest.raises(CalibrationError, match="calibrate again"):
        fitting(learnt, scenario.change("facilities.gate.slots_per_day", 20))


def test_new_counts_weigh_the_runs(known, learnt, tmp_path):
    scenario, _ = known
    new = update(learnt, scenario, until=date(2024, 3, 27), threads=1)
    assert new.weight.sum() == pytest.approx(1)
    assert 1 <= new.effective < new.runs
    assert set(new.learnt) - set(learnt.learnt) == {f"{name}-27" for name in kit.SERIES}
    assert new.draws.equals(learnt.draws)
    assert len(new.order(learnt.runs)) == learnt.runs
    used = np.bincount(new.order(1000), minlength=new.runs) / 1000
    assert np.abs(used - new.weight).max() < 0.0011
    new.save(tmp_path / "new")
    assert open_calibration(tmp_path / "new").effective == pytest.approx(new.effective)
    with pytest.raises(CalibrationError, match="no count became known"):
        update(new, scenario, until=date(2024, 3, 27), threads=1)
    corrected = dict(scenario.observations)
    corrected["gate-3"] = replace(corrected["gate-3"], value=999.0)
    with pytest.raises(CalibrationError, match="corrected"):
        update(learnt, scenario.replace(observations=corrected), until=date(2024, 3, 27), threads=1)


def test_a_calibration_of_all_counts_cannot_unlearn_those_of_later_days(known, learnt):
    scenario, _ = known
    of_all = replace(learnt, question=replace(learnt.question, until=None))
    with pytest.raises(CalibrationError, match=r"not known on 2024-03-20 \(.*gate-24.*choose a later day"):
        update(of_all, scenario, until=date(2024, 3, 20), threads=1)


def test_weights_that_rest_on_few_runs_ask_for_a_new_calibration(known, learnt):
    scenario, _ = known
    odd = dict(scenario.observations)
    odd["gate-27"] = replace(odd["gate-27"], value=4000.0)
    new = update(learnt, scenario.replace(observations=odd), until=date(2024, 3, 27), threads=1)
    assert new.effective < 10
    assert any(text.startswith("calibrate anew") for text in new.warnings)


def test_incompatible_counts_are_told(tmp_path, known):
    rows = kit.HEAD + "odd,present:border,2024-03-10,2024-03-10,,90000,,exact,,check\n"
    scenario = load(kit.write(tmp_path / "s", changed={"observations.csv": rows}))
    found = package.calibrate(scenario, **FAST)
    assert any("data and prior are incompatible" in text and "90,000" in text for text in found.warnings)


def test_an_unknown_bias_of_a_source_is_learnt(tmp_path, known):
    scenario, _ = known
    sources = "sources: {guards: {bias: {value: 1, low: 0.5, high: 2}, spread: 0.05}}\n"
    rows = [kit.HEAD.strip() + ",source"]
    for o in scenario.observations.values():
        rows.append(f"{o.id},{o.series},{o.from_},{o.to},,{o.value:g},,about,,check,")
        if o.id.startswith("camp"):
            rows.append(f"g-{o.id},{o.series},{o.from_},{o.to},,{1.6 * o.value:g},,about,,check,guards")
    text = {"scenario.yaml": kit.YAML + sources, "observations.csv": "\n".join(rows) + "\n"}
    found = package.calibrate(load(kit.write(tmp_path / "s", changed=text)), until=DAY, **FAST)
    row = found.quantities.row(by_predicate=pl.col("path") == "sources.guards.bias", named=True)
    assert row["low90"] < 1.6 < row["high90"]
    assert row["shrinkage"] > 0.5
    assert found.biases["path"].unique().to_list() == ["sources.guards.bias"]
    assert "sources.guards.bias" not in found.draws["path"].to_list()


def test_weighted_quantiles_and_orders():
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantiles(values, [0.5], np.array([0.0, 0.0, 1.0])) == pytest.approx([2.0])
    assert weighted_quantiles(values, [0.5]) == pytest.approx([2.0])
    assert own_first(np.arange(4), np.array([0, 3, 1, 0])).tolist() == [1, 1, 2, 1]


def test_mistakes_are_told(known, tmp_path):
    scenario, _ = known
    with pytest.raises(CalibrationError, match="nothing to learn from"):
        package.calibrate(scenario, until="2024-03-01")
    with pytest.raises(ValueError, match="at least 20 runs"):
        package.calibrate(scenario, runs=5)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep")
    with pytest.raises(CalibrationError, match="holds no calibration"):
        package.calibrate(scenario, out=tmp_path / "full", **FAST)
    with pytest.raises(CalibrationError, match="holds no calibration"):
        open_calibration(tmp_path / "full")


def test_the_command_line(posada, known, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = str(known[0].folder)
    how = ["--until", str(DAY), "--runs", "40", "--rounds", "2", "--inflation", "1"]
    code, out, err = posada("calibrate", folder, *how, "--out", "kept", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert told["question"]["runs"] == 40
    assert (tmp_path / "kept" / "calibration.html").read_text().count("<svg") >= 2
    code, out, _ = posada("run", folder, "--calibration", "kept", "--json")
    assert code == 0
    assert json.loads(out)["replicates"] == 40
    code, out, _ = posada("update", "kept", "--until", "2024-03-27", "--out", "newer")
    assert code == 0
    assert "equal ones" in out
    code, _, err = posada("run", "caravan-2018", "--calibration", "kept")
    assert code == 2
    assert "another scenario" in err
    code, _, err = posada("calibrate", folder, "--as-known-on")
    assert (code, "--until" in err) == (2, True)
    code, _, err = posada("calibrate", folder, "--until", "tomorrow")
    assert code == 2


def test_trials_are_kept_and_hold_the_truth(posada, known, tmp_path):
    scenario, _ = known
    how = {"until": DAY, "truths": 2, "runs": 40, "rounds": 2, "threads": 1}
    found = package.check_calibration(scenario, out=tmp_path / "t", **how)
    again = package.check_calibration(scenario, out=tmp_path / "t", **how)
    assert again.numbers.equals(found.numbers)
    assert found.numbers.height == 24
    assert found.forecasts.height == 2 * sum(item.day > DAY for item in observed(scenario))
    assert found.coverage()["forecasts"] > 0.5
    with pytest.raises(CalibrationError, match="another question"):
        package.check_calibration(scenario, out=tmp_path / "t", **{**how, "runs": 50})
    with pytest.raises(CalibrationError, match="counts up to"):
        package.check_calibration(scenario, **{**how, "until": "2024-04-19"})


@pytest.mark.prove
def test_intervals_hold_the_truth_as_often_as_they_say(known):
    """25 truths, twelve uncertain numbers: 85 to 95 % of the 90 % intervals."""
    told = package.check_calibration(known[0], until="2024-04-04", truths=25).coverage()
    assert told["trials"] == 25
    assert told["uncertain_numbers"] >= 10
    assert 0.85 <= told["numbers"] <= 0.95
    assert 0.85 <= told["numbers_learnt"] <= 0.95
    assert 0.85 <= told["forecasts"] <= 0.95


@pytest.mark.prove
def test_forecasts_hold_where_the_gate_is_halved_unannounced(known):
    told = package.check_calibration(
        known[0], until="2024-04-04", truths=25, inflation=4.0, truth_policy="half"
    ).coverage()
    assert told["forecasts"] >= 0.8
