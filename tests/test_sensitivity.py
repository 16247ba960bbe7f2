"""What drives an answer: shares on a queue, luck apart from ignorance, the way back to claims, and the commands."""

# ruff: noqa: E501

from __future__ import annotations

import importlib
import io
import json

import polars as pl
import pytest
from rich.console import Console

import posada
from cli_kit import process
from engine_kit import write
from posada.ensemble import run
from posada.evidence import Evidence, amount, contradicting, source, who
from posada.planning import coverage_summary, sensitivity_summary, sensitivity_text, why_summary, why_text
from posada.results import ResultError, coverage, open_result, supports, why
from posada.results.sensitivity import as_data, from_data
from posada.scenario import ScenarioErrors, load

MODULE = importlib.import_module("posada.planning.sensitivity")

GATE = """
sensitivity: public
quantities:
  asks: {value: 0.5, low: 0.3, high: 0.7, evidence: [expected, seen, secret], note: "organisers expected 30 to 70 of 100"}
  idle: {value: 0.5, low: 0.4, high: 0.6, assumed: nobody asked}
groups:
  caravan:
    people: {value: 200, low: 100, high: 300, assumed: from memory}
    place: here
    date: 2018-04-02 05:00
    pathway: way
    parties: {1: 1}
facilities:
  gate: {at: here, kind: gate, slots_per_day: 20, opens: "08:00"}
  unused: {at: here, kind: desks, staff: 1, service: {exponential: {mean: {value: 2 hours, low: 1 hours, high: 3 hours}}}}
pathways:
  way:
    - {id: choice, branch: {asks: asks, other: rest}}
    - {id: asks, queue: {at: gate}}
    - {id: end, outcome: done}
    - {id: other, wait: {for: 1 days}}
    - {id: coin, branch: {heads: 0.5, tails: rest}}
    - {id: heads, outcome: heads}
    - {id: tails, outcome: done}
outcomes: {done: {label: Done}, heads: {label: Heads}}
headlines:
  - {id: asked, question: "How many ask?", label: People who request asylum, series: "took:way.choice/asks", statistic: sum}
  - {id: set-out, question: "How many?", label: People who set out, series: "set_out:caravan", statistic: sum}
  - {id: heads, question: "How many?", label: People with heads, series: "ended:heads", statistic: sum}
  - {id: nobody, question: "How many?", label: People at the desk, series: "served:unused", statistic: sum}
"""
EVIDENCE = """\
id,counts_what,kind,low,value,high,qualifier,unit,base,place,from,to,status,claimant_role,claimant_org,source_title,publisher,published,address,locator,sensitivity,supersedes,note
expected,asylum requests expected,asked,100,,300,range,people,,here,2018-04-02,2018-04-02,forecast,organiser,Helpers,,A newspaper,2018-04-01,,,public,,
seen,asylum requests,asked,,50,,at_most,people,,here,2018-04-02,2018-04-02,forecast,official,A ministry,Bulletin,A ministry,2018-04-01,,,public,,
secret,asylum requests,asked,,120,,about,people,,here,2018-04-02,2018-04-02,forecast,shelter,A shelter,Its list,,2018-04-01,,,restricted,,
against,asylum requests,asked,,900,,at_least,people,,here,2018-04-02,2018-04-02,forecast,press,Another paper,,Another paper,2018-04-01,,,public,,
"""
OBSERVATIONS = """\
id,series,from,to,low,value,high,qualifier,evidence,as_of,use
counted,took:way.choice/asks,2018-04-02,2018-04-03,,95,,,seen,,check
"""


