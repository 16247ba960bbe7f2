"""Claims against each other, pooled into quantities, traced, and held against results."""

from __future__ import annotations

import json
from datetime import date

import pytest

from posada import load, run
from posada.evidence import (
    Evidence,
    Opinion,
    PoolError,
    allows,
    disputes,
    likenesses,
    pool,
)
from posada.results import claims_held
from posada.scenario import Quantity, ScenarioErrors, write_quantity
from scenario_base import write

DAY = date(2018, 4, 24)


def claim(key, qualifier="exact", value=None, low=None, high=None, **more):
    """A claim about people present at one place and day."""
    stated = {"counts_what": "people", "kind": "present", "unit": "people", "place": "tijuana", "from_": DAY, "to": DAY}
    return Evidence(key, low=low, value=value, high=high, qualifier=qualifier, **(stated | more))


def ledger(*claims):
    """Claims by id."""
    return {c.id: c for c in claims}


def test_qualifiers_are_bounds():
    inf = float("inf")
    assert allows(claim("a", value=100)) == (100, 100)
    assert allows(claim("a", "at_least", low=100)) == (100, inf)
    assert allows(claim("a", "more", low=1000)) == (1000, inf)
    assert allows(claim("a", "at_most", high=500)) == (-inf, 500)
    assert allows(claim("a", "range", low=100, high=300)) == (100, 300)
    assert allows(claim("a", "about", value=1000)) == (
        500,
        1500,
    )  # a number with one digit may be rounded by half a thousand
    assert allows(claim("a", "about", value=1500)) == (1275, 1725)
    assert allows(claim("a", "about", value=0.5, unit="share")) == (0.425, 0.575)


def test_conflicts_stand_side_by_side_with_how_far_apart_they_are():
    (found,) = disputes(
        ledger(
            claim("a", value=100),
            claim("b", value=300),
            claim("c", "at_least", low=200),
            claim("d", value=9, place="mexicali"),
        )
    )
    assert [c.id for c in found.claims] == ["a", "c", "b"]
    assert found.gap == 200
    assert found.ratio == 3


def test_what_can_all_be_true_is_no_conflict():
    assert (
        disputes(
            ledger(claim("a", "about", value=1000), claim("b", "more", low=1000), claim("c", "at_most", high=1200))
        )
        == []
    )
    assert (
        disputes(ledger(claim("a", value=100), claim("b", value=300, from_=date(2018, 4, 25), to=date(2018, 4, 25))))
        == []
    )
    assert disputes(ledger(claim("a", value=100), claim("b", value=300, supersedes="a"))) == []
    assert disputes(ledger(claim("a", value=100), claim("b", value=300, unit="households"))) == []


def test_likenesses_of_a_new_claim():
    known = [
        claim("same", value=100),
        claim("other", value=300),
        claim("elsewhere", value=300, place="mexicali"),
        claim("wider", "at_least", low=90),
    ]
    assert likenesses(claim("new", value=100), known) == [("other", "contradiction"), ("same", "duplicate")]


def test_conflicts_on_the_command_line(posada):
    code, out, _ = posada("evidence", "conflicts", "caravan-2018")
    assert code == 0
    assert "left at tapachula, 2018-03-25" in out
    assert "about 1,700 people: Pueblo Sin Fronteras (organiser) [start-organiser]" in out
    code, out, _ = posada("evidence", "conflicts", "caravan-2018", "--json")
    assert any("start-cnn" in d["claims"] for d in json.loads(out)["conflicts"])


def test_a_pool_mixes_opinions_by_weight_and_cuts_at_bounds():
    a, b = claim("a", "range", low=90, high=110), claim("b", "range", low=190, high=210)
    even = pool([a, b], {"a": 1, "b": 1})
    assert even.low == pytest.approx(92.5, abs=2)
    assert even.high == pytest.approx(207.5, abs=2)
    assert pool([a, b], {"a": 1, "b": 0}).value == pytest.approx(100, abs=0.5)
    assert pool([a, b], {"a": 1, "b": 9}).value == pytest.approx(199.2, abs=1.5)
    bounded = pool([a, b, claim("c", "more", low=150)], {"a": 1, "b": 1, "c": 1})
    assert bounded.low > 180
    assert bounded.evidence == ("a", "b", "c")
    assert pool([claim("d", value=5)], {"d": 1}).low is None
    both = pool([claim("e", "at_least", low=100), claim("f", "at_most", high=300)], {"e": 1, "f": 1})
    assert (both.value, both.low, both.high) == (
        pytest.approx(200, abs=2),
        pytest.approx(100, abs=2),
        pytest.approx(300, abs=2),
    )
    kept = pool([claim("e", "at_least", low=100)], {"e": 1}, Opinion("now", 60, 100, 140, 1.0), whole=True)
    assert kept.low > 100
    assert kept.high >= 140
    assert kept.low.is_integer()


