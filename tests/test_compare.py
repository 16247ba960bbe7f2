"""Policies on the same luck: differences by hand, exact zeros, sides, files of policies, the command and its pages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from engine_kit import write
from posada.planning import compare, comparison_summary
from posada.planning.paired import paired
from posada.report import write_comparison
from posada.results import open_result, verdicts
from posada.scenario import ScenarioErrors, format_problems, load
from posada.words import phrases

PEOPLE = """{value: 40, low: 30, high: 55, assumed: a test,
      claims: {official: 20, organisers: {value: 60, low: 50, high: 70}}}"""
TOWN = """
record: {daily_until: 2018-04-11, by: [group, party_type]}
currency: USD
groups:
  line:
    people: PEOPLE
    place: here
    date: "2018-04-02 06:00"
    pathway: way
    parties: {1: 0.5, 2: 0.5}
    sex_and_age: {men_18_59: 0.5, women_18_59: rest}
facilities:
  gate: {kind: gate, at: here, slots_per_day: 2, opens: "12:00"}
  shelter: {kind: beds, at: here, beds: 10, admits: everyone}
  cells: {kind: holding, at: here, places: 1000}
pathways:
  way:
    - {id: bed, stay: {in: shelter}}
    - {id: wait, queue: {at: gate}}
    - {id: held, hold: {in: cells}}
    - {id: day, wait: {for: 1 days}}
    - {id: free, release: {from: all}}
    - {id: through, outcome: through}
outcomes: {through: }
policies:
  four: {title: Four a day, changes: [{set: facilities.gate.slots_per_day, to: 4}]}
  same: {title: As it is, changes: [{set: facilities.gate.slots_per_day, to: 2}]}
  beds: {title: More beds, new_law: true, changes: [{add: facilities.shelter.beds, by: 5}]}
prices:
  night: {label: Nights in the shelter, series: "nights:shelter", each: 10, assumed: a test}
  cell: {label: Days in cells, series: "occupied:cells", each: 100, assumed: a test}
headlines:
  - {id: through, label: People let through, series: "served:gate", statistic: sum}
  - {id: queue, label: Longest queue, series: "waiting:gate", statistic: max}
statements:
  few: {says: only a few, headline: queue, under: 5}
  many: {says: a great many, headline: queue, over: 5}
  intent: {says: on purpose, note: Intent is never scored.}
"""
STATED = TOWN.replace("PEOPLE", PEOPLE)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gate behind a shelter that is too small."""
    return write(tmp_path_factory.mktemp("town") / "town", STATED)


def differences(found: object, policy: str, side: str = "") -> dict[str, dict[str, float]]:
    """Rows of the table of differences by measure."""
    table = found.table().filter((pl.col("policy") == policy) & (pl.col("side") == side))  # type: ignore[attr-defined]
    return {row["id"]: row for row in table.iter_rows(named=True)}


def test_differences_are_those_of_each_replicate(town: Path) -> None:
    found = compare(town, ["four", "beds"], replicates=20)
    by = differences(found, "four")
    # Ten days of noon gates: parties of two may leave a place empty, so between 36 and 40 instead of 18 to 20,
    # unless the queue is empty before.
    assert 14 <= by["through"]["difference_median"] <= 20
    assert by["through"]["difference_more"] == 1
    first, second = (side["values"] for side in (found.sides[0].against.headlines()[0],
                                                 found.sides[0].policies["four"].headlines()[0]))  # fmt: skip
    assert by["through"]["difference_mean"] == pytest.approx(np.mean(np.array(second) - np.array(first)))
    assert by["waiting"]["difference_high90"] < 0
    assert by["detained"]["difference_low90"] > 0
    more = differences(found, "beds")
    assert more["through"]["difference_low90"] == more["through"]["difference_high90"] == 0
    assert more["no-bed"]["difference_high90"] < 0


def test_the_same_policy_differs_by_exactly_nothing(town: Path) -> None:
    found = compare(town, ["same"], replicates=10)
    for row in found.table().iter_rows(named=True):
        ends = (row["difference_low90"], row["difference_high90"], row["difference_mean"])
        assert row["difference_mean"] is None or ends == (0, 0, 0), row["id"]
    assert found.moved.select(pl.col("low90").abs().sum() + pl.col("high90").abs().sum()).item() == 0


def test_person_days_and_prices_by_hand(tmp_path: Path) -> None:
    text = TOWN.replace("PEOPLE", "10").replace("{1: 0.5, 2: 0.5}", "{1: 1}")
    found = compare(write(tmp_path / "t", text), ["four"], replicates=2)
    by = differences(found, "four")
    # Ten people at 06:00; at each noon two (or four) leave the line: 10 x 6 hours, then 8, 6, 4, 2 people for a day.
    assert by["waiting"]["before"] == pytest.approx(10 / 4 + 8 + 6 + 4 + 2)
    assert by["waiting"]["after"] == pytest.approx(10 / 4 + 6 + 2)
    assert by["detained"]["before"] == by["detained"]["after"] == pytest.approx(10)
    assert by["cost:cell"]["before"] == pytest.approx(1000)
    # They keep their beds until the cells take them in, at the gate: nights are counted at 03:00 of the next days.
    assert by["cost:night"]["before"] == pytest.approx(10 * (8 + 6 + 4 + 2))
    assert by["cost:night"]["after"] == pytest.approx(10 * (6 + 2))
    assert by["cost"]["after"] == pytest.approx(10 * 8 + 100 * 10)
    moved = {row["facility"]: row for row in found.moved.iter_rows(named=True)}
    assert moved["gate"]["mean"] == pytest.approx(by["waiting"]["difference_mean"])


