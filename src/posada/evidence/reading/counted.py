"""What a number counts, or why it counts nobody: ages, distances, dates, money, codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .amounts import Amount, is_only_one
from .free import acted
from .left_out import noun_left_out
from .no_counts import is_no_count
from .nouns import Topic, each_time, noun_after, per_time, unit_of
from .numerals import UNITS, word
from .text import Token
from .verbs import KINDS
from .vocabulary import CAPACITY, CODES, NUMBER_VERBS, ONE_PERSON, PEOPLE, POST_MODIFIERS, words


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: a phrase, its unit, and the last token of it; `share` for parts of a whole."""

    what: str
    unit: str
    last: int
    share: bool = False
    rate: str = ""
    """The time of a rate: day, week, month."""
    base: str | None = None
    left_out: bool = False
    """Whether the noun stands elsewhere: in words before, or nowhere."""


PARTITIVES = ("of", "de", "out")
GROUPS = frozenset(["group", "groups", "grupo", "grupos", "contingent", "contingente", "caravan", "caravana", "wave"])


def counted(tokens: Sequence[Token], amount: Amount, topic: Topic | None, language: str = "en") -> Counted | None:
    """What an amount of a sentence counts; None if it counts nothing of interest. `topic`: people last spoken of."""
    after = amount.last + 1
    if is_part(tokens, amount):
        return share_of(tokens, amount, topic[0] if topic and topic[1] == "people" else None)
    label = label_of(tokens, amount) if word(tokens, amount.first - 1) not in CODES - {"bus"} else None
    if label is not None:
        return label
    if is_no_count(tokens, amount) or (word(tokens, amount.left - 1) in HERS and amount.size < 10):
        return None
    noun = noun_after(tokens, after)
    if is_fraction(tokens, amount):
        return None
    if noun is not None:
        return accepted(tokens, amount, noun)
    if after < len(tokens) and acted(tokens, after) and amount.size >= 2:
        return Counted(tokens[after].text, "people", after)
    ellipsis = noun_left_out(tokens, amount, topic, language)
    if ellipsis is None:
        return None
    capacity = any(t.fold in CAPACITY for t in tokens[max(0, amount.left - 6) : amount.left])
    return Counted(
        ellipsis[0],
        ellipsis[1],
        amount.last,
        rate="" if capacity else per_time(tokens, after) or each_time(tokens, amount.left),
        left_out=True,
    )


OWNED = frozenset(
    ["the", "los", "las", "his", "her", "its", "their", "our", "sus", "nuestros", "these", "estos", "those"]
)
HERS = frozenset(["her", "his", "my", "sus", "su", "mis"])
"""Words before the few that belong to one person: her four children."""


