"""Broken scenarios: every mistake is told with its file and line, what is allowed, and the nearest spelling."""

# ruff: noqa: E501

import re

import pytest

from posada.scenario import ScenarioErrors, load
from posada.scenario.problems import nearest, nearest_path
from scenario_base import FILES, edited, line_of, write

YAML = "scenario.yaml"

# file, what is exchanged, for what, a part of the message, the nearest spelling (None: any)
BROKEN = [
    ("unknown key", YAML, "title: A small", "titel: A small", "has no key 'titel'", "title"),
    ("unknown step key", YAML, "gives_up_to: home", "gives_up_too: home", "has no key 'gives_up_too'", "gives_up_to"),
    ("on for date", YAML, "    date: 2018-04-02 05:00", "    on: 2018-04-02 05:00", "has no key 'on'", "date"),
    ("number in words", YAML, "seats: 40", "seats: many", "'many' is neither a number nor a named", None),
    ("list for a number", YAML, "seats: 40", "seats: []", "at least one entry", None),
    ("no unit", YAML, "max_stay: 60 days", "max_stay: 60", "not a length of time", None),
    ("months", YAML, "max_stay: 60 days", "max_stay: 2 months", "not a unit of time", None),
    ("unknown place", YAML, "    at: tijuana\n    kind: beds", "    at: tijuanna\n    kind: beds", "no place", "tijuana"),
    ("unknown link", YAML, "along: road", "along: raod", "no link 'raod'", "road"),
    ("unknown facility", YAML, "queue: {at: officers}", "queue: {at: oficers}", "no facility", "officers"),
    ("wrong kind of facility", YAML, "queue: {at: officers}", "queue: {at: annex}", "no facility", None),
    ("unknown step", YAML, "gives_up_to: home", "gives_up_to: hoem", "no step or pathway", "home"),
    ("unknown outcome", YAML, "outcome: protected", "outcome: protcted", "no outcome", "protected"),
    ("unknown evidence", YAML, "evidence: [afp-count]", "evidence: [afp-cuont]", "no claim", "afp-count"),
    ("unknown level", YAML, "{HND: 0.8, SLV: rest}", "{HDN: 0.8, SLV: rest}", "no level of nationality", "HND"),
    ("shares above 1", YAML, "parties: {1: 0.5, 2: 0.5}", "parties: {1: 0.5, 2: 0.6}", "shares sum to 1.1", None),
    ("shares below 1", YAML, "parties: {1: 0.5, 2: 0.5}", "parties: {1: 0.5, 2: 0.4}", "shares sum to 0.9", None),
    ("not a probability", YAML, "daily_chance: 0.2", "daily_chance: 1.2", "between 0 and 1", None),
    ("negative capacity", YAML, "others: 10}", "others: -1}", "never negative", None),
    ("low above value", YAML, "low: 20, high: 100, evidence", "low: 70, high: 100, evidence", "low <= value", None),
    ("low without high", YAML, "low: 20, high: 100, evidence", "low: 20, evidence", "both 'low' and 'high'", None),
    ("date not ISO", YAML, "start: 2018-04-01", "start: 01/04/2018", "is not a date", None),
    ("date not in the calendar", YAML, "start: 2018-04-01", "start: 2018-02-30", "not in the calendar", None),
    ("end before start", YAML, "end: 2018-12-31", "end: 2017-12-31", "is before 'start'", None),
    ("decimal comma", YAML, "settle: {utility: 0.5", 'settle: {utility: "0,5"', "decimal comma", None),
    ("percentage", YAML, "daily_chance: 0.2", "daily_chance: 20%", "write 0.2", None),
    ("key twice", YAML, "  annex: {", "  street: {", "stands here twice", None),
    ("step twice", YAML, "{id: free,", "{id: cell,", "stands twice", None),
    ("two kinds", YAML, "{id: cell, hold: {in: cells}}", "{id: cell, hold: {in: cells}, go: {}}", "exactly one kind", None),
    ("no kind", YAML, "{id: cell, hold: {in: cells}}", "{id: cell}", "exactly one kind", None),
    ("last step leads nowhere", YAML, 'wait: {until: "07:00"}, then: reception}', 'wait: {until: "07:00"}}', "last of its", None),
    ("time zone", YAML, "time_zone: America/Tijuana", "time_zone: America/Tijuna", "no time zone", "America/Tijuana"),
    ("hours", YAML, '"09:00-22:00"', '"9-22"', "not a span of hours", None),
    ("clock", YAML, 'opens: "07:00"', 'opens: "7 am"', "is not a time", None),
    ("expression name", YAML, "help_weight * (", "help_wieght * (", "no name 'help_wieght'", "help_weight"),
    ("expression syntax", YAML, "(has_lawyer == yes)", "(has_lawyer == yes", "')' is expected", None),
    ("expression level", YAML, "(has_lawyer == yes)", "(has_lawyer == maybe)", "no level 'maybe'", None),
    ("priority", YAML, '"nationality == HND"', '"natonality == HND"', "no name 'natonality'", "nationality"),
    ("every option with if", YAML, "(has_lawyer == yes)\", then", "(has_lawyer == yes)\", if: \"adults > 1\", then", "without 'if'", None),
    ("policy path", YAML, "facilities.crossing.slots_per_day", "facilities.crossing.slots_per_dya", "no number at",
     "facilities.crossing.slots_per_day"),
    ("dated change of a group", YAML, "people, to: 600}", "people, to: 600, from: 2018-05-01}", "fixed at the outset", None),
    ("headline series", YAML, '"waiting:crossing"', '"waitin:crossing"', "no state or event", "waiting"),
    ("headline statistic", YAML, "statistic: max", "statistic: sum", "does not suit", None),
    ("wrong place", YAML, "- {id: ride, travel: {to: gate-north, takes: {uniform: {low: 1 hours, high: 2 hours}}}}",
     "- {id: ride, wait: {for: 1 hours}}", "which is at 'gate-north'", None),
    ("length for a count", YAML, "slots_per_day: gate_slots", "slots_per_day: patience", "it is a length of time", None),
    ("dates out of order", YAML, "{from: 2018-05-03, value: 1}", "{from: 2018-04-03, value: 1}", "in order of time", None),
    ("bad id", YAML, "  coach: {", "  Coach_1: {", "cannot be an id", "coach-1"),
    ("version", YAML, "posada: 1\n", "posada: 2\n", "reads version 1", None),
    ("not YAML", YAML, "groups:\n", "groups: [\n", "is not YAML", None),
    ("unknown columns", "places.csv", "country,time_zone", "country,timezone", "no column 'timezone'", "time_zone"),
    ("person column", "places.csv", "time_zone,kind", "time_zone,phone", "would record persons", None),
    ("ragged row", "places.csv", "MEX,,town", "MEX,town", "this row has 6 cells", None),
    ("decimal comma in a table", "places.csv", "32.53,-117.02", '"32,53",-117.02', "write 32.53", None),
    ("degrees", "places.csv", "32.53,-117.02", "-117.02,32.53", "lies between", None),
    ("id twice", "places.csv", "gate-north,San", "tijuana,San", "stands twice", None),
    ("loop link", "links.csv", "south,tijuana,bus", "south,south,bus", "to itself", None),
    ("unknown mode", "links.csv", "south,tijuana,bus", "south,tijuana,buss", "no mode", "bus"),
    ("date in a table", "observations.csv", "2018-05-05", "05.05.2018", "is not a date", None),
    ("series in a table", "observations.csv", "present:tijuana", "present:tijuna", "no place", "tijuana"),
    ("level in a series", "observations.csv", "{group=caravan}", "{group=karavan}", "no level", "caravan"),
    ("table shares", "groups.csv", "caravan,man,0.5", "caravan,man,0.4", "shares sum to 0.9", None),
    ("party without members", "groups.csv", "man,0.5,,1,,,", "man,0.5,,,,,", "has 0 members", None),
    ("evidence kind", "evidence.csv", "screening-share,shares found credible,share",
     "screening-share,shares found credible,shares", "cannot be 'shares'", "share"),
]  # fmt: skip


