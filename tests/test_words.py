"""The catalogue of phrases: the same keys and places to fill in, in every language; and nothing said beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

import report_fake as fake
from posada.report import render
from posada.words import LANGUAGES, Told, added, language, listed, needs_of, phrases, say, some, speaking, told
from test_report import Page
from test_report import told as forbidden

ROOT = Path(__file__).parent.parent
ENGLISH = phrases("en")
OTHERS = [code for code in LANGUAGES if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_every_language_has_the_same_phrases(code: str) -> None:
    assert phrases(code).keys() == ENGLISH.keys()


@pytest.mark.parametrize("code", OTHERS)
def test_every_phrase_is_filled_in_with_the_same_values(code: str) -> None:
    for key, phrase in phrases(code).items():
        english = ENGLISH[key]
        assert needs_of(phrase) - {"n", "count"} == needs_of(english) - {"n", "count"}, key
        assert isinstance(phrase, dict) == isinstance(english, dict), key
        if isinstance(phrase, dict) and isinstance(english, dict):
            assert phrase.keys() == english.keys(), key


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_phrase_is_empty_or_says_what_we_do_not_say(code: str) -> None:
    for key, phrase in phrases(code).items():
        for text in phrase.values() if isinstance(phrase, dict) else [phrase]:
            assert text.strip(), key
            assert forbidden(text) == [], key


@pytest.mark.parametrize("code", OTHERS)
def test_no_sentence_was_left_in_english(code: str) -> None:
    """Phrases of three words and more differ; those that are alike are names and patterns of numbers."""
    same = [key for key, phrase in phrases(code).items() if phrase == ENGLISH[key] and isinstance(phrase, str)]
    assert [key for key in same if len(re.findall(r"[^\W\d_]{2,}", re.sub(r"{\w+}", "", ENGLISH[key]))) > 2] == []


def test_keys_in_the_code_are_in_the_catalogue() -> None:
    found = 0
    for file in sorted((ROOT / "src/posada/report").rglob("*.*")):
        if file.suffix in (".py", ".j2"):
            for key in re.findall(r'\bsay\(\s*"([a-z0-9_.-]+[a-z0-9_])"[,)]', file.read_text(encoding="utf-8")):
                assert key in ENGLISH, f"{file.name}: {key}"
                found += 1
    assert found > 200


def test_a_language_belongs_to_the_task_that_speaks() -> None:
    heard: list[str] = []
    with speaking("es"):
        other = Thread(target=lambda: heard.append(say("number.none")))
        other.start()
        other.join()
        assert say("number.none") == "ninguna"
        assert language() == "es"
    assert heard == ["none"]
    assert language() == "en"
    with pytest.raises(ValueError, match="'fr' is not in the catalogue"), speaking("fr"):
        pass


def test_plurals_and_lists() -> None:
    assert [some(n, "run") for n in (0, 1, 3, 12)] == ["no runs", "one run", "three runs", "12 runs"]
    assert listed(["a", "b", "c"]) == "a, b and c"
    with speaking("es"):
        assert [some(n, "run") for n in (1, 3, 1200)] == ["una corrida", "tres corridas", "1,200 corridas"]
        assert listed(["Hermosillo", "Tijuana"]) == "Hermosillo y Tijuana"
        assert listed(["Tijuana", "Irapuato"]) == "Tijuana e Irapuato"
        assert listed(["Tijuana", "Hielo"]) == "Tijuana y Hielo"


def test_a_text_in_several_languages() -> None:
    text = Told({"es": "Fila", "en": "Queue"})
    assert text == "Queue"
    assert told(text) == "Queue"
    with speaking("es"):
        assert told(text) == "Fila"
        assert told("Line") == "Line"
        assert told(Told({"en": "Gate"})) == "Gate"


MARKED = "qqq"


@pytest.fixture
def marked() -> Iterator[str]:
    """A language in which every word of ours is `qqq`: any other word on a page is not from the catalogue."""

    def mark(text: str) -> str:
        return re.sub(r"({\w+})|[^\W\d_]+", lambda found: found[1] or MARKED, text)

    further = {
        key: {kind: mark(text) for kind, text in phrase.items()} if isinstance(phrase, dict) else mark(phrase)
        for key, phrase in ENGLISH.items()
    }
    further["date.locale"] = "en-US"
    further["date.months"] = " ".join([MARKED] * 12)
    added("marked", further)
    return "marked"


NOT_OURS = {"km", "posada", "run", "made", "up", "seed", MARKED}
"""Words of no language: a unit and the command."""


def test_no_section_speaks_beside_the_catalogue(marked: str) -> None:
    result = fake.result(replicates=6)
    without = fake.result(replicates=6, with_group=False, policy="without-the-caravan")
    page = Page(render(result, without, marked))
    theirs = _words(repr(result.scenario) + repr(result.heads) + repr(result.checked) + repr(result.assumed))
    theirs |= _words(repr(without.policy))
    seen = _words(re.sub(r"\S+\.csv|sha256:\S+", "", " ".join(page.text)))
    assert MARKED in seen
    assert sorted(seen - theirs - NOT_OURS - MONTHS) == []


MONTHS = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
"""On the axes of dates, which the drawing program writes in the language that it is told."""


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[^\W\d_]{2,}", text)}