def test_pairing_is_worth_what_it_says() -> None:
    rng = np.random.default_rng(1)
    luck = rng.normal(0, 10, 4000)
    found = paired(luck + 1 + rng.normal(0, 1, 4000), luck)
    assert found is not None
    assert found.median == pytest.approx(1, abs=0.1)
    assert found.narrower == pytest.approx(np.sqrt(201), rel=0.1)  # sqrt(100 + 1 + 100) over 1
    assert found.unpaired == pytest.approx(201, rel=0.1)
    assert found.half_width == pytest.approx(1.96 / np.sqrt(4000), rel=0.1)
    assert paired(np.array([np.nan]), np.array([1.0])) is None
    same = paired(luck, luck)
    assert same is not None
    assert (same.low90, same.high90, same.more, same.less) == (0, 0, 0, 0)


def test_who_gains_adds_up(town: Path) -> None:
    found = compare(town, ["four"], replicates=5)
    table = found.by_attribute.filter((pl.col("attribute") == "party_type") & (pl.col("measure") == "waiting"))
    everybody = differences(found, "four")["waiting"]
    assert table["mean"].sum() == pytest.approx(everybody["difference_mean"])
    assert set(table["level"]) <= {"men", "women", "adults"}


def test_from_each_side(town: Path) -> None:
    found = compare(town, ["four"], replicates=6, claims="all")
    assert [side.name for side in found.sides] == ["official", "organisers"]
    people = [side.against.quantities for side in found.sides]
    assert "groups.line.people" not in people[0]["path"].to_list()  # a plain number there
    assert people[1].filter(pl.col("path") == "groups.line.people")["value"].min() > 40
    official, organisers = (differences(found, "four", side.name)["waiting"]["before"] for side in found.sides)
    assert official < organisers
    with pytest.raises(ScenarioErrors, match="official"):
        compare(town, ["four"], claims="oficial")


def test_a_result_by_one_sides_numbers_can_be_opened_again(town: Path, tmp_path: Path) -> None:
    found = compare(town, ["four"], replicates=2, claims="official")
    write_comparison(found, tmp_path / "out")
    kept = open_result(tmp_path / "out" / "official" / "four")
    assert kept.hash == found.sides[0].policies["four"].hash
    assert kept.scenario.groups["line"].people == found.sides[0].against.scenario.groups["line"].people


def test_the_page_speaks_each_language_that_is_asked_for(town: Path, tmp_path: Path) -> None:
    found = compare(town, ["four"], replicates=3)
    write_comparison(found, tmp_path / "out", ("es", "en"))
    page, other = ((tmp_path / "out" / name).read_text("utf-8") for name in ("comparison.html", "comparison-en.html"))
    assert '<html lang="es"' in page
    assert '<html lang="en"' in other
    said = {key: (phrases("en")[key], phrases("es")[key]) for key in phrases("en") if key.startswith("comparison.")}
    shown = {key: pair for key, pair in said.items() if "{" not in pair[0] and len(pair[0]) > 12 and pair[0] in other}
    assert len(shown) > 12
    assert {key for key, (english, spanish) in shown.items() if english in page or spanish not in page} == set()


def test_statements(town: Path) -> None:
    against = compare(town, ["four"], replicates=5).sides[0].against
    told = {v.statement.id: (v.verdict, v.holds) for v in verdicts(against)}
    assert told == {"few": ("not consistent", 0.0), "many": ("consistent", 1.0), "intent": ("not testable", None)}