@pytest.mark.parametrize("empty", ["smaller: []", "smaller: {changes: []}"])
def test_a_policy_that_changes_nothing_is_told(tmp_path, empty):
    stated = edited("scenario.yaml", "smaller: [{set: groups.caravan.people, to: 600}]", empty)
    with pytest.raises(ScenarioErrors, match="the policy 'smaller' changes nothing"):
        load(write(tmp_path / "s", stated))


def test_the_number_of_one_side_must_be_able_to_stand_where_the_quantity_stands(tmp_path):
    stated = edited(
        "scenario.yaml",
        "gate_slots: {value: 60, low: 20, high: 100, evidence: [cbp-slots]}",
        "gate_slots: {value: 60, low: 20, high: 100, evidence: [cbp-slots], claims: {officials: {value: -8}}}",
    )
    with pytest.raises(ScenarioErrors, match=r"the quantity 'gate_slots' by 'officials' \(-8\) cannot stand here"):
        load(write(tmp_path / "s", stated))


@pytest.mark.parametrize(("name", "old", "new", "message", "near"), [case[1:] for case in BROKEN],
                         ids=[case[0] for case in BROKEN])  # fmt: skip
def test_a_mistake_is_told_where_it_is(tmp_path, name, old, new, message, near):
    folder = write(tmp_path / "s", edited(name, old, new))
    with pytest.raises(ScenarioErrors) as caught:
        load(folder)
    told = [problem for problem in caught.value.problems if message in problem.message]
    assert told, f"not told: {caught.value}"
    assert told[0].file == name
    if name == YAML and message not in ("is not YAML",):
        lines = FILES[YAML].splitlines()
        assert 1 <= told[0].line <= len(lines)
    if near is not None:
        assert told[0].nearest == near


