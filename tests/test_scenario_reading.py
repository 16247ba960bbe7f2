"""Good scenarios: every allowed form is read, and the form does not matter."""

# ruff: noqa: E501

from datetime import date

import pytest

from posada.scenario import Instant, Quantity, ScenarioErrors, json_schema, load
from posada.scenario.clock import parse_hours, parse_length
from scenario_base import FILES, edited, write

YAML = "scenario.yaml"


@pytest.fixture
def base(tmp_path):
    return load(write(tmp_path / "base"))


def csv_with(mark):
    """The tables of the base with another separator (none of their cells holds a comma)."""
    return {name: text.replace(",", mark) for name, text in FILES.items() if name.endswith(".csv")}


SAME = {
    "byte-order mark": {name: b"\xef\xbb\xbf" + text.encode() for name, text in FILES.items()},
    "Windows line ends": {name: text.replace("\n", "\r\n").encode() for name, text in FILES.items()},
    "semicolons": csv_with(";"),
    "tabs": csv_with("\t"),
    "rows in another order": {"places.csv": "\n".join([FILES["places.csv"].splitlines()[i] for i in (0, 3, 1, 2)])},
    "comments": {YAML: "# a comment\n" + FILES[YAML].replace("title: A small", "title:   A small")},
}


@pytest.mark.parametrize("changed", SAME.values(), ids=SAME.keys())
def test_the_form_does_not_change_the_hash(tmp_path, base, changed):
    assert load(write(tmp_path / "other", changed)).hash == base.hash


def test_a_change_of_content_changes_the_hash(tmp_path, base):
    assert load(write(tmp_path / "other", edited(YAML, "seats: 40", "seats: 41"))).hash != base.hash


def test_numbers_have_their_paths_and_places(base):
    numbers = base.numbers()
    for path in (
        "facilities.crossing.slots_per_day", "pathways.port.screening.branch.passed", "groups.caravan.people",
        "pathways.port.line.queue.gives_up_after.exponential.mean", "links.road.length_km", "quantities.gate_slots",
        "facilities.refugio.beds.families.beds", "groups.caravan.table.mother-2.share", "modes.bus.speed_kmh",
        "pathways.reception.decide.choose.ask.utility", "facilities.refugio.max_stay",
    ):  # fmt: skip
        assert path in numbers
        assert numbers[path].spot.line > 0
    assert numbers["facilities.refugio.max_stay"].fixed == 60 * 86400
    assert numbers["facilities.crossing.slots_per_day"].entries[0].what == "gate_slots"


def test_targets_are_full_addresses(base):
    steps = base.steps()
    assert steps["journey.walk"].then == "journey.rest"
    assert steps["journey.rest"].then == "reception.night"
    assert {option.then for option in steps["port.screening"].body.options} == {"port.passed", "port.home"}
    assert steps["port.gone"].then is None


def test_times_and_attributes(base):
    assert base.groups["caravan"].date == Instant(date(2018, 4, 2), 300)
    assert base.facilities["coach"].leaves == (360, 1080)
    assert base.attributes["nationality"] == ("unstated", "HND", "SLV")
    assert base.record.warm_up == 3 * 86400
    assert base.places["tijuana"].time_zone == "America/Tijuana"


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("always", ((127, 0, 1440),)),
        ("22:00-06:00", ((127, 1320, 1800),)),
        ("mon-fri 08:00-17:00", ((31, 480, 1020),)),
        ("mon,wed,fri 09:00-13:00; sat 09:00-11:00", ((21, 540, 780), (32, 540, 660))),
    ],
)
def test_hours(text, windows):
    assert parse_hours(text).windows == windows


def test_lengths():
    assert parse_length("90 minutes") == 5400
    assert parse_length("1.5 years") == 1.5 * 365.25 * 86400


def test_change_gives_another_scenario(base):
    other = base.change("facilities.annex.beds", 5)
    assert other.numbers()["facilities.annex.beds"].fixed == 5
    assert base.numbers()["facilities.annex.beds"].fixed == 100
    assert other.hash != base.hash
    assert (
        base.change("facilities.refugio.max_stay", "2 weeks").numbers()["facilities.refugio.max_stay"].fixed == 1209600
    )


def test_changes_of_policies_and_texts(base):
    sets = ["facilities.annex.beds={value: 30, low: 10, high: 40}", "pathways.port.screening.branch.passed=0.5"]
    changes = base.changes(["more-slots"], sets)
    assert [change.op for change in changes] == ["multiply", "set", "set", "set"]
    assert changes[0].number.path == "policies.more-slots.1"
    assert changes[2].number.entries[0].what == Quantity(30, 10, 40)


