"""The pages of the app: what they show, what they ask for, and what they write into the folder."""

from __future__ import annotations

import json
import re

import pytest

from posada.scenario import load
from posada.words import phrases
from posada.workspace import Workspace, listing
from scenario_base import write
from web_kit import client, csrf, post

OWN = "/scenario/own/small"


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "scenarios" / "small")
    return tmp_path


@pytest.fixture
def app(folder):
    return client(folder)


def asked(folder):
    """What was asked last."""
    files = sorted((folder / "jobs").glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    return json.loads(files[-1].read_text())["asked"]


def test_the_first_page_lists_scenarios_that_are_shipped_and_those_of_the_folder(app):
    text = app.get("/").text
    assert "/scenario/shipped/caravan-2018" in text
    assert OWN in text
    assert "A small border town" in text


def test_a_page_speaks_the_language_of_the_browser_then_the_one_that_was_chosen(app):
    assert '<html lang="es">' in app.get("/", headers={"accept-language": "es-MX,es;q=0.9,en;q=0.5"}).text
    assert '<html lang="en">' in app.get("/", headers={"accept-language": "fr, en;q=0.4"}).text
    answer = post(app, "/language", language="es", back=OWN)
    assert answer.headers["location"] == OWN
    assert '<html lang="es">' in app.get("/", headers={"accept-language": "en"}).text
    assert post(app, "/language", language="es", back="//elsewhere.org/").headers["location"] == "/"
    assert post(app, "/language", language="es", back="/\\elsewhere.org/").headers["location"] == "/"


def test_every_phrase_of_the_pages_is_in_both_languages():
    from posada.web.pages import TEMPLATES

    said = set()
    for file in TEMPLATES.glob("*.html"):
        said |= set(re.findall(r'\bt\("([\w.-]+)"[,)]', file.read_text()))
    assert len(said) > 150
    for code in ("en", "es"):
        assert said <= set(phrases(code)), code
    assert phrases("en").keys() == phrases("es").keys()


def test_levers_are_shown_with_units_ranges_and_what_is_behind_them(app):
    text = app.get(OWN).text
    slots = re.search(r'name="set:quantities.gate_slots"[^>]*', text)[0]
    assert 'value="60"' in slots
    assert "CBP" in text
    assert "nobody counted" in text
    assert 'name="set:facilities.cells.places@2018-06-01"' in text
    assert "groups.caravan.people" in text
    assert "background" not in re.findall(r'name="set:([^"]*)"', text)


def test_a_run_asks_for_what_the_command_line_would(app, folder):
    answer = post(app, f"{OWN}/do", action="run", replicates="3", seed="7", **{"set:quantities.gate_slots": "90"})
    assert answer.status_code == 303, answer.text
    wish = asked(folder)
    assert wish["sets"] == ["quantities.gate_slots=90"]
    page = app.get(answer.headers["location"]).text
    command = "posada run scenarios/small --set quantities.gate_slots=90 --replicates 3 --seed 7 --out runs/small-1"
    assert command in page
    assert listing(folder)[0]["state"] == "waiting"


def test_what_is_not_touched_is_not_set(app, folder):
    text = app.get(OWN).text
    every = dict(re.findall(r'name="(set:[^"]*)" value="([^"]*)"', text))
    assert len(every) > 10
    post(app, f"{OWN}/do", action="run", replicates="3", **every)
    assert asked(folder)["sets"] == []


def test_a_dated_value_is_changed_for_its_time_only(app, folder):
    post(app, f"{OWN}/do", action="policy", name="Más celdas", **{"set:facilities.cells.places@2018-06-01": "400"})
    file = folder / "policies" / "small" / "mas-celdas.yaml"
    policy = load(folder / "scenarios" / "small").with_policies(file).policies["mas-celdas"]
    assert policy.title == "Más celdas"
    (change,) = policy.changes
    assert (change.path, str(change.from_.date), change.number.fixed) == ("facilities.cells.places", "2018-06-01", 400)
    assert "mas-celdas" in app.get(OWN).text


def test_changes_are_compared_as_a_policy_of_ones_own(app, folder):
    post(app, f"{OWN}/do", action="compare", policy="more-slots", replicates="3", **{"set:quantities.gate_slots": "90"})
    wish = asked(folder)
    assert wish["kind"] == "compare"
    assert len(wish["policies"]) == 2
    assert wish["files"] == [f"policies/small/{wish['policies'][1]}.yaml"]
    post(app, f"{OWN}/do", action="compare", replicates="3")
    assert len(list((folder / "jobs").glob("*.json"))) == 1  # nothing to compare: nothing is asked


def test_a_copy_keeps_every_comment_and_the_shipped_scenario_stays(app, folder):
    shipped = Workspace(folder).scenario("shipped", "caravan-2018").folder
    before = {file.name: file.read_bytes() for file in shipped.iterdir()}
    answer = post(app, "/scenario/shipped/caravan-2018/do", action="copy", name="Mi caravana",
                  **{"set:quantities.arrested": "80"})  # fmt: skip
    assert answer.headers["location"].startswith("/scenario/own/mi-caravana")
    text = (folder / "scenarios" / "mi-caravana" / "scenario.yaml").read_text(encoding="utf-8")
    original = before["scenario.yaml"].decode()
    assert [line for line in text.splitlines() if "#" in line] == [
        line for line in original.splitlines() if "#" in line
    ]
    assert load(folder / "scenarios" / "mi-caravana").numbers()["quantities.arrested"].entries[0].what.value == 0.8
    assert before == {file.name: file.read_bytes() for file in shipped.iterdir()}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"set:quantities.gate_slots": "many"}, "many"),
        ({"set:quantities.gate_slots": "1e999"}, "1e999"),
        ({"replicates": "0"}, "from 2 to"),
        ({"replicates": "2.5"}, "from 2 to"),
        ({"policy": "no-such"}, "no-such"),
        ({"set:facilities.annex.beds": "-3"}, "less than nothing"),
    ],
)
def test_a_wrong_wish_is_told_and_asks_for_nothing(app, folder, fields, said):
    answer = post(app, f"{OWN}/do", action="run", **{"replicates": "3", **fields})
    assert answer.status_code == 400
    assert said in answer.text
    assert not (folder / "jobs").exists()


