"""The phrases that the flow map needs in the page, from the catalogue; the page fills in what stands in braces."""

from __future__ import annotations

from typing import Any

from posada.words import language, phrases

_PATH = "flow-map."


def words_of_map() -> dict[str, Any]:
    """Phrases by their keys in the language of the task, those of a group in a mapping of their own."""
    found: dict[str, Any] = {}
    for key, phrase in phrases(language()).items():
        if key.startswith(_PATH):
            group, _, name = key.removeprefix(_PATH).replace("-", "_").rpartition(".")
            (found.setdefault(group, {}) if group else found)[name] = phrase
    return found