EXACT = [
    ("title: A small", "titel: A small", "has no key"),
    ("seats: 40", "seats: many", "neither a number"),
    ("max_stay: 60 days", "max_stay: 60", "not a length"),
    ("along: road", "along: raod", "no link"),
    ("outcome: protected", "outcome: protcted", "no outcome"),
    ("daily_chance: 0.2", "daily_chance: 1.2", "between 0 and 1"),
    ("statistic: max", "statistic: sum", "does not suit"),
]


@pytest.mark.parametrize(("old", "new", "message"), EXACT)
def test_the_line_is_that_of_the_mistake(tmp_path, old, new, message):
    folder = write(tmp_path, edited(YAML, old, new))
    with pytest.raises(ScenarioErrors) as caught:
        load(folder)
    told = next(problem for problem in caught.value.problems if message in problem.message)
    assert told.line == line_of(YAML, old)
    text = (folder / YAML).read_text(encoding="utf-8").splitlines()[told.line - 1]
    assert 1 <= told.column <= len(text)
    assert f"{YAML}:{told.line}:{told.column}: " in str(caught.value)


FILES_BROKEN = [
    ("missing", {YAML: None}, "cannot be read"),
    ("empty", {YAML: ""}, "is empty"),
    ("only a comment", {YAML: "# nothing\n"}, "is empty"),
    ("a list", {YAML: "- 1\n"}, "must be a mapping"),
    ("binary", {YAML: b"\x00\x01\x02"}, "not a text file"),
    ("not UTF-8", {YAML: FILES[YAML].replace("small", "sm\xe4ll").encode("latin-1")}, "not UTF-8"),
    ("no places", {"places.csv": None}, "cannot be read"),
    ("empty table", {"links.csv": "\n"}, "is empty"),
    ("no groups.csv", {"groups.csv": None}, "cannot be read"),
    ("a missing column", edited("links.csv", ",mode,", ",means,"), "the column 'mode' is missing"),
    ("an open quote", {"links.csv": FILES["links.csv"] + 'a,"b\n'}, "is not a table"),
]


@pytest.mark.parametrize(("changed", "message"), [case[1:] for case in FILES_BROKEN], ids=[c[0] for c in FILES_BROKEN])
def test_files_that_cannot_be_read(tmp_path, changed, message):
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path, changed))
    assert message in str(caught.value)


def test_all_mistakes_are_told_at_once(tmp_path):
    text = (
        FILES[YAML].replace("title:", "titel:").replace("along: road", "along: raod").replace("seats: 40", "seats: -1")
    )
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path, {YAML: text} | edited("links.csv", "tijuana,bus", "tijuana,buss")))
    told = str(caught.value)
    for part in ("'titel'", "needs the key 'title'", "'raod'", "never negative", "'buss'"):
        assert part in told


ONE = [
    ("kind of facility", edited(YAML, "    kind: gate\n", "    kind: gates\n"), "no kind of facility 'gates'"),
    ("no places.csv", {"places.csv": None}, "cannot be read"),
    ("a ragged row", edited("places.csv", "gate-north,San Ysidro,32.54,-117.03,USA", "gate-north,San Ysidro,32.54,-117.03"), "this row has 6 cells"),
    ("a number that policies change", edited(YAML, "slots_per_day: gate_slots", "slots_per_day: many"), "'many' is neither a number"),
    ("no pathways", edited(YAML, "pathways:\n", "path_ways:\n"), "has no key 'path_ways'"),
    ("a tab", edited(YAML, "    people: {value: 1200", "\tpeople: {value: 1200"), "a tab; use spaces"),
    ("two colons", edited(YAML, "title: Twice the slots", "title: Twice: the slots"), "put text that has a colon in quotes"),
    ("indentation", edited(YAML, "    place: south\n", "   place: south\n"), "indentation differs"),
    ("an open bracket", edited(YAML, "seats: 40, leaves", "seats: 40 leaves: 3, x"), "within { } put text that has"),
    ("an open quote", edited(YAML, "title: A small border town", 'title: "A small border town'), "quote"),
    ("a comma in braces", edited(YAML, "{label: Went home}", "{label: Went home, or farther on}"), "put text that has a comma in quotes"),
    ("a percent sign first", edited(YAML, "title: A small border town", "title: %A"), "must be in quotes"),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "message"), [case[1:] for case in ONE], ids=[case[0] for case in ONE])
