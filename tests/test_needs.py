"""Needs by hand, packs of standards and their mistakes, free beds and the probabilities that they run out."""

# ruff: noqa: E501

from __future__ import annotations

import json
from datetime import date
from math import ceil

import numpy as np
import polars as pl
import pytest

from cli_kit import process
from engine_kit import simulate
from posada.ensemble import run
from posada.results import open_result
from posada.results.needs import PHASES, needs, overflow, peak_days, read_standards, worst_nights
from posada.results.needs.beds import Beds
from posada.results.series import array_of
from posada.scenario import ScenarioErrors, load, parse_series

END = "outcomes: {done: {}}\n"
HEADER = "need,counts,who,rule,emergency,after,unit,source,address,note\n"
AGES = "record: {by: [group, party_type, sex_and_age]}\n"
GROUPS = """
group,party,share,women_18_59,girls_0_4,girls_5_17,men_18_59
fam,family,1,1,1,1,
men,two men,1,,,,2
"""


def stay(people, at="2018-04-02 10:00", hours=40, beds="{a: {at: here, kind: beds, beds: 10}}", by="", shelters="[a]"):
    """So many men, one by one, who ask for a bed at an instant and leave the town after some hours."""
    return f"""{by}
groups: {{men: {{people: {people}, place: here, date: "{at}", pathway: p, parties: {{1: 1}}}}}}
facilities: {beds}
pathways:
  p:
    - {{id: bed, stay: {{in: {shelters}}}}}
    - {{id: wait, wait: {{for: {hours} hours}}}}
    - {{id: go, travel: {{to: there, takes: 1 hours}}}}
    - {{id: end, outcome: done}}
{END}"""


def of(found, need, column="high", day="2018-04-02", site="here"):
    """One number of a table of needs."""
    rows = found.filter((pl.col("need") == need) & (pl.col("date") == date.fromisoformat(day)) & (pl.col("site") == site))
    return rows[column].item()


def test_needs_by_hand(tmp_path):
    r = simulate(tmp_path, stay(101))
    found = needs(r)
    assert of(found, "people") == 101
    assert of(found, "water") == 101 * 15
    assert of(found, "toilets") == ceil(101 / 50) == 3
    assert of(found, "taps") == 1
    assert of(found, "covered space") == ceil(101 * 3.5) == 354
    assert of(found, "beds or mats") == 101
    assert of(found, "water containers") == 2 * 101
    assert of(found, "people", site="a") == 10, "in the shelter only those who have a bed"
    assert of(needs(r, phase="after"), "toilets") == ceil(101 / 20) == 6
    assert of(needs(r, phase="after"), "water") == 101 * 20
    # they leave 40 hours after 10:00, at 02:00 of the 4th: there at some time on that day, but not at its night
    assert of(found, "people", day="2018-04-04") == 101
    assert of(found, "beds or mats", day="2018-04-04") == 0
    assert set(found["date"].unique()) == {date(2018, 4, d) for d in (2, 3, 4)}
    assert of(peak_days(found), "people") == 101


def test_meals_are_of_adults_and_children_where_ages_are_known(tmp_path):
    text = """
groups:
  fam: {people: 9, place: here, date: "2018-04-02 10:00", pathway: p, parties: table}
  men: {people: 4, place: here, date: "2018-04-02 10:00", pathway: p, parties: table}
facilities: {a: {at: here, kind: beds, beds: 10}}
pathways: {p: [{id: bed, stay: {in: a}}, {id: wait, wait: {for: 40 hours}}, {id: end, outcome: done}]}
""" + END
    found = needs(simulate(tmp_path / "known", AGES + text, groups=GROUPS))
    assert of(found, "meals") == (3 + 4) * 3 + 6 * 5, "three mothers and four men; six children"
    assert of(found, "menstrual hygiene kits") == 3 + 3, "mothers, and girls from 5 on"
    assert of(found, "water containers") == 2 * (3 + 2), "two for each household"
    unknown = needs(simulate(tmp_path / "unknown", text, groups=GROUPS))
    assert of(unknown, "meals") == 13 * 3
    assert "counted as an adult" in of(unknown, "meals", "note")
    assert of(unknown, "menstrual hygiene kits") is None
    assert "sex_and_age" in of(unknown, "menstrual hygiene kits", "note")


