"""Counts as they were known on a day, their errors, and what a run says of them."""

from datetime import date
from statistics import NormalDist

import numpy as np
import pytest

from posada.forecasting import log_likelihoods, observed, reported, seen, simulated
from posada.forecasting.observing import LEAST, Z95, bias_paths, from_scale, per_person, to_scale
from posada.results import model_values
from posada.scenario import ScenarioErrors, load
from scenario_base import FILES, YAML, edited, write

HEAD = "id,series,from,to,low,value,high,qualifier,evidence,as_of,use,source\n"
SOURCES = """\
sources:
  register: {title: A register, bias: {value: 0.9, low: 0.8, high: 1.0}, spread: 0.1, delay: 3 days}
  guards: {bias: 1.2, assumed: they count twice}
"""


def with_counts(folder, rows, sources=SOURCES):
    """The small scenario with these rows as its observations."""
    return load(write(folder / "s", {"scenario.yaml": YAML + sources, "observations.csv": HEAD + rows}))


def test_a_count_is_known_as_of_its_date_or_after_the_delay_of_its_source(tmp_path):
    scenario = with_counts(
        tmp_path,
        "a,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,,check,register\n"
        "b,present:tijuana,2018-04-11,2018-04-11,,100,,exact,,2018-04-20,check,register\n"
        "c,present:tijuana,2018-04-12,2018-04-12,,100,,exact,,,check,guards\n",
    )
    assert [item.id for item in observed(scenario, date(2018, 4, 12))] == ["c"]
    assert [item.id for item in observed(scenario, date(2018, 4, 13))] == ["a", "c"]
    assert [item.id for item in observed(scenario, date(2018, 4, 20))] == ["a", "b", "c"]
    assert [item.id for item in observed(scenario, until=date(2018, 4, 11))] == ["a", "b"]
    assert sorted(scenario.as_known_on(date(2018, 4, 13)).observations) == ["a", "c"]


def test_the_latest_version_of_a_count_holds_and_other_sources_stand_beside_it(tmp_path):
    scenario = with_counts(
        tmp_path,
        "a,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,2018-04-11,check,register\n"
        "a-corrected,present:tijuana,2018-04-10,2018-04-10,,80,,exact,,2018-04-15,check,register\n"
        "other,present:tijuana,2018-04-10,2018-04-10,,300,,about,,2018-04-11,check,guards\n",
    )
    assert [item.value for item in observed(scenario, date(2018, 4, 14))] == [100, 300]
    assert [item.value for item in observed(scenario, date(2018, 4, 15))] == [80, 300]


def test_what_set_a_number_and_what_is_outside_the_time_is_left_out(tmp_path):
    rows = (
        "a,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,,input,\n"
        "b,served:crossing,2018-03-01,2018-04-10,,100,,exact,,,check,\n"
        "c,present:tijuana,2019-04-10,2019-04-10,,100,,exact,,,check,\n"
        "d,present:tijuana,2018-04-10,2018-04-10,,,,exact,,,check,guards\n"
    )
    scenario = with_counts(tmp_path, rows)
    assert observed(scenario) == ()
    assert [item.id for item in observed(scenario, inputs=True)] == ["a"]


def test_errors_follow_the_row_then_the_source_then_the_qualifier(tmp_path):
    rows = (
        "a,present:tijuana,2018-04-10,2018-04-10,800,1000,1250,about,,,check,register\n"
        "b,present:tijuana,2018-04-11,2018-04-11,,1000,,about,,,check,register\n"
        "c,present:tijuana,2018-04-12,2018-04-12,,1000,,about,,,check,\n"
        "d,present:tijuana,2018-04-13,2018-04-13,1000,1000,1001,exact,,,check,\n"
        "e,present:tijuana,2018-04-14,2018-04-14,,0,,exact,,,check,\n"
    )
    sd = {item.id: item.sd for item in observed(with_counts(tmp_path, rows))}
    assert sd["a"] == pytest.approx((1250.375**0.5 - 800.375**0.5) / (2 * Z95), rel=1e-3)
    assert sd["b"] == pytest.approx(0.1 * 1000 * per_person(1000), rel=2e-3)
    assert sd["c"] == pytest.approx(0.15 * 1000 * per_person(1000), rel=2e-3)
    assert sd["d"] == pytest.approx(LEAST * 1000 * per_person(1000), rel=2e-3)
    assert sd["e"] == pytest.approx(0.5 * per_person(0))


