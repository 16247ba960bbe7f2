"""Movement fitted to counts: what is learnt, what is not looked at, and the folder that is written."""

# ruff: noqa: E501

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

import posada
from cli_kit import process
from engine_kit import write
from posada.forecasting import ValidationError, fit_movement, write_fitted
from posada.forecasting.fit import MOST, periods
from posada.results import ResultError

PLACES = """id,name,lat,lon,kind,population
town,Town,0,0,town,10000
near,Near,0,1,camp,
mid,Middle,0,2,camp,
far,Far,0,3,camp,
"""
LINKS = "town-near,town,near,road,100\nnear-mid,near,mid,road,100\nmid-far,mid,far,road,100\n"
TEXT = """
start: 2024-01-01
end: 2024-06-28
# How people move: this remark is kept.
modes: {road: {speed_kmh: 10}}
movement: {m: {leaves: {unsafe: 1, camp: 0.001, else: 0.5}, utility: "-log(10 + distance_km)", keeps_going: true}}
places: {town: {unsafe: 1}}
groups:
  come: {arrivals: come.csv, at: "00:00", places: {weight: "population * unsafe"}, pathway: p}
pathways: {p: [{id: r, roam: {by: m}}, {id: end, outcome: done}]}
outcomes: {done: {}}
"""
START, DAYS = date(2024, 1, 1), 180
SHARES = {"near": 0.2, "mid": 0.5, "far": 0.3}


def situation(folder: Path, later: float = 1.0, until: int = 90) -> Path:
    """Sixty people a day, of whom these shares were counted at the sites; counts after `until` are times `later`."""
    write(folder, TEXT, links=LINKS, places=PLACES)
    days = [START + timedelta(days=i) for i in range(DAYS)]
    (folder / "come.csv").write_text("date,people\n" + "".join(f"{d},60\n" for d in days))
    rows = ["id,series,to,value,qualifier,use"]
    for site, share in SHARES.items():
        for i in range(0, DAYS, 10):
            n = 60 * (i + 1) * share * (later if i >= until else 1.0)
            rows.append(f"{site}-{i},present:{site},{days[i]},{n:.1f},exact,check")
    (folder / "observations.csv").write_text("\n".join(rows) + "\n")
    return folder


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    return fit_movement(situation(tmp_path_factory.mktemp("s") / "a"), until=90)


def test_newcomers_go_where_the_counts_grew(fitted):
    assert fitted.misfit[-1] < 0.03 < fitted.misfit[0]
    told = fitted.attractions.filter(pl.col("from") < fitted.until)
    share = told.group_by("site").agg(pl.col("newcomers_simulated").sum(), pl.col("newcomers_counted").sum())
    total = share["newcomers_simulated"].sum()
    for site, came, _ in share.iter_rows():
        assert came / total == pytest.approx(SHARES[site], abs=0.03)


def test_a_forecast_begins_with_who_was_counted_and_goes_on_in_the_same_shares(fitted):
    found = posada.validate(fitted.scenario, split=90, replicates=12)
    assert found.measure("ard_median", "posada", "after") < 0.05
    assert found.measure("ard_median", "posada", "after") < found.measure("ard", "gravity", "after")
    assert found.measure("inside90", "posada", "after") > 0.8


def test_attractions_are_as_unsure_as_they_were_unsteady(fitted):
    last = fitted.attractions.filter(pl.col("from") == fitted.until)
    assert ((last["high"] > last["attraction"]) & (last["attraction"] > last["low"])).all()
    before = fitted.attractions.filter(pl.col("from") < fitted.until)
    assert (before["high"] == before["low"]).all()
    assert (before["attraction"].abs() <= MOST).all()


def test_later_counts_are_not_looked_at(tmp_path, fitted):
    other = fit_movement(situation(tmp_path / "b", later=3.0), until="2024-03-31")
    assert other.until == fitted.until == date(2024, 3, 31)
    assert other.attractions.equals(fitted.attractions)
    assert other.scenario.groups == fitted.scenario.groups


def test_a_site_that_is_not_counted_any_more_keeps_what_it_had(tmp_path):
    folder = situation(tmp_path / "c")
    rows = (folder / "observations.csv").read_text().splitlines()
    kept = [r for r in rows if not (r.startswith("far-") and int(r.split(",")[0].split("-")[1]) > 35)]
    (folder / "observations.csv").write_text("\n".join(kept) + "\n")
    fit = fit_movement(folder, until=90)
    far = fit.attractions.filter(site="far")
    assert far["newcomers_counted"].to_list()[1:] == [None, None, None]
    assert far["attraction"].to_list()[1] == far["attraction"].to_list()[0]


def test_the_folder_is_the_fitted_scenario_with_its_remarks(tmp_path, fitted):
    out = write_fitted(fitted, tmp_path / "out")
    again = posada.load(out)
    assert again.hash == fitted.scenario.hash
    assert "# How people move: this remark is kept." in (out / "scenario.yaml").read_text()
    assert (out / "come-from-2024-03-31.csv").read_text().startswith("date,people\n2024-03-31,60\n")
    with pytest.raises(ResultError, match="not empty"):
        write_fitted(fitted, out)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_how_many_come_may_be_forecast_too(tmp_path):
    fit = fit_movement(situation(tmp_path / "t"), until=90, total=True)
    stream = fit.scenario.groups["come"].people_per_day
    assert stream.entries[0].what.value == pytest.approx(60, abs=4)
    assert not fit.scenario.groups["come"].arrivals
    out = write_fitted(fit, tmp_path / "out")
    assert posada.load(out).hash == fit.scenario.hash
    found = posada.validate(out, split=90, replicates=10)
    assert found.measure("ard_median", "posada, own total", "after") < 0.1