def test_what_no_source_tells_has_no_number(tmp_path):
    found = needs(simulate(tmp_path, stay(5)))
    for need in ("health staff", "interpreters", "legal-aid hours"):
        assert of(found, need) is None
        assert of(found, need, "figure") == "no published figure"


def test_each_packaged_figure_has_a_source():
    pack = read_standards()
    assert len(pack.needs) >= 15
    for s in pack.standards:
        assert s.source or s.figure("emergency") is None is s.figure("after")
        assert s.note or s.figure("emergency") is not None
        assert s.address.startswith("http") or not s.source


def test_a_pack_of_ones_own(tmp_path):
    (tmp_path / "mine.csv").write_text(
        HEADER + "legal-aid hours,arrived,everyone,each,0.5,1.5,hours/day,our office,,\nbabies' milk,night,everyone,each,0.1,0.1,litres/day,us,,\n"
    )
    pack = read_standards(tmp_path / "mine.csv")
    assert pack.name == "mine"
    assert pack.mark != read_standards().mark
    found = needs(simulate(tmp_path / "s", stay(5)), pack=pack)
    assert set(found["need"].unique()) == {"people", "legal-aid hours", "babies' milk"}
    assert of(found, "legal-aid hours", site="a") == 3, "2.5, rounded up"
    assert of(found, "babies' milk") == 1


@pytest.mark.parametrize(("text", "told"), [
    ("", ["is empty"]),
    (HEADER, ["holds no standards"]),
    ("need,counts,who,rule,emergency,unit,source\nwater,present,everyone,each,15,litres/day,x\n", ["'after' is missing"]),
    (HEADER + "water,present,everyone,each,-15,20,litre/day,UN,,\nwater,present,everyone,each,15,20,litres/day,,,\n",
     ["mine.csv:2:29: in column 'emergency': a need is never negative, not -15", "mine.csv:2:36: 'unit' cannot be 'litre/day'", "did you mean 'litres/day'", "mine.csv:3:46: the column 'source' must not be empty"]),
    (HEADER + "water,present,everyone,each,15,20,litres/day,UN,,\nwater,present,everyone,each,15,20,litres/day,UN,,\n", ["mine.csv:3:1: 'water' for 'everyone' stands in line 2 already"]),
    (HEADER + "water,presnt,everybody,for each,15,20,litres/day,UN,,\n", ["did you mean 'present'", "'who' cannot be 'everybody'", "allowed: everyone, adults", "'rule' cannot be 'for each'"]),
    (HEADER + "a,present,adults,each,1,1,pieces,UN,,\na,present,children,each,1,1,m2,UN,,\n", ["'a' is in 'pieces' in line 2"]),
    (HEADER + "taps,present,everyone,one_per,0,1,pieces,UN,,\ntaps,night,everyone,one_per,1 000,\"1,5\",pieces,UN,,\n", ["cannot be one for 0", "'1 000' is not a number", "decimal comma"]),
    (HEADER + "lawyers,present,everyone,each,,,hours/day,,,\n", ["'lawyers' has no figure; then 'note' says why"]),
])  # fmt: skip
def test_a_broken_pack_is_told_whole(tmp_path, text, told):
    (tmp_path / "mine.csv").write_text(text)
    with pytest.raises(ScenarioErrors) as error:
        read_standards(tmp_path / "mine.csv")
    for words in told:
        assert words in str(error.value)
    assert len(error.value.problems) >= sum(w.startswith("mine.csv") for w in told)


@pytest.fixture(scope="module")
def ranged(tmp_path_factory):
    """Forty replicates of twelve men and a shelter of 5 to 20 beds, of which others hold two."""
    beds = "{a: {at: here, kind: beds, beds: {value: 10, low: 5, high: 20}, others: 2}}"
    return simulate(tmp_path_factory.mktemp("ranged"), stay(12, beds=beds), replicates=40)