def test_what_follows_from_a_mistake_is_not_told(tmp_path, changed, message):
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path, changed))
    told = [problem for problem in caught.value.problems if "needs the key" not in problem.message]
    assert len(told) == 1, str(caught.value)
    assert message in told[0].message


@pytest.mark.parametrize(
    ("word", "allowed", "near"),
    [
        ("raod", ["road", "rail"], "road"),
        ("many", ["gate_slots", "patience"], None),
        ("weather", ["bether", "leather"], "leather"),
        ("Gate Slots", ["gate_slots"], "gate_slots"),
        ("HDN", ["HND", "SLV"], "HND"),
        ("bed", ["bus"], None),
    ],
)
def test_only_what_is_near_is_proposed(word, allowed, near):
    assert nearest(word, allowed) == near


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("facilities.gate.slot_per_day", "facilities.gate.slots_per_day"),
        ("slots_per_day", "facilities.gate.slots_per_day"),
        ("facilities.bridge.slots_per_day", None),
        ("groups.poeple", None),
        ("groups.arrivals.poeple", "groups.arrivals.people"),
    ],
)
def test_near_paths(path, near):
    known = ["facilities.gate.slots_per_day", "facilities.shelter.beds", "groups.arrivals.people"]
    assert nearest_path(path, known) == near


def test_no_way_out_is_told(tmp_path):
    steps = "    - {id: gone, go: {}, then: home}\n"
    changed = edited(YAML, "    - {id: gone, outcome: returned}\n", steps)
    with pytest.raises(ScenarioErrors, match=r"no way from the step 'port\.home' to an outcome"):
        load(write(tmp_path, changed))


def test_a_party_larger_than_every_vehicle_is_told(tmp_path):
    text = (
        FILES[YAML]
        .replace("seats: 40", "seats: 1")
        .replace("    - {id: night, stay", "    - {id: leave, queue: {at: coach}}\n    - {id: night, stay")
    )
    with pytest.raises(ScenarioErrors, match=r"a party of 3 .* room for 1"):
        load(write(tmp_path, {YAML: text}))


def test_a_scenario_that_does_not_exist():
    with pytest.raises(ScenarioErrors, match="no folder and no shipped scenario"):
        load("caravan-2081")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("more: " + "[" * 100_000 + "]" * 100_000, "nested more than"),
        ("more: &q {a: *q}", "alias"),
        ("more:\n  a: &a [1, 2]\n  b: [*a, *a]", "alias"),
    ],
)
def test_text_that_would_break_a_parser_is_told(tmp_path, more, expected):
    folder = write(tmp_path)
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write(more + "\n")
    with pytest.raises(ScenarioErrors) as caught:
        load(folder)
    assert any(expected in problem.message for problem in caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("people_per_day: 5.5", "people_per_day: 5e9", "can be simulated"),
        ('"nationality == HND"', ", ".join(['"nationality == HND"'] * 127), "entries of 'priority'; at most 126"),
    ],
)
def test_more_than_a_machine_can_do_is_told(tmp_path, old, new, expected):
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path, edited("scenario.yaml", old, new)))
    assert any(expected in problem.message for problem in caught.value.problems)


def test_dates_within_a_record_interval_are_told(tmp_path):
    """Weekly records from 1 July on: what happened by 3 July cannot be read off them."""
    more = '\nheadlines: [{id: h, label: x, series: "ended:asylum", to: 2018-07-03, statistic: sum}]\n'
    text = FILES["scenario.yaml"]
    head = text[: text.index("headlines:")] if "headlines:" in text else text
    outcome = next(
        line.split(":")[0].strip() for line in text[text.index("outcomes:") :].splitlines()[1:] if line.strip()
    )
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path, {"scenario.yaml": head + more.replace("asylum", outcome)}))
    assert any("within a record interval" in problem.message for problem in caught.value.problems)


def test_more_risks_than_can_be_told_apart_are_told(tmp_path):
    risks = ", ".join(f"r{i}: {{after: {i + 1} days, then: free}}" for i in range(128))
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path, edited("scenario.yaml", "- {id: cell, hold: {in: cells}}", f"- {{id: risky, wait: {{first_of: {{{risks}}}}}}}\n    - {{id: cell, hold: {{in: cells}}}}")))
    assert any("entries of 'first_of'; at most 127" in problem.message for problem in caught.value.problems)


def test_more_days_of_records_than_can_be_numbered_are_told(tmp_path):
    text = edited("scenario.yaml", "end: 2018-12-31", "end: 2218-12-31")
    load(write(tmp_path / "monthly", text))
    text["scenario.yaml"] = re.sub(r"daily_until: [-0-9]+", "daily_until: 2218-12-31", text["scenario.yaml"])
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path / "daily", text))
    assert any("record intervals; at most 65,535" in problem.message for problem in caught.value.problems)
