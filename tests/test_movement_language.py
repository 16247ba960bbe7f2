"""The language of movement: what is read, every mistake with its place, what policies and hindsight do to it."""

# ruff: noqa: E501

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posada.scenario import (
    PLACE_NUMBERS,
    ExpressionError,
    ExpressionNames,
    Roam,
    ScenarioErrors,
    json_schema,
    load,
    parse_expression,
)
from posada.scenario.build_movement import LINK_KEYS, MOVEMENT_KEYS
from posada.scenario.build_tables import LINKS, PLACES
from posada.scenario.expressions import LOOKS, Binary, Is, Name
from posada.scenario.problems import Problems
from posada.scenario.routes import follow

YAML = "scenario.yaml"
FILES = {
    YAML: """\
posada: 1
title: A border
start: 2015-05-01
end: 2015-12-31
time_zone: Africa/Bujumbura
attributes: {kin_abroad: [yes, no]}
quantities: {pull: {value: 2, low: 1, high: 3}}
modes: {road: {speed_kmh: 8.333}, foot: {speed_kmh: 1.4583}}
places:
  city: {unsafe: [{value: 1}, {from: 2015-08-01, value: 0}]}
  camp: {open: [{value: 0}, {from: 2015-08-10, value: 1}], kin: 3}
links:
  b-c: {forced: [{value: 1}, {from: 2015-08-10, value: 0}], open: [{value: 1}, {from: 2015-11-01, value: 0}]}
movement:
  flight:
    leaves: {unsafe: 1, camp: 0.001, town: "if(crowding > 1, 0.5, 0.1)", else: {value: 0.3, low: 0.2, high: 0.4}}
    utility: "log(if(kind == camp, pull, 1)) - log(10 + distance_km) - 0.1 * foreign + 0.2 * (kin_abroad == yes) * kin"
    ahead: 2
    at: "06:30"
    clock: daily
    first_link: foot
    keeps_going: true
    forced: obeyed
groups:
  displaced:
    people: 100
    date: 2015-05-02
    places: {weight: "population * unsafe"}
    pathway: displaced
    attributes: {kin_abroad: {yes: 0.2, no: rest}}
pathways:
  displaced:
    - {id: on-the-move, roam: {by: flight, ends: [camp], at_most: 90 days, at_most_to: lost}}
    - {id: end, outcome: arrived}
    - {id: lost, outcome: on-the-way}
outcomes: {arrived: {}, on-the-way: {}}
policies:
  open-border:
    - {set: links.b-c.forced, to: 0, from: 2015-06-01}
    - {multiply: movement.flight.leaves.else, by: 0.5}
    - {set: movement.flight.utility, to: "-distance_km"}
    - {set: places.camp.unsafe, to: 1, from: 2015-07-01, until: 2015-07-08}
    - {set: places.city.population, to: 1000}
""",
    "places.csv": """\
id,name,lat,lon,country,kind,population,population_low,population_high,capacity,attraction,shelter,legal_aid,kin
city,City,-3.4,29.4,BDI,town,500,400,700,900,-1.5,,,
border,Border,-3.0,30.5,BDI,hub,,,,,,2,1,
camp,Camp,-3.2,31.1,TZA,camp,,,,20000,,,,1
""",
    "links.csv": """\
id,from,to,mode,length_km,forced,cost,danger,danger_low,danger_high
c-b,city,border,road,120,no,4,2,1,3
b-city,border,city,road,120,,,,,
b-c,border,camp,road,60,yes,,,,
""",
}


