"""Forecasts see only what was known, are kept unchanged, and are scored against the counts asked for."""

import json
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

import posada as package
from forecast_kit import SCENARIO, START, counts, write
from posada.forecasting import ForecastError, backtest, counts_of, forecast, open_forecast, score, store
from posada.scenario import load

ISSUED = START + timedelta(days=30)
FEW = 30


def make(folder, **more):
    return forecast(folder, issued=ISSUED, **{"replicates": FEW, **more})


def changed_after(day):
    """The counts of the kit, those of after a day ten times as large, and one more series."""
    rows = []
    for row in counts():
        cells = row.split(",")
        if date.fromisoformat(cells[3]) > day:
            cells[4] = str(10 * int(cells[4]))
        rows.append(",".join(cells))
    late = day + timedelta(days=9)
    return [*rows, f"late,occupied:shelter,{late},{late},5,,{late},check"]


def test_a_forecast_tells_of_every_counted_series_up_to_its_horizon(tmp_path):
    found = make(write(tmp_path / "s"), horizon="2w")
    assert found.series == ["arrived:town", "present:town"]
    assert found.last == ISSUED + timedelta(days=14)
    samples = found.of("present:town", ISSUED, found.last)
    assert samples.shape == (FEW,)
    assert (samples == samples.round()).all()
    assert (samples >= 0).all()
    assert found.of("present:town", found.last, found.last + timedelta(days=1)) is None
    quantiles = found.quantiles()
    assert quantiles["to"].min() == ISSUED + timedelta(days=1)
    assert quantiles.height == 2 * 14 * 23
    for _, part in quantiles.group_by("series", "to"):
        assert part["value"].is_sorted()


def test_it_begins_with_what_was_counted(tmp_path):
    found = make(write(tmp_path / "s"))
    last = counts_of(load(str(tmp_path / "s")), ISSUED)["present:town"][-1]
    tomorrow = found.of("present:town", ISSUED, ISSUED + timedelta(days=1))
    assert abs(np.median(tomorrow) - last.value) < 0.15 * last.value
    whole = [c for c in counts_of(load(str(tmp_path / "s")))["arrived:town"] if c.to <= ISSUED]
    assert found.of("arrived:town", START, ISSUED) == pytest.approx(sum(c.value for c in whole))


def test_a_later_count_changes_no_byte_of_an_earlier_forecast(tmp_path):
    one = store(make(write(tmp_path / "a" / "s")), tmp_path / "one")
    two = store(make(write(tmp_path / "b" / "s", changed_after(ISSUED))), tmp_path / "two")
    files = sorted(file.name for file in one.folder.iterdir())
    assert files == ["forecast.json", "known.csv", "quantiles.csv", "samples.parquet"]
    for file in files:
        assert (one.folder / file).read_bytes() == (two.folder / file).read_bytes()
    earlier = [row for row in counts() if f",{ISSUED},{ISSUED}," not in row]
    three = store(make(write(tmp_path / "c" / "s", earlier)), tmp_path / "three")
    assert three.hash != one.hash


def test_what_begins_later_is_known_only_if_the_scenario_says_so(tmp_path):
    """A dated value of after the date of issue, in a scenario written later, tells nothing to a forecast."""
    later = ISSUED + timedelta(days=3)
    rate = "people_per_day: {value: 20, low: 14, high: 28, assumed: as of late}"
    jump = f"people_per_day: [{{value: 20, low: 14, high: 28}}, {{from: {later}, value: 200, assumed: seen}}]"
    told = jump.replace("assumed: seen", f"known_from: {START}")
    plain = write(tmp_path / "plain")
    same, plan, known = (
        make(write(tmp_path / name, rows, SCENARIO.replace(rate, text)), series=["present:town"])
        for name, rows, text in (
            ("jump", None, jump),
            ("plan", [row for row in counts() if row.split(",")[3] <= str(ISSUED)], jump),
            ("known", None, told),
        )
    )
    assert same.samples.equals(make(plain).samples)
    for other in (plan, known):
        assert not other.samples.equals(same.samples)


