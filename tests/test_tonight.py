"""The ten lines of a night: by hand, in both languages, of a result and a scenario; the caravan at Mexicali."""

# ruff: noqa: E501

from __future__ import annotations

import json
import re
import string
from datetime import date

import polars as pl
import pytest

import posada
from cli_kit import process
from engine_kit import simulate, write
from posada.ensemble import tonight
from posada.results import ResultError
from posada.results.needs import LANGUAGES, PHRASES, Speech, busiest_day, can_tell
from posada.scenario import ScenarioErrors, load

TEXT = """
groups:
  fam: {people: 9, place: there, date: "2018-04-02 10:00", pathway: p, parties: table}
  men: {people: 6, place: there, date: "2018-04-02 13:00", pathway: p, parties: table}
facilities:
  a: {at: here, kind: beds, name: Casa A, beds: {value: 10, assumed: from memory}, others: 2, intake_hours: "08:00-22:00", refer_to: [b]}
  b: {at: here, kind: beds, name: Casa B, beds: 3}
pathways:
  p:
    - {id: way, travel: {to: here, takes: 2 hours}}
    - {id: bed, stay: {in: a}}
    - {id: again, stay: {in: a}}
    - {id: wait, wait: {for: 20 hours}}
    - {id: end, outcome: done}
outcomes: {done: {}}
"""
GROUPS = """
group,party,share,women_18_59,girls_0_4,girls_5_17,men_18_59
fam,family,1,1,1,1,
men,two men,1,,,,2
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write(tmp_path_factory.mktemp("night") / "s", TEXT, groups=GROUPS)


@pytest.fixture(scope="module")
def result(folder):
    return posada.run(folder, replicates=3)


def test_ten_lines_by_hand(result):
    # 12:00: three families of three find eight beds: two stay, the third is sent to Casa B, whose three beds it fills.
    # 15:00: of three pairs of men one takes the last two beds, the others are left without.
    told = result.tonight("a", "2018-04-02")
    assert str(told).splitlines() == [
        "Casa A, Here: night of 2 to 3 April 2018",
        "Arrivals: about 12 people; four in five between 12:00 and 15:00, half by 12:00. Doors: 08:00-22:00.",
        "Of them: men 6; women 2; children (5-17) 2; babies and small children (0-4) 2.",
        "Families: 2, in them 6 people. Unaccompanied children: 0.",
        "Beds: 10, 2 held by other people; free at midnight: 0.",
        "No free bed at midnight: probability 100 % if 10 beds (beds are remembered, not reported). "
        "Somebody is left without a bed: probability 100 % (95 % safe: up to 4 people).",
        "Prepare, 80 % safe: 14 suppers (the other people in the house included), 4 mats beside the beds.",
        "Departures: today none; tomorrow about 12 people.",
        "If full: Casa B, day and night, free 0, none with probability 100 %.",
        "Simulated in 3 runs, not counted; ranges hold nine runs in ten. Assumed: how many beds there are.",
    ]
    assert told.evening.suppers == 8 + 4 + 2, "those in beds, those without one, and the other people"


def test_the_same_night_in_spanish(result):
    told = result.tonight("Casa A", date(2018, 4, 2), language="es")
    assert told.lines[0] == "Casa A, Here: pernocta del 2 al 3 de abril de 2018"
    assert told.lines[1].startswith("Ingresos: unas 12 personas; cuatro de cada cinco entre las 12:00 y las 15:00")
    assert told.lines[3] == "Familias: 2, en ellas 6 personas. NNA no acompañados: 0."
    assert told.lines[4] == "Cupo: 10 camas, 2 ocupadas por otras personas; libres a medianoche: 0."
    assert "4 colchonetas" in told.lines[6]
    assert told.lines[7] == "Egresos: hoy ninguna; mañana unas 12 personas."
    assert told.lines[8].startswith("Si no hay cupo, derivar a: Casa B, día y noche, cupo 0")


def test_without_a_date_it_is_the_day_on_which_most_come(result):
    assert busiest_day(result, "a") == date(2018, 4, 2)
    told = result.tonight("a")
    assert told.picked
    assert told.lines[1] == "No date was given: on 2 April 2018 most people come."


def test_who_asks_again_is_counted_once_and_nobody_comes_on_other_days(result):
    assert result.tonight("a", "2018-04-02").evening.arrivals.people == (12, 12, 12)
    later = result.tonight("a", "2018-04-05")
    assert later.lines[1] == "Arrivals: nobody is expected. Doors: 08:00-22:00."
    assert later.evening.arrivals.hours is None


def test_a_result_that_knows_enough_is_not_run_again(folder, result):
    full = simulate(folder.parent / "t", "record: {by: [group, party_type, sex_and_age]}\n" + TEXT, groups=GROUPS, replicates=3, history=True)
    assert can_tell(full, date(2018, 4, 2))
    assert not can_tell(result, date(2018, 4, 2))
    assert str(full.tonight("a", "2018-04-02")) == str(result.tonight("a", "2018-04-02"))


def test_a_scenario_is_run(folder, result):
    assert tonight(load(folder), "a", date="2018-04-02", replicates=3).lines == result.tonight("a", "2018-04-02").lines
    assert tonight(load(folder), "a", replicates=3).lines == result.tonight("a").lines


def test_mistakes(result):
    with pytest.raises(ScenarioErrors, match="allowed: a, b"):
        result.tonight("c")
    with pytest.raises(ValueError, match="outside the run"):
        result.tonight("a", "2019-01-01")
    with pytest.raises(ValueError, match="en or es"):
        result.tonight("a", language="fr")


def test_runs_that_went_on_from_a_state_are_not_made_again(folder):
    stopped = posada.run(folder, replicates=1, until="2018-04-04")
    gone_on = posada.resume(stopped.state, sets=["facilities.a.beds=12"])
    with pytest.raises(ResultError, match="went on from a saved run"):
        gone_on.tonight("a", "2018-04-02")


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("phrase", sorted(PHRASES))
def test_each_phrase_says_the_same_in_both_languages(phrase):
    english, spanish = PHRASES[phrase]
    assert fields(english) == fields(spanish)
    assert phrase in ("span", "no_other") or english != spanish


def test_spanish_is_that_of_planners():
    words = " ".join(spanish for _, spanish in PHRASES.values())
    for word in ("cupo", "Ingresos", "Egresos", "pernocta", "colchonetas", "NNA no acompañados"):
        assert word in words
    for word in ("ilegal", "oleada", "avalancha", "invasión", "remanentes"):
        assert word not in words.lower()


@pytest.mark.parametrize(("values", "english", "spanish"), [
    ((140, 220, 310), "between 140 and 310 people, most likely about 220", "entre 140 y 310 personas, lo más probable unas 220"),
    ((0, 0, 14), "between 0 and 14 people, most likely none", "entre 0 y 14 personas, lo más probable ninguna"),
    ((0, 0, 0), "none", "ninguna"),
    ((1, 1, 1), "one person", "una persona"),
    ((1134, 1420, 1706), "between 1,100 and 1,700 people, most likely about 1,400", "entre 1,100 y 1,700 personas, lo más probable unas 1,400"),
])  # fmt: skip
def test_numbers_as_planners_say_them(values, english, spanish):
    assert Speech("en").people(values) == english
    assert Speech("es").people(values) == spanish


def test_nights_and_hours():
    assert Speech("en").night(date(2018, 4, 30)) == "30 April to 1 May 2018"
    assert Speech("es").night(date(2018, 12, 31)) == "31 de diciembre de 2018 al 1 de enero de 2019"
    assert Speech("en").hours([(0b0011111, 540, 1020), (0b1100000, 600, 780)]) == "Mon-Fri 09:00-17:00 and Sat, Sun 10:00-13:00"
    assert [Speech("en").chance(p) for p in (0, 0.001, 0.5, 0.999, 1)] == ["0 %", "under 1 %", "50 %", "over 99 %", "100 %"]


def test_the_command(folder):
    shown = process(".", "tonight", folder, "--at", "a", "--date", "2018-04-02", "--replicates", "3", "--language", "es", "--json")
    assert shown.returncode == 0, shown.stderr
    found = json.loads(shown.stdout)
    assert found["lines"][0].startswith("Casa A, Here: pernocta")
    assert found["suppers"] == 14
    wrong = process(".", "tonight", "caravan-2018", "--at", "alfa-y-omga")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "did you mean 'alfa-y-omega'" in wrong.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_caravan_at_mexicali(language):
    caravan = load("caravan-2018")
    told = tonight(caravan, "alfa-y-omega", date="2018-04-24", language=language, replicates=20)
    assert len(told.lines) == 10
    arrivals = told.evening.arrivals
    assert 50 < arrivals.people[0] < arrivals.people[2] < 300
    # the bus of 02:00 from Hermosillo comes in the early afternoon; nobody comes at dawn
    assert 10 * 60 < arrivals.hours[0] <= arrivals.hours[1] <= arrivals.hours[2] < 24 * 60
    assert re.search(r"Hotel del Migrante, 08:00-22:00", told.lines[8])
    parts = sum(values[1] for values in arrivals.who.values())
    assert parts == pytest.approx(arrivals.people[1], rel=0.15), "medians of parts add up to about that of the whole"


def test_looking_at_a_night_changes_nobodys_luck():
    r = posada.run(load("caravan-2018").until(date(2018, 4, 27)), replicates=6)
    told = r.tonight("alfa-y-omega", "2018-04-25").evening.result
    mine, again = (x.flows.filter(pl.col("event") == "moved_in", pl.col("attribute") == "all", pl.col("from") <= date(2018, 4, 26)) for x in (r, told))
    columns = ["replicate", "from", "where", "people", "parties"]
    assert mine.select(pl.col(columns[2]).cast(pl.String), *[c for c in columns if c != "where"]).sort(columns).equals(
        again.select(pl.col(columns[2]).cast(pl.String), *[c for c in columns if c != "where"]).sort(columns))