def row(found, day="2018-04-02", who="everyone"):
    """One row of a table of overflow."""
    return found.filter((pl.col("date") == date.fromisoformat(day)) & (pl.col("who") == who)).row(0, named=True)


def test_the_probability_of_overflow_by_hand(ranged):
    drawn = ranged.quantities.filter(pl.col("path") == "facilities.a.beds")["value"].to_numpy()
    left = np.floor(drawn + 0.5) - 2
    found = row(overflow(ranged))
    assert found["no_free_bed"] == np.mean(left <= 12)
    assert found["without_bed"] == np.mean(left < 12)
    assert 0 < found["without_bed"] < found["no_free_bed"] < 1
    assert found["beds_high"] == np.quantile(left, 0.95, method="higher")
    assert found["without_high"] == np.quantile(np.maximum(0, 12 - left), 0.95, method="higher")
    # on the 4th they leave at 02:00: full at some time of the day, but not in its night
    later = row(overflow(ranged, from_=date(2018, 4, 4), to=date(2018, 4, 4)), "2018-04-04")
    assert later["no_free_bed"] == 0
    assert later["no_free_bed_some_time"] == np.mean(left <= 12)


def test_nobody_is_without_a_bed_where_one_is_free(ranged):
    without = array_of(ranged, parse_series("no_bed:a"))
    assert not np.any((without > 0) & (Beds(ranged).free("a") >= 1))
    assert (without > 0).any()


def test_beds_that_are_remembered_are_told_as_conditions(tmp_path):
    beds = "{a: {at: here, kind: beds, beds: {value: 10, low: 5, high: 20, assumed: from memory}}}"
    r = simulate(tmp_path, stay(12, beds=beds), replicates=30)
    found = row(overflow(r))
    left = np.sort(np.floor(r.quantities["value"].to_numpy() + 0.5))
    assert found["remembered"]
    assert (found["if_beds_few"], found["if_beds_many"]) == (np.median(left[:10]), np.median(left[-10:]))
    assert found["no_free_bed_if_few"] == np.mean(left[:10] <= 12)
    assert found["no_free_bed_if_many"] == np.mean(left[-10:] <= 12)


def test_free_beds_of_men_do_not_house_a_family(tmp_path):
    text = AGES + """
groups:
  fam: {people: 3, place: here, date: "2018-04-02 10:00", pathway: p, parties: table}
  men: {people: 4, place: here, date: "2018-04-02 10:00", pathway: p, parties: table}
facilities: {a: {at: here, kind: beds, beds: {men: {beds: 40, admits: [men]}, families: {beds: 5, admits: [families]}}}}
pathways: {p: [{id: bed, stay: {in: a}}, {id: wait, wait: {for: 40 hours}}, {id: end, outcome: done}]}
""" + END
    found = overflow(simulate(tmp_path, text, groups=GROUPS))
    family, men, everyone = (row(found, who=who) for who in ("families", "men", "everyone"))
    assert (family["size"], family["free_high"], family["no_free_bed"]) == (3, 2, 1.0), "two beds are too few for three"
    assert (men["size"], men["free_high"], men["no_free_bed"]) == (2, 36, 0.0)
    assert (everyone["free_high"], everyone["no_free_bed"]) == (38, 0.0)
    assert family["without_bed"] == 0


def test_beds_follow_dates_policies_and_measures(tmp_path):
    beds = "{a: {at: here, kind: beds, beds: [{value: 4}, {from: 2018-04-03, value: 6}]}}"
    more = """
policies:
  tents: {title: Tents, changes: [{set: facilities.a.beds, to: 9, from: 2018-04-04}]}
  when-needed:
    title: When needed
    ladder: [{when: {series: "no_bed:a", over: 3, for: 1 days}, delay: 1 days, changes: [{set: facilities.a.beds, to: 12}]}]
"""
    folder = tmp_path / "s"
    r = simulate(folder, stay(8, hours=100, beds=beds) + more)
    assert Beds(r).capacity("a")[:4, 0].tolist() == [4, 6, 6, 6]
    assert Beds(run(folder, replicates=1, policy="tents")).capacity("a")[:4, 0].tolist() == [4, 6, 9, 9]
    climbed = run(folder, replicates=2, policy="when-needed")
    taken = climbed.measures["acts_from"].to_list()
    assert taken == [date(2018, 4, 4)] * 2
    assert Beds(climbed).capacity("a")[:4].tolist() == [[4, 4], [6, 6], [12, 12], [12, 12]]
    assert not np.any((array_of(climbed, parse_series("no_bed:a")) > 0) & (Beds(climbed).free("a") >= 1))