def test_an_issued_forecast_is_never_changed(tmp_path):
    folder = write(tmp_path / "s")
    one = store(make(folder), tmp_path)
    assert open_forecast(one.folder).samples.equals(one.samples)
    with pytest.raises(ForecastError, match="issued already"):
        store(make(folder, seed=2), tmp_path)
    two = store(make(folder, seed=2), tmp_path, again=True)
    assert two.folder.name == f"{ISSUED}-v2"
    policy = store(make(folder, policy="half"), tmp_path)
    assert policy.folder.name == f"{ISSUED}-half"
    head = one.folder / "forecast.json"
    head.chmod(0o644)
    head.write_text(head.read_text(encoding="utf-8").replace('"seed": 1', '"seed": 3'), encoding="utf-8")
    with pytest.raises(ForecastError, match="not what was issued"):
        open_forecast(one.folder)
    quantiles = two.folder / "quantiles.csv"
    quantiles.chmod(0o644)
    quantiles.write_text(quantiles.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(ForecastError, match="not what was issued"):
        open_forecast(two.folder)


def test_the_ledger_finds_a_forecast_that_was_exchanged_with_its_hash(tmp_path):
    folder = write(tmp_path / "s")
    one, other = store(make(folder), tmp_path / "x"), store(make(folder, seed=2), tmp_path / "y")
    for file in other.folder.iterdir():
        (one.folder / file.name).chmod(0o644)
        (one.folder / file.name).write_bytes(file.read_bytes())
    with pytest.raises(ForecastError, match="not what was issued"):
        open_forecast(one.folder)
    ledger = tmp_path / "x" / "forecasts" / "ledger.csv"
    ledger.write_text(ledger.read_text(encoding="utf-8").replace(one.hash, other.hash), encoding="utf-8")
    with pytest.raises(ForecastError, match=r"ledger\.csv:2"):
        open_forecast(one.folder)


def test_a_corrected_truth_is_scored_in_the_version_asked_for(tmp_path):
    day = ISSUED + timedelta(days=2)
    fixed = f"fixed,present:town,{day},{day},90,,{day + timedelta(days=40)},check"
    first = f"first,present:town,{day},{day},130,,{day},check"
    rows = [row for row in counts() if f"present:town,{day}" not in row]
    folder = write(tmp_path / "s", [*rows, first, fixed])
    found = make(folder)
    key = (pl.col("method") == "posada") & (pl.col("to") == day) & (pl.col("series") == "present:town")
    old = score(found, str(folder), known_on=day + timedelta(days=5)).filter(key)
    new = score(found, str(folder)).filter(key)
    assert (old["counted"].item(), new["counted"].item()) == (130, 90)
    assert old["crps"].item() != new["crps"].item()


def test_a_calibration_narrows_a_forecast_and_may_know_nothing_of_later(tmp_path):
    pytest.importorskip("iterative_ensemble_smoother")
    folder = write(tmp_path / "s")
    learnt = package.calibrate(folder, until=ISSUED, as_known_on=True, runs=20, rounds=1)
    told = make(folder, calibration=learnt)
    assert told.about["learnt"] == "calibration"
    assert told.about["learnt_on"] == str(ISSUED)
    assert not told.samples.equals(make(folder).samples)
    with pytest.raises(ForecastError, match="more than was known"):
        forecast(folder, issued=ISSUED - timedelta(days=1), calibration=learnt, replicates=FEW)


def test_only_new_counts_that_set_nothing_are_scored(tmp_path):
    day = ISSUED + timedelta(days=4)
    rows = [row for row in counts() if f"arrived:town,{day}" not in row]
    given = f"given,arrived:town,{day},{day},9,,{day},input"
    folder = write(tmp_path / "s", [*rows, given])
    table = score(make(folder), str(folder), naive={})
    seen = table.filter(series="arrived:town")
    assert seen.height == 13
    assert day not in seen["to"].to_list()
    assert table["to"].min() > ISSUED
    assert set(table["horizon"].to_list()) == {7, 14}


def test_a_backtest_goes_on_where_it_was_stopped(tmp_path):
    folder = write(tmp_path / "s")

    class Stops:
        def __init__(self, after):
            self.after = after

        def compiling(self):
            pass

        def done(self, done, of):
            if done >= self.after:
                raise KeyboardInterrupt

    asked = {"every": "10d", "replicates": FEW, "naive": {}, "horizons": (7, 14)}
    out = tmp_path / "out"
    part = backtest(folder, out=out, progress=Stops(2.5 * FEW), **asked)
    assert part.stopped
    assert len(part.forecasts) == 2
    stamps = {file: file.stat().st_mtime_ns for file in out.rglob("samples.parquet")}
    whole = backtest(folder, out=out, **asked)
    assert len(whole.forecasts) > 2
    assert all(file.stat().st_mtime_ns == stamp for file, stamp in stamps.items())
    assert whole.scores.equals(backtest(folder, **asked).scores)
    with pytest.raises(ForecastError, match="made otherwise"):
        backtest(folder, out=out, **{**asked, "seed": 2})
    for one in whole.forecasts:
        assert one.known["as_of"].max() <= one.issued


def test_skill_against_naive_forecasts_is_told_with_an_interval(tmp_path):
    found = backtest(write(tmp_path / "s"), issued=["2024-03-25", "2024-04-10", ISSUED], replicates=FEW)
    row = found.skill.filter(pl.col("horizon").is_null()).to_dicts()[0]
    assert row["low90"] <= row["skill"] <= row["high90"]
    assert set(found.summary["method"].to_list()) > {"posada", "last value", "ARIMA", "ETS"}
    means = found.summary.filter(pl.col("horizon").is_null() & (pl.col("method") == row["best"]))
    assert row["skill"] == pytest.approx(1 - row["ours"] / means["crps_log"].item())
    parts = found.summary.to_dicts()
    for each in parts:
        together = each["dispersion"] + each["underprediction"] + each["overprediction"]
        assert together == pytest.approx(each["wis"])


def test_commands_forecast_score_and_backtest(posada, tmp_path):
    folder = write(tmp_path / "s")
    words = (str(folder), "--issued", str(ISSUED), "--replicates", str(FEW))
    code, out, err = posada("forecast", *words, "--json")
    assert code == 0, err
    assert json.loads(out)["issued"] == str(ISSUED)
    kept = folder / "forecasts" / str(ISSUED)
    code, out, err = posada("forecast", *words)
    assert (code, out) == (2, "")
    assert "never changed" in err
    code, out, err = posada("score", str(kept), "--json")
    assert code == 0, err
    assert json.loads(out)["summary"][0]["method"] == "posada"
    code, out, _ = posada("score", str(kept), "--known-on", str(ISSUED))
    assert code == 0
    assert "nothing can be scored" in out
    code, out, err = posada(
        "backtest", str(folder), "--issued", str(ISSUED), "--replicates", FEW, "--out", tmp_path / "b"
    )
    assert code == 0, err
    assert "best naive forecast" in out
    page = (tmp_path / "b" / "backtest.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 6
    assert (tmp_path / "b" / "scores.csv").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--issued", "1/4/2024"], "is not a date"),
        (["--issued", "2030-01-01"], "a forecast is issued from 2024-03-01"),
        (["--issued", "2024-03-31", "--horizon", "soon"], "is no horizon"),
        (["--issued", "2024-03-31", "--series", "present:twon"], "town"),
        (["--issued", "2024-03-31", "--series", "wait:shelter"], "wait"),
    ],
)
def test_mistakes_are_told_before_anything_runs(posada, tmp_path, words, message):
    folder = write(tmp_path / "s")
    code, out, err = posada("forecast", str(folder), *words)
    assert (code, out) == (2, "")
    assert message in err
    assert not (folder / "forecasts").exists()


def test_the_package_offers_the_verbs():
    assert package.forecast is forecast
    assert package.backtest is backtest