def test_a_broken_scenario_is_told_with_file_and_line(app, folder):
    write(folder / "scenarios" / "broken", {"places.csv": "id,name\n"})
    assert "broken" in app.get("/").text
    answer = app.get("/scenario/own/broken")
    assert answer.status_code == 400
    assert "places.csv:1" in answer.text


def test_the_ledger_is_filtered(app):
    assert "3 claims" in app.get(f"{OWN}/evidence").text.replace("three", "3").replace("Three", "3")
    text = app.get(f"{OWN}/evidence?kind=capacity").text
    assert 'id="claim-cbp-slots"' in text
    assert 'id="claim-afp-count"' not in text
    assert 'id="claim-afp-count"' in app.get(f"{OWN}/evidence?words=afp").text


REPORT = (
    "About 120 people arrived at the shelter in Tijuana on Tuesday, said María Pérez, 34, who waited there. "
    "Officials said that 40 beds were free."
)


def test_a_report_becomes_claims_only_when_somebody_accepts_them(app, folder):
    before = (folder / "scenarios" / "small" / "evidence.csv").read_text()
    answer = post(app, f"{OWN}/read", text=REPORT, date="2018-04-25", title="A day in Tijuana", publisher="A paper")
    assert answer.status_code == 303, answer.text
    page = app.get(answer.headers["location"]).text
    assert "<mark>120</mark>" in page or "<mark>Some 120</mark>" in page
    assert "Pérez" not in page
    assert not any("Pérez" in file.read_text() for file in folder.rglob("*.json"))
    assert (folder / "scenarios" / "small" / "evidence.csv").read_text() == before
    key = re.search(r'name="(\w+):decision"', page)[1]
    refused = post(app, answer.headers["location"], **{f"{key}:decision": "rejected"})
    assert refused.status_code == 400
    done = post(app, answer.headers["location"], **{f"{key}:decision": "accepted", f"{key}:place": "tijuana"})
    assert done.headers["location"].endswith("added=1")
    rows = load(folder / "scenarios" / "small").evidence
    (new,) = [claim for id, claim in rows.items() if id not in before]
    assert (new.value, new.place, new.source_title) == (120, "tijuana", "A day in Tijuana")
    assert f'name="{key}:decision"' not in app.get(answer.headers["location"]).text
    assert (folder / "scenarios" / "small" / "evidence-log.csv").read_text().count("accepted") == 1


def test_a_file_is_read_and_not_kept(app, folder):
    answer = app.post(f"{OWN}/read", data={"csrf": csrf(app), "date": "2018-04-25"},
                      files={"file": ("../../x.txt", REPORT.encode())})  # fmt: skip
    assert answer.status_code == 303, answer.text
    assert not list(folder.parent.rglob("x.txt"))
    assert app.post(f"{OWN}/read", data={"csrf": csrf(app), "date": "2018-04-25"},
                    files={"file": ("a.pdf", b"\0\1\2")}).status_code == 400  # fmt: skip


def test_a_count_goes_into_the_scenario_and_its_ledger(app, folder):
    answer = post(app, f"{OWN}/counts", series="present:tijuana", to="2018-05-02", value="310", who="A shelter")
    assert answer.status_code == 303, answer.text
    found = load(folder / "scenarios" / "small")
    (row,) = [row for row in found.observations.values() if row.id not in ("taken-may", "in-town")]
    assert (row.value, row.series, row.use) == (310, "present:tijuana", "check")
    assert found.evidence[row.evidence[0]].claimant_org == "A shelter"
    before = (folder / "scenarios" / "small" / "observations.csv").read_text()
    assert post(app, f"{OWN}/counts", series="present:nowhere", to="2018-05-02", value="3").status_code == 400
    assert post(app, f"{OWN}/counts", series="present:tijuana", to="2018-05-02", value="-3").status_code == 400
    assert (folder / "scenarios" / "small" / "observations.csv").read_text() == before
    shipped = post(app, "/scenario/shipped/caravan-2018/counts", series="present:tijuana", to="2018-05-02", value="3")
    assert shipped.status_code == 400


def test_a_comparison_tells_first_what_changes_for_sure_and_keeps_measures_apart_that_share_a_name():
    from posada.web.comparing import measures, sure

    def row(label, low, high, unit="people", policy="p"):
        middle = (low + high) / 2
        return {"id": "apart", "label": label, "unit": unit, "policy": policy, "side": "", "before": 3.0, "after": 4.0,
                "difference_median": middle, "difference_low90": low, "difference_high90": high,
                "difference_more": 0.6, "difference_less": 0.3}  # fmt: skip

    rows = [row("Days apart", -4.0, 9.0, "person-days"), row("Most parted at one time", 2.0, 8.0)]
    assert [[one["label"] for one in of] for of in measures(rows)] == [["Days apart"], ["Most parted at one time"]]
    assert [one["label"] for one in sure(rows, "p")] == ["Most parted at one time"]
    assert sure([row("Less than can be shown", 0.1, 8.0)], "p") == []


def test_the_first_page_tells_every_shipped_scenario_in_spanish(app):
    text = app.get("/", headers={"accept-language": "es"}).text
    assert "Tribunales de migración" in text
    assert "Immigration courts" not in text