def test_bounds_say_no_more_than_they_say(tmp_path):
    rows = (
        "a,present:tijuana,2018-04-10,2018-04-10,,100,,at_least,,,check,\n"
        "b,present:tijuana,2018-04-11,2018-04-11,,100,,at_most,,,check,\n"
        "c,present:tijuana,2018-04-12,2018-04-12,100,,200,range,,,check,\n"
        "d,present:tijuana,2018-04-13,2018-04-13,,100,,exact,,,check,\n"
    )
    items = observed(with_counts(tmp_path, rows))
    assert [(item.at_least, item.at_most) for item in items[:3]] == [(100, np.inf), (-np.inf, 100), (100, 200)]
    y = np.array([10.0, 100.0, 150.0, 5000.0])
    low, high, within, exact = log_likelihoods(items, np.tile(y, (4, 1)))
    assert low[1] == pytest.approx(np.log(0.5))
    assert low[3] == pytest.approx(0, abs=1e-12)
    assert high[0] == pytest.approx(0, abs=1e-12)
    assert within[2] == pytest.approx(0, abs=1e-6)
    assert within[3] == pytest.approx(high[3], rel=0.5)
    normal = NormalDist()
    below = float(to_scale(100.0) - to_scale(90.0)) / items[0].sd
    assert log_likelihoods(items[:1], np.array([[90.0]]))[0, 0] == pytest.approx(np.log(normal.cdf(-below)))
    assert np.argmax(exact) == 1
    assert np.isfinite(log_likelihoods(items, np.tile([0.0, 1e6], (4, 1)))).all()


def test_sources_see_what_is_true_through_their_bias(tmp_path):
    rows = (
        "a,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,,check,register\n"
        "b,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,,check,guards\n"
        "c,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,,check,\n"
    )
    items = observed(with_counts(tmp_path, rows))
    y = np.full((3, 3), 1000.0)
    assert seen(items, y)[:, 0] == pytest.approx([900, 1200, 1000])
    assert list(bias_paths(items)) == ["sources.register.bias"]
    through = seen(items, y, {"sources.register.bias": np.array([-Z95, 0.0, Z95])})
    assert through[0] == pytest.approx([800, 900, 1000])
    told = reported(items, np.full((3, 4000), 1000.0), np.random.default_rng(1))
    assert told[0].std() / 1000 == pytest.approx(0.1, rel=0.05)
    assert from_scale(to_scale(0.0)) == pytest.approx(0, abs=1e-12)
    assert from_scale(to_scale(1234.0)) == pytest.approx(1234)


def test_a_run_says_of_each_count_what_its_checks_say(tmp_path):
    import posada

    rows = (
        "a,present:tijuana,2018-04-29,2018-04-29,,100,,exact,,,check,\n"
        "b,served:crossing{group=caravan},2018-04-29,2018-05-05,,100,,exact,,,check,\n"
        "c,wait:crossing,2018-04-29,2018-05-05,,10,,exact,,,check,\n"
        "d,ended:returned,2018-04-29,2018-12-31,,10,,exact,,,check,\n"
    )
    scenario = with_counts(tmp_path, rows)
    result = posada.run(scenario, replicates=3)
    items = observed(scenario)
    values = simulated(result, items)
    assert values.shape == (4, 3)
    for item, row in zip(items, values, strict=True):
        assert row.tolist() == model_values(result, item.observation)
    waits = dict(zip((item.id for item in items), values, strict=True))["c"]
    rows_of_waits = result.waits.filter(where="crossing", ended="served", attribute="all")
    assert rows_of_waits.height
    assert 0 < waits[0] < 300


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sources: {register: {spread: 2}}\n", "'spread' is a share of the count"),
        ("sources: {register: {bias: 0}}\n", "must be above 0"),
        ("sources: {register: {bias: [{value: 1}, {from: 2018-05-01, value: 2}]}}\n", "neither dated nor a name"),
        ("sources: {register: {delay: 3 hours}}\n", "'delay' is a number of whole days"),
        ("sources: {registre: {bias: 1}}\n", "there is no source 'register'"),
        ("sources: {register: {biass: 1}}\n", "has no key 'biass'"),
    ],
)
def test_mistakes_in_sources_are_told(tmp_path, text, told):
    rows = "a,present:tijuana,2018-04-10,2018-04-10,,100,,exact,,,check,register\n"
    with pytest.raises(ScenarioErrors) as error:
        with_counts(tmp_path, rows, text)
    assert told in str(error.value)


def test_a_scenario_without_sources_keeps_its_hash(tmp_path):
    plain = load(write(tmp_path / "a"))
    named = load(write(tmp_path / "b", {"scenario.yaml": YAML + SOURCES}))
    again = load(write(tmp_path / "c", edited("observations.csv", ",as_of,use\n", ",as_of,use\n")))
    assert plain.hash == again.hash != named.hash
    assert "source" not in FILES["observations.csv"]