def is_fraction(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is an end of `three in four`, `nine out of ten`, `6 de cada 10`."""
    if amount.size > 20:
        return False
    ahead = [word(tokens, amount.last + k) for k in (1, 2, 3)]
    back = [word(tokens, amount.first - k) for k in (1, 2, 3)]
    first = (ahead[0] == "in" and is_small(ahead[1])) or (
        ahead[:2] in (["out", "of"], ["de", "cada"]) and is_small(ahead[2])
    )
    second = (back[0] == "in" and is_small(back[1])) or (
        back[:2] in (["of", "out"], ["cada", "de"]) and is_small(back[2])
    )
    return first or second or back[:2] in (["every", "of"], ["cada", "de"])


def is_small(text: str) -> bool:
    """Whether a folded word is a number up to twenty."""
    if text.isdigit():
        return int(text) <= 20
    return any(UNITS[language].get(text, 99) <= 20 for language in UNITS)


def accepted(tokens: Sequence[Token], amount: Amount, noun: tuple[int, str]) -> Counted | None:
    """The noun behind a number, if the number is not the article `one` or `un` of something told in passing."""
    at, unit = noun
    if is_only_one(amount, tokens) and not (tokens[at].fold in ONE_PERSON and in_a_list(tokens, amount, at)):
        return None
    if amount.value is not None and not float(amount.value).is_integer():
        return None
    if word(tokens, at - 1) in ("years", "year", "anos", "months"):
        return None
    last = at
    while last + 1 < len(tokens) and last - at < 3:
        here = tokens[last + 1].fold
        if here in POST_MODIFIERS or (here in ("de", "no") and word(tokens, last + 2) in POST_MODIFIERS):
            last += 1
        else:
            break
    start = amount.last + 1
    words = [t.text for t in tokens[start : last + 1] if t.fold not in ("of", "de", "los", "las", "the", "more",
        "mas", "'", '"')
             or t.start > tokens[at].start]  # fmt: skip
    while words and words[0].lower() in (
        "or",
        "o",
        "-",
        "so",
        "odd",
        "other",
        "others",
        "another",
        "otros",
        "otras",
        "these",
        "those",
    ):
        words.pop(0)
    phrase = " ".join(words).replace(" - ", "-")
    return Counted(phrase, unit, last, rate=per_time(tokens, last + 1) or each_time(tokens, amount.left))


def in_a_list(tokens: Sequence[Token], amount: Amount, noun: int) -> bool:
    """Whether `one child` stands among other counts: two men, one woman and three children."""
    words = {t.fold for t in tokens}
    around = words & PEOPLE - {"dead", "missing", "others"}
    died = words & {"died", "killed", "drowned", "murio", "fallecio", "muerto", "dead"}
    joined = word(tokens, amount.left - 1) in ("and", "y", ",") or word(tokens, noun + 1) in ("and", "y", ",")
    return bool(
        around
        and joined
        and any(t.is_number or t.fold in ("two", "three", "four", "dos", "tres", "cuatro") for t in tokens)
    ) or bool(
        died and word(tokens, amount.left - 1) in ("", "least", "menos", "killed", "and", "y") and amount.left < 6
    )


SEPARATORS = frozenset([",", ";", "|", ".", ")", "•", "*", ":", "—", "–"])
LABELS = words(
    "total totales present presentes arrivals ingresos egresos occupancy ocupacion pernocta capacity capacidad cupo "
    "departures "
    "salidas overnight census censo altas bajas headcount poblacion checkouts entraron salieron llegaron promedio "
    "average cumulative "
    "acumulado tonight today yesterday hoy ayer anoche last esta monday tuesday wednesday thursday friday saturday "
    "sunday lunes martes "
    "miercoles jueves viernes sabado domingo"
)
"""Words that begin a label of a count of people."""


LABELLED = words("vs / of de spare free available left libres disponibles ocupadas used empty full taken total")


def label_of(tokens: Sequence[Token], amount: Amount) -> Counted | None:
    """What a line such as `Men: 34`, `Beds free - 12` or `departures by bus 2,650;` counts."""
    rest = tokens[amount.last + 1 :]
    if rest and rest[0].text not in (".", ",", ";", "(", "|", ")") and rest[0].fold not in LABELLED:
        return None
    marks = [i for i, t in enumerate(tokens[: amount.left]) if t.text in (":", "-", "=", "|", "—", "–")]
    marked = bool(marks) and amount.left - marks[-1] == 1
    end = marks[-1] if marked else amount.left
    start = 0
    for i, t in enumerate(tokens[:end]):
        if t.text in SEPARATORS or (t.text == "-" and i == 0):
            start = i + 1
    words = tokens[start:end]
    if not words or len(words) > 7 or (not marked and not is_bare_label(words)):
        return None
    phrase = " ".join(t.text for t in words)
    first = words[0].fold
    rate = "day" if {t.fold for t in words} & {"diario", "daily", "average", "promedio"} else ""
    for i in range(start, end):
        unit = unit_of(tokens, i)
        if unit:
            return Counted(phrase, unit, amount.last, rate=rate)
    return Counted(phrase, "people", amount.last, rate=rate) if first in LABELS else None


def is_bare_label(words: Sequence[Token]) -> bool:
    """Whether a few words before a number label it without a mark: no verb, no article, no other number."""
    folds = [t.fold for t in words]
    verbs = {f for f in folds if any(pattern.fullmatch(f) for pattern in KINDS.values()) or f in NUMBER_VERBS}
    nouns = {"altas", "bajas", "ingresos", "salidas", "llegadas", "arrivals", "departures", "egresos", "entradas"}
    return (
        len(words) <= 5
        and all(t.is_word for t in words)
        and not (verbs - nouns)
        and (folds[0] in LABELS or unit_of(words, 0) is not None)
    )


def is_part(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is a percentage."""
    after = word(tokens, amount.last + 1)
    return after in ("%", "percent") or (after, word(tokens, amount.last + 2)) in (("per", "cent"), ("por", "ciento"))


def share_of(tokens: Sequence[Token], amount: Amount, topic: str | None) -> Counted | None:
    """A percentage of people: 80 % of the migrants, el 60 por ciento son mujeres."""
    at = amount.last + (2 if word(tokens, amount.last + 1) in ("%", "percent") else 3)
    if amount.size > 100 or word(tokens, at) in (
        "more",
        "less",
        "fewer",
        "higher",
        "lower",
        "mas",
        "menos",
        "above",
        "below",
        "increase",
        "rise",
        "drop",
    ):
        return None
    while word(tokens, at) in ("of", "de") and (word(tokens, at + 1) in OWNED or word(tokens, at + 1)[:1].isdigit()):
        number = at + 2 if not word(tokens, at + 1)[:1].isdigit() else at + 1
        if not word(tokens, number)[:1].isdigit():
            break
        at = number  # of the 2,431 surveyed
        found = noun_after(tokens, at + 1)
        return (
            None
            if found is None
            else Counted(tokens[found[0]].text, "share", found[0], share=True, base=tokens[found[0]].text)
        )
    if word(tokens, amount.left - 1) in ("down", "up", "by", "rise", "drop", "increase", "un", "del", "decrease"):
        return None
    whole = noun_after(tokens, at + 1) if word(tokens, at) in ("of", "de") else noun_after(tokens, at)
    if whole is not None and whole[1] in ("people", "households", "papers"):
        base = tokens[whole[0]].text
        return Counted(base, "share", whole[0], share=True, base=base)
    parts = {t.fold for t in tokens} & PEOPLE
    if not parts and not topic:
        return None
    if word(tokens, at) in ("of", "de") and word(tokens, at + 1) not in (
        "them",
        "those",
        "whom",
        "ellos",
        "ellas",
        "los",
        "las",
        "la",
        "the",
    ):
        return None
    near = {t.fold for t in tokens[at : at + 7]} & PEOPLE
    if not (topic or near or parts & {"migrants", "migrantes", "personas", "people"}):
        return None
    return Counted(topic or "people", "share", amount.last + 1, share=True, base=topic)
