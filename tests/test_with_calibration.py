"""What was learnt goes with every verb: runs, comparisons, plans; results say what they rest on."""

import json

import polars as pl
import pytest

import calibration_kit as kit
import posada as package
from posada.planning import compare
from posada.scenario import load

MORE = """
  more: [{set: facilities.gate.slots_per_day, to: {value: 20, low: 12, high: 32, assumed: test}, from: 2024-03-18}]
headlines:"""
PATH = "policies.more.1.to"


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    """A situation with a policy whose number is not known, calibrated under it, in folders."""
    folder = tmp_path_factory.mktemp("with")
    text = kit.YAML.replace("\nheadlines:", MORE, 1)
    plain = load(kit.write(folder / "plain", changed={"scenario.yaml": text}))
    truth = package.run(plain, replicates=1, seed=77, policy="more")
    from posada.forecasting import observed, simulated

    items = observed(plain)
    counts = dict(zip((item.id for item in items), simulated(truth, items)[:, 0], strict=True))
    where = kit.write(folder / "known", counts, {"scenario.yaml": text})
    found = package.calibrate(where, runs=40, rounds=1, inflation=1.0, seed=5, policy="more", out=folder / "kept")
    return where, folder / "kept", found


def normals(result, start):
    rows = result.quantities.filter(pl.col("path").cast(pl.String).str.starts_with(start))
    return rows.sort("path", "replicate")["z"].to_list()


def test_a_policy_has_the_numbers_that_were_learnt_under_it(learnt):
    where, _, found = learnt
    moved = sorted(p for p in found.draws["path"].unique() if p.startswith("policies.more."))
    assert moved
    held = compare(load(str(where)), ["more"], replicates=40, seed=5, draws=lambda names: found.ensemble(40, names))
    own = found.draws.filter(pl.col("path").is_in(moved)).sort("path", "replicate")["z"].to_list()
    after = held.sides[0].policies["more"]
    assert normals(after, "policies.more.") == own
    assert normals(held.sides[0].against, "policies.more.") == []
    assert normals(held.sides[0].against, "groups.north") == normals(after, "groups.north")


def test_a_result_names_the_calibration_and_is_made_again_by_its_command(posada, learnt, tmp_path, monkeypatch):
    where = learnt[0]
    monkeypatch.chdir(where.parent)
    how = ("run", "known", "--replicates", "6", "--calibration", "kept", "--seed")
    code, _, err = posada(*how, "5", "--out", str(tmp_path / "a"))
    assert (code, "luck" in err) == (0, False)
    first = package.open_result(tmp_path / "a")
    assert first.command == "posada run known --replicates 6 --seed 5 --calibration kept"
    code, _, _ = posada(*first.command.split()[1:], "--out", str(tmp_path / "b"))
    assert code == 0
    assert package.open_result(tmp_path / "b").stocks.equals(first.stocks)
    code, _, err = posada(*how, "1", "--json")
    assert code == 0
    assert "luck of seed 5" in err
    given = package.run(str(where), replicates=2, seed=5, draws=first.quantities.select("replicate", "path", "z"))
    assert "given in Python" in given.command
    assert package.run(str(where), replicates=2).info.calibration is None


def test_a_plan_is_made_with_what_was_learnt(posada, learnt, tmp_path, monkeypatch):
    where = learnt[0]
    monkeypatch.chdir(where.parent)
    words = ("--vary", "facilities.gate.slots_per_day=10..40:15", "--require", "max(waiting:gate) <= 150", "--json")
    how = ("plan", "known", *words, "--replicates", "8", "--fresh", "4", "--seed", "5")
    code, out, err = posada(*how, "--calibration", "kept", "--out", str(tmp_path / "p"))
    assert code == 0, err
    told = json.loads(out)
    assert told["command"].endswith("--seed 5 --calibration kept")
    code, _, err = posada(*how, "--out", str(tmp_path / "p"))
    assert code == 2
    assert "another" in err or "other" in err
