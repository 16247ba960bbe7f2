"""What posada says to people, in their language: one catalogue of phrases, and the language of the present task."""

from posada.words.catalogue import (
    DEFAULT,
    LANGUAGES,
    Told,
    added,
    can_say,
    language,
    needs_of,
    phrases,
    say,
    speaking,
    told,
)
from posada.words.numerals import listed, number, sentence, some, spelled

__all__ = [
    "DEFAULT",
    "LANGUAGES",
    "Told",
    "added",
    "can_say",
    "language",
    "listed",
    "needs_of",
    "number",
    "phrases",
    "say",
    "sentence",
    "some",
    "speaking",
    "spelled",
    "told",
]
