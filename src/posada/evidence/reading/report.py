"""A report read: proposed claims, with the places, dates, quotations and speakers that it names."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .amounts import Amount, amounts
from .counted import Counted, counted
from .dates import When, dates, folded
from .kinds import kind_of, status_of
from .nearness import ranked
from .nouns import Topic, spoken_of
from .people import Cast, Speaker, cast_of
from .places import Mention, Place, distinct, mentions
from .quotations import Quotation, quotations
from .redaction import redacted
from .saying import clause_speakers, said_right_behind
from .text import Sentence, clean, level, sentences

LIMIT = 200_000
"""Letters of a report that are read; what is longer is cut, and said to be."""
MOST_NUMBERS = 30
"""Numbers of a sentence that are looked at: what holds more is a table without words."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that is proposed: what a report says, where it says so, and what is not certain about it."""

    id: str
    counts_what: str
    kind: str
    qualifier: str
    low: float | None
    value: float | None
    high: float | None
    unit: str
    base: str | None
    increment: bool
    places: tuple[Place, ...]
    """Candidates, likeliest first."""
    place: Place | None
    """The likeliest candidate, if the sentence itself names it."""
    from_: date | None
    to: date | None
    status: str
    speaker: Speaker | None
    start: int
    end: int
    """Where the number stands: letters from the start of the text as read."""
    sentence: str
    """The sentence, without names of private people."""
    span: tuple[int, int]
    """Where the number stands in `sentence`."""
    words: str
    """The number as written."""
    days: tuple[tuple[date, date, str], ...] = ()
    """Where the sentence names no day: days that may be meant, likeliest first, and why. Never certain."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was read in a report."""

    claims: tuple[Claim, ...]
    places: tuple[Place, ...]
    dates: tuple[When, ...]
    quotations: tuple[Quotation, ...]
    published: date
    language: str
    hash: str
    letters: int
    cut: bool = False


def read_report(
    text: str,
    date: date,
    places: Mapping[str, tuple[str, str | None]] | None = None,
    language: str | None = None,
) -> Report:
    """Read a report of a date; `places`: a scenario's places, id to name and country."""
    if language not in (None, "en", "es"):
        raise ValueError(f"the language is en or es, not {language!r}")
    whole = clean(text)
    body = whole[:LIMIT]
    parts = sentences(body, language)
    named = mentions(parts, body, places or {})
    when = dates(parts, body, date)
    cast = cast_of(body, parts, named)
    quotes = quotations(body, parts, cast)
    saying = clause_speakers(level(body), parts, cast)
    claims = [
        claim
        for sentence, found in numbers(parts, when, named)
        for claim in [proposed(body, sentence, found, parts, named, when, cast, quotes, saying, date)]
    ]
    numbered = tuple(with_id(claim, i) for i, claim in enumerate(claims, 1))
    return Report(
        numbered,
        tuple(distinct(named)),
        tuple(day for here in when for day in here),
        tuple(quotes),
        date,
        parts[0].language if parts else language or "en",
        hashlib.sha256(whole.encode()).hexdigest(),
        len(whole),
        len(whole) > LIMIT,
    )


def numbers(
    parts: Sequence[Sentence], when: Sequence[Sequence[When]], named: Sequence[Sequence[Mention]]
) -> list[tuple[Sentence, tuple[Amount, Counted]]]:
    """Every amount that counts something, with its sentence."""
    found = []
    topic: Topic | None = None
    topic_paragraph = -1
    for sentence in parts:
        if topic is not None and sentence.paragraph - topic_paragraph > 6:
            topic = None
        taken = [(d.start, d.end) for d in when[sentence.index]] + [(m.start, m.end) for m in named[sentence.index]]
        for amount in amounts(sentence.tokens, sentence.language)[:MOST_NUMBERS]:
            a, b = sentence.tokens[amount.first].start, sentence.tokens[amount.last].end
            if any(a < end and b > start for start, end in taken):
                continue
            what = counted(sentence.tokens, amount, topic, sentence.language)
            if what is not None:
                found.append((sentence, (amount, what)))
        people = spoken_of(sentence.tokens)
        if people is not None:
            topic, topic_paragraph = people, sentence.paragraph
    return found


