"""Faults in Flee's files are found and named, each with its file and line; what cannot be imported leaves nothing."""

import pytest

import posada
from import_flee_kit import (
    CLOSURES,
    CONFLICTS,
    CORRECTIONS,
    FILES,
    LAYOUT,
    LOCATIONS,
    ONE,
    PERIOD,
    ROUTES,
    SETTINGS,
    TOTAL,
    TWO,
    line_of,
    situation,
)
from posada.scenario import ScenarioErrors, load
from posada.scenario.problems import Problem

CLOSURE = "camp,Two,,0,15"
RISING = "2020-01-01,0\n" + "".join(f"2020-{month:02}-15,{month * 100}\n" for month in range(1, 5))
STEADY = "2020-01-01,0\n" + "".join(f"2020-01-{day:02},{day * 10}\n" for day in range(3, 30, 3)) + "2020-04-29,900\n"

# what, changes, file, the line by a text on it (None: no line), part of the message
FAULTS = [
    ("a sealed only place", [(CLOSURES, CLOSURE, "location,Alpha,One,0,10")], CLOSURES, "location,Alpha",
     "all links of 'Alpha' are closed on 2020-01-01 to 2020-01-10 while it is unsafe; on 10 of these days no other"),
    ("name2 of a location", [(CLOSURES, CLOSURE, "location,Alpha,One,0,10")], CLOSURES, "location,Alpha",
     "Flee ignores name2 ('One'). Was `link` meant"),
    ("a link is one-way", [(CLOSURES, CLOSURE, "link,Gamma,Two,5,15")], CLOSURES, "link,Gamma", "is one-way in Flee"),
    ("a link that is not there", [(CLOSURES, CLOSURE, "link,Alpha,Two,5,15")], CLOSURES, "link,Alpha",
     "there is no route between 'Alpha' and 'Two'"),
    ("an unknown closure", [(CLOSURES, "camp,Two", "camps,Two")], CLOSURES, "camps,Two", "did you mean 'camp'?"),
    ("an unknown country", [(CLOSURES, "country,Home,Near", "country,Home,Neear")], CLOSURES, "country",
     "no place is in the country 'Neear', so this closes nothing; did you mean 'Near'?"),
    ("countries without a border", [(CLOSURES, "country,Home,Near", "country,Near,Far")], CLOSURES, "country",
     "no route leads between 'Near' and 'Far'"),
    ("a closure of an unknown place", [(CLOSURES, "camp,Two", "camp,Twoo")], CLOSURES, "camp",
     "'Twoo' is not in locations.csv and is passed over; did you mean 'Two'?"),
    ("a camp that is none", [(CLOSURES, "camp,Two", "camp,Gamma")], CLOSURES, "camp", "is a town, not a camp"),
    ("a closure after the end", [(CLOSURES, "0,20", "130,140")], CLOSURES, "country", "begins on day 130, after"),
    ("a closure without an end", [(CLOSURES, ",0,20", ",0,")], CLOSURES, "country", "has no end and is taken to last"),
    ("a closure by date", [(CLOSURES, ",0,20", ",2020-01-11,20")], CLOSURES, "country", "2020-01-11 is day 10"),
    ("no redirection to remove", [(CLOSURES, "camp,Two,,", "remove_forced_redirection,Alpha,Beta,")], CLOSURES,
     "remove", "nobody is redirected from 'Alpha' and 'Beta'"),
    ("a misspelt kind", [(LOCATIONS, "forwarding_hub", "fowarding_hub")], LOCATIONS, "Border",
     "the kind 'fowarding_hub', which is not known; did you mean 'forwarding_hub'?"),
    ("another misspelt kind", [(LOCATIONS, "21.0,camp", "21.0,cmap")], LOCATIONS, "One,", "did you mean 'camp'?"),
    ("swapped coordinates", [(LOCATIONS, "9.5,20.5", "20.5,9.5")], LOCATIONS, "Two,",
     "latitude and longitude of 'Two' are swapped (20.5, 9.5); they were exchanged"),
    ("no degrees", [(LOCATIONS, "9.5,20.5", "95.0,205.0")], LOCATIONS, "Two,", "which is nowhere"),
    ("no number", [(LOCATIONS, "9.5,20.5", "9.5E,20.5")], LOCATIONS, "Two,", "'9.5E' stands where a number belongs"),
    ("a place twice", [(LOCATIONS, "Two,West", "One,West")], LOCATIONS, "One,West", "'One' is already on line 6"),
    ("a place without links", [(LOCATIONS, "Two,West", "Lost,West,Far,9.6,20.4,town,,\nTwo,West")], LOCATIONS, "Lost",
     "no route leads to 'Lost'"),
    ("a camp out of reach", [(ROUTES, "Gamma,Two,60,\n", "")], LOCATIONS, "Two,",
     "no route leads to 'Two'; it has a series of counts, but nobody can come there"),
    ("a camp apart", [(LOCATIONS, "Two,West", "Isle,West,Far,9.6,20.4,town,,\nTwo,West"),
     (ROUTES, "Gamma,Two", "Isle,Two")], LOCATIONS, "Two,", "'Two' (camp) cannot be reached from any unsafe place"),
    ("no people", [(LOCATIONS, "conflict_zone,10,3000", "conflict_zone,10,")], LOCATIONS, "Beta",
     "Beta become unsafe and have no population"),
    ("a route too short", [(ROUTES, "Alpha,Gamma,60", "Alpha,Gamma,30")], ROUTES, "Alpha,Gamma",
     "has 30 km, the straight line 55 km"),
    ("a route too long", [(ROUTES, "Alpha,Gamma,60", "Alpha,Gamma,600")], ROUTES, "Alpha,Gamma", "more than 5 times"),
    ("an unknown end", [(ROUTES, "Gamma,Two", "Gama,Two")], ROUTES, "Gama", "did you mean 'Gamma'?"),
    ("another case", [(ROUTES, "Gamma,Two", "gamma,Two")], ROUTES, "gamma", "'gamma' is taken for 'Gamma'"),
    ("a route twice", [(ROUTES, "Gamma,Two,60,\n", "Gamma,Two,60,\nTwo,Gamma,70,\n")], ROUTES, "Two,Gamma",
     "is already on line 6 with another length (60 and 70 km)"),
    ("a route to itself", [(ROUTES, "Gamma,Two,60,", "Gamma,Two,60,\nTwo,Two,70,")], ROUTES, "Two,Two", "to itself"),
    ("a forced route", [(ROUTES, "Gamma,Two,60,", "Gamma,Two,60,2")], ROUTES, "Gamma,Two", "never obeys it"),
    ("an odd mark", [(ROUTES, "Gamma,Two,60,", "Gamma,Two,60,7")], ROUTES, "Gamma,Two", "is 0, 1 or 2, not '7'"),
    ("a column that is no place", [(CONFLICTS, "#Day,Alpha,Beta", "#Day,Alpha,Betta")], CONFLICTS, "#Day",
     "'Betta' is not in locations.csv and is passed over; did you mean 'Beta'?"),
    ("a zone without a column", [(CONFLICTS, "#Day,Alpha,Beta", "#Day,Alpha,")], CONFLICTS, "#Day",
     "are conflict zones in locations.csv and have no column here: Beta"),
    ("dates that disagree", [(LOCATIONS, "conflict_zone,10", "conflict_zone,40")], LOCATIONS, "Beta",
     "`conflict_date` disagrees with the first day of conflict in conflicts.csv (which counts): Beta (line 3): day 40"),
    ("a town in conflict", [(LOCATIONS, "conflict_zone,10", "town,")], LOCATIONS, "Beta", "are no conflict zones in"),
    ("a day that is missing", [(CONFLICTS, "\n90,0,1\n", "\n")], CONFLICTS, "91,0,1", "day 91 follows day 89"),
    ("an intensity", [(CONFLICTS, "\n3,1,0\n", "\n3,0.5,0\n")], CONFLICTS, "#Day", "intensities other than 0 and 1"),
    ("fewer than nobody", [(LOCATIONS, "conflict_zone,0,1000", "conflict_zone,0,-1000")], LOCATIONS, "Alpha,North",
     "-1000 people cannot be in 'Alpha'; left out"),
    ("empty, then full", [(ONE, "2020-01-01,10", "2020-01-01,0"), (ONE, "2020-01-11,110", "2020-01-11,600")], ONE,
     "2020-01-01", "'One' is 0 at the start and 600 on 2020-01-11: people who were there before may pass"),
    ("a correction after the end", [(CORRECTIONS, "Two,2020-02-10", "One,2020-05-10")], CORRECTIONS, "One",
     "dated 2020-05-10, after the last day: every count of 'One' is scaled by 0.996, which nobody could know"),
    ("a capacity of a later date", [(LOCATIONS, "camp,,500", "camp,,110")], LOCATIONS, "One,",
     "the capacity of 1 of 2 sites is, to the person, a number registered there on a later date"),
    ("capacities", [(LOCATIONS, "camp,,9000", "camp,,300")], LOCATIONS, "One,",
     "the capacity of 2 of 2 sites is the highest number ever registered there"),
    ("a file that is not there", [(LAYOUT, "one.csv", "on.csv")], LAYOUT, "One", "'on.csv'; did you mean 'one.csv'"),
    ("a layout of an unknown place", [(LAYOUT, "Two", "Bossobolo")], LAYOUT, "Bossobolo", "is not in locations.csv"),
    ("an unused series", [(LAYOUT, "Two,two.csv\n", "")], LAYOUT, None, "are not used: two.csv"),
    ("a camp without series", [(LAYOUT, "Two,two.csv\n", "")], LOCATIONS, "Two", "the camp 'Two' has no series"),
    ("a fall", [(ONE, "2020-01-21,90", "2020-01-21,20")], ONE, "2020-01-21", "falls once from 110 (2020-01-11) to 20"),
    ("a spike", [(ONE, "2020-01-11,110", "2020-01-11,4000")], ONE, "2020-01-11",
     "4000 on 2020-01-11 stands between 10 and 90"),
    ("a date twice", [(ONE, "2020-01-21,90", "2020-01-21,90\n2020-01-21,95")], ONE, "2020-01-21,95", "95 is taken"),
    ("a wrong order", [(ONE, "2020-01-21,90\n", ""), (ONE, "2020-05-10,498\n", "2020-05-10,498\n2020-01-21,90\n")],
     ONE, "2020-01-21", "the dates are not in order"),
    ("no count", [(ONE, "2020-01-21,90", "2020-01-21,ninety")], ONE, "ninety", "this row is passed over"),
    ("thousands", [(ONE, "2020-01-21,90", "2020-01-21,90,100")], ONE, "90,100", "and '100' after it is not"),
    ("a foreign country", [(SETTINGS, "softening: 10.0", "foreign_weight: 2.0")], SETTINGS, "foreign_weight",
     "for Flee outside the country of the first place"),
    ("fewer than nobody", [(ONE, "2020-01-21,90", "2020-01-21,-90")], ONE, "-90", "cannot be registered"),
    ("an early end", [(TWO, "2020-04-29,250\n", "")], TWO, "2020-02-10", "ends on 2020-02-10; its last count"),
    ("a late beginning", [(TWO, "2020-01-01,0\n", "")], TWO, "2020-01-31", "begins on 2020-01-31 with 300"),
    ("a total that differs", [(TOTAL, "2020-01-31,500", "2020-01-31,5000")], TOTAL, "2020-01-31",
     "most on 2020-01-31 (5000 and 492)"),
    ("a total that never falls", [], TOTAL, None, "the stated total never falls, while sites do"),
    ("no date of a correction", [(CORRECTIONS, "2020-02-10", "2020-02-12")], CORRECTIONS, "Two",
     "has no count on 2020-02-12, so nothing is corrected; the nearest is 2 days earlier"),
    ("a steep correction", [(TWO, "2020-02-10,150", "2020-02-10,15")], CORRECTIONS, "Two", "by 0.05"),
    ("a correction of nothing", [(CORRECTIONS, "Two", "Gamma")], CORRECTIONS, "Gamma", "has no series to correct"),
    ("people from nowhere", [(LOCATIONS, "0,1000", "0,")], CONFLICTS, None, "when no place with people is unsafe"),
    ("an unknown option", [(SETTINGS, "softening", "sofening")], SETTINGS, "sofening", "did you mean 'softening'?"),
    ("an option of floods", [(SETTINGS, "move_rules:", "flood_rules: {a: 1}\nmove_rules:")], SETTINGS, "flood",
     "floods are not translated"),
    ("an option without effect", [(SETTINGS, "softening: 10.0", "capacity_scaling: 1.25")], SETTINGS, "capacity_sc",
     "`capacity_scaling` has no effect: Flee 3.1 does not read it"),
    ("everybody is simulated", [(SETTINGS, "move_rules:", "optimisations: {hasten: 10}\nmove_rules:")], SETTINGS,
     "hasten", "here everybody is simulated"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "file", "at", "message"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_named_with_its_file_and_line(what, changes, file, at, message, tmp_path):
    made = posada.import_flee(situation(tmp_path / "s", changes), tmp_path / "out")
    line = line_of(file, at, changes) if at else None
    found = [(r.file, r.line) for r in made.situation.remarks if message in r.message]
    assert [f for f, _ in found] == [file], [r for r in made.situation.remarks if r.file == file]
    if line is not None:
        assert found[0][1] == line
    assert message in made.report
    load(made.folder)


def test_the_sound_situation_has_few_remarks(tmp_path):
    found = posada.read_flee(situation(tmp_path))
    assert [r.message[:40] for r in found.remarks] == [
        "the capacity of 1 of 2 sites is the high",
        "'Two' falls once from 300 (2020-01-31) t",
        "the stated total never falls, while site",
    ]


def test_series_that_never_fall_are_suspected_and_why_is_told(tmp_path):
    found = posada.read_flee(situation(tmp_path, files={TWO: STEADY, CORRECTIONS: ""}))
    told = next(r for r in found.remarks if "sum of arrivals" in r.message and "'Two'" in r.message)
    assert "it has 11 counts and never falls, while 1 of the 2 series do, most steps are the same" in told.message
    few = posada.read_flee(situation(tmp_path / "few", files={TWO: RISING, CORRECTIONS: ""}))
    assert not any("'Two' may be a sum" in r.message for r in few.remarks)


def test_conflicts_that_end_early_are_told_and_last(tmp_path):
    short = "\n".join(FILES[CONFLICTS].splitlines()[:91]) + "\n"
    found = posada.read_flee(situation(tmp_path, files={CONFLICTS: short}))
    assert any("ends on day 89, the simulation on day 119" in r.message for r in found.remarks)
    assert found.unsafe["beta"][-1] == 0.5


def test_a_misplaced_town_is_told_from_wrong_lengths(tmp_path):
    found = posada.read_flee(
        situation(tmp_path, [(LOCATIONS, "Gamma,South,Home,10.0,20.5", "Gamma,South,Home,13.0,20.5")])
    )
    told = [r.message for r in found.remarks if "do not fit its roads" in r.message]
    assert len(told) == 1
    assert "'Gamma'" in told[0]


def test_coordinates_in_columns_that_are_exchanged_are_put_right(tmp_path):
    north = {"10.0,20.0": "20.0,60.0", "10.5,20.0": "20.0,60.5", "10.0,20.5": "21.0,60.0", "10.0,21.0": "22.0,60.0"}
    north |= {"10.5,21.0": "22.0,60.5", "9.5,20.5": "21.0,59.5"}  # in the north a degree of longitude is short
    found = posada.read_flee(situation(tmp_path, [(LOCATIONS, old, new) for old, new in north.items()]))
    assert (found.sites["two"].lat, found.sites["two"].lon) == (59.5, 21.0)
    assert any("columns of latitude and longitude are exchanged" in r.message for r in found.remarks)


def test_a_header_that_names_them_is_followed(tmp_path):
    rows = FILES[LOCATIONS].splitlines()
    named = "# name , population_or_capacity,longitude,latitude,country,location_type,conflict_date,wealth"
    order = [",".join([c[0], c[7], c[4], c[3], c[2], c[5], c[6], "9"]) for c in (row.split(",") for row in rows[1:])]
    found = posada.read_flee(situation(tmp_path / "a", files={LOCATIONS: "\n".join([named, *order])}))
    usual = posada.read_flee(situation(tmp_path / "b"))
    assert found.sites == usual.sites
    assert any("'wealth'" in r.message for r in found.remarks)


def untidy(text: str) -> bytes:
    """The same table with a byte-order mark, Windows line ends, spaces, blank lines, comments and trailing commas."""
    lines = [
        "",
        "# a comment, with commas",
        *(line.replace(",", " , ") + " ,," for line in text.splitlines()),
        ",,",
        "",
    ]
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode()


def test_untidy_files_say_the_same(tmp_path):
    tables = {name: untidy(text) for name, text in FILES.items() if name.endswith(".csv")}
    found = posada.read_flee(situation(tmp_path / "a", files=tables))
    usual = posada.read_flee(situation(tmp_path / "b"))
    assert {k: v.id for k, v in found.sites.items()} == {k: v.id for k, v in usual.sites.items()}
    assert (found.unsafe, found.open_routes, found.open_camps) == (usual.unsafe, usual.open_routes, usual.open_camps)
    assert found.displaced == usual.displaced
    assert {k: s.daily for k, s in found.series.items()} == {k: s.daily for k, s in usual.series.items()}


def test_tabs_and_semicolons_say_the_same(tmp_path):
    usual = posada.read_flee(situation(tmp_path / "b"))
    for name, mark in (("tabs", "\t"), ("semicolons", ";")):
        tables = {key: text.replace(",", mark) for key, text in FILES.items() if key.endswith(".csv")}
        assert posada.read_flee(situation(tmp_path / name, files=tables)).displaced == usual.displaced


def test_names_in_any_script_become_ids_that_differ(tmp_path):
    names = [("Alpha", "Bouaké"), ("Beta", "Bouake"), ("Gamma", "كسلا"), ("One", "N'Djamena (Est)")]
    files = dict(FILES)
    for old, new in names:
        files = {key: text.replace(old, new) for key, text in files.items()}
    made = posada.import_flee(situation(tmp_path / "s", files=files), tmp_path / "out")
    assert list(made.situation.sites) == ["bouake", "bouake-2", "place-4", "border-post", "n-djamena-est", "two"]
    load(made.folder)


HOPELESS = [
    ("no locations", [], [LOCATIONS], LOCATIONS, 0, "is missing"),
    ("no routes", [], [ROUTES], ROUTES, 0, "is missing"),
    ("no period", [], [PERIOD], PERIOD, 0, "is missing"),
    ("no length", [(PERIOD, "Length,120", "Lenght,120")], [], PERIOD, 0, "does not say how many days"),
    ("no date", [(PERIOD, "2020-01-01", "2020-13-01")], [], PERIOD, 1, "is not a date"),
    ("no days", [(PERIOD, "120", "0")], [], PERIOD, 0, "has 0 days"),
    (
        "no distance",
        [(ROUTES, "Gamma,Two,60", "Gamma,Two,far")],
        [],
        ROUTES,
        6,
        "a route has a length in km, not 'far'",
    ),
    ("no settings", [(SETTINGS, "softening: 10.0", "softening: soft")], [], SETTINGS, 6, "is a number, not 'soft'"),
    ("no flag", [(SETTINGS, "start_on_foot: True", "start_on_foot: perhaps")], [], SETTINGS, 8, "is true or false"),
    ("no speed", [(SETTINGS, "max_move_speed: 200.0", "max_move_speed: 0")], [], SETTINGS, 4, "km a day, above 0"),
    ("no yaml", [(SETTINGS, "move_rules:", "move_rules: [")], [], SETTINGS, 5, "is not YAML"),
]


@pytest.mark.parametrize(
    ("what", "changes", "without", "file", "line", "message"), HOPELESS, ids=[h[0] for h in HOPELESS]
)
def test_what_cannot_be_imported_is_told_and_leaves_nothing(what, changes, without, file, line, message, tmp_path):
    folder = situation(tmp_path / "s", changes, without=without)
    with pytest.raises(ScenarioErrors) as caught:
        posada.import_flee(folder, tmp_path / "out")
    found = [p for p in caught.value.problems if message in p.message]
    assert [(p.file, p.line) for p in found][:1] == [(file, line)], caught.value
    assert [p.name for p in tmp_path.iterdir()] == ["s"]


def test_every_problem_is_told_at_once(tmp_path):
    changes = [(ROUTES, "Gamma,Two,60", "Gamma,Two,far"), (SETTINGS, "softening: 10.0", "softening: soft")]
    with pytest.raises(ScenarioErrors) as caught:
        posada.read_flee(situation(tmp_path, changes, without=[PERIOD]))
    assert [p.file for p in caught.value.problems] == [ROUTES, PERIOD, SETTINGS]


def test_only_a_scenario_is_replaced_and_only_when_asked(tmp_path):
    folder = situation(tmp_path / "s")
    made = posada.import_flee(folder, tmp_path / "out").folder
    (made / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ScenarioErrors, match="add --force"):
        posada.import_flee(folder, made)
    assert (made / "mine.txt").exists()
    posada.import_flee(folder, made, force=True)
    assert (made / "mine.txt").read_text() == "mine"
    other = tmp_path / "letters"
    other.mkdir()
    (other / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ScenarioErrors, match=r"holds no scenario\.yaml"):
        posada.import_flee(folder, other, force=True)
    assert (other / "letter.txt").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["letters", "out", "s"]


def test_folders_that_are_not_there_are_told(tmp_path):
    situation(tmp_path / "small2020")
    for given, message in ((tmp_path / "smal2020", "small2020"), (tmp_path, "none of the input files")):
        with pytest.raises(ScenarioErrors, match=message):
            posada.read_flee(given)
    with pytest.raises(ScenarioErrors) as caught:
        posada.read_flee(tmp_path / "small2020", tmp_path / "no", tmp_path / "no.yml")
    assert len(caught.value.problems) == 2
    assert all(isinstance(p, Problem) for p in caught.value.problems)