def test_a_fitted_scenario_may_be_fitted_again(tmp_path):
    first = write_fitted(fit_movement(situation(tmp_path / "a1"), until=60), tmp_path / "a2")
    again = write_fitted(fit_movement(first, until=120), tmp_path / "a3")
    groups = posada.load(again).groups
    assert {g.date.date for key, g in groups.items() if key.startswith("counted")} == {date(2024, 4, 30)}
    assert groups["counted-at-mid"].people.entries[0].what.value == pytest.approx(60 * 111 * 0.5, rel=0.1)


def test_what_is_not_used_stays_as_it_was(tmp_path):
    folder = situation(tmp_path / "u")
    text = (folder / "scenario.yaml").read_text().replace("movement: {m:", "movement: {idle: {leaves: {else: 0.1}, utility: 0, keeps_going: true, forced: ignored}, m:")
    (folder / "scenario.yaml").write_text(text.replace("groups:", "groups:\n  late: {people: 5, place: town, date: 2024-05-01 18:00, pathway: p}\n  over: {people_per_day: 3, place: town, until: 2024-02-01, pathway: p}"))
    again = posada.load(write_fitted(fit_movement(folder, until=90), tmp_path / "out"))
    before = posada.load(folder)
    assert again.movement["idle"] == before.movement["idle"]
    assert again.groups["late"].date == before.groups["late"].date
    assert "over" not in again.groups


def test_what_rests_on_something_that_is_replaced_is_told(tmp_path):
    folder = situation(tmp_path / "p")
    with (folder / "scenario.yaml").open("a") as file:
        file.write("policies: {slow: [{set: movement.m.leaves.town, to: 0.2}]}\n")
    text = (folder / "scenario.yaml").read_text().replace("camp: 0.001, else: 0.5", "camp: 0.001, town: 0.4, else: 0.5")
    (folder / "scenario.yaml").write_text(text)
    with pytest.raises(ResultError, match=r"something rests on what fitting replaces.*movement\.m\.leaves\.town"):
        write_fitted(fit_movement(folder, until=90), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(ResultError, match="lies within the scenario"):
        write_fitted(fit_movement(situation(tmp_path / "q"), until=90), tmp_path / "q" / "out")


def test_the_command(tmp_path):
    folder = situation(tmp_path / "d")
    call = ["fit", folder, "--until", "90", "--out", tmp_path / "e", "--json"]
    done = process(tmp_path, *call)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["until"] == "2024-03-31"
    assert {row["site"] for row in told["attractions"]} == set(SHARES)
    again = process(tmp_path, *call)
    assert again.returncode == 2
    assert "is not empty" in again.stderr


def test_what_cannot_be_fitted_is_told(tmp_path):
    folder = situation(tmp_path / "f")
    with pytest.raises(ValidationError, match="`until`, 2025-01-01, must be"):
        fit_movement(folder, until="2025-01-01")
    (folder / "observations.csv").write_text("id,series,to,value\na,present:near,2024-01-09,9\n")
    with pytest.raises(ValidationError, match="fewer than two sites were counted"):
        fit_movement(folder, until=90)
    situation(folder)
    (folder / "places.csv").write_text(PLACES.replace("mid,Middle,0,2,camp", "mid,Middle,0,2,"))
    with pytest.raises(ValidationError, match="mid has none"):
        fit_movement(folder, until=90)
    situation(folder)
    (folder / "links.csv").write_text("id,from,to,mode,length_km\nfar-mid,far,mid,road,9\n")
    with pytest.raises(ValidationError, match="nobody comes to any site"):
        fit_movement(folder, until=90)
    situation(folder)
    rows = (folder / "observations.csv").read_text().splitlines()
    (folder / "observations.csv").write_text("\n".join(r if r.startswith("id") else ",".join([*r.split(",")[:3], "7,exact,check"]) for r in rows) + "\n")
    with pytest.raises(ValidationError, match="no site grew"):
        fit_movement(folder, until=90)
    situation(folder)
    text = (folder / "scenario.yaml").read_text().replace("roam: {by: m}", "wait: {for: 900 days}").replace("movement:", "#").replace("places: {weight: \"population * unsafe\"}", "place: town")
    situation(folder)
    (folder / "scenario.yaml").write_text(text)
    with pytest.raises(ValidationError, match="nobody in this scenario chooses a way"):
        fit_movement(folder, until=90)


@pytest.mark.parametrize(("days", "expected"), [(10, [0]), (30, [0]), (46, [0, 30]), (89, [0, 30, 60]), (200, [0, 30, 60, 90, 120, 150, 180])])
def test_periods(days, expected):
    assert periods(START, START + timedelta(days=days), 30) == [START + timedelta(days=i) for i in expected]
