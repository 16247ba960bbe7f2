"""Quotations and statements, each with its speaker."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from .people import Cast, Speaker
from .saying import speakers_by_sentence
from .text import Sentence, level


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words in quotation marks, where they stand, and who says them (None: not said)."""

    start: int
    end: int
    speaker: Speaker | None


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Where text stands in quotation marks; a paragraph that does not close its marks ends them."""
    flat = level(text)
    found = []
    at = 0
    for paragraph in re.split(r"(?<=\n)", flat):
        opened: int | None = None
        for match in re.finditer(r'"', paragraph):
            here = at + match.start()
            if opened is None:
                opened = here
            else:
                if here - opened > 2:
                    found.append((opened, here + 1))
                opened = None
        if opened is not None and at + len(paragraph) - opened > 25:
            found.append((opened, at + len(paragraph.rstrip())))
        at += len(paragraph)
    return found


def quotations(text: str, sentences: Sequence[Sentence], cast: Cast) -> list[Quotation]:
    """Every quotation with its speaker: of its own sentence, of the one before or after, of the paragraph."""
    flat = level(text)
    speakers = speakers_by_sentence(flat, sentences, cast)
    ends = [s.end for s in sentences]
    found: list[Quotation] = []
    for start, end in quoted_spans(text):
        first = bisect_right(ends, start)
        near = sentences[max(0, first - AROUND) : first + AROUND]
        found.append(Quotation(start, end, speaker_of(flat, start, end, near, speakers)))
    return found


AROUND = 30
"""How many sentences before and after the beginning of a quotation are looked at."""


def speaker_of(
    flat: str, start: int, end: int, sentences: Sequence[Sentence], speakers: Sequence[Speaker | None]
) -> Speaker | None:
    """Who says a quotation."""
    inside = [s for s in sentences if s.start < end and s.end > start]
    if not inside:
        return None
    for sentence in (inside[-1], inside[0]):
        if speakers[sentence.index] is not None:
            return speakers[sentence.index]
    paragraph = inside[0].paragraph
    same = [s for s in sentences if s.paragraph == paragraph]
    after = [s for s in same if s.index > inside[-1].index and speakers[s.index] is not None]
    before = [s for s in same if s.index < inside[0].index and speakers[s.index] is not None]
    quote_ends = flat[max(start, end - 2) : end - 1]
    if (
        before
        and after
        and (
            quote_ends == ","
            or (after[0].index == inside[-1].index + 1 == before[-1].index + 2
            and not spoken_alone(flat, after[0]))
        )
    ):
        return speakers[after[0].index]
    if before:
        return speakers[before[-1].index]
    if after:
        return speakers[after[0].index]
    if not is_speech(flat, start, end, inside):
        return None
    earlier = [
        s
        for s in sentences
        if s.index < inside[0].index and speakers[s.index] is not None and paragraph - s.paragraph <= 2
    ]
    return speakers[earlier[-1].index] if earlier else None


def spoken_alone(flat: str, sentence: Sentence) -> bool:
    """Whether a sentence says something by itself, so that it is not the frame of a quotation before it."""
    return flat[sentence.start : sentence.end].count('"') > 0


def is_speech(flat: str, start: int, end: int, inside: Sequence[Sentence]) -> bool:
    """Whether a quotation stands by itself, as a sentence does, and is not a word set in marks."""
    whole = sum(s.end - s.start for s in inside)
    return end - start > 0.7 * whole or end - start > 60
