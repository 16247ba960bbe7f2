"""The report that the project began with. Its text is not in the repository: without it these tests are skipped."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from reading_kit import report, seed

SEED = seed()
pytestmark = pytest.mark.skipif(SEED is None, reason="the report does not lie beside the repository")
PRIVATE = {
    "0bcf62b62f02", "73fac6765f99", "c5ff177a86e8", "0a92efb1b91a",
    "173b7b3ee01a", "55b83fc7de32", "c17323fc0b1b",
}
"""Hashes of the words of the names of private people: they are not written down here either."""


def hashed(word):
    """What stands for a word."""
    return hashlib.sha256(word.encode()).hexdigest()[:12]


@pytest.fixture(scope="module")
def text():
    return SEED.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found(text):
    return report(text)


def test_the_four_counts_and_nothing_else(found):
    assert [(c.qualifier, c.low, c.value, c.high) for c in found.claims] == [
        ("exact", None, 100, None),
        ("at_most", None, None, 500),
        ("more", 1000, None, None),
        ("range", 100, None, 300),
    ]
    assert [c.unit for c in found.claims] == ["people"] * 4
    assert [c.status for c in found.claims] == ["observed", "forecast", "observed", "forecast"]
    assert [c.kind for c in found.claims] == ["arrived", "arrived", "present", "asked"]
    assert found.claims[1].increment
    assert found.claims[3].speaker.role == "organiser"


def test_the_six_dates(found):
    assert [(str(d.from_), str(d.to)) for d in found.dates] == [
        ("2018-04-24", "2018-04-24"),
        ("2018-04-24", "2018-04-24"),
        ("2018-04-25", "2018-04-25"),
        ("2018-04-23", "2018-04-23"),
        ("2018-04-23", "2018-04-23"),
        ("2018-03-25", "2018-03-25"),
    ]


def test_the_thirteen_places(found):
    assert {p.name for p in found.places} == {
        "Mexicali", "Mexico", "Hermosillo", "Sonora", "United States", "Hotel del Migrante", "Tijuana",
        "Central America", "Honduras",
        "El Salvador", "Calexico", "California", "Tapachula",
    }  # fmt: skip
    assert len(found.places) == 13


def test_quotations_have_their_speakers(text, found):
    said = [
        (text[q.start : q.end], q.speaker.shown if q.speaker else None)
        for q in found.quotations
        if "Caravan" not in text[q.start : q.end]
    ]
    wanted = (
        ["Kirstjen Nielsen"] * 3
        + ["Jeff Sessions"] * 3
        + ["Erika Guevara Rosas"]
        + ["Tristan Call"] * 2
        + ["affected person"] * 2
    )
    assert len(said) == len(wanted)
    assert [who for _, who in said] == wanted


def test_the_group_that_is_not_named_is_not_guessed(found):
    speaker = next(q.speaker for q in found.quotations if q.speaker and q.speaker.name == "Erika Guevara Rosas")
    assert speaker.organisation is None


def test_private_people_are_nowhere(tmp_path, posada, text):
    source = tmp_path / "report.txt"
    source.write_text(text, encoding="utf-8")
    code, told, _ = posada(
        "read", source, "--date", "2018-04-25", "--scenario", "caravan-2018", "--out", tmp_path / "p.json"
    )
    assert code == 0
    folder = shipped_copy(tmp_path)
    before = (folder / "evidence.csv").read_text(encoding="utf-8")
    code, more, _ = posada("review", tmp_path / "p.json", "--scenario", folder, "--accept", "all")
    assert code == 0
    written = (tmp_path / "p.json").read_text(encoding="utf-8") + told + more
    written += (folder / "evidence.csv").read_text(encoding="utf-8")[len(before) :] + (
        folder / "evidence-log.csv"
    ).read_text(encoding="utf-8")
    words = set(re.findall(r"[^\W\d_]+", written.lower()))
    assert len(words) > 100
    assert not {hashed(word) for word in words} & PRIVATE
    assert len({hashed(word) for word in set(re.findall(r"[^\W\d_]+", text.lower()))} & PRIVATE) >= 5
    assert "younger brother" not in json.dumps(json.loads((tmp_path / "p.json").read_text(encoding="utf-8")))


def shipped_copy(tmp_path):
    """The caravan's scenario as a folder of one's own."""
    import shutil

    from posada import load

    folder = tmp_path / "caravan"
    shutil.copytree(load("caravan-2018").folder, folder)
    return folder


def test_accepted_claims_change_the_quantities_when_asked(tmp_path, posada, text):
    from posada import load

    folder = shipped_copy(tmp_path)
    source = tmp_path / "report.txt"
    source.write_text(text, encoding="utf-8")
    options = [
        "--date",
        "2018-04-25",
        "--edit",
        "c1:id=seed-100",
        "--edit",
        "c2:id=seed-500",
        "--edit",
        "c3:id=seed-1000",
        "--edit",
        "c4:id=seed-asked",
    ]
    code, _, told = posada("review", source, "--scenario", folder, "--accept", "all", *options)
    assert code == 0, told
    loaded = load(folder)
    assert {"seed-100", "seed-500", "seed-1000", "seed-asked"} <= set(loaded.evidence)
    people = "groups.caravan.people"
    before = loaded.numbers()[people].entries[0].what
    # more than 1,000: a lower bound, which an opinion of 600 to 1,400 feels
    code, told, err = posada("evidence", "pool", folder, people, "--claim", "seed-1000", "--keep", "1", "--write")
    assert code == 0, err
    after = load(folder).numbers()[people].entries[0].what
    assert after.low > 1000
    assert after.evidence == ("seed-1000",)
    assert abs(after.value - before.value) < 100
    # as many as 500 more: an upper bound; together with 100, which is exact, it leaves 100
    _, told, _ = posada("evidence", "pool", folder, people, "--claim", "seed-500", "--claim", "seed-100", "--json")
    assert json.loads(told)["value"] == 100
    # between 100 and 300: an interval
    _, told, _ = posada("evidence", "pool", folder, people, "--claim", "seed-asked", "--json")
    made = json.loads(told)
    assert (round(made["low"], -1), round(made["value"]), round(made["high"], -1)) == (100, 200, 300)
    # an upper bound of 500 and what the caravan is thought to be cannot both be
    code, _, told = posada("evidence", "pool", folder, people, "--claim", "seed-500", "--keep", "1")
    assert code == 2
    assert "within the bounds" in told
