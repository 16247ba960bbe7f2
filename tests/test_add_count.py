"""A count added to a scenario: by the function, the command and the app; by two at once; twice; and wrong ones."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest

import posada as package
from cli_kit import in_this_process
from posada.scenario import Count, ScenarioErrors, add_count, load
from scenario_base import write
from web_kit import client, post

COUNT = Count("present:tijuana", date(2018, 5, 3), 330, who="the shelters", source="Night log")


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path / "scenarios" / "small")


@pytest.fixture
def posada(monkeypatch, capsys):
    return in_this_process(monkeypatch, capsys)


def test_a_count_is_a_claim_and_an_observation_that_rests_on_it(folder):
    key = package.add_count(load(folder), COUNT)
    found = load(folder)
    row, claim = found.observations[key], found.evidence[key]
    assert (row.series, row.to, row.value, row.use, row.evidence) == ("present:tijuana", COUNT.to, 330, "check", (key,))
    assert (claim.claimant_org, claim.source_title, claim.place) == ("the shelters", "Night log", "tijuana")


def test_the_same_count_sent_twice_is_there_once_and_another_of_that_number_beside_it(folder):
    scenario = load(folder)
    key = add_count(scenario, COUNT)
    assert add_count(load(folder), COUNT) == key
    assert add_count(scenario, COUNT) == key
    other = add_count(scenario, replace(COUNT, to=date(2018, 5, 4)))
    assert other != key
    assert {key, other} <= load(folder).observations.keys()


def test_two_who_add_at_once_lose_nothing(folder):
    scenario, made = load(folder), []
    counts = [replace(COUNT, who=f"shelter {i}") for i in range(6)]
    tabs = [threading.Thread(target=lambda one=one: made.append(add_count(scenario, one))) for one in counts]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(set(made)) == 6
    assert set(made) <= load(folder).observations.keys()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"series": "present:nowhere"}, "nowhere"),
        ({"series": "tijuana"}, "not the address of a series"),
        ({"value": -1.0}, "no count of people"),
        ({"value": float("nan")}, "no count of people"),
        ({"low": 4.0, "high": 3.0}, "above"),
        ({"from_": date(2018, 5, 9)}, "after its end"),
        ({"qualifier": "abut"}, "about"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(folder, wrong, said):
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    with pytest.raises(ScenarioErrors, match=said):
        add_count(load(folder), replace(COUNT, **wrong))
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_shipped_scenario_is_never_changed():
    with pytest.raises(ScenarioErrors, match="comes with posada"):
        add_count(load("caravan-2018"), replace(COUNT, series="present:tijuana"))


def test_the_command(posada, folder):
    code, out, _ = posada("add-count", folder, "present:tijuana", "330", "--on", "2018-05-03", "--json")
    assert code == 0
    assert '"id": "tijuana-330"' in out
    assert "tijuana-330" in load(folder).observations
    code, _, told = posada("add-count", folder, "present:tijuana", "330", "--on", "2018-02-31")
    assert code == 2
    assert told.startswith("--on:")


def test_in_the_app_a_number_that_can_be_read_in_two_ways_and_a_day_outside_are_refused(folder):
    app, home = client(folder.parent.parent), "/scenario/own/small/counts"
    for value, day in (("5,5", "2018-05-03"), ("-5", "2018-05-03"), ("330", "9999-12-31"), ("330", "31/02/2018")):
        assert post(app, home, series="present:tijuana", to=day, value=value).status_code == 400, (value, day)
    assert post(app, home, series="present:tijuana", to="2018-05-03", value="1,330").status_code == 303
    assert [row.value for row in load(folder).observations.values() if row.to == date(2018, 5, 3)] == [1330]
