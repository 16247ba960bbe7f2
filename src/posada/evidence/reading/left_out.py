"""Numbers that stand for people by themselves: as many as 500 more; between 100 and 300 to petition; 374 passed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .amounts import CHANGES, Amount, is_only_one
from .free import NOT_PAST, PLURAL_VERBS, stands_alone
from .nouns import Topic, each_time, is_weekday, noun_after, per_time, spoken_of
from .numerals import word
from .text import Token
from .verbs import KINDS
from .vocabulary import BEDS, CAPACITY, ELLIPTIC, GOODS, NUMBER_VERBS, words

PREPOSITIONS = frozenset(
    [
        "at",
        "on",
        "in",
        "en",
        "a",
        "las",
        "la",
        "el",
        "than",
        "from",
        "since",
        "desde",
        "number",
        "the",
        "to",
        "and",
        "y",
        "for",
        "para",
        "los",
        "by",
        "of",
        "de",
        "del",
        "al",
        "las",
        "than",
    ]
)
NUMBER_NOUNS = words(
    "number numbers numero cifra figure figures put puts estimated total count tally toll census conteo censo saldo "
    "stood stands "
    "estimate peaked population occupancy ocupacion poblacion headcount"
)
ROOM = re.compile(
    r"\b(?:built|designed|meant|made|room|space|equipped|disenado|pensado|hecho|prepared [a-z ]*|water|food|comida|"
    r"agua|alimentos) (?:for|para)$"
)
MORE = frozenset(["more", "mas", "others", "otros", "otras", "fewer", "less", "menos", "further"])
ACTING = PLURAL_VERBS | {"empty", "vacant", "free", "spare", "unused", "were", "are", "have", "had", "remain"}
THEM = frozenset(
    [
        "us",
        "nosotros",
        "nosotras",
        "you",
        "ustedes",
        "them",
        "those",
        "whom",
        "these",
        "ellos",
        "ellas",
        "estos",
        "estas",
        "esos",
        "los",
        "las",
        "the",
    ]
)


def noun_left_out(tokens: Sequence[Token], amount: Amount, topic: Topic | None, language: str) -> Topic | None:
    """What a number without a noun counts, with its unit; None if it does not count people, as far as can be told."""
    if is_only_one(amount, tokens) or (amount.value is not None and not float(amount.value).is_integer()):
        return None
    part = part_of(tokens, amount)
    if part is not None:
        return part
    if UNTRUE.search(" ".join(t.fold for t in tokens[max(0, amount.left - 3) : amount.left])):
        return None
    if word(tokens, amount.left - 1) in ("ni", "nor"):
        return None
    if len([t for t in tokens if t.is_word]) < 2 and topic is None:
        return None
    feeds = is_fed(tokens, amount)
    clear = feeds or is_clear(tokens, amount)
    doing = acts(tokens, amount.last + 1, language)
    if not may_end(tokens, amount, language) or not stands_free(tokens, amount, clear or (doing and amount.size < 10)):
        return None
    if amount.size < 10 and not clear and not doing:
        return None
    found = spoken_of(tokens[: amount.left]) or topic or spoken_of(tokens[amount.last + 1 :])
    return ("people", "people") if feeds or found is None else (found[0].lower(), found[1])


def part_of(tokens: Sequence[Token], amount: Amount) -> Topic | None:
    """The people of whom a number is a part: 300 of the migrants, 90 of the 120 women, 1,000 de los 1,500."""
    at = amount.last + 1
    if word(tokens, at) not in ("of", "de", "out"):
        return None
    at += 2 if word(tokens, at) == "out" else 1
    while word(tokens, at) in THEM or (at < len(tokens) and tokens[at].is_number and tokens[at].text.isdigit()):
        at += 1
    whole = noun_after(tokens, at)
    return (tokens[whole[0]].text.lower(), whole[1]) if whole is not None and whole[1] in PARTED else None


PARTED = ("people", "households", "papers", "beds", "vehicles")
"""Units of which a report tells how many of how many."""


UNTRUE = re.compile(
    r"\b(?:no (?:somos|son|eran|fueron|eramos|hay|habia)|(?:are|were|was|is) not|"
    r"aren't|weren't|isn't|wasn't)$"
)


def may_end(tokens: Sequence[Token], amount: Amount, language: str) -> bool:
    """Whether what follows a number can follow one that stands by itself: a mark, a verb, a preposition."""
    after, second = word(tokens, amount.last + 1), word(tokens, amount.last + 2)
    if after in ("of", "de", "out") and second not in THEM and not is_whence(tokens, amount.last + 1):
        return False
    if after in MORE:
        return is_weekday(second) or stands_alone(tokens, amount.last + 2, language)
    return is_weekday(after) or stands_alone(tokens, amount.last + 1, language)


def is_whence(tokens: Sequence[Token], at: int) -> bool:
    """Whether `de` tells where those who are counted come from: nos mandan 11 de la estación."""
    second = at + 1
    return (
        word(tokens, at) == "de"
        and second < len(tokens)
        and (tokens[second].text in ("la", "el") or tokens[second].is_capital)
    )


def acts(tokens: Sequence[Token], at: int, language: str) -> bool:
    """Whether a verb at `at` tells what those whom a small number counts do: eight drowned, six speak Dari."""
    after = word(tokens, at)
    if language == "es":
        return after.endswith(("aron", "ieron", "aban", "ian", "eron")) or after in (
            "son",
            "eran",
            "fueron",
            "estan",
            "siguen",
            "quedan",
            "esperan",
            "viven",
            "duermen",
        )
    past = after.endswith("ed") and after not in NOT_PAST
    return past or is_verb(after) or after in ACTING


def is_verb(folded: str) -> bool:
    """Whether a word is a verb that tells what people did."""
    return any(pattern.fullmatch(folded) for pattern in KINDS.values())


def is_clear(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether the words around a number say that it counts: a qualifier, a verb of counting, a capacity."""
    before, two = word(tokens, amount.left - 1), word(tokens, amount.left - 2)
    after = word(tokens, amount.last + 1)
    if after in ("of", "de") and word(tokens, amount.last + 2) in THEM - {"los", "las", "the"}:
        return True
    if before in ("of", "de") and (
        two in OF_NOUNS or two in ("speak", "spoke", "speaks", "talk", "hablan", "habla", "hablaron", "hablo")
    ):
        return True
    if before in ("of", "de") and after in ("who", "quienes", "that", "que", "those"):
        return True
    if before in ("of", "de") and two in (
        "group",
        "grupo",
        "contingent",
        "contingente",
        "party",
        "crowd",
        "batch",
        "convoy",
        "total",
    ):
        return True
    if is_ours(tokens, amount) or per_time(tokens, amount.last + 1) or each_time(tokens, amount.left) or after in MORE:
        return True
    if before == "de" and two in ("fue", "es", "era") and any(t.fold in NUMBER_NOUNS for t in tokens[: amount.left]):
        return True
    if before == "de" and two == "," and after in (",", ";", ".") and amount.size > 115:
        return True  # el primero, de 340, ...
    earlier = [t.fold for t in tokens[max(0, amount.left - 12) : amount.left]]
    if amount.qualifier != "exact" or amount.increment or before in NUMBER_VERBS or two in NUMBER_VERBS:
        return True
    changing = any(w in CHANGES or w in ("down", "up") for w in earlier)
    if (before in ("to", "a") or before in ("from", "de", "desde")) and changing:
        return True
    if before in ("from", "de") and any(word(tokens, amount.last + k) in CHANGES for k in (1, 2, 3)):
        return True
    if after in ("on", "el", "this", "este") and is_weekday(word(tokens, amount.last + 2)) and not amount.words:
        return True
    if before in ("at", "en", "a", "to") and any(t.fold in NUMBER_NOUNS for t in tokens[: amount.left]):
        return True
    if is_verb(before):
        return True
    return any(w in CAPACITY for w in earlier[-4:])


