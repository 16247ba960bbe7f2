"""What a number counts, or why it counts nobody: ages, distances, dates, money, codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .amounts import CHANGES, Amount, is_only_one
from .numerals import word
from .text import Token
from .verbs import KINDS
from .vocabulary import (
    BEDS,
    CAPACITY,
    CODES,
    ELLIPTIC,
    GOODS,
    LENGTHS_OF_WAY,
    MEASURES,
    MODIFIERS,
    MONEY,
    NATIONALITIES,
    NUMBER_VERBS,
    ONE_PERSON,
    PEOPLE,
    PER_DAY,
    POST_MODIFIERS,
    STOPS,
    TIMES,
    UNITS,
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is counted: a phrase, its unit, and the last token of it; `share` for parts of a whole."""

    what: str
    unit: str
    last: int
    share: bool = False
    rate: bool = False
    base: str | None = None


PARTITIVES = ("of", "de", "out")
GROUPS = frozenset("group groups grupo grupos contingent contingente caravan caravana wave".split())


Topic = tuple[str, str]
"""What was last spoken of, and its unit."""


def counted(tokens: Sequence[Token], amount: Amount, topic: Topic | None) -> Counted | None:
    """What an amount of a sentence counts; None if it counts nothing of interest. `topic`: people last spoken of."""
    after = amount.last + 1
    if is_part(tokens, amount):
        return share_of(tokens, amount, topic[0] if topic and topic[1] == "people" else None)
    if is_no_count(tokens, amount):
        return None
    label = label_of(tokens, amount)
    if label is not None:
        return label
    noun = noun_after(tokens, after)
    if noun is not None:
        return accepted(tokens, amount, noun)
    ellipsis = noun_left_out(tokens, amount, topic)
    if ellipsis is None:
        return None
    capacity = any(t.fold in CAPACITY for t in tokens[max(0, amount.left - 6) : amount.left])
    return Counted(ellipsis[0], ellipsis[1], amount.last, rate=(per_time(tokens, after) or each_time(tokens, amount.left)) and not capacity)


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
    words = [t.text for t in tokens[start : last + 1] if t.fold not in ("of", "de", "los", "las", "the", "more", "mas", "'", '"')
             or t.start > tokens[at].start]  # fmt: skip
    while words and words[0].lower() in ("or", "o", "-", "so", "odd", "other", "others", "another", "otros", "otras", "these", "those"):
        words.pop(0)
    phrase = " ".join(words).replace(" - ", "-")
    return Counted(phrase, unit, last, rate=per_time(tokens, last + 1) or each_time(tokens, amount.left))


def in_a_list(tokens: Sequence[Token], amount: Amount, noun: int) -> bool:
    """Whether `one child` stands among other counts: two men, one woman and three children."""
    words = {t.fold for t in tokens}
    around = words & PEOPLE - {"dead", "missing", "others"}
    died = words & {"died", "killed", "drowned", "murio", "fallecio", "muerto", "dead"}
    joined = word(tokens, amount.left - 1) in ("and", "y", ",") or word(tokens, noun + 1) in ("and", "y", ",")
    return bool(around and joined and any(t.is_number or t.fold in ("two", "three", "four", "dos", "tres", "cuatro") for t in tokens)) or bool(
        died and word(tokens, amount.left - 1) in ("", "least", "menos", "killed", "and", "y") and amount.left < 6
    )