def write(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """The scenario above in a folder, with texts exchanged for others."""
    files = dict(FILES)
    for name, old, new in edits:
        assert files[name].count(old) == 1, f"{old!r} stands {files[name].count(old)} times in {name}"
        files[name] = files[name].replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems_of(folder: Path) -> list:
    """What `load` says of a folder that is wrong."""
    with pytest.raises(ScenarioErrors) as caught:
        load(folder)
    return caught.value.problems


def warnings_of(folder: Path) -> str:
    """The warnings of a sound folder."""
    return "\n".join(note.message for note in load(folder).check() if note.severity == "warning")


def test_everything_is_read(tmp_path):
    s = load(write(tmp_path))
    flight = s.movement["flight"]
    assert list(flight.leaves) == ["unsafe", "camp", "town", "else"]
    assert (flight.ahead, flight.at, flight.clock, flight.first_link) == (2, 390, "daily", "foot")
    assert (flight.keeps_going, flight.forced) == (True, True)
    assert s.places["city"].numbers["population"].entries[0].what.high == 700
    assert s.places["city"].numbers["attraction"].fixed == -1.5
    assert s.places["border"].numbers["legal_aid"].fixed == 1
    assert s.places["camp"].numbers["capacity"].role == "capacity"
    assert [entry.what.value for entry in s.places["camp"].numbers["open"].entries] == [0, 1]
    link = s.links["c-b"]
    assert (link.cost.fixed, link.danger.entries[0].what.low, s.links["b-city"].cost) == (4, 1, None)
    group = s.groups["displaced"]
    assert (group.place, group.places.entries[0].what) == ("", "population * unsafe")
    assert s.steps()["displaced.on-the-move"].body == Roam(
        "flight", ("camp",), s.steps()["displaced.on-the-move"].body.at_most, "displaced.lost"
    )
    assert "displaced.end" in s.steps()["displaced.on-the-move"].targets()


def test_what_stands_in_the_scenario_wins_over_the_tables(tmp_path):
    s = load(write(tmp_path))
    assert s.places["camp"].numbers["kin"].fixed == 3
    assert [entry.what.value for entry in s.links["b-c"].forced.entries] == [1, 0]
    assert s.links["c-b"].forced.fixed == 0
    assert load(write(tmp_path / "2", (YAML, "forced: [{value: 1}, {from: 2015-08-10, value: 0}], ", ""))).links["b-c"].forced.fixed == 1


@pytest.mark.parametrize(("word", "links"), [("1", 1), ("2", 2), ("3", 3), ("all", 0)])
def test_ahead(tmp_path, word, links):
    assert load(write(tmp_path, (YAML, "ahead: 2", f"ahead: {word}"))).movement["flight"].ahead == links


def test_what_need_not_be_said(tmp_path):
    rules = FILES[YAML][FILES[YAML].index("    ahead: 2") : FILES[YAML].index("groups:")]
    flight = load(write(tmp_path, (YAML, rules, ""))).movement["flight"]
    assert (flight.ahead, flight.at, flight.clock, flight.first_link) == (1, 0, "daily", None)
    assert (flight.keeps_going, flight.forced) == (False, True)


def test_every_number_has_its_path(tmp_path):
    numbers = load(write(tmp_path)).numbers()
    for path in (
        "movement.flight.leaves.unsafe", "movement.flight.leaves.else", "movement.flight.utility", "places.city.unsafe",
        "places.border.unsafe", "places.border.open", "places.city.population", "links.c-b.cost", "links.c-b.danger",
        "links.b-city.forced", "groups.displaced.places.weight",
    ):  # fmt: skip
        assert numbers[path].path == path


def test_changes_of_movement(tmp_path):
    s = load(write(tmp_path))
    utility, leaving = s.change("movement.flight.utility", "-hours"), s.change("movement.flight.leaves.camp", 0.5)
    assert utility.movement["flight"].utility.entries[0].what == "-hours"
    assert leaving.movement["flight"].leaves["camp"].fixed == 0.5
    assert len({s.hash, utility.hash, leaving.hash, s.change("places.border.open", 0).hash}) == 4
    for path, value, message in [
        ("movement.flight.leaves.camp", 1.5, "between 0 and 1"),
        ("movement.flight.leaves.camp", "distance_km", "cannot stand here"),
        ("movement.flight.leave.camp", 0.5, "no number at the path"),
        ("movement.flight.utility", "distance", "no name 'distance'"),
        ("places.city.population", -1, "never negative"),
    ]:
        with pytest.raises(ScenarioErrors, match=message):
            s.change(path, value)


def test_changes_by_date(tmp_path):
    changes = load(write(tmp_path)).changes(["open-border"])
    assert [change.path for change in changes] == [
        "links.b-c.forced", "movement.flight.leaves.else", "movement.flight.utility", "places.camp.unsafe", "places.city.population",
    ]  # fmt: skip
    assert changes[3].from_.date == date(2015, 7, 1)
    told = problems_of(write(tmp_path / "2", (YAML, "set: places.city.population, to: 1000", "set: groups.displaced.places.weight, to: 1, from: 2015-06-01")))
    assert "fixed at the outset" in told[0].message


def test_a_run_that_has_begun_cannot_change_when_people_leave(tmp_path):
    s = load(write(tmp_path, (YAML, "else: {value: 0.3, low: 0.2, high: 0.4}", "else: moving"), (YAML, "quantities: {", "quantities: {moving: 0.3, ")))
    day = date(2015, 7, 3)
    for path in ("movement.flight.leaves.camp", "places.border.unsafe", "places.camp.open", "quantities.moving"):
        with pytest.raises(ScenarioErrors, match="whoever is at a place has foreseen when that is"):
            s.changes_from(day, (), [f"{path}=1"])
    for path in ("movement.flight.utility", "places.city.population", "links.b-c.open", "links.b-c.forced", "quantities.pull"):
        (change,) = s.changes_from(day, (), [f"{path}=1"])
        assert change.from_.date == day


def test_as_known_on_forgets_what_was_not_known_of_places_and_links(tmp_path):
    dated = "unsafe: [{value: 1}, {from: 2015-08-01, value: 0, known_from: 2015-09-01}]"
    belief = "kin: {value: 3, known_from: 2015-09-01, known: [{known_from: 2015-05-01, value: 2}]}"
    s = load(write(tmp_path, (YAML, "unsafe: [{value: 1}, {from: 2015-08-01, value: 0}]", dated), (YAML, "kin: 3", belief)))
    early = s.as_known_on(date(2015, 6, 1))
    assert early.places["city"].numbers["unsafe"].fixed == 1
    assert early.places["camp"].numbers["kin"].fixed == 2
    assert len(s.as_known_on(date(2015, 9, 1)).places["city"].numbers["unsafe"].entries) == 2
    assert s.as_known_on(date(2015, 9, 1)).places["camp"].numbers["kin"].fixed == 3


def test_the_hash_does_not_depend_on_the_order_of_rows_and_keys(tmp_path):
    _, *rows = FILES["links.csv"].splitlines(keepends=True)
    one = load(write(tmp_path / "1"))
    other = load(write(tmp_path / "2", ("links.csv", "".join(rows), "".join(reversed(rows))),
                       (YAML, "unsafe: 1, camp: 0.001,", "camp: 0.001, unsafe: 1,")))  # fmt: skip
    assert one.hash == other.hash


def test_a_scenario_without_movement_has_no_numbers_of_places(tmp_path):
    rules = FILES[YAML]
    without = rules[: rules.index("places:")] + rules[rules.index("groups:") : rules.index("policies:")]
    without = without.replace("places: {weight: \"population * unsafe\"}", "place: city").replace("roam: {by: flight, ends: [camp], at_most: 90 days, at_most_to: lost}", "go: {}, then: end")
    folder = write(tmp_path)
    (folder / YAML).write_text(without, encoding="utf-8")
    s = load(folder)
    assert s.movement == {}
    assert set(s.places["border"].numbers) == {"shelter", "legal_aid"}
    assert s.links["b-city"].forced is None


# what is exchanged, for what, a part of the message, the nearest spelling (None: any)
BROKEN = [
    ("unknown key", YAML, "keeps_going: true", "keep_going: true", "has no key 'keep_going'", "keeps_going"),
    ("unknown kind in leaves", YAML, "camp: 0.001", "campp: 0.001", "has no key 'campp'", "camp"),
    ("unknown kind in ends", YAML, "ends: [camp]", "ends: [canp]", "no place kind 'canp'", "camp"),
    ("unknown kind in an expression", YAML, "kind == camp", "kind == camq", "no place in places.csv is of the kind 'camq'", "camp"),
    ("a kind is compared", YAML, "if(kind == camp, pull, 1)", "kind", "only compared with its levels", None),
    ("no else", YAML, ", else: {value: 0.3, low: 0.2, high: 0.4}}", "}", "needs the key 'else'", None),
    ("leaves is a number", YAML, 'leaves: {unsafe: 1, camp: 0.001, town: "if(crowding > 1, 0.5, 0.1)", else: {value: 0.3, low: 0.2, high: 0.4}}', "leaves: 0.3", "is a mapping such as", None),
    ("a chance above 1", YAML, "camp: 0.001", "camp: 1.001", "between 0 and 1", None),
    ("no utility", YAML, 'utility: "log(if(kind == camp, pull, 1)) - log(10 + distance_km) - 0.1 * foreign + 0.2 * (kin_abroad == yes) * kin"\n', "note: none\n", "needs the key 'utility'", None),
    ("ahead", YAML, "ahead: 2", "ahead: 4", "'ahead' cannot be '4'", None),
    ("clock", YAML, "clock: daily", "clock: dayly", "'clock' cannot be 'dayly'", "daily"),
    ("keeps_going by the clock", YAML, "clock: daily", "clock: continuous", "goes with `clock: daily`", None),
    ("forced of a movement", YAML, "forced: obeyed", "forced: yes", "'forced' cannot be 'yes'", None),
    ("hour", YAML, 'at: "06:30"', 'at: "6.30"', "is not a time", None),
    ("two hours", YAML, 'at: "06:30"', 'at: ["06:30", "18:00"]', "one hour of the day", None),
    ("unknown mode", YAML, "first_link: foot", "first_link: food", "no mode 'food'", "foot"),
    ("unknown movement", YAML, "by: flight", "by: fligth", "no movement 'fligth'", "flight"),
    ("at_most alone", YAML, ", at_most_to: lost", "", "go together", None),
    ("at_most_to unknown", YAML, "at_most_to: lost", "at_most_to: losst", "no step or pathway", "lost"),
    ("then without an end", YAML, "roam: {by: flight, ends: [camp], at_most: 90 days, at_most_to: lost}", "roam: {by: flight}, then: end", "nobody's journey ends", None),
    ("place and places", YAML, "    date: 2015-05-02\n", "    date: 2015-05-02\n    place: city\n", "one of 'place' and 'places'", None),
    ("neither place nor places", YAML, '    places: {weight: "population * unsafe"}\n', "", "one of 'place' and 'places'", None),
    ("places without a weight", YAML, 'places: {weight: "population * unsafe"}', "places: {wieght: 1}", "has no key 'wieght'", "weight"),
    ("way in leaves", YAML, "if(crowding > 1", "if(distance_km > 1", "'distance_km' cannot stand here: it is said of the way to a place", None),
    ("home in leaves", YAML, "if(crowding > 1", "if(foreign > 0", "'foreign' cannot stand here: it compares", None),
    ("memory in leaves", YAML, "if(crowding > 1", "if(been_there > 0", "'been_there' cannot stand here: it is said of a party on its way", None),
    ("crowd in a weight", YAML, "population * unsafe", "people_there", "'people_there' cannot stand here", None),
    ("misspelt name", YAML, "log(10 + distance_km)", "log(10 + distnce_km)", "no name 'distnce_km'", "distance_km"),
    ("unknown place", YAML, "  camp: {open", "  canp: {open", "no place 'canp'", "camp"),
    ("unknown link", YAML, "  b-c: {forced", "  b-d: {forced", "no link 'b-d'", None),
    ("unknown number of a place", YAML, "unsafe: [{value: 1}", "unsave: [{value: 1}", "has no key 'unsave'", "unsafe"),
    ("nothing said", YAML, "camp: {open: [{value: 0}, {from: 2015-08-10, value: 1}], kin: 3}", "camp: {}", "nothing is said of the place 'camp'", None),
    ("open above 1", YAML, "open: [{value: 0}", "open: [{value: 2}", "between 0 and 1", None),
    ("unsafe below 0", YAML, "unsafe: [{value: 1}", "unsafe: [{value: -1}", "never negative", None),
    ("negative population", "places.csv", "town,500,400", "town,-500,-600", "'population' is never negative", None),
    ("negative capacity", "places.csv", ",,,20000", ",,,-20000", "'capacity' is never negative", None),
    ("low without high", "places.csv", "500,400,700", "500,400,", "both 'population_low' and 'population_high'", None),
    ("not a number", "places.csv", "20000", "many", "'many' is not a number", None),
    ("unknown column", "places.csv", "legal_aid", "legal_help", "no column 'legal_help'", None),
    ("forced", "links.csv", "60,yes", "60,ja", "'forced' cannot be 'ja'", None),
    ("negative cost", "links.csv", "no,4,2", "no,-4,2", "'cost' is never negative", None),
    ("policy path", YAML, "movement.flight.leaves.else", "movement.flight.leaves.eles", "no number at the path", "movement.flight.leaves.else"),
    ("a quantity named as a name of ways", YAML, "pull: {value: 2, low: 1, high: 3}", "pull: 2, hours: 3", "choose another name", None),
    ("an attribute named kind", YAML, "{kin_abroad: [yes, no]}", "{kin_abroad: [yes, no], kind: [a, b]}", "choose another name", None),
    ("a duration for a chance", YAML, "unsafe: 1, camp", "unsafe: 1 days, camp", "'days' does not belong here", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "message", "near"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_mistake_is_told_where_it_is(tmp_path, name, old, new, message, near):
    found = problems_of(write(tmp_path, (name, old, new)))
    told = [problem for problem in found if message in problem.message]
    assert told, found
    assert told[0].file == name
    assert told[0].column >= 1
    changed = (tmp_path / name).read_text(encoding="utf-8")
    first = FILES[name][: FILES[name].index(old)].count("\n") + 1
    assert told[0].line <= len(changed.splitlines())
    if near is not None:
        assert first <= told[0].line <= first + new.count("\n")
        assert told[0].nearest == near


def test_what_follows_from_a_mistake_is_not_told(tmp_path):
    folder = write(tmp_path)
    (folder / "places.csv").unlink()
    told = problems_of(folder)
    assert [problem.file for problem in told] == ["places.csv"], told
    told = problems_of(write(tmp_path / "2", (YAML, ", else: {value: 0.3, low: 0.2, high: 0.4}}", "}")))
    assert len(told) == 1, told


def test_a_kind_of_place_cannot_be_called_like_a_word_of_leaves(tmp_path):
    told = problems_of(write(tmp_path, ("places.csv", "BDI,hub", "BDI,else")))
    assert "no kind of place can be called so" in told[0].message


def test_home_needs_coordinates_and_crowding_needs_a_capacity(tmp_path):
    nowhere = ("places.csv", "border,Border,-3.0,30.5", "border,Border,,")
    told = problems_of(write(tmp_path / "1", nowhere, (YAML, "0.1 * foreign", "0.1 * km_from_home")))
    assert len(told) == 1
    assert "there are none for 'border'" in told[0].message
    assert told[0].line == 1 + FILES[YAML][: FILES[YAML].index("    utility:")].count("\n")
    load(write(tmp_path / "2", nowhere))
    bare = [("places.csv", "500,400,700,900", "500,400,700,"), ("places.csv", "20000", "")]
    told = problems_of(write(tmp_path / "3", *bare))
    assert len(told) == 1
    assert "needs a capacity" in told[0].message
    load(write(tmp_path / "4", *bare, (YAML, "kin: 3}", "kin: 3, capacity: 500}")))


def test_a_policy_that_asks_for_home_needs_coordinates_too(tmp_path):
    told = problems_of(write(tmp_path, ("places.csv", "border,Border,-3.0,30.5", "border,Border,,"), (YAML, 'to: "-distance_km"', 'to: "-km_from_home"')))
    assert len(told) == 1
    assert "there are none for 'border'" in told[0].message


def test_more_ways_than_can_be_seen_are_told(tmp_path):
    folder = write(tmp_path, (YAML, "ahead: 2", "ahead: 3"))
    names = [f"p{i}" for i in range(40)]
    rows = "".join(f"{name},P,0,0,BDI,hub,,,,,,,,\n" for name in names)
    links = "".join(f"{a}-{b},{a},{b},road,10,,,,,\n" for a in names for b in names if a != b)
    (folder / "places.csv").write_text(FILES["places.csv"] + rows, encoding="utf-8")
    (folder / "links.csv").write_text(FILES["links.csv"] + links, encoding="utf-8")
    (told,) = problems_of(folder)
    assert "3 links ahead there are about" in told.message
    assert "`ahead: all`" in told.message
    (folder / YAML).write_text(FILES[YAML].replace("ahead: 2", "ahead: all"), encoding="utf-8")
    assert load(folder).movement["flight"].ahead == 0


def test_warnings(tmp_path):
    assert warnings_of(write(tmp_path / "0")) == ""
    one_place = (YAML, 'places: {weight: "population * unsafe"}', "place: camp")
    assert "begin to roam at 'camp', where no link begins" in warnings_of(write(tmp_path / "1", one_place))
    other = (YAML, "movement:\n", "movement:\n  other: {leaves: {else: 1}, utility: \"shelter + kin\"}\n")
    assert "nothing roams by the movement 'other'" in warnings_of(write(tmp_path / "2", other))
    nobody = ("places.csv", "500,400,700", ",,")
    policy = (YAML, "    - {set: places.city.population, to: 1000}\n", "")
    told = warnings_of(write(tmp_path / "3", nobody, policy))
    assert "groups.displaced.places.weight asks for 'population', which no place states" in told
    unsafe = (YAML, "  city: {unsafe: [{value: 1}, {from: 2015-08-01, value: 0}]}\n", "")
    assert "asks for 'unsafe'" not in warnings_of(write(tmp_path / "4", unsafe))  # a policy makes the camp unsafe
    dated = (YAML, "    - {set: places.camp.unsafe, to: 1, from: 2015-07-01, until: 2015-07-08}\n", "")
    assert "asks for 'unsafe', which no place states: it is 0" in warnings_of(write(tmp_path / "5", unsafe, dated))


def test_assumptions_of_a_movement_are_told(tmp_path):
    s = load(write(tmp_path, (YAML, "    forced: obeyed\n", "    assumed: rules of another war\n")))
    assert "assumed: flight: rules of another war" in [note.message for note in s.check()]


def test_who_roams_may_be_at_every_place_that_links_lead_to(tmp_path):
    reached = follow(load(write(tmp_path)), Problems()).reached["displaced"]
    assert reached["displaced.on-the-move"] == {"city", "border", "camp"}
    assert reached["displaced.end"] == {"camp"}
    assert reached["displaced.lost"] == {"city", "border", "camp"}
    stay = "    - {id: bed, stay: {in: tents}}\n    - {id: end, outcome: arrived}\n"
    camp = "facilities: {tents: {at: camp, kind: beds, beds: 10}}\npathways:\n"
    ends = [(YAML, "    - {id: end, outcome: arrived}\n", stay), (YAML, "pathways:\n", camp)]
    assert "displaced.bed" in load(write(tmp_path / "1", *ends)).steps()
    told = problems_of(write(tmp_path / "2", *ends, (YAML, "ends: [camp]", "ends: [camp, hub]")))
    assert "needs 'tents', which is at 'camp', but parties of the group 'displaced' can reach it at 'border'" in told[0].message


def test_people_may_roam_without_an_end(tmp_path):
    s = load(write(tmp_path, (YAML, ", ends: [camp], at_most: 90 days, at_most_to: lost", "")))
    assert s.steps()["displaced.on-the-move"].targets() == ()
    assert "nobody can reach the step 'displaced.end'" in "\n".join(note.message for note in s.check())


def names_for(role: str) -> ExpressionNames:
    """The names of an expression of a role."""
    return ExpressionNames(frozenset({"slots"}), {"sex": ("f", "m")}, {}, frozenset(), LOOKS.get(role, ()), frozenset({"camp"}))


def test_trees():
    assert parse_expression("distance_km - kin", names_for("way")) == Binary("-", Name("distance_km", "way"), Name("kin", "place"))
    assert parse_expression("kind != camp", names_for("leaving")) == Is("kind", "!=", "camp")
    assert parse_expression("been_there", names_for("way")) == Name("been_there", "memory")


@pytest.mark.parametrize("role", ["utility", *LOOKS])
@pytest.mark.parametrize("name", LOOKS["way"])
def test_each_name_stands_only_where_it_has_a_meaning(role, name):
    if name in LOOKS.get(role, ()):
        assert parse_expression(name, names_for(role)) == Name(name, parse_expression(name, names_for("way")).kind)
        return
    with pytest.raises(ExpressionError, match=f"{name!r} cannot stand here: it .* has a meaning only in") as caught:
        parse_expression(f"1 + {name}", names_for(role))
    assert caught.value.offset == 4


@given(st.lists(st.sampled_from(["kind", "==", "!=", "camp", "hub", "kin", "hours", "(", ")", "+", "-", "*", "1", "log(", "if(", ",", "unsafe", "foreign"]), max_size=12), st.sampled_from(list(LOOKS)))  # fmt: skip
def test_any_text_is_a_tree_or_a_mistake_within_it(words, role):
    text = " ".join(words)
    try:
        parse_expression(text, names_for(role))
        offset = 0
    except ExpressionError as error:
        offset = error.offset
    assert 0 <= offset <= len(text)


def test_the_schema_agrees(tmp_path):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema())
    assert validator.is_valid(plain(FILES[YAML]))
    for old, new in [
        ("keeps_going: true", "keep_going: true"), ("ahead: 2", "ahead: 4"), ("clock: daily", "clock: dayly"), ("by: flight", "per: flight"),
        ("    date: 2015-05-02\n", "    date: 2015-05-02\n    place: city\n"), ("unsafe: [{value: 1}", "unsave: [{value: 1}"), ("kin: 3}", "kind: 3}"),
        (", else: {value: 0.3, low: 0.2, high: 0.4}}", "}"), ("b-c: {forced:", "b-c: {force:"), ("places: {weight:", "places: {wieght:"),
    ]:  # fmt: skip
        assert FILES[YAML].count(old) == 1, old
        assert not validator.is_valid(plain(FILES[YAML].replace(old, new))), new


def test_the_schema_names_every_key():
    found = json_schema()["properties"]
    assert set(found["places"]["additionalProperties"]["properties"]) == set(PLACE_NUMBERS)
    assert set(found["links"]["additionalProperties"]["properties"]) == set(LINK_KEYS)
    assert set(found["movement"]["additionalProperties"]["properties"]) == set(MOVEMENT_KEYS)
    (roam,) = [kind for kind in found["pathways"]["additionalProperties"]["items"]["oneOf"] if "roam" in kind["required"]]
    assert set(roam["properties"]["roam"]["properties"]) == {"by", "ends", "at_most", "at_most_to"}


def plain(text: str) -> object:
    """YAML text as plain Python values."""
    from posada.scenario.source import parse_yaml

    def value(node):
        if hasattr(node, "pairs"):
            return {key: value(inner) for key, (_, inner) in node.pairs.items()}
        if hasattr(node, "items"):
            return [value(inner) for inner in node.items]
        if not node.quoted and node.text in ("true", "false"):
            return node.text == "true"
        if not node.quoted and node.text.replace(".", "", 1).isdecimal():
            return float(node.text)
        return node.text

    return value(parse_yaml(text, YAML, Problems()))


def test_every_word_is_in_the_language_page():
    page = (Path(__file__).parent.parent / "docs" / "language.md").read_text(encoding="utf-8")
    columns = [column for column in (*PLACES.optional, *LINKS.optional) if not column.startswith(tuple(f"{name}_" for name in ("population", "capacity", "attraction", "shelter", "legal_aid", "kin", "length_km", "cost", "danger")))]
    for word in (*MOVEMENT_KEYS, *LOOKS["way"], *LINK_KEYS, *PLACE_NUMBERS, *columns, "roam", "at_most_to", "ends"):
        assert f"`{word}`" in page or f"{word}:" in page, word
