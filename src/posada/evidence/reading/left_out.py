"""Numbers that stand for people by themselves: as many as 500 more; between 100 and 300 to petition; 374 passed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .amounts import CHANGES, Amount, is_only_one
from .nouns import Topic, each_time, is_weekday, noun_after, per_time, spoken_of, unit_of
from .numerals import word
from .text import Token
from .verbs import KINDS
from .vocabulary import BEDS, CAPACITY, ELLIPTIC, GOODS, NUMBER_VERBS

PREPOSITIONS = frozenset(
    ["at", "on", "in", "en", "a", "las", "la", "el", "than", "from", "since", "desde", "number", "the", "to", "and",
        "y", "for", "para", "los", "by", "of", "de"]
)
NUMBER_NOUNS = frozenset(["number", "numero", "cifra", "figure", "put", "estimated", "total", "count", "toll",
    "conteo"])
ROOM = re.compile(
    r"\b(?:built|designed|meant|made|room|space|equipped|disenado|pensado|hecho|prepared [a-z ]*|water|food|comida|"
    r"agua|alimentos) (?:for|para)$"
)
BEING = frozenset(["are", "were", "have", "slept", "wait", "waited", "remain", "remained", "estan", "esperan",
    "permanecen", "duermen"])
MORE = frozenset(["more", "mas", "others", "otros", "otras"])
THEM = frozenset(["them", "those", "whom", "these", "ellos", "ellas", "estos", "estas", "esos", "los", "las", "the"])


def noun_left_out(tokens: Sequence[Token], amount: Amount, topic: Topic | None) -> Topic | None:
    """What a number without a noun counts, with its unit; None if it does not count people, as far as can be told."""
    if is_only_one(amount, tokens) or (amount.value is not None and not float(amount.value).is_integer()):
        return None
    part = part_of(tokens, amount)
    if part is not None:
        return part
    who = any(t.fold in ("who", "quienes") and tokens[k - 1].is_number for k, t in enumerate(tokens) if k)
    here = who or any(unit_of(tokens, k) in ("people", "households") for k in range(len(tokens)))
    rate = per_time(tokens, amount.last + 1) or each_time(tokens, amount.left)
    feeds = is_fed(tokens, amount)
    of_them = word(tokens, amount.last + 1) in ("of", "de") and word(tokens, amount.last + 2) in THEM - {
        "los",
        "las",
        "the",
    }
    clear = of_them or is_ours(tokens, amount) or is_clear(tokens, amount, here or topic is not None) or rate or feeds
    if not may_end(tokens, amount, here) or not stands_free(tokens, amount, clear, here):
        return None
    if not clear and (amount.size < 10 or not (here or topic)):
        return None
    ours = amount.size >= 10 and is_ours(tokens, amount)
    own = spoken_of(tokens[: amount.left]) or (topic if topic and topic[1] != "people" and not here else None)
    if not (here or topic or own or rate or feeds or ours or is_moved(tokens, amount, clear)):
        return None
    found = own or topic or spoken_of(tokens[amount.last + 1 :])
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
    return (tokens[whole[0]].text.lower(), "people") if whole is not None and whole[1] == "people" else None


def may_end(tokens: Sequence[Token], amount: Amount, here: bool) -> bool:
    """Whether what follows a number can follow one that stands by itself: a mark, a verb, a preposition."""
    after, second = word(tokens, amount.last + 1), word(tokens, amount.last + 2)
    if after in ("of", "de", "out") and second not in THEM:
        return False
    if after in MORE:
        return second in ELLIPTIC or not second[:1].isalpha() or is_weekday(second) or is_verb(second)
    past = after.endswith(("ed", "aron", "ieron", "aban")) and here
    return not after[:1].isalnum() or after in ELLIPTIC or is_weekday(after) or is_verb(after) or past


def is_verb(folded: str) -> bool:
    """Whether a word is a verb that tells what people did."""
    return any(pattern.fullmatch(folded) for pattern in KINDS.values())


def is_clear(tokens: Sequence[Token], amount: Amount, people: bool) -> bool:
    """Whether the words around a number say that it counts: a qualifier, a verb of counting, a capacity."""
    before, two = word(tokens, amount.left - 1), word(tokens, amount.left - 2)
    earlier = [t.fold for t in tokens[max(0, amount.left - 12) : amount.left]]
    if amount.qualifier != "exact" or amount.increment or before in NUMBER_VERBS or two in NUMBER_VERBS:
        return True
    if before in ("to", "a") and any(w in CHANGES for w in earlier):
        return True
    if before in ("at", "en", "a", "to") and any(t.fold in NUMBER_NOUNS for t in tokens[: amount.left]):
        return True
    if is_verb(before) and amount.size >= 10:
        return True
    return people and any(w in CAPACITY for w in earlier[-4:])


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


def stands_free(tokens: Sequence[Token], amount: Amount, clear: bool, here: bool) -> bool:
    """Whether a preposition before a number does not make it a time, a place or an order."""
    before, after = word(tokens, amount.left - 1), word(tokens, amount.last + 1)
    if amount.words and amount.size < 10 and not clear:
        return after in ("of", "were", "son", "are", "fueron", "eran", "have") or (
            after == "de" and word(tokens, amount.last + 2) in THEM
        )
    if before not in PREPOSITIONS or clear:
        return True
    return before in ("the", "los", "and", "y", "las", "of", "de") and after in ELLIPTIC and here and amount.size >= 10


def is_moved(tokens: Sequence[Token], amount: Amount, clear: bool) -> bool:
    """Whether a verb beside a number tells that those it counts came, left, slept."""
    beside = (word(tokens, amount.last + 1), word(tokens, amount.left - 1))
    vague = amount.qualifier == "about" and amount.value is None
    return (clear and any(is_verb(w) for w in beside)) or (vague and (amount.increment or beside[0] in BEING))
