"""Texts of a scenario in several languages."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from posada.scenario import Scenario, ScenarioErrors, load
from posada.words import Told, speaking, told
from scenario_base import edited, write

YAML = "scenario.yaml"
TITLE = "title: A small border town"


@pytest.fixture
def base(tmp_path: Path) -> Scenario:
    return load(write(tmp_path / "base"))


def test_a_title_in_two_languages_changes_nothing_else(tmp_path: Path, base: Scenario) -> None:
    title = base.title
    files = edited(YAML, TITLE, f'title: {{en: "{title}", es: Prueba}}')
    found = load(write(tmp_path / "both", files))
    assert found.title == title
    assert found.hash == base.hash
    with speaking("es"):
        assert told(found.title) == "Prueba"
    assert told(pickle.loads(pickle.dumps(found.title))) == title
    assert isinstance(pickle.loads(pickle.dumps(found)).title, Told)


@pytest.mark.parametrize(
    ("label", "told_of"),
    [
        ("{en: A, fr: B}", ["has no key 'fr'", "en", "es"]),
        ("{}", ["gives no text in any language"]),
        ("[A, B]", ["must be a text, not a list"]),
        ("{es: [A]}", ["must be a text, not a list"]),
    ],
)
def test_what_is_no_text_in_a_language_is_told(tmp_path: Path, label: str, told_of: list[str]) -> None:
    with pytest.raises(ScenarioErrors) as caught:
        load(write(tmp_path / "wrong", edited(YAML, TITLE, f"title: {label}")))
    for words in told_of:
        assert words in str(caught.value)


def test_the_caravan_speaks_spanish() -> None:
    caravan = load("caravan-2018")
    texts: list[str | None] = [caravan.title, caravan.summary]
    for headline in caravan.headlines.values():
        texts += [headline.label, headline.question]
    texts += [text for statement in caravan.statements.values() for text in (statement.says, statement.note)]
    texts += [text for kind in caravan.outcomes.values() for text in (kind.label, kind.note)]
    texts += [policy.title for policy in caravan.policies.values()]
    for text in texts:
        assert text is None or (isinstance(text, Told) and set(text.said) == {"en", "es"}), text
    with speaking("es"):
        assert told(caravan.places["mexico-city"].name) == "Ciudad de México"
        assert told(caravan.places["tijuana"].name) == "Tijuana"
        assert told(caravan.facilities["san-ysidro-gate"].name) == "Garita de San Ysidro"