OF_NOUNS = words(
    "peak maximum minimum high low record figure target goal quota cap limit ceiling backlog list waitlist caseload "
    "shortfall "
    "deficit average pico maximo minimo record meta cupo tope lista rezago deficit cifra promedio saldo total"
)
"""Nouns after which `of` leads to how many there are: a peak of 150,000."""


def is_ours(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether the speaker counts those who are there: we are 95, somos 12, éramos como 50."""
    before = [word(tokens, amount.left - k) for k in (3, 2, 1)]
    if before[-1] in (
        "somos",
        "eramos",
        "seremos",
        "fuimos",
        "quedamos",
        "vamos",
        "venimos",
        "llegamos",
        "salimos",
        "estamos",
        "tenemos",
    ):
        return True
    near = {word(tokens, amount.left - k) for k in range(1, 5)}
    if before[-1] in ("we're", "we've") or (
        near & {"we're", "we've"} and before[-1] in ("at", "down", "now", "been", "had", "about")
    ):
        return True
    return "we" in [word(tokens, amount.left - k) for k in range(1, 6)] and before[-1] in (
        "are",
        "were",
        "be",
        "have",
        "had",
        "been",
        "at",
    )


def is_fed(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number tells for how many there are beds, meals or room."""
    earlier = [t.fold for t in tokens[max(0, amount.left - 7) : amount.left]]
    if not earlier or earlier[-1] not in ("for", "para"):
        return False
    return any(w in BEDS or w in GOODS or w in CAPACITY for w in earlier[-6:]) or bool(ROOM.search(" ".join(earlier)))


def stands_free(tokens: Sequence[Token], amount: Amount, clear: bool) -> bool:
    """Whether a preposition before a number does not make it a time, a place or an order."""
    before, after = word(tokens, amount.left - 1), word(tokens, amount.last + 1)
    if before not in PREPOSITIONS or clear:
        return True
    if amount.size < 10:
        return False
    if before in ("the", "los", "las"):
        if before == "los" and word(tokens, amount.left - 2) == "a":
            return True
        return word(tokens, amount.left - 2) not in ("a", "de", "en", "in", "since", "by", "hacia", "desde")
    if before in ("and", "y"):
        return True
    if before in ("for", "para"):
        return not after[:1].isalpha() or after in ELLIPTIC
    return before == "a" and word(tokens, amount.left - 2) not in ("de", "of", "del", "")