@pytest.mark.parametrize(
    ("claims", "weights", "words"),
    [
        ([claim("a", "more", low=100)], {"a": 1}, "one side alone"),
        ([claim("a", "more", low=100), claim("b", "at_most", high=50)], {"a": 1, "b": 1}, "contradict each other"),
        ([claim("a", value=20), claim("b", "more", low=100)], {"a": 1, "b": 1}, "no claim with a number lies within"),
        ([claim("a", value=20)], {"a": -1}, "weights are numbers from 0"),
        ([claim("a")], {"a": 1}, "state no number"),
    ],
)
def test_what_cannot_be_pooled_is_told(claims, weights, words):
    with pytest.raises(PoolError, match=words):
        pool(claims, weights)


def test_pooling_on_the_command_line(posada, tmp_path):
    folder = tmp_path / "own"
    write(folder)
    for options, words in (
        (["groups.nobody.people"], "there is no number"),
        (["groups.caravan.people", "--claim", "nobody"], "no claim nobody"),
        (["groups.caravan.people", "--claim", "afp-count=heavy"], "not a weight"),
    ):
        code, _, err = posada("evidence", "pool", folder, *options)
        assert code == 2
        assert words in err


def test_a_quantity_is_written_in_place_and_nothing_else_changes(tmp_path):
    folder = tmp_path / "own"
    write(folder)
    before = (folder / "scenario.yaml").read_text(encoding="utf-8")
    loaded = load(folder)
    written = []
    for path, number in loaded.numbers().items():
        if (
            number.spot.file != "scenario.yaml"
            or len(number.entries) > 1
            or not isinstance(number.entries[0].what, Quantity)
        ):
            continue
        now = load(folder).numbers()[path].entries[0].what
        if number.role not in ("count", "capacity", "number", "rate"):
            continue
        write_quantity(load(folder), path, Quantity(now.value + 1, now.value, now.value + 2))
        again = load(folder).numbers()[path].entries[0].what
        assert (again.value, again.low, again.high) == (now.value + 1, now.value, now.value + 2)
        written.append(path)
        (folder / "scenario.yaml").write_text(before, encoding="utf-8")
    assert len(written) >= 3
    after = load(folder)
    assert after.hash == loaded.hash


def test_a_number_that_stands_in_a_table_is_not_written(tmp_path):
    loaded = load("caravan-2018")
    path = next(p for p, n in loaded.numbers().items() if n.spot.file == "links.csv")
    with pytest.raises(ScenarioErrors, match="by hand"):
        write_quantity(loaded, path, Quantity(10.0))


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """A small result whose ledger has claims of each kind."""
    folder = tmp_path_factory.mktemp("claims") / "own"
    write(folder)
    return folder, run(folder, replicates=10, seed=1)


def test_claims_beside_a_result(result):
    folder, made = result
    found = {h.claim.id: h for h in claims_held(made)}
    assert set(found) == set(load(folder).evidence)
    for h in found.values():
        assert h.verdict in ("consistent", "not consistent", "not testable")
        assert (h.reason is None) == (h.verdict != "not testable")
        if h.verdict != "not testable":
            low, high = allows(h.claim)
            assert (h.verdict == "consistent") == (low <= h.high90 and h.low90 <= high)


def test_intent_and_rights_are_never_scored(result):
    folder, made = result
    more = {
        "offer": Evidence("offer", "the offer is generous", "policy", value=1.0, unit="people", place="tijuana"),
        "silent": Evidence("silent", "they have a right to ask", "asked"),
        "nowhere": claim("nowhere", value=5, place="mars"),
        "undated": claim("undated", value=5, from_=None, to=None, place=next(iter(load(folder).places))),
    }
    changed = made.scenario.replace(evidence=more)
    made_with = type(made).__new__(type(made))
    made_with.__dict__.update(made.__dict__)
    object.__setattr__(made_with, "scenario", changed)
    found = {h.claim.id: (h.verdict, h.reason) for h in claims_held(made_with)}
    assert found["offer"] == ("not testable", "what is meant, offered or allowed is not scored")
    assert found["silent"] == ("not testable", "states no number")
    assert found["nowhere"] == ("not testable", "no place of the scenario is named")
    assert found["undated"] == ("not testable", "no day is named")


def test_claims_on_the_command_line(result, posada, tmp_path):
    _, made = result
    made.save(tmp_path / "out")
    code, out, err = posada("evidence", "claims", tmp_path / "out")
    assert code == 0, err
    assert "claims:" in out.splitlines()[-1]
    code, out, _ = posada("evidence", "claims", tmp_path / "out", "--json")
    assert {row["verdict"] for row in json.loads(out)["claims"]} <= {"consistent", "not consistent", "not testable"}