def folder(path):
    """The scenario on disk."""
    write(path, GATE)
    (path / "evidence.csv").write_text(EVIDENCE, encoding="utf-8")
    (path / "observations.csv").write_text(OBSERVATIONS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    return load(folder(tmp_path_factory.mktemp("gate") / "gate"))


@pytest.fixture(scope="module")
def found(scenario):
    return posada.sensitivity(scenario, replicates=600, seed=3)


@pytest.fixture(scope="module")
def result(scenario, tmp_path_factory):
    place = tmp_path_factory.mktemp("result") / "r"
    run(scenario, replicates=300, seed=3).save(place)
    return open_result(place)


def text_of(parts):
    """What a terminal shows, in one string."""
    console = Console(width=200, record=True, file=io.StringIO())
    for part in parts:
        console.print(part)
    return console.export_text()


def drivers(found, key):
    """Shares by path of one headline."""
    return {d.path: d for d in found.headline(key).drivers}


def test_shares_are_those_of_the_model(found):
    """People who ask are about people x asks: the shares follow from the variance of a product."""
    asked = drivers(found, "asked")
    people, asks = asked["groups.caravan.people"], asked["quantities.asks"]
    assert people.share == pytest.approx(0.62, abs=0.1)
    assert asks.share == pytest.approx(0.3, abs=0.1)
    assert (people.direction, asks.direction) == (1, 1)
    assert people.low < people.share < people.high
    assert abs(asked["quantities.idle"].share) < 0.02 if "quantities.idle" in asked else True
    assert drivers(found, "set-out")["groups.caravan.people"].share > 0.99


def test_luck_is_told_apart_from_ignorance(found):
    """Who sets out is no luck; of those, how many toss heads is in part."""
    assert found.pairs == 120
    assert found.headline("set-out").luck.value == pytest.approx(0.0, abs=1e-9)
    heads = found.headline("heads").luck
    assert 0.02 < heads.low < heads.value < heads.high < 0.4
    rests = coverage(found.headline("heads"), found.supports)
    parts = (rests.evidence, rests.assumed, rests.unsourced, rests.luck, rests.together)
    assert sum(parts) == pytest.approx(1.0)
    assert min(parts) >= 0


def test_what_never_varies_is_said_to(found):
    assert not found.headline("nobody").varies
    text = text_of(sensitivity_text(found))
    assert "The same in every run: People at the desk." in text


def test_an_assumption_comes_before_a_number_with_a_source(found):
    ranking = found.ranking()
    assert [row.path for row in ranking] == ["groups.caravan.people", "quantities.asks"]
    assert ranking[0].drives == "set-out"
    assert found.silent() == ["facilities.unused.service.exponential.mean"]
    assert found.supports["facilities.unused.service.exponential.mean"].stated == "0.08333 (0.04167 to 0.125) days"


def test_the_same_seed_gives_the_same_and_it_survives_json(found, scenario):
    again = posada.sensitivity(scenario, replicates=600, seed=3)
    assert as_data(again) == as_data(found)
    data = json.loads(json.dumps(as_data(found)))
    assert as_data(from_data(data, scenario)) == as_data(found)
    assert json.dumps(sensitivity_summary(found), default=str)
    rows = coverage_summary(found)["headlines"]
    assert [row["id"] for row in rows] == ["asked", "set-out", "heads"]


def test_one_address_instead_of_headlines(scenario):
    found = posada.sensitivity(scenario, replicates=100, of=["waiting:gate"])
    assert [d.id for d in found.headlines] == ["waiting:gate"]
    assert found.command.endswith("--of waiting:gate")


@pytest.mark.parametrize(
    ("how", "words"),
    [({"method": "guess"}, "method must be one of"), ({"replicates": 5}, "at least 100"), ({"top": 0}, "top must be")],
)
def test_arguments_that_cannot_be(scenario, how, words):
    with pytest.raises(ValueError, match=words):
        posada.sensitivity(scenario, **how)


def test_a_headline_that_is_not_there(scenario):
    with pytest.raises(ScenarioErrors, match="asked"):
        posada.sensitivity(scenario, of=["askd"])


def test_ctrl_c_keeps_what_is_done(scenario, monkeypatch):
    real = MODULE.run

    def fewer(scenario, *, replicates, draws=None, **how):
        if draws is not None:
            raise KeyboardInterrupt
        return real(scenario, replicates=replicates, **how)

    monkeypatch.setattr(MODULE, "run", fewer)
    found = MODULE.sensitivity(scenario, replicates=100)
    assert found.stopped
    assert (found.replicates, found.pairs) == (100, 0)
    assert found.headline("asked").luck is None
    assert "What luck does was not measured" in text_of(sensitivity_text(found))


def test_sobol_agrees_with_the_screen_and_tells_totals(scenario):
    pytest.importorskip("SALib")
    found = posada.sensitivity(scenario, replicates=800, method="sobol", top=2, of=["asked"])
    assert (found.method, found.rows) == ("sobol", 128)
    for driver in found.headline("asked").drivers[:2]:
        assert driver.first.value == pytest.approx(driver.share, abs=0.2)
        assert driver.total.value > driver.first.value - 0.15
    assert "total" in text_of(sensitivity_text(found, detail=True))


def test_sobol_without_salib_says_what_to_do(scenario, monkeypatch):
    monkeypatch.setattr(importlib.import_module("posada.planning.sobol"), "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"posada\[sensitivity\]"):
        posada.sensitivity(scenario, method="sobol")


def test_a_result_tells_what_rests_on_assumptions(result):
    rows = {row["id"]: row for row in result.headlines()}
    assert rows["set-out"]["assumed"] > 0.95
    assert rows["asked"]["assumed"] == pytest.approx(0.62, abs=0.1)
    assert rows["nobody"]["assumed"] is None
    from posada.results import summary, summary_text

    text = text_of(summary_text(summary(result)))
    assert "Assumed: People who set out" in text
    assert "Assumed: People at the desk" not in text


def test_few_replicates_do_not_tell(scenario):
    few = run(scenario, replicates=30)
    assert all(row["assumed"] is None for row in few.headlines())
    with pytest.raises(ResultError, match="30 replicates are too few"):
        why(few, "asked")


def test_given_normals_that_are_not_as_stated_tell_nothing(scenario):
    draws = pl.DataFrame({"replicate": list(range(250)), "path": ["quantities.asks"] * 250, "z": [2.0] * 250})
    assert run(scenario, replicates=250, draws=draws).sensitivity() is None


@pytest.mark.parametrize("words", ["asked", "request asylum", "people who petition", "people who request asilum", "How many ask?"])
def test_why_leads_from_words_to_the_claim(result, words):
    found = why(result, words)
    assert found.headline.id == "asked"
    step = next(step for step in found.steps if step.support.path == "quantities.asks")
    assert [said.claim.id for said in step.claims] == ["expected", "seen", "secret"]
    assert step.at_odds == ("expected", "seen", "secret")
    assert {other.id for other in step.claims[0].against} == {"against"}
    assert [row["id"] for row in found.counts] == ["counted"]
    text = text_of(why_text(found))
    assert "Helpers (organiser) expects 100 to 300 people: asylum requests expected, here, 2018-04-02" in text
    assert "but Another paper (press) expects at least 900 people" in text
    assert "Assumed: from memory." in text
    assert "95 counted" in text
    assert "A shelter" not in text, "a restricted source stays unnamed in a public scenario"
    assert "A shelter" not in json.dumps(why_summary(found), default=str)


def test_why_of_what_is_not_there_lists_what_is(result):
    with pytest.raises(ResultError, match=r"(?s)no headline has the words 'zebra'.*set-out.*People who set out"):
        why(result, "zebra")


def test_claims_in_words():
    claim = Evidence("a", "requests", "asked", value=0.3, qualifier="about", unit="share", base="people-at-gate", place="here")
    assert amount(claim) == "about 30 %"
    assert amount(Evidence("b", low=5, unit="people")) == "at least 5 people"
    assert amount(Evidence("c")) == ""
    assert who(Evidence("d", claimant_role="press"), True) == "press"
    hidden = Evidence("e", claimant_org="X", source_title="T", sensitivity="restricted")
    assert (who(hidden, True), source(hidden, True)) == ("a source that is not named in public", "")
    assert (who(hidden, False), source(hidden, False)) == ("X", "T")
    older = Evidence("f", "n", "asked", value=10, place="here")
    newer = Evidence("g", "n", "asked", value=20, place="here", supersedes="f")
    assert contradicting(newer, {"f": older, "g": newer}) == []
    assert contradicting(older, {"f": older, "g": newer}) == [newer]


def test_policies_have_supports_too(scenario, tmp_path):
    more = GATE + "policies: {bigger: [{multiply: facilities.gate.slots_per_day, by: {value: 2, low: 1, high: 3, assumed: a plan}}]}\n"
    place = write(tmp_path / "p", more)
    (place / "evidence.csv").write_text(EVIDENCE, encoding="utf-8")
    found = supports(load(place))["policies.bigger.1"]
    assert (found.kind, found.assumed) == ("assumed", "a plan")


def posada_says(*words, cwd=None):
    """Exit code, stdout and stderr of a command."""
    done = process(cwd or ".", *words)
    return done.returncode, done.stdout, done.stderr


def test_the_commands(scenario, result, tmp_path):
    code, out, err = posada_says("sensitivity", scenario.folder, "--replicates", 100, "--of", "asked", "--out", tmp_path / "s")
    assert code == 0, err
    assert "Learn these numbers first" in out
    assert "rests on" in out
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == ["sensitivity.csv", "sensitivity.html", "sensitivity.json"]
    page = (tmp_path / "s" / "sensitivity.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    assert "A shelter" not in page
    code, out, _ = posada_says("why", result.folder, "asked", "--json")
    assert json.loads(out)["headline"]["id"] == "asked"
    code, out, _ = posada_says("evidence", "coverage", result.folder, "--json")
    assert json.loads(out)["headlines"][0]["luck"] is None
    code, _, err = posada_says("sensitivity", scenario.folder, "--method", "guess")
    assert (code, "not one of screen, sobol" in err) == (2, True)
    code, _, err = posada_says("why", result.folder, "zebra")
    assert code == 2
    assert "Traceback" not in err


def test_a_sensitivity_beside_a_result_is_used(scenario, tmp_path):
    from posada.report import free_for_sensitivity, write_sensitivity

    place = tmp_path / "r"
    run(scenario, replicates=20).save(place)
    free_for_sensitivity(place, scenario)
    write_sensitivity(posada.sensitivity(scenario, replicates=200), place)
    opened = open_result(place)
    assert why(opened, "asked").headline.luck is not None
    assert opened.headlines()[1]["assumed"] > 0.9
    with pytest.raises(ResultError, match="another scenario or policy"):
        free_for_sensitivity(place, scenario.change("facilities.gate.slots_per_day", 5))
    (place / "sensitivity.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ResultError, match="is not that of a sensitivity"):
        why(open_result(place), "asked")


def test_a_folder_with_something_else_is_left_alone(scenario, tmp_path):
    from posada.report import free_for_sensitivity

    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(ResultError, match="is not empty"):
        free_for_sensitivity(tmp_path, scenario)