def test_the_worst_night_of_each_shelter(ranged):
    worst = worst_nights(overflow(ranged))
    assert set(worst["date"]) == {date(2018, 4, 2)}


def call(*words, cwd=None):
    return process(cwd or ".", *words)


@pytest.fixture(scope="module")
def kept(ranged, tmp_path_factory):
    return ranged.save(tmp_path_factory.mktemp("kept") / "r")


def test_the_commands(kept, tmp_path):
    shown = call("needs", kept, "--at", "here")
    assert shown.returncode == 0, shown.stderr
    assert "water " in shown.stdout
    assert "legal-aid hours: no published figure" in shown.stdout
    out = tmp_path / "n.csv"
    found = json.loads(call("needs", kept, "--json", "--date", "2018-04-02", "--out", out).stdout)
    assert {r["site"] for r in found["rows"]} == {"here", "a"}
    assert found["standards"]["name"] == "published-1"
    assert pl.read_csv(out).height == len(found["rows"])
    told = call("overflow", kept, "--json").stdout
    assert json.loads(told)["rows"][0]["no_free_bed"] == row(overflow(ranged_again(kept)))["no_free_bed"]
    assert "0." in call("overflow", kept, "--at", "here", "--date", "2018-04-02").stdout


def ranged_again(kept):
    return open_result(kept)


@pytest.mark.parametrize(("words", "told"), [
    (["needs", "RESULT", "--at", "her"], "did you mean 'here'"),
    (["needs", "RESULT", "--phase", "later"], "the phase is emergency or after"),
    (["needs", "RESULT", "--date", "2018-4-2"], "write year-month-day"),
    (["needs", "RESULT", "--date", "2019-04-02"], "outside the run"),
    (["needs", "RESULT", "--date", "2018-04-02", "--from", "2018-04-02"], "--date is one day"),
    (["overflow", "RESULT", "--from", "2018-04-04", "--to", "2018-04-02"], "is after --to"),
    (["needs", "RESULT", "--standards", "nowhere.csv"], "nowhere.csv: cannot be read"),
    (["needs", "nowhere"], "holds no result"),
    (["needs", "RESULT", "--out", "no/such/folder.csv"], "No such file or directory"),
])  # fmt: skip
def test_mistakes_are_told_with_exit_code_2(kept, tmp_path, words, told):
    found = call(*[kept if w == "RESULT" else w for w in words], cwd=tmp_path)
    assert found.returncode == 2
    assert told in found.stderr
    assert not found.stdout
    assert not list(tmp_path.iterdir())


def test_needs_of_the_caravan_do_not_understate_its_people():
    r = run(load("caravan-2018").until(date(2018, 4, 27)), replicates=12)
    for phase in PHASES:
        found = needs(r, "mexicali", date(2018, 4, 24), date(2018, 4, 25), phase)
        for day in ("2018-04-24", "2018-04-25"):
            people = of(found, "people", day=day, site="mexicali")
            assert 80 < people < 500
            assert of(found, "toilets", day=day, site="mexicali") * (50 if phase == "emergency" else 20) >= people
            assert of(found, "water", day=day, site="mexicali") >= people * (15 if phase == "emergency" else 20)
            assert of(found, "meals", day=day, site="mexicali") >= 3 * people
    night = overflow(r, "mexicali", date(2018, 4, 25), date(2018, 4, 25))
    family = row(night.filter(pl.col("shelter") == "alfa-y-omega"), "2018-04-25", "families")
    anybody = row(night.filter(pl.col("shelter") == "alfa-y-omega"), "2018-04-25")
    assert family["size"] == 3
    assert 0 < anybody["no_free_bed"] <= family["no_free_bed"] < 1
    assert anybody["others_assumed"]
