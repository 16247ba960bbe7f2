"""Texts of a scenario in several languages: words.csv."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import is_dataclass

import pytest

from posada.ensemble import run
from posada.scenario import ScenarioErrors, load, shipped
from posada.scenario.in_languages import TEXTS
from posada.scenario.walking import field_names
from posada.web.levers import levers
from posada.words import Told, speaking, told
from scenario_base import write

WORDS = "text,en,es\nnobody counted,,nadie contó\nquantities.gate_slots,Slots of the gate,Lugares de la garita\n"

def texts(part: object, field: str = "") -> Iterator[str]:
    """Every text for people within a part."""
    if isinstance(part, str):
        if field in TEXTS and part:
            yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, tuple):
        for value in part:
            yield from texts(value, field)
    elif is_dataclass(part):
        for name in field_names(type(part)):
            yield from texts(getattr(part, name), name)


def test_words_translate_texts_and_name_numbers_and_change_no_hash(tmp_path):
    plain = load(write(tmp_path / "plain"))
    folder = write(tmp_path / "told")
    (folder / "words.csv").write_text(WORDS, encoding="utf-8")
    scenario = load(folder)
    assert scenario.hash == plain.hash
    assert scenario == plain
    with speaking("es"):
        assert "nadie contó" in {told(text) for text in texts(scenario)}
        assert "Lugares de la garita" in {lever.label for lever in levers(scenario)}
    assert "Slots of the gate" in {lever.label for lever in levers(scenario)}
    assert "Gate slots" in {lever.label for lever in levers(plain)}


def test_words_go_with_a_result(tmp_path):
    folder = write(tmp_path / "told")
    (folder / "words.csv").write_text(WORDS, encoding="utf-8")
    run(load(folder), replicates=2).save(tmp_path / "result")
    assert (tmp_path / "result" / "scenario" / "words.csv").read_text(encoding="utf-8") == WORDS


def test_mistakes_in_words_are_told(tmp_path):
    folder = write(tmp_path / "told")
    (folder / "words.csv").write_text("text,en,sp\na,b,c\na,b,c\n", encoding="utf-8")
    with pytest.raises(ScenarioErrors) as caught:
        load(folder)
    said = str(caught.value)
    assert "words.csv:1" in said
    assert "es" in said
    assert "stands twice" in said


@pytest.mark.parametrize("name", shipped())
def test_all_that_a_shipped_scenario_says_is_said_in_spanish(name):
    scenario = load(name)
    names = {thing.name for thing in (*scenario.places.values(), *scenario.facilities.values())}
    said = {str(text) for text in texts(scenario)}
    silent = {text for text in texts(scenario) if not (isinstance(text, Told) and "es" in text.said)}
    assert {text for text in silent - names if " " in text} == set()
    numbers = [f"quantities.{key}" for key in scenario.quantities] + [f"groups.{key}" for key in scenario.groups]
    assert [address for address in numbers if scenario.called(address) is None] == []
    assert [text for text in scenario.words if text not in said and text not in numbers] == []