def test_a_file_of_policies(town: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("policies:\n  six: [{set: facilities.gate.slots_per_day, to: 6}]\n", encoding="utf-8")
    scenario = load(town).with_policies(file)
    found = compare(scenario, ["four+six", "six"], replicates=3)
    both, alone = (differences(found, name)["through"] for name in ("four+six", "six"))
    assert both["after"] == alone["after"]
    write_comparison(found, tmp_path / "out")
    assert open_result(tmp_path / "out" / "six").scenario.policies["six"].changes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("policies:\n  six: [{set: facilities.gat.slots_per_day, to: 6}]\n", "mine.yaml:2:"),
        ("policies:\n  four: [{set: facilities.gate.slots_per_day, to: 6}]\n", "has a policy 'four' already"),
        ("policy:\n  six: []\n", "needs the key 'policies'"),
        ("policies: {}\n", "no policy in this file"),
        ("", "mine.yaml: is empty"),
        ("policies:\n  as-stated: [{set: facilities.gate.slots_per_day, to: 6}]\n", "no policy can be called"),
        ("policies:\n  six:\n    ladder: [{when: {series: 'waiting:gte', over: 3}, changes: []}]\n", "did you mean"),
    ],
)
def test_a_file_of_policies_that_is_wrong(town: Path, tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioErrors) as error:
        load(town).with_policies(file)
    assert told in format_problems(error.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('series: "nights:shelter"', 'series: "wait:gate"', "a length of time; a price is per event"),
        ('series: "nights:shelter"', 'series: "nights:sheltr"', "did you mean 'shelter'"),
        ("each: 10, assumed: a test", "each: 10", "needs 'evidence', or 'assumed'"),
        ("currency: USD\n", "", "need the `currency`"),
        ("headline: queue, under: 5", "headline: quee, under: 5", "did you mean 'queue'"),
        ("headline: queue, under: 5", "headline: queue", "needs one of 'over' and 'under'"),
        ("{says: on purpose, note: Intent is never scored.}", "{says: on purpose}", "a 'note' that says why"),
        ("official: 20", "official: {value: 20, low: 30, high: 10}", "low <= value <= high"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in STATED
    with pytest.raises(ScenarioErrors) as error:
        load(write(tmp_path / "t", STATED.replace(old, new, 1)))
    assert told in format_problems(error.value.problems)


def test_the_command(town: Path, tmp_path: Path, posada: Any) -> None:
    out = tmp_path / "out"
    words = ("--policy", "four", "--policy", "same", "--replicates", "10", "--out", out)
    code, shown, told = posada("compare", town, *words)
    assert code == 0, told
    assert "Four a day" in shown
    assert "every difference is exactly zero" in shown
    assert "not consistent" in shown
    page = (out / "comparison.html").read_text(encoding="utf-8")
    assert "Where the queue moved" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert {p.name for p in out.iterdir()} >= {"differences.csv", "moved.csv", "by_attribute.csv", "changes.svg",
                                               "moved.svg", "as-stated", "four", "same"}  # fmt: skip
    _, again, _ = posada("compare", town, "--policy", "four", "--replicates", "10", "--json", "--out", out)
    found = json.loads(again)
    assert found["policies"] == ["four"]
    assert {row["id"] for row in found["differences"]} >= {"through", "queue", "waiting", "no-bed", "detained", "cost"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--policy", "fuor"], "did you mean 'four'"),
        ([], "name at least one policy"),
        (["--policy", "four", "--against", "fiv"], "there is no policy 'fiv'"),
        (["--policy", "four", "--claims", "oficial"], "did you mean 'official'"),
        (["--policy", "four", "--policies", "nowhere.yaml"], "cannot be read"),
        (["--policy", "four", "--policy", "four"], "named twice"),
    ],
)
def test_the_command_with_mistakes(town: Path, posada: Any, words: list[str], told: str) -> None:
    code, _, error = posada("compare", town, "--replicates", "2", *words)
    assert code == 2
    assert told in error


def test_a_folder_of_something_else_is_left_alone(town: Path, tmp_path: Path, posada: Any) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    code, _, error = posada("compare", town, "--policy", "four", "--replicates", "2", "--out", tmp_path)
    assert code == 2
    assert "holds no comparison" in error


def test_the_summary_is_json(town: Path) -> None:
    text = json.dumps(comparison_summary(compare(town, ["four"], replicates=2)), allow_nan=False)
    assert json.loads(text)["against"] == "as-stated"


def test_several_files_and_what_never_acts(town: Path, tmp_path: Path, posada: Any) -> None:
    for name, change in (("six", "to: 6"), ("late", "to: 9, from: 2030-01-01")):
        line = f"policies:\n  {name}: [{{set: facilities.gate.slots_per_day, {change}}}]\n"
        (tmp_path / f"{name}.yaml").write_text(line, encoding="utf-8")
    files = ("--policies", tmp_path / "six.yaml", "--policies", tmp_path / "late.yaml")
    code, shown, told = posada("compare", town, *files, "--replicates", "2", "--json")
    assert code == 0
    assert json.loads(shown)["policies"] == ["late", "six"]
    assert "never acts" in told


def test_who_climbed_when_is_told(tmp_path: Path, posada: Any) -> None:
    rungs = """policies:
  up:
    title: Up
    ladder:
      - {when: {series: "waiting:gate", over: 10}, changes: [{set: facilities.gate.slots_per_day, to: 4}]}
      - {when: {series: "waiting:gate", over: 1000}, changes: [{set: facilities.gate.slots_per_day, to: 8}]}
"""
    folder = write(tmp_path / "t", STATED)
    (tmp_path / "up.yaml").write_text(rungs, encoding="utf-8")
    _, shown, _ = posada("compare", folder, "--policies", tmp_path / "up.yaml", "--replicates", "4")
    assert "measure 1 of 'Up': taken in 4 of 4 replicates, decided on 2018-04-03" in shown
    assert "measure 2 of 'Up': taken in none of the 4 replicates" in shown