def proposed(
    text: str,
    sentence: Sentence,
    found: tuple[Amount, Counted],
    parts: Sequence[Sentence],
    named: Sequence[Sequence[Mention]],
    when: Sequence[Sequence[When]],
    cast: Cast,
    quotes: Sequence[Quotation],
    saying: Sequence[Sequence[tuple[int, int, Speaker | None]]],
    published: date,
) -> Claim:
    """The claim that an amount of a sentence makes."""
    amount, what = found
    tokens = sentence.tokens
    flat = folded(level(text[sentence.start : sentence.end]))
    start, end = tokens[amount.first].start, tokens[amount.last].end
    kind = kind_of(flat, tokens, amount, what, sentence.start)
    candidates = ranked(
        named, parts, sentence.index, start, tokens[what.last].end if what.last > amount.last else end, flat, kind
    )
    day = day_of(when[sentence.index], start, end, flat, sentence.start)
    shown, origin = redacted(text, sentence.start, sentence.end, cast)
    marked = span_in(origin, start, end)
    low, value, high = (
        (scaled(amount.low), scaled(amount.value), scaled(amount.high))
        if what.share
        else (amount.low, amount.value, amount.high)
    )
    speaker = (
        said_in_quotation(quotes, start, end)
        or said_right_behind(text, sentence, end, cast)
        or next((who for a, b, who in saying[sentence.index] if a <= start < b), None)
    )
    status = status_of(flat, text[sentence.start : sentence.end], start - sentence.start, end - sentence.start)
    if status == "observed" and speaker is not None and speaker.role == "press":
        status = "hearsay"
    return Claim(
        "", shown_words(text, what, tokens, cast), kind, amount.qualifier, low, value, high, unit_word(what, tokens),
        what.base, amount.increment,
        tuple(place for place, _ in candidates),
        candidates[0][0] if candidates and candidates[0][1] else None,
        day.from_ if day else None, day.to if day else None,
        status, speaker, start, end, shown, marked, text[start:end],
        () if day else days_before(sentence, parts, when, published),
    )  # fmt: skip


NEAR_SENTENCES = 4
"""How many sentences before a claim are looked at for its day."""


def days_before(
    sentence: Sentence, parts: Sequence[Sentence], when: Sequence[Sequence[When]], published: date
) -> tuple[tuple[date, date, str], ...]:
    """Days that a claim without one may be of: the last that was told of events before it, and the report's own."""
    found = []
    for index in range(sentence.index - 1, max(-1, sentence.index - 1 - NEAR_SENTENCES), -1):
        told = [here for here in when[index] if not here.of_saying and here.from_ <= published]
        if told:
            found.append((told[-1].from_, told[-1].to, "told before"))
            break
    if not any(days[:2] == (published, published) for days in found):
        found.append((published, published, "the report's date"))
    return tuple(found)


def said_in_quotation(quotes: Sequence[Quotation], start: int, end: int) -> Speaker | None:
    """Who says the quotation in which a stretch stands."""
    at = bisect_right(quotes, start, key=lambda quotation: quotation.start) - 1
    return quotes[at].speaker if at >= 0 and end <= quotes[at].end else None


def shown_words(text: str, what: Counted, tokens: Sequence[object], cast: Cast) -> str:
    """What is counted, without a private name that may have slipped into it."""
    words = [word for word in what.what.split() if word.strip(",.").lower() not in cast.private]
    return " ".join(words) or "people"


def unit_word(what: Counted, tokens: Sequence[object]) -> str:
    """The unit as the ledger writes it."""
    unit = {"papers": "cases", "goods": "items"}.get(what.unit, what.unit)
    return f"{unit} per {what.rate}" if what.rate and unit != "share" else unit


def scaled(percent: float | None) -> float | None:
    """A percentage as a share."""
    return None if percent is None else percent / 100


def span_in(origin: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Where a stretch of the text stands in a sentence that was made of it."""
    at = [i for i, where in enumerate(origin) if start <= where < end]
    return (at[0], at[-1] + 1) if at else (0, 0)


def day_of(found: Sequence[When], start: int, end: int, flat: str, offset: int) -> When | None:
    """The date that a number is of: the nearest of its sentence, those of saying last."""
    best: tuple[float, When] | None = None
    for when in found:
        gap = when.start - end if when.start >= end else start - when.end
        between = (
            flat[end - offset : when.start - offset] if when.start >= end else flat[when.end - offset : start - offset]
        )
        score = (
            gap
            + 25 * between.count(",")
            + 60 * between.count(";")
            + 30 * len(re.findall(r"\b(?:and|y|but|pero|e)\b", between))
            + (400 if when.of_saying else 0)
            + (10 if when.from_ != when.to else 0)
        )
        if best is None or score < best[0]:
            best = (score, when)
    return best[1] if best else None


def with_id(claim: Claim, number: int) -> Claim:
    """A claim with its number in the report."""
    return replace(claim, id=f"c{number}")
