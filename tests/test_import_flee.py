"""What Flee's files say becomes a scenario that says the same: numbers by hand, files that load, people who move."""

import csv
import json
from datetime import date

import polars as pl
import pytest

import posada
from import_flee_kit import (
    CLOSURES,
    CONFLICTS,
    FILES,
    LAYOUT,
    LOCATIONS,
    ONE,
    ROUTES,
    SETTINGS,
    TOTAL,
    TWO,
    situation,
)
from posada.scenario import load
from posada.scenario.importers.counts import arrivals
from posada.scenario.importers.geometry import km_between


def rows(folder, name):
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def imported(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flee")
    return posada.import_flee(situation(folder / "small2020"), folder / "out")


def test_places_and_links_are_those_of_the_files(imported):
    places = {row["id"]: row for row in rows(imported.folder, "places.csv")}
    assert list(places) == ["alpha", "beta", "gamma", "border-post", "one", "two"]
    assert [row["kind"] for row in places.values()] == ["town", "town", "town", "hub", "camp", "camp"]
    assert (places["beta"]["lat"], places["beta"]["lon"], places["beta"]["population"]) == ("10.5", "20.0", "3000")
    links = {(row["from"], row["to"]): float(row["length_km"]) for row in rows(imported.folder, "links.csv")}
    assert len(links) == 10
    assert set(links.values()) == {60.0}
    assert ("border-post", "gamma") in links


def test_capacities_stay_out_unless_asked_for(imported, tmp_path):
    assert "capacity" not in rows(imported.folder, "places.csv")[0]
    assert "crowding" not in (imported.folder / "scenario.yaml").read_text(encoding="utf-8")
    asked = posada.import_flee(situation(tmp_path / "s"), tmp_path / "out", capacities=True)
    assert {row["id"]: row["capacity"] for row in rows(asked.folder, "places.csv")}["one"] == "500"
    assert "(1 - crowding) / 0.1" in (asked.folder / "scenario.yaml").read_text(encoding="utf-8")
    load(asked.folder)


def test_a_place_is_unsafe_while_its_spell_lasts_and_wanes_by_thirty_days(imported):
    unsafe = imported.situation.unsafe
    assert set(unsafe) == {"alpha", "beta"}
    assert unsafe["alpha"] == (1.0,) * 30 + (0.5,) * 30 + (0.0,) * 60
    assert unsafe["beta"] == (0.0,) * 10 + (1.0,) * 30 + (0.5,) * 80
    alpha = load(imported.folder).places["alpha"].numbers["unsafe"]
    assert [entry.from_ for entry in alpha.entries] == [None, date(2020, 1, 31), date(2020, 3, 1)]


def test_closures_close_links_of_the_border_and_make_a_camp_a_place(imported):
    shut = (False,) * 20 + (True,) * 100
    assert imported.situation.open_routes == {"gamma-border-post": shut, "border-post-gamma": shut}
    assert imported.situation.open_camps == {"two": (False,) * 15 + (True,) * 105}


def test_closures_of_one_link_act_in_the_order_of_the_file(tmp_path):
    more = FILES[CLOSURES] + "link,Gamma,Border Post,10,12\nlocation,One,,100,-1\n"
    found = posada.read_flee(situation(tmp_path, files={CLOSURES: more}))
    opens = found.open_routes["gamma-border-post"]
    assert [day for day in range(25) if opens[day]] == [*range(12, 25)]  # as in Flee, whoever reopens first opens
    assert found.open_routes["one-border-post"] == (True,) * 100 + (False,) * 20


def test_counts_are_corrected_interpolated_and_summed(imported):
    two = imported.situation.series["two"]
    assert [(c.day, c.registered, c.corrected) for c in two.counts[:3]] == [(0, 0, 0), (30, 300, 150), (40, 150, 150)]
    assert (two.daily[1], two.daily[30], two.daily[35], two.daily[119]) == (5, 150, 150, 250)
    one = imported.situation.series["one"].daily
    assert (one[0], one[10], one[15], one[20], one[60]) == (10, 110, 100, 90, 500)


def test_who_sets_out_is_what_the_registered_rise_by(imported):
    displaced = {row["date"]: int(row["people"]) for row in rows(imported.folder, "displaced.csv")}
    assert displaced["2020-01-02"] == 15  # 10 at One, 5 at Two
    assert displaced["2020-01-12"] == 3  # 5 at Two, 2 fewer at One
    assert "2020-01-01" not in displaced
    registered = imported.situation.registered
    assert sum(displaced.values()) == registered[-1] - registered[0]
    assert load(imported.folder).groups["at-one"].place == "one"


def test_a_fall_is_paid_off_by_the_next_rises():
    assert arrivals((100, 90, 95, 120, 121), True) == (0, 0, 0, 20, 1)
    assert arrivals((100, 101), False) == (100, 1)
    assert arrivals((), True) == ()


def test_the_utility_is_the_logarithm_of_flees_weight(imported):
    scenario = load(imported.folder)
    text = (imported.folder / "scenario.yaml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "utility:" in line)
    assert line.strip() == (
        'utility: "if(kind == camp and open > 0, log(2), 0) + log(0.316227766) * unsafe - 1 * log(10 + distance_km)"'
    )
    movement = scenario.movement["flight"]
    assert {kind: number.fixed for kind, number in movement.leaves.items()} == {
        "unsafe": 1, "camp": 0.001, "hub": 1, "else": 0.5
    }  # fmt: skip
    assert (movement.ahead, movement.clock, movement.first_link) == (1, "daily", "foot")
    assert movement.keeps_going
    assert not movement.forced
    assert scenario.modes["road"].speed_kmh.fixed == pytest.approx(200 / 24)


def test_a_count_is_known_from_the_correction_on_that_scaled_it(imported):
    found = {row["id"]: row["as_of"] for row in rows(imported.folder, "observations.csv")}
    assert found["two-2020-01-31"] == "2020-02-10"  # scaled by the correction of that date
    assert found["two-2020-02-10"] == "2020-02-10"
    assert found["one-2020-01-11"] == "2020-01-11"
    assert found["one-2020-04-29"] == "2020-05-10"  # on the line to a count after the end


def test_observations_hold_every_count_of_the_period(imported):
    found = [row for row in rows(imported.folder, "observations.csv") if row["series"] == "present:one"]
    assert [(row["to"], float(row["value"]), row["qualifier"]) for row in found] == [
        ("2020-01-01", 10, "exact"), ("2020-01-11", 110, "exact"), ("2020-01-21", 90, "exact"),
        ("2020-03-01", 500, "exact"), ("2020-04-29", 498, "about"),
    ]  # fmt: skip
    assert {row["use"] for row in found} == {"check"}
    assert {row["evidence"] for row in found} == {"series-one"}


def test_the_report_stands_in_the_folder_with_the_uncorrected_counts(imported):
    text = (imported.folder / "IMPORTED.md").read_text(encoding="utf-8")
    assert text == imported.report
    assert "| Two | 2020-01-31 | 300 | 150.0 |" in text
    assert "movement by the settings simsetting.yml" in text


def test_the_scenario_runs_and_nobody_is_lost(imported):
    result = posada.run(imported.folder, replicates=1, seed=3)
    everybody = sum(imported.situation.displaced) + imported.situation.registered[0]
    stocks = pl.DataFrame(result.stocks).filter(pl.col("attribute") == "all")
    last = stocks.filter(pl.col("at") == pl.col("at").max())
    states = dict(last.group_by("state").agg(pl.col("people").sum()).iter_rows())
    assert states["active"] == everybody
    assert states["present"] + states.get("travelling", 0) == everybody
    camps = last.filter((pl.col("state") == "present") & pl.col("where").is_in(["one", "two"]))["people"].sum()
    assert camps > 0.8 * everybody


def test_markers_are_joined(tmp_path):
    changes = [
        (LOCATIONS, "Border Post,South,Near,10.0,21.0,forwarding_hub,,", "Border Post,South,Near,10.0,21.0,marker,,"),
    ]
    made = posada.import_flee(situation(tmp_path / "s", changes), tmp_path / "out")
    links = {row["id"]: row for row in rows(made.folder, "links.csv")}
    assert float(links["gamma-one"]["length_km"]) == 120
    assert links["one-gamma"]["note"] == "through border-post"
    assert "border-post" not in {row["id"] for row in rows(made.folder, "places.csv")}
    assert set(made.situation.open_routes) == {"gamma-one", "one-gamma"}
    load(made.folder)


def test_forced_redirection_leads_as_the_manual_says_and_is_lifted(tmp_path):
    changes = [
        (ROUTES, "Border Post,One,60,", "Border Post,One,60,2"),
        (ROUTES, "Gamma,Two,60,", "Two,Gamma,60,1"),
        (CLOSURES, "camp,Two,,0,15", "remove_forced_redirection,Border Post,One,50,0"),
    ]
    made = posada.import_flee(situation(tmp_path / "s", changes), tmp_path / "out")
    forced = [row["id"] for row in rows(made.folder, "links.csv") if row["forced"] == "yes"]
    assert forced == ["border-post-one", "gamma-two"]
    assert made.situation.unforced == {"border-post-one": (False,) * 50 + (True,) * 70}
    assert load(made.folder).links["border-post-one"].forced is not None
    assert made.report.count("never obeys it") == 2


def test_without_conflicts_the_dates_of_the_places_count(tmp_path):
    found = posada.read_flee(situation(tmp_path, without=[CONFLICTS]))
    assert found.unsafe["alpha"] == (1.0,) * 30 + (0.5,) * 90
    assert found.unsafe["beta"] == (0.0,) * 10 + (1.0,) * 30 + (0.5,) * 80
    assert any("conflict_date" in remark.message for remark in found.remarks)


def test_a_zone_that_is_unsafe_from_the_first_day_needs_no_row(tmp_path):
    conflicts = "\n".join(line.rsplit(",", 1)[0] + ",0" for line in FILES[CONFLICTS].splitlines()[1:])
    files = {CONFLICTS: "#Day,Alpha,Beta\n" + conflicts + "\n"}
    changes = [(LOCATIONS, "conflict_zone,10", "conflict_zone,0")]
    found = posada.read_flee(situation(tmp_path, changes, files))
    assert found.unsafe["beta"][:29] == (1.0,) * 29  # Flee counts its days from -1 on
    assert found.unsafe["beta"][29:] == (0.5,) * 91


def test_several_files_of_a_camp_are_summed(tmp_path):
    more = "#date,people\n2020-01-01,0\n2020-01-21,40\n"
    files = {"source_data/more.csv": more, LAYOUT: FILES[LAYOUT].replace("one.csv", "one.csv,more.csv")}
    found = posada.read_flee(situation(tmp_path, files=files))
    assert found.series["one"].daily[10] == 110 + 20
    assert found.series["one"].files == ("one.csv", "more.csv")


def test_the_input_folder_may_be_named_itself(tmp_path):
    folder = situation(tmp_path / "small2020")
    inner = posada.read_flee(folder / "input_csv")
    outer = posada.read_flee(folder)
    assert (inner.name, inner.sites, inner.series, inner.rules) == (outer.name, outer.sites, outer.series, outer.rules)
    elsewhere = folder.rename(tmp_path / "moved") / "source_data"
    elsewhere.rename(tmp_path / "series")
    assert posada.read_flee(tmp_path / "moved", tmp_path / "series").series == outer.series


def test_without_series_the_scenario_loads_and_says_so(tmp_path):
    series = [LAYOUT, TOTAL, ONE, TWO]
    made = posada.import_flee(situation(tmp_path / "s", without=series), tmp_path / "out")
    assert "displaced.csv is empty" in made.report
    assert not (made.folder / "observations.csv").exists()
    load(made.folder)


SETTINGS_IN_WORDS = [
    ("awareness_level: 2", "ahead: 2"),
    ("camp_weight: 1.0", 'utility: "log(0.316227766) * unsafe - 1 * log(10 + distance_km)"'),
    ("foreign_weight: 3.0", "if(foreign > 0, log(3), 0)"),
    ("distance_power: 0.75", "- 0.75 * log(10 + distance_km)"),
    ("softening: 36.0", "log(36 + distance_km)"),
    ("weight_softening: 0.5", "log(0.5 + exp(if(kind == camp and open > 0, log(2), 0) + log(0.316227766) * unsafe))"),
    ("weight_power: 2.0", 'utility: "2 * (if(kind'),
    ("conflict_weight: 0.25", "log(0.25) * unsafe"),
    ("conflict_movechance: 0.9", "unsafe: 0.9"),
    ("camp_movechance: 0.0005", "camp: 0.0005"),
    ("default_movechance: 0.75", "else: 0.75"),
    ("max_walk_speed: 48.0", "foot: {speed_kmh: 2}"),
    ("start_on_foot: False", None),
    ("avoid_short_stints: False", None),
    ("use_v1_rules: True", "log(0.25) * unsafe"),
    ("stay_close_to_home: True", "- 0.5 * log(max(1, km_from_home))"),
    ("use_pop_for_loc_weight: True", "if(population > 0, 0, -50)"),
    ("movechance_pop_scale_factor: 0.5", "max(population, capacity) / 10000"),
]


@pytest.mark.parametrize(("option", "said"), SETTINGS_IN_WORDS, ids=[option for option, _ in SETTINGS_IN_WORDS])
def test_every_option_of_movement_is_translated(option, said, tmp_path):
    name = option.partition(":")[0]
    kept = [line for line in FILES[SETTINGS].splitlines() if not line.strip().startswith(f"{name}:")]
    files = {SETTINGS: "\n".join([*kept, f"  {option}"]) + "\n"}
    changes = [(LOCATIONS, "One,East,Near,10.5,21.0,camp,,500", "One,East,Near,10.5,21.0,camp,,501")]
    made = posada.import_flee(situation(tmp_path / "s", changes, files), tmp_path / "out", capacities="scale" in option)
    text = (made.folder / "scenario.yaml").read_text(encoding="utf-8")
    if said is None:
        assert {"start_on_foot": "first_link", "avoid_short_stints": "keeps_going"}[name] not in text
    else:
        assert said in text
    load(made.folder)


def test_distances_of_known_cities():
    paris, london = (48.8566, 2.3522), (51.5074, -0.1278)
    assert km_between(paris, london) == pytest.approx(343.6, abs=1)
    assert km_between((0, 0), (0, 180)) == pytest.approx(20015, abs=1)


def test_the_command_prints_the_report_and_exit_codes_tell_mistakes(tmp_path, monkeypatch, capsys):
    from posada import cli

    def call(*words):
        monkeypatch.setattr("sys.argv", ["posada", "import", "flee", *map(str, words)])
        monkeypatch.setattr("os._exit", lambda code: None)
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code, *capsys.readouterr()

    monkeypatch.setattr(cli, "leave", lambda code: (_ for _ in ()).throw(SystemExit(code or 0)))
    folder = situation(tmp_path / "small2020")
    code, told, complaint = call(folder, "--out", tmp_path / "out")
    assert (code, complaint) == (0, "")
    assert told.startswith("What was read\n  - files: ")
    assert len(told.splitlines()) < 60
    code, told, complaint = call(folder, "--out", tmp_path / "out")
    assert (code, told) == (2, "")
    assert "add --force" in complaint
    code, told, _ = call(folder, "--out", tmp_path / "out", "--force", "--json")
    assert (code, json.loads(told)["places"]) == (0, len(load(tmp_path / "out").places))
    code, _, complaint = call(tmp_path / "smal2020", "--out", tmp_path / "new")
    assert code == 2
    assert "did you mean 'small2020'?" in complaint
    assert not (tmp_path / "new").exists()
