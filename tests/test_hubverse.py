"""Exports: model output that a hub's own description of its tasks accepts, and what it would refuse."""

import json

import polars as pl
import pytest

from forecast_kit import START, write
from posada.forecasting import LEVELS, forecast, store
from posada.report.hub_check import hub_problems

N = 20


@pytest.fixture(scope="module")
def issued(tmp_path_factory):
    folder = write(tmp_path_factory.mktemp("hub") / "my-shelter")
    return store(forecast(folder, issued=START.replace(day=31), horizon="3d", replicates=N), folder)


@pytest.fixture(scope="module")
def hub(issued, tmp_path_factory):
    from posada.report import export_hubverse

    folder = tmp_path_factory.mktemp("out") / "hub"
    file = export_hubverse(issued, folder)
    tasks = json.loads((folder / "hub-config" / "tasks.json").read_text(encoding="utf-8"))
    return file, tasks, pl.read_csv(file, schema_overrides={"output_type_id": pl.String})


def test_model_output_is_named_and_formed_as_hubs_want_it(hub):
    file, tasks, rows = hub
    assert file.name == "2024-03-31-posada-my_shelter.csv"
    assert file.parent.name == "posada-my_shelter"
    assert hub_problems(rows, tasks, file) == []
    quantiles = rows.filter(pl.col("output_type") == "quantile")
    assert quantiles.height == 2 * 3 * len(LEVELS)
    assert rows.filter(pl.col("output_type") == "sample").height == 2 * 3 * N
    assert set(rows["scenario_id"]) == {"as-stated"}
    assert set(zip(rows["target"], rows["location"], strict=True)) == {("arrived", "town"), ("present", "town")}
    assert set(rows["horizon"]) == {1, 2, 3}


def test_quantiles_are_those_of_the_trajectories(hub):
    _, _, rows = hub
    task = rows.filter((pl.col("horizon") == 2) & (pl.col("target") == "present"))
    samples = task.filter(pl.col("output_type") == "sample")["value"]
    median = task.filter((pl.col("output_type") == "quantile") & (pl.col("output_type_id") == "0.5"))["value"].item()
    assert median == pytest.approx(samples.median())


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda rows: rows.filter(pl.col("output_type_id") != "0.025"), "levels are"),
        (lambda rows: rows.with_columns(value=-pl.col("value") - 1), "outside 0"),
        (lambda rows: rows.filter(~((pl.col("output_type_id") == "3") & (pl.col("horizon") == 1))), "numbered once"),
        (lambda rows: rows.rename({"location": "place"}), "columns are"),
        (lambda rows: rows.with_columns(scenario_id=pl.lit("other")), "no group of tasks allows"),
        (lambda rows: rows.with_columns(value=200 - pl.col("value")), "quantiles fall"),
    ],
)
def test_what_a_hub_would_refuse_is_found(hub, spoil, message):
    file, tasks, rows = hub
    assert message in "\n".join(hub_problems(spoil(rows), tasks, file))


def test_wrong_names_and_tasks_are_found(hub):
    file, tasks, rows = hub
    assert hub_problems(rows, tasks, file.with_name("my forecast.csv"))
    broken = json.loads(json.dumps(tasks))
    del broken["rounds"][0]["model_tasks"][0]["target_metadata"][0]["time_unit"]
    assert "time_unit" in hub_problems(rows, broken, file)[0]
    assert "lacks 'rounds'" in hub_problems(rows, {"schema_version": ""}, file)[0]


def test_the_command_exports_forecasts_and_results(posada, issued, tmp_path):
    code, _, err = posada("export", issued.folder, "--format", "csv", "--out", tmp_path / "told.csv")
    assert code == 0, err
    told = pl.read_csv(tmp_path / "told.csv")
    assert told.columns == ["issued", "policy", "series", "from", "to", "low90", "low50", "median", "high50", "high90"]
    assert told.height == 6
    assert (told["low90"] <= told["median"]).all()
    code, _, err = posada("export", issued.folder, "--format", "hubvers", "--out", tmp_path / "x")
    assert code == 2
    assert "Did you mean 'hubverse'" in err
    code, _, err = posada("run", issued.folder.parent.parent, "--replicates", 3, "--out", tmp_path / "result")
    assert code == 0, err
    words = ("--format", "hubverse", "--series", "present:town", "--out", tmp_path / "hub")
    code, _, err = posada("export", tmp_path / "result", *words)
    assert code == 0, err
    assert list((tmp_path / "hub" / "model-output").rglob("*.csv"))