def test_wrong_changes_are_told_with_the_nearest_path(base):
    with pytest.raises(ScenarioErrors) as caught:
        base.changes(["more-slot"], ["facilities.annex.bed=3", "facilities.annex.beds=-1", "nonsense"])
    told = str(caught.value)
    for part in ("did you mean 'more-slots'", "did you mean 'facilities.annex.beds'", "never negative", "PATH=VALUE"):
        assert part in told


def test_notes_name_assumptions_and_numbers_without_a_source(base):
    notes = base.check()
    assert any("assumed: quantities.patience: nobody counted" in note.message for note in notes)
    assert any("without a source: facilities.annex.beds" in note.message for note in notes)
    assert all(note.severity in ("warning", "note") for note in notes)


def test_unreachable_steps_are_warned_of(tmp_path):
    changed = edited(
        YAML,
        "    - {id: end, outcome",
        "    - {id: skip, go: {}, then: end}\n    - {id: lost, go: {}, then: end}\n    - {id: end, outcome",
    )
    notes = load(write(tmp_path, changed)).check()
    assert any("nobody can reach the step 'port.lost'" in note.message for note in notes)


def test_as_known_on_forgets(tmp_path):
    value = "seats: {value: 40, known_from: 2018-06-01, known: [{known_from: 2018-04-01, value: 30}, {known_from: 2018-05-01, value: 35}]}"
    scenario = load(write(tmp_path, edited(YAML, "seats: 40", value)))
    early = scenario.as_known_on(date(2018, 5, 3))
    assert early.numbers()["facilities.coach.seats"].fixed == 35
    assert scenario.numbers()["facilities.coach.seats"].fixed == 40
    assert "screening-share" not in early.evidence
    assert early.numbers()["pathways.port.screening.branch.passed"].entries[0].what.evidence == ()
    assert list(early.observations) == ["in-town"]


def test_the_schema_accepts_the_base_and_refuses_a_wrong_key():
    jsonschema = pytest.importorskip("jsonschema")
    from posada.scenario.problems import Problems
    from posada.scenario.source import parse_yaml

    def plain(node):
        if hasattr(node, "pairs"):
            return {key: plain(value) for key, (_, value) in node.pairs.items()}
        if hasattr(node, "items"):
            return [plain(item) for item in node.items]
        if not node.quoted and node.text in ("true", "false"):
            return node.text == "true"
        if not node.quoted and node.text.replace(".", "", 1).isdecimal():
            return float(node.text)
        return node.text

    validator = jsonschema.Draft202012Validator(json_schema())
    assert validator.is_valid(plain(parse_yaml(FILES[YAML], YAML, Problems())))
    wrong = FILES[YAML].replace("gives_up_to: home", "gives_up_too: home")
    assert not validator.is_valid(plain(parse_yaml(wrong, YAML, Problems())))


def test_an_expression_in_a_dated_list_may_begin_with_a_digit(tmp_path):
    dated = "[{value: 1 - help_weight / 2}, {from: 2018-06-01, value: help_weight}, {from: 2018-07-01, value: 0.5}]"
    entries = load(write(tmp_path, edited(YAML, "utility: 0.5,", f"utility: {dated},"))).numbers()[
        "pathways.reception.decide.choose.settle.utility"
    ].entries
    assert [entry.what if isinstance(entry.what, str) else entry.what.value for entry in entries] == [
        "1 - help_weight / 2", "help_weight", 0.5,
    ]  # fmt: skip


def test_a_duration_may_become_shorter(tmp_path):
    change = "{add: facilities.refugio.max_stay, by: -5 days}"
    scenario = load(write(tmp_path, edited(YAML, "{set: groups.caravan.people, to: 600}", change)))
    (entry,) = scenario.policies["smaller"].changes[0].number.entries
    assert entry.what.value == -5 * 86400


def test_changes_that_never_act_and_broken_beds_are_warned_of(tmp_path):
    late = "{set: facilities.annex.beds, to: 90.5, from: 2019-01-01}"
    scenario = load(write(tmp_path, edited(YAML, "{set: groups.caravan.people, to: 600}", late)))
    told = [remark.message for remark in scenario.check() if remark.severity == "warning"]
    assert any("never acts: it begins on 2019-01-01, after the end (2018-12-31)" in message for message in told)
    assert any("90.5 is rounded half up" in message for message in told)