def noun_after(tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
    """The countable noun that a number before `at` belongs to, with its unit."""
    steps = 0
    best: tuple[int, str] | None = None
    while at < len(tokens) and steps < 7:
        here = tokens[at].fold
        unit = unit_of(tokens, at)
        if unit is not None:
            best = (at, unit)
            if here in ("more", "others", "family", "child", "families") or unit_of(tokens, at + 1) is None or here in PEOPLE_FIRST:
                following = unit_of(tokens, at + 1) if here in ("family", "child", "passenger", "migrant") else None
                if following is None:
                    return best
        elif here in MODIFIERS or here in NATIONALITIES or here in ("-", "'", '"') or is_adjective(tokens[at]):
            pass
        elif tokens[at].is_word and here not in STOPS and not here.endswith("s") and unit_of(tokens, at + 1) is not None:
            pass
        elif here in STOPS or not tokens[at].is_word:
            return best
        else:
            return best
        at += 1
        steps += 1
    return best


PEOPLE_FIRST = frozenset("personas people migrantes mujeres ninos menores familias".split())


def unit_of(tokens: Sequence[Token], at: int) -> str | None:
    """The unit of a noun; nationalities count as people where no noun follows them."""
    here = word(tokens, at)
    if here in ("more", "others", "no", "number", "family", "child", "missing", "unidades", "internos", "heads", "staff", "bed", "elderly", "bus") and (
        here not in ("others", "missing", "staff", "heads", "internos") or False
    ):
        return None
    if here == "units" and word(tokens, at - 1) not in ("family", "household"):
        return None
    if here == "nucleos" or here == "unidades":
        return "households"
    if here == "seekers" and word(tokens, at - 1) not in ("asylum", "-", "refuge"):
        return None
    if here == "guards" and word(tokens, at - 1) == "national":
        return "people"
    if here in NATIONALITIES and here.endswith("ese"):
        following = word(tokens, at + 1)
        return "people" if following in STOPS or following in ELLIPTIC or not following[:1].isalpha() else None
    if here in NATIONALITIES and here.endswith("s"):
        following = word(tokens, at + 1)
        if following not in PEOPLE and not following.startswith(("famil", "asyl")):
            return "people"
        return None
    if here in ("guatemalans", "salvadorans"):
        return "people"
    for unit, nouns in UNITS.items():
        if here in nouns:
            return unit
    return None


def is_adjective(token: Token) -> bool:
    """Whether a word may describe what is counted; a plural noun of English may not."""
    if not token.is_word:
        return False
    if token.is_capital:
        return True
    return bool(re.search(r"(?:ed|ing|ian|ean|ese|ish|al|ive|ant|less|able|ible|ary|ous|ic|ful|ados|adas|idos|idas|ales|antes|entes)$", token.fold))


def label_of(tokens: Sequence[Token], amount: Amount) -> Counted | None:
    """What a line such as `Men: 34` or `Beds free - 12` counts."""
    marks = [i for i, t in enumerate(tokens[: amount.left]) if t.text in (":", "-", "=", "|", "—", "–")]
    rest = tokens[amount.last + 1 :]
    if not marks or amount.left - marks[-1] != 1 or (rest and rest[0].text not in (".", ",", ";", "(", "|")):
        return None
    start = 0
    for i, t in enumerate(tokens[: marks[-1]]):
        if t.text in (",", ";", "|", ".", ")", "•", "*") or (t.text == "-" and i == 0):
            start = i + 1
    words = tokens[start : marks[-1]]
    if not words or len(words) > 7:
        return None
    for i in range(start, marks[-1]):
        unit = unit_of(tokens, i)
        if unit:
            phrase = " ".join(t.text for t in words)
            return Counted(phrase, unit, amount.last)
    first = words[0].fold
    if first in ("total", "totales", "present", "presentes", "arrivals", "ingresos", "egresos", "occupancy", "ocupacion", "pernocta", "capacity",
                 "capacidad", "cupo", "departures", "salidas", "overnight", "census", "censo", "altas", "bajas", "headcount", "poblacion"):  # fmt: skip
        return Counted(" ".join(t.text for t in words), "people", amount.last)
    return None


def per_time(tokens: Sequence[Token], at: int) -> bool:
    """Whether `a day`, `per day`, `al día` follows within a few words."""
    words = [word(tokens, k) for k in range(at, at + 9)]
    stop = next((k for k, w in enumerate(words) if w in (",", ".", ";", ":", "and", "y", "but", "pero", '"') or w[:1].isdigit()), len(words))
    pairs = {" ".join(words[k : k + n]) for k in range(stop) for n in (1, 2) if k + n <= stop}
    return any(phrase in pairs for phrase in PER_DAY)


def each_time(tokens: Sequence[Token], left: int) -> bool:
    """Whether the clause before a number says that it is so each day."""
    words = [t.fold for t in tokens[max(0, left - 6) : left]]
    start = max((k + 1 for k, w in enumerate(words) if w in (",", ".", ";", ":", "and", "y")), default=0)
    return any(f" {phrase} " in f" {' '.join(words[start:])} " for phrase in ("cada dia", "each day", "every day", "daily", "a diario", "diariamente", "cada noche", "each night"))


def noun_left_out(tokens: Sequence[Token], amount: Amount, topic: Topic | None) -> Topic | None:
    """The people meant by a number without a noun: as many as 500 more; between 100 and 300 to petition."""
    after = word(tokens, amount.last + 1)
    before = word(tokens, amount.left - 1)
    ended = after == "" or not (after[0].isalnum())
    if is_only_one(amount, tokens) or (amount.value is not None and not float(amount.value).is_integer()):
        return None
    if after in PARTITIVES or after == "en":
        whole = noun_after(tokens, amount.last + 2)
        if whole is not None and whole[1] == "people":
            return tokens[whole[0]].text, "people"
        if after == "of" and word(tokens, amount.last + 2) not in ("them", "those", "whom", "these"):
            return None
        if after == "de" and word(tokens, amount.last + 2) not in ("ellos", "ellas", "estos", "estas", "esos", "los", "las") and not topic:
            return None
    capacity = any(t.fold in CAPACITY for t in tokens[max(0, amount.left - 4) : amount.left])
    spoken = before in NUMBER_VERBS or word(tokens, amount.left - 2) in NUMBER_VERBS
    people_here = any(unit_of(tokens, k) in ("people", "households") for k in range(len(tokens)))
    rate = per_time(tokens, amount.last + 1)
    if after in ("more", "mas", "others", "otros", "otras") and not (
        word(tokens, amount.last + 2) in ELLIPTIC or not word(tokens, amount.last + 2)[:1].isalpha() or is_weekday(word(tokens, amount.last + 2))
        or any(p.fullmatch(word(tokens, amount.last + 2)) for p in KINDS.values())
    ):  # fmt: skip
        return None
    did = people_here and after.endswith(("ed", "aron", "ieron")) and amount.size >= 10
    if not (ended or did or after in ELLIPTIC or is_weekday(after) or any(p.fullmatch(after) for p in KINDS.values())):
        return None
    qualified = amount.qualifier != "exact" or amount.increment
    earlier = [t.fold for t in tokens[max(0, amount.left - 12) : amount.left]]
    spoken = spoken or (before in ("to", "a") and any(w in CHANGES for w in earlier))
    feeds = before in ("para", "for") and any(w in BEDS or w in GOODS or w in ("food", "comida", "room", "space", "alimentos") for w in earlier[-5:])
    spoken = spoken or feeds
    spoken = spoken or (before in ("at", "en", "a", "to") and any(t.fold in ("number", "numero", "cifra", "figure", "put", "estimated", "total", "count", "toll", "conteo")
                                                           for t in tokens[: amount.left]))  # fmt: skip
    if before in ("at", "on", "in", "en", "a", "las", "la", "el", "than", "from", "since", "desde", "number", "the", "to", "and", "y", "for") and not (
        qualified or capacity or spoken or (before in ("to", "a") and word(tokens, amount.left - 2) in NUMBER_VERBS)
    ):
        if not (before in ("the", "los", "and", "y", "las") and after in ELLIPTIC and people_here and amount.size >= 10):
            return None
    if amount.words and amount.size < 10 and not (qualified or spoken) and not after.startswith(("of", "de", "were", "son", "are", "fueron", "eran", "have")):
        return None
    if not (qualified or spoken or capacity or after in ELLIPTIC) and (amount.size < 10 or not people_here):
        return None
    own = spoken_of(tokens[: amount.left]) or (topic if topic and topic[1] != "people" and not people_here else None)
    moved = (qualified or spoken) and any(p.fullmatch(w) for p in KINDS.values() for w in (after, before))
    moved = moved or (amount.low is not None and amount.high is not None and amount.qualifier == "about" and (amount.increment or after in VERBS_OF_BEING))
    if people_here or topic or capacity or rate or own or moved or feeds:
        own = ("people", "people") if feeds else own or topic or spoken_of(tokens[amount.last + 1 :])
        return (own[0].lower(), own[1]) if own else ("people", "people")
    return None


VERBS_OF_BEING = frozenset("are were have slept wait waited remain remained estan esperan permanecen duermen".split())
NOT_A_TOPIC = frozenset(
    "organizers organisers officials agents officers lawyers attorneys judges guards volunteers journalists police employees activists "
    "staff doctors nurses agentes oficiales policias abogados voluntarios jueces funcionarios empleados activistas medicos elementos".split()
)

def spoken_of(tokens: Sequence[Token]) -> Topic | None:
    """The last noun of a stretch that can be counted, with its unit; not those who only tell of others."""
    for k in reversed(range(len(tokens))):
        unit = unit_of(tokens, k)
        if unit is not None and unit not in ("vehicles", "goods", "beds") and tokens[k].fold not in NOT_A_TOPIC:
            return tokens[k].text.lower(), unit
    return None


def is_weekday(text: str) -> bool:
    """Whether a folded word names a day of the week."""
    return text in (
        "monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado domingo".split()
    )


def is_part(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is a percentage."""
    after = word(tokens, amount.last + 1)
    return after in ("%", "percent") or (after, word(tokens, amount.last + 2)) in (("per", "cent"), ("por", "ciento"))


def share_of(tokens: Sequence[Token], amount: Amount, topic: str | None) -> Counted | None:
    """A percentage of people: 80 % of the migrants, el 60 por ciento son mujeres."""
    at = amount.last + (2 if word(tokens, amount.last + 1) in ("%", "percent") else 3)
    if amount.size > 100:
        return None
    whole = noun_after(tokens, at + 1) if word(tokens, at) in ("of", "de") else noun_after(tokens, at)
    if whole is not None and whole[1] in ("people", "households", "papers"):
        base = tokens[whole[0]].text
        return Counted(base, "share", whole[0], share=True, base=base)
    parts = {t.fold for t in tokens} & PEOPLE
    if not parts and not topic:
        return None
    if word(tokens, at) in ("of", "de") and word(tokens, at + 1) not in ("them", "those", "whom", "ellos", "ellas", "los", "las", "la", "the"):
        return None
    if not (topic or parts & {"migrants", "migrantes", "personas", "people"}):
        return None
    return Counted(topic or "people", "share", amount.last + 1, share=True, base=topic)


def is_no_count(tokens: Sequence[Token], amount: Amount) -> bool:
    """Whether a number is an age, a length of time or way, money, a date, a code, an ordinal, or a clock time."""
    after, second = word(tokens, amount.last + 1), word(tokens, amount.last + 2)
    before = word(tokens, amount.first - 1)
    if after == "-":
        if second in TIMES or second in LENGTHS_OF_WAY or second in ("story", "person", "member", "strong", "point", "page", "bed", "seat"):
            return not (second in ("person", "member", "strong", "bed") and amount.size > 15)
        if second and second[0].isdigit():
            return True
    if after in TIMES or after in LENGTHS_OF_WAY or after in MEASURES or after in MONEY:
        return True
    if (after in ("more", "mas", "de", "consecutive", "straight", "full", "long", "square", "nautical", "or") and second in TIMES | LENGTHS_OF_WAY) or (
        after in ("million", "mil") and second in MONEY
    ):
        return True
    if before == "por" and tokens[amount.first].fold == "ciento":
        return True
    if before in ("of", "de") and word(tokens, amount.first - 2) in ("city", "town", "village", "population", "community", "country", "ciudad", "pueblo",
                                                                    "municipio", "poblacion", "comunidad", "hamlet", "budget", "nation"):  # fmt: skip
        return True
    if before in MONEY or before in ("$", "#", "°", "no.", "nº"):
        return True
    return (
        is_age(tokens, amount) or is_clock(tokens, amount) or is_code(tokens, amount) or is_year(tokens, amount) or is_list_mark(tokens, amount)
        or after in ("times", "veces", "fold", "th", "st", "nd", "rd", "degrees")
    )  # fmt: skip


KIN = frozenset("son daughter brother sister wife husband mother father cousin nephew niece baby hijo hija hermano hermana esposa esposo".split())


def is_age(tokens: Sequence[Token], amount: Amount) -> bool:
    """Aged 5; Ana, 20, of; children under 5; menores de 18."""
    before, two = word(tokens, amount.left - 1), word(tokens, amount.left - 2)
    direct = word(tokens, amount.first - 1)
    after = word(tokens, amount.last + 1)
    size = amount.size
    if size > 115:
        return False
    if direct in ("aged", "age", "ages", "edad", "edades") or before in ("aged", "age", "ages", "edad", "turned", "cumplio"):
        return True
    if after in ("anos", "years") or (after == "y" and word(tokens, amount.last + 2) == "medio"):
        return True
    noun = unit_of(tokens, amount.last + 1)
    if direct in ("under", "over", "than", "de", "below", "above") and noun is None and size <= 80:
        earlier = [word(tokens, k) for k in range(max(0, amount.first - 3), amount.first - 1)]
        if any(w in ("children", "minors", "boys", "girls", "kids", "adults", "menores", "mayores", "ninos", "ninas", "younger", "older", "teens",
                     "those", "anyone", "babies") for w in earlier):  # fmt: skip
            return not any(w in ("more", "mas", "fewer", "less") for w in earlier[-1:])
    if direct in (",", "(", "de") and amount.qualifier == "exact" and float(size).is_integer():
        owner = amount.first - 2 if direct != "de" or word(tokens, amount.first - 2) != "," else amount.first - 3
        ends = after in (",", ")", ".", "", ";", '"', "and", "y", "who", "quien", "from") or after == "de"
        if owner >= 0 and ends and (tokens[owner].is_capital or word(tokens, owner) in KIN) and tokens[owner].is_word and noun is None:
            return True
    return False


def is_clock(tokens: Sequence[Token], amount: Amount) -> bool:
    """7:30; 7 a.m.; a las 7."""
    after, before = word(tokens, amount.last + 1), word(tokens, amount.first - 1)
    if after == ":" and word(tokens, amount.last + 2)[:1].isdigit():
        return True
    if before == ":" and word(tokens, amount.first - 2)[:1].isdigit():
        return True
    if after in ("a.m", "p.m", "am", "pm", "o'clock", "hrs") or (after in ("a", "p") and word(tokens, amount.last + 3) == "m"):
        return True
    return before in ("las", "la") and word(tokens, amount.first - 2) in ("a", "de", "desde", "hacia") and amount.size <= 24 and (
        noun_after(tokens, amount.last + 1) is None
    )


def is_code(tokens: Sequence[Token], amount: Amount) -> bool:
    """Title 42, Highway 200, I-589, Juventud 2000, number 6."""
    if amount.words:
        return False
    before = tokens[amount.first - 1] if amount.first > 0 else None
    if before is None:
        return False
    touching = before.end == tokens[amount.first].start
    if before.text in ("-", "/") and touching and amount.first > 1 and tokens[amount.first - 2].end == before.start:
        return True
    after = tokens[amount.last + 1] if amount.last + 1 < len(tokens) else None
    if after is not None and after.text in ("/", "-") and after.start == tokens[amount.last].end and word(tokens, amount.last + 2)[:1].isalnum():
        return not (after.text == "-" and word(tokens, amount.last + 2) in ("person", "member", "strong", "bed"))
    if before.fold in CODES and before.fold not in ("group", "grupo", "bus", "line", "linea", "station", "block", "unit", "camp", "item"):
        if before.fold in ("no", "zone", "zona", "form", "act", "level", "number") and noun_after(tokens, amount.last + 1) is not None:
            return False
        return True
    if before.fold in CODES and noun_after(tokens, amount.last + 1) is None:
        return True
    return before.is_capital and before.is_word and amount.first > 1 and amount.left == amount.first and noun_after(tokens, amount.last + 1) is None and (
        word(tokens, amount.first - 1) not in NUMBER_VERBS
        and word(tokens, amount.last + 1) not in ELLIPTIC
    )


def is_year(tokens: Sequence[Token], amount: Amount) -> bool:
    """A year: 2018, en 1994."""
    text = tokens[amount.first].text
    if amount.first != amount.last or not re.fullmatch(r"(?:19|20)\d\d", text):
        return False
    before = word(tokens, amount.first - 1)
    if before in ("in", "since", "of", "en", "de", "desde", "del", "ano", "year", "by", "until", "fiscal", "early", "late", "mid", "during", "spring",
                  "summer", "fall", "winter", "april", "may", "march", "the", "through", "from", "between", "entre", "durante", "a", "al"):  # fmt: skip
        return True
    return noun_after(tokens, amount.last + 1) is None


def is_list_mark(tokens: Sequence[Token], amount: Amount) -> bool:
    """The number of an item: 1. or 2) at the start."""
    return amount.first == 0 and word(tokens, amount.last + 1) in (".", ")") and amount.last + 2 < len(tokens) and amount.size < 40
